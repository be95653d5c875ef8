//! Which rows of two runs are the same, and what they are called.

use super::content::{Field, fields};
use crate::diagnostic::Bilingual;
use crate::engine::{RowKey, RowRef, Run};
use crate::finding::{Subject, shorten_key};
use crate::schema::FrameId;

/// A row as it is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What it is called.
    pub subject: Subject,
    /// What it is, from run to run.
    pub key: RowKey,
    /// Of a row of a table without a key: what it says, which it is called by.
    pub content: Option<Bilingual>,
}

impl Entry {
    /// What people call it: its key, what it says, or its number.
    #[must_use]
    pub fn name(&self) -> Bilingual {
        let called = |content: &Bilingual| {
            Bilingual::new(shorten_key(&content.zh), shorten_key(&content.en))
        };
        self.content.as_ref().map_or_else(|| self.subject.name(), called)
    }
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
        return Entry { subject, key, content: None };
    }
    let fields = fields(run, row.frame, row.row);
    let said: Vec<Bilingual> =
        fields.iter().flat_map(Field::values).map(|value| value.text).collect();
    let join = |pick: fn(&Bilingual) -> &str, mark: &str| {
        said.iter().map(pick).collect::<Vec<_>>().join(mark)
    };
    let content = Bilingual { zh: join(|said| &said.zh, "、"), en: join(|said| &said.en, ", ") };
    Entry { subject: Subject { title: None, ..subject }, key, content: Some(content) }
}
