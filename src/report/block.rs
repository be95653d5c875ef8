//! Rank 5: places gathered into blocks of consecutive lines, so that what stands together is shown
//! together.

use crate::place::{At, Excerpt, Place};
use crate::visible::visible;
use std::borrow::Cow;
use std::ops::Range;

/// What a mark shows, and so its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// What is wrong, or a value.
    Strong,
    /// What it is wrong by: a clause, a further place.
    Quiet,
}

/// A place with what stands there.
pub struct Spot<'a> {
    /// Where.
    pub place: &'a Place,
    /// What stands there; may be empty.
    pub label: &'a str,
    /// How it is marked.
    pub tone: Tone,
}

/// Consecutive lines of one file with the marks on them.
pub struct Block<'a> {
    file: &'a str,
    sheet: Option<&'a str>,
    /// Where the first mark stands: `file:line:column`, `file sheet!F12`.
    pub title: String,
    /// The number of the first line, from 1.
    pub first_line: usize,
    /// The lines; none where there is no text to show.
    pub lines: Vec<&'a str>,
    /// What stands above the lines, for a row of a workbook; may be empty.
    pub headings: &'a str,
    /// Whether the beginning of the only line is left out.
    pub cut: bool,
    /// The marks, in order of where they begin.
    pub marks: Vec<Mark<'a>>,
}

/// A marked range.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark<'a> {
    /// Index of a line of the block, byte in it.
    pub from: (usize, usize),
    /// One past the last marked byte.
    pub to: (usize, usize),
    /// What stands there, each on a line of its own; none empty.
    pub labels: Vec<&'a str>,
    /// How it is marked.
    pub tone: Tone,
}

/// How many lines of one place are shown at most; the last one shown stands for the rest.
const MAX_LINES: usize = 6;

/// Blocks in the order of the spots; a spot goes to the first block that stands for lines of its
/// own and that it leaves `shown`.
pub fn gather<'a>(
    spots: impl IntoIterator<Item = Spot<'a>>,
    base: &str,
    shown: impl Fn(&Block<'a>) -> bool,
) -> Vec<Block<'a>> {
    let mut blocks: Vec<Block<'a>> = Vec::new();
    for spot in spots {
        let block = Block::of(&spot, base);
        let joined = |earlier: &mut Block<'a>| {
            let joined = earlier.joined(&block).filter(&shown);
            joined.map(|joined| *earlier = joined)
        };
        if blocks.iter_mut().find_map(joined).is_none() {
            blocks.push(block);
        }
    }
    blocks
}

impl<'a> Block<'a> {
    fn of(spot: &Spot<'a>, base: &str) -> Self {
        let Place { file, at, excerpt } = spot.place;
        let sheet = match at {
            At::Cell { sheet, .. } => Some(&**sheet),
            _ => None,
        };
        let mut lines: Vec<&str> = if excerpt.text.is_empty() {
            Vec::new()
        } else {
            excerpt.text.split('\n').take(MAX_LINES).map(trimmed).collect()
        };
        let labels = if spot.label.is_empty() { Vec::new() } else { vec![spot.label] };
        let (mut from, mut to) = ends(excerpt, &lines);
        let mut first_line = excerpt.first_line;
        let mut headings = "";
        if sheet.is_some() && lines.len() > 1 {
            headings = lines.remove(0);
            first_line += 1;
            (from.0, to.0) = (from.0.saturating_sub(1), to.0.saturating_sub(1));
        }
        let marks = vec![Mark { from, to, labels, tone: spot.tone }];
        Self {
            file,
            sheet,
            title: location(base, spot.place),
            first_line,
            lines,
            headings,
            cut: excerpt.cut_before > 0,
            marks,
        }
    }

    /// The number of the line after the last.
    fn end_line(&self) -> usize {
        self.first_line + self.lines.len()
    }

    fn line(&self, number: usize) -> Option<&'a str> {
        number.checked_sub(self.first_line).and_then(|index| self.lines.get(index)).copied()
    }

    /// Whether it shows a row of a workbook.
    pub fn is_row(&self) -> bool {
        self.sheet.is_some()
    }

    /// Whether no mark lies across another.
    pub fn is_flat(&self) -> bool {
        self.marks
            .iter()
            .zip(self.marks.iter().skip(1))
            .all(|(mark, next)| mark.to <= next.from && mark.from != next.from)
            && (self.marks.len() == 1 || self.marks.iter().all(Mark::is_in_line))
    }

    /// The bytes of a line that its marks cover.
    pub fn marked(&self, index: usize) -> Vec<Range<usize>> {
        self.marks
            .iter()
            .filter(|mark| mark.from.0 <= index && index <= mark.to.0)
            .map(|mark| self.within(mark, index))
            .collect()
    }

    /// The bytes of a line that a mark covers.
    fn within(&self, mark: &Mark, index: usize) -> Range<usize> {
        let length = self.lines.get(index).map_or(0, |line| line.len());
        let start = if mark.from.0 == index { mark.from.1 } else { 0 };
        start..if mark.to.0 == index { mark.to.1 } else { length }
    }

    /// The two as one, where they show the same lines or neighbouring ones.
    fn joined(&self, other: &Self) -> Option<Self> {
        let near = other.first_line <= self.end_line() && self.first_line <= other.end_line();
        if self.file != other.file || self.sheet != other.sheet || !near || self.cut != other.cut {
            return None;
        }
        if self.sheet.is_some() && self.first_line != other.first_line {
            return None;
        }
        let same_text = (self.first_line..self.end_line())
            .all(|number| other.line(number).is_none_or(|line| self.line(number) == Some(line)));
        let fits = if self.lines.is_empty() || other.lines.is_empty() {
            self.lines.is_empty() && other.lines.is_empty() && self.title == other.title
        } else {
            same_text && (!self.cut || self.lines == other.lines)
        };
        fits.then(|| self.with(other))
    }

    /// The marks counted from another first line, at or before the block's own.
    fn shifted(&self, first_line: usize) -> impl Iterator<Item = Mark<'a>> {
        let by = self.first_line - first_line;
        self.marks.iter().cloned().map(move |mark| Mark {
            from: (mark.from.0 + by, mark.from.1),
            to: (mark.to.0 + by, mark.to.1),
            ..mark
        })
    }

    fn with(&self, other: &Self) -> Self {
        let first_line = self.first_line.min(other.first_line);
        let mut marks: Vec<Mark<'a>> = self.shifted(first_line).collect();
        for new in other.shifted(first_line) {
            match marks.iter_mut().find(|old| (old.from, old.to) == (new.from, new.to)) {
                Some(old) => old.labels.extend(
                    new.labels
                        .iter()
                        .filter(|label| !old.labels.contains(label))
                        .collect::<Vec<_>>(),
                ),
                None => marks.push(new),
            }
        }
        marks.sort_by_key(|mark| (mark.from, mark.to));
        let end_line = self.end_line().max(other.end_line());
        let lines = (first_line..end_line)
            .filter_map(|number| self.line(number).or_else(|| other.line(number)))
            .collect();
        let cell = other
            .title
            .rsplit('!')
            .next()
            .filter(|_| self.sheet.is_some() && !self.title.ends_with(&other.title));
        let title =
            cell.map_or_else(|| self.title.clone(), |cell| format!("{}, {cell}", self.title));
        Self { first_line, lines, marks, title, ..*self }
    }
}

impl Mark<'_> {
    /// Whether it begins and ends on the same line.
    pub fn is_in_line(&self) -> bool {
        self.from.0 == self.to.0
    }
}

fn trimmed(line: &str) -> &str {
    line.strip_suffix('\r').unwrap_or(line)
}

/// Where an excerpt's mark begins and ends, by line and byte; within the lines shown.
fn ends(excerpt: &Excerpt, lines: &[&str]) -> ((usize, usize), (usize, usize)) {
    let at = |offset: usize| {
        let head = excerpt.text.get(..offset).unwrap_or(&excerpt.text);
        let line = head.matches('\n').count();
        let byte = head.len() - head.rfind('\n').map_or(0, |at| at + 1);
        match lines.get(line) {
            Some(text) => (line, byte.min(text.len())),
            None => lines.last().map_or((0, 0), |last| (lines.len() - 1, last.len())),
        }
    };
    let (from, mut to) = (at(excerpt.mark.start), at(excerpt.mark.end.max(excerpt.mark.start)));
    // A mark up to and with a line end does not reach into the next line.
    while to.1 == 0 && to.0 > from.0 {
        to = (to.0 - 1, lines.get(to.0 - 1).map_or(0, |line| line.len()));
    }
    (from, to)
}

/// A place as one writes it: `file:line:column`, in characters; `file sheet!F12`; `file`. The file
/// as it is reached from where `base` begins ([`super::Options::base`]).
pub fn location(base: &str, place: &Place) -> String {
    let file = reached(base, &place.file);
    let file = visible(&file);
    match &place.at {
        At::File => file.into_owned(),
        At::Text { from, .. } => format!("{file}:{}:{}", from.line, from.column),
        At::Cell { sheet, cell } => format!("{file} {}!{}", visible(sheet), visible(cell)),
    }
}

/// A file named from the folder of the manifest, named from where `base` begins.
pub fn reached<'f>(base: &str, file: &'f str) -> Cow<'f, str> {
    let is_whole = file.starts_with('/') || file.get(1..2) == Some(":") || file.starts_with("\\\\");
    if base.is_empty() || is_whole {
        return Cow::Borrowed(file);
    }
    let (mut way, mut rest) = (base.trim_end_matches('/'), file);
    while let Some(further) = rest.strip_prefix("../") {
        match way.rsplit_once('/') {
            Some((up, last)) if !matches!(last, ".." | "." | "") => way = up,
            None if !matches!(way, ".." | "." | "") => way = "",
            _ => break,
        }
        rest = further;
    }
    let join = if way.is_empty() && !base.starts_with('/') { "" } else { "/" };
    Cow::Owned(format!("{way}{join}{rest}"))
}
