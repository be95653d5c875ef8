//! What a file declares, what of it may be folded, and what in it leads elsewhere.

use super::super::snapshot::Snapshot;
use crate::authoring::{Link, Symbol, What};
use gen_lsp_types::{
    DocumentLink, DocumentSymbol, DocumentSymbolResponse, FoldingRange, Location,
    SymbolInformation, SymbolKind, WorkspaceSymbolResponse,
};
use std::path::Path;

/// How deep an outline is followed.
const DEEPEST: usize = 64;
/// How many declarations are given out at once for all projects.
const MOST: usize = 1000;

/// Answers `textDocument/documentSymbol`.
pub(super) fn symbols(snapshot: &Snapshot, path: &Path) -> Option<DocumentSymbolResponse> {
    let symbols = snapshot.view.symbols(path);
    if snapshot.client.trees {
        let tree = symbols.iter().map(|symbol| tree(snapshot, path, symbol, DEEPEST)).collect();
        return Some(DocumentSymbolResponse::DocumentSymbolList(tree));
    }
    let mut list = Vec::new();
    flat(snapshot, path, &symbols, None, &mut list)?;
    Some(DocumentSymbolResponse::SymbolInformationList(list))
}

fn tree(snapshot: &Snapshot, path: &Path, symbol: &Symbol, deep: usize) -> DocumentSymbol {
    let inside = symbol.children.iter().take(if deep == 0 { 0 } else { usize::MAX });
    let children: Vec<DocumentSymbol> =
        inside.map(|child| tree(snapshot, path, child, deep.saturating_sub(1))).collect();
    // The name has to lie within the whole.
    let whole =
        symbol.span.start.min(symbol.selection.start)..symbol.span.end.max(symbol.selection.end);
    #[expect(deprecated, reason = "a field of the type")]
    DocumentSymbol {
        name: named(&symbol.name),
        detail: (!symbol.detail.is_empty()).then(|| symbol.detail.clone()),
        kind: kind(symbol.kind),
        tags: None,
        deprecated: None,
        range: snapshot.range(path, &whole),
        selection_range: snapshot.range(path, &symbol.selection),
        children: (!children.is_empty()).then_some(children),
    }
}

/// A name that is never empty, which clients refuse.
fn named(name: &str) -> String {
    if name.trim().is_empty() { "—".to_owned() } else { name.to_owned() }
}

fn flat(
    snapshot: &Snapshot,
    path: &Path,
    symbols: &[Symbol],
    inside: Option<&str>,
    list: &mut Vec<SymbolInformation>,
) -> Option<()> {
    for symbol in symbols {
        let location =
            Location { uri: snapshot.uri(path)?, range: snapshot.range(path, &symbol.selection) };
        #[expect(deprecated, reason = "a field of the type")]
        list.push(SymbolInformation {
            base_symbol_information: gen_lsp_types::BaseSymbolInformation {
                name: named(&symbol.name),
                kind: kind(symbol.kind),
                tags: None,
                container_name: inside.map(str::to_owned),
            },
            deprecated: None,
            location,
        });
        flat(snapshot, path, &symbol.children, Some(&symbol.name), list)?;
    }
    Some(())
}

/// Answers `workspace/symbol`: declarations whose name has the letters asked for, in their order.
pub(super) fn everywhere(snapshots: &[&Snapshot], asked: &str) -> Option<WorkspaceSymbolResponse> {
    let asked = asked.to_lowercase();
    let fits = |name: &str| {
        let name = name.to_lowercase();
        let mut letters = name.chars();
        asked.chars().all(|wanted| letters.any(|letter| letter == wanted))
    };
    let mut found = Vec::new();
    for snapshot in snapshots {
        for file in snapshot.view.files() {
            let mut list = Vec::new();
            let _ = flat(snapshot, &file.path, &snapshot.view.symbols(&file.path), None, &mut list);
            found.extend(list.into_iter().filter(|one| fits(&one.base_symbol_information.name)));
            if found.len() >= MOST {
                found.truncate(MOST);
                return Some(WorkspaceSymbolResponse::SymbolInformationList(found));
            }
        }
    }
    Some(WorkspaceSymbolResponse::SymbolInformationList(found))
}

fn kind(what: What) -> SymbolKind {
    match what {
        What::Policy => SymbolKind::Module,
        What::Table => SymbolKind::Class,
        What::Field => SymbolKind::Field,
        What::Key => SymbolKind::Key,
        What::Enum => SymbolKind::Enum,
        What::Value => SymbolKind::EnumMember,
        What::Type => SymbolKind::TypeParameter,
        What::Parameter => SymbolKind::Constant,
        What::Definition => SymbolKind::Property,
        What::Function => SymbolKind::Function,
        What::Article => SymbolKind::Method,
        What::Process => SymbolKind::Struct,
        What::Decision | What::Measure => SymbolKind::Variable,
        What::Number | What::Date => SymbolKind::Number,
        What::Case => SymbolKind::Event,
        What::Keyword | What::Modal | What::Sign => SymbolKind::Operator,
        What::Text | What::Citation | What::Comment | What::Other => SymbolKind::String,
    }
}

/// Answers `textDocument/foldingRange`.
pub(super) fn folds(snapshot: &Snapshot, path: &Path) -> Option<Vec<FoldingRange>> {
    let spans = snapshot.view.folds(path);
    let folded = spans.iter().filter_map(|span| {
        let range = snapshot.range(path, span);
        // What ends with a line's end does not reach into the next.
        let end_line = match range.end.character {
            0 if range.end.line > range.start.line => range.end.line - 1,
            _ => range.end.line,
        };
        (end_line > range.start.line).then(|| FoldingRange {
            start_line: range.start.line,
            end_line,
            ..FoldingRange::default()
        })
    });
    Some(folded.collect())
}

/// Answers `textDocument/documentLink`: those whose end is known.
pub(super) fn links(snapshot: &Snapshot, path: &Path) -> Option<Vec<DocumentLink>> {
    let links = snapshot.view.links(path);
    let shown = |link: &Link| {
        let to = link.to.as_ref()?;
        let mut target = snapshot.uri(&to.path)?;
        if to.cell.is_none() && to.span.start > 0 {
            let at = snapshot.range(&to.path, &to.span).start;
            target.set_fragment(Some(&format!("L{},{}", at.line + 1, at.character + 1)));
        }
        let said = snapshot.pick(&link.said);
        Some(DocumentLink {
            range: snapshot.range(path, &link.span),
            target: Some(target),
            tooltip: (!said.is_empty()).then(|| said.to_owned()),
            data: None,
        })
    };
    Some(links.iter().filter_map(shown).collect())
}
