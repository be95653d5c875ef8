//! Value numbers: which expressions are read from the same things, so that they give equal values
//! for one row.

use crate::builtin::{Function, Quantifier};
use crate::lowering::pushes;
use crate::program::{DefinitionId, ExprId, ExprKind, List, ParameterId, Program, TextRelation};
use crate::schema::{Constant, FieldId, FrameId};
use crate::syntax::tree::Operator;
use std::collections::{BTreeSet, HashMap};

/// What a value is read from: two expressions that are equal as these give equal values for one
/// row.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Source {
    Subject(usize),
    Only(FrameId),
    Element(usize),
    Parent(usize),
    Field(usize, FieldId),
    Parameter(ParameterId),
    Constant(Constant),
    Given(usize),
    List(&'static str, Option<usize>, FrameId, Option<FieldId>),
    Form(&'static str, Vec<usize>),
    Call(Function, Vec<usize>),
    Arithmetic(Operator, usize, usize),
    Relation(TextRelation, usize, usize),
}

/// Gives numbers to what expressions are read from.
pub(super) struct Numbering<'p> {
    program: &'p Program,
    sources: HashMap<Source, usize>,
    elements: BTreeSet<usize>,
    /// What is numbered already: a definition that others use several times is walked once.
    known: HashMap<(ExprId, Vec<usize>), Option<usize>>,
}

impl<'p> Numbering<'p> {
    /// Without any number.
    pub(super) fn new(program: &'p Program) -> Self {
        Self { program, sources: HashMap::new(), elements: BTreeSet::new(), known: HashMap::new() }
    }

    fn intern(&mut self, source: Source) -> usize {
        let next = self.sources.len();
        *self.sources.entry(source).or_insert(next)
    }

    /// Of an expression over rows that are told apart by numbers of their own.
    pub(super) fn of_rows(&mut self, id: ExprId, rows: &[usize]) -> Option<usize> {
        let scope: Vec<usize> = rows.iter().map(|row| self.intern(Source::Subject(*row))).collect();
        self.value(id, &scope)
    }

    /// Of what is read of the elements of a list, over rows that are told apart by numbers of their
    /// own.
    pub(super) fn of_elements(
        &mut self,
        list: List,
        parts: &[Option<ExprId>],
        rows: &[usize],
    ) -> Option<Vec<usize>> {
        let scope: Vec<usize> = rows.iter().map(|row| self.intern(Source::Subject(*row))).collect();
        let inner = self.inside(list, &scope);
        let part = |numbering: &mut Self, part: &Option<ExprId>| match part {
            Some(part) => Some(numbering.value(*part, &inner)? + 1),
            None => Some(0),
        };
        parts.iter().map(|one| part(self, one)).collect()
    }

    /// The rows in scope with an element of a list.
    fn inside(&mut self, list: List, scope: &[usize]) -> Vec<usize> {
        let mut inner = scope.to_vec();
        for _ in 0..pushes(self.program, list) {
            let element = self.intern(Source::Element(inner.len()));
            self.elements.insert(element);
            inner.push(element);
        }
        inner
    }

    /// Of a constant.
    pub(super) fn constant(&mut self, constant: Constant) -> usize {
        self.intern(Source::Constant(constant))
    }

    /// Of a text as keys are compared.
    pub(super) fn key(&mut self, value: usize) -> usize {
        self.intern(Source::Form("key", vec![value]))
    }

    /// Of whether a value is given.
    pub(super) fn given(&mut self, value: usize) -> usize {
        self.intern(Source::Given(value))
    }

    /// Of a field of a row.
    pub(super) fn field(&mut self, row: usize, field: FieldId) -> usize {
        self.intern(Source::Field(row, field))
    }

    /// The row in question with those it is nested in, innermost last.
    pub(super) fn subject(&mut self, frame: FrameId) -> Vec<usize> {
        let mut depth = 0;
        let mut at = frame;
        while let Some((parent, _)) = self.program.schema.frame(at).and_then(|found| found.parent) {
            (depth, at) = (depth + 1, parent);
        }
        (0..=depth).map(|level| self.intern(Source::Subject(level))).collect()
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
    pub(super) fn defined(
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

    /// Of an expression over the rows in scope, innermost last; `None` where that has no name here.
    pub(super) fn value(&mut self, id: ExprId, scope: &[usize]) -> Option<usize> {
        let key = (id, scope.to_vec());
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        let number = self.number(id, scope);
        self.known.insert(key, number);
        number
    }

    fn number(&mut self, id: ExprId, scope: &[usize]) -> Option<usize> {
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
                let inner = self.inside(*list, scope);
                let list = self.list(*list, scope)?;
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
                let referred = [*left, *right].iter().any(|side| program.is_referred_key(*side));
                let sides = self.values(&[*left, *right], scope)?;
                let sides = match referred {
                    true => sides.into_iter().map(|side| self.key(side)).collect(),
                    false => sides,
                };
                Source::Form(comparison.sign(), sides)
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
        Quantifier::Distinct => "distinct",
    }
}
