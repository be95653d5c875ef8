//! `fanshi explain`: the record of a row as text and as JSON says the same; what is not there is an
//! error.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output};

fn explain(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fanshi"));
    command.current_dir(Path::new(env!("CARGO_MANIFEST_DIR"))).arg("explain").args(arguments);
    command.args(["-p", "policies/shangjie-2015", "--lang", "zh"]).output().unwrap()
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap()
}

fn list<'v>(value: &'v Value, name: &str) -> &'v Vec<Value> {
    value.get(name).and_then(Value::as_array).unwrap()
}

fn word<'v>(value: &'v Value, name: &str) -> &'v str {
    value.get(name).and_then(Value::as_str).unwrap()
}

#[test]
fn json_says_what_the_text_says() {
    let output = explain(&["SL-01", "--format", "json"]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(output.stdout, explain(&["SL-01", "--format", "json"]).stdout);
    let report = json(&output);
    assert_eq!(word(&report, "format"), "fanshi.record/1");
    let record = list(&report, "records").first().unwrap().clone();
    let text = String::from_utf8(explain(&["SL-01"]).stdout).unwrap();
    let articles = list(&record, "articles");
    assert!(articles.len() > 50, "{}", articles.len());
    for article in articles {
        assert!(text.contains(word(article, "heading")), "{article}");
    }
    let dispositions = list(&record, "dispositions");
    assert_eq!(text.matches("应为 ").count(), dispositions.len());
    let changes: Vec<&Value> =
        dispositions.iter().flat_map(|disposition| list(disposition, "changes")).collect();
    assert!(changes.len() > 5);
    assert_eq!(text.matches("要成为 ").count(), changes.len());
    // Lines are broken to fit, so blanks do not count.
    let unbroken = |text: &str| text.split_whitespace().collect::<String>();
    let whole = unbroken(&text);
    for needed in changes.iter().flat_map(|change| list(change, "conditions")) {
        // People count from 1, programs from 0.
        let said = fanshi::finding::counted(word(needed, "text"), true);
        assert!(whole.contains(&unbroken(&format!("`{said}`"))), "{needed}");
    }
}

#[test]
fn one_article_by_number_by_name_and_by_policy() {
    let names = |wanted: &str| -> Vec<String> {
        let report = json(&explain(&["SL-01", wanted, "--format", "json"]));
        let record = list(&report, "records").first().unwrap();
        list(record, "articles").iter().map(|article| word(article, "article").to_owned()).collect()
    };
    assert_eq!(names("七个凡是.第二条"), ["seven_whenevers.insufficient_basis"]);
    assert_eq!(names("依据不足"), ["seven_whenevers.insufficient_basis"]);
    let all = names("seven_whenevers");
    assert!(
        all.len() >= 7 && all.iter().all(|name| name.starts_with("seven_whenevers.")),
        "{all:?}"
    );
}

#[test]
fn an_article_that_was_asked_for_and_does_not_apply_shows_why() {
    let report = json(&explain(&["SL-01", "--format", "json"]));
    let record = list(&report, "records").first().unwrap().clone();
    let idle = |article: &&Value| word(article, "outcome") == "not_applicable";
    let articles = list(&record, "articles");
    let idle: Vec<&Value> = articles.iter().filter(idle).collect();
    assert!(idle.len() > 3, "{}", idle.len());
    let whole = String::from_utf8(explain(&["SL-01"]).stdout).unwrap();
    for article in idle.iter().take(3) {
        let name = word(article, "article");
        let text = String::from_utf8(explain(&["SL-01", name]).stdout).unwrap();
        let heading = word(article, "heading");
        assert!(text.contains(&format!("– {heading}")), "{text}");
        assert!(text.contains("不适用\n  条件\n    ✗ "), "{name}: {text}");
        // Among all articles it is only named.
        assert!(whole.contains(&format!("  – {heading}")), "{heading}");
    }
}

#[test]
fn what_is_not_there_is_an_error_with_what_was_meant() {
    for (arguments, code, near) in [
        (["SL-0l"].as_slice(), "unknown_row", "SL-01"),
        (&["SL-01", "依据不作"], "unknown_article_name", "依据不足"),
    ] {
        let output = explain(&[arguments, &["--format", "json"]].concat());
        assert_eq!(output.status.code(), Some(2));
        let report = json(&output);
        assert_eq!(report.get("complete"), Some(&Value::Bool(false)));
        let diagnostic = list(&report, "diagnostics")
            .iter()
            .find(|diagnostic| word(diagnostic, "code") == code)
            .unwrap()
            .clone();
        assert!(word(&diagnostic, "help").contains(near), "{diagnostic}");
        let text = explain(arguments);
        assert_eq!(text.status.code(), Some(2));
        assert!(String::from_utf8(text.stderr).unwrap().contains(near));
    }
}
