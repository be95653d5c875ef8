//! From the furthest place the parser came to, to what is probably wrong there.

use super::node::{Failure, Reader};
use crate::syntax::error::{ErrorKind, SyntaxError};
use crate::syntax::figures::is_digit;
use crate::syntax::grammar::Rule;
use crate::syntax::keyword::{self, KEYWORDS, Role};
use crate::syntax::numeral::half_width;
use crate::syntax::remedy::counted;
use crate::syntax::tree::Language;
use crate::syntax::{expected, relation, segment, word};
use std::ops::Range;

/// Says what is wrong in a range that did not parse.
pub(super) fn explain(reader: Reader, range: Range<usize>, failure: &Failure) -> SyntaxError {
    let at = reader.scan.skip_blank(reader.text, failure.at.clamp(range.start, range.end));
    if let Some(problem) = reader.scan.problem_in(&range).filter(|problem| problem.at.start <= at) {
        return reader.error(problem.at.clone(), problem.kind.clone());
    }
    let place = Place { reader, from: range.start, at, to: range.end, expected: &failure.expected };
    let found = place.token();
    if found.is_empty() {
        return place.end();
    }
    place
        .invisible()
        .or_else(|| place.standing())
        .or_else(|| place.unnumbered())
        .or_else(|| place.one_of_numbers())
        .or_else(|| place.sign_behind_number(found))
        .or_else(|| place.official())
        .or_else(|| place.idiom())
        .or_else(|| place.second_sentence(found))
        .or_else(|| place.currency())
        .or_else(|| place.wrong_sign())
        .or_else(|| place.grouped())
        .or_else(|| place.name_with_signs(found))
        .or_else(|| place.inner_quote(found))
        .or_else(|| place.modifier())
        .or_else(|| place.untitled(found))
        .or_else(|| place.weekday(found))
        .or_else(|| place.split_name(found))
        .or_else(|| place.number(found))
        .or_else(|| place.measured())
        .or_else(|| place.phrased(found))
        .or_else(|| place.word(found))
        .or_else(|| place.half_conditional(found))
        .or_else(|| place.earlier_word())
        .or_else(|| place.sentence(found))
        .or_else(|| place.without_modal().filter(|_| found.starts_with(['。', '.', '；'])))
        .unwrap_or_else(|| {
            place.error(
                found,
                ErrorKind::Unexpected(shortened(found), expected::phrases(&failure.expected)),
            )
        })
}

/// A long token is shown by its beginning.
fn shortened(token: &str) -> String {
    let mut short: String = token.chars().take(24).collect();
    if short.len() < token.len() {
        short.push('…');
    }
    short
}

/// Signs of other languages, and what is written here in Chinese and in English.
const SIGNS: &[(&str, &str, &str)] = &[
    ("==", "=", "="),
    ("＝＝", "=", "="),
    ("=>", ">=", ">="),
    ("=<", "<=", "<="),
    ("<>", "≠", "!="),
    ("&&", "且", "and"),
    ("||", "或", "or"),
    ("&", "且", "and"),
    ("!", "非", "not"),
    ("！", "非", "not"),
    ("'", "“…”", "\"…\""),
    ("‘", "“…”", "\"…\""),
    ("’", "“…”", "\"…\""),
    ("”", "“…”", "\"…\""),
    ("＂", "“…”", "\"…\""),
    ("『", "「…」", "「…」"),
    ("【", "{…}", "{…}"),
    ("//", "#", "#"),
    ("/*", "#", "#"),
];

/// `小时30分`: what stands behind the number of a span in two units.
fn in_two_units(text: &str) -> bool {
    let rest = ["小时", "hours", "hour"].iter().find_map(|unit| text.strip_prefix(unit));
    rest.is_some_and(|rest| rest.starts_with(char::is_numeric))
}

/// How many words before the place are looked at.
const LOOK_BACK: usize = 8;

/// Where the parser could not go on.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) reader: Reader<'a>,
    /// Where reading began.
    pub(super) from: usize,
    /// Where it failed, blanks skipped.
    pub(super) at: usize,
    /// Where it would have ended.
    pub(super) to: usize,
    /// What could have stood there.
    pub(super) expected: &'a [Rule],
}

impl<'a> Place<'a> {
    pub(super) fn rest(&self) -> &'a str {
        self.reader.text.get(self.at..self.to).unwrap_or("")
    }

    fn head(&self) -> &'a str {
        self.reader.text.get(self.from..self.at).unwrap_or("")
    }

    pub(super) fn error(&self, token: &str, kind: ErrorKind) -> SyntaxError {
        self.reader.error(self.at..self.at + token.len(), kind)
    }

    pub(super) fn allows(&self, rule: Rule) -> bool {
        self.expected.contains(&rule)
    }

    /// What stands at the place: a word, a number, a text, or one character.
    fn token(&self) -> &'a str {
        let rest = self.rest();
        let run = word::run(rest);
        let closing = match rest.chars().next() {
            Some('“') => "”",
            Some('"') => "\"",
            Some('《') => "》",
            Some('「') => "」",
            Some(character) => {
                return if run.is_empty() {
                    rest.get(..character.len_utf8()).unwrap_or("")
                } else {
                    run
                };
            }
            None => return "",
        };
        let end = rest
            .match_indices(closing)
            .map(|(at, _)| at)
            .find(|&at| at > 0)
            .map_or(closing.len(), |at| at + closing.len());
        rest.get(..end).unwrap_or(rest)
    }

    /// Something is missing at the end; shown at the last word, because the next one stands lines
    /// below.
    fn end(&self) -> SyntaxError {
        let end = self.reader.scan.last_word_end(self.reader.text, self.from, self.at);
        let head = self.reader.text.get(self.from..end).unwrap_or("");
        let token = word::last(head);
        let place = Self { at: end - token.len(), ..*self };
        let suspect = place.half_conditional(token);
        let suspect = suspect.or_else(|| self.modifier()).or_else(|| self.overridden(end, token));
        let suspect = suspect.or_else(|| Self { at: end, ..*self }.earlier_word());
        let suspect = suspect.or_else(|| Self { at: end, ..*self }.without_modal());
        suspect.unwrap_or_else(|| {
            place.error(
                token,
                ErrorKind::UnexpectedEnd(shortened(token), expected::phrases(self.expected)),
            )
        })
    }

    /// A character that cannot be seen.
    fn invisible(&self) -> Option<SyntaxError> {
        let character = self.rest().chars().next()?;
        let hidden = matches!(character, '\u{AD}' | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}');
        (hidden || character.is_control())
            .then(|| self.error(self.token(), ErrorKind::Invisible(character)))
    }

    fn wrong_sign(&self) -> Option<SyntaxError> {
        let (sign, zh, en) = SIGNS.iter().find(|(sign, ..)| self.rest().starts_with(sign))?;
        Some(self.error(sign, ErrorKind::WrongSign((*sign).to_owned(), zh, en)))
    }

    /// `10,000`: a number with commas in it.
    fn grouped(&self) -> Option<SyntaxError> {
        let head = self.head().trim_end_matches([',', '，']);
        let before = word::last(head);
        let is_number = !before.is_empty() && before.chars().all(is_digit);
        let from = self.from + head.len();
        let all = self.reader.text.get(from..self.to)?;
        let mut end = 0;
        while let Some(rest) = all.get(end..) {
            let digits = rest.strip_prefix([',', '，']).unwrap_or("");
            let length = digits.find(|c| !is_digit(c)).unwrap_or(digits.len());
            if digits.get(..length).is_none_or(|own| own.chars().count() != 3) {
                break;
            }
            end += rest.len() - digits.len() + length;
        }
        if !is_number || end == 0 {
            return None;
        }
        let written = format!("{before}{}", all.get(..end)?);
        let plain = half_width(&written).replace([',', '，'], "");
        let at = from - before.len()..from + end;
        Some(self.reader.error(at, ErrorKind::GroupedNumber(written, plain)))
    }

    /// `30天`, `3 天`: a number and a word that is no unit.
    fn number(&self, found: &str) -> Option<SyntaxError> {
        if let Some(error) = self.behind_point(found) {
            return Some(error);
        }
        let digits = found.find(|c: char| !c.is_numeric()).unwrap_or(found.len());
        let unit = |number: &str, unit: &str| {
            self.error(found, ErrorKind::UnknownUnit(number.to_owned(), unit.to_owned()))
        };
        if digits > 0 && digits < found.len() {
            let (number, rest) = found.split_at(digits);
            let glued = self.glued(found).filter(|_| !in_two_units(rest));
            return Some(glued.unwrap_or_else(|| unit(number, rest)));
        }
        let before = self.head().trim_end_matches([' ', '\t']);
        let number = word::last(before);
        let follows = number.starts_with(char::is_numeric) && number.chars().all(char::is_numeric);
        let plain = !word::identifier(found).is_empty() && keyword::spelt(found).next().is_none();
        let other = self.glued(found).is_some() || keyword::meant(found, self.expected).is_some();
        let other = other && counted(found).is_none();
        (follows && plain && (!other || in_two_units(found))).then(|| unit(number, found))
    }

    /// `不得超过总数的1.5`: the end of a number that words are written together with.
    fn behind_point(&self, found: &str) -> Option<SyntaxError> {
        let before = self.reader.text.get(..self.at)?.strip_suffix(['.', '．'])?;
        let run = word::last(before);
        let is_number = found.starts_with(|c: char| c.is_ascii_digit())
            && run.ends_with(|c: char| c.is_ascii_digit())
            && !run.starts_with(|c: char| c.is_ascii_digit());
        let place = Self { at: before.len() - run.len(), ..*self };
        is_number.then(|| place.glued(run)).flatten()
    }

    /// A word that is misspelt, written together with others, or a keyword where a name has to
    /// stand.
    fn word(&self, found: &str) -> Option<SyntaxError> {
        if word::identifier(found).is_empty() {
            return None;
        }
        if let Some(absent) = self.absent(found) {
            return Some(self.error(found, ErrorKind::Misspelt(found.to_owned(), absent)));
        }
        if keyword::is_reserved(found)
            && !keyword::spelt(found).any(|own| own.requires())
            && self.expected.iter().any(|rule| expected::OPERAND.contains(rule))
        {
            return Some(
                self.without_left(found).unwrap_or_else(|| {
                    self.error(found, ErrorKind::ReservedName(found.to_owned()))
                }),
            );
        }
        if keyword::spelt(found).next().is_some() {
            return None;
        }
        let misspelt = |meant| self.error(found, ErrorKind::Misspelt(found.to_owned(), meant));
        let synonym = keyword::synonym(found, self.expected).map(misspelt);
        synonym.or_else(|| self.glued(found)).or_else(|| {
            keyword::meant(found, self.expected)
                .or_else(|| keyword::relation_meant(found))
                .map(misspelt)
        })
    }

    fn glued(&self, found: &str) -> Option<SyntaxError> {
        Some(self.error(
            found,
            ErrorKind::Glued(found.to_owned(), segment::around_keywords(found, self.expected)?),
        ))
    }

    /// A conditional value that was begun and lacks a word.
    fn half_conditional(&self, found: &str) -> Option<SyntaxError> {
        let mut so = false;
        for (at, word) in self.words_before() {
            match word {
                "则" | "then" => so = true,
                "否则" | "else" => return None,
                "若" | "if" => {
                    let since = self.reader.text.get(at..self.at).unwrap_or("");
                    let marks = |mark: char| since.matches(mark).count();
                    if marks('"') % 2 == 1 || marks('”') > marks('“') {
                        return None; // it stands in a text
                    }
                    let (zh, en) = if so { ("否则", "else") } else { ("则", "then") };
                    return Some(self.error(found, ErrorKind::HalfConditional(zh, en)));
                }
                _ => {}
            }
        }
        None
    }

    /// A word before the place may be the culprit: `凡 图书一律 下架` fails only after 下架.
    fn earlier_word(&self) -> Option<SyntaxError> {
        let wanted = match () {
            () if self.allows(Rule::kw_must) => expected::CLAUSE_WORDS,
            () if self.allows(Rule::colon) => expected::MODIFIERS,
            () => return None,
        };
        for (step, (at, found)) in self.words_before().take(LOOK_BACK).enumerate() {
            let place = Self { at, expected: wanted, ..*self };
            if keyword::spelt(found).next().is_some() {
                continue;
            }
            let split = segment::around_keywords(found, &[Rule::kw_of])
                .filter(|_| wanted == expected::CLAUSE_WORDS);
            if let Some(split) = split {
                return Some(place.error(found, ErrorKind::Glued(found.to_owned(), split)));
            }
            if let Some(meant) = keyword::meant(found, wanted).filter(|_| step < 2) {
                return Some(place.error(found, ErrorKind::Misspelt(found.to_owned(), meant)));
            }
        }
        None
    }

    /// The words before the place, the nearest first, comments left out.
    pub(super) fn words_before(&self) -> impl Iterator<Item = (usize, &'a str)> {
        let head = self.head();
        let mut end = head.len();
        let all = std::iter::from_fn(move || {
            let last = head.get(..end)?.char_indices().rev().find(|&(_, c)| word::continues(c))?;
            let found = word::last(head.get(..last.0 + last.1.len_utf8())?);
            end = last.0 + last.1.len_utf8() - found.len();
            Some((end, found))
        });
        let (from, scan) = (self.from, self.reader.scan);
        all.map(move |(at, found)| (from + at, found)).filter(move |(at, _)| !scan.is_comment(*at))
    }

    /// A sentence whose condition and subject stand side by side; relations in a row.
    fn sentence(&self, found: &str) -> Option<SyntaxError> {
        let plain = |word: &str| !word::identifier(word).is_empty() && !keyword::is_reserved(word);
        let language = match word::identifier(self.head()) {
            "凡" | "凡是" | "凡属" | "凡属于" => Some(Language::Chinese),
            "whenever" => Some(Language::English),
            _ => None,
        };
        if let Some(language) = language.filter(|_| self.allows(Rule::kw_must) && !plain(found)) {
            let mut words = self.words_before();
            let ((at, subject), (before, condition)) = (words.next()?, words.next()?);
            let between = self.reader.text.get(before + condition.len()..at)?;
            if let Some(meant) = keyword::relation_meant(subject) {
                return Some(
                    Self { at, ..*self }
                        .error(subject, ErrorKind::Misspelt(subject.to_owned(), meant)),
                );
            }
            if plain(subject) && plain(condition) && between.trim().is_empty() {
                return Some(Self { at, ..*self }.error(subject, ErrorKind::MissingOf(language)));
            }
        }
        if plain(found) && language == Some(Language::Chinese) && self.allows(Rule::kw_of) {
            return Some(self.error(found, ErrorKind::MissingOf(Language::Chinese)));
        }
        let joins =
            keyword::spelt(found).any(|keyword| matches!(keyword.rule, Rule::kw_and | Rule::kw_or));
        if language.is_some() && joins && self.allows(Rule::stop) {
            return Some(self.error(found, ErrorKind::JoinedClause(found.to_owned(), None)));
        }
        let spelt = KEYWORDS.iter().filter(|keyword| {
            keyword.role == Role::Reserved && relation::of_rule(keyword.rule).is_some()
        });
        let relation = found.starts_with(['<', '>', '=', '≤', '≥', '≠'])
            || spelt.flat_map(|keyword| keyword.all_words()).any(|word| word == found);
        (relation && self.allows(Rule::kw_and) && !self.allows(Rule::rel_in))
            .then(|| self.error(found, ErrorKind::ChainedRelation))
    }
}
