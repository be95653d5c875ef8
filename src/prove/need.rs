//! How many elements of each list a question can tell apart.
//!
//! A list form that holds, or fails, is witnessed by one element (`存在`, `没有`, `每个`, `最大`,
//! `最小`); a lookup that is unknown because several fit, by two; a count compared with c, by
//! c + 1. Taking away any other element changes no form, so a list of as many elements as the forms
//! over it need together is enough (a small model).
//!
//! Sums, and counts compared with facts, have no such bound. Of their elements, too, those that
//! other forms need are kept, one that is a member, and one that makes the form unknown; what all
//! others add is one number, the *rest*: any number, for a count not below 0, and 0 where no member
//! is kept. Every list gives such a rest, so what no rest allows, no list shows: "never" stays a
//! proof. A row is shown only where the rest is 0, for which some more elements are tried.

use crate::builtin::Quantifier;
use crate::program::{DefinitionId, ExprId, ExprKind, List, Program};
use crate::schema::{Constant, FieldId, FrameId};
use std::collections::{BTreeMap, BTreeSet};

/// At most this many elements of one list are tried.
const MOST: usize = 24;

/// A count compared with a constant below this keeps all elements that it needs.
const SMALL: i64 = 12;

/// Elements tried for a form with a rest: at first, and where that does not show it.
pub const FEW: usize = 3;
/// See [`FEW`].
pub const MORE: usize = 12;

/// Elements needed, and whether that many are surely enough.
type Bound = (usize, bool);

/// The bounds of one question.
#[derive(Clone, Debug, Default)]
pub struct Needs {
    nested: BTreeMap<FrameId, Bound>,
    inverse: BTreeMap<(FrameId, FieldId), Bound>,
    all: BTreeMap<FrameId, Bound>,
    /// Counts and sums whose elements are not all kept.
    open: BTreeSet<ExprId>,
    spare: usize,
    seen: BTreeSet<(DefinitionId, usize, Option<i64>)>,
}

impl Needs {
    /// The bounds of expressions that are asked about together.
    #[must_use]
    pub fn of(program: &Program, roots: &[ExprId], spare: usize) -> Self {
        let mut first = Self { spare, ..Self::default() };
        roots.iter().for_each(|root| first.scan(program, *root, 1, None));
        // Lists of whole tables inside other lists are needed once for each element of those.
        let mut all = Self {
            nested: first.nested.clone(),
            inverse: first.inverse.clone(),
            spare,
            ..Self::default()
        };
        roots.iter().for_each(|root| all.scan(program, *root, 1, None));
        Self { all: all.all, seen: BTreeSet::new(), ..first }
    }

    fn capped(bound: Option<&Bound>) -> Bound {
        let (count, justified) = bound.copied().unwrap_or((1, true));
        (count.min(MOST), justified && count <= MOST)
    }

    /// Whether a count or sum has a rest.
    #[must_use]
    pub fn has_rest(&self, id: ExprId) -> bool {
        self.open.contains(&id)
    }

    /// Elements of one nested list.
    #[must_use]
    pub fn nested(&self, frame: FrameId) -> Bound {
        Self::capped(self.nested.get(&frame))
    }

    /// Rows that refer to one row.
    #[must_use]
    pub fn inverse(&self, frame: FrameId, field: FieldId) -> Bound {
        Self::capped(self.inverse.get(&(frame, field)))
    }

    /// Rows of a whole table.
    #[must_use]
    pub fn all(&self, frame: FrameId) -> Bound {
        Self::capped(self.all.get(&frame))
    }

    fn list(&mut self, list: List, need: Bound, times: usize) -> usize {
        let (slot, times) = match list {
            List::Nested { frame, .. } => (self.nested.entry(frame).or_insert((0, true)), 1),
            List::Inverse { frame, field, .. } => {
                (self.inverse.entry((frame, field)).or_insert((0, true)), 1)
            }
            List::All { frame } => (self.all.entry(frame).or_insert((0, true)), times),
        };
        slot.0 = (slot.0 + need.0 * times).min(1000);
        slot.1 &= need.1;
        slot.0
    }

    /// Collects from an expression; `compared` is the greatest constant its value is compared with.
    fn scan(&mut self, program: &Program, id: ExprId, times: usize, compared: Option<i64>) {
        match &program.expr(id).kind {
            ExprKind::Definition { definition, .. } => {
                if self.seen.insert((*definition, times, compared))
                    && let Some(found) = program.definition(*definition)
                {
                    self.scan(program, found.body, times, compared);
                }
            }
            ExprKind::Quantify { quantifier, list, filter, body } => {
                let need = match (quantifier, compared) {
                    (Quantifier::Count, Some(most)) if most < SMALL => {
                        (usize::try_from(most + 1).unwrap_or(0).max(1), true)
                    }
                    (Quantifier::Count | Quantifier::Sum, _) => {
                        self.open.insert(id);
                        (self.spare, true)
                    }
                    _ => (1, true),
                };
                let elements = self.list(*list, need, times);
                filter
                    .iter()
                    .chain(body)
                    .for_each(|part| self.scan(program, *part, times * elements.min(MOST), None));
            }
            ExprKind::Lookup { list, condition, then } => {
                let elements = self.list(*list, (2, true), times);
                self.scan(program, *condition, times * elements.min(MOST), None);
                self.scan(program, *then, times * elements.min(MOST), None);
            }
            ExprKind::Compare(_, left, right) => {
                self.scan(program, *left, times, constant(program, *right));
                self.scan(program, *right, times, constant(program, *left));
            }
            ExprKind::In(value, options) => {
                let constants: Option<Vec<i64>> =
                    options.iter().map(|option| constant(program, *option)).collect();
                self.scan(program, *value, times, constants.and_then(|all| all.into_iter().max()));
                options.iter().for_each(|option| self.scan(program, *option, times, None));
            }
            kind => {
                children(kind).into_iter().for_each(|child| self.scan(program, child, times, None))
            }
        }
    }
}

fn constant(program: &Program, id: ExprId) -> Option<i64> {
    let value = match &program.expr(id).kind {
        ExprKind::Constant(constant) => constant,
        ExprKind::Parameter(parameter) => program.parameter(*parameter)?.values.first()?,
        _ => return None,
    };
    match value {
        Constant::Int(value) => Some(*value),
        _ => None,
    }
}

/// The parts of an expression.
#[must_use]
pub fn children(kind: &ExprKind) -> Vec<ExprId> {
    match kind {
        ExprKind::Follow { reference, then, .. } => vec![*reference, *then],
        ExprKind::Single { then, .. } => vec![*then],
        ExprKind::Lookup { condition, then, .. } => vec![*condition, *then],
        ExprKind::Quantify { filter, body, .. } => filter.iter().chain(body).copied().collect(),
        ExprKind::NetElapsed(net) => net.outside().chain(net.inside()).collect(),
        ExprKind::Trace(trace) => {
            [trace.filter, Some(trace.activity), trace.order].into_iter().flatten().collect()
        }
        ExprKind::Has(inner) | ExprKind::Not(inner) | ExprKind::Negate(inner) => vec![*inner],
        ExprKind::And(parts)
        | ExprKind::Or(parts)
        | ExprKind::Call(_, parts)
        | ExprKind::Set(parts) => parts.clone(),
        ExprKind::In(value, options) => std::iter::once(value).chain(options).copied().collect(),
        ExprKind::Compare(_, a, b) | ExprKind::Text(_, a, b) | ExprKind::Arithmetic(_, a, b) => {
            vec![*a, *b]
        }
        _ => Vec::new(),
    }
}
