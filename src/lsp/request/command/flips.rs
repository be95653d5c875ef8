//! What comes out otherwise than with what is saved.

use super::super::super::snapshot::Snapshot;
use super::super::Reply;
use super::outcome;
use crate::authoring::{CaseFlip, RowFlip};
use crate::finding::Weight;
use crate::say;
use serde_json::{Value, json};

/// The rows and the cases that the texts not yet saved turn.
pub(super) fn flips(snapshot: &Snapshot) -> Reply {
    let Some(saved) = &snapshot.saved else { return Reply::default() };
    let flips = snapshot.view.flips(saved);
    let row = |flip: &RowFlip| {
        json!({
            "rule": flip.rule,
            "heading": snapshot.pick(&flip.heading),
            "table": snapshot.pick(&flip.table),
            "key": flip.key,
            "row": flip.row,
            "title": flip.title,
            "before": outcome(snapshot, flip.before, Weight::Error),
            "after": outcome(snapshot, flip.after, Weight::Error),
        })
    };
    let case = |flip: &CaseFlip| {
        json!({
            "policy": snapshot.uri(&flip.policy),
            "case": flip.name,
            "before": flip.before.map(crate::testing::suite::Status::code),
            "after": flip.after.map(crate::testing::suite::Status::code),
        })
    };
    let (rows, cases) = (flips.rows.len() + flips.more, flips.cases.len());
    let said = say!(
        "未保存的改动使 {rows} 个结果、{cases} 个案例变了",
        "what is not saved turns {rows} results and {cases} cases"
    );
    let result = json!({
        "said": snapshot.pick(&said),
        "rows": flips.rows.iter().map(row).collect::<Vec<Value>>(),
        "more": flips.more,
        "cases": flips.cases.iter().map(case).collect::<Vec<Value>>(),
    });
    Reply { result, apply: None }
}
