//! Columns while they grow: appended row by row, cut back where a row is given up, joined part by
//! part.

use super::cell::Value;
use super::marks::Marks;
use super::references::References;
use crate::invariant::fit;
use crate::schema::Constant;
use crate::value::{Column, Ratio, Texts, Values, reserve};

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

    /// Adds a value that the vocabulary gives.
    pub fn put(&mut self, row: usize, value: &Constant) {
        match value {
            Constant::Bool(value) => self.store(row, Value::Bool(*value)),
            Constant::Int(value) => self.store(row, Value::Int(*value)),
            Constant::Ratio(value) => self.store(row, Value::Ratio(*value)),
            Constant::Text(value) if matches!(self.cells, Cells::References(_)) => {
                self.store(row, Value::Reference(value))
            }
            Constant::Text(value) => self.store(row, Value::Text(value)),
            Constant::Empty => self.fill(),
        }
    }

    /// Adds a value that was read; a filler where it is of another kind than the column.
    #[inline]
    pub fn store(&mut self, row: usize, value: Value<'_>) {
        match (&mut self.cells, value) {
            (Cells::Bits(marks), Value::Bool(true)) => marks.mark(row),
            (Cells::Ints(values), Value::Int(value)) => values.push(value),
            (Cells::Ratios(values), Value::Ratio(value)) => values.push(value),
            (Cells::Ratios(values), Value::Int(value)) => {
                values.push(Ratio::from_integer(i128::from(value)))
            }
            (Cells::Texts(values), Value::Text(value)) => values.push(value),
            (Cells::References(values), Value::Reference(value)) => values.push(value),
            _ => self.fill(),
        }
    }

    /// Makes the value of a row one that could not be read.
    pub fn forget(&mut self, row: usize) {
        self.absent.mark(row);
        self.unread.mark(row);
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

    /// Makes room for so many times the rows of another column, where there is none for it.
    fn reserve(&mut self, times: usize, other: &Self) {
        match (&mut self.cells, &other.cells) {
            (Cells::Ints(mine), Cells::Ints(more)) => reserve(mine, times, more.len()),
            (Cells::Ratios(mine), Cells::Ratios(more)) => reserve(mine, times, more.len()),
            (Cells::Texts(mine), Cells::Texts(more)) => mine.reserve(times, more),
            (Cells::References(mine), Cells::References(more)) => {
                reserve(&mut mine.ids, times, more.ids.len())
            }
            _ => {}
        }
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
            Cells::Ints(values) => Values::Ints(values.into()),
            Cells::Ratios(values) => Values::Ratios(values.into()),
            Cells::Texts(values) => Values::Texts(values.into()),
            Cells::References(values) => Values::Ints(values.ids.into()),
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

    /// Puts more rows after these; `parts` more will come that are about as large.
    pub fn append(&mut self, other: Self, parts: usize) {
        if self.len == 0 && self.ends.is_empty() {
            *self = other;
            return;
        }
        for (mine, more) in self.columns.iter_mut().zip(&other.columns) {
            mine.reserve(parts + 1, more);
            mine.append(self.len, more);
        }
        reserve(&mut self.ends, parts + 1, other.ends.len());
        let base = fit(self.len);
        self.ends.extend(other.ends.iter().map(|end| end.saturating_add(base)));
        self.len += other.len;
    }
}
