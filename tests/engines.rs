//! Emitted views over exported rows, run by engines that are not ours: what they say of every row
//! is what a run says.
//!
//! `sh tests/engines/prepare.sh` makes what this needs; without it the tests say so and skip.
//! `ENGINES_PYTHON` names another Python. `ENGINES_SEEDS=n` tries so many random programs, from
//! `ENGINES_FROM` on; `ENGINES_SEED=n` one of them alone.

#![allow(
    clippy::manual_try_fold,
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

use fanshi::builtin::Scalar;
use fanshi::lowering::{FigurePlan, Lowered};
use fanshi::{
    Dialect, Emission, FrameId, Keep, Options, Project, RowRef, RuleId, Run, Schema, emit, export,
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
    let made = root.join("target/engines/bin/python");
    let asked = std::env::var_os("ENGINES_PYTHON").map(PathBuf::from);
    let found = asked.into_iter().chain([made]).find(|python| {
        let has = Command::new(python).args(["-c", &format!("import {module}")]).output();
        has.is_ok_and(|output| output.status.success())
    });
    if found.is_none() {
        println!("skipped: no Python with {module}; run sh tests/engines/prepare.sh");
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
    for (plan, (code, refused)) in run.policy.measures.iter().zip(&emission.measures) {
        if refused.is_some() {
            continue;
        }
        let figures = match &plan.after {
            None => vec![("value", &plan.figure)],
            Some(after) => vec![("before", &plan.figure), ("after", after)],
        };
        for (which, figure) in figures {
            let FigurePlan::Whole(lowered) = figure else { panic!("{code} is split") };
            let amount = match lowered {
                Lowered::Value(node) => run.evaluator.scalar(*node, 0),
                Lowered::Truth(rails) => {
                    let (t, f) = (run.evaluator.holds(rails.t, 0), run.evaluator.holds(rails.f, 0));
                    (t || f).then(|| Scalar::Int(i64::from(t)))
                }
            };
            let shown = match amount {
                None => "unknown".to_owned(),
                Some(Scalar::Int(value)) => format!("{value}/1"),
                Some(Scalar::Ratio(value)) => format!("{}/{}", value.numer(), value.denom()),
                Some(other) => panic!("{other:?}"),
            };
            said.insert((format!("measure:{code}"), which.to_owned(), 0), shown);
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
    let measures = emission.measures.iter().filter(|(_, refused)| refused.is_none()).count();
    println!("{measures} of {} measures; {why:#?}", emission.measures.len());
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
        None => {
            let from = number("ENGINES_FROM").unwrap_or(0);
            from..from + number("ENGINES_SEEDS").unwrap_or(usual)
        }
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
    hold(traps().to_str().unwrap(), engine, &python);
    hold_random(engine, &python, 60);
    hold_suite(engine, &python);
    hold("policies/shangjie-2015", engine, &python);
}

/// Where engines differ from one another: numbers that do not fit, exact fractions, texts of other
/// letters, lists without elements, references that lead nowhere.
const TRAPS: [(&str, &str); 3] = [
    (
        "坑.fan",
        "政策 坑
表 甲 {
  号: 文本 主键
  大: 整数
  小: 整数
  名: 文本
  价: 小数
  乙: 乙
  项: 多个 { 数: 整数  分: 小数  称: 文本 }
}
表 乙 { 名: 文本 主键 }
第一条 和 凡 甲，大 + 小 必须 大于 0。
第二条 积 凡 甲，大 × 小 必须 大于 0。
第三条 差 凡 甲，大 - 小 必须 小于 10。
第四条 合计 凡 甲，合计(项: 数) 必须 大于 0。
第五条 三分之一 凡 甲，价 ÷ 3 × 3 必须 等于 价。
第六条 商 凡 甲，7 ÷ 小 必须 大于 1.5。
第七条 最大 凡 甲，最大(项: 分) 必须 大于 0.25。
第八条 字数 凡 甲，长度(名) 必须 为 2。
第九条 截 凡 甲，截取(名, 1, 1) 必须 为 “法”。
第十条 含 凡 甲，名 必须 包含 “_%”。
第十一条 每个 凡 甲，必须 每个(项: 数 > 0)。
第十二条 存在 凡 甲，必须 存在(项: 数 > 0)。
第十三条 没有 凡 甲，必须 没有(项: 称 = 本行.名)。
第十四条 异 凡 甲，不同数量(项: 称) 必须 不超过 1。
第十五条 另一 凡 甲，必须 没有(甲 当 号 ≠ 本行.号: 乙 = 本行.乙)。
第十六条 有 凡 甲，乙.名 必须 为 “有”。
第十七条 数 凡 甲，数量(项 当 分 > 0.1) 必须 为 1。
第十八条 均 凡 甲，平均(项: 数) 必须 大于 1.5。
第十九条 倍 凡 甲，四舍五入(价, 0.05) 必须 等于 价。
第二十条 余 凡 甲，余数(大, 7) 必须 小于 5。
",
    ),
    (
        "甲.jsonl",
        r#"{"号": "最大", "大": 9223372036854775807, "小": 1, "名": "法律", "价": 0.1, "乙": "有", "项": [{"数": 9223372036854775807, "分": 0.1}, {"数": 1, "分": 0.2}]}
{"号": "最小", "大": -9223372036854775808, "小": -1, "名": "😀é", "价": -2.675, "乙": "无", "项": [{"数": -9223372036854775808, "分": 0.3}]}
{"号": "空", "大": 0, "小": 0, "名": "", "价": 0, "项": []}
{"号": "无"}
{"号": "半", "大": 3, "小": 2, "名": "a_%b", "价": 0.125, "乙": "无", "项": [{"数": 2}, {"分": 0.25, "称": "Z"}, {"数": 1, "称": "z"}]}
{"号": "缺", "大": {"坏": 1}, "小": -3, "名": "法典", "价": 1.25, "乙": "有", "项": [{"数": 1, "分": 0.25, "称": "法典"}, {"数": 2, "分": {"坏": 1}, "称": "法 典"}]}
{"号": "大写", "大": -8, "小": 5, "名": "É", "价": 123456789012345.678, "乙": "另", "项": {"坏": 1}}
"#,
    ),
    ("乙.csv", "名\n有\n别\n"),
];

/// A project of the traps.
fn traps() -> PathBuf {
    let root = folder("traps");
    let _ = std::fs::remove_dir_all(&root);
    std::fs::create_dir_all(&root).unwrap();
    let manifest = "[project]\nname = \"坑\"\nas_of = 2015-11-20\npolicies = [\"坑.fan\"]\n\
        [data]\n\"甲\" = \"甲.jsonl\"\n\"乙\" = \"乙.csv\"\n";
    std::fs::write(root.join("fanshi.toml"), manifest).unwrap();
    for (name, text) in TRAPS {
        std::fs::write(root.join(name), text).unwrap();
    }
    root
}

#[test]
fn duckdb_falls_into_no_trap() {
    let root = traps();
    let run = Project::read(&root).run(&Options::default());
    let wrong = run.report().diagnostics.to_vec();
    let of_policy = wrong.iter().filter(|found| {
        found.labels.first().is_none_or(|label| label.place.file.ends_with(".fan"))
    });
    let of_policy: Vec<_> = of_policy.map(|found| &found.message.zh).collect();
    assert!(of_policy.is_empty(), "{of_policy:?}");
    let Some(python) = python("duckdb") else { return };
    hold(root.to_str().unwrap(), (Dialect::DuckDb, &["duckdb"]), &python);
}

/// What does not fit the numbers of an engine stops it; it is never taken for something else.
#[test]
fn numbers_that_do_not_fit_stop_the_query() {
    let Some(python) = python("duckdb") else { return };
    let root = folder("too-large");
    let _ = std::fs::remove_dir_all(&root);
    std::fs::create_dir_all(&root).unwrap();
    let policy =
        "政策 大\n表 甲 { 号: 文本 主键  价: 小数 }\n第一条 积 凡 甲，价 × 价 必须 大于 0。\n";
    std::fs::write(root.join("大.fan"), policy).unwrap();
    std::fs::write(root.join("甲.csv"), "号,价\n一,12345678901.5\n").unwrap();
    let manifest = "[project]\nname = \"大\"\nas_of = 2015-11-20\npolicies = [\"大.fan\"]\n\
        [data]\n\"甲\" = \"甲.csv\"\n";
    std::fs::write(root.join("fanshi.toml"), manifest).unwrap();
    let out = folder("too-large-out");
    let (run, emission) = written(Project::read(&root), &out, Dialect::DuckDb);
    assert_eq!(expected(&run, &emission).values().next().unwrap(), "satisfied");
    run_python(&python, &["duckdb"], std::slice::from_ref(&out));
    let (said, errors) = said(&out);
    assert!(said.is_empty() && errors.contains("too large or too finely divided"), "{errors}");
}
