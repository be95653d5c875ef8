//! Numbers, dates and marks of items where words are written together: how long they are.

use super::grammar::{PolicyParser, Rule};
use super::keyword::{KEYWORDS, Role};
use pest::Parser;

/// The places where a number that a text begins with may end: a date, a number with its unit, or a
/// number alone.
pub(super) fn number(text: &str) -> Vec<usize> {
    let digits = |text: &str| text.find(|c| !is_digit(c)).unwrap_or(text.len());
    let numeral = |text: &str| {
        text.find(|c| !"一二三四五六七八九十百千零〇两".contains(c)).unwrap_or(text.len())
    };
    if let Some(rest) = text.strip_prefix("百分之") {
        let length = digits(rest).max(numeral(rest));
        return Some(text.len() - rest.len() + length).filter(|_| length > 0).into_iter().collect();
    }
    let first = digits(text);
    if first == 0 {
        let first = numeral(text);
        let rest = text.get(first..).unwrap_or("");
        let part = rest.strip_prefix("分之").map(numeral).filter(|part| *part > 0);
        let part = part.map(|part| first + "分之".len() + part);
        let units = units(rest).map(|unit| first + unit).chain(part).chain(written_date(text));
        return units.filter(|_| first > 0).collect();
    }
    let after = |from: usize, sign: &str| -> Option<usize> {
        let rest = text.get(from..)?.strip_prefix(sign)?;
        let from = text.len() - rest.len();
        Some(from + digits(rest)).filter(|end| *end > from)
    };
    let date = after(first, "年")
        .and_then(|month| after(month, "月"))
        .and_then(|day| text.get(day..)?.starts_with('日').then_some(day + '日'.len_utf8()));
    if let Some(date) = date {
        let hour = date + digits(text.get(date..).unwrap_or(""));
        let hour = Some(hour).filter(|hour| *hour > date);
        let minute = hour.and_then(|hour| after(hour, "时"));
        let sign = |at: usize, sign: char| {
            text.get(at..).filter(|rest| rest.starts_with(sign)).map(|_| at + sign.len_utf8())
        };
        let minute = minute.and_then(|minute| sign(minute, '分'));
        let second = minute.and_then(|minute| {
            let end = minute + digits(text.get(minute..)?);
            sign(end, '秒').filter(|_| end > minute)
        });
        return vec![second.or(minute).unwrap_or(date)];
    }
    let rest = text.get(first..).unwrap_or("");
    let mut ends: Vec<usize> = units(rest).map(|unit| first + unit).collect();
    if ends.is_empty() {
        ends.push(first);
    }
    ends.sort_unstable();
    ends.dedup();
    ends
}

/// How long a date in Chinese numerals is that a text begins with.
fn written_date(text: &str) -> Option<usize> {
    let mut pairs = PolicyParser::parse(Rule::date_in_words, beginning(text)).ok()?;
    pairs.next().map(|pair| pair.as_span().end())
}

pub(super) fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || ('０'..='９').contains(&c)
}

/// As much of a text as such words take: a parser goes through all it is given before it begins.
fn beginning(text: &str) -> &str {
    const LONGEST: usize = 64;
    text.get(..text.floor_char_boundary(LONGEST)).unwrap_or(text)
}

/// How long the mark of an item is that a text begins with: `（一）`, `(1)`, `一、`, `1.`.
pub(super) fn item_mark(text: &str) -> Option<usize> {
    let mut pairs = PolicyParser::parse(Rule::item_mark, beginning(text)).ok()?;
    pairs.next().map(|pair| pair.as_span().end())
}

/// How long the units are that a text may begin with.
fn units(text: &str) -> impl Iterator<Item = usize> {
    let words = KEYWORDS.iter().filter(|keyword| keyword.role == Role::Unit);
    let words = words.flat_map(|keyword| keyword.all_words());
    let scaled = ["万元", "亿元"];
    words.chain(scaled).filter(|unit| text.starts_with(unit)).map(str::len)
}
