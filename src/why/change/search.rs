//! The search: every single change first, then pairs, then larger sets towards what is nearest.

use super::Tried;
use super::candidate::{Candidate, Candidates, Thing};
use super::need::{NEVER, Needs};
use super::reader::Reader;
use super::reads::Reads;
use super::trial::{State, Trials};
use super::values::Asked;
use crate::engine::Run;
use crate::eval::Edit;
use crate::lowering::{Choice, DecisionPlan, Judgement, NodeId};
use crate::program::ArticleId;
use std::collections::{BTreeMap, BTreeSet};

/// How many single changes are tried.
const SINGLES: usize = 800;

/// How many sets of changes are followed up at a time.
const WIDTH: usize = 4;

/// How many changes a set has at most.
const LARGEST: usize = 5;

/// Changes that together bring a disposition.
#[derive(Clone)]
pub(super) struct Solution {
    pub changes: Vec<Candidate>,
    pub state: State,
}

/// A disposition that is required, and the first article that demands it.
pub(super) type Outcome = (usize, Option<ArticleId>);

/// Another change of a thing, with what comes of it.
pub(super) type Variant = (Candidate, Option<Outcome>);

/// What is preferred of changes that are equally many, the best first.
pub(super) type Rank = (usize, usize, usize, usize, usize, Vec<usize>);

/// A single change that was tried.
pub(super) struct Single {
    pub change: Candidate,
    /// What is required then.
    pub required: Option<usize>,
    /// The row then; not kept where that would take too much memory.
    pub state: Option<State>,
}

/// Which changes are followed up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Follow {
    /// Those that bring the disposition nearer by themselves, and those of facts that can only be
    /// read after a change.
    Nearer,
    /// All that reach a condition in its way.
    Any,
}

/// How many values are kept of what single changes came to.
const MEMORY: usize = 16_000_000;

/// Looks for changes of one row.
pub(super) struct Search<'x> {
    pub run: &'x Run,
    plan: &'x DecisionPlan,
    pub trials: &'x Trials<'x>,
    pub asked: &'x Asked,
    /// The judgements that are read: by their index, with the row of their frame.
    judgements: &'x [usize],
    pub base: State,
    /// The single changes, and what each came to.
    pub singles: Vec<Single>,
    /// Which of them each thing has.
    of_thing: BTreeMap<Thing, Vec<usize>>,
}

impl<'x> Search<'x> {
    /// Tries every single change.
    pub fn new(trials: &'x Trials<'x>, asked: &'x Asked, judgements: &'x [usize]) -> Self {
        let (run, plan) = (trials.run, trials.plan);
        let base = trials.base();
        let mut search = Self {
            run,
            plan,
            trials,
            asked,
            judgements,
            base,
            singles: Vec::new(),
            of_thing: BTreeMap::new(),
        };
        let reads = search.reads(&search.base);
        let mut memory = MEMORY;
        for change in search.candidates(&reads).into_iter().take(SINGLES) {
            let Some(state) = trials.judge(&change.edits, &[], &[]) else { continue };
            search.of_thing.entry(change.thing).or_default().push(search.singles.len());
            let required = state.required;
            let left = memory.checked_sub(state.evaluator.fork_size());
            memory = left.unwrap_or(memory);
            search.singles.push(Single { change, required, state: left.map(|_| state) });
        }
        search
    }

    fn reads(&self, state: &State) -> Reads {
        let mut reader = Reader::new(self.run, &state.evaluator, self.trials.subject);
        for at in self.judgements {
            let Some(judgement) = self.run.policy.judgements.get(*at) else { continue };
            if let Some(row) = self.row_of(judgement.frame, state) {
                reader.judgement(*at, judgement, row);
            }
        }
        reader.finish()
    }

    /// The row of a judgement's frame that the subject is, or lies in.
    fn row_of(&self, frame: crate::schema::FrameId, state: &State) -> Option<usize> {
        let (mut at, mut row) = (self.trials.subject.frame, state.row);
        while at != frame {
            let (parent, _) = self.run.schema().frame(at)?.parent?;
            row = state.evaluator.frame(at)?.parent_of(row);
            at = parent;
        }
        Some(row)
    }

    fn candidates(&self, reads: &Reads) -> Vec<Candidate> {
        let decided = self.run.program().decisions.get(self.plan.decision);
        let Some(decided) = decided.map(|found| found.field) else { return Vec::new() };
        let subject = self.trials.subject;
        Candidates { run: self.run, asked: self.asked, subject, decided }.of(reads)
    }

    /// The smallest changes that bring each disposition.
    pub fn solve(&self, wanted: &[usize]) -> BTreeMap<usize, Solution> {
        let mut found = BTreeMap::new();
        for value in wanted {
            let bringing = self.singles.iter().enumerate();
            let bringing = bringing.filter(|(_, single)| single.required == Some(*value));
            let best = bringing.min_by_key(|(at, one)| self.rank(&[(&one.change, *at)], *value));
            let best = best.and_then(|(_, one)| {
                let changes = vec![one.change.clone()];
                let state = one.state.clone().or_else(|| self.judged(&changes))?;
                Some(Solution { changes, state })
            });
            found.extend(best.map(|solution| (*value, solution)));
        }
        let open = |found: &BTreeMap<usize, Solution>| -> Vec<usize> {
            let open = wanted.iter().copied().filter(|value| !found.contains_key(value));
            open.filter(|value| self.need(&self.base, *value) < NEVER).collect()
        };
        let missing = open(&found);
        if !missing.is_empty() {
            found.extend(self.pairs(&missing));
        }
        let missing = open(&found);
        let share = self.trials.left() / missing.len().max(1);
        for value in missing {
            let near = self.towards(value, Follow::Nearer, share / 3);
            let solution = near.or_else(|| self.towards(value, Follow::Any, share / 3));
            let few = solution.as_ref().is_some_and(|solution| solution.changes.len() <= 3);
            let fewer = if few { None } else { self.triples(value) };
            found.extend(fewer.or(solution).map(|solution| (value, solution)));
        }
        for solution in found.values_mut() {
            solution.changes.sort_by_key(|one| (one.place, one.kind));
        }
        found
    }

    /// The node that says that a disposition is required.
    fn node(&self, value: usize) -> Vec<NodeId> {
        let choices = self.plan.options.iter().chain(&self.plan.otherwise);
        let wanted = |choice: &&Choice| choice.disposition == value;
        choices.filter(wanted).map(|choice| choice.required).collect()
    }

    /// About how many conditions are in the way of a disposition.
    pub fn need(&self, state: &State, value: usize) -> u32 {
        let mut needs = Needs::new(&state.evaluator);
        let costs = self.node(value).into_iter().map(|node| needs.cost(node, state.row, true));
        costs.min().unwrap_or(NEVER)
    }

    pub fn rank(&self, changes: &[(&Candidate, usize)], value: usize) -> Rank {
        let sum = |pick: &dyn Fn(&Candidate) -> usize| {
            changes.iter().map(|(change, _)| pick(change)).sum::<usize>()
        };
        let concerned = self.concerned(value);
        let depth = |one: &Candidate| {
            let near = one.near.iter().filter(|(at, _)| concerned.contains(at));
            near.map(|(_, depth)| *depth).min()
        };
        (
            sum(&|one| one.kind as usize),
            sum(&|one| usize::from(one.unlinks)),
            sum(&|one| one.place as usize),
            sum(&|one| usize::from(depth(one).is_none())),
            sum(&|one| depth(one).unwrap_or_default()),
            changes.iter().map(|(_, order)| *order).collect(),
        )
    }

    /// The judgements that decide today, and those that demand a disposition.
    fn concerned(&self, value: usize) -> Vec<usize> {
        let options = self.plan.options.iter();
        let options = options.filter(|choice| {
            choice.disposition == value || Some(choice.disposition) == self.base.required
        });
        options.flat_map(|choice| choice.judgements.iter().copied()).collect()
    }

    /// A set of changes that brings a disposition, found by following those that bring it nearer.
    fn towards(&self, value: usize, follow: Follow, share: usize) -> Option<Solution> {
        let stop = self.trials.left().saturating_sub(share);
        let mut beam = vec![Solution { changes: Vec::new(), state: self.base.clone() }];
        for _ in 0..LARGEST {
            let mut next: Vec<(u32, Rank, Solution)> = Vec::new();
            let mut best: Option<(Rank, Solution)> = None;
            for from in &beam {
                let need = self.need(&from.state, value);
                for (order, (change, alone)) in
                    self.following(from, value, follow).into_iter().enumerate()
                {
                    if self.trials.left() <= stop {
                        break;
                    }
                    let Some(solution) = self.with(from, change, alone) else { continue };
                    let ranked: Vec<(&Candidate, usize)> =
                        solution.changes.iter().map(|change| (change, order)).collect();
                    let rank = self.rank(&ranked, value);
                    if solution.state.required == Some(value) {
                        if best.as_ref().is_none_or(|(known, _)| rank < *known) {
                            best = Some((rank, solution));
                        }
                        continue;
                    }
                    let now = self.need(&solution.state, value);
                    if now < need || now == need && follow == Follow::Any {
                        next.push((now, rank, solution));
                    }
                }
            }
            if let Some((_, solution)) = best {
                return Some(self.reduced(solution, value));
            }
            next.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
            let mut seen: BTreeSet<Vec<Thing>> = BTreeSet::new();
            next.retain(|(.., solution)| {
                let mut things: Vec<Thing> = solution.changes.iter().map(|one| one.thing).collect();
                things.sort();
                seen.insert(things)
            });
            next.truncate(WIDTH);
            beam = next.into_iter().map(|(.., solution)| solution).collect();
        }
        None
    }

    /// The changes that may bring a disposition nearer after some, with what they came to alone.
    fn following(
        &self,
        from: &Solution,
        value: usize,
        follow: Follow,
    ) -> Vec<(Candidate, Option<&State>)> {
        let mut needs = Needs::new(&from.state.evaluator);
        let nodes = self.node(value).into_iter();
        let leaves: BTreeSet<NodeId> =
            nodes.flat_map(|node| needs.leaves(node, from.state.row, true)).collect();
        let base = self.need(&self.base, value);
        let matters = |state: &State| {
            if follow == Follow::Nearer && self.need(state, value) >= base {
                return false;
            }
            let mut reached = leaves.iter().filter(|leaf| state.evaluator.reaches(**leaf));
            reached.next().is_some()
        };
        let mut found: Vec<(Candidate, Option<&State>)> = self
            .singles
            .iter()
            .filter_map(|one| Some((&one.change, one.state.as_ref()?)))
            .filter(|(_, state)| matters(state))
            .map(|(one, state)| (one.clone(), Some(state)))
            .collect();
        if !from.changes.is_empty() {
            let new = self.candidates(&self.reads(&from.state)).into_iter();
            let known =
                |one: &Candidate| self.alike(one).any(|other| other.change.edits == one.edits);
            let new = new.filter(|one| !known(one) && self.trials.reaches(&one.edits, &leaves));
            found.extend(new.map(|one| (one, None)));
        }
        found.retain(|(one, _)| !from.changes.iter().any(|other| other.excludes(one, self.run)));
        found
    }

    pub fn with(
        &self,
        from: &Solution,
        change: Candidate,
        alone: Option<&State>,
    ) -> Option<Solution> {
        let mut changes = from.changes.clone();
        if let (true, Some(state)) = (changes.is_empty(), alone) {
            return Some(Solution { changes: vec![change], state: state.clone() });
        }
        let before = changes.iter().flat_map(|one| one.edits.iter().cloned());
        let edits: Vec<Edit> = before.chain(change.edits.iter().cloned()).collect();
        let parts = [Some(&from.state), alone].into_iter().flatten();
        let parts: Vec<_> = parts.map(|state| state.evaluator.clone()).collect();
        let rest = if alone.is_some() { &[][..] } else { &change.edits };
        let state = self.trials.judge(&edits, &parts, rest)?;
        changes.push(change);
        Some(Solution { changes, state })
    }

    /// Without the changes that are not needed.
    fn reduced(&self, mut solution: Solution, value: usize) -> Solution {
        let mut at = 0;
        while at < solution.changes.len() && solution.changes.len() > 1 {
            let mut changes = solution.changes.clone();
            changes.remove(at);
            match self.judged(&changes) {
                Some(state) if state.required == Some(value) => {
                    solution = Solution { changes, state };
                }
                _ => at += 1,
            }
        }
        solution
    }

    /// What the row comes to with changes.
    pub fn judged(&self, changes: &[Candidate]) -> Option<State> {
        let edits: Vec<Edit> = changes.iter().flat_map(|one| one.edits.iter().cloned()).collect();
        self.trials.judge(&edits, &[], &[])
    }

    /// The single changes.
    pub fn tried(&self) -> Vec<Tried> {
        let mut tried = Vec::new();
        for (thing, places) in self.of_thing.values().enumerate() {
            for single in places.iter().filter_map(|at| self.singles.get(*at)) {
                tried.push(Tried { edits: single.change.edits.clone(), thing });
            }
        }
        tried
    }

    /// The disposition that is required after a change, and the article that demands it: none
    /// where it is what is left.
    fn decided(&self, state: &State) -> Option<Outcome> {
        let value = state.required?;
        let choice = self.plan.options.iter().find(|choice| choice.disposition == value);
        let judgements = choice.into_iter().flat_map(|choice| &choice.judgements);
        let governs = |at: &usize| {
            let judgement = self.run.policy.judgements.get(*at);
            judgement.is_some_and(|found| state.evaluator.holds(found.governs.t, state.row))
        };
        let first = judgements.copied().filter(governs).min();
        let first = first.and_then(|at| self.run.policy.judgements.get(at));
        Some((value, first.map(|found| found.article)))
    }

    /// What comes of changes.
    pub fn outcome(&self, changes: &[Candidate]) -> Option<Outcome> {
        self.judged(changes).and_then(|state| self.decided(&state))
    }

    /// The single changes of the same thing.
    fn alike(&self, one: &Candidate) -> impl Iterator<Item = &Single> {
        let same = self.of_thing.get(&one.thing).into_iter().flatten();
        same.filter_map(|at| self.singles.get(*at))
    }

    /// The other values of one changed fact, each with what comes of it, all other changes as they
    /// are.
    pub fn variants(&self, solution: &Solution, at: usize) -> Vec<Variant> {
        let Some(change) = solution.changes.get(at) else { return Vec::new() };
        if let [_] = solution.changes[..] {
            let of = |one: &Single| match &one.state {
                Some(state) => self.decided(state),
                None => self.outcome(std::slice::from_ref(&one.change)),
            };
            return self.alike(change).map(|one| (one.change.clone(), of(one))).collect();
        }
        let mut others = solution.changes.clone();
        others.remove(at);
        let mut variants = Vec::new();
        let Some(without) = self.judged(&others) else { return variants };
        let known = self.alike(change).map(|one| one.change.clone());
        let mut same: Vec<Candidate> = known.collect();
        for one in self.candidates(&self.reads(&without)) {
            if one.thing == change.thing && !same.iter().any(|known| known.edits == one.edits) {
                same.push(one);
            }
        }
        for one in same {
            let mut changes = solution.changes.clone();
            changes.iter_mut().skip(at).take(1).for_each(|slot| *slot = one.clone());
            variants.push((one, self.outcome(&changes)));
        }
        variants
    }

    /// Whether, as the row is or with one change, an article would govern it if nobody overrode
    /// it in a circle.
    pub fn governs_but_for_a_circle(&self, judgement: &Judgement) -> bool {
        let own = judgement.exemptions.iter().filter(|found| found.by.is_none());
        let own: Vec<NodeId> = own.map(|found| found.rails.f).collect();
        let states = self.singles.iter().filter_map(|one| one.state.as_ref());
        std::iter::once(&self.base).chain(states).any(|State { evaluator, row, .. }| {
            let holds = |node: &NodeId| evaluator.holds(*node, *row);
            holds(&judgement.scope.t) && own.iter().all(holds)
        })
    }
}
