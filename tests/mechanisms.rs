//! `docs/mechanisms.md` is held against the policies and against what the check of the sample says.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The keys of the rows each article finds fault with; articles without any are there too.
fn found() -> BTreeMap<String, BTreeSet<String>> {
    let output = Command::new(env!("CARGO_BIN_EXE_fanshi"))
        .args(["check", "--format", "json", "--lang", "en"])
        .arg(root().join("policies/shangjie-2015"))
        .output();
    let report: Value = serde_json::from_slice(&output.unwrap().stdout).unwrap();
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for article in report["summary"]["articles"].as_array().unwrap() {
        found.entry(word(&article["article"])).or_default();
    }
    for finding in report["findings"].as_array().unwrap() {
        let subject = &finding["subject"];
        let key = match (subject["key"].as_str(), subject["row"].as_u64()) {
            (Some(key), _) => key.to_owned(),
            (None, Some(1..)) => format!("row {}", subject["row"]),
            (None, _) => word(&subject["table"]),
        };
        found.entry(word(&finding["article"])).or_default().insert(key);
    }
    found
}

/// The files a cell links to.
fn links(cell: &str) -> Vec<&str> {
    cell.split("](").skip(1).map(|rest| rest.split(')').next().unwrap()).collect()
}

#[test]
fn every_mechanism_has_its_article_and_its_finding() {
    let page = fs::read_to_string(root().join("docs/mechanisms.md")).unwrap();
    let found = found();
    let mut numbers = Vec::new();
    for line in page.lines().filter(|line| {
        line.starts_with("| ") && !line.starts_with("| #") && !line.starts_with("| -")
    }) {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        numbers.push(cells[1].parse::<usize>().unwrap());
        let policies: String = links(cells[3])
            .iter()
            .map(|file| fs::read_to_string(root().join("docs").join(file)).unwrap())
            .collect();
        let words: Vec<&str> = cells[4].split('`').collect();
        let mut articles = 0;
        for (at, word) in words.iter().enumerate().skip(1).step_by(2) {
            let Some((policy, article)) = word.split_once('.') else { continue };
            articles += 1;
            assert!(found.contains_key(*word), "{line}: no article is called {word}");
            assert!(
                policies.contains(&format!("| {policy}\n")),
                "{line}: {policy} is not one of the files named"
            );
            assert!(
                policies.contains(&format!("| {article}\n")),
                "{line}: {article} is not in the files named"
            );
            let after = words[at + 1];
            if after.trim_start().starts_with("closes") {
                assert!(
                    found[*word].is_empty(),
                    "{line}: {word} does not close: {:?}",
                    found[*word]
                );
            } else {
                let key = words[at + 2];
                assert!(
                    found[*word].contains(key),
                    "{line}: {word} does not find {key}, but {:?}",
                    found[*word]
                );
            }
        }
        assert!(
            articles > 0 || cells[4].starts_with("out of scope: "),
            "{line}: neither an article nor a reason"
        );
    }
    assert_eq!(numbers, (1..=43).collect::<Vec<_>>());
}
