//! Rank 5: the sheet that explains: what the run came to, how to answer, and how the workbook is read back.

use super::sheet::{self, Sheet};
use super::{Book, style};
use crate::report::group::{Tally, groups};
use crate::report::phrase;
use crate::report::visible::visible;
use rust_xlsxwriter::{Worksheet, XlsxError};

/// Writes the sheet.
pub(super) fn write(book: &Book<'_, '_, '_, '_>, sheets: &[Sheet], out: &mut Worksheet) -> Result<(), XlsxError> {
    let words = book.words;
    out.set_name(sheet::about_name(words))?;
    for (column, width) in (0..).zip([30.0, 16.0, 28.0, 40.0, 14.0, 12.0]) {
        out.set_column_width(column, width)?;
    }
    out.set_paper_size(9).set_landscape().set_print_fit_to_pages(1, 0);
    let mut page = Page { out, line: 0 };
    page.titled(&book.report.project)?;
    if let Some(group) = book.group {
        page.titled(group)?;
    }
    let all = Tally::sum(groups(book.report).iter().map(|group| &group.tally));
    page.text(&phrase::closing(words, book.report, &all).replace(phrase::TIE, " "))?;
    let here = book.findings.len();
    page.text(&words.choose(format!("本簿 {here} 处。"), format!("{here} findings in this workbook.")))?;
    page.blank();
    page.text(words.choose(
        "改正：在各表中改标了颜色的单元格（批注里有原因），或在“问题”表的“答复”一列写明理由；改完把本簿交回。行和列的次序可以变，标题不要改。",
        "To correct: change the coloured cells (their notes say why) in the sheets after the findings, or answer in the last column of the findings; then hand the workbook back. Rows and columns may move; headings stay.",
    ))?;
    page.text(words.choose(
        "交回后，在清单 fanshi.toml 的 [data] 下这样写，就读作下一次申报（把“本簿.xlsx”换成文件名）：",
        "Read back as the next submission by writing this under [data] in fanshi.toml, with the file's name for `this.xlsx`:",
    ))?;
    let file = words.choose("本簿.xlsx", "this.xlsx");
    for sheet in sheets {
        page.text(&format!("{} = {{ file = {}, sheet = {} }}", quoted(&sheet.key), quoted(file), quoted(&sheet.name)))?;
    }
    let missing = book.rows.map(|rows| sheet::without_sheet(book, &rows.explainer.program().schema, sheets)).unwrap_or_default();
    if !missing.is_empty() {
        let list = missing.join(words.pause);
        page.text(&words.choose(
            format!("没有主键可以说明属于哪一行，因而不在本簿里的列表：{list}"),
            format!("Lists that are not in this workbook, because no key says whose their entries are: {list}"),
        ))?;
    }
    page.blank();
    page.tables(book)
}

/// A text in TOML.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

struct Page<'p> {
    out: &'p mut Worksheet,
    line: u32,
}

impl Page<'_> {
    fn titled(&mut self, text: &str) -> Result<(), XlsxError> {
        style::text(self.out, (self.line, 0), &visible(text), &style::title())?;
        self.line += 1;
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), XlsxError> {
        style::text(self.out, (self.line, 0), &visible(text), &rust_xlsxwriter::Format::new())?;
        self.line += 1;
        Ok(())
    }

    fn blank(&mut self) {
        self.line += 1;
    }

    /// A heading row and rows of text.
    fn table(&mut self, title: &str, columns: &[&str], rows: &[Vec<String>]) -> Result<(), XlsxError> {
        if rows.is_empty() {
            return Ok(());
        }
        self.text(title)?;
        let (heading, plain) = (style::heading(), style::plain());
        for (column, text) in (0..).zip(columns) {
            style::text(self.out, (self.line, column), text, &heading)?;
        }
        self.line += 1;
        for row in rows {
            for (column, text) in (0..).zip(row) {
                match text.parse::<u32>() {
                    Ok(number) if column > 0 => self.out.write_number_with_format(self.line, column, number, &plain).map(|_| ())?,
                    _ => style::text(self.out, (self.line, column), &visible(text), &plain)?,
                }
            }
            self.line += 1;
        }
        self.blank();
        Ok(())
    }

    /// Mistakes, dispositions and waivers.
    fn tables(&mut self, book: &Book<'_, '_, '_, '_>) -> Result<(), XlsxError> {
        let words = book.words;
        let diagnostics = book.report.diagnostics.iter().map(|diagnostic| {
            let place = diagnostic.labels.first().map_or_else(String::new, |label| crate::report::block::location(&label.place));
            let help = diagnostic.help.as_ref().map_or("", |help| words.pick(help));
            [words.pick(&diagnostic.message), words.severity(diagnostic.severity), diagnostic.code, help, &place]
                .map(str::to_owned)
                .to_vec()
        });
        let columns = words.choose(["说明", "程度", "代码", "建议", "位置"], ["message", "severity", "code", "help", "place"]);
        self.table(words.diagnostics, &columns, &diagnostics.collect::<Vec<_>>())?;
        for decision in &book.report.decisions {
            let rows = decision.dispositions.iter();
            let rows: Vec<Vec<String>> = rows
                .map(|(value, declared, required)| vec![words.pick(value).to_owned(), declared.to_string(), required.to_string()])
                .collect();
            self.table(words.pick(&decision.field), &words.disposition_columns, &rows)?;
        }
        let headings = phrase::headings(book.report);
        let waivers = book.report.waivers.iter().map(|waiver| phrase::waiver(words, &headings, waiver).map(str::to_owned).to_vec());
        self.table(words.waivers, &words.waiver_columns, &waivers.collect::<Vec<_>>())
    }
}
