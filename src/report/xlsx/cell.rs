//! Rank 5: values as cells that are read back as the same values.

use crate::schema::{FieldId, FrameId, Type};
use crate::syntax::tree::Language;
use crate::value::date::day_date;
use crate::value::number::format_ratio;
use crate::value::{Ratio, Values};
use crate::verdict::{Explainer, Fact};
use jiff::civil::Date;

/// Whole numbers up to here are exact in a workbook.
const EXACT: i64 = 999_999_999_999_999;

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
pub(super) fn cell(explainer: &Explainer<'_, '_>, (frame, row, field): super::At, language: Language) -> Cell {
    let read = stored(explainer, frame, row, field, language);
    read.or_else(|| explainer.unread_text(Fact { frame, row, field }).map(Cell::Text)).unwrap_or(Cell::Empty)
}

fn stored(explainer: &Explainer<'_, '_>, frame: FrameId, row: usize, field: FieldId, language: Language) -> Option<Cell> {
    let schema = &explainer.program().schema;
    let ty = schema.field(frame, field)?.ty;
    let column = explainer.evaluator.frame(frame)?.column(field)?;
    if !column.present.get(row) {
        return None;
    }
    Some(match (&column.values, ty) {
        (Values::Texts(texts), _) => Cell::Text(texts.get(row).to_owned()),
        (Values::Bits(bits), _) => {
            let names = if language == Language::Chinese { ["否", "是"] } else { ["false", "true"] };
            Cell::Text(names.get(usize::from(bits.get(row))).copied().unwrap_or("").to_owned())
        }
        (Values::Ratios(values), Type::Percent) => Cell::Text(format!("{}%", format_ratio(*values.get(row)? * Ratio::from_integer(100)))),
        (Values::Ratios(values), _) => decimal(&format_ratio(*values.get(row)?)),
        (Values::Ints(values), _) => integer(explainer, ty, *values.get(row)?, language)?,
        (Values::Dropped, _) => return None,
    })
}

fn integer(explainer: &Explainer<'_, '_>, ty: Type, value: i64, language: Language) -> Option<Cell> {
    let schema = &explainer.program().schema;
    Some(match ty {
        Type::Enum(id) => {
            let names = &schema.enumeration(id)?.values.get(usize::try_from(value).ok()?)?.names;
            Cell::Text(if language == Language::Chinese { names.zh() } else { names.en() }.to_owned())
        }
        Type::Ref(table) => {
            let key = schema.frame(table)?.key()?;
            stored(explainer, table, usize::try_from(value).ok()?, key, language)?
        }
        Type::Date => {
            day_date(value).map_or(Cell::Empty, |day| if day.year() >= 1900 { Cell::Date(day) } else { Cell::Text(day.to_string()) })
        }
        Type::Instant => Cell::Text(schema.offset.show(value)),
        _ => number(value),
    })
}

#[expect(clippy::cast_precision_loss, reason = "numbers of up to 15 digits are exact")]
fn number(value: i64) -> Cell {
    if value.abs() <= EXACT { Cell::Number(value as f64) } else { Cell::Text(value.to_string()) }
}

/// A decimal as a number where a workbook keeps all of its digits.
fn decimal(text: &str) -> Cell {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    match text.parse() {
        Ok(number) if digits <= 15 => Cell::Number(number),
        _ => Cell::Text(text.to_owned()),
    }
}
