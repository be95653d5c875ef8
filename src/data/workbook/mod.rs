//! Workbooks: a sheet becomes a text of one line a row, so that everything after this reads it as
//! it reads CSV; where its rows begin is kept, so that a byte of the text is a cell again. Without
//! the feature `workbook` no file is one.

#![cfg_attr(not(feature = "workbook"), allow(dead_code, reason = "no file is read"))]

mod address;
#[cfg(feature = "workbook")]
mod archive;
#[cfg(feature = "workbook")]
mod book;
#[cfg(feature = "workbook")]
mod cell;
#[cfg(not(feature = "workbook"))]
mod closed;
mod excerpt;
#[cfg(feature = "workbook")]
mod format;
#[cfg(feature = "workbook")]
mod guard;
#[cfg(feature = "workbook")]
mod layout;
#[cfg(feature = "workbook")]
mod ods;
mod page;
#[cfg(feature = "workbook")]
mod parts;
#[cfg(feature = "workbook")]
mod xls;
#[cfg(feature = "workbook")]
mod xlsx;

pub use address::{cell_at, column_name};
#[cfg(feature = "workbook")]
pub use archive::{Archive, open as open_archive};
#[cfg(feature = "workbook")]
pub use book::Books;
#[cfg(not(feature = "workbook"))]
pub use closed::Books;
#[cfg(feature = "workbook")]
pub use layout::attribute;
pub use page::{DELIMITER, Page};
#[cfg(feature = "workbook")]
pub use parts::{Parts, relations, relations_part};

use super::fault::{Fault, Looks};
use super::names::{fold, nearest};
use std::fmt::Display;

/// One cell that is not empty.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cell {
    /// Its row, from 0.
    pub row: u32,
    /// Its column, from 0.
    pub column: u32,
    /// What it shows.
    pub text: String,
    /// Why it cannot be read.
    pub bad: Option<Bad>,
}

/// Why a cell cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bad {
    /// Its formula has no value: `#REF!`.
    Formula,
    /// A number of more digits than a workbook keeps.
    Digits,
    /// A number below 0 that is shown as a date.
    Date,
}

/// Merged cells, first and last row and column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region {
    /// First and last row.
    pub rows: (u32, u32),
    /// First and last column.
    pub columns: (u32, u32),
}

/// A sheet as it is stored.
#[derive(Debug, Default)]
pub struct Grid {
    /// Its name.
    pub name: String,
    /// Its cells, in any order.
    pub cells: Vec<Cell>,
    /// Merged regions.
    pub merged: Vec<Region>,
    /// Hidden rows, ascending.
    pub hidden: Vec<u32>,
    /// Hidden columns, first and last.
    pub hidden_columns: Vec<(u32, u32)>,
    /// Whether the sheet itself is hidden.
    pub is_hidden: bool,
    /// How much the cells take, in bytes.
    size: usize,
}

/// The rows and columns of the largest sheet there is, `XFD1048576`.
const MOST_ROWS: u32 = 1 << 20;
const MOST_COLUMNS: u32 = 1 << 14;

/// How much the cells of a sheet may take, in bytes: a few bytes of a format can repeat a cell any
/// number of times.
const MOST_CELLS: usize = 1 << 29;

impl Grid {
    /// The same, to be filled again.
    #[cfg(feature = "workbook")]
    fn copied(&self) -> Self {
        Self {
            name: self.name.clone(),
            cells: self.cells.clone(),
            merged: self.merged.clone(),
            hidden: self.hidden.clone(),
            hidden_columns: self.hidden_columns.clone(),
            ..*self
        }
    }

    /// Adds a cell.
    ///
    /// # Errors
    /// Where no sheet reaches so far, or the cells become too many.
    fn push(&mut self, cell: Cell) -> Result<(), Fault> {
        if cell.row >= MOST_ROWS || cell.column >= MOST_COLUMNS {
            return Err(damaged("a cell stands beyond XFD1048576"));
        }
        self.size += cell.text.len() + size_of::<Cell>();
        self.cells.push(cell);
        if self.size > MOST_CELLS { Err(Fault::TooLargeInside) } else { Ok(()) }
    }
}

/// The sheets that hold cells, as the library lists them.
#[cfg(feature = "workbook")]
fn listed(sheets: &[calamine::Sheet]) -> Vec<Listed> {
    use calamine::{SheetType, SheetVisible};
    let cells = sheets.iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
    cells
        .map(|sheet| Listed {
            name: sheet.name.clone(),
            hidden: sheet.visible != SheetVisible::Visible,
        })
        .collect()
}

/// A sheet by its name.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The name.
    pub name: String,
    /// Whether it is shown.
    pub hidden: bool,
}

/// Which sheet is wanted.
#[derive(Clone, Debug, Default)]
pub struct Wanted<'a> {
    /// By the manifest.
    pub sheet: Option<&'a str>,
    /// What the table is called.
    pub names: Vec<&'a str>,
}

/// A damaged file, in the words of what reads it.
fn damaged(error: impl Display) -> Fault {
    Fault::DamagedWorkbook(error.to_string())
}

fn looks_like(bytes: &[u8]) -> Looks {
    let head = bytes.get(..bytes.len().min(512)).unwrap_or(bytes);
    let lower = head.to_ascii_lowercase();
    let holds = |word: &[u8]| memchr::memmem::find(&lower, word).is_some();
    match head {
        [0x09, 0x00 | 0x02 | 0x04, ..] => Looks::Old,
        _ if holds(b"excel.sheet") || holds(b"office:spreadsheet") => Looks::Xml2003,
        _ if holds(b"<html") || holds(b"<table") => Looks::Html,
        [] => Looks::Unknown,
        _ if !head.contains(&0) => Looks::Text,
        _ => Looks::Unknown,
    }
}

impl Wanted<'_> {
    /// The sheet that is wanted among those there are: the named one, the only visible one, or the
    /// one called as the table.
    ///
    /// # Errors
    /// Where there is none.
    pub fn choose<'s>(&self, sheets: &'s [Listed]) -> Result<&'s Listed, Fault> {
        let called = |name: &str| sheets.iter().find(|sheet| fold(&sheet.name) == fold(name));
        let all = || sheets.iter().map(|sheet| sheet.name.clone()).collect();
        if let Some(name) = self.sheet {
            return called(name).ok_or_else(|| Fault::NoSuchSheet {
                sheet: name.to_owned(),
                nearest: near_sheet(name, sheets),
                fits: None,
                sheets: all(),
            });
        }
        if let Some(sheet) = self.names.iter().find_map(|name| called(name)) {
            return Ok(sheet);
        }
        let mut visible = sheets.iter().filter(|sheet| !sheet.hidden);
        match (visible.next(), visible.next()) {
            (Some(only), None) => Ok(only),
            _ => Err(Fault::WhichSheet {
                sheets: all(),
                fits: None,
                table: self.names.first().copied().unwrap_or_default().to_owned(),
            }),
        }
    }
}

/// The sheet that may be meant by a name: one spelt almost so, or the only one with it in its own
/// and something set off from it, `表(改)`.
fn near_sheet(name: &str, sheets: &[Listed]) -> Option<String> {
    let wanted = fold(name);
    let set_off = |long: &str, short: &str| {
        long.strip_prefix(short).is_some_and(|rest| !rest.starts_with(['.', '。', '·']))
            || long.ends_with(short)
    };
    nearest(name, sheets.iter().map(|sheet| &*sheet.name)).or_else(|| {
        let mut longer = sheets.iter().filter(|sheet| {
            let other = fold(&sheet.name);
            !other.is_empty() && (set_off(&other, &wanted) || set_off(&wanted, &other))
        });
        let first = longer.next()?;
        longer.next().is_none().then(|| first.name.clone())
    })
}
