//! Citations as people write them: a title, and the place in what it names. The words of such places
//! (条, 款, 项, 目) are the grammar of citations, whatever is cited.

use super::numeral;
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

/// One step of a place: `第十二条之一`, also `12条`, `第（二）项`.
#[must_use]
pub fn step(text: &str) -> Option<((Unit, Number), usize)> {
    let rest = text.strip_prefix('第').unwrap_or(text);
    let (main, length) = numeral::bracketed(rest)?;
    let rest = rest.get(length..)?;
    let sign = rest.chars().next()?;
    let unit = Unit::of(sign)?;
    let rest = rest.get(sign.len_utf8()..)?;
    let sub = rest.strip_prefix('之').and_then(|after| Some((numeral::leading(after)?, after)));
    let (sub, rest) = match sub {
        Some(((sub, length), after)) => (sub, after.get(length..)?),
        None => (0, rest),
    };
    Some(((unit, Number(main, sub)), text.len() - rest.len()))
}

/// The same in English: `section 12.3`, `§ 12.3`; `12.3` alone where nothing Chinese goes before.
fn english_step(text: &str, is_bare: bool) -> Option<((Unit, Number), usize)> {
    let lower = text.get(..text.len().min(16)).unwrap_or(text).to_ascii_lowercase();
    let words = ["sections ", "section ", "sec. ", "articles ", "article ", "art. ", "§§", "§"];
    let word = words.into_iter().find(|word| lower.starts_with(word));
    let word = if is_bare { word.unwrap_or("") } else { word? };
    let rest = text.get(word.len()..)?.trim_start();
    let digits = |text: &str| text.find(|letter: char| !letter.is_ascii_digit());
    let length = digits(rest).unwrap_or(rest.len());
    let main = rest.get(..length)?.parse().ok()?;
    let rest = rest.get(length..)?;
    let after = rest.strip_prefix(['.', '-']).unwrap_or("");
    let length = digits(after).unwrap_or(after.len());
    let (sub, rest) = match after.get(..length)?.parse() {
        Ok(sub) => (sub, after.get(length..)?),
        Err(_) => (0, rest),
    };
    let ends = !rest.starts_with(|letter: char| letter.is_alphanumeric());
    ends.then_some(((Unit::Article, Number(main, sub)), text.len() - rest.len()))
}

/// What is noted in brackets.
pub(super) fn note(text: &str) -> Option<usize> {
    text.strip_prefix(['(', '（'])?;
    let mut depth = 0_u32;
    for (at, letter) in text.char_indices() {
        match letter {
            '(' | '（' => depth += 1,
            ')' | '）' => depth = depth.saturating_sub(1),
            '\n' => return None,
            _ => {}
        }
        if depth == 0 {
            return Some(at + letter.len_utf8());
        }
    }
    None
}

/// What stands in 【】 before a place or the words quoted, and only says what they are.
fn marker(text: &str) -> Option<usize> {
    let end = text.strip_prefix('【')?.find('】')? + 2 * '【'.len_utf8();
    let rest = text.get(end..)?.trim_start();
    let is_label = title(rest).is_some();
    (!is_label).then_some(end)
}

/// What stands between provisions of one citation.
const JOINS: [&str; 9] = ["、", "和", "及", "至", "到", "或者", "与", ",", "，"];

/// The place a text begins with, and its length in bytes: `第十二条第一款、第三款` is two.
fn place(text: &str) -> (Vec<Provision>, usize) {
    let (found, end, _) = place_with_ranges(text);
    (found, end)
}

/// The same, with the numbers of those that end a range.
fn place_with_ranges(text: &str) -> (Vec<Provision>, usize, Vec<usize>) {
    let (mut found, mut current): (Vec<Provision>, Vec<(Unit, Number)>) = Default::default();
    let (mut at, mut end, mut is_open, mut is_bare) = (0, 0, false, true);
    let mut ranges = Vec::new();
    let mut join = "";
    loop {
        let rest = text.get(at..).unwrap_or("");
        let rest = rest.trim_start_matches([' ', '\t', '\u{3000}', '\u{A0}', '以']);
        let begin = text.len() - rest.len();
        let chinese = step(rest);
        is_bare &= chinese.is_none();
        if let Some((next, length)) = chinese.or_else(|| english_step(rest, is_bare)) {
            if current.last().is_some_and(|(unit, _)| *unit >= next.0) {
                found.push(Provision(current.clone()));
                current.retain(|(unit, _)| *unit < next.0);
                if matches!(std::mem::take(&mut join), "至" | "到") {
                    ranges.push(found.len());
                }
            }
            current.push(next);
            (at, end, is_open) = (begin + length, begin + length, true);
        } else if let Some(length) = note(rest) {
            at = begin + length;
            end = at;
        } else if let Some(length) = marker(rest).filter(|_| current.is_empty()) {
            at = begin + length;
        } else if let Some(next) = JOINS.iter().find(|join| is_open && rest.starts_with(**join)) {
            (at, is_open, join) = (begin + next.len(), false, next);
        } else {
            break;
        }
    }
    if !current.is_empty() {
        found.push(Provision(current));
    }
    (found, end, ranges)
}

/// The ends of the first range in a place that runs backwards, `第十四条至第十二条`, or nowhere.
#[must_use]
pub fn backwards(text: &str) -> Option<(Provision, Provision)> {
    let (found, _, ranges) = place_with_ranges(text);
    ranges.into_iter().find_map(|end| {
        let (first, last) = (found.get(end.checked_sub(1)?)?, found.get(end)?);
        let places = |of: &Provision| of.0.iter().map(|(_, number)| *number).collect::<Vec<_>>();
        let is_backwards = places(last) <= places(first);
        is_backwards.then(|| (first.clone(), last.clone()))
    })
}

/// The provisions that a place names; of a range its ends. Empty where nothing is named.
///
/// # Errors
/// Where something in it is no place: from which byte on.
pub fn provisions(text: &str) -> Result<Vec<Provision>, usize> {
    let (found, end) = place(text);
    let rest = text.get(end..).unwrap_or("").trim_matches(|c: char| c.is_whitespace() || c == '的');
    if rest.is_empty() || rest == "规定" || rest == "等" { Ok(found) } else { Err(end) }
}

/// The title of a citation without its brackets, or the number of the document that it is known by
/// alone; with its length in bytes.
fn title(text: &str) -> Option<(Range<usize>, usize)> {
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
        if letter == '第' && matches!(step(rest), Some(((Unit::Article, _), _))) {
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
    if !provisions.is_empty() || names_version() {
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

    fn named(text: &str) -> Result<Vec<String>, usize> {
        Ok(provisions(text)?.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn places_as_people_write_them() {
        for (written, read) in [
            ("第十二条第一款第五项", "第十二条第一款第五项"),
            ("第12条第（五）项", "第十二条第五项"),
            ("第１２条之一", "第十二条之一"),
            ("第十二条 第（二）款", "第十二条第二款"),
            ("第三条（2015年修正）第二款", "第三条第二款"),
            ("第二章第三节", "第二章第三节"),
            ("section 12.3", "第十二条之三"),
            ("12.3", "第十二条之三"),
            ("§ 5", "第五条"),
            ("第三条的规定", "第三条"),
        ] {
            assert_eq!(named(written).unwrap(), [read], "{written}");
        }
    }

    #[test]
    fn a_place_may_name_several_provisions() {
        let several = |text| named(text).unwrap().join(" ");
        assert_eq!(several("第三条、第五条"), "第三条 第五条");
        assert_eq!(several("第三条第一款、第二款和第四条"), "第三条第一款 第三条第二款 第四条");
        assert_eq!(several("第五条至第七条"), "第五条 第七条");
        assert_eq!(several("第十二条第一项、第三项"), "第十二条第一项 第十二条第三项");
        assert_eq!(several(""), "");
        assert!(named("附件一").is_err() && named("第三条附件").is_err());
        assert_eq!(named("第0条").unwrap().len(), 1);
    }

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
