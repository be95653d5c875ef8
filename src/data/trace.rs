//! The places of one row: the same reading as for columns, keeping where things stand instead of
//! what they are.

use super::bind::pairs::Part;
use super::bind::plan::Plan;
use super::bind::{Parent, Target, row_span};
use super::event::Scalar;
use super::fault::{At, Fault, Found};
use std::collections::BTreeMap;
use std::ops::Range;

/// The number under which a row keeps the place of its parent's key.
pub const PARENT: usize = usize::MAX;

/// Where the parts of a row stand, in bytes of the text read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trace {
    /// Where the row begins.
    pub start: usize,
    /// What stands for the row.
    pub span: Range<usize>,
    /// Fields that were given.
    fields: BTreeMap<usize, Given>,
    /// Their texts, one after another.
    texts: String,
    /// Elements, by frame.
    elements: Vec<(usize, Vec<Trace>)>,
}

/// A field that was given.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Given {
    span: Range<usize>,
    /// What stands there, as the format reads it; `None` for lists, objects and `null`.
    text: Option<Range<usize>>,
}

impl Trace {
    /// The place of a field; `None` where it was not given.
    #[must_use]
    pub fn field(&self, field: usize) -> Option<&Range<usize>> {
        self.fields.get(&field).map(|given| &given.span)
    }

    /// What stands there for a field, without quotes and escapes.
    #[must_use]
    pub fn text(&self, field: usize) -> Option<&str> {
        self.texts.get(self.fields.get(&field)?.text.clone()?)
    }

    /// An element of a nested frame.
    #[must_use]
    pub fn element(&self, frame: usize, index: usize) -> Option<&Self> {
        self.elements.iter().find(|(id, _)| *id == frame)?.1.get(index)
    }
}

/// A row being read.
struct Open {
    frame: usize,
    at: Range<usize>,
    key: Option<Range<usize>>,
    trace: Trace,
}

/// Collects the places of rows.
pub struct Tracer<'p> {
    plan: &'p Plan,
    open: Vec<Open>,
    /// Finished rows of the file's own frame.
    pub rows: Vec<Trace>,
}

impl<'p> Tracer<'p> {
    /// A tracer without rows.
    #[must_use]
    pub fn new(plan: &'p Plan) -> Self {
        Self { plan, open: Vec::new(), rows: Vec::new() }
    }

    /// Keeps the first place of a field; false if there was one.
    fn keep(&mut self, field: usize, span: Range<usize>, text: Option<&str>) -> bool {
        let Some(open) = self.open.last_mut() else { return false };
        let new = open.trace.field(field).is_none();
        if new {
            let texts = &mut open.trace.texts;
            let text = text.map(|text| {
                let start = texts.len();
                texts.push_str(text);
                start..texts.len()
            });
            open.trace.fields.insert(field, Given { span, text });
        }
        new
    }
}

impl Target for Tracer<'_> {
    fn open(&mut self, frame: usize, at: Range<usize>) {
        let trace = Trace { start: at.start, ..Trace::default() };
        self.open.push(Open { frame, at, key: None, trace });
    }

    fn value(&mut self, at: At, scalar: Scalar<'_>, span: Range<usize>) {
        let text = match scalar {
            Scalar::Text(text) | Scalar::Number(text) | Scalar::Moment(text) => Some(text),
            Scalar::Bool(true) => Some("true"),
            Scalar::Bool(false) => Some("false"),
            Scalar::Null => None,
        };
        let is_key = self.plan.field(at.frame, at.field).is_some_and(|field| field.key);
        if let (true, Some(open)) =
            (self.keep(at.field, span.clone(), text) && is_key, self.open.last_mut())
        {
            open.key = Some(span);
        }
    }

    fn list(&mut self, at: At, span: Range<usize>) -> bool {
        self.keep(at.field, span, None)
    }

    fn misfit(&mut self, at: At, _: Found, span: Range<usize>) {
        self.keep(at.field, span, None);
    }

    fn close(&mut self, _: usize, end: usize) {
        let Some(mut open) = self.open.pop() else { return };
        open.trace.span = row_span(open.key.as_ref(), &open.at, end);
        let Some(parent) = self.open.last_mut() else { return self.rows.push(open.trace) };
        let lists = &mut parent.trace.elements;
        match lists.iter_mut().find(|(frame, _)| *frame == open.frame) {
            Some((_, rows)) => rows.push(open.trace),
            None => lists.push((open.frame, vec![open.trace])),
        }
    }

    fn abort(&mut self) {
        self.open.clear();
    }

    fn give_up(&mut self, _: At) {}

    fn refuse(&mut self, at: At, span: Range<usize>) {
        self.keep(at.field, span, None);
    }

    fn forget(&mut self, _: At) {}

    fn doubt(&mut self, _: usize) {}

    fn parent(&mut self, _: Parent<'_>, span: Range<usize>) {
        self.keep(PARENT, span, None);
    }

    fn lose(&mut self, _: &str, _: Range<usize>, _: Fault) {}

    fn fault(&mut self, _: Range<usize>, _: Fault) {}

    fn part(
        &mut self,
        parts: &[(usize, Part)],
        fields: &[At],
        scalar: Scalar<'_>,
        span: Range<usize>,
    ) {
        if parts.iter().any(|(_, part)| *part == Part::Number) {
            for at in fields {
                self.value(*at, scalar, span.clone());
            }
        }
    }

    fn unknown(&mut self, _: usize, _: &str, _: Range<usize>, _: usize) {}
}
