//! CSV and TSV: cells with their places. Nothing passes silently: open quotes, text after a closing
//! quote, rows of another length.

use std::ops::Range;

/// One cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The bytes between delimiters, quotes included.
    pub raw: Range<usize>,
    /// The closing quote; 0 where there is none.
    closing: usize,
    /// Whether it is written otherwise than it reads: with doubled quotes, or line ends of two
    /// characters.
    pub escaped: bool,
}

impl Cell {
    /// The content: without the quotes.
    #[inline]
    #[must_use]
    pub fn content(&self) -> Range<usize> {
        if self.closing == 0 { self.raw.clone() } else { self.raw.start + 1..self.closing }
    }

    /// What follows the closing quote.
    #[inline]
    #[must_use]
    pub fn rest(&self) -> Option<Range<usize>> {
        let rest = self.closing + 1..self.raw.end;
        (self.closing > 0 && !rest.is_empty()).then_some(rest)
    }
}

/// How many times eight bytes of a cell are looked at before a search is begun.
const SHORT: usize = 3;

/// A byte, eight times.
const fn eight(byte: u8) -> u64 {
    u64::from_le_bytes([byte; 8])
}

/// The bytes of a word that are the one that stands eight times in another, as the highest bit of
/// each; above the first of them there may be more that are not (Mycroft 1987).
#[inline]
fn equal(word: u64, other: u64) -> u64 {
    let differing = word ^ other;
    differing.wrapping_sub(eight(1)) & !differing & eight(0x80)
}

/// What was read of one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Row {
    /// Its first byte.
    At(usize),
    /// A quote, here, is never closed; reading goes on at the next line.
    Open(usize),
}

/// Reads rows one by one.
pub struct Scanner<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    delimiter: u8,
    /// The delimiter, eight times.
    delimiters: u64,
}

impl<'t> Scanner<'t> {
    /// Starts at a byte, which has to be the first of a row.
    #[must_use]
    pub fn new(text: &'t str, at: usize, delimiter: u8) -> Self {
        Self { text, bytes: text.as_bytes(), at, delimiter, delimiters: eight(delimiter) }
    }

    /// Where reading stands.
    #[must_use]
    pub fn position(&self) -> usize {
        self.at
    }

    /// The next row, into `cells`; a line without any byte is a row of one empty cell.
    pub fn row(&mut self, cells: &mut Vec<Cell>) -> Option<Row> {
        cells.clear();
        let start = self.at;
        if start >= self.bytes.len() {
            return None;
        }
        loop {
            let quoted = self.bytes.get(self.at) == Some(&b'"');
            let from = self.at;
            match if quoted { self.quoted() } else { Some(self.unquoted()) } {
                Some(cell) => cells.push(cell),
                None => {
                    let line = memchr::memchr(b'\n', self.bytes.get(start..).unwrap_or(&[]));
                    self.at = line.map_or(self.bytes.len(), |end| start + end + 1);
                    return Some(Row::Open(from));
                }
            }
            match self.bytes.get(self.at) {
                Some(b'\r') => {
                    self.at += 1 + usize::from(self.bytes.get(self.at + 1) == Some(&b'\n'));
                    return Some(Row::At(start));
                }
                Some(b'\n') => {
                    self.at += 1;
                    return Some(Row::At(start));
                }
                Some(_) => self.at += 1,
                None => return Some(Row::At(start)),
            }
        }
    }

    /// The end of what is not quoted: the next delimiter or line end.
    #[inline]
    fn boundary(&self, from: usize) -> usize {
        let rest = self.bytes.get(from..).unwrap_or(&[]);
        // Most cells are short: a search is begun only where one is not.
        let (words, tail) = rest.as_chunks::<8>();
        for (at, word) in words.iter().take(SHORT).enumerate() {
            let word = u64::from_le_bytes(*word);
            let ends = equal(word, self.delimiters)
                | equal(word, eight(b'\n'))
                | equal(word, eight(b'\r'));
            if ends != 0 {
                return from + 8 * at + ends.trailing_zeros() as usize / 8;
            }
        }
        let far = if words.len() < SHORT { tail } else { rest.get(8 * SHORT..).unwrap_or(&[]) };
        memchr::memchr3(self.delimiter, b'\n', b'\r', far)
            .map_or(self.bytes.len(), |at| self.bytes.len() - far.len() + at)
    }

    fn unquoted(&mut self) -> Cell {
        let raw = self.at..self.boundary(self.at);
        self.at = raw.end;
        Cell { raw, closing: 0, escaped: false }
    }

    fn quoted(&mut self) -> Option<Cell> {
        let start = self.at;
        let mut escaped = false;
        let mut at = start + 1;
        loop {
            at += memchr::memchr(b'"', self.bytes.get(at..)?)?;
            if self.bytes.get(at + 1) != Some(&b'"') {
                break;
            }
            escaped = true;
            at += 2;
        }
        escaped |= memchr::memchr(b'\r', self.bytes.get(start..at)?).is_some();
        let end = self.boundary(at + 1);
        self.at = end;
        Some(Cell { raw: start..end, closing: at, escaped })
    }

    /// The content of a cell that is written as it reads, with nothing behind it.
    #[inline]
    #[must_use]
    pub fn bare(&self, cell: &Cell) -> Option<&'t str> {
        let is_bare = !cell.escaped && cell.rest().is_none();
        is_bare.then(|| self.text.get(cell.content()).unwrap_or(""))
    }

    /// The text behind the closing quote of a cell.
    #[must_use]
    pub fn rest(&self, cell: &Cell) -> Option<&'t str> {
        self.text.get(cell.rest()?)
    }

    /// The content of a cell, doubled quotes made single and lines ended by a line feed in
    /// `scratch`.
    pub fn content<'s>(&self, cell: &Cell, scratch: &'s mut String) -> &'s str
    where
        't: 's,
    {
        let text = self.text.get(cell.content()).unwrap_or("");
        if !cell.escaped {
            return text;
        }
        *scratch = text.replace("\"\"", "\"").replace("\r\n", "\n");
        scratch
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<String> {
        let mut scanner = Scanner::new(text, 0, b',');
        let (mut cells, mut shown, mut scratch) = (Vec::new(), Vec::new(), String::new());
        while let Some(row) = scanner.row(&mut cells) {
            let texts: Vec<String> = cells
                .iter()
                .map(|cell| format!("<{}>", scanner.content(cell, &mut scratch)))
                .collect();
            shown.push(format!("{row:?} {}", texts.concat()));
        }
        shown
    }

    #[test]
    fn cells_are_cut_as_the_csv_crate_cuts_them() {
        assert_eq!(
            rows("a,b\r\n1,\"x,\ny\"\n\n\"q\"\"q\",\n"),
            ["At(0) <a><b>", "At(5) <1><x,\ny>", "At(14) <>", "At(15) <q\"q><>"]
        );
        assert_eq!(rows("a\rb"), ["At(0) <a>", "At(2) <b>"]);
    }

    #[test]
    fn a_cell_of_any_length_ends_where_it_ends() {
        for end in [",", "\n", "\r", ""] {
            for len in 0..70 {
                let text = format!("{}{end}{}", "+-x".repeat(30).get(..len).unwrap_or(""), "y,");
                let scanner = Scanner::new(&text, 0, b',');
                let wanted = if end.is_empty() { len + 1 } else { len };
                assert_eq!(scanner.boundary(0), wanted, "{text}");
            }
        }
    }

    #[test]
    fn an_open_quote_costs_one_line() {
        assert_eq!(rows("a,\"b\nc,d\n"), ["Open(2) <a>", "At(5) <c><d>"]);
    }

    #[test]
    fn text_after_a_closing_quote_is_seen() {
        let mut cells = Vec::new();
        Scanner::new("\"z\"w,1", 0, b',').row(&mut cells);
        assert_eq!(cells.first().and_then(Cell::rest), Some(3..4));
    }
}
