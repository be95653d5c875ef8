//! Rank 5: the dispositions that have to change: from what to what, by which article, and which rows.

use super::group::{Group, Topic};
use super::phrase::{self, Headings};
use super::words::Words;
use crate::diagnostic::Bilingual;
use crate::finding::{Finding, Outcome, Report};
use crate::grouping::Groups;
use std::collections::BTreeMap;

/// Of one change so many rows are named.
const NAMED: usize = 8;

/// Rows that have to change alike.
pub(super) struct Change {
    /// The heading of the article that demands it.
    pub article: String,
    /// What is declared, and what is required.
    pub values: (String, String),
    /// How many rows.
    pub count: usize,
    /// Fingerprint and name of the first.
    pub named: Vec<(String, String)>,
}

/// The changes in the order of the groups; none where there are no rows to ask.
pub(super) fn changes(
    (report, rows): (&Report, Option<&Groups<'_>>),
    words: &Words,
    headings: &Headings,
    groups: &[Group],
) -> std::io::Result<Vec<Change>> {
    let Some(run) = rows.map(|rows| rows.run) else { return Ok(Vec::new()) };
    let mut changes: Vec<Change> = Vec::new();
    for group in groups.iter().filter(|group| matches!(group.topic, Topic::Article(_))) {
        let decides = |index: &usize| {
            run.decides(*index) && report.findings.head(*index).outcome == Outcome::Violated
        };
        let violated: Vec<usize> = group.findings.iter().copied().filter(decides).collect();
        let (article, _) = phrase::title(words, report, headings, group);
        let mut found: BTreeMap<(String, String), Change> = BTreeMap::new();
        super::each_finding(
            &violated,
            |index| report.findings.get(index),
            |_, finding| {
                let Some(required) = &finding.demanded else { return Ok(()) };
                let said = |value: &Bilingual| words.pick(value).to_owned();
                let declared = finding.declared.as_ref().map(said);
                let declared = declared.unwrap_or_else(|| words.not_given().to_owned());
                let values = (declared, said(required));
                let change = found.entry(values.clone()).or_insert_with(|| Change {
                    article: article.clone(),
                    values,
                    count: 0,
                    named: Vec::new(),
                });
                change.count += 1;
                if change.named.len() < NAMED {
                    change.named.push((finding.fingerprint.clone(), name(words, &finding)));
                }
                Ok(())
            },
        )?;
        changes.extend(found.into_values());
    }
    Ok(changes)
}

fn name(words: &Words, finding: &Finding) -> String {
    let Some(subject) = &finding.subject else { return String::new() };
    let own = words.pick(&subject.name()).to_owned();
    let title = subject.title.as_ref().map(|title| format!("{own} {title}")).unwrap_or(own);
    match &subject.path {
        Some(path) => format!("{title} {}", words.path(words.pick(path))),
        None => title,
    }
}
