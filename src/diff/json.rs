//! The format `json`: `fanshi.diff/1`, one object; names and values are the English ones.

use super::{
    Cause, Correction, DeclarationKind, Diff, Edit, Entry, FieldEdit, Grouped, Lies, Match,
    Pairing, PolicyEdit, RowEdit, TableEdit, Title,
};
use crate::diagnostic::Bilingual;
use crate::finding::{Finding, Outcome, Subject, Weight};
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
    let change = |change: &super::Change| {
        finding(words, &change.finding, Some((&change.causes, change.tried)), None)
    };
    let turn = |turn: &super::Turn| {
        finding(words, &turn.finding, Some((&turn.causes, turn.tried)), Some(turn.was))
    };
    let notes = |new: bool| {
        findings.notes.iter().filter(move |note| note.new == new).map(|note| &note.change)
    };
    let unjudged = |new: bool| {
        findings.unjudged.iter().filter(move |one| one.new == new).map(|one| &one.change)
    };
    let object = Object {
        format: "fanshi.diff/1",
        old: title(&diff.old),
        new: title(&diff.new),
        findings: json!({
            "fixed": findings.fixed.iter().map(change).collect::<Vec<_>>(),
            "removed": findings.removed.iter().map(change).collect::<Vec<_>>(),
            "new": findings.new.iter().map(change).collect::<Vec<_>>(),
            "turned": findings.turned.iter().map(turn).collect::<Vec<_>>(),
            "remaining": findings.remaining.iter().map(|found| finding(words, found, None,
                None)).collect::<Vec<_>>(),
            "unjudged": {
                "now": unjudged(false).map(change).collect::<Vec<_>>(),
                "before": unjudged(true).map(change).collect::<Vec<_>>(),
            },
            "notes": {
                "new": notes(true).map(change).collect::<Vec<_>>(),
                "gone": notes(false).map(change).collect::<Vec<_>>(),
                "remaining": findings.noted.iter().map(|found| finding(words, found, None,
                None)).collect::<Vec<_>>(),
            },
        }),
        tables: diff.tables.iter().map(table).collect(),
        policies: diff.policies.iter().map(policy).collect(),
        corrections: diff.corrections.iter().map(correction).collect(),
        groups: diff.groups.as_ref().map(|found| groups(words, found)),
        group: diff.group.as_ref().map(|group| &*group.en),
    };
    crate::report::write_json_pretty(out, &object)?;
    writeln!(out)
}

#[derive(Serialize)]
struct Object<'d> {
    format: &'static str,
    old: Value,
    new: Value,
    findings: Value,
    tables: Vec<Value>,
    policies: Vec<Value>,
    corrections: Vec<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    groups: Option<Value>,
    /// The group that all of it is of.
    #[serde(skip_serializing_if = "Option::is_none")]
    group: Option<&'d str>,
}

fn title(title: &Title) -> Value {
    let mut value = json!({"project": title.project, "as_of": title.as_of,
        "complete": title.errors == 0});
    if let (Some(object), Some(folder)) = (value.as_object_mut(), &title.folder) {
        object.insert("folder".to_owned(), folder.clone().into());
    }
    value
}

fn subject(subject: &Subject) -> Value {
    json!({"table": subject.table.en, "key": subject.key, "title": subject.title,
        "path": subject.path.as_ref().map(|path| &path.en)})
}

fn finding(
    words: &Words,
    finding: &Finding,
    causes: Option<(&[Cause], bool)>,
    was: Option<(Outcome, Weight)>,
) -> Value {
    let mut value = json!({
        "article": finding.article,
        "outcome": finding.outcome.code(),
        "severity": finding.weight.code(),
        "subject": finding.subject.as_ref().map(subject),
        "message": words.pick(&finding.message),
        "fingerprint": finding.fingerprint,
    });
    if let (Some(object), Some((causes, tried))) = (value.as_object_mut(), causes) {
        object.insert("causes".to_owned(), causes.iter().map(cause).collect());
        object.insert("tried".to_owned(), tried.into());
    }
    if let (Some(object), Some(was)) = (value.as_object_mut(), was) {
        let (outcome, weight) = was;
        object.insert("was".to_owned(), outcome.code().into());
        object.insert("was_severity".to_owned(), weight.code().into());
    }
    value
}

fn cause(cause: &Cause) -> Value {
    match cause {
        Cause::RowAdded => json!({"kind": "row_added"}),
        Cause::RowRemoved => json!({"kind": "row_removed"}),
        Cause::Field(None, field) => json!({"kind": "field", "field": field.en}),
        Cause::Field(Some((table, key)), field) if key.en.is_empty() => {
            json!({"kind": "field", "table": table.en, "field": field.en})
        }
        Cause::Field(Some((table, key)), field) => {
            json!({"kind": "field", "table": table.en, "key": key.en, "field": field.en})
        }
        Cause::Article(_) | Cause::Mistake => json!({"kind": "article"}),
        Cause::Declaration(found) => declaration(found.kind, &found.name),
        Cause::Row(new, (table, key)) => {
            let kind = if *new { "row_added" } else { "row_removed" };
            json!({"kind": kind, "table": table.en, "key": key.en})
        }
        Cause::Rows(table, rows) => json!({"kind": "rows", "table": table.en, "rows": rows}),
        Cause::Data(table, loss) => {
            json!({"kind": "data", "table": table.en, "data": loss.code()})
        }
        Cause::Waiver(waiving) => json!({"kind": "waiver", "waiver": waiving.code()}),
        Cause::Day => json!({"kind": "day"}),
        Cause::Elsewhere => json!({"kind": "elsewhere"}),
    }
}

/// `{"kind": "enum", "enum": "grade"}`.
fn declaration(kind: DeclarationKind, name: &str) -> Value {
    let mut object = serde_json::Map::new();
    object.insert("kind".to_owned(), kind.code().into());
    object.insert(kind.code().to_owned(), name.into());
    Value::Object(object)
}

fn entry(entry: &Entry) -> Value {
    let mut value = subject(&entry.subject);
    if let (Some(object), Some(content)) = (value.as_object_mut(), &entry.content) {
        object.insert("key".to_owned(), content.en.clone().into());
    }
    value
}

fn table(table: &TableEdit) -> Value {
    json!({
        "table": table.names.en,
        "added": table.added.iter().map(entry).collect::<Vec<_>>(),
        "removed": table.removed.iter().map(entry).collect::<Vec<_>>(),
        "changed": table.changed.iter().map(row).collect::<Vec<_>>(),
        "same": table.same,
        "unread": {"old": table.unread[0].len(), "new": table.unread[1].len()},
        "proposals": table.pairings.iter().map(pairing).collect::<Vec<_>>(),
        "matched": !table.unmatched,
        "emptied": table.emptied.iter().map(|(group, rows)| json!({"group": group.en,
            "rows": rows})).collect::<Vec<_>>(),
    })
}

fn row(row: &RowEdit) -> Value {
    let entry = entry(&row.row);
    json!({"key": entry.get("key"), "title": entry.get("title"),
        "fields": row.fields.iter().map(field).collect::<Vec<_>>()})
}

fn field(field: &FieldEdit) -> Value {
    let texts =
        |values: &[super::Value]| values.iter().map(|value| value.shown().en).collect::<Vec<_>>();
    if field.list {
        return json!({"field": field.names.en, "removed": texts(&field.old),
            "added": texts(&field.new)});
    }
    // What could not be read is no value: it stands apart.
    let text = |values: &[super::Value], unread: bool| {
        values.iter().find(|value| value.unread == unread).map(|value| value.text.en.clone())
    };
    let mut object = json!({"field": field.names.en, "old": text(&field.old, false),
        "new": text(&field.new, false)});
    for (name, values) in [("old_unread", &field.old), ("new_unread", &field.new)] {
        if let (Some(object), Some(unread)) = (object.as_object_mut(), text(values, true)) {
            object.insert(name.to_owned(), unread.into());
        }
    }
    object
}

fn pairing(pairing: &Pairing) -> Value {
    let kind = match pairing.kind {
        Match::Renamed => "renamed",
        Match::Merged => "merged",
        Match::Split => "split",
    };
    let rows = |rows: &[Entry]| rows.iter().map(entry).collect::<Vec<_>>();
    let similarity =
        i64::try_from((pairing.similarity * Ratio::from_integer(100)).round().to_integer())
            .unwrap_or(0);
    json!({"kind": kind, "old": rows(&pairing.old), "new": rows(&pairing.new),
        "similarity": similarity})
}

fn policy(edit: &PolicyEdit) -> Value {
    let change = match edit.edit {
        Edit::Added => "added",
        Edit::Removed => "removed",
        Edit::Changed => "changed",
        Edit::Moved => "moved",
    };
    let text = |value: &Option<Bilingual>| value.as_ref().map(|value| value.en.clone());
    json!({"kind": edit.kind.code(), "name": edit.name, "change": change, "old": text(&edit.old), "new": text(&edit.new),
        "used_by": edit.used_by})
}

fn groups(words: &Words, found: &Grouped) -> Value {
    let lies = |(rows, findings): &Lies| json!({"rows": rows, "findings": findings});
    let group = |(name, old, new): &(Option<Bilingual>, Lies, Lies)| json!({"group": name.as_ref().map(|name| &name.en), "old": lies(old), "new": lies(new)});
    let remarks = found.remarks.iter().map(|said| words.pick(said));
    json!({"by": found.by.en, "groups": found.list.iter().map(group).collect::<Vec<_>>(),
        "remarks": remarks.collect::<Vec<_>>()})
}

fn correction(correction: &Correction) -> Value {
    json!({"kind": correction.kind, "rows":
        correction.rows.iter().map(entry).collect::<Vec<_>>()})
}
