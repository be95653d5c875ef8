//! A table as it is proposed: a sheet, or a file of rows, with its columns and their names.

use super::column::{Column, Kind, short};
use super::known::Known;
use super::layout::{Layout, squeezed};
use super::measure::Pair;
use crate::data::{Document, RawSheet, states_unit, unit_of};
use crate::diagnostic::Bilingual;
use crate::say;
use crate::schema::Type;
use crate::value::key::{canonical, is_invisible};
use std::collections::BTreeSet;

/// A table.
#[derive(Debug)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its English name.
    pub alias: Option<String>,
    /// The file, from the project's folder.
    pub file: String,
    /// The sheet, where the file has several.
    pub sheet: Option<String>,
    /// The rows.
    pub layout: Layout,
    /// The columns that hold something.
    pub columns: Vec<Column>,
    /// Whether the manifest names the columns in their order.
    pub is_positional: bool,
    /// The table whose rows these are elements of, and the column that names that row.
    pub parent: Option<(usize, usize)>,
    /// Numbers whose unit stands in a column of its own.
    pub pairs: Vec<Pair>,
    /// The encoding of the file, where nothing says which it is in.
    pub encoding: Option<&'static str>,
    /// Of JSON: where its rows stand.
    pub document: Option<Document>,
    /// What a person has to decide about it.
    pub doubts: Vec<Bilingual>,
    /// Why it is left out.
    pub refused: Option<Bilingual>,
}

/// No name of a field is longer, in characters.
const LONGEST: usize = 40;
/// Columns that only number the rows.
pub const ROW_NUMBERS: [&str; 3] = ["序号", "idx", "行号"];

impl Table {
    /// What a sheet could be.
    #[must_use]
    pub fn of(name: &str, file: &str, sheet: &RawSheet) -> Self {
        let layout = Layout::of(sheet);
        let mut table = Self {
            name: named(name).unwrap_or_else(|| "表".to_owned()),
            alias: None,
            file: file.to_owned(),
            sheet: None,
            columns: Vec::new(),
            is_positional: layout.header.is_empty(),
            parent: None,
            pairs: Vec::new(),
            encoding: sheet.encoding,
            document: sheet.document.clone(),
            doubts: Vec::new(),
            refused: None,
            layout,
        };
        table.read(sheet);
        let known = {
            let headings = table.columns.iter().map(|column| column.name.as_str());
            Known::of(headings)
        };
        for column in table.columns.iter_mut().filter(|column| column.kind != Kind::Ignored) {
            column.fill();
            column.guess(&known);
            let held = table.document.as_ref().and_then(|document| document.held.get(column.at));
            column.hold(held.copied().unwrap_or_default());
        }
        if sheet.name.is_none() && table.document.is_none() {
            table.left_blank();
        }
        table.alias = known.table(table.columns.len()).map(str::to_owned);
        table.only_alias();
        table.measured_beside();
        table.measured_above();
        table.choose_key();
        table.met_twice();
        table
    }

    /// Reads the columns that hold something.
    fn read(&mut self, sheet: &RawSheet) {
        let texts = |at: usize| -> Vec<String> {
            let cell = |row: &usize| sheet.rows.get(*row)?.get(at).cloned();
            self.layout.body.iter().map(|row| cell(row).unwrap_or_default()).collect()
        };
        let mut columns = Vec::new();
        for (at, parts) in self.layout.titles.iter().enumerate() {
            let cells = texts(at);
            if parts.is_empty() && cells.iter().all(String::is_empty) {
                continue;
            }
            let steps = |path: &String| path.split('/').map(str::to_owned).collect::<Vec<_>>();
            let parts = match (&self.document, parts.first()) {
                (Some(_), Some(path)) => steps(path),
                _ => parts.clone(),
            };
            columns.push((at, parts, cells));
        }
        let between = if self.document.is_some() { "/" } else { "" };
        let names = names(&columns, !self.layout.header.is_empty());
        for ((at, parts, cells), name) in columns.into_iter().zip(names) {
            let heading = parts.join(between);
            let stated = parts.iter().rev().find_map(|part| unit_of(part)).map(|(ty, _)| ty);
            let is_ignored = name.is_empty();
            self.columns.push(Column {
                at,
                heading,
                stated,
                name,
                alias: None,
                kind: if is_ignored { Kind::Ignored } else { Kind::Plain(Type::Text) },
                readings: Vec::new(),
                cells,
                optional: false,
                is_key: false,
                is_filled: false,
                is_unmeasured: false,
                doubts: Vec::new(),
            });
        }
        let mut seen = BTreeSet::new();
        let twice = self
            .columns
            .iter()
            .any(|column| !column.heading.is_empty() && !seen.insert(squeezed(&column.heading)));
        self.is_positional |= twice;
        if let Some(column) = self.columns.iter().find(|column| column.name.is_empty()) {
            let letter = crate::data::column_name(column.at);
            self.doubts.push(say!(
                "{letter} 列没有标题，没有读入：给它一个标题，或者不管它",
                "column {letter} has no heading and is not read: give it one, or leave it"
            ));
        }
        if self.layout.header.is_empty() {
            self.doubts.push(say!(
                "没有找到标题，各列叫作 列1、列2……：在词汇和 headings 中改成真正的名称",
                "no headings were found, the columns are called 列1, 列2, …: rename them in the \
                    vocabulary and under `headings`"
            ));
        }
    }

    /// Asks of columns at the left whether their empty cells mean what the row above says: so cells
    /// that were merged stand in CSV.
    fn left_blank(&mut self) {
        for column in self.columns.iter_mut().take(2) {
            let blank = column.cells.iter().filter(|cell| cell.is_empty()).count();
            let begins = column.cells.first().is_some_and(|cell| !cell.is_empty());
            if begins && blank * 3 > column.cells.len() && column.kind != Kind::Ignored {
                let name = &column.name;
                column.doubts.push(say!(
                    "空着的若是与上一行相同，在清单的这个文件处写 `fill = [\"{name}\"]`",
                    "where an empty cell means what the row above says, write \
                        `fill = [\"{name}\"]` with the file in the manifest"
                ));
            }
        }
    }

    /// Says which codes are met twice, and so cannot tell rows apart.
    fn met_twice(&mut self) {
        for column in &mut self.columns {
            let may = matches!(column.kind, Kind::Plain(Type::Text | Type::Integer));
            let mut seen = BTreeSet::new();
            let twice: BTreeSet<String> = column
                .given()
                .filter(|cell| !seen.insert(canonical(cell)))
                .map(|cell| format!("`{}`", short(cell)))
                .collect();
            let rows = column.given().count();
            let few = !twice.is_empty() && seen.len() * 5 >= rows * 3;
            if may && few && is_code_name(&column.name) {
                let listed: Vec<String> = twice.into_iter().take(5).collect();
                let (zh, en) = (listed.join("、"), listed.join(", "));
                column.doubts.push(say!("有重复的：{zh}", "met twice: {en}"));
            }
        }
    }

    /// Two fields of one table have no English name in common.
    fn only_alias(&mut self) {
        let mut seen: BTreeSet<String> =
            self.columns.iter().map(|column| column.name.clone()).collect();
        for column in &mut self.columns {
            column.alias = column.alias.take().filter(|alias| seen.insert(alias.clone()));
        }
    }

    /// Marks the column that tells rows apart, where there is one.
    fn choose_key(&mut self) {
        let score = |column: &Column| -> Option<usize> {
            let may = matches!(column.kind, Kind::Plain(Type::Text | Type::Integer));
            let long = |cell: &String| cell.contains('\n') || cell.chars().count() > LONGEST;
            if !may || column.cells.is_empty() || !column.tells_apart() {
                return None;
            }
            let coded = is_code_name(&column.name);
            let is_named = ["名称", "name", "姓名"].iter().any(|word| column.name.ends_with(word));
            let numbers = ROW_NUMBERS.contains(&&*column.name);
            if column.cells.iter().any(long) || !(coded || is_named || column.at == 0) {
                return None;
            }
            Some(match (numbers, coded, is_named) {
                (true, ..) => 1,
                (_, true, _) => 4,
                (.., true) => 3,
                _ => 2,
            })
        };
        // Of those that do as well, the first.
        let best = self
            .columns
            .iter()
            .enumerate()
            .rev()
            .filter_map(|(at, column)| Some((score(column)?, at)));
        match best.max_by_key(|(score, _)| *score) {
            Some((score, at)) => {
                if let Some(column) = self.columns.get_mut(at) {
                    column.is_key = true;
                    if score == 1 {
                        column.doubts.push(say!(
                            "序号作主键：插行、删行以后各行的号会变，最好另有编码",
                            "a row number is the key: it changes when rows are put in or \
                                taken out; a code is better"
                        ));
                    }
                }
            }
            None => self.doubts.push(say!(
                "没有一列能当主键（每行都有、各不相同）：没有主键的行不能被引用，也不能准予例外",
                "no column can be the key (filled and different in every row): rows without one \
                    cannot be referred to or waived"
            )),
        }
        let is_key = |column: &Column| column.is_key;
        let numbered = |column: &Column| ROW_NUMBERS.contains(&&*column.name);
        for column in self.columns.iter_mut().filter(|column| numbered(column) && !is_key(column)) {
            column.kind = Kind::Ignored;
        }
    }

    /// The fields: what the columns that are read stand for.
    pub fn fields(&self) -> impl Iterator<Item = &Column> {
        self.columns.iter().filter(|column| column.kind != Kind::Ignored)
    }

    /// The key.
    #[must_use]
    pub fn key(&self) -> Option<&Column> {
        self.columns.iter().find(|column| column.is_key)
    }

    /// Whether its rows stand in those of another, in one document.
    #[must_use]
    pub fn is_inside(&self) -> bool {
        self.document.as_ref().is_some_and(|document| document.parent.is_some())
    }

    /// The words for nothing in columns that may lack a value.
    #[must_use]
    pub fn absent(&self) -> BTreeSet<&str> {
        self.fields().flat_map(Column::placeholders).collect()
    }
}

/// Whether a field is called as codes are.
pub fn is_code_name(name: &str) -> bool {
    let lower = name.to_lowercase();
    let words = ["编码", "编号", "代码", "文号", "号码", "code", "number"];
    words.iter().any(|word| lower.ends_with(word))
        || name.ends_with('号') && !ROW_NUMBERS.contains(&name)
        || lower == "id"
        || lower.ends_with("_id")
}

/// What is taken out of names: what `「」` cannot hold, and marks that a cell has to be filled in.
fn named(text: &str) -> Option<String> {
    let marks = ['*', '＊', '★', '※', ':', '：'];
    let text = text.trim().trim_matches(marks).trim();
    let text: String = match text.is_ascii() {
        true => text.split_whitespace().collect::<Vec<_>>().join("_"),
        false => squeezed(text),
    };
    let plain = |letter: char| match letter {
        '.' | '．' | '/' | '\\' | '|' => '_',
        _ => letter,
    };
    let text: String = text
        .chars()
        .filter(|letter| !matches!(letter, '「' | '」' | '“' | '”' | '"' | '#' | '\u{FEFF}'))
        .filter(|letter| !is_invisible(*letter))
        .map(plain)
        .take(LONGEST)
        .collect();
    Some(text).filter(|text| !text.is_empty())
}

/// A heading without what its brackets at the end say, or a unit on its last line.
fn bare(heading: &str) -> &str {
    let last_line = heading.rsplit_once(['\n', '\r']);
    let is_unit = |(_, last): &(&str, &str)| states_unit(&format!("_（{last}）"));
    if let Some((before, _)) = last_line.filter(is_unit) {
        return before.trim_end();
    }
    let ends = [('（', '）'), ('(', ')'), ('[', ']'), ('【', '】'), ('（', ')'), ('(', '）')];
    ends.iter()
        .find_map(|(open, close)| {
            let inner = heading.strip_suffix(*close)?;
            let (before, _) = inner.split_at_checked(inner.rfind(*open)?)?;
            Some(before.trim_end()).filter(|before| !before.is_empty())
        })
        .unwrap_or(heading)
}

/// A name for each column; empty for one without a heading. Headings of several levels are as
/// short as they can be without two being the same.
fn names(columns: &[(usize, Vec<String>, Vec<String>)], headed: bool) -> Vec<String> {
    let forms = |parts: &[String]| -> Vec<String> {
        let last = parts.last().map_or("", String::as_str);
        let whole = parts.concat();
        let forms = [bare(last), last, bare(&whole), &whole];
        forms.iter().filter_map(|form| named(form)).collect()
    };
    let all: Vec<Vec<String>> = columns.iter().map(|(_, parts, _)| forms(parts)).collect();
    let mut names: Vec<String> = Vec::new();
    for (own, (at, parts, _)) in all.iter().zip(columns) {
        if parts.is_empty() && !headed {
            names.push(format!("列{}", at + 1));
            continue;
        }
        let others = |form: &String| {
            let same = all
                .iter()
                .zip(columns)
                .filter(|(forms, (other, ..))| other != at && (forms.contains(form)));
            same.count() > 0
        };
        let free = own.iter().find(|form| !others(form) && !names.contains(form));
        let first = own.first().cloned().unwrap_or_default();
        let last = own.last().cloned().unwrap_or_default();
        let numbered = || {
            let mut forms = (2..).map(|number| format!("{last}{number}"));
            if names.contains(&last) { forms.find(|form| !names.contains(form)) } else { None }
        };
        let name = free.cloned().or_else(numbered).unwrap_or(if last.is_empty() {
            first
        } else {
            last.clone()
        });
        names.push(name);
    }
    names
}
