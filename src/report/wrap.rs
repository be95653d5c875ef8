//! Rank 5: lines broken where a reader would: after a sign or between words, never within a number, a date or a word unless a line has no
//! other place.

use textwrap::WordSeparator;
use unicode_width::UnicodeWidthStr;

/// How well a line can end somewhere, best last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Break {
    /// Within a number with its unit, or a date.
    Bad,
    /// Within a word.
    Poor,
    /// Before or after a bracket or a quote.
    Fair,
    /// After a sign, or between words.
    Good,
}

/// A text in lines of at most `room` columns.
pub fn wrap(text: &str, room: usize) -> Vec<&str> {
    lines(text, room).0
}

/// As [`wrap`], if no word has to be broken for it.
pub fn whole(text: &str, room: usize) -> Option<Vec<&str>> {
    let (lines, worst) = lines(text, room);
    (worst >= Break::Fair).then_some(lines)
}

/// The lines, and how bad the worst of their breaks is.
fn lines(text: &str, room: usize) -> (Vec<&str>, Break) {
    let (mut lines, mut worst) = (Vec::new(), Break::Good);
    let mut rest = text.trim_end();
    while rest.width() > room {
        let (end, quality) = best(rest, room);
        let (line, tail) = rest.split_at(end);
        lines.push(line.trim_end());
        worst = worst.min(quality);
        rest = tail.trim_start_matches(' ');
    }
    if lines.is_empty() || !rest.is_empty() {
        lines.push(rest);
    }
    (lines, worst)
}

/// Where the first line of a text wider than `room` ends: at the best place that does not leave most of the line empty.
fn best(text: &str, room: usize) -> (usize, Break) {
    let mut end = 0;
    let mut found = None;
    for word in WordSeparator::UnicodeBreakProperties.find_words(text) {
        end += word.word.len() + word.whitespace.len();
        let (line, rest) = text.split_at(end);
        let width = line.trim_end().width();
        if width > room || rest.is_empty() {
            break;
        }
        let worthwhile = width * 3 >= room || rest.width() <= room;
        let quality = if worthwhile { quality(line, rest) } else { Break::Bad };
        if found.is_none_or(|(_, best)| best <= quality) {
            found = Some((end, quality));
        }
    }
    found.unwrap_or_else(|| (fitting(text, room), Break::Bad))
}

/// How many bytes of the text fit, at least one letter.
fn fitting(text: &str, room: usize) -> usize {
    let ends = text.char_indices().map(|(at, letter)| at + letter.len_utf8());
    let first = text.chars().next().map_or(0, char::len_utf8);
    ends.take_while(|&end| text.get(..end).is_some_and(|head| head.width() <= room)).last().unwrap_or(first)
}

/// How well a line can end between two texts.
fn quality(line: &str, rest: &str) -> Break {
    let before = line.trim_end().chars().next_back().unwrap_or(' ');
    let after = rest.chars().next().unwrap_or(' ');
    let digit = |letter: char| letter.is_ascii_digit();
    let has_unit = digit(before) && !after.is_ascii();
    match (before, after) {
        _ if line.ends_with(' ') && !has_unit => Break::Good,
        ('，' | '。' | '、' | '；' | '：' | '！' | '？', _) => Break::Good,
        _ if digit(before) || digit(after) => Break::Bad,
        ('”' | '’' | '》' | '）' | '」' | '』', _) | (_, '“' | '‘' | '《' | '（' | '「' | '『') => Break::Fair,
        _ => Break::Poor,
    }
}

#[cfg(test)]
mod tests {
    use super::{whole, wrap};

    #[test]
    fn a_line_ends_after_a_sign_or_between_words() {
        assert_eq!(wrap("判断 7 行，263 条；违反 268，从未适用 1。", 30), ["判断 7 行，263 条；违反 268，", "从未适用 1。"]);
        assert_eq!(wrap("every file has its place", 12), ["every file", "has its", "place"]);
    }

    #[test]
    fn a_date_and_a_number_with_its_unit_stay_whole() {
        assert_eq!(wrap("废止 为 2009-06-01", 16), ["废止 为", "2009-06-01"]);
        assert_eq!(wrap("时限 为 20 个工作日", 14), ["时限 为", "20 个工作日"]);
        assert_eq!(wrap("自2015年9月28日起", 12), ["自", "2015年9月28", "日起"]);
    }

    #[test]
    fn a_place_too_early_is_passed_over() {
        assert_eq!(wrap("依据 河南省城市生活垃圾处理管理办法实施细则", 20), ["依据 河南省城市生活", "垃圾处理管理办法实施", "细则"]);
    }

    #[test]
    fn what_has_no_place_is_broken_where_it_must_be() {
        assert_eq!(wrap("abcdefgh", 3), ["abc", "def", "gh"]);
        assert_eq!(wrap("汉字", 1), ["汉", "字"]);
        assert_eq!(wrap("", 5), [""]);
        assert_eq!(whole("承接层级 为 县级", 12), Some(vec!["承接层级 为", "县级"]));
        assert_eq!(whole("承接层级", 6), None);
    }
}
