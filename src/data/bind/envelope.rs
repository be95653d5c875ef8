//! Lines of JSON that are no rows but hold them: `{"total": 2, "data": [{…}, {…}]}`.

use super::tree::Document;
use crate::data::event::{Scalar, Sink};
use crate::data::json;
use std::ops::Range;

/// The way to the rows that lie below the first line of a text, where more of their keys are fields
/// than of its own; with the place of the line's first brace.
#[must_use]
pub fn rows_in(text: &str, document: Document<'_>) -> Option<(String, Range<usize>)> {
    if !document.headings.rows.is_empty() {
        return None;
    }
    let start = text.find(|letter: char| !letter.is_ascii_whitespace())?;
    let line = text.get(..text.get(start..)?.find('\n').map_or(text.len(), |end| start + end))?;
    let mut envelope = Envelope { document, way: Vec::new(), depth: 0, own: 0, best: None };
    json::read(line, start, &mut envelope).ok()?;
    let (rows, known) = envelope.best?;
    (known > envelope.own).then(|| (rows, start..start + 1))
}

/// Counts the keys of a document that are fields.
struct Envelope<'p> {
    document: Document<'p>,
    /// Open containers, outermost first, each with the key it stands under; one of an array ends
    /// the way to rows.
    way: Vec<Step>,
    depth: usize,
    /// How many keys of the outermost object are fields.
    own: usize,
    /// The way to an array of objects, and how many keys of one of them are fields.
    best: Option<(String, usize)>,
}

/// A container that is open.
struct Step {
    is_array: bool,
    /// The key read last in it.
    key: String,
    /// How many of its keys are fields.
    known: usize,
}

impl Envelope<'_> {
    fn open(&mut self, is_array: bool) {
        self.depth += 1;
        self.way.push(Step { is_array, key: String::new(), known: 0 });
    }

    fn close(&mut self) {
        self.depth -= 1;
        let Some(step) = self.way.pop() else { return };
        if self.way.is_empty() {
            self.own = step.known;
        }
        // An object in an array below keys alone.
        let Some((array, above)) = self.way.split_last() else { return };
        let is_below = !above.is_empty() && above.iter().all(|step| !step.is_array);
        if step.is_array || !array.is_array || !is_below {
            return;
        }
        let known = self.best.as_ref().map_or(0, |(_, known)| *known);
        if step.known > known {
            let keys: Vec<&str> = above.iter().map(|step| step.key.as_str()).collect();
            self.best = Some((keys.join("/"), step.known));
        }
    }
}

impl Sink for Envelope<'_> {
    fn open_object(&mut self, _: usize, _: usize) {
        self.open(false);
    }

    fn close_object(&mut self, _: usize) {
        self.close();
    }

    fn open_array(&mut self, _: usize) {
        self.open(true);
    }

    fn close_array(&mut self) {
        self.close();
    }

    fn expected_key(&mut self, _: &[u8], _: usize) -> Option<usize> {
        None
    }

    fn key(&mut self, name: &str, _: Range<usize>) {
        let Document { headings, table, .. } = self.document;
        let is_field = headings.field(table, name).is_some();
        if let Some(step) = self.way.last_mut() {
            step.known += usize::from(is_field);
            name.clone_into(&mut step.key);
        }
    }

    fn scalar(&mut self, _: Scalar<'_>, _: Range<usize>) {}
}
