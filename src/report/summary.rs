//! Rank 5: the tables at the end of the text report, and its closing sentence.

use super::group::Tally;
use super::phrase;
use super::table::{fitted, number, table, text};
use super::terminal::Terminal;
use super::words::Words;
use crate::finding::{Counts, DecisionSummary, MeasureSummary, Report};
use comfy_table::{Cell, ColumnConstraint, Table};
use std::io::{Result, Write};

/// Writes outcomes by article, dispositions by decision, and measures; nothing for what is empty.
pub fn tables<W: Write>(report: &Report, terminal: &mut Terminal<W>) -> Result<()> {
    let words = terminal.words;
    if report.articles.iter().any(|article| article.in_effect) {
        terminal.line(0, terminal.paint.heading, words.outcomes)?;
        show(outcomes(report, words), terminal)?;
    }
    let idle: Vec<&str> = report.articles.iter().filter(|article| !article.in_effect).map(|article| words.pick(&article.heading)).collect();
    if !idle.is_empty() {
        terminal.line(0, terminal.paint.faint, &format!("{}{}{}", words.not_in_effect, words.colon, idle.join(words.pause)))?;
        writeln!(terminal.out)?;
    }
    for decision in &report.decisions {
        terminal.line(0, terminal.paint.heading, words.pick(&decision.field))?;
        show(dispositions(decision, words), terminal)?;
    }
    if !report.measures.is_empty() {
        terminal.line(0, terminal.paint.heading, words.measures)?;
        show(measures(&report.measures, words), terminal)?;
    }
    if !report.waivers.is_empty() {
        terminal.line(0, terminal.paint.heading, words.waivers)?;
        show(waivers(report, words), terminal)?;
    }
    Ok(())
}

/// Writes the sentence that says what the run came to.
pub fn closing<W: Write>(report: &Report, tally: &Tally, terminal: &mut Terminal<W>) -> Result<()> {
    terminal.line(0, terminal.paint.heading, &phrase::closing(terminal.words, report, tally))
}

fn show<W: Write>(table: Table, terminal: &mut Terminal<W>) -> Result<()> {
    writeln!(terminal.out, "{}\n", fitted(table, terminal.width))
}

fn columns(counts: Counts) -> [usize; 7] {
    let Counts { satisfied, violated, not_applicable, exempt, undetermined, referred, waived } = counts;
    [satisfied, violated, exempt, not_applicable, undetermined, referred, waived]
}

fn counted(name: &str, counts: Counts) -> Vec<Cell> {
    std::iter::once(text(name)).chain(columns(counts).into_iter().map(number)).collect()
}

fn outcomes(report: &Report, words: &Words) -> Table {
    let mut table = table(&words.outcome_columns, 1);
    let mut total = Counts::default();
    let judged: Vec<_> = report.articles.iter().filter(|article| article.in_effect).collect();
    for article in &judged {
        table.add_row(counted(words.pick(&article.heading), article.counts));
        total += article.counts;
    }
    if judged.len() > 1 {
        table.add_row(counted(words.total, total));
    }
    // What a person was asked, or waived, is seldom anything.
    for (column, _) in table.column_iter_mut().skip(1).zip(columns(total)).skip(5).filter(|(_, count)| *count == 0) {
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

fn measures(measures: &[MeasureSummary], words: &Words) -> Table {
    let grouped = measures.iter().any(|measure| measure.values.iter().any(|(group, _)| group.is_some()));
    let [name, group_name, value_name] = words.measure_columns;
    let mut table = if grouped { table(&[name, group_name, value_name], 2) } else { table(&[name, value_name], 1) };
    for measure in measures {
        for (index, (group, value)) in measure.values.iter().enumerate() {
            let heading = if index == 0 { words.pick(&measure.heading) } else { "" };
            let group = group.as_ref().map_or("", |group| words.pick(group));
            let value = text(value.as_ref().map_or(words.unknown, |value| words.pick(value)));
            table.add_row(if grouped { vec![text(heading), text(group), value] } else { vec![text(heading), value] });
        }
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
