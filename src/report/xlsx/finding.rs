//! Rank 5: the sheet of findings, with columns for the answer.

use super::mark::{Marks, cells};
use super::plan::{self, Plan};
use super::{Book, style};
use crate::grouping::{Grouping, Groups};
use crate::report::block::location;
use crate::report::groups::name;
use crate::report::phrase;
use crate::report::words::Words;
use crate::visible::visible;
use rust_xlsxwriter::{DataValidation, DataValidationErrorStyle, Url, Worksheet, XlsxError};

/// A workbook has at most this many links on a sheet.
const LINKS: u32 = 60_000;

/// Columns and their widths; the last two are for the answer. A workbook that is not of one group
/// has one more, for the group.
pub(super) const COLUMNS: [(&str, &str, f64); 15] = [
    ("序号", "no.", 5.0),
    ("结果", "outcome", 9.0),
    ("条文", "article", 20.0),
    ("表", "table", 9.0),
    ("主键", "key", 12.0),
    ("名称", "title", 18.0),
    ("项", "element", 12.0),
    ("问题", "finding", 36.0),
    ("位置", "place", 16.0),
    ("填报", "declared", 8.0),
    ("应为", "required", 8.0),
    ("建议", "help", 20.0),
    ("根据", "cites", 14.0),
    ("答复", "answer", 12.0),
    ("理由", "reason", 22.0),
];

/// Before which of these columns that of the group stands, and how wide it is.
const GROUP: usize = 6;
const GROUP_WIDTH: f64 = 14.0;
/// The column of the place, as it is without that of the group.
const PLACE: u16 = 8;
/// The column of the answer, likewise.
const ANSWER: u16 = 13;

/// Writes the sheet.
pub(super) fn write(
    book: &Book<'_, '_>,
    plan: &Plan,
    marks: &Marks,
    out: &mut Worksheet,
) -> Result<(), XlsxError> {
    let words = book.words;
    out.set_name(plan::findings_name(words))?;
    let heading = style::heading();
    let columns = columns(book);
    for (column, (title, width)) in (0..).zip(&columns) {
        out.set_column_width(column, *width)?;
        style::text(out, (0, column), title, &heading)?;
    }
    let more = u16::try_from(columns.len() - COLUMNS.len()).unwrap_or(0);
    let (place, answer_at, reason) = (PLACE + more, ANSWER + more, ANSWER + more + 1);
    let (plain, answer) = (style::plain(), style::answer());
    let placed = plan.placed(marks);
    for (line, &index) in (1..).zip(book.findings) {
        row(book, (line, index), &columns, out)?;
        let cell = book.rows.and_then(|rows| {
            cells(rows, &plan.several, index).into_iter().find_map(|at| placed.get(&at))
        });
        if let Some((sheet, row, column)) = cell.filter(|_| line <= LINKS) {
            out.write_url_with_format(line, place, link(sheet, *row, *column), &plain)?;
        }
        out.write_blank(line, answer_at, &answer)?;
        out.write_blank(line, reason, &answer)?;
    }
    let last = u32::try_from(book.findings.len()).unwrap_or(u32::MAX);
    if last > 0 {
        let answers = words.choose(
            ["已改正", "不改，见理由", "要商量"],
            ["mended", "stands; see reason", "to be discussed"],
        );
        let choice = DataValidation::new()
            .allow_list_strings(&answers)?
            .set_error_style(DataValidationErrorStyle::Information);
        out.add_data_validation(1, answer_at, last, answer_at, &choice)?;
    }
    out.set_freeze_panes(1, 2)?;
    out.autofilter(0, 0, last, reason)?;
    style::paper(out)
}

/// The groups that a workbook tells apart: those of all, where it is not of one.
fn groups<'b>(book: &'b Book<'_, '_>) -> Option<(&'b Groups<'b>, &'b Grouping)> {
    let rows: &Groups<'_> = book.rows.filter(|_| book.group.is_none())?;
    Some((rows, rows.by.as_ref()?))
}

/// The headings of the columns, and how wide they are.
fn columns(book: &Book<'_, '_>) -> Vec<(String, f64)> {
    let words = book.words;
    let columns = COLUMNS.iter().map(|(zh, en, width)| (words.choose(*zh, *en).to_owned(), *width));
    let mut columns: Vec<(String, f64)> = columns.collect();
    if let Some((groups, by)) = groups(book) {
        let heading = by.heading(groups.run.schema());
        columns.insert(GROUP, (words.pick(&heading).to_owned(), GROUP_WIDTH));
    }
    columns
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

fn row(
    book: &Book<'_, '_>,
    (line, index): (u32, usize),
    columns: &[(String, f64)],
    out: &mut Worksheet,
) -> Result<(), XlsxError> {
    let words = book.words;
    let finding = book.report.findings.get(index);
    let said = |text: &Option<crate::diagnostic::Bilingual>| {
        text.as_ref().map_or("", |text| words.pick(text)).to_owned()
    };
    let subject = finding.subject.as_ref();
    let mut message = words.pick(&finding.message).to_owned();
    if let Some(missing) = phrase::missing(words, &finding) {
        message = format!("{message}\u{1}{}{}{missing}", words.missing, words.colon);
    }
    let place =
        finding.evidence.first().map_or_else(String::new, |evidence| location("", &evidence.place));
    let mut texts = vec![
        words.outcome(finding.outcome, finding.weight).to_owned(),
        phrase::all_headings(words, book.report, index, &finding).join("\u{1}"),
        subject.map_or_else(String::new, |subject| words.pick(&subject.table).to_owned()),
        subject.map_or_else(String::new, |subject| words.pick(&subject.name()).to_owned()),
        subject.and_then(|subject| subject.title.clone()).unwrap_or_default(),
        subject
            .and_then(|subject| subject.path.as_ref())
            .map_or_else(String::new, |path| words.path(words.pick(path))),
        message,
        place,
        said(&finding.declared),
        said(&finding.demanded),
        said(&finding.help),
        finding.cite.join(words.pause),
    ];
    if let Some((groups, _)) = groups(book) {
        texts.insert(GROUP - 1, group(groups, words, index));
    }
    let plain = style::plain();
    out.write_number_with_format(line, 0, line, &plain)?;
    let marked = style::marked(finding.weight);
    let mut lines = 1.0_f64;
    for ((column, text), (_, width)) in (1..).zip(&texts).zip(columns.iter().skip(1)) {
        let format = if column == 1 { &marked } else { &plain };
        let shown = visible(text).replace('␁', "\n");
        style::text(out, (line, column), &shown, format)?;
        lines = lines.max(style::lines(&shown, *width));
    }
    out.set_row_height(line, style::height(lines)).map(|_| ())
}
