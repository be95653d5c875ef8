//! What could stand at a place, in plain words.

use super::grammar::Rule;
use super::keyword;
use crate::diagnostic::Bilingual;

/// Several rules that are one thing to a reader, in the order they are named.
const GROUPS: &[(&[Rule], &str, &str)] = &[
    (&[Rule::article_number, Rule::plain_number], "条号（如 第三条）", "an article number (like 3)"),
    (&[Rule::word, Rule::names], "名称", "a name"),
    (&[Rule::path], "表名", "a table"),
    (&[Rule::field], "列（名称 : 类型）", "a field (name : type)"),
    (&[Rule::enum_value], "取值", "a value's name"),
    (&[Rule::date], "日期（如 2015-03-01）", "a date (like 2015-03-01)"),
    (&[Rule::citation], "文件名（如 《…》第三条）", "a citation (like 《…》第三条)"),
    (&[Rule::article_ref], "条号（如 第三条）", "an article number (like 3)"),
    (
        &[Rule::expression, Rule::conditions, Rule::guard, Rule::condition, Rule::value, Rule::operand, Rule::name, Rule::minus],
        "名称、数或条件",
        "a name, a number or a condition",
    ),
    (&[Rule::text], "引号中的文字（如 “…”）", "a text (like \"…\")"),
    (
        &[Rule::rel_is, Rule::rel_in, Rule::rel_exceeds, Rule::sign_exceeds],
        "关系词（如 不超过、属于、=）",
        "a relation (like at most, in, =)",
    ),
    (&[Rule::kw_must, Rule::clause], "“必须”“不得”等（或 一律、提请）", "a modal such as `must` or `must not` (or then, refer)"),
    (&[Rule::kw_and, Rule::kw_or], "`且`、`或`", "`and`, `or`"),
    (&[Rule::kw_to], "`至`", "`to`"),
    (&[Rule::open_brace, Rule::record], "`{`", "`{`"),
    (&[Rule::close_brace], "`}`", "`}`"),
    (&[Rule::open_paren], "`(`", "`(`"),
    (&[Rule::close_paren], "`)`", "`)`"),
    (&[Rule::close_bracket], "`]`", "`]`"),
    (&[Rule::equals], "`=`", "`=`"),
    (&[Rule::colon], "`:`", "`:`"),
    (&[Rule::kw_key, Rule::modifier], "`主键`、`可缺` 等修饰", "a modifier such as `key` or `optional`"),
    (&[Rule::plus, Rule::times], "运算符", "an operator"),
    (&[Rule::comma, Rule::separator], "逗号", "a comma"),
    (
        &[Rule::kw_whenever, Rule::kw_unless, Rule::part, Rule::passage],
        "`凡`、`除非`、`根据` 等条文内容",
        "a line of the article: `whenever`, `unless`, `cite` …",
    ),
    (&[Rule::kw_table, Rule::item], "新的声明（如 表、定义、第…条）", "another declaration (like table, define, article)"),
];

/// How many things one message names.
const MOST: usize = 5;

/// What a set of rules comes to, at most a handful.
pub(super) fn phrases(rules: &[Rule]) -> Vec<Bilingual> {
    let mut found: Vec<Bilingual> = Vec::new();
    for (group, zh, en) in GROUPS {
        let phrase = Bilingual::new(*zh, *en);
        if rules.iter().any(|rule| group.contains(rule)) && !found.contains(&phrase) {
            found.push(phrase);
        }
    }
    if found.is_empty() {
        found.extend(rules.iter().filter_map(|&rule| keyword_phrase(rule)));
    }
    found.truncate(MOST);
    found
}

fn keyword_phrase(rule: Rule) -> Option<Bilingual> {
    let keyword = keyword::of(rule)?;
    let first = |own: &[&'static str], other: &[&'static str]| own.first().or(other.first()).map(|word| format!("`{word}`"));
    Some(Bilingual { zh: first(keyword.chinese, keyword.english)?, en: first(keyword.english, keyword.chinese)? })
}
