//! A witness as TOML: what `fanshi check` reads, one file for all its tables.

use super::witness::{Fact, Witness, WitnessRow};
use crate::builtin::TYPES;
use crate::schema::{Constant, Field, FieldId, FrameId, Names, Schema, Type, day_date};
use crate::syntax::tree::Language;
use crate::value::number::format_ratio;
use crate::value::{Ratio, instant};
use std::fmt::Write;

/// Writes rows by the names of one language.
struct Writer<'a> {
    witness: &'a Witness,
    schema: &'a Schema,
    language: Language,
    style: Style,
}

/// How a fact that is not given is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    /// In data it is left out.
    Data,
    /// In a case it is `""`: what is left out is missing there.
    Case,
}

/// A row as names and values in TOML.
pub type Written = Vec<(String, String)>;

impl Witness {
    /// The rows as TOML, the row in question first.
    #[must_use]
    pub fn toml(&self, schema: &Schema, language: Language) -> String {
        let writer = Writer { witness: self, schema, language, style: Style::Data };
        let mut out = String::new();
        let own = self.rows.get(self.subject).map(|row| schema.root(row.frame));
        let others = schema.tables().map(|(id, _)| id).filter(|id| Some(*id) != own);
        own.into_iter().chain(others).for_each(|table| writer.table(table, &mut out));
        out
    }

    /// The rows of each table as a case has them; `missing` names facts of rows that are not known.
    #[must_use]
    pub fn written(&self, schema: &Schema, language: Language) -> Vec<(FrameId, Vec<Written>)> {
        let writer = Writer { witness: self, schema, language, style: Style::Case };
        let own = |table: FrameId| -> Vec<Written> {
            let rows = self.rows.iter().enumerate().filter(|(_, row)| row.frame == table);
            rows.map(|(at, row)| {
                writer
                    .fields(at, row)
                    .into_iter()
                    .map(|(name, value)| (quoted(name), value))
                    .collect()
            })
            .collect()
        };
        self.tables(schema).into_iter().map(|table| (table, own(table))).collect()
    }

    /// How the row in question is called: its table's row, by key, and the path to it.
    #[must_use]
    pub fn called(
        &self,
        schema: &Schema,
        language: Language,
    ) -> Option<(FrameId, String, Option<String>)> {
        let writer = Writer { witness: self, schema, language, style: Style::Case };
        let (mut at, mut path) = (self.subject, Vec::new());
        while let Some(parent) = self.rows.get(at)?.parent {
            let frame = self.rows.get(at)?.frame;
            let before = self
                .rows
                .iter()
                .take(at)
                .filter(|row| row.frame == frame && row.parent == Some(parent))
                .count();
            path.push(format!("{}[{before}]", writer.name(&schema.frame(frame)?.names)));
            at = parent;
        }
        path.reverse();
        let table = self.rows.get(at)?.frame;
        let frame = schema.frame(table)?;
        let key = frame.key().and_then(|id| {
            Some(writer.constant(frame.field(id)?, self.rows.get(at)?.facts.get(&id)?))
        });
        Some((
            table,
            key.map_or_else(|| "1".to_owned(), |key| key.trim_matches('"').to_owned()),
            (!path.is_empty()).then(|| path.join(".")),
        ))
    }

    /// The tables that have rows.
    #[must_use]
    pub fn tables(&self, schema: &Schema) -> Vec<FrameId> {
        schema
            .tables()
            .map(|(id, _)| id)
            .filter(|id| self.rows.iter().any(|row| row.frame == *id))
            .collect()
    }
}

impl Writer<'_> {
    fn name<'n>(&self, names: &'n Names) -> &'n str {
        self.language.called(names)
    }

    fn table(&self, table: FrameId, out: &mut String) {
        let Some(frame) = self.schema.frame(table) else { return };
        let heading = if frame.single { ("[", "]") } else { ("[[", "]]") };
        for (at, row) in self.witness.rows.iter().enumerate().filter(|(_, row)| row.frame == table)
        {
            if !out.is_empty() {
                out.push('\n');
            }
            let _ = writeln!(out, "{}{}{}", heading.0, quoted(self.name(&frame.names)), heading.1);
            for (name, value) in self.fields(at, row) {
                let _ = writeln!(out, "{} = {value}", quoted(name));
            }
        }
    }

    fn fields(&self, at: usize, row: &WitnessRow) -> Vec<(&str, String)> {
        let Some(frame) = self.schema.frame(row.frame) else { return Vec::new() };
        let nothing = (self.style == Style::Case).then(|| "\"\"".to_owned());
        let of = |(id, field): (FieldId, &'_ Field)| -> Option<String> {
            match (field.ty, row.facts.get(&id)) {
                (_, Some(Fact::Missing)) | (Type::List(_), Some(Fact::Absent)) => None,
                (_, Some(Fact::Absent)) => nothing.clone(),
                (Type::List(inner), _) => Some(self.list(at, inner)),
                (_, Some(fact)) => Some(self.fact(field, fact)),
                (_, None) => nothing.clone(),
            }
        };
        (0..)
            .map(FieldId)
            .zip(&frame.fields)
            .filter_map(|(id, field)| Some((self.name(&field.names), of((id, field))?)))
            .collect()
    }

    fn list(&self, parent: usize, inner: FrameId) -> String {
        let plain = self.schema.frame(inner).is_some_and(|frame| frame.plain);
        let elements = self
            .witness
            .rows
            .iter()
            .enumerate()
            .filter(|(_, row)| row.frame == inner && row.parent == Some(parent));
        let written: Vec<String> = elements
            .map(|(at, row)| {
                let fields = self.fields(at, row);
                if plain {
                    return fields
                        .into_iter()
                        .next()
                        .map_or_else(|| "\"\"".to_owned(), |(_, value)| value);
                }
                let fields: Vec<String> = fields
                    .iter()
                    .map(|(name, value)| format!("{} = {value}", quoted(name)))
                    .collect();
                format!("{{ {} }}", fields.join(", "))
            })
            .collect();
        format!("[{}]", written.join(", "))
    }

    fn fact(&self, field: &Field, fact: &Fact) -> String {
        let Fact::Row(row) = fact else { return self.constant(field, fact) };
        let key = self.witness.rows.get(*row).and_then(|row| {
            let frame = self.schema.frame(row.frame)?;
            let id = frame.key()?;
            Some(self.constant(frame.field(id)?, row.facts.get(&id)?))
        });
        key.unwrap_or_else(|| "\"1\"".to_owned())
    }

    fn constant(&self, field: &Field, fact: &Fact) -> String {
        let Fact::Value(constant) = fact else { return "\"\"".to_owned() };
        match (field.ty, constant) {
            (Type::Enum(id), Constant::Int(index)) => {
                let value = self
                    .schema
                    .enumeration(id)
                    .and_then(|found| found.values.get(usize::try_from(*index).ok()?));
                quoted(value.map_or("", |value| self.name(&value.names)))
            }
            (Type::Date, Constant::Int(day)) => {
                day_date(*day).map_or_else(|| day.to_string(), |date| date.to_string())
            }
            (Type::Instant, Constant::Int(instant)) => {
                quoted(&instant::written(self.schema.offset, *instant))
            }
            (Type::Integer, Constant::Int(value)) => value.to_string(),
            (ty, Constant::Int(ticks)) if ty.is_span() => {
                let seconds = Ratio::new(i128::from(*ticks), i128::from(instant::TICKS));
                quoted(&format!("{} s", format_ratio(seconds)))
            }
            (ty, Constant::Int(value)) => quoted(&format!("{value} {}", self.unit(ty))),
            (Type::Percent, Constant::Ratio(value)) => {
                quoted(&format!("{}%", format_ratio(*value * Ratio::from_integer(100))))
            }
            (_, Constant::Ratio(value)) => quoted(&format_ratio(*value)),
            (_, Constant::Bool(value)) => value.to_string(),
            (_, Constant::Text(text)) => quoted(text),
            (_, Constant::Empty) => "[]".to_owned(),
        }
    }

    fn unit(&self, ty: Type) -> &'static str {
        let both = TYPES.iter().find(|row| row.0 == ty).map_or(("", ""), |row| (row.1, row.2));
        match (ty, self.language) {
            (Type::Months, Language::Chinese) => "个月",
            (_, Language::Chinese) => both.0,
            (_, Language::English) => both.1,
        }
    }
}

/// A basic string: Chinese keys need quotes as well.
pub fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
