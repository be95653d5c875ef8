//! Data as offices hand them in: each folder of `tests/offices` is a project with one thing of
//! this kind in it, and `expected.txt` what `fanshi check` comes to: exit code, rows, what is said
//! of the data and what is found. `UPDATE=1 cargo test --test offices` rewrites these.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

use rayon::prelude::*;
use serde_json::Value;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The exit code and the report of a project.
fn check(project: &Path) -> (i32, Value) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fanshi"));
    let output =
        command.args(["check", "--lang", "zh", "--format", "json"]).arg(project).output().unwrap();
    (output.status.code().unwrap(), serde_json::from_slice(&output.stdout).unwrap())
}

/// Where a diagnostic or finding is, as a reader looks it up: `a.csv:2`, `a.xlsx 表!B2`.
fn place(of: &Value) -> String {
    let place = &of["places"][0];
    let file = place["file"].as_str().unwrap_or_default();
    match (place["cell"].as_str(), place["line"].as_u64()) {
        (Some(cell), _) => format!("{file} {}!{cell}", place["sheet"].as_str().unwrap()),
        (None, Some(line)) => format!("{file}:{line}"),
        (None, None) => file.to_owned(),
    }
}

/// What a run comes to, in lines.
fn lines((exit, report): &(i32, Value)) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut found = format!("exit {exit}\n");
    for (table, rows) in report["summary"]["rows"].as_object().unwrap() {
        writeln!(found, "rows {table} {rows}").unwrap();
    }
    writeln!(found, "satisfied {}", report["summary"]["satisfied"]).unwrap();
    for one in report["diagnostics"].as_array().unwrap() {
        let (severity, code) = (text(&one["severity"]), text(&one["code"]));
        writeln!(found, "{severity} {code} {}: {}", place(one), text(&one["message"])).unwrap();
        if let Some(help) = one["help"].as_str() {
            writeln!(found, "  → {help}").unwrap();
        }
    }
    for one in report["findings"].as_array().unwrap() {
        let (outcome, article) = (text(&one["outcome"]), text(&one["article"]));
        let key = text(&one["subject"]["key"]);
        writeln!(found, "{outcome} {article} {key} {}: {}", place(one), text(&one["message"]))
            .unwrap();
    }
    found
}

fn folders() -> Vec<PathBuf> {
    let all = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/offices");
    let entries = std::fs::read_dir(all).unwrap().map(|entry| entry.unwrap().path());
    let mut found: Vec<PathBuf> =
        entries.filter(|path| path.join("fanshi.toml").is_file()).collect();
    found.sort();
    found
}

#[test]
fn each_folder_comes_to_what_it_says() {
    let differing: Vec<String> = folders()
        .par_iter()
        .filter_map(|folder| {
            let found = lines(&check(folder));
            let file = folder.join("expected.txt");
            if std::env::var_os("UPDATE").is_some() {
                std::fs::write(&file, &found).unwrap();
                return None;
            }
            let expected = std::fs::read_to_string(&file).unwrap_or_default();
            (expected != found).then(|| {
                let name = folder.file_name().unwrap().to_string_lossy().into_owned();
                format!("{name}: expected\n{expected}found\n{found}")
            })
        })
        .collect();
    assert!(differing.is_empty(), "{}", differing.join("\n"));
}

/// One sheet with a title, a line of units, headings of two levels, merged groups, totals, notes
/// and `/`, as a spreadsheet program saves it: whatever the format, its rows come to the same, from
/// one manifest.
#[test]
fn one_sheet_in_four_formats_comes_to_the_same() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/offices/same-table");
    let manifest = std::fs::read_to_string(source.join("manifest.toml")).unwrap();
    assert!(manifest.lines().count() <= 6, "a clerk writes no more");
    for extension in ["xlsx", "xls", "ods", "csv"] {
        let file = format!("declared.{extension}");
        let own = manifest.replace("declared.xlsx", &file);
        let found = saved_as(&source, &own, &file);
        if std::env::var_os("UPDATE").is_some() && extension == "xlsx" {
            std::fs::write(source.join("expected.txt"), &found).unwrap();
        }
        let expected = std::fs::read_to_string(source.join("expected.txt")).unwrap_or_default();
        assert_eq!(found, expected, "{extension}");
    }
}

/// What number formats show, merged cells, headings and totals are the same in workbooks of every
/// format.
#[test]
fn workbooks_saved_in_other_formats_come_to_the_same() {
    let mut compared = 0;
    for folder in folders().iter().filter(|folder| folder.join("a.ods").is_file()) {
        let manifest = std::fs::read_to_string(folder.join("fanshi.toml")).unwrap();
        if !manifest.contains("a.xlsx") {
            continue;
        }
        let found = |file: &str| saved_as(folder, &manifest.replace("a.xlsx", file), file);
        let expected = found("a.xlsx");
        for file in ["a.xls", "a.ods"] {
            assert_eq!(found(file), expected, "{}/{file}", folder.display());
            compared += 1;
        }
    }
    assert_eq!(compared, 12);
}

/// What a project comes to with another file in the place of its workbook, by rows.
fn saved_as(source: &Path, manifest: &str, file: &str) -> String {
    let name = source.file_name().unwrap();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("saved-as").join(name).join(file);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    for entry in std::fs::read_dir(source).unwrap() {
        let path = entry.unwrap().path();
        std::fs::copy(&path, folder.join(path.file_name().unwrap())).unwrap();
    }
    std::fs::write(folder.join("fanshi.toml"), manifest).unwrap();
    let (exit, mut report) = check(&folder);
    // That the encoding was guessed is said of text alone.
    let diagnostics = report["diagnostics"].as_array_mut().unwrap();
    let said = diagnostics.len();
    diagnostics.retain(|one| one["code"] != "guessed_encoding");
    assert_eq!(said - diagnostics.len(), usize::from(file.ends_with(".csv")));
    by_rows(&lines(&(exit, report)), file)
}

/// Lines with the row in the place of a line or a cell: `declared.xls 清理表!G6` is row 6.
fn by_rows(lines: &str, file: &str) -> String {
    let own = |line: &str| -> Option<String> {
        let (before, rest) = line.split_once(file)?;
        let (place, after) = rest.split_once(": ")?;
        let digits = place.rfind(|c: char| !c.is_ascii_digit())? + 1;
        Some(format!("{before}row {}: {after}\n", &place[digits..]))
    };
    lines.lines().map(|line| own(line).unwrap_or_else(|| format!("{line}\n"))).collect()
}

/// 194 cells of two kinds in four columns cannot be read: twelve lines say so, and each of the
/// cells is counted and has its place.
#[test]
fn what_has_one_cause_takes_few_lines() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("few-lines");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    let policy = "表 合同 { 编号 : 文本 主键  签订 : 日期  办结 : 日期  金额 : 金额  收费 : 金额 }\n\
        第一条 早 凡 合同，签订 不得 早于 2015-01-01。\n\
        第二条 大 凡 合同，金额 不得 超过 1000 元。\n";
    std::fs::write(folder.join("policy.fan"), policy).unwrap();
    let manifest = "[project]\nas_of = 2015-11-20\npolicies = [\"policy.fan\"]\n[data]\n\"合同\" = \"a.csv\"\n";
    std::fs::write(folder.join("fanshi.toml"), manifest).unwrap();
    let mut table = "编号,签订,办结,金额,收费\n".to_owned();
    for row in 0..60 {
        let (month, day) = (row % 12 + 1, row % 28 + 1);
        let pick = |upto: usize, bad: String, good: &str| {
            if row < upto { bad } else { good.to_owned() }
        };
        let signed = pick(50, format!("{month:02}/13/2015"), "2015-11-20");
        let closed = pick(47, format!("02/{day:02}/2015"), "2015-11-20");
        let (amount, fee) =
            (pick(50, format!("${row}"), "100"), pick(47, format!("€{row}"), "100"));
        writeln!(table, "A{row:02},{signed},{closed},{amount},{fee}").unwrap();
    }
    std::fs::write(folder.join("a.csv"), table).unwrap();
    let (exit, report) = check(&folder);
    let diagnostics = report["diagnostics"].as_array().unwrap();
    let places: Vec<usize> =
        diagnostics.iter().map(|one| one["places"].as_array().unwrap().len()).collect();
    assert_eq!((exit, places), (2, vec![50, 47, 50, 47]), "{diagnostics:?}");
    assert_eq!(report["summary"]["undetermined"], 100);
    for language in ["zh", "en"] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fanshi"));
        let output =
            command.args(["check", "--lang", language]).current_dir(&folder).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        // Between the heading with its rule and the first article.
        let said: Vec<&str> = text
            .lines()
            .skip(4)
            .take_while(|line| !line.starts_with("policy "))
            .filter(|line| !line.is_empty())
            .collect();
        assert!(said.len() <= 12, "{}", said.join("\n"));
        for count in ["50", "47"] {
            let says = said.iter().filter(|line| line.contains(&format!("{count} "))).count();
            assert_eq!(says, 2, "{}", said.join("\n"));
        }
    }
}
