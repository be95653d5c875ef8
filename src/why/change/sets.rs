//! Sets of changes that are tried all: pairs, and sets of three where they are few enough.

use super::candidate::{Candidate, Thing};
use super::search::{Rank, Search, Solution};
use super::trial::State;
use crate::eval::Edit;
use std::collections::{BTreeMap, BTreeSet};

/// How many single changes are tried with each other at most.
const PAIRED: usize = 72;

/// How many tries are kept for each disposition that no pair brings.
const KEPT: usize = 250;

/// Which changes of one thing are taken for one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Alike {
    /// Those of the row's own facts that turn the same conditions; a number that is not compared as
    /// it is may differ in what it adds up to, and elements in what is asked of each.
    InAll,
    /// All that turn the same conditions of the row.
    AtTheRow,
}

impl Search<'_> {
    /// The best pairs that bring dispositions.
    pub fn pairs(&self, missing: &[usize]) -> BTreeMap<usize, Solution> {
        let mut best: BTreeMap<usize, (Rank, Solution)> = BTreeMap::new();
        let paired = self.paired(missing);
        for (place, second) in paired.iter().enumerate() {
            for first in paired.iter().take(place) {
                if self.trials.left() <= KEPT * missing.len() {
                    break;
                }
                let single = |at: &usize| {
                    let single = self.singles.get(*at)?;
                    Some((&single.change, single.state.as_ref()?))
                };
                let (Some((one, with)), Some((other, and))) = (single(first), single(second))
                else {
                    continue;
                };
                if one.excludes(other, self.run) {
                    continue;
                }
                let edits: Vec<Edit> = one.edits.iter().chain(&other.edits).cloned().collect();
                let parts = [with.evaluator.clone(), and.evaluator.clone()];
                let Some(state) = self.trials.judge(&edits, &parts, &[]) else { continue };
                let Some(value) = state.required.filter(|value| missing.contains(value)) else {
                    continue;
                };
                let rank = self.rank(&[(one, *first), (other, *second)], value);
                if best.get(&value).is_none_or(|(known, _)| rank < *known) {
                    let changes = vec![one.clone(), other.clone()];
                    best.insert(value, (rank, Solution { changes, state }));
                }
            }
        }
        best.into_iter().map(|(value, (_, solution))| (value, solution)).collect()
    }

    /// The single changes that are tried in pairs: all where they are few, else those that bring a
    /// disposition nearer, one for each way in which a fact makes a difference.
    fn paired(&self, missing: &[usize]) -> Vec<usize> {
        if self.singles.len() <= PAIRED {
            return (0..self.singles.len()).collect();
        }
        let before: Vec<u32> = missing.iter().map(|value| self.need(&self.base, *value)).collect();
        let mut seen: BTreeSet<(Thing, Vec<u32>, Vec<u64>)> = BTreeSet::new();
        let mut kept = Vec::new();
        for (at, one) in self.singles.iter().enumerate() {
            let Some(state) = &one.state else { continue };
            let needs: Vec<u32> = missing.iter().map(|value| self.need(state, *value)).collect();
            let nearer = needs.iter().zip(&before).any(|(now, before)| now < before);
            if nearer && seen.insert((one.change.thing, needs, self.effect(state))) {
                kept.push(at);
            }
        }
        kept.truncate(PAIRED);
        kept
    }

    /// What a change makes of the conditions of the row itself.
    fn effect(&self, state: &State) -> Vec<u64> {
        let mut effect: Vec<u64> = Vec::new();
        let domain = crate::lowering::Domain::Frame(self.trials.subject.frame);
        for (place, id) in state.evaluator.own_nodes().enumerate() {
            let own = self.run.policy.graph.node(id).is_some_and(|node| node.domain == domain);
            if own && state.evaluator.holds(id, state.row) {
                effect.resize(effect.len().max(place / 64 + 1), 0);
                effect
                    .iter_mut()
                    .skip(place / 64)
                    .take(1)
                    .for_each(|word| *word |= 1 << (place % 64));
            }
        }
        effect
    }

    /// The best set of three changes that brings a disposition, where all can be tried.
    pub fn triples(&self, value: usize) -> Option<Solution> {
        let kept = [Alike::InAll, Alike::AtTheRow].into_iter().find_map(|alike| {
            let kept = self.distinct(alike);
            let count = kept.len();
            let pairs = count.saturating_mul(count.saturating_sub(1)) / 2;
            let tries = pairs.saturating_add(pairs.saturating_mul(count) / 3);
            (tries <= self.trials.left()).then_some(kept)
        })?;
        let mut best: Option<(Rank, Solution)> = None;
        for (place, first) in kept.iter().enumerate() {
            for (more, second) in kept.iter().enumerate().skip(place + 1) {
                let Some(pair) = self.joined(&self.alone(*first)?, *second) else { continue };
                for third in kept.iter().skip(more + 1) {
                    let Some(solution) = self.joined(&pair, *third) else { continue };
                    if solution.state.required != Some(value) {
                        continue;
                    }
                    let orders = [*first, *second, *third];
                    let ranked: Vec<(&Candidate, usize)> =
                        solution.changes.iter().zip(orders).collect();
                    let rank = self.rank(&ranked, value);
                    if best.as_ref().is_none_or(|(known, _)| rank < *known) {
                        best = Some((rank, solution));
                    }
                }
            }
        }
        best.map(|(_, solution)| solution)
    }

    fn alone(&self, at: usize) -> Option<Solution> {
        let single = self.singles.get(at)?;
        Some(Solution { changes: vec![single.change.clone()], state: single.state.clone()? })
    }

    /// Changes with one more; none where that excludes one of them.
    fn joined(&self, from: &Solution, at: usize) -> Option<Solution> {
        let single = self.singles.get(at)?;
        let excluded = |one: &Candidate| one.excludes(&single.change, self.run);
        if from.changes.iter().any(excluded) {
            return None;
        }
        self.with(from, single.change.clone(), single.state.as_ref())
    }

    /// The single changes, of those of one thing that are alike the first.
    fn distinct(&self, alike: Alike) -> Vec<usize> {
        let mut seen: BTreeSet<(Thing, Vec<u64>)> = BTreeSet::new();
        let mut kept = Vec::new();
        for (at, one) in self.singles.iter().enumerate() {
            let Some(state) = &one.state else { continue };
            let own = one.change.read.as_ref().is_some_and(|read| {
                read.shifts.is_empty() && read.fact.frame == self.trials.subject.frame
            });
            let compared = own || alike == Alike::AtTheRow;
            if !compared || seen.insert((one.change.thing, self.effect(state))) {
                kept.push(at);
            }
        }
        kept
    }
}
