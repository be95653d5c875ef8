//! Workbooks.

use super::super::fault::{Aside, Fault, Looks};
use super::super::workbook::column_name;
use super::{Said, field_name};
use crate::diagnostic::Bilingual;
use crate::say;
use crate::schema::Schema;

/// Says a fault of this kind.
pub fn said(schema: &Schema, fault: &Fault) -> Option<Said> {
    file(fault)
        .or_else(|| which_sheet(fault))
        .or_else(|| hidden(fault))
        .or_else(|| cell(schema, fault))
}

/// The file as a whole.
fn file(fault: &Fault) -> Option<Said> {
    Some(match fault {
        Fault::NotWorkbook(looks) => (
            not_workbook(*looks),
            say!(
                "在表格软件中打开，另存为 .xlsx",
                "open it in a spreadsheet program and save it as .xlsx"
            ),
        ),
        Fault::DamagedWorkbook(error) => (
            // What the libraries say is English.
            say!("工作簿已损坏，读不下去", "the workbook is damaged: {error}"),
            say!(
                "重新取得这个文件，或在表格软件中打开后另存为 .xlsx",
                "get the file again, or open it in a spreadsheet program and save it as .xlsx"
            ),
        ),
        Fault::ProtectedWorkbook => (
            say!(
                "工作簿设有打开密码，没有读入",
                "the workbook is protected by a password and not read"
            ),
            say!("去掉打开密码后另存", "take the password off and save it again"),
        ),
        Fault::DamagedArchive(error) => (
            say!("压缩文件已损坏，解不开", "the compressed file is damaged: {error}"),
            say!("重新取得这个文件", "get the file again"),
        ),
        Fault::FarCell { sheet, cell } => (
            say!(
                "工作表 `{sheet}` 一直用到 {cell}，超过能读的大小，没有读入",
                "the sheet `{sheet}` reaches to {cell}, beyond what can be read; it is not read"
            ),
            say!(
                "删去远处用不着的单元格和空白的行列后另存，或另存为 .xlsx",
                "delete cells far away that nobody needs, with the blank rows and columns, or \
                    save it as .xlsx"
            ),
        ),
        Fault::TooLargeInside => (
            say!(
                "文件解开后远大于它本身，超过允许的大小，没有读入",
                "what is packed in the file is far larger than the file, beyond what is allowed; \
                    it is not read"
            ),
            say!(
                "删去空白的行列和多余的工作表后另存；数据确实很多时改用 CSV 或 JSON",
                "delete blank rows, columns and sheets nobody needs; where there is that much \
                    data, use CSV or JSON"
            ),
        ),
        _ => return None,
    })
}

fn not_workbook(looks: Looks) -> Bilingual {
    match looks {
        Looks::Html => say!("文件不是工作簿，而是网页", "the file is no workbook but a web page"),
        Looks::Text => say!("文件不是工作簿，而是文本", "the file is no workbook but text"),
        Looks::Archive => {
            say!("压缩包里没有可读的工作簿", "the archive holds no workbook that is read")
        }
        Looks::Binary => say!(
            "工作簿是二进制格式（.xlsb），没有读入",
            "the workbook is in the binary format .xlsb and not read"
        ),
        Looks::Xml2003 => say!(
            "工作簿是 2003 版的 XML 格式，没有读入",
            "the workbook is in the XML format of 2003 and not read"
        ),
        Looks::Old => say!(
            "工作簿是 1997 年以前的格式，没有读入",
            "the workbook is in a format from before 1997 and not read"
        ),
        Looks::Workbook
        | Looks::Ods
        | Looks::OldWorkbook
        | Looks::Pdf
        | Looks::Rtf
        | Looks::Json
        | Looks::JsonLines
        | Looks::Unknown => {
            say!("文件不是工作簿", "the file is no workbook")
        }
    }
}

fn list(names: &[String]) -> (String, String) {
    let quoted: Vec<String> = names.iter().take(20).map(|name| format!("`{name}`")).collect();
    (quoted.join("、"), quoted.join(", "))
}

/// Which sheet.
fn which_sheet(fault: &Fault) -> Option<Said> {
    Some(match fault {
        Fault::NoSuchSheet { sheet, nearest, fits, sheets } => {
            let (zh, en) = list(sheets);
            let meant = nearest.as_ref().or(fits.as_ref());
            let help = meant.map_or_else(
                || say!("工作簿中有 {zh}", "the workbook has {en}"),
                |name| {
                    say!(
                        "是否指 `{name}`？是的，在工作簿中改名，或为这个文件写 `sheet = \"{name}\"`",
                        "did you mean `{name}`? If so, rename it in the workbook, or write `sheet \
                            = \"{name}\"` for this file"
                    )
                },
            );
            let message = if sheet.contains(['*', '?']) {
                say!(
                    "工作簿中没有符合 `{sheet}` 的工作表",
                    "no sheet of the workbook that fits `{sheet}` has headings of the table"
                )
            } else {
                say!("工作簿中没有工作表 `{sheet}`", "the workbook has no sheet `{sheet}`")
            };
            (message, help)
        }
        Fault::SheetAbsent { sheet, count, of } => (
            say!(
                "{of} 个工作簿中有 {count} 个没有工作表 `{sheet}`，算作没有这些行",
                "{count} of {of} workbooks have no sheet `{sheet}`: they count as having no such \
                    rows"
            ),
            say!("确认它们没有这些行", "make sure that they have none"),
        ),
        Fault::SheetsPassedOver(sheets) => {
            let (zh, en) = list(sheets);
            (
                say!(
                    "没有读入工作表 {zh}：其中没有这张表的标题",
                    "not read: {en}; these sheets have no heading of the table"
                ),
                say!(
                    "不需要改动；若是数据，改正标题或另列",
                    "nothing needs to be done; if they hold data, correct their headings or list \
                        them by themselves"
                ),
            )
        }
        Fault::WhichSheet { sheets, table, fits } => {
            let (zh, en) = list(sheets);
            let name = fits.as_ref().map_or("…", String::as_str);
            let why = match fits {
                Some(_) => say!("（它的标题最合这张表）", " (its headings fit the table best)"),
                None => say!("", ""),
            };
            let (because, reason) = (why.zh, why.en);
            (
                say!(
                    "工作簿有几张工作表，没有一张叫 `{table}`：{zh}",
                    "the workbook has several sheets, none of them called `{table}`: {en}"
                ),
                say!(
                    "在 `fanshi.toml` 的 `{table}` 处写明是哪一张：`sheet = \"{name}\"`{because}；\
                        几张都是时用 `*`：`sheet = \"附件*\"`",
                    "say which one it is under `{table}` in `fanshi.toml`: `sheet = \
                        \"{name}\"`{reason}; where several are, with `*`: `sheet = \"附件*\"`"
                ),
            )
        }
        _ => return None,
    })
}

/// What is hidden.
fn hidden(fault: &Fault) -> Option<Said> {
    Some(match fault {
        Fault::HiddenSheet(name) => (
            say!(
                "工作表 `{name}` 是隐藏的，仍然读入",
                "the sheet `{name}` is hidden; it is read all the same"
            ),
            say!(
                "显示出来，确认要提交的就是它",
                "unhide it and make sure it is what you mean to submit"
            ),
        ),
        Fault::HiddenRows(rows) => {
            let mut shown: Vec<String> =
                rows.iter().take(12).map(|row| (row + 1).to_string()).collect();
            shown.extend((rows.len() > 12).then(|| "…".to_owned()));
            let (zh, en) = (shown.join("、"), shown.join(", "));
            (
                say!("第 {zh} 行是隐藏的，仍然读入", "hidden rows are read all the same: {en}"),
                say!(
                    "显示出来后核对；不需要的行请删去",
                    "unhide them and look; delete rows that do not belong"
                ),
            )
        }
        Fault::HiddenColumns(columns) => {
            let mut shown: Vec<String> =
                columns.iter().take(12).map(|column| column_name(*column as usize)).collect();
            shown.extend((columns.len() > 12).then(|| "…".to_owned()));
            let (zh, en) = (shown.join("、"), shown.join(", "));
            (
                say!("{zh} 列是隐藏的，仍然读入", "hidden columns are read all the same: {en}"),
                say!(
                    "显示出来后核对；不需要的列请删去",
                    "unhide them and look; delete columns that do not belong"
                ),
            )
        }
        _ => return None,
    })
}

/// What a spreadsheet program has made of numbers that are lost.
fn lost(schema: &Schema, fault: &Fault) -> Option<Said> {
    Some(match fault {
        Fault::FormulaError { at, shown } if shown.starts_with("##") => {
            let (zh, en) = field_name(schema, *at);
            (
                say!(
                    "`{zh}` 只有 `{shown}`：存的时候列太窄，值没有存上",
                    "`{en}` is nothing but `{shown}`: its column was too narrow for the value"
                ),
                say!(
                    "从原来的工作簿加宽这一列，再存一次",
                    "widen the column in the workbook it came from, and save it again"
                ),
            )
        }
        Fault::FormulaError { at, shown } => {
            let (zh, en) = field_name(schema, *at);
            (
                say!(
                    "`{zh}` 的公式没有结果：`{shown}`",
                    "the formula of `{en}` has no value: `{shown}`"
                ),
                say!("改正公式，或直接填写值", "correct the formula, or write the value"),
            )
        }
        Fault::NegativeDate { at, shown } => {
            let (zh, en) = field_name(schema, *at);
            (
                say!(
                    "`{zh}` 的格式是日期，值却是 `{shown}`：工作簿的日子从 1900 年到 9999 年",
                    "`{en}` is formatted as a date, but is `{shown}`: the days of a workbook are those \
                        of 1900 to 9999"
                ),
                say!("检查这个单元格", "check the cell"),
            )
        }
        Fault::CutNumber { at, word } => {
            let (zh, en) = field_name(schema, *at);
            (
                say!(
                    "`{zh}` 写的是 `{word}`：表格软件把长数字改成了这样，原来的各位数字已经丢失",
                    "`{en}` is `{word}`: a spreadsheet program has made that of a longer number, \
                        whose digits are lost"
                ),
                say!(
                    "从原来的数据重新导出，先把这一列设为文本",
                    "export it again from where it came from, with the column formatted as text"
                ),
            )
        }
        _ => return None,
    })
}

/// Rows of a table that are no data.
fn aside(row: Aside) -> Said {
    match row {
        Aside::Example => (
            say!(
                "这一行像是填写的示例，不作为数据",
                "this row shows how to fill the table in; it is not judged as data"
            ),
            say!("若是数据，改掉第一格开头的字", "if it is data, change how its first cell begins"),
        ),
        Aside::Section => (
            say!(
                "这一行只有一个小标题，或者一句表里的说明，不作为数据",
                "this row is a heading within the table, or a note; it is not judged as data"
            ),
            say!("若是数据，补全这一行", "if it is data, complete it"),
        ),
        Aside::Above => (
            say!(
                "这一行在标题上面，不作为数据",
                "this row stands above the headings; it is not judged as data"
            ),
            say!(
                "若是数据，移到标题下面；不是的，不需要改动",
                "if it is data, move it below the headings; else nothing needs to be done"
            ),
        ),
        Aside::DataAbove => (
            say!(
                "这一行像是数据，但在标题上面，没有读入",
                "this row looks like data but stands above the headings; it is not read"
            ),
            say!(
                "是数据的，移到标题下面；不是的，删去这一行",
                "if it is data, move it below the headings; if not, delete it"
            ),
        ),
    }
}

/// Cells.
fn cell(schema: &Schema, fault: &Fault) -> Option<Said> {
    Some(match fault {
        Fault::FormulaError { .. } | Fault::NegativeDate { .. } | Fault::CutNumber { .. } => {
            return lost(schema, fault);
        }
        Fault::ImpreciseNumber(at) => {
            let (zh, en) = field_name(schema, *at);
            (
                say!(
                    "`{zh}` 是 16 位以上的数字，工作簿只保留 15 位，末尾几位已经不准",
                    "`{en}` is a number of 16 digits or more; a workbook keeps 15, so the last \
                        ones are lost"
                ),
                say!("把单元格设为文本后重新填写", "format the cell as text and write it again"),
            )
        }
        Fault::MergedNumber(at) => {
            let (zh, en) = field_name(schema, *at);
            (
                say!(
                    "合并单元格中的 `{zh}` 在它覆盖的每一行都算一次",
                    "the `{en}` in merged cells counts in each row they cover"
                ),
                say!(
                    "若是几行的合计，拆开单元格，各行分别填写",
                    "if it is what the rows come to together, unmerge them and write each row's own"
                ),
            )
        }
        Fault::TotalsRow { differs: false, word } if word.is_empty() => (
            say!(
                "这一行是合计，不作为数据",
                "this row adds up the others; it is not judged as data"
            ),
            say!("不需要改动", "nothing needs to be done"),
        ),
        Fault::TotalsRow { differs: false, word } => (
            say!(
                "`{word}` 这一行是合计，不作为数据",
                "the row `{word}` adds up the others; it is not judged as data"
            ),
            say!(
                "不需要改动；若是数据，在 `fanshi.toml` 中写 `totals = []`",
                "nothing needs to be done; if it is data, write `totals = []` in `fanshi.toml`"
            ),
        ),
        Fault::LikelyTotals(word) => (
            say!(
                "这一行像是合计，没有作为数据读入",
                "this row looks like totals; it is not read as data"
            ),
            say!(
                "是合计的，在 `fanshi.toml` 中写 `totals = [\"{word}\"]`；是数据的，补全这一行",
                "if it is, say `totals = [\"{word}\"]` in `fanshi.toml`; if it is data, complete it"
            ),
        ),
        Fault::AsideRow(row) => aside(*row),
        Fault::NoteRow => (
            say!(
                "这一行是表下的说明，不作为数据",
                "this row is a line below the table; it is not judged as data"
            ),
            say!("若是数据，补全这一行", "if it is data, complete it"),
        ),
        Fault::TotalsRow { differs: true, word } => (
            say!(
                "`{word}` 这一行是合计，不作为数据；但其中有数字与各行之和不符",
                "the row `{word}` is for totals and not judged as data, but a number in it is not \
                    the sum of the rows"
            ),
            say!("核对标出的数字", "check the number that is marked"),
        ),
        _ => return None,
    })
}
