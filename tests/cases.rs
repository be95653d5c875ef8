//! Cases beside policies: what `fanshi test` says of good and bad ones, and that no rule of a
//! shipped policy changes unnoticed.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

#[path = "cases/generated.rs"]
mod generated;
#[path = "cases/mutants.rs"]
mod mutants;
#[path = "cases/project.rs"]
mod project;

use fanshi::testing::suite::{Status, Suite};
use fanshi::text::Source;
use fanshi::workspace::Member;
use rayon::prelude::*;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn fanshi_test(paths: &[&str], more: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fanshi"));
    command
        .current_dir(root())
        .arg("test")
        .args(paths)
        .args(["--lang", "zh", "--color", "never"])
        .args(more)
        .env("COLUMNS", "100");
    command.output().unwrap()
}

fn text(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn shown(name: &str, output: &Output) {
    let text = text(output);
    assert!(text.lines().count() < 60, "{text}");
    insta::assert_snapshot!(name, text);
}

/// Every policy that ships with its cases.
fn shipped() -> Vec<PathBuf> {
    let folder = root().join("policies/approval-reform");
    let mut found: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.retain(|path| {
        path.extension().is_some_and(|extension| extension == "fan")
            && path.with_extension("cases.toml").exists()
    });
    found.sort();
    assert_eq!(found.len(), 21);
    found
}

#[test]
fn shipped_policies_pass_and_are_covered() {
    let output = fanshi_test(&["policies/approval-reform"], &["--coverage", "--fail-under", "95"]);
    let text = text(&output);
    assert_eq!(output.status.code(), Some(0), "{text}");
    assert_eq!(text.lines().filter(|line| line.contains("（100%），条件")).count(), 22, "{text}");
    assert!(!text.contains("没有案例\n"), "{text}");
}

#[test]
fn changes_of_one_policy_are_noticed() {
    let output = fanshi_test(
        &["policies/approval-reform/legal-basis.fan"],
        &["--mutate", "--fail-under", "95"],
    );
    assert_eq!(output.status.code(), Some(0), "{}", text(&output));
}

#[test]
fn failures_are_shown_with_clause_and_values() {
    let output = fanshi_test(&["tests/cases/visits.fan"], &["--filter", "12人"]);
    assert_eq!(output.status.code(), Some(1));
    shown("failing", &output);
}

#[test]
fn a_finding_nobody_expects_fails() {
    let output = fanshi_test(&["tests/cases/visits.fan"], &["--filter", "没有说到"]);
    assert_eq!(output.status.code(), Some(1));
    shown("unexpected", &output);
}

#[test]
fn missing_facts_are_an_error_and_named() {
    let output = fanshi_test(&["tests/cases/visits.fan"], &["--filter", "没有写人数"]);
    assert_eq!(output.status.code(), Some(2));
    shown("undetermined", &output);
}

#[test]
fn a_case_that_cannot_be_judged_is_an_error() {
    for (name, filter) in [("unread", "读不出"), ("without_row", "没有这一行")] {
        let output = fanshi_test(&["tests/cases/visits.fan"], &["--filter", filter]);
        assert_eq!(output.status.code(), Some(2));
        shown(name, &output);
    }
}

#[test]
fn nothing_to_run_is_an_error() {
    let output = fanshi_test(&["tests/cases/visits.fan"], &["--filter", "没有叫这个的"]);
    assert_eq!(output.status.code(), Some(2));
    shown("empty", &output);
    assert_eq!(fanshi_test(&["tests/suite/syntax"], &[]).status.code(), Some(2));
    assert_eq!(fanshi_test(&["tests/suite/syntax/names.fan"], &[]).status.code(), Some(2));
}

#[test]
fn a_changed_record_is_shown_as_a_difference() {
    let output = fanshi_test(&["tests/cases/visits.fan"], &["--filter", "快照"]);
    assert_eq!(output.status.code(), Some(1));
    shown("snapshot", &output);
}

#[test]
fn update_writes_what_was_shown() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cases-update");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    for file in ["visits.fan", "visits.cases.toml"] {
        fs::copy(root().join("tests/cases").join(file), folder.join(file)).unwrap();
    }
    let policy = folder.join("visits.fan");
    let run = |more: &[&str]| {
        fanshi_test(&[policy.to_str().unwrap()], &[&["--filter", "快照"], more].concat())
            .status
            .code()
    };
    assert_eq!(run(&[]), Some(1));
    assert_eq!(run(&["--update"]), Some(0));
    assert_eq!(run(&[]), Some(0));
}

#[test]
fn survivors_are_shown_at_their_place() {
    let output = fanshi_test(
        &["tests/cases/visits.fan"],
        &["--filter", "没有预约，谢绝", "--mutate", "--fail-under", "95"],
    );
    assert_eq!(output.status.code(), Some(1));
    let text = text(&output);
    assert!(
        text.contains("没有案例看出 第一条：有 介绍信：有 改为 无")
            || text.contains("没有案例看出 第二条"),
        "{text}"
    );
    assert!(text.contains("tests/cases/visits.fan:2"), "{text}");
}

#[test]
fn junit_has_a_line_for_each_case() {
    let output = fanshi_test(&["tests/cases/visits.fan"], &["--format", "junit"]);
    let text = text(&output);
    assert_eq!(text.matches("<testcase ").count(), 9, "{text}");
    assert_eq!(
        (text.matches("<failure ").count(), text.matches("<error ").count()),
        (3, 3),
        "{text}"
    );
    assert!(
        text.contains("<testsuites name=\"fanshi test\" tests=\"9\" failures=\"3\" errors=\"3\">"),
        "{text}"
    );
    let places = text.lines().filter(|line| line.contains("<testcase "));
    for line in places {
        assert!(line.contains(" classname=\"tests/cases/visits.fan\" name=\""), "{line}");
        assert!(line.contains(" file=\"tests/cases/visits.cases.toml\" line=\""), "{line}");
    }
    well_formed(&text);
}

/// XML as build servers take it: what opens closes, in order, and attributes and text have no
/// markup.
fn well_formed(text: &str) {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = text.strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n").unwrap();
    while let Some((before, tag)) = rest.split_once('<') {
        assert!(!before.contains('>'), "{before}");
        assert!(before.split('&').skip(1).all(|entity| entity.contains(';')), "{before}");
        let (tag, after) = tag.split_once('>').unwrap();
        rest = after;
        let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap();
        match (tag.starts_with('/'), tag.ends_with('/')) {
            (true, _) => assert_eq!(open.pop(), Some(name)),
            (false, true) => {}
            (false, false) => open.push(name),
        }
        assert!(tag.matches('"').count().is_multiple_of(2), "{tag}");
    }
    assert!(open.is_empty(), "{open:?}");
}

#[test]
fn json_says_who_saw_what() {
    let output = fanshi_test(&["tests/cases/visits.fan"], &["--format", "json", "--coverage"]);
    let report: serde_json::Value = serde_json::from_str(&text(&output)).unwrap();
    let policy = report.pointer("/policies/0").unwrap();
    assert_eq!(policy.pointer("/cases").and_then(|cases| cases.as_array()).unwrap().len(), 9);
    let first = policy.pointer("/coverage/by_article/1/points/0").unwrap();
    assert_eq!(first.get("kind").unwrap(), "outcome");
    assert!(
        first
            .get("holds_in")
            .unwrap()
            .as_array()
            .unwrap()
            .iter()
            .any(|case| case == "11人：violated")
    );
}

/// Places where taking a character away changes a rule: words of articles, definitions, parameters
/// and decisions; not comments, texts for people, citations, or what things are called.
fn rule_characters(text: &str) -> Vec<usize> {
    let mut found = Vec::new();
    let (mut start, mut rule, mut skipped) = (0, false, false);
    for line in text.split_inclusive('\n') {
        let word = line.trim_start();
        let heading = line.starts_with('第') || line.starts_with("指标");
        let names =
            ["政策", "文号", "使用", "表", "枚举", "#"].iter().any(|begin| word.starts_with(begin))
                || line.trim().is_empty();
        if !line.starts_with([' ', '\n']) {
            rule = ["第", "定义", "参数", "裁定"].iter().any(|begin| word.starts_with(begin));
        }
        skipped = ["说明", "根据", "提请"].iter().any(|begin| word.starts_with(begin))
            || (skipped && word.starts_with('“'));
        if rule && !heading && !names && !skipped {
            let body = if line.starts_with(' ') {
                0
            } else {
                line.find(" =").map_or(line.len(), |at| at + 2)
            };
            let quoted = |at: usize| {
                line.get(..at).is_some_and(|head| head.matches(['“', '”', '"']).count() % 2 == 1)
            };
            let letters = line
                .char_indices()
                .filter(|(at, letter)| *at >= body && letter.is_alphanumeric() && !quoted(*at));
            found.extend(letters.map(|(at, _)| start + at));
        }
        start += line.len();
    }
    found
}

/// How many changes of each policy are tried; all of them would take hours.
const SAMPLE: usize = 3;

#[test]
fn a_rule_changed_by_one_character_makes_the_cases_fail() {
    let sample =
        std::env::var("FANSHI_SAMPLE").ok().and_then(|count| count.parse().ok()).unwrap_or(SAMPLE);
    for policy in shipped() {
        let whole = fs::read_to_string(&policy).unwrap();
        let places = rule_characters(&whole);
        assert!(places.len() > 100, "{}", policy.display());
        let tried: Vec<usize> =
            (0..sample).map(|at| *places.get(at * places.len() / sample).unwrap()).collect();
        let unnoticed: Vec<String> = tried
            .par_iter()
            .filter_map(|&at| {
                let letter = whole.get(at..).unwrap().chars().next().unwrap();
                let digit = letter
                    .to_digit(10)
                    .map_or_else(String::new, |digit| ((digit + 1) % 10).to_string());
                let changed = format!(
                    "{}{digit}{}",
                    whole.get(..at).unwrap(),
                    whole.get(at + letter.len_utf8()..).unwrap()
                );
                let suite = Suite::read(&policy);
                let source = Source::new(suite.name().to_owned(), changed);
                let project = Arc::new(suite.member.project.with_text(0, source));
                let member = Member { project, ..suite.member.clone() };
                let changed = Suite { member, ..suite };
                let judged = changed.judge("");
                let passed = judged.diagnostics.is_empty()
                    && judged.results.iter().all(|result| result.status == Status::Passed);
                passed.then(|| {
                    let line = whole.get(..at).unwrap().lines().count();
                    format!("{}:{line} {letter}", policy.display())
                })
            })
            .collect();
        assert!(unnoticed.is_empty(), "{unnoticed:#?}");
    }
}
