//! Stated figures: every comparison of numbers that an article requires in a table of one row.
//! Which close, which do not, and by which terms.

use super::Row;
use super::behind::Behind;
use crate::diagnostic::Bilingual;
use crate::program::Comparison;
use crate::say;

/// What became of a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Both sides are as required.
    Closes,
    /// They are not.
    Differs,
    /// A side is not known.
    Unknown,
}

impl Status {
    /// The word in machine-readable reports.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Closes => "closes",
            Self::Differs => "differs",
            Self::Unknown => "unknown",
        }
    }
}

/// One side of a comparison.
#[derive(Clone, Debug)]
pub struct Side {
    /// As the article writes it.
    pub text: Bilingual,
    /// Its value; `None` where unknown.
    pub value: Option<Bilingual>,
    /// What it is added up from: none where it is only read.
    pub terms: Vec<Term>,
    /// The values it is computed from: `35 ÷ 155668`.
    pub values: Option<Bilingual>,
}

/// A term of a sum.
#[derive(Clone, Debug)]
pub struct Term {
    /// Whether it is taken away.
    pub minus: bool,
    /// As the article writes it; `None` for an element of a list.
    pub text: Option<Bilingual>,
    /// Its value.
    pub value: Option<Bilingual>,
}

/// One stated figure against what it should be.
#[derive(Clone, Debug)]
pub struct Figure {
    /// `policy.article` by English names.
    pub article: String,
    /// The heading people know.
    pub heading: Bilingual,
    /// The element, where the figure is one of a list.
    pub path: Option<Bilingual>,
    /// The figure.
    pub stated: Side,
    /// How it must compare.
    pub relation: Comparison,
    /// With what.
    pub computed: Side,
    /// Whether it does.
    pub status: Status,
    /// Whether the article only advises it (宜).
    pub advice: bool,
    /// Whether the stated side is less, and by how much; where they should be equal and are not.
    pub difference: Option<(bool, Bilingual)>,
    /// The facts without which nothing can be said.
    pub missing: Vec<Bilingual>,
    /// Why there is no result, where no fact is missing.
    pub why: Option<Bilingual>,
    /// The rows behind the figure.
    pub behind: Behind,
    /// The articles by which the same figure does close; of its own article the sentence.
    pub closed_by: Vec<Bilingual>,
}

impl Figure {
    /// The rows behind it, by what they say.
    pub(super) fn rows(&self) -> [(Bilingual, &[Row]); 5] {
        let Behind { only_stated, only_computed, twice, unknown, exactly } = &self.behind;
        let alone = |side: &Side| {
            let (zh, en) = (&side.text.zh, &side.text.en);
            say!("只在“{zh}”里", "only in `{en}`")
        };
        [
            (alone(&self.stated), only_stated),
            (alone(&self.computed), only_computed),
            (Bilingual::new("算了两次", "counted twice"), twice),
            (Bilingual::new("不知算不算", "may or may not count"), unknown),
            (Bilingual::new("正好是差额", "exactly the difference"), exactly),
        ]
    }
}
