//! What came back: files of any name, each with its sheets, and what a hidden sheet says of them.

use super::marked;
use crate::data::{Format, RawSheet, every_sheet};
use crate::diagnostic::{Bilingual, Diagnostic};
use crate::place::Place;
use crate::report::{FORM, Returned, SHEET, column_of};
use crate::say;
use crate::syntax::tree::Language;
use crate::value::key::canonical;
use crate::workspace::{Disk, Files, format_of, shown, unreadable};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// A file that came back.
#[derive(Debug)]
pub struct File {
    /// Its name, without folders.
    pub name: String,
    /// Its sheets that can be seen.
    pub sheets: Vec<RawSheet>,
    /// What its hidden sheet says.
    pub head: Option<Head>,
    /// Whether it is a marked copy of what the group sent first.
    pub is_copy: bool,
    /// When it was last saved.
    saved: Option<SystemTime>,
}

/// What a hidden sheet says of its workbook.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// The project it is of.
    pub project: String,
    /// The day it was judged for.
    pub as_of: String,
    /// What the rows were grouped by.
    pub by: String,
    /// The group it was sent to; empty for what belongs to none.
    pub group: String,
    /// The language it is written in.
    pub language: Option<Language>,
    /// The digest of what was sent.
    pub sent: String,
}

/// Where the rows of answers stand in a sheet of findings.
#[derive(Clone, Copy, Debug)]
pub struct Columns {
    /// The row of the headings.
    pub line: usize,
    /// The column of the answer.
    pub answer: usize,
    /// That of its reason.
    pub reason: Option<usize>,
    /// That of the fingerprint.
    pub fingerprint: Option<usize>,
    /// That of the row, as people know it.
    pub row: Option<usize>,
}

/// Reads files, and all files of folders; those last saved come last. What cannot be read is told.
#[must_use]
pub fn read(paths: &[PathBuf]) -> (Vec<File>, Vec<Diagnostic>) {
    let (mut files, mut wrong) = (Vec::new(), Vec::new());
    for path in listed(paths, &mut wrong) {
        match one(&path) {
            Ok(file) => files.push(file),
            Err(diagnostic) => wrong.push(*diagnostic),
        }
    }
    files.sort_by(|a, b| (a.saved, &a.name).cmp(&(b.saved, &b.name)));
    (files, wrong)
}

/// The files, each once, in order.
fn listed(paths: &[PathBuf], wrong: &mut Vec<Diagnostic>) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = Vec::new();
    for path in paths {
        if !Disk.is_folder(path) {
            found.push(path.clone());
            continue;
        }
        match Disk.list(path) {
            Ok(entries) => {
                let own = entries.into_iter().map(|entry| path.join(entry.name));
                found.extend(own.filter(|path| is_meant(path)));
            }
            Err(error) => wrong.push(unreadable(&shown(path), &error)),
        }
    }
    let mut known = BTreeSet::new();
    found.retain(|path| known.insert(Disk.same(path)));
    found
}

/// Whether a file of a folder may be one that came back: not what offices leave beside a file that
/// is open, nor what remembers the round.
fn is_meant(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let beside = name.starts_with(['.', '~']) || name.ends_with(".toml") || name.ends_with(".docx");
    Disk.is_file(path) && !beside
}

fn one(path: &Path) -> Result<File, Box<Diagnostic>> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let format = format_of(&name).filter(|format| matches!(format, Format::Csv | Format::Workbook));
    let Some(format) = format else { return Err(Box::new(unknown(&name))) };
    let store = Disk.open(path).map_err(|error| Box::new(unreadable(&name, &error)))?;
    let is_copy = format == Format::Workbook && marked::is_copy(&name, &*store);
    let mut sheets = every_sheet(&name, format, store)?;
    let at = sheets.iter().position(|sheet| text(sheet, 0, 0) == FORM);
    let head = at.map(|at| head(&sheets.remove(at)));
    sheets.retain(|sheet| !sheet.is_hidden && sheet.name.as_deref() != Some(SHEET));
    let saved = Disk::saved(path);
    Ok(File { name, sheets, head, is_copy, saved })
}

fn unknown(name: &str) -> Diagnostic {
    let message = say!("`{name}` 不是工作簿，也不是 CSV", "`{name}` is neither a workbook nor CSV");
    let help = say!(
        "交回的存成 .xlsx、.xls、.ods 或 .csv",
        "what comes back is saved as .xlsx, .xls, .ods or .csv"
    );
    let found = Diagnostic::error("unknown_format", message).help(help);
    found.at(Place::file(name), Bilingual::default())
}

/// A cell; empty where there is none.
#[must_use]
pub fn text(sheet: &RawSheet, row: usize, column: usize) -> &str {
    sheet.rows.get(row).and_then(|row| row.get(column)).map_or("", String::as_str)
}

fn head(sheet: &RawSheet) -> Head {
    let value = |key: &str| {
        let row = sheet.rows.iter().find(|row| row.first().is_some_and(|cell| cell == key));
        row.and_then(|row| row.get(1)).cloned().unwrap_or_default()
    };
    let language = match &*value("language") {
        "zh" => Some(Language::Chinese),
        "en" => Some(Language::English),
        _ => None,
    };
    let (project, as_of, by) = (value("project"), value("as_of"), value("by"));
    let (group, sent) = (value("group"), value("sent"));
    Head { project, as_of, by, group, language, sent }
}

/// The columns of a sheet, where it is one of findings.
#[must_use]
pub fn columns(sheet: &RawSheet) -> Option<Columns> {
    sheet.rows.iter().take(5).enumerate().find_map(|(line, row)| {
        let at = |wanted: Returned| row.iter().position(|cell| column_of(cell) == Some(wanted));
        let answer = at(Returned::Answer)?;
        let (reason, fingerprint) = (at(Returned::Reason), at(Returned::Fingerprint));
        let row = at(Returned::Row);
        // A table of the project may have some of these columns, too.
        let is_one = row.is_some() && at(Returned::Problem).is_some();
        is_one.then_some(Columns { line, answer, reason, fingerprint, row })
    })
}

/// Whether two cells say the same: as keys are compared.
#[must_use]
pub fn same(a: &str, b: &str) -> bool {
    a == b || canonical(a.trim()) == canonical(b.trim()) || same_lines(a, b)
}

/// Whether two texts differ in their line ends alone, as formats have their own.
fn same_lines(a: &str, b: &str) -> bool {
    let plain = |text: &str| text.replace("\r\n", "\n").replace('\r', "\n");
    canonical(plain(a).trim()) == canonical(plain(b).trim())
}
