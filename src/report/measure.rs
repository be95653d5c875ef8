//! Rank 5: measures as tables: plain figures, then changes with what was before.

use super::table;
use super::words::Words;
use crate::finding::{Figure, MeasureSummary};
use comfy_table::Table;

/// A table of measures.
pub(crate) struct Measures {
    /// What stands above it.
    pub title: &'static str,
    /// Its headings.
    pub columns: Vec<&'static str>,
    /// How many columns hold names; figures follow.
    pub names: usize,
    /// Its lines.
    pub lines: Vec<Line>,
}

impl Measures {
    /// As text.
    pub fn drawn(&self) -> Table {
        let mut drawn = table::table(&self.columns, self.names);
        for line in &self.lines {
            drawn.add_row(line.cells.iter().map(|cell| table::text(cell)));
        }
        drawn
    }
}

/// A line of a table of measures.
pub(crate) struct Line {
    /// As many as there are columns.
    pub cells: Vec<String>,
    /// Whether it is about all groups.
    pub overall: bool,
}

/// The table of plain figures and the table of changes, where there are any.
pub(crate) fn tables(words: &Words, measures: &[MeasureSummary]) -> Vec<Measures> {
    let (changes, plain): (Vec<_>, Vec<_>) =
        measures.iter().partition(|measure| measure.is_change());
    let kinds = [
        (words.measures, words.measure_columns.as_slice(), plain),
        (words.changes, words.change_columns.as_slice(), changes),
    ];
    let tables = kinds
        .into_iter()
        .map(|(title, columns, measures)| of_kind(words, title, columns, &measures));
    tables.filter(|table| !table.lines.is_empty()).collect()
}

fn of_kind(
    words: &Words,
    title: &'static str,
    columns: &[&'static str],
    measures: &[&MeasureSummary],
) -> Measures {
    let split = measures.iter().any(|measure| measure.is_split());
    // Without groups there is no column for them.
    let shown = |at: usize| split || at != 1;
    let all = measures.iter().flat_map(|measure| {
        let unit = unit(words, measure);
        lines(words, measure).into_iter().map(move |line| (line, unit))
    });
    let lines = all.map(|((names, figure, overall), unit)| {
        let cells = names
            .into_iter()
            .chain(cells(words, figure, unit))
            .enumerate()
            .filter(|(at, _)| shown(*at));
        Line { cells: cells.map(|(_, cell)| cell).collect(), overall }
    });
    let lines = lines.collect();
    let columns = columns
        .iter()
        .enumerate()
        .filter(|(at, _)| shown(*at))
        .map(|(_, column)| *column)
        .collect();
    Measures { title, columns, names: if split { 2 } else { 1 }, lines }
}

/// The measure, named once, with each group, and what each comes to.
fn lines<'m>(words: &Words, measure: &'m MeasureSummary) -> Vec<([String; 2], &'m Figure, bool)> {
    let groups = groups(words, measure).into_iter();
    let groups = groups.map(|(group, figure)| (group, figure, false));
    let overall = measure.overall.iter().map(|all| (words.overall.to_owned(), all, true));
    let named = |(at, (group, figure, overall)): (usize, (String, &'m Figure, bool))| {
        let heading = if at == 0 { with_unit(words, measure) } else { String::new() };
        ([heading, group], figure, overall)
    };
    groups.chain(overall).enumerate().map(named).collect()
}

/// What its groups are called, with the figure of each.
pub(crate) fn groups<'m>(words: &Words, measure: &'m MeasureSummary) -> Vec<(String, &'m Figure)> {
    let names = measure.names();
    let figures = measure.values.iter().map(|(_, figure)| figure);
    names.iter().map(|name| words.pick(name).to_owned()).zip(figures).collect()
}

/// The name; of a change with the unit its figures are in.
fn with_unit(words: &Words, measure: &MeasureSummary) -> String {
    let heading = words.pick(&measure.heading);
    match unit(words, measure) {
        "" => heading.to_owned(),
        unit => words.choose(format!("{heading}（{unit}）"), format!("{heading} ({unit})")),
    }
}

/// The value; of a change what was before, what is after, the difference and the percentage,
/// without the unit that all figures have, where they have one.
pub(crate) fn cells(words: &Words, figure: &Figure, unit: &str) -> Vec<String> {
    let text = |value: &Option<_>| {
        value.as_ref().map_or(words.unknown, |value| words.pick(value)).to_owned()
    };
    let Some(change) = &figure.change else { return vec![text(&figure.value)] };
    let difference = change.difference.as_ref().map_or("", |difference| words.pick(difference));
    // Points are a unit that percentages do not have.
    let bare = |text: &str| if unit.is_empty() { text.to_owned() } else { number(text).to_owned() };
    vec![
        bare(&text(&change.before)),
        bare(&text(&figure.value)),
        bare(difference),
        change.percent.clone().unwrap_or_default(),
    ]
}

/// The unit of a change's figures; empty where they have none, or not one that all of them have:
/// `90 minutes` among `2 hours`, `1 hour 30 minutes`.
pub(crate) fn unit<'m>(words: &Words, measure: &'m MeasureSummary) -> &'m str {
    shared_unit(words, measure.values.iter().map(|(_, figure)| figure).chain(&measure.overall))
}

fn shared_unit<'m>(words: &Words, figures: impl Iterator<Item = &'m Figure>) -> &'m str {
    let texts = figures.filter_map(|figure| {
        let change = figure.change.as_ref()?;
        let known = [change.before.as_ref(), figure.value.as_ref()].into_iter().flatten();
        let mut texts: Vec<&str> = known.map(|value| words.pick(value)).collect();
        if texts.iter().any(|text| !after_number(text).is_empty()) {
            texts.extend(change.difference.as_ref().map(|difference| words.pick(difference)));
        }
        Some(texts)
    });
    let texts: Vec<&str> = texts.flatten().collect();
    // `1 workday` among `2 workdays`.
    let unit = texts.iter().map(|text| after_number(text)).max_by_key(|unit| unit.len());
    let plain = |unit: &&str| !unit.contains(|sign: char| sign.is_ascii_digit());
    let unit = unit.filter(plain).unwrap_or("");
    if texts.iter().all(|text| is_of(text, unit)) { unit } else { "" }
}

/// Whether a text is a number of this unit, in the singular or the plural.
fn is_of(text: &str, unit: &str) -> bool {
    let singular = |unit: &str| unit.strip_suffix('s').unwrap_or(unit).to_owned();
    let number = number(text).trim_start_matches(['≈', '+', '-']);
    number.starts_with(|sign: char| sign.is_ascii_digit())
        && singular(after_number(text)) == singular(unit)
}

fn number(text: &str) -> &str {
    text.split_once(' ').map_or(text, |(number, _)| number)
}

fn after_number(text: &str) -> &str {
    text.split_once(' ').map_or("", |(_, unit)| unit)
}

/// A figure on one line: `44 → 33 个工作日（-25.0%）`.
pub(crate) fn in_brief(words: &Words, figure: &Figure) -> String {
    let shared = shared_unit(words, std::iter::once(figure));
    let cells = cells(words, figure, shared);
    let [before, after, _, percent] = cells.as_slice() else { return cells.concat() };
    let known = figure.value.as_ref().or_else(|| figure.change.as_ref()?.before.as_ref());
    let own = known.map(|value| after_number(words.pick(value))).filter(|_| !shared.is_empty());
    let unit = own.map_or_else(String::new, |unit| format!(" {unit}"));
    let percent = if percent.is_empty() {
        String::new()
    } else {
        words.choose(format!("（{percent}）"), format!(" ({percent})"))
    };
    format!("{before} → {after}{unit}{percent}")
}
