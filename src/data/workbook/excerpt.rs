//! A row of a sheet as a small table.

use super::page::{DELIMITER, Page};
use crate::data::csv::{self, Scanner};
use crate::place::Excerpt;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Wider cells are cut in excerpts, in columns of a terminal.
const WIDEST: usize = 32;

impl Page {
    /// The row with its headings above it, as a small table.
    pub(super) fn excerpt(&self, (row, first): (usize, usize), last: usize) -> Excerpt {
        let (titles, cells) = (self.cells(self.header), self.cells(row));
        let mut excerpt = Excerpt { first_line: row + 1, ..Excerpt::default() };
        let mut headings = String::new();
        let mut scanner = Scanner::new(&self.text, 0, DELIMITER);
        for column in 0..titles.len().max(cells.len()) {
            let title = self.shown(&mut scanner, titles.get(column));
            let text = self.shown(&mut scanner, cells.get(column));
            let is_marked = (first..=last).contains(&column);
            if title.is_empty() && text.is_empty() && !is_marked {
                continue;
            }
            let width = title.width().max(text.width()).max(1);
            for line in [&mut headings, &mut excerpt.text] {
                line.push_str(if line.is_empty() { "" } else { " │ " });
            }
            if column == first {
                excerpt.mark.start = excerpt.text.len();
            }
            excerpt.text.push_str(&text);
            if column == last {
                excerpt.mark.end = excerpt.text.len() + usize::from(text.is_empty());
            }
            headings.push_str(&title);
            headings.extend(std::iter::repeat_n(' ', width - title.width()));
            excerpt.text.extend(std::iter::repeat_n(' ', width - text.width()));
        }
        if row != self.header {
            excerpt.first_line = row;
            excerpt.mark.start += headings.len() + 1;
            excerpt.mark.end += headings.len() + 1;
            excerpt.text = format!("{headings}\n{}", excerpt.text);
        }
        excerpt
    }

    /// A cell on one line, cut where it is wide.
    fn shown(&self, scanner: &mut Scanner<'_>, cell: Option<&csv::Cell>) -> String {
        let mut scratch = String::new();
        let Some(cell) = cell else { return scratch };
        let text = fold_lines(scanner.content(cell, &mut scratch));
        if text.width() <= WIDEST {
            return text;
        }
        let mut width = 0;
        let mut cut: String = text
            .chars()
            .take_while(|c| {
                width += c.width().unwrap_or(0);
                width < WIDEST
            })
            .collect();
        cut.push('…');
        cut
    }
}

/// A text on one line.
fn fold_lines(text: &str) -> String {
    text.split(['\n', '\r', '\t'])
        .map(str::trim)
        .filter(|piece| !piece.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}
