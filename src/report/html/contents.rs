//! Rank 5: what the page has, with links: its parts, and every article with findings.

use super::super::group::{Group, Topic};
use super::super::phrase;
use super::Page;
use crate::finding::Standing;
use crate::visible::visible;
use maud::{Markup, html};
use std::collections::BTreeSet;

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
                    summary { (counted(page)) }
                    ol { @for (number, (title, counts)) in titles.enumerate() {
                        li { a href={ "#a-" (number) } { (visible(&title)) } " " small { (visible(&counts)) } }
                    } }
                }
            }
        }
    }
}

/// How many articles have findings, as the figures count articles; what is no article is counted
/// apart: what is required where none speaks, waivers, notes.
fn counted(page: &Page) -> String {
    let articles: BTreeSet<&str> =
        page.report.standing(Standing::Judged).map(|found| found.article.as_str()).collect();
    let is_article = |group: &&Group| match group.topic {
        Topic::Article(article) => articles.contains(article),
        Topic::Note(_) => false,
    };
    let count = page.groups.iter().filter(is_article).count();
    let rest = page.groups.len() - count;
    let noun = if count == 1 { "article" } else { "articles" };
    match rest {
        0 => page
            .words
            .choose(format!("有发现的 {count} 条"), format!("{count} {noun} with findings")),
        _ => page.words.choose(
            format!("有发现的 {count} 条，条文以外的 {rest} 项"),
            format!("{count} {noun} with findings, {rest} beside articles"),
        ),
    }
}

/// A list of up to so many articles is unfolded.
const OPEN: usize = 30;
