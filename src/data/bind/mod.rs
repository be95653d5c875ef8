//! Values into columns: every typing error arises here, once, whatever the format.

pub mod cell;
pub mod column;
pub mod conventions;
pub mod envelope;
pub mod flat;
pub mod groups;
pub mod headings;
mod inside;
pub mod marks;
pub mod meant;
mod order;
pub mod pairs;
pub mod plan;
pub mod references;
pub mod sheet;
pub mod slot;
mod take;
pub mod tree;
mod unfit;
pub mod units;
pub mod unpaired;
pub mod written;

use super::event::Scalar;
use super::fault::{At, Fault, Found, Unfit};
use super::faults::Faults;
use super::unit::{Currency, Measure};
use crate::invariant::fit;
use crate::schema::{Physical, Type};
use column::{Cells, Growing, Rows};
use conventions::{Conventions, How};
use marks::Marks;
use pairs::{Part, Pending};
use plan::{FieldPlan, Plan};
use references::{References, Runs};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;
use unfit::found;

/// Receives rows. [`Binder`] makes columns of them, [`super::trace::Tracer`] places.
pub trait Target {
    /// A row begins; the bytes stand for it where it has no key.
    fn open(&mut self, frame: usize, at: Range<usize>);
    /// A field of the open row.
    fn value(&mut self, at: At, scalar: Scalar<'_>, span: Range<usize>);
    /// A list of the open row is given, its elements follow; false if it was given before.
    fn list(&mut self, at: At, span: Range<usize>) -> bool;
    /// An object or an array where a field of the open row does not take one.
    fn misfit(&mut self, at: At, found: Found, span: Range<usize>);
    /// The open row ends.
    fn close(&mut self, frame: usize, end: usize);
    /// Gives up the open row of the file's own frame, with all in it.
    fn abort(&mut self);
    /// A field of the open row that cannot be read, where what is wrong has been said.
    fn give_up(&mut self, at: At);
    /// The same of one whose cell is there: its column was not read.
    fn refuse(&mut self, at: At, span: Range<usize>);
    /// A field of the open row that was given, and is not known all the same: what is wrong has
    /// been said.
    fn forget(&mut self, at: At);
    /// The open row of a frame holds something that no field is called: it may be any field the row
    /// does not give.
    fn doubt(&mut self, frame: usize);
    /// Whose element the open row is, in a file of elements.
    fn parent(&mut self, parent: Parent<'_>, span: Range<usize>);
    /// A row of the file's own frame could not be read; a key of it could: its own, or that of the
    /// row whose element it is.
    fn lose(&mut self, key: &str, span: Range<usize>, fault: Fault);
    /// Something else is wrong.
    fn fault(&mut self, span: Range<usize>, fault: Fault);
    /// Numbers of a field that state no unit are in this one.
    fn measure(&mut self, _: At, _: Measure) {}
    /// The number or the unit of pairs, in the open row.
    fn part(
        &mut self,
        parts: &[(usize, Part)],
        fields: &[At],
        scalar: Scalar<'_>,
        span: Range<usize>,
    );
    /// A field of the open row is not known, wherever in the row it stands.
    fn withhold(&mut self, _: At) {}
    /// A field of the open row is not known, given so far or not: what is wrong has been said.
    fn give_up_all(&mut self, _: At) {}
    /// A key no field is called that holds units nothing is known of, in so many rows: what is given
    /// to these fields is not known.
    fn unpaired(
        &mut self,
        _: (usize, &BTreeSet<usize>),
        _: &str,
        _: Range<usize>,
        _: (&[String], usize),
    ) {
    }
    /// A key no field is called, in so many rows.
    fn unknown(&mut self, frame: usize, name: &str, span: Range<usize>, rows: usize);
}

/// Whose element a row of a file of elements is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parent<'a> {
    /// The row with this key.
    Key(&'a str),
    /// The one row of a single table.
    Sole,
    /// What says so cannot be read: it may be any row's.
    Unreadable,
}

/// Where the lists stand that a row of a file does not give.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lists {
    /// In the row: one that it does not give is not given.
    #[default]
    Inside,
    /// In files of their own, if there are such: the row cannot hold them.
    Apart,
}

/// The bytes that stand for a row: its key, else the whole of it where it is short, else its
/// beginning.
#[must_use]
pub fn row_span(key: Option<&Range<usize>>, at: &Range<usize>, end: usize) -> Range<usize> {
    match key {
        Some(key) => key.clone(),
        None if end > at.end && end - at.start <= 200 => at.start..end,
        None => at.clone(),
    }
}

/// The row being read of one frame.
#[derive(Clone, Debug, Default)]
struct Open {
    /// How many fields were given.
    given: usize,
    /// Whether it holds something that may be any field it does not give.
    doubtful: bool,
    at: Range<usize>,
    key: Option<Range<usize>>,
    /// Whether one of its values is none of this vocabulary's.
    foreign: bool,
    /// Finished rows when the current row of the file's own frame began.
    before: usize,
}

/// Makes columns of rows.
pub struct Binder<'p> {
    plan: &'p Plan,
    /// How values are written.
    conventions: &'p Conventions,
    /// The units of fields whose numbers state none.
    measures: HashMap<At, Measure>,
    /// Whether nothing is said of how values are written.
    is_usual: bool,
    /// What the open rows say of numbers whose unit stands elsewhere.
    pending: Vec<Pending>,
    /// The frame whose rows the file lists.
    top: usize,
    /// Whether undecodable bytes were replaced in the text.
    damaged: bool,
    /// Whether a required field that is not given is only a missing fact.
    pub partial: bool,
    /// Where lists stand that its rows do not give.
    pub lists: Lists,
    /// One a frame.
    pub rows: Vec<Rows>,
    /// Where each row of the file's own frame begins.
    pub starts: Vec<usize>,
    /// In a file of elements, the key of each row's parent.
    pub parents: Runs,
    /// Keys of rows that could not be read; of elements, those of the rows they belong to.
    pub lost: Vec<Box<str>>,
    /// What is wrong.
    pub faults: Faults,
    /// The currencies that are not the yuan in which amounts are.
    pub currencies: BTreeMap<At, &'static Currency>,
    /// Whether the text was so broken that what a row seems to lack may have been lost.
    broken: bool,
    open: Vec<Open>,
    /// Fields of open rows that are not known, whatever stands there.
    withheld: Vec<At>,
}

/// Empty columns.
#[must_use]
pub fn empty_rows(plan: &Plan) -> Vec<Rows> {
    let cells = |field: &FieldPlan| match (field.keep, field.ty, field.ty.physical()) {
        (_, Type::Ref(_), _) => Cells::References(References::default()),
        (false, ..) | (_, _, Physical::Frame) => Cells::Dropped,
        (_, _, Physical::Bits) => Cells::Bits(Marks::default()),
        (_, _, Physical::Ints) => Cells::Ints(Vec::new()),
        (_, _, Physical::Ratios) => Cells::Ratios(Vec::new()),
        (_, _, Physical::Texts) => Cells::Texts(crate::value::Texts::default()),
    };
    let columns =
        |fields: &[FieldPlan]| fields.iter().map(|field| Growing::new(cells(field))).collect();
    plan.frames
        .iter()
        .map(|frame| Rows { len: 0, columns: columns(&frame.fields), ends: Vec::new() })
        .collect()
}

impl<'p> Binder<'p> {
    /// A binder for a file that lists rows of `top`.
    #[must_use]
    pub fn new(plan: &'p Plan, conventions: &'p Conventions, top: usize, damaged: bool) -> Self {
        let open = vec![Open::default(); plan.frames.len()];
        Self {
            plan,
            conventions,
            measures: HashMap::new(),
            is_usual: conventions.are_usual(),
            pending: Vec::new(),
            top,
            damaged,
            partial: false,
            lists: Lists::default(),
            rows: empty_rows(plan),
            starts: Vec::new(),
            parents: Runs::default(),
            lost: Vec::new(),
            faults: Faults::default(),
            currencies: BTreeMap::new(),
            broken: false,
            open,
            withheld: Vec::new(),
        }
    }

    /// Another binder of the same text.
    #[must_use]
    pub fn fresh(&self) -> Self {
        let (partial, lists) = (self.partial, self.lists);
        let measures = self.measures.clone();
        let currencies = self.currencies.clone();
        let fresh = Self::new(self.plan, self.conventions, self.top, self.damaged);
        Self { partial, lists, measures, is_usual: self.is_usual, currencies, ..fresh }
    }

    /// What numbers of a field are in, where it is not the field's own unit.
    #[inline]
    fn measure_of(&self, at: At) -> Option<Measure> {
        if self.measures.is_empty() { None } else { self.measures.get(&at).copied() }
    }

    /// The row begun last of a frame, and the column of a field, if the field was not given before.
    /// One that is given twice is not known.
    #[inline]
    fn claim(&mut self, at: At, span: &Range<usize>) -> Option<(usize, &mut Growing)> {
        let rows = self.rows.get(at.frame)?;
        let len = rows.len;
        if rows.columns.get(at.field)?.last == len + 1 {
            self.given_twice(at, span.clone());
            return None;
        }
        let open = self.open.get_mut(at.frame)?;
        let column = self.rows.get_mut(at.frame)?.columns.get_mut(at.field)?;
        column.last = len + 1;
        open.given += 1;
        Some((len, column))
    }

    #[cold]
    fn given_twice(&mut self, at: At, span: Range<usize>) {
        self.forget(at);
        self.faults.push(span, Fault::DuplicateField(at));
    }

    /// The key of the row of the file's own frame that is being read, as far as it is.
    fn open_key(&self) -> Option<Box<str>> {
        let rows = self.rows.get(self.top)?;
        let column = rows.columns.get(self.plan.frame(self.top)?.key?)?;
        if column.last != rows.len + 1 || column.absent.get(rows.len) {
            return None;
        }
        match &column.cells {
            Cells::Texts(texts) => Some(texts.get(rows.len).into()),
            Cells::References(keys) => keys.key(rows.len).map(Box::from),
            Cells::Ints(values) => values.get(rows.len).map(|value| value.to_string().into()),
            Cells::Bits(_) | Cells::Ratios(_) | Cells::Dropped => None,
        }
    }

    /// Forgets rows of a frame from `len` on, and what is nested in them.
    fn cut(&mut self, frame: usize, len: usize) {
        let plan = self.plan;
        let Some(rows) = self.rows.get_mut(frame) else { return };
        let parents = rows.ends.len();
        rows.truncate(len, parents);
        for &child in plan.frame(frame).map_or(&[][..], |shape| &shape.children) {
            let Some(rows) = self.rows.get_mut(child) else { continue };
            rows.ends.truncate(len);
            let kept = rows.ends.last().map_or(0, |end| *end as usize);
            self.cut(child, kept);
        }
    }

    fn mark(&mut self, at: At, unread: bool) {
        if let Some(rows) = self.rows.get_mut(at.frame)
            && let Some(column) = rows.columns.get_mut(at.field)
        {
            column.fill();
            column.absent.mark(rows.len);
            if unread {
                column.unread.mark(rows.len);
            }
        }
    }

    /// A field that is not given.
    fn absent(&mut self, at: At, span: Range<usize>) {
        let Some(field) = self.plan.field(at.frame, at.field) else { return };
        if let (Some(default), false) = (&field.default, self.broken) {
            let rows = self.rows.get_mut(at.frame);
            if let Some((row, column)) =
                rows.and_then(|rows| Some((rows.len, rows.columns.get_mut(at.field)?)))
            {
                column.put(row, default);
            }
            return;
        }
        let missing = field.is_required();
        if missing && !self.partial {
            self.faults.push(span, Fault::MissingField(at));
        }
        self.mark(at, missing || self.broken);
    }
}

impl Target for Binder<'_> {
    fn open(&mut self, frame: usize, at: Range<usize>) {
        if frame == self.top {
            for &member in self.plan.frame(frame).map_or(&[][..], |frame| &frame.family) {
                if let (Some(open), Some(rows)) = (self.open.get_mut(member), self.rows.get(member))
                {
                    open.before = rows.len;
                }
            }
        }
        if let Some(open) = self.open.get_mut(frame) {
            open.given = 0;
            open.doubtful = false;
            open.foreign = false;
            open.at = at;
            open.key = None;
        }
    }

    #[inline]
    fn value(&mut self, at: At, scalar: Scalar<'_>, span: Range<usize>) {
        self.take(at, scalar, span);
    }

    fn list(&mut self, at: At, span: Range<usize>) -> bool {
        let first = self.claim(at, &span).is_some();
        if first && self.broken {
            self.mark(at, true);
        }
        first
    }

    fn misfit(&mut self, at: At, found: Found, span: Range<usize>) {
        if self.claim(at, &span).is_some() {
            self.unfit(at, Unfit::Type, found, span);
        }
    }

    fn close(&mut self, frame: usize, end: usize) {
        if !self.pending.is_empty() {
            self.resolve_pairs(frame);
        }
        let plan = self.plan;
        let (Some(shape), Some(open)) = (plan.frame(frame), self.open.get(frame)) else { return };
        if open.foreign && frame == self.top {
            return self.abort();
        }
        let (start, doubtful) = (open.at.start, open.doubtful);
        if !self.withheld.is_empty() {
            self.forget_withheld(frame);
        }
        let Some(open) = self.open.get(frame) else { return };
        if open.given < shape.fields.len() {
            let span = row_span(open.key.as_ref(), &open.at, end);
            for (field, wanted) in shape.fields.iter().enumerate() {
                let given = self
                    .rows
                    .get(frame)
                    .and_then(|rows| Some(rows.columns.get(field)?.last == rows.len + 1));
                match given {
                    Some(false) if wanted.fed && self.lists == Lists::Apart => {}
                    // In a file with damaged bytes, a key that nobody knows may be this one.
                    Some(false) if doubtful && (self.damaged || !wanted.is_required()) => {
                        self.mark(At { frame, field }, true)
                    }
                    // What is not there and nothing rests on is not known, and nobody asks.
                    Some(false) if !wanted.read && wanted.is_required() => {
                        self.mark(At { frame, field }, true)
                    }
                    Some(false) => self.absent(At { frame, field }, span.clone()),
                    _ => {}
                }
            }
        }
        if let Some(rows) = self.rows.get_mut(frame) {
            rows.len += 1;
        }
        if frame == self.top {
            self.starts.push(start);
        }
        for &child in &shape.children {
            if let Some(rows) = self.rows.get_mut(child) {
                rows.ends.push(fit(rows.len));
            }
        }
    }

    fn abort(&mut self) {
        self.pending.clear();
        self.withheld.clear();
        let plan = self.plan;
        self.lost.extend(self.open_key());
        for &member in plan.frame(self.top).map_or(&[][..], |frame| &frame.family) {
            let before = |frame: usize| self.open.get(frame).map_or(0, |open| open.before);
            let parents = plan
                .frame(member)
                .and_then(|frame| frame.parent)
                .map_or(0, |(parent, _)| before(parent));
            let len = before(member);
            if let Some(rows) = self.rows.get_mut(member) {
                rows.truncate(len, parents);
            }
        }
        let kept = self.rows.get(self.top).map_or(0, |rows| rows.len);
        self.starts.truncate(kept);
        self.parents.truncate(kept);
    }

    fn give_up(&mut self, at: At) {
        if self.claim(at, &(0..0)).is_some() {
            self.mark(at, true);
        }
    }

    fn refuse(&mut self, at: At, _: Range<usize>) {
        self.give_up(at);
    }

    fn forget(&mut self, at: At) {
        if let Some(rows) = self.rows.get_mut(at.frame)
            && let Some(column) = rows.columns.get_mut(at.field)
        {
            column.forget(rows.len);
        }
        // Which elements its list has is not known either.
        let list = self.plan.field(at.frame, at.field).and_then(|field| field.list);
        if let Some(list) = list {
            let before = self.rows.get(list).and_then(|rows| rows.ends.last());
            let before = before.map_or(0, |end| *end as usize);
            self.cut(list, before);
        }
    }

    fn doubt(&mut self, frame: usize) {
        if let Some(open) = self.open.get_mut(frame) {
            open.doubtful = true;
        }
    }

    fn parent(&mut self, parent: Parent<'_>, _: Range<usize>) {
        let key = match parent {
            Parent::Key(key) if !(self.damaged && key.contains('\u{FFFD}')) => key,
            Parent::Sole => "",
            Parent::Key(_) | Parent::Unreadable => {
                self.faults.lost = true;
                ""
            }
        };
        if !self.conventions.has_dates() {
            return self.parents.push(key);
        }
        let above = self.plan.frame(self.top).and_then(|frame| frame.parent);
        let last =
            above.and_then(|(frame, _)| self.plan.last_key(frame, self.plan.frame(frame)?.key?));
        self.parents.push(&cell::usual(last, key, self.conventions));
    }

    fn lose(&mut self, key: &str, span: Range<usize>, fault: Fault) {
        let lost = self.faults.lost;
        self.faults.push(span, fault);
        if self.plan.frame(self.top).is_some_and(|frame| frame.parent.is_some()) {
            // Other rows have all their elements.
            self.faults.lost = lost;
        }
        self.lost.push(key.into());
    }

    fn fault(&mut self, span: Range<usize>, fault: Fault) {
        self.broken |= matches!(fault, Fault::Toml { .. });
        let inside = match fault {
            Fault::NotRows { frame, .. } if frame != self.top => {
                self.plan.frame(frame).and_then(|shape| shape.parent)
            }
            _ => None,
        };
        let lost = self.faults.lost;
        self.faults.push(span, fault);
        if let Some((frame, field)) = inside {
            // An element of the open row is lost, not a row of the file.
            self.faults.lost = lost;
            self.mark(At { frame, field }, true);
        }
    }

    fn part(&mut self, parts: &[(usize, Part)], _: &[At], scalar: Scalar<'_>, span: Range<usize>) {
        for part in parts {
            self.keep_part(*part, scalar, span.clone());
        }
    }

    fn measure(&mut self, at: At, measure: Measure) {
        if let Some(currency) = measure.currency {
            self.currencies.insert(at, currency);
        }
        self.measures.insert(at, measure);
        self.is_usual = false;
    }

    fn withhold(&mut self, at: At) {
        self.withheld.push(at);
    }

    fn give_up_all(&mut self, at: At) {
        match self.is_given(at) {
            true => self.forget(at),
            false => self.give_up(at),
        }
    }

    fn unpaired(
        &mut self,
        fields: (usize, &BTreeSet<usize>),
        name: &str,
        span: Range<usize>,
        words: (&[String], usize),
    ) {
        self.say_unpaired(fields, name, span, words);
    }

    fn unknown(&mut self, frame: usize, name: &str, span: Range<usize>, rows: usize) {
        self.faults.unknown(frame, name, span, rows);
    }
}
