//! Text to syntax tree: one function a construct, headed by the syntax it reads.
//!
//! A file is read declaration by declaration. Where one does not parse, `recover` reads what it can
//! of it, says what is wrong, and goes on at the next line that begins a declaration.

mod alternatives;
mod amounts;
mod article;
mod bound;
mod declaration;
mod english;
mod explain;
mod expression;
mod habit;
mod headless;
mod limits;
mod listing;
mod lost;
mod node;
mod official;
mod phrasing;
mod process;
mod quantity;
mod recover;
mod share;
mod standing;

use super::error::{ErrorKind, SyntaxError};
use super::grammar::Rule;
use super::scan::Scan;
use super::tree::{Expr, File, Language};
use crate::text::{FileId, Source, Span};
use node::Reader;
pub(crate) use official::day_limit;
pub(crate) use quantity::{SCALES, scaled};
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

/// Reads a policy file as if it had a blank, or a bracket around a name, at each of these places,
/// which are in order: words that are written together stand apart. All places in the tree and the
/// errors are the file's own.
#[must_use]
pub fn divided(file: FileId, source: &Source, cuts: &[Cut]) -> (File, Vec<SyntaxError>) {
    let mut blanks: Vec<usize> = Vec::new();
    for (at, mark) in cuts {
        (0..mark.text().len()).for_each(|_| blanks.push(at + blanks.len()));
    }
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

/// What a text is read as if it had, at a place where words are written together. Of two at one
/// place the lesser comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// The end of the number of an article that has no name.
    Nameless,
    /// The end of a name that is no identifier.
    Close,
    /// A blank.
    Blank,
    /// The beginning of a name that is no identifier.
    Open,
}

impl Mark {
    fn text(self) -> &'static str {
        match self {
            Self::Nameless => "\u{E000}",
            Self::Close => "」",
            Self::Blank => " ",
            Self::Open => "「",
        }
    }
}

/// A place in a text, and what it is read as if it had there.
pub type Cut = (usize, Mark);

/// A text with what it is read as if it had.
pub(super) fn with_blanks<'t>(text: &'t str, cuts: &[Cut]) -> Cow<'t, str> {
    if cuts.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut found = String::with_capacity(text.len() + cuts.len());
    let mut from = 0;
    for (cut, mark) in cuts {
        found.push_str(text.get(from..*cut).unwrap_or(""));
        found.push_str(mark.text());
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
