//! Formats read back: each as what it says in lines and as tables of cells.

use calamine::{Data, Reader, Xlsx, open_workbook_from_rs};
use quick_xml::events::{BytesStart, Event};
use std::io::{Cursor, Read};

/// A table: rows of cells, without those that are empty.
pub type Table = Vec<Vec<String>>;

/// What a file says.
#[derive(Default)]
pub struct Shown {
    /// Lines, or paragraphs.
    pub said: Vec<String>,
    /// Tables in order, each with its heading line.
    pub tables: Vec<Table>,
}

impl Shown {
    /// Whether some line has a text in it.
    pub fn says(&self, text: &str) -> bool {
        self.said.iter().any(|line| line.contains(text))
    }

    /// Whether a table has all these rows; more may stand behind them.
    pub fn has(&self, rows: &[Vec<String>]) -> bool {
        self.tables.iter().any(|table| rows.iter().all(|row| begins(table, row)))
    }

    /// The rows that no table has which has the first.
    pub fn lacks(&self, rows: &[Vec<String>]) -> Table {
        let most = self
            .tables
            .iter()
            .max_by_key(|table| rows.iter().filter(|row| begins(table, row)).count());
        let lacks = |row: &&Vec<String>| !most.is_some_and(|table| begins(table, row));
        rows.iter().filter(lacks).cloned().collect()
    }
}

fn begins(table: &Table, row: &[String]) -> bool {
    table.iter().any(|line| line.starts_with(row))
}

/// Cells as they are compared: nothing empty, one sign for none and one for minus, `1` for `1.0`.
fn cells<'c>(cells: impl IntoIterator<Item = &'c str>) -> Vec<String> {
    let cell = |cell: &str| cell.trim().to_owned();
    cells
        .into_iter()
        .map(cell)
        .filter(|cell| !cell.is_empty())
        .map(|cell| if cell == "-" || cell == "–" { "0".to_owned() } else { cell })
        .collect()
}

/// The text format and that of `review`: tables stand between rules.
pub fn text(bytes: &[u8]) -> Shown {
    let text = std::str::from_utf8(bytes).unwrap();
    let mut shown = Shown::default();
    let (mut table, mut rules) = (Table::new(), 0);
    for line in text.lines() {
        shown.said.push(line.to_owned());
        let rule = !line.is_empty() && line.chars().all(|c| c == '─');
        rules += usize::from(rule);
        if rules > 0 && !rule {
            table.push(cells(line.split("  ")));
        }
        if rules == 3 || line.is_empty() {
            shown.tables.extend(Some(std::mem::take(&mut table)).filter(|table| !table.is_empty()));
            rules = 0;
        }
    }
    shown
}

pub fn markdown(bytes: &[u8]) -> Shown {
    let text = std::str::from_utf8(bytes).unwrap();
    let mut shown = Shown::default();
    let mut inside = false;
    for line in text.lines() {
        shown.said.push(plain(line));
        let row = line.strip_prefix("| ").and_then(|row| row.strip_suffix(" |"));
        let Some(row) = row else {
            inside = false;
            continue;
        };
        if !inside {
            shown.tables.push(Table::new());
        }
        inside = true;
        if !row.starts_with("---") {
            let row: Vec<String> = row.split(" | ").map(plain).collect();
            shown.tables.last_mut().unwrap().push(cells(row.iter().map(String::as_str)));
        }
    }
    shown
}

/// Without the signs that keep Markdown's own from meaning anything.
fn plain(text: &str) -> String {
    let mut plain = String::new();
    let mut signs = text.chars();
    while let Some(sign) = signs.next() {
        plain.push(if sign == '\\' { signs.next().unwrap() } else { sign });
    }
    plain.replace("<br>", "\n")
}

pub fn workbook(bytes: &[u8]) -> Shown {
    let mut book: Xlsx<_> = open_workbook_from_rs(Cursor::new(bytes.to_vec())).unwrap();
    let mut shown = Shown::default();
    for name in book.sheet_names() {
        let range = book.worksheet_range(&name).unwrap();
        let cell = |cell: &Data| match cell {
            Data::Float(number) => number.to_string(),
            other => other.to_string(),
        };
        let rows = range.rows().map(|row| row.iter().map(cell).collect::<Vec<_>>());
        let rows: Table = rows.map(|row| cells(row.iter().map(String::as_str))).collect();
        shown.said.push(name);
        shown.said.extend(rows.iter().flatten().cloned());
        shown.tables.push(rows);
    }
    shown
}

/// The sheets of a workbook by name, whole.
pub fn sheets(bytes: &[u8]) -> Vec<(String, Vec<Vec<String>>)> {
    let mut book: Xlsx<_> = open_workbook_from_rs(Cursor::new(bytes.to_vec())).unwrap();
    let names = book.sheet_names();
    let sheet = |name: String| {
        let range = book.worksheet_range(&name).unwrap();
        (name, range.rows().map(|row| row.iter().map(ToString::to_string).collect()).collect())
    };
    names.into_iter().map(sheet).collect()
}

pub fn document(bytes: &[u8]) -> Shown {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    archive.by_name("word/document.xml").unwrap().read_to_string(&mut text).unwrap();
    let names = Names { table: "w:tbl", row: "w:tr", cell: &["w:tc"], line: &["w:p"] };
    marked(&text, &names, |_| {})
}

/// A page; `each` sees every tag that is opened.
pub fn page(bytes: &[u8], each: impl FnMut(&BytesStart<'_>)) -> Shown {
    let text = std::str::from_utf8(bytes).unwrap();
    let mut rest = text;
    let mut bare = String::new();
    // What is no markup.
    while let Some((before, after)) = rest.split_once("<s").filter(|_| !rest.is_empty()) {
        let end = ["tyle>", "cript>"].into_iter().find(|end| after.starts_with(end));
        bare.push_str(before);
        match end {
            Some(end) => rest = after.split_once(&format!("</s{end}")).unwrap().1,
            None => {
                bare.push_str("<s");
                rest = after;
            }
        }
    }
    bare.push_str(rest);
    let names = Names {
        table: "table",
        row: "tr",
        cell: &["td", "th"],
        line: &["p", "li", "h2", "summary", "figcaption"],
    };
    marked(&bare, &names, each)
}

/// What the parts of a format are called.
struct Names<'n> {
    table: &'n str,
    row: &'n str,
    cell: &'n [&'n str],
    line: &'n [&'n str],
}

fn marked(text: &str, names: &Names<'_>, mut each: impl FnMut(&BytesStart<'_>)) -> Shown {
    let mut reader = quick_xml::Reader::from_str(text);
    reader.config_mut().check_end_names = false;
    reader.config_mut().allow_unmatched_ends = true;
    let (mut shown, mut table, mut row) = (Shown::default(), Table::new(), Vec::new());
    let (mut line, mut cell): (String, Option<String>) = Default::default();
    loop {
        match reader.read_event().unwrap() {
            Event::Eof => return shown,
            Event::Start(tag) => {
                let name = tag.name();
                let name: &str = name.as_ref();
                if names.cell.contains(&name) {
                    cell = Some(String::new());
                } else if names.line.contains(&name) {
                    line.clear();
                }
                each(&tag);
            }
            Event::End(tag) => {
                let name = tag.name();
                let name: &str = name.as_ref();
                if names.cell.contains(&name) {
                    row.push(cell.take().unwrap_or_default());
                } else if name == names.row {
                    table.push(cells(row.iter().map(String::as_str)));
                    row.clear();
                } else if name == names.table {
                    shown.tables.push(std::mem::take(&mut table));
                } else if names.line.contains(&name) {
                    shown.said.push(std::mem::take(&mut line));
                }
            }
            event => {
                let said = match event {
                    Event::Text(text) => text.replace('\u{a0}', " "),
                    Event::GeneralRef(entity) => match &*entity {
                        "lt" => "<".to_owned(),
                        "gt" => ">".to_owned(),
                        "amp" => "&".to_owned(),
                        "quot" => "\"".to_owned(),
                        _ => "'".to_owned(),
                    },
                    _ => continue,
                };
                line.push_str(&said);
                if let Some(cell) = &mut cell {
                    cell.push_str(&said);
                }
            }
        }
    }
}

/// How many cells of a sheet are numbers.
pub fn numbers(bytes: &[u8], sheet: &str) -> usize {
    let mut book: Xlsx<_> = open_workbook_from_rs(Cursor::new(bytes.to_vec())).unwrap();
    let range = book.worksheet_range(sheet).unwrap();
    range.used_cells().filter(|(_, _, cell)| matches!(cell, Data::Float(_))).count()
}
