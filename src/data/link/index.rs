//! The rows of a frame by their keys.

use super::Suggestions;
use crate::data::bind::cell::{Identity, identity};
use crate::data::bind::column::{Cells, Growing, Rows};
use crate::data::bind::marks::Marks;
use crate::data::bind::plan::{FieldPlan, Plan};
use crate::data::bind::references::References;
use crate::data::load::Listed;
use crate::value::key::canonical;
use crate::value::{Ratio, Texts};
use std::collections::{BTreeMap, HashMap, HashSet};

/// What the rows of a column are told apart by.
pub enum Identities<'c> {
    Texts(&'c Texts),
    Ints(&'c [i64]),
    Ratios(&'c [Ratio]),
    Bits(&'c Marks),
    /// Keys of rows elsewhere, with what each of them stands for.
    Keys(&'c References, Vec<Option<Identity<'c>>>),
    /// A column that is not kept, or a list.
    Nothing,
}

impl<'c> Identities<'c> {
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
                    let read = key.and_then(|key| identity(key, text));
                    read.or_else(|| Some(Identity::Text(canonical(text))))
                };
                Self::Keys(keys, keys.keys.iter().map(|text| stands(key, text)).collect())
            }
            Cells::Dropped => Self::Nothing,
        }
    }

    /// Of a row that has a value.
    pub fn get(&self, row: usize) -> Option<Identity<'c>> {
        match self {
            Self::Texts(texts) => Some(Identity::Text(canonical(texts.get(row)))),
            Self::Ints(values) => values.get(row).copied().map(Identity::Int),
            Self::Ratios(values) => values.get(row).map(|value| Identity::Ratio(Box::new(*value))),
            Self::Bits(marks) => Some(Identity::Int(marks.get(row).into())),
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
    pub identities: Identities<'c>,
    rows: HashMap<Identity<'c>, u32>,
    /// By the first row of a key, the others that have it.
    others: BTreeMap<u32, Vec<u32>>,
    /// Rows whose key could not be read.
    pub keyless: Vec<u32>,
    /// Whether some key is not written in its canonical form.
    pub is_odd: bool,
    /// Keys of rows that could not be read.
    unread: HashSet<Identity<'c>>,
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
        let identities = Identities::new(column, Some(key));
        let mut index = Self {
            key,
            rows: HashMap::with_capacity(rows.len),
            identities,
            others: BTreeMap::new(),
            keyless: Vec::new(),
            is_odd: false,
            unread: HashSet::new(),
        };
        // What is listed of elements is whose they are.
        let own = listed.filter(|_| plan.frame(frame).is_some_and(|shape| shape.parent.is_none()));
        let unread = own.into_iter().flat_map(|listed| &listed.lost);
        index.unread.extend(unread.filter_map(|text| identity(key, text)));
        for (at, row) in (0..rows.len).zip(0_u32..) {
            match index.identities.get(at).filter(|_| !column.absent.get(at)) {
                None => index.keyless.push(row),
                Some(identity) => {
                    if let Identity::Text(form) = &identity {
                        index.is_odd |= index.identities.written(at) != Some(&**form);
                    }
                    let first = *index.rows.entry(identity).or_insert(row);
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
        let Some(identity) = identity(self.key, key) else { return Owners::Illegible };
        if let Some(first) = self.rows.get(&identity) {
            return match self.others.get(first) {
                Some(_) => Owners::Several(self.all(*first).into()),
                None => Owners::One(*first),
            };
        }
        if self.unread.contains(&identity) {
            return Owners::Unread;
        }
        let nearest = self.nearest(&identity, suggestions);
        let word = nearest.and_then(|row| self.identities.written(row as usize));
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
    fn nearest(&self, key: &Identity<'_>, suggestions: &mut Suggestions) -> Option<u32> {
        let Identity::Text(key) = key else { return None };
        let texts = self.rows.keys().filter_map(|identity| match identity {
            Identity::Text(text) => Some(&**text),
            _ => None,
        });
        let found = suggestions.nearest(key, self.rows.len(), texts)?;
        self.rows.get(&Identity::Text(found.into())).copied()
    }
}
