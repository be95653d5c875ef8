//! The relations: how each is written as a word, as a sign, and after a modal.

use super::grammar::Rule;
use super::tree::{Language, Relation, RelationKind};

/// One relation.
pub(super) struct Row {
    pub kind: RelationKind,
    /// The keyword.
    pub word: Rule,
    /// The sign's rule, and how the formatter writes it in Chinese and in English.
    pub sign: Option<(Rule, &'static str, &'static str)>,
    /// The English words after a modal: `must exceed`, `must be in`.
    pub after_modal: &'static str,
}

const fn word(kind: RelationKind, rule: Rule, after_modal: &'static str) -> Row {
    Row { kind, word: rule, sign: None, after_modal }
}

const fn sign(
    kind: RelationKind,
    rule: Rule,
    after_modal: &'static str,
    sign: (Rule, &'static str, &'static str),
) -> Row {
    Row { kind, word: rule, sign: Some(sign), after_modal }
}

const RELATIONS: &[Row] = &[
    sign(RelationKind::Is, Rule::rel_is, "be", (Rule::equals, "=", "=")),
    sign(RelationKind::IsNot, Rule::rel_is_not, "be not", (Rule::sign_is_not, "≠", "!=")),
    sign(RelationKind::Exceeds, Rule::rel_exceeds, "exceed", (Rule::sign_exceeds, ">", ">")),
    sign(RelationKind::AtMost, Rule::rel_at_most, "be at most", (Rule::sign_at_most, "<=", "<=")),
    sign(RelationKind::Below, Rule::rel_below, "be below", (Rule::sign_below, "<", "<")),
    sign(
        RelationKind::AtLeast,
        Rule::rel_at_least,
        "be at least",
        (Rule::sign_at_least, ">=", ">="),
    ),
    word(RelationKind::Before, Rule::rel_before, "be before"),
    word(RelationKind::After, Rule::rel_after, "be after"),
    word(RelationKind::NotBefore, Rule::rel_not_before, "be not before"),
    word(RelationKind::NotAfter, Rule::rel_not_after, "be not after"),
    word(RelationKind::In, Rule::rel_in, "be in"),
    word(RelationKind::NotIn, Rule::rel_not_in, "be not in"),
    word(RelationKind::Contains, Rule::rel_contains, "contain"),
    word(RelationKind::StartsWith, Rule::rel_starts_with, "start with"),
    word(RelationKind::EndsWith, Rule::rel_ends_with, "end with"),
    word(RelationKind::Matches, Rule::rel_matches, "match"),
];

/// The relation a keyword or sign stands for.
pub(super) fn of_rule(rule: Rule) -> Option<Relation> {
    RELATIONS.iter().find_map(|row| {
        if row.word == rule {
            return Some(Relation { kind: row.kind, sign: false });
        }
        row.sign.filter(|(sign, ..)| *sign == rule).map(|_| Relation { kind: row.kind, sign: true })
    })
}

/// How a relation is written between two values; after a modal if `after_modal`.
#[must_use]
pub fn written(relation: Relation, language: Language, after_modal: bool) -> &'static str {
    let Some(row) = RELATIONS.iter().find(|row| row.kind == relation.kind) else { return "" };
    match (row.sign.filter(|_| relation.sign), language) {
        (Some((_, chinese, _)), Language::Chinese) => chinese,
        (Some((.., english)), Language::English) => english,
        (None, Language::English) if after_modal => row.after_modal,
        (None, _) => super::keyword::word(row.word, language),
    }
}
