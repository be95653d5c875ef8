//! Cases with what came of them, and what comes out otherwise than saved.

use super::{Teller, both, maybe, rule};
use crate::authoring::{CaseExpectation, CaseRow, CaseRows, CaseState, Flips, RowFlip};
use crate::testing::suite::Status;
use crate::visible::visible;
use serde_json::{Value, json};
use std::ops::Range;

/// The cases of a policy.
pub(in crate::studio) fn cases(teller: &mut Teller<'_>, found: &[CaseState]) -> Value {
    Value::Array(found.iter().map(|case| one(teller, case)).collect())
}

fn one(teller: &mut Teller<'_>, case: &CaseState) -> Value {
    let at = teller.at(&case.at);
    let ruler = teller.ruler(&case.at.path);
    let span = |span: &Range<usize>| ruler.as_ref().map_or(Value::Null, |ruler| ruler.span(span));
    let rows = |rows: &CaseRows| {
        let field = |(name, value, at): &(String, String, Range<usize>)| {
            let (name, value) = (visible(name), visible(value));
            json!({"name": name, "value": value, "span": span(at)})
        };
        let fields = |row: &CaseRow| row.fields.iter().map(field).collect::<Vec<_>>();
        let all: Vec<_> = rows.rows.iter().map(fields).collect();
        json!({"table": visible(&rows.table), "rows": all})
    };
    let expected = |stated: &CaseExpectation| {
        json!({
            "span": span(&stated.span),
            "table": visible(&stated.table),
            "key": visible(&stated.key),
            "element": stated.element.as_deref().map(visible),
            "article": stated.article.as_deref().map(visible),
            "expected": both(&stated.expected),
            "actual": maybe(stated.actual.as_ref()),
            "agrees": stated.agrees,
        })
    };
    let snapshot = case.snapshot.as_ref().map(|snapshot| {
        let accept = teller.edit(&snapshot.accept);
        json!({"before": snapshot.before, "after": snapshot.after, "accept": accept})
    });
    let told: Vec<Value> = case.told.iter().map(|told| teller.told(told)).collect();
    let unexpected: Vec<Value> = case.unexpected.iter().map(|told| teller.told(told)).collect();
    json!({
        "name": visible(&case.name),
        "why": case.why.as_deref().map(visible),
        "at": at,
        "status": case.status.code(),
        "as_of": case.as_of,
        "given": case.given.iter().map(rows).collect::<Vec<_>>(),
        "expected": case.expected.iter().map(expected).collect::<Vec<_>>(),
        "unexpected": unexpected,
        "told": told,
        "snapshot": snapshot,
    })
}

/// What comes out otherwise than with what is saved.
pub(in crate::studio) fn flips(teller: &Teller<'_>, found: &Flips) -> Value {
    let row = |flip: &RowFlip| {
        json!({
            "code": flip.rule,
            "heading": both(&flip.heading),
            "rule": flip.id.map(rule),
            "table": both(&flip.table),
            "key": visible(&flip.key),
            "row": flip.row,
            "title": flip.title.as_deref().map(visible),
            "before": flip.before.map(crate::finding::Outcome::code),
            "after": flip.after.map(crate::finding::Outcome::code),
        })
    };
    let cases = found.cases.iter().map(|flip| {
        json!({
            "file": teller.look.name(&flip.policy),
            "name": visible(&flip.name),
            "before": flip.before.map(Status::code),
            "after": flip.after.map(Status::code),
        })
    });
    json!({
        "rows": found.rows.iter().map(row).collect::<Vec<_>>(),
        "more": found.more,
        "cases": cases.collect::<Vec<_>>(),
    })
}
