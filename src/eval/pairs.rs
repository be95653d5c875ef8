//! Pairs of outer rows and elements: for list forms whose bodies look at both.

use super::same::{Elements, Named, named};
use super::{Evaluator, Vector};
use crate::lowering::{PairSource, Pairs};
use crate::schema::FrameId;
use std::collections::HashMap;

/// At most this many pairs are made; where there would be more, none is, what rests on them is
/// unknown, and the author is told so.
pub const PAIR_LIMIT: usize = 20_000_000;

/// The pairs, grouped by outer row.
#[derive(Clone, Debug, Default)]
pub struct PairRows {
    /// The outer row of each pair.
    pub outer: Vec<u32>,
    /// The element of each pair.
    pub inner: Vec<u32>,
    /// Pairs of outer row `r`: `offsets[r]..offsets[r + 1]`.
    pub offsets: Vec<u32>,
    /// True where there would be more than the limit: no row has any.
    pub cut: bool,
}

impl PairRows {
    fn push(&mut self, outer: usize, inner: usize) {
        if self.inner.len() >= PAIR_LIMIT {
            self.cut = true;
        }
        if self.cut {
            return;
        }
        self.outer.push(u32::try_from(outer).unwrap_or(u32::MAX));
        self.inner.push(u32::try_from(inner).unwrap_or(u32::MAX));
    }

    fn close(&mut self) {
        self.offsets.push(u32::try_from(self.inner.len()).unwrap_or(u32::MAX));
    }
}

/// A join key: texts and integers never meet in one join.
#[derive(PartialEq, Eq, Hash)]
enum Key<'v> {
    Int(i64),
    Text(&'v str),
}

fn key<'v>(keys: &'v Vector<'_>, row: usize) -> Option<Key<'v>> {
    if !keys.valid()?.get(row) {
        return None;
    }
    match keys {
        Vector::Ints(values, _) => values.get(row).map(Key::Int),
        Vector::Texts(values, _) => Some(Key::Text(values.get(row))),
        _ => None,
    }
}

impl Evaluator<'_> {
    /// Whether any set of pairs was cut at the limit.
    #[must_use]
    pub fn pairs_cut(&self) -> bool {
        let crowded = self.crowded.load(std::sync::atomic::Ordering::Relaxed);
        crowded || self.pairs.iter().filter_map(std::sync::OnceLock::get).any(|pairs| pairs.cut)
    }

    pub(super) fn make_pairs(&self, pairs: &Pairs) -> PairRows {
        let outer = self.rows(pairs.outer);
        let inner = self.frame(pairs.inner).map_or(0, |data| data.len);
        let mut rows = PairRows::default();
        rows.close();
        match &pairs.source {
            PairSource::Product if outer.saturating_mul(inner) > PAIR_LIMIT => rows.cut = true,
            PairSource::Product => {
                for row in 0..outer {
                    (0..inner).for_each(|element| rows.push(row, element));
                    rows.close();
                }
            }
            PairSource::Group(grouping, base) => {
                let groups = self.groups(*grouping);
                for row in 0..outer {
                    let owner = match base {
                        None => Some(row),
                        Some(base) => match self.get(*base).scalar(row) {
                            Some(crate::builtin::Scalar::Int(owner)) => usize::try_from(owner).ok(),
                            _ => None,
                        },
                    };
                    for element in
                        owner.map_or_else(Vec::new, |owner| groups.elements(owner).collect())
                    {
                        rows.push(row, element);
                    }
                    rows.close();
                }
            }
            PairSource::Join { outer: outer_key, inner: inner_key, table } => {
                let keys = (self.get(*outer_key), self.get(*inner_key));
                match table
                    .filter(|table| self.frame(*table).is_some_and(|data| !data.strays.is_empty()))
                {
                    Some(table) => self.join_rows(table, keys, (outer, inner), &mut rows),
                    None => self.join(keys.0, keys.1, (outer, inner), &mut rows),
                }
            }
        }
        if rows.cut {
            return PairRows { offsets: vec![0; outer + 1], cut: true, ..PairRows::default() };
        }
        rows
    }

    /// Rows whose references surely name one row, or may.
    fn join_rows(
        &self,
        table: FrameId,
        (outer_keys, inner_keys): (&Vector<'_>, &Vector<'_>),
        (outer, inner): (usize, usize),
        rows: &mut PairRows,
    ) {
        let Some(data) = self.frame(table) else { return };
        let elements = Elements::new(data, inner_keys, inner);
        let keyless = self.keyless(table);
        // What is found of a row or a stray is found for all outer rows that name it.
        let mut known: HashMap<(bool, usize), Vec<usize>> = HashMap::new();
        for row in 0..outer {
            let (key, named) = match named(data, outer_keys, row) {
                Named::Unknown => {
                    (0..inner).for_each(|element| rows.push(row, element));
                    rows.close();
                    continue;
                }
                named @ Named::Row(at) => ((true, at), named),
                named @ Named::Stray(at, _) => ((false, at), named),
            };
            let found = known.entry(key).or_insert_with(|| elements.of(named, &keyless));
            found.iter().for_each(|element| rows.push(row, *element));
            rows.close();
        }
    }

    /// Rows of equal keys; what has no valid key might equal anything.
    fn join(
        &self,
        outer_keys: &Vector<'_>,
        inner_keys: &Vector<'_>,
        (outer, inner): (usize, usize),
        rows: &mut PairRows,
    ) {
        let mut by_key: HashMap<Key<'_>, Vec<usize>> = HashMap::new();
        let mut open = Vec::new();
        for row in 0..inner {
            match key(inner_keys, row) {
                Some(key) => by_key.entry(key).or_default().push(row),
                None => open.push(row),
            }
        }
        for row in 0..outer {
            match key(outer_keys, row) {
                Some(key) => {
                    let mut elements = by_key.get(&key).cloned().unwrap_or_default();
                    elements.extend(&open);
                    elements.sort_unstable();
                    elements.into_iter().for_each(|element| rows.push(row, element));
                }
                None => (0..inner).for_each(|element| rows.push(row, element)),
            }
            rows.close();
        }
    }
}
