//! Rank 0: source texts and where things stand in them.
//!
//! A [`Source`] is one file as UTF-8 with a line index, so that finding the line of a byte costs a
//! binary search and not a scan.

use crate::steps::passed;
use std::ops::Range;
use std::sync::Arc;

/// Which file of a [`Sources`] set; the order is the order of loading, and the order of reports.
///
/// # Examples
///
/// ```
/// use fanshi::{FileId, Source, Sources};
///
/// let mut sources = Sources::default();
/// assert_eq!(sources.add(Source::new("library.fan", "policy library")), FileId(0));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub u32);

/// A range of bytes in the UTF-8 text of one file, end excluded.
///
/// # Examples
///
/// ```
/// use fanshi::{FileId, Source, Span};
///
/// let source = Source::new("library.fan", "policy 馆规");
/// let name = Span::new(FileId(0), 7, 13); // two characters, six bytes
/// assert_eq!(source.slice(name), "馆规");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// A span from byte offsets; offsets past 4 GiB saturate.
    #[must_use]
    pub fn new(file: FileId, start: usize, end: usize) -> Self {
        let clip = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self { file, start: clip(start), end: clip(end) }
    }

    /// The smallest span that covers both; `self` where the files differ.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        if self.file != other.file {
            return self;
        }
        Self { file: self.file, start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// As a range of bytes.
    #[must_use]
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A position as an editor shows it: both count from 1, columns in characters.
///
/// # Examples
///
/// ```
/// use fanshi::{Position, Source};
///
/// let source = Source::new("library.fan", "policy 馆规\ntable 书");
/// assert_eq!(source.position(20), Position { line: 2, column: 7 });
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

/// One file's text.
///
/// # Examples
///
/// ```
/// use fanshi::Source;
///
/// let source = Source::new("library.fan", "policy library\ntable book {\n}\n");
/// assert_eq!((&*source.name, source.line_count()), ("library.fan", 4));
/// ```
#[derive(Clone, Debug)]
pub struct Source {
    /// The name shown to people: the path relative to the project.
    pub name: Arc<str>,
    /// The text, UTF-8, without a byte order mark.
    pub text: Arc<str>,
    line_starts: Arc<[u32]>,
    /// How many characters begin before each [`STRIDE`] bytes: lines may be as long as the text.
    characters: Arc<[u32]>,
}

/// How many bytes at most are looked at for a column.
const STRIDE: usize = 1024;

/// How many characters begin in these bytes of UTF-8.
fn characters(bytes: &[u8]) -> u32 {
    let count = bytes.iter().filter(|byte| **byte & 0xC0 != 0x80).count();
    u32::try_from(count).unwrap_or(u32::MAX)
}

impl Source {
    /// Indexes a text.
    #[must_use]
    pub fn new(name: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> Self {
        let text = text.into();
        let ends = memchr::memchr_iter(b'\n', text.as_bytes())
            .map(|at| u32::try_from(at + 1).unwrap_or(u32::MAX));
        let line_starts = std::iter::once(0).chain(ends).collect();
        let strides = text.as_bytes().chunks(STRIDE).scan(0_u32, |before, stride| {
            *before = before.saturating_add(characters(stride));
            Some(*before)
        });
        let characters = std::iter::once(0).chain(strides).collect();
        Self { name: name.into(), text, line_starts, characters }
    }

    /// What the file is called without its folders and its ending.
    #[must_use]
    pub fn stem(&self) -> &str {
        self.name.rsplit(['/', '\\']).next().unwrap_or(&self.name).trim_end_matches(".fan")
    }

    /// The text of a span; empty where the span does not fit.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or("")
    }

    /// The line, from 0, that holds a byte.
    #[must_use]
    pub fn line_of(&self, offset: usize) -> usize {
        let offset = u32::try_from(offset).unwrap_or(u32::MAX);
        self.line_starts.partition_point(|&start| start <= offset).saturating_sub(1)
    }

    /// Byte range of a line counted from 0, line end included; empty past the last line.
    #[must_use]
    pub fn line_range(&self, line: usize) -> Range<usize> {
        let end = self.text.len();
        let start = self.line_starts.get(line).map_or(end, |&at| at as usize);
        start..self.line_starts.get(line + 1).map_or(end, |&at| at as usize)
    }

    /// Line and column, both from 1, of a byte offset.
    ///
    /// # Examples
    ///
    /// ```
    /// use fanshi::Source;
    ///
    /// let source = Source::new("馆规.fan", "政策 馆规\n");
    /// let name = source.position("政策 ".len());
    /// assert_eq!((name.line, name.column), (1, 4)); // an editor's, in characters
    /// ```
    #[must_use]
    pub fn position(&self, offset: usize) -> Position {
        let offset = offset.min(self.text.len());
        let line = self.line_of(offset);
        let start = self.line_range(line).start;
        let column = match self.text.is_char_boundary(offset) {
            true => self.characters_before(offset) - self.characters_before(start),
            false => 0,
        };
        Position { line: line + 1, column: column + 1 }
    }

    /// How many characters begin before a byte.
    fn characters_before(&self, offset: usize) -> usize {
        let stride = offset / STRIDE;
        let rest = self.text.as_bytes().get(stride * STRIDE..offset).unwrap_or_default();
        passed(rest.len());
        self.characters.get(stride).map_or(0, |before| (before + characters(rest)) as usize)
    }

    /// How many lines there are.
    #[must_use]
    pub fn line_count(&self) -> usize {
        self.line_starts.len()
    }
}

/// All policy texts of one run, by [`FileId`].
///
/// # Examples
///
/// ```
/// use fanshi::{FileId, Source, Sources, Span};
///
/// let mut sources = Sources::default();
/// let file = sources.add(Source::new("library.fan", "policy library"));
/// assert_eq!(sources.slice(Span::new(file, 0, 6)), "policy");
/// ```
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<Source>,
}

impl Sources {
    /// Adds a file.
    pub fn add(&mut self, source: Source) -> FileId {
        self.files.push(source);
        FileId(u32::try_from(self.files.len() - 1).unwrap_or(u32::MAX))
    }

    /// The file of an id.
    #[must_use]
    pub fn get(&self, id: FileId) -> Option<&Source> {
        self.files.get(id.0 as usize)
    }

    /// The text of a span.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        self.get(span.file).map_or("", |source| source.slice(span))
    }

    /// All files with their ids.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &Source)> {
        (0..).map(FileId).zip(&self.files)
    }
}
