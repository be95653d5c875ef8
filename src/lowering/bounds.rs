//! Counts of which not all is known: what they are at least and at most. What was counted is sure,
//! and so is what surely does not count.

use super::{ContextId, Domain, Graph, Index, Lowered, NodeId, Op, Rails};
use crate::builtin::Quantifier;
use crate::program::{Comparison, DefinitionId, ExprId, ExprKind, List};
use crate::schema::{Constant, Physical, Type};
use crate::syntax::tree::Operator;
use num_traits::Zero;

/// What a value is at least, and at most: known also where it itself is not. Without a node there
/// is no such bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Bounds {
    /// It is not less.
    pub least: Option<NodeId>,
    /// It is not more.
    pub most: Option<NodeId>,
}

impl Bounds {
    /// A value that is as it is.
    fn exactly(value: NodeId) -> Self {
        Self { least: Some(value), most: Some(value) }
    }

    fn map(self, mut each: impl FnMut(NodeId) -> NodeId) -> Self {
        Self { least: self.least.map(&mut each), most: self.most.map(&mut each) }
    }
}

impl Graph {
    /// A comparison of values that may rest on counts: decided also where their bounds decide it.
    pub(super) fn compare_within(
        &mut self,
        comparison: Comparison,
        (left, a): (ExprId, NodeId),
        (right, b): (ExprId, NodeId),
        context: ContextId,
    ) -> Rails {
        let domain = self.context(context).domain;
        let rails = self.compare_values(comparison, a, b, domain);
        let (x, y) = (self.bounds(left, context), self.bounds(right, context));
        if x.is_none() && y.is_none() {
            return rails;
        }
        let (x, y) =
            (x.unwrap_or_else(|| Bounds::exactly(a)), y.unwrap_or_else(|| Bounds::exactly(b)));
        let mut sure = |comparison: Comparison, a: Option<NodeId>, b: Option<NodeId>| {
            let (a, b) = (a?, b?);
            Some(self.compare_values(comparison, a, b, domain).t)
        };
        let (yes, no) = match comparison {
            Comparison::Less | Comparison::LessEqual => (
                vec![sure(comparison, x.most, y.least)],
                vec![sure(comparison.negated(), x.least, y.most)],
            ),
            Comparison::Greater | Comparison::GreaterEqual => (
                vec![sure(comparison, x.least, y.most)],
                vec![sure(comparison.negated(), x.most, y.least)],
            ),
            Comparison::Equal | Comparison::NotEqual => {
                let apart = vec![
                    sure(Comparison::Less, x.most, y.least),
                    sure(Comparison::Greater, x.least, y.most),
                ];
                let none = Vec::new();
                if comparison == Comparison::Equal { (none, apart) } else { (apart, none) }
            }
        };
        let t = self.or(domain, yes.into_iter().flatten().chain([rails.t]));
        let f = self.or(domain, no.into_iter().flatten().chain([rails.f]));
        Rails { t, f }
    }

    /// What a value that rests on counts is at least and at most; `None` where it rests on none of
    /// which something may not be known.
    pub(super) fn bounds(&mut self, id: ExprId, context: ContextId) -> Option<Bounds> {
        if let Some(&known) = self.bounds.get(&(id, context)) {
            return known;
        }
        let bounds = self.bounds_of(id, context);
        self.bounds.insert((id, context), bounds);
        bounds
    }

    fn bounds_of(&mut self, id: ExprId, context: ContextId) -> Option<Bounds> {
        let domain = self.context(context).domain;
        match self.program.expr(id).kind.clone() {
            ExprKind::Quantify { quantifier: Quantifier::Count, list, filter, body } => {
                self.count_bounds(id, list, (filter, body), context)
            }
            ExprKind::Definition { level, definition } => {
                self.definition_bounds(level, definition, context)
            }
            ExprKind::Follow { reference, frame, then } => {
                let fresh = self.fresh(frame);
                let there = self.bounds(then, fresh)?;
                let at = self.value(reference, context);
                Some(self.read_bounds(Index::At(at), there, domain))
            }
            ExprKind::Single { frame, then } => {
                let fresh = self.fresh(frame);
                let there = self.bounds(then, fresh)?;
                let at = self.only_row(frame, domain);
                Some(self.read_bounds(Index::At(at), there, domain))
            }
            ExprKind::Lookup { list, pick, condition, then } => {
                let fresh = self.fresh(list.frame());
                let there = self.bounds(then, fresh)?;
                let (form, at) = self.found((id, list), (pick, condition), context);
                let outer = self.outer_domain(form.grouping);
                let found = self.read_bounds(Index::At(at), there, outer);
                Some(self.read_bounds(form.back, found, domain))
            }
            ExprKind::Negate(inner) => {
                let Bounds { least, most } = self.bounds(inner, context)?;
                let exchanged = Bounds { least: most, most: least };
                Some(exchanged.map(|bound| {
                    let physical = self.physical(bound);
                    self.add(Op::Negate(bound), domain, physical)
                }))
            }
            ExprKind::Arithmetic(operator, left, right) => {
                self.arithmetic_bounds(operator, (left, right), self.program.expr(id).ty, context)
            }
            _ => None,
        }
    }

    fn definition_bounds(
        &mut self,
        level: usize,
        definition: DefinitionId,
        context: ContextId,
    ) -> Option<Bounds> {
        let (frame, body) =
            self.program.definition(definition).map(|found| (found.frame, found.body))?;
        let fresh = self.fresh(frame);
        let there = self.bounds(body, fresh)?;
        let here = self.context(context);
        Some(self.read_bounds(here.row(level)?.index, there, here.domain))
    }

    fn read_bounds(&mut self, index: Index, there: Bounds, domain: Domain) -> Bounds {
        there.map(|bound| match self.gather(index, Lowered::Value(bound), domain) {
            Lowered::Value(value) => value,
            Lowered::Truth(_) => bound,
        })
    }

    /// At least the elements that surely count; at most, where the list is whole, all but those
    /// that surely do not.
    fn count_bounds(
        &mut self,
        id: ExprId,
        list: List,
        (filter, body): (Option<ExprId>, Option<ExprId>),
        context: ContextId,
    ) -> Option<Bounds> {
        let domain = self.context(context).domain;
        let used: Vec<ExprId> = filter.into_iter().chain(body).collect();
        let form = self.form(id, list, &used, context);
        let outer = self.outer_domain(form.grouping);
        let (member, _, clear) = self.members(form, Quantifier::Count, filter, body);
        let given = self.list_given(form.grouping);
        if self.is_truth(clear, true) && self.is_truth(given, true) {
            return None;
        }
        let least = self.add(Op::Count(form.grouping, member.t), outer, Physical::Ints);
        let possible = self.not(member.f);
        let most = self.add(Op::Count(form.grouping, possible), outer, Physical::Ints);
        let most = self.restrict(most, given);
        Some(self.read_bounds(form.back, Bounds { least: Some(least), most: Some(most) }, domain))
    }

    /// Sums and differences, and a count times (or through) a constant that is not below 0.
    fn arithmetic_bounds(
        &mut self,
        operator: Operator,
        (left, right): (ExprId, ExprId),
        ty: Type,
        context: ContextId,
    ) -> Option<Bounds> {
        let (x, y) = (self.bounds(left, context), self.bounds(right, context));
        if x.is_none() && y.is_none() || matches!(ty, Type::Date | Type::Instant) {
            return None;
        }
        let constant = |id: ExprId| self.sign(id);
        let scaled = match operator {
            Operator::Add | Operator::Subtract => true,
            Operator::Multiply => {
                x.is_none() && constant(left).is_some() || y.is_none() && constant(right).is_some()
            }
            Operator::Divide => y.is_none() && constant(right) == Some(true),
        };
        if !scaled {
            return None;
        }
        let x = x.unwrap_or_else(|| Bounds::exactly(self.value(left, context)));
        let y = y.unwrap_or_else(|| Bounds::exactly(self.value(right, context)));
        let y = match operator {
            Operator::Subtract => Bounds { least: y.most, most: y.least },
            _ => y,
        };
        let domain = self.context(context).domain;
        let mut combined = |a: Option<NodeId>, b: Option<NodeId>| {
            let (mut a, mut b) = (a?, b?);
            if ty.physical() == Physical::Ratios {
                (a, b) = (self.as_ratio(a), self.as_ratio(b));
            }
            Some(self.add(Op::Arithmetic(operator, a, b), domain, ty.physical()))
        };
        Some(Bounds { least: combined(x.least, y.least), most: combined(x.most, y.most) })
    }

    /// Of a constant that is not below 0: whether it is above.
    fn sign(&self, id: ExprId) -> Option<bool> {
        let constant = match &self.program.expr(id).kind {
            ExprKind::Constant(constant) => constant,
            ExprKind::Parameter(parameter) => {
                self.program.parameter(*parameter).and_then(|found| found.values.first())?
            }
            _ => return None,
        };
        match constant {
            Constant::Int(value) => (*value >= 0).then_some(*value > 0),
            Constant::Ratio(value) => {
                (*value >= crate::value::Ratio::zero()).then(|| !value.is_zero())
            }
            _ => None,
        }
    }
}
