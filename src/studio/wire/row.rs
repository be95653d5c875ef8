//! What rules came to, and the rows behind that.

use super::{Teller, both, rule};
use crate::authoring::{ArticleVerdicts, RowVerdict};
use crate::finding::{Counts, Outcome, Weight};
use crate::visible::visible;
use serde_json::{Value, json};
use std::path::Path;

/// The rules of a policy with what they came to.
pub(in crate::studio) fn verdicts(
    teller: &mut Teller<'_>,
    path: &Path,
    found: &[ArticleVerdicts],
) -> Value {
    let ruler = teller.ruler(path);
    let span = |span: &std::ops::Range<usize>| {
        ruler.as_ref().map_or(Value::Null, |ruler| ruler.span(span))
    };
    let one = |found: &ArticleVerdicts| {
        json!({
            "rule": rule(found.rule),
            "code": found.code,
            "heading": both(&found.heading),
            "selection": span(&found.selection),
            "span": span(&found.span),
            "counts": counts(&found.counts),
            "standing": found.standing.code(),
        })
    };
    Value::Array(found.iter().map(one).collect())
}

/// Counts, each row in one of them.
pub(super) fn counts(counts: &Counts) -> Value {
    json!({
        "satisfied": counts.satisfied,
        "violated": counts.violated.saturating_sub(counts.advised + counts.conflict),
        "conflict": counts.conflict,
        "warning": counts.advised,
        "undetermined": counts.undetermined,
        "referred": counts.referred,
        "waived": counts.waived,
        "exempt": counts.exempt,
        "already_demanded": counts.already,
        "not_applicable": counts.not_applicable,
    })
}

/// The rows of a rule that there is something to say about.
pub(in crate::studio) fn rows(teller: &mut Teller<'_>, found: &[RowVerdict]) -> Value {
    let one = |found: &RowVerdict| {
        let places: Vec<Value> = found.places.iter().map(|place| teller.at(place)).collect();
        json!({
            "table": both(&found.table),
            "key": visible(&found.key),
            "row": found.row,
            "title": found.title.as_deref().map(visible),
            "element": super::maybe(found.element.as_ref()),
            "outcome": outcome(found.outcome, found.weight),
            "message": both(&found.message),
            "places": places,
            "fingerprint": found.fingerprint,
        })
    };
    Value::Array(found.iter().map(one).collect())
}

/// What a row is filed under: the outcome, advice apart.
fn outcome(outcome: Outcome, weight: Weight) -> &'static str {
    match (outcome, weight) {
        (Outcome::Violated, Weight::Error) => outcome.code(),
        (Outcome::Violated, _) => "warning",
        _ => outcome.code(),
    }
}
