//! What `fanshi diff` says of two small projects: two submissions, two versions of a policy.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test stops at the first surprise"
)]

#[path = "diff/causes.rs"]
mod causes;
#[path = "diff/edits.rs"]
mod edits;
#[path = "diff/english.rs"]
mod english;
#[path = "diff/group.rs"]
mod group;
#[path = "diff/identity.rs"]
mod identity;
#[path = "diff/pair.rs"]
mod pair;
#[path = "diff/sample.rs"]
mod sample;
#[path = "diff/trials.rs"]
mod trials;
#[path = "diff/unjudged.rs"]
mod unjudged;

use calamine::{Reader, Xlsx};
use fanshi::diff::{Fate, Kind, Match, diff, write_html, write_json, write_text, write_xlsx};
use fanshi::engine::Keep;
use fanshi::report;
use fanshi::syntax::tree::Language;
use fanshi::workspace::Options;
use fanshi::workspace::Project;
use serde_json::Value;
use std::path::Path;

const WORDS: &str = "词汇 词\n表 书 | book \
    { 号 | id : 文本 主键 名 | name : 文本 页 | pages : 整数 册 | volumes : 整数 章 | chapters : 多个 { 题 | title : 文本 } }\n";
const RULES: &str = "政策 馆规 | library\n使用 词\n参数 最多 | most : 整数 = 100\n定义 厚(书) | \
    thick = 页 / 册 > 最多\n第一条 厚书 | thick_books\n  凡 书，不得 厚。\n第二条 有章 | \
    chaptered\n  凡 书，数量(章) 必须 不少于 1。\n";
const MANIFEST: &str = "[project]\nname = \"馆\"\nas_of = 2015-11-20\npolicies = \
    [\"*.fan\"]\n[data]\nbook = \"书.json\"\n";
const BOOKS: &str = r#"[
  {"号": "甲", "名": "山川地理志", "页": 500, "册": 1, "章": [{"题": "山"}, {"题": "水"}]},
  {"号": "乙", "名": "草木名录", "页": 50, "册": 1, "章": []},
  {"号": "丙", "名": "城池考", "页": 700, "册": 0, "章": [{"题": "城"}]},
  {"号": "丁", "名": "历代碑刻目录上", "页": 10, "册": 1, "章": [{"题": "碑"}]},
  {"号": "戊", "名": "历代碑刻目录下", "页": 10, "册": 1, "章": [{"题": "刻"}]}
]"#;

fn project(name: &str, files: &[(&str, &str)]) -> Project {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("diff").join(name);
    let _ = std::fs::remove_dir_all(&root);
    std::fs::create_dir_all(&root).unwrap();
    for (name, text) in
        [("词.fan", WORDS), ("馆规.fan", RULES), ("fanshi.toml", MANIFEST), ("书.json", BOOKS)]
            .iter()
            .chain(files)
    {
        std::fs::write(root.join(name), text).unwrap();
    }
    Project::read(&root)
}

/// What is said of two projects, in each format.
struct Said {
    text: String,
    json: Value,
    html: String,
    xlsx: Vec<u8>,
}

fn compare(
    name: &str,
    old: &[(&str, &str)],
    new: &[(&str, &str)],
    language: Language,
) -> (String, Value) {
    let said = written(name, old, new, language);
    (said.text, said.json)
}

fn written(name: &str, old: &[(&str, &str)], new: &[(&str, &str)], language: Language) -> Said {
    let kinds = [
        Kind {
            name: "规范名称".to_owned(),
            fields: vec!["书.名".into()],
            rows: vec![(None, Fate::Matched(Match::Renamed))],
        },
        Kind {
            name: "增删".to_owned(),
            fields: Vec::new(),
            rows: vec![(None, Fate::Added), (None, Fate::Removed)],
        },
        Kind {
            name: "合并、拆分".to_owned(),
            fields: Vec::new(),
            rows: vec![(None, Fate::Matched(Match::Merged)), (None, Fate::Matched(Match::Split))],
        },
    ];
    said(
        project(&format!("{name}-old"), old),
        project(&format!("{name}-new"), new),
        &kinds,
        language,
    )
}

fn said(old: Project, new: Project, kinds: &[Kind], language: Language) -> Said {
    let options = Options { keep: Keep::Everything, ..Options::default() };
    let shown = report::Options {
        language,
        color: false,
        width: 80,
        max_findings: None,
        base: String::new(),
        root: String::new(),
    };
    let (old, new) = (old.run(&options), new.run(&options));
    let diff = diff(&old, &new, kinds, None);
    let (mut text_bytes, mut json, mut html, mut xlsx) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    write_text(&diff, &shown, &mut text_bytes).unwrap();
    write_json(&diff, language, &mut json).unwrap();
    write_html(&diff, language, &mut html).unwrap();
    write_xlsx(&diff, language, &mut xlsx).unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Said {
        text: text(text_bytes),
        json: serde_json::from_slice(&json).unwrap(),
        html: text(html),
        xlsx,
    }
}

fn books(edit: impl Fn(String) -> String) -> String {
    edit(BOOKS.to_owned())
}

#[test]
fn a_second_submission() {
    let new = books(|text| {
        text.replace("\"页\": 500", "\"页\": 90")
            .replace("\"章\": []", "\"章\": [{\"题\": \"草\"}]")
            .replace("\"册\": 0", "\"册\": 2")
            .replace("{\"题\": \"水\"}", "{\"题\": \"河\"}")
            .replace("\"号\": \"丁\", \"名\": \"历代碑刻目录上\"",
                "\"号\": \"己\", \"名\": \"历代碑刻目录\"")
            .replace(",\n  {\"号\": \"戊\", \"名\": \"历代碑刻目录下\", \"页\": 10, \"册\": 1, \"章\": [{\"题\": \"刻\"}]}", "")
    });
    let (text, _) = compare("submission", &[], &[("书.json", &new)], Language::Chinese);
    insta::assert_snapshot!("second_submission", text);
}

#[test]
fn a_second_version_of_the_policy() {
    let rules =
        RULES.replace("= 100", "= 40").replace("不少于 1", "不少于 2").replace("第二条", "第三条");
    let (text, json) = compare("policy", &[], &[("馆规.fan", &rules)], Language::English);
    insta::assert_snapshot!("second_version_of_the_policy", text);
    let causes: Vec<&Value> = json["findings"]["new"]
        .as_array()
        .unwrap()
        .iter()
        .map(|found| &found["causes"][0]["kind"])
        .collect();
    assert_eq!(causes, ["parameter", "article", "article", "article"]);
    assert_eq!(json["tables"], serde_json::json!([]));
}

/// A line that had the same words on both sides would say nothing.
#[test]
fn what_differs_in_a_declaration_is_in_its_line() {
    let words = |page: &str, state: &str| {
        let names = format!("页 | pages 亦作 “{page}” : 整数");
        format!("{}枚举 级 | rank {{ 高 | high 亦作 “{state}” 低 | low }}\n", WORDS)
            .replace("页 | pages : 整数", &names)
    };
    let (old, new) = (words("页数", "上"), words("面数", "甲"));
    let (text, _) = compare("words", &[("词.fan", &old)], &[("词.fan", &new)], Language::Chinese);
    assert!(text.contains("~ 枚举 级：高（亦作 “上”）、低 → 高（亦作 “甲”）、低"), "{text}");
    assert!(text.contains("整数 亦作 “页数” → 整数 亦作 “面数”"), "{text}");
}

#[test]
fn the_same_twice_does_not_differ() {
    let (text, json) = compare("same", &[], &[], Language::Chinese);
    assert!(text.ends_with("两次没有不同。\n"), "{text}");
    assert_eq!(json["findings"]["remaining"].as_array().unwrap().len(), 3);
    assert!(
        ["fixed", "new", "turned"]
            .iter()
            .all(|part| json["findings"][part] == serde_json::json!([]))
    );
}

#[test]
fn another_day_is_the_cause_where_nothing_else_is() {
    let rules = RULES.replace("厚书 | thick_books\n", "厚书 | thick_books\n  施行 2016-01-01\n");
    let day = MANIFEST.replace("2015-11-20", "2016-11-20");
    let (_, json) = compare(
        "day",
        &[("馆规.fan", &rules)],
        &[("馆规.fan", &rules), ("fanshi.toml", &day)],
        Language::Chinese,
    );
    assert_eq!(json["old"]["as_of"], "2015-11-20");
    assert_eq!(json["new"]["as_of"], "2016-11-20");
    assert_eq!(json["findings"]["new"][0]["causes"][0]["kind"], "day");
}

/// Every row and every finding of both runs is accounted for once.
#[test]
fn nothing_is_lost() {
    let new = books(|text| text.replace("甲", "庚").replace("\"页\": 50,", "\"页\": 5000,"));
    let (_, json) = compare("count", &[], &[("书.json", &new)], Language::Chinese);
    let count = |value: &Value| value.as_array().unwrap().len();
    let (findings, table) = (&json["findings"], &json["tables"][0]);
    let kept = count(&table["changed"]) + table["same"].as_u64().unwrap() as usize;
    assert_eq!((kept + count(&table["removed"]), kept + count(&table["added"])), (5, 5));
    let both = count(&findings["remaining"]) + count(&findings["turned"]);
    let gone = count(&findings["fixed"]) + count(&findings["removed"]);
    assert_eq!((both + gone, both + count(&findings["new"])), (3, 4));
    assert_eq!((count(&findings["fixed"]), count(&findings["removed"])), (0, 1));
    assert_eq!(table["proposals"][0]["kind"], "renamed");
}

/// The page and the workbook list the same findings and rows as the object, and what is written in
/// a cell stays text.
#[test]
fn every_format_lists_the_same() {
    let new = books(|text| {
        text.replace("甲", "庚")
            .replace("\"页\": 50,", "\"页\": 5000,")
            .replace("城池考", "=1+1<b>")
            .replace("\"章\": []", "\"章\": [{\"题\": \"草\"}, {\"题\": \"木\"}]")
    });
    let said = written("formats", &[], &[("书.json", &new)], Language::Chinese);
    let count = |value: &Value| value.as_array().unwrap().len();
    let findings: usize = ["fixed", "removed", "new", "turned", "remaining"]
        .iter()
        .map(|part| count(&said.json["findings"][part]))
        .sum();
    let mut book: Xlsx<_> = Xlsx::new(std::io::Cursor::new(said.xlsx)).unwrap();
    let listed: usize = ["发现", "仍在的发现"]
        .iter()
        .map(|name| book.worksheet_range(name).unwrap().rows().count() - 1)
        .sum();
    assert_eq!(listed, findings);
    let rows = book.worksheet_range("行的变化").unwrap();
    let kinds = book.worksheet_range("更正的种类").unwrap();
    assert_eq!(
        said.html.matches("<tr><td").count(),
        findings + rows.rows().count() - 1 + kinds.rows().count() - 1
    );
    assert!(rows.rows().any(|row| row.iter().any(|cell| *cell == "=1+1<b>")));
    assert!(
        rows.rows().any(|row| row.iter().any(|cell| *cell == "题 草\n题 木")),
        "each element has a line of its cell"
    );
    assert!(said.html.contains("题 草<br>题 木") && !said.html.contains('␊'));
    assert!(
        book.worksheet_formula("行的变化").unwrap().cells().all(|(.., formula)| formula.is_empty())
    );
    assert!(
        said.html.contains("=1+1&lt;b&gt;")
            && !said.html.contains("<b>=")
            && !said.html.contains("1<b>")
    );
}

const SHELVED: &str = "词汇 词\n表 架 | shelf { 号 | id : 文本 主键 }\n表 书 | book \
    { 号 | id : 文本 主键 名 | name : 文本 架 | shelf : 架 页 | pages : 整数 }\n";
const LIMIT: &str =
    "政策 馆规 | library\n使用 词\n第一条 厚书 | thick_books\n  凡 书，页 不得 超过 100。\n";
const SHELVED_DATA: &str = "[data]\nshelf = \"架.csv\"\nbook = \"书.csv\"\n";

fn shelved(as_of: &str, books: &str, rest: &str) -> Vec<(&'static str, String)> {
    let manifest = format!(
        "[project]\nname = \"馆\"\nas_of = {as_of}\npolicies = [\"*.fan\"]\n{SHELVED_DATA}{rest}"
    );
    let texts = [
        ("词.fan", SHELVED),
        ("馆规.fan", LIMIT),
        ("架.csv", "号\n东\n西\n"),
        ("书.csv", books),
        ("fanshi.toml", &manifest),
    ];
    texts.into_iter().map(|(name, text)| (name, text.to_owned())).collect()
}

fn compare_shelved(
    name: &str,
    old: &[(&'static str, String)],
    new: &[(&'static str, String)],
) -> (String, Value) {
    let borrow = |files: &[(&'static str, String)]| {
        files.iter().map(|(name, text)| (*name, text.clone())).collect::<Vec<_>>()
    };
    let (old, new) = (borrow(old), borrow(new));
    let old: Vec<(&str, &str)> = old.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let new: Vec<(&str, &str)> = new.iter().map(|(name, text)| (*name, text.as_str())).collect();
    compare(name, &old, &new, Language::Chinese)
}

const THICK: &str = "号,名,架,页\n甲,山川地理志,东,500\n乙,草木名录,东,50\n丙,山川地理考,西,700\n";

fn causes(json: &Value, part: &str) -> Vec<Value> {
    json["findings"][part].as_array().unwrap().iter().map(|found| found["causes"].clone()).collect()
}

fn waiver(until: &str) -> String {
    format!(
        "[[waiver]]\narticle = \"馆规.厚书\"\nitem = \"甲\"\nauthority = \"馆长\"\nreason \
            = \"孤本\"\nuntil = {until}\n"
    )
}

/// A waiver granted, expired, withdrawn or no longer needed is the cause itself; one that nothing
/// needs is noted, as `check` does.
#[test]
fn what_became_of_a_waiver_is_the_cause() {
    let plain = shelved("2015-11-20", THICK, "");
    let waived = shelved("2015-11-20", THICK, &waiver("2016-01-01"));
    let (text, json) = compare_shelved("granted", &plain, &waived);
    assert!(
        text.contains("~ 原为违反 馆规 第一条 厚书 书 甲") && text.contains("原因：清单准予了例外"),
        "{text}"
    );
    assert_eq!(
        causes(&json, "turned"),
        [serde_json::json!([{"kind": "waiver", "waiver": "granted"}])]
    );
    let (_, json) = compare_shelved("withdrawn", &waived, &plain);
    assert_eq!(causes(&json, "turned")[0][0]["waiver"], "withdrawn");
    assert_eq!(json["findings"]["turned"][0]["was"], "waived");
    let (_, json) =
        compare_shelved("expired", &waived, &shelved("2016-01-02", THICK, &waiver("2016-01-01")));
    assert_eq!(
        (&causes(&json, "turned")[0][0]["waiver"], &causes(&json, "new")[0][0]["waiver"]),
        (&"expired".into(), &"expired".into())
    );
    let thin = THICK.replace("500", "90");
    let (text, json) =
        compare_shelved("unneeded", &waived, &shelved("2015-11-20", &thin, &waiver("2016-01-01")));
    assert_eq!(
        (json["findings"]["new"].clone(), json["findings"]["fixed"].clone()),
        (serde_json::json!([]), serde_json::json!([]))
    );
    assert_eq!(json["findings"]["notes"]["new"][0]["causes"][0]["waiver"], "unneeded");
    assert_eq!(json["findings"]["notes"]["gone"][0]["causes"][0]["field"], "pages");
    assert!(text.ends_with("消除了 0 处，新出现 0 处。\n"), "{text}");
}

/// A value that cannot be read stands as it is written, and corrects nothing.
#[test]
fn a_value_that_cannot_be_read_is_no_correction() {
    let new =
        shelved("2015-11-20", &THICK.replace("甲,山川地理志,东,500", "甲,山川地理志,东,九 十"), "");
    let (text, json) = compare_shelved("unread", &shelved("2015-11-20", THICK, ""), &new);
    assert!(text.contains("页：500 → （读不懂）“九 十”"), "{text}");
    assert!(text.contains("~ 原为违反 "), "{text}");
    let field = &json["tables"][0]["changed"][0]["fields"][0];
    assert_eq!(
        (&field["new"], &field["new_unread"], &field["old"]),
        (&Value::Null, &"九 十".into(), &"500".into())
    );
    let rows: Vec<usize> = json["corrections"]
        .as_array()
        .unwrap()
        .iter()
        .map(|kind| kind["rows"].as_array().unwrap().len())
        .collect();
    assert_eq!(rows, [0, 0, 0]);
}

/// What a removed row had wrong was not corrected; a group without rows is said; and what one group
/// dropped is not what another took up.
#[test]
fn a_group_that_sent_nothing_back() {
    let new = shelved("2015-11-20", "号,名,架,页\n丁,山川地理考,东,500\n乙,草木名录,东,50\n", "");
    let (text, json) = compare_shelved("emptied", &shelved("2015-11-20", THICK, ""), &new);
    assert!(
        text.ends_with(
            "消除了 0 处，另有 2 处随行删去，新出现 1 处。\n西：原有 书 1 行，现在一行也没有\n"
        ),
        "{text}"
    );
    assert!(!text.contains('✓'), "{text}");
    let table = &json["tables"][0];
    assert_eq!(table["emptied"], serde_json::json!([{"group": "西", "rows": 1}]));
    let proposals: Vec<&Value> = table["proposals"]
        .as_array()
        .unwrap()
        .iter()
        .map(|proposal| &proposal["old"][0]["key"])
        .collect();
    assert_eq!(proposals, ["甲"]);
    // The proposal is counted by its kind; the row that was removed without one, as removed.
    let kinds: Vec<Value> = json["corrections"]
        .as_array()
        .unwrap()
        .iter()
        .map(|kind| serde_json::json!([kind["kind"], kind["rows"][0]["key"]]))
        .collect();
    assert_eq!(
        kinds,
        [
            serde_json::json!(["规范名称", "丁"]),
            serde_json::json!(["增删", "丙"]),
            serde_json::json!(["合并、拆分", null])
        ]
    );
}

/// Two rounds have one name: what tells them apart is where they are.
#[test]
fn sides_of_one_name_are_called_by_their_folders() {
    let root = std::path::PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("diff-folders");
    let _ = std::fs::remove_dir_all(&root);
    for (round, name) in [("一报", "样"), ("二报", "样"), ("别的", "另一个")] {
        let folder = root.join(round);
        std::fs::create_dir_all(&folder).unwrap();
        let manifest = format!(
            "[project]\nname = \"{name}\"\nas_of = 2015-11-20\npolicies = [\"a.fan\"]\n[data]\n\
                \"事\" = \"i.csv\"\n"
        );
        std::fs::write(folder.join("fanshi.toml"), manifest).unwrap();
        let policy =
            "表 事 {\n  编码 : 文本 主键\n  数 : 整数\n}\n\n第一条 数\n  凡 事，数 不得 超过 5。\n";
        std::fs::write(folder.join("a.fan"), policy).unwrap();
        std::fs::write(folder.join("i.csv"), "编码,数\nA,7\n").unwrap();
    }
    let said = |new: &str, format: &str| {
        let mut run = std::process::Command::new(env!("CARGO_BIN_EXE_fanshi"));
        let out = run.current_dir(&root).args(["diff", "一报", new, "--lang", "zh"]);
        String::from_utf8(out.args(["--format", format]).output().unwrap().stdout).unwrap()
    };
    let text = said("二报/fanshi.toml", "text");
    assert!(text.contains("前：一报（2015-11-20）") && text.contains("后：二报（"), "{text}");
    let page = said("二报", "html");
    assert!(page.contains("前：一报 2015-11-20") && page.contains("后：二报 2015-11-20"), "{page}");
    let json: serde_json::Value = serde_json::from_str(&said("二报", "json")).unwrap();
    assert_eq!((&json["old"]["folder"], &json["new"]["project"]), (&"一报".into(), &"样".into()));
    // Names that differ say enough.
    assert!(said("别的", "text").contains("后：另一个（"));
}
