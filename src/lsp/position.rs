//! Between bytes of a text and the positions of the protocol: lines from 0, and columns in the units
//! that the client agreed to.

use gen_lsp_types::{Position, PositionEncodingKind, Range as LspRange};
use std::ops::Range;
use std::sync::Arc;

/// What columns count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Encoding {
    /// Bytes.
    Utf8,
    /// Units of UTF-16: what a client expects that says nothing.
    #[default]
    Utf16,
}

impl Encoding {
    /// The one to speak with a client: bytes where it offers them, for nothing has to be counted
    /// then.
    #[must_use]
    pub fn of(offered: Option<&[PositionEncodingKind]>) -> Self {
        let bytes = offered.is_some_and(|kinds| kinds.contains(&PositionEncodingKind::UTF8));
        if bytes { Self::Utf8 } else { Self::Utf16 }
    }

    /// Its name in the protocol.
    #[must_use]
    pub fn kind(self) -> PositionEncodingKind {
        match self {
            Self::Utf8 => PositionEncodingKind::UTF8,
            Self::Utf16 => PositionEncodingKind::UTF16,
        }
    }

    /// How many units there are in bytes of UTF-8, which may begin or end within a character: one
    /// for each that begins, two for each of four bytes.
    fn count(self, bytes: &[u8]) -> usize {
        match self {
            Self::Utf8 => bytes.len(),
            Self::Utf16 => bytes.iter().map(|byte| units(*byte)).sum(),
        }
    }
}

/// The units of UTF-16 of the character that begins with this byte; 0 where none begins.
fn units(byte: u8) -> usize {
    match byte {
        0x80..0xC0 => 0,
        0xF0.. => 2,
        _ => 1,
    }
}

/// How many bytes at most are counted for a column: a line may be as long as the text.
const STRIDE: usize = 1024;

/// A text with its lines. Lines end with `\n`, `\r\n` or `\r`, as the protocol says.
#[derive(Clone, Debug)]
pub struct Lines {
    /// The text.
    pub text: Arc<str>,
    /// Where lines begin.
    starts: Vec<u32>,
    /// How many units of UTF-16 begin before each stride of bytes.
    units: Vec<u32>,
    /// How many bytes at the beginning no client sees: a byte order mark.
    hidden: usize,
}

impl Lines {
    /// Indexes a text.
    #[must_use]
    pub fn new(text: impl Into<Arc<str>>) -> Self {
        let text = text.into();
        let bytes = text.as_bytes();
        let ends = memchr::memchr2_iter(b'\n', b'\r', bytes);
        // The `\r` of `\r\n` ends nothing.
        let ends =
            ends.filter(|at| bytes.get(at + 1) != Some(&b'\n') || bytes.get(*at) != Some(&b'\r'));
        let starts = std::iter::once(0).chain(ends.map(|end| clip(end + 1))).collect();
        let strides = bytes.chunks(STRIDE).scan(0_u32, |before, stride| {
            *before = before.saturating_add(clip(Encoding::Utf16.count(stride)));
            Some(*before)
        });
        let units = std::iter::once(0).chain(strides).collect();
        let hidden = if text.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { 0 };
        Self { text, starts, units, hidden }
    }

    /// The position of a byte; one within a character is that of the character, one past the end is
    /// the end.
    #[must_use]
    pub fn position(&self, offset: usize, encoding: Encoding) -> Position {
        let offset = self.text.floor_char_boundary(offset).max(self.hidden);
        let line = self.starts.partition_point(|start| *start as usize <= offset).saturating_sub(1);
        let start = self.start(line);
        let column = match encoding {
            Encoding::Utf8 => offset - start,
            Encoding::Utf16 => self.units_before(offset) - self.units_before(start),
        };
        Position { line: clip(line), character: clip(column) }
    }

    /// The range of bytes.
    #[must_use]
    pub fn range(&self, bytes: &Range<usize>, encoding: Encoding) -> LspRange {
        let start = self.position(bytes.start, encoding);
        let end = self.position(bytes.end.max(bytes.start), encoding);
        LspRange { start, end }
    }

    /// The byte of a position; one past the end of a line is that end, one within a character is
    /// where it begins.
    #[must_use]
    pub fn offset(&self, position: Position, encoding: Encoding) -> usize {
        let line = position.line as usize;
        if line >= self.starts.len() {
            return self.text.len();
        }
        let (start, end) = (self.start(line), self.end(line));
        let column = position.character as usize;
        let at = match encoding {
            Encoding::Utf8 => start.saturating_add(column).min(end),
            Encoding::Utf16 => self.unit(start, end, column),
        };
        self.text.floor_char_boundary(at)
    }

    /// The bytes of a range; where it ends before it begins, nothing at its beginning.
    #[must_use]
    pub fn bytes(&self, range: LspRange, encoding: Encoding) -> Range<usize> {
        let start = self.offset(range.start, encoding);
        start..self.offset(range.end, encoding).max(start)
    }

    /// The parts of a range that lie in one line each, without line ends.
    pub fn by_line(&self, bytes: Range<usize>) -> impl Iterator<Item = Range<usize>> {
        let after = |at: usize| self.starts.partition_point(|start| *start as usize <= at);
        let (first, last) = (after(bytes.start).saturating_sub(1), after(bytes.end));
        (first..last).filter_map(move |line| {
            let (start, end) = (self.start(line).max(bytes.start), self.end(line).min(bytes.end));
            (start < end).then_some(start..end)
        })
    }

    /// Where a line begins.
    fn start(&self, line: usize) -> usize {
        let start = self.starts.get(line).map_or(self.text.len(), |start| *start as usize);
        if line == 0 { self.hidden } else { start }
    }

    /// Where a line ends, before the sign that ends it.
    fn end(&self, line: usize) -> usize {
        let Some(next) = self.starts.get(line + 1) else { return self.text.len() };
        let before = self.text.get(..*next as usize).unwrap_or("");
        let before = before.strip_suffix('\n').unwrap_or(before);
        before.strip_suffix('\r').unwrap_or(before).len()
    }

    /// How many units of UTF-16 begin before a byte.
    fn units_before(&self, offset: usize) -> usize {
        let stride = offset / STRIDE;
        let rest = self.text.as_bytes().get(stride * STRIDE..offset).unwrap_or_default();
        let before = self.units.get(stride).map_or(0, |before| *before as usize);
        before + Encoding::Utf16.count(rest)
    }

    /// The byte at which so many units have begun from a start, up to an end.
    fn unit(&self, start: usize, end: usize, column: usize) -> usize {
        let wanted = self.units_before(start).saturating_add(column);
        let stride = self.units.partition_point(|before| *before as usize <= wanted);
        let from = (stride.saturating_sub(1) * STRIDE).max(start);
        let mut reached = self.units_before(from);
        for (at, byte) in (from..end).zip(self.text.as_bytes().get(from..end).unwrap_or_default()) {
            let more = units(*byte);
            if more > 0 && reached + more > wanted {
                return at;
            }
            reached += more;
        }
        end
    }
}

fn clip(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "凡 书\r\n𠮷a\rb\n\n末";

    #[test]
    fn every_character_is_found_again() {
        for text in [TEXT, "", "\u{FEFF}甲\n乙", "\r\r\n", &"长𠮷x".repeat(900)] {
            let lines = Lines::new(text);
            for encoding in [Encoding::Utf8, Encoding::Utf16] {
                for (at, letter) in text.char_indices() {
                    let within_end = letter == '\n' && text[..at].ends_with('\r');
                    if letter != '\u{FEFF}' && !within_end {
                        assert_eq!(lines.offset(lines.position(at, encoding), encoding), at);
                    }
                }
            }
        }
    }

    #[test]
    fn columns_count_what_was_agreed_to() {
        let lines = Lines::new(TEXT);
        let (a, b) = (TEXT.find('a').unwrap_or(0), TEXT.find('b').unwrap_or(0));
        assert_eq!(lines.position(a, Encoding::Utf16), Position { line: 1, character: 2 });
        assert_eq!(lines.position(a, Encoding::Utf8), Position { line: 1, character: 4 });
        assert_eq!(lines.position(b, Encoding::Utf16), Position { line: 2, character: 0 });
    }

    #[test]
    fn what_does_not_fit_is_the_nearest_that_does() {
        let lines = Lines::new(TEXT);
        let at = |line, character| lines.offset(Position { line, character }, Encoding::Utf16);
        assert_eq!(at(0, 99), "凡 书".len());
        assert_eq!(at(1, 1), "凡 书\r\n".len()); // between the halves of one character
        assert_eq!(at(u32::MAX, u32::MAX), TEXT.len());
        let back = LspRange { start: Position { line: 4, character: 0 }, end: Position::default() };
        assert!(lines.bytes(back, Encoding::Utf16).is_empty());
    }

    #[test]
    fn parts_lie_in_one_line_each() {
        let lines = Lines::new(TEXT);
        let parts: Vec<_> = lines.by_line(0..TEXT.len()).map(|part| &TEXT[part]).collect();
        assert_eq!(parts, ["凡 书", "𠮷a", "b", "末"]);
        let middle = "凡 ".len().."凡 书\r\n𠮷".len();
        let parts: Vec<_> = lines.by_line(middle).map(|part| &TEXT[part]).collect();
        assert_eq!(parts, ["书", "𠮷"]);
    }
}
