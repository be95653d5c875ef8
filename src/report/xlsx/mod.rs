//! Rank 5: the format `xlsx`: a workbook for all, or one for each group: its rows as declared with the cells marked, its findings, and a
//! column for the answer. Its sheets are read back as they are.

mod about;
mod cell;
mod finding;
mod listing;
mod name;
mod sheet;
mod style;

pub use listing::listings;
pub use name::{file_name, is_device};

use super::rows::{self, Grouping, Rows};
use super::words::Words;
use crate::finding::{Outcome, Report, Weight};
use crate::schema::{FieldId, FrameId};
use crate::syntax::tree::Language;
use crate::value::date::parse_date;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Error, Result};

/// A cell of a sheet of rows: frame, row, field.
type At = (FrameId, usize, FieldId);

/// What is said at a cell: how grave, and what.
type Marks = BTreeMap<At, (Weight, Vec<String>)>;

/// Where a cell ended up: sheet, row and column from 0.
type Placed = BTreeMap<At, (String, u32, u16)>;

/// What goes into the workbook of a group: findings, and rows of each table.
#[derive(Default)]
struct Part {
    findings: Vec<usize>,
    tables: BTreeMap<FrameId, Vec<usize>>,
}

/// One workbook in the making.
struct Book<'b, 'r, 'e, 'a> {
    report: &'b Report<'b>,
    rows: Option<&'b Rows<'r, 'e, 'a>>,
    words: &'static Words,
    /// The group it is for.
    group: Option<&'b str>,
    /// Its findings, in report order.
    findings: &'b [usize],
    /// Its rows of each table, in order.
    tables: &'b BTreeMap<FrameId, Vec<usize>>,
}

/// The workbook of the whole run.
///
/// # Errors
/// Where a sheet cannot hold what belongs in it.
pub fn workbook(report: &Report, rows: Option<&Rows<'_, '_, '_>>, language: Language) -> Result<Vec<u8>> {
    let findings: Vec<usize> = (0..report.findings.len()).collect();
    let mut tables = BTreeMap::new();
    if let Some(rows) = rows {
        for (frame, _) in findings.iter().filter_map(|&index| rows::root(rows.explainer, index)) {
            tables.entry(frame).or_insert_with(|| (0..rows.explainer.evaluator.frame(frame).map_or(0, |data| data.len)).collect());
        }
    }
    Book { report, rows, words: Words::of(language), group: None, findings: &findings, tables: &tables }.bytes()
}

/// A workbook for each group that has rows or findings, in order, and one for what belongs to none; `take` is given name and bytes.
///
/// # Errors
/// Where a sheet cannot hold what belongs in it, or `take` fails.
pub fn workbooks(
    report: &Report,
    rows: &Rows<'_, '_, '_>,
    by: Grouping,
    language: Language,
    mut take: impl FnMut(&str, &[u8]) -> Result<()>,
) -> Result<()> {
    let words = Words::of(language);
    let program = rows.explainer.program();
    let mut parts: BTreeMap<Option<String>, Part> = BTreeMap::new();
    let group = |row| by.of(rows.explainer, row).map(|group| words.pick(&group).to_owned());
    for (frame, _) in program.schema.tables().filter(|(frame, shape)| by.covers(program, *frame) && !shape.single) {
        for row in 0..rows.explainer.evaluator.frame(frame).map_or(0, |data| data.len) {
            parts.entry(group((frame, row))).or_default().tables.entry(frame).or_default().push(row);
        }
    }
    for index in 0..report.findings.len() {
        let root = rows::root(rows.explainer, index);
        let part = parts.entry(root.and_then(group)).or_default();
        part.findings.push(index);
        if let Some((frame, row)) = root.filter(|(frame, _)| !by.covers(program, *frame)) {
            let list = part.tables.entry(frame).or_default();
            if !list.contains(&row) {
                list.push(row);
            }
        }
    }
    let mut taken = BTreeSet::new();
    for (group, Part { findings, tables }) in &parts {
        let title = group.as_deref().unwrap_or_else(|| words.choose("不属任何一组", "no group"));
        let book = Book { report, rows: Some(rows), words, group: Some(title), findings, tables };
        take(&name::unique(&file_name(title), ".xlsx", &mut taken), &book.bytes()?)?;
    }
    Ok(())
}

impl Book<'_, '_, '_, '_> {
    fn bytes(&self) -> Result<Vec<u8>> {
        self.build().map_err(Error::other)
    }

    fn build(&self) -> std::result::Result<Vec<u8>, XlsxError> {
        let mut workbook = Workbook::new();
        workbook.set_properties(&self.properties()?);
        let marks = self.marks();
        let sheets = self.rows.map(|rows| sheet::plan(self, rows)).unwrap_or_default();
        about::write(self, &sheets, workbook.add_worksheet())?;
        // The sheet of findings comes second, and points into the sheets after it.
        let placed: Placed = sheets.iter().flat_map(|sheet| sheet.places()).collect();
        finding::write(self, &placed, workbook.add_worksheet())?;
        if let Some(rows) = self.rows {
            for sheet in &sheets {
                sheet.write(rows, self.words, &marks, workbook.add_worksheet())?;
            }
        }
        workbook.save_to_buffer()
    }

    /// Two runs write the same bytes: the workbook is as old as the day judged for.
    fn properties(&self) -> std::result::Result<DocProperties, XlsxError> {
        let day = parse_date(&self.report.as_of).filter(|day| day.year() >= 1980);
        let part = |number: i8| u8::try_from(number).unwrap_or(1);
        let created = match day {
            Some(day) => ExcelDateTime::from_ymd(u16::try_from(day.year()).unwrap_or(1980), part(day.month()), part(day.day()))?,
            None => ExcelDateTime::from_ymd(1980, 1, 1)?,
        };
        Ok(DocProperties::new().set_title(&self.report.project).set_author("fanshi").set_creation_datetime(&created))
    }

    /// What is said at which cell: the facts of a finding that lie in its own row, or else the key of the row.
    fn marks(&self) -> Marks {
        let mut marks = Marks::new();
        let Some(rows) = self.rows else { return marks };
        for &index in self.findings {
            for at in cells(rows, index) {
                let finding = self.report.findings.get(index);
                let kind = self.words.outcome(finding.outcome, finding.weight);
                let heading = self.words.pick(&finding.heading);
                let text = format!("{kind}{}{}\n{heading}", self.words.colon, self.words.pick(&finding.message));
                let weight = if finding.outcome == Outcome::Waived { Weight::Warning } else { finding.weight };
                let mark = marks.entry(at).or_insert((weight, Vec::new()));
                mark.0 = mark.0.min(weight);
                mark.1.push(text);
            }
        }
        marks
    }
}

/// The cells of its own row that a finding is about.
fn cells(rows: &Rows<'_, '_, '_>, finding: usize) -> Vec<At> {
    let explainer = rows.explainer;
    let schema = &explainer.program().schema;
    let Some(root) = rows::root(explainer, finding) else { return Vec::new() };
    let own = |frame: FrameId, row: usize| (schema.root(frame), explainer.root_row(frame, row)) == root;
    let facts = explainer.facts(finding).into_iter().filter(|fact| own(fact.frame, fact.row));
    // A list has no cell of its own: the row's key stands for it.
    let cell = |(frame, row, field): At| match schema.field(frame, field)?.ty {
        crate::schema::Type::List(_) => Some((frame, row, first(schema, frame)?)),
        _ => Some((frame, row, field)),
    };
    let mut cells: Vec<At> = facts.filter_map(|fact| cell((fact.frame, fact.row, fact.field))).collect();
    if cells.is_empty() {
        cells.extend(first(schema, root.0).map(|field| (root.0, root.1, field)));
    }
    cells.sort_unstable();
    cells.dedup();
    cells
}

/// The field that stands for a row: its key, else its first plain one.
fn first(schema: &crate::schema::Schema, frame: FrameId) -> Option<FieldId> {
    let shape = schema.frame(frame)?;
    let plain = (0..).map(FieldId).zip(&shape.fields).find(|(_, field)| !matches!(field.ty, crate::schema::Type::List(_)));
    shape.key().or(plain.map(|(id, _)| id))
}
