//! The manifest, `fanshi.toml`: what it may say, and what is wrong with what it says.

use super::document::{Kind, ParameterValue, Reader, Value, ordered};
use super::paper::Paper;
use super::sql::SqlEntry;
use super::texts::TextsEntry;
use crate::data::{Dates, Mapping};
use crate::diagnostic::{Bilingual, Diagnostic};
use crate::nearest::nearest;
use crate::place::Place;
use crate::say;
use crate::syntax::tree::Language;
use crate::text::Source;
use crate::value::instant::Offset;
use crate::value::key::is_blank;
use jiff::civil::Date;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// One entry of `[data]`.
///
/// # Examples
///
/// ```
/// use fanshi::Project;
///
/// let project = Project::read("examples/library".as_ref());
/// let shelves = &project.manifest.data[0];
/// assert_eq!((&*shelves.table, &*shelves.file), ("shelf", "shelves.csv"));
/// ```
#[derive(Clone, Debug, Default)]
pub struct DataFile {
    /// Table or list by its name: `item`, `item.basis`.
    pub table: String,
    /// Place of the name.
    pub table_span: Range<usize>,
    /// File or pattern, relative to the manifest; empty where there is none because the table may
    /// have no rows.
    pub file: String,
    /// Place of the file.
    pub span: Range<usize>,
    /// How it is read.
    pub mapping: Mapping,
    /// The headings that are mapped, with their places.
    pub headings: Vec<(String, Range<usize>)>,
}

/// One entry of `policies`.
///
/// # Examples
///
/// ```
/// use fanshi::Project;
///
/// let project = Project::read("examples/library".as_ref());
/// let policy = &project.manifest.policies[0];
/// assert_eq!((&*policy.file, policy.articles.is_none()), ("*.fan", true));
/// ```
#[derive(Clone, Debug, Default)]
pub struct PolicyFile {
    /// File or pattern, relative to the manifest.
    pub file: String,
    /// Its place.
    pub span: Range<usize>,
    /// The articles that are used, with their places; all where nothing is said.
    pub articles: Option<Vec<(String, Range<usize>)>>,
    /// The articles that are not used, with their places.
    pub except: Option<Vec<(String, Range<usize>)>>,
}

/// One `[[waiver]]`.
#[derive(Clone, Debug, Default)]
pub struct Waiver {
    /// `policy.article`.
    pub article: String,
    /// The row's table, where it is said.
    pub table: Option<String>,
    /// The row's key, or `table:key`.
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
///
/// # Examples
///
/// ```
/// use fanshi::Project;
///
/// let project = Project::read("examples/library".as_ref());
/// let correction = &project.manifest.corrections[0];
/// assert_eq!((&*correction.name, &*correction.fields[0].0), ("页数", "book.pages"));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Correction {
    /// What it is called.
    pub name: String,
    /// Fields whose change is of this kind, with their places.
    pub fields: Vec<(String, Range<usize>)>,
    /// `added`, `removed`, `renamed`, `merged`, `split`, or one of a table: what becomes of rows
    /// that is of this kind, with their places.
    pub rows: Vec<(String, Range<usize>)>,
}

/// What the manifest says.
///
/// # Examples
///
/// ```
/// use fanshi::{Project, date};
///
/// let manifest = Project::read("examples/library".as_ref()).manifest;
/// assert_eq!((&*manifest.name, manifest.as_of), ("馆", Some(date(2015, 11, 20))));
/// assert_eq!(manifest.waivers.len(), 1);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Manifest {
    /// The project's name.
    pub name: String,
    /// The language to speak of it, where none is asked for.
    pub language: Option<Language>,
    /// The day judged for.
    pub as_of: Option<Date>,
    /// The offset of local time, if said.
    pub offset: Option<Offset>,
    /// Whether a day is written, readable or not.
    pub dated: bool,
    /// Policy files or patterns.
    pub policies: Vec<PolicyFile>,
    /// Data files.
    pub data: Vec<DataFile>,
    /// The texts of what is cited.
    pub texts: Vec<TextsEntry>,
    /// In which tables of a warehouse rows are.
    pub sql: Vec<SqlEntry>,
    /// What parameters are set to.
    pub parameters: Vec<ParameterValue>,
    /// Whether what parameters are set to could not be read.
    pub parameters_lost: bool,
    /// Waivers.
    pub waivers: Vec<Waiver>,
    /// Kinds of correction.
    pub corrections: Vec<Correction>,
    /// Texts and numbers that mean "not given" in files that say nothing else.
    pub absent: Vec<String>,
    /// Texts and numbers that mean yes, and those that mean no, in files that say nothing else.
    pub truths: [Vec<String>; 2],
    /// How dates are written in files that say nothing else.
    pub dates: Dates,
    /// What rows are grouped by, with its place.
    pub review_by: Option<(String, Range<usize>)>,
    /// The tables that groups answer for in a round, with their places; the usual one where none is
    /// named.
    pub round_tables: Vec<(String, Range<usize>)>,
    /// How papers that are signed are laid out.
    pub paper: Paper,
}

/// Reads the manifest; every mistake is reported, everything else kept.
#[must_use]
pub fn read(source: &Source) -> (Manifest, Vec<Diagnostic>) {
    let (table, errors) = DeTable::parse_recoverable(&source.text);
    let mut reader = Reader::new(MANIFEST, source);
    let (mut lost, mut bare) = (false, Vec::new());
    for error in crate::data::toml_causes(errors) {
        let span = error.span().unwrap_or(0..0);
        let key = source.text.get(span.clone()).unwrap_or("");
        if error.message().starts_with("invalid unquoted key")
            && key.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-')
        {
            bare.push(span);
        } else {
            let (message, help) = wide_sign(&source.text, span.start)
                .unwrap_or_else(|| crate::data::toml_error(&source.text, &error));
            lost |= section(&source.text, span.start) == Some("[parameters]");
            reader.report("manifest_syntax", message, Some(help), span);
        }
    }
    reader.diagnostics.extend(unquoted(source, &bare));
    let mut manifest = reader.manifest(table.get_ref());
    manifest.parameters_lost |= lost;
    (manifest, reader.diagnostics)
}

/// Keys that TOML wants in quotes, told together.
fn unquoted(source: &Source, keys: &[Range<usize>]) -> Option<Diagnostic> {
    let (first, others) = keys.split_first()?;
    let key = source.text.get(first.clone()).unwrap_or("");
    let said = say!(
        "清单中的键 `{key}` 没有加引号；仍按 `{key}` 读入",
        "the key `{key}` is not in quotes; it is read all the same"
    );
    let (zh, en, more) = (said.zh, said.en, others.len());
    let message = match more {
        0 => Bilingual { zh, en },
        _ => say!("{zh}；另有 {more} 个也没有加", "{en}; {more} more like this"),
    };
    let place = |span: &Range<usize>| Place::of(source, span.clone());
    let mut found = Diagnostic::warning("unquoted_key", message)
        .help(say!("写作 `\"{key}\"`", "write `\"{key}\"`"))
        .at(place(first), Bilingual::default());
    found.also = others.iter().map(place).collect();
    Some(found)
}

/// A line with a full-width sign where TOML wants a half-width one.
fn wide_sign(text: &str, at: usize) -> Option<(Bilingual, Bilingual)> {
    let from = text.get(..at)?.rfind('\n').map_or(0, |end| end + 1);
    let line = text.get(from..)?.lines().next()?;
    // What stands in quotes is text.
    let bare: String = line.split('"').step_by(2).collect();
    let wide = bare.chars().find(|c| "＝［］｛｝，＂“”".contains(*c))?;
    let narrow = match wide {
        '＝' => '=',
        '［' => '[',
        '］' => ']',
        '｛' => '{',
        '｝' => '}',
        '，' => ',',
        _ => '"',
    };
    Some((
        say!("清单中用了全角的 `{wide}`", "the manifest has a full-width `{wide}`"),
        say!("写半角的 `{narrow}`", "write `{narrow}`"),
    ))
}

/// The heading of the section that a byte of the manifest stands in.
fn section(text: &str, at: usize) -> Option<&str> {
    let before = text.get(..at).unwrap_or(text);
    before.lines().rev().map(str::trim).find(|line| line.starts_with('['))
}

/// The sections of a manifest.
const SECTIONS: &[&str] = &[
    "project",
    "data",
    "texts",
    "sql",
    "parameters",
    "correction",
    "review",
    "round",
    "paper",
    "waiver",
];

/// The keys of `[project]`.
const PROJECT: &[&str] =
    &["name", "as_of", "offset", "policies", "absent", "yes", "no", "dates", "language"];

/// What is called a manifest.
const MANIFEST: Kind = Kind { zh: "清单", en: "the manifest", code: "wrong_manifest_value" };

impl Reader<'_> {
    fn manifest(&mut self, root: &DeTable<'_>) -> Manifest {
        let mut manifest = Manifest::default();
        let mut sections = ordered(root);
        let mut homeless = false;
        // What it says of all files comes before what is said of one.
        sections.sort_by_key(|(key, _)| key.get_ref() != "project");
        for (key, value) in sections {
            match key.get_ref().as_ref() {
                "project" => self.project(value, &mut manifest),
                "data" => {
                    for (name, value) in self.table("data", value).into_iter().flat_map(ordered) {
                        self.data(name, value, &mut manifest);
                    }
                }
                "texts" => self.texts_of_tables(value, &mut manifest),
                "sql" => self.sql(value, &mut manifest),
                "parameters" => {
                    manifest.parameters_lost |= !matches!(value.get_ref(), DeValue::Table(_));
                    manifest.parameters = self.parameters(value);
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
                "round" => self.round(value, &mut manifest),
                "paper" => self.paper(value, &mut manifest),
                other if PROJECT.contains(&other) && !root.contains_key("project") => {
                    if !std::mem::replace(&mut homeless, true) {
                        let message = say!(
                            "`{other}` 之前没有 `[project]`",
                            "there is no `[project]` before `{other}`"
                        );
                        let help = say!(
                            "在它前面加一行 `[project]`",
                            "write a line `[project]` before it"
                        );
                        self.report("no_project", message, Some(help), key.span());
                    }
                }
                other => {
                    let meant = nearest(other, SECTIONS.iter().copied());
                    manifest.parameters_lost |= meant.as_deref() == Some("parameters");
                    self.unknown_key(other, SECTIONS, key.span());
                }
            }
        }
        if manifest.policies.is_empty()
            && !homeless
            && !self.diagnostics.iter().any(|found| found.code == "manifest_syntax")
        {
            let help = say!("写 policies = [\"*.fan\"]", "write policies = [\"*.fan\"]");
            self.report(
                "no_policies",
                say!("清单没有列出政策", "the manifest lists no policies"),
                Some(help),
                0..0,
            );
        }
        manifest
    }

    fn project(&mut self, value: &Value<'_>, manifest: &mut Manifest) {
        for (key, value) in self.table("project", value).into_iter().flat_map(ordered) {
            match key.get_ref().as_ref() {
                "name" => manifest.name = self.text("name", value),
                "as_of" => (manifest.as_of, manifest.dated) = (self.date("as_of", value), true),
                "offset" => manifest.offset = self.offset("offset", value),
                "policies" => {
                    let files = if matches!(value.get_ref(), DeValue::String(_)) {
                        vec![value]
                    } else {
                        self.array("policies", value)
                    };
                    manifest.policies =
                        files.into_iter().map(|file| self.policy_file(file)).collect();
                }
                "absent" => manifest.absent = self.texts("absent", value),
                "yes" => manifest.truths[0] = self.texts("yes", value),
                "no" => manifest.truths[1] = self.texts("no", value),
                "dates" => manifest.dates = self.dates(value),
                "language" => manifest.language = self.language(value),
                "skip" | "except" | "exclude" | "omit" => {
                    let written = "policies = [{ file = \"…\", except = [\"…\"] }]";
                    let name = key.get_ref();
                    self.report(
                        "unknown_key",
                        say!("清单里没有 `{name}` 这一项", "`{name}` is not a key of the manifest"),
                        Some(say!(
                            "不用的条文写在它的政策那里：`{written}`",
                            "articles that are left out stand with their policy: `{written}`"
                        )),
                        key.span(),
                    );
                }
                other => {
                    self.unknown_key(other, PROJECT, key.span());
                }
            }
        }
    }

    /// `zh` or `en`.
    fn language(&mut self, value: &Value<'_>) -> Option<Language> {
        match &*self.text("language", value) {
            "zh" => Some(Language::Chinese),
            "en" => Some(Language::English),
            "" => None,
            _ => {
                let expected = Bilingual::new("`zh` 或 `en`", "`zh` or `en`");
                self.wrong("language", &expected, value.span());
                None
            }
        }
    }

    /// A file, `{ file = "…", articles = ["1"] }` or `{ file = "…", except = ["1"] }`.
    fn policy_file(&mut self, value: &Value<'_>) -> PolicyFile {
        let DeValue::Table(table) = value.get_ref() else {
            let (file, span) = (self.file("policies", value), value.span());
            return PolicyFile { file, span, ..PolicyFile::default() };
        };
        let mut policy = PolicyFile { span: value.span(), ..PolicyFile::default() };
        for (key, value) in ordered(table) {
            match key.get_ref().as_ref() {
                "file" => (policy.file, policy.span) = (self.file("file", value), value.span()),
                "articles" => policy.articles = self.named_articles("articles", value),
                "except" => policy.except = self.named_articles("except", value),
                other => self.unknown_key(other, &["file", "articles", "except"], key.span()),
            }
        }
        if policy.articles.is_some() && policy.except.is_some() {
            let expected = Bilingual::new("“articles”或“except”之一", "`articles` or `except`");
            self.wrong("policies", &expected, value.span());
            policy.except = None;
        }
        if policy.file.is_empty() && !table.contains_key("file") {
            let expected = Bilingual::new("{ file = \"…\" }", "{ file = \"…\" }");
            self.wrong("policies", &expected, value.span());
        }
        policy
    }

    /// Articles by number or name, at least one.
    fn named_articles(
        &mut self,
        key: &str,
        value: &Value<'_>,
    ) -> Option<Vec<(String, Range<usize>)>> {
        let articles = self.array(key, value);
        // One that is no list has been told.
        if articles.is_empty() && matches!(value.get_ref(), DeValue::Array(_)) {
            let expected = Bilingual::new("条的列表，不能为空", "articles, not none");
            self.wrong(key, &expected, value.span());
        }
        let of = |one: &Value<'_>| match one.get_ref() {
            DeValue::Integer(number) => (number.as_str().to_owned(), one.span()),
            _ => (self.text(key, one), one.span()),
        };
        let articles: Vec<_> = articles.into_iter().map(of).collect();
        Some(articles).filter(|all| !all.is_empty())
    }

    fn review(&mut self, value: &Value<'_>, manifest: &mut Manifest) {
        for (key, value) in self.table("review", value).into_iter().flat_map(ordered) {
            match key.get_ref().as_ref() {
                "by" => manifest.review_by = Some((self.text("by", value), value.span())),
                other => self.unknown_key(other, &["by"], key.span()),
            }
        }
    }

    fn round(&mut self, value: &Value<'_>, manifest: &mut Manifest) {
        for (key, value) in self.table("round", value).into_iter().flat_map(ordered) {
            match key.get_ref().as_ref() {
                "tables" => {
                    let tables = self.array("tables", value).into_iter();
                    manifest.round_tables =
                        tables.map(|table| (self.text("tables", table), table.span())).collect();
                }
                other => self.unknown_key(other, &["tables"], key.span()),
            }
        }
    }

    fn data(
        &mut self,
        name: &Spanned<std::borrow::Cow<'_, str>>,
        value: &Value<'_>,
        manifest: &mut Manifest,
    ) {
        let (absent, dates) = (manifest.absent.clone(), manifest.dates);
        let mapping =
            Mapping { absent, dates, truths: manifest.truths.clone(), ..Mapping::default() };
        let files = &mut manifest.data;
        let entries: Vec<&Value<'_>> = match value.get_ref() {
            DeValue::Array(array) => array.iter().collect(),
            _ => vec![value],
        };
        let expected =
            Bilingual::new("文件名，或 { file = \"…\" }", "a file name, or { file = \"…\" }");
        let first = files.len();
        if entries.is_empty() {
            self.wrong(name.get_ref(), &expected, value.span());
            let (table, table_span) = (name.get_ref().to_string(), name.span());
            files.push(DataFile { table, table_span, span: value.span(), ..DataFile::default() });
        }
        // What no text stands for was no value; the syntax is told to be wrong.
        for entry in entries.into_iter().filter(|entry| !entry.span().is_empty()) {
            let mut file = DataFile {
                table: name.get_ref().to_string(),
                table_span: name.span(),
                span: entry.span(),
                mapping: mapping.clone(),
                ..DataFile::default()
            };
            match entry.get_ref() {
                DeValue::String(_) => file.file = self.file(name.get_ref(), entry),
                DeValue::Table(table) => self.data_table(table, &mut file),
                _ => self.wrong(name.get_ref(), &expected, entry.span()),
            }
            // Where no file can be made of it, there is one all the same that is not known.
            files.push(file);
        }
        // The table may be empty, whichever of its files says so.
        let own = files.get_mut(first..).unwrap_or_default();
        let empty = own.iter().any(|file| file.mapping.empty);
        own.iter_mut().for_each(|file| file.mapping.empty = empty);
    }

    /// The name of a file, or a pattern; empty where it is none, which is told.
    pub(super) fn file(&mut self, key: &str, value: &Value<'_>) -> String {
        let file = self.text(key, value);
        let written = matches!(value.get_ref(), DeValue::String(_)) && !value.span().is_empty();
        if written && is_blank(&file) {
            let expected = Bilingual::new("文件名，不能为空", "the name of a file, not empty");
            self.wrong(key, &expected, value.span());
            return String::new();
        }
        file
    }

    fn correction(&mut self, value: &Value<'_>) -> Correction {
        let mut correction = Correction::default();
        for (key, value) in self.table("correction", value).into_iter().flat_map(ordered) {
            match key.get_ref().as_ref() {
                "name" => correction.name = self.text("name", value),
                "fields" => {
                    let fields = self.array("fields", value).into_iter();
                    correction.fields =
                        fields.map(|field| (self.text("fields", field), field.span())).collect();
                }
                "rows" => {
                    for row in self.array("rows", value) {
                        let name = self.text("rows", row);
                        if ["added", "removed", "renamed", "merged", "split"]
                            .contains(&name.rsplit('.').next().unwrap_or_default())
                        {
                            correction.rows.push((name, row.span()));
                        } else {
                            let expected = Bilingual::new(
                                "added、removed、renamed、merged 或 split，前面可写“表.”",
                                "added, removed, renamed, merged or split, with `table.` before it \
                                    or not",
                            );
                            self.wrong("rows", &expected, row.span());
                        }
                    }
                }
                other => self.unknown_key(other, &["name", "fields", "rows"], key.span()),
            }
        }
        if correction.name.is_empty() {
            self.wrong(
                "correction",
                &Bilingual::new("有名称的：name = \"…\"", "named: name = \"…\""),
                value.span(),
            );
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
                "table" => waiver.table = Some(self.text("table", value)),
                "item" => waiver.item = self.text("item", value),
                "authority" => waiver.authority = self.text("authority", value),
                "reason" => waiver.reason = self.text("reason", value),
                "until" => waiver.until = self.date("until", value),
                other => self.unknown_key(
                    other,
                    &["article", "table", "item", "authority", "reason", "until"],
                    key.span(),
                ),
            }
        }
        for (key, given) in [
            ("article", &waiver.article),
            ("item", &waiver.item),
            ("authority", &waiver.authority),
            ("reason", &waiver.reason),
        ] {
            if is_blank(given) {
                let message = say!(
                    "例外缺少 `{key}`，没有准予",
                    "the waiver lacks `{key}`; it is not granted"
                );
                let help = say!("写 {key} = \"…\"", "write {key} = \"…\"");
                self.report("incomplete_waiver", message, Some(help), waiver.span.clone());
            }
        }
        (self.diagnostics.len() == known).then_some(waiver)
    }
}
