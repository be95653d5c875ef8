//! Rank 5: what the page has, with links: its parts, and every article with findings.

use super::super::phrase;
use super::Page;
use crate::visible::visible;
use maud::{Markup, html};

/// The contents; nothing where there is nothing to look for.
pub(super) fn list(page: &Page) -> Markup {
    let report = page.report;
    let parts = [
        ("findings", page.words.findings, !page.groups.is_empty()),
        ("waivers", page.words.waivers, !report.waivers.is_empty()),
        ("charts", page.say("图", "Charts"), !page.groups.is_empty()),
        ("outcomes", page.words.outcomes, report.tabled().next().is_some()),
        ("records", page.say("每一行的记录", "The record of every row"), page.has_records),
    ];
    let titles =
        page.groups.iter().map(|group| phrase::title(page.words, report, &page.headings, group));
    html! {
        @if !page.groups.is_empty() {
            nav.contents.whole aria-label=(page.say("目录", "Contents")) {
                h2 { (page.say("目录", "Contents")) }
                p { @for (fragment, name, _) in parts.iter().filter(|(_, _, there)| *there) {
                    a href={ "#" (fragment) } { (name) } " "
                } }
                details open[page.groups.len() <= OPEN] {
                    summary { (page.words.choose(format!("有发现的 {} 条", page.groups.len()),
                        format!("{} articles with findings", page.groups.len()))) }
                    ol { @for (number, (title, counts)) in titles.enumerate() {
                        li { a href={ "#a-" (number) } { (visible(&title)) } " " small { (visible(&counts)) } }
                    } }
                }
            }
        }
    }
}

/// A list of up to so many articles is unfolded.
const OPEN: usize = 30;
