//! What is proven is what evaluation says of data that loads: each kind of claim by small policies.

use fanshi::analysis::{Settings, analyze};
use fanshi::lowering;
use fanshi::prove::{Answer, Certainty, Claim, Finding, Kind, Prover};
use fanshi::syntax::parse;
use fanshi::text::{FileId, Source, Sources};

const TABLES: &str = "enum fate { keep high low }
table u { id : text key  y : integer }
table t { id : text key  i : integer  j : integer  d : date  e : date optional  tm : instant
  tx : text  ty : text  r : u  q : u  a : boolean  b : boolean  n : workdays
  xs : many { v : integer  f : boolean }  ev : many { act : text }  s : fate }
";

/// All findings, with the message of each in English.
fn findings(rules: &str) -> Vec<(Finding, String)> {
    let mut sources = Sources::default();
    sources.add(Source::new("small.fan", format!("policy small\n{TABLES}{rules}")));
    let (file, wrong) = parse::parse(FileId(0), sources.get(FileId(0)).unwrap());
    assert!(wrong.is_empty(), "{rules}\n{wrong:?}");
    let analysis = analyze(&[file], &sources, &Settings::default());
    assert!(analysis.diagnostics.is_empty(), "{rules}\n{:?}", analysis.diagnostics);
    let (graph, judgements, _, _) = lowering::lower(&analysis.program);
    let prover = Prover { graph: &graph, judgements: &judgements, today: 16_759 };
    let found = prover.prove().findings.into_iter();
    found
        .map(|finding| {
            let message = finding.message(&prover, &sources).en;
            (finding, message)
        })
        .collect()
}

/// What is wrong with rules, or not decided.
fn wrong(rules: &str) -> Vec<(&'static str, bool)> {
    let open = |finding: &Finding| matches!(finding.certainty, Certainty::Open(_));
    let told = findings(rules).into_iter().map(|(finding, _)| finding);
    let told = told.filter(|finding| finding.wrong || open(finding));
    told.map(|finding| (finding.kind.code(), open(&finding))).collect()
}

fn condition(condition: &str) -> String {
    format!("article 1 x\n  whenever t where {condition}, must a.\n")
}

fn requirement(requirement: &str) -> String {
    format!("article 1 x\n  whenever t, must ({requirement}).\n")
}

/// Some row meets each condition, and nothing is said of it.
fn possible(conditions: &[&str]) {
    for text in conditions {
        assert_eq!(wrong(&condition(text)), [], "{text}");
    }
}

fn dead(conditions: &[&str]) {
    for text in conditions {
        assert_eq!(wrong(&condition(text)), [("dead", false)], "{text}");
    }
}

fn unviolable(requirements: &[&str]) {
    for text in requirements {
        assert_eq!(wrong(&requirement(text)), [("unviolable", false)], "{text}");
    }
}

#[test]
fn all_days_and_instants_that_data_can_hold_are_possible() {
    possible(&[
        "d = 9999-12-31",
        "d < 0054-01-01",
        "d = 0000-01-01",
        "year(d) = 0",
        "has e and e - d > 3000000 days",
        "tm > 9999-01-01 00:00",
        "tm < 0001-01-01 00:00",
    ]);
    dead(&["d < 0000-01-01", "year(d) > 9999", "date(tm) > 9999-12-31 and hour(tm) > 24"]);
}

/// A sum that is no date is unknown, not false.
#[test]
fn a_day_beyond_the_years_has_no_date() {
    dead(&["d + 12 months > 9999-12-31", "d + 8000000 days > d", "d - 8000000 days < d"]);
    possible(&["d + 12 months > 9999-12-30", "d + 1 days = 9999-12-31", "d - 1 days < 0000-01-01"]);
    let rules = "decide t.s\n  otherwise keep\n\
        article 1 x\n  whenever t where d + 400 days > 2015-01-01, then high.\n\
        article 2 y\n  whenever t where not d + 400 days > 2015-01-01, then low.\n";
    let covered =
        |(finding, message): (Finding, String)| (finding.kind == Kind::Covered).then_some(message);
    let said: Vec<String> = findings(rules).into_iter().filter_map(covered).collect();
    assert!(said[0].ends_with("except where `d + 400 days` has no value"), "{said:?}");
}

#[test]
fn keys_differ_from_row_to_row_only_because_loading_sees_to_it() {
    for (kind, rules) in [
        (Kind::Unviolable, requirement("count(t: id = this.id) <= 1")),
        (Kind::Unviolable, requirement("none(t: id = this.id and i is not this.i)")),
        (Kind::Dead, condition("count(u: id = this.tx) > 1")),
        (Kind::Dead, condition("r is not q and r.id = q.id")),
    ] {
        let all = findings(&rules);
        let found = all.iter().find(|(finding, _)| finding.kind == kind);
        let (finding, message) = found.unwrap_or_else(|| panic!("{rules}\n{all:?}"));
        assert!(matches!(finding.certainty, Certainty::ByKeys) && !finding.wrong, "{rules}");
        assert!(message.contains("which loading checks"), "{message}");
    }
}

/// A key is compared as people read it; other texts are compared letter by letter.
#[test]
fn texts_compare_with_keys_as_evaluation_compares_them() {
    possible(&["tx = r.id and tx = \"Ａ\" and r.id = \"A\"", "r.id = \"Ａ\" and r.id = \"A\""]);
    dead(&[
        "tx is not r.id and tx = \"①\" and r.id = \"1\"",
        "tx = r.id and tx = \"a\" and r.id = \"b\"",
        "tx = \"Ａ\" and tx = \"A\"",
    ]);
}

#[test]
fn texts_that_no_reader_lets_pass_are_no_witnesses() {
    dead(&[
        "tx = \" a\"",
        "tx matches \"a \"",
        "tx starts with \" \"",
        "tx ends with \"\u{3000}\"",
        "length(tx) = 0",
        "length(tx) = 1 and tx contains \" \"",
    ]);
    possible(&["tx = \"a b\"", "tx matches \"[ ]?b\"", "tx contains \"  \" and length(tx) = 4"]);
    let rules = "decide t.s\n  otherwise keep\n\
        article 1 x\n  whenever t where tx = \" a\", then high.\n\
        article 2 y\n  whenever t where a, then low.\n";
    assert_eq!(wrong(rules), [("dead", false)], "and no conflict");
}

#[test]
fn every_row_is_spoken_of_but_those_where_a_form_has_no_value() {
    for (form, limit) in [
        ("max(xs: v)", "3"),
        ("min(xs: v)", "3"),
        ("xs[f].v", "3"),
        ("position(tx, \"a\")", "3"),
        ("100 / i", "3"),
        ("i + 1", "3"),
        ("mod(i, j)", "3"),
        ("d + 1 months", "2015-01-01"),
    ] {
        let rules = format!(
            "decide t.s\n  otherwise keep\n\
            article 1 x\n  whenever t where {form} > {limit}, then high.\n\
            article 2 y\n  whenever t where not {form} > {limit}, then low.\n"
        );
        let all = findings(&rules);
        let covered = all.iter().find(|(finding, _)| finding.kind == Kind::Covered);
        let (finding, message) = covered.unwrap_or_else(|| panic!("{rules}\n{all:?}"));
        assert!(matches!(finding.certainty, Certainty::Proven), "{form}");
        assert!(
            message.ends_with(&format!("except where `{form}` has no value")),
            "{form}: {message}"
        );
    }
    let whole = "decide t.s\n  otherwise keep\n\
        article 1 x\n  whenever t where r.y > 3 or count(xs) > 3, then high.\n\
        article 2 y\n  whenever t where not (r.y > 3 or count(xs) > 3), then low.\n";
    let all = findings(whole);
    assert!(all.iter().any(|(_, message)| message == "every row is spoken of: t.s"), "{all:?}");
}

#[test]
fn requirements_that_contradict_each_other_are_found_with_a_row_that_both_govern() {
    for rules in [
        "article 1 x\n  whenever t, must have e.\narticle 2 y\n  whenever t, must lack e.\n",
        "article 1 x\n  whenever t, n must be at least 6 workdays.\n\
            article 2 y\n  whenever t, n must not exceed 5 workdays.\n",
        "article 1 x\n  whenever t where a, i must exceed j.\n\
            article 2 y\n  whenever t where b, j must be at least i.\n",
        "article 1 x\n  whenever t, must every(xs: v > 3) and count(xs) > 1.\n\
            article 2 y\n  whenever t, must any(xs: v < 2).\n",
        "article 1 x\n  whenever t, must tx matches \"[0-9]{5}\".\n\
            article 2 y\n  whenever t, length(tx) must be 4.\n",
    ] {
        let all = findings(rules);
        let found: Vec<_> =
            all.iter().filter(|(finding, _)| finding.kind == Kind::Contradiction).collect();
        let [(finding, _)] = found.as_slice() else { panic!("{rules}\n{all:?}") };
        assert!(finding.wrong && matches!(finding.certainty, Certainty::Shown(_)), "{rules}");
    }
    // Kept apart by their conditions, by an exception, or by an override; or one of them is
    // impossible by itself.
    for rules in [
        "article 1 x\n  whenever t where a, must have e.\n\
            article 2 y\n  whenever t where not a, must lack e.\n",
        "article 1 x\n  whenever t, must have e.\n  unless a\n\
            article 2 y\n  whenever t where a, must lack e.\n",
        "article 1 x\n  whenever t, must have e.\n\
            article 2 y\n  whenever t where a, must lack e.\n  overrides 1\n",
    ] {
        assert_eq!(wrong(rules), [], "{rules}");
    }
}

#[test]
fn what_dates_and_instants_give_is_bounded() {
    unviolable(&[
        "d + 1 months > d",
        "d + 1 months > d + 20 days",
        "month_start(d) <= d and d <= month_end(d)",
        "month(month_start(d)) = month(d)",
        "year(d + 12 months) = year(d) + 1",
    ]);
    dead(&[
        "month(d) = 13",
        "weekday(d) = 8",
        "weekday(week_start(d)) = 2",
        "quarter(d) = 1 and month(d) = 4",
        "day(d) = 29 and month(d) = 2 and year(d) = 1900",
        "hour(tm) > 23",
        "minute(tm) = 60",
        "date(tm) = 2015-11-20 and tm < 2015-11-20 00:00",
    ]);
}

#[test]
fn what_numbers_give_is_bounded() {
    unviolable(&["abs(i) >= 0", "abs(i) >= i", "mod(i, 3) <= 2"]);
    dead(&["mod(i, 3) = 3", "mod(i, 4) = 2 and mod(i, 2) = 1", "i * i < 0", "i * 2 = 3"]);
}

#[test]
fn sets_of_texts_are_compared() {
    unviolable(&["length(concat(tx, \"x\")) >= 2", "concat(tx, \"x\") ends with \"x\""]);
    dead(&[
        "length(tx) < 0",
        "tx matches \"a+\" and tx matches \"b+\"",
        "tx matches \"[0-9]{5}\" and length(tx) = 4",
        "tx starts with \"ab\" and tx starts with \"b\"",
        "tx ends with \"a\" and tx ends with \"b\"",
        "slice(tx, 1, 2) = \"ab\" and tx starts with \"b\"",
        "position(tx, \"a\") = 1 and tx starts with \"a\"",
        "concat(\"x\", tx) = \"y\"",
        "length(slice(tx, 1, 3)) = 2",
    ]);
    possible(&["position(tx, \"a\") > 3", "concat(tx, \"x\") = \"yx\"", "normalize(tx) = \"A1\""]);
}

#[test]
fn lists_of_any_length_are_reasoned_about() {
    unviolable(&[
        "not every(xs: v >= 0) or sum(xs: v) >= 0",
        "count(xs: f) <= count(xs)",
        "count(xs: f) + count(xs: not f) = count(xs)",
        "count(xs: f and v > 0) <= count(xs: v > 0)",
    ]);
    dead(&[
        "count(xs) = 23 and every(xs: f) and count(xs: f) < 23",
        "every(xs: v = 2) and count(xs) = 7 and sum(xs: v) = 15",
        "max(xs: v) > 3 and every(xs: v <= 3)",
        "none(u: y = 3) and r.y = 3",
        "count(u: y > 3) = 0 and r.y = 4",
    ]);
}

#[test]
fn values_by_condition_are_followed_into_both_cases() {
    unviolable(&[
        "(if a then 5 else 10) <= 10",
        "(if a then i else i) = i",
        "(if a then 5 workdays else n) <= n or a",
        "(e or else d) = d or has e",
        "(avg(xs: v) or else 0) >= 0 or not every(xs: v >= 0)",
    ]);
    dead(&[
        "(e or else d) > d and lacks e",
        "(if a then b else (not b)) and a and not b",
        "(if i > 3 then 1 else 2) = 2 and i > 5",
    ]);
    possible(&["(if i > 3 then 1 else 2) = 2 and i < 5", "avg(xs: v) > 3"]);
}

#[test]
fn spans_of_the_clock_are_reckoned_with() {
    unviolable(&[
        "tm + 2 hours > tm + 90 minutes",
        "(tm + 2 hours) - tm = 120 minutes",
        "tm + 1 days = tm + 24 hours",
    ]);
    dead(&["tm + 30 minutes < tm", "tm - 90 minutes > tm - 1 hours"]);
    possible(&[
        "tm - 30 minutes < 2015-11-20 00:00",
        "(if tx is \"x\" then 1 hours else 90 minutes) > 1 hours",
    ]);
}

#[test]
fn the_first_of_a_list_is_one_of_it() {
    unviolable(&["has first(xs) or count(xs) = 0"]);
    dead(&[
        "has first(xs) and count(xs) = 0",
        "has first(xs) and first(xs).v > 3 and every(xs: v < 3)",
        "count_distinct(xs: v) < 0",
    ]);
    possible(&["has first(xs) and first(xs).v > 3"]);
}

#[test]
fn courses_of_events_are_held_against_each_other() {
    dead(&[
        "init(ev.act, \"a\") and init(ev.act, \"b\")",
        "response(ev.act, \"a\", \"b\") and existence(ev.act, \"a\", 1) and absence(ev.act, \"b\", 1)",
        "precedence(ev.act, \"a\", \"b\") and init(ev.act, \"b\")",
        "exactly(ev.act, \"a\", 2) and absence(ev.act, \"a\", 2)",
        "count(ev) = 0 and init(ev.act, \"a\")",
    ]);
    possible(&["response(ev.act, \"a\", \"b\") and existence(ev.act, \"a\", 2)"]);
}

/// The sentence that says that every row is spoken of, of two articles that say the opposite.
fn covered(form: &str, opposite: &str) -> String {
    let rules = format!(
        "decide t.s\n  otherwise keep\n\
        article 1 x\n  whenever t where {form}, then high.\n\
        article 2 y\n  whenever t where {opposite}, then low.\n"
    );
    let all = findings(&rules);
    let covered = all.iter().find(|(finding, _)| finding.kind == Kind::Covered);
    let (finding, message) = covered.unwrap_or_else(|| panic!("{rules}\n{all:?}"));
    assert!(matches!(finding.certainty, Certainty::Proven), "{rules}\n{all:?}");
    message.clone()
}

/// A sum has a value for every list, the empty one, too, unless it is too large to be stored.
#[test]
fn sums_speak_of_every_row() {
    for (form, opposite) in [
        ("sum(xs: v) > 3", "sum(xs: v) <= 3"),
        ("sum(xs: v) > 3", "not (sum(xs: v) > 3)"),
        ("sum(xs where f: v) >= i", "sum(xs where f: v) < i"),
        ("sum(xs: v) + 1 > count(xs)", "not sum(xs: v) + 1 > count(xs)"),
    ] {
        covered(form, opposite);
    }
}

/// Division by a constant that is not 0 is exact; so is a multiple of a step.
#[test]
fn exact_numbers_that_stay_small_have_a_value() {
    for form in ["i / 3", "round(i / 2, 10)", "i / 7 - j / 3", "round(i / 4, 0.5)"] {
        let said = covered(&format!("{form} > 3"), &format!("not {form} > 3"));
        assert_eq!(said, "every row is spoken of: t.s", "{form}");
    }
}

#[test]
fn working_days_are_counted_forwards_only() {
    for text in [
        "elapsed(d, f) < 0 workdays",
        "elapsed(d, f) > 0 workdays and d = f",
        "elapsed(d, f) >= 0 workdays and f < d",
    ] {
        let rules = format!(
            "枚举 性质 {{ 休息 上班 }}\n表 日历 {{ 日 : 日期 主键 性质 : 性质 }}\n\
            历法 办公 于 日历 {{ 日期 日 周休 6、7 休 性质 = 休息 班 性质 = 上班 }}\n\
            table w {{ id : text key  d : date  f : date  g : boolean }}\n\
            article 1 x\n  whenever w where {text}, must g.\n"
        );
        assert_eq!(wrong(&rules), [("dead", false)], "{text}");
    }
}

#[test]
fn texts_that_are_one_have_one_length_and_the_same_parts() {
    dead(&[
        "tx = ty and length(tx) is not length(ty)",
        "tx = ty and length(tx) > length(ty)",
        "tx = ty and slice(tx, 1, 2) is not slice(ty, 1, 2)",
        "tx = r.id and length(tx) = 3 and length(ty) = 4 and ty = tx",
    ]);
    possible(&["tx is not ty and length(tx) = length(ty)"]);
}

/// A list that is not given has no elements: rows are never shown in one.
#[test]
fn a_list_that_is_not_given_has_no_elements() {
    let optional = TABLES.replace("ev : many { act : text }", "ev : many { act : text } optional");
    let ask =
        |rules: &str, claim: Claim| asked(&format!("policy small\n{optional}{rules}"), &[claim]);
    let silent = condition("every(ev: every(u: id = this.id))");
    for (rules, claim) in [
        // An exception that must not be ruled out, of which the list is the only doubt.
        (condition("every(ev: act = \"a\")"), Claim::Unsure(0)),
        (condition("any(ev: act = \"a\")"), Claim::Silent(0)),
        (condition("count(ev) > 0 or a"), Claim::Unsure(0)),
        (format!("{}  unless every(ev: any(u: y > 3))\n", requirement("a")), Claim::Governs(0)),
        (format!("{}  unless none(ev: act = \"a\")\n", requirement("a")), Claim::Unsure(0)),
        (silent, Claim::Unsure(0)),
    ] {
        assert!(ask(&rules, claim), "{rules} {claim:?}");
    }
}

/// Whether a row that is shown shows the claims also once it was read as data.
fn asked(policy: &str, claims: &[Claim]) -> bool {
    let mut sources = Sources::default();
    sources.add(Source::new("small.fan", policy));
    let (file, wrong) = parse::parse(FileId(0), sources.get(FileId(0)).unwrap());
    assert!(wrong.is_empty(), "{policy}\n{wrong:?}");
    let analysis = analyze(&[file], &sources, &Settings::default());
    assert!(analysis.diagnostics.is_empty(), "{policy}\n{:?}", analysis.diagnostics);
    let (graph, judgements, _, _) = lowering::lower(&analysis.program);
    let prover = Prover { graph: &graph, judgements: &judgements, today: 16_759 };
    match prover.ask(judgements[0].frame, claims) {
        Answer::Shown(witness) => prover.confirms(&witness, claims),
        _ => false,
    }
}
