//! Dates as day numbers.

use super::text::narrow;
use jiff::civil::Date;

/// The first day that data and policies can name: years are written with four digits.
pub const FIRST: Date = Date::constant(0, 1, 1);

/// The last one.
pub const LAST: Date = Date::constant(9999, 12, 31);

/// Days since 1970-01-01, the stored form of a date.
///
/// # Examples
///
/// ```
/// use fanshi::{date, day_number};
///
/// assert_eq!(day_number(date(1970, 1, 2)), 1);
/// assert_eq!(day_number(date(2015, 11, 20)), 16_759);
/// ```
#[must_use]
pub fn day_number(date: Date) -> i64 {
    const EPOCH: Date = Date::constant(1970, 1, 1);
    i64::from((date - EPOCH).get_days())
}

/// The date of a day number; `None` outside years -9999 to 9999.
///
/// # Examples
///
/// ```
/// use fanshi::{date, day_date};
///
/// assert_eq!(day_date(16_759), Some(date(2015, 11, 20)));
/// ```
#[must_use]
pub fn day_date(number: i64) -> Option<Date> {
    const EPOCH: Date = Date::constant(1970, 1, 1);
    EPOCH.checked_add(jiff::Span::new().try_days(number).ok()?).ok()
}

/// Why a text is no date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoDate {
    /// It is not written as one.
    Form,
    /// There is no such day.
    Day,
}

/// Reads `2015-11-20` or `2015年11月20日`, in digits of either width.
///
/// # Errors
/// Where it is neither, or no such day.
pub fn read_date(text: &str) -> Result<Date, NoDate> {
    let is_part = |c: char| c.is_ascii_digit() || "-+年月日".contains(c);
    if !text.chars().map(narrow).all(is_part) {
        return Err(NoDate::Form);
    }
    let plain: String = text.chars().map(narrow).collect();
    let plain = plain.trim_end_matches('日').replace(['年', '月'], "-");
    let numbers: Vec<i16> =
        plain.split('-').map(str::parse).collect::<Result<_, _>>().map_err(|_| NoDate::Form)?;
    let [year, month, day] = *numbers.as_slice() else { return Err(NoDate::Form) };
    // A year that comes last is not said to be a day there is not.
    if (1..=31).contains(&year) && day > 31 {
        return Err(NoDate::Form);
    }
    let (month, day) = (
        i8::try_from(month).map_err(|_| NoDate::Day)?,
        i8::try_from(day).map_err(|_| NoDate::Day)?,
    );
    Date::new(year, month, day).map_err(|_| NoDate::Day)
}

/// A date that is written as one and is a day.
#[must_use]
pub fn parse_date(text: &str) -> Option<Date> {
    read_date(text).ok()
}
