//! One file for each kind of question. An answer is made from a [`Snapshot`] alone.

mod action;
mod command;
mod completion;
mod hover;
mod outline;
mod place;
mod token;
mod verdict;

pub use command::COMMANDS;
pub use token::legend;

use super::snapshot::Snapshot;
use crate::diagnostic::Diagnostic;
use gen_lsp_types::{
    CodeActionRequest, CodeLensRequest, CompletionRequest, DefinitionRequest,
    DocumentFormattingRequest, DocumentHighlightRequest, DocumentLinkRequest,
    DocumentSymbolRequest, ExecuteCommandRequest, FoldingRangeRequest, HoverRequest,
    InlayHintRequest, PrepareRenameRequest, ReferencesRequest, RenameRequest, Request,
    SemanticTokensRequest, TextEdit, Uri, WorkspaceEdit, WorkspaceSymbolRequest,
};
use lsp_server::{ErrorCode, ResponseError};
use serde_json::Value;
use std::path::Path;

/// How long an answer may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effort {
    /// The texts are enough.
    Quick,
    /// Rows may have to be judged; nobody wants the answer once the text is another.
    Judging,
    /// Rows may have to be judged, and the answer is wanted all the same.
    Asked,
}

/// The methods that are answered, and what each takes; all but the last speak of one document.
const METHODS: [(&str, Effort); 17] = [
    ("textDocument/hover", Effort::Quick),
    ("textDocument/completion", Effort::Quick),
    ("textDocument/definition", Effort::Quick),
    ("textDocument/references", Effort::Quick),
    ("textDocument/documentHighlight", Effort::Quick),
    ("textDocument/prepareRename", Effort::Quick),
    ("textDocument/rename", Effort::Asked),
    ("textDocument/codeAction", Effort::Quick),
    ("textDocument/formatting", Effort::Quick),
    ("textDocument/documentSymbol", Effort::Quick),
    ("textDocument/foldingRange", Effort::Quick),
    ("textDocument/documentLink", Effort::Quick),
    ("textDocument/semanticTokens/full", Effort::Quick),
    ("textDocument/codeLens", Effort::Judging),
    ("textDocument/inlayHint", Effort::Judging),
    ("workspace/executeCommand", Effort::Asked),
    (SYMBOLS, Effort::Quick),
];

/// The one question that is about everything that is open.
pub const SYMBOLS: &str = "workspace/symbol";

/// What a method takes; `None` of one that is not answered.
#[must_use]
pub fn effort(method: &str) -> Option<Effort> {
    METHODS.iter().find(|(name, _)| *name == method).map(|(_, effort)| *effort)
}

/// What came of a question.
#[derive(Debug, Default)]
pub struct Reply {
    /// The answer.
    pub result: Value,
    /// An edit that the client is asked to make, with what it is for.
    pub apply: Option<(String, WorkspaceEdit)>,
}

/// Why there is no answer.
pub type Refused = ResponseError;

/// A refusal in words.
#[must_use]
pub fn refused(code: ErrorCode, message: impl Into<String>) -> Refused {
    ResponseError { code: code as i32, message: message.into(), data: None }
}

/// What the service refuses, as an error of the protocol that an editor shows.
fn in_words(snapshot: &Snapshot, diagnostic: &Diagnostic) -> Refused {
    let mut message = snapshot.pick(&diagnostic.message).to_owned();
    if let Some(help) = &diagnostic.help {
        message = format!("{message}\n{}", snapshot.pick(help));
    }
    let data = Some(Value::from(diagnostic.code));
    ResponseError { code: ErrorCode::RequestFailed as i32, message, data }
}

/// The address of the document that a question is about, as it is written.
///
/// # Errors
/// Where there is none, or it is none.
pub fn document(params: &Value) -> Result<Uri, Refused> {
    let named = params.pointer("/textDocument/uri").or_else(|| params.pointer("/arguments/0/uri"));
    let written = named.and_then(Value::as_str);
    let written =
        written.ok_or_else(|| refused(ErrorCode::InvalidParams, "no uri of a document"))?;
    written.parse().map_err(|_| refused(ErrorCode::InvalidParams, format!("`{written}` is no uri")))
}

/// Reads what is asked, answers it, and writes the answer.
fn typed<R: Request>(
    params: Value,
    answer: impl FnOnce(R::Params) -> Result<R::Result, Refused>,
) -> Result<Reply, Refused> {
    let params = serde_json::from_value(params)
        .map_err(|error| refused(ErrorCode::InvalidParams, error.to_string()))?;
    let result = serde_json::to_value(answer(params)?)
        .map_err(|error| refused(ErrorCode::InternalError, error.to_string()))?;
    Ok(Reply { result, apply: None })
}

/// Answers a question about a document.
///
/// # Errors
/// Where the question is not understood, or has no answer.
pub fn answer(
    snapshot: &Snapshot,
    path: &Path,
    method: &str,
    params: Value,
) -> Result<Reply, Refused> {
    let s = snapshot;
    match method {
        "textDocument/hover" => typed::<HoverRequest>(params, |p| Ok(hover::hover(s, path, &p))),
        "textDocument/completion" => {
            typed::<CompletionRequest>(params, |p| Ok(completion::complete(s, path, &p)))
        }
        "textDocument/definition" => {
            typed::<DefinitionRequest>(params, |p| Ok(place::definition(s, path, &p)))
        }
        "textDocument/references" => {
            typed::<ReferencesRequest>(params, |p| Ok(place::references(s, path, &p)))
        }
        "textDocument/documentHighlight" => {
            typed::<DocumentHighlightRequest>(params, |p| Ok(place::highlights(s, path, &p)))
        }
        "textDocument/prepareRename" => {
            typed::<PrepareRenameRequest>(params, |p| Ok(place::prepare(s, path, &p)))
        }
        "textDocument/rename" => typed::<RenameRequest>(params, |p| place::rename(s, path, &p)),
        "textDocument/codeAction" => {
            typed::<CodeActionRequest>(params, |p| Ok(action::actions(s, path, &p)))
        }
        "textDocument/formatting" => {
            typed::<DocumentFormattingRequest>(params, |_| Ok(formatted(s, path)))
        }
        "textDocument/documentSymbol" => {
            typed::<DocumentSymbolRequest>(params, |_| Ok(outline::symbols(s, path)))
        }
        "textDocument/foldingRange" => {
            typed::<FoldingRangeRequest>(params, |_| Ok(outline::folds(s, path)))
        }
        "textDocument/documentLink" => {
            typed::<DocumentLinkRequest>(params, |_| Ok(outline::links(s, path)))
        }
        "textDocument/semanticTokens/full" => {
            typed::<SemanticTokensRequest>(params, |_| Ok(token::tokens(s, path)))
        }
        "textDocument/codeLens" => {
            typed::<CodeLensRequest>(params, |_| Ok(verdict::lenses(s, path)))
        }
        "textDocument/inlayHint" => {
            typed::<InlayHintRequest>(params, |p| Ok(verdict::inlays(s, path, p.range)))
        }
        "workspace/executeCommand" => {
            let mut apply = None;
            let reply = typed::<ExecuteCommandRequest>(params, |p| {
                let done = command::execute(s, path, &p)?;
                apply = done.apply;
                Ok(Some(done.result))
            })?;
            Ok(Reply { apply, ..reply })
        }
        _ => Err(unknown(method)),
    }
}

/// Answers a question about all projects.
///
/// # Errors
/// Where the question is not understood.
pub fn answer_of_all(snapshots: &[&Snapshot], params: Value) -> Result<Reply, Refused> {
    typed::<WorkspaceSymbolRequest>(params, |p| Ok(outline::everywhere(snapshots, &p.query)))
}

/// A method that is not answered.
#[must_use]
pub fn unknown(method: &str) -> Refused {
    refused(ErrorCode::MethodNotFound, format!("`{method}` is not answered here"))
}

/// The edits that give a text its canonical form; nothing where it has mistakes of syntax, which
/// are told anyway.
fn formatted(snapshot: &Snapshot, path: &Path) -> Option<Vec<TextEdit>> {
    let new_text = match snapshot.view.format(path) {
        Ok(Some(text)) => text,
        Ok(None) => return Some(Vec::new()),
        Err(_) => return None,
    };
    let whole = 0..snapshot.lines(path)?.text.len();
    Some(vec![TextEdit { range: snapshot.range(path, &whole), new_text }])
}
