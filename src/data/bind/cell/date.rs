//! Dates and instants as people write them.

use crate::data::DateOrder;
use crate::data::bind::conventions::Conventions;
use crate::data::fault::Unfit;
use crate::schema::day_number;
use crate::value::instant::{self, NoTime, Offset};
use crate::value::numeral;
use num_traits::ToPrimitive;
use std::borrow::Cow;

/// `2015-11-20`, `2015/11/20`, `2015.11.20`, `2015年11月20日`, `20151120`, with or without the weekday
/// behind it; the day first or the month first where the manifest says so. A time of day only if it
/// is midnight, or where the manifest says that an instant stands for its local day.
pub fn read_date(plain: &str, local: Offset, conventions: &Conventions) -> Result<i64, Unfit> {
    if let Some(day) = written_out(plain) {
        return Ok(day);
    }
    let order = conventions.order;
    let usual = usual(plain);
    let (plain, weekday) = weekday_behind(&usual);
    let is_moment = compact(plain).is_some() || instant::split(plain).is_some();
    let day =
        if is_moment { local_day(plain, local, conventions)? } else { read_day(plain, order)? };
    match weekday {
        Some(weekday) if (day + 3).rem_euclid(7) != weekday => Err(Unfit::Weekday),
        _ => Ok(day),
    }
}

/// The day of `2015-11-20`, which is read alike whatever else a file says: most cells are written so.
pub fn written_out(plain: &str) -> Option<i64> {
    let bytes: &[u8; 10] = plain.as_bytes().try_into().ok()?;
    let [y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1] = *bytes else { return None };
    let number = |digits: &[u8]| {
        digits.iter().try_fold(0_i16, |number, digit| {
            digit.is_ascii_digit().then(|| number * 10 + i16::from(digit - b'0'))
        })
    };
    let (year, month, day) = (number(&[y0, y1, y2, y3])?, number(&[m0, m1])?, number(&[d0, d1])?);
    let date = jiff::civil::Date::new(year, month.to_i8()?, day.to_i8()?);
    date.map(day_number).ok()
}

/// The local day of a day with a time of day behind it: of midnight, or where the manifest says that
/// an instant stands for its day.
fn local_day(plain: &str, local: Offset, conventions: &Conventions) -> Result<i64, Unfit> {
    if let Some((date, "000000")) = plain.split_once([' ', 'T']) {
        return read_day(date, conventions.order);
    }
    let instant = match read_instant(plain, local, conventions.order) {
        // `下午2点` is a time of day, too.
        Err(Unfit::Form) if !conventions.timestamps => {
            let (date, time) = instant::split(plain).ok_or(Unfit::Form)?;
            read_day(date, conventions.order)?;
            let is_time = time.contains(char::is_numeric);
            return Err(if is_time { Unfit::TimeOfDay(None) } else { Unfit::Form });
        }
        read => read?,
    };
    let (day, time) = local.local(instant);
    if time == 0 || conventions.timestamps {
        return Ok(day);
    }
    let offset = instant::split(plain).and_then(|(_, time)| instant::parse_time(time).ok()?.1);
    let is_foreign = offset.is_some_and(|offset| offset != local);
    Err(Unfit::TimeOfDay(is_foreign.then(|| local.show(instant))))
}

/// A date in the usual form, with what stands behind it: `二〇一五年三月八日`, `2015 年 11 月 20 日`,
/// `2015年11月20号`, `2015/ 11/ 20`.
fn usual(plain: &str) -> Cow<'_, str> {
    if let Some(usual) = in_characters(plain) {
        return Cow::Owned(usual);
    }
    if !["/ ", "- ", ". "].iter().any(|gap| plain.contains(gap)) {
        return Cow::Borrowed(plain);
    }
    Cow::Owned(plain.replace("/ ", "/").replace("- ", "-").replace(". ", "."))
}

/// A date with `年`, `月` and `日`, in digits and without blanks.
fn in_characters(plain: &str) -> Option<String> {
    let (year, rest) = plain.split_once('年')?;
    let (month, rest) = rest.split_once('月')?;
    let (day, behind) = rest.split_once(['日', '号'])?;
    let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let number = |part: &str| {
        let part = part.trim();
        if is_digits(part) {
            return Some(part.to_owned());
        }
        numeral::read(part).map(|number| number.to_string())
    };
    let year = year.trim();
    let year = if is_digits(year) { year.to_owned() } else { numeral::figures(year)? };
    Some(format!("{year}年{}月{}日{behind}", number(month)?, number(day)?))
}

/// A text without the weekday at its end, and which it is, from Monday as 0: `2015年11月20日 星期五`,
/// `2015-11-20(周五)`, `2015-11-20 Fri`.
fn weekday_behind(plain: &str) -> (&str, Option<i64>) {
    const NAMES: [&str; 7] =
        ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let bare = plain.strip_suffix([')', '）']).unwrap_or(plain).trim_end();
    for prefix in ["星期", "周", "礼拜"] {
        let Some((date, name)) = bare.rsplit_once(prefix) else { continue };
        let day = ["一", "二", "三", "四", "五", "六", "日"].iter().position(|word| *word == name);
        let day = if name == "天" { Some(6) } else { day };
        if let Some(day) = day.and_then(|day| i64::try_from(day).ok()) {
            return (date.trim_end_matches(['(', '（', ',', '，', ' ']), Some(day));
        }
    }
    let word = bare.rsplit([' ', '(', ',']).next().unwrap_or("").trim_end_matches('.');
    let lower = word.to_ascii_lowercase();
    let named = NAMES.iter().position(|name| {
        *name == lower || (3..=4).contains(&lower.len()) && name.starts_with(&lower)
    });
    match named.and_then(|day| i64::try_from(day).ok()) {
        Some(day) => {
            let date = bare.strip_suffix('.').unwrap_or(bare).strip_suffix(word).unwrap_or(bare);
            (date.trim_end_matches([' ', '(', ',']), Some(day))
        }
        None => (plain, None),
    }
}

/// The day and the time of `20150902143000`, `20150902T143000` (ISO 8601, basic) and
/// `2015090214:30:00`; an offset may follow.
fn compact(plain: &str) -> Option<(&str, String)> {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (day, rest) = plain.split_at_checked(8).filter(|(day, _)| digits(day))?;
    let time = rest.strip_prefix('T').unwrap_or(rest);
    if let Some((clock, behind)) = time.split_at_checked(6).filter(|(clock, _)| digits(clock)) {
        let part = |at: usize| clock.get(at..at + 2).unwrap_or("");
        return Some((day, format!("{}:{}:{}{behind}", part(0), part(2), part(4))));
    }
    let is_clock = time.get(2..3) == Some(":") && time.get(..2).is_some_and(digits);
    (is_clock && time.len() >= 5).then(|| (day, time.to_owned()))
}

/// A day and a time of day, local unless it says its offset; `20150902143000` too.
pub fn read_instant(plain: &str, local: Offset, order: DateOrder) -> Result<i64, Unfit> {
    let plain = &*usual(plain);
    let compact = compact(plain);
    let (date, time) = match (&compact, instant::split(plain)) {
        (Some((day, time)), _) => (*day, time.as_str()),
        (None, Some(parts)) => parts,
        (None, None) => {
            return Err(read_day(plain, order).map_or_else(|unfit| unfit, |_| Unfit::NoTime));
        }
    };
    let day = read_day(date, order)?;
    let time = instant::parse_time(time).map_err(|problem| match problem {
        NoTime::Form => Unfit::Form,
        NoTime::NoSuchTime => Unfit::NoSuchTime,
        NoTime::TooFine => Unfit::TooFine,
    })?;
    local.instant(day, time).ok_or(Unfit::Range)
}

/// A date alone.
fn read_day(date: &str, order: DateOrder) -> Result<i64, Unfit> {
    let (year, month, day) = date_parts(date.trim(), order).ok_or(Unfit::Form)?;
    if order == DateOrder::Several && day.len() == 4 {
        return Err(Unfit::TwoOrders);
    }
    let number = |part: &str| part.parse::<i16>().ok();
    let date = match (number(year), number(month), number(day)) {
        (Some(year), Some(month), Some(day)) => {
            jiff::civil::Date::new(year, month.to_i8().unwrap_or(0), day.to_i8().unwrap_or(0))
        }
        _ => return Err(Unfit::Form),
    };
    date.map(day_number).map_err(|_| Unfit::NoSuchDay)
}

/// The three parts of a date, each of digits: year, month, day.
fn date_parts(date: &str, order: DateOrder) -> Option<(&str, &str, &str)> {
    let date = if date.contains('年') { date } else { date.trim_end_matches(['日', '号']) };
    let (year, month, day) = if let Some((year, rest)) = date.split_once('年') {
        let (month, rest) = rest.split_once('月')?;
        (year, month, rest.strip_suffix('日')?)
    } else if let Some(separator) =
        ['-', '/', '.', '—', '–', '_', '、'].into_iter().find(|&c| date.contains(c))
    {
        let mut parts = date.splitn(3, separator);
        let (first, second, third) = (parts.next()?, parts.next()?, parts.next()?);
        match order {
            DateOrder::MonthFirst if third.len() == 4 => (third, first, second),
            DateOrder::DayFirst if third.len() == 4 => (third, second, first),
            _ => (first, second, third),
        }
    } else if date.len() == 8 {
        (date.get(..4)?, date.get(4..6)?, date.get(6..)?)
    } else {
        return None;
    };
    let digits = |part: &str, lengths: std::ops::RangeInclusive<usize>| {
        lengths.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    let ends_in_year = digits(year, 1..=2) && digits(month, 1..=2) && digits(day, 4..=4);
    if order == DateOrder::Several && ends_in_year {
        return Some((year, month, day));
    }
    (digits(year, 4..=4) && digits(month, 1..=2) && digits(day, 1..=2))
        .then_some((year, month, day))
}
