//! Which group everything that differs belongs to, before and now; and what of it is one group's.

use super::group::Side;
use super::identity::{Entry, row_keys};
use super::side::Sides;
use super::{Correction, Diff, Grouped, TableEdit};
use crate::diagnostic::{Bilingual, Diagnostic};
use crate::engine::{RowKey, RowRef, Run};
use crate::finding::Finding;
use crate::nearest::nearest;
use crate::say;
use crate::value::key::canonical;
use std::collections::{BTreeMap, BTreeSet};

/// The group before, and the group now; `None` for what belongs to none, or is not there.
pub type Pair = [Option<Bilingual>; 2];

/// The groups of what differs.
#[derive(Clone, Debug, Default)]
pub struct Whose {
    rows: BTreeMap<RowKey, Pair>,
    /// By fingerprint.
    findings: BTreeMap<String, Pair>,
    /// How many rows of a table and a group, by their English and their Chinese name, do not differ.
    same: BTreeMap<(String, String), usize>,
}

impl Whose {
    /// Of all rows in edits, and of all findings; `read` are the groups of the rows as the later
    /// policies read them, `judged` those of the rows as they were judged.
    pub fn new(
        sides: &Sides<'_>,
        (read, judged): (&[Side<'_>; 2], &[Side<'_>; 2]),
        (tables, corrections): (&[TableEdit], &[Correction]),
    ) -> Self {
        let mut all = Self::default();
        let kinds = corrections.iter().flat_map(|kind| &kind.rows);
        let edited = tables.iter().flat_map(entries).chain(kinds);
        let wanted: BTreeSet<&RowKey> = edited.map(|row| &row.key).collect();
        let runs = [sides.read(), sides.new];
        for (at, (run, side)) in runs.into_iter().zip(read).enumerate() {
            for (frame, shape) in run.schema().tables() {
                for (row, key) in row_keys(run, frame).into_iter().enumerate() {
                    let group = side.group(RowRef { frame, row });
                    if wanted.contains(&key) {
                        put(all.rows.entry(key).or_default(), at, group);
                    } else if let Some(group) = group.filter(|_| at == 1) {
                        let own = (shape.names.en().to_owned(), group.zh);
                        *all.same.entry(own).or_default() += 1;
                    }
                }
            }
        }
        for (at, (run, side)) in [sides.old, sides.new].into_iter().zip(judged).enumerate() {
            all.judged(at, run, side);
        }
        all
    }

    fn judged(&mut self, at: usize, run: &Run, side: &Side<'_>) {
        for index in 0..run.verdicts.len() {
            let group = run.row_of(index).and_then(|row| side.group(row));
            if let Some(fingerprint) = run.fingerprint(index) {
                put(self.findings.entry(fingerprint.to_string()).or_default(), at, group);
            }
        }
    }

    /// The groups of a row.
    #[must_use]
    pub fn row(&self, row: &Entry) -> Pair {
        self.rows.get(&row.key).cloned().unwrap_or_default()
    }

    /// The groups of a finding.
    #[must_use]
    pub fn finding(&self, finding: &Finding) -> Pair {
        self.findings.get(&finding.fingerprint).cloned().unwrap_or_default()
    }
}

fn put(pair: &mut Pair, at: usize, group: Option<Bilingual>) {
    if let Some(own) = pair.get_mut(at) {
        *own = group;
    }
}

/// The rows that an edit lists.
fn entries(table: &TableEdit) -> impl Iterator<Item = &Entry> {
    let changed = table.changed.iter().map(|edit| &edit.row);
    let moved = table.added.iter().chain(&table.removed);
    changed.chain(moved).chain(table.unread.iter().flatten())
}

/// The group of a name, in either language.
///
/// # Errors
/// Where no group is called so.
pub fn called(groups: Option<&Grouped>, name: &str) -> Result<Bilingual, Box<Diagnostic>> {
    let names =
        || groups.iter().flat_map(|found| &found.list).filter_map(|(name, ..)| name.as_ref());
    let wanted = canonical(name.trim());
    let is = |group: &&Bilingual| canonical(&group.zh) == wanted || canonical(&group.en) == wanted;
    names().find(is).cloned().ok_or_else(|| {
        let message = say!("没有叫 `{name}` 的组", "no group is called `{name}`");
        let wrong = Diagnostic::error("unknown_name", message);
        let near = nearest(name, names().flat_map(|group| [&*group.zh, &*group.en]));
        Box::new(match near {
            Some(near) => wrong.help(say!("是不是 `{near}`？", "did you mean `{near}`?")),
            None => wrong.help(say!(
                "`--by` 说按什么分组；`diff` 的“各组”里列着它们",
                "`--by` says what to group by; `diff` lists the groups"
            )),
        })
    })
}

impl Diff {
    /// What of it is one group's: its rows and its findings, before or now, with their counts. What
    /// policies say is nobody's.
    ///
    /// # Errors
    /// Where no group is called so.
    pub fn of_group(mut self, name: &str) -> Result<Self, Box<Diagnostic>> {
        let group = called(self.groups.as_ref(), name)?;
        let Some(whose) = self.whose.take() else { return Ok(self) };
        let is = |pair: Pair| pair.iter().flatten().any(|found| *found == group);
        let has = |finding: &Finding| is(whose.finding(finding));
        let is_row = |row: &Entry| is(whose.row(row));
        let found = &mut self.findings;
        for list in [&mut found.fixed, &mut found.removed, &mut found.new] {
            list.retain(|change| has(&change.finding));
        }
        found.turned.retain(|turn| has(&turn.finding));
        found.unjudged.retain(|one| has(&one.change.finding));
        found.notes.retain(|note| has(&note.change.finding));
        for list in [&mut found.remaining, &mut found.noted] {
            list.retain(&has);
        }
        for table in &mut self.tables {
            let TableEdit { added, removed, unread: [before, now], .. } = table;
            for rows in [added, removed, before, now] {
                rows.retain(&is_row);
            }
            table.changed.retain(|edit| is_row(&edit.row));
            table.pairings.retain(|found| found.old.iter().chain(&found.new).any(&is_row));
            table.emptied.retain(|(emptied, _)| *emptied == group);
            let own = (table.names.en.clone(), group.zh.clone());
            table.same = whose.same.get(&own).copied().unwrap_or(0);
        }
        self.tables.retain(|table| !table.is_empty() || !table.emptied.is_empty());
        for correction in &mut self.corrections {
            correction.rows.retain(&is_row);
        }
        self.policies.clear();
        if let Some(groups) = &mut self.groups {
            groups.list.retain(|(name, ..)| name.as_ref() == Some(&group));
            groups.remarks.clear();
        }
        self.group = Some(group);
        Ok(self)
    }
}
