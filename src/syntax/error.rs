//! What can be wrong with a text as text: facts here, wording in [`SyntaxError::diagnostic`].

use super::parse::MAX_BYTES;
use super::scan::MAX_NESTING;
use super::tree::{ArticleNumber, Language};
use crate::diagnostic::{Bilingual, Diagnostic};
use crate::place::Place;
use crate::say;
use crate::text::{Source, Span};

/// One mistake in a policy's text.
///
/// # Examples
///
/// ```
/// use fanshi::{FileId, Source, parse};
///
/// let source = Source::new("library.fan", "policy");
/// let (_, errors) = parse(FileId(0), &source);
/// assert_eq!(errors[0].diagnostic(&source).help.unwrap().en, "what can stand here: a name");
/// ```
#[derive(Clone, Debug)]
pub struct SyntaxError {
    /// Where.
    pub span: Span,
    /// What.
    pub kind: ErrorKind,
}

/// The mistakes. Each is documented by the smallest text that triggers it.
#[derive(Clone, Debug)]
pub enum ErrorKind {
    /// A file above the size limit.
    TooLarge,
    /// `参数 a : 整数 = -…1`: nested beyond the limit (… for 300 more signs; 65 brackets do as
    /// well).
    TooDeep,
    /// `政策 a 文号 “b`: the closing quote is missing; the quote that is missing.
    UnclosedText(char),
    /// `枚举 a {`: the bracket is never closed.
    Unclosed(char),
    /// `参数 a : 整数 = 1)`: the bracket closes nothing.
    Unopened(char),
    /// `第一条 a 凡 b，一率 c`: the word, and the keyword it was probably meant to be.
    Misspelt(String, &'static str),
    /// `第一条 a 凡b，一律 c`: words written together: the word and its parts.
    Glued(String, Vec<String>),
    /// Words of a sentence that is written together and does not read: those that nothing declares,
    /// and the sentence divided around them.
    Scattered(Vec<String>, String),
    /// Words written together that are several sentences: every reading in full.
    SeveralReadings(Vec<String>),
    /// `第一条 a 凡 b、c 或 d 的 e，必须 f。`: joined by 或 throughout, or only at the end.
    Alternatives(String, String),
    /// `第一条 a 凡 非 b、c 的 d，必须 e。`: 非 of the first, of each or of both; whether 或 joins them.
    OneDenied(String, String, bool),
    /// Words of a sentence that nothing declares, and the sentence divided around them.
    Undeclared(Vec<String>, String),
    /// `参数 a : 整数 = 凡`: a keyword where a name has to stand.
    ReservedName(String),
    /// `参数 a : 工作日 = 3 天`: the number and the word after it.
    UnknownUnit(String, String),
    /// `第一条 a if b must c`: what is said otherwise in the language, and how.
    Otherwise(String, Bilingual),
    /// `第一条 a 凡 b 为 1 的，必须 c`: a condition without its subject.
    NoSubject,
    /// `凡 a，必须 有 b。`: a sentence outside of articles: its first word, and the heading it needs.
    NoNumber(String, String),
    /// `第一条 a 凡 b，c。`: a sentence that requires nothing: what stands where it would.
    NoModal(String),
    /// `参数 a : 金额 = $500`: another currency: its sign and the number.
    OtherCurrency(String, String),
    /// `参数 a : 是否 = b && c`: the sign and what to write instead.
    WrongSign(String, &'static str, &'static str),
    /// A zero-width or control character.
    Invisible(char),
    /// `第一百二条 a 凡 b，一律 c`: not how the number is written, and what was probably meant.
    BadNumeral(String, Option<ArticleNumber>),
    /// `参数 a : 工作日 = 一二日`: no number, and digits say it.
    NotANumeral(String),
    /// `第一条 a 凡 b，必须 c：（一）d`: items, and nothing that speaks of them.
    ItemsOfNothing,
    /// `参数 a : 金额 = 10,000 元`: the number as it is written, and without its signs.
    GroupedNumber(String, String),
    /// `第一条 a 凡 b c，一律 d`: no 的 (or `where`) between the condition and its subject.
    MissingOf(Language),
    /// `参数 a : 是否 = 1 < b < 3`: relations do not chain.
    ChainedRelation,
    /// `第一条 a 凡 b，c 必须 为 1 且 d`: a second requirement after a clause is complete: what joins
    /// it, and the sentence it would be.
    JoinedClause(String, Option<String>),
    /// `表 a { b : 文本 亦作 “c” }`: 亦作 after the type.
    MisplacedAlso,
    /// A field that has to be given, with a word that says so: the word.
    NeedlessModifier(String),
    /// A field with a modifier before its type: the type and the modifier.
    TypeFirst(String, String),
    /// `第一条 a 优先于 b`: the name of an article where its number has to stand.
    NumberWanted(String),
    /// `article 1 b c whenever d, must e`: the words of a name, as one.
    SplitName(String),
    /// `第一条 a 凡 b，必须 c 说明 “d“e”f”`: a quotation mark inside a text ends it.
    InnerQuote,
    /// `历法 a 于 b { 日期 c 周休 周六 }`: a day of the week that is no number.
    WeekdayName(String),
    /// `参数 a : 整数 = 若 b 则 1`: the word that is missing, in both languages.
    HalfConditional(&'static str, &'static str),
    /// `历法 a 于 b {}`: the entry that is missing, in both languages.
    MissingEntry(&'static str, &'static str),
    /// `裁定 a.b 否则 c 否则 d`: an entry that may stand once.
    RepeatedEntry(String),
    /// `第一条 a 凡 b，必须 有下列情形之一：（一）c；（三）d。`: an item with another number than its
    /// place; with the number it should have.
    ItemNumber(String, String),
    /// `参数 a : = 5`: what stands there, and what could.
    Unexpected(String, Vec<Bilingual>),
    /// `参数 a :`: what stands last, and what could follow.
    UnexpectedEnd(String, Vec<Bilingual>),
    /// Never, unless grammar and tree builder have come apart.
    Defect,
}

impl ErrorKind {
    /// A stable name.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLarge => "source_too_large",
            Self::TooDeep => "too_deep",
            Self::UnclosedText(_) => "unclosed_text",
            Self::Unclosed(_) => "unclosed_bracket",
            Self::Unopened(_) => "unopened_bracket",
            Self::Misspelt(..) => "misspelt_keyword",
            Self::Glued(..) | Self::Scattered(..) => "glued_words",
            Self::SeveralReadings(_) | Self::Alternatives(..) | Self::OneDenied(..) => {
                "several_readings"
            }
            Self::Undeclared(..) => "undeclared_words",
            Self::ReservedName(_) => "reserved_name",
            Self::UnknownUnit(..) => "unknown_unit",
            Self::Otherwise(..) => "put_otherwise",
            Self::NoSubject => "no_subject",
            Self::NoNumber(..) => "no_article_number",
            Self::NoModal(_) => "no_modal",
            Self::OtherCurrency(..) => "other_currency",
            Self::WrongSign(..) => "wrong_sign",
            Self::Invisible(_) => "invisible_character",
            Self::BadNumeral(..) => "bad_numeral",
            Self::NotANumeral(_) => "not_a_numeral",
            Self::ItemsOfNothing => "items_of_nothing",
            Self::ItemNumber(..) => "item_number",
            Self::GroupedNumber(..) => "grouped_number",
            Self::MissingOf(_) => "missing_of",
            Self::ChainedRelation => "chained_relation",
            Self::JoinedClause(..) => "joined_clause",
            Self::MisplacedAlso => "misplaced_also",
            Self::NeedlessModifier(_) => "needless_modifier",
            Self::TypeFirst(..) => "type_first",
            Self::NumberWanted(_) => "number_wanted",
            Self::SplitName(_) => "split_name",
            Self::InnerQuote => "inner_quote",
            Self::WeekdayName(_) => "weekday_name",
            Self::HalfConditional(..) => "half_conditional",
            Self::MissingEntry(..) => "missing_entry",
            Self::RepeatedEntry(_) => "repeated_entry",
            Self::Unexpected(..) => "unexpected_word",
            Self::UnexpectedEnd(..) => "unexpected_end",
            Self::Defect => "grammar_defect",
        }
    }
}

impl SyntaxError {
    /// The mistake as shown to its author; `source` is the file it stands in.
    #[must_use]
    pub fn diagnostic(&self, source: &Source) -> Diagnostic {
        let own = source.text.get(self.span.range()).unwrap_or("").trim();
        let letters = |text: &str| text.split_whitespace().collect::<String>();
        // As it stands in the file, where words may be written together.
        let as_written = |kind: fn(&str) -> Bilingual, found: &str| match () {
            () if letters(own) == letters(found) => kind(own),
            () => kind(found),
        };
        let message = match &self.kind {
            ErrorKind::Otherwise(found, _) => as_written(put_otherwise, found),
            ErrorKind::NoModal(found) => as_written(no_modal, found),
            kind => kind.message(),
        };
        let place = match self.kind {
            ErrorKind::TooLarge => Place::file(source.name.clone()),
            _ => Place::of(source, self.span.range()),
        };
        let diagnostic =
            Diagnostic::error(self.kind.code(), message).at(place, Bilingual::default());
        match self.kind.help() {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        }
    }
}

/// That a sentence requires nothing.
fn no_modal(found: &str) -> Bilingual {
    say!("`{found}` 前面没有“必须”“不得”等", "no modal stands before `{found}`")
}

/// That something is put otherwise.
fn put_otherwise(found: &str) -> Bilingual {
    say!("`{found}` 在这里不这样写", "`{found}` is put otherwise here")
}

impl ErrorKind {
    /// The cause.
    #[expect(clippy::too_many_lines, reason = "a table of messages")]
    fn message(&self) -> Bilingual {
        match self {
            Self::TooLarge => {
                let limit = MAX_BYTES >> 20;
                say!(
                    "文件超过 {limit} MB，不再读取",
                    "the file is larger than {limit} MB and is not read"
                )
            }
            Self::TooDeep => say!(
                "嵌套过深（括号和“若”至多 {MAX_NESTING} 层）",
                "nested too deep (brackets and `if` go {MAX_NESTING} levels at most)"
            ),
            Self::UnclosedText(quote) => {
                say!("本行内缺少收尾的 `{quote}`", "the closing `{quote}` is missing on this line")
            }
            Self::Unclosed(open) => say!("`{open}` 没有收尾", "`{open}` is never closed"),
            Self::Unopened(close) => say!("`{close}` 没有对应的开头", "`{close}` closes nothing"),
            Self::Misspelt(word, _) => {
                say!("不认识 `{word}`", "`{word}` is not a word of the language")
            }
            Self::NotANumeral(written) => {
                say!("`{written}` 不是一个数", "`{written}` is not a number")
            }
            Self::ItemNumber(found, wanted) => say!(
                "这一项写的是 {found}，依次应当是 {wanted}",
                "this item is marked {found}; in order it is {wanted}"
            ),
            Self::ItemsOfNothing => {
                say!("这些项不知道属于什么", "nothing speaks of these items")
            }
            Self::GroupedNumber(written, _) => {
                say!("数中间不能有逗号：`{written}`", "a number has no commas: `{written}`")
            }
            Self::SeveralReadings(readings) => {
                let count = readings.len();
                say!(
                    "这里连写的词有 {count} 种读法",
                    "the words written together here can be read in {count} ways"
                )
            }
            Self::Undeclared(words, _) => {
                let all: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
                let (zh, en) = (all.join("、"), all.join(", "));
                say!("这些词没有声明：{zh}", "these words are not declared: {en}")
            }
            Self::Alternatives(..) => say!(
                "并列的条件后面有“或”，有两种读法：具备其一，或者前面的都要具备",
                "conditions in a row end with `or`, which can be read in two ways: one of them, or \
                    all but the last two"
            ),
            Self::OneDenied(..) => say!(
                "“不”后面并列了几个条件，有几种读法：都不，或者只有第一个不",
                "conditions in a row behind `not` can be read in several ways: none of them, or only \
                    the first is denied"
            ),
            Self::Scattered(..) => say!(
                "这一句还读不成一句：词连写在一起，有的没有声明",
                "this is not a sentence yet: words are written together, and some are not declared"
            ),
            Self::Glued(word, _) => {
                say!("`{word}` 是几个词连写在一起", "`{word}` is several words written together")
            }
            Self::ReservedName(word) => say!(
                "`{word}` 是保留词，这里需要名称、数或条件",
                "`{word}` is a reserved word; a name, a number or a condition is needed here"
            ),
            Self::UnknownUnit(number, unit) => say!(
                "`{number}` 之后的 `{unit}` 不是计量单位",
                "`{unit}` after `{number}` is not a unit"
            ),
            Self::Otherwise(found, _) => put_otherwise(found),
            Self::NoSubject => say!(
                "`的` 之后缺少主体：说的是哪张表的行",
                "the subject after `的` is missing: rows of which table"
            ),
            Self::NoNumber(found, _) => {
                say!("`{found}` 前面没有条号", "no article number stands before `{found}`")
            }
            Self::NoModal(found) => no_modal(found),
            Self::OtherCurrency(sign, _) => {
                say!("金额以元计，没有 `{sign}`", "amounts are in yuan; there is no `{sign}`")
            }
            Self::WrongSign(sign, ..) => {
                say!("没有 `{sign}` 这个符号", "there is no sign `{sign}`")
            }
            Self::Invisible(character) => {
                let code = u32::from(*character);
                say!(
                    "这里有一个看不见的字符（U+{code:04X}）",
                    "there is an invisible character here (U+{code:04X})"
                )
            }
            Self::BadNumeral(written, _) => say!(
                "`{written}` 不是完整的条号",
                "`{written}` is not a well-formed article number"
            ),
            Self::MissingOf(_) => {
                say!("条件与主体没有分开", "the condition and its subject are not told apart")
            }
            Self::ChainedRelation => say!("比较不能连写", "relations cannot be chained"),
            Self::JoinedClause(word, _) => {
                say!(
                    "一句只有一个要求，`{word}` 不能接在它后面",
                    "a sentence makes one demand; `{word}` cannot follow it"
                )
            }
            Self::MisplacedAlso => say!("`亦作` 写在冒号之前", "`also` belongs before the colon"),
            Self::NeedlessModifier(word) => {
                say!("不认识 `{word}`", "`{word}` is not a word of the language")
            }
            Self::TypeFirst(_, modifier) => {
                say!("`{modifier}` 写在类型之前了", "`{modifier}` stands before the type")
            }
            Self::NumberWanted(name) => {
                say!("`{name}` 不是条号", "`{name}` is not the number of an article")
            }
            Self::SplitName(_) => say!("名称是一个词，中间不写空格", "a name is one word"),
            Self::InnerQuote => {
                say!("文字里面的引号被当作了它的收尾", "a quotation mark inside the text ended it")
            }
            Self::WeekdayName(day) => {
                say!("`{day}` 不是星期几的数", "`{day}` is not the number of a day of the week")
            }
            Self::HalfConditional(zh, en) => {
                say!("“若”的后面缺 `{zh}`", "`{en}` is missing after `if`")
            }
            Self::MissingEntry(zh, en) => say!("历法缺少 `{zh}`", "the calendar has no `{en}`"),
            Self::RepeatedEntry(keyword) => {
                say!("`{keyword}` 写了两次", "`{keyword}` stands twice")
            }
            Self::Unexpected(found, _) => {
                say!("这里不能是 `{found}`", "`{found}` cannot stand here")
            }
            Self::UnexpectedEnd(last, _) => {
                say!("`{last}` 之后还缺内容", "something is missing after `{last}`")
            }
            Self::Defect => {
                say!(
                    "这段文字合乎语法却读不懂，是 fanshi 的错误",
                    "this text fits the grammar but cannot be read: a mistake in fanshi"
                )
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::syntax::parse::parse;
    use crate::text::{FileId, Source};
    use std::collections::BTreeSet;

    /// Each variant with the text in its doc comment, if it has one, read from this very file.
    fn documented() -> Vec<(&'static str, Option<&'static str>)> {
        let body = include_str!("error.rs")
            .split("pub enum ErrorKind {")
            .nth(1)
            .and_then(|rest| rest.split("\n}").next())
            .unwrap_or("");
        let mut found = Vec::new();
        let mut sample = None;
        for line in body.lines().map(str::trim) {
            match line.strip_prefix("/// ") {
                Some(doc) => {
                    sample = sample.or(doc.strip_prefix('`').and_then(|doc| doc.split('`').next()))
                }
                None if !line.is_empty() => {
                    found.push((line.split(['(', ',']).next().unwrap_or(""), sample.take()))
                }
                None => {}
            }
        }
        found
    }

    #[test]
    fn every_mistake_is_triggered_by_the_text_in_its_documentation() {
        for (variant, sample) in documented() {
            let Some(sample) = sample else { continue };
            let source = Source::new("sample", sample.replace('…', &"- ".repeat(300)));
            let (_, errors) = parse(FileId(0), &source);
            let found: Vec<String> =
                errors.iter().map(|error| format!("{:?}", error.kind)).collect();
            assert!(
                found.iter().any(|kind| kind.split('(').next() == Some(variant)),
                "{variant}: {sample}: {found:?}"
            );
        }
    }

    #[test]
    fn codes_are_unique() {
        let arms = include_str!("error.rs")
            .split("fn code")
            .nth(1)
            .and_then(|rest| rest.split("\n    }\n").next())
            .unwrap_or("");
        let codes: Vec<&str> = arms.lines().filter_map(|line| line.split('"').nth(1)).collect();
        assert_eq!(codes.iter().collect::<BTreeSet<_>>().len(), codes.len());
        assert_eq!(arms.matches("Self::").count(), documented().len());
    }
}
