//! The shipped policies: what meets, with rows that `check` loads; what the order and the
//! exceptions resolve.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn copy(name: &str) -> PathBuf {
    let to = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    if to.exists() {
        fs::remove_dir_all(&to).unwrap();
    }
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies/approval-reform");
    fs::create_dir_all(to.join("sample")).unwrap();
    for entry in
        fs::read_dir(from).unwrap().map(Result::unwrap).filter(|entry| entry.path().is_file())
    {
        fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
    fs::write(to.join("sample/fanshi.toml"), manifest("")).unwrap();
    to
}

/// The vocabulary and the two policies that demand dispositions.
fn manifest(data: &str) -> String {
    let policies = ["vocabulary", "seven-whenevers", "companion"]
        .map(|name| format!("\"../{name}.fan\""))
        .join(", ");
    format!(
        "[project]\nname = \"proof\"\nas_of = 2015-11-20\npolicies = [{policies}]\n\n[data]\n{data}"
    )
}

fn prove(folder: &Path) -> (i32, serde_json::Value) {
    let output = Command::new(env!("CARGO_BIN_EXE_fanshi"))
        .arg("prove")
        .arg(folder.join("sample"))
        .args(["--format", "json"])
        .output();
    let output = output.unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    (
        output.status.code().unwrap(),
        serde_json::from_str(&text)
            .unwrap_or_else(|_| panic!("{text}{}", String::from_utf8_lossy(&output.stderr))),
    )
}

/// `kind first second` of each pair found.
fn pairs(proof: &serde_json::Value) -> BTreeSet<String> {
    let word = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let of = |finding: &serde_json::Value| {
        let articles: Vec<String> =
            finding["articles"].as_array().unwrap().iter().map(word).collect();
        (articles.len() == 2).then(|| format!("{} {}", word(&finding["kind"]), articles.join(" ")))
    };
    proof["findings"].as_array().unwrap().iter().filter_map(of).collect()
}

#[test]
fn what_meets_is_found_with_rows_that_load() {
    let folder = copy("prove-shipped");
    let (code, proof) = prove(&folder);
    assert_eq!(code, 0, "{proof:#}");
    let found = pairs(&proof);
    for expected in [
        "ordered seven_whenevers.moved_up seven_whenevers.devolved",
        "ordered seven_whenevers.self_set seven_whenevers.moved_up",
        "excepted seven_whenevers.market_adjustable companion.market_referral",
        "ordered companion.market_referral seven_whenevers.unused",
        "excepted seven_whenevers.insufficient_basis seven_whenevers.self_set",
    ] {
        assert!(found.contains(expected), "{expected}\n{found:#?}");
    }
    assert!(!found.iter().any(|pair| pair.starts_with("conflict")), "{found:#?}");
    let tables = ["法规", "设定权", "部门", "上级决定", "事项", "日历"];
    let mut loaded = 0;
    for finding in proof["findings"].as_array().unwrap() {
        let Some(witness) = finding["witness"].as_str() else { continue };
        let data: String =
            tables.iter().map(|table| format!("\"{table}\" = \"witness.toml\"\n")).collect();
        fs::write(folder.join("sample/fanshi.toml"), manifest(&data)).unwrap();
        fs::write(folder.join("sample/witness.toml"), witness).unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_fanshi"))
            .arg("check")
            .arg(folder.join("sample"))
            .args(["--format", "json"])
            .output()
            .unwrap();
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let all = report["diagnostics"].as_array().unwrap();
        let faults: Vec<&serde_json::Value> = all
            .iter()
            .filter(|found| {
                let code = found["code"].as_str().unwrap();
                // A witness has rows of the tables that are asked for, and of no others.
                found["severity"] == "error" && !code.contains("cit") && code != "nothing_judged"
            })
            .collect();
        assert!(faults.is_empty(), "{faults:#?}\n{witness}");
        loaded += 1;
    }
    assert!(loaded > 40, "{loaded}");
}

#[test]
fn without_order_and_exception_they_conflict() {
    let folder = copy("prove-unordered");
    let seven = fs::read_to_string(folder.join("seven-whenevers.fan")).unwrap();
    let order = seven.lines().find(|line| line.trim_start().starts_with("次序")).unwrap();
    let mut loose = seven.clone();
    for line in [order, "  除非 国家设定\n", "  优先于 第一条、第二条\n"] {
        assert!(loose.contains(line), "{line}");
        loose = loose.replace(line, "");
    }
    fs::write(folder.join("seven-whenevers.fan"), loose).unwrap();
    let (code, proof) = prove(&folder);
    assert_eq!(code, 1);
    let found = pairs(&proof);
    for expected in [
        "conflict seven_whenevers.devolved seven_whenevers.moved_up",
        "conflict seven_whenevers.market_adjustable companion.market_referral",
        "conflict seven_whenevers.unused companion.market_referral",
        "agreeing seven_whenevers.insufficient_basis seven_whenevers.self_set",
    ] {
        assert!(found.contains(expected), "{expected}\n{found:#?}");
    }
}
