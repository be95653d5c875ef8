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
use fanshi::emit::export_over;
use fanshi::lowering::{FigurePlan, Lowered};
use fanshi::{
    Dialect, Emission, FrameId, Keep, Options, Project, RowRef, RuleId, Run, Schema, Type, emit,
    emit_over, export,
};
use generate::{Case, Random};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

/// What is said of a row: its outcome, what is required of it, what it declares.
type Said = BTreeMap<(String, String, usize), String>;

/// An engine that is there.
struct Engine {
    name: &'static str,
    dialect: Dialect,
    python: PathBuf,
    server: Option<Server>,
    /// Whether the views of all rules together are left out.
    quickly: bool,
}

impl Engine {
    /// The engine of a name; `None`, with a word, where it is not there.
    fn find(name: &'static str) -> Option<Self> {
        let (dialect, _) = Dialect::ALL.into_iter().find(|(_, own)| *own == name).unwrap();
        let (module, more) = match dialect {
            Dialect::DuckDb => ("duckdb", ""),
            Dialect::Postgres => ("psycopg2", ""),
            Dialect::ClickHouse => ("chdb", ""),
            Dialect::DataFusion => ("datafusion", ""),
            Dialect::Spark => ("pyspark", ", shutil; assert shutil.which('java')"),
        };
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let made = root.join("target/engines/bin/python");
        let asked = std::env::var_os("ENGINES_PYTHON").map(PathBuf::from);
        let python = asked.into_iter().chain([made]).find(|python| {
            let import = format!("import {module}{more}");
            let has = Command::new(python).args(["-c", &import]).output();
            has.is_ok_and(|output| output.status.success())
        });
        let Some(python) = python else {
            println!("skipped: no Python with {module}; run sh tests/engines/prepare.sh");
            return None;
        };
        let server = match dialect {
            Dialect::Postgres => Some(Server::start("pg")?),
            _ => None,
        };
        Some(Self { name, dialect, python, server, quickly: false })
    }

    /// Runs what stands in folders.
    fn run(&self, folders: &[PathBuf]) {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/engines/run.py");
        for some in folders.chunks(100) {
            let mut command = Command::new(&self.python);
            command.arg(&script).arg(self.name).envs(self.quickly.then_some(("ENGINE_ALL", "0")));
            command.args(self.server.iter().map(|server| &server.0)).args(some);
            assert!(command.status().unwrap().success());
        }
    }

    fn folder(&self, name: &str) -> PathBuf {
        folder(&format!("{}-{}", self.name, name.trim_start_matches('/').replace('/', "-")))
    }

    /// Judges a project, and writes its rows and views into a folder.
    fn written(&self, project: Project, name: &str) -> (Held, Run, Emission) {
        let folder = self.folder(name);
        let (run, emission) = written(project, &folder, self.dialect);
        let want = expected(&run, &emission);
        (Held { name: name.to_owned(), folder, want, stops: false }, run, emission)
    }

    /// A project of this repository or elsewhere, with how many of its rules have views.
    fn project(&self, path: &str) -> Held {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
        let (held, _, emission) = self.written(Project::read(&root), path);
        let refused = emission.rules.iter().filter(|(_, refused)| refused.is_some()).count();
        let measures = emission.measures.iter().filter(|(_, refused)| refused.is_none()).count();
        println!(
            "{path}, {}: {} of {} rules and {measures} of {} measures as views",
            self.name,
            emission.rules.len() - refused,
            emission.rules.len(),
            emission.measures.len()
        );
        let mut why: BTreeMap<&str, usize> = BTreeMap::new();
        let measures = emission.measures.iter().map(|(_, refused)| refused);
        let all = emission.rules.iter().map(|(_, refused)| refused).chain(measures);
        all.flatten().for_each(|refused| *why.entry(&refused.en).or_default() += 1);
        why.iter().for_each(|(why, count)| println!("  {count} × {why}"));
        held
    }

    /// A random program, with so many rows of its first table at least.
    fn random(&self, seed: u64, rows: usize) -> Held {
        let mut case = Case::new(seed);
        widen(&mut case, seed, rows);
        let root = compare::written(&case, &format!("engines-{}-{seed}", self.name));
        let (held, ..) = self.written(Project::read(&root), &format!("random/{seed}"));
        let _ = std::fs::remove_dir_all(&root);
        held
    }

    /// Holds what a run says against what the engine says.
    fn hold(&self, what: &str, all: &[Held]) {
        let folders: Vec<PathBuf> = all.iter().map(|held| held.folder.clone()).collect();
        self.run(&folders);
        let (mut verdicts, mut rows, mut wrong) = (0, 0, Vec::new());
        for held in all {
            if held.stops {
                let (said, errors) = said(&held.folder);
                let stopped = errors.contains("too large or too finely divided");
                assert!(said.is_empty() && stopped, "{}: {said:?} {errors}", self.name);
                continue;
            }
            verdicts += held.want.len();
            let own: BTreeSet<_> = held.want.keys().map(|(_, table, row)| (table, row)).collect();
            rows += own.len();
            let different = differences(&held.want, &said(&held.folder));
            let shown = different.iter().take(3);
            wrong.extend(shown.map(|line| format!("{}: {line}", held.name)));
        }
        println!(
            "{}, {what}: {} programs, {rows} rows of theirs, {verdicts} verdicts, {} differ",
            self.name,
            all.len(),
            wrong.len()
        );
        let shown: Vec<&String> = wrong.iter().take(60).collect();
        assert!(wrong.is_empty(), "{} differ: {shown:#?}", wrong.len());
    }
}

/// What a run says, and where an engine finds the views.
struct Held {
    name: String,
    folder: PathBuf,
    want: Said,
    /// Whether numbers that do not fit the engine have to stop it.
    stops: bool,
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
            let FigurePlan::Whole(lowered) = figure else { continue };
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
    said.extend(in_groups(run, emission));
    said
}

/// What a run says of the measures in groups that have views.
fn in_groups(run: &Run, emission: &Emission) -> Said {
    let mut said = Said::new();
    let has_view = |code: &str| {
        let found = emission.measures.iter().find(|(own, _)| own == code);
        found.is_some_and(|(_, refused)| refused.is_none())
    };
    let measures = run.summary.measures.iter();
    for summary in measures.filter(|found| found.by.is_some() && has_view(&found.measure)) {
        for ((name, figure), row) in summary.values.iter().zip(&summary.groups) {
            let of = match (summary.by, row) {
                (Some(Type::Ref(frame)), Some(row)) => {
                    Some(run.row_name(RowRef { frame, row: *row }).to_string())
                }
                _ => name.as_ref().map(|name| name.en.clone()),
            };
            let of = of.map_or_else(String::new, |of| format!(" of {of}"));
            let shown = |amount: Option<fanshi::Ratio>, is_known: bool| match amount {
                Some(amount) => format!("{}/{}", amount.numer(), amount.denom()),
                None if is_known => ANY.to_owned(),
                None => "unknown".to_owned(),
            };
            let now = shown(figure.amount, figure.value.is_some());
            let mut figures = vec![("value", now.clone())];
            if let Some(change) = &figure.change {
                let before = shown(change.amount, change.before.is_some());
                figures = vec![("before", before), ("after", now)];
            }
            for (which, shown) in figures {
                let key = (format!("measure:{}", summary.measure), format!("{which}{of}"), 0);
                said.insert(key, shown);
            }
        }
    }
    said
}

/// What stands for an amount that is no number: a day.
const ANY: &str = "*";

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
            .filter(|key| want.get(key).map(String::as_str) != Some(ANY) || !got.contains_key(key))
            .map(|key| format!("{key:?}: {:?} here, {:?} there", want.get(key), got.get(key))),
    );
    found
}

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("engines").join(name)
}

/// More rows for the first table, with keys of their own.
fn widen(case: &mut Case, seed: u64, rows: usize) {
    let key = case.schema.frames[0].fields.iter().find(|field| field.key);
    let key = key.map(|field| field.name.clone());
    for turn in 1.. {
        if case.tables[0].1.len() >= rows {
            break;
        }
        let more = generate::rows(&mut Random::new(seed + 1_000_000 * turn), &case.schema);
        for mut row in more.into_iter().next().unwrap().1 {
            let number = case.tables[0].1.len();
            if let (Some(key), Some(row)) = (&key, row.as_object_mut()) {
                row.insert(key.clone(), format!("行{number}").into());
            }
            case.tables[0].1.push(row);
        }
    }
}

/// A number that is asked for.
fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|text| text.parse().ok())
}

/// The seeds of random programs: those asked for, or so many.
fn seeds(usual: u64) -> Range<u64> {
    match number("ENGINES_SEED") {
        Some(seed) => seed..seed + 1,
        None => {
            let from = number("ENGINES_FROM").unwrap_or(0);
            from..from + number("ENGINES_SEEDS").unwrap_or(usual)
        }
    }
}

fn random(engine: &Engine, usual: u64) -> Vec<Held> {
    seeds(usual).map(|seed| engine.random(seed, 0)).collect()
}

/// The cases of the suite.
fn suite(engine: &Engine) -> Vec<Held> {
    let mut all = Vec::new();
    for (name, parsed) in case::suites() {
        for (number, one) in parsed.cases.iter().enumerate() {
            let files = one.files(&parsed.shared);
            // Of very many rows there is one case, about how many there are.
            let is_large = parsed.shared.iter().chain(&one.sections);
            if is_large.into_iter().any(|section| section.name.contains(" × "))
                || files.iter().any(|file| file.name == "test")
            {
                continue;
            }
            let root = engine.folder(&format!("cases/{name}-{number}"));
            case::lay_out(&files, &root);
            let name = format!("suite/{name}-{number}");
            let (held, ..) = engine.written(Project::read(&root), &name);
            if !held.want.is_empty() {
                all.push(held);
            }
        }
    }
    all
}

#[test]
fn duckdb_judges_the_library_and_the_sample_alike() {
    let Some(engine) = Engine::find("duckdb") else { return };
    let projects = ["examples/library", "policies/shangjie-2015"];
    engine.hold("projects", &projects.map(|path| engine.project(path)));
}

#[test]
fn duckdb_judges_random_programs_alike() {
    let Some(engine) = Engine::find("duckdb") else { return };
    engine.hold("random programs", &random(&engine, 100));
}

#[test]
fn duckdb_judges_the_suite_alike() {
    let Some(engine) = Engine::find("duckdb") else { return };
    engine.hold("the suite", &suite(&engine));
}

#[test]
fn postgres_judges_alike() {
    let Some(engine) = Engine::find("postgres") else { return };
    let traps = traps();
    let projects = ["examples/library", traps.to_str().unwrap(), "policies/shangjie-2015"];
    engine.hold("projects", &projects.map(|path| engine.project(path)));
    engine.hold("a warehouse", &[warehouse(&engine), too_large(&engine)]);
    engine.hold("random programs", &random(&engine, 60));
    engine.hold("the suite", &suite(&engine));
}

/// What the other engines say of a few programs, where they are there.
fn judges_alike(name: &'static str, usual: u64) {
    let Some(engine) = Engine::find(name) else { return };
    let mut all = random(&engine, usual);
    all.extend([warehouse(&engine), too_large(&engine)]);
    let traps = traps();
    all.extend(["examples/library", traps.to_str().unwrap()].map(|path| engine.project(path)));
    engine.hold("projects and random programs", &all);
}

#[test]
fn clickhouse_judges_alike() {
    judges_alike("clickhouse", 4);
}

#[test]
fn datafusion_judges_alike() {
    judges_alike("datafusion", 20);
}

#[test]
#[ignore = "minutes: `cargo test --test engines spark -- --ignored --nocapture`"]
fn spark_judges_alike() {
    judges_alike("spark", 2);
}

/// Many random programs with many rows: `ENGINES_PAIRS` of a program and a row, 100,000 on DuckDB
/// and 10,000 on each other engine without; `ENGINES=spark,duckdb` names the engines. An engine that
/// takes long to plan a program gets more rows of each: `ENGINES_ROWS` of its first table.
#[test]
#[ignore = "long: `cargo test --test engines many -- --ignored --nocapture`"]
fn many_random_programs_are_judged_alike() {
    for mut engine in engines() {
        engine.quickly = true;
        let (usual, rows) = match engine.dialect {
            Dialect::DuckDb => (100_000, 40),
            Dialect::Postgres => (10_000, 100),
            _ => (10_000, 400),
        };
        let wanted = number("ENGINES_PAIRS").unwrap_or(usual);
        let rows = number("ENGINES_ROWS").map_or(rows, |rows| usize::try_from(rows).unwrap());
        let from = number("ENGINES_FROM").unwrap_or(10_000);
        let (mut programs, mut pairs, begun) = (0, 0, Instant::now());
        while pairs < wanted {
            let mut some: Vec<Held> = Vec::new();
            let before = pairs;
            while some.len() < 50 && pairs < wanted.min(before + 2_500) {
                let held = engine.random(from + programs, rows);
                let keys = held.want.keys();
                let own = keys.map(|(_, table, row)| (table, row)).collect::<BTreeSet<_>>().len();
                (programs, pairs) = (programs + 1, pairs + own as u64);
                some.push(held);
            }
            engine.hold(&format!("to program {}, {pairs} pairs", from + programs), &some);
            some.iter().for_each(|held| drop(std::fs::remove_dir_all(&held.folder)));
        }
        let (name, taken) = (engine.name, begun.elapsed().as_secs());
        println!("{name}: {programs} random programs, {pairs} pairs, 0 differ, {taken} s");
    }
}

/// The sample, the library and the suite on every engine: `ENGINES=spark` names one.
#[test]
#[ignore = "long: `cargo test --test engines whole -- --ignored --nocapture`"]
fn the_sample_and_the_suite_are_judged_alike_as_a_whole() {
    for engine in engines() {
        let projects = ["examples/library", "policies/shangjie-2015"];
        engine.hold("projects", &projects.map(|path| engine.project(path)));
        engine.hold("the suite", &suite(&engine));
    }
}

/// The engines that are asked for and there.
fn engines() -> impl Iterator<Item = Engine> {
    let asked = std::env::var("ENGINES").ok();
    let names = Dialect::ALL.map(|(_, name)| name).into_iter();
    let wanted = move |name: &&str| {
        asked.as_ref().is_none_or(|asked| asked.split(',').any(|own| own == *name))
    };
    names.filter(wanted).filter_map(Engine::find)
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

/// Where engines differ from one another: whole numbers that do not fit (和, 积, 差, 合计) or would not
/// fit 32 bits (定值), what is not so of lists with unknown elements (没有大的, 非每个, 非存在), days of
/// years that some have no dates of (年份 to 前日), exact fractions, texts that collations take for one
/// another (没有, 异, 含), lists without elements and lists that are not given (每个, 存在, 最大, 均),
/// references that lead nowhere. Floating numbers that are none or not whole, and columns of few bits,
/// are in `WAREHOUSE`, exact ones that do not fit in `too_large`: every engine has all.
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
  当日: 日期
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
第二十一条 定值 凡 甲，小 × 100000 × 100000 必须 小于 20000000000。
第二十二条 没有大的 凡 甲，必须 没有(项: 数 > 5)。
第二十三条 非每个 凡 非 每个(项: 数 > 5) 的 甲，大 必须 大于 0。
第二十四条 非存在 凡 非 存在(项: 数 > 5) 的 甲，大 必须 大于 0。
第二十五条 年份 凡 甲，年(当日) 必须 大于 1899。
第二十六条 月份 凡 甲，月(当日) 必须 为 12。
第二十七条 日子 凡 甲，日(当日) 必须 不少于 29。
第二十八条 次月 凡 甲，当日 + 1 个月 必须 晚于 2016-03-28。
第二十九条 前日 凡 甲，当日 - 1 日 必须 早于 2016-02-29。
",
    ),
    (
        "甲.jsonl",
        r#"{"号": "最大", "当日": "9999-12-31", "大": 9223372036854775807, "小": 1, "名": "法律", "价": 0.1, "乙": "有", "项": [{"数": 9223372036854775807, "分": 0.1}, {"数": 1, "分": 0.2}]}
{"号": "最小", "当日": "0001-01-01", "大": -9223372036854775808, "小": -1, "名": "😀é", "价": -2.675, "乙": "无", "项": [{"数": -9223372036854775808, "分": 0.3}]}
{"号": "空", "当日": "1899-12-31", "大": 0, "小": 0, "名": "", "价": 0, "项": []}
{"号": "无"}
{"号": "半", "当日": "2299-12-31", "大": 3, "小": 2, "名": "a_%b", "价": 0.125, "乙": "无", "项": [{"数": 2}, {"分": 0.25, "称": "Z"}, {"数": 1, "称": "z"}]}
{"号": "缺", "当日": {"坏": 1}, "大": {"坏": 1}, "小": -3, "名": "法典", "价": 1.25, "乙": "有", "项": [{"数": 1, "分": 0.25, "称": "法典"}, {"数": 2, "分": {"坏": 1}, "称": "法 典"}]}
{"号": "大写", "当日": "2016-01-31", "大": -8, "小": 5, "名": "É", "价": 123456789012345.678, "乙": "另", "项": {"坏": 1}}
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
    let Some(engine) = Engine::find("duckdb") else { return };
    engine.hold("traps", &[engine.project(root.to_str().unwrap()), too_large(&engine)]);
}

/// A warehouse with tables of its own names, and the same rows as a file: an unknown word, a number
/// that is none, references that lead nowhere, a list without elements.
const WAREHOUSE: [(&str, &str); 4] = [
    (
        "仓.fan",
        "政策 仓
枚举 类 { 大  小 }
表 架 | shelf { 名 | name: 文本 主键 }
表 书 | book {
  号 | code: 文本 主键
  架 | shelf: 架
  页 | pages: 整数
  价 | price: 金额
  出 | printed: 日期
  类 | kind: 类
  图 | pictures: 是否
  额 | amount: 金额
  时 | spent: 分钟
  册 | copies: 整数
  章 | chapters: 多个 { 题 | title: 文本  分 | mark: 小数 }
}
第一条 页数 凡 书，页 必须 不超过 500。
第二条 价格 凡 书，价 × 3 必须 小于 1.05 元。
第三条 年份 凡 书，年(出) 必须 大于 2009。
第四条 类别 凡 类 为 大 的 书，必须 图。
第五条 题 凡 书.章，长度(题) 必须 不超过 2。
第六条 分 凡 书.章，分 必须 大于 0.1。
第七条 每分 凡 书，必须 每个(章: 分 > 0)。
第八条 架名 凡 书，架.名 必须 为 “东”。
第九条 同架 凡 书，必须 没有(书 当 号 ≠ 本行.号: 架 = 本行.架)。
第十条 额 凡 书，额 必须 不超过 100000000 元。
第十一条 时 凡 书，时 必须 不超过 90 分钟。
第十二条 册 凡 书，册 必须 不超过 1。
第十三条 价 凡 书，价 必须 不少于 1.001 元。
",
    ),
    ("架.csv", "名\n东\n西\n"),
    (
        "书.jsonl",
        r#"{"号": "a", "架": "东", "页": 501, "价": 0.35, "出": "2009-12-31", "类": "大", "图": true, "章": [{"题": "一", "分": 0.1}, {"题": "二二二", "分": 0.25}]}
{"号": "b", "架": "北", "页": 1, "价": {"坏": 1}, "出": "2010-01-01", "类": {"坏": 1}, "章": []}
{"号": "c", "架": "西", "价": 0.1, "类": "大", "图": false, "章": [{"题": "三"}]}
{"号": "d", "架": "北", "页": 500, "价": 1000, "类": "小", "图": false, "章": [{"分": {"坏": 1}}]}
{"号": "e", "页": 0, "章": []}
{"号": "f", "架": "东", "价": 1.001, "额": 100000000, "时": 90, "册": 1.5, "章": []}
{"号": "g", "价": {"坏": 1}, "额": -9300001, "时": 2147483647, "册": 2, "章": []}
{"号": "h", "价": {"坏": 1}, "额": 12345678901234, "时": 0, "册": {"坏": 1}, "章": []}
"#,
    ),
    (
        "fanshi.toml",
        "[project]\nname = \"仓\"\nas_of = 2015-11-20\npolicies = [\"仓.fan\"]\n\
            [data]\n\"架\" = \"架.csv\"\n\"书\" = \"书.jsonl\"\n[sql]\n\
            shelf = { table = \"ods.places\", columns = { name = \"label\" } }\n\
            book = { table = \"ods.books\", columns = { pages = \"pageCount\", 架 = \"place\" } }\n\
            \"book.chapters\" = { table = \"ods.chapters\", id = \"n\", parent = \"book\" }\n",
    ),
];

/// The tables there, in the words of a dialect.
fn there(dialect: Dialect) -> String {
    let (mut text, types, quote) = match dialect {
        Dialect::ClickHouse => ("CREATE DATABASE IF NOT EXISTS ods;\n".to_owned(), CLICKHOUSE, '"'),
        Dialect::Spark => ("CREATE DATABASE IF NOT EXISTS ods;\n".to_owned(), SPARK, '`'),
        _ => ("CREATE SCHEMA IF NOT EXISTS ods;\n".to_owned(), STANDARD, '"'),
    };
    let made = "DROP TABLE IF EXISTS ods.places;\nCREATE TABLE ods.places (label TEXT)END;\n\
        INSERT INTO ods.places VALUES ('东'), ('西');\n\
        DROP TABLE IF EXISTS ods.books;\nCREATE TABLE ods.books (code TEXT, place TEXT, \
        \"pageCount\" INTEGER, price DOUBLE, printed DATE, kind TEXT, pictures BOOLEAN, \
        amount BIGINT, spent INTEGER, copies DOUBLE)END;\n\
        INSERT INTO ods.books VALUES \
        ('a', '东', 501, 0.35, DATE '2009-12-31', '大', TRUE, NULL, NULL, NULL), \
        ('b', '北', 1, CAST('NaN' AS DOUBLE), DATE '2010-01-01', '中', NULL, NULL, NULL, NULL), \
        ('c', '西', NULL, 0.1, NULL, '大', FALSE, NULL, NULL, NULL), \
        ('d', '北', 500, 1000, NULL, '小', FALSE, NULL, NULL, NULL), \
        ('e', NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL), \
        ('f', '东', NULL, 1.001, NULL, NULL, NULL, 100000000, 90, 1.5), \
        ('g', NULL, NULL, CAST('Infinity' AS DOUBLE), NULL, NULL, NULL, -9300001, 2147483647, 2), \
        ('h', NULL, NULL, CAST('-Infinity' AS DOUBLE), NULL, NULL, NULL, 12345678901234, 0, \
        CAST('NaN' AS DOUBLE));\n\
        DROP TABLE IF EXISTS ods.chapters;\n\
        CREATE TABLE ods.chapters (n INTEGER, book TEXT, title TEXT, mark DOUBLE)END;\n\
        INSERT INTO ods.chapters VALUES (1, 'a', '一', 0.1), (2, 'a', '二二二', 0.25), \
        (3, 'c', '三', NULL), (4, 'd', '', CAST('NaN' AS DOUBLE));\n";
    text.push_str(&made.replace('"', &quote.to_string()));
    types.iter().fold(text, |text, (word, own)| text.replace(word, own))
}

type Words = &'static [(&'static str, &'static str)];
const STANDARD: Words = &[("DOUBLE", "DOUBLE PRECISION"), (")END", ")")];
const SPARK: Words = &[(" TEXT", " STRING"), (")END", ") USING parquet")];
const CLICKHOUSE: Words = &[
    (" TEXT", " Nullable(String)"),
    (" INTEGER", " Nullable(Int32)"),
    (" BIGINT", " Nullable(Int64)"),
    (" DOUBLE", " Nullable(Float64)"),
    (" DATE,", " Nullable(Date32),"),
    (" BOOLEAN", " Nullable(Bool)"),
    (")END", ") ENGINE = MergeTree ORDER BY tuple()"),
];

/// The project over tables as they are, written for an engine.
fn warehouse(engine: &Engine) -> Held {
    let root = engine.folder("warehouse-project");
    let _ = std::fs::remove_dir_all(&root);
    std::fs::create_dir_all(&root).unwrap();
    for (name, text) in WAREHOUSE {
        std::fs::write(root.join(name), text).unwrap();
    }
    let project = Project::read(&root);
    let policy = project.policy(&Options::default());
    let (tables, wrong) = project.warehouse(policy.schema());
    assert!(wrong.is_empty(), "{wrong:?}");
    let folder = engine.folder("warehouse");
    let (run, _) = written(project, &folder, engine.dialect);
    std::fs::remove_dir_all(&folder).unwrap();
    std::fs::create_dir_all(&folder).unwrap();
    let emission = emit_over(&run.policy, engine.dialect, &tables);
    assert!(emission.rules.iter().all(|(_, refused)| refused.is_none()));
    let rows = export_over(&run, engine.dialect, true);
    assert!(rows.iter().all(|file| !file.name.starts_with("book")));
    for file in emission.files.iter().chain(&rows) {
        std::fs::write(folder.join(&file.name), &file.text).unwrap();
    }
    std::fs::write(folder.join("before.sql"), there(engine.dialect)).unwrap();
    let want = expected(&run, &emission);
    Held { name: "warehouse".to_owned(), folder, want, stops: false }
}

#[test]
fn tables_of_a_warehouse_are_judged_as_they_are() {
    for name in ["duckdb", "datafusion"] {
        let Some(engine) = Engine::find(name) else { return };
        engine.hold("a warehouse", &[warehouse(&engine)]);
    }
}

/// Numbers that do not fit an engine: it stops, and never takes them for something else.
fn too_large(engine: &Engine) -> Held {
    let root = engine.folder("too-large-project");
    let _ = std::fs::remove_dir_all(&root);
    std::fs::create_dir_all(&root).unwrap();
    let policy =
        "政策 大\n表 甲 { 号: 文本 主键  价: 小数 }\n第一条 积 凡 甲，价 × 价 必须 大于 0。\n";
    std::fs::write(root.join("大.fan"), policy).unwrap();
    std::fs::write(root.join("甲.csv"), "号,价\n一,12345678901.5\n").unwrap();
    let manifest = "[project]\nname = \"大\"\nas_of = 2015-11-20\npolicies = [\"大.fan\"]\n\
        [data]\n\"甲\" = \"甲.csv\"\n";
    std::fs::write(root.join("fanshi.toml"), manifest).unwrap();
    let (held, ..) = engine.written(Project::read(&root), "too-large");
    assert_eq!(held.want.values().next().unwrap(), "satisfied");
    Held { stops: true, ..held }
}
