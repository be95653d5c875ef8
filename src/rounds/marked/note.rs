//! Notes at cells: the part that holds their texts, and the drawing that holds their boxes. What is
//! there already stays.

use super::edit::{Edits, List, number, prefix, tag, walk};
use super::{Cell, Note, Notes};
use crate::data::{attribute, cell_at, column_name};
use quick_xml::escape::escape;
use quick_xml::events::{BytesStart, Event};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::ops::Range;

/// Who notes are by; a workbook that has some is a marked copy.
pub const AUTHOR: &str = "fanshi:marked";

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

/// A part without a note.
pub fn none() -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<comments \
            xmlns=\"{MAIN}\"><authors/><commentList/></comments>"
    )
}

/// A note that is there.
#[derive(Default)]
struct Old {
    at: Option<Cell>,
    /// Whether it stands for a conversation, which offices show instead.
    is_threaded: bool,
    /// How deep its text lies, its bare text, and where its last piece ends.
    text: Option<usize>,
    bare: Option<Range<usize>>,
    last: Option<usize>,
}

/// The cells that need a box.
pub type Boxes<'n> = BTreeMap<&'n Cell, &'n Note>;

/// Adds notes to a part; at a cell that has one they stand below it. `None` where the part is none.
pub fn add<'n>(text: &str, notes: &'n Notes) -> Option<(String, Boxes<'n>)> {
    let mut walker = Walk {
        edits: Edits::new(text),
        notes,
        boxes: notes.iter().filter(|(_, note)| !note.text.is_empty()).collect(),
        authors: None,
        list: None,
        names: Vec::new(),
        is_author: false,
        prefix: String::new(),
        depth: 0,
        old: Old::default(),
    };
    walk(text, |event, at| walker.event(event, at))?;
    let Walk { mut edits, boxes, authors, list, names, prefix: p, .. } = walker;
    let (authors, list) = (authors?, list?);
    authors.add(&mut edits, &format!("<{p}author>{AUTHOR}</{p}author>"), 0);
    let mut all = String::new();
    for ((row, column), note) in &boxes {
        let (cell, author, run) = (cell(*row, *column), names.len(), run(&p, &note.text));
        let _ = write!(
            all,
            "<{p}comment ref=\"{cell}\" authorId=\"{author}\"><{p}text>{run}</{p}text></{p}comment>"
        );
    }
    list.add(&mut edits, &all, 0);
    Some((edits.made(), boxes))
}

struct Walk<'n, 't> {
    edits: Edits<'t>,
    notes: &'n Notes,
    boxes: Boxes<'n>,
    authors: Option<List>,
    list: Option<List>,
    /// Who notes are by.
    names: Vec<String>,
    is_author: bool,
    prefix: String,
    depth: usize,
    old: Old,
}

impl Walk<'_, '_> {
    fn event(&mut self, event: &Event<'_>, at: Range<usize>) {
        match event {
            Event::Start(found) => {
                self.begins((event, found), at, true);
                self.depth += 1;
            }
            Event::Empty(found) => self.begins((event, found), at, false),
            Event::Text(found) if self.is_author => {
                self.names.iter_mut().next_back().into_iter().for_each(|name| name.push_str(found));
            }
            Event::End(found) => {
                self.depth = self.depth.saturating_sub(1);
                self.ends(found.local_name().as_ref(), &at);
            }
            _ => {}
        }
    }

    fn begins(
        &mut self,
        (event, found): (&Event<'_>, &BytesStart<'_>),
        at: Range<usize>,
        is_open: bool,
    ) {
        match found.local_name().as_ref() {
            "authors" => (self.authors, self.prefix) = (List::begin(event, &at), prefix(found)),
            "author" => {
                self.names.push(String::new());
                self.is_author = is_open;
            }
            "commentList" => self.list = List::begin(event, &at),
            "comment" => {
                let author = number(found, "authorId").and_then(|at| self.names.get(at));
                self.old = Old {
                    at: attribute(found, "ref").and_then(|name| cell_at(&name)),
                    is_threaded: author.is_some_and(|name| name.starts_with("tc=")),
                    ..Old::default()
                };
                if let Some(at) = &self.old.at {
                    self.boxes.remove(at);
                }
            }
            "text" if is_open => self.old.text = Some(self.depth + 1),
            "text" => {
                let more = self.old.more(self.notes, &self.prefix);
                if let Some((more, open)) = more.zip(tag(found, &[], false)) {
                    let name = found.name();
                    self.edits.replace(at, format!("{open}{more}</{}>", name.as_ref()));
                }
            }
            "t" if Some(self.depth) == self.old.text => self.old.bare = Some(at),
            _ => {}
        }
    }

    fn ends(&mut self, name: &str, at: &Range<usize>) {
        let is_piece = Some(self.depth) == self.old.text;
        match name {
            "author" => self.is_author = false,
            "authors" => self.authors.iter_mut().for_each(|list| list.end(at.start)),
            "commentList" => self.list.iter_mut().for_each(|list| list.end(at.start)),
            "t" if is_piece => {
                self.old.bare.iter_mut().for_each(|bare| bare.end = at.end);
                self.old.last = Some(at.end);
            }
            "r" if is_piece => self.old.last = Some(at.end),
            "text" => {
                if let Some(more) = self.old.more(self.notes, &self.prefix) {
                    // A bare text and pieces of it do not stand beside each other.
                    if let Some(bare) = self.old.bare.take() {
                        let p = &self.prefix;
                        self.edits.insert(bare.start, format!("<{p}r>"));
                        self.edits.insert(bare.end, format!("</{p}r>"));
                    }
                    self.edits.insert(self.old.last.unwrap_or(at.start), more);
                }
                self.old.text = None;
            }
            _ => {}
        }
    }
}

impl Old {
    /// What is added to it.
    fn more(&self, notes: &Notes, prefix: &str) -> Option<String> {
        let told = |note: &&Note| !self.is_threaded && !note.text.is_empty();
        let note = notes.get(&self.at?).filter(told)?;
        Some(run(prefix, &format!("\n\n{}", note.text)))
    }
}

fn cell(row: u32, column: u32) -> String {
    format!("{}{}", column_name(column as usize), row + 1)
}

fn run(p: &str, text: &str) -> String {
    format!("<{p}r><{p}t xml:space=\"preserve\">{}</{p}t></{p}r>", escape(text))
}

/// The declarations a drawing needs.
const SPACES: &str = "xmlns:v=\"urn:schemas-microsoft-com:vml\" \
    xmlns:o=\"urn:schemas-microsoft-com:office:office\" \
    xmlns:x=\"urn:schemas-microsoft-com:office:excel\"";

/// A drawing without a box.
pub fn blank() -> String {
    format!(
        "<xml {SPACES}><o:shapelayout v:ext=\"edit\"><o:idmap v:ext=\"edit\" data=\"1\"/>\
            </o:shapelayout></xml>"
    )
}

/// Adds boxes to a drawing; `None` where it is none.
pub fn draw(text: &str, boxes: &Boxes<'_>) -> Option<String> {
    const KIND: &str = "id=\"_x0000_t202\"";
    // Some offices write what is no XML: only its end is looked for.
    let end = text.rfind("</xml>")?;
    let mut added = String::new();
    if !text.contains(KIND) {
        let _ = write!(
            added,
            "<v:shapetype {SPACES} {KIND} coordsize=\"21600,21600\" o:spt=\"202\" \
                path=\"m,l,21600r21600,l21600,xe\"><v:stroke joinstyle=\"miter\"/><v:path \
                gradientshapeok=\"t\" o:connecttype=\"rect\"/></v:shapetype>"
        );
    }
    let numbers = text.split("_x0000_s").skip(1).map(|rest| {
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        rest.get(..end).and_then(|digits| digits.parse::<u32>().ok()).unwrap_or(0)
    });
    let known: BTreeSet<u32> = numbers.collect();
    let first = known.last().copied().unwrap_or(0).max(1024) + 1;
    for (id, ((row, column), note)) in (first..).zip(boxes) {
        let lines = note.lines.clamp(4, 24);
        let (left, right) = (column + 1, column + 6);
        let (top, bottom) = (row.saturating_sub(1), row.saturating_sub(1) + lines);
        let _ = write!(
            added,
            "<v:shape {SPACES} id=\"_x0000_s{id}\" type=\"#_x0000_t202\" \
                style=\"position:absolute;visibility:hidden\" fillcolor=\"#ffffe1\" \
                o:insetmode=\"auto\"><v:fill color2=\"#ffffe1\"/><v:shadow on=\"t\" \
                color=\"black\" obscured=\"t\"/><v:path o:connecttype=\"none\"/><v:textbox \
                style=\"mso-direction-alt:auto\"><div style=\"text-align:left\"></div></v:textbox>\
                <x:ClientData ObjectType=\"Note\"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>\
                {left}, 15, {top}, 2, {right}, 15, {bottom}, 4</x:Anchor><x:AutoFill>False\
                </x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData>\
                </v:shape>"
        );
    }
    let mut edits = Edits::new(text);
    edits.insert(end, added);
    Some(edits.made())
}
