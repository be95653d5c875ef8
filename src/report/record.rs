//! The format `fanshi.record/1`: the whole record of rows, one object. Names and values are the
//! English ones.

use super::json::{DiagnosticJson, PlaceJson, WaiverJson, english};
use super::words::Words;
use crate::diagnostic::{Diagnostic, Severity};
use crate::finding::Report;
use crate::syntax::tree::Language;
use crate::why::{ArticleName, Change, Disposition, Entry, Record, Step};
use serde::Serialize;
use std::io::{Result, Write};

/// Writes the records of rows, and what was wrong in the run and in what was asked for.
///
/// # Errors
/// Where `out` fails.
pub fn write_records(
    report: &Report<'_>,
    asked: &[Diagnostic],
    records: &[Record],
    language: Language,
    out: &mut dyn Write,
) -> Result<()> {
    let words = Words::of(language);
    let diagnostics = || report.diagnostics.iter().chain(asked);
    let object = RecordsJson {
        format: "fanshi.record/1",
        project: &report.project,
        as_of: Some(&*report.as_of).filter(|day| !day.is_empty()),
        complete: !diagnostics().any(|diagnostic| diagnostic.severity == Severity::Error),
        diagnostics: diagnostics()
            .map(|diagnostic| DiagnosticJson::of(diagnostic, words))
            .collect(),
        records: records.iter().map(|record| RecordJson::of(record, words)).collect(),
    };
    super::write_json_pretty(out, &object)?;
    writeln!(out)
}

#[derive(Serialize)]
struct RecordsJson<'a> {
    format: &'static str,
    project: &'a str,
    as_of: Option<&'a str>,
    complete: bool,
    diagnostics: Vec<DiagnosticJson<'a>>,
    records: Vec<RecordJson<'a>>,
}

#[derive(Serialize)]
struct RecordJson<'a> {
    table: &'a str,
    key: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    row: Option<usize>,
    title: Option<&'a str>,
    place: Option<PlaceJson<'a>>,
    dispositions: Vec<DispositionJson<'a>>,
    articles: Vec<EntryJson<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    waivers: Vec<WaiverJson<'a>>,
}

impl<'a> RecordJson<'a> {
    fn of(record: &'a Record, words: &Words) -> Self {
        Self {
            table: &record.table.en,
            key: record.key.as_deref(),
            row: Some(record.number).filter(|row| record.key.is_none() && *row > 0),
            title: record.title.as_deref(),
            place: record.place.as_ref().map(|place| PlaceJson::of(None, place, "", None)),
            dispositions: record
                .dispositions
                .iter()
                .map(|found| DispositionJson::of(found, words))
                .collect(),
            articles: record.entries.iter().map(|entry| EntryJson::of(entry, words)).collect(),
            waivers: record.waivers.iter().map(|(_, waiver)| WaiverJson::of(waiver)).collect(),
        }
    }
}

#[derive(Serialize)]
struct DispositionJson<'a> {
    field: &'a str,
    path: Option<&'a str>,
    required: Option<&'a str>,
    declared: Option<&'a str>,
    decided_by: Vec<&'a str>,
    beaten: Vec<&'a str>,
    contested: Vec<&'a str>,
    clashing: Vec<&'a str>,
    outcome: &'static str,
    open: Vec<&'a str>,
    changes: Vec<ChangeJson<'a>>,
}

fn names(articles: &[ArticleName]) -> Vec<&str> {
    articles.iter().map(|article| article.name.as_str()).collect()
}

impl<'a> DispositionJson<'a> {
    fn of(found: &'a Disposition, words: &Words) -> Self {
        Self {
            field: &found.field.en,
            path: english(&found.path),
            required: english(&found.required),
            declared: english(&found.declared),
            decided_by: names(&found.decided_by),
            beaten: names(&found.beaten),
            contested: names(&found.contested),
            clashing: names(&found.clashing),
            outcome: found.outcome.code(),
            open: names(&found.open),
            changes: found.changes.iter().map(|change| ChangeJson::of(change, words)).collect(),
        }
    }
}

#[derive(Serialize)]
struct ChangeJson<'a> {
    disposition: &'a str,
    article: Option<&'a str>,
    found: &'static str,
    conditions: Option<Vec<NeededJson<'a>>>,
}

#[derive(Serialize)]
struct NeededJson<'a> {
    text: &'a str,
    demand: &'a str,
    wanted: bool,
    value: Option<&'a str>,
    to: Option<&'a str>,
}

impl<'a> ChangeJson<'a> {
    fn of(change: &'a Change, words: &Words) -> Self {
        let one = |needed: &'a crate::why::Needed| NeededJson {
            text: words.pick(&needed.name),
            demand: words.pick(&needed.demand),
            wanted: needed.wanted,
            value: english(&needed.value),
            to: english(&needed.to),
        };
        let found = change.found == crate::why::Found::Found;
        Self {
            disposition: &change.disposition.en,
            article: change.article.as_ref().map(|article| article.name.as_str()),
            found: change.found.code(),
            conditions: found.then(|| change.conditions.iter().map(one).collect()),
        }
    }
}

#[derive(Serialize)]
struct EntryJson<'a> {
    article: &'a str,
    heading: &'a str,
    path: Option<&'a str>,
    outcome: &'static str,
    overridden_by: Vec<&'a str>,
    condition: Option<StepJson<'a>>,
    exception: Option<StepJson<'a>>,
    requirement: Option<StepJson<'a>>,
}

impl<'a> EntryJson<'a> {
    fn of(entry: &'a Entry, words: &Words) -> Self {
        let step = |step: &'a Option<Step>| step.as_ref().map(|step| StepJson::of(step, words));
        Self {
            article: &entry.article.name,
            heading: words.pick(&entry.article.heading),
            path: english(&entry.path),
            outcome: entry.outcome.code(),
            overridden_by: names(&entry.overridden_by),
            condition: step(&entry.condition),
            exception: step(&entry.exception),
            requirement: step(&entry.requirement),
        }
    }
}

#[derive(Serialize)]
struct StepJson<'a> {
    text: &'a str,
    truth: Option<bool>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    values: Vec<ValueJson<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    facts: Vec<PlaceJson<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    parts: Vec<StepJson<'a>>,
}

#[derive(Serialize)]
struct ValueJson<'a> {
    text: &'a str,
    value: Option<&'a str>,
}

impl<'a> StepJson<'a> {
    fn of(step: &'a Step, words: &Words) -> Self {
        Self {
            text: words.pick(&step.text),
            truth: step.truth,
            values: step
                .values
                .iter()
                .map(|(name, value)| ValueJson { text: words.pick(name), value: english(value) })
                .collect(),
            facts: step.facts.iter().map(|fact| PlaceJson::evidence(fact, words)).collect(),
            parts: step.parts.iter().map(|part| Self::of(part, words)).collect(),
        }
    }
}
