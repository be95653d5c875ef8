//! A TOML document that a person writes, the manifest or a file of cases: its values by what they
//! must be, and what is wrong with them.

use crate::analysis::Setting;
use crate::data::Written;
use crate::diagnostic::{Bilingual, Diagnostic};
use crate::nearest::nearest;
use crate::place::Place;
use crate::say;
use crate::text::Source;
use crate::value::date::{NoDate, read_date};
use crate::value::instant::Offset;
use jiff::civil::Date;
use std::borrow::Cow;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// What a parameter is set to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParameterValue {
    /// The parameter.
    pub name: String,
    /// The value, or the values of a list; empty, or [`Written::Nested`] alone, where that is wrong
    /// and told.
    pub values: Vec<Written>,
    /// Whether it is written as a list.
    pub list: bool,
    /// Where the name stands.
    pub span: Range<usize>,
}

impl ParameterValue {
    /// For the analysis; `source` is the document.
    #[must_use]
    pub fn setting(&self, source: &Source) -> Setting {
        Setting {
            name: self.name.clone(),
            values: self.values.clone(),
            list: self.list,
            place: Place::of(source, self.span.clone()),
        }
    }
}

/// A value with its place.
pub(crate) type Value<'i> = Spanned<DeValue<'i>>;
/// A key and its value, with their places.
pub(crate) type Entry<'v, 'i> = (&'v Spanned<Cow<'i, str>>, &'v Value<'i>);

/// What a document is called, and the code of a value that is not what it must be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kind {
    pub(crate) zh: &'static str,
    pub(crate) en: &'static str,
    pub(crate) code: &'static str,
}

/// Reads values; every mistake is kept.
pub(crate) struct Reader<'a> {
    pub(crate) kind: Kind,
    pub(crate) source: &'a Source,
    pub(crate) diagnostics: Vec<Diagnostic>,
    stray: Vec<Stray>,
}

/// Keys that nobody knows, of places where the same keys are known.
struct Stray {
    /// Where their mistake stands among the others.
    at: usize,
    known: String,
    keys: Vec<String>,
}

/// How many of such keys a message shows.
const SHOWN: usize = 4;

/// Says of keys that nobody knows them.
fn stray_keys(Kind { zh, en, .. }: Kind, keys: &[String]) -> Bilingual {
    let quoted: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
    let Some((first, others)) = quoted.split_first() else { return Bilingual::default() };
    let said = say!("{zh}里没有 {first} 这一项", "{first} is not a key of {en}");
    if others.is_empty() {
        return said;
    }
    let (more, shown) = (others.len(), others.get(..SHOWN).unwrap_or(others));
    let etc = |etc: &'static str| if more > SHOWN { etc } else { "" };
    let (all_zh, all_en) = (shown.join("、"), shown.join(", "));
    let (zh, en, etc_zh, etc_en) = (said.zh, said.en, etc("、…"), etc(", …"));
    say!(
        "{zh}；另有 {more} 项也没有：{all_zh}{etc_zh}",
        "{en}; {more} more like this: {all_en}{etc_en}"
    )
}

impl<'a> Reader<'a> {
    pub(crate) const fn new(kind: Kind, source: &'a Source) -> Self {
        Self { kind, source, diagnostics: Vec::new(), stray: Vec::new() }
    }

    pub(crate) fn report(
        &mut self,
        code: &'static str,
        message: Bilingual,
        help: Option<Bilingual>,
        span: Range<usize>,
    ) {
        let mut diagnostic =
            Diagnostic::error(code, message).at(Place::of(self.source, span), Bilingual::default());
        diagnostic.help = help;
        self.diagnostics.push(diagnostic);
    }

    /// A key that nobody knows; those of one place that resemble none are told together.
    pub(crate) fn unknown_key(&mut self, key: &str, known: &[&str], span: Range<usize>) {
        let list = known.join(", ");
        let near = nearest(key, known.iter().copied());
        let code = "unknown_key";
        if let Some(near) = near {
            let message = stray_keys(self.kind, &[key.to_owned()]);
            let help = say!("是不是 `{near}`？", "did you mean `{near}`?");
            return self.report(code, message, Some(help), span);
        }
        let place = Place::of(self.source, span.clone());
        let Some(stray) = self.stray.iter_mut().find(|stray| stray.known == list) else {
            let keys = vec![key.to_owned()];
            let message = stray_keys(self.kind, &keys);
            self.stray.push(Stray { at: self.diagnostics.len(), known: list.clone(), keys });
            let help = say!("这里可写：{list}", "known here: {list}");
            return self.report(code, message, Some(help), span);
        };
        stray.keys.push(key.to_owned());
        if let Some(first) = self.diagnostics.get_mut(stray.at) {
            first.message = stray_keys(self.kind, &stray.keys);
            first.also.push(place);
        }
    }

    pub(crate) fn wrong(&mut self, key: &str, expected: &Bilingual, span: Range<usize>) {
        let (zh, en) = (&expected.zh, &expected.en);
        self.report(self.kind.code, say!("`{key}` 应是{zh}", "`{key}` must be {en}"), None, span);
    }

    pub(crate) fn text(&mut self, key: &str, value: &Value<'_>) -> String {
        if let DeValue::String(text) = value.get_ref() {
            return text.to_string();
        }
        self.wrong(key, &Bilingual::new("带引号的文本", "a text in quotes"), value.span());
        String::new()
    }

    /// `true` or `false`.
    pub(crate) fn truth(&mut self, key: &str, value: &Value<'_>) -> bool {
        if let DeValue::Boolean(truth) = value.get_ref() {
            return *truth;
        }
        self.wrong(key, &Bilingual::new("true 或 false", "true or false"), value.span());
        false
    }

    /// A text, or a list of texts.
    pub(crate) fn texts(&mut self, key: &str, value: &Value<'_>) -> Vec<String> {
        let values = if matches!(value.get_ref(), DeValue::String(_)) {
            vec![value]
        } else {
            self.array(key, value)
        };
        values.into_iter().map(|value| self.text(key, value)).collect()
    }

    pub(crate) fn date(&mut self, key: &str, value: &Value<'_>) -> Option<Date> {
        let text = match value.get_ref() {
            DeValue::Datetime(date) => date.to_string(),
            DeValue::String(text) => text.to_string(),
            _ => String::new(),
        };
        match read_date(&text) {
            Ok(date) => return Some(date),
            Err(NoDate::Form) => self.wrong(
                key,
                &Bilingual::new("日期，如 2015-11-20", "a date like 2015-11-20"),
                value.span(),
            ),
            Err(NoDate::Day) => {
                let message = say!(
                    "`{key}` 写的日子不存在：`{text}`",
                    "`{key}` gives a day there is not: `{text}`"
                );
                self.report(
                    self.kind.code,
                    message,
                    Some(say!("检查年月日", "check year, month and day")),
                    value.span(),
                );
            }
        }
        None
    }

    pub(crate) fn offset(&mut self, key: &str, value: &Value<'_>) -> Option<Offset> {
        let text = self.text(key, value);
        let offset = Offset::parse(&text);
        if offset.is_none() && !text.is_empty() {
            self.wrong(
                key,
                &Bilingual::new(
                    "与世界时的差，如 \"+08:00\"",
                    "an offset from UTC like \"+08:00\"",
                ),
                value.span(),
            );
        }
        offset
    }

    pub(crate) fn table<'v, 'i>(
        &mut self,
        key: &str,
        value: &'v Value<'i>,
    ) -> Option<&'v DeTable<'i>> {
        if let DeValue::Table(table) = value.get_ref() {
            return Some(table);
        }
        self.wrong(
            key,
            &Bilingual::new(format!("一节：[{key}]"), format!("a section: [{key}]")),
            value.span(),
        );
        None
    }

    pub(crate) fn array<'v, 'i>(&mut self, key: &str, value: &'v Value<'i>) -> Vec<&'v Value<'i>> {
        if let DeValue::Array(array) = value.get_ref() {
            return array.iter().collect();
        }
        self.wrong(key, &Bilingual::new("列表 […]", "a list […]"), value.span());
        Vec::new()
    }

    /// The sections `[[key]]`.
    pub(crate) fn sections<'v, 'i>(
        &mut self,
        key: &str,
        value: &'v Value<'i>,
    ) -> Vec<&'v Value<'i>> {
        if let DeValue::Array(array) = value.get_ref() {
            return array.iter().collect();
        }
        self.wrong(
            key,
            &Bilingual::new(format!("若干节：[[{key}]]"), format!("sections: [[{key}]]")),
            value.span(),
        );
        Vec::new()
    }

    /// What parameters are set to, in the order written.
    pub(crate) fn parameters(&mut self, value: &Value<'_>) -> Vec<ParameterValue> {
        let mut parameters = Vec::new();
        for (name, value) in self.table("parameters", value).into_iter().flat_map(ordered) {
            let (values, list) = match value.get_ref() {
                DeValue::Array(array) => (array.iter().map(written).collect(), true),
                _ => (vec![written(value)], false),
            };
            if values.is_empty() || values == [Written::Nested] {
                self.wrong(
                    name.get_ref(),
                    &Bilingual::new("一个值或值的列表", "a value or a list of values"),
                    value.span(),
                );
            }
            parameters.push(ParameterValue {
                name: name.get_ref().to_string(),
                values,
                list,
                span: name.span(),
            });
        }
        parameters
    }
}

/// Entries in the order written.
pub(crate) fn ordered<'v, 'i>(table: &'v DeTable<'i>) -> Vec<Entry<'v, 'i>> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    entries
}

/// A single value as it is written.
fn written(value: &Value<'_>) -> Written {
    match value.get_ref() {
        DeValue::String(text) => Written::Text(text.to_string()),
        DeValue::Integer(number) => {
            let value = i128::from_str_radix(number.as_str(), number.radix());
            Written::Number(value.map_or_else(|_| number.to_string(), |value| value.to_string()))
        }
        DeValue::Float(number) => Written::Number(number.as_str().to_owned()),
        DeValue::Boolean(value) => Written::Truth(*value),
        DeValue::Datetime(date) => Written::Moment(date.to_string()),
        DeValue::Array(_) | DeValue::Table(_) => Written::Nested,
    }
}

/// A value, or the values of a list, as literals.
#[cfg(feature = "lsp")]
pub(crate) fn literals(value: &Value<'_>) -> Vec<String> {
    match value.get_ref() {
        DeValue::String(text) => vec![text.to_string()],
        DeValue::Integer(number) => vec![number.to_string()],
        DeValue::Float(number) => vec![number.to_string()],
        DeValue::Boolean(value) => vec![value.to_string()],
        DeValue::Datetime(date) => vec![date.to_string()],
        DeValue::Array(array) => array.iter().flat_map(literals).collect(),
        DeValue::Table(_) => Vec::new(),
    }
}
