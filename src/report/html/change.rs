//! Rank 5: the dispositions that have to change: from what to what, by which article, and which rows.

use super::Page;
use crate::diagnostic::Bilingual;
use crate::finding::{Finding, Outcome};
use crate::visible::visible;
use maud::{Markup, html};
use std::collections::BTreeMap;

/// Of one change so many rows are named.
const NAMED: usize = 8;

/// Changes by what is declared and what is required.
type Changes = BTreeMap<(String, String), Change>;

/// Rows that have to change alike.
#[derive(Default)]
struct Change {
    count: usize,
    /// Fingerprint and name of the first.
    named: Vec<(String, String)>,
}

/// The changes in the order of the articles.
pub(super) fn table(page: &Page) -> Markup {
    let mut changes: Vec<(String, Changes)> = Vec::new();
    for group in page.groups.iter().filter(|group| page.decides(group)) {
        let mut found = Changes::new();
        let violated =
            |index: &&usize| page.report.findings.head(**index).outcome == Outcome::Violated;
        for index in group.findings.iter().filter(violated) {
            let finding = page.report.findings.get(*index);
            let Some(demanded) = &finding.demanded else { continue };
            let said = |value: &Bilingual| page.words.pick(value).to_owned();
            let declared = finding
                .declared
                .as_ref()
                .map_or_else(|| page.say("没有填", "not given").to_owned(), said);
            let change = found.entry((declared, said(demanded))).or_default();
            change.count += 1;
            if change.named.len() < NAMED {
                change.named.push((finding.fingerprint.to_string(), name(page, &finding)));
            }
        }
        changes.push((page.heading(group), found));
    }
    changes.retain(|(_, found)| !found.is_empty());
    let [_, declared, required] = page.words.disposition_columns;
    let count: usize =
        changes.iter().flat_map(|(_, found)| found.values()).map(|change| change.count).sum();
    html! {
        @if !changes.is_empty() {
            section.whole {
                h2 #changes { (page.say("要改的处置", "Dispositions to change")) " " small { (count) } }
                div.scroll tabindex="0" { table.lined {
                    thead { tr { th { (declared) } th { (required) } th.number { (page.say("数", "count")) }
                        th { (page.say("按哪一条", "by which article")) } th { (page.say("哪些", "which")) } } }
                    tbody { @for (article, found) in &changes { @for ((declared, required), change) in found {
                        tr {
                            td { (visible(declared)) } td { (visible(required)) } td.number { (change.count) }
                            td { (visible(article)) }
                            td {
                                @for (at, (fingerprint, name)) in change.named.iter().enumerate() {
                                    @if at > 0 { (page.words.pause) }
                                    a href={ "#f-" (fingerprint) } { (visible(name)) }
                                }
                                @if change.count > NAMED { " …" }
                            }
                        }
                    } } }
                } }
            }
        }
    }
}

fn name(page: &Page, finding: &Finding) -> String {
    let Some(subject) = &finding.subject else { return String::new() };
    let own = page.words.pick(&subject.name()).to_owned();
    let title = subject.title.as_ref().map(|title| format!("{own} {title}")).unwrap_or(own);
    match &subject.path {
        Some(path) => format!("{title} {}", page.words.path(page.words.pick(path))),
        None => title,
    }
}
