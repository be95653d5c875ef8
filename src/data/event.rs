//! What readers of nested formats tell: values and containers in the order of the text, each with
//! its place.

use super::encoding::Checkpoint;
use super::file::AROUND;
use crate::text::Source;
use std::ops::Range;

/// A value as the format gives it: nothing is converted yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scalar<'a> {
    /// A text, without quotes and escapes; a cell.
    Text(&'a str),
    /// A number, digits as written.
    Number(&'a str),
    /// `true`, `false`.
    Bool(bool),
    /// JSON's `null`.
    Null,
    /// A date or time of TOML, as written.
    Moment(&'a str),
}

/// Receives a document. Places are bytes of the text being read.
pub trait Sink {
    /// An object (a TOML table) begins; `until` is the end of what stands for it alone: its
    /// bracket, its header.
    fn open_object(&mut self, at: usize, until: usize);
    /// It ends.
    fn close_object(&mut self, end: usize);
    /// An array begins.
    fn open_array(&mut self, at: usize);
    /// It ends.
    fn close_array(&mut self);
    /// Whether the coming key is the one expected: its length in bytes with the closing quote.
    /// `rest` starts after the opening quote.
    fn expected_key(&mut self, rest: &[u8], at: usize) -> Option<usize>;
    /// A key, unescaped.
    fn key(&mut self, name: &str, span: Range<usize>);
    /// The key just told stands once more in its object: which of the values is meant is not known.
    fn twice(&mut self) {}
    /// A value that is not a container.
    fn scalar(&mut self, value: Scalar<'_>, span: Range<usize>);
}

/// An event that borrows nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Event {
    OpenObject(usize, usize),
    CloseObject(usize),
    OpenArray(usize),
    CloseArray,
    Key(Box<str>, Range<usize>),
    Text(Box<str>, Range<usize>),
    Number(Box<str>, Range<usize>),
    Bool(bool, Range<usize>),
    Null(Range<usize>),
    Moment(Box<str>, Range<usize>),
}

/// What a reader told of rows that stand inside a document which holds more than data: told again
/// as often as they are loaded or looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recording {
    events: Vec<Event>,
    /// Places of the document near the rows, from its beginning to its end: a document of many rows
    /// is not gone through for the place of each.
    points: Vec<Checkpoint>,
}

impl Sink for Recording {
    fn open_object(&mut self, at: usize, until: usize) {
        self.events.push(Event::OpenObject(at, until));
    }

    fn close_object(&mut self, end: usize) {
        self.events.push(Event::CloseObject(end));
    }

    fn open_array(&mut self, at: usize) {
        self.events.push(Event::OpenArray(at));
    }

    fn close_array(&mut self) {
        self.events.push(Event::CloseArray);
    }

    fn expected_key(&mut self, _: &[u8], _: usize) -> Option<usize> {
        None
    }

    fn key(&mut self, name: &str, span: Range<usize>) {
        self.events.push(Event::Key(name.into(), span));
    }

    fn scalar(&mut self, value: Scalar<'_>, span: Range<usize>) {
        self.events.push(match value {
            Scalar::Text(text) => Event::Text(text.into(), span),
            Scalar::Number(digits) => Event::Number(digits.into(), span),
            Scalar::Bool(truth) => Event::Bool(truth, span),
            Scalar::Null => Event::Null(span),
            Scalar::Moment(text) => Event::Moment(text.into(), span),
        });
    }
}

impl Recording {
    /// Nothing told yet of rows that stand in these bytes of a document.
    #[must_use]
    pub fn of(document: &Source, rows: &Range<usize>) -> Self {
        let around = usize::try_from(AROUND).unwrap_or(usize::MAX);
        let line = |at: usize| document.line_range(document.line_of(at));
        let first = line(rows.start.saturating_sub(around)).start;
        let end = line(rows.end.saturating_add(around)).end;
        let point = |at: usize| {
            let position = document.position(at);
            let count = |from_1: usize| u32::try_from(from_1 - 1).unwrap_or(u32::MAX);
            Checkpoint {
                decoded: at as u64,
                stored: at as u64,
                line: count(position.line),
                column: count(position.column),
            }
        };
        let points = [0, first, end, document.text.len()].map(point).to_vec();
        Self { events: Vec::new(), points }
    }

    /// Places of the document, ascending.
    #[must_use]
    pub fn points(&self) -> &[Checkpoint] {
        &self.points
    }

    /// Tells it again.
    pub fn replay<S: Sink>(&self, sink: &mut S) {
        for event in &self.events {
            match event {
                Event::OpenObject(at, until) => sink.open_object(*at, *until),
                Event::CloseObject(end) => sink.close_object(*end),
                Event::OpenArray(at) => sink.open_array(*at),
                Event::CloseArray => sink.close_array(),
                Event::Key(name, span) => sink.key(name, span.clone()),
                Event::Text(text, span) => sink.scalar(Scalar::Text(text), span.clone()),
                Event::Number(digits, span) => sink.scalar(Scalar::Number(digits), span.clone()),
                Event::Bool(truth, span) => sink.scalar(Scalar::Bool(*truth), span.clone()),
                Event::Null(span) => sink.scalar(Scalar::Null, span.clone()),
                Event::Moment(text, span) => sink.scalar(Scalar::Moment(text), span.clone()),
            }
        }
    }
}
