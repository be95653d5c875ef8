//! Cases made from a policy: which outcomes of its articles they reach, and what is said of the
//! others.

use super::project::{fanshi, folder, said};
use std::path::Path;

/// What `fanshi cases` writes and says.
fn made(folder: &Path, args: &[&str]) -> String {
    let output = fanshi(folder, &[&["cases", "p.fan", "--as-of", "2015-11-20"], args].concat());
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    said(&output)
}

/// The names of the cases, and the lines that say what was not found.
fn names(text: &str) -> Vec<&str> {
    text.lines().filter_map(|line| line.strip_prefix("name = ")).collect()
}

/// Every outcome has a case, and the cases pass.
fn all_reached(name: &str, policy: &str, outcomes: &[&str]) {
    let folder = folder(name, &[("p.fan", policy)]);
    let text = made(&folder, &["-o", "p.cases.toml"]);
    assert!(!text.contains("没有找到"), "{text}");
    let cases = std::fs::read_to_string(folder.join("p.cases.toml")).unwrap();
    for outcome in outcomes {
        assert!(names(&cases).iter().any(|name| name.contains(outcome)), "{outcome}\n{cases}");
    }
    let output = fanshi(&folder, &["test", "p.fan", "--lang", "zh"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
}

const CALENDAR: &str = "政策 甲\n表 假 { 日期 : 日期 性质 : 文本 }\n历法 历 于 假 {\n 日期 日期\n \
    周休 6、7\n 休 性质 = “休”\n 班 性质 = “班”\n}\n";

#[test]
fn rows_on_both_sides_of_a_limit_of_working_days_are_found() {
    let policy = format!(
        "{CALENDAR}表 件 {{ 号 : 文本 主键 受理 : 日期 办结 : 日期 急 : 是否 缓 : 是否 }}\n\
         第一条 限 凡 急 的 件，历时(受理, 办结) 不得 超过 15 工作日。\n  除非 缓\n"
    );
    let outcomes = ["限：违反", "限：满足", "限：不适用", "限：豁免", "限：无法判断"];
    all_reached("limit", &policy, &outcomes);
    let text = made(&folder("limit", &[("p.fan", &policy)]), &[]);
    // The fifteenth working day after Friday 20 November 2015 is Friday 11 December.
    assert!(
        text.contains("\"办结\" = 2015-12-14") && text.contains("\"办结\" = 2015-12-13"),
        "{text}"
    );
}

#[test]
fn rows_on_both_sides_of_a_condition_of_working_days_are_found() {
    let policy = format!(
        "{CALENDAR}表 件 {{ 号 : 文本 主键 受理 : 日期 办结 : 日期 n : 整数 }}\n\
         第一条 有 凡 历时(受理, 办结) 超过 10 工作日 的 件，n 必须 为 1。\n  除非 n 为 2\n"
    );
    all_reached("condition", &policy, &["有：违反", "有：满足", "有：不适用", "有：豁免"]);
}

#[test]
fn rows_on_both_sides_of_a_due_day_are_found() {
    let policy = "政策 甲\n枚举 性 { 平、休、班 }\n表 日 { 期 : 日期 主键 性 : 性 }\n历法 历 于 日 {\n \
        日期 期\n 周休 6、7\n 休 性 = 休\n 班 性 = 班\n}\n\
        表 件 { 号 : 文本 主键 受理 : 时刻 办结 : 时刻 可缺 }\n\
        第一条 慢 凡 有 办结 且 历时(日期(受理), 日期(办结)) 超过 5 工作日 的 件，提请 “核实”。\n\
        第二条 限 凡 有 办结 的 件，日期(办结) 不得 晚于 顺延(日期(受理), 3 工作日)。\n";
    all_reached("due", policy, &["慢：提请", "慢：不适用", "限：违反", "限：满足", "限：不适用"]);
}

#[test]
fn an_outcome_without_a_row_is_named_in_both_languages() {
    let policy = "政策 甲\n表 行 { 号 : 文本 主键 n : 整数 名 : 文本 }\n\
        第一条 空 凡 n 超过 5 的 行，n 必须 超过 3。\n\
        第二条 全 凡 行，n 不得 超过 5。\n  除非 n 超过 9 且 n 少于 8\n\
        第三条 无 凡 n 超过 9 且 n 少于 8 的 行，n 必须 为 1。\n";
    let folder = folder("without", &[("p.fan", policy)]);
    let text = made(&folder, &[]);
    for line in [
        "甲 第一条 空：没有找到违反的行",
        "甲 第二条 全：没有找到豁免的行",
        "甲 第三条 无：没有找到满足、违反的行",
    ] {
        assert!(text.contains(line), "{text}");
    }
    assert_eq!(text.matches("没有找到").count(), 3, "{text}");
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_fanshi"));
    command.current_dir(&folder).args(["cases", "p.fan", "--as-of", "2015-11-20"]);
    let output = command.env("LC_ALL", "en_US.UTF-8").output().unwrap();
    let text = said(&output);
    assert!(text.contains("no row was found that comes to: satisfied, violated"), "{text}");
}

/// Of several sentences each is named by itself; what no row can come to is not.
#[test]
fn each_sentence_is_named_by_itself() {
    let words = "政策 甲\n表 行 { 号 : 文本 主键 n : 整数 m : 文本 o : 文本 y : 是否 z : 是否 }\n";
    for (name, article, lines) in [
        (
            "turns",
            "第一条 一\n  凡 行 当 z，必须 y。\n  凡 行 当 非 z，相似度(m, o) 不得 少于 60%。\n",
            &["甲 第一条 一 第 2 句：没有找到满足的行"][..],
        ),
        (
            "impossible",
            "第一条 一\n  凡 行 当 z，必须 y。\n  凡 行 当 n 超过 9，n 必须 超过 3。\n",
            &["甲 第一条 一 第 2 句：没有找到违反的行"],
        ),
        (
            "whole",
            "第一条 一\n  凡 行，必须 y。\n  凡 行 当 n 超过 9，n 必须 超过 3。\n",
            &["甲 第一条 一 第 2 句：没有找到违反的行"],
        ),
        (
            "both",
            "第一条 一\n  凡 行，n 应当 不少于 5。\n  凡 行，n 不得 超过 9。\n  凡 行，必须 y。\n",
            &[],
        ),
        ("all", "第一条 一\n  凡 行 当 z，必须 y。\n  凡 行 当 n 超过 9，n 必须 为 30。\n", &[]),
    ] {
        let folder =
            folder(&format!("sentences-{name}"), &[("p.fan", &format!("{words}{article}"))]);
        let text = made(&folder, &[]);
        let found: Vec<&str> = text.lines().filter(|line| line.contains("没有找到")).collect();
        assert_eq!(found, lines, "{name}\n{text}");
    }
}

/// `--lang` is the language of what is said beside the cases.
#[test]
fn messages_are_in_the_language_asked_for() {
    let policy = "政策 甲\n表 行 { 号 : 文本 主键 n : 整数 }\n第一条 空 凡 n 超过 5 的 行，n 必须 超过 3。\n";
    let folder = folder("spoken", &[("p.fan", policy)]);
    let text = made(&folder, &["--lang", "en"]);
    assert!(text.contains("no row was found that comes to: violated"), "{text}");
    assert!(made(&folder, &["--lang", "zh"]).contains("没有找到违反的行"));
    let output = fanshi(&folder, &["cases", "p.fan", "--lang", "en"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("it is not known which day to judge for"), "{}", said(&output));
}

#[test]
fn an_article_is_asked_for_as_check_takes_it() {
    let policy = "政策 甲 | a\n表 行 { 号 : 文本 主键 n : 整数 }\n\
        第一条 一 | one 凡 行，n 不得 超过 5。\n第二条 二 | two 凡 行，n 不得 超过 6。\n";
    let folder = folder("asked", &[("p.fan", policy)]);
    for name in ["2", "第二条", "二", "two", "a.two", "甲.二", "甲.第二条", "a.2"] {
        let text = made(&folder, &["--article", name]);
        assert!(names(&text).iter().all(|name| name.contains("第二条")), "{name}\n{text}");
        assert_eq!(names(&text).len(), 3, "{name}\n{text}");
    }
    let args = ["cases", "p.fan", "--as-of", "2015-11-20", "--article", "twoo"];
    let output = fanshi(&folder, &args);
    assert_eq!(output.status.code(), Some(2));
    let text = said(&output);
    assert!(text.contains("[unknown_article_name]") && text.contains("是不是 `two`"), "{text}");
}

#[test]
fn a_finding_about_the_table_of_one_row_is_stated_in_every_case() {
    let single = "政策 甲\n表 案卷 { 卷号 : 整数 主键 页数 : 整数 }\n表 公布 单份 { 总数 : 整数 }\n\
         第一条 页数 凡 案卷，页数 不得 超过 200。\n\
         第二条 公布相符 凡 公布，总数 必须 为 5。\n";
    let outcomes = [
        "页数：违反",
        "页数：满足",
        "页数：无法判断",
        "公布相符：违反",
        "公布相符：满足",
        "公布相符：无法判断",
    ];
    all_reached("single", single, &outcomes);
    let list = "政策 甲\n表 公布 单份 { 分项 : 多个 { 数 : 整数 } }\n\
         第一条 分项数 凡 公布.分项，数 不得 超过 5。\n";
    all_reached("single-list", list, &["分项数：违反", "分项数：满足"]);
    let english = "policy a\ntable notice single { total : integer }\n\
         article 1 agrees whenever notice, total must be 5.\n";
    let folder = folder("single-en", &[("p.fan", english)]);
    let text = made(&folder, &["-o", "p.cases.toml"]);
    assert!(!text.contains("otherwise"), "{text}");
    let cases = std::fs::read_to_string(folder.join("p.cases.toml")).unwrap();
    assert_eq!(names(&cases).len(), 3, "{cases}");
    let output = fanshi(&folder, &["test", "p.fan"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
}
