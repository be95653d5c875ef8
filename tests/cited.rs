//! Citations against the texts of statutes: a hundred wrong ones are planted among right ones, and each
//! is told as what it is; what the shipped policies cite is there; all the texts load in no time.
//! Skipped where the texts are not at hand.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test stops at the first surprise, and says what it skips"
)]

use fanshi::provision::{self, Held, Library, TextFile};
use fanshi::workspace::{Options, Project};
use fanshi::{Bytes, Memory};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The folder of the texts; `None`, and a word, where it is not there.
fn folder() -> Option<PathBuf> {
    let folder = root().join("../shared/data/laws");
    if !folder.is_dir() {
        println!("skipped: {} is not there", folder.display());
        return None;
    }
    Some(folder)
}

/// All texts of a folder and below, in order.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let found = paths
        .into_iter()
        .flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] })
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"));
    found.collect()
}

fn library(folder: &Path) -> Library {
    let file = |path: PathBuf| TextFile {
        name: path.display().to_string().into(),
        store: Arc::new(Bytes(std::fs::read(path).unwrap().into())),
    };
    Library::index(files(folder).into_iter().map(file).collect())
}

/// A citation that is planted: what the cell says, and what it has to come to.
struct Planted {
    cell: String,
    state: &'static str,
}

/// A word of the same length as one of a text, so that one of its letters is another.
fn misquoted(words: &str) -> String {
    let at = words.chars().position(|letter| letter.is_alphabetic() && letter != '可').unwrap();
    words
        .chars()
        .enumerate()
        .map(|(index, letter)| if index == at + 1 || index == at { '可' } else { letter })
        .collect()
}

/// Whether words can be quoted as they are.
fn is_quotable(words: &str) -> bool {
    words.chars().count() > 40 && !words.contains(['“', '”', '"', '…', '\n'])
}

/// The letters of a text alone.
fn letters(text: &str) -> String {
    text.chars().filter(|letter| letter.is_alphabetic()).collect()
}

/// What can be planted in one text: a right citation, then wrong ones of each kind.
fn planted(held: &Held, newest: bool) -> Vec<Planted> {
    let edition = held.editions.last().unwrap();
    let title = held.title.as_str();
    let article = edition
        .body
        .articles
        .iter()
        .find(|article| article.parts.len() == 1 && is_quotable(&article.parts[0].text))
        .unwrap();
    let place = format!("《{title}》第{}条", article.number.0);
    let words = &article.parts[0].text;
    let last = edition.body.articles.last().unwrap().number.0;
    let mut all = vec![
        Planted { cell: format!("{place}：“{words}”"), state: "相符" },
        Planted { cell: place.clone(), state: "有此条" },
        Planted { cell: format!("《{title}》第{}条", last + 1), state: "无此条" },
        Planted { cell: format!("{place}第二款"), state: "无此款" },
        Planted { cell: format!("{place}第九十九项"), state: "无此项" },
        Planted {
            cell: format!("《{title}（试行草案）》第一条"), state: "题名不明"
        },
        Planted { cell: format!("{place}：“{}”", misquoted(words)), state: "有出入" },
        Planted {
            cell: format!("《{title}》第{last}条：“{words}”"),
            state: if article.number.0 == last { "相符" } else { "移位" },
        },
    ];
    // Words that the version before had, and no other.
    if let [.., older, _] = held.editions.as_slice()
        && newest
    {
        let gone = older.body.articles.iter().flat_map(|article| &article.parts).find(|part| {
            let stands = |edition: &provision::Edition| {
                let mut articles = edition.body.articles.iter();
                articles.any(|article| letters(&article.words()).contains(&letters(&part.text)))
            };
            is_quotable(&part.text) && !stands(edition)
        });
        let gone = gone.map(|gone| format!("{place}：“{}”", gone.text));
        all.extend(gone.map(|cell| Planted { cell, state: "别版" }));
    }
    all
}

/// Texts that are whole, and of which the newest version is in force on the day.
fn chosen(library: &Library) -> Vec<Held> {
    let titles: Vec<&str> = library.titles().collect();
    let (shelf, wrong) = library.open(titles.iter().copied());
    assert!(wrong.is_empty(), "{wrong:?}");
    let mut held: BTreeMap<&str, &Held> = BTreeMap::new();
    for title in titles {
        let found = shelf.get(title).unwrap();
        let is_plain = |title: &str| !title.contains(['《', '〈', '（', '(', '<', ' ']);
        let day = Some(fanshi::day_number(fanshi::date(2025, 6, 1)));
        let version = found.version(day).unwrap();
        let is_newest = found.editions.last().is_some_and(|last| last == version.edition);
        let body = &version.edition.body;
        let has_words = body
            .articles
            .iter()
            .any(|article| article.parts.len() == 1 && is_quotable(&article.parts[0].text));
        if is_plain(&found.title) && is_newest && version.is_current && body.is_whole && has_words {
            held.insert(&found.title, found);
        }
    }
    let several: Vec<Held> = held
        .values()
        .filter(|held| held.editions.len() > 1)
        .take(12)
        .map(|held| (*held).clone())
        .collect();
    let single = held.values().filter(|held| held.editions.len() == 1).step_by(40).take(8);
    several.into_iter().chain(single.map(|held| (*held).clone())).collect()
}

const POLICY: &str = "表 规则 引据 题名 { 题名 : 文本 主键 }\n\
    表 书 { 号 : 整数 主键 据 : 引据 }\n\
    第一条 对 凡 书.据，必须 状态 属于 {相符、有此条}。\n";

#[test]
fn a_hundred_wrong_citations_are_told_each_as_what_it_is() {
    let Some(folder) = folder() else { return };
    let texts = library(&folder);
    let held = chosen(&texts);
    let cells: Vec<Planted> =
        held.iter().flat_map(|held| planted(held, held.editions.len() > 1)).collect();
    let (mut rows, mut rules) = ("号,据\n".to_owned(), "题名\n".to_owned());
    for (number, planted) in cells.iter().enumerate() {
        writeln!(rows, "{number},\"{}\"", planted.cell.replace('"', "\"\"")).unwrap();
    }
    held.iter().for_each(|held| writeln!(rules, "{}", held.title).unwrap());
    let manifest = "[project]\nname = \"planted\"\nas_of = 2025-06-01\npolicies = [\"a.fan\"]\n\
        [data]\n\"规则\" = \"rules.csv\"\n\"书\" = \"books.csv\"\n[texts]\n\"规则\" = \"t/*.md\"\n";
    let mut files = Memory::new()
        .with("fanshi.toml", manifest)
        .with("a.fan", POLICY)
        .with("rules.csv", rules)
        .with("books.csv", rows);
    for name in held.iter().flat_map(|held| &held.editions).flat_map(|edition| &edition.files) {
        let path = Path::new(&**name);
        let short = Path::new("t").join(path.file_name().unwrap());
        files = files.with(short, std::fs::read(path).unwrap());
    }
    let run = Project::read_in(Arc::new(files), Path::new("")).run(&Options::default());
    let report = run.report();
    let mut told: BTreeMap<usize, String> = BTreeMap::new();
    for index in 0..report.findings.len() {
        let finding = report.findings.get(index);
        let key = finding.subject.unwrap().key.unwrap().parse().unwrap();
        let state = finding.evidence.iter().find_map(|evidence| evidence.value.clone()).unwrap();
        told.insert(key, state.zh);
    }
    let right = ["相符", "有此条"];
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (number, planted) in cells.iter().enumerate() {
        let found = told.get(&number).map_or("right", String::as_str);
        let wanted = if right.contains(&planted.state) { "right" } else { planted.state };
        assert_eq!(found, wanted, "{}", planted.cell);
        *counts.entry(planted.state).or_default() += 1;
    }
    let wrong: usize =
        counts.iter().filter(|(state, _)| !right.contains(state)).map(|(_, count)| count).sum();
    println!("{wrong} wrong citations planted and told: {counts:?}");
    assert!(wrong >= 100, "only {wrong}");
    assert_eq!(counts.len(), 9, "{counts:?}");
}

#[test]
fn what_the_shipped_policies_cite_is_there() {
    let Some(folder) = folder() else { return };
    let shared = folder.canonicalize().unwrap().display().to_string().replace('\\', "/");
    let policies = root().join("policies").display().to_string().replace('\\', "/");
    let mut wrong = Vec::new();
    for set in ["approval-reform", "national"] {
        // On a day on which what is held is in force.
        let manifest = format!(
            "[project]\nname = \"{set}\"\nas_of = 2025-06-01\n\
                policies = [\"{policies}/{set}/*.fan\"]\n\
                [data]\nstatute = \"{policies}/statutes/statutes.csv\"\n\
                [texts]\nstatute = [\"{shared}/**/*.md\"]\n"
        );
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cited").join(set);
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("fanshi.toml"), manifest).unwrap();
        let run = Project::read(&folder).run(&Options::default());
        let about = |code: &str| code.starts_with("citation") || code == "unknown_citation";
        let told = run.summary.diagnostics.iter().filter(|found| about(found.code));
        for found in told {
            println!("{set}: {} {}", found.code, found.message.zh);
            let codes = ["citation_no_article", "citation_no_paragraph", "citation_no_item"];
            let is_wrong = codes.contains(&found.code);
            wrong.extend(is_wrong.then(|| found.message.zh.clone()));
        }
        let articles = run.program().articles.iter();
        let cites: usize = articles.map(|article| article.cites.len()).sum();
        println!("{set}: {cites} citations");
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn all_texts_are_read() {
    let Some(folder) = folder() else { return };
    let library = library(&folder);
    let titles: Vec<&str> = library.titles().collect();
    let (shelf, wrong) = library.open(titles.iter().copied());
    assert!(wrong.is_empty(), "{wrong:?}");
    let (mut articles, mut whole, mut editions) = (0, 0, 0);
    let mut seen = std::collections::BTreeSet::new();
    for title in titles {
        let held = shelf.get(title).unwrap_or_else(|| panic!("{title} is not held"));
        for edition in held.editions.iter().filter(|edition| seen.insert(edition.files.clone())) {
            articles += edition.body.articles.len();
            whole += usize::from(edition.body.is_whole);
            editions += 1;
        }
    }
    println!("{} texts, {editions} versions, {whole} whole, {articles} articles", library.len());
    assert!(library.len() > 1400 && articles > 66_000, "{articles} articles");
    assert!(whole * 100 > editions * 90, "{whole} of {editions} are whole");
}
