//! Sentences put otherwise than the language puts them: in the words of other languages, without
//! their 凡, their subject or their modal.

use super::amounts::amount;
use super::explain::Place;
use super::headless::begun_otherwise;
use super::limits::limit;
use crate::diagnostic::Bilingual;
use crate::say;
use crate::syntax::error::{ErrorKind, SyntaxError};
use crate::syntax::grammar::Rule;
use crate::syntax::keyword::{self, KEYWORDS, Keyword, Role};
use crate::syntax::{expected, relation, word};

/// Words that other languages begin such a sentence with.
const EACH: &[&str] = &["every", "each", "for", "any"];

/// What Chinese sentences begin with that speak of all.
pub(super) const ALL: &[&str] = &["所有", "一切", "任何", "全体", "对于", "对"];

/// Words for a condition in front.
const IF: &[&str] = &["if", "when", "如果", "若", "如", "当"];

/// Words that join a condition to its subject.
const RELATIVE: &[&str] = &[
    "that", "which", "who", "whose", "with", "without", "having", "when", "if", "has", "have",
    "lacks", "being", "is", "are",
];

/// Words before a list of values.
const CHOICE: [&str; 2] = ["of", "one"];

impl<'a> Place<'a> {
    /// What follows the place on its line, up to the end of the sentence.
    pub(super) fn rest_of_sentence(&self) -> &'a str {
        let rest = self.rest();
        let end = rest.find(['\n', '。', '；']).unwrap_or(rest.len());
        rest.get(..end).unwrap_or(rest)
    }

    /// The words before the place back to the one that begins the sentence, the nearest first.
    fn words_of_sentence(&self) -> Option<Vec<(usize, &'a str)>> {
        let mut found = Vec::new();
        for (at, word) in self.words_before() {
            if keyword::spelt(word).any(|own| own.begins_sentence()) {
                return Some(found);
            }
            found.push((at, word));
        }
        None
    }

    /// A sentence that is put otherwise.
    pub(super) fn phrased(&self, found: &str) -> Option<SyntaxError> {
        if let Some(error) = self.english(found) {
            return Some(error);
        }
        if self.allows(Rule::kw_whenever) {
            return self.begun(found);
        }
        let words = self.words_of_sentence()?;
        self.doubled(found)
            .or_else(|| self.conditioned(&words))
            .or_else(|| self.joined(found, &words))
            .or_else(|| self.chosen(&words))
            .or_else(|| self.possessed(found, &words))
            .or_else(|| self.called(found))
            .or_else(|| self.nothing_limited(found))
            .or_else(|| self.without_subject(found, &words))
    }

    pub(super) fn advice(&self, found: &str, help: Bilingual) -> SyntaxError {
        self.error(found, ErrorKind::Otherwise(found.to_owned(), help))
    }

    /// A sentence that does not begin with 凡.
    fn begun(&self, found: &str) -> Option<SyntaxError> {
        let mut whenever = KEYWORDS.iter().filter(|own| own.begins_sentence());
        if word::identifier(found).is_empty()
            || keyword::spelt(found).any(Keyword::begins_line)
            || whenever.any(|own| own.chinese.iter().any(|word| found.starts_with(word)))
        {
            return None;
        }
        let after = self.rest().get(found.len()..).unwrap_or("").trim_start();
        let next = word::identifier(after);
        if EACH.contains(&found) && !next.is_empty() {
            let subject = match next {
                "every" | "each" | "all" | "any" => "SUBJECT",
                _ => next,
            };
            return Some(
                self.advice(found, say!("写作 `凡 {subject}，…`", "write `whenever {subject}, …`")),
            );
        }
        if IF.contains(&found) {
            let condition = if_condition(found, self.rest_of_sentence());
            return Some(self.advice(found, condition));
        }
        if keyword::meant(found, expected::PARTS).is_some() {
            return None;
        }
        if let Some(all) =
            ALL.iter().find(|all| found.len() > all.len() && found.starts_with(**all))
        {
            return Some(self.advice(found, instead_of_all(all, self.rest_of_sentence())));
        }
        let sentence = self.rest_of_sentence();
        let help = begun_otherwise(found, sentence);
        binds(sentence).then(|| self.advice(found, help))
    }

    /// Whether the line goes on as a sentence does.
    pub(super) fn binds(&self) -> bool {
        binds(self.rest_of_sentence())
    }

    /// `reviewed exists`, `has no reviewed`.
    fn english(&self, found: &str) -> Option<SyntaxError> {
        let (_, before) = self.words_before().next()?;
        if found == "exists" && before.is_ascii() {
            let help = say!("写作 `has {before}`", "write `has {before}`");
            return Some(self.advice(found, help));
        }
        self.given_none(found)
    }

    /// `has no reviewed`. Where nothing asked for it, the name is taken for what is required, and
    /// the place is behind it.
    fn given_none(&self, found: &str) -> Option<SyntaxError> {
        let is_name = |word: &str| {
            !word::identifier(word).is_empty() && keyword::spelt(word).next().is_none()
        };
        let mut words = self.words_before().peekable();
        let (name_at, name) = match words.peek()? {
            (_, "no") if is_name(found) => (self.at, found),
            _ if is_name(found) => return None,
            _ => words.next().filter(|(_, name)| is_name(name))?,
        };
        let end = name_at + name.len();
        let (no_at, _) = words.next().filter(|(_, word)| *word == "no")?;
        let is_than = word::identifier(self.reader.text.get(end..)?.trim_start()) == "than";
        let between = self.reader.text.get(no_at..name_at)?;
        if is_than || between.trim() != "no" {
            return None;
        }
        let has = words.next().filter(|(_, word)| ["has", "have"].contains(word));
        let lacks = if has.is_some_and(|(_, word)| word == "have") { "lack" } else { "lacks" };
        let start = has.map_or(no_at, |(at, _)| at);
        let written = self.reader.text.get(start..end)?.to_owned();
        let help = say!("写作 `{lacks} {name}`", "write `{lacks} {name}`");
        Some(self.reader.error(start..end, ErrorKind::Otherwise(written, help)))
    }

    /// `，或者 a`: a comma before 或.
    fn doubled(&self, found: &str) -> Option<SyntaxError> {
        let joins = keyword::spelt(found).any(|own| own.rule == Rule::kw_or);
        let head = self.reader.text.get(self.from..self.at)?.trim_end();
        (joins && head.ends_with(['，', ',', '、'])).then(|| {
            let help = say!("`{found}` 前面不加逗号", "no comma stands before `{found}`");
            self.advice(found, help)
        })
    }

    /// `凡 甲，如果 乙，则 丙 不得 …`: a condition behind its subject.
    fn conditioned(&self, words: &[(usize, &'a str)]) -> Option<SyntaxError> {
        let (at, joint) = words.iter().copied().find(|(_, word)| IF.contains(word))?;
        let head = self.reader.text.get(self.from..at)?.trim_end();
        let is_chinese = !joint.is_ascii() && keyword::spelt(joint).next().is_none();
        (is_chinese && head.ends_with(['，', ','])).then(|| {
            let help = say!(
                "条件写在主体前面：`凡 条件 的 主体，…`",
                "the condition stands before the subject: `凡 CONDITION 的 SUBJECT，…`"
            );
            Self { at, ..*self }.advice(joint, help)
        })
    }

    /// `凡 甲，不得 超过 5 工作日`: nothing says what must not exceed.
    fn nothing_limited(&self, found: &str) -> Option<SyntaxError> {
        let relates = keyword::spelt(found).any(|own| relation::of_rule(own.rule).is_some());
        let (_, modal) = self.words_before().next()?;
        let is_modal = keyword::spelt(modal).any(|own| keyword::is_modal(own.rule));
        (relates && is_modal).then(|| {
            let help = say!(
                "`{modal}` 前面写明是什么：`… {modal} {found} …`",
                "write before `{modal}` what it is of: `… {modal} {found} …`"
            );
            self.advice(found, help)
        })
    }

    /// `凡 不满 16 的 甲`: nothing says what is.
    pub(super) fn without_left(&self, found: &str) -> Option<SyntaxError> {
        let mut relates = keyword::spelt(found).filter(|own| own.role == Role::Reserved);
        let relates = relates.any(|own| relation::of_rule(own.rule).is_some());
        let rest = self.rest().get(found.len()..)?.trim_start();
        let is_amount = rest.starts_with(|c: char| c.is_ascii_digit() || word::is_of_numeral(c));
        let (_, before) = self.words_before().next()?;
        let begins = keyword::spelt(before).any(Keyword::begins_sentence);
        (relates && is_amount && begins).then(|| {
            let help = say!(
                "`{found}` 前面写明是什么：`… {found} …`",
                "write before `{found}` what it is of: `… {found} …`"
            );
            self.advice(found, help)
        })
    }

    /// `whenever contract that has reviewed, …`.
    fn joined(&self, found: &str, words: &[(usize, &'a str)]) -> Option<SyntaxError> {
        let (_, subject) = *words.last()?;
        let english = subject.is_ascii() && !word::identifier(subject).is_empty();
        if !english || words.iter().any(|(_, word)| *word == "where") {
            return None;
        }
        let head = words.iter().rev().nth(1).copied();
        let (at, joint) = head.unwrap_or((self.at, found));
        let place = Self { at, ..*self };
        RELATIVE.contains(&joint).then(|| {
            let help = say!(
                "条件写在 `where` 之后：`whenever {subject} where …, …`",
                "a condition stands after `where`: `whenever {subject} where …, …`"
            );
            place.advice(joint, help)
        })
    }

    /// `is one of low, mid`.
    fn chosen(&self, words: &[(usize, &'a str)]) -> Option<SyntaxError> {
        let mut before = words.iter().map(|(_, word)| *word);
        if [before.next()?, before.next()?] != CHOICE {
            return None;
        }
        let (at, _) = *words.get(1)?;
        let mut members = Vec::new();
        let mut rest = self.rest();
        let end = loop {
            let member = match rest.strip_prefix('"').and_then(|rest| rest.split_once('"')) {
                Some((text, _)) => rest.get(..text.len() + 2)?,
                None => word::identifier(rest),
            };
            members.push(member);
            let end = self.to - rest.len() + member.len();
            let after = rest.get(member.len()..)?.trim_start();
            let next = after.strip_prefix(',').map(str::trim_start);
            let next = next.or_else(|| after.strip_prefix("or ").map(str::trim_start));
            match next.filter(|next| is_member(next)) {
                Some(next) => rest = next,
                None => break end,
            }
        };
        let all = members.join(", ");
        let copula = words.get(2).filter(|(_, word)| *word == "is");
        let start = copula.map_or(at, |(at, _)| *at);
        let help = say!("写作 `in {{{all}}}`", "write `in {{{all}}}`");
        let written = self.reader.text.get(start..end)?.to_owned();
        Some(self.reader.error(start..end, ErrorKind::Otherwise(written, help)))
    }

    /// `凡 甲 的 乙 不得 超过 …`: what belongs to a subject is no subject.
    fn possessed(&self, found: &str, words: &[(usize, &'a str)]) -> Option<SyntaxError> {
        let [(_, modal), (_, value), (at, of), (start, subject), ..] = *words else { return None };
        let is = |word: &str, rule: Rule| keyword::spelt(word).any(|own| own.rule == rule);
        let relates = keyword::spelt(found).any(|own| relation::of_rule(own.rule).is_some());
        let fits = relates
            && words.len() == 4
            && keyword::spelt(modal).any(|own| keyword::is_modal(own.rule))
            && is(of, Rule::kw_of);
        let between = self.reader.text.get(start + subject.len()..at)?;
        (fits && between.trim().is_empty()).then(|| {
            let help = say!(
                "写作 `凡 {subject}，{value} {modal} {found} …`",
                "write `凡 {subject}，{value} {modal} {found} …`"
            );
            Self { at, ..*self }.advice(of, help)
        })
    }

    /// `匹配(甲, “乙”)`: a relation written as a function.
    fn called(&self, found: &str) -> Option<SyntaxError> {
        let relates = keyword::spelt(found).any(|own| relation::of_rule(own.rule).is_some());
        let rest = self.rest().get(found.len()..)?.trim_start();
        let inside = rest.strip_prefix(['(', '（']).filter(|_| relates)?;
        let inside = inside.get(..inside.find([')', '）', '\n'])?)?;
        let (left, right) = inside.split_once([',', '，', '、'])?;
        let (left, right) = (left.trim(), right.trim());
        let help = say!(
            "它写在两个值之间：`{left} {found} {right}`",
            "it stands between its sides: `{left} {found} {right}`"
        );
        Some(self.advice(found, help))
    }

    /// `凡 甲 为 “乙” 的，…`: nothing says of what.
    fn without_subject(&self, found: &str, words: &[(usize, &'a str)]) -> Option<SyntaxError> {
        let (at, of) = *words.first()?;
        let is_of = keyword::spelt(of).any(|own| own.rule == Rule::kw_of);
        let ends = found.starts_with(['，', ',']);
        (is_of && ends).then(|| Self { at, ..*self }.error(of, ErrorKind::NoSubject))
    }

    /// A sentence that ends without having required anything.
    pub(super) fn without_modal(&self) -> Option<SyntaxError> {
        let words = self.words_of_sentence()?;
        let requires = |word: &str| keyword::spelt(word).any(|own| own.requires());
        if words.is_empty() || words.iter().any(|(_, word)| requires(word)) {
            return None;
        }
        let (at, first) = *words.last()?;
        let head = self.reader.text.get(at..self.at)?;
        // Behind the comma, or else the whole.
        let from = head.find(['，', ',']).map_or(first.len(), |comma| {
            comma + head.get(comma..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8)
        });
        let asked = head.get(from..).filter(|asked| !binds(asked))?;
        let start = at + from + asked.len() - asked.trim_start().len();
        let asked = asked.trim().trim_end_matches(['。', '.', '；', ';']);
        let shown: String = asked.chars().take(24).collect();
        let whole = if shown.len() < asked.len() { format!("{shown}…") } else { shown };
        let kind = ErrorKind::NoModal(whole);
        let whole_condition = asked.contains([' ', '(', '（']) || self.rest().starts_with('。');
        (whole_condition && !asked.is_empty())
            .then(|| self.reader.error(start..start + asked.len(), kind))
    }

    /// `signed + 5 weeks before today`: a number and a word that is no unit, some words back.
    pub(super) fn measured(&self) -> Option<SyntaxError> {
        let mut words = self.words_before();
        let ((at, unit), (before, number)) = (words.next()?, words.next()?);
        let between = self.reader.text.get(before + number.len()..at)?;
        let is_number =
            number.starts_with(char::is_numeric) && number.chars().all(char::is_numeric);
        let is_unit = !word::identifier(unit).is_empty() && keyword::spelt(unit).next().is_none();
        let apart = self.reader.text.get(..before)?.trim_end().ends_with(['年', '月', '-', '.']);
        (is_number && is_unit && !apart && between.trim().is_empty()).then(|| {
            let number = self.whole_number(before, number);
            Self { at, ..*self }.error(unit, ErrorKind::UnknownUnit(number, unit.to_owned()))
        })
    }

    /// A number with what stands before its point.
    fn whole_number(&self, at: usize, number: &str) -> String {
        let before = self.reader.text.get(..at).unwrap_or("");
        let head = before.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
        format!("{}{number}", before.get(head.len()..).unwrap_or(""))
    }

    /// `$500`: an amount in another currency.
    pub(super) fn currency(&self) -> Option<SyntaxError> {
        let sign = self.rest().chars().next()?;
        let is_currency = matches!(sign, '$' | '＄' | '€' | '£' | '₩' | '₽');
        let after = self.rest().get(sign.len_utf8()..)?.trim_start();
        let end = after.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(after.len());
        let number = after.get(..end)?.trim_end_matches('.');
        (is_currency && !number.is_empty()).then(|| {
            let token = sign.to_string();
            self.error(&token, ErrorKind::OtherCurrency(token.clone(), number.to_owned()))
        })
    }
}

/// `所有 甲 压缩在 5 个工作日 以内`: 凡 for what speaks of all, and what else is put otherwise behind it.
fn instead_of_all(all: &str, sentence: &str) -> Bilingual {
    let rest = sentence.get(all.len()..).unwrap_or("");
    let put = amount(rest).or_else(|| limit(rest));
    let more = put.and_then(|(at, help)| Some((rest.get(at)?, help)));
    match more {
        None => say!("`{all}` 写作 `凡`", "for `{all}` write `凡`"),
        Some((written, Bilingual { zh, en })) => say!(
            "`{all}` 写作 `凡`；`{written}` {zh}",
            "for `{all}` write `凡`; for `{written}`, {en}"
        ),
    }
}

/// `if contract is urgent then …`, `若 甲，…`: the condition as a sentence has it.
fn if_condition(found: &str, sentence: &str) -> Bilingual {
    let rest = sentence.get(found.len()..).unwrap_or("");
    if found.is_ascii() {
        let condition = rest.split(" then ").next().unwrap_or(rest);
        let words: Vec<&str> =
            condition.split(',').next().unwrap_or("").split_whitespace().collect();
        return match words.as_slice() {
            [subject, "is" | "are", "not", condition] => say!(
                "写作 `whenever {subject} where not {condition}, …`",
                "write `whenever {subject} where not {condition}, …`"
            ),
            [subject, "is" | "are", condition] => say!(
                "写作 `whenever {subject} where {condition}, …`",
                "write `whenever {subject} where {condition}, …`"
            ),
            _ => say!("写作 `凡 条件 的 主体，…`", "write `whenever SUBJECT where CONDITION, …`"),
        };
    }
    let condition = rest.split(['，', ',']).next().unwrap_or("").trim();
    let condition = condition.strip_suffix('的').unwrap_or(condition).trim_end();
    let whole = rest.contains(['，', ',']) && !condition.is_empty() && !binds(condition);
    match whole {
        true => say!(
            "写作 `凡 {condition} 的 主体，…`，主体是一张表",
            "write `凡 {condition} 的 主体，…`, the subject being a table"
        ),
        false => say!("写作 `凡 条件 的 主体，…`", "write `whenever SUBJECT where CONDITION, …`"),
    }
}

fn is_member(text: &str) -> bool {
    let word = word::identifier(text);
    text.starts_with('"') || !word.is_empty() && keyword::spelt(word).next().is_none()
}

/// Whether a text holds a modal, or 一律: Chinese ones anywhere, English ones as words.
///
/// What stands before the word that begins a sentence is none.
pub(super) fn binds(text: &str) -> bool {
    let begins = ["whenever ", "凡 ", "凡是 ", "凡属 ", "凡属于 "]
        .iter()
        .filter_map(|word| text.find(word))
        .min();
    let text = text.get(..begins.unwrap_or(text.len())).unwrap_or(text);
    let words = KEYWORDS.iter().filter(|keyword| keyword.requires());
    words.flat_map(Keyword::all_words).any(|word| match word.is_ascii() {
        true => {
            text.split(|c: char| !word::continues(c)).any(|own| word.split(' ').next() == Some(own))
        }
        false => word.chars().count() > 1 && text.contains(word),
    })
}
