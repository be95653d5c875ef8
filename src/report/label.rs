//! Rank 5: where the labels of a line's marks stand: to the right of a mark, or left of it where
//! the right is full, or below it. No label is broken within a word as long as a line has room for
//! the word.

use super::wrap::{whole, wrap};
use owo_colors::Style;
use std::borrow::Cow;
use unicode_width::UnicodeWidthStr;

/// What stands between a mark's stem and its label.
const ARM: usize = 3;
/// Narrower columns are not worth their line breaks.
const NARROW: usize = 16;
/// Labels of more lines stand below their mark.
const LINES_MAX: usize = 3;

/// A mark under a line.
pub struct Anchor<'a> {
    /// Its number among the block's marks.
    pub mark: usize,
    /// Its columns.
    pub columns: std::ops::Range<usize>,
    /// What stands there.
    pub labels: Vec<Cow<'a, str>>,
    /// Its colour.
    pub style: Style,
}

/// Text at a column.
pub type Piece = (usize, String, Style);

/// A mark with its labels in lines.
struct Hung<'a> {
    stem: usize,
    labels: Vec<Vec<&'a str>>,
    style: Style,
}

/// Marks that are drawn under one another where they overlap, or where there is no room for the
/// labels of all; in each layer the marks from left to right and the rows of their labels.
pub fn layers<'m, 'a>(
    anchors: &'m [Anchor<'a>],
    room: usize,
) -> Vec<(Vec<&'m Anchor<'a>>, Vec<Vec<Piece>>)> {
    let mut left: Vec<&Anchor> = anchors.iter().collect();
    left.sort_by_key(|anchor| anchor.columns.len());
    let mut layers = Vec::new();
    while !left.is_empty() {
        let mut layer: Vec<&Anchor> = Vec::new();
        let mut rows = Vec::new();
        let mut rest = Vec::new();
        for anchor in left {
            let at = layer.partition_point(|other| other.columns.start < anchor.columns.start);
            let mut wider = layer.clone();
            wider.insert(at, anchor);
            match laid_out(&wider, room).filter(|_| is_apart(&wider)) {
                Some(found) => (layer, rows) = (wider, found),
                None => rest.push(anchor),
            }
        }
        layers.push((layer, rows));
        left = rest;
    }
    layers
}

fn is_apart(layer: &[&Anchor]) -> bool {
    layer
        .iter()
        .zip(layer.iter().skip(1))
        .all(|(left, right)| left.columns.end <= right.columns.start)
}

/// The rows of labels under marks; `None` where they do not find room. A single mark always does.
fn laid_out(layer: &[&Anchor], room: usize) -> Option<Vec<Vec<Piece>>> {
    let labelled: Vec<&Anchor> =
        layer.iter().copied().filter(|anchor| !anchor.labels.is_empty()).collect();
    rows(&labelled, room, one_line).or_else(|| match labelled.as_slice() {
        [only] => rows(&labelled, room, some_lines)
            .or_else(|| below(only, room, |label, room| Some(wrap(label, room)))),
        _ => None,
    })
}

/// A label's lines in so many columns; `None` where that is no room for it.
type Fit = fn(&str, usize) -> Option<Vec<&str>>;

fn one_line(label: &str, room: usize) -> Option<Vec<&str>> {
    (label.width() <= room).then(|| vec![label])
}

fn some_lines(label: &str, room: usize) -> Option<Vec<&str>> {
    whole(label, room).filter(|lines| room >= NARROW && lines.len() <= LINES_MAX)
}

/// The rows where `fit` brings every label into the room there is: always an outermost mark whose
/// label crosses no other stem. The last may have its label below it.
fn rows(marks: &[&Anchor], room: usize, fit: Fit) -> Option<Vec<Vec<Piece>>> {
    let mut left = marks;
    let mut drawn = Vec::new();
    while let ([first, middle @ ..], [before @ .., last]) = (left, left) {
        let under = || if before.is_empty() { below(last, room, fit) } else { None };
        let right = |at, end: usize| Hung::of(at, end.checked_sub(at.stem() + ARM + 1)?, fit);
        let hung = |at, start: usize| Hung::of(at, at.stem().checked_sub(start + ARM)?, fit);
        let behind = before.last().map_or(0, |other| other.stem() + 2);
        let next = middle.first().map_or(room, |other| other.stem().saturating_sub(1));
        let sides = right(last, room)
            .map(|found| (found.right(), before))
            .or_else(|| Some((hung(first, 0)?.left(), middle)))
            .or_else(|| Some((hung(last, behind)?.left(), before)))
            .or_else(|| Some((right(first, next)?.right(), middle)));
        let (own, rest) = sides.or_else(|| Some((under()?, before)))?;
        for pieces in own {
            let stems = rest.iter().map(|other| (other.stem(), "│".to_owned(), other.style));
            let mut row: Vec<Piece> = stems.chain(pieces).collect();
            row.sort_by_key(|piece| piece.0);
            drawn.push(row);
        }
        left = rest;
    }
    Some(drawn)
}

/// A label that has room on neither side, below its mark.
fn below(anchor: &Anchor, room: usize, fit: Fit) -> Option<Vec<Vec<Piece>>> {
    let labels = anchor.labels.iter().map(|label| fit(label, room)).collect::<Option<Vec<_>>>()?;
    let width = labels.iter().flatten().map(|line| line.width()).max().unwrap_or(0);
    let column = anchor.stem().saturating_sub(width / 2).min(room.saturating_sub(width));
    Some(
        labels
            .into_iter()
            .flatten()
            .map(|line| vec![(column, line.to_owned(), anchor.style)])
            .collect(),
    )
}

impl Anchor<'_> {
    /// The column of the stem under the mark, where miette draws it.
    fn stem(&self) -> usize {
        (self.columns.start + self.columns.end) / 2
    }
}

impl<'a> Hung<'a> {
    fn of(anchor: &'a Anchor, room: usize, fit: Fit) -> Option<Self> {
        let labels =
            anchor.labels.iter().map(|label| fit(label, room)).collect::<Option<Vec<_>>>()?;
        Some(Self { stem: anchor.stem(), labels, style: anchor.style })
    }

    /// For each line whether it is the first of its label, and whether another label follows.
    fn lines(&self) -> impl Iterator<Item = (&'a str, bool, bool)> {
        let last = self.labels.len().saturating_sub(1);
        self.labels.iter().enumerate().flat_map(move |(at, lines)| {
            lines.iter().enumerate().map(move |(line, text)| (*text, line == 0, at < last))
        })
    }

    fn right(&self) -> Vec<Vec<Piece>> {
        let sign = |begins, goes_on| match (begins, goes_on) {
            (true, true) => "├──",
            (true, false) => "╰──",
            (false, true) => "│  ",
            (false, false) => "   ",
        };
        self.lines()
            .map(|(text, begins, goes_on)| {
                vec![(self.stem, format!("{} {text}", sign(begins, goes_on)), self.style)]
            })
            .collect()
    }

    fn left(&self) -> Vec<Vec<Piece>> {
        let widest = self.lines().map(|(text, ..)| text.width()).max().unwrap_or(0);
        let start = self.stem.saturating_sub(widest + ARM);
        let row = |(text, begins, goes_on): (&str, bool, bool)| {
            let gap = self.stem.saturating_sub(start + text.width() + 1);
            let arm = match (begins, goes_on) {
                (true, true) => format!(" {}┤", "─".repeat(gap)),
                (true, false) => format!(" {}╯", "─".repeat(gap)),
                (false, true) => format!(" {}│", " ".repeat(gap)),
                (false, false) => String::new(),
            };
            vec![(start, format!("{text}{arm}"), self.style)]
        };
        self.lines().map(row).collect()
    }
}
