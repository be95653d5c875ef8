//! The words of a policy with what each is.

use super::super::snapshot::Snapshot;
use crate::authoring::What;
use gen_lsp_types::{SemanticToken, SemanticTokens, SemanticTokensLegend};
use std::path::Path;

/// The names of kinds that editors colour.
const KINDS: [&str; 15] = [
    "keyword",
    "namespace",
    "class",
    "property",
    "enum",
    "enumMember",
    "type",
    "parameter",
    "method",
    "function",
    "variable",
    "number",
    "string",
    "decorator",
    "comment",
];

/// The names of what else is said of a word, by bit.
const MARKS: [&str; 2] = ["declaration", "modal"];

/// What the numbers in the answers mean.
#[must_use]
pub fn legend() -> SemanticTokensLegend {
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    SemanticTokensLegend { token_types: owned(&KINDS), token_modifiers: owned(&MARKS) }
}

/// Answers `textDocument/semanticTokens/full`.
pub(super) fn tokens(snapshot: &Snapshot, path: &Path) -> Option<SemanticTokens> {
    let lines = snapshot.lines(path)?;
    let encoding = snapshot.client.encoding;
    let mut data = Vec::new();
    let (mut line, mut column, mut reached) = (0, 0, 0);
    for token in snapshot.view.tokens(path) {
        let Some(kind) = kind(token.kind) else { continue };
        let marks = u32::from(token.declares) | u32::from(token.kind == What::Modal) << 1;
        // A token lies in one line, and none over another.
        for part in lines.by_line(token.span.start.max(reached)..token.span.end) {
            let range = lines.range(&part, encoding);
            let (at, from) = (range.start.line, range.start.character);
            data.push(SemanticToken {
                delta_line: at - line,
                delta_start: if at == line { from - column } else { from },
                length: range.end.character - from,
                token_type: kind,
                token_modifiers_bitset: marks,
            });
            (line, column, reached) = (at, from, part.end);
        }
    }
    Some(SemanticTokens { result_id: None, data })
}

/// The number of a kind; `None` of what has no colour.
fn kind(what: What) -> Option<u32> {
    let name = match what {
        What::Keyword | What::Modal => "keyword",
        What::Policy => "namespace",
        What::Table => "class",
        What::Field | What::Key => "property",
        What::Enum => "enum",
        What::Value => "enumMember",
        What::Type => "type",
        What::Parameter => "parameter",
        What::Definition | What::Process => "method",
        What::Function | What::Article | What::Case => "function",
        What::Decision | What::Measure => "variable",
        What::Number | What::Date => "number",
        What::Text => "string",
        What::Citation => "decorator",
        What::Comment => "comment",
        What::Sign | What::Other => return None,
    };
    KINDS.iter().position(|kind| *kind == name).and_then(|at| u32::try_from(at).ok())
}
