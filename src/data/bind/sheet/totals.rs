//! Rows that add up others: found before any row is read, so that they are never data.

use super::layout::Layout;
use super::{Kind, Sheet};
use crate::data::bind::Target;
use crate::data::csv::{Cell, Row, Scanner};
use crate::data::fault::Fault;
use crate::data::names::fold;
use crate::schema::{Physical, Type};
use crate::value::Ratio;
use crate::value::number::parse_decimal;
use num_traits::{CheckedAdd, Zero};
use std::collections::BTreeSet;
use std::ops::Range;

/// The rows of totals of a file, by where they begin.
#[derive(Debug, Default)]
pub struct Totals {
    rows: BTreeSet<usize>,
}

impl Totals {
    /// Whether the row that begins here is one.
    #[must_use]
    pub fn has(&self, start: usize) -> bool {
        !self.rows.is_empty() && self.rows.contains(&start)
    }
}

/// What the rows so far come to.
#[derive(Clone, Debug)]
struct Sums {
    /// One a column; `None` where a number was too large.
    columns: Vec<Option<Ratio>>,
    rows: usize,
}

/// A row as far as totals go.
struct Figures {
    start: usize,
    /// Column, number, place.
    numbers: Vec<(usize, Ratio, Range<usize>)>,
    /// Cells that hold something else.
    texts: usize,
    /// Whether a field every row has is empty.
    lacks: bool,
    /// Whether it begins with a word of the manifest's `totals`.
    is_named: bool,
    /// Whether it begins with a word totals usually begin with.
    is_usual: bool,
    /// That word.
    word: String,
    /// Whether it begins as a line below a table does: `填表人：`, `注`.
    is_note: bool,
    place: Range<usize>,
}

/// What rows of totals usually begin with.
const USUAL: [&str; 7] = ["合计", "总计", "共计", "小计", "total", "subtotal", "grandtotal"];

/// What a line below a table may begin with, if it has no colon.
const NOTES: [&str; 4] = ["注", "备注", "说明", "note"];

impl Sums {
    fn add(&mut self, figures: &Figures) {
        for (column, number, _) in &figures.numbers {
            if let Some(sum) = self.columns.get_mut(*column) {
                *sum = sum.and_then(|sum| sum.checked_add(number));
            }
        }
        self.rows += 1;
    }

    fn of(&self, column: usize) -> Option<Ratio> {
        *self.columns.get(column)?
    }
}

impl Sheet<'_> {
    /// Finds the rows of totals: those that begin with a word of the manifest; in a workbook also
    /// last rows that lack what every row has, hold numbers beside at most one text or begin with a
    /// usual word, and every number of theirs is the sum of its column. In a workbook the last rows
    /// may be lines about the table, too: they lack what every row has and hold little but a text
    /// with a colon.
    pub(super) fn totals<T: Target>(&self, text: &str, layout: &Layout, target: &mut T) -> Totals {
        let words: Vec<String> = self
            .mapping
            .totals
            .iter()
            .map(|word| squeezed(word).to_lowercase())
            .filter(|word| !word.is_empty())
            .collect();
        let mut totals = Totals::default();
        if words.is_empty() && self.page.is_none() {
            return totals;
        }
        let zero = Sums { columns: vec![Some(Ratio::zero()); layout.titles.len()], rows: 0 };
        let (mut all, mut part) = (zero.clone(), zero.clone());
        let mut waiting: Vec<Figures> = Vec::new();
        let mut scanner = Scanner::new(text, layout.body, self.delimiter);
        let mut cells = Vec::new();
        while let Some(row) = scanner.row(&mut cells) {
            let Row::At(start) = row else { continue };
            if cells.iter().all(|cell| cell.raw.is_empty()) {
                continue;
            }
            let figures = self.figures(&scanner, &cells, start, layout, &words);
            let agrees = |sums: &Sums| {
                figures.numbers.iter().all(|(column, number, _)| sums.of(*column) == Some(*number))
            };
            if figures.is_named {
                let wrong = figures.numbers.iter().find(|(column, number, _)| {
                    waiting.is_empty()
                        && all.of(*column) != Some(*number)
                        && part.of(*column) != Some(*number)
                });
                let place = wrong.map_or(&figures.place, |(_, _, place)| place);
                target.fault(
                    place.clone(),
                    if figures.is_note {
                        Fault::NoteRow
                    } else {
                        Fault::TotalsRow { differs: wrong.is_some() }
                    },
                );
                totals.rows.insert(start);
                part = zero.clone();
            } else if self.page.is_some()
                && (figures.may_be_total() && all.rows > 1 && agrees(&all) || figures.is_note)
            {
                waiting.push(figures);
            } else if figures.is_usual {
                target.fault(figures.place.clone(), Fault::LikelyTotals(figures.word));
                totals.rows.insert(start);
            } else {
                for row in waiting.drain(..).chain([figures]) {
                    all.add(&row);
                    part.add(&row);
                }
            }
        }
        for row in waiting {
            target.fault(
                row.place,
                if row.is_note { Fault::NoteRow } else { Fault::TotalsRow { differs: false } },
            );
            totals.rows.insert(row.start);
        }
        totals
    }

    fn figures(
        &self,
        scanner: &Scanner<'_>,
        cells: &[Cell],
        start: usize,
        layout: &Layout,
        words: &[String],
    ) -> Figures {
        let mut scratch = String::new();
        let mut figures = Figures {
            start,
            numbers: Vec::new(),
            texts: 0,
            lacks: false,
            is_named: false,
            is_usual: false,
            is_note: false,
            word: String::new(),
            place: cells
                .iter()
                .find(|cell| !cell.raw.is_empty())
                .map_or(start..start, |cell| cell.raw.clone()),
        };
        let (mut is_first, mut begins) = (true, false);
        for (column, _) in layout.titles.iter().enumerate() {
            let cell = cells.get(column);
            let text = cell.map_or("", |cell| scanner.content(cell, &mut scratch)).trim();
            if text.is_empty() {
                figures.lacks |= self.is_required(layout, column);
                continue;
            }
            if std::mem::take(&mut is_first) {
                let first = squeezed(text).to_lowercase();
                figures.is_named = words.contains(&first);
                begins = words.iter().any(|word| first.starts_with(word));
                figures.word = USUAL
                    .iter()
                    .find(|word| is_headed(&first, word))
                    .map_or_else(String::new, |word| (*word).to_owned());
                figures.is_note = has_colon(&first)
                    || NOTES.iter().any(|word| is_headed(&fold(text).to_lowercase(), word));
            }
            let place = cell.map_or(start..start, |cell| cell.raw.clone());
            match parse_decimal(&fold(text).replace(',', ""))
                .filter(|_| self.adds_up(layout, column))
            {
                Some(number) => figures.numbers.push((column, number, place)),
                None => figures.texts += 1,
            }
        }
        // A row that has all that rows have is data, whatever it begins with.
        figures.is_named |= begins && figures.lacks;
        figures.is_usual = figures.lacks && !figures.word.is_empty();
        let little =
            figures.numbers.is_empty() && figures.texts <= (layout.titles.len() / 3).max(1);
        figures.is_note &= figures.lacks && little && !figures.is_usual;
        figures
    }

    /// The fields a column holds, of the row or its elements.
    fn fields<'l>(
        &self,
        layout: &'l Layout,
        column: usize,
    ) -> impl Iterator<Item = (usize, Kind)> + 'l {
        let inner = layout.inner.as_ref().map(|inner| &inner.columns);
        std::iter::once(&layout.columns)
            .chain(inner)
            .filter_map(move |columns| columns.kinds.get(column).map(|kind| (columns.frame, *kind)))
    }

    /// Whether every row has a value in this column.
    fn is_required(&self, layout: &Layout, column: usize) -> bool {
        self.fields(layout, column).any(|(frame, kind)| match kind {
            Kind::Parent => true,
            Kind::Field(field) => self
                .plan
                .field(frame, field)
                .is_some_and(|field| !field.optional && field.default.is_none()),
            _ => false,
        })
    }

    /// Whether a column holds numbers that can be added.
    fn adds_up(&self, layout: &Layout, column: usize) -> bool {
        self.fields(layout, column).any(|(frame, kind)| match kind {
            Kind::Field(field) => self.plan.field(frame, field).is_some_and(|field| {
                matches!(field.ty.physical(), Physical::Ints | Physical::Ratios)
                    && !matches!(field.ty, Type::Enum(_) | Type::Date | Type::Ref(_))
            }),
            Kind::Unknown | Kind::Ignored => true,
            _ => false,
        })
    }
}

impl Figures {
    /// Whether it has the shape of a row of totals.
    fn may_be_total(&self) -> bool {
        self.lacks && (self.texts <= 1 || self.is_usual) && !self.numbers.is_empty()
    }
}

/// Whether a text is a word, or the word and what is set off from it: `合计（26项）`, `合计数`.
fn is_headed(text: &str, word: &str) -> bool {
    text.strip_prefix(word)
        .is_some_and(|rest| rest == "数" || !rest.starts_with(char::is_alphanumeric))
}

/// Whether a text has a colon that is no part of a time.
fn has_colon(text: &str) -> bool {
    text.split_once(':').is_some_and(|(before, _)| !before.ends_with(|c: char| c.is_ascii_digit()))
}

/// A word without blanks: `合 计` is `合计`.
fn squeezed(word: &str) -> String {
    fold(word).chars().filter(|c| !c.is_whitespace()).collect()
}
