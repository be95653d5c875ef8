//! Numerals as articles carry them: `十二`, `一百零三`, `12`.

/// Digits below ten.
const DIGITS: [char; 10] = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];

/// Full-width digits, points, dashes and percent signs made half-width; everything else untouched.
#[must_use]
pub fn half_width(text: &str) -> String {
    let narrow = |c: char| match c {
        '０'..='９' | '．' | '－' | '％' | '：' | '＋' => {
            char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c)
        }
        '−' => '-',
        _ => c,
    };
    text.chars().map(narrow).collect()
}

/// `2022年8月1日`, `二〇二二年八月一日`, as `2022-08-01`.
#[must_use]
pub fn in_figures(text: &str) -> Option<String> {
    let text = date(text);
    let (year, rest) = text.split_once('年')?;
    let (month, day) = rest.split_once('月')?;
    let number = |part: &str| part.trim().parse::<u32>().ok();
    let (year, month, day) = (number(year)?, number(month)?, number(day.strip_suffix('日')?)?);
    let fits = (1000..=9999).contains(&year) && (1..=12).contains(&month) && day <= 31;
    fits.then(|| format!("{year}-{month:02}-{day:02}"))
}

/// A date as written, its digits half-width; `2018/8/1` and `二〇一八年八月一日` as they are written
/// in figures.
#[must_use]
pub fn date(text: &str) -> String {
    let narrow = half_width(text);
    if narrow.starts_with(|c: char| c.is_ascii_digit()) {
        return narrow.replace(['/', '.'], "-");
    }
    let mut found = String::new();
    for part in narrow.split_inclusive(['年', '月', '日']) {
        let Some(sign) = part.chars().next_back() else { continue };
        let number = part.strip_suffix(sign).unwrap_or(part);
        let digit = |c: char| match c {
            '〇' | '○' => Some('0'),
            _ => DIGITS
                .iter()
                .position(|known| *known == c)
                .and_then(|digit| char::from_digit(u32::try_from(digit).ok()?, 10)),
        };
        let digits: Option<String> = match sign {
            '年' => number.chars().map(digit).collect(),
            _ => match read(number) {
                Reading::Number(number) => Some(number.to_string()),
                Reading::Probably(_) | Reading::Nothing => None,
            },
        };
        found.push_str(digits.as_deref().unwrap_or(number));
        found.push(sign);
    }
    found
}

/// A Chinese numeral from 1 to 9999, as statutes write it: `第一百零三条` has 一百零三.
#[must_use]
pub fn chinese(number: u32) -> String {
    let mut written = String::new();
    let mut gap = false;
    for (scale, sign) in [(1000, "千"), (100, "百"), (10, "十"), (1, "")] {
        let digit = number / scale % 10;
        if digit == 0 {
            gap = !written.is_empty();
            continue;
        }
        if std::mem::take(&mut gap) {
            written.push('零');
        }
        let leading_ten = scale == 10 && digit == 1 && written.is_empty();
        if let Some(character) = DIGITS.get(digit as usize).filter(|_| !leading_ten) {
            written.push(*character);
        }
        written.push_str(sign);
    }
    written
}

/// What an article numeral says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// A number from 1 to 9999.
    Number(u32),
    /// Not how the number is written; probably this one was meant.
    Probably(u32),
    /// No number.
    Nothing,
}

/// Reads digits (either width) or a Chinese numeral.
#[must_use]
pub fn read(text: &str) -> Reading {
    let narrow = half_width(text);
    if narrow.bytes().all(|byte| byte.is_ascii_digit()) {
        return match narrow.parse() {
            Ok(number @ 1..=9999) => Reading::Number(number),
            _ => Reading::Nothing,
        };
    }
    let plain = text.replace('〇', "零").replace('两', "二");
    let Some(number) = loosely(&plain).filter(|number| (1..=9999).contains(number)) else {
        return Reading::Nothing;
    };
    let written = chinese(number);
    if plain == written || plain == written.replacen('十', "一十", 1) {
        Reading::Number(number)
    } else {
        Reading::Probably(number)
    }
}

/// Adds up a numeral without minding how it is written.
fn loosely(text: &str) -> Option<u32> {
    let mut total = 0u32;
    let mut digit = None;
    for character in text.chars() {
        let scale = match character {
            '十' => 10,
            '百' => 100,
            '千' => 1000,
            _ => {
                let value =
                    u32::try_from(DIGITS.iter().position(|&known| known == character)?).ok()?;
                digit = Some(digit.unwrap_or(0u32).checked_mul(10)?.checked_add(value)?);
                continue;
            }
        };
        total = total.checked_add(digit.take().unwrap_or(1).max(1).checked_mul(scale)?)?;
    }
    total.checked_add(digit.unwrap_or(0))
}

/// The numeral a text begins with, and its length in bytes; 0 for one that is no number from 1.
pub(super) fn leading(text: &str) -> Option<(u32, usize)> {
    let is_digit = |letter: char| letter.is_ascii_digit() || ('０'..='９').contains(&letter);
    let is_han = |letter: char| "零〇○一二三四五六七八九十百千两".contains(letter);
    let first = text.chars().next()?;
    let length = if is_digit(first) {
        text.find(|letter| !is_digit(letter)).unwrap_or(text.len())
    } else {
        text.find(|letter| !is_han(letter)).unwrap_or(text.len())
    };
    let written = text.get(..length).filter(|written| !written.is_empty())?;
    let number = match read(&written.replace('○', "零")) {
        Reading::Number(number) | Reading::Probably(number) => number,
        Reading::Nothing => 0,
    };
    Some((number, length))
}

/// The numeral a text begins with, within brackets or not.
pub(super) fn bracketed(text: &str) -> Option<(u32, usize)> {
    let Some(inner) = text.strip_prefix(['(', '（']) else { return leading(text) };
    let (number, length) = leading(inner)?;
    let rest = inner.get(length..)?;
    let after = rest.strip_prefix([')', '）'])?;
    Some((number, text.len() - after.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_article_number_reads_back() {
        for number in 1..=9999 {
            assert_eq!(read(&chinese(number)), Reading::Number(number), "{}", chinese(number));
        }
    }

    #[test]
    fn numerals_people_write() {
        let cases = [
            ("十二", Reading::Number(12)),
            ("一十二", Reading::Number(12)),
            ("一百零三", Reading::Number(103)),
            ("一百〇三", Reading::Number(103)),
            ("两百", Reading::Number(200)),
            ("１２", Reading::Number(12)),
            ("一百三", Reading::Probably(103)),
            ("一二", Reading::Probably(12)),
            ("零", Reading::Nothing),
            ("0", Reading::Nothing),
            ("10000", Reading::Nothing),
            ("九九九九九九九九九九九九", Reading::Nothing),
        ];
        for (text, reading) in cases {
            assert_eq!(read(text), reading, "{text}");
        }
    }
}
