//! Measures that are split by the groups of the review.

use crate::diagnostic::Bilingual;
use crate::finding::{Figure, MeasureSummary};
use crate::grouping::{Group, Groups, Key};

/// A measure with the figure of each group.
#[derive(Clone, Debug)]
pub struct Spread {
    /// `policy.measure` by English names.
    pub measure: String,
    /// Its name.
    pub heading: Bilingual,
    /// The figures, in order of the groups; without a value where a group has none or it is
    /// unknown.
    pub figures: Vec<Figure>,
}

/// The measures whose groups are these, by what they are, not by what they are called.
pub(super) fn spread(groups: &Groups<'_>, measures: &[MeasureSummary]) -> Vec<Spread> {
    let ty = groups.by.as_ref().map(|by| by.ty);
    let split = measures.iter().filter(|measure| measure.by.is_some() && measure.by == ty);
    let split = split.filter(|measure| measure.groups.iter().any(Option::is_some));
    let of = |measure: &MeasureSummary, group: &Group| {
        let number = match group.key {
            Some(Key::Number(number)) => Some(number),
            _ => None,
        };
        let at = measure.groups.iter().position(|found| *found == number);
        let figure = at.and_then(|at| measure.values.get(at)).map(|(_, figure)| figure.clone());
        figure.unwrap_or_default()
    };
    split
        .map(|measure| Spread {
            measure: measure.measure.clone(),
            heading: measure.heading.clone(),
            figures: groups.list.iter().map(|group| of(measure, group)).collect(),
        })
        .collect()
}
