//! Rank 5: values as cells that are read back as the same values.

use super::mark::At;
use super::style;
use crate::builtin::citation::Part;
use crate::engine::Run;
use crate::schema::{FieldId, FrameId, Type};
use crate::syntax::tree::Language;
use crate::value::date::day_date;
use crate::value::number::format_ratio;
use crate::value::{Ratio, Values};
use crate::why::Fact;
use jiff::civil::Date;

/// Whole numbers up to here are exact in a workbook.
const EXACT: u64 = 999_999_999_999_999;

/// What a cell holds.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell {
    /// Nothing was given.
    Empty,
    Text(String),
    Number(f64),
    Date(Date),
}

/// A value as declared: as it was read, or as it stands in the file where it could not be read.
pub(super) fn cell(run: &Run, (frame, row, field): At, language: Language) -> Cell {
    let read = stored(run, frame, row, field, language);
    read.or_else(|| run.unread_text(Fact { frame, row, field }).map(Cell::Text))
        .unwrap_or(Cell::Empty)
}

/// Whether a row says what it has in a field.
pub(super) fn is_given(run: &Run, (frame, row, field): At) -> bool {
    run.evaluator
        .frame(frame)
        .and_then(|data| data.column(field))
        .is_some_and(|column| column.present.get(row))
}

/// The signs between values of one cell.
const BETWEEN: [char; 3] = ['、', ';', '；'];

/// Whether a list of plain values is read back from one cell as it is.
pub(super) fn in_one_cell(run: &Run, at: At, list: FrameId) -> bool {
    let texts: Vec<String> = elements(run, at, list, Language::Chinese).collect();
    let length: usize = texts.iter().map(|text| text.encode_utf16().count() + 2).sum();
    length < style::LONGEST
        && texts.iter().all(|text| {
            let is_apart = text.starts_with(['《', '【']) || !text.contains(BETWEEN);
            !text.is_empty() && text.trim() == text && is_apart
        })
}

/// A list of plain values in one cell: a sign alone where it has none, nothing where it was not
/// given.
pub(super) fn several(run: &Run, at: At, list: FrameId, language: Language) -> Cell {
    let texts: Vec<String> = elements(run, at, list, language).collect();
    match (texts.is_empty(), is_given(run, at)) {
        (false, _) => {
            Cell::Text(texts.join(if language == Language::Chinese { "、" } else { "; " }))
        }
        (true, true) => Cell::Text(";".to_owned()),
        (true, false) => run
            .unread_text(Fact { frame: at.0, row: at.1, field: at.2 })
            .map_or(Cell::Empty, Cell::Text),
    }
}

/// The elements of a list of plain values, or of citations, as one cell shows each.
pub(super) fn elements<'x>(
    run: &'x Run,
    (_, row, _): At,
    list: FrameId,
    language: Language,
) -> impl Iterator<Item = String> + 'x {
    let elements = run.evaluator.frame(list).map(|data| data.elements(row)).unwrap_or_default();
    let is_cited = run.schema().frame(list).is_some_and(|list| list.citations.is_some());
    elements.map(move |element| match cell(run, (list, element, FieldId(0)), language) {
        _ if is_cited => cited(run, list, element),
        Cell::Empty => String::new(),
        Cell::Text(text) => text,
        Cell::Number(number) => number.to_string(),
        Cell::Date(day) => day.to_string(),
    })
}

/// A citation, as a cell is read.
fn cited(run: &Run, list: FrameId, element: usize) -> String {
    let part = |part: Part| {
        let column = run.evaluator.frame(list)?.columns.get(part.index())?;
        match &column.values {
            Values::Texts(texts) if column.present.get(element) => {
                Some(texts.get(element).replace(['\n', '\r'], ""))
            }
            _ => None,
        }
    };
    let (label, title) = (part(Part::Label), part(Part::Title).unwrap_or_default());
    let label = label.map_or_else(String::new, |label| format!("【{label}】"));
    let words = part(Part::Words).map_or_else(String::new, |words| format!("：“{words}”"));
    format!("{label}《{title}》{}{words}", part(Part::Place).unwrap_or_default())
}

fn stored(
    run: &Run,
    frame: FrameId,
    row: usize,
    field: FieldId,
    language: Language,
) -> Option<Cell> {
    let schema = &run.program().schema;
    let ty = schema.field(frame, field)?.ty;
    let column = run.evaluator.frame(frame)?.column(field)?;
    if !column.present.get(row) {
        return None;
    }
    Some(match (&column.values, ty) {
        (Values::Texts(texts), _) => Cell::Text(texts.get(row).to_owned()),
        (Values::Bits(bits), _) => Cell::Text(
            style::truth(language)
                .get(usize::from(bits.get(row)))
                .copied()
                .unwrap_or("")
                .to_owned(),
        ),
        (Values::Ratios(values), Type::Percent) => {
            Cell::Text(format!("{}%", format_ratio(*values.get(row)? * Ratio::from_integer(100))))
        }
        (Values::Ratios(values), _) => decimal(&format_ratio(*values.get(row)?)),
        (Values::Ints(values), _) => integer(run, ty, *values.get(row)?, language)?,
        (Values::Dropped, _) => return None,
    })
}

fn integer(run: &Run, ty: Type, value: i64, language: Language) -> Option<Cell> {
    let schema = &run.program().schema;
    Some(match ty {
        Type::Enum(id) => {
            let names = &schema.enumeration(id)?.values.get(usize::try_from(value).ok()?)?.names;
            Cell::Text(language.called(names).to_owned())
        }
        Type::Ref(table) => {
            let key = schema.frame(table)?.key()?;
            stored(run, table, usize::try_from(value).ok()?, key, language)?
        }
        Type::Date => day_date(value).map_or(Cell::Empty, |day| {
            if day.year() >= 1900 { Cell::Date(day) } else { Cell::Text(day.to_string()) }
        }),
        Type::Instant => Cell::Text(schema.offset.show(value)),
        _ => number(value),
    })
}

#[expect(clippy::cast_precision_loss, reason = "numbers of up to 15 digits are exact")]
fn number(value: i64) -> Cell {
    let exact = value.unsigned_abs() <= EXACT;
    if exact { Cell::Number(value as f64) } else { Cell::Text(value.to_string()) }
}

/// A decimal as a number where a workbook keeps all of its digits.
fn decimal(text: &str) -> Cell {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    match text.parse() {
        Ok(number) if digits <= 15 => Cell::Number(number),
        _ => Cell::Text(text.to_owned()),
    }
}
