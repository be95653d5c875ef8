//! What rows are grouped by, on both sides: a group may have lost all its rows, and what one group
//! dropped is not what another took up.

use crate::diagnostic::Bilingual;
use crate::report::Grouping;
use crate::schema::FrameId;
use crate::verdict::Explainer;
use std::collections::{BTreeMap, BTreeSet};

/// The groups of one run.
pub struct Groups<'s, 'e, 'a> {
    explainer: &'s Explainer<'e, 'a>,
    by: Option<Grouping>,
    /// The keys of the table that rows refer to, where they are grouped by one.
    known: Option<BTreeSet<String>>,
}

impl<'s, 'e, 'a> Groups<'s, 'e, 'a> {
    /// Groups by `name`, else by what the run's reports group by.
    pub fn new(explainer: &'s Explainer<'e, 'a>, name: Option<&str>) -> Self {
        let named = name.and_then(|name| Grouping::named(explainer.program(), name).ok());
        let by = named.or_else(|| Grouping::usual(explainer));
        let known = match by {
            Some(Grouping::Table(table)) => {
                let rows = 0..explainer.evaluator.frame(table).map_or(0, |data| data.len);
                Some(rows.map(|row| explainer.show().key(table, row)).collect())
            }
            _ => None,
        };
        Self { explainer, by, known }
    }

    /// What it groups by.
    pub fn name(&self) -> Option<String> {
        self.by.map(|by| by.name(self.explainer.schema()).en)
    }

    /// The group of a row.
    pub fn of(&self, frame: FrameId, row: usize) -> Option<Bilingual> {
        let by = self.by.filter(|by| by.covers(self.explainer.program(), frame))?;
        by.of(self.explainer, (frame, row))
    }

    /// Whether there is such a group: one there is not may have been renamed.
    pub fn knows(&self, group: &Bilingual) -> bool {
        self.known.as_ref().is_none_or(|known| known.contains(&group.zh))
    }

    /// Each group of a table's rows, and how many there are.
    pub fn counts(&self, frame: FrameId) -> BTreeMap<String, (Bilingual, usize)> {
        let mut counts: BTreeMap<String, (Bilingual, usize)> = BTreeMap::new();
        for group in (0..self.explainer.evaluator.frame(frame).map_or(0, |data| data.len))
            .filter_map(|row| self.of(frame, row))
        {
            counts.entry(group.zh.clone()).or_insert((group, 0)).1 += 1;
        }
        counts
    }
}
