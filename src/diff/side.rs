//! The two runs, and the earlier rows as the later policies read them.

use super::identity::row_keys;
use super::sentence::Sentences;
use super::element::Elements;
use crate::engine::{RowKey, RowRef, Run};
use crate::schema::{Field, Frame, FrameId, Schema};
use std::cell::OnceCell;
use std::collections::HashMap;
use std::sync::Arc;

/// The two runs.
pub struct Sides<'r> {
    pub old: &'r Run,
    pub new: &'r Run,
    /// The earlier rows under the later schema, where it is another.
    other: Option<Run>,
    /// Which sentences both policies have.
    pub sentences: Sentences,
    /// What the rows of each table are, worked out once asked for.
    old_keys: Vec<OnceCell<Vec<RowKey>>>,
    new_keys: Vec<OnceCell<Vec<RowKey>>>,
    /// Where the rows of either run are, by what they are.
    rows: [OnceCell<HashMap<RowKey, RowRef>>; 2],
}

impl<'r> Sides<'r> {
    pub fn new(old: &'r Run, new: &'r Run) -> Self {
        let other = (!same_shape(old.schema(), new.schema())).then(|| {
            let rows = Arc::new(old.rows.reloaded(&new.policy));
            Run::on_demand(new.policy.clone(), rows)
        });
        let cells = |run: &Run| run.schema().frames.iter().map(|_| OnceCell::new()).collect();
        let sentences = Sentences::new(&old.policy, &new.policy);
        Self { old, new, other, sentences, old_keys: cells(old), new_keys: cells(new), rows: Default::default() }
    }

    /// The earlier rows as the later policies read them.
    pub fn read(&self) -> &Run {
        self.other.as_ref().unwrap_or(self.old)
    }

    /// What a row of the earlier or the later run is, or the row an element lies in.
    pub fn key(&self, run: &Run, row: RowRef) -> Option<&RowKey> {
        let root = run.root(row);
        let old = std::ptr::eq(run, self.old);
        let cells = if old { &self.old_keys } else { &self.new_keys };
        let keys = cells.get(root.frame.0 as usize)?.get_or_init(|| {
            let other = self.other.as_ref().filter(|_| old);
            let read = other.and_then(|other| reread(run, other, root.frame));
            read.unwrap_or_else(|| row_keys(run, root.frame))
        });
        keys.get(root.row)
    }

    /// The row of the earlier or the later run that is this one.
    pub fn row(&self, run: &Run, key: &RowKey) -> Option<RowRef> {
        let old = std::ptr::eq(run, self.old);
        let slot = if old { &self.rows[0] } else { &self.rows[1] };
        let rows = slot.get_or_init(|| {
            let tables = run.schema().tables().map(|(id, _)| id);
            let all = tables.flat_map(|frame| {
                (0..run.len(frame)).map(move |row| RowRef { frame, row })
            });
            all.filter_map(|row| Some((self.key(run, row)?.clone(), row))).collect()
        });
        rows.get(key).copied()
    }

    /// What the elements of the earlier or the later run are.
    pub fn elements<'s>(&'s self, run: &'s Run) -> Elements<'s> {
        let later = std::ptr::eq(run, self.new);
        let twin = move |row: RowRef| {
            let key = if later { None } else { self.key(run, row) };
            self.row(self.new, key?)
        };
        Elements::new(run, self.new, move |row| self.seen(run, row), twin)
    }

    /// An element of either run as the later policies read it, where they read as many.
    fn seen<'s>(&'s self, run: &'s Run, row: RowRef) -> (&'s Run, RowRef) {
        let other = self.other.as_ref().filter(|_| std::ptr::eq(run, self.old));
        let seen = other.and_then(|other| {
            let frame = run.schema().same_frame(other.schema(), row.frame)?;
            (run.len(row.frame) == other.len(frame)).then_some((other, RowRef { frame, ..row }))
        });
        seen.unwrap_or((run, row))
    }
}

/// What a table's rows are as other policies read them, where they read as many.
fn reread(run: &Run, other: &Run, table: FrameId) -> Option<Vec<RowKey>> {
    let found = run.schema().same_frame(other.schema(), table)?;
    (run.len(table) == other.len(found)).then(|| row_keys(other, found))
}

/// Whether data are read alike under both schemas.
pub fn same_shape(one: &Schema, other: &Schema) -> bool {
    let enums = one.enums.len() == other.enums.len()
        && one.enums.iter().zip(&other.enums).all(|(one, other)| {
            let values = one.values.iter().zip(&other.values);
            one.names == other.names
                && one.order == other.order
                && one.values.len() == other.values.len()
                && values.into_iter().all(|(a, b)| a.names == b.names && a.also == b.also)
        });
    enums
        && one.offset == other.offset
        && one.frames.len() == other.frames.len()
        && one.frames.iter().zip(&other.frames).all(|(one, other)| same_rows(one, other))
}

fn same_rows(one: &Frame, other: &Frame) -> bool {
    let about = |frame: &Frame| (frame.names.clone(), frame.parent, frame.single, frame.plain);
    about(one) == about(other)
        && one.fields.len() == other.fields.len()
        && one.fields.iter().zip(&other.fields).all(|(one, other)| same_field(one, other))
}

fn same_field(one: &Field, other: &Field) -> bool {
    let marks = |field: &Field| (field.optional, field.key, field.ordering, field.unique);
    one.names == other.names
        && one.also == other.also
        && one.ty == other.ty
        && one.default == other.default
        && marks(one) == marks(other)
        && one.readings == other.readings
}
