//! A sheet as text, and the way back from a byte of it to a cell.

use super::address::range;
use super::{Bad, Cell, Grid, Region};
use crate::data::csv::{self, Scanner};
use crate::data::fault::Fault;
use crate::place::{At, Place};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

/// How many bytes the text of a sheet may have.
const MOST_TEXT: usize = 1 << 29;

/// Rows that may hold the headings, and so say how wide the table is.
const HEADED: u32 = 50;

/// Rows are made as wide as the table up to this width.
const MOST_PADDED: u32 = 256;

/// What separates the cells of the text.
pub const DELIMITER: u8 = b',';

/// A sheet: row `n` of it is row `n` of the text, however many lines a cell has.
#[derive(Debug)]
pub struct Page {
    /// The text: CSV.
    pub text: String,
    /// The sheet's name.
    pub sheet: Arc<str>,
    /// The row of the headings, from 0.
    pub header: usize,
    /// Hidden rows, from 0, that hold something.
    pub hidden: Vec<u32>,
    /// Hidden columns, from 0, that hold something, and the first row in which they do.
    pub hidden_columns: BTreeMap<u32, u32>,
    /// Whether the sheet itself is hidden.
    pub is_hidden: bool,
    /// Where each row begins.
    rows: Vec<usize>,
    /// Merged regions of several rows that hold something, by first row, each with the last row of
    /// all up to it.
    merged: Vec<(Region, u32)>,
    /// Merged regions that begin where the headings may stand.
    pub upper: Vec<Region>,
    /// Cells that cannot be read, by where they begin.
    bad: BTreeMap<usize, Bad>,
}

impl Page {
    /// The text of a sheet. A merged cell holds its value in each row it covers, in its first
    /// column.
    ///
    /// # Errors
    /// Where the text would be too large.
    pub fn new(mut grid: Grid) -> Result<Self, Fault> {
        grid.merged.retain(Region::is_ordered);
        let mut upper = grid.merged.clone();
        upper.retain(|region| region.rows.0 < HEADED);
        fill(&mut grid)?;
        grid.cells.retain(|cell| !cell.text.trim().is_empty());
        grid.cells.sort_by_key(|cell| (cell.row, cell.column));
        grid.cells.dedup_by_key(|cell| (cell.row, cell.column));
        let mut page = Self {
            text: String::new(),
            sheet: grid.name.into(),
            header: 0,
            hidden: Vec::new(),
            hidden_columns: BTreeMap::new(),
            is_hidden: grid.is_hidden,
            rows: vec![0],
            merged: reaching(grid.merged),
            upper,
            bad: BTreeMap::new(),
        };
        let width = grid
            .cells
            .iter()
            .filter(|cell| cell.row < HEADED)
            .map(|cell| cell.column + 1)
            .max()
            .unwrap_or(0)
            .min(MOST_PADDED);
        let mut column = 0;
        for cell in &grid.cells {
            while page.rows.len() <= cell.row as usize {
                page.pad(column, width);
                page.text.push('\n');
                page.rows.push(page.text.len());
                column = 0;
            }
            while column < cell.column {
                page.text.push(char::from(DELIMITER));
                column += 1;
            }
            page.put(cell);
            if page.text.len() > MOST_TEXT {
                return Err(Fault::TooLargeInside);
            }
        }
        page.pad(column, width);
        let filled = |row: &u32| grid.cells.binary_search_by_key(row, |cell| cell.row).is_ok();
        page.hidden = grid.hidden.into_iter().filter(filled).collect();
        let is_hidden = |column: u32| {
            grid.hidden_columns.iter().any(|(first, last)| (*first..=*last).contains(&column))
        };
        for cell in grid.cells.iter().filter(|cell| is_hidden(cell.column)) {
            page.hidden_columns.entry(cell.column).or_insert(cell.row);
        }
        Ok(page)
    }

    /// Ends a row that holds something with empty cells, as many as there may be headings.
    fn pad(&mut self, column: u32, width: u32) {
        if self.rows.last() != Some(&self.text.len()) {
            (column + 1..width).for_each(|_| self.text.push(char::from(DELIMITER)));
        }
    }

    fn put(&mut self, cell: &Cell) {
        if let Some(bad) = cell.bad {
            self.bad.insert(self.text.len(), bad);
        }
        if cell.text.contains(['"', ',', '\n', '\r']) {
            self.text.push('"');
            self.text.push_str(&cell.text.replace('"', "\"\""));
            self.text.push('"');
        } else {
            self.text.push_str(&cell.text);
        }
    }

    /// Why the cell that begins here cannot be read.
    #[must_use]
    pub fn bad(&self, start: usize) -> Option<Bad> {
        self.bad.get(&start).copied()
    }

    /// The merged cells of several rows a cell belongs to.
    #[must_use]
    pub fn region(&self, (row, column): (usize, usize)) -> Option<Region> {
        let within =
            |at: usize, (first, last): (u32, u32)| (first as usize..=last as usize).contains(&at);
        let until = self.merged.partition_point(|(region, _)| region.rows.0 as usize <= row);
        let mut before = self
            .merged
            .get(..until)?
            .iter()
            .rev()
            .take_while(|(_, furthest)| row <= *furthest as usize);
        before
            .find(|(region, _)| within(row, region.rows) && within(column, region.columns))
            .map(|(region, _)| *region)
    }

    /// Whether merged cells of several rows begin with the cell that begins here.
    #[must_use]
    pub fn begins_region(&self, start: usize) -> bool {
        if self.merged.is_empty() {
            return false;
        }
        let (row, column) = self.position(start);
        self.region((row, column)).is_some_and(|region| region.rows.0 as usize == row)
    }

    /// The cells of a row.
    pub(super) fn cells(&self, row: usize) -> Vec<csv::Cell> {
        let mut cells = Vec::new();
        if let Some(&start) = self.rows.get(row) {
            Scanner::new(&self.text, start, DELIMITER).row(&mut cells);
        }
        cells
    }

    /// The bytes of the first cell of a row that holds something, from a column on.
    #[must_use]
    pub fn span_from(&self, row: u32, column: u32) -> Range<usize> {
        let filled = |cell: &csv::Cell| !cell.raw.is_empty();
        self.cells(row as usize)
            .into_iter()
            .skip(column as usize)
            .find(filled)
            .map_or(0..0, |cell| cell.raw)
    }

    /// The row, and the column, from 0, a byte of the text stands in.
    #[must_use]
    pub fn position(&self, at: usize) -> (usize, usize) {
        let row = self.rows.partition_point(|&start| start <= at).saturating_sub(1);
        (row, self.cells(row).iter().take_while(|cell| cell.raw.end < at).count())
    }

    /// A range of the text as a place in the workbook.
    #[must_use]
    pub fn place(&self, file: Arc<str>, span: Range<usize>) -> Place {
        let from = self.position(span.start);
        let to =
            if span.end > span.start + 1 { self.position(span.end - 1).max(from) } else { from };
        let region = self.region(from).filter(|_| from == to);
        let cell = match region {
            Some(region) => range(
                (region.rows.0 as usize, region.columns.0 as usize),
                (region.rows.1 as usize, region.columns.1 as usize),
            ),
            None => range(from, to),
        };
        Place {
            file,
            at: At::Cell { sheet: self.sheet.clone(), cell },
            excerpt: self.excerpt(from, to.1),
        }
    }
}

impl Region {
    /// Whether it begins before it ends.
    #[must_use]
    pub fn is_ordered(&self) -> bool {
        self.rows.0 <= self.rows.1 && self.columns.0 <= self.columns.1
    }
}

/// Regions by first row, each with the last row that any up to it has.
fn reaching(mut regions: Vec<Region>) -> Vec<(Region, u32)> {
    regions.sort_by_key(|region| region.rows);
    let mut furthest = 0;
    let reach = |region: Region| {
        furthest = region.rows.1.max(furthest);
        (region, furthest)
    };
    regions.into_iter().map(reach).collect()
}

/// Takes out what lies hidden under merged cells: they show the value of the first alone.
fn uncover(grid: &mut Grid) {
    let regions = reaching(grid.merged.clone());
    let within = |at: u32, (first, last): (u32, u32)| (first..=last).contains(&at);
    let is_covered = |cell: &Cell| {
        let until = regions.partition_point(|(region, _)| region.rows.0 <= cell.row);
        let before = regions.get(..until).unwrap_or(&[]).iter().rev();
        before.take_while(|(_, furthest)| cell.row <= *furthest).any(|(region, _)| {
            within(cell.row, region.rows)
                && within(cell.column, region.columns)
                && (cell.row, cell.column) != (region.rows.0, region.columns.0)
        })
    };
    if !regions.is_empty() {
        grid.cells.retain(|cell| !is_covered(cell));
    }
}

/// Gives the value of merged cells to each row they cover.
fn fill(grid: &mut Grid) -> Result<(), Fault> {
    uncover(grid);
    grid.merged.retain(|region| region.rows.0 < region.rows.1);
    let at: BTreeMap<(u32, u32), usize> = grid
        .cells
        .iter()
        .enumerate()
        .map(|(index, cell)| ((cell.row, cell.column), index))
        .collect();
    let held = |region: &Region| at.get(&(region.rows.0, region.columns.0)).copied();
    grid.merged.retain(|region| held(region).is_some());
    let mut more = Vec::new();
    let mut size = 0;
    for region in &grid.merged {
        let Some(cell) = held(region).and_then(|index| grid.cells.get(index)) else { continue };
        for row in region.rows.0 + 1..=region.rows.1 {
            more.push(Cell { row, ..cell.clone() });
            size += cell.text.len() + size_of::<Cell>();
            if size > MOST_TEXT {
                return Err(Fault::TooLargeInside);
            }
        }
    }
    grid.cells.extend(more);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page() -> Page {
        let cell = |(row, column): (u32, u32), text: &str| Cell {
            row,
            column,
            text: text.into(),
            bad: None,
        };
        let cells = vec![
            cell((1, 0), "k"),
            cell((1, 1), "名称"),
            cell((2, 0), "a"),
            cell((2, 1), "x,\n\"y\""),
            cell((4, 2), "z"),
            cell((4, 1), "w"),
        ];
        let merged = vec![
            Region { rows: (2, 3), columns: (0, 0) },
            Region { rows: (0, 0), columns: (0, 5) },
        ];
        Page::new(Grid { name: "表".into(), cells, merged, hidden: vec![3, 9], ..Grid::default() })
            .unwrap_or_else(|_| unreachable!())
    }

    #[test]
    fn a_sheet_is_csv_with_a_way_back() {
        let mut page = page();
        page.header = 1;
        assert_eq!(page.text, "\nk,名称,\na,\"x,\n\"\"y\"\"\",\na,,\n,w,z");
        let place = |word: &str| {
            let at = page.text.rfind(word).unwrap_or(0);
            let At::Cell { cell, .. } = page.place("a.xlsx".into(), at..at + word.len()).at else {
                unreachable!()
            };
            cell
        };
        assert_eq!(
            [place("k"), place("名称"), place("\"x"), place("a"), place("w"), place("z")],
            ["A2", "B2", "B3", "A3:A4", "B5", "C5"]
        );
        assert_eq!(page.hidden, [3]);
        let excerpt = page.place("a.xlsx".into(), 11..12).excerpt;
        assert_eq!(excerpt.text, "k │ 名称  \na │ x, \"y\"");
        assert_eq!(excerpt.text.get(excerpt.mark), Some("a"));
    }
}
