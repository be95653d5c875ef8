//! Rank 5: what is told of a finding in a cell, alike in workbooks and in papers.

use super::phrase;
use super::words::Words;
use super::xlsx::Earlier;
use crate::diagnostic::Bilingual;
use crate::finding::{Finding, Outcome, Report, Role, Weight};
use crate::grouping::Groups;

/// How grave a finding is, the gravest least: what is violated before what is not known, and what
/// changes a decided value before the others of its kind.
pub(crate) fn grave(report: &Report, rows: Option<&Groups<'_>>, index: usize) -> (u8, bool) {
    let (outcome, weight) = report.findings.kind(index);
    let grave = match (outcome, weight) {
        (Outcome::Violated | Outcome::Conflict, Weight::Error) => 0,
        (Outcome::Waiver, Weight::Error) => 1,
        (Outcome::Undetermined, _) => 2,
        (Outcome::Referred, _) => 3,
        (Outcome::Violated | Outcome::Conflict, _) => 4,
        _ => 5,
    };
    (grave, !rows.is_some_and(|rows| rows.run.decides(index)))
}

/// Findings, gravest first, then in report order.
pub(crate) fn gravest_first(
    report: &Report,
    rows: Option<&Groups<'_>>,
    findings: &[usize],
) -> Vec<usize> {
    let mut order = findings.to_vec();
    order.sort_by_cached_key(|index| grave(report, rows, *index));
    order
}

/// What is wrong, by which article, and what was said about it before: a line each. `plainly` in the
/// words of the article itself, for those who do not read policies, without what was computed.
pub(crate) fn problem(
    words: &Words,
    report: &Report,
    (index, finding): (usize, &Finding),
    (earlier, plainly): (Option<&Earlier>, bool),
) -> Vec<String> {
    let said = finding.plain.as_ref().filter(|_| plainly).unwrap_or(&finding.message);
    let mut lines = vec![words.pick(said).to_owned()];
    if let Some(missing) = phrase::missing(words, finding) {
        lines.push(format!("{}{}{missing}", words.missing, words.colon));
    }
    let headings = phrase::all_headings(words, report, index, finding).join(words.pause);
    lines.push(words.choose(format!("（{headings}）"), format!("({headings})")));
    lines.extend(earlier.map(|earlier| words.pick(&earlier.said).to_owned()));
    lines
}

/// `declared → required`; where nothing is decided, the value that decided.
pub(crate) fn declared(words: &Words, finding: &Finding) -> String {
    let pick = |text: &Option<Bilingual>| text.as_ref().map(|text| words.pick(text).to_owned());
    match (pick(&finding.declared), pick(&finding.demanded)) {
        (Some(was), Some(required)) => format!("{was} → {required}"),
        (Some(was), None) => was,
        (None, Some(required)) => format!("→ {required}"),
        (None, None) => {
            let value = finding.evidence.iter().find(|evidence| evidence.role == Role::Data);
            value.map_or_else(String::new, |value| words.pick(&value.label).to_owned())
        }
    }
}
