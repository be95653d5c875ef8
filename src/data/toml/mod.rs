//! TOML, through the `toml` crate's parser with error recovery; told as events like JSON.

mod apart;
mod twice;

pub use apart::{read_rows, rows_apart};

use super::bind::Target;
use super::bind::tree::Tree;
use super::event::{Recording, Scalar, Sink};
use super::fault::Fault;
use super::message::toml_causes;
use super::names::shorten;
use crate::text::Source;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// What the parser says of a bare key that is not ASCII. Such keys are read all the same.
const UNQUOTED_KEY: &str = "invalid unquoted key";

/// Reads a text as a whole.
pub fn read<T: Target>(text: &str, tree: &mut Tree<'_, T>) {
    let parsed = Parsed::new(text, 0..text.len());
    let mut unquoted = Unquoted::default();
    parsed.report(text, tree, &mut unquoted);
    unquoted.report(text, &mut tree.target);
    let twice = parsed.twice(text);
    let reading = Reading { text, base: 0, values: None, twice: &twice };
    reading.table(parsed.root.get_ref(), 0..0, tree);
}

/// Records rows inside a document that was read before: an array of tables, or one table. `values`
/// is what `{name}` in a text of them stands for (a text that is nothing else takes the value as it
/// is), `defaults` are the fields of rows that do not say otherwise.
#[must_use]
pub fn record(
    document: &Source,
    rows: &Spanned<DeValue<'_>>,
    values: Option<&DeTable<'_>>,
    defaults: Option<&DeTable<'_>>,
) -> Recording {
    let mut recording = Recording::of(document, &rows.span());
    let sink = &mut recording;
    let reading = Reading { text: &document.text, base: 0, values, twice: &BTreeSet::new() };
    sink.open_array(rows.span().start);
    let rows: Vec<&Spanned<DeValue<'_>>> = match rows.get_ref() {
        DeValue::Array(items) => items.iter().collect(),
        _ => vec![rows],
    };
    for row in rows {
        let DeValue::Table(table) = row.get_ref() else {
            reading.value(row, sink);
            continue;
        };
        let span = row.span();
        sink.open_object(span.start, span.end);
        reading.fields(table, sink);
        let unsaid = |(key, _): &(&Spanned<_>, &Spanned<DeValue<'_>>)| !table.contains_key(*key);
        defaults
            .iter()
            .flat_map(|defaults| defaults.iter())
            .filter(unsaid)
            .for_each(|(key, item)| reading.field(key, item, sink));
        sink.close_object(span.end);
    }
    sink.close_array();
    recording
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
            let first = shorten(text.get(span.clone()).unwrap_or(""));
            target.fault(span, Fault::UnquotedKeys { count, first });
        }
    }
}

impl<'t> Parsed<'t> {
    fn new(text: &'t str, piece: Range<usize>) -> Self {
        let base = piece.start;
        let (root, errors) = DeTable::parse_recoverable(text.get(piece).unwrap_or(""));
        Self { root, errors: toml_causes(errors), base }
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
            let line = line_of(text, span.start).to_owned();
            tree.target.fault(span, Fault::Toml { message, line });
        }
    }

    /// Hands on the rows of the one table; `open` is whether its array has begun.
    fn rows<T: Target>(&self, text: &str, tree: &mut Tree<'_, T>, open: &mut bool) {
        let twice = self.twice(text);
        let reading = Reading { text, base: self.base, values: None, twice: &twice };
        for (key, item) in self.root.get_ref() {
            let (DeValue::Array(items), at) = (item.get_ref(), moved(&item.span(), self.base))
            else {
                continue;
            };
            if !*open {
                tree.key(key.get_ref(), moved(&key.span(), self.base));
                tree.open_array(at.start);
                *open = true;
            }
            for item in items.iter() {
                reading.value(item, tree);
            }
        }
    }
}

fn moved(span: &Range<usize>, base: usize) -> Range<usize> {
    span.start + base..span.end + base
}

fn clip(span: Range<usize>, text: &str) -> Range<usize> {
    span.start.min(text.len())..span.end.min(text.len())
}

/// The line a byte lies in.
#[must_use]
pub fn line_of(text: &str, at: usize) -> &str {
    let (head, tail) = text.split_at_checked(at).unwrap_or((text, ""));
    let start = head.rfind('\n').map_or(0, |end| end + 1);
    text.get(start..at + tail.find('\n').unwrap_or(tail.len())).unwrap_or("")
}

/// Whether a key could be a declared name: then only its quotes are missing.
fn is_name(key: &str) -> bool {
    !key.is_empty()
        && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'))
        && !key.is_ascii()
}

/// A document being told.
#[derive(Clone, Copy)]
struct Reading<'r> {
    text: &'r str,
    /// Where in the text the document begins.
    base: usize,
    /// What `{name}` stands for.
    values: Option<&'r DeTable<'r>>,
    /// Where the keys begin that stand twice.
    twice: &'r BTreeSet<usize>,
}

impl Reading<'_> {
    /// Nesting is limited by the parser to 80 levels.
    fn table<S: Sink>(self, table: &DeTable<'_>, span: Range<usize>, sink: &mut S) {
        sink.open_object(span.start, span.end);
        self.fields(table, sink);
        sink.close_object(span.end);
    }

    fn fields<S: Sink>(self, table: &DeTable<'_>, sink: &mut S) {
        table.iter().for_each(|(key, item)| self.field(key, item, sink));
    }

    fn field<S: Sink>(
        self,
        key: &Spanned<Cow<'_, str>>,
        item: &Spanned<DeValue<'_>>,
        sink: &mut S,
    ) {
        let span = moved(&key.span(), self.base);
        sink.key(key.get_ref(), span.clone());
        self.value(item, sink);
        if self.twice.contains(&span.start) {
            sink.key(key.get_ref(), span);
            sink.twice();
        }
    }

    fn value<S: Sink>(self, item: &Spanned<DeValue<'_>>, sink: &mut S) {
        let span = moved(&item.span(), self.base);
        match item.get_ref() {
            DeValue::String(value) => self.string(value, span, sink),
            DeValue::Integer(number) if number.radix() == 10 => {
                sink.scalar(Scalar::Number(number.as_str()), span)
            }
            DeValue::Integer(number) => match i128::from_str_radix(number.as_str(), number.radix())
            {
                Ok(value) => sink.scalar(Scalar::Number(&value.to_string()), span),
                Err(_) => {
                    sink.scalar(Scalar::Number(self.text.get(span.clone()).unwrap_or("")), span)
                }
            },
            DeValue::Float(number) => sink.scalar(Scalar::Number(number.as_str()), span),
            DeValue::Boolean(value) => sink.scalar(Scalar::Bool(*value), span),
            DeValue::Datetime(_) => {
                sink.scalar(Scalar::Moment(self.text.get(span.clone()).unwrap_or("")), span)
            }
            DeValue::Array(items) => {
                sink.open_array(span.start);
                items.iter().for_each(|item| self.value(item, sink));
                sink.close_array();
            }
            DeValue::Table(inner) => self.table(inner, span, sink),
        }
    }

    fn string<S: Sink>(self, text: &str, span: Range<usize>, sink: &mut S) {
        let Some(values) = self.values.filter(|_| text.contains('{')) else {
            return sink.scalar(Scalar::Text(text), span);
        };
        let whole = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
        match whole.and_then(|name| values.get(name)) {
            Some(value) => Reading { values: None, ..self }.value(value, sink),
            None => sink.scalar(Scalar::Text(&fill(text, values)), span),
        }
    }
}

/// A text with the values in place of their names.
#[must_use]
pub fn fill(text: &str, values: &DeTable<'_>) -> String {
    let mut filled = text.to_owned();
    for (name, value) in values {
        let name = format!("{{{}}}", name.get_ref());
        if filled.contains(&name) {
            filled = filled.replace(&name, &plain(value.get_ref()));
        }
    }
    filled
}

/// A value as text.
fn plain(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) => text.to_string(),
        DeValue::Integer(number) => number.to_string(),
        DeValue::Float(number) => number.to_string(),
        DeValue::Boolean(value) => value.to_string(),
        DeValue::Datetime(date) => date.to_string(),
        DeValue::Array(items) => {
            items.iter().map(|item| plain(item.get_ref())).collect::<Vec<_>>().join("、")
        }
        DeValue::Table(table) => {
            table.values().map(|item| plain(item.get_ref())).collect::<Vec<_>>().join(" ")
        }
    }
}
