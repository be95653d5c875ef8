//! What an editor may have done by name: each command takes one object with the `uri` of a document.

mod cases;
mod flips;
mod rows;

use super::super::snapshot::Snapshot;
use super::{Refused, Reply, refused};
use crate::authoring::{ArticleVerdicts, Location};
use crate::finding::{Outcome, Weight};
use crate::report::Words;
use gen_lsp_types::{ExecuteCommandParams, Position};
use lsp_server::ErrorCode;
use serde::Deserialize;
use serde_json::{Value, json};
use std::path::Path;

/// Their names.
pub const COMMANDS: [&str; 7] = [
    "fanshi.rows",
    "fanshi.record",
    "fanshi.case",
    "fanshi.cases",
    "fanshi.accept",
    "fanshi.flips",
    "fanshi.cuts",
];

/// What commands take; each what it needs of it.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Asked {
    /// A place in the document.
    position: Option<Position>,
    /// A rule: `policy.article`, as lenses name it.
    rule: Option<String>,
    /// A row: `table:key`, as lists of rows name it.
    row: Option<String>,
    /// A case.
    case: Option<String>,
    /// How many rows at most.
    limit: Option<usize>,
}

/// Answers `workspace/executeCommand`.
///
/// # Errors
/// Where there is no such command, it lacks what it needs, or the service refuses.
pub(super) fn execute(
    snapshot: &Snapshot,
    path: &Path,
    params: &ExecuteCommandParams,
) -> Result<Reply, Refused> {
    let first = params.arguments.iter().flatten().next().cloned().unwrap_or_default();
    let asked: Asked = serde_json::from_value(first)
        .map_err(|error| refused(ErrorCode::InvalidParams, error.to_string()))?;
    match &*params.command {
        "fanshi.rows" => rows::rows(snapshot, path, &asked),
        "fanshi.record" => rows::record(snapshot, path, &asked),
        "fanshi.case" => rows::case(snapshot, path, &asked),
        "fanshi.cases" => Ok(cases::cases(snapshot, path)),
        "fanshi.accept" => cases::accept(snapshot, path, &asked),
        "fanshi.flips" => Ok(flips::flips(snapshot)),
        "fanshi.cuts" => Ok(cuts(snapshot, path, &asked)),
        unknown => Err(refused(ErrorCode::InvalidParams, format!("no command `{unknown}`"))),
    }
}

/// The rule that is meant: by its name, or because it stands at the place.
fn rule(snapshot: &Snapshot, path: &Path, asked: &Asked) -> Result<ArticleVerdicts, Refused> {
    let rules = snapshot.view.verdicts(path);
    let found = if let Some(code) = &asked.rule {
        rules.into_iter().find(|rule| rule.code == *code)
    } else {
        let at = asked.position.and_then(|position| snapshot.offset(path, position));
        at.and_then(|at| {
            rules.into_iter().find(|rule| rule.span.start <= at && at <= rule.span.end)
        })
    };
    found.ok_or_else(|| refused(ErrorCode::InvalidParams, "no such rule in this document"))
}

/// A place with its file's address, and cells where it is a workbook.
fn place(snapshot: &Snapshot, at: &Location) -> Option<Value> {
    let location = snapshot.location(at)?;
    let cell = at.cell.as_ref().map(|cell| format!("{}!{}", cell.sheet, cell.cells));
    Some(json!({"uri": location.uri, "range": location.range, "cell": cell}))
}

/// An outcome: its code, and the word for people.
fn outcome(snapshot: &Snapshot, outcome: Option<Outcome>, weight: Weight) -> Value {
    let Some(outcome) = outcome else { return Value::Null };
    let word = Words::of(snapshot.language).outcome(outcome, weight);
    json!({"code": outcome.code(), "said": word})
}

/// The words of a sentence as they were divided, and each with what it is.
fn cuts(snapshot: &Snapshot, path: &Path, asked: &Asked) -> Reply {
    let at = asked.position.and_then(|position| snapshot.offset(path, position));
    let cuts = at.and_then(|at| snapshot.view.cuts(path, at));
    let result = cuts.map_or(Value::Null, |cuts| {
        let text = snapshot.lines(path).map(|lines| lines.text.clone()).unwrap_or_default();
        let word = |word: &crate::authoring::CutWord| {
            json!({
                "text": text.get(word.span.clone()),
                "range": snapshot.range(path, &word.span),
                "said": snapshot.pick(&word.said),
            })
        };
        let words: Vec<Value> = cuts.words.iter().map(word).collect();
        let range = snapshot.range(path, &cuts.span);
        json!({"range": range, "together": cuts.together, "words": words})
    });
    Reply { result, apply: None }
}
