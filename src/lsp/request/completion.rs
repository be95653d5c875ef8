//! What may be written at a place.

use super::super::snapshot::Snapshot;
use crate::authoring::{Completion, What};
use gen_lsp_types::{
    CompletionItem, CompletionItemKind, CompletionItemTextEdit, CompletionList, CompletionParams,
    CompletionResponse, TextEdit,
};
use std::path::Path;

/// Answers `textDocument/completion`.
pub(super) fn complete(
    snapshot: &Snapshot,
    path: &Path,
    asked: &CompletionParams,
) -> Option<CompletionResponse> {
    let offset = snapshot.offset(path, asked.text_document_position_params.position)?;
    let items = snapshot.view.complete(path, offset);
    let items = items.iter().enumerate();
    let items = items.map(|(rank, item)| shown(snapshot, path, rank, item)).collect();
    // What fits depends on the words before it, which Chinese does not divide: it is asked again.
    let list = CompletionList { is_incomplete: true, items, item_defaults: None, apply_kind: None };
    Some(CompletionResponse::CompletionList(list))
}

/// One of them; its rank keeps the order.
fn shown(snapshot: &Snapshot, path: &Path, rank: usize, item: &Completion) -> CompletionItem {
    let edit =
        TextEdit { range: snapshot.range(path, &item.replaces), new_text: item.text.clone() };
    let same = snapshot.view.project().store.same(path);
    let here =
        item.also.iter().filter(|edit| snapshot.view.project().store.same(&edit.path) == same);
    let also: Vec<TextEdit> = here.map(|edit| snapshot.text_edit(edit)).collect();
    let detail = snapshot.pick(&item.detail);
    CompletionItem {
        label: item.label.clone(),
        kind: Some(kind(item.kind)),
        detail: (!detail.is_empty()).then(|| detail.to_owned()),
        sort_text: Some(format!("{rank:05}")),
        filter_text: Some(item.label.clone()),
        text_edit: Some(CompletionItemTextEdit::TextEdit(edit)),
        additional_text_edits: (!also.is_empty()).then_some(also),
        ..CompletionItem::default()
    }
}

fn kind(what: What) -> CompletionItemKind {
    match what {
        What::Keyword | What::Modal => CompletionItemKind::Keyword,
        What::Policy => CompletionItemKind::Module,
        What::Table => CompletionItemKind::Class,
        What::Field | What::Key => CompletionItemKind::Field,
        What::Enum => CompletionItemKind::Enum,
        What::Value => CompletionItemKind::EnumMember,
        What::Type => CompletionItemKind::TypeParameter,
        What::Parameter => CompletionItemKind::Constant,
        What::Definition => CompletionItemKind::Property,
        What::Function => CompletionItemKind::Function,
        What::Article | What::Process => CompletionItemKind::Method,
        What::Decision | What::Measure => CompletionItemKind::Variable,
        What::Number | What::Date | What::Text => CompletionItemKind::Value,
        What::Citation => CompletionItemKind::Reference,
        What::Sign => CompletionItemKind::Operator,
        What::Case => CompletionItemKind::Event,
        What::Comment | What::Other => CompletionItemKind::Text,
    }
}
