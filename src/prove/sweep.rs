//! Pairs of sentences worth comparing, without comparing all: those that meet on one value, and
//! those that one value keeps apart, found along its line.

use super::known::Known;
use super::linear::Threshold;
use super::question::{Claim, Prover};
use super::region::{Region, Span};
use std::collections::{BTreeMap, BTreeSet};

/// How many pairs are listed, for each sentence.
const EACH: usize = 64;

/// Two sentences, by index of judgements, the earlier one first.
type Pair = (usize, usize);

impl Prover<'_> {
    /// Pairs of requirements, and of a demand and a requirement, that single values keep from being
    /// kept together, though either can be kept where the other governs. Of very many sentences
    /// that all meet and are all kept apart, not every pair is found.
    pub(super) fn opposed(&self, known: &Known) -> Vec<Pair> {
        let mut roots: BTreeMap<_, Vec<usize>> = BTreeMap::new();
        for (at, judgement) in self.judgements.iter().enumerate() {
            if self.requires(at) || judgement.demand.is_some() {
                let root = self.graph.program.schema.root(judgement.frame);
                roots.entry(root).or_default().push(at);
            }
        }
        let opposed = |(a, b): &Pair| {
            let (Some(one), Some(other)) = (self.frame(*a), self.frame(*b)) else { return false };
            (self.requires(*a) || self.requires(*b))
                && (self.ancestor(one, other) || self.ancestor(other, one))
                && known.never(&[Claim::Kept(*a), Claim::Kept(*b)])
                && !known.never(&[Claim::Governs(*a), Claim::Kept(*b)])
                && !known.never(&[Claim::Kept(*a), Claim::Governs(*b)])
        };
        let mut pairs: Vec<Pair> = Vec::new();
        for all in roots.into_values() {
            let met = known.together(&all);
            let met = if met.len() < most(&all) { met } else { known.kept_apart(&all) };
            pairs.extend(met.into_iter().filter(opposed));
        }
        // Requirements before demands, of which the demand comes first.
        let requirements = |(a, b): &Pair| self.requires(*a) && self.requires(*b);
        pairs.sort_unstable_by_key(|pair| (!requirements(pair), *pair));
        let demand_first =
            |(a, b)| if self.requires(a) && !self.requires(b) { (b, a) } else { (a, b) };
        pairs.into_iter().map(demand_first).collect()
    }
}

/// How many pairs of these are listed.
fn most(all: &[usize]) -> usize {
    EACH * all.len()
}

impl Known {
    /// Pairs of these that single values do not keep from governing one row, as far as the value
    /// tells that most of them speak of: so many at most as are listed.
    pub(super) fn together(&self, all: &[usize]) -> BTreeSet<Pair> {
        let regions = |at: usize| self.of(Claim::Governs(at)).and_then(Option::as_ref);
        let mut spoken: BTreeMap<usize, usize> = BTreeMap::new();
        for value in all.iter().filter_map(|at| regions(*at)).flat_map(BTreeMap::keys) {
            *spoken.entry(*value).or_default() += 1;
        }
        let value = spoken.into_iter().max_by_key(|(_, times)| *times).map(|(value, _)| value);
        let mut spans: Vec<(Span, usize)> = Vec::new();
        for (at, own) in all.iter().filter_map(|at| Some((*at, regions(*at)?))) {
            match value.and_then(|value| own.get(&value)).filter(|region| !region.unknown) {
                Some(region) => spans.extend(region.spans.iter().map(|span| (*span, at))),
                None => spans.push(((None, None), at)),
            }
        }
        spans.sort_unstable();
        let (mut pairs, mut open) = (BTreeSet::new(), Vec::<(Option<Threshold>, usize)>::new());
        for ((from, to), at) in spans {
            open.retain(|(end, _)| end.is_none() || from.is_none() || *end > from);
            for (_, other) in open.iter().filter(|(_, other)| *other != at) {
                pairs.insert((at.min(*other), at.max(*other)));
                if pairs.len() >= most(all) {
                    return pairs;
                }
            }
            open.push((to, at));
        }
        pairs
    }

    /// Pairs of these that cannot both be kept by what one of them requires of a value, as far as
    /// the ends of its ranges tell: so many at most as are listed.
    fn kept_apart(&self, all: &[usize]) -> BTreeSet<Pair> {
        let regions = |claim| self.of(claim).and_then(Option::as_ref);
        let mut lines: BTreeMap<usize, Vec<(&Region, usize)>> = BTreeMap::new();
        for at in all {
            for (value, region) in regions(Claim::Kept(*at)).into_iter().flatten() {
                lines.entry(*value).or_default().push((region, *at));
            }
        }
        let mut pairs = BTreeSet::new();
        for (value, line) in lines {
            let requires = |(region, at): &(&Region, usize)| {
                regions(Claim::Governs(*at)).and_then(|own| own.get(&value)) != Some(*region)
            };
            let begin = |region: &Region| region.spans.first().and_then(|span| span.0);
            let mut later: Vec<(Option<Threshold>, usize)> =
                line.iter().map(|(region, at)| (begin(region), *at)).collect();
            later.sort_unstable();
            for (region, at) in line.iter().filter(|one| requires(one)) {
                let end = region.spans.last().and_then(|span| span.1);
                let from = later.partition_point(|(begin, _)| end.is_none() || *begin < end);
                for (_, other) in later.iter().skip(from) {
                    pairs.insert((*at.min(other), *at.max(other)));
                    if pairs.len() >= most(all) {
                        return pairs;
                    }
                }
            }
            // And those that end before it begins.
            let mut earlier: Vec<(Threshold, usize)> = line
                .iter()
                .filter_map(|(region, at)| Some((region.spans.last()?.1?, *at)))
                .collect();
            earlier.sort_unstable();
            for (region, at) in line.iter().filter(|one| requires(one)) {
                let Some(begin) = begin(region) else { continue };
                for (_, other) in earlier.iter().take_while(|(end, _)| *end <= begin) {
                    pairs.insert((*at.min(other), *at.max(other)));
                    if pairs.len() >= most(all) {
                        return pairs;
                    }
                }
            }
        }
        pairs
    }
}
