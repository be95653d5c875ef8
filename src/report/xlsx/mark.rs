//! Rank 5: which cells findings are about, and what is said there.

use super::plan::Plan;
use super::{Book, style};
use crate::builtin::TYPES;
use crate::diagnostic::Bilingual;
use crate::engine::{RowRef, Run};
use crate::finding::{Outcome, Provision, Weight};
use crate::grouping::Groups;
use crate::report::told;
use crate::say;
use crate::schema::{FieldId, FrameId, Schema, Type};
use crate::visible::visible;
use crate::why::Fact;
use std::collections::{BTreeMap, BTreeSet};

/// A cell of a sheet of rows: frame, row, field.
pub type At = (FrameId, usize, FieldId);

/// What is said at a cell: how grave, and what; nothing where too many cells say something.
pub type Marks = BTreeMap<At, (Weight, Vec<String>)>;

/// Most cells of a workbook that have a note: each takes 14 KB until all is written, and a workbook
/// of many more is slow to open.
const NOTES: usize = 10_000;

/// What is said at which cell: the facts of a finding that lie in its own row, or else the key of
/// the row.
pub(super) fn marks(book: &Book<'_, '_>, plan: &Plan) -> Marks {
    let mut marks = Marks::new();
    let several = &plan.several;
    let Some(rows) = book.rows else { return marks };
    let mut notes = 0;
    for at in plan.unread(rows.run) {
        let said = unread(rows.run, at).map(|said| book.words.pick(&said).to_owned());
        notes += 1;
        let said = said.filter(|_| notes <= NOTES);
        marks.insert(at, (Weight::Error, said.into_iter().collect()));
    }
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
        if finding.demanded.is_some() {
            text = format!("{text}\n{}", told::declared(book.words, &finding));
        }
        for Provision { cite, words } in &finding.provisions {
            text = format!("{text}\n{cite}\n{}", cut(words));
        }
        if let Some(sheet) = empty_list(rows, index).and_then(|list| plan.sheet_of(list)) {
            let name = &sheet.name;
            let said = say!("请在“{name}”表中添上", "add it on the sheet “{name}”");
            text = format!("{text}\n{}", book.words.pick(&said));
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

/// What is said at a cell as its note holds it, and how many lines of a note that is.
#[must_use]
pub fn note(texts: &[String]) -> (String, f64) {
    let text = visible(&texts.join("\u{1}")).replace('␁', "\n\n").replace('␊', "\n");
    let text = style::cut(&text, style::LONGEST_NOTE);
    (text.to_owned(), style::lines(text, 44.0))
}

/// What is said of a cell that could not be read, and how to have it read.
pub(super) fn unread(run: &Run, at: At) -> Option<Bilingual> {
    let (held, label) = (run.unread_text(fact(at))?, run.unread_label(fact(at)));
    let field = run.schema().field(at.0, at.2)?;
    let (zh, en) = (field.names.zh(), field.names.en());
    let ty = TYPES.iter().find(|(ty, ..)| *ty == field.ty);
    let wanted = ty.map_or_else(Bilingual::default, |(_, ty_zh, ty_en)| {
        say!("：要填{ty_zh}", ": it is of type {ty_en}")
    });
    let Bilingual { zh: wanted_zh, en: wanted_en } = wanted;
    if held.trim().is_empty() {
        return Some(say!("{zh} 没有填{wanted_zh}", "{en} is not given{wanted_en}"));
    }
    let label =
        label.unwrap_or_else(|| say!("{zh} 读不出{wanted_zh}", "{en} cannot be read{wanted_en}"));
    let Bilingual { zh, en } = label;
    Some(say!("{zh}，填的是 `{held}`", "{en}; `{held}` stands there"))
}

/// The beginning of what a text says, as far as a note has room for it.
fn cut(words: &str) -> String {
    const ROOM: usize = 400;
    let mut letters = words.chars();
    let head: String = letters.by_ref().take(ROOM).collect();
    if letters.next().is_some() { format!("{head}…") } else { head }
}

/// The cells of its own row that a finding is about, the one that has to change first; elements of
/// the lists in `several` share the cell of the list.
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
    let mut met = BTreeSet::new();
    cells.retain(|cell| met.insert(*cell));
    cells
}

/// The list that a finding is first of all about and that has nothing in it: it is filled in on the
/// sheet of its own.
pub(super) fn empty_list(rows: &Groups<'_>, finding: usize) -> Option<FrameId> {
    let run = rows.run;
    let schema = &run.program().schema;
    let root = run.row_of(finding)?;
    let fact = run.facts(finding).into_iter().next()?;
    let own = run.root(RowRef { frame: fact.frame, row: fact.row }) == root;
    let list = (0..).map(FrameId).zip(&schema.frames);
    let list = list.filter(|(_, shape)| shape.parent == Some((fact.frame, fact.field)));
    let mut list = list.map(|(id, _)| id).filter(|_| own);
    let is_empty = |list: &FrameId| {
        let data = run.evaluator.frame(*list);
        data.is_some_and(|data| data.elements(fact.row).next().is_none())
    };
    list.next().filter(is_empty)
}

/// A cell as a fact.
pub(super) fn fact((frame, row, field): At) -> Fact {
    Fact { frame, row, field }
}

/// The field that stands for a row: its key, else its first plain one.
fn first(schema: &Schema, frame: FrameId) -> Option<FieldId> {
    let shape = schema.frame(frame)?;
    let plain =
        (0..).map(FieldId).zip(&shape.fields).find(|(_, field)| !matches!(field.ty, Type::List(_)));
    shape.key().or(plain.map(|(id, _)| id))
}
