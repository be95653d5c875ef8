//! Edits of the service as edits of the protocol.

use super::snapshot::Snapshot;
use crate::authoring::Edit;
use gen_lsp_types::{
    CreateFile, CreateFileOptions, DocumentChange, Edit as LspEdit,
    OptionalVersionedTextDocumentIdentifier, TextDocumentEdit, TextDocumentIdentifier, TextEdit,
    WorkspaceEdit,
};
use std::collections::BTreeMap;
use std::path::Path;

/// Edits of files as one edit of the workspace; of a file that has no address none is made.
#[must_use]
pub fn workspace_edit(snapshot: &Snapshot, edits: &[Edit]) -> WorkspaceEdit {
    let mut by_path: BTreeMap<&Path, Vec<TextEdit>> = BTreeMap::new();
    for edit in edits {
        by_path.entry(&edit.path).or_default().push(snapshot.text_edit(edit));
    }
    if !snapshot.client.document_changes {
        let changes = by_path
            .into_iter()
            .filter_map(|(path, edits)| Some((snapshot.uri(path)?, edits)))
            .collect();
        return WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() };
    }
    let mut changes = Vec::new();
    for (path, edits) in by_path {
        let Some(uri) = snapshot.uri(path) else { continue };
        let is_there = snapshot.view.project().store.is_file(path);
        if !is_there && snapshot.client.creates_files {
            let options =
                CreateFileOptions { overwrite: Some(false), ignore_if_exists: Some(true) };
            let options = Some(options);
            changes.push(DocumentChange::CreateFile(CreateFile {
                uri: uri.clone(),
                options,
                annotation_id: None,
            }));
        }
        let version = snapshot.opened(path).map(|open| open.version);
        let text_document_identifier = TextDocumentIdentifier { uri };
        let text_document =
            OptionalVersionedTextDocumentIdentifier { version, text_document_identifier };
        let edits = edits.into_iter().map(LspEdit::TextEdit).collect();
        changes.push(DocumentChange::TextDocumentEdit(TextDocumentEdit { text_document, edits }));
    }
    WorkspaceEdit { document_changes: Some(changes), ..WorkspaceEdit::default() }
}
