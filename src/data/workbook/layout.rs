//! What `calamine` does not tell of a sheet of XLSX: hidden rows and columns, merged cells,
//! formulas nobody worked out.

use super::address::cell_at;
use super::{Bad, Cell, Grid, Region, damaged};
use crate::data::fault::Fault;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

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

/// Hidden rows and columns, merged cells and formulas without a value.
pub fn layout(text: &str, grid: &mut Grid) -> Result<(), Fault> {
    let mut xml = Reader::from_str(text);
    let (mut row, mut column) = (0_u32, 0_u32);
    let mut open = Open::default();
    loop {
        match xml.read_event().map_err(damaged)? {
            Event::Start(found) | Event::Empty(found) => match found.local_name().as_ref() {
                "row" => {
                    row = attribute(&found, "r")
                        .and_then(|number| number.parse().ok())
                        .unwrap_or(row.saturating_add(1));
                    if is_hidden(&found) {
                        grid.hidden.push(row.saturating_sub(1));
                    }
                    column = 0;
                }
                "col" if is_hidden(&found) => grid.hidden_columns.extend(columns(&found)),
                "c" => {
                    // A cell that does not say where it stands stands behind the one before it.
                    let at = attribute(&found, "r").and_then(|name| cell_at(&name));
                    let at = at.unwrap_or((row.saturating_sub(1), column));
                    column = at.1.saturating_add(1);
                    open = Open {
                        at: Some(at),
                        is_text: attribute(&found, "t").as_deref() == Some("str"),
                        ..Open::default()
                    };
                }
                "f" => (open.formula, open.within) = (Some(String::new()), Within::Formula),
                "v" | "is" => open.within = Within::Value,
                "mergeCell" => {
                    grid.merged.extend(attribute(&found, "ref").and_then(|range| region(&range)))
                }
                _ => {}
            },
            Event::Text(found) => open.text(&found),
            Event::CData(found) => open.text(&found),
            Event::End(found) => match found.local_name().as_ref() {
                "c" => {
                    std::mem::take(&mut open).unsolved().map_or(Ok(()), |cell| grid.push(cell))?
                }
                "f" | "v" | "is" => open.within = Within::Nothing,
                _ => {}
            },
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

fn is_hidden(found: &BytesStart<'_>) -> bool {
    attribute(found, "hidden").is_some_and(|value| value == "1" || value == "true")
}

/// The first and the last column of `<col min="2" max="3"/>`, from 0.
fn columns(found: &BytesStart<'_>) -> Option<(u32, u32)> {
    let number = |name| attribute(found, name)?.parse::<u32>().ok()?.checked_sub(1);
    Some((number("min")?, number("max")?))
}

/// `B2:B5`.
fn region(range: &str) -> Option<Region> {
    let (first, last) = range.split_once(':')?;
    let (first, last) = (cell_at(first)?, cell_at(last)?);
    Some(Region { rows: (first.0, last.0), columns: (first.1, last.1) }).filter(Region::is_ordered)
}

/// The value of an attribute, by its local name.
pub fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = element
        .attributes()
        .flatten()
        .find(|attribute| attribute.key.local_name().as_ref() == name)?;
    found
        .normalized_value(quick_xml::XmlVersion::Implicit1_0)
        .ok()
        .map(std::borrow::Cow::into_owned)
}
