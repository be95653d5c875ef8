//! Findings are known again: a fingerprint stays while the rule, the row (or element) and the outcome
//! do, and is nobody else's. Projects in memory.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test")]

use fanshi::{Memory, Options, Outcome, Project, Run};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

/// A run of a policy over the rows of `书`, as JSON, with more of the manifest.
fn run(policy: &str, rows: &str, manifest: &str) -> Run {
    let files = Memory::new()
        .with("甲.fan", format!("政策 甲 | a\n{policy}\n"))
        .with("书.json", rows)
        .with(
            "fanshi.toml",
            format!(
                "[project]\nname = \"例\"\nas_of = 2015-11-20\npolicies = [\"*.fan\"]\n\
                    [data]\n\"书\" = \"书.json\"\n{manifest}"
            ),
        );
    Project::read_in(Arc::new(files), Path::new("")).run(&Options::default())
}

fn fingerprints(run: &Run) -> Vec<String> {
    let violated = run.findings().filter(|finding| finding.outcome == Outcome::Violated);
    violated.map(|finding| finding.fingerprint).collect()
}

const KEYED: &str = "表 书 | book { 号 | id : 文本 主键 页 | pages : 整数 }\n第一条 一 | one 凡 书，页 不得 超过 10。";
const KEYLESS: &str = "表 书 { 页 : 整数 名 : 文本 可缺 }\n第一条 一 凡 书，页 不得 超过 3。";
const LISTS: &str = "表 书 { 号 : 文本 主键 单 : 多个 { n : 整数 名 : 文本 可缺 } }\n第一条 一 凡 书.单，n 不得 超过 3。";
const NUMBERED: &str = "表 书 { 号 : 文本 主键 单 : 多个 { 序 : 整数 主键 n : 整数 } }\n第一条 一 凡 书.单，n 不得 超过 3。";

#[test]
fn a_fingerprint_does_not_change_with_the_order_of_rows_or_elements() {
    for (policy, before, after) in [
        (KEYLESS, r#"[{"页":1},{"页":5}]"#, r#"[{"页":5},{"页":1}]"#),
        (KEYLESS, r#"[{"页":5}]"#, r#"[{"页":1,"名":"甲"},{"名":"乙","页":2},{"页":5}]"#),
        (KEYED, r#"[{"号":"A","页":50}]"#, r#"[{"号":"B","页":5},{"号":"A","页":60}]"#),
        (LISTS, r#"[{"号":"A","单":[{"n":9}]}]"#, r#"[{"号":"A","单":[{"n":1},{"n":9}]}]"#),
        (
            LISTS,
            r#"[{"号":"A","单":[{"n":9,"名":"x"}]}]"#,
            r#"[{"号":"B","单":[{"n":2}]},{"号":"A","单":[{"n":1},{"n":2},{"名":"x","n":9}]}]"#,
        ),
        (
            NUMBERED,
            r#"[{"号":"A","单":[{"序":1,"n":9}]}]"#,
            r#"[{"号":"A","单":[{"序":2,"n":1},{"序":1,"n":8}]}]"#,
        ),
    ] {
        let [before, after] = [before, after].map(|rows| fingerprints(&run(policy, rows, "")));
        assert_eq!(before.len(), 1, "{policy}");
        assert_eq!(before, after, "{policy}");
    }
}

#[test]
fn a_fingerprint_is_of_one_finding() {
    let long = |last: &str| format!("{}{last}", "长".repeat(62));
    let rows = format!(
        r#"[{{"号":"甲","页":50}},{{"号":"“甲”","页":50}},{{"号":"「甲」","页":50}},{{"号":"{}","页":50}},{{"号":"{}","页":50}}]"#,
        long("甲"),
        long("乙")
    );
    let run_of = run(KEYED, &rows, "");
    let keys: BTreeSet<String> =
        run_of.findings().filter_map(|finding| finding.subject?.key).collect();
    assert!(keys.contains(&long("乙")) && keys.len() == 5, "{keys:?}");
    let found = fingerprints(&run_of);
    assert_eq!(found.iter().collect::<BTreeSet<_>>().len(), 5);
    // Elements that say the same are two all the same.
    let twice = run(LISTS, r#"[{"号":"A","单":[{"n":9},{"n":9},{"n":8}]}]"#, "");
    let found = fingerprints(&twice);
    assert_eq!(found.iter().collect::<BTreeSet<_>>().len(), 3);
}

/// What a waiver of a row by this key does: the findings waived, and codes of mistakes.
fn waived(policy: &str, rows: &str, item: &str) -> (Vec<Option<String>>, Vec<&'static str>) {
    let manifest = format!(
        "[[waiver]]\narticle = \"a.one\"\nitem = \"{item}\"\nauthority = \"x\"\nreason = \"y\"\n"
    );
    let run = run(policy, rows, &manifest);
    let waived = run.findings().filter(|finding| finding.outcome == Outcome::Waived);
    (
        waived.map(|finding| finding.subject.and_then(|row| row.key)).collect(),
        run.summary.diagnostics.iter().map(|found| found.code).collect(),
    )
}

#[test]
fn a_waiver_reaches_the_row_that_it_names_and_no_other() {
    let numbered = KEYED.replace("文本 主键", "整数 主键");
    let some = |key: &str| vec![Some(key.to_owned())];
    // Keys as people write them: by value, whatever the width or the leading zeros of a number.
    for item in ["7", "７", "007"] {
        let (found, codes) = waived(&numbered, r#"[{"号":7,"页":50},{"号":70,"页":50}]"#, item);
        assert_eq!((found, codes.len()), (some("7"), 0), "{item}: {codes:?}");
    }
    for item in ["Ａ１", "A1", " A1 "] {
        let (found, codes) = waived(KEYED, r#"[{"号":"A1","页":50},{"号":"A01","页":50}]"#, item);
        assert_eq!((found, codes.len()), (some("A1"), 0), "{item}: {codes:?}");
    }
    let (found, codes) = waived(KEYED, r#"[{"号":"A1","页":50},{"号":"A01","页":50}]"#, "A001");
    assert_eq!((found.len(), codes), (0, vec!["unknown_waived_row"]));
    // A row without a key is reached by none.
    let (found, codes) = waived(KEYED, r#"[{"页":50},{"号":"1","页":50}]"#, "1");
    assert_eq!((found, codes), (some("1"), vec!["missing_field"]));
    let keyless = KEYED.replace("号 | id : 文本 主键 ", "");
    let (found, codes) = waived(&keyless, r#"[{"页":50},{"页":5}]"#, "1");
    assert!(found.is_empty() && !codes.is_empty(), "{codes:?}");
}

const AROUND: &str =
    "表 书 | book { 页 | x : 整数 单 : 多个 { n : 整数 } }\n第一条 一 凡 书.单，n 不得 超过 3。";
const INNER: &str = "表 书 | book { 号 : 文本 主键 单 : 多个 { 名 : 文本 子 : 多个 { n : 整数 } } }\n第一条 一 凡 书.单.子，n 不得 超过 3。";

/// What an element is told apart by includes the rows it lies in, whatever the articles read of
/// them: neither order nor another's violation has to do with it.
#[test]
fn an_element_is_known_by_the_rows_around_it() {
    let inner_keyed = INNER.replace("名 : 文本", "名 : 文本 主键");
    let ordered = INNER.replace("子 : 多个", "页 : 整数 可缺 子 : 多个");
    for (policy, rows, exchanged, other) in [
        (
            AROUND,
            r#"[{"x":1,"单":[{"n":9}]},{"x":2,"单":[{"n":1}]}]"#,
            r#"[{"x":2,"单":[{"n":1}]},{"x":1,"单":[{"n":9}]}]"#,
            r#"[{"x":1,"单":[{"n":1}]},{"x":2,"单":[{"n":9}]}]"#,
        ),
        (
            INNER,
            r#"[{"号":"A","单":[{"名":"p","子":[{"n":9}]},{"名":"q","子":[{"n":1}]}]}]"#,
            r#"[{"号":"A","单":[{"名":"q","子":[{"n":1}]},{"名":"p","子":[{"n":9}]}]}]"#,
            r#"[{"号":"A","单":[{"名":"p","子":[{"n":1}]},{"名":"q","子":[{"n":9}]}]}]"#,
        ),
        (
            &inner_keyed,
            r#"[{"号":"A","单":[{"名":"p","子":[{"n":9}]},{"名":"q","子":[{"n":1}]}]}]"#,
            r#"[{"号":"A","单":[{"名":"q","子":[]},{"名":"p","子":[{"n":1},{"n":9}]}]}]"#,
            r#"[{"号":"A","单":[{"名":"p","子":[{"n":1}]},{"名":"q","子":[{"n":9}]}]}]"#,
        ),
        (
            &ordered,
            r#"[{"号":"A","单":[{"名":"p","页":1,"子":[{"n":9}]},{"名":"p","子":[]}]}]"#,
            r#"[{"号":"A","单":[{"名":"p","子":[]},{"名":"p","页":1,"子":[{"n":9}]}]}]"#,
            r#"[{"号":"A","单":[{"名":"p","页":1,"子":[]},{"名":"p","子":[{"n":9}]}]}]"#,
        ),
        // A row whose key is missing is known by what it says.
        (
            INNER,
            r#"[{"单":[{"名":"p","子":[{"n":9}]}]},{"号":"B","单":[]}]"#,
            r#"[{"号":"B","单":[]},{"单":[{"名":"p","子":[{"n":9}]}]}]"#,
            r#"[{"单":[{"名":"q","子":[{"n":9}]}]},{"号":"B","单":[]}]"#,
        ),
        (KEYED, r#"[{"页":50},{"页":5}]"#, r#"[{"页":5},{"页":50}]"#, r#"[{"页":60},{"页":5}]"#),
    ] {
        let [own, exchanged, other] =
            [rows, exchanged, other].map(|rows| fingerprints(&run(policy, rows, "")));
        assert_eq!((own.len(), other.len()), (1, 1), "{rows}");
        assert_eq!(own, exchanged, "{rows}");
        assert_ne!(own, other, "{rows}");
    }
}

/// Rows that say the same in all but their lists: which of them is meant does not hang on where
/// they stand, nor on what becomes of the other.
#[test]
fn of_rows_that_say_the_same_each_finding_is_one() {
    let found = |rows: &str| fingerprints(&run(AROUND, rows, ""));
    let own = found(r#"[{"x":1,"单":[{"n":9}]},{"x":1,"单":[{"n":1}]}]"#);
    assert_eq!(own, found(r#"[{"x":1,"单":[{"n":1}]},{"x":1,"单":[{"n":9}]}]"#));
    assert_eq!(own, found(r#"[{"x":1,"单":[{"n":2}]},{"x":1,"单":[{"n":9}]},{"x":1}]"#));
    let both = found(r#"[{"x":1,"单":[{"n":9}]},{"x":1,"单":[{"n":9}]},{"x":1,"单":[{"n":8}]}]"#);
    assert_eq!(both.iter().collect::<BTreeSet<_>>().len(), 3);
    assert_eq!(both[..1], own);
}

/// Two decisions of one table that one article speaks of, and waivers given twice.
#[test]
fn what_is_said_twice_of_a_row_is_told_apart() {
    let two = "枚举 处理 { 留 去 }\n枚举 处置 { 存 毁 }\n\
        表 书 | book { 号 | id : 文本 主键 甲 : 处理 乙 : 处置 }\n裁定 书.甲\n裁定 书.乙\n\
        第一条 一\n 凡 书，一律 去。\n 凡 书，一律 毁。";
    let of = |row: &str| fingerprints(&run(two, &format!("[{row}]"), ""));
    let both = of(r#"{"号":"A","甲":"留","乙":"存"}"#);
    let [first, second] =
        [of(r#"{"号":"A","甲":"留","乙":"毁"}"#), of(r#"{"号":"A","甲":"去","乙":"存"}"#)];
    assert_eq!((first.len(), second.len()), (1, 1));
    assert_ne!(first, second);
    assert_eq!(both, [first, second].concat());
    let waiver =
        "[[waiver]]\narticle = \"a.one\"\nitem = \"A\"\nauthority = \"x\"\nreason = \"y\"\n";
    let unused = run(KEYED, r#"[{"号":"A","页":5}]"#, &waiver.repeat(2));
    let unused: BTreeSet<String> = unused.findings().map(|finding| finding.fingerprint).collect();
    assert_eq!(unused.len(), 2);
}

/// A run of two policies that stand on one vocabulary.
fn beside(policies: [&str; 2], item: &str) -> Run {
    let manifest = format!(
        "[project]\nas_of = 2015-11-20\npolicies = [\"*.fan\"]\n[data]\nbook = \"d.csv\"\n\
            [[waiver]]\narticle = \"{item}\"\nitem = \"A\"\nauthority = \"x\"\nreason = \"y\"\n"
    );
    let files = Memory::new()
        .with("v.fan", "词汇 丁\n表 书 | book { 号 : 文本 主键 页 : 整数 }\n")
        .with("p.fan", format!("{}\n", policies[0]))
        .with("q.fan", format!("{}\n", policies[1]))
        .with("d.csv", "号,页\nA,30\n")
        .with("fanshi.toml", manifest);
    Project::read_in(Arc::new(files), Path::new("")).run(&Options::default())
}

/// Two rules never have one code: names with a dot stand in their `「」`, and what is declared twice
/// is told apart besides. A name that several have is refused.
#[test]
fn no_two_rules_share_a_code() {
    let dotted = [
        "政策 「a.b」\n使用 丁\n第一条 c 凡 书，页 不得 超过 10。",
        "政策 a\n使用 丁\n第一条 「b.c」 凡 书，页 不得 超过 20。",
    ];
    let twice = [
        "政策 a\n使用 丁\n第一条 c 凡 书，页 不得 超过 10。",
        "政策 a\n使用 丁\n第一条 c 凡 书，页 不得 超过 20。",
    ];
    let alias = [
        "政策 「x.y」 | 「a.b.c」\n使用 丁\n第一条 甲 | d 凡 书，页 不得 超过 10。",
        "政策 「a.b」\n使用 丁\n第一条 「c.d」 凡 书，页 不得 超过 20。",
    ];
    for (policies, name, exact) in [
        (dotted, "a.b.c", ["「a.b」.c", "a.「b.c」"]),
        (twice, "a.c", ["a.c#2", "a.c#2"]),
        (alias, "a.b.c.d", ["「a.b.c」.d", "「a.b」.「c.d」"]),
    ] {
        let run = beside(policies, name);
        let found = fingerprints(&run);
        assert_eq!(found.iter().collect::<BTreeSet<_>>().len(), 2, "{name}");
        let codes: BTreeSet<String> = run.findings().map(|finding| finding.article).collect();
        assert_eq!(codes.len(), 2, "{codes:?}");
        let refused =
            run.summary.diagnostics.iter().find(|found| found.code == "unknown_article_name");
        assert_eq!(refused.unwrap().message.zh, format!("不止一条叫 `{name}`"));
        for exact in exact {
            let run = beside(policies, exact);
            let waived = run.findings().filter(|finding| finding.outcome == Outcome::Waived);
            let waived: Vec<String> = waived.map(|finding| finding.article).collect();
            assert_eq!(waived, [exact]);
        }
    }
}
