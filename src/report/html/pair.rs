//! Rank 5: a change as two bars, before and after.

use super::super::measure::cells;
use super::Page;
use super::chart::pair;
use crate::finding::Figure;
use crate::value::Ratio;
use crate::visible::visible;
use maud::{Markup, html};
use num_traits::ToPrimitive;

/// A pair of bars: its name, its figures as [`cells`] has them, how long its bars and the longest
/// of them are.
pub(super) struct Pair {
    pub(super) name: String,
    pub(super) cells: Vec<String>,
    before: f64,
    after: f64,
    pub(super) longest: f64,
}

impl Pair {
    pub(super) fn new(page: &Page, name: &str, figure: &Figure, unit: &str) -> Self {
        let before = length(figure.change.as_ref().and_then(|change| change.amount));
        let after = length(figure.amount);
        let (name, cells) = (name.to_owned(), cells(page.words, figure, unit));
        Self { name, cells, before, after, longest: before.max(after) }
    }

    pub(super) fn drawn(&self, longest: f64, unit: &str) -> Markup {
        html! {
            tr.pair {
                th scope="row" { (visible(&self.name)) @if !unit.is_empty() { small {
                    (visible(unit)) } } }
                td { (pair(("before", self.before), ("after", self.after), longest)) }
                (self.numbers())
            }
        }
    }

    pub(super) fn numbers(&self) -> Markup {
        html! { @for cell in &self.cells { td.number { (visible(cell)) } } }
    }
}

/// How long the bar of an amount is; none where it is not known.
pub(super) fn length(amount: Option<Ratio>) -> f64 {
    let parts = amount.and_then(|amount| amount.numer().to_f64().zip(amount.denom().to_f64()));
    parts.map_or(0.0, |(numerator, denominator)| numerator / denominator)
}
