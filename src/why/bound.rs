//! Comparisons of counts. What a count is at least rests on the elements that surely count, what it
//! is at most on its list and on the elements that surely do not: which of them decides is told by
//! the comparison.

use super::blame::{Asked, Blame, Walker};
use crate::builtin::Scalar;
use crate::lowering::{ContextId, Form, Grouping, Lowered};
use crate::program::{Comparison, DefinitionId, ExprId, ExprKind, Pick};
use crate::syntax::tree::Operator;
use crate::value::Ratio;
use num_traits::{CheckedDiv, CheckedMul, CheckedSub, One, Zero};

/// What a number is not less than, or not more than.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Side {
    Least,
    Most,
}

impl Side {
    fn flipped(self) -> Self {
        match self {
            Self::Least => Self::Most,
            Self::Most => Self::Least,
        }
    }
}

/// By how much the two sides of a comparison could come nearer without another outcome.
struct Slack {
    rest: Ratio,
    /// Whether the sides must stay apart.
    strict: bool,
}

impl Slack {
    fn new(rest: Ratio, strict: bool) -> Option<Self> {
        (rest > Ratio::zero() || !strict && rest.is_zero()).then_some(Self { rest, strict })
    }

    /// Takes so much for so many elements, if the outcome stays.
    fn spare(&mut self, weight: Ratio, count: usize) -> bool {
        let taken = i128::try_from(count).ok().map(Ratio::from_integer);
        let rest = taken
            .and_then(|count| weight.checked_mul(&count))
            .and_then(|taken| self.rest.checked_sub(&taken));
        let Some(left) = rest.and_then(|rest| Self::new(rest, self.strict)) else { return false };
        *self = left;
        true
    }
}

impl Walker<'_> {
    /// Collects the facts because of which a comparison is true or false, where one of its sides
    /// rests on a count: those that a bound rests on. False where no bound decides, and it rests on
    /// both values.
    pub(super) fn bounded(
        &mut self,
        (comparison, a, b): (Comparison, ExprId, ExprId),
        context: ContextId,
        row: usize,
        want: Blame,
    ) -> bool {
        let bounds = &self.evaluator.graph.bounds;
        let rests = |side| bounds.get(&(side, context)).is_some_and(Option::is_some);
        if want == Blame::Unknown || !(rests(a) || rests(b)) {
            return false;
        }
        let comparison = if want == Blame::True { comparison } else { comparison.negated() };
        let (sides, strict) = match comparison {
            Comparison::Less => (&[Side::Most][..], true),
            Comparison::LessEqual => (&[Side::Most][..], false),
            Comparison::Greater => (&[Side::Least][..], true),
            Comparison::GreaterEqual => (&[Side::Least][..], false),
            Comparison::NotEqual => (&[Side::Most, Side::Least][..], true),
            Comparison::Equal => return false,
        };
        for side in sides {
            let bounds =
                (self.bound(a, context, row, *side), self.bound(b, context, row, side.flipped()));
            let (Some(of_a), Some(of_b)) = bounds else { continue };
            let apart = match side {
                Side::Least => of_a.checked_sub(&of_b),
                Side::Most => of_b.checked_sub(&of_a),
            };
            if let Some(mut slack) = apart.and_then(|apart| Slack::new(apart, strict)) {
                let one = Ratio::one();
                self.rests(a, context, row, (*side, one), &mut slack);
                self.rests(b, context, row, (side.flipped(), one), &mut slack);
                return true;
            }
        }
        false
    }

    /// What a number is at least, or at most.
    fn bound(&self, expr: ExprId, context: ContextId, row: usize, side: Side) -> Option<Ratio> {
        let graph = &self.evaluator.graph;
        let node = match graph.bounds.get(&(expr, context)).copied().flatten() {
            Some(bounds) if side == Side::Least => bounds.least?,
            Some(bounds) => bounds.most?,
            None => match graph.lowered.get(&(expr, context))? {
                Lowered::Value(node) => *node,
                Lowered::Truth(_) => return None,
            },
        };
        match self.evaluator.scalar(node, row)? {
            Scalar::Int(value) => Some(Ratio::from_integer(i128::from(value))),
            Scalar::Ratio(value) => Some(value),
            _ => None,
        }
    }

    /// Collects what the bound of a number rests on, each element of which weighs so much in the
    /// comparison.
    fn rests(
        &mut self,
        expr: ExprId,
        context: ContextId,
        row: usize,
        (side, weight): (Side, Ratio),
        slack: &mut Slack,
    ) {
        let graph = self.evaluator.graph.clone();
        if self.is_done() || graph.bounds.get(&(expr, context)).copied().flatten().is_none() {
            return self.values(expr, context, row, false);
        }
        self.count();
        match graph.program.expr(expr).kind.clone() {
            ExprKind::Quantify { .. } => self.counted(expr, context, row, (side, weight), slack),
            ExprKind::Definition { level, definition } => {
                if let Some(at) = self.level(level, context, row) {
                    self.defined(definition, at, (side, weight), slack);
                }
            }
            ExprKind::Follow { .. } | ExprKind::Single { .. } | ExprKind::Lookup { .. } => {
                match self.target(expr, context, row) {
                    Some((then, fresh, at)) => self.rests(then, fresh, at, (side, weight), slack),
                    None => self.values(expr, context, row, false),
                }
            }
            ExprKind::Negate(inner) => {
                self.rests(inner, context, row, (side.flipped(), weight), slack);
            }
            ExprKind::Arithmetic(Operator::Add, left, right) => {
                self.rests(left, context, row, (side, weight), slack);
                self.rests(right, context, row, (side, weight), slack);
            }
            ExprKind::Arithmetic(Operator::Subtract, left, right) => {
                self.rests(left, context, row, (side, weight), slack);
                self.rests(right, context, row, (side.flipped(), weight), slack);
            }
            // Times, or through, a constant.
            ExprKind::Arithmetic(operator, left, right) => {
                let plain = graph.bounds.get(&(left, context)).copied().flatten().is_none();
                let (counts, by) = if plain { (right, left) } else { (left, right) };
                let by = self.bound(by, context, row, side);
                let weight = by.and_then(|by| match operator {
                    Operator::Divide => weight.checked_div(&by),
                    _ => weight.checked_mul(&by),
                });
                match weight {
                    Some(weight) => self.rests(counts, context, row, (side, weight), slack),
                    None => self.values(counts, context, row, false),
                }
            }
            _ => self.values(expr, context, row, false),
        }
    }

    /// What is read in another row, with the row; none where it is not known which.
    fn target(
        &mut self,
        expr: ExprId,
        context: ContextId,
        row: usize,
    ) -> Option<(ExprId, ContextId, usize)> {
        let graph = self.evaluator.graph.clone();
        match graph.program.expr(expr).kind.clone() {
            ExprKind::Follow { reference, frame, then } => {
                let at = self.integer(reference, context, row)?;
                self.values(reference, context, row, false);
                Some((then, self.own(frame)?, at))
            }
            ExprKind::Single { frame, then } => {
                let rows = self.evaluator.frame(frame).map_or(0, |data| data.len);
                (rows == 1).then_some((then, self.own(frame)?, 0))
            }
            ExprKind::Lookup { list, pick: Pick::Only, condition, then } => {
                let form = graph.forms.get(&(expr, context)).copied()?;
                let outer = self.at(form.back, row)?;
                let mut fitting = self.elements(&form, outer);
                fitting.retain(|at| !self.is(condition, form.inner, *at, Blame::False));
                let [only] = fitting.as_slice() else { return None };
                let element = self.evaluator.element_row(form.grouping, *only);
                Some((then, self.own(list.frame())?, element))
            }
            _ => None,
        }
    }

    /// The same of a definition. Where it is used again, nothing is spared in it: what was spared
    /// for one use may be needed for both.
    fn defined(
        &mut self,
        definition: DefinitionId,
        row: usize,
        (side, weight): (Side, Ratio),
        slack: &mut Slack,
    ) {
        let Some(found) = self.evaluator.graph.program.definition(definition) else { return };
        let (frame, body) = (found.frame, found.body);
        let Some(fresh) = self.own(frame) else { return };
        if self.enter(definition, row, Asked::Spared(side)) {
            self.rests(body, fresh, row, (side, weight), slack);
        } else if self.enter(definition, row, Asked::Bound(side)) {
            let mut none = Slack { rest: Ratio::zero(), strict: true };
            self.rests(body, fresh, row, (side, weight), &mut none);
        }
    }

    /// The elements that a count is at least, or those that it lacks of all there are.
    fn counted(
        &mut self,
        expr: ExprId,
        context: ContextId,
        row: usize,
        (side, weight): (Side, Ratio),
        slack: &mut Slack,
    ) {
        let graph = self.evaluator.graph.clone();
        let ExprKind::Quantify { filter, body, .. } = graph.program.expr(expr).kind else { return };
        let Some(form) = graph.forms.get(&(expr, context)).copied() else { return };
        let Some(outer) = self.at(form.back, row) else { return };
        let parts: Vec<ExprId> = filter.into_iter().chain(body).collect();
        let elements = self.elements(&form, outer);
        let whole = matches!(form.grouping, Grouping::All(_));
        match side {
            Side::Least => {
                let mut sure = elements;
                sure.retain(|element| {
                    parts.iter().all(|part| self.is(*part, form.inner, *element, Blame::True))
                });
                if slack.spare(weight, sure.len()) {
                    return;
                }
                self.list_fact(&form, outer);
                for element in sure.into_iter().filter(|_| !whole) {
                    for part in &parts {
                        self.blame(*part, form.inner, element, Blame::True);
                    }
                }
            }
            Side::Most => {
                let beyond = self.beyond(&form, outer, elements.len());
                let mut excluded = Vec::new();
                for element in elements {
                    let mut out = parts.clone();
                    out.retain(|part| self.is(*part, form.inner, element, Blame::False));
                    if !out.is_empty() {
                        excluded.push((element, out));
                    }
                }
                if slack.spare(weight, beyond + excluded.len()) {
                    self.list_fact(&form, outer);
                } else if beyond > 0 {
                    self.values(expr, context, row, false);
                } else {
                    self.list_fact(&form, outer);
                    for (element, out) in excluded.into_iter().filter(|_| !whole) {
                        self.first_of(&out, form.inner, element);
                    }
                }
            }
        }
    }

    /// How many elements were not looked at, because what they are joined by is otherwise.
    fn beyond(&self, form: &Form, outer: usize, possible: usize) -> usize {
        let Grouping::Pairs(_) = form.grouping else { return 0 };
        self.evaluator.count_elements(form.grouping, outer).saturating_sub(possible)
    }
}
