//! TOML, through the `toml` crate's parser with error recovery; told as events like JSON.

use super::bind::Target;
use super::bind::tree::Tree;
use super::event::{Scalar, Sink};
use super::fault::Fault;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// What the parser says of a bare key that is not ASCII. Such keys are read all the same.
const UNQUOTED_KEY: &str = "invalid unquoted key";

/// How much text is parsed at once where rows stand apart: a parsed table takes many times its text.
const PIECE: usize = 1 << 15;

/// Reads a text as a whole.
pub fn read<T: Target>(text: &str, tree: &mut Tree<'_, T>) {
    let parsed = Parsed::new(text, 0..text.len());
    let mut unquoted = Unquoted::default();
    parsed.report(text, tree, &mut unquoted);
    unquoted.report(text, &mut tree.target);
    table(parsed.root.get_ref(), 0..0, (text, 0), tree);
}

/// Reads some of the rows of a text whose rows stand apart, a piece at a time.
pub fn read_rows<T: Target>(text: &str, rows: &[usize], end: usize, tree: &mut Tree<'_, T>) -> Unquoted {
    let mut unquoted = Unquoted::default();
    let mut open = false;
    tree.open_object(0, 0);
    let mut start = rows.first().copied().unwrap_or(end);
    for next in rows.iter().copied().skip(1).chain([end]) {
        if next - start >= PIECE || next == end {
            let piece = Parsed::new(text, start..next);
            piece.report(text, tree, &mut unquoted);
            piece.rows(text, tree, &mut open);
            start = next;
        }
    }
    unquoted
}

/// Where each row begins, if a text is nothing but the rows of one table, `[[table]]`, with what is nested in them.
///
/// Judged by the first mark of each line. A bracket that begins a line and is no header is part of a longer text or array: texts of
/// several lines are ruled out, and in an array what follows is no name.
pub fn rows_apart(text: &str) -> Option<Vec<usize>> {
    let bytes = text.as_bytes();
    if [&b"\"\"\""[..], b"'''"].iter().any(|quotes| memchr::memmem::find(bytes, quotes).is_some()) {
        return None;
    }
    let mut name = None;
    let mut rows = Vec::new();
    let mut start = 0;
    for end in memchr::memchr_iter(b'\n', bytes).chain([bytes.len()]) {
        let line = text.get(start..end)?.trim_start_matches([' ', '\t']);
        let begin = std::mem::replace(&mut start, end + 1);
        let Some(header) = line.strip_prefix('[') else {
            let nothing = line.is_empty() || line.starts_with(['#', '\r']);
            if nothing || name.is_some() {
                continue;
            }
            return None;
        };
        let path = header.strip_prefix('[').unwrap_or(header);
        let (first, rest) = path.split_at(path.find(['.', ']'])?);
        let first = first.trim();
        if *name.get_or_insert(first) != first || !is_bare(first) {
            return None;
        }
        match (header.starts_with('['), rest.starts_with(']')) {
            (true, true) => rows.push(begin),
            (false, true) => return None,
            (_, false) if rows.is_empty() => return None,
            _ => {}
        }
    }
    (!rows.is_empty()).then_some(rows)
}

/// Whether a key needs no quotes and cannot be a value.
fn is_bare(key: &str) -> bool {
    key.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'))
        && !matches!(key, "true" | "false" | "inf" | "nan")
}

/// A piece of text, parsed.
struct Parsed<'t> {
    root: Spanned<DeTable<'t>>,
    errors: Vec<toml::de::Error>,
    /// Where the piece begins.
    base: usize,
}

/// Keys that lack their quotes: the first, and how many.
#[derive(Debug, Default)]
pub struct Unquoted(Option<(Range<usize>, usize)>);

impl Unquoted {
    fn add(&mut self, span: Range<usize>, more: usize) {
        let (first, count) = self.0.get_or_insert((span.clone(), 0));
        *count += more;
        if span.start < first.start {
            *first = span;
        }
    }

    /// Those of several stretches of one text.
    #[must_use]
    pub fn sum(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut sum = Self::default();
        parts.into_iter().filter_map(|part| part.0).for_each(|(span, count)| sum.add(span, count));
        sum
    }

    /// Says it once for the whole text.
    pub fn report(self, text: &str, target: &mut impl Target) {
        if let Some((span, count)) = self.0 {
            let first = text.get(span.clone()).unwrap_or("").to_owned();
            target.fault(span, Fault::UnquotedKeys { count, first });
        }
    }
}

impl<'t> Parsed<'t> {
    fn new(text: &'t str, piece: Range<usize>) -> Self {
        let base = piece.start;
        let (root, errors) = DeTable::parse_recoverable(text.get(piece).unwrap_or(""));
        Self { root, errors, base }
    }

    /// Says what is wrong with the piece.
    fn report<T: Target>(&self, text: &str, tree: &mut Tree<'_, T>, unquoted: &mut Unquoted) {
        let mut broken = Vec::new();
        for error in &self.errors {
            let span = error.span().unwrap_or(0..0);
            let span = clip(span.start + self.base..span.end + self.base, text);
            let key = text.get(span.clone()).unwrap_or("");
            if error.message().starts_with(UNQUOTED_KEY) && is_name(key) {
                unquoted.add(span, 1);
            } else {
                broken.push((span, error.message().to_owned()));
            }
        }
        broken.sort_by_key(|(span, _)| span.start);
        for (span, message) in broken {
            tree.target.fault(span, Fault::Toml(message));
        }
    }

    /// Hands on the rows of the one table; `open` is whether its array has begun.
    fn rows<T: Target>(&self, text: &str, tree: &mut Tree<'_, T>, open: &mut bool) {
        let from = (text, self.base);
        for (key, item) in self.root.get_ref() {
            let (DeValue::Array(items), at) = (item.get_ref(), moved(item.span(), self.base)) else { continue };
            if !*open {
                tree.key(key.get_ref(), moved(key.span(), self.base));
                tree.open_array(at.start);
                *open = true;
            }
            for item in items.iter() {
                value(item.get_ref(), moved(item.span(), self.base), from, tree);
            }
        }
    }
}

fn moved(span: Range<usize>, base: usize) -> Range<usize> {
    span.start + base..span.end + base
}

fn clip(span: Range<usize>, text: &str) -> Range<usize> {
    span.start.min(text.len())..span.end.min(text.len())
}

/// Whether a key could be a declared name: then only its quotes are missing.
fn is_name(key: &str) -> bool {
    !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-')) && !key.is_ascii()
}

/// Nesting is limited by the parser to 80 levels. Places count from `base` in the text.
fn table<S: Sink>(table: &DeTable<'_>, span: Range<usize>, (text, base): (&str, usize), sink: &mut S) {
    sink.open_object(span.start, span.end);
    for (key, item) in table {
        sink.key(key.get_ref(), moved(key.span(), base));
        value(item.get_ref(), moved(item.span(), base), (text, base), sink);
    }
    sink.close_object(span.end);
}

fn value<S: Sink>(item: &DeValue<'_>, span: Range<usize>, (text, base): (&str, usize), sink: &mut S) {
    match item {
        DeValue::String(value) => sink.scalar(Scalar::Text(value), span),
        DeValue::Integer(number) if number.radix() == 10 => sink.scalar(Scalar::Number(number.as_str()), span),
        DeValue::Integer(number) => match i128::from_str_radix(number.as_str(), number.radix()) {
            Ok(value) => sink.scalar(Scalar::Number(&value.to_string()), span),
            Err(_) => sink.scalar(Scalar::Number(text.get(span.clone()).unwrap_or("")), span),
        },
        DeValue::Float(number) => sink.scalar(Scalar::Number(number.as_str()), span),
        DeValue::Boolean(value) => sink.scalar(Scalar::Bool(*value), span),
        DeValue::Datetime(_) => sink.scalar(Scalar::Moment(text.get(span.clone()).unwrap_or("")), span),
        DeValue::Array(items) => {
            sink.open_array(span.start);
            for item in items.iter() {
                value(item.get_ref(), moved(item.span(), base), (text, base), sink);
            }
            sink.close_array();
        }
        DeValue::Table(inner) => table(inner, span, (text, base), sink),
    }
}
