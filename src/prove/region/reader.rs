//! Reads what conditions say of single values.

use super::span::{Region, Regions, both, either, opposite, ratio, spans, within};
use crate::builtin::{Function, Quantifier};
use crate::program::{
    Clause, Comparison, DefinitionId, ExprId, ExprKind, List, Program, TextRelation,
};
use crate::prove::question::Prover;
use crate::prove::world::RowId;
use crate::schema::{Constant, FieldId, FrameId, Order, Type};
use crate::syntax::tree::Operator;
use crate::value::Ratio;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What a value is read from: two expressions that are equal as these give equal values for one
/// row.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Source {
    Subject(usize),
    Only(FrameId),
    Element(usize),
    Parent(usize),
    Field(usize, FieldId),
    Parameter(crate::program::ParameterId),
    Constant(Constant),
    Given(usize),
    List(&'static str, Option<usize>, FrameId, Option<FieldId>),
    Form(&'static str, Vec<usize>),
    Call(Function, Vec<usize>),
    Arithmetic(Operator, usize, usize),
    Relation(TextRelation, usize, usize),
}

/// Reads conditions.
pub(in crate::prove) struct Reader<'p> {
    program: &'p Program,
    sources: HashMap<Source, usize>,
    elements: BTreeSet<usize>,
}

impl<'p> Reader<'p> {
    pub(in crate::prove) fn new(program: &'p Program) -> Self {
        Self { program, sources: HashMap::new(), elements: BTreeSet::new() }
    }

    fn intern(&mut self, source: Source) -> usize {
        let next = self.sources.len();
        *self.sources.entry(source).or_insert(next)
    }

    /// What an expression is read from, for rows of a world.
    pub(in crate::prove) fn of_rows(&mut self, id: ExprId, rows: &[RowId]) -> Option<usize> {
        let scope: Vec<usize> = rows.iter().map(|row| self.intern(Source::Subject(*row))).collect();
        self.value(id, &scope)
    }

    /// The row in question with those it is nested in, innermost last.
    pub(in crate::prove) fn subject(&mut self, frame: FrameId) -> Vec<usize> {
        let mut depth = 0;
        let mut at = frame;
        while let Some((parent, _)) = self.program.schema.frame(at).and_then(|found| found.parent) {
            (depth, at) = (depth + 1, parent);
        }
        (0..=depth).map(|level| self.intern(Source::Subject(level))).collect()
    }

    /// What must be so where a sentence's condition holds, and where its exception does not.
    pub(super) fn sentence(&mut self, prover: &Prover<'_>, at: usize) -> (Regions, Regions) {
        let top = || Some(BTreeMap::new());
        let (Some(judgement), Some((_, sentence))) =
            (prover.judgements.get(at), prover.sentence(at))
        else {
            return (top(), top());
        };
        let scope = self.subject(judgement.frame);
        let speaks =
            sentence.condition.map_or_else(top, |condition| self.regions(condition, true, &scope));
        let held =
            sentence.exception.map_or_else(top, |exception| self.regions(exception, false, &scope));
        (speaks, held)
    }

    /// What must be so where a sentence surely does not govern, whatever overrides it.
    pub(super) fn silent(&mut self, prover: &Prover<'_>, at: usize) -> Regions {
        let top = || Some(BTreeMap::new());
        let (Some(judgement), Some((_, sentence))) =
            (prover.judgements.get(at), prover.sentence(at))
        else {
            return top();
        };
        let scope = self.subject(judgement.frame);
        let outside =
            sentence.condition.and_then(|condition| self.regions(condition, false, &scope));
        let excepted =
            sentence.exception.and_then(|exception| self.regions(exception, true, &scope));
        either(outside, excepted)
    }

    /// What must be so where what a sentence requires is so.
    pub(super) fn required(&mut self, prover: &Prover<'_>, at: usize) -> Regions {
        let found = prover.judgements.get(at).zip(prover.sentence(at));
        let Some((judgement, (_, sentence))) = found else { return Some(BTreeMap::new()) };
        let Clause::Require { modal, condition } = sentence.clause else {
            return Some(BTreeMap::new());
        };
        let scope = self.subject(judgement.frame);
        self.regions(condition, !modal.is_negative(), &scope)
    }

    /// A row of a frame with those it is nested in.
    fn natural(&mut self, row: usize, frame: FrameId) -> Vec<usize> {
        let mut rows = vec![row];
        let mut at = frame;
        while let Some((parent, _)) = self.program.schema.frame(at).and_then(|found| found.parent) {
            let last = rows.last().copied().unwrap_or(row);
            rows.push(self.intern(Source::Parent(last)));
            at = parent;
        }
        rows.reverse();
        rows
    }

    /// The rows a definition sees: the row it is asked of, and those that one is nested in.
    fn defined(
        &mut self,
        level: usize,
        definition: DefinitionId,
        scope: &[usize],
    ) -> Option<Vec<usize>> {
        let at = scope.len().checked_sub(level + 1)?;
        let row = *scope.get(at)?;
        if !self.elements.contains(&row) {
            return scope.get(..=at).map(<[usize]>::to_vec);
        }
        Some(self.natural(row, self.program.definition(definition)?.frame))
    }

    /// What must be so where a condition surely holds, or surely does not.
    pub(super) fn regions(&mut self, id: ExprId, holds: bool, scope: &[usize]) -> Regions {
        let program = self.program;
        let top = Some(BTreeMap::new());
        match &program.expr(id).kind {
            ExprKind::Constant(Constant::Bool(value)) => (*value == holds).then(BTreeMap::new),
            ExprKind::Not(inner) => self.regions(*inner, !holds, scope),
            ExprKind::And(parts) if holds => {
                parts.iter().fold(top, |all, part| both(all, self.regions(*part, true, scope)))
            }
            ExprKind::Or(parts) if !holds => {
                parts.iter().fold(top, |all, part| both(all, self.regions(*part, false, scope)))
            }
            ExprKind::And(parts) | ExprKind::Or(parts) => {
                parts.iter().fold(None, |all, part| either(all, self.regions(*part, holds, scope)))
            }
            ExprKind::Compare(comparison, left, right) => {
                self.compared(*comparison, (*left, *right), holds, scope)
            }
            ExprKind::In(value, options) => {
                let each = options.iter().map(|option| (Comparison::Equal, (*value, *option)));
                let each: Vec<Regions> = each
                    .map(|(comparison, sides)| self.compared(comparison, sides, holds, scope))
                    .collect();
                if holds {
                    each.into_iter().fold(None, either)
                } else {
                    each.into_iter().fold(top, both)
                }
            }
            ExprKind::Has(inner) => self.given(*inner, holds, scope),
            ExprKind::Definition { level, definition } => {
                match (program.definition(*definition), self.defined(*level, *definition, scope)) {
                    (Some(found), Some(rows)) => self.regions(found.body, holds, &rows),
                    _ => top,
                }
            }
            _ => match self.value(id, scope) {
                Some(value) => self.truth(value, holds),
                None => top,
            },
        }
    }

    fn truth(&self, value: usize, holds: bool) -> Regions {
        let cut = |number: i64| Some((ratio(number), 0));
        let span = if holds { (cut(1), cut(2)) } else { (cut(0), cut(1)) };
        Some(BTreeMap::from([(value, Region { unknown: false, spans: vec![span] })]))
    }

    /// `有 x`: of a field only, whose absence is one thing.
    fn given(&mut self, inner: ExprId, holds: bool, scope: &[usize]) -> Regions {
        match &self.program.expr(inner).kind {
            ExprKind::Field { .. } => {
                let Some(value) = self.value(inner, scope) else { return Some(BTreeMap::new()) };
                let given = self.intern(Source::Given(value));
                let known = Region {
                    unknown: !holds,
                    spans: if holds { vec![(None, None)] } else { Vec::new() },
                };
                both(self.truth(given, holds), Some(BTreeMap::from([(value, known)])))
            }
            ExprKind::Quantify { .. } => match self.value(inner, scope) {
                Some(value) => {
                    let given = self.intern(Source::Given(value));
                    let some = if holds { self.truth(value, true) } else { Some(BTreeMap::new()) };
                    both(self.truth(given, holds), some)
                }
                None => Some(BTreeMap::new()),
            },
            _ => Some(BTreeMap::new()),
        }
    }

    fn compared(
        &mut self,
        comparison: Comparison,
        (left, right): (ExprId, ExprId),
        holds: bool,
        scope: &[usize],
    ) -> Regions {
        let top = Some(BTreeMap::new());
        let (value, comparison, constant) = match (self.constant(left), self.constant(right)) {
            (None, Some(constant)) => (left, comparison, constant),
            (Some(constant), None) => (right, comparison.mirrored(), constant),
            _ => return top,
        };
        let ty = self.program.expr(value).ty;
        let Some(value) = self.value(value, scope) else { return top };
        let descending = matches!(ty, Type::Enum(id) if
            self.program.schema.enumeration(id).is_some_and(|found| found.order ==
                Some(Order::Descending)));
        let comparison = if descending { comparison.mirrored() } else { comparison };
        let whole = !matches!(ty, Type::Decimal | Type::Money | Type::Percent);
        let spans = within(
            ty,
            self.program,
            spans(if holds { comparison } else { opposite(comparison) }, constant, whole),
        );
        let region = Region { unknown: false, spans };
        (!region.is_empty()).then(|| BTreeMap::from([(value, region)]))
    }

    /// A constant as a number; texts by which they are.
    fn constant(&mut self, id: ExprId) -> Option<Ratio> {
        let value = match &self.program.expr(id).kind {
            ExprKind::Constant(constant) => constant,
            ExprKind::Parameter(parameter) => self.program.parameter(*parameter)?.values.first()?,
            _ => return None,
        };
        match value {
            Constant::Int(value) => Some(ratio(*value)),
            Constant::Ratio(value) => Some(*value),
            Constant::Text(_) => {
                let value = value.clone();
                i64::try_from(self.intern(Source::Constant(value))).ok().map(ratio)
            }
            Constant::Bool(_) | Constant::Empty => None,
        }
    }

    /// What an expression is read from; `None` where that has no name here.
    fn value(&mut self, id: ExprId, scope: &[usize]) -> Option<usize> {
        let program = self.program;
        let at = |level: usize| scope.len().checked_sub(level + 1);
        let source = match &program.expr(id).kind {
            ExprKind::Constant(constant) => Source::Constant(constant.clone()),
            ExprKind::Parameter(parameter) => Source::Parameter(*parameter),
            ExprKind::Field { level, field, .. } => Source::Field(*scope.get(at(*level)?)?, *field),
            ExprKind::Row { level, .. } => return scope.get(at(*level)?).copied(),
            ExprKind::Definition { level, definition } => {
                let rows = self.defined(*level, *definition, scope)?;
                return self.value(program.definition(*definition)?.body, &rows);
            }
            ExprKind::Follow { reference, frame, then } => {
                let row = self.value(*reference, scope)?;
                let rows = self.natural(row, *frame);
                return self.value(*then, &rows);
            }
            ExprKind::Single { frame, then } => {
                let row = self.intern(Source::Only(*frame));
                return self.value(*then, &[row]);
            }
            ExprKind::Quantify { quantifier, list, filter, body } => {
                let list = self.list(*list, scope)?;
                let mut inner = scope.to_vec();
                let element = self.intern(Source::Element(scope.len()));
                self.elements.insert(element);
                inner.push(element);
                let mut parts = vec![list];
                for part in [filter, body] {
                    parts.push(match part {
                        Some(part) => self.value(*part, &inner)? + 1,
                        None => 0,
                    });
                }
                Source::Form(form(*quantifier), parts)
            }
            ExprKind::Text(relation, left, right) => {
                Source::Relation(*relation, self.value(*left, scope)?, self.value(*right, scope)?)
            }
            ExprKind::Negate(inner) => Source::Form("-", vec![self.value(*inner, scope)?]),
            ExprKind::Not(inner) => Source::Form("not", vec![self.value(*inner, scope)?]),
            ExprKind::And(parts) => Source::Form("and", self.values(parts, scope)?),
            ExprKind::Or(parts) => Source::Form("or", self.values(parts, scope)?),
            ExprKind::Compare(comparison, left, right) => {
                Source::Form(comparison.sign(), self.values(&[*left, *right], scope)?)
            }
            ExprKind::Call(function, arguments) => {
                Source::Call(*function, self.values(arguments, scope)?)
            }
            ExprKind::Arithmetic(operator, left, right) => {
                Source::Arithmetic(*operator, self.value(*left, scope)?, self.value(*right, scope)?)
            }
            _ => return None,
        };
        Some(self.intern(source))
    }

    fn values(&mut self, parts: &[ExprId], scope: &[usize]) -> Option<Vec<usize>> {
        parts.iter().map(|part| self.value(*part, scope)).collect()
    }

    fn list(&mut self, list: List, scope: &[usize]) -> Option<usize> {
        let row = |level: usize| scope.get(scope.len().checked_sub(level + 1)?).copied();
        let source = match list {
            List::Nested { level, frame } => Source::List("nested", Some(row(level)?), frame, None),
            List::Inverse { level, frame, field } => {
                Source::List("inverse", Some(row(level)?), frame, Some(field))
            }
            List::All { frame } => Source::List("all", None, frame, None),
        };
        Some(self.intern(source))
    }
}

fn form(quantifier: Quantifier) -> &'static str {
    match quantifier {
        Quantifier::Any => "any",
        Quantifier::Every => "every",
        Quantifier::None => "none",
        Quantifier::Count => "count",
        Quantifier::Sum => "sum",
        Quantifier::Max => "max",
        Quantifier::Min => "min",
    }
}
