//! Articles as lines.

use super::declaration::{line, period, span_of};
use super::expression::fits;
use super::unit::{Place, Unit};
use super::writer::Writer;
use crate::syntax::grammar::Rule;
use crate::syntax::keyword::modal_rule;
use crate::syntax::numeral::chinese;
use crate::syntax::relation;
use crate::syntax::tree::{
    Article, ArticleNumber, ArticleRef, Clause, ClauseKind, Division, DivisionLevel, Expr,
    ExprKind, Modal, Part, PartKind, Sentence, SubjectJoiner,
};
use crate::syntax::word::article_number;
use crate::text::Span;

/// Columns before a line of an article.
const INDENT: usize = 2;

/// `第一章 总则`.
pub(super) fn division(writer: &Writer, division: &Division) -> String {
    let (zh, en) = match division.level {
        DivisionLevel::Part => ("编", "part"),
        DivisionLevel::Chapter => ("章", "chapter"),
        DivisionLevel::Section => ("节", "section"),
    };
    let number = match writer.is_english() {
        true => format!("{en} {}", division.number),
        false => format!("第{}{zh}", chinese(division.number)),
    };
    format!("{number} {}", division.title).trim_end().to_owned()
}

/// The heading and a line for each part.
pub(super) fn article(writer: &Writer, span: Span, article: &Article, units: &mut Vec<Unit>) {
    let mut heading = match writer.is_english() {
        true => format!("{} {}", writer.word(Rule::kw_article), digits(article.number)),
        false => article_number(article.number),
    };
    if article.is_named() {
        heading.push_str(&format!(" {}", writer.names(&article.names)));
    }
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

/// A line of an article.
pub(super) fn part(writer: &Writer, part: &Part) -> String {
    match &part.kind {
        PartKind::Sentence(sentence) => self::sentence(writer, sentence),
        PartKind::Period(period) => self::period(writer, period),
        PartKind::Unless(condition) => {
            let written = writer.fitted(writer.word(Rule::kw_unless), condition, "", INDENT);
            format!("{written}{}", writer.items([Some(condition)], INDENT + 2))
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
    let (tail, clause) = (tail(writer, sentence), clause(writer, &sentence.clause));
    let scope = |condition: Option<String>| scope(writer, sentence, condition);
    let flat = scope(sentence.condition.as_ref().map(|condition| writer.expression(condition)));
    let one_line = format!("{flat}{}{clause}{tail}", writer.comma());
    if one_line.lines().all(|line| fits(line, INDENT)) {
        return one_line;
    }
    let inner = INDENT + 2;
    let first = match &sentence.condition {
        Some(condition) if !fits(&flat, INDENT + 2) => {
            scope(Some(writer.broken(condition, inner + 2)))
        }
        _ => flat,
    };
    let first = format!("{first}{}\n{}", writer.comma().trim_end(), " ".repeat(inner));
    let end = tail.lines().next().unwrap_or("");
    if fits(&format!("{clause}{end}"), inner) {
        return format!("{first}{clause}{tail}");
    }
    // A line that is too wide as it is ends without its stop.
    let tail = if tail == writer.stop() { "" } else { &tail };
    format!("{first}{}{tail}", broken_clause(writer, &sentence.clause, inner))
}

/// What follows the clause: the items of its list, its exceptions, the full stop.
fn tail(writer: &Writer, sentence: &Sentence) -> String {
    let required = match &sentence.clause.kind {
        ClauseKind::Require { condition, .. } => Some(condition),
        _ => None,
    };
    let mut written = writer.items([sentence.condition.as_ref(), required], INDENT + 2);
    for exception in &sentence.exceptions {
        let condition = writer.expression(exception);
        let exception_items = writer.items([Some(exception)], INDENT + 2);
        written.push_str(&match writer.is_english() {
            true => format!(", {} {condition}", writer.word(Rule::kw_unless)),
            false => format!(
                "，{} {condition} {} {}",
                writer.word(Rule::kw_but),
                writer.word(Rule::kw_of),
                writer.word(Rule::kw_excepted)
            ),
        });
        written.push_str(&exception_items);
    }
    written.push_str(writer.stop());
    written
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
            format!("{} {}", writer.word(Rule::kw_then), writer.used(name))
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
