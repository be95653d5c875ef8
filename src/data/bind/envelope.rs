//! Documents of JSON that are no rows but hold them: `{"total": 2, "data": [{…}, {…}]}`.

use super::Target;
use super::slot::Slot;
use super::tree::{Document, Tree};
use crate::data::event::{Scalar, Sink};
use crate::data::fault::{At, Fault, StatedBy};
use crate::data::json;
use crate::data::names::{fold, shorten};
use crate::data::unit::Unit;
use crate::schema::Type;
use crate::value::Ratio;
use std::ops::Range;

/// Keys that say how many rows there are, where an interface gives them in pages.
const TOTALS: [&str; 13] = [
    "total",
    "totalcount",
    "total_count",
    "totalrecords",
    "total_records",
    "totalelements",
    "totalrows",
    "totalnum",
    "recordstotal",
    "count",
    "总数",
    "总条数",
    "总记录数",
];

/// Keys that say what amounts are in.
const UNITS: [&str; 5] = ["unit", "units", "单位", "金额单位", "计量单位"];

/// What stands around the rows of a document.
#[derive(Debug, Default)]
pub struct Beside {
    /// The key read last.
    key: String,
    /// How many rows it says there are: the key, the number, where.
    total: Option<(String, u64, Range<usize>)>,
    /// How many there are.
    pub rows: u64,
}

/// Where the rows of a document seem to stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Below {
    /// The ways to them: `result/list`.
    pub ways: Vec<String>,
    /// Whether an array lies on them, so that none of them leads to all rows.
    pub is_split: bool,
    /// Whether more of their keys are fields than of the document's own.
    pub is_likelier: bool,
}

/// The way to the rows that lie below the keys of a document: to the array of whose objects most
/// keys are fields, else to the first array.
#[must_use]
pub fn rows_in(text: &str, document: Document<'_>) -> Option<Below> {
    if !document.headings.rows.is_empty() {
        return None;
    }
    let mut envelope = Envelope { document, way: Vec::new(), own: 0, best: None };
    json::read(text, 0, &mut envelope).ok()?;
    let mut best = envelope.best?;
    if best.known == 0 {
        best.ways.truncate(1);
    }
    let is_likelier = best.known > envelope.own;
    Some(Below { ways: best.ways, is_split: best.is_split, is_likelier })
}

/// Counts the keys of a document that are fields.
struct Envelope<'p> {
    document: Document<'p>,
    /// Open containers, outermost first, each with the key it stands under; one of an array ends
    /// the way to rows.
    way: Vec<Step>,
    /// How many keys of the outermost object are fields.
    own: usize,
    /// The arrays of objects of which most keys are fields.
    best: Option<Best>,
}

/// Arrays of objects.
struct Best {
    ways: Vec<String>,
    is_split: bool,
    /// How many keys of one of the objects are fields.
    known: usize,
}

/// A container that is open.
struct Step {
    is_array: bool,
    /// The key read last in it.
    key: String,
    /// How many of its keys are fields.
    known: usize,
}

impl Envelope<'_> {
    fn open(&mut self, is_array: bool) {
        self.way.push(Step { is_array, key: String::new(), known: 0 });
    }

    fn close(&mut self) {
        let Some(step) = self.way.pop() else { return };
        if self.way.is_empty() {
            self.own = step.known;
        }
        let above = match (step.is_array, self.way.split_last()) {
            (true, Some(_)) => &self.way[..],
            (false, Some((array, above))) if array.is_array => above,
            _ => return,
        };
        if above.is_empty() {
            return;
        }
        let keys: Vec<&str> =
            above.iter().filter(|step| !step.is_array).map(|step| step.key.as_str()).collect();
        // What stands in a list of the row is no row of the table.
        let Document { plan, headings, table, .. } = self.document;
        let field = keys.first().and_then(|key| headings.field(table, key));
        if field.and_then(|field| plan.field(table, field)?.list).is_some() {
            return;
        }
        let (way, is_split) = (keys.join("/"), above.iter().any(|step| step.is_array));
        let known = step.known;
        match &mut self.best {
            Some(best) if known < best.known || known == 0 && is_split => {}
            Some(best) if known == best.known && best.is_split == is_split => {
                if !best.ways.contains(&way) {
                    best.ways.push(way);
                }
            }
            Some(best) if known == best.known && is_split => {}
            _ => self.best = Some(Best { ways: vec![way], is_split, known }),
        }
    }
}

impl Sink for Envelope<'_> {
    fn open_object(&mut self, _: usize, _: usize) {
        self.open(false);
    }

    fn close_object(&mut self, _: usize) {
        self.close();
    }

    fn open_array(&mut self, _: usize) {
        self.open(true);
    }

    fn close_array(&mut self) {
        self.close();
    }

    fn expected_key(&mut self, _: &[u8], _: usize) -> Option<usize> {
        None
    }

    fn key(&mut self, name: &str, _: Range<usize>) {
        let Document { headings, table, .. } = self.document;
        let is_field = headings.field(table, name).is_some();
        if let Some(step) = self.way.last_mut() {
            step.known += usize::from(is_field);
            name.clone_into(&mut step.key);
        }
    }

    fn scalar(&mut self, _: Scalar<'_>, _: Range<usize>) {}
}

impl<T: Target> Tree<'_, T> {
    /// A key of an object around the rows.
    pub(super) fn around_slot(&mut self, step: usize, name: &str) -> Slot {
        self.beside.key.clear();
        self.beside.key.push_str(name);
        let rows = &self.document.headings.rows;
        match rows.get(step) {
            Some(wanted) if *fold(wanted) != *fold(name) => Slot::Ignored,
            Some(_) if step + 1 == rows.len() => Slot::Table,
            Some(_) => Slot::Step,
            None => Slot::Ignored,
        }
    }

    /// Whether a key that leads to the rows, and has just been read, is not the first of its object
    /// that does.
    pub(super) fn leads_again(&mut self) -> bool {
        let depth = self.levels.len();
        self.led.truncate(depth);
        self.led.resize(depth, 0);
        let Some(count) = self.led.last_mut() else { return false };
        *count += 1;
        *count > 1
    }

    /// What a key around the rows says of them all.
    pub(super) fn stands_beside(&mut self, value: Scalar<'_>, span: Range<usize>) {
        let (Scalar::Text(text) | Scalar::Number(text)) = value else { return };
        let key = self.beside.key.to_lowercase();
        let Document { plan, headings, table, .. } = self.document;
        if let (true, Ok(total)) = (TOTALS.contains(&&*key), text.trim().parse::<u64>()) {
            self.beside.total = Some((shorten(&self.beside.key), total, span));
            return;
        }
        let unit = Unit::spelt(text, 10).filter(|unit| unit.is_money() && UNITS.contains(&&*key));
        let family = plan.frame(table).map_or(&[][..], |shape| &shape.family);
        let money = family.iter().find_map(|frame| {
            let fields = &plan.frame(*frame)?.fields;
            let field = fields.iter().position(|field| field.ty == Type::Money)?;
            Some(At { frame: *frame, field })
        });
        let is_yuan = unit.is_some_and(|unit| {
            unit.of(Type::Money).is_some_and(|measure| measure.scale == Ratio::from_integer(1))
        });
        if let (Some(_), Some(at), false, false) =
            (unit, money, is_yuan, headings.units.has_whole())
        {
            let (unit, by) = (shorten(text), StatedBy::Beside);
            self.target.fault(span, Fault::StatedUnit { at, unit, by, several: Vec::new() });
        }
    }

    /// Says that a document says it has more rows than are in it.
    pub(super) fn say_fewer(&mut self) {
        let rows = self.beside.rows;
        let total = self.beside.total.take().filter(|(_, total, _)| *total > rows);
        if let Some((key, total, span)) = total.filter(|_| !self.document.lines) {
            self.target.fault(span, Fault::FewerRows { key, total, rows });
        }
    }
}
