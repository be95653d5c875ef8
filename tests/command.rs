//! What the command line says of a run and of itself, and what it begins.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops at the first surprise")]

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// An empty folder of its own, with files in it.
fn folder(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("command").join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    for (name, text) in files {
        std::fs::write(folder.join(name), text).unwrap();
    }
    folder
}

/// Runs `fanshi` in a folder, in the locale of nobody.
fn fanshi(arguments: &[&str], folder: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fanshi"));
    for name in ["LC_ALL", "LC_MESSAGES", "LANG"] {
        command.env_remove(name);
    }
    command.args(arguments).current_dir(folder).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Articles that were judged are counted, alike everywhere; what is required where none speaks is no article, and an article with an error or out of
/// effect was not judged.
#[test]
fn articles_that_were_judged_are_counted() {
    let policy = "枚举 去留 { 留 退 }\n表 书 { 编号 : 文本 主键  页 : 整数  去留 : 去留 }\n裁定 书.去留\n  否则 留\n\
        第一条 厚\n  凡 页 > 9 的 书，一律 退。\n第二条 薄\n  凡 书，页 不得 少于 1。\n第三条 错\n  凡 书，页数 不得 少于 1。\n\
        第四条 半错\n  凡 书，页 不得 少于 1。\n  凡 书，页数 不得 少于 1。\n第五条 旧\n  施行 2010-01-01 至 2011-01-01\n  凡 书，页 不得 少于 1。\n";
    let manifest = "[project]\nas_of = 2015-11-20\npolicies = \"*.fan\"\n[data]\n\"书\" = \"书.csv\"\n";
    let project = folder("counted", &[("fanshi.toml", manifest), ("馆.fan", policy), ("书.csv", "编号,页,去留\n甲,12,退\n乙,0,留\n")]);
    let run = |format: &str| text(&fanshi(&["check", "--format", format], &project).stdout);

    let report = run("text");
    assert!(report.trim_end().ends_with("判断 2 行（书 2），2 条；违反 2。有 2 处错误，判断不完整。"), "{report}");
    assert!(report.contains("有错误，没有判断或没有判断完：馆 第三条 错、馆 第四条 半错\n"), "{report}");
    assert!(report.contains("未在施行期内，未判断：馆 第五条 旧\n"), "{report}");
    assert!(run("html").contains("<li><b>2</b><span>条规定</span></li>"));
    let json: Value = serde_json::from_str(&run("json")).unwrap();
    let standings: Vec<&str> = json["summary"]["articles"].as_array().unwrap().iter().map(|a| a["standing"].as_str().unwrap()).collect();
    assert_eq!(standings, ["judged", "judged", "faulty", "faulty", "not_in_effect", "otherwise"]);
    let junit = run("junit");
    assert_eq!(junit.matches("<skipped").count(), 2, "neither the third nor the fifth article passed:\n{junit}");
}
