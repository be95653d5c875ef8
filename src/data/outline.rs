//! JSON as sheets: the objects of an array are rows, their keys columns, and arrays of objects
//! inside them sheets of their own. Nothing is converted.

use super::event::{Scalar, Sink};
use super::fault::Fault;
use super::json;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// How JSON holds the values of a column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Held {
    /// As texts, or true and false.
    #[default]
    Text,
    /// As numbers, in some rows at least.
    Number,
    /// As arrays of texts.
    List,
    /// Otherwise: in arrays of numbers, as containers in some rows only.
    Otherwise,
}

/// A sheet of a document.
#[derive(Clone, Debug, Default)]
pub struct Outline {
    /// The keys that lead to it, from the document or from the row it stands in.
    pub way: Vec<String>,
    /// The sheet whose rows hold it.
    pub parent: Option<usize>,
    /// Its columns, each the keys that lead to it with `/` between them, and how they are held.
    pub columns: Vec<(String, Held)>,
    /// Its rows; what a row does not give is empty.
    pub rows: Vec<Vec<String>>,
    by_key: BTreeMap<String, usize>,
    /// Keys that a row gives without a value.
    nulls: BTreeSet<String>,
}

impl Outline {
    /// A column, new where it was not met before.
    fn column(&mut self, key: &str) -> usize {
        if let Some(at) = self.by_key.get(key) {
            return *at;
        }
        self.columns.push((key.to_owned(), Held::Text));
        self.by_key.insert(key.to_owned(), self.columns.len() - 1);
        self.columns.len() - 1
    }

    /// Puts a value into the last row.
    fn put(&mut self, key: &str, value: &str, held: Held) {
        let at = self.column(key);
        if let Some((_, known)) = self.columns.get_mut(at).filter(|_| held != Held::Text) {
            let is_same = *known == held || *known == Held::Text && held == Held::Number;
            let is_first = self.rows.iter().all(|row| row.get(at).is_none_or(String::is_empty));
            *known = if is_same || is_first { held } else { Held::Otherwise };
        }
        let Some(row) = self.rows.last_mut() else { return };
        if row.len() <= at {
            row.resize(at + 1, String::new());
        }
        if let Some(cell) = row.get_mut(at) {
            if held == Held::List && !cell.is_empty() {
                cell.push('、');
            }
            cell.push_str(value);
        }
    }
}

/// The sheets of a document, each behind the one that holds it.
///
/// # Errors
/// Where it is no JSON.
pub fn sheets(text: &str, is_lines: bool) -> Result<Vec<Outline>, Fault> {
    let mut reader = Reader { sheets: Vec::new(), open: Vec::new(), is_lines };
    let fault = |broken: json::Broken| Fault::Json { problem: broken.problem, lines: is_lines };
    if is_lines {
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            json::read(line, 0, &mut reader).map_err(fault)?;
        }
    } else {
        json::read(text, 0, &mut reader).map_err(fault)?;
    }
    reader.empty_columns();
    Ok(reader.sheets)
}

/// Reads a document into sheets.
struct Reader {
    sheets: Vec<Outline>,
    open: Vec<Open>,
    is_lines: bool,
}

/// A container that is open.
#[derive(Clone, Debug)]
enum Open {
    /// An object around rows, with the key read last.
    Around(String),
    /// A row of a sheet, or an object in it: the keys above, and the key read last.
    Row { sheet: usize, above: Vec<String>, key: String },
    /// An array of what becomes the rows of a sheet.
    Rows { way: Vec<String>, parent: Option<usize>, cell: String },
    /// Anything else.
    Other,
}

impl Reader {
    /// The keys of the objects around.
    fn around(&self) -> Vec<String> {
        let key = |open: &Open| if let Open::Around(key) = open { Some(key.clone()) } else { None };
        self.open.iter().filter_map(key).collect()
    }

    /// Makes columns of the keys that no row gives a value, and that hold no rows of their own.
    fn empty_columns(&mut self) {
        for at in 0..self.sheets.len() {
            let Some(sheet) = self.sheets.get_mut(at) else { continue };
            for key in std::mem::take(&mut sheet.nulls) {
                let mut inside = self.sheets.iter().filter(|other| other.parent == Some(at));
                let holds_rows = inside.any(|other| other.way.join("/") == key);
                if let Some(sheet) = self.sheets.get_mut(at).filter(|_| !holds_rows) {
                    sheet.column(&key);
                }
            }
        }
    }

    /// A row of the sheet that stands there.
    fn row(&mut self, way: Vec<String>, parent: Option<usize>) -> Open {
        let same = |sheet: &Outline| sheet.way == way && sheet.parent == parent;
        let sheet = self.sheets.iter().position(same).unwrap_or(self.sheets.len());
        if sheet == self.sheets.len() {
            self.sheets.push(Outline { way, parent, ..Outline::default() });
        }
        if let Some(found) = self.sheets.get_mut(sheet) {
            found.rows.push(Vec::new());
        }
        Open::Row { sheet, above: Vec::new(), key: String::new() }
    }
}

/// A key below others.
fn below(above: &[String], key: &str) -> Vec<String> {
    above.iter().cloned().chain([key.to_owned()]).collect()
}

impl Sink for Reader {
    fn open_object(&mut self, _: usize, _: usize) {
        let next = match self.open.last().cloned() {
            None if self.is_lines => self.row(Vec::new(), None),
            None | Some(Open::Around(_)) => Open::Around(String::new()),
            Some(Open::Row { sheet, above, key }) => {
                Open::Row { sheet, above: below(&above, &key), key: String::new() }
            }
            Some(Open::Rows { way, parent, .. }) => self.row(way, parent),
            Some(Open::Other) => Open::Other,
        };
        self.open.push(next);
    }

    fn close_object(&mut self, _: usize) {
        self.open.pop();
    }

    fn open_array(&mut self, _: usize) {
        let next = match self.open.last().cloned() {
            None | Some(Open::Around(_)) => {
                Open::Rows { way: self.around(), parent: None, cell: String::new() }
            }
            Some(Open::Row { sheet, above, key }) => {
                let way = below(&above, &key);
                let cell = way.join("/");
                Open::Rows { way, parent: Some(sheet), cell }
            }
            Some(Open::Rows { .. } | Open::Other) => Open::Other,
        };
        self.open.push(next);
    }

    fn close_array(&mut self) {
        self.open.pop();
    }

    fn expected_key(&mut self, _: &[u8], _: usize) -> Option<usize> {
        None
    }

    fn key(&mut self, name: &str, _: Range<usize>) {
        if let Some(Open::Around(key) | Open::Row { key, .. }) = self.open.last_mut() {
            name.clone_into(key);
        }
    }

    fn scalar(&mut self, value: Scalar<'_>, _: Range<usize>) {
        let (text, held) = match value {
            Scalar::Null => {
                if let Some(Open::Row { sheet, above, key }) = self.open.last() {
                    let key = below(above, key).join("/");
                    if let Some(sheet) = self.sheets.get_mut(*sheet) {
                        sheet.nulls.insert(key);
                    }
                }
                return;
            }
            Scalar::Text(text) | Scalar::Moment(text) => (text, Held::Text),
            Scalar::Number(digits) => (digits, Held::Number),
            Scalar::Bool(true) => ("true", Held::Text),
            Scalar::Bool(false) => ("false", Held::Text),
        };
        let (sheet, key, held) = match self.open.last() {
            Some(Open::Row { sheet, above, key }) => (*sheet, below(above, key).join("/"), held),
            Some(Open::Rows { parent: Some(sheet), cell, .. }) => {
                let held = if held == Held::Text { Held::List } else { Held::Otherwise };
                (*sheet, cell.clone(), held)
            }
            _ => return,
        };
        if let Some(sheet) = self.sheets.get_mut(sheet) {
            sheet.put(&key, text.trim(), held);
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
    use super::*;

    #[test]
    fn objects_are_rows_and_what_they_hold_are_columns_and_sheets() {
        let text = r#"{"code": 0, "data": {"list": [
            {"no": 7, "org": {"name": "甲"}, "kinds": ["一", "二"], "steps": [{"days": 3}, {"days": 5}]},
            {"no": 8, "org": {"name": "乙"}, "steps": []}]}}"#;
        let sheets = sheets(text, false).unwrap();
        assert_eq!(sheets[0].way, ["data", "list"]);
        let held: Vec<(&str, Held)> =
            sheets[0].columns.iter().map(|(key, held)| (&**key, *held)).collect();
        assert_eq!(held, [("no", Held::Number), ("org/name", Held::Text), ("kinds", Held::List)]);
        assert_eq!(sheets[0].rows, [vec!["7", "甲", "一、二"], vec!["8", "乙"]]);
        assert_eq!((sheets[1].parent, sheets[1].way.join("/")), (Some(0), "steps".to_owned()));
        assert_eq!(sheets[1].rows, [["3"], ["5"]]);
    }

    #[test]
    fn keys_without_a_value_are_columns_unless_they_hold_rows() {
        let text = r#"{"a": null, "s": null, "o": {"e": null}}
            {"a": 1, "s": [{"d": null}], "o": null}"#;
        let sheets = sheets(text, true).unwrap();
        let keys: Vec<&str> = sheets[0].columns.iter().map(|(key, _)| &**key).collect();
        assert_eq!(keys, ["a", "o", "o/e"]);
        assert_eq!(sheets[1].columns[0].0, "d");
    }

    #[test]
    fn a_line_is_a_row() {
        let sheets = sheets("{\"a\": \"1\"}\n\n{\"a\": \"2\", \"b\": true}\n", true).unwrap();
        assert_eq!(sheets[0].rows, [vec!["1"], vec!["2", "true"]]);
    }
}
