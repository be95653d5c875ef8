//! What a workbook that came back says otherwise than the one that was sent, and what several of one
//! group say together.

use super::returned::{File, same, text};
use crate::data::RawSheet;
use crate::report::{Sent, SentSheet};
use crate::value::key::canonical;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A row that is new, or an entry of a list as it came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The row that was sent and became this; `None` for a new one.
    pub like: Option<usize>,
    /// Its cells, by the columns that were sent.
    pub cells: Vec<String>,
}

/// A cell that may not be changed and was; it stays as it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Locked {
    /// The sheet and the cell: `sheet!A2`.
    pub place: String,
    /// What it said.
    pub was: String,
    /// What it says.
    pub now: String,
}

/// What a workbook, or several of one group, say otherwise than what was sent. Sheets, rows and
/// columns count from 0, as they were sent.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// Cells of rows of tables: sheet, row, column.
    pub cells: BTreeMap<(usize, usize, usize), String>,
    /// Rows of tables that are withdrawn: sheet, row.
    pub removed: BTreeSet<(usize, usize)>,
    /// New rows of tables, with their sheets.
    pub added: Vec<(usize, Vec<String>)>,
    /// Lists that differ, by sheet and the canonical key of the row they belong to.
    pub lists: BTreeMap<(usize, String), Vec<Entry>>,
    /// What may not be changed and was.
    pub locked: Vec<Locked>,
    /// Entries of lists that belong to no row: place and what they say.
    pub strays: Vec<(String, String)>,
    /// Sheets that are not there, by name.
    pub missing: Vec<String>,
    /// What two workbooks of one group say differently: place, what the one says, what the other,
    /// later one says, which is taken.
    pub clashes: Vec<Locked>,
}

impl Changes {
    /// Whether anything of the rows is otherwise.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
            && self.removed.is_empty()
            && self.added.is_empty()
            && self.lists.is_empty()
    }

    /// With what a later workbook of the same group says.
    #[must_use]
    pub fn and(mut self, later: Self, sent: &Sent) -> Self {
        for (at, now) in later.cells {
            let was = self.cells.insert(at, now.clone());
            if let Some(was) = was.filter(|was| !same(was, &now)) {
                self.clashes.push(Locked { place: place_of(sent, at), was, now });
            }
        }
        for (at, now) in later.lists {
            let was = self.lists.insert(at.clone(), now.clone());
            if let Some(was) = was.filter(|was| *was != now) {
                let name = sent.sheets.get(at.0).map_or("", |sheet| &*sheet.name);
                let all = |list: &[Entry]| {
                    list.iter().map(|entry| entry.cells.join(" ")).collect::<Vec<_>>().join("；")
                };
                let place = format!("{name} {}", at.1);
                self.clashes.push(Locked { place, was: all(&was), now: all(&now) });
            }
        }
        self.removed.extend(later.removed);
        for row in later.added {
            if !self.added.contains(&row) {
                self.added.push(row);
            }
        }
        for locked in later.locked {
            if !self.locked.contains(&locked) {
                self.locked.push(locked);
            }
        }
        self.strays.extend(later.strays);
        // A sheet that one of them has is there.
        self.missing.retain(|sheet| later.missing.contains(sheet));
        self
    }
}

fn place_of(sent: &Sent, (sheet, row, column): (usize, usize, usize)) -> String {
    let name = sent.sheets.get(sheet).map_or("", |sheet| &*sheet.name);
    place(name, row + 1, column)
}

/// `sheet!B3`.
fn place(sheet: &str, line: usize, column: usize) -> String {
    let (row, column) = (u32::try_from(line).unwrap_or(0), u16::try_from(column).unwrap_or(0));
    format!("{sheet}!{}", rust_xlsxwriter::utility::row_col_to_cell(row, column))
}

/// The number of a row in its sheet, from 0, and its cells by the columns that were sent.
type Line = (usize, Vec<String>);

/// A sheet that came back: where the columns that were sent stand in it, and its rows.
struct Back {
    /// Its rows that hold something.
    rows: Vec<Line>,
    /// Where each column stands.
    columns: Vec<usize>,
    /// The headings that were changed.
    changed: Vec<Locked>,
}

/// What a file says otherwise than what was sent to its group.
#[must_use]
pub fn changes(sent: &Sent, file: &File) -> Changes {
    let mut changes = Changes::default();
    let found = sheets(sent, file);
    let pairs = || sent.sheets.iter().zip(&found).enumerate();
    for (at, (sheet, back)) in pairs() {
        changes.locked.extend(back.iter().flat_map(|back| back.changed.iter().cloned()));
        match back {
            None if sheet.own => changes.missing.push(sheet.name.clone()),
            Some(back) if sheet.own && sheet.owners.is_empty() && !is_list(sheet) => {
                table((at, sheet), back, &mut changes);
            }
            Some(back) if !sheet.own => reading(sheet, back, &mut changes),
            _ => {}
        }
    }
    for (at, (sheet, back)) in pairs() {
        if let (Some(back), true) = (back, sheet.own && is_list(sheet)) {
            list((at, sheet), (sent, back), &mut changes);
        }
    }
    changes
}

/// Whether a sheet is of a list.
fn is_list(sheet: &SentSheet) -> bool {
    sheet.fields.first().is_some_and(Option::is_none)
}

/// The sheets of a file that are those that were sent: by name, else by headings.
fn sheets(sent: &Sent, file: &File) -> Vec<Option<Back>> {
    let name = |sheet: &RawSheet| sheet.name.as_deref().map(|name| canonical(name).into_owned());
    let mut free: Vec<&RawSheet> = file.sheets.iter().collect();
    let mut found: Vec<Option<&RawSheet>> = Vec::new();
    for wanted in &sent.sheets {
        let called = canonical(&wanted.name).into_owned();
        let at = free.iter().position(|sheet| name(sheet).as_deref() == Some(&*called));
        found.push(at.map(|at| free.remove(at)));
    }
    for (slot, wanted) in found.iter_mut().zip(&sent.sheets).filter(|(slot, _)| slot.is_none()) {
        let fits = |sheet: &&RawSheet| heading_line(wanted, sheet).is_some();
        *slot = free.iter().position(fits).map(|at| free.remove(at));
    }
    let pairs = found.into_iter().zip(&sent.sheets);
    pairs.map(|(sheet, wanted)| sheet.map(|sheet| back(wanted, sheet))).collect()
}

/// The line of the headings of a sheet: the one among the first that has all of them.
fn heading_line(wanted: &SentSheet, sheet: &RawSheet) -> Option<usize> {
    let has = |row: &Vec<String>| {
        wanted.headings.iter().all(|heading| row.iter().any(|cell| same(cell, heading)))
    };
    sheet.rows.iter().take(10).position(has)
}

/// How many of the headings that were sent stand in the best of the first lines of a sheet.
#[must_use]
pub fn fit(wanted: &SentSheet, sheet: &RawSheet) -> usize {
    let count = |row: &Vec<String>| {
        let has = |heading: &&String| row.iter().any(|cell| same(cell, heading));
        wanted.headings.iter().filter(has).count()
    };
    sheet.rows.iter().take(10).map(count).max().unwrap_or(0)
}

fn back(wanted: &SentSheet, sheet: &RawSheet) -> Back {
    let line = heading_line(wanted, sheet).unwrap_or(0);
    let row = sheet.rows.get(line).map_or(&[][..], Vec::as_slice);
    let mut taken = BTreeSet::new();
    let mut columns: Vec<Option<usize>> = Vec::new();
    for heading in &wanted.headings {
        let at = (0..row.len())
            .find(|at| !taken.contains(at) && row.get(*at).is_some_and(|cell| same(cell, heading)));
        taken.extend(at);
        columns.push(at);
    }
    // A heading that was changed is where it was.
    let columns: Vec<usize> = columns
        .into_iter()
        .enumerate()
        .map(|(at, found)| {
            found.or(Some(at).filter(|at| !taken.contains(at))).unwrap_or(usize::MAX)
        })
        .collect();
    let cells = |line: usize| {
        columns.iter().map(|column| text(sheet, line, *column).to_owned()).collect::<Vec<_>>()
    };
    let rows = (line + 1..sheet.rows.len()).map(|line| (line, cells(line)));
    let rows = rows.filter(|(_, cells)| cells.iter().any(|cell| !cell.is_empty())).collect();
    let headings = cells(line).into_iter().enumerate().zip(&wanted.headings);
    let changed = headings.filter(|((_, now), was)| !same(was, now)).map(|((at, now), was)| {
        let place = place(&wanted.name, line, at);
        Locked { place, was: was.clone(), now }
    });
    Back { changed: changed.collect(), rows, columns }
}

/// The rows that came back, each with the one that was sent.
fn align(sheet: &SentSheet, rows: &[Line], sent: &[usize]) -> Vec<Option<usize>> {
    let key = sheet.key_column;
    let cell = |row: &[String], at: usize| row.get(at).cloned().unwrap_or_default();
    let of = |position: usize| sheet.cells.get(position).map_or(&[][..], Vec::as_slice);
    let mark = |row: &[String]| match key {
        Some(at) => canonical(cell(row, at).trim()).into_owned(),
        None => row.iter().map(|cell| canonical(cell.trim())).collect::<Vec<_>>().join("\u{1}"),
    };
    let mut free: HashMap<String, Vec<usize>> = HashMap::new();
    for position in sent.iter().rev() {
        free.entry(mark(of(*position))).or_default().push(*position);
    }
    let mut taken = BTreeSet::new();
    let mut found: Vec<Option<usize>> = rows
        .iter()
        .map(|(_, row)| {
            let position = free.get_mut(&mark(row)).and_then(Vec::pop)?;
            taken.insert(position);
            Some(position)
        })
        .collect();
    // A row whose key was changed is still the row it was.
    let mut left: Vec<usize> =
        sent.iter().copied().filter(|position| !taken.contains(position)).collect();
    for (slot, (_, row)) in found.iter_mut().zip(rows).filter(|(slot, _)| slot.is_none()) {
        let alike = |position: &usize| likeness(sheet, of(*position), row);
        let best =
            left.iter().copied().max_by_key(|position| (alike(position), usize::MAX - position));
        if let Some(position) = best.filter(|position| alike(position) > 0) {
            *slot = Some(position);
            left.retain(|other| *other != position);
        }
    }
    found
}

/// How many cells beside those that tell rows apart two rows have in common, where that is at least
/// half of what was sent; 0 elsewhere.
fn likeness(sheet: &SentSheet, sent: &[String], row: &[String]) -> usize {
    let free = || {
        sent.iter().zip(row).zip(&sheet.kept).filter(|((was, _), kept)| !**kept && !was.is_empty())
    };
    let alike = free().filter(|((was, now), _)| same(was, now)).count();
    if alike * 2 >= free().count() { alike } else { 0 }
}

/// A text as far as a cell holds it.
fn held(text: &str) -> &str {
    const LONGEST: usize = 32_767;
    let mut units = 0;
    let over = text.char_indices().find(|(_, c)| {
        units += c.len_utf16();
        units > LONGEST
    });
    over.and_then(|(at, _)| text.get(..at)).unwrap_or(text)
}

/// The rows of a table.
fn table((at, sheet): (usize, &SentSheet), back: &Back, changes: &mut Changes) {
    let all: Vec<usize> = (0..sheet.cells.len()).collect();
    let found = align(sheet, &back.rows, &all);
    let mut there = BTreeSet::new();
    for ((line, row), position) in back.rows.iter().zip(found) {
        let Some(position) = position else {
            changes.added.push((at, row.clone()));
            continue;
        };
        there.insert(position);
        let Some(sent) = sheet.cells.get(position) else { continue };
        let open = || sheet.kept.iter().zip(sent).zip(row).filter(|((kept, _), _)| !**kept);
        let emptied = open().all(|(_, now)| now.is_empty());
        if emptied && open().any(|((_, was), _)| !was.is_empty()) {
            changes.removed.insert((at, position));
            continue;
        }
        for (column, (was, now)) in sent.iter().zip(row).enumerate() {
            if same(held(was), now) {
                continue;
            }
            if sheet.kept.get(column) == Some(&true) {
                let column = back.columns.get(column).copied().unwrap_or(column);
                let place = place(&sheet.name, *line, column);
                changes.locked.push(Locked { place, was: was.clone(), now: now.clone() });
            } else {
                changes.cells.insert((at, position, column), now.clone());
            }
        }
    }
    changes.removed.extend(all.into_iter().filter(|row| !there.contains(row)).map(|row| (at, row)));
}

/// A sheet for reading: what differs is told.
fn reading(sheet: &SentSheet, back: &Back, changes: &mut Changes) {
    let rows = back.rows.len().max(sheet.cells.len());
    for row in 0..rows {
        let sent = sheet.cells.get(row).map_or(&[][..], Vec::as_slice);
        let (line, now) = back.rows.get(row).map_or((row + 1, &[][..]), |(line, row)| (*line, row));
        for column in 0..sheet.headings.len() {
            let was = sent.get(column).map_or("", String::as_str);
            let now = now.get(column).map_or("", String::as_str);
            if !same(held(was), now) {
                let place = place(&sheet.name, line, column);
                changes.locked.push(Locked { place, was: was.to_owned(), now: now.to_owned() });
            }
        }
    }
}

/// The entries of a list.
fn list((at, sheet): (usize, &SentSheet), (sent, back): (&Sent, &Back), changes: &mut Changes) {
    let owner = |row: &[String]| canonical(row.first().map_or("", |cell| cell.trim())).into_owned();
    let mut before: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (position, row) in sheet.cells.iter().enumerate() {
        before.entry(owner(row)).or_default().push(position);
    }
    let mut now: BTreeMap<String, Vec<Line>> = BTreeMap::new();
    for (line, row) in &back.rows {
        // An entry of which the owner alone is left is none.
        if row.iter().skip(1).any(|cell| !cell.is_empty()) {
            now.entry(owner(row)).or_default().push((*line, row.clone()));
        }
    }
    let owners: BTreeSet<String> = before.keys().chain(now.keys()).cloned().collect();
    let (there, gone) = owned(sent, sheet, changes);
    for key in owners {
        let (was, rows) = (before.get(&key), now.remove(&key).unwrap_or_default());
        if gone.contains(&key) {
            continue;
        }
        if !there.contains(&key) {
            let stray = |(line, row): Line| (place(&sheet.name, line, 0), row.join(" "));
            changes.strays.extend(rows.into_iter().map(stray));
            continue;
        }
        let was = was.map_or(&[][..], Vec::as_slice);
        let found = align(sheet, &rows, was);
        if is_as_sent(sheet, was, (&rows, &found)) {
            continue;
        }
        let entry = |((_, cells), like): (Line, Option<usize>)| Entry { like, cells };
        changes.lists.insert((at, key), rows.into_iter().zip(found).map(entry).collect());
    }
}

/// Whether the entries of a list are those that were sent, in their order.
fn is_as_sent(
    sheet: &SentSheet,
    was: &[usize],
    (rows, found): (&[Line], &[Option<usize>]),
) -> bool {
    let is_same = |(at, was): (usize, &usize)| {
        let sent = sheet.cells.get(*was).filter(|_| found.get(at) == Some(&Some(*was)));
        let cells = sent.zip(rows.get(at));
        cells.is_some_and(|(sent, (_, now))| {
            sent.iter().zip(now).all(|(was, now)| same(held(was), now))
        })
    };
    rows.len() == was.len() && was.iter().enumerate().all(is_same)
}

/// The keys of the rows that a list's entries may belong to, and of those that are withdrawn.
fn owned(sent: &Sent, list: &SentSheet, changes: &Changes) -> (BTreeSet<String>, BTreeSet<String>) {
    let above = list.key.rsplit_once('.').map_or("", |(above, _)| above);
    let table = sent.sheets.iter().position(|sheet| sheet.key == above);
    let Some((at, table)) = table.and_then(|at| Some((at, sent.sheets.get(at)?))) else {
        return (BTreeSet::new(), BTreeSet::new());
    };
    let key = table.key_column.unwrap_or(0);
    let of = |row: &Vec<String>| row.get(key).map(|cell| canonical(cell.trim()).into_owned());
    let (mut there, mut gone) = (BTreeSet::new(), BTreeSet::new());
    for (position, row) in table.cells.iter().enumerate() {
        let set = if changes.removed.contains(&(at, position)) { &mut gone } else { &mut there };
        set.extend(of(row));
    }
    let added = changes.added.iter().filter(|(sheet, _)| *sheet == at);
    there.extend(added.filter_map(|(_, row)| of(row)));
    (there, gone)
}
