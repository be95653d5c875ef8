//! The rows of a frame by their keys.

use super::Suggestions;
use super::titles::Titles;
use crate::data::bind::cell::{KeyValue, read_key};
use crate::data::bind::column::{Cells, Growing, Rows};
use crate::data::bind::marks::Marks;
use crate::data::bind::plan::{FieldPlan, Plan};
use crate::data::bind::references::References;
use crate::data::load::Listed;
use crate::data::names::fold;
use crate::invariant::fit;
use crate::nearest::{Likeness, is_distinct};
use crate::syntax::version::version;
use crate::value::key::{canonical, title};
use crate::value::{Ratio, Texts, partition_point};
use hashbrown::{DefaultHashBuilder, HashTable};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::hash::BuildHasher;

/// What the rows of a column are told apart by.
pub enum KeyValues<'c> {
    Texts(&'c Texts),
    Ints(&'c [i64]),
    Ratios(&'c [Ratio]),
    Bits(&'c Marks),
    /// Keys of rows elsewhere, with what each of them stands for.
    Keys(&'c References, Vec<Option<KeyValue<'c>>>),
    /// A column that is not kept, or a list.
    Nothing,
}

impl<'c> KeyValues<'c> {
    /// Of a column; `key` is what its values are told apart by ([`Plan::last_key`]).
    pub fn new(column: &'c Growing, key: Option<&FieldPlan>) -> Self {
        match &column.cells {
            Cells::Texts(texts) => Self::Texts(texts),
            Cells::Ints(values) => Self::Ints(values),
            Cells::Ratios(values) => Self::Ratios(values),
            Cells::Bits(marks) => Self::Bits(marks),
            Cells::References(keys) => {
                // What does not read as a key is told apart as it is written.
                let stands = |key: Option<&FieldPlan>, text: &'c str| {
                    let read = key.and_then(|key| read_key(key, text));
                    read.or_else(|| Some(KeyValue::Text(canonical(text))))
                };
                Self::Keys(keys, keys.keys.iter().map(|text| stands(key, text)).collect())
            }
            Cells::Dropped => Self::Nothing,
        }
    }

    /// Of a row that has a value.
    pub fn get(&self, row: usize) -> Option<KeyValue<'c>> {
        match self {
            Self::Texts(texts) => Some(KeyValue::Text(canonical(texts.get(row)))),
            Self::Ints(values) => values.get(row).copied().map(KeyValue::Int),
            Self::Ratios(values) => values.get(row).map(|value| KeyValue::Ratio(Box::new(*value))),
            Self::Bits(marks) => Some(KeyValue::Int(marks.get(row).into())),
            Self::Keys(keys, known) => {
                let id = usize::try_from(*keys.ids.get(row)?).ok()?;
                known.get(id)?.clone()
            }
            Self::Nothing => None,
        }
    }

    /// The text of a row as it was written, where it is one.
    pub fn written(&self, row: usize) -> Option<&'c str> {
        match self {
            Self::Texts(texts) => Some(texts.get(row)),
            Self::Keys(keys, _) => keys.key(row),
            _ => None,
        }
    }
}

/// The rows that have a key. There are as many of these as there are keys: what is rare in them is
/// kept apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Owners {
    /// This one.
    One(u32),
    /// Several: which of them is meant is not known.
    Several(Box<[u32]>),
    /// None.
    Nobody(Box<Nearest>),
    /// One that could not be read, but for its key.
    Unread,
    /// Versions of one title, of which none is in force on the day.
    NotInForce(Box<[u32]>),
    /// Rows that are not versions of one another but share a title.
    Namesakes(Box<[u32]>),
    /// What is written does not read as a key: any row may be meant.
    Illegible,
}

/// What may be meant by a key that no row has: the key most like it, and those whose own key could
/// not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nearest {
    /// That key, as it is written.
    pub key: Option<String>,
    /// The rows that have it.
    pub rows: Vec<u32>,
}

/// The rows of a frame by key.
pub struct KeyIndex<'c> {
    /// What the keys are told apart by.
    key: &'c FieldPlan,
    pub values: KeyValues<'c>,
    /// How many rows there are.
    len: usize,
    /// Whether the keys ascend from row to row: each is of one row, found by halves.
    pub ascends: bool,
    /// Else the first row of each key, by what stands in the column.
    firsts: HashTable<u32>,
    hasher: DefaultHashBuilder,
    /// By the first row of a key, the others that have it.
    others: BTreeMap<u32, Vec<u32>>,
    /// Rows whose key could not be read.
    pub keyless: Vec<u32>,
    /// Whether some key is not written in its canonical form.
    pub is_odd: bool,
    /// Keys of rows that could not be read.
    unread: BTreeSet<KeyValue<'c>>,
    /// What else its rows are called, where they are citable.
    titles: Option<Titles<'c>>,
}

impl<'c> KeyIndex<'c> {
    /// The rows of a frame by its key; `None` where it has none.
    pub fn new(
        plan: &'c Plan,
        frame: usize,
        rows: &'c Rows,
        listed: Option<&'c Listed>,
        day: Option<i64>,
    ) -> Option<Self> {
        let field = plan.frame(frame)?.key?;
        let (column, key) = (rows.columns.get(field)?, plan.last_key(frame, field)?);
        let values = KeyValues::new(column, Some(key));
        let mut index = Self {
            titles: Titles::new(plan, frame, rows, day),
            key,
            ascends: false,
            firsts: HashTable::new(),
            hasher: DefaultHashBuilder::default(),
            values,
            len: rows.len,
            others: BTreeMap::new(),
            keyless: Vec::new(),
            is_odd: false,
            unread: BTreeSet::new(),
        };
        // What is listed of elements is whose they are.
        let own = listed.filter(|_| plan.frame(frame).is_some_and(|shape| shape.parent.is_none()));
        let unread = own.into_iter().flat_map(|listed| &listed.lost);
        index.unread.extend(unread.filter_map(|text| read_key(key, text)));
        index.look_over(column);
        if !index.ascends {
            index.note_firsts(column);
        }
        Some(index)
    }

    /// Notes which rows have no key, and whether the keys of the others ascend.
    fn look_over(&mut self, column: &Growing) {
        let mut before = None;
        self.ascends = self.titles.is_none();
        for (at, row) in (0..self.len).zip(0_u32..) {
            let Some(value) = self.values.get(at).filter(|_| !column.absent.get(at)) else {
                self.keyless.push(row);
                self.ascends = false;
                continue;
            };
            if let KeyValue::Text(form) = &value {
                self.is_odd |= self.values.written(at) != Some(&**form);
            }
            if self.ascends {
                self.ascends = before.as_ref().is_none_or(|before| *before < value);
                before = Some(value);
            }
        }
    }

    /// Notes the first row of each key, and the others.
    fn note_firsts(&mut self, column: &Growing) {
        let mut firsts = HashTable::with_capacity(self.len);
        for (at, row) in (0..self.len).zip(0_u32..) {
            let Some(value) = self.value(row).filter(|_| !column.absent.get(at)) else { continue };
            let hash = |row: &u32| self.hasher.hash_one(self.value(*row));
            let same = |first: &u32| self.value(*first).as_ref() == Some(&value);
            let hashed = self.hasher.hash_one(Some(&value));
            let first = *firsts.entry(hashed, same, hash).or_insert(row).get();
            if first != row {
                self.others.entry(first).or_default().push(row);
            }
        }
        self.firsts = firsts;
    }

    /// What a row is told apart by.
    fn value(&self, row: u32) -> Option<KeyValue<'c>> {
        let value = self.values.get(row as usize)?;
        Some(if self.titles.is_some() { untitled(value) } else { value })
    }

    /// The first row of a key.
    fn first(&self, value: &KeyValue<'_>) -> Option<u32> {
        let same = |row: &u32| self.value(*row).as_ref() == Some(value);
        if !self.ascends {
            return self.firsts.find(self.hasher.hash_one(Some(value)), same).copied();
        }
        let is_before = |row: usize| self.value(fit(row)).is_some_and(|own| own < *value);
        let found = partition_point(0..self.len, is_before);
        (found < self.len).then(|| fit(found)).filter(same)
    }

    /// The row of a key at or soon behind another, where keys ascend and it is a text written just
    /// so: what is listed in the order of its rows is found without a search through all.
    fn soon(&self, row: u32, key: &str) -> Option<u32> {
        let KeyValues::Texts(texts) = &self.values else { return None };
        let found = texts.soon(row as usize, key);
        (found < self.len && texts.get(found) == key).then_some(fit(found))
    }

    /// The row at or behind another that alone has a key, and that is written just so.
    pub fn row_with(&self, row: u32, key: &str) -> Option<u32> {
        if self.ascends && !key.is_empty() {
            return self.soon(row, key);
        }
        let KeyValues::Texts(texts) = &self.values else { return None };
        let is_simple = self.titles.is_none() && self.others.is_empty() && !key.is_empty();
        let is_own = is_simple && (row as usize) < self.len && texts.get(row as usize) == key;
        (is_own && self.keyless.binary_search(&row).is_err()).then_some(row)
    }

    /// The rows that have a key, or, of citable ones, a title.
    pub fn owners(&self, key: &str, suggestions: &mut Suggestions) -> Owners {
        let read = read_key(self.key, key);
        let Some(titles) = &self.titles else {
            let Some(value) = read else { return Owners::Illegible };
            let first = self.first(&value);
            return first.map_or_else(
                || self.nobody(&value, suggestions),
                |first| one_of(self.all(first), |rows| Owners::Several(rows.into())),
            );
        };
        let read = read.map(untitled);
        if let Some(first) = read.as_ref().and_then(|value| self.first(value)) {
            return one_of(self.all(first), |rows| titles.version(&rows));
        }
        let called = titles.called(key);
        if !called.is_empty() {
            return one_of(called, |rows| match titles.version(&rows) {
                Owners::Several(rows) if !self.is_one_key(&rows) => Owners::Namesakes(rows),
                found => found,
            });
        }
        read.map_or(Owners::Illegible, |value| self.nobody(&value, suggestions))
    }

    /// Whether rows have one key: that several do is said where it is declared.
    fn is_one_key(&self, rows: &[u32]) -> bool {
        let mut keys = rows.iter().map(|row| self.values.get(*row as usize).map(untitled));
        let first = keys.next();
        keys.all(|key| Some(key) == first)
    }

    /// What may be meant by a key that no row has.
    fn nobody(&self, value: &KeyValue<'_>, suggestions: &mut Suggestions) -> Owners {
        if self.unread.iter().any(|unread| unread == value) {
            return Owners::Unread;
        }
        let nearest = self.nearest(value, suggestions);
        let word = nearest.and_then(|row| self.values.written(row as usize));
        Owners::Nobody(Box::new(Nearest {
            key: word.map(str::to_owned),
            rows: nearest.map_or_else(Vec::new, |row| self.all(row)),
        }))
    }

    /// Rows that have the key of an earlier one, with that; not those that are versions of it.
    pub fn repeated(&self) -> Vec<(usize, usize)> {
        let apart = |a: u32, b: u32| self.titles.as_ref().is_some_and(|all| all.are_apart(a, b));
        let mut repeated = Vec::new();
        for (first, others) in &self.others {
            let rows: Vec<u32> = self.all(*first);
            for (at, row) in others.iter().enumerate() {
                let before = rows.iter().take(at + 1).find(|before| !apart(**before, *row));
                repeated.extend(before.map(|before| (*row as usize, *before as usize)));
            }
        }
        repeated.sort_unstable();
        repeated
    }

    /// Whether rows of one key are versions of one another.
    pub fn are_versions(&self, rows: &[u32]) -> bool {
        let apart = |a: u32, b: u32| self.titles.as_ref().is_some_and(|all| all.are_apart(a, b));
        rows.iter().enumerate().all(|(at, a)| rows.iter().skip(at + 1).all(|b| apart(*a, *b)))
    }

    /// All rows that have the key of the first of them.
    fn all(&self, first: u32) -> Vec<u32> {
        let others = self.others.get(&first).map_or(&[][..], Vec::as_slice);
        std::iter::once(first).chain(others.iter().copied()).collect()
    }

    /// The first row of a key or title.
    fn called(&self, bare: &str) -> Option<u32> {
        let value = untitled(KeyValue::Text(Cow::Borrowed(bare)));
        let titles = self.titles.as_ref();
        let called = || titles.and_then(|titles| titles.called(bare).first().copied());
        self.first(&value).or_else(called)
    }

    /// The row of a key much like one that was not found; only texts have any.
    fn nearest(&self, key: &KeyValue<'_>, suggestions: &mut Suggestions) -> Option<u32> {
        let KeyValue::Text(key) = key else { return None };
        if let Some(row) = unversioned(key).and_then(|bare| self.called(bare)) {
            return Some(row);
        }
        let written = || (0..self.len).filter_map(|row| self.values.written(row));
        let of = if self.titles.is_some() { Likeness::Titles } else { Likeness::Keys };
        let near = suggestions
            .nearest(key, self.len, written())
            .filter(|found| is_distinct(&fold(key), &fold(found), written().map(fold), of));
        let found = near
            .or_else(|| suggestions.whole(key, self.len, written()))
            .or_else(|| suggestions.versioned(key, self.len, written()))?;
        let value = read_key(self.key, &found)?;
        let value = if self.titles.is_some() { untitled(value) } else { value };
        self.first(&value)
    }
}

/// One row, or what is made of several.
fn one_of(rows: Vec<u32>, several: impl FnOnce(Vec<u32>) -> Owners) -> Owners {
    match *rows.as_slice() {
        [row] => Owners::One(row),
        _ => several(rows),
    }
}

/// A title without the version in brackets behind it, `甲法（2019修正）`; `None` where there is none.
pub(super) fn unversioned(text: &str) -> Option<&str> {
    let at = text.rfind(['(', '（']).filter(|at| *at > 0)?;
    let (bare, behind) = text.split_at_checked(at)?;
    let is_last = behind.ends_with([')', '）']);
    version(behind).filter(|_| is_last).map(|_| bare.trim_end())
}

/// A key without the brackets around a title.
fn untitled(value: KeyValue<'_>) -> KeyValue<'_> {
    match value {
        KeyValue::Text(Cow::Borrowed(text)) => KeyValue::Text(Cow::Borrowed(title(text))),
        KeyValue::Text(Cow::Owned(text)) => KeyValue::Text(Cow::Owned(title(&text).to_owned())),
        value => value,
    }
}
