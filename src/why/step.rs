//! Conditions as trees of steps: each with its truth, the values, and the facts at the leaves.

use super::{Description, Walker};
use crate::builtin::Quantifier;
use crate::diagnostic::Bilingual;
use crate::engine::{RowRef, Run};
use crate::eval::Reach;
use crate::finding::Evidence;
use crate::lowering::ContextId;
use crate::program::{DefinitionId, ExprId, ExprKind};
use crate::schema::{FrameId, Type};
use std::cell::RefCell;
use std::collections::BTreeSet;

/// How deep a record goes.
const DEPTH: usize = 12;

/// How many elements of a list are shown.
const ELEMENTS: usize = 12;

/// A condition, or a part of one.
#[derive(Clone, Debug)]
pub struct Step {
    /// The condition in words.
    pub text: Bilingual,
    /// Its truth; `None` where unknown.
    pub truth: Option<bool>,
    /// The values of both sides, for a relation.
    pub values: Vec<(Bilingual, Option<Bilingual>)>,
    /// The facts it rests on, for a leaf.
    pub facts: Vec<Evidence>,
    /// Its parts.
    pub parts: Vec<Step>,
}

impl Step {
    /// The opposite: what 不得 requires.
    pub(super) fn denied(self) -> Self {
        let truth = self.truth.map(|truth| !truth);
        if self.parts.is_empty() {
            return Self { truth, ..self };
        }
        Self {
            text: Bilingual::default(),
            truth,
            values: Vec::new(),
            facts: Vec::new(),
            parts: vec![self],
        }
    }

    /// The same in other words.
    pub(super) fn worded(self, text: Bilingual) -> Self {
        Self { text, ..self }
    }
}

/// The definitions whose parts are told already, each with its row: one that is used twice is told
/// once. Without this a chain of definitions costs 2ⁿ.
type Told = RefCell<BTreeSet<(DefinitionId, usize)>>;

/// Builds the steps of one condition.
struct Steps<'x> {
    run: &'x Run,
    context: ContextId,
    told: &'x Told,
}

/// A condition at a row of a context's domain.
pub(super) fn step(run: &Run, context: ContextId, expr: ExprId, row: usize) -> Step {
    Steps { run, context, told: &Told::default() }.step(expr, row, 0)
}

impl Steps<'_> {
    /// A condition at a row of the context's domain.
    fn step(&self, expr: ExprId, row: usize, depth: usize) -> Step {
        let walker = Walker::new(&self.run.evaluator);
        let found = self.run.program().expr(expr);
        let mut step = Step {
            text: self.run.policy.phrases.phrase(found.span),
            truth: walker.truth(expr, self.context, row),
            values: Vec::new(),
            facts: Vec::new(),
            parts: Vec::new(),
        };
        if depth >= DEPTH {
            return step;
        }
        match &found.kind {
            // Both bounds of `between` are one condition of what is written.
            ExprKind::And(parts)
                if parts.iter().all(|part| self.run.program().expr(*part).span == found.span) =>
            {
                let bounds: Vec<Step> =
                    parts.iter().map(|part| self.step(*part, row, depth + 1)).collect();
                for bound in bounds {
                    let (values, facts) = (bound.values.into_iter(), bound.facts.into_iter());
                    step.values.extend(
                        values.filter(|value| !step.values.contains(value)).collect::<Vec<_>>(),
                    );
                    step.facts.extend(
                        facts.filter(|fact| !step.facts.contains(fact)).collect::<Vec<_>>(),
                    );
                }
            }
            ExprKind::And(parts) | ExprKind::Or(parts) => {
                step.parts = parts.iter().map(|part| self.step(*part, row, depth + 1)).collect()
            }
            ExprKind::Not(inner)
                if !matches!(self.run.program().expr(*inner).kind, ExprKind::Has(_)) =>
            {
                step.parts = vec![self.step(*inner, row, depth + 1)];
            }
            ExprKind::If(condition, then, otherwise) => {
                let taken = match walker.truth(*condition, self.context, row) {
                    Some(true) => vec![*condition, *then],
                    Some(false) => vec![*condition, *otherwise],
                    None => vec![*condition, *then, *otherwise],
                };
                step.parts =
                    taken.into_iter().map(|part| self.step(part, row, depth + 1)).collect();
            }
            ExprKind::Definition { level, definition } if found.ty == Type::Boolean => {
                step.parts.extend(self.definition(*level, *definition, row, depth));
            }
            ExprKind::Quantify {
                quantifier: Quantifier::Any | Quantifier::Every | Quantifier::None,
                ..
            } => self.elements(expr, row, depth, &mut step),
            ExprKind::Compare(_, left, right) | ExprKind::Text(_, left, right) => {
                self.sides(&[*left, *right], row, &mut step);
                self.leaf(expr, row, &mut step);
                step.parts.extend(self.without_result(expr, row));
            }
            ExprKind::In(value, _) => {
                self.sides(&[*value], row, &mut step);
                self.leaf(expr, row, &mut step);
                step.parts.extend(self.without_result(expr, row));
            }
            ExprKind::Trace(_) => {
                self.leaf(expr, row, &mut step);
                step.parts.extend(self.account(expr, row));
            }
            _ => self.leaf(expr, row, &mut step),
        }
        step
    }

    /// A definition: the parts of its body, or the body itself.
    fn definition(&self, level: usize, id: DefinitionId, row: usize, depth: usize) -> Vec<Step> {
        let walker = Walker::new(&self.run.evaluator);
        let Some((frame, body)) =
            self.run.program().definition(id).map(|found| (found.frame, found.body))
        else {
            return Vec::new();
        };
        let (Some(at), Some(context)) = (walker.level(level, self.context, row), walker.own(frame))
        else {
            return Vec::new();
        };
        if depth + 1 < DEPTH && !self.told.borrow_mut().insert((id, at)) {
            return Vec::new();
        }
        let there = Steps { run: self.run, context, told: self.told };
        vec![there.step(body, at, depth + 1)]
    }

    /// What came of a course of events, in words.
    fn account(&self, expr: ExprId, row: usize) -> Option<Step> {
        let walker = Walker::new(&self.run.evaluator);
        let (_, account) = walker.account(expr, self.context, row)?;
        let text = self.run.account_words(&account);
        let step = Step {
            text,
            truth: walker.truth(expr, self.context, row),
            values: Vec::new(),
            facts: Vec::new(),
            parts: Vec::new(),
        };
        (!step.text.zh.is_empty()).then_some(step)
    }

    /// Why what the sides are computed from has no result.
    fn without_result(&self, expr: ExprId, row: usize) -> Option<Step> {
        let mut walker = Walker::new(&self.run.evaluator);
        walker.values(expr, self.context, row, true);
        let text = walker.why(&self.run.policy.phrases);
        let step =
            Step { text, truth: None, values: Vec::new(), facts: Vec::new(), parts: Vec::new() };
        (!step.text.zh.is_empty()).then_some(step)
    }

    fn sides(&self, sides: &[ExprId], row: usize, step: &mut Step) {
        let description = Description {
            evaluator: &self.run.evaluator,
            phrases: &self.run.policy.phrases,
            context: self.context,
            row,
            length: self.run.length,
        };
        for side in sides {
            let expr = self.run.program().expr(*side);
            if !matches!(expr.kind, ExprKind::Constant(_)) {
                step.values
                    .push((self.run.policy.phrases.phrase(expr.span), description.value(*side)));
            }
        }
    }

    /// The facts under a leaf.
    fn leaf(&self, expr: ExprId, row: usize, step: &mut Step) {
        let mut walker = Walker::new(&self.run.evaluator);
        // Of what is not known, what is missing.
        walker.values(expr, self.context, row, step.truth.is_none());
        if walker.facts.is_empty() {
            walker.values(expr, self.context, row, false);
        }
        let nowhere = (FrameId(u32::MAX), 0);
        step.facts =
            walker.facts.iter().filter_map(|fact| self.run.evidence(*fact, nowhere)).collect();
    }

    /// The elements of a list form: each with what it comes to.
    fn elements(&self, expr: ExprId, row: usize, depth: usize, step: &mut Step) {
        let ExprKind::Quantify { list, filter, body, .. } = self.run.program().expr(expr).kind
        else {
            return;
        };
        let Some(form) = self.run.evaluator.graph.forms.get(&(expr, self.context)).copied() else {
            return;
        };
        let walker = Walker::new(&self.run.evaluator);
        let Some(outer) =
            super::record::reached(form.back, row, |index, row| walker.at(index, row))
        else {
            return;
        };
        let inner = Steps { run: self.run, context: form.inner, told: self.told };
        let frame = list.frame();
        let evaluator = &self.run.evaluator;
        let mut elements: Vec<usize> =
            evaluator.elements(form.grouping, outer, Reach::Keyed).collect();
        if elements.is_empty() {
            elements.extend(walker.near(expr, self.context, outer));
        }
        for element in elements.iter().copied().take(ELEMENTS) {
            let parts: Vec<Step> = filter
                .iter()
                .chain(&body)
                .map(|part| inner.step(*part, element, depth + 2))
                .collect();
            let truth =
                parts.iter().try_fold(true, |all, part| part.truth.map(|truth| all && truth));
            let named =
                self.run.program().schema.frame(frame).is_some_and(|found| found.parent.is_some());
            let row = evaluator.element_row(form.grouping, element);
            let text = if named { self.run.path(frame, row) } else { None };
            let text = text.unwrap_or_else(|| self.run.called(RowRef { frame, row }));
            step.parts.push(Step { text, truth, values: Vec::new(), facts: Vec::new(), parts });
        }
        if elements.is_empty() {
            let names = self.run.program().schema.frame(frame).map(|found| &found.names);
            let name = names
                .map_or_else(Bilingual::default, |names| Bilingual::new(names.zh(), names.en()));
            let said = match evaluator.count_elements(form.grouping, outer) {
                0 => crate::say!("空", "empty"),
                _ => crate::say!("没有一项相符", "none fits"),
            };
            step.values.push((name, step.truth.map(|_| said)));
        }
        if elements.len() > ELEMENTS {
            let more = elements.len() - ELEMENTS;
            let text = crate::say!("另有 {more} 项", "{more} more");
            step.parts.push(Step {
                text,
                truth: None,
                values: Vec::new(),
                facts: Vec::new(),
                parts: Vec::new(),
            });
        }
    }
}
