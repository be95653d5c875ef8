//! Rank 5: the format `xlsx`: a workbook for all, or one for each group: its rows as declared with
//! the cells marked, its findings, and a column for the answer. Its sheets are read back as they
//! are.

mod about;
mod cell;
mod finding;
mod guide;
mod listing;
mod mark;
mod name;
mod plan;
mod prose;
mod round;
mod sent;
mod sheet;
mod style;

pub use listing::listings;
pub use mark::{Marks, note};
pub use name::file_name;
pub use round::{Answer, Earlier, FORM, Round, SHEET};
pub use sent::{Returned, Sent, SentSheet, cell_text, column_of, elements_text, sent};
pub use style::tint;

use super::words::Words;
use crate::diagnostic::Bilingual;
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
    /// The whole name of its group; `None` for what belongs to none.
    key: Option<&'b str>,
    /// The round it is of.
    round: Option<&'b Round>,
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
    let (findings, tables) = (&*findings, &tables);
    Book { report, rows, words, group: None, key: None, round: None, findings, tables }.bytes()
}

/// What the workbooks of groups are of.
#[derive(Clone, Copy)]
struct Grouped<'g, 'r> {
    report: &'g Report<'g>,
    rows: &'g Groups<'r>,
    words: &'static Words,
    round: Option<&'g Round>,
}

/// A workbook for each group, in order, and one for what belongs to none; `take` is given name and
/// bytes. None at all where nothing is grouped. Those of a round hold the tables that the groups
/// answer for, and of others the rows there are findings about.
///
/// # Errors
/// Where a sheet cannot hold what belongs in it, or `take` fails.
pub fn workbooks(
    report: &Report,
    rows: &Groups<'_>,
    (language, round): (Language, Option<&Round>),
    mut take: impl FnMut(&str, &[u8]) -> Result<()>,
) -> Result<()> {
    let grouped = Grouped { report, rows, words: Words::of(language), round };
    grouped.each(|_, file, book| take(file, &book.bytes()?))
}

/// What goes to one group, beside its workbook.
pub struct Share<'s> {
    /// The group, by its place; that of what belongs to none comes after all others.
    pub at: usize,
    /// What it is called.
    pub title: &'s str,
    /// The name of its files, without an ending.
    pub file: &'s str,
    /// Its findings, in report order.
    pub findings: &'s [usize],
    /// The cells of its rows that could not be read: the row, and what is said of it.
    pub unread: Vec<(RowRef, Bilingual)>,
}

/// What goes to each group, with the same names as [`workbooks`].
///
/// # Errors
/// Where `take` fails.
pub fn shares(
    report: &Report,
    rows: &Groups<'_>,
    (language, round): (Language, Option<&Round>),
    mut take: impl FnMut(&Share<'_>) -> Result<()>,
) -> Result<()> {
    let grouped = Grouped { report, rows, words: Words::of(language), round };
    grouped.each(|at, file, book| {
        let unread = Plan::new(book, rows).unread(rows.run).into_iter().filter_map(|cell| {
            let row = RowRef { frame: cell.0, row: cell.1 };
            Some((row, mark::unread(rows.run, cell)?))
        });
        let file = file.strip_suffix(".xlsx").unwrap_or(file);
        let (title, findings) = (book.group.unwrap_or_default(), book.findings);
        take(&Share { at, title, file, findings, unread: unread.collect() })
    })
}

/// What is said at the cells of each group, wherever these stand: the group by its place, the name of
/// its files, without an ending, and what is said.
///
/// # Errors
/// Where `take` fails.
pub fn remarks(
    report: &Report,
    rows: &Groups<'_>,
    (language, round): (Language, &Round),
    mut take: impl FnMut(usize, &str, &Marks) -> Result<()>,
) -> Result<()> {
    let grouped = Grouped { report, rows, words: Words::of(language), round: Some(round) };
    grouped.each(|at, file, book| {
        let mut plan = Plan::new(book, rows);
        // Every element has its own place.
        plan.several.clear();
        take(at, file.strip_suffix(".xlsx").unwrap_or(file), &mark::marks(book, &plan))
    })
}

impl Grouped<'_, '_> {
    /// What goes into the workbook of each group, by its place; that of what belongs to none comes
    /// last.
    fn parts(&self) -> BTreeMap<usize, Part> {
        let mut parts: BTreeMap<usize, Part> = BTreeMap::new();
        let Some(by) = &self.rows.by else { return parts };
        let (rows, schema) = (self.rows, self.rows.run.schema());
        let none = rows.list.iter().take_while(|group| group.key.is_some()).count();
        let whole = |frame: FrameId| match self.round {
            Some(round) => round.own.contains(&frame),
            None => by.covers(frame),
        };
        for (frame, _) in schema.tables().filter(|(frame, shape)| whole(*frame) && !shape.single) {
            for row in 0..rows.run.len(frame) {
                let at = rows.position(RowRef { frame, row }).unwrap_or(none);
                parts.entry(at).or_default().tables.entry(frame).or_default().push(row);
            }
        }
        let mut met = BTreeSet::new();
        for index in 0..self.report.findings.len() {
            let row = rows.run.row_of(index);
            let at = row.and_then(|row| rows.position(row)).unwrap_or(none);
            let part = parts.entry(at).or_default();
            part.findings.push(index);
            if let Some(row) = row.filter(|row| !whole(row.frame) && met.insert(*row)) {
                part.tables.entry(row.frame).or_default().push(row.row);
            }
        }
        if let Some(round) = self.round {
            // Who answers for a table may add to it, though it has no row yet.
            for (_, part) in parts.iter_mut().filter(|(at, _)| **at < none) {
                for frame in &round.own {
                    part.tables.entry(*frame).or_default();
                }
            }
        }
        parts
    }

    /// Each workbook, with the name of its file.
    fn each(&self, mut take: impl FnMut(usize, &str, &Book<'_, '_>) -> Result<()>) -> Result<()> {
        let (report, rows, words, round) = (self.report, self.rows, self.words, self.round);
        let mut taken = BTreeSet::new();
        for (at, Part { findings, tables }) in &self.parts() {
            let group = rows.list.get(*at);
            let name = group.and_then(|group| group.shown.as_ref());
            let key = group.and_then(|group| group.name.as_ref()).map(|name| &*name.zh);
            let title = name
                .map_or(words.choose("不属任何一组", "no group"), |name| words.pick(name));
            let group = Some(title);
            let rows = Some(rows);
            let book = Book { report, rows, words, group, key, round, findings, tables };
            take(*at, &name::unique(&file_name(title), ".xlsx", &mut taken), &book)?;
        }
        Ok(())
    }
}

impl Book<'_, '_> {
    fn bytes(&self) -> Result<Vec<u8>> {
        self.build().map_err(Error::other)
    }

    fn build(&self) -> std::result::Result<Vec<u8>, XlsxError> {
        let mut workbook = Workbook::new();
        workbook.set_properties(&self.properties()?);
        let mut plan = self.rows.map(|rows| Plan::new(self, rows)).unwrap_or_default();
        let marks = mark::marks(self, &plan);
        plan.order(&marks);
        finding::write(
            self,
            &plan,
            &marks,
            worksheet(&mut workbook, self.findings.len() * (finding::COLUMNS.len() + 1))?,
        )?;
        match self.round {
            Some(_) => guide::write(self, &plan, workbook.add_worksheet())?,
            None => about::write(self, &plan, workbook.add_worksheet())?,
        }
        if let Some(rows) = self.rows {
            for sheet in &plan.sheets {
                sheet::write(
                    sheet,
                    (self, rows, &marks),
                    worksheet(&mut workbook, sheet.rows.len() * sheet.columns.len())?,
                )?;
            }
        }
        if let Some(round) = self.round {
            round::write(self, (round, &plan), workbook.add_worksheet())?;
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
