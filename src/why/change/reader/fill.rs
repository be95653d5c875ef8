//! What an element that is added should say, so that a list form looks at it otherwise: the values
//! that its conditions ask of the element alone. Whether it then does, the evaluator says.

use super::super::reads::{Owner, constant, stored};
use super::super::values::{after, before, other};
use super::{At, Reader};
use crate::engine::RowRef;
use crate::lowering::{ContextId, Lowered};
use crate::program::{Comparison, ExprId, ExprKind, TextRelation};
use crate::schema::{Constant, FieldId, FrameId, Order, Type};
use crate::why::Fact;
use std::cell::RefCell;
use std::collections::HashMap;

/// How many ways to fill an element are kept.
const WAYS: usize = 4;

/// The fields of an element that have to be so; given, whatever they say, for [`Constant::Empty`].
pub(in super::super) type Wish = Vec<(FieldId, Constant)>;

/// Fills an element of a list.
pub(super) struct Filler<'r, 'x> {
    pub reader: &'r Reader<'x>,
    /// The element's frame.
    pub frame: FrameId,
    pub owner: Owner,
    /// Where the list form stands.
    pub at: At,
    /// The ways of bodies of definitions, as far as they are known.
    pub known: RefCell<HashMap<(ExprId, bool), Vec<Wish>>>,
}

/// Which rows an expression sees: those of the list form, or, in a definition, the element and
/// those it lies in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sees {
    Form,
    Element,
}

fn both(one: &[Wish], other: &[Wish]) -> Vec<Wish> {
    let mut all = Vec::new();
    for first in one {
        for second in other {
            let given = |value: &Constant| *value == Constant::Empty;
            let said = |wish: &Wish, field: FieldId| {
                let found = wish.iter().find(|(of, value)| *of == field && !given(value));
                found.map(|(_, value)| value.clone())
            };
            let excluded = |(field, value): &(FieldId, Constant)| {
                let other = said(second, *field);
                !given(value) && other.is_some_and(|other| other != *value)
            };
            if !first.iter().any(excluded) {
                let mut wish = first.clone();
                for (field, value) in second {
                    match wish.iter_mut().find(|(of, _)| of == field) {
                        Some((_, known)) if given(known) => *known = value.clone(),
                        Some(_) => {}
                        None => wish.push((*field, value.clone())),
                    }
                }
                all.push(wish);
            }
        }
    }
    all.truncate(WAYS);
    all
}

impl Filler<'_, '_> {
    /// Ways to fill an element for which conditions are so; at least one, which may be empty.
    pub fn wishes(&self, conditions: &[(ExprId, bool)]) -> Vec<Wish> {
        let own = match self.owner {
            Owner::Referred(field, row) => {
                vec![(field, Constant::Int(i64::try_from(row).unwrap_or(i64::MAX)))]
            }
            Owner::Row(_) | Owner::All => Vec::new(),
        };
        let all = conditions.iter().fold(vec![own.clone()], |ways, (expr, want)| {
            both(&ways, &self.ways(*expr, *want, Sees::Form))
        });
        if all.is_empty() { vec![own] } else { all }
    }

    fn kind(&self, expr: ExprId) -> &ExprKind {
        &self.reader.run.program().expr(expr).kind
    }

    fn ways(&self, expr: ExprId, want: bool, sees: Sees) -> Vec<Wish> {
        let nothing = || vec![Wish::new()];
        match self.kind(expr) {
            ExprKind::Not(inner) => self.ways(*inner, !want, sees),
            ExprKind::And(parts) if want => self.all(parts, want, sees),
            ExprKind::Or(parts) if !want => self.all(parts, want, sees),
            ExprKind::And(parts) | ExprKind::Or(parts) => {
                parts.iter().flat_map(|part| self.ways(*part, want, sees)).take(WAYS).collect()
            }
            ExprKind::Compare(comparison, left, right) => {
                let comparison = if want { *comparison } else { comparison.negated() };
                let found = self
                    .compared(*left, comparison, *right, sees)
                    .or_else(|| self.compared(*right, comparison.mirrored(), *left, sees));
                found.map_or_else(nothing, |found| vec![vec![found]])
            }
            ExprKind::In(value, options) if want => {
                let found = options.iter().take(WAYS).filter_map(|option| {
                    Some(vec![self.compared(*value, Comparison::Equal, *option, sees)?])
                });
                let found: Vec<Wish> = found.collect();
                if found.is_empty() { nothing() } else { found }
            }
            ExprKind::Text(relation, left, right) if want && *relation != TextRelation::Matches => {
                let found = self.compared(*left, Comparison::Equal, *right, sees);
                found.map_or_else(nothing, |found| vec![vec![found]])
            }
            ExprKind::Has(inner) if want => {
                let given = |field| vec![vec![(field, Constant::Empty)]];
                self.own(*inner).map_or_else(nothing, given)
            }
            ExprKind::Field { .. } if self.reader.run.program().expr(expr).ty == Type::Boolean => {
                self.own(expr)
                    .map_or_else(nothing, |field| vec![vec![(field, Constant::Bool(want))]])
            }
            ExprKind::Definition { level: 0, definition } => {
                let body = self.reader.run.program().definition(*definition);
                body.map_or_else(nothing, |found| self.defined(found.body, want))
            }
            _ => nothing(),
        }
    }

    /// The ways of a definition's body. One that others use several times is walked once.
    fn defined(&self, body: ExprId, want: bool) -> Vec<Wish> {
        if let Some(known) = self.known.borrow().get(&(body, want)) {
            return known.clone();
        }
        let ways = self.ways(body, want, Sees::Element);
        self.known.borrow_mut().insert((body, want), ways.clone());
        ways
    }

    fn all(&self, parts: &[ExprId], want: bool, sees: Sees) -> Vec<Wish> {
        let ways = |part: &ExprId| self.ways(*part, want, sees);
        parts.iter().fold(vec![Wish::new()], |found, part| both(&found, &ways(part)))
    }

    /// The field of the element that an expression is.
    fn own(&self, expr: ExprId) -> Option<FieldId> {
        match self.kind(expr) {
            ExprKind::Field { level: 0, field, .. } => Some(*field),
            _ => None,
        }
    }

    /// The value of an element's field for which a comparison holds.
    fn compared(
        &self,
        side: ExprId,
        comparison: Comparison,
        with: ExprId,
        sees: Sees,
    ) -> Option<(FieldId, Constant)> {
        let field = self.own(side)?;
        let ty = self.reader.run.schema().field(self.frame, field)?.ty;
        let with = self.value(with, sees)?;
        let descending = match ty {
            Type::Enum(id) => {
                let found = self.reader.run.schema().enumeration(id);
                found.is_some_and(|found| found.order == Some(Order::Descending))
            }
            _ => false,
        };
        let comparison = if descending { comparison.mirrored() } else { comparison };
        let value = match comparison {
            Comparison::Equal | Comparison::LessEqual | Comparison::GreaterEqual => Some(with),
            Comparison::Less => before(ty, &with),
            Comparison::Greater => after(ty, &with),
            Comparison::NotEqual => other(self.reader.run.schema(), ty, &with),
        };
        Some((field, value?))
    }

    /// What an expression comes to that does not look at what the element says.
    fn value(&self, expr: ExprId, sees: Sees) -> Option<Constant> {
        let program = self.reader.run.program();
        match self.kind(expr) {
            ExprKind::Constant(constant) => Some(constant.clone()),
            ExprKind::Parameter(parameter) => {
                program.parameter(*parameter).and_then(|found| found.values.first()).cloned()
            }
            ExprKind::Field { level, frame, field } => {
                let row = self.row(*level, sees)?;
                stored(self.reader.evaluator, Fact { frame: *frame, row, field: *field })
            }
            ExprKind::Definition { level, definition } => {
                let found = program.definition(*definition)?;
                self.there(found.body, found.frame, self.row(*level, sees)?)
            }
            ExprKind::Follow { reference, frame, then } => {
                let row = match (self.own(*reference), self.owner) {
                    (Some(field), Owner::Referred(by, row)) if field == by => {
                        self.reader.now(RowRef { frame: *frame, row })?.row
                    }
                    (Some(_), _) => return None,
                    (None, _) => match self.value(*reference, sees)? {
                        Constant::Int(row) => usize::try_from(row).ok()?,
                        _ => return None,
                    },
                };
                self.there(*then, *frame, row)
            }
            ExprKind::Single { frame, then } => self.there(*then, *frame, 0),
            _ => self.anywhere(expr),
        }
    }

    /// The row of a level that is not the element itself.
    fn row(&self, level: usize, sees: Sees) -> Option<usize> {
        let above = level.checked_sub(1)?;
        let nested = self.reader.run.schema().frame(self.frame)?.parent;
        match (sees, self.owner, nested) {
            (Sees::Element, Owner::Row(row), Some((parent, _))) if above == 0 => {
                Some(self.reader.now(RowRef { frame: parent, row })?.row)
            }
            (Sees::Element, ..) | (Sees::Form, Owner::All, Some(_)) => None,
            (Sees::Form, ..) => self.reader.level(above, self.at),
        }
    }

    /// What an expression comes to in a row of a frame.
    fn there(&self, expr: ExprId, frame: FrameId, row: usize) -> Option<Constant> {
        let graph = &self.reader.evaluator.graph;
        let own = graph.own(frame)?;
        self.lowered(expr, own, row)
    }

    fn lowered(&self, expr: ExprId, context: ContextId, row: usize) -> Option<Constant> {
        let evaluator = self.reader.evaluator;
        match evaluator.graph.lowered.get(&(expr, context))? {
            Lowered::Value(node) => constant(evaluator.scalar(*node, row)?),
            Lowered::Truth(_) => None,
        }
    }

    /// What an expression comes to that looks at no row at all.
    fn anywhere(&self, expr: ExprId) -> Option<Constant> {
        let program = self.reader.run.program();
        let looks = |part| {
            matches!(
                program.expr(part).kind,
                ExprKind::Field { .. }
                    | ExprKind::Row { .. }
                    | ExprKind::Definition { .. }
                    | ExprKind::Chain(_)
                    | ExprKind::Nearest(_)
            )
        };
        if program.reached([expr]).any(looks) {
            return None;
        }
        let contexts = (0_u32..).zip(&self.reader.evaluator.graph.contexts);
        let mut values = contexts.filter_map(|(id, _)| self.lowered(expr, ContextId(id), 0));
        values.next()
    }
}
