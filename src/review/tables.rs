//! The wide tables of the page: dispositions, and groups.

use super::text::Page;
use super::{Difference, Group, Matrix, Spread, Tally};
use crate::report::measure;
use crate::report::table::{number, table, text};
use comfy_table::{Cell, CellAlignment};
use std::io::{Result, Write};
use unicode_width::UnicodeWidthStr;

/// The columns a group's name needs at least.
const NAME: usize = 24;

impl<W: Write> Page<'_, W> {
    pub(super) fn matrix(&mut self, matrix: &Matrix) -> Result<()> {
        let title = format!("{} {}", self.word("裁定", "decide"), self.say(&matrix.field));
        self.title(&title)?;
        let columns = if self.chinese {
            ["裁定", "填报", "应为", "相符"]
        } else {
            ["disposition", "declared", "required", "agreed"]
        };
        let mut counts = table(&columns, 1);
        for line in &matrix.lines {
            counts.add_row(vec![
                text(self.say(&line.disposition)),
                number(line.declared),
                number(line.required),
                number(line.agreed),
            ]);
        }
        self.show(counts)?;
        if !matrix.differences.is_empty() || !matrix.open.is_empty() {
            self.blank()?;
            let columns = if self.chinese {
                ["应为", "填报", "行数", "哪些"]
            } else {
                ["required", "declared", "rows", "which"]
            };
            let mut cells = table(&columns, columns.len());
            let nothing = self.word("（没有）", "(none)");
            for Difference { required, declared, rows, .. } in &matrix.differences {
                let declared = declared.as_ref().map_or(nothing, |declared| self.say(declared));
                cells.add_row(vec![
                    text(self.say(required)),
                    text(declared),
                    right(number(rows.len())),
                    text(&self.rows(rows)),
                ]);
            }
            if !matrix.open.is_empty() {
                let open = self.word("（未定）", "(open)");
                cells.add_row(vec![
                    text(open),
                    text(""),
                    right(number(matrix.open.len())),
                    text(&self.rows(&matrix.open)),
                ]);
            }
            self.show(cells)?;
        }
        self.blank()
    }

    pub(super) fn spread(&mut self, spread: &Spread) -> Result<()> {
        let title = format!("{} {}", self.word("分组", "Groups by"), self.say(&spread.field));
        self.title(&title)?;
        let cells = |tally: Tally, kinds: &[usize]| {
            kinds.iter().filter_map(|kind| tally.kinds().get(*kind).copied()).collect::<Vec<_>>()
        };
        let total = spread.groups.iter().fold([0; 5], |sum, group| {
            let kinds = group.tally.kinds();
            std::array::from_fn(|at| {
                sum.get(at).copied().unwrap_or(0) + kinds.get(at).copied().unwrap_or(0)
            })
        });
        let shown: Vec<usize> = total
            .iter()
            .enumerate()
            .filter(|(_, count)| **count > 0)
            .map(|(kind, _)| kind)
            .collect();
        let mut columns = vec![(
            self.say(&spread.table).to_owned(),
            spread.groups.iter().map(|group| number(group.rows)).collect::<Vec<_>>(),
        )];
        for kind in shown {
            let name = self.kinds().get(kind).copied().unwrap_or_default();
            let counts = spread
                .groups
                .iter()
                .map(|group| number(cells(group.tally, &[kind]).into_iter().sum()));
            columns.push((name.to_owned(), counts.collect()));
        }
        for (at, (_, heading)) in spread.measures.iter().enumerate() {
            let value = |group: &Group| {
                let known = group
                    .measures
                    .get(at)
                    .filter(|figure| figure.value.is_some() || figure.change.is_some());
                text(&known.map_or_else(String::new, |figure| {
                    measure::in_brief(self.terminal.words, figure)
                }))
            };
            columns.push((self.say(heading).to_owned(), spread.groups.iter().map(value).collect()));
        }
        let nowhere = self.word("（不属于任何一组）", "(in none)");
        let names: Vec<&str> = spread
            .groups
            .iter()
            .map(|group| group.name.as_ref().map_or(nowhere, |name| self.say(name)))
            .collect();
        let names: Vec<String> = names.into_iter().map(str::to_owned).collect();
        for part in fitting(columns, self.terminal.width) {
            let headings: Vec<&str> =
                std::iter::once("").chain(part.iter().map(|(name, _)| name.as_str())).collect();
            let mut groups = table(&headings, 1);
            for (row, name) in names.iter().enumerate() {
                let figures = part
                    .iter()
                    .map(|(_, cells)| cells.get(row).cloned().unwrap_or_else(|| Cell::new("")));
                groups.add_row(std::iter::once(text(name)).chain(figures).collect::<Vec<_>>());
            }
            self.show(groups)?;
        }
        self.blank()
    }
}

fn right(cell: Cell) -> Cell {
    cell.set_alignment(CellAlignment::Right)
}

type Column = (String, Vec<Cell>);

/// Columns in as many tables as it takes to fit each into the width, beside the names.
fn fitting(columns: Vec<Column>, width: usize) -> Vec<Vec<Column>> {
    let mut tables: Vec<Vec<Column>> = Vec::new();
    let mut left = 0;
    for column in columns {
        let widest = column
            .1
            .iter()
            .map(|cell| cell.content().width())
            .chain([column.0.width()])
            .max()
            .unwrap_or(0)
            + 2;
        match tables.last_mut() {
            Some(table) if widest <= left => table.push(column),
            _ => {
                left = width.saturating_sub(NAME);
                tables.push(vec![column]);
            }
        }
        left = left.saturating_sub(widest);
    }
    tables
}
