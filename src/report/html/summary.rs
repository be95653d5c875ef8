//! Rank 5: what a run came to, in figures, charts and tables.

use super::super::phrase;
use super::chart::{Bar, bars, legend, pair};
use super::finding::NONE;
use super::measure::{self, MAX_BARS};
use super::{Page, articles, class, is_note};
use crate::finding::{Counts, DecisionSummary, Outcome, Standing};
use crate::grouping::Tally;
use crate::value::number::MINUS;
use crate::visible::visible;
use maud::{Markup, html};
use std::collections::{BTreeMap, BTreeSet};

/// The kinds of findings, as bars stack them.
const KINDS: [&str; 4] = ["violated", "warning", "open", "noted"];

type Counted = [usize; 4];

fn count(counts: &mut Counted, class: &str) {
    for (kind, count) in KINDS.iter().zip(counts) {
        *count += usize::from(*kind == class);
    }
}

fn kind_names(page: &Page) -> [(&'static str, &'static str); 4] {
    let names = page.words.choose(
        ["违反", "警告", "待判断", "仅记录"],
        ["violated", "warning", "to be judged", "noted"],
    );
    let [violated, warning, open, noted] = KINDS;
    let [a, b, c, d] = names;
    [(violated, a), (warning, b), (open, c), (noted, d)]
}

/// The run in a few numbers.
pub(super) fn figures(page: &Page) -> Markup {
    let findings = page.report.findings;
    let mut all = Counted::default();
    let mut rows = BTreeSet::new();
    for index in 0..findings.len() {
        let head = findings.head(index);
        if head.outcome != Outcome::Waiver {
            count(&mut all, class(head.outcome, head.weight));
        }
        let about_row = !head.outcome.is_note();
        rows.extend(Some((head.table, head.key)).filter(|_| about_row));
    }
    let judged = page.report.judged;
    let articles = page.report.standing(Standing::Judged).count();
    html! {
        ul.figures {
            li { b { (articles) } span { (page.say("条规定", "articles")) } }
            li { b { (judged) } span { (page.say("行数据", "rows")) } }
            li { b { (rows.len()) } span { (page.say("行有问题", "rows with findings")) } }
            @for ((class, name), count) in kind_names(page).into_iter().zip(all) {
                @if count > 0 { li.(class) data-figure=(class) { b { (count) } span { (name) } } }
            }
        }
    }
}

/// What stands first: dispositions, and findings by group.
pub(super) fn overview(page: &Page) -> Markup {
    let grouped = by_group(page);
    html! {
        @if !page.report.decisions.is_empty() || !grouped.0.is_empty() {
            section.whole {
                h2 { (page.say("概况", "Overview")) }
                div.charts {
                    @for decision in &page.report.decisions { (dispositions(page, decision)) }
                    (grouped)
                }
            }
        }
    }
}

/// Findings by article, and figures by group.
pub(super) fn charts(page: &Page) -> Markup {
    let measures = measure::charts(page);
    html! {
        @if !page.groups.is_empty() || !measures.is_empty() {
            section.whole {
                h2 #charts { (page.say("图", "Charts")) }
                div.charts {
                    (by_article(page))
                    @for chart in measures { (chart) }
                }
            }
        }
    }
}

fn dispositions(page: &Page, decision: &DecisionSummary) -> Markup {
    let longest = decision
        .dispositions
        .iter()
        .map(|(_, declared, required)| *declared.max(required))
        .max()
        .unwrap_or(0);
    let [_, declared_word, required_word] = page.words.disposition_columns;
    let wide = if decision.dispositions.len() > 2 { "wide" } else { "half" };
    html! {
        figure.(wide) data-chart="dispositions" {
            figcaption { (visible(page.words.pick(&decision.field))) small { (page.say("填报与应为",
                "declared and required")) } }
            (legend(&[("declared", declared_word), ("required", required_word)]))
            table.bars {
                thead { tr { td {} td {} th.number { (declared_word) } th.number {
                    (required_word) } th.number { "±" } } }
                tbody {
                    @for (value, declared, required) in &decision.dispositions {
                        tr.pair {
                            th scope="row" { (visible(page.words.pick(value))) }
                            td { (pair(("declared", float(*declared)), ("required",
                                float(*required)), float(longest))) }
                            td.number { (declared) } td.number { (required) } td.number {
                                (difference(*declared, *required)) }
                        }
                    }
                    @if decision.open > 0 { tr.rest { th scope="row" { (page.words.open) } td
                        {} td.number {} td.number { (decision.open) } td {} } }
                }
            }
        }
    }
}

/// `+3`, `-2`, nothing where there is none.
fn difference(from: usize, to: usize) -> String {
    match to.checked_sub(from) {
        Some(0) => String::new(),
        Some(more) => format!("+{more}"),
        None => format!("{MINUS}{}", from - to),
    }
}

#[expect(clippy::cast_precision_loss, reason = "the length of a bar")]
fn float(count: usize) -> f64 {
    count as f64
}

fn by_article(page: &Page) -> Markup {
    let (mut order, mut counts) = (BTreeMap::new(), Vec::<(String, Counted)>::new());
    let mut sections: BTreeMap<String, usize> = BTreeMap::new();
    let groups = page.groups.iter().enumerate().filter(|(_, group)| !is_note(group.topic));
    for (number, group) in groups {
        for &index in &group.findings {
            let head = page.report.findings.head(index);
            sections.entry(head.article.to_owned()).or_insert(number);
            // As the table has it: each article that takes part counts it.
            for article in articles(page, index) {
                let at = *order.entry(article.clone()).or_insert(counts.len());
                if at == counts.len() {
                    counts.push((article, Counted::default()));
                }
                if let Some((_, counts)) = counts.get_mut(at) {
                    count(counts, class(head.outcome, head.weight));
                }
            }
        }
    }
    let line = |(article, counts): (String, Counted)| {
        let section = sections.get(&article);
        let fragment =
            section.map_or_else(|| "findings".to_owned(), |number| format!("a-{number}"));
        let group = section.and_then(|number| page.groups.get(*number));
        let known = page.headings.get(&*article).map(|heading| page.words.pick(heading).to_owned());
        let heading = group.map(|group| page.heading(group)).or(known);
        let link = Some((fragment, "article", article.clone()));
        (heading.unwrap_or(article), link, counts)
    };
    let lines = counts.into_iter().map(line).collect();
    counted(page, "articles", page.say("各条的问题", "Findings by article"), lines)
}

fn by_group(page: &Page) -> Markup {
    let (Some(grouped), Some(grouping)) = (page.grouped, page.grouping()) else {
        return html! {};
    };
    let lines = grouped.list.iter().zip(&page.names).map(|(group, name)| {
        let Tally { violated, warned, undetermined, referred, .. } = group.tally;
        let shown = if group.key.is_none() { page.words.no_group } else { name };
        let link = Some(("findings".to_owned(), "group", name.clone()));
        (shown.to_owned(), link, [violated, warned, undetermined + referred, 0])
    });
    let lines = lines.filter(|(_, _, counts)| counts.iter().sum::<usize>() > 0).collect();
    let title = page.words.choose(format!("按{grouping}"), format!("Findings by {grouping}"));
    html! {
        (counted(page, "groups", &title, lines))
        @if !grouped.remarks().is_empty() { details {
            summary { (page.say("怎样分的组", "How rows are grouped")) }
            @for said in grouped.remarks() { p.cite { (visible(page.words.pick(&said))) } }
        } }
    }
}

type Line = (String, Option<(String, &'static str, String)>, Counted);

/// Stacked bars, the longest first; what is too much is summed.
fn counted(page: &Page, name: &str, title: &str, mut lines: Vec<Line>) -> Markup {
    let sum = |counts: &Counted| counts.iter().sum::<usize>();
    lines.sort_by_key(|(_, _, counts)| std::cmp::Reverse(sum(counts)));
    // What belongs to no group comes last.
    let belongs = |(_, link, _): &Line| link.as_ref().is_none_or(|(_, _, value)| value != NONE);
    let (mut lines, none): (Vec<Line>, Vec<Line>) = lines.into_iter().partition(belongs);
    let rest = if lines.len() > MAX_BARS { lines.split_off(MAX_BARS - 1) } else { Vec::new() };
    let bar = |(label, link, counts): Line| Bar {
        label,
        link,
        text: sum(&counts).to_string(),
        exact: None,
        parts: KINDS.into_iter().zip(counts.map(float)).collect(),
    };
    let mut drawn: Vec<Bar> = lines.into_iter().map(bar).collect();
    if !rest.is_empty() {
        let (kinds, findings) =
            (rest.len(), rest.iter().map(|(_, _, counts)| sum(counts)).sum::<usize>());
        let label = page.words.choose(format!("其余 {kinds} 项"), format!("{kinds} others"));
        drawn.push(Bar {
            label,
            link: None,
            parts: Vec::new(),
            exact: None,
            text: findings.to_string(),
        });
    }
    drawn.extend(none.into_iter().map(bar));
    let used = kind_names(page).into_iter().filter(|(class, _)| {
        drawn
            .iter()
            .any(|bar| bar.parts.iter().any(|(part, length)| part == class && *length > 0.0))
    });
    html! {
        @if !drawn.is_empty() {
            figure data-chart=(name) {
                figcaption { (visible(title)) }
                (legend(&used.collect::<Vec<_>>()))
                (bars(&drawn))
            }
        }
    }
}

/// Figures, and outcomes by article: folded, for they are long and only looked up.
pub(super) fn tables(page: &Page) -> Markup {
    html! { section.whole { (measure::tables(page)) (outcomes(page)) } }
}

/// Who has allowed what, why, and until when.
pub(super) fn waivers(page: &Page) -> Markup {
    html! {
        @if !page.report.waivers.is_empty() {
            section.whole {
            h2 #waivers { (page.words.waivers) }
            div.scroll tabindex="0" { table.lined {
                thead { tr { @for column in page.words.waiver_columns { th { (column) } } } }
                tbody {
                    @for waiver in &page.report.waivers {
                        tr { @for cell in phrase::waiver(page.words, &page.headings, waiver) { td {
                            (visible(cell)) } } }
                    }
                }
            } }
            }
        }
    }
}

fn outcomes(page: &Page) -> Markup {
    let judged: Vec<_> = page.report.tabled().collect();
    let cells = |counts: Counts| {
        html! { @for count in counts.columns() { td.number { @if count > 0 { (count) } @else {
        "–" } } } }
    };
    html! {
        @if !judged.is_empty() {
            details.folded #outcomes {
            summary { h2 { (page.words.outcomes) } }
            div.scroll tabindex="0" { table.lined {
                thead { tr { @for (at, column) in page.words.outcome_columns.iter().enumerate() {
                    th.number[at > 0] { (column) } } } }
                tbody {
                    @for article in judged { tr { td {
                        (visible(page.words.pick(&article.heading))) } (cells(article.counts)) } }
                    tr.total { td { (page.words.total) } (cells(page.report.totals)) }
                }
            } }
            }
        }
        @for line in phrase::unjudged(page.words, page.report) { p.cite { (visible(&line)) } }
    }
}
