//! The periods a day lies in: each is known by its first day, so that days of one period have the
//! same.

use super::axiom::{Axiom, Part, Period};
use super::{Kernel, Kind, Returns, Row, Scalar};
use crate::schema::{Type, day_date, day_number};
use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

const fn row(
    (zh, en): (&'static str, &'static str),
    part: Part,
    doc: (&'static str, &'static str),
    kernel: Kernel,
) -> Row {
    let ty = match part {
        Part::First(_) | Part::Last(_) => Type::Date,
        _ => Type::Integer,
    };
    let axiom = Axiom::Part(part);
    Row { zh, en, parameters: &[Kind::Day], returns: Returns::Type(ty), axiom, doc, kernel }
}

pub(super) const ROWS: &[Row] = &[
    row(
        ("星期", "weekday"),
        Part::Weekday,
        ("星期几，周一为 1", "the day of the week, Monday 1"),
        |arguments, _| {
            Some(Scalar::Int(i64::from(given(arguments)?.weekday().to_monday_one_offset())))
        },
    ),
    row(
        ("季度", "quarter"),
        Part::Quarter,
        ("第几季度", "the quarter of the year"),
        |arguments, _| Some(Scalar::Int(i64::from((given(arguments)?.month() - 1) / 3 + 1))),
    ),
    row(
        ("周首日", "week_start"),
        Part::First(Period::Week),
        ("所在周的周一", "the Monday of its week"),
        |arguments, _| day(week_start(given(arguments)?)),
    ),
    row(
        ("周末日", "week_end"),
        Part::Last(Period::Week),
        ("所在周的周日", "the Sunday of its week"),
        |arguments, _| day(week_start(given(arguments)?)?.checked_add(6.days()).ok()),
    ),
    row(
        ("月首日", "month_start"),
        Part::First(Period::Month),
        ("所在月的第一天", "the first day of its month"),
        |arguments, _| day(Some(given(arguments)?.first_of_month())),
    ),
    row(
        ("月末日", "month_end"),
        Part::Last(Period::Month),
        ("所在月的最后一天", "the last day of its month"),
        |arguments, _| day(Some(given(arguments)?.last_of_month())),
    ),
    row(
        ("季首日", "quarter_start"),
        Part::First(Period::Quarter),
        ("所在季度的第一天", "the first day of its quarter"),
        |arguments, _| day(quarter_start(given(arguments)?)),
    ),
    row(
        ("季末日", "quarter_end"),
        Part::Last(Period::Quarter),
        ("所在季度的最后一天", "the last day of its quarter"),
        |arguments, _| {
            day(quarter_start(given(arguments)?)?
                .checked_add(2.months())
                .ok()
                .map(Date::last_of_month))
        },
    ),
    row(
        ("年首日", "year_start"),
        Part::First(Period::Year),
        ("所在年的第一天", "the first day of its year"),
        |arguments, _| day(Some(given(arguments)?.first_of_year())),
    ),
    row(
        ("年末日", "year_end"),
        Part::Last(Period::Year),
        ("所在年的最后一天", "the last day of its year"),
        |arguments, _| day(Some(given(arguments)?.last_of_year())),
    ),
];

fn given(arguments: &[Scalar<'_>]) -> Option<Date> {
    day_date(arguments.first()?.int()?)
}

fn day<'a>(date: Option<Date>) -> Option<Scalar<'a>> {
    date.map(|date| Scalar::Int(day_number(date)))
}

fn week_start(date: Date) -> Option<Date> {
    date.checked_sub(i64::from(date.weekday().since(Weekday::Monday)).days()).ok()
}

fn quarter_start(date: Date) -> Option<Date> {
    date.first_of_month().checked_sub(i64::from((date.month() - 1) % 3).months()).ok()
}
