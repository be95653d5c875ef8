//! The four formats, and all encodings, give the same columns.

use crate::support::{
    BOOK, CHAPTER, LIBRARY, NOTE, SHELF, SHELVES, codes, dump, render, schema, with,
};
use encoding_rs::GB18030;

const TOML: &str = r#"
[[book]]
code = "B1"
"书名" = "红楼梦"
shelf = "A2"
kind = "novel"
price = "59.9元"
discount = "85%"
published = 1982-03-01
loan = 30
kept = true
chapters = [{ number = "1", heading = "甄士隐", pages = 12, notes = [{ text = "注一" }] }, { number = "2", heading = "贾夫人" }]
tags = ["古典", "长篇"]

[[book]]
code = "B2"
title = "辞海"
shelf = "A1"
kind = "工具书(辞典)"
copies = 3
loan = "当天"
kept = "无"
weight = 2.5
shelf_life = 6
chapters = []
tags = []
"#;

const JSON: &str = r#"[
  {"code": "B1", "书名": "红楼梦", "shelf": "A2", "kind": "小说", "price": 59.9, "discount": "85％", "published": "1982年3月1日",
   "loan": "30 工作日", "kept": "有", "chapters": [
     {"number": "1", "heading": "甄士隐", "pages": 12, "notes": [{"text": "注一"}]},
     {"number": "2", "heading": "贾夫人", "pages": null}], "tags": ["古典", "长篇"]},
  {"code": "B2", "title": "辞海", "shelf": "A1", "kind": "dictionary", "copies": 3, "price": "", "loan": 0, "kept": false,
   "weight": 25e-1, "shelf_life": "6个月", "chapters": [], "tags": []}
]"#;

const BOOKS: &str = "ISBN,书名,架,类别,册数,定价,折扣,出版,借期,馆藏,重量,保质,标签\r
B1,红楼梦,A2,小说,,￥59.9,85%,1982/3/1,30天,是,,,\"古典、长篇\"\r
B2,辞海,A1,工具书（辞典）,３,,,,当天,否,2.5,6,；\r
";
const CHAPTERS: &str = "书号,idx,章号,章名,页\nB1,0,1,甄士隐,12\nB1,1,2,贾夫人,\n";
const NOTES: &str = "章号,文字\n1,注一\n";

fn shelves() -> (u32, &'static str, Vec<u8>) {
    (SHELF, "shelves.csv", SHELVES.into())
}

fn books(name: &'static str, text: &str) -> String {
    let schema = schema();
    with(&schema, &[(BOOK, name, text.into()), shelves()], |data, diagnostics| {
        assert_eq!(render(diagnostics), "", "{name}");
        dump(&schema, data)
    })
}

#[test]
fn four_formats_give_the_same_columns() {
    let toml = books("books.toml", TOML);
    insta::assert_snapshot!(toml);
    assert_eq!(books("books.json", JSON), toml);
    let lines: String = JSON
        .replace('\n', "")
        .trim_start_matches('[')
        .trim_end_matches(']')
        .replace("},  {\"code\": \"B2\"", "}\n{\"code\": \"B2\"");
    assert_eq!(lines.lines().count(), 2);
    assert_eq!(books("books.jsonl", &lines), toml);
    assert_eq!(books("tables.json", &format!("\u{FEFF}{{\"书\": {JSON}}}")), toml);
    let schema = schema();
    let files = [
        (CHAPTER, "chapters.csv", CHAPTERS.into()),
        (BOOK, "books.csv", BOOKS.into()),
        (NOTE, "notes.csv", NOTES.into()),
        shelves(),
    ];
    let csv = with(&schema, &files, |data, diagnostics| {
        assert_eq!(codes(diagnostics), ["ignored_column"]);
        dump(&schema, data)
    });
    // with a file of notes every chapter has a list of them; a cell of separators alone is an empty
    // list
    assert_eq!(csv, toml.replace("2 | 贾夫人 | - | -", "2 | 贾夫人 | - | +"));
}

#[test]
fn encodings_and_delimiters_do_not_matter() {
    let schema = schema();
    let load = |name: &str, bytes: Vec<u8>| {
        let files = [
            (BOOK, name, bytes),
            (
                CHAPTER,
                "chapters.csv",
                CHAPTERS.replace("idx,", "").replace(",0,", ",").replace(",1,2", ",2").into(),
            ),
            shelves(),
        ];
        with(&schema, &files, |data, diagnostics| {
            let told: Vec<_> =
                diagnostics.iter().filter(|found| found.code != "guessed_encoding").collect();
            assert!(told.is_empty(), "{}", render(diagnostics));
            dump(&schema, data)
        })
    };
    let plain = load("books.csv", BOOKS.into());
    let units = || BOOKS.encode_utf16();
    assert_eq!(load("books.csv", format!("\u{FEFF}{BOOKS}").into()), plain);
    assert_eq!(load("books.csv", GB18030.encode(BOOKS).0.into_owned()), plain);
    assert_eq!(load("books.csv", units().flat_map(u16::to_le_bytes).collect()), plain);
    assert_eq!(load("books.csv", units().flat_map(u16::to_be_bytes).collect()), plain);
    assert_eq!(
        load(
            "books.csv",
            [0xFF, 0xFE].into_iter().chain(units().flat_map(u16::to_le_bytes)).collect()
        ),
        plain
    );
    assert_eq!(load("BOOKS.TSV", BOOKS.replace(',', "\t").into()), plain);
    assert_eq!(load("books.csv", BOOKS.replace("\r\n", "\r").into()), plain);
}

#[test]
fn a_single_table_is_a_row_by_itself() {
    let schema = schema();
    let texts = [
        ("a.toml", "name = \"一馆\"\nbooks = 2\nothers = [\"总馆\"]"),
        ("a.toml", "[library]\nname = \"一馆\"\nbooks = 2\nothers = [\"总馆\"]"),
        ("a.toml", "[[library]]\nname = \"一馆\"\nbooks = 2\nothers = [\"总馆\"]"),
        ("a.json", r#"{"馆名": "一馆", "藏书": 2, "别名": ["总馆"]}"#),
        ("a.json", r#"{"馆": {"馆名": "一馆", "藏书": 2, "别名": ["总馆"]}}"#),
        ("a.json", r#"[{"馆名": "一馆", "藏书": 2, "别名": ["总馆"]}]"#),
        ("a.csv", "馆名,藏书,别名\n一馆,2,总馆\n"),
    ];
    for (name, text) in texts {
        with(&schema, &[(LIBRARY, name, text.into())], |data, diagnostics| {
            assert_eq!(render(diagnostics), "", "{text}");
            assert_eq!(
                dump(&schema, data),
                "library []\n  一馆 | 2 | +\nothers [0, 1]\n  总馆\n",
                "{text}"
            );
        });
    }
}

#[test]
fn several_files_of_one_table_follow_one_another() {
    let schema = schema();
    let files = [
        (SHELF, "a.csv", b"id,level\nA1,1\n".to_vec()),
        (SHELF, "b.json", br#"[{"id": "A2", "level": 2}]"#.to_vec()),
        (SHELF, "c.toml", b"[[shelf]]\nid = \"A3\"\nlevel = 3".to_vec()),
    ];
    with(&schema, &files, |data, diagnostics| {
        assert_eq!(render(diagnostics), "");
        assert_eq!(dump(&schema, data), "shelf []\n  A1 | 1\n  A2 | 2\n  A3 | 3\n");
    });
}

#[test]
fn elements_in_files_follow_those_in_their_row() {
    let schema = schema();
    let lines = "{\"code\":\"B1\",\"title\":\"a\",\"shelf\":\"A1\",\"kind\":\"诗\",\"loan\":1,\"kept\":true,\"tags\":[],\"chapters\":[{\"number\":\"x\",\"heading\":\"X\",\"notes\":[{\"text\":\"n\"}]}]}
{\"code\":\"B2\",\"title\":\"b\",\"shelf\":\"A1\",\"kind\":\"诗\",\"loan\":1,\"kept\":true,\"tags\":[]}
";
    let files = [
        (BOOK, "b.jsonl", lines.into()),
        (CHAPTER, "c.csv", "code,number,heading\nB2,2,zwei\nB1,1,eins\nB2,3,drei\n".into()),
        shelves(),
    ];
    with(&schema, &files, |data, diagnostics| {
        assert_eq!(render(diagnostics), "");
        let text = dump(&schema, data);
        assert!(
            text.contains(
                "chapters [0, 2, 4]\n  x | X | - | +\n  1 | eins | - | -\n  2 | zwei | - \
                | -\n  3 | drei | - | -\n"
            ),
            "{text}"
        );
        assert!(text.contains("notes [0, 1, 1, 1, 1]\n"), "{text}");
    });
}

#[test]
fn large_json_lines_equal_the_same_rows_in_an_array() {
    let schema = schema();
    let row = |n: usize| {
        let tags = vec!["\"标签\""; n % 5].join(",");
        let price = if n.is_multiple_of(3) { format!(",\"price\":{n}.5") } else { String::new() };
        let title = if n == 7000 { "长".repeat(1_500_000) } else { format!("书{n}") };
        format!(
            "{{\"code\":\"B{n}\",\"title\":\"{title}\"{price},\"shelf\":\"A{}\",\"kind\":\"诗\",\"loan\":{n},\"kept\":true,\"chapters\":[{{\"number\":\"1\",\"heading\":\"h{n}\"}}],\"tags\":[{tags}]}}",
            n % 2 + 1
        )
    };
    let rows: Vec<String> = (0..20_000).map(row).collect();
    let load = |name: &str, text: String| {
        with(&schema, &[(BOOK, name, text.into()), shelves()], |data, diagnostics| {
            let told: Vec<_> =
                diagnostics.iter().filter(|found| found.code != "guessed_encoding").collect();
            assert!(told.is_empty(), "{}", render(diagnostics));
            dump(&schema, data)
        })
    };
    let lines = load("a.jsonl", rows.join("\n"));
    assert!(lines == load("a.json", format!("[{}]", rows.join(","))), "columns differ");
    assert_eq!(lines.lines().count(), 20_000 * 2 + 40_000 + 2 + 4);
}
