//! Rank 5: a table of a paper: as wide as the text, its columns as wide as what stands in them.

use super::shown;
use super::style::{Named, twips};
use crate::report::listing::{Listing, width};
use crate::workspace::Paper;
use docx_rs::{
    Paragraph, Run, Table, TableAlignmentType, TableCell, TableCellMargins, TableLayoutType,
    TableRow, VAlignType, WidthType,
};

/// No column asks for more than so many half-width letters: longer texts break into lines.
const WIDEST: usize = 48;
/// What stays empty on each side of a cell, in twentieths of a point.
const PADDING: usize = 80;

/// A row of at most so many lines stands on one page.
const UNBROKEN: usize = 12;

/// A listing as a table.
pub(super) fn table(listing: &Listing, paper: &Paper) -> Table {
    let whole = usize::try_from(twips(paper.text_width())).unwrap_or(0);
    let letter = usize::try_from(twips(paper.table_size / 2.0)).unwrap_or(0);
    let widths = widths(listing, whole, letter);
    let head = listing.columns.iter().map(|text| (Named::Head, text.as_str()));
    let head = row(head, &widths).cant_split();
    let rows = listing.rows.iter().map(|cells| {
        let style = |text: &str| if is_number(text) { Named::Number } else { Named::Cell };
        let whole = row(cells.iter().map(|text| (style(text), text.as_str())), &widths);
        if lines(cells, &widths, letter) <= UNBROKEN { whole.cant_split() } else { whole }
    });
    Table::new(std::iter::once(head).chain(rows).collect())
        .set_grid(widths.clone())
        .layout(TableLayoutType::Fixed)
        .align(TableAlignmentType::Center)
        .width(widths.iter().sum(), WidthType::Dxa)
        .margins(TableCellMargins::new().margin(20, PADDING, 20, PADDING))
}

fn row<'c>(cells: impl Iterator<Item = (Named, &'c str)>, widths: &[usize]) -> TableRow {
    let cell = |((style, text), width): ((Named, &str), &usize)| {
        let line = |text: &str| {
            Paragraph::new().style(style.id()).add_run(Run::new().add_text(shown(text)))
        };
        let mut cell =
            TableCell::new().width(*width, WidthType::Dxa).vertical_align(VAlignType::Center);
        // A cell without a paragraph is no cell.
        for text in text.lines().chain(text.is_empty().then_some("")) {
            cell = cell.add_paragraph(line(text));
        }
        cell
    };
    TableRow::new(cells.zip(widths).map(cell).collect())
}

/// A count, a figure, or the sign that there is none.
fn is_number(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_digit() || "+-−.,% ".contains(c))
}

/// How wide columns are, all together at most `whole`: as wide as what stands in them where there is
/// room; else those that need least get that, and the others share the rest.
fn widths(listing: &Listing, whole: usize, letter: usize) -> Vec<usize> {
    let wanted = |column: usize| {
        let cells = listing.rows.iter().filter_map(|row| row.get(column));
        let cells = cells.map(|cell| width(&shown_lines(cell))).max().unwrap_or(0).min(WIDEST);
        let heading = listing.columns.get(column).map_or(0, |heading| width(heading));
        // A letter more than is needed, so that no sign hangs over.
        (cells.max(heading) + 1) * letter + 2 * PADDING
    };
    let wanted: Vec<usize> = (0..listing.columns.len()).map(wanted).collect();
    let sum: usize = wanted.iter().sum();
    if sum <= whole {
        // What is a name and a few figures stays small; a table of texts is as wide as the text.
        let spare = if listing.narrow { 0 } else { whole - sum };
        return wanted.iter().map(|own| own + spare * own / sum.max(1)).collect();
    }
    let (mut left, mut open): (usize, Vec<usize>) = (whole, (0..wanted.len()).collect());
    let mut widths = wanted.clone();
    let own = |column: &usize| wanted.get(*column).copied().unwrap_or(0);
    loop {
        let fair = left / open.len().max(1);
        let (small, wide): (Vec<usize>, Vec<usize>) = open.iter().partition(|at| own(at) <= fair);
        if small.is_empty() {
            break;
        }
        left -= small.iter().map(own).sum::<usize>();
        open = wide;
    }
    let asked: usize = open.iter().map(own).sum();
    for at in open {
        if let Some(width) = widths.get_mut(at) {
            *width = left * *width / asked.max(1);
        }
    }
    widths
}

/// About how many lines a row has.
fn lines(cells: &[String], widths: &[usize], letter: usize) -> usize {
    let of = |(cell, column): (&String, &usize)| {
        let room = (column.saturating_sub(2 * PADDING) / letter.max(1)).max(2);
        cell.lines().map(|line| width(&shown(line)).div_ceil(room).max(1)).sum::<usize>()
    };
    cells.iter().zip(widths).map(of).max().unwrap_or(1)
}

fn shown_lines(cell: &str) -> String {
    cell.lines().map(shown).collect::<Vec<_>>().join("\n")
}
