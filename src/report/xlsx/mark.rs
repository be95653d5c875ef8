//! Rank 5: which cells findings are about, and what is said there.

use super::Book;
use crate::engine::RowRef;
use crate::finding::{Outcome, Provision, Weight};
use crate::grouping::Groups;
use crate::schema::{FieldId, FrameId, Schema, Type};
use std::collections::{BTreeMap, BTreeSet};

/// A cell of a sheet of rows: frame, row, field.
pub(super) type At = (FrameId, usize, FieldId);

/// What is said at a cell: how grave, and what; nothing where [`NOTES`] cells say something.
pub(super) type Marks = BTreeMap<At, (Weight, Vec<String>)>;

/// Most cells of a workbook that have a note: each takes 14 KB until all is written, and a workbook
/// of many more is slow to open.
const NOTES: usize = 10_000;

/// What is said at which cell: the facts of a finding that lie in its own row, or else the key of
/// the row.
pub(super) fn marks(book: &Book<'_, '_>, several: &BTreeSet<FrameId>) -> Marks {
    let mut marks = Marks::new();
    let Some(rows) = book.rows else { return marks };
    let mut notes = 0;
    for &index in book.findings {
        let cells = cells(rows, several, index);
        if cells.is_empty() {
            continue;
        }
        let finding = book.report.findings.get(index);
        let kind = book.words.outcome(finding.outcome, finding.weight);
        let heading = book.words.pick(&finding.heading);
        let mut text =
            format!("{kind}{}{}\n{heading}", book.words.colon, book.words.pick(&finding.message));
        for Provision { cite, words } in &finding.provisions {
            text = format!("{text}\n{cite}\n{}", cut(words));
        }
        let weight =
            if finding.outcome == Outcome::Waived { Weight::Warning } else { finding.weight };
        for at in cells {
            let mark = marks.entry(at).or_insert((weight, Vec::new()));
            mark.0 = mark.0.min(weight);
            if mark.1.is_empty() {
                notes += 1;
            }
            if notes <= NOTES || !mark.1.is_empty() {
                mark.1.push(text.clone());
            }
        }
    }
    marks
}

/// The beginning of what a text says, as far as a note has room for it.
fn cut(words: &str) -> String {
    const ROOM: usize = 400;
    let mut letters = words.chars();
    let head: String = letters.by_ref().take(ROOM).collect();
    if letters.next().is_some() { format!("{head}…") } else { head }
}

/// The cells of its own row that a finding is about; elements of the lists in `several` share the
/// cell of the list.
pub(super) fn cells(rows: &Groups<'_>, several: &BTreeSet<FrameId>, finding: usize) -> Vec<At> {
    let run = rows.run;
    let schema = &run.program().schema;
    let Some(root) = run.row_of(finding) else { return Vec::new() };
    let own = |frame: FrameId, row: usize| run.root(RowRef { frame, row }) == root;
    let cell = |(frame, row, field): At| -> Option<At> {
        let shape = schema.frame(frame)?;
        if let Some((of, (owner, _))) = shape.citations.and_then(|list| list.of).zip(shape.parent) {
            let row = run.evaluator.frame(frame)?.parent_of(row);
            return Some((owner, row, of.place.unwrap_or(of.title)));
        }
        match (shape.parent, schema.field(frame, field)?.ty) {
            (Some((owner, list)), _) if several.contains(&frame) => {
                Some((owner, run.evaluator.frame(frame)?.parent_of(row), list))
            }
            (_, Type::List(_))
                if several.iter().any(|list| {
                    schema.frame(*list).is_some_and(|list| list.parent == Some((frame, field)))
                }) =>
            {
                Some((frame, row, field))
            }
            // Any other list has no cell of its own: the row's key stands for it.
            (_, Type::List(_)) => Some((frame, row, first(schema, frame)?)),
            _ => Some((frame, row, field)),
        }
    };
    let facts = run.facts(finding).into_iter().filter(|fact| own(fact.frame, fact.row));
    let mut cells: Vec<At> =
        facts.filter_map(|fact| cell((fact.frame, fact.row, fact.field))).collect();
    if cells.is_empty() {
        cells.extend(first(schema, root.frame).map(|field| (root.frame, root.row, field)));
    }
    cells.sort_unstable();
    cells.dedup();
    cells
}

/// The field that stands for a row: its key, else its first plain one.
fn first(schema: &Schema, frame: FrameId) -> Option<FieldId> {
    let shape = schema.frame(frame)?;
    let plain =
        (0..).map(FieldId).zip(&shape.fields).find(|(_, field)| !matches!(field.ty, Type::List(_)));
    shape.key().or(plain.map(|(id, _)| id))
}
