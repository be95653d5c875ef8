//! Removed and added rows that may be one row under another key.

use super::identity::Entry;
use crate::value::Ratio;
use crate::value::similar::{plain, similarity};
use std::collections::BTreeMap;

/// How alike two rows' titles are at least, for one to be proposed as the other, in percent.
const ALIKE: i128 = 60;

/// What a proposal comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Match {
    /// One row became one.
    Renamed,
    /// Several rows became one.
    Merged,
    /// One row became several.
    Split,
}

/// Removed and added rows that may be the same.
#[derive(Clone, Debug)]
pub struct Pairing {
    /// What it may be.
    pub kind: Match,
    /// The removed rows.
    pub old: Vec<Entry>,
    /// The added rows.
    pub new: Vec<Entry>,
    /// How alike their titles are, from 0 to 1, at the least.
    pub similarity: Ratio,
}

/// A removed row goes with the added row most like it, an added one with the removed one most like
/// it. Rows without a title are like none: their keys are numbers; never one with a row it stands
/// apart from.
pub fn pairings(
    removed: &[Entry],
    added: &[Entry],
    apart: impl Fn(usize, usize) -> bool,
) -> Vec<Pairing> {
    let titles = |rows: &[Entry]| {
        rows.iter()
            .map(|row| plain(row.subject.title.as_deref().unwrap_or_default()))
            .collect::<Vec<_>>()
    };
    let (old, new) = (titles(removed), titles(added));
    let best = |own: &[char], others: &[Vec<char>], apart: &dyn Fn(usize) -> bool| {
        let titled = others
            .iter()
            .enumerate()
            .filter(|(at, other)| !apart(*at) && !own.is_empty() && !other.is_empty());
        let scored = titled
            .map(|(at, other)| (at, similarity(own, other)))
            .filter(|(_, score)| *score >= Ratio::new(ALIKE, 100));
        scored.reduce(|best, next| if next.1 > best.1 { next } else { best })
    };
    let mut edges: BTreeMap<(usize, usize), Ratio> = BTreeMap::new();
    for (at, title) in old.iter().enumerate() {
        edges.extend(
            best(title, &new, &|other| apart(at, other)).map(|(other, score)| ((at, other), score)),
        );
    }
    for (at, title) in new.iter().enumerate() {
        edges.extend(
            best(title, &old, &|other| apart(other, at)).map(|(other, score)| ((other, at), score)),
        );
    }
    let mut pairings = Vec::new();
    while let Some((&(old, new), _)) = edges.first_key_value() {
        let merged: Vec<usize> =
            edges.keys().filter(|(_, other)| *other == new).map(|(at, _)| *at).collect();
        let split: Vec<usize> =
            edges.keys().filter(|(other, _)| *other == old).map(|(_, at)| *at).collect();
        let (kind, olds, news) = match (merged.len(), split.len()) {
            (..=1, ..=1) => (Match::Renamed, vec![old], vec![new]),
            (2.., ..=1) => (Match::Merged, merged, vec![new]),
            _ => (Match::Split, vec![old], split),
        };
        let mut similarity = Ratio::from_integer(1);
        for pair in olds.iter().flat_map(|old| news.iter().map(move |new| (*old, *new))) {
            similarity = edges.remove(&pair).map_or(similarity, |score| similarity.min(score));
        }
        edges.retain(|(old, new), _| !olds.contains(old) && !news.contains(new));
        let pick = |from: &[Entry], at: Vec<usize>| {
            at.into_iter().filter_map(|at| from.get(at).cloned()).collect()
        };
        pairings.push(Pairing {
            kind,
            old: pick(removed, olds),
            new: pick(added, news),
            similarity,
        });
    }
    pairings
}
