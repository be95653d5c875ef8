//! Numbers, days and texts, off by one.

use crate::value::date::parse_date;
use jiff::ToSpan;

/// A number with its last digit one more and one less; never below zero.
#[must_use]
pub fn numbers(text: &str) -> Vec<String> {
    let decimals = text.split_once('.').map_or(0, |(_, digits)| digits.len());
    let Ok(units) = text.replace('.', "").parse::<i128>() else { return Vec::new() };
    let near = [units + 1, units - 1].into_iter().filter(|units| *units >= 0);
    near.map(|units| written(units, decimals)).collect()
}

/// Numbers between those given, one in each gap; where there is no gap, the next one.
#[must_use]
pub fn between<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<String> {
    let parts = |text: &str| {
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        (whole.to_owned(), part.to_owned())
    };
    let parts: Vec<(String, String)> = texts.map(parts).collect();
    let decimals = parts.iter().map(|(_, part)| part.len()).max().unwrap_or(0);
    let units = |(whole, part): &(String, String)| {
        format!("{whole}{part:0<decimals$}").parse::<i128>().ok()
    };
    let mut values: Vec<i128> = parts.iter().filter_map(units).collect();
    values.sort_unstable();
    let gaps = values.windows(2).filter_map(|pair| match pair {
        [before, after] => (after - before > 1).then(|| before.midpoint(*after)),
        _ => None,
    });
    let mut found: Vec<i128> = gaps.collect();
    if found.is_empty() {
        found.extend(values.last().and_then(|last| last.checked_add(1)));
    }
    found.into_iter().map(|units| written(units, decimals)).collect()
}

/// A number of so many units of its last decimal.
fn written(units: i128, decimals: usize) -> String {
    if decimals == 0 {
        return units.to_string();
    }
    let padded = format!("{units:0width$}", width = decimals + 1);
    let (whole, part) = padded.split_at(padded.len() - decimals);
    format!("{whole}.{part}")
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
    use super::{between, days, numbers, texts};

    #[test]
    fn off_by_one_in_the_last_digit() {
        assert_eq!(numbers("5"), ["6", "4"]);
        assert_eq!(numbers("0"), ["1"]);
        assert_eq!(numbers("0.01"), ["0.02", "0.00"]);
        assert_eq!(numbers("99.9"), ["100.0", "99.8"]);
    }

    #[test]
    fn numbers_between_others() {
        assert_eq!(between(["7", "1", "3"].into_iter()), ["2", "5"]);
        assert_eq!(between(["1", "2", "3"].into_iter()), ["4"]);
        assert_eq!(between(["0.5", "1"].into_iter()), ["0.7"]);
        assert_eq!(between(["10"].into_iter()), ["11"]);
        assert!(between(std::iter::empty()).is_empty());
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
