//! Which articles require figures to compare, at which rows, and what came of it.

use super::behind::{self, Behind, Links};
use super::figure::{Figure, Side, Status, Term};
use crate::diagnostic::Bilingual;
use crate::engine::Run;
use crate::lowering::Judgement;
use crate::program::{Clause, Comparison, ExprId, ExprKind};
use crate::syntax::tree::Operator;
use crate::why::{Blame, Description, Walker};

/// A comparison at one row.
pub(super) struct Comparing<'j> {
    pub(super) judgement: &'j Judgement,
    pub(super) row: usize,
    pub(super) relation: Comparison,
    pub(super) left: ExprId,
    pub(super) right: ExprId,
    pub(super) status: Status,
    advice: bool,
}

/// All stated figures, in order of articles.
#[must_use]
pub fn figures(run: &Run) -> Vec<Figure> {
    let all: Vec<Comparing<'_>> =
        run.policy.judgements.iter().flat_map(|judgement| comparing(run, judgement)).collect();
    let links = Links::of(run, &all);
    all.iter().map(|one| figure(run, &links, &all, one)).collect()
}

/// The figure at each row a sentence governs.
fn comparing<'j>(run: &Run, judgement: &'j Judgement) -> Vec<Comparing<'j>> {
    let program = run.program();
    let single = program
        .schema
        .frame(program.schema.root(judgement.frame))
        .is_some_and(|frame| frame.single);
    let Some(sentence) = run.policy.sentence(judgement).filter(|_| single) else {
        return Vec::new();
    };
    let Clause::Require { modal, condition } = &sentence.clause else { return Vec::new() };
    let ExprKind::Compare(comparison, left, right) = program.expr(*condition).kind else {
        return Vec::new();
    };
    if !program.expr(left).ty.is_numeric() {
        return Vec::new();
    }
    let relation = if modal.is_negative() { comparison.negated() } else { comparison };
    let rows = run.evaluator.frame(judgement.frame).map_or(0, |data| data.len);
    let holds = |node, row| run.evaluator.holds(node, row);
    let outcomes = judgement.outcomes;
    let governed = (0..rows)
        .filter(|row| !holds(outcomes.not_applicable, *row) && !holds(outcomes.exempt, *row));
    let at = |row| {
        let status = if holds(outcomes.satisfied, row) {
            Status::Closes
        } else if holds(outcomes.violated, row) {
            Status::Differs
        } else {
            Status::Unknown
        };
        Comparing { judgement, row, relation, left, right, status, advice: modal.is_advice() }
    };
    governed.map(at).collect()
}

fn figure(run: &Run, links: &Links<'_>, all: &[Comparing<'_>], one: &Comparing<'_>) -> Figure {
    let program = run.program();
    let judgement = one.judgement;
    let description = Description {
        evaluator: &run.evaluator,
        phrases: &run.policy.phrases,
        context: judgement.context,
        row: one.row,
        length: run.length,
    };
    let article = program.article(judgement.article);
    let differs = one.relation == Comparison::Equal && one.status == Status::Differs;
    let same = |other: &&Comparing<'_>| {
        let field = behind::field(program, other.left);
        other.status == Status::Closes
            && other.relation == Comparison::Equal
            && field.is_some()
            && field == behind::field(program, one.left)
    };
    let closing = all.iter().filter(|_| differs).filter(same);
    let mut closed_by: Vec<Bilingual> =
        closing.filter_map(|other| closing_rule(run, one, other)).collect();
    closed_by.dedup();
    let (missing, why) = missing(run, one);
    Figure {
        article: article.map(|article| program.article_name(article)).unwrap_or_default(),
        heading: article.map(|article| run.policy.heading(article)).unwrap_or_default(),
        path: run.path(judgement.frame, one.row),
        stated: side(&description, one.left),
        relation: one.relation,
        computed: side(&description, one.right),
        status: one.status,
        advice: one.advice,
        difference: if differs { description.difference(one.left, one.right) } else { None },
        missing,
        why,
        behind: if one.relation == Comparison::Equal {
            behind::behind(run, links, one)
        } else {
            Behind::default()
        },
        closed_by,
    }
}

/// What makes a figure close that does not by its own sentence: another article, or another sentence
/// of the same one, which is told apart by its line.
fn closing_rule(run: &Run, one: &Comparing<'_>, other: &Comparing<'_>) -> Option<Bilingual> {
    let heading = run.policy.heading(run.program().article(other.judgement.article)?);
    if other.judgement.article != one.judgement.article {
        return Some(heading);
    }
    let span = run.policy.sentence(other.judgement)?.span;
    let source = run.policy.phrases.sources.get(span.file)?;
    let line = source.position(span.range().start).line;
    let Bilingual { zh, en } = heading;
    Some(crate::say!("{zh}（第 {line} 行）", "{en} (line {line})"))
}

fn side(description: &Description<'_>, expr: ExprId) -> Side {
    let mut terms = Vec::new();
    flatten(description, expr, false, &mut terms);
    if terms.len() < 2 {
        terms.clear();
    }
    Side {
        text: text(description, expr),
        value: description.value(expr),
        terms,
        values: description.terms(expr),
    }
}

fn text(description: &Description<'_>, expr: ExprId) -> Bilingual {
    description.phrases.phrase(description.evaluator.graph.program.expr(expr).span)
}

/// The terms of sums and differences, signs resolved.
fn flatten(description: &Description<'_>, expr: ExprId, minus: bool, terms: &mut Vec<Term>) {
    match description.evaluator.graph.program.expr(expr).kind {
        ExprKind::Arithmetic(Operator::Add, a, b) => {
            flatten(description, a, minus, terms);
            flatten(description, b, minus, terms);
        }
        ExprKind::Arithmetic(Operator::Subtract, a, b) => {
            flatten(description, a, minus, terms);
            flatten(description, b, !minus, terms);
        }
        _ => {
            let values = description.elements_of(expr);
            if values.is_empty() {
                terms.push(Term {
                    minus,
                    text: Some(text(description, expr)),
                    value: description.value(expr),
                });
            }
            terms.extend(values.into_iter().map(|value| Term {
                minus,
                text: None,
                value: Some(value),
            }));
        }
    }
}

/// What would have to be known, or else why there is no result.
fn missing(run: &Run, one: &Comparing<'_>) -> (Vec<Bilingual>, Option<Bilingual>) {
    let sentence = run.policy.sentence(one.judgement);
    let Some(sentence) = sentence.filter(|_| one.status == Status::Unknown) else {
        return (Vec::new(), None);
    };
    let mut walker = Walker::new(&run.evaluator);
    run.reasons(&mut walker, one.judgement, sentence, one.row, true);
    if let Clause::Require { condition, .. } = &sentence.clause {
        walker.blame(*condition, one.judgement.context, one.row, Blame::Unknown);
    }
    let missing = run.missing(&walker, (one.judgement.frame, one.row));
    let why = missing.is_empty().then(|| walker.why(&run.policy.phrases));
    (missing, why.filter(|why| !why.zh.is_empty()))
}
