//! One table in every format comes to the same. `old.xls` was written by xlwt, `open.ods` by odfpy.

use crate::{report, without_places};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

const POLICY: &str =
    "表 事项 { 编码 : 文本 主键 名称 : 文本 数 : 整数 可缺 日 : 日期 可缺 时 : 时刻 可缺 }
第一条 数 凡 事项 当 有 数，数 不得 超过 5。
第二条 名 凡 事项，名称 必须 为 “甲事项”。
第三条 日 凡 事项 当 有 日，日 必须 为 2015年11月20日。
第四条 时 凡 事项 当 有 时，时(时) 必须 为 9。
";

/// A project with one file for its table.
pub fn project(name: &str, file: &str, bytes: &[u8], keys: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("formats").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join(file), bytes).unwrap();
    fs::write(folder.join("政策.fan"), POLICY).unwrap();
    let manifest = format!(
        "[project]\nas_of = 2015-11-20\npolicies = \"*.fan\"\n[data]\n\"事项\" = \
            {{ file = {file:?}{keys} }}\n"
    );
    fs::write(folder.join("fanshi.toml"), manifest).unwrap();
    folder
}

fn codes(report: &Value) -> Vec<&str> {
    report["diagnostics"]
        .as_array()
        .unwrap()
        .iter()
        .map(|found| found["code"].as_str().unwrap())
        .collect()
}

fn findings(report: &Value) -> Vec<String> {
    report["findings"].as_array().unwrap().iter().map(without_places).collect()
}

/// Where the values of findings stand.
fn places(report: &Value) -> Vec<String> {
    let findings = report["findings"].as_array().unwrap().iter();
    let places = findings
        .flat_map(|finding| finding["places"].as_array().unwrap())
        .filter(|place| place["role"] == "data");
    places
        .map(|place| {
            place["cell"]
                .as_str()
                .map_or_else(|| format!("{}:{}", place["line"], place["column"]), str::to_owned)
        })
        .collect()
}

const CELLS: &str = "[事项]
上报表
编码,名称,数,日,时
a,甲事项,7,d2015-11-20,2015-11-20 08:30:00
b,,'6,'2015-11-21,
c,丙,=1/0|#DIV/0!,,
@merge B3:B4
@hide 5
[藏 hidden]
x
";

const TEXT: &str = "上报表\r\n编码,名称,数,日,时\r\na,甲事项,7,2015-11-20,2015-11-20 \
    08:30:00\r\nb,甲事项,6,2015-11-21,\r\nc,丙,#DIV/0!,,\r\n";

#[test]
fn xlsx_xls_ods_and_csv_come_to_the_same() {
    let csv = report(&project("csv", "t.csv", TEXT.as_bytes(), ", header = 2"));
    assert_eq!(codes(&csv), ["unreadable_value"]);
    assert_eq!(places(&csv), ["3:7", "3:20", "4:7", "4:9", "5:5", "5:3"].map(str::to_owned));
    let xlsx = report(&project("xlsx", "t.xlsx", &crate::sheets::workbook(CELLS), ""));
    let ods = report(&project("ods", "t.ods", include_bytes!("open.ods"), ""));
    let xls = report(&project("xls", "t.xls", include_bytes!("old.xls"), ""));
    for workbook in [&xlsx, &ods] {
        assert_eq!(codes(workbook), ["hidden_rows", "formula_error"]);
        assert_eq!(findings(workbook), findings(&csv));
        assert_eq!(places(workbook), ["C3", "E3", "C4", "D4", "C5", "B5"].map(str::to_owned));
    }
    // xlwt stores no value for a formula, and XLS does not tell that from an empty text.
    assert_eq!(codes(&xls), ["hidden_rows"]);
    assert!(findings(&xls).iter().all(|finding| findings(&csv).contains(finding)));
    assert_eq!(places(&xls), ["C3", "E3", "C4", "D4", "B5"].map(str::to_owned));
}

#[test]
fn a_file_is_known_by_what_it_holds_and_not_by_its_name() {
    let right = report(&project("named-right", "t.xlsx", &crate::sheets::workbook(CELLS), ""));
    let wrong = report(&project("named-wrong", "t.xls", &crate::sheets::workbook(CELLS), ""));
    assert_eq!(findings(&right), findings(&wrong));
}

/// GB18030 without a mark, as Chinese spreadsheet programs save CSV, with the text before the
/// mistake longer in it than in characters.
#[test]
fn a_csv_of_gb18030_and_its_twin_of_utf_8_come_to_the_same_with_the_same_columns() {
    let text = TEXT.replace("#DIV/0!", "二").replace("丙", "𠀀丙（“补”）");
    let utf_8 = report(&project("utf-8", "t.csv", text.as_bytes(), ", header = 2"));
    let gb18030 =
        report(&project("gb18030", "t.csv", &encoding_rs::GB18030.encode(&text).0, ", header = 2"));
    assert_eq!(codes(&gb18030), ["guessed_encoding", "unreadable_value"]);
    let keys = ", header = 2, encoding = \"gb18030\"";
    let gb18030 = report(&project("gb18030", "t.csv", &encoding_rs::GB18030.encode(&text).0, keys));
    let columns = |report: &Value| {
        let mut report = report.clone();
        report.as_object_mut().unwrap().remove("folder");
        for list in ["diagnostics", "findings"] {
            for place in report[list]
                .as_array_mut()
                .unwrap()
                .iter_mut()
                .flat_map(|found| found["places"].as_array_mut().unwrap())
            {
                ["start", "end"]
                    .iter()
                    .for_each(|key| drop(place.as_object_mut().unwrap().remove(*key)));
            }
        }
        report.to_string()
    };
    assert_eq!(columns(&gb18030), columns(&utf_8));
    assert_ne!(gb18030.to_string(), utf_8.to_string(), "bytes differ");
}

/// What a program that cannot calculate leaves in a cell is no empty cell.
#[test]
fn a_formula_that_was_never_worked_out_is_an_error() {
    let stored = crate::sheets::workbook("[事项]\n编码,名称,数\na,甲事项,=2+5|7\n");
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(stored)).unwrap();
    let mut out = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for index in 0..zip.len() {
        let mut part = zip.by_index(index).unwrap();
        let mut text = String::new();
        std::io::Read::read_to_string(&mut part, &mut text).unwrap();
        out.start_file(part.name().unwrap().into_owned(), zip::write::SimpleFileOptions::default())
            .unwrap();
        std::io::Write::write_all(&mut out, text.replace("<v>7</v>", "<v></v>").as_bytes())
            .unwrap();
    }
    let report = report(&project("unsolved", "t.xlsx", &out.finish().unwrap().into_inner(), ""));
    assert_eq!(codes(&report), ["formula_error"]);
    assert!(report["diagnostics"][0]["message"].as_str().unwrap().contains("=2+5"));
}
