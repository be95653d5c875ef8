//! What columns are called in the words of the policy: as comments beside them.

use crate::engine::Policy;
use crate::lowering::{Lowered, NodeId};
use crate::program::ExprId;
use std::collections::BTreeMap;

/// How long a comment may be, in characters.
const LONGEST: usize = 72;

/// The expressions that nodes come of, by node; the shortest where there are several.
pub(super) type Notes = BTreeMap<NodeId, String>;

pub(super) fn notes(policy: &Policy) -> Notes {
    let mut found: BTreeMap<NodeId, (usize, ExprId, &str)> = BTreeMap::new();
    let mut add = |node: NodeId, expr: ExprId, rail: &'static str| {
        let span = policy.program.expr(expr).span;
        let own = (span.end.saturating_sub(span.start) as usize, expr, rail);
        let known = found.entry(node).or_insert(own);
        *known = own.min(*known);
    };
    for ((expr, _), lowered) in &policy.graph.lowered {
        match lowered {
            Lowered::Value(node) => add(*node, *expr, ""),
            Lowered::Truth(rails) => {
                add(rails.t, *expr, "+ ");
                add(rails.f, *expr, "- ");
            }
        }
    }
    let text = |(_, expr, rail): (usize, ExprId, &str)| {
        let span = policy.program.expr(expr).span;
        let source = policy.phrases.sources.get(span.file)?;
        let text = source.text.get(span.start as usize..span.end as usize)?;
        let words: Vec<&str> = text.split_whitespace().collect();
        let line = words.join(" ");
        let short: String = line.chars().take(LONGEST).collect();
        let cut = if short.len() < line.len() { "…" } else { "" };
        (!short.is_empty()).then(|| format!("{rail}{short}{cut}"))
    };
    found.into_iter().filter_map(|(node, found)| Some((node, text(found)?))).collect()
}
