//! One row as `explain` tells it.

use super::{both, maybe, place};
use crate::finding::{Evidence, Provision};
use crate::visible::visible;
use crate::why::{ArticleName, Change, Disposition, Entry, Needed, Record, Step};
use serde_json::{Value, json};

/// So many facts of a step are named; a count over a table rests on as many as there are rows.
const FACTS: usize = 12;

/// So many parts of a step are told.
const PARTS: usize = 30;

/// The record of a row.
pub(in crate::studio) fn record(record: &Record) -> Value {
    let waivers = record.waivers.iter().map(|(heading, waiver)| {
        json!({
            "heading": both(heading),
            "by": visible(&waiver.authority),
            "why": visible(&waiver.reason),
        })
    });
    json!({
        "table": both(&record.table),
        "name": both(&record.name()),
        "title": record.title.as_deref().map(visible),
        "place": record.place.as_ref().map(place),
        "dispositions": record.dispositions.iter().map(disposition).collect::<Vec<_>>(),
        "entries": record.entries.iter().map(entry).collect::<Vec<_>>(),
        "waivers": waivers.collect::<Vec<_>>(),
    })
}

fn names(articles: &[ArticleName]) -> Value {
    Value::Array(articles.iter().map(|article| both(&article.heading)).collect())
}

fn disposition(found: &Disposition) -> Value {
    json!({
        "field": both(&found.field),
        "path": maybe(found.path.as_ref()),
        "required": maybe(found.required.as_ref()),
        "declared": maybe(found.declared.as_ref()),
        "outcome": found.outcome.code(),
        "decided_by": names(&found.decided_by),
        "beaten": names(&found.beaten),
        "contested": names(&found.contested),
        "clashing": names(&found.clashing),
        "open": names(&found.open),
        "changes": found.changes.iter().map(change).collect::<Vec<_>>(),
    })
}

/// What would bring a disposition about.
fn change(change: &Change) -> Value {
    json!({
        "disposition": both(&change.disposition),
        "article": change.article.as_ref().map(|article| both(&article.heading)),
        "said": both(&change.found.said()),
        "conditions": change.conditions.iter().map(needed).collect::<Vec<_>>(),
    })
}

fn needed(needed: &Needed) -> Value {
    json!({"name": both(&needed.name), "demand": both(&needed.demand)})
}

fn entry(entry: &Entry) -> Value {
    json!({
        "article": entry.article.name,
        "heading": both(&entry.article.heading),
        "path": maybe(entry.path.as_ref()),
        "outcome": entry.outcome.code(),
        "condition": entry.condition.as_ref().map(step),
        "exception": entry.exception.as_ref().map(step),
        "requirement": entry.requirement.as_ref().map(step),
        "overridden_by": names(&entry.overridden_by),
        "provisions": entry.provisions.iter().map(provision).collect::<Vec<_>>(),
    })
}

fn provision(provision: &Provision) -> Value {
    let words: Vec<_> = provision.words.lines().map(visible).collect();
    json!({"cite": visible(&provision.cite), "words": words})
}

/// A condition with the facts it rests on.
fn step(found: &Step) -> Value {
    let values =
        found.values.iter().map(|(name, value)| json!([both(name), maybe(value.as_ref())]));
    json!({
        "text": both(&found.text),
        "truth": found.truth,
        "values": values.collect::<Vec<_>>(),
        "facts": found.facts.iter().take(FACTS).map(fact).collect::<Vec<_>>(),
        "more_facts": found.facts.len().saturating_sub(FACTS),
        "parts": found.parts.iter().take(PARTS).map(step).collect::<Vec<_>>(),
        "more_parts": found.parts.len().saturating_sub(PARTS),
    })
}

fn fact(fact: &Evidence) -> Value {
    json!({"label": both(&fact.label), "place": place(&fact.place)})
}
