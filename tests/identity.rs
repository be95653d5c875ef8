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
