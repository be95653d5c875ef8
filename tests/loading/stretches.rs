//! A large table of cells is read in stretches of lines, and comes to what it comes to as a whole:
//! a quote in its last cell makes the reader take it so.

use crate::support::{BOOK, CHAPTER, SHELF, SHELVES, dump, render, schema, with};
use fanshi::schema::{FieldId, FrameId};
use std::fmt::Write;

/// Columns, diagnostics and places of books and their chapters.
fn read(books: &str, chapters: &str) -> (String, String, String) {
    let schema = schema();
    let files = [
        (CHAPTER, "c.csv", chapters.into()),
        (BOOK, "b.csv", books.into()),
        (SHELF, "s.csv", SHELVES.into()),
    ];
    with(&schema, &files, |data, diagnostics| {
        let mut places = String::new();
        for frame in [BOOK, CHAPTER] {
            for row in (0..data.frames[frame as usize].len).step_by(997) {
                for field in [None, Some(FieldId(0)), Some(FieldId(1))] {
                    let _ =
                        writeln!(places, "{:?}", data.located.locate(FrameId(frame), row, field));
                }
            }
        }
        (dump(&schema, data), render(diagnostics), places)
    })
}

const BOOKS: &str = "序号,书号,书名,架,类别,册数,定价,借期,馆藏,标签,附记\n";
const CHAPTERS: &str = "书号,章号,章名,页\n";

/// Some ten thousands of rows, longer than several stretches.
fn books() -> Vec<String> {
    let row = |row: usize| {
        let (shelf, note) = (row % 2 + 1, if row.is_multiple_of(900) { "另记" } else { "" });
        format!(
            "{row},B{row:06},红楼梦（第{row}回，甄士隐梦幻识通灵，贾雨村风尘怀闺秀，开卷第一回）,A{shelf},诗,{},,{},是,古典,{note}",
            row % 7,
            row % 40
        )
    };
    (0..10_000).map(row).collect()
}

fn chapters(order: impl Fn(usize) -> usize) -> Vec<String> {
    let row = |row: usize| {
        format!(
            "B{:06},{row},甄士隐梦幻识通灵，贾雨村风尘怀闺秀，却说一僧一道携石到大荒山,{}",
            order(row),
            row % 90
        )
    };
    (0..10_000).map(row).collect()
}

/// A few rows, which are read as a whole.
fn few(rows: &[String]) -> Vec<String> {
    rows.iter().take(100).cloned().collect()
}

/// A table, and the same with a quote in its last cell.
fn table(head: &str, rows: &[String]) -> [String; 2] {
    let text = format!("{head}{}\n", rows.join("\n"));
    let line = text.trim_end().rfind('\n').unwrap_or(0);
    let cell = text[line..].rfind(',').unwrap() + line + 1;
    let quoted = format!("{}\"{}\"\n", &text[..cell], text[cell..].trim_end());
    [text, quoted]
}

/// What is said, which is the same either way.
fn both([books, quoted_books]: &[String; 2], [chapters, quoted_chapters]: &[String; 2]) -> String {
    let (columns, said, places) = read(books, chapters);
    let (whole_columns, whole_said, whole_places) = read(quoted_books, quoted_chapters);
    // The quote is seen where its row is shown.
    let [said, whole_said] = [said, whole_said].map(|said| said.replace('"', ""));
    let differs = said.lines().zip(whole_said.lines()).find(|(one, other)| one != other);
    assert!(said == whole_said, "{differs:?}");
    assert!(columns == whole_columns, "the columns differ");
    assert!(places == whole_places, "the places differ");
    said
}

#[test]
fn stretches_equal_the_whole() {
    let in_order = table(CHAPTERS, &chapters(|row| row / 3 * 2));
    let larger = [&table(BOOKS, &books())[0], &in_order[0]].map(String::len);
    assert!(larger.iter().all(|len| *len > 1 << 20), "{larger:?}");
    let said = both(&table(BOOKS, &books()), &in_order);
    assert!(said.contains("附记") && said.contains("序号"), "{said}");
    let backwards = table(CHAPTERS, &chapters(|row| 9_999 - row / 4));
    both(&table(BOOKS, &books()), &backwards);
    let mut shuffled = books();
    shuffled.rotate_left(3_333);
    both(&table(BOOKS, &shuffled).map(|text| text.replace('\n', "\r\n")), &in_order);
}

#[test]
fn what_is_wrong_in_a_stretch_is_said_at_its_place() {
    let all = chapters(|row| row);
    let chapters = few(&all);
    // What stands in a row alone.
    let mut rows = books();
    let odd = [
        ("红楼梦,A1,画,1,,3,是,古典,", "unknown_value"),
        ("红楼梦,A1,诗,很多,,3,是,古典,", "很多"),
        ("红楼梦,A1,诗", "ragged_row"),
        ("锟斤拷,A1,诗,1,,3,是,古典,", "garbled_text"),
    ];
    for (at, (cells, _)) in (7_000..).zip(&odd) {
        rows[at] = format!("{at},B{at:06},{cells}");
    }
    rows[8_000] = "8000,B000007,红楼梦,A1,诗,1,,3,是,古典,".to_owned();
    rows[8_001] = "8001,,红楼梦,A1,诗,1,,3,是,古典,".to_owned();
    let said = both(&table(BOOKS, &rows), &table(CHAPTERS, &chapters));
    for code in odd.map(|(_, code)| code).into_iter().chain(["duplicate_key", "missing_field"]) {
        assert!(said.contains(code), "{code}: {}", said.chars().take(3000).collect::<String>());
    }
    // What asks for the whole file.
    for (at, odd, code) in [
        (9_999, "合计,,,,,29990,,,,,", "totals_row"),
        (9_999, "注：以上为全部,,,,,,,,,,", "note_row"),
        (5_000, "5000,B005000,红楼梦,同上,诗,1,,3,是,古典,", ""),
        (5_000, BOOKS.trim_end(), "repeated_headings"),
        (5_000, "一、古籍,,,,,,,,,,", "section_row"),
        (5_000, "5000,B005000,\"红楼梦,A1,诗,1,,3,是,古典,", "unterminated_quote"),
    ] {
        let mut rows = books();
        rows[at] = odd.to_owned();
        let said = both(&table(BOOKS, &rows), &table(CHAPTERS, &chapters));
        assert!(said.contains(code), "{odd}: {}", said.chars().take(3000).collect::<String>());
    }
    let mut rows = all;
    for (at, odd) in
        [(8_000, "B999999,1,章,2"), (8_001, "B000003,0,章,2"), (8_002, "B000003,1,章,二")]
    {
        rows[at] = odd.to_owned();
    }
    both(&table(BOOKS, &few(&books())), &table(CHAPTERS, &rows));
    rows[8_000] = ",1,章,2".to_owned();
    both(&table(BOOKS, &few(&books())), &table(CHAPTERS, &rows));
}

#[test]
fn bytes_that_are_no_text_make_the_file_one_whole() {
    let [books, _] = table(BOOKS, &books());
    let mut bytes = books.clone().into_bytes();
    let at = books.find("B008000").unwrap() + 10;
    bytes[at] = 0xFF;
    let files = [(BOOK, "b.csv", bytes), (SHELF, "s.csv", SHELVES.into())];
    let said = with(&schema(), &files, |_, diagnostics| render(diagnostics));
    assert!(said.contains("invalid_utf8"), "{said}");
}
