//! Rank 5: the records of rows with findings: dispositions, and every article with its conditions.

use super::super::block::location;
use super::{Page, put};
use crate::diagnostic::Bilingual;
use crate::engine::RowRef;
use crate::finding::{Outcome, Weight};
use crate::grouping::Groups;
use crate::visible::visible;
use crate::why::{self, Disposition, Entry, Needed, Record, Step};
use maud::{Markup, html};
use rayon::prelude::*;
use std::io::{Result, Write};

/// What finds a row among the records.
pub(super) fn search(page: &Page) -> Markup {
    html! {
        h2 #records { (page.say("每一行的记录", "The record of every row")) }
        p.find hidden { label { (page.say("查一行", "Find a row")) " " input name="row"
            type="search"; } }
    }
}

/// What would change a disposition is looked for where the rows with findings, times all rows there
/// are, come to no more than this: a change of one row is judged over all of them.
const SEARCHED: usize = 10_000_000;

/// So many rows have their records in the page, or it would be too large to open.
pub(super) const SHOWN: usize = 300;

/// So many facts of a step are named; a count over a table rests on as many as there are rows.
const FACTS: usize = 12;

/// So many elements of a step are looked into.
const PARTS: usize = 30;

/// How many records are made at a time, on all processors.
const AT_ONCE: usize = 64;

/// The records, as they are made.
pub(super) fn section(page: &Page, rows: &Groups<'_>, out: &mut impl Write) -> Result<()> {
    let note = page.say(
        "每一行点开看：各条的结果和使它如此的事实。满足和不适用的只列条名；\
        要看全部，用 fanshi \
        explain。",
        "Open a row for every article's outcome and the facts that made it so. \
            Articles met or not applicable are only named; `fanshi explain` shows all.",
    );
    if !page.rows.is_empty() {
        put(
            out,
            html! { h3 { (page.say("有问题的各行", "Rows with findings")) } p.cite { (note) } },
        )?;
    }
    let all: usize = rows.run.rows.frames.iter().map(|data| data.len).sum();
    let few = page.rows.len().saturating_mul(all) <= SEARCHED;
    if !few && !rows.run.policy.decisions.is_empty() {
        let note = page.say(
            "行太多，没有逐行找怎样会成为别的处置；用 fanshi explain 查一行。",
            "There are too many rows to look for what would change each; `fanshi explain` does so \
                for one row.",
        );
        put(out, html! { p.cite { (note) } })?;
    }
    let conditions = if few { why::Conditions::Unmet } else { why::Conditions::Unsearched };
    let shown = page.rows.get(..SHOWN).unwrap_or(&page.rows);
    for (chunk, rows_of) in shown.chunks(AT_ONCE).enumerate() {
        let record = |row: &RowRef| why::record(rows.run, *row, |_| true, conditions);
        let records: Vec<Record> = rows_of.par_iter().map(record).collect();
        for (number, record) in (chunk * AT_ONCE..).zip(&records) {
            put(out, entry_of(page, number, record))?;
        }
    }
    match page.rows.len() - shown.len() {
        0 => Ok(()),
        more => put(
            out,
            html! { p.cite { (page.words.choose(
            format!("还有 {more} 行没有写在这里；用 fanshi explain 查"),
            format!("{more} more rows are not here; `fanshi explain` shows them"))) } },
        ),
    }
}

fn entry_of(page: &Page, number: usize, record: &Record) -> Markup {
    let words = page.words;
    html! {
        details.record id={ "r-" (number) } {
            summary {
                (visible(words.pick(&record.table))) " " b {
                    (visible(words.pick(&record.name()))) } " " (visible(record.title.as_deref().unwrap_or("")))
                @if let Some(place) = &record.place { span.where { (location("", place)) } }
            }
            @for (heading, waiver) in &record.waivers {
                p { (visible(&words.allowed(heading, waiver))) }
            }
            @for disposition in &record.dispositions { (dispositions(page, disposition)) }
            @for outcome in Record::ORDER.into_iter().filter(|one| *one != Outcome::Satisfied) {
                @for entry in record.entries.iter().filter(|entry| entry.outcome == outcome) {
                    (article(page, entry)) }
            }
            @for outcome in [Outcome::Satisfied, Outcome::NotApplicable] {
                @let names = names(page, record, outcome);
                @if !names.is_empty() {
                    h4 { (outcome_name(page, outcome)) " " (names.len()) }
                    p.plain { (visible(&names.join(words.pause))) }
                }
            }
        }
    }
}

/// The articles with an outcome, each once.
fn names<'r>(page: &Page, record: &'r Record, outcome: Outcome) -> Vec<&'r str> {
    let mut names: Vec<&str> = Vec::new();
    for entry in record.entries.iter().filter(|entry| entry.outcome == outcome) {
        let name = page.words.pick(&entry.article.heading);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

fn dispositions(page: &Page, found: &Disposition) -> Markup {
    let words = page.words;
    let said = |text: &Option<Bilingual>, otherwise: &str| {
        text.as_ref().map_or_else(|| otherwise.to_owned(), |text| words.pick(text).to_owned())
    };
    let contested = match found.ordered {
        true => page.say("可能被别的压过", "may be beaten by another"),
        false => page.say("可能与别的冲突", "may be in conflict with another"),
    };
    let lists = [
        (page.say("由", "decided by"), &found.decided_by),
        (page.say("互相冲突的", "in conflict"), &found.clashing),
        (page.say("被压过", "beaten"), &found.beaten),
        (contested, &found.contested),
        (page.say("无法判断", "cannot be judged"), &found.open),
    ];
    let open = match found.clashing.is_empty() {
        true => page.say("不能确定", "not determined"),
        false => page.say("条文冲突", "articles in conflict"),
    };
    html! {
        h4 {
            (visible(words.pick(&found.field)))
            @if let Some(path) = &found.path { " " (visible(words.pick(path))) }
        }
        dl {
            dt { (words.demanded) } dd { (visible(&said(&found.required, open))) }
            dt { (words.declared) } dd { (visible(&said(&found.declared, page.say("没有填",
                "not given")))) }
            @for (word, articles) in lists {
                @if !articles.is_empty() {
                    dt { (word) }
                    dd { (visible(&articles.iter().map(|article|
                        words.pick(&article.heading)).collect::<Vec<_>>().join(words.pause))) }
                }
            }
            @for change in found.changes.iter().filter(|change| !change.conditions.is_empty()) {
                dt { (page.say("要成为", "to become")) " "
                    (visible(words.pick(&change.disposition))) }
                dd {
                    @if let Some(article) = &change.article {
                        (visible(words.pick(&article.heading))) (words.colon)
                    }
                    (change.conditions.iter().map(|needed| condition(page, needed))
                        .collect::<Vec<_>>().join(page.say("；", "; ")))
                }
            }
        }
    }
}

/// A fact that would have to be otherwise, and what it is now.
fn condition(page: &Page, needed: &Needed) -> String {
    let name = visible(page.words.pick(&needed.name));
    let demand = visible(page.words.pick(&needed.demand));
    page.words.choose(format!("“{name}”{demand}"), format!("`{name}` {demand}"))
}

pub(super) fn outcome_name(page: &Page, outcome: Outcome) -> &'static str {
    page.words.outcome(outcome, Weight::Error)
}

fn article(page: &Page, entry: &Entry) -> Markup {
    let words = page.words;
    let parts = [
        (page.say("条件", "condition"), &entry.condition),
        (page.say("除非", "unless"), &entry.exception),
        (page.say("要求", "requirement"), &entry.requirement),
    ];
    let above = match entry.outcome {
        Outcome::AlreadyDemanded => page.say("已要求的是", "already demanded by"),
        _ => page.say("让位于", "overridden by"),
    };
    html! {
        h4 {
            (outcome_name(page, entry.outcome)) (words.colon)
                (visible(words.pick(&entry.article.heading)))
            @if let Some(path) = &entry.path { (words.comma)
                (visible(&words.path(words.pick(path)))) }
        }
        @for article in &entry.overridden_by { p.plain { (above) " " @if article.name ==
            entry.article.name { (page.say("本条的另一句", "another sentence of this article")) }
            @else { (visible(words.pick(&article.heading))) } } }
        @for (word, step) in parts {
            @if let Some(step) = step { p.plain { (word) } ul.steps { (steps(page, step)) } }
        }
        (super::finding::provisions(entry.provisions.iter()))
    }
}

fn steps(page: &Page, step: &Step) -> Markup {
    let words = page.words;
    let truth = match step.truth {
        Some(true) => "true",
        Some(false) => "false",
        None => "unknown",
    };
    html! {
        li.(truth) {
            (visible(words.pick(&step.text)))
            @for (name, value) in &step.values {
                " " span.plain { (visible(words.pick(name))) " = "
                    (visible(value.as_ref().map_or(words.unknown, |value| words.pick(value)))) }
            }
            @for fact in step.facts.iter().take(FACTS) { span.fact { (visible(words.pick(&fact.label))) " " code {
                (location("", &fact.place)) } } }
            @if step.facts.len() > FACTS { span.fact { (words.more_values(step.facts.len() - FACTS)) } }
            @if !step.parts.is_empty() { ul.steps {
                @for part in step.parts.iter().take(PARTS) { (steps(page, part)) }
                @if step.parts.len() > PARTS { li.unknown { (page.words.more(step.parts.len() - PARTS)) } }
            } }
        }
    }
}
