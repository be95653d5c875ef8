//! How the values of one file are written, as far as the manifest says it.

use super::pairs::{Pair, Part};
use crate::data::event::Scalar;
use crate::data::names::fold;
use crate::data::unit::Measure;
use crate::data::{DateOrder, Mapping};

/// How the values of one file are written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Conventions {
    /// Values that mean "not given", folded, in lower case.
    absent: Vec<Box<str>>,
    /// The longest of them, in bytes.
    longest: usize,
    /// What means yes or no, folded, in lower case.
    truths: Vec<(Box<str>, bool)>,
    /// The order in which day, month and year stand.
    pub order: DateOrder,
    /// Whether an instant stands for its local day.
    pub timestamps: bool,
    /// Signs that separate the values of a list in one cell, where the manifest says it.
    pub separator: Option<Box<str>>,
    /// Numbers whose unit stands in a column of its own.
    pub pairs: Vec<Pair>,
}

/// Where nothing is said.
pub static PLAIN: Conventions = Conventions {
    absent: Vec::new(),
    longest: 0,
    truths: Vec::new(),
    order: DateOrder::YearFirst,
    timestamps: false,
    separator: None,
    pairs: Vec::new(),
};

/// How one value is written.
#[derive(Clone, Copy, Debug)]
pub struct How<'c> {
    /// As the others of its file.
    pub conventions: &'c Conventions,
    /// What a number without a unit is in.
    pub measure: Option<&'c Measure>,
}

impl Default for How<'_> {
    fn default() -> Self {
        Self { conventions: &PLAIN, measure: None }
    }
}

impl Conventions {
    /// By what the manifest says of a file.
    #[must_use]
    pub fn of(mapping: &Mapping) -> Self {
        let absent: Vec<Box<str>> = mapping
            .absent
            .iter()
            .map(|word| fold(word).to_lowercase())
            .filter(|word| !word.is_empty())
            .map(String::into_boxed_str)
            .collect();
        let [yes, no] = &mapping.truths;
        let folded = |word: &String| fold(word).to_lowercase().into_boxed_str();
        let truths = yes.iter().map(|word| (folded(word), true));
        let truths = truths.chain(no.iter().map(|word| (folded(word), false))).collect();
        Self {
            truths,
            // Full-width signs are longer than what they fold to.
            longest: absent.iter().map(|word| 3 * word.len()).max().unwrap_or(0),
            absent,
            order: mapping.dates.order,
            timestamps: mapping.dates.timestamps,
            pairs: Vec::new(),
            separator: (!mapping.separator.is_empty()).then(|| mapping.separator.concat().into()),
        }
    }

    /// What a word of the manifest means; `plain` is folded.
    #[must_use]
    pub fn truth(&self, plain: &str) -> Option<bool> {
        if self.truths.is_empty() {
            return None;
        }
        let plain = plain.to_lowercase();
        self.truths.iter().find(|(word, _)| **word == *plain).map(|(_, value)| *value)
    }

    /// Whether dates are written otherwise than where nothing is said.
    #[must_use]
    pub fn has_dates(&self) -> bool {
        self.order != DateOrder::YearFirst || self.timestamps
    }

    /// Whether nothing is said of what words and dates mean.
    #[must_use]
    pub fn are_usual(&self) -> bool {
        self.longest == 0 && self.truths.is_empty() && !self.has_dates()
    }

    /// The pairs of a frame that a heading is of.
    #[must_use]
    pub fn parts(&self, frame: usize, heading: &str) -> Vec<(usize, Part)> {
        if self.pairs.is_empty() {
            return Vec::new();
        }
        let heading = fold(heading);
        let pairs = self.pairs.iter().enumerate();
        let own = pairs.filter(|(_, pair)| pair.fields.iter().any(|at| at.frame == frame));
        own.filter_map(|(index, pair)| match () {
            () if pair.number.iter().any(|own| *own == *heading) => Some((index, Part::Number)),
            () if pair.unit == *heading => Some((index, Part::Unit)),
            () => None,
        })
        .collect()
    }

    /// Whether a text means "not given".
    #[must_use]
    #[inline]
    pub fn is_absent(&self, text: &str) -> bool {
        self.longest > 0 && self.lists_as_absent(text)
    }

    /// Whether a text is one of the values that mean so.
    fn lists_as_absent(&self, text: &str) -> bool {
        let text = text.trim();
        if text.is_empty() || text.len() > self.longest {
            return false;
        }
        let plain = fold(text).to_lowercase();
        self.absent.iter().any(|word| **word == *plain)
    }

    /// Whether a value means "not given".
    #[must_use]
    pub fn leaves_out(&self, scalar: Scalar<'_>) -> bool {
        match scalar {
            Scalar::Text(text) | Scalar::Number(text) => self.is_absent(text),
            Scalar::Bool(_) | Scalar::Null | Scalar::Moment(_) => false,
        }
    }
}
