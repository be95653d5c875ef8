//! What a busy person sees first and last, and from where files are named.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const POLICY: &str = "枚举 去留 { 撤 留 }\n\
    表 局 { 名称 : 文本 主键 }\n\
    表 项 { 号 : 文本 主键 题 : 文本 局 : 局 额 : 金额 去留 : 去留\n  料 : 多个 { 名 : 文本 去留 : 去留 默认 留 } }\n\
    裁定 项.去留\n  次序 撤\n  否则 留\n裁定 项.料.去留\n  次序 撤\n  否则 留\n\
    第一条 题 凡 项，题 宜 为 “好”。\n\
    第二条 额 凡 项，额 不得 超过 100 元。\n\
    第三条 大 凡 题 为 “大” 的 项，一律 撤。\n\
    第四条 料 凡 名 为 “证” 的 项.料，一律 撤。\n\
    第五条 局 凡 局，名称 不得 为 “丙”。\n";
const ROWS: &str = r#"[{"号":"A","题":"大","局":"甲","额":"3 元","去留":"留","料":[{"名":"照"},{"名":"证"}]},
{"号":"B","题":"好","局":"乙","额":"300 元","去留":"留","料":[]},
{"号":"C","题":"大","局":"乙","额":"1 元","去留":"留","料":[]}]"#;
const MANIFEST: &str = "[project]\nname = \"一个名称很长很长的项目\"\nas_of = 2015-11-20\n\
    policies = [\"../规则/*.fan\"]\n[data]\n\"项\" = \"项.json\"\n\"局\" = \"局.csv\"\n";

/// A repository with the project in a folder of it.
fn repository(name: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("first").join(name);
    let _ = std::fs::remove_dir_all(&root);
    for folder in [".git", "数据", "规则"] {
        std::fs::create_dir_all(root.join(folder)).unwrap();
    }
    for (file, text) in [
        ("规则/a.fan", POLICY),
        ("数据/项.json", ROWS),
        ("数据/局.csv", "名称\n甲\n乙\n"),
        ("数据/fanshi.toml", MANIFEST),
    ] {
        std::fs::write(root.join(file), text).unwrap();
    }
    root
}

fn run(folder: &Path, columns: usize, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fanshi"));
    command.current_dir(folder).env("COLUMNS", columns.to_string());
    command.args(arguments).output().unwrap()
}

fn text(folder: &Path, columns: usize, arguments: &[&str]) -> String {
    String::from_utf8(run(folder, columns, arguments).stdout).unwrap()
}

/// The counts are the first line and the last; what has to change comes next; then articles, those
/// that decide before those that only forbid, and advice last.
#[test]
fn what_counts_stands_first_and_last_and_what_to_do_before_the_rest() {
    let root = repository("order");
    let wide = text(&root, 200, &["check", "数据", "--lang", "zh"]);
    let whole = "一个名称很长很长的项目，截至 2015-11-20：判断 5 行，5 条；违反 4，警告 2。";
    assert_eq!((wide.lines().next(), wide.lines().last()), (Some(whole), Some(whole)), "{wide}");
    let lines = text(&root, 60, &["check", "数据", "--lang", "zh"]);
    let (found, judged) =
        ("违反 4，警告 2。", "一个名称很长很长的项目，截至 2015-11-20：判断 5 行，5 条。");
    let all: Vec<&str> = lines.lines().collect();
    assert_eq!(all[..2], [found, judged]);
    assert_eq!(all[all.len() - 2..], [judged, found]);
    let english = text(&root, 60, &["check", "数据", "--lang", "en"]);
    assert!(
        english.starts_with("violated 4, warning 2.\n")
            && english.ends_with("\nviolated 4, warning 2.\n"),
        "{english}"
    );

    let order = [
        "要改的处置 — 3",
        "- 留 → 撤 2：A 大、C 大（a 第三条 大）",
        "- 留 → 撤 1：A 大 料（第 2 项）（a 第四条 料）",
        "a 第三条 大 — 违反 2",
        "a 第四条 料 — 违反 1",
        "a 第二条 额 — 违反 1",
        "a 第一条 题 — 警告 2",
        "逐条结果",
    ];
    let found = |line: &&str| wide.lines().position(|found| found == *line);
    let lacking: Vec<&&str> = order.iter().filter(|line| found(line).is_none()).collect();
    assert!(lacking.is_empty(), "{lacking:?}\n{wide}");
    let at: Vec<usize> = order.iter().filter_map(found).collect();
    assert!(at.is_sorted() && at[0] < 4, "{at:?}\n{wide}");
    // People count from 1, and once; programs from 0.
    assert!(wide.contains("  项 A 大，料（第 2 项）\n") && !wide.contains("料[1]"), "{wide}");
    assert!(english.contains("料 (no. 2)") && !english.contains("料[1]"), "{english}");
    let json = text(&root, 60, &["check", "数据", "--format", "json"]);
    assert!(json.contains(r#""path":"料[1]""#) && !json.contains("（第 2 项）"), "{json}");
}

/// What judged nothing is not among what has no findings.
#[test]
fn what_judged_nothing_is_not_told_to_be_well() {
    let root = repository("nothing");
    std::fs::write(root.join("数据/局.csv"), "名称\n").unwrap();
    std::fs::write(root.join("数据/项.json"), "[]").unwrap();
    let out = run(&root, 100, &["check", "数据", "--lang", "zh"]);
    let said = String::from_utf8(out.stdout).unwrap();
    assert_eq!(out.status.code(), Some(2));
    assert!(!said.contains("没有发现问题") && said.contains("[nothing_judged]"), "{said}");
}

/// No path is broken, and one that has no room beside the frame has a line of its own.
#[test]
fn a_long_path_has_a_line_of_its_own() {
    let root = repository("一个很长很长很长很长很长很长很长很长的文件夹");
    let deep = root.join("数据").canonicalize().unwrap();
    let said = text(&std::env::temp_dir(), 60, &["check", deep.to_str().unwrap(), "--lang", "zh"]);
    let path = format!("{}/项.json:1:", deep.to_str().unwrap());
    let own: Vec<&str> = said.lines().filter(|line| line.contains(&path)).collect();
    assert!(own.len() > 2 && own.iter().all(|line| line.starts_with(&path)), "{said}");
    assert!(said.contains("\n      ╭─\n"), "{said}");
    let near = text(&root, 60, &["check", "数据", "--lang", "zh"]);
    assert!(near.contains("╭─[数据/项.json:"), "{near}");
}

/// What people and terminals open is named from the current folder, what code hosts resolve from the
/// root of the repository.
#[test]
fn files_are_named_from_where_they_are_opened() {
    let root = repository("named");
    let of = |format: &str| {
        text(&root.join("规则"), 100, &["check", "../数据", "--format", format, "--lang", "zh"])
    };
    for format in ["text", "concise", "github", "markdown"] {
        let said = of(format);
        assert!(said.contains("../数据/项.json"), "{format}: {said}");
        assert!(
            said.contains("../规则/a.fan") == ["text", "markdown"].contains(&format),
            "{format}: {said}"
        );
    }
    let junit = of("junit");
    assert!(junit.contains("file=\"数据/项.json\"") && junit.contains("数据/项.json:"), "{junit}");
    assert!(!junit.contains("../"), "{junit}");
}

/// Several projects are judged one after another; the exit code is that of the gravest.
#[test]
fn several_projects_follow_one_another() {
    let (bad, good) = (repository("bad"), repository("good"));
    std::fs::write(good.join("数据/项.json"), "[]").unwrap();
    let manifest = MANIFEST.replace("\"项.json\"", "{ file = \"项.json\", empty = true }");
    std::fs::write(good.join("数据/fanshi.toml"), manifest).unwrap();
    let both = [good.join("数据"), bad.join("数据")].map(|path| path.to_str().unwrap().to_owned());
    let ask = |more: &[&str]| {
        run(&bad, 200, &[&["check", &both[0], &both[1], "--lang", "zh"], more].concat())
    };
    let one = |path: &str| run(&bad, 200, &["check", path, "--lang", "zh"]);
    let (first, second) = (one(&both[0]), one(&both[1]));
    assert_eq!((first.status.code(), second.status.code()), (Some(0), Some(1)));
    let out = ask(&[]);
    assert_eq!(out.status.code(), Some(1));
    assert_eq!(out.stdout, [&first.stdout[..], b"\n", &second.stdout[..]].concat());
    let lines = ask(&["--format", "tsv"]);
    let alone = both.iter().map(|path| run(&bad, 200, &["check", path, "--format", "tsv"]).stdout);
    assert_eq!(lines.stdout, alone.collect::<Vec<_>>().concat());
    for more in [&["--format", "json"][..], &["-o", "x.txt"], &["--format", "sarif"]] {
        let out = ask(more);
        assert_eq!((out.status.code(), out.stdout.len()), (Some(2), 0), "{more:?}");
        assert!(String::from_utf8(out.stderr).unwrap().contains("一次写一个项目"), "{more:?}");
    }
    assert!(!bad.join("x.txt").exists());
}
