//! Rank 5: which sheets a workbook has: a table, or a list of records with the key of the row each
//! belongs to. A list of plain values is a cell of its row.

use super::Book;
use super::cell::{in_one_cell, is_given};
use super::mark::{At, Marks};
use super::name::sheet_name;
use super::style::LONGEST;
use crate::engine::Run;
use crate::finding::Weight;
use crate::grouping::Groups;
use crate::report::words::Words;
use crate::schema::{FieldId, Frame, FrameId, Schema, Type};
use crate::value::Values;
use std::collections::{BTreeMap, BTreeSet};

/// What a column of a sheet holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    /// The key of the row an element belongs to.
    Owner(FrameId, FieldId),
    /// A value.
    Value(FieldId),
    /// A list of plain values.
    Several(FieldId, FrameId),
}

/// A sheet to write.
pub(super) struct Sheet {
    /// Its name.
    pub name: String,
    /// The manifest's name of what it holds: `table`, `table.list`.
    pub key: String,
    /// What it holds.
    pub frame: FrameId,
    /// Its rows, in order.
    pub rows: Vec<usize>,
    /// The rows they belong to; empty for a table.
    pub owners: Vec<usize>,
    /// Its columns, in order.
    pub columns: Vec<Column>,
    /// Rows that do not say whether they have the list.
    pub silent: usize,
    /// How many of its cells are cut, as no cell holds so much.
    pub cut: usize,
    /// Whether the workbooks of a run together have all rows of the table, and all that is in them.
    pub returns: bool,
    /// How many of its cells are marked, and the gravest mark.
    pub marked: (usize, Option<Weight>),
    /// How many of the marked cells have no note, as there would be too many.
    pub bare: usize,
}

/// All sheets, and what they are not.
#[derive(Default)]
pub(super) struct Plan {
    /// Those with marks first.
    pub sheets: Vec<Sheet>,
    /// The lists that are columns of their row's sheet.
    pub several: BTreeSet<FrameId>,
    /// … by the manifest's names.
    pub columns: Vec<String>,
    /// Lists of records that no sheet can hold, because nothing says whose an element is.
    pub missing: Vec<String>,
}

/// The names of the sheets that are always there.
pub(super) fn reserved(words: &Words) -> BTreeSet<String> {
    [about_name(words), findings_name(words), super::round::SHEET]
        .into_iter()
        .map(str::to_lowercase)
        .collect()
}

/// The name of the sheet that explains.
pub(super) fn about_name(words: &Words) -> &'static str {
    words.choose("说明", "About")
}

/// The name of the sheet of findings.
pub(super) fn findings_name(words: &Words) -> &'static str {
    words.choose("问题", "Findings")
}

impl Plan {
    /// Every table, then its lists.
    pub(super) fn new(book: &Book<'_, '_>, rows: &Groups<'_>) -> Self {
        let schema = &rows.run.program().schema;
        let mut planner = Planner {
            words: book.words,
            rows,
            schema,
            taken: reserved(book.words),
            is_own: false,
            plan: Self::default(),
        };
        for (table, own) in book.tables {
            let Some(frame) = schema.frame(*table) else { continue };
            planner.is_own = book.round.is_some_and(|round| round.own.contains(table));
            let (before, missing) = (planner.plan.sheets.len(), planner.plan.missing.len());
            planner.sheet((*table, frame), planner.said(frame), own.clone(), None);
            let split = rows.by.as_ref().filter(|_| book.group.is_some());
            let whole = book.round.is_none_or(|_| planner.is_own)
                && split.is_none_or(|by| by.covers(*table) && !frame.single);
            let returns = whole && planner.plan.missing.len() == missing;
            planner.plan.sheets.iter_mut().skip(before).for_each(|sheet| sheet.returns = returns);
        }
        planner.plan
    }

    /// Counts marks, and puts the sheets that have some before the others.
    pub(super) fn order(&mut self, marks: &Marks) {
        for sheet in &mut self.sheets {
            let weights =
                sheet.marks(marks).map(|(at, _)| marks.get(&at).map(|(weight, _)| *weight));
            sheet.marked = weights.fold((0, None), |(count, gravest), weight| {
                (count + 1, if gravest.is_none() { weight } else { gravest.min(weight) })
            });
            let is_bare = |at: &At| marks.get(at).is_some_and(|(_, texts)| texts.is_empty());
            sheet.bare = sheet.marks(marks).filter(|(at, _)| is_bare(at)).count();
        }
        // What may be changed comes before what is for reading.
        self.sheets.sort_by_key(|sheet| (!sheet.returns, sheet.marked.0 == 0));
    }

    /// The cells whose value could not be read.
    pub(super) fn unread(&self, run: &Run) -> Vec<At> {
        let mut found = Vec::new();
        for sheet in &self.sheets {
            let Some(data) = run.evaluator.frame(sheet.frame) else { continue };
            for column in &sheet.columns {
                let (Column::Value(field) | Column::Several(field, _)) = *column else { continue };
                let Some(column) = data.column(field) else { continue };
                let rows = sheet.rows.iter().filter(|row| column.unread.get(**row));
                let cells = rows.map(|row| (sheet.frame, *row, field));
                found.extend(cells.filter(|at| run.unread_text(super::mark::fact(*at)).is_some()));
            }
        }
        found
    }

    /// The sheet of a list of records.
    pub(super) fn sheet_of(&self, list: FrameId) -> Option<&Sheet> {
        self.sheets.iter().find(|sheet| sheet.frame == list)
    }

    /// The first free line of the sheet of a list, in the column of the key of its row.
    pub(super) fn free(&self, list: FrameId) -> Option<(&str, u32, u16)> {
        let sheet = self.sheet_of(list)?;
        Some((&sheet.name, u32::try_from(sheet.rows.len() + 1).ok()?, 0))
    }

    /// Where each marked cell is: sheet, row and column.
    pub(super) fn placed(&self, marks: &Marks) -> BTreeMap<At, (&str, u32, u16)> {
        self.sheets
            .iter()
            .flat_map(|sheet| {
                sheet.marks(marks).map(|(at, (line, column))| (at, (&*sheet.name, line, column)))
            })
            .collect()
    }
}

struct Planner<'p, 'r> {
    words: &'static Words,
    rows: &'p Groups<'r>,
    schema: &'p Schema,
    taken: BTreeSet<String>,
    /// Whether the group may change the rows of the table: then it may fill in each of its lists.
    is_own: bool,
    plan: Plan,
}

impl Planner<'_, '_> {
    fn said(&self, frame: &Frame) -> String {
        self.words.choose(frame.names.zh(), frame.names.en()).to_owned()
    }

    /// A sheet, and those of its lists, as far as a key says whose their elements are.
    fn sheet(
        &mut self,
        (id, frame): (FrameId, &Frame),
        key: String,
        rows: Vec<usize>,
        owned: Option<(Column, Vec<usize>, usize)>,
    ) {
        let (owner, owners, silent) = owned
            .map_or((None, Vec::new(), 0), |(owner, owners, silent)| (Some(owner), owners, silent));
        let mut columns: Vec<Column> = owner.into_iter().collect();
        let mut records = Vec::new();
        for (field, shape) in (0..).map(FieldId).zip(&frame.fields) {
            match (shape.ty, self.list(id, field)) {
                // Citations that other fields make have no cell.
                (Type::List(_), Some(list)) if self.is_made(list) => {}
                (Type::List(_), Some(list))
                    if self
                        .schema
                        .frame(list)
                        .is_some_and(|list| list.plain || list.citations.is_some())
                        && self.fits((id, field), list, &rows) =>
                {
                    self.plan.several.insert(list);
                    self.plan.columns.push(format!(
                        "{key}.{}",
                        self.schema.frame(list).map_or_else(String::new, |list| self.said(list))
                    ));
                    columns.push(Column::Several(field, list));
                }
                (Type::List(_), Some(list)) => records.push((field, list)),
                (Type::List(_), None) => {}
                _ => columns.push(Column::Value(field)),
            }
        }
        let cut = columns.iter().map(|column| self.cut(id, *column, &rows)).sum();
        let name = sheet_name(&key, &mut self.taken);
        let at = self.plan.sheets.len();
        for (field, list) in records {
            self.records((id, frame, field), list, &key, &rows);
        }
        let sheet = Sheet {
            name,
            key,
            frame: id,
            rows,
            owners,
            columns,
            silent,
            cut,
            bare: 0,
            returns: false,
            marked: (0, None),
        };
        self.plan.sheets.insert(at, sheet);
    }

    fn is_made(&self, list: FrameId) -> bool {
        let citations = self.schema.frame(list).and_then(|list| list.citations);
        citations.is_some_and(|citations| citations.of.is_some())
    }

    fn cut(&self, frame: FrameId, column: Column, rows: &[usize]) -> usize {
        let data = self.rows.run.evaluator.frame(frame);
        let Some((Column::Value(field), data)) = data.map(|data| (column, data)) else { return 0 };
        let Some(Values::Texts(texts)) = data.column(field).map(|column| &column.values) else {
            return 0;
        };
        rows.iter()
            .filter(|row| {
                texts.get(**row).len() > LONGEST
                    && texts.get(**row).encode_utf16().count() > LONGEST
            })
            .count()
    }

    fn list(&self, owner: FrameId, field: FieldId) -> Option<FrameId> {
        let mut frames = (0..).map(FrameId).zip(&self.schema.frames);
        frames.find(|(_, frame)| frame.parent == Some((owner, field))).map(|(id, _)| id)
    }

    fn fits(&self, (owner, field): (FrameId, FieldId), list: FrameId, rows: &[usize]) -> bool {
        rows.iter().all(|row| in_one_cell(self.rows.run, (owner, *row, field), list))
    }

    /// The sheet of a list; none where no row says that it has one.
    fn records(
        &mut self,
        (owner, shape, field): (FrameId, &Frame, FieldId),
        list: FrameId,
        above: &str,
        own: &[usize],
    ) {
        let (Some(frame), Some(data)) =
            (self.schema.frame(list), self.rows.run.evaluator.frame(list))
        else {
            return;
        };
        let key = format!("{above}.{}", self.said(frame));
        let given = own.iter().filter(|row| is_given(self.rows.run, (owner, **row, field))).count();
        let pairs: Vec<(usize, usize)> = own
            .iter()
            .flat_map(|&owner| data.elements(owner).map(move |row| (owner, row)))
            .collect();
        if pairs.is_empty() && given == 0 && !self.is_own {
            return;
        }
        let Some(key_field) = shape.key() else { return self.plan.missing.push(key) };
        let (owners, elements): (Vec<usize>, Vec<usize>) = pairs.into_iter().unzip();
        let silent = if shape.field(field).is_some_and(|field| field.default.is_some()) {
            0
        } else {
            own.len() - given
        };
        self.sheet(
            (list, frame),
            key,
            elements,
            Some((Column::Owner(owner, key_field), owners, silent)),
        );
    }
}

impl Sheet {
    /// The cell a column shows in a row.
    pub(super) fn at(&self, position: usize, column: Column) -> Option<At> {
        Some(match column {
            Column::Owner(frame, field) => (frame, *self.owners.get(position)?, field),
            Column::Value(field) | Column::Several(field, _) => {
                (self.frame, *self.rows.get(position)?, field)
            }
        })
    }

    /// The marked cells: what they are of, row and column.
    fn marks<'s>(&'s self, marks: &'s Marks) -> impl Iterator<Item = (At, (u32, u16))> + 's {
        let rows = (1_u32..).zip(&self.rows);
        rows.flat_map(move |(line, row)| {
            let here =
                marks.range((self.frame, *row, FieldId(0))..=(self.frame, *row, FieldId(u32::MAX)));
            here.filter_map(move |(at, _)| Some((*at, (line, self.column(at.2)?))))
        })
    }

    fn column(&self, field: FieldId) -> Option<u16> {
        let is = |column: &Column| {
            matches!(column, Column::Value(found) | Column::Several(found,
            _) if *found == field)
        };
        u16::try_from(self.columns.iter().position(is)?).ok()
    }
}
