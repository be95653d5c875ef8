//! Rows: added, removed, changed. Both sides are read as the later policies read them, so that a
//! vocabulary that changed is no change of a row.

use super::content::{Element, Field, Value, both, fields};
use super::group::Side;
use super::identity::{Entry, entry, row_keys};
use super::pairing::{Pairing, pairings};
use super::side::Sides;
use crate::diagnostic::Bilingual;
use crate::engine::{RowKey, RowRef, Run};
use crate::schema::{FieldId, FrameId};
use crate::value::Values;
use std::collections::{BTreeMap, HashMap};

/// Beyond this many pairs of a removed and an added row, no match is sought.
const PAIRS: usize = 4_000_000;

/// A table whose rows differ.
#[derive(Clone, Debug, Default)]
pub struct TableEdit {
    /// Its names.
    pub names: Bilingual,
    /// Rows only the later run has.
    pub added: Vec<Entry>,
    /// Rows only the earlier run has.
    pub removed: Vec<Entry>,
    /// Rows of both that differ.
    pub changed: Vec<RowEdit>,
    /// Removed rows that an added row is like: proposals.
    pub pairings: Vec<Pairing>,
    /// Rows added, removed or changed, with the rows they refer to.
    pub touched: Vec<Touch>,
    /// Rows that only one run has, where not all of the other's data could be read: of the later
    /// run, that the earlier may have had, and of the earlier, that the later may have.
    pub unread: [Vec<Entry>; 2],
    /// Rows of both that do not differ.
    pub same: usize,
    /// Groups that had rows and have none left, with how many they had.
    pub emptied: Vec<(Bilingual, usize)>,
    /// Too many rows were added and removed to look for matches.
    pub unmatched: bool,
}

impl TableEdit {
    /// Whether nothing differs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let unread = self.unread.iter().all(Vec::is_empty);
        self.added.is_empty() && self.removed.is_empty() && self.changed.is_empty() && unread
    }
}

/// What a row that was added, removed or changed says otherwise, and of which rows.
#[derive(Clone, Debug)]
pub struct Touch {
    /// The rows it refers to, before or now.
    pub owners: Vec<Entry>,
    /// The fields that differ; of a row added or removed, those it gives.
    pub fields: Vec<Bilingual>,
}

/// A row that differs.
#[derive(Clone, Debug)]
pub struct RowEdit {
    /// The later row.
    pub row: Entry,
    /// Its fields that differ.
    pub fields: Vec<FieldEdit>,
}

/// A field that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldEdit {
    /// Its names.
    pub names: Bilingual,
    /// Whether it is a list: then only the elements that differ are given.
    pub list: bool,
    /// What it was; empty where it was not given.
    pub old: Vec<Value>,
    /// What it is.
    pub new: Vec<Value>,
    /// Of a list: the fields in which its elements differ.
    pub parts: Vec<Bilingual>,
}

impl FieldEdit {
    /// Whether what it is now could be read: else nobody knows what became of it.
    #[must_use]
    pub fn is_read(&self) -> bool {
        self.new.iter().all(|value| !value.unread)
    }
}

/// All tables of either run that differ, in the later run's order, with the groups of both.
pub fn tables(sides: &Sides<'_>, [earlier, later]: &[Side<'_>; 2]) -> Vec<TableEdit> {
    let names = |run: &Run| {
        let names = run.schema().tables().map(|(_, frame)| frame.names.en().to_owned());
        names.collect::<Vec<_>>()
    };
    let (known, before) = (names(sides.new), names(sides.old));
    let gone = before.iter().filter(|name| !known.contains(name));
    let gone = gone.map(|name| lost(sides, name));
    let kept = known.iter().map(|name| {
        let id = |run: &Run| table_called(run, name);
        let (old, new) = (id(sides.read()), id(sides.new));
        let lost = [sides.old, sides.new].map(|run| sides.lost(run, name).is_some());
        table((sides.read(), earlier), (sides.new, later), [old, new], lost)
    });
    kept.chain(gone).filter(|table| !table.is_empty()).collect()
}

/// A table by its English name.
fn table_called(run: &Run, name: &str) -> Option<FrameId> {
    run.schema().tables().find(|(_, frame)| frame.names.en() == name).map(|(id, _)| id)
}

/// A table that the later policies do not have.
fn lost(sides: &Sides<'_>, name: &str) -> TableEdit {
    let (old, mut edit) = (sides.old, TableEdit::default());
    let unread = sides.lost(sides.new, name).is_some();
    let Some(id) = table_called(old, name) else { return edit };
    edit.names = names(old, id);
    for (row, key) in row_keys(old, id).into_iter().enumerate() {
        let at = RowRef { frame: id, row };
        if unread {
            edit.unread[1].push(entry(old, at, key));
            continue;
        }
        edit.removed.push(entry(old, at, key));
        edit.touched.push(Touch { owners: owners(old, at), fields: given(old, at) });
    }
    edit
}

fn names(run: &Run, id: FrameId) -> Bilingual {
    let frame = run.schema().frame(id);
    frame
        .map_or_else(Bilingual::default, |frame| Bilingual::new(frame.names.zh(), frame.names.en()))
}

/// A run and its groups.
type Grouped<'g, 's> = (&'g Run, &'g Side<'s>);

fn table(
    (old, earlier): Grouped<'_, '_>,
    (new, later): Grouped<'_, '_>,
    [before, after]: [Option<FrameId>; 2],
    [was_lost, is_lost]: [bool; 2],
) -> TableEdit {
    let mut edit = TableEdit::default();
    let Some(after) = after else { return edit };
    edit.names = names(new, after);
    let keys = |run: &Run, id: Option<FrameId>| id.map_or_else(Vec::new, |id| row_keys(run, id));
    let (old_keys, new_keys) = (keys(old, before), keys(new, Some(after)));
    let mut left: HashMap<&RowKey, usize> =
        old_keys.iter().enumerate().map(|(row, key)| (key, row)).collect();
    let (mut dropped, mut gained) = (Vec::new(), Vec::new());
    for (row, key) in new_keys.iter().enumerate() {
        let at = RowRef { frame: after, row };
        let Some((before, was)) = before.zip(left.remove(key)) else {
            if was_lost {
                edit.unread[0].push(entry(new, at, key.clone()));
                continue;
            }
            edit.added.push(entry(new, at, key.clone()));
            gained.push(later.of(after, row));
            edit.touched.push(Touch { owners: owners(new, at), fields: given(new, at) });
            continue;
        };
        let fields = differing(both((old, (before, was)), (new, (after, row))));
        if fields.is_empty() {
            edit.same += 1;
            continue;
        }
        let mut touch = Touch {
            owners: owners(new, at),
            fields: fields.iter().map(|field| field.names.clone()).collect(),
        };
        touch.owners.extend(owners(old, RowRef { frame: before, row: was }));
        edit.touched.push(touch);
        edit.changed.push(RowEdit { row: entry(new, at, key.clone()), fields });
    }
    for (row, key) in old_keys.iter().enumerate().filter(|(_, key)| left.contains_key(key)) {
        let Some(before) = before else { continue };
        let at = RowRef { frame: before, row };
        if is_lost {
            edit.unread[1].push(entry(old, at, key.clone()));
            continue;
        }
        edit.removed.push(entry(old, at, key.clone()));
        dropped.push(earlier.of(before, row));
        edit.touched.push(Touch { owners: owners(old, at), fields: given(old, at) });
    }
    if !is_lost {
        edit.emptied = emptied(earlier, later, [before, Some(after)]);
    }
    edit.unmatched = edit.removed.len().saturating_mul(edit.added.len()) > PAIRS;
    if !edit.unmatched && new.schema().frame(after).is_some_and(|frame| frame.key().is_some()) {
        let apart = |old: usize, new: usize| match (dropped.get(old), gained.get(new)) {
            (Some(Some(old)), Some(Some(new))) => {
                old.0 != new.0 && later.knows(old) && earlier.knows(new)
            }
            _ => false,
        };
        edit.pairings = pairings(&edit.removed, &edit.added, apart);
    }
    edit
}

/// The groups that had rows of a table and have none left.
fn emptied(
    earlier: &Side<'_>,
    later: &Side<'_>,
    [before, after]: [Option<FrameId>; 2],
) -> Vec<(Bilingual, usize)> {
    let left = after.map(|id| later.counts(id)).unwrap_or_default();
    let had = before.map(|id| earlier.counts(id)).unwrap_or_default();
    had.into_iter().filter(|(group, _)| !left.contains_key(group)).map(|(_, had)| had).collect()
}

/// The rows a row refers to.
fn owners(run: &Run, row: RowRef) -> Vec<Entry> {
    let Some(found) = run.schema().frame(row.frame) else { return Vec::new() };
    let referred = |(id, field): (FieldId, &crate::schema::Field)| {
        let target = field.ty.table()?;
        let column = run.evaluator.frame(row.frame)?.column(id)?;
        let Values::Ints(rows) = &column.values else { return None };
        let at = rows.get(row.row).copied().filter(|_| column.present.get(row.row))?;
        let owner = RowRef { frame: target, row: usize::try_from(at).ok()? };
        Some(entry(run, owner, run.row_key(owner)?))
    };
    (0..).map(FieldId).zip(&found.fields).filter_map(referred).collect()
}

/// The fields a row gives.
fn given(run: &Run, row: RowRef) -> Vec<Bilingual> {
    let fields = fields(run, row.frame, row.row).into_iter();
    fields.filter(|field| !field.is_empty()).map(|field| field.names).collect()
}

/// The fields that differ, by English name.
fn differing((old, new): (Vec<Field>, Vec<Field>)) -> Vec<FieldEdit> {
    let mut before: BTreeMap<String, Field> =
        old.into_iter().map(|field| (field.names.en.clone(), field)).collect();
    let none = |like: &Field| Field {
        names: like.names.clone(),
        value: None,
        elements: like.elements.as_ref().map(|_| Vec::new()),
    };
    let mut edits = Vec::new();
    for field in new {
        let was = before.remove(&field.names.en).unwrap_or_else(|| none(&field));
        edits.extend(edit(&was, field));
    }
    edits.extend(before.into_values().filter_map(|field| {
        let now = none(&field);
        edit(&field, now)
    }));
    edits
}

fn edit(old: &Field, new: Field) -> Option<FieldEdit> {
    if old.value == new.value && old.elements == new.elements {
        return None;
    }
    let (Some(was), Some(now)) = (&old.elements, &new.elements) else {
        let (old, values) = (old.values(), new.values());
        return Some(FieldEdit {
            names: new.names,
            list: false,
            old,
            new: values,
            parts: Vec::new(),
        });
    };
    let (mut gone, mut come) = (apart(was, now), apart(now, was));
    let parts = differing_parts(&gone, &come);
    if gone.is_empty() && come.is_empty() && old.value == new.value {
        // The same elements in another order.
        (gone, come) = (was.iter().collect(), now.iter().collect());
    }
    // That a list has no element says nothing beside those it had or has.
    let told = was.is_empty() && now.is_empty();
    let values = |elements: Vec<&Element>, own: &Option<Value>, other: &Option<Value>| {
        let own = own.clone().filter(|value| own != other && (told || value.unread));
        elements.into_iter().map(Element::value).chain(own).collect::<Vec<_>>()
    };
    Some(FieldEdit {
        old: values(gone, &old.value, &new.value),
        new: values(come, &new.value, &old.value),
        names: new.names.clone(),
        list: true,
        parts,
    })
}

/// Those of these that are not among those, each counted once.
fn apart<'e>(these: &'e [Element], those: &[Element]) -> Vec<&'e Element> {
    let mut left: Vec<&Element> = those.iter().collect();
    let mut missing = Vec::new();
    for element in these {
        match left.iter().position(|other| *other == element) {
            Some(at) => drop(left.remove(at)),
            None => missing.push(element),
        }
    }
    missing
}

/// The fields in which the elements of two lists differ.
fn differing_parts(old: &[&Element], new: &[&Element]) -> Vec<Bilingual> {
    let mut parts: Vec<Bilingual> = Vec::new();
    for field in old.iter().chain(new).flat_map(|element| &element.fields) {
        let values = |elements: &[&Element]| {
            let fields = elements.iter().flat_map(|element| &element.fields);
            let same = fields.filter(|other| other.names == field.names);
            same.map(Field::values).filter(|values| !values.is_empty()).collect::<Vec<_>>()
        };
        if !parts.contains(&field.names) && values(old) != values(new) {
            parts.push(field.names.clone());
        }
    }
    parts
}
