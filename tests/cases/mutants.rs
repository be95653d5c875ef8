//! Which plausible mistakes of a policy are tried: where a case tells them from what is written, and
//! where none does.

use super::project::{fanshi, folder, said};

/// What no case noticed: the changes, as they are listed.
fn survivors(name: &str, policy: &str, cases: &str) -> Vec<String> {
    let folder = folder(name, &[("p.fan", policy), ("p.cases.toml", cases)]);
    let output = fanshi(&folder, &["test", "p.fan", "--mutate", "--lang", "en"]);
    let text = said(&output);
    assert!(text.contains(" passed"), "{text}");
    let lines = text.lines().filter_map(|line| line.split_once("no case notices "));
    lines.map(|(_, change)| change.to_owned()).collect()
}

fn some(changes: &[String], wanted: &str) -> bool {
    changes.iter().any(|change| change.contains(wanted))
}

const LISTS: &str = "policy p\ntable t { k : text key a : many text b : many text \
    c : many { v : integer } d : many { v : integer w : integer optional } e : many { x : date } }\n";

/// Cases in which both lists of a pair say the same tell nobody which of them is meant.
#[test]
fn one_list_is_taken_for_another() {
    let low = "a = [\"x\"]\nb = [\"x\"]\nc = [{ v = 1 }]\nd = [{ v = 1 }]\n";
    let high = "a = [\"x\", \"y\"]\nb = [\"x\", \"y\"]\nc = [{ v = 9 }, { v = 8 }]\n\
        d = [{ v = 9 }, { v = 8 }]\n";
    for (name, article, kept, broken, change) in [
        ("count", "whenever t, count(a) must not exceed 1", low, high, "a: made b"),
        ("every", "whenever t, every(c: v < 5) must be true", low, high, "c: made d"),
        ("sum", "whenever t, sum(c: v) must not exceed 5", low, high, "c: made d"),
        ("has", "whenever t, must have a", low, "a = []\nb = []\n", "a: made b"),
    ] {
        let policy = format!("{LISTS}article 1 one {article}.\n");
        let row = |facts: &str| {
            let facts = facts.trim_end().replace('\n', ", ");
            format!("t = [{{ k = \"A\", e = [], {facts} }}]\n")
        };
        let case = |name: &str, facts: &str, outcome: &str| {
            format!(
                "[[case]]\nname = \"{name}\"\n{}expect = [{{ t = \"A\", article = \"one\", \
                outcome = \"{outcome}\" }}]\n",
                row(facts)
            )
        };
        let both = [case("kept", kept, "satisfied"), case("broken", broken, "violated")];
        let cases = format!("as_of = 2015-11-20\n{}", both.concat());
        let changes = survivors(&format!("list-{name}"), &policy, &cases);
        assert!(some(&changes, change), "{name}: {changes:#?}");
        assert!(!some(&changes, "made e"), "{name}: {changes:#?}");
    }
}

/// What stands in a parameter is changed as where it is used.
#[test]
fn values_of_parameters_are_changed_as_those_in_place() {
    let words = "table t { k : text key c : text }\n";
    let case = |c: &str, outcome: &str| {
        format!(
            "[[case]]\nname = \"{c}\"\nt = [{{ k = \"A\", c = \"{c}\" }}]\n\
            expect = [{{ t = \"A\", article = \"one\", outcome = \"{outcome}\" }}]\n"
        )
    };
    let cases = |kept: &[&str], broken: &[&str]| {
        let kept = kept.iter().map(|c| case(c, "satisfied"));
        let all = kept.chain(broken.iter().map(|c| case(c, "violated")));
        format!("as_of = 2015-11-20\n{}", all.collect::<String>())
    };
    let both = |name: &str, value: &str, ty: &str, relation: &str, cases: &str| {
        let place =
            format!("policy p\n{words}article 1 one whenever t, c must {relation} {value}.\n");
        let apart = format!(
            "policy p\nparameter pat : {ty} = {value}\n{words}\
            article 1 one whenever t, c must {relation} pat.\n"
        );
        [place, apart].map(|policy| survivors(name, &policy, cases))
    };
    let pattern = "\"(a|b|c)x\"";
    let two = cases(&["ax"], &["zx"]);
    let [place, apart] = both("pattern", pattern, "text", "match", &two);
    for dropped in ["b dropped", "c dropped"] {
        assert!(some(&place, dropped), "{place:#?}");
        assert!(some(&apart, dropped), "{apart:#?}");
    }
    let all = cases(&["ax", "bx", "cx"], &["zx"]);
    let [place, apart] = both("pattern-all", pattern, "text", "match", &all);
    assert_eq!((place.len(), apart.len()), (0, 0), "{place:#?} {apart:#?}");
    let set = "{\"a\", \"b\"}";
    let [place, apart] = both("set", set, "many text", "be in", &cases(&["a", "b"], &[]));
    let added = "any other text added";
    assert!(some(&place, added) && some(&apart, added), "{place:#?} {apart:#?}");
    // A text that is no pattern has no alternatives.
    let [place, apart] = both("text", "\"a|b\"", "text", "be", &cases(&["a|b"], &["z"]));
    assert!(!some(&place, "dropped") && !some(&apart, "dropped"), "{place:#?} {apart:#?}");
}
