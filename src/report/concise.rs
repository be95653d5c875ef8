//! Rank 5: a line for each diagnostic and each finding, for editors (`concise`) and for the pages of
//! code hosts (`github`: workflow commands).

use super::Options;
use super::block::reached;
use super::phrase;
use super::words::Words;
use crate::diagnostic::{Bilingual, Diagnostic, Severity};
use crate::finding::{Finding, Outcome, Report, Weight};
use crate::place::{At, Place};
use crate::syntax::tree::ArticleNumber;
use crate::syntax::word;
use crate::visible::visible;
use std::io::{Result, Write};

/// Which lines.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// `file:line:column: outcome policy.article key: message`.
    Concise,
    /// `::error file=…,line=…,col=…,title=…::message`, as GitHub's runners read it.
    Github,
}

/// Writes the lines, unbuffered: mistakes of authors first, then findings.
///
/// # Errors
/// Where `out` fails.
pub fn write(report: &Report, form: Form, options: &Options, out: &mut impl Write) -> Result<()> {
    let words = Words::of(options.language);
    for diagnostic in &report.diagnostics {
        let line = of_diagnostic(diagnostic, words);
        line.write(form, &options.base, out)?;
    }
    let all: Vec<usize> = (0..report.findings.len()).collect();
    let make = |index| report.findings.get(index);
    super::each_finding(&all, make, |_, finding| {
        of_finding(&finding, words).write(form, &options.base, out)
    })
}

/// What a line says.
struct Line<'l> {
    place: Option<&'l Place>,
    /// What it is: of which outcome, of which article, about which row.
    title: String,
    message: String,
    level: &'static str,
}

fn of_diagnostic<'l>(diagnostic: &'l Diagnostic, words: &Words) -> Line<'l> {
    let level = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    Line {
        place: diagnostic.labels.first().map(|label| &label.place),
        title: format!("{} {}", words.severity(diagnostic.severity), diagnostic.code),
        message: words.pick(&diagnostic.message).to_owned(),
        level,
    }
}

/// What the article is called; one without a name of its own by its number, in Chinese as it is
/// written there.
fn article(finding: &Finding, words: &Words) -> String {
    let name = &finding.article;
    let numbered = || {
        let (policy, own) = name.rsplit_once('.')?;
        let digits = own.strip_prefix("article_")?;
        let (number, insert) = digits.split_once('_').map_or((digits, None), |(a, b)| (a, Some(b)));
        let insert = match insert {
            Some(insert) => Some(insert.parse().ok()?),
            None => None,
        };
        let number = word::article_number(ArticleNumber { number: number.parse().ok()?, insert });
        // Where it is called so by its author, it is not called by its number.
        let is_so = finding.heading.zh.ends_with(&format!(" {number}"));
        is_so.then(|| format!("{policy}.{number}"))
    };
    let said = Bilingual { zh: numbered().unwrap_or_else(|| name.clone()), en: name.clone() };
    words.pick(&said).to_owned()
}

fn of_finding<'l>(finding: &'l Finding, words: &Words) -> Line<'l> {
    let key = finding.subject.as_ref().map(|subject| phrase::row(words, subject));
    let outcome = words.outcome(finding.outcome, finding.weight);
    let parts = [Some(outcome.to_owned()), Some(article(finding, words)), key];
    let level = match (finding.outcome, finding.weight) {
        (Outcome::Violated | Outcome::Conflict | Outcome::Waiver, Weight::Error) => "error",
        (Outcome::Waived, _) => "notice",
        _ => "warning",
    };
    Line {
        place: finding.evidence.first().map(|evidence| &evidence.place),
        title: parts.into_iter().flatten().collect::<Vec<_>>().join(" "),
        message: words.pick(&finding.message).to_owned(),
        level,
    }
}

impl Line<'_> {
    fn write(&self, form: Form, base: &str, out: &mut impl Write) -> Result<()> {
        let (title, message) = (visible(&self.title), visible(&self.message));
        let place = self.place.map(|place| (reached(base, &place.file), &place.at));
        match (form, place) {
            (Form::Concise, None) => writeln!(out, "{title}: {message}"),
            (Form::Concise, Some((file, at))) => {
                let file = visible(&file);
                match at {
                    At::File => write!(out, "{file}:1:1")?,
                    At::Text { from, .. } => write!(out, "{file}:{}:{}", from.line, from.column)?,
                    At::Cell { sheet, cell } => {
                        write!(out, "{file}:{}!{}", visible(sheet), visible(cell))?;
                    }
                }
                writeln!(out, ": {title}: {message}")
            }
            (Form::Github, place) => {
                write!(out, "::{} ", self.level)?;
                let mut message = message.into_owned();
                if let Some((file, at)) = place {
                    write!(out, "file={},", property(&file))?;
                    match at {
                        At::File => {}
                        At::Text { from, to, .. } => write!(
                            out,
                            "line={},endLine={},col={},",
                            from.line, to.line, from.column
                        )?,
                        At::Cell { sheet, cell } => {
                            message
                                .insert_str(0, &format!("{}!{} ", visible(sheet), visible(cell)));
                        }
                    }
                }
                writeln!(out, "title={}::{}", property(&title), data(&message))
            }
        }
    }
}

/// A text after `::`, as runners take it apart.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A text between commas.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
