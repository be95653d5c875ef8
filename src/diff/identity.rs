//! Which rows of two runs are the same, and what they are called.

use super::content::{Field, fields};
use crate::engine::{RowKey, RowRef, Run};
use crate::finding::Subject;
use crate::schema::FrameId;

/// A row as it is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What it is called.
    pub subject: Subject,
    /// What it is, from run to run.
    pub key: RowKey,
}

/// What each row of a table is: its key; what it says where it has none that can be read, and which
/// of its equals it is.
pub fn row_keys(run: &Run, table: FrameId) -> Vec<RowKey> {
    (0..run.len(table)).filter_map(|row| run.row_mark(RowRef { frame: table, row })).collect()
}

/// A row as it is listed; one of a table without a key is called by what it says.
pub fn entry(run: &Run, row: RowRef, key: RowKey) -> Entry {
    let subject = run.subject(row.frame, row.row);
    let frame = run.schema().frame(row.frame);
    let keyless = frame.is_some_and(|frame| frame.key().is_none() && !frame.single);
    if !keyless {
        return Entry { subject, key };
    }
    let said: Vec<String> = fields(run, row.frame, row.row)
        .iter()
        .flat_map(Field::values)
        .map(|value| value.text.zh)
        .collect();
    Entry { subject: Subject { key: Some(said.join("、")), title: None, ..subject }, key }
}
