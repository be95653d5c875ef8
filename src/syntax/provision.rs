//! Places in what is cited, as people write them: 第十二条第一款第二项, `section 12.3`.

use super::citation::{Number, Provision, Unit};
use super::{citation, numeral};

/// One step of a place: `第十二条之一`, also `12条`, `第（二）项`.
#[must_use]
pub fn step(text: &str) -> Option<((Unit, Number), usize)> {
    let rest = numbered(text);
    let (main, length) = numeral::bracketed(rest)?;
    let rest = without_blanks(rest.get(length..)?);
    let sign = rest.chars().next()?;
    let unit = Unit::of(sign)?;
    let rest = rest.get(sign.len_utf8()..)?;
    // `三条例第五条` begins with a title.
    if rest.strip_prefix('例').is_some_and(|rest| without_blanks(rest).starts_with('第')) {
        return None;
    }
    let sub = rest.strip_prefix('之').and_then(|after| Some((numeral::leading(after)?, after)));
    let (sub, rest) = match sub {
        Some(((sub, length), after)) => (sub, after.get(length..)?),
        None => (0, rest),
    };
    Some(((unit, Number(main, sub)), text.len() - rest.len()))
}

/// The same in English: `section 12.3`, `§ 12.3`; `12.3` alone where nothing Chinese goes before.
pub(super) fn english_step(text: &str, is_bare: bool) -> Option<((Unit, Number), usize)> {
    let lower = text.get(..text.len().min(16)).unwrap_or(text).to_ascii_lowercase();
    let words = [
        "sections ",
        "section ",
        "sec. ",
        "sec ",
        "articles ",
        "article ",
        "art. ",
        "art ",
        "§§",
        "§",
    ];
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

/// What stands in an article in English: `(2)` behind its number, `paragraph 3`, `item 2`.
fn english_part(text: &str, above: Unit) -> Option<((Unit, Number), usize)> {
    if let Some(inner) = text.strip_prefix('(') {
        let digits = inner.get(..inner.find(')')?)?;
        let letter = || match digits.as_bytes() {
            [letter @ b'a'..=b'z'] => Some(u32::from(letter - b'a') + 1),
            _ => None,
        };
        let number = digits.parse().ok().or_else(letter)?;
        let unit = match above {
            Unit::Article => Unit::Paragraph,
            Unit::Paragraph => Unit::Item,
            Unit::Item => Unit::Point,
            _ => return None,
        };
        return Some(((unit, Number(number, 0)), digits.len() + 2));
    }
    let words = [
        ("paragraph ", Unit::Paragraph),
        ("para. ", Unit::Paragraph),
        ("item ", Unit::Item),
        ("point ", Unit::Point),
    ];
    let (word, unit) = words.into_iter().find(|(word, _)| text.starts_with(word))?;
    let rest = text.get(word.len()..)?.trim_start();
    let length = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let number = rest.get(..length)?.parse().ok()?;
    Some(((unit, Number(number, 0)), text.len() - rest.len() + length))
}

/// How long the place is that a text begins with and that stands behind the articles: `附则`,
/// `附件二`. What stands in it is looked up nowhere.
pub(super) fn appendix(text: &str) -> Option<usize> {
    if let Some(rest) = text.strip_prefix("附则") {
        return Some(text.len() - rest.len());
    }
    let rest = ["附件", "附录", "附表", "附图"].iter().find_map(|word| text.strip_prefix(word))?;
    let number = numeral::bracketed(without_blanks(rest));
    let number = number.filter(|(_, length)| {
        // `附件第三项`, `附件三项`.
        let behind = without_blanks(rest).get(*length..).unwrap_or("");
        behind.chars().next().and_then(Unit::of).is_none()
    });
    let blanks = rest.len() - without_blanks(rest).len();
    Some(text.len() - rest.len() + number.map_or(0, |(_, length)| blanks + length))
}

/// A step, and what joins it to the one before.
type Joined = ((Unit, Number), &'static str);

/// `第一、三项`: numbers that share a unit, each as a step, with what stands before it.
fn steps(text: &str) -> Option<(Vec<Joined>, usize)> {
    let mut rest = numbered(text);
    let mut numbers = Vec::new();
    let mut join = "";
    loop {
        let (_, length) = numeral::bracketed(rest)?;
        numbers.push((rest.get(..length)?, join));
        let after = rest.get(length..)?;
        let bare = without_blanks(after);
        let next = JOINS.into_iter().find_map(|join| Some((join, bare.strip_prefix(join)?)));
        match next.map(|(join, after)| (join, without_blanks(after))) {
            Some((word, after)) if numeral::bracketed(numbered(after)).is_some() => {
                (join, rest) = (word, numbered(after));
            }
            _ => break,
        }
    }
    let (last, _) = numbers.last()?;
    let end = text.len() - rest.len();
    let (_, length) = step(text.get(end..)?)?;
    let unit_text = text.get(end + last.len()..end + length)?;
    let found = numbers.iter().map(|(number, join)| {
        let (step, _) = step(&format!("{number}{}", unit_text.trim_start()))?;
        Some((step, *join))
    });
    Some((found.collect::<Option<Vec<_>>>()?, end + length))
}

/// `第三` without its 第.
fn numbered(text: &str) -> &str {
    text.strip_prefix('第').map_or(text, without_blanks)
}

fn without_blanks(text: &str) -> &str {
    text.trim_start_matches([' ', '\t', '\u{3000}', '\u{A0}'])
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
pub(super) fn marker(text: &str) -> Option<usize> {
    let end = text.strip_prefix('【')?.find('】')? + 2 * '【'.len_utf8();
    let rest = text.get(end..)?.trim_start();
    let is_label = citation::title(rest).is_some();
    (!is_label).then_some(end)
}

/// What stands between provisions of one citation.
const JOINS: [&str; 9] = ["、", "和", "及", "至", "到", "或者", "与", ",", "，"];

/// The place a text begins with, and its length in bytes: `第十二条第一款、第三款` is two.
pub(super) fn place(text: &str) -> (Vec<Provision>, usize) {
    let read = whole(text);
    (read.found, read.end)
}

/// A place as it is read.
struct Read {
    found: Vec<Provision>,
    /// Where it ends.
    end: usize,
    /// The numbers of those that end a range.
    ranges: Vec<usize>,
    /// Where something begins that is looked up nowhere.
    beyond: Option<usize>,
}

fn whole(text: &str) -> Read {
    let (mut found, mut current): (Vec<Provision>, Vec<(Unit, Number)>) = Default::default();
    let (mut at, mut end, mut is_open, mut is_bare) = (0, 0, false, true);
    let mut ranges = Vec::new();
    let (mut join, mut beyond) = ("", None);
    loop {
        let rest = text.get(at..).unwrap_or("");
        let rest = rest.trim_start_matches([' ', '\t', '\u{3000}', '\u{A0}', '以']);
        let begin = text.len() - rest.len();
        let chinese = steps(rest);
        is_bare &= chinese.is_none();
        let english_above = current.last().filter(|_| is_bare).map(|step| step.0);
        let within = || {
            let above = english_above?;
            english_part(rest, above).map(|(next, length)| (vec![(next, "")], length))
        };
        let english = || {
            let (next, length) = english_step(rest, is_bare)?;
            Some((vec![(next, "")], length))
        };
        if let Some((steps, length)) = chinese.or_else(within).or_else(english) {
            for (next, own) in steps {
                if !own.is_empty() {
                    join = own;
                }
                if current.last().is_some_and(|(unit, _)| *unit >= next.0) {
                    found.push(Provision(current.clone()));
                    current.retain(|(unit, _)| *unit < next.0);
                    if matches!(std::mem::take(&mut join), "至" | "到") {
                        ranges.push(found.len());
                    }
                }
                current.push(next);
            }
            (at, end, is_open) = (begin + length, begin + length, true);
        } else if let Some(length) = appendix(rest).filter(|_| current.is_empty()) {
            beyond.get_or_insert(begin);
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
    Read { found, end, ranges, beyond }
}

/// The ends of the first range in a place that runs backwards, `第十四条至第十二条`, or nowhere.
#[must_use]
pub fn backwards(text: &str) -> Option<(Provision, Provision)> {
    let Read { found, ranges, .. } = whole(text);
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
    let Read { found, end, beyond, .. } = whole(text);
    if let Some(beyond) = beyond {
        return Err(beyond);
    }
    let rest = text.get(end..).unwrap_or("").trim_matches(|c: char| c.is_whitespace() || c == '的');
    if rest.is_empty() || ["规定", "要求", "等", "等规定", "等的规定"].contains(&rest) {
        Ok(found)
    } else {
        Err(end)
    }
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
            ("第 四十二 条", "第四十二条"),
            ("第42条第2 款", "第四十二条第二款"),
            ("42条", "第四十二条"),
            ("article 42(2)", "第四十二条第二款"),
            ("art. 42 paragraph 3 item 2", "第四十二条第三款第二项"),
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
        assert_eq!(several("第12、13条"), "第十二条 第十三条");
        assert_eq!(several("第三条第五、九项"), "第三条第五项 第三条第九项");
        assert_eq!(several("第三、第五条，第七条等"), "第三条 第五条 第七条");
        assert_eq!(several("第二至四条"), "第二条 第四条");
        assert_eq!(several("第一、二款和第三款"), "第一款 第二款 第三款");
        assert!(backwards("第四至二条").is_some() && backwards("第二至四条").is_none());
        assert_eq!(several(""), "");
        assert!(named("附则").is_err() && named("附件第三项").is_err());
        assert!(named("附件一").is_err() && named("第三条附件").is_err());
        assert_eq!(named("第0条").unwrap().len(), 1);
    }
}
