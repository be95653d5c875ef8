//! Rank 5: bar charts: a table whose middle column is drawn, so that names wrap, numbers stand in
//! text, and paper shows the same.

use crate::visible::visible;
use maud::{Markup, html};

/// A line of a chart.
pub(super) struct Bar {
    /// Its name.
    pub label: String,
    /// Where the name leads: a fragment, the filter it sets, and its value.
    pub link: Option<(String, &'static str, String)>,
    /// What the bar is made of: class and length.
    pub parts: Vec<(&'static str, f64)>,
    /// The number as text.
    pub text: String,
    /// The same to the last digit, where the text does not say it so.
    pub exact: Option<String>,
}

/// Bars, the longest as long as the column.
pub(super) fn bars(bars: &[Bar]) -> Markup {
    let length = |bar: &Bar| bar.parts.iter().map(|(_, length)| length.max(0.0)).sum::<f64>();
    let longest = bars.iter().map(length).fold(f64::MIN_POSITIVE, f64::max);
    html! {
        table.bars {
            tbody {
                @for bar in bars {
                    tr {
                        th scope="row" { (name(bar)) }
                        td { (stacked(&bar.parts, longest)) }
                        td.number title=[bar.exact.as_deref().map(visible)] { (visible(&bar.text)) }
                    }
                }
            }
        }
    }
}

fn name(bar: &Bar) -> Markup {
    html! {
        @match &bar.link {
            Some((fragment, filter, value)) => a href={
                "#" (fragment) } data-filter=(filter) data-value=(value) { (visible(&bar.label)) },
            None => (visible(&bar.label)),
        }
    }
}

fn stacked(parts: &[(&'static str, f64)], longest: f64) -> Markup {
    let mut from = 0.0;
    let placed: Vec<(&str, f64, f64)> = parts
        .iter()
        .filter(|(_, length)| *length > 0.0)
        .map(|(class, length)| {
            let start = from;
            let width = length / longest * 100.0;
            from += width;
            (*class, start, width)
        })
        .collect();
    html! {
        svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" {
            rect.track x="0" y="0" width="100" height="10" {}
            @for (class, start, width) in placed {
                rect.(class) x=(percent(start)) y="0" width=(percent(width)) height="10" {}
            }
        }
    }
}

/// Two bars under each other: before and after, or declared and required.
pub(super) fn pair(
    first: (&'static str, f64),
    second: (&'static str, f64),
    longest: f64,
) -> Markup {
    let width = |length: f64| percent(length.max(0.0) / longest.max(f64::MIN_POSITIVE) * 100.0);
    html! {
        svg viewBox="0 0 100 20" preserveAspectRatio="none" aria-hidden="true" {
            rect.track x="0" y="0" width="100" height="20" {}
            rect.(first.0) x="0" y="1" width=(width(first.1)) height="8" {}
            rect.(second.0) x="0" y="11" width=(width(second.1)) height="8" {}
        }
    }
}

/// What the colours mean.
pub(super) fn legend(entries: &[(&'static str, &str)]) -> Markup {
    html! {
        ul.legend {
            @for (class, text) in entries {
                li { svg viewBox="0 0 10 10" aria-hidden="true" {
                    rect.(class) width="10" height="10" {} } (text) }
            }
        }
    }
}

fn percent(share: f64) -> String {
    format!("{share:.2}")
}
