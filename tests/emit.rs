//! What has SQL and what is refused by name: every operation of the graph and every built-in
//! function is one or the other, on the cases of the suite and on the sample.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    dead_code,
    reason = "a test"
)]

#[path = "suite/case.rs"]
mod case;
mod sheets;

use fanshi::lowering::{Domain, NodeId, Op};
use fanshi::{Dialect, Options, Policy, Project, RuleId, emit};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

/// An operation's name, and whether it has SQL. An operation that is new has to decide here.
fn op(op: &Op) -> (&'static str, bool) {
    match op {
        Op::Truth(_) => ("Truth", true),
        Op::Bits(..) => ("Bits", true),
        Op::Present(..) => ("Present", true),
        Op::Unread(..) => ("Unread", true),
        Op::Claimed(..) => ("Claimed", true),
        Op::Sole(_) => ("Sole", true),
        Op::Whole(_) => ("Whole", true),
        Op::Valid(_) => ("Valid", true),
        Op::And(_) => ("And", true),
        Op::Or(_) => ("Or", true),
        Op::Not(_) => ("Not", true),
        Op::Compare(..) => ("Compare", true),
        Op::Same(..) => ("Same", true),
        Op::Apart(..) => ("Apart", true),
        Op::Text(..) => ("Text", true),
        Op::GatherBits(..) => ("GatherBits", true),
        Op::Exists(..) => ("Exists", true),
        Op::Constant(_) => ("Constant", true),
        Op::Weights(_) => ("Weights", true),
        Op::Column(..) => ("Column", true),
        Op::Gather(..) => ("Gather", true),
        Op::Canonical(_) => ("Canonical", true),
        Op::ToRatio(_) => ("ToRatio", true),
        Op::Arithmetic(..) => ("Arithmetic", true),
        Op::AddDays(..) => ("AddDays", true),
        Op::AddMonths(..) => ("AddMonths", true),
        Op::Negate(_) => ("Negate", true),
        Op::Where(..) => ("Where", true),
        Op::Pick(..) => ("Pick", true),
        Op::Count(..) => ("Count", true),
        Op::Sum(..) => ("Sum", true),
        Op::Max(..) => ("Max", true),
        Op::Min(..) => ("Min", true),
        Op::Select(..) => ("Select", true),
        Op::End(..) => ("End", true),
        Op::Distinct(..) => ("Distinct", true),
        Op::Nearest(..) => ("Nearest", false),
        Op::Cycles(_) => ("Cycles", false),
        Op::MayCycle(_) => ("MayCycle", false),
        Op::Longest(..) => ("Longest", false),
        Op::Call(function, _) => {
            (function.0.en, fanshi::emit::refused_function(function.0.en).is_none())
        }
        Op::Trace(_) => ("Trace", false),
        Op::NetElapsed(_) => ("NetElapsed", true),
        Op::Row => ("Row", true),
        Op::Parent(_) => ("Parent", true),
        Op::Paired(_) => ("Paired", true),
        Op::Outer(_) => ("Outer", true),
        Op::Inner(_) => ("Inner", true),
    }
}

/// The policies of the suite, and of the sample.
fn policies() -> Vec<(String, Policy)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut all = Vec::new();
    for (file, suite) in case::suites() {
        for (number, one) in suite.cases.iter().enumerate() {
            let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("emit");
            let folder = folder.join(format!("{file}-{number}"));
            case::lay_out(&one.files(&suite.shared), &folder);
            let policy = Project::read(&folder).policy(&Options::default());
            all.push((format!("{file}: {}", one.name), policy));
        }
    }
    let sample = Project::read(&root.join("policies/shangjie-2015"));
    all.push(("sample".to_owned(), sample.policy(&Options::default())));
    all
}

/// The nodes that the outcomes of an article rest on.
fn reached(policy: &Policy, rule: RuleId) -> BTreeSet<NodeId> {
    let RuleId::Article(id) = rule else { return BTreeSet::new() };
    let judgements = policy.judgements.iter().filter(|judgement| judgement.article == id);
    let mut open: Vec<NodeId> =
        judgements.flat_map(|judgement| judgement.outcomes.nodes()).collect();
    let mut seen = BTreeSet::new();
    while let Some(id) = open.pop() {
        if seen.insert(id) {
            let node = policy.graph.node(id).unwrap();
            open.extend(node.op.operands());
            let pairs = match node.domain {
                Domain::Pairs(pairs) => policy.graph.pairs_of(pairs),
                _ => None,
            };
            open.extend(pairs.into_iter().flat_map(|pairs| pairs.operands()));
        }
    }
    seen
}

#[test]
fn every_operation_has_sql_or_is_refused_by_name() {
    let mut met: BTreeMap<&str, usize> = BTreeMap::new();
    let mut wrong = Vec::new();
    let (mut written, mut refused) = (0, 0);
    for (name, policy) in policies() {
        for dialect in Dialect::ALL.map(|(dialect, _)| dialect) {
            for (rule, why) in emit(&policy, dialect).rules {
                let code = policy.rules.code(rule);
                let nodes = reached(&policy, rule);
                let ops = nodes.iter().map(|id| op(&policy.graph.node(*id).unwrap().op));
                let ops: BTreeSet<(&str, bool)> = ops.collect();
                ops.iter().for_each(|(op, _)| *met.entry(op).or_default() += 1);
                let lacking = ops.iter().any(|(_, has)| !has);
                match &why {
                    Some(why) => {
                        refused += 1;
                        let of_itself = ["could be understood", "pattern", "as a key", "be a key"];
                        let known = lacking || of_itself.iter().any(|of| why.en.contains(of));
                        if !known && matches!(rule, RuleId::Article(_)) {
                            wrong.push(format!("{name}: {code} is refused: {}", why.en));
                        }
                        assert!(!why.zh.is_empty() && !why.en.is_empty());
                    }
                    None => {
                        written += 1;
                        if lacking {
                            wrong.push(format!("{name}: {code} has SQL, with {ops:?}"));
                        }
                    }
                }
            }
        }
    }
    println!("{written} written, {refused} refused\n{met:?}");
    assert!(wrong.is_empty(), "{wrong:#?}");
    // Every operation and every function occurs, so that all of the above says something of it.
    let never: Vec<&str> = ALL.iter().copied().filter(|op| !met.contains_key(op)).collect();
    assert!(never.is_empty(), "in no case: {never:?}");
    let functions = fanshi::builtin::functions().map(|row| row.en);
    let never: Vec<&str> = functions.filter(|name| !met.contains_key(name)).collect();
    assert!(never.is_empty(), "functions in no case: {never:?}");
}

/// The operations that a rule can rest on.
const ALL: &[&str] = &[
    "Truth",
    "Bits",
    "Present",
    "Unread",
    "Claimed",
    "Sole",
    "Whole",
    "Valid",
    "And",
    "Or",
    "Not",
    "Compare",
    "Same",
    "Apart",
    "Text",
    "GatherBits",
    "Exists",
    "Constant",
    "Weights",
    "Column",
    "Gather",
    "Canonical",
    "ToRatio",
    "Arithmetic",
    "AddDays",
    "AddMonths",
    "Negate",
    "Where",
    "Pick",
    "Count",
    "Sum",
    "Max",
    "Min",
    "Select",
    "End",
    "Distinct",
    "Nearest",
    "Cycles",
    "MayCycle",
    "Longest",
    "Trace",
    "NetElapsed",
    "Row",
    "Parent",
    "Paired",
    "Outer",
    "Inner",
];

/// The same policy gives the same bytes.
#[test]
fn views_are_the_same_from_run_to_run() {
    let read = || {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies/shangjie-2015");
        emit(&Project::read(&root).policy(&Options::default()), Dialect::DuckDb).files
    };
    assert_eq!(read(), read());
}

/// A folder of its own with a project of some articles in it.
fn project(name: &str, articles: &[&str]) -> PathBuf {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("emitted").join(name);
    let _ = std::fs::remove_dir_all(&root);
    std::fs::create_dir_all(root.join("sql")).unwrap();
    write_articles(&root, articles);
    let manifest = "[project]\nname = \"a\"\nas_of = 2015-11-20\npolicies = [\"a.fan\"]\n\
        [data]\nbook = \"book.csv\"\n";
    std::fs::write(root.join("fanshi.toml"), manifest).unwrap();
    std::fs::write(root.join("book.csv"), "code,pages\nx,5\n").unwrap();
    root
}

fn write_articles(root: &Path, articles: &[&str]) {
    let mut policy = "policy a\ntable book { code : text key  pages : integer }\n".to_owned();
    for (number, name) in articles.iter().enumerate() {
        let number = number + 1;
        policy.push_str(&format!(
            "article {number} {name} whenever book, pages must not exceed {number}.\n"
        ));
    }
    std::fs::write(root.join("a.fan"), policy).unwrap();
}

/// Runs a command in a folder; the code it ends with.
fn fanshi(root: &Path, line: &str) -> i32 {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fanshi"));
    let output = command.args(line.split(' ')).current_dir(root).output().unwrap();
    output.status.code().unwrap()
}

/// The names in the folder of views.
fn names(root: &Path) -> BTreeSet<String> {
    let entries = std::fs::read_dir(root.join("sql")).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

const EMIT: &str = "emit sql . --dialect duckdb -o sql";

#[test]
fn files_of_articles_that_are_gone_are_taken_away() {
    let root = project("gone", &["thin", "thick", "light"]);
    assert_eq!(fanshi(&root, EMIT), 0);
    let all = names(&root);
    let thick = "10-a_thick.sql".to_owned();
    assert!(all.contains(&thick), "{all:?}");
    // Taken out, called otherwise, and as an editor of another system leaves it.
    let crlf = std::fs::read_to_string(root.join("sql").join(&thick)).unwrap();
    std::fs::write(root.join("sql/10-a_older.sql"), crlf.replace('\n', "\r\n")).unwrap();
    write_articles(&root, &["thin", "heavy"]);
    assert_eq!(fanshi(&root, EMIT), 0);
    let now = names(&root);
    let gone: Vec<&String> = all.difference(&now).collect();
    assert_eq!(gone, ["10-a_light.sql", "10-a_thick.sql"]);
    let more: Vec<&String> = now.difference(&all).collect();
    assert_eq!(more, ["10-a_heavy.sql"]);
    // For another engine all files are written anew.
    assert_eq!(fanshi(&root, "emit sql . --dialect spark -o sql"), 0);
    assert_eq!(names(&root), now);
    let tables = std::fs::read_to_string(root.join("sql/00-tables.sql")).unwrap();
    assert!(tables.contains("CREATE TABLE `book`"), "{tables}");
}

#[test]
fn what_emit_did_not_write_it_leaves_alone() {
    let root = project("others", &["thin", "thick"]);
    assert_eq!(fanshi(&root, EMIT), 0);
    assert_eq!(fanshi(&root, "export . -o sql"), 0);
    let marked = format!("{}\nSELECT 1;\n", fanshi::emit::MARK);
    let within = root.join("sql");
    let mine = [
        ("mine.sql", "SELECT 1;\n".to_owned()),
        ("10-a_mine.sql", "-- mine\nSELECT 1;\n".to_owned()),
        ("empty.sql", String::new()),
        ("second.sql", format!("\n{marked}")),
        ("longer.sql", format!("{} by hand\n", fanshi::emit::MARK)),
        ("note.txt", marked.clone()),
        ("10-a_kept.sql.bak", marked.clone()),
    ];
    for (name, text) in &mine {
        std::fs::write(within.join(name), text).unwrap();
    }
    std::fs::create_dir_all(within.join("older")).unwrap();
    std::fs::create_dir_all(within.join("folder.sql")).unwrap();
    std::fs::write(within.join("older/10-a_x.sql"), &marked).unwrap();
    std::fs::write(root.join("beside.sql"), &marked).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink("../beside.sql", within.join("link.sql")).unwrap();
    let before = names(&root);

    // A policy with a mistake, one that is looked at alone, and one that is whole.
    std::fs::write(root.join("a.fan"), "policy a\narticle 1 x whenever boook, is.\n").unwrap();
    assert_eq!(fanshi(&root, EMIT), 2);
    write_articles(&root, &["thin"]);
    assert_eq!(fanshi(&root, &format!("{EMIT} --check")), 0);
    assert_eq!(names(&root), before);
    assert_eq!(fanshi(&root, EMIT), 0);
    let gone: Vec<String> = before.difference(&names(&root)).cloned().collect();
    assert_eq!(gone, ["10-a_thick.sql"]);
    for (name, text) in &mine {
        assert_eq!(std::fs::read_to_string(within.join(name)).unwrap(), *text, "{name}");
    }
    for kept in [root.join("beside.sql"), within.join("older/10-a_x.sql")] {
        assert_eq!(std::fs::read_to_string(&kept).unwrap(), marked, "{}", kept.display());
    }
    assert!(within.join("folder.sql").is_dir());
    // The first line of what is exported is another, and stays where views are written anew.
    assert!(within.join("load.sql").exists() && within.join("book.csv").exists());
}

/// A table that is called as one of those that are filled from views has another name there.
#[test]
fn no_table_has_the_name_of_what_is_made_of_views() {
    let policy = "policy a\ntable verdicts { code : text key  pages : integer }\n\
        table measures { code : text key }\n\
        article 1 thin whenever verdicts, pages must not exceed 5.\n";
    let root = project("names", &[]);
    std::fs::write(root.join("a.fan"), policy).unwrap();
    let policy = Project::read(&root).policy(&Options::default());
    for (dialect, name) in Dialect::ALL {
        let files = emit(&policy, dialect).files;
        let text: String = files.iter().map(|file| file.text.as_str()).collect();
        let quote = if dialect == Dialect::Spark { '`' } else { '"' };
        for (table, made) in
            [("verdicts", 1), ("verdicts_2", 1), ("measures_2", 1), ("decisions", 1)]
        {
            let made_there = text.matches(&format!("CREATE TABLE {quote}{table}{quote} (")).count();
            assert_eq!(made_there, made, "{name}: {table}");
        }
        assert!(text.contains(&format!("{quote}verdicts_2{quote} AS p")), "{name}");
    }
}
