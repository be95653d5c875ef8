//! What concerns several rows: elements from files of their own, references, keys, the number of
//! rows.

mod children;
mod keys;

pub use children::gather;
pub use keys::{check_unique, resolve};

use super::fault::At;
use crate::schema::{FrameId, Type};

/// Something wrong between rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Breach {
    /// `dangling_reference`: a reference to a key no row has.
    Dangling { at: At, row: usize, key: String, nearest: Option<String> },
    /// `duplicate_key`: two rows with one key; `duplicate_value`: two with one value of a unique
    /// field.
    Duplicate { at: At, first: usize, row: usize, value: String },
    /// `dangling_parent`: an element of a parent no row has the key of. `row` counts the rows of
    /// the elements' own files.
    Orphan { frame: usize, row: usize, key: String, nearest: Option<String> },
    /// `ambiguous_parent`: an element of a parent whose key several rows have, in different lists.
    Ambiguous { frame: usize, row: usize, key: String },
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
            Self::Orphan { .. } => "dangling_parent",
            Self::Ambiguous { .. } => "ambiguous_parent",
        }
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
            Breach::Dangling { at, .. } => !is_gone(target(*at)),
            Breach::Orphan { frame, .. } => !is_gone(parent(*frame)),
            _ => true,
        });
        self.left_out.retain(|(at, code, _)| match *code {
            "dangling_reference" => !is_gone(target(*at)),
            "dangling_parent" => !is_gone(parent(at.frame)),
            _ => true,
        });
    }

    /// Adds the breaches of one column.
    fn extend(&mut self, at: At, code: &'static str, mut found: Vec<Breach>) {
        let rest = found.len().saturating_sub(Self::MOST);
        found.truncate(Self::MOST);
        self.list.extend(found);
        if rest > 0 {
            self.left_out.push((at, code, rest));
        }
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
        super::names::nearest(key, keys)
    }
}
