//! Every fault, at its place, in both languages; the rest of the file is loaded.

use crate::support::{
    BOOK, CHAPTER, Gone, LIBRARY, NOTE, SHELF, SHELVES, codes, input, memory, render, said_of,
    schema, with,
};
use fanshi::data::load;
use std::sync::Arc;

const GOOD: &str =
    r#""title":"t","shelf":"A1","kind":"诗","loan":1,"kept":true,"chapters":[],"tags":[]"#;

fn lines(rows: &[&str]) -> String {
    said_of("b.jsonl", &rows.join("\n"))
}

#[test]
fn values_that_do_not_fit_in_json() {
    let first = r#"{"code": "B1", "title": 5, "shelf": "A3", "kind": "小说集", "copies": "三", "price": "1.5万美元", "discount": 0.85,
  "published": "2015-02-30", "loan": "3个月", "kept": "丢失", "weight": 1e400, "shelf_life": {"n": 1}, "chapters": {}, "tags": "a、b"}"#;
    let second = r#"{"code": "B2", "title": ["x"], "shelf": "A1", "kind": "诗", "copies": 123456789012345678901234567890,
  "published": "2015-11-20 08:00", "loan": 1.5, "kept": 1,
  "chapters": [5, [], {"number": "1", "heading": "h", "pages": "十二"}], "tags": [1, null, "ok", {}]}"#;
    insta::assert_snapshot!("values", said_of("b.json", &format!("[{first}]")));
    insta::assert_snapshot!("containers", said_of("b.json", &format!("[{second}]")));
}

#[test]
fn fields_missing_unknown_and_given_twice() {
    let rows = [
        format!("{{\"code\":\"B1\",{GOOD},\"titel\":1,\"ISBN\":\"B9\"}}"),
        format!("{{{GOOD},\"titel\":2,\"颜色\":{{\"x\":[1]}}}}"),
        r#"{"code":"B3","title":"","shelf":null,"kind":"诗","loan":1,"chapters":[{"heading":"无号"}]}"#.to_owned(),
    ];
    insta::assert_snapshot!(lines(&rows.iter().map(String::as_str).collect::<Vec<_>>()));
}

#[test]
fn keys_and_references() {
    let row = |code: &str, shelf: &str, chapters: &str| {
        format!(
            "{{\"code\":\"{code}\",{},\"chapters\":[{chapters}]}}",
            GOOD.replace("\"A1\"", &format!("\"{shelf}\"")).replace(",\"chapters\":[]", "")
        )
    };
    let chapter = |number: &str| format!("{{\"number\":\"{number}\",\"heading\":\"h\"}}");
    let twice = [chapter("1"), chapter("2"), chapter("1")].join(",");
    let rows = [
        row("B1", "A1", &twice),
        row("B2", "Ａ１", &chapter("1")),
        row("B1", "Z9", ""),
        row("B3", "A22", ""),
    ];
    insta::assert_snapshot!(lines(&rows.iter().map(String::as_str).collect::<Vec<_>>()));
}

#[test]
fn broken_json() {
    let good = format!("{{\"code\":\"B1\",{GOOD}}}");
    let rows = [
        "{\"code\":\"B2\",",
        &good,
        "{'code': 1}",
        "[1]",
        "5",
        "{\"code\":\"B\\x\"}",
        "{\"code\":\"\\ud800\"}",
        "{} {}",
        "{\"code\":\"B\tX\"}",
        "{\"copies\":01}",
    ];
    insta::assert_snapshot!("lines", lines(&rows));
    let texts = [
        "[{\"code\":\"B1\"},]",
        "[{\"code\" 1}]",
        "[{\"code\":None}]",
        "[{code:1}]",
        "[1 2]",
        "// a\n[]",
        "{\"buk\":[]}",
        "{\"shelf\":[{\"id\":1}]}",
        "{\"book\":{}}",
        "7",
    ];
    let said: String = texts
        .iter()
        .map(|text| format!("{text}\n{}", first_line(&said_of("b.json", text))))
        .collect();
    insta::assert_snapshot!("texts", said);
}

/// The message and the place of the first diagnostic, in English.
fn first_line(said: &str) -> String {
    let mut rows = said.lines();
    let message = rows.next().unwrap_or("").split(" | ").last().unwrap_or("").to_owned();
    let place = rows.find(|line| line.contains(":") && !line.contains("help:")).unwrap_or("");
    format!("  {message}\n{place}\n")
}

#[test]
fn broken_toml() {
    insta::assert_snapshot!(said_of(
        "b.toml",
        "书 = 3\n[[book]]\ncode = \"B1\"\n书名 = \"红楼梦\"\ntitle = \nloan = 1 kind = \
            2\npublished = 2015-11-20T08:00:00\ncopies = 0x1F\nweight = inf\ncode \
            = \"B2\"\n[book.chapters]\nnumber = 1\n[[shelf]]\nid = \"A1\"\n[[boook]]\n"
    ));
}

#[test]
fn broken_csv() {
    let text = "书号,书名,架,类别,册数,借期,馆藏,标签,章节,书名,\n\
        B1,a,A1,诗,,1,是,x,,,\n\
        \"B2\"x,b,A1,诗,1,1,是,x,,,\n\
        B3,b,A1,诗,1,1,是,x,,,,多\n\
        B4,b\n\
        ,,,\n\
        B5,b,A1,诗,1,1,是,x,,,y\n\
        B6,\"b,A1,诗,1,1,是,x,,,\n\
        B7,b,A1,诗,1,1,是,x,,,\n";
    insta::assert_snapshot!(said_of("b.csv", text));
}

#[test]
fn elements_that_belong_nowhere() {
    let schema = schema();
    let books = "书号,书名,架,类别,借期,馆藏,标签\nB1,a,A1,诗,1,是,x\nB2,a,A1,诗,1,是,x\n";
    let shelf = (SHELF, "s.csv", SHELVES.into());
    let run = |files: &[(u32, &str, Vec<u8>)]| {
        with(
            &schema,
            &[&[(BOOK, "b.csv", books.into()), shelf.clone()], files].concat(),
            |_, said| render(said),
        )
    };
    let chapters = (CHAPTER, "c.csv", "书号,章号,章名\nB1,1,x\nB2,1,y\nB22,2,z\n,3,z\n".into());
    let notes = (NOTE, "n.csv", "章号,文字\n1,两可\n9,无\n".into());
    insta::assert_snapshot!("elements", run(&[chapters, notes]));
    insta::assert_snapshot!(
        "headings",
        run(&[
            (CHAPTER, "c.csv", "章号,章名\n1,x\n".into()),
            (6, "o.csv", "馆,值\n一,二\n".into()),
            (CHAPTER, "c.json", "[]".into())
        ]) + &run(&[])
    );
}

#[test]
fn whole_files() {
    let schema = schema();
    let files = [
        (LIBRARY, "l.json", "[]".into()),
        (SHELF, "s.csv", "id,level\n".into()),
        (BOOK, "b.jsonl", "\n \n".into()),
        (SHELF, "e.csv", Vec::new()),
        (SHELF, "bom.json", "\u{FEFF}".into()),
        (SHELF, "t.toml", Vec::new()),
    ];
    insta::assert_snapshot!("empty", with(&schema, &files, |_, said| render(said)));
    let two =
        [(LIBRARY, "l.json", "[{\"name\":\"a\",\"books\":1},{\"name\":\"b\",\"books\":1}]".into())];
    insta::assert_snapshot!("single", with(&schema, &two, |_, said| render(said)));
    let mut inputs = vec![
        input(SHELF, "gone.csv", Gone),
        input(SHELF, "a.csv", memory(SHELVES)),
        input(SHELF, "b.csv", memory(SHELVES)),
    ];
    inputs[1].mapping.encoding = Some("gbq".into());
    inputs[2].mapping.header = vec![9];
    let (_, said) = load(&Arc::new(schema), &Vec::new(), inputs);
    insta::assert_snapshot!("unread", render(&said));
}

#[test]
fn bad_bytes() {
    let mut bytes = format!("{SHELVES}架三,3\n架四,4\n").into_bytes();
    let at = bytes.len() - 3;
    bytes.splice(at..at, [0xFF]);
    let first = bytes.windows(6).position(|six| six == "架三".as_bytes()).unwrap();
    bytes.splice(first + 3..first + 3, [0xC0]);
    let utf_8 = with(&schema(), &[(SHELF, "u.csv", bytes)], |data, said| {
        assert_eq!(data.frames[SHELF as usize].len, 4);
        render(said)
    });
    insta::assert_snapshot!("utf_8", utf_8);
    let mut bytes = encoding_rs::GB18030.encode("架号,层\n架一,1\n架二,2\n").0.into_owned();
    let at = bytes.len() - 2;
    bytes.splice(at..at, [0xFF]);
    insta::assert_snapshot!(
        "gb18030",
        with(&schema(), &[(SHELF, "g.csv", bytes)], |_, said| render(said))
    );
}

#[test]
fn many_faults_are_counted() {
    let rows: String = (0..1000)
        .map(|n| format!("{{\"id\":\"A{n}\",\"level\":\"x\",\"more\":{n}}}\n{{\"id\":\"B{n}\"}}\n"))
        .collect();
    with(&schema(), &[(SHELF, "s.jsonl", rows.into())], |data, said| {
        let count = |code: &str| said.iter().filter(|diagnostic| diagnostic.code == code).count();
        assert_eq!(
            (count("unreadable_value"), count("missing_field"), count("unknown_field")),
            (1, 1, 1)
        );
        let text = render(said);
        for part in ["(1000 cells)", "lacks `level` (1000 rows)", "`more` (in 1000 rows)"] {
            assert!(text.contains(part), "{part}");
        }
        assert_eq!(data.frames[SHELF as usize].columns[1].unread.count(), 2000);
    });
    let books: String = (0..1000)
        .map(|n| {
            format!("{{\"code\":\"B{}\",{}}}\n", n % 500, GOOD.replace("A1", &format!("Z{n}")))
        })
        .collect();
    with(
        &schema(),
        &[(BOOK, "b.jsonl", books.into()), (SHELF, "s.csv", SHELVES.into())],
        |_, said| {
            let count = |code: &str| codes(said).iter().filter(|other| **other == code).count();
            assert_eq!((count("duplicate_key"), count("dangling_reference")), (201, 201));
        },
    );
}

#[test]
fn one_file_for_two_tables_is_read_for_both() {
    let text = r#"{"shelf":[{"id":"A1","level":1}],"library":{"name":"a","books":0}}"#;
    let files = [(SHELF, "all.json", text.into()), (LIBRARY, "all.json", text.into())];
    with(&schema(), &files, |_, said| assert_eq!(render(said), ""));
}

#[test]
fn headings_of_the_manifest_come_first() {
    let schema = schema();
    let store = memory("Regal,Höhe\nA1,3\n");
    let mut inputs = vec![input(SHELF, "s.csv", store)];
    inputs[0].mapping.headings = vec![("Regal".into(), "id".into()), ("Höhe".into(), "层".into())];
    let (data, said) =
        load(&Arc::new(schema), &vec![vec![fanshi::data::Need::Read; 14]; 7], inputs);
    assert_eq!(render(&said), "");
    assert_eq!(data.frames[SHELF as usize].len, 1);
}
