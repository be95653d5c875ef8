//! Citations as people write them: a title, and the place in what it names. The words of such places
//! (条, 款, 项, 目) are the grammar of citations, whatever is cited.

use super::numeral;
use super::provision::{appendix, english_step, marker, place};
pub use super::provision::{backwards, provisions, step};
use super::version::version;
use std::fmt::{self, Display, Formatter};
use std::ops::Range;

/// What a text is divided into, the greatest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit {
    /// 编.
    Part,
    /// 章.
    Chapter,
    /// 节.
    Section,
    /// 条.
    Article,
    /// 款.
    Paragraph,
    /// 项.
    Item,
    /// 目.
    Point,
}

/// The units with their words.
const UNITS: [(Unit, char, &str); 7] = [
    (Unit::Part, '编', "part"),
    (Unit::Chapter, '章', "chapter"),
    (Unit::Section, '节', "section"),
    (Unit::Article, '条', "article"),
    (Unit::Paragraph, '款', "paragraph"),
    (Unit::Item, '项', "item"),
    (Unit::Point, '目', "point"),
];

impl Unit {
    /// The unit a sign stands for.
    #[must_use]
    pub fn of(sign: char) -> Option<Self> {
        UNITS.iter().find(|(_, zh, _)| *zh == sign).map(|(unit, ..)| *unit)
    }

    /// The word, in Chinese and in English.
    #[must_use]
    pub fn words(self) -> (char, &'static str) {
        UNITS
            .iter()
            .find(|(unit, ..)| *unit == self)
            .map_or(('条', "article"), |row| (row.1, row.2))
    }
}

/// The number of a provision: 第十二条之一 is (12, 1), and so is section 12.1; (12, 0) without a
/// second number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Number(pub u32, pub u32);

/// A place in a text, from the greatest unit to the smallest.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Provision(pub Vec<(Unit, Number)>);

impl Display for Provision {
    /// `第十二条之一第二款`; `12.1(2)` in the alternate form.
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        for (at, (unit, Number(main, sub))) in self.0.iter().enumerate() {
            let (zh, en) = unit.words();
            if out.alternate() {
                let blank = if at > 0 { " " } else { "" };
                write!(out, "{blank}{en} {main}")?;
            } else {
                write!(out, "第{}{zh}", written(*main))?;
            }
            match (*sub, out.alternate()) {
                (0, _) => {}
                (sub, true) => write!(out, ".{sub}")?,
                (sub, false) => write!(out, "之{}", numeral::chinese(sub))?,
            }
        }
        Ok(())
    }
}

/// A number in Chinese numerals; `0` where it is none that these can write.
fn written(number: u32) -> String {
    match number {
        1..=9999 => numeral::chinese(number),
        other => other.to_string(),
    }
}

/// The title of a citation without its brackets, or the number of the document that it is known by
/// alone; with its length in bytes.
pub(super) fn title(text: &str) -> Option<(Range<usize>, usize)> {
    let mut depth = 0_u32;
    if let Some(open) = text.chars().next().filter(|letter| *letter == '《') {
        for (at, letter) in text.char_indices() {
            depth = match letter {
                '《' => depth + 1,
                '》' => depth.saturating_sub(1),
                _ => depth,
            };
            if depth == 0 {
                return Some((open.len_utf8()..at, at + letter.len_utf8()));
            }
        }
        return None;
    }
    for (open, close) in [('“', '”'), ('"', '"')] {
        if let Some(inner) = text.strip_prefix(open) {
            let length = inner.find(close)?;
            let end = open.len_utf8() + length + close.len_utf8();
            let rest = text.get(end..)?.trim_start();
            let is_title = step(rest).or_else(|| english_step(rest, true)).is_some();
            return is_title.then_some((open.len_utf8()..open.len_utf8() + length, end));
        }
    }
    // `五条第五条` is two places.
    if step(text).is_some() || appendix(text).is_some() {
        return None;
    }
    if let Some(length) = document_number(text) {
        return Some((0..length, length));
    }
    bare_title(text).map(|length| (0..length, length))
}

/// `国办发〔2018〕47号`.
#[must_use]
pub fn document_number(text: &str) -> Option<usize> {
    let head = text.find(['〔', '[', '［', '(', '（', '【'])?;
    let name = text.get(..head)?;
    let is_name = (1..=16).contains(&name.chars().count()) && name.chars().all(char::is_alphabetic);
    let rest = text.get(head..)?;
    let rest = rest.get(rest.chars().next()?.len_utf8()..)?;
    let digits = |text: &str| {
        let is_digit = |letter: char| letter.is_ascii_digit() || ('０'..='９').contains(&letter);
        text.find(|letter: char| !is_digit(letter)).unwrap_or(text.len())
    };
    let year = rest.get(..digits(rest))?;
    let rest = rest.get(year.len()..)?.strip_prefix(['〕', ']', '］', ')', '）', '】'])?;
    let rest = rest.strip_prefix('第').unwrap_or(rest);
    let number = digits(rest);
    let rest = rest.get(number..)?.strip_prefix('号')?;
    let fits = is_name && year.chars().count() == 4 && number > 0;
    fits.then_some(text.len() - rest.len())
}

/// A title without brackets, before the article it is cited for: `甲法第三条`.
fn bare_title(text: &str) -> Option<usize> {
    const STOPS: &str = "《》【】“”\"'：:；;，,。、\n\r（）()";
    for (at, letter) in text.char_indices() {
        let rest = text.get(at..)?;
        let begins = letter == '第' || letter.is_ascii_digit();
        if begins && matches!(step(rest), Some(((Unit::Article, _), _))) {
            let name = text.get(..at)?.trim_end();
            return (name.chars().count() > 1).then_some(name.len());
        }
        if STOPS.contains(letter) {
            return None;
        }
    }
    None
}

/// A citation in a text, by its parts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// All of it.
    pub whole: Range<usize>,
    /// What stands before the title in 【】.
    pub label: Option<Range<usize>>,
    /// The title, without its brackets; that of the citation before it where it has none.
    pub title: Option<Range<usize>>,
    /// The place in it.
    pub place: Option<Range<usize>>,
    /// The words quoted, without quotation marks.
    pub words: Option<Range<usize>>,
}

/// The citations that a text consists of.
///
/// # Errors
/// Where something in it is none.
pub fn citations(text: &str) -> Result<Vec<Written>, Range<usize>> {
    let mut found: Vec<Written> = Vec::new();
    let mut at = 0;
    loop {
        at += skipped(text.get(at..).unwrap_or(""));
        let rest = text.get(at..).unwrap_or("");
        if rest.is_empty() {
            return Ok(found);
        }
        let known = found.last().and_then(|written| written.title.clone());
        let Some(mut written) = citation(rest, at) else { return Err(at..text.len()) };
        if written.title.is_none() {
            written.title = Some(known.ok_or(at..text.len())?);
        }
        at = written.whole.end;
        found.push(written);
    }
}

/// How much of the beginning of a text only stands between citations, or counts them.
fn skipped(text: &str) -> usize {
    let mut rest = text;
    loop {
        let before = rest.len();
        rest = rest.trim_start_matches(|letter: char| {
            letter.is_whitespace() || "、，,；;。.和及与等•·".contains(letter)
        });
        rest = rest.strip_prefix("以及").unwrap_or(rest);
        rest = rest.strip_prefix("依据：").unwrap_or(rest);
        rest = rest.get(counter(rest)..).unwrap_or("");
        if rest.len() == before {
            return text.len() - rest.len();
        }
    }
}

/// The length of a number that only counts what follows: `1.`, `（一）`, `二、`, `①`.
fn counter(text: &str) -> usize {
    if let Some(sign) = text.chars().next().filter(|sign| ('①'..='⑳').contains(sign)) {
        return sign.len_utf8();
    }
    let Some((_, length)) = numeral::bracketed(text) else { return 0 };
    let rest = text.get(length..).unwrap_or("");
    if text.starts_with(['(', '（']) {
        // `（一）项` is a place.
        return if rest.chars().next().and_then(Unit::of).is_some() { 0 } else { length };
    }
    let sign = rest.chars().next().filter(|sign| ".．、)）".contains(*sign));
    sign.map_or(0, |sign| length + sign.len_utf8())
}

/// The citation a text begins with; `from` is where it stands.
fn citation(text: &str, from: usize) -> Option<Written> {
    let mut written = Written::default();
    let mut at = 0;
    let rest = |at: usize| text.get(at..).unwrap_or("");
    let blanks = |at: usize| at + (rest(at).len() - rest(at).trim_start().len());
    if let Some(inner) = text.strip_prefix('【') {
        let end = inner.find('】')?;
        written.label = Some(from + '【'.len_utf8()..from + '【'.len_utf8() + end);
        at = blanks('【'.len_utf8() + end + '】'.len_utf8());
        at += rest(at).len() - rest(at).trim_start_matches(['：', ':']).len();
        at = blanks(at);
    }
    let begin = at;
    if let Some((name, length)) = title(rest(at)) {
        written.title = Some(from + at + name.start..from + at + name.end);
        at += length;
    }
    let before = at;
    let (provisions, length) = place(rest(at));
    at += length;
    let names_version = || version(text.get(before..at).unwrap_or("")).is_some();
    let is_place = || appendix(text.get(before..at).unwrap_or("").trim_start()).is_some();
    if !provisions.is_empty() || names_version() || is_place() {
        written.place = Some(from + blanks(before)..from + at);
    }
    if written.title.is_none() && written.place.is_none() || begin == at {
        return None;
    }
    let (words, end) = words(text, at);
    written.words = words.map(|part| from + part.start..from + part.end);
    written.whole = from..from + end;
    Some(written)
}

/// The words quoted from `at` on, and where the citation ends.
fn words(text: &str, at: usize) -> (Option<Range<usize>>, usize) {
    let rest = text.get(at..).unwrap_or("");
    let mut inner = rest.trim_start();
    let mut is_told = inner.len() < rest.len() && !inner.is_empty();
    if let Some(after) = marker(inner).and_then(|length| inner.get(length..)) {
        (inner, is_told) = (after, true);
    }
    for word in ["的规定", "中规定", "规定", "明确"] {
        if let Some(after) = inner.strip_prefix(word) {
            (inner, is_told) = (after, true);
            break;
        }
    }
    let bare = inner.trim_start_matches(|c: char| c.is_whitespace() || "：:，,".contains(c));
    is_told |= inner.trim_start().starts_with(['：', ':']);
    let begin = text.len() - bare.len();
    for (open, close) in [('“', '”'), ('"', '"'), ('「', '」'), ('『', '』'), ('‘', '’')]
    {
        let Some(quoted) = bare.strip_prefix(open) else { continue };
        let mut depth = 1;
        for (offset, letter) in quoted.char_indices() {
            depth += i32::from(letter == open && open != close);
            depth -= i32::from(letter == close);
            if depth == 0 {
                let start = begin + open.len_utf8();
                return (Some(start..start + offset), start + offset + close.len_utf8());
            }
        }
        return (Some(begin + open.len_utf8()..text.len()), text.len());
    }
    let separates = bare.starts_with(|c: char| "；;、。".contains(c)) || begins(bare);
    let after = after_counter(bare);
    let is_next = after.len() < bare.len() && (after.is_empty() || begins(after));
    if !is_told || bare.is_empty() || separates || is_next {
        return (None, at);
    }
    let end = begin + next(bare);
    let kept = text.get(begin..end).unwrap_or("").trim_end();
    let kept = begin..begin + kept.len();
    ((!kept.is_empty()).then_some(kept), end)
}

fn after_counter(text: &str) -> &str {
    text.get(skipped(text)..).unwrap_or("")
}

/// Where the next citation begins in words without quotation marks: at the beginning of a line, or
/// after a sentence.
fn next(text: &str) -> usize {
    for (at, letter) in text.char_indices() {
        if !matches!(letter, '\n' | '\r' | '；' | ';' | '。') {
            continue;
        }
        let rest = text.get(at + letter.len_utf8()..).unwrap_or("");
        if begins(after_counter(rest)) {
            return at + letter.len_utf8();
        }
    }
    text.len()
}

/// Whether a text begins with a citation: a label, a title with a place or at the end of its line, or
/// the number of a document.
fn begins(text: &str) -> bool {
    if text.starts_with('【') && marker(text).is_none() || document_number(text).is_some() {
        return true;
    }
    if !text.starts_with('《') {
        return false;
    }
    let Some((_, length)) = title(text) else { return false };
    let (provisions, end) = place(text.get(length..).unwrap_or(""));
    let rest = text.get(length + end..).unwrap_or("");
    !provisions.is_empty()
        || rest.is_empty()
        || rest.starts_with(['\n', '\r', '：', ':', '；', ';'])
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn parts(text: &str) -> Vec<[&str; 4]> {
        let part = |range: &Option<Range<usize>>| range.clone().and_then(|at| text.get(at));
        let all = citations(text).unwrap();
        let of = |written: &Written| {
            [&written.label, &written.title, &written.place, &written.words]
                .map(|range| part(range).unwrap_or(""))
        };
        all.iter().map(of).collect()
    }

    #[test]
    fn cells_with_one_citation() {
        for (text, parts_of) in [
            ("《甲法》第三条", ["", "甲法", "第三条", ""]),
            ("《甲〈乙〉法》", ["", "甲〈乙〉法", "", ""]),
            ("甲法第三条第二款", ["", "甲法", "第三条第二款", ""]),
            ("三条例第五条", ["", "三条例", "第五条", ""]),
            ("【法律】《甲法》第三条：“公开。”", ["法律", "甲法", "第三条", "公开。"]),
            (
                "《甲法》（2015年修正）第三条规定，“公开”。",
                ["", "甲法", "（2015年修正）第三条", "公开"],
            ),
            ("《甲法》第三条：公开；公平。", ["", "甲法", "第三条", "公开；公平。"]),
            ("《甲法》第三条 公开。", ["", "甲法", "第三条", "公开。"]),
            ("国办发〔2018〕47号", ["", "国办发〔2018〕47号", "", ""]),
            ("\"Code\" 12.3", ["", "Code", "12.3", ""]),
            (
                "【规章】《甲法》【条】第三条【文】公平。",
                ["规章", "甲法", "【条】第三条", "公平。"],
            ),
        ] {
            assert_eq!(parts(text), [parts_of], "{text}");
        }
    }

    #[test]
    fn cells_with_several_citations() {
        assert_eq!(
            parts("1.《甲法》第三条：“公开；公平。”\n2.【规章】《乙办法》第四条、第五条；第九条"),
            [
                ["", "甲法", "第三条", "公开；公平。"],
                ["规章", "乙办法", "第四条、第五条", ""],
                ["", "乙办法", "第九条", ""],
            ]
        );
        assert_eq!(
            parts("《甲法》第三条：根据《乙法》，公开。\n《丙法》第一条：公平。"),
            [["", "甲法", "第三条", "根据《乙法》，公开。"], ["", "丙法", "第一条", "公平。"],]
        );
        assert_eq!(
            parts("《甲法》第三条、《乙法》第四条和国办发〔2018〕47号"),
            [
                ["", "甲法", "第三条", ""],
                ["", "乙法", "第四条", ""],
                ["", "国办发〔2018〕47号", "", ""],
            ]
        );
        assert!(parts(" ；").is_empty());
        assert_eq!(
            citations("《甲法》；见附件"),
            Err("《甲法》；".len().."《甲法》；见附件".len())
        );
        assert!(citations("第三条").is_err());
    }
}
