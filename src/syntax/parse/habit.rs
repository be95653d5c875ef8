//! What people write who know other languages, or the words of offices.

use super::explain::Place;
use crate::syntax::error::{ErrorKind, SyntaxError};
use crate::syntax::grammar::Rule;
use crate::syntax::{expected, keyword, word};

/// Words for a field that may be left empty.
const OPTIONAL: &[&str] =
    &["选填", "可选", "可空", "非必填", "可不填", "nullable", "null", "maybe", "opt"];

/// Words for one that has to be given, as all have.
const REQUIRED: &[&str] =
    &["必填", "必需", "必有", "不可缺", "非空", "required", "mandatory", "notnull"];

impl Place<'_> {
    /// The line that ends at a place.
    fn line_before(&self, at: usize) -> &str {
        let before = self.reader.text.get(..at).unwrap_or("");
        before.rsplit('\n').next().unwrap_or("")
    }

    /// A word behind the type of a field, taken for the next field, which then lacks its colon.
    pub(super) fn modifier(&self) -> Option<SyntaxError> {
        if !self.allows(Rule::colon) {
            return None;
        }
        let mut words = self.words_before();
        let (at, found) = words.next()?;
        let (line, between) =
            (self.line_before(at), self.reader.text.get(at + found.len()..self.at)?);
        if !line.contains([':', '：']) || !between.contains(['\n', '}']) && self.at < self.to {
            return None;
        }
        let place = Self { at, ..*self };
        let ascii = found.is_ascii();
        if OPTIONAL.contains(&found) {
            let meant = if ascii { "optional" } else { "可缺" };
            return Some(place.error(found, ErrorKind::Misspelt(found.to_owned(), meant)));
        }
        if REQUIRED.contains(&found) {
            return Some(place.error(found, ErrorKind::NeedlessModifier(found.to_owned())));
        }
        let (first_at, first) = words.next()?;
        let is_modifier =
            |word: &str| keyword::spelt(word).any(|own| expected::MODIFIERS.contains(&own.rule));
        let follows = self.line_before(first_at).trim_end().ends_with([':', '：']);
        (follows && is_modifier(first)).then(|| {
            let kind = ErrorKind::TypeFirst(found.to_owned(), first.to_owned());
            Self { at: first_at, ..*self }.error(first, kind)
        })
    }

    /// The name of an article after `优先于`, with nothing behind it.
    pub(super) fn overridden(&self, end: usize, name: &str) -> Option<SyntaxError> {
        let place = Self { at: end - name.len(), ..*self };
        let (_, before) = place.words_before().next()?;
        let is_override = keyword::spelt(before).any(|own| own.rule == Rule::kw_overrides);
        (is_override && !word::identifier(name).is_empty())
            .then(|| place.error(name, ErrorKind::NumberWanted(name.to_owned())))
    }

    /// A text with quotation marks inside, the second of which ends it.
    pub(super) fn inner_quote(&self, found: &str) -> Option<SyntaxError> {
        let before = self.reader.text.get(..self.at)?;
        let is_text = before.ends_with(['”', '"']);
        (is_text && !word::identifier(found).is_empty())
            .then(|| self.error(found, ErrorKind::InnerQuote))
    }

    /// The word for "not given" in a reading, where another is written for it.
    pub(super) fn absent(&self, found: &str) -> Option<&'static str> {
        let is_reading = |word: &str| keyword::spelt(word).any(|own| own.rule == Rule::kw_reading);
        let line = self.line_before(self.at);
        let follows = line.trim_end().ends_with('=');
        let words = || line.split(|letter: char| !word::continues(letter));
        let lacks = keyword::spelt(found).any(|own| own.rule == Rule::kw_lacks);
        let absent = if found.is_ascii() { "absent" } else { "缺" };
        (lacks && follows && words().any(is_reading)).then_some(absent)
    }

    /// The name of a day where its number has to stand.
    pub(super) fn weekday(&self, found: &str) -> Option<SyntaxError> {
        let (_, before) = self.words_before().next()?;
        let is_rest = keyword::spelt(before).any(|own| own.rule == Rule::kw_rest);
        (is_rest && !found.starts_with(char::is_numeric))
            .then(|| self.error(found, ErrorKind::WeekdayName(found.to_owned())))
    }

    /// The second word of an article's name, in English.
    pub(super) fn split_name(&self, found: &str) -> Option<SyntaxError> {
        let line = self.line_before(self.at);
        let words: Vec<&str> = line.split_whitespace().collect();
        let ["article", _, name] = *words.as_slice() else { return None };
        let is_word =
            |word: &str| word::identifier(word) == word && keyword::spelt(word).count() == 0;
        let rest = self.rest().lines().next().unwrap_or("");
        let more: Vec<&str> = rest.split_whitespace().take_while(|word| is_word(word)).collect();
        let is_name = is_word(name) && is_word(found) && !self.binds();
        (is_name && !more.is_empty()).then(|| {
            let joined = format!("{name}_{}", more.join("_"));
            self.error(found, ErrorKind::SplitName(joined))
        })
    }
}
