//! A workbook with cells marked and noted: the parts that say so are changed or added, every other
//! stays byte for byte.

use super::edit::{Edits, prefix, walk};
use super::sheet::Marked;
use super::style::Styles;
use super::{Notes, note};
use crate::data::{Archive, Parts, attribute, open_archive, relations, relations_part};
use crate::diagnostic::Bilingual;
use crate::say;
use quick_xml::events::Event;
use std::collections::BTreeMap;
use std::sync::Arc;

const TYPES: &str = "[Content_Types].xml";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const COMMENTS: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml";

/// An archive with changes that are not written yet.
struct Book {
    archive: Archive,
    changed: BTreeMap<usize, String>,
    added: BTreeMap<String, String>,
}

/// The workbook with notes, by the names of its sheets.
///
/// # Errors
/// Why it cannot be marked.
pub fn marked(bytes: Arc<[u8]>, sheets: &BTreeMap<Arc<str>, Notes>) -> Result<Vec<u8>, Bilingual> {
    if !bytes.starts_with(b"PK\x03\x04") {
        return Err(say!("不是 .xlsx", "it is no .xlsx"));
    }
    let archive = open_archive(bytes).map_err(|_| unusual())?;
    let mut book = Book { archive, changed: BTreeMap::new(), added: BTreeMap::new() };
    if book.archive.holds("content.xml") {
        return Err(say!("不是 .xlsx", "it is no .xlsx"));
    }
    if book.archive.holds("_xmlsignatures/origin.sigs") {
        return Err(say!(
            "有电子签名，一改就失效",
            "it is signed, and the signature would no longer hold"
        ));
    }
    book.mark(sheets).ok_or_else(unusual)?;
    book.archive.with(&book.changed, &book.added).map_err(|_| unusual())
}

fn unusual() -> Bilingual {
    say!(
        "内部的写法不常见，没有把握改",
        "its parts are written in a way that is not changed safely"
    )
}

impl Book {
    fn mark(&mut self, sheets: &BTreeMap<Arc<str>, Notes>) -> Option<()> {
        let parts = Parts::new(&mut self.archive).ok()?;
        let path = parts.styles?;
        let look = self.text(&path)?;
        // The texts live as long as the styles they are marked with.
        let mut texts = Vec::new();
        for (name, notes) in sheets {
            let part = parts.sheets.iter().find(|part| part.listed.name == **name)?;
            let text = self.text(&part.path)?;
            if text.contains("http://purl.oclc.org/ooxml/spreadsheetml/main") {
                return None;
            }
            texts.push((&part.path, text, notes));
        }
        let mut styles = Styles::new(&look)?;
        for (path, text, notes) in &texts {
            let marked = Marked::new(text, notes, &mut styles)?;
            let drawing = self.note(path, marked.drawing.as_deref(), notes)?;
            let made = marked.made(drawing.as_deref());
            self.put(path, made)?;
        }
        let made = styles.made();
        self.put(&path, made)
    }

    /// Notes the cells of a sheet; the new relation to their drawing, where there was none.
    fn note(
        &mut self,
        sheet: &str,
        drawing: Option<&str>,
        notes: &Notes,
    ) -> Option<Option<String>> {
        if notes.values().all(|note| note.text.is_empty()) {
            return Some(None);
        }
        let known = relations(&mut self.archive, sheet).ok()?;
        let texts = known.iter().find(|found| found.kind == "comments");
        let mut new = Vec::new();
        let (path, text) = match texts {
            Some(found) => (found.path.clone(), self.text(&found.path)?),
            None => {
                let path = self.free("xl/comments", ".xml")?;
                new.push(("comments", path.clone()));
                self.declare(&format!("Override PartName=\"/{path}\" ContentType=\"{COMMENTS}\""))?;
                (path, note::none())
            }
        };
        let (text, boxes) = note::add(&text, notes)?;
        self.put(&path, text)?;
        if boxes.is_empty() {
            return Some(None);
        }
        let found = drawing.and_then(|id| known.iter().find(|found| found.id == id));
        let (path, text) = match found {
            Some(found) => (found.path.clone(), self.text(&found.path)?),
            None if drawing.is_some() => return None,
            None => {
                let path = self.free("xl/drawings/vmlDrawing", ".vml")?;
                new.push(("vmlDrawing", path.clone()));
                self.declare(
                    "Default Extension=\"vml\" \
                        ContentType=\"application/vnd.openxmlformats-officedocument.vmlDrawing\"",
                )?;
                (path, note::blank())
            }
        };
        self.put(&path, note::draw(&text, &boxes)?)?;
        let mut relation = None;
        for (kind, path) in new {
            let numbers = (1..).map(|number: u32| format!("fanshi{number}"));
            let mut ids = numbers.filter(|id| known.iter().all(|found| found.id != *id));
            let id = ids.nth(usize::from(kind == "vmlDrawing"))?;
            self.relate(sheet, (&id, kind, &path))?;
            relation = (kind == "vmlDrawing").then_some(id).or(relation);
        }
        Some(relation)
    }

    /// The text of a part as it is now; `None` where there is none, or it is not in UTF-8.
    fn text(&mut self, name: &str) -> Option<String> {
        if let Some(text) = self.added.get(name) {
            return Some(text.clone());
        }
        let (index, bytes) = self.archive.part(name).ok()??;
        let text = match self.changed.get(&index) {
            Some(text) => text.clone(),
            None => String::from_utf8(bytes).ok()?,
        };
        // The reader passes over a mark, and places would not be where they are.
        Some(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
    }

    fn put(&mut self, name: &str, text: String) -> Option<()> {
        match self.archive.part(name).ok()? {
            Some((index, _)) => drop(self.changed.insert(index, text)),
            None => drop(self.added.insert(name.to_owned(), text)),
        }
        Some(())
    }

    /// A name that no part has.
    fn free(&self, head: &str, ending: &str) -> Option<String> {
        let mut names = (1..).map(|number: u32| format!("{head}{number}{ending}"));
        names.find(|name| !self.archive.holds(name) && !self.added.contains_key(name))
    }

    /// Says of what type a part is, or all that end alike.
    fn declare(&mut self, what: &str) -> Option<()> {
        let text = self.text(TYPES)?;
        let mut is_known = false;
        walk(&text, |event, _| {
            if let Event::Start(found) | Event::Empty(found) = event {
                let ending = attribute(found, "Extension").map(|ending| ending.to_lowercase());
                is_known |= what.starts_with("Default") && ending.as_deref() == Some("vml");
            }
        })?;
        if is_known {
            return Some(());
        }
        let made = within(&text, |p| format!("<{p}{what}/>"))?;
        self.put(TYPES, made)
    }

    fn relate(&mut self, sheet: &str, (id, kind, path): (&str, &str, &str)) -> Option<()> {
        const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
        let name = relations_part(sheet);
        let none = format!("<Relationships xmlns=\"{PACKAGE}\"></Relationships>");
        let text = if self.archive.holds(&name) || self.added.contains_key(&name) {
            self.text(&name)?
        } else {
            none
        };
        let made = within(&text, |p| {
            format!("<{p}Relationship Id=\"{id}\" Type=\"{OFFICE}/{kind}\" Target=\"/{path}\"/>")
        })?;
        self.put(&name, made)
    }
}

/// A part with an element at the end of its outermost one.
fn within(text: &str, element: impl Fn(&str) -> String) -> Option<String> {
    let mut edits = Edits::new(text);
    let (mut depth, mut of, mut is_made) = (0_usize, String::new(), false);
    walk(text, |event, at| match event {
        Event::Start(found) => {
            if depth == 0 {
                of = prefix(found);
            }
            depth += 1;
        }
        Event::Empty(found) if depth == 0 => {
            let name = found.name();
            let open = super::edit::tag(found, &[], false).unwrap_or_default();
            let made = element(&prefix(found));
            edits.replace(at, format!("{open}{made}</{}>", name.as_ref()));
            is_made = true;
        }
        Event::End(_) => {
            depth = depth.saturating_sub(1);
            if depth == 0 {
                edits.insert(at.start, element(&of));
                is_made = true;
            }
        }
        _ => {}
    })?;
    is_made.then(|| edits.made())
}
