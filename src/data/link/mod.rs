//! What concerns several rows: elements from files of their own, references, keys, the number of
//! rows.

mod children;
mod index;
mod keys;
mod titles;

pub use children::gather;
pub use keys::{Resolved, resolve};

use super::bind::cell::KeyValue;
use super::fault::At;
use super::names::shorten;
use crate::schema::{FrameId, Type};
use std::collections::{BTreeMap, HashMap};

/// Something wrong between rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Breach {
    /// `dangling_reference`: references to a key no row has.
    Dangling(Mention),
    /// `duplicate_key`: two rows with one key; `duplicate_value`: two with one value of a unique
    /// field; where they are written otherwise, both as written.
    Duplicate { at: At, first: usize, row: usize, value: String, apart: Option<[String; 2]> },
    /// `invisible_in_key`: a key with a character that cannot be seen, after what can; `more`
    /// keys of the column have one.
    Invisible { at: At, row: usize, letter: char, before: String, more: usize },
    /// `dangling_parent`: elements of a parent no row has the key of. Rows are counted in the
    /// elements' own files.
    Orphan(Mention),
    /// `ambiguous_parent`: elements of a parent whose key several rows have, in different lists.
    Ambiguous(Mention),
    /// `reference_not_in_force`: references to a title of which no version is in force.
    NotInForce(Mention),
    /// `ambiguous_reference`: references to a title that rows of several keys have.
    Namesakes(Mention),
    /// `missing_field`: a list that neither its row gives nor a file of its own.
    Lacking { at: At, row: usize },
}

/// A key, and what names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// The frame it is sought in.
    pub frame: usize,
    /// The key as it is first written, shortened.
    pub key: String,
    /// A key that may be meant.
    pub nearest: Option<String>,
    /// How many name it.
    pub count: usize,
    /// The first that does, of each field or list.
    pub places: Vec<(At, usize)>,
}

/// Keys and what names them, each key once.
#[derive(Debug, Default)]
pub struct Mentions {
    numbers: HashMap<(usize, KeyValue<'static>), usize>,
    list: Vec<Mention>,
}

impl Mentions {
    fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Notes that a key of a frame is named at a place.
    pub fn add(
        &mut self,
        sought: (usize, KeyValue<'static>),
        key: &str,
        near: Option<&String>,
        place: (At, usize),
    ) {
        let frame = sought.0;
        let number = *self.numbers.entry(sought).or_insert_with(|| {
            self.list.push(Mention {
                frame,
                key: shorten(key),
                nearest: near.cloned(),
                count: 0,
                places: Vec::new(),
            });
            self.list.len() - 1
        });
        let Some(mention) = self.list.get_mut(number) else { return };
        mention.count += 1;
        if mention.places.iter().all(|(at, _)| *at != place.0) {
            mention.places.push(place);
        }
    }
}

impl Breach {
    /// The stable name.
    #[must_use]
    pub fn code(&self, plan: &super::bind::plan::Plan) -> &'static str {
        match self {
            Self::Dangling { .. } => "dangling_reference",
            Self::Duplicate { at, .. }
                if plan.field(at.frame, at.field).is_some_and(|field| field.key) =>
            {
                "duplicate_key"
            }
            Self::Duplicate { .. } => "duplicate_value",
            Self::Invisible { .. } => "invisible_in_key",
            Self::Orphan { .. } => "dangling_parent",
            Self::Ambiguous { .. } => "ambiguous_parent",
            Self::NotInForce(_) => "reference_not_in_force",
            Self::Namesakes(_) => "ambiguous_reference",
            Self::Lacking { .. } => "missing_field",
        }
    }

    /// Whether everything was read all the same.
    #[must_use]
    pub fn is_warning(&self) -> bool {
        matches!(self, Self::Invisible { .. })
    }
}

/// Breaches, each kind up to a limit; the rest is counted.
#[derive(Debug, Default)]
pub struct Breaches {
    /// Those kept.
    pub list: Vec<Breach>,
    /// How many are not, by the frame and field they are about.
    pub left_out: Vec<(At, &'static str, usize)>,
}

impl Breaches {
    /// Most breaches shown one by one, of one kind in one column.
    const MOST: usize = 200;
    /// Most fields shown one by one that are not given.
    const MOST_MISSING: usize = 20;

    /// Forgets what comes of it that no row of a table was read: that was said.
    pub fn forgive(&mut self, plan: &super::bind::plan::Plan, gone: &[FrameId]) {
        let parent = |frame: usize| {
            plan.frame(frame).and_then(|shape| shape.parent).map(|(parent, _)| parent)
        };
        let target = |at: At| {
            plan.field(at.frame, at.field).and_then(|field| {
                if let Type::Ref(target) = field.ty { Some(target.0 as usize) } else { None }
            })
        };
        let is_gone = |frame: Option<usize>| gone.iter().any(|gone| Some(gone.0 as usize) == frame);
        self.list.retain(|breach| match breach {
            Breach::Dangling(mention) | Breach::Orphan(mention) => !is_gone(Some(mention.frame)),
            Breach::Duplicate { .. }
            | Breach::Invisible { .. }
            | Breach::Ambiguous(_)
            | Breach::NotInForce(_)
            | Breach::Namesakes(_)
            | Breach::Lacking { .. } => true,
        });
        self.left_out.retain(|(at, code, _)| match *code {
            "dangling_reference" => !is_gone(target(*at)),
            "dangling_parent" => !is_gone(parent(at.frame)),
            _ => true,
        });
    }

    /// Adds the breaches of one column.
    fn extend(&mut self, at: At, code: &'static str, mut found: Vec<Breach>) {
        let most = if code == "missing_field" { Self::MOST_MISSING } else { Self::MOST };
        let rest = found.len().saturating_sub(most);
        found.truncate(most);
        self.list.extend(found);
        if rest > 0 {
            self.left_out.push((at, code, rest));
        }
    }

    /// Adds a breach for each key, by the field or list that names it first.
    fn mentions(&mut self, all: Mentions, code: &'static str, breach: fn(Mention) -> Breach) {
        let mut by_field: BTreeMap<At, Vec<Breach>> = BTreeMap::new();
        for mention in all.list {
            let Some((at, _)) = mention.places.first() else { continue };
            by_field.entry(*at).or_default().push(breach(mention));
        }
        by_field.into_iter().for_each(|(at, found)| self.extend(at, code, found));
    }
}

/// How many keys are compared for suggestions in one run: enough for mistakes, not for floods.
const MOST_COMPARISONS: usize = 300_000;

/// Looks for near keys while the budget lasts.
#[derive(Debug)]
pub struct Suggestions {
    left: usize,
}

impl Default for Suggestions {
    fn default() -> Self {
        Self { left: MOST_COMPARISONS }
    }
}

impl Suggestions {
    fn nearest<'k>(
        &mut self,
        key: &str,
        count: usize,
        keys: impl Iterator<Item = &'k str>,
    ) -> Option<String> {
        self.left = self.left.checked_sub(count)?;
        crate::nearest::nearest_key(&super::names::fold(key), keys)
    }

    fn whole<'k>(
        &mut self,
        key: &str,
        count: usize,
        keys: impl Iterator<Item = &'k str>,
    ) -> Option<String> {
        self.left = self.left.checked_sub(count)?;
        crate::nearest::whole(&super::names::fold(key), keys)
    }

    /// The one key that is this one with a version behind it.
    fn versioned<'k>(
        &mut self,
        key: &str,
        count: usize,
        keys: impl Iterator<Item = &'k str>,
    ) -> Option<String> {
        self.left = self.left.checked_sub(count)?;
        let mut found = keys.filter(|other| index::unversioned(other) == Some(key));
        let first = found.next()?;
        found.all(|other| other == first).then(|| first.to_owned())
    }
}
