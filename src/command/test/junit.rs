//! The format `junit`: the XML that build servers read, with file and line.

use super::difference::difference;
use super::{Outcome, Tested};
use crate::diagnostic::Diagnostic;
use crate::place::{At, Place};
use crate::report::{self, Options};
use crate::syntax::tree::Language;
use crate::testing::suite::{CaseResult, Status};
use crate::workspace::Taken;
use std::io::{Result, Write};

/// Writes the report.
pub(super) fn write(outcome: &Outcome, options: &Options, out: &mut impl Write) -> Result<()> {
    let options = Options { color: false, ..options.clone() };
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    let loose_ones = usize::from(!outcome.diagnostics.is_empty())
        + outcome.tested.iter().filter(|tested| !tested.diagnostics.is_empty()).count();
    let (tests, failures, errors) = (
        outcome.cases() + loose_ones,
        outcome.count(Status::Failed),
        outcome.count(Status::Error) + loose_ones,
    );
    writeln!(
        out,
        "<testsuites name=\"fanshi test\" tests=\"{tests}\" failures=\"{failures}\" \
            errors=\"{errors}\">"
    )?;
    if !outcome.diagnostics.is_empty() {
        writeln!(out, "  <testsuite name=\"fanshi\" tests=\"1\" failures=\"0\" errors=\"1\">")?;
        loose("fanshi", &outcome.diagnostics, &options, out)?;
        writeln!(out, "  </testsuite>")?;
    }
    for tested in &outcome.tested {
        suite(tested, &options, out)?;
    }
    writeln!(out, "</testsuites>")
}

fn suite(tested: &Tested, options: &Options, out: &mut impl Write) -> Result<()> {
    let of =
        |status: Status| tested.results.iter().filter(|result| result.status == status).count();
    let broken = usize::from(!tested.diagnostics.is_empty());
    writeln!(
        out,
        "  <testsuite name=\"{}\" file=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\">",
        escaped(&tested.policy),
        escaped(&tested.policy),
        tested.results.len() + broken,
        of(Status::Failed),
        of(Status::Error) + broken
    )?;
    if !tested.taken.is_empty() {
        writeln!(out, "    <properties>")?;
        for Taken { name, file } in &tested.taken {
            let (name, file) = (escaped(name), escaped(file));
            writeln!(out, "      <property name=\"uses {name}\" value=\"{file}\"/>")?;
        }
        writeln!(out, "    </properties>")?;
    }
    if broken > 0 {
        loose(&tested.policy, &tested.diagnostics, options, out)?;
    }
    tested.results.iter().try_for_each(|result| case(tested, result, options, out))?;
    writeln!(out, "  </testsuite>")
}

/// Mistakes that belong to no case: one error, at the place of the first.
fn loose(
    suite: &str,
    diagnostics: &[Diagnostic],
    options: &Options,
    out: &mut impl Write,
) -> Result<()> {
    let place = diagnostics
        .iter()
        .find_map(|diagnostic| diagnostic.labels.first())
        .map(|label| &label.place);
    let at = place.map_or_else(String::new, |place| {
        format!(" file=\"{}\" line=\"{}\"", escaped(&place.file), line(place))
    });
    let code = diagnostics.first().map_or("", |diagnostic| diagnostic.code);
    let text = escaped(&rendered(diagnostics, options)?);
    let class = escaped(suite);
    writeln!(
        out,
        "    <testcase classname=\"{class}\" name=\"fanshi test\"{at}>\n      <error \
            type=\"{code}\">{text}</error>\n    </testcase>"
    )
}

fn case(
    tested: &Tested,
    result: &CaseResult,
    options: &Options,
    out: &mut impl Write,
) -> Result<()> {
    let (file, line) = (&result.place.file, line(&result.place));
    let (class, name) = (escaped(&tested.policy), escaped(&result.name));
    write!(
        out,
        "    <testcase classname=\"{class}\" name=\"{name}\" file=\"{}\" line=\"{line}\"",
        escaped(file)
    )?;
    let element = match result.status {
        Status::Passed => return writeln!(out, "/>"),
        Status::Failed => "failure",
        Status::Error => "error",
    };
    let code = result.diagnostics.first().map_or("not_run", |diagnostic| diagnostic.code);
    let mut text = rendered(&result.diagnostics, options)?.into_bytes();
    if let Some(change) = &result.change {
        difference(change, options, &mut text)?;
    }
    let text = escaped(&String::from_utf8_lossy(&text));
    let message = result
        .diagnostics
        .first()
        .map_or_else(String::new, |diagnostic| escaped(words(diagnostic, options)));
    writeln!(
        out,
        ">\n      <{element} type=\"{code}\" message=\"{message}\">{text}</{element}>\n    \
            </testcase>"
    )
}

fn words<'d>(diagnostic: &'d Diagnostic, options: &Options) -> &'d str {
    if options.language == Language::Chinese {
        &diagnostic.message.zh
    } else {
        &diagnostic.message.en
    }
}

fn rendered(diagnostics: &[Diagnostic], options: &Options) -> Result<String> {
    let mut text = Vec::new();
    report::write_blocks(diagnostics, options, &mut text)?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}

/// The line a place begins at; 1 for a whole file.
fn line(place: &Place) -> usize {
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
