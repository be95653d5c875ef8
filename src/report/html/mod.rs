//! Rank 5: the format `html`: one file that needs no other and asks for none: summary, charts,
//! every finding with clause and values, and the record of every row. Prints on A4; reads without
//! its script, which only filters.

mod change;
mod chart;
mod contents;
mod excerpt;
mod finding;
mod measure;
mod pair;
mod record;
mod rest;
mod summary;

use super::group::{self, Tally, Topic, groups};
use super::json::also;
use super::phrase::{self, Headings};
use super::words::Words;
use crate::diagnostic::Severity;
use crate::engine::RowRef;
use crate::finding::{Finding, Outcome, Report, Weight};
use crate::grouping::{Group, Groups};
use crate::syntax::tree::Language;
use crate::visible::visible;
use finding::NONE;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use std::collections::BTreeMap;
use std::io::{Result, Write};

/// What a page looks like.
pub(super) const STYLE: &str = include_str!("page.css");
/// What filters findings.
const SCRIPT: &str = include_str!("page.js");
/// SHA-256 of the script: the page runs this one and no other.
const SCRIPT_HASH: &str = include_str!("page.js.sha256");

/// Writes the page, unbuffered.
///
/// # Errors
/// Where `out` fails.
pub fn write(
    report: &Report,
    rows: Option<&Groups<'_>>,
    language: Language,
    out: &mut impl Write,
) -> Result<()> {
    let page = Page::new(report, rows, Words::of(language));
    write!(out, "{}", DOCTYPE.into_string())?;
    write!(out, "<html lang=\"{}\">", page.say("zh-CN", "en"))?;
    put(out, page.head())?;
    write!(out, "<body>")?;
    put(out, page.top())?;
    write!(out, "<main>")?;
    put(out, page.diagnostics())?;
    put(out, summary::overview(&page))?;
    put(out, change::table(&page)?)?;
    put(out, contents::list(&page))?;
    write!(out, "<section>")?;
    put(out, finding::filters(&page))?;
    let mut cards = finding::Cards::new();
    for (number, group) in page.groups.iter().enumerate() {
        cards.section(&page, number, group, out)?;
    }
    write!(out, "</section>")?;
    put(out, summary::waivers(&page))?;
    put(out, summary::charts(&page))?;
    put(out, summary::tables(&page))?;
    if let Some(rows) = rows {
        write!(out, "<section class=\"records whole\">")?;
        put(out, record::search(&page))?;
        record::section(&page, rows, out)?;
        rest::section(&page, rows, out)?;
        write!(out, "</section>")?;
    }
    write!(out, "</main>")?;
    put(out, page.foot())?;
    write!(out, "<script>{SCRIPT}</script></body></html>")
}

fn put(out: &mut impl Write, markup: Markup) -> Result<()> {
    out.write_all(markup.into_string().as_bytes())
}

/// What all parts of a page need.
struct Page<'p> {
    report: &'p Report<'p>,
    words: &'static Words,
    headings: Headings<'p>,
    groups: Vec<group::Group<'p>>,
    /// The rows that were judged.
    judged: Option<&'p Groups<'p>>,
    /// What rows are grouped by.
    grouped: Option<&'p Groups<'p>>,
    /// What each group is called.
    names: Vec<String>,
    /// The group of each finding, by its place among the groups; `None` for one that is about no
    /// row.
    belongs: Vec<Option<usize>>,
    /// The record of each finding's row, where the page has one.
    records: Vec<Option<usize>>,
    /// The rows that have findings, in the order of the first.
    rows: Vec<RowRef>,
    /// Whether there are records of rows.
    has_records: bool,
}

impl<'p> Page<'p> {
    fn new(report: &'p Report<'p>, rows: Option<&'p Groups<'p>>, words: &'static Words) -> Self {
        let mut page = Self {
            report,
            words,
            headings: phrase::headings(report),
            groups: groups(report, rows),
            judged: rows,
            grouped: rows.filter(|rows| rows.by.is_some()),
            names: Vec::new(),
            belongs: vec![None; report.findings.len()],
            records: vec![None; report.findings.len()],
            rows: Vec::new(),
            has_records: rows.is_some(),
        };
        let Some(rows) = rows else { return page };
        let name = |group: &Group| {
            let name = group.shown.as_ref().map(|name| visible(words.pick(name)).into_owned());
            // What is called as what belongs to none.
            let name = name.map(|name| if name == NONE { format!("“{name}”") } else { name });
            name.unwrap_or_else(|| NONE.to_owned())
        };
        page.names = rows.list.iter().map(name).collect();
        let mut known = BTreeMap::new();
        for (index, (belongs, record)) in page.belongs.iter_mut().zip(&mut page.records).enumerate()
        {
            let Some(row) = rows.run.row_of(index) else { continue };
            *belongs = rows.position(row);
            let number = *known.entry(row).or_insert_with(|| {
                page.rows.push(row);
                page.rows.len() - 1
            });
            *record = Some(number).filter(|number| *number < record::SHOWN);
        }
        page
    }

    /// What rows are grouped by.
    fn grouping(&self) -> Option<String> {
        let grouped = self.grouped?;
        let heading = grouped.by.as_ref()?.heading(grouped.run.schema());
        Some(self.words.pick(&heading).to_owned())
    }

    /// What the group of a finding is called; `None` where nothing is grouped, or it is about no
    /// row.
    fn belongs(&self, finding: usize) -> Option<&str> {
        self.names.get((*self.belongs.get(finding)?)?).map(String::as_str)
    }

    /// One of two texts, by language.
    fn say(&self, zh: &'static str, en: &'static str) -> &'static str {
        self.words.choose(zh, en)
    }

    fn head(&self) -> Markup {
        let policy = format!(
            "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{}'; base-uri \
                'none'; form-action 'none'",
            SCRIPT_HASH.trim()
        );
        html! {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="generator" content=(concat!("fanshi ", env!("CARGO_PKG_VERSION")));
                title { (visible(&self.report.project)) " · " (self.say("核对报告", "Report")) }
                style { (PreEscaped(STYLE)) }
            }
        }
    }

    fn top(&self) -> Markup {
        let report = self.report;
        let errors = report
            .diagnostics
            .iter()
            .filter(|diagnostic| diagnostic.severity == Severity::Error)
            .count();
        let all = Tally::sum(self.groups.iter().map(|group| &group.tally));
        html! {
            header.top {
                p.kind { (self.say("核对报告", "REPORT")) }
                h1 { (visible(&report.project)) }
                @if !report.as_of.is_empty() { p.day { (self.say("截至 ",
                    "as of ")) (report.as_of) } }
                @if errors > 0 {
                    p.incomplete { (self.words.choose(format!("有 {errors} 处错误，\
                        判断不完整"), format!("Incomplete: {errors} errors"))) }
                }
                div.whole { (summary::figures(self)) }
                (finding::own(self))
                p.closing.whole { (visible(&phrase::closing(self.words, report,
                    &all)).replace(phrase::TIE, "\u{a0}").trim()) }
            }
        }
    }

    /// Mistakes of authors, errors first.
    fn diagnostics(&self) -> Markup {
        let mut sorted: Vec<_> = self.report.diagnostics.iter().collect();
        sorted.sort_by_key(|diagnostic| diagnostic.severity);
        html! {
            @if !sorted.is_empty() {
                h2 { (self.words.diagnostics) }
                @for diagnostic in sorted {
                    @let class = if diagnostic.severity == Severity::Error { "violated" } else {
                        "warning" };
                    section.diagnostic.finding.(class) {
                        header {
                            span.badge.(class) { (self.words.severity(diagnostic.severity)) }
                            strong { (visible(self.words.pick(&diagnostic.message))) }
                            span.group { code { (diagnostic.code) } }
                        }
                        (excerpt::labels(self.words, &diagnostic.labels))
                        @if let Some(help) = &diagnostic.help {
                            dl { dt { (self.words.help) } dd { (visible(self.words.pick(help))) } }
                        }
                    }
                }
            }
        }
    }

    fn foot(&self) -> Markup {
        html! {
            footer { (self.say("由 fanshi（凡是）", "made by fanshi ")) (env!("CARGO_PKG_VERSION"))
                (self.say(" 生成", "")) }
        }
    }

    /// The heading of an article, or of what else has findings.
    fn heading(&self, group: &group::Group) -> String {
        phrase::title(self.words, self.report, &self.headings, group).0
    }
}

/// The articles that take part in a finding, the one it is filed under first.
fn articles(page: &Page, index: usize) -> Vec<String> {
    let own = page.report.findings.head(index).article.to_owned();
    std::iter::once(own).chain(also(page.report, index)).collect()
}

/// The kind a finding is coloured and counted by.
fn class(outcome: Outcome, weight: Weight) -> &'static str {
    match (outcome, weight) {
        (Outcome::Violated | Outcome::Conflict | Outcome::Waiver, Weight::Error) => "violated",
        (Outcome::Violated | Outcome::Conflict, _) => "warning",
        (Outcome::Undetermined | Outcome::Referred, _) => "open",
        (
            Outcome::Vacuous
            | Outcome::Hollow
            | Outcome::Waived
            | Outcome::Waiver
            | Outcome::Satisfied
            | Outcome::AlreadyDemanded
            | Outcome::Exempt
            | Outcome::NotApplicable,
            _,
        ) => "noted",
    }
}

/// What findings are filtered by: the outcome, advice apart.
fn code(outcome: Outcome, weight: Weight) -> &'static str {
    if outcome == Outcome::Violated && weight != Weight::Error { "warning" } else { outcome.code() }
}

fn is_note(topic: Topic) -> bool {
    matches!(topic, Topic::Note(_))
}

/// What a finding is filtered and coloured by.
fn classes(finding: &Finding) -> (&'static str, &'static str) {
    (class(finding.outcome, finding.weight), code(finding.outcome, finding.weight))
}
