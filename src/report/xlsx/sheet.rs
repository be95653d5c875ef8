//! Rank 5: a sheet of rows as declared, the cells that findings are about marked.

use super::Book;
use super::cell::{Cell, cell, several};
use super::finding::protection;
use super::mark::{self, At, Marks};
use super::plan::{Column, Sheet};
use super::style;
use crate::engine::Run;
use crate::grouping::Groups;
use crate::schema::{FieldId, FrameId, Names, Type};
use crate::syntax::tree::Language;
use rust_xlsxwriter::{
    DataValidation, DataValidationErrorStyle, ExcelDateTime, Format, Note, Worksheet, XlsxError,
};

/// The widest column, in characters.
const WIDEST: f64 = 42.0;
/// A list of choices may have this many characters.
const CHOICES: usize = 255;
/// Rows below the last that offer choices too.
const SPARE: u32 = 1000;

/// Writes a sheet.
pub(super) fn write(
    sheet: &Sheet,
    (book, rows, marks): (&Book<'_, '_>, &Groups<'_>, &Marks),
    out: &mut Worksheet,
) -> Result<(), XlsxError> {
    let language = book.words.choose(Language::Chinese, Language::English);
    out.set_name(&sheet.name)?;
    if let Some(weight) = sheet.marked.1 {
        out.set_tab_color(style::accent(weight));
    }
    let mut writer = Writer {
        rows,
        language,
        marks,
        out,
        lock: match book.round {
            Some(_) if sheet.returns => Lock::Keys,
            Some(_) => Lock::All,
            None => Lock::None,
        },
        plain: style::plain(),
        widths: Vec::new(),
        lines: 1.0,
    };
    writer.headings(sheet)?;
    let open = writer.plain.clone().set_unlocked();
    for position in 0..sheet.rows.len() {
        let line = u32::try_from(position + 1).unwrap_or(u32::MAX);
        for (at, column) in (0_u16..).zip(&sheet.columns) {
            if let Some(cell) = sheet.at(position, *column) {
                let format = match writer.is_open(sheet, *column) {
                    true => open.clone(),
                    false => writer.plain.clone(),
                };
                writer.cell((line, at), cell, (*column, &format))?;
            }
        }
        if writer.lines > 1.0 {
            writer.out.set_row_height(line, style::height(writer.lines))?;
            writer.lines = 1.0;
        }
    }
    writer.finish(sheet)
}

/// Which cells of a sheet may not be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lock {
    /// None.
    None,
    /// Headings, and what says which row it is and whose.
    Keys,
    /// All.
    All,
}

struct Writer<'w, 'r> {
    rows: &'w Groups<'r>,
    language: Language,
    lock: Lock,
    marks: &'w Marks,
    out: &'w mut Worksheet,
    plain: Format,
    /// The widest text of each column.
    widths: Vec<f64>,
    /// How many lines the row takes.
    lines: f64,
}

impl Writer<'_, '_> {
    /// Whether a cell may be changed.
    fn is_open(&self, sheet: &Sheet, column: Column) -> bool {
        self.lock == Lock::Keys && !is_kept(self.rows, sheet, column)
    }

    fn headings(&mut self, sheet: &Sheet) -> Result<(), XlsxError> {
        let format = style::heading();
        for (at, column) in (0..).zip(&sheet.columns) {
            let heading = heading(self.rows.run, self.language, sheet, *column);
            style::text(self.out, (0, at), &heading, &format)?;
            self.widen(at, &heading);
            if let Column::Value(field) = column {
                self.offer(sheet, at, *field)?;
            }
            if self.lock == Lock::Keys {
                // Rows may be added below.
                self.out.set_column_format(at, &self.plain.clone().set_unlocked())?;
            }
        }
        Ok(())
    }

    /// The values a cell may have, where they are few: offered, not forced, as there are other
    /// spellings.
    fn offer(&mut self, sheet: &Sheet, at: u16, field: FieldId) -> Result<(), XlsxError> {
        let schema = &self.rows.run.program().schema;
        let values: Vec<&str> = match schema.field(sheet.frame, field).map(|field| field.ty) {
            Some(Type::Boolean) => style::truth(self.language).to_vec(),
            Some(Type::Enum(id)) => {
                let values = schema.enumeration(id).into_iter().flat_map(|found| &found.values);
                values.map(|value| self.language.called(&value.names)).collect()
            }
            _ => return Ok(()),
        };
        let length: usize = values.iter().map(|value| value.encode_utf16().count() + 1).sum();
        if length > CHOICES || values.iter().any(|value| value.contains([',', '"'])) {
            return Ok(());
        }
        let choice = DataValidation::new()
            .allow_list_strings(&values)?
            .set_error_style(DataValidationErrorStyle::Information);
        let last = u32::try_from(sheet.rows.len()).unwrap_or(u32::MAX).saturating_add(SPARE);
        self.out.add_data_validation(1, at, last.min(1_048_575), at, &choice).map(|_| ())
    }

    fn widen(&mut self, column: u16, text: &str) {
        let width = text.lines().map(style::width).fold(0.0, f64::max) + 2.0;
        let column = usize::from(column);
        if self.widths.len() <= column {
            self.widths.resize(column + 1, 8.0);
        }
        if let Some(widest) = self.widths.get_mut(column) {
            *widest = widest.max(width).min(WIDEST);
        }
    }

    /// A value; its own cell, where it has a mark, shows it.
    fn cell(
        &mut self,
        (line, at): (u32, u16),
        of: At,
        (column, format): (Column, &Format),
    ) -> Result<(), XlsxError> {
        let (value, mark) = match column {
            Column::Owner(..) => (cell(self.rows.run, of, self.language), None),
            Column::Value(_) => (cell(self.rows.run, of, self.language), self.marks.get(&of)),
            Column::Several(_, list) => {
                (several(self.rows.run, of, list, self.language), self.marks.get(&of))
            }
        };
        let marked = mark.map(|(weight, _)| style::mark(format, *weight));
        let format = marked.as_ref().unwrap_or(format);
        match value {
            Cell::Empty if mark.is_none() && self.lock == Lock::None => {}
            Cell::Empty => {
                self.out.write_blank(line, at, format)?;
            }
            Cell::Text(text) => {
                style::text(self.out, (line, at), &text, format)?;
                self.widen(at, &text);
                self.lines = self.lines.max(style::lines(&text, WIDEST));
            }
            Cell::Number(number) => {
                let shown = number.to_string();
                let digits = style::digits(&shown);
                let format = format.clone().set_num_format(digits);
                self.out.write_number_with_format(line, at, number, &format)?;
                self.widen(at, &shown);
            }
            Cell::Date(day) => {
                let part = |number: i8| u8::try_from(number).unwrap_or(1);
                let date = ExcelDateTime::from_ymd(
                    u16::try_from(day.year()).unwrap_or(1900),
                    part(day.month()),
                    part(day.day()),
                )?;
                self.out.write_datetime_with_format(
                    line,
                    at,
                    &date,
                    &format.clone().set_num_format("yyyy-mm-dd"),
                )?;
                self.widen(at, "2015-11-20");
            }
        }
        if let Some((_, texts)) = mark.filter(|(_, texts)| !texts.is_empty()) {
            self.note((line, at), texts)?;
        }
        Ok(())
    }

    /// What is said at a cell, in a note as large as that takes.
    fn note(&mut self, (line, at): (u32, u16), texts: &[String]) -> Result<(), XlsxError> {
        let (text, lines) = mark::note(texts);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 60 and 400"
        )]
        let height = (lines * 16.0 + 12.0).clamp(60.0, 400.0) as u32;
        let note = Note::new(text)
            .set_author("fanshi")
            .add_author_prefix(false)
            .set_width(320)
            .set_height(height);
        self.out.insert_note(line, at, &note).map(|_| ())
    }

    fn finish(self, sheet: &Sheet) -> Result<(), XlsxError> {
        for (column, width) in (0..).zip(&self.widths) {
            self.out.set_column_width(column, *width)?;
        }
        let last_row = u32::try_from(sheet.rows.len()).unwrap_or(u32::MAX);
        let last_column = u16::try_from(sheet.columns.len().saturating_sub(1)).unwrap_or(u16::MAX);
        self.out.set_freeze_panes(1, 1)?;
        self.out.autofilter(0, 0, last_row, last_column)?;
        if self.lock != Lock::None {
            self.out.protect_with_options(&protection());
        }
        style::paper(self.out)
    }
}

/// What a column is called.
pub(super) fn heading(run: &Run, language: Language, sheet: &Sheet, column: Column) -> String {
    let schema = run.schema();
    let pick = |names: &Names| language.called(names).to_owned();
    let name = |frame: FrameId, field: FieldId| {
        schema.field(frame, field).map_or_else(String::new, |field| pick(&field.names))
    };
    let (Column::Owner(frame, field), shape) = (column, schema.frame(sheet.frame)) else {
        let (Column::Owner(_, field) | Column::Value(field) | Column::Several(field, _)) = column;
        return name(sheet.frame, field);
    };
    // Where the list has a field of the same name, the table's own name says whose the element is.
    let key = name(frame, field);
    let table = schema.frame(frame).map(|frame| &frame.names);
    match table.filter(|_| shape.and_then(|shape| shape.called(&key)).is_some()) {
        Some(names) => pick(names),
        None => key,
    }
}

/// Whether a column of a table's rows says which row it is, or which group it belongs to: neither
/// may be changed by the group. Elements of lists come and go as a whole.
pub(super) fn is_kept(rows: &Groups<'_>, sheet: &Sheet, column: Column) -> bool {
    let shape = rows.run.schema().frame(sheet.frame);
    let Some(table) = shape.filter(|shape| shape.parent.is_none()) else { return false };
    let of_group = rows.by.as_ref().and_then(|by| by.first(sheet.frame));
    matches!(column, Column::Value(field) if table.key() == Some(field) || of_group == Some(field))
}
