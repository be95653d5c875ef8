//! Rank 5: measures as charts and tables: the figures of each group, and changes as pairs of bars.

use super::super::amount::rounded;
use super::super::measure::{self, cells};
use super::Page;
use super::chart::{Bar, bars, legend};
use super::pair::{self, Pair};
use crate::finding::MeasureSummary;
use crate::visible::visible;
use maud::{Markup, html};

/// How many lines a chart has at most; the rest is summed.
pub(super) const MAX_BARS: usize = 24;

/// How many groups a chart of pairs has at most.
const MAX_PAIRS: usize = 40;

/// Measures by group, changes first; then changes without groups, together.
pub(super) fn charts(page: &Page) -> Vec<Markup> {
    let measures = &page.report.measures;
    let by_group = |measure: &&MeasureSummary| measure.is_split() && measure.values.len() > 1;
    let (changes, plain): (Vec<_>, Vec<_>) =
        measures.iter().partition(|measure| measure.is_change());
    let (split, alone): (Vec<_>, Vec<_>) = changes.into_iter().partition(by_group);
    let split = split.into_iter().map(|measure| change(page, measure));
    let alone = (!alone.is_empty()).then(|| changes_alone(page, &alone));
    split
        .chain(alone)
        .chain(plain.into_iter().filter(by_group).map(|measure| figures(page, measure)))
        .collect()
}

/// A figure of each group, the largest first.
fn figures(page: &Page, measure: &MeasureSummary) -> Markup {
    let mut drawn: Vec<Bar> = measure::groups(page.words, measure)
        .into_iter()
        .map(|(label, figure)| {
            let exact = cells(page.words, figure, "").concat();
            let text = rounded(page.words, &exact);
            let parts = vec![("measure", pair::length(figure.amount))];
            Bar { label, link: None, parts, exact: (exact != text).then_some(exact), text }
        })
        .collect();
    let length = |bar: &Bar| bar.parts.iter().map(|(_, length)| length).sum::<f64>();
    drawn.sort_by(|a, b| length(b).total_cmp(&length(a)));
    let more = drawn.len().saturating_sub(MAX_BARS);
    drawn.truncate(MAX_BARS);
    html! {
        figure data-chart="measure" {
            figcaption { (visible(page.words.pick(&measure.heading))) }
            (bars(&drawn))
            (left_out(page, more, page.words.measures))
        }
    }
}

/// A change by group, the largest first, with the figures over all of them.
fn change(page: &Page, measure: &MeasureSummary) -> Markup {
    let unit = measure::unit(page.words, measure);
    let mut pairs: Vec<Pair> = measure::groups(page.words, measure)
        .into_iter()
        .map(|(name, figure)| Pair::new(page, &name, figure, unit))
        .collect();
    pairs.sort_by(|a, b| b.longest.total_cmp(&a.longest));
    let overall =
        measure.overall.as_ref().map(|overall| Pair::new(page, page.words.overall, overall, unit));
    let longest = pairs.iter().map(|pair| pair.longest).fold(0.0, f64::max);
    let more = pairs.len().saturating_sub(MAX_PAIRS);
    pairs.truncate(MAX_PAIRS);
    html! {
        figure.wide data-chart="change" {
            figcaption {
                (visible(page.words.pick(&measure.heading)))
                @if !unit.is_empty() { small { (visible(unit)) } }
            }
            (key(page))
            table.bars.change {
                (head(page))
                tbody { @for pair in &pairs { (pair.drawn(longest, "")) } }
                @if let Some(overall) = &overall {
                    tfoot { tr.total { th scope="row" { (overall.name) } td
                        {} (overall.numbers()) } }
                }
            }
            (left_out(page, more, page.words.changes))
        }
    }
}

/// Changes without groups, each by its own measure.
fn changes_alone(page: &Page, measures: &[&MeasureSummary]) -> Markup {
    let named = |measure: &&MeasureSummary| {
        let unit = measure::unit(page.words, measure);
        let pair = Pair::new(page, page.words.pick(&measure.heading), measure.whole()?, unit);
        Some((pair, unit.to_owned()))
    };
    let pairs: Vec<(Pair, String)> = measures.iter().filter_map(named).collect();
    html! {
        figure.wide data-chart="changes" {
            figcaption { (page.words.changes) }
            (key(page))
            table.bars.change {
                (head(page))
                tbody { @for (pair, unit) in &pairs { (pair.drawn(pair.longest, unit)) } }
            }
        }
    }
}

fn key(page: &Page) -> Markup {
    let [_, _, before, after, ..] = page.words.change_columns;
    legend(&[("before", before), ("after", after)])
}

fn head(page: &Page) -> Markup {
    let [_, _, before, after, ..] = page.words.change_columns;
    html! { thead { tr { td {} td {} @for column in [before, after, "±", "%"] { th.number {
    (column) } } } } }
}

/// How many groups only the table has.
fn left_out(page: &Page, more: usize, table: &str) -> Markup {
    html! {
        @if more > 0 { p.cite { (page.words.choose(format!("另有 {more} 组，\
            见表“{table}”"), format!("{more} more in the table “{table}”"))) } }
    }
}

/// Every figure of every measure.
pub(super) fn tables(page: &Page) -> Markup {
    html! {
        @for table in measure::tables(page.words, &page.report.measures) {
            details.folded {
            summary { h2 { (table.title) } }
            div.scroll tabindex="0" { table.lined data-table="measures" {
                thead { tr { @for (at, column) in table.columns.iter().enumerate() {
                    th.number[at >= table.names] { (column) } } } }
                tbody {
                    @for line in &table.lines {
                        tr.total[line.overall] { @for (at, cell) in line.cells.iter().enumerate() {
                            td.number[at >= table.names] { (visible(cell)) } } }
                    }
                }
            } }
            }
        }
    }
}
