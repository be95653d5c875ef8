//! Rows as JSON, their fields in the order of the vocabulary, each on a line of its own.

use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};

/// A value, a list or a record.
#[derive(Clone, Debug)]
pub enum Json {
    /// Nothing.
    Null,
    /// A text.
    Text(String),
    /// A number.
    Number(serde_json::Number),
    /// Several.
    List(Vec<Json>),
    /// Fields by their names.
    Record(Vec<(String, Json)>),
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Number(number) => number.serialize(serializer),
            Self::List(list) => {
                let mut out = serializer.serialize_seq(Some(list.len()))?;
                list.iter().try_for_each(|value| out.serialize_element(value))?;
                out.end()
            }
            Self::Record(fields) => {
                let mut out = serializer.serialize_map(Some(fields.len()))?;
                fields.iter().try_for_each(|(name, value)| out.serialize_entry(name, value))?;
                out.end()
            }
        }
    }
}

/// Rows as a document.
pub fn document(rows: &[Json]) -> String {
    let text = |value: &Json| serde_json::to_string(value).unwrap_or_default();
    let row = |row: &Json| match row {
        Json::Record(fields) if !fields.is_empty() => {
            let name = |name: &String| serde_json::to_string(name).unwrap_or_default();
            let lines = fields.iter().map(|(key, value)| format!("{}: {}", name(key), text(value)));
            format!("{{\n  {}\n}}", lines.collect::<Vec<_>>().join(",\n  "))
        }
        other => text(other),
    };
    let rows: Vec<String> = rows.iter().map(row).collect();
    if rows.is_empty() { "[]\n".to_owned() } else { format!("[{}]\n", rows.join(",\n")) }
}
