//! The result of a node: one value a row, with its validity.

use super::gather::nothing;
use crate::builtin::Scalar;
use crate::invariant::broken;
use crate::schema::{Constant, Physical};
use crate::value::bits::BitsBuilder;
use crate::value::{Bits, Ratio, Texts};
use std::borrow::Cow;
use std::sync::Arc;

/// Values of a fixed size; a clone copies none of them.
#[derive(Clone, Debug)]
pub enum Series<T> {
    /// The same for all rows.
    Same(T),
    /// One a row.
    Many(Arc<Vec<T>>),
}

impl<T> FromIterator<T> for Series<T> {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        Self::Many(Arc::new(values.into_iter().collect()))
    }
}

impl<T> From<Vec<T>> for Series<T> {
    fn from(values: Vec<T>) -> Self {
        Self::Many(Arc::new(values))
    }
}

impl<T: Copy> Series<T> {
    /// Adds the values of the first `len` rows to others.
    fn write(&self, len: usize, to: &mut Vec<T>) {
        match self {
            Self::Same(value) => to.resize(to.len() + len, *value),
            Self::Many(values) => to.extend_from_slice(values.get(..len).unwrap_or(values)),
        }
    }

    /// The value of a row; `None` past the end.
    #[must_use]
    pub fn get(&self, row: usize) -> Option<T> {
        match self {
            Self::Same(value) => Some(*value),
            Self::Many(values) => values.get(row).copied(),
        }
    }
}

/// Texts.
#[derive(Clone, Debug)]
pub enum TextSeries {
    /// The same for all rows.
    Same(Arc<str>),
    /// One a row.
    Column(Arc<Texts>),
    /// A column read at rows.
    At(Arc<Texts>, Vec<u32>),
}

impl TextSeries {
    /// The text of a row; empty past the end.
    #[must_use]
    pub fn get(&self, row: usize) -> &str {
        match self {
            Self::Same(text) => text,
            Self::Column(texts) => texts.get(row),
            Self::At(texts, rows) => rows.get(row).map_or("", |&at| texts.get(at as usize)),
        }
    }
}

/// A column of results.
#[derive(Clone, Debug)]
pub enum Vector {
    /// A set of rows.
    Bits(Bits),
    /// Integers, and where they are known.
    Ints(Series<i64>, Bits),
    /// Exact numbers.
    Ratios(Series<Ratio>, Bits),
    /// Texts.
    Texts(TextSeries, Bits),
    /// A function's weights.
    Weights(Vec<i64>),
}

impl Vector {
    /// A constant for `len` rows.
    #[must_use]
    pub fn constant(constant: &Constant, len: usize) -> Self {
        let valid = Bits::uniform(len, true);
        match constant {
            Constant::Int(value) => Self::Ints(Series::Same(*value), valid),
            Constant::Ratio(value) => Self::Ratios(Series::Same(*value), valid),
            Constant::Text(text) => Self::Texts(TextSeries::Same(text.clone()), valid),
            Constant::Bool(value) => Self::Bits(Bits::uniform(len, *value)),
            Constant::Empty => Self::Bits(Bits::uniform(len, false)),
        }
    }

    /// Computed integers; rows without one are not valid.
    pub(super) fn ints(values: Vec<Option<i64>>) -> Self {
        let valid = Bits::from_fn(values.len(), |row| values.get(row).is_some_and(Option::is_some));
        Self::Ints(values.into_iter().map(Option::unwrap_or_default).collect(), valid)
    }

    /// Computed exact numbers.
    pub(super) fn ratios(values: Vec<Option<Ratio>>) -> Self {
        let valid = Bits::from_fn(values.len(), |row| values.get(row).is_some_and(Option::is_some));
        Self::Ratios(
            values.into_iter().map(|value| value.unwrap_or(Ratio::from_integer(0))).collect(),
            valid,
        )
    }

    /// Computed texts.
    pub(super) fn texts(values: &[Option<Cow<'_, str>>]) -> Self {
        let mut texts = Texts::default();
        for value in values {
            texts.push(value.as_deref().unwrap_or(""));
        }
        let valid = Bits::from_fn(values.len(), |row| values.get(row).is_some_and(Option::is_some));
        Self::Texts(TextSeries::Column(Arc::new(texts)), valid)
    }

    /// What parts of the rows came to, one after another.
    pub(super) fn joined(mut parts: Vec<Self>, physical: Physical) -> Self {
        if parts.len() == 1 {
            return parts.pop().unwrap_or_else(|| nothing(physical, 0));
        }
        let mut valid = BitsBuilder::default();
        let (mut ints, mut ratios) = (Vec::new(), Vec::new());
        for part in &parts {
            match part {
                Self::Bits(bits) => valid.extend(bits),
                Self::Ints(values, known) => {
                    values.write(known.len(), &mut ints);
                    valid.extend(known);
                }
                Self::Ratios(values, known) => {
                    values.write(known.len(), &mut ratios);
                    valid.extend(known);
                }
                Self::Texts(..) | Self::Weights(_) => {}
            }
        }
        let valid = valid.finish();
        match parts.first() {
            Some(Self::Bits(_)) => Self::Bits(valid),
            Some(Self::Ints(..)) => Self::Ints(ints.into(), valid),
            Some(Self::Ratios(..)) => Self::Ratios(ratios.into(), valid),
            Some(Self::Texts(..) | Self::Weights(_)) | None => nothing(physical, valid.len()),
        }
    }

    /// Where the values are known; for bits, everywhere.
    #[must_use]
    pub fn valid(&self) -> Option<&Bits> {
        match self {
            Self::Ints(_, valid) | Self::Ratios(_, valid) | Self::Texts(_, valid) => Some(valid),
            Self::Bits(_) | Self::Weights(_) => None,
        }
    }

    /// The same values, known only in some rows.
    #[must_use]
    pub fn restricted(self, rows: &Bits) -> Self {
        match self {
            Self::Ints(values, valid) => Self::Ints(values, valid.and(rows)),
            Self::Ratios(values, valid) => Self::Ratios(values, valid.and(rows)),
            Self::Texts(values, valid) => Self::Texts(values, valid.and(rows)),
            other => other,
        }
    }

    /// These values in some rows, others of the same kind in the rest, each known or not.
    #[must_use]
    pub(super) fn with_rest(&self, own: &Bits, other: &Self, len: usize) -> Self {
        fn pick<T: Copy + Default>(
            own: &Bits,
            (a, b): (&Series<T>, &Series<T>),
            len: usize,
        ) -> Series<T> {
            let of = |row| if own.get(row) { a } else { b }.get(row).unwrap_or_default();
            (0..len).map(of).collect()
        }
        let known = |a: &Bits, b: &Bits| own.and(a).or(&b.and_not(own));
        match (self, other) {
            (Self::Ints(a, also), Self::Ints(b, rest)) => {
                Self::Ints(pick(own, (a, b), len), known(also, rest))
            }
            (Self::Ratios(a, also), Self::Ratios(b, rest)) => {
                Self::Ratios(pick(own, (a, b), len), known(also, rest))
            }
            (Self::Texts(a, also), Self::Texts(b, rest)) => {
                let of = |row| Some(Cow::Borrowed(if own.get(row) { a } else { b }.get(row)));
                let texts: Vec<_> = (0..len).map(of).collect();
                match Self::texts(&texts) {
                    Self::Texts(texts, _) => Self::Texts(texts, known(also, rest)),
                    none => none,
                }
            }
            _ => self.clone(),
        }
    }

    /// The value of a row; `None` where it is unknown.
    #[must_use]
    pub fn scalar(&self, row: usize) -> Option<Scalar<'_>> {
        if self.valid().is_some_and(|valid| !valid.get(row)) {
            return None;
        }
        match self {
            Self::Bits(bits) => Some(Scalar::Bool(bits.get(row))),
            Self::Ints(values, _) => values.get(row).map(Scalar::Int),
            Self::Ratios(values, _) => values.get(row).map(Scalar::Ratio),
            Self::Texts(values, _) => Some(Scalar::Text(Cow::Borrowed(values.get(row)))),
            Self::Weights(weights) => Some(Scalar::Ints(weights.clone())),
        }
    }

    /// A set of rows.
    ///
    /// # Panics
    /// Where these are values: a graph asks that of truths alone.
    #[must_use]
    pub fn bits(&self) -> Bits {
        match self {
            Self::Bits(bits) => bits.clone(),
            _ => broken("values where truths were asked for"),
        }
    }
}
