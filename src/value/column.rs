//! Columns: the values of one field for all rows of a frame.

use super::{Bits, Ratio, partition_point};
use crate::invariant::fit;
use std::sync::Arc;

/// Texts of a column, one after another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Texts {
    /// All texts joined.
    bytes: String,
    /// End of each text in `bytes`.
    ends: Vec<u32>,
}

impl Texts {
    /// Adds a text. Texts past 4 GiB in one column are cut to nothing (loading limits files far
    /// below).
    pub fn push(&mut self, text: &str) {
        if self.bytes.len() + text.len() <= u32::MAX as usize {
            self.bytes.push_str(text);
        }
        self.ends.push(fit(self.bytes.len()));
    }

    /// The text of a row; empty past the end.
    #[must_use]
    pub fn get(&self, row: usize) -> &str {
        let start =
            row.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let end = self.ends.get(row).copied().unwrap_or(start);
        self.bytes.get(start as usize..end as usize).unwrap_or("")
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|row| self.get(row))
    }

    /// The first row at or behind another whose text is not before one, where texts ascend; what is
    /// near is found at once.
    #[must_use]
    pub fn soon(&self, row: usize, text: &str) -> usize {
        let is_before = |row: usize| row < self.len() && self.get(row) < text;
        let (mut from, mut step) = (row, 1);
        while is_before(from + step) {
            from += step;
            step *= 2;
        }
        partition_point(from..(from + step + 1).min(self.len()), is_before)
    }

    /// How many texts.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Makes room for so many times the texts of another column, where there is none for them.
    pub fn reserve(&mut self, times: usize, other: &Self) {
        let bytes = other.bytes.len();
        if self.bytes.capacity() - self.bytes.len() < bytes {
            self.bytes.reserve_exact(room(self.bytes.len(), times, bytes));
        }
        reserve(&mut self.ends, times, other.ends.len());
    }

    /// Adds all texts of another column.
    pub fn append(&mut self, other: &Self) {
        let base = self.bytes.len();
        if base + other.bytes.len() <= u32::MAX as usize {
            self.bytes.push_str(&other.bytes);
            self.ends.extend(other.ends.iter().map(|&end| end.saturating_add(fit(base))));
        } else {
            (0..other.len()).for_each(|row| self.push(other.get(row)));
        }
    }

    /// Forgets the texts of rows from `len` on.
    pub fn truncate(&mut self, len: usize) {
        self.ends.truncate(len);
        self.bytes.truncate(self.ends.last().map_or(0, |&end| end as usize));
    }
}

/// Makes room for so many times `more` values, where there is none for so many.
pub fn reserve<T>(values: &mut Vec<T>, times: usize, more: usize) {
    if values.capacity() - values.len() < more {
        values.reserve_exact(room(values.len(), times, more));
    }
}

/// How much room to make behind `len` values, where so many times `more` will likely follow: that
/// and a little, and never many times what is there, should they be fewer.
fn room(len: usize, times: usize, more: usize) -> usize {
    (times * more + len / 64).min(7 * len + more)
}

/// Stored values, shared by all who read them.
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    /// Truth values.
    Bits(Bits),
    /// Integers, dates, durations, enum indices, row numbers of references.
    Ints(Arc<Vec<i64>>),
    /// Exact numbers.
    Ratios(Arc<Vec<Ratio>>),
    /// Texts.
    Texts(Arc<Texts>),
    /// Checked while loading, then dropped: no policy reads them.
    Dropped,
}

/// One field for all rows of a frame.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// One value a row; a filler (0, empty) where not present.
    pub values: Values,
    /// Rows that have a readable value (given or by default).
    pub present: Bits,
    /// Rows whose value was declared but could not be read, or is required and was not given: 有 is
    /// unknown there.
    pub unread: Bits,
}
