//! The blank workbook of a vocabulary: a sheet for each table and list, with headings, choices and
//! notes, so that what is filled in is read as it stands.

use crate::diagnostic::Bilingual;
use crate::say;
use crate::schema::{Field, Frame, FrameId, Schema, Type};
use crate::syntax::tree::Language;
use rust_xlsxwriter::{
    Color, DataValidation, DocProperties, ExcelDateTime, Format, FormatBorder, Note, Workbook,
    Worksheet, XlsxError,
};
use std::collections::BTreeSet;
use std::io::Error;

/// A form, and how the manifest reads it when it is filled in.
#[derive(Debug)]
pub struct Form {
    /// The workbook.
    pub bytes: Vec<u8>,
    /// The tables and lists it has, `表.列表`, each with its sheet where it is not found by itself.
    pub entries: Vec<(String, Option<String>)>,
    /// Lists that no sheet can hold, and why.
    pub left_out: Vec<Bilingual>,
}

/// Choices are offered, and dates and numbers formatted, in so many rows.
const ROWS: u32 = 2000;
/// No sheet has a longer name, in UTF-16 units.
const LONGEST_NAME: usize = 31;
/// What a list of choices may be long in its own cell, in UTF-16 units.
const LONGEST_LIST: usize = 250;

/// The blank workbook of some tables, with their lists.
///
/// # Errors
/// Where a sheet cannot hold what belongs in it.
pub fn form(schema: &Schema, tables: &[FrameId], language: Language) -> Result<Form, Error> {
    let mut writer = Writer {
        schema,
        language,
        taken: BTreeSet::new(),
        choices: Vec::new(),
        form: Form { bytes: Vec::new(), entries: Vec::new(), left_out: Vec::new() },
    };
    writer.write(tables).map_err(Error::other)?;
    Ok(writer.form)
}

struct Writer<'s> {
    schema: &'s Schema,
    language: Language,
    /// Names of sheets.
    taken: BTreeSet<String>,
    /// Choices that are too long for a cell's own list; each is a column of the last sheet.
    choices: Vec<Vec<String>>,
    form: Form,
}

/// A column of a sheet.
struct Heading<'s> {
    name: String,
    field: Option<&'s Field>,
    note: Bilingual,
    is_key: bool,
}

impl<'s> Writer<'s> {
    fn pick<'t>(&self, zh: &'t str, en: &'t str) -> &'t str {
        if self.language == Language::Chinese { zh } else { en }
    }

    fn write(&mut self, tables: &[FrameId]) -> Result<(), XlsxError> {
        let mut book = Workbook::new();
        // The clock is not read: two runs give the same bytes.
        let day = ExcelDateTime::from_ymd(1980, 1, 1)?;
        book.set_properties(&DocProperties::new().set_author("fanshi").set_creation_datetime(&day));
        for table in tables {
            self.frame(&mut book, *table, &[])?;
        }
        if !self.choices.is_empty() {
            let name = self.pick("选项", "choices").to_owned();
            let sheet = book.add_worksheet().set_name(name)?;
            for (column, values) in (0..).zip(&self.choices) {
                for (row, value) in (0..).zip(values) {
                    sheet.write_string(row, column, value)?;
                }
            }
            sheet.set_hidden(true);
        }
        self.form.bytes = book.save_to_buffer()?;
        Ok(())
    }

    /// A sheet for a frame, and one for each list of records in it.
    fn frame(
        &mut self,
        book: &mut Workbook,
        id: FrameId,
        path: &[String],
    ) -> Result<(), XlsxError> {
        let schema = self.schema;
        let Some(frame) = schema.frame(id) else { return Ok(()) };
        let name = self.pick(frame.names.zh(), frame.names.en()).to_owned();
        let path: Vec<String> = path.iter().cloned().chain([name.clone()]).collect();
        let columns = match self.columns(frame) {
            Ok(columns) => columns,
            Err(why) => {
                self.form.left_out.push(why);
                return Ok(());
            }
        };
        let title = self.title(&name);
        let is_found = title == name;
        let sheet = book.add_worksheet().set_name(&title)?;
        for (at, column) in (0..).zip(&columns) {
            self.column(sheet, at, column)?;
        }
        sheet.set_freeze_panes(1, 0)?;
        self.form.entries.push((path.join("."), (!is_found).then_some(title)));
        for field in &frame.fields {
            if let Type::List(list) = field.ty
                && schema.frame(list).is_some_and(|list| !list.plain && list.citations.is_none())
            {
                self.frame(book, list, &path)?;
            }
        }
        Ok(())
    }

    /// The columns of a frame's sheet; a list begins with what names the row it belongs to.
    fn columns(&self, frame: &'s Frame) -> Result<Vec<Heading<'s>>, Bilingual> {
        let mut columns = Vec::new();
        if let Some((parent, _)) = frame.parent
            && let Some(parent) = self.schema.frame(parent).filter(|parent| !parent.single)
        {
            let key = parent.key().and_then(|key| parent.field(key));
            let (own, whole) = (frame.names.zh(), parent.names.zh());
            let Some(key) = key else {
                let en = frame.names.en();
                return Err(say!(
                    "`{own}` 没有工作表：`{whole}` 没有主键，写不出属于哪一行",
                    "`{en}` has no sheet: what it belongs to has no key"
                ));
            };
            let names = if frame.fields.iter().any(|field| field.is_called(key.names.zh())) {
                &parent.names
            } else {
                &key.names
            };
            columns.push(Heading {
                name: self.pick(names.zh(), names.en()).to_owned(),
                field: Some(key),
                note: say!("所属的 `{whole}`，写它的主键", "the row it belongs to, by its key"),
                is_key: true,
            });
        }
        for field in &frame.fields {
            let plain = match field.ty {
                Type::List(list) => self.schema.frame(list).is_some_and(|list| {
                    // A citation that is put together from other fields has no column.
                    let stands = list.citations.map(|citations| citations.of.is_none());
                    stands.unwrap_or(list.plain)
                }),
                _ => true,
            };
            if plain {
                columns.push(Heading {
                    name: self.pick(field.names.zh(), field.names.en()).to_owned(),
                    field: Some(field),
                    note: self.note(field),
                    is_key: field.key,
                });
            }
        }
        Ok(columns)
    }

    /// What is to be written in a column: its type, whether it must be, its unit.
    fn note(&self, field: &Field) -> Bilingual {
        let (zh, en) = self.kind(field.ty);
        let (may_zh, may_en) = if field.key {
            ("主键：每行都填，各不相同", "key: in every row, each different")
        } else if field.optional {
            ("可以空着", "may be left empty")
        } else if field.default.is_some() {
            ("空着就按默认", "left empty, the default holds")
        } else {
            ("必填", "required")
        };
        let words: Vec<&str> = field.readings.iter().map(|(word, _)| &**word).collect();
        let (also_zh, also_en) = match words.as_slice() {
            [] => (String::new(), String::new()),
            _ => (format!("；也可写 {}", words.join("、")), format!("; or {}", words.join(", "))),
        };
        Bilingual::new(format!("{zh}；{may_zh}{also_zh}"), format!("{en}; {may_en}{also_en}"))
    }

    /// What values of a type look like.
    fn kind(&self, ty: Type) -> (String, String) {
        let (zh, en) = match ty {
            Type::Text => ("文本", "text"),
            Type::Integer => ("整数", "whole number"),
            Type::Decimal => ("数", "number"),
            Type::Money => {
                ("金额，元；别的单位写明，如 1.5万元", "amount in yuan, or with its unit: 1.5万元")
            }
            Type::Percent => ("百分比，如 51%", "percentage: 51%"),
            Type::Boolean => ("是 或 否", "yes or no"),
            Type::Date => ("日期，如 2015-11-20", "date: 2015-11-20"),
            Type::Instant => ("日期和时刻，如 2015-11-20 14:30", "date and time: 2015-11-20 14:30"),
            Type::Workdays => ("工作日数", "number of working days"),
            Type::Days => ("日数", "number of days"),
            Type::Months => ("月数", "number of months"),
            Type::Part(_) => return self.kind(ty.whole()),
            Type::Hours => ("小时数，如 2小时30分钟", "number of hours: 2 hours 30 minutes"),
            Type::Minutes => ("分钟数，如 90分钟", "number of minutes: 90 minutes"),
            Type::Enum(_) => ("从选项中选一个", "one of the choices"),
            Type::List(_) => ("可写几个，用“、”隔开", "one or several, with 、 between"),
            Type::Ref(table) => {
                let frame = self.schema.frame(table);
                let (zh, en) = frame.map_or(("", ""), |frame| (frame.names.zh(), frame.names.en()));
                return (format!("`{zh}` 的主键"), format!("the key of a row of `{en}`"));
            }
        };
        (zh.to_owned(), en.to_owned())
    }

    /// A name for a sheet that no other has: at most 31 units, without what a name may not have.
    fn title(&mut self, name: &str) -> String {
        let plain: String = name
            .chars()
            .map(|letter| if "[]:*?/\\'".contains(letter) { '_' } else { letter })
            .collect();
        let cut = |text: &str, units: usize| {
            let mut left = units;
            let fits = |letter: &char| {
                let fits = letter.len_utf16() <= left;
                left = left.saturating_sub(letter.len_utf16());
                fits
            };
            text.chars().take_while(fits).collect::<String>()
        };
        let numbered = (2..).map(|number: u32| {
            let end = number.to_string();
            format!("{}{end}", cut(&plain, LONGEST_NAME - end.len()))
        });
        let mut titles = std::iter::once(cut(&plain, LONGEST_NAME)).chain(numbered);
        let title = titles.find(|title| !self.taken.contains(&title.to_lowercase()));
        let title = title.unwrap_or_default();
        self.taken.insert(title.to_lowercase());
        title
    }

    /// Heading, note, format and choices of a column.
    fn column(
        &mut self,
        sheet: &mut Worksheet,
        at: u16,
        column: &Heading<'_>,
    ) -> Result<(), XlsxError> {
        let color = if column.is_key { Color::RGB(0x00FF_E699) } else { Color::RGB(0x00DD_EBF7) };
        let head = Format::new()
            .set_bold()
            .set_text_wrap()
            .set_background_color(color)
            .set_border(FormatBorder::Thin);
        sheet.write_string_with_format(0, at, &column.name, &head)?;
        let said = self.pick(&column.note.zh, &column.note.en);
        let note = Note::new(said).set_author("fanshi").add_author_prefix(false);
        sheet.insert_note(0, at, &note)?;
        let units = unicode_width::UnicodeWidthStr::width(column.name.as_str());
        sheet.set_column_width(at, f64::from(u32::try_from(units).unwrap_or(8)).max(10.0) + 4.0)?;
        let Some(field) = column.field else { return Ok(()) };
        let shown = match field.ty {
            Type::Date => "yyyy-mm-dd",
            Type::Instant => "yyyy-mm-dd hh:mm",
            Type::Money => "#,##0.00",
            Type::Percent => "0.##%",
            Type::Integer | Type::Workdays | Type::Days | Type::Months => "0",
            Type::Decimal | Type::Part(_) | Type::Hours | Type::Minutes => "General",
            Type::Text | Type::Boolean | Type::Enum(_) | Type::List(_) | Type::Ref(_) => "@",
        };
        sheet.set_column_format(at, &Format::new().set_num_format(shown))?;
        let choices = self.offered(field.ty);
        if choices.is_empty() {
            return Ok(());
        }
        let length: usize = choices.iter().map(|value| value.encode_utf16().count() + 1).sum();
        let plain = !choices.iter().any(|value| value.contains([',', '"']));
        let validation = if length <= LONGEST_LIST && plain {
            DataValidation::new().allow_list_strings(&choices)?
        } else {
            let letter = crate::data::column_name(self.choices.len());
            let sheet = self.pick("选项", "choices");
            let formula = format!("='{sheet}'!${letter}$1:${letter}${}", choices.len());
            self.choices.push(choices);
            DataValidation::new().allow_list_formula(formula.as_str().into())
        };
        sheet.add_data_validation(1, at, ROWS, at, &validation)?;
        Ok(())
    }

    /// What may be chosen for a value of a type.
    fn offered(&self, ty: Type) -> Vec<String> {
        match ty {
            Type::Boolean => {
                let (yes, no) = (self.pick("是", "yes"), self.pick("否", "no"));
                vec![yes.to_owned(), no.to_owned()]
            }
            Type::Enum(id) => self.schema.enumeration(id).map_or_else(Vec::new, |found| {
                let name = |value: &crate::schema::EnumValue| {
                    self.pick(value.names.zh(), value.names.en()).to_owned()
                };
                found.values.iter().map(name).collect()
            }),
            _ => Vec::new(),
        }
    }
}
