//! XLSX: cells through `calamine`, hidden rows and merged cells from the sheet's own XML, which it
//! does not tell.

use super::archive::Archive;
use super::cell::Shown;
use super::layout::layout;
use super::parts::Parts;
use super::{Grid, Listed, Region, Wanted, cell, damaged};
use crate::data::fault::Fault;
use calamine::{Dimensions, Reader as _, Style, Xlsx, XlsxError};
use std::io::Cursor;
use std::sync::Arc;

/// An open workbook.
pub struct Opened {
    archive: Archive,
    parts: Parts,
    /// As the library opens it; nothing where it does not.
    workbook: Option<Xlsx<Source>>,
}

/// Where the library reads from.
type Source = Cursor<Arc<[u8]>>;

impl Opened {
    /// Reads what all sheets share: their names, texts and number formats.
    ///
    /// # Errors
    /// Where the file is damaged.
    pub fn new(mut archive: Archive, bytes: Arc<[u8]>) -> Result<Self, Fault> {
        let parts = Parts::new(&mut archive)?;
        let workbook = match Xlsx::new(Cursor::new(bytes)) {
            Err(XlsxError::Password) => return Err(Fault::ProtectedWorkbook),
            found => found.ok(),
        };
        Ok(Self { archive, parts, workbook })
    }

    /// The sheets that hold cells.
    pub fn listed(&self) -> Vec<Listed> {
        self.parts.sheets.iter().map(|part| part.listed.clone()).collect()
    }

    /// Reads a sheet: as it is, or in the usual form where the library cannot.
    ///
    /// # Errors
    /// Where the file is damaged or has no such sheet.
    pub fn read(&mut self, wanted: &Wanted<'_>) -> Result<Grid, Fault> {
        let sheets = self.listed();
        let chosen = wanted.choose(&sheets)?;
        let mut said =
            Grid { name: chosen.name.clone(), is_hidden: chosen.hidden, ..Grid::default() };
        let part = self.parts.sheets.iter().find(|part| part.listed.name == chosen.name);
        let Some(part) = part else { return Ok(said) };
        let text = self.archive.text(&part.path)?.ok_or_else(|| damaged(&part.path))?;
        layout(&text, &mut said)?;
        // The library takes nothing of a marked section.
        let is_marked = text.contains("<![CDATA[");
        drop(text);
        let usual = self.workbook.as_mut().filter(|_| !is_marked);
        if let Some(workbook) = usual {
            let mut grid = said.copied();
            match cells(workbook, &chosen.name, &mut grid) {
                Ok(()) => return Ok(grid),
                Err(Fault::TooLargeInside) => return Err(Fault::TooLargeInside),
                Err(_) => {}
            }
        }
        let bytes = self.parts.usual(&mut self.archive, part)?;
        let mut workbook: Xlsx<Source> = Xlsx::new(Cursor::new(bytes)).map_err(fault)?;
        cells(&mut workbook, &chosen.name, &mut said)?;
        Ok(said)
    }
}

/// The cells of a sheet.
fn cells(workbook: &mut Xlsx<Source>, name: &str, grid: &mut Grid) -> Result<(), Fault> {
    let mut reader = workbook.worksheet_cells_reader(name).map_err(fault)?;
    let shown = |style: &Style| {
        style
            .number_format
            .as_ref()
            .map(|format| Shown::by(&format.format_code))
            .unwrap_or_default()
    };
    let usual = Shown::default();
    let styles: Vec<Shown> = reader.styles().iter().map(shown).collect();
    while let Some((found, style)) = reader.next_cell_with_style_id().map_err(fault)? {
        let shown = styles.get(style).unwrap_or(&usual);
        let value = found.get_value().clone().into();
        if let Some(cell) = cell::cell(found.get_position(), value, shown) {
            grid.push(cell)?;
        }
    }
    Ok(())
}

fn fault(error: XlsxError) -> Fault {
    match error {
        XlsxError::Password => Fault::ProtectedWorkbook,
        error => damaged(error),
    }
}

impl From<Dimensions> for Region {
    fn from(found: Dimensions) -> Self {
        Self { rows: (found.start.0, found.end.0), columns: (found.start.1, found.end.1) }
    }
}
