//! What comes from other systems, read on this one: line ends of CRLF and of CR alone, `\` in
//! paths, names that Windows keeps for devices.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// One file of each format, each with a value that breaks an article and one that cannot be read.
const FILES: &[(&str, &str)] = &[
    ("fanshi.toml", MANIFEST),
    ("词.fan", WORDS),
    ("规.fan", RULES),
    ("规.cases.toml", CASES),
    ("数据/架.csv", "号,层,备注\n甲,9,\"两行，\n一格\"\n乙,三,\n\n丙,1,x\n"),
    (
        "数据/书.toml",
        "# 书\n[[书]]\n号 = \"子\"\n页 = 700\n架 = \"甲\"\n\n[[书]]\n号 = \"丑\"\n页 = \"多\"\n架 \
            = \"丁\"\n",
    ),
    (
        "数据/书.json",
        "[\n  {\n    \"号\": \"寅\",\n    \"页\": 800,\n    \"架\": \"乙\"\n  },\n  \
            {\"号\": \"卯\", \"页\": true, \"架\": \"丙\"}\n]\n",
    ),
    (
        "数据/书.jsonl",
        "{\"号\": \"辰\", \"页\": 900, \"架\": \"甲\"}\n\n{\"号\": \"巳\", \"页\": \"x\", \"架\": \"甲\"}\n",
    ),
    ("数据/章.csv", "号,题\n子,一\n子,二\n寅,\n"),
];
const MANIFEST: &str = "# 清单\n[project]\nname = \"馆\"\nas_of = 2015-11-20\npolicies = \
    [\n  \"词.fan\",\n  \"规.fan\",\n]\n\n[data]\n\"架\" = '数据\\架.csv'\n\"书\" = \
    ['数据\\*.toml', \"数据/书.json\", \"数据/书.jsonl\"]\n\"书.章\" = \
    '数据\\章.csv'\n\n[[waiver]]\narticle = \"规.第一条\"\nitem = \"辰\"\nauthority \
    = \"馆长\"\nreason = \"旧书\"\nuntil = 2015-01-01\n";
const WORDS: &str = "词汇 词 # 用词\n\n表 架 \
    {\n  号 : 文本 主键\n  层 : 整数\n  备注 : 文本 可缺\n}\n\n表 书 \
    {\n  号 : 文本 主键\n  页 : 整数 可缺\n  架 : 架\n  章 : 多个 { 题 : 文本 }\n}\n";
const RULES: &str = "政策 规\n使用 词\n\n# 太厚的书\n第一条 厚书\n  凡 有 页 的 书，\n    页 不得 \
    超过 500。\n  说明 “{页}页，太厚”\n\n第二条 层数\n  凡 架，层 不得 超过 5。\n\n第三条 备注\n  \
    凡 有 备注 的 架，长度(备注) 必须 为 1。\n";
const CASES: &str = "as_of = 2015-11-20\n\n[[case]]\nname = \"厚\"\n[[case.\"书\"]]\n\"号\" \
    = \"子\"\n\"页\" = 600\n[[case.expect]]\n\"书\" = \"子\"\narticle = \"厚书\"\noutcome \
    = \"不适用\"\n\n[[case]]\nname = \"CON\"\n[[case.\"书\"]]\n\"号\" = \"丑\"\n\"页\" = 600\n";

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("windows").join(name);
    let _ = fs::remove_dir_all(&folder);
    folder
}

/// The project with other line ends.
fn project(name: &str, end: &str) -> PathBuf {
    let folder = folder(name);
    for (file, text) in FILES {
        let path = folder.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text.replace('\n', end)).unwrap();
    }
    folder
}

fn fanshi(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_fanshi"))
        .current_dir(folder)
        .args(args)
        .args(["--lang", "zh"])
        .output()
        .unwrap()
}

fn object(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap()
}

/// A report without what counts bytes.
fn plain(mut report: Value) -> Value {
    match &mut report {
        Value::Object(map) => map.retain(|key, value| {
            *value = plain(value.take());
            !["start", "end", "folder"].contains(&key.as_str())
        }),
        Value::Array(values) => values.iter_mut().for_each(|value| *value = plain(value.take())),
        _ => {}
    }
    report
}

#[test]
fn line_ends_change_no_finding_and_no_place() {
    let lines = project("lf", "\n");
    let first = plain(object(&fanshi(&lines, &["check", "--format", "json"])));
    let lines = |list: &str| {
        first[list]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|found| found["places"].as_array().unwrap())
            .cloned()
    };
    let files: BTreeSet<String> = lines("diagnostics")
        .chain(lines("findings"))
        .map(|place| place["file"].as_str().unwrap().to_owned())
        .collect();
    let all = [
        "fanshi.toml",
        "数据/书.json",
        "数据/书.jsonl",
        "数据/书.toml",
        "数据/架.csv",
        "数据/章.csv",
        "规.fan",
    ];
    assert_eq!(files.iter().collect::<Vec<_>>(), all);
    for (name, end) in [("crlf", "\r\n"), ("cr", "\r")] {
        let other = plain(object(&fanshi(&project(name, end), &["check", "--format", "json"])));
        for (list, found) in first.as_object().unwrap() {
            assert_eq!(&other[list], found, "{name}: {list}");
        }
    }
}

#[test]
fn cases_and_snapshots_are_the_same_with_any_line_end() {
    let mut said: Vec<Value> = Vec::new();
    for (name, end) in [("cases-lf", "\n"), ("cases-crlf", "\r\n"), ("cases-cr", "\r")] {
        let folder = project(name, end);
        said.push(plain(object(&fanshi(&folder, &["test", "--format", "json"]))));
        fanshi(&folder, &["test", "--update"]);
        let snapshot = folder.join("规.cases/_CON.txt");
        let text = fs::read_to_string(&snapshot).unwrap();
        fs::write(&snapshot, text.replace('\n', "\r\n")).unwrap();
        let again =
            object(&fanshi(&folder, &["test", "--format", "json", "--filter", "CON"])).to_string();
        assert!(!again.contains("case_snapshot"), "{again}");
        assert_eq!(fanshi(&folder, &["test", "--filter", "CON"]).status.code(), Some(0));
    }
    assert_eq!(said[0]["failed"], 2);
    assert_eq!((&said[0], &said[0]), (&said[1], &said[2]));
}

#[test]
fn the_formatter_keeps_the_line_ends_of_a_file() {
    let run = |name: &str, end: &str| {
        let folder = project(name, end);
        let file = folder.join("规.fan");
        let loose =
            fs::read_to_string(&file).unwrap().replace("  凡 架，层 不得", "  凡   架 ， 层 不得");
        fs::write(&file, &loose).unwrap();
        let format = |args: &[&str]| {
            Command::new(env!("CARGO_BIN_EXE_fanshi"))
                .arg("fmt")
                .arg(&file)
                .args(args)
                .output()
                .unwrap()
        };
        assert_eq!(format(&["--check"]).status.code(), Some(1));
        let shown = String::from_utf8(format(&["--stdout"]).stdout).unwrap();
        assert_eq!(format(&[]).status.code(), Some(0));
        assert_eq!(format(&["--check"]).status.code(), Some(0));
        let text = fs::read_to_string(&file).unwrap();
        assert_ne!(text, loose);
        assert_eq!(text, shown);
        text
    };
    let (lines, windows) = (run("fmt-lf", "\n"), run("fmt-crlf", "\r\n"));
    assert!(!lines.contains('\r') && windows.contains("\r\n"));
    assert_eq!(windows, lines.replace('\n', "\r\n"));
}

#[test]
fn backslashes_separate_folders_and_reports_write_slashes() {
    let folder = folder("paths");
    for (file, text) in FILES.iter().filter(|(file, _)| *file != "fanshi.toml") {
        let path = if file.ends_with(".fan") {
            folder.join("政策").join(file)
        } else {
            folder.join("馆").join(file)
        };
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let manifest = MANIFEST
        .replace("\"词.fan\"", r"'..\政策\词.fan'")
        .replace("\"规.fan\"", r#""..\\政策\\规*.fan""#);
    fs::write(folder.join("馆/fanshi.toml"), manifest).unwrap();
    let output = fanshi(&folder, &["check", "馆", "--format", "json"]);
    let report = object(&output);
    let places =
        ["diagnostics", "findings"].iter().flat_map(|list| report[list].as_array().unwrap());
    let places = places.flat_map(|found| found["places"].as_array().unwrap());
    let files: BTreeSet<&str> = places.map(|place| place["file"].as_str().unwrap()).collect();
    assert!(
        files.contains("../政策/规.fan")
            && files.contains("数据/架.csv")
            && files.iter().all(|file| !file.contains('\\')),
        "{files:?}"
    );
    assert!(
        report["diagnostics"]
            .as_array()
            .unwrap()
            .iter()
            .all(|found| found["code"] != "no_such_file")
    );
}

#[test]
fn no_file_is_written_under_a_name_windows_does_not_allow() {
    let folder = project("names", "\n");
    let groups = ["CON", "aux.2015", "COM1", "甲:乙", "尾. ", "a/b\\c", "NUL"];
    let shelves: String = groups.iter().map(|group| format!("{group},9,\n")).collect();
    fs::write(folder.join("数据/架.csv"), format!("号,层,备注\n{shelves}")).unwrap();
    let books: Vec<String> = groups
        .iter()
        .enumerate()
        .map(|(at, group)| format!("[[书]]\n号 = \"{at}\"\n页 = 900\n架 = {group:?}\n"))
        .collect();
    fs::write(folder.join("数据/书.toml"), books.concat()).unwrap();
    fs::write(folder.join("数据/章.csv"), "号,题\n").unwrap();
    let manifest = MANIFEST
        .replace(", \"数据/书.json\", \"数据/书.jsonl\"", "")
        .split("[[waiver]]")
        .next()
        .unwrap()
        .to_owned();
    fs::write(folder.join("fanshi.toml"), manifest).unwrap();
    fanshi(&folder, &["check", "--format", "xlsx", "--by", "架", "-o", "退回"]);
    let names: Vec<String> = fs::read_dir(folder.join("退回"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert!(names.len() >= groups.len(), "{names:?}");
    for name in &names {
        let stem = name.strip_suffix(".xlsx").unwrap();
        assert!(
            !name.contains(['<', '>', ':', '"', '/', '\\', '|', '?', '*'])
                && !stem.ends_with(['.', ' ']),
            "{name}"
        );
        let first = stem.split('.').next().unwrap().to_lowercase();
        assert!(!["con", "aux", "nul", "com1"].contains(&first.as_str()), "{name}");
    }
}

/// A pattern takes names in upper and lower case, so that a project reads the same files everywhere.
#[test]
fn patterns_take_upper_and_lower_case() {
    let folder = project("case", "\n");
    let keys = |manifest: &str| {
        fs::write(folder.join("fanshi.toml"), manifest).unwrap();
        let report = object(&fanshi(&folder, &["check", "--format", "json"]));
        let places = |list: &str| report[list].as_array().unwrap().clone();
        let found: BTreeSet<String> =
            places("findings").iter().map(|found| found["subject"]["key"].to_string()).collect();
        found.into_iter().collect::<Vec<_>>().join(" ")
    };
    let before = keys(MANIFEST);
    fs::rename(folder.join("数据/书.toml"), folder.join("数据/书.TOML")).unwrap();
    fs::rename(folder.join("规.fan"), folder.join("规.Fan")).unwrap();
    fs::rename(folder.join("数据/架.csv"), folder.join("数据/X架.CSV")).unwrap();
    let manifest = MANIFEST.replace("\"规.fan\"", "\"规*.fan\"");
    for pattern in [r"'数据\*架.csv'", "\"数据/x架.[c]sv\"", "\"**/X*.Csv\""] {
        assert_eq!(keys(&manifest.replace(r"'数据\架.csv'", pattern)), before);
    }
}

/// The shells of Windows leave patterns to programs.
#[test]
fn fmt_and_test_take_patterns() {
    let folder = project("globs", "\n");
    let run = |args: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_fanshi"))
            .current_dir(&folder)
            .env("LC_ALL", "zh_CN")
            .args(args)
            .output()
            .unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    fs::write(folder.join("规.fan"), RULES.replace("凡 架，层", "凡   架，层")).unwrap();
    fs::create_dir(folder.join("深")).unwrap();
    fs::write(folder.join("深/别.fan"), "政策   别\n").unwrap();
    assert_eq!(run(&["fmt", "--check", "规*.fan"]), (Some(1), "不合格式：规.fan\n".to_owned()));
    assert_eq!(run(&["fmt", "?.fan", "深/*.fan"]), (Some(0), String::new()));
    assert_eq!(run(&["fmt", "--check", "**/*.fan"]), (Some(0), String::new()));
    assert_eq!(run(&["test", "规*.fan"]).0, Some(1));
    // What fits nothing is told by the name it has.
    let (code, said) = run(&["fmt", "无*.fan"]);
    assert!(code == Some(2) && said.contains("`无*.fan`"), "{said}");
    // A file of that very name is meant.
    fs::write(folder.join("[规]*.fan"), "政策 星\n").unwrap();
    assert_eq!(run(&["fmt", "--check", "[规]*.fan"]), (Some(0), String::new()));
}

/// What `init` proposes to type can be typed: a shell hands over the folder's name as one.
#[test]
fn what_init_proposes_can_be_typed() {
    let root = folder("typed");
    fs::create_dir_all(&root).unwrap();
    for name in ["区 名单", "甲", "it's", "$HOME", "a&b", "甲（一）"] {
        let made = Command::new(env!("CARGO_BIN_EXE_fanshi"))
            .current_dir(&root)
            .args(["init", "--lang", "zh", "--", name])
            .output()
            .unwrap();
        let said = String::from_utf8(made.stdout).unwrap();
        let line = said.lines().find(|line| line.trim().starts_with("fanshi check")).unwrap();
        if name == "甲" {
            assert_eq!(line.trim(), "fanshi check 甲");
        }
        let script = format!("fanshi() {{ {} \"$@\"; }}\n{line}", env!("CARGO_BIN_EXE_fanshi"));
        let shell = |shell: &str| {
            Command::new(shell).args(["-c", &script]).current_dir(&root).output().unwrap()
        };
        assert_eq!(shell("sh").status.code(), Some(0), "{line}");
    }
}
