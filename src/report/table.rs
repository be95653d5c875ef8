//! Rank 5: tables as reports draw them.

use crate::visible::visible;
use comfy_table::{Cell, CellAlignment, ColumnConstraint, ContentArrangement, LineStyle, Table, TableStyle};

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
