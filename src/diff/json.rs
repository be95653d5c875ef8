//! The format `json`: `fanshi.diff/1`, one object; names and values are the English ones.

use super::{Cause, Correction, Diff, Edit, FieldEdit, Match, Pairing, PolicyEdit, RowEdit, TableEdit, Title};
use crate::diagnostic::Bilingual;
use crate::finding::{Finding, Subject};
use crate::report::Words;
use crate::syntax::tree::Language;
use crate::value::Ratio;
use serde::Serialize;
use serde_json::{Value, json};
use std::io::{Result, Write};

/// Writes the object; messages in `language`.
///
/// # Errors
/// Where `out` fails.
pub fn write(diff: &Diff, language: Language, out: &mut dyn Write) -> Result<()> {
    let words = Words::of(language);
    let findings = &diff.findings;
    let change = |change: &super::Change| finding(words, &change.finding, Some(&change.causes), None);
    let turn = |turn: &super::Turn| finding(words, &turn.finding, Some(&turn.causes), Some(turn.was.code()));
    let object = Object {
        format: "fanshi.diff/1",
        old: title(&diff.old),
        new: title(&diff.new),
        findings: json!({
            "fixed": findings.fixed.iter().map(change).collect::<Vec<_>>(),
            "new": findings.new.iter().map(change).collect::<Vec<_>>(),
            "turned": findings.turned.iter().map(turn).collect::<Vec<_>>(),
            "remaining": findings.remaining.iter().map(|found| finding(words, found, None, None)).collect::<Vec<_>>(),
        }),
        tables: diff.tables.iter().map(table).collect(),
        policies: diff.policies.iter().map(policy).collect(),
        corrections: diff.corrections.iter().map(correction).collect(),
    };
    crate::report::write_json_pretty(out, &object)?;
    writeln!(out)
}

#[derive(Serialize)]
struct Object {
    format: &'static str,
    old: Value,
    new: Value,
    findings: Value,
    tables: Vec<Value>,
    policies: Vec<Value>,
    corrections: Vec<Value>,
}

fn title(title: &Title) -> Value {
    json!({"project": title.project, "as_of": title.as_of, "complete": title.errors == 0})
}

fn subject(subject: &Subject) -> Value {
    json!({"table": subject.table.en, "key": subject.key, "title": subject.title, "path": subject.path.as_ref().map(|path| &path.en)})
}

fn finding(words: &Words, finding: &Finding, causes: Option<&[Cause]>, was: Option<&str>) -> Value {
    let mut value = json!({
        "article": finding.article,
        "outcome": finding.outcome.code(),
        "subject": finding.subject.as_ref().map(subject),
        "message": words.pick(&finding.message),
        "fingerprint": finding.fingerprint,
    });
    if let (Some(object), Some(causes)) = (value.as_object_mut(), causes) {
        object.insert("causes".to_owned(), causes.iter().map(cause).collect());
    }
    if let (Some(object), Some(was)) = (value.as_object_mut(), was) {
        object.insert("was".to_owned(), was.into());
    }
    value
}

fn cause(cause: &Cause) -> Value {
    match cause {
        Cause::RowAdded => json!({"kind": "row_added"}),
        Cause::RowRemoved => json!({"kind": "row_removed"}),
        Cause::Field(None, field) => json!({"kind": "field", "field": field.en}),
        Cause::Field(Some((table, key)), field) => json!({"kind": "field", "table": table.en, "key": key, "field": field.en}),
        Cause::Article => json!({"kind": "article"}),
        Cause::Parameter(name) => json!({"kind": "parameter", "parameter": name.en}),
        Cause::Day => json!({"kind": "day"}),
        Cause::Elsewhere => json!({"kind": "elsewhere"}),
    }
}

fn table(table: &TableEdit) -> Value {
    json!({
        "table": table.names.en,
        "added": table.added.iter().map(subject).collect::<Vec<_>>(),
        "removed": table.removed.iter().map(subject).collect::<Vec<_>>(),
        "changed": table.changed.iter().map(row).collect::<Vec<_>>(),
        "same": table.same,
        "proposals": table.pairings.iter().map(pairing).collect::<Vec<_>>(),
        "matched": !table.unmatched,
    })
}

fn row(row: &RowEdit) -> Value {
    json!({"key": row.subject.key, "title": row.subject.title, "fields": row.fields.iter().map(field).collect::<Vec<_>>()})
}

fn field(field: &FieldEdit) -> Value {
    let texts = |values: &[Bilingual]| values.iter().map(|value| value.en.clone()).collect::<Vec<_>>();
    if field.list {
        json!({"field": field.names.en, "removed": texts(&field.old), "added": texts(&field.new)})
    } else {
        json!({"field": field.names.en, "old": texts(&field.old).pop(), "new": texts(&field.new).pop()})
    }
}

fn pairing(pairing: &Pairing) -> Value {
    let kind = match pairing.kind {
        Match::Renamed => "renamed",
        Match::Merged => "merged",
        Match::Split => "split",
    };
    let rows = |rows: &[Subject]| rows.iter().map(subject).collect::<Vec<_>>();
    let similarity = i64::try_from((pairing.similarity * Ratio::from_integer(100)).round().to_integer()).unwrap_or(0);
    json!({"kind": kind, "old": rows(&pairing.old), "new": rows(&pairing.new), "similarity": similarity})
}

fn policy(edit: &PolicyEdit) -> Value {
    let change = match edit.edit {
        Edit::Added => "added",
        Edit::Removed => "removed",
        Edit::Changed => "changed",
    };
    let text = |value: &Option<Bilingual>| value.as_ref().map(|value| value.en.clone());
    json!({"name": edit.name, "change": change, "old": text(&edit.old), "new": text(&edit.new), "used_by": edit.used_by})
}

fn correction(correction: &Correction) -> Value {
    json!({"kind": correction.kind, "rows": correction.rows.iter().map(subject).collect::<Vec<_>>()})
}
