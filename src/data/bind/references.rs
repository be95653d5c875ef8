//! Columns of keys of other rows while they grow.

use crate::invariant::fit;
use crate::value::Texts;
use hashbrown::{DefaultHashBuilder, HashTable};
use std::hash::BuildHasher;
use std::ops::Range;

/// Keys of rows elsewhere, each distinct one stored once.
#[derive(Clone, Debug, Default)]
pub struct References {
    /// One a row: index in `keys`.
    pub ids: Vec<i64>,
    /// The distinct keys.
    pub keys: Texts,
    /// Indices in `keys` by what stands there: no key is kept twice, and none costs an allocation.
    known: HashTable<u32>,
    hasher: DefaultHashBuilder,
}

impl References {
    fn id(&mut self, key: &str) -> i64 {
        let Self { keys, known, hasher, .. } = self;
        let hash = |id: &u32| hasher.hash_one(keys.get(*id as usize));
        let same = |id: &u32| keys.get(*id as usize) == key;
        let slot = known.entry(hasher.hash_one(key), same, hash).or_insert(fit(keys.len()));
        let id = *slot.get();
        if id as usize == keys.len() {
            keys.push(key);
        }
        i64::from(id)
    }

    /// Adds a row; most often it has the key of the row before.
    pub fn push(&mut self, key: &str) {
        let before = self.ids.len().checked_sub(1);
        let same = before
            .filter(|&row| self.key(row) == Some(key))
            .and_then(|row| self.ids.get(row).copied());
        let id = same.unwrap_or_else(|| self.id(key));
        self.ids.push(id);
    }

    /// Adds the rows of another column.
    pub fn append(&mut self, other: &Self) {
        let ids: Vec<i64> = other.keys.iter().map(|key| self.id(key)).collect();
        self.ids.extend(
            other.ids.iter().map(|&id| {
                usize::try_from(id).ok().and_then(|id| ids.get(id)).copied().unwrap_or(0)
            }),
        );
    }

    /// The key of a row.
    #[must_use]
    pub fn key(&self, row: usize) -> Option<&str> {
        let id = usize::try_from(*self.ids.get(row)?).ok()?;
        (id < self.keys.len()).then(|| self.keys.get(id))
    }
}

/// The keys of the rows that elements listed apart belong to, as they come: what follows itself is
/// stored once. Most often each parent's elements stand together.
#[derive(Clone, Debug, Default)]
pub struct Runs {
    /// The key of each run.
    pub keys: Texts,
    /// The row behind the last of each.
    ends: Vec<u32>,
}

impl Runs {
    /// Adds a row.
    pub fn push(&mut self, key: &str) {
        let last = self.ends.last_mut();
        match last.filter(|_| self.keys.get(self.keys.len().saturating_sub(1)) == key) {
            Some(end) => *end += 1,
            None => {
                self.ends.push(fit(self.len() + 1));
                self.keys.push(key);
            }
        }
    }

    /// Forgets rows from `len` on.
    pub fn truncate(&mut self, len: usize) {
        let last = self.ends.partition_point(|end| (*end as usize) < len);
        if let Some(end) = self.ends.get_mut(last) {
            *end = fit(len);
        }
        let runs = if len > 0 { last + 1 } else { 0 };
        self.ends.truncate(runs);
        self.keys.truncate(runs);
    }

    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.last().map_or(0, |end| *end as usize)
    }

    /// The rows of each run.
    pub fn rows(&self) -> impl Iterator<Item = Range<usize>> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| start as usize..*end as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_keep_what_follows_itself_once() {
        let mut runs = Runs::default();
        ["a", "a", "b", "b", "a"].iter().for_each(|key| runs.push(key));
        let shown = |runs: &Runs| -> Vec<String> {
            runs.keys.iter().zip(runs.rows()).map(|(key, rows)| format!("{key} {rows:?}")).collect()
        };
        assert_eq!(shown(&runs), ["a 0..2", "b 2..4", "a 4..5"]);
        for (len, left) in [
            (9, &["a 0..2", "b 2..4", "a 4..5"][..]),
            (4, &["a 0..2", "b 2..4"]),
            (3, &["a 0..2", "b 2..3"]),
            (0, &[]),
        ] {
            let mut runs = runs.clone();
            runs.truncate(len);
            assert_eq!(shown(&runs), left, "{len}");
        }
    }

    #[test]
    fn references_keep_each_key_once() {
        let mut left = References::default();
        ["a", "b", "a"].iter().for_each(|key| left.push(key));
        let mut right = References::default();
        ["c", "b"].iter().for_each(|key| right.push(key));
        left.append(&right);
        let keys: Vec<_> = (0..5).filter_map(|row| left.key(row)).collect();
        assert_eq!(keys, ["a", "b", "a", "c", "b"]);
        assert_eq!(left.keys.len(), 3);
    }
}
