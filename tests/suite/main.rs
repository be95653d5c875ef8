//! What the language means, case by case: `tests/suite/**/*.txt`.
//!
//! A file shows one construct. What stands before its first `===` is shared by its cases. A case is a policy (`policy.fan`), further files
//! (`--- 书.csv`: data of the table 书; `--- 词.fan`: another policy; `--- manifest`: more of `fanshi.toml`) and what it comes to (`--- expect`;
//! `--- expect evidence` adds the values each finding points at). `UPDATE=1 cargo test --test suite` rewrites what they come to.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test")]

mod case;
mod shown;

use case::{Case, Suite};
use rayon::prelude::*;
use std::path::{Path, PathBuf};

/// The files of a folder and below, in order.
fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let found = paths.into_iter().flat_map(|path| if path.is_dir() { files(&path, extension) } else { vec![path] });
    found.filter(|path| path.extension().is_some_and(|found| found == extension)).collect()
}

#[test]
fn every_case_comes_to_what_it_says() {
    let update = std::env::var_os("UPDATE").is_some();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite");
    let differing: Vec<String> = files(&folder, "txt").par_iter().flat_map(|path| differences(path, update)).collect();
    assert!(differing.is_empty(), "{} cases differ (UPDATE=1 rewrites them):\n\n{}", differing.len(), differing.join("\n"));
}

/// The cases of a file that come to something else than they say.
fn differences(path: &Path, update: bool) -> Vec<String> {
    let text = std::fs::read_to_string(path).unwrap();
    let mut suite = Suite::parse(&text);
    let name = path.file_stem().unwrap().to_string_lossy().into_owned();
    assert!(!suite.cases.is_empty(), "{name} has no cases");
    let found: Vec<String> = suite.cases.par_iter().map(|case| shown::run(&name, &suite.shared, case)).collect();
    let differs = |(case, found): (&Case, &String)| {
        let expected = case.expected();
        (expected != *found).then(|| format!("{name}: {}\n{}", case.name, shown::difference(&expected, found)))
    };
    let differing: Vec<String> = suite.cases.iter().zip(&found).filter_map(differs).collect();
    if update && !differing.is_empty() {
        suite.cases.iter_mut().zip(found).for_each(|(case, found)| case.expect(&found));
        std::fs::write(path, suite.to_text()).unwrap();
        return Vec::new();
    }
    differing
}
