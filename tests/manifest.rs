//! The manifest: the example in docs/manifest.md works as it stands, and every mistake in one is
//! said at its place.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::type_complexity,
    reason = "a test stops at the first surprise"
)]

#[path = "manifest/empty.rs"]
mod empty;

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// An empty folder of its own, with files in it.
fn folder(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("manifest").join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    for (name, text) in files {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

fn fanshi(arguments: &[&str], project: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_fanshi"))
        .arg("check")
        .arg(project)
        .args(arguments)
        .output()
        .unwrap()
}

fn report(arguments: &[&str], project: &Path) -> Value {
    let output = fanshi(&[arguments, &["--lang", "en", "--format", "json"]].concat(), project);
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Code, line and column of each diagnostic; a whole file has line 0.
fn diagnostics(report: &Value) -> Vec<(String, u64, u64)> {
    let of = |found: &Value| {
        let place = &found["places"][0];
        (
            found["code"].as_str().unwrap().to_owned(),
            place["line"].as_u64().unwrap_or(0),
            place["column"].as_u64().unwrap_or(0),
        )
    };
    report["diagnostics"].as_array().unwrap().iter().map(of).collect()
}

const POLICY: &str = "表 合同 { 编号 : 文本 主键  金额 : 金额 }\n参数 上限 : 金额 = 5 元\n第一条 \
    限额\n  凡 合同，金额 不得 超过 上限。\n";
const DATA: &str = "编号,金额\n一,7\n二,3\n";

/// A project with a manifest, `甲.fan` and `甲.csv`.
fn project(name: &str, manifest: &str) -> PathBuf {
    folder(name, &[("fanshi.toml", manifest), ("甲.fan", POLICY), ("甲.csv", DATA)])
}

const HEAD: &str = "[project]\nas_of = 2015-11-20\npolicies = \"*.fan\"\n";

#[test]
fn mistakes_are_said_at_their_place() {
    let cases: &[(&str, &str, &[(&str, u64, u64)])] = &[
        ("fine", "[data]\n\"合同\" = \"甲.csv\"", &[]),
        ("bare-key", "[data]\n合同 = \"甲.csv\"", &[("unquoted_key", 5, 1)]),
        ("syntax", "[data]\n\"合同\" = ", &[("manifest_syntax", 5, 8), ("nothing_judged", 0, 0)]),
        ("key", "[dtaa]", &[("unknown_key", 4, 2), ("nothing_judged", 0, 0)]),
        (
            "table",
            "[data]\n\"合同书\" = \"甲.csv\"",
            &[("unknown_table", 5, 1), ("nothing_judged", 0, 0)],
        ),
        (
            "file",
            "[data]\n\"合同\" = [\"乙.csv\", \"*.json\"]",
            &[("unreadable_file", 5, 9), ("no_such_file", 5, 18)],
        ),
        ("format", "[data]\n\"合同\" = \"甲.fan\"", &[("unknown_format", 5, 8)]),
        ("twice", "[data]\n\"合同\" = [\"甲.csv\", \"*.csv\"]", &[("listed_twice", 5, 18)]),
        (
            "header",
            "[data]\n\"合同\" = { file = \"甲.csv\", header = -1 }",
            &[("wrong_manifest_value", 5, 35)],
        ),
        (
            "heading",
            "[data]\n\"合同\" = { file = \"甲.csv\", headings = { x = \"数额\" } }",
            &[("unknown_mapping", 5, 39)],
        ),
        (
            "parameter",
            "[data]\n\"合同\" = \"甲.csv\"\n[parameters]\n\"上线\" = 5",
            &[("unknown_parameter", 7, 1)],
        ),
        (
            "value",
            "[data]\n\"合同\" = \"甲.csv\"\n[parameters]\n\"上限\" = \"七\"",
            &[("bad_parameter", 7, 1)],
        ),
        (
            "waiver",
            "[data]\n\"合同\" = \"甲.csv\"\n[waiver]\narticle = \"x\"",
            &[("wrong_manifest_value", 6, 1)],
        ),
    ];
    for (name, tail, expected) in cases {
        let found = diagnostics(&report(&[], &project(name, &format!("{HEAD}{tail}"))));
        let found: Vec<_> =
            found.iter().map(|(code, line, column)| (code.as_str(), *line, *column)).collect();
        assert_eq!(found, *expected, "{name}");
    }
}

#[test]
fn without_a_day_nothing_is_judged() {
    let manifest = "[project]\npolicies = [\"*.fan\"]\n[data]\n\"合同\" = \"甲.csv\"\n";
    let project = project("day", manifest);
    let found = report(&[], &project);
    assert_eq!(diagnostics(&found), [("no_as_of".to_owned(), 1, 1)]);
    assert!(
        found["as_of"].is_null()
            && found["findings"].as_array().unwrap().is_empty()
            && found["summary"]["satisfied"] == 0,
        "{found}"
    );
    let found = report(&["--as-of", "2015年11月20日"], &project);
    assert!(
        diagnostics(&found).is_empty()
            && found["as_of"] == "2015-11-20"
            && found["summary"]["violated"] == 1,
        "{found}"
    );
}

#[test]
fn what_is_not_a_project_is_said_to_be_none() {
    let folder = folder("none", &[("a.csv", "")]);
    for (path, code) in
        [("", "unreadable_file"), ("a.csv", "not_a_manifest"), ("nowhere", "unreadable_file")]
    {
        let found = report(&[], &folder.join(path));
        assert_eq!(diagnostics(&found), [(code.to_owned(), 0, 0)]);
        assert!(
            found["diagnostics"][0]["help"].as_str().unwrap().contains("the project's folder"),
            "{found}"
        );
    }
}

#[test]
fn a_case_file_is_not_a_manifest() {
    let folder = folder("cases", &[("p.cases.toml", "as_of = 2015-11-20\n[[case]]\n")]);
    let found = report(&[], &folder.join("p.cases.toml"));
    assert_eq!(diagnostics(&found), [("not_a_manifest".to_owned(), 0, 0)]);
    let help = found["diagnostics"][0]["help"].as_str().unwrap();
    assert!(help.contains("p.fan`"), "{found}");
}

#[test]
fn articles_are_asked_for_in_either_language() {
    let policy = "政策 甲 | a\n表 合同 | contract { 编号 : 文本 主键 }\n第一条 短 | short\n  凡 \
        合同，长度(编号) 必须 = 1。\n第二条 长 | long\n  凡 合同，编号 必须 ≠ “一”。\n";
    let manifest = format!(
        "{HEAD}[data]\ncontract = \"甲.csv\"\n[[waiver]]\narticle = \"甲.长\"\nitem \
            = \"一\"\nauthority = \"x\"\nreason = \"y\"\n"
    );
    let project = folder(
        "asked",
        &[("fanshi.toml", &manifest), ("甲.fan", policy), ("甲.csv", "编号\n一\n")],
    );
    for (asked, articles) in
        [("short", 1), ("短", 1), ("甲.短", 1), ("a.short", 1), ("甲", 2), ("a", 2)]
    {
        let found = report(&["--article", asked], &project);
        assert_eq!(
            (found["summary"]["articles"].as_array().unwrap().len(), diagnostics(&found).len()),
            (articles, 0),
            "{asked}"
        );
    }
    let found = report(&["--article", "甲.矮"], &project);
    assert!(found["diagnostics"][0]["help"].as_str().unwrap().contains("甲.短"), "{found}");
    assert_eq!(report(&[], &project)["findings"][0]["outcome"], "waived");
}

#[test]
fn a_closed_pipe_or_a_bad_output_file_does_not_hide_the_result() {
    let project = project("output", &format!("{HEAD}[data]\n\"合同\" = \"甲.csv\"\n"));
    assert_eq!(fanshi(&[], &project).status.code(), Some(1));
    let mut unread = Command::new(env!("CARGO_BIN_EXE_fanshi"));
    let mut unread = unread.arg("check").arg(&project).stdout(Stdio::piped()).spawn().unwrap();
    drop(unread.stdout.take());
    assert_eq!(unread.wait().unwrap().code(), Some(1));
    let refused = fanshi(&["--output", "/nowhere/at/all"], &project);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8(refused.stderr).unwrap().contains("/nowhere/at/all"));
}

/// Departments answer in the workbooks: a second export leaves them, and every file beside them, as
/// they are.
#[test]
fn workbooks_that_may_hold_answers_are_not_overwritten() {
    let policy = POLICY.replace("金额 : 金额 }", "金额 : 金额 类 : 文本 }");
    let manifest = format!("{HEAD}[data]\n\"合同\" = \"甲.csv\"\n");
    let project = folder(
        "answered",
        &[
            ("fanshi.toml", &manifest),
            ("甲.fan", &policy),
            ("甲.csv", "编号,金额,类\n一,7,天\n二,8,地\n"),
        ],
    );
    let out = project.join("发给部门");
    let export = |more: &[&str]| {
        let output = fanshi(
            &[
                &["--format", "xlsx", "--by", "类", "--lang", "zh", "-o", out.to_str().unwrap()],
                more,
            ]
            .concat(),
            &project,
        );
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    assert_eq!(export(&[]).0, Some(1));
    std::fs::write(out.join("地.xlsx"), "answered").unwrap();
    std::fs::remove_file(out.join("天.xlsx")).unwrap();
    let (code, said) = export(&[]);
    assert!(code == Some(2) && said.contains("地.xlsx") && said.contains("--force"), "{said}");
    assert_eq!(std::fs::read(out.join("地.xlsx")).unwrap(), b"answered");
    assert!(!out.join("天.xlsx").exists());
    let one = out.join("地.xlsx");
    assert_eq!(export(&["--force"]).0, Some(1));
    assert_ne!(std::fs::read(&one).unwrap(), b"answered");
    assert_eq!(
        fanshi(&["--format", "xlsx", "--force", "-o", one.to_str().unwrap()], &project)
            .status
            .code(),
        Some(2)
    );
}

#[test]
fn the_documented_example_works() {
    let page =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/manifest.md"))
            .unwrap();
    let manifest = page.split("```toml fanshi.toml\n").nth(1).unwrap().split("```").next().unwrap();
    let vocabulary = "词汇 v\n表 office { name : 文本 主键 }\n\
        表 item { code : 文本 主键  office : office  limit : 工作日  steps : 多个 { name : 文本 } }\n";
    let rules = "政策 process_limits\n使用 v\n参数 max_steps : 整数 = 0\n参数 tiers : 多个 工作日 \
        = {2 工作日}\n\
        第一条 档 | promised_tier\n  凡 item，limit 必须 属于 tiers。\n第二条 数\n  凡 item，\
        数量(steps) 不得 超过 max_steps。\n";
    let items = "[[item]]\ncode = \"XK-017\"\noffice = \"甲\"\nlimit = 5\n[[item]]\ncode \
        = \"XK-018\"\noffice = \"甲\"\nlimit = \"3 个工作日\"\nsteps = []\n";
    let files = [
        ("fanshi.toml", manifest),
        ("vocabulary.fan", vocabulary),
        ("rules/limits.fan", rules),
        ("offices.csv", "name\n甲\n"),
        ("items/a.toml", items),
        ("steps.csv", "item,name\nB1,受理\nXK-017,决定\n"),
    ];
    let project = folder("documented", &files);
    // 导出 / 2015 / 事项代码,office,limit / B1,甲,7 in GB18030
    let export =
        b"\xb5\xbc\xb3\xf6\n2015\n\xca\xc2\xcf\xee\xb4\xfa\xc2\xeb,office,limit\nB1,\xbc\xd7,7\n";
    std::fs::write(project.join("export.csv"), export).unwrap();
    let found = report(&[], &project);
    assert_eq!(diagnostics(&found), []);
    let summary = &found["summary"];
    assert_eq!(
        (&summary["rows"]["item"], &summary["satisfied"], &summary["waived"]),
        (&3.into(), &5.into(), &1.into()),
        "{found}"
    );
    assert_eq!(fanshi(&[], &project).status.code(), Some(0));
}
