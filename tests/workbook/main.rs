//! The sample project as one workbook, written by a writer that is not ours, comes to what its text files come to.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test stops at the first surprise")]

mod damaged;
mod formats;
mod hostile;
#[path = "../sheets/mod.rs"]
mod sheets;

use rust_xlsxwriter::Workbook;
use serde_json::{Map, Value};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

type Row = Map<String, Value>;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The rows of a CSV file; no cell of the sample has a line end.
fn csv(path: &Path) -> Vec<Row> {
    let bytes = fs::read(path).unwrap();
    let text = String::from_utf8(bytes).unwrap_or_else(|error| encoding_rs::GB18030.decode(error.as_bytes()).0.into_owned());
    let mut lines = text.trim_start_matches('\u{FEFF}').lines().map(cells);
    let own = |heading: String| OWN.iter().find(|(_, other)| *other == heading).map_or(heading, |(name, _)| (*name).to_owned());
    let headings: Vec<String> = lines.next().unwrap().into_iter().map(own).collect();
    let row = |cells: Vec<String>| headings.iter().cloned().zip(cells).filter(|(_, cell)| !cell.is_empty());
    lines.map(|cells| row(cells).map(|(heading, cell)| (heading, Value::String(cell))).collect()).collect()
}

/// What one department calls its columns; in one sheet with the others there is one name.
const OWN: [(&str, &str); 10] = [
    ("编码", "事项编码"),
    ("名称", "事项名称"),
    ("部门", "责任单位"),
    ("类别", "事项类型"),
    ("法定时限", "法定办结时限"),
    ("承诺时限", "承诺办结时限"),
    ("进驻大厅", "是否进驻"),
    ("收费", "是否收费"),
    ("处理意见", "清理意见"),
    ("必要性", "必要性论证"),
];

fn cells(line: &str) -> Vec<String> {
    let (mut cells, mut cell, mut quoted) = (Vec::new(), String::new(), false);
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(std::mem::take(&mut cell)),
            c => cell.push(c),
        }
    }
    cells.push(cell);
    cells
}

fn toml_value(value: toml::Value) -> Value {
    match value {
        toml::Value::Table(table) => Value::Object(table.into_iter().map(|(key, value)| (key, toml_value(value))).collect()),
        toml::Value::Array(array) => Value::Array(array.into_iter().map(toml_value).collect()),
        toml::Value::Integer(number) => number.into(),
        toml::Value::Boolean(value) => value.into(),
        toml::Value::Datetime(date) => date.to_string().into(),
        toml::Value::String(text) => text.into(),
        toml::Value::Float(number) => number.into(),
    }
}

/// All items of the sample with what is nested in them, in the order of its manifest.
fn items(folder: &Path) -> Vec<Row> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let ending = |ending: &str| paths.iter().filter(|path| path.to_string_lossy().ends_with(ending)).cloned().collect::<Vec<_>>();
    let rows = |value: Value| {
        value["事项"].as_array().or(value.as_array()).unwrap().iter().map(|row| row.as_object().unwrap().clone()).collect::<Vec<_>>()
    };
    let mut items: Vec<Row> = Vec::new();
    for path in ending(".toml") {
        items.extend(rows(toml_value(toml::from_str(&fs::read_to_string(path).unwrap()).unwrap())));
    }
    for path in ending(".json") {
        items.extend(rows(serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()));
    }
    for path in ending(".jsonl") {
        items.extend(fs::read_to_string(path).unwrap().lines().map(|line| serde_json::from_str::<Row>(line).unwrap()));
    }
    for name in ["finance-and-land", "planning-and-market"] {
        let mut own = csv(&folder.join(format!("{name}.csv")));
        for (list, file) in LISTS {
            for mut element in csv(&folder.join(format!("{name}.{}.csv", file.replace('_', "-")))) {
                let key = element.remove("编码").unwrap();
                let item = own.iter_mut().find(|item| item["编码"] == key).unwrap();
                let elements = item.entry(list).or_insert_with(|| Value::Array(Vec::new())).as_array_mut().unwrap();
                elements.push(element.remove("值").unwrap_or(Value::Object(element)));
            }
        }
        items.extend(own);
    }
    items
}

/// Nested lists, by their names in the sample and in the manifest.
const LISTS: [(&str, &str); 7] = [
    ("设定依据", "basis"),
    ("前置条件", "preconditions"),
    ("申报材料", "materials"),
    ("环节", "steps"),
    ("特别程序", "special_procedures"),
    ("服务对象", "audiences"),
    ("办理量", "volumes"),
];

/// Adds a sheet, with two lines above its headings and numbers stored as numbers.
fn add(workbook: &mut Workbook, name: &str, rows: &[Row]) {
    let mut headings: Vec<&String> = Vec::new();
    for heading in rows.iter().flat_map(Row::keys) {
        if !headings.contains(&heading) {
            headings.push(heading);
        }
    }
    let sheet = workbook.add_worksheet();
    sheet.set_name(name).unwrap().write(0, 0, format!("{name}（样例）")).unwrap();
    for (column, heading) in headings.iter().enumerate() {
        let column = u16::try_from(column).unwrap();
        sheet.write(2, column, heading.as_str()).unwrap();
        for (row, cells) in rows.iter().enumerate() {
            let row = u32::try_from(row).unwrap() + 3;
            match cells.get(*heading) {
                None | Some(Value::Null) => {}
                Some(Value::Bool(value)) => drop(sheet.write(row, column, *value).unwrap()),
                Some(Value::Number(number)) => drop(sheet.write(row, column, number.as_f64().unwrap()).unwrap()),
                Some(Value::String(text)) => drop(sheet.write(row, column, text.as_str()).unwrap()),
                Some(Value::Array(values)) => {
                    let texts: Vec<&str> = values.iter().map(|value| value.as_str().unwrap()).collect();
                    sheet.write(row, column, if texts.is_empty() { ";".to_owned() } else { texts.join("、") }).unwrap();
                }
                Some(other) => unreachable!("{other}"),
            }
        }
    }
}

/// The project with its items, departments and decisions in one workbook.
fn as_workbook(folder: &Path) {
    let sample = root().join("policies/shangjie-2015");
    let mut items = items(&sample.join("items"));
    let mut lists: Vec<(&str, Vec<Row>)> = Vec::new();
    for (list, _) in LISTS.iter().filter(|(list, _)| *list != "服务对象") {
        let mut rows = Vec::new();
        for item in &mut items {
            for mut element in item.remove(*list).and_then(|list| list.as_array().cloned()).unwrap_or_default() {
                element.as_object_mut().unwrap().insert("编码".into(), item["编码"].clone());
                rows.push(element.as_object().unwrap().clone());
            }
        }
        lists.push((list, rows));
    }
    let mut workbook = Workbook::new();
    add(&mut workbook, "事项", &items);
    lists.iter().for_each(|(name, rows)| add(&mut workbook, name, rows));
    for (name, file) in [("部门", "departments.csv"), ("上级决定", "superior-decisions.csv")] {
        add(&mut workbook, name, &csv(&sample.join(file)));
    }
    fs::create_dir_all(folder).unwrap();
    workbook.save(folder.join("上报.xlsx")).unwrap();
    let manifest = fs::read_to_string(sample.join("fanshi.toml")).unwrap();
    let (head, rest) = manifest.split_once("[data]\n").unwrap();
    let mut text = format!("{head}[data]\ndepartment = \"上报.xlsx\"\nsuperior_decision = \"上报.xlsx\"\nitem = \"上报.xlsx\"\n");
    for (name, english) in LISTS.iter().filter(|(list, _)| *list != "服务对象") {
        text.push_str(&format!("\"item.{english}\" = {{ file = \"上报.xlsx\", sheet = \"{name}\", header = 3 }}\n"));
    }
    let mut replaced = false;
    for line in rest.lines() {
        if !line.starts_with([' ', ']']) {
            replaced = ["department =", "superior_decision =", "item =", "\"item."].iter().any(|key| line.starts_with(key));
        }
        if !replaced {
            text.push_str(&format!("{line}\n"));
        }
    }
    fs::write(folder.join("fanshi.toml"), text).unwrap();
}

/// Copies a folder with what is in it.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &to)
        } else {
            let _: u64 = fs::copy(entry.path(), to).unwrap();
        }
    }
}

fn report(project: &Path) -> Value {
    let output =
        Command::new(env!("CARGO_BIN_EXE_fanshi")).arg("check").arg(project).args(["--lang", "zh", "--format", "json"]).output().unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

/// What a finding says, without where its values stand.
fn without_places(finding: &Value) -> String {
    let mut finding = finding.clone();
    for place in finding["places"].as_array_mut().unwrap() {
        if place["role"] == "data" {
            let place = place.as_object_mut().unwrap();
            for key in ["file", "line", "column", "end_line", "end_column", "start", "end", "sheet", "cell"] {
                place.remove(key);
            }
        }
    }
    finding.to_string()
}

#[test]
fn the_sample_as_a_workbook_has_the_same_findings() {
    let policies = Path::new(env!("CARGO_TARGET_TMPDIR")).join("workbook");
    let _ = fs::remove_dir_all(&policies);
    copy(&root().join("policies"), &policies);
    let folder = policies.join("shangjie-2015");
    as_workbook(&folder);
    let (texts, cells) = (report(&root().join("policies/shangjie-2015")), report(&folder));
    assert_eq!(cells["diagnostics"], texts["diagnostics"]);
    assert_eq!(texts["summary"], cells["summary"]);
    let findings = |report: &Value| {
        let mut findings: Vec<String> = report["findings"].as_array().unwrap().iter().map(without_places).collect();
        findings.sort();
        findings
    };
    let (old, new) = (findings(&texts), findings(&cells));
    assert!(old.len() > 50);
    for (old, new) in old.iter().zip(&new) {
        assert_eq!(old, new);
    }
    assert_eq!(old.len(), new.len());
    let place = |place: &&Value| place["role"] == "data" && place["file"] == "上报.xlsx";
    let places: Vec<&Value> =
        cells["findings"].as_array().unwrap().iter().flat_map(|finding| finding["places"].as_array().unwrap()).collect();
    assert!(places.iter().copied().filter(place).count() > 50);
    assert!(
        places
            .iter()
            .copied()
            .filter(place)
            .all(|place| place["sheet"].is_string() && place["cell"].is_string() && place["line"].is_null())
    );
}
