//! The cookbook: each of its sentences compiles, its English column is what `fmt` writes, and both
//! editions have the same rows. `UPDATE=1` writes the English column.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use fanshi::diagnostic::Severity;
use fanshi::syntax::format::{Style, format};
use fanshi::syntax::keyword::KEYWORDS;
use fanshi::syntax::tree::{Language, Name};
use fanshi::{FileId, Policy, Settings, Source, Texts};
use std::path::Path;

const EDITIONS: [&str; 2] = ["docs/cookbook.md", "docs/zh/cookbook.md"];

/// The rows of a page: phrase, Chinese sentence, English sentence.
fn rows(page: &str) -> Vec<[String; 3]> {
    let cells = |line: &str| {
        let mut cells = line.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned());
        Some([cells.next()?, cells.next()?, cells.next()?])
    };
    let lines = page.lines().filter(|line| line.starts_with("| ") && line.contains('`'));
    lines.filter_map(cells).collect()
}

/// A sentence in English, compiled with the vocabulary of a page.
fn english(vocabulary: &str, sentence: &str) -> String {
    let own = format!("政策 策\n使用 事项库\n第一条 条\n  {sentence}\n");
    let texts = Texts::from_iter([Source::new("策.fan", own), Source::new("词.fan", vocabulary)]);
    let file = texts.files[0].clone();
    let policy = Policy::compile(texts, &Settings::default());
    let wrong: Vec<&str> = policy
        .diagnostics
        .iter()
        .filter(|found| found.severity == Severity::Error)
        .map(|found| &*found.message.zh)
        .collect();
    assert!(wrong.is_empty(), "{sentence}: {wrong:?}");
    let names = &policy.phrases.names;
    let rename = |name: &Name| Some(names.get(&name.span)?.en().to_owned());
    let source = policy.phrases.sources.get(FileId(0)).unwrap();
    let written = format(&file, source, Style { language: Language::English, rename: &rename });
    let lines: Vec<&str> =
        written.lines().skip_while(|line| !line.starts_with("article")).collect();
    let sentence = lines[1..].join(" ");
    sentence.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The words of keywords that a text has not.
fn missing(text: &str) -> Vec<&'static str> {
    let words = KEYWORDS.iter().flat_map(|keyword| keyword.all_words());
    words.filter(|word| !text.contains(*word)).collect()
}

#[test]
fn the_reference_has_every_keyword() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/language.md");
    let missing = missing(&std::fs::read_to_string(page).unwrap());
    assert!(missing.is_empty(), "docs/language.md says nothing of {missing:?}");
}

#[test]
fn every_row_compiles_and_says_the_same_in_both_languages() {
    let update = std::env::var_os("UPDATE").is_some();
    let mut all = Vec::new();
    for edition in EDITIONS {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(edition);
        let page = std::fs::read_to_string(&path).unwrap();
        let vocabulary = page.split("```").nth(1).unwrap();
        let mut written = page.clone();
        for [phrase, chinese, told] in rows(&page) {
            let row = |english: &str| format!("| {phrase} | {chinese} | {english} |");
            let found = format!("`{}`", english(vocabulary, chinese.trim_matches('`')));
            written = written.replace(&row(&told), &row(&found));
            assert!(update || told == found, "{edition}: {phrase}: {told} should be {found}");
        }
        if update {
            std::fs::write(&path, &written).unwrap();
        }
        all.push((vocabulary.to_owned(), rows(&written)));
    }
    assert!(all[0] == all[1], "the editions differ");
    assert!(all[0].1.len() >= 40);
}
