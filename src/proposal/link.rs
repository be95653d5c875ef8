//! What connects tables: values of one column that are keys of another table.

use super::column::{Column, Kind};
use super::table::{Table, is_code_name};
use crate::say;
use crate::schema::Type;
use crate::value::key::canonical;
use std::collections::BTreeSet;

/// The keys of a table.
struct Keys {
    table: usize,
    name: String,
    keys: BTreeSet<String>,
    /// Whether other columns hold such values by chance: small numbers.
    is_common: bool,
}

/// Finds references, and tables that list what belongs to the rows of another.
pub fn link(tables: &mut [Table]) {
    prefer_named(tables);
    let keys: Vec<Keys> = tables.iter().enumerate().filter_map(keys).collect();
    for at in 0..tables.len() {
        let found: Vec<(usize, usize, bool)> = match tables.get(at) {
            Some(table) => references(at, table, &keys),
            None => Vec::new(),
        };
        for (column, target, same) in found {
            // What refers to one another in a ring has no first row.
            let refers = |table: &Table| {
                table.parent.is_some()
                    || table.columns.iter().any(|own| own.kind == Kind::Reference(at))
            };
            if tables.get(target).is_some_and(refers) {
                continue;
            }
            let Some(name) = tables.get(target).map(|table| table.name.clone()) else { continue };
            let Some(table) = tables.get_mut(at) else { continue };
            let is_child = same && table.key().is_none() && table.parent.is_none();
            let Some(own) = table.columns.get_mut(column) else { continue };
            if is_child {
                own.kind = Kind::Ignored;
                own.doubts.clear();
                table.parent = Some((target, column));
                table.doubts.clear();
                table.doubts.push(say!(
                    "看作 `{name}` 每行的清单；不是的，改成一张表",
                    "taken for a list of each row of `{name}`; make it a table if it is none"
                ));
            } else {
                own.kind = Kind::Reference(target);
                own.readings.clear();
            }
        }
    }
}

/// Where several columns of a table could be its key, the one that other tables name is.
fn prefer_named(tables: &mut [Table]) {
    for at in 0..tables.len() {
        let named = |column: &Column| {
            let may = !column.is_key && is_code_name(&column.name) && column.tells_apart();
            let keys: BTreeSet<_> = column.cells.iter().map(|cell| canonical(cell)).collect();
            let names = |other: &Column| {
                let mut given = other.given().peekable();
                other.name == column.name
                    && given.peek().is_some()
                    && given.all(|cell| keys.contains(&canonical(cell)))
            };
            let others = tables.iter().enumerate().filter(|(other, _)| *other != at);
            may && others.flat_map(|(_, other)| &other.columns).any(names)
        };
        let Some(table) = tables.get(at) else { continue };
        let is_named = |key: &Column| {
            let others = tables.iter().enumerate().filter(|(other, _)| *other != at);
            others.flat_map(|(_, other)| &other.columns).any(|other| other.name == key.name)
        };
        if table.key().is_some_and(is_named) {
            continue;
        }
        let found = table.columns.iter().position(named);
        let (Some(found), Some(table)) = (found, tables.get_mut(at)) else { continue };
        for (number, column) in table.columns.iter_mut().enumerate() {
            column.is_key = number == found;
        }
    }
}

fn keys((at, table): (usize, &Table)) -> Option<Keys> {
    let key = table.key()?;
    let keys: BTreeSet<String> =
        key.cells.iter().map(|cell| canonical(cell).into_owned()).collect();
    let is_common = !is_code_name(&key.name) && keys.iter().all(|key| key.len() < 4)
        || key.kind == Kind::Plain(Type::Integer);
    Some(Keys { table: at, name: key.name.clone(), keys, is_common })
}

/// The columns of a table that refer to another, with whether they are called as its key is.
fn references(at: usize, table: &Table, keys: &[Keys]) -> Vec<(usize, usize, bool)> {
    let mut found = Vec::new();
    for (number, column) in table.columns.iter().enumerate() {
        let may = matches!(column.kind, Kind::Plain(Type::Text | Type::Integer) | Kind::Enum(_));
        if !may || column.is_key {
            continue;
        }
        let fits = keys.iter().filter(|keys| keys.table != at && refers(column, keys));
        let best = fits.max_by_key(|keys| (keys.name == column.name, !keys.is_common));
        found.extend(best.map(|keys| (number, keys.table, keys.name == column.name)));
    }
    found
}

/// Whether all values of a column are keys of a table, and surely meant so.
fn refers(column: &Column, keys: &Keys) -> bool {
    let values: BTreeSet<String> =
        column.given().map(|cell| canonical(cell).into_owned()).collect();
    let same = column.name == keys.name && column.heading == column.name;
    !values.is_empty()
        && values.is_subset(&keys.keys)
        && (same || !keys.is_common && values.len() > 1)
}
