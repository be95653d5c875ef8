//! Measures that are split by the groups of the review.

use crate::diagnostic::Bilingual;
use crate::finding::{Figure, MeasureSummary};
use crate::grouping::{Group, Groups, Key};
use crate::report::Words;
use crate::report::measure::in_brief;
use std::collections::BTreeSet;

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

/// So many groups that are not listed are named.
const NAMED: usize = 6;

/// The measures whose groups are these, by what they are, not by what they are called.
fn split<'m>(
    groups: &Groups<'_>,
    measures: &'m [MeasureSummary],
) -> impl Iterator<Item = &'m MeasureSummary> {
    let ty = groups.by.as_ref().map(|by| by.ty);
    let split = measures.iter().filter(move |measure| measure.by.is_some() && measure.by == ty);
    split.filter(|measure| measure.groups.iter().any(Option::is_some))
}

/// What the measures have of groups that are not listed: no row leads to them the way that is gone,
/// but one the measure counts does another way. A line for each measure.
pub(super) fn unlisted(
    words: &Words,
    groups: &Groups<'_>,
    measures: &[MeasureSummary],
) -> Vec<String> {
    let listed: BTreeSet<&Key> =
        groups.list.iter().filter_map(|group| group.key.as_ref()).collect();
    let line = |measure: &MeasureSummary| {
        let figures = measure.groups.iter().zip(&measure.values);
        let apart = figures.filter_map(|(group, (name, figure))| {
            let unlisted = !listed.contains(&Key::Number((*group)?));
            let name = words.pick(name.as_ref().filter(|_| unlisted)?);
            Some(format!("{name} {}", in_brief(words, figure)))
        });
        let apart: Vec<String> = apart.collect();
        let (heading, between) = (words.pick(&measure.heading), words.choose("、", ", "));
        let more = if apart.len() > NAMED { words.choose("等", ", …") } else { "" };
        let named = apart.get(..NAMED).unwrap_or(&apart).join(between);
        (!apart.is_empty()).then(|| {
            words.choose(
                format!("`{heading}` 还有没有列出的组：{named}{more}"),
                format!("`{heading}` is of groups not listed, too: {named}{more}"),
            )
        })
    };
    split(groups, measures).filter_map(line).collect()
}

/// The measures that are split by the groups, with what they are in each.
pub(super) fn spread(groups: &Groups<'_>, measures: &[MeasureSummary]) -> Vec<Spread> {
    let of = |measure: &MeasureSummary, group: &Group| {
        let number = match group.key {
            Some(Key::Number(number)) => Some(number),
            _ => None,
        };
        let at = measure.groups.iter().position(|found| *found == number);
        let figure = at.and_then(|at| measure.values.get(at)).map(|(_, figure)| figure.clone());
        figure.unwrap_or_default()
    };
    split(groups, measures)
        .map(|measure| Spread {
            measure: measure.measure.clone(),
            heading: measure.heading.clone(),
            figures: groups.list.iter().map(|group| of(measure, group)).collect(),
        })
        .collect()
}
