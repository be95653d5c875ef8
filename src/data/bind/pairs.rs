//! A number and its unit in two columns: which of a row's fields the number is a value of.

use super::flat::Kept;
use super::headings::mapped;
use super::plan::{FieldPlan, family, nested};
use super::{Binder, Target};
use crate::data::event::Scalar;
use crate::data::fault::{At, Fault, Found, Unfit};
use crate::data::names::{fold, shorten};
use crate::data::unit::{self, Unit};
use crate::data::{Mapping, NumberAndUnit};
use crate::schema::{Reading, Schema};
use std::ops::Range;

/// Two columns of one file.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    /// The headings of the numbers, folded.
    pub number: Vec<String>,
    /// The heading of their units, folded.
    pub unit: String,
    /// The fields of one frame that the number may be a value of.
    pub fields: Vec<At>,
    /// Whether the vocabulary declares it: a file need not have the column of the unit, and the units'
    /// own names do besides the codes.
    pub is_usual: bool,
    /// What stands for each unit, folded; where there is none, the units' own names do.
    codes: Vec<(String, Option<Unit>, String)>,
}

/// What a column holds of a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The number.
    Number,
    /// Its unit.
    Unit,
}

/// What a row has given of a pair so far.
#[derive(Clone, Debug, Default)]
pub struct Pending {
    number: Option<(Kept, Range<usize>)>,
    unit: Option<(Kept, Range<usize>)>,
}

/// The pairs that the manifest declares for a file, and those it declares for fields there are not.
#[must_use]
pub fn declared(schema: &Schema, top: usize, mapping: &Mapping) -> (Vec<Pair>, Vec<String>) {
    let (mut pairs, mut unknown) = (Vec::new(), Vec::new());
    for declared in &mapping.pairs {
        let NumberAndUnit { heading, values, unit, units } = declared;
        // What is said of a column, or of a field: whichever of the names a field has.
        let called = |name: &String| !mapped(schema, top, name).is_empty();
        let (number, names) = match values.first() {
            Some(column) if !values.iter().all(called) && called(heading) => {
                (column, std::slice::from_ref(heading))
            }
            Some(_) => (heading, &values[..]),
            None => (heading, std::slice::from_ref(heading)),
        };
        let codes = units
            .iter()
            .map(|(code, word)| (fold(code).into_owned(), Unit::counting(word), word.clone()));
        let codes: Vec<_> = codes.collect();
        let all: Vec<At> = names
            .iter()
            .flat_map(|name| mapped(schema, top, name))
            .map(|found| At { frame: found.frame, field: found.field })
            .collect();
        unknown.extend(names.iter().filter(|name| !called(name)).cloned());
        let mut frames: Vec<usize> = all.iter().map(|at| at.frame).collect();
        frames.sort_unstable();
        frames.dedup();
        for frame in frames {
            pairs.push(Pair {
                number: vec![fold(number).into_owned()],
                unit: fold(unit).into_owned(),
                is_usual: false,
                fields: all.iter().filter(|at| at.frame == frame).copied().collect(),
                codes: codes.clone(),
            });
        }
    }
    let usual = usual(schema, top, mapping, &pairs);
    pairs.extend(usual);
    (pairs, unknown)
}

/// The pairs that the vocabulary declares for the frames of a file, but for those of which the
/// manifest says something else.
fn usual(schema: &Schema, top: usize, mapping: &Mapping, declared: &[Pair]) -> Vec<Pair> {
    let mut pairs: Vec<Pair> = Vec::new();
    for frame in family(&nested(schema), top) {
        let Some(shape) = schema.frames.get(frame) else { continue };
        let first = pairs.len();
        for (field, own) in shape.fields.iter().enumerate() {
            let Some(heading) = own.unit_column.as_deref() else { continue };
            let at = At { frame, field };
            if declared.iter().any(|pair| pair.fields.contains(&at)) {
                continue;
            }
            let unit = fold(heading).into_owned();
            let known = pairs.get_mut(first..).into_iter().flatten();
            let pair = match known.into_iter().find(|pair| pair.unit == unit) {
                Some(pair) => pair,
                None => {
                    let also = own.also.iter().map(|word| &**word);
                    let mapped = mapping.headings.iter().filter(|(_, name)| own.is_called(name));
                    let words = mapped.map(|(heading, _)| &**heading).chain(own.names.iter());
                    let number = words.chain(also).map(|word| fold(word).into_owned()).collect();
                    let (fields, codes) = (Vec::new(), Vec::new());
                    pairs.push(Pair { number, unit, fields, is_usual: true, codes });
                    let Some(pair) = pairs.last_mut() else { continue };
                    pair
                }
            };
            pair.fields.push(at);
            let word = unit::word(own.ty).unwrap_or_default();
            let codes = own.readings.iter().filter(|(_, reading)| *reading == Reading::Unit);
            pair.codes
                .extend(codes.map(|(code, _)| {
                    (fold(code).into_owned(), Unit::named(word), word.to_owned())
                }));
        }
    }
    pairs
}

impl Pair {
    /// The unit that a text stands for.
    fn unit_of(&self, text: &str) -> Option<(Unit, String)> {
        let plain = fold(text);
        if self.codes.is_empty() {
            return Some((Unit::named(&plain)?, plain.into_owned()));
        }
        match self.codes.iter().find(|(code, ..)| **code == *plain) {
            Some((_, unit, word)) => Some(((*unit)?, word.clone())),
            None if self.is_usual => Some((Unit::named(&plain)?, plain.into_owned())),
            None => None,
        }
    }

    /// Whether the manifest gives every code a unit of the same currency.
    fn is_in(&self, unit: &Unit) -> bool {
        let same = |own: &Option<Unit>| own.is_some_and(|own| own.currency() == unit.currency());
        !self.is_usual && !self.codes.is_empty() && self.codes.iter().all(|(_, own, _)| same(own))
    }
}

/// The unit that a number states itself, whatever its column of units says: `20个工作日`.
pub(super) fn own_unit(text: &str) -> Option<(Unit, String)> {
    let plain = fold(text);
    let word = plain.trim_start_matches(|letter: char| {
        letter.is_ascii_digit() || letter.is_whitespace() || matches!(letter, ',' | '.' | '+' | '-')
    });
    let is_behind = word.len() < plain.len() && !word.is_empty();
    let unit = Unit::named(word).filter(|_| is_behind)?;
    Some((unit, word.to_owned()))
}

impl Binder<'_> {
    /// Keeps what a row says of a pair, until the row ends.
    pub(super) fn keep_part(
        &mut self,
        (pair, part): (usize, Part),
        scalar: Scalar<'_>,
        span: Range<usize>,
    ) {
        if self.pending.len() <= pair {
            self.pending.resize_with(self.conventions.pairs.len().max(pair + 1), Pending::default);
        }
        let Some(pending) = self.pending.get_mut(pair) else { return };
        let slot = match part {
            Part::Number => &mut pending.number,
            Part::Unit => &mut pending.unit,
        };
        *slot = Some((Kept::of(scalar), span));
    }

    /// Whether the open row has given a field.
    pub(super) fn is_given(&self, at: At) -> bool {
        let rows = self.rows.get(at.frame);
        rows.is_some_and(|rows| {
            rows.columns.get(at.field).is_some_and(|column| column.last == rows.len + 1)
        })
    }

    /// Gives up a field that the open row has not given.
    fn give_up_rest(&mut self, at: At) {
        if !self.is_given(at) {
            self.give_up(at);
        }
    }

    /// Makes values of what the row that ends says of pairs.
    pub(super) fn resolve_pairs(&mut self, frame: usize) {
        let conventions = self.conventions;
        for (index, pair) in conventions.pairs.iter().enumerate() {
            if pair.fields.first().is_none_or(|at| at.frame != frame) {
                continue;
            }
            let pending = self.pending.get_mut(index).map(std::mem::take).unwrap_or_default();
            let Some((number, span)) = pending.number else { continue };
            let given =
                |kept: &Kept| kept.group().filter(|text| !conventions.is_absent(text)).is_some();
            if !given(&number) {
                continue;
            }
            // One of its columns cannot be read, which has been said.
            if pair.fields.iter().any(|at| self.is_given(*at)) {
                pair.fields.iter().for_each(|at| self.give_up_rest(*at));
                continue;
            }
            let unit = pending.unit.filter(|(kept, _)| given(kept));
            if let Err((span, fault)) = self.in_unit(pair, (&number, &span), unit.as_ref()) {
                self.faults.push(span, fault);
                for at in &pair.fields {
                    self.give_up(*at);
                }
            }
        }
    }

    /// Gives the number to the field that has its unit.
    fn in_unit(
        &mut self,
        pair: &Pair,
        (number, span): (&Kept, &Range<usize>),
        unit: Option<&(Kept, Range<usize>)>,
    ) -> Result<(), (Range<usize>, Fault)> {
        let Some(first) = pair.fields.first().copied() else { return Ok(()) };
        let text = |kept: &Kept| kept.group().unwrap_or_default();
        // A word that stands for a value has its unit: `当场`.
        let whole = text(number);
        let says = |at: &&At| {
            self.plan.field(at.frame, at.field).is_some_and(|field| {
                field.says(&whole) && !whole.bytes().all(|byte| byte.is_ascii_digit())
            })
        };
        if let Some(at) = pair.fields.iter().find(says).copied() {
            number.put(at, span.clone(), self);
            return Ok(());
        }
        let fault = |unfit, kept: &Kept| {
            let found = Found::Text(shorten(&text(kept)));
            Fault::Unfit { at: first, unfit, found, nearest: None }
        };
        let beside = match unit {
            None => None,
            Some((code, place)) => Some(
                pair.unit_of(&text(code))
                    .ok_or_else(|| (place.clone(), fault(Unfit::NoSuchUnit, code)))?,
            ),
        };
        let own = own_unit(&text(number));
        if let (Some((own, word)), Some((unit, beside))) = (&own, &beside)
            && own.is_of_kind(unit)
            && !own.is_factor()
            && own != unit
        {
            let two = Unfit::TwoUnits(Box::new([word.clone(), beside.clone()]));
            return Err((span.clone(), fault(two, number)));
        }
        let (unit, word) = match (own, beside) {
            (Some(own), None) => own,
            (Some((own, word)), Some((unit, _))) if !own.is_of_kind(&unit) => {
                return Err((span.clone(), fault(Unfit::Unit(word), number)));
            }
            (_, Some(beside)) => beside,
            (None, None) => return Err((span.clone(), fault(Unfit::NoUnit, number))),
        };
        let fits = |at: &&At| {
            let field = self.plan.field(at.frame, at.field);
            let fits = |field: &FieldPlan| match unit.currency() {
                // Amounts beside each other are all in one currency.
                Some(_) if !pair.is_in(&unit) => unit.of(field.ty).is_some(),
                _ => unit.declared(field.ty).is_some(),
            };
            field.is_some_and(fits)
        };
        let Some(at) = pair.fields.iter().find(fits).copied() else {
            return Err((span.clone(), fault(Unfit::UnitBeside(word), number)));
        };
        let ty = self.plan.field(at.frame, at.field).map(|field| field.ty);
        if let Some(measure) = ty.and_then(|ty| unit.declared(ty)) {
            self.measure(at, measure);
        }
        number.put(at, span.clone(), self);
        self.measures.remove(&at);
        Ok(())
    }
}
