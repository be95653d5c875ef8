//! Numbers, dates and marks of items where words are written together: how long they are.

use super::grammar::{PolicyParser, Rule};
use super::keyword::{KEYWORDS, Role};
use super::word;
use crate::value::numeral;
use crate::value::text::narrow_sign;
use pest::Parser;
use std::sync::LazyLock;

/// The places where a number that a text begins with may end: a date, a number with its unit, or a
/// number alone.
pub(super) fn number(text: &str) -> Vec<usize> {
    let digits = |text: &str| text.find(|c| !is_digit(c)).unwrap_or(text.len());
    let numeral = |text: &str| {
        let is_part = |c| numeral::is_part(c) || matches!(c, '点');
        let length = text.find(|c| !is_part(c)).unwrap_or(text.len());
        text.get(..length).unwrap_or("").trim_end_matches('点').len()
    };
    if let Some(rest) = text.strip_prefix("人民币") {
        let from = text.len() - rest.len();
        let ends = number(rest).into_iter().map(|end| from + end);
        let is_money = |end: &usize| text.get(..*end).is_some_and(|it| it.ends_with(MONEY));
        return ends.filter(is_money).collect();
    }
    if let Some(rest) = text.strip_prefix("百分之") {
        let length = digits(rest).max(numeral(rest));
        return Some(text.len() - rest.len() + length).filter(|_| length > 0).into_iter().collect();
    }
    if let Some(rest) = text.strip_prefix('半') {
        let half = '半'.len_utf8();
        return units(rest).map(|unit| half + unit).collect();
    }
    let first = digits(text);
    if first == 0 {
        let first = numeral(text);
        let rest = text.get(first..).unwrap_or("");
        let part = rest.strip_prefix("分之").map(numeral).filter(|part| *part > 0);
        let part = part.map(|part| first + "分之".len() + part);
        let times = rest.starts_with('倍').then_some(first + '倍'.len_utf8());
        let part = part.into_iter().chain(times);
        // `为零`: a nought may stand without its unit, which is then asked for.
        let nought = (text.get(..first) == Some("零") && rest.is_empty()).then_some(first);
        let part = part.into_iter().chain(nought);
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
    let times = rest.starts_with('倍').then_some(first + '倍'.len_utf8());
    let clock = |unit: usize| {
        let after = rest.get(unit..).unwrap_or("");
        let minutes = digits(after);
        let sign = after.get(minutes..).filter(|_| minutes > 0)?;
        let sign = ["分钟", "分"].into_iter().find(|word| sign.starts_with(word))?;
        Some(unit + minutes + sign.len())
    };
    let whole = units(rest).max().and_then(clock);
    let mut ends: Vec<usize> = match whole {
        Some(whole) => vec![first + whole],
        None => units(rest).chain(scales(rest)).map(|unit| first + unit).chain(times).collect(),
    };
    if ends.is_empty() {
        ends.push(first);
    }
    ends.sort_unstable();
    ends.dedup();
    ends
}

/// How long a name is that a text begins with, whatever the width of its signs.
pub(super) fn begins_with(text: &str, name: &str) -> Option<usize> {
    let mut letters = text.char_indices();
    let same =
        |own: char| letters.next().is_some_and(|(_, other)| narrow_sign(own) == narrow_sign(other));
    name.chars().all(same).then(|| letters.offset())
}

/// The run of letters that a text begins with, `○` among numerals included.
pub(super) fn run(text: &str) -> &str {
    let mut end = 0;
    loop {
        end += word::run(text.get(end..).unwrap_or("")).len();
        let is_numeral = text.get(..end).is_some_and(|run| run.ends_with(is_han_digit));
        match text.get(end..).unwrap_or("").chars().next() {
            Some(zero @ '○') if is_numeral => end += zero.len_utf8(),
            _ => return text.get(..end).unwrap_or(""),
        }
    }
}

fn is_han_digit(letter: char) -> bool {
    "○〇零一二三四五六七八九十".contains(letter)
}

/// How long a date in Chinese numerals is that a text begins with.
fn written_date(text: &str) -> Option<usize> {
    text.chars().nth(4).filter(|sign| *sign == '年')?;
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
    let may_be = |c| is_digit(c) || numeral::is_part(c) || matches!(c, '(' | '（' | '①'..='⑳');
    text.chars().next().filter(|c| may_be(*c))?;
    let mut pairs = PolicyParser::parse(Rule::item_mark, beginning(text)).ok()?;
    pairs.next().map(|pair| pair.as_span().end())
}

/// How long the units are that a text may begin with, where the number is in the text before it
/// and a blank between them.
pub(super) fn units_of(before: &str, text: &str) -> Vec<usize> {
    let number = before.trim_end_matches(is_blank);
    let is_number = number.ends_with(|c| is_digit(c) || numeral::is_part(c));
    let found = units(text).filter(|_| is_number && number.len() < before.len());
    found.collect()
}

/// Whether a word is a number in Chinese numerals whose unit stands in what follows it, behind a
/// blank: `五 个工作日`.
pub(super) fn is_amount(word: &str, after: &str) -> bool {
    let unit = after.trim_start_matches(is_blank);
    word.chars().all(numeral::is_part) && unit.len() < after.len() && units(unit).next().is_some()
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\u{3000}' | '\u{A0}')
}

/// How long the units are that a text may begin with.
fn units(text: &str) -> impl Iterator<Item = usize> {
    static UNITS: LazyLock<Vec<&str>> = LazyLock::new(|| {
        let units = KEYWORDS.iter().filter(|keyword| keyword.role == Role::Unit);
        units.flat_map(|keyword| keyword.all_words()).collect()
    });
    let words = UNITS.iter().copied();
    let scaled = SCALES.iter().filter_map(|scale| {
        let rest = text.strip_prefix(scale)?;
        rest.starts_with('元').then_some(scale.len() + '元'.len_utf8())
    });
    let plain = words.filter(|unit| text.starts_with(unit)).map(str::len).chain(scaled);
    plain.chain(whole_yuan(text))
}

/// What an amount of money ends with.
const MONEY: [char; 3] = ['元', '整', '币'];

/// How long a `元整`, a `万元人民币` is that a text begins with.
fn whole_yuan(text: &str) -> Option<usize> {
    let rest = SCALES.iter().find_map(|scale| text.strip_prefix(scale)).unwrap_or(text);
    let rest = rest.strip_prefix('元')?;
    let after = rest.strip_prefix("人民币").unwrap_or(rest);
    let after = after.strip_prefix('整').unwrap_or(after);
    (after.len() < rest.len()).then_some(text.len() - after.len())
}

/// Words that multiply the number before them, the longer before the shorter.
const SCALES: [&str; 8] = ["千万", "百万", "十万", "万亿", "万", "亿", "千", "百"];

/// How long such words are that a text may begin with.
fn scales(text: &str) -> Option<usize> {
    SCALES.iter().find(|scale| text.starts_with(**scale)).map(|scale| scale.len())
}
