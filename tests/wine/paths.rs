//! Paths: every way to write one leads to the same files, and what they are called is the same.

use super::{Wine, below, here, library, on_z, said};
use std::fs;
use std::path::Path;

/// The report on a project by any path.
fn report(wine: &Wine, folder: &Path, path: &str) -> (Option<i32>, String, String) {
    anywhere(said(&wine.fanshi(folder, &["check", path, "--format", "json"])))
}

fn report_here(folder: &Path) -> (Option<i32>, String, String) {
    anywhere(said(&here(folder, &["check", ".", "--format", "json"])))
}

/// A report without where its project lies.
fn anywhere((code, text, errors): (Option<i32>, String, String)) -> (Option<i32>, String, String) {
    let Some((before, after)) = text.split_once("\"folder\":\"") else {
        return (code, text, errors);
    };
    let (_, after) = after.split_once("\",").unwrap();
    (code, format!("{before}{after}"), errors)
}

#[test]
fn any_way_to_write_a_path() {
    let Some(wine) = Wine::there() else { return };
    let (folder, on_c) = wine.folder_on_c("路 径");
    let project = folder.join("馆 甲");
    fs::create_dir(&project).unwrap();
    library(&project);
    fs::create_dir(folder.join("共 用")).unwrap();
    fs::rename(project.join("library.fan"), folder.join("共 用/library.fan")).unwrap();
    let manifest = fs::read_to_string(project.join("fanshi.toml")).unwrap();
    let manifest = manifest.replace("\"*.fan\"", r"'..\共 用\*.fan'");
    fs::write(project.join("fanshi.toml"), manifest).unwrap();
    let expected = report_here(&project);
    assert!(expected.0 == Some(1) && expected.1.contains("../共 用/library.fan"));
    let full = on_z(&project);
    let lower = format!("z:{}", &full[2..]);
    for path in [
        "馆 甲",
        ".\\馆 甲\\",
        "馆 甲/",
        ".\\馆 甲\\..\\馆 甲\\fanshi.toml",
        &full,
        &lower,
        &full.replace('\\', "/"),
        &format!("{on_c}\\馆 甲"),
        "c:/试/路 径\\馆 甲\\",
        "\\试\\路 径\\馆 甲",
        &format!("\\\\?\\{on_c}\\馆 甲"),
        &format!("\\\\?\\{full}\\fanshi.toml"),
        &format!("\\\\.\\{on_c}\\馆 甲"),
        "C:馆 甲",
    ] {
        let found = report(&wine, &folder, path);
        assert!(found == expected, "{path}: {found:?}");
    }
    for path in [".", "C:", "fanshi.toml"] {
        assert!(report(&wine, &project, path) == expected, "{path}");
    }
    assert_eq!(report(&wine, &project, "C:FANSHI.toml").0, Some(1));
    // A share that nobody offers.
    let (code, out, _) = report(&wine, &folder, "\\\\localhost\\c$\\馆");
    assert_eq!(code, Some(2));
    assert!(out.contains("//localhost/c$/馆"), "{out}");
}

/// What a manifest may write of files; names with a drive or without, patterns or not.
#[test]
fn any_way_to_write_a_path_in_a_manifest() {
    let Some(wine) = Wine::there() else { return };
    let (folder, on_c) = wine.folder_on_c("清 单");
    let expected = |policies: &str, books: &str| {
        let project = folder.join("馆");
        let _ = fs::remove_dir_all(&project);
        fs::create_dir(&project).unwrap();
        library(&project);
        fs::create_dir(project.join("数 据")).unwrap();
        fs::rename(project.join("books.json"), project.join("数 据/BOOKS.JSON")).unwrap();
        let manifest = fs::read_to_string(project.join("fanshi.toml")).unwrap();
        let manifest = manifest
            .replace("\"*.fan\"", &format!("'{policies}'"))
            .replace("\"books.json\"", &format!("'{books}'"));
        fs::write(project.join("fanshi.toml"), manifest).unwrap();
        let (code, out, err) = report(&wine, &folder, "馆");
        let report: serde_json::Value = serde_json::from_str(&out).unwrap();
        assert_eq!(code, Some(1), "{policies} {books}: {out} {err}");
        assert_eq!(report["findings"].as_array().unwrap().len(), 4, "{policies} {books}: {out}");
    };
    let policy = format!("{on_c}\\馆\\library.fan");
    for policies in [
        "library.fan",
        ".\\*.fan",
        "..\\**\\*.FAN",
        &policy,
        &policy.replace("library", "l*"),
        &policy.replace('\\', "/"),
        &format!("\\\\?\\{policy}"),
        &format!("\\\\?\\{}", policy.replace("library", "*")),
    ] {
        expected(policies, "数 据\\books.json");
    }
    let books = on_z(&folder.join("馆/数 据/books.json"));
    for books in [
        "数 据\\*.json",
        "**\\books.*",
        "数 据/Books.json",
        &format!("{on_c}\\馆\\数 据\\books.json"),
        &format!("{on_c}\\*\\数*\\b*.json"),
        &books.replace("books", "BOOKS").replace("json", "JSON"),
        &books.replace("books", "[b]*"),
    ] {
        expected("*.fan", books);
    }
}

/// Longer than the 260 characters that old programs know.
#[test]
fn a_long_path() {
    let Some(wine) = Wine::there() else { return };
    let (folder, on_c) = wine.folder_on_c("长");
    let steps: Vec<String> = (0..12).map(|at| format!("{at}{}", "很长的名称".repeat(6))).collect();
    let (relative, full) = (steps.join("\\"), format!("{on_c}\\{}", steps.join("\\")));
    let there = folder.join(steps.join("/"));
    assert!(relative.chars().count() > 350);
    let run = |arguments: &[&str]| {
        let output = wine.fanshi(&folder, arguments);
        (output.status.code(), said(&output).1 + &said(&output).2)
    };
    assert_eq!(run(&["init", &full]).0, Some(0));
    let expected = report_here(&there);
    for path in [&full, &relative, &format!("\\\\?\\{full}")] {
        assert!(report(&wine, &folder, path) == expected, "{path}");
        let target = format!("{path}\\报告.html");
        let (code, text) = run(&["check", path, "-o", &target]);
        assert_eq!(code, Some(0), "{text}");
        assert_eq!(run(&["review", path, "-o", &target]).0, Some(0));
        let by = format!("{path}\\退回");
        let arguments = ["check", path, "--format", "xlsx", "--by", "编号", "--force", "-o", &by];
        assert_eq!(run(&arguments).0, Some(0));
        assert_eq!(run(&["test", path, "--update"]).0, Some(0));
        assert_eq!(run(&["fmt", &format!("{path}\\合同.fan"), "--check"]).0, Some(0));
        assert_eq!(run(&["fmt", &format!("{path}\\*.fan"), "--check"]).0, Some(0));
    }
    let names: Vec<String> = below(&there).into_iter().map(|(name, _)| name).collect();
    assert!(names.contains(&"报告.html".to_owned()), "{names:?}");
    assert!(names.iter().all(|name| !name.contains(".tmp")), "{names:?}");
}

/// Names that Windows keeps for devices, and names it does not have: told, never waited for.
#[test]
fn names_that_are_no_files() {
    let Some(wine) = Wine::there() else { return };
    let folder = wine.folder("devices");
    library(&folder);
    let before = below(&folder);
    for name in [
        "NUL",
        "nul.html",
        "CON",
        "con.json",
        "aux.csv",
        "COM1.xlsx",
        "LPT9",
        "CONOUT$",
        "a?b.html",
        "a*b.html",
        "\"q\".html",
        "a|b.html",
        "PRN.tsv",
    ] {
        let (code, _, err) = said(&wine.fanshi(&folder, &["check", "-o", name]));
        assert_eq!(code, Some(2), "{name}: {err}");
        let told = format!("写不了 `{name}`：名称太长，或者系统不许用；换一个\n");
        let endless = format!("`{name}`：看不出要写成什么格式");
        assert!(err == told || err.starts_with(&endless), "{err}");
        let (code, out, err) = said(&wine.fanshi(&folder, &["check", name]));
        assert_eq!(code, Some(2), "{name}: {out}{err}");
        assert!(out.contains(&format!("`{name}`")) && !out.contains("os error"), "{out}");
        if !name.contains('*') && !name.contains('?') && name.contains('.') {
            let manifest = fs::read_to_string(folder.join("fanshi.toml")).unwrap();
            let other =
                manifest.replace("\"shelves.csv\"", &format!("'{}'", name.replace("html", "csv")));
            fs::write(folder.join("other.toml"), other).unwrap();
            let (code, out, _) = said(&wine.fanshi(&folder, &["check", "other.toml"]));
            assert_eq!(code, Some(2), "{name}");
            assert!(out.contains("错误：") && !out.contains("os error"), "{out}");
            fs::remove_file(folder.join("other.toml")).unwrap();
        }
    }
    assert!(below(&folder) == before);
    // What only looks like one is a file.
    for name in ["com.html", "con1.html", "auxiliary.html", "nul_.html", "com12.html"] {
        assert_eq!(wine.fanshi(&folder, &["check", "-o", name]).status.code(), Some(1), "{name}");
        assert!(folder.join(name).is_file(), "{name}");
    }
}

/// `\` before a quotation mark, as in `"D:\申报 材料\"`, makes the mark a part of the name.
#[test]
fn a_quotation_mark_in_a_path_is_explained() {
    let Some(wine) = Wine::there() else { return };
    let folder = wine.folder("quotes");
    let (code, out, _) = said(&wine.fanshi(&folder, &["check", "D:\\申报 材料\""]));
    assert_eq!(code, Some(2));
    assert!(out.contains("去掉末尾的 `\\`"), "{out}");
}

/// Names, and what is in files, in Chinese; files in GBK are data, and no manifest or policy.
#[test]
fn chinese_names_and_gbk() {
    let Some(wine) = Wine::there() else { return };
    let folder = wine.folder("国标");
    let gbk = |text: &str| encoding_rs::GBK.encode(text).0.into_owned();
    for (name, bytes) in [
        ("fanshi.toml", "[project]\nas_of = 2015-11-20\npolicies = \"政策/规.fan\"\n[data]\n'办件' = '数据/办 件（甲）𠮷.csv'\n".into()),
        ("政策/规.fan", "表 办件 { 编号 : 文本 主键 天数 : 整数 }\n第一条 限 凡 办件，天数 不得 超过 5。\n".into()),
        ("数据/办 件（甲）𠮷.csv", gbk("编号,天数\r\n镕字一号,9\r\n乙,三\r\n")),
        ("国标/fanshi.toml", gbk("[project]\npolicies = \"规.fan\" # 清单\n")),
        ("国标政策/fanshi.toml", b"[project]\npolicies = \"*.fan\"".to_vec()),
        ("国标政策/规.fan", gbk("政策 规\n")),
    ] {
        let path: &Path = &folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    for (project, code) in [(".", 2), ("国标", 2), ("国标政策", 2)] {
        for format in ["text", "json", "html"] {
            let arguments = ["check", project, "--format", format];
            let found = said(&wine.fanshi(&folder, &arguments));
            assert_eq!(found, said(&here(&folder, &arguments)));
            assert_eq!(found.0, Some(code));
            let told = if project == "." { "镕字一号" } else { "不是 UTF-8 文本" };
            assert!(found.1.contains(told), "{project}: {found:?}");
        }
    }
}
