//! Names in JSON: the keys of objects that are rows.

use super::text::{Form, Quoted};
use super::{Mention, Names};
use crate::authoring::answer::Location;
use crate::schema::{FrameId, Type};
use std::ops::Range;
use std::path::Path;

/// How deep values are looked into; readers of data refuse what is deeper.
const DEEPEST: usize = 64;

/// The names in rows of a table.
pub(super) fn data(names: &Names<'_>, (path, text): (&Path, &str), frame: FrameId) -> Vec<Mention> {
    let mut reader = Reader { names, path, text, at: 0, found: Vec::new() };
    while reader.value(Some(frame), 0).is_some() {}
    reader.found
}

struct Reader<'n, 'v> {
    names: &'n Names<'v>,
    path: &'n Path,
    text: &'n str,
    at: usize,
    found: Vec<Mention>,
}

impl Reader<'_, '_> {
    fn next(&mut self) -> Option<char> {
        let rest = self.text.get(self.at..)?;
        let first = rest.find(|letter: char| !letter.is_whitespace() && letter != '\u{FEFF}')?;
        self.at += first;
        self.text.get(self.at..)?.chars().next()
    }

    /// One value; `None` at the end, or where it is no JSON.
    fn value(&mut self, frame: Option<FrameId>, depth: usize) -> Option<()> {
        if depth > DEEPEST {
            return None;
        }
        match self.next()? {
            '{' => self.object(frame, depth),
            '[' => {
                self.at += 1;
                loop {
                    match self.next()? {
                        ']' => break,
                        ',' => self.at += 1,
                        _ => self.value(frame, depth + 1)?,
                    }
                }
                self.at += 1;
                Some(())
            }
            '"' => self.string().map(|_| ()),
            '}' | ']' | ',' | ':' => None,
            _ => {
                let rest = self.text.get(self.at..)?;
                let ends = |letter: char| letter.is_whitespace() || ",]}".contains(letter);
                self.at += rest.find(ends).unwrap_or(rest.len()).max(1);
                Some(())
            }
        }
    }

    fn object(&mut self, frame: Option<FrameId>, depth: usize) -> Option<()> {
        self.at += 1;
        loop {
            match self.next()? {
                '}' => break,
                ',' => self.at += 1,
                '"' => {
                    let (span, says) = self.string()?;
                    if self.next()? != ':' {
                        return None;
                    }
                    self.at += 1;
                    let inner = self.key(frame, span, says);
                    self.value(inner, depth + 1)?;
                }
                _ => return None,
            }
        }
        self.at += 1;
        Some(())
    }

    /// A key of a row: its field, and the list that its value is.
    fn key(&mut self, frame: Option<FrameId>, span: Range<usize>, says: String) -> Option<FrameId> {
        let frame = frame?;
        let Some((_, field, id)) = self.names.field(frame, &says) else {
            // An object with an array for each table.
            return self.names.table(&says).map(|(table, _)| table).filter(|own| *own == frame);
        };
        let list = match field.ty {
            Type::List(list) => Some(list),
            _ => None,
        };
        let part = 0..says.len();
        self.found.push(Mention {
            location: Location {
                path: self.path.to_owned(),
                span: span.start + 1..span.end - 1,
                cell: None,
            },
            id: id?,
            name: says.clone(),
            quoted: Quoted { form: Form::Json, span, says, part },
        });
        list
    }

    fn string(&mut self) -> Option<(Range<usize>, String)> {
        let start = self.at;
        let bytes = self.text.as_bytes();
        let mut end = start + 1;
        loop {
            match bytes.get(end)? {
                b'"' => break,
                b'\\' => end += 2,
                _ => end += 1,
            }
        }
        self.at = end + 1;
        let raw = self.text.get(start..self.at)?;
        Some((start..self.at, serde_json::from_str(raw).ok()?))
    }
}
