//! Values as people read them.

use crate::builtin::Scalar;
use crate::diagnostic::Bilingual;
use crate::eval::Evaluator;
use crate::finding::Length;
use crate::say;
use crate::schema::{FieldId, FrameId, Type, day_date};
use crate::value::instant::TICKS;
use crate::value::number::format_ratio;
use crate::value::{Column, Ratio, Values};
use std::borrow::Cow;

/// Shows values of one run.
///
/// # Examples
///
/// ```
/// use fanshi::{FieldId, FrameId, Options, Project};
///
/// let run = Project::read("examples/library".as_ref()).run(&Options::default());
/// let pages = run.show().field(FrameId(1), 1, FieldId(2)).unwrap();
/// assert_eq!(pages.en, "610");
/// ```
#[derive(Clone, Copy)]
pub struct Show<'e> {
    /// The run.
    pub evaluator: &'e Evaluator,
    /// How long texts are.
    pub length: Length,
}

impl<'e> Show<'e> {
    /// A row's key, whole and as declared; that of the row it refers to where it is a reference.
    /// `None` where there is none, or it is missing or cannot be read.
    #[must_use]
    pub fn key(&self, frame: FrameId, row: usize) -> Option<Cow<'e, str>> {
        let field = self.evaluator.graph.program.schema.frame(frame)?.key()?;
        let column = self.evaluator.frame(frame)?.column(field)?;
        match stored(column, row)? {
            Scalar::Text(text) => Some(text),
            _ => Some(self.whole(frame, row, field)?.zh.into()),
        }
    }
}

impl Show<'_> {
    /// A value of a type.
    #[must_use]
    pub fn scalar(&self, ty: Type, value: &Scalar<'_>) -> Bilingual {
        match (ty, value) {
            (Type::Enum(_) | Type::Ref(_), Scalar::Int(index)) => self.named(ty, *index),
            (Type::Date, Scalar::Int(day)) => Bilingual::same(
                day_date(*day).map_or_else(|| day.to_string(), |date| date.to_string()),
            ),
            (Type::Instant, Scalar::Int(instant)) => {
                Bilingual::same(self.evaluator.graph.program.schema.offset.show(*instant))
            }
            (Type::Hours | Type::Minutes, Scalar::Int(ticks)) => span(ty, *ticks),
            (_, Scalar::Int(value)) => with_unit(ty, value.to_string()),
            (Type::Percent, Scalar::Ratio(value)) => {
                Bilingual::same(format!("{}%", format_ratio(*value * Ratio::from_integer(100))))
            }
            // In which currency the amount is that a rule works out, nobody says.
            (Type::Money, Scalar::Ratio(value)) if self.holds_foreign() => {
                Bilingual::same(format_ratio(*value))
            }
            (_, Scalar::Ratio(value)) => with_unit(ty, format_ratio(*value)),
            (_, Scalar::Text(text)) => {
                let text = self.length.text(text);
                Bilingual::new(format!("“{text}”"), format!("\"{text}\""))
            }
            (_, Scalar::Bool(value)) => {
                if *value {
                    Bilingual::new("是", "true")
                } else {
                    Bilingual::new("否", "false")
                }
            }
            (_, Scalar::Ints(values)) => Bilingual::same(format!("{values:?}")),
        }
    }

    /// Whether any amounts of the run are not in yuan.
    fn holds_foreign(&self) -> bool {
        let frames = (0..).map(FrameId).map_while(|id| self.evaluator.frame(id));
        frames.into_iter().any(|frame| !frame.currencies.is_empty())
    }

    /// An amount of a field that is not in yuan.
    fn amount(&self, (frame, field): (FrameId, FieldId), value: &Scalar<'_>) -> Option<Bilingual> {
        let currency = self.evaluator.frame(frame)?.currencies.get(&field)?;
        let Scalar::Ratio(value) = value else { return None };
        let number = format_ratio(*value);
        Some(if currency.zh.is_empty() {
            Bilingual::same(number)
        } else {
            Bilingual::new(format!("{number} {}", currency.zh), format!("{number} {}", currency.en))
        })
    }

    fn named(&self, ty: Type, index: i64) -> Bilingual {
        let schema = &self.evaluator.graph.program.schema;
        let Ok(row) = usize::try_from(index) else { return Bilingual::same(index.to_string()) };
        match ty {
            Type::Enum(id) => {
                schema.enumeration(id).and_then(|found| found.values.get(row)).map_or_else(
                    || Bilingual::same("?"),
                    |value| Bilingual::new(value.names.zh(), value.names.en()),
                )
            }
            Type::Ref(frame) => match self.key(frame, row) {
                Some(key) => Bilingual::same(self.length.key(&key)),
                None => numbered(row),
            },
            _ => Bilingual::same(index.to_string()),
        }
    }

    /// A stored field of a row; `None` where it is not there or was not kept.
    #[must_use]
    pub fn field(&self, frame: FrameId, row: usize, field: FieldId) -> Option<Bilingual> {
        let column = self.evaluator.frame(frame)?.column(field)?;
        let ty = self.evaluator.graph.program.schema.field(frame, field)?.ty;
        let value = stored(column, row)?;
        Some(self.amount((frame, field), &value).unwrap_or_else(|| self.scalar(ty, &value)))
    }

    /// A stored field of a row, with no text cut short and none in quotation marks.
    #[must_use]
    pub fn whole(&self, frame: FrameId, row: usize, field: FieldId) -> Option<Bilingual> {
        let column = self.evaluator.frame(frame)?.column(field)?;
        let ty = self.evaluator.graph.program.schema.field(frame, field)?.ty;
        match (stored(column, row)?, ty) {
            (Scalar::Text(text), _) => Some(Bilingual::same(text.to_string())),
            (Scalar::Int(row), Type::Ref(target)) => {
                let row = usize::try_from(row).ok()?;
                Some(self.key(target, row).map_or_else(|| numbered(row), Bilingual::same))
            }
            (value, _) => {
                Some(self.amount((frame, field), &value).unwrap_or_else(|| self.scalar(ty, &value)))
            }
        }
    }
}

impl Show<'_> {
    /// What a group is called, by the value of a type that it has in common: whole, and a text
    /// without quotation marks.
    #[must_use]
    pub fn group(&self, ty: Type, value: &Scalar<'_>) -> Bilingual {
        match (ty, value) {
            (_, Scalar::Text(text)) => Bilingual::same(text.to_string()),
            _ => Show { length: Length::Whole, ..*self }.scalar(ty, value),
        }
    }
}

/// What a row without a readable key is called: by its number, from 1.
fn numbered(row: usize) -> Bilingual {
    let number = row + 1;
    say!("第 {number} 行", "row {number}")
}

/// A stored value.
fn stored(column: &Column, row: usize) -> Option<Scalar<'_>> {
    if !column.present.get(row) {
        return None;
    }
    match &column.values {
        Values::Bits(bits) => Some(Scalar::Bool(bits.get(row))),
        Values::Ints(values) => values.get(row).copied().map(Scalar::Int),
        Values::Ratios(values) => values.get(row).copied().map(Scalar::Ratio),
        Values::Texts(texts) => Some(Scalar::Text(texts.get(row).into())),
        Values::Dropped => None,
    }
}

/// A span of the clock in hours and minutes, with seconds only where there are any; nothing at all
/// in the unit of its type.
fn span(ty: Type, ticks: i64) -> Bilingual {
    let size = i128::from(ticks).abs();
    let tick = i128::from(TICKS);
    let (hours, minutes) = (size / (3600 * tick), size / (60 * tick) % 60);
    let seconds = Ratio::new(size % (60 * tick), tick);
    let mut parts: Vec<(String, &str, &str)> = Vec::new();
    if hours > 0 || size == 0 && ty == Type::Hours {
        parts.push((hours.to_string(), "小时", "hour"));
    }
    if minutes > 0 || size == 0 && ty == Type::Minutes {
        parts.push((minutes.to_string(), "分钟", "minute"));
    }
    if seconds > 0.into() {
        parts.push((format_ratio(seconds), "秒", "second"));
    }
    let sign = if ticks < 0 { "-" } else { "" };
    let zh: Vec<String> = parts.iter().map(|(number, zh, _)| format!("{number} {zh}")).collect();
    let en = parts.iter().map(|(number, _, en)| match number.as_str() {
        "1" => format!("1 {en}"),
        _ => format!("{number} {en}s"),
    });
    let en: Vec<String> = en.collect();
    Bilingual::new(format!("{sign}{}", zh.join(" ")), format!("{sign}{}", en.join(" ")))
}

fn with_unit(ty: Type, number: String) -> Bilingual {
    let one = matches!(number.as_str(), "1" | "-1");
    let (zh, en) = match ty.whole() {
        Type::Workdays => (" 个工作日", if one { " workday" } else { " workdays" }),
        Type::Days => (" 日", if one { " day" } else { " days" }),
        Type::Months => (" 个月", if one { " month" } else { " months" }),
        Type::Money => (" 元", " yuan"),
        _ => ("", ""),
    };
    Bilingual { zh: format!("{number}{zh}"), en: format!("{number}{en}") }
}
