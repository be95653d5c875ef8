//! Rank 5: tables as reports draw them.

use super::wrap::wrap;
use crate::visible::visible;
use comfy_table::{
    Cell, CellAlignment, ColumnConstraint, ContentArrangement, LineStyle, Row, Table, TableStyle,
};

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
    let taken = numbers.iter().map(|(_, width)| *width).sum::<usize>()
        + (3 * (texts.len() + numbers.len())).saturating_sub(1);
    let room = width.saturating_sub(taken);
    let widest = texts.iter().map(|(_, width)| **width).max().unwrap_or(0);
    let needed = |most: usize| texts.iter().map(|(_, width)| (**width).min(most)).sum::<usize>();
    let most = (1..=widest).rev().find(|&most| needed(most) <= room).unwrap_or(1);
    let rooms: Vec<usize> = table
        .column_iter()
        .zip(&natural)
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
