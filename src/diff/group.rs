//! What rows are grouped by, on both sides: a group may have lost all its rows, and what one group
//! dropped is not what another took up.

use crate::diagnostic::Bilingual;
use crate::engine::Run;
use crate::report::Grouping;
use crate::schema::FrameId;
use std::collections::{BTreeMap, BTreeSet};

/// The groups of one run.
pub struct Groups<'s> {
    run: &'s Run,
    by: Option<Grouping>,
    /// The keys of the table that rows refer to, where they are grouped by one.
    known: Option<BTreeSet<String>>,
}

impl<'s> Groups<'s> {
    /// Groups by `name`, else by what the run's reports group by.
    pub fn new(run: &'s Run, name: Option<&str>) -> Self {
        let named = name.and_then(|name| Grouping::named(run.program(), name).ok());
        let by = named.or_else(|| Grouping::usual(run));
        let known = match by {
            Some(Grouping::Table(table)) => {
                let rows = 0..run.evaluator.frame(table).map_or(0, |data| data.len);
                Some(rows.filter_map(|row| run.show().key(table, row)).collect())
            }
            _ => None,
        };
        Self { run, by, known }
    }

    /// What it groups by.
    pub fn name(&self) -> Option<String> {
        self.by.map(|by| by.name(self.run.schema()).en)
    }

    /// The group of a row.
    pub fn of(&self, frame: FrameId, row: usize) -> Option<Bilingual> {
        let by = self.by.filter(|by| by.covers(self.run.program(), frame))?;
        by.of(self.run, (frame, row))
    }

    /// Whether there is such a group: one there is not may have been renamed.
    pub fn knows(&self, group: &Bilingual) -> bool {
        self.known.as_ref().is_none_or(|known| known.contains(&group.zh))
    }

    /// Each group of a table's rows, and how many there are.
    pub fn counts(&self, frame: FrameId) -> BTreeMap<String, (Bilingual, usize)> {
        let mut counts: BTreeMap<String, (Bilingual, usize)> = BTreeMap::new();
        for group in (0..self.run.evaluator.frame(frame).map_or(0, |data| data.len))
            .filter_map(|row| self.of(frame, row))
        {
            counts.entry(group.zh.clone()).or_insert((group, 0)).1 += 1;
        }
        counts
    }
}
