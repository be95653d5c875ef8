//! Rank 5: a sheet of rows as declared, the cells that findings are about marked.

use super::cell::{Cell, cell, several};
use super::mark::{At, Marks};
use super::plan::{Column, Sheet};
use super::style;
use crate::grouping::Groups;
use crate::report::visible;
use crate::report::words::Words;
use crate::schema::{FieldId, FrameId, Type};
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
    (rows, words, marks): (&Groups<'_>, &'static Words, &Marks),
    out: &mut Worksheet,
) -> Result<(), XlsxError> {
    let language = words.choose(Language::Chinese, Language::English);
    out.set_name(&sheet.name)?;
    if let Some(weight) = sheet.marked.1 {
        out.set_tab_color(style::accent(weight));
    }
    let mut writer = Writer {
        rows,
        language,
        marks,
        out,
        plain: style::plain(),
        widths: Vec::new(),
        lines: 1.0,
    };
    writer.headings(sheet)?;
    for position in 0..sheet.rows.len() {
        let line = u32::try_from(position + 1).unwrap_or(u32::MAX);
        for (at, column) in (0_u16..).zip(&sheet.columns) {
            if let Some(cell) = sheet.at(position, *column) {
                writer.cell((line, at), cell, *column)?;
            }
        }
        if writer.lines > 1.0 {
            writer.out.set_row_height(line, style::height(writer.lines))?;
            writer.lines = 1.0;
        }
    }
    writer.finish(sheet)
}

struct Writer<'w, 'r> {
    rows: &'w Groups<'r>,
    language: Language,
    marks: &'w Marks,
    out: &'w mut Worksheet,
    plain: Format,
    /// The widest text of each column.
    widths: Vec<f64>,
    /// How many lines the row takes.
    lines: f64,
}

impl Writer<'_, '_> {
    fn name(&self, frame: FrameId, field: FieldId) -> String {
        let names = self.rows.run.program().schema.field(frame, field).map(|field| &field.names);
        names
            .map_or(
                "",
                |names| if self.language == Language::Chinese { names.zh() } else { names.en() },
            )
            .to_owned()
    }

    fn heading(&self, sheet: &Sheet, column: Column) -> String {
        let (Column::Owner(frame, field), shape) =
            (column, self.rows.run.program().schema.frame(sheet.frame))
        else {
            let (Column::Owner(_, field) | Column::Value(field) | Column::Several(field, _)) =
                column;
            return self.name(sheet.frame, field);
        };
        // Where the list has a field of the same name, the table's own name says whose the element
        // is.
        let key = self.name(frame, field);
        let table = self.rows.run.program().schema.frame(frame).map(|frame| &frame.names);
        match table.filter(|_| shape.and_then(|shape| shape.called(&key)).is_some()) {
            Some(names) => {
                if self.language == Language::Chinese { names.zh() } else { names.en() }.to_owned()
            }
            None => key,
        }
    }

    fn headings(&mut self, sheet: &Sheet) -> Result<(), XlsxError> {
        let format = style::heading();
        for (at, column) in (0..).zip(&sheet.columns) {
            let heading = self.heading(sheet, *column);
            style::text(self.out, (0, at), &heading, &format)?;
            self.widen(at, &heading);
            if let Column::Value(field) = column {
                self.offer(sheet, at, *field)?;
            }
        }
        Ok(())
    }

    /// The values a cell may have, where they are few: offered, not forced, as there are other
    /// spellings.
    fn offer(&mut self, sheet: &Sheet, at: u16, field: FieldId) -> Result<(), XlsxError> {
        let schema = &self.rows.run.program().schema;
        let chinese = self.language == Language::Chinese;
        let values: Vec<&str> = match schema.field(sheet.frame, field).map(|field| field.ty) {
            Some(Type::Boolean) => style::truth(self.language).to_vec(),
            Some(Type::Enum(id)) => {
                let values = schema.enumeration(id).into_iter().flat_map(|found| &found.values);
                values
                    .map(|value| if chinese { value.names.zh() } else { value.names.en() })
                    .collect()
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
    fn cell(&mut self, (line, at): (u32, u16), of: At, column: Column) -> Result<(), XlsxError> {
        let (value, mark) = match column {
            Column::Owner(..) => (cell(self.rows.run, of, self.language), None),
            Column::Value(_) => (cell(self.rows.run, of, self.language), self.marks.get(&of)),
            Column::Several(_, list) => {
                (several(self.rows.run, of, list, self.language), self.marks.get(&of))
            }
        };
        let marked = mark.map(|(weight, _)| style::marked(*weight));
        let format = marked.as_ref().unwrap_or(&self.plain);
        match value {
            Cell::Empty if mark.is_none() => {}
            Cell::Empty => {
                self.out.write_blank(line, at, format)?;
            }
            Cell::Text(text) => {
                style::text(self.out, (line, at), &text, format)?;
                self.widen(at, &text);
                self.lines = self.lines.max(style::lines(&text, WIDEST));
            }
            Cell::Number(number) => {
                self.out.write_number_with_format(line, at, number, format)?;
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
        let text = visible(&texts.join("\u{1}")).replace('␁', "\n\n").replace('␊', "\n");
        let text = style::cut(&text, style::LONGEST_NOTE);
        let lines = style::lines(text, 44.0);
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
        style::paper(self.out)
    }
}
