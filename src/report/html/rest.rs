//! Rank 5: the rows without findings: what every article came to for them, said once for all rows
//! for which it is the same.

use super::super::block::location;
use super::record::outcome_name;
use super::{Page, put};
use crate::engine::RowRef;
use crate::finding::Outcome;
use crate::grouping::Groups;
use crate::schema::FrameId;
use crate::visible::visible;
use crate::why::outcomes;
use maud::{Markup, html};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Result, Write};

/// Of so many rows of a table each is named; of more they are only counted, or the page would be
/// too large to open.
const NAMED: usize = 5000;

/// What articles came to: for each outcome the articles, in order.
type Pattern<'r> = Vec<(Outcome, Vec<&'r str>)>;

/// The outcomes, in the order in which they are named.
const OUTCOMES: [Outcome; 9] = [
    Outcome::Violated,
    Outcome::Conflict,
    Outcome::Waived,
    Outcome::Referred,
    Outcome::Undetermined,
    Outcome::Satisfied,
    Outcome::AlreadyDemanded,
    Outcome::Exempt,
    Outcome::NotApplicable,
];

/// The tables that articles speak of, each with its rows without findings.
pub(super) fn section(page: &Page, rows: &Groups<'_>, out: &mut impl Write) -> Result<()> {
    let with: BTreeSet<RowRef> = page.rows.iter().copied().collect();
    let schema = rows.run.schema();
    let judged: BTreeSet<FrameId> =
        rows.run.policy.judgements.iter().map(|judgement| schema.root(judgement.frame)).collect();
    let tables = judged.into_iter().filter_map(|frame| {
        let all = rows.run.evaluator.frame(frame).map_or(0, |data| data.len);
        let without: Vec<usize> =
            (0..all).filter(|row| !with.contains(&RowRef { frame, row: *row })).collect();
        (!without.is_empty()).then_some((frame, without))
    });
    let mut tables = tables.peekable();
    if tables.peek().is_none() {
        return Ok(());
    }
    let note = page.say(
        "各条对它们的结果；结果相同的各行写在一起。每一条根据哪些值，用 fanshi explain 看。",
        "What each article came to for them; rows with the same outcomes stand together. `fanshi \
            explain` shows the values behind each.",
    );
    put(
        out,
        html! { h3 { (page.say("没有问题的各行", "Rows without findings")) } p.cite { (note) } },
    )?;
    tables.try_for_each(|(frame, without)| put(out, table(page, rows, frame, &without)))
}

fn table(page: &Page, rows: &Groups<'_>, frame: FrameId, without: &[usize]) -> Markup {
    let words = page.words;
    let name = rows
        .run
        .schema()
        .frame(frame)
        .map_or("", |found| words.choose(found.names.zh(), found.names.en()));
    let headings: Vec<&str> =
        page.report.articles.iter().map(|article| words.pick(&article.heading)).collect();
    let mut patterns: BTreeMap<Pattern<'_>, Vec<usize>> = BTreeMap::new();
    for &row in without {
        patterns.entry(pattern(rows, &headings, frame, row)).or_default().push(row);
    }
    let mut patterns: Vec<(Pattern<'_>, Vec<usize>)> = patterns.into_iter().collect();
    patterns.sort_by_key(|(_, rows)| std::cmp::Reverse(rows.len()));
    html! {
        details.record.rest {
            summary { (visible(name)) " " b { (without.len()) } (page.say(" 行", " rows")) }
            @for (pattern, alike) in &patterns {
                div.alike {
                    h4 { (alike.len()) (page.say(" 行", if alike.len() == 1 { " row" } else {
                        " rows" })) }
                    @if without.len() <= NAMED { ul.rows { @for row in alike { (row_of(page, rows, frame,
                        *row)) } } }
                    @for (outcome, articles) in pattern {
                        p.plain { (outcome_name(page,
                            *outcome)) " " (articles.len()) (words.colon)
                                (visible(&articles.join(words.pause))) }
                    }
                }
            }
            @if without.len() > NAMED { p.cite { (page.say("行数太多，不一一列出", "too many rows \
                to be named")) } }
        }
    }
}

fn row_of(page: &Page, rows: &Groups<'_>, frame: FrameId, row: usize) -> Markup {
    let subject = rows.run.subject(frame, row);
    let place = rows.run.rows.located.locate(frame, row, None);
    html! {
        li title=[place.as_ref().map(|place| location("", place))] { b { (visible(page.words.pick(&subject.name()))) }
            @if let Some(title) = &subject.title { " " (visible(title)) } }
    }
}

/// What the articles came to for a row or for elements in it, each article once for an outcome.
fn pattern<'h>(rows: &Groups<'_>, headings: &[&'h str], frame: FrameId, row: usize) -> Pattern<'h> {
    let found = outcomes(rows.run, RowRef { frame, row });
    let named = OUTCOMES.iter().map(|wanted| {
        let mut articles: Vec<usize> = found
            .iter()
            .filter(|(_, outcome)| outcome == wanted)
            .map(|(article, _)| article.0 as usize)
            .collect();
        articles.sort_unstable();
        articles.dedup();
        (
            *wanted,
            articles
                .into_iter()
                .filter_map(|article| headings.get(article).copied())
                .collect::<Vec<_>>(),
        )
    });
    named.filter(|(_, articles)| !articles.is_empty()).collect()
}
