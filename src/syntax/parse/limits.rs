//! Limits as offices write them: with 含 behind the number, of things that are counted, of nothing
//! that is named, without a modal.

use super::amounts::{Put, number, unit};
use super::phrasing::binds;
use crate::say;
use crate::syntax::keyword::{self, KEYWORDS};
use crate::syntax::remedy::COUNTERS;
use crate::syntax::word;

/// The limits of a sentence that are put otherwise.
pub(super) fn limit(sentence: &str) -> Option<Put> {
    ended(sentence).or_else(|| of_nothing(sentence))
}

/// What may stand between a number and the word that bounds it, and whether the number is left out.
const INCLUDED: [(&str, bool); 12] = [
    ("（含本数）", false),
    ("(含本数)", false),
    ("（含）", false),
    ("(含)", false),
    ("（包含）", false),
    ("（不含）", true),
    ("(不含)", true),
    ("（不含本数）", true),
    ("(不含本数)", true),
    ("及其", false),
    ("及", false),
    ("或", false),
];

/// What bounds the number before it: the words, and whether it is the least.
const ENDS: [(&str, bool); 4] = [("以上", true), ("以下", false), ("以内", false), ("之内", false)];

/// What stands before such a number.
const BEFORE: [&str; 6] = ["达到", "属于", "为", "是", "达", "在"];

/// `1万元（含）以上`, `1万元及以上`, `为 5 以上`, `在5个以内`, `5人以上单数`.
fn ended(sentence: &str) -> Option<Put> {
    let is_figure = |c: char| c.is_ascii_digit() || word::is_of_numeral(c);
    let mut from = 0;
    while let Some(found) = sentence.get(from..)?.find(is_figure) {
        let start = from + found;
        let rest = sentence.get(start..)?;
        if let Some(put) = ended_at(sentence, start) {
            return Some(put);
        }
        // On behind this number.
        from = start + rest.find(|c| !is_figure(c) && c != '.').unwrap_or(rest.len());
    }
    None
}

/// The same of the number that begins at a place.
fn ended_at(sentence: &str, start: usize) -> Option<Put> {
    let rest = sentence.get(start..)?;
    let (figures, length) = number(rest)?;
    let behind = rest.get(length..)?;
    let scale = ["万", "亿", "千", "百"].iter().find(|scale| behind.starts_with(**scale));
    let scale = scale.map_or("", |scale| scale);
    let measured = behind.get(scale.len()..)?;
    let (amount, mut end, is_counted) = match unit(measured) {
        Some((unit, unit_length)) => {
            let blank = if scale.is_empty() { " " } else { scale };
            (format!("{figures}{blank}{unit}"), length + scale.len() + unit_length, false)
        }
        None => {
            let counter = measured.trim_start();
            let counter = counter.chars().next().filter(|c| COUNTERS.contains(c));
            let blanks = measured.len() - measured.trim_start().len();
            let more = counter.map_or(0, |c| blanks + c.len_utf8());
            (format!("{figures}{scale}"), length + scale.len() + more, counter.is_some())
        }
    };
    let behind = rest.get(end..)?;
    let blank = |text: &str| text.len() - text.trim_start().len();
    let included = INCLUDED.iter().find(|(word, _)| behind.trim_start().starts_with(word));
    end += included.map_or(0, |(word, _)| blank(behind) + word.len());
    let behind = rest.get(end..)?;
    let (word, is_least) = ENDS.iter().find(|(word, _)| behind.trim_start().starts_with(word))?;
    end += blank(behind) + word.len();
    let behind = rest.get(end..)?;
    // What is counted may stand behind it.
    let parity = ["单数", "奇数", "双数", "偶数"];
    let parity = parity.iter().find(|word| behind.trim_start().starts_with(**word));
    end += parity.map_or(0, |word| blank(behind) + word.len());
    let head = sentence.get(..start)?.trim_end();
    let before = BEFORE.iter().find(|word| head.ends_with(**word));
    let is_stated = before.is_some_and(|word| *word != "在");
    if included.is_none() && !is_stated && !is_counted && parity.is_none() {
        return None;
    }
    let begin = before.map_or(start, |word| head.len() - word.len());
    let rest_of = sentence.get(start + end..)?;
    if included.is_none() && number(rest_of.trim_start()).is_some() {
        // `为 100 元以上 500 元以下`: what stands before it is too much.
        let help = say!("写作 `{amount} {word}`", "write `{amount} {word}`");
        return Some((begin..start + end, help));
    }
    let negative = sentence.get(..begin)?.trim_end();
    let negative = ["不得", "不能", "不准", "不应"].iter().any(|word| negative.ends_with(word));
    let relation = match (*is_least, included.is_some_and(|(_, without)| *without)) {
        (true, false) if negative => ">=",
        (false, false) if negative => "<=",
        (true, false) => "不少于",
        (true, true) => "超过",
        (false, false) => "不超过",
        (false, true) => "少于",
    };
    let head = sentence.get(..begin)?;
    let is_condition = rest_of.trim_start().starts_with(['的', '，', ',']);
    let modal = if is_condition || is_bound(head) { "" } else { "必须 " };
    let help = match parity {
        None => say!("写作 `{modal}{relation} {amount}`", "write `{modal}{relation} {amount}`"),
        Some(word) => {
            let odd = u8::from(["单数", "奇数"].contains(word));
            say!(
                "写作 `{modal}{relation} {amount}`；{word}另写一句：`余数(…, 2) 必须 为 {odd}`",
                "write `{modal}{relation} {amount}`, and another sentence `余数(…, 2) 必须 为 {odd}`"
            )
        }
    };
    Some((begin..start + end, help))
}

/// Whether a modal stands in what goes before, also one of one letter at its end.
pub(super) fn is_bound(head: &str) -> bool {
    binds(head) || head.trim_end().ends_with(['应', '须', '要'])
}

/// `应当在5个工作日内甲`: nothing says what is not to be longer, or from which day it counts.
fn of_nothing(sentence: &str) -> Option<Put> {
    let modals = KEYWORDS.iter().filter(|own| keyword::is_modal(own.rule));
    let mut modals = modals.flat_map(|own| own.chinese).copied();
    for (at, word) in sentence.match_indices('在') {
        let head = sentence.get(..at)?.trim_end();
        let behind = sentence.get(at + word.len()..)?;
        let figures = behind.trim_start();
        let Some((amount, length)) = number(figures) else { continue };
        let Some((unit, unit_length)) = unit(figures.get(length..)?) else { continue };
        let after = figures.get(length + unit_length..)?.trim_start();
        let Some(rest) = ["以内", "之内", "内"].iter().find_map(|end| after.strip_prefix(end))
        else {
            continue;
        };
        let Some(modal) = modals.find(|modal| head.ends_with(*modal)) else { continue };
        let value = head.strip_suffix(modal)?.rsplit(['，', ',', '。', '；']).next()?.trim();
        if rest.trim().is_empty() {
            continue;
        }
        let limit = format!("{amount} {unit}");
        let due = match unit {
            "工作日" => format!("顺延(…, {limit})"),
            _ => format!("… + {limit}"),
        };
        let help = match value.is_empty() || value.starts_with('凡') {
            false => say!("写作 `不超过 {limit}`", "write `不超过 {limit}`"),
            true => say!(
                "写明是哪一段时间，如一列：`… {modal} 不超过 {limit}`；从哪一天算起的，写 `… {modal} 不晚于 {due}`",
                "say which span it is, a field most often: `… {modal} 不超过 {limit}`; where it \
                    counts from a day, `… {modal} 不晚于 {due}`"
            ),
        };
        return Some((at..sentence.trim_end().len(), help));
    }
    None
}
