//! From a model to complete rows: every required field has a value, so that the rows can be loaded
//! like any other.

use super::sat::Solver;
use super::world::{Cell, World};
use crate::data::FrameData;
use crate::program::Program;
use crate::schema::{Constant, Field, FieldId, FrameId, Physical, Schema, Type};
use crate::value::{Bits, Column, Ratio, Texts, Values};
use num_traits::Zero;
use std::collections::{BTreeMap, HashMap};
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

impl Witness {
    /// Reads a model.
    #[must_use]
    pub fn of<S: Solver>(world: &World<'_, S>, values: &[Ratio], subject: usize) -> Self {
        let holds = |bit| world.circuit.solver.holds(bit);
        let kept: Vec<usize> = (0..world.rows.len()).filter(|&at| exists(world, at)).collect();
        let renumbered: HashMap<usize, usize> =
            kept.iter().enumerate().map(|(new, old)| (*old, new)).collect();
        let mut invented: HashMap<Ratio, Constant> = HashMap::new();
        let mut rows = Vec::new();
        for row in kept.iter().filter_map(|&at| world.rows.get(at)) {
            let mut facts = BTreeMap::new();
            for (&id, cell) in &row.cells {
                let field = world.program.schema.field(row.frame, id);
                let fact = match cell {
                    Cell::Truth(present, _)
                    | Cell::Number(present, _)
                    | Cell::Reference(present, _)
                        if !holds(*present) =>
                    {
                        Fact::Absent
                    }
                    Cell::Truth(_, value) => Fact::Value(Constant::Bool(holds(*value))),
                    Cell::Reference(_, to) => {
                        renumbered.get(to).map_or(Fact::Absent, |to| Fact::Row(*to))
                    }
                    Cell::Number(_, variable) => {
                        let value = values.get(*variable).copied().unwrap_or_else(Ratio::zero);
                        field.map_or(Fact::Absent, |field| {
                            Fact::Value(plain(world, field, value, &mut invented))
                        })
                    }
                };
                if !matches!(field.map(|field| field.ty), Some(Type::List(_)))
                    || fact == Fact::Absent
                {
                    facts.insert(id, fact);
                }
            }
            let parent = row.parent.and_then(|parent| renumbered.get(&parent).copied());
            rows.push(WitnessRow { frame: row.frame, parent, facts });
        }
        let mut witness = Self { rows, subject: renumbered.get(&subject).copied().unwrap_or(0) };
        witness.complete(world.program, world.today);
        witness
    }

    /// Gives every required field a value, and every reference a row.
    pub fn complete(&mut self, program: &Program, today: i64) {
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
                    Type::Ref(target) => Fact::Row(self.some_row(target)),
                    _ => Fact::Value(
                        field.default.clone().unwrap_or_else(|| ordinary(field, at + 1, today)),
                    ),
                };
                if let Some(row) = self.rows.get_mut(at) {
                    row.facts.insert(id, fact);
                }
            }
            at += 1;
        }
    }

    fn some_row(&mut self, frame: FrameId) -> usize {
        self.rows.iter().position(|row| row.frame == frame).unwrap_or_else(|| {
            self.rows.push(WitnessRow { frame, parent: None, facts: BTreeMap::new() });
            self.rows.len() - 1
        })
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

fn exists<S: Solver>(world: &World<'_, S>, at: usize) -> bool {
    let Some(row) = world.rows.get(at) else { return false };
    world.circuit.solver.holds(row.exists) && row.parent.is_none_or(|parent| exists(world, parent))
}

/// A number of the model as a value of its field. Texts beyond those mentioned are invented, equal
/// ones alike.
fn plain<S: Solver>(
    world: &World<'_, S>,
    field: &Field,
    value: Ratio,
    invented: &mut HashMap<Ratio, Constant>,
) -> Constant {
    match field.ty {
        Type::Text => {
            let known =
                usize::try_from(value.to_integer()).ok().and_then(|index| world.texts.get(index));
            if let Some(text) = known {
                return Constant::Text(text.clone());
            }
            let number = invented.len() + 1;
            invented
                .entry(value)
                .or_insert_with(|| Constant::Text(format!("{}·{number}", field.names.zh()).into()))
                .clone()
        }
        Type::Decimal | Type::Money | Type::Percent => Constant::Ratio(value),
        _ => Constant::Int(i64::try_from(value.to_integer()).unwrap_or(0)),
    }
}

/// A value nothing was asked of.
fn ordinary(field: &Field, number: usize, today: i64) -> Constant {
    match field.ty {
        Type::Text => Constant::Text(format!("{}{number}", field.names.zh()).into()),
        Type::Boolean => Constant::Bool(false),
        Type::Decimal | Type::Money | Type::Percent => Constant::Ratio(Ratio::zero()),
        Type::Date => Constant::Int(today),
        Type::Instant => Constant::Int(today.saturating_mul(86_400 * crate::value::instant::TICKS)),
        Type::Enum(_) => Constant::Int(0),
        _ => Constant::Int(if field.key || field.unique {
            i64::try_from(number).unwrap_or(0)
        } else {
            0
        }),
    }
}
