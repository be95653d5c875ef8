//! Rank 5: the sheet that explains: what the run came to, how to answer, what is on which sheet,
//! and how the workbook is read back.

use super::plan::{self, Plan, Sheet};
use super::prose::{Layout, Page};
use super::{Book, style};
use crate::report::group::{Tally, groups};
use crate::report::phrase;
use crate::report::words::Words;
use crate::visible::visible;
use rust_xlsxwriter::{Worksheet, XlsxError};

const LAYOUT: Layout =
    Layout { widths: &[36.0, 16.0, 16.0, 40.0, 14.0, 14.0], whole: 130.0, below: 0.0 };

/// Writes the sheet.
pub(super) fn write(
    book: &Book<'_, '_>,
    plan: &Plan,
    out: &mut Worksheet,
) -> Result<(), XlsxError> {
    let words = book.words;
    out.set_name(plan::about_name(words))?;
    let mut page = Page::begin(out, LAYOUT, book)?;
    let all = Tally::sum(groups(book.report, None).iter().map(|group| &group.tally));
    let here = book.findings.len();
    let of_no_row =
        |finding: &usize| book.rows.is_some_and(|rows| rows.run.row_of(*finding).is_none());
    let apart = book.findings.iter().filter(|finding| of_no_row(finding)).count();
    let apart = if book.group.is_none() || apart == 0 {
        String::new()
    } else {
        words.choose(
            format!("，其中 {apart} 处说的是条文或例外本身，不算在哪一组"),
            format!(", of which {apart} are about an article or a waiver as such, of no group"),
        )
    };
    page.text(&words.choose(
        format!("本簿 {here} 处{apart}。"),
        format!("Findings in this workbook: {here}{apart}."),
    ))?;
    for said in book.rows.iter().flat_map(|rows| rows.remarks()) {
        page.text(&of_all(book, words.pick(&said)))?;
    }
    let whole = phrase::closing(words, book.report, &all).replace(phrase::TIE, " ");
    page.text(&of_all(book, &whole))?;
    page.blank();
    page.text(words.choose(
        "改正：在各表中改标了颜色的单元格（批注里有原因），并在“问题”表的“答复”一列选一项；不改的，\
            在“理由”一列写明。改完把本簿交回。行和列的次序可以变，标题不要改。",
        "To correct: change the coloured cells (their notes say why) in the sheets after this one, \
            and choose an answer in the sheet of findings; where a value stands, say why in the \
            last column. Then hand the workbook back. Rows and columns may move; headings stay.",
    ))?;
    page.blank();
    page.contents(book, plan)?;
    page.tables(book)?;
    page.reading(book, plan)
}

/// What is said of all data, in a workbook that has a part of it.
fn of_all(book: &Book<'_, '_>, text: &str) -> String {
    if book.group.is_none() {
        return text.to_owned();
    }
    book.words.choose(
        format!("全部数据（不只本簿）：{text}"),
        format!("All data, not of this workbook alone: {text}"),
    )
}

/// What of its rows a sheet cannot hold.
fn remarks(words: &Words, sheet: &Sheet) -> String {
    let (silent, cut, bare) = (sheet.silent, sheet.cut, sheet.bare);
    let silent = (silent > 0).then(|| {
        words.choose(
            format!("有 {silent} 行没有填报或读不出这个列表；读回后是空的列表"),
            format!(
                "{silent} rows do not give this list, or it cannot be read; read back, it is \
                empty there"
            ),
        )
    });
    let cut = (cut > 0).then(|| {
        words.choose(
            format!("有 {cut} 格太长，截断了；要改在原来的文件里改"),
            format!("{cut} cells are too long and cut; correct them in the files they came from"),
        )
    });
    let bare = without_note(words, bare);
    silent.into_iter().chain(cut).chain(bare).collect::<Vec<_>>().join("\n")
}

/// How many marked cells have no note, and where to look instead; nothing where all have one.
pub(super) fn without_note(words: &Words, bare: usize) -> Option<String> {
    (bare > 0).then(|| {
        words.choose(
            format!("批注太多，有 {bare} 个标色的单元格没有批注；原因见“问题”表"),
            format!(
                "{bare} coloured cells have no note, as there would be too many; the sheet of \
                findings says why"
            ),
        )
    })
}

/// A text in TOML.
fn quoted(text: &str) -> String {
    let mut shown = String::from("\"");
    for c in text.chars() {
        match c {
            '\\' | '"' => shown.extend(['\\', c]),
            _ if c.is_control() => shown.push_str(&format!("\\u{:04X}", u32::from(c))),
            _ => shown.push(c),
        }
    }
    shown + "\""
}

impl Page<'_> {
    /// A heading row and rows of text.
    fn table(
        &mut self,
        title: &str,
        columns: &[&str],
        rows: &[Vec<String>],
    ) -> Result<(), XlsxError> {
        if rows.is_empty() {
            return Ok(());
        }
        self.text(title)?;
        self.headings(columns)?;
        let plain = style::plain();
        for row in rows {
            for (column, text) in (0..).zip(row) {
                match text.parse::<u32>() {
                    Ok(number) if column > 0 && number.to_string() == *text => {
                        self.number(column, number, &plain)?
                    }
                    _ => style::text(self.out, (self.line, column), &visible(text), &plain)?,
                }
            }
            self.line += 1;
        }
        self.blank();
        Ok(())
    }

    /// The sheets of rows, each with a link.
    fn contents(&mut self, book: &Book<'_, '_>, plan: &Plan) -> Result<(), XlsxError> {
        if plan.sheets.is_empty() {
            return Ok(());
        }
        let words = book.words;
        let columns = words.choose(
            ["表", "行", "标色的单元格", "备注"],
            ["sheet", "rows", "coloured cells", "remarks"],
        );
        self.text(words.choose("各表", "Sheets"))?;
        self.headings(&columns)?;
        for sheet in &plan.sheets {
            self.sheet(sheet, &remarks(words, sheet))?;
        }
        self.blank();
        Ok(())
    }

    /// How the workbook is read back.
    fn reading(&mut self, book: &Book<'_, '_>, plan: &Plan) -> Result<(), XlsxError> {
        let words = book.words;
        if plan.sheets.iter().any(|sheet| sheet.returns) {
            self.text(words.choose(
                "交回后，在清单 fanshi.toml 的 [data] 下这样写，就读作下一次申报（把“本簿.xlsx”\
                    换成文件名）：",
                "Read back as the next submission by writing this under [data] in fanshi.toml, \
                    with the file's name for `this.xlsx`:",
            ))?;
        }
        let file = words.choose("本簿.xlsx", "this.xlsx");
        for sheet in plan.sheets.iter().filter(|sheet| sheet.returns) {
            self.text(&format!(
                "{} = {{ file = {}, sheet = {} }}",
                quoted(&sheet.key),
                quoted(file),
                quoted(&sheet.name)
            ))?;
        }
        if !plan.columns.is_empty() {
            let list: Vec<String> = plan.columns.iter().map(|key| quoted(key)).collect();
            let list = list.join(words.pause);
            self.text(&words.choose(
                format!("这些列表已是所属表的一列，[data] 下另给它们的行要删去：{list}"),
                format!(
                    "These lists are columns of their tables here; lines of their own under \
                    [data] have to go: {list}"
                ),
            ))?;
        }
        let others: Vec<&str> =
            plan.sheets.iter().filter(|sheet| !sheet.returns).map(|sheet| &*sheet.name).collect();
        if !others.is_empty() {
            let list = others.join(words.pause);
            self.text(&words.choose(
                format!("这些表在本簿里不全，只供查看，改正要改在原来的文件里：{list}"),
                format!(
                    "These sheets do not have all of their table and are for reading only; correct \
                        them in the files they came from: {list}"
                ),
            ))?;
        }
        if !plan.missing.is_empty() {
            let list = plan.missing.join(words.pause);
            self.text(&words.choose(
                format!("没有主键可以说明属于哪一行，因而不在本簿里的列表：{list}"),
                format!(
                    "Lists that are not in this workbook, because no key says whose their \
                    entries are: {list}"
                ),
            ))?;
        }
        Ok(())
    }

    /// Mistakes, dispositions and waivers.
    fn tables(&mut self, book: &Book<'_, '_>) -> Result<(), XlsxError> {
        let words = book.words;
        let diagnostics = book.report.diagnostics.iter().map(|diagnostic| {
            let place = diagnostic
                .labels
                .first()
                .map_or_else(String::new, |label| crate::report::block::location("", &label.place));
            let help = diagnostic.help.as_ref().map_or("", |help| words.pick(help));
            [
                words.pick(&diagnostic.message),
                words.severity(diagnostic.severity),
                diagnostic.code,
                help,
                &place,
            ]
            .map(str::to_owned)
            .to_vec()
        });
        let columns = words.choose(
            ["说明", "程度", "代码", "建议", "位置"],
            ["message", "severity", "code", "help", "place"],
        );
        // Whoever has one group's workbook is not asked about the mistakes and dispositions of all:
        // their own cells that could not be read are among the findings.
        if book.group.is_none() {
            self.table(words.diagnostics, &columns, &diagnostics.collect::<Vec<_>>())?;
        }
        for decision in book.report.decisions.iter().filter(|_| book.group.is_none()) {
            let rows = decision.dispositions.iter();
            let rows: Vec<Vec<String>> = rows
                .map(|(value, declared, required)| {
                    vec![words.pick(value).to_owned(), declared.to_string(), required.to_string()]
                })
                .collect();
            self.table(
                &of_all(book, words.pick(&decision.field)),
                &words.disposition_columns,
                &rows,
            )?;
        }
        let headings = phrase::headings(book.report);
        let waivers = book
            .report
            .waivers
            .iter()
            .map(|waiver| phrase::waiver(words, &headings, waiver).map(str::to_owned).to_vec());
        self.table(
            &of_all(book, words.waivers),
            &words.waiver_columns,
            &waivers.collect::<Vec<_>>(),
        )
    }
}
