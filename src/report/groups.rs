//! The groups of a run as a table: how many rows each has, and its findings by kind.

use super::table;
use super::words::Words;
use crate::diagnostic::Bilingual;
use crate::grouping::{Group, Groups};
use crate::say;
use comfy_table::Table;
use serde::Serialize;

/// A table of groups.
pub(crate) struct GroupTable {
    /// What stands above it.
    pub title: String,
    /// Its headings: what the groups are, whose rows are counted, the kinds of findings that occur.
    pub columns: Vec<String>,
    /// Its lines, as many numbers as headings after the first.
    pub lines: Vec<(String, Vec<usize>)>,
    /// What is to be said below it.
    pub remarks: Vec<String>,
}

impl GroupTable {
    /// `None` where nothing is grouped.
    pub fn new(words: &Words, groups: &Groups<'_>) -> Option<Self> {
        let (schema, by) = (groups.run.schema(), groups.by.as_ref()?);
        let Bilingual { zh, en } = by.name(schema);
        let occurs = |kind: &usize| {
            groups.list.iter().any(|group| group.tally.kinds().get(*kind).is_some_and(|n| *n > 0))
        };
        let kinds: Vec<usize> = (0..words.kinds.len()).filter(occurs).collect();
        let named = kinds.iter().filter_map(|kind| words.kinds.get(*kind)).copied();
        let counts = |group: &Group| {
            let all = group.tally.kinds();
            let kinds = kinds.iter().filter_map(|kind| all.get(*kind)).copied();
            std::iter::once(group.rows).chain(kinds).collect()
        };
        Some(Self {
            title: words.pick(&say!("分组 {zh}", "Groups by {en}")).to_owned(),
            columns: [by.heading(schema), by.table(schema)]
                .iter()
                .map(|name| words.pick(name))
                .chain(named)
                .map(str::to_owned)
                .collect(),
            lines: groups.list.iter().map(|group| (name(words, group), counts(group))).collect(),
            remarks: groups.remarks().iter().map(|said| words.pick(said).to_owned()).collect(),
        })
    }

    /// As text.
    pub fn drawn(&self) -> Table {
        let columns: Vec<&str> = self.columns.iter().map(String::as_str).collect();
        let mut drawn = table::table(&columns, 1);
        for (name, counts) in &self.lines {
            let counts = counts.iter().copied().map(table::number);
            drawn.add_row(std::iter::once(table::text(name)).chain(counts).collect::<Vec<_>>());
        }
        drawn
    }
}

/// What a group is called in a table.
pub(crate) fn name(words: &Words, group: &Group) -> String {
    group.shown.as_ref().map_or(words.no_group, |name| words.pick(name)).to_owned()
}

/// The groups in formats for scripts: names are the English ones.
#[derive(Serialize)]
pub(crate) struct GroupsJson<G> {
    by: String,
    groups: Vec<G>,
    remarks: Vec<String>,
}

impl<G> GroupsJson<G> {
    /// `None` where nothing is grouped; `group` makes an entry of each.
    pub fn of<'g>(
        words: &Words,
        groups: &'g Groups<'_>,
        group: impl Fn(usize, &'g Group) -> G,
    ) -> Option<Self> {
        let GroupTable { remarks, .. } = GroupTable::new(words, groups)?;
        let by = groups.by.as_ref()?.name(groups.run.schema()).en;
        let groups = groups.list.iter().enumerate().map(|(at, found)| group(at, found));
        Some(Self { by, groups: groups.collect(), remarks })
    }
}

/// A group: its name, or null for what belongs to none; rows and findings.
#[derive(Serialize)]
pub(crate) struct GroupJson<'g> {
    group: Option<&'g str>,
    rows: usize,
    findings: crate::grouping::Tally,
}

impl<'g> From<&'g Group> for GroupJson<'g> {
    fn from(group: &'g Group) -> Self {
        let Group { name, rows, tally, .. } = group;
        let name = name.as_ref().map(|name| name.en.as_str());
        Self { group: name, rows: *rows, findings: *tally }
    }
}
