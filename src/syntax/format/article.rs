//! Articles as lines.

use super::declaration::{line, period, span_of};
use super::expression::fits;
use super::unit::{Place, Unit};
use super::writer::Writer;
use crate::syntax::grammar::Rule;
use crate::syntax::keyword::modal_rule;
use crate::syntax::relation;
use crate::syntax::tree::{
    Article, ArticleNumber, ArticleRef, Clause, ClauseKind, Expr, ExprKind, Modal, Part, PartKind,
    Sentence, SubjectJoiner,
};
use crate::syntax::word::article_number;
use crate::text::Span;

/// Columns before a line of an article.
const INDENT: usize = 2;

/// The heading and a line for each part.
pub(super) fn article(writer: &Writer, span: Span, article: &Article, units: &mut Vec<Unit>) {
    let names = writer.names(&article.names);
    let heading = match writer.is_english() {
        true => format!("{} {} {names}", writer.word(Rule::kw_article), digits(article.number)),
        false => format!("{} {names}", article_number(article.number)),
    };
    units.push(line(Span { end: span_of(&article.names).end, ..span }, 0, Place::Block, heading));
    for part in &article.parts {
        units.push(line(part.span, INDENT, Place::Inner, self::part(writer, part)));
    }
}

/// `12-1`.
fn digits(number: ArticleNumber) -> String {
    number
        .insert
        .map_or_else(|| number.number.to_string(), |insert| format!("{}-{insert}", number.number))
}

fn part(writer: &Writer, part: &Part) -> String {
    match &part.kind {
        PartKind::Sentence(sentence) => self::sentence(writer, sentence),
        PartKind::Period(period) => self::period(writer, period),
        PartKind::Unless(condition) => {
            writer.fitted(writer.word(Rule::kw_unless), condition, "", INDENT)
        }
        PartKind::Overrides(articles) => {
            let articles: Vec<String> =
                articles.iter().map(|article| reference(writer, article)).collect();
            format!("{} {}", writer.word(Rule::kw_overrides), articles.join(writer.pause()))
        }
        PartKind::Cite(citations) => {
            let citations: Vec<&str> =
                citations.iter().map(|citation| citation.text.as_str()).collect();
            format!("{} {}", writer.word(Rule::kw_cite), citations.join(writer.pause()))
        }
        PartKind::Because(text) => {
            format!("{} {}", writer.word(Rule::kw_because), writer.message(text))
        }
    }
}

/// `第三条`, `总则.第三条`.
fn reference(writer: &Writer, article: &ArticleRef) -> String {
    let number =
        if writer.is_english() { digits(article.number) } else { article_number(article.number) };
    article
        .policy
        .as_ref()
        .map_or_else(|| number.clone(), |policy| format!("{}.{number}", writer.plain(policy)))
}

/// `凡 C 的 S，CLAUSE。`, `whenever S where C, CLAUSE.`: on one line, or the clause on its own, or
/// the condition broken as well.
fn sentence(writer: &Writer, sentence: &Sentence) -> String {
    let clause = format!("{}{}", clause(writer, &sentence.clause), writer.stop());
    let scope = |condition: Option<String>| scope(writer, sentence, condition);
    let flat = scope(sentence.condition.as_ref().map(|condition| writer.expression(condition)));
    let one_line = format!("{flat}{}{clause}", writer.comma());
    if fits(&one_line, INDENT) {
        return one_line;
    }
    let inner = INDENT + 2;
    let first = match &sentence.condition {
        Some(condition) if !fits(&flat, INDENT + 2) => {
            scope(Some(writer.broken(condition, inner + 2)))
        }
        _ => flat,
    };
    let clause =
        if fits(&clause, inner) { clause } else { broken_clause(writer, &sentence.clause, inner) };
    format!("{first}{}\n{}{clause}", writer.comma().trim_end(), " ".repeat(inner))
}

/// What stands before the comma.
fn scope(writer: &Writer, sentence: &Sentence, condition: Option<String>) -> String {
    let whenever =
        writer.word(if sentence.emphatic { Rule::kw_whenever_any } else { Rule::kw_whenever });
    let subjects = subjects(writer, sentence);
    if writer.is_english() {
        let case = if sentence.trailing_de {
            format!("{} ", writer.word(Rule::kw_case))
        } else {
            String::new()
        };
        let condition = condition.map_or_else(String::new, |condition| {
            format!(" {} {condition}", writer.word(Rule::kw_where))
        });
        return format!("{whenever} {case}{subjects}{condition}");
    }
    let of = writer.word(Rule::kw_of);
    let condition = condition.map_or_else(String::new, |condition| format!("{condition} {of} "));
    let trailing = if sentence.trailing_de { format!(" {of}") } else { String::new() };
    format!("{whenever} {condition}{subjects}{trailing}")
}

/// `甲、乙 或 丙`.
fn subjects(writer: &Writer, sentence: &Sentence) -> String {
    let mut written = String::new();
    for (index, subject) in sentence.subjects.iter().enumerate() {
        match index.checked_sub(1).and_then(|before| sentence.joiners.get(before)) {
            Some(SubjectJoiner::Comma) => written.push_str(writer.pause()),
            Some(SubjectJoiner::Or) => written.push_str(&format!(" {} ", writer.word(Rule::kw_or))),
            Some(SubjectJoiner::And) => {
                written.push_str(&format!(" {} ", writer.word(Rule::kw_also_and)))
            }
            None => {}
        }
        written.push_str(&writer.path(subject));
    }
    written
}

/// A clause on one line.
pub(super) fn clause(writer: &Writer, clause: &Clause) -> String {
    match &clause.kind {
        ClauseKind::Demand(name) => {
            format!("{} {}", writer.word(Rule::kw_then), writer.plain(name))
        }
        ClauseKind::Refer(text) => {
            format!("{} {}", writer.word(Rule::kw_refer), writer.message(text))
        }
        ClauseKind::Require { modal, condition, .. } => {
            format!(
                "{} {}",
                writer.word(modal_rule(*modal)),
                writer.after_modal(condition, writer.expression(condition))
            )
        }
        ClauseKind::RequireBetween { modal, relation, .. } => between(writer, *modal, relation),
    }
}

/// A clause too wide for one line: its condition is broken.
fn broken_clause(writer: &Writer, clause: &Clause, indent: usize) -> String {
    let ClauseKind::Require { modal, condition, .. } = &clause.kind else {
        return self::clause(writer, clause);
    };
    format!(
        "{} {}",
        writer.word(modal_rule(*modal)),
        writer.after_modal(condition, writer.broken(condition, indent + 2))
    )
}

/// `VALUE 必须 RELATION VALUE`.
fn between(writer: &Writer, modal: Modal, relation: &Expr) -> String {
    let modal = writer.word(modal_rule(modal));
    match &relation.kind {
        ExprKind::Relation(left, relation, right) => {
            let written = relation::written(*relation, writer.language(), true);
            format!("{} {modal} {written} {}", writer.expression(left), writer.expression(right))
        }
        ExprKind::Between(value, low, high) => {
            let be = if writer.is_english() { "be " } else { "" };
            format!("{} {modal} {be}{}", writer.expression(value), writer.between(low, high))
        }
        _ => format!("{modal} {}", writer.expression(relation)),
    }
}
