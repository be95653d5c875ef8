//! A year grown from the sample: powers, their basis and the template, copied with names of their
//! own; and the articles on them, computed by comparing each with each.

use super::Said;
use fanshi::finding::Outcome;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use unicode_normalization::UnicodeNormalization;

pub const ARTICLES: &[&str] = &[
    "template.common_as_template",
    "template.common_basis",
    "template.absent_deleted",
    "template.adopted_present",
    "template.maybe_renamed",
    "template.outside_deliberated",
    "five_lists.unique_power",
];

const GROWN: [(&str, &str); 3] = [
    ("power", "lists/powers.csv"),
    ("power_basis", "lists/power-basis.csv"),
    ("template_row", "lists/template.csv"),
];

fn sample() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("policies/shangjie-2015")
}

/// Rows by heading.
type Table = Vec<BTreeMap<String, String>>;

fn cells(line: &str) -> Vec<String> {
    let (mut cells, mut quoted) = (vec![String::new()], false);
    for letter in line.chars() {
        match letter {
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            _ => cells.last_mut().unwrap().push(letter),
        }
    }
    cells
}

fn read(path: &Path) -> Table {
    let text = std::fs::read_to_string(path).unwrap();
    let mut lines = text.trim_start_matches('\u{FEFF}').lines();
    let head = cells(lines.next().unwrap());
    lines.map(|line| head.iter().cloned().zip(cells(line)).collect()).collect()
}

/// A project beside the sample, its powers and templates copied so many times.
pub fn grown(copies: usize) -> PathBuf {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("joins-year");
    let _ = std::fs::remove_dir_all(&root);
    std::fs::create_dir_all(&root).unwrap();
    let keys: BTreeSet<String> = [GROWN[0].1, GROWN[2].1]
        .iter()
        .flat_map(|file| read(&sample().join(file)))
        .map(|row| row["编号"].clone())
        .collect();
    for (table, file) in GROWN {
        let text = std::fs::read_to_string(sample().join(file)).unwrap();
        let head = cells(text.lines().next().unwrap());
        let mut out = format!("{}\n", head.join(","));
        for copy in 0..copies {
            for row in read(&sample().join(file)) {
                let changed = |name: &String| {
                    let cell = row[name].clone();
                    let text = match name.as_str() {
                        _ if copy == 0 => cell,
                        "名称" => format!("对违反“{cell}”第{copy}项规定的处罚"),
                        "类别" => "行政处罚".to_owned(),
                        "事项" => String::new(),
                        _ if keys.contains(&cell) => format!("{cell}-{copy}"),
                        _ => cell,
                    };
                    format!("\"{text}\"")
                };
                out.push_str(&head.iter().map(changed).collect::<Vec<_>>().join(","));
                out.push('\n');
            }
        }
        std::fs::write(root.join(format!("{table}.csv")), out).unwrap();
    }
    let manifest = std::fs::read_to_string(sample().join("fanshi.toml")).unwrap();
    std::fs::write(root.join("fanshi.toml"), moved(&manifest)).unwrap();
    root
}

/// The sample's policies and data, seen from another folder; without what is said of its figures.
fn moved(manifest: &str) -> String {
    let parsed: toml::Table = manifest.parse().unwrap();
    let away = |path: &str| format!("{:?}", sample().join(path));
    let file = |entry: &toml::Value| match entry {
        toml::Value::String(path) => away(path),
        toml::Value::Table(of) => {
            let parts = of.iter().map(|(name, value)| match value {
                toml::Value::String(path) if name == "file" => format!("{name} = {}", away(path)),
                toml::Value::String(text) => format!("{name} = {text:?}"),
                toml::Value::Integer(number) => format!("{name} = {number}"),
                other => panic!("{name} = {other:?}"),
            });
            format!("{{ {} }}", parts.collect::<Vec<_>>().join(", "))
        }
        other => panic!("neither a file nor a table: {other:?}"),
    };
    let list = |entries: &[toml::Value]| {
        format!("[{}]", entries.iter().map(file).collect::<Vec<_>>().join(", "))
    };
    let project = &parsed["project"];
    let policies = list(project["policies"].as_array().unwrap());
    let mut text = format!(
        "[project]\nname = \"一年\"\nas_of = {}\npolicies = {policies}\n\n[data]\n",
        project["as_of"].as_datetime().unwrap()
    );
    for (table, entry) in parsed["data"].as_table().unwrap() {
        let entry = match entry {
            _ if GROWN.iter().any(|(grown, _)| grown == table) => format!("\"{table}.csv\""),
            toml::Value::Array(entries) => list(entries),
            entry => file(entry),
        };
        text.push_str(&format!("\"{table}\" = {entry}\n"));
    }
    text
}

/// Full-width made half-width, blanks removed.
fn tidy(name: &str) -> String {
    let narrow = |letter: char| match letter {
        '！'..='～' => char::from_u32(u32::from(letter) - 0xFEE0).unwrap(),
        letter => letter,
    };
    name.chars().filter(|letter| !letter.is_whitespace()).map(narrow).collect()
}

fn letters(name: &str) -> Vec<char> {
    name.nfkc().flat_map(char::to_lowercase).filter(|letter| letter.is_alphanumeric()).collect()
}

/// Whether two names are alike by 60 in a hundred.
fn alike(a: &[char], b: &[char]) -> bool {
    let longer = a.len().max(b.len());
    if a.len().abs_diff(b.len()) * 10 > longer * 4 {
        return false;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (at, letter) in a.iter().enumerate() {
        let mut corner = std::mem::replace(&mut row[0], at + 1);
        for (other, against) in b.iter().enumerate() {
            let change = corner + usize::from(letter != against);
            corner = row[other + 1];
            row[other + 1] = change.min(corner + 1).min(row[other] + 1);
        }
    }
    longer == 0 || row[b.len()] * 10 <= longer * 4
}

/// What the articles come to, by their words.
pub fn plainly(root: &Path) -> Said {
    let of = |table: &str| read(&root.join(format!("{table}.csv")));
    let (powers, basis, templates) = (of("power"), of("power_basis"), of("template_row"));
    let deliberated: BTreeSet<String> = read(&sample().join("lists/deliberations.csv"))
        .into_iter()
        .map(|row| row["权责"].clone())
        .collect();
    // Texts that are compared millions of times are numbered.
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    let mut number = |text: String| {
        let next = known.len();
        *known.entry(text).or_insert(next)
    };
    let mut same = |table: &Table| -> Vec<(usize, usize)> {
        let pair = |row: &BTreeMap<String, String>| {
            (number(row["类别"].clone()), number(tidy(&row["名称"])))
        };
        table.iter().map(pair).collect()
    };
    let (own, other) = (same(&powers), same(&templates));
    let mut said = Said::new();
    let mut say = |article: &str, key: &str, outcome| {
        said.insert((article.to_owned(), key.to_owned(), outcome));
    };
    let mut outside = Vec::new();
    for (power, tidied) in powers.iter().zip(&own) {
        let key = power["编号"].as_str();
        let fits = |(_, other): &(&BTreeMap<String, String>, &(usize, usize))| *other == tidied;
        let fitting: Vec<&BTreeMap<String, String>> =
            templates.iter().zip(&other).filter(fits).map(|(row, _)| row).collect();
        match fitting.as_slice() {
            [] => {
                outside.push(letters(&power["名称"]));
                if !deliberated.contains(key) {
                    say("template.outside_deliberated", key, Outcome::Violated);
                }
            }
            [template] => {
                if template["名称"] != power["名称"] {
                    say("template.common_as_template", key, Outcome::Violated);
                }
                let founded = |row: &BTreeMap<String, String>| {
                    row["权责"] == key && row["法规"] == template["依据"]
                };
                if !basis.iter().any(founded) {
                    say("template.common_basis", key, Outcome::Violated);
                }
            }
            _ => {
                say("template.common_as_template", key, Outcome::Undetermined);
                say("template.common_basis", key, Outcome::Undetermined);
            }
        }
        let alike = powers
            .iter()
            .zip(&own)
            .filter(|(row, other)| *other == tidied && row["部门"] == power["部门"]);
        if alike.count() > 1 {
            say("five_lists.unique_power", key, Outcome::Violated);
        }
    }
    for (template, tidied) in templates.iter().zip(&other) {
        let key = template["编号"].as_str();
        let (absent, deleted) = (!own.contains(tidied), template["处置"] == "删除");
        let name = letters(&template["名称"]);
        if absent && !deleted {
            let (article, outcome) = if outside.iter().any(|other| alike(&name, other)) {
                ("template.maybe_renamed", Outcome::Referred)
            } else {
                ("template.absent_deleted", Outcome::Violated)
            };
            say(article, key, outcome);
        } else if !absent && deleted {
            say("template.adopted_present", key, Outcome::Violated);
        }
    }
    said
}
