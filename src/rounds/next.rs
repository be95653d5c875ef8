//! The next project: the rows of the groups as they came back, each table as one file, and the
//! manifest as it was but for them.

use super::gone::Gone;
use super::json::Json;
use super::merge::{Changes, Entry};
use super::returned::same;
use crate::data::values_of;
use crate::engine::{RowRef, Run};
use crate::grouping::Groups;
use crate::report::{Sent, SentSheet, cell_text, elements_text, file_name};
use crate::schema::{Field, FieldId, FrameId, Type};
use crate::syntax::tree::Language;
use crate::value::key::canonical;
use crate::why::Fact;
use std::collections::{BTreeMap, BTreeSet};

/// The rows of the tables that groups answer for, as they are now.
pub struct Tables<'n> {
    groups: &'n Groups<'n>,
    language: Language,
    sent: &'n [Sent],
    changes: &'n [Changes],
    /// What went with the rows that are withdrawn.
    pub gone: Gone,
}

impl<'n> Tables<'n> {
    /// With what came back, one for each workbook that was sent.
    #[must_use]
    pub fn new(
        groups: &'n Groups<'n>,
        language: Language,
        (sent, changes): (&'n [Sent], &'n [Changes]),
    ) -> Self {
        let gone = Gone::with(groups.run, withdrawn(sent, changes));
        Self { groups, language, sent, changes, gone }
    }

    fn run(&self) -> &'n Run {
        self.groups.run
    }

    /// The files: name and text, with the table each is of. Tables that lost rows with those that
    /// are withdrawn have one, too.
    #[must_use]
    pub fn files(&self, own: &BTreeSet<FrameId>) -> Vec<(FrameId, String, String)> {
        let file = |table: &FrameId| {
            let names = &self.run().schema().frame(*table)?.names;
            let name = self.language.called(names);
            let text = super::json::document(&self.rows(*table));
            Some((*table, format!("{}.json", file_name(name)), text))
        };
        let touched = self.gone.tables.keys().copied();
        let tables: BTreeSet<FrameId> = own.iter().copied().chain(touched).collect();
        tables.iter().filter_map(file).collect()
    }

    /// The rows of a table: those there were in their order, then the new ones.
    fn rows(&self, table: FrameId) -> Vec<Json> {
        let mut known: BTreeMap<usize, Place<'_>> = BTreeMap::new();
        let mut added = Vec::new();
        for (sent, changes) in self.sent.iter().zip(self.changes) {
            let sheets = sent.sheets.iter().enumerate();
            let mut sheets = sheets.filter(|(_, sheet)| sheet.own && sheet.frame == table);
            let Some((at, sheet)) = sheets.next() else { continue };
            for (position, row) in sheet.rows.iter().enumerate() {
                known.insert(*row, Place { sent, changes, at, sheet, position });
            }
            let new = changes.added.iter().filter(|(of, _)| *of == at);
            added.extend(new.map(|(_, cells)| self.added(sent, changes, sheet, cells)));
        }
        let mut rows = Vec::new();
        for row in 0..self.run().len(table) {
            match known.get(&row) {
                Some(place) if place.changes.removed.contains(&(place.at, place.position)) => {}
                Some(place) => rows.push(self.changed(table, row, place)),
                None if self.gone.holds(RowRef { frame: table, row }) => {}
                None => rows.push(self.record(table, row)),
            }
        }
        rows.extend(added);
        rows
    }

    fn name(&self, field: &Field) -> String {
        self.language.called(&field.names).to_owned()
    }

    fn fields(&self, frame: FrameId) -> impl Iterator<Item = (FieldId, &'n Field)> {
        let fields = self.run().schema().frame(frame).map(|frame| &frame.fields);
        (0..).map(FieldId).zip(fields.into_iter().flatten())
    }

    /// A row of a table as it came back.
    fn changed(&self, table: FrameId, row: usize, place: &Place<'_>) -> Json {
        let mut record = Vec::new();
        let key =
            place.sheet.key_column.and_then(|at| place.sheet.cells.get(place.position)?.get(at));
        let key = key.map(|key| canonical(key.trim()).into_owned()).unwrap_or_default();
        for (id, field) in self.fields(table) {
            let column = place.sheet.fields.iter().position(|found| *found == Some(id));
            let cell = column
                .and_then(|column| place.changes.cells.get(&(place.at, place.position, column)));
            let list = self.list_sheet(place.sent, (table, id));
            let entries = list.and_then(|at| place.changes.lists.get(&(at, key.clone())));
            let value = match (cell, entries.zip(list)) {
                (Some(text), _) => self.written((table, id), text),
                (None, Some((entries, at))) => Some(self.entries(place.sent, at, entries)),
                (None, None) => self.value(table, row, id),
            };
            if let Some(value) = value {
                record.push((self.name(field), value));
            }
        }
        Json::Record(record)
    }

    /// A new row; the column of its group says whose workbook it stood in.
    fn added(&self, sent: &Sent, changes: &Changes, sheet: &SentSheet, cells: &[String]) -> Json {
        let mut record = Vec::new();
        let key = sheet.key_column.and_then(|at| cells.get(at));
        let key = key.map(|key| canonical(key.trim()).into_owned()).unwrap_or_default();
        for (id, field) in self.fields(sheet.frame) {
            let column = sheet.fields.iter().position(|found| *found == Some(id));
            let list = self.list_sheet(sent, (sheet.frame, id));
            let value = match (column, list) {
                (Some(column), _) if sheet.group_column == Some(column) => {
                    let own = sheet.cells.first().and_then(|row| row.get(column));
                    let group = own.or(sent.group.as_ref()).or_else(|| cells.get(column));
                    group.map(|group| Json::Text(group.clone()))
                }
                (Some(column), _) => {
                    cells.get(column).and_then(|text| self.written((sheet.frame, id), text))
                }
                (None, Some(at)) => {
                    let entries = changes.lists.get(&(at, key.clone()));
                    Some(self.entries(sent, at, entries.map_or(&[][..], Vec::as_slice)))
                }
                (None, None) => None,
            };
            if let Some(value) = value {
                record.push((self.name(field), value));
            }
        }
        Json::Record(record)
    }

    /// The frame of a list.
    fn list(&self, owner: (FrameId, FieldId)) -> Option<FrameId> {
        let mut frames = (0..).map(FrameId).zip(&self.run().schema().frames);
        frames.find(|(_, frame)| frame.parent == Some(owner)).map(|(id, _)| id)
    }

    /// The sheet of a list.
    fn list_sheet(&self, sent: &Sent, owner: (FrameId, FieldId)) -> Option<usize> {
        let list = self.list(owner)?;
        sent.sheets.iter().position(|sheet| sheet.frame == list)
    }

    /// Entries of a list as they came back.
    fn entries(&self, sent: &Sent, at: usize, entries: &[Entry]) -> Json {
        let Some(sheet) = sent.sheets.get(at) else { return Json::Null };
        let plain = self.run().schema().frame(sheet.frame).is_some_and(|list| list.plain);
        let one = |entry: &Entry| {
            let mut record = Vec::new();
            for (id, field) in self.fields(sheet.frame) {
                let column = sheet.fields.iter().position(|found| *found == Some(id));
                let now = column.and_then(|column| entry.cells.get(column));
                let was = entry.like.zip(column).and_then(|(like, column)| {
                    let was = sheet.cells.get(like)?.get(column)?;
                    Some((sheet.rows.get(like)?, was))
                });
                let value = match (now, was) {
                    (Some(now), Some((row, was))) if same(was, now) => {
                        self.value(sheet.frame, *row, id)
                    }
                    (Some(now), _) => self.written((sheet.frame, id), now),
                    (None, _) => entry
                        .like
                        .and_then(|like| self.value(sheet.frame, *sheet.rows.get(like)?, id)),
                };
                if let Some(value) = value {
                    record.push((self.name(field), value));
                }
            }
            match plain {
                true => record.into_iter().next().map_or(Json::Null, |(_, value)| value),
                false => Json::Record(record),
            }
        };
        Json::List(entries.iter().map(one).collect())
    }

    /// What somebody wrote into a cell; nothing where it is empty.
    fn written(&self, (frame, field): (FrameId, FieldId), text: &str) -> Option<Json> {
        let string = |text: &str| Json::Text(text.to_owned());
        let ty = self.run().schema().field(frame, field)?.ty;
        if text.trim().is_empty() {
            return None;
        }
        let Type::List(list) = ty else { return Some(string(text)) };
        let is_cited = self.run().schema().frame(list).is_some_and(|list| list.citations.is_some());
        let values = if is_cited { citations(text) } else { values_of(text) };
        Some(Json::List(values.into_iter().map(string).collect()))
    }

    /// A row as it was declared, with its lists.
    fn record(&self, frame: FrameId, row: usize) -> Json {
        let mut record = Vec::new();
        for (id, field) in self.fields(frame) {
            if let Some(value) = self.value(frame, row, id) {
                record.push((self.name(field), value));
            }
        }
        Json::Record(record)
    }

    /// A value as it was declared; nothing where it was not given.
    fn value(&self, frame: FrameId, row: usize, field: FieldId) -> Option<Json> {
        let run = self.run();
        let ty = run.schema().field(frame, field)?.ty;
        if let Type::List(_) = ty {
            return self.elements((frame, row, field));
        }
        if self.gone.is_named(run, RowRef { frame, row }, field) {
            return None;
        }
        let text = cell_text(run, (frame, row, field), self.language)?;
        let column = run.evaluator.frame(frame)?.column(field)?;
        let is_number = ty.is_numeric() && column.present.get(row);
        let number: Option<serde_json::Number> = text.parse().ok();
        let number = number.filter(|number| is_number && number.to_string() == text);
        Some(number.map_or_else(|| Json::Text(text), Json::Number))
    }

    fn elements(&self, (frame, row, field): (FrameId, usize, FieldId)) -> Option<Json> {
        let run = self.run();
        let list = self.list((frame, field))?;
        let shape = run.schema().frame(list)?;
        if shape.citations.is_some_and(|citations| citations.of.is_some()) {
            return None;
        }
        let rows = run.evaluator.frame(list)?.elements(row);
        if rows.is_empty() {
            let column = run.evaluator.frame(frame)?.column(field)?;
            let unread = run.unread_text(Fact { frame, row, field }).map(Json::Text);
            return column.present.get(row).then(|| Json::List(Vec::new())).or(unread);
        }
        if shape.citations.is_some() {
            let texts = elements_text(run, (frame, row, field), list, self.language);
            return Some(Json::List(texts.into_iter().map(Json::Text).collect()));
        }
        let plain = shape.plain;
        let one = |element| match plain {
            true => self.value(list, element, FieldId(0)).unwrap_or(Json::Null),
            false => self.record(list, element),
        };
        let there = rows.filter(|row| !self.gone.holds(RowRef { frame: list, row: *row }));
        Some(Json::List(there.map(one).collect()))
    }
}

/// The rows that are withdrawn, but for those whose key a new row has.
fn withdrawn(sent: &[Sent], changes: &[Changes]) -> BTreeSet<RowRef> {
    let mut rows = BTreeSet::new();
    for (sent, changes) in sent.iter().zip(changes) {
        for (at, position) in &changes.removed {
            let Some(sheet) = sent.sheets.get(*at) else { continue };
            let key = |row: &Vec<String>| Some(row.get(sheet.key_column?)?.clone());
            let own = sheet.cells.get(*position).and_then(key);
            let again = changes.added.iter().any(|(other, row)| {
                let pair = key(row).zip(own.as_ref());
                other == at && pair.is_some_and(|(a, b)| same(&a, b))
            });
            let row = sheet.rows.get(*position).filter(|_| !again);
            rows.extend(row.map(|row| RowRef { frame: sheet.frame, row: *row }));
        }
    }
    rows
}

/// Where a row stands among what was sent.
struct Place<'p> {
    sent: &'p Sent,
    changes: &'p Changes,
    at: usize,
    sheet: &'p SentSheet,
    position: usize,
}

/// The citations in a cell: each begins with a title or a label.
fn citations(text: &str) -> Vec<&str> {
    let mut starts = vec![0];
    let mut between = false;
    for (at, letter) in text.char_indices() {
        match letter {
            '；' | ';' | '、' | '\n' => between = true,
            '《' | '【' if between => {
                starts.push(at);
                between = false;
            }
            _ if letter.is_whitespace() => {}
            _ => between = false,
        }
    }
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    let parts = starts.iter().zip(ends).filter_map(|(from, to)| text.get(*from..to));
    let bare = parts.map(|part| part.trim().trim_end_matches(['；', ';', '、']).trim());
    bare.filter(|part| !part.is_empty()).collect()
}
