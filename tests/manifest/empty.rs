//! A run that judged no row is no pass, unless the manifest says that there may be none.

use super::{fanshi, folder, report};
use serde_json::Value;
use std::path::{Path, PathBuf};

const TWO: &str = "表 行 { 号 : 文本 主键 n : 整数 }\n表 件 { 号 : 文本 主键 n : 整数 }\n\
    第一条 一 凡 行，n 不得 超过 5。\n第二条 二 凡 件，n 不得 超过 5。\n";
const HEADINGS: &str = "号,n\n";
const ROWS: &str = "号,n\na,1\n";

/// A project of two tables with this `[data]`.
fn project(name: &str, data: &str) -> PathBuf {
    let manifest = format!(
        "[project]\nname = \"t\"\nas_of = 2015-11-20\npolicies = [\"p.fan\"]\n[data]\n{data}"
    );
    folder(
        &format!("empty-{name}"),
        &[("fanshi.toml", &manifest), ("p.fan", TWO), ("h.csv", HEADINGS), ("d.csv", ROWS)],
    )
}

fn said(arguments: &[&str], project: &Path) -> String {
    String::from_utf8(fanshi(arguments, project).stdout).unwrap()
}

fn standings(report: &Value) -> Vec<&str> {
    let articles = report["summary"]["articles"].as_array().unwrap();
    articles.iter().map(|article| article["standing"].as_str().unwrap()).collect()
}

fn codes(report: &Value) -> Vec<&str> {
    let all = report["diagnostics"].as_array().unwrap();
    all.iter().map(|found| found["code"].as_str().unwrap()).collect()
}

#[test]
fn nothing_judged_is_not_a_pass() {
    for (name, data) in [
        ("no-line", ""),
        ("headings", "\"行\" = \"h.csv\"\n\"件\" = \"h.csv\"\n"),
        ("one-each", "\"行\" = \"h.csv\"\n"),
        ("one-allowed", "\"行\" = { file = \"h.csv\", empty = true }\n"),
    ] {
        let project = project(name, data);
        assert_eq!(fanshi(&[], &project).status.code(), Some(2), "{name}");
        let json = report(&[], &project);
        assert_eq!(json["complete"], false, "{name}");
        assert_eq!(codes(&json), ["nothing_judged"], "{name}: one cause, one message");
        assert_eq!(standings(&json), ["no_rows", "no_rows"], "{name}");
        let junit = said(&["--format", "junit", "--lang", "en"], &project);
        assert!(junit.contains("nothing_judged") && junit.contains("errors=\"1\""), "{junit}");
        // An article that judged nothing did not pass.
        assert_eq!(junit.matches("<testcase ").count(), 3, "{junit}");
        assert_eq!(junit.matches("<skipped").count(), 2, "{junit}");
        let sarif: Value = serde_json::from_str(&said(&["--format", "sarif"], &project)).unwrap();
        let invocation = &sarif["runs"][0]["invocations"][0];
        assert_eq!(invocation["executionSuccessful"], false);
        let notified = &invocation["toolExecutionNotifications"][0];
        assert_eq!(notified["descriptor"]["id"], "nothing_judged");
        let text = said(&["--lang", "zh"], &project);
        assert!(text.contains("没有判断任何一行") && text.contains("empty = true"), "{text}");
        assert!(text.contains("0 条"), "{text}");
    }
}

#[test]
fn a_table_that_may_be_empty_is_no_fault() {
    for (name, data) in [
        ("allowed", "\"行\" = { empty = true }\n\"件\" = { empty = true }\n"),
        (
            "allowed-files",
            "\"行\" = { file = \"h.csv\", empty = true }\n\"件\" = [{ empty = true }, \"h.csv\"]\n",
        ),
    ] {
        let project = project(name, data);
        assert_eq!(fanshi(&[], &project).status.code(), Some(0), "{name}");
        let json = report(&[], &project);
        assert_eq!((&json["complete"], standings(&json)), (&true.into(), vec!["no_rows"; 2]));
        assert!(!codes(&json).contains(&"nothing_judged"));
        assert_eq!(said(&["--format", "junit"], &project).matches("<skipped").count(), 2);
    }
    // It may have rows as well.
    let project = project("allowed-rows", "\"行\" = { file = \"d.csv\", empty = true }\n");
    assert_eq!(standings(&report(&[], &project)), ["judged", "no_rows"]);
}

#[test]
fn an_empty_table_beside_others_is_no_pass() {
    let lost = project("beside-lost", "\"行\" = \"d.csv\"\n");
    assert_eq!(codes(&report(&[], &lost)), ["nothing_judged"]);
    let project = project("beside", "\"行\" = \"d.csv\"\n\"件\" = \"h.csv\"\n");
    assert_eq!(fanshi(&[], &project).status.code(), Some(2));
    let json = report(&[], &project);
    assert_eq!(json["complete"], false);
    let found = (vec!["nothing_judged"], vec!["judged", "no_rows"]);
    assert_eq!((codes(&json), standings(&json)), found);
    assert!(said(&["--lang", "zh"], &project).contains("，1 条"));
    // Asked for it alone, nothing is judged.
    for article in ["二", "第二条"] {
        let asked = fanshi(&["--article", article], &project);
        assert_eq!(asked.status.code(), Some(2));
    }
    assert_eq!(fanshi(&["--article", "一"], &project).status.code(), Some(0));
}

#[test]
fn tables_that_articles_look_into_may_be_said_to_be_empty() {
    let policy = "表 行 { 号 : 文本 主键 n : 整数 }\n表 件 { 号 : 文本 主键 n : 整数 }\n\
        第一条 一 凡 行，数量(件) 不得 超过 n。\n";
    let manifest = "[project]\nname = \"t\"\nas_of = 2015-11-20\npolicies = [\"p.fan\"]\n[data]\n\
        \"行\" = \"d.csv\"\n";
    let allowed = format!("{manifest}\"件\" = {{ empty = true }}\n");
    let files = [("p.fan", policy), ("d.csv", ROWS)];
    let lost = folder("empty-lost", &[&files[..], &[("fanshi.toml", manifest)]].concat());
    assert_eq!(codes(&report(&[], &lost)), ["table_without_file"]);
    let said = folder("empty-said", &[&files[..], &[("fanshi.toml", &*allowed)]].concat());
    let json = report(&[], &said);
    assert_eq!((codes(&json), &json["summary"]["satisfied"]), (vec![], &1.into()));
}

#[test]
fn what_may_be_empty_is_true_or_false() {
    for (name, data, code) in [
        ("text", "\"行\" = { file = \"d.csv\", empty = \"是\" }\n", "wrong_manifest_value"),
        ("unknown", "\"行\" = \"d.csv\"\n\"伴\" = { empty = true }\n", "unknown_table"),
        ("no-file", "\"行\" = { empty = false }\n", "wrong_manifest_value"),
    ] {
        let json = report(&[], &project(name, data));
        assert!(codes(&json).contains(&code), "{name}: {:?}", codes(&json));
    }
}
