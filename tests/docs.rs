//! Every page of `docs/` stands in both languages and says the same: heading for heading, table for
//! table, example for example; and links lead to pages and headings that are there.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The pages of a folder, by name.
fn pages(folder: &str) -> BTreeSet<String> {
    let all = std::fs::read_dir(root().join(folder)).unwrap();
    let names = all.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.ends_with(".md")).collect()
}

/// What a page is made of, in order: what has to be equal in both languages.
#[derive(Debug, PartialEq, Eq)]
enum Part {
    /// A heading, by its level.
    Heading(usize),
    /// A row of a table, by its cells.
    Row(usize),
    /// An item of a list, by how far it stands in.
    Item(usize),
    /// A line of an example, without the remark behind it.
    Code(String),
}

/// A line of an example without its remark, which is in the language of the page.
fn unremarked(line: &str) -> &str {
    let remark = line.find('#').filter(|at| {
        *at == 0 || line.get(..*at).is_some_and(|before| before.ends_with(char::is_whitespace))
    });
    remark.map_or(line, |at| line.get(..at).unwrap_or(line)).trim_end()
}

fn parts(path: &Path) -> Vec<(usize, Part)> {
    let text = std::fs::read_to_string(path).unwrap();
    let mut inside = false;
    let mut all = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let bare = line.trim_start();
        let part = if bare.starts_with("```") {
            inside = !inside;
            Some(Part::Code("```".to_owned()))
        } else if inside {
            Some(unremarked(line))
                .filter(|line| !line.is_empty())
                .map(|line| Part::Code(line.into()))
        } else if line.starts_with('#') {
            Some(Part::Heading(line.chars().take_while(|c| *c == '#').count()))
        } else if bare.starts_with('|') {
            // `\|` and what stands in backticks is no border.
            let plain = line.replace("\\|", "");
            let borders = plain.split('`').step_by(2).flat_map(|part| part.matches('|')).count();
            Some(Part::Row(borders))
        } else if bare.starts_with("- ") || bare.starts_with("1. ") {
            Some(Part::Item(line.len() - bare.len()))
        } else {
            None
        };
        all.extend(part.map(|part| (number, part)));
    }
    all
}

#[test]
fn pages_say_the_same_in_both_languages() {
    assert_eq!(pages("docs"), pages("docs/zh"), "pages that lack a sister");
    for name in pages("docs") {
        let (english, chinese) =
            (root().join("docs").join(&name), root().join("docs/zh").join(&name));
        let (english, chinese) = (parts(&english), parts(&chinese));
        for (here, there) in english.iter().zip(&chinese) {
            assert!(
                here.1 == there.1,
                "docs/{name}:{} has {:?}, docs/zh/{name}:{} has {:?}",
                here.0,
                here.1,
                there.0,
                there.1
            );
        }
        assert_eq!(english.len(), chinese.len(), "docs/{name} ends otherwise than docs/zh/{name}");
    }
}

/// What a heading is linked by: its words in lower case, joined by `-`, without signs.
fn anchor(heading: &str) -> String {
    let words = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = words.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

#[test]
fn links_lead_to_pages_and_headings() {
    let mut all: Vec<PathBuf> = ["README.md", "README.zh.md", "SECURITY.md", "SECURITY.zh.md"]
        .iter()
        .map(|name| root().join(name))
        .collect();
    for folder in ["docs", "docs/zh"] {
        all.extend(pages(folder).iter().map(|name| root().join(folder).join(name)));
    }
    let mut wrong = Vec::new();
    for page in &all {
        let text = std::fs::read_to_string(page).unwrap();
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let (file, part) = target.split_once('#').unwrap_or((target, ""));
            if target.starts_with("http") || file.contains([' ', '“', '`']) {
                continue;
            }
            let to = if file.is_empty() { page.clone() } else { page.parent().unwrap().join(file) };
            let headings = || std::fs::read_to_string(&to).unwrap_or_default();
            let is_there = to.exists()
                && (part.is_empty()
                    || headings().lines().any(|l| l.starts_with('#') && anchor(l) == part));
            if !is_there {
                wrong.push(format!("{}: {target}", page.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "links that lead nowhere:\n{}", wrong.join("\n"));
}
