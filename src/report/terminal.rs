//! Rank 5: the format `text`, for people: diagnostics, findings by article with their excerpts,
//! tables, and one closing sentence.

use super::block::{Spot, Tone, location};
use super::frame::{self, Drawing};
use super::group::{Group, Tally, Topic, groups, shares};
use super::paint::Paint;
use super::phrase::{self, Headings, TIE};
use super::words::Words;
use super::wrap::wrap;
use super::{Options, change, summary};
use crate::diagnostic::{Bilingual, Diagnostic, Severity};
use crate::finding::{Evidence, Finding, Outcome, Report, Role, Weight};
use crate::grouping::Groups;
use crate::visible::visible;
use owo_colors::Style;
use std::io::{Result, Write};
use unicode_width::UnicodeWidthStr;

/// Narrower terminals are written to as if they had this many columns.
const WIDTH_MIN: usize = 60;

/// How many values of one finding are shown at most; a sum may have hundreds of terms.
const MAX_VALUES: usize = 12;
/// How many clauses are remembered as shown.
const MAX_CLAUSES: usize = 16;
/// How many articles of which nothing is shown are named at least.
const MIN_NAMED: usize = 20;

/// So many rows that lack the same facts are shown one by one.
const SHOWN_ALIKE: usize = 3;
/// So many of the others are named.
const NAMED_ALIKE: usize = 10;

/// Of a diagnostic with so many further places the text is not shown: its message says what it is.
const MANY: usize = 3;

/// Writes the report, unbuffered.
///
/// # Errors
/// Where `out` fails.
pub fn write(
    report: &Report,
    rows: Option<&Groups<'_>>,
    options: &Options,
    out: &mut impl Write,
) -> Result<()> {
    let groups = groups(report, rows);
    let tally = Tally::sum(groups.iter().map(|group| &group.tally));
    // A busy person reads the first line, and who scrolled to the end the last.
    summary::opening(report, &tally, &mut Terminal::new(options, out))?;
    writeln!(out)?;
    diagnostics(&report.diagnostics, options, out)?;
    let headings = phrase::headings(report);
    let mut terminal = Terminal::new(options, out);
    let changes = change::changes((report, rows), terminal.words, &headings, &groups)?;
    summary::changes(&changes, &mut terminal)?;
    let shares = shares(&groups, options.max_findings);
    for (group, share) in groups.iter().zip(&shares).filter(|(_, share)| **share > 0) {
        terminal.group(report, &headings, group, *share)?;
    }
    if shares.iter().sum::<usize>() < report.findings.len() {
        terminal.hidden(report, &headings, &groups, &shares)?;
    }
    summary::tables(report, &tally, &mut terminal)?;
    summary::groups(rows, &mut terminal)?;
    terminal.left_out(shares.iter().sum(), report.findings.len())?;
    summary::closing(report, &tally, &mut terminal)
}

/// Writes only the mistakes of authors, errors first: what comes before the findings in a text
/// report.
///
/// # Errors
/// Where `out` fails.
pub fn diagnostics(
    diagnostics: &[Diagnostic],
    options: &Options,
    out: &mut impl Write,
) -> Result<()> {
    let mut sorted: Vec<&Diagnostic> = diagnostics.iter().collect();
    sorted.sort_by_key(|diagnostic| diagnostic.severity);
    let mut terminal = Terminal::new(options, out);
    let limit = options.max_findings.unwrap_or(usize::MAX);
    if !sorted.is_empty() {
        terminal.heading(terminal.words.diagnostics, &terminal.severities(&sorted))?;
    }
    for diagnostic in sorted.iter().take(limit) {
        terminal.diagnostic(diagnostic)?;
    }
    if sorted.len() > limit {
        terminal.line(
            2,
            Style::new(),
            &terminal.words.not_shown_at_all(sorted.len() - limit, sorted.len()),
        )?;
        writeln!(terminal.out)?;
    }
    Ok(())
}

/// Writes what was found out about the policies themselves, and the rows that show it.
///
/// # Errors
/// Where `out` fails.
pub fn notes(
    title: &str,
    notes: &[super::Note],
    options: &Options,
    out: &mut impl Write,
) -> Result<()> {
    let mut terminal = Terminal::new(options, out);
    if notes.is_empty() {
        return Ok(());
    }
    terminal.heading(title, &notes.len().to_string())?;
    for note in notes {
        if note.brief {
            let text = terminal.words.pick(&note.diagnostic.message).to_owned();
            terminal.entry(0, "- ", Style::new(), &text)?;
        } else {
            terminal.diagnostic(&note.diagnostic)?;
        }
        if let Some(example) = &note.example {
            terminal.line(2, terminal.paint.faint, terminal.words.example())?;
            for line in example.lines() {
                writeln!(terminal.out, "{}", format!("    {line}").trim_end())?;
            }
            writeln!(terminal.out)?;
        }
    }
    writeln!(terminal.out)
}

/// Writes diagnostics alone.
///
/// # Errors
/// Where `out` fails.
pub fn blocks(diagnostics: &[Diagnostic], options: &Options, out: &mut impl Write) -> Result<()> {
    let mut terminal = Terminal::new(options, out);
    diagnostics.iter().try_for_each(|diagnostic| terminal.diagnostic(diagnostic))
}

/// Where the text goes, and how.
pub struct Terminal<'a, W: Write> {
    /// Where to.
    pub out: &'a mut W,
    /// In which words.
    pub words: &'static Words,
    /// In which colours.
    pub paint: Paint,
    /// Display columns.
    pub width: usize,
    /// The way to the folder that files are named from.
    base: String,
}

impl<'a, W: Write> Terminal<'a, W> {
    /// A terminal as options have it.
    pub fn new(options: &Options, out: &'a mut W) -> Self {
        Self {
            out,
            words: Words::of(options.language),
            paint: Paint::new(options.color),
            width: options.width.max(WIDTH_MIN),
            base: options.base.clone(),
        }
    }

    /// Text at an indent, wrapped.
    pub fn line(&mut self, indent: usize, style: Style, text: &str) -> Result<()> {
        let room = self.width.saturating_sub(indent);
        wrap(&visible(text), room).iter().try_for_each(|line| {
            writeln!(self.out, "{:indent$}{}", "", style.style(line.replace(TIE, " ")))
        })
    }

    /// Text after a styled word; further lines stand under the text.
    pub fn entry(&mut self, indent: usize, word: &str, style: Style, text: &str) -> Result<()> {
        let column = indent + word.width();
        for (index, line) in
            wrap(&visible(text), self.width.saturating_sub(column)).iter().enumerate()
        {
            let line = line.replace(TIE, " ");
            if index == 0 {
                writeln!(self.out, "{:indent$}{}{line}", "", style.style(word))?;
            } else {
                writeln!(self.out, "{:column$}{line}", "")?;
            }
        }
        Ok(())
    }

    /// A styled text after a sign; further lines stand under the text.
    pub fn item(&mut self, sign: &str, style: Style, text: &str) -> Result<()> {
        let indent = sign.width() + 1;
        for (index, line) in
            textwrap::wrap(&visible(text), self.width.saturating_sub(indent)).iter().enumerate()
        {
            if index == 0 {
                writeln!(self.out, "{} {}", style.style(sign), style.style(line))?;
            } else {
                writeln!(self.out, "{:indent$}{}", "", style.style(line))?;
            }
        }
        Ok(())
    }

    /// A heading over the full width, with what it counts.
    pub fn heading(&mut self, title: &str, counts: &str) -> Result<()> {
        let text =
            if counts.is_empty() { title.to_owned() } else { format!("{title} — {counts}") };
        self.line(0, self.paint.heading, &text)?;
        writeln!(self.out, "{}", self.paint.faint.style("━".repeat(self.width)))
    }

    fn severities(&self, diagnostics: &[&Diagnostic]) -> String {
        let count = |severity| {
            diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity).count()
        };
        let counts =
            [Severity::Error, Severity::Warning].map(|severity| (severity, count(severity)));
        counts
            .iter()
            .filter(|(_, count)| *count > 0)
            .map(|(severity, count)| format!("{} {count}", self.words.severity(*severity)))
            .collect::<Vec<_>>()
            .join(self.words.comma)
    }

    fn diagnostic(&mut self, diagnostic: &Diagnostic) -> Result<()> {
        let (sign, weight) = match diagnostic.severity {
            Severity::Error => ("✗ ", Weight::Error),
            Severity::Warning => ("! ", Weight::Warning),
        };
        let text = format!(
            "{}{}{} [{}]",
            self.words.severity(diagnostic.severity),
            self.words.colon,
            self.words.pick(&diagnostic.message),
            diagnostic.code
        );
        if let (Some(label), true) = (diagnostic.labels.first(), diagnostic.also.len() >= MANY) {
            let text = format!("{text} {}", location(&self.base, &label.place));
            self.entry(0, sign, self.paint.weight(weight), &text)?;
            self.optional(diagnostic.help.as_ref())?;
            return writeln!(self.out);
        }
        self.entry(0, sign, self.paint.weight(weight), &text)?;
        let words = self.words;
        let spots = diagnostic.labels.iter().enumerate().map(|(index, label)| Spot {
            place: &label.place,
            label: words.pick(&label.text),
            tone: if index == 0 { Tone::Strong } else { Tone::Quiet },
        });
        frame::draw(
            spots,
            Drawing { strong: weight, paint: &self.paint, width: self.width, base: &self.base },
            self.out,
        )?;
        self.optional(diagnostic.help.as_ref())?;
        writeln!(self.out)
    }

    fn optional(&mut self, help: Option<&Bilingual>) -> Result<()> {
        let Some(help) = help else { return Ok(()) };
        let word = format!("{}{}", self.words.help, self.words.colon);
        self.entry(2, &word, self.paint.advice, self.words.pick(help))
    }

    fn group(
        &mut self,
        report: &Report,
        headings: &Headings,
        group: &Group,
        share: usize,
    ) -> Result<()> {
        let (title, counts) = phrase::title(self.words, report, headings, group);
        self.heading(&title, &counts)?;
        let (mut said, mut alike) = (Said::default(), Vec::new());
        let shown = group.findings.get(..share).unwrap_or(&group.findings);
        let make = |index| report.findings.get(index);
        super::each_finding(shown, make, |_, finding| match group.topic {
            Topic::Article(_) if Alike::covers(&mut alike, &finding, self.words) => Ok(()),
            Topic::Article(_) => self.finding(&finding, &mut said),
            Topic::Note(_) => self.note(&finding),
        })?;
        for alike in alike.iter().filter(|alike| alike.hidden > 0) {
            let mut rows = alike.rows.join(self.words.pause);
            if alike.hidden > alike.rows.len() {
                rows.push_str(self.words.choose("等", ", …"));
            }
            let text = self.words.alike(alike.hidden, &alike.missing, &rows);
            self.line(2, self.paint.advice, &text)?;
            writeln!(self.out)?;
        }
        if share < group.findings.len() {
            self.line(
                2,
                Style::new(),
                &self.words.not_shown(group.findings.len() - share, group.findings.len()),
            )?;
        }
        if share < group.findings.len() || matches!(group.topic, Topic::Note(_)) {
            writeln!(self.out)?;
        }
        Ok(())
    }

    /// The groups a limit leaves nothing of.
    fn hidden(
        &mut self,
        report: &Report,
        headings: &Headings,
        groups: &[Group],
        shares: &[usize],
    ) -> Result<()> {
        let unseen: Vec<&Group> =
            groups.iter().zip(shares).filter(|(_, share)| **share == 0).map(|(it, _)| it).collect();
        // As many articles are named as findings are shown: each might have one.
        let named = shares.iter().sum::<usize>().max(MIN_NAMED);
        for group in unseen.iter().take(named) {
            let (title, counts) = phrase::title(self.words, report, headings, group);
            self.line(
                0,
                Style::new(),
                &format!("{title} — {counts}{}{}", self.words.comma, self.words.hidden),
            )?;
        }
        if unseen.len() > named {
            let more = self.words.more_groups(unseen.len() - named);
            self.line(0, Style::new(), &more)?;
        }
        writeln!(self.out)
    }

    /// How many findings a limit leaves out in all, and how to see them; nothing where it leaves out
    /// none.
    fn left_out(&mut self, shown: usize, all: usize) -> Result<()> {
        if shown == all {
            return Ok(());
        }
        let said = self.words.not_shown_at_all(all - shown, all);
        self.line(0, self.paint.heading, &said)?;
        writeln!(self.out)
    }

    fn finding(&mut self, finding: &Finding, said: &mut Said) -> Result<()> {
        let words = self.words;
        let sign = format!("{} ", sign(finding.outcome, finding.weight));
        let kind = words.outcome(finding.outcome, finding.weight);
        let message = words.pick(&finding.message);
        // What the article says of it stands by itself, the clause and its values below.
        let stated = finding.stated.as_ref().map(|stated| words.pick(stated));
        let below = stated.and_then(|stated| {
            message.strip_prefix(stated).and_then(|rest| rest.strip_prefix(words.colon))
        });
        let message = stated.filter(|_| below.is_some()).unwrap_or(message);
        self.entry(
            0,
            &sign,
            self.paint.weight(finding.weight),
            &format!("{kind}{}{message}", words.colon),
        )?;
        if let Some(below) = below {
            self.line(2, Style::new(), below)?;
        }
        if let Some(subject) = &finding.subject {
            self.line(2, self.paint.heading, &phrase::row(words, subject))?;
        }
        let (evidence, left_out) = said.select(&finding.evidence);
        let spots = evidence.iter().map(|evidence| Spot {
            place: &evidence.place,
            label: phrase::label(words, evidence),
            tone: if evidence.role == Role::Data { Tone::Strong } else { Tone::Quiet },
        });
        frame::draw(
            spots,
            Drawing {
                strong: finding.weight,
                paint: &self.paint,
                width: self.width,
                base: &self.base,
            },
            self.out,
        )?;
        if left_out > 0 {
            self.line(2, self.paint.faint, &words.more_values(left_out))?;
        }
        self.remarks(finding, said)
    }

    /// What stands under the excerpts: dispositions, missing facts, remedy, citation.
    fn remarks(&mut self, finding: &Finding, said: &mut Said) -> Result<()> {
        let words = self.words;
        if let Some(dispositions) = phrase::dispositions(words, finding) {
            self.line(2, Style::new(), &dispositions)?;
        }
        if let Some(missing) = phrase::missing(words, finding) {
            self.entry(
                2,
                &format!("{}{}", words.missing, words.colon),
                self.paint.advice,
                &missing,
            )?;
        }
        if said.is_new_help(finding.help.as_ref()) {
            self.optional(finding.help.as_ref())?;
        }
        if said.is_new_cite(&finding.cite) {
            self.entry(
                2,
                &format!("{}{}", words.cite, words.colon),
                self.paint.faint,
                &finding.cite.join(words.pause),
            )?;
        }
        writeln!(self.out)
    }

    /// A finding in a line: what, which row, where.
    fn note(&mut self, finding: &Finding) -> Result<()> {
        let words = self.words;
        let mut text = format!(
            "{}{}{}",
            words.pick(&finding.heading),
            words.colon,
            words.pick(&finding.message)
        );
        if let Some(subject) = &finding.subject {
            text = format!("{text} — {}", phrase::row(words, subject));
        }
        let sign = if finding.weight == Weight::Error { "✗ " } else { "- " };
        self.entry(0, sign, self.paint.weight(finding.weight), &text)?;
        if let Some(evidence) = finding.evidence.first() {
            writeln!(
                self.out,
                "  {}",
                self.paint.link.style(location(&self.base, &evidence.place))
            )?;
        }
        if finding.weight == Weight::Error { self.optional(finding.help.as_ref()) } else { Ok(()) }
    }
}

/// Findings of an article that say the same: so many rows lack the same facts.
struct Alike {
    message: Bilingual,
    missing: String,
    shown: usize,
    /// How many are counted, and not shown one by one.
    hidden: usize,
    /// The first of these.
    rows: Vec<String>,
}

impl Alike {
    /// Whether enough findings like this one were shown; it is counted then.
    fn covers(all: &mut Vec<Self>, finding: &Finding, words: &Words) -> bool {
        let missing = phrase::missing(words, finding).unwrap_or_default();
        if finding.outcome != Outcome::Undetermined || missing.is_empty() {
            return false;
        }
        let same = all
            .iter_mut()
            .find(|alike| alike.message == finding.message && alike.missing == missing);
        let Some(alike) = same else {
            let (message, rows) = (finding.message.clone(), Vec::new());
            all.push(Self { message, missing, shown: 1, hidden: 0, rows });
            return false;
        };
        if alike.shown < SHOWN_ALIKE {
            alike.shown += 1;
            return false;
        }
        alike.hidden += 1;
        if let Some(subject) = finding.subject.as_ref().filter(|_| alike.rows.len() < NAMED_ALIKE) {
            alike.rows.push(phrase::key(words, subject));
        }
        true
    }
}

/// What a group has already shown: its clauses once, and what repeats the finding before.
#[derive(Default)]
struct Said {
    clauses: Vec<Evidence>,
    help: Option<Bilingual>,
    cite: Vec<String>,
}

impl Said {
    /// The evidence without the clauses shown lately, and how many values are left out because
    /// there are too many.
    fn select<'a>(&mut self, evidence: &'a [Evidence]) -> (Vec<&'a Evidence>, usize) {
        let (values, clauses): (Vec<_>, Vec<_>) =
            evidence.iter().partition(|evidence| evidence.role == Role::Data);
        let left_out = values.len().saturating_sub(MAX_VALUES);
        let new: Vec<&Evidence> =
            clauses.into_iter().filter(|clause| !self.clauses.contains(clause)).collect();
        self.clauses.extend(new.iter().copied().cloned());
        self.clauses.drain(..self.clauses.len().saturating_sub(MAX_CLAUSES));
        (values.into_iter().take(MAX_VALUES).chain(new).collect(), left_out)
    }

    fn is_new_help(&mut self, help: Option<&Bilingual>) -> bool {
        let new = help.is_some() && self.help.as_ref() != help;
        if new {
            self.help = help.cloned();
        }
        new
    }

    fn is_new_cite(&mut self, cite: &[String]) -> bool {
        let new = !cite.is_empty() && self.cite != cite;
        if new {
            self.cite = cite.to_vec();
        }
        new
    }
}

/// The sign before what a row came to: broken, advice not followed, or not told.
pub(crate) fn sign(outcome: Outcome, weight: Weight) -> &'static str {
    match (outcome, weight) {
        (Outcome::Violated, Weight::Error) | (Outcome::Conflict, _) => "✗",
        (Outcome::Violated, _) => "!",
        _ => "?",
    }
}
