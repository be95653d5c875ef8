//! The project at a glance.

use super::{both, maybe};
use crate::authoring::{GroupLine, Overview};
use crate::visible::visible;
use serde_json::{Value, json};

/// The project at a glance, in the numbers of a review.
pub(in crate::studio) fn glance(found: &Overview) -> Value {
    let review = &found.review;
    let group = |group: &GroupLine| {
        let name = both(&group.name);
        json!({"name": name, "rows": group.rows, "kinds": group.kinds})
    };
    let matrix = |matrix: &crate::review::Matrix| {
        let line = |line: &crate::review::Line| {
            json!({
                "name": both(&line.disposition),
                "declared": line.declared,
                "required": line.required,
            })
        };
        json!({
            "field": both(&matrix.field),
            "lines": matrix.lines.iter().map(line).collect::<Vec<_>>(),
        })
    };
    json!({
        "project": visible(&review.project),
        "as_of": review.as_of,
        "errors": review.errors,
        "rows": review.rows.iter().map(|(_, rows)| rows).sum::<usize>(),
        "kinds": review.tally.kinds(),
        "articles": review.articles.len(),
        "idle": review.idle,
        "matrices": review.matrices.iter().map(matrix).collect::<Vec<_>>(),
        "by": maybe(found.by.as_ref()),
        "groups": found.groups.iter().map(group).collect::<Vec<_>>(),
    })
}
