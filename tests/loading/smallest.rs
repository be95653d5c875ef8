//! The codes of text files, by the smallest text that causes each, in every form it has;
//! `tests/suite/errors` has every code once.

use crate::support::{Gone, enumeration, field, input, key, list, memory, names, optional, table};
use fanshi::data::{Input, load};
use fanshi::schema::{Constant, EnumId, Frame, FrameId, Reading, Schema, Type};
use std::collections::BTreeSet;

const T: u32 = 0;
const L: u32 = 1;
const U: u32 = 3;
const S: u32 = 5;

/// `t {k text key, n integer, d date, w workdays, c percent, e enum {a, b}, l many {x integer}, p
/// many text, r reference to t}`, all but the key optional.
fn schema() -> Schema {
    use Type::{Date, Integer, List, Percent, Ref, Text, Workdays};
    let mut w = optional("w", Workdays);
    w.readings = vec![("now".into(), Reading::Value(Constant::Int(0)))];
    let fields = vec![
        key("k", Text),
        optional("n", Integer),
        optional("d", Date),
        w,
        optional("c", Percent),
        optional("e", Type::Enum(EnumId(0))),
        optional("l", List(FrameId(L))),
        optional("p", List(FrameId(2))),
        optional("r", Ref(FrameId(T))),
    ];
    let mut unique = field("a", Integer);
    unique.unique = true;
    let frames = vec![
        table("t", fields),
        list(
            "l",
            (T, 6),
            vec![key("y", Text), field("x", Integer), optional("z", List(FrameId(4)))],
        ),
        list("p", (T, 7), vec![field("值|value", Text)]),
        table("u", vec![unique, field("m", List(FrameId(6)))]),
        list("z", (L, 2), vec![field("o", Integer)]),
        Frame { single: true, names: names("s"), ..table("s", vec![field("q", Integer)]) },
        list("m", (U, 1), vec![field("v", Integer)]),
    ];
    Schema { enums: vec![enumeration("e", &["a", "b"])], frames, ..Schema::default() }
}

fn codes(files: &[(u32, &str, &[u8])], change: impl FnOnce(&mut Vec<Input>)) -> Vec<String> {
    let schema = schema();
    let mut inputs: Vec<Input> = files
        .iter()
        .map(|(frame, name, bytes)| input(*frame, name, memory(bytes.to_vec())))
        .collect();
    change(&mut inputs);
    let (_, said) = load(&schema.into(), &vec![vec![fanshi::data::Need::Read; 9]; 7], inputs);
    said.iter().map(|diagnostic| diagnostic.code.to_owned()).collect()
}

/// Code, frame, JSON lines.
const LINES: [(&str, u32, &str); 16] = [
    ("json_syntax", T, "[{\"k\": }]"),
    ("unknown_field", T, "{\"k\": \"a\", \"nn\": 1}"),
    ("duplicate_field", T, "{\"k\": \"a\", \"k\": \"b\"}"),
    ("missing_field", T, "{}"),
    ("not_rows", T, "5"),
    ("wrong_type", T, "{\"k\": 5}"),
    ("unreadable_value", T, "{\"n\": \"x\"}"),
    ("unreadable_value", T, "{\"d\": \"2015-02-30\"}"),
    ("out_of_range", T, "{\"n\": 1e99}"),
    ("wrong_unit", T, "{\"w\": \"3日\"}"),
    ("bare_percent", T, "{\"c\": 0.5}"),
    ("unknown_value", T, "{\"e\": \"c\"}"),
    ("dangling_reference", T, "{\"k\": \"a\", \"r\": \"b\"}"),
    ("duplicate_key", T, "{\"k\": \"a\"}\n{\"k\": \"a\"}"),
    ("duplicate_value", U, "{\"a\": 1}\n{\"a\": 1}"),
    ("missing_heading_row", T, ""),
];

/// Code, frame, name, bytes.
const OTHERS: [(&str, u32, &str, &[u8]); 23] = [
    ("empty_table", T, "t.json", b"[]"),
    ("wrong_row_count", S, "s.json", b"[]"),
    ("too_deep", T, "t.json", &[b'['; 65]),
    ("unknown_table", T, "t.json", b"{\"tt\": []}"),
    ("unexpected_table", T, "t.json", b"{\"u\": []}"),
    ("not_rows", T, "t.json", b"{\"t\": 5}"),
    ("nested_file", L, "l.json", b"[]"),
    ("toml_syntax", T, "t.toml", b"[[t]"),
    ("unquoted_key", T, "t.toml", "名称 = 1".as_bytes()),
    ("unterminated_quote", T, "t.csv", b"k\n\"a"),
    ("text_after_quote", T, "t.csv", b"k\n\"a\"b"),
    ("ragged_row", T, "t.csv", b"k,n\na,1,2"),
    ("duplicate_heading", T, "t.csv", b"k,k\n"),
    ("ignored_column", T, "t.csv", b"k,idx\n"),
    ("no_known_heading", T, "t.csv", b"x\n"),
    ("missing_column", T, "t.csv", b"n\n1"),
    ("missing_list_file", U, "u.csv", b"a\n1"),
    ("list_in_cell", T, "t.csv", b"k,l\n"),
    ("missing_parent_column", L, "l.csv", b"y,x\n"),
    ("no_parent_key", 6, "m.csv", b"v\n"),
    ("missing_parent", L, "l.csv", b"k,y,x\n,1,1"),
    ("dangling_parent", L, "l.csv", b"k,y,x\nb,1,1"),
    ("undecodable", T, "t.csv", b"k\n\xD6\xD0\xB9\xFA\xC8\xCB\xC3\xF1\n\xD6\xD0\xFF\n\xB5\xC4"),
];

#[test]
fn every_code_has_its_smallest_text() {
    let mut seen = BTreeSet::new();
    let mut check = |code: &str, found: Vec<String>| {
        assert!(found.iter().any(|other| other == code), "{code}: {found:?}");
        seen.insert(code.to_owned());
    };
    for (code, frame, text) in LINES {
        check(code, codes(&[(frame, "t.jsonl", text.as_bytes())], |_| ()));
    }
    for (code, frame, name, bytes) in OTHERS {
        check(code, codes(&[(frame, name, bytes)], |_| ()));
    }
    let utf_8 = "k\n一二三四五六七八九".as_bytes();
    check("invalid_utf8", codes(&[(T, "t.csv", &[utf_8, b"\xFF"].concat())], |_| ()));
    let twice = [
        (T, "t.csv", b"k\na\nb".as_slice()),
        (L, "l.csv", b"k,y,x\na,1,1\nb,1,1"),
        (4, "z.csv", b"y,o\n1,1"),
    ];
    check("ambiguous_parent", codes(&twice, |_| ()));
    check(
        "unknown_encoding",
        codes(&[(T, "t.csv", b"k")], |inputs| inputs[0].mapping.encoding = Some("gbq".into())),
    );
    let gb18030 = b"k\n\xCA\xAE\xD2\xBB\xD4\xC2\xBE\xC5\xC8\xD5".as_slice();
    check(
        "wrong_encoding",
        codes(&[(T, "t.csv", gb18030)], |inputs| inputs[0].mapping.encoding = Some("utf-8".into())),
    );
    check(
        "unknown_mapping",
        codes(&[(T, "t.csv", b"k\na")], |inputs| {
            inputs[0].mapping.headings.push(("N".into(), "nn".into()))
        }),
    );
    check(
        "missing_heading_row",
        codes(&[(T, "t.csv", b"a\nb\nc")], |inputs| inputs[0].mapping.header = vec![9]),
    );
    check(
        "unreadable_file",
        codes(&[(T, "t.csv", b"")], |inputs| inputs[0].store = std::sync::Arc::new(Gone)),
    );
    assert!(seen.len() > 40, "{seen:?}");
}
