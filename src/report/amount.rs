//! Rank 5: amounts as people read them in pages and papers: `17.4 亿元`, `1.74 billion yuan`. Where
//! nothing else says how much it is to the last digit, none is lost.

use super::words::Words;
use crate::value::Ratio;
use crate::value::number::{format_ratio, parse_decimal};
use num_traits::Signed;

/// What amounts are in, behind the number; the words that stand for so many, the largest first; and
/// whether the word and the unit are written as one.
type Scales = (&'static str, [(&'static str, u32); 3], &'static str);

const CHINESE: Scales = (" 元", [(" 万亿", 12), (" 亿", 8), (" 万", 4)], "元");
const ENGLISH: Scales = (" yuan", [(" trillion", 12), (" billion", 9), (" million", 6)], " yuan");

/// So many digits stand behind the point.
const PLACES: u32 = 2;

/// A text with the amounts in it in the largest word that says each exactly with two digits behind
/// the point; one that no word says so stays, and so does what is quoted. What is about so much
/// anyway, `≈`, is rounded to as many digits.
#[must_use]
pub fn eased(words: &Words, text: &str) -> String {
    each(words, text, |scaled, places, about| match about {
        true => Some((scaled * places).round() / places),
        false => (scaled * places).is_integer().then_some(scaled),
    })
}

/// The same where what it is to the last digit stands elsewhere: in the largest word there is,
/// rounded to two digits behind the point.
#[must_use]
pub fn rounded(words: &Words, text: &str) -> String {
    each(words, text, |scaled, places, _| Some((scaled * places).round() / places))
}

fn scales(words: &Words) -> Scales {
    words.choose(CHINESE, ENGLISH)
}

/// Each amount of a text in the largest word of which it has one or more and that it is said in:
/// `said` has how many of the word it is, what makes whole numbers of the digits shown, and whether it
/// is about so much.
fn each(words: &Words, text: &str, said: impl Fn(Ratio, Ratio, bool) -> Option<Ratio>) -> String {
    let (unit, larger, close) = scales(words);
    let in_words = |amount: Ratio, about: bool| {
        let places = Ratio::from_integer(10_i128.pow(PLACES));
        let large = larger.into_iter().find_map(|(word, power)| {
            let scaled = amount / Ratio::from_integer(10_i128.checked_pow(power)?);
            let is_some = scaled.abs() >= Ratio::from_integer(1);
            said(scaled, places, about).filter(|_| is_some).map(|shown| (shown, word))
        });
        // No word for what is small; what is about so much has no more digits all the same.
        large.or_else(|| said(amount, places, true).filter(|_| about).map(|shown| (shown, " ")))
    };
    let (mut made, mut rest) = (String::new(), text);
    let mut depth = 0_usize;
    while let Some(at) = rest.find(unit) {
        let (before, after) = rest.split_at(at);
        let after = after.get(unit.len()..).unwrap_or_default();
        for sign in before.chars() {
            depth = match sign {
                '“' => depth + 1,
                '”' => depth.saturating_sub(1),
                '"' | '`' => depth ^ 1,
                _ => depth,
            };
        }
        let start = before
            .char_indices()
            .rev()
            .take_while(|(_, sign)| sign.is_ascii_digit() || *sign == '.')
            .last()
            .map_or(before.len(), |(at, _)| at);
        let (head, digits) = before.split_at(start);
        // `12:34` and `A-100` are no amounts; nor is what goes on behind the unit: `元素`.
        let whole = |sign: char| !sign.is_alphanumeric() && !matches!(sign, ':' | '_' | '/');
        let sign = head.chars().next_back().filter(|sign| matches!(sign, '-' | '+'));
        let front = head.strip_suffix(['-', '+']).unwrap_or(head).chars().next_back();
        let alone = sign.is_none() || front.is_none_or(|sign| !sign.is_alphanumeric());
        let plain = head.chars().next_back().is_none_or(whole) && alone;
        let ends = after.chars().next().is_none_or(|sign| !sign.is_alphanumeric());
        let is_amount = plain && depth == 0 && ends;
        let about = head.trim_end_matches(['-', '+']).ends_with('≈');
        let amount = parse_decimal(digits).filter(|_| is_amount);
        let amount = amount.and_then(|amount| in_words(amount, about));
        match amount {
            Some((amount, word)) => {
                made.push_str(head);
                made.push_str(&format!("{}{word}{close}", format_ratio(amount)));
            }
            None => {
                made.push_str(before);
                made.push_str(unit);
            }
        }
        rest = after;
    }
    made.push_str(rest);
    made
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::tree::Language;

    #[test]
    fn amounts_are_said_in_words_that_lose_nothing() {
        let (zh, en) = (Words::of(Language::Chinese), Words::of(Language::English));
        for (text, said) in [
            ("1740000000 元", "17.4 亿元"),
            ("多 53990000 元", "多 5399 万元"),
            ("-680000 元", "-68 万元"),
            ("+12345.5 元", "+12345.5 元"),
            ("36010000 元（10000 元 + 36000000 元）", "3601 万元（1 万元 + 3600 万元）"),
            ("1743210987 元", "1743210987 元"),
            ("平均 ≈1193333366.666667 元", "平均 ≈11.93 亿元"),
            ("≈1234.567891 元，≈-0.333333 元", "≈1234.57 元，≈-0.33 元"),
            ("1743210000 元", "174321 万元"),
            ("9999 元", "9999 元"),
            ("2000000000000 元", "2 万亿元"),
            ("不得 超过 “100000 元”，是 100000 元", "不得 超过 “100000 元”，是 10 万元"),
            ("`100000 元` 和 100000 个", "`100000 元` 和 100000 个"),
            ("A-100000 元", "A-100000 元"),
            ("0 元", "0 元"),
            ("100000 元素", "100000 元素"),
            (" 元", " 元"),
        ] {
            assert_eq!(eased(zh, text), said);
        }
        for (text, said) in [
            ("1740000000 yuan", "1.74 billion yuan"),
            ("90000 yuan", "90000 yuan"),
            ("more by 53990000 yuan (a)", "more by 53.99 million yuan (a)"),
            ("1740000000 yuans", "1740000000 yuans"),
        ] {
            assert_eq!(eased(en, text), said);
        }
    }

    #[test]
    fn what_is_rounded_is_the_nearest() {
        let zh = Words::of(Language::Chinese);
        for (text, said) in [
            ("1743210987 元", "17.43 亿元"),
            ("1745000000 元", "17.45 亿元"),
            ("-123456 元", "-12.35 万元"),
            ("99999999 元", "10000 万元"),
            ("9999.5 元", "9999.5 元"),
        ] {
            assert_eq!(rounded(zh, text), said);
        }
    }
}
