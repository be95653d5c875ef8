//! What is below 0 where it hardly is meant, and keeps every limit by that: differences of two
//! dates, spans of time and amounts of money.

use super::phrases::Phrases;
use super::run::Run;
use crate::builtin::Scalar;
use crate::data::{FrameData, Located};
use crate::diagnostic::{Bilingual, Diagnostic};
use crate::eval::Evaluator;
use crate::lowering::{Judgement, Lowered, NodeId};
use crate::place::Place;
use crate::program::{Clause, Comparison, DefinitionId, ExprId, ExprKind, Program};
use crate::say;
use crate::schema::{Constant, Field, FieldId, FrameId, Schema, Type};
use crate::syntax::tree::Operator;
use crate::value::{Bits, Ratio, Values};
use std::collections::BTreeSet;

/// Fields that hold spans of time or amounts of money below 0, each told once with how often.
pub(super) fn negative_cells(
    schema: &Schema,
    frames: &[FrameData],
    located: &dyn Located,
) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for ((id, frame), stored) in (0..).map(FrameId).zip(&schema.frames).zip(frames) {
        for (field, declared) in (0..).map(FieldId).zip(&frame.fields) {
            let Some(column) = stored.column(field) else { continue };
            let negative_rows = match (declared.ty, &column.values) {
                (
                    Type::Workdays | Type::Days | Type::Months | Type::Hours | Type::Minutes,
                    Values::Ints(values),
                ) => below(&column.present, values, &0),
                (Type::Money, Values::Ratios(values)) => {
                    below(&column.present, values, &Ratio::ZERO)
                }
                _ => None,
            };
            let Some((first, count)) = negative_rows else { continue };
            let place = located.locate(id, first, Some(field));
            found.push(placed(negative(declared, count), place));
        }
    }
    found
}

/// The first of these rows whose value is below zero, and how many there are. Most columns have
/// none at all, which one look over all values tells.
fn below<T: PartialOrd>(rows: &Bits, values: &[T], zero: &T) -> Option<(usize, usize)> {
    values.iter().any(|value| value < zero).then_some(())?;
    let is_below = |row: &usize| values.get(*row).is_some_and(|value| value < zero);
    let mut rows = rows.iter().filter(is_below);
    Some((rows.next()?, rows.count() + 1))
}

/// That a field is below 0 in so many rows.
fn negative(field: &Field, count: usize) -> Diagnostic {
    let (zh, en) = (field.names.zh(), field.names.en());
    if field.ty == Type::Money {
        let message = say!(
            "`{zh}` 有 {count} 处是负的金额，不会超过任何上限",
            "`{en}` is an amount below 0 in {count} rows: it exceeds no limit"
        );
        let help = say!(
            "核对这些值；不许为负的，写一条：`{zh} 不得 少于 0 元`",
            "check these values; where none may be below 0, write an article: `{en} must not be \
                below 0 yuan`"
        );
        return Diagnostic::warning("negative_amount", message).help(help);
    }
    let message = say!(
        "`{zh}` 有 {count} 处是负的时间，不会超过任何上限",
        "`{en}` is a span of time below 0 in {count} rows: it exceeds no limit"
    );
    Diagnostic::warning("negative_time", message).help(say!("核对这些值", "check these values"))
}

/// Limits that rows keep only because a difference of two dates is below 0.
pub(super) fn kept_backwards(run: &Run) -> Vec<Diagnostic> {
    let (evaluator, program, phrases) = (&run.evaluator, run.program(), &run.policy.phrases);
    let mut found: Vec<(ExprId, Diagnostic)> = Vec::new();
    for judgement in &*run.policy.judgements {
        let sentence = program
            .article(judgement.article)
            .and_then(|article| article.sentences.get(judgement.sentence));
        let Some(sentence) = sentence else { continue };
        let mut search = Search {
            program,
            frame: judgement.frame,
            seen: BTreeSet::new(),
            around: Vec::new(),
            limits: Vec::new(),
        };
        if let Clause::Require { modal, condition } = &sentence.clause {
            let asked = Asked { today: true, within: Some(judgement.governs.t) };
            search.walk(*condition, !modal.is_negative(), asked);
        }
        if let Some(exception) = sentence.exception {
            search.walk(exception, true, Asked { today: true, within: Some(judgement.scope.t) });
        }
        if let Some(condition) = sentence.condition {
            search.walk(condition, false, Asked { today: false, within: None });
        }
        for limit in search.limits {
            if found.iter().any(|(told, _)| *told == limit.comparison) {
                continue;
            }
            let rows = limit.rows(evaluator, judgement);
            if let Some(first) = rows.first() {
                let place = run.rows.located.locate(judgement.frame, *first, None);
                found
                    .push((limit.comparison, limit.warning(evaluator, phrases, rows.len(), place)));
            }
        }
    }
    found.into_iter().map(|(_, diagnostic)| diagnostic).collect()
}

fn placed(diagnostic: Diagnostic, place: Option<Place>) -> Diagnostic {
    match place {
        Some(place) => diagnostic.at(place, Bilingual::default()),
        None => diagnostic,
    }
}

/// A limit that a difference of two dates is held against.
#[derive(Clone, Debug)]
struct Limit {
    comparison: ExprId,
    difference: ExprId,
    /// The truth of the comparison that keeps a row from being found wrong.
    wanted: bool,
    /// The connectives around it of which one part is enough for that, each with this part's place
    /// among the others.
    around: Vec<(ExprId, usize)>,
    /// Where it is asked at all.
    within: Option<NodeId>,
}

impl Limit {
    /// The rows that keep the limit with a difference below 0, by that alone.
    fn rows(&self, evaluator: &Evaluator, judgement: &Judgement) -> Vec<usize> {
        let graph = &evaluator.graph;
        let lowered = |expr: ExprId| graph.lowered.get(&(expr, judgement.context)).copied();
        let Some(Lowered::Value(difference)) = lowered(self.difference) else { return Vec::new() };
        let has = |expr: ExprId, wanted: bool, row: usize| match lowered(expr) {
            Some(Lowered::Truth(rails)) => {
                evaluator.holds(if wanted { rails.t } else { rails.f }, row)
            }
            _ => false,
        };
        // No other part of a connective is enough.
        let alone = |(connective, at): &(ExprId, usize), row: usize| {
            let (parts, truth) = match &graph.program.expr(*connective).kind {
                ExprKind::And(parts) => (parts, true),
                ExprKind::Or(parts) => (parts, false),
                _ => return false,
            };
            let mut others = parts.iter().enumerate().filter(|(other, _)| other != at);
            others.all(|(_, part)| has(*part, truth, row))
        };
        let len = evaluator.frame(judgement.frame).map_or(0, |data| data.len);
        let below = |row: &usize| matches!(evaluator.scalar(difference, *row), Some(Scalar::Int(days)) if days < 0);
        (0..len)
            .filter(below)
            .filter(|row| self.within.is_none_or(|node| evaluator.holds(node, *row)))
            .filter(|row| has(self.comparison, self.wanted, *row))
            .filter(|row| self.around.iter().all(|connective| alone(connective, *row)))
            .collect()
    }

    fn warning(
        &self,
        evaluator: &Evaluator,
        phrases: &Phrases,
        count: usize,
        row: Option<Place>,
    ) -> Diagnostic {
        let program = &evaluator.graph.program;
        let span = program.expr(self.comparison).span;
        let difference = phrases.phrase(program.expr(self.difference).span);
        let (zh, en) = (&difference.zh, &difference.en);
        let message = say!(
            "有 {count} 行的“{zh}”是负的，只因此才没有超过限度：日期写错了，或者两个日期写反了",
            "in {count} rows `{en}` is below 0 and keeps its limit by that alone: a date is wrong, \
                or the two are exchanged"
        );
        let help = say!(
            "核对日期；本来可前可后的，在条件里先写明次序，如“…不早于…”",
            "check the dates; where either may come first, say the order in the condition, such as \
                `… not before …`"
        );
        let warning = Diagnostic::warning("negative_difference", message)
            .help(help)
            .at(Place::policy(&phrases.sources, span), Bilingual::default());
        match row {
            Some(place) => warning.at(place, say!("其中一行", "one of them")),
            None => warning,
        }
    }
}

/// Looks for limits in the conditions of one sentence.
struct Search<'p> {
    program: &'p Program,
    frame: FrameId,
    /// The definitions looked into, each once for each truth.
    seen: BTreeSet<(DefinitionId, bool)>,
    around: Vec<(ExprId, usize)>,
    limits: Vec<Limit>,
}

/// Where a condition stands.
#[derive(Clone, Copy, Debug)]
struct Asked {
    /// Whether a difference from today counts: a condition often means one below 0.
    today: bool,
    /// The rows it is asked for; all without.
    within: Option<NodeId>,
}

impl Search<'_> {
    /// `wanted` is the truth that keeps a row from being found wrong.
    fn walk(&mut self, expr: ExprId, wanted: bool, asked: Asked) {
        match &self.program.expr(expr).kind {
            ExprKind::Not(inner) => self.walk(*inner, !wanted, asked),
            ExprKind::And(parts) | ExprKind::Or(parts) => {
                let all = matches!(self.program.expr(expr).kind, ExprKind::And(_));
                for (at, part) in parts.iter().enumerate() {
                    let depth = self.around.len();
                    self.around.extend((all != wanted).then_some((expr, at)));
                    self.walk(*part, wanted, asked);
                    self.around.truncate(depth);
                }
            }
            ExprKind::Definition { level: 0, definition } => {
                let body = self.program.definition(*definition);
                let body = body.filter(|body| body.frame == self.frame).map(|body| body.body);
                if let Some(body) = body.filter(|_| self.seen.insert((*definition, wanted))) {
                    self.walk(body, wanted, asked);
                }
            }
            ExprKind::Compare(comparison, left, right) => {
                let sides = [(*left, *comparison), (*right, comparison.mirrored())];
                for (side, comparison) in sides {
                    let limited = match comparison {
                        Comparison::Less | Comparison::LessEqual => wanted,
                        Comparison::Greater | Comparison::GreaterEqual => !wanted,
                        Comparison::Equal | Comparison::NotEqual => false,
                    };
                    if limited && self.is_difference(side, asked.today) {
                        self.limits.push(Limit {
                            comparison: expr,
                            difference: side,
                            wanted,
                            around: self.around.clone(),
                            within: asked.within,
                        });
                    }
                }
            }
            _ => {}
        }
    }

    fn is_positive(&self, expr: ExprId) -> bool {
        match &self.program.expr(expr).kind {
            ExprKind::Constant(Constant::Int(value)) => *value > 0,
            ExprKind::Constant(Constant::Ratio(value)) => *value > Ratio::ZERO,
            _ => false,
        }
    }

    /// Whether a value is one date minus another, or in proportion to that.
    fn is_difference(&self, expr: ExprId, today: bool) -> bool {
        let program = self.program;
        let is_date = |expr: ExprId| program.expr(expr).ty == Type::Date;
        let is_today = |expr: ExprId| matches!(&program.expr(expr).kind, ExprKind::Call(function, _) if function.0.en == "today");
        match &program.expr(expr).kind {
            ExprKind::Arithmetic(Operator::Subtract, a, b) => {
                is_date(*a) && is_date(*b) && (today || !is_today(*a) && !is_today(*b))
            }
            // Three times a difference, or half of it.
            ExprKind::Arithmetic(Operator::Multiply, a, b) => {
                self.is_difference(*a, today) && self.is_positive(*b)
                    || self.is_positive(*a) && self.is_difference(*b, today)
            }
            ExprKind::Arithmetic(Operator::Divide, a, b) => {
                self.is_difference(*a, today) && self.is_positive(*b)
            }
            ExprKind::Definition { definition, .. } => program
                .definition(*definition)
                .is_some_and(|found| self.is_difference(found.body, today)),
            ExprKind::Follow { then, .. } | ExprKind::Single { then, .. } => {
                self.is_difference(*then, today)
            }
            _ => false,
        }
    }
}
