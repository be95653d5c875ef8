//! What editors are given: the colours of words are made from the keyword table, and snippets are
//! policies. `UPDATE=1 cargo test --test editors` writes the grammar again.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test")]
#![allow(missing_docs, reason = "a test")]

use fanshi::builtin;
use fanshi::syntax::keyword::{KEYWORDS, Role, modal_word, spelt};
use fanshi::syntax::tree::Modal;
use fanshi::{FileId, Language, Source, parse};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::PathBuf;

fn vscode(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("editors/vscode").join(name)
}

fn escaped(word: &str) -> String {
    let sign = |c: char| if c.is_alphanumeric() { c.to_string() } else { format!("\\{c}") };
    word.split(' ')
        .map(|part| part.chars().map(sign).collect::<String>())
        .collect::<Vec<_>>()
        .join("\\s+")
}

/// A choice of words, the longest first; none where there are none.
fn choice<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let mut words: Vec<&str> = words.collect::<BTreeSet<_>>().into_iter().collect();
    words.sort_by_key(|word| (std::cmp::Reverse(word.chars().count()), *word));
    words.into_iter().map(escaped).collect::<Vec<_>>().join("|")
}

/// Words that stand apart.
fn apart<'a>(words: impl Iterator<Item = &'a str>) -> String {
    format!("(?<![\\p{{L}}\\p{{N}}_])(?:{})(?![\\p{{L}}\\p{{N}}_])", choice(words))
}

fn rule(name: &str, pattern: &str) -> Value {
    json!({"name": format!("{name}.fanshi"), "match": pattern})
}

/// The grammar of colours.
fn grammar() -> Value {
    let modals = [Modal::Must, Modal::Shall, Modal::MustNot, Modal::Should, Modal::ShouldNot];
    let languages = [Language::Chinese, Language::English];
    let modal = |word: &&str| {
        let of = |modal| {
            languages.iter().any(|language| {
                let canonical = modal_word(modal, *language);
                spelt(canonical).any(|keyword| keyword.all_words().any(|one| one == *word))
            })
        };
        modals.into_iter().any(of)
    };
    let of = |role: Role| {
        let words = KEYWORDS.iter().filter(move |one| one.role == role);
        words.flat_map(|one| one.all_words()).collect::<Vec<_>>()
    };
    let modals: Vec<&str> = of(Role::Reserved).into_iter().filter(modal).collect();
    let others: Vec<&str> = of(Role::Reserved).into_iter().filter(|word| !modal(word)).collect();
    // Words of two characters and more are seen in sentences that are written together too.
    let glued = |words: &[&'static str]| {
        let long = words.iter().filter(|word| !word.is_ascii() && word.chars().count() > 1);
        choice(long.copied())
    };
    let declarations = of(Role::Declaration);
    let types = builtin::TYPES.iter().flat_map(|(_, zh, en)| [*zh, *en]);
    let types: Vec<&str> =
        types.chain([builtin::citation::CITATION.0, builtin::citation::CITATION.1]).collect();
    let functions = builtin::words().flat_map(|(zh, en)| [zh, en]);
    let functions: Vec<&str> = functions.filter(|word| !types.contains(word)).collect();
    let numeral = "[0-9零〇○一二两三四五六七八九十百千]+";
    let units = choice(of(Role::Unit).into_iter());
    let text = |begin: &str, end: &str| {
        json!({
            "name": "string.quoted.double.fanshi", "begin": begin, "end": format!("{end}|$"),
            "patterns": [rule("variable.other.interpolated", "\\{[^{}]*\\}")],
        })
    };
    json!({
        "$schema": "https://raw.githubusercontent.com/martinring/tmlanguage/master/tmlanguage.json",
        "information_for_contributors": "Made by tests/editors.rs from src/syntax/keyword.rs: UPDATE=1 cargo test --test editors",
        "name": "fanshi 凡是",
        "scopeName": "source.fanshi",
        "fileTypes": ["fan"],
        "patterns": [
            rule("comment.line.number-sign", "[#＃].*$"),
            rule("variable.other.quoted", "「[^」]*」"),
            rule("markup.underline.link.citation", "《[^《》]*(?:《[^《》]*》[^《》]*)*》"),
            rule("string.unquoted.document", "[\\p{L}\\p{N}]+[〔［\\[(（][0-9]{4}[〕］\\])）]第?[0-9]+号"),
            text("“", "”"),
            text("\"", "\""),
            {"match": format!("^\\s*(第{numeral}条(?:之{numeral})?)[ \\t　、]*(?:(?!凡)([\\p{{L}}_][\\p{{L}}\\p{{N}}_]*))?(?:\\s*[|｜]\\s*([\\p{{L}}_][\\p{{L}}\\p{{N}}_]*))?"),
             "captures": {"1": {"name": "keyword.other.article.fanshi"},
                          "2": {"name": "entity.name.function.fanshi"},
                          "3": {"name": "entity.name.function.fanshi"}}},
            {"match": "^\\s*(article\\s+[0-9]+(?:-[0-9]+)?)(?:\\s+(?!whenever)([\\p{L}_][\\p{L}\\p{N}_]*))?(?:\\s*[|｜]\\s*([\\p{L}_][\\p{L}\\p{N}_]*))?",
             "captures": {"1": {"name": "keyword.other.article.fanshi"},
                          "2": {"name": "entity.name.function.fanshi"},
                          "3": {"name": "entity.name.function.fanshi"}}},
            rule("markup.heading", &format!("^\\s*(?:第{numeral}[编章节]|(?:part|chapter|section)\\s+[0-9]+)(?=\\s|$).*$")),
            rule("storage.type", &format!("^\\s*(?:{})(?![\\p{{L}}\\p{{N}}_])", choice(declarations.into_iter()))),
            rule("constant.numeric.date", "[0-9]{4}(?:-[0-9]{1,2}-[0-9]{1,2}|/[0-9]{1,2}/[0-9]{1,2}|年[0-9]{1,2}月[0-9]{1,2}日)(?:[T ][0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)?"),
            {"match": format!("([0-9０-９]+(?:[.．][0-9０-９]+)?)\\s*(?:([%％])|((?:[十百千万亿]{{0,2}})(?:{units}))(?![\\p{{L}}\\p{{N}}_])|(?![\\p{{L}}_]))"),
             "captures": {"1": {"name": "constant.numeric.fanshi"},
                          "2": {"name": "keyword.other.unit.fanshi"},
                          "3": {"name": "keyword.other.unit.fanshi"}}},
            rule("keyword.control.modal", &format!("{}|{}", apart(modals.iter().copied()), glued(&modals))),
            rule("keyword.control.whenever", "(?<![\\p{L}\\p{N}_])(?:凡属于|凡属|凡是|凡)"),
            rule("support.function", &format!("{}(?=\\s*[(（])", apart(functions.into_iter()))),
            rule("support.type", &format!("(?<=[:：])\\s*(?:{})(?![\\p{{L}}\\p{{N}}_])", choice(types.into_iter()))),
            rule("keyword.operator.word", &format!("{}|{}", apart(others.iter().copied()), glued(&others))),
            rule("keyword.control.part", &apart(of(Role::Part).into_iter())),
            rule("keyword.other.detail", &apart(of(Role::Detail).into_iter().filter(|word| word.chars().count() > 1))),
            rule("keyword.operator", "[<>＜＞=＝≤≥≦≧≠+＋×÷*/→]+"),
            rule("punctuation.separator", "[，,、；;。：:|｜]"),
        ],
    })
}

#[test]
fn colours_are_made_from_the_keyword_table() {
    let made = serde_json::to_string_pretty(&grammar()).unwrap() + "\n";
    let path = vscode("syntaxes/fanshi.tmLanguage.json");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &made).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == made, "UPDATE=1 cargo test --test editors writes {}", path.display());
    for keyword in KEYWORDS {
        for word in keyword.all_words().filter(|word| word.chars().count() > 1) {
            let written = escaped(word).replace('\\', "\\\\");
            assert!(made.contains(&written), "{word} has no colour");
        }
    }
}

/// A snippet as it is first put in: `${1:name}` is `name`.
fn put_in(body: &[Value]) -> String {
    let lines: Vec<&str> = body.iter().map(|line| line.as_str().unwrap()).collect();
    let (mut text, mut rest) = (String::new(), lines.join("\n"));
    while let Some(at) = rest.find('$') {
        text += &rest[..at];
        rest = rest[at + 1..].to_owned();
        if let Some(inside) = rest.strip_prefix('{') {
            let (place, after) = inside.split_once('}').unwrap();
            text += place.split_once(':').map_or("", |(_, usual)| usual);
            rest = after.to_owned();
        } else {
            rest = rest.trim_start_matches(|c: char| c.is_ascii_digit()).to_owned();
        }
    }
    text + &rest
}

#[test]
fn every_snippet_is_a_policy() {
    for name in ["snippets/zh.json", "snippets/en.json"] {
        let all = std::fs::read_to_string(vscode(name)).unwrap();
        let all: Value = serde_json::from_str(&all).unwrap();
        for (title, snippet) in all.as_object().unwrap() {
            let text = put_in(snippet["body"].as_array().unwrap());
            let (file, errors) = parse(FileId(0), &Source::new("a.fan", text.as_str()));
            assert!(errors.is_empty(), "{title}: {errors:?}\n{text}");
            let chinese = file.language == Language::Chinese;
            assert_eq!(chinese, name.contains("zh"), "{title}");
        }
    }
}

#[test]
fn the_extension_is_of_this_version() {
    let package = std::fs::read_to_string(vscode("package.json")).unwrap();
    let package: Value = serde_json::from_str(&package).unwrap();
    assert_eq!(package["version"], env!("CARGO_PKG_VERSION"));
    let texts = ["package.nls.json", "package.nls.zh-cn.json"].map(|name| {
        let text = std::fs::read_to_string(vscode(name)).unwrap();
        serde_json::from_str::<serde_json::Map<String, Value>>(&text).unwrap()
    });
    let keys = texts.each_ref().map(|text| text.keys().collect::<Vec<_>>());
    assert_eq!(keys[0], keys[1], "said in one language alone");
    let said = package.to_string();
    for key in keys[0].iter() {
        assert!(said.contains(&format!("%{key}%")), "{key} is said nowhere");
    }
}
