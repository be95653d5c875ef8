//! Where a document is being read, and what the key just read stands for.

use super::unpaired::{Candidates, Seen};
use std::ops::Range;

/// A container that is open.
#[derive(Clone, Copy, Debug)]
pub enum Level {
    /// The outermost object: a key for each table.
    Tables,
    /// An array of rows.
    Rows(usize),
    /// A row.
    Row(usize),
    /// An array of plain values, each a row of one field.
    Plain(usize),
    /// An object around the rows, so many steps down the way to them.
    Around(usize),
    /// An object inside a row, whose keys are fields of the row.
    Inside(usize),
}

/// What the key just read stands for.
#[derive(Clone, Copy, Debug)]
pub enum Slot {
    /// A field.
    Field(usize),
    /// The rows of a table.
    Table,
    /// No field, with its number among such keys.
    Unknown(usize),
    /// A field whose values cannot be read under this key.
    Spoilt(usize),
    /// The number or the unit of pairs.
    Part(usize),
    /// An object on the way to the rows.
    Step,
    /// An object whose keys are fields of the row.
    Below(usize),
    /// Nothing that is read.
    Ignored,
}

/// A key no field is called.
pub struct Unknown {
    /// In whose rows.
    pub frame: usize,
    /// The key.
    pub name: Box<str>,
    /// Where it stands first.
    pub span: Range<usize>,
    /// In how many rows.
    pub rows: usize,
    /// A key of the object it stands for that a field is called.
    pub inside: Option<Box<str>>,
    /// The fields whose units it may hold, and what it holds.
    pub units: (Candidates, Seen),
}
