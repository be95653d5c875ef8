//! Numbers, days and texts, off by one.

use crate::value::date::parse_date;
use jiff::ToSpan;

/// A number with its last digit one more and one less; never below zero.
#[must_use]
pub fn numbers(text: &str) -> Vec<String> {
    let decimals = text.split_once('.').map_or(0, |(_, digits)| digits.len());
    let Ok(units) = text.replace('.', "").parse::<i128>() else { return Vec::new() };
    let write = |units: i128| {
        if decimals == 0 {
            return units.to_string();
        }
        let padded = format!("{units:0width$}", width = decimals + 1);
        let (whole, part) = padded.split_at(padded.len() - decimals);
        format!("{whole}.{part}")
    };
    [units + 1, units - 1].into_iter().filter(|units| *units >= 0).map(write).collect()
}

/// The day after and the day before.
#[must_use]
pub fn days(text: &str) -> Vec<String> {
    let Some(date) = parse_date(text) else { return Vec::new() };
    [date.checked_add(1.day()), date.checked_sub(1.day())]
        .into_iter()
        .flatten()
        .map(|date| date.to_string())
        .collect()
}

/// The same time on the day after and the day before.
#[must_use]
pub fn instants(text: &str) -> Vec<String> {
    let Some((day, time)) = crate::value::instant::split(text) else { return Vec::new() };
    days(day).into_iter().map(|day| format!("{day} {time}")).collect()
}

/// A text with each of its numbers one more.
#[must_use]
pub fn texts(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut start = 0;
    while let Some(at) = text.get(start..).and_then(|rest| rest.find(|c: char| c.is_ascii_digit()))
    {
        let from = start + at;
        let rest = text.get(from..).unwrap_or_default();
        let len = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        if let (Some(head), Some(Ok(number)), Some(tail)) =
            (text.get(..from), rest.get(..len).map(str::parse::<u64>), text.get(from + len..))
        {
            found.push(format!("{head}{}{tail}", number + 1));
        }
        start = from + len.max(1);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{days, numbers, texts};

    #[test]
    fn off_by_one_in_the_last_digit() {
        assert_eq!(numbers("5"), ["6", "4"]);
        assert_eq!(numbers("0"), ["1"]);
        assert_eq!(numbers("0.01"), ["0.02", "0.00"]);
        assert_eq!(numbers("99.9"), ["100.0", "99.8"]);
    }

    #[test]
    fn days_before_and_after() {
        assert_eq!(days("2015-03-01"), ["2015-03-02", "2015-02-28"]);
    }

    #[test]
    fn numbers_in_patterns() {
        assert_eq!(texts("[1-5]{18}"), ["[2-5]{18}", "[1-6]{18}", "[1-5]{19}"]);
    }
}
