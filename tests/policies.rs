//! The shipped policies: they read as the district wrote them, and find in the sample what was
//! planted there, no more, no less.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Outcome, article, table, key, path of each finding.
type Findings = BTreeSet<[String; 5]>;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn check(project: &Path, format: &str) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_fanshi"))
        .arg("check")
        .arg(project)
        .args(["--lang", "zh", "--format", format])
        .output();
    let output = output.unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn findings(tsv: &str) -> Findings {
    let row = |line: &str| {
        let mut cells = line.split('\t').map(str::to_owned);
        std::array::from_fn(|_| cells.next().unwrap_or_default())
    };
    tsv.lines().map(row).collect()
}

/// The text without blanks and punctuation.
fn spoken(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// A copy of `policies` that a test may change.
fn copy(name: &str) -> PathBuf {
    let to = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    if to.exists() {
        fs::remove_dir_all(&to).unwrap();
    }
    copy_folder(&root().join("policies"), &to.join("policies"));
    to
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

#[test]
fn sentences_are_the_districts_own() {
    let read = |file: &str| {
        let text = fs::read_to_string(root().join("policies/approval-reform").join(file)).unwrap();
        spoken(&text.lines().filter(|line| !line.trim_start().starts_with('#')).collect::<String>())
    };
    let seven = read("seven-whenevers.fan");
    for sentence in [
        "凡上级明令取消或法律依据不足的事项一律取消",
        "凡下放的事项一律做好对接",
        "凡上解的事项一律做到只登记不审核",
        "凡没有法律法规依据,属各职能部门自行设定的审批事项或前置条件的一律取消",
        "凡市场机制能够有效调节的事项一律取消",
        "凡连续两年“零办理”的审批事项一律按程序清理",
    ] {
        assert!(seven.contains(&spoken(sentence)), "{sentence}");
    }
    let companion = read("companion.fan");
    for sentence in [
        "凡是法律法规没有要求的申报材料和前置条件一律取消",
        "凡是上级部门变前置审批为事后监管的事项,一律参照上级部门的做法执行",
    ] {
        assert!(companion.contains(&spoken(sentence)), "{sentence}");
    }
}

#[test]
fn finds_what_was_planted() {
    let sample = root().join("policies/shangjie-2015");
    let planted: toml::Table =
        fs::read_to_string(sample.join("planted.toml")).unwrap().parse().unwrap();
    let word = |fault: &toml::Value, key: &str| {
        fault.get(key).and_then(toml::Value::as_str).unwrap_or_default().to_owned()
    };
    let faults = planted.get("fault").and_then(toml::Value::as_array).unwrap();
    let expected: Findings = faults
        .iter()
        .map(|fault| {
            let [outcome, article, table, path] =
                ["outcome", "article", "table", "path"].map(|key| word(fault, key));
            let row = fault.get("row").and_then(toml::Value::as_integer);
            let row = row.map_or_else(String::new, |row| format!("#{row}"));
            [outcome, article, table, word(fault, "key"), row + &path]
        })
        .collect();
    assert_eq!(expected.len(), faults.len());
    assert_eq!(findings(&check(&sample, "tsv")), expected);
}

/// The scripts beside the sample say how its tables were made; says so where Python is not there.
#[test]
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn the_sample_is_what_its_scripts_make() {
    let copy = copy("made");
    let sample = copy.join("policies/shangjie-2015");
    let folders = ["log", "hall", "lists", "rounds", "projects", "network", "registers"];
    for folder in folders {
        fs::remove_dir_all(sample.join(folder)).unwrap();
    }
    for script in ["made/september.py", "made/district.py"] {
        let Ok(output) =
            Command::new("python3").arg("-B").arg(script).current_dir(&sample).output()
        else {
            eprintln!("skipped: python3 is not here");
            return;
        };
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    for folder in folders {
        let names = |base: &Path| -> BTreeSet<_> {
            fs::read_dir(base).unwrap().map(|entry| entry.unwrap().file_name()).collect()
        };
        let (made, kept) =
            (sample.join(folder), root().join("policies/shangjie-2015").join(folder));
        assert_eq!(names(&made), names(&kept));
        for name in names(&made) {
            assert!(
                fs::read(made.join(&name)).unwrap() == fs::read(kept.join(&name)).unwrap(),
                "{folder}/{}",
                name.display()
            );
        }
    }
}

#[test]
fn figures_show_both_sides() {
    let report: serde_json::Value =
        serde_json::from_str(&check(&root().join("policies/shangjie-2015"), "json")).unwrap();
    let messages: Vec<&str> = report
        .get("findings")
        .and_then(|all| all.as_array())
        .unwrap()
        .iter()
        .filter_map(|finding| finding.get("message")?.as_str())
        .collect();
    for figure in [
        "规范合计 为 2415，应为 2420（1061 + 707 + 237 + 196 + 72 + 147），少 5",
        "上报项数 为 236，应为 229（148 + 10 + 10 + 61），多 7",
        "联办占比 为 0.03%，应为 0.02%（四舍五入(35 ÷ 155668, 0.01%)），多 0.01 个百分点",
        "凡是条数 为 7，应为 6",
        "牵头单位后数 为 5，应为 6",
        "服务职能数 为 6，应为 7",
        "保留项数 为 148，应为 143（132 + 7 + 4），多 5",
        "类别数 为 11，应为 10",
        "类别数 为 11，应为 13",
        "网上办结 为 1604，应为 1606",
        "项目信息数 为 14，应为 4",
        "解决问题 为 51，收集问题 为 27",
    ] {
        assert!(messages.iter().any(|message| message.contains(figure)), "{figure}\n{messages:#?}");
    }
}

#[test]
fn english_finds_the_same() {
    let copy = copy("english");
    let sample = copy.join("policies/shangjie-2015");
    let chinese = check(&sample, "tsv");
    let manifest = fs::read_to_string(sample.join("fanshi.toml")).unwrap();
    let english = manifest
        .replace("approval-reform/seven-whenevers.fan", "approval-reform/en/seven-whenevers.fan");
    assert_ne!(manifest, english);
    fs::write(sample.join("fanshi.toml"), english).unwrap();
    assert_eq!(check(&sample, "tsv"), chinese);
}

/// Reads the real list in place; says so where it is not there.
#[test]
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn identity_serves_a_real_list() {
    let project = root().join("tests/real");
    if !root().join("../shared/data/district_items.csv").exists() {
        eprintln!("skipped: the real list ../shared/data/district_items.csv is not here");
        return;
    }
    let found: BTreeSet<[String; 3]> = findings(&check(&project, "tsv"))
        .into_iter()
        .map(|[outcome, article, _, _, path]| [article, path, outcome])
        .collect();
    let row = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        let [article, row, outcome] =
            [0, 1, 3].map(|at| cells.get(at).copied().unwrap_or_default());
        [article.to_owned(), format!("#{row}"), outcome.to_owned()]
    };
    let expected = fs::read_to_string(project.join("expected.csv")).unwrap();
    assert_eq!(found, expected.lines().skip(1).map(row).collect());
}

/// Runs `fmt` on files; panics where it refuses.
fn fmt(files: &[PathBuf], arguments: &[&str]) {
    let output = Command::new(env!("CARGO_BIN_EXE_fanshi"))
        .arg("fmt")
        .args(arguments)
        .args(files)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn policies_in(folder: &Path) -> Vec<PathBuf> {
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> =
        files.filter(|path| path.extension().is_some_and(|extension| extension == "fan")).collect();
    files.sort();
    files
}

#[test]
fn every_policy_goes_to_english_and_back() {
    let copy = copy("translated");
    let sample = copy.join("policies/shangjie-2015");
    let files = policies_in(&copy.join("policies/approval-reform"));
    assert!(files.len() >= 7, "{files:?}");
    fmt(&files, &["--check"]);
    let texts: Vec<String> = files.iter().map(|file| fs::read_to_string(file).unwrap()).collect();
    let chinese = check(&sample, "tsv");
    for file in &files {
        fmt(std::slice::from_ref(file), &["--lang", "en"]);
    }
    let english: Vec<String> = files.iter().map(|file| fs::read_to_string(file).unwrap()).collect();
    let keywords = ["凡 ", "定义 ", "枚举 ", "必须 ", "一律 "];
    let code = |text: &str| {
        text.lines()
            .filter(|line| !line.trim_start().starts_with('#'))
            .map(|line| format!("{line}\n"))
            .collect::<String>()
    };
    for text in &english {
        assert!(!keywords.iter().any(|keyword| code(text).contains(keyword)), "{text}");
    }
    assert_eq!(check(&sample, "tsv"), chinese);
    for file in &files {
        fmt(std::slice::from_ref(file), &["--lang", "zh"]);
    }
    let back: Vec<String> = files.iter().map(|file| fs::read_to_string(file).unwrap()).collect();
    assert_eq!(back, texts);
}

#[test]
fn a_second_run_gives_the_same_bytes() {
    let sample = root().join("policies/shangjie-2015");
    for format in ["text", "json", "tsv"] {
        assert_eq!(check(&sample, format), check(&sample, format), "{format}");
    }
}
