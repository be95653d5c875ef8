//! Rows of headings that are repeated among the data, as at the top of each printed page.

use super::Sheet;
use super::layout::Layout;
use super::top::titles;
use crate::data::bind::Target;
use crate::data::csv::{Cell, Row, Scanner};
use crate::data::fault::Fault;
use std::collections::BTreeSet;

/// Headings have at most so many levels that are looked for again.
const LEVELS: usize = 4;

impl Sheet<'_> {
    /// Finds the rows that say what a row of the headings says, by where they begin.
    pub(super) fn repeated<T: Target>(
        &self,
        text: &str,
        layout: &Layout,
        target: &mut T,
    ) -> BTreeSet<usize> {
        let mut rows = BTreeSet::new();
        let body = text.get(layout.body..).unwrap_or("");
        let heads = self.heading_rows(text, layout);
        // Most files have none, which is seen without going through their rows.
        let may = |head: &Vec<String>| {
            memchr::memmem::find(body.as_bytes(), longest(head).as_bytes()).is_some()
        };
        let heads: Vec<Vec<String>> = heads.into_iter().filter(may).collect();
        if heads.is_empty() {
            return rows;
        }
        let mut scanner = Scanner::new(text, layout.body, self.delimiter);
        let mut cells = Vec::new();
        while let Some(row) = scanner.row(&mut cells) {
            let Row::At(start) = row else { continue };
            if heads.contains(&words(&scanner, &cells)) {
                let place = cells.iter().find(|cell| !cell.raw.is_empty());
                let place = place.map_or(start..start, |cell| cell.raw.clone());
                target.fault(place, Fault::RepeatedHeadings);
                rows.insert(start);
            }
        }
        rows
    }

    /// The rows of the headings that have several words.
    pub(super) fn heading_rows(&self, text: &str, layout: &Layout) -> Vec<Vec<String>> {
        let mut heads = Vec::new();
        if layout.header == usize::MAX {
            return heads;
        }
        let mut scanner = Scanner::new(text, 0, self.delimiter);
        let mut cells = Vec::new();
        for number in 0..=layout.header {
            if scanner.row(&mut cells).is_none() {
                break;
            }
            let head = words(&scanner, &cells);
            let is_level = number + LEVELS > layout.header;
            if is_level && head.iter().filter(|word| !word.is_empty()).count() > 1 {
                heads.push(head);
            }
        }
        heads
    }
}

/// The longest word of a row of headings, which has several.
pub(super) fn longest(head: &[String]) -> &str {
    head.iter().max_by_key(|word| word.len()).map_or("", |word| word)
}

/// The words of a row, without the blank cells at its end.
pub(super) fn words(scanner: &Scanner<'_>, cells: &[Cell]) -> Vec<String> {
    let mut words: Vec<String> = titles(scanner, cells).into_iter().map(|(word, _)| word).collect();
    let len = words.iter().rposition(|word| !word.is_empty()).map_or(0, |last| last + 1);
    words.truncate(len);
    words
}
