//! Where something is declared and spoken of, and giving it another name.

use super::super::edit::workspace_edit;
use super::super::snapshot::Snapshot;
use super::{Refused, in_words};
use gen_lsp_types::{
    Definition, DefinitionParams, DefinitionResponse, DocumentHighlight, DocumentHighlightParams,
    Location, Position, PrepareRenameParams, PrepareRenamePlaceholder, PrepareRenameResult,
    ReferenceParams, RenameParams, WorkspaceEdit,
};
use std::ops::Range;
use std::path::Path;

/// Answers `textDocument/definition`.
pub(super) fn definition(
    snapshot: &Snapshot,
    path: &Path,
    asked: &DefinitionParams,
) -> Option<DefinitionResponse> {
    let offset = snapshot.offset(path, asked.text_document_position_params.position)?;
    let found = snapshot.view.definition(path, offset);
    let found = found.iter().filter_map(|at| snapshot.location(at)).collect();
    Some(DefinitionResponse::Definition(Definition::LocationList(found)))
}

/// Answers `textDocument/references`.
pub(super) fn references(
    snapshot: &Snapshot,
    path: &Path,
    asked: &ReferenceParams,
) -> Option<Vec<Location>> {
    let offset = snapshot.offset(path, asked.text_document_position_params.position)?;
    let found = snapshot.view.references(path, offset, asked.context.include_declaration);
    Some(found.iter().filter_map(|at| snapshot.location(at)).collect())
}

/// The places in one file that speak of what stands at a position.
fn here(
    snapshot: &Snapshot,
    path: &Path,
    position: Position,
) -> Option<(usize, Vec<Range<usize>>)> {
    let offset = snapshot.offset(path, position)?;
    let store = &snapshot.view.project().store;
    let same = store.same(path);
    let found = snapshot.view.references(path, offset, true).into_iter();
    let found = found.filter(|at| at.cell.is_none() && store.same(&at.path) == same);
    Some((offset, found.map(|at| at.span).collect()))
}

/// Answers `textDocument/documentHighlight`.
pub(super) fn highlights(
    snapshot: &Snapshot,
    path: &Path,
    asked: &DocumentHighlightParams,
) -> Option<Vec<DocumentHighlight>> {
    let (_, found) = here(snapshot, path, asked.text_document_position_params.position)?;
    let shown =
        |span: &Range<usize>| DocumentHighlight { range: snapshot.range(path, span), kind: None };
    Some(found.iter().map(shown).collect())
}

/// Answers `textDocument/prepareRename`: the word that gets another name; nothing where none can.
pub(super) fn prepare(
    snapshot: &Snapshot,
    path: &Path,
    asked: &PrepareRenameParams,
) -> Option<PrepareRenameResult> {
    let (offset, found) = here(snapshot, path, asked.text_document_position_params.position)?;
    let word = found.into_iter().find(|span| span.start <= offset && offset <= span.end)?;
    let lines = snapshot.lines(path)?;
    let placeholder = lines.text.get(word.clone())?.trim_matches(['「', '」']).to_owned();
    let range = snapshot.range(path, &word);
    Some(PrepareRenameResult::PrepareRenamePlaceholder(PrepareRenamePlaceholder {
        range,
        placeholder,
    }))
}

/// Answers `textDocument/rename`.
///
/// # Errors
/// What the service refuses: a word without a name, a name that is taken, a workbook's heading.
pub(super) fn rename(
    snapshot: &Snapshot,
    path: &Path,
    asked: &RenameParams,
) -> Result<Option<WorkspaceEdit>, Refused> {
    let position = asked.text_document_position_params.position;
    let Some(offset) = snapshot.offset(path, position) else { return Ok(None) };
    let edits = snapshot.view.rename(path, offset, &asked.new_name);
    let edits = edits.map_err(|refusal| in_words(snapshot, &refusal))?;
    Ok(Some(workspace_edit(snapshot, &edits)))
}
