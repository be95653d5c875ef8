//! The rows of an article, the record of one, and a case made of one.

use super::super::super::edit::workspace_edit;
use super::super::super::snapshot::Snapshot;
use super::super::verdict::{came_to, counted};
use super::super::{Refused, Reply, in_words, refused};
use super::{Asked, outcome, place, rule};
use crate::authoring::RowVerdict;
use crate::report::{self, Idle, Words};
use crate::say;
use lsp_server::ErrorCode;
use serde_json::{Value, json};
use std::path::Path;

/// How many rows are listed where nobody says.
const USUAL: usize = 500;

/// The rows that there is something to say about under a rule.
pub(super) fn rows(snapshot: &Snapshot, path: &Path, asked: &Asked) -> Result<Reply, Refused> {
    let rule = rule(snapshot, path, asked)?;
    let limit = asked.limit.unwrap_or(USUAL);
    let mut rows = snapshot.view.rows(rule.rule, limit.saturating_add(1));
    let more = rows.len() > limit;
    rows.truncate(limit);
    let row = |row: &RowVerdict| {
        let places: Vec<Value> = row.places.iter().filter_map(|at| place(snapshot, at)).collect();
        json!({
            "table": snapshot.pick(&row.table),
            "key": row.key,
            "row": row.row,
            "title": row.title,
            "element": row.element.as_ref().map(|element| snapshot.pick(element)),
            "outcome": outcome(snapshot, Some(row.outcome), row.weight),
            "message": snapshot.pick(&row.message),
            "places": places,
            "fingerprint": row.fingerprint,
        })
    };
    let words = Words::of(snapshot.language);
    let counts: Vec<Value> = counted(words, &rule.counts)
        .into_iter()
        .map(|(said, count)| json!({"said": said, "count": count}))
        .collect();
    let result = json!({
        "rule": rule.code,
        "heading": snapshot.pick(&rule.heading),
        "cameTo": came_to(snapshot, &rule),
        "counts": counts,
        "rows": rows.iter().map(row).collect::<Vec<_>>(),
        "more": more,
    });
    Ok(Reply { result, apply: None })
}

fn row_of(asked: &Asked) -> Result<&str, Refused> {
    asked.row.as_deref().ok_or_else(|| refused(ErrorCode::InvalidParams, "no `row`"))
}

/// The whole record of a row, or that of one rule, as text.
pub(super) fn record(snapshot: &Snapshot, path: &Path, asked: &Asked) -> Result<Reply, Refused> {
    let row = row_of(asked)?;
    let rule = match &asked.rule {
        Some(_) => Some(rule(snapshot, path, asked)?.rule),
        None => None,
    };
    let Some(record) = snapshot.view.record(row, rule) else {
        return Ok(Reply::default());
    };
    let options = report::Options { language: snapshot.language, ..report::Options::default() };
    let mut text = Vec::new();
    let written = report::write_record(&record, Idle::Told, &options, &mut text);
    written.map_err(|error| refused(ErrorCode::InternalError, error.to_string()))?;
    let at = record.place.as_ref().and_then(|at| snapshot.view.locate(at));
    let result = json!({
        "row": row,
        "text": String::from_utf8_lossy(&text),
        "place": at.and_then(|at| place(snapshot, &at)),
    });
    Ok(Reply { result, apply: None })
}

/// A case made of a row, put into the cases of the policy.
pub(super) fn case(snapshot: &Snapshot, path: &Path, asked: &Asked) -> Result<Reply, Refused> {
    let row = row_of(asked)?;
    let rule = rule(snapshot, path, asked)?;
    let edit = snapshot.view.case_of(row, rule.rule);
    let edit = edit.map_err(|refusal| in_words(snapshot, &refusal))?;
    let said = say!("由 `{row}` 写成案例", "a case made of `{row}`");
    let label = snapshot.pick(&said).to_owned();
    Ok(made(snapshot, label, &[edit]))
}

/// An edit that the client is asked to make, or is given to make.
pub(super) fn made(snapshot: &Snapshot, label: String, edits: &[crate::authoring::Edit]) -> Reply {
    let edit = workspace_edit(snapshot, edits);
    if edits.is_empty() {
        return Reply { result: json!({"edit": null}), apply: None };
    }
    let result = json!({"edit": edit, "asked": snapshot.client.applies_edits});
    let apply = snapshot.client.applies_edits.then_some((label, edit));
    Reply { result, apply }
}
