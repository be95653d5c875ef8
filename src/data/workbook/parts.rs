//! The parts of a workbook in XML, wherever its archive keeps them. Writers name and encode parts
//! in ways the library does not know; such a workbook is put into the usual form before it is
//! handed over.

use super::archive::Archive;
use super::layout::attribute;
use super::{Listed, damaged};
use crate::data::fault::Fault;
use quick_xml::events::{BytesText, Event};
use quick_xml::{Reader, Writer};
use std::io::{Cursor, Write};
use std::sync::Arc;

/// One sheet that holds cells.
pub struct Part {
    /// The name people see.
    pub listed: Listed,
    /// The part that holds it.
    pub path: String,
}

/// What a workbook consists of.
pub struct Parts {
    /// The sheets that hold cells, in order.
    pub sheets: Vec<Part>,
    /// Whether days are counted from 1904.
    is_1904: bool,
    shared: Option<String>,
    /// The part that says how cells look.
    pub styles: Option<String>,
}

/// A relation of a part.
pub struct Relation {
    /// What the part calls it.
    pub id: String,
    /// Its kind, the last word of its type.
    pub kind: String,
    /// The part it leads to.
    pub path: String,
}

/// The part with the sheets' names: by the relations of the archive, else where it usually is.
pub fn workbook_part(archive: &mut Archive) -> Result<Option<String>, Fault> {
    let found = relations(archive, "")?.into_iter().find(|found| found.kind == "officeDocument");
    let path = found.map_or_else(|| "xl/workbook.xml".to_owned(), |found| found.path);
    Ok(archive.holds(&path).then_some(path))
}

impl Parts {
    /// Finds the parts.
    ///
    /// # Errors
    /// Where the archive is damaged or has none.
    pub fn new(archive: &mut Archive) -> Result<Self, Fault> {
        let book = workbook_part(archive)?.unwrap_or_default();
        let relations = relations(archive, &book)?;
        let text = archive.text(&book)?.unwrap_or_default();
        let path = |kind: &str| {
            let found = relations.iter().find(|found| found.kind == kind);
            found.map(|found| found.path.clone())
        };
        let mut parts = Self {
            sheets: Vec::new(),
            is_1904: false,
            shared: path("sharedStrings"),
            styles: path("styles"),
        };
        let mut xml = Reader::from_str(&text);
        loop {
            match xml.read_event().map_err(damaged)? {
                Event::Start(found) | Event::Empty(found) => match found.local_name().as_ref() {
                    "sheet" => {
                        let id = attribute(&found, "id").unwrap_or_default();
                        let state = attribute(&found, "state").unwrap_or_default();
                        let part = relations.iter().find(|found| found.id == id);
                        // Sheets of charts, macros and dialogs hold no rows.
                        if let Some(part) = part.filter(|part| part.kind == "worksheet") {
                            let name = attribute(&found, "name").unwrap_or_default();
                            let hidden = state.to_ascii_lowercase().ends_with("hidden");
                            let listed = Listed { name, hidden };
                            parts.sheets.push(Part { listed, path: part.path.clone() });
                        }
                    }
                    "workbookPr" => {
                        let since = attribute(&found, "date1904");
                        parts.is_1904 |= since.is_some_and(|since| since == "1" || since == "true");
                    }
                    _ => {}
                },
                Event::Eof => return Ok(parts),
                _ => {}
            }
        }
    }

    /// One sheet as a workbook of the usual form: parts by their usual names, in UTF-8, with
    /// nothing that is not needed to read its cells.
    ///
    /// # Errors
    /// Where the archive is damaged.
    pub fn usual(&self, archive: &mut Archive, sheet: &Part) -> Result<Arc<[u8]>, Fault> {
        const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
        const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let relation = |id: &str, kind: &str, target: &str| {
            format!("<Relationship Id=\"{id}\" Type=\"{OFFICE}/{kind}\" Target=\"{target}\"/>")
        };
        let name = quick_xml::escape::escape(&*sheet.listed.name);
        let since = u8::from(self.is_1904);
        let mut list = relation("s", "worksheet", "worksheets/sheet1.xml");
        let mut texts = vec![(
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><workbookPr date1904=\"{since}\"/>\
                    <sheets><sheet name=\"{name}\" sheetId=\"1\" r:id=\"s\"/></sheets></workbook>"
            ),
        )];
        for (kind, path, usual) in [
            ("sharedStrings", &self.shared, "sharedStrings.xml"),
            ("styles", &self.styles, "styles.xml"),
        ] {
            let Some(path) = path else { continue };
            let Some(text) = archive.text(path)? else { continue };
            list.push_str(&relation(kind, kind, usual));
            let path = if kind == "styles" { "xl/styles.xml" } else { "xl/sharedStrings.xml" };
            texts.push((path, plain(&text)?));
        }
        let relations = format!("<Relationships xmlns=\"{PACKAGE}\">{list}</Relationships>");
        texts.push(("xl/_rels/workbook.xml.rels", relations));
        let book = relation("w", "officeDocument", "xl/workbook.xml");
        let root = format!("<Relationships xmlns=\"{PACKAGE}\">{book}</Relationships>");
        texts.push(("_rels/.rels", root));
        let text = archive.text(&sheet.path)?.ok_or_else(|| damaged(&sheet.path))?;
        texts.push(("xl/worksheets/sheet1.xml", plain(&text)?));
        let stored = zip::write::SimpleFileOptions::default()
            .compression_method(zip::CompressionMethod::Stored)
            .large_file(true);
        for (path, text) in texts {
            zip.start_file(path, stored).map_err(damaged)?;
            zip.write_all(text.as_bytes()).map_err(damaged)?;
        }
        Ok(zip.finish().map_err(damaged)?.into_inner().into())
    }
}

/// The part that holds the relations of a part.
#[must_use]
pub fn relations_part(part: &str) -> String {
    let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
    resolved(folder, &format!("_rels/{file}.rels"))
}

/// The relations of a part; of the archive itself for the empty name.
///
/// # Errors
/// Where the archive is damaged.
pub fn relations(archive: &mut Archive, part: &str) -> Result<Vec<Relation>, Fault> {
    let folder = part.rsplit_once('/').map_or("", |(folder, _)| folder);
    let Some(text) = archive.text(&relations_part(part))? else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    let mut xml = Reader::from_str(&text);
    loop {
        match xml.read_event().map_err(damaged)? {
            Event::Start(element) | Event::Empty(element)
                if element.local_name().as_ref() == "Relationship" =>
            {
                let of = |name| attribute(&element, name).unwrap_or_default();
                let kind = of("Type").rsplit('/').next().unwrap_or_default().to_owned();
                found.push(Relation { id: of("Id"), kind, path: resolved(folder, &of("Target")) });
            }
            Event::Eof => return Ok(found),
            _ => {}
        }
    }
}

/// The part a target names, seen from a folder.
fn resolved(folder: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    let mut steps: Vec<&str> = Vec::new();
    let from = if target.starts_with('/') { "" } else { folder };
    for step in from.split('/').chain(target.split('/')) {
        match step {
            "" | "." => {}
            ".." => {
                steps.pop();
            }
            step => steps.push(step),
        }
    }
    steps.join("/")
}

/// The XML of a part without what the library does not take: a declaration of another encoding,
/// marked sections, the claimed size of the sheet, names of cells that name none.
fn plain(text: &str) -> Result<String, Fault> {
    let mut xml = Reader::from_str(text);
    let mut writer = Writer::new(Vec::new());
    let is_cell = |name: &str| super::cell_at(name).is_some() && name.is_ascii();
    let is_row = |name: &str| name.parse::<u32>().is_ok_and(|row| row > 0);
    loop {
        let event = xml.read_event().map_err(damaged)?;
        let event = match event {
            Event::Eof => break,
            Event::Decl(_) | Event::DocType(_) | Event::Comment(_) | Event::PI(_) => continue,
            Event::CData(found) => {
                let text = found.into_inner().into_owned();
                Event::Text(BytesText::new(&text).into_owned())
            }
            Event::Start(found) | Event::Empty(found)
                if found.local_name().as_ref() == "dimension" =>
            {
                continue;
            }
            Event::End(found) if found.local_name().as_ref() == "dimension" => continue,
            Event::Start(found) if !names_well(&found, is_cell, is_row) => {
                Event::Start(unnamed(&found))
            }
            Event::Empty(found) if !names_well(&found, is_cell, is_row) => {
                Event::Empty(unnamed(&found))
            }
            event => event,
        };
        writer.write_event(event).map_err(damaged)?;
    }
    String::from_utf8(writer.into_inner()).map_err(damaged)
}

/// Whether a cell or a row that names its place names one.
fn names_well(
    found: &quick_xml::events::BytesStart<'_>,
    is_cell: impl Fn(&str) -> bool,
    is_row: impl Fn(&str) -> bool,
) -> bool {
    match (found.local_name().as_ref(), attribute(found, "r")) {
        ("c", Some(name)) => is_cell(&name),
        ("row", Some(name)) => is_row(&name),
        _ => true,
    }
}

/// An element without its name of a place.
fn unnamed(found: &quick_xml::events::BytesStart<'_>) -> quick_xml::events::BytesStart<'static> {
    let mut bare = quick_xml::events::BytesStart::new(found.name().as_ref().to_owned());
    let attributes = found.attributes().flatten();
    bare.extend_attributes(
        attributes.filter(|attribute| attribute.key.local_name().as_ref() != "r"),
    );
    bare.into_owned()
}
