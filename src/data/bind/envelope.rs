//! Documents of JSON that are no rows but hold them: `{"total": 2, "data": [{…}, {…}]}`.

use super::tree::Document;
use crate::data::event::{Scalar, Sink};
use crate::data::json;
use std::ops::Range;

/// Where the rows of a document seem to stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Below {
    /// The way to them: `result/list`.
    pub way: String,
    /// Whether more of their keys are fields than of the document's own.
    pub is_likelier: bool,
}

/// The way to the rows that lie below the keys of a document: to the array of whose objects most
/// keys are fields, else to the first array.
#[must_use]
pub fn rows_in(text: &str, document: Document<'_>) -> Option<Below> {
    if !document.headings.rows.is_empty() {
        return None;
    }
    let mut envelope = Envelope { document, way: Vec::new(), own: 0, best: None };
    json::read(text, 0, &mut envelope).ok()?;
    let (way, known) = envelope.best?;
    Some(Below { way, is_likelier: known > envelope.own })
}

/// Counts the keys of a document that are fields.
struct Envelope<'p> {
    document: Document<'p>,
    /// Open containers, outermost first, each with the key it stands under; one of an array ends
    /// the way to rows.
    way: Vec<Step>,
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
        self.way.push(Step { is_array, key: String::new(), known: 0 });
    }

    fn close(&mut self) {
        let Some(step) = self.way.pop() else { return };
        if self.way.is_empty() {
            self.own = step.known;
        }
        let above = match (step.is_array, self.way.split_last()) {
            (true, Some(_)) => &self.way[..],
            (false, Some((array, above))) if array.is_array => above,
            _ => return,
        };
        // An array, or an object of one, below keys alone.
        let is_below = !above.is_empty() && above.iter().all(|step| !step.is_array);
        let is_better = self.best.as_ref().is_none_or(|(_, known)| step.known > *known);
        if is_below && is_better {
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
