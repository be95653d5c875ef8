//! Workbooks and logs made to cost time or memory, or to read what they must not, end with one
//! clear error and quickly.

use crate::formats::project;
use fanshi::workspace::Options;
use fanshi::workspace::Project;
use std::fmt::Write as _;
use std::io::{Cursor, Write as _};
use std::time::{Duration, Instant};

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const LINKS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const LAUGHS: &str = "<!DOCTYPE a [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\"><!ENTITY f \
    SYSTEM \"file:///etc/passwd\">]>";
const HEADINGS: &str = "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>编码</t></is></c><c \
    r=\"B1\" t=\"inlineStr\"><is><t>名称</t></is></c></row>";

fn archive(parts: &[(&str, String)]) -> Vec<u8> {
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        out.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        out.write_all(text.as_bytes()).unwrap();
    }
    out.finish().unwrap().into_inner()
}

/// A workbook whose one sheet has this XML for its rows.
fn xlsx(before: &str, rows: &str, after: &str) -> Vec<u8> {
    let relation = |id: &str, kind: &str, target: &str| {
        format!("<Relationship Id=\"{id}\" Type=\"{LINKS}/{kind}\" Target=\"{target}\"/>")
    };
    let relations = |list: &str| {
        format!(
            "<?xml version=\"1.0\"?><Relationships \
                xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{list}</Relationships>"
        )
    };
    let sheets = "<sheets><sheet name=\"s\" sheetId=\"1\" r:id=\"rId1\"/></sheets>";
    archive(&[
        ("_rels/.rels", relations(&relation("rId1", "officeDocument", "xl/workbook.xml"))),
        (
            "xl/workbook.xml",
            format!(
                "<?xml version=\"1.0\"?><workbook xmlns=\"{MAIN}\" \
                    xmlns:r=\"{LINKS}\">{sheets}</workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            relations(
                &(relation("rId1", "worksheet", "worksheets/sheet1.xml")
                    + &relation("rId2", "sharedStrings", "sharedStrings.xml")),
            ),
        ),
        (
            "xl/sharedStrings.xml",
            format!("<?xml version=\"1.0\"?><sst xmlns=\"{MAIN}\"><si><t>x</t></si></sst>"),
        ),
        (
            "xl/worksheets/sheet1.xml",
            format!(
                "<?xml version=\"1.0\"?>{before}<worksheet \
                    xmlns=\"{MAIN}\"><sheetData>{HEADINGS}{rows}</sheetData>{after}</worksheet>"
            ),
        ),
    ])
}

fn ods(before: &str, rows: &str) -> Vec<u8> {
    let names = ["office", "table", "text"].iter().fold(String::new(), |mut names, name| {
        write!(names, " xmlns:{name}=\"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0\"")
            .unwrap();
        names
    });
    let headings = row("", &(cell("", "编码") + &cell("", "名称")));
    let body = format!(
        "<office:body><office:spreadsheet><table:table \
            table:name=\"s\">{headings}{rows}</table:table></office:spreadsheet></office:body>"
    );
    archive(&[(
        "content.xml",
        format!(
            "<?xml version=\"1.0\"?>{before}<office:document-content{names}>{body}</office:document-content>"
        ),
    )])
}

fn row(keys: &str, cells: &str) -> String {
    format!("<table:table-row {keys}>{cells}</table:table-row>")
}

fn cell(keys: &str, text: &str) -> String {
    format!(
        "<table:table-cell {keys} \
            office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>"
    )
}

/// Checked in time: the codes of what is wrong.
fn codes(file: &str, bytes: &[u8]) -> Vec<&'static str> {
    let test = std::thread::current().name().unwrap_or("").replace("::", "-");
    let folder = project(&test, file, bytes, "");
    if file.ends_with("xes") {
        std::fs::write(
            folder.join("政策.fan"),
            "表 事项 { 编码 : 文本 主键 事 : 多个 { 甲 : 文本 可缺 } }\n第一条 甲 凡 事项，编码 \
                必须 为 “a”。\n",
        )
        .unwrap();
    }
    let begun = Instant::now();
    let codes = {
        let run = Project::read(&folder).run(&Options::default());
        let report = &run.report();

        report.diagnostics.iter().map(|found| found.code).collect()
    };
    assert!(begun.elapsed() < Duration::from_secs(20), "{file} took {:?}", begun.elapsed());
    codes
}

fn text_cell(at: &str, text: &str) -> String {
    format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
}

#[test]
fn the_file_without_a_trick_is_read() {
    let good = format!("<row r=\"2\">{}{}</row>", text_cell("A2", "a"), text_cell("B2", "甲事项"));
    assert!(codes("t.xlsx", &xlsx("", &good, "")).is_empty());
    assert!(codes("t.ods", &ods("", &row("", &(cell("", "a") + &cell("", "甲事项"))))).is_empty());
}

#[test]
fn cells_beyond_every_sheet_are_an_error_before_memory_is_taken() {
    for place in ["A4294967295", "A1048577", "XFE2", "ZZZZZZZ2", "A99999999999"] {
        let found =
            codes("t.xlsx", &xlsx("", &format!("<row><c r=\"{place}\"><v>1</v></c></row>"), ""));
        assert_eq!(found, ["damaged_workbook"], "{place}");
    }
    let endless = format!("<row>{}</row>", "<c><v>1</v></c>".repeat(20_000));
    assert_eq!(codes("t.xlsx", &xlsx("", &endless, "")), ["damaged_workbook"]);
    let formulas = "<row r=\"4294967295\"><c r=\"B4294967295\"><f>1+1</f></c></row>";
    assert_eq!(codes("t.xlsx", &xlsx("", formulas, "")), ["damaged_workbook"]);
    let wide = cell("table:number-columns-repeated=\"4294967295\"", "a");
    assert_eq!(
        codes("t.ods", &ods("", &row("table:number-rows-repeated=\"4294967295\"", &wide))),
        ["damaged_workbook"]
    );
    let many = "table:number-columns-repeated=\"16384\"";
    assert_eq!(
        codes(
            "t.ods",
            &ods(
                "",
                &row("table:number-rows-repeated=\"1048000\"", &cell(many, &"a".repeat(4096)))
            )
        ),
        ["too_large_inside"]
    );
}

#[test]
fn what_a_sheet_claims_costs_nothing() {
    let row = format!("<row r=\"2\">{}{}</row>", text_cell("A2", "a"), text_cell("B2", "甲事项"));
    assert!(
        codes(
            "t.xlsx",
            &xlsx("", &row, "<mergeCells><mergeCell ref=\"C3:XFD1048576\"/></mergeCells>")
        )
        .is_empty()
    );
    let pairs = (2..20_000).step_by(2);
    let rows = pairs.clone().fold(String::new(), |mut rows, at| {
        write!(
            rows,
            "<row r=\"{at}\">{}{}</row>",
            text_cell(&format!("A{at}"), &format!("k{at}")),
            text_cell(&format!("B{at}"), "甲事项")
        )
        .unwrap();
        rows
    });
    let merged = pairs.fold(String::new(), |mut merged, at| {
        write!(merged, "<mergeCell ref=\"C{at}:C{}\"/>", at + 1).unwrap();
        merged
    });
    assert!(
        codes("t.xlsx", &xlsx("", &rows, &format!("<mergeCells>{merged}</mergeCells>"))).is_empty()
    );
}

#[test]
fn no_entity_is_resolved_and_no_index_is_believed() {
    for entity in ["&b;", "&f;", "&nothing;"] {
        let row_of = |text: &str| {
            format!("<row r=\"2\">{}{}</row>", text_cell("A2", text), text_cell("B2", "甲事项"))
        };
        assert_eq!(
            codes("t.xlsx", &xlsx(LAUGHS, &row_of(entity), "")),
            ["damaged_workbook"],
            "{entity}"
        );
        assert_eq!(
            codes("t.ods", &ods(LAUGHS, &row("", &(cell("", entity) + &cell("", "甲事项"))))),
            ["damaged_workbook"],
            "{entity}"
        );
        let log =
            format!("{LAUGHS}<log><trace><string key=\"编码\" value=\"{entity}\"/></trace></log>");
        let found = codes("t.xes", log.as_bytes());
        assert!(found.contains(&"xml_syntax"), "{entity}: {found:?}");
    }
    for index in ["1", "4294967295"] {
        let row = format!(
            "<row r=\"2\"><c r=\"A2\" t=\"s\"><v>{index}</v></c>{}</row>",
            text_cell("B2", "甲事项")
        );
        assert_eq!(codes("t.xlsx", &xlsx("", &row, "")), ["damaged_workbook"], "{index}");
    }
}

#[test]
fn sizes_that_lie_and_names_that_climb_change_nothing() {
    let good = format!("<row r=\"2\">{}{}</row>", text_cell("A2", "a"), text_cell("B2", "甲事项"));
    let mut lying = xlsx("", &good, &" ".repeat(1 << 20));
    let at = lying.windows(4).rposition(|bytes| bytes == b"PK\x01\x02").unwrap();
    lying[at + 24..at + 28].copy_from_slice(&9_u32.to_le_bytes());
    assert_eq!(codes("t.xlsx", &lying), ["damaged_workbook"]);
    let mut more = zip::ZipWriter::new_append(Cursor::new(xlsx("", &good, ""))).unwrap();
    for name in ["../../outside", "/etc/outside", "xl/../../outside"] {
        more.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        more.write_all(b"x").unwrap();
    }
    assert!(codes("t.xlsx", &more.finish().unwrap().into_inner()).is_empty());
    let mut bomb = zip::ZipWriter::new_append(Cursor::new(xlsx("", &good, ""))).unwrap();
    bomb.start_file("xl/media/image.png", zip::write::SimpleFileOptions::default()).unwrap();
    (0..33).for_each(|_| bomb.write_all(&vec![0; 1 << 20]).unwrap());
    assert_eq!(codes("t.xlsx", &bomb.finish().unwrap().into_inner()), ["too_large_inside"]);
}
