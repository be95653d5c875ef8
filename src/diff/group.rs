//! What rows are grouped by, on both sides: a group may have lost all its rows, and what one group
//! dropped is not what another took up.

use crate::diagnostic::Bilingual;
use crate::engine::{Mark, RowRef, Run};
use crate::grouping::{Group, Grouping, Groups, Tally};
use crate::say;
use crate::schema::FrameId;
use std::collections::{BTreeMap, BTreeSet};

/// What tells a group apart on both sides.
type GroupMark = (Mark, usize);

/// The groups of one run.
pub struct Side<'s> {
    groups: Groups<'s>,
    /// Those there could be, where they are rows.
    known: Option<BTreeSet<GroupMark>>,
}

impl<'s> Side<'s> {
    /// The later run grouped as asked, else as is usual, and the earlier one alike.
    pub fn both(old: &'s Run, new: &'s Run, by: Option<&Grouping>) -> [Self; 2] {
        let by = by.cloned().or_else(|| Grouping::usual(&new.policy));
        let before = by.as_ref().and_then(|by| by.under(&old.policy, new.schema()));
        [(old, before), (new, by)].map(|(run, by)| {
            let groups = Groups::new(run, by);
            let known = groups.rows();
            Self { groups, known }
        })
    }

    /// The group of a row.
    pub fn of(&self, frame: FrameId, row: usize) -> Option<(GroupMark, Bilingual)> {
        self.groups.by.as_ref().filter(|by| by.covers(frame))?;
        let group = self.groups.of(RowRef { frame, row })?;
        Some((self.groups.mark(group)?, group.name.clone()?))
    }

    /// The name of the group of a row, or of the row an element lies in; also of a row that is a group
    /// itself.
    pub fn group(&self, row: RowRef) -> Option<Bilingual> {
        self.groups.of(row)?.name.clone()
    }

    /// Whether there is such a group: one there is not may have been renamed.
    pub fn knows(&self, (group, _): &(GroupMark, Bilingual)) -> bool {
        self.known.as_ref().is_none_or(|known| known.contains(group))
    }

    /// Each group of a table's rows, and how many there are.
    pub fn counts(&self, frame: FrameId) -> BTreeMap<GroupMark, (Bilingual, usize)> {
        let mut counts: BTreeMap<GroupMark, (Bilingual, usize)> = BTreeMap::new();
        for (mark, name) in (0..self.groups.run.len(frame)).filter_map(|row| self.of(frame, row)) {
            counts.entry(mark).or_insert((name, 0)).1 += 1;
        }
        counts
    }
}

/// What lies in a group on one side: rows and findings.
pub type Lies = (usize, Tally);

/// The groups of both runs, side by side.
#[derive(Clone, Debug)]
pub struct Grouped {
    /// The field: `书.架`.
    pub by: Bilingual,
    /// What the groups are.
    pub heading: Bilingual,
    /// The table whose rows are counted.
    pub table: Bilingual,
    /// Each group that either has: its name, `None` for what belongs to none; before; now.
    pub list: Vec<(Option<Bilingual>, Lies, Lies)>,
    /// What is to be said of them.
    pub remarks: Vec<Bilingual>,
}

/// Both sides by group, in the later run's order; `None` where the later run has no groups.
pub fn grouped([earlier, later]: &[Side<'_>; 2]) -> Option<Grouped> {
    let (old, new) = (&earlier.groups, &later.groups);
    let (by, schema) = (new.by.as_ref()?, new.run.schema());
    let marked = |groups: &Groups<'_>, group: &Group| (group.key.is_none(), groups.mark(group));
    let lies = |group: &Group| (group.rows, group.tally);
    let mut before: Vec<&Group> = old.list.iter().collect();
    let mut list = Vec::new();
    for group in &new.list {
        let mark = marked(new, group);
        let at = before.iter().position(|other| marked(old, other) == mark);
        let was = at.map(|at| lies(before.remove(at))).unwrap_or_default();
        list.push((group.name.clone(), was, lies(group)));
    }
    list.extend(before.iter().map(|group| (group.name.clone(), lies(group), Lies::default())));
    // What belongs to none comes last.
    list.sort_by_key(|(name, ..)| name.is_none());
    let Bilingual { zh, en } = by.name(schema);
    let lost = old.by.is_none().then(|| {
        say!("前一次没有 `{zh}`，只有后一次分组", "the earlier run has no `{en}`: it has no groups")
    });
    Some(Grouped {
        by: by.name(schema),
        heading: by.heading(schema),
        table: by.table(schema),
        list,
        remarks: lost.into_iter().chain(new.remarks()).collect(),
    })
}
