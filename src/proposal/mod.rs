//! Rank 9: a project that could fit some data: vocabulary, manifest and first articles, seen from
//! workbooks and files alone, and tried before they are given; and the blank form of a vocabulary.

mod calendar;
mod column;
mod form;
mod garbled;
mod headed;
mod known;
mod layout;
mod link;
mod measure;
mod rule;
mod table;
mod told;
mod trial;
mod written;

pub use form::{Form, form};

use crate::data::{Format, RawSheet, raw_sheets};
use crate::diagnostic::{Bilingual, Diagnostic};
use crate::place::Place;
use crate::say;
use crate::syntax::tree::Language;
use crate::workspace::{Files, format_of};
use jiff::civil::Date;
use rule::Suggestion;
use std::path::PathBuf;
use std::sync::Arc;
use table::Table;
use written::{Wording, subject};

/// A file to look at.
#[derive(Clone, Debug)]
pub struct Given {
    /// Where it is.
    pub path: PathBuf,
    /// Its name from the project's folder, as the manifest writes it.
    pub name: String,
}

/// What a project is proposed for.
pub struct Asked {
    /// The files to look at.
    pub files: Vec<Given>,
    /// Where they are.
    pub store: Arc<dyn Files>,
    /// The folder that the project is for.
    pub folder: PathBuf,
    /// What the project is called.
    pub project: String,
    /// The day judged for.
    pub as_of: Date,
    /// The language of the texts.
    pub language: Language,
}

/// A project that was tried: it checks as it is.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// The names and texts of its files.
    pub files: Vec<(String, String)>,
    /// What was seen, and what a person has to decide, line by line.
    pub said: Vec<Bilingual>,
}

/// What is proposed, while it is tried.
struct Draft {
    wording: Wording,
    tables: Vec<Table>,
    suggestions: Vec<Suggestion>,
}

/// Proposes a project for some files.
///
/// # Errors
/// Where nothing can be read of any file; each is told.
pub fn propose(asked: &Asked) -> Result<Proposal, Vec<Diagnostic>> {
    let (mut tables, wrong) = tables(asked);
    name_apart(&mut tables);
    link::link(&mut tables);
    let wording =
        Wording { language: asked.language, project: asked.project.clone(), as_of: asked.as_of };
    let mut draft = Draft { wording, tables, suggestions: Vec::new() };
    draft.suggest();
    let tried = trial::settle(&mut draft, asked);
    if draft.read().is_empty() {
        return Err(if wrong.is_empty() { tried } else { wrong });
    }
    let said = told::told(&draft, &wrong);
    Ok(Proposal { files: draft.files(), said })
}

/// The tables of all files.
fn tables(asked: &Asked) -> (Vec<Table>, Vec<Diagnostic>) {
    let (mut tables, mut wrong) = (Vec::new(), Vec::new());
    for given in &asked.files {
        let read = match format_of(&given.name) {
            Some(format @ (Format::Csv | Format::Workbook | Format::Json | Format::JsonLines)) => {
                let opened = asked.store.open(&given.path);
                let opened = opened
                    .map_err(|error| Box::new(crate::workspace::unreadable(&given.name, &error)));
                opened.and_then(|store| raw_sheets(&given.name, format, store))
            }
            _ => Err(Box::new(unknown(&given.name))),
        };
        let sheets = match read {
            Ok(sheets) => sheets,
            Err(diagnostic) => {
                wrong.push(*diagnostic);
                continue;
            }
        };
        if sheets.iter().all(|sheet| sheet.rows.is_empty()) {
            wrong.push(nothing(&given.name));
        }
        let several = sheets.len() > 1;
        let refuse = |sheet: &RawSheet| garbled::refuse(&given.name, sheet, several);
        let refused: Vec<Option<Diagnostic>> = sheets.iter().map(refuse).collect();
        // The sheets of a document are one.
        let is_document = sheets.iter().any(|sheet| sheet.document.is_some());
        if is_document && let Some(found) = refused.iter().flatten().next() {
            wrong.push(found.clone());
            continue;
        }
        let read = sheets.iter().zip(&refused).filter(|(_, refused)| refused.is_none());
        let sheets: Vec<&RawSheet> = read.map(|(sheet, _)| sheet).collect();
        wrong.extend(refused.iter().flatten().cloned());
        let first = tables.len();
        for sheet in sheets.iter().filter(|sheet| sheet.document.is_some()) {
            tables.push(inside(given, sheet, first));
        }
        for sheet in sheets.iter().filter(|sheet| sheet.document.is_none()) {
            let name = sheet.name.as_deref().filter(|name| several && !is_usual(name));
            let mut table = Table::of(name.unwrap_or(stem(&given.name)), &given.name, sheet);
            if table.fields().next().is_none() {
                continue;
            }
            table.sheet = sheet.name.as_deref().filter(|_| several).map(str::to_owned);
            if several && is_prose(sheet) {
                table.refused =
                    Some(say!("只有一列文字，像是说明", "a column of texts, such as instructions"));
            }
            tables.push(table);
        }
    }
    (tables, wrong)
}

/// What a sheet of a document could be; `first` is the number of the file's first table.
fn inside(given: &Given, sheet: &RawSheet, first: usize) -> Table {
    let parent = sheet.document.as_ref().and_then(|document| document.parent);
    let name = sheet.name.as_deref().filter(|_| parent.is_some());
    let mut table = Table::of(name.unwrap_or(stem(&given.name)), &given.name, sheet);
    table.parent = parent.map(|parent| (first + parent, usize::MAX));
    if table.fields().next().is_none() {
        table.refused = Some(say!("各行没有能读的内容", "its rows hold nothing that can be read"));
    }
    if parent.is_some() {
        table.columns.iter_mut().for_each(|column| column.is_key = false);
        table.doubts.clear();
    }
    table
}

/// Whether a sheet holds lines of text alone, as instructions do.
fn is_prose(sheet: &RawSheet) -> bool {
    let filled = |row: &Vec<String>| row.iter().filter(|cell| !cell.is_empty()).count();
    sheet.rows.iter().all(|row| filled(row) < 2)
}

/// Whether a sheet is called as programs call it.
fn is_usual(name: &str) -> bool {
    let lower = name.to_lowercase();
    let bare = lower.trim_end_matches(|letter: char| letter.is_ascii_digit() || letter == ' ');
    ["sheet", "工作表", "表"].contains(&bare)
}

/// A file's name without folders and endings.
fn stem(name: &str) -> &str {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let file = file.strip_suffix(".gz").unwrap_or(file);
    file.rsplit_once('.').map_or(file, |(stem, _)| stem)
}

/// What has another format.
fn unknown(name: &str) -> Diagnostic {
    let message =
        say!("`{name}` 不是工作簿、CSV 或 JSON，没有看", "`{name}` is no workbook, CSV or JSON");
    let help = say!(
        "能看 .xlsx .xlsm .xls .ods .csv .tsv .json .jsonl；别的请另存为其中一种",
        "known: .xlsx .xlsm .xls .ods .csv .tsv .json .jsonl; save others as one of these"
    );
    Diagnostic::error("unknown_format", message)
        .help(help)
        .at(Place::file(name), Bilingual::default())
}

/// What holds nothing.
fn nothing(name: &str) -> Diagnostic {
    let message = say!("`{name}` 里没有内容", "`{name}` is empty");
    let help = say!(
        "放进标题和几行数据再试；只要空表，写好词汇以后用 fanshi form",
        "put headings and some rows in it; for a blank form write a vocabulary, then fanshi form"
    );
    Diagnostic::error("empty_file", message).help(help).at(Place::file(name), Bilingual::default())
}

/// Gives tables of one name a number.
fn name_apart(tables: &mut [Table]) {
    let mut seen: Vec<String> = Vec::new();
    for table in tables {
        let own = table.name.clone();
        let numbered = (2..).map(|number| format!("{own}{number}"));
        let name = std::iter::once(own.clone()).chain(numbered).find(|name| !seen.contains(name));
        table.name = name.unwrap_or(own);
        seen.push(table.name.clone());
        let is_free = |alias: &String| !seen.contains(alias);
        table.alias = table.alias.take().filter(is_free);
        seen.extend(table.alias.clone());
    }
}

impl Draft {
    /// The tables that are read: those that are not left out, nor is what they are part of.
    fn read(&self) -> Vec<&Table> {
        let is_read = |table: &&Table| {
            let parent = table.parent.and_then(|(parent, _)| self.tables.get(parent));
            table.refused.is_none() && parent.is_none_or(|parent| parent.refused.is_none())
        };
        self.tables.iter().filter(is_read).collect()
    }

    /// Finds what the data suggest.
    fn suggest(&mut self) {
        let mut found: Vec<Suggestion> = Vec::new();
        for table in self.read() {
            for mut suggestion in rule::suggest(table, &subject(table, &self.tables), &self.wording)
            {
                let is_new = |name: &String| !found.iter().any(|other| other.name == *name);
                let own = suggestion.name.clone();
                let of_table = format!("{}{own}", table.name);
                let numbered = (2..).map(|number| format!("{of_table}{number}"));
                let mut names = [own, of_table.clone()].into_iter().chain(numbered);
                suggestion.name = names.find(is_new).unwrap_or(of_table);
                found.push(suggestion);
            }
        }
        // A table that is called as the calendar would be taken for it.
        if self.tables.iter().any(|table| table.name == calendar::NAME) {
            found.retain(|suggestion| !suggestion.sentence.contains("历时("));
        }
        self.suggestions = found;
    }

    /// Whether an article counts working days, and the calendar is one of the files.
    fn counts_days(&self) -> bool {
        self.suggestions.iter().any(|suggestion| suggestion.sentence.contains("历时("))
    }

    /// The files of the project.
    fn files(&self) -> Vec<(String, String)> {
        let read = self.read();
        let names = self.wording.names();
        let counts = self.counts_days();
        let mut texts = vec![
            (names.vocabulary, self.wording.vocabulary(&read, &self.tables)),
            (names.policy, self.wording.policy(&read, &self.tables, &self.suggestions, counts)),
        ];
        if counts {
            texts.push((names.calendar, calendar::VOCABULARY.to_owned()));
        }
        let texts = self.wording.canonical(&texts);
        let days = counts.then(|| (names.days.to_owned(), calendar::DAYS.to_owned()));
        let manifest = self.wording.manifest(&read, &self.tables, counts);
        let texts = texts.into_iter().map(|(name, text)| (name.to_owned(), text)).chain(days);
        std::iter::once(("fanshi.toml".to_owned(), manifest)).chain(texts).collect()
    }
}
