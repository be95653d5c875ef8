//! What rows are grouped by is one thing in every command and format: the same name, the same way
//! from a row to its group, the same numbers.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

mod read;

use read::{Counts, NONE, Read};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const HALLS: &str = "name\n东馆\n西馆\n北馆\n";
const SHELVES: &str = "code,hall\nA,东馆\nB,西馆\nC,\n";
const DESKS: &str = "code,hall\n一,西馆\n二,北馆\n";
/// Of the kinds: some are not given, one cannot be read.
const BOOKS: &str = r#"[
 {"号": "1", "题": "甲", "架": "A", "藏": "西馆", "类": "大", "破": true, "页": 30},
 {"号": "2", "题": "“甲”", "架": "A", "藏": "西馆", "类": "小", "破": false, "页": 2},
 {"号": "3", "题": "乙", "架": "B", "藏": "东馆", "类": "大", "页": 40},
 {"号": "4", "题": "乙", "架": "C", "破": false, "页": 50},
 {"号": "5", "题": "丙", "架": "A", "类": "中", "页": 1},
 {"号": "6", "题": "丙", "架": "Z", "类": "小", "破": true, "页": "许多"}
]"#;
const LOANS: &str = "id,book,desk,days\nL1,1,一,40\nL2,3,二,50\nL3,4,二,60\nL4,2,一,3\n";
const WAIVER: &str = "[[waiver]]\narticle = \"library.thick\"\nitem = \"3\"\nauthority = \"会\"\n\
                      reason = \"好\"\n[[waiver]]\narticle = \"library.long\"\nitem = \"L4\"\n\
                      authority = \"会\"\nreason = \"好\"\n";

/// Writes a project.
fn project(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("grouping").join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    for (file, text) in files {
        std::fs::write(folder.join(file), text).unwrap();
    }
    folder
}

/// Halls, shelves, books and loans; `more` ends the manifest.
fn library(name: &str, more: &str) -> PathBuf {
    let manifest = format!(
        "[project]\nname = \"馆\"\nas_of = 2015-11-20\npolicies = \"*.fan\"\n[data]\nhall = \
            \"hall.csv\"\nshelf = \"shelf.csv\"\nbook = \"book.json\"\nloan = \"loan.csv\"\ndesk = \
            \"desk.csv\"\nyear = \"year.toml\"\n{WAIVER}{more}"
    );
    let files = [
        ("fanshi.toml", &*manifest),
        ("library.fan", include_str!("library.fan")),
        ("hall.csv", HALLS),
        ("shelf.csv", SHELVES),
        ("book.json", BOOKS),
        ("loan.csv", LOANS),
        ("desk.csv", DESKS),
        ("year.toml", "copies = 7\n"),
    ];
    project(name, &files)
}

fn fanshi(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fanshi"));
    command.current_dir(folder).args(arguments).env("COLUMNS", "300").env("LC_ALL", "zh_CN.UTF-8");
    command.output().unwrap()
}

/// What is in each group, in every format, which must agree; by `--by` where it is given.
fn everywhere(folder: &Path, by: Option<&str>) -> Counts {
    let read = Read { folder, by };
    let review = read.review();
    let found = [
        ("review, text", read.review_text()),
        ("review, markdown", read.review_markdown()),
        ("review, xlsx", read.review_workbook()),
        ("check, html", read.html()),
        ("check, xlsx", read.workbook()),
    ];
    for (format, counts) in found {
        assert_eq!(counts, review.found(), "{format}, by {by:?}");
    }
    assert_eq!(read.chart(), review.sums(), "chart, by {by:?}");
    let asked = [
        ("check, json", read.check()),
        ("check, text", read.text()),
        ("check, markdown", read.markdown()),
        ("diff, json", read.diff()),
        ("diff, text", read.diff_text()),
        ("diff, xlsx", read.diff_workbook()),
    ];
    for (format, counts) in asked {
        assert_eq!(counts, review, "{format}, by {by:?}");
    }
    if by.is_some() {
        let (books, names) = read.workbooks();
        assert_eq!(books, review.found(), "workbooks, by {by:?}");
        assert!(review.0.keys().all(|group| names.contains(group)), "{names:?}, by {by:?}");
    }
    review
}

fn counts(groups: &[(&str, [usize; 5])]) -> Counts {
    Counts(groups.iter().map(|(name, counts)| ((*name).to_owned(), *counts)).collect())
}

#[test]
fn every_format_has_the_same_groups_and_numbers() {
    let folder = library("formats", "");
    // By the way through the shelf, whatever hall stands in the book.
    let halls = [
        ("东馆", [2, 2, 1, 1, 0]),
        ("西馆", [1, 0, 0, 1, 1]),
        ("北馆", [0, 0, 0, 0, 0]),
        (NONE, [4, 0, 2, 0, 0]),
    ];
    assert_eq!(everywhere(&folder, Some("架.馆")), counts(&halls));
    // References, enums, texts and truth values; given by whatever table has them.
    for name in ["馆", "书.藏", "桌.馆", "shelf", "类", "书.题", "破", "架.号", "借.桌.馆"]
    {
        let found = everywhere(&folder, Some(name));
        let kinds = |at: usize| found.0.values().map(|counts| counts[at]).sum::<usize>();
        assert_eq!([0, 1, 2, 3, 4].map(kinds), [7, 2, 3, 2, 1], "every finding once, by {name}");
    }
}

#[test]
fn without_a_name_review_page_and_workbook_group_alike() {
    let folder = library("usual", "");
    let groups = |project: &Path| {
        let read = Read { folder: project, by: None };
        let review = read.review();
        assert_eq!(read.html(), review.found());
        assert_eq!(read.workbook(), review.found());
        review
    };
    // Most sentences speak of rows that lead to a hall.
    let found = groups(&folder);
    assert_eq!(found, Read { folder: &folder, by: Some("馆") }.review());
    // The policies split more by the store than by the shelf.
    let policy = include_str!("library.fan").to_owned()
        + "指标 甲 = 数量(书) 按 架\n指标 乙 = 数量(书 当 有 藏) 按 藏\n指标 丙 = 合计(书 当 有 藏: 页) 按 藏\n";
    let policy = policy.replace("藏 | store : 馆 可缺", "藏 | store : 馆");
    std::fs::write(folder.join("library.fan"), policy).unwrap();
    let read = Read { folder: &folder, by: None };
    assert_eq!(groups(&folder), Read { by: Some("书.藏"), ..read }.review());
    let review = json(&folder, &["review", "--format", "json"]);
    let west = &review["groups"]["groups"].as_array().unwrap()[1];
    assert_eq!((&review["groups"]["by"], &west["group"]), (&"book.store".into(), &"西馆".into()));
    assert_eq!(west["measures"], serde_json::json!({"library.乙": "2", "library.丙": "32"}));
}

fn json(folder: &Path, arguments: &[&str]) -> Value {
    serde_json::from_slice(&fanshi(folder, arguments).stdout).unwrap()
}

/// Offices, projects, items, and what both a project and an item lead to.
fn offices(name: &str, more: &str) -> PathBuf {
    let policy = "政策 甲\n表 部门 { 名称 : 文本 主键 }\n表 项目 { 编号 : 文本 主键 部门 : 部门 }\n表 \
                  事项 { 编码 : 文本 主键 部门 : 部门 }\n表 并联 { 编号 : 文本 主键 项目 : 项目 事项 : \
                  事项 天数 : 日 }\n第一条 天数 凡 并联，天数 不得 超过 5 日。\n";
    let manifest = format!(
        "[project]\nname = \"t\"\nas_of = 2015-11-20\npolicies = [\"p.fan\"]\n[data]\n\"部门\" = \
            \"d.csv\"\n\"项目\" = \"p.csv\"\n\"事项\" = \"i.csv\"\n\"并联\" = \"b.csv\"\n{more}"
    );
    let files = [
        ("fanshi.toml", &*manifest),
        ("p.fan", policy),
        ("d.csv", "名称\n民政局\n发改委\n"),
        ("p.csv", "编号,部门\nP1,民政局\n"),
        ("i.csv", "编码,部门\nX,发改委\n"),
        ("b.csv", "编号,项目,事项,天数\nB1,P1,X,9日\n"),
    ];
    project(name, &files)
}

const CIVIL: [(&str, [usize; 5]); 2] = [("民政局", [1, 0, 0, 0, 0]), ("发改委", [0; 5])];
const PLANNING: [(&str, [usize; 5]); 2] = [("民政局", [0; 5]), ("发改委", [1, 0, 0, 0, 0])];

#[test]
fn a_field_is_that_of_the_table_named() {
    let folder = offices("fields", "");
    for (name, groups) in [
        ("项目.部门", CIVIL),
        ("事项.部门", PLANNING),
        ("并联.项目.部门", CIVIL),
        ("并联.事项.部门", PLANNING),
        // Written as on a Chinese keyboard.
        ("事项．部门", PLANNING),
        (" 事项。部门 ", PLANNING),
    ] {
        assert_eq!(everywhere(&folder, Some(name)), counts(&groups), "{name}");
        let found = json(&folder, &["review", "--by", name, "--format", "json"]);
        // What groups filed that filed nothing of the first table is said, and nothing else.
        let remarks = found["groups"]["remarks"].as_array().unwrap();
        let is_filed = |said: &serde_json::Value| said.as_str().unwrap().starts_with("没有填报 `");
        assert!(remarks.len() <= 1 && remarks.iter().all(is_filed), "{name} {remarks:?}");
    }
}

/// Where two ways end in one field, the whole way says which; rows that do not lead to its
/// beginning go to its end by themselves.
#[test]
fn a_whole_way_can_be_asked_for() {
    let policy = "政策 甲\n枚举 级 { 低 高 }\n表 部门 { 名 : 文本 主键 上级 : 部门 可缺 }\n表 事项 { 码 : 文本 主键 \
                  部门 : 部门 级 : 级 }\n表 联 { 号 : 文本 主键 甲事 : 事项 乙事 : 事项 数 : 整数 }\n表 单 { 号 : \
                  文本 主键 联 : 联 数 : 整数 }\n第一条 联 凡 联，数 不得 超过 5。\n第二条 单 凡 单，数 不得 超过 5。\n\
                  第三条 事 凡 事项，级 必须 为 高。\n第四条 上 凡 部门，必须 有 上级。\n";
    let manifest = "[project]\nname = \"t\"\nas_of = 2015-11-20\npolicies = [\"p.fan\"]\n[data]\n\"部门\" = \
                    \"d.csv\"\n\"事项\" = \"i.csv\"\n\"联\" = \"l.csv\"\n\"单\" = \"s.csv\"\n";
    let files = [
        ("p.fan", policy),
        ("fanshi.toml", manifest),
        ("d.csv", "名,上级\n民政局,\n发改委,民政局\n"),
        ("i.csv", "码,部门,级\nX,发改委,高\nY,民政局,低\n"),
        ("l.csv", "号,甲事,乙事,数\nL,X,Y,9\n"),
        ("s.csv", "号,联,数\nS,L,9\n"),
    ];
    let folder = project("whole", &files);
    let violated = |pairs: &[(&str, usize)]| {
        let groups = pairs.iter().map(|(name, n)| (*name, [*n, 0, 0, 0, 0])).collect::<Vec<_>>();
        counts(&groups)
    };
    for (name, groups) in [
        ("部门", vec![("民政局", 2), ("发改委", 2)]),
        ("联.乙事.部门", vec![("民政局", 4), ("发改委", 0)]),
        ("单.联.甲事.部门", vec![("民政局", 2), ("发改委", 2)]),
        // The row that is a group itself, and the one above it.
        ("部门.上级", vec![("民政局", 2), (NONE, 2)]),
        ("级", vec![("低", 1), ("高", 2), (NONE, 1)]),
        ("联.乙事.级", vec![("低", 3), ("高", 0), (NONE, 1)]),
    ] {
        assert_eq!(everywhere(&folder, Some(name)), violated(&groups), "{name}");
    }
    let found = json(&folder, &["review", "--by", "部门", "--format", "json"]);
    let said = found["groups"]["remarks"].to_string();
    assert!(said.contains("--by 联.乙事.部门") && !said.contains("`单` 到"), "{said}");
}

/// The tables that a whole way passes through go along it; nothing is left to be doubted of them.
#[test]
fn a_whole_way_is_that_of_the_tables_between() {
    let policy = "政策 甲\n表 区 { 名 : 文本 主键 }\n表 部门 { 名 : 文本 主键 区 : 区 }\n表 项目 { 号 : 文本 主键 部门 : \
                  部门 协办 : 部门 数 : 整数 }\n表 事项 { 号 : 文本 主键 项目 : 项目 数 : 整数 }\n第一条 项 凡 \
                  项目，数 不得 超过 5。\n第二条 事 凡 事项，数 不得 超过 5。\n第三条 单 凡 部门，名 必须 为 “甲局”。\n";
    let manifest = "[project]\nname = \"t\"\nas_of = 2015-11-20\npolicies = [\"p.fan\"]\n[data]\n\"区\" = \
                    \"q.csv\"\n\"部门\" = \"d.csv\"\n\"项目\" = \"p.csv\"\n\"事项\" = \"i.csv\"\n";
    let files = [
        ("p.fan", policy),
        ("fanshi.toml", manifest),
        ("q.csv", "名\n东\n西\n"),
        ("d.csv", "名,区\n甲局,东\n乙局,西\n"),
        ("p.csv", "号,部门,协办,数\nP,甲局,乙局,9\n"),
        ("i.csv", "号,项目,数\nX,P,9\n"),
    ];
    let folder = project("between", &files);
    for (name, east, west) in [
        ("事项.项目.协办.区", 0, 3),
        ("项目.协办.区", 0, 3),
        ("事项.项目.部门.区", 2, 1),
        ("项目.部门.区", 2, 1),
    ] {
        let groups = counts(&[("东", [east, 0, 0, 0, 0]), ("西", [west, 0, 0, 0, 0])]);
        assert_eq!(everywhere(&folder, Some(name)), groups, "{name}");
        let found = json(&folder, &["review", "--by", name, "--format", "json"]);
        assert_eq!(found["groups"]["remarks"], serde_json::json!([]), "{name}");
    }
    let found = json(&folder, &["review", "--by", "协办", "--format", "json"]);
    assert_eq!(found["groups"]["remarks"], serde_json::json!([]));
    let found = json(&folder, &["review", "--by", "区", "--format", "json"]);
    assert!(found["groups"]["remarks"].to_string().contains("项目.协办.区"), "{found}");
}

/// A field that several tables have is that of each: the groups bear the name of the first, so it is
/// said. What a measure has of groups that nothing else leads to is said as well.
#[test]
fn what_the_title_of_groups_does_not_say_is_said_below() {
    let policy = "政策 甲\n枚举 级 { 低 高 }\n表 馆 { 名 : 文本 主键 }\n表 架 { 名 : 文本 主键 在 : 馆 级 : 级 }\n表 书 \
                  { 号 : 文本 主键 架 : 架 馆 : 馆 级 : 级 页 : 整数 }\n第一条 一 凡 书，页 不得 超过 10。\n指标 馆藏 = \
                  数量(书) 按 馆\n指标 页数 = 合计(书: 页) 按 馆\n";
    let manifest = "[project]\nname = \"t\"\nas_of = 2015-11-20\npolicies = [\"p.fan\"]\n[data]\n\"馆\" = \
                    \"h.csv\"\n\"架\" = \"s.csv\"\n\"书\" = \"b.csv\"\n";
    let files = [
        ("p.fan", policy),
        ("fanshi.toml", manifest),
        ("h.csv", "名\n东\n西\n"),
        ("s.csv", "名,在,级\nS,东,低\n"),
        ("b.csv", "号,架,馆,级,页\nA,S,西,高,30\nB,S,东,低,4\n"),
    ];
    let folder = project("below", &files);
    let page =
        |by: &str| String::from_utf8(fanshi(&folder, &["review", "--by", by]).stdout).unwrap();
    let own = "几张表各按自己的：`架.级`、`书.级`；只按一张表的，写 `架.级` 这样的";
    for (by, said) in [("级", true), ("架.级", false), ("书.级", false), ("馆", false)] {
        assert_eq!(page(by).contains(own), said, "{by}\n{}", page(by));
    }
    let checked = json(&folder, &["check", "--by", "级", "--format", "json"]);
    let filed = "没有填报 `架`、只填报别的表的：高（`书` 1）";
    assert_eq!(checked["summary"]["groups"]["remarks"], serde_json::json!([own, filed]));
    let apart = ["`馆藏` 还有没有列出的组：西 1", "`页数` 还有没有列出的组：西 30"];
    for (by, said) in [("架.在", true), ("书.馆", false), ("馆", false), ("级", false)] {
        let page = page(by);
        assert!(apart.iter().all(|line| page.contains(line) == said), "{by}\n{page}");
    }
    let english = fanshi(&folder, &["review", "--by", "架.在", "--lang", "en"]).stdout;
    let english = String::from_utf8(english).unwrap();
    assert!(english.contains("`馆藏` is of groups not listed, too: 西 1"), "{english}");
}

/// Of two ways of one length one is taken, the same in every format; each says which, and how to
/// take the other, which then does.
#[test]
fn of_two_ways_one_is_taken_and_the_other_told() {
    let folder = offices("ways", "");
    assert_eq!(everywhere(&folder, Some("部门")), counts(&CIVIL));
    let out = folder.join("out");
    for (arguments, by) in [
        (vec!["check"], true),
        (vec!["check", "--format", "json"], true),
        (vec!["check", "--format", "markdown"], true),
        (vec!["check", "--format", "html"], false),
        (vec!["review"], false),
        (vec!["review", "--format", "html"], false),
        (vec!["diff", ".", "."], true),
        (vec!["diff", ".", ".", "--format", "html"], true),
        (vec!["check", "--format", "xlsx", "-o", out.to_str().unwrap()], true),
    ] {
        let asked: &[&str] = if by { &["--by", "部门"] } else { &[] };
        let output = fanshi(&folder, &[&arguments, asked].concat());
        let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        let plain = said.replace('\\', "");
        for part in ["并联.项目.部门", "并联.事项.部门", "--by 事项.部门"] {
            assert!(plain.contains(part), "{arguments:?}: {part}\n{said}");
        }
    }
    assert_eq!(everywhere(&folder, Some("事项.部门")), counts(&PLANNING));
}

#[test]
fn the_manifest_is_heard_by_every_command_and_the_command_line_before_it() {
    let folder = offices("manifest", "[review]\nby = \"事项.部门\"\n");
    assert_eq!(everywhere(&folder, None), counts(&PLANNING));
    assert_eq!(everywhere(&folder, Some("项目.部门")), counts(&CIVIL));
}

#[test]
fn a_wrong_name_in_the_manifest_is_an_error_at_its_place() {
    for (by, code, said) in
        [("事项.部们", "unknown_group", "事项.部门"), ("天数", "cannot_group", "并联.项目")]
    {
        let folder = offices("wrong", &format!("[review]\nby = \"{by}\"\n"));
        for command in [vec!["check"], vec!["review"], vec!["diff", ".", "."]] {
            let output = fanshi(&folder, &command);
            let text = [output.stdout, output.stderr].concat();
            let text = String::from_utf8(text).unwrap();
            assert_eq!(output.status.code(), Some(2), "{command:?}\n{text}");
            for part in [code, "fanshi.toml:11:6", said] {
                assert!(text.contains(part), "{command:?}: {part}\n{text}");
            }
        }
        // Everything else is judged, and what the command line names is taken.
        let found = json(&folder, &["check", "--by", "事项.部门", "--format", "json"]);
        assert_eq!(found["summary"]["violated"], 1);
        assert_eq!(found["summary"]["groups"]["groups"][1]["findings"]["violated"], 1);
        assert_eq!(found["diagnostics"].as_array().unwrap().len(), 1);
    }
}

#[test]
fn names_are_taken_in_either_language_and_as_they_are_written_elsewhere() {
    let folder = library("names", "");
    let by = |name: &str| {
        let found = json(&folder, &["review", "--by", name, "--format", "json"]);
        found["groups"]["by"].as_str().map(str::to_owned)
    };
    for (field, names) in [
        (
            "shelf.hall",
            vec!["架.馆", "shelf.hall", "架.hall", "ｓｈｅｌｆ．ｈａｌｌ", "Shelf.Hall"],
        ),
        ("book.shelf", vec!["架", "shelf", "书.架", "借.书.架", "ｓｈｅｌｆ"]),
        ("book.kind", vec!["类", "kind", "类别", "书.类别", "借.书.类"]),
    ] {
        for name in names {
            assert_eq!(by(name).as_deref(), Some(field), "{name}");
        }
    }
}

#[test]
fn what_cannot_group_is_refused_with_the_reason_and_what_can() {
    let folder = library("refused", "");
    for (name, code, parts) in [
        ("书.页", "cannot_group", vec!["`书.页` 是整数", "`书.架`、`书.藏`、`书.类`"]),
        ("日", "cannot_group", vec!["`借.日` 是整数", "`借.书`、`借.桌`"]),
        ("目", "cannot_group", vec!["`书.章` 是一行里的列表", "`书.架`"]),
        ("书.章.目", "cannot_group", vec!["`书.章` 是一行里的列表"]),
        ("章", "cannot_group", vec!["`书.章` 是一行里的列表"]),
        ("借", "cannot_group", vec!["没有别的表引用 `借`", "`借.书`"]),
        ("书.架子", "unknown_group", vec!["`书.架`"]),
        ("书.页.馆", "unknown_group", vec!["`书.页.馆`"]),
        ("", "unknown_group", vec!["`书.架`"]),
    ] {
        let out = folder.join("out");
        for command in [
            vec!["check"],
            vec!["check", "--format", "html"],
            vec!["check", "--format", "xlsx", "-o", out.to_str().unwrap()],
            vec!["review"],
            vec!["diff", ".", "."],
        ] {
            let output = fanshi(&folder, &[&command[..], &["--by", name]].concat());
            let said = String::from_utf8(output.stderr).unwrap();
            assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{name} {said}");
            assert!(!out.exists(), "{name}: nothing is written");
            for part in parts.iter().chain([&code]) {
                assert!(said.contains(part), "{command:?} {name}: {part}\n{said}");
            }
        }
    }
}

/// Two keys that are shown alike are two groups; two texts of one form are one.
#[test]
fn groups_are_told_apart_by_what_they_are() {
    let long = "长".repeat(62);
    let policy = "政策 甲\n表 架 { 名 : 文本 主键 }\n表 书 { 号 : 文本 主键 架 : 架 题 : 文本 页 : 整数 }\n\
                  第一条 厚 凡 书，页 不得 超过 10。\n指标 册数 = 数量(书) 按 架\n";
    let books = format!(
        "号,架,题,页\n1,{long}甲,甲,30\n2,{long}乙,“甲”,30\n3,{long}乙,甲 ,30\n4,“丙”,乙,30\n5,丙,乙,3\n"
    );
    let manifest = "[project]\nname = \"t\"\nas_of = 2015-11-20\npolicies = [\"p.fan\"]\n[data]\n\"架\" = \
                    \"s.csv\"\n\"书\" = \"b.csv\"\n";
    let shelves = format!("名\n{long}甲\n{long}乙\n“丙”\n丙\n");
    let folder = project(
        "alike",
        &[("p.fan", policy), ("fanshi.toml", manifest), ("s.csv", &shelves), ("b.csv", &books)],
    );
    let one = |n| [n, 0, 0, 0, 0];
    let shelves = [
        (&*format!("{long}甲"), one(1)),
        (&*format!("{long}乙"), one(2)),
        ("“丙”", one(1)),
        ("丙", one(0)),
    ];
    assert_eq!(everywhere(&folder, Some("架")), counts(&shelves));
    let found = json(&folder, &["review", "--format", "json"]);
    let measure = |group: &Value| group["measures"]["甲.册数"].clone();
    let measures: Vec<Value> =
        found["groups"]["groups"].as_array().unwrap().iter().map(measure).collect();
    assert_eq!(measures, ["1", "2", "1", "1"]);
    let titles = [("甲", one(2)), ("“甲”", one(1)), ("乙", one(1))];
    assert_eq!(everywhere(&folder, Some("题")), counts(&titles));
    // A long name that is like no other is cut for people, whole for scripts.
    std::fs::write(folder.join("s.csv"), format!("名\n{long}甲\n“丙”\n丙\n")).unwrap();
    std::fs::write(folder.join("b.csv"), format!("号,架,题,页\n1,{long}甲,甲,30\n")).unwrap();
    let read = Read { folder: &folder, by: Some("架") };
    let cut = format!("{}…", "长".repeat(60));
    assert_eq!(read.check(), counts(&[(&format!("{long}甲"), one(1))]));
    assert_eq!(read.html(), counts(&[(&cut, one(1))]));
}

/// Rows that belong to no group are counted in one line, and it is said why they do.
#[test]
fn it_is_said_why_rows_belong_to_no_group() {
    let folder = library("none", "");
    let remarks = |name: &str| {
        let found = json(&folder, &["check", "--by", name, "--format", "json"]);
        let groups = &found["summary"]["groups"];
        let none = groups["groups"].as_array().unwrap().last().unwrap().clone();
        assert_eq!(none["group"], Value::Null);
        (
            none["rows"].as_u64().unwrap(),
            groups["remarks"].as_array().unwrap().last().unwrap().clone(),
        )
    };
    assert_eq!(
        remarks("类"),
        (2, "不属任何一组的，没有填报 `类`：书 1，发现 2；`类` 漏填或读不出：书 1，发现 2；`架`、`年` \
             没有引用通到 `类`：发现 2".into())
    );
    assert_eq!(
        remarks("架.馆"),
        (1, "不属任何一组的，没有填报 `馆`：架 1，发现 3；`馆` 漏填或读不出：发现 2；`年` 没有引用通到 \
             `馆`：发现 1".into())
    );
}

/// Groups of two runs are told apart by what they are; what the earlier run has not is said.
#[test]
fn two_runs_are_grouped_alike() {
    let (old, new) = (library("old", ""), library("new", "[review]\nby = \"架.馆\"\n"));
    let books = BOOKS.replace("\"页\": 30", "\"页\": 3");
    std::fs::write(new.join("book.json"), books).unwrap();
    std::fs::write(new.join("hall.csv"), "name\n新馆\n东馆\n西馆\n北馆\n").unwrap();
    let found = json(&new, &["diff", old.to_str().unwrap(), ".", "--format", "json"]);
    let groups = found["groups"]["groups"].as_array().unwrap();
    let violated = |group: &Value| {
        let of = |side: &str| group[side]["findings"]["violated"].as_u64().unwrap();
        (group["group"].as_str().unwrap_or(NONE).to_owned(), of("old"), of("new"))
    };
    let groups: Vec<_> = groups.iter().map(violated).collect();
    let group = |name: &str, old, new| (name.to_owned(), old, new);
    assert_eq!(
        groups,
        [group("东馆", 2, 1), group("西馆", 1, 1), group("北馆", 0, 0), group(NONE, 4, 4)]
    );
    let policy = include_str!("library.fan")
        .replace(
            "架 | shelf { 号 | code : 文本 主键 馆 | hall",
            "架 | shelf { 号 | code : 文本 主键 旧馆 | old_hall",
        )
        .replace("有 馆。", "有 旧馆。");
    std::fs::write(old.join("library.fan"), policy).unwrap();
    std::fs::write(old.join("shelf.csv"), SHELVES.replace("hall", "old_hall")).unwrap();
    let found = json(&new, &["diff", old.to_str().unwrap(), ".", "--format", "json"]);
    let said = found["groups"]["remarks"].to_string();
    assert!(said.contains("前一次没有 `架.馆`"), "{said}");
}

/// The sample has ways of one length: what belongs to whom is the same everywhere.
#[test]
fn the_sample_is_grouped_alike_everywhere() {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies/shangjie-2015");
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("grouping");
    std::fs::create_dir_all(&folder).unwrap();
    let read = Read { folder: &sample, by: None };
    let review = read.review();
    assert!(review.0.len() > 20, "{review:?}");
    assert_eq!(read.html(), review.found());
    // The chart draws the longest bars alone.
    let sums = review.sums();
    assert!(read.chart().iter().all(|(group, sum)| sums.get(group) == Some(sum)), "{sums:?}");
    assert_eq!(read.workbook(), review.found());
    let by = Read { by: Some("事项.部门"), ..read };
    assert_eq!(by.check(), by.review());
    assert_eq!(by.workbooks_in(&folder.join("sample")).0, by.review().found());
}
