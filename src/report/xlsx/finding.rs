//! Rank 5: the sheet of findings, with columns for the answer.

use super::mark::{Marks, cells};
use super::plan::{self, Plan};
use super::{Book, style};
use crate::report::block::location;
use crate::report::phrase;
use crate::visible::visible;
use rust_xlsxwriter::{
    DataValidation, DataValidationErrorStyle, Format, Url, Worksheet, XlsxError,
};

/// A workbook has at most this many links on a sheet.
const LINKS: u32 = 60_000;

/// Columns and their widths; the last two are for the answer.
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

/// The column of the place.
const PLACE: u16 = 8;
/// The column of the answer.
const ANSWER: u16 = 13;
/// The column of what is said for the answer.
const REASON: u16 = 14;

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
    for (column, (zh, en, width)) in (0..).zip(COLUMNS) {
        out.set_column_width(column, width)?;
        style::text(out, (0, column), words.choose(zh, en), &heading)?;
    }
    let (plain, answer) = (style::plain(), style::answer());
    let placed = plan.placed(marks);
    for (line, &index) in (1..).zip(book.findings) {
        row(book, (line, index), &plain, out)?;
        let cell = book.rows.and_then(|rows| {
            cells(rows, &plan.several, index).into_iter().find_map(|at| placed.get(&at))
        });
        if let Some((sheet, row, column)) = cell.filter(|_| line <= LINKS) {
            out.write_url_with_format(line, PLACE, link(sheet, *row, *column), &plain)?;
        }
        out.write_blank(line, ANSWER, &answer)?;
        out.write_blank(line, REASON, &answer)?;
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
        out.add_data_validation(1, ANSWER, last, ANSWER, &choice)?;
    }
    out.set_freeze_panes(1, 2)?;
    out.autofilter(0, 0, last, REASON)?;
    style::paper(out)
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
    plain: &Format,
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
        finding.evidence.first().map_or_else(String::new, |evidence| location(&evidence.place));
    let texts = [
        words.outcome(finding.outcome, finding.weight).to_owned(),
        words.pick(&finding.heading).to_owned(),
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
    out.write_number_with_format(line, 0, line, plain)?;
    let marked = style::marked(finding.weight);
    let mut lines = 1.0_f64;
    for ((column, text), (_, _, width)) in (1..).zip(&texts).zip(COLUMNS.iter().skip(1)) {
        let format = if column == 1 { &marked } else { plain };
        let shown = visible(text).replace('␁', "\n");
        style::text(out, (line, column), &shown, format)?;
        lines = lines.max(style::lines(&shown, *width));
    }
    out.set_row_height(line, style::height(lines)).map(|_| ())
}
