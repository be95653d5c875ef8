//! Elements of outer rows: existence, counts, sums, extremes.

use super::{Evaluator, Series, Vector};
use crate::invariant::fit;
use crate::schema::{FieldId, FrameId, Type};
use crate::value::{Bits, Ratio, Values};
use num_traits::CheckedAdd;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Which elements belong to which outer row.
#[derive(Clone, Debug)]
pub enum Groups {
    /// Elements `offsets[row]..offsets[row + 1]`.
    Offsets(Arc<Vec<u32>>),
    /// Elements `rows[offsets[row]..offsets[row + 1]]`.
    Listed(Arc<(Vec<u32>, Vec<u32>)>),
    /// One outer row with all `0..n`.
    All(usize),
}

/// Each two neighbours.
fn neighbours(offsets: &[u32]) -> impl Iterator<Item = (u32, u32)> + '_ {
    offsets.iter().copied().zip(offsets.get(1..).unwrap_or(&[]).iter().copied())
}

impl Groups {
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
        range.map(move |at| {
            rows.and_then(|rows| rows.get(at)).map_or(at, |&element| element as usize)
        })
    }

    /// The elements of one outer row.
    pub(super) fn into_elements(self, row: usize) -> impl Iterator<Item = usize> {
        let range = match &self {
            Self::Offsets(offsets) => Self::range(offsets, row),
            Self::Listed(lists) => Self::range(&lists.0, row),
            Self::All(len) => 0..*len,
        };
        range.map(move |at| match &self {
            Self::Listed(lists) => lists.1.get(at).map_or(at, |element| *element as usize),
            Self::Offsets(_) | Self::All(_) => at,
        })
    }

    /// Outer rows that have an element in the set.
    pub(super) fn exists(&self, bits: &Bits, len: usize) -> Bits {
        if bits.none() {
            return Bits::uniform(len, false);
        }
        match self {
            Self::Offsets(offsets) => bits.any_between(offsets),
            Self::All(_) => Bits::uniform(len, true),
            Self::Listed(_) => {
                Bits::from_fn(len, |row| self.elements(row).any(|element| bits.get(element)))
            }
        }
    }

    /// How many elements of each outer row are in the set.
    pub(super) fn count(&self, bits: &Bits, len: usize) -> Vector {
        let number = |count: usize| fit(count);
        let counts: Vec<i64> = match self {
            Self::Offsets(offsets) if bits.all() => {
                neighbours(offsets).map(|(start, end)| i64::from(end) - i64::from(start)).collect()
            }
            Self::Offsets(offsets) => bits.counts_between(offsets).map(number).collect(),
            Self::All(_) => vec![number(bits.count()); len],
            Self::Listed(_) => (0..len)
                .map(|row| number(self.elements(row).filter(|&element| bits.get(element)).count()))
                .collect(),
        };
        Vector::Ints(counts.into(), Bits::uniform(len, true))
    }

    /// The sum of the known values of the elements in the set; not valid where it overflows.
    pub(super) fn sum(&self, mask: &Bits, values: &Vector, len: usize) -> Vector {
        match values {
            Vector::Ints(Series::Many(values), _)
                if mask.all()
                    && let Some(sums) = self.whole_sums(values) =>
            {
                Vector::Ints(sums.into(), Bits::uniform(len, true))
            }
            Vector::Ints(values, _) => {
                let add = |sum: i64, element: usize| sum.checked_add(values.get(element)?);
                Vector::ints((0..len).map(|row| self.members(mask, row).try_fold(0, add)).collect())
            }
            Vector::Ratios(values, _) => {
                let add = |sum: Ratio, element: usize| sum.checked_add(&values.get(element)?);
                Vector::ratios(
                    (0..len)
                        .map(|row| self.members(mask, row).try_fold(Ratio::from_integer(0), add))
                        .collect(),
                )
            }
            other => other.clone(),
        }
    }

    /// The sums of whole lists of small values: no sum of fewer than 2³² of them overflows. `None`
    /// where a value is not small.
    ///
    /// Differences of running totals, a block of rows at a time: lists are short, and the end of a
    /// short loop is hard to predict.
    fn whole_sums(&self, values: &[i64]) -> Option<Vec<i64>> {
        const BLOCK: usize = 4096;
        let Self::Offsets(offsets) = self else { return None };
        if !values.iter().fold(true, |small, value| small & i32::try_from(*value).is_ok()) {
            return None;
        }
        let len = offsets.len().saturating_sub(1);
        let mut sums = Vec::with_capacity(len);
        let mut totals = Vec::new();
        for start in (0..len).step_by(BLOCK) {
            let rows = offsets.get(start..=len.min(start + BLOCK))?;
            let first = *rows.first()? as usize;
            let mut total = 0_i64;
            totals.clear();
            totals.push(0);
            totals.extend(values.get(first..*rows.last()? as usize)?.iter().map(|value| {
                total += value;
                total
            }));
            let until = |end: u32| totals.get(end as usize - first).copied().unwrap_or(total);
            sums.extend(neighbours(rows).map(|(start, end)| until(end) - until(start)));
        }
        Some(sums)
    }

    fn members<'g>(&'g self, mask: &'g Bits, row: usize) -> impl Iterator<Item = usize> + 'g {
        self.elements(row).filter(|&element| mask.get(element))
    }

    /// How many different values the elements in the set have.
    pub(super) fn distinct(&self, mask: &Bits, values: &Vector, len: usize) -> Vector {
        fn count<T: Ord>(values: impl Iterator<Item = T>) -> i64 {
            fit(values.collect::<BTreeSet<T>>().len())
        }
        let of = |row| {
            let members = self.members(mask, row);
            match values {
                Vector::Ints(values, _) => count(members.filter_map(|at| values.get(at))),
                Vector::Ratios(values, _) => count(members.filter_map(|at| values.get(at))),
                Vector::Texts(values, _) => count(members.map(|at| values.get(at))),
                Vector::Bits(values) => count(members.map(|at| values.get(at))),
                Vector::Weights(_) => 0,
            }
        };
        Vector::Ints((0..len).map(of).collect(), Bits::uniform(len, true))
    }

    /// The greatest (or least) value of the elements in the set.
    pub(super) fn extreme(
        &self,
        mask: &Bits,
        values: &Vector,
        len: usize,
        greatest: bool,
    ) -> Vector {
        fn pick<T: Ord>(values: impl Iterator<Item = T>, greatest: bool) -> Option<T> {
            if greatest { values.max() } else { values.min() }
        }
        match values {
            Vector::Ints(values, _) => {
                let of = |row| {
                    pick(
                        self.members(mask, row).filter_map(|element| values.get(element)),
                        greatest,
                    )
                };
                Vector::ints((0..len).map(of).collect())
            }
            Vector::Ratios(values, _) => {
                let of = |row| {
                    pick(
                        self.members(mask, row).filter_map(|element| values.get(element)),
                        greatest,
                    )
                };
                Vector::ratios((0..len).map(of).collect())
            }
            other => other.clone(),
        }
    }
}

impl Evaluator {
    /// The rows of a frame by the row its reference field names; rows without a known reference
    /// belong to none.
    pub(super) fn invert(&self, frame: FrameId, field: FieldId) -> Groups {
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
                *slot = fit(row);
            }
            *at += 1;
        }
        Groups::Listed(Arc::new((offsets, rows)))
    }
}

#[cfg(test)]
#[expect(clippy::indexing_slicing, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn sums_of_lists_are_exact_or_unknown() {
        for (values, small) in [
            (vec![3, -1, 4, 1, -5, 9, 2, 6], true),
            (vec![3, i64::MAX, 1, 2, i64::MIN, -1, i64::MAX, 5], false),
        ] {
            let groups = Groups::Offsets(vec![0, 0, 2, 3, 3, 6, 8].into());
            assert_eq!(groups.whole_sums(&values).is_some(), small);
            let lists = [
                vec![],
                values[..2].to_vec(),
                vec![values[2]],
                vec![],
                values[3..6].to_vec(),
                values[6..].to_vec(),
            ];
            let want: Vec<Option<i64>> = lists
                .iter()
                .map(|list| list.iter().try_fold(0_i64, |sum, value| sum.checked_add(*value)))
                .collect();
            let column = Vector::Ints(values.into(), Bits::uniform(8, true));
            let sums = groups.sum(&Bits::uniform(8, true), &column, 6);
            let found: Vec<_> = (0..6).map(|row| sums.scalar(row)).collect();
            assert_eq!(
                found,
                want.into_iter()
                    .map(|sum| sum.map(crate::builtin::Scalar::Int))
                    .collect::<Vec<_>>()
            );
        }
        let long: Vec<i64> = (0..20_000).collect();
        let offsets: Vec<u32> = (0..=10_000).map(|row| row * 2).collect();
        let sums = Groups::Offsets(offsets.into()).whole_sums(&long).unwrap_or_default();
        assert!(sums.len() == 10_000 && sums.iter().zip(0..).all(|(sum, row)| *sum == 4 * row + 1));
    }
}
