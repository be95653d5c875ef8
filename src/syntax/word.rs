//! What is a word: identifiers, brackets around names that are none, article numbers.

use super::keyword;
use super::numeral::{self, Reading};
use super::tree::ArticleNumber;

/// Whether a character may begin an identifier (UAX 31, and the underscore).
fn starts(character: char) -> bool {
    character == '_' || pest::unicode::XID_START(character)
}

/// Whether a character may continue an identifier (UAX 31).
pub(crate) fn continues(character: char) -> bool {
    pest::unicode::XID_CONTINUE(character)
}

/// The identifier a text begins with; empty if it begins with none.
pub(crate) fn identifier(text: &str) -> &str {
    if !text.starts_with(starts) {
        return "";
    }
    text.get(..text.find(|c| !continues(c)).unwrap_or(text.len())).unwrap_or("")
}

/// The run of identifier characters a text begins with, digits in front included.
pub(super) fn run(text: &str) -> &str {
    text.get(..text.find(|c| !continues(c)).unwrap_or(text.len())).unwrap_or("")
}

/// The word or single character a text ends with.
pub(super) fn last(text: &str) -> &str {
    let start = text
        .char_indices()
        .rev()
        .find(|&(_, c)| !continues(c))
        .map_or(0, |(at, c)| at + c.len_utf8());
    let character = text.chars().next_back().map_or(0, char::len_utf8);
    text.get(start.min(text.len() - character)..).unwrap_or("")
}

/// Whether a whole text is one identifier.
#[must_use]
pub fn is_identifier(text: &str) -> bool {
    !text.is_empty() && identifier(text).len() == text.len()
}

/// A name as it is written where it is declared and after a dot: in `「」` only if it is no
/// identifier.
#[must_use]
pub fn declared(name: &str) -> String {
    if is_identifier(name) { name.to_owned() } else { format!("「{name}」") }
}

/// Names joined by dots: one that itself has a dot (`「a.b」`) in its `「」`, so that two lists of names
/// never read the same.
#[must_use]
pub fn dotted<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    let part = |name: &str| {
        if name.contains(['.', '「', '」']) { format!("「{name}」") } else { name.to_owned() }
    };
    names.into_iter().map(part).collect::<Vec<_>>().join(".")
}

/// A name as it is written in an expression: in `「」` also if it equals a reserved word.
#[must_use]
pub fn in_expression(name: &str) -> String {
    if keyword::is_reserved(name) || is_article_number(name) {
        format!("「{name}」")
    } else {
        declared(name)
    }
}

/// A name without its `「」`, digits made half-width.
pub(super) fn bare(written: &str) -> String {
    let inner = written.strip_prefix('「').and_then(|rest| rest.strip_suffix('」'));
    digits_narrowed(inner.unwrap_or(written))
}

fn digits_narrowed(name: &str) -> String {
    let narrow = |c: char| {
        if ('０'..='９').contains(&c) {
            numeral::half_width(c.encode_utf8(&mut [0; 4]))
        } else {
            c.to_string()
        }
    };
    if name.is_ascii() { name.to_owned() } else { name.chars().map(narrow).collect() }
}

/// Whether a word has the form of an article number, `第十二条之一`, be the numeral right or not.
pub(super) fn is_article_number(word: &str) -> bool {
    numerals(word)
        .is_some_and(|(number, insert)| is_numeral(number) && insert.is_none_or(is_numeral))
}

/// Whether a word has the form of the number of a part, chapter or section: `第一章`.
pub(super) fn is_division_number(word: &str) -> bool {
    let inner = word.strip_prefix('第').and_then(|rest| rest.strip_suffix(['编', '章', '节']));
    inner.is_some_and(is_numeral)
}

/// Whether an English word stands before the number of a part, chapter or section.
pub(super) fn is_division(word: &str) -> bool {
    matches!(word, "part" | "chapter" | "section")
}

/// The numerals of `第…条之…`.
pub(super) fn numerals(word: &str) -> Option<(&str, Option<&str>)> {
    let (number, rest) = word.strip_prefix('第')?.split_once('条')?;
    match rest {
        "" => Some((number, None)),
        _ => Some((number, Some(rest.strip_prefix('之')?))),
    }
}

/// `第一条凡…`: how long the number is that a word begins with, where a sentence is written
/// together behind it.
pub(super) fn glued_number(word: &str) -> Option<usize> {
    let numeral = |text: &str| text.find(|c| !is_of_numeral(c)).unwrap_or(text.len());
    let number = word.strip_prefix('第')?;
    let rest = number.get(numeral(number)..)?.strip_prefix('条')?;
    let insert = rest.strip_prefix('之').and_then(|insert| insert.get(numeral(insert)..));
    let ends = [Some(rest), insert].into_iter().flatten();
    let begins = |rest: &&str| keyword::sentence_begins(rest);
    let length = word.len() - ends.filter(begins).map(str::len).next()?;
    word.get(..length).is_some_and(is_article_number).then_some(length)
}

pub(super) fn is_of_numeral(c: char) -> bool {
    c.is_ascii_digit() || ('０'..='９').contains(&c) || "一二三四五六七八九十百千零〇两".contains(c)
}

fn is_numeral(text: &str) -> bool {
    let digit = |c: char| c.is_ascii_digit() || ('０'..='９').contains(&c);
    let han = |c: char| "一二三四五六七八九十百千零〇两".contains(c);
    !text.is_empty() && (text.chars().all(digit) || text.chars().all(han))
}

/// An article number as written in Chinese: `第十二条之一`.
#[must_use]
pub fn article_number(number: ArticleNumber) -> String {
    let insert =
        number.insert.map_or_else(String::new, |insert| format!("之{}", numeral::chinese(insert)));
    format!("第{}条{insert}", numeral::chinese(number.number))
}

/// An article number in Chinese with digits: `第12条之1`.
#[must_use]
pub fn digit_number(number: ArticleNumber) -> String {
    let insert = number.insert.map_or_else(String::new, |insert| format!("之{insert}"));
    format!("第{}条{insert}", number.number)
}

/// An article number as written in English: `12-1`.
#[must_use]
pub fn english_number(number: ArticleNumber) -> String {
    let insert = number.insert.map_or_else(String::new, |insert| format!("-{insert}"));
    format!("{}{insert}", number.number)
}

/// Reads `第十二条之一`, `12-1`.
pub(super) fn read_article_number(written: &str) -> Result<ArticleNumber, Option<ArticleNumber>> {
    let narrow = numeral::half_width(written);
    let (number, insert) = match numerals(&narrow) {
        Some(parts) => parts,
        None => narrow
            .split_once('-')
            .map_or((narrow.as_str(), None), |(number, insert)| (number, Some(insert))),
    };
    let (number, insert) = (numeral::read(number), insert.map(numeral::read));
    match (number, insert) {
        (Reading::Number(number), None) => Ok(ArticleNumber { number, insert: None }),
        (Reading::Number(number), Some(Reading::Number(insert))) => {
            Ok(ArticleNumber { number, insert: Some(insert) })
        }
        (Reading::Nothing, _) | (_, Some(Reading::Nothing)) => Err(None),
        (Reading::Number(number) | Reading::Probably(number), insert) => {
            let insert = insert.and_then(|reading| match reading {
                Reading::Number(insert) | Reading::Probably(insert) => Some(insert),
                Reading::Nothing => None,
            });
            Err(Some(ArticleNumber { number, insert }))
        }
    }
}
