//! The cells of a sheet: each that is marked gets its format, and one that is not there its place.

use super::Notes;
use super::edit::{Edits, number, prefix, tag, walk};
use super::style::{Columns, Styles};
use crate::data::{attribute, cell_at, column_name};
use quick_xml::events::{BytesStart, Event};
use std::collections::BTreeSet;
use std::ops::Range;

/// What stands behind the relation to the drawing of notes.
const AFTER: [&str; 9] = [
    "legacyDrawingHF",
    "drawingHF",
    "picture",
    "oleObjects",
    "controls",
    "AlternateContent",
    "webPublishItems",
    "tableParts",
    "extLst",
];

/// A sheet with its cells marked.
pub struct Marked<'t> {
    edits: Edits<'t>,
    prefix: String,
    /// The relation to the drawing of notes.
    pub drawing: Option<String>,
    /// Where that belongs.
    before: usize,
}

/// A row that is being gone through.
#[derive(Default)]
struct Row {
    number: u32,
    format: Option<usize>,
    /// Marked cells that were not met yet.
    left: BTreeSet<u32>,
}

struct Walk<'w, 't, 's> {
    edits: Edits<'t>,
    notes: &'w Notes,
    styles: &'w mut Styles<'s>,
    columns: Columns,
    prefix: String,
    row: Row,
    column: u32,
    depth: usize,
    drawing: Option<String>,
    before: Option<usize>,
    end: usize,
}

impl<'t> Marked<'t> {
    /// Marks the cells of a sheet; `None` where it is none that can be read.
    pub fn new(text: &'t str, notes: &Notes, styles: &mut Styles<'_>) -> Option<Self> {
        let mut walker = Walk {
            edits: Edits::new(text),
            notes,
            styles,
            columns: Columns::default(),
            prefix: String::new(),
            row: Row::default(),
            column: 0,
            depth: 0,
            drawing: None,
            before: None,
            end: text.len(),
        };
        let mut is_well = true;
        walk(text, |event, at| is_well &= walker.event(event, at).is_some())?;
        let before = walker.before.unwrap_or(walker.end);
        let Walk { edits, prefix, drawing, .. } = walker;
        is_well.then_some(Self { edits, prefix, drawing, before })
    }

    /// The part; with a new relation to the drawing of notes, where there is one.
    pub fn made(mut self, drawing: Option<&str>) -> String {
        const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        if let Some(id) = drawing {
            let p = &self.prefix;
            let relation = format!("<{p}legacyDrawing xmlns:r=\"{OFFICE}\" r:id=\"{id}\"/>");
            self.edits.insert(self.before, relation);
        }
        self.edits.made()
    }
}

impl Walk<'_, '_, '_> {
    fn event(&mut self, event: &Event<'_>, at: Range<usize>) -> Option<()> {
        match event {
            Event::Start(found) => {
                self.begins(found, at, false)?;
                self.depth += 1;
            }
            Event::Empty(found) => {
                self.begins(found, at, true)?;
            }
            Event::End(found) => {
                self.depth = self.depth.saturating_sub(1);
                match found.local_name().as_ref() {
                    "row" => self.rest(at.start, None)?,
                    "worksheet" if self.depth == 0 => self.end = at.start,
                    _ => {}
                }
            }
            _ => {}
        }
        Some(())
    }

    fn begins(&mut self, found: &BytesStart<'_>, at: Range<usize>, is_empty: bool) -> Option<()> {
        let name = found.local_name();
        match name.as_ref() {
            "worksheet" => self.prefix = prefix(found),
            "col" => self.columns.take(found),
            "row" => self.row(found, at, is_empty)?,
            "c" => self.cell(found, at, is_empty)?,
            "drawing" if self.depth == 1 => self.before = None,
            "legacyDrawing" if self.depth == 1 => self.drawing = attribute(found, "id"),
            other if self.depth == 1 && AFTER.contains(&other) => {
                self.before.get_or_insert(at.start);
            }
            _ => {}
        }
        Some(())
    }

    fn row(&mut self, found: &BytesStart<'_>, at: Range<usize>, is_empty: bool) -> Option<()> {
        let given = number(found, "r").and_then(|number| u32::try_from(number).ok());
        let number = given.unwrap_or(self.row.number + 1);
        let has_format =
            attribute(found, "customFormat").is_some_and(|is| is == "1" || is == "true");
        let format = self::number(found, "s").filter(|_| has_format);
        let line = number.saturating_sub(1);
        let here = self.notes.range((line, 0)..=(line, u32::MAX));
        let left: BTreeSet<u32> = here.map(|((_, column), _)| *column).collect();
        (self.row, self.column) = (Row { number, format, left }, 0);
        if self.row.left.is_empty() {
            return Some(());
        }
        // What a row says of its first and last cell may not be so any more.
        let open = tag(found, &[("spans", None)], false)?;
        if is_empty {
            let close = format!("</{}>", found.name().as_ref());
            self.edits.replace(at.clone(), open);
            self.rest(at.end, None)?;
            self.edits.insert(at.end, close);
        } else {
            self.edits.replace(at, open);
        }
        Some(())
    }

    fn cell(&mut self, found: &BytesStart<'_>, at: Range<usize>, is_empty: bool) -> Option<()> {
        let given = attribute(found, "r").and_then(|name| cell_at(&name));
        let column = given.map_or(self.column, |(_, column)| column);
        self.column = column.saturating_add(1);
        self.rest(at.start, Some(column))?;
        if self.row.left.remove(&column) {
            let format = number(found, "s").unwrap_or(0);
            let format = self.format(column, format)?.to_string();
            self.edits.replace(at, tag(found, &[("s", Some(&format))], is_empty)?);
        }
        Some(())
    }

    /// The marked cells before a column that are not there; all that are left.
    fn rest(&mut self, at: usize, column: Option<u32>) -> Option<()> {
        let missing: Vec<u32> = match column {
            Some(column) => self.row.left.range(..column).copied().collect(),
            None => self.row.left.iter().copied().collect(),
        };
        for column in missing {
            self.row.left.remove(&column);
            let usual = self.row.format.or_else(|| self.columns.format(column)).unwrap_or(0);
            let format = self.format(column, usual)?;
            let (p, name, row) = (&self.prefix, column_name(column as usize), self.row.number);
            self.edits.insert(at, format!("<{p}c r=\"{name}{row}\" s=\"{format}\"/>"));
        }
        Some(())
    }

    fn format(&mut self, column: u32, usual: usize) -> Option<usize> {
        let note = self.notes.get(&(self.row.number.saturating_sub(1), column))?;
        self.styles.marked(usual, note.weight)
    }
}
