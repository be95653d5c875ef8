//! What can be known of a text before it is parsed: its comments, the lines that begin a
//! declaration, and brackets that do not pair.
//!
//! One pass over the bytes. The nesting limit is found here, so that no parser ever sees deeper
//! text.

use super::error::ErrorKind;
use super::{keyword, word};
use std::ops::Range;

/// How deep brackets and conditional values may nest.
pub const MAX_NESTING: usize = 64;

/// Something wrong that brackets and quotes alone show.
#[derive(Clone, Debug)]
pub(super) struct Problem {
    /// Where.
    pub at: Range<usize>,
    /// What.
    pub kind: ErrorKind,
}

/// The scan of one file.
#[derive(Debug, Default)]
pub(super) struct Scan {
    /// Comments, in order.
    pub comments: Vec<Range<usize>>,
    /// Where lines begin that start with a declaration keyword and a name.
    pub openings: Vec<usize>,
    /// Problems, by place.
    pub problems: Vec<Problem>,
}

impl Scan {
    /// Scans a whole text.
    pub fn new(text: &str) -> Self {
        let mut scanner =
            Scanner { text, at: 0, open: Vec::new(), chosen: 0, found: Self::default() };
        scanner.run();
        scanner.found.problems.sort_by_key(|problem| problem.at.start);
        scanner.found
    }

    /// Where the next declaration begins after a place, or `end`.
    pub fn next_opening(&self, after: usize, end: usize) -> usize {
        let next = self.openings.partition_point(|&opening| opening <= after);
        self.openings.get(next).copied().unwrap_or(end)
    }

    /// The first problem in a range.
    pub fn problem_in(&self, range: &Range<usize>) -> Option<&Problem> {
        let next = self.problems.partition_point(|problem| problem.at.start < range.start);
        self.problems.get(next).filter(|problem| problem.at.start < range.end)
    }

    /// The first place after `from` that is nested too deep to be parsed, or `end`.
    pub fn parse_limit(&self, from: usize, end: usize) -> usize {
        let next = self.problems.partition_point(|problem| problem.at.start < from);
        let rest = self.problems.get(next..).unwrap_or_default();
        rest.iter()
            .find(|problem| matches!(problem.kind, ErrorKind::TooDeep))
            .map_or(end, |problem| problem.at.start.min(end))
    }

    /// The scan of a part of a file, its places counted from the file's beginning.
    pub fn moved(mut self, by: usize) -> Self {
        let shift = |range: &mut Range<usize>| *range = range.start + by..range.end + by;
        self.comments.iter_mut().for_each(shift);
        self.problems.iter_mut().for_each(|problem| shift(&mut problem.at));
        self.openings.iter_mut().for_each(|opening| *opening += by);
        self
    }

    /// Whether a place is inside a comment.
    pub fn is_comment(&self, at: usize) -> bool {
        let before = self.comments.partition_point(|comment| comment.start <= at);
        before
            .checked_sub(1)
            .and_then(|index| self.comments.get(index))
            .is_some_and(|comment| comment.contains(&at))
    }

    /// The end of the blanks and comments that begin at a place.
    pub fn skip_blank(&self, text: &str, mut at: usize) -> usize {
        loop {
            let rest = text.get(at..).unwrap_or("");
            at += rest.len() - rest.trim_start().len();
            let next = self.comments.partition_point(|comment| comment.start < at);
            match self.comments.get(next) {
                Some(comment) if comment.start == at => at = comment.end,
                _ => return at,
            }
        }
    }

    /// The end of the last word before a place: blanks and comments skipped backwards, but not past
    /// `from`.
    pub fn last_word_end(&self, text: &str, from: usize, mut at: usize) -> usize {
        loop {
            let head = text.get(from..at).unwrap_or("").trim_end();
            at = from + head.len();
            let before = self.comments.partition_point(|comment| comment.start < at);
            match before.checked_sub(1).and_then(|index| self.comments.get(index)) {
                Some(comment) if comment.end >= at && comment.start >= from => at = comment.start,
                _ => return at,
            }
        }
    }
}

struct Scanner<'a> {
    text: &'a str,
    at: usize,
    /// Brackets still open: place and character.
    open: Vec<(usize, char)>,
    /// How many conditional values have begun since the last place that no expression goes beyond.
    chosen: usize,
    found: Scan,
}

impl Scanner<'_> {
    fn run(&mut self) {
        self.line_start();
        while let Some(character) = self.rest().chars().next() {
            let start = self.at;
            self.at += character.len_utf8();
            match character {
                '\n' => self.line_start(),
                '#' | '＃' => self.comment(start),
                '"' => self.quoted(start, '"'),
                '“' => self.quoted(start, '”'),
                '「' => self.quoted(start, '」'),
                '《' => self.title(start),
                '(' | '（' | '[' | '［' | '{' | '｛' => self.opened(start, character),
                ')' | '）' | ']' | '］' | '}' | '｝' => self.closed(start, character),
                '若' => self.conditional(start),
                'i' if self.rest().starts_with('f') => {
                    self.at += 1;
                    self.conditional(start);
                }
                '。' => self.chosen = 0,
                '.' if self.rest().starts_with(char::is_whitespace) => self.chosen = 0,
                _ => {}
            }
        }
        self.leave_open(0);
    }

    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn problem(&mut self, start: usize, kind: ErrorKind) {
        let length =
            self.text.get(start..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        self.found.problems.push(Problem { at: start..start + length, kind });
    }

    /// Notes the line as a declaration's first if it is one; brackets still open there can only
    /// have been forgotten.
    fn line_start(&mut self) {
        let rest = self.rest();
        let indented = rest.trim_start_matches([' ', '\t', '\u{3000}', '\u{A0}']);
        let margin = rest.len() - indented.len();
        let afresh = begins_afresh(indented);
        if (margin == 0 || self.open.is_empty()) && begins_declaration(indented) {
            self.leave_open(0);
            self.found.openings.push(self.at + margin);
        }
        if afresh {
            self.chosen = 0;
        }
    }

    fn comment(&mut self, start: usize) {
        let length = self.rest().find(['\n', '\r']).unwrap_or(self.rest().len());
        self.at += length;
        self.found.comments.push(start..self.at);
    }

    fn quoted(&mut self, start: usize, closing: char) {
        let length = self.rest().find([closing, '\n', '\r']).unwrap_or(self.rest().len());
        self.at += length;
        if self.rest().starts_with(closing) {
            self.at += closing.len_utf8();
        } else {
            self.problem(start, ErrorKind::UnclosedText(closing));
        }
    }

    /// `《…》`, in which one more pair may stand.
    fn title(&mut self, start: usize) {
        let mut depth = 1;
        while let Some(length) = self.rest().find(['《', '》', '\n', '\r']) {
            self.at += length;
            match self.rest().chars().next() {
                Some('《') => depth += 1,
                Some('》') => depth -= 1,
                _ => break,
            }
            self.at += '》'.len_utf8();
            if depth == 0 {
                return;
            }
        }
        self.problem(start, ErrorKind::UnclosedText('》'));
    }

    /// The word `若` or `if`, and not the beginning of another.
    fn conditional(&mut self, start: usize) {
        if !self.rest().starts_with(word::continues) {
            if self.open.len() + self.chosen >= MAX_NESTING {
                self.problem(start, ErrorKind::TooDeep);
            }
            self.chosen += 1;
        }
    }

    fn opened(&mut self, start: usize, character: char) {
        let deep = self.chosen > 0 && self.open.len() + self.chosen >= MAX_NESTING;
        if deep || self.open.len() == MAX_NESTING {
            self.problem(start, ErrorKind::TooDeep);
        }
        self.open.push((start, character));
    }

    fn closed(&mut self, start: usize, character: char) {
        let partner = |(_, open): &(usize, char)| closing(*open) == half(character);
        match self.open.iter().rev().take(2 * MAX_NESTING).position(partner) {
            Some(above) => {
                self.leave_open(self.open.len() - above);
                self.open.pop();
            }
            None => self.problem(start, ErrorKind::Unopened(character)),
        }
    }

    /// Reports every bracket opened since `keep` as never closed.
    fn leave_open(&mut self, keep: usize) {
        for (start, character) in self.open.split_off(keep.min(self.open.len())) {
            self.problem(start, ErrorKind::Unclosed(character));
        }
    }
}

fn half(bracket: char) -> char {
    match bracket {
        '）' => ')',
        '］' => ']',
        '｝' => '}',
        other => other,
    }
}

/// The half-width bracket that closes one.
pub(super) fn closing(bracket: char) -> char {
    match bracket {
        '(' | '（' => ')',
        '[' | '［' => ']',
        _ => '}',
    }
}

/// Whether a line starts with two names in a row, or a name and a number, as no expression goes on.
fn begins_afresh(line: &str) -> bool {
    let first = word::identifier(line);
    let rest = line.get(first.len()..).unwrap_or("").trim_start_matches([' ', '\t', '\u{3000}']);
    let second = word::identifier(rest);
    let is_name = |word: &str| !word.is_empty() && !keyword::is_of_sentences(word);
    is_name(first) && (is_name(second) || rest.starts_with(|c: char| c.is_ascii_digit()))
}

/// Whether a line starts with a declaration keyword and then a name, so that a field called `表`
/// does not count.
fn begins_declaration(line: &str) -> bool {
    let first = word::identifier(line);
    let rest =
        line.get(first.len()..).unwrap_or("").trim_start_matches([' ', '\t', '\u{3000}', '\u{A0}']);
    if first.starts_with('第') {
        return word::is_article_number(first)
            || word::is_division_number(first)
            || word::glued_number(first).is_some();
    }
    if word::is_division(first) {
        return rest.starts_with(|c: char| c.is_ascii_digit());
    }
    if !keyword::begins_declaration(first) {
        return false;
    }
    let second = word::identifier(rest);
    if second.is_empty() {
        return rest.starts_with('「')
            || first == "article" && rest.starts_with(|c: char| c.is_ascii_digit());
    }
    !keyword::is_reserved(second)
}
