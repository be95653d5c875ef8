//! Files as cells, before anybody has said what they mean: what a vocabulary is proposed from.

use super::bind::cell;
use super::bind::headings::title;
use super::bind::plan::FieldPlan;
use super::bind::sheet::list;
use super::bytes::{Stretch, read_bytes};
use super::csv::{Row, Scanner};
use super::encoding::{decode, feed_lines, has_returns};
use super::event::Scalar;
use super::fault::Fault;
use super::line;
use super::outline::{self, Held};
use super::unit::{Unit, in_heading};
use super::workbook::{Books, DELIMITER, Page, Wanted};
use super::{Format, Input, Mapping, Store, message, placeholder};
use crate::diagnostic::Diagnostic;
use crate::place::Place;
use crate::schema::{FrameId, Schema, Type};
use crate::value::Ratio;
use std::sync::Arc;

/// A sheet of a workbook, or the rows of CSV, as they stand: nothing is converted.
#[derive(Clone, Debug, Default)]
pub struct RawSheet {
    /// The sheet's name; `None` for CSV.
    pub name: Option<Arc<str>>,
    /// The rows with the cells of each, without outer blanks. What merged cells of several rows
    /// hold stands in each of these rows, in their first column.
    pub rows: Vec<Vec<String>>,
    /// Merged cells near the top: first and last row, first and last column, from 0.
    pub merged: Vec<[(usize, usize); 2]>,
    /// Of a document: where in it the rows stand. Its first row holds the keys.
    pub document: Option<Document>,
    /// Whether a workbook hides it.
    pub is_hidden: bool,
    /// The encoding of the file, where nothing says which it is in and it is not UTF-8.
    pub encoding: Option<&'static str>,
}

/// Where the rows of a sheet stand in a document, and how it holds them.
#[derive(Clone, Debug, Default)]
pub struct Document {
    /// The keys that lead to them, with `/` between them; none where they are the document.
    pub way: String,
    /// The sheet, by its number, in whose rows they stand.
    pub parent: Option<usize>,
    /// How the values of each column are held.
    pub held: Vec<Held>,
}

/// The sheets of a file that are not hidden and hold something; of CSV the one there is, of JSON
/// its arrays of objects.
///
/// # Errors
/// Where the file cannot be read, is damaged, protected or too large, or is of a format that has no
/// rows of cells.
pub fn raw_sheets(
    name: &str,
    format: Format,
    store: Arc<dyn Store>,
) -> Result<Vec<RawSheet>, Box<Diagnostic>> {
    let filled = |sheet: &RawSheet| {
        let holds =
            sheet.document.is_some() || sheet.rows.iter().flatten().any(|cell| !cell.is_empty());
        !sheet.is_hidden && holds
    };
    every_sheet(name, format, store).map(|sheets| sheets.into_iter().filter(filled).collect())
}

/// All sheets of a file, the hidden and the empty ones, too.
///
/// # Errors
/// As [`raw_sheets`].
pub fn every_sheet(
    name: &str,
    format: Format,
    store: Arc<dyn Store>,
) -> Result<Vec<RawSheet>, Box<Diagnostic>> {
    let input = Input {
        frame: FrameId(0),
        name: name.into(),
        format,
        mapping: Mapping::default(),
        inline: None,
        store,
    };
    let read = match format {
        Format::Csv => text(&input).map(|sheet| vec![sheet]),
        Format::Workbook => book(&input),
        Format::Json | Format::JsonLines => json(&input),
        _ => Ok(Vec::new()),
    };
    let wrong =
        |fault: Fault| Box::new(message::fault(&Schema::default(), &fault, Place::file(name)));
    read.map_err(wrong)
}

/// The rows of CSV or TSV.
fn text(input: &Input) -> Result<RawSheet, Fault> {
    let (mut stored, encoding) = read_bytes(input, Stretch { input: 0, lines: None })?;
    if has_returns(&stored.bytes, encoding) {
        feed_lines(&mut stored.bytes);
    }
    let guessed = stored.guessed.then(|| encoding.name());
    let bytes = stored.bytes.get(stored.from..).unwrap_or(&[]);
    let decoded = decode(bytes, encoding, stored.stored);
    let name = input.name.to_ascii_lowercase();
    let is_tabbed = name.trim_end_matches(".gz").ends_with(".tsv");
    let rows = rows(&decoded.text, if is_tabbed { b'\t' } else { DELIMITER });
    Ok(RawSheet { rows, encoding: guessed, ..RawSheet::default() })
}

/// The sheets of JSON.
fn json(input: &Input) -> Result<Vec<RawSheet>, Fault> {
    let (stored, encoding) = read_bytes(input, Stretch { input: 0, lines: None })?;
    let guessed = stored.guessed.then(|| encoding.name());
    let bytes = stored.bytes.get(stored.from..).unwrap_or(&[]);
    let decoded = decode(bytes, encoding, stored.stored);
    let found = outline::sheets(&decoded.text, input.format == Format::JsonLines)?;
    let sheet = |found: outline::Outline| {
        let (keys, held): (Vec<String>, Vec<Held>) = found.columns.into_iter().unzip();
        let document = Document { way: found.way.join("/"), parent: found.parent, held };
        RawSheet {
            name: found.way.last().map(|name| name.as_str().into()),
            rows: std::iter::once(keys).chain(found.rows).collect(),
            merged: Vec::new(),
            document: Some(document),
            is_hidden: false,
            encoding: guessed,
        }
    };
    Ok(found.into_iter().map(sheet).collect())
}

/// The sheets of a workbook.
fn book(input: &Input) -> Result<Vec<RawSheet>, Fault> {
    let stored = read_bytes(input, Stretch { input: 0, lines: None })?.0;
    let bytes: Arc<[u8]> = stored.bytes.into();
    let books = Books::new(std::iter::once(input.name.clone()));
    let mut sheets = Vec::new();
    for name in books.names(&input.name, || Ok(bytes.to_vec()))? {
        let wanted = Wanted { sheet: Some(&name), ..Wanted::default() };
        let page = books.sheet(&input.name, &wanted, || Ok(bytes.to_vec()))?;
        sheets.push(sheet(&page));
    }
    Ok(sheets)
}

/// A sheet.
fn sheet(page: &Page) -> RawSheet {
    let at = |(from, to): (u32, u32)| (from as usize, to as usize);
    RawSheet {
        name: Some(page.sheet.clone()),
        rows: rows(&page.text, DELIMITER),
        merged: page.upper.iter().map(|region| [at(region.rows), at(region.columns)]).collect(),
        document: None,
        is_hidden: page.is_hidden,
        encoding: None,
    }
}

/// The cells of a text; a row with a quote that is never closed has none.
fn rows(text: &str, delimiter: u8) -> Vec<Vec<String>> {
    let mut scanner = Scanner::new(text, 0, delimiter);
    let (mut cells, mut rows, mut scratch) = (Vec::new(), Vec::new(), String::new());
    while let Some(row) = scanner.row(&mut cells) {
        let read = |cell| scanner.content(cell, &mut scratch).trim().to_owned();
        rows.push(match row {
            Row::At(_) => cells.iter().map(read).collect(),
            Row::Open(_) => Vec::new(),
        });
    }
    rows
}

/// Whether a cell reads as a value of a type, as it is read where nothing more is said. Text reads
/// as text alone.
#[must_use]
pub fn reads(ty: Type, text: &str) -> bool {
    let field = FieldPlan::of_type(ty);
    matches!(cell::read(&field, Scalar::Text(text)), Ok(value) if value != cell::Value::NotGiven)
}

/// A heading as it is read: which differences in writing are none.
#[must_use]
pub fn read_heading(text: &str) -> String {
    title(text)
}

/// The number a cell holds as a value of a type, in the type's own unit; days since 1970-01-01 for
/// dates. `None` where it holds none.
#[must_use]
pub fn amount(ty: Type, text: &str) -> Option<Ratio> {
    match cell::read(&FieldPlan::of_type(ty), Scalar::Text(text)) {
        Ok(cell::Value::Int(value)) => Some(Ratio::from_integer(value.into())),
        Ok(cell::Value::Ratio(value)) => Some(value),
        _ => None,
    }
}

/// Whether a cell holds nothing but a word or sign of those that people write where they have
/// nothing to write.
#[must_use]
pub fn says_nothing(text: &str) -> bool {
    placeholder::is_one(text)
}

/// The values of a list that stands in one cell.
#[must_use]
pub fn values_of(text: &str) -> Vec<&str> {
    let values = list::usual(text, false);
    values.into_iter().filter_map(|value| text.get(value)).collect()
}

/// Whether a heading states a unit, be it one that no type has.
#[must_use]
pub fn states_unit(heading: &str) -> bool {
    in_heading(heading).is_some()
}

/// The type among money, percentages and spans of time whose unit a heading or a line above a table
/// states, with the unit as written.
#[must_use]
pub fn unit_of(text: &str) -> Option<(Type, &str)> {
    const TYPES: [Type; 7] = [
        Type::Money,
        Type::Percent,
        Type::Workdays,
        Type::Days,
        Type::Months,
        Type::Hours,
        Type::Minutes,
    ];
    let typed = |(unit, word): (Unit, _)| {
        let ty = TYPES.into_iter().find(|ty| unit.of(*ty).is_some())?;
        Some((ty, word))
    };
    in_heading(text).and_then(typed).or_else(|| line::stated(text).into_iter().find_map(typed))
}
