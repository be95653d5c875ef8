//! From a model to complete rows: every required field has a value, so that the rows can be loaded
//! like any other.

use crate::data::FrameData;
use crate::program::Program;
use crate::schema::{Constant, Field, FieldId, FrameId, Physical, Schema, Type};
use crate::value::instant::DAY;
use crate::value::{Bits, Column, Ratio, Texts, Values};
use num_traits::Zero;
use std::collections::BTreeMap;
use std::sync::Arc;

/// One value of a witness.
#[derive(Clone, Debug, PartialEq)]
pub enum Fact {
    /// Not given.
    Absent,
    /// Not known whether given; only cases have such facts.
    Missing,
    /// A plain value.
    Value(Constant),
    /// A reference to another row of the witness.
    Row(usize),
}

/// One row of a witness.
#[derive(Clone, Debug)]
pub struct WitnessRow {
    /// Its frame.
    pub frame: FrameId,
    /// The row it is nested in.
    pub parent: Option<usize>,
    /// Its facts.
    pub facts: BTreeMap<FieldId, Fact>,
}

/// Rows that show something; the first question is about `subject`.
#[derive(Clone, Debug)]
pub struct Witness {
    /// The rows.
    pub rows: Vec<WitnessRow>,
    /// The row in question.
    pub subject: usize,
}

/// Which row a reference names of which nothing is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spare {
    /// One that is there already.
    Shared,
    /// One that nothing else names.
    Apart,
}

impl Witness {
    /// Where the row that the question is about stands in its frame, and those it is nested in.
    #[must_use]
    pub fn places(&self, schema: &Schema) -> BTreeMap<FrameId, usize> {
        let (_, places) = self.frames(schema);
        let mut found = BTreeMap::new();
        let mut next = Some(self.subject);
        while let Some((at, row)) = next.and_then(|at| Some((at, self.rows.get(at)?))) {
            found.extend(places.get(at).map(|place| (row.frame, *place)));
            next = row.parent;
        }
        found
    }

    /// Gives every required field a value, and every reference a row.
    pub fn complete(&mut self, program: &Program, today: i64, spare: Spare) {
        let mut others: BTreeMap<FrameId, usize> = BTreeMap::new();
        let schema = &program.schema;
        for (id, frame) in schema.tables() {
            if frame.single && !self.rows.iter().any(|row| row.frame == id) {
                self.rows.push(WitnessRow { frame: id, parent: None, facts: BTreeMap::new() });
            }
        }
        let mut at = 0;
        while let Some(row) = self.rows.get(at) {
            let frame = row.frame;
            let missing: Vec<FieldId> = schema.frame(frame).map_or_else(Vec::new, |found| {
                let fields = (0..).map(FieldId).zip(&found.fields);
                let open = |(id, field): &(FieldId, &Field)| {
                    let needed = !field.optional || field.key || matches!(field.ty, Type::List(_));
                    needed && !row.facts.contains_key(id) && !matches!(field.ty, Type::List(_))
                };
                fields.filter(open).map(|(id, _)| id).collect()
            });
            for id in missing {
                let Some(field) = schema.field(frame, id) else { continue };
                let fact = match field.ty {
                    Type::Ref(target) => {
                        let known = self.rows.iter().position(|row| row.frame == target);
                        let known = match spare {
                            Spare::Shared => known,
                            Spare::Apart => others.get(&target).copied(),
                        };
                        Fact::Row(known.unwrap_or_else(|| {
                            let facts = BTreeMap::new();
                            self.rows.push(WitnessRow { frame: target, parent: None, facts });
                            others.insert(target, self.rows.len() - 1);
                            self.rows.len() - 1
                        }))
                    }
                    _ => Fact::Value(field.default.clone().unwrap_or_else(|| {
                        let unique = field.key || field.unique;
                        let taken = |value: &Constant| {
                            let fact = Fact::Value(value.clone());
                            let own = self.rows.iter().filter(|row| row.frame == frame);
                            unique
                                && own.filter_map(|row| row.facts.get(&id)).any(|own| *own == fact)
                        };
                        let values = (at..at + 1000).map(|at| ordinary(field, at + 1, today));
                        let mut free = values.filter(|value| !taken(value));
                        free.next().unwrap_or_else(|| ordinary(field, at + 1, today))
                    })),
                };
                if let Some(row) = self.rows.get_mut(at) {
                    row.facts.insert(id, fact);
                }
            }
            at += 1;
        }
    }

    /// The rows as columns, and where each row stands in its frame.
    #[must_use]
    pub fn frames(&self, schema: &Schema) -> (Vec<FrameData>, Vec<usize>) {
        let mut places: Vec<usize> = vec![0; self.rows.len()];
        let mut frames = Vec::new();
        for (id, frame) in (0..).map(FrameId).zip(&schema.frames) {
            let mut own: Vec<usize> = (0..self.rows.len())
                .filter(|&at| self.rows.get(at).is_some_and(|row| row.frame == id))
                .collect();
            let place = |at: usize| {
                self.rows
                    .get(at)
                    .and_then(|row| row.parent)
                    .and_then(|parent| places.get(parent))
                    .copied()
                    .unwrap_or(0)
            };
            own.sort_by_key(|&at| place(at));
            let mut offsets = Vec::new();
            if let Some((parent, _)) = frame.parent {
                offsets = vec![0; self.rows.iter().filter(|row| row.frame == parent).count() + 1];
                for at in &own {
                    if let Some(slot) = offsets.get_mut(place(*at) + 1) {
                        *slot += 1_u32;
                    }
                }
                let mut total = 0;
                for slot in &mut offsets {
                    total += *slot;
                    *slot = total;
                }
            }
            for (new, old) in own.iter().enumerate() {
                if let Some(slot) = places.get_mut(*old) {
                    *slot = new;
                }
            }
            frames.push((own, offsets));
        }
        let frames = frames
            .into_iter()
            .zip((0..).map(FrameId).zip(&schema.frames))
            .map(|((own, offsets), (_, frame))| {
                let columns = (0..)
                    .map(FieldId)
                    .zip(&frame.fields)
                    .map(|(id, field)| self.column(&own, id, field, &places))
                    .collect();
                FrameData {
                    len: own.len(),
                    columns,
                    offsets: Arc::new(offsets),
                    whole: true,
                    strays: Vec::new(),
                    claims: BTreeMap::new(),
                    currencies: BTreeMap::new(),
                }
            })
            .collect();
        (frames, places)
    }

    fn column(&self, own: &[usize], id: FieldId, field: &Field, places: &[usize]) -> Column {
        let fact = |row: usize| {
            own.get(row).and_then(|&at| self.rows.get(at)).and_then(|row| row.facts.get(&id))
        };
        let listed = matches!(field.ty, Type::List(_));
        let present = Bits::from_fn(own.len(), |row| match fact(row) {
            Some(Fact::Absent | Fact::Missing) => false,
            Some(_) => true,
            None => listed,
        });
        let values = match field.ty.physical() {
            Physical::Bits => Values::Bits(Bits::from_fn(own.len(), |row| {
                fact(row) == Some(&Fact::Value(Constant::Bool(true)))
            })),
            Physical::Ints => {
                let ints = (0..own.len()).map(|row| int(fact(row), places));
                Values::Ints(Arc::new(ints.collect()))
            }
            Physical::Ratios => {
                let ratios = (0..own.len()).map(|row| match fact(row) {
                    Some(Fact::Value(Constant::Ratio(value))) => *value,
                    _ => Ratio::zero(),
                });
                Values::Ratios(Arc::new(ratios.collect()))
            }
            Physical::Texts => {
                let mut texts = Texts::default();
                (0..own.len()).for_each(|row| {
                    texts.push(match fact(row) {
                        Some(Fact::Value(Constant::Text(text))) => text,
                        _ => "",
                    });
                });
                Values::Texts(Arc::new(texts))
            }
            Physical::Frame => Values::Dropped,
        };
        Column { values, present, unread: Bits::uniform(own.len(), false) }
    }
}

fn int(fact: Option<&Fact>, places: &[usize]) -> i64 {
    match fact {
        Some(Fact::Value(Constant::Int(value))) => *value,
        Some(Fact::Row(row)) => {
            places.get(*row).and_then(|place| i64::try_from(*place).ok()).unwrap_or(0)
        }
        _ => 0,
    }
}

/// A value nothing was asked of; of keys and unique fields another one for each number.
fn ordinary(field: &Field, number: usize, today: i64) -> Constant {
    let unique = field.key || field.unique;
    let own = if unique { i64::try_from(number).unwrap_or(0) } else { 0 };
    match field.ty {
        Type::Text => Constant::Text(format!("{}{number}", field.names.zh()).into()),
        Type::Boolean => Constant::Bool(false),
        Type::Decimal | Type::Money | Type::Percent => {
            Constant::Ratio(Ratio::from_integer(own.into()))
        }
        Type::Date => Constant::Int(today.saturating_sub(own)),
        Type::Instant => Constant::Int(today.saturating_sub(own).saturating_mul(DAY)),
        Type::Enum(_) => Constant::Int(if unique { own - 1 } else { 0 }),
        _ => Constant::Int(own),
    }
}
