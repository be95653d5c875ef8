//! TOML read in pieces is TOML read as a whole: three quotes in a comment at the end make the
//! reader take the text as a whole.

use crate::support::{BOOK, CHAPTER, SHELF, SHELVES, dump, render, schema, with};
use fanshi::schema::{FieldId, FrameId};
use std::fmt::Write;

/// Columns, diagnostics and places of a text.
fn read(text: &str) -> (String, String, String) {
    let schema = schema();
    with(
        &schema,
        &[(BOOK, "b.toml", text.into()), (SHELF, "s.csv", SHELVES.into())],
        |data, diagnostics| {
            let mut places = String::new();
            for frame in [BOOK, CHAPTER] {
                for row in (0..data.frames[frame as usize].len).step_by(97) {
                    for field in [None, Some(FieldId(0)), Some(FieldId(1))] {
                        let _ = writeln!(
                            places,
                            "{:?}",
                            data.located.locate(FrameId(frame), row, field)
                        );
                    }
                }
            }
            (dump(&schema, data), render(diagnostics), places)
        },
    )
}

/// Some hundreds of rows, each with one of the oddities.
fn rows(oddities: &[&str]) -> String {
    let mut text = String::from("# books\n\n");
    for row in 0..600 {
        let odd = oddities.get(row % oddities.len()).unwrap();
        let _ = write!(
            text,
            "[[book]]\ncode = \"B{row}\"\ntitle = \"红楼梦（第{row}回）\"\nshelf = \"A{}\"\nkind \
                = \"诗\"\nloan = {}\nkept = true\n{odd}\n\
             [[book.chapters]]\nnumber = \"{row}-1\"\nheading = \"甄士隐梦幻识通灵，\
             贾雨村风尘怀闺秀\"\n\n",
            row % 2 + 1,
            row % 40,
        );
    }
    text
}

fn both(text: &str) {
    let (columns, said, places) = read(text);
    let (whole_columns, whole_said, whole_places) = read(&format!("{text}\n# \"\"\""));
    assert_eq!(said, whole_said);
    assert_eq!(columns, whole_columns);
    assert_eq!(places, whole_places);
}

#[test]
fn pieces_equal_the_whole() {
    both(&rows(&["tags = []"]));
    both(&rows(&[
        "tags = [\n  \"x\",\n  [\n]]\n# [[book]]",
        "tags = [\"[[book]]\"]",
        "  # [meta]\ntags = [\n\"y\",\n] # [[book]]",
        "tags = []\n  [[book.chapters]]\n  number = \"0\"\n  heading = \"缩进\"\n  \
            [[book.chapters.notes]]\n  text = \"注\"",
    ]));
    both(&rows(&["tags = []"]).replace('\n', "\r\n"));
    both(&rows(&[
        "标签 = []",
        "tags = 3\ncopies = \"五\"",
        "unheard_of = 1",
        "tags = [1]\nkind = \"画\"",
    ]));
    both(
        &rows(&["tags = []"])
            .replace("[[book]]", "[[ book ]] # one")
            .replace("[[book.", "[[book . "),
    );
}

#[test]
fn what_is_not_only_rows_is_read_as_a_whole() {
    let text = rows(&["tags = []"]);
    for (before, after) in [
        ("meta = 1\n", ""),
        ("", "\n[meta]\nx = 1\n"),
        ("[[shelf]]\nid = \"A9\"\nlevel = 1\n", ""),
        ("", "\n[book]\n"),
    ] {
        both(&format!("{before}{text}{after}"));
    }
    both(&text.replacen("红楼梦", "\\\"\\\"", 3).replacen(
        "\"甄士隐梦幻识通灵，贾雨村风尘怀闺秀\"",
        "'''\n[[book]]\n'''",
        3,
    ));
}

#[test]
fn a_mistake_costs_its_row_and_no_other() {
    let text = rows(&["tags = []"]);
    let broken = text.replacen("title = \"红楼梦（第450回）\"", "title = \"红楼梦", 1);
    let (columns, said, _) = read(&broken);
    assert!(said.contains("toml_syntax") && said.matches("toml_syntax").count() < 3, "{said}");
    assert!(
        columns.contains("B449")
            && columns.contains("B451")
            && columns.contains("红楼梦（第599回）")
    );
}
