//! The words of the vocabulary that is handed out with this program: what a column that is headed
//! with one of them holds, and what it is called in English.

use crate::analysis::Settings;
use crate::data::reads;
use crate::engine::{Policy, Texts};
use crate::schema::{Constant, Enum, Field, Frame, Reading, Schema, Type};
use crate::text::Source;
use std::sync::OnceLock;

/// The vocabularies.
const TEXTS: &[&str] = &include!("../../policies/vocabularies.in");

/// The shapes of the data they declare.
fn schemas() -> &'static [Schema] {
    static SCHEMAS: OnceLock<Vec<Schema>> = OnceLock::new();
    SCHEMAS.get_or_init(|| {
        let compiled = TEXTS.iter().map(|text| {
            let texts = Texts::from_iter([Source::new("vocabulary.fan", *text)]);
            Policy::compile(texts, &Settings::default()).schema().clone()
        });
        compiled.collect()
    })
}

/// All tables and lists, each with the shape it is part of.
fn frames() -> impl Iterator<Item = (&'static Schema, &'static Frame)> {
    schemas().iter().flat_map(|schema| schema.frames.iter().map(move |frame| (schema, frame)))
}

/// A field of a vocabulary.
#[derive(Clone, Copy, Debug)]
pub struct Found {
    schema: &'static Schema,
    /// The field.
    pub field: &'static Field,
}

/// What is known of the columns of one table.
#[derive(Clone, Copy, Debug, Default)]
pub struct Known {
    /// The table or list of the vocabulary that has most of them.
    frame: Option<(&'static Schema, &'static Frame)>,
    /// How many it has.
    pub fields: usize,
}

impl Known {
    /// Finds the table that has most of these headings.
    pub fn of<'h>(headings: impl Iterator<Item = &'h str> + Clone) -> Self {
        let mut best = Self::default();
        for frame in frames() {
            let fields = headings.clone().filter(|word| called(frame, word).is_some()).count();
            if fields > best.fields {
                best = Self { frame: Some(frame), fields };
            }
        }
        best
    }

    /// The field of a heading: of that table, else of any that has it, where all that have it call
    /// it the same in English.
    #[must_use]
    pub fn field(&self, heading: &str) -> Option<Found> {
        let own = self.frame.and_then(|frame| called(frame, heading));
        own.or_else(|| {
            let mut all = frames().filter_map(|frame| called(frame, heading));
            let first = all.next()?;
            let same = |other: Found| other.field.names.alias == first.field.names.alias;
            all.all(same).then_some(first)
        })
    }

    /// The English name of the table, where it is surely that one.
    #[must_use]
    pub fn table(&self, columns: usize) -> Option<&'static str> {
        let (_, frame) = self.frame.filter(|_| self.fields > 3 && self.fields * 2 > columns)?;
        frame.names.alias.as_deref()
    }
}

fn called((schema, frame): (&'static Schema, &'static Frame), heading: &str) -> Option<Found> {
    let field = frame.fields.iter().find(|field| field.is_called(heading))?;
    Some(Found { schema, field })
}

/// The English name of a field.
#[must_use]
pub fn alias(field: &Field) -> Option<&str> {
    field.names.alias.as_deref().filter(|alias| alias.is_ascii())
}

/// The enum of a field, where each of some cells is one of its values.
pub fn values<'c>(found: Found, mut cells: impl Iterator<Item = &'c str>) -> Option<&'static Enum> {
    let Type::Enum(id) = found.field.ty else { return None };
    let found = found.schema.enumeration(id)?;
    let listed = |cell: &str| {
        found
            .values
            .iter()
            .any(|value| value.names.matches(cell) || value.also.iter().any(|also| &**also == cell))
    };
    cells.all(listed).then_some(found)
}

/// What some cells need beside the type of a field, each word with the value it stands for; `None`
/// where a cell reads as neither.
pub fn readings<'c>(
    field: &Field,
    cells: impl Iterator<Item = &'c str>,
) -> Option<Vec<(String, String)>> {
    if matches!(field.ty, Type::Enum(_) | Type::Ref(_) | Type::List(_)) {
        return None;
    }
    let mut needed = Vec::new();
    for cell in cells.filter(|cell| !reads(field.ty, cell)) {
        let (word, reading) = field.readings.iter().find(|(word, _)| **word == *cell)?;
        let entry = (word.to_string(), literal(field.ty, reading)?);
        if !needed.contains(&entry) {
            needed.push(entry);
        }
    }
    Some(needed)
}

/// A value as a vocabulary writes it.
fn literal(ty: Type, reading: &Reading) -> Option<String> {
    let Reading::Value(constant) = reading else { return None };
    let unit = match ty {
        Type::Workdays => " 工作日",
        Type::Days => " 日",
        Type::Months => " 个月",
        Type::Integer | Type::Boolean => "",
        _ => return None,
    };
    match constant {
        Constant::Int(number) => Some(format!("{number}{unit}")),
        Constant::Bool(truth) => Some(if *truth { "是" } else { "否" }.to_owned()),
        _ => None,
    }
}
