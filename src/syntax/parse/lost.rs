//! What a passage that could not be read may have said.

use crate::syntax::grammar::Rule;
use crate::syntax::keyword::{KEYWORDS, Keyword, Role};
use crate::syntax::word;

/// The keywords after which a sentence requires or refers, and demands no disposition.
const REQUIRING: [Rule; 4] = [Rule::kw_must, Rule::kw_must_not, Rule::kw_shall, Rule::kw_refer];

/// Whether a passage may be, or hold, a sentence that demands a disposition. Where that is not
/// clear, it may; a passage outside of articles has to have a word of such a sentence.
pub(super) fn may_demand(text: &str, in_article: bool) -> bool {
    let plain = without_quotes(text);
    let count = |rules: &[Rule]| {
        KEYWORDS
            .iter()
            .filter(|keyword| rules.contains(&keyword.rule))
            .map(|keyword| times(&plain, keyword))
            .sum()
    };
    let (demands, sentences, requirements): (usize, usize, usize) =
        (count(&[Rule::kw_then]), count(&[Rule::kw_whenever]), count(&REQUIRING));
    if demands > 0 || sentences > 1 {
        return true;
    }
    requirements == 0 && (sentences > 0 || in_article && !begins_otherwise(&plain))
}

/// Whether a passage begins as something that holds no sentence: a declaration, or another part of
/// an article.
fn begins_otherwise(text: &str) -> bool {
    let first = word::identifier(text.trim_start());
    let begins = |keyword: &Keyword| {
        matches!(keyword.role, Role::Declaration | Role::Part) && keyword.rule != Rule::kw_article
    };
    KEYWORDS
        .iter()
        .filter(|keyword| begins(keyword))
        .any(|keyword| keyword.chinese.contains(&first) || keyword.english.contains(&first))
}

/// How often a keyword stands in a text: Chinese ones anywhere, because words may be written
/// together, English ones as words.
fn times(text: &str, keyword: &Keyword) -> usize {
    let chinese: usize = keyword.chinese.iter().map(|word| text.matches(word).count()).sum();
    let first = |words: &&str| words.split(' ').next().map(str::to_owned);
    let english: Vec<String> = keyword.english.iter().filter_map(first).collect();
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    chinese + words.filter(|word| english.iter().any(|known| known == word)).count()
}

/// A text without what stands in quotes and in comments.
fn without_quotes(text: &str) -> String {
    let (mut plain, mut until) = (String::new(), None);
    for c in text.chars() {
        match until {
            Some(end) if c == end || c == '\n' => until = None,
            Some(_) => continue,
            None => {
                until = match c {
                    '“' => Some('”'),
                    '"' => Some('"'),
                    '#' => Some('\n'),
                    _ => None,
                }
            }
        }
        plain.push(if until.is_some() { ' ' } else { c });
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::may_demand;

    #[test]
    fn what_may_demand_a_disposition() {
        for text in [
            "凡依据不足的事项，一律取消。",
            "几是 甲，一率 乙",
            "凡 甲，必须 乙。凡 丙，一率 丁",
            "whenever x, than y",
            "凡 甲，一率 乙 # 必须",
        ] {
            assert!(may_demand(text, true), "{text}");
        }
        for text in [
            "凡 甲，必须 乙 不超过5",
            "whenever x, must be be",
            "除非 甲 乙",
            "表 甲 { 乙 : : }",
            "凡 甲，提请 “一律” 乙",
        ] {
            assert!(!may_demand(text, true), "{text}");
        }
        assert!(may_demand("笫一条 甲 凡 乙，一率 丙", false));
        assert!(!may_demand("梅举 甲 { 乙 }", false));
    }
}
