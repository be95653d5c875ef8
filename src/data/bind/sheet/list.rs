//! Several plain values in one cell.

use crate::data::bind::Target;
use crate::data::bind::cell;
use crate::data::bind::conventions::How;
use crate::data::bind::plan::FieldPlan;
use crate::data::csv::Cell;
use crate::data::event::Scalar;
use crate::data::fault::{At, Fault, Found, Unfit};
use crate::data::names::shorten;
use crate::schema::Type;
use std::ops::Range;

/// What separates values where the manifest says nothing, besides `、`.
const ENDS: [char; 4] = ['；', ';', '\n', '\r'];

/// What people also write between values, and what may as well be part of one.
const OTHERS: [char; 7] = [',', '，', '+', '|', '/', '\t', ' '];

/// Gives the values of a cell as elements of a list; where it is not clear which they are, the list
/// is not known.
pub fn elements<T: Target>(
    at: At,
    (child, plan): (usize, Option<&FieldPlan>),
    (text, cell): (&str, &Cell),
    how: How<'_>,
    target: &mut T,
) {
    let pieces = match &how.conventions.separator {
        Some(separator) => between(text, separator),
        None => usual(text, plan.is_some_and(|plan| plan.ty.is_numeric())),
    };
    let value = |piece: &Range<usize>| text.get(piece.clone()).unwrap_or("");
    let given = how.conventions.separator.is_some();
    let is_doubtful =
        |piece: &&Range<usize>| plan.is_some_and(|plan| may_be_several(plan, value(piece), how));
    let span = |piece: &Range<usize>| place(cell, text, piece);
    // What means that nothing is given is no value beside others.
    let is_none = |piece: &&Range<usize>| {
        plan.is_some_and(|plan| cell::leaves_out(plan, Scalar::Text(value(piece)), how))
    };
    let none = pieces.iter().find(is_none);
    if let Some(piece) = none.or_else(|| pieces.iter().find(is_doubtful)) {
        let found = Found::Text(shorten(value(piece)));
        let unfit = match () {
            () if none.is_some() => Unfit::NoElement,
            () if given => Unfit::OtherSeparator,
            () => Unfit::Separator,
        };
        let fault = Fault::Unfit { at, unfit, found, nearest: None };
        // The list stands here, whatever is in it.
        if target.list(at, cell.raw.clone()) {
            target.fault(span(piece), fault);
            target.forget(at);
        }
        return;
    }
    if !target.list(at, cell.raw.clone()) {
        return;
    }
    if let (Some(Type::Text), [whole], false) = (plan.map(|plan| plan.ty), &pieces[..], given)
        && looks_several(value(whole))
    {
        target.fault(span(whole), Fault::Unsplit { at, word: shorten(value(whole)) });
    }
    for piece in &pieces {
        let span = span(piece);
        target.open(child, span.clone());
        let at = At { frame: child, field: 0 };
        target.value(at, Scalar::Text(value(piece)), span.clone());
        target.close(child, span.end);
    }
}

/// Where a part of a cell's text stands; what stands at other bytes than in the file has the place of
/// the cell.
pub fn place(cell: &Cell, text: &str, part: &Range<usize>) -> Range<usize> {
    if cell.escaped || cell.content().len() != text.len() {
        return cell.raw.clone();
    }
    let from = cell.content().start;
    from + part.start..from + part.end
}

/// Whether a text may be several values between other separators: `2,345` in a list of numbers,
/// unless the manifest gives what separates them; `71+20+10`, whatever it gives.
fn may_be_several(plan: &FieldPlan, value: &str, how: How<'_>) -> bool {
    if matches!(plan.ty, Type::Text | Type::Ref(_)) || !value.contains(OTHERS) {
        return false;
    }
    let is_grouped = plan.ty.is_numeric() && value.contains([',', '，']);
    cell::read_as(plan, Scalar::Text(value), how).is_err()
        || is_grouped && how.conventions.separator.is_none()
}

/// Whether a text that is one value of a list looks like several short ones: `甲,乙`.
fn looks_several(text: &str) -> bool {
    const SHORT: usize = 10;
    let is_short = |part: &str| !part.is_empty() && part.chars().count() <= SHORT;
    text.contains([',', '，', '|'])
        && !text.contains(['。', '：', ':'])
        && text.split([',', '，', '|']).all(|part| is_short(part.trim()))
}

/// The part of a range that is not blank; `None` where all of it is.
fn trimmed(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let part = text.get(range.clone())?;
    let start = range.start + (part.len() - part.trim_start().len());
    let part = part.trim();
    (!part.is_empty()).then_some(start..start + part.len())
}

/// The parts of a text between separators, blank ones left out.
fn split(
    text: &str,
    within: Range<usize>,
    is_separator: impl Fn(char) -> bool,
) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut from = within.start;
    for (at, letter) in text.get(within.clone()).unwrap_or("").char_indices() {
        if is_separator(letter) {
            parts.extend(trimmed(text, from..within.start + at));
            from = within.start + at + letter.len_utf8();
        }
    }
    parts.extend(trimmed(text, from..within.end));
    parts
}

/// The values between what the manifest says separates them; a sign in full or half width. Numbers
/// before them are left out where they count them.
fn between(text: &str, separator: &str) -> Vec<Range<usize>> {
    let is_separator = |letter: char| {
        let half = crate::data::names::fold(letter.encode_utf8(&mut [0; 4])).into_owned();
        letter == '\r' && separator.contains('\n')
            || separator.contains(letter)
            || !half.is_empty() && separator.contains(&half)
    };
    let parts = split(text, 0..text.len(), is_separator);
    let bare: Option<Vec<Range<usize>>> = (1..)
        .zip(&parts)
        .map(|(number, part)| {
            let length = marker(text.get(part.clone())?, number)?.len;
            trimmed(text, part.start + length..part.end)
        })
        .collect();
    bare.filter(|bare| bare.len() == parts.len()).unwrap_or(parts)
}

/// The values between `、`, `；`, `;` and line ends. Where the first begins with the number 1 and the
/// next with those that follow, the numbers only count them, and `、` is part of a value.
pub fn usual(text: &str, are_numbers: bool) -> Vec<Range<usize>> {
    let parts = split(text, 0..text.len(), |letter| ENDS.contains(&letter));
    let plain = || split(text, 0..text.len(), |letter| letter == '、' || ENDS.contains(&letter));
    if !are_numbers && let Some(values) = counted(text, &parts) {
        return values;
    }
    let begins = |part: &Range<usize>, number| marker(text.get(part.clone())?, number);
    let Some(style) = parts.first().and_then(|first| begins(first, 1)).map(|found| found.style)
    else {
        return plain();
    };
    let counts = |(number, part): (usize, &Range<usize>)| begins(part, number).is_some();
    if are_numbers && (parts.len() == 1 || !(1..).zip(&parts).all(counts)) {
        return plain();
    }
    let mut values = Vec::new();
    let mut number = 1;
    for part in parts {
        let mut from = part.start;
        if let Some(found) = begins(&part, number) {
            from += found.len;
            number += 1;
        }
        // Another number may follow without anything between.
        while let Some((at, length)) = next(text, from..part.end, number, style) {
            values.extend(trimmed(text, from..at));
            from = at + length;
            number += 1;
        }
        values.extend(trimmed(text, from..part.end));
    }
    let end = |value: Range<usize>| {
        let part = text.get(value.clone()).unwrap_or("");
        let kept = part.trim_end_matches(['、', '，', ',', '。', ' ']).len();
        (kept > 0).then_some(value.start..value.start + kept)
    };
    values.into_iter().filter_map(end).collect()
}

/// Parts that each begin with the number after that of the part before, `1、2015年;2、2016年`,
/// without these; `None` where one does not.
fn counted(text: &str, parts: &[Range<usize>]) -> Option<Vec<Range<usize>>> {
    let first = text.get(parts.first()?.clone())?;
    let digits = first.bytes().take_while(u8::is_ascii_digit).count();
    let first: usize = first.get(..digits)?.parse().ok()?;
    let value = |(number, part): (usize, &Range<usize>)| {
        let rest = numeral(text.get(part.clone())?, number)?;
        let rest = rest.strip_prefix(['、', '.', '．', ')', '）'])?;
        trimmed(text, part.end - rest.len()..part.end)
    };
    if parts.len() < 2 {
        return None;
    }
    (first..).zip(parts).map(value).collect()
}

/// A number before a value that only counts it.
struct Marker {
    /// How many bytes it takes.
    len: usize,
    style: Style,
}

/// How such numbers are written.
#[derive(Clone, Copy, PartialEq)]
enum Style {
    /// `1、`, `1.`, `1)`, and `一、`.
    Behind(char),
    /// `(1)`, `（一）`.
    Brackets,
    /// `①`.
    Circle,
}

const NUMERALS: [&str; 20] = [
    "一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二", "十三", "十四",
    "十五", "十六", "十七", "十八", "十九", "二十",
];

/// The number a text begins with, if it is this one and something else follows.
fn marker(text: &str, number: usize) -> Option<Marker> {
    let small = u32::try_from(number).ok().filter(|number| *number <= 20);
    // ①, ⑴, ⒈, and up to ten ㈠, ㊀.
    let circles = [(0x245F, 20), (0x2473, 20), (0x2487, 20), (0x321F, 10), (0x327F, 10)];
    let circle = circles.iter().find_map(|(before, most)| {
        let number = small.filter(|number| number <= most)?;
        text.strip_prefix(char::from_u32(before + number)?)
    });
    let (style, rest) = match circle {
        Some(rest) => (Style::Circle, rest.trim_start_matches(['、', '.', '．'])),
        None => {
            let inner = text.strip_prefix(['(', '（']);
            let rest = numeral(inner.unwrap_or(text), number)?;
            let behind = rest.chars().next()?;
            let rest = rest.get(behind.len_utf8()..)?;
            match (inner.is_some(), behind) {
                (true, ')' | '）') => (Style::Brackets, rest),
                (false, '、' | '.' | '．' | ')' | '）') => (Style::Behind(behind), rest),
                _ => return None,
            }
        }
    };
    let follows = rest.trim_start().chars().next();
    follows.filter(|letter| !letter.is_ascii_digit() && !ENDS.contains(letter))?;
    Some(Marker { len: text.len() - rest.len(), style })
}

/// What follows a number in digits or numerals.
fn numeral(text: &str, number: usize) -> Option<&str> {
    let chinese = NUMERALS.get(number.checked_sub(1)?);
    let rest = text
        .strip_prefix(&number.to_string())
        .or_else(|| chinese.and_then(|numeral| text.strip_prefix(numeral)))?;
    let more = rest.starts_with(|letter: char| letter.is_ascii_digit() || "十百".contains(letter));
    (!more).then_some(rest)
}

/// Where the next number of the same style stands, and how many bytes it takes.
fn next(text: &str, within: Range<usize>, number: usize, style: Style) -> Option<(usize, usize)> {
    let part = text.get(within.clone())?;
    let mut before = None;
    for (at, letter) in part.char_indices() {
        let apart = before.is_some_and(|before: char| {
            !before.is_ascii_alphanumeric() && !"第附件表图".contains(before)
        });
        if apart && let Some(found) = marker(part.get(at..)?, number).filter(|it| it.style == style)
        {
            return Some((within.start + at, found.len));
        }
        before = Some(letter);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str, are_numbers: bool) -> Vec<&str> {
        let pieces = usual(text, are_numbers).into_iter();
        pieces.map(|piece| text.get(piece).unwrap_or("")).collect()
    }

    #[test]
    fn numbers_before_values_count_them() {
        for text in [
            "1、规划意见;2、用地证明;3、建议书",
            "1.规划意见\n2.用地证明\n3.建议书",
            "（1）规划意见；（2）用地证明；（3）建议书。",
            "一、规划意见；二、用地证明；三、建议书",
            "①规划意见②用地证明③建议书",
            "1、规划意见2、用地证明3、建议书",
            "规划意见、用地证明;建议书",
            "规划意见\r\n用地证明\r\n建议书",
        ] {
            assert_eq!(of(text, false), ["规划意见", "用地证明", "建议书"], "{text}");
        }
        assert_eq!(of("1、身份证、户口簿;2、申请表", false), ["身份证、户口簿", "申请表"]);
        assert_eq!(of("1、申请表", false), ["申请表"]);
    }

    #[test]
    fn values_that_are_numbers_stay() {
        assert_eq!(of("1、2、3", true), ["1", "2", "3"]);
        assert_eq!(of("1、2、3", false), ["1", "2", "3"]);
        assert_eq!(of("1.5、2", true), ["1.5", "2"]);
        assert_eq!(of("1、甲", true), ["1", "甲"]);
        assert_eq!(of("2、甲;3、乙", false), ["甲", "乙"]);
        assert_eq!(of("2、甲;4、乙", false), ["2", "甲", "4", "乙"]);
        assert_eq!(of("1、2015年;2、2016年", false), ["2015年", "2016年"]);
        assert_eq!(of(";", false), [""; 0]);
    }

    #[test]
    fn a_separator_that_is_given_is_the_only_one() {
        let of = |text: &'static str, separator| -> Vec<&str> {
            let pieces = between(text, separator).into_iter();
            pieces.map(|piece| text.get(piece).unwrap_or("")).collect()
        };
        assert_eq!(of("71+20+10", "+"), ["71", "20", "10"]);
        assert_eq!(of("2,345，6", ","), ["2", "345", "6"]);
        assert_eq!(of("甲、乙\r\n丙", "\n"), ["甲、乙", "丙"]);
        assert_eq!(of("1.甲\n2.乙", "\n"), ["甲", "乙"]);
    }
}
