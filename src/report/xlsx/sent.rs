//! Rank 5: what was sent to each group, as it can be compared with what comes back: the sheets of its
//! workbook, cell by cell.

use super::cell::{Cell, cell, elements, several};
use super::finding::{self, Column as Of};
use super::mark::At;
use super::plan::{Column, Plan, Sheet};
use super::sheet::{heading, is_kept};
use super::{Grouped, Round};
use crate::engine::{Fingerprint, Run};
use crate::finding::Report;
use crate::grouping::Groups;
use crate::report::words::Words;
use crate::schema::{FieldId, Frame, FrameId};
use crate::syntax::tree::Language;
use std::io::Result;

/// What was sent to a group.
pub struct Sent {
    /// The whole name of the group; `None` for what belongs to none.
    pub group: Option<String>,
    /// What it is called.
    pub title: String,
    /// The name of its workbook.
    pub file: String,
    /// The sheets of rows.
    pub sheets: Vec<SentSheet>,
    /// Its findings, by their numbers.
    pub findings: Vec<usize>,
    /// What tells that a workbook is the one that was sent: a digest of what may be changed in it.
    pub digest: String,
}

impl Sent {
    /// The name of the paper beside the workbook.
    #[must_use]
    pub fn letter(&self) -> String {
        format!("{}.docx", self.file.strip_suffix(".xlsx").unwrap_or(&self.file))
    }
}

/// A sheet of rows.
pub struct SentSheet {
    /// Its name.
    pub name: String,
    /// What it holds: `table`, `table.list`.
    pub key: String,
    /// What it holds.
    pub frame: FrameId,
    /// Whether the group may change it.
    pub own: bool,
    /// The headings of its columns.
    pub headings: Vec<String>,
    /// The field of each column; `None` for the key of the row an element belongs to.
    pub fields: Vec<Option<FieldId>>,
    /// Whether a column may not be changed where there is a row.
    pub kept: Vec<bool>,
    /// The column of the key of a table's rows.
    pub key_column: Option<usize>,
    /// The column by which the rows of a table go on to their groups.
    pub group_column: Option<usize>,
    /// Its rows, in order.
    pub rows: Vec<usize>,
    /// The rows they belong to; empty for a table.
    pub owners: Vec<usize>,
    /// The text of each cell of each row.
    pub cells: Vec<Vec<String>>,
}

/// What was sent to each group of a round.
///
/// # Errors
/// None: the sheets are only looked at.
pub fn sent(
    report: &Report,
    rows: &Groups<'_>,
    (language, round): (Language, &Round),
) -> Result<Vec<Sent>> {
    let grouped = Grouped { report, rows, words: Words::of(language), round: Some(round) };
    let mut all = Vec::new();
    grouped.each(|_, file, book| {
        let plan = Plan::new(book, rows);
        all.push(Sent {
            group: book.key.map(str::to_owned),
            title: book.group.unwrap_or_default().to_owned(),
            file: file.to_owned(),
            sheets: plan.sheets.iter().map(|sheet| of(rows, sheet, language)).collect(),
            findings: book.findings.to_vec(),
            digest: digest(rows, &plan, language),
        });
        Ok(())
    })?;
    Ok(all)
}

/// A digest of the sheets that may be changed.
pub(super) fn digest(rows: &Groups<'_>, plan: &Plan, language: Language) -> String {
    let mut parts = Vec::new();
    let mut sheets: Vec<&Sheet> = plan.sheets.iter().filter(|sheet| sheet.returns).collect();
    sheets.sort_by(|one, other| one.name.cmp(&other.name));
    for sheet in sheets {
        let SentSheet { name, headings, cells, .. } = of(rows, sheet, language);
        parts.extend(std::iter::once(name).chain(headings));
        parts.extend(cells.into_iter().flatten());
    }
    Fingerprint::of_texts(parts.iter().map(String::as_str)).to_string()
}

/// A value as a workbook shows it, all of it; `None` where nothing was given.
#[must_use]
pub fn cell_text(run: &Run, at: At, language: Language) -> Option<String> {
    plain(cell(run, at, language))
}

/// The elements of a list of plain values or citations, as a workbook shows each.
#[must_use]
pub fn elements_text(run: &Run, at: At, list: FrameId, language: Language) -> Vec<String> {
    elements(run, at, list, language).collect()
}

fn plain(cell: Cell) -> Option<String> {
    match cell {
        Cell::Empty => None,
        Cell::Text(text) => Some(text),
        Cell::Number(number) => Some(number.to_string()),
        Cell::Date(day) => Some(day.to_string()),
    }
}

fn of(rows: &Groups<'_>, sheet: &Sheet, language: Language) -> SentSheet {
    let field = |column: &Column| match column {
        Column::Owner(..) => None,
        Column::Value(field) | Column::Several(field, _) => Some(*field),
    };
    let text = |position: usize, column: &Column| {
        let Some(at) = sheet.at(position, *column) else { return String::new() };
        let value = match column {
            Column::Several(_, list) => several(rows.run, at, *list, language),
            _ => cell(rows.run, at, language),
        };
        plain(value).unwrap_or_default()
    };
    let line = |position| sheet.columns.iter().map(|column| text(position, column)).collect();
    let columns = || sheet.columns.iter();
    let shape = rows.run.schema().frame(sheet.frame).filter(|shape| shape.parent.is_none());
    let first = rows.by.as_ref().and_then(|by| by.first(sheet.frame));
    let column = |wanted: Option<FieldId>| {
        let wanted = wanted.filter(|_| shape.is_some())?;
        sheet.columns.iter().position(|column| field(column) == Some(wanted))
    };
    SentSheet {
        name: sheet.name.clone(),
        key: sheet.key.clone(),
        frame: sheet.frame,
        own: sheet.returns,
        headings: columns().map(|column| heading(rows.run, language, sheet, *column)).collect(),
        fields: columns().map(field).collect(),
        key_column: column(shape.and_then(Frame::key)),
        group_column: column(first),
        kept: columns().map(|column| is_kept(rows, sheet, *column)).collect(),
        rows: sheet.rows.clone(),
        owners: sheet.owners.clone(),
        cells: (0..sheet.rows.len()).map(line).collect(),
    }
}

/// A column of the sheet of findings that matters when it comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Returned {
    /// The answer.
    Answer,
    /// Its reason.
    Reason,
    /// The fingerprint of the finding.
    Fingerprint,
    /// What is wrong.
    Problem,
    /// The row.
    Row,
}

/// What a column of the sheet of findings is, by its heading in either language.
#[must_use]
pub fn column_of(heading: &str) -> Option<Returned> {
    Some(match finding::column_called(heading)? {
        Of::Answer => Returned::Answer,
        Of::Reason => Returned::Reason,
        Of::Fingerprint => Returned::Fingerprint,
        Of::Problem => Returned::Problem,
        Of::Row => Returned::Row,
        _ => return None,
    })
}
