//! XLS (1997 to 2003): cells through `calamine`. What it does not tell, and how large a sheet
//! claims to be, is read from the records.

use super::address::range;
use super::{Grid, Listed, Wanted, cell, damaged, listed};
use crate::data::fault::{Fault, Looks};
use calamine::{Reader as _, Xls, XlsError};
use std::collections::HashMap;
use std::io::{Cursor, Read};
use std::sync::Arc;

/// The records that matter here.
mod record {
    /// A workbook, or a sheet in it, begins.
    pub const BEGIN: u16 = 0x0809;
    /// It ends.
    pub const END: u16 = 0x000A;
    /// What follows is encrypted.
    pub const PASSWORD: u16 = 0x002F;
    /// A number format.
    pub const FORMAT: u16 = 0x041E;
    /// A style of cells, with the number of its format.
    pub const STYLE: u16 = 0x00E0;
    /// A row.
    pub const ROW: u16 = 0x0208;
    /// Columns.
    pub const COLUMNS: u16 = 0x007D;
    /// A sheet by its name: where its records begin.
    pub const SHEET: u16 = 0x0085;
    /// How far the cells of a sheet go.
    pub const SIZE: u16 = 0x0200;
    /// Records of a cell, or of several in a row; they begin with its row and column.
    pub const NUMBER: u16 = 0x0203;
    /// A truth value or an error, the last of its kind.
    pub const TRUTH: u16 = 0x0205;
    /// A number in four bytes.
    pub const SHORT_NUMBER: u16 = 0x027E;
    /// Several of these, the last column at the end.
    pub const NUMBERS: u16 = 0x00BD;
    /// A text that stands elsewhere.
    pub const SHARED_TEXT: u16 = 0x00FD;
    /// A text with fonts.
    pub const RICH_TEXT: u16 = 0x00D6;
    /// A formula.
    pub const FORMULA: u16 = 0x0006;
}

/// The version of workbooks since 1997.
const BIFF_8: u16 = 0x0600;

/// How many cells the sheets may span: memory is taken for the empty ones too.
const MOST_CELLS: u64 = 1 << 24;

/// An open workbook.
pub struct Opened {
    workbook: Xls<Cursor<Arc<[u8]>>>,
    pages: Vec<PageRecords>,
    /// How numbers are shown, by style.
    styles: Vec<cell::Shown>,
}

impl Opened {
    /// Reads all sheets.
    ///
    /// # Errors
    /// Where the file is damaged, protected, too old or too large.
    pub fn new(bytes: Arc<[u8]>) -> Result<Self, Fault> {
        let records = stream(&bytes)?;
        let (pages, styles) = (pages(&records)?, styles(&records));
        Ok(Self { workbook: Xls::new(Cursor::new(bytes)).map_err(fault)?, pages, styles })
    }

    /// The sheets that hold cells.
    pub fn listed(&self) -> Vec<Listed> {
        listed(self.workbook.sheets_metadata())
    }

    /// One of them.
    ///
    /// # Errors
    /// Where the file is damaged or has no such sheet.
    pub fn read(&mut self, wanted: &Wanted<'_>) -> Result<Grid, Fault> {
        let workbook = &mut self.workbook;
        let sheets = listed(workbook.sheets_metadata());
        let chosen = wanted.choose(&sheets)?;
        let mut grid =
            Grid { name: chosen.name.clone(), is_hidden: chosen.hidden, ..Grid::default() };
        let index = workbook.sheets_metadata().iter().position(|sheet| sheet.name == chosen.name);
        let page = index.and_then(|index| self.pages.get(index));
        let usual = cell::Shown::default();
        if let Some(page) = page {
            (grid.hidden, grid.hidden_columns) = (page.hidden.clone(), page.hidden_columns.clone());
        }
        grid.merged = workbook
            .merge_cells_by_sheet_name(&chosen.name)
            .map_err(fault)?
            .into_iter()
            .map(Into::into)
            .collect();
        let range = workbook.worksheet_range(&chosen.name).map_err(fault)?;
        let (top, left) = range.start().unwrap_or_default();
        for (row, column, value) in range.used_cells() {
            let at = |base: u32, offset: usize| {
                base.saturating_add(u32::try_from(offset).unwrap_or(u32::MAX))
            };
            let place = (at(top, row), at(left, column));
            let style = page.and_then(|page| page.cell_styles.get(&place)).copied();
            let shown = style.and_then(|style| self.styles.get(style as usize)).unwrap_or(&usual);
            if let Some(cell) = cell::cell(place, value.clone(), shown) {
                grid.push(cell)?;
            }
        }
        Ok(grid)
    }
}

fn fault(error: XlsError) -> Fault {
    match error {
        XlsError::Password => Fault::ProtectedWorkbook,
        error => damaged(error),
    }
}

/// The records of a workbook. A protected XLSX file is such a file too, with another stream.
fn stream(bytes: &[u8]) -> Result<Vec<u8>, Fault> {
    let mut file = cfb::CompoundFile::open(Cursor::new(bytes)).map_err(damaged)?;
    if file.exists("/EncryptedPackage") {
        return Err(Fault::ProtectedWorkbook);
    }
    if !file.exists("/Workbook") {
        return Err(Fault::NotWorkbook(if file.exists("/Book") {
            Looks::Old
        } else {
            Looks::Unknown
        }));
    }
    let mut records = Vec::new();
    file.open_stream("/Workbook").map_err(damaged)?.read_to_end(&mut records).map_err(damaged)?;
    Ok(records)
}

/// What the records say of one sheet.
#[derive(Default)]
struct PageRecords {
    hidden: Vec<u32>,
    hidden_columns: Vec<(u32, u32)>,
    rows: u64,
    columns: u64,
    /// The styles of cells that hold numbers.
    cell_styles: HashMap<(u32, u32), u16>,
}

/// The sheets in the order of the workbook.
fn pages(stream: &[u8]) -> Result<Vec<PageRecords>, Fault> {
    let mut starts = Vec::new();
    for (kind, data) in Records(stream) {
        match kind {
            record::BEGIN if word(data, 0) != Some(BIFF_8) => {
                return Err(Fault::NotWorkbook(Looks::Old));
            }
            record::PASSWORD => return Err(Fault::ProtectedWorkbook),
            record::SHEET => {
                let start = word(data, 0)
                    .zip(word(data, 2))
                    .map_or(0, |(low, high)| u32::from(low) | u32::from(high) << 16);
                starts.push((start, sheet_name(data)));
            }
            record::END => break,
            _ => {}
        }
    }
    let pages = starts.iter().map(|(start, _)| page(stream.get(*start as usize..).unwrap_or(&[])));
    let pages: Vec<PageRecords> = pages.collect::<Result<_, _>>()?;
    let cells: u64 = pages.iter().map(|page| page.rows * page.columns).sum();
    if cells <= MOST_CELLS {
        return Ok(pages);
    }
    let widest = pages.iter().zip(&starts).max_by_key(|(page, _)| page.rows * page.columns);
    Err(widest.map_or(Fault::TooLargeInside, |(page, (_, name))| {
        let last = |count: u64| usize::try_from(count.saturating_sub(1)).unwrap_or(0);
        let (row, column) = (last(page.rows), last(page.columns));
        Fault::FarCell { sheet: name.clone(), cell: range((row, column), (row, column)) }
    }))
}

/// The name in the record of a sheet.
fn sheet_name(data: &[u8]) -> String {
    let length = data.get(6).map_or(0, |length| usize::from(*length));
    let signs = data.get(8..).unwrap_or(&[]);
    let is_wide = data.get(7).is_some_and(|flags| flags & 1 != 0);
    if is_wide {
        let units: Vec<u16> = (0..length).filter_map(|at| word(signs, at * 2)).collect();
        String::from_utf16_lossy(&units)
    } else {
        signs.iter().take(length).map(|byte| char::from(*byte)).collect()
    }
}

/// How each style shows numbers.
fn styles(stream: &[u8]) -> Vec<cell::Shown> {
    let mut formats: HashMap<u16, String> = HashMap::new();
    let mut styles = Vec::new();
    for (kind, data) in Records(stream) {
        match kind {
            record::FORMAT => {
                formats.extend(word(data, 0).zip(text(data.get(2..).unwrap_or(&[]))));
            }
            record::STYLE => styles.push(word(data, 2).unwrap_or(0)),
            record::END => break,
            _ => {}
        }
    }
    let shown = |format: u16| match (formats.get(&format), format) {
        (Some(code), _) => cell::Shown::by(code),
        (None, 9) => cell::Shown::by("0%"),
        (None, 10) => cell::Shown::by("0.00%"),
        (None, _) => cell::Shown::default(),
    };
    styles.into_iter().map(shown).collect()
}

/// A text of a record: its length, whether its characters have two bytes, the characters.
fn text(data: &[u8]) -> Option<String> {
    let length = word(data, 0)? as usize;
    let is_wide = data.get(2)? & 1 == 1;
    let rest = data.get(3..)?;
    if is_wide {
        let units: Vec<u16> = (0..length).map_while(|at| word(rest, 2 * at)).collect();
        Some(String::from_utf16_lossy(&units))
    } else {
        Some(rest.iter().take(length).map(|byte| char::from(*byte)).collect())
    }
}

impl PageRecords {
    /// Keeps the style of a cell.
    fn style(&mut self, row: Option<u16>, column: Option<u16>, style: Option<u16>) {
        let at = row.map(u32::from).zip(column.map(u32::from));
        self.cell_styles.extend(at.zip(style));
    }

    /// Keeps the styles of several cells in a row, with their numbers in six bytes each.
    fn several(&mut self, data: &[u8]) {
        let count = data.len().saturating_sub(6) / 6;
        for index in 0..count {
            let column =
                word(data, 2).and_then(|first| first.checked_add(u16::try_from(index).ok()?));
            self.style(word(data, 0), column, word(data, 4 + 6 * index));
        }
    }

    /// A cell may stand as far as here.
    fn reach(&mut self, row: Option<u16>, column: Option<u16>) {
        self.rows = self.rows.max(row.map_or(0, |row| u64::from(row) + 1));
        self.columns = self.columns.max(column.map_or(0, |column| u64::from(column) + 1));
    }
}

fn page(records: &[u8]) -> Result<PageRecords, Fault> {
    let mut page = PageRecords::default();
    let mut depth = 0_usize;
    for (kind, data) in Records(records) {
        match kind {
            record::BEGIN => depth += 1,
            record::END if depth <= 1 => break,
            record::END => depth -= 1,
            record::ROW => {
                let is_hidden = word(data, 12).is_some_and(|flags| flags & 0x20 != 0);
                page.hidden.extend(word(data, 0).map(u32::from).filter(|_| is_hidden));
            }
            record::COLUMNS if word(data, 8).is_some_and(|flags| flags & 1 != 0) => {
                page.hidden_columns.extend(
                    word(data, 0)
                        .zip(word(data, 2))
                        .map(|(first, last)| (first.into(), last.into())),
                );
            }
            record::SIZE if !is_ordered(data) => return Err(damaged("DIMENSIONS")),
            // It says where the cells end.
            record::SIZE => {
                let last = |at| word(data, at).map(|end| end.wrapping_sub(1));
                let is_empty = word(data, 10) == Some(0);
                page.reach(last(4).filter(|_| !is_empty), last(10).filter(|_| !is_empty));
            }
            record::NUMBERS => {
                page.several(data);
                page.reach(word(data, 0), word(data, data.len().saturating_sub(2)));
            }
            record::NUMBER..=record::TRUTH
            | record::SHARED_TEXT
            | record::RICH_TEXT
            | record::SHORT_NUMBER
            | record::FORMULA => {
                if !matches!(kind, record::SHARED_TEXT | record::RICH_TEXT | record::TRUTH) {
                    page.style(word(data, 0), word(data, 2), word(data, 4));
                }
                page.reach(word(data, 0), word(data, 2));
            }
            _ => {}
        }
    }
    Ok(page)
}

/// Whether the claimed size of a sheet begins before it ends, and within 65,536 rows.
fn is_ordered(data: &[u8]) -> bool {
    let long = |at: usize| Some(u32::from(word(data, at)?) | u32::from(word(data, at + 2)?) << 16);
    let rows = long(0).zip(long(4)).is_some_and(|(first, end)| first <= end && end <= 1 << 16);
    rows && word(data, 8).zip(word(data, 10)).is_some_and(|(first, end)| first <= end)
}

fn word(data: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes([*data.get(at)?, *data.get(at + 1)?]))
}

/// Goes through records: kind and length in two bytes each, then the data.
struct Records<'s>(&'s [u8]);

impl<'s> Iterator for Records<'s> {
    type Item = (u16, &'s [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (kind, length) = (word(self.0, 0)?, word(self.0, 2)? as usize);
        let data = self.0.get(4..4 + length)?;
        self.0 = self.0.get(4 + length..)?;
        Some((kind, data))
    }
}
