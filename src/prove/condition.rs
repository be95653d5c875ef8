//! Conditions over the rows of a world: surely true, surely false, as the evaluator's own rails
//! (`lowering::rails`) have it.

use super::linear::Linear;
use super::sat::{Bit, Solver};
use super::world::{Cell, Limit, Meaning, Owner, Rails, RowId, TextAtom, World};
use crate::builtin::Quantifier;
use crate::program::{Comparison, ExprId, ExprKind, List, TextRelation};
use crate::schema::{Constant, Order, Type};
use crate::value::Ratio;
use crate::value::key::canonical;
use std::sync::Arc;

impl Rails {
    /// Known and so.
    #[must_use]
    pub fn of(value: bool) -> Self {
        Self { t: Bit::of(value), f: Bit::of(!value) }
    }

    /// Not.
    #[must_use]
    pub fn negated(self) -> Self {
        Self { t: self.f, f: self.t }
    }
}

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
        let key = (id, scope.to_vec());
        if let Some(known) = self.meanings.get(&key) {
            return known.clone();
        }
        let found = if self.program.expr(id).ty == Type::Boolean {
            Meaning::Truth(self.condition(id, scope))
        } else {
            self.value(id, scope)
        };
        self.meanings.insert(key, found.clone());
        found
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

    fn condition(&mut self, id: ExprId, scope: &[RowId]) -> Rails {
        let program = self.program;
        match &program.expr(id).kind {
            ExprKind::Constant(Constant::Bool(value)) => Rails::of(*value),
            ExprKind::Parameter(parameter) => Rails::of(
                program.parameter(*parameter).and_then(|found| found.values.first())
                    == Some(&Constant::Bool(true)),
            ),
            ExprKind::Not(inner) => self.rails(*inner, scope).negated(),
            ExprKind::And(parts) => {
                let rails: Vec<Rails> = parts.iter().map(|part| self.rails(*part, scope)).collect();
                self.both(&rails)
            }
            ExprKind::Or(parts) => {
                let rails: Vec<Rails> = parts.iter().map(|part| self.rails(*part, scope)).collect();
                self.either(&rails)
            }
            ExprKind::Compare(comparison, left, right) => {
                self.compare(id, *comparison, *left, *right, scope)
            }
            ExprKind::In(value, options) => {
                let rails: Vec<Rails> = options
                    .iter()
                    .map(|option| self.compare(id, Comparison::Equal, *value, *option, scope))
                    .collect();
                self.either(&rails)
            }
            ExprKind::Text(relation, left, right) => {
                self.text_relation(id, *relation, (*left, *right), scope)
            }
            ExprKind::Has(inner) => self.has(*inner, scope),
            ExprKind::Trace(_) => self.unknowable(Limit::Process(id)),
            ExprKind::Quantify { quantifier, list, filter, body } => {
                self.quantify(id, *quantifier, *list, (*filter, *body), scope)
            }
            ExprKind::Field { level, field, .. } => {
                match at(scope, *level).and_then(|row| self.cell(row, *field)) {
                    Some(Cell::Truth(present, value)) => Rails {
                        t: self.circuit.and([present, value]),
                        f: self.circuit.and([present, !value]),
                    },
                    _ => Rails { t: Bit::FALSE, f: Bit::FALSE },
                }
            }
            ExprKind::Chain(_) => self.unknowable(Limit::Opaque(id)),
            _ => match self.read(id, scope) {
                Meaning::Truth(rails) => rails,
                _ => Rails::of(false),
            },
        }
    }

    fn compare(
        &mut self,
        id: ExprId,
        comparison: Comparison,
        left: ExprId,
        right: ExprId,
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
                self.same_row(id, comparison == Comparison::NotEqual, &a, &b)
            }
            _ => self.unknowable(Limit::Opaque(id)),
        }
    }

    /// A known text as keys are compared.
    fn as_key(&mut self, text: Linear) -> Linear {
        let known = text.known().and_then(|known| usize::try_from(known.to_integer()).ok());
        let Some(known) = known.and_then(|known| self.texts.get(known).cloned()) else {
            return text;
        };
        let form: Arc<str> = canonical(&known).into();
        if form == known { text } else { Linear::whole(self.text(&form)) }
    }

    /// A comparison of two known numbers. Values of an enum are few: theirs is said with thresholds
    /// alone.
    fn test(&mut self, ty: Type, comparison: Comparison, x: &Linear, y: &Linear) -> Bit {
        let descending = matches!(ty, Type::Enum(id) if
            self.program.schema.enumeration(id).is_some_and(|found| found.order ==
                Some(Order::Descending)));
        let comparison = if descending { comparison.mirrored() } else { comparison };
        let (low, high) = match comparison {
            Comparison::Greater | Comparison::LessEqual => (y, x),
            _ => (x, y),
        };
        let few = match (ty, low.known(), high.known()) {
            (Type::Enum(id), None, None) => {
                self.program.schema.enumeration(id).map(|found| found.values.len())
            }
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

    fn up_to(&mut self, linear: &Linear, value: usize) -> Bit {
        let limit = Linear::whole(i64::try_from(value).unwrap_or(i64::MAX));
        self.numbers.at_most(&mut self.circuit, &linear.clone().minus(&limit), false)
    }

    /// Whether two references name one row. Rows of a world are taken to be different rows.
    fn same_row(
        &mut self,
        id: ExprId,
        negated: bool,
        a: &[(Bit, RowId)],
        b: &[(Bit, RowId)],
    ) -> Rails {
        let mut same = Vec::new();
        let mut other = Vec::new();
        for &(guard, x) in a {
            for &(also, y) in b {
                let meet = self.circuit.and([guard, also]);
                if x == y { same.push(meet) } else { other.push(meet) }
            }
        }
        if !other.is_empty() {
            self.limits.insert(Limit::Identity(id));
        }
        let rails = Rails { t: self.circuit.or(same), f: self.circuit.or(other) };
        if negated { rails.negated() } else { rails }
    }

    fn unknowable(&mut self, limit: Limit) -> Rails {
        self.limits.insert(limit);
        let (known, value) = (self.circuit.free(), self.circuit.free());
        Rails { t: self.circuit.and([known, value]), f: self.circuit.and([known, !value]) }
    }

    fn text_relation(
        &mut self,
        id: ExprId,
        relation: TextRelation,
        (left, right): (ExprId, ExprId),
        scope: &[RowId],
    ) -> Rails {
        let (Meaning::Number(a, text), Meaning::Number(b, pattern)) =
            (self.meaning(left, scope), self.meaning(right, scope))
        else {
            return self.unknowable(Limit::Texts(id));
        };
        let constant = |world: &Self, linear: &Linear| -> Option<Arc<str>> {
            world.texts.get(usize::try_from(*linear.known()?.numer()).ok()?).cloned()
        };
        let test = match (constant(self, &text), constant(self, &pattern), text.single()) {
            (Some(text), Some(pattern), _) => Bit::of(related(relation, &text, &pattern)),
            (None, Some(pattern), Some(text)) => self.text_atom(id, relation, pattern, text),
            _ => return self.unknowable(Limit::Texts(id)),
        };
        Rails { t: self.circuit.and([a, b, test]), f: self.circuit.and([a, b, !test]) }
    }

    fn text_atom(
        &mut self,
        id: ExprId,
        relation: TextRelation,
        pattern: Arc<str>,
        text: usize,
    ) -> Bit {
        let known = self
            .text_atoms
            .iter()
            .find(|atom| atom.relation == relation && atom.pattern == pattern && atom.text == text);
        if let Some(known) = known {
            return known.bit;
        }
        let bit = self.circuit.free();
        self.text_atoms.push(TextAtom { id, relation, pattern, text, bit });
        bit
    }

    fn has(&mut self, inner: ExprId, scope: &[RowId]) -> Rails {
        let program = self.program;
        match &program.expr(inner).kind {
            ExprKind::Field { level, field, .. } => {
                match at(scope, *level).and_then(|row| self.cell(row, *field)) {
                    Some(
                        Cell::Truth(present, _)
                        | Cell::Number(present, _)
                        | Cell::Reference(present, _),
                    ) => Rails { t: present, f: !present },
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
            ExprKind::Lookup { list, condition, then } => {
                let (rows, none) = self.select(inner, *list, *condition, scope);
                let there = self.has_there(&rows, *then);
                Rails { t: there.t, f: self.circuit.or([none, there.f]) }
            }
            // `有 list` is that it has an element.
            ExprKind::Quantify { .. } => {
                let any = self.rails(inner, scope);
                Rails { t: any.t, f: !any.t }
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
        let Some((owner, given)) = self.owner(id, list, scope) else {
            return self.unknowable(Limit::Identity(id));
        };
        let (mut sure, mut maybe) = (Vec::new(), Vec::new());
        for element in self.elements(owner) {
            let there = self.member(owner, element);
            let inner = self.inside(scope, element);
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

    /// The list itself, and whether it is given.
    pub(super) fn owner(
        &mut self,
        id: ExprId,
        list: List,
        scope: &[RowId],
    ) -> Option<(Owner, Bit)> {
        Some(match list {
            List::Nested { level, frame } => {
                let row = at(scope, level)?;
                let field = self.program.schema.frame(frame)?.parent?.1;
                let given = match self.cell(row, field) {
                    Some(Cell::Truth(present, _)) => present,
                    _ => Bit::TRUE,
                };
                (Owner::Nested(row, frame), given)
            }
            List::Inverse { level, frame, field } => {
                // A row that names itself, or another that could, would be in the list too.
                let row = at(scope, level)?;
                if self
                    .rows
                    .iter()
                    .any(|other| other.frame == frame && !other.cells.contains_key(&field))
                {
                    self.limits.insert(Limit::Identity(id));
                }
                (Owner::Inverse(row, frame, field), Bit::TRUE)
            }
            List::All { frame } => {
                if self.program.schema.frame(frame)?.parent.is_some() {
                    return None;
                }
                (Owner::All(frame), Bit::TRUE)
            }
        })
    }

    /// What an element sees.
    pub(super) fn inside(&self, scope: &[RowId], element: RowId) -> Vec<RowId> {
        let mut rows = scope.to_vec();
        rows.push(element);
        rows
    }
}

/// A relation of two texts, as the evaluator has it.
pub(super) fn related(relation: TextRelation, text: &str, pattern: &str) -> bool {
    match relation {
        TextRelation::Contains => text.contains(pattern),
        TextRelation::StartsWith => text.starts_with(pattern),
        TextRelation::EndsWith => text.ends_with(pattern),
        TextRelation::Matches => regex_lite::Regex::new(&format!("^(?:{pattern})$"))
            .is_ok_and(|regex| regex.is_match(text)),
    }
}

/// The number of a whole constant.
pub(super) fn ratio(value: i64) -> Ratio {
    Ratio::from_integer(i128::from(value))
}
