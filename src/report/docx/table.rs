//! Rank 5: a table of a paper: as wide as the text, its columns as wide as what stands in them.

use super::shown;
use super::style::{Named, twips};
use crate::report::listing::{Listing, width};
use crate::workspace::Paper;
use docx_rs::{
    Paragraph, Run, Table, TableAlignmentType, TableCell, TableCellMargins, TableLayoutType,
    TableRow, VAlignType, WidthType,
};

/// What stays empty on each side of a cell, in twentieths of a point.
const PADDING: usize = 80;

/// A row of at most so many lines stands on one page.
const UNBROKEN: usize = 12;

/// A listing as a table. Where something is to be `kept` with it, its last row stands on the page of
/// what follows.
pub(super) fn table(listing: &Listing, paper: &Paper, kept: bool) -> Table {
    let whole = usize::try_from(twips(paper.text_width())).unwrap_or(0);
    let letter = usize::try_from(twips(paper.table_size / 2.0)).unwrap_or(0);
    let widths = widths(listing, whole, letter);
    let head = listing.columns.iter().map(|text| (Named::Head, text.as_str()));
    // A head is never alone.
    let head = row(head, &widths, true).cant_split();
    let rows = listing.rows.iter().enumerate().map(|(at, cells)| {
        let style = |text: &str| if is_number(text) { Named::Number } else { Named::Cell };
        let kept = kept && at + 1 == listing.rows.len();
        let whole = row(cells.iter().map(|text| (style(text), text.as_str())), &widths, kept);
        if lines(cells, &widths, letter) <= UNBROKEN { whole.cant_split() } else { whole }
    });
    Table::new(std::iter::once(head).chain(rows).collect())
        .set_grid(widths.clone())
        .layout(TableLayoutType::Fixed)
        .align(TableAlignmentType::Center)
        .width(widths.iter().sum(), WidthType::Dxa)
        .margins(TableCellMargins::new().margin(20, PADDING, 20, PADDING))
}

fn row<'c>(
    cells: impl Iterator<Item = (Named, &'c str)>,
    widths: &[usize],
    kept: bool,
) -> TableRow {
    let cell = |((style, text), width): ((Named, &str), &usize)| {
        let line = |text: &str| {
            let paragraph = Paragraph::new().style(style.id());
            let paragraph = paragraph.add_run(Run::new().add_text(shown(text)));
            if kept { paragraph.keep_next(true) } else { paragraph }
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
    text.chars().all(|c| c.is_ascii_digit() || "+-.,% ".contains(c))
}

/// How much a column holds, in half-width letters.
struct Holds {
    /// Its longest line, or its heading.
    longest: usize,
    /// What stands in its cells, all in all.
    all: usize,
}

impl Holds {
    fn of(listing: &Listing, column: usize) -> Self {
        let heading = listing.columns.get(column).map_or(0, |heading| width(heading));
        let cells = listing.rows.iter().filter_map(|row| row.get(column));
        cells.fold(Self { longest: heading, all: heading }, |Self { longest, all }, cell| {
            let lines = cell.lines().map(|line| width(&shown(line)));
            let (most, sum) = lines.fold((0, 0), |(most, sum), line| (most.max(line), sum + line));
            Self { longest: longest.max(most), all: all + sum }
        })
    }
}

/// How wide columns are, all together at most `whole`: as wide as what stands in them where there is
/// room; else by how much they hold, so that the cells of a row have as many lines, but no column so
/// narrow that it is hard to read.
fn widths(listing: &Listing, whole: usize, letter: usize) -> Vec<usize> {
    let holds: Vec<Holds> =
        (0..listing.columns.len()).map(|column| Holds::of(listing, column)).collect();
    // A letter more than is needed, so that no sign hangs over.
    let wide = |letters: usize| (letters + 1) * letter + 2 * PADDING;
    let wanted: Vec<usize> = holds.iter().map(|column| wide(column.longest)).collect();
    let sum: usize = wanted.iter().sum();
    if sum <= whole {
        // What is a name and a few figures stays small; a table of texts is as wide as the text.
        let spare = if listing.narrow { 0 } else { whole - sum };
        return wanted.iter().map(|own| own + spare * own / sum.max(1)).collect();
    }
    // Most of an equal share; where there is room, what is little more is not broken.
    let share = whole / letter.max(1) / holds.len().max(1);
    let (most, near) = (wide(share * 5 / 6), wide(share * 4 / 3));
    let whole_if_near = |own: &usize| if *own <= near { *own } else { most };
    let unbroken: Vec<usize> = wanted.iter().map(whole_if_near).collect();
    let fits = unbroken.iter().sum::<usize>() <= whole * 5 / 6;
    let broken: Vec<usize> = wanted.iter().map(|own| (*own).min(most)).collect();
    let least = if fits { unbroken } else { broken };
    let least = |at: usize| least.get(at).copied().unwrap_or(0);
    let all = |at: usize| holds.get(at).map_or(1, |column| column.all.max(1));
    let (mut left, mut open): (usize, Vec<usize>) = (whole, (0..holds.len()).collect());
    let mut widths = vec![0; holds.len()];
    loop {
        let held: usize = open.iter().map(|at| all(*at)).sum();
        let share = |at: usize| left * all(at) / held.max(1);
        let (small, rest): (Vec<usize>, Vec<usize>) =
            open.iter().partition(|at| share(**at) < least(**at));
        let settled = if small.is_empty() { &rest } else { &small };
        let width = |at: usize| if small.is_empty() { share(at) } else { least(at) };
        let given: Vec<(usize, usize)> = settled.iter().map(|at| (*at, width(*at))).collect();
        for (at, width) in given {
            left = left.saturating_sub(width);
            if let Some(place) = widths.get_mut(at) {
                *place = width;
            }
        }
        if small.is_empty() {
            return widths;
        }
        open = rest;
    }
}

/// About how many lines a row has.
fn lines(cells: &[String], widths: &[usize], letter: usize) -> usize {
    let of = |(cell, column): (&String, &usize)| {
        let room = (column.saturating_sub(2 * PADDING) / letter.max(1)).max(2);
        cell.lines().map(|line| width(&shown(line)).div_ceil(room).max(1)).sum::<usize>()
    };
    cells.iter().zip(widths).map(of).max().unwrap_or(1)
}
