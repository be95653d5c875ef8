//! Sentences that lack what stands in front: their number, their 凡, their subject.

use super::amounts::unit;
use super::explain::Place;
use super::phrasing::{ALL, binds};
use crate::diagnostic::Bilingual;
use crate::say;
use crate::syntax::error::{ErrorKind, SyntaxError};
use crate::syntax::grammar::Rule;
use crate::syntax::keyword::{self, KEYWORDS, Keyword};
use crate::syntax::tree::ArticleNumber;
use crate::syntax::{numeral, word};

/// What other numbers of articles and their items are written with.
const MARKS: &[char] =
    &['第', '条', '、', '.', '．', '：', ':', '（', '）', '(', ')', ' ', '\u{3000}'];

impl Place<'_> {
    /// A sentence outside of articles: `凡 甲，…`, `一、凡 甲，…`, `第一条清理凡 甲，…`.
    pub(super) fn unnumbered(&self) -> Option<SyntaxError> {
        let sentence = self.rest_of_sentence();
        let is_part = self.allows(Rule::kw_whenever) || self.allows(Rule::kw_must);
        let is_free = self.allows(Rule::item) || self.allows(Rule::kw_table);
        let is_mark = |c: char| MARKS.contains(&c) || word::is_of_numeral(c);
        let mark = sentence.find(|c| !is_mark(c)).unwrap_or(sentence.len());
        let (mark, rest) = sentence.split_at(mark);
        let name = rest.find('凡').filter(|_| mark.starts_with('第')).unwrap_or(0);
        let (name, rest) = rest.split_at(name);
        let is_named = name.is_empty() || word::is_identifier(name);
        let all = ALL.iter().find(|all| rest.starts_with(**all)).copied();
        let first = keyword::sentence_first(rest).or(all).filter(|_| is_named)?;
        let figures: String = mark.chars().filter(|c| !MARKS.contains(c)).collect();
        let is_lost = is_free && !is_part || is_part && !figures.is_empty();
        if !is_lost || !binds(rest.get(first.len()..)?) {
            return None;
        }
        let number = match numeral::read(&numeral::half_width(&figures)) {
            numeral::Reading::Number(number) => ArticleNumber { number, insert: None },
            _ => self.next_number(),
        };
        let begins = if all.is_some() { "凡" } else { first };
        let heading = match name {
            "" => format!("{} {begins}", word::article_number(number)),
            _ => format!("{} {name} {begins}", word::article_number(number)),
        };
        Some(self.error(
            sentence.get(..mark.len() + name.len() + first.len())?,
            ErrorKind::NoNumber(first.to_owned(), heading),
        ))
    }

    /// The number of the next article, after those that stand before the place.
    fn next_number(&self) -> ArticleNumber {
        let openings = self.reader.scan.openings.iter().filter(|opening| **opening < self.at);
        let first = |at: &usize| word::identifier(self.reader.text.get(*at..).unwrap_or(""));
        let numbers = openings.filter_map(|at| word::read_article_number(first(at)).ok());
        let last = numbers.map(|found| found.number).max().unwrap_or(0);
        ArticleNumber { number: last + 1, insert: None }
    }

    /// `应当 为 1、3、7个工作日`: several numbers, of which the value is one.
    pub(super) fn one_of_numbers(&self) -> Option<SyntaxError> {
        let text = self.reader.text;
        let head = text.get(self.from..self.at)?;
        let from = self.from + head.rfind('凡')?;
        let sentence = text.get(from..self.at + self.rest_of_sentence().len())?;
        let (start, end, help) = one_of(sentence)?;
        let written = sentence.get(start..end)?.to_owned();
        let kind = ErrorKind::Otherwise(written, help);
        Some(self.reader.error(from + start..from + end, kind))
    }

    /// `第一条：凡 甲，…`: a sign behind the number.
    pub(super) fn sign_behind_number(&self, found: &str) -> Option<SyntaxError> {
        let is_sign = found.starts_with(['：', ':', '、', '.', '．', '，']);
        let rest = self.rest().get(found.len()..)?.trim_start();
        let first = keyword::sentence_first(rest).filter(|_| is_sign)?;
        let number = self.reader.text.get(..self.at)?.trim_end().trim_end_matches('\u{E000}');
        let number = word::last(number);
        word::read_article_number(number).ok()?;
        let help = say!(
            "条号后面空一格：`{number} {first} …`",
            "a blank stands behind the number: `{number} {first} …`"
        );
        Some(self.advice(found, help))
    }

    /// `凡 甲，乙 不得 超过 1 元且 丙 不得 …`: another requirement behind the first.
    pub(super) fn second_sentence(&self, found: &str) -> Option<SyntaxError> {
        let joints = [Rule::kw_and, Rule::kw_also_and, Rule::kw_together];
        let words = KEYWORDS.iter().filter(|own| joints.contains(&own.rule));
        let signs = ["，", "、", ","];
        let joints = words.flat_map(|own| own.chinese).chain(&signs);
        // The first may have been read, and the place may be behind the comma.
        let head = self.reader.text.get(..self.at)?.trim_end();
        let comma = signs.iter().find(|sign| head.ends_with(**sign));
        let here = joints.filter(|word| found.starts_with(**word)).max_by_key(|it| it.len());
        let place = Self { at: head.len() - comma.map_or(0, |it| it.len()), ..*self };
        let (place, joint) = match here {
            Some(joint) => (*self, joint),
            None => (place, comma?),
        };
        let second = place.rest_of_sentence().get(joint.len()..)?.trim_start();
        let head = head.rsplit(['。', '；']).next().unwrap_or(head);
        let sentence = head.get(head.rfind('凡')?..)?;
        let (subject, first) = sentence.split_once(['，', ','])?;
        let begins = keyword::sentence_begins(second);
        let is_end = self.allows(Rule::stop)
            || self.allows(Rule::kw_whenever)
            || self.allows(Rule::kw_unless)
            || self.allows(Rule::passage);
        (binds(first) && binds(second) && !begins && is_end).then(|| {
            let second = format!("{subject}，{second}");
            place.error(joint, ErrorKind::JoinedClause((*joint).to_owned(), Some(second)))
        })
    }
}

/// The first `为 1、3、7个工作日` of a sentence: where it begins and ends, and how it is put.
fn one_of(sentence: &str) -> Option<(usize, usize, Bilingual)> {
    let relations = ["应当为", "必须为", "为", "是", "属于"];
    let is_figure = |c: char| c.is_ascii_digit() || "、或 ".contains(c);
    let mut from = 0;
    while let Some(at) = sentence.get(from..)?.find(|c: char| c.is_ascii_digit()) {
        let begin = from + at;
        let list = sentence.get(begin..)?;
        let length = list.find(|c| !is_figure(c)).unwrap_or(list.len());
        from = begin + length;
        let (figures, rest) = list.split_at(length);
        let numbers: Vec<&str> = figures.split(['、', '或']).map(str::trim).collect();
        let is_list = numbers.len() > 1 && numbers.iter().all(|number| is_number(number));
        let before = sentence.get(..begin)?.trim_end();
        let relation = relations.iter().find(|relation| before.ends_with(**relation));
        let (true, Some((unit, unit_length)), Some(relation)) = (is_list, unit(rest), relation)
        else {
            continue;
        };
        let modal = relation.strip_suffix('为').unwrap_or("");
        let blank = if modal.is_empty() { "" } else { " " };
        let behind = rest.get(unit_length..)?;
        let tail = behind.len() - behind.strip_prefix("之一").unwrap_or(behind).len();
        let all: Vec<String> = numbers.iter().map(|number| format!("{number} {unit}")).collect();
        let put = format!("{modal}{blank}属于 {{{}}}", all.join("、"));
        let help = say!("写作 `{put}`", "write `{put}`");
        return Some((before.len() - relation.len(), from + unit_length + tail, help));
    }
    None
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// What a sentence lacks that begins otherwise than with 凡: with the word that was found.
pub(super) fn begun_otherwise(found: &str, sentence: &str) -> Bilingual {
    let (head, rest) = sentence.split_once(['，', ',']).unwrap_or((sentence, ""));
    let head = head.trim();
    let is_then = |own: &&Keyword| own.requires();
    let requiring = KEYWORDS.iter().filter(is_then).flat_map(|own| own.chinese);
    let modal = requiring.copied().find(|word| word.chars().count() > 1 && head.starts_with(*word));
    if let Some(modal) = modal {
        return say!(
            "先写主体（一张表），再写要求：`凡 主体，{modal} …`",
            "the subject stands first, a table: `凡 主体，{modal} …`"
        );
    }
    if let Some(except) = exception(head) {
        return say!(
            "例外之后写主体（一张表）：`除 {except} 的 外，凡 主体，…`",
            "the subject, a table, stands behind the exception: `除 {except} 的 外，凡 主体，…`"
        );
    }
    if let Some(condition) = head.strip_suffix('的').filter(|_| !rest.is_empty()) {
        let condition = condition.trim_end();
        return say!(
            "缺少主体：`凡 {condition} 的 主体，…`，主体是一张表",
            "the subject is missing, a table: `凡 {condition} 的 主体，…`"
        );
    }
    if let [first, modal, next] = *head.split_whitespace().take(3).collect::<Vec<_>>()
        && first == found
        && keyword::spelt(modal).any(|own| keyword::is_modal(own.rule))
        && keyword::spelt(next).any(|own| matches!(own.rule, Rule::kw_has | Rule::kw_lacks))
    {
        return say!(
            "一句以 `凡` 开头：`凡 {first}，{modal} {next} …`",
            "a sentence begins with `凡`: `凡 {first}，{modal} {next} …`"
        );
    }
    // Whether the subject is there is seen where words stand apart.
    let is_apart = head.contains([' ', '\u{3000}']);
    match (head.contains('的') && !binds(head), is_apart) {
        (true, _) => {
            say!("一句以 `凡` 开头：`凡 {found} …`", "a sentence begins with `凡`: `凡 {found} …`")
        }
        (false, true) => say!(
            "一句以 `凡 主体，` 开头，主体是一张表：`凡 主体，{found} …`",
            "a sentence begins with `whenever SUBJECT,`, the subject being a table: `whenever \
                SUBJECT, {found} …`"
        ),
        (false, false) => say!(
            "一句以 `凡` 开头，接着是主体（一张表）：`凡 主体，…`",
            "a sentence begins with `whenever SUBJECT,`, the subject being a table"
        ),
    }
}

/// The condition of `除 … 的 外`.
fn exception(head: &str) -> Option<&str> {
    let inner = head.strip_prefix("除了").or_else(|| head.strip_prefix('除'))?;
    let outside = ["以外", "之外", "外"].into_iter();
    let inner = outside.filter_map(|word| inner.strip_suffix(word)).next()?.trim();
    Some(inner.strip_suffix('的').unwrap_or(inner).trim())
}
