//! Rows: added, removed, changed, and those that may be one row under another key.

use super::content::{Field, Value, fields};
use super::group::Side;
use crate::diagnostic::Bilingual;
use crate::engine::Run;
use crate::finding::Subject;
use crate::schema::{FieldId, Frame, FrameId};
use crate::value::similar::{plain, similarity};
use crate::value::{Ratio, Values};
use std::collections::{BTreeMap, BTreeSet};

/// How alike two rows' titles are at least, for one to be proposed as the other, in percent.
const ALIKE: i128 = 60;
/// Beyond this many pairs of a removed and an added row, no match is sought.
const PAIRS: usize = 4_000_000;

/// A table whose rows differ.
#[derive(Clone, Debug, Default)]
pub struct TableEdit {
    /// Its names.
    pub names: Bilingual,
    /// Rows only the later run has.
    pub added: Vec<Subject>,
    /// Rows only the earlier run has.
    pub removed: Vec<Subject>,
    /// Rows of both that differ.
    pub changed: Vec<RowEdit>,
    /// Removed rows that an added row is like: proposals.
    pub pairings: Vec<Pairing>,
    /// Rows added, removed or changed, with the rows they refer to.
    pub touched: Vec<Touch>,
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
        self.added.is_empty() && self.removed.is_empty() && self.changed.is_empty()
    }
}

/// What a row that was added, removed or changed says otherwise, and of which rows.
#[derive(Clone, Debug)]
pub struct Touch {
    /// The rows it refers to, before or now.
    pub owners: Vec<Subject>,
    /// The fields that differ; of a row added or removed, those it gives.
    pub fields: Vec<Bilingual>,
}

/// A row that differs.
#[derive(Clone, Debug)]
pub struct RowEdit {
    /// The later row.
    pub subject: Subject,
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

/// What a proposal comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Match {
    /// One row became one.
    Renamed,
    /// Several rows became one.
    Merged,
    /// One row became several.
    Split,
}

/// Removed and added rows that may be the same.
#[derive(Clone, Debug)]
pub struct Pairing {
    /// What it may be.
    pub kind: Match,
    /// The removed rows.
    pub old: Vec<Subject>,
    /// The added rows.
    pub new: Vec<Subject>,
    /// How alike their titles are, from 0 to 1, at the least.
    pub similarity: Ratio,
}

/// All tables of either run that differ, in the later run's order, with the groups of both.
pub fn tables(old: &Run, new: &Run, [earlier, later]: &[Side<'_>; 2]) -> Vec<TableEdit> {
    let (before, after) = (named(old), named(new));
    let order = new
        .schema()
        .tables()
        .chain(old.schema().tables())
        .map(|(_, frame)| frame.names.en().to_owned());
    let mut seen = BTreeSet::new();
    order
        .filter(|name| seen.insert(name.clone()))
        .map(|name| {
            table(
                (old, earlier),
                (new, later),
                [before.get(&name).copied(), after.get(&name).copied()],
            )
        })
        .filter(|table| !table.is_empty())
        .collect()
}

fn named(run: &Run) -> BTreeMap<String, FrameId> {
    run.schema().tables().map(|(id, frame)| (frame.names.en().to_owned(), id)).collect()
}

/// A run and its groups.
type Grouped<'g, 's> = (&'g Run, &'g Side<'s>);

fn table(
    (old, earlier): Grouped<'_, '_>,
    (new, later): Grouped<'_, '_>,
    ids: [Option<FrameId>; 2],
) -> TableEdit {
    let [before, after] = ids;
    let frame =
        |side: &Run, id: Option<FrameId>| id.and_then(|id| side.schema().frame(id).cloned());
    let (old_frame, new_frame) = (frame(old, before), frame(new, after));
    let names =
        new_frame.as_ref().or(old_frame.as_ref()).map_or_else(Bilingual::default, |frame| {
            Bilingual::new(frame.names.zh(), frame.names.en())
        });
    let (old_rows, new_rows) =
        (keyed(old, before, old_frame.as_ref()), keyed(new, after, new_frame.as_ref()));
    let mut edit = TableEdit { names, ..TableEdit::default() };
    let (mut dropped, mut gained) = (Vec::new(), Vec::new());
    for (key, row) in in_order(&new_rows) {
        let Some(after) = after else { continue };
        let Some((before, was)) = before.zip(old_rows.get(key).copied()) else {
            edit.added.push(subject(new, after, row));
            gained.push(later.of(after, row));
            edit.touched
                .push(Touch { owners: owners(new, after, row), fields: given(new, after, row) });
            continue;
        };
        let fields = differing(fields(old, before, was), fields(new, after, row));
        if fields.is_empty() {
            edit.same += 1;
            continue;
        }
        let mut touch = Touch {
            owners: owners(new, after, row),
            fields: fields.iter().map(|field| field.names.clone()).collect(),
        };
        touch.owners.extend(owners(old, before, was));
        edit.touched.push(touch);
        edit.changed.push(RowEdit { subject: subject(new, after, row), fields });
    }
    for (_, row) in in_order(&old_rows).into_iter().filter(|(key, _)| !new_rows.contains_key(*key))
    {
        let Some(before) = before else { continue };
        edit.removed.push(subject(old, before, row));
        dropped.push(earlier.of(before, row));
        edit.touched
            .push(Touch { owners: owners(old, before, row), fields: given(old, before, row) });
    }
    edit.emptied = emptied(earlier, later, ids);
    edit.unmatched = edit.removed.len().saturating_mul(edit.added.len()) > PAIRS;
    if !edit.unmatched && new_frame.or(old_frame).is_some_and(|frame| frame.key().is_some()) {
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

/// A row; one of a table without a key is called by what it says.
fn subject(side: &Run, frame: FrameId, row: usize) -> Subject {
    let subject = side.subject(frame, row);
    match content_key(side, frame, row) {
        Some(key) => Subject { key: Some(key), title: None, ..subject },
        None => subject,
    }
}

/// What a row of a table without a key says: its number is another where a row before it came or
/// went.
pub fn content_key(run: &Run, frame: FrameId, row: usize) -> Option<String> {
    let found = run.schema().frame(frame)?;
    if found.key().is_some() || found.single {
        return None;
    }
    let said: Vec<String> = fields(run, frame, row)
        .into_iter()
        .flat_map(|field| field.values)
        .map(|value| value.text.zh)
        .collect();
    Some(said.join("、"))
}

/// The rows a row refers to.
fn owners(side: &Run, frame: FrameId, row: usize) -> Vec<Subject> {
    let Some(found) = side.schema().frame(frame) else { return Vec::new() };
    let referred = |(id, field): (FieldId, &crate::schema::Field)| {
        let target = field.ty.table()?;
        let column = side.evaluator.frame(frame)?.column(id)?;
        let Values::Ints(rows) = &column.values else { return None };
        let row = rows.get(row).copied().filter(|_| column.present.get(row))?;
        Some(side.subject(target, usize::try_from(row).ok()?))
    };
    (0..).map(FieldId).zip(&found.fields).filter_map(referred).collect()
}

/// The fields a row gives.
fn given(side: &Run, frame: FrameId, row: usize) -> Vec<Bilingual> {
    fields(side, frame, row)
        .into_iter()
        .filter(|field| !field.values.is_empty())
        .map(|field| field.names)
        .collect()
}

/// What a row is told apart by, and which of its equals it is.
type RowKey = (String, usize);

/// Rows as they stand in the data.
fn in_order(rows: &BTreeMap<RowKey, usize>) -> Vec<(&RowKey, usize)> {
    let mut rows: Vec<(&RowKey, usize)> = rows.iter().map(|(key, &row)| (key, row)).collect();
    rows.sort_by_key(|(_, row)| *row);
    rows
}

/// Rows by what they are told apart by: the key; the whole row (and which of its equals) where
/// there is none.
fn keyed(side: &Run, id: Option<FrameId>, frame: Option<&Frame>) -> BTreeMap<RowKey, usize> {
    let (Some(id), Some(frame)) = (id, frame) else { return BTreeMap::new() };
    let len = side.evaluator.frame(id).map_or(0, |data| data.len);
    let mut rows = BTreeMap::new();
    let mut equals: BTreeMap<String, usize> = BTreeMap::new();
    for row in 0..len {
        let key = match frame.key().and_then(|key| side.show().whole(id, row, key)) {
            Some(key) => key.zh,
            None if frame.single => String::new(),
            None => format!("{:?}", fields(side, id, row)),
        };
        let count = equals.entry(key.clone()).or_default();
        rows.insert((key, *count), row);
        *count += 1;
    }
    rows
}

/// The fields that differ, by English name.
fn differing(old: Vec<Field>, new: Vec<Field>) -> Vec<FieldEdit> {
    let mut before: BTreeMap<String, Field> =
        old.into_iter().map(|field| (field.names.en.clone(), field)).collect();
    let none = |like: &Field| Field {
        names: like.names.clone(),
        values: Vec::new(),
        list: like.list,
        parts: Vec::new(),
    };
    let mut edits = Vec::new();
    for field in new {
        let was = before.remove(&field.names.en).unwrap_or_else(|| none(&field));
        edits.extend(edit(was, field));
    }
    edits.extend(before.into_values().filter_map(|field| {
        let now = none(&field);
        edit(field, now)
    }));
    edits
}

fn edit(mut old: Field, mut new: Field) -> Option<FieldEdit> {
    if old.values == new.values {
        return None;
    }
    let mut parts = Vec::new();
    if new.list {
        let (gone, come) = (apart(&old.values, &new.values), apart(&new.values, &old.values));
        // Else the same elements in another order.
        if gone.contains(&true) || come.contains(&true) {
            keep(&mut old, &gone);
            keep(&mut new, &come);
            parts = differing_parts(&old.parts, &new.parts);
        }
    }
    Some(FieldEdit { names: new.names, list: new.list, old: old.values, new: new.values, parts })
}

/// Which of these are not among those, each counted once.
fn apart(these: &[Value], those: &[Value]) -> Vec<bool> {
    let mut left: Vec<&Value> = those.iter().collect();
    let found = |value: &Value| {
        left.iter().position(|other| *other == value).map(|at| left.remove(at)).is_none()
    };
    these.iter().map(found).collect()
}

fn keep(field: &mut Field, wanted: &[bool]) {
    let (mut values, mut parts) = (wanted.iter(), wanted.iter());
    field.values.retain(|_| values.next() == Some(&true));
    field.parts.retain(|_| parts.next() == Some(&true));
}

/// The fields in which the elements of two lists differ.
fn differing_parts(old: &[Vec<Field>], new: &[Vec<Field>]) -> Vec<Bilingual> {
    let mut parts: Vec<Bilingual> = Vec::new();
    for field in old.iter().chain(new).flatten() {
        let values = |elements: &[Vec<Field>]| {
            let same = elements.iter().flatten().filter(|other| other.names == field.names);
            same.map(|field| field.values.clone())
                .filter(|values| !values.is_empty())
                .collect::<Vec<_>>()
        };
        if !parts.contains(&field.names) && values(old) != values(new) {
            parts.push(field.names.clone());
        }
    }
    parts
}

/// A removed row goes with the added row most like it, an added one with the removed one most like
/// it. Rows without a title are like none: their keys are numbers; never one with a row it stands
/// apart from.
fn pairings(
    removed: &[Subject],
    added: &[Subject],
    apart: impl Fn(usize, usize) -> bool,
) -> Vec<Pairing> {
    let titles = |rows: &[Subject]| {
        rows.iter().map(|row| plain(row.title.as_deref().unwrap_or_default())).collect::<Vec<_>>()
    };
    let (old, new) = (titles(removed), titles(added));
    let best = |own: &[char], others: &[Vec<char>], apart: &dyn Fn(usize) -> bool| {
        let titled = others
            .iter()
            .enumerate()
            .filter(|(at, other)| !apart(*at) && !own.is_empty() && !other.is_empty());
        let scored = titled
            .map(|(at, other)| (at, similarity(own, other)))
            .filter(|(_, score)| *score >= Ratio::new(ALIKE, 100));
        scored.reduce(|best, next| if next.1 > best.1 { next } else { best })
    };
    let mut edges: BTreeMap<(usize, usize), Ratio> = BTreeMap::new();
    for (at, title) in old.iter().enumerate() {
        edges.extend(
            best(title, &new, &|other| apart(at, other)).map(|(other, score)| ((at, other), score)),
        );
    }
    for (at, title) in new.iter().enumerate() {
        edges.extend(
            best(title, &old, &|other| apart(other, at)).map(|(other, score)| ((other, at), score)),
        );
    }
    let mut pairings = Vec::new();
    while let Some((&(old, new), _)) = edges.first_key_value() {
        let merged: Vec<usize> =
            edges.keys().filter(|(_, other)| *other == new).map(|(at, _)| *at).collect();
        let split: Vec<usize> =
            edges.keys().filter(|(other, _)| *other == old).map(|(_, at)| *at).collect();
        let (kind, olds, news) = match (merged.len(), split.len()) {
            (..=1, ..=1) => (Match::Renamed, vec![old], vec![new]),
            (2.., ..=1) => (Match::Merged, merged, vec![new]),
            _ => (Match::Split, vec![old], split),
        };
        let mut similarity = Ratio::from_integer(1);
        for pair in olds.iter().flat_map(|old| news.iter().map(move |new| (*old, *new))) {
            similarity = edges.remove(&pair).map_or(similarity, |score| similarity.min(score));
        }
        edges.retain(|(old, new), _| !olds.contains(old) && !news.contains(new));
        let pick = |from: &[Subject], at: Vec<usize>| {
            at.into_iter().filter_map(|at| from.get(at).cloned()).collect()
        };
        pairings.push(Pairing {
            kind,
            old: pick(removed, olds),
            new: pick(added, news),
            similarity,
        });
    }
    pairings
}
