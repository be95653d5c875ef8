//! What could stand at a place, in plain words.

use super::grammar::Rule;
use super::keyword;
use crate::diagnostic::Bilingual;

/// Rules that are one thing to a reader, and how it is called.
type Group = (&'static [Rule], &'static str, &'static str);

/// Where an operand could begin.
pub(super) const OPERAND: &[Rule] = &[
    Rule::expression,
    Rule::conditions,
    Rule::guard,
    Rule::filter,
    Rule::body,
    Rule::condition,
    Rule::value,
    Rule::operand,
    Rule::call,
    Rule::name,
    Rule::path,
    Rule::subjects,
];

/// Without these nothing is complete.
const NEEDED: &[Group] = &[
    (&[Rule::plain_number], "条号（如 第三条）", "an article number (like 3)"),
    (&[Rule::article_ref, Rule::policy_ref], "条号（如 第三条）", "an article number (like 3)"),
    (&[Rule::word, Rule::names], "名称", "a name"),
    (&[Rule::field], "列（名称 : 类型）", "a field (name : type)"),
    (&[Rule::enum_value], "取值", "a value's name"),
    (&[Rule::date], "日期（如 2015-03-01）", "a date (like 2015-03-01)"),
    (&[Rule::citation, Rule::title], "文件名（如 《…》第三条）", "a citation (like \"…\" 12.3)"),
    (OPERAND, "名称、数或条件", "a name, a number or a condition"),
    (&[Rule::text], "引号中的文字（如 “…”）", "a text (like \"…\")"),
    (
        &[Rule::kw_must, Rule::clause],
        "“必须”“不得”等（或 一律、提请）",
        "a modal such as `must` or `must not` (or then, refer)",
    ),
    (&[Rule::kw_to], "`至`", "`to`"),
    (&[Rule::kw_so], "`则`", "`then`"),
    (&[Rule::kw_else], "`否则`", "`else`"),
    (&[Rule::open_brace, Rule::record], "`{`", "`{`"),
    (&[Rule::close_brace], "`}`", "`}`"),
    (&[Rule::close_paren], "`)`", "`)`"),
    (&[Rule::close_bracket], "`]`", "`]`"),
    (&[Rule::equals], "`=`", "`=`"),
    (&[Rule::colon], "`:`", "`:`"),
];

/// With these something complete goes on.
const POSSIBLE: &[Group] = &[
    (&[Rule::open_paren], "`(`", "`(`"),
    (
        &[Rule::rel_is, Rule::rel_in, Rule::rel_exceeds],
        "关系词（如 不超过、属于、=）",
        "a relation (like at most, in, =)",
    ),
    (&[Rule::kw_and, Rule::kw_or], "`且`、`或`", "`and`, `or`"),
    (
        &[Rule::kw_key, Rule::modifier],
        "`主键`、`可缺` 等修饰",
        "a modifier such as `key` or `optional`",
    ),
    (&[Rule::plus, Rule::times], "运算符", "an operator"),
    (&[Rule::comma, Rule::separator], "逗号", "a comma"),
    (
        &[Rule::kw_whenever, Rule::kw_unless, Rule::part, Rule::passage],
        "`凡`、`除非`、`根据` 等条文内容",
        "a line of the article: `whenever`, `unless`, `cite` …",
    ),
    (
        &[Rule::kw_table, Rule::item],
        "新的声明（如 表、定义、第…条）",
        "another declaration (like table, define, article)",
    ),
];

/// What a declaration begins with.
pub(super) const DECLARATIONS: &[Rule] = &[
    Rule::kw_vocabulary,
    Rule::kw_policy,
    Rule::kw_use,
    Rule::kw_enum,
    Rule::kw_table,
    Rule::kw_calendar,
    Rule::kw_parameter,
    Rule::kw_define,
    Rule::kw_process,
    Rule::kw_decide,
    Rule::kw_measure,
    Rule::kw_article,
];

/// What a line of an article begins with.
pub(super) const PARTS: &[Rule] = &[
    Rule::kw_whenever,
    Rule::kw_whenever_any,
    Rule::kw_effective,
    Rule::kw_unless,
    Rule::kw_overrides,
    Rule::kw_cite,
    Rule::kw_because,
];

/// What may follow a field's type.
pub(super) const MODIFIERS: &[Rule] = &[
    Rule::kw_key,
    Rule::kw_unique,
    Rule::kw_optional,
    Rule::kw_ordering,
    Rule::kw_default,
    Rule::kw_reading,
    Rule::kw_unit,
    Rule::kw_written,
];

/// Words without which a clause is none.
pub(super) const CLAUSE_WORDS: &[Rule] = &[
    Rule::kw_then,
    Rule::kw_refer,
    Rule::kw_must,
    Rule::kw_shall,
    Rule::kw_must_not,
    Rule::kw_should_not,
];

/// Rules that stand for what they begin with, because the parser names the largest rule that
/// failed.
const BEGINNINGS: &[(&[Rule], &[Rule])] = &[
    (&[Rule::item, Rule::entry], DECLARATIONS),
    (&[Rule::part, Rule::passage, Rule::sentence], PARTS),
    (&[Rule::clause], CLAUSE_WORDS),
    (&[Rule::modifier], MODIFIERS),
    (&[Rule::expression, Rule::condition], &[Rule::kw_not, Rule::kw_has, Rule::kw_lacks]),
];

/// The rules together with the keywords they begin with.
pub(super) fn with_beginnings(mut rules: Vec<Rule>) -> Vec<Rule> {
    for (wholes, keywords) in BEGINNINGS {
        if rules.iter().any(|rule| wholes.contains(rule)) {
            rules.extend_from_slice(keywords);
        }
    }
    rules
}

/// How many things one message names.
const MOST: usize = 5;

/// What a set of rules comes to, at most a handful.
pub(super) fn phrases(rules: &[Rule]) -> Vec<Bilingual> {
    // What an operand or a relation may begin with is not named besides it.
    let operand = rules.iter().any(|rule| OPERAND.contains(rule));
    let related = rules.contains(&Rule::rel_is);
    let part_of_another = |rule: &Rule| match rule {
        Rule::equals => related,
        Rule::date | Rule::text | Rule::open_brace | Rule::open_paren => operand,
        _ => false,
    };
    let begins_item = rules.contains(&Rule::kw_table);
    let named = |groups: &[Group]| -> Vec<Bilingual> {
        let stands = |group: &Group| {
            rules.iter().any(|rule| group.0.contains(rule) && !part_of_another(rule))
        };
        let mut found: Vec<Bilingual> = groups
            .iter()
            .filter(|group| stands(group))
            .map(|(_, zh, en)| Bilingual::new(*zh, *en))
            .collect();
        found.dedup();
        found
    };
    let mut found = named(NEEDED);
    if rules.contains(&Rule::article_number) && !begins_item {
        found.extend(named(&[(
            &[Rule::article_number],
            "条号（如 第三条）",
            "an article number (like 3)",
        )]));
        found.dedup();
    }
    if found.is_empty() {
        found = named(POSSIBLE);
    }
    if found.is_empty() {
        found.extend(rules.iter().filter_map(|&rule| keyword_phrase(rule)));
    }
    found.truncate(MOST);
    found
}

fn keyword_phrase(rule: Rule) -> Option<Bilingual> {
    let keyword = keyword::of(rule)?;
    let first = |own: &[&'static str], other: &[&'static str]| {
        own.first().or(other.first()).map(|word| format!("`{word}`"))
    };
    Some(Bilingual {
        zh: first(keyword.chinese, keyword.english)?,
        en: first(keyword.english, keyword.chinese)?,
    })
}
