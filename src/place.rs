//! Rank 0: where a value stands, resolved: what a person is shown and what a script reads.

use crate::steps::passed;
use crate::text::{Position, Source, Sources, Span};
use std::ops::Range;
use std::sync::Arc;

/// A place in a file, with enough of the text around it to show.
///
/// # Examples
///
/// ```
/// use fanshi::{Options, Project};
///
/// let run = Project::read("examples/library".as_ref()).run(&Options::default());
/// let place = &run.findings().next().unwrap().evidence[0].place;
/// assert_eq!(&*place.file, "books.json");
/// assert_eq!(&place.excerpt.text[place.excerpt.mark.clone()], "610");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file, relative to the project.
    pub file: Arc<str>,
    /// Where in it.
    pub at: At,
    /// The text to show; empty for whole files.
    pub excerpt: Excerpt,
}

/// Where in a file.
///
/// # Examples
///
/// ```
/// use fanshi::{At, Options, Project};
///
/// let run = Project::read("examples/library".as_ref()).run(&Options::default());
/// let place = run.findings().next().unwrap().evidence[0].place.clone();
/// let At::Text { from, to, .. } = place.at else { panic!("JSON is text") };
/// assert_eq!((from.line, from.column, to.column), (3, 29, 32));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum At {
    /// The whole file.
    File,
    /// A range of a text file.
    Text {
        /// First character.
        from: Position,
        /// One past the last character.
        to: Position,
        /// Byte offset in the file as stored.
        start: u64,
        /// Byte offset in the file as stored.
        end: u64,
    },
    /// A cell of a workbook, `F12`; merged cells or a row as `F12:F15`.
    Cell {
        /// The sheet's name.
        sheet: Arc<str>,
        /// The cell or range.
        cell: String,
    },
}

/// Whole lines around a place, cut where they are very long; for a row of a workbook its headings,
/// and below them its cells, aligned.
///
/// # Examples
///
/// ```
/// use fanshi::Excerpt;
///
/// let excerpt = Excerpt::cut("policy library\ntable book {\n", 21..25, 1);
/// assert_eq!((&*excerpt.text, excerpt.first_line), ("table book {", 2));
/// assert_eq!(&excerpt.text[excerpt.mark.clone()], "book");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Excerpt {
    /// The text.
    pub text: String,
    /// The line number of its first line, from 1.
    pub first_line: usize,
    /// Characters left out before the first character shown (a very long line).
    pub cut_before: usize,
    /// The marked bytes of `text`.
    pub mark: Range<usize>,
}

/// Longer lines, in bytes, are cut.
pub const LINE_MAX: usize = 2048;

/// How many bytes of a line that is cut are kept on each side of a mark.
const LINE_WINDOW: usize = 160;

impl Excerpt {
    /// Cuts the lines of `text` that hold `span` (bytes); `first_line` is the number, from 1, of
    /// the first line of `text`.
    #[must_use]
    pub fn cut(text: &str, span: Range<usize>, first_line: usize) -> Self {
        let start = text.floor_char_boundary(span.start);
        let end = text.floor_char_boundary(span.end).max(start);
        let head = text.get(..start).unwrap_or("");
        passed(end);
        let line_start = head.rfind('\n').map_or(0, |at| at + 1);
        let line_end =
            text.get(end..).and_then(|tail| tail.find('\n')).map_or(text.len(), |at| end + at);
        let (from, to) = if line_end - line_start <= LINE_MAX {
            (line_start, line_end)
        } else {
            let from = line_start.max(start.saturating_sub(LINE_WINDOW));
            let to = line_end.min(start.max(end.min(start + LINE_WINDOW)) + LINE_WINDOW);
            (text.floor_char_boundary(from), text.floor_char_boundary(to))
        };
        let shown = text.get(from..to).unwrap_or("").trim_end_matches('\r');
        let cut_before = text.get(line_start..from).map_or(0, |cut| cut.chars().count());
        let skipped = memchr::memchr_iter(b'\n', head.as_bytes()).count();
        let within = |at: usize| (at - from).min(shown.len());
        let mark = within(start)..within(end.max(start));
        Self { text: shown.to_owned(), first_line: first_line + skipped, cut_before, mark }
    }
}

impl Place {
    /// A whole file.
    pub fn file(name: impl Into<Arc<str>>) -> Self {
        Self { file: name.into(), at: At::File, excerpt: Excerpt::default() }
    }

    /// A range of a UTF-8 source.
    #[must_use]
    pub fn of(source: &Source, span: Range<usize>) -> Self {
        let from = source.position(span.start);
        let to = source.position(span.end);
        let line = source.line_range(from.line - 1).start;
        let stop = source.line_range(to.line - 1).end.max(span.end.min(source.text.len()));
        // Lines that are cut need not be gone through from their beginning to their end.
        let base =
            source.text.floor_char_boundary(line.max(span.start.saturating_sub(2 * LINE_MAX)));
        let stop = source.text.floor_char_boundary(stop.min(span.end.saturating_add(2 * LINE_MAX)));
        let lines = source.text.get(base..stop).unwrap_or("");
        let mut excerpt = Excerpt::cut(
            lines,
            span.start.saturating_sub(base)..span.end.saturating_sub(base),
            from.line,
        );
        excerpt.cut_before += source.position(base).column - 1;
        let at = At::Text { from, to, start: span.start as u64, end: span.end as u64 };
        Self { file: source.name.clone(), at, excerpt }
    }

    /// A span of a policy.
    #[must_use]
    pub fn policy(sources: &Sources, span: Span) -> Self {
        sources
            .get(span.file)
            .map_or_else(|| Self::file("?"), |source| Self::of(source, span.range()))
    }
}
