//! The words of the vocabulary that is handed out with this program: what a column that is headed
//! with one of them holds, and what it is called in English.

use crate::analysis::Settings;
use crate::data::reads;
use crate::engine::{Policy, Texts};
use crate::schema::{Constant, Enum, Field, Frame, Reading, Schema, Type};
use crate::text::Source;
use std::sync::OnceLock;

/// The vocabulary.
const TEXT: &str = include_str!("../../policies/approval-reform/vocabulary.fan");

/// The shape of the data it declares.
fn schema() -> &'static Schema {
    static SCHEMA: OnceLock<Schema> = OnceLock::new();
    SCHEMA.get_or_init(|| {
        let texts = Texts::from_iter([Source::new("vocabulary.fan", TEXT)]);
        Policy::compile(texts, &Settings::default()).schema().clone()
    })
}

/// What is known of the columns of one table.
#[derive(Clone, Copy, Debug, Default)]
pub struct Known {
    /// The table or list of the vocabulary that has most of them.
    frame: Option<&'static Frame>,
    /// How many it has.
    pub fields: usize,
}

impl Known {
    /// Finds the table that has most of these headings.
    pub fn of<'h>(headings: impl Iterator<Item = &'h str> + Clone) -> Self {
        let mut best = Self::default();
        for frame in &schema().frames {
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
    pub fn field(&self, heading: &str) -> Option<&'static Field> {
        let own = self.frame.and_then(|frame| called(frame, heading));
        own.or_else(|| {
            let mut all = schema().frames.iter().filter_map(|frame| called(frame, heading));
            let first = all.next()?;
            all.all(|other| other.names.alias == first.names.alias).then_some(first)
        })
    }

    /// The English name of the table, where it is surely that one.
    #[must_use]
    pub fn table(&self, columns: usize) -> Option<&'static str> {
        let frame = self.frame.filter(|_| self.fields > 3 && self.fields * 2 > columns)?;
        frame.names.alias.as_deref()
    }
}

fn called(frame: &'static Frame, heading: &str) -> Option<&'static Field> {
    frame.fields.iter().find(|field| field.is_called(heading))
}

/// The English name of a field.
#[must_use]
pub fn alias(field: &Field) -> Option<&str> {
    field.names.alias.as_deref().filter(|alias| alias.is_ascii())
}

/// The enum of a field, where each of some cells is one of its values.
pub fn values<'c>(
    field: &Field,
    mut cells: impl Iterator<Item = &'c str>,
) -> Option<&'static Enum> {
    let Type::Enum(id) = field.ty else { return None };
    let found = schema().enumeration(id)?;
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
