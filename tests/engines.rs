//! Emitted views over exported rows, run by engines that are not ours: what they say of every row
//! is what a run says.
//!
//! `bash tests/engines/prepare.sh` makes what this needs; without it the tests say so and skip.
//! `ENGINES_SEEDS=n` tries so many random programs, `ENGINES_SEED=n` one of them alone.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    dead_code,
    reason = "tests"
)]

#[path = "suite/case.rs"]
mod case;
mod compare;
mod generate;
mod reference;
mod sheets;

use fanshi::{
    Dialect, Emission, FrameId, Keep, Options, Outcome, Project, RowRef, RuleId, Run, Schema, emit,
    export,
};
use generate::Case;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

/// What is said of a row: its outcome, what is required of it, what it declares.
type Said = BTreeMap<(String, String, usize), String>;

/// The Python that has an engine; `None`, with a word, where there is none.
fn python(module: &str) -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let made = [root.join("target/engines/bin/python"), "/tmp/venv/bin/python".into()];
    let asked = std::env::var_os("ENGINES_PYTHON").map(PathBuf::from);
    let found = asked.into_iter().chain(made).find(|python| {
        let has = Command::new(python).args(["-c", &format!("import {module}")]).output();
        has.is_ok_and(|output| output.status.success())
    });
    if found.is_none() {
        println!("skipped: no Python with {module}; run bash tests/engines/prepare.sh");
    }
    found
}

/// Judges a project, and writes its rows and views into a folder; what the run says, and what
/// became of the views.
fn written(project: Project, folder: &Path, dialect: Dialect) -> (Run, Emission) {
    let options = Options { keep: Keep::Everything, ..Options::default() };
    let run = project.run(&options);
    let emission = emit(&run.policy, dialect);
    let _ = std::fs::remove_dir_all(folder);
    std::fs::create_dir_all(folder).unwrap();
    for file in emission.files.iter().chain(&export(&run, dialect)) {
        std::fs::write(folder.join(&file.name), &file.text).unwrap();
    }
    (run, emission)
}

/// A table's name there.
fn table(schema: &Schema, frame: FrameId) -> String {
    let found = schema.frame(frame).unwrap();
    let own = found.names.en();
    found
        .parent
        .map_or_else(|| own.to_owned(), |(parent, _)| format!("{}_{own}", table(schema, parent)))
}

/// What a run says of the rows of the rules that have views.
fn expected(run: &Run, emission: &Emission) -> Said {
    let schema = run.policy.schema();
    let mut said = Said::new();
    for (rule, refused) in &emission.rules {
        if refused.is_some() {
            continue;
        }
        let frames: BTreeSet<_> = match rule {
            RuleId::Article(id) => {
                let article = run.policy.program.article(*id).unwrap();
                article.sentences.iter().map(|sentence| sentence.frame).collect()
            }
            RuleId::Decision(id) => {
                let decision = &run.policy.program.decisions[id.0 as usize];
                let plan = run.policy.decisions.iter();
                let plan = plan.into_iter().find(|plan| plan.decision == id.0 as usize).unwrap();
                let table = table(schema, decision.frame);
                for row in 0..run.rows.frame(decision.frame).unwrap().len {
                    let outcome = run.disposition_outcome(plan, row).code().to_owned();
                    let code = format!("decision:{}", run.policy.rules.code(*rule));
                    said.insert((code, table.clone(), row), outcome);
                }
                if plan.otherwise.is_none() {
                    continue;
                }
                [decision.frame].into()
            }
        };
        for frame in frames {
            let table = table(schema, frame);
            for row in 0..run.rows.frame(frame).unwrap().len {
                let outcome = run.outcome(*rule, RowRef { frame, row });
                let key = (run.policy.rules.code(*rule).to_owned(), table.clone(), row);
                said.insert(key, outcome.code().to_owned());
            }
        }
    }
    said
}

/// What the views of a folder said; how they failed.
fn said(folder: &Path) -> (Said, String) {
    let text = std::fs::read_to_string(folder.join("said.tsv")).unwrap();
    let mut said = Said::new();
    for line in text.lines() {
        let cells: Vec<&str> = line.split('\t').collect();
        let key = (cells[0].to_owned(), cells[1].to_owned(), cells[2].parse().unwrap());
        assert!(said.insert(key, cells[3].to_owned()).is_none(), "said twice: {line}");
    }
    (said, std::fs::read_to_string(folder.join("errors.txt")).unwrap())
}

/// What differs, at most a few of it.
fn differences(want: &Said, (got, errors): &(Said, String)) -> Vec<String> {
    let mut found: Vec<String> = errors.lines().map(str::to_owned).collect();
    let keys: BTreeSet<_> = want.keys().chain(got.keys()).collect();
    found.extend(
        keys.into_iter()
            .filter(|key| want.get(key) != got.get(key))
            .map(|key| format!("{key:?}: {:?} here, {:?} there", want.get(key), got.get(key))),
    );
    found
}

fn run_python(python: &Path, engine: &[&str], folders: &[PathBuf]) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/engines/run.py");
    for some in folders.chunks(100) {
        let status = Command::new(python).arg(&script).args(engine).args(some).status().unwrap();
        assert!(status.success());
    }
}

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("engines").join(name)
}

/// Holds a project against an engine; how many rules have views and how many do not, and how many
/// verdicts were held against each other.
fn hold(project: &str, (dialect, engine): (Dialect, &[&str]), python: &Path) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(project);
    let folder = folder(&format!("{}-{}", engine[0], project.replace('/', "-")));
    let (run, emission) = written(Project::read(&root), &folder, dialect);
    run_python(python, engine, std::slice::from_ref(&folder));
    let want = expected(&run, &emission);
    let different = differences(&want, &said(&folder));
    let refused = emission.rules.iter().filter(|(_, refused)| refused.is_some()).count();
    println!(
        "{project}, {}: {} rules as views, {refused} refused, {} verdicts",
        engine[0],
        emission.rules.len() - refused,
        want.len()
    );
    let mut why: BTreeMap<&str, usize> = BTreeMap::new();
    for refused in emission.rules.iter().filter_map(|(_, refused)| refused.as_ref()) {
        *why.entry(&refused.en).or_default() += 1;
    }
    println!("{why:#?}");
    let shown: Vec<&String> = different.iter().take(40).collect();
    assert!(different.is_empty(), "{} differ: {shown:#?}", different.len());
}

#[test]
fn duckdb_judges_the_library_alike() {
    let Some(python) = python("duckdb") else { return };
    hold("examples/library", (Dialect::DuckDb, &["duckdb"]), &python);
}

#[test]
fn duckdb_judges_the_sample_alike() {
    let Some(python) = python("duckdb") else { return };
    hold("policies/shangjie-2015", (Dialect::DuckDb, &["duckdb"]), &python);
}

/// Holds random programs and rows against an engine.
fn hold_random((dialect, engine): (Dialect, &[&str]), python: &Path, usual: u64) {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let seeds = match number("ENGINES_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("ENGINES_SEEDS").unwrap_or(usual),
    };
    let mut all = Vec::new();
    let (mut emitted, mut refused) = (0, 0);
    for seed in seeds {
        let case = Case::new(seed);
        let root = compare::written(&case, &format!("engines-{}-{seed}", engine[0]));
        let folder = folder(&format!("{}-random/{seed}", engine[0]));
        let (run, emission) = written(Project::read(&root), &folder, dialect);
        let _ = std::fs::remove_dir_all(&root);
        let no = emission.rules.iter().filter(|(_, refused)| refused.is_some()).count();
        (emitted, refused) = (emitted + emission.rules.len() - no, refused + no);
        all.push((seed, folder, expected(&run, &emission)));
    }
    let folders: Vec<PathBuf> = all.iter().map(|(_, folder, _)| folder.clone()).collect();
    run_python(python, engine, &folders);
    let mut verdicts = 0;
    let mut wrong = Vec::new();
    for (seed, folder, want) in &all {
        verdicts += want.len();
        let different = differences(want, &said(folder));
        let shown = different.iter().take(3).map(|line| format!("seed {seed}: {line}"));
        wrong.extend(shown);
    }
    println!(
        "{}: {} programs, {emitted} rules as views, {refused} refused, {verdicts} verdicts",
        engine[0],
        all.len()
    );
    let shown: Vec<&String> = wrong.iter().take(60).collect();
    assert!(wrong.is_empty(), "{} differ: {shown:#?}", wrong.len());
}

#[test]
fn duckdb_judges_random_programs_alike() {
    let Some(python) = python("duckdb") else { return };
    hold_random((Dialect::DuckDb, &["duckdb"]), &python, 200);
}

/// Holds the cases of the suite against an engine.
fn hold_suite((dialect, engine): (Dialect, &[&str]), python: &Path) {
    let suite = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite");
    let mut all = Vec::new();
    let mut why: BTreeMap<String, usize> = BTreeMap::new();
    let mut emitted = 0;
    for path in suite_files(&suite) {
        let parsed = case::Suite::parse(&std::fs::read_to_string(&path).unwrap());
        let file = path.strip_prefix(&suite).unwrap().with_extension("");
        let file = file.to_string_lossy().replace('/', "-");
        for (number, one) in parsed.cases.iter().enumerate() {
            let files = one.files(&parsed.shared);
            // Of very many rows there is one case, about how many there are.
            let is_large = parsed.shared.iter().chain(&one.sections);
            if is_large.into_iter().any(|section| section.name.contains(" × "))
                || files.iter().any(|file| file.name == "test")
            {
                continue;
            }
            let name = format!("{file}-{number}");
            let root = folder(&format!("{}-cases/{name}", engine[0]));
            let _ = std::fs::remove_dir_all(&root);
            std::fs::create_dir_all(&root).unwrap();
            for (name, bytes) in case::project(&files) {
                std::fs::write(root.join(name), bytes).unwrap();
            }
            let out = folder(&format!("{}-suite/{name}", engine[0]));
            let (run, emission) = written(Project::read(&root), &out, dialect);
            for (_, refused) in &emission.rules {
                match refused {
                    Some(refused) => *why.entry(refused.en.clone()).or_default() += 1,
                    None => emitted += 1,
                }
            }
            let want = expected(&run, &emission);
            if !want.is_empty() {
                all.push((format!("{file}: {}", one.name), out, want));
            }
        }
    }
    let folders: Vec<PathBuf> = all.iter().map(|(_, folder, _)| folder.clone()).collect();
    run_python(python, engine, &folders);
    let mut wrong = Vec::new();
    let mut verdicts = 0;
    for (name, folder, want) in &all {
        verdicts += want.len();
        let different = differences(want, &said(folder));
        wrong.extend(different.iter().take(3).map(|line| format!("{name}: {line}")));
    }
    println!("{}: {} cases, {emitted} rules as views, {verdicts} verdicts", engine[0], all.len());
    println!("{why:#?}");
    let shown: Vec<&String> = wrong.iter().take(80).collect();
    assert!(wrong.is_empty(), "{} differ: {shown:#?}", wrong.len());
}

fn suite_files(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let below = |path: PathBuf| if path.is_dir() { suite_files(&path) } else { vec![path] };
    let all = paths.into_iter().flat_map(below);
    all.filter(|path| path.extension().is_some_and(|ending| ending == "txt")).collect()
}

#[test]
fn duckdb_judges_the_suite_alike() {
    let Some(python) = python("duckdb") else { return };
    hold_suite((Dialect::DuckDb, &["duckdb"]), &python);
}

/// A PostgreSQL that runs while it is held.
struct Server(PathBuf);

impl Server {
    fn start(name: &str) -> Option<Self> {
        // The path of a socket is short.
        let folder = std::env::temp_dir().join(format!("fanshi-{name}-{}", std::process::id()));
        let server = Self(folder);
        if server.ask("start") {
            return Some(server);
        }
        println!("skipped: no PostgreSQL; apt-get install postgresql");
        None
    }

    fn ask(&self, what: &str) -> bool {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/engines/postgres.sh");
        let status = Command::new("sh").arg(script).arg(what).arg(&self.0).status();
        status.is_ok_and(|status| status.success())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.ask("stop");
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn postgres_judges_alike() {
    let Some(python) = python("psycopg2") else { return };
    let Some(server) = Server::start("pg") else { return };
    let socket = server.0.to_str().unwrap();
    let engine: (Dialect, &[&str]) = (Dialect::Postgres, &["postgres", socket]);
    hold("examples/library", engine, &python);
    hold_random(engine, &python, 60);
    hold_suite(engine, &python);
    hold("policies/shangjie-2015", engine, &python);
}

/// What no test here compares is not forgotten by mistake.
#[test]
fn outcomes_are_those_that_rows_have() {
    assert_eq!(Outcome::OF_ROWS.len(), 8);
}
