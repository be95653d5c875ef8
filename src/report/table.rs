//! Rank 5: tables as reports draw them.

use super::wrap::wrap;
use crate::visible::visible;
use comfy_table::{
    Cell, CellAlignment, ColumnConstraint, ContentArrangement, LineStyle, Row, Table, TableStyle,
};
use unicode_width::UnicodeWidthStr;

/// A line above, one below, one under the headings: the three-line table of Chinese print.
fn three_lines() -> TableStyle {
    let line = LineStyle::none().fill('─').junction('─');
    TableStyle::new().top_border(line).header_separator(line).bottom_border(line)
}

/// A table whose columns after the first `texts` hold numbers.
#[must_use]
pub fn table(columns: &[&str], texts: usize) -> Table {
    let mut table = Table::new();
    table.load_style(three_lines()).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(columns.iter().copied());
    for column in table.column_iter_mut().skip(texts) {
        column.set_constraint(ColumnConstraint::ContentWidth);
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}

/// The table in so many columns of a terminal: where it is wider, its widest texts are broken where
/// a reader would.
#[must_use]
pub fn fitted(mut table: Table, width: usize) -> Table {
    let natural: Vec<usize> =
        table.column_max_content_widths().into_iter().map(usize::from).collect();
    let (texts, numbers): (Vec<_>, Vec<_>) = table
        .column_iter()
        .zip(&natural)
        .filter(|(column, _)| !column.is_hidden())
        .partition(|(column, _)| column.constraint().is_none());
    // Beside each column a blank on both sides, between them one more.
    let between = (3 * (texts.len() + numbers.len())).saturating_sub(1);
    let widest = texts.iter().map(|(_, width)| **width).max().unwrap_or(0);
    let needed = |most: usize| texts.iter().map(|(_, width)| (**width).min(most)).sum::<usize>();
    let taken = numbers.iter().map(|(_, width)| **width).sum::<usize>() + between;
    let is_narrow = taken + needed(widest) > width;
    // Headings of numbers are broken before texts are.
    let narrow: Vec<usize> = if is_narrow { narrowed(&table, &natural) } else { natural.clone() };
    let is_shown =
        |column: &&comfy_table::Column| !column.is_hidden() && column.constraint().is_some();
    let shown = table.column_iter().zip(&narrow).filter(|(column, _)| is_shown(column));
    let taken = shown.map(|(_, width)| *width).sum::<usize>() + between;
    let room = width.saturating_sub(taken);
    let most = (1..=widest).rev().find(|&most| needed(most) <= room).unwrap_or(1);
    if most < LEGIBLE.min(widest) && texts.len() == 1 && numbers.len() > 1 {
        return stacked(&table, width);
    }
    let rooms: Vec<usize> = table
        .column_iter()
        .zip(&narrow)
        .map(|(column, width)| if column.constraint().is_none() { most } else { *width })
        .collect();
    let cell = |(cell, room): (&Cell, &usize)| {
        let content = cell.content();
        let lines = wrap(&content, (*room).max(1));
        if lines.len() > 1 { Cell::new(lines.join("\n")) } else { cell.clone() }
    };
    let wrapped =
        |row: &Row| -> Row { row.cell_iter().zip(&rooms).map(cell).collect::<Vec<Cell>>().into() };
    table.row_iter_mut().for_each(|row| *row = wrapped(row));
    if let Some(header) = table.header().map(wrapped) {
        table.set_header(header);
    }
    table.set_width(u16::try_from(width).unwrap_or(u16::MAX));
    table
}

/// A column of texts that is narrower is not read with ease.
const LEGIBLE: usize = 12;

/// The table where its numbers leave no room for its texts: what each row is called in a line of its
/// own, below it the numbers that are not nothing, each behind its heading.
fn stacked(table: &Table, width: usize) -> Table {
    let contents = |row: &Row| row.cell_iter().map(Cell::content).collect::<Vec<String>>();
    let headings = table.header().map(contents).unwrap_or_default();
    let is_shown: Vec<bool> = table.column_iter().map(|column| !column.is_hidden()).collect();
    let mut drawn = Table::new();
    drawn.load_style(three_lines()).set_content_arrangement(ContentArrangement::Disabled);
    drawn.set_header(headings.iter().take(1));
    for row in table.row_iter() {
        let cells = contents(row);
        let (name, counts) = cells.split_first().map_or(("", &[][..]), |(name, rest)| (name, rest));
        let shown = is_shown.iter().skip(1);
        let counts = headings.iter().skip(1).zip(counts).zip(shown);
        let said =
            counts.filter(|((_, count), shown)| **shown && !["", "-"].contains(&count.trim()));
        let said: Vec<String> =
            said.map(|((heading, count), _)| format!("{heading} {count}")).collect();
        let said = said.join(if headings.concat().is_ascii() { ", " } else { "，" });
        let below = wrap(&said, width.saturating_sub(HANG + 2));
        let mut lines: Vec<String> =
            wrap(name, width.saturating_sub(2)).into_iter().map(str::to_owned).collect();
        lines.extend(below.into_iter().map(|line| format!("{:HANG$}{line}", "")));
        drawn.add_row([lines.join("\n")]);
    }
    drawn
}

/// How far the numbers of a row stand in from what it is called.
const HANG: usize = 2;

/// How wide columns are at least: as their numbers, with their headings on several lines of much the
/// same length.
fn narrowed(table: &Table, natural: &[usize]) -> Vec<usize> {
    /// No heading is broken that is as short.
    const SHORT: usize = 6;
    let body = |at: usize| {
        let cells = table.row_iter().filter_map(|row| row.cell_iter().nth(at));
        let lines = cells.map(|cell| cell.content().lines().map(UnicodeWidthStr::width).max());
        lines.flatten().max().unwrap_or(0)
    };
    let heading = |at: usize| {
        let text = table.header().and_then(|header| header.cell_iter().nth(at))?.content();
        let word = text.split_whitespace().filter(|word| word.is_ascii()).map(str::len).max();
        let whole = text.width();
        let lines = whole.div_ceil(SHORT).max(1);
        let even = whole.div_ceil(lines).next_multiple_of(2);
        Some(if whole <= SHORT { whole } else { even.max(word.unwrap_or(0)).min(whole) })
    };
    natural
        .iter()
        .enumerate()
        .map(|(at, natural)| heading(at).map_or(*natural, |heading| heading.max(body(at))))
        .collect()
}

/// A text as it may be shown.
#[must_use]
pub fn text(text: &str) -> Cell {
    Cell::new(visible(text))
}

/// A count; none is a dash, so that the others stand out.
#[must_use]
pub fn number(count: usize) -> Cell {
    if count == 0 { Cell::new("-") } else { Cell::new(count) }
}

#[cfg(test)]
mod tests {
    use super::{fitted, number, table, text};

    fn drawn(columns: &[&str], width: usize) -> String {
        let mut drawn = table(columns, 1);
        let name = "a rather long name of an article";
        let counts = (1..columns.len()).map(|count| number(if count == 2 { 0 } else { count }));
        drawn.add_row(std::iter::once(text(name)).chain(counts).collect::<Vec<_>>());
        let drawn = fitted(drawn, width).to_string();
        drawn.lines().map(|line| format!("{}\n", line.trim_end())).collect()
    }

    #[test]
    fn headings_of_numbers_are_broken_before_texts_are() {
        let lines = drawn(&["条文", "满足", "违反", "已由他条要求", "无法判断"], 64);
        assert!(lines.contains(" a rather long name of an article "), "{lines}");
        assert!(lines.contains("已由他   无法\n") && lines.contains("条要求   判断\n"), "{lines}");
    }

    #[test]
    fn where_numbers_leave_no_room_a_row_has_two_lines() {
        let columns = ["article", "met", "violated", "undetermined", "not applicable"];
        let lines = drawn(&columns, 44);
        assert!(
            lines.contains(
                " a rather long name of an article\n   met 1, undetermined 3, not applicable 4\n"
            ),
            "{lines}"
        );
        assert!(lines.lines().all(|line| line.chars().count() <= 44), "{lines}");
    }
}
