//! Flat rows grouped: those of one value of a column are one row of the table, each of them an
//! element of a list of it.

use super::fill::Fill;
use super::layout::{Columns, Inner, Layout};
use super::row::{Reader, beginning, give_up, held};
use super::totals::Totals;
use super::{Kind, Sheet};
use crate::data::bind::groups::GroupNames;
use crate::data::bind::headings::list_called;
use crate::data::bind::{Parent, Target};
use crate::data::csv::{Cell, Row, Scanner};
use crate::data::fault::{At, Fault};
use crate::data::names::{fold, shorten};
use crate::value::key;
use std::collections::BTreeSet;
use std::ops::Range;

/// Where the rows of each group begin, groups in the order of their first rows.
type Groups = Vec<(String, Vec<usize>)>;

impl Sheet<'_> {
    /// The list the rows are elements of, and its frame.
    pub(super) fn list_frame(&self) -> Result<(usize, usize), Fault> {
        list_called(self.plan, self.frame, self.mapping.list.as_deref())
    }

    /// What the columns hold for the elements.
    pub(super) fn inner<T: Target>(&self, layout: &Layout, target: &mut T) -> Option<Inner> {
        let heading = self.mapping.group_by.as_deref().unwrap_or_default();
        let whole = |target: &mut T, fault| target.fault(0..0, fault);
        let (field, frame) = self.list_frame().map_err(|fault| whole(target, fault)).ok()?;
        let own = |heading: &str| self.headings.field(self.frame, heading);
        let is_by = |title: &str| {
            *title == *fold(heading) || own(heading).is_some_and(|field| own(title) == Some(field))
        };
        let mut named = layout.titles.iter().enumerate().filter(|(_, (title, _))| is_by(title));
        let Some((by, _)) = named.next() else {
            let span = layout.titles.first().map_or(0..0, |(_, span)| span.clone());
            target.fault(span, Fault::MissingGroup(shorten(heading)));
            return None;
        };
        if let Some((again, (_, span))) = named.next() {
            let at = At { frame: self.frame, field: usize::MAX };
            let heading = layout.shown.get(again).map_or_else(String::new, |it| shorten(it));
            target.fault(span.clone(), Fault::DuplicateHeading { at, heading });
            return None;
        }
        let mut columns = Columns::new(frame);
        for ((title, span), shown) in layout.titles.iter().zip(&layout.shown) {
            let field = self.headings.field(frame, title);
            let parts = self.parts_of(frame, title, &layout.titles);
            let mut kind = if parts.is_empty() {
                field.map_or(Kind::Unknown, |field| self.field_kind(frame, field))
            } else {
                self.part_kind(&parts, columns.kinds.len(), &mut columns)
            };
            if columns.takes_again(kind) {
                let at = At { frame, field: field.unwrap_or(usize::MAX) };
                target.fault(span.clone(), Fault::DuplicateHeading { at, heading: shorten(shown) });
                kind = Kind::Ignored;
            }
            columns.push(kind);
        }
        Some(Inner { field, columns, by })
    }

    /// Reads all rows, group by group.
    pub(super) fn groups<T: Target>(
        &self,
        text: &str,
        layout: &Layout,
        (totals, fill): (&Totals, &Fill),
        reader: &mut Reader<'_>,
        target: &mut T,
    ) {
        let Some(inner) = &layout.inner else { return };
        for (group, starts) in self.gather(text, layout, (totals, fill), inner.by, target) {
            let mut rows: Vec<(Scanner<'_>, Vec<Cell>, usize)> = Vec::with_capacity(starts.len());
            for start in starts {
                let (mut scanner, mut cells) =
                    (Scanner::new(text, start, self.delimiter), Vec::new());
                scanner.row(&mut cells);
                fill.apply(start, &mut cells);
                rows.push((scanner, cells, start));
            }
            let Some((_, first, start)) = rows.first() else { continue };
            let place = first.get(inner.by).map_or(*start..*start, |cell| cell.raw.clone());
            let end = rows
                .last()
                .and_then(|(_, cells, _)| cells.last())
                .map_or(place.end, |cell| cell.raw.end);
            let frame = layout.frame();
            target.open(frame, beginning(first, *start));
            if layout.is_sole {
                target.parent(Parent::Sole, place.clone());
            }
            for (index, kind) in layout.columns.kinds.iter().enumerate() {
                shared(&group, &rows, &layout.columns, (index, *kind), reader, target);
            }
            for &field in layout.columns.lacking.keys() {
                target.give_up(At { frame, field });
            }
            if rows.iter().any(|(scanner, cells, _)| reader.holds_unclaimed(scanner, cells)) {
                target.doubt(frame);
            }
            if target.list(At { frame, field: inner.field }, place) {
                for (scanner, cells, start) in &rows {
                    reader.check_length(scanner, cells, *start, target);
                    element(scanner, cells, *start, &inner.columns, reader, target);
                }
            }
            target.close(frame, end);
        }
    }

    /// The rows by the value of a column.
    fn gather<T: Target>(
        &self,
        text: &str,
        layout: &Layout,
        (totals, fill): (&Totals, &Fill),
        by: usize,
        target: &mut T,
    ) -> Groups {
        let mut scanner = Scanner::new(text, layout.body, self.delimiter);
        let (mut cells, mut scratch) = (Vec::new(), String::new());
        let field = layout.titles.get(by).and_then(|(title, _)| {
            self.plan.last_key(self.frame, self.headings.field(self.frame, title)?)
        });
        let mut groups: Groups = Vec::new();
        let mut names = GroupNames::new(field);
        let mut ungrouped = Ungrouped::default();
        while let Some(row) = scanner.row(&mut cells) {
            let start = match row {
                Row::At(start)
                    if totals.has(start) || cells.iter().all(|cell| cell.raw.is_empty()) =>
                {
                    continue;
                }
                Row::At(start) => start,
                Row::Open(at) => {
                    target.fault(at..at + 1, Fault::UnterminatedQuote);
                    continue;
                }
            };
            fill.apply(start, &mut cells);
            let value = cells.get(by).map_or("", |cell| scanner.content(cell, &mut scratch)).trim();
            let is_empty = |column: usize| cells.get(column).is_none_or(|cell| cell.raw.is_empty());
            if key::is_blank(value) {
                let span =
                    cells.get(by).or(cells.first()).map_or(start..start, |cell| cell.raw.clone());
                ungrouped.add(span, groups.is_empty());
                ungrouped.given.extend((0..cells.len()).filter(|column| !is_empty(*column)));
                continue;
            }
            ungrouped.above.extend((0..cells.len()).filter(|column| !is_empty(*column)));
            match groups.get_mut(names.number(value)) {
                Some((_, starts)) => starts.push(start),
                None => groups.push((value.to_owned(), vec![start])),
            }
        }
        ungrouped.say(layout, by, target);
        groups
    }
}

/// Rows that do not say which group they belong to.
#[derive(Default)]
struct Ungrouped {
    /// The first, and how many there are.
    rows: Option<(Range<usize>, usize)>,
    /// Whether some stand above all groups.
    leads: bool,
    /// The columns that one of them gives, and that a row of a group does.
    given: BTreeSet<usize>,
    above: BTreeSet<usize>,
}

impl Ungrouped {
    fn add(&mut self, place: Range<usize>, leads: bool) {
        self.rows.get_or_insert((place, 0)).1 += 1;
        self.leads |= leads;
    }

    /// Says it once, with the columns in which empty cells seem to continue the row above.
    fn say<T: Target>(self, layout: &Layout, by: usize, target: &mut T) {
        let Some((place, rows)) = self.rows else { return };
        let title = |column: usize| layout.titles.get(column).map_or("", |(title, _)| title);
        let continues = |column: &usize| {
            *column == by
                || layout.is_known(*column)
                    && self.above.contains(column)
                    && !self.given.contains(column)
        };
        let fill: Vec<String> = if self.leads {
            Vec::new()
        } else {
            (0..layout.titles.len())
                .filter(continues)
                .map(|column| title(column).to_owned())
                .collect()
        };
        target.fault(place, Fault::EmptyGroup { heading: shorten(title(by)), rows, fill });
    }
}

/// A field of the whole: what its rows say, which has to be the same; rows may leave it empty after
/// another has given it.
fn shared<T: Target>(
    group: &str,
    rows: &[(Scanner<'_>, Vec<Cell>, usize)],
    columns: &Columns,
    (index, kind): (usize, Kind),
    reader: &mut Reader<'_>,
    target: &mut T,
) {
    if matches!(kind, Kind::Unknown | Kind::Ignored) {
        return;
    }
    let frame = columns.frame;
    let (mut one, mut other) = (String::new(), String::new());
    let mut given: Option<(&Scanner<'_>, &Cell)> = None;
    for (scanner, cells, _) in rows {
        let Some(cell) = cells.get(index) else { continue };
        let text = scanner.content(cell, &mut other).trim();
        let at = held(reader.plan, frame, kind);
        if text.is_empty() || at.is_some_and(|at| reader.leaves_out(at, text)) {
            continue;
        }
        match given {
            None => given = Some((scanner, cell)),
            Some((before, first)) => {
                let before = before.content(first, &mut one).trim();
                let Some(at) = held(reader.plan, frame, kind) else { continue };
                if before != text && !reader.plan.is_same(at, before, text) {
                    target.fault(cell.raw.clone(), Fault::Varying { at, group: shorten(group) });
                    let parts = columns.parts.get(&index).into_iter().flatten();
                    let pairs = &reader.layout.conventions.pairs;
                    let fields = parts
                        .filter_map(|(pair, _)| pairs.get(*pair))
                        .flat_map(|pair| &pair.fields);
                    let others: Vec<At> = fields.filter(|other| **other != at).copied().collect();
                    others.into_iter().for_each(|at| target.give_up(at));
                    return give_up(frame, kind, cell.raw.start, target);
                }
            }
        }
    }
    let empty = || rows.iter().find_map(|(scanner, cells, _)| Some((scanner, cells.get(index)?)));
    if let Some((scanner, cell)) = given.or_else(empty) {
        reader.cell(scanner, cell, columns, (index, kind), target);
    }
}

/// A row as an element; one that gives none of its fields is none.
fn element<T: Target>(
    scanner: &Scanner<'_>,
    cells: &[Cell],
    start: usize,
    columns: &Columns,
    reader: &mut Reader<'_>,
    target: &mut T,
) {
    let mut scratch = String::new();
    let mut fields =
        columns.kinds.iter().zip(cells).filter(|(kind, _)| {
            matches!(kind, Kind::Field(_) | Kind::Elements(..) | Kind::Part(_))
        });
    let Some(first) = fields.clone().map(|(_, cell)| cell).next() else { return };
    let is_empty = |(kind, cell): (&Kind, &Cell)| {
        let text = scanner.content(cell, &mut scratch).trim();
        let at = held(reader.plan, columns.frame, *kind);
        text.is_empty() || at.is_some_and(|at| reader.leaves_out(at, text))
    };
    if fields.all(is_empty) {
        return;
    }
    target.open(columns.frame, first.raw.clone());
    reader.cells(scanner, cells, start, columns, target);
    target.close(columns.frame, cells.last().map_or(start, |cell| cell.raw.end));
}
