//! Rank 5: a change as two bars, before and after.

use super::super::measure::cells;
use super::Page;
use super::chart::pair;
use crate::finding::Figure;
use crate::visible::visible;
use maud::{Markup, html};

/// A pair of bars: its name, its figures as [`cells`] has them, how long the longest bar is.
pub(super) struct Pair {
    pub(super) name: String,
    pub(super) cells: Vec<String>,
    pub(super) longest: f64,
}

impl Pair {
    pub(super) fn new(page: &Page, name: &str, figure: &Figure) -> Self {
        let mut pair =
            Self { name: name.to_owned(), cells: cells(page.words, figure), longest: 0.0 };
        pair.longest = pair.before().max(pair.after());
        pair
    }

    pub(super) fn before(&self) -> f64 {
        self.cells.first().map_or(0.0, |text| amount(text))
    }

    pub(super) fn after(&self) -> f64 {
        self.cells.get(1).map_or(0.0, |text| amount(text))
    }

    pub(super) fn drawn(&self, longest: f64, unit: &str) -> Markup {
        html! {
            tr.pair {
                th scope="row" { (visible(&self.name)) @if !unit.is_empty() { small {
                    (visible(unit)) } } }
                td { (pair(("before", self.before()), ("after", self.after()), longest)) }
                (self.numbers())
            }
        }
    }

    pub(super) fn numbers(&self) -> Markup {
        html! { @for cell in &self.cells { td.number { (visible(cell).replace('-', "−")) } } }
    }
}

/// The number a text begins with.
pub(super) fn amount(text: &str) -> f64 {
    let text = text.trim_start_matches('≈');
    let end =
        text.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == '-')).unwrap_or(text.len());
    text.get(..end).and_then(|number| number.parse().ok()).unwrap_or(0.0)
}
