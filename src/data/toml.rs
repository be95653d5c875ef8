//! TOML, through the `toml` crate's parser with error recovery; told as events like JSON.

use super::bind::Target;
use super::bind::tree::Tree;
use super::event::{Scalar, Sink};
use super::fault::Fault;
use super::names::shorten;
use std::ops::Range;
use toml::de::{DeTable, DeValue};

/// What the parser says of a bare key that is not ASCII. Such keys are read all the same.
const UNQUOTED_KEY: &str = "invalid unquoted key";

/// Reads a whole file.
pub fn read<T: Target>(text: &str, tree: &mut Tree<'_, T>) {
    let (root, errors) = DeTable::parse_recoverable(text);
    let mut unquoted: Option<(Range<usize>, usize)> = None;
    let mut broken = Vec::new();
    for error in errors {
        let span = clip(error.span().unwrap_or(0..0), text);
        let key = text.get(span.clone()).unwrap_or("");
        if error.message().starts_with(UNQUOTED_KEY) && is_name(key) {
            let (first, count) = unquoted.get_or_insert((span.clone(), 0));
            *count += 1;
            if span.start < first.start {
                *first = span;
            }
        } else {
            broken.push((span, error.message().to_owned()));
        }
    }
    broken.sort_by_key(|(span, _)| span.start);
    for (span, message) in broken {
        tree.target.fault(span, Fault::Toml(message));
    }
    if let Some((span, count)) = unquoted {
        let first = shorten(text.get(span.clone()).unwrap_or(""));
        tree.target.fault(span, Fault::UnquotedKeys { count, first });
    }
    table(root.get_ref(), 0..0, text, tree);
}

fn clip(span: Range<usize>, text: &str) -> Range<usize> {
    span.start.min(text.len())..span.end.min(text.len())
}

/// Whether a key could be a declared name: then only its quotes are missing.
fn is_name(key: &str) -> bool {
    !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-')) && !key.is_ascii()
}

/// Nesting is limited by the parser to 80 levels.
fn table<S: Sink>(table: &DeTable<'_>, span: Range<usize>, text: &str, sink: &mut S) {
    sink.open_object(span.start, span.end);
    for (key, item) in table {
        sink.key(key.get_ref(), key.span());
        value(item.get_ref(), item.span(), text, sink);
    }
    sink.close_object(span.end);
}

fn value<S: Sink>(item: &DeValue<'_>, span: Range<usize>, text: &str, sink: &mut S) {
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
                value(item.get_ref(), item.span(), text, sink);
            }
            sink.close_array();
        }
        DeValue::Table(inner) => table(inner, span, text, sink),
    }
}
