//! Changes of a part of a workbook, made in its text: what is not changed stays as it is written.

use crate::data::attribute;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, Writer};
use std::ops::Range;

/// A text with changes that are not made yet.
pub struct Edits<'t> {
    /// The text as it is.
    pub text: &'t str,
    changes: Vec<(Range<usize>, String)>,
}

impl<'t> Edits<'t> {
    /// No change yet.
    pub fn new(text: &'t str) -> Self {
        Self { text, changes: Vec::new() }
    }

    /// Puts a text in the place of another.
    pub fn replace(&mut self, at: Range<usize>, with: String) {
        self.changes.push((at, with));
    }

    /// Puts a text before what stands at a place.
    pub fn insert(&mut self, at: usize, with: String) {
        self.changes.push((at..at, with));
    }

    /// The text with all changes made; what is inserted at one place stands in the order in which it
    /// was.
    pub fn made(mut self) -> String {
        self.changes.sort_by_key(|(at, _)| at.start);
        let (mut made, mut from) = (String::with_capacity(self.text.len()), 0);
        for (at, with) in &self.changes {
            made.push_str(self.text.get(from..at.start).unwrap_or_default());
            made.push_str(with);
            from = from.max(at.end);
        }
        made.push_str(self.text.get(from..).unwrap_or_default());
        made
    }
}

/// Goes through the elements of a text, each with its bytes; `None` where it is no XML.
pub fn walk(text: &str, mut each: impl FnMut(&Event<'_>, Range<usize>)) -> Option<()> {
    let mut xml = Reader::from_str(text);
    let at = |xml: &Reader<&[u8]>| usize::try_from(xml.buffer_position()).ok();
    loop {
        let start = at(&xml)?;
        match xml.read_event().ok()? {
            Event::Eof => return Some(()),
            event => each(&event, start..at(&xml)?),
        }
    }
}

/// A tag with some attributes set (`Some`) or taken away, closed at once where it was or is to be.
pub fn tag(found: &BytesStart<'_>, set: &[(&str, Option<&str>)], is_empty: bool) -> Option<String> {
    let mut made = BytesStart::new(found.name().as_ref().to_owned());
    let named = |name: &str| set.iter().any(|(wanted, _)| *wanted == name);
    let kept = found.attributes().flatten().filter(|kept| !named(kept.key.as_ref()));
    made.extend_attributes(kept);
    for (name, value) in set {
        if let Some(value) = value {
            made.push_attribute((*name, *value));
        }
    }
    let mut out = Writer::new(Vec::new());
    let event = if is_empty { Event::Empty(made) } else { Event::Start(made) };
    out.write_event(event).ok()?;
    String::from_utf8(out.into_inner()).ok()
}

/// What stands before the local names of an element and of those in it: `x:`, or nothing.
pub fn prefix(found: &BytesStart<'_>) -> String {
    let (name, local) = (found.name(), found.local_name());
    name.as_ref().strip_suffix(local.as_ref()).unwrap_or_default().to_owned()
}

/// The number an attribute is.
pub fn number(found: &BytesStart<'_>, name: &str) -> Option<usize> {
    attribute(found, name)?.trim().parse().ok()
}

/// A list of elements that others are added to.
#[derive(Default)]
pub struct List {
    /// Its own tag, and that as it is with another count.
    open: Range<usize>,
    is_empty: bool,
    name: String,
    counted: bool,
    /// Where it ends.
    close: usize,
}

impl List {
    /// A list that begins.
    pub fn begin(event: &Event<'_>, at: &Range<usize>) -> Option<Self> {
        let (Event::Start(found) | Event::Empty(found)) = event else { return None };
        Some(Self {
            open: at.clone(),
            is_empty: matches!(event, Event::Empty(_)),
            name: found.name().as_ref().to_owned(),
            counted: attribute(found, "count").is_some(),
            close: at.end,
        })
    }

    /// It ends before this.
    pub fn end(&mut self, at: usize) {
        self.close = at;
    }

    /// Adds elements, and says how many there are now.
    pub fn add(&self, edits: &mut Edits<'_>, elements: &str, count: usize) {
        let count = count.to_string();
        let tag = edits.text.get(self.open.clone()).and_then(|text| {
            let mut xml = Reader::from_str(text);
            let event = xml.read_event().ok()?;
            let (Event::Start(found) | Event::Empty(found)) = event else { return None };
            tag(&found, &[("count", Some(&*count).filter(|_| self.counted))], false)
        });
        if let Some(tag) = tag.filter(|_| self.is_empty || self.counted) {
            edits.replace(self.open.clone(), tag);
        }
        let close = if self.is_empty { format!("</{}>", self.name) } else { String::new() };
        edits.insert(self.close, format!("{elements}{close}"));
    }
}
