//! How a sheet is laid out: which rows hold its headings, which are data, which are totals and
//! notes.

use crate::data::{RawSheet, read_heading};
use crate::value::number::parse_decimal;
use std::collections::{BTreeMap, BTreeSet};

/// How many rows are looked at for the headings.
const SEARCHED: usize = 50;
/// Headings have at most so many levels.
const LEVELS: usize = 4;
/// No heading is longer, in characters.
const LONGEST: usize = 60;
/// What a row of totals says in one of its first cells.
const TOTALS: [&str; 8] = ["合计", "总计", "共计", "小计", "汇总", "累计", "total", "subtotal"];
/// How many cells of a row may say that it is one of totals.
const NAMING: usize = 3;

/// The layout of a sheet. Rows count from 0.
#[derive(Debug, Default)]
pub struct Layout {
    /// The rows of the headings; empty where there are none.
    pub header: Vec<usize>,
    /// The headings of each column, from the top one down.
    pub titles: Vec<Vec<String>>,
    /// The rows of data.
    pub body: Vec<usize>,
    /// Rows that say what a row of the headings says, as at the top of each printed page.
    pub repeated: Vec<usize>,
    /// Rows of totals.
    pub totals: Vec<usize>,
    /// Rows below the table that say something about it.
    pub notes: Vec<usize>,
    /// What stands above the headings.
    pub above: Vec<String>,
}

/// The cell of a row, empty where there is none.
fn cell(row: &[String], column: usize) -> &str {
    row.get(column).map_or("", String::as_str)
}

/// The cells of a row that hold something.
fn filled(row: &[String]) -> impl Iterator<Item = (usize, &str)> {
    row.iter().enumerate().map(|(at, text)| (at, &**text)).filter(|(_, text)| !text.is_empty())
}

/// How many cells of a row hold something.
fn count(row: &[String]) -> usize {
    filled(row).count()
}

/// A text without blanks: `合 计` is `合计`.
pub fn squeezed(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_whitespace()).collect()
}

/// Whether a text is a number.
fn is_number(text: &str) -> bool {
    parse_decimal(&text.replace([',', '，', '%', '％'], "")).is_some()
}

/// Whether a text is a year: such numbers are headings of statistics.
fn is_year(text: &str) -> bool {
    text.len() == 4 && text.parse().is_ok_and(|year: u32| (1900..2100).contains(&year))
}

impl Layout {
    /// Finds the layout of a sheet.
    #[must_use]
    pub fn of(sheet: &RawSheet) -> Self {
        let rows = &sheet.rows;
        if sheet.document.is_some() {
            let keys = rows.first().into_iter().flatten();
            return Self {
                header: vec![0],
                titles: keys.map(|key| vec![key.clone()]).collect(),
                body: (1..rows.len()).collect(),
                ..Self::default()
            };
        }
        let start = rows.iter().position(|row| count(row) > 0).unwrap_or(0);
        let Some(first) = heading_row(rows) else {
            let width = rows.iter().map(Vec::len).max().unwrap_or(0);
            let mut layout = Self { titles: vec![Vec::new(); width], ..Self::default() };
            layout.rows(sheet, start);
            return layout;
        };
        let last = last_level(sheet, first);
        let mut layout = Self {
            header: (first..=last).collect(),
            titles: titles(sheet, first, last),
            above: rows.iter().take(first).flat_map(|row| row.iter().cloned()).collect(),
            ..Self::default()
        };
        layout.above.retain(|text| !text.is_empty());
        let numbered = rows.get(last + 1).is_some_and(|row| numbers_columns(row));
        layout.rows(sheet, last + 1 + usize::from(numbered));
        layout
    }

    /// Tells data from totals and notes.
    fn rows(&mut self, sheet: &RawSheet, from: usize) {
        let mut rows: Vec<usize> = (from..sheet.rows.len()).collect();
        let row = |at: usize| sheet.rows.get(at).map_or(&[][..], Vec::as_slice);
        rows.retain(|at| count(row(*at)) > 0);
        let heads = heads(sheet, &self.header);
        let is_head = |at: &usize| heads.contains(&words(row(*at)));
        (self.repeated, rows) = rows.into_iter().partition(is_head);
        let usual = typical(rows.iter().map(|at| row(*at)));
        while let Some(last) = rows.last().copied().filter(|at| is_note(row(*at), usual)) {
            self.notes.insert(0, last);
            rows.pop();
        }
        for at in rows {
            if is_total(row(at)) { self.totals.push(at) } else { self.body.push(at) }
        }
    }
}

/// The words of a row as headings are read, without the blank cells at its end.
fn words(row: &[String]) -> Vec<String> {
    let mut words: Vec<String> = row.iter().map(|cell| read_heading(cell)).collect();
    let len = words.iter().rposition(|word| !word.is_empty()).map_or(0, |last| last + 1);
    words.truncate(len);
    words
}

/// The rows that are none of data when they are met again: the headings, and what stands directly
/// above them, with several words each, as the data are read.
fn heads(sheet: &RawSheet, header: &[usize]) -> Vec<Vec<String>> {
    let Some(last) = header.last() else { return Vec::new() };
    let levels = (last + 1).saturating_sub(LEVELS)..=*last;
    let rows = levels.filter_map(|at| sheet.rows.get(at));
    rows.filter(|row| count(row) > 1).map(|row| words(row)).collect()
}

/// How many cells most rows fill.
fn typical<'r>(rows: impl Iterator<Item = &'r [String]>) -> usize {
    let mut counts: Vec<usize> = rows.take(200).map(count).filter(|count| *count > 0).collect();
    counts.sort_unstable();
    counts.get(counts.len() * 3 / 4).copied().unwrap_or(0)
}

/// Whether a row says that it is one of totals.
fn is_total(row: &[String]) -> bool {
    filled(row).take(NAMING).any(|(_, text)| {
        let text = squeezed(text).to_lowercase();
        let word = text.split(['（', '(', ':', '：']).next().unwrap_or(&text);
        TOTALS.contains(&word.strip_suffix('数').unwrap_or(word))
    })
}

/// Whether a last row says something about the table.
fn is_note(row: &[String], usual: usize) -> bool {
    let texts: Vec<&str> = filled(row).map(|(_, text)| text).collect();
    let begins = |text: &&str| {
        let text = squeezed(text).to_lowercase();
        ["注", "备注", "说明", "note"].iter().any(|word| text.starts_with(word))
            || text.contains(['：', ':'])
                && !text.starts_with(|letter: char| letter.is_ascii_digit())
    };
    let is_short = usual > 2 && texts.len() <= (usual / 3).max(1);
    is_short && !texts.iter().any(|text| is_number(text)) && texts.iter().any(begins)
}

/// Whether a row only numbers the columns: `1 2 3`, `甲 1 2`, `(1) (2)`.
fn numbers_columns(row: &[String]) -> bool {
    let mut next = 1;
    let mut numbers = 0;
    let ordinals = "甲乙丙丁戊己庚辛壬癸";
    let fits = filled(row).all(|(_, text)| {
        let bare = text.trim_matches(['(', ')', '（', '）', '[', ']']);
        if bare.parse() == Ok(next) {
            next += 1;
            numbers += 1;
            return true;
        }
        let mut letters = bare.chars();
        let one = letters.next().is_some_and(|letter| ordinals.contains(letter));
        one && letters.next().is_none() || bare == "栏次"
    });
    fits && numbers > 1
}

/// The first row of the headings; `None` where data begins without any.
fn heading_row(rows: &[Vec<String>]) -> Option<usize> {
    let usual = typical(rows.iter().map(Vec::as_slice));
    let need = if usual <= 1 { 1 } else { usual.div_ceil(2).max(2) };
    for (at, row) in rows.iter().enumerate().take(SEARCHED) {
        if count(row) < need {
            continue;
        }
        if is_heading(row) {
            return Some(at);
        }
        if count(row) * 5 >= usual * 4 {
            return None;
        }
    }
    None
}

/// Whether the cells of a row read as headings.
fn is_heading(row: &[String]) -> bool {
    let texts: Vec<&str> = filled(row).map(|(_, text)| text).collect();
    let is_value = |text: &&&str| {
        is_number(text) && !is_year(text)
            || text.chars().count() > LONGEST
            || crate::data::says_nothing(text)
            || crate::data::reads(crate::schema::Type::Date, text)
    };
    let values = texts.iter().filter(is_value).count();
    let years = texts.iter().filter(|text| is_year(text)).count();
    let said = texts.iter().filter(|text| text.contains('：')).count();
    values * 5 <= texts.len() && years < texts.len() && said * 2 < texts.len()
}

/// The columns over which each heading of a row reaches: for each column the one that holds its
/// heading.
fn over(sheet: &RawSheet, row: usize, width: usize) -> Vec<Option<usize>> {
    let cells = sheet.rows.get(row).map_or(&[][..], Vec::as_slice);
    let wide: Vec<(usize, usize)> = sheet
        .merged
        .iter()
        .filter(|[rows, columns]| (rows.0..=rows.1).contains(&row) && columns.0 < columns.1)
        .map(|[_, columns]| *columns)
        .collect();
    let mut head = None;
    let reach = |column: usize| {
        if !cell(cells, column).is_empty() {
            head = Some(column);
            return head;
        }
        if wide.is_empty() {
            return head;
        }
        wide.iter().find(|(from, to)| (*from..=*to).contains(&column)).map(|(from, _)| *from)
    };
    (0..cells.len().max(width)).map(reach).collect()
}

/// The last row of the headings that begin with a row.
fn last_level(sheet: &RawSheet, first: usize) -> usize {
    let mut last = first;
    while last - first + 1 < LEVELS && last + 2 < sheet.rows.len() {
        let reaches =
            sheet.merged.iter().any(|[rows, _]| (first..=last).contains(&rows.0) && rows.1 > last);
        let next = sheet.rows.get(last + 1).map_or(&[][..], Vec::as_slice);
        if count(next) == 0 || !(reaches || is_lower(sheet, last)) {
            break;
        }
        last += 1;
    }
    last
}

/// Whether the row after one is its lower headings: all it says stands below headings that reach
/// over several columns, and is no number.
fn is_lower(sheet: &RawSheet, row: usize) -> bool {
    let (Some(upper), Some(next)) = (sheet.rows.get(row), sheet.rows.get(row + 1)) else {
        return false;
    };
    let over = over(sheet, row, next.len());
    let mut groups: BTreeMap<usize, usize> = BTreeMap::new();
    for (column, text) in filled(next) {
        let Some(head) = over.get(column).copied().flatten() else { return false };
        if is_number(text) {
            return false;
        }
        if head != column || text != cell(upper, column) {
            *groups.entry(head).or_default() += 1;
        }
    }
    let wide: BTreeSet<usize> =
        groups.iter().filter(|(_, columns)| **columns > 1).map(|(at, _)| *at).collect();
    let others = filled(upper).any(|(column, _)| !wide.contains(&column));
    !wide.is_empty() && wide.len() == groups.len() && (others || wide.len() > 1)
}

/// The headings of each column, from the top one down; one that is repeated counts once.
fn titles(sheet: &RawSheet, first: usize, last: usize) -> Vec<Vec<String>> {
    let width = sheet.rows.iter().map(Vec::len).max().unwrap_or(0);
    let mut titles: Vec<Vec<String>> = vec![Vec::new(); width];
    for row in first..=last {
        let cells = sheet.rows.get(row).map_or(&[][..], Vec::as_slice);
        let over = over(sheet, row, width);
        for (column, parts) in titles.iter_mut().enumerate() {
            let own = (first..=last)
                .filter_map(|row| sheet.rows.get(row))
                .any(|row| !cell(row, column).is_empty());
            let from = match row == last {
                true => Some(column),
                false => over.get(column).copied().flatten(),
            };
            let text = from.map_or("", |from| cell(cells, from));
            if own && !text.is_empty() && parts.last().is_none_or(|last| last != text) {
                parts.push(text.to_owned());
            }
        }
    }
    titles
}
