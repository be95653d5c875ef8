//! The two runs, and the earlier rows as the later policies read them.

use super::element::Elements;
use super::identity::row_keys;
use super::sentence::Sentences;
use crate::data::Input;
use crate::engine::{RowKey, RowRef, Run};
use crate::schema::{Field, Frame, FrameId, Schema};
use std::cell::OnceCell;
use std::sync::Arc;

/// The two runs.
pub struct Sides<'r> {
    pub old: &'r Run,
    pub new: &'r Run,
    /// The earlier rows as the later policies and the later manifest read them, where that is
    /// otherwise.
    other: Option<Run>,
    /// The earlier files, to be read as the later manifest says.
    pub inputs: Vec<Input>,
    /// Which sentences both policies have.
    pub sentences: Sentences,
    /// What the rows of each table are, worked out once asked for.
    old_keys: Vec<OnceCell<Vec<RowKey>>>,
    new_keys: Vec<OnceCell<Vec<RowKey>>>,
    /// The rows of each table in the order of what they are, worked out once asked for.
    old_order: Vec<OnceCell<Vec<u32>>>,
    new_order: Vec<OnceCell<Vec<u32>>>,
}

impl<'r> Sides<'r> {
    pub fn new(old: &'r Run, new: &'r Run) -> Self {
        let inputs = super::reading::as_later(old, new);
        let alike = inputs.iter().zip(old.rows.inputs()).all(|(a, b)| a.mapping == b.mapping);
        let other = (!alike || !same_shape(old.schema(), new.schema())).then(|| {
            let rows = Arc::new(old.rows.reread(&new.policy, &inputs));
            let mut read = Run::on_demand(new.policy.clone(), rows);
            read.length = new.length;
            read
        });
        Self {
            old,
            new,
            other,
            inputs,
            sentences: Sentences::new(&old.policy, &new.policy),
            old_keys: cells(old),
            new_keys: cells(new),
            old_order: cells(old),
            new_order: cells(new),
        }
    }

    /// The earlier rows as the later policies read them.
    pub fn read(&self) -> &Run {
        self.other.as_ref().unwrap_or(self.old)
    }

    /// What a row of the earlier or the later run is, or the row an element lies in.
    pub fn key(&self, run: &Run, row: RowRef) -> Option<&RowKey> {
        let root = run.root(row);
        self.keys(run, root.frame)?.get(root.row)
    }

    /// What the rows of a table of the earlier or the later run are.
    fn keys(&self, run: &Run, table: FrameId) -> Option<&[RowKey]> {
        let old = std::ptr::eq(run, self.old);
        let cells = if old { &self.old_keys } else { &self.new_keys };
        let keys = cells.get(table.0 as usize)?.get_or_init(|| {
            let other = self.other.as_ref().filter(|_| old);
            let read = other.and_then(|other| reread(run, other, table));
            read.unwrap_or_else(|| row_keys(run, table))
        });
        Some(keys)
    }

    /// The row of the earlier or the later run that is this one.
    pub fn row(&self, run: &Run, key: &RowKey) -> Option<RowRef> {
        let (frame, _) = run.schema().tables().find(|(_, it)| it.names.en() == key.table)?;
        let keys = self.keys(run, frame)?;
        let old = std::ptr::eq(run, self.old);
        let cells = if old { &self.old_order } else { &self.new_order };
        let order = cells.get(frame.0 as usize)?.get_or_init(|| {
            let mut order: Vec<u32> = (0..).take(keys.len()).collect();
            order.sort_unstable_by_key(|at| keys.get(*at as usize));
            order
        });
        let found = order.binary_search_by_key(&Some(key), |at| keys.get(*at as usize)).ok()?;
        Some(RowRef { frame, row: *order.get(found)? as usize })
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

/// One cell for each frame of a run.
fn cells<T>(run: &Run) -> Vec<OnceCell<T>> {
    run.schema().frames.iter().map(|_| OnceCell::new()).collect()
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
