//! Cells of a row into its fields.

use super::Kind;
use super::fill::Fill;
use super::layout::{Columns, Layout};
use super::list;
use crate::data::bind::cell::{self, is_no_list};
use crate::data::bind::conventions::How;
use crate::data::bind::plan::{FieldPlan, Plan};
use crate::data::bind::{Parent, Target};
use crate::data::csv::{Cell, Row, Scanner};
use crate::data::event::Scalar;
use crate::data::fault::{At, Fault};
use crate::data::names::shorten;
use crate::data::workbook::{Bad, Page, column_name};
use crate::schema::Type;
use crate::value::key;
use std::borrow::Cow;
use std::ops::Range;

/// How many cells with content each column has, and where the first stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contents(Vec<(usize, Range<usize>)>);

impl Contents {
    fn new(columns: usize) -> Self {
        Self(vec![(0, 0..0); columns])
    }

    fn note(&mut self, column: usize, place: Range<usize>) {
        if let Some((count, first)) = self.0.get_mut(column) {
            *count += 1;
            if *count == 1 {
                *first = place;
            }
        }
    }

    /// Adds those of a part that begins `base` bytes behind this one.
    pub fn append(&mut self, other: Self, base: usize) {
        self.0.resize(self.0.len().max(other.0.len()), (0, 0..0));
        for ((count, first), (more, place)) in self.0.iter_mut().zip(other.0) {
            if *count == 0 && more > 0 {
                *first = place.start + base..place.end + base;
            }
            *count += more;
        }
    }
}

impl IntoIterator for Contents {
    type Item = (usize, Range<usize>);
    type IntoIter = std::vec::IntoIter<Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// Reads rows under known headings.
pub struct Reader<'r> {
    /// The schema.
    pub plan: &'r Plan,
    /// The headings.
    pub layout: &'r Layout,
    page: Option<&'r Page>,
    /// What columns hold that no field is called.
    pub contents: Contents,
    /// The columns whose cells may be of any field.
    unclaimed: Vec<usize>,
    /// The cells that repeat others.
    pub fill: Option<&'r Fill>,
    /// The first of the elements that name no parent, and how many there are.
    pub orphans: Option<(Range<usize>, usize)>,
    scratch: String,
}

impl<'r> Reader<'r> {
    /// A reader of rows under these headings.
    pub fn new(plan: &'r Plan, layout: &'r Layout, page: Option<&'r Page>) -> Self {
        let columns = layout.titles.len();
        let unclaimed = (0..columns).filter(|column| layout.is_unclaimed(*column)).collect();
        Self {
            plan,
            layout,
            page,
            contents: Contents::new(columns),
            unclaimed,
            fill: None,
            orphans: None,
            scratch: String::new(),
        }
    }

    /// Whether a text means that a field is not given.
    pub fn leaves_out(&self, at: At, text: &str) -> bool {
        let how = How { conventions: &self.layout.conventions, measure: None };
        let field = self.plan.field(at.frame, at.field);
        field.is_some_and(|field| cell::leaves_out(field, Scalar::Text(text), how))
    }

    /// One row.
    pub fn row<T: Target>(
        &mut self,
        scanner: &Scanner<'_>,
        cells: &[Cell],
        start: usize,
        target: &mut T,
    ) {
        if cells.iter().all(|cell| cell.raw.is_empty()) {
            return;
        }
        let layout = self.layout;
        // What stands far from the table makes no row of it.
        let mut known = cells.iter().take(layout.titles.len());
        if layout.is_loose && known.all(|cell| cell.raw.is_empty()) {
            return self.check_length(scanner, cells, start, target);
        }
        let columns = &layout.columns;
        target.open(columns.frame, beginning(cells, start));
        if layout.is_sole {
            target.parent(Parent::Sole, start..start);
        }
        self.check_length(scanner, cells, start, target);
        self.cells(scanner, cells, start, columns, target);
        target.close(columns.frame, cells.last().map_or(start, |cell| cell.raw.end));
    }

    /// The key of a row of which only the first cells could be read, if it is among them; of an
    /// element, that of the row it belongs to.
    pub fn key(&mut self, scanner: &Scanner<'_>, cells: &[Cell]) -> Option<String> {
        let shape = self.plan.frame(self.layout.frame())?;
        let holds_key = match (shape.parent, shape.key) {
            (Some(_), _) => Kind::Parent,
            (None, key) => Kind::Field(key?),
        };
        let mut kinds = self.layout.columns.kinds.iter();
        let cell = cells.get(kinds.position(|kind| *kind == holds_key)?)?;
        let text = scanner.content(cell, &mut self.scratch).trim();
        (cell.rest().is_none() && !key::is_blank(text) && !text.contains('\u{FFFD}'))
            .then(|| text.to_owned())
    }

    /// Says where there are more or fewer cells than headings; in a workbook, only cells without a
    /// heading.
    pub fn check_length<T: Target>(
        &mut self,
        scanner: &Scanner<'_>,
        cells: &[Cell],
        start: usize,
        target: &mut T,
    ) {
        let headings = self.layout.titles.len();
        if self.layout.is_loose {
            for (index, cell) in cells.iter().enumerate().skip(headings) {
                if !scanner.content(cell, &mut self.scratch).trim().is_empty() {
                    target.unknown(
                        self.layout.frame(),
                        &format!("({})", column_name(index)),
                        cell.raw.clone(),
                        1,
                    );
                }
            }
        } else if cells.len() != headings {
            let extra = cells.get(headings).map_or(start, |cell| cell.raw.start);
            let begin = if cells.len() > headings { extra } else { start };
            // A cell that is filled in stands above.
            let end = cells.iter().map(|cell| cell.raw.end).max().unwrap_or(begin).max(begin);
            target.fault(begin..end, Fault::RaggedRow { cells: cells.len(), headings });
        }
    }

    /// The fields of one frame from a row's cells.
    pub fn cells<T: Target>(
        &mut self,
        scanner: &Scanner<'_>,
        cells: &[Cell],
        start: usize,
        columns: &Columns,
        target: &mut T,
    ) {
        let frame = columns.frame;
        let key = self.plan.frame(frame).and_then(|shape| shape.key);
        let fits = self.layout.is_loose || cells.len() <= columns.kinds.len();
        for (index, kind) in columns.kinds.iter().enumerate() {
            let trusted = fits
                || matches!(kind, Kind::Parent)
                || matches!(kind, Kind::Field(field) if Some(*field) == key);
            match cells.get(index).filter(|_| trusted) {
                Some(cell) => self.cell(scanner, cell, columns, (index, *kind), target),
                None if self.layout.is_loose && *kind != Kind::Parent => {}
                None => give_up(frame, *kind, start, target),
            }
        }
        for (&field, column) in &columns.lacking {
            let at = At { frame, field };
            match column.and_then(|column| cells.get(column)) {
                Some(cell) => target.refuse(at, cell.raw.clone()),
                None => target.give_up(at),
            }
        }
        if self.holds_unclaimed(scanner, cells) {
            target.doubt(frame);
        }
    }

    /// Whether a row has something under no known heading.
    pub fn holds_unclaimed(&mut self, scanner: &Scanner<'_>, cells: &[Cell]) -> bool {
        let named = self.unclaimed.iter().filter_map(|column| cells.get(*column));
        let mut unclaimed = named.chain(cells.iter().skip(self.layout.titles.len()));
        unclaimed.any(|cell| !scanner.content(cell, &mut self.scratch).trim().is_empty())
    }

    /// One cell as a field of a frame; most hold a value and nothing else.
    #[inline]
    pub fn cell<T: Target>(
        &mut self,
        scanner: &Scanner<'_>,
        cell: &Cell,
        columns: &Columns,
        (index, kind): (usize, Kind),
        target: &mut T,
    ) {
        match (kind, scanner.bare(cell).filter(|_| self.is_plain())) {
            (Kind::Field(field), Some(text)) if !may_be_guarded(text) => {
                let at = At { frame: columns.frame, field };
                target.value(at, Scalar::Text(text), cell.raw.clone());
            }
            _ => self.look_at(scanner, cell, columns, (index, kind), target),
        }
    }

    /// Whether nothing but the cells themselves says what they hold.
    #[inline]
    fn is_plain(&self) -> bool {
        self.page.is_none() && self.fill.is_none_or(Fill::is_empty)
    }

    #[inline(never)]
    fn look_at<T: Target>(
        &mut self,
        scanner: &Scanner<'_>,
        cell: &Cell,
        columns: &Columns,
        (index, kind): (usize, Kind),
        target: &mut T,
    ) {
        let frame = columns.frame;
        let span = cell.raw.clone();
        if let Some((rest, text)) = cell.rest().zip(scanner.rest(cell)) {
            target.fault(rest, Fault::TextAfterQuote(shorten(text)));
            return give_up(frame, kind, span.start, target);
        }
        if self.fill.is_some_and(|fill| fill.is_ditto(span.start)) {
            return give_up(frame, kind, span.start, target);
        }
        let text = unguarded(scanner.content(cell, &mut self.scratch));
        let text = text.as_ref();
        let how = How { conventions: &self.layout.conventions, measure: None };
        if let Some(page) = self.page
            && let Some(at) = held(self.plan, frame, kind)
        {
            if let Some(bad) = page.bad(span.start) {
                let fault = match bad {
                    Bad::Formula => Fault::FormulaError { at, shown: shorten(text) },
                    Bad::Digits => Fault::ImpreciseNumber(at),
                    Bad::Date => Fault::NegativeDate { at, shown: shorten(text) },
                };
                target.fault(span.clone(), fault);
                return give_up(frame, kind, span.start, target);
            }
            let adds_up = matches!(
                self.plan.field(at.frame, at.field).map(|field| field.ty),
                Some(Type::Integer | Type::Decimal | Type::Money)
            );
            if adds_up && page.begins_region(span.start) {
                target.fault(span.clone(), Fault::MergedNumber(at));
            }
        }
        match kind {
            Kind::Field(field) => target.value(At { frame, field }, Scalar::Text(text), span),
            Kind::Elements(field, child) => {
                let at = At { frame, field };
                let plan = self.plan.field(frame, field);
                let is_none =
                    plan.is_some_and(|field| is_no_list(field, Scalar::Text(text.trim()), how));
                match (is_none, plan.is_some_and(FieldPlan::is_required)) {
                    (true, true) => {
                        target.fault(span, Fault::MissingElements(at));
                        target.give_up(at);
                    }
                    (true, false) => target.value(at, Scalar::Null, span),
                    (false, _) if plan.is_some_and(|field| field.written.is_some()) => {
                        let written = plan.and_then(|field| field.written.as_deref());
                        if let Some(written) = written {
                            let place = |part: &Range<usize>| list::place(cell, text, part);
                            written.give((at, child), text, place, target);
                        }
                    }
                    (false, _) => {
                        let child = (child, self.plan.field(child, 0));
                        list::elements(at, child, (text, cell), how, target);
                    }
                }
            }
            Kind::Parent if key::is_blank(text) => {
                self.orphans.get_or_insert((span.clone(), 0)).1 += 1;
                target.parent(Parent::Unreadable, span);
            }
            Kind::Parent => target.parent(Parent::Key(text.trim()), span),
            Kind::Part(_) => {
                let parts = columns.parts.get(&index).map_or(&[][..], |parts| parts);
                let pairs = &self.layout.conventions.pairs;
                let own = parts.iter().filter_map(|(pair, _)| pairs.get(*pair));
                let fields: Vec<At> = own.flat_map(|pair| pair.fields.clone()).collect();
                target.part(parts, &fields, Scalar::Text(text), span);
            }
            Kind::Ignored => {}
            Kind::Unknown if text.trim().is_empty() => {}
            Kind::Unknown => self.contents.note(index, span),
        }
    }
}

/// The field whose value a cell holds; for the key of the row's parent, that key.
pub fn held(plan: &Plan, frame: usize, kind: Kind) -> Option<At> {
    match kind {
        Kind::Field(field) | Kind::Elements(field, _) | Kind::Part(field) => {
            Some(At { frame, field })
        }
        Kind::Parent => {
            let (frame, _) = plan.frame(frame)?.parent?;
            Some(At { frame, field: plan.frame(frame)?.key? })
        }
        Kind::Unknown | Kind::Ignored => None,
    }
}

/// A cell that is missing or cannot be trusted.
pub fn give_up<T: Target>(frame: usize, kind: Kind, start: usize, target: &mut T) {
    match kind {
        Kind::Field(field) | Kind::Elements(field, _) | Kind::Part(field) => {
            target.give_up(At { frame, field });
        }
        Kind::Parent => target.parent(Parent::Unreadable, start..start),
        Kind::Unknown | Kind::Ignored => {}
    }
}

/// Where a row begins; its first cell may be one of a row above, which it repeats.
pub fn beginning(cells: &[Cell], start: usize) -> Range<usize> {
    let first = cells.first().filter(|cell| cell.raw.start >= start);
    first.map_or(start..start, |cell| cell.raw.clone())
}

/// What stands in a guard that keeps a spreadsheet program from taking a text for a number:
/// `="00123"` and `'00123` are `00123`.
fn unguarded(text: &str) -> Cow<'_, str> {
    if !may_be_guarded(text) {
        return Cow::Borrowed(text);
    }
    let inner = text.trim().strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"'));
    match inner {
        Some(inner) if inner.contains('"') => Cow::Owned(inner.replace("\"\"", "\"")),
        Some(inner) => Cow::Borrowed(inner),
        None => {
            let quoted = text.trim_start().strip_prefix(['\'', '’']);
            let is_number = |rest: &&str| {
                rest.starts_with(|letter: char| letter.is_ascii_digit()) && !rest.ends_with('\'')
            };
            Cow::Borrowed(quoted.filter(is_number).unwrap_or(text))
        }
    }
}

/// Whether a guard may stand before a text: blanks, ASCII or not, may stand before the guard.
#[inline]
fn may_be_guarded(text: &str) -> bool {
    matches!(text.as_bytes().first(), Some(b'=' | b'\'' | ..=b' ' | 0xc2 | 0xe1..=0xe3))
}

impl Layout {
    /// Reads one row again; whether it ended before the text did.
    pub fn reread<T: Target>(&self, plan: &Plan, text: &str, at: usize, target: &mut T) -> bool {
        let mut scanner = Scanner::new(text, at, self.delimiter);
        let mut cells = Vec::new();
        let Some(Row::At(start)) = scanner.row(&mut cells) else { return false };
        Reader::new(plan, self, None).row(&scanner, &cells, start, target);
        scanner.position() < text.len()
    }
}
