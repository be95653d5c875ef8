//! What people write who know other languages, or the words of offices.

use super::explain::Place;
use crate::say;
use crate::syntax::error::{ErrorKind, SyntaxError};
use crate::syntax::grammar::Rule;
use crate::syntax::keyword::{KEYWORDS, Role};
use crate::syntax::{expected, keyword, relation, word};

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

    /// A definition called by a name with signs in it: `定义 甲、乙(件)`.
    pub(super) fn name_with_signs(&self, found: &str) -> Option<SyntaxError> {
        let first = word::identifier(self.reader.text.get(self.from..self.at)?.trim_start());
        let is = |rule: Rule| keyword::spelt(first).any(|own| own.rule == rule);
        let is_definition = is(Rule::kw_define) && self.allows(Rule::open_paren);
        let is_field = is(Rule::kw_table) && self.allows(Rule::colon);
        let rest = self.rest();
        let line = rest.lines().next().unwrap_or("");
        let end = match is_definition {
            true => line.rfind(['(', '（'])?,
            false => line.get(..line.find([':', '：', '|'])?)?.trim_end().len(),
        };
        let (at, begun) = self.words_before().next()?;
        let is_sign = found.starts_with(['、', '，', ',', '；', ';', '“', '"', '《', '：', '‘']);
        if !(is_definition || is_field && !self.line_before(self.at).contains([':', '：']))
            || !is_sign
        {
            return None;
        }
        let name = format!("{begun}{}", self.reader.text.get(at + begun.len()..self.at + end)?);
        let help = say!(
            "名称里有标点的，写作 `「{name}」`",
            "a name with signs in it is written `「{name}」`"
        );
        let kind = ErrorKind::Otherwise(name.clone(), help);
        Some(self.reader.error(at..at + name.len(), kind))
    }

    /// A text with quotation marks inside, the second of which ends it.
    pub(super) fn inner_quote(&self, found: &str) -> Option<SyntaxError> {
        let before = self.reader.text.get(..self.at)?;
        let is_text = before.ends_with(['”', '"']);
        let begins = |own: &keyword::Keyword| {
            own.chinese.iter().any(|word| found.starts_with(word)) && own.role != Role::Declaration
        };
        // `“公安”的事项`: what follows the text goes on with the sentence.
        let mut lines = self
            .words_before()
            .filter_map(|(_, word)| keyword::spelt(word).find(|own| own.begins_line()));
        let is_sentence = lines.next().is_some_and(keyword::Keyword::begins_sentence);
        if is_sentence && KEYWORDS.iter().any(begins) {
            return self.numbers_in_text(found);
        }
        // `列入“新书”目录的书`: what a text touches is a name with it.
        let open = before.trim_end_matches(['”', '"']).rfind(['“', '"']);
        let head = open.and_then(|open| before.get(..open)).unwrap_or("");
        let relates = |own: &&keyword::Keyword| relation::of_rule(own.rule).is_some();
        let mut relations = KEYWORDS.iter().filter(relates).flat_map(keyword::Keyword::all_words);
        let touches = head.ends_with(word::continues);
        if is_sentence && touches && !relations.any(|word| head.ends_with(word)) {
            return None;
        }
        (is_text && !word::identifier(found).is_empty())
            .then(|| self.error(found, ErrorKind::InnerQuote))
    }

    /// `“1、3、7”个工作日`: numbers in a text, with the unit behind it.
    fn numbers_in_text(&self, found: &str) -> Option<SyntaxError> {
        let units = KEYWORDS.iter().filter(|own| own.role == Role::Unit);
        let words = units.flat_map(|own| own.chinese).filter(|word| found.starts_with(**word));
        let unit = words.max_by_key(|word| word.len())?;
        let before = self.reader.text.get(self.from..self.at)?;
        let open = before.trim_end_matches(['”', '"']).rfind(['“', '"'])?;
        let quoted = before.get(open..)?.trim_matches(['“', '”', '"']);
        let numbers: Vec<&str> = quoted.split(['、', '，', ',', '或']).map(str::trim).collect();
        let is_number =
            |number: &&str| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
        let unit = unit.trim_start_matches('个');
        let all: Vec<String> = numbers.iter().map(|number| format!("{number} {unit}")).collect();
        let all = all.join("、");
        numbers.iter().all(is_number).then(|| {
            let help = say!("写作 `属于 {{{all}}}`", "write `属于 {{{all}}}`");
            self.error(found, ErrorKind::Otherwise(found.to_owned(), help))
        })
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

    /// `根据 甲法`: a title without its brackets and without a place.
    pub(super) fn untitled(&self, found: &str) -> Option<SyntaxError> {
        let (_, before) = self.words_before().next()?;
        let cites = keyword::spelt(before).any(|own| own.rule == Rule::kw_cite);
        let is_title = word::is_identifier(found) && keyword::spelt(found).next().is_none();
        if !cites || !is_title {
            return None;
        }
        if found.is_ascii() {
            return self.unquoted();
        }
        let help = say!("写作 `《{found}》`", "write `《{found}》`");
        Some(self.advice(found, help))
    }

    /// `cite Municipal Code 12.3`: a title without its quotation marks.
    fn unquoted(&self) -> Option<SyntaxError> {
        let line = self.rest().lines().next()?.trim_end();
        let is_place = |word: &str| {
            let words = ["section", "sec", "article", "art", "para"];
            words.contains(&word.trim_end_matches('.').to_ascii_lowercase().as_str())
                || word.starts_with(|c: char| c.is_ascii_digit() || c == '§')
        };
        let mut at = 0;
        for word in line.split_inclusive(' ') {
            if is_place(word.trim_end()) {
                break;
            }
            at += word.len();
        }
        let (title, place) = line.split_at_checked(at)?;
        let title = title.trim_end();
        let all = |c: char| c.is_alphanumeric() || " -'.&".contains(c);
        let written = line.get(..if place.is_empty() { title.len() } else { line.len() })?;
        let blank = if place.is_empty() { "" } else { " " };
        let help = say!(
            "题名加引号：`\"{title}\"{blank}{place}`",
            "a title stands in quotation marks: `\"{title}\"{blank}{place}`"
        );
        (!title.is_empty() && title.chars().all(all)).then(|| self.advice(written, help))
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
