//! What the language means, case by case: `tests/suite/**/*.txt`.
//!
//! A file shows one construct. What stands before its first `===` is shared by its cases. A case is
//! a policy (`policy.fan`), further files (`--- 书.csv`: data of the table 书, with `\xFF` for a
//! byte, `--- 书.csv × 5000`: the last line so many times, with its number for `#`;
//! `--- 词.fan`: another policy; `--- manifest`: more of `fanshi.toml`;
//! `--- articles`: those asked for) and what it comes to (`--- expect`;
//! `--- expect evidence` adds the values each finding points at). `--- explain` names a row whose
//! record it comes to; `--- test` runs the cases beside the policy (`policy.cases.toml`), and says
//! whether `coverage` or `mutate` is asked for. `UPDATE=1 cargo test --test suite` rewrites what
//! they come to.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test"
)]

mod case;
#[path = "../sheets/mod.rs"]
mod sheets;
mod shown;

use case::{Case, Suite, files};
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::path::Path;

#[test]
fn every_case_comes_to_what_it_says() {
    let update = std::env::var_os("UPDATE").is_some();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite");
    let differing: Vec<String> =
        files(&folder, "txt").par_iter().flat_map(|path| differences(path, update)).collect();
    assert!(
        differing.is_empty(),
        "{} cases differ (UPDATE=1 rewrites them):\n\n{}",
        differing.len(),
        differing.join("\n")
    );
}

/// The cases of a file that come to something else than they say.
fn differences(path: &Path, update: bool) -> Vec<String> {
    let text = std::fs::read_to_string(path).unwrap();
    let mut suite = Suite::parse(&text);
    let name = path.file_stem().unwrap().to_string_lossy().into_owned();
    assert!(!suite.cases.is_empty(), "{name} has no cases");
    let found: Vec<String> =
        suite.cases.par_iter().map(|case| shown::run(&name, &suite.shared, case)).collect();
    let differs = |(case, found): (&Case, &String)| {
        let expected = case.expected();
        (expected != *found)
            .then(|| format!("{name}: {}\n{}", case.name, shown::difference(&expected, found)))
    };
    let differing: Vec<String> = suite.cases.iter().zip(&found).filter_map(differs).collect();
    if update && !differing.is_empty() {
        suite.cases.iter_mut().zip(found).for_each(|(case, found)| case.expect(&found));
        std::fs::write(path, suite.to_text()).unwrap();
        return Vec::new();
    }
    differing
}

/// Codes that no input brings about: they would say that a part of fanshi contradicts another.
const DEFECTS: &[&str] =
    &["format_changes_meaning", "grammar_defect", "internal", "translation_changes_meaning"];

/// Codes whose smallest input is large, no project, or no text: `tests/robust.rs` and
/// `tests/doors.rs` have them.
const ELSEWHERE: &[&str] = &[
    "not_a_manifest",
    "source_too_large",
    "too_many_pairs",
    // `tests/rounds.rs` has it.
    "unreadable_answers",
    "unreadable_folder",
    "unreadable_name",
];

/// The codes `src/` can report, found where they are written.
fn codes() -> BTreeSet<String> {
    let mut codes = BTreeSet::new();
    // What `fanshi prove`, `fanshi init --from`, the commands themselves and editors say is not said
    // of a project: their own tests show it.
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let apart = |path: &Path| {
        ["prove", "proposal", "command", "authoring"]
            .iter()
            .any(|room| path.starts_with(src.join(room)))
    };
    for path in files(&src, "rs").into_iter().filter(|path| !apart(path)) {
        let text = std::fs::read_to_string(&path).unwrap();
        let mut literal = |after: &str| {
            let word = after
                .trim_start_matches(|c: char| c.is_whitespace() || c == '{')
                .strip_prefix('"')
                .and_then(|rest| rest.split_once('"'))
                .map(|(word, _)| word);
            codes.extend(
                word.filter(|word| {
                    word.chars().all(|letter| letter.is_ascii_lowercase() || "_8".contains(letter))
                })
                .map(str::to_owned),
            );
        };
        for before in [
            "Diagnostic::error(",
            "Diagnostic::warning(",
            " parts(",
            "code: ",
            ".report(",
            "manifest_error(",
        ] {
            text.match_indices(before).for_each(|(at, found)| literal(&text[at + found.len()..]));
        }
        // Stages with an enum of mistakes name the code of each in one place.
        let arms =
            text.split("fn code(&self").skip(1).filter_map(|rest| rest.split_once("\n    }\n"));
        arms.flat_map(|(body, _)| body.split("=>").skip(1)).for_each(&mut literal);
    }
    codes
}

#[test]
fn every_code_arises_from_its_smallest_text_and_from_nothing_else() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite/errors");
    let (mut shown, mut mixed) = (BTreeSet::new(), Vec::new());
    for path in files(&folder, "txt") {
        for case in Suite::parse(&std::fs::read_to_string(&path).unwrap()).cases {
            // `CODE with OTHERS`: what else there is no way around.
            let (name, others) = case.name.split_once(" with ").unwrap_or((&case.name, ""));
            let code = name.split(' ').next().unwrap().to_owned();
            let expected = case.expected();
            let said = expected
                .lines()
                .filter(|line| line.starts_with("error ") || line.starts_with("warning "));
            let mut said: BTreeSet<&str> = said.filter_map(|line| line.split(' ').nth(1)).collect();
            // Most have no article, which is said where nothing else is an error.
            if code != "nothing_judged" && !others.contains("nothing_judged") {
                said.remove("nothing_judged");
            }
            if said != others.split_whitespace().chain([&*code]).collect() {
                mixed.push(format!("{}: {said:?}", case.name));
            }
            shown.insert(code);
        }
    }
    assert!(mixed.is_empty(), "cases that come to other codes:\n{}", mixed.join("\n"));
    let codes = codes();
    assert!(codes.len() > 90, "only {} codes found in src/", codes.len());
    let left: Vec<&String> = codes
        .iter()
        .filter(|code| {
            !shown.contains(*code) && !DEFECTS.contains(&&***code) && !ELSEWHERE.contains(&&***code)
        })
        .collect();
    assert!(left.is_empty(), "codes without a case: {left:?}");
    let gone: Vec<&String> = shown.iter().filter(|code| !codes.contains(*code)).collect();
    assert!(gone.is_empty(), "cases of codes that are not in src/: {gone:?}");
}
