//! Rank 5: the sheet of findings, gravest first, with columns for the answer: what a screen has
//! room for, then, hidden, what tells a finding apart.

use super::mark::{self, At, Marks, cells};
use super::plan::{self, Plan};
use super::round::{Answer, Earlier};
use super::{Book, style};
use crate::finding::{Finding, Weight};
use crate::grouping::{Grouping, Groups};
use crate::report::block::location;
use crate::report::groups::name;
use crate::report::phrase;
use crate::report::told;
use crate::report::words::Words;
use crate::visible::visible;
use rust_xlsxwriter::{
    DataValidation, DataValidationErrorStyle, Format, ProtectionOptions, Url, Worksheet, XlsxError,
};
use std::collections::BTreeMap;

/// A workbook has at most this many links on a sheet.
const LINKS: u32 = 60_000;

/// A column of the sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    Outcome,
    Group,
    Row,
    Problem,
    Declared,
    Place,
    Answer,
    Reason,
    /// From here on hidden.
    Article,
    Table,
    Key,
    Title,
    Element,
    Was,
    Required,
    Help,
    Cites,
    Fingerprint,
}

/// The columns with their headings and widths; that of the group is there only in a workbook that
/// is not of one.
pub(super) const COLUMNS: [(Column, &str, &str, f64); 18] = [
    (Column::Outcome, "结果", "outcome", 9.0),
    (Column::Group, "", "", 14.0),
    (Column::Row, "事项", "row", 22.0),
    (Column::Problem, "问题", "finding", 40.0),
    (Column::Declared, "填报→应为", "declared → required", 19.0),
    (Column::Place, "位置", "place", 13.0),
    (Column::Answer, "答复", "answer", 10.0),
    (Column::Reason, "理由", "reason", 22.0),
    (Column::Article, "条文", "article", 20.0),
    (Column::Table, "表", "table", 9.0),
    (Column::Key, "主键", "key", 12.0),
    (Column::Title, "名称", "title", 18.0),
    (Column::Element, "项", "element", 12.0),
    (Column::Was, "填报", "declared", 8.0),
    (Column::Required, "应为", "required", 8.0),
    (Column::Help, "建议", "help", 20.0),
    (Column::Cites, "根据", "cites", 14.0),
    (Column::Fingerprint, "编号", "fingerprint", 18.0),
];

/// Writes the sheet.
pub(super) fn write(
    book: &Book<'_, '_>,
    plan: &Plan,
    marks: &Marks,
    out: &mut Worksheet,
) -> Result<(), XlsxError> {
    let words = book.words;
    out.set_name(plan::findings_name(words))?;
    let placed = plan.placed(marks);
    let mut sheet = Page { book, plan, placed, columns: columns(book), line: 0, out };
    sheet.headings()?;
    for index in told::gravest_first(book.report, book.rows, book.findings) {
        sheet.finding(index)?;
    }
    for (at, said) in unread(book, plan) {
        sheet.unread(at, &said)?;
    }
    sheet.finish()
}

/// The heading of a column.
fn heading(words: &Words, of: (Column, &'static str, &'static str, f64)) -> &'static str {
    words.choose(of.1, of.2)
}

/// What the columns of a returned sheet are, by their headings in either language.
pub(super) fn column_called(text: &str) -> Option<Column> {
    let text = text.trim();
    // Some words head two columns in English: the first is the visible one.
    COLUMNS
        .iter()
        .find(|(_, zh, en, _)| !zh.is_empty() && (*zh == text || *en == text))
        .map(|c| c.0)
}

/// The cells that could not be read: what is said of each.
fn unread(book: &Book<'_, '_>, plan: &Plan) -> Vec<(At, String)> {
    let Some(rows) = book.rows else { return Vec::new() };
    let said = |at: At| Some((at, book.words.pick(&mark::unread(rows.run, at)?).to_owned()));
    plan.unread(rows.run).into_iter().filter_map(said).collect()
}

/// The groups that a workbook tells apart: those of all, where it is not of one.
fn groups<'b>(book: &'b Book<'_, '_>) -> Option<(&'b Groups<'b>, &'b Grouping)> {
    let rows: &Groups<'_> = book.rows.filter(|_| book.group.is_none())?;
    Some((rows, rows.by.as_ref()?))
}

/// The columns of a workbook with their headings.
fn columns(book: &Book<'_, '_>) -> Vec<(Column, String, f64)> {
    let words = book.words;
    let group = groups(book).map(|(groups, by)| by.heading(groups.run.schema()));
    let titled = |of: &(Column, &'static str, &'static str, f64)| match (of.0, &group) {
        (Column::Group, None) => None,
        (Column::Group, Some(group)) => Some((of.0, words.pick(group).to_owned(), of.3)),
        _ => Some((of.0, heading(words, *of).to_owned(), of.3)),
    };
    COLUMNS.iter().filter_map(titled).collect()
}

/// What the group of a finding is called; nothing for one that is about no row.
fn group(groups: &Groups<'_>, words: &Words, finding: usize) -> String {
    let at = groups.run.row_of(finding).and_then(|row| groups.position(row));
    let found = at.and_then(|at| groups.list.get(at));
    found.map_or_else(String::new, |group| name(words, group))
}

/// A link to a cell of another sheet.
pub(super) fn link(sheet: &str, row: u32, column: u16) -> Url {
    let name = rust_xlsxwriter::utility::row_col_to_cell(row, column);
    Url::new(format!("internal:'{}'!{name}", sheet.replace('\'', "''")))
        .set_text(format!("{sheet}!{name}"))
}

/// The sheet in the making.
struct Page<'p, 'b, 'r> {
    book: &'p Book<'b, 'r>,
    plan: &'p Plan,
    placed: BTreeMap<At, (&'p str, u32, u16)>,
    columns: Vec<(Column, String, f64)>,
    /// The last line that is written.
    line: u32,
    out: &'p mut Worksheet,
}

impl Page<'_, '_, '_> {
    fn headings(&mut self) -> Result<(), XlsxError> {
        let format = style::heading();
        for (at, (column, title, width)) in (0..).zip(&self.columns) {
            self.out.set_column_width(at, *width)?;
            style::text(self.out, (0, at), title, &format)?;
            if is_hidden(*column) {
                self.out.set_column_hidden(at)?;
            }
        }
        Ok(())
    }

    fn finding(&mut self, index: usize) -> Result<(), XlsxError> {
        let book = self.book;
        let finding = book.report.findings.get(index);
        let earlier = book.round.and_then(|round| round.earlier.get(&finding.fingerprint));
        let place = book.rows.and_then(|rows| {
            let free = mark::empty_list(rows, index).and_then(|list| self.plan.free(list));
            let cells = || cells(rows, &self.plan.several, index);
            free.or_else(|| cells().into_iter().find_map(|at| self.placed.get(&at).copied()))
        });
        let text = |column| text(book, (index, &finding), earlier, column);
        let weight = finding.weight;
        self.row(weight, text, place, earlier)
    }

    fn unread(&mut self, at: At, said: &str) -> Result<(), XlsxError> {
        let words = self.book.words;
        let rows = self.book.rows;
        let row = rows.map(|rows| rows.run.subject(at.0, at.1));
        let row = row.map_or_else(String::new, |row| phrase::row(words, &row));
        let place = self.placed.get(&at).copied();
        let text = |column| match column {
            Column::Outcome => words.choose("读不出", "unread").to_owned(),
            Column::Row => row.clone(),
            Column::Problem => said.to_owned(),
            _ => String::new(),
        };
        self.row(Weight::Error, text, place, None)
    }

    fn row(
        &mut self,
        weight: Weight,
        text: impl Fn(Column) -> String,
        place: Option<(&str, u32, u16)>,
        earlier: Option<&Earlier>,
    ) -> Result<(), XlsxError> {
        self.line += 1;
        let line = self.line;
        let (plain, answer) = (style::plain(), style::answer());
        let mut lines = 1.0_f64;
        let words = self.book.words;
        for (at, (column, _, width)) in (0..).zip(&self.columns) {
            if let (Column::Place, Some((sheet, row, cell))) = (column, place)
                && line <= LINKS
            {
                self.out.write_url_with_format(line, at, link(sheet, row, cell), &plain)?;
                continue;
            }
            let said = match (column, earlier) {
                (Column::Answer, Some(earlier)) => {
                    earlier.kept().map_or_else(String::new, |said| said.word(words).to_owned())
                }
                (Column::Reason, Some(earlier)) if earlier.kept().is_some() => {
                    earlier.reason.clone()
                }
                (Column::Answer | Column::Reason, _) => String::new(),
                _ => text(*column),
            };
            let marked: Format;
            let format = match column {
                Column::Outcome => {
                    marked = style::marked(weight);
                    &marked
                }
                Column::Answer | Column::Reason => &answer,
                _ => &plain,
            };
            let shown = visible(&said).replace('␁', "\n");
            style::text(self.out, (line, at), &shown, format)?;
            if !is_hidden(*column) {
                lines = lines.max(style::lines(&shown, *width));
            }
        }
        self.out.set_row_height(line, style::height(lines)).map(|_| ())
    }

    fn finish(self) -> Result<(), XlsxError> {
        let (book, last) = (self.book, self.line);
        let at = |wanted: Column| {
            let at = self.columns.iter().position(|(column, ..)| *column == wanted);
            at.and_then(|at| u16::try_from(at).ok()).unwrap_or(0)
        };
        let (answer, reason) = (at(Column::Answer), at(Column::Reason));
        if last > 0 {
            self.out.add_data_validation(1, answer, last, answer, &choice(book.words)?)?;
            let said = book.words.choose("理由", "Reason");
            let hint = book.words.choose(
                "答“不改”的，写明为什么可以不改、依据是什么；“要商量”的，写明商量什么。",
                "Where a value stands, why, and by what authority; where it is to be discussed, what.",
            );
            let note = DataValidation::new()
                .allow_any_value()
                .set_input_title(said)?
                .set_input_message(hint)?;
            self.out.add_data_validation(1, reason, last, reason, &note)?;
        }
        self.out.set_freeze_panes(1, 2)?;
        let end = u16::try_from(self.columns.len().saturating_sub(1)).unwrap_or(u16::MAX);
        self.out.autofilter(0, 0, last, end)?;
        if book.round.is_some() {
            self.out.protect_with_options(&protection());
        }
        self.out.set_print_area(0, 0, last, reason)?;
        style::paper(self.out)
    }
}

/// What may be done on a protected sheet.
pub(super) fn protection() -> ProtectionOptions {
    ProtectionOptions {
        format_columns: true,
        format_rows: true,
        insert_rows: true,
        delete_rows: true,
        sort: true,
        use_autofilter: true,
        ..ProtectionOptions::new()
    }
}

fn is_hidden(column: Column) -> bool {
    use Column as C;
    !matches!(
        column,
        C::Outcome
            | C::Group
            | C::Row
            | C::Problem
            | C::Declared
            | C::Place
            | C::Answer
            | C::Reason
    )
}

/// The answers that are offered; no other passes.
fn choice(words: &Words) -> Result<DataValidation, XlsxError> {
    let answers = Answer::ALL.map(|answer| answer.word(words));
    DataValidation::new()
        .allow_list_strings(&answers)?
        .set_error_style(DataValidationErrorStyle::Stop)
        .set_input_title(words.choose("答复", "Answer"))?
        .set_input_message(words.choose(
            "已改正：已经在后面的表里改好。不改：填报没有错，写明理由。要商量：拿不准，写明商量什么。",
            "mended: put right in the sheets that follow. stands: the value is right; say why. \
                to be discussed: say what.",
        ))?
        .set_error_title(words.choose("答复", "Answer"))?
        .set_error_message(words.choose(
            "只能选：已改正、不改、要商量。要说的话写在“理由”一列。",
            "Choose one of: mended, stands, to be discussed. The next column has room for words.",
        ))
}

/// What a column says of a finding.
fn text(
    book: &Book<'_, '_>,
    (index, finding): (usize, &Finding),
    earlier: Option<&Earlier>,
    column: Column,
) -> String {
    let words = book.words;
    let said = |text: &Option<crate::diagnostic::Bilingual>| {
        text.as_ref().map_or("", |text| words.pick(text)).to_owned()
    };
    let subject = finding.subject.as_ref();
    match column {
        Column::Outcome => words.outcome(finding.outcome, finding.weight).to_owned(),
        Column::Group => {
            groups(book).map_or_else(String::new, |(groups, _)| group(groups, words, index))
        }
        Column::Row => subject.map_or_else(String::new, |subject| phrase::row(words, subject)),
        Column::Problem => {
            let plainly = book.round.is_some();
            told::problem(words, book.report, (index, finding), (earlier, plainly)).join("\u{1}")
        }
        Column::Declared => told::declared(words, finding),
        Column::Place => {
            let place = finding.evidence.first();
            place.map_or_else(String::new, |evidence| location("", &evidence.place))
        }
        Column::Answer | Column::Reason => String::new(),
        Column::Article => phrase::all_headings(words, book.report, index, finding).join("\u{1}"),
        Column::Table => {
            subject.map_or_else(String::new, |subject| words.pick(&subject.table).to_owned())
        }
        Column::Key => {
            subject.map_or_else(String::new, |subject| words.pick(&subject.name()).to_owned())
        }
        Column::Title => subject.and_then(|subject| subject.title.clone()).unwrap_or_default(),
        Column::Element => subject
            .and_then(|subject| subject.path.as_ref())
            .map_or_else(String::new, |path| words.path(words.pick(path))),
        Column::Was => said(&finding.declared),
        Column::Required => said(&finding.demanded),
        Column::Help => said(&finding.help),
        Column::Cites => finding.cite.join(words.pause),
        Column::Fingerprint => finding.fingerprint.clone(),
    }
}
