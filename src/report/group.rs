//! Rank 5: findings grouped as people read them: by article; what only has to be noted, by kind.
//! Only heads are looked at.

use super::told;
use crate::finding::{Findings, Outcome, Report, Weight};
use crate::grouping::Groups;
use std::collections::{BTreeMap, HashMap};

/// What a group has in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Topic<'a> {
    /// Findings of an article, by `policy.article`.
    Article(&'a str),
    /// Vacuous articles, waived violations, or waivers: a line each.
    Note(Outcome),
}

/// The findings of one topic.
pub struct Group<'a> {
    /// What they have in common.
    pub topic: Topic<'a>,
    /// Their indices, in report order.
    pub findings: Vec<usize>,
    /// How many of each kind, the gravest first.
    pub tally: Tally,
    /// Whether one of them weighs as an error.
    pub grave: bool,
}

/// How many findings of each kind.
#[derive(Clone, Debug, Default)]
pub struct Tally(Vec<((Outcome, Weight), usize)>);

impl Tally {
    fn add(&mut self, outcome: Outcome, weight: Weight, count: usize) {
        // A conflict, a question or a note is one kind whatever its weight.
        let weight = if outcome == Outcome::Violated { weight } else { Weight::Error };
        match self.0.iter_mut().find(|(kind, _)| *kind == (outcome, weight)) {
            Some((_, sum)) => *sum += count,
            None => self.0.push(((outcome, weight), count)),
        }
        self.0.sort_unstable_by_key(|&((outcome, weight), _)| match outcome {
            Outcome::Violated if weight != Weight::Error => (Outcome::Referred, weight),
            _ => (outcome, Weight::Error),
        });
    }

    /// The kinds that occur, the gravest first.
    pub fn iter(&self) -> impl Iterator<Item = (Outcome, Weight, usize)> {
        self.0.iter().map(|&((outcome, weight), count)| (outcome, weight, count))
    }

    /// The sum of findings of these kinds.
    pub fn of(kinds: impl IntoIterator<Item = (Outcome, Weight)>) -> Self {
        let mut counts: BTreeMap<(Outcome, Weight), usize> = BTreeMap::new();
        kinds.into_iter().for_each(|kind| *counts.entry(kind).or_default() += 1);
        let mut sum = Self::default();
        counts.into_iter().for_each(|((outcome, weight), count)| sum.add(outcome, weight, count));
        sum
    }

    /// The sum of several.
    pub fn sum<'a>(tallies: impl IntoIterator<Item = &'a Self>) -> Self {
        let mut sum = Self::default();
        for (outcome, weight, count) in tallies.into_iter().flat_map(Self::iter) {
            sum.add(outcome, weight, count);
        }
        sum
    }
}

/// Groups, the gravest first as [`told::grave`] has it, then in the order of the report's articles;
/// notes last.
pub fn groups<'a>(report: &'a Report, rows: Option<&Groups<'_>>) -> Vec<Group<'a>> {
    let findings: &'a dyn Findings = report.findings;
    let mut places: HashMap<Topic<'a>, usize> = HashMap::new();
    let mut groups: Vec<Group<'a>> = Vec::new();
    for index in 0..findings.len() {
        let head = findings.head(index);
        let topic = match head.outcome {
            outcome if outcome.is_note() => Topic::Note(outcome),
            _ => Topic::Article(head.article),
        };
        let at = *places.entry(topic).or_insert_with(|| {
            groups.push(Group {
                topic,
                findings: Vec::new(),
                tally: Tally::default(),
                grave: false,
            });
            groups.len() - 1
        });
        if let Some(group) = groups.get_mut(at) {
            group.findings.push(index);
            group.tally.add(head.outcome, head.weight, 1);
            group.grave |= head.weight == Weight::Error;
        }
    }
    let ranks: HashMap<&str, usize> = report
        .articles
        .iter()
        .enumerate()
        .map(|(rank, article)| (article.article.as_str(), rank))
        .collect();
    groups.sort_by_cached_key(|group| match group.topic {
        Topic::Article(article) => {
            let grave = group.findings.iter().map(|index| told::grave(report, rows, *index)).min();
            let rank = ranks.get(article).copied().unwrap_or(usize::MAX);
            (grave.unwrap_or((u8::MAX, true)), rank, Outcome::Violated)
        }
        Topic::Note(outcome) => ((u8::MAX, true), usize::MAX, outcome),
    });
    groups
}

/// How many findings of each group a limit leaves: equal shares, what a small group does not need
/// going to the others. Where it does not suffice for one each, groups with errors come first.
pub fn shares(groups: &[Group], limit: Option<usize>) -> Vec<usize> {
    let mut shares: Vec<usize> = groups.iter().map(|group| group.findings.len()).collect();
    let Some(mut left) = limit.filter(|&limit| limit < shares.iter().sum()) else { return shares };
    let mut open: Vec<(&Group, &mut usize)> = groups.iter().zip(&mut shares).collect();
    open.sort_by_key(|(group, _)| !group.grave);
    open.iter_mut().for_each(|(_, share)| **share = 0);
    while left > 0 {
        open.retain(|(group, share)| **share < group.findings.len());
        let step = (left / open.len().max(1)).max(1);
        for (group, share) in &mut open {
            let more = step.min(group.findings.len() - **share).min(left);
            **share += more;
            left -= more;
        }
    }
    shares
}
