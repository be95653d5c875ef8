//! What is agreed at the beginning.

use super::position::Encoding;
use super::request::{COMMANDS, legend};
use super::snapshot::Client;
use gen_lsp_types::{
    ChangeNotifications, ClientCapabilities, CodeActionKind, CodeActionOptions, CodeActionProvider,
    CodeLensOptions, CompletionOptions, DefinitionProvider, DocumentFormattingProvider,
    DocumentHighlightProvider, DocumentLinkOptions, DocumentSymbolProvider, ExecuteCommandOptions,
    FoldingRangeProvider, Full, HoverProvider, InitializeParams, InlayHintProvider, MarkupKind,
    ReferencesProvider, RenameOptions, RenameProvider, ResourceOperationKind, Save,
    SemanticTokensOptions, SemanticTokensProvider, ServerCapabilities, TextDocumentSync,
    TextDocumentSyncKind, TextDocumentSyncOptions, WorkspaceFoldersServerCapabilities,
    WorkspaceOptions, WorkspaceSymbolProvider,
};
use serde::Deserialize;

/// What a client may set (`initializationOptions`, and `settings` when they change).
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Wanted {
    /// `zh`, `en`; anything else: the project's.
    pub language: Option<String>,
    /// Where counts of verdicts stand: `lens`, `inlay`, `both`, `off`; lens where nothing is said.
    pub verdicts: Option<String>,
}

/// What a client can do and wants.
#[must_use]
pub fn client(params: &InitializeParams, wanted: &Wanted) -> Client {
    let ClientCapabilities { workspace, text_document, general, .. } = &params.capabilities;
    let (workspace, text) = (workspace.as_ref(), text_document.as_ref());
    let offered = general.as_ref().and_then(|general| general.position_encodings.as_deref());
    let edit = workspace.and_then(|workspace| workspace.workspace_edit.as_ref());
    let operations = edit.and_then(|edit| edit.resource_operations.as_ref());
    let hover = text.and_then(|text| text.hover.as_ref());
    let formats = hover.and_then(|hover| hover.content_format.as_ref());
    let publishing = text.and_then(|text| text.publish_diagnostics.as_ref());
    let symbols = text.and_then(|text| text.document_symbol.as_ref());
    let lens = workspace.and_then(|workspace| workspace.code_lens.as_ref());
    let inlay = workspace.and_then(|workspace| workspace.inlay_hint.as_ref());
    let watched = workspace.and_then(|workspace| workspace.did_change_watched_files.as_ref());
    let verdicts = wanted.verdicts.as_deref().unwrap_or("lens");
    Client {
        encoding: Encoding::of(offered),
        markdown: formats.is_some_and(|formats| formats.contains(&MarkupKind::Markdown)),
        document_changes: edit.and_then(|edit| edit.document_changes).unwrap_or(false),
        creates_files: operations.is_some_and(|all| all.contains(&ResourceOperationKind::Create)),
        applies_edits: workspace.and_then(|workspace| workspace.apply_edit).unwrap_or(false),
        related: publishing
            .and_then(|publishing| publishing.diagnostics_capabilities.related_information)
            .unwrap_or(false),
        trees: symbols
            .and_then(|symbols| symbols.hierarchical_document_symbol_support)
            .unwrap_or(false),
        refreshes_lenses: lens.and_then(|lens| lens.refresh_support).unwrap_or(false),
        refreshes_inlays: inlay.and_then(|inlay| inlay.refresh_support).unwrap_or(false),
        watches: watched.and_then(|watched| watched.dynamic_registration).unwrap_or(false),
        lenses: matches!(verdicts, "lens" | "both"),
        inlays: matches!(verdicts, "inlay" | "both"),
    }
}

/// What is offered to it.
#[must_use]
pub fn offered(encoding: Encoding) -> ServerCapabilities {
    let own = |text: &str| text.to_owned();
    ServerCapabilities {
        position_encoding: Some(encoding.kind()),
        text_document_sync: Some(TextDocumentSync::Options(TextDocumentSyncOptions {
            open_close: Some(true),
            change: Some(TextDocumentSyncKind::Incremental),
            save: Some(Save::Bool(true)),
            ..TextDocumentSyncOptions::default()
        })),
        code_lens_provider: Some(CodeLensOptions::default()),
        inlay_hint_provider: Some(InlayHintProvider::Bool(true)),
        hover_provider: Some(HoverProvider::Bool(true)),
        completion_provider: Some(CompletionOptions {
            trigger_characters: Some([".", "．", "凡", "《", "“", "「"].map(own).to_vec()),
            ..CompletionOptions::default()
        }),
        code_action_provider: Some(CodeActionProvider::CodeActionOptions(CodeActionOptions {
            code_action_kinds: Some(vec![CodeActionKind::QuickFix]),
            ..CodeActionOptions::default()
        })),
        definition_provider: Some(DefinitionProvider::Bool(true)),
        references_provider: Some(ReferencesProvider::Bool(true)),
        document_highlight_provider: Some(DocumentHighlightProvider::Bool(true)),
        rename_provider: Some(RenameProvider::RenameOptions(RenameOptions {
            prepare_provider: Some(true),
            ..RenameOptions::default()
        })),
        document_formatting_provider: Some(DocumentFormattingProvider::Bool(true)),
        execute_command_provider: Some(ExecuteCommandOptions {
            commands: COMMANDS.map(own).to_vec(),
            ..ExecuteCommandOptions::default()
        }),
        semantic_tokens_provider: Some(SemanticTokensProvider::SemanticTokensOptions(
            SemanticTokensOptions {
                legend: legend(),
                range: None,
                full: Some(Full::Bool(true)),
                work_done_progress_options: gen_lsp_types::WorkDoneProgressOptions::default(),
            },
        )),
        folding_range_provider: Some(FoldingRangeProvider::Bool(true)),
        document_symbol_provider: Some(DocumentSymbolProvider::Bool(true)),
        workspace_symbol_provider: Some(WorkspaceSymbolProvider::Bool(true)),
        document_link_provider: Some(DocumentLinkOptions::default()),
        workspace: Some(WorkspaceOptions {
            workspace_folders: Some(WorkspaceFoldersServerCapabilities {
                supported: Some(true),
                change_notifications: Some(ChangeNotifications::Bool(true)),
            }),
            ..WorkspaceOptions::default()
        }),
        ..ServerCapabilities::default()
    }
}
