//! Several changes at once: those that matter are named, and no others.

use super::pair::{Said, pair, policies, submissions};
use serde_json::{Value, json};

fn policy(limit: &str, other: &str) -> String {
    format!(
        "政策 甲\n参数 限 : 整数 = {limit}\n参数 别 : 整数 = {other}\n表 行 {{ 号 : 文本 主键 n : 整数 m : 整数 }}\n\
        第一条 一 凡 行，必须 (n 不超过 限 或 n 超过 别)。\n"
    )
}

#[track_caller]
fn because(said: &Said, causes: Value) {
    assert_eq!(said.causes(), [causes], "{}", said.text);
    let parts = ["new", "turned", "fixed"];
    let tried = parts.iter().flat_map(|part| said.part(part)).all(|found| found["tried"] == true);
    assert!(tried, "{}", said.text);
}

fn both(name: &str, policies: [&str; 2], rows: [&str; 2]) -> Said {
    let [old, new] = [0, 1].map(|at| [("政策.fan", policies[at]), ("行.csv", rows[at])]);
    pair(name, &old, &new, ["", ""])
}

#[test]
fn only_what_matters_is_a_cause() {
    let (old, new) = (policy("9", "100"), policy("5", "90"));
    let parameter = json!({"kind": "parameter", "parameter": "限"});
    let field = json!({"kind": "field", "field": "n"});
    let row = "号,n,m\nA,7,1\n";
    // Of two parameters one, of parameter and row the one that matters.
    because(&policies("one-of-two", &old, &new, &[("行.csv", row)]), json!([parameter]));
    let said = both("parameter-not-row", [&old, &new], [row, "号,n,m\nA,8,2\n"]);
    because(&said, json!([parameter]));
    let said = both(
        "row-not-parameter",
        [&policy("9", "100"), &policy("8", "100")],
        ["号,n,m\nA,3,1\n", "号,n,m\nA,30,2\n"],
    );
    because(&said, json!([field]));
    // It takes both, or either would do: both are named, nearest first.
    let said = both("takes-both", [&old, &new], ["号,n,m\nA,3,1\n", row]);
    because(&said, json!([field, parameter]));
    let said = both("either-would-do", [&old, &new], ["号,n,m\nA,6,1\n", "号,n,m\nA,17,1\n"]);
    because(&said, json!([field, parameter]));
}

/// A declaration that only the later policies know is undone with what names it.
#[test]
fn declarations_that_hang_together() {
    let words = "政策 甲\n表 行 { 号 : 文本 主键 n : 整数 m : 整数 }\n";
    let old = format!("{words}定义 大(行) = n 超过 9\n第一条 一 凡 行，不得 大。\n");
    let new =
        format!("{words}参数 限 : 整数 = 5\n定义 大(行) = n 超过 限\n第一条 一 凡 行，不得 大。\n");
    let row = [("行.csv", "号,n,m\nA,7,1\n")];
    let definition = json!([{"kind": "definition", "definition": "行.大"}]);
    because(&policies("hang-together", &old, &new, &row), definition.clone());
    because(&policies("hang-apart", &new, &old, &row), definition);
}

/// The vocabulary changed, and so did the row: which of the two it was.
#[test]
fn vocabulary_and_rows() {
    let policy = |default: &str, limit: usize| {
        format!(
            "政策 甲\n参数 限 : 整数 = {limit}\n表 行 {{ 号 : 文本 主键 n : 整数 默认 {default} m : 整数 }}\n第一条 一 凡 行，n 不得 超过 限。\n"
        )
    };
    let (old, new) = (policy("3", 5), policy("7", 5));
    let field = json!({"kind": "table_field", "table_field": "行.n"});
    let said = both("default-not-row", [&old, &new], ["号,n,m\nA,,1\n", "号,n,m\nA,,2\n"]);
    because(&said, json!([field]));
    let said = both("row-not-default", [&old, &new], ["号,n,m\nA,4,1\n", "号,n,m\nA,8,2\n"]);
    because(&said, json!([{"kind": "field", "field": "n"}]));
    let said =
        both("default-and-limit", [&old, &policy("7", 6)], ["号,n,m\nA,,1\n", "号,n,m\nA,,1\n"]);
    because(&said, json!([field]));
}

/// A reference that led to a row which is gone leads to it again where that is undone.
#[test]
fn rows_that_went_and_rows_that_changed() {
    let policy = "政策 甲\n表 法 { 名 : 文本 主键 级 : 整数 }\n表 行 { 号 : 文本 主键 据 : 法 }\n\
        第一条 一 凡 行，据.级 不得 超过 3。\n";
    let rows = ("行.csv", "号,据\nA,x\nB,y\n");
    let said = submissions(
        "went-and-changed",
        policy,
        &[("法.csv", "名,级\nx,1\ny,1\nz,1\n"), rows],
        &[("法.csv", "名,级\ny,9\nz,2\n"), ("行.csv", "号,据\nA,x\nB,y\nC,z\n")],
    );
    let gone = json!([{"kind": "row_removed", "table": "法", "key": "x"}]);
    let changed = json!([{"kind": "field", "table": "法", "key": "y", "field": "级"}]);
    assert_eq!(said.causes(), [gone, changed], "{}", said.text);
}

/// The row of a table of one is not the row that is judged, though its fields have the same names.
#[test]
fn the_row_of_a_single_table() {
    let policy = "政策 甲\n表 总 单份 { n : 整数 m : 整数 }\n表 行 { 号 : 文本 主键 m : 整数 }\n\
        第一条 一 凡 行，m 不得 超过 总.m。\n第二条 二 凡 行，m 不得 超过 总.n。\n";
    let row = ("行.csv", "号,m\nA,5\n");
    let said = submissions(
        "single",
        policy,
        &[row, ("总.csv", "n,m\n5,5\n")],
        &[row, ("总.csv", "n,m\n4,4\n")],
    );
    let field = |field: &str| json!([{"kind": "field", "table": "总", "field": field}]);
    assert_eq!(said.causes(), [field("m"), field("n")], "{}", said.text);
    assert!(said.text.contains("原因：总 的 m 改了"), "{}", said.text);
    assert!(said.text.contains("\n~ 总\n"), "{}", said.text);
}

/// A row that was withdrawn: what belongs to it in a file of its own went with it, and no other row
/// is touched.
#[test]
fn a_withdrawn_row_is_no_other_row_s_matter() {
    let words = "政策 甲\n表 书 { 号 : 文本 主键 名 : 文本 章 : 多个 { 题 : 文本 } }\n第一条 短 凡 书，数量(章) 不得 超过 2。\n";
    let chapters = "号,题\nJY-02,山\nMZ-04,水\nMZ-05,城\nMZ-05,乡\nMZ-05,里\n";
    let files = |books| [("政策.fan", words), ("书.csv", books), ("书.章.csv", chapters)];
    let books = "号,名\nJY-02,甲\nMZ-04,乙\nMZ-05,丙\n";
    let said = pair("withdrawn", &files(books), &files("号,名\nJY-02,甲\nMZ-04,乙\n"), ["", ""]);
    let table = &said.json["tables"][0];
    let count = |part: &str| table[part].as_array().unwrap().len();
    assert_eq!([count("added"), count("changed"), count("removed")], [0, 0, 1], "{}", said.text);
    assert_eq!((&table["removed"][0]["key"], &table["same"]), (&json!("MZ-05"), &json!(2)));
    assert_eq!(table["unread"], json!({"new": 0, "old": 0}));
    let parts = ["new", "turned", "fixed"].map(|part| said.part(part).len());
    assert_eq!(parts, [0, 0, 0], "{}", said.text);
    assert!(!said.text.contains("读不懂"), "{}", said.text);
    // What went with it is what it broke, and the key that is left is told once.
    assert_eq!(said.part("removed").len(), 1, "{}", said.text);
    assert_eq!(said.text.matches("MZ-05").count(), 2, "{}", said.text);
}
