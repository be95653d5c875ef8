//! What has SQL and what is refused by name: every operation of the graph and every built-in
//! function is one or the other, on the cases of the suite and on the sample.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    dead_code,
    reason = "a test"
)]

#[path = "suite/case.rs"]
mod case;
mod sheets;

use fanshi::lowering::{Domain, NodeId, Op};
use fanshi::{Dialect, Options, Policy, Project, RuleId, emit};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// An operation's name, and whether it has SQL. An operation that is new has to decide here.
fn op(op: &Op) -> (&'static str, bool) {
    match op {
        Op::Truth(_) => ("Truth", true),
        Op::Bits(..) => ("Bits", true),
        Op::Present(..) => ("Present", true),
        Op::Unread(..) => ("Unread", true),
        Op::Claimed(..) => ("Claimed", true),
        Op::Sole(_) => ("Sole", true),
        Op::Whole(_) => ("Whole", true),
        Op::Valid(_) => ("Valid", true),
        Op::And(_) => ("And", true),
        Op::Or(_) => ("Or", true),
        Op::Not(_) => ("Not", true),
        Op::Compare(..) => ("Compare", true),
        Op::Same(..) => ("Same", true),
        Op::Apart(..) => ("Apart", true),
        Op::Text(..) => ("Text", true),
        Op::GatherBits(..) => ("GatherBits", true),
        Op::Exists(..) => ("Exists", true),
        Op::Constant(_) => ("Constant", true),
        Op::Weights(_) => ("Weights", true),
        Op::Column(..) => ("Column", true),
        Op::Gather(..) => ("Gather", true),
        Op::Canonical(_) => ("Canonical", true),
        Op::ToRatio(_) => ("ToRatio", true),
        Op::Arithmetic(..) => ("Arithmetic", true),
        Op::AddDays(..) => ("AddDays", true),
        Op::AddMonths(..) => ("AddMonths", true),
        Op::Negate(_) => ("Negate", true),
        Op::Where(..) => ("Where", true),
        Op::Pick(..) => ("Pick", true),
        Op::Count(..) => ("Count", true),
        Op::Sum(..) => ("Sum", true),
        Op::Max(..) => ("Max", true),
        Op::Min(..) => ("Min", true),
        Op::Select(..) => ("Select", true),
        Op::End(..) => ("End", true),
        Op::Distinct(..) => ("Distinct", true),
        Op::Nearest(..) => ("Nearest", false),
        Op::Cycles(_) => ("Cycles", false),
        Op::MayCycle(_) => ("MayCycle", false),
        Op::Longest(..) => ("Longest", false),
        Op::Call(function, _) => {
            (function.0.en, fanshi::emit::refused_function(function.0.en).is_none())
        }
        Op::Trace(_) => ("Trace", false),
        Op::NetElapsed(_) => ("NetElapsed", true),
        Op::Row => ("Row", true),
        Op::Parent(_) => ("Parent", true),
        Op::Paired(_) => ("Paired", true),
        Op::Outer(_) => ("Outer", true),
        Op::Inner(_) => ("Inner", true),
    }
}

/// The policies of the suite, and of the sample.
fn policies() -> Vec<(String, Policy)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut all = Vec::new();
    for (file, suite) in case::suites() {
        for (number, one) in suite.cases.iter().enumerate() {
            let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("emit");
            let folder = folder.join(format!("{file}-{number}"));
            case::lay_out(&one.files(&suite.shared), &folder);
            let policy = Project::read(&folder).policy(&Options::default());
            all.push((format!("{file}: {}", one.name), policy));
        }
    }
    let sample = Project::read(&root.join("policies/shangjie-2015"));
    all.push(("sample".to_owned(), sample.policy(&Options::default())));
    all
}

/// The nodes that the outcomes of an article rest on.
fn reached(policy: &Policy, rule: RuleId) -> BTreeSet<NodeId> {
    let RuleId::Article(id) = rule else { return BTreeSet::new() };
    let judgements = policy.judgements.iter().filter(|judgement| judgement.article == id);
    let mut open: Vec<NodeId> =
        judgements.flat_map(|judgement| judgement.outcomes.nodes()).collect();
    let mut seen = BTreeSet::new();
    while let Some(id) = open.pop() {
        if seen.insert(id) {
            let node = policy.graph.node(id).unwrap();
            open.extend(node.op.operands());
            let pairs = match node.domain {
                Domain::Pairs(pairs) => policy.graph.pairs_of(pairs),
                _ => None,
            };
            open.extend(pairs.into_iter().flat_map(|pairs| pairs.operands()));
        }
    }
    seen
}

#[test]
fn every_operation_has_sql_or_is_refused_by_name() {
    let mut met: BTreeMap<&str, usize> = BTreeMap::new();
    let mut wrong = Vec::new();
    let (mut written, mut refused) = (0, 0);
    for (name, policy) in policies() {
        for dialect in Dialect::ALL.map(|(dialect, _)| dialect) {
            for (rule, why) in emit(&policy, dialect).rules {
                let code = policy.rules.code(rule);
                let nodes = reached(&policy, rule);
                let ops = nodes.iter().map(|id| op(&policy.graph.node(*id).unwrap().op));
                let ops: BTreeSet<(&str, bool)> = ops.collect();
                ops.iter().for_each(|(op, _)| *met.entry(op).or_default() += 1);
                let lacking = ops.iter().any(|(_, has)| !has);
                match &why {
                    Some(why) => {
                        refused += 1;
                        let of_itself = ["could be understood", "pattern", "as a key", "be a key"];
                        let known = lacking || of_itself.iter().any(|of| why.en.contains(of));
                        if !known && matches!(rule, RuleId::Article(_)) {
                            wrong.push(format!("{name}: {code} is refused: {}", why.en));
                        }
                        assert!(!why.zh.is_empty() && !why.en.is_empty());
                    }
                    None => {
                        written += 1;
                        if lacking {
                            wrong.push(format!("{name}: {code} has SQL, with {ops:?}"));
                        }
                    }
                }
            }
        }
    }
    println!("{written} written, {refused} refused\n{met:?}");
    assert!(wrong.is_empty(), "{wrong:#?}");
    // Every operation and every function occurs, so that all of the above says something of it.
    let never: Vec<&str> = ALL.iter().copied().filter(|op| !met.contains_key(op)).collect();
    assert!(never.is_empty(), "in no case: {never:?}");
    let functions = fanshi::builtin::functions().map(|row| row.en);
    let never: Vec<&str> = functions.filter(|name| !met.contains_key(name)).collect();
    assert!(never.is_empty(), "functions in no case: {never:?}");
}

/// The operations that a rule can rest on.
const ALL: &[&str] = &[
    "Truth",
    "Bits",
    "Present",
    "Unread",
    "Claimed",
    "Sole",
    "Whole",
    "Valid",
    "And",
    "Or",
    "Not",
    "Compare",
    "Same",
    "Apart",
    "Text",
    "GatherBits",
    "Exists",
    "Constant",
    "Weights",
    "Column",
    "Gather",
    "Canonical",
    "ToRatio",
    "Arithmetic",
    "AddDays",
    "AddMonths",
    "Negate",
    "Where",
    "Pick",
    "Count",
    "Sum",
    "Max",
    "Min",
    "Select",
    "End",
    "Distinct",
    "Nearest",
    "Cycles",
    "MayCycle",
    "Longest",
    "Trace",
    "NetElapsed",
    "Row",
    "Parent",
    "Paired",
    "Outer",
    "Inner",
];

/// The same policy gives the same bytes.
#[test]
fn views_are_the_same_from_run_to_run() {
    let read = || {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies/shangjie-2015");
        emit(&Project::read(&root).policy(&Options::default()), Dialect::DuckDb).files
    };
    assert_eq!(read(), read());
}
