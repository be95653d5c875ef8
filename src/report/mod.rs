//! Rank 5: reports. Findings in equals findings out, in every format; only the text format may be
//! told to show fewer, and says so.

pub(crate) mod amount;
pub(crate) mod block;
mod change;
mod concise;
mod docx;
mod escape;
mod frame;
mod group;
pub(crate) mod groups;
mod html;
pub(crate) mod json;
mod junit;
mod label;
mod lines;
mod listing;
mod markdown;
pub(crate) mod measure;
mod paint;
pub(crate) mod phrase;
mod record;
mod record_text;
mod sarif;
mod strip;
mod summary;
pub mod table;
mod terminal;
pub(crate) mod told;
mod words;
mod wrap;
mod xlsx;

pub use crate::visible::visible;
pub use docx::letter;
pub use escape::{write_json, write_json_pretty};
pub use listing::{Letter, Listing, Opening, Section, cover, document, page};
pub use markdown::escaped;
pub use record::write_records;
pub use record_text::{Idle, write as write_record};
pub use terminal::Terminal;
pub(crate) use terminal::sign;
pub use words::Words;
pub use wrap::{fold, wrap};
pub use xlsx::{
    Answer, Earlier, FORM, Marks, Returned, Round, SHEET, Sent, SentSheet, Share, cell_text,
    column_of, elements_text, file_name, listings as workbook_of, note, remarks, sent, shares,
    tint, workbooks,
};

use crate::diagnostic::{Diagnostic, Severity};
use crate::finding::{Outcome, Report, Weight};
use crate::grouping::Groups;
use crate::syntax::tree::Language;
use std::io::{BufWriter, Result, Write};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

/// So many findings are made at a time.
const AT_A_TIME: usize = 256;

/// Makes something of each finding on all processors, some at a time, and hands it on in order.
///
/// Threads of its own, not those of the pool: a finding may have to wait for a column that another
/// is computing, and that may wait for the pool.
///
/// # Errors
/// Where handing one on fails.
pub(crate) fn each_finding<T: Send + Sync>(
    order: &[usize],
    make: impl Fn(usize) -> T + Sync,
    mut hand_on: impl FnMut(usize, T) -> Result<()>,
) -> Result<()> {
    for some in order.chunks(AT_A_TIME) {
        let mut made: Vec<OnceLock<T>> = some.iter().map(|_| OnceLock::new()).collect();
        let next = AtomicUsize::new(0);
        let work = || {
            while let Some((index, slot)) = {
                let at = next.fetch_add(1, Ordering::Relaxed);
                some.get(at).zip(made.get(at))
            } {
                slot.get_or_init(|| make(*index));
            }
        };
        std::thread::scope(|scope| {
            for _ in 1..rayon::current_num_threads().min(some.len()) {
                scope.spawn(work);
            }
            work();
        });
        for (index, slot) in some.iter().zip(&mut made) {
            hand_on(*index, slot.take().unwrap_or_else(|| make(*index)))?;
        }
    }
    Ok(())
}

/// What a report is written as.
///
/// # Examples
///
/// ```
/// use fanshi::{Language, Options, Project, ReportFormat, ReportOptions, write_report};
///
/// let run = Project::read("examples/library".as_ref()).run(&Options::default());
/// let options =
///     ReportOptions { language: Language::English, ..ReportOptions::default() };
/// let mut lines = Vec::new();
/// write_report(&run.report(), ReportFormat::Tsv, &options, &mut lines).unwrap();
/// assert!(lines.starts_with(b"violated\tlibrary.thick\tbook\tB\t"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For people at a terminal.
    Text,
    /// `fanshi.findings/1`, for scripts.
    Json,
    /// A line per finding, for `grep` and spreadsheets.
    Tsv,
    /// A line per finding with its place and what it says, for editors.
    Concise,
    /// The same as workflow commands, which GitHub shows beside the lines they are about.
    Github,
    /// For a repository or a chat.
    Markdown,
    /// SARIF 2.1.0, for editors and code hosts.
    Sarif,
    /// JUnit's XML, for build servers.
    Junit,
    /// One page for a browser and for paper.
    Html,
    /// A workbook: rows as declared, findings, a column for the answer.
    Xlsx,
}

/// How a report is written.
///
/// # Examples
///
/// ```
/// use fanshi::{Language, Options, Project, ReportFormat, ReportOptions, write_report};
///
/// let run = Project::read("examples/library".as_ref()).run(&Options::default());
/// let options = ReportOptions { width: 80, max_findings: Some(1), ..ReportOptions::default() };
/// let mut text = Vec::new();
/// write_report(&run.report(), ReportFormat::Text, &options, &mut text).unwrap();
/// assert!(String::from_utf8(text).unwrap().contains("不符合“页 不得 超过 500”"));
/// ```
#[derive(Clone, Debug)]
pub struct Options {
    /// The language of headings and messages.
    pub language: Language,
    /// Whether the text format is coloured; without it there is no escape sequence at all.
    pub color: bool,
    /// Display columns of the text format.
    pub width: usize,
    /// How many findings (and how many diagnostics) the text format shows at most.
    pub max_findings: Option<usize>,
    /// What stands before the path of a file in `text`, `concise`, `github` and `markdown`, which a
    /// terminal opens: the way from the current folder to that of the manifest, ending in `/`; empty where
    /// that is the current folder.
    pub base: String,
    /// The way from the root of the repository to the folder of the manifest, ending in `/`; empty
    /// where that is the root. It stands before the paths of `sarif` and before `file` in `junit`,
    /// which code hosts resolve from the root, and JSON tells it.
    pub root: String,
}

impl Default for Options {
    /// All findings, in Chinese, without colour, 100 columns wide.
    fn default() -> Self {
        let (base, root) = (String::new(), String::new());
        let language = Language::Chinese;
        Self { language, color: false, width: 100, max_findings: None, base, root }
    }
}

/// Writes a report, buffered.
///
/// # Errors
/// Where `out` fails.
///
/// # Examples
///
/// ```
/// use fanshi::{Language, Options, Project, ReportFormat, ReportOptions, write_report};
///
/// let run = Project::read("examples/library".as_ref()).run(&Options::default());
/// let options =
///     ReportOptions { language: Language::English, ..ReportOptions::default() };
/// let mut json = Vec::new();
/// write_report(&run.report(), ReportFormat::Json, &options, &mut json).unwrap();
/// let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
/// assert_eq!(json["format"], "fanshi.findings/1");
/// assert_eq!(json["findings"][0]["subject"]["key"], "B");
/// ```
pub fn write(
    report: &Report,
    format: Format,
    options: &Options,
    out: &mut dyn Write,
) -> Result<()> {
    write_with_rows(report, None, format, options, out)
}

/// Writes a report, buffered; the formats that show whole rows or groups take them from `rows`.
///
/// # Errors
/// Where `out` fails.
pub fn write_with_rows(
    report: &Report,
    rows: Option<&Groups<'_>>,
    format: Format,
    options: &Options,
    out: &mut dyn Write,
) -> Result<()> {
    let mut out = BufWriter::with_capacity(1 << 16, out);
    match format {
        Format::Text => terminal::write(report, rows, options, &mut out)?,
        Format::Json => json::write(report, rows, options, &mut out)?,
        Format::Tsv => lines::write(report.findings, &mut out)?,
        Format::Concise => concise::write(report, concise::Form::Concise, options, &mut out)?,
        Format::Github => concise::write(report, concise::Form::Github, options, &mut out)?,
        Format::Markdown => markdown::write(report, rows, options, &mut out)?,
        Format::Sarif => sarif::write(report, options, &mut out)?,
        Format::Junit => junit::write(report, options, &mut out)?,
        Format::Html => html::write(report, rows, options.language, &mut out)?,
        Format::Xlsx => out.write_all(&xlsx::workbook(report, rows, options.language)?)?,
    }
    out.flush()
}

/// What a run came to, in a sentence: rows, articles, and the counts of what was found.
#[must_use]
pub fn came_to(report: &Report, language: Language) -> String {
    let kinds = (0..report.findings.len()).map(|index| report.findings.kind(index));
    phrase::closing(Words::of(language), report, &group::Tally::of(kinds)).replace(phrase::TIE, " ")
}

/// A diagnostic as every format for scripts has it.
#[must_use]
pub fn diagnostic_json(diagnostic: &Diagnostic, language: Language) -> serde_json::Value {
    json::diagnostic(diagnostic, language)
}

/// A place as every format for scripts has it.
#[must_use]
pub fn place_json(place: &crate::place::Place) -> serde_json::Value {
    json::place(place)
}

/// Writes only the diagnostics, as the text format does, buffered: for commands whose report has no
/// room for them.
///
/// # Errors
/// Where `out` fails.
pub fn write_diagnostics(
    diagnostics: &[Diagnostic],
    options: &Options,
    out: &mut dyn Write,
) -> Result<()> {
    let mut out = BufWriter::with_capacity(1 << 16, out);
    terminal::diagnostics(diagnostics, options, &mut out)?;
    out.flush()
}

/// Something found out about the policies themselves.
#[derive(Clone, Debug)]
pub struct Note {
    /// What, and where.
    pub diagnostic: Diagnostic,
    /// Whether a line is enough.
    pub brief: bool,
    /// Rows that show it, as TOML.
    pub example: Option<String>,
}

/// Writes notes under a title, as the text format does, buffered.
///
/// # Errors
/// Where `out` fails.
pub fn write_notes(
    title: &str,
    notes: &[Note],
    options: &Options,
    out: &mut dyn Write,
) -> Result<()> {
    let mut out = BufWriter::with_capacity(1 << 16, out);
    terminal::notes(title, notes, options, &mut out)?;
    out.flush()
}

/// Writes diagnostics without a heading, in the order given.
///
/// # Errors
/// Where `out` fails.
pub fn write_blocks(
    diagnostics: &[Diagnostic],
    options: &Options,
    out: &mut dyn Write,
) -> Result<()> {
    let mut out = BufWriter::with_capacity(1 << 16, out);
    terminal::blocks(diagnostics, options, &mut out)?;
    out.flush()
}

/// `2` the run is not complete, `1` something is violated, `3` something could not be judged, `0`
/// otherwise.
///
/// # Examples
///
/// ```
/// use fanshi::{Options, Project, exit_code};
///
/// let run = Project::read("examples/library".as_ref()).run(&Options::default());
/// assert_eq!(exit_code(&run.report()), 1); // something is violated
/// ```
#[must_use]
pub fn exit_code(report: &Report) -> u8 {
    if report.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error) {
        return 2;
    }
    let mut code = 0;
    for index in 0..report.findings.len() {
        let (outcome, weight) = report.findings.kind(index);
        match outcome {
            Outcome::Conflict => return 1,
            Outcome::Violated | Outcome::Waiver if weight == Weight::Error => return 1,
            Outcome::Undetermined | Outcome::Referred => code = 3,
            _ => {}
        }
    }
    code
}
