//! Rank 5: sheets of rows as declared: a table, or a nested list with the key of the row each element belongs to.

use super::cell::{Cell, cell};
use super::name::sheet_name;
use super::{At, Book, Marks, style};
use crate::report::rows::Rows;
use crate::report::words::Words;
use crate::schema::{FieldId, Frame, FrameId, Schema, Type};
use crate::syntax::tree::Language;
use rust_xlsxwriter::{ExcelDateTime, Format, Note, Worksheet, XlsxError};
use std::collections::BTreeSet;

/// The widest column, in characters.
const WIDEST: f64 = 42.0;

/// A sheet to write.
pub(super) struct Sheet {
    /// Its name.
    pub name: String,
    /// The manifest's name of what it holds: `table`, `table.list`.
    pub key: String,
    frame: FrameId,
    /// Its rows, in order.
    rows: Vec<usize>,
    /// The rows they belong to, and the field that names those; empty for a table.
    parents: Vec<usize>,
    parent: Option<(FrameId, FieldId)>,
    fields: Vec<FieldId>,
}

/// The sheets of a workbook: every table, then its lists.
pub(super) fn plan(book: &Book<'_, '_, '_, '_>, rows: &Rows<'_, '_, '_>) -> Vec<Sheet> {
    let schema = &rows.explainer.program().schema;
    let mut taken = reserved(book.words);
    let mut sheets = Vec::new();
    for (table, own) in book.tables {
        let Some(frame) = schema.frame(*table) else { continue };
        let key = said(book.words, frame);
        let name = sheet_name(&key, &mut taken);
        sheets.push(Sheet {
            name,
            key: key.clone(),
            frame: *table,
            rows: own.clone(),
            parents: Vec::new(),
            parent: None,
            fields: plain_fields(frame),
        });
        lists(book.words, rows, (*table, &key, own), &mut taken, &mut sheets);
    }
    sheets
}

/// The names of the sheets that are always there.
pub(super) fn reserved(words: &Words) -> BTreeSet<String> {
    [about_name(words), findings_name(words)].into_iter().map(str::to_lowercase).collect()
}

/// The name of the sheet that explains.
pub(super) fn about_name(words: &Words) -> &'static str {
    words.choose("说明", "About")
}

/// The name of the sheet of findings.
pub(super) fn findings_name(words: &Words) -> &'static str {
    words.choose("问题", "Findings")
}

fn said(words: &Words, frame: &Frame) -> String {
    words.choose(frame.names.zh(), frame.names.en()).to_owned()
}

fn plain_fields(frame: &Frame) -> Vec<FieldId> {
    (0..).map(FieldId).zip(&frame.fields).filter(|(_, field)| !matches!(field.ty, Type::List(_))).map(|(id, _)| id).collect()
}

/// The lists of a table, and theirs, as far as a key says whose they are.
fn lists(
    words: &Words,
    rows: &Rows<'_, '_, '_>,
    (owner, above, own): (FrameId, &str, &[usize]),
    taken: &mut BTreeSet<String>,
    sheets: &mut Vec<Sheet>,
) {
    let schema = &rows.explainer.program().schema;
    for (list, frame) in (0..).map(FrameId).zip(&schema.frames).filter(|(_, frame)| frame.parent.is_some_and(|(parent, _)| parent == owner))
    {
        let Some(key_field) = schema.frame(owner).and_then(Frame::key) else { continue };
        let Some(data) = rows.explainer.evaluator.frame(list) else { continue };
        let pairs: Vec<(usize, usize)> = own.iter().flat_map(|&owner| data.elements(owner).map(move |row| (owner, row))).collect();
        let (parents, elements): (Vec<usize>, Vec<usize>) = pairs.into_iter().unzip();
        let key = format!("{above}.{}", said(words, frame));
        let name = sheet_name(&key, taken);
        let fields = plain_fields(frame);
        sheets.push(Sheet {
            name,
            key: key.clone(),
            frame: list,
            rows: elements.clone(),
            parents,
            parent: Some((owner, key_field)),
            fields,
        });
        lists(words, rows, (list, &key, &elements), taken, sheets);
    }
}

/// The lists of the tables that no sheet can hold, because nothing says whose an element is.
pub(super) fn without_sheet(book: &Book<'_, '_, '_, '_>, schema: &Schema, sheets: &[Sheet]) -> Vec<String> {
    let lists = (0..).map(FrameId).zip(&schema.frames).filter(|(_, frame)| frame.parent.is_some());
    let missing = lists.filter(|(id, _)| book.tables.contains_key(&schema.root(*id)) && !sheets.iter().any(|sheet| sheet.frame == *id));
    let path = |id: FrameId, frame: &Frame| {
        let mut names = vec![said(book.words, frame)];
        let mut at = id;
        while let Some((parent, _)) = schema.frame(at).and_then(|frame| frame.parent) {
            names.extend(schema.frame(parent).map(|frame| said(book.words, frame)));
            at = parent;
        }
        names.reverse();
        names.join(".")
    };
    missing.map(|(id, frame)| path(id, frame)).collect()
}

impl Sheet {
    /// The columns before the fields.
    fn offset(&self) -> u16 {
        u16::from(self.parent.is_some())
    }

    fn column(&self, at: usize) -> u16 {
        u16::try_from(at).unwrap_or(u16::MAX - 1) + self.offset()
    }

    /// Where its cells are.
    pub(super) fn places(&self) -> impl Iterator<Item = (At, (String, u32, u16))> {
        let rows = (1_u32..).zip(&self.rows);
        rows.flat_map(move |(line, row)| {
            let fields = self.fields.iter().enumerate();
            fields.map(move |(at, field)| ((self.frame, *row, *field), (self.name.clone(), line, self.column(at))))
        })
    }

    /// Writes the sheet.
    pub(super) fn write(
        &self,
        rows: &Rows<'_, '_, '_>,
        words: &'static Words,
        marks: &Marks,
        sheet: &mut Worksheet,
    ) -> Result<(), XlsxError> {
        let language = words.choose(Language::Chinese, Language::English);
        sheet.set_name(&self.name)?;
        let mut writer = Writer { rows, language, marks, sheet, plain: style::plain(), widths: Vec::new() };
        writer.headings(self)?;
        for (position, row) in self.rows.iter().enumerate() {
            let line = u32::try_from(position + 1).unwrap_or(u32::MAX);
            if let (Some((frame, field)), Some(parent)) = (self.parent, self.parents.get(position)) {
                writer.cell((line, 0), (frame, *parent, field), false)?;
            }
            for (at, field) in self.fields.iter().enumerate() {
                writer.cell((line, self.column(at)), (self.frame, *row, *field), true)?;
            }
        }
        writer.finish(self)
    }
}

struct Writer<'w, 'r, 'e, 'a> {
    rows: &'w Rows<'r, 'e, 'a>,
    language: Language,
    marks: &'w Marks,
    sheet: &'w mut Worksheet,
    plain: Format,
    /// The widest text of each column.
    widths: Vec<f64>,
}

impl Writer<'_, '_, '_, '_> {
    fn headings(&mut self, sheet: &Sheet) -> Result<(), XlsxError> {
        let schema = &self.rows.explainer.program().schema;
        let chinese = self.language == Language::Chinese;
        let name = |frame: FrameId, field: FieldId| {
            schema.field(frame, field).map_or("", |field| if chinese { field.names.zh() } else { field.names.en() }).to_owned()
        };
        let mut headings: Vec<String> = sheet.fields.iter().map(|field| name(sheet.frame, *field)).collect();
        if let Some((owner, key)) = sheet.parent {
            // Where the list has a field of the same name, the table's own name says whose the element is.
            let own = schema.frame(sheet.frame).and_then(|frame| frame.called(&name(owner, key)));
            let table = schema.frame(owner).map_or("", |frame| if chinese { frame.names.zh() } else { frame.names.en() });
            headings.insert(0, if own.is_some() { table.to_owned() } else { name(owner, key) });
        }
        let format = style::heading();
        for (column, heading) in (0..).zip(&headings) {
            style::text(self.sheet, (0, column), heading, &format)?;
            self.widen(column, heading);
        }
        Ok(())
    }

    fn widen(&mut self, column: u16, text: &str) {
        let width = text.chars().map(|c| if c.is_ascii() { 1.0 } else { 2.0 }).sum::<f64>() + 2.0;
        let column = usize::from(column);
        if self.widths.len() <= column {
            self.widths.resize(column + 1, 8.0);
        }
        if let Some(widest) = self.widths.get_mut(column) {
            *widest = widest.max(width).min(WIDEST);
        }
    }

    /// A value; its own cell, where it has a mark, shows it.
    fn cell(&mut self, (line, column): (u32, u16), at: At, own: bool) -> Result<(), XlsxError> {
        let mark = self.marks.get(&at).filter(|_| own);
        let marked = mark.map(|(weight, _)| style::marked(*weight));
        let format = marked.as_ref().unwrap_or(&self.plain);
        match cell(self.rows.explainer, at, self.language) {
            Cell::Empty if mark.is_none() => {}
            Cell::Empty => {
                self.sheet.write_blank(line, column, format)?;
            }
            Cell::Text(text) => {
                style::text(self.sheet, (line, column), &text, format)?;
                self.widen(column, &text);
            }
            Cell::Number(number) => {
                self.sheet.write_number_with_format(line, column, number, format)?;
            }
            Cell::Date(day) => {
                let part = |number: i8| u8::try_from(number).unwrap_or(1);
                let date = ExcelDateTime::from_ymd(u16::try_from(day.year()).unwrap_or(1900), part(day.month()), part(day.day()))?;
                self.sheet.write_datetime_with_format(line, column, &date, &format.clone().set_num_format("yyyy-mm-dd"))?;
                self.widen(column, "2015-11-20");
            }
        }
        if let Some((_, texts)) = mark {
            let note = Note::new(crate::report::visible(&texts.join("\u{1}")).replace('␁', "\n\n").replace('␊', "\n"));
            self.sheet.insert_note(line, column, &note.set_author("fanshi").add_author_prefix(false).set_width(320).set_height(160))?;
        }
        Ok(())
    }

    fn finish(self, sheet: &Sheet) -> Result<(), XlsxError> {
        for (column, width) in (0..).zip(&self.widths) {
            self.sheet.set_column_width(column, *width)?;
        }
        let last_row = u32::try_from(sheet.rows.len()).unwrap_or(u32::MAX);
        let last_column = sheet.column(sheet.fields.len().saturating_sub(1));
        self.sheet.set_freeze_panes(1, 1)?;
        self.sheet.autofilter(0, 0, last_row, last_column)?;
        style::paper(self.sheet)
    }
}
