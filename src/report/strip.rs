//! Rank 5: a line as shown: signs for what is hidden, tabs expanded, and where it is wider than the
//! room there is, its beginning and what stands around its marks.

use super::block::Block;
use crate::visible;
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
}

/// A line in characters.
struct Line {
    cells: Vec<Cell>,
    /// Its bytes, and its columns.
    size: (usize, usize),
    /// Whether its beginning is left out.
    cut: bool,
    /// Whether it is a row of a small table, of which whole cells are shown.
    is_row: bool,
}

/// Whether all marks of a line of a block can be seen at once in `room` columns.
pub fn fits(block: &Block, index: usize, room: usize) -> bool {
    let (line, marks) = (Line::within(block, index), block.marked(index));
    let room = line.room(&marks, room);
    line.size.1 <= room || line.columns_of(&line.marked(&marks, room)) <= room
}

impl Strip {
    /// What fits into `room` columns of a line of a block.
    pub fn of(block: &Block, index: usize, room: usize) -> Self {
        let (line, marks) = (Line::within(block, index), block.marked(index));
        let room = line.room(&marks, room);
        let is_whole = line.size.1 <= room;
        line.strip(&if is_whole {
            std::iter::once(0..line.cells.len()).collect()
        } else {
            line.pieces(&marks, room)
        })
    }

    /// The part of another line, aligned with this one, that stands above it.
    pub fn above(&self, other: &str) -> String {
        let other = Line::of(other, false, false);
        let mut above = String::new();
        let mut column = 0;
        let mut shown_to = 0;
        for shown in &self.columns {
            if shown.start > shown_to && shown_to < other.size.1 {
                above.push('…');
            }
            column += usize::from(shown.start > shown_to);
            let is_above = |(index, cell): &(usize, &Cell)| {
                shown.start <= cell.column && other.column(index + 1) <= shown.end
            };
            for (index, cell) in other.cells.iter().enumerate().filter(is_above) {
                let blank = (column + cell.column - shown.start).saturating_sub(above.width());
                above.extend(std::iter::repeat_n(' ', blank));
                other.push(&mut above, index, cell);
            }
            column += shown.len();
            shown_to = shown.end;
        }
        if shown_to < other.size.1 {
            above.extend(std::iter::repeat_n(' ', column.saturating_sub(above.width())));
            above.push('…');
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
    fn within(block: &Block, index: usize) -> Self {
        Self::of(block.lines.get(index).copied().unwrap_or(""), block.cut, block.is_row())
    }

    fn of(line: &str, cut: bool, is_row: bool) -> Self {
        let mut cells = Vec::with_capacity(line.len());
        let mut column = usize::from(cut);
        for (byte, letter) in line.char_indices() {
            cells.push(Cell { byte, column, letter });
            column += if letter == '\t' { TAB - column % TAB } else { visible::width(letter) };
        }
        Self { cells, size: (line.len(), column), cut, is_row }
    }

    /// Appends a character as shown.
    fn push(&self, shown: &mut String, index: usize, cell: &Cell) {
        match cell.letter {
            '\t' => shown.extend(std::iter::repeat_n(' ', self.column(index + 1) - cell.column)),
            letter => visible::push(shown, letter),
        }
    }

    /// The columns there are for the text: a mark at the very end stands a column further.
    fn room(&self, marks: &[Range<usize>], room: usize) -> usize {
        room - usize::from(marks.iter().any(|mark| mark.start >= self.size.0))
    }

    fn letter(&self, index: usize) -> char {
        self.cells.get(index).map_or(' ', |cell| cell.letter)
    }

    /// Where what is shown may begin, at or before a character: of a row, with the sign before a
    /// cell.
    fn start(&self, index: usize) -> usize {
        let begins = |&at: &usize| {
            at == 0
                || !self.is_row
                || (self.letter(at), self.letter(at + 1), self.letter(at + 2)) == (' ', '│', ' ')
        };
        (0..=index).rev().find(begins).unwrap_or(0)
    }

    /// Where what is shown may end, at or after a character: of a row, with the sign after a cell.
    fn end(&self, index: usize) -> usize {
        let ends = |&at: &usize| {
            !self.is_row || (at > 1 && (self.letter(at - 2), self.letter(at - 1)) == ('│', ' '))
        };
        (index..self.cells.len()).find(ends).unwrap_or(self.cells.len())
    }

    fn column(&self, index: usize) -> usize {
        self.cells.get(index).map_or(self.size.1, |cell| cell.column)
    }

    /// The marked characters, at least one for each mark, of a mark that leaves no room for others
    /// only its beginning; in order and apart.
    fn marked(&self, marks: &[Range<usize>], room: usize) -> Vec<Range<usize>> {
        let index = |byte: usize| self.cells.partition_point(|cell| cell.byte < byte);
        let last = self.cells.len().saturating_sub(1);
        let widest = if marks.len() > 1 { room / 2 } else { room.saturating_sub(2) };
        let mut pieces: Vec<Range<usize>> = marks
            .iter()
            .map(|mark| {
                let from = index(mark.start).min(last);
                let limit = self.column(from) + widest;
                let to = index(mark.end).max(from + 1).min(self.cells.len());
                let to = (from + 1..to).find(|&at| self.column(at + 1) > limit).unwrap_or(to);
                self.start(from)..self.end(to)
            })
            .collect();
        pieces.sort_by_key(|piece| piece.start);
        self.joined(pieces)
    }

    /// The beginning up to its first separator, where there is one soon: a row's first cell, the
    /// name of a value.
    fn head(&self, room: usize) -> Option<Range<usize>> {
        let mut cells =
            self.cells.iter().enumerate().skip_while(|(_, cell)| cell.letter.is_whitespace());
        let (separator, _) =
            cells.find(|(_, cell)| matches!(cell.letter, ',' | '，' | '\t' | '=' | ':' | '│'))?;
        let end = self.end(separator + 1);
        (!self.cut && self.column(end) <= room / 2).then_some(0..end)
    }

    /// What is shown of a line that is wider than `room`: its beginning if there is room for it,
    /// its marks, and as much around them as fits.
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
        // What stands beside the marks tells more than what follows the beginning.
        while (0..pieces.len()).rev().filter(|&at| self.widen(&mut pieces, at, room)).count() > 0 {}
        let pieces = self.joined(pieces);
        let marked = self.marked(marks, room);
        pieces.into_iter().map(|piece| self.trimmed(piece, &marked)).collect()
    }

    /// A piece that does not begin or end within a number or a date, as far as its marks let it.
    fn trimmed(&self, piece: Range<usize>, marked: &[Range<usize>]) -> Range<usize> {
        let within = |at: usize| {
            !self.is_row && at > 0 && is_figure(self.letter(at - 1)) && is_figure(self.letter(at))
        };
        let held = || marked.iter().filter(|mark| mark.start < piece.end && piece.start < mark.end);
        let first = held().map(|mark| mark.start).min().unwrap_or(piece.start);
        let last = held().map(|mark| mark.end).max().unwrap_or(piece.end);
        let start = (piece.start..first).find(|&at| !within(at)).unwrap_or(first);
        let end = (last..=piece.end).rev().find(|&at| !within(at)).unwrap_or(last);
        start.max(piece.start)..end.min(piece.end)
    }

    /// One more character on each side of a piece, where there is room; whether there was.
    fn widen(&self, pieces: &mut [Range<usize>], at: usize, room: usize) -> bool {
        let before = at.checked_sub(1).and_then(|at| pieces.get(at)).map_or(0, |piece| piece.end);
        let after = pieces.get(at + 1).map_or(self.cells.len(), |piece| piece.start);
        let mut widened = false;
        for (left, right) in [(1, 0), (0, 1)] {
            let Some(piece) = pieces.get(at).cloned() else { continue };
            let (start, end) =
                (piece.start.saturating_sub(left), (piece.end + right).min(self.cells.len()));
            let wider = self.start(start).max(before)..self.end(end).min(after);
            let is_wider = wider != piece;
            pieces.get_mut(at).into_iter().for_each(|piece| *piece = wider.clone());
            if is_wider && self.columns_of(pieces) <= room {
                widened = true;
            } else {
                pieces.get_mut(at).into_iter().for_each(|other| *other = piece.clone());
            }
        }
        widened
    }

    /// Pieces in order without those between which nothing is worth leaving out.
    fn joined(&self, pieces: Vec<Range<usize>>) -> Vec<Range<usize>> {
        let mut joined: Vec<Range<usize>> = Vec::with_capacity(pieces.len());
        for piece in pieces {
            match joined.last_mut() {
                Some(last) if self.column(piece.start) <= self.column(last.end) + 1 => {
                    last.end = last.end.max(piece.end)
                }
                _ => joined.push(piece),
            }
        }
        joined
    }

    /// The columns pieces take, with a sign wherever something is left out.
    fn columns_of(&self, pieces: &[Range<usize>]) -> usize {
        let shown: usize =
            pieces.iter().map(|piece| self.column(piece.end) - self.column(piece.start)).sum();
        let before = pieces.first().is_some_and(|piece| self.cut || piece.start > 0);
        let after = pieces.last().is_some_and(|piece| piece.end < self.cells.len());
        let between = pieces
            .iter()
            .zip(pieces.iter().skip(1))
            .filter(|(left, right)| left.end < right.start)
            .count();
        shown + usize::from(before) + between + usize::from(after)
    }

    fn strip(&self, pieces: &[Range<usize>]) -> Strip {
        let mut strip = Strip {
            text: String::new(),
            offsets: Vec::with_capacity(self.cells.len() + 1),
            columns: Vec::new(),
        };
        let mut end = 0;
        for piece in pieces {
            if piece.start > end || (end == 0 && self.cut) {
                strip.text.push('…');
            }
            for (index, cell) in self.cells.iter().enumerate().take(piece.end).skip(piece.start) {
                strip.offsets.push((cell.byte, strip.text.len()));
                self.push(&mut strip.text, index, cell);
            }
            strip.columns.push(self.column(piece.start)..self.column(piece.end));
            end = piece.end;
        }
        strip
            .offsets
            .push((self.cells.get(end).map_or(self.size.0, |cell| cell.byte), strip.text.len()));
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
