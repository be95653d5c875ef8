//! XLSX: cells through `calamine`, hidden rows and merged cells from the sheet's own XML, which it does not tell.

use super::archive::Archive;
use super::{Grid, Listed, Region, Wanted, cell, damaged};
use crate::data::fault::Fault;
use calamine::{Dimensions, Reader as _, SheetType, SheetVisible, Xlsx, XlsxError};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::io::Cursor;

/// Reads a sheet.
///
/// # Errors
/// Where the file is damaged or has no such sheet.
pub fn read(mut archive: Archive<'_>, bytes: &[u8], wanted: &Wanted<'_>) -> Result<Grid, Fault> {
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(fault)?;
    let sheets: Vec<Listed> = workbook
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .map(|sheet| Listed { name: sheet.name.clone(), hidden: sheet.visible != SheetVisible::Visible })
        .collect();
    let chosen = wanted.choose(&sheets)?;
    let mut grid = Grid { name: chosen.name.clone(), is_hidden: chosen.hidden, ..Grid::default() };
    if let Some(part) = sheet_part(&mut archive, &chosen.name)?
        && let Some(text) = archive.text(&part)?
    {
        layout(&text, &mut grid)?;
    }
    let mut reader = workbook.worksheet_cells_reader(&chosen.name).map_err(fault)?;
    let percent: Vec<bool> =
        reader.styles().iter().map(|style| style.number_format.as_ref().is_some_and(|format| format.format_code.contains('%'))).collect();
    while let Some((found, style)) = reader.next_cell_with_style_id().map_err(fault)? {
        let is_percent = percent.get(style).copied().unwrap_or(false);
        grid.cells.extend(cell::cell(found.get_position(), found.get_value().clone().into(), is_percent));
    }
    Ok(grid)
}

fn fault(error: XlsxError) -> Fault {
    match error {
        XlsxError::Password => Fault::ProtectedWorkbook,
        error => damaged(error),
    }
}

/// The value of an attribute, by its local name.
pub fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = element.attributes().flatten().find(|attribute| attribute.key.local_name().as_ref() == name)?;
    found.normalized_value(quick_xml::XmlVersion::Implicit1_0).ok().map(std::borrow::Cow::into_owned)
}

/// The part that holds a sheet.
fn sheet_part(archive: &mut Archive<'_>, name: &str) -> Result<Option<String>, Fault> {
    let find = |text: Option<String>, element: &str, key: &str, value: &str, wanted: &str| {
        let text = text?;
        let mut xml = Reader::from_str(&text);
        loop {
            match xml.read_event().ok()? {
                Event::Start(found) | Event::Empty(found)
                    if found.local_name().as_ref() == element && attribute(&found, key).as_deref() == Some(value) =>
                {
                    return attribute(&found, wanted);
                }
                Event::Eof => return None,
                _ => {}
            }
        }
    };
    let Some(id) = find(archive.text("xl/workbook.xml")?, "sheet", "name", name, "id") else { return Ok(None) };
    let target = find(archive.text("xl/_rels/workbook.xml.rels")?, "Relationship", "Id", &id, "Target");
    Ok(target.map(|target| target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), str::to_owned)))
}

/// Hidden rows and merged cells.
fn layout(text: &str, grid: &mut Grid) -> Result<(), Fault> {
    let mut xml = Reader::from_str(text);
    let mut row = 0_u32;
    loop {
        match xml.read_event().map_err(damaged)? {
            Event::Start(found) | Event::Empty(found) => match found.local_name().as_ref() {
                "row" => {
                    row = attribute(&found, "r").and_then(|number| number.parse().ok()).unwrap_or(row + 1);
                    if attribute(&found, "hidden").is_some_and(|value| value == "1" || value == "true") {
                        grid.hidden.push(row.saturating_sub(1));
                    }
                }
                "mergeCell" => grid.merged.extend(attribute(&found, "ref").and_then(|range| region(&range))),
                _ => {}
            },
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

/// `B2:B5`.
fn region(range: &str) -> Option<Region> {
    let (first, last) = range.split_once(':')?;
    let (first, last) = (super::page::cell_at(first)?, super::page::cell_at(last)?);
    Some(Region { rows: (first.0, last.0), columns: (first.1, last.1) }).filter(Region::is_ordered)
}

impl From<Dimensions> for Region {
    fn from(found: Dimensions) -> Self {
        Self { rows: (found.start.0, found.end.0), columns: (found.start.1, found.end.1) }
    }
}
