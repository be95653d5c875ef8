//! The sample as one workbook: every table and list its manifest names is a sheet, however it was
//! written before.

use fanshi::schema::{Field, Frame, FrameId, Schema, Type};
use fanshi::workspace::Options;
use fanshi::workspace::Project;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The only file of data.
pub const FILE: &str = "上报.xlsx";

/// What separates plain values in one cell.
const SEPARATORS: [char; 3] = ['、', ';', '；'];

/// A row by the Chinese names of its fields; an element also by what its parent is called.
type Row = Map<String, Value>;

/// Rows by frame.
struct Tables<'s> {
    schema: &'s Schema,
    rows: BTreeMap<FrameId, Vec<Row>>,
    /// The tables and lists that the manifest gives files for.
    listed: BTreeSet<FrameId>,
}

/// Writes the sample's data as a workbook, and a manifest that names nothing else; how many sheets
/// it has.
pub fn build(sample: &Path, folder: &Path) -> usize {
    let project = Project::read(sample);
    let schema = project.policy(&Options::default()).program.schema.clone();
    let mut tables = Tables { schema: &schema, rows: BTreeMap::new(), listed: BTreeSet::new() };
    let manifest = fs::read_to_string(sample.join("fanshi.toml")).unwrap();
    for (name, entry) in
        toml::from_str::<toml::Table>(&manifest).unwrap()["data"].as_table().unwrap()
    {
        let frame = tables.frame(name);
        tables.listed.insert(frame);
        let entries = if let toml::Value::Array(entries) = entry {
            entries.clone()
        } else {
            vec![entry.clone()]
        };
        for path in entries
            .iter()
            .flat_map(|entry| files(sample, entry.get("file").unwrap_or(entry).as_str().unwrap()))
        {
            rows(&path, schema.frame(frame).unwrap())
                .into_iter()
                .for_each(|row| tables.absorb(frame, row));
        }
    }
    (0..schema.frames.len())
        .for_each(|frame| tables.spread(FrameId(u32::try_from(frame).unwrap())));
    fs::create_dir_all(folder).unwrap();
    let data = tables.write(&folder.join(FILE));
    let (head, rest) = manifest.split_once("[data]\n").unwrap();
    let after = rest.find("\n[").map_or("", |at| &rest[at..]);
    fs::write(folder.join("fanshi.toml"), format!("{head}[data]\n{}{after}", data.concat()))
        .unwrap();
    data.len()
}

/// The files of an entry.
fn files(folder: &Path, pattern: &str) -> Vec<PathBuf> {
    let pattern = folder.join(pattern);
    glob::glob(&pattern.to_string_lossy()).unwrap().map(Result::unwrap).collect()
}

/// What a file says, by its ending.
fn rows(path: &Path, frame: &Frame) -> Vec<Row> {
    let bytes = fs::read(path).unwrap();
    let text = String::from_utf8(bytes)
        .unwrap_or_else(|error| encoding_rs::GB18030.decode(error.as_bytes()).0.into_owned());
    let whole = |value: Value| match value {
        Value::Array(rows) => rows,
        Value::Object(mut map) => match frame.names.iter().find_map(|name| map.remove(name)) {
            Some(Value::Array(rows)) => rows,
            _ => vec![Value::Object(map)],
        },
        other => panic!("{other}"),
    };
    let values = match path.extension().unwrap().to_str().unwrap() {
        "csv" => return csv(&text),
        "toml" => whole(from_toml(toml::from_str(&text).unwrap())),
        "json" => whole(serde_json::from_str(&text).unwrap()),
        "jsonl" => text.lines().map(|line| serde_json::from_str(line).unwrap()).collect(),
        other => panic!("{other}"),
    };
    values
        .into_iter()
        .map(|value| if let Value::Object(row) = value { row } else { panic!("{value}") })
        .collect()
}

fn from_toml(value: toml::Value) -> Value {
    match value {
        toml::Value::Table(table) => {
            Value::Object(table.into_iter().map(|(key, value)| (key, from_toml(value))).collect())
        }
        toml::Value::Array(array) => Value::Array(array.into_iter().map(from_toml).collect()),
        toml::Value::Integer(number) => number.into(),
        toml::Value::Boolean(value) => value.into(),
        toml::Value::Datetime(date) => date.to_string().into(),
        toml::Value::String(text) => text.into(),
        toml::Value::Float(number) => number.into(),
    }
}

/// The rows of CSV; no cell of the sample has a line end.
fn csv(text: &str) -> Vec<Row> {
    let mut lines = text.trim_start_matches('\u{FEFF}').lines().map(cells);
    let headings = lines.next().unwrap();
    let row = |cells: Vec<String>| {
        headings.iter().cloned().zip(cells).filter(|(_, cell)| !cell.is_empty())
    };
    lines
        .map(|cells| row(cells).map(|(heading, cell)| (heading, Value::String(cell))).collect())
        .collect()
}

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

fn is_simple(value: &Value) -> bool {
    !value.is_array()
        && !value.is_object()
        && !value.as_str().is_some_and(|text| text.contains(SEPARATORS))
}

impl Tables<'_> {
    fn shape(&self, frame: FrameId) -> &Frame {
        self.schema.frame(frame).unwrap()
    }

    /// `item`, `item.basis`.
    fn frame(&self, name: &str) -> FrameId {
        let mut parts = name.split('.');
        let table = parts.next().unwrap();
        let table = self.schema.tables().find(|(_, frame)| frame.names.matches(table)).unwrap().0;
        parts.fold(table, |frame, part| {
            let shape = self.shape(frame);
            list(shape.field(shape.called(part).unwrap()).unwrap()).unwrap()
        })
    }

    /// What the column is called that names an element's parent; the one row of a table without a
    /// key needs none.
    fn parent_heading(&self, frame: FrameId) -> Option<String> {
        let parent = self.shape(self.shape(frame).parent?.0);
        let key = parent.field(parent.key()?)?.names.zh();
        let taken = self.shape(frame).called(key).is_some();
        Some(if taken { parent.names.zh() } else { key }.to_owned())
    }

    /// Takes a row under the fields' own names.
    fn absorb(&mut self, frame: FrameId, row: Row) {
        let shape = self.shape(frame);
        let named = |heading: String| match shape.called(&heading) {
            Some(field) => shape.field(field).unwrap().names.zh().to_owned(),
            None => self
                .parent_heading(frame)
                .unwrap_or_else(|| panic!("{} {heading}", shape.names.zh())),
        };
        let row = row
            .into_iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(heading, value)| (named(heading), value))
            .collect();
        self.rows.entry(frame).or_default().push(row);
    }

    /// Puts the lists of a frame into sheets of their own: those the manifest has files for, those
    /// of several fields, and those of plain values that one cell cannot tell apart. Elements
    /// inside their rows come before those from files.
    fn spread(&mut self, frame: FrameId) {
        let shape = self.schema.frame(frame).unwrap();
        for (field, child) in shape.fields.iter().filter_map(|field| Some((field, list(field)?))) {
            let name = field.names.zh();
            let rows = self.rows.get_mut(&frame).map_or(&mut [][..], Vec::as_mut_slice);
            let given = || rows.iter().filter_map(|row| row.get(name)).filter_map(Value::as_array);
            let apart = given().any(|elements| !elements.iter().all(is_simple));
            let plain = self.schema.frame(child).unwrap().plain;
            if rows.is_empty()
                || !(self.listed.contains(&child) || apart || (!plain && given().next().is_some()))
            {
                continue;
            }
            let told = self.listed.contains(&child)
                || field.default.is_some()
                || rows.iter().all(|row| row.contains_key(name));
            assert!(told, "a list that is not given is no empty list: {name}");
            let key = shape.key().map(|key| shape.field(key).unwrap().names.zh());
            let mut elements = Vec::new();
            for row in rows {
                let parent = key.map(|key| row[key].clone());
                for element in
                    row.remove(name).and_then(|list| list.as_array().cloned()).unwrap_or_default()
                {
                    let element = if let Value::Object(map) = element {
                        map
                    } else {
                        [("值".to_owned(), element)].into_iter().collect()
                    };
                    elements.push((parent.clone(), element));
                }
            }
            self.listed.insert(child);
            let heading = self.parent_heading(child);
            let own = self.rows.remove(&child).unwrap_or_default();
            for (parent, mut element) in elements {
                element.extend(heading.clone().zip(parent));
                self.absorb(child, element);
            }
            self.rows.entry(child).or_default().extend(own);
        }
    }

    /// Writes all sheets; the lines of `[data]` that name them.
    fn write(&self, path: &Path) -> Vec<String> {
        let mut workbook = Workbook::new();
        let mut names = BTreeSet::new();
        let mut lines = Vec::new();
        for &id in &self.listed {
            let shape = self.shape(id);
            let own = shape.names.zh().to_owned();
            let name = if names.contains(&own) {
                format!("{}的{own}", self.shape(self.schema.root(id)).names.zh())
            } else {
                own
            };
            assert!(name.chars().count() <= 31 && names.insert(name.clone()), "{name}");
            let sheet = workbook.add_worksheet();
            sheet.set_name(&name).unwrap();
            self.sheet(id, sheet);
            let sheet = if *name == *shape.names.zh() {
                String::new()
            } else {
                format!(", sheet = {name:?}")
            };
            lines.push(format!("{:?} = {{ file = {FILE:?}{sheet} }}\n", self.path(id)));
        }
        workbook.save(path).unwrap();
        lines
    }

    /// The key of `[data]`.
    fn path(&self, frame: FrameId) -> String {
        let shape = self.shape(frame);
        shape.parent.map_or(String::new(), |(parent, _)| format!("{}.", self.path(parent)))
            + shape.names.en()
    }

    /// A title, an empty line, the headings, the rows.
    fn sheet(&self, frame: FrameId, sheet: &mut Worksheet) {
        let shape = self.shape(frame);
        let none = Vec::new();
        let rows = self.rows.get(&frame).unwrap_or(&none);
        sheet.write(0, 0, format!("{}（样例）", shape.names.zh())).unwrap();
        let fields = shape.fields.iter().map(|field| (field.names.zh().to_owned(), Some(field)));
        let used = |heading: &str, field: &Option<&Field>| {
            rows.iter().any(|row| row.contains_key(heading))
                || (rows.is_empty() && field.is_some_and(|field| list(field).is_none()))
        };
        let columns =
            self.parent_heading(frame).map(|heading| (heading, None)).into_iter().chain(fields);
        for (column, (heading, field)) in
            (0..).zip(columns.filter(|(heading, field)| field.is_none() || used(heading, field)))
        {
            sheet.write(2, column, heading.as_str()).unwrap();
            for (row, value) in
                (3..).zip(rows).filter_map(|(at, row)| Some((at, row.get(&heading)?)))
            {
                write(sheet, (row, column), field.map_or(Type::Text, |field| field.ty), value);
            }
        }
    }
}

/// The frame of a list's elements.
fn list(field: &Field) -> Option<FrameId> {
    if let Type::List(frame) = field.ty { Some(frame) } else { None }
}

/// Writes a value as an office would: dates, numbers, percentages and working days as such, but
/// every third of them as it was typed.
fn write(sheet: &mut Worksheet, (row, column): (u32, u16), ty: Type, value: &Value) {
    let text = match value {
        Value::Bool(value) => {
            sheet.write(row, column, *value).unwrap();
            return;
        }
        Value::Array(values) if values.is_empty() => ";".to_owned(),
        Value::Array(values) => values.iter().map(shown).collect::<Vec<_>>().join("、"),
        value => shown(value),
    };
    let number = |text: &str| text.trim().parse::<f64>().ok();
    let stored = match ty {
        _ if row % 3 == 1 => None,
        Type::Date => {
            ExcelDateTime::parse_from_str(&text).ok().map(|date| (date.to_excel(), "yyyy-mm-dd"))
        }
        Type::Percent => {
            text.strip_suffix('%').and_then(number).map(|share| (share / 100.0, "0.00%"))
        }
        Type::Workdays => number(text.trim_end_matches("工作日").trim_end_matches('个'))
            .map(|days| (days, "0\" 工作日\"")),
        Type::Integer | Type::Decimal | Type::Money => number(&text).map(|number| (number, "0.##")),
        _ => None,
    };
    match stored {
        Some((number, format)) => {
            sheet.write_with_format(row, column, number, &Format::new().set_num_format(format))
        }
        None => sheet.write(row, column, text),
    }
    .unwrap();
}

/// A value as it stands in text.
fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
