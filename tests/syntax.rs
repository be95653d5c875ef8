//! From text to tree and back: what is wrong, what is written, and that nothing breaks the parser.
#![expect(clippy::expect_used, clippy::panic, reason = "tests")]

use fanshi::syntax::error::SyntaxError;
use fanshi::syntax::format::{Style, format, reformat_checked, same_meaning};
use fanshi::syntax::parse::{MAX_BYTES, parse};
use fanshi::syntax::tree::{File, Language, Name};
use fanshi::text::{FileId, Source};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// A sample that uses every construct.
const SAMPLE: &str = include_str!("suite/format/everything.fan");

fn read(text: &str) -> (File, Vec<SyntaxError>, Source) {
    let source = Source::new("sample.fan", text);
    let (file, errors) = parse(FileId(0), &source);
    (file, errors, source)
}

fn update() -> bool {
    std::env::var_os("UPDATE").is_some()
}

/// The files of a suite whose names have no second dot, in order.
fn suite(name: &str) -> Vec<PathBuf> {
    let folder = Path::new("tests/suite").join(name);
    let entries = fs::read_dir(&folder).expect("the suite's folder");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.retain(|path| path.file_stem().is_some_and(|stem| !stem.to_string_lossy().contains('.')));
    paths.sort();
    assert!(!paths.is_empty());
    paths
}

/// Compares with what a file holds, or writes it.
fn expect(path: &Path, found: &str) {
    if update() {
        fs::write(path, found).expect("the suite is writable");
    }
    let wanted = fs::read_to_string(path).unwrap_or_default();
    assert_eq!(found, wanted, "{} (UPDATE=1 rewrites it)", path.display());
}

/// `#! 3:5-3:9 error code message`, then `#!   help`, as they stand at the end of a suite's file.
fn described(errors: &[SyntaxError], source: &Source) -> String {
    let mut lines = String::new();
    for error in errors {
        let diagnostic = error.diagnostic(source);
        let (from, to) =
            (source.position(error.span.start as usize), source.position(error.span.end as usize));
        let place = format!("{}:{}-{}:{}", from.line, from.column, to.line, to.column);
        lines.push_str(&format!(
            "#! {place} {} {} / {}\n",
            diagnostic.code, diagnostic.message.zh, diagnostic.message.en
        ));
        if let Some(help) = diagnostic.help {
            lines.push_str(&format!("#!   {} / {}\n", help.zh, help.en));
        }
    }
    lines
}

#[test]
fn mistakes_are_found_and_explained() {
    for path in suite("syntax") {
        let whole = fs::read_to_string(&path).expect("a suite's file");
        let text = whole.split_once("#! ").map_or(whole.as_str(), |(text, _)| text);
        let (_, errors, source) = read(text);
        expect(&path, &format!("{text}{}", described(&errors, &source)));
    }
}

/// Both directions of all names a file declares, and of some built-ins.
fn dictionary(text: &str) -> (BTreeMap<String, String>, BTreeMap<String, String>) {
    let builtins = "文本|text 整数|integer 日期|date 工作日|workdays 年|year 今日|today 数量|count \
        合计|sum 没有|none 存在|any 历时|elapsed 部门|department 小时|hours 分钟|minutes 首个|first \
        末个|last 平均|avg 不同数量|count_distinct 替换|replace 去除|strip";
    let pairs = text.lines().filter_map(|line| {
        let (zh, en) = line.split_once(" | ")?;
        let zh = zh.trim().rsplit(' ').next()?.split('(').next()?;
        let en = en.split([' ', ':', '=', '#']).next()?;
        Some((zh.to_owned(), en.to_owned()))
    });
    let builtins = builtins
        .split(' ')
        .filter_map(|pair| pair.split_once('|').map(|(zh, en)| (zh.to_owned(), en.to_owned())));
    let to_english: BTreeMap<String, String> = pairs.chain(builtins).collect();
    let to_chinese = to_english.iter().map(|(zh, en)| (en.clone(), zh.clone())).collect();
    (to_english, to_chinese)
}

fn translated(text: &str, language: Language, names: &BTreeMap<String, String>) -> String {
    let (file, errors, source) = read(text);
    assert!(errors.is_empty(), "{}", described(&errors, &source));
    let rename = |name: &Name| names.get(&name.text).cloned();
    reformat_checked(&file, &source, Style { language, rename: &rename }).unwrap_or_else(|_| {
        panic!(
            "formatting changes the meaning:\n{}",
            format(&file, &source, Style { language, rename: &rename })
        );
    })
}

#[test]
fn canonical_text_in_both_languages() {
    for path in suite("format") {
        let text = fs::read_to_string(&path).expect("a suite's file");
        let (to_english, to_chinese) = dictionary(&text);
        let none = BTreeMap::new();
        let chinese = translated(&text, Language::Chinese, &none);
        expect(&path.with_extension("zh.fan"), &chinese);
        assert_eq!(translated(&chinese, Language::Chinese, &none), chinese, "formatting twice");
        let english = translated(&chinese, Language::English, &to_english);
        expect(&path.with_extension("en.fan"), &english);
        assert_eq!(translated(&english, Language::English, &none), english, "formatting twice");
        // Amounts, days and parts of values in the words of one language are figures in the other.
        let back = translated(&english, Language::Chinese, &to_chinese);
        let ((file, _, source), (other, _, written)) = (read(&chinese), read(&back));
        assert!(same_meaning((&file, &source), (&other, &written)), "there and back: {back}");
        let again = translated(&back, Language::English, &to_english);
        assert_eq!(again, english, "there and back again");
        let in_words = ["万元", "的 一半", "分之", "的 50%", "年"];
        if !in_words.iter().any(|word| chinese.contains(word)) {
            assert_eq!(back, chinese, "there and back");
        }
    }
}

#[test]
fn the_same_meaning_in_another_layout() {
    let (a, _, source_a) = read("参数 甲 | a : 整数 = 5   # five\n参数 乙 : 整数 = 甲 + 1");
    let (b, _, source_b) = read("parameter a | 甲:整数=５ 参数 乙 : 整数 = 甲\n + 1");
    let (c, _, source_c) = read("参数 甲 | a : 整数 = 5 参数 乙 : 整数 = 甲 - 1");
    assert!(same_meaning((&a, &source_a), (&b, &source_b)));
    assert!(!same_meaning((&a, &source_a), (&c, &source_c)));
}

/// Runs in a thread as small as a test's or a worker's.
fn in_small_stack(work: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(2 << 20).spawn(work).expect("a thread");
    thread.join().expect("no panic");
}

#[test]
fn depth_is_limited_not_fatal() {
    in_small_stack(|| {
        let many = 100_000;
        let joined = 10_000;
        for unit in [
            "非 ",
            "有 ",
            "- ",
            "(",
            "{",
            "f(",
            "a[",
            "a.",
            "a + ",
            "a * ",
            "a[b]",
            "f(a: ",
            "若 ",
            "若 a 则 ",
            "若 a 则 b 否则 ",
            "if a then b else ",
            "a 缺则 ",
        ] {
            let (_, errors, source) = read(&format!("定义 甲(乙) = {}x", unit.repeat(many)));
            let codes: Vec<&str> = errors.iter().map(|error| error.kind.code()).collect();
            let known = ["too_deep", "unclosed_bracket"];
            assert!(
                codes.iter().all(|code| known.contains(code) || unit == "a[b]"),
                "{unit}: {codes:?}"
            );
            assert!(!codes.is_empty(), "{unit}");
            for error in &errors {
                let diagnostic = error.diagnostic(&source);
                assert!(diagnostic.message.zh.len() < 400);
                assert!(
                    diagnostic.labels.iter().all(|label| label.place.excerpt.text.len() < 2000)
                );
            }
        }
        for (open, close) in [
            ("(", ")"),
            ("{", "}"),
            ("f(", ")"),
            ("a[", "]"),
            ("f(a: ", ")"),
            ("f(a 当 ", ")"),
            ("若 a 则 ", " 否则 b"),
            ("若 a 则 b 否则 ", ""),
        ] {
            for depth in [60, 64, 65, 5000] {
                let (_, errors, _) =
                    read(&format!("定义 甲(乙) = {}x{}", open.repeat(depth), close.repeat(depth)));
                assert_eq!(
                    errors.first().map(|error| error.kind.code()),
                    (depth > 64).then_some("too_deep"),
                    "{open} {depth}"
                );
            }
        }
        let (file, errors, source) = read(&format!("定义 甲(乙) = {}x", "x 且 ".repeat(joined)));
        assert!(errors.is_empty());
        assert!(format(&file, &source, Style::plain(Language::English)).len() > joined);
    });
}

#[test]
fn nothing_makes_the_parser_panic() {
    in_small_stack(|| {
        for (at, _) in SAMPLE.char_indices() {
            let head = SAMPLE.get(..at).unwrap_or("");
            let tail = SAMPLE.get(at..).unwrap_or("");
            let without: String = tail.chars().skip(1).collect();
            // Not every place: the sample is long, and this is a debug build.
            if at % 23 == 0 {
                check(head);
                check(&format!("{head}{without}"));
            }
        }
        let mut seed = 7_u32;
        for _ in 0..60 {
            let mut text: Vec<char> = SAMPLE.chars().collect();
            for _ in 0..20 {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let from = (seed >> 8) as usize % text.len();
                let to = (from + (seed >> 4) as usize % 9).min(text.len());
                text.drain(from..to);
            }
            check(&text.into_iter().collect::<String>());
        }
    });
}

/// Whatever stands there: errors have places, and what parses survives formatting.
fn check(text: &str) {
    let (file, errors, source) = read(text);
    for error in &errors {
        assert!(error.kind.code() != "grammar_defect", "{text}");
        assert!(source.text.get(error.span.range()).is_some(), "{text}");
        let _ = error.diagnostic(&source);
    }
    if errors.is_empty() {
        for language in [Language::Chinese, Language::English] {
            assert!(reformat_checked(&file, &source, Style::plain(language)).is_ok(), "{text}");
        }
    }
}

#[test]
fn places_are_no_titles_of_what_is_cited() {
    in_small_stack(|| {
        let behind =
            ["五条第五条", "第三条第五条", "附件一第三条", "五条〔2015〕3号", "三条例第五条"];
        for line in behind {
            for between in ["\n", " ", "、", "和"] {
                check(&format!("第三条 名\n  凡 物，名 必须 为 1\n  根据《法》{between}{line}\n"));
            }
        }
        let written = |behind: &str| {
            let text = format!("第三条 名\n  凡 物，名 必须 为 1\n  根据《法》{behind}\n");
            let (file, errors, source) = read(&text);
            assert!(errors.is_empty(), "{text}");
            format(&file, &source, Style::plain(Language::Chinese))
        };
        assert!(written("、三条例第五条").contains("《法》、三条例第五条"));
        // What begins another line of the article is no title either.
        for line in ["优先于 第一条", "施行 2024-01-01", "除非 名 为 2"] {
            for between in ["\n  ", " "] {
                let text = written(&format!("{between}{line}"));
                assert!(text.contains("  根据 《法》\n"), "{text}");
                assert!(text.contains(line), "{text}");
            }
        }
    });
}

#[test]
fn a_file_may_be_large_but_not_endless() {
    let (_, errors, _) = read(&" ".repeat(MAX_BYTES + 1));
    assert_eq!(errors.first().map(|error| error.kind.code()), Some("source_too_large"));
    let (_, errors, source) = read(&format!("参数 a : 整数 = {}", "@".repeat(10 << 20)));
    let shown: usize = errors
        .iter()
        .map(|error| {
            error
                .diagnostic(&source)
                .labels
                .iter()
                .map(|label| label.place.excerpt.text.len())
                .sum::<usize>()
        })
        .sum();
    assert!(!errors.is_empty() && shown < 2000);
}
