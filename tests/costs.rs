//! What policies and data cost against their size, in steps: expressions, names and rules looked
//! at. Twice as much may cost little more than twice as much, whatever it is that there is more of.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test"
)]

use fanshi::engine::RowRef;
#[cfg(debug_assertions)]
use fanshi::place::{At, Place};
use fanshi::prove::Prover;
use fanshi::report::{self, Format};
use fanshi::schema::FrameId;
use fanshi::syntax::tree::Language;
use fanshi::testing::generate::generate;
#[cfg(debug_assertions)]
use fanshi::testing::suite::{Status, Suite};
#[cfg(debug_assertions)]
use fanshi::text::Source;
use fanshi::why::{self, Conditions};
use fanshi::workspace::{Member, Options, Project};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// What is run on a project, by its name.
type Command = (&'static str, fn(&Path));

/// Something a policy can have many of, by its name.
type Kind = (&'static str, fn(usize) -> Made);

/// An article by its number, by its kind's name.
#[cfg(debug_assertions)]
type Rule = (&'static str, fn(usize) -> String);

/// A policy, a table of data, and what the manifest says besides.
struct Made {
    policy: String,
    data: String,
    manifest: String,
}

const TABLE: &str = "表 项 { 号 : 文本 主键 数 : 整数 上 : 项 可缺 }\n";
const ROWS: &str = "号,数,上\na,10,b\nb,0,a\nc,7,\n";
const RULE: &str = "第一条 一 凡 项，数 不得 超过 5。\n";

fn made(policy: String) -> Made {
    Made { policy, data: ROWS.to_owned(), manifest: String::new() }
}

/// `one` for every number below `count`, a line each.
fn lines(count: usize, one: impl Fn(usize) -> String) -> String {
    (0..count).map(|at| one(at) + "\n").collect()
}

/// Definitions each of which says `link` of the one before.
fn chain(first: &str, link: &str, count: usize) -> Made {
    let define = |at: usize| match at.checked_sub(1) {
        None => format!("定义 d0(项) = {first}"),
        Some(before) => format!("定义 d{at}(项) = {}", link.replace('@', &format!("d{before}"))),
    };
    let last = count - 1;
    let asked = if first.contains('>') { format!("d{last}") } else { format!("d{last} > 3") };
    let rules =
        format!("第一条 一 凡 项，必须 {asked}。\n第二条 二 凡 {asked} 的 项，数 必须 > 1。\n");
    let measure = format!("指标 中 = 数量(项 当 {asked})\n");
    made(format!("{TABLE}{}{rules}{measure}", lines(count, define)))
}

fn values(count: usize) -> Made {
    let names = lines(count, |at| format!("v{at}"));
    let policy = format!(
        "枚举 类 {{\n{names}}}\n表 项 {{ 号 : 文本 主键 类 : 类 }}\n\
         第一条 一 凡 项，类 必须 属于 {{v1、v7}}。\n"
    );
    let data = format!("号,类\n{}", lines(count, |at| format!("r{at},v{at}")));
    Made { policy, data, manifest: String::new() }
}

fn fields(count: usize) -> Made {
    let fields = lines(count, |at| format!("f{at} : 整数"));
    let policy = format!(
        "表 项 {{ 号 : 文本 主键\n{fields}}}\n第一条 一 凡 项，f7 不得 超过 f8。\n\
         第二条 二 凡 项，f{} 不得 超过 5。\n",
        count - 1
    );
    let all = |one: &dyn Fn(usize) -> String| (0..count).map(one).collect::<Vec<_>>().join(",");
    let data = format!("号,{}\na,{}\n", all(&|at| format!("f{at}")), all(&|at| at.to_string()));
    Made { policy, data, manifest: String::new() }
}

fn waivers(count: usize) -> Made {
    let waiver = |at| {
        format!(
            "[[waiver]]\narticle = \"p.1\"\nitem = \"r{at}\"\nauthority = \"a\"\nreason = \"b\""
        )
    };
    Made {
        policy: format!("{TABLE}{RULE}"),
        data: format!("号,数\n{}", lines(count, |at| format!("r{at},9"))),
        manifest: lines(count, waiver),
    }
}

fn waivers_of_articles(count: usize) -> Made {
    let waiver = |at: usize| {
        let article = at + 1;
        format!(
            "[[waiver]]\narticle = \"p.{article}\"\nitem = \"a\"\nauthority = \"a\"\nreason = \"b\""
        )
    };
    Made { manifest: lines(count, waiver), ..articles(count) }
}

/// Articles that read nothing in common: how many pairs of others there are is a square by itself.
fn articles(count: usize) -> Made {
    let table = |at| format!("表 t{at} {{ 号 : 文本 主键 数 : 整数 }}");
    let article = |at| format!("第{}条 条{at} 凡 t{at}，数 不得 超过 5。", at + 1);
    let last = format!("第{}条 末 凡 项，数 不得 超过 5。\n", count + 1);
    made(format!("{TABLE}{}{}{last}", lines(count, table), lines(count, article)))
}

fn parameters(count: usize) -> Made {
    let declared = lines(count, |at| format!("参数 p{at} : 整数 = {at}"));
    let set = lines(count, |at| format!("p{at} = {}", at + 1));
    Made {
        manifest: format!("[parameters]\n{set}"),
        ..made(format!("{declared}{TABLE}第一条 一 凡 项，数 不得 超过 p7。\n"))
    }
}

fn definitions(count: usize) -> Made {
    let declared = lines(count, |at| format!("定义 d{at}(项) = 数 > {at}"));
    made(format!("{TABLE}{declared}第一条 一 凡 项，必须 d7。\n"))
}

fn tables(count: usize) -> Made {
    let declared = lines(count, |at| format!("表 t{at} {{ 号 : 文本 主键 上 : 项 可缺 }}"));
    made(format!("{TABLE}{declared}{RULE}"))
}

fn joined(word: &str, count: usize) -> Made {
    let parts: Vec<String> = (0..count).map(|at| format!("数 = {}", 2 * at)).collect();
    made(format!("{TABLE}第一条 一 凡 项，必须 {}。\n", parts.join(word)))
}

fn set(count: usize) -> Made {
    let parts: Vec<String> = (0..count).map(|at| (2 * at).to_string()).collect();
    let set = parts.join("、");
    made(format!(
        "{TABLE}第一条 一 凡 项，数 必须 属于 {{{set}}}。\n第二条 二 凡 项，数 不得 属于 {{{set}}}。\n"
    ))
}

fn nested(open: &str, close: &str, count: usize) -> Made {
    let condition = format!("{}数 > 1{}", open.repeat(count), close.repeat(count));
    made(format!("{TABLE}第一条 一 凡 项，必须 {condition}。\n"))
}

fn put(name: &str, made: &Made) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("costs").join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("p.fan"), &made.policy).unwrap();
    std::fs::write(folder.join("d.csv"), &made.data).unwrap();
    let mut manifest =
        String::from("[project]\nname = \"costs\"\nas_of = 2015-11-20\npolicies = [\"p.fan\"]\n");
    if !made.manifest.contains("[data") {
        manifest.push_str("[data]\n\"项\" = \"d.csv\"\n");
    }
    manifest.write_str(&made.manifest).unwrap();
    std::fs::write(folder.join("fanshi.toml"), manifest).unwrap();
    folder
}

/// Judges and reports, as `check` does.
fn check(folder: &Path) {
    let run = Project::read(folder).run(&Options::default());
    let wrong: Vec<&str> = run.summary.diagnostics.iter().map(|found| found.code).collect();
    let expected =
        ["unused", "nothing_judged", "impossible", "dead", "same_sides", "contradiction"];
    assert!(wrong.iter().all(|code| expected.contains(code)), "{wrong:?}");
    for format in [Format::Text, Format::Json] {
        let options = report::Options {
            language: Language::English,
            color: false,
            width: 80,
            max_findings: Some(50),
            base: String::new(),
            root: String::new(),
        };
        report::write(&run.report(), format, &options, &mut std::io::sink()).unwrap();
    }
}

/// Proves, as `prove` does.
fn prove(folder: &Path) {
    let policy = Project::read(folder).policy(&Options::default());
    let (graph, judgements) = (&policy.graph, &*policy.judgements);
    assert!(!judgements.is_empty());
    assert!(Prover { graph, judgements, today: policy.today }.prove().questions > 0);
}

/// Explains every row, as `explain` does.
fn explain(folder: &Path) {
    let run = Project::read(folder).run(&Options::default());
    for row in 0..3 {
        let row = RowRef { frame: FrameId(0), row };
        assert!(!why::record(&run, row, |_| true, Conditions::All).entries.is_empty());
    }
}

/// Makes the boundary cases, as `cases` does.
fn cases(folder: &Path) {
    let day = jiff::civil::date(2015, 11, 20);
    generate(Member::of(&folder.join("p.fan")), day, None).unwrap().unwrap();
}

/// One at a time: the steps of the whole process are counted.
static ALONE: Mutex<()> = Mutex::new(());

#[cfg(debug_assertions)]
fn steps(run: impl Fn(&Path), folder: &Path) -> u64 {
    let before = fanshi::steps::taken();
    run(folder);
    fanshi::steps::taken() - before
}

/// Holds what `made` costs for twice a number against what it costs for the number. `slack` is what
/// may come on top: where there is a bound, however much there is.
#[cfg(debug_assertions)]
fn grows_linearly(
    name: &str,
    made: impl Fn(usize) -> Made,
    (count, slack): (usize, u64),
    runs: &[Command],
) {
    let _alone = ALONE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let short = put(&format!("{name}-{count}"), &made(count));
    let long = put(&format!("{name}-{}", 2 * count), &made(2 * count));
    for (command, run) in runs {
        let (once, twice) = (steps(run, &short), steps(run, &long));
        println!("{name} {command}: {once}, then {twice}");
        let most = 22 * once / 10 + slack;
        assert!(once > 0 && twice <= most, "{name} {command}: {once}, then {twice}");
    }
}

/// More than the comparison of reasons costs for three rows and two articles.
#[cfg(debug_assertions)]
const REASONS: u64 = 200_000;

#[cfg(debug_assertions)]
const ALL: &[Command] =
    &[("check", check), ("prove", prove), ("explain", explain), ("cases", cases)];

/// Definitions that use the one before several times: each is walked once.
#[cfg(debug_assertions)]
#[test]
fn definitions_of_definitions() {
    let chains = [
        ("or", "数 > 1", "@ 或 @"),
        ("and", "数 > 1", "@ 且 @"),
        ("not", "数 > 1", "非 @ 或 非 @"),
        ("plus", "数 * 0", "@ + @"),
        ("minus", "数 * 0", "@ - @ + @"),
        ("max", "数 * 0", "绝对值(@) + 绝对值(@)"),
        ("equal", "数 > 1", "@ = @"),
        ("list", "数 > 1", "存在(项: @) 或 存在(项: @)"),
        ("inverse", "数 > 1", "存在(项 当 有 上 且 上 = 本行: @) 或 @"),
        ("other", "数 > 1", "有 上 且 (上.@ 或 上.@)"),
    ];
    for (name, first, link) in chains {
        // Reasons are compared with one another within a bound, which all findings share; so many
        // rows at most are made for lists.
        let made = |count| chain(first, link, count);
        if !["list", "inverse", "other"].contains(&name) {
            grows_linearly(name, made, (12, 0), &[("prove", prove)]);
        }
        grows_linearly(name, made, (12, REASONS), ALL);
    }
}

/// What is declared is looked up, not compared one by one.
#[cfg(debug_assertions)]
#[test]
fn many_of_a_kind() {
    let kinds: [Kind; 10] = [
        ("values", values),
        ("fields", fields),
        ("waivers", waivers),
        ("waivers-of-articles", waivers_of_articles),
        ("articles", articles),
        ("parameters", parameters),
        ("definitions", definitions),
        ("tables", tables),
        ("set", set),
        ("or", |count| joined(" 或 ", count)),
    ];
    for (name, made) in kinds {
        grows_linearly(
            name,
            made,
            (200, 0),
            &[("check", check), ("prove", prove), ("explain", explain)],
        );
    }
}

/// Headings of several rows: which of their ends is that of one column only is looked up.
#[cfg(debug_assertions)]
#[test]
fn headings_of_two_rows() {
    let made = |count| {
        let Made { policy, data, .. } = fields(count);
        let groups: Vec<String> = (0..count).map(|at| format!("g{}", at / 2)).collect();
        let manifest = "[data.\"项\"]\nfile = \"d.csv\"\nheader = [1, 2]\n".to_owned();
        Made { policy, data: format!(",{}\n{data}", groups.join(",")), manifest }
    };
    // A table of one row is looked at whether that row is headings too.
    grows_linearly("one-row", fields, (800, 0), &[("check", check), ("explain", explain)]);
    grows_linearly("two-rows", made, (800, 0), &[("check", check), ("explain", explain)]);
}

/// Columns that no field is called: each is looked at once, and the rows once for all of them.
#[cfg(debug_assertions)]
#[test]
fn unknown_columns() {
    let run = |folder: &Path| {
        let run = Project::read(folder).run(&Options::default());
        assert_eq!(run.findings().count(), 1);
    };
    for name in ["", "c", "数", "单位"] {
        let made = |count: usize| {
            let heading = |at| if name.is_empty() { String::new() } else { format!("{name}{at}") };
            let headings: Vec<String> = (0..count).map(heading).collect();
            let data = format!("号,数,{}\na,10,{}\n", headings.join(","), ",".repeat(count - 1));
            Made { data, ..made(format!("{TABLE}{RULE}")) }
        };
        grows_linearly(&format!("unknown-{name}"), made, (1000, 0), &[("check", run)]);
    }
}

/// Holds what is gone through for places against the size of what has them.
#[cfg(debug_assertions)]
fn passes_linearly(name: &str, run: impl Fn(usize), count: usize) {
    let _alone = ALONE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let passed = |count| {
        let before = fanshi::steps::bytes_passed();
        run(count);
        fanshi::steps::bytes_passed() - before
    };
    let (once, twice) = (passed(count), passed(2 * count));
    println!("{name}: {once} bytes, then {twice}");
    assert!(once > 0 && twice <= 22 * once / 10, "{name}: {once} bytes, then {twice}");
}

/// A row of many elements on one line, each with a finding: its place is not counted from the
/// beginning of the line.
#[cfg(debug_assertions)]
#[test]
fn places_on_a_long_line() {
    let policy = "表 项 { 号 : 文本 主键 步 : 多个 { 名 : 文本 限 : 整数 } }\n\
                  第一条 一 凡 项.步，限 不得 超过 5。\n";
    let elements = |count: usize, one: &dyn Fn(usize) -> String, between: &str| {
        (0..count).map(one).collect::<Vec<_>>().join(between)
    };
    let json = |at: usize| format!("{{\"名\":\"步骤第{at}\",\"限\":9}}");
    let toml = |at: usize| format!("{{ \"名\" = \"步骤第{at}\", \"限\" = 9 }}");
    let files: [(&str, &dyn Fn(usize) -> String); 3] = [
        ("d.json", &|count| format!("[{{\"号\":\"a\",\"步\":[{}]}}]", elements(count, &json, ","))),
        ("d.jsonl", &|count| format!("{{\"号\":\"a\",\"步\":[{}]}}", elements(count, &json, ","))),
        ("d.toml", &|count| {
            let steps = elements(count, &toml, ", ");
            format!("[[\"项\"]]\n\"号\" = \"a\"\n\"步\" = [{steps}]\n")
        }),
    ];
    for (name, data) in files {
        let run = |count| {
            let made = made(policy.to_owned());
            let folder = put(&format!("line-{name}-{count}"), &made);
            let manifest = folder.join("fanshi.toml");
            let text = std::fs::read_to_string(&manifest).unwrap().replace("d.csv", name);
            std::fs::write(manifest, text).unwrap();
            std::fs::write(folder.join(name), data(count)).unwrap();
            let run = Project::read(&folder).run(&Options::default());
            assert_eq!(run.findings().count(), count);
            let last = run.findings().last().unwrap().evidence[0].place.clone();
            let At::Text { from, .. } = last.at else { panic!("{name} is text") };
            let line = data(count).lines().nth(from.line - 1).unwrap().to_owned();
            let rest: String = line.chars().skip(from.column - 1).collect();
            assert!(rest.starts_with('9') && rest.len() < 12, "{rest}");
        };
        passes_linearly(name, run, 2_000);
    }
}

/// A long cell of letters that take two bytes, and bytes that are none.
#[cfg(debug_assertions)]
#[test]
fn letters_of_two_bytes() {
    let kinds = [
        ("gbk", &[0xCA, 0xFD, 0xBE, 0xDD][..], "gbk"),
        ("lead", &[0xE6], "utf-8"),
        ("lone", &[0xFF], "gbk"),
    ];
    for (name, cell, encoding) in kinds {
        let run = |count| {
            let manifest =
                format!("[data]\n\"项\" = {{ file = \"d.csv\", encoding = \"{encoding}\" }}\n");
            let made = Made { manifest, ..made(format!("{TABLE}{RULE}")) };
            let folder = put(&format!("bytes-{name}-{count}"), &made);
            let (before, after): (&[u8], &[u8]) = match encoding {
                "gbk" => (b"\xBA\xC5,\xCA\xFD\n\"", b"\",10\n"),
                _ => ("号,数\n\"".as_bytes(), b"\",10\n"),
            };
            std::fs::write(
                folder.join("d.csv"),
                [before, &cell.repeat(count / cell.len()), after].concat(),
            )
            .unwrap();
            let _ = Project::read(&folder).run(&Options::default());
        };
        passes_linearly(name, run, 40_000);
    }
}

/// Articles on one line.
#[cfg(debug_assertions)]
#[test]
fn a_policy_of_one_line() {
    let run = |count| {
        let text =
            lines(count, |_| "第一条 甲 凡 项，数 不得 超过 5。".to_owned()).replace('\n', " ");
        let source = Source::new("p.fan", text);
        let names = source.text.match_indices("甲");
        let place = |(at, name): (usize, &str)| Place::of(&source, at..at + name.len());
        let places: Vec<Place> = names.map(place).collect();
        assert_eq!(places.len(), count);
        let last = places.last().unwrap();
        let At::Text { from, .. } = &last.at else { panic!("a policy is text") };
        let column =
            source.text.chars().count() - "甲 凡 项，数 不得 超过 5。 ".chars().count() + 1;
        assert_eq!((from.line, from.column), (1, column));
        let (cut, mark) = (last.excerpt.cut_before, last.excerpt.mark.clone());
        let before = last.excerpt.text[..mark.start].chars().count();
        assert_eq!(cut + before + 1, column);
        assert_eq!(&last.excerpt.text[mark], "甲");
    };
    passes_linearly("policy", run, 1_000);
}

/// A policy with so many cases, of as many bytes more.
#[cfg(debug_assertions)]
fn with_cases(name: &str, count: usize, more: usize, row: &str) -> PathBuf {
    let folder = put(&format!("{name}-{count}"), &made(format!("{TABLE}{RULE}")));
    let why = "x".repeat(more);
    let case = |at| {
        format!(
            "[[case]]\nname = \"c{at}\"\nwhy = \"{why}\"\n\"项\" = [{row}]\n\
             expect = [{{ \"项\" = \"x\", article = \"一\", outcome = \"违反\" }}]\n"
        )
    };
    let text = format!("as_of = 2015-11-20\n{}", lines(count, case));
    std::fs::write(folder.join("p.cases.toml"), text).unwrap();
    folder.join("p.fan")
}

/// Cases: the file they stand in is not gone through for each, nor are their names.
#[cfg(debug_assertions)]
#[test]
fn cases_of_a_file() {
    for (name, row, status) in [
        ("cases-passed", "{ \"号\" = \"x\", \"数\" = 9 }", Status::Passed),
        ("cases-failed", "{ \"号\" = \"x\", \"数\" = 3 }", Status::Failed),
        ("cases-broken", "{ \"号\" = \"x\", \"数\" = \"九\", \"色\" = 1 }", Status::Error),
    ] {
        let run = |count| {
            let suite = Suite::read(&with_cases(name, count, 400, row));
            let judged = suite.judge("");
            assert!(judged.diagnostics.is_empty(), "{:?}", judged.diagnostics);
            assert_eq!(judged.results.len(), count);
            assert!(judged.results.iter().all(|result| result.status == status), "{name}");
        };
        passes_linearly(name, run, 100);
    }
    let steps = |count| {
        let path = with_cases("cases-steps", count, 0, "{ \"号\" = \"x\", \"数\" = 9 }");
        steps(|path| assert_eq!(Suite::read(path).judge("").results.len(), count), &path)
    };
    let _alone = ALONE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let (once, twice) = (steps(200), steps(400));
    assert!(once > 0 && twice <= 22 * once / 10, "{once}, then {twice}");
}

/// Cases share the text they stand in: 400 of them, of a file of a megabyte, are kept in less
/// than a tenth of a gigabyte.
#[cfg(all(debug_assertions, target_os = "linux"))]
#[test]
fn cases_share_their_file() {
    let _alone = ALONE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let resident = || {
        let status = std::fs::read_to_string("/proc/self/status").unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap()
    };
    let row = "{ \"号\" = \"x\", \"数\" = 9 }";
    let suite = Suite::read(&with_cases("cases-shared", 400, 3_000, row));
    let before = resident();
    let judged = suite.judge("");
    let grown = resident().saturating_sub(before);
    assert_eq!(judged.days.iter().map(|day| day.cases.len()).sum::<usize>(), 400);
    assert!(grown < 100_000, "{grown} KB");
}

/// Conditions within conditions.
#[cfg(debug_assertions)]
#[test]
fn deep_nesting() {
    for (name, open, close) in
        [("list", "存在(项: ", ")"), ("not", "非 (", ")"), ("both", "(有 上 且 ", ")")]
    {
        let made = |count| nested(open, close, count);
        // Expressions are 100 deep at most, so what looks at all within each stays small.
        grows_linearly(&format!("deep-{name}"), made, (15, 10_000), &[("check", check)]);
        grows_linearly(&format!("deep-{name}"), made, (10, 10_000), &[("prove", prove)]);
    }
}

/// Requirements that read the same: which of them contradict each other is found without comparing
/// each with each, wherever their conditions or what they require tell them apart.
#[cfg(debug_assertions)]
#[test]
fn requirements_of_one_value() {
    let made = |rule: fn(usize) -> String| {
        move |count: usize| {
            let Made { policy, data, manifest } = values(count);
            let (declared, _) = policy.split_once("第一条").unwrap();
            let declared = declared.replace("类 : 类", "类 : 类 数 : 整数");
            let rules = lines(count, |at| format!("第{}条 条{at} 凡 {}。", at + 1, rule(at)));
            let data = data.lines().take(4).map(|line| format!("{line},3\n")).collect::<String>();
            Made { policy: declared + &rules, data: data.replacen(",3", ",数", 1), manifest }
        }
    };
    let kinds: [Rule; 4] = [
        ("limits", |at| format!("项，数 不得 超过 {}", at + 5)),
        ("classes", |at| format!("类 = v{at} 的 项，数 不得 超过 {}", at + 5)),
        ("equal", |at| format!("类 = v{at} 的 项，数 必须 = {}", at + 5)),
        ("ranges", |at| {
            format!("数 ≥ {} 且 数 < {} 的 项，类 必须 = v{at}", 10 * at, 10 * at + 10)
        }),
    ];
    for (name, rule) in kinds {
        grows_linearly(&format!("requirements-{name}"), made(rule), (200, 0), &[("check", check)]);
    }
}

/// Demands of a decision without an order: which of them meet is found likewise.
#[cfg(debug_assertions)]
#[test]
fn demands_of_one_value() {
    let made = |count: usize| {
        let rules = lines(count, |at| {
            let demand = if at % 2 == 0 { "去" } else { "留" };
            format!("第{}条 条{at} 凡 数 ≥ {at} 且 数 < {} 的 项，一律 {demand}。", at + 1, at + 1)
        });
        let policy = format!(
            "枚举 决定 {{ 去、留 }}\n表 项 {{ 号 : 文本 主键 数 : 整数 意见 : 决定 }}\n裁定 项.意见\n{rules}"
        );
        let data = "号,数,意见\na,1,留\n".to_owned();
        Made { policy, data, manifest: String::new() }
    };
    grows_linearly("demands", made, (200, 0), &[("check", check)]);
}
