//! The workload that peer engines were measured on: the findings must be the oracle's, line for
//! line, in every format.
//!
//! Data and oracle live beside the repository, in `../shared/peers`; without them there is nothing
//! to compare with, and the tests say so.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test stops at the first surprise, and says what it skips"
)]

use std::path::{Path, PathBuf};
use std::process::Command;

const FORMATS: [&str; 4] = ["fanshi.toml", "json.toml", "csv.toml", "toml.toml"];

fn peers() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/peers");
    let found = folder.join("gen.py").exists();
    if !found {
        println!("skipped: {} has no gen.py", folder.display());
    }
    found.then_some(folder)
}

fn python(script: &Path, arguments: &[&str]) {
    let status = Command::new("python3")
        .arg(script)
        .args(arguments)
        .stdout(std::process::Stdio::null())
        .status();
    assert!(status.is_ok_and(|status| status.success()), "{} failed", script.display());
}

/// Data, policy and manifests in one folder, and what the oracle says.
fn prepare(count: usize) -> Option<(PathBuf, String)> {
    let peers = peers()?;
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("peers-{count}"));
    let path = |name: &str| folder.join(name).to_string_lossy().into_owned();
    python(&peers.join("gen.py"), &[&count.to_string(), &folder.to_string_lossy()]);
    python(&peers.join("oracle.py"), &[&path("items.json"), "-o", &path("oracle.tsv")]);
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers");
    for name in FORMATS.iter().chain(&["peers.fan"]) {
        std::fs::copy(own.join(name), folder.join(name))
            .expect("the folder of the workload can be written");
    }
    let oracle =
        std::fs::read_to_string(path("oracle.tsv")).expect("the oracle wrote its findings");
    Some((folder, oracle))
}

/// A line of `--format tsv` as the oracle writes it: code, rule, and the element's index where
/// there is one.
fn as_oracle(line: &str) -> String {
    let fields: Vec<&str> = line.split('\t').collect();
    let [outcome, article, table, key, path] = fields[..] else {
        panic!("a line of five fields: {line}")
    };
    assert_eq!((outcome, table), ("violated", "item"), "{line}");
    let rule = article.strip_prefix("peers.").unwrap_or(article);
    match path.split_once('[') {
        Some((_, index)) => format!("{key}\t{rule}\t{}\n", index.trim_end_matches(']')),
        None => format!("{key}\t{rule}\n"),
    }
}

fn findings(folder: &Path, manifest: &str) -> String {
    let run = Command::new(env!("CARGO_BIN_EXE_fanshi"))
        .args(["check", "--format", "tsv", "--lang", "en"])
        .arg(folder.join(manifest))
        .output()
        .expect("fanshi runs");
    let errors = String::from_utf8_lossy(&run.stderr);
    assert_eq!(run.status.code(), Some(1), "{manifest}: {errors}");
    String::from_utf8(run.stdout).expect("reports are UTF-8").lines().map(as_oracle).collect()
}

fn compare(count: usize) {
    let Some((folder, oracle)) = prepare(count) else { return };
    for manifest in FORMATS {
        let found = findings(&folder, manifest);
        let mut differing = oracle.lines().zip(found.lines()).filter(|(want, have)| want != have);
        if let Some((want, have)) = differing.next() {
            panic!("{manifest}: the oracle says `{want}`, fanshi `{have}`");
        }
        assert_eq!(oracle.lines().count(), found.lines().count(), "{manifest}");
    }
}

#[test]
fn findings_equal_the_oracle() {
    compare(2000);
}

#[test]
#[ignore = "the size of the published comparison; minutes without optimisation"]
fn findings_equal_the_oracle_at_full_size() {
    compare(7082);
}
