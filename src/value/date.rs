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
