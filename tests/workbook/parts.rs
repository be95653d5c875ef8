//! Workbooks whose archives are kept in other ways than most programs keep them: read all the same.

use crate::formats::project;
use crate::{report, sheets};
use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};

type Parts = BTreeMap<String, Vec<u8>>;

fn parts() -> Parts {
    let bytes = sheets::workbook("[说明]\nx\n[事项]\n编码,名称,数\nA1,甲事项,7\nA2,乙事项,1\n");
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let all = 0..zip.len();
    all.map(|index| {
        let mut entry = zip.by_index(index).unwrap();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        (entry.name().unwrap().into_owned(), bytes)
    })
    .collect()
}

fn packed(parts: &Parts) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(name.as_str(), zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn edit(parts: &mut Parts, name: &str, from: &str, to: &str) {
    let text = String::from_utf8(parts[name].clone()).unwrap();
    assert!(text.contains(from), "{from} is not in {text}");
    parts.insert(name.to_owned(), text.replace(from, to).into_bytes());
}

fn utf_16(parts: &mut Parts, name: &str, big: bool, marked: bool) {
    let text = String::from_utf8(parts[name].clone()).unwrap();
    let text = text.replace("UTF-8", "UTF-16");
    let units = marked.then_some(0xFEFF).into_iter().chain(text.encode_utf16());
    let bytes = units.flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() });
    parts.insert(name.to_owned(), bytes.collect());
}

const BOOK: &str = "xl/workbook.xml";
const RELATIONS: &str = "xl/_rels/workbook.xml.rels";
const SHEET: &str = "xl/worksheets/sheet2.xml";
const TEXTS: &str = "xl/sharedStrings.xml";

/// What the usual workbook comes to, and each of the others.
fn findings(name: &str, parts: &Parts) -> (Vec<String>, Vec<String>) {
    let folder = project(name, "t.xlsx", &packed(parts), ", sheet = \"事项\"");
    let report = report(&folder);
    let of = |list: &str, key: &str| {
        let all = report[list].as_array().unwrap().iter();
        all.map(|found| found[key].to_string()).collect::<Vec<_>>()
    };
    (of("findings", "message"), of("diagnostics", "code"))
}

#[test]
fn a_workbook_is_read_however_its_parts_are_kept() {
    let usual = findings("usual", &parts());
    assert!(usual.0.len() == 4 && usual.1.is_empty(), "{usual:?}");
    let same = |name: &str, change: &dyn Fn(&mut Parts)| {
        let mut parts = parts();
        change(&mut parts);
        assert_eq!(findings(name, &parts), usual, "{name}");
    };
    let renamed = |parts: &mut Parts, name: &dyn Fn(&str) -> String| {
        *parts =
            std::mem::take(parts).into_iter().map(|(old, bytes)| (name(&old), bytes)).collect();
    };
    same("backslashes", &|parts| renamed(parts, &|name| name.replace('/', "\\")));
    same("another case", &|parts| renamed(parts, &|name| name.to_uppercase()));
    same("another folder", &|parts| {
        renamed(parts, &|name| name.replace("xl/", "buch/"));
        edit(parts, "_rels/.rels", "xl/workbook.xml", "/buch/workbook.xml");
    });
    for (name, target) in [
        ("point", "./worksheets/sheet2.xml"),
        ("absolute", "/xl/worksheets/sheet2.xml"),
        ("up and down", "../xl/worksheets/./sheet2.xml"),
        ("backslash", "worksheets\\sheet2.xml"),
        ("target in another case", "Worksheets/Sheet2.xml"),
    ] {
        same(name, &|parts| edit(parts, RELATIONS, "worksheets/sheet2.xml", target));
    }
    for part in [BOOK, RELATIONS, SHEET, TEXTS] {
        let name = part.replace('/', "-");
        same(&format!("{name} little"), &|parts| utf_16(parts, part, false, true));
        same(&format!("{name} big"), &|parts| utf_16(parts, part, true, true));
        same(&format!("{name} without a mark"), &|parts| utf_16(parts, part, false, false));
    }
    for (name, dimension) in [
        ("rows", "1:2"),
        ("small", "A1"),
        ("large", "A1:XFD1048576"),
        ("none", ""),
        ("columns", "A:C"),
    ] {
        same(&format!("dimension {name}"), &|parts| {
            edit(
                parts,
                SHEET,
                "<dimension ref=\"A1:C3\"",
                &format!("<dimension ref=\"{dimension}\""),
            )
        });
    }
    same("cells that do not say where they stand", &|parts| {
        for (from, to) in
            [("r=\"A2\" ", ""), ("r=\"B2\" ", ""), ("r=\"C2\"", ""), ("r=\"A3\"", "r=\"3\"")]
        {
            edit(parts, SHEET, from, to);
        }
    });
    same("a value in a marked section", &|parts| {
        edit(parts, SHEET, "<v>7</v>", "<f>3+4</f><v><![CDATA[7]]></v>")
    });
    for kind in ["macrosheet", "chartsheet", "dialogsheet", "xlMacrosheet", "xlIntlMacrosheet"] {
        same(kind, &|parts| {
            edit(
                parts,
                RELATIONS,
                "relationships/worksheet\" Target=\"worksheets/sheet1.xml",
                &format!("relationships/{kind}\" Target=\"macrosheets/sheet1.xml"),
            );
        });
    }
}

#[test]
fn a_formula_nobody_worked_out_is_an_error_at_its_cell() {
    let mut parts = parts();
    edit(&mut parts, SHEET, "<v>7</v>", "<f>3+4</f>");
    edit(&mut parts, SHEET, "r=\"C2\"", "");
    let folder = project("unsolved", "t.xlsx", &packed(&parts), ", sheet = \"事项\"");
    let report = report(&folder);
    let found = &report["diagnostics"][0];
    assert_eq!(
        (&found["code"], &found["places"][0]["cell"]),
        (&"formula_error".into(), &"C2".into())
    );
}

#[test]
fn a_damaged_workbook_is_said_in_the_language_of_the_report() {
    let mut parts = parts();
    edit(&mut parts, SHEET, "</sheetData>", "");
    let folder = project("cut off", "t.xlsx", &packed(&parts), ", sheet = \"事项\"");
    let message = report(&folder)["diagnostics"][0]["message"].to_string();
    assert_eq!(message, "\"工作簿已损坏，读不下去\"");
}
