//! Comparisons and text relations.

use super::{Series, TextSeries, Vector};
use crate::program::{Comparison, TextRelation};
use crate::value::{Bits, Texts, key};

/// Rows where `a ∘ b`; meaningless where either is not valid.
pub(super) fn compare(comparison: Comparison, a: &Vector, b: &Vector, len: usize) -> Bits {
    match (a, b) {
        (Vector::Ints(a, _), Vector::Ints(b, _)) => series(comparison, a, b, len),
        (Vector::Ratios(a, _), Vector::Ratios(b, _)) => series(comparison, a, b, len),
        (Vector::Texts(a, _), Vector::Texts(b, _)) => {
            Bits::from_fn(len, |row| decide(comparison, a.get(row), b.get(row)))
        }
        _ => Bits::uniform(len, false),
    }
}

fn decide<T: PartialOrd>(comparison: Comparison, a: T, b: T) -> bool {
    match comparison {
        Comparison::Equal => a == b,
        Comparison::NotEqual => a != b,
        Comparison::Less => a < b,
        Comparison::LessEqual => a <= b,
        Comparison::Greater => a > b,
        Comparison::GreaterEqual => a >= b,
    }
}

fn series<T: Copy + PartialOrd>(
    comparison: Comparison,
    a: &Series<T>,
    b: &Series<T>,
    len: usize,
) -> Bits {
    // One loop for each comparison, so that each is a tight one.
    match comparison {
        Comparison::Equal => each(a, b, len, |a, b| a == b),
        Comparison::NotEqual => each(a, b, len, |a, b| a != b),
        Comparison::Less => each(a, b, len, |a, b| a < b),
        Comparison::LessEqual => each(a, b, len, |a, b| a <= b),
        Comparison::Greater => each(a, b, len, |a, b| a > b),
        Comparison::GreaterEqual => each(a, b, len, |a, b| a >= b),
    }
}

fn each<T: Copy>(a: &Series<T>, b: &Series<T>, len: usize, test: impl Fn(T, T) -> bool) -> Bits {
    match (a, b) {
        (Series::Many(a), Series::Same(b)) => Bits::from_slice(a, |a| test(a, *b)),
        (Series::Same(a), Series::Many(b)) => Bits::from_slice(b, |b| test(*a, b)),
        (Series::Many(a), Series::Many(b)) => Bits::from_pairs(a, b, test),
        (Series::Same(a), Series::Same(b)) => Bits::uniform(len, test(*a, *b)),
    }
}

/// Texts in the form in which keys are compared; the same column where all are in it.
pub(super) fn canonical(texts: &Vector, len: usize) -> Vector {
    let Vector::Texts(texts, valid) = texts else { return texts.clone() };
    if let TextSeries::Same(text) = texts {
        return Vector::Texts(TextSeries::Same(key::canonical(text).into()), valid.clone());
    }
    let differs = |row: usize| *key::canonical(texts.get(row)) != *texts.get(row);
    if !(0..len).any(differs) {
        return Vector::Texts(texts.clone(), valid.clone());
    }
    let mut own = Texts::default();
    (0..len).for_each(|row| own.push(&key::canonical(texts.get(row))));
    Vector::Texts(TextSeries::Column(own.into()), valid.clone())
}

/// Rows where a text relation holds.
pub(super) fn relate(relation: TextRelation, a: &Vector, b: &Vector, len: usize) -> Bits {
    let (Vector::Texts(a, _), Vector::Texts(b, _)) = (a, b) else {
        return Bits::uniform(len, false);
    };
    match relation {
        TextRelation::Contains => Bits::from_fn(len, |row| a.get(row).contains(b.get(row))),
        TextRelation::StartsWith => Bits::from_fn(len, |row| a.get(row).starts_with(b.get(row))),
        TextRelation::EndsWith => Bits::from_fn(len, |row| a.get(row).ends_with(b.get(row))),
        TextRelation::Matches => matches(a, b, len),
    }
}

/// The whole text matches; the pattern is one text for all rows (analysis sees to it, and that it
/// is one).
fn matches(texts: &TextSeries, pattern: &TextSeries, len: usize) -> Bits {
    let Ok(pattern) = regex_lite::Regex::new(&format!("^(?:{})$", pattern.get(0))) else {
        return Bits::uniform(len, false);
    };
    Bits::from_fn(len, |row| pattern.is_match(texts.get(row)))
}
