//! Keys: unique in their frame or list, and what references lead to.

use super::{Breach, Breaches, Suggestions};
use crate::data::bind::cell::{self, Value};
use crate::data::bind::column::{Cells, Growing, Rows};
use crate::data::bind::plan::{FieldPlan, Plan};
use crate::data::event::Scalar;
use crate::data::fault::At;
use crate::data::names::{fold, shorten};
use crate::schema::Type;
use crate::value::Ratio;
use crate::value::number::format_ratio;
use std::collections::HashMap;
use std::hash::Hash;

/// Rows by key.
pub enum KeyIndex<'c> {
    /// Texts, and keys of rows elsewhere.
    Texts(HashMap<&'c str, u32>),
    /// Integers, dates, durations, enum values.
    Ints(HashMap<i64, u32>),
    /// Exact numbers.
    Ratios(HashMap<Ratio, u32>),
}

fn index<K: Eq + Hash>(
    column: &Growing,
    len: usize,
    key: impl Fn(usize) -> Option<K>,
) -> HashMap<K, u32> {
    let mut map = HashMap::with_capacity(len);
    for row in (0..len).filter(|&row| !column.absent.get(row)) {
        if let (Some(key), Ok(row)) = (key(row), u32::try_from(row)) {
            map.entry(key).or_insert(row);
        }
    }
    map
}

impl<'c> KeyIndex<'c> {
    /// The rows of a frame by its key.
    pub fn new(plan: &Plan, frame: usize, rows: &'c Rows) -> Option<Self> {
        let column = rows.columns.get(plan.frame(frame)?.key?)?;
        let len = rows.len;
        Some(match &column.cells {
            Cells::Texts(texts) => Self::Texts(index(column, len, |row| Some(texts.get(row)))),
            Cells::References(keys) => Self::Texts(index(column, len, |row| keys.key(row))),
            Cells::Ints(values) => Self::Ints(index(column, len, |row| values.get(row).copied())),
            Cells::Ratios(values) => {
                Self::Ratios(index(column, len, |row| values.get(row).copied()))
            }
            Cells::Bits(_) | Cells::Dropped => return None,
        })
    }

    /// The row of a key as written, or else with full-width characters made half-width.
    #[must_use]
    pub fn get(&self, field: &FieldPlan, key: &str) -> Option<u32> {
        match (self, cell::read(field, Scalar::Text(key))) {
            (Self::Texts(map), _) => map.get(key).or_else(|| map.get(&*fold(key))).copied(),
            (Self::Ints(map), Ok(Value::Int(value))) => map.get(&value).copied(),
            (Self::Ratios(map), Ok(Value::Ratio(value))) => map.get(&value).copied(),
            _ => None,
        }
    }

    /// A key much like one that was not found; only texts have any.
    pub fn nearest(&self, key: &str, suggestions: &mut Suggestions) -> Option<String> {
        let Self::Texts(map) = self else { return None };
        suggestions
            .nearest(key, map.len(), map.keys().copied().filter(|other| *other != key))
            .filter(|_| !key.is_empty())
    }
}

/// Turns the keys in reference columns into row numbers; rows whose key leads nowhere become
/// unread.
pub fn resolve(plan: &Plan, rows: &mut [Rows], breaches: &mut Breaches) {
    let mut suggestions = Suggestions::default();
    let mut answers = Vec::new();
    let mut indexes: HashMap<usize, Option<KeyIndex<'_>>> = HashMap::new();
    for (frame, shape) in plan.frames.iter().enumerate() {
        for (field, item) in shape.fields.iter().enumerate() {
            let Type::Ref(target) = item.ty else { continue };
            let target = target.0 as usize;
            let Some(Cells::References(keys)) =
                rows.get(frame).and_then(|rows| Some(&rows.columns.get(field)?.cells))
            else {
                continue;
            };
            let index = indexes
                .entry(target)
                .or_insert_with(|| KeyIndex::new(plan, target, rows.get(target)?));
            let key_field = plan.frame(target).and_then(|shape| shape.fields.get(shape.key?));
            let answer: Vec<Answer> = keys
                .keys
                .iter()
                .map(|key| match (&*index, key_field) {
                    (Some(index), Some(key_field)) => index.get(key_field, key).map_or_else(
                        || Answer::Nowhere(index.nearest(key, &mut suggestions)),
                        Answer::Row,
                    ),
                    _ => Answer::Nowhere(None),
                })
                .collect();
            answers.push((At { frame, field }, answer));
        }
    }
    drop(indexes);
    for (at, answer) in answers {
        if let Some(rows) = rows.get_mut(at.frame) {
            apply(at, rows, &answer, breaches);
        }
    }
}

/// What a key leads to.
enum Answer {
    Row(u32),
    Nowhere(Option<String>),
}

fn apply(at: At, rows: &mut Rows, answers: &[Answer], breaches: &mut Breaches) {
    let len = rows.len;
    let Some(column) = rows.columns.get_mut(at.field) else { return };
    let Cells::References(references) = &mut column.cells else { return };
    let mut found = Vec::new();
    for row in 0..len {
        let Some(id) = references.ids.get_mut(row) else { continue };
        if column.absent.get(row) {
            *id = 0;
            continue;
        }
        let index = usize::try_from(*id).unwrap_or(usize::MAX);
        match answers.get(index) {
            Some(Answer::Row(target)) => *id = i64::from(*target),
            Some(Answer::Nowhere(nearest)) => {
                let key = references.keys.get(index).map_or(String::new(), |key| shorten(key));
                found.push(Breach::Dangling { at, row, key, nearest: nearest.clone() });
                *id = 0;
                column.absent.mark(row);
                column.unread.mark(row);
            }
            None => *id = 0,
        }
    }
    let values = std::mem::take(&mut references.ids);
    column.cells = Cells::Ints(values);
    breaches.extend(at, "dangling_reference", found);
}

/// Reports values of keys and unique fields that occur twice.
pub fn check_unique(plan: &Plan, rows: &[Rows], breaches: &mut Breaches) {
    for (frame, (shape, rows)) in plan.frames.iter().zip(rows).enumerate() {
        for (field, item) in shape.fields.iter().enumerate() {
            let unique = plan
                .schema
                .frames
                .get(frame)
                .and_then(|frame| frame.fields.get(field))
                .is_some_and(|field| field.key || field.unique);
            if let (true, Some(column)) = (unique && item.keep, rows.columns.get(field)) {
                let at = At { frame, field };
                let code = if item.key { "duplicate_key" } else { "duplicate_value" };
                breaches.extend(at, code, duplicates(at, column, rows));
            }
        }
    }
}

/// Rows that repeat an earlier value of a column.
pub fn duplicates(at: At, column: &Growing, rows: &Rows) -> Vec<Breach> {
    match &column.cells {
        Cells::Texts(texts) => repeated(at, column, rows, |row| Some(texts.get(row)), shorten),
        Cells::References(keys) => repeated(at, column, rows, |row| keys.key(row), shorten),
        Cells::Ints(values) => {
            repeated(at, column, rows, |row| values.get(row).copied(), |value| value.to_string())
        }
        Cells::Ratios(values) => {
            repeated(at, column, rows, |row| values.get(row).copied(), format_ratio)
        }
        Cells::Bits(_) | Cells::Dropped => Vec::new(),
    }
}

/// Rows that repeat an earlier one's value: in the whole frame, or within one parent.
fn repeated<K: Eq + Hash + Copy>(
    at: At,
    column: &Growing,
    rows: &Rows,
    value: impl Fn(usize) -> Option<K>,
    show: impl Fn(K) -> String,
) -> Vec<Breach> {
    let mut found = Vec::new();
    let mut check = |range: std::ops::Range<usize>, seen: &mut HashMap<K, usize>| {
        for row in range.filter(|&row| !column.absent.get(row)) {
            let Some(value) = value(row) else { continue };
            let first = *seen.entry(value).or_insert(row);
            if first != row {
                found.push(Breach::Duplicate { at, first, row, value: show(value) });
            }
        }
    };
    if rows.ends.is_empty() {
        check(0..rows.len, &mut HashMap::with_capacity(rows.len));
        return found;
    }
    let mut seen = HashMap::new();
    let mut start = 0;
    for &end in &rows.ends {
        let range = start..end as usize;
        start = range.end;
        if range.len() > 1 {
            seen.clear();
            check(range, &mut seen);
        }
    }
    found
}
