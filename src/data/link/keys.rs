//! Keys: unique in their frame or list, and what references lead to.

use super::index::{KeyIndex, KeyValues, Owners};
use super::{Breach, Breaches, Mentions, Suggestions};
use crate::data::bind::cell::{KeyValue, named};
use crate::data::bind::column::{Cells, Growing, Rows};
use crate::data::bind::plan::{FieldPlan, Plan};
use crate::data::fault::At;
use crate::data::load::Listed;
use crate::data::names::shorten;
use crate::data::{Claim, Stray};
use crate::invariant::fit;
use crate::schema::{FieldId, Type, day_date};
use crate::value::key::first_invisible;
use crate::value::number::format_ratio;
use hashbrown::HashMap;
use std::collections::{BTreeMap, BTreeSet};

/// What references of a run lead to beside single rows.
pub struct Resolved {
    /// For each frame, what those of its references that could not be followed may mean.
    pub claims: Vec<BTreeMap<FieldId, Vec<Claim>>>,
    /// For each frame, what is named that is no row of it, or not one alone.
    pub strays: Vec<Vec<Stray>>,
}

/// What is named that is no row of a table, or not one alone, each key once.
#[derive(Default)]
struct Strays {
    numbers: HashMap<KeyValue<'static>, usize>,
    list: Vec<Stray>,
}

impl Strays {
    /// The number of a key.
    fn number(&mut self, key: KeyValue<'static>, targets: &[u32], is_missing: bool) -> usize {
        *self.numbers.entry(key).or_insert_with(|| {
            self.list.push(Stray { targets: targets.to_vec(), is_missing });
            self.list.len() - 1
        })
    }
}

/// Keys that references name and that lead to no one row.
#[derive(Default)]
struct Faulty {
    /// No row has them.
    dangling: Mentions,
    /// No version is in force on the day.
    lapsed: Mentions,
    /// Rows of different keys are called so.
    unclear: Mentions,
}

/// The references of one column.
struct Answers<'p> {
    at: At,
    /// The table they lead to.
    target: usize,
    /// What each distinct key leads to.
    owners: Vec<Owners>,
    /// Rows of that table whose key could not be read.
    keyless: Vec<u32>,
    /// What tells its rows apart; where it has no key, its declaration is what is wrong.
    key: Option<&'p FieldPlan>,
}

/// Reports keys and unique values that occur twice, and turns the keys in reference columns into
/// row numbers; rows whose key leads nowhere, or to several rows, become unread.
pub fn resolve(
    plan: &Plan,
    rows: &mut [Rows],
    listed: &[Listed],
    day: Option<i64>,
    breaches: &mut Breaches,
) -> Resolved {
    let all = {
        let rows = &*rows;
        let index = |frame: usize| {
            plan.frame(frame).filter(|shape| shape.parent.is_none())?;
            KeyIndex::new(plan, frame, rows.get(frame)?, listed.get(frame), day)
        };
        let indexes: Vec<Option<KeyIndex<'_>>> = (0..rows.len()).map(index).collect();
        check_unique(plan, rows, &indexes, breaches);
        answers(plan, rows, &indexes)
    };
    let mut claims: Vec<BTreeMap<_, _>> = rows.iter().map(|_| BTreeMap::new()).collect();
    let mut strays: Vec<Strays> = rows.iter().map(|_| Strays::default()).collect();
    let mut faulty = Faulty::default();
    for answers in all {
        let at = answers.at;
        let (Some(rows), Some(strays)) = (rows.get_mut(at.frame), strays.get_mut(answers.target))
        else {
            continue;
        };
        let claimed = follow(&answers, rows, strays, &mut faulty);
        if let (Some(slot), false) = (claims.get_mut(at.frame), claimed.is_empty()) {
            slot.insert(FieldId(fit(at.field)), claimed);
        }
    }
    breaches.mentions(faulty.dangling, "dangling_reference", Breach::Dangling);
    breaches.mentions(faulty.lapsed, "reference_not_in_force", Breach::NotInForce);
    breaches.mentions(faulty.unclear, "ambiguous_reference", Breach::Namesakes);
    Resolved { claims, strays: strays.into_iter().map(|strays| strays.list).collect() }
}

/// What the references of all columns lead to.
fn answers<'p>(
    plan: &'p Plan,
    rows: &[Rows],
    indexes: &[Option<KeyIndex<'_>>],
) -> Vec<Answers<'p>> {
    let mut suggestions = Suggestions::default();
    let mut all = Vec::new();
    for (frame, shape) in plan.frames.iter().enumerate() {
        for (field, item) in shape.fields.iter().enumerate() {
            let Type::Ref(target) = item.ty else { continue };
            let target = target.0 as usize;
            let Some(Cells::References(keys)) =
                rows.get(frame).and_then(|rows| Some(&rows.columns.get(field)?.cells))
            else {
                continue;
            };
            let index = indexes.get(target).and_then(Option::as_ref);
            let owners = |key: &str| {
                index.map_or(Owners::Illegible, |index| index.owners(key, &mut suggestions))
            };
            all.push(Answers {
                at: At { frame, field },
                target,
                owners: keys.keys.iter().map(owners).collect(),
                keyless: index.map_or_else(Vec::new, |index| index.keyless.clone()),
                key: index.and_then(|_| plan.last_key(frame, field)),
            });
        }
    }
    all
}

/// Puts numbers of rows, or of what is none, in the place of keys; what the references that lead
/// nowhere may mean.
fn follow(
    answers: &Answers<'_>,
    rows: &mut Rows,
    strays: &mut Strays,
    faulty: &mut Faulty,
) -> Vec<Claim> {
    let len = rows.len;
    let Some(column) = rows.columns.get_mut(answers.at.field) else { return Vec::new() };
    let Cells::References(references) = &mut column.cells else { return Vec::new() };
    // By what is written; the last is what could not be read.
    let mut lost: BTreeMap<usize, Vec<u32>> = BTreeMap::new();
    let mut lose = |written: usize, row: usize| {
        let rows = lost.entry(written).or_default();
        if rows.len() < Claim::NAMED {
            rows.push(fit(row));
        }
    };
    for row in 0..len {
        let Some(id) = references.ids.get_mut(row) else { continue };
        let written: usize = fit(std::mem::take(id));
        if column.absent.get(row) {
            if column.unread.get(row) {
                lose(usize::MAX, row);
            }
            continue;
        }
        if let Some(Owners::One(target)) = answers.owners.get(written) {
            *id = i64::from(*target);
            continue;
        }
        let key = references.keys.get(written);
        let value = || named(answers.key, key);
        let mention = |all: &mut Mentions, nearest| {
            let sought = (answers.target, value());
            all.add(sought, key, nearest, (answers.at, row));
        };
        let stray = match answers.owners.get(written) {
            Some(Owners::Several(targets)) => Some(strays.number(value(), targets, false)),
            Some(Owners::Nobody(nearest)) => {
                mention(&mut faulty.dangling, nearest.key.as_ref());
                Some(strays.number(value(), &nearest.rows, true))
            }
            Some(Owners::NotInForce(targets)) => {
                mention(&mut faulty.lapsed, None);
                Some(strays.number(value(), targets, false))
            }
            Some(Owners::Namesakes(targets)) => {
                mention(&mut faulty.unclear, None);
                Some(strays.number(value(), targets, false))
            }
            Some(Owners::Unread) => Some(strays.number(value(), &[], true)),
            Some(Owners::Illegible) => {
                if answers.key.is_some() {
                    mention(&mut faulty.dangling, None);
                }
                None
            }
            Some(Owners::One(_)) | None => None,
        };
        *id = stray.map_or(0, Stray::number);
        lose(written, row);
        column.absent.mark(row);
        column.unread.mark(row);
    }
    let values = std::mem::take(&mut references.ids);
    column.cells = Cells::Ints(values);
    claims(answers, lost)
}

/// Which rows the references that were lost may mean, by what is written in them.
fn claims(answers: &Answers<'_>, lost: BTreeMap<usize, Vec<u32>>) -> Vec<Claim> {
    let is_orphan =
        |written: &usize| matches!(answers.owners.get(*written), Some(Owners::Nobody(..)));
    let orphans = lost.iter().find(|(written, _)| is_orphan(written));
    let keyless = orphans
        .map(|(_, rows)| Claim { rows: rows.clone(), targets: Some(answers.keyless.clone()) });
    let mut claims: Vec<Claim> = keyless.into_iter().collect();
    claims.extend(lost.into_iter().map(|(written, rows)| Claim {
        rows,
        targets: match answers.owners.get(written) {
            Some(Owners::Several(rows) | Owners::NotInForce(rows) | Owners::Namesakes(rows)) => {
                Some(rows.to_vec())
            }
            Some(Owners::Nobody(nearest)) => Some(nearest.rows.clone()),
            Some(Owners::Unread) => Some(Vec::new()),
            _ => None,
        },
    }));
    claims.retain(|claim| claim.targets.as_ref().is_none_or(|rows| !rows.is_empty()));
    claims
}

/// Reports values of keys and unique fields that occur twice, and keys with something that cannot
/// be seen.
fn check_unique(
    plan: &Plan,
    rows: &[Rows],
    indexes: &[Option<KeyIndex<'_>>],
    breaches: &mut Breaches,
) {
    for (frame, (shape, rows)) in plan.frames.iter().zip(rows).enumerate() {
        for (field, item) in shape.fields.iter().enumerate() {
            let unique = plan
                .schema
                .frames
                .get(frame)
                .and_then(|frame| frame.fields.get(field))
                .is_some_and(|field| field.key || field.unique);
            let Some(column) = rows.columns.get(field).filter(|_| unique && item.keep) else {
                continue;
            };
            let at = At { frame, field };
            let index = indexes.get(frame).and_then(Option::as_ref);
            let index = index.filter(|_| shape.key == Some(field));
            let found = match index {
                Some(index) => {
                    let twice = |(row, first)| duplicate(plan, at, &index.values, [first, row]);
                    index.repeated().into_iter().map(twice).collect()
                }
                None => duplicates(plan, at, column, rows),
            };
            if item.key && index.is_none_or(|index| index.is_odd) {
                breaches.list.extend(invisible(at, column, rows, &found));
            }
            let code = if item.key { "duplicate_key" } else { "duplicate_value" };
            breaches.extend(at, code, found);
        }
    }
}

/// The first key of a column with a character that cannot be seen, and how many have one. Those of
/// which it is said that they are another row's key are said enough of.
fn invisible(at: At, column: &Growing, rows: &Rows, said: &[Breach]) -> Option<Breach> {
    let Cells::Texts(texts) = &column.cells else { return None };
    let twice: BTreeSet<usize> = said
        .iter()
        .filter_map(|breach| match breach {
            Breach::Duplicate { first, row, apart: Some(_), .. } => Some([*first, *row]),
            _ => None,
        })
        .flatten()
        .collect();
    let hidden = |row: &usize| first_invisible(texts.get(*row)).map(|at| (*row, at));
    let mut found = (0..rows.len).filter(|row| !twice.contains(row)).filter_map(|row| hidden(&row));
    let (row, byte) = found.next()?;
    let (before, rest) = texts.get(row).split_at_checked(byte)?;
    let letter = rest.chars().next()?;
    Some(Breach::Invisible { at, row, letter, before: before.to_owned(), more: found.count() })
}

/// Rows that repeat an earlier one's value of a column: in the whole frame, or within one parent.
fn duplicates<'c>(plan: &Plan, at: At, column: &'c Growing, rows: &Rows) -> Vec<Breach> {
    let values = KeyValues::new(column, plan.last_key(at.frame, at.field));
    let mut found = Vec::new();
    let mut check = |range: std::ops::Range<usize>, seen: &mut HashMap<KeyValue<'c>, usize>| {
        for row in range.filter(|&row| !column.absent.get(row)) {
            let Some(value) = values.get(row) else { continue };
            let first = *seen.entry(value).or_insert(row);
            if first != row {
                found.push(duplicate(plan, at, &values, [first, row]));
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

/// That two rows have one value.
fn duplicate(plan: &Plan, at: At, values: &KeyValues<'_>, [first, row]: [usize; 2]) -> Breach {
    let both = [first, row].map(|row| values.written(row));
    let value = both.last().copied().flatten().map(shorten);
    let value =
        value.or_else(|| values.get(row).map(|value| shown(plan, at, &value))).unwrap_or_default();
    let apart = match both {
        [Some(first), Some(again)] if first != again => Some([first.to_owned(), again.to_owned()]),
        _ => None,
    };
    Breach::Duplicate { at, first, row, value, apart }
}

/// A value of a key that is no text, for a message.
fn shown(plan: &Plan, at: At, value: &KeyValue<'_>) -> String {
    let number = match value {
        KeyValue::Text(text) => return shorten(text),
        KeyValue::Ratio(value) => return format_ratio(**value),
        KeyValue::Int(value) => *value,
    };
    let ty = plan.field(at.frame, at.field).map(|field| field.ty);
    let word = match ty {
        Some(Type::Date) => day_date(number).map(|date| date.to_string()),
        Some(Type::Instant) => Some(plan.schema.offset.show(number)),
        Some(Type::Boolean) => Some((number == 1).to_string()),
        Some(Type::Enum(id)) => usize::try_from(number)
            .ok()
            .and_then(|index| plan.schema.enumeration(id)?.values.get(index))
            .map(|found| found.names.name.to_string()),
        _ => None,
    };
    word.unwrap_or_else(|| number.to_string())
}
