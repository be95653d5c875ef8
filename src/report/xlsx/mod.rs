//! Rank 5: the format `xlsx`: a workbook for all, or one for each group: its rows as declared with
//! the cells marked, its findings, and a column for the answer. Its sheets are read back as they
//! are.

mod about;
mod cell;
mod finding;
mod listing;
mod mark;
mod name;
mod plan;
mod sheet;
mod style;

pub use listing::listings;
pub use name::{file_name, is_device};

use super::rows::{self, Grouping, Rows};
use super::words::Words;
use crate::finding::Report;
use crate::schema::FrameId;
use crate::syntax::tree::Language;
use crate::value::date::parse_date;
use crate::visible::visible;
use plan::Plan;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, Worksheet, XlsxError};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Error, Result};

/// What goes into the workbook of a group: findings, and rows of each table.
#[derive(Default)]
struct Part {
    findings: Vec<usize>,
    tables: BTreeMap<FrameId, Vec<usize>>,
}

/// One workbook in the making.
struct Book<'b, 'r> {
    report: &'b Report<'b>,
    rows: Option<&'b Rows<'r>>,
    words: &'static Words,
    /// The group it is for, and what groups are made by.
    group: Option<&'b str>,
    by: Option<Grouping>,
    /// Its findings, in report order.
    findings: &'b [usize],
    /// Its rows of each table, in order.
    tables: &'b BTreeMap<FrameId, Vec<usize>>,
}

/// The workbook of the whole run.
///
/// # Errors
/// Where a sheet cannot hold what belongs in it.
pub fn workbook(report: &Report, rows: Option<&Rows<'_>>, language: Language) -> Result<Vec<u8>> {
    let findings: Vec<usize> = (0..report.findings.len()).collect();
    let mut tables = BTreeMap::new();
    if let Some(rows) = rows {
        for (frame, _) in findings.iter().filter_map(|&index| rows::root(rows.run, index)) {
            tables.entry(frame).or_insert_with(|| {
                (0..rows.run.evaluator.frame(frame).map_or(0, |data| data.len)).collect()
            });
        }
    }
    Book {
        report,
        rows,
        words: Words::of(language),
        group: None,
        by: None,
        findings: &findings,
        tables: &tables,
    }
    .bytes()
}

/// A workbook for each group that has rows or findings, in order, and one for what belongs to none;
/// `take` is given name and bytes.
///
/// # Errors
/// Where a sheet cannot hold what belongs in it, or `take` fails.
pub fn workbooks(
    report: &Report,
    rows: &Rows<'_>,
    by: Grouping,
    language: Language,
    mut take: impl FnMut(&str, &[u8]) -> Result<()>,
) -> Result<()> {
    let words = Words::of(language);
    let program = rows.run.program();
    let mut parts: BTreeMap<Option<String>, Part> = BTreeMap::new();
    let group = |row| by.of(rows.run, row).map(|group| words.pick(&group).to_owned());
    for (frame, _) in
        program.schema.tables().filter(|(frame, shape)| by.covers(program, *frame) && !shape.single)
    {
        for row in 0..rows.run.evaluator.frame(frame).map_or(0, |data| data.len) {
            parts
                .entry(group((frame, row)))
                .or_default()
                .tables
                .entry(frame)
                .or_default()
                .push(row);
        }
    }
    for index in 0..report.findings.len() {
        let root = rows::root(rows.run, index);
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
        let book = Book {
            report,
            rows: Some(rows),
            words,
            group: Some(title),
            by: Some(by),
            findings,
            tables,
        };
        take(&name::unique(&file_name(title), ".xlsx", &mut taken), &book.bytes()?)?;
    }
    Ok(())
}

impl Book<'_, '_> {
    fn bytes(&self) -> Result<Vec<u8>> {
        self.build().map_err(Error::other)
    }

    fn build(&self) -> std::result::Result<Vec<u8>, XlsxError> {
        let mut workbook = Workbook::new();
        workbook.set_properties(&self.properties()?);
        let mut plan = self.rows.map(|rows| Plan::new(self, rows)).unwrap_or_default();
        let marks = mark::marks(self, &plan.several);
        plan.order(&marks);
        finding::write(
            self,
            &plan,
            &marks,
            worksheet(&mut workbook, self.findings.len() * finding::COLUMNS.len())?,
        )?;
        about::write(self, &plan, workbook.add_worksheet())?;
        if let Some(rows) = self.rows {
            for sheet in &plan.sheets {
                sheet::write(
                    sheet,
                    (rows, self.words, &marks),
                    worksheet(&mut workbook, sheet.rows.len() * sheet.columns.len())?,
                )?;
            }
        }
        workbook.save_to_buffer()
    }

    /// Two runs write the same bytes: the workbook is as old as the day judged for.
    fn properties(&self) -> std::result::Result<DocProperties, XlsxError> {
        let day = parse_date(&self.report.as_of).filter(|day| day.year() >= 1980);
        let part = |number: i8| u8::try_from(number).unwrap_or(1);
        let created = match day {
            Some(day) => ExcelDateTime::from_ymd(
                u16::try_from(day.year()).unwrap_or(1980),
                part(day.month()),
                part(day.day()),
            )?,
            None => ExcelDateTime::from_ymd(1980, 1, 1)?,
        };
        Ok(DocProperties::new()
            .set_title(&*visible(&self.report.project))
            .set_author("fanshi")
            .set_creation_datetime(&created))
    }
}

/// A sheet of a workbook has this many cells before they are kept in a file without a name, row by
/// row.
const LARGE: usize = 50_000;

/// A new sheet for so many cells, written from top to bottom. Where no such file can be made, it is
/// kept in memory.
fn worksheet(
    workbook: &mut Workbook,
    cells: usize,
) -> std::result::Result<&mut Worksheet, XlsxError> {
    if cells < LARGE || workbook.add_worksheet_with_low_memory().is_err() {
        return Ok(workbook.add_worksheet());
    }
    let last = workbook.worksheets().len() - 1;
    workbook.worksheet_from_index(last)
}
