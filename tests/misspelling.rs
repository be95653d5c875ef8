//! A misspelt name never passes: every name used in a shipped policy, every heading and key of the
//! sample's data.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use fanshi::data::Bytes;
use fanshi::data::{Input, load};
use fanshi::diagnostic::Severity;
use fanshi::program::Program;
use fanshi::schema::Schema;
use fanshi::text::{FileId, Source, Sources, Span};
use fanshi::workspace::Options;
use fanshi::workspace::{Opened, Project};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

fn sample() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("policies/shangjie-2015")
}

/// The word with its last letter doubled: a slip that makes no other name of the shipped policies.
fn misspelt(word: &str) -> String {
    let bare = word.trim_end_matches('」');
    let last = bare.chars().last().unwrap();
    format!("{bare}{last}{}", word.get(bare.len()..).unwrap())
}

/// The sample's policies with one span of one of them replaced.
fn with(project: &Project, span: Span, word: &str) -> Project {
    let source = project.sources.get(span.file).unwrap();
    let mut text = source.text.to_string();
    text.replace_range(span.range(), word);
    project.with_text(span.file.0 as usize, Source::new(source.name.clone(), text))
}

/// Where names are declared: there a slip makes another name, and what uses the old one is
/// reported.
fn declared(program: &Program, sources: &Sources) -> impl Fn(Span) -> bool {
    let schema = &program.schema;
    let fields = schema
        .frames
        .iter()
        .flat_map(|frame| frame.fields.iter().map(|field| field.span).chain([frame.span]));
    let values = schema
        .enums
        .iter()
        .flat_map(|found| found.values.iter().map(|value| value.span).chain([found.span]));
    let rest = program
        .parameters
        .iter()
        .map(|found| found.span)
        .chain(program.definitions.iter().map(|found| found.span));
    let mut spans: Vec<Span> = fields.chain(values).chain(rest).collect();
    spans.extend(program.articles.iter().map(|found| found.span));
    spans.extend(program.modules.iter().map(|found| found.span));
    spans.extend(program.decisions.iter().map(|_| Span::new(FileId(u32::MAX), 0, 0)));
    let heads: BTreeSet<Span> = program.measures.iter().map(|found| found.span).collect();
    let texts: BTreeMap<u32, String> =
        sources.iter().map(|(id, source)| (id.0, source.text.to_string())).collect();
    move |span| {
        let before = texts
            .get(&span.file.0)
            .and_then(|text| text.get(..span.start as usize))
            .unwrap_or("")
            .trim_end();
        let inside = |other: &Span| {
            other.file == span.file && other.start <= span.start && span.end <= other.end
        };
        let opens = ["指标", "历法", "政策", "词汇", "measure", "calendar"]
            .iter()
            .any(|word| before.ends_with(word));
        before.ends_with('|')
            || opens
            || spans.iter().any(inside) && !heads.iter().any(|head| inside(head) && !opens)
    }
}

/// How many names are tried, spread over all policies; all of them would take minutes.
const SAMPLE: usize = 60;

#[test]
fn every_name_used_in_a_policy_is_held_to_its_declaration() {
    let project = Project::read(&sample());
    let analysis = project.policy(&Options::default());
    let is_declared = declared(&analysis.program, &project.sources);
    let mut uses: BTreeMap<(FileId, &str), Span> = BTreeMap::new();
    for span in analysis.phrases.names.keys().filter(|span| !is_declared(**span)) {
        uses.entry((span.file, project.sources.slice(*span))).or_insert(*span);
    }
    assert!(uses.len() > 300, "only {} names", uses.len());
    let every = std::env::var("FANSHI_SAMPLE").map_or(uses.len().div_ceil(SAMPLE), |_| 1);
    let silent: Vec<String> = uses
        .iter()
        .step_by(every)
        .collect::<Vec<_>>()
        .par_iter()
        .filter(|((_, word), span)| {
            let changed = with(&project, **span, &misspelt(word));
            changed.diagnostics.is_empty()
                && !changed
                    .policy(&Options::default())
                    .diagnostics
                    .iter()
                    .any(|found| found.severity == Severity::Error)
        })
        .map(|((file, word), span)| {
            format!("{}:{} {word}", project.sources.get(*file).unwrap().name, span.start)
        })
        .collect();
    assert!(silent.is_empty(), "misspelt, and nothing said:\n{}", silent.join("\n"));
}

/// The distinct headings and keys of a data file, each with its first place.
fn keys(name: &str, text: &str) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    if name.ends_with(".csv") {
        let line = text.lines().next().unwrap_or("");
        let mut at = text.find(line).unwrap_or(0);
        for heading in line.split(',') {
            let bare = heading.trim_start_matches('\u{feff}');
            found.entry(bare.to_owned()).or_insert(at + heading.len() - bare.len());
            at += heading.len() + 1;
        }
        return found;
    }
    let mark = if name.ends_with(".toml") { " =" } else { ":" };
    let mut from = 0;
    while let Some(end) = text.get(from..).and_then(|rest| rest.find(mark)).map(|at| from + at) {
        let head = text.get(..end).unwrap().trim_end();
        if let Some(inner) = head.strip_suffix('"')
            && let Some(open) = inner.rfind('"')
        {
            let word = inner.get(open + 1..).unwrap();
            if !word.contains('\n') {
                found.entry(word.to_owned()).or_insert(open + 1);
            }
        }
        from = end + mark.len();
    }
    found
}

#[test]
fn every_heading_and_key_of_the_data_is_held_to_the_vocabulary() {
    let policies = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies");
    let mut jobs: Vec<(PathBuf, String, usize)> = Vec::new();
    let mut seen = BTreeSet::new();
    for folder in ["shangjie-2015", "shangjie-2015/items", "statutes", "calendars"] {
        let mut files: Vec<PathBuf> = fs::read_dir(policies.join(folder))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        files.sort();
        for path in files {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let data = [".csv", ".toml", ".json", ".jsonl"].iter().any(|end| name.ends_with(end))
                && name != "planted.toml"
                && name != "fanshi.toml";
            let Some(text) = fs::read_to_string(&path).ok().filter(|_| data) else { continue };
            // A key is the same in every TOML, JSON or child file of the items: once for each
            // format and file kind is enough.
            let kind = if folder.ends_with("items") {
                name.split_once('.').map_or("", |(_, kind)| kind).to_owned()
            } else {
                name.clone()
            };
            for (key, at) in keys(&name, &text) {
                if seen.insert((kind.clone(), key.clone())) {
                    jobs.push((path.strip_prefix(&policies).unwrap().to_owned(), key, at));
                }
            }
        }
    }
    assert!(jobs.len() > 120, "only {} headings and keys", jobs.len());
    let mut project = Project::read(&sample());
    let schema = &project.policy(&Options::default()).program.schema;
    let opened = project.open_data(schema);
    let silent: Vec<String> = jobs
        .par_iter()
        .filter(|job| passes(schema, &opened, &policies, job))
        .map(|(file, key, _)| format!("{} {key}", file.display()))
        .collect();
    assert!(silent.is_empty(), "misspelt, and nothing said:\n{}", silent.join("\n"));
}

/// Whether nothing is said of one key of one file when it is misspelt. The file is loaded with its
/// child files alone, so what else is said does not count.
fn passes(
    schema: &std::sync::Arc<Schema>,
    opened: &[Opened],
    policies: &Path,
    (file, key, at): &(PathBuf, String, usize),
) -> bool {
    let mut changed = fs::read_to_string(policies.join(file)).unwrap();
    changed.replace_range(*at..at + key.len(), &misspelt(key));
    let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
    let stem =
        |name: &str| name.split_once('.').map_or(name.to_owned(), |(stem, _)| stem.to_owned());
    let changed = std::sync::Arc::new(Bytes(changed.into_bytes().into()));
    let family =
        opened.iter().filter(|opened| stem(&name(Path::new(&*opened.name))) == stem(&name(file)));
    let inputs: Vec<Input> = family
        .map(|opened| {
            if opened.name.ends_with(&name(file)) {
                Input { store: changed.clone(), ..opened.input() }
            } else {
                opened.input()
            }
        })
        .collect();
    assert!(!inputs.is_empty(), "{} is not among the data", file.display());
    let everything = schema
        .frames
        .iter()
        .map(|frame| vec![fanshi::data::Need::Kept; frame.fields.len()])
        .collect();
    let (_, diagnostics) = load(schema, &everything, inputs);
    let errors = diagnostics.iter().filter(|found| found.severity == Severity::Error);
    let said = errors.flat_map(|found| [Some(&found.message), found.help.as_ref()]).flatten();
    !said.into_iter().any(|said| said.zh.contains(key))
}
