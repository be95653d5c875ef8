//! Remedies, each tried by the service, and what may be done with cases.

use super::super::edit::workspace_edit;
use super::super::snapshot::Snapshot;
use crate::authoring::Fix;
use crate::say;
use gen_lsp_types::{
    Code, CodeAction, CodeActionKind, CodeActionParams, CodeActionResponse, Command, Diagnostic,
};
use serde_json::json;
use std::path::Path;

/// Answers `textDocument/codeAction`.
pub(super) fn actions(
    snapshot: &Snapshot,
    path: &Path,
    asked: &CodeActionParams,
) -> Option<Vec<CodeActionResponse>> {
    let wanted = asked.context.only.as_ref();
    if wanted.is_some_and(|kinds| !kinds.iter().any(is_quick_fix)) {
        return Some(Vec::new());
    }
    let range = snapshot.lines(path)?.bytes(asked.range, snapshot.client.encoding);
    let fixes = snapshot.view.fixes(path, range);
    let shown = |fix: &Fix| {
        let alone =
            fixes.iter().filter(|one| one.code == fix.code && one.span == fix.span).count() == 1;
        let at = snapshot.range(path, &fix.span);
        let mends = |one: &&Diagnostic| {
            let same = matches!(&one.code, Some(Code::String(code)) if code == fix.code);
            same && one.range.start <= at.end && at.start <= one.range.end
        };
        let mended: Vec<Diagnostic> =
            asked.context.diagnostics.iter().filter(mends).cloned().collect();
        CodeActionResponse::CodeAction(CodeAction {
            title: snapshot.pick(&fix.title).to_owned(),
            kind: Some(CodeActionKind::QuickFix),
            diagnostics: (!mended.is_empty()).then_some(mended),
            is_preferred: alone.then_some(true),
            edit: Some(workspace_edit(snapshot, &fix.edits)),
            ..CodeAction::default()
        })
    };
    let mut actions: Vec<CodeActionResponse> = fixes.iter().map(shown).collect();
    actions.extend(accepting(snapshot, path, asked));
    Some(actions)
}

/// Accepting the record of the case there, where it is another than the one accepted before. Cases
/// are looked at where they stand alone, for looking at them runs them.
fn accepting(
    snapshot: &Snapshot,
    path: &Path,
    asked: &CodeActionParams,
) -> Option<CodeActionResponse> {
    let is_cases = path.to_string_lossy().ends_with(".cases.toml");
    if !is_cases {
        return None;
    }
    let uri = snapshot.uri(path)?;
    let touched = |span| {
        let at = snapshot.range(path, span);
        at.start <= asked.range.end && asked.range.start <= at.end
    };
    let cases = snapshot.view.cases(path);
    let case = cases.iter().find(|case| case.snapshot.is_some() && touched(&case.at.span))?;
    let name = &case.name;
    let title = say!("接受案例“{name}”现在的结果", "accept what came of case “{name}”");
    let title = snapshot.pick(&title).to_owned();
    Some(CodeActionResponse::Command(Command {
        title,
        tooltip: None,
        command: "fanshi.accept".to_owned(),
        arguments: Some(vec![json!({"uri": uri, "case": name})]),
    }))
}

fn is_quick_fix(kind: &CodeActionKind) -> bool {
    matches!(kind, CodeActionKind::QuickFix | CodeActionKind::Empty)
}
