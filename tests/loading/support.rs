//! A made-up vocabulary, files in memory, and diagnostics as plain text.

use fanshi::data::{Bytes, Data, Format, Input, Mapping, Store, load};
use fanshi::diagnostic::Diagnostic;
use fanshi::place::At;
use fanshi::schema::{
    Constant, Enum, EnumId, EnumValue, Field, FieldId, Frame, FrameId, Names, Reading, Schema, Type,
};
use fanshi::text::{FileId, Span};
use fanshi::value::{Column, Values};
use std::fmt::Write;
use std::sync::Arc;

pub fn memory(bytes: impl Into<Vec<u8>>) -> Bytes {
    Bytes(bytes.into().into())
}

pub struct Gone;

impl Store for Gone {
    fn len(&self) -> u64 {
        10
    }

    fn read(&self, _: u64, _: u64) -> std::io::Result<Vec<u8>> {
        Err(std::io::ErrorKind::NotFound.into())
    }
}

pub fn names(both: &str) -> Names {
    let (name, alias) =
        both.split_once('|').map_or((both, None), |(name, alias)| (name, Some(alias.into())));
    Names { name: name.into(), alias }
}

fn span() -> Span {
    Span::new(FileId(0), 0, 0)
}

pub fn enumeration(name: &str, values: &[&str]) -> Enum {
    let value = |value: &&str| EnumValue { names: names(value), also: Vec::new(), span: span() };
    Enum {
        names: names(name),
        values: values.iter().map(value).collect(),
        order: None,
        span: span(),
    }
}

pub fn field(both: &str, ty: Type) -> Field {
    let (also, both) =
        both.split_once('/').map_or((None, both), |(both, also)| (Some(also.into()), both));
    Field { also: also.into_iter().collect(), ..Field::new(names(both), ty, span()) }
}

pub fn key(both: &str, ty: Type) -> Field {
    Field { key: true, unique: true, ..field(both, ty) }
}

pub fn optional(both: &str, ty: Type) -> Field {
    Field { optional: true, ..field(both, ty) }
}

pub fn table(both: &str, fields: Vec<Field>) -> Frame {
    Frame {
        names: names(both),
        parent: None,
        fields,
        single: false,
        plain: false,
        citable: None,
        citations: None,
        span: span(),
    }
}

pub fn list(both: &str, (frame, field): (u32, u32), fields: Vec<Field>) -> Frame {
    let plain = fields.len() == 1 && fields.iter().all(|field| field.names.matches("value"));
    Frame { parent: Some((FrameId(frame), FieldId(field))), plain, ..table(both, fields) }
}

pub const BOOK: u32 = 0;
pub const CHAPTER: u32 = 1;
pub const TAG: u32 = 2;
pub const SHELF: u32 = 3;
pub const LIBRARY: u32 = 4;
pub const NOTE: u32 = 5;

/// Books with chapters (which have notes) and tags, on shelves, in one library.
pub fn schema() -> Schema {
    use Type::{
        Boolean, Date, Decimal, Integer, List, Money, Months, Percent, Ref, Text, Workdays,
    };
    let mut loan = field("借期|loan", Workdays);
    loan.readings =
        vec![("当天".into(), Reading::Value(Constant::Int(0))), ("天".into(), Reading::Unit)];
    let mut kept = field("馆藏|kept", Boolean);
    kept.readings = vec![
        ("有".into(), Reading::Value(Constant::Bool(true))),
        ("无".into(), Reading::Value(Constant::Bool(false))),
    ];
    let mut copies = field("册数|copies", Integer);
    copies.default = Some(Constant::Int(1));
    let book = vec![
        key("书号|code/ISBN", Text),
        field("书名|title", Text),
        field("架|shelf", Ref(FrameId(SHELF))),
        field("类别|kind", Type::Enum(EnumId(0))),
        copies,
        optional("定价|price", Money),
        optional("折扣|discount", Percent),
        optional("出版|published", Date),
        loan,
        kept,
        optional("重量|weight", Decimal),
        optional("保质|shelf_life", Months),
        field("章节|chapters", List(FrameId(CHAPTER))),
        field("标签|tags", List(FrameId(TAG))),
    ];
    let chapter = vec![
        key("章号|number", Text),
        field("章名|heading", Text),
        optional("页|pages", Integer),
        optional("注|notes", List(FrameId(NOTE))),
    ];
    let frames = vec![
        table("书|book", book),
        list("章节|chapters", (BOOK, 12), chapter),
        list("标签|tags", (BOOK, 13), vec![field("值|value", Text)]),
        table("书架|shelf", vec![key("架号|id", Text), field("层|level", Integer)]),
        Frame {
            single: true,
            ..table(
                "馆|library",
                vec![
                    field("馆名|name", Text),
                    field("藏书|books", Integer),
                    optional("别名|others", List(FrameId(6))),
                ],
            )
        },
        list("注|notes", (CHAPTER, 3), vec![field("文字|text", Text)]),
        list("别名|others", (LIBRARY, 2), vec![field("值|value", Text)]),
    ];
    Schema {
        enums: vec![enumeration(
            "类别|kind",
            &["小说|novel", "工具书（辞典）|dictionary", "诗|poem"],
        )],
        frames,
        ..Schema::default()
    }
}

/// The format by the name's extension.
pub fn format(name: &str) -> Format {
    match name.rsplit('.').next() {
        Some("toml") => Format::Toml,
        Some("json") => Format::Json,
        Some("jsonl") => Format::JsonLines,
        _ => Format::Csv,
    }
}

pub fn input(frame: u32, name: &str, store: impl Store + 'static) -> Input {
    Input {
        frame: FrameId(frame),
        name: name.into(),
        format: format(name),
        mapping: Mapping::default(),
        inline: None,
        store: Arc::new(store),
    }
}

pub const SHELVES: &str = "架号,层\nA1,1\nA2,2\n";

/// Loads files, all columns kept, and hands data and diagnostics on.
pub fn with<R>(
    schema: &Schema,
    files: &[(u32, &str, Vec<u8>)],
    then: impl FnOnce(&Data, &[Diagnostic]) -> R,
) -> R {
    let inputs: Vec<Input> = files
        .iter()
        .map(|(frame, name, bytes)| input(*frame, name, memory(bytes.clone())))
        .collect();
    let needed = schema
        .frames
        .iter()
        .map(|frame| vec![fanshi::data::Need::Read; frame.fields.len()])
        .collect();
    let (data, diagnostics) = load(&Arc::new(schema.clone()), &needed, inputs);
    then(&data, &diagnostics)
}

/// What is said of a file of books, beside good shelves.
pub fn said_of(name: &str, text: &str) -> String {
    with(
        &schema(),
        &[(BOOK, name, text.into()), (SHELF, "shelves.csv", SHELVES.into())],
        |_, diagnostics| render(diagnostics),
    )
}

/// The codes of all diagnostics.
pub fn codes(diagnostics: &[Diagnostic]) -> Vec<&'static str> {
    diagnostics.iter().map(|diagnostic| diagnostic.code).collect()
}

/// Diagnostics as plain text, with the marked text in brackets.
pub fn render(diagnostics: &[Diagnostic]) -> String {
    let mut out = String::new();
    for diagnostic in diagnostics {
        let _ = writeln!(
            out,
            "{:?} {}: {} | {}",
            diagnostic.severity, diagnostic.code, diagnostic.message.zh, diagnostic.message.en
        );
        if let Some(help) = &diagnostic.help {
            let _ = writeln!(out, "  help: {} | {}", help.zh, help.en);
        }
        for label in &diagnostic.labels {
            let place = &label.place;
            match &place.at {
                At::Text { from, to, start, end } => {
                    let text = &place.excerpt.text;
                    let mark = &place.excerpt.mark;
                    assert!(text.get(mark.clone()).is_some(), "{place:?}");
                    let (head, tail) =
                        (text.get(..mark.start).unwrap(), text.get(mark.end..).unwrap());
                    let marked = text.get(mark.clone()).unwrap();
                    let range = format!(
                        "{}:{}-{}:{} bytes {start}..{end}",
                        from.line, from.column, to.line, to.column
                    );
                    let shown = format!("{head}⟦{marked}⟧{tail}").replace('\n', "⏎");
                    let _ = writeln!(
                        out,
                        "  {}:{range} {} {}",
                        place.file,
                        label.text.en,
                        clip(&shown)
                    );
                }
                _ => {
                    let _ = writeln!(out, "  {} {}", place.file, label.text.en);
                }
            }
        }
    }
    out
}

fn clip(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    if chars.len() <= 120 {
        text.to_owned()
    } else {
        format!("{}……", chars.into_iter().take(120).collect::<String>())
    }
}

/// A value as text; `-` where absent, `?` where unread.
pub fn show(column: &Column, row: usize) -> String {
    if column.unread.get(row) {
        return "?".to_owned();
    }
    if !column.present.get(row) {
        return "-".to_owned();
    }
    match &column.values {
        Values::Bits(bits) => bits.get(row).to_string(),
        Values::Ints(values) => values.get(row).unwrap().to_string(),
        Values::Ratios(values) => fanshi::value::number::format_ratio(*values.get(row).unwrap()),
        Values::Texts(values) => values.get(row).to_owned(),
        Values::Dropped => "+".to_owned(),
    }
}

/// All rows of all frames.
pub fn dump(schema: &Schema, data: &Data) -> String {
    let mut out = String::new();
    for (frame, shape) in data.frames.iter().zip(&schema.frames).filter(|(frame, _)| frame.len > 0)
    {
        let _ = writeln!(out, "{} {:?}", shape.names.en(), frame.offsets);
        for row in 0..frame.len {
            let cells: Vec<String> = frame.columns.iter().map(|column| show(column, row)).collect();
            let _ = writeln!(out, "  {}", cells.join(" | "));
        }
    }
    out
}
