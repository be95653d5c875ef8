//! From rows back to places.

use crate::support::{BOOK, CHAPTER, LIBRARY, NOTE, SHELF, SHELVES, schema, with};
use fanshi::data::Data;
use fanshi::place::{At, Place};
use fanshi::schema::{FieldId, FrameId};

fn marked(place: &Place) -> &str {
    place.excerpt.text.get(place.excerpt.mark.clone()).unwrap()
}

fn locate(data: &Data, frame: u32, row: usize, field: Option<u32>) -> Place {
    data.located.locate(FrameId(frame), row, field.map(FieldId)).unwrap()
}

/// What stands at a value, with line and column.
fn at(data: &Data, frame: u32, row: usize, field: Option<u32>) -> String {
    let place = locate(data, frame, row, field);
    let At::Text { from, .. } = &place.at else { panic!("{place:?}") };
    format!("{}:{}:{} {}", place.file, from.line, from.column, marked(&place))
}

const FIRST: &str = r#"{"code": "B1", "title": "红\"楼\"梦", "shelf": "A2", "kind": "小说", "chapters": [{"number": "一", "heading": "甄士隐"}, {"number": "二", "heading": "贾夫人", "notes": [{"text": "注"}]}], "tags": ["古典", "长篇"]}"#;
const SECOND: &str = r#"{"code": "B2", "title": "海", "tags": []}"#;

#[test]
fn json_values_are_found_again() {
    let array = format!("[\n\n{FIRST},\n\n{SECOND}]");
    let object = format!("{{\"shelf\": [],\n\"book\": [\n{FIRST},\n\n{SECOND}]}}");
    let lines = format!("\n\n{FIRST}\n\n{SECOND}");
    for (name, text) in [("b.json", array), ("b.json", object), ("b.jsonl", lines)] {
        with(
            &schema(),
            &[(BOOK, name, text.into()), (SHELF, "s.csv", SHELVES.into())],
            |data, _| {
                assert_eq!(data.frames.first().unwrap().len, 2);
                assert_eq!(at(data, BOOK, 0, None), format!("{name}:3:10 \"B1\""));
                assert_eq!(at(data, BOOK, 0, Some(1)), format!("{name}:3:25 \"红\\\"楼\\\"梦\""));
                assert!(at(data, CHAPTER, 1, Some(1)).ends_with("\"贾夫人\""));
                assert!(at(data, CHAPTER, 1, None).ends_with("\"二\""));
                assert!(at(data, NOTE, 0, Some(0)).ends_with("\"注\""));
                assert!(at(data, 2, 1, Some(0)).ends_with("\"长篇\""));
                assert!(at(data, BOOK, 0, Some(13)).ends_with(" ["), "a list is where it begins");
                assert!(
                    at(data, BOOK, 0, Some(5)).ends_with(" \"B1\""),
                    "a field that was not given is where its row is"
                );
                assert_eq!(at(data, BOOK, 1, Some(1)), format!("{name}:5:25 \"海\""));
            },
        );
    }
}

#[test]
fn toml_values_are_found_again() {
    let text = "\"藏\" = 1\n[[book]]\ncode = \"B1\"\ntitle = \"a\"\n[[book.chapters]]\nnumber \
        = \"1\"\nheading = \"h1\"\n\n[[book.chapters]]\nheading = \"h2\"\n[[book]]\ncode \
        = \"B2\"\ntags = [\"x\", \"y\"]\n";
    with(&schema(), &[(BOOK, "b.toml", text.into())], |data, _| {
        assert_eq!(at(data, BOOK, 1, None), "b.toml:12:8 \"B2\"");
        assert_eq!(at(data, CHAPTER, 0, Some(1)), "b.toml:7:11 \"h1\"");
        assert_eq!(at(data, CHAPTER, 1, None), "b.toml:9:1 [[book.chapters]]");
        assert_eq!(at(data, 2, 1, None), "b.toml:13:14 \"y\"");
        assert_eq!(data.located.order(FrameId(CHAPTER), 1), (0, 10));
        assert!(data.located.order(FrameId(BOOK), 1) > data.located.order(FrameId(CHAPTER), 1));
    });
    with(
        &schema(),
        &[
            (LIBRARY, "l.toml", "name = \"一\"\nbooks = 2".into()),
            (LIBRARY, "l.json", "{\"name\": \"二\", \"books\": 3}".into()),
        ],
        |data, _| {
            assert_eq!(at(data, LIBRARY, 0, Some(1)), "l.toml:2:9 2");
            assert_eq!(at(data, LIBRARY, 1, Some(0)), "l.json:1:10 \"二\"");
        },
    );
}

#[test]
fn cells_are_found_again_in_every_encoding() {
    let text = "号外,,\r\n书号,书名,标签\r\nB1,\"红,\n楼\",古典、长篇\r\n\r\nB2,𠀀梦,\"诗\"\r\n";
    let chapters = "书号,章号,章名\nB2,1,一\nB1,1,二\n";
    let gb18030 = encoding_rs::GB18030.encode(text).0.into_owned();
    let utf_16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for bytes in [text.as_bytes().to_vec(), format!("\u{FEFF}{text}").into_bytes(), gb18030, utf_16]
    {
        let mut inputs = vec![
            crate::support::input(BOOK, "b.csv", crate::support::memory(bytes.clone())),
            crate::support::input(CHAPTER, "c.csv", crate::support::memory(chapters)),
        ];
        inputs[0].mapping.header = vec![2];
        let schema = schema();
        let (data, _) = fanshi::data::load(
            &schema.into(),
            &vec![vec![fanshi::data::Need::Read; 14]; 7],
            inputs,
        );
        assert_eq!(at(&data, BOOK, 1, Some(1)), "b.csv:6:4 𠀀梦");
        assert_eq!(at(&data, BOOK, 0, Some(1)), "b.csv:3:4 \"红,\n楼\"");
        assert_eq!(at(&data, BOOK, 0, Some(5)), "b.csv:3:1 B1");
        assert_eq!(at(&data, 2, 1, Some(0)), "b.csv:4:7 长篇");
        assert_eq!(at(&data, 2, 2, None), "b.csv:6:8 诗");
        assert_eq!(at(&data, CHAPTER, 0, Some(1)), "c.csv:3:6 二");
        let order = |frame, row| data.located.order(FrameId(frame), row);
        assert!(
            order(CHAPTER, 0) == order(BOOK, 0)
                && order(CHAPTER, 1) == order(BOOK, 1)
                && order(BOOK, 0) < order(BOOK, 1)
        );
        let At::Text { start, end, .. } = locate(&data, BOOK, 1, Some(1)).at else { panic!() };
        let stored = &bytes[usize::try_from(start).unwrap()..usize::try_from(end).unwrap()];
        let expected: Vec<u8> = match stored.len() {
            6 if bytes[0] == 0xB1 || stored[0] == 0x95 => {
                encoding_rs::GB18030.encode("𠀀梦").0.into_owned()
            }
            6 => "𠀀梦".encode_utf16().flat_map(u16::to_le_bytes).collect(),
            _ => "𠀀梦".as_bytes().to_vec(),
        };
        assert_eq!(stored, expected);
    }
}

#[test]
fn places_hold_in_long_lines_and_late_rows() {
    let row = |n: usize| {
        format!(
            "{{\"code\":\"书{n}\",\"title\":\"{}\",\"tags\":[\"标{n}\"]}}",
            "长".repeat(if n == 500 { 100_000 } else { n % 50 })
        )
    };
    let one_line = format!("[{}]", (0..2000).map(row).collect::<Vec<_>>().join(","));
    with(&schema(), &[(BOOK, "b.json", one_line.clone().into())], |data, _| {
        for n in [0, 1, 499, 500, 501, 1999] {
            let place = locate(data, 2, n, Some(0));
            let At::Text { from, start, .. } = &place.at else { panic!() };
            let byte = one_line.find(&format!("\"标{n}\"")).unwrap();
            assert_eq!(marked(&place), format!("\"标{n}\""));
            assert_eq!(
                (*start, from.line, from.column),
                (byte as u64, 1, one_line[..byte].chars().count() + 1)
            );
            let shown = place.excerpt.text.get(..place.excerpt.mark.start).unwrap().chars().count();
            assert_eq!(place.excerpt.cut_before + shown + 1, from.column);
        }
    });
    let lines = (0..60_000).map(row).collect::<Vec<_>>().join("\n");
    assert!(lines.len() > 4 << 20);
    with(&schema(), &[(BOOK, "b.jsonl", lines.clone().into())], |data, _| {
        for n in [0, 1, 499, 500, 501, 30_000, 59_999] {
            let place = locate(data, 2, n, Some(0));
            let At::Text { from, start, .. } = &place.at else { panic!() };
            assert_eq!((marked(&place), from.line), (format!("\"标{n}\"").as_str(), n + 1));
            assert_eq!(*start, lines.find(&format!("\"标{n}\"")).unwrap() as u64);
        }
    });
}
