//! Elements of outer rows: existence, counts, sums, extremes.

use super::{Evaluator, Series, Vector};
use crate::schema::{FieldId, FrameId, Type};
use crate::value::{Bits, Ratio, Values};
use num_traits::CheckedAdd;
use std::borrow::Cow;
use std::sync::Arc;

/// Which elements belong to which outer row.
#[derive(Clone, Debug)]
pub enum Groups<'a> {
    /// Elements `offsets[row]..offsets[row + 1]`.
    Offsets(Cow<'a, [u32]>),
    /// Elements `rows[offsets[row]..offsets[row + 1]]`.
    Listed(Arc<(Vec<u32>, Vec<u32>)>),
    /// One outer row with all `0..n`.
    All(usize),
}

impl<'a> Groups<'a> {
    fn range(offsets: &[u32], row: usize) -> std::ops::Range<usize> {
        let at = |index: usize| offsets.get(index).map_or(0, |&offset| offset as usize);
        at(row)..at(row + 1)
    }

    /// The elements of one outer row.
    pub fn elements(&self, row: usize) -> impl Iterator<Item = usize> + '_ {
        let (range, rows) = match self {
            Self::Offsets(offsets) => (Self::range(offsets, row), None),
            Self::Listed(lists) => (Self::range(&lists.0, row), Some(&lists.1)),
            Self::All(len) => (0..*len, None),
        };
        range.map(move |at| rows.and_then(|rows| rows.get(at)).map_or(at, |&element| element as usize))
    }

    /// Outer rows that have an element in the set.
    pub(super) fn exists(&self, bits: &Bits, len: usize) -> Bits {
        if bits.none() {
            return Bits::uniform(len, false);
        }
        match self {
            Self::Offsets(offsets) if bits.all() => Bits::from_fn(len, |row| !Self::range(offsets, row).is_empty()),
            Self::Offsets(offsets) => Bits::from_fn(len, |row| bits.any_in(Self::range(offsets, row))),
            Self::All(_) => Bits::uniform(len, true),
            Self::Listed(_) => Bits::from_fn(len, |row| self.elements(row).any(|element| bits.get(element))),
        }
    }

    /// How many elements of each outer row are in the set.
    pub(super) fn count(&self, bits: &Bits, len: usize) -> Vector<'a> {
        let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        let counts: Vec<i64> = match self {
            Self::Offsets(offsets) if bits.all() => (0..len).map(|row| number(Self::range(offsets, row).len())).collect(),
            Self::Offsets(offsets) => (0..len).map(|row| number(bits.count_in(Self::range(offsets, row)))).collect(),
            Self::All(_) => vec![number(bits.count()); len],
            Self::Listed(_) => (0..len).map(|row| number(self.elements(row).filter(|&element| bits.get(element)).count())).collect(),
        };
        Vector::Ints(Series::Many(counts.into()), Bits::uniform(len, true))
    }

    /// The sum of the known values of the elements in the set; not valid where it overflows.
    pub(super) fn sum(&self, mask: &Bits, values: &Vector<'a>, len: usize) -> Vector<'a> {
        match values {
            Vector::Ints(Series::Many(values), _) if mask.all() && matches!(self, Self::Offsets(_)) => {
                let Self::Offsets(offsets) = self else { return Vector::ints(Vec::new()) };
                let sums = (0..len).map(|row| {
                    let elements = values.get(Self::range(offsets, row)).unwrap_or_default();
                    elements.iter().try_fold(0_i64, |sum, value| sum.checked_add(*value))
                });
                Vector::ints(sums.collect())
            }
            Vector::Ints(values, _) => {
                let add = |sum: i64, element: usize| sum.checked_add(values.get(element)?);
                Vector::ints((0..len).map(|row| self.members(mask, row).try_fold(0, add)).collect())
            }
            Vector::Ratios(values, _) => {
                let add = |sum: Ratio, element: usize| sum.checked_add(&values.get(element)?);
                Vector::ratios((0..len).map(|row| self.members(mask, row).try_fold(Ratio::from_integer(0), add)).collect())
            }
            other => other.clone(),
        }
    }

    fn members<'g>(&'g self, mask: &'g Bits, row: usize) -> impl Iterator<Item = usize> + 'g {
        self.elements(row).filter(|&element| mask.get(element))
    }

    /// The greatest (or least) value of the elements in the set.
    pub(super) fn extreme(&self, mask: &Bits, values: &Vector<'a>, len: usize, greatest: bool) -> Vector<'a> {
        fn pick<T: Ord>(values: impl Iterator<Item = T>, greatest: bool) -> Option<T> {
            if greatest { values.max() } else { values.min() }
        }
        match values {
            Vector::Ints(values, _) => {
                let of = |row| pick(self.members(mask, row).filter_map(|element| values.get(element)), greatest);
                Vector::ints((0..len).map(of).collect())
            }
            Vector::Ratios(values, _) => {
                let of = |row| pick(self.members(mask, row).filter_map(|element| values.get(element)), greatest);
                Vector::ratios((0..len).map(of).collect())
            }
            other => other.clone(),
        }
    }
}

impl<'a> Evaluator<'a> {
    /// The rows of a frame by the row its reference field names; rows without a known reference belong to none.
    pub(super) fn invert(&self, frame: FrameId, field: FieldId) -> Groups<'a> {
        let target = match self.graph.program.schema.field(frame, field).map(|found| found.ty) {
            Some(Type::Ref(target)) => self.frame(target).map_or(0, |data| data.len),
            _ => 0,
        };
        let Some(column) = self.column(frame, field) else { return Groups::All(0) };
        let Values::Ints(owners) = &column.values else { return Groups::All(0) };
        let known = || {
            owners
                .iter()
                .enumerate()
                .filter(|(row, _)| column.present.get(*row))
                .filter_map(|(row, &owner)| Some((row, usize::try_from(owner).ok()?)))
        };
        let mut offsets = vec![0_u32; target + 1];
        for (_, owner) in known() {
            if let Some(slot) = offsets.get_mut(owner + 1) {
                *slot += 1;
            }
        }
        let mut total = 0;
        for slot in &mut offsets {
            total += *slot;
            *slot = total;
        }
        let mut next = offsets.clone();
        let mut rows = vec![0_u32; total as usize];
        for (row, owner) in known() {
            let Some(at) = next.get_mut(owner) else { continue };
            if let Some(slot) = rows.get_mut(*at as usize) {
                *slot = u32::try_from(row).unwrap_or(u32::MAX);
            }
            *at += 1;
        }
        Groups::Listed(Arc::new((offsets, rows)))
    }
}
