//! What readers of nested formats tell: values and containers in the order of the text, each with
//! its place.

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
