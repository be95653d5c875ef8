//! The cases beside a policy: run, and the record of one accepted.

use super::super::super::publish;
use super::super::super::snapshot::Snapshot;
use super::super::{Refused, Reply, refused};
use super::rows::made;
use super::{Asked, place};
use crate::authoring::{CaseExpectation, CaseState, Edit};
use crate::say;
use crate::testing::suite::Status;
use lsp_server::ErrorCode;
use serde_json::{Value, json};
use std::path::Path;

/// The cases of a policy with what came of them.
pub(super) fn cases(snapshot: &Snapshot, path: &Path) -> Reply {
    let cases = snapshot.view.cases(path);
    let list: Vec<Value> = cases.iter().map(|case| one(snapshot, case)).collect();
    let count = |status| cases.iter().filter(|case| case.status == status).count();
    let (passed, failed) = (count(Status::Passed), count(Status::Failed));
    let errors = count(Status::Error);
    let said = say!(
        "案例 {passed} 个合乎所写，{failed} 个不合，{errors} 个判断不了",
        "cases: {passed} passed, {failed} failed, {errors} could not be judged"
    );
    let result = json!({"said": snapshot.pick(&said), "cases": list});
    Reply { result, apply: None }
}

fn one(snapshot: &Snapshot, case: &CaseState) -> Value {
    let status = match case.status {
        Status::Passed => say!("通过", "passed"),
        Status::Failed => say!("不合", "failed"),
        Status::Error => say!("判断不了", "could not be judged"),
    };
    let expected = |one: &CaseExpectation| {
        json!({
            "table": one.table,
            "key": one.key,
            "element": one.element,
            "article": one.article,
            "expected": snapshot.pick(&one.expected),
            "actual": one.actual.as_ref().map(|actual| snapshot.pick(actual)),
            "agrees": one.agrees,
        })
    };
    let told = case.told.iter().map(|told| publish::diagnostic(snapshot, told));
    json!({
        "name": case.name,
        "why": case.why,
        "status": {"code": case.status.code(), "said": snapshot.pick(&status)},
        "place": place(snapshot, &case.at),
        "expected": case.expected.iter().map(expected).collect::<Vec<_>>(),
        "told": told.collect::<Vec<_>>(),
        "toAccept": case.snapshot.is_some(),
    })
}

/// Accepts what came of a case, or of all that state nothing, as what has to come of it.
pub(super) fn accept(snapshot: &Snapshot, path: &Path, asked: &Asked) -> Result<Reply, Refused> {
    let cases = snapshot.view.cases(path);
    let meant = |case: &&CaseState| asked.case.as_ref().is_none_or(|name| *name == case.name);
    if asked.case.is_some() && !cases.iter().any(|case| meant(&case)) {
        return Err(refused(ErrorCode::InvalidParams, "no such case"));
    }
    let changed = cases.iter().filter(meant).filter_map(|case| case.snapshot.as_ref());
    let edits: Vec<Edit> = changed.map(|changed| changed.accept.clone()).collect();
    let said = say!("接受案例现在的结果", "what came of cases accepted");
    Ok(made(snapshot, snapshot.pick(&said).to_owned(), &edits))
}
