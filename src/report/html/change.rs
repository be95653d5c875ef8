//! Rank 5: the dispositions that have to change, with links to their findings.

use super::Page;
use crate::report::change::{Change, changes};
use crate::visible::visible;
use maud::{Markup, html};
use std::io::Result;

/// The changes in the order of the articles.
pub(super) fn table(page: &Page) -> Result<Markup> {
    let changes = changes((page.report, page.judged), page.words, &page.headings, &page.groups)?;
    let [_, declared, required] = page.words.disposition_columns;
    let [title, count, by, which] = page.words.change_columns();
    let sum: usize = changes.iter().map(|change| change.count).sum();
    Ok(html! {
        @if !changes.is_empty() {
            section.whole {
                h2 #changes { (title) " " small { (sum) } }
                div.scroll tabindex="0" { table.lined {
                    thead { tr { th { (declared) } th { (required) } th.number { (count) }
                        th { (by) } th { (which) } } }
                    tbody { @for change in &changes { (row(page, change)) } }
                } }
            }
        }
    })
}

fn row(page: &Page, change: &Change) -> Markup {
    let (declared, required) = &change.values;
    html! {
        tr {
            td { (visible(declared)) } td { (visible(required)) } td.number { (change.count) }
            td { (visible(&change.article)) }
            td {
                @for (at, (fingerprint, name)) in change.named.iter().enumerate() {
                    @if at > 0 { (page.words.pause) }
                    a href={ "#f-" (fingerprint) } { (visible(name)) }
                }
                @if change.count > change.named.len() { " …" }
            }
        }
    }
}
