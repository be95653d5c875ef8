//! Rows of cells under headings into rows of a frame.

use super::Target;
use super::plan::{Headings, Plan};
use crate::data::csv::{Cell, Row, Scanner};
use crate::data::event::Scalar;
use crate::data::fault::{At, Fault};
use crate::data::names::{Lookup, fold, shorten};
use std::ops::Range;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// A field.
    Field(usize),
    /// A field whose elements stand in one cell.
    Elements(usize, usize),
    /// The key of the row's parent.
    Parent,
    /// Nothing known.
    Unknown,
    /// Passed over: what is wrong was said at the heading.
    Ignored,
}

/// The headings of a file: all that is needed to read one of its rows again.
#[derive(Clone, Debug)]
pub struct Layout {
    /// The frame of the rows.
    pub frame: usize,
    delimiter: u8,
    columns: Vec<Kind>,
    /// Fields that have no column and need one.
    lacking: Vec<usize>,
    /// Where the first row begins.
    body: usize,
    titles: Vec<(String, Range<usize>)>,
}

/// How a file is to be read.
#[derive(Clone, Copy, Debug)]
pub struct Sheet<'p> {
    /// The schema.
    pub plan: &'p Plan<'p>,
    /// What the headings stand for.
    pub headings: &'p Headings,
    /// The manifest's headings.
    pub manifest: &'p [(String, String)],
    /// The frame the file is listed for.
    pub frame: usize,
    /// The heading row, from 1.
    pub header: usize,
    /// What separates cells.
    pub delimiter: u8,
}

/// How many rows below the headings are looked at for the ones that were meant.
const LOOKED_DOWN: usize = 20;

/// How many open quotes are passed over in one file.
const MOST_OPEN_QUOTES: usize = 100;

impl Sheet<'_> {
    /// Reads a whole file; the headings, where the rows could be read.
    pub fn read<T: Target>(&self, text: &str, target: &mut T) -> Option<Layout> {
        let layout = self.layout(text, target)?;
        let mut scanner = Scanner::new(text, layout.body, self.delimiter);
        let mut counts = vec![0; layout.columns.len()];
        let mut cells = Vec::new();
        let mut open = 0;
        let mut reader = Reader { plan: self.plan, layout: &layout, counts: &mut counts, scratch: String::new() };
        while let Some(row) = scanner.row(&mut cells) {
            match row {
                Row::At(start) => reader.row(&scanner, &cells, start, target),
                Row::Open(at) => {
                    target.fault(at..at + 1, Fault::UnterminatedQuote);
                    open += 1;
                    if open == MOST_OPEN_QUOTES {
                        break;
                    }
                }
            }
        }
        for ((kind, (title, span)), rows) in layout.columns.iter().zip(&layout.titles).zip(counts) {
            match (kind, title.as_str()) {
                (Kind::Unknown, "") if rows == 0 => {}
                (Kind::Unknown, "idx" | "序号") => target.fault(span.clone(), Fault::IgnoredColumn { heading: title.clone(), rows }),
                (Kind::Unknown, _) => target.unknown(layout.frame, title, span.clone(), rows),
                _ => {}
            }
        }
        Some(layout)
    }

    /// Finds and reads the heading row.
    fn layout<T: Target>(&self, text: &str, target: &mut T) -> Option<Layout> {
        let mut scanner = Scanner::new(text, 0, self.delimiter);
        let mut cells = Vec::new();
        let mut number = 0;
        loop {
            let row = scanner.row(&mut cells);
            number += 1;
            match row {
                None if text.trim().is_empty() => return None,
                None => {
                    target.fault(0..0, Fault::MissingHeadingRow(self.header));
                    return None;
                }
                Some(Row::Open(at)) if number >= self.header => {
                    target.fault(at..at + 1, Fault::UnterminatedQuote);
                    return None;
                }
                Some(Row::At(_)) if number >= self.header && cells.iter().any(|cell| !cell.content.is_empty()) => break,
                Some(_) => {}
            }
        }
        let mut layout = Layout {
            frame: self.frame,
            delimiter: self.delimiter,
            columns: Vec::new(),
            lacking: Vec::new(),
            body: scanner.position(),
            titles: titles(&scanner, &cells),
        };
        self.columns(&mut layout, target)?;
        if !layout.columns.iter().any(|kind| matches!(kind, Kind::Field(_) | Kind::Elements(..) | Kind::Parent)) {
            self.no_known_heading(&layout, scanner, number, target);
            return None;
        }
        self.lacking(&mut layout, target);
        Some(layout)
    }

    /// None of the headings is one: what stands above them was not passed over, or something else separates them.
    fn no_known_heading<T: Target>(&self, layout: &Layout, mut scanner: Scanner<'_>, row: usize, target: &mut T) {
        let known = |title: &str| self.headings.field(self.frame, title).is_some();
        let separator = [';', '\t', '；', '|', ','].into_iter().find(|separator| {
            layout.titles.iter().any(|(title, _)| title.contains(*separator) && title.split(*separator).any(|part| known(&fold(part))))
        });
        let mut cells = Vec::new();
        let meant = (row + 1..=row + LOOKED_DOWN).find(|_| {
            matches!(scanner.row(&mut cells), Some(Row::At(_))) && titles(&scanner, &cells).iter().any(|(title, _)| known(title))
        });
        let whole = layout.titles.first().map_or(0, |(_, span)| span.start)..layout.titles.last().map_or(0, |(_, span)| span.end);
        target.fault(whole, Fault::NoKnownHeading { frame: self.frame, row, meant, separator });
    }

    /// What each heading stands for.
    fn columns<T: Target>(&self, layout: &mut Layout, target: &mut T) -> Option<()> {
        let shape = self.plan.frame(self.frame)?;
        let parent = shape.parent.map(|(parent, _)| parent);
        let parents = parent.map(|parent| self.parent_headings(parent));
        for (title, span) in &layout.titles {
            let field = self.headings.field(self.frame, title);
            let mut kind = match field {
                Some(field) => self.field_kind(field),
                None if parents.as_ref().is_some_and(|names| names.get(title).is_some()) => Kind::Parent,
                None => Kind::Unknown,
            };
            if !matches!(kind, Kind::Unknown | Kind::Ignored) && layout.columns.contains(&kind) {
                let at = At { frame: self.frame, field: field.unwrap_or(usize::MAX) };
                target.fault(span.clone(), Fault::DuplicateHeading { at, heading: shorten(title) });
                kind = Kind::Ignored;
            }
            if let (Kind::Ignored, Some(field)) = (kind, field.filter(|field| !layout.lacking.contains(field) && !layout.has(*field))) {
                target.fault(span.clone(), Fault::ListInCell(At { frame: self.frame, field }));
                layout.lacking.push(field);
            }
            layout.columns.push(kind);
        }
        let whole = layout.titles.first().map_or(0, |(_, span)| span.start)..layout.titles.last().map_or(0, |(_, span)| span.end);
        if let Some(parent) = parent {
            if self.plan.frame(parent).is_none_or(|shape| shape.key.is_none()) {
                target.fault(whole, Fault::NoParentKey { frame: self.frame });
                return None;
            }
            if !layout.columns.contains(&Kind::Parent) {
                target.fault(whole, Fault::MissingParentColumn { frame: self.frame });
                return None;
            }
        }
        Some(())
    }

    fn field_kind(&self, field: usize) -> Kind {
        match self.plan.field(self.frame, field).and_then(|field| field.list) {
            None => Kind::Field(field),
            Some(child) if self.plan.frame(child).is_some_and(|child| child.plain) => Kind::Elements(field, child),
            Some(_) => Kind::Ignored,
        }
    }

    /// Headings that name the parent: its key, or the parent itself.
    fn parent_headings(&self, parent: usize) -> Lookup {
        let mut lookup = Lookup::default();
        let Some(frame) = self.plan.schema.frames.get(parent) else { return lookup };
        if let Some(key) = frame.key().and_then(|id| frame.field(id)) {
            let mapped = self.manifest.iter().filter(|(_, name)| key.is_called(&fold(name)));
            mapped.for_each(|(heading, _)| lookup.add(heading, 0));
            key.names.iter().chain(key.also.iter().map(|word| &**word)).for_each(|word| lookup.add(word, 0));
        }
        frame.names.iter().for_each(|word| lookup.add(word, 0));
        lookup
    }

    /// Fields without a column: said once, not at every row.
    fn lacking<T: Target>(&self, layout: &mut Layout, target: &mut T) {
        let fields = self.plan.frame(self.frame).map_or(&[][..], |frame| &frame.fields);
        let whole = layout.titles.first().map_or(0, |(_, span)| span.start)..layout.titles.last().map_or(0, |(_, span)| span.end);
        let mut missing = Vec::new();
        for (field, plan) in fields.iter().enumerate() {
            let given = layout.has(field) || layout.lacking.contains(&field);
            if plan.optional || plan.default.is_some() || plan.fed || given {
                continue;
            }
            if plan.list.is_some() {
                target.fault(whole.clone(), Fault::MissingListFile(At { frame: self.frame, field }));
            } else {
                missing.push(field);
            }
            layout.lacking.push(field);
        }
        if !missing.is_empty() {
            target.fault(whole, Fault::MissingColumn { frame: self.frame, fields: missing });
        }
    }
}

/// The headings with their places, folded.
fn titles(scanner: &Scanner<'_>, cells: &[Cell]) -> Vec<(String, Range<usize>)> {
    let mut scratch = String::new();
    cells.iter().map(|cell| (fold(scanner.content(cell, &mut scratch)).into_owned(), cell.raw.clone())).collect()
}

impl Layout {
    /// Whether a field has a column.
    fn has(&self, field: usize) -> bool {
        self.columns.iter().any(|kind| matches!(kind, Kind::Field(id) | Kind::Elements(id, _) if *id == field))
    }

    /// Reads one row again; whether it ended before the text did.
    pub fn reread<T: Target>(&self, plan: &Plan<'_>, text: &str, at: usize, target: &mut T) -> bool {
        let mut scanner = Scanner::new(text, at, self.delimiter);
        let mut cells = Vec::new();
        let mut counts = vec![0; self.columns.len()];
        let Some(Row::At(start)) = scanner.row(&mut cells) else { return false };
        Reader { plan, layout: self, counts: &mut counts, scratch: String::new() }.row(&scanner, &cells, start, target);
        scanner.position() < text.len()
    }
}

/// Reads rows under known headings.
struct Reader<'r> {
    plan: &'r Plan<'r>,
    layout: &'r Layout,
    /// Cells with content, by column.
    counts: &'r mut [usize],
    scratch: String,
}

impl Reader<'_> {
    fn row<T: Target>(&mut self, scanner: &Scanner<'_>, cells: &[Cell], start: usize, target: &mut T) {
        if cells.iter().all(|cell| cell.raw.is_empty()) {
            return;
        }
        let frame = self.layout.frame;
        let columns = &self.layout.columns;
        target.open(frame, cells.first().map_or(start..start, |cell| cell.raw.clone()));
        if cells.len() != columns.len() {
            let extra = cells.get(columns.len()).map_or(start, |cell| cell.raw.start);
            let span = if cells.len() > columns.len() { extra } else { start }..cells.last().map_or(start, |cell| cell.raw.end);
            target.fault(span, Fault::RaggedRow { cells: cells.len(), headings: columns.len() });
        }
        let key = self.plan.frame(frame).and_then(|shape| shape.key);
        for (index, kind) in columns.iter().enumerate() {
            let trusted =
                cells.len() <= columns.len() || matches!(kind, Kind::Parent) || matches!(kind, Kind::Field(field) if Some(*field) == key);
            match cells.get(index).filter(|_| trusted) {
                Some(cell) => self.cell(scanner, cell, (index, *kind), target),
                None => give_up(frame, *kind, start, target),
            }
        }
        for &field in &self.layout.lacking {
            target.give_up(At { frame, field });
        }
        target.close(frame, cells.last().map_or(start, |cell| cell.raw.end));
    }

    #[inline]
    fn cell<T: Target>(&mut self, scanner: &Scanner<'_>, cell: &Cell, (index, kind): (usize, Kind), target: &mut T) {
        let frame = self.layout.frame;
        let span = cell.raw.clone();
        if let Some(rest) = &cell.rest {
            let text = scanner.content(&Cell { content: rest.clone(), ..cell.clone() }, &mut self.scratch);
            target.fault(rest.clone(), Fault::TextAfterQuote(shorten(text)));
            return give_up(frame, kind, span.start, target);
        }
        let text = scanner.content(cell, &mut self.scratch);
        match kind {
            Kind::Field(field) => target.value(At { frame, field }, Scalar::Text(text), span),
            Kind::Elements(field, child) => elements(At { frame, field }, child, text, cell, target),
            Kind::Parent if text.trim().is_empty() => {
                target.fault(span.clone(), Fault::MissingParent { frame });
                target.parent("", span);
            }
            Kind::Parent => target.parent(text.trim(), span),
            Kind::Ignored => {}
            Kind::Unknown => {
                if let (false, Some(count)) = (text.trim().is_empty(), self.counts.get_mut(index)) {
                    *count += 1;
                }
            }
        }
    }
}

/// A cell that is missing or cannot be trusted.
fn give_up<T: Target>(frame: usize, kind: Kind, start: usize, target: &mut T) {
    match kind {
        Kind::Field(field) | Kind::Elements(field, _) => target.give_up(At { frame, field }),
        Kind::Parent => target.parent("", start..start),
        Kind::Unknown | Kind::Ignored => {}
    }
}

/// Several plain values in one cell, between `、`, `;` and `；`.
fn elements<T: Target>(at: At, child: usize, text: &str, cell: &Cell, target: &mut T) {
    if text.trim().is_empty() {
        return target.value(at, Scalar::Null, cell.raw.clone());
    }
    if !target.list(at, cell.raw.clone()) {
        return;
    }
    let mut from = cell.content.start;
    for piece in text.split_inclusive(['、', ';', '；']) {
        let value = piece.trim_end_matches(['、', ';', '；']);
        let lead = value.len() - value.trim_start().len();
        let span = if cell.doubled { cell.raw.clone() } else { from + lead..from + lead + value.trim().len() };
        from += piece.len();
        if !value.trim().is_empty() {
            target.open(child, span.clone());
            target.value(At { frame: child, field: 0 }, Scalar::Text(value), span.clone());
            target.close(child, span.end);
        }
    }
}
