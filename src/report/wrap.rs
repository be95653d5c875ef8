//! Rank 5: lines broken where a reader would: after a sign or between words, never within a number,
//! a date or a word unless a line has no other place.

use textwrap::WordSeparator;
use unicode_width::UnicodeWidthStr;

/// How much deeper the further lines of a tree's line stand.
const HANG: usize = 4;
/// However deep a line of a tree stands, it has this much room.
const NARROWEST: usize = 30;

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
    /// Between rows told one after another by their keys, where that fills most of the line.
    Best,
}

/// A text in lines of at most `room` columns.
#[must_use]
pub fn wrap(text: &str, room: usize) -> Vec<&str> {
    lines(text, room).0
}

/// A line of a tree in lines of at most `width` columns, further ones set in deeper than the first.
#[must_use]
pub fn fold(line: &str, width: usize) -> Vec<String> {
    let (blank, text) = line.split_at(line.len() - line.trim_start_matches(' ').len());
    let deeper = blank.len() + HANG;
    wrap(text, width.saturating_sub(deeper).max(NARROWEST))
        .into_iter()
        .enumerate()
        .map(
            |(at, line)| {
                if at == 0 { format!("{blank}{line}") } else { format!("{:deeper$}{line}", "") }
            },
        )
        .collect()
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
    while ahead(rest, room).width() > room {
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

/// The beginning of a text, wider than two lines: all that a line is chosen from, however long the
/// text. The whole text where it is not so wide.
fn ahead(text: &str, room: usize) -> &str {
    let mut letters = room.saturating_mul(4).max(8);
    loop {
        let Some((end, _)) = text.char_indices().nth(letters) else { return text };
        let head = text.get(..end).unwrap_or(text);
        if head.width() / 2 > room {
            return head;
        }
        letters = letters.saturating_mul(2);
    }
}

/// Where the first line of a text wider than `room` ends: at the best place that does not leave
/// most of the line empty.
fn best(text: &str, room: usize) -> (usize, Break) {
    let mut end = 0;
    let mut found = None;
    for word in WordSeparator::UnicodeBreakProperties.find_words(ahead(text, room)) {
        end += word.word.len() + word.whitespace.len();
        let (line, rest) = text.split_at(end);
        let width = line.trim_end().width();
        if width > room || rest.is_empty() {
            break;
        }
        let worthwhile = width * 5 >= room || ahead(rest, room).width() <= room;
        let begins = rest.starts_with(|letter: char| letter.is_ascii_alphanumeric());
        let is_item = begins && line.trim_end().ends_with('；') && width * 5 >= room * 3;
        let quality = match worthwhile {
            true if is_item => Break::Best,
            true => quality(line, rest),
            false => Break::Bad,
        };
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
    ends.take_while(|&end| text.get(..end).is_some_and(|head| head.width() <= room))
        .last()
        .unwrap_or(first)
}

/// How well a line can end between two texts.
fn quality(line: &str, rest: &str) -> Break {
    let before = line.trim_end().chars().next_back().unwrap_or(' ');
    let after = rest.chars().next().unwrap_or(' ');
    let digit = |letter: char| letter.is_ascii_digit();
    let figures =
        line.trim_end().rsplit(|letter: char| !letter.is_ascii_graphic()).next().unwrap_or("");
    let has_unit = digit(before)
        && !after.is_ascii()
        && figures.chars().all(|letter| digit(letter) || matches!(letter, ',' | '.'));
    match (before, after) {
        _ if line.ends_with(' ') && !has_unit => Break::Good,
        ('，' | '。' | '、' | '；' | '：' | '！' | '？', _) => Break::Good,
        ('年' | '月' | '日', _) if digit(after) => Break::Bad,
        _ if digit(before) => Break::Bad,
        ('”' | '’' | '》' | '）' | '」' | '』', _) | (_, '“' | '‘' | '《' | '（' | '「' | '『') => {
            Break::Fair
        }
        _ => Break::Poor,
    }
}

#[cfg(test)]
mod tests {
    use super::{fold, whole, wrap};

    #[test]
    fn a_line_ends_after_a_sign_or_between_words() {
        assert_eq!(
            wrap("判断 7 行，263 条；违反 268，从未适用 1。", 30),
            ["判断 7 行，263 条；违反 268，", "从未适用 1。"]
        );
        assert_eq!(wrap("every file has its place", 12), ["every file", "has its", "place"]);
    }

    #[test]
    fn a_date_and_a_number_with_its_unit_stay_whole() {
        assert_eq!(wrap("废止 为 2009-06-01", 16), ["废止 为", "2009-06-01"]);
        assert_eq!(wrap("时限 为 20 个工作日", 14), ["时限 为", "20 个工作日"]);
        assert_eq!(wrap("必须自2015年9月28日起施行", 16), ["必须自", "2015年9月28日起", "施行"]);
    }

    #[test]
    fn a_place_too_early_is_passed_over() {
        assert_eq!(
            wrap("依据 河南省城市生活垃圾处理管理办法实施细则", 24),
            ["依据 河南省城市生活垃圾", "处理管理办法实施细则"]
        );
        assert_eq!(
            wrap("CG-11 城市餐厨垃圾收运许可；CG-12 门店招牌", 25),
            ["CG-11", "城市餐厨垃圾收运许可；", "CG-12 门店招牌"]
        );
    }

    #[test]
    fn things_told_one_after_another_are_kept_whole() {
        assert_eq!(
            wrap("NW-01 农作物种子经营许可；NW-02 动物防疫条件合格证核发；NW-03 诊疗", 40),
            ["NW-01 农作物种子经营许可；", "NW-02 动物防疫条件合格证核发；NW-03 诊疗"]
        );
        assert_eq!(wrap("甲；the second of them", 16), ["甲；the second", "of them"]);
    }

    #[test]
    fn further_lines_of_a_tree_are_set_in() {
        let text = "    要成为 暂不实行（按 配套规则 第三条 市场调节的报请）：成立";
        assert_eq!(
            fold(text, 50),
            ["    要成为 暂不实行（按 配套规则 第三条", "        市场调节的报请）：成立"]
        );
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
