//! Citations that stand in no cell of their own: their places are those of the fields they are put
//! together from.

use crate::builtin::citation::Part;
use crate::data::Located;
use crate::place::Place;
use crate::schema::{CitationSources, FieldId, FrameId};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The rows that the elements of a list belong to, where these are put together.
pub struct Composed {
    /// The frame the list lies in.
    pub parent: FrameId,
    /// What the elements are made of.
    pub sources: CitationSources,
    /// By element: its row there, and the element as it was given where it was.
    pub rows: Vec<(usize, Option<usize>)>,
}

/// Places of data, with those of composed citations.
pub struct Places {
    /// The places of what was given.
    pub inner: Arc<dyn Located>,
    /// By list.
    pub composed: BTreeMap<FrameId, Composed>,
}

impl Composed {
    /// The field that a part of a citation stands in.
    fn field(&self, field: Option<FieldId>) -> FieldId {
        let is = |part: Part| field.is_some_and(|field| field.0 as usize == part.index());
        let found = match () {
            () if is(Part::Title) || is(Part::Row) => Some(self.sources.title),
            () if is(Part::Words) => self.sources.words,
            () => self.sources.place,
        };
        found.unwrap_or(self.sources.title)
    }
}

impl Located for Places {
    fn locate(&self, frame: FrameId, row: usize, field: Option<FieldId>) -> Option<Place> {
        let Some(composed) = self.composed.get(&frame) else {
            return self.inner.locate(frame, row, field);
        };
        match *composed.rows.get(row)? {
            (_, Some(given)) => self.inner.locate(frame, given, field),
            (parent, None) => {
                self.inner.locate(composed.parent, parent, Some(composed.field(field)))
            }
        }
    }

    fn text(&self, frame: FrameId, row: usize, field: FieldId) -> Option<String> {
        let Some(composed) = self.composed.get(&frame) else {
            return self.inner.text(frame, row, field);
        };
        match *composed.rows.get(row)? {
            (_, Some(given)) => self.inner.text(frame, given, field),
            (parent, None) => {
                let is_read = field.0 as usize <= Part::Words.index();
                let own = composed.field(Some(field));
                is_read.then(|| self.inner.text(composed.parent, parent, own))?
            }
        }
    }

    fn key(&self, frame: FrameId, written: &str) -> String {
        self.inner.key(frame, written)
    }

    fn order(&self, frame: FrameId, row: usize) -> (u32, u64) {
        let Some(composed) = self.composed.get(&frame) else {
            return self.inner.order(frame, row);
        };
        match composed.rows.get(row) {
            Some((_, Some(given))) => self.inner.order(frame, *given),
            Some((parent, None)) => self.inner.order(composed.parent, *parent),
            None => (u32::MAX, u64::MAX),
        }
    }
}
