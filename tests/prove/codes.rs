//! The smallest text for each thing that can be wrong with a policy, and that nothing else is found
//! in it.

use fanshi::analysis::{Settings, analyze};
use fanshi::lowering;
use fanshi::prove::{Certainty, Kind, Prover};
use fanshi::syntax::parse;
use fanshi::text::{FileId, Source, Sources};
use std::collections::BTreeSet;

const TABLE: &str = "enum fate { keep drop }\ntable item \
    { code : text key  n : integer  m : integer  a : boolean  b : boolean  outcome : fate }\n";

/// What is wrong, and what is not decided.
fn found(rules: &str) -> BTreeSet<&'static str> {
    let mut sources = Sources::default();
    sources.add(Source::new("small.fan", format!("policy small\n{TABLE}{rules}")));
    let (file, wrong) = parse::parse(FileId(0), sources.get(FileId(0)).unwrap());
    assert!(wrong.is_empty(), "{rules}\n{wrong:?}");
    let analysis = analyze(&[file], &sources, &Settings::default());
    assert!(analysis.diagnostics.is_empty(), "{rules}\n{:?}", analysis.diagnostics);
    let (graph, judgements, _, _) = lowering::lower(&analysis.program);
    let prover = Prover { graph: &graph, judgements: &judgements, today: 0 };
    let quick: BTreeSet<Kind> = prover.quick().iter().map(|finding| finding.kind).collect();
    let proof = prover.prove();
    for kind in quick {
        assert!(
            proof.findings.iter().any(|finding| finding.kind == kind && finding.wrong),
            "{kind:?} is found only quickly\n{rules}"
        );
    }
    let open = |certainty: &Certainty| matches!(certainty, Certainty::Open(_));
    let told = proof.findings.iter().filter(|finding| finding.wrong || open(&finding.certainty));
    told.map(|finding| if open(&finding.certainty) { "not_decided" } else { finding.kind.code() })
        .collect()
}

/// Whether the quick form finds it.
fn quickly(rules: &str) -> Vec<Kind> {
    let mut sources = Sources::default();
    sources.add(Source::new("small.fan", format!("policy small\n{TABLE}{rules}")));
    let (file, _) = parse::parse(FileId(0), sources.get(FileId(0)).unwrap());
    let analysis = analyze(&[file], &sources, &Settings::default());
    let (graph, judgements, _, _) = lowering::lower(&analysis.program);
    Prover { graph: &graph, judgements: &judgements, today: 0 }
        .quick()
        .iter()
        .map(|finding| finding.kind)
        .collect()
}

const CONFLICT: &str = "decide item.outcome\n  otherwise keep\narticle 1 x\n  whenever item where \
    a, then keep.\narticle 2 y\n  whenever item where b, then drop.\n";
const DEAD: &str = "article 1 x\n  whenever item where n > 3 and n < 2, must a.\n";
const IMPOSSIBLE: &str = "article 1 x\n  whenever item where n > 3, n must be below 2.\n";

#[test]
fn each_code_has_its_smallest_text() {
    let gap = "decide item.outcome\narticle 1 x\n  whenever item where a, then keep.\n";
    let shadowed = "decide item.outcome\n  otherwise keep\narticle 1 x\n  whenever item where n > \
        2, then drop.\narticle 2 y\n  whenever item where n > 3, then drop.\n";
    let idle_override = "article 1 x\n  whenever item where a, must b.\narticle 2 y\n  whenever \
        item where not a, must b.\n  overrides 1\n";
    for (code, rules) in [
        ("conflict", CONFLICT),
        ("dead", DEAD),
        ("impossible", IMPOSSIBLE),
        ("unviolable", "article 1 x\n  whenever item where n > 3, n must exceed 2.\n"),
        ("shadowed", shadowed),
        ("idle_exception", "article 1 x\n  whenever item where a, must b.\n  unless not a\n"),
        ("idle_override", idle_override),
        ("gap", gap),
        (
            "not_decided",
            "article 1 x\n  whenever item where n * n * n is m * m + 5 and n > 1000 and m > 1000, \
                must a.\n",
        ),
    ] {
        assert_eq!(found(rules), BTreeSet::from([code]), "{rules}");
    }
}

#[test]
fn the_quick_form_finds_what_needs_no_search() {
    assert_eq!(quickly(CONFLICT), [Kind::Conflict]);
    assert_eq!(quickly(DEAD), [Kind::Dead]);
    assert_eq!(quickly(IMPOSSIBLE), [Kind::Impossible]);
    assert!(quickly("article 1 x\n  whenever item where n > 3, must a.\n").is_empty());
}

#[test]
fn sums_are_decided_for_lists_of_any_length() {
    let table = "table thing \
        { code : text key  n : integer  ok : boolean  steps : many { k : integer } }\n";
    let total = "define total(thing) = sum(steps: k)\n";
    let rules = |condition: &str| {
        let total = if condition.contains("total") { total } else { "" };
        format!("{table}{total}article 1 x\n  whenever thing where {condition}, must ok.\n")
    };
    assert_eq!(
        found(&rules("(total > 9 or n > 9) and total < 3 and n < 3")),
        BTreeSet::from(["dead"])
    );
    assert_eq!(
        found(&rules("none(steps: k > 0) and none(steps: k <= 0) and total > 2")),
        BTreeSet::from(["dead"])
    );
    assert_eq!(found(&rules("count(steps) > n and count(steps) < n")), BTreeSet::from(["dead"]));
    assert_eq!(found(&rules("none(steps: k > 2) and total > 15")), BTreeSet::new());
    assert_eq!(found(&rules("none(steps: k > 1) and total > 40")), BTreeSet::new());
}

/// Forms over whole tables are beyond the proof: it says so, and claims nothing.
#[test]
fn forms_across_tables_are_not_decided() {
    for rules in [
        "article 1 x\n  whenever item, must be acyclic(item where n = this.m: item).\n",
        "article 1 x\n  whenever item where acyclic(item where n = this.m: item), must be \
            acyclic(item where n = this.m: item).\n",
        "article 1 x\n  whenever item where longest_path(n, item where n = this.m: item) > 3, \
            longest_path(n, item where n = this.m: item) must be below 2.\n",
        "article 1 x\n  whenever item where has most_similar(code, 60%, item: code), must lack \
            most_similar(code, 60%, item: code).\n",
    ] {
        assert_eq!(found(rules), BTreeSet::from(["not_decided"]), "{rules}");
    }
    // A row that may be the most similar one is a witness the evaluator agrees with.
    for rules in [
        "article 1 x\n  whenever item where most_similar(code, 60%, item: code).n > 3, must a.\n",
        "article 1 x\n  whenever item where has most_similar(code, 60%, item: code), must be \
            same(most_similar(code, 60%, item: code), {n, m}).\n",
    ] {
        assert_eq!(found(rules), BTreeSet::new(), "{rules}");
    }
}
