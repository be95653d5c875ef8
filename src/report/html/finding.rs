//! Rank 5: findings, by article, and what filters them.

use super::super::block::location;
use super::super::group::{Group, Topic};
use super::super::phrase;
use super::{Page, classes, code, excerpt, is_note, put};
use crate::finding::{Evidence, Finding, Provision, Role};
use crate::visible::visible;
use maud::{Markup, PreEscaped, html};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Result, Write};

/// How many values of a finding are shown; the rest is counted.
const MAX_VALUES: usize = 30;

/// What stands for no group.
pub(super) const NONE: &str = "—";

/// The heading of findings, and the choices; only the script shows the choices.
pub(super) fn filters(page: &Page) -> Markup {
    let findings = page.report.findings;
    let groups: BTreeSet<usize> = page.belongs.iter().copied().flatten().collect();
    let groups = groups.iter().filter_map(|group| {
        let counts = page.grouped?.list.get(*group)?.tally.kinds();
        Some((page.names.get(*group)?, counts.map(|count| count.to_string()).join(" ")))
    });
    let mut articles: Vec<String> = Vec::new();
    let mut outcomes = BTreeMap::new();
    for index in page.groups.iter().flat_map(|group| &group.findings) {
        let head = findings.head(*index);
        for article in super::articles(page, *index) {
            if !articles.contains(&article) {
                articles.push(article);
            }
        }
        outcomes.insert((head.outcome, head.weight), code(head.outcome, head.weight));
    }
    let mut kinds: Vec<(&str, &str)> = outcomes
        .iter()
        .map(|((outcome, weight), code)| (*code, page.words.outcome(*outcome, *weight)))
        .collect();
    kinds.dedup_by_key(|(code, _)| *code);
    let heading = |article: &str| {
        page.headings
            .get(article)
            .map_or_else(|| article.to_owned(), |heading| page.words.pick(heading).to_owned())
    };
    html! {
        h2 #findings { (page.words.findings) }
        @if findings.is_empty() {
            p.nothing { (page.say("未发现问题。", "No findings.")) }
        } @else {
            div.filters hidden {
                @if let Some(grouped) = page.grouping() {
                    label { (visible(&grouped)) select name="group" {
                        option value="" { (page.say("全部", "all")) }
                        @for (group, counts) in groups { option value=(group) data-counts=(counts) { (group) } }
                    } }
                }
                label { (page.say("条文", "article")) select name="article" {
                    option value="" { (page.say("全部", "all")) }
                    @for article in articles { option value=(article) {
                        (visible(&heading(&article))) } }
                } }
                label { (page.say("结果", "outcome")) select name="outcome" {
                    option value="" { (page.say("全部", "all")) }
                    @for (code, name) in kinds { option value=(code) { (name) } }
                } }
                label { (page.say("查找", "search")) input name="search" type="search"; }
                button type="button" { (page.say("清除", "clear")) }
                output data-text=(page.say("显示 {shown} / {all}", "{shown} of {all} shown")) {}
            }
        }
    }
}

/// How the kinds that groups are counted by are coloured.
const KINDS: [&str; 6] = ["violated", "violated", "warning", "open", "open", "noted"];

/// What one group came to, in the place of the whole: the script fills it where a group is chosen.
pub(super) fn own(page: &Page) -> Markup {
    let kinds = page.words.kinds.into_iter().zip(KINDS);
    html! {
        @if page.grouped.is_some() {
            div.own hidden {
                p.name {}
                ul.figures {
                    @for (name, class) in kinds { li.(class) { b {} span { (name) } } }
                }
            }
        }
    }
}

/// Of each article so many findings are drawn with all their values; further ones are a line each.
const DRAWN: usize = 50;

/// So many are drawn on a page.
const DRAWN_IN_ALL: usize = 1000;

/// Findings as they are written: cards, and lines where there are very many.
pub(super) struct Cards {
    /// How many more are drawn on the page, but for the first of each article.
    left: usize,
}

impl Cards {
    /// For a page on which none is drawn yet.
    pub(super) fn new() -> Self {
        Self { left: DRAWN_IN_ALL }
    }

    /// The findings of one article, as they are made.
    pub(super) fn section(
        &mut self,
        page: &Page,
        number: usize,
        group: &Group,
        out: &mut impl Write,
    ) -> Result<()> {
        let title = phrase::title(page.words, page.report, &page.headings, group);
        let article = match group.topic {
            Topic::Article(article) => article,
            Topic::Note(_) => "",
        };
        put(
            out,
            html! { (PreEscaped(format!("<section class=\"article\" id=\"a-{number}\" \
            data-article=\""))) (article) (PreEscaped("\">")) },
        )?;
        let drawn = group.findings.len().min(DRAWN).min(self.left.max(1));
        self.left = self.left.saturating_sub(drawn);
        cards(page, group, &title, group.findings.get(..drawn).unwrap_or_default(), out)?;
        let rest = group.findings.get(drawn..).unwrap_or_default();
        if !rest.is_empty() {
            let count = rest.len();
            let said = page.words.choose(
                format!(
                    "其余 {count} 处各写一行；全部的值用 fanshi explain 看，或写成工作簿、JSON"
                ),
                format!(
                    "The other {count} are a line each; `fanshi explain`, a workbook or JSON have \
                        all values"
                ),
            );
            put(out, html! { p.cite { (said) } })?;
        }
        for &index in rest {
            put(out, line(page, group, index, &page.report.findings.get(index)))?;
        }
        write!(out, "</section>")
    }
}

/// Findings with their values, below what the article says.
fn cards(
    page: &Page,
    group: &Group,
    (title, counts): &(String, String),
    findings: &[usize],
    out: &mut impl Write,
) -> Result<()> {
    let mut clauses: Vec<Evidence> = Vec::new();
    let mut cites: Vec<String> = Vec::new();
    for (position, &index) in findings.iter().enumerate() {
        let finding = page.report.findings.get(index);
        let note = is_note(group.topic);
        let own = finding.evidence.iter().filter(|evidence| evidence.role == Role::Policy);
        let new: Vec<&Evidence> = own.filter(|clause| note || !clauses.contains(clause)).collect();
        let cite = if note || finding.cite != cites {
            finding.cite.join(page.words.pause)
        } else {
            String::new()
        };
        if position == 0 {
            // What the article says stands once, above its findings; further clauses stand with the
            // finding that needs them.
            let said = if note {
                html! {}
            } else {
                html! { (excerpt::evidence(page.words, &new, title)) (cited(page, &cite, &finding)) }
            };
            put(
                out,
                html! { div.lead { header { h3 { (visible(title)) } span {
                (visible(counts)) } } (said) } },
            )?;
        }
        let lead = position == 0 && !note;
        let (said, cite) = if lead { (&[][..], "") } else { (&*new, &*cite) };
        put(out, card(page, group, index, &finding, (said, cite)))?;
        clauses.extend(new.into_iter().filter(|_| !note).cloned());
        cites = finding.cite;
    }
    Ok(())
}

/// The articles of a finding, where they are not just that of its section.
fn filed(page: &Page, group: &Group, index: usize) -> Option<String> {
    let articles = super::articles(page, index).join("\n");
    (group.topic != Topic::Article(&articles)).then_some(articles)
}

/// A finding in one line: what, where, and the first of its values.
fn line(page: &Page, group: &Group, index: usize, finding: &Finding) -> Markup {
    let (class, code) = classes(finding);
    let words = page.words;
    let first = finding.evidence.iter().find(|evidence| evidence.role == Role::Data);
    html! {
        article.finding.line.(class) id={ "f-" (finding.fingerprint) } data-group=[page.belongs(index)]
            data-article=[filed(page, group, index)] data-outcome=(code) {
            span.badge.(class) { (words.outcome(finding.outcome, finding.weight)) } " "
            (subject(page, index, finding)) " "
            (visible(words.pick(&finding.message)))
            @if let Some(first) = first { " " span.where { (location("", &first.place)) } }
        }
    }
}

fn cited(page: &Page, cite: &str, finding: &Finding) -> Markup {
    html! {
        @if !cite.is_empty() {
            p.cite { (page.words.cite) (page.words.colon) (visible(cite)) }
            (provisions(finding.provisions.iter().filter(|found| finding.cite.contains(&found.cite))))
        }
    }
}

/// What the texts say at the places that are cited.
pub(super) fn provisions<'p>(found: impl Iterator<Item = &'p Provision>) -> Markup {
    html! {
        @for Provision { cite, words } in found {
            blockquote.provision {
                cite { (visible(cite)) }
                @for line in words.lines() { p { (visible(line)) } }
            }
        }
    }
}

fn card(
    page: &Page,
    group: &Group,
    index: usize,
    finding: &Finding,
    (clauses, cite): (&[&Evidence], &str),
) -> Markup {
    let (class, code) = classes(finding);
    let words = page.words;
    let belongs = page.belongs(index);
    let values: Vec<&Evidence> =
        finding.evidence.iter().filter(|evidence| evidence.role == Role::Data).collect();
    let more = values.len().saturating_sub(MAX_VALUES);
    html! {
        article.finding.(class) id={ "f-" (finding.fingerprint) } data-group=[belongs]
            data-article=[filed(page, group, index)] data-outcome=(code) {
            header {
                span.badge.(class) { (words.outcome(finding.outcome, finding.weight)) }
                (subject(page, index, finding))
                @if let Some(group) = belongs.filter(|group| *group != NONE) { span.group { (group) } }
            }
            p.message { (visible(words.pick(&finding.message))) }
            (dispositions(page, finding))
            @let shown: Vec<&Evidence> = values.iter().take(MAX_VALUES).copied().collect();
            (excerpt::evidence(words, &shown, ""))
            @if more > 0 { p.cite { (words.more_values(more)) } }
            (excerpt::evidence(words, clauses, words.pick(&finding.heading)))
            @let missing = phrase::missing(words, finding);
            @let help = finding.help.as_ref().map(|help| words.pick(help));
            @if missing.is_some() || help.is_some() || !cite.is_empty() {
                dl {
                    @if let Some(missing) = missing { dt { (words.missing) } dd {
                        (visible(&missing)) } }
                    @if let Some(help) = help { dt { (words.help) } dd { (visible(help)) } }
                    @if !cite.is_empty() { dt { (words.cite) } dd { (visible(cite)) } }
                }
            }
            // What the article cites stands where that is named; what the row cites, with the row.
            (provisions(finding.provisions.iter().filter(|found| {
                !cite.is_empty() || !finding.cite.contains(&found.cite)
            })))
        }
    }
}

/// The row, which leads to its record; the article where the finding is about no row.
fn subject(page: &Page, index: usize, finding: &Finding) -> Markup {
    let words = page.words;
    let Some(subject) = &finding.subject else {
        return html! { strong { (visible(words.pick(&finding.heading))) } };
    };
    let title = subject.title.as_deref().unwrap_or("");
    let name = html! { (visible(words.pick(&subject.table))) " " (visible(words.pick(&subject.name()))) " "
    (visible(title)) };
    html! {
        strong {
            @match page.records.get(index).copied().flatten() {
                Some(record) => a href={ "#r-" (record) } { (name) },
                None => (name),
            }
        }
        @if let Some(path) = &subject.path { span.element {
            (visible(&words.path(words.pick(path)))) } }
    }
}

fn dispositions(page: &Page, finding: &Finding) -> Markup {
    let words = page.words;
    html! {
        @if finding.demanded.is_some() || finding.declared.is_some() {
            p.disposition {
                @if let Some(declared) = &finding.declared {
                    @let class = if finding.demanded.is_some() { "struck" } else { "kept" };
                    span { (words.declared) " " span.(class) { (visible(words.pick(declared))) } }
                }
                @if let Some(demanded) = &finding.demanded { span { (words.demanded) " " b {
                    (visible(words.pick(demanded))) } } }
            }
        }
    }
}
