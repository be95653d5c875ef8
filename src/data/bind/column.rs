//! Columns while they grow: appended row by row, cut back where a row is given up, joined part by part.

use crate::value::{Bits, Column, Ratio, Texts, Values};
use std::collections::HashMap;

/// Rows that are marked, one bit a row; costs nothing while none is.
#[derive(Clone, Debug, Default)]
pub struct Marks {
    words: Vec<u64>,
}

impl Marks {
    /// Marks a row.
    pub fn mark(&mut self, row: usize) {
        let word = row / 64;
        if word >= self.words.len() {
            self.words.resize(word + 1, 0);
        }
        if let Some(bits) = self.words.get_mut(word) {
            *bits |= 1 << (row % 64);
        }
    }

    /// Whether a row is marked.
    #[must_use]
    pub fn get(&self, row: usize) -> bool {
        self.words.get(row / 64).is_some_and(|bits| bits >> (row % 64) & 1 == 1)
    }

    /// Forgets rows from `len` on.
    pub fn truncate(&mut self, len: usize) {
        self.words.truncate(len.div_ceil(64));
        if let (Some(last), true) = (self.words.get_mut(len / 64), !len.is_multiple_of(64)) {
            *last &= (1 << (len % 64)) - 1;
        }
    }

    /// Puts another set's rows after row `at`.
    pub fn append(&mut self, at: usize, other: &Self) {
        let (skip, shift) = (at / 64, at % 64);
        if other.words.iter().all(|&bits| bits == 0) {
            return;
        }
        self.words.resize(self.words.len().max(skip + other.words.len() + 1), 0);
        for (index, &bits) in other.words.iter().enumerate() {
            if let Some(low) = self.words.get_mut(skip + index) {
                *low |= bits << shift;
            }
            if let (true, Some(high)) = (shift > 0, self.words.get_mut(skip + index + 1)) {
                *high |= bits >> (64 - shift);
            }
        }
    }

    /// The marked rows of `len`.
    #[must_use]
    pub fn finish(self, len: usize) -> Bits {
        if self.words.is_empty() { Bits::uniform(len, false) } else { Bits::from_words(len, self.words) }
    }

    /// The same marks for rows in another order: new row `n` is old row `order[n]`.
    #[must_use]
    pub fn permuted(&self, order: &[u32]) -> Self {
        let mut marks = Self::default();
        if !self.words.is_empty() {
            order.iter().enumerate().filter(|(_, old)| self.get(**old as usize)).for_each(|(new, _)| marks.mark(new));
        }
        marks
    }
}

/// Keys of rows elsewhere, each distinct one stored once.
#[derive(Clone, Debug, Default)]
pub struct References {
    /// One a row: index in `keys`.
    pub ids: Vec<i64>,
    /// The distinct keys.
    pub keys: Vec<Box<str>>,
    known: HashMap<Box<str>, u32>,
}

impl References {
    fn id(&mut self, key: &str) -> i64 {
        if let Some(&id) = self.known.get(key) {
            return i64::from(id);
        }
        let id = u32::try_from(self.keys.len()).unwrap_or(u32::MAX);
        self.keys.push(key.into());
        self.known.insert(key.into(), id);
        i64::from(id)
    }

    /// Adds a row; most often it has the key of the row before.
    pub fn push(&mut self, key: &str) {
        let before = self.ids.len().checked_sub(1);
        let same = before.filter(|&row| self.key(row) == Some(key)).and_then(|row| self.ids.get(row).copied());
        let id = same.unwrap_or_else(|| self.id(key));
        self.ids.push(id);
    }

    /// Adds the rows of another column.
    pub fn append(&mut self, other: &Self) {
        let ids: Vec<i64> = other.keys.iter().map(|key| self.id(key)).collect();
        self.ids.extend(other.ids.iter().map(|&id| usize::try_from(id).ok().and_then(|id| ids.get(id)).copied().unwrap_or(0)));
    }

    /// The key of a row.
    #[must_use]
    pub fn key(&self, row: usize) -> Option<&str> {
        let id = usize::try_from(*self.ids.get(row)?).ok()?;
        self.keys.get(id).map(|key| &**key)
    }
}

/// The values of a growing column.
#[derive(Clone, Debug)]
pub enum Cells {
    /// Rows that are true.
    Bits(Marks),
    /// Integers and what is stored as such.
    Ints(Vec<i64>),
    /// Exact numbers.
    Ratios(Vec<Ratio>),
    /// Texts.
    Texts(Texts),
    /// Keys of rows elsewhere.
    References(References),
    /// Not stored.
    Dropped,
}

/// One field for all rows so far.
#[derive(Clone, Debug)]
pub struct Growing {
    /// The values; a filler where there is none.
    pub cells: Cells,
    /// Rows without a value.
    pub absent: Marks,
    /// Rows whose value could not be read, or is required and missing.
    pub unread: Marks,
    /// The last row, counted from 1, whose value was given.
    pub last: usize,
}

impl Growing {
    /// An empty column.
    #[must_use]
    pub fn new(cells: Cells) -> Self {
        Self { cells, absent: Marks::default(), unread: Marks::default(), last: 0 }
    }

    /// Adds what stands where there is no value.
    pub fn fill(&mut self) {
        match &mut self.cells {
            Cells::Ints(values) => values.push(0),
            Cells::Ratios(values) => values.push(Ratio::from_integer(0)),
            Cells::Texts(values) => values.push(""),
            Cells::References(values) => values.ids.push(0),
            Cells::Bits(_) | Cells::Dropped => {}
        }
    }

    /// Forgets rows from `len` on.
    pub fn truncate(&mut self, len: usize) {
        match &mut self.cells {
            Cells::Bits(values) => values.truncate(len),
            Cells::Ints(values) => values.truncate(len),
            Cells::Ratios(values) => values.truncate(len),
            Cells::Texts(values) => values.truncate(len),
            Cells::References(values) => values.ids.truncate(len),
            Cells::Dropped => {}
        }
        self.absent.truncate(len);
        self.unread.truncate(len);
        self.last = self.last.min(len);
    }

    /// Puts another column's rows after the `at` rows of this one.
    pub fn append(&mut self, at: usize, other: &Self) {
        match (&mut self.cells, &other.cells) {
            (Cells::Bits(mine), Cells::Bits(more)) => mine.append(at, more),
            (Cells::Ints(mine), Cells::Ints(more)) => mine.extend_from_slice(more),
            (Cells::Ratios(mine), Cells::Ratios(more)) => mine.extend_from_slice(more),
            (Cells::Texts(mine), Cells::Texts(more)) => mine.append(more),
            (Cells::References(mine), Cells::References(more)) => mine.append(more),
            _ => {}
        }
        self.absent.append(at, &other.absent);
        self.unread.append(at, &other.unread);
    }

    /// The same column for rows in another order: new row `n` is old row `order[n]`.
    pub fn permute(&mut self, order: &[u32]) {
        match &mut self.cells {
            Cells::Bits(values) => *values = values.permuted(order),
            Cells::Ints(values) => *values = gather(values, order),
            Cells::Ratios(values) => *values = gather(values, order),
            Cells::References(values) => values.ids = gather(&values.ids, order),
            Cells::Texts(values) => {
                let mut texts = Texts::default();
                order.iter().for_each(|&row| texts.push(values.get(row as usize)));
                *values = texts;
            }
            Cells::Dropped => {}
        }
        self.absent = self.absent.permuted(order);
        self.unread = self.unread.permuted(order);
    }

    /// The finished column of `len` rows.
    #[must_use]
    pub fn finish(self, len: usize) -> Column {
        let values = match self.cells {
            Cells::Bits(values) => Values::Bits(values.finish(len)),
            Cells::Ints(values) => Values::Ints(values),
            Cells::Ratios(values) => Values::Ratios(values),
            Cells::Texts(values) => Values::Texts(values),
            Cells::References(values) => Values::Ints(values.ids),
            Cells::Dropped => Values::Dropped,
        };
        Column { values, present: self.absent.finish(len).not(), unread: self.unread.finish(len) }
    }
}

fn gather<T: Copy + Default>(values: &[T], order: &[u32]) -> Vec<T> {
    order.iter().map(|&row| values.get(row as usize).copied().unwrap_or_default()).collect()
}

/// The rows of one frame so far.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    /// Finished rows.
    pub len: usize,
    /// One a field.
    pub columns: Vec<Growing>,
    /// For a nested frame: where each parent's elements end.
    pub ends: Vec<u32>,
}

impl Rows {
    /// Forgets rows from `len` on, and the elements of parents from `parents` on.
    pub fn truncate(&mut self, len: usize, parents: usize) {
        self.columns.iter_mut().for_each(|column| column.truncate(len));
        self.ends.truncate(parents);
        self.len = len;
    }

    /// Puts more rows after these.
    pub fn append(&mut self, other: Self) {
        if self.len == 0 && self.ends.is_empty() {
            *self = other;
            return;
        }
        for (mine, more) in self.columns.iter_mut().zip(&other.columns) {
            mine.append(self.len, more);
        }
        let base = u32::try_from(self.len).unwrap_or(u32::MAX);
        self.ends.extend(other.ends.iter().map(|end| end.saturating_add(base)));
        self.len += other.len;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_join_at_any_offset() {
        for at in [0, 1, 63, 64, 65, 130] {
            let mut left = Marks::default();
            (0..at).filter(|row| row % 3 == 0).for_each(|row| left.mark(row));
            let mut right = Marks::default();
            (0..200).filter(|row| row % 7 == 0).for_each(|row| right.mark(row));
            left.append(at, &right);
            for row in 0..at + 200 {
                let want = if row < at { row % 3 == 0 } else { (row - at) % 7 == 0 };
                assert_eq!(left.get(row), want, "row {row} after {at}");
            }
            left.truncate(at + 7);
            assert!(left.get(at) && !left.get(at + 7));
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
