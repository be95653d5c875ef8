//! XLSX: cells through `calamine`, hidden rows and merged cells from the sheet's own XML, which it does not tell.

use super::archive::Archive;
use super::cell::Shown;
use super::{Bad, Cell, Grid, Listed, Region, Wanted, cell, damaged};
use crate::data::fault::Fault;
use calamine::{Dimensions, Reader as _, SheetType, SheetVisible, Style, Xlsx, XlsxError};
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
    let shown = |style: &Style| style.number_format.as_ref().map(|format| Shown::by(&format.format_code)).unwrap_or_default();
    let styles: Vec<Shown> = reader.styles().iter().map(shown).collect();
    while let Some((found, style)) = reader.next_cell_with_style_id().map_err(fault)? {
        let shown = styles.get(style).copied().unwrap_or_default();
        grid.cells.extend(cell::cell(found.get_position(), found.get_value().clone().into(), shown));
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

/// A cell of the sheet's XML, as far as it matters whether its formula was ever worked out.
#[derive(Default)]
struct Open {
    at: Option<(u32, u32)>,
    is_text: bool,
    formula: Option<String>,
    has_value: bool,
    within: Within,
}

/// What the text being read belongs to.
#[derive(Clone, Copy, Default, PartialEq)]
enum Within {
    #[default]
    Nothing,
    Formula,
    Value,
}

impl Open {
    fn text(&mut self, text: &str) {
        match (self.within, &mut self.formula) {
            (Within::Formula, Some(formula)) => formula.push_str(text),
            (Within::Value, _) => self.has_value |= !text.is_empty(),
            _ => {}
        }
    }

    /// A formula that has no value: whoever wrote the file did not work it out.
    fn unsolved(self) -> Option<Cell> {
        let (row, column) = self.at?;
        let text = self.formula.filter(|_| !self.has_value && !self.is_text)?;
        Some(Cell { row, column, text: format!("={text}"), bad: Some(Bad::Formula) })
    }
}

/// Hidden rows, merged cells and formulas without a value.
fn layout(text: &str, grid: &mut Grid) -> Result<(), Fault> {
    let mut xml = Reader::from_str(text);
    let mut row = 0_u32;
    let mut open = Open::default();
    loop {
        match xml.read_event().map_err(damaged)? {
            Event::Start(found) | Event::Empty(found) => match found.local_name().as_ref() {
                "row" => {
                    row = attribute(&found, "r").and_then(|number| number.parse().ok()).unwrap_or(row + 1);
                    if attribute(&found, "hidden").is_some_and(|value| value == "1" || value == "true") {
                        grid.hidden.push(row.saturating_sub(1));
                    }
                }
                "c" => {
                    let at = attribute(&found, "r").and_then(|name| super::page::cell_at(&name));
                    open = Open { at, is_text: attribute(&found, "t").as_deref() == Some("str"), ..Open::default() };
                }
                "f" => (open.formula, open.within) = (Some(String::new()), Within::Formula),
                "v" | "is" => open.within = Within::Value,
                "mergeCell" => grid.merged.extend(attribute(&found, "ref").and_then(|range| region(&range))),
                _ => {}
            },
            Event::Text(found) => open.text(&found),
            Event::End(found) => match found.local_name().as_ref() {
                "c" => grid.cells.extend(std::mem::take(&mut open).unsolved()),
                "f" | "v" | "is" => open.within = Within::Nothing,
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
