//! The wide tables of the page: dispositions, and groups.

use super::spread::unlisted;
use super::text::Page;
use super::{Difference, Matrix, Review};
use crate::finding::Figure;
use crate::grouping::Groups;
use crate::report::groups::GroupTable;
use crate::report::table::{number, table, text};
use crate::report::{measure, phrase};
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
        let open = self.word("（未定）", "(open)");
        if !matrix.open.is_empty() {
            counts.add_row(vec![text(open), text(""), number(matrix.open.len()), text("")]);
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

    /// Every waiver, by whom, why, and until when.
    pub(super) fn waivers(&mut self, review: &Review) -> Result<()> {
        if review.waivers.is_empty() {
            return Ok(());
        }
        let words = self.terminal.words;
        let (report, columns) = (self.run.report(), &words.waiver_columns);
        let headings = phrase::headings(&report);
        self.title(words.waivers)?;
        let mut lines = table(columns, columns.len());
        for waiver in &review.waivers {
            lines.add_row(phrase::waiver(words, &headings, waiver).map(text));
        }
        self.show(lines)
    }

    /// The groups, with the measures that are split by them.
    pub(super) fn spread(&mut self, review: &Review, groups: &Groups<'_>) -> Result<()> {
        let words = self.terminal.words;
        let Some(grouped) = GroupTable::new(words, groups) else { return Ok(()) };
        self.title(&grouped.title)?;
        let counts = grouped.columns.iter().skip(1).enumerate().map(|(at, heading)| {
            let counts = grouped.lines.iter().filter_map(|(_, counts)| counts.get(at).copied());
            (heading.clone(), counts.map(number).collect::<Vec<_>>())
        });
        let measures = review.spread.iter().map(|measure| {
            let value = |figure: &Figure| {
                let known = figure.value.is_some() || figure.change.is_some();
                let brief = || measure::in_brief(words, figure);
                text(&if known { brief() } else { String::new() })
            };
            let heading = words.pick(&measure.heading).to_owned();
            (heading, measure.figures.iter().map(value).collect::<Vec<_>>())
        });
        for part in fitting(counts.chain(measures).collect(), self.terminal.width) {
            let first = grouped.columns.iter().take(1).map(String::as_str);
            let headings: Vec<&str> = first.chain(part.iter().map(|(name, _)| &**name)).collect();
            let mut lines = table(&headings, 1);
            for (row, (name, _)) in grouped.lines.iter().enumerate() {
                let figures = part
                    .iter()
                    .map(|(_, cells)| cells.get(row).cloned().unwrap_or_else(|| Cell::new("")));
                lines.add_row(std::iter::once(text(name)).chain(figures).collect::<Vec<_>>());
            }
            self.show(lines)?;
        }
        let apart = unlisted(words, groups, &review.measures);
        grouped.remarks.iter().chain(&apart).try_for_each(|said| self.line(0, said))?;
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
