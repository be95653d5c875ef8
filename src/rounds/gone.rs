//! What goes with rows that are withdrawn: rows of any table that have to refer to one of them, and
//! those that have to refer to these.

use crate::engine::{RowRef, Run};
use crate::schema::{FieldId, FrameId};
use crate::value::Values;
use std::collections::{BTreeMap, BTreeSet};

/// Rows that are no longer there, and the rows and elements that spoke of them.
#[derive(Debug, Default)]
pub struct Gone {
    rows: BTreeSet<RowRef>,
    /// The tables in which a row or a value goes, with how many rows go.
    pub tables: BTreeMap<FrameId, usize>,
}

impl Gone {
    /// With these rows withdrawn.
    #[must_use]
    pub fn with(run: &Run, withdrawn: BTreeSet<RowRef>) -> Self {
        let mut gone = Self::default();
        let mut new = withdrawn;
        while !new.is_empty() {
            gone.rows.extend(new);
            new = gone.following(run);
        }
        gone
    }

    /// Whether a row or an element is gone.
    #[must_use]
    pub fn holds(&self, row: RowRef) -> bool {
        self.rows.contains(&row)
    }

    /// Whether a value refers to a row that is gone.
    #[must_use]
    pub fn is_named(&self, run: &Run, row: RowRef, field: FieldId) -> bool {
        self.named(run, row, field).unwrap_or(false)
    }

    fn named(&self, run: &Run, row: RowRef, field: FieldId) -> Option<bool> {
        if self.rows.is_empty() {
            return None;
        }
        let target = run.schema().field(row.frame, field)?.ty.table()?;
        let column = run.evaluator.frame(row.frame)?.column(field)?;
        let Values::Ints(rows) = &column.values else { return None };
        let at = rows.get(row.row).copied().filter(|_| column.present.get(row.row))?;
        let other = RowRef { frame: target, row: usize::try_from(at).ok()? };
        Some(self.rows.contains(&other))
    }

    /// The rows and elements that have to refer to one that is gone.
    fn following(&mut self, run: &Run) -> BTreeSet<RowRef> {
        let mut new = BTreeSet::new();
        for (frame, shape) in (0..).map(FrameId).zip(&run.schema().frames) {
            let fields = (0..).map(FieldId).zip(&shape.fields);
            for (field, found) in fields.filter(|(_, field)| field.ty.table().is_some()) {
                for row in (0..run.len(frame)).map(|row| RowRef { frame, row }) {
                    if self.rows.contains(&row) || !self.is_named(run, row, field) {
                        continue;
                    }
                    let root = run.root(row);
                    if self.rows.contains(&root) {
                        continue;
                    }
                    let goes = !found.optional || shape.plain;
                    let count = self.tables.entry(root.frame).or_default();
                    if goes && new.insert(row) && root == row {
                        *count += 1;
                    }
                }
            }
        }
        new
    }
}
