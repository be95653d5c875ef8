//! Rank 5: what was sent to each group, as it can be compared with what comes back: the sheets of its
//! workbook, cell by cell.

use super::cell::{Cell, cell, several};
use super::finding::{self, Column as Of};
use super::plan::{Column, Plan, Sheet};
use super::sheet::{heading, is_kept};
use super::{Grouped, Round};
use crate::finding::Report;
use crate::grouping::Groups;
use crate::report::words::Words;
use crate::schema::{FieldId, FrameId};
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
        });
        Ok(())
    })?;
    Ok(all)
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
        match value {
            Cell::Empty => String::new(),
            Cell::Text(text) => text,
            Cell::Number(number) => number.to_string(),
            Cell::Date(day) => day.to_string(),
        }
    };
    let line = |position| sheet.columns.iter().map(|column| text(position, column)).collect();
    let columns = || sheet.columns.iter();
    SentSheet {
        name: sheet.name.clone(),
        key: sheet.key.clone(),
        frame: sheet.frame,
        own: sheet.returns,
        headings: columns().map(|column| heading(rows.run, language, sheet, *column)).collect(),
        fields: columns().map(field).collect(),
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
