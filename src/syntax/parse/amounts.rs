//! Amounts, days and limits as offices write them, where the language puts them otherwise.

use super::limits::is_bound;
use crate::diagnostic::Bilingual;
use crate::say;
use crate::syntax::keyword::{KEYWORDS, Role};
use crate::syntax::remedy::priced;
use crate::syntax::word;
use crate::value::numeral::read;
use std::ops::Range;

/// A phrase of a sentence, and how it is put.
pub(super) type Put = (Range<usize>, Bilingual);

/// The amounts of a sentence that are put otherwise.
pub(super) fn amount(sentence: &str) -> Option<Put> {
    let unquoted = |put: &Put| {
        let head = sentence.get(..put.0.start).unwrap_or("");
        head.matches('“').count() <= head.matches('”').count()
            && head.matches('"').count().is_multiple_of(2)
    };
    let all = [mixed, price, without_year, graded, from_to, exceeding_or_more];
    all.iter().filter_map(|phrase| phrase(sentence)).find(unquoted)
}

/// The unit that a text begins with, as it is written behind a number, and where it ends.
pub(super) fn unit(text: &str) -> Option<(&'static str, usize)> {
    let rest = text.trim_start();
    let own = KEYWORDS.iter().filter(|own| own.role == Role::Unit).flat_map(|own| own.chinese);
    let word = own.filter(|word| rest.starts_with(**word)).max_by_key(|word| word.len())?;
    let bare = word.strip_prefix('个').filter(|bare| *bare != "月").unwrap_or(word);
    Some((bare, text.len() - rest.len() + word.len()))
}

/// The number that a text begins with, in figures or as a numeral, and its length.
pub(super) fn number(text: &str) -> Option<(String, usize)> {
    let digits = |c: char| !c.is_ascii_digit() && c != '.';
    let length = text.find(digits).unwrap_or(text.len());
    if length > 0 {
        return Some((text.get(..length)?.to_owned(), length));
    }
    let length = text.find(|c| !word::is_of_numeral(c)).unwrap_or(text.len());
    let written = text.get(..length).filter(|written| !written.is_empty())?;
    Some((read(written)?.to_string(), length))
}

/// `1千5百元`: figures with the words for thousands and hundreds between them.
fn mixed(sentence: &str) -> Option<Put> {
    const SCALES: [(char, u64); 4] = [('万', 10_000), ('千', 1000), ('百', 100), ('十', 10)];
    let is_part = |c: char| c.is_ascii_digit() || SCALES.iter().any(|(sign, _)| *sign == c);
    let mut from = 0;
    while let Some(found) = sentence.get(from..)?.find(|c: char| c.is_ascii_digit()) {
        let start = from + found;
        let rest = sentence.get(start..)?;
        let length = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        from = start + length;
        let (mut total, mut digits, mut least, mut scales) = (0_u64, String::new(), u64::MAX, 0);
        let mut fits = true;
        for letter in rest.get(..length)?.chars() {
            match SCALES.iter().find(|(sign, _)| *sign == letter) {
                None => digits.push(letter),
                Some((_, scale)) => {
                    let number: Option<u64> = std::mem::take(&mut digits).parse().ok();
                    fits &= number.is_some_and(|number| number < 10_000) && *scale < least;
                    total = total.saturating_add(number.unwrap_or(0).saturating_mul(*scale));
                    (least, scales) = (*scale, scales + 1);
                }
            }
        }
        // Of `1万5元` nobody knows whether thousands are meant.
        let Some((unit, unit_length)) = unit(rest.get(length..)?) else { continue };
        let is_plain = scales < 2 || !digits.is_empty() && least > 10;
        if !fits || is_plain {
            continue;
        }
        let total = total.saturating_add(digits.parse().unwrap_or(0));
        let help = say!("写作 `{total} {unit}`", "write `{total} {unit}`");
        return Some((start..from + unit_length, help));
    }
    None
}

/// `50元每件`, `每件50元`: the price of one, which is no amount.
fn price(sentence: &str) -> Option<Put> {
    let (at, behind) = sentence
        .match_indices('每')
        .map(|(at, word)| (at, at + word.len()))
        .find(|(at, _)| sentence.get(..*at).is_some_and(|head| head.trim_end().ends_with('元')))?;
    let rest = sentence.get(behind..)?;
    let thing = rest.chars().next().filter(|c| c.is_alphabetic())?;
    let head = sentence.get(..at)?.trim_end().strip_suffix('元')?.trim_end();
    let figures = head.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    let start = figures.len();
    let amount = head.get(start..).filter(|amount| !amount.is_empty())?;
    Some((start..behind + thing.len_utf8(), priced(amount, &thing.to_string())))
}

/// `2月1日`, `3月底`: a day without its year.
fn without_year(sentence: &str) -> Option<Put> {
    let digits =
        |text: &str| text.len() - text.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    for (at, month) in sentence.match_indices('月') {
        let head = sentence.get(..at)?;
        let start = head.len() - digits(head);
        let behind = sentence.get(at + month.len()..)?;
        let length = behind.find(|c: char| !c.is_ascii_digit()).unwrap_or(behind.len());
        let day = behind.get(length..)?.starts_with(['日', '号']).then(|| length + '日'.len_utf8());
        let about = ["底", "初", "中旬", "上旬", "下旬", "末"];
        let about = about.iter().find(|word| behind.starts_with(**word)).map(|word| word.len());
        let is_month =
            (1..=2).contains(&(at - start)) && !head.get(..start)?.trim_end().ends_with('年');
        let Some(end) = day.filter(|_| length > 0).or(about).filter(|_| is_month) else { continue };
        let number = |text: &str| text.parse::<u8>().ok();
        let month = number(head.get(start..)?)?;
        let help = match number(behind.get(..length)?).filter(|_| about.is_none()) {
            Some(day) => say!(
                "日期要写明哪一年：`2015年{month}月{day}日` 这样写",
                "a date has its year: written like `2015-{month:02}-{day:02}`"
            ),
            None => say!(
                "写明是哪一年哪一天：`2015年{month}月…日` 这样写",
                "write which year and day: like `2015-{month:02}-…`"
            ),
        };
        return Some((start..at + '月'.len_utf8() + end, help));
    }
    None
}

/// `压缩在“2、4”个工作日以内`: a limit that things are brought down to, in one step or several.
fn graded(sentence: &str) -> Option<Put> {
    const VERBS: [&str; 7] = ["压缩", "压减", "缩短", "控制", "限定", "限制", "缩减"];
    let (at, verb) = VERBS.iter().filter_map(|verb| Some((sentence.find(verb)?, *verb))).min()?;
    let rest = sentence.get(at + verb.len()..)?.trim_start();
    let rest =
        ["在", "到", "至", "为"].iter().find_map(|word| rest.strip_prefix(word))?.trim_start();
    let quoted = rest.strip_prefix(['“', '"']);
    let list = quoted.unwrap_or(rest);
    let is_list = |c: char| c.is_ascii_digit() || "、.".contains(c);
    let length = list.find(|c| !is_list(c)).unwrap_or(list.len());
    let numbers: Vec<&str> = list.get(..length)?.split('、').collect();
    let behind = list.get(length..)?;
    let behind = if quoted.is_some() { behind.strip_prefix(['”', '"'])? } else { behind };
    let (unit, unit_length) = unit(behind)?;
    let behind = behind.get(unit_length..)?.trim_start();
    let ends = ["以内", "之内", "以下", "内"];
    let behind = ends.iter().find_map(|end| behind.strip_prefix(end)).unwrap_or(behind);
    let head = sentence.get(..at)?.trim_end();
    let start =
        ["均", "都"].iter().find_map(|all| head.strip_suffix(all)).unwrap_or(head).trim_end();
    let modal = if is_bound(start) { "" } else { "必须 " };
    let put = match numbers.as_slice() {
        [""] | [] => return None,
        [one] => format!("{modal}不超过 {one} {unit}"),
        all => {
            let all: Vec<String> = all.iter().map(|one| format!("{one} {unit}")).collect();
            format!("{modal}属于 {{{}}}", all.join("、"))
        }
    };
    let help = say!("写作 `{put}`", "write `{put}`");
    Some((start.len()..sentence.len() - behind.len(), help))
}

/// `应当为2—5个工作日`, `在2~5个工作日以内`: from one number to another.
fn from_to(sentence: &str) -> Option<Put> {
    const SIGNS: [&str; 8] = ["——", "—", "–", "~", "～", "－", "-", "到"];
    let figure = |c: char| c.is_ascii_digit() || c == '.';
    for (at, _) in sentence.char_indices() {
        let from_here = sentence.get(at..)?;
        let Some(sign) = SIGNS.iter().find(|sign| from_here.starts_with(**sign)) else { continue };
        let head = sentence.get(..at)?.trim_end();
        let start = head.trim_end_matches(figure).len();
        let after = sentence.get(at + sign.len()..)?;
        let blank = after.len() - after.trim_start().len();
        let after = after.trim_start();
        let length = after.find(|c| !figure(c)).unwrap_or(after.len());
        let (least, most) = (head.get(start..)?, after.get(..length)?);
        let Some((unit, unit_length)) = unit(after.get(length..)?) else { continue };
        if least.is_empty() || most.is_empty() {
            continue;
        }
        let mut end = at + sign.len() + blank + length + unit_length;
        let behind = sentence.get(end..)?;
        let ends = ["以内", "之内", "之间", "内"];
        let tail = ends.iter().find(|tail| behind.trim_start().starts_with(**tail));
        end += tail.map_or(0, |tail| behind.len() - behind.trim_start().len() + tail.len());
        let before = head.get(..start)?.trim_end();
        let relations = ["介于", "属于", "为", "是", "在", "于"];
        let relation = relations.iter().find(|word| before.ends_with(**word))?;
        let before = before.strip_suffix(relation)?;
        let put = format!("介于 {least} {unit} 至 {most} {unit}");
        let help = say!("写作 `{put}`", "write `{put}`");
        return Some((before.len()..end, help));
    }
    None
}

/// `超过100元以上`: whether the number itself is included nobody knows.
fn exceeding_or_more(sentence: &str) -> Option<Put> {
    const BEYOND: [(&str, bool); 8] = [
        ("不超过", false),
        ("不高于", false),
        ("超过", true),
        ("高于", true),
        ("大于", true),
        ("多于", true),
        ("少于", false),
        ("低于", false),
    ];
    for (word, is_more) in BEYOND {
        let Some(at) = sentence.find(word) else { continue };
        let rest = sentence.get(at + word.len()..)?;
        let blank = rest.len() - rest.trim_start().len();
        let rest = rest.trim_start();
        let Some((figures, length)) = number(rest) else { continue };
        let Some((unit, unit_length)) = unit(rest.get(length..)?) else { continue };
        let behind = rest.get(length + unit_length..)?;
        let ends = if is_more { ["以上", "以外"] } else { ["以下", "以内"] };
        let Some(end) = ends.iter().find(|end| behind.trim_start().starts_with(**end)) else {
            continue;
        };
        let tail = behind.len() - behind.trim_start().len() + end.len();
        let amount = format!("{figures} {unit}");
        let range = at..at + word.len() + blank + length + unit_length + tail;
        let help = match (is_more, word.starts_with('不')) {
            (true, _) => say!(
                "两种写法不能并用：不含 {amount} 的，写 `{word} {amount}`；含的，写 `{amount} {end}`",
                "these are two: without {amount} write `{word} {amount}`, with it `{amount} {end}`"
            ),
            (false, true) => say!("写作 `{word} {amount}`", "write `{word} {amount}`"),
            (false, false) => say!(
                "两种写法不能并用：不含 {amount} 的，写 `{word} {amount}`；含的，写 `{amount} {end}`",
                "these are two: without {amount} write `{word} {amount}`, with it `{amount} {end}`"
            ),
        };
        return Some((range, help));
    }
    None
}
