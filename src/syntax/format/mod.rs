//! Syntax tree to canonical text, in either language.
//!
//! Each declaration becomes units: lines with the place they come from. Comments and blank lines
//! are put between them by place.

mod article;
mod declaration;
mod expression;
mod normal;
mod process;
mod said;
mod unit;
mod writer;

use super::parse::parse;
use super::tree::{Clause, Expr, File, Language, Name, Part};
use crate::diagnostic::{Bilingual, Diagnostic};
use crate::place::Place;
use crate::say;
use crate::text::Source;
use writer::Writer;

/// The widest line, in display columns, before a condition is broken.
pub const WIDTH: usize = 100;

/// How to write.
///
/// # Examples
///
/// ```
/// use fanshi::{FileId, Language, Source, Style, format, parse};
///
/// let source = Source::new("library.fan", "政策 馆规|library");
/// let (file, _) = parse(FileId(0), &source);
/// let english = format(&file, &source, Style::plain(Language::English));
/// assert_eq!(english, "policy library | 馆规\n");
/// ```
#[derive(Clone, Copy)]
pub struct Style<'a> {
    /// The language of keywords, and of the names that stand first.
    pub language: Language,
    /// What to write for a name where it is used (told apart by its span); `None` leaves it as it
    /// is.
    pub rename: &'a dyn Fn(&Name) -> Option<String>,
}

impl Style<'static> {
    /// Keywords in a language, names as they are.
    #[must_use]
    pub fn plain(language: Language) -> Self {
        Self { language, rename: &|_| None }
    }
}

/// Canonical text.
///
/// # Examples
///
/// ```
/// use fanshi::{FileId, Language, Source, Style, format, parse};
///
/// let source = Source::new("library.fan", "policy library\ntable book{code:text key}");
/// let (file, _) = parse(FileId(0), &source);
/// let text = format(&file, &source, Style::plain(file.language));
/// assert_eq!(text, "policy library\n\ntable book {\n  code : text key\n}\n");
/// ```
#[must_use]
pub fn format(file: &File, source: &Source, style: Style) -> String {
    let writer = Writer::new(file.file, source, style).with_comments(&file.comments);
    let mut units = Vec::new();
    for item in &file.items {
        declaration::item(&writer, item, &mut units);
    }
    unit::layout(&units, &file.comments, source)
}

/// An expression on one line.
#[must_use]
pub fn expression(expr: &Expr, source: &Source, style: Style) -> String {
    Writer::new(expr.span.file, source, style).expression(expr)
}

/// A line of an article, broken where it is too wide.
#[must_use]
pub fn part(part: &Part, source: &Source, style: Style) -> String {
    article::part(&Writer::new(part.span.file, source, style), part)
}

/// A modal clause on one line.
#[must_use]
pub fn clause(clause: &Clause, source: &Source, style: Style) -> String {
    article::clause(&Writer::new(clause.span.file, source, style), clause)
}

/// Whether two files say the same: spans, the order of a name and its alias, and layout do not
/// count.
#[must_use]
pub fn same_meaning(a: (&File, &Source), b: (&File, &Source)) -> bool {
    normal::shape(a.0, a.1, &|_| None) == normal::shape(b.0, b.1, &|_| None)
}

/// Canonical text, read again and compared: it is returned only if it means the same and keeps
/// every comment.
///
/// # Errors
/// A diagnostic if the text written would mean something else, which would be a mistake in the
/// formatter.
///
/// # Examples
///
/// ```
/// use fanshi::{FileId, Source, Style, parse, reformat_checked};
///
/// let source = Source::new("library.fan", "policy   library # ours");
/// let (file, _) = parse(FileId(0), &source);
/// let text = reformat_checked(&file, &source, Style::plain(file.language)).unwrap();
/// assert_eq!(text, "policy library  # ours\n");
/// ```
pub fn reformat_checked(
    file: &File,
    source: &Source,
    style: Style,
) -> Result<String, Box<Diagnostic>> {
    let written = Source::new(source.name.clone(), format(file, source, style));
    let (again, errors) = parse(file.file, &written);
    let same =
        normal::shape(file, source, style.rename) == normal::shape(&again, &written, &|_| None);
    if errors.is_empty() && same && comments(file, source) == comments(&again, &written) {
        return Ok(written.text.to_string());
    }
    let message = say!(
        "排版会改变这个文件的意思，因此没有改动",
        "formatting would change what this file says, so it was left alone"
    );
    let help = say!("请把这个文件报告给维护者", "please report this file to the maintainers");
    Err(Box::new(
        Diagnostic::error("format_changes_meaning", message)
            .help(help)
            .at(Place::file(source.name.clone()), Bilingual::default()),
    ))
}

/// The comments of a file, in an order that does not depend on their places.
fn comments<'a>(file: &File, source: &'a Source) -> Vec<&'a str> {
    let mut found: Vec<&str> =
        file.comments.iter().map(|&comment| source.slice(comment).trim_end()).collect();
    found.sort_unstable();
    found
}
