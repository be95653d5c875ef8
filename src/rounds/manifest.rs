//! The next manifest: what people wrote in the last one, with paths from its own folder, and the
//! tables that came back read from their new files.

use crate::schema::{FrameId, Schema};
use crate::workspace::{clean, shown, slashed};
use jiff::civil::Date;
use std::collections::BTreeSet;
use std::path::Path;
use toml_edit::{DocumentMut, InlineTable, Item, TableLike, Value};

/// Makes the next manifest.
///
/// # Errors
/// Where the last one is no TOML; then nothing of it can be kept.
pub fn next(
    (text, schema): (&str, &Schema),
    way: &str,
    files: &[(FrameId, String, String)],
    day: Option<Date>,
) -> Result<String, toml_edit::TomlError> {
    let mut document: DocumentMut = text.parse()?;
    if let Some(project) = document.get_mut("project").and_then(Item::as_table_like_mut) {
        if let Some(policies) = project.get_mut("policies") {
            move_item(policies, way);
        }
        if let Some(day) = day {
            let day = day.to_string().parse::<toml_edit::Datetime>();
            if let Ok(day) = day {
                project.insert("as_of", toml_edit::value(day));
            }
        }
    }
    for section in ["data", "texts"] {
        let Some(table) = document.get_mut(section).and_then(Item::as_table_like_mut) else {
            continue;
        };
        for (_, item) in table.iter_mut() {
            move_item(item, way);
        }
    }
    if let Some(data) = document.get_mut("data").and_then(Item::as_table_like_mut) {
        replace(data, schema, files);
    }
    Ok(document.to_string())
}

/// Has the tables that came back read from their files, and their lists from nowhere else.
fn replace(data: &mut dyn TableLike, schema: &Schema, files: &[(FrameId, String, String)]) {
    let mut done = BTreeSet::new();
    let keys: Vec<String> = data.iter().map(|(key, _)| key.to_owned()).collect();
    for key in keys {
        let name = key.split('.').next().unwrap_or_default().trim();
        let is_named =
            |table: &FrameId| schema.frame(*table).is_some_and(|frame| frame.names.matches(name));
        let Some((table, file, text)) = files.iter().find(|(table, ..)| is_named(table)) else {
            continue;
        };
        if key.trim() != name || !done.insert(*table) {
            data.remove(&key);
            continue;
        }
        let was_empty = data.get(&key).is_some_and(may_be_empty);
        if let Some(item) = data.get_mut(&key) {
            let mut value = Value::from(file.as_str());
            if was_empty || text.trim() == "[]" {
                let mut table = InlineTable::new();
                table.insert("file", value);
                table.insert("empty", Value::from(true));
                value = Value::InlineTable(table);
            }
            let decor = item.as_value().map(|old| old.decor().clone());
            if let Some(decor) = decor {
                *value.decor_mut() = decor;
            }
            *item = Item::Value(value);
        }
    }
    for (table, file, _) in files.iter().filter(|(table, ..)| !done.contains(table)) {
        if let Some(frame) = schema.frame(*table) {
            data.insert(frame.names.zh(), toml_edit::value(file.as_str()));
        }
    }
}

/// Whether an entry says that its table may be empty.
fn may_be_empty(item: &Item) -> bool {
    let says = |value: &Value| {
        let table = value.as_inline_table();
        table.and_then(|table| table.get("empty")).and_then(Value::as_bool) == Some(true)
    };
    match item.as_value() {
        Some(Value::Array(array)) => array.iter().any(says),
        Some(value) => says(value),
        None => item.get("empty").and_then(Item::as_bool) == Some(true),
    }
}

/// Moves the files of an entry: a name, several, or a table with `file`.
fn move_item(item: &mut Item, way: &str) {
    match item {
        Item::Value(value) => move_value(value, way),
        Item::Table(table) => {
            if let Some(file) = table.get_mut("file") {
                move_item(file, way);
            }
        }
        Item::ArrayOfTables(tables) => {
            for table in tables.iter_mut() {
                if let Some(file) = table.get_mut("file") {
                    move_item(file, way);
                }
            }
        }
        Item::None => {}
    }
}

fn move_value(value: &mut Value, way: &str) {
    match value {
        Value::String(text) => {
            let moved = moved(text.value(), way);
            let decor = value.decor().clone();
            *value = Value::from(moved);
            *value.decor_mut() = decor;
        }
        Value::Array(array) => array.iter_mut().for_each(|value| move_value(value, way)),
        Value::InlineTable(table) => {
            if let Some(file) = table.get_mut("file") {
                move_value(file, way);
            }
        }
        _ => {}
    }
}

/// A path or pattern of the last manifest, from the folder of the next.
fn moved(path: &str, way: &str) -> String {
    let path = &*slashed(path);
    if path.is_empty() || Path::new(path).is_absolute() || path.starts_with('/') {
        return path.to_owned();
    }
    let whole = format!("{way}/{path}");
    // `a/../b` is `b`; a pattern keeps its signs.
    shown(&clean(Path::new(&whole)))
}
