//! The manifest, `fanshi.toml`: what it may say, and what is wrong with what it says.

use crate::data::Mapping;
use crate::diagnostic::{Bilingual, Diagnostic};
use crate::nearest::nearest;
use crate::place::Place;
use crate::say;
use crate::text::Source;
use crate::value::instant::Offset;
use jiff::civil::Date;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// One entry of `[data]`.
#[derive(Clone, Debug, Default)]
pub struct DataFile {
    /// Table or list by its name: `item`, `item.basis`.
    pub table: String,
    /// Place of the name.
    pub table_span: Range<usize>,
    /// File or pattern, relative to the manifest.
    pub file: String,
    /// Place of the file.
    pub span: Range<usize>,
    /// How it is read.
    pub mapping: Mapping,
}

/// One `[[waiver]]`.
#[derive(Clone, Debug, Default)]
pub struct Waiver {
    /// `policy.article`.
    pub article: String,
    /// The row's key.
    pub item: String,
    /// Who decided.
    pub authority: String,
    /// Why.
    pub reason: String,
    /// Last day it holds.
    pub until: Option<Date>,
    /// Its place.
    pub span: Range<usize>,
}

/// One `[[correction]]`: a kind of correction between two submissions.
#[derive(Clone, Debug, Default)]
pub struct Correction {
    /// What it is called.
    pub name: String,
    /// Fields whose change is of this kind, with their places.
    pub fields: Vec<(String, Range<usize>)>,
    /// `added`, `removed`, `renamed`, `merged`, `split`: what becomes of rows that is of this kind.
    pub rows: Vec<String>,
}

/// What the manifest says.
#[derive(Clone, Debug, Default)]
pub struct Manifest {
    /// The project's name.
    pub name: String,
    /// The day judged for.
    pub as_of: Option<Date>,
    /// The offset of local time, if said.
    pub offset: Option<Offset>,
    /// Whether a day is written, readable or not.
    pub dated: bool,
    /// Policy files or patterns.
    pub policies: Vec<(String, Range<usize>)>,
    /// Data files.
    pub data: Vec<DataFile>,
    /// Parameter values, each a list of literals, with the place of the name.
    pub parameters: Vec<(String, Vec<String>, Range<usize>)>,
    /// Waivers.
    pub waivers: Vec<Waiver>,
    /// Kinds of correction.
    pub corrections: Vec<Correction>,
    /// What the review groups by.
    pub review_by: Option<String>,
}

/// Reads the manifest; every mistake is reported, everything else kept.
#[must_use]
pub fn read(source: &Source) -> (Manifest, Vec<Diagnostic>) {
    let (table, errors) = DeTable::parse_recoverable(&source.text);
    let mut reader = Reader { source, diagnostics: Vec::new() };
    for error in errors {
        let span = error.span().unwrap_or(0..0);
        let key = source.text.get(span.clone()).unwrap_or("");
        if error.message().starts_with("invalid unquoted key") && key.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-') {
            let message =
                say!("清单中的键 `{key}` 没有加引号；仍按 `{key}` 读入", "the key `{key}` is not in quotes; it is read all the same");
            let diagnostic = Diagnostic::warning("unquoted_key", message).help(say!("写作 `\"{key}\"`", "write `\"{key}\"`"));
            reader.diagnostics.push(diagnostic.at(Place::of(source, span), Bilingual::default()));
        } else {
            let (message, help) = crate::data::toml_error(&source.text, &error);
            reader.report("manifest_syntax", message, Some(help), span);
        }
    }
    let manifest = reader.manifest(table.get_ref());
    (manifest, reader.diagnostics)
}

struct Reader<'a> {
    source: &'a Source,
    diagnostics: Vec<Diagnostic>,
}

type Value<'i> = Spanned<DeValue<'i>>;

impl Reader<'_> {
    fn report(&mut self, code: &'static str, message: Bilingual, help: Option<Bilingual>, span: Range<usize>) {
        let mut diagnostic = Diagnostic::error(code, message).at(Place::of(self.source, span), Bilingual::default());
        diagnostic.help = help;
        self.diagnostics.push(diagnostic);
    }

    fn unknown_key(&mut self, key: &str, known: &[&str], span: Range<usize>) {
        let list = known.join(", ");
        let help = nearest(key, known.iter().copied())
            .map_or_else(|| say!("这里可写：{list}", "known here: {list}"), |near| say!("是不是 `{near}`？", "did you mean `{near}`?"));
        self.report("unknown_key", say!("清单里没有 `{key}` 这一项", "`{key}` is not a key of the manifest"), Some(help), span);
    }

    fn wrong(&mut self, key: &str, expected: &Bilingual, span: Range<usize>) {
        let (zh, en) = (&expected.zh, &expected.en);
        self.report("wrong_manifest_value", say!("`{key}` 应是{zh}", "`{key}` must be {en}"), None, span);
    }

    fn text(&mut self, key: &str, value: &Value<'_>) -> String {
        if let DeValue::String(text) = value.get_ref() {
            return text.to_string();
        }
        self.wrong(key, &Bilingual::new("带引号的文本", "a text in quotes"), value.span());
        String::new()
    }

    fn date(&mut self, key: &str, value: &Value<'_>) -> Option<Date> {
        let text = match value.get_ref() {
            DeValue::Datetime(date) => date.to_string(),
            DeValue::String(text) => text.to_string(),
            _ => String::new(),
        };
        let date = crate::value::date::parse_date(&text);
        if date.is_none() {
            self.wrong(key, &Bilingual::new("日期，如 2015-11-20", "a date like 2015-11-20"), value.span());
        }
        date
    }

    fn table<'v, 'i>(&mut self, key: &str, value: &'v Value<'i>) -> Option<&'v DeTable<'i>> {
        if let DeValue::Table(table) = value.get_ref() {
            return Some(table);
        }
        self.wrong(key, &Bilingual::new(format!("一节：[{key}]"), format!("a section: [{key}]")), value.span());
        None
    }

    fn array<'v, 'i>(&mut self, key: &str, value: &'v Value<'i>) -> Vec<&'v Value<'i>> {
        if let DeValue::Array(array) = value.get_ref() {
            return array.iter().collect();
        }
        self.wrong(key, &Bilingual::new("列表 […]", "a list […]"), value.span());
        Vec::new()
    }

    fn manifest(&mut self, root: &DeTable<'_>) -> Manifest {
        let mut manifest = Manifest::default();
        for (key, value) in ordered(root) {
            match key.get_ref().as_ref() {
                "project" => self.project(value, &mut manifest),
                "data" => {
                    for (name, value) in self.table("data", value).into_iter().flat_map(ordered) {
                        self.data(name, value, &mut manifest.data);
                    }
                }
                "parameters" => {
                    for (name, value) in self.table("parameters", value).into_iter().flat_map(ordered) {
                        let values = literals(value);
                        if values.is_empty() {
                            self.wrong(name.get_ref(), &Bilingual::new("一个值或值的列表", "a value or a list of values"), value.span());
                        } else {
                            manifest.parameters.push((name.get_ref().to_string(), values, name.span()));
                        }
                    }
                }
                "waiver" => {
                    for value in self.sections("waiver", value) {
                        let waiver = self.waiver(value);
                        manifest.waivers.extend(waiver);
                    }
                }
                "correction" => {
                    for value in self.sections("correction", value) {
                        let correction = self.correction(value);
                        manifest.corrections.push(correction);
                    }
                }
                "review" => self.review(value, &mut manifest),
                other => self.unknown_key(other, &["project", "data", "parameters", "correction", "review", "waiver"], key.span()),
            }
        }
        if manifest.policies.is_empty() && !self.diagnostics.iter().any(|found| found.code == "manifest_syntax") {
            let help = say!("写 policies = [\"*.fan\"]", "write policies = [\"*.fan\"]");
            self.report("no_policies", say!("清单没有列出政策", "the manifest lists no policies"), Some(help), 0..0);
        }
        manifest
    }

    fn project(&mut self, value: &Value<'_>, manifest: &mut Manifest) {
        for (key, value) in self.table("project", value).into_iter().flat_map(ordered) {
            match key.get_ref().as_ref() {
                "name" => manifest.name = self.text("name", value),
                "as_of" => (manifest.as_of, manifest.dated) = (self.date("as_of", value), true),
                "offset" => {
                    let text = self.text("offset", value);
                    manifest.offset = Offset::parse(&text);
                    if manifest.offset.is_none() && !text.is_empty() {
                        self.wrong(
                            "offset",
                            &Bilingual::new("与世界时的差，如 \"+08:00\"", "an offset from UTC like \"+08:00\""),
                            value.span(),
                        );
                    }
                }
                "policies" => {
                    let files = if matches!(value.get_ref(), DeValue::String(_)) { vec![value] } else { self.array("policies", value) };
                    manifest.policies = files.into_iter().map(|file| (self.text("policies", file), file.span())).collect();
                }
                other => self.unknown_key(other, &["name", "as_of", "offset", "policies"], key.span()),
            }
        }
    }

    fn review(&mut self, value: &Value<'_>, manifest: &mut Manifest) {
        for (key, value) in self.table("review", value).into_iter().flat_map(ordered) {
            match key.get_ref().as_ref() {
                "by" => manifest.review_by = Some(self.text("by", value)),
                other => self.unknown_key(other, &["by"], key.span()),
            }
        }
    }

    fn data(&mut self, name: &Spanned<std::borrow::Cow<'_, str>>, value: &Value<'_>, files: &mut Vec<DataFile>) {
        let entries: Vec<&Value<'_>> = match value.get_ref() {
            DeValue::Array(array) => array.iter().collect(),
            _ => vec![value],
        };
        for entry in entries {
            let mut file =
                DataFile { table: name.get_ref().to_string(), table_span: name.span(), span: entry.span(), ..DataFile::default() };
            match entry.get_ref() {
                DeValue::String(text) => file.file = text.to_string(),
                DeValue::Table(table) => self.data_table(table, &mut file),
                _ => self.wrong(
                    name.get_ref(),
                    &Bilingual::new("文件名，或 { file = \"…\" }", "a file name, or { file = \"…\" }"),
                    entry.span(),
                ),
            }
            if !file.file.is_empty() {
                files.push(file);
            }
        }
    }

    fn data_table(&mut self, table: &DeTable<'_>, file: &mut DataFile) {
        const KNOWN: [&str; 9] = ["file", "header", "encoding", "headings", "sheet", "ignore", "totals", "group_by", "list"];
        for (key, value) in ordered(table) {
            let mapping = &mut file.mapping;
            match key.get_ref().as_ref() {
                "file" => (file.file, file.span) = (self.text("file", value), value.span()),
                "encoding" => mapping.encoding = Some(self.text("encoding", value)),
                "sheet" => mapping.sheet = Some(self.text("sheet", value)),
                "group_by" => mapping.group_by = Some(self.text("group_by", value)),
                "list" => mapping.list = Some(self.text("list", value)),
                "ignore" => mapping.ignore = self.texts("ignore", value),
                "totals" => mapping.totals = self.texts("totals", value),
                "header" => mapping.header = self.row_number(value),
                "headings" => {
                    for (heading, fields) in self.table("headings", value).into_iter().flat_map(ordered) {
                        let fields = self.texts(heading.get_ref(), fields);
                        mapping.headings.extend(fields.into_iter().map(|field| (heading.get_ref().to_string(), field)));
                    }
                }
                other => self.unknown_key(other, &KNOWN, key.span()),
            }
        }
        if file.file.is_empty() {
            self.wrong(&file.table.clone(), &Bilingual::new("{ file = \"…\" }", "{ file = \"…\" }"), file.span.clone());
        }
    }

    /// A text, or a list of texts.
    fn texts(&mut self, key: &str, value: &Value<'_>) -> Vec<String> {
        let values = if matches!(value.get_ref(), DeValue::String(_)) { vec![value] } else { self.array(key, value) };
        values.into_iter().map(|value| self.text(key, value)).collect()
    }

    fn row_number(&mut self, value: &Value<'_>) -> Option<usize> {
        let number =
            if let DeValue::Integer(number) = value.get_ref() { number.as_str().parse().ok().filter(|row| *row > 0) } else { None };
        if number.is_none() {
            let expected = Bilingual::new("标题所在的行号，从 1 数起", "the number of the heading row, from 1");
            self.wrong("header", &expected, value.span());
        }
        number
    }

    /// The sections `[[key]]`.
    fn sections<'v, 'i>(&mut self, key: &str, value: &'v Value<'i>) -> Vec<&'v Value<'i>> {
        if let DeValue::Array(array) = value.get_ref() {
            return array.iter().collect();
        }
        self.wrong(key, &Bilingual::new(format!("若干节：[[{key}]]"), format!("sections: [[{key}]]")), value.span());
        Vec::new()
    }

    fn correction(&mut self, value: &Value<'_>) -> Correction {
        let mut correction = Correction::default();
        for (key, value) in self.table("correction", value).into_iter().flat_map(ordered) {
            match key.get_ref().as_ref() {
                "name" => correction.name = self.text("name", value),
                "fields" => {
                    let fields = self.array("fields", value).into_iter();
                    correction.fields = fields.map(|field| (self.text("fields", field), field.span())).collect();
                }
                "rows" => {
                    for row in self.array("rows", value) {
                        let name = self.text("rows", row);
                        if ["added", "removed", "renamed", "merged", "split"].contains(&name.as_str()) {
                            correction.rows.push(name);
                        } else {
                            let expected = "added, removed, renamed, merged, split";
                            let expected = Bilingual::new(format!("其中之一：{expected}"), format!("one of {expected}"));
                            self.wrong("rows", &expected, row.span());
                        }
                    }
                }
                other => self.unknown_key(other, &["name", "fields", "rows"], key.span()),
            }
        }
        if correction.name.is_empty() {
            self.wrong("correction", &Bilingual::new("有名称的：name = \"…\"", "named: name = \"…\""), value.span());
        }
        correction
    }

    /// A waiver with nothing missing; any other is not granted.
    fn waiver(&mut self, value: &Value<'_>) -> Option<Waiver> {
        let known = self.diagnostics.len();
        let mut waiver = Waiver { span: value.span(), ..Waiver::default() };
        for (key, value) in self.table("waiver", value).into_iter().flat_map(ordered) {
            match key.get_ref().as_ref() {
                "article" => waiver.article = self.text("article", value),
                "item" => waiver.item = self.text("item", value),
                "authority" => waiver.authority = self.text("authority", value),
                "reason" => waiver.reason = self.text("reason", value),
                "until" => waiver.until = self.date("until", value),
                other => self.unknown_key(other, &["article", "item", "authority", "reason", "until"], key.span()),
            }
        }
        for (key, given) in
            [("article", &waiver.article), ("item", &waiver.item), ("authority", &waiver.authority), ("reason", &waiver.reason)]
        {
            if given.is_empty() {
                let message = say!("例外缺少 `{key}`，没有准予", "the waiver lacks `{key}`; it is not granted");
                let help = say!("写 {key} = \"…\"", "write {key} = \"…\"");
                self.report("incomplete_waiver", message, Some(help), waiver.span.clone());
            }
        }
        (self.diagnostics.len() == known).then_some(waiver)
    }
}

/// Entries in the order written.
fn ordered<'v, 'i>(table: &'v DeTable<'i>) -> Vec<(&'v Spanned<std::borrow::Cow<'i, str>>, &'v Value<'i>)> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    entries
}

/// A value, or the values of a list, as literals.
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
