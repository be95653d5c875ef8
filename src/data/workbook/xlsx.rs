//! XLSX: cells through `calamine`, hidden rows and merged cells from the sheet's own XML, which it
//! does not tell.

use super::archive::Archive;
use super::cell::Shown;
use super::layout::{attribute, layout};
use super::{Grid, Listed, Region, Wanted, cell, damaged, listed};
use crate::data::fault::Fault;
use calamine::{Dimensions, Reader as _, Style, Xlsx, XlsxError};
use quick_xml::Reader;
use quick_xml::events::Event;
use std::io::Cursor;
use std::sync::Arc;

/// An open workbook.
pub struct Opened {
    archive: Archive,
    workbook: Xlsx<Cursor<Arc<[u8]>>>,
}

impl Opened {
    /// Reads what all sheets share: their names, texts and number formats.
    ///
    /// # Errors
    /// Where the file is damaged.
    pub fn new(archive: Archive, bytes: Arc<[u8]>) -> Result<Self, Fault> {
        Ok(Self { archive, workbook: Xlsx::new(Cursor::new(bytes)).map_err(fault)? })
    }

    /// The sheets that hold cells.
    pub fn listed(&self) -> Vec<Listed> {
        listed(self.workbook.sheets_metadata())
    }

    /// Reads a sheet.
    ///
    /// # Errors
    /// Where the file is damaged or has no such sheet.
    pub fn read(&mut self, wanted: &Wanted<'_>) -> Result<Grid, Fault> {
        let sheets = self.listed();
        let chosen = wanted.choose(&sheets)?;
        let mut grid =
            Grid { name: chosen.name.clone(), is_hidden: chosen.hidden, ..Grid::default() };
        if let Some(part) = sheet_part(&mut self.archive, &chosen.name)?
            && let Some(text) = self.archive.text(&part)?
        {
            layout(&text, &mut grid)?;
        }
        let mut reader = self.workbook.worksheet_cells_reader(&chosen.name).map_err(fault)?;
        let shown = |style: &Style| {
            style
                .number_format
                .as_ref()
                .map(|format| Shown::by(&format.format_code))
                .unwrap_or_default()
        };
        let styles: Vec<Shown> = reader.styles().iter().map(shown).collect();
        while let Some((found, style)) = reader.next_cell_with_style_id().map_err(fault)? {
            let shown = styles.get(style).copied().unwrap_or_default();
            if let Some(cell) =
                cell::cell(found.get_position(), found.get_value().clone().into(), shown)
            {
                grid.push(cell)?;
            }
        }
        Ok(grid)
    }
}

fn fault(error: XlsxError) -> Fault {
    match error {
        XlsxError::Password => Fault::ProtectedWorkbook,
        error => damaged(error),
    }
}

/// The part that holds a sheet.
fn sheet_part(archive: &mut Archive, name: &str) -> Result<Option<String>, Fault> {
    let find = |text: Option<String>, element: &str, key: &str, value: &str, wanted: &str| {
        let text = text?;
        let mut xml = Reader::from_str(&text);
        loop {
            match xml.read_event().ok()? {
                Event::Start(found) | Event::Empty(found)
                    if found.local_name().as_ref() == element
                        && attribute(&found, key).as_deref() == Some(value) =>
                {
                    return attribute(&found, wanted);
                }
                Event::Eof => return None,
                _ => {}
            }
        }
    };
    let Some(id) = find(archive.text("xl/workbook.xml")?, "sheet", "name", name, "id") else {
        return Ok(None);
    };
    let target =
        find(archive.text("xl/_rels/workbook.xml.rels")?, "Relationship", "Id", &id, "Target");
    Ok(target.map(|target| {
        target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), str::to_owned)
    }))
}

impl From<Dimensions> for Region {
    fn from(found: Dimensions) -> Self {
        Self { rows: (found.start.0, found.end.0), columns: (found.start.1, found.end.1) }
    }
}
