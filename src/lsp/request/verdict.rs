//! What articles came to, beside them.

use super::super::snapshot::Snapshot;
use crate::authoring::ArticleVerdicts;
use crate::finding::{Counts, Standing};
use crate::report::Words;
use crate::say;
use gen_lsp_types::{
    CodeLens, Command, InlayHint, InlayHintKind, Label, Range as LspRange, Tooltip,
};
use serde_json::json;
use std::path::Path;

/// Answers `textDocument/codeLens`: above each article what it came to; a click lists its rows.
pub(super) fn lenses(snapshot: &Snapshot, path: &Path) -> Option<Vec<CodeLens>> {
    if !snapshot.client.lenses {
        return Some(Vec::new());
    }
    let uri = snapshot.uri(path)?;
    let lens = |article: &ArticleVerdicts| {
        let range = snapshot.range(path, &article.selection);
        CodeLens {
            range,
            command: Some(Command {
                title: came_to(snapshot, article),
                tooltip: None,
                command: "fanshi.rows".to_owned(),
                arguments: Some(vec![json!({"uri": uri, "rule": article.code})]),
            }),
            data: None,
        }
    };
    Some(snapshot.view.verdicts(path).iter().map(lens).collect())
}

/// Answers `textDocument/inlayHint`: the same behind the headings.
pub(super) fn inlays(snapshot: &Snapshot, path: &Path, range: LspRange) -> Option<Vec<InlayHint>> {
    if !snapshot.client.inlays {
        return Some(Vec::new());
    }
    let hint = |article: &ArticleVerdicts| {
        let at = snapshot.range(path, &article.selection).end;
        let inside = range.start <= at && at <= range.end;
        inside.then(|| InlayHint {
            position: at,
            label: Label::String(came_to(snapshot, article)),
            kind: Some(InlayHintKind::Type),
            text_edits: None,
            tooltip: Some(Tooltip::String(snapshot.pick(&article.heading).to_owned())),
            padding_left: Some(true),
            padding_right: None,
            data: None,
        })
    };
    Some(snapshot.view.verdicts(path).iter().filter_map(hint).collect())
}

/// What an article came to, in one line.
pub(super) fn came_to(snapshot: &Snapshot, article: &ArticleVerdicts) -> String {
    let words = Words::of(snapshot.language);
    let unjudged = words.unjudged(article.standing);
    let counts = counted(words, &article.counts);
    let counts: Vec<String> =
        counts.iter().map(|(word, count)| format!("{word} {count}")).collect();
    match (unjudged, article.standing) {
        (None, _) if counts.is_empty() => snapshot.pick(&say!("没有行", "no row")).to_owned(),
        (None, _) => counts.join(" · "),
        // What was judged of it is worth knowing all the same.
        (Some(faulty), Standing::Faulty) => {
            counts.into_iter().chain([faulty.to_owned()]).collect::<Vec<_>>().join(" · ")
        }
        (Some(unjudged), _) => unjudged.to_owned(),
    }
}

/// The counts that are not nothing, with their words: what there is to do first.
pub(super) fn counted(words: &Words, counts: &Counts) -> Vec<(&'static str, usize)> {
    // Violated, in conflict, advised, undetermined, referred, waived; met, exempt, n/a, already.
    const ORDER: [usize; 10] = [1, 2, 3, 7, 8, 9, 0, 5, 6, 4];
    let columns = counts.columns();
    let names = words.outcome_columns;
    let each = ORDER.iter().filter_map(|at| Some((*names.get(at + 1)?, *columns.get(*at)?)));
    each.filter(|(_, count)| *count > 0).collect()
}
