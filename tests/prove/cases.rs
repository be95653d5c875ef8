//! The cases made from the shipped policies are cases that pass.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A folder with the shipped policies and without their cases.
fn copy(name: &str) -> PathBuf {
    let to = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    if to.exists() {
        fs::remove_dir_all(&to).unwrap();
    }
    fs::create_dir_all(&to).unwrap();
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies/approval-reform");
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        if entry.path().extension().is_some_and(|extension| extension == "fan") {
            fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
    to
}

fn fanshi(arguments: &[&str]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_fanshi"))
        .args(arguments)
        .env("LANG", "zh_CN.UTF-8")
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// Makes the cases of a policy, runs them, and hands on their names.
fn pass(policy: &str, least: usize) -> Vec<String> {
    let folder = copy(&format!("cases-{policy}"));
    let file = folder.join(format!("{policy}.fan"));
    let cases = folder.join(format!("{policy}.cases.toml"));
    let (code, _, said) = fanshi(&[
        "cases",
        file.to_str().unwrap(),
        "--as-of",
        "2015-11-20",
        "-o",
        cases.to_str().unwrap(),
    ]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("个案例") && !said.contains("另有"), "{said}");
    let text = fs::read_to_string(&cases).unwrap();
    let (code, told, wrong) = fanshi(&["test", file.to_str().unwrap(), "--lang", "zh"]);
    assert_eq!(code, 0, "{told}{wrong}");
    let names: Vec<String> =
        text.lines().filter_map(|line| line.strip_prefix("name = ")).map(str::to_owned).collect();
    assert!(told.contains(&format!("{} 个通过", names.len())), "{told}");
    assert!(names.len() >= least, "{} cases", names.len());
    names
}

#[test]
fn cases_of_a_policy_of_requirements_pass() {
    let names = pass("process-limits", 70);
    for expected in [
        "第一条 环节档：违反",
        "第一条 环节档：满足",
        "第一条 环节档：不适用，除了“列入清单”",
        "第一条 环节档：无法判断，缺“环节档”",
        "豁免，因为“需要参与公示听证论证”",
    ] {
        assert!(names.iter().any(|name| name.contains(expected)), "{expected}\n{names:#?}");
    }
}

#[test]
fn cases_of_a_policy_of_demands_pass() {
    let names = pass("seven-whenevers", 38);
    for article in ["第一条", "第二条", "第三条", "第四条", "第五条", "第六条", "第七条"]
    {
        for outcome in ["：违反", "：满足", "：不适用", "：无法判断"] {
            // The second and the fifth override the first and demand the same: in the rows that the
            // search finds, where one of them is open, the demand is made either way.
            if ["第一条", "第二条", "第五条"].contains(&article) && outcome == "：无法判断"
            {
                continue;
            }
            assert!(
                names.iter().any(|name| name.contains(article) && name.contains(outcome)),
                "{article}{outcome}\n{names:#?}"
            );
        }
    }
}

#[test]
#[ignore = "half a minute; run in release"]
fn cases_of_all_shipped_policies_pass() {
    for (policy, least) in
        [("companion", 55), ("identity", 35), ("legal-basis", 50), ("published-figures", 170)]
    {
        pass(policy, least);
    }
}

#[test]
fn one_article_is_made_by_its_name_and_wrong_requests_are_refused() {
    let folder = copy("cases-one");
    let file = folder.join("process-limits.fan");
    let (code, text, _) =
        fanshi(&["cases", file.to_str().unwrap(), "--article", "环节档", "--as-of", "2015-11-20"]);
    assert_eq!(code, 0);
    let names: Vec<&str> = text.lines().filter(|line| line.starts_with("name = ")).collect();
    assert_eq!(names.len(), 5, "{names:#?}");
    assert!(text.contains("\"环节档\" = 6"), "the least tier above the highest: {text}");
    let (code, _, said) = fanshi(&[
        "cases",
        file.to_str().unwrap(),
        "--article",
        "没有这条",
        "--as-of",
        "2015-11-20",
    ]);
    assert_eq!((code, said.contains("unknown_article_name")), (2, true), "{said}");
    let (code, _, said) = fanshi(&["cases", file.to_str().unwrap()]);
    assert_eq!((code, said.contains("no_day")), (2, true), "{said}");
    let (code, _, said) = fanshi(&[
        "cases",
        folder.to_str().unwrap(),
        "--article",
        "环节档",
        "--as-of",
        "2015-11-20",
    ]);
    assert_eq!(code, 0, "{said}");
}

/// Sentences of an article that has several are told apart by their lines, and each remark is made
/// once.
#[test]
fn sentences_are_named_by_their_lines() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("prove-lines");
    fs::create_dir_all(&folder).unwrap();
    let manifest = "[project]\nname = \"甲\"\nas_of = 2015-11-20\npolicies = \"*.fan\"\n";
    fs::write(folder.join("fanshi.toml"), manifest).unwrap();
    let policy = "政策 甲 | small\n枚举 处置 | fate { 留 | keep 去 | drop }\n表 书 | book { 号 | code : 文本 \
                  主键 页 | pages : 整数 破 | torn : 是否 处理 | state : 处置 }\n裁定 书.处理 否则 留\n第一条 六 | \
                  six\n凡 页 超过 10 的 书，一律 去。\n凡 破 的 书，一律 去。\n第二条 七 | seven\n凡 页 超过 20 \
                  的 书，一律 去。\n第三条 八 | eight\n凡 页 = 5 的 书，一律 去。 凡 页 少于 6 的 书，一律 去。\n";
    fs::write(folder.join("small.fan"), policy).unwrap();
    let folder = folder.to_str().unwrap();
    let (_, gathered, _) = fanshi(&["prove", folder, "--lang", "zh"]);
    // Lines are broken to fit, so blanks do not count.
    let gathered = gathered.split_whitespace().collect::<String>();
    let all =
        "-5处都要求“去”，有6对会碰到同一行，由前一条说：甲第一条六（第6行）、甲第一条六（第7行）";
    assert_eq!(gathered.matches(all).count(), 1, "{gathered}");
    let (_, said, _) = fanshi(&["prove", folder, "--lang", "zh", "--witness"]);
    let said = said.replace("\n  ", " ");
    for remark in [
        "甲 第一条 六（第 6 行） 与 甲 第一条 六（第 7 行） 都要求“去”",
        "甲 第一条 六（第 7 行） 与 甲 第二条 七 都要求“去”",
        "甲 第三条 八（第 11 行第 1 列） 与 甲 第三条 八（第 11 行第 19 列） 都要求“去”",
    ] {
        assert_eq!(said.matches(remark).count(), 1, "{remark}\n{said}");
    }
    let (_, said, _) = fanshi(&["prove", folder, "--lang", "en", "--format", "json"]);
    let said: serde_json::Value = serde_json::from_str(&said).unwrap();
    let agreeing = said["findings"].as_array().unwrap().iter();
    let agreeing: Vec<_> = agreeing.filter(|found| found["kind"] == "agreeing").collect();
    let lines = |found: &serde_json::Value| {
        let places = found["places"].as_array().unwrap().iter();
        places.map(|place| place["line"].as_u64()).collect()
    };
    let all: Vec<Vec<Option<u64>>> = agreeing.iter().map(|found| lines(found)).collect();
    assert!(all.contains(&vec![Some(6), Some(7)]), "{agreeing:?}");
    let said_first = agreeing.first().unwrap()["message"].as_str().unwrap();
    assert!(said_first.contains("(line 6)"), "{said_first}");
}
