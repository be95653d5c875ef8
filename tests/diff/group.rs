//! What became of one group, in every format.

use calamine::{Reader, Xlsx};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const POLICY: &str = "表 架 {\n  名 : 文本 主键\n}\n\n表 书 {\n  号 : 文本 主键\n  架 : 架\n  页 : 整数\n}\n\n\
    表 借 {\n  单 : 文本 主键\n  书 : 书\n  天 : 整数\n}\n\n第一条 厚\n  凡 书，页 不得 超过 100。\n\n\
    第二条 久\n  凡 借，天 不得 超过 30。\n";
const MANIFEST: &str = "[project]\nname = \"馆\"\nas_of = 2015-11-20\npolicies = [\"a.fan\"]\n\n\
    [review]\nby = \"书.架\"\n\n[data]\n\"架\" = \"s.csv\"\n\"书\" = \"b.csv\"\n\"借\" = \"l.csv\"\n\n\
    [[correction]]\nname = \"改页数\"\nfields = [\"书.页\"]\n";

/// 甲 is put right, 乙 moves from 东 to 西, 丙 of 西 stays wrong, 丁 is new in 南, 戊 of 东 goes with
/// what was wrong in it, 己 of 西 stays as it is.
const OLD: &str = "号,架,页\n甲,东,500\n乙,东,300\n丙,西,400\n戊,东,900\n己,西,1\n";
const NEW: &str = "号,架,页\n甲,东,50\n乙,西,300\n丙,西,400\n丁,南,200\n己,西,1\n";

fn root(name: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("diff-group").join(name);
    let _ = std::fs::remove_dir_all(&root);
    let loans = ["单,书,天\n一,丙,60\n二,甲,10\n", "单,书,天\n一,丙,20\n二,甲,40\n"];
    for ((round, books), loans) in [("前", OLD), ("后", NEW)].into_iter().zip(loans) {
        let folder = root.join(round);
        std::fs::create_dir_all(&folder).unwrap();
        for (name, text) in [
            ("fanshi.toml", MANIFEST),
            ("a.fan", POLICY),
            ("s.csv", "名\n东\n西\n南\n"),
            ("b.csv", books),
            ("l.csv", loans),
        ] {
            std::fs::write(folder.join(name), text).unwrap();
        }
    }
    root
}

fn diff(root: &Path, more: &[&str]) -> Output {
    let mut run = Command::new(env!("CARGO_BIN_EXE_fanshi"));
    run.current_dir(root).args(["diff", "前", "后", "--lang", "zh"]).args(more).output().unwrap()
}

fn json(root: &Path, more: &[&str]) -> Value {
    let more = [&["--format", "json"], more].concat();
    serde_json::from_slice(&diff(root, &more).stdout).unwrap()
}

/// The keys in a list.
fn keys(list: &Value) -> Vec<&str> {
    let key =
        |one: &'_ Value| one.get("subject").unwrap_or(one)["key"].as_str().unwrap().to_owned();
    let keys = list.as_array().unwrap().iter().map(key);
    keys.map(|key| &*Box::leak(key.into_boxed_str())).collect()
}

const PARTS: [&str; 5] = ["new", "turned", "fixed", "removed", "remaining"];

#[test]
fn one_group_has_what_is_its_own() {
    let root = root("json");
    let all = json(&root, &[]);
    // What is new, fixed, gone with its row, still there; rows added, removed, changed, the same.
    type Own<'o> = (&'o str, [&'o [&'o str]; 4], [&'o [&'o str]; 3], usize);
    let expected: [Own<'_>; 3] = [
        ("东", [&["二"], &["甲"], &["戊"], &["乙"]], [&[], &["戊"], &["甲", "乙"]], 0),
        ("西", [&[], &["一"], &[], &["乙", "丙"]], [&[], &[], &["乙"]], 2),
        ("南", [&["丁"], &[], &[], &[]], [&["丁"], &[], &[]], 0),
    ];
    let mut met = BTreeSet::new();
    for (group, [new, fixed, gone, stays], [added, removed, changed], same) in expected {
        let own = json(&root, &["--group", group]);
        assert_eq!(own["group"], group);
        let found = &own["findings"];
        let parts = [("new", new), ("fixed", fixed), ("removed", gone), ("remaining", stays)];
        for (part, wanted) in parts {
            assert_eq!(keys(&found[part]), wanted, "{group} {part}");
        }
        let tables = own["tables"].as_array().unwrap();
        let books = tables.iter().find(|table| table["table"] == "书").unwrap();
        for (part, wanted) in [("added", added), ("removed", removed), ("changed", changed)] {
            assert_eq!(keys(&books[part]), wanted, "{group} {part}");
        }
        assert_eq!(books["same"], same, "{group}");
        let groups = own["groups"]["groups"].as_array().unwrap();
        assert_eq!((groups.len(), &groups[0]["group"]), (1, &Value::from(group)));
        assert_eq!(own["policies"], Value::Array(Vec::new()));
        let kind = &own["corrections"][0];
        assert_eq!(keys(&kind["rows"]), if group == "东" { vec!["甲"] } else { vec![] });
        for part in PARTS {
            met.extend(keys(&found[part]).into_iter().map(|key| format!("{part} {key}")));
        }
    }
    // Together they have all of it.
    let found = &all["findings"];
    let whole = PARTS
        .iter()
        .flat_map(|part| keys(&found[*part]).into_iter().map(move |key| format!("{part} {key}")));
    assert_eq!(met, whole.collect());
}

#[test]
fn every_format_tells_one_group_alike() {
    let root = root("formats");
    for group in ["东", "西", "南"] {
        let own = json(&root, &["--group", group]);
        let count = |part: &str| own["findings"][part].as_array().unwrap().len();
        let text = String::from_utf8(diff(&root, &["--group", group]).stdout).unwrap();
        let [new, turned, fixed, removed, remaining] = PARTS.map(count);
        let line = format!(
            "已消除 {fixed}，随行删去 {removed}，新出现 {new}，转为其他结果 {turned}，仍在 {remaining}"
        );
        assert!(text.contains(&line), "{text}");
        assert!(text.contains(&format!("只列架 {group}")), "{text}");
        let html = diff(&root, &["--group", group, "--format", "html"]).stdout;
        let html = String::from_utf8(html).unwrap();
        for (figure, word) in [(new, "新出现"), (fixed, "已消除"), (remaining, "仍在")] {
            assert!(html.contains(&format!("<b>{figure}</b><span>{word}</span>")), "{html}");
        }
        let file = format!("{group}.xlsx");
        diff(&root, &["--group", group, "-o", &file]);
        let bytes = std::fs::read(root.join(&file)).unwrap();
        let mut book: Xlsx<_> =
            calamine::open_workbook_from_rs(std::io::Cursor::new(bytes)).unwrap();
        let lines = |book: &mut Xlsx<_>, sheet: &str| {
            book.worksheet_range(sheet).map_or(0, |range| range.rows().len() - 1)
        };
        assert_eq!(lines(&mut book, "发现"), new + turned + fixed + removed);
        assert_eq!(lines(&mut book, "仍在的发现"), remaining);
        // What is of nobody else is not named.
        for (of, row) in [("东", "戊"), ("西", "丙"), ("南", "丁")] {
            assert_eq!(html.contains(row), of == group, "{group} {row}");
            // Text only counts what is still there.
            assert_eq!(text.contains(row), of == group && row != "丙", "{group} {row}");
        }
    }
}

/// A workbook of all has a column that says whose each line is.
#[test]
fn the_workbook_of_all_says_whose_each_line_is() {
    let root = root("column");
    diff(&root, &["-o", "all.xlsx"]);
    let bytes = std::fs::read(root.join("all.xlsx")).unwrap();
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(std::io::Cursor::new(bytes)).unwrap();
    let mut cell = |sheet: &str, row: &str, column: &str| {
        let range = book.worksheet_range(sheet).unwrap();
        let mut rows = range.rows();
        let heads = rows.next().unwrap();
        let at = heads.iter().position(|head| *head == column).unwrap();
        let found = rows.find(|cells| cells.iter().any(|cell| *cell == row));
        found.unwrap()[at].to_string()
    };
    assert_eq!(cell("发现", "甲", "架"), "东");
    assert_eq!(cell("发现", "一", "架"), "西");
    assert_eq!(cell("仍在的发现", "乙", "架"), "东 → 西");
    assert_eq!(cell("仍在的发现", "丙", "架"), "西");
    assert_eq!(cell("行的变化", "戊", "架"), "东");
    assert_eq!(cell("行的变化", "乙", "架"), "东 → 西");
}

#[test]
fn a_group_of_no_such_name_is_an_error() {
    let root = root("unknown");
    let out = diff(&root, &["--group", "东架"]);
    assert_eq!(out.status.code(), Some(2));
    let said = String::from_utf8_lossy(&out.stderr).into_owned();
    assert!(said.contains("没有叫 `东架` 的组") && out.stdout.is_empty(), "{said}");
}
