//! Dates as day numbers.

use jiff::civil::Date;

/// Days since 1970-01-01, the stored form of a date.
#[must_use]
pub fn day_number(date: Date) -> i64 {
    const EPOCH: Date = Date::constant(1970, 1, 1);
    i64::from((date - EPOCH).get_days())
}

/// The date of a day number; `None` outside years -9999 to 9999.
#[must_use]
pub fn day_date(number: i64) -> Option<Date> {
    const EPOCH: Date = Date::constant(1970, 1, 1);
    EPOCH.checked_add(jiff::Span::new().try_days(number).ok()?).ok()
}

/// Reads `2015-11-20` or `2015年11月20日`; `None` where it is neither, or no such day.
#[must_use]
pub fn parse_date(text: &str) -> Option<Date> {
    let plain = text.trim_end_matches('日').replace(['年', '月'], "-");
    let mut parts = plain.split('-');
    let (year, month, day) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    if parts.next().is_some() {
        return None;
    }
    Date::new(year, month, day).ok()
}
