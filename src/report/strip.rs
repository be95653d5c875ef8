//! Rank 5: a line as shown: signs for what is hidden, tabs expanded, and where it is wider than the room there is, its beginning and what
//! stands around its marks.

use super::visible;
use std::ops::Range;
use unicode_width::UnicodeWidthStr;

const TAB: usize = 4;

/// A line as shown.
pub struct Strip {
    /// The text.
    pub text: String,
    /// For each character shown: its byte in the line, and in `text`; last the end.
    offsets: Vec<(usize, usize)>,
    /// The columns of the line that are shown.
    columns: Vec<Range<usize>>,
}

/// A character of a line.
struct Cell {
    byte: usize,
    column: usize,
    letter: char,
    sign: String,
}

/// A line in characters, with what has to be seen of it.
struct Line {
    cells: Vec<Cell>,
    /// Its bytes, and its columns.
    end: (usize, usize),
    /// Whether its beginning is left out.
    cut: bool,
}

/// Whether all marks of a line (in bytes) can be seen at once in `room` columns.
pub fn fits(line: &str, cut: bool, marks: &[Range<usize>], room: usize) -> bool {
    let line = Line::of(line, cut);
    line.end.1 < room || line.columns_of(&line.marked(marks, room)) <= room
}

impl Strip {
    /// What fits into `room` columns of a line with `marks` (in bytes).
    pub fn of(line: &str, cut: bool, marks: &[Range<usize>], room: usize) -> Self {
        let line = Line::of(line, cut);
        // A mark at the very end stands a column further.
        let whole = line.end.1 + usize::from(marks.iter().any(|mark| mark.start >= line.end.0)) <= room;
        line.strip(&if whole { std::iter::once(0..line.cells.len()).collect() } else { line.pieces(marks, room) })
    }

    /// The part of another line, aligned with this one, that stands above it.
    pub fn above(&self, other: &str) -> String {
        let other = Line::of(other, false);
        let mut above = String::new();
        let mut column = 0;
        let mut shown_to = 0;
        for shown in &self.columns {
            if shown.start > shown_to && shown_to < other.end.1 {
                above.push('…');
            }
            column += usize::from(shown.start > shown_to);
            for cell in other.cells.iter().filter(|cell| shown.start <= cell.column && cell.column + cell.sign.width() <= shown.end) {
                let blank = (column + cell.column - shown.start).saturating_sub(above.width());
                above.extend(std::iter::repeat_n(' ', blank));
                above.push_str(&cell.sign);
            }
            column += shown.len();
            shown_to = shown.end;
        }
        above.truncate(above.trim_end().len());
        above
    }

    /// Where a byte of the line is in `text`; the nearest end where it is left out.
    pub fn shown(&self, byte: usize) -> usize {
        let at = self.offsets.partition_point(|&(from, _)| from < byte);
        self.offsets.get(at).or(self.offsets.last()).map_or(0, |&(_, to)| to)
    }

    /// The column at which a byte of the line is shown.
    pub fn column(&self, byte: usize) -> usize {
        self.text.get(..self.shown(byte)).map_or(0, UnicodeWidthStr::width)
    }
}

impl Line {
    fn of(line: &str, cut: bool) -> Self {
        let mut cells = Vec::with_capacity(line.len());
        let mut column = usize::from(cut);
        for (byte, c) in line.char_indices() {
            let mut sign = String::new();
            if c == '\t' {
                sign.extend(std::iter::repeat_n(' ', TAB - column % TAB));
            } else {
                visible::push(&mut sign, c);
            }
            let columns = sign.width();
            cells.push(Cell { byte, column, letter: c, sign });
            column += columns;
        }
        Self { cells, end: (line.len(), column), cut }
    }

    fn column(&self, index: usize) -> usize {
        self.cells.get(index).map_or(self.end.1, |cell| cell.column)
    }

    /// The marked characters, at least one for each mark, of a wide mark only its beginning; in order and apart.
    fn marked(&self, marks: &[Range<usize>], room: usize) -> Vec<Range<usize>> {
        let index = |byte: usize| self.cells.partition_point(|cell| cell.byte < byte);
        let last = self.cells.len().saturating_sub(1);
        let mut pieces: Vec<Range<usize>> = marks
            .iter()
            .map(|mark| {
                let from = index(mark.start).min(last);
                let limit = self.column(from) + room / 2;
                let to = index(mark.end).max(from + 1).min(self.cells.len());
                from..(from + 1..to).find(|&at| self.column(at + 1) > limit).unwrap_or(to)
            })
            .collect();
        pieces.sort_by_key(|piece| piece.start);
        self.joined(pieces)
    }

    /// The beginning up to its first separator, where there is one soon: a row's first cell, the name of a value.
    fn head(&self, room: usize) -> Option<Range<usize>> {
        let mut cells = self.cells.iter().enumerate().skip_while(|(_, cell)| cell.letter.is_whitespace());
        let (separator, _) = cells.find(|(_, cell)| matches!(cell.letter, ',' | '，' | '\t' | '=' | ':' | '│'))?;
        let end = separator + 1;
        (!self.cut && self.column(end) <= room / 2).then_some(0..end)
    }

    /// What is shown of a line that is wider than `room`: its beginning if there is room for it, its marks, and as much around them as fits.
    fn pieces(&self, marks: &[Range<usize>], room: usize) -> Vec<Range<usize>> {
        let mut pieces = self.marked(marks, room);
        while pieces.len() > 1 && self.columns_of(&pieces) > room {
            pieces.pop();
        }
        if let Some(head) = self.head(room) {
            let headed = self.joined(std::iter::once(head).chain(pieces.iter().cloned()).collect());
            if self.columns_of(&headed) <= room {
                pieces = headed;
            }
        }
        loop {
            let before = pieces.clone();
            // What stands beside the marks tells more than what follows the beginning.
            for at in (0..pieces.len()).rev() {
                self.widen(&mut pieces, at, room);
            }
            if pieces == before {
                break;
            }
        }
        let marked = self.marked(marks, room);
        pieces.into_iter().map(|piece| self.trimmed(piece, &marked)).collect()
    }

    /// A piece that does not begin or end within a number or a date, as far as its marks let it.
    fn trimmed(&self, piece: Range<usize>, marked: &[Range<usize>]) -> Range<usize> {
        let letter = |index: usize| self.cells.get(index).map_or(' ', |cell| cell.letter);
        let within = |at: usize| at > 0 && is_figure(letter(at - 1)) && is_figure(letter(at));
        let held = || marked.iter().filter(|mark| mark.start < piece.end && piece.start < mark.end);
        let first = held().map(|mark| mark.start).min().unwrap_or(piece.start);
        let last = held().map(|mark| mark.end).max().unwrap_or(piece.end);
        let start = (piece.start..first).find(|&at| !within(at)).unwrap_or(first);
        let end = (last..=piece.end).rev().find(|&at| !within(at)).unwrap_or(last);
        start.max(piece.start)..end.min(piece.end)
    }

    /// One more character on each side of a piece, where there is room.
    fn widen(&self, pieces: &mut Vec<Range<usize>>, at: usize, room: usize) {
        for (left, right) in [(1, 0), (0, 1)] {
            let mut wider = pieces.clone();
            if let Some(piece) = wider.get_mut(at) {
                *piece = piece.start.saturating_sub(left)..(piece.end + right).min(self.cells.len());
            }
            let wider = self.joined(wider);
            if self.columns_of(&wider) <= room {
                *pieces = wider;
            }
        }
    }

    /// Pieces in order without those between which nothing is worth leaving out.
    fn joined(&self, pieces: Vec<Range<usize>>) -> Vec<Range<usize>> {
        let mut joined: Vec<Range<usize>> = Vec::with_capacity(pieces.len());
        for piece in pieces {
            match joined.last_mut() {
                Some(last) if self.column(piece.start) <= self.column(last.end) + 1 => last.end = last.end.max(piece.end),
                _ => joined.push(piece),
            }
        }
        joined
    }

    /// The columns pieces take, with a sign wherever something is left out.
    fn columns_of(&self, pieces: &[Range<usize>]) -> usize {
        let shown: usize = pieces.iter().map(|piece| self.column(piece.end) - self.column(piece.start)).sum();
        let before = pieces.first().is_some_and(|piece| self.cut || piece.start > 0);
        let after = pieces.last().is_some_and(|piece| piece.end < self.cells.len());
        shown + usize::from(before) + pieces.len().saturating_sub(1) + usize::from(after)
    }

    fn strip(&self, pieces: &[Range<usize>]) -> Strip {
        let mut strip = Strip { text: String::new(), offsets: Vec::with_capacity(self.cells.len() + 1), columns: Vec::new() };
        let mut end = 0;
        for piece in pieces {
            if piece.start > end || (end == 0 && self.cut) {
                strip.text.push('…');
            }
            for cell in self.cells.get(piece.clone()).unwrap_or_default() {
                strip.offsets.push((cell.byte, strip.text.len()));
                strip.text.push_str(&cell.sign);
            }
            strip.columns.push(self.column(piece.start)..self.column(piece.end));
            end = piece.end;
        }
        strip.offsets.push((self.cells.get(end).map_or(self.end.0, |cell| cell.byte), strip.text.len()));
        if end < self.cells.len() {
            strip.text.push('…');
        }
        strip
    }
}

/// Whether a letter can be part of a number, a date or a code.
fn is_figure(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '-' | '.' | '年' | '月' | '日')
}
