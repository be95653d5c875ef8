//! Which rows, elements and findings of two runs are the same.

use super::pair::{Said, run, submissions, written};
use serde_json::{Value, json};

const LISTED: &str = "政策 甲\n表 行 { 号 : 文本 主键 单 : 多个 { 名 : 文本 n : 整数 注 : 文本 可缺 } }\n第一条 一 凡 行.单，n 不得 超过 5。\n";

fn listed(name: &str, old: &str, new: &str) -> Said {
    let rows = |list: &str| format!("[{{\"号\":\"A\",\"单\":[{list}]}}]");
    submissions(name, LISTED, &[("行.json", &rows(old))], &[("行.json", &rows(new))])
}

/// New, fixed, still there.
fn counts(said: &Said) -> [usize; 3] {
    ["new", "fixed", "remaining"].map(|part| said.part(part).len())
}

#[test]
fn elements_are_told_apart_by_content() {
    let (x, y) = (r#"{"名":"x","n":9}"#, r#"{"名":"new","n":1}"#);
    for (name, old, new, code, expected) in [
        ("element-above", x.to_owned(), format!("{y},{x}"), 0, [0, 0, 1]),
        ("element-between", format!("{x},{x}"), format!("{x},{y},{x}"), 0, [0, 0, 2]),
        ("elements-exchanged", format!("{x},{y}"), format!("{y},{x}"), 0, [0, 0, 1]),
        ("element-gone", format!("{y},{x}"), x.to_owned(), 0, [0, 0, 1]),
        // One of two equals went.
        ("element-one-less", format!("{x},{x}"), x.to_owned(), 0, [0, 1, 1]),
        // One that was edited is the same still; one that was replaced is not.
        ("element-edited", x.to_owned(), x.replace('9', "8"), 0, [0, 0, 1]),
        ("element-noted", x.to_owned(), r#"{"名":"x","n":9,"注":"z"}"#.to_owned(), 0, [0, 0, 1]),
        ("element-replaced", x.to_owned(), r#"{"名":"z","n":8}"#.to_owned(), 1, [1, 1, 0]),
    ] {
        let said = listed(name, &old, &new);
        assert_eq!((said.code, counts(&said)), (code, expected), "{name}\n{}", said.text);
    }
}

/// Of elements that changed, the one of the same name is the same, whatever value another shares.
#[test]
fn elements_are_told_apart_by_name() {
    let of = |list: &[(&str, i32)]| {
        let element = |(name, n): &(&str, i32)| format!("{{\"名\":\"{name}\",\"n\":{n}}}");
        list.iter().map(element).collect::<Vec<_>>().join(",")
    };
    let both: &[(&str, i32)] = &[("x", 9), ("y", 1)];
    for (name, old, new, code, expected) in [
        ("named-exchanged", both, &[("x", 1), ("y", 9)][..], 1, [1, 1, 0]),
        ("named-otherwise", both, &[("x", 1), ("y", 8)], 1, [1, 1, 0]),
        ("named-below", both, &[("z", 2), ("x", 1), ("y", 9)], 1, [1, 1, 0]),
        ("named-gone", both, &[("y", 9)], 1, [1, 1, 0]),
        ("named-turned-over", both, &[("y", 9), ("x", 1)], 1, [1, 1, 0]),
        ("named-still", both, &[("y", 2), ("x", 8)], 0, [0, 0, 1]),
        ("named-above", &[("x", 9)], &[("z", 9), ("x", 8)], 1, [1, 0, 1]),
        // One that is there unchanged is no other, whatever stands above it.
        ("named-twice", &[("x", 9)], &[("x", 1), ("x", 9)], 0, [0, 0, 1]),
    ] {
        let said = listed(name, &of(old), &of(new));
        assert_eq!((said.code, counts(&said)), (code, expected), "{name}\n{}", said.text);
    }
}

/// The name is the first text; without one, what else tells people apart; then the place.
#[test]
fn elements_are_named_by_what_is_no_number() {
    let policy = |fields: &str| {
        format!(
            "政策 甲\n枚举 级 {{ 高 低 }}\n表 法 {{ 名 : 文本 主键 }}\n\
            表 行 {{ 号 : 文本 主键 单 : 多个 {{ {fields} n : 整数 }} }}\n\
            第一条 一 凡 行.单，n 不得 超过 5。\n"
        )
    };
    let laws = ("法.csv", "名\nx\ny\nz\n");
    for (name, fields, [x, y, z]) in [
        ("dated", "日 : 日期", ["2015-01-01", "2015-01-02", "2015-01-03"]),
        ("referring", "据 : 法", ["x", "y", "z"]),
        ("graded", "级 : 级", ["高", "低", "低"]),
        ("noted", "注 : 文本 可缺 日 : 日期", ["2015-01-01", "2015-01-02", "2015-01-03"]),
    ] {
        let field = fields.rsplit(" : ").nth(1).unwrap().rsplit(' ').next().unwrap();
        let rows = |list: &[(&str, i32)]| {
            let element = |(said, n): &(&str, i32)| format!("{{\"{field}\":\"{said}\",\"n\":{n}}}");
            let list: Vec<String> = list.iter().map(element).collect();
            format!("[{{\"号\":\"A\",\"单\":[{}]}}]", list.join(","))
        };
        let (old, new) = (rows(&[(x, 9), (y, 1)]), rows(&[(z, 2), (x, 1), (y, 9)]));
        let (old, new) = ([laws, ("行.json", &*old)], [laws, ("行.json", &*new)]);
        let said = submissions(&format!("named-{name}"), &policy(fields), &old, &new);
        assert_eq!((said.code, counts(&said)), (1, [1, 1, 0]), "{name}\n{}", said.text);
    }
    let numbers = |list: &str| format!("[{{\"号\":\"A\",\"单\":[{list}]}}]");
    let policy = policy("m : 整数");
    let said = submissions(
        "named-by-place",
        &policy,
        &[laws, ("行.json", &numbers(r#"{"m":2,"n":9},{"m":3,"n":1}"#))],
        &[laws, ("行.json", &numbers(r#"{"m":2,"n":1},{"m":3,"n":9}"#))],
    );
    assert_eq!((said.code, counts(&said)), (1, [1, 1, 0]), "{}", said.text);
}

/// An element of a list in a list is one of the element that it lies in.
#[test]
fn elements_lie_in_elements() {
    let policy = |key: &str| {
        format!(
            "政策 甲\n表 书 {{ 号 : 文本 主键 单 : 多个 {{ 名 : 文本{key} 子 : 多个 {{ n : 整数 }} }} }}\n\
            第一条 一 凡 书.单.子，n 不得 超过 3。\n"
        )
    };
    let list = |p: &str, q: &str| format!(r#"{{"名":"p","子":[{p}]}},{{"名":"q","子":[{q}]}}"#);
    let of = |list: String| format!("[{{\"号\":\"A\",\"单\":[{list}]}}]");
    let (high, low) = (r#"{"n":9}"#, r#"{"n":1}"#);
    for (key, name) in [(" 主键", "keyed"), ("", "named")] {
        for (at, (old, new, code, expected)) in [
            (list(high, low), list(low, high), 1, [1, 1, 0]),
            (list(high, low), list(high, ""), 0, [0, 0, 1]),
            (list(high, ""), list("", high), 1, [1, 1, 0]),
            (list(high, low), list(&format!("{low},{high}"), low), 0, [0, 0, 1]),
        ]
        .into_iter()
        .enumerate()
        {
            let name = format!("nested-{name}-{at}");
            let (old, new) = (of(old), of(new));
            let said = submissions(&name, &policy(key), &[("书.json", &old)], &[("书.json", &new)]);
            assert_eq!((said.code, counts(&said)), (code, expected), "{name}\n{}", said.text);
        }
    }
}

/// What is only noted, and was before, is counted nowhere.
#[test]
fn notes_that_stay_are_not_findings() {
    let policy = "政策 甲\n表 行 { 号 : 文本 主键 n : 整数 }\n第一条 一 凡 行 当 n 超过 50，n 不得 超过 90。\n\
        第二条 二 凡 行 当 n 超过 60，n 不得 超过 90。\n";
    let (old, new) = ([("行.csv", "号,n\nA,5\n")], [("行.csv", "号,n\nA,55\n")]);
    let same = submissions("notes-same", policy, &old, &old);
    assert_eq!((same.code, counts(&same)), (0, [0, 0, 0]), "{}", same.text);
    assert!(same.text.ends_with("两次没有不同。\n"), "{}", same.text);
    let less = submissions("notes-less", policy, &old, &new);
    assert_eq!((less.code, counts(&less)), (0, [0, 0, 0]), "{}", less.text);
    assert_eq!(less.json["findings"]["notes"]["gone"].as_array().unwrap().len(), 1);
}

/// Elements and rows are compared field by field, not by the words they are shown in.
#[test]
fn what_reads_alike_is_not_the_same() {
    let policy = LISTED.replace("n : 整数", "n : 整数 可缺").replace("n 不得 超过 5", "必须 有 n");
    let rows = |list: &str| format!("[{{\"号\":\"A\",\"单\":[{list}]}}]");
    let (one, other) = (rows(r#"{"名":"x，n 1"}"#), rows(r#"{"名":"x","n":1}"#));
    let said = submissions("alike-elements", &policy, &[("行.json", &one)], &[("行.json", &other)]);
    assert_eq!(said.json["tables"][0]["changed"][0]["key"], "A", "{}", said.text);
    let keyless =
        "政策 甲\n表 行 { 名 : 文本 注 : 文本 可缺 n : 整数 }\n第一条 一 凡 行，n 不得 超过 5。\n";
    let (one, other) = ("名,注,n\nx、y,,9\n", "名,注,n\nx,y,9\n");
    let said = submissions("alike-rows", keyless, &[("行.csv", one)], &[("行.csv", other)]);
    let parts = ["new", "removed", "remaining"].map(|part| said.part(part).len());
    assert_eq!((said.code, parts), (1, [1, 1, 0]), "{}", said.text);
}

#[test]
fn rows_without_a_key_are_told_apart_by_content() {
    let policy = "政策 甲\n表 行 { 名 : 文本 n : 整数 }\n第一条 一 凡 行，n 不得 超过 5。\n";
    let old = ("行.csv", "名,n\na,9\na,9\nb,1\n");
    for (name, new, code, expected) in [
        ("keyless-order", "名,n\nb,1\na,9\na,9\n", 0, [0, 0, 2]),
        ("keyless-above", "名,n\nc,1\na,9\na,9\nb,1\n", 0, [0, 0, 2]),
        ("keyless-more", "名,n\na,9\na,9\na,9\nb,1\n", 1, [1, 0, 2]),
    ] {
        let said = submissions(name, policy, &[old], &[("行.csv", new)]);
        assert_eq!((said.code, counts(&said)), (code, expected), "{name}\n{}", said.text);
    }
}

/// Where one side cannot be read there is nothing to compare: its error is all that is said.
#[test]
fn a_side_that_cannot_be_read() {
    let policy = "政策 甲\n表 行 { 号 : 文本 主键 n : 整数 }\n第一条 一 凡 行，n 不得 超过 5。\n";
    let root = written("readable", &[("政策.fan", policy), ("行.csv", "号,n\nA,9\n")], "");
    let empty = written("no-policies", &[("fanshi.toml", "[project]\nname = \"空\"\n")], "");
    let lost = written(
        "lost-policies",
        &[("fanshi.toml", "[project]\nas_of = 2015-11-20\npolicies = [\"无.fan\"]\n")],
        "",
    );
    let missing = root.join("nosuch");
    let data = root.join("行.csv");
    for format in ["text", "json", "html"] {
        for (old, new, code) in [
            (&root, &missing, "unreadable_file"),
            (&missing, &root, "unreadable_file"),
            (&data, &data, "not_a_manifest"),
            (&root, &empty, "no_policies"),
            (&lost, &root, "unreadable_file"),
        ] {
            let (exit, out, said) = run(old, new, format);
            assert_eq!((exit, &*out), (2, ""), "{format} {code}\n{out}{said}");
            assert!(said.contains(code), "{said}");
        }
    }
    let out = root.join("变化.html");
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_fanshi"))
        .arg("diff")
        .args([&root, &missing])
        .arg("-o")
        .arg(&out)
        .output()
        .unwrap();
    assert_eq!((output.status.code(), out.exists()), (Some(2), false));
}

/// A waiver reaches the row it names, whatever other rows are called.
#[test]
fn a_waiver_is_the_cause_for_its_row_alone() {
    let policy = "政策 甲\n表 行 { 号 : 文本 主键 n : 整数 }\n第一条 一 凡 行，n 不得 超过 5。\n";
    let files = [("政策.fan", policy), ("行.csv", "号,n\nA,9\n“A”,9\n")];
    let waiver =
        "[[waiver]]\narticle = \"甲.一\"\nitem = \"A\"\nauthority = \"x\"\nreason = \"y\"\n";
    let said = super::pair::pair("waiver", &files, &files, ["", waiver]);
    let turned = said.part("turned");
    assert_eq!((turned.len(), &turned[0]["subject"]["key"]), (1, &json!("A")), "{}", said.text);
    assert_eq!(turned[0]["causes"], json!([{"kind": "waiver", "waiver": "granted"}]));
    let keys: Vec<&Value> =
        said.part("remaining").iter().map(|found| &found["subject"]["key"]).collect();
    assert_eq!(keys, ["“A”"]);
}

/// Of an article with several sentences about one row each is matched with itself.
#[test]
fn sentences_of_one_article_are_told_apart() {
    let policy = "政策 甲\n枚举 处置 { 留 去 }\n表 卷 { 号 : 整数 主键 处置 : 处置 }\n\
        表 报 单份 { 留数 : 整数 去数 : 整数 }\n第一条 符\n\
        凡 报，留数 必须 为 数量(卷: 处置 为 留)。\n凡 报，去数 必须 为 数量(卷: 处置 为 去)。\n";
    let said = |name: &str, [old, new]: [(&str, &str); 2]| {
        let files = |(figures, rows): (&str, &str)| {
            [
                ("报.csv", format!("留数,去数\n{figures}\n")),
                ("卷.csv", format!("号,处置\n{rows}\n")),
            ]
        };
        let (old, new) = (files(old), files(new));
        let old: Vec<(&str, &str)> = old.iter().map(|(name, text)| (*name, &**text)).collect();
        let new: Vec<(&str, &str)> = new.iter().map(|(name, text)| (*name, &**text)).collect();
        submissions(name, policy, &old, &new)
    };
    // One figure is put right, another one is wrong now.
    let rows = "1,留\n2,去\n3,去";
    let turned = said("sentence-mended", [("9,2", rows), ("1,7", rows)]);
    assert_eq!((turned.code, counts(&turned)), (1, [1, 1, 0]), "{}", turned.text);
    assert_eq!(turned.part("new")[0]["message"], "去数 为 7，应为 2，多 5");
    // What was wrong stays, and the other sentence is broken as well.
    let joined = said("sentence-joined", [("1,1", rows), ("1,1", "1,去\n2,去\n3,去")]);
    assert_eq!((joined.code, counts(&joined)), (1, [1, 0, 1]), "{}", joined.text);
    assert_eq!(joined.part("new")[0]["message"], "留数 为 1，应为 0，多 1");
    // Both figures are put right by one row.
    let right = said("sentences-right", [("0,3", rows), ("0,3", "1,去\n2,去\n3,去")]);
    assert_eq!((right.code, counts(&right)), (0, [0, 2, 0]), "{}", right.text);
}

/// An element lies where its owner does: one in another owner is another, however alike both are.
#[test]
fn an_element_of_another_owner_is_another() {
    let policy = |owner: &str| {
        format!(
            "政策 甲\n表 行 {{ 号 : 文本 主键 单 : 多个 {{ {owner} 子 : 多个 {{ n : 整数 }} }} }}\n\
                第一条 一 凡 行.单.子，n 不得 超过 3。\n"
        )
    };
    let owner = |name: &str, n: &str| format!("{{\"名\":\"{name}\",\"页\":5,\"子\":[{n}]}}");
    let rows = |list: [String; 2]| format!("[{{\"号\":\"A\",\"单\":[{}]}}]", list.join(","));
    let (bad, fine) = ("{\"n\":9}", "{\"n\":1}");
    let old = rows([owner("p", bad), owner("q", fine)]);
    for (name, fields, new, code, expected) in [
        ("owner-keyed", "名 : 文本 主键 页 : 整数", [("p", fine), ("q", bad)], 1, [1, 1, 0]),
        ("owner-alike", "名 : 文本 页 : 整数", [("p", fine), ("q", bad)], 1, [1, 1, 0]),
        ("owners-exchanged", "名 : 文本 页 : 整数", [("q", fine), ("p", bad)], 0, [0, 0, 1]),
        ("owner-renamed", "名 : 文本 页 : 整数", [("r", bad), ("q", fine)], 0, [0, 0, 1]),
        ("owner-key-renamed", "名 : 文本 主键 页 : 整数", [("r", bad), ("q", fine)], 1, [1, 1, 0]),
        (
            "inner-edited",
            "名 : 文本 主键 页 : 整数",
            [("p", "{\"n\":8}"), ("q", fine)],
            1,
            [1, 1, 0],
        ),
    ] {
        let new = rows(new.map(|(name, n)| owner(name, n)));
        let files = |rows| [("行.json", rows)];
        let said = submissions(name, &policy(fields), &files(&*old), &files(&*new));
        assert_eq!((said.code, counts(&said)), (code, expected), "{name}\n{}", said.text);
    }
}

/// What is only noted is counted nowhere, also where both sides have it.
#[test]
fn notes_that_stay_are_no_findings() {
    let policy = "政策 甲\n表 行 { 号 : 文本 主键 n : 整数 }\n第一条 一 凡 行 当 n > 100，n 不得 超过 200。\n\
        第二条 二 凡 行，n 不得 超过 5。\n";
    let waiver =
        "[[waiver]]\narticle = \"甲.二\"\nitem = \"A\"\nauthority = \"x\"\nreason = \"y\"\n";
    let files = [("政策.fan", policy), ("行.csv", "号,n\nA,9\nB,8\n")];
    let said = super::pair::pair("notes-stay", &files, &files, [waiver, waiver]);
    assert_eq!((said.code, counts(&said)), (0, [0, 0, 1]), "{}", said.text);
    let noted = said.json["findings"]["notes"]["remaining"].as_array().unwrap();
    let noted: Vec<&Value> = noted.iter().map(|found| &found["outcome"]).collect();
    assert_eq!(noted, ["waived", "vacuous"]);
    assert!(said.text.contains("仍在 1"), "{}", said.text);
}
