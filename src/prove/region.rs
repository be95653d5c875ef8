//! Where a single value must lie for a condition to hold: a proof without a search that two sentences cannot meet.
//!
//! A condition that surely holds says something of single values: `a 且 b` what either says, `a 或 b` what both say of one value, a
//! comparison with a constant that the value is known and in a range. What else a condition says is left out, so the ranges are too
//! wide rather than too narrow: where those of two conditions have no value in common, no row satisfies both. Values are told apart
//! by what they are read from ([`Reader::value`]), so a sum over a list is one value like a field.

use super::linear::Threshold;
use super::question::{Claim, Prover};
use super::world::RowId;
use crate::builtin::{Function, Quantifier};
use crate::program::{Clause, Comparison, DefinitionId, ExprId, ExprKind, List, Program, TextRelation};
use crate::schema::{Constant, FieldId, FrameId, Order, Type};
use crate::syntax::tree::Operator;
use crate::value::Ratio;
use num_traits::{One, Zero};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The values between two cuts of the line, from including, to excluding; `None` is open.
type Span = (Option<Threshold>, Option<Threshold>);

/// What must be so of single values where a sentence speaks, and where it governs; by index of judgements.
#[derive(Default)]
pub(super) struct Known {
    speaks: Vec<Regions>,
    governs: Vec<Regions>,
    kept: Vec<Regions>,
}

impl Prover<'_, '_> {
    /// Reads all sentences.
    #[must_use]
    pub(super) fn known(&self) -> Known {
        let mut reader = Reader::new(self.graph.program);
        let speaks: Vec<Regions> = (0..self.judgements.len()).map(|at| reader.sentence(self, at).0).collect();
        let own = (0..self.judgements.len()).map(|at| {
            let (speaks, own) = reader.sentence(self, at);
            let over = self.overriding(at).into_iter().fold(own, |all, other| both(all, reader.silent(self, other)));
            both(speaks, over)
        });
        let governs: Vec<Regions> = own.collect();
        let kept = (0..).zip(&governs).map(|(at, governs)| both(governs.clone(), reader.required(self, at))).collect();
        Known { speaks, governs, kept }
    }
}

impl Known {
    /// Whether no row can show all claims, by what they say of single values.
    #[must_use]
    pub(super) fn never(&self, claims: &[Claim]) -> bool {
        let said: Vec<&Regions> = claims.iter().filter_map(|claim| self.of(*claim)).collect();
        said.iter().enumerate().any(|(at, one)| one.is_none() || said.iter().take(at).any(|other| apart(one, other)))
    }

    fn of(&self, claim: Claim) -> Option<&Regions> {
        match claim {
            Claim::Speaks(at) => self.speaks.get(at),
            Claim::Governs(at) | Claim::Broken(at) => self.governs.get(at),
            Claim::Kept(at) => self.kept.get(at),
            _ => None,
        }
    }
}

/// What one value may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Region {
    /// Not known, or not given.
    unknown: bool,
    /// In order, none empty.
    spans: Vec<Span>,
}

/// What a condition says of single values; `None` of a condition that cannot hold.
pub(super) type Regions = Option<BTreeMap<usize, Region>>;

/// Whether no row satisfies both.
#[must_use]
pub(super) fn apart(a: &Regions, b: &Regions) -> bool {
    let (Some(a), Some(b)) = (a, b) else { return true };
    let (few, many) = if a.len() < b.len() { (a, b) } else { (b, a) };
    few.iter().any(|(value, region)| many.get(value).is_some_and(|other| !region.meets(other)))
}

/// Both.
#[must_use]
pub(super) fn both(a: Regions, b: Regions) -> Regions {
    let (mut all, other) = (a?, b?);
    for (value, region) in other {
        let met = all.get(&value).map_or_else(|| region.clone(), |own| own.and(&region));
        if met.is_empty() {
            return None;
        }
        all.insert(value, met);
    }
    Some(all)
}

fn either(a: Regions, b: Regions) -> Regions {
    let (a, b) = match (a, b) {
        (None, only) | (only, None) => return only,
        (Some(a), Some(b)) => (a, b),
    };
    Some(a.into_iter().filter_map(|(value, region)| Some((value, region.or(b.get(&value)?)))).collect())
}

impl Region {
    fn is_empty(&self) -> bool {
        !self.unknown && self.spans.is_empty()
    }

    fn meets(&self, other: &Self) -> bool {
        (self.unknown && other.unknown) || self.spans.iter().any(|a| other.spans.iter().any(|b| overlap(*a, *b).is_some()))
    }

    fn and(&self, other: &Self) -> Self {
        let spans = self.spans.iter().flat_map(|a| other.spans.iter().filter_map(|b| overlap(*a, *b))).collect();
        Self { unknown: self.unknown && other.unknown, spans }
    }

    /// Spans may overlap afterwards; nothing asks whether they do.
    fn or(&self, other: &Self) -> Self {
        Self { unknown: self.unknown || other.unknown, spans: self.spans.iter().chain(&other.spans).copied().collect() }
    }
}

fn overlap(a: Span, b: Span) -> Option<Span> {
    let from = a.0.max(b.0);
    let to = match (a.1, b.1) {
        (Some(x), Some(y)) => Some(x.min(y)),
        (one, other) => one.or(other),
    };
    from.zip(to).is_none_or(|(from, to)| from < to).then_some((from, to))
}

/// What a value is read from: two expressions that are equal as these give equal values for one row.
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
pub(super) struct Reader<'p> {
    program: &'p Program,
    sources: HashMap<Source, usize>,
    elements: BTreeSet<usize>,
}

impl<'p> Reader<'p> {
    pub(super) fn new(program: &'p Program) -> Self {
        Self { program, sources: HashMap::new(), elements: BTreeSet::new() }
    }

    fn intern(&mut self, source: Source) -> usize {
        let next = self.sources.len();
        *self.sources.entry(source).or_insert(next)
    }

    /// What an expression is read from, for rows of a world.
    pub(super) fn of_rows(&mut self, id: ExprId, rows: &[RowId]) -> Option<usize> {
        let scope: Vec<usize> = rows.iter().map(|row| self.intern(Source::Subject(*row))).collect();
        self.value(id, &scope)
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

    /// What must be so where a sentence's condition holds, and where its exception does not.
    fn sentence(&mut self, prover: &Prover<'_, '_>, at: usize) -> (Regions, Regions) {
        let top = || Some(BTreeMap::new());
        let (Some(judgement), Some((_, sentence))) = (prover.judgements.get(at), prover.sentence(at)) else { return (top(), top()) };
        let scope = self.subject(judgement.frame);
        let speaks = sentence.condition.map_or_else(top, |condition| self.regions(condition, true, &scope));
        let held = sentence.exception.map_or_else(top, |exception| self.regions(exception, false, &scope));
        (speaks, held)
    }

    /// What must be so where a sentence surely does not govern, whatever overrides it.
    fn silent(&mut self, prover: &Prover<'_, '_>, at: usize) -> Regions {
        let top = || Some(BTreeMap::new());
        let (Some(judgement), Some((_, sentence))) = (prover.judgements.get(at), prover.sentence(at)) else { return top() };
        let scope = self.subject(judgement.frame);
        let outside = sentence.condition.map_or(None, |condition| self.regions(condition, false, &scope));
        let excepted = sentence.exception.map_or(None, |exception| self.regions(exception, true, &scope));
        either(outside, excepted)
    }

    /// What must be so where what a sentence requires is so.
    fn required(&mut self, prover: &Prover<'_, '_>, at: usize) -> Regions {
        let found = prover.judgements.get(at).zip(prover.sentence(at));
        let Some((judgement, (_, sentence))) = found else { return Some(BTreeMap::new()) };
        let Clause::Require { modal, condition } = sentence.clause else { return Some(BTreeMap::new()) };
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
    fn defined(&mut self, level: usize, definition: DefinitionId, scope: &[usize]) -> Option<Vec<usize>> {
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
            ExprKind::And(parts) if holds => parts.iter().fold(top, |all, part| both(all, self.regions(*part, true, scope))),
            ExprKind::Or(parts) if !holds => parts.iter().fold(top, |all, part| both(all, self.regions(*part, false, scope))),
            ExprKind::And(parts) | ExprKind::Or(parts) => {
                parts.iter().fold(None, |all, part| either(all, self.regions(*part, holds, scope)))
            }
            ExprKind::Compare(comparison, left, right) => self.compared(*comparison, (*left, *right), holds, scope),
            ExprKind::In(value, options) => {
                let each = options.iter().map(|option| (Comparison::Equal, (*value, *option)));
                let each: Vec<Regions> = each.map(|(comparison, sides)| self.compared(comparison, sides, holds, scope)).collect();
                if holds { each.into_iter().fold(None, either) } else { each.into_iter().fold(top, both) }
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
                let known = Region { unknown: !holds, spans: if holds { vec![(None, None)] } else { Vec::new() } };
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

    fn compared(&mut self, comparison: Comparison, (left, right): (ExprId, ExprId), holds: bool, scope: &[usize]) -> Regions {
        let top = Some(BTreeMap::new());
        let (value, comparison, constant) = match (self.constant(left), self.constant(right)) {
            (None, Some(constant)) => (left, comparison, constant),
            (Some(constant), None) => (right, comparison.mirrored(), constant),
            _ => return top,
        };
        let ty = self.program.expr(value).ty;
        let Some(value) = self.value(value, scope) else { return top };
        let descending =
            matches!(ty, Type::Enum(id) if self.program.schema.enumeration(id).is_some_and(|found| found.order == Some(Order::Descending)));
        let comparison = if descending { comparison.mirrored() } else { comparison };
        let whole = !matches!(ty, Type::Decimal | Type::Money | Type::Percent);
        let spans = within(ty, self.program, spans(if holds { comparison } else { opposite(comparison) }, constant, whole));
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
            ExprKind::Text(relation, left, right) => Source::Relation(*relation, self.value(*left, scope)?, self.value(*right, scope)?),
            ExprKind::Negate(inner) => Source::Form("-", vec![self.value(*inner, scope)?]),
            ExprKind::Not(inner) => Source::Form("not", vec![self.value(*inner, scope)?]),
            ExprKind::And(parts) => Source::Form("and", self.values(parts, scope)?),
            ExprKind::Or(parts) => Source::Form("or", self.values(parts, scope)?),
            ExprKind::Compare(comparison, left, right) => Source::Form(sign(*comparison), self.values(&[*left, *right], scope)?),
            ExprKind::Call(function, arguments) => Source::Call(*function, self.values(arguments, scope)?),
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
            List::Inverse { level, frame, field } => Source::List("inverse", Some(row(level)?), frame, Some(field)),
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

fn sign(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Equal => "=",
        Comparison::NotEqual => "≠",
        Comparison::Less => "<",
        Comparison::LessEqual => "≤",
        Comparison::Greater => ">",
        Comparison::GreaterEqual => "≥",
    }
}

/// The comparison that holds where another fails.
pub(super) fn opposite(comparison: Comparison) -> Comparison {
    match comparison {
        Comparison::Equal => Comparison::NotEqual,
        Comparison::NotEqual => Comparison::Equal,
        Comparison::Less => Comparison::GreaterEqual,
        Comparison::LessEqual => Comparison::Greater,
        Comparison::Greater => Comparison::LessEqual,
        Comparison::GreaterEqual => Comparison::Less,
    }
}

/// The numbers for which a comparison with a constant holds. Whole numbers have no cut after them but the one before the next.
fn spans(comparison: Comparison, constant: Ratio, whole: bool) -> Vec<Span> {
    let before = Some(if whole { (constant.ceil(), 0) } else { (constant, 0) });
    let after = Some(if whole { (constant.floor() + Ratio::one(), 0) } else { (constant, 1) });
    let spans = match comparison {
        Comparison::Equal => vec![(before, after)],
        Comparison::NotEqual => vec![(None, before), (after, None)],
        Comparison::Less => vec![(None, before)],
        Comparison::LessEqual => vec![(None, after)],
        Comparison::Greater => vec![(after, None)],
        Comparison::GreaterEqual => vec![(before, None)],
    };
    spans.into_iter().filter(|(from, to)| from.zip(*to).is_none_or(|(from, to)| from < to)).collect()
}

/// Of an enum, only its values.
fn within(ty: Type, program: &Program, spans: Vec<Span>) -> Vec<Span> {
    let Type::Enum(id) = ty else { return spans };
    let count = program.schema.enumeration(id).map_or(0, |found| found.values.len());
    let all = (Some((Ratio::zero(), 0)), i64::try_from(count).ok().map(|count| (ratio(count), 0)));
    spans.into_iter().filter_map(|span| overlap(span, all)).collect()
}

fn ratio(value: i64) -> Ratio {
    Ratio::from_integer(i128::from(value))
}
