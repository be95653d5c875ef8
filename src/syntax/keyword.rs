//! Every keyword in both languages, the canonical word first: what the formatter writes, messages
//! say and suggestions offer.
//!
//! The words stand in `grammar/policy.pest` as well, because a parser generator wants them there; a
//! test holds the two together.

use super::grammar::Rule;
use super::tree::{Language, Modal};
use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

/// A keyword: the same place in a sentence, in either language.
#[derive(Clone, Copy, Debug)]
pub struct Keyword {
    pub(super) rule: Rule,
    /// What the keyword is for.
    pub role: Role,
    /// Chinese words, the canonical one first; empty where Chinese needs none.
    pub chinese: &'static [&'static str],
    /// English words, the canonical one first; empty where English needs none.
    pub english: &'static [&'static str],
}

/// Where a keyword stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It begins a declaration.
    Declaration,
    /// It begins a line of an article.
    Part,
    /// It belongs to a declaration; elsewhere it is a plain name.
    Detail,
    /// It cannot be a plain name in an expression.
    Reserved,
    /// It follows a number.
    Unit,
}

const fn row(
    rule: Rule,
    role: Role,
    chinese: &'static [&'static str],
    english: &'static [&'static str],
) -> Keyword {
    Keyword { rule, role, chinese, english }
}

/// All keywords.
pub const KEYWORDS: &[Keyword] = &[
    row(Rule::kw_vocabulary, Role::Declaration, &["词汇"], &["vocabulary"]),
    row(Rule::kw_policy, Role::Declaration, &["政策"], &["policy"]),
    row(Rule::kw_use, Role::Declaration, &["使用"], &["use"]),
    row(Rule::kw_enum, Role::Declaration, &["枚举"], &["enum"]),
    row(Rule::kw_table, Role::Declaration, &["表"], &["table"]),
    row(Rule::kw_calendar, Role::Declaration, &["历法"], &["calendar"]),
    row(Rule::kw_parameter, Role::Declaration, &["参数"], &["parameter"]),
    row(Rule::kw_define, Role::Declaration, &["定义"], &["define"]),
    row(Rule::kw_process, Role::Declaration, &["流程"], &["process"]),
    row(Rule::kw_decide, Role::Declaration, &["裁定"], &["decide"]),
    row(Rule::kw_measure, Role::Declaration, &["指标"], &["measure"]),
    row(Rule::kw_article, Role::Declaration, &[], &["article"]),
    row(Rule::kw_document, Role::Detail, &["文号"], &["document"]),
    row(Rule::kw_effective, Role::Part, &["施行"], &["effective"]),
    row(Rule::kw_to, Role::Detail, &["至"], &["to"]),
    row(Rule::kw_because, Role::Part, &["说明"], &["because"]),
    row(Rule::kw_ascending, Role::Detail, &["由低到高"], &["ascending"]),
    row(Rule::kw_descending, Role::Detail, &["由高到低"], &["descending"]),
    row(Rule::kw_also, Role::Detail, &["亦作"], &["also"]),
    row(Rule::kw_single, Role::Detail, &["单份"], &["single"]),
    row(Rule::kw_citable, Role::Detail, &["引据"], &["citable by"]),
    row(Rule::kw_from, Role::Detail, &["自"], &["from"]),
    row(Rule::kw_many, Role::Detail, &["多个"], &["many"]),
    row(Rule::kw_key, Role::Detail, &["主键"], &["key"]),
    row(Rule::kw_unique, Role::Detail, &["唯一"], &["unique"]),
    row(Rule::kw_optional, Role::Detail, &["可缺"], &["optional"]),
    row(Rule::kw_ordering, Role::Detail, &["为序"], &["ordering"]),
    row(Rule::kw_default, Role::Detail, &["默认"], &["default"]),
    row(Rule::kw_reading, Role::Detail, &["读作"], &["reading"]),
    row(Rule::kw_unit, Role::Detail, &["单位"], &["unit"]),
    row(Rule::kw_written, Role::Detail, &["写作"], &["written"]),
    row(Rule::kw_absent, Role::Detail, &["缺"], &["absent"]),
    row(Rule::kw_on, Role::Detail, &["于"], &["on"]),
    row(Rule::kw_date, Role::Detail, &["日期"], &["date"]),
    row(Rule::kw_rest, Role::Detail, &["周休"], &["rest"]),
    row(Rule::kw_off, Role::Detail, &["休"], &["off"]),
    row(Rule::kw_working, Role::Detail, &["班"], &["on"]),
    row(Rule::kw_order, Role::Detail, &["次序"], &["order"]),
    row(Rule::kw_otherwise, Role::Detail, &["否则"], &["otherwise"]),
    row(Rule::kw_as_declared, Role::Detail, &["照报"], &["as declared"]),
    row(Rule::kw_by, Role::Detail, &["按"], &["by"]),
    row(Rule::kw_whenever, Role::Reserved, &["凡", "凡属", "凡属于"], &["whenever"]),
    row(Rule::kw_whenever_any, Role::Reserved, &["凡是"], &["whenever any"]),
    row(Rule::kw_case, Role::Detail, &[], &["case of"]),
    row(Rule::kw_of, Role::Reserved, &["的"], &[]),
    row(Rule::kw_where, Role::Reserved, &["当"], &["where"]),
    row(Rule::kw_also_and, Role::Detail, &["和"], &["and"]),
    row(Rule::kw_unless, Role::Part, &["除非"], &["unless"]),
    row(Rule::kw_but, Role::Detail, &["但", "但是"], &[]),
    row(Rule::kw_excepted, Role::Detail, &["除外", "不在此限", "不受此限"], &[]),
    row(Rule::kw_apart, Role::Part, &["除", "除了"], &[]),
    row(Rule::kw_outside, Role::Detail, &["外", "以外", "之外"], &[]),
    row(Rule::kw_overrides, Role::Part, &["优先于"], &["overrides"]),
    row(Rule::kw_cite, Role::Part, &["根据"], &["cite"]),
    row(Rule::kw_then, Role::Reserved, &["一律", "予以"], &["then"]),
    row(Rule::kw_alike, Role::Detail, &["均", "都"], &[]),
    row(Rule::kw_utmost, Role::Detail, &["最长", "最短", "最高", "最低", "最迟"], &[]),
    row(Rule::kw_refer, Role::Reserved, &["提请"], &["refer"]),
    row(Rule::kw_must, Role::Reserved, &["必须", "须"], &["must"]),
    row(Rule::kw_shall, Role::Reserved, &["应当", "应", "要"], &["shall"]),
    row(
        Rule::kw_must_not,
        Role::Reserved,
        &[
            "不得",
            "不能",
            "不准",
            "不许",
            "不要",
            "不予",
            "不再",
            "勿",
            "不应当",
            "不应",
            "禁止",
            "严禁",
        ],
        &["must not", "must never", "shall not", "shall never", "may not", "can not", "cannot"],
    ),
    row(Rule::kw_should, Role::Reserved, &["宜"], &["should"]),
    row(Rule::kw_should_not, Role::Reserved, &["不宜"], &["should not"]),
    row(Rule::kw_be, Role::Reserved, &[], &["be"]),
    row(Rule::kw_and, Role::Reserved, &["且", "并且", "同时"], &["and"]),
    row(Rule::kw_or, Role::Reserved, &["或", "或者"], &["or"]),
    row(Rule::kw_together, Role::Detail, &["并"], &["and"]),
    row(Rule::kw_follows, Role::Detail, &["遵循"], &["follows", "follow"]),
    row(Rule::kw_completes, Role::Detail, &["走完"], &["completes", "complete"]),
    row(Rule::kw_keeps_to, Role::Detail, &["未偏离"], &["keeps to", "keep to"]),
    row(Rule::kw_not, Role::Reserved, &["非", "不"], &["not"]),
    row(Rule::kw_has, Role::Reserved, &["有"], &["has", "have"]),
    row(Rule::kw_lacks, Role::Reserved, &["无"], &["lacks", "lack"]),
    row(Rule::kw_without, Role::Detail, &["没有", "未填写", "未填"], &[]),
    row(Rule::kw_blank, Role::Detail, &["为空", "未填写", "未填"], &[]),
    row(Rule::kw_filled, Role::Detail, &["不为空", "已填写"], &[]),
    row(
        Rule::kw_any_listed,
        Role::Detail,
        &[
            "有下列情形之一",
            "有以下情形之一",
            "具有以下情形之一",
            "符合以下情形之一",
            "属于以下情形之一",
            "符合以下条件之一",
            "具备以下条件之一",
            "具有下列情形之一",
            "符合下列情形之一",
            "属于下列情形之一",
            "符合下列条件之一",
            "具备下列条件之一",
            "达到下列标准之一",
            "达到以下标准之一",
        ],
        &["any of the following"],
    ),
    row(
        Rule::kw_all_listed,
        Role::Detail,
        &[
            "符合下列条件",
            "同时符合下列条件",
            "具备下列条件",
            "同时具备下列条件",
            "同时符合下列情形",
            "同时具备下列情形",
            "符合以下条件",
            "同时符合以下条件",
            "具备以下条件",
            "同时具备以下条件",
        ],
        &["all of the following"],
    ),
    row(Rule::kw_one_of, Role::Detail, &["之一"], &[]),
    row(Rule::kw_half, Role::Detail, &["一半"], &["half"]),
    row(Rule::kw_of_it, Role::Detail, &[], &["of"]),
    row(Rule::kw_at, Role::Detail, &["在"], &[]),
    row(Rule::kw_amid, Role::Detail, &["之间"], &[]),
    row(Rule::kw_or_more, Role::Detail, &["以上"], &["or more"]),
    row(Rule::kw_or_less, Role::Detail, &["以内", "以下", "之内", "内"], &["or less"]),
    row(Rule::kw_beyond, Role::Detail, &["以外", "之外"], &[]),
    row(Rule::kw_true, Role::Reserved, &["是"], &["true"]),
    row(Rule::kw_false, Role::Reserved, &["否"], &["false"]),
    row(Rule::kw_this, Role::Reserved, &["本行"], &["this"]),
    row(Rule::kw_between, Role::Reserved, &["介于"], &["between"]),
    row(Rule::kw_if, Role::Reserved, &["若"], &["if"]),
    row(Rule::kw_so, Role::Reserved, &["则"], &["then"]),
    row(Rule::kw_else, Role::Reserved, &["否则"], &["else"]),
    row(Rule::kw_or_else, Role::Reserved, &["缺则"], &["or else"]),
    row(Rule::rel_is, Role::Reserved, &["为", "等于"], &["is", "equals"]),
    row(Rule::rel_is_not, Role::Reserved, &["不为", "不等于"], &["is not"]),
    row(
        Rule::rel_exceeds,
        Role::Reserved,
        &["超过", "高于", "大于", "多于"],
        &["exceeds", "exceed", "more than", "greater than", "higher than", "longer than", "above"],
    ),
    row(
        Rule::rel_at_most,
        Role::Reserved,
        &["不超过", "不高于", "不大于", "不多于"],
        &["at most", "no more than", "not more than", "not greater than", "within"],
    ),
    row(
        Rule::rel_below,
        Role::Reserved,
        &["少于", "低于", "小于", "不满"],
        &["below", "less than", "lower than", "shorter than", "fewer than"],
    ),
    row(
        Rule::rel_at_least,
        Role::Reserved,
        &["不少于", "不低于", "不小于"],
        &["at least", "no less than", "not less than"],
    ),
    row(Rule::rel_before, Role::Reserved, &["早于"], &["before", "earlier than"]),
    row(Rule::rel_after, Role::Reserved, &["晚于"], &["after", "later than"]),
    row(
        Rule::rel_not_before,
        Role::Reserved,
        &["不早于"],
        &["not before", "no earlier than", "on or after"],
    ),
    row(
        Rule::rel_not_after,
        Role::Reserved,
        &["不晚于"],
        &["not after", "no later than", "on or before"],
    ),
    row(Rule::rel_in, Role::Reserved, &["属于"], &["in"]),
    row(Rule::rel_not_in, Role::Reserved, &["不属于"], &["not in"]),
    row(Rule::rel_contains, Role::Reserved, &["包含"], &["contains", "contain"]),
    row(Rule::rel_starts_with, Role::Reserved, &["开头为"], &["starts with", "start with"]),
    row(Rule::rel_ends_with, Role::Reserved, &["结尾为"], &["ends with", "end with"]),
    row(Rule::rel_matches, Role::Reserved, &["匹配"], &["matches", "match"]),
    row(
        Rule::unit_workdays,
        Role::Unit,
        &["工作日", "个工作日"],
        &["workdays", "workday", "working days", "working day", "business days", "business day"],
    ),
    row(Rule::unit_days, Role::Unit, &["日"], &["days", "day"]),
    row(Rule::unit_months, Role::Unit, &["个月"], &["months", "month"]),
    row(Rule::unit_hours, Role::Unit, &["小时", "个小时"], &["hours", "hour"]),
    row(Rule::unit_minutes, Role::Unit, &["分钟"], &["minutes", "minute"]),
    row(Rule::unit_yuan, Role::Unit, &["元"], &["yuan"]),
];

impl Keyword {
    /// Whether it begins a sentence.
    pub(super) fn begins_sentence(&self) -> bool {
        matches!(self.rule, Rule::kw_whenever | Rule::kw_whenever_any)
    }

    /// Whether it may stand in a run of words, first or further on: what begins a line of its own
    /// is no word within another.
    pub(super) fn stands_within(&self, first: bool) -> bool {
        let is_line = matches!(self.rule, Rule::kw_effective | Rule::kw_because);
        let is_apart = matches!(self.role, Role::Declaration | Role::Unit);
        !is_apart && !self.is_of_declarations() && (first || !is_line)
    }

    /// Whether it stands in declarations alone, and never in a sentence or an expression.
    fn is_of_declarations(&self) -> bool {
        matches!(
            self.rule,
            Rule::kw_document
                | Rule::kw_ascending
                | Rule::kw_descending
                | Rule::kw_also
                | Rule::kw_single
                | Rule::kw_citable
                | Rule::kw_from
                | Rule::kw_many
                | Rule::kw_key
                | Rule::kw_unique
                | Rule::kw_optional
                | Rule::kw_ordering
                | Rule::kw_default
                | Rule::kw_reading
                | Rule::kw_unit
                | Rule::kw_written
                | Rule::kw_absent
                | Rule::kw_on
                | Rule::kw_date
                | Rule::kw_rest
                | Rule::kw_off
                | Rule::kw_working
                | Rule::kw_order
                | Rule::kw_otherwise
                | Rule::kw_as_declared
                | Rule::kw_together
        )
    }

    /// Whether it begins a declaration or a line of an article.
    pub(super) fn begins_line(&self) -> bool {
        self.begins_sentence() || matches!(self.role, Role::Declaration | Role::Part)
    }

    /// Whether a sentence with it requires, demands or asks something.
    pub(super) fn requires(&self) -> bool {
        is_modal(self.rule) || matches!(self.rule, Rule::kw_then | Rule::kw_refer)
    }

    /// Its words in one language, the canonical one first.
    #[must_use]
    pub fn words(&self, language: Language) -> &'static [&'static str] {
        match language {
            Language::Chinese => self.chinese,
            Language::English => self.english,
        }
    }

    /// Its words in both languages.
    pub fn all_words(&self) -> impl Iterator<Item = &'static str> {
        self.chinese.iter().chain(self.english).copied()
    }
}

/// The row of a rule, if it is a keyword.
pub(super) fn of(rule: Rule) -> Option<&'static Keyword> {
    KEYWORDS.iter().find(|keyword| keyword.rule == rule)
}

/// The canonical word of a keyword; the other language's where this one needs none; empty for
/// anything else.
pub(super) fn word(rule: Rule, language: Language) -> &'static str {
    let Some(keyword) = of(rule) else { return "" };
    keyword.words(language).first().copied().or_else(|| keyword.all_words().next()).unwrap_or("")
}

/// The keyword of a modal.
pub(super) fn modal_rule(modal: Modal) -> Rule {
    match modal {
        Modal::Must => Rule::kw_must,
        Modal::Shall => Rule::kw_shall,
        Modal::MustNot => Rule::kw_must_not,
        Modal::Should => Rule::kw_should,
        Modal::ShouldNot => Rule::kw_should_not,
    }
}

/// How a modal is written.
#[must_use]
pub fn modal_word(modal: Modal, language: Language) -> &'static str {
    word(modal_rule(modal), language)
}

/// The keywords spelt like this.
pub fn spelt(word: &str) -> impl Iterator<Item = &'static Keyword> {
    static SPELT: OnceLock<HashMap<&'static str, Vec<&'static Keyword>>> = OnceLock::new();
    let spelt = SPELT.get_or_init(|| {
        let mut spelt: HashMap<_, Vec<_>> = HashMap::new();
        for keyword in KEYWORDS {
            for word in keyword.all_words() {
                let of_word = spelt.entry(word).or_default();
                if of_word.last().is_none_or(|last: &&Keyword| last.rule != keyword.rule) {
                    of_word.push(keyword);
                }
            }
        }
        spelt
    });
    spelt.get(word).map_or(&[][..], Vec::as_slice).iter().copied()
}

/// Whether a name spelt like this needs `「」` where an expression is expected.
#[must_use]
pub fn is_reserved(word: &str) -> bool {
    spelt(word).any(|keyword| keyword.role == Role::Reserved)
}

/// Whether a Chinese text begins with a word that a sentence begins with, blanks or none behind it.
pub(super) fn sentence_begins(text: &str) -> bool {
    sentence_first(text).is_some()
}

/// The word that a sentence begins with, in Chinese.
pub(super) fn sentence_first(text: &str) -> Option<&'static str> {
    let begins = |own: &&Keyword| own.begins_sentence() || own.rule == Rule::kw_apart;
    let words = KEYWORDS.iter().filter(begins).flat_map(|own| own.chinese).copied();
    words.filter(|word| text.starts_with(word)).max_by_key(|word| word.len())
}

/// Whether a word is one of a keyword that stands within a declaration.
pub(super) fn is_of_sentences(word: &str) -> bool {
    static WORDS: OnceLock<HashSet<&'static str>> = OnceLock::new();
    let words = WORDS.get_or_init(|| {
        let keywords = KEYWORDS.iter().filter(|keyword| keyword.role != Role::Declaration);
        keywords.flat_map(Keyword::all_words).flat_map(|spelling| spelling.split(' ')).collect()
    });
    words.contains(word)
}

/// Whether a keyword spelt like this begins a declaration.
#[must_use]
pub fn begins_declaration(word: &str) -> bool {
    spelt(word).any(|keyword| keyword.role == Role::Declaration)
}

/// Whether a keyword spelt like this begins the header of a file.
#[must_use]
pub fn begins_header(word: &str) -> bool {
    spelt(word).any(|keyword| matches!(keyword.rule, Rule::kw_policy | Rule::kw_vocabulary))
}

/// Whether a keyword spelt like this begins a line of an article.
#[must_use]
pub fn begins_part(word: &str) -> bool {
    spelt(word).any(|keyword| {
        keyword.role == Role::Part
            || matches!(keyword.rule, Rule::kw_whenever | Rule::kw_whenever_any)
    })
}

/// Words people write for a keyword, and the rule of what they mean.
const SYNONYMS: &[(&str, Rule)] = &[
    ("并", Rule::kw_and),
    ("而且", Rule::kw_and),
    ("以及", Rule::kw_also_and),
    ("不是", Rule::kw_not),
    ("至多", Rule::rel_at_most),
    ("最多", Rule::rel_at_most),
    ("小于等于", Rule::rel_at_most),
    ("不足", Rule::rel_below),
    ("至少", Rule::rel_at_least),
    ("最少", Rule::rel_at_least),
    ("大于等于", Rule::rel_at_least),
    ("所有", Rule::kw_whenever),
    ("一切", Rule::kw_whenever),
    ("全体", Rule::kw_whenever),
    ("对", Rule::kw_whenever),
    ("对于", Rule::kw_whenever),
    ("任何", Rule::kw_whenever),
    ("要", Rule::kw_must),
    ("需", Rule::kw_must),
    ("全部", Rule::kw_then),
    ("应该", Rule::kw_shall),
    ("不可", Rule::kw_must_not),
    ("不可以", Rule::kw_must_not),
    ("不允许", Rule::kw_must_not),
    ("不应该", Rule::kw_must_not),
    ("如果", Rule::kw_where),
    ("if", Rule::kw_where),
    ("when", Rule::kw_where),
    ("provided", Rule::kw_where),
    ("all", Rule::kw_whenever),
    ("on", Rule::rel_is),
    ("over", Rule::rel_exceeds),
    ("under", Rule::rel_below),
    ("except", Rule::kw_unless),
    ("without", Rule::kw_lacks),
    ("per", Rule::kw_by),
    ("because_of", Rule::kw_because),
    ("function", Rule::kw_define),
    ("def", Rule::kw_define),
    ("rule", Rule::kw_article),
];

/// The relation a word is another word for, whatever may stand there: the parser may name only what
/// would end the sentence sooner.
pub(super) fn relation_meant(word: &str) -> Option<&'static str> {
    let language = if word.is_ascii() { Language::English } else { Language::Chinese };
    let synonym = SYNONYMS
        .iter()
        .find(|(spelling, rule)| *spelling == word && super::relation::of_rule(*rule).is_some());
    synonym.map(|(_, rule)| self::word(*rule, language))
}

/// The keyword, among those a place allows, that a word is another word for.
pub(super) fn synonym(word: &str, allowed: &[Rule]) -> Option<&'static str> {
    let language = if word.is_ascii() { Language::English } else { Language::Chinese };
    let known = SYNONYMS.iter().find(|(own, rule)| *own == word && allowed.contains(rule));
    known.map(|(_, rule)| self::word(*rule, language))
}

/// The modal in a name that reads as a rule, `页数不得超过五百`: what stands on both its sides says of
/// what, and what.
#[must_use]
pub fn modal_within(name: &str) -> Option<&'static str> {
    let modals = KEYWORDS.iter().filter(|keyword| is_modal(keyword.rule));
    let mut words = modals.flat_map(|keyword| keyword.chinese.iter().copied());
    let is_long = |word: &str| word.chars().nth(1).is_some();
    words.find(|word| {
        let sides = name.split_once(*word).filter(|_| is_long(word));
        sides.is_some_and(|(before, after)| !before.is_empty() && !after.is_empty())
    })
}

/// Whether a keyword is a modal.
pub(super) fn is_modal(rule: Rule) -> bool {
    use Rule::{kw_must, kw_must_not, kw_shall, kw_should, kw_should_not};
    matches!(rule, kw_must | kw_shall | kw_must_not | kw_should | kw_should_not)
}

/// The keyword, among those a place allows, that a word was probably meant to be.
pub(super) fn meant(word: &str, allowed: &[Rule]) -> Option<&'static str> {
    if let Some(found) = synonym(word, allowed) {
        return Some(found);
    }
    // A word of its own, one letter from a keyword that means something else.
    if matches!(word, "可以" | "可能" | "得以") {
        return None;
    }
    let length = word.chars().count();
    let near = |spelling: &&'static str| {
        let limit = if spelling.is_ascii() {
            (spelling.len() / 4).min(2)
        } else {
            usize::from(spelling.chars().count() > 1)
        };
        let distance =
            rapidfuzz::distance::damerau_levenshtein::distance(word.chars(), spelling.chars());
        (distance <= limit && distance < length && length > 1).then_some((distance, *spelling))
    };
    // By a letter alone a ban would become advice, and what is denied what is not.
    let denied = word.starts_with('不');
    let words = KEYWORDS
        .iter()
        .filter(|keyword| allowed.contains(&keyword.rule) && !(denied && is_modal(keyword.rule)))
        .flat_map(Keyword::all_words)
        .filter(|spelling| spelling.starts_with('不') == denied);
    words.filter_map(|spelling| near(&spelling)).min().map(|(_, spelling)| spelling)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeMap, BTreeSet};

    /// The words of each keyword rule, read from the text of the grammar.
    fn grammar_words() -> BTreeMap<String, BTreeSet<String>> {
        let mut found = BTreeMap::new();
        for line in include_str!("../../grammar/policy.pest").lines() {
            let Some((rule, body)) = line.split_once("= @{ (") else { continue };
            let Some((body, "")) = body.split_once(") ~ edge }") else { continue };
            let rule = rule.trim();
            if !["kw_", "rel_", "unit_"].iter().any(|prefix| rule.starts_with(prefix)) {
                continue;
            }
            let words = body
                .split(" | ")
                .map(|word| word.replace(" ~ gap ~ ", " ").replace('"', "").replace("  ", " "))
                .collect();
            found.insert(rule.to_owned(), words);
        }
        found
    }

    #[test]
    fn the_table_and_the_grammar_hold_the_same_words() {
        let table: BTreeMap<String, BTreeSet<String>> = KEYWORDS
            .iter()
            .map(|keyword| {
                (format!("{:?}", keyword.rule), keyword.all_words().map(str::to_owned).collect())
            })
            .collect();
        assert_eq!(table, grammar_words());
        assert_eq!(table.len(), KEYWORDS.len());
    }

    #[test]
    fn reserved_words_agree_with_the_grammar() {
        use super::super::grammar::PolicyParser;
        use pest::Parser;
        for keyword in KEYWORDS {
            for word in keyword.all_words().filter(|word| !word.contains(' ')) {
                assert_eq!(
                    PolicyParser::parse(Rule::name, word).is_err(),
                    is_reserved(word),
                    "{word}"
                );
            }
        }
    }

    #[test]
    fn a_slip_is_recognised_where_the_word_is_allowed() {
        assert_eq!(meant("shal", &[Rule::kw_shall, Rule::kw_must]), Some("shall"));
        assert_eq!(meant("一率", &[Rule::kw_then]), Some("一律"));
        assert_eq!(meant("至多", &[Rule::rel_at_most]), Some("不超过"));
        assert_eq!(meant("至多", &[Rule::kw_then]), None);
        assert_eq!(meant("馆", &[Rule::kw_then, Rule::kw_must]), None);
        assert_eq!(meant("批准", &[Rule::kw_must_not]), None);
        assert_eq!(meant("已超过", &[Rule::rel_at_most]), None);
        assert_eq!(meant("不超国", &[Rule::rel_at_most]), Some("不超过"));
    }
}
