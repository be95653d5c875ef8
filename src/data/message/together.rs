//! What has one cause, said once: how many places it stands in, and a remedy for all of them.

use super::super::fault::{At, Fault, Found, Unfit};
use super::super::faults::Noted;
use super::super::names::shorten;
use super::super::placeholder;
use super::value::{is_serial, shape_help};
use super::words::{read_words, unpaired};
use crate::diagnostic::Bilingual;
use crate::say;
use crate::schema::{Schema, Type};

/// How many texts a message shows.
const SHOWN: usize = 4;

/// Words between commas, each in backticks.
fn listed(texts: &[String], between: &str) -> String {
    let mut shown: Vec<String> = texts.iter().take(SHOWN).map(|text| format!("`{text}`")).collect();
    if texts.len() > SHOWN {
        shown.push("…".to_owned());
    }
    shown.join(between)
}

/// How many places a message is about, and what stands there; nothing where it is one.
pub fn count(noted: &Noted) -> Bilingual {
    let count = noted.count;
    if let Fault::UnpairedUnit { .. } = &noted.fault {
        let (zh, en) = (listed(&noted.texts, "、"), listed(&noted.texts, ", "));
        return say!("（{count} 行：{zh}）", " (in {count} rows: {en})");
    }
    if count <= 1 {
        return Bilingual::default();
    }
    if let Fault::UnknownField { .. } = &noted.fault {
        let others = noted.texts.get(1..).unwrap_or_default();
        let (zh, en) = (listed(others, "、"), listed(others, ", "));
        let more = count - 1;
        return say!("；另有 {more} 个也没有：{zh}", "; {more} more like this: {en}");
    }
    match (&noted.fault, noted.texts.len()) {
        (Fault::MissingField(_) | Fault::MissingElements(_), _) => {
            say!("（共 {count} 行）", " ({count} rows)")
        }
        (Fault::StatedUnit { .. }, _) => Bilingual::default(),
        // What differs in its numbers alone, or has one unit, is shown by the first of them.
        (fault, texts) if texts < 2 || is_of_one_form(fault) => {
            say!("（共 {count} 处）", " ({count} cells)")
        }
        _ => {
            let (zh, en) = (listed(&noted.texts, "、"), listed(&noted.texts, ", "));
            say!("（共 {count} 处，如 {zh}）", " ({count} cells, such as {en})")
        }
    }
}

/// Whether one text shows what all of one cause look like.
fn is_of_one_form(fault: &Fault) -> bool {
    match fault {
        Fault::Unfit { unfit: Unfit::Unit(_) | Unfit::UnitBeside(_), .. } => true,
        Fault::Unfit { unfit: Unfit::Form, found: Found::Text(text), .. } => {
            text.contains(char::is_numeric) && !placeholder::is_one(text)
        }
        _ => false,
    }
}

/// The remedy for all that stands there; `None` where that for the first is as good.
pub fn help(schema: &Schema, noted: &Noted) -> Option<Bilingual> {
    match &noted.fault {
        Fault::Placeholder { .. } => Some(placeholders(noted)),
        Fault::UnknownField { .. } if noted.count > 1 => Some(stray(noted)),
        Fault::UnpairedUnit { frame, fields, heading } => {
            Some(unpaired(schema, (*frame, fields, heading), &noted.texts))
        }
        Fault::Unfit {
            at,
            found: Found::Text(text) | Found::Number(text) | Found::Moment(text),
            ..
        } if is_moment(schema, *at)
            && noted.texts.iter().all(|text| placeholder::is_zero(text)) =>
        {
            let field = schema.frames.get(at.frame)?.fields.get(at.field)?;
            let help = shape_help(schema, *at);
            (!text.is_empty()).then(|| absent(noted, field.optional, &help))
        }
        Fault::Unfit { at, unfit, found: Found::Text(text), .. } => {
            let field = schema.frames.get(at.frame)?.fields.get(at.field)?;
            let is_word = *unfit == Unfit::Form || *unfit == Unfit::NotListed;
            if is_word && placeholder::is_one(text) {
                // Beside yes, `无` is no as often as nothing.
                let help = if field.ty == Type::Boolean {
                    read_words(schema, *at, &noted.texts)
                } else {
                    shape_help(schema, *at)
                };
                return Some(absent(noted, field.optional, &help));
            }
            let others = noted.texts.len() > 1;
            (*unfit == Unfit::Form && others && !is_serial(schema, *at, text))
                .then(|| read_words(schema, *at, &noted.texts))
        }
        _ => None,
    }
}

/// Texts as the manifest writes a list of them.
fn quoted(texts: &[String]) -> String {
    let quote = |text: &String| text.replace('\\', "\\\\").replace('"', "\\\"");
    let quoted: Vec<String> = texts.iter().map(|text| format!("\"{}\"", quote(text))).collect();
    quoted.join(", ")
}

/// What to do about keys that no field is called.
fn stray(noted: &Noted) -> Bilingual {
    let all: Vec<String> = noted.texts.iter().map(|text| super::quoted(&shorten(text))).collect();
    let etc = if noted.texts.len() < noted.count { ", …" } else { "" };
    let list = format!("{}{etc}", all.join(", "));
    say!(
        "在词汇中声明这些字段，或在 `fanshi.toml` 中指明它们各是哪个字段（`headings`）；用不着的，写 \
            `ignore = [{list}]`",
        "declare the fields in the vocabulary, or say in `fanshi.toml` which fields they are \
            (`headings`); those that are not needed, write `ignore = [{list}]`"
    )
}

/// What to do about texts that say nothing and count as given.
fn placeholders(noted: &Noted) -> Bilingual {
    let list = quoted(&noted.texts);
    let word = noted.texts.first().map_or("", |text| text);
    say!(
        "表示没有的，在 `fanshi.toml` 的 [project] 或这个文件处写 `absent = [{list}]`，\
            或在词汇中写 `读作 {{“{word}” = 缺}}`；本来就要写的，写 `读作 {{“{word}” = “{word}”}}`",
        "where it means that there is none, write `absent = [{list}]` in `fanshi.toml`, under \
            [project] or for this file, or `reading {{\"{word}\" = absent}}` in the vocabulary; \
            where it is meant as it stands, `reading {{\"{word}\" = \"{word}\"}}`"
    )
}

/// What to do about a word that says nothing where something else is wanted.
fn absent(noted: &Noted, optional: bool, help: &Bilingual) -> Bilingual {
    let list = quoted(&noted.texts);
    let word = noted.texts.first().map_or("", |text| text);
    let (help_zh, help_en) = (&help.zh, &help.en);
    let said = say!(
        "{help_zh}；若 `{word}` 表示没有，在 `fanshi.toml` 中写 `absent = [{list}]`，\
            或在词汇中写 `读作 {{“{word}” = 缺}}`",
        "{help_en}; if `{word}` means that there is none, write `absent = [{list}]` in \
            `fanshi.toml`, or `reading {{\"{word}\" = absent}}` in the vocabulary"
    );
    if optional {
        return said;
    }
    let (zh, en) = (said.zh, said.en);
    say!("{zh}，并加 `可缺`", "{en}, and make the field `optional`")
}

/// Whether a field holds dates or instants.
fn is_moment(schema: &Schema, at: At) -> bool {
    matches!(type_of(schema, at), Some(Type::Date | Type::Instant))
}

/// The field's type.
pub fn type_of(schema: &Schema, at: At) -> Option<Type> {
    schema.frames.get(at.frame)?.fields.get(at.field).map(|field| field.ty)
}
