//! What cases are judged by: the policies and the settings of the project that lists their policy.

use super::root;
use fanshi::testing::suite::{Status, Suite};
use fanshi::workspace::Project;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;

/// A folder with these files.
pub fn folder(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cases-project").join(name);
    let _ = fs::remove_dir_all(&folder);
    for (file, text) in files {
        let path = folder.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

pub fn fanshi(folder: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fanshi"));
    command.current_dir(folder).args(args).env("LC_ALL", "zh_CN.UTF-8").env("COLUMNS", "100");
    command.output().unwrap()
}

pub fn said(output: &Output) -> String {
    let both = [&*output.stdout, &*output.stderr].concat();
    String::from_utf8(both).unwrap()
}

/// Runs cases that must all pass.
fn passes(folder: &Path, args: &[&str]) {
    let output = fanshi(folder, &[&["test"], args].concat());
    assert_eq!(output.status.code(), Some(0), "{args:?}\n{}", said(&output));
}

/// A project beside a stranger's vocabulary of the same name.
const BESIDE_A_STRANGER: &[(&str, &str)] = &[
    ("right/v.fan", "词汇 甲\n表 行 { 编号 : 文本 主键  数 : 整数 }\n参数 上限 : 整数 = 5\n"),
    ("x/another/v.fan", "词汇 甲\n表 行 { 编号 : 文本 主键  数 : 整数 }\n参数 上限 : 整数 = 500\n"),
    ("x/p/b.fan", "政策 乙\n使用 甲\n第一条 数 凡 行，数 不得 超过 上限。\n"),
    (
        "x/p/fanshi.toml",
        "[project]\nname = \"t\"\nas_of = 2015-11-20\npolicies = [\"../../right/v.fan\", \
            \"b.fan\"]\n[data]\n\"行\" = \"d.csv\"\n",
    ),
    ("x/p/d.csv", "编号,数\na,100\n"),
    (
        "x/p/b.cases.toml",
        "as_of = 2015-12-01\n[[case]]\nname = \"一\"\n\"行\" = [{ \"编号\" = \"a\", \"数\" = 100 \
            }]\nexpect = [{ \"行\" = \"a\", article = \"数\", outcome = \"违反\" }]\n",
    ),
];

#[test]
fn cases_are_judged_by_the_policies_their_manifest_lists() {
    let folder = folder("listed", BESIDE_A_STRANGER);
    for path in ["x/p", "x/p/fanshi.toml", "x/p/b.fan", "x"] {
        passes(&folder, &[path]);
    }
    passes(&folder.join("x/p"), &[]);
    passes(&folder.join("x/p"), &["b.fan"]);
    let output = fanshi(&folder, &["cases", "x/p"]);
    assert_eq!(output.status.code(), Some(0));
    let text = said(&output);
    assert!(text.contains("\"数\" = 6 ") && text.contains("\"数\" = 5 "), "{text}");
    let json: Value =
        serde_json::from_slice(&fanshi(&folder, &["test", "x/p", "--format", "json"]).stdout)
            .unwrap();
    assert_eq!(json["policies"][0]["project"], "x/p/fanshi.toml");
    assert_eq!(json["policies"][0]["uses"], serde_json::json!([]));
}

#[test]
fn outside_a_project_the_file_taken_for_a_name_is_said() {
    let folder = folder("outside", BESIDE_A_STRANGER);
    fs::rename(folder.join("x/p/fanshi.toml"), folder.join("x/p/other.toml")).unwrap();
    let output = fanshi(&folder, &["test", "x/p/b.fan"]);
    assert_eq!(output.status.code(), Some(1));
    let line = "没有清单列出，按名称取用：甲（x/another/v.fan）";
    assert!(said(&output).contains(line), "{}", said(&output));
    assert!(said(&fanshi(&folder, &["cases", "x/p/b.fan"])).contains(line));
    let junit = said(&fanshi(&folder, &["test", "x/p/b.fan", "--format", "junit"]));
    let property = "<property name=\"uses 甲\" value=\"x/another/v.fan\"/>";
    assert!(junit.contains(property), "{junit}");
    // The manifest may have another name, where it is given.
    passes(&folder, &["x/p/other.toml"]);
    // A manifest above that does not list the policy is not its own.
    fs::write(
        folder.join("x/fanshi.toml"),
        "[project]\nname = \"t\"\nas_of = 2015-11-20\npolicies = [\"another/v.fan\"]\n",
    )
    .unwrap();
    assert!(said(&fanshi(&folder, &["test", "x/p/b.fan"])).contains(line));
    // Nobody can tell which of two is meant.
    fs::create_dir_all(folder.join("x/third")).unwrap();
    fs::copy(folder.join("right/v.fan"), folder.join("x/third/v.fan")).unwrap();
    let output = fanshi(&folder, &["test", "x/p/b.fan"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("[ambiguous_use]"), "{}", said(&output));
}

#[test]
fn cases_have_what_the_manifest_says_where_they_say_nothing() {
    let policy = "政策 甲\n表 行 { 号 : 文本 主键 n : 整数 t : 时刻 d : 日期 }\n\
        参数 上限 | limit : 整数 = 5\n\
        第一条 一 凡 行，n 不得 超过 上限。\n\
        第二条 二 凡 行，日期(t) 必须 为 d。\n\
        第三条 三 凡 行，d 不得 晚于 今日。\n";
    let manifest = "[project]\nname = \"t\"\nas_of = 2015-11-20\noffset = \"+01:00\"\n\
        policies = [\"p.fan\"]\n[parameters]\n\"上限\" = 50\n";
    let case = |limit: &str, article: &str, outcome: &str| {
        format!(
            "[[case]]\nname = \"{article}{limit}\"\n\"行\" = [{{ \"号\" = \"a\", \"n\" = {limit}, \
                \"t\" = \"2015-11-19T23:30:00Z\", \"d\" = 2015-11-20 }}]\nexpect = [{{ \"行\" = \
                \"a\", article = \"{article}\", outcome = \"{outcome}\" }}]\n"
        )
    };
    // 23:30 in Greenwich is the next day an hour to the east.
    let cases = [
        case("50", "一", "满足"),
        case("51", "一", "违反"),
        case("9", "二", "满足"),
        case("8", "三", "满足"),
    ]
    .concat();
    let folder = folder(
        "settings",
        &[("p.fan", policy), ("fanshi.toml", manifest), ("p.cases.toml", &cases)],
    );
    passes(&folder, &[]);
    // What the case file says is said instead of it, for its cases.
    let own = format!("as_of = 2015-11-19\n[parameters]\nlimit = 6\n{}", case("6", "一", "满足"))
        .replace("2015-11-20 }", "2015-11-19 }");
    let own = own.replace("2015-11-19T23:30:00Z", "2015-11-19T22:30:00Z");
    fs::write(folder.join("p.cases.toml"), own).unwrap();
    passes(&folder, &[]);
    let text = said(&fanshi(&folder, &["cases", "--article", "一"]));
    assert!(text.contains("\"limit\" = 6") && text.contains("\"n\" = 7 "), "{text}");
    // Nobody says which day.
    fs::write(folder.join("p.cases.toml"), case("50", "一", "满足")).unwrap();
    fs::remove_file(folder.join("fanshi.toml")).unwrap();
    let output = fanshi(&folder, &["test", "p.fan"]);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(said(&output).contains("[no_day]"), "{}", said(&output));
}

/// Two policies of which one demands what the other does not, and a calendar that neither uses.
const TOGETHER: &[(&str, &str)] = &[
    (
        "v.fan",
        "词汇 甲\n枚举 去 { 留、走 }\n表 行 { 号 : 文本 主键 n : 整数 果 : 去 a : 日期 b : 日期 }\n\
            裁定 行.果\n  次序 走 > 留\n  否则 留\n",
    ),
    (
        "a.fan",
        "政策 乙\n使用 甲\n第一条 一 凡 n 超过 5 的 行，一律 走。\n\
        第二条 二 凡 行，历时(a, b) 不得 超过 3 工作日。\n",
    ),
    ("b.fan", "政策 丙\n使用 甲\n第一条 一 凡 n 为 3 的 行，一律 走。\n"),
    (
        "c.fan",
        "政策 历\n表 日 { 期 : 日期 主键 休 : 是否 }\n历法 历 于 日 {\n 日期 期\n 周休 6、7\n 休 休\n \
            班 非 休\n}\n",
    ),
    (
        "a.cases.toml",
        "as_of = 2015-11-20\n[[case]]\nname = \"一\"\n\"行\" = [{ \"号\" = \"a\", \"n\" = 3, \
            \"果\" = \"走\", \"a\" = 2015-11-16, \"b\" = 2015-11-20 }]\n\"日\" = [{ \"期\" = \
            2015-11-18, \"休\" = true }]\nexpect = [{ \"行\" = \"a\", demanded = \"走\" }, { \"行\" \
            = \"a\", article = \"二\", outcome = \"满足\" }]\n",
    ),
    (
        "fanshi.toml",
        "[project]\nname = \"t\"\nas_of = 2015-11-20\npolicies = [\"v.fan\", \"a.fan\", \
            \"b.fan\", \"c.fan\"]\n",
    ),
];

#[test]
fn cases_are_judged_with_the_calendar_and_the_demands_of_the_whole_project() {
    let folder = folder("together", TOGETHER);
    passes(&folder, &[]);
    passes(&folder, &["a.fan", "--mutate", "--coverage"]);
    // Alone, nothing says which days are working days, and nobody demands that the row goes.
    fs::remove_file(folder.join("fanshi.toml")).unwrap();
    assert_ne!(fanshi(&folder, &["test", "a.fan"]).status.code(), Some(0));
}

#[test]
fn a_mistake_in_another_policy_of_the_project_is_said_once_and_the_cases_are_judged() {
    let mut files = TOGETHER.to_vec();
    files.retain(|(name, _)| *name != "b.fan");
    files.push(("b.fan", "政策 丙\n使用 甲\n第一条 一 凡 n 为 错 的 行，一律 走。\n"));
    files.push((
        "b.cases.toml",
        TOGETHER.iter().find(|(name, _)| *name == "a.cases.toml").unwrap().1,
    ));
    let folder = folder("mistaken", &files);
    let output = fanshi(&folder, &["test", ".", "--lang", "zh"]);
    let text = said(&output);
    assert_eq!(output.status.code(), Some(2), "{text}");
    assert_eq!(text.matches("[unknown_name]").count(), 1, "{text}");
    let json: Value =
        serde_json::from_slice(&fanshi(&folder, &["test", "a.fan", "--format", "json"]).stdout)
            .unwrap();
    assert_eq!(json["diagnostics"][0]["code"], "unknown_name");
    assert_eq!(json["policies"][0]["diagnostics"], serde_json::json!([]));
    assert_eq!(json["policies"][0]["cases"][0]["diagnostics"][0]["code"], "case_undetermined");
}

#[test]
fn a_policy_of_several_projects_is_tested_in_each() {
    let of = |limit: &str| {
        format!(
            "[project]\nname = \"t\"\nas_of = 2015-11-20\npolicies = [\"../p.fan\"]\n[parameters]\n\
                \"上限\" = {limit}\n"
        )
    };
    let cases = "[[case]]\nname = \"一\"\n\"行\" = [{ \"号\" = \"a\", \"n\" = 7 }]\nexpect = [{ \"行\" \
        = \"a\", article = \"一\", outcome = \"满足\" }]\n";
    let folder = folder(
        "several",
        &[
            (
                "p.fan",
                "政策 甲\n表 行 { 号 : 文本 主键 n : 整数 }\n参数 上限 : 整数 = 5\n\
                第一条 一 凡 行，n 不得 超过 上限。\n",
            ),
            ("p.cases.toml", cases),
            ("one/fanshi.toml", &of("7")),
            ("two/fanshi.toml", &of("6")),
        ],
    );
    passes(&folder, &["one"]);
    let output = fanshi(&folder, &["test", "one", "two", "--format", "json"]);
    assert_eq!(output.status.code(), Some(1));
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    let came: Vec<_> = json["policies"].as_array().unwrap().iter().collect();
    assert_eq!(came.len(), 2);
    for (came, (project, status)) in
        came.iter().zip([("one/fanshi.toml", "passed"), ("two/fanshi.toml", "failed")])
    {
        assert_eq!((&came["project"], &came["policy"]), (&project.into(), &"p.fan".into()));
        assert_eq!(came["cases"][0]["status"], status);
    }
    // By itself it belongs to neither: it has no day.
    let output = fanshi(&folder, &["test", "p.fan"]);
    assert!(said(&output).contains("[no_day]"), "{}", said(&output));
}

#[test]
fn shipped_cases_pass_in_the_sample_too() {
    let manifest = root().join("policies/shangjie-2015/fanshi.toml");
    let project = Arc::new(Project::read_from_here(&manifest));
    let wanted = ["seven-whenevers.fan", "companion.fan", "process-limits.fan"];
    let members = project.members().into_iter();
    let members = members.filter(|member| wanted.iter().any(|name| member.path.ends_with(name)));
    let mut tested = 0;
    for suite in members.map(Suite::of) {
        let judged = suite.judge("");
        assert_eq!((&*judged.diagnostics, &*judged.elsewhere), (&[][..], &[][..]));
        let failed = judged.results.iter().filter(|result| result.status != Status::Passed);
        assert_eq!(failed.map(|result| &*result.name).collect::<Vec<_>>(), Vec::<&str>::new());
        tested += judged.results.len();
    }
    assert!(tested > 200, "{tested}");
}
