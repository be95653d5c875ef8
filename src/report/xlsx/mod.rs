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
pub use name::file_name;

use super::words::Words;
use crate::engine::RowRef;
use crate::finding::Report;
use crate::grouping::Groups;
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
    rows: Option<&'b Groups<'r>>,
    words: &'static Words,
    /// What it is called where it is for one group, or for what belongs to none.
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
pub fn workbook(report: &Report, rows: Option<&Groups<'_>>, language: Language) -> Result<Vec<u8>> {
    let findings: Vec<usize> = (0..report.findings.len()).collect();
    let mut tables = BTreeMap::new();
    if let Some(rows) = rows {
        for row in findings.iter().filter_map(|&index| rows.run.row_of(index)) {
            tables
                .entry(row.frame)
                .or_insert_with(|| (0..rows.run.len(row.frame)).collect::<Vec<_>>());
        }
    }
    let words = Words::of(language);
    Book { report, rows, words, group: None, findings: &findings, tables: &tables }.bytes()
}

/// A workbook for each group, in order, and one for what belongs to none; `take` is given name and
/// bytes. None at all where nothing is grouped.
///
/// # Errors
/// Where a sheet cannot hold what belongs in it, or `take` fails.
pub fn workbooks(
    report: &Report,
    rows: &Groups<'_>,
    language: Language,
    mut take: impl FnMut(&str, &[u8]) -> Result<()>,
) -> Result<()> {
    let Some(by) = &rows.by else { return Ok(()) };
    let words = Words::of(language);
    // Each has its place, that of none the last.
    let mut parts: BTreeMap<usize, Part> = BTreeMap::new();
    let none = rows.list.iter().take_while(|group| group.key.is_some()).count();
    let schema = rows.run.schema();
    for (frame, _) in schema.tables().filter(|(frame, shape)| by.covers(*frame) && !shape.single) {
        for row in 0..rows.run.len(frame) {
            let at = rows.position(RowRef { frame, row }).unwrap_or(none);
            parts.entry(at).or_default().tables.entry(frame).or_default().push(row);
        }
    }
    for index in 0..report.findings.len() {
        let row = rows.run.row_of(index);
        let part = parts.entry(row.and_then(|row| rows.position(row)).unwrap_or(none)).or_default();
        part.findings.push(index);
        if let Some(RowRef { frame, row }) = row.filter(|row| !by.covers(row.frame)) {
            let list = part.tables.entry(frame).or_default();
            if !list.contains(&row) {
                list.push(row);
            }
        }
    }
    let mut taken = BTreeSet::new();
    for (at, Part { findings, tables }) in &parts {
        let name = rows.list.get(*at).and_then(|group| group.shown.as_ref());
        let title =
            name.map_or(words.choose("不属任何一组", "no group"), |name| words.pick(name));
        let book = Book { report, rows: Some(rows), words, group: Some(title), findings, tables };
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
            worksheet(&mut workbook, self.findings.len() * (finding::COLUMNS.len() + 1))?,
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
