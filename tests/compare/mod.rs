//! Both answers to one program and its rows.

use crate::generate::Case;
use crate::reference::{Answer, Facts, Outcome, Program, World, judge};
use fanshi::diagnostic::{Diagnostic, Severity};
use fanshi::finding::{self, Finding};
use fanshi::syntax::parse::parse;
use fanshi::text::{FileId, Source};
use fanshi::workspace::Options;
use fanshi::workspace::Project;
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

pub const TODAY: &str = "2015-11-20";

/// Outcomes of an article: satisfied, violated, not applicable, exempt, undetermined, referred,
/// demanded already, and of the violated those on which articles disagree.
type Counts = [usize; 8];

/// What was said: counts by article, and the rows with a finding.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Said {
    pub counts: BTreeMap<String, Counts>,
    pub findings: Vec<Answer>,
}

/// What differs.
#[derive(Clone, Debug, Default)]
pub struct Difference {
    /// The program does not compile: the generator is wrong.
    pub mistakes: Vec<String>,
    /// By the reference and by the engine, where they differ.
    pub reference: Vec<String>,
    pub engine: Vec<String>,
}

/// Writes a case where the engine finds it; gives the project.
pub fn written(case: &Case, name: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("differential").join(name);
    let _ = std::fs::remove_dir_all(&root);
    std::fs::create_dir_all(&root).unwrap();
    let mut manifest = format!(
        "[project]\nname = \"differential\"\nas_of = {TODAY}\npolicies = \
            [\"词.fan\", \"策.fan\"]\n[data]\n"
    );
    std::fs::write(root.join("词.fan"), case.vocabulary()).unwrap();
    std::fs::write(root.join("策.fan"), case.policy()).unwrap();
    for (table, rows) in &case.tables {
        manifest.push_str(&format!("\"{table}\" = \"{table}.jsonl\"\n"));
        std::fs::write(root.join(format!("{table}.jsonl")), Case::lines(rows)).unwrap();
    }
    std::fs::write(root.join("fanshi.toml"), manifest).unwrap();
    root
}

/// What the engine says; the mistakes where the program does not compile. `keep` sees every
/// finding.
pub fn engine(case: &Case, name: &str, mut keep: impl FnMut(Finding)) -> Result<Said, Vec<String>> {
    let root = written(case, name);
    let said = {
        let run = Project::read(&root).run(&Options::default());
        let report = &run.report();

        let mistakes: Vec<String> =
            report.diagnostics.iter().filter(|found| is_mistake(found)).map(mistake).collect();
        if !mistakes.is_empty() {
            return Err(mistakes);
        }
        let mut said = Said::default();
        for summary in report.tabled() {
            let found = summary.counts;
            let counts = [
                found.satisfied,
                found.violated,
                found.not_applicable,
                found.exempt,
                found.undetermined,
                found.referred,
                found.already,
                found.conflict,
            ];
            said.counts.insert(summary.article.clone(), counts);
        }
        for index in 0..report.findings.len() {
            let head = report.findings.head(index);
            let outcome = match head.outcome {
                finding::Outcome::Violated => Outcome::Violated,
                finding::Outcome::Conflict => Outcome::Conflict,
                finding::Outcome::Undetermined => Outcome::Undetermined,
                finding::Outcome::Referred => Outcome::Referred,
                _ => continue,
            };
            let (article, key, path) = (
                head.article.to_owned(),
                head.key.into_owned(),
                head.path.clone().unwrap_or_default(),
            );
            said.findings.push(Answer { article, key, path, outcome });
            keep(report.findings.get(index));
        }
        said.findings.sort();
        Ok(said)
    };
    let _ = std::fs::remove_dir_all(&root);
    said
}

fn mistake(found: &Diagnostic) -> String {
    let excerpt = found.labels.first().map_or("", |label| &label.place.excerpt.text);
    format!("{} {}: {excerpt}", found.code, found.message.zh)
}

/// A mistake of a policy, not of data.
fn is_mistake(found: &Diagnostic) -> bool {
    let policy = found.labels.first().is_none_or(|label| {
        label.place.file.ends_with(".fan") || label.place.file.ends_with(".toml")
    });
    // That nothing was judged is no mistake of the policy.
    found.severity == Severity::Error && policy && found.code != "nothing_judged"
}

/// What the reference says, and of how many rows.
pub fn reference(case: &Case) -> (Said, usize) {
    let parsed = |index, text: String| {
        let (file, errors) = parse(FileId(index), &Source::new("", text));
        assert!(errors.is_empty(), "{errors:?}");
        file
    };
    let files = [parsed(0, case.vocabulary()), parsed(1, case.policy())];
    let today = TODAY.parse::<Date>().unwrap();
    let mut program = Program::new(&files);
    program.settle(today);
    let facts = Facts::new(&program, &case.tables);
    let world = World { program: &program, facts: &facts, today };
    let mut said = Said::default();
    let (answers, findings) = judge(&world);
    for answer in answers {
        let columns: &[usize] = match answer.outcome {
            Outcome::Satisfied => &[0],
            Outcome::Violated => &[1],
            Outcome::Conflict => &[1, 7],
            Outcome::NotApplicable => &[2],
            Outcome::Exempt => &[3],
            Outcome::Undetermined => &[4],
            Outcome::Referred => &[5],
            Outcome::AlreadyDemanded => &[6],
        };
        let counts = said.counts.entry(answer.article).or_default();
        columns.iter().for_each(|column| counts[*column] += 1);
    }
    said.findings = findings;
    said.findings.sort();
    (said, facts.rows.len())
}

/// The number of rows compared, or the difference.
pub fn compare(case: &Case, seed: u64) -> Result<usize, Difference> {
    let name = format!("{seed}-{:?}", std::thread::current().id());
    let engine = engine(case, &name, drop)
        .map_err(|mistakes| Difference { mistakes, ..Difference::default() })?;
    let (reference, rows) = reference(case);
    let lines = |said: &Said, other: &Said| {
        let counts = said.counts.iter().filter(|(article, counts)| {
            other.counts.get(*article).copied().unwrap_or_default() != **counts
        });
        let counts = counts.map(|(article, counts)| format!("{article}: {counts:?}"));
        let findings = said
            .findings
            .iter()
            .filter(|answer| !other.findings.contains(answer))
            .map(|answer| format!("{answer:?}"));
        counts.chain(findings).collect::<Vec<_>>()
    };
    let difference = Difference {
        mistakes: Vec::new(),
        reference: lines(&reference, &engine),
        engine: lines(&engine, &reference),
    };
    if difference.reference.is_empty() && difference.engine.is_empty() {
        Ok(rows)
    } else {
        Err(difference)
    }
}

pub fn show(case: &Case, difference: &Difference) -> String {
    let mut text = format!("{}\n{}\n", case.vocabulary(), case.policy());
    for (table, rows) in &case.tables {
        text.push_str(&format!("{table}:\n{}", Case::lines(rows)));
    }
    for (who, said) in [
        ("mistakes", &difference.mistakes),
        ("reference", &difference.reference),
        ("engine", &difference.engine),
    ] {
        text.push_str(&format!("{who}:\n  {}\n", said.join("\n  ")));
    }
    text
}
