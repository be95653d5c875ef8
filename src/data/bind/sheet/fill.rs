//! Columns in which a row says only what differs from the row above.

use super::layout::Layout;
use super::totals::Totals;
use super::{Kind, Sheet};
use crate::data::bind::Target;
use crate::data::csv::{Cell, Row, Scanner};
use crate::data::fault::Fault;
use crate::data::names::{fold, shorten};
use crate::schema::Type;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// What a cell says that repeats the one above it.
pub(super) const SIGNS: [&str; 4] = ["同上", "同前", "〃", "″"];

/// What it may say as well where the manifest says that its column is filled.
const QUOTES: [&str; 2] = ["\"", "''"];

/// The cells that stand for those above them.
#[derive(Debug, Default)]
pub struct Fill {
    /// By where their row begins: the column, and the cell that it repeats.
    rows: BTreeMap<usize, Vec<(usize, Cell)>>,
    /// Where cells begin that say so in a column of which the manifest does not.
    ditto: BTreeSet<usize>,
}

impl Fill {
    /// Gives the cells of a row what they repeat.
    pub fn apply(&self, start: usize, cells: &mut [Cell]) {
        for (column, cell) in self.rows.get(&start).into_iter().flatten() {
            if let Some(slot) = cells.get_mut(*column) {
                *slot = cell.clone();
            }
        }
    }

    /// Whether there is none.
    #[inline]
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.ditto.is_empty()
    }

    /// Whether the cell that begins here repeats one, and which is not known.
    #[must_use]
    pub fn is_ditto(&self, start: usize) -> bool {
        !self.ditto.is_empty() && self.ditto.contains(&start)
    }
}

impl Sheet<'_> {
    /// Finds the cells that repeat others.
    pub(super) fn fill<T: Target>(
        &self,
        text: &str,
        layout: &Layout,
        totals: &Totals,
        target: &mut T,
    ) -> Fill {
        let mut fill = Fill::default();
        let columns = self.filled(layout, target);
        let says_ditto = SIGNS.iter().any(|word| text.contains(word));
        if columns.is_empty() && !says_ditto {
            return fill;
        }
        let known: BTreeSet<usize> = (0..layout.titles.len())
            .filter(|column| self.takes_no_ditto(layout, *column))
            .collect();
        let mut last: BTreeMap<usize, Cell> = BTreeMap::new();
        let mut unsaid: BTreeMap<usize, (Range<usize>, String, usize)> = BTreeMap::new();
        let mut scanner = Scanner::new(text, layout.body, self.delimiter);
        let (mut cells, mut scratch) = (Vec::new(), String::new());
        while let Some(row) = scanner.row(&mut cells) {
            let Row::At(start) = row else { continue };
            if totals.has(start) || cells.iter().all(|cell| cell.raw.is_empty()) {
                continue;
            }
            for (column, cell) in cells.iter().enumerate() {
                let content = scanner.content(cell, &mut scratch).trim();
                let ditto = SIGNS.contains(&content) || QUOTES.contains(&content);
                if columns.contains(&column) {
                    if !content.is_empty() && !ditto {
                        last.insert(column, cell.clone());
                    } else if let Some(above) = last.get(&column) {
                        fill.rows.entry(start).or_default().push((column, above.clone()));
                    }
                } else if SIGNS.contains(&content) && layout.is_known(column) {
                    if known.contains(&column) {
                        fill.ditto.insert(cell.raw.start);
                    }
                    let first = (cell.raw.clone(), content.to_owned(), 0);
                    unsaid.entry(column).or_insert(first).2 += 1;
                }
            }
        }
        for (column, (place, word, cells)) in unsaid {
            let heading = layout.titles.get(column).map_or("", |(title, _)| title);
            let heading = shorten(heading);
            target.fault(
                place,
                match known.contains(&column) {
                    true => Fault::Ditto { heading, word, cells },
                    false => Fault::DittoText { heading, word, cells },
                },
            );
        }
        fill
    }

    /// Whether a column cannot mean such a word itself: it says which row a row is, or holds no
    /// text.
    fn takes_no_ditto(&self, layout: &Layout, column: usize) -> bool {
        let is_text = |(frame, kind): (usize, Kind)| match kind {
            Kind::Field(field) => {
                self.plan.field(frame, field).is_some_and(|field| field.ty == Type::Text)
            }
            _ => true,
        };
        layout.is_known(column)
            && (layout.names_row(self.plan, column) || !self.fields(layout, column).all(is_text))
    }

    /// The columns the manifest says are filled.
    fn filled<T: Target>(&self, layout: &Layout, target: &mut T) -> BTreeSet<usize> {
        let mut columns = BTreeSet::new();
        for name in &self.mapping.fill {
            let before = columns.len();
            let all = 0..layout.titles.len();
            columns.extend(all.filter(|column| self.is_called(layout, *column, name)));
            if columns.len() == before {
                target.fault(layout.whole(), Fault::MissingFill(shorten(name)));
            }
        }
        columns
    }

    /// Whether the manifest says that a column is filled.
    pub(super) fn is_filled(&self, layout: &Layout, column: usize) -> bool {
        self.mapping.fill.iter().any(|name| self.is_called(layout, column, name))
    }

    /// Whether a column is called so, or is the column of the field that is.
    fn is_called(&self, layout: &Layout, column: usize, name: &str) -> bool {
        let title = layout.titles.get(column).map_or("", |(title, _)| title);
        let inner = layout.inner.as_ref().map(|inner| inner.columns.frame);
        let mut frames = std::iter::once(self.frame).chain(inner);
        *title == *fold(name)
            || frames.any(|frame| {
                let field = self.headings.field(frame, name);
                field.is_some() && field == self.headings.field(frame, title)
            })
    }
}
