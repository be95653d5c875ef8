//! Functions of dates.

use super::axiom::{Axiom, Clock, Part};
use super::{Kind, Returns, Row, Scalar, World};
use crate::schema::{Type, day_date};
use crate::value::instant::TICKS;

const INSTANT: Kind = Kind::Exactly(Type::Instant);

pub(super) const ROWS: &[Row] = &[
    Row {
        zh: "今日",
        en: "today",
        parameters: &[],
        returns: Returns::Type(Type::Date),
        axiom: Axiom::Fixed,
        doc: ("判断所依据的日期", "the day judged for"),
        kernel: |_, world| Some(Scalar::Int(world.today)),
    },
    Row {
        zh: "年",
        en: "year",
        parameters: &[Kind::Day],
        returns: Returns::Type(Type::Integer),
        axiom: Axiom::Part(Part::Year),
        doc: ("日期的年份", "the year of a date"),
        kernel: |arguments, _| part(arguments, |date| i64::from(date.year())),
    },
    Row {
        zh: "月",
        en: "month",
        parameters: &[Kind::Day],
        returns: Returns::Type(Type::Integer),
        axiom: Axiom::Part(Part::Month),
        doc: ("日期的月份", "the month of a date"),
        kernel: |arguments, _| part(arguments, |date| i64::from(date.month())),
    },
    Row {
        zh: "日",
        en: "day",
        parameters: &[Kind::Day],
        returns: Returns::Type(Type::Integer),
        axiom: Axiom::Part(Part::Day),
        doc: ("日期在当月的日数", "the day of the month of a date"),
        kernel: |arguments, _| part(arguments, |date| i64::from(date.day())),
    },
    Row {
        zh: "日期",
        en: "date",
        parameters: &[INSTANT],
        returns: Returns::Type(Type::Date),
        axiom: Axiom::Clock(Clock::Date),
        doc: ("时刻所在的日期（当地）", "the local date of an instant"),
        kernel: |arguments, world| {
            Some(Scalar::Int(world.offset.local(arguments.first()?.int()?).0))
        },
    },
    Row {
        zh: "时",
        en: "hour",
        parameters: &[INSTANT],
        returns: Returns::Type(Type::Integer),
        axiom: Axiom::Clock(Clock::Hour),
        doc: ("时刻的小时（当地）", "the local hour of an instant"),
        kernel: |arguments, world| {
            Some(Scalar::Int(world.offset.local(arguments.first()?.int()?).1 / (3600 * TICKS)))
        },
    },
    Row {
        zh: "分",
        en: "minute",
        parameters: &[INSTANT],
        returns: Returns::Type(Type::Integer),
        axiom: Axiom::Clock(Clock::Minute),
        doc: ("时刻的分钟（当地）", "the local minute of an instant"),
        kernel: |arguments, world| {
            Some(Scalar::Int(world.offset.local(arguments.first()?.int()?).1 / (60 * TICKS) % 60))
        },
    },
    Row {
        zh: "历时",
        en: "elapsed",
        parameters: &[Kind::Day, Kind::Day, Kind::Flag],
        returns: Returns::Type(Type::Workdays),
        axiom: Axiom::Elapsed,
        doc: (
            "前一日之后至后一日（含）的工作日数；第三项为是时含前一日；后一日早于前一日的，没有结果",
            "working days after the first day, up to and including the second; with the first day \
                where the third is true; no result where the second is before the first",
        ),
        kernel: |arguments, world| {
            let (from, to) = two_ints(arguments)?;
            let calendar = world.calendar?;
            if flag(arguments, 2) {
                calendar.elapsed_including(from, to)
            } else {
                calendar.elapsed(from, to)
            }
            .map(Scalar::Int)
        },
    },
    Row {
        zh: "顺延",
        en: "due",
        parameters: &[Kind::Day, Kind::Exactly(Type::Workdays), Kind::Flag],
        returns: Returns::Type(Type::Date),
        axiom: Axiom::Due,
        doc: (
            "该日之后第若干个工作日；第三项为是时自该日起数",
            "the day so many working days after a day; counted from that day itself where the \
                third is true",
        ),
        kernel: |arguments, world: &World<'_>| {
            let (from, count) = two_ints(arguments)?;
            let calendar = world.calendar?;
            if flag(arguments, 2) {
                calendar.due_including(from, count)
            } else {
                calendar.due(from, count)
            }
            .map(Scalar::Int)
        },
    },
];

fn part<'a>(
    arguments: &[Scalar<'a>],
    read: impl Fn(jiff::civil::Date) -> i64,
) -> Option<Scalar<'a>> {
    let date = day_date(arguments.first()?.int()?)?;
    Some(Scalar::Int(read(date)))
}

fn two_ints(arguments: &[Scalar<'_>]) -> Option<(i64, i64)> {
    Some((arguments.first()?.int()?, arguments.get(1)?.int()?))
}

/// Whether the start day counts: an argument that may be left out.
fn flag(arguments: &[Scalar<'_>], at: usize) -> bool {
    arguments.get(at) == Some(&Scalar::Bool(true))
}
