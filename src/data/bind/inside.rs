//! Objects inside a row whose keys are fields of the row: `{"o": {"x": 1}}` for the heading `o/x`.

use super::Target;
use super::slot::{Level, Slot};
use super::tree::Tree;
use crate::data::event::Scalar;
use crate::data::fault::{At, Fault};
use crate::data::names::{fold, shorten};
use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

/// The keys under which such objects stand, with those above them.
#[derive(Default)]
pub(super) struct BelowKeys {
    paths: Vec<String>,
    /// Where each stands among them, folded.
    numbers: HashMap<String, usize>,
    /// Those met in the open rows, each with the depth of its row.
    met: BTreeSet<(usize, usize)>,
}

impl BelowKeys {
    /// The number of a key.
    fn number(&mut self, path: &str) -> usize {
        let next = self.paths.len();
        let number = *self.numbers.entry(fold(path).into_owned()).or_insert(next);
        if number == next {
            self.paths.push(path.to_owned());
        }
        number
    }

    /// The key with those above it.
    pub(super) fn path(&self, number: usize) -> &str {
        self.paths.get(number).map_or("", |path| path)
    }

    /// Rows of this depth and below it end.
    pub(super) fn leave(&mut self, depth: usize) {
        if !self.met.is_empty() {
            self.met.split_off(&(depth, 0));
        }
    }
}

impl<T: Target> Tree<'_, T> {
    /// A key under which an object with fields of the row stands.
    pub(super) fn below_slot(&mut self, path: &str) -> Slot {
        Slot::Below(self.below.number(path))
    }

    /// A key of an object inside a row.
    pub(super) fn inside_slot(&mut self, frame: usize, name: &str, span: Range<usize>) -> Slot {
        let path = format!("{}{name}", self.path);
        let headings = self.document.headings;
        match headings.field(frame, &path) {
            _ if headings.leads_below(&path) => self.below_slot(&path),
            Some(field) => {
                let heading = if headings.units.knows(&path) { &path } else { name };
                self.in_unit(At { frame, field }, heading, &span)
            }
            None if headings.ignores(&path) => Slot::Ignored,
            None if headings.ignores_in(&path) => self.below_slot(&path),
            None => self.unknown_key(frame, &path, span),
        }
    }

    /// Whether the value of such a key is not the first in the open row: then it is said, and the
    /// fields that stand there are not known.
    pub(super) fn stands_again(&mut self, frame: usize, at: usize, span: Range<usize>) -> bool {
        let row = self.levels.iter().rposition(|level| matches!(level, Level::Row(_)));
        let is_again = !self.below.met.insert((row.unwrap_or(0), at));
        if is_again && self.lose_below(frame, at) {
            let key = shorten(self.below.path(at));
            self.target.fault(span, Fault::RepeatedKey { key, in_row: true });
        }
        is_again
    }

    /// A value that is no object under such a key.
    pub(super) fn stands_plain(
        &mut self,
        (frame, at): (usize, usize),
        value: Scalar<'_>,
        span: Range<usize>,
    ) {
        if self.stands_again(frame, at, span.clone()) || value == Scalar::Null {
            return;
        }
        // In some rows the value stands where in others the object does.
        match self.document.headings.field(frame, self.below.path(at)) {
            Some(field) => self.target.value(At { frame, field }, value, span),
            None => self.say_unread(frame, at, span),
        }
    }

    /// Says that nothing is read of what stands under such a key.
    pub(super) fn say_unread(&mut self, frame: usize, at: usize, span: Range<usize>) {
        let path = self.below.path(at).to_owned();
        self.unknown_key(frame, &path, span);
        self.target.doubt(frame);
    }

    /// The fields that stand under such a key are not known; whether there are any.
    pub(super) fn lose_below(&mut self, frame: usize, at: usize) -> bool {
        let fields = self.document.headings.fields_below(frame, self.below.path(at));
        for field in &fields {
            self.target.give_up_all(At { frame, field: *field });
        }
        !fields.is_empty()
    }
}
