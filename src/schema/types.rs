//! Types of values, and the values that stand in policies.

use super::{EnumId, FrameId};
use crate::value::date::{self, day_number};
use crate::value::{Ratio, instant};
use std::sync::Arc;

/// The type of a value.
///
/// # Examples
///
/// ```
/// use fanshi::{FieldId, FrameId, Options, Project, Type};
///
/// let policy = Project::read("examples/library".as_ref()).policy(&Options::default());
/// let shelf = policy.schema().field(FrameId(1), FieldId(1)).unwrap();
/// assert_eq!(shelf.ty, Type::Ref(FrameId(0)));
/// assert_eq!(shelf.ty.table(), Some(FrameId(0)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// 文本.
    Text,
    /// 整数.
    Integer,
    /// 小数: an exact rational.
    Decimal,
    /// 金额: an exact number of yuan.
    Money,
    /// 百分比: an exact rational, 51% is 51/100.
    Percent,
    /// 是否.
    Boolean,
    /// 日期: days since 1970-01-01.
    Date,
    /// 时刻: ticks since 1970-01-01 UTC, see [`crate::value::instant`].
    Instant,
    /// 工作日.
    Workdays,
    /// 日.
    Days,
    /// 月.
    Months,
    /// A part of a number of working days, days or months, which need not be whole: half of a
    /// limit.
    Part(SpanUnit),
    /// 小时: stored in ticks, as instants are.
    Hours,
    /// 分钟: stored in ticks.
    Minutes,
    /// One of an enum's values, by index.
    Enum(EnumId),
    /// A row of a table, by row number.
    Ref(FrameId),
    /// The elements of a nested list.
    List(FrameId),
}

/// What spans of time are counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SpanUnit {
    /// 工作日.
    Workdays,
    /// 日.
    Days,
    /// 月.
    Months,
}

/// How a column of a type is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Physical {
    /// One bit a row.
    Bits,
    /// `i64`.
    Ints,
    /// `Ratio<i128>`.
    Ratios,
    /// UTF-8.
    Texts,
    /// A nested frame: no column of its own.
    Frame,
}

impl Type {
    /// The table a reference refers to.
    #[must_use]
    pub fn table(self) -> Option<FrameId> {
        if let Self::Ref(table) = self { Some(table) } else { None }
    }

    /// The least and the greatest value that data can hold, as stored: what readers let pass.
    /// `None` for what is no number, and for enums, whose values are counted by their declaration.
    #[must_use]
    pub fn bounds(self) -> Option<(Ratio, Ratio)> {
        let whole = |low: i64, high: i64| {
            (Ratio::from_integer(low.into()), Ratio::from_integer(high.into()))
        };
        let exact = |part: Ratio| (-part, part);
        match self {
            Self::Integer
            | Self::Workdays
            | Self::Days
            | Self::Months
            | Self::Hours
            | Self::Minutes => Some(whole(i64::MIN, i64::MAX)),
            Self::Decimal | Self::Money | Self::Part(_) => {
                Some(exact(Ratio::from_integer(i128::MAX)))
            }
            Self::Percent => Some(exact(Ratio::new(i128::MAX, 100))),
            Self::Date => Some(whole(day_number(date::FIRST), day_number(date::LAST))),
            Self::Instant => {
                let (low, high) = instant::bounds();
                Some(whole(low, high))
            }
            Self::Text | Self::Boolean | Self::Enum(_) | Self::Ref(_) | Self::List(_) => None,
        }
    }

    /// Whether values of this type are numbers or quantities.
    #[must_use]
    pub fn is_numeric(self) -> bool {
        matches!(
            self,
            Self::Integer
                | Self::Decimal
                | Self::Money
                | Self::Percent
                | Self::Workdays
                | Self::Days
                | Self::Months
                | Self::Hours
                | Self::Minutes
                | Self::Part(_)
        )
    }

    /// The type of its whole values: parts of working days are counted in working days.
    #[must_use]
    pub fn whole(self) -> Self {
        match self {
            Self::Part(SpanUnit::Workdays) => Self::Workdays,
            Self::Part(SpanUnit::Days) => Self::Days,
            Self::Part(SpanUnit::Months) => Self::Months,
            other => other,
        }
    }

    /// The type of what is left of its values when they are divided.
    #[must_use]
    pub fn part(self) -> Self {
        match self {
            Self::Workdays => Self::Part(SpanUnit::Workdays),
            Self::Days => Self::Part(SpanUnit::Days),
            Self::Months => Self::Part(SpanUnit::Months),
            other => other,
        }
    }

    /// Whether values of this type are spans of the clock: hours and minutes, which are one kind.
    #[must_use]
    pub fn is_span(self) -> bool {
        matches!(self, Self::Hours | Self::Minutes)
    }

    /// How much of what is stored one of its unit is: ticks in an hour, in a minute; 1 for all else.
    #[must_use]
    pub fn scale(self) -> i64 {
        match self {
            Self::Hours => 3600 * instant::TICKS,
            Self::Minutes => 60 * instant::TICKS,
            _ => 1,
        }
    }

    /// Whether values of this type are whole numbers as stored.
    #[must_use]
    pub fn is_whole(self) -> bool {
        !matches!(self, Self::Decimal | Self::Money | Self::Percent | Self::Part(_))
    }

    /// How a column of this type is stored.
    #[must_use]
    pub fn physical(self) -> Physical {
        match self {
            Self::Boolean => Physical::Bits,
            Self::Text => Physical::Texts,
            Self::Decimal | Self::Money | Self::Percent | Self::Part(_) => Physical::Ratios,
            Self::List(_) => Physical::Frame,
            _ => Physical::Ints,
        }
    }
}

/// A value that stands in a policy: a default, a reading, a parameter.
///
/// # Examples
///
/// ```
/// use fanshi::{Constant, Policy, Settings, Source, Texts};
///
/// let text = "policy library\ntable book { pages : integer default 100 }";
/// let texts = Texts::from_iter([Source::new("library.fan", text)]);
/// let policy = Policy::compile(texts, &Settings::default());
/// assert_eq!(policy.schema().frames[0].fields[0].default, Some(Constant::Int(100)));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Constant {
    /// Text.
    Text(Arc<str>),
    /// Integers, dates (days since 1970-01-01), instants, durations, enum indices.
    Int(i64),
    /// Decimals, money, percentages.
    Ratio(crate::value::Ratio),
    /// Truth values.
    Bool(bool),
    /// A list without elements: the default of a list that may be left out.
    Empty,
}
