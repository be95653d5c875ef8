//! Remedies that are tried before they are offered: the text is changed as they say and compiled.
//! One that is itself wrong where it stands, or makes more wrong, is not offered.

use super::division::{Divided, Divisions, divide_kept};
use crate::analysis::{self, Settings};
use crate::diagnostic::{Diagnostic, Severity};
use crate::place::At;
use crate::say;
use crate::syntax::parse;
use crate::syntax::tree::{File, ItemKind, Language};
use crate::text::{FileId, Source, Sources};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

/// How many remedies of a project are tried; where more is wrong, the rest waits its turn.
const TRIES: usize = 8;

/// The largest texts, in bytes, that are compiled again for a remedy.
const LARGEST: usize = 1 << 18;

/// How many texts of one remedy are given out.
const MOST_TEXTS: usize = 8;

/// How many tables are named that may be the subject of a sentence.
const MOST_SUBJECTS: usize = 3;

/// The mistakes whose remedy, where it is one piece of text, takes the place of what is wrong.
const CHANGING: &[&str] = &[
    "misspelt_keyword",
    "put_otherwise",
    "unknown_name",
    "unknown_value",
    "unknown_function",
    "unknown_type",
    "not_a_subject",
    "no_subject",
    "mixed_units",
    "grouped_number",
    "glued_words",
];

/// What a remedy of this form says to write.
const FORMS: &[(&str, &str)] = &[
    ("是不是 `", "`？"),
    ("写作 `", "`"),
    ("词与词之间要有空格：`", "`"),
    ("词与词之间要空格：`", "`"),
];

/// What else has to be declared for a remedy is no fault of it.
const BESIDES: &str = "no_calendar";

/// Names the table in remedies that speak of one, and takes back the remedies that do not help.
/// `kept` are files as trials before read them.
pub fn tried(
    diagnostics: &mut [Diagnostic],
    (sources, files): (&Sources, &[File]),
    settings: &Settings,
    kept: Option<&Divisions>,
) {
    if sources.iter().map(|(_, source)| source.text.len()).sum::<usize>() > LARGEST {
        return;
    }
    let headless = diagnostics.iter_mut().filter(|found| is_headless(found));
    headless.for_each(|found| name_subject(found, (sources, files)));
    let mut before: BTreeMap<FileId, usize> = BTreeMap::new();
    let mut left = TRIES;
    for found in diagnostics {
        if left == 0 {
            return;
        }
        let Some(remedy) = Remedy::said(found) else { continue };
        let Some((changed, own)) = remedy.in_sources(sources) else { continue };
        let at = remedy.at.start as u64..(remedy.at.start + remedy.text.len()) as u64;
        left -= 1;
        let count = || mistakes((sources, files), own, (settings, kept)).len();
        let before = *before.entry(own).or_insert_with(count);
        let after = mistakes((&changed, files), own, (settings, kept));
        let file = Some(remedy.file);
        let within = |wrong: &Diagnostic| {
            let own = wrong.code != BESIDES;
            let Some(place) = wrong.labels.first().map(|label| &label.place) else { return false };
            own && matches!(place.at, At::Text { start, end, .. }
                if Some(&place.file) == file.as_ref() && start < at.end && at.start < end)
        };
        if after.len() > before || after.iter().any(within) {
            // What is put otherwise here is put somehow.
            found.help = (found.code == "put_otherwise").then(|| {
                say!(
                    "一句是 `凡 条件 的 主体，要求`，主体是一张表；名称要先声明，名称里有标点的写在 `「」` 里",
                    "a sentence is `whenever SUBJECT where CONDITION, CLAUSE`, the subject being a \
                        table; names are declared first"
                )
            });
        }
    }
}

/// Whether a sentence lacks its subject, of which the remedy says that it is a table.
fn is_headless(found: &Diagnostic) -> bool {
    let help = found.help.as_ref().map_or("", |help| &help.zh);
    let speaks = ["`凡 主体，", "主体（一张表）"].iter().any(|words| help.contains(words));
    found.code == "no_subject" || found.code == "put_otherwise" && speaks
}

/// Says which table is meant where a sentence begins with the name of a field: those that have it.
fn name_subject(found: &mut Diagnostic, (sources, files): (&Sources, &[File])) {
    let Some(place) = found.labels.first().map(|label| &label.place) else { return };
    let At::Text { start, end, .. } = place.at else { return };
    let Some((_, source)) = sources.iter().find(|(_, it)| it.name == place.file) else {
        return;
    };
    let (Ok(from), Ok(to)) = (usize::try_from(start), usize::try_from(end)) else { return };
    let Some(begun) = source.text.get(from..to) else { return };
    let is_end = found.code == "no_subject";
    let field = if is_end { condition(source, from) } else { begun };
    let (mut longest, mut tables): (usize, Vec<&str>) = (0, Vec::new());
    let items = files.iter().flat_map(|file| &file.items);
    for item in items {
        let ItemKind::Table(table) = &item.kind else { continue };
        // It begins with the table itself.
        if !is_end && table.names.iter().any(|name| name.text == begun) {
            found.help = Some(match begun.is_ascii() {
                true => say!("写作 `whenever {begun},`", "write `whenever {begun},`"),
                false => say!("写作 `凡 {begun}，`", "write `凡 {begun}，`"),
            });
            return;
        }
        let names = table.fields.iter().flat_map(|field| field.names.iter());
        let own = names.map(|name| &*name.text).filter(|name| match name.is_ascii() {
            true => *name == field,
            false => field.starts_with(name),
        });
        let Some(length) = own.map(str::len).max().filter(|length| *length >= longest) else {
            continue;
        };
        if length > longest {
            tables.clear();
        }
        longest = length;
        let called = || table.names.iter().map(|name| &*name.text);
        let same = called().find(|name| name.is_ascii() == begun.is_ascii());
        tables.extend(same.or_else(|| called().next()));
    }
    let written = |table: &&str| match begun.is_ascii() {
        _ if is_end => format!("`的 {table}`"),
        true => format!("`whenever {table}, {begun}`"),
        false => format!("`凡 {table}，{begun}`"),
    };
    let all: Vec<String> = tables.iter().map(written).collect();
    let (zh, en) = (all.join(" 或 "), all.join(" or "));
    if (1..=MOST_SUBJECTS).contains(&all.len()) {
        found.help = Some(say!("写作 {zh}", "write {en}"));
    }
}

/// What stands behind the 凡 before a place, where it begins with the name of a field: `凡 有 甲 的`.
fn condition(source: &Source, at: usize) -> &str {
    let line = source.text.get(..at).and_then(|head| head.rsplit('\n').next()).unwrap_or("");
    let condition = line.rsplit_once('凡').map_or("", |(_, condition)| condition.trim_start());
    let condition = condition.strip_prefix('是').unwrap_or(condition).trim_start();
    let words = ["没有", "有", "无", "非", "不"];
    let bare = words.iter().find_map(|word| condition.strip_prefix(word));
    bare.unwrap_or(condition).trim_start()
}

/// A remedy as a change of the text: what is put where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remedy {
    /// The file, by the name it is shown by.
    pub file: Arc<str>,
    /// The bytes that are replaced.
    pub at: Range<usize>,
    /// By what.
    pub text: String,
}

impl Remedy {
    /// In the place of what is wrong.
    fn in_place(found: &Diagnostic, text: &str) -> Option<Self> {
        let place = &found.labels.first()?.place;
        let At::Text { start, end, .. } = place.at else { return None };
        let at = usize::try_from(start).ok()?..usize::try_from(end).ok()?;
        Some(Self { file: place.file.clone(), at, text: text.to_owned() })
    }

    /// The one that the words of a mistake speak of, where it is one piece of text.
    fn said(found: &Diagnostic) -> Option<Self> {
        let help = &found.help.as_ref()?.zh;
        let is_error = found.severity == Severity::Error && CHANGING.contains(&found.code);
        let mut texts = FORMS.iter().filter_map(|(before, after)| {
            help.strip_prefix(before).and_then(|rest| rest.strip_suffix(after))
        });
        let text = texts.next().filter(|text| is_error && !text.contains(['`', '…']))?;
        Self::in_place(found, text)
    }

    /// Every text that the words of a mistake say to write, in the order of a language: in the place
    /// of what is wrong, or of that and what stands before it and is written again. Which of them
    /// helps, only a trial shows.
    #[must_use]
    pub fn all(found: &Diagnostic, source: &Source, language: Language) -> Vec<Self> {
        let Some(help) = &found.help else { return Vec::new() };
        let order = match language {
            Language::Chinese => [&help.zh, &help.en],
            Language::English => [&help.en, &help.zh],
        };
        let mut remedies: Vec<Self> = Vec::new();
        for text in order.into_iter().flat_map(|help| help.split('`').skip(1).step_by(2)) {
            let Some(own) = Self::in_place(found, text).filter(|_| !text.contains('…')) else {
                continue;
            };
            let again = own.with_before(source);
            let is_new = |one: &Self, known: &[Self]| {
                source.text.get(one.at.clone()) != Some(&*one.text) && !known.contains(one)
            };
            for one in std::iter::once(own).chain(again) {
                if is_new(&one, &remedies) {
                    remedies.push(one);
                }
            }
        }
        remedies.truncate(MOST_TEXTS);
        remedies
    }

    /// The same in the place of more, where it begins with words that stand before its place: `5 日`
    /// for the 天 of `5 天`.
    fn with_before(&self, source: &Source) -> Option<Self> {
        let head = source.text.get(..self.at.start)?;
        let words = self.text.char_indices().skip(1).map(|(at, _)| at);
        let before = head.trim_end();
        let again = words.filter_map(|end| self.text.get(..end)).filter(|start| {
            let start = start.trim_end();
            !start.is_empty() && before.ends_with(start)
        });
        let longest = again.max_by_key(|start| start.len())?.trim_end();
        let start = before.len() - longest.len();
        Some(Self { at: start..self.at.end, ..self.clone() })
    }

    /// A text with this in it; `None` where there is no such place.
    fn in_text(&self, text: &str) -> Option<String> {
        let (head, tail) = (text.get(..self.at.start)?, text.get(self.at.end..)?);
        Some(format!("{head}{}{tail}", self.text))
    }

    /// Texts with this in them, and which of them has it.
    fn in_sources(&self, sources: &Sources) -> Option<(Sources, FileId)> {
        let (own, _) = sources.iter().find(|(_, source)| source.name == self.file)?;
        let mut changed = Sources::default();
        for (id, source) in sources.iter() {
            changed.add(match id == own {
                true => Source::new(source.name.clone(), self.in_text(&source.text)?),
                false => source.clone(),
            });
        }
        Some((changed, own))
    }
}

/// What is wrong with texts of which one was changed: with that, with those that are divided
/// otherwise because of it, and with what all of them mean.
fn mistakes(
    (sources, files): (&Sources, &[File]),
    own: FileId,
    (settings, kept): (&Settings, Option<&Divisions>),
) -> Vec<Diagnostic> {
    let mut files = files.to_vec();
    let mut wrong: Vec<Divided> = Vec::new();
    if let Some(source) = sources.get(own)
        && let Some(place) = files.iter_mut().find(|file| file.file == own)
    {
        let (file, errors) = parse::parse(own, source);
        *place = file;
        wrong.push(Divided { file: own, errors });
    }
    for divided in divide_kept(sources, &mut files, kept) {
        wrong.retain(|known| known.file != divided.file);
        wrong.push(divided);
    }
    let syntax = wrong.iter().filter_map(|found| Some((found, sources.get(found.file)?)));
    let syntax = syntax
        .flat_map(|(found, source)| found.errors.iter().map(|error| error.diagnostic(source)));
    let analysis = analysis::analyze(&files, sources, settings);
    let found = syntax.chain(analysis.diagnostics);
    found.filter(|found| found.severity == Severity::Error).collect()
}
