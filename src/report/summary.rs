//! Rank 5: the tables of the text report, and the sentence that it begins and ends with.

use super::change::Change;
use super::group::Tally;
use super::groups::GroupTable;
use super::phrase;
use super::table::{fitted, number, table, text};
use super::terminal::Terminal;
use super::words::Words;
use crate::finding::{ArticleSummary, Counts, DecisionSummary, Report, Standing};
use crate::grouping::Groups;
use crate::visible::visible;
use comfy_table::{Cell, ColumnConstraint, Table};
use std::io::{Result, Write};
use unicode_width::UnicodeWidthStr;

/// Writes outcomes by article and dispositions by decision; nothing for what is empty.
pub fn tables<W: Write>(report: &Report, tally: &Tally, terminal: &mut Terminal<W>) -> Result<()> {
    let words = terminal.words;
    if judged(report).next().is_some() {
        terminal.line(0, terminal.paint.heading, words.outcomes)?;
        show(outcomes(report, words), terminal)?;
    }
    let counted = phrase::how_counted(words, report, tally);
    if !counted.is_empty() {
        terminal.line(0, terminal.paint.faint, counted.trim())?;
        writeln!(terminal.out)?;
    }
    for line in phrase::unjudged(words, report) {
        terminal.line(0, terminal.paint.faint, &line)?;
        writeln!(terminal.out)?;
    }
    for decision in &report.decisions {
        terminal.line(0, terminal.paint.heading, words.pick(&decision.field))?;
        show(dispositions(decision, words), terminal)?;
    }
    if !report.waivers.is_empty() {
        terminal.line(0, terminal.paint.heading, words.waivers)?;
        show(waivers(report, words), terminal)?;
    }
    Ok(())
}

/// Writes what lies in each group; nothing where nothing is grouped.
pub fn groups<W: Write>(rows: Option<&Groups<'_>>, terminal: &mut Terminal<W>) -> Result<()> {
    let groups = rows.and_then(|rows| GroupTable::new(terminal.words, rows));
    let Some(groups) = groups else { return Ok(()) };
    terminal.line(0, terminal.paint.heading, &groups.title)?;
    show(groups.drawn(), terminal)?;
    for said in &groups.remarks {
        terminal.line(0, terminal.paint.faint, said)?;
        writeln!(terminal.out)?;
    }
    Ok(())
}

/// Writes the dispositions that have to change, which are what to do first; nothing where none has.
pub fn changes<W: Write>(changes: &[Change], terminal: &mut Terminal<W>) -> Result<()> {
    if changes.is_empty() {
        return Ok(());
    }
    let (words, faint) = (terminal.words, terminal.paint.faint);
    let [title, ..] = words.change_columns();
    let sum: usize = changes.iter().map(|change| change.count).sum();
    terminal.heading(title, &sum.to_string())?;
    for change in changes {
        let (was, required) = &change.values;
        let names: Vec<&str> = change.named.iter().map(|(_, name)| &**name).collect();
        let more = if change.count > names.len() { " …" } else { "" };
        let tied = |text: &str| text.replace(' ', &phrase::TIE.to_string());
        let (names, article) = (tied(&names.join(words.pause)), tied(&change.article));
        let count = change.count;
        let said = words.choose(
            format!("{was} → {required} {count}：{names}{more}（{article}）"),
            format!("{was} → {required} {count}: {names}{more} ({article})"),
        );
        terminal.entry(0, "- ", faint, &said)?;
    }
    writeln!(terminal.out)
}

/// Writes the sentence that says what the run came to; where it does not fit on a line, what was
/// found stands first, on a line of its own.
pub fn opening<W: Write>(report: &Report, tally: &Tally, terminal: &mut Terminal<W>) -> Result<()> {
    said(report, tally, terminal, false)
}

/// The same at the end: what was found stands last.
pub fn closing<W: Write>(report: &Report, tally: &Tally, terminal: &mut Terminal<W>) -> Result<()> {
    said(report, tally, terminal, true)
}

fn said<W: Write>(
    report: &Report,
    tally: &Tally,
    terminal: &mut Terminal<W>,
    at_end: bool,
) -> Result<()> {
    let words = terminal.words;
    let (judged, found) = phrase::came_to(words, report, tally);
    let whole = words.sentence(&judged, &found);
    if visible(&whole).width() <= terminal.width {
        return terminal.line(0, terminal.paint.heading, &whole);
    }
    let judged = format!("{judged}{}", words.choose("。", "."));
    let lines = if at_end { [judged, found] } else { [found, judged] };
    lines.iter().try_for_each(|line| terminal.line(0, terminal.paint.heading, line))
}

fn show<W: Write>(table: Table, terminal: &mut Terminal<W>) -> Result<()> {
    writeln!(terminal.out, "{}\n", fitted(table, terminal.width))
}

fn counted(name: &str, counts: Counts) -> Vec<Cell> {
    std::iter::once(text(name)).chain(counts.columns().into_iter().map(number)).collect()
}

/// The articles with outcomes; what judged no row has none.
fn judged<'r>(report: &'r Report) -> impl Iterator<Item = &'r ArticleSummary> {
    let judged = |article: &&ArticleSummary| {
        article.standing == Standing::Judged || article.counts != Counts::default()
    };
    report.tabled().filter(judged)
}

fn outcomes(report: &Report, words: &Words) -> Table {
    let mut table = table(&words.outcome_columns, 1);
    let mut total = Counts::default();
    let judged: Vec<_> = judged(report).collect();
    // What holds everywhere is a line, however many articles that are.
    let (mut met, mut kept) = (Counts::default(), 0);
    for article in &judged {
        total += article.counts;
        if article.counts.is_met() {
            met += article.counts;
            kept += 1;
        } else {
            table.add_row(counted(words.pick(&article.heading), article.counts));
        }
    }
    if kept > 0 {
        table.add_row(counted(&words.others_met(kept), met));
    }
    if judged.len() > 1 {
        table.add_row(counted(words.total, report.totals));
    }
    // Advice not followed, what a person was asked, or waived, is seldom anything.
    let columns = table.column_iter_mut().skip(1).zip(total.columns()).enumerate();
    for (_, (column, _)) in
        columns.filter(|(at, (_, count))| Counts::SELDOM.contains(at) && *count == 0)
    {
        column.set_constraint(ColumnConstraint::Hidden);
    }
    table
}

fn dispositions(decision: &DecisionSummary, words: &Words) -> Table {
    let mut table = table(&words.disposition_columns, 1);
    for (disposition, declared, required) in &decision.dispositions {
        table.add_row(vec![text(words.pick(disposition)), number(*declared), number(*required)]);
    }
    if decision.open > 0 {
        table.add_row(vec![text(words.open), Cell::new(""), number(decision.open)]);
    }
    table
}

fn waivers(report: &Report, words: &Words) -> Table {
    let mut table = table(&words.waiver_columns, words.waiver_columns.len());
    let headings = phrase::headings(report);
    for waiver in &report.waivers {
        table.add_row(phrase::waiver(words, &headings, waiver).map(text));
    }
    table
}
