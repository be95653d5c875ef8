//! Rank 5: what all formats for people say in the same words: a row, a group of findings, what is
//! required and what is missing.

use super::group::{Group, Tally, Topic};
use super::words::Words;
use crate::diagnostic::{Bilingual, Severity};
use crate::finding::{
    Counts, Evidence, Finding, Outcome, Report, Standing, Subject, WaiverSummary, Weight,
};
use std::collections::{BTreeMap, BTreeSet};

/// A blank that no line breaks at; written as an ordinary one.
pub const TIE: char = '\u{a0}';

/// The headings of articles.
pub type Headings<'a> = BTreeMap<&'a str, &'a Bilingual>;

/// The headings of all articles.
pub fn headings<'a>(report: &'a Report) -> Headings<'a> {
    report.articles.iter().map(|article| (article.article.as_str(), &article.heading)).collect()
}

/// The row as people know it: table, key, title, and the element in it.
pub fn row(words: &Words, subject: &Subject) -> String {
    named(words, subject, words.pick(&subject.name()))
}

/// A row by its key alone.
pub fn key(words: &Words, subject: &Subject) -> String {
    let name = words.pick(&subject.name()).to_owned();
    match &subject.path {
        Some(path) => format!("{name} {}", words.path(words.pick(path))),
        None => name,
    }
}

/// The same with its whole key, however long: for programs.
pub fn whole_row(words: &Words, subject: &Subject) -> String {
    named(words, subject, words.pick(&subject.whole_name()))
}

fn named(words: &Words, subject: &Subject, name: &str) -> String {
    let parts = [words.pick(&subject.table), name, subject.title.as_deref().unwrap_or("")];
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    let text = parts.join(" ");
    match &subject.path {
        Some(path) => format!("{text}{}{}", words.comma, words.path(words.pick(path))),
        None => text,
    }
}

/// The headings of all articles that take part in a finding, the one it is filed under first.
pub fn all_headings(
    words: &Words,
    report: &Report,
    index: usize,
    finding: &Finding,
) -> Vec<String> {
    let others = report.findings.others(index).into_iter();
    let heading = |(article, _): (String, Outcome)| {
        let mut articles = report.articles.iter();
        let found = articles.find(|summary| summary.article == article);
        found.map_or(article, |found| words.pick(&found.heading).to_owned())
    };
    std::iter::once(words.pick(&finding.heading).to_owned()).chain(others.map(heading)).collect()
}

/// What stands at a place: its label, or else the value.
pub fn label<'a>(words: &Words, evidence: &'a Evidence) -> &'a str {
    let label = words.pick(&evidence.label);
    match &evidence.value {
        Some(value) if label.is_empty() && evidence.place.excerpt.text.is_empty() => {
            words.pick(value)
        }
        _ => label,
    }
}

/// `违反 12，无法判断 3`.
pub fn tally(words: &Words, tally: &Tally) -> String {
    tally
        .iter()
        .map(|(outcome, weight, count)| format!("{}{TIE}{count}", words.outcome(outcome, weight)))
        .collect::<Vec<_>>()
        .join(words.comma)
}

/// A group's heading, and what it counts.
pub fn title(
    words: &Words,
    report: &Report,
    headings: &Headings,
    group: &Group,
) -> (String, String) {
    match group.topic {
        Topic::Note(outcome) => {
            (words.outcome(outcome, Weight::Error).to_owned(), group.findings.len().to_string())
        }
        Topic::Article(article) => {
            let title = match (headings.get(article), group.findings.first()) {
                (Some(heading), _) => words.pick(heading).to_owned(),
                (None, Some(&first)) => words.pick(&report.findings.get(first).heading).to_owned(),
                (None, None) => article.to_owned(),
            };
            (title, tally(words, &group.tally))
        }
    }
}

/// `应为 …，填报为 …`; `None` where the finding is not about a disposition.
pub fn dispositions(words: &Words, finding: &Finding) -> Option<String> {
    let demanded =
        finding.demanded.as_ref().map(|value| format!("{} {}", words.demanded, words.pick(value)));
    let declared =
        finding.declared.as_ref().map(|value| format!("{} {}", words.declared, words.pick(value)));
    let both: Vec<String> = demanded.into_iter().chain(declared).collect();
    if both.is_empty() { None } else { Some(both.join(words.comma)) }
}

/// The facts without which nothing can be said; `None` where none is missing.
pub fn missing(words: &Words, finding: &Finding) -> Option<String> {
    let paths: Vec<String> =
        finding.missing.iter().map(|path| words.path(words.pick(path))).collect();
    if paths.is_empty() { None } else { Some(paths.join(words.pause)) }
}

/// The sentence that says what a run came to, and how that is counted.
pub fn closing(words: &Words, report: &Report, all: &Tally) -> String {
    let (judged, found) = halves(words, report, all, &how_counted(words, report, all));
    words.sentence(&judged, &found)
}

/// What was judged, and what came of it: the halves of the sentence.
pub fn came_to(words: &Words, report: &Report, all: &Tally) -> (String, String) {
    halves(words, report, all, "")
}

fn halves(words: &Words, report: &Report, all: &Tally, beside: &str) -> (String, String) {
    let articles = report.standing(Standing::Judged).count();
    let errors = report
        .diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.severity == Severity::Error)
        .count();
    let judged = match report.articles.is_empty() && report.judged == 0 {
        true => words.read(report.rows.iter().map(|(_, rows)| rows).sum()),
        false => words.judged(report.judged, articles),
    };
    let judged = words.named(&report.project, &report.as_of, &judged);
    (judged, words.found(&format!("{}{beside}", tally(words, all)), errors))
}

/// What is to be said of the counts beside those of the tables; may be empty.
pub fn how_counted(words: &Words, report: &Report, all: &Tally) -> String {
    let mut said = String::new();
    if counts_sentences(report, all) {
        said.push_str(words.by_sentence());
    }
    if has_shared_findings(report) {
        said.push_str(words.by_finding());
    }
    said
}

/// Whether there are more findings of a kind than the tables count, which have a row once for an
/// article: it has a finding for each sentence.
fn counts_sentences(report: &Report, all: &Tally) -> bool {
    let counted = crate::grouping::Tally::from(report.totals).kinds();
    let [violated, _, warned, undetermined, referred, waived] = counted;
    all.iter().any(|(outcome, weight, found)| {
        let counted = match (outcome, weight) {
            (Outcome::Violated, Weight::Error) => violated,
            (Outcome::Violated, _) => warned,
            (Outcome::Undetermined, _) => undetermined,
            (Outcome::Referred, _) => referred,
            (Outcome::Waived, _) => waived,
            _ => return false,
        };
        found > counted
    }) && !report.articles.is_empty()
}

/// Whether a finding is of several articles, each of which counts it in the tables.
fn has_shared_findings(report: &Report) -> bool {
    let counts: Counts = report.articles.iter().map(|article| article.counts).sum();
    let Counts { conflict, undetermined, waived, .. } = counts;
    let totals = report.totals;
    conflict > totals.conflict || undetermined > totals.undetermined || waived > totals.waived
}

/// Which articles were not judged, or not as a whole, but for those of which findings say so: a line
/// for each cause.
pub fn unjudged(words: &Words, report: &Report) -> Vec<String> {
    let without_rows = report.standing(Standing::NoRows).next().is_some();
    // An article that judged nothing is a finding where it is known that there are no rows.
    let noted: BTreeSet<&str> = (0..if without_rows { report.findings.len() } else { 0 })
        .map(|index| report.findings.head(index))
        .filter(|head| head.outcome == Outcome::Vacuous)
        .map(|head| head.article)
        .collect();
    unjudged_but(words, report, &noted)
}

/// The same, but for articles by name.
pub fn unjudged_but(words: &Words, report: &Report, noted: &BTreeSet<&str>) -> Vec<String> {
    let line = |standing: Standing| {
        let cause = words.unjudged(standing)?;
        let articles = report.standing(standing);
        let headings: Vec<&str> = articles
            .filter(|article| !noted.contains(&*article.article))
            .map(|article| words.pick(&article.heading))
            .collect();
        (!headings.is_empty())
            .then(|| format!("{cause}{}{}", words.colon, headings.join(words.pause)))
    };
    [Standing::Faulty, Standing::NotInEffect, Standing::NoRows]
        .into_iter()
        .filter_map(line)
        .collect()
}

/// A waiver in a row: article, row, authority, reason, last day, what came of it.
pub fn waiver<'a>(
    words: &Words,
    headings: &Headings<'a>,
    waiver: &'a WaiverSummary,
) -> [&'a str; 6] {
    let article = headings
        .get(waiver.article.as_str())
        .map_or(waiver.article.as_str(), |heading| words.pick(heading));
    let until = waiver.until.as_deref().unwrap_or("-");
    let (row, state) = (words.pick(&waiver.row), words.waiver(waiver.state));
    [article, row, &waiver.authority, &waiver.reason, until, state]
}
