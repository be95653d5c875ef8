//! A nested document into rows: which object is a row of which frame, and which key is which field.

use super::Target;
use super::envelope::{Below, Beside};
use super::headings::Headings;
use super::inside::BelowKeys;
use super::order::{LONGEST_KEY, Order};
use super::pairs::Part;
use super::plan::Plan;
use super::slot::{Level, Slot, Unknown};
use super::units::Met;
use super::unpaired::Seen;
use super::written::is_element;
use crate::data::event::{Scalar, Sink};
use crate::data::fault::{At, Fault, Found};
use crate::data::names::{fold, nearest, shorten};
use std::ops::Range;

/// How a document is read.
#[derive(Clone, Copy, Debug)]
pub struct Document<'p> {
    /// The schema.
    pub plan: &'p Plan,
    /// What the keys stand for.
    pub headings: &'p Headings,
    /// The table the file is listed for.
    pub table: usize,
    /// Tables the same file is listed for as well: their rows are read there.
    pub elsewhere: &'p [usize],
    /// Whether the outermost object is a row (a line of JSON lines), and not a set of tables.
    pub lines: bool,
}

/// Most unknown keys told apart.
const MOST_KEYS: usize = 256;

/// Turns the events of a document into rows.
pub struct Tree<'p, T> {
    pub(super) document: Document<'p>,
    /// Receives the rows.
    pub target: T,
    pub(super) levels: Vec<Level>,
    pub(super) pending: Slot,
    /// Containers open inside one that is passed over, itself included.
    skip: usize,
    orders: Vec<Order>,
    pub(super) unknown: Vec<Unknown>,
    /// Whether the outermost object itself is a row of a single table.
    single: bool,
    /// What numbers are in.
    met: Met,
    /// What keys are of pairs.
    parts: Vec<Vec<(usize, Part)>>,
    /// Keys under which objects inside a row stand, with those above them.
    pub(super) below: BelowKeys,
    /// Those of the objects that are open, each with `/` behind it.
    pub(super) path: String,
    /// Keys of the outermost object that are no table's.
    strangers: Vec<(String, Range<usize>)>,
    /// The way to the rows, where they seem to stand below them.
    pub rows_below: Option<Below>,
    /// Whether a table, or what the manifest says holds its rows, was met.
    is_met: bool,
    /// How many keys that lead to the rows were met in the objects around them, from the outermost.
    pub(super) led: Vec<usize>,
    /// An object under a field that takes none, until the first key inside it is read.
    held: Option<(At, Range<usize>, String)>,
    /// What stands around the rows.
    pub(super) beside: Beside,
}

impl<'p, T: Target> Tree<'p, T> {
    /// A tree that hands its rows to `target`.
    pub fn new(document: Document<'p>, target: T) -> Self {
        let orders = document.plan.frames.iter().map(|_| Order::default()).collect();
        Self {
            document,
            target,
            levels: Vec::new(),
            pending: Slot::Ignored,
            skip: 0,
            orders,
            unknown: Vec::new(),
            single: false,
            met: Met::default(),
            parts: Vec::new(),
            below: BelowKeys::default(),
            path: String::new(),
            strangers: Vec::new(),
            rows_below: None,
            is_met: false,
            led: Vec::new(),
            held: None,
            beside: Beside::default(),
        }
    }

    /// Says of an object that is held that its field takes none; `inner` is its first key.
    fn say_held(&mut self, inner: Option<&str>) {
        let Some((at, span, key)) = self.held.take() else { return };
        let way = inner.filter(|_| !key.is_empty()).map(|inner| format!("{key}/{inner}"));
        self.target.misfit(at, way.map_or(Found::Object, Found::Nested), span);
    }

    /// The key of a row that was read last, where it is one of a field.
    fn last_key(&self, frame: usize) -> String {
        self.orders.get(frame).and_then(Order::last_field).unwrap_or_default()
    }

    /// Forgets what seemed to be no table: the file holds one object after the other.
    pub fn forgive(&mut self) {
        self.strangers.clear();
    }

    /// Says which keys of the outermost object are no table's; where the rows stand below one of
    /// them, that alone.
    pub(super) fn say_strangers(&mut self) {
        let Document { plan, headings, table, .. } = self.document;
        // Reading may have begun inside the rows.
        let is_inside = matches!(self.levels.first(), Some(Level::Rows(_)));
        if !headings.rows.is_empty() && !self.is_met && !is_inside {
            self.target.fault(0..0, Fault::NoSuchRows(headings.rows.join("/")));
        }
        self.say_fewer();
        let strangers = std::mem::take(&mut self.strangers);
        let array = self.rows_below.take();
        let near = |name: &str| {
            nearest(name, plan.schema.tables().flat_map(|(_, frame)| frame.names.iter()))
        };
        let is_new = strangers.iter().all(|(name, _)| near(name).is_none());
        if let (Some(Below { ways, is_split, .. }), Some((_, span)), true) =
            (array, strangers.first(), is_new)
        {
            return self.target.fault(span.clone(), Fault::Envelope { table, ways, is_split });
        }
        let is_field = |(name, _): &&(String, _)| headings.field(table, name).is_some();
        if let (Some((name, span)), true) = (strangers.iter().find(is_field), is_new) {
            let (name, nearest) = (shorten(name), None);
            let fault = Fault::UnknownTable { name, nearest, table, is_row: true };
            return self.target.fault(span.clone(), fault);
        }
        for (name, span) in strangers {
            let nearest = near(&name);
            let name = shorten(&name);
            let fault = Fault::UnknownTable { name, nearest, table, is_row: false };
            self.target.fault(span, fault);
        }
    }

    /// Whether there is an outermost object, and nothing in it is a table's.
    #[must_use]
    pub fn holds_only_strangers(&self) -> bool {
        !self.is_met && !self.strangers.is_empty()
    }

    /// Gives up the row being read and everything open, after a syntax error.
    pub fn abort(&mut self) {
        self.say_held(None);
        if self.single || self.levels.iter().any(|level| matches!(level, Level::Row(_))) {
            self.target.abort();
        }
        self.levels.clear();
        self.below.leave(0);
        self.path.clear();
        self.skip = 0;
        self.single = false;
    }

    /// Starts inside an array of rows: to read one row again.
    pub fn enter(&mut self, rows: usize) {
        self.levels.push(Level::Rows(rows));
    }

    /// Whether a key of a field was met in a frame's rows.
    pub(super) fn has_met(&self, frame: usize, field: usize) -> bool {
        self.orders.get(frame).is_some_and(|order| order.has(field))
    }

    fn begin(&mut self, frame: usize, at: Range<usize>) {
        self.target.open(frame, at);
        self.beside.rows += u64::from(frame == self.document.table);
        self.levels.push(Level::Row(frame));
        if let Some(order) = self.orders.get_mut(frame) {
            order.begin();
        }
    }

    pub(super) fn unknown_key(&mut self, frame: usize, name: &str, span: Range<usize>) -> Slot {
        let name = if name.len() > LONGEST_KEY { &*shorten(name) } else { name };
        let known = self
            .unknown
            .iter_mut()
            .enumerate()
            .find(|(_, unknown)| unknown.frame == frame && *unknown.name == *name);
        if let Some((index, unknown)) = known {
            unknown.rows += 1;
            return Slot::Unknown(index);
        }
        if self.unknown.len() >= MOST_KEYS {
            self.target.unknown(frame, name, span, 1);
            return Slot::Unknown(usize::MAX);
        }
        let units = (self.document.headings.candidates(frame, name), Seen::default());
        let name = name.into();
        self.unknown.push(Unknown { frame, name, span, rows: 1, inside: None, units });
        Slot::Unknown(self.unknown.len() - 1)
    }

    /// A slot that was met once more.
    fn counted(&mut self, slot: Slot) -> Slot {
        if let Slot::Unknown(index) = slot
            && let Some(unknown) = self.unknown.get_mut(index)
        {
            unknown.rows += 1;
        }
        slot
    }

    /// A key that was not expected: looks it up and learns its position.
    fn field_slot(&mut self, frame: usize, name: &str, span: Range<usize>) -> Slot {
        if let Some(slot) = self.orders.get_mut(frame).and_then(|order| order.met(name)) {
            return self.counted(slot);
        }
        let parts = self.document.headings.conventions.parts(frame, name);
        let slot = match self.document.headings.field(frame, name) {
            // The manifest says that values stand inside, whatever the object is called.
            _ if self.document.headings.leads_below(name) => self.below_slot(name),
            _ if !parts.is_empty() => {
                self.parts.push(parts);
                Slot::Part(self.parts.len() - 1)
            }
            Some(field) => self.in_unit(At { frame, field }, name, &span),
            None if self.document.headings.ignores(name) => Slot::Ignored,
            None if self.document.headings.ignores_in(name) => self.below_slot(name),
            None => self.unknown_key(frame, name, span),
        };
        if let Some(order) = self.orders.get_mut(frame) {
            order.learn(name, slot);
        }
        slot
    }

    /// A key of a field: what its numbers are in.
    pub(super) fn in_unit(&mut self, at: At, name: &str, span: &Range<usize>) -> Slot {
        let Document { plan, headings, .. } = self.document;
        let list = plan.field(at.frame, at.field).and_then(|field| field.list);
        let plain = list.filter(|list| plan.frame(*list).is_some_and(|list| list.plain));
        let held = plain.map_or(at, |frame| At { frame, field: 0 });
        match self.met.stated(plan, headings, held, name) {
            Ok(None) => Slot::Field(at.field),
            Ok(Some(measure)) => {
                self.target.measure(held, measure);
                Slot::Field(at.field)
            }
            Err(fault) => {
                self.target.fault(span.clone(), fault);
                Slot::Spoilt(at.field)
            }
        }
    }

    /// A key of the outermost object: a table, or a field of a single table.
    fn table_slot(&mut self, name: &str, span: Range<usize>) -> Slot {
        let Document { plan, headings, table, elsewhere, .. } = self.document;
        let is_single = plan.frame(table).is_some_and(|frame| frame.single);
        if let (true, Some(field)) = (is_single, headings.field(table, name)) {
            self.open_single(span.clone());
            return self.in_unit(At { frame: table, field }, name, &span);
        }
        let folded = fold(name);
        let named = plan
            .schema
            .tables()
            .find(|(_, frame)| frame.names.iter().any(|word| fold(word) == folded))
            .map(|(id, _)| id.0 as usize);
        match named {
            Some(found) if found == table => {
                self.is_met = true;
                return Slot::Table;
            }
            Some(found) if elsewhere.contains(&found) => {}
            Some(other) => self
                .target
                .fault(span, Fault::UnexpectedTable { name: shorten(name), other, table }),
            None if is_single => {
                self.open_single(span.clone());
                return self.unknown_key(table, name, span);
            }
            None => self.strangers.push((name.to_owned(), span)),
        }
        Slot::Ignored
    }

    fn open_single(&mut self, span: Range<usize>) {
        if !self.single {
            self.single = true;
            self.target.open(self.document.table, span);
        }
    }

    /// The frame whose row the pending key belongs to.
    pub(super) fn row_frame(&self) -> Option<usize> {
        match self.levels.last() {
            Some(Level::Row(frame) | Level::Inside(frame)) => Some(*frame),
            Some(Level::Tables) => Some(self.document.table),
            _ => None,
        }
    }

    /// A value under a key no field is called, in the open row.
    fn unclaimed(&mut self) {
        match (self.pending, self.row_frame()) {
            (Slot::Unknown(_), Some(frame)) => self.target.doubt(frame),
            (Slot::Spoilt(field), Some(frame)) => self.target.give_up(At { frame, field }),
            _ => {}
        }
    }

    /// A key of an object that stands for what no field is called.
    fn inside(&mut self, name: &str) {
        let (1, Slot::Unknown(index), Some(frame)) = (self.skip, self.pending, self.row_frame())
        else {
            return;
        };
        let first = self.unknown.get_mut(index).filter(|unknown| unknown.rows == 1);
        if let Some(unknown) = first.filter(|unknown| unknown.inside.is_none())
            && self.document.headings.field(frame, name).is_some()
        {
            unknown.inside = Some(name.into());
        }
    }

    fn not_rows(&mut self, frame: usize, found: Found, span: Range<usize>) {
        self.target.fault(span, Fault::NotRows { frame, found });
    }

    /// A value in a list of plain values.
    fn element(&mut self, frame: usize, span: Range<usize>, put: impl FnOnce(&mut T, At)) {
        self.target.open(frame, span.clone());
        put(&mut self.target, At { frame, field: 0 });
        self.target.close(frame, span.end);
    }
}

impl<T: Target> Sink for Tree<'_, T> {
    fn open_object(&mut self, at: usize, until: usize) {
        let span = at..until;
        if self.skip > 0 {
            self.skip += 1;
            return;
        }
        let table = self.document.table;
        match (self.levels.last().copied(), self.pending) {
            (None, _) if !self.document.headings.rows.is_empty() => {
                self.led.clear();
                return self.levels.push(Level::Around(0));
            }
            (None, _) if self.document.lines => return self.begin(table, span),
            (Some(Level::Around(step)), Slot::Step) => {
                return self.levels.push(Level::Around(step + 1));
            }
            (Some(Level::Around(_)), Slot::Table) => {
                self.is_met = true;
                self.not_rows(table, Found::Object, span);
            }
            (Some(Level::Row(frame) | Level::Inside(frame)), Slot::Below(at)) => {
                if !self.stands_again(frame, at, span) {
                    self.path = format!("{}/", self.below.path(at));
                    return self.levels.push(Level::Inside(frame));
                }
            }
            (None, _) => return self.levels.push(Level::Tables),
            (Some(Level::Rows(frame)), _) => return self.begin(frame, span),
            (Some(Level::Tables), Slot::Table)
                if self.document.plan.frame(table).is_some_and(|frame| frame.single) =>
            {
                return self.begin(table, span);
            }
            (Some(Level::Tables), Slot::Table) => self.not_rows(table, Found::Object, span),
            (Some(Level::Plain(frame)), _) => self
                .element(frame, span.clone(), |target, at| target.misfit(at, Found::Object, span)),
            (Some(Level::Row(_) | Level::Inside(_) | Level::Tables), Slot::Field(field)) => {
                if let Some(frame) = self.row_frame() {
                    let is_row = matches!(self.levels.last(), Some(Level::Row(_)));
                    let key = if is_row { self.last_key(frame) } else { String::new() };
                    self.held = Some((At { frame, field }, span, key));
                }
            }
            (Some(_), _) => self.unclaimed(),
        }
        self.skip = 1;
    }

    fn close_object(&mut self, end: usize) {
        if self.skip > 0 {
            self.skip -= 1;
            self.say_held(None);
            return;
        }
        match self.levels.pop() {
            Some(Level::Row(frame)) => {
                self.below.leave(self.levels.len());
                self.target.close(frame, end);
            }
            Some(Level::Tables) if self.single => self.target.close(self.document.table, 0),
            Some(Level::Inside(_)) => {
                let outer = self.path.trim_end_matches('/').rfind('/').map_or(0, |at| at + 1);
                self.path.truncate(outer);
            }
            _ => {}
        }
    }

    fn open_array(&mut self, at: usize) {
        let span = at..at + 1;
        if self.skip > 0 {
            self.skip += 1;
            return;
        }
        let table = self.document.table;
        match (self.levels.last().copied(), self.pending) {
            (Some(Level::Around(_)), Slot::Table) => {
                self.is_met = true;
                return self.levels.push(Level::Rows(table));
            }
            (Some(Level::Row(frame) | Level::Inside(frame)), Slot::Below(at)) => {
                if !self.stands_again(frame, at, span.clone()) {
                    self.say_unread(frame, at, span);
                }
            }
            (None, _) if !self.document.lines => return self.levels.push(Level::Rows(table)),
            (None, _) => self.not_rows(table, Found::Array, span),
            (Some(Level::Tables), Slot::Table) => return self.levels.push(Level::Rows(table)),
            (Some(Level::Rows(frame)), _) => self.not_rows(frame, Found::Array, span),
            (Some(Level::Plain(frame)), _) => self
                .element(frame, span.clone(), |target, at| target.misfit(at, Found::Array, span)),
            (Some(Level::Row(_) | Level::Inside(_) | Level::Tables), Slot::Field(field)) => {
                let Some(frame) = self.row_frame() else { return };
                let at = At { frame, field };
                match self.document.plan.field(frame, field).and_then(|field| field.list) {
                    None => self.target.misfit(at, Found::Array, span),
                    Some(child) => {
                        if self.target.list(at, span) {
                            let plain =
                                self.document.plan.frame(child).is_some_and(|frame| frame.plain);
                            return self.levels.push(if plain {
                                Level::Plain(child)
                            } else {
                                Level::Rows(child)
                            });
                        }
                    }
                }
            }
            (Some(_), _) => self.unclaimed(),
        }
        self.skip = 1;
    }

    fn close_array(&mut self) {
        if self.skip > 0 {
            self.skip -= 1;
            return;
        }
        self.levels.pop();
    }

    #[inline]
    fn expected_key(&mut self, rest: &[u8], _: usize) -> Option<usize> {
        if self.skip > 0 {
            return None;
        }
        let Some(Level::Row(frame)) = self.levels.last().copied() else { return None };
        let (length, slot) = self.orders.get_mut(frame)?.expected(rest)?;
        self.pending = self.counted(slot);
        Some(length)
    }

    fn key(&mut self, name: &str, span: Range<usize>) {
        if self.skip > 0 {
            self.say_held(Some(name));
            return self.inside(name);
        }
        let place = span.clone();
        self.pending = match self.levels.last().copied() {
            Some(Level::Row(frame)) => self.field_slot(frame, name, span),
            Some(Level::Inside(frame)) => self.inside_slot(frame, name, span),
            Some(Level::Around(step)) => self.around_slot(step, name),
            Some(Level::Tables) => self.table_slot(name, span),
            _ => Slot::Ignored,
        };
        if matches!(self.pending, Slot::Table | Slot::Step) && self.leads_again() {
            self.target.fault(place, Fault::RepeatedKey { key: shorten(name), in_row: false });
            self.pending = Slot::Ignored;
        }
    }

    fn twice(&mut self) {
        if let (0, Slot::Field(field), Some(frame)) = (self.skip, self.pending, self.row_frame()) {
            self.target.forget(At { frame, field });
        }
        if let (0, Slot::Below(at), Some(frame)) = (self.skip, self.pending, self.row_frame()) {
            self.lose_below(frame, at);
        }
    }

    #[inline]
    fn scalar(&mut self, value: Scalar<'_>, span: Range<usize>) {
        if self.skip > 0 {
            return;
        }
        match (self.levels.last().copied(), self.pending) {
            (Some(Level::Row(frame) | Level::Inside(frame)), Slot::Field(field)) => {
                let Document { plan, headings, .. } = self.document;
                let at = At { frame, field };
                let is_told = plan.field(frame, field).is_some_and(|field| field.written.is_some());
                let told = is_told.then(|| plan.list_in_text(at, value, &headings.conventions));
                match told.flatten() {
                    Some((child, written, text)) => {
                        written.give((at, child), text, |_| span.clone(), &mut self.target);
                    }
                    None => self.target.value(at, value, span),
                }
            }
            (Some(Level::Tables), Slot::Field(field)) => {
                self.target.value(At { frame: self.document.table, field }, value, span)
            }
            (Some(Level::Row(_)), Slot::Part(number)) => {
                let pairs = &self.document.headings.conventions.pairs;
                let parts = self.parts.get(number).map_or(&[][..], |parts| parts);
                let own = parts.iter().filter_map(|(pair, _)| pairs.get(*pair));
                let fields: Vec<At> = own.flat_map(|pair| pair.fields.clone()).collect();
                self.target.part(parts, &fields, value, span);
            }
            (Some(Level::Plain(frame)), _) => {
                self.element(frame, span.clone(), |target, at| target.value(at, value, span))
            }
            (Some(Level::Rows(frame)), _)
                if is_element(self.document.plan, frame, (value, &span), &mut self.target) => {}
            (Some(Level::Rows(frame)), _) => self.not_rows(frame, super::found(value), span),
            (None, _) | (Some(Level::Tables), Slot::Table) => {
                self.not_rows(self.document.table, super::found(value), span)
            }
            (Some(Level::Around(_)), _) => self.stands_beside(value, span),
            (Some(Level::Row(frame) | Level::Inside(frame)), Slot::Below(at)) => {
                self.stands_plain((frame, at), value, span);
            }
            (_, _) if value == Scalar::Null => {}
            (Some(_), _) if self.holds_unit(value) => {}
            (Some(_), _) => self.unclaimed(),
        }
    }
}
