//! Rank 5: the sheet of findings, with a column for the answer.

use super::{Book, Placed, cells, sheet, style};
use crate::report::block::location;
use crate::report::phrase;
use crate::report::visible::visible;
use rust_xlsxwriter::{Format, Url, Worksheet, XlsxError};

/// A workbook has at most this many links on a sheet.
const LINKS: u32 = 60_000;

/// Columns and their widths; the last one is for the answer.
const COLUMNS: [(&str, &str, f64); 14] = [
    ("序号", "no.", 6.0),
    ("结果", "outcome", 10.0),
    ("条文", "article", 24.0),
    ("表", "table", 10.0),
    ("主键", "key", 14.0),
    ("名称", "title", 26.0),
    ("项", "element", 16.0),
    ("问题", "finding", 48.0),
    ("填报", "declared", 12.0),
    ("应为", "required", 12.0),
    ("建议", "help", 28.0),
    ("根据", "cites", 20.0),
    ("位置", "place", 24.0),
    ("答复", "answer", 36.0),
];

/// Writes the sheet.
pub(super) fn write(book: &Book<'_, '_, '_, '_>, placed: &Placed, out: &mut Worksheet) -> Result<(), XlsxError> {
    let words = book.words;
    out.set_name(sheet::findings_name(words))?;
    let heading = style::heading();
    for (column, (zh, en, width)) in (0..).zip(COLUMNS) {
        out.set_column_width(column, width)?;
        style::text(out, (0, column), words.choose(zh, en), &heading)?;
    }
    let plain = style::plain();
    let answer = style::answer();
    for (line, &index) in (1..).zip(book.findings) {
        row(book, placed, (line, index), &plain, out)?;
        out.write_blank(line, LAST, &answer)?;
    }
    let last = u32::try_from(book.findings.len()).unwrap_or(u32::MAX);
    out.set_freeze_panes(1, 0)?;
    out.autofilter(0, 0, last, LAST)?;
    style::paper(out)
}

/// The column of the answer.
const LAST: u16 = 13;
/// The column of the place.
const PLACE: u16 = 12;

fn row(
    book: &Book<'_, '_, '_, '_>,
    placed: &Placed,
    (line, index): (u32, usize),
    plain: &Format,
    out: &mut Worksheet,
) -> Result<(), XlsxError> {
    let words = book.words;
    let finding = book.report.findings.get(index);
    let said = |text: &Option<crate::diagnostic::Bilingual>| text.as_ref().map_or("", |text| words.pick(text)).to_owned();
    let subject = finding.subject.as_ref();
    let mut message = words.pick(&finding.message).to_owned();
    if let Some(missing) = phrase::missing(words, &finding) {
        message = format!("{message}\u{1}{}{}{missing}", words.missing, words.colon);
    }
    let place = finding.evidence.first().map_or_else(String::new, |evidence| location(&evidence.place));
    let texts = [
        words.outcome(finding.outcome, finding.weight).to_owned(),
        words.pick(&finding.heading).to_owned(),
        subject.map_or_else(String::new, |subject| words.pick(&subject.table).to_owned()),
        subject.map_or_else(String::new, |subject| subject.key.clone()),
        subject.and_then(|subject| subject.title.clone()).unwrap_or_default(),
        subject.and_then(|subject| subject.path.as_ref()).map_or_else(String::new, |path| words.path(words.pick(path))),
        message,
        said(&finding.declared),
        said(&finding.demanded),
        said(&finding.help),
        finding.cite.join(words.pause),
        place,
    ];
    out.write_number_with_format(line, 0, line, plain)?;
    let marked = style::marked(finding.weight);
    for (column, text) in (1..).zip(&texts) {
        let format = if column == 1 { &marked } else { plain };
        style::text(out, (line, column), &visible(text).replace('␁', "\n"), format)?;
    }
    let cell = book.rows.and_then(|rows| cells(rows, index).into_iter().find_map(|at| placed.get(&at)));
    if let Some((sheet, row, column)) = cell.filter(|_| line <= LINKS) {
        let name = rust_xlsxwriter::utility::row_col_to_cell(*row, *column);
        let url = Url::new(format!("internal:'{}'!{name}", sheet.replace('\'', "''"))).set_text(format!("{sheet}!{name}"));
        out.write_url_with_format(line, PLACE, url, plain)?;
    }
    Ok(())
}
