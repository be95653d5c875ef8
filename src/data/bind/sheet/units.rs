//! The units that a sheet states: in its headings, and in lines above them.

use super::layout::{Columns, Layout};
use super::totals::{TAIL, is_note};
use super::{Kind, Sheet};
use crate::data::bind::Target;
use crate::data::bind::units::{Named, stated};
use crate::data::bind::unpaired::Seen;
use crate::data::csv::Scanner;
use crate::data::fault::At;
use crate::data::line;
use crate::data::mention;
use crate::data::unit::{self, Unit};
use crate::schema::Type;
use crate::steps::step;
use std::collections::{BTreeMap, BTreeSet};

/// What the cells of a column say.
#[derive(Debug, Default)]
struct Words {
    /// The different texts.
    words: BTreeSet<String>,
    /// In how many rows there is one.
    rows: usize,
}

impl Sheet<'_> {
    /// Says what the numbers of each column are in; a column whose unit does not fit its field is
    /// not read. `headings` are the headings as they are written, line ends and all.
    pub(super) fn units<T: Target>(
        &self,
        text: &str,
        headings: &[String],
        layout: &mut Layout,
        target: &mut T,
    ) {
        let mut above = match layout.header {
            usize::MAX => Vec::new(),
            header => self.above(text, header),
        };
        above.extend(self.below(text, layout));
        let titles: Vec<_> = layout
            .titles
            .iter()
            .enumerate()
            .map(|(index, (title, span))| {
                let written = headings.get(index).map_or("", |heading| heading);
                let written = if unit::in_heading(written).is_some() { written } else { title };
                (written.to_owned(), title.clone(), span.clone())
            })
            .collect();
        let upper = layout.upper.clone();
        let inner = layout.inner.as_mut().map(|inner| &mut inner.columns);
        for columns in std::iter::once(&mut layout.columns).chain(inner) {
            for (index, (written, title, span)) in titles.iter().enumerate() {
                let Some((at, field)) = held(columns, index) else { continue };
                let heading = if self.headings.units.knows(title) { title } else { written };
                let ty = self.plan.field(at.frame, at.field).map(|field| field.ty);
                let over = ty.and_then(|ty| over(heading, upper.get(index)?, ty));
                let heading = over.filter(|_| !self.headings.units.knows(title)).unwrap_or(heading);
                match stated(self.plan, self.headings, at, heading, &above) {
                    Ok(None) => {}
                    Ok(Some(measure)) => target.measure(at, measure),
                    Err(fault) => {
                        target.fault(span.clone(), fault);
                        columns.give_up(index, field);
                    }
                }
            }
        }
    }

    /// Leaves out numbers whose units stand in a column that nothing is known of: without them they
    /// are not known either.
    pub(super) fn unpaired<T: Target>(&self, text: &str, layout: &mut Layout, target: &mut T) {
        let (titles, upper) = (layout.titles.clone(), layout.upper.clone());
        let is_stated = |column: &usize| {
            let own = titles.get(*column).map(|(title, _)| title);
            let mut all = own.into_iter().chain(upper.get(*column).into_iter().flatten());
            all.any(|title| unit::in_heading(title).is_some())
        };
        let may_hold = |index: &usize| {
            let title = titles.get(*index).map_or("", |(title, _)| title);
            let inner = layout.inner.as_ref().map(|inner| inner.columns.frame);
            let mut frames = std::iter::once(layout.columns.frame).chain(inner);
            step();
            layout.is_unknown(*index)
                && !self.headings.ignores(title)
                && frames.any(|frame| !self.headings.candidates(frame, title).is_empty())
        };
        let wanted: BTreeSet<usize> = (0..titles.len()).filter(may_hold).collect();
        for (index, cells) in self.words(text, layout.body, &wanted) {
            let Some((title, span)) = titles.get(index) else { continue };
            let inner = layout.inner.as_mut().map(|inner| &mut inner.columns);
            for columns in std::iter::once(&mut layout.columns).chain(inner) {
                let mut candidates = self.headings.candidates(columns.frame, title);
                let by_name = candidates.by_name;
                // What has a column of units of its own, or one in its heading, has its unit.
                candidates.retain(|field| {
                    let column = columns.column(field);
                    let kind = column.and_then(|column| columns.kinds.get(column));
                    let is_plain = kind == Some(&Kind::Field(field));
                    is_plain && (by_name || !column.as_ref().is_some_and(is_stated))
                });
                if candidates.is_empty() {
                    continue;
                }
                let mut seen = Seen::default();
                cells.words.iter().for_each(|word| candidates.see(word, &mut seen));
                if seen.fields.is_empty() {
                    continue;
                }
                for field in &seen.fields {
                    if let Some(column) = columns.column(*field) {
                        columns.give_up(column, *field);
                    }
                }
                if let Some(kind) = columns.kinds.get_mut(index) {
                    *kind = Kind::Ignored;
                }
                let about = (columns.frame, &seen.fields);
                let shown = layout.shown.get(index).unwrap_or(title);
                target.unpaired(about, shown, span.clone(), (&seen.words, cells.rows));
            }
        }
    }

    /// What the cells of some columns say.
    fn words(&self, text: &str, body: usize, columns: &BTreeSet<usize>) -> BTreeMap<usize, Words> {
        let mut found: BTreeMap<usize, Words> =
            columns.iter().map(|column| (*column, Words::default())).collect();
        if found.is_empty() {
            return found;
        }
        let mut scanner = Scanner::new(text, body, self.delimiter);
        let (mut cells, mut scratch) = (Vec::new(), String::new());
        while scanner.row(&mut cells).is_some() {
            for (column, seen) in found.range_mut(..cells.len()) {
                step();
                let Some(cell) = cells.get(*column) else { continue };
                let content = scanner.content(cell, &mut scratch).trim();
                seen.rows += usize::from(!content.is_empty());
                if !content.is_empty() && !seen.words.contains(content) {
                    seen.words.insert(content.to_owned());
                }
            }
        }
        found
    }

    /// The units stated above the headings.
    fn above(&self, text: &str, header: usize) -> Vec<Named> {
        let mut scanner = Scanner::new(text, 0, self.delimiter);
        let (mut cells, mut scratch) = (Vec::new(), String::new());
        let mut units = Vec::new();
        for _ in 0..header {
            if scanner.row(&mut cells).is_none() {
                break;
            }
            let mut line = String::new();
            for cell in &cells {
                let content = scanner.content(cell, &mut scratch);
                units.extend(line::alone(content).map(|(unit, word)| (unit, word.to_owned())));
                line.push_str(content);
                line.push(' ');
            }
            units.extend(in_line(&line));
        }
        units
    }
}

impl Sheet<'_> {
    /// The units stated in lines below the table: last rows with one cell, or that begin as notes
    /// do.
    fn below(&self, text: &str, layout: &Layout) -> Vec<Named> {
        let from = layout.body.max(text.floor_char_boundary(text.len().saturating_sub(TAIL)));
        let tail = text.get(from..).unwrap_or("");
        let words = ["单位", "元", "圆", "nit", "NIT", "计", "RMB", "yuan", "Yuan", "CNY"];
        let may_be_stated = words.iter().any(|word| tail.contains(word));
        if layout.titles.len() < 2 || !may_be_stated {
            return Vec::new();
        }
        // A line begins a row where it stands in no quotes: as many are opened behind it as closed.
        let mut begins = tail.match_indices('\n').map(|(at, _)| from + at + 1);
        let is_outside = |at: &usize| {
            text.get(*at..).is_some_and(|rest| rest.matches('"').count().is_multiple_of(2))
        };
        let begin = if from == layout.body { Some(from) } else { begins.find(is_outside) };
        let Some(begin) = begin else { return Vec::new() };
        let mut scanner = Scanner::new(text, begin, self.delimiter);
        let (mut cells, mut scratch) = (Vec::new(), String::new());
        let mut lines: Vec<String> = Vec::new();
        while scanner.row(&mut cells).is_some() {
            let mut filled: Vec<String> = Vec::new();
            for cell in cells.iter().filter(|cell| !cell.raw.is_empty()) {
                let content = scanner.content(cell, &mut scratch).trim();
                filled.extend((!content.is_empty()).then(|| content.to_owned()));
            }
            match filled.first() {
                None => {}
                Some(first)
                    if filled.len() == 1
                        || is_note(first)
                        || filled.iter().all(|cell| cell.contains([':', '：'])) =>
                {
                    lines.push(filled.join(" "));
                }
                Some(_) => lines.clear(),
            }
        }
        lines.iter().flat_map(|line| in_line(line)).collect()
    }
}

/// The units that a line beside a table states, in words or in brackets.
fn in_line(line: &str) -> Vec<Named> {
    let line = mention::joined(line);
    let mut found = line::stated(&line);
    if found.is_empty() {
        found = line::in_brackets(&line);
    }
    found.into_iter().map(|(unit, word)| (unit, word.to_owned())).collect()
}

/// The field whose values a column holds, and the field of the row it stands for.
fn held(columns: &Columns, index: usize) -> Option<(At, usize)> {
    match columns.kinds.get(index)? {
        Kind::Field(field) => Some((At { frame: columns.frame, field: *field }, *field)),
        Kind::Elements(field, child) => Some((At { frame: *child, field: 0 }, *field)),
        Kind::Part(_) | Kind::Parent | Kind::Unknown | Kind::Ignored => None,
    }
}

/// The nearest of the headings over one that states a unit of numbers of its type, where it states
/// none itself. One over columns of several kinds speaks of those that it fits.
fn over<'h>(heading: &str, upper: &'h [String], ty: Type) -> Option<&'h str> {
    if unit::in_heading(heading).is_some() || Unit::named(heading).is_some() {
        return None;
    }
    upper.iter().rev().map(String::as_str).find(|upper| {
        let stated = unit::in_heading(upper);
        stated.is_some_and(|(unit, word)| unit.of(ty).is_some() || unit::is_other(word, ty))
    })
}
