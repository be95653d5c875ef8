//! What a cell holds as the text a person sees.

use super::format::{Format, beside_text};
use super::{Bad, Cell};
use calamine::{Data, ExcelDateTime};
use std::sync::Arc;

/// Numbers in a workbook have this many digits.
const DIGITS: usize = 15;
/// Where the days of a workbook end: after 9999-12-31.
const LAST_DAY: f64 = 2_958_466.0;

/// How numbers are shown.
#[derive(Clone, Debug, Default)]
pub struct Shown {
    /// With what their format adds to them.
    pub format: Option<Arc<Format>>,
    /// As dates with the time of day, midnight too.
    pub has_clock: bool,
    /// What stands before and behind texts.
    pub beside: Option<Arc<(String, String)>>,
}

impl Shown {
    /// By the number format of a cell.
    pub fn by(format: &str) -> Self {
        Self {
            format: Format::read(format).map(Arc::new),
            has_clock: format.contains(['h', 'H']),
            beside: beside_text(format).map(Arc::new),
        }
    }
}

/// A cell as text; `None` for an empty one.
pub fn cell((row, column): (u32, u32), value: Data, shown: &Shown) -> Option<Cell> {
    let format = shown.format.as_deref();
    let (text, bad) = match value {
        Data::Empty => return None,
        Data::Float(value) => return number((row, column), value, format),
        Data::Int(value) => return number((row, column), value as f64, format),
        Data::String(text) => match shown.beside.as_deref() {
            Some((before, behind)) if !text.is_empty() => (format!("{before}{text}{behind}"), None),
            _ => (text, None),
        },
        Data::DateTimeIso(text) | Data::DurationIso(text) => (text, None),
        Data::Bool(value) => (if value { "TRUE" } else { "FALSE" }.to_owned(), None),
        Data::DateTime(moment) if !(0.0..LAST_DAY).contains(&moment.as_f64()) => {
            (decimal(moment.as_f64()), Some(Bad::Date))
        }
        Data::DateTime(moment) => (date_time(&moment, shown.has_clock), None),
        Data::Error(error) => (error.to_string(), Some(Bad::Formula)),
    };
    Some(Cell { row, column, text, bad })
}

/// A number with the digits a workbook keeps.
pub fn number((row, column): (u32, u32), value: f64, format: Option<&Format>) -> Option<Cell> {
    let bad = (value.abs() >= 1e15).then_some(Bad::Digits);
    let digits = decimal(value);
    let text = format.map_or_else(|| digits.clone(), |format| format.show(&digits, value));
    Some(Cell { row, column, text, bad })
}

/// A number, stored with its value and with the text that is shown: all its digits, and what is
/// shown beside them.
pub fn shown(at: (u32, u32), value: f64, text: &str) -> Option<Cell> {
    let plain = number(at, value, None)?;
    let begins = |letter: char| letter.is_ascii_digit();
    let (Some(start), Some(end)) = (text.find(begins), text.rfind(begins)) else {
        // A word in the place of a number is what is said; a sign is how a zero is shown.
        let says = text.chars().any(char::is_alphanumeric);
        return Some(if says { Cell { text: text.trim().to_owned(), ..plain } } else { plain });
    };
    let parts = (text.get(..start), text.get(start..=end), text.get(end + 1..));
    let (Some(before), Some(figures), Some(after)) = parts else { return Some(plain) };
    let is_number = |letter: char| letter.is_ascii_digit() || matches!(letter, ',' | '.');
    if !figures.chars().all(is_number) {
        // Fractions, exponents and the like are the number; anything else is what it shows, such as
        // signs set between its digits.
        let bare: String = figures.chars().filter(char::is_ascii_digit).collect();
        let is_set_apart = bare.trim_start_matches('0') == plain.text.trim_start_matches('-');
        let other =
            is_set_apart || figures.chars().any(|letter| letter.is_alphabetic() && letter != 'E');
        return Some(if other { Cell { text: text.trim().to_owned(), ..plain } } else { plain });
    }
    let figures = figures.replace(',', "");
    let stands_for = |shown: f64, value: f64| {
        let decimals = figures.split_once('.').map_or(0, |(_, decimals)| decimals.len());
        (shown - value).abs() <= 0.500_001 / 10_f64.powi(i32::try_from(decimals).unwrap_or(0))
    };
    let unsigned = plain.text.trim_start_matches('-');
    let is_whole = figures.parse().is_ok_and(|shown| stands_for(shown, value.abs()));
    let zeros = figures.split('.').next().unwrap_or("").len();
    let digits = if is_whole {
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let decimals = figures.split_once('.').map_or(0, |(_, decimals)| decimals.len());
        let fraction = format!("{fraction:0<decimals$}");
        let point = if fraction.is_empty() { "" } else { "." };
        format!("{whole:0>zeros$}{point}{fraction}")
    } else {
        // It is shown divided, or as so many hundredths.
        figures.clone()
    };
    let minus = if value < 0.0 { "-" } else { "" };
    let signs: &[char] = if value < 0.0 { &['-', '−', '('] } else { &[] };
    let before = before.trim().trim_matches(signs).trim();
    let after = after.trim().trim_end_matches(if value < 0.0 { ')' } else { '\0' });
    let text = format!("{before}{minus}{digits}{after}");
    Some(Cell { text, ..plain })
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
        let percent = Format::read("0%");
        let seven = number((0, 0), 0.07, percent.as_ref());
        assert_eq!(seven.map(|cell| cell.text).as_deref(), Some("7%"));
        assert_eq!(
            number((0, 0), 410_106_199_001_011_234.0, None).and_then(|cell| cell.bad),
            Some(Bad::Digits)
        );
    }

    #[test]
    fn texts_have_beside_them_what_their_format_shows() {
        for (format, text) in [
            ("@", "007"),
            ("\"XK-\"@", "XK-007"),
            ("0;-0;0;\"第\"@\\号", "第007号"),
            ("[Red]@_ ", "007"),
            ("General", "007"),
            ("\"@\"0", "007"),
        ] {
            let shown = cell((0, 0), Data::String("007".to_owned()), &Shown::by(format));
            assert_eq!(shown.map(|cell| cell.text).as_deref(), Some(text), "{format}");
        }
    }

    #[test]
    fn a_shown_text_keeps_all_digits_and_what_stands_beside_them() {
        for (value, shown_as, text) in [
            (330.0, "000330", "000330"),
            (15.6, "15.6万元", "15.6万元"),
            (15.64, "15.6万元", "15.64万元"),
            (156_000.0, "15.6万元", "15.6万元"),
            (15_640.0, "15,640.00", "15640.00"),
            (-5.0, "-¥5.00", "¥-5.00"),
            (-5.0, "(5)", "-5"),
            (40.0, "40%", "40%"),
            (0.4, "40%", "40%"),
            (0.0, "-", "0"),
            (1.0, "是", "是"),
            (1.5, "1 1/2", "1.5"),
            (12_345.0, "1.23E+04", "12345"),
            (7.0, "XK-007", "XK-007"),
            (20_151.0, "0201-51", "0201-51"),
            (37_165_551_234.0, "371-6555-1234", "371-6555-1234"),
            (12.0, "1 2/1", "12"),
            (5.0, "", "5"),
        ] {
            assert_eq!(shown((0, 0), value, shown_as).map(|cell| cell.text).as_deref(), Some(text));
        }
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
