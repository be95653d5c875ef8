//! One file by one reader, without a project around it: read, or said to be wrong at its place.
//! Every value is found again in the file; the same rows in two formats are the same values; packed
//! or in another encoding a file is read as it was.

use super::policy::placed;
use super::{Checked, Reached};
use crate::corpus::Corpus;
use crate::input::Input;
use crate::mutate::{self, CELLS, encoded, packed};
use fanshi::data::{self, Data};
use fanshi::{
    At, Bytes, Diagnostic, FieldId, Format, FrameId, Mapping, Policy, Schema, Settings, Source,
    Texts,
};
use fastrand::Rng;
use serde_json::{Map, Value as Json};
use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::sync::Arc;

const POLICY: &str = "\
枚举 类 由低到高 { 甲类、乙类、丙类 }
表 项 {
  号 : 文本 主键
  名 : 文本 可缺
  数 : 整数 可缺
  价 : 金额 可缺
  比 : 百分比 可缺
  日 : 日期 可缺
  时 : 时刻 可缺
  期 : 工作日 可缺
  是 : 是否 可缺
  类 : 类 可缺
  上 : 项 可缺
  经过 : 多个 { 活动 : 文本 可缺 天 : 整数 可缺 时间 : 日期 可缺 } 可缺
}
";

/// The columns, and values that each of them reads.
const COLUMNS: [(&str, [&str; 4]); 11] = [
    ("号", ["甲", "乙", "丙", "丁"]),
    ("名", ["某某", "a,b", "“引”", "x y"]),
    ("数", ["1", "-5", "1000", "0"]),
    ("价", ["1.5", "100", "0.01", "20 元"]),
    ("比", ["5%", "12.5%", "0%", "100%"]),
    ("日", ["2015-11-20", "2015/1/2", "2015年1月2日", "2016-02-29"]),
    ("时", ["2015-11-20 10:00", "2015-11-20 08:30:00", "2015-01-01 00:00", "2015-11-20T10:00"]),
    ("期", ["5 工作日", "0 工作日", "30 工作日", "5"]),
    ("是", ["是", "否", "true", "false"]),
    ("类", ["甲类", "乙类", "丙类", "甲类"]),
    ("上", ["甲", "乙", "丙", "丁"]),
];

const FORMATS: [&str; 9] = ["csv", "tsv", "json", "jsonl", "toml", "xes", "xlsx", "xls", "ods"];

type Rows = Vec<Vec<String>>;

/// Rows that stand for themselves in every format.
const GRID: &str = "rows";

/// A file with something changed, or rows.
pub fn make(_: &Corpus, random: &mut Rng) -> Input {
    let rows = rows(random);
    // Workbooks take a hundred times as long.
    let formats = if random.u8(0..20) == 0 { 9 } else { 6 };
    let one = FORMATS[random.usize(..formats)];
    if random.u8(0..6) == 0 {
        return Input::default().with(GRID, serde_json::to_vec(&rows).unwrap_or_default());
    }
    let mut bytes = written(&rows, one);
    for _ in 0..1 + random.usize(0..3) {
        bytes = match one {
            "xlsx" | "ods" => mutate::archive(&bytes, random),
            "xls" => mutate::bytes(&bytes, random),
            _ => match std::str::from_utf8(&bytes) {
                Ok(text) if random.u8(0..3) > 0 => mutate::cell(text, random),
                Ok(text) if random.u8(0..8) == 0 => encoded(text, random),
                _ => mutate::bytes(&bytes, random),
            },
        };
    }
    Input::default().with(&format!("rows.{one}"), bytes)
}

fn rows(random: &mut Rng) -> Rows {
    let mut columns: Vec<usize> = (1..COLUMNS.len()).filter(|_| random.bool()).collect();
    columns.insert(0, 0);
    let head = columns.iter().map(|at| COLUMNS[*at].0.to_owned()).collect();
    let row = |number: usize, random: &mut Rng| {
        let cell = |at: usize, random: &mut Rng| match at {
            0 => COLUMNS[0].1[number].to_owned(),
            _ => match random.u8(0..12) {
                0 => String::new(),
                1 => CELLS[random.usize(..CELLS.len())].to_owned(),
                _ => COLUMNS[at].1[random.usize(..4)].to_owned(),
            },
        };
        columns.iter().map(|at| cell(*at, &mut *random)).collect::<Vec<String>>()
    };
    let count = 1 + random.usize(..4);
    let mut rows = vec![head];
    rows.extend((0..count).map(|number| row(number, random)));
    rows
}

/// The rows in a format.
fn written(rows: &Rows, format: &str) -> Vec<u8> {
    let Some((head, rest)) = rows.split_first() else { return Vec::new() };
    let given = |row: &'_ Vec<String>| -> Vec<(String, String)> {
        head.iter().cloned().zip(row.iter().cloned()).filter(|(_, cell)| !cell.is_empty()).collect()
    };
    let object = |row: &Vec<String>| -> Map<String, Json> {
        given(row).into_iter().map(|(name, cell)| (name, cell.into())).collect()
    };
    let quote = fanshi::prove::quoted;
    match format {
        "csv" | "tsv" => {
            let sign = if format == "csv" { "," } else { "\t" };
            let cell = |cell: &String| match cell.contains(['"', ',', '\n', '\r', '\t']) {
                true => format!("\"{}\"", cell.replace('"', "\"\"")),
                false => cell.clone(),
            };
            let line =
                |row: &Vec<String>| row.iter().map(cell).collect::<Vec<_>>().join(sign) + "\n";
            rows.iter().map(line).collect::<String>().into_bytes()
        }
        "json" => {
            serde_json::to_vec(&rest.iter().map(object).collect::<Vec<_>>()).unwrap_or_default()
        }
        "jsonl" => {
            let line = |row| serde_json::to_string(&object(row)).unwrap_or_default() + "\n";
            rest.iter().map(line).collect::<String>().into_bytes()
        }
        "toml" => {
            let field =
                |(name, cell): (String, String)| format!("{} = {}\n", quote(&name), quote(&cell));
            let row = |row| {
                format!("[[\"项\"]]\n{}", given(row).into_iter().map(field).collect::<String>())
            };
            rest.iter().map(row).collect::<String>().into_bytes()
        }
        "xes" => {
            let field = |(name, cell): (String, String)| {
                format!("<string key=\"{}\" value=\"{}\"/>", escaped(&name), escaped(&cell))
            };
            let event = "<event><string key=\"活动\" value=\"受理\"/><date key=\"时间\" value=\"2015-11-02\"/></event>";
            let trace = |row| {
                format!(
                    "<trace>{}{event}</trace>\n",
                    given(row).into_iter().map(field).collect::<String>()
                )
            };
            format!("<log>\n{}</log>\n", rest.iter().map(trace).collect::<String>()).into_bytes()
        }
        "xlsx" => super::load::workbook(rows),
        "xls" => include_bytes!("../../../tests/workbook/old.xls").to_vec(),
        _ => include_bytes!("../../../tests/workbook/open.ods").to_vec(),
    }
}

fn escaped(text: &str) -> String {
    let known = |letter: char| !letter.is_control() && letter != '\u{fffe}' && letter != '\u{ffff}';
    let text: String = text.chars().filter(|letter| known(*letter)).collect();
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

thread_local! {
    static COMPILED: OnceCell<Arc<Schema>> = const { OnceCell::new() };
}

fn schema() -> Arc<Schema> {
    let made = || {
        let texts = Texts::from_iter([Source::new("项.fan", POLICY)]);
        Policy::compile(texts, &Settings::default()).program.schema.clone()
    };
    COMPILED.with(|compiled| compiled.get_or_init(made).clone())
}

fn load(schema: &Arc<Schema>, name: &str, bytes: &[u8]) -> (Data, Vec<Diagnostic>) {
    let format = match name.trim_end_matches(".gz").rsplit('.').next() {
        Some("csv" | "tsv") => Format::Csv,
        Some("json") => Format::Json,
        Some("jsonl") => Format::JsonLines,
        Some("toml") => Format::Toml,
        Some("xes") => Format::Xes,
        _ => Format::Workbook,
    };
    // The workbooks there are have headings of their own.
    let headings =
        [("编码", "号"), ("名称", "名")].map(|(from, to)| (from.to_owned(), to.to_owned()));
    let old = name.ends_with(".xls") || name.ends_with(".ods");
    let mapping =
        Mapping { headings: if old { headings.into() } else { Vec::new() }, ..Mapping::default() };
    let input = data::Input {
        frame: FrameId(0),
        name: name.into(),
        format,
        mapping,
        inline: None,
        store: Arc::new(Bytes(bytes.into())),
    };
    let all = |frame: &fanshi::Frame| vec![data::Need::Read; frame.fields.len()];
    let needed = schema.frames.iter().map(all).collect();
    data::load(schema, &needed, vec![input])
}

pub fn run(input: &Input) -> Reached {
    let schema = schema();
    let Some((name, bytes)) = input.files.first() else { return Ok(false) };
    if name == GRID {
        return match serde_json::from_slice(bytes) {
            Ok(rows) => every_format(&schema, &rows),
            Err(_) => Ok(false),
        };
    }
    let (data, found) = load(&schema, name, bytes);
    found.iter().try_for_each(placed)?;
    // Either takes as long as the reading.
    if input.seed % 4 == 1 {
        located(&schema, &data, (name, bytes))?;
    }
    let is_workbook = matches!(name.rsplit('.').next(), Some("xlsx" | "xls" | "ods"));
    if input.seed.is_multiple_of(8) && !is_workbook {
        let name = format!("{name}.gz");
        same("packed", (&data, &found), load(&schema, &name, &packed(bytes)))?;
    }
    Ok(data.frames.first().is_some_and(|frame| frame.len > 0))
}

/// Where rows are read without a mistake, they are the same from every format.
fn every_format(schema: &Arc<Schema>, rows: &Rows) -> Reached {
    let mut first: Option<(&str, Data)> = None;
    let mut cells = rows.iter().flatten();
    // XML cannot hold all characters.
    let plain = cells
        .all(|cell| !cell.contains(|letter: char| letter.is_control() || letter >= '\u{fffe}'));
    for format in FORMATS.iter().take(6).filter(|format| plain || **format != "xes") {
        let (data, found) = load(schema, &format!("rows.{format}"), &written(rows, format));
        found.iter().try_for_each(placed)?;
        if !found.is_empty() {
            continue;
        }
        match &first {
            None => first = Some((format, data)),
            Some((other, one)) => {
                alike(one, &data).map_err(|what| format!("{what}, {other} and {format}"))?
            }
        }
    }
    Ok(first.is_some())
}

/// Every value that was read stands where it is said to stand.
fn located(schema: &Schema, data: &Data, (name, bytes): (&str, &[u8])) -> Checked {
    for (at, frame) in data.frames.iter().enumerate() {
        let id = FrameId(u32::try_from(at).unwrap_or_default());
        let fields = schema.frame(id).map_or(0, |frame| frame.fields.len());
        for row in 0..frame.len {
            for field in (0..fields).map(|at| FieldId(u32::try_from(at).unwrap_or_default())) {
                let place = data.located.locate(id, row, Some(field));
                let _ = data.located.text(id, row, field);
                let Some(place) = place else { continue };
                if place.excerpt.text.get(place.excerpt.mark.clone()).is_none() {
                    return Err(format!("a mark outside of its excerpt, of a value: {place:?}"));
                }
                if let At::Text { start, end, .. } = place.at
                    && (start > end || end > bytes.len() as u64)
                    && !name.ends_with(".gz")
                {
                    return Err(format!("a value beyond its file: {place:?}"));
                }
            }
        }
    }
    Ok(())
}

/// The same values and the same mistakes.
fn same(
    what: &str,
    (data, found): (&Data, &[Diagnostic]),
    again: (Data, Vec<Diagnostic>),
) -> Checked {
    let codes =
        |found: &[Diagnostic]| found.iter().map(|found| found.code).collect::<BTreeSet<_>>();
    if codes(found) != codes(&again.1) {
        return Err(format!(
            "a file has other mistakes, {what}: {:?} {:?}",
            codes(found),
            codes(&again.1)
        ));
    }
    alike(data, &again.0).map_err(|wrong| format!("{wrong}, {what}"))
}

fn alike(one: &Data, other: &Data) -> Checked {
    for (at, (a, b)) in one.frames.iter().zip(&other.frames).enumerate().take(1) {
        if a.len != b.len {
            return Err(format!("a file has other rows: {} and {} of frame {at}", a.len, b.len));
        }
        let lists = |column: &fanshi::value::Column| {
            matches!(column.values, fanshi::value::Values::Dropped)
        };
        let differing = a.columns.iter().zip(&b.columns).position(|(x, y)| x != y && !lists(x));
        if let Some(field) = differing {
            return Err(format!(
                "a file has other values: {:?} and {:?}",
                a.columns[field], b.columns[field]
            ));
        }
    }
    Ok(())
}
