//! The format `junit`: the XML that build servers read, with file and line.

use super::{Outcome, Tested};
use crate::place::{At, Place};
use crate::report::{self, Options};
use crate::testing::suite::{CaseResult, Status};
use std::io::{Result, Write};

/// Writes the report.
pub(super) fn write(outcome: &Outcome, options: &Options, out: &mut impl Write) -> Result<()> {
    let options = Options { color: false, ..options.clone() };
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    let errors = outcome.count(Status::Broken) + usize::from(!outcome.diagnostics.is_empty());
    writeln!(out, "<testsuites tests=\"{}\" failures=\"{}\" errors=\"{errors}\">", outcome.cases(), outcome.count(Status::Failed))?;
    if !outcome.diagnostics.is_empty() {
        writeln!(out, "  <testsuite name=\"fanshi\" tests=\"1\" failures=\"0\" errors=\"1\">")?;
        loose(&outcome.diagnostics, &options, out)?;
        writeln!(out, "  </testsuite>")?;
    }
    for tested in &outcome.tested {
        suite(tested, &options, out)?;
    }
    writeln!(out, "</testsuites>")
}

fn suite(tested: &Tested, options: &Options, out: &mut impl Write) -> Result<()> {
    let of = |status: Status| tested.results.iter().filter(|result| result.status == status).count();
    let broken = usize::from(!tested.diagnostics.is_empty());
    writeln!(
        out,
        "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\">",
        escaped(&tested.policy),
        tested.results.len() + broken,
        of(Status::Failed),
        of(Status::Broken) + broken
    )?;
    if broken > 0 {
        loose(&tested.diagnostics, options, out)?;
    }
    tested.results.iter().try_for_each(|result| case(tested, result, options, out))?;
    writeln!(out, "  </testsuite>")
}

/// Mistakes that belong to no case.
fn loose(diagnostics: &[crate::diagnostic::Diagnostic], options: &Options, out: &mut impl Write) -> Result<()> {
    let text = rendered(diagnostics, options)?;
    writeln!(out, "    <testcase name=\"fanshi test\"><error>{}</error></testcase>", escaped(&text))
}

fn case(tested: &Tested, result: &CaseResult, options: &Options, out: &mut impl Write) -> Result<()> {
    let (file, line) = (&result.place.file, line(&result.place));
    let (class, name) = (escaped(&tested.policy), escaped(&result.name));
    write!(out, "    <testcase classname=\"{class}\" name=\"{name}\" file=\"{}\" line=\"{line}\"", escaped(file))?;
    let element = match result.status {
        Status::Passed => return writeln!(out, "/>"),
        Status::Failed => "failure",
        Status::Broken => "error",
    };
    let code = result.diagnostics.first().map_or("", |diagnostic| diagnostic.code);
    let text = rendered(&result.diagnostics, options)?;
    writeln!(out, ">\n      <{element} type=\"{code}\">{}</{element}>\n    </testcase>", escaped(&text))
}

fn rendered(diagnostics: &[crate::diagnostic::Diagnostic], options: &Options) -> Result<String> {
    let mut text = Vec::new();
    report::write_blocks(diagnostics, options, &mut text)?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}

/// The line a place begins at; 1 for a whole file.
pub(super) fn line(place: &Place) -> usize {
    match &place.at {
        At::Text { from, .. } => from.line,
        _ => 1,
    }
}

/// Text as XML takes it: no control characters, no markup.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' | '\t' => escaped.push(c),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}
