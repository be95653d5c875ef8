//! Ranges of one value: cuts of the line, and what joins of conditions make of them.

use crate::program::{Comparison, Program};
use crate::prove::linear::Threshold;
use crate::schema::Type;
use crate::value::Ratio;
use num_traits::{One, Zero};
use std::collections::BTreeMap;

/// The values between two cuts of the line, from including, to excluding; `None` is open.
pub(in crate::prove) type Span = (Option<Threshold>, Option<Threshold>);

/// What one value may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::prove) struct Region {
    /// Not known, or not given.
    pub unknown: bool,
    /// In order and apart, none empty.
    pub spans: Vec<Span>,
}

/// What a condition says of single values; `None` of a condition that cannot hold.
pub(in crate::prove) type Regions = Option<BTreeMap<usize, Region>>;

/// Whether no row satisfies both.
#[must_use]
pub(in crate::prove) fn apart(a: &Regions, b: &Regions) -> bool {
    let (Some(a), Some(b)) = (a, b) else { return true };
    let (few, many) = if a.len() < b.len() { (a, b) } else { (b, a) };
    few.iter().any(|(value, region)| many.get(value).is_some_and(|other| !region.meets(other)))
}

/// Both.
#[must_use]
pub(in crate::prove) fn both(a: Regions, b: Regions) -> Regions {
    let (mut all, other) = (a?, b?);
    for (value, region) in other {
        let met = all.get(&value).map_or_else(|| region.clone(), |own| own.and(&region));
        if met.is_empty() {
            return None;
        }
        all.insert(value, met);
    }
    Some(all)
}

pub(super) fn either(a: Regions, b: Regions) -> Regions {
    let (a, b) = match (a, b) {
        (None, only) | (only, None) => return only,
        (Some(a), Some(b)) => (a, b),
    };
    Some(
        a.into_iter()
            .filter_map(|(value, region)| Some((value, region.or(b.get(&value)?))))
            .collect(),
    )
}

/// All of these. Halves are joined with halves, so that many ranges of one value cost no square.
pub(super) fn both_of(parts: Vec<Regions>) -> Regions {
    joined(parts, both).unwrap_or_else(|| Some(BTreeMap::new()))
}

/// Any of these.
pub(super) fn either_of(parts: Vec<Regions>) -> Regions {
    joined(parts, either).flatten()
}

fn joined(mut parts: Vec<Regions>, join: fn(Regions, Regions) -> Regions) -> Option<Regions> {
    while parts.len() > 1 {
        let mut rest = parts.into_iter();
        let mut halves = Vec::with_capacity(rest.len().div_ceil(2));
        while let Some(first) = rest.next() {
            halves.push(match rest.next() {
                Some(second) => join(first, second),
                None => first,
            });
        }
        parts = halves;
    }
    parts.pop()
}

impl Region {
    pub(super) fn is_empty(&self) -> bool {
        !self.unknown && self.spans.is_empty()
    }

    fn meets(&self, other: &Self) -> bool {
        (self.unknown && other.unknown) || !common(&self.spans, &other.spans).is_empty()
    }

    fn and(&self, other: &Self) -> Self {
        let spans = common(&self.spans, &other.spans);
        Self { unknown: self.unknown && other.unknown, spans }
    }

    fn or(&self, other: &Self) -> Self {
        let spans = merged(&self.spans, &other.spans);
        Self { unknown: self.unknown || other.unknown, spans }
    }
}

/// What two lists of spans have in common; of either, each ends before the next begins, and so it
/// is here.
fn common(a: &[Span], b: &[Span]) -> Vec<Span> {
    let (mut rest, mut others) = (a.iter().peekable(), b.iter().peekable());
    let mut spans = Vec::new();
    while let (Some(one), Some(other)) = (rest.peek(), others.peek()) {
        spans.extend(overlap(**one, **other));
        // The one that ends first meets nothing that follows.
        let first = match (one.1, other.1) {
            (Some(x), Some(y)) => x <= y,
            (end, _) => end.is_some(),
        };
        if first {
            rest.next();
        } else {
            others.next();
        }
    }
    spans
}

/// What lies in either, spans that touch made one.
fn merged(a: &[Span], b: &[Span]) -> Vec<Span> {
    let mut all: Vec<Span> = a.iter().chain(b).copied().collect();
    all.sort_unstable_by_key(|span| span.0);
    let mut spans: Vec<Span> = Vec::with_capacity(all.len());
    for (from, to) in all {
        match spans.last_mut() {
            Some(last) if last.1.is_none_or(|end| from.is_none_or(|from| from <= end)) => {
                last.1 = last.1.zip(to).map(|(end, to)| end.max(to));
            }
            _ => spans.push((from, to)),
        }
    }
    spans
}

fn overlap(a: Span, b: Span) -> Option<Span> {
    let from = a.0.max(b.0);
    let to = match (a.1, b.1) {
        (Some(x), Some(y)) => Some(x.min(y)),
        (one, other) => one.or(other),
    };
    from.zip(to).is_none_or(|(from, to)| from < to).then_some((from, to))
}

/// The numbers for which a comparison with a constant holds. Whole numbers have no cut after them
/// but the one before the next.
pub(super) fn spans(comparison: Comparison, constant: Ratio, whole: bool) -> Vec<Span> {
    let before = Some(if whole { (constant.ceil(), 0) } else { (constant, 0) });
    let after = Some(if whole { (constant.floor() + Ratio::one(), 0) } else { (constant, 1) });
    let spans = match comparison {
        Comparison::Equal => vec![(before, after)],
        Comparison::NotEqual => vec![(None, before), (after, None)],
        Comparison::Less => vec![(None, before)],
        Comparison::LessEqual => vec![(None, after)],
        Comparison::Greater => vec![(after, None)],
        Comparison::GreaterEqual => vec![(before, None)],
    };
    spans
        .into_iter()
        .filter(|(from, to)| from.zip(*to).is_none_or(|(from, to)| from < to))
        .collect()
}

/// Of an enum, only its values.
pub(super) fn within(ty: Type, program: &Program, spans: Vec<Span>) -> Vec<Span> {
    let Type::Enum(id) = ty else { return spans };
    let count = program.schema.enumeration(id).map_or(0, |found| found.values.len());
    let all = (Some((Ratio::zero(), 0)), i64::try_from(count).ok().map(|count| (ratio(count), 0)));
    spans.into_iter().filter_map(|span| overlap(span, all)).collect()
}

pub(super) fn ratio(value: i64) -> Ratio {
    Ratio::from_integer(i128::from(value))
}
