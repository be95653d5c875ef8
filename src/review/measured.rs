//! Measures and groups as listings: of all groups together, and of each.

use super::Review;
use super::listing::{Figures, Maker};
use crate::finding::{Figure, MeasureSummary};
use crate::grouping::Group;
use crate::report::groups::{GroupTable, name};
use crate::report::{Listing, measure};
use crate::say;

impl Maker<'_> {
    /// The measures, each of all groups together.
    pub(super) fn measures(&self, review: &Review, how: Figures) -> Vec<Listing> {
        let whole = |measure: &MeasureSummary| {
            let values = vec![(None, measure.whole()?.clone())];
            Some(MeasureSummary { values, by: None, overall: None, ..measure.clone() })
        };
        let whole: Vec<MeasureSummary> = review.measures.iter().filter_map(whole).collect();
        let listing = |table: measure::Measures| Listing {
            title: table.title.to_owned(),
            columns: table.columns.iter().map(|column| (*column).to_owned()).collect(),
            narrow: table.columns.len() < 4,
            rows: table
                .lines
                .into_iter()
                .map(|line| line.cells.iter().map(|cell| self.amount(cell, how)).collect())
                .collect(),
        };
        measure::tables(self.words, &whole).into_iter().map(listing).collect()
    }

    /// The findings of each group, those with most violations first.
    pub(super) fn spread(&self) -> Option<Listing> {
        let mut table = GroupTable::new(self.words, self.groups)?;
        let rows = table.lines.iter().map(|(name, counts)| {
            let counts = counts.iter().map(ToString::to_string);
            std::iter::once(name.clone()).chain(counts).collect::<Vec<_>>()
        });
        let mut rows: Vec<(usize, Vec<String>)> =
            self.groups.list.iter().map(|group| group.tally.violated).zip(rows).collect();
        rows.sort_by_key(|(violated, _)| std::cmp::Reverse(*violated));
        Some(Listing {
            title: self.pick(&say!("各组的问题", "Findings by group")),
            columns: std::mem::take(&mut table.columns),
            rows: rows.into_iter().map(|(_, row)| row).collect(),
            narrow: true,
        })
    }

    /// The measures that are split by the groups: a column for each.
    pub(super) fn by_group(&self, review: &Review, how: Figures) -> Option<Listing> {
        let by = self.groups.by.as_ref().filter(|_| !review.spread.is_empty())?;
        let headings = review.spread.iter().map(|measure| &measure.heading);
        let heading = by.heading(self.groups.run.schema());
        let value = |figure: Option<&Figure>| {
            let known = figure.filter(|of| of.value.is_some() || of.change.is_some());
            let said = known.map(|figure| measure::in_brief(self.words, figure));
            said.map_or_else(String::new, |said| self.amount(&said, how))
        };
        let row = |(at, group): (usize, &Group)| {
            let figures = review.spread.iter().map(|measure| value(measure.figures.get(at)));
            std::iter::once(name(self.words, group)).chain(figures).collect()
        };
        Some(Listing {
            title: self.pick(&say!("各组的指标", "Measures by group")),
            columns: [&heading].into_iter().chain(headings).map(|said| self.pick(said)).collect(),
            rows: self.groups.list.iter().enumerate().map(row).collect(),
            narrow: review.spread.len() == 1,
        })
    }
}
