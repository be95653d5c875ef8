//! What could not be read is said, where it is and once, and the run ends with 2.

use super::reading::{close, fifo, gbk, sparse};
use super::{CASES, DATA, HEAD, POLICY, as_nobody, fanshi, folder, project, put, said, shell};
use std::os::unix::fs::symlink;
use std::path::Path;

/// A policy in its canonical form.
const CANONICAL: &str =
    "表 项 {\n  号 : 文本 主键\n  数 : 整数\n}\n\n第一条 一\n  凡 项，数 不得 超过 5。\n";

/// What a file cannot be read for, and a word of what is said then.
fn hindrances() -> [(&'static str, &'static str, fn(&Path)); 5] {
    [
        ("dangling", "leads nowhere", |path| symlink("nowhere", path).unwrap()),
        ("fifo", "a device or a pipe", |path| fifo(path)),
        ("closed", "no permission to read", |path| {
            std::fs::write(path, "词汇 v\n").unwrap();
            close(path, 0o600);
        }),
        ("large", "larger than 4 MB", |path| sparse(path, 5 << 20)),
        ("gbk", "is not UTF-8 text", |path| std::fs::write(path, b"\xB4\xCA\xBB\xE3 v\n").unwrap()),
    ]
}

#[test]
fn fmt_of_a_folder_of_which_a_part_cannot_be_read_ends_with_2() {
    let makes: [(&str, &str, &dyn Fn(&Path)); 4] = [
        ("link", "leads nowhere", &|root| symlink("nowhere", root.join("q.fan")).unwrap()),
        ("link-below", "leads nowhere", &|root| symlink("nowhere", root.join("下")).unwrap()),
        ("closed", "look into the folder", &|root| {
            put(root, "下/q.fan", CANONICAL);
            close(&root.join("下"), 0o700);
        }),
        ("gbk", "is not UTF-8", &|root| drop(put(root, gbk(".fan"), CANONICAL))),
    ];
    for (name, word, make) in makes {
        let root = folder(&format!("fmt-{name}"));
        put(&root, "p.fan", CANONICAL);
        for arguments in [&["fmt", "--check", "."][..], &["fmt", "--stdout", "."], &["fmt", "."]] {
            assert_eq!(said(&as_nobody(arguments, &root)).0, Some(0), "{name} {arguments:?}");
        }
        make(&root);
        for arguments in [&["fmt", "--check", "."][..], &["fmt", "--stdout", "."], &["fmt", "."]] {
            let (code, text) = said(&as_nobody(arguments, &root));
            assert_eq!(
                (code, text.contains(word)),
                (Some(2), true),
                "{name} {arguments:?}: {text}"
            );
        }
    }
    // Nor of a pattern that nobody made files of.
    let root = folder("fmt-pattern");
    put(&root, "甲/p.fan", CANONICAL);
    assert_eq!(said(&fanshi(&["fmt", "--check", "*/p.fan"], &root)).0, Some(0));
    symlink("nowhere", root.join("乙")).unwrap();
    let (code, text) = said(&fanshi(&["fmt", "--check", "*/p.fan"], &root));
    assert_eq!((code, text.contains("leads nowhere")), (Some(2), true), "{text}");
}

#[test]
fn cases_of_what_cannot_be_read_say_why() {
    for (name, word, make) in hindrances() {
        let root = folder(&format!("cases-{name}"));
        make(&root.join("p.fan"));
        for arguments in [&["cases", "p.fan"][..], &["cases", "."]] {
            let (code, text) = said(&as_nobody(arguments, &root));
            let is_said = text.contains(word) && !text.contains("no articles");
            assert_eq!((code, is_said), (Some(2), true), "{name} {arguments:?}: {text}");
        }
    }
    let root = folder("cases-none");
    let (code, text) = said(&fanshi(&["cases", "nope.fan"], &root));
    assert_eq!((code, text.contains("no file `nope.fan`")), (Some(2), true), "{text}");
    // What is misspelt is said although nobody knows the day.
    for policy in [
        POLICY.replace("超过", "超过过"),
        POLICY.replace("整数", "整整"),
        "表 项 { 号 : 文本 主键\n".to_owned(),
    ] {
        put(&root, "p.fan", &policy);
        let (code, text) = said(&fanshi(&["cases", "p.fan"], &root));
        assert_eq!((code, text.contains("p.fan:1:") || text.contains("p.fan:3:")), (Some(2), true));
        assert!(!text.contains("no articles"), "{text}");
    }
    put(&root, "p.fan", POLICY);
    let (code, text) = said(&fanshi(&["cases", "p.fan"], &root));
    assert_eq!((code, text.contains("which day to judge for")), (Some(2), true), "{text}");
}

#[test]
fn places_begin_at_the_folder_of_the_project() {
    let root = folder("places");
    std::fs::create_dir(root.join("空")).unwrap();
    put(&root, "甲/p.fan", POLICY);
    put(&root, "甲/p.cases.toml", CASES);
    sparse(&root.join("大/fanshi.toml"), 65 << 20);
    put(&root, "坏/fanshi.toml", b"[project]\nname = \"\xCF\"\n");
    for (path, file) in [
        ("空", "空/fanshi.toml"),
        ("甲/p.fan", "甲/p.fan"),
        ("甲/p.cases.toml", "甲/p.cases.toml"),
        ("大", "大/fanshi.toml"),
        ("坏/fanshi.toml", "坏/fanshi.toml"),
        ("没有", "没有"),
    ] {
        let doubled = file.split('/').next().unwrap();
        for arguments in [
            &["check", path][..],
            &["prove", path],
            &["review", path],
            &["explain", "a", "-p", path],
        ] {
            let (code, text) = said(&fanshi(arguments, &root));
            assert_eq!((code, text.contains(file)), (Some(2), true), "{arguments:?}: {text}");
            assert!(!text.contains(&format!("{doubled}/{doubled}")), "{arguments:?}: {text}");
        }
        let output = fanshi(&["check", path, "--format", "json"], &root);
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let place = &report["diagnostics"][0]["places"][0]["file"];
        assert_eq!(place.as_str(), file.rsplit('/').next(), "{path}: {report}");
    }
}

#[test]
fn a_vocabulary_that_cannot_be_read_is_not_said_to_be_missing() {
    let uses = format!("政策 p\n使用 v\n{}", POLICY.lines().skip(1).collect::<Vec<_>>().join("\n"));
    for (name, word, make) in hindrances() {
        for listed in ["p.fan", "*.fan"] {
            let root = folder(&format!("words-{name}"));
            put(&root, "p.fan", &uses);
            put(&root, "d.csv", DATA);
            let manifest = HEAD.replace("*.fan", listed) + "\"项\" = \"d.csv\"\n";
            put(&root, "fanshi.toml", manifest);
            put(&root, "p.cases.toml", CASES);
            make(&root.join("v.fan"));
            for arguments in [&["check"][..], &["prove"], &["test"], &["cases"], &["test", "p.fan"]]
            {
                let (code, text) = said(&as_nobody(arguments, &root));
                let says = |word: &str| text.contains(word);
                assert_eq!((code, says(word)), (Some(2), true), "{name} {arguments:?}: {text}");
                let follows = says("no vocabulary") || says("declare") || says("no table");
                assert!(!follows, "{name} {listed} {arguments:?}: {text}");
                assert_eq!(text.matches(word).count(), 1, "{name} {listed} {arguments:?}: {text}");
            }
            // Nor without a manifest.
            std::fs::remove_file(root.join("fanshi.toml")).unwrap();
            let (code, text) = said(&as_nobody(&["test", "p.fan"], &root));
            assert_eq!((code, text.contains(word)), (Some(2), true), "{name}: {text}");
            assert!(
                !text.contains("no vocabulary") && !text.contains("no table"),
                "{name}: {text}"
            );
        }
    }
    // One that is nowhere is said to be.
    let root = project("words-none", "\"项\" = \"d.csv\"");
    put(&root, "p.fan", &uses);
    put(&root, "d.csv", DATA);
    let (_, text) = said(&fanshi(&["check"], &root));
    assert!(text.contains("no vocabulary or policy called `v`"), "{text}");
}

#[test]
fn a_policy_without_cases_that_cannot_be_read_is_said() {
    for (name, word, make) in hindrances() {
        for manifest in [true, false] {
            let root = folder(&format!("bare-{name}"));
            put(&root, "p.fan", POLICY);
            if manifest {
                put(&root, "fanshi.toml", HEAD);
            }
            make(&root.join("q.fan"));
            let (code, text) = said(&as_nobody(&["test", "."], &root));
            assert_eq!((code, text.contains(word)), (Some(2), true), "{name}: {text}");
            assert!(text.contains("no cases to run"), "{name}: {text}");
            // Nor where another has cases.
            put(&root, "p.cases.toml", CASES);
            let (code, text) = said(&as_nobody(&["test", "."], &root));
            assert_eq!((code, text.matches(word).count()), (Some(2), 1), "{name}: {text}");
        }
    }
}

#[test]
fn rows_of_tables_in_a_policy_that_cannot_be_read_are_no_mistake() {
    for (name, word, make) in hindrances() {
        let root = folder(&format!("rows-{name}"));
        make(&root.join("p.fan"));
        put(&root, "p.cases.toml", CASES);
        let (code, text) = said(&as_nobody(&["test", "p.fan"], &root));
        assert_eq!((code, text.matches(word).count()), (Some(2), 1), "{name}: {text}");
        assert!(!text.contains("no table called"), "{name}: {text}");
    }
    // Nor of a table whose declaration cannot be read, in cases and in the manifest.
    let root = project("rows-declared", "\"项\" = \"d.csv\"\n\"目\" = \"e.csv\"");
    put(&root, "d.csv", DATA);
    put(&root, "e.csv", "号\n1\n");
    put(&root, "p.cases.toml", CASES);
    for broken in
        [POLICY.replace(" }", ""), POLICY.replace("号 :", "号 :: "), POLICY.replace('项', "项 :")]
    {
        put(&root, "p.fan", format!("表 目 {{ 号 : 文本 主键 }}\n{broken}"));
        for arguments in ["test", "check"] {
            let (code, text) = said(&fanshi(&[arguments], &root));
            assert_eq!(code, Some(2), "{text}");
            assert!(!text.contains("no table called"), "{arguments}: {text}");
        }
    }
    // One that nothing declares is none.
    put(&root, "p.fan", POLICY.replace('项', "书"));
    let (_, text) = said(&fanshi(&["test"], &root));
    assert!(text.contains("no table called `项`"), "{text}");
}

#[test]
fn a_name_that_is_no_text_is_not_begun_with() {
    let root = folder("init-gbk");
    put(&root, gbk(".csv"), DATA);
    put(&root, "d.csv", DATA);
    for from in ["$'\\xC9\\xCF\\xB1\\xA8.csv'", "$'\\xC9\\xCF\\xB1\\xA8.csv' d.csv", "'*.csv'"] {
        let (code, text) = said(&shell(&format!("fanshi init neu --from {from}"), &root));
        assert_eq!(code, Some(2), "{from}: {text}");
        assert!(text.contains("the name is not UTF-8") && text.contains("rename it"), "{text}");
        assert!(!root.join("neu").exists(), "{from}: {text}");
    }
    assert_eq!(said(&fanshi(&["init", "neu", "--from", "d.csv"], &root)).0, Some(0));
}

#[test]
fn what_is_written_is_said_to_be_where_nothing_more_can_be_said() {
    let root = folder("written-full");
    put(&root, "d.csv", DATA);
    put(&root, "旧/p.fan", POLICY);
    put(&root, "旧/d.csv", DATA);
    put(&root, "旧/fanshi.toml", format!("{HEAD}\"项\" = \"d.csv\"\n"));
    let (code, text) = said(&fanshi(&["round", "旧", "--by", "号", "-o", "发"], &root));
    assert_eq!(code, Some(1), "{text}");
    for (script, written) in [
        ("fanshi init neu > /dev/full", "neu"),
        ("fanshi init neu2 --from d.csv > /dev/full", "neu2"),
        ("fanshi receive 旧 发/a.xlsx -o 新 > /dev/full", "新"),
        ("fanshi receive 旧 发/a.xlsx -o 新2 --format json > /dev/full", "新2"),
    ] {
        let (code, text) = said(&shell(script, &root));
        assert_eq!(code, Some(2), "{script}: {text}");
        assert!(text.contains("standard output: the disk is full"), "{script}: {text}");
        assert!(text.contains(&format!("`{written}` is written")), "{script}: {text}");
        assert!(root.join(written).join("fanshi.toml").exists(), "{script}");
    }
}

#[test]
fn what_there_is_one_of_is_not_to_be_split() {
    let root = project("one-of-a-kind", "\"项\" = \"d.csv\"");
    put(&root, "d.csv", DATA);
    sparse(&root.join("p.cases.toml"), 65 << 20);
    let (code, text) = said(&fanshi(&["test"], &root));
    assert_eq!(code, Some(2), "{text}");
    assert!(text.contains("one case file") && !text.contains("split"), "{text}");
    put(&root, "p.cases.toml", CASES);
    sparse(&root.join("p.cases/一.txt"), 17 << 20);
    let (code, text) = said(&fanshi(&["test"], &root));
    assert_eq!(code, Some(2), "{text}");
    assert!(text.contains("fewer rows") && !text.contains("split"), "{text}");
    sparse(&root.join("q.fan"), 5 << 20);
    let (_, text) = said(&fanshi(&["check"], &root));
    assert!(text.contains("split it into several files"), "{text}");
    sparse(&root.join("fanshi.toml"), 65 << 20);
    let (code, text) = said(&fanshi(&["check"], &root));
    assert_eq!(code, Some(2), "{text}");
    assert!(text.contains("one manifest") && !text.contains("split"), "{text}");
}

#[test]
fn brackets_that_end_nowhere_are_one_mistake() {
    let root = project("brackets", "\"项\" = \"d.csv\"");
    put(&root, "d.csv", DATA);
    for (open, count) in [("[", 200_000), ("{a=", 200_000), ("[", 3)] {
        let broken = format!("a={}", open.repeat(count));
        put(&root, "fanshi.toml", &broken);
        let (code, text) = said(&fanshi(&["check"], &root));
        assert_eq!(code, Some(2), "{text}");
        assert!(text.matches("✗ error").count() <= 2, "{count} {open}: {text}");
        put(&root, "fanshi.toml", format!("{HEAD}\"项\" = \"d.csv\"\n"));
        put(&root, "p.cases.toml", &broken);
        let (code, text) = said(&fanshi(&["test"], &root));
        assert_eq!(code, Some(2), "{text}");
        assert!(text.matches("✗ error").count() <= 2, "{count} {open}: {text}");
        std::fs::remove_file(root.join("p.cases.toml")).unwrap();
    }
}

#[test]
fn a_folder_that_is_a_link_to_nowhere_is_said_to_be() {
    let root = project("nowhere", "\"项\" = \"d.csv\"");
    put(&root, "d.csv", DATA);
    put(&root, "p.cases.toml", CASES);
    for name in ["p.cases", "出"] {
        symlink("nowhere", root.join(name)).unwrap();
    }
    for arguments in [
        &["test", "--update"][..],
        &["check", "--format", "xlsx", "--by", "号", "-o", "出"],
        &["round", "--by", "号", "-o", "出/下"],
        &["init", "出"],
    ] {
        let (code, text) = said(&fanshi(arguments, &root));
        assert_eq!(
            (code, text.contains("leads nowhere")),
            (Some(2), true),
            "{arguments:?}: {text}"
        );
        assert!(!text.contains("file of that name"), "{arguments:?}: {text}");
    }
}
