//! Text to syntax tree: one function a construct, headed by the syntax it reads.
//!
//! A file is read declaration by declaration. Where one does not parse, `recover` reads what it can
//! of it, says what is wrong, and goes on at the next line that begins a declaration.

mod article;
mod declaration;
mod explain;
mod expression;
mod habit;
mod lost;
mod node;
mod process;
mod recover;

use super::error::{ErrorKind, SyntaxError};
use super::grammar::Rule;
use super::scan::Scan;
use super::tree::{Expr, File, Language};
use crate::text::{FileId, Source, Span};
use node::Reader;
use std::borrow::Cow;
use std::ops::Range;

/// The largest file that is read, in bytes.
pub const MAX_BYTES: usize = 4 << 20;

/// Reads a policy file: everything that could be read, and what is wrong with the rest, in order.
///
/// # Examples
///
/// ```
/// use fanshi::{FileId, Source, parse};
///
/// let source = Source::new("library.fan", "policy library\ntable book { pages integer }");
/// let (file, errors) = parse(FileId(0), &source);
/// assert_eq!(file.items.len(), 1); // what can be read is kept
/// assert_eq!(errors[0].diagnostic(&source).labels[0].place.excerpt.first_line, 2);
/// ```
#[must_use]
pub fn parse(file: FileId, source: &Source) -> (File, Vec<SyntaxError>) {
    divided(file, source, &[])
}

/// Reads a policy file as if it had a blank at each of these places, which are in order: words that
/// are written together stand apart. All places in the tree and the errors are the file's own.
#[must_use]
pub fn divided(file: FileId, source: &Source, cuts: &[usize]) -> (File, Vec<SyntaxError>) {
    let blanks: Vec<usize> = cuts.iter().enumerate().map(|(before, cut)| cut + before).collect();
    let text = &*with_blanks(&source.text, cuts);
    if source.text.len() > MAX_BYTES {
        let error = SyntaxError { span: Span::new(file, 0, 0), kind: ErrorKind::TooLarge };
        return (
            File {
                file,
                language: Language::Chinese,
                items: Vec::new(),
                comments: Vec::new(),
                lost: vec![error.span],
            },
            vec![error],
        );
    }
    let scan = Scan::new(text);
    let reader = Reader { file, text, scan: &scan, blanks: &blanks };
    let comments = scan.comments.iter().map(|comment| reader.span(comment.clone())).collect();
    let start = scan.skip_blank(text, 0);
    let language = language_at(text.get(start..).unwrap_or(""));
    let recover::Recovered { items, mut errors, lost } = recover::items(reader, start);
    errors.sort_by_key(|error| error.span.start);
    (File { file, language, items, comments, lost }, errors)
}

/// Reads one expression that stands in a range of a text: the part between `{` and `}` in a
/// message.
///
/// # Errors
/// What is wrong with it, at its place in the file.
pub fn expression(file: FileId, source: &Source, range: Range<usize>) -> Result<Expr, SyntaxError> {
    let scan = Scan::new(
        source.text.get(..range.end).and_then(|head| head.get(range.start..)).unwrap_or(""),
    );
    let scan = scan.moved(range.start);
    let text = source.text.get(..range.end).unwrap_or("");
    let reader = Reader { file, text, scan: &scan, blanks: &[] };
    if let Some(problem) = scan.problem_in(&range) {
        return Err(SyntaxError {
            span: reader.span(problem.at.clone()),
            kind: problem.kind.clone(),
        });
    }
    let start = scan.skip_blank(reader.text, range.start);
    let node = reader
        .read(Rule::lone_expression, start..range.end)
        .map_err(|failure| explain::explain(reader, start..range.end, &failure))?;
    let mut inner = node.inner();
    expression::expression(inner.need(Rule::expression)?)
}

/// A text with a blank at each of these places.
pub(super) fn with_blanks<'t>(text: &'t str, cuts: &[usize]) -> Cow<'t, str> {
    if cuts.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut found = String::with_capacity(text.len() + cuts.len());
    let mut from = 0;
    for cut in cuts {
        found.push_str(text.get(from..*cut).unwrap_or(""));
        found.push(' ');
        from = *cut;
    }
    found.push_str(text.get(from..).unwrap_or(""));
    Cow::Owned(found)
}

/// The language of the word a text begins with.
fn language_at(text: &str) -> Language {
    if text.starts_with(|c: char| c.is_ascii_alphabetic()) {
        Language::English
    } else {
        Language::Chinese
    }
}
