//! Reads what conditions say of single values.

use super::span::{Region, Regions, both, both_of, either, either_of, ratio, spans, within};
use crate::program::{Clause, Comparison, ExprId, ExprKind, Program, Sentence};
use crate::prove::numbering::Numbering;
use crate::schema::{Constant, Order, Type};
use crate::value::Ratio;
use crate::value::key::canonical;
use std::collections::{BTreeMap, HashMap};

/// Reads conditions.
pub(in crate::prove) struct Reader<'p> {
    program: &'p Program,
    numbering: Numbering<'p>,
    /// What is read already of the bodies of definitions: one that others use several times is
    /// walked once.
    known: HashMap<(ExprId, bool, Vec<usize>), Regions>,
}

impl<'p> Reader<'p> {
    pub(in crate::prove) fn new(program: &'p Program) -> Self {
        Self { program, numbering: Numbering::new(program), known: HashMap::new() }
    }

    /// What must be so where a sentence's condition holds, and where its exception does not.
    pub(in crate::prove) fn sentence(&mut self, sentence: &Sentence) -> (Regions, Regions) {
        let top = || Some(BTreeMap::new());
        let scope = self.numbering.subject(sentence.frame);
        let speaks =
            sentence.condition.map_or_else(top, |condition| self.regions(condition, true, &scope));
        let held =
            sentence.exception.map_or_else(top, |exception| self.regions(exception, false, &scope));
        (speaks, held)
    }

    /// What must be so where a sentence surely does not govern, whatever overrides it.
    pub(in crate::prove) fn silent(&mut self, sentence: &Sentence) -> Regions {
        let scope = self.numbering.subject(sentence.frame);
        let outside =
            sentence.condition.and_then(|condition| self.regions(condition, false, &scope));
        let excepted =
            sentence.exception.and_then(|exception| self.regions(exception, true, &scope));
        either(outside, excepted)
    }

    /// What must be so where what a sentence requires is so.
    pub(in crate::prove) fn required(&mut self, sentence: &Sentence) -> Regions {
        let scope = self.numbering.subject(sentence.frame);
        match sentence.clause {
            Clause::Require { modal, condition } => {
                self.regions(condition, !modal.is_negative(), &scope)
            }
            Clause::Demand { decision, disposition } => {
                let mut demanded = || {
                    let field = self.program.decisions.get(decision)?.field;
                    let value = ratio(i64::try_from(disposition).ok()?);
                    let region =
                        Region { unknown: false, spans: spans(Comparison::Equal, value, true) };
                    Some((self.numbering.field(*scope.last()?, field), region))
                };
                Some(demanded().into_iter().collect())
            }
            Clause::Refer(_) => Some(BTreeMap::new()),
        }
    }

    /// What must be so where a condition surely holds, or surely does not.
    fn regions(&mut self, id: ExprId, holds: bool, scope: &[usize]) -> Regions {
        let program = self.program;
        let top = Some(BTreeMap::new());
        match &program.expr(id).kind {
            ExprKind::Constant(Constant::Bool(value)) => (*value == holds).then(BTreeMap::new),
            ExprKind::Not(inner) => self.regions(*inner, !holds, scope),
            ExprKind::And(parts) | ExprKind::Or(parts) => {
                let every = matches!(program.expr(id).kind, ExprKind::And(_)) == holds;
                let each = parts.iter().map(|part| self.regions(*part, holds, scope)).collect();
                if every { both_of(each) } else { either_of(each) }
            }
            ExprKind::Compare(comparison, left, right) => {
                self.compared(*comparison, (*left, *right), holds, scope)
            }
            ExprKind::In(value, options) => {
                let each = options.iter().map(|option| (Comparison::Equal, (*value, *option)));
                let each: Vec<Regions> = each
                    .map(|(comparison, sides)| self.compared(comparison, sides, holds, scope))
                    .collect();
                if holds { either_of(each) } else { both_of(each) }
            }
            ExprKind::Has(inner) => self.given(*inner, holds, scope),
            ExprKind::Definition { level, definition } => {
                match (
                    program.definition(*definition),
                    self.numbering.defined(*level, *definition, scope),
                ) {
                    (Some(found), Some(rows)) => self.defined(found.body, holds, rows),
                    _ => top,
                }
            }
            _ => match self.numbering.value(id, scope) {
                Some(value) => self.truth(value, holds),
                None => top,
            },
        }
    }

    /// The same of the body of a definition.
    fn defined(&mut self, body: ExprId, holds: bool, rows: Vec<usize>) -> Regions {
        let key = (body, holds, rows);
        if let Some(known) = self.known.get(&key) {
            return known.clone();
        }
        let found = self.regions(key.0, holds, &key.2);
        self.known.insert(key, found.clone());
        found
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
                let Some(value) = self.numbering.value(inner, scope) else {
                    return Some(BTreeMap::new());
                };
                let given = self.numbering.given(value);
                let known = Region {
                    unknown: !holds,
                    spans: if holds { vec![(None, None)] } else { Vec::new() },
                };
                both(self.truth(given, holds), Some(BTreeMap::from([(value, known)])))
            }
            ExprKind::Quantify { .. } => match self.numbering.value(inner, scope) {
                Some(value) => {
                    let given = self.numbering.given(value);
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
        let referred = [left, right].iter().any(|side| self.program.is_referred_key(*side));
        let (value, comparison, constant) =
            match (self.constant(left, referred), self.constant(right, referred)) {
                (None, Some(constant)) => (left, comparison, constant),
                (Some(constant), None) => (right, comparison.mirrored(), constant),
                _ => return top,
            };
        let ty = self.program.expr(value).ty;
        let Some(value) = self.numbering.value(value, scope) else { return top };
        let value = if referred { self.numbering.key(value) } else { value };
        let descending = matches!(ty, Type::Enum(id) if
            self.program.schema.enumeration(id).is_some_and(|found| found.order ==
                Some(Order::Descending)));
        let comparison = if descending { comparison.mirrored() } else { comparison };
        let whole = !matches!(ty, Type::Decimal | Type::Money | Type::Percent);
        let spans = within(
            ty,
            self.program,
            spans(if holds { comparison } else { comparison.negated() }, constant, whole),
        );
        let region = Region { unknown: false, spans };
        (!region.is_empty()).then(|| BTreeMap::from([(value, region)]))
    }

    /// A constant as a number; texts by which they are, or by their form as keys.
    fn constant(&mut self, id: ExprId, as_key: bool) -> Option<Ratio> {
        let value = match &self.program.expr(id).kind {
            ExprKind::Constant(constant) => constant,
            ExprKind::Parameter(parameter) => self.program.parameter(*parameter)?.values.first()?,
            _ => return None,
        };
        match value {
            Constant::Int(value) => Some(ratio(*value)),
            Constant::Ratio(value) => Some(*value),
            Constant::Text(text) => {
                let text = match as_key {
                    true => canonical(text).into(),
                    false => text.clone(),
                };
                i64::try_from(self.numbering.constant(Constant::Text(text))).ok().map(ratio)
            }
            Constant::Bool(_) | Constant::Empty => None,
        }
    }
}
