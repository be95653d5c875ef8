//! Marked copies of workbooks that groups sent in a form of their own.

use super::{fanshi, folder, receive, round, saved_as};
use regex_lite::Regex;
use rust_xlsxwriter::{Color, Format, FormatBorder, Note, Workbook};
use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};
use std::path::{Path, PathBuf};

const MANIFEST: &str = "[project]\nname = \"样\"\nas_of = 2015-11-20\npolicies = [\"a.fan\"]\n\n\
    [data]\n\"局\" = \"d.csv\"\n\"事\" = [\"甲/上报.xlsx\", \"乙.xlsx\", \"共.xlsx\", \"丁.csv\"]\n";
const POLICY: &str = "枚举 去留 {\n  不留\n  留下\n}\n\n表 局 {\n  名称 : 文本 主键\n}\n\n表 事 {\n  \
    编码 : 文本 主键\n  局 : 局\n  投资 : 金额\n  去留 : 去留\n}\n\n裁定 事.去留\n  次序 不留\n  \
    否则 留下\n\n第一条 大额\n  凡 投资 超过 1000000000 元 的 事，一律 不留。\n";

/// The parts of an archive.
pub fn parts(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes.to_vec())).unwrap();
    let count = zip.len();
    let part = |at: usize| {
        let mut entry = zip.by_index(at).unwrap();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        (entry.name().unwrap().into_owned(), bytes)
    };
    (0..count).map(part).collect()
}

fn text<'p>(parts: &'p BTreeMap<String, Vec<u8>>, name: &str) -> &'p str {
    std::str::from_utf8(&parts[name]).unwrap()
}

/// What a cell of a sheet looks like: its format without the fill, and the colour of the fill.
fn look(parts: &BTreeMap<String, Vec<u8>>, sheet: &str, cell: &str) -> (String, Option<String>) {
    let (sheet, styles) = (text(parts, sheet), text(parts, "xl/styles.xml"));
    let tag = Regex::new(&format!("<(x:)?c [^>]*r=\"{cell}\"[^>]*>")).unwrap();
    let tag = tag.find(sheet).unwrap().as_str();
    let number = |text: &str, name: &str| {
        let found = Regex::new(&format!(" {name}=\"([0-9]+)\"")).unwrap().captures(text);
        found.map_or(0, |found| found[1].parse::<usize>().unwrap())
    };
    let within = |name: &str| {
        let all = Regex::new(&format!("(?s)<{name}[ >].*</{name}>")).unwrap();
        all.find(styles).unwrap().as_str().to_owned()
    };
    let formats = within("(?:x:)?cellXfs");
    let format = Regex::new("(?s)<(x:)?xf [^>]*?(/>|>.*?</(x:)?xf>)").unwrap();
    let count = number(&formats, "count");
    let formats: Vec<&str> = format.find_iter(&formats).map(|found| found.as_str()).collect();
    assert_eq!(formats.len(), count, "{styles}");
    let format = formats[number(tag, "s")];
    let fills = within("(?:x:)?fills");
    let fill = Regex::new("(?s)<(?:x:)?fill>.*?</(?:x:)?fill>").unwrap();
    let all: Vec<&str> = fill.find_iter(&fills).map(|found| found.as_str()).collect();
    assert_eq!(all.len(), number(&fills, "count"), "{styles}");
    let colour = Regex::new("fgColor rgb=\"([0-9A-F]+)\"").unwrap();
    let colour = colour.captures(all[number(format, "fillId")]).map(|found| found[1].to_owned());
    let rest = Regex::new(" (fillId|applyFill)=\"[0-9]+\"").unwrap().replace_all(format, "");
    (rest.into_owned(), colour)
}

/// The note at each cell of the part.
fn notes(parts: &BTreeMap<String, Vec<u8>>, part: &str) -> BTreeMap<String, String> {
    let one = Regex::new("(?s)<comment [^>]*ref=\"([A-Z0-9]+)\".*?</comment>").unwrap();
    let bare = Regex::new("<[^>]*>").unwrap();
    let of = |found: regex_lite::Captures<'_>| {
        (found[1].to_owned(), bare.replace_all(&found[0], "").into_owned())
    };
    one.captures_iter(text(parts, part)).map(of).collect()
}

/// A report of a form of its own: a title, formats, notes, and rows with what is wrong in them.
fn report(path: &Path, office: &str, rows: &[(&str, Option<f64>, &str)]) {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("事").unwrap();
    let title = Format::new().set_bold().set_font_size(20).set_background_color(Color::Yellow);
    sheet.merge_range(0, 0, 0, 3, "上报表", &title).unwrap();
    let heading = Format::new().set_border(FormatBorder::Double);
    for (at, name) in (0..).zip(["编码", "局", "投资", "去留"]) {
        sheet.write_with_format(1, at, name, &heading).unwrap();
    }
    let money = Format::new().set_num_format("#,##0.00").set_border(FormatBorder::Dashed);
    sheet.set_column_format(2, &money).unwrap();
    for (line, (key, amount, fate)) in (2..).zip(rows) {
        sheet.write(line, 0, *key).unwrap();
        sheet.write(line, 1, office).unwrap();
        if let Some(amount) = amount {
            sheet.write_with_format(line, 2, *amount, &money).unwrap();
        }
        sheet.write_with_format(line, 3, *fate, &heading).unwrap();
    }
    sheet.insert_note(2, 3, &Note::new("领导：先放着").set_author("张三")).unwrap();
    sheet.insert_note(0, 0, &Note::new("填表说明").set_author("李四")).unwrap();
    let other = book.add_worksheet();
    other.set_name("备查").unwrap().write_formula(0, 0, "=1+1").unwrap();
    book.save(path).unwrap();
}

fn project(name: &str) -> PathBuf {
    let root = folder(
        name,
        &[
            ("一报/fanshi.toml", MANIFEST),
            ("一报/a.fan", POLICY),
            ("一报/d.csv", "名称\n甲局\n乙局\n丙局\n丁局\n"),
            ("一报/丁.csv", "编码,局,投资,去留\nD-1,丁局,2000000000,留下\n"),
            ("一报/甲/_", ""),
        ],
    );
    let at = |file: &str| root.join("一报").join(file);
    let rows = [("A-1", Some(1.74e9), "留下"), ("A-2", None, "留下"), ("A-3", Some(7.5), "留下")];
    report(&at("甲/上报.xlsx"), "甲局", &rows);
    report(&at("乙.xlsx"), "乙局", &[("B-1", Some(3.0), "留下")]);
    report(&at("共.xlsx"), "丙局", &[("C-1", Some(1.5e9), "留下")]);
    // A workbook of two groups is of neither.
    let mut two = super::Book::open(&at("共.xlsx"));
    let rows = two.sheet("事");
    rows.remove(0);
    rows.push(vec!["C-2".into(), "丁局".into(), 1.0.into(), "留下".into()]);
    two.save(&at("共.xlsx"));
    root
}

fn json(project: &Path) -> Vec<u8> {
    fanshi("check", &[project], &["--format", "json"]).stdout
}

#[test]
fn what_was_sent_is_marked_where_it_is_wrong() {
    let root = project("marked");
    let (first, sent) = (root.join("一报"), root.join("一下"));
    let out = round(&first, &sent);
    let said = String::from_utf8_lossy(&out.stderr).into_owned();
    assert!(said.contains("标记本 1 份"), "{said}");
    let names = |folder: &Path| {
        let mut names: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.ends_with(".xlsx"))
            .collect();
        names.sort();
        names
    };
    assert_eq!(
        names(&sent),
        ["丁局.xlsx", "丙局.xlsx", "乙局.xlsx", "甲局.xlsx", "甲局（标记）.xlsx"]
    );
    let record = std::fs::read_to_string(sent.join("round.toml")).unwrap();
    assert!(record.contains("of = \"甲/上报.xlsx\""), "{record}");

    let (was, now) = (first.join("甲/上报.xlsx"), sent.join("甲局（标记）.xlsx"));
    let (old, new) = (parts(&std::fs::read(&was).unwrap()), parts(&std::fs::read(&now).unwrap()));
    let changed: Vec<&str> = new
        .iter()
        .filter(|(name, part)| old.get(*name) != Some(*part))
        .map(|(name, _)| &**name)
        .collect();
    let sheet = "xl/worksheets/sheet1.xml";
    let expected = ["xl/comments1.xml", "xl/drawings/vmlDrawing1.vml", "xl/styles.xml", sheet];
    assert_eq!(changed, expected);
    assert_eq!(old.keys().collect::<Vec<_>>(), new.keys().collect::<Vec<_>>());

    // What is wrong is filled, whether there was a cell or not, and looks as before otherwise.
    for (cell, filled) in [("C3", true), ("D3", true), ("C5", false), ("D5", false), ("A3", false)]
    {
        let ((was, plain), (is, colour)) = (look(&old, sheet, cell), look(&new, sheet, cell));
        assert_eq!(was, is, "{cell}");
        assert_eq!((plain, colour.is_some()), (None, filled), "{cell}");
    }
    let (given, missing) = (look(&new, sheet, "C3"), look(&new, sheet, "C4"));
    assert_eq!(given.0, missing.0);
    assert!(missing.1.is_some());
    let said = notes(&new, "xl/comments1.xml");
    assert_eq!(said.keys().collect::<Vec<_>>(), ["A1", "C3", "C4", "D3", "D4"]);
    assert_eq!(said["A1"], "李四:\n填表说明");
    let note = &said["D3"];
    assert!(
        note.starts_with("张三:\n领导：先放着\n\n违反") && note.contains("留下 → 不留"),
        "{note}"
    );
    assert!(said["C3"].contains("大额") && said["C4"].contains("没有填"), "{said:?}");
    assert_eq!(text(&new, "xl/drawings/vmlDrawing1.vml").matches("ObjectType=\"Note\"").count(), 5);

    // It reads back as what it was: the same findings, to the byte.
    let before = json(&first);
    std::fs::copy(&now, &was).unwrap();
    assert_eq!(String::from_utf8_lossy(&json(&first)), String::from_utf8_lossy(&before));
}

/// Handed in instead of the workbook that was sent, it is named with what to do.
#[test]
fn a_marked_copy_that_comes_back_is_told() {
    let root = project("marked-back");
    let (first, sent) = (root.join("一报"), root.join("一下"));
    round(&first, &sent);
    std::fs::create_dir_all(root.join("交回")).unwrap();
    // Under its own name, and under another.
    let copy = sent.join("甲局（标记）.xlsx");
    std::fs::copy(&copy, root.join("交回/甲局（标记）.xlsx")).unwrap();
    std::fs::copy(&copy, root.join("交回/改好了.xlsx")).unwrap();
    let (code, said) = receive(&first, &root.join("交回"), &root.join("二报"));
    assert_eq!(code, Some(3), "{said}");
    for name in ["甲局（标记）", "改好了"] {
        assert!(said.contains(&format!("`{name}.xlsx`：是标了颜色的原表")), "{said}");
    }
}

/// Offices read what was marked, with all values and all notes; and what an office saved is marked.
#[test]
fn offices_open_what_is_marked() {
    let root = project("marked-office");
    let (first, sent) = (root.join("一报"), root.join("一下"));
    let book = first.join("甲/上报.xlsx");
    // As LibreOffice writes it.
    std::fs::create_dir_all(root.join("改")).unwrap();
    let saved = saved_as(&book, "xlsx", &root.join("改"));
    std::fs::copy(saved, &book).unwrap();
    round(&first, &sent);
    let copy = sent.join("甲局（标记）.xlsx");
    let old = parts(&std::fs::read(&book).unwrap());
    let new = parts(&std::fs::read(&copy).unwrap());
    let sheet = "xl/worksheets/sheet1.xml";
    for cell in ["C3", "D3", "C4"] {
        let (is, colour) = look(&new, sheet, cell);
        assert!(colour.is_some(), "{cell}");
        if cell != "C4" {
            assert_eq!(is, look(&old, sheet, cell).0);
        }
    }
    let csv = |book: &Path, to: &str| {
        let to = root.join(to);
        std::fs::create_dir_all(&to).unwrap();
        let saved = saved_as(book, "csv", &to);
        std::fs::read(saved).unwrap()
    };
    let (was, is) = (csv(&book, "原"), csv(&copy, "标"));
    // Where no office is installed they stay workbooks.
    if !is.starts_with(b"PK") {
        assert_eq!(String::from_utf8_lossy(&was), String::from_utf8_lossy(&is));
        let ods = saved_as(&copy, "ods", &root.join("标"));
        let kept = parts(&std::fs::read(ods).unwrap());
        let content = text(&kept, "content.xml");
        assert_eq!(content.matches("<office:annotation ").count(), 5);
        assert!(content.contains("填表说明") && content.contains("留下 → 不留"));
    }
}

/// A workbook with names in unusual forms: prefixes, cells and parts without usual names, an empty
/// row, no note, and one that stands for a conversation.
fn odd() -> Vec<u8> {
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
    let row = |cells: &[&str]| {
        let cell =
            |text: &&str| format!("<x:c t=\"inlineStr\"><x:is><x:t>{text}</x:t></x:is></x:c>");
        format!("<x:row spans=\"1:4\">{}</x:row>", cells.iter().map(cell).collect::<String>())
    };
    let rows = [
        row(&["编码", "局", "去留", "投资"]),
        row(&["A-1", "甲局", "留下", "1740000000"]),
        "<x:row/>".to_owned(),
        row(&["A-2", "甲局", "留下"]),
    ]
    .concat();
    let relation = |id: &str, kind: &str, to: &str| {
        format!("<Relationship Id=\"{id}\" Type=\"{OFFICE}/{kind}\" Target=\"{to}\"/>")
    };
    let relations = |all: &str| {
        format!("<Relationships xmlns=\"{PACKAGE}/relationships\">{all}</Relationships>")
    };
    let book = relation("a", "worksheet", "tables/one.xml") + &relation("b", "styles", "look.xml");
    let threaded = "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment";
    let texts = relation("fanshi1", "comments", "../said.xml")
        + &format!("<Relationship Id=\"t\" Type=\"{threaded}\" Target=\"../talk.xml\"/>");
    let files = [
        (
            "[Content_Types].xml",
            format!(
                "\u{feff}<Types xmlns=\"{PACKAGE}/content-types\"><Default Extension=\"xml\" \
                ContentType=\"application/xml\"/><Default Extension=\"rels\" \
                ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/></Types>"
            ),
        ),
        ("_rels/.rels", relations(&relation("a", "officeDocument", "book/main.xml"))),
        ("book/_rels/main.xml.rels", relations(&book)),
        (
            "book/main.xml",
            format!(
                "<x:workbook xmlns:x=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><x:sheets><x:sheet name=\"事\" \
                sheetId=\"1\" r:id=\"a\"/></x:sheets></x:workbook>"
            ),
        ),
        (
            "book/look.xml",
            format!(
                "<x:styleSheet xmlns:x=\"{MAIN}\"><x:fonts><x:font/></x:fonts><x:fills><x:fill><x:patternFill \
                patternType=\"none\"/></x:fill></x:fills><x:borders><x:border/></x:borders>\
                <x:cellXfs><x:xf fontId=\"0\"><x:alignment wrapText=\"1\"/></x:xf></x:cellXfs></x:styleSheet>"
            ),
        ),
        ("book/tables/_rels/one.xml.rels", relations(&texts)),
        (
            "book/tables/one.xml",
            format!(
                "<x:worksheet xmlns:x=\"{MAIN}\"><x:sheetData>{rows}</x:sheetData><x:extLst/></x:worksheet>"
            ),
        ),
        (
            "book/said.xml",
            format!(
                "<comments xmlns=\"{MAIN}\"><authors><author>tc={{1}}</author></authors><commentList><comment \
                ref=\"C2\" authorId=\"0\"><text><t>[Threaded comment]</t></text></comment></commentList></comments>"
            ),
        ),
        ("book/talk.xml", "<ThreadedComments/>".to_owned()),
    ];
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in &files {
        out.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        out.write_all(text.as_bytes()).unwrap();
    }
    out.finish().unwrap().into_inner()
}

/// Workbooks as other programs write them: names with a prefix, cells without names, empty rows, no
/// notes, notes that stand for conversations.
#[test]
fn workbooks_of_other_writers_are_marked() {
    let root = project("marked-other");
    let (first, sent) = (root.join("一报"), root.join("一下"));
    let at = first.join("甲/上报.xlsx");
    std::fs::write(&at, odd()).unwrap();
    let before = json(&first);
    let out = round(&first, &sent);
    let said = String::from_utf8_lossy(&out.stderr).into_owned();
    assert!(said.contains("标记本 1 份"), "{said}");
    let copy = std::fs::read(sent.join("甲局（标记）.xlsx")).unwrap();
    let new = parts(&copy);
    let sheet = text(&new, "book/tables/one.xml");
    for expected in ["<x:c r=\"D4\" s=\"", "<x:row>", "<x:row/>", "r:id=\"fanshi3\"/><x:extLst/>"] {
        assert!(sheet.contains(expected), "{expected}: {sheet}");
    }
    let look = text(&new, "book/look.xml");
    assert!(look.contains("<x:alignment wrapText=\"1\"/></x:xf></x:cellXfs>"), "{look}");
    assert!(look.contains("</x:fill><x:fill><x:patternFill patternType=\"solid\">"), "{look}");
    let said = notes(&new, "book/said.xml");
    // A conversation is left alone.
    assert_eq!(said["C2"], "[Threaded comment]");
    assert_eq!(said.keys().collect::<Vec<_>>(), ["C2", "C4", "D2", "D4"]);
    assert!(text(&new, "[Content_Types].xml").contains("Extension=\"vml\""));
    assert_eq!(new["book/talk.xml"], b"<ThreadedComments/>");
    std::fs::write(&at, &copy).unwrap();
    assert_eq!(String::from_utf8_lossy(&json(&first)), String::from_utf8_lossy(&before));
}

/// What a workbook has no column for is marked at the key, wherever that stands.
#[test]
fn what_has_no_column_is_marked_at_the_key() {
    let root = project("marked-key");
    let (first, sent) = (root.join("一报"), root.join("一下"));
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("事").unwrap();
    for (line, row) in (0..).zip([["局", "编码", "去留"], ["甲局", "A-1", "留下"]]) {
        for (column, text) in (0..).zip(row) {
            sheet.write(line, column, text).unwrap();
        }
    }
    book.save(first.join("甲/上报.xlsx")).unwrap();
    round(&first, &sent);
    let bytes = std::fs::read(sent.join("甲局（标记）.xlsx")).unwrap();
    let marked = parts(&bytes);
    let said = notes(&marked, "xl/comments1.xml");
    assert!(said.contains_key("B2") && !said.contains_key("A2"), "{said:?}");
    assert!(said["B2"].contains("第一条 大额"), "{said:?}");
    let filled = |cell| look(&marked, "xl/worksheets/sheet1.xml", cell).1.is_some();
    assert!(filled("B2") && !filled("A2"));
}

/// A signature does not outlive a change.
#[test]
fn what_is_signed_is_not_marked() {
    let root = project("marked-signed");
    let (first, sent) = (root.join("一报"), root.join("一下"));
    let book = first.join("甲/上报.xlsx");
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let mut files = parts(&std::fs::read(&book).unwrap());
    files.insert("_xmlsignatures/origin.sigs".to_owned(), Vec::new());
    for (name, bytes) in &files {
        out.start_file(&**name, zip::write::SimpleFileOptions::default()).unwrap();
        out.write_all(bytes).unwrap();
    }
    std::fs::write(&book, out.finish().unwrap().into_inner()).unwrap();
    let said = String::from_utf8_lossy(&round(&first, &sent).stderr).into_owned();
    assert!(said.contains("`甲/上报.xlsx` 没有标记本：有电子签名"), "{said}");
    assert!(sent.join("甲局.xlsx").is_file() && !sent.join("甲局（标记）.xlsx").exists());
}

/// What cannot be marked is named, with the reason; the rest is sent all the same.
#[test]
fn what_cannot_be_marked_is_named() {
    let root = project("marked-not");
    let (first, sent) = (root.join("一报"), root.join("一下"));
    let book = first.join("甲/上报.xlsx");
    let ods = saved_as(&book, "ods", &root);
    if ods.extension().is_some_and(|ending| ending == "ods") {
        std::fs::remove_file(&book).unwrap();
        std::fs::copy(ods, first.join("甲/上报.ods")).unwrap();
        let manifest = MANIFEST.replace("上报.xlsx", "上报.ods");
        std::fs::write(first.join("fanshi.toml"), manifest).unwrap();
        let out = round(&first, &sent);
        let said = String::from_utf8_lossy(&out.stderr).into_owned();
        assert!(said.contains("`甲/上报.ods` 没有标记本：不是 .xlsx"), "{said}");
        assert!(sent.join("甲局.xlsx").is_file());
    }
}
