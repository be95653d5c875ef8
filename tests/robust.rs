//! Bad input ends with exit code 2 and with everything else judged: never with a panic, never with
//! an overflowing stack.
//!
//! Every project is checked in a thread with a stack of 2 MB, the smallest that is common.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test")]

use fanshi::finding::Report;
use fanshi::report::{self, Format, exit_code};
use fanshi::syntax::tree::Language;
use fanshi::workspace::Options;
use fanshi::workspace::Project;
use fanshi::{Keep, diff};
use std::path::{Path, PathBuf};

const WORDS: &str = "词汇 词\n表 书 | book \
    { 号 | id : 文本 主键 页 | pages : 整数 章 : 多个 { 页 : 整数 } 可缺 续 : 书 可缺 }\n";
const RULE: &str = "使用 词\n第一条 厚 凡 书，页 不得 超过 100。\n";
const MANIFEST: &str = "[project]\nname = \"坏\"\nas_of = 2015-11-20\npolicies = \
    [\"*.fan\"]\n[data]\nbook = [\"数据/*\"]\n";
const GOOD: &str = "[{\"号\": \"厚\", \"页\": 500}, {\"号\": \"薄\", \"页\": 5}]\n";

/// What a check came to.
#[derive(Debug)]
struct Came {
    exit: u8,
    codes: Vec<&'static str>,
    violated: usize,
    undetermined: usize,
    said: String,
}

/// A project in a folder of its own: a vocabulary, a policy and data that come to one violation.
struct Bad {
    root: PathBuf,
}

impl Bad {
    fn new(name: &str) -> Self {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("robust").join(name);
        let _ = std::fs::remove_dir_all(&root);
        std::fs::create_dir_all(root.join("数据")).unwrap();
        Self { root }
            .with("词.fan", WORDS)
            .with("政.fan", RULE)
            .data("好.json", GOOD)
            .with("fanshi.toml", MANIFEST)
    }

    fn with(self, name: &str, bytes: impl AsRef<[u8]>) -> Self {
        std::fs::write(self.root.join(name), bytes).unwrap();
        self
    }

    /// With a file of data.
    fn data(self, name: &str, bytes: impl AsRef<[u8]>) -> Self {
        self.with(&format!("数据/{name}"), bytes)
    }

    fn without(self, name: &str) -> Self {
        std::fs::remove_file(self.root.join(name)).unwrap();
        self
    }

    fn check(&self) -> Came {
        let path = self.root.clone();
        let run = move || came_to(&Project::read(&path).run(&Options::default()).report());
        std::thread::Builder::new().stack_size(2 << 20).spawn(run).unwrap().join().unwrap()
    }

    /// Checked: incomplete, for these reasons and no others, and the good rows are judged all the
    /// same.
    fn is_judged_but_for(&self, codes: &[&str]) -> Came {
        let came = self.check();
        let mut found = came.codes.clone();
        found.sort_unstable();
        found.dedup();
        assert_eq!((came.exit, &*found, came.violated), (2, codes, 1), "{}", came.said);
        came
    }
}

fn came_to(report: &Report<'_>) -> Came {
    let mut said = String::new();
    for (language, format) in [(Language::Chinese, Format::Text), (Language::English, Format::Json)]
    {
        let options = report::Options {
            language,
            color: true,
            width: 80,
            max_findings: Some(20),
            base: String::new(),
            root: String::new(),
        };
        let mut out = Vec::new();
        report::write(report, format, &options, &mut out).unwrap();
        said = if said.is_empty() { String::from_utf8(out).unwrap() } else { said };
    }
    assert!(said.len() < 1 << 20, "a report of {} bytes", said.len());
    let violated = report.articles.iter().map(|article| article.counts.violated).sum();
    let undetermined = report.articles.iter().map(|article| article.counts.undetermined).sum();
    assert!(report.findings.len() >= violated + undetermined);
    Came {
        exit: exit_code(report),
        codes: report.diagnostics.iter().map(|found| found.code).collect(),
        violated,
        undetermined,
        said,
    }
}

#[test]
fn good_input_is_good() {
    let came = Bad::new("good").check();
    assert_eq!((came.exit, came.violated), (1, 1), "{}", came.said);
}

#[test]
fn policies_cut_anywhere() {
    let text = include_str!("../policies/approval-reform/seven-whenevers.fan");
    let ends: Vec<usize> = text.char_indices().map(|(at, _)| at).step_by(37).collect();
    for end in ends {
        let came = Bad::new("cut").with("断.fan", &text[..end]).check();
        assert_eq!(came.violated, 1, "cut at {end}: {}", came.said);
    }
}

#[test]
fn policies_with_a_character_too_many_or_too_few() {
    let text = "词汇 多\n使用 词\n定义 厚(书) = 页 > 100 且 (有 章 或 非 存在(章: 页 > 3))\n第二条 \
        二\n  凡 厚 的 书，页 必须 介于 1 至 {5、6}。\n  除非 续 = 本行\n  说明 “{页 + 1} \
        页”\n指标 册 = 数量(书) 按 号\n";
    let letters: Vec<char> = text.chars().collect();
    for at in 0..letters.len() {
        let without: String = letters
            .iter()
            .enumerate()
            .filter(|(index, _)| *index != at)
            .map(|(_, letter)| *letter)
            .collect();
        Bad::new("letters").with("断.fan", without).check();
        for extra in ["(", "」", "“", "的", "\u{202E}", "1"].into_iter().skip(at % 3).step_by(3)
        {
            let with: String = letters[..at].iter().collect::<String>()
                + extra
                + &letters[at..].iter().collect::<String>();
            let came = Bad::new("letters").with("断.fan", with).check();
            assert!(came.violated >= 1, "{}", came.said);
        }
    }
}

#[test]
fn policies_that_say_nothing() {
    for text in ["# 无\n", "词汇 空", "政策 空 # 只有名字"] {
        let came = Bad::new("nothing").with("空.fan", text).check();
        assert_eq!((came.exit, came.violated), (1, 1), "{text:?}: {}", came.said);
    }
    // One without a word may have been cut off.
    for text in ["", "\u{FEFF}", "\n\n\n"] {
        let came = Bad::new("nothing").with("空.fan", text).check();
        assert_eq!((came.exit, came.violated), (2, 1), "{text:?}: {}", came.said);
    }
}

#[test]
fn policies_that_are_no_text() {
    Bad::new("bytes").with("坏.fan", b"\xFF\xFE\x00").is_judged_but_for(&["invalid_utf8"]);
    Bad::new("half")
        .with("坏.fan", &"第一条 甲".as_bytes()[..8])
        .is_judged_but_for(&["invalid_utf8"]);
    let nul = Bad::new("nul").with("坏.fan", "词汇 坏\0\n").check();
    assert_eq!((nul.exit, nul.violated), (2, 1), "{}", nul.said);
}

#[test]
fn policies_that_are_large() {
    let large = "# 大\n".repeat(4 << 20);
    Bad::new("large").with("大.fan", large).is_judged_but_for(&["source_too_large"]);
    let one = format!("词汇 长\n参数 甲 : 整数 = 1{}\n", " + 1".repeat(5 << 19));
    Bad::new("large").with("大.fan", one).is_judged_but_for(&["source_too_large"]);
    let line = format!("词汇 长\n参数 甲 : 整数 = 1{}\n", " + 1".repeat(1 << 17));
    let came = Bad::new("line").with("长.fan", line).check();
    assert_eq!((came.exit, came.violated), (2, 1), "{}", &came.said[..came.said.len().min(2000)]);
    let name = format!("词汇 名\n参数 {} : 整数 = 1\n", "甲".repeat(300_000));
    let came = Bad::new("name").with("名.fan", name).check();
    assert_eq!(came.violated, 1);
}

#[test]
fn policies_that_are_deep() {
    let deep = [
        ("(", "1", ")"),
        ("-", "1", ""),
        ("非 ", "是", ""),
        ("{", "1", "}"),
        ("数量(甲: ", "是", ")"),
        ("甲[", "是", "]"),
        ("有 ", "甲", ""),
    ];
    for (open, core, close) in deep {
        let text = format!(
            "词汇 深\n参数 甲 : 整数 = {}{core}{}\n",
            open.repeat(100_000),
            close.repeat(100_000)
        );
        let came = Bad::new("deep").with("深.fan", text).check();
        assert_eq!(
            (came.exit, came.violated),
            (2, 1),
            "{open}: {}",
            &came.said[..came.said.len().min(2000)]
        );
    }
    let records = format!(
        "词汇 深\n表 甲 {{ {}整数{} }}\n",
        "乙 : 多个 { 丙 : ".repeat(50_000),
        " }".repeat(50_000)
    );
    let came = Bad::new("records").with("深.fan", records).check();
    assert_eq!((came.exit, came.violated), (2, 1));
    for (word, count) in [(" 且 是", 50_000), (" 或 是", 50_000), (".续", 50_000), (" + 1", 50_000)]
    {
        let text = format!("词汇 长\n使用 词\n定义 长(书) = 有 续{}\n", word.repeat(count));
        assert_eq!(Bad::new("chain").with("长.fan", text).check().violated, 1, "{word}");
    }
}

/// Definitions of definitions: each is shallow, all together are deep; up to the limit they are
/// judged, beyond it refused, in either order.
#[test]
fn definitions_that_rest_on_one_another() {
    let links = [
        "非 D",
        "有 续 且 续.D",
        "存在(书: D)",
        "存在(章: D)",
        "书[号 = 本行.号 且 D].D",
        "最大(书: 页) > 1 或 D",
    ];
    let counts = |link: &str| if link == links[0] { vec![199, 2_000] } else { vec![49, 66, 99] };
    for (link, count) in
        links.into_iter().flat_map(|link| counts(link).into_iter().map(move |count| (link, count)))
    {
        let mut lines = vec!["定义 d0(书) = 页 > 100\n".to_owned()];
        lines.extend((1..count).map(|at| {
            format!("定义 d{at}(书) = {}\n", link.replace('D', &format!("d{}", at - 1)))
        }));
        for turned in [false, true] {
            if turned {
                lines.reverse();
            }
            let rule = format!(
                "第一条 厚 凡 书，不得 d{}。\n第二条 薄 凡 书，页 不得 超过 100。\n",
                count - 1
            );
            let came = Bad::new("definitions")
                .with("政.fan", format!("使用 词\n{}{rule}", lines.concat()))
                .check();
            assert!(
                came.violated >= 1
                    && came.codes.iter().all(|code| ["too_deep", "unused"].contains(code)),
                "{link} {count}: {}",
                came.said
            );
        }
    }
}

#[test]
fn policies_that_use_one_another() {
    let circle = Bad::new("circle")
        .with("甲.fan", "词汇 甲\n使用 乙、词\n")
        .with("乙.fan", "词汇 乙\n使用 甲、乙\n");
    circle.is_judged_but_for(&["circular_use"]);
    let twice = Bad::new("twice")
        .with("甲.fan", "词汇 甲 | 词\n表 书 | pages { 号 : 文本 主键 }\n")
        .check();
    assert_eq!(twice.exit, 2);
    let itself = Bad::new("itself").with("甲.fan", "词汇 甲\n使用 词\n定义 d(书) = 续.d\n").check();
    assert_eq!((itself.exit, itself.violated), (2, 1), "{}", itself.said);
    let referring =
        Bad::new("referring").data("坏.json", "[{\"号\": \"己\", \"页\": 5, \"续\": \"己\"}]");
    assert_eq!(referring.check().exit, 1);
}

/// A definition or a process with a mistake has no value: what compares two runs does not ask for
/// it.
#[test]
fn definitions_that_cannot_be_read_are_no_part_of_a_difference() {
    let keep = Options { keep: Keep::Everything, ..Options::default() };
    let run = |name: &str, more: &str| {
        let bad = Bad::new(name).with("政.fan", format!("{RULE}{more}"));
        Project::read(&bad.root).run(&keep)
    };
    let good = run("compared", "");
    let bodies = ["似", "页 且 1", "坏", "有 页.页", "数量(无: 是)", "续.坏 或 (", ""];
    let definitions = bodies.map(|body| format!("定义 坏(书) = {body}\n"));
    let processes = ["无 报", "书 报", "书.章.无 报", "书.章.页 报", "书.章.页 1 ; (", ""];
    let processes = processes.map(|rest| format!("流程 坏 于 {rest}\n"));
    for more in definitions.iter().chain(&processes) {
        let bad = run("defined", more);
        assert_eq!(exit_code(&bad.report()), 2, "{more}");
        for (old, new) in [(&bad, &bad), (&good, &bad), (&bad, &good)] {
            let found = diff(old, new, &[], None);
            assert_eq!((found.findings.fixed.len(), found.findings.remaining.len()), (0, 1));
        }
    }
}

#[test]
fn data_that_is_not_there() {
    let named = |name: &str| MANIFEST.replace("数据/*", &format!("数据/*\", \"{name}"));
    Bad::new("missing")
        .with("fanshi.toml", named("无.csv"))
        .is_judged_but_for(&["unreadable_file"]);
    let folder = Bad::new("folder").with("fanshi.toml", named("夹.csv"));
    std::fs::create_dir(folder.root.join("夹.csv")).unwrap();
    assert_eq!((folder.check().exit, folder.check().violated), (2, 1));
    Bad::new("format")
        .with("fanshi.toml", named("书.doc"))
        .with("书.doc", "")
        .is_judged_but_for(&["unknown_format"]);
    let empty = Bad::new("empty")
        .data("空.csv", "")
        .data("空.json", "")
        .data("空.jsonl", "")
        .data("空.toml", "")
        .check();
    assert_eq!(empty.violated, 1, "{}", empty.said);
    let headings = Bad::new("headings").data("好.json", "[]").data("空.csv", "号,页\n").check();
    assert_eq!((headings.exit, headings.violated), (2, 0), "{}", headings.said);
}

#[test]
fn data_cut_anywhere() {
    let files = [
        (
            "断.json",
            "[{\"号\": \"甲\", \"页\": 5, \"章\": [{\"页\": 1}, {\"页\": 2}], \"续\": \"厚\"}, \
                {\"号\": \"乙\", \"页\": 1}]",
        ),
        (
            "断.jsonl",
            "{\"号\": \"甲\", \"页\": 5, \"章\": [{\"页\": 1}]}\n{\"号\": \"乙\", \"页\": 1}\n",
        ),
        ("断.csv", "号,页,续\r\n\"甲\"\"\",\"5\",厚\r\n乙,1,\r\n"),
        ("断.toml", "[[book]]\n\"号\" = \"甲\"\n\"页\" = 5\n[[book.\"章\"]]\n\"页\" = 1\n"),
    ];
    for (name, text) in files {
        for end in 0..text.len() {
            let came = Bad::new("data").data(name, &text.as_bytes()[..end]).check();
            assert_eq!(came.violated, 1, "{name} cut at {end}: {}", came.said);
        }
    }
}

#[test]
fn data_that_is_deep_or_large() {
    for (name, open) in [
        ("深.json", "["),
        ("深.json", "{\"章\":"),
        ("深.jsonl", "["),
        ("深.jsonl", "{\"章\":["),
        ("深.toml", "a = ["),
        ("深.toml", "a = {a = "),
        ("深.csv", "\""),
    ] {
        let came = Bad::new("deepdata").data(name, open.repeat(100_000)).check();
        assert_eq!((came.exit, came.violated), (2, 1), "{name} {open}");
    }
    let cell = "页".repeat(350_000);
    let csv = Bad::new("cell").data("大.csv", format!("号,页\n{cell},{cell}\n")).check();
    assert_eq!((csv.exit, csv.violated), (2, 1));
    let json = Bad::new("text")
        .data("大.json", format!("[{{\"号\": \"{cell}\", \"页\": \"{cell}\"}}]"))
        .check();
    assert_eq!((json.exit, json.violated), (2, 1));
    for name in ["长.csv", "长.jsonl", "长.toml", "长.json"] {
        let came = Bad::new("long").data(name, "甲".repeat(3_500_000)).check();
        assert_eq!((came.exit, came.violated), (2, 1), "{name}");
    }
}

#[test]
fn data_of_another_encoding() {
    let csv = "号,页\n".as_bytes();
    for bytes in
        [&b"\xFF\xFE\xD8\x00"[..], b"\x00\x00\x00", b"\xFF\xFF\xFF\n\xFF", b"\xEF\xBB\xBF", b"\xA3"]
    {
        let came = Bad::new("encoding").data("码.csv", [csv, bytes].concat()).check();
        assert_eq!(came.violated, 1, "{bytes:?}: {}", came.said);
    }
}

#[test]
fn manifests() {
    let came = Bad::new("none").without("fanshi.toml").check();
    assert_eq!((came.exit, came.violated), (2, 0), "{}", came.said);
    for text in [
        "",
        "[",
        "\u{FEFF}",
        "project = 5",
        "[project]\npolicies = 5",
        "[data]\nbook = [[[[]]]]",
        "[[waiver]]",
        "waiver = {}",
        "[parameters]\na = {}",
    ] {
        assert_eq!(Bad::new("broken").with("fanshi.toml", text).check().exit, 2, "{text}");
    }
    let deep = format!("[project]\nname = {}", "[".repeat(100_000));
    assert_eq!(Bad::new("deepest").with("fanshi.toml", deep).check().exit, 2);
    assert_eq!(
        Bad::new("latin").with("fanshi.toml", b"[project]\nname = \"\xE9\"").check().exit,
        2
    );
    Bad::new("unknown")
        .with("fanshi.toml", format!("{MANIFEST}\n[projekt]\nx = 1\n"))
        .is_judged_but_for(&["unknown_key"]);
    let undated = Bad::new("undated")
        .with("fanshi.toml", MANIFEST.replace("as_of = 2015-11-20\n", ""))
        .check();
    assert_eq!((undated.exit, &*undated.codes), (2, &["no_as_of"][..]), "{}", undated.said);
    let pattern = Bad::new("pattern")
        .with("fanshi.toml", MANIFEST.replace("数据/*", "[\", \"**/***"))
        .check();
    assert_eq!(pattern.exit, 2, "{}", pattern.said);
    let policy = Bad::new("policy");
    let came =
        came_to(&Project::read(&policy.root.join("政.fan")).run(&Options::default()).report());
    assert_eq!((came.exit, &*came.codes), (2, &["not_a_manifest"][..]));
}

#[test]
fn tables_too_large_to_compare_row_with_row() {
    let rows: String = (0..5_000).map(|at| format!("r{at},{at}\n")).collect();
    let rule = "使用 词\n第一条 大 凡 书，必须 没有(书: 页 ≠ 本行.页)。\n第二条 厚 凡 书，页 \
        不得 超过 100。\n";
    let came =
        Bad::new("pairs").data("多.csv", format!("号,页\n{rows}")).with("政.fan", rule).check();
    assert_eq!((came.exit, &*came.codes), (2, &["too_many_pairs"][..]), "{}", came.said);
    assert!(came.said.contains("`政 第一条 大`"), "{}", came.said);
    assert!(came.said.contains("没有(书: 页 ≠ 本行.页)"), "{}", came.said);
    assert_eq!((came.undetermined, came.violated), (5_002, 4_900));
}

#[test]
fn names_too_many_to_be_compared() {
    // Any two have one letter in common.
    let letter = |at: u32| char::from_u32(0x4E00 + at).unwrap();
    let name = |at: u32| format!("㐀{}{}", letter(2 * at), letter(2 * at + 1));
    let rows: String = (0..5_000).map(|at| format!("{},{at}\n", name(at))).collect();
    let rule = "使用 词\n第一条 近 凡 书，不得 有 最相似(号, 10%, 书: 号)。\n第二条 厚 凡 书，页 \
        不得 超过 100。\n";
    let came =
        Bad::new("names").data("多.csv", format!("号,页\n{rows}")).with("政.fan", rule).check();
    assert_eq!((came.exit, &*came.codes), (2, &["too_many_pairs"][..]), "{}", came.said);
    assert!(came.said.contains("`政 第一条 近`"), "{}", came.said);
    assert!(came.said.contains("最相似(号, 10%, 书: 号)"), "{}", came.said);
    assert_eq!((came.undetermined, came.violated), (5_002, 4_900));
}
