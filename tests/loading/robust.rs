//! Files nobody meant to write: something is said, nothing breaks.

use crate::support::{BOOK, CHAPTER, LIBRARY, SHELF, SHELVES, codes, dump, render, schema, with};

const NAMES: [&str; 4] = ["b.json", "b.jsonl", "b.toml", "b.csv"];

fn small_stack(test: impl FnOnce() + Send + 'static) {
    // rayon's threads have the platform's default stack; the caller's may be as small as this
    std::thread::Builder::new().stack_size(2 << 20).spawn(test).unwrap().join().unwrap();
}

/// Loads bytes as books and as a single table: the diagnostics are not empty unless the bytes are
/// good.
fn load_as(name: &str, bytes: &[u8]) -> Vec<&'static str> {
    let single = [(LIBRARY, name, bytes.to_vec())];
    with(&schema(), &single, |data, said| (dump(&schema(), data), render(said)));
    with(
        &schema(),
        &[(BOOK, name, bytes.to_vec()), (SHELF, "s.csv", SHELVES.into())],
        |data, said| {
            dump(&schema(), data);
            render(said);
            for frame in 0..7 {
                for row in 0..data.frames[frame as usize].len.min(20) {
                    data.located.locate(fanshi::schema::FrameId(frame), row, None).unwrap();
                }
            }
            codes(said)
        },
    )
}

#[test]
fn deep_nesting_is_an_error_and_no_overflow() {
    small_stack(|| {
        for text in [
            "[".repeat(100_000),
            "{\"chapters\":[".repeat(100_000),
            "[{\"x\":".repeat(50_000) + &"}]".repeat(50_000),
        ] {
            assert!(load_as("b.json", text.as_bytes()).contains(&"too_deep"));
            assert!(
                load_as("b.jsonl", text.as_bytes())
                    .iter()
                    .any(|code| ["too_deep", "not_rows"].contains(code))
            );
        }
        for text in [
            "book = ".to_owned() + &"[".repeat(100_000),
            "book = ".to_owned() + &"{a=".repeat(100_000),
            "a.".repeat(100_000) + "b = 1",
            format!("[{}]", "a.".repeat(100_000)),
        ] {
            assert!(!load_as("b.toml", text.as_bytes()).is_empty());
        }
        assert!(!load_as("b.csv", "[\"".repeat(100_000).as_bytes()).is_empty());
    });
}

#[test]
fn long_lines_and_large_cells() {
    let long = "长".repeat(800_000);
    let codes = load_as(
        "b.jsonl",
        format!("{{\"code\":\"{long}\",\"copies\":\"{long}\",\"kind\":\"{long}\",\"{long}\":1}}")
            .as_bytes(),
    );
    for code in ["unreadable_value", "unknown_value", "unknown_field", "missing_field"] {
        assert!(codes.contains(&code), "{code}");
    }
    let cell = "长".repeat(350_000);
    let csv = format!(
        "书号,书名,架,类别,册数,借期,馆藏,标签,{cell}\nB1,\"{cell}\",{cell},{cell},{cell},1,是,{cell},{cell}\n"
    );
    let files = [
        (BOOK, "b.csv", csv.into()),
        (SHELF, "s.csv", SHELVES.into()),
        (CHAPTER, "c.csv", format!("书号,章号,章名\n{cell},1,2\n").into()),
    ];
    with(&schema(), &files, |data, said| {
        assert_eq!(
            codes_of(said),
            [
                "unknown_field",
                "dangling_reference",
                "unknown_value",
                "unreadable_value",
                "dangling_parent"
            ]
        );
        assert!(render(said).len() < 10_000);
        let place = data
            .located
            .locate(fanshi::schema::FrameId(BOOK), 0, Some(fanshi::schema::FieldId(8)))
            .unwrap();
        assert_eq!(&place.excerpt.text[place.excerpt.mark], "1");
    });
}

fn codes_of(said: &[fanshi::diagnostic::Diagnostic]) -> Vec<&'static str> {
    codes(said)
}

const SAMPLES: [(&str, &str); 4] = [
    (
        "b.json",
        "\u{FEFF}[{\"code\": \"甲\\u4e00\", \"title\": \"红\\n楼\", \"loan\": 1.5e3, \"kept\": true, \"chapters\": [{\"number\": \"1\"}, null], \"x\": [[]]}, {\"tags\": [\"诗\"]}]\n",
    ),
    (
        "b.jsonl",
        "{\"code\": \"甲\", \"loan\": -0.5, \"chapters\": [{\"number\": \"1\", \"notes\": []}]}\r\n\r\n{\"code\": \"乙\", \"tags\": [\"诗\", 5]}\n",
    ),
    (
        "b.toml",
        "\u{FEFF}[[book]]\ncode = \"甲\"\n书名 = '''红\n楼'''\npublished = \
            2015-11-20T08:00:00Z\n[[book.chapters]]\nnumber = \"1\"\n\n[[book]]\ntags = [\"诗\", \
            { a = 1 }]\n",
    ),
    (
        "b.csv",
        "\u{FEFF}书号,书名,\"标\"\"签\",标签,出版\r\n甲,\"红\n楼\",x,\"诗、\
            词\",2015-11-20\r\n乙,\"\"\"梦\"\"\"\r\n",
    ),
];

#[test]
fn files_cut_off_or_damaged_at_every_byte() {
    for (name, text) in SAMPLES {
        let bytes = text.as_bytes();
        for cut in 0..=bytes.len() {
            load_as(name, &bytes[..cut]);
        }
        for at in 0..bytes.len() {
            for byte in [[0, b'"', b'}'], [0xFF, b'[', b'\n'], [0xE4, b'\\', b',']][at % 3] {
                let mut damaged = bytes.to_vec();
                damaged[at] = byte;
                load_as(name, &damaged);
            }
        }
    }
}

#[test]
fn random_bytes() {
    let mut state = 20_151_120_u64;
    let mut next = || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state >> 33
    };
    let words: [&[u8]; 16] = [
        b"{",
        b"}",
        b"[",
        b"]",
        b"\"",
        b",",
        b":",
        b"\n",
        b"code",
        b"\\u",
        b"1e5",
        b"=",
        "书".as_bytes(),
        b"\xC3\xA9",
        b"\xB1\xE0",
        b"\0\0",
    ];
    for _ in 0..300 {
        let bytes: Vec<u8> = (0..next() % 60)
            .flat_map(|_| words[usize::try_from(next() % 16).unwrap()].iter().copied())
            .collect();
        NAMES.iter().for_each(|name| drop(load_as(name, &bytes)));
    }
}

#[test]
fn nothing_at_all() {
    for name in NAMES {
        for bytes in
            [b"".as_slice(), b"\xEF\xBB\xBF", b"\xFF\xFE", b"\n\n", b" ", b"\0", b"\0\0\0\0"]
        {
            assert!(!load_as(name, bytes).is_empty(), "{name} {bytes:?}");
        }
    }
}

#[test]
fn numbers_beyond_all_bounds() {
    let codes = load_as("b.jsonl",
        b"{\"code\":\"a\",\"loan\":1e400,\"weight\":1E-400,\"copies\":123456789012345678901234567890,\"price\":1e39,\"shelf_life\":-99999999999999999999}");
    assert_eq!(codes.iter().filter(|code| **code == "out_of_range").count(), 5);
}

#[test]
fn a_rule_breaking_line_costs_only_itself() {
    let rows = "{\"id\":\"A1\",\"level\":1}\n{\"id\":\"A2\",\"level\":[{\"x\n{\"id\":\"A3\",\"level\":3}\n{\"id\":\"A4\",\"level\":4";
    with(&schema(), &[(SHELF, "s.jsonl", rows.into())], |data, said| {
        assert_eq!(codes(said), ["wrong_type", "json_syntax", "json_syntax"]);
        assert_eq!(dump(&schema(), data), "shelf []\n  A1 | 1\n  A3 | 3\n");
    });
}
