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

/// Mistakes that are easily made and that cases with values on one side do not tell: a member more
/// or fewer, a field of the same type, an alternative fewer.
#[test]
fn members_fields_and_alternatives_are_changed() {
    let words =
        "policy p\ntable t { k : text key n : integer a : date b : date c : date x : text }\n";
    let case = |(at, (facts, outcome)): (usize, &(&str, &str))| {
        format!(
            "[[case]]\nname = \"{at}\"\nt = [{{ k = \"A\", {facts} }}]\n\
            expect = [{{ t = \"A\", article = \"one\", outcome = \"{outcome}\" }}]\n"
        )
    };
    let tried = |name: &str, article: &str, cases: &[(&str, &str)]| {
        let default =
            "[default.t]\nn = 0\na = 2015-01-01\nb = 2015-01-01\nc = 2015-01-01\nx = \"x\"\n";
        let cases: String = cases.iter().enumerate().map(case).collect();
        let policy = format!("{words}article 1 one whenever t, {article}.\n");
        survivors(name, &policy, &format!("as_of = 2015-11-20\n{default}{cases}"))
    };
    let set = "n must be in {1, 3, 7}";
    let four = [
        ("n = 1", "satisfied"),
        ("n = 3", "satisfied"),
        ("n = 7", "satisfied"),
        ("n = 9", "violated"),
    ];
    let found = tried("member", set, &four);
    assert!(some(&found, "2 added") && some(&found, "5 added"), "{found:#?}");
    let six = [&four[..], &[("n = 2", "violated"), ("n = 5", "violated")]].concat();
    assert_eq!(tried("members", set, &six), [""; 0]);
    assert!(some(&tried("fewer", set, &[four[0], four[3]]), "3 dropped"));
    let fields = "b must not exceed c";
    let alike = [
        ("a = 2015-01-02, b = 2015-01-02, c = 2015-01-02", "satisfied"),
        ("a = 2015-01-03, b = 2015-01-03, c = 2015-01-02", "violated"),
    ];
    let found = tried("field", fields, &alike);
    assert!(some(&found, "b: made a"), "{found:#?}");
    let apart = [&alike[..], &[("a = 2015-01-05, b = 2015-01-02, c = 2015-01-02", "satisfied")]];
    assert!(!some(&tried("apart", fields, &apart.concat()), "b: made a"));
    let pattern = "x must match \".*(甲|乙|丙).*\"";
    let found =
        tried("pattern-one", pattern, &[("x = \"a甲b\"", "satisfied"), ("x = \"丁\"", "violated")]);
    assert!(some(&found, "乙 dropped") && some(&found, "丙 dropped"), "{found:#?}");
}
