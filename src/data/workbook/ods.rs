//! ODS: `calamine` tells neither merged cells, hidden rows and columns nor percentages of it, so
//! its one part is read here.

use super::archive::Archive;
use super::format::Format;
use super::layout::attribute;
use super::{Bad, Cell, Grid, Listed, Region, Wanted, cell, damaged};
use crate::data::fault::Fault;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::collections::{BTreeMap, BTreeSet};

/// An open workbook: its one part, and the sheets in it.
pub struct Opened {
    text: String,
    sheets: Vec<Listed>,
    factors: BTreeMap<String, f64>,
}

impl Opened {
    /// Finds the sheets.
    ///
    /// # Errors
    /// Where the file is damaged or protected.
    pub fn new(mut archive: Archive) -> Result<Self, Fault> {
        if archive
            .text("META-INF/manifest.xml")?
            .is_some_and(|manifest| manifest.contains("encryption-data"))
        {
            return Err(Fault::ProtectedWorkbook);
        }
        let text = archive.text("content.xml")?.unwrap_or_default();
        let styles = archive.text("styles.xml")?.unwrap_or_default();
        Ok(Self { sheets: sheets(&text)?, factors: factors(&[&styles, &text])?, text })
    }

    /// The sheets there are.
    pub fn listed(&self) -> Vec<Listed> {
        self.sheets.clone()
    }

    /// Reads a sheet.
    ///
    /// # Errors
    /// Where the file is damaged or too large, or has no such sheet.
    pub fn read(&self, wanted: &Wanted<'_>) -> Result<Grid, Fault> {
        let chosen = wanted.choose(&self.sheets)?;
        let mut reader = Sheet {
            grid: Grid { name: chosen.name.clone(), is_hidden: chosen.hidden, ..Grid::default() },
            factors: self.factors.clone(),
            ..Sheet::default()
        };
        reader.read(&self.text)?;
        Ok(reader.grid)
    }
}

/// The sheets there are; hidden ones have a style that is not displayed.
fn sheets(text: &str) -> Result<Vec<Listed>, Fault> {
    let mut xml = Reader::from_str(text);
    let (mut sheets, mut hidden, mut style) = (Vec::new(), BTreeSet::new(), None);
    let mut open = 0_usize;
    loop {
        match xml.read_event().map_err(damaged)? {
            Event::Start(found) | Event::Empty(found) if found.local_name().as_ref() == "style" => {
                style = attribute(&found, "name")
            }
            Event::Start(found) | Event::Empty(found)
                if found.local_name().as_ref() == "table-properties"
                    && attribute(&found, "display").as_deref() == Some("false") =>
            {
                hidden.extend(style.take());
            }
            Event::Start(found) if found.name().as_ref() == "table:table" => {
                open += 1;
                if open == 1 {
                    let is_hidden = attribute(&found, "style-name")
                        .is_some_and(|style| hidden.contains(&style));
                    sheets.push(Listed {
                        name: attribute(&found, "name").unwrap_or_default(),
                        hidden: is_hidden,
                    });
                }
            }
            Event::End(found) if found.name().as_ref() == "table:table" => {
                open = open.saturating_sub(1)
            }
            Event::Eof => return Ok(sheets),
            _ => {}
        }
    }
}

/// By what the numbers in cells of a style are divided before they are shown, for those of which
/// that is not 1. Source: OpenDocument 1.3 part 3, 19.343.17 `number:display-factor`.
fn factors(parts: &[&str]) -> Result<BTreeMap<String, f64>, Fault> {
    let (mut formats, mut cells) = (BTreeMap::new(), BTreeMap::new());
    for part in parts {
        styles(part, &mut formats, &mut cells)?;
    }
    let factor = |(name, by): (String, String)| Some((name, *formats.get(&by)?));
    Ok(cells.into_iter().filter_map(factor).collect())
}

/// The formats of a part that divide, and the formats of its cell styles.
fn styles(
    text: &str,
    formats: &mut BTreeMap<String, f64>,
    cells: &mut BTreeMap<String, String>,
) -> Result<(), Fault> {
    let mut xml = Reader::from_str(text);
    let mut format = None;
    loop {
        match xml.read_event().map_err(damaged)? {
            Event::Start(found) | Event::Empty(found) => match found.name().as_ref() {
                "number:number-style" | "number:currency-style" | "number:percentage-style" => {
                    format = attribute(&found, "name");
                }
                "number:number" => {
                    let factor = attribute(&found, "display-factor");
                    let factor = factor.and_then(|factor| factor.parse::<f64>().ok());
                    if let (Some(name), Some(factor)) = (&format, factor.filter(|it| *it > 1.0)) {
                        formats.insert(name.clone(), factor);
                    }
                }
                "style:style" => {
                    let by = attribute(&found, "data-style-name");
                    if let (Some(name), Some(by)) = (attribute(&found, "name"), by) {
                        cells.insert(name, by);
                    }
                }
                "office:body" => return Ok(()),
                _ => {}
            },
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

/// A cell being read, or cells that are alike.
#[derive(Default)]
struct Open {
    kind: String,
    value: String,
    /// Its formula, as it is written.
    formula: Option<String>,
    text: String,
    paragraphs: usize,
    repeated: u32,
    /// By what its number is divided before it is shown.
    factor: Option<f64>,
}

/// Reads one sheet.
#[derive(Default)]
struct Sheet {
    grid: Grid,
    /// Whether reading stands in the sheet.
    inside: bool,
    row: u32,
    rows: u32,
    column: u32,
    /// How many columns have been described.
    described: u32,
    factors: BTreeMap<String, f64>,
    /// The columns whose cells are of such a style where they have none of their own, with what
    /// divides their numbers.
    divided: Vec<(u32, u32, f64)>,
    /// The same of the row.
    row_divided: Option<f64>,
    open: Option<Open>,
    /// Elements open inside one that holds no values: comments, drawings.
    skip: usize,
    /// The cells of the row, for rows that repeat.
    first: usize,
}

fn count(element: &BytesStart<'_>, name: &str) -> u32 {
    attribute(element, name).and_then(|number| number.parse().ok()).unwrap_or(1).max(1)
}

/// Whether a row or column is not shown.
fn is_hidden(element: &BytesStart<'_>) -> bool {
    matches!(attribute(element, "visibility").as_deref(), Some("collapse" | "filter"))
}

impl Sheet {
    fn read(&mut self, text: &str) -> Result<(), Fault> {
        let mut xml = Reader::from_str(text);
        loop {
            match xml.read_event().map_err(damaged)? {
                Event::Eof => return Ok(()),
                Event::Start(_) if self.skip > 0 => self.skip += 1,
                Event::End(_) if self.skip > 0 => self.skip -= 1,
                _ if self.skip > 0 => {}
                Event::Start(found) => self.start(&found)?,
                Event::Empty(found) => {
                    self.start(&found)?;
                    if self.skip > 0 {
                        self.skip -= 1;
                    } else {
                        self.end(found.local_name().as_ref())?;
                    }
                }
                Event::End(found) => {
                    if self.inside && found.name().as_ref() == "table:table" {
                        return Ok(());
                    }
                    self.end(found.local_name().as_ref())?;
                }
                Event::Text(found) => {
                    self.text(&found.xml_content(quick_xml::XmlVersion::Implicit1_0))
                }
                Event::CData(found) => self.text(&found),
                Event::GeneralRef(found) => {
                    let name: &str = &found;
                    let reference = format!("&{name};");
                    self.text(&quick_xml::escape::unescape(&reference).map_err(damaged)?);
                }
                _ => {}
            }
        }
    }

    fn text(&mut self, text: &str) {
        if let Some(open) = self.open.as_mut().filter(|open| open.paragraphs > 0) {
            open.text.push_str(text);
        }
    }

    fn start(&mut self, found: &BytesStart<'_>) -> Result<(), Fault> {
        let name = found.local_name();
        if !self.inside {
            self.inside = found.name().as_ref() == "table:table"
                && attribute(found, "name").unwrap_or_default() == self.grid.name;
            return Ok(());
        }
        match name.as_ref() {
            "annotation" | "shapes" | "table" | "forms" => self.skip = 1,
            "table-column" => {
                let last = self.described.saturating_add(count(found, "number-columns-repeated"));
                if is_hidden(found) {
                    self.grid.hidden_columns.push((self.described, last - 1));
                }
                if let Some(factor) = self.factor(found, "default-cell-style-name") {
                    self.divided.push((self.described, last, factor));
                }
                self.described = last;
            }
            "table-row" => {
                self.rows = count(found, "number-rows-repeated");
                self.column = 0;
                self.first = self.grid.cells.len();
                self.row_divided = self.factor(found, "default-cell-style-name");
                if is_hidden(found) && self.rows < 1 << 16 {
                    self.grid.hidden.extend((0..self.rows).map(|row| self.row.saturating_add(row)));
                }
            }
            "table-cell" | "covered-table-cell" => self.open_cell(found),
            "p" => {
                if let Some(open) = &mut self.open {
                    open.text.push_str(if open.paragraphs > 0 { "\n" } else { "" });
                    open.paragraphs += 1;
                }
            }
            "s" => self.text(&" ".repeat(count(found, "c").min(1000) as usize)),
            "tab" => self.text("\t"),
            "line-break" => self.text("\n"),
            _ => {}
        }
        Ok(())
    }

    /// What divides the numbers of the style that an attribute names.
    fn factor(&self, found: &BytesStart<'_>, name: &str) -> Option<f64> {
        self.factors.get(&attribute(found, name)?).copied()
    }

    fn open_cell(&mut self, found: &BytesStart<'_>) {
        let kind = attribute(found, "value-type").unwrap_or_default();
        let value = ["value", "date-value", "time-value", "boolean-value", "string-value"]
            .iter()
            .find_map(|name| {
                let found = found
                    .attributes()
                    .flatten()
                    .find(|attribute| attribute.key.as_ref() == format!("office:{name}"));
                found.map(|attribute| attribute.value.into_owned())
            });
        let (rows, columns) =
            (count(found, "number-rows-spanned"), count(found, "number-columns-spanned"));
        if rows > 1 || columns > 1 {
            let last = |first: u32, count: u32| first.saturating_add(count - 1);
            let region = Region {
                rows: (self.row, last(self.row, rows)),
                columns: (self.column, last(self.column, columns)),
            };
            self.grid.merged.push(region);
        }
        let formula = attribute(found, "formula");
        let factor = match attribute(found, "style-name") {
            Some(style) => self.factors.get(&style).copied(),
            None => self.row_divided.or_else(|| {
                let mut own = self.divided.iter();
                own.find(|(from, until, _)| (*from..*until).contains(&self.column)).map(|of| of.2)
            }),
        };
        let repeated = count(found, "number-columns-repeated");
        self.open = Some(Open {
            kind,
            value: value.unwrap_or_default(),
            formula,
            repeated,
            factor,
            ..Open::default()
        });
    }

    fn end(&mut self, name: &str) -> Result<(), Fault> {
        match name {
            "table-cell" | "covered-table-cell" => self.close_cell()?,
            "table-row" => {
                let row: Vec<Cell> = self.grid.cells.get(self.first..).unwrap_or(&[]).to_vec();
                let last = self.row.saturating_add(self.rows);
                if !row.is_empty() {
                    for next in self.row + 1..last {
                        for cell in &row {
                            self.grid.push(Cell { row: next, ..cell.clone() })?;
                        }
                    }
                }
                self.row = last;
            }
            _ => {}
        }
        Ok(())
    }

    fn close_cell(&mut self) -> Result<(), Fault> {
        let Some(open) = self.open.take() else { return Ok(()) };
        let (from, until) = (self.column, self.column.saturating_add(open.repeated));
        self.column = until;
        if let Some(cell) = value((self.row, from), &open) {
            for column in from..until {
                self.grid.push(Cell { column, ..cell.clone() })?;
            }
        }
        Ok(())
    }
}

/// What a cell shows; `None` for an empty one.
fn value(at: (u32, u32), open: &Open) -> Option<Cell> {
    let shown = |text: &str, bad| Cell { row: at.0, column: at.1, text: text.to_owned(), bad };
    let number = || {
        let value: f64 = open.value.parse().ok()?;
        cell::shown(at, value / open.factor.unwrap_or(1.0), open.text.trim())
    };
    let is_error = open.text.starts_with('#') || open.text.starts_with("Err:");
    match (open.kind.as_str(), &open.formula) {
        (_, Some(_)) if is_error => return Some(shown(&open.text, Some(Bad::Formula))),
        ("", Some(formula)) if open.text.is_empty() => {
            return Some(shown(formula, Some(Bad::Formula)));
        }
        _ => {}
    }
    match open.kind.as_str() {
        "float" | "currency" => number(),
        "percentage" => open
            .value
            .parse()
            .ok()
            .and_then(|value| cell::number(at, value, Format::read("0%").as_ref())),
        "date" => Some(shown(&open.value.replace('T', " "), None)),
        "boolean" => Some(shown(if open.value == "true" { "TRUE" } else { "FALSE" }, None)),
        "" if open.text.is_empty() => None,
        _ if open.text.is_empty() => Some(shown(&open.value, None)),
        _ => Some(shown(&open.text, None)),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    /// A number that is shown divided keeps its digits, by the style of the cell, its row or column.
    #[test]
    fn numbers_are_divided_as_their_styles_say() {
        let cell = |style: &str, value: &str, text: &str| {
            format!(
                "<table:table-cell {style} office:value-type=\"float\" \
                    office:value=\"{value}\"><text:p>{text}</text:p></table:table-cell>"
            )
        };
        let text = format!(
            "<office:document-content><office:automatic-styles>\
                <number:number-style style:name=\"N1\"><number:number \
                    number:display-factor=\"1000000\"/></number:number-style>\
                <number:number-style style:name=\"N2\"><number:number \
                    number:display-factor=\"1000\"/></number:number-style>\
                <style:style style:name=\"ce1\" style:data-style-name=\"N1\"/>\
                <style:style style:name=\"ce2\" style:data-style-name=\"N2\"/>\
                <style:style style:name=\"ce3\" style:data-style-name=\"N0\"/>\
                </office:automatic-styles><office:body><office:spreadsheet>\
                <table:table table:name=\"s\"><table:table-column \
                    table:default-cell-style-name=\"ce1\" table:number-columns-repeated=\"2\"/>\
                <table:table-row>{}{}{}</table:table-row>\
                <table:table-row table:default-cell-style-name=\"ce2\">{}</table:table-row>\
                </table:table></office:spreadsheet></office:body></office:document-content>",
            cell("", "15600", "0.0百万元"),
            cell("table:style-name=\"ce2\"", "156432", "156.4千元"),
            cell("table:style-name=\"ce3\"", "20151", "0201-51"),
            cell("", "-1500", "-2千"),
        );
        let mut sheet = Sheet { factors: factors(&["", &text]).unwrap(), ..Sheet::default() };
        sheet.grid.name = "s".to_owned();
        sheet.read(&text).unwrap();
        let shown: Vec<&str> = sheet.grid.cells.iter().map(|cell| &*cell.text).collect();
        assert_eq!(shown, ["0.0156百万元", "156.432千元", "0201-51", "-1.5千"]);
    }
}
