//! Dates and instants as people write them.

use crate::data::fault::Unfit;
use crate::schema::day_number;
use crate::value::instant::{self, NoTime, Offset};
use num_traits::ToPrimitive;

/// `2015-11-20`, `2015/11/20`, `2015.11.20`, `2015年11月20日`, `20151120`; a time of day only if it
/// is midnight.
pub fn read_date(plain: &str) -> Result<i64, Unfit> {
    let (date, time) = match plain.split_once(['T', ' ']) {
        Some((date, time)) if !time.trim().is_empty() => (date, time.trim()),
        _ => (plain, ""),
    };
    let day = read_day(date)?;
    match time {
        "" | "00:00" | "0:00" | "00:00:00" | "0:00:00" | "00:00:00Z" => Ok(day),
        _ => Err(Unfit::TimeOfDay),
    }
}

/// A day and a time of day, local unless it says its offset; `20150902143000` too.
pub fn read_instant(plain: &str, local: Offset) -> Result<i64, Unfit> {
    let digits = plain.len() == 14 && plain.bytes().all(|byte| byte.is_ascii_digit());
    let compact = plain.get(8..).filter(|_| digits).map(|time| {
        let part = |at: usize| time.get(at..at + 2).unwrap_or("");
        format!("{}:{}:{}", part(0), part(2), part(4))
    });
    let (date, time) = match (&compact, instant::split(plain)) {
        (Some(time), _) => (plain.get(..8).unwrap_or(""), time.as_str()),
        (None, Some(parts)) => parts,
        (None, None) => return Err(read_day(plain).map_or_else(|unfit| unfit, |_| Unfit::NoTime)),
    };
    let day = read_day(date)?;
    let time = instant::parse_time(time).map_err(|problem| match problem {
        NoTime::Form => Unfit::Form,
        NoTime::NoSuchTime => Unfit::NoSuchTime,
        NoTime::TooFine => Unfit::TooFine,
    })?;
    local.instant(day, time).ok_or(Unfit::Range)
}

/// A date alone.
fn read_day(date: &str) -> Result<i64, Unfit> {
    let (year, month, day) = date_parts(date.trim()).ok_or(Unfit::Form)?;
    let number = |part: &str| part.parse::<i16>().ok();
    let date = match (number(year), number(month), number(day)) {
        (Some(year), Some(month), Some(day)) => {
            jiff::civil::Date::new(year, month.to_i8().unwrap_or(0), day.to_i8().unwrap_or(0))
        }
        _ => return Err(Unfit::Form),
    };
    date.map(day_number).map_err(|_| Unfit::NoSuchDay)
}

/// The three parts of a date, each of digits.
fn date_parts(date: &str) -> Option<(&str, &str, &str)> {
    let (year, month, day) = if let Some((year, rest)) = date.split_once('年') {
        let (month, rest) = rest.split_once('月')?;
        (year, month, rest.strip_suffix('日')?)
    } else if let Some(separator) = ['-', '/', '.'].into_iter().find(|&c| date.contains(c)) {
        let mut parts = date.splitn(3, separator);
        (parts.next()?, parts.next()?, parts.next()?)
    } else if date.len() == 8 {
        (date.get(..4)?, date.get(4..6)?, date.get(6..)?)
    } else {
        return None;
    };
    let digits = |part: &str, lengths: std::ops::RangeInclusive<usize>| {
        lengths.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    (digits(year, 4..=4) && digits(month, 1..=2) && digits(day, 1..=2))
        .then_some((year, month, day))
}
