//! The rows of a frame by their keys.

use super::Suggestions;
use crate::data::bind::cell::{KeyValue, read_key};
use crate::data::bind::column::{Cells, Growing, Rows};
use crate::data::bind::marks::Marks;
use crate::data::bind::plan::{FieldPlan, Plan};
use crate::data::bind::references::References;
use crate::data::load::Listed;
use crate::data::names::fold;
use crate::value::key::canonical;
use crate::value::{Ratio, Texts};
use std::collections::{BTreeMap, BTreeSet, HashMap};

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
    rows: HashMap<KeyValue<'c>, u32>,
    /// By the first row of a key, the others that have it.
    others: BTreeMap<u32, Vec<u32>>,
    /// Rows whose key could not be read.
    pub keyless: Vec<u32>,
    /// Whether some key is not written in its canonical form.
    pub is_odd: bool,
    /// Keys of rows that could not be read.
    unread: BTreeSet<KeyValue<'c>>,
}

impl<'c> KeyIndex<'c> {
    /// The rows of a frame by its key; `None` where it has none.
    pub fn new(
        plan: &'c Plan,
        frame: usize,
        rows: &'c Rows,
        listed: Option<&'c Listed>,
    ) -> Option<Self> {
        let field = plan.frame(frame)?.key?;
        let (column, key) = (rows.columns.get(field)?, plan.last_key(frame, field)?);
        let values = KeyValues::new(column, Some(key));
        let mut index = Self {
            key,
            rows: HashMap::with_capacity(rows.len),
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
        for (at, row) in (0..rows.len).zip(0_u32..) {
            match index.values.get(at).filter(|_| !column.absent.get(at)) {
                None => index.keyless.push(row),
                Some(value) => {
                    if let KeyValue::Text(form) = &value {
                        index.is_odd |= index.values.written(at) != Some(&**form);
                    }
                    let first = *index.rows.entry(value).or_insert(row);
                    if first != row {
                        index.others.entry(first).or_default().push(row);
                    }
                }
            }
        }
        Some(index)
    }

    /// The rows that have a key.
    pub fn owners(&self, key: &str, suggestions: &mut Suggestions) -> Owners {
        let Some(value) = read_key(self.key, key) else { return Owners::Illegible };
        if let Some(first) = self.rows.get(&value) {
            return match self.others.get(first) {
                Some(_) => Owners::Several(self.all(*first).into()),
                None => Owners::One(*first),
            };
        }
        if self.unread.contains(&value) {
            return Owners::Unread;
        }
        let nearest = self.nearest(&value, suggestions);
        let word = nearest.and_then(|row| self.values.written(row as usize));
        Owners::Nobody(Box::new(Nearest {
            key: word.map(str::to_owned),
            rows: nearest.map_or_else(Vec::new, |row| self.all(row)),
        }))
    }

    /// Rows that have the key of an earlier one, with that.
    pub fn repeated(&self) -> Vec<(usize, usize)> {
        let pairs = self
            .others
            .iter()
            .flat_map(|(first, others)| others.iter().map(|row| (*row as usize, *first as usize)));
        let mut repeated: Vec<(usize, usize)> = pairs.collect();
        repeated.sort_unstable();
        repeated
    }

    /// All rows that have the key of the first of them.
    fn all(&self, first: u32) -> Vec<u32> {
        let others = self.others.get(&first).map_or(&[][..], Vec::as_slice);
        std::iter::once(first).chain(others.iter().copied()).collect()
    }

    /// The row of a key much like one that was not found; only texts have any.
    fn nearest(&self, key: &KeyValue<'_>, suggestions: &mut Suggestions) -> Option<u32> {
        let KeyValue::Text(key) = key else { return None };
        let written = (0..self.len).filter_map(|row| self.values.written(row));
        let found = suggestions.nearest(key, self.len, written)?;
        let written = (0..self.len).filter_map(|row| self.values.written(row));
        if !is_distinct(&fold(key), &fold(&found), written) {
            return None;
        }
        self.rows.get(&read_key(self.key, &found)?).copied()
    }
}

/// Whether two keys are alike in what tells keys apart: without what they begin and end with and
/// several others do too, at most a third of them differs. `中华人民共和国…法` says nothing.
fn is_distinct<'k>(key: &str, found: &str, all: impl Iterator<Item = &'k str> + Clone) -> bool {
    const SEVERAL: usize = 3;
    let (a, b): (Vec<char>, Vec<char>) = (key.chars().collect(), found.chars().collect());
    let shared = |a: &mut dyn Iterator<Item = &char>, b: &mut dyn Iterator<Item = &char>| {
        a.zip(b).take_while(|(a, b)| a == b).count()
    };
    let begins = shared(&mut a.iter(), &mut b.iter());
    let ends = shared(&mut a.iter().rev(), &mut b.iter().rev());
    let is_common = |length: usize, at_end: bool| {
        let part: String = if at_end {
            a.iter().skip(a.len() - length).collect()
        } else {
            a.iter().take(length).collect()
        };
        let has = |other: &&str| {
            let other = fold(other);
            if at_end { other.ends_with(&part) } else { other.starts_with(&part) }
        };
        all.clone().filter(has).take(SEVERAL).count() == SEVERAL
    };
    let before = (1..=begins).rev().find(|length| is_common(*length, false)).unwrap_or(0);
    let rest = a.len().min(b.len()) - before;
    let after = (1..=ends.min(rest)).rev().find(|length| is_common(*length, true)).unwrap_or(0);
    if before + after == 0 {
        return true;
    }
    let core = |word: &[char]| -> String {
        word.get(before..word.len() - after).unwrap_or(&[]).iter().collect()
    };
    let (a, b) = (core(&a), core(&b));
    let longest = a.chars().count().max(b.chars().count());
    let common = a.chars().filter(|c| b.contains(*c)).count();
    longest > 0 && common * 3 >= longest * 2
}
