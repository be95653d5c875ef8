//! Words and signs that people write where they have nothing to write. What they mean is for the
//! manifest or the vocabulary to say; here they are only recognised, to be asked about.

use super::names::fold;

/// Such words.
const WORDS: [&str; 34] = [
    "无",
    "暂无",
    "没有",
    "空",
    "缺",
    "不详",
    "未知",
    "未填",
    "未填写",
    "待定",
    "待补",
    "待填",
    "待补充",
    "待完善",
    "待核实",
    "暂缺",
    "尚无",
    "缺失",
    "空白",
    "无此项",
    "不涉及",
    "未设定",
    "未提供",
    "未填报",
    "不适用",
    "n/a",
    "na",
    "null",
    "none",
    "nil",
    "nan",
    "tbd",
    "tba",
    "unknown",
];

/// Such signs, alone or repeated.
const SIGNS: &str = "/\\-‐‑‒–—―─_.。…~";

/// No such word is longer, in bytes.
const LONGEST: usize = 36;

/// Whether one may begin so; nearly all texts begin otherwise, and are asked for nothing more.
#[inline]
#[must_use]
pub fn may_begin_one(first: char) -> bool {
    match first {
        '0'..='9' => false,
        'a'..='z' | 'A'..='Z' => matches!(first, 'n' | 'N' | 't' | 'T' | 'u' | 'U'),
        '\u{4E00}'..='\u{9FFF}' => {
            matches!(first, '无' | '暂' | '没' | '空' | '缺' | '不' | '未' | '待' | '尚')
        }
        _ => true,
    }
}

/// Whether a text is nothing but such a word or sign.
#[inline]
#[must_use]
pub fn is_one(text: &str) -> bool {
    text.chars().next().is_some_and(may_begin_one) && is_whole(text)
}

fn is_whole(text: &str) -> bool {
    let text = text.trim();
    if text.is_empty() || text.len() > LONGEST {
        return false;
    }
    let plain = fold(text);
    let bare = plain
        .strip_prefix(['(', '<', '[', '“', '"'])
        .and_then(|rest| rest.strip_suffix([')', '>', ']', '”', '"']))
        .unwrap_or(&plain);
    // `无。` is `无`.
    let bare = bare.strip_suffix(['。', '.']).filter(|rest| !rest.is_empty()).unwrap_or(bare);
    let is_sign = !bare.is_empty() && bare.chars().all(|letter| SIGNS.contains(letter));
    // More of them are what is left of letters that are lost.
    let is_asked = ["?", "??"].contains(&bare);
    is_sign || is_asked || WORDS.iter().any(|word| bare.eq_ignore_ascii_case(word))
}

/// Whether a text is the day that programs begin to count at, and write where there is no day:
/// `1900-01-01`, `1899-12-30 00:00:00`.
#[inline]
#[must_use]
pub fn is_first_day(text: &str) -> bool {
    const BEGINS: [&str; 4] = ["0001", "1899", "1900", "1970"];
    BEGINS.iter().any(|year| text.starts_with(year)) && is_first(text)
}

fn is_first(text: &str) -> bool {
    const DAYS: [[u32; 3]; 5] =
        [[1, 1, 1], [1899, 12, 30], [1899, 12, 31], [1900, 1, 1], [1970, 1, 1]];
    let mut numbers = text.split(|letter: char| !letter.is_ascii_digit());
    let day = [numbers.next(), numbers.next(), numbers.next()];
    let day = day.map(|number| number.and_then(|digits| digits.parse().ok()).unwrap_or(0));
    DAYS.contains(&day)
}

/// Whether a text is nothing but zeros, as programs write it where there is nothing: `0`,
/// `0000-00-00`, and the day 0 of spreadsheet programs.
#[must_use]
pub fn is_zero(text: &str) -> bool {
    const SIGNS: &str = "-/.: ";
    let mut letters = text.chars();
    text.starts_with('0') && letters.all(|letter| letter == '0' || SIGNS.contains(letter))
        || ["1900-01-00", "1900/1/0", "1900-1-0"].contains(&text)
}

#[cfg(test)]
mod tests {
    use super::{WORDS, is_one};

    #[test]
    fn every_word_is_one() {
        for word in WORDS {
            assert!(is_one(word) && is_one(&word.to_uppercase()), "{word}");
        }
    }

    #[test]
    fn only_what_says_nothing_is_a_placeholder() {
        for word in
            ["无", " / ", "—", "——", "N/A", "NULL", "-", "Ｎ／Ａ", "（无）", "暂无", "无。", "..."]
        {
            assert!(is_one(word), "{word}");
        }
        for word in ["无证", "0", "√", "×", "a/b", "无。略", "", "是", "-1", "国/无", "中"]
        {
            assert!(!is_one(word), "{word}");
        }
    }
}
