//! What a cell holds as the text a person sees.

use super::{Bad, Cell};
use calamine::{Data, ExcelDateTime};

/// Numbers in a workbook have this many digits.
const DIGITS: usize = 15;

/// How numbers are shown.
#[derive(Clone, Copy, Debug, Default)]
pub struct Shown {
    /// As percentages.
    pub is_percent: bool,
    /// As dates with the time of day, midnight too.
    pub has_clock: bool,
}

impl Shown {
    /// By the number format of a cell.
    pub fn by(format: &str) -> Self {
        Self { is_percent: format.contains('%'), has_clock: format.contains(['h', 'H']) }
    }
}

/// A cell as text; `None` for an empty one.
pub fn cell((row, column): (u32, u32), value: Data, shown: Shown) -> Option<Cell> {
    let (text, bad) = match value {
        Data::Empty => return None,
        Data::Float(value) => return number((row, column), value, shown.is_percent),
        Data::Int(value) => return number((row, column), value as f64, shown.is_percent),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => (text, None),
        Data::Bool(value) => (if value { "TRUE" } else { "FALSE" }.to_owned(), None),
        Data::DateTime(moment) => (date_time(&moment, shown.has_clock), None),
        Data::Error(error) => (error.to_string(), Some(Bad::Formula)),
    };
    Some(Cell { row, column, text, bad })
}

/// A number with the digits a workbook keeps.
pub fn number((row, column): (u32, u32), value: f64, percent: bool) -> Option<Cell> {
    let bad = (value.abs() >= 1e15).then_some(Bad::Digits);
    let mut text = decimal(if percent { value * 100.0 } else { value });
    if percent {
        text.push('%');
    }
    Some(Cell { row, column, text, bad })
}

/// A number in full, rounded to 15 digits as workbooks show it: `0.1 + 0.2` is `0.3`.
fn decimal(value: f64) -> String {
    let rounded: f64 = format!("{value:.*e}", DIGITS - 1).parse().unwrap_or(value);
    if rounded == 0.0 { "0".to_owned() } else { rounded.to_string() }
}

/// `2015-11-20`, with the time of day if there is one; a time alone, a duration as `36:30:00`.
fn date_time(moment: &ExcelDateTime, has_clock: bool) -> String {
    let seconds = (moment.as_f64() * 86_400.0).round() as i64;
    let clock = |seconds: i64| {
        format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
    };
    if moment.is_duration() || (0..86_400).contains(&seconds) {
        return clock(seconds.max(0));
    }
    let (year, month, day, hour, minute, second, milli) = moment.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    match (hour, minute, second, milli) {
        (0, 0, 0, 0) if !has_clock => date,
        (_, _, _, 0) => format!("{date} {hour:02}:{minute:02}:{second:02}"),
        _ => format!("{date} {hour:02}:{minute:02}:{second:02}.{milli:03}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_what_a_workbook_shows() {
        for (value, text) in [
            (0.1 + 0.2, "0.3"),
            (1001.0, "1001"),
            (-0.0, "0"),
            (1e14 + 1.0, "100000000000001"),
            (1.5e-7, "0.00000015"),
        ] {
            assert_eq!(decimal(value), text);
        }
        assert_eq!(number((0, 0), 0.07, true).map(|cell| cell.text).as_deref(), Some("7%"));
        assert_eq!(
            number((0, 0), 410_106_199_001_011_234.0, false).and_then(|cell| cell.bad),
            Some(Bad::Digits)
        );
    }

    #[test]
    fn dates_are_written_out() {
        let moment = |value| {
            date_time(
                &ExcelDateTime::new(value, calamine::ExcelDateTimeType::DateTime, false),
                false,
            )
        };
        assert_eq!(moment(42_328.0), "2015-11-20");
        assert_eq!(moment(42_328.354_166_666_664), "2015-11-20 08:30:00");
        assert_eq!(moment(0.75), "18:00:00");
    }
}
