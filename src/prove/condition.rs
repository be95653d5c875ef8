//! Conditions over the rows of a world: surely true, surely false, as the evaluator's own rails
//! (`lowering::rails`) have it.

use super::linear::Linear;
use super::pending::Gap;
use super::sat::{Bit, Solver};
use super::world::{Limit, Meaning, Rails, RowId, World};
use crate::builtin::Quantifier;
use crate::lowering::reaches;
use crate::program::{Comparison, ExprId, ExprKind, List};
use crate::schema::{Constant, Order, Type};
use crate::steps::step;
use std::collections::BTreeSet;

/// How many meanings one question may have: expressions, each for the rows that it sees.
const MEANINGS: usize = 100_000;

/// The row at a level of a scope.
pub(super) fn at(scope: &[RowId], level: usize) -> Option<RowId> {
    scope.len().checked_sub(level + 1).and_then(|index| scope.get(index)).copied()
}

impl<S: Solver> World<'_, S> {
    /// A condition.
    pub fn rails(&mut self, id: ExprId, scope: &[RowId]) -> Rails {
        match self.meaning(id, scope) {
            Meaning::Truth(rails) => rails,
            Meaning::Number(valid, _) => Rails { t: valid, f: Bit::FALSE },
            Meaning::Rows(rows) => {
                Rails { t: self.circuit.or(rows.iter().map(|row| row.0)), f: Bit::FALSE }
            }
        }
    }

    /// What an expression means for the rows in scope, innermost last.
    pub fn meaning(&mut self, id: ExprId, scope: &[RowId]) -> Meaning {
        let key = (id, self.seen(id, scope));
        if let Some(known) = self.meanings.get(&key) {
            return known.clone();
        }
        step();
        let is_condition = self.program.expr(id).ty == Type::Boolean;
        if self.meanings.len() >= MEANINGS || self.circuit.is_full() {
            let unknown = self.unknowable(Limit::Size);
            return match is_condition {
                true => Meaning::Truth(unknown),
                false => self.opaque(id, Gap::TooLarge),
            };
        }
        let found = match is_condition {
            true => Meaning::Truth(self.condition(id, scope)),
            false => self.value(id, scope),
        };
        self.meanings.insert(key, found.clone());
        found
    }

    /// The rows in scope that an expression sees: for all others it means the same.
    fn seen(&mut self, id: ExprId, scope: &[RowId]) -> Vec<RowId> {
        let program = self.program;
        let levels = self.levels.entry(id).or_insert_with(|| {
            let mut levels = BTreeSet::new();
            reaches(program, id, 0, &mut |level| {
                levels.insert(level);
            });
            levels.into_iter().collect()
        });
        levels.iter().filter_map(|level| at(scope, *level)).collect()
    }

    /// Kleene's and.
    pub fn both(&mut self, rails: &[Rails]) -> Rails {
        Rails {
            t: self.circuit.and(rails.iter().map(|rails| rails.t)),
            f: self.circuit.or(rails.iter().map(|rails| rails.f)),
        }
    }

    /// Kleene's or.
    pub fn either(&mut self, rails: &[Rails]) -> Rails {
        Rails {
            t: self.circuit.or(rails.iter().map(|rails| rails.t)),
            f: self.circuit.and(rails.iter().map(|rails| rails.f)),
        }
    }

    fn all(&mut self, parts: &[ExprId], scope: &[RowId]) -> Vec<Rails> {
        parts.iter().map(|part| self.rails(*part, scope)).collect()
    }

    fn condition(&mut self, id: ExprId, scope: &[RowId]) -> Rails {
        let program = self.program;
        match &program.expr(id).kind {
            ExprKind::Constant(constant) => Rails::of(*constant == Constant::Bool(true)),
            ExprKind::Parameter(parameter) => Rails::of(
                program.parameter(*parameter).and_then(|found| found.values.first())
                    == Some(&Constant::Bool(true)),
            ),
            ExprKind::Not(inner) => self.rails(*inner, scope).negated(),
            ExprKind::And(parts) => {
                let rails = self.all(parts, scope);
                self.both(&rails)
            }
            ExprKind::Or(parts) => {
                let rails = self.all(parts, scope);
                self.either(&rails)
            }
            ExprKind::Compare(comparison, left, right) => {
                self.compare(id, *comparison, (*left, *right), scope)
            }
            ExprKind::In(value, options) => {
                let rails: Vec<Rails> = options
                    .iter()
                    .map(|option| self.compare(id, Comparison::Equal, (*value, *option), scope))
                    .collect();
                self.either(&rails)
            }
            ExprKind::Text(relation, left, right) => {
                self.text_relation(id, *relation, (*left, *right), scope)
            }
            ExprKind::Has(inner) => self.has(*inner, scope),
            ExprKind::If(condition, then, otherwise) => {
                let [c, a, b] = [condition, then, otherwise].map(|part| self.rails(*part, scope));
                let mut rail = |a: Bit, b: Bit| {
                    let ways = [[c.t, a], [c.f, b], [a, b]].map(|way| self.circuit.and(way));
                    self.circuit.or(ways)
                };
                Rails { t: rail(a.t, b.t), f: rail(a.f, b.f) }
            }
            ExprKind::Trace(trace) => self.trace(id, trace, scope),
            ExprKind::Quantify { quantifier, list, filter, body } => {
                self.quantify(id, *quantifier, *list, (*filter, *body), scope)
            }
            ExprKind::Chain(_) => self.unknowable(Limit::Opaque(id)),
            ExprKind::Field { .. }
            | ExprKind::Definition { .. }
            | ExprKind::Follow { .. }
            | ExprKind::Single { .. }
            | ExprKind::Lookup { .. } => match self.read(id, scope) {
                Meaning::Truth(rails) => rails,
                _ => Rails { t: Bit::FALSE, f: Bit::FALSE },
            },
            // None of these is a condition.
            ExprKind::Row { .. }
            | ExprKind::NetElapsed(_)
            | ExprKind::Arithmetic(..)
            | ExprKind::Negate(_)
            | ExprKind::Call(..)
            | ExprKind::Nearest(_)
            | ExprKind::Set(_) => Rails::of(false),
        }
    }

    fn compare(
        &mut self,
        id: ExprId,
        comparison: Comparison,
        (left, right): (ExprId, ExprId),
        scope: &[RowId],
    ) -> Rails {
        let ty = self.program.expr(left).ty;
        if ty == Type::Boolean {
            let (a, b) = (self.rails(left, scope), self.rails(right, scope));
            let (ab, ba) = (self.both(&[a, b]), self.both(&[a.negated(), b.negated()]));
            let same = self.either(&[ab, ba]);
            return if comparison == Comparison::NotEqual { same.negated() } else { same };
        }
        match (self.meaning(left, scope), self.meaning(right, scope)) {
            (Meaning::Number(a, mut x), Meaning::Number(b, mut y)) => {
                if self.program.is_referred_key(left) || self.program.is_referred_key(right) {
                    (x, y) = (self.as_key(x), self.as_key(y));
                }
                let test = self.test(ty, comparison, &x, &y);
                Rails { t: self.circuit.and([a, b, test]), f: self.circuit.and([a, b, !test]) }
            }
            (Meaning::Rows(a), Meaning::Rows(b)) => {
                let (t, f) = self.same_row(&a, &b);
                let rails = Rails { t, f };
                if comparison == Comparison::NotEqual { rails.negated() } else { rails }
            }
            _ => self.unknowable(Limit::Opaque(id)),
        }
    }

    /// A comparison of two known numbers. Values of an enum are few: theirs is said with thresholds
    /// alone.
    pub(super) fn test(&mut self, ty: Type, comparison: Comparison, x: &Linear, y: &Linear) -> Bit {
        let enumeration = match ty {
            Type::Enum(id) => self.program.schema.enumeration(id),
            _ => None,
        };
        let descending = enumeration.is_some_and(|found| found.order == Some(Order::Descending));
        let comparison = if descending { comparison.mirrored() } else { comparison };
        let (low, high) = match comparison {
            Comparison::Greater | Comparison::LessEqual => (y, x),
            _ => (x, y),
        };
        let few = match (enumeration, low.known(), high.known()) {
            (Some(found), None, None) => i64::try_from(found.values.len()).ok(),
            _ => None,
        };
        let found = match (comparison, few) {
            (Comparison::Equal | Comparison::NotEqual, None) => {
                self.numbers.equal(&mut self.circuit, low, high)
            }
            (Comparison::Equal | Comparison::NotEqual, Some(count)) => {
                let same: Vec<Bit> = (0..count)
                    .map(|value| {
                        let (a, b) = (self.up_to(low, value), self.up_to(high, value));
                        self.circuit.same(a, b)
                    })
                    .collect();
                self.circuit.and(same)
            }
            (_, None) => self.numbers.at_most(&mut self.circuit, &low.clone().minus(high), true),
            (_, Some(count)) => {
                let less: Vec<Bit> = (0..count)
                    .map(|value| {
                        let (a, b) = (self.up_to(low, value), self.up_to(high, value));
                        self.circuit.and([a, !b])
                    })
                    .collect();
                self.circuit.or(less)
            }
        };
        let flipped = matches!(
            comparison,
            Comparison::NotEqual | Comparison::GreaterEqual | Comparison::LessEqual
        );
        if flipped { !found } else { found }
    }

    /// What may be true, false or unknown.
    pub(super) fn unknowable(&mut self, limit: Limit) -> Rails {
        self.limits.insert(limit);
        let (known, value) = (self.circuit.free(), self.circuit.free());
        Rails { t: self.circuit.and([known, value]), f: self.circuit.and([known, !value]) }
    }

    fn has(&mut self, inner: ExprId, scope: &[RowId]) -> Rails {
        let program = self.program;
        match &program.expr(inner).kind {
            ExprKind::Field { level, field, .. } => {
                match at(scope, *level).and_then(|row| self.cell(row, *field)) {
                    Some(cell) => Rails { t: cell.present(), f: !cell.present() },
                    None => Rails::of(false),
                }
            }
            ExprKind::Row { .. } => Rails::of(true),
            ExprKind::Follow { reference, then, .. } => {
                let given = self.has(*reference, scope);
                let rows = self.referred(*reference, scope);
                let there = self.has_there(&rows, *then);
                Rails { t: there.t, f: self.circuit.or([given.f, there.f]) }
            }
            ExprKind::Single { frame, then } => {
                let row = self.only(*frame);
                self.has_there(&[(Bit::TRUE, row)], *then)
            }
            ExprKind::Lookup { list, pick, condition, then } => {
                let (rows, none) = self.select((inner, *list), *pick, *condition, scope);
                let there = self.has_there(&rows, *then);
                Rails { t: there.t, f: self.circuit.or([none, there.f]) }
            }
            // `有 list` is that it has an element.
            ExprKind::Quantify { .. } => {
                let any = self.rails(inner, scope);
                Rails { t: any.t, f: !any.t }
            }
            ExprKind::Nearest(nearest) => {
                let known = self.known(nearest.text, scope);
                let rows = self.referred(inner, scope);
                let some = self.circuit.or(rows.iter().map(|row| row.0));
                Rails { t: some, f: self.circuit.and([known, !some]) }
            }
            ExprKind::Definition { level, definition } if program.is_stated(inner) => {
                match (at(scope, *level), program.definition(*definition)) {
                    (Some(row), Some(found)) => {
                        let natural = self.natural(row);
                        self.has(found.body, &natural)
                    }
                    _ => Rails::of(false),
                }
            }
            _ => match self.meaning(inner, scope) {
                Meaning::Truth(rails) => {
                    Rails { t: self.circuit.or([rails.t, rails.f]), f: Bit::FALSE }
                }
                Meaning::Number(valid, _) => Rails { t: valid, f: !valid },
                Meaning::Rows(rows) => {
                    let valid = self.circuit.or(rows.iter().map(|row| row.0));
                    Rails { t: valid, f: !valid }
                }
            },
        }
    }

    fn has_there(&mut self, rows: &[(Bit, RowId)], then: ExprId) -> Rails {
        let (mut given, mut lacking) = (Vec::new(), Vec::new());
        for &(guard, row) in rows {
            let scope = self.natural(row);
            let there = self.has(then, &scope);
            given.push(self.circuit.and([guard, there.t]));
            lacking.push(self.circuit.and([guard, there.f]));
        }
        Rails { t: self.circuit.or(given), f: self.circuit.or(lacking) }
    }

    fn quantify(
        &mut self,
        id: ExprId,
        quantifier: Quantifier,
        list: List,
        (filter, body): (Option<ExprId>, Option<ExprId>),
        scope: &[RowId],
    ) -> Rails {
        let Some((owner, given)) = self.owner(list, scope) else {
            return self.unknowable(Limit::Identity(id));
        };
        let (mut sure, mut maybe) = (Vec::new(), Vec::new());
        for element in self.elements(owner) {
            let there = self.member(owner, element);
            let inner = self.inside(list, scope, element);
            let body = body.map_or(Rails::of(true), |body| self.rails(body, &inner));
            let body = if quantifier == Quantifier::Every { body.negated() } else { body };
            let filter = filter.map_or(Rails::of(true), |filter| self.rails(filter, &inner));
            let member = self.both(&[filter, body]);
            sure.push(self.circuit.and([there, member.t]));
            maybe.push(self.circuit.and([there, !member.f]));
        }
        let none = !self.circuit.or(maybe);
        let any = Rails { t: self.circuit.or(sure), f: self.circuit.and([given, none]) };
        if quantifier == Quantifier::Any { any } else { any.negated() }
    }
}
