//! What is wrong with data, said in both languages: the one place where faults become diagnostics.

mod between;
mod leaving;
mod log;
mod sheet;
mod structure;
mod syntax;
mod title;
mod together;
mod value;
mod words;
mod workbook;

pub use between::breach;

use super::fault::{At, Fault};
use super::faults::Noted;
use crate::diagnostic::{Bilingual, Diagnostic};
use crate::invariant::broken;
use crate::place::Place;
use crate::say;
use crate::schema::{FrameId, Schema};
use std::collections::BTreeSet;

/// A message and its remedy.
type Said = (Bilingual, Bilingual);

/// A name in Chinese and in English.
type Name = (String, String);

fn unnamed() -> Name {
    ("?".to_owned(), "?".to_owned())
}

/// A text as TOML has it.
fn quoted(text: &str) -> String {
    if text.contains(['"', '\\']) && !text.contains('\'') {
        return format!("'{text}'");
    }
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// A table, or a list with what it lies in: `书.章`.
fn frame_name(schema: &Schema, frame: usize) -> Name {
    let Some(item) = schema.frames.get(frame) else { return unnamed() };
    let (zh, en) = (item.names.zh(), item.names.en());
    match item.parent {
        Some((FrameId(parent), _)) => {
            let (above_zh, above_en) = frame_name(schema, parent as usize);
            (format!("{above_zh}.{zh}"), format!("{above_en}.{en}"))
        }
        None => (zh.to_owned(), en.to_owned()),
    }
}

fn field_name(schema: &Schema, at: At) -> Name {
    let field = schema.frames.get(at.frame).and_then(|frame| frame.fields.get(at.field));
    field.map_or_else(unnamed, |field| (field.names.zh().to_owned(), field.names.en().to_owned()))
}

fn key_name(schema: &Schema, frame: usize) -> Name {
    let key = schema.frames.get(frame).and_then(crate::schema::Frame::key);
    key.map_or_else(unnamed, |key| field_name(schema, At { frame, field: key.0 as usize }))
}

/// The frame a list lies in.
fn parent_of(schema: &Schema, frame: usize) -> usize {
    schema
        .frames
        .get(frame)
        .and_then(|frame| frame.parent)
        .map_or(usize::MAX, |(parent, _)| parent.0 as usize)
}

/// A suggestion for a word nobody knows.
fn suggestion(nearest: Option<&String>, otherwise: Bilingual) -> Bilingual {
    match nearest {
        Some(word) => say!("是否想写 `{word}`？", "did you mean `{word}`?"),
        None => otherwise,
    }
}

/// A remedy for rows that leave out what the row above says.
fn filled(columns: &[String], otherwise: Bilingual) -> Bilingual {
    if columns.is_empty() {
        return otherwise;
    }
    let columns: Vec<String> = columns.iter().map(|column| format!("\"{column}\"")).collect();
    let columns = columns.join(", ");
    say!(
        "若意思是与上一行相同，在 `fanshi.toml` 中写 `fill = [{columns}]`；否则填写",
        "if it means the same as in the row above, write `fill = [{columns}]` in `fanshi.toml`; \
            write it otherwise"
    )
}

/// Faults that were counted and not listed.
#[must_use]
pub fn left_out(
    schema: &Schema,
    code: &'static str,
    count: usize,
    about: Option<At>,
    place: Place,
) -> Diagnostic {
    let message = match about.filter(|at| at.field != usize::MAX).map(|at| field_name(schema, at)) {
        Some((zh, en)) => say!(
            "`{zh}` 另有 {count} 处同样的问题（{code}）未逐一列出",
            "{count} more of the same about `{en}` ({code}) are not listed one by one"
        ),
        None => say!(
            "另有 {count} 处同样的问题（{code}）未逐一列出",
            "{count} more of the same ({code}) are not listed one by one"
        ),
    };
    let help = say!("先改正已列出的各处，再检查一次", "correct those listed, then check again");
    Diagnostic::error(code, message).help(help).at(place, Bilingual::default())
}

/// Says one fault.
#[must_use]
pub fn fault(schema: &Schema, fault: &Fault, place: Place) -> Diagnostic {
    let code = fault.code();
    let said = syntax::said(fault)
        .or_else(|| structure::said(schema, fault))
        .or_else(|| sheet::said(schema, fault))
        .or_else(|| workbook::said(schema, fault))
        .or_else(|| log::said(schema, fault))
        .or_else(|| leaving::said(schema, fault))
        .or_else(|| value::said(schema, fault));
    let Some((message, help)) = said else { broken("a fault without words") };
    let diagnostic = if fault.is_warning() {
        Diagnostic::warning(code, message)
    } else {
        Diagnostic::error(code, message)
    };
    diagnostic.help(help).at(place, Bilingual::default())
}

/// Says a fault with all that has the same cause.
#[must_use]
pub fn noted(schema: &Schema, noted: &Noted, first: Place, also: Vec<Place>) -> Diagnostic {
    let mut said = fault(schema, &noted.fault, first);
    if let Some(help) = together::help(schema, noted) {
        said.help = Some(help);
    }
    let count = together::count(noted);
    said.message.zh.push_str(&count.zh);
    said.message.en.push_str(&count.en);
    said.also = also;
    said
}

/// What a parser says of a text of TOML that is no data, and what to do.
#[must_use]
pub fn toml_error(text: &str, error: &::toml::de::Error) -> (Bilingual, Bilingual) {
    let at = error.span().map_or(0, |span| span.start);
    syntax::toml(error.message(), super::toml::line_of(text, at))
}

/// The mistakes of a text in TOML without those that another brings about: brackets that end
/// nowhere are told once, and not at all where they are too many to be read.
#[must_use]
pub fn toml_causes(errors: Vec<::toml::de::Error>) -> Vec<::toml::de::Error> {
    let is_open = |error: &::toml::de::Error| error.message().starts_with("unclosed");
    let too_deep = errors.iter().any(|error| error.message().starts_with("cannot recurse"));
    let mut causes: Vec<::toml::de::Error> = Vec::new();
    let mut ends: BTreeSet<usize> = BTreeSet::new();
    for error in errors {
        let end = error.span().map_or(0, |span| span.start);
        if !is_open(&error) || !too_deep && ends.insert(end) {
            causes.push(error);
        }
    }
    causes
}

/// A table file without rows.
#[must_use]
pub fn empty_table(schema: &Schema, frame: usize, place: Place) -> Diagnostic {
    let (zh, en) = frame_name(schema, frame);
    Diagnostic::warning(
        "empty_table",
        say!("文件中没有 `{zh}` 的任何一行", "the file has no row of `{en}`"),
    )
    .help(say!(
        "确认文件完整；可以没有行的，在 `fanshi.toml` 中写 `empty = true`",
        "make sure the file is complete; where there may be no rows, write `empty = true` in \
            `fanshi.toml`"
    ))
    .at(place, Bilingual::default())
}

/// A single table with more or fewer rows than one.
#[must_use]
pub fn row_count(schema: &Schema, frame: usize, rows: usize, place: Place) -> Diagnostic {
    let (zh, en) = frame_name(schema, frame);
    let message = say!(
        "`{zh}` 是单份表，应当恰有一行，现有 {rows} 行",
        "`{en}` is a single table: it has exactly one row, not {rows}"
    );
    Diagnostic::error("wrong_row_count", message)
        .help(say!(
            "只保留一行；确需多行时去掉词汇中的 `单份`",
            "keep one row, or drop `single` from the vocabulary"
        ))
        .at(place, Bilingual::default())
}
