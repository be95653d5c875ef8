//! The rows behind a figure. A count stands for the rows it counts; a stated figure stands for the rows of a count it is required to
//! equal and does equal; a sum of figures for the rows of all of them. Where both sides of a comparison stand for rows, the rows on one
//! side alone make the difference.

use super::Row;
use super::figure::{Comparing, Status};
use crate::builtin::{Quantifier, Scalar};
use crate::lowering::{ContextId, Form, Grouping, Lowered};
use crate::program::{Comparison, ExprId, ExprKind, Program};
use crate::schema::{FieldId, FrameId};
use crate::syntax::tree::Operator;
use crate::value::Ratio;
use crate::verdict::{Explainer, Walker};
use std::collections::{BTreeMap, BTreeSet};

/// What rows say about a figure.
#[derive(Clone, Debug, Default)]
pub struct Behind {
    /// Rows behind the stated side alone.
    pub only_stated: Vec<Row>,
    /// Rows behind the computed side alone.
    pub only_computed: Vec<Row>,
    /// Rows the computed side has twice.
    pub twice: Vec<Row>,
    /// Rows of which it cannot be told whether they count.
    pub unknown: Vec<Row>,
    /// Rows of a sum whose own part is the difference.
    pub exactly: Vec<Row>,
}

/// Rows, with how often each counts.
type Rows = BTreeMap<Row, i64>;

/// Which figure is required to equal what, where it does.
pub(super) struct Links<'j> {
    links: BTreeMap<(FrameId, FieldId), Vec<Link<'j>>>,
}

struct Link<'j> {
    by: &'j Comparing<'j>,
    other: ExprId,
    counted: bool,
}

/// The field of a table of one row that an expression reads, and nothing else.
pub(super) fn field(program: &Program, expr: ExprId) -> Option<(FrameId, FieldId)> {
    match program.expr(expr).kind {
        ExprKind::Field { frame, field, .. } => program.schema.frame(frame).filter(|found| found.single).map(|_| (frame, field)),
        ExprKind::Single { then, .. } => field(program, then),
        _ => None,
    }
}

impl<'j> Links<'j> {
    /// Those of the figures that close, direct counts first.
    pub(super) fn of(explainer: &Explainer<'_, '_>, all: &'j [Comparing<'j>]) -> Self {
        let program = explainer.program();
        let mut links: BTreeMap<_, Vec<Link<'j>>> = BTreeMap::new();
        for by in all.iter().filter(|one| one.status == Status::Closes && one.relation == Comparison::Equal) {
            for (figure, other) in [(by.left, by.right), (by.right, by.left)] {
                let counted = matches!(program.expr(other).kind, ExprKind::Quantify { quantifier: Quantifier::Count, .. });
                if let Some(field) = field(program, figure) {
                    links.entry(field).or_default().push(Link { by, other, counted });
                }
            }
        }
        links.values_mut().for_each(|links| links.sort_by_key(|link| !link.counted));
        Self { links }
    }
}

/// The rows that make the difference of a figure, or would.
pub(super) fn behind(explainer: &Explainer<'_, '_>, links: &Links<'_>, one: &Comparing<'_>) -> Behind {
    let context = one.judgement.context;
    let finder = Finder { explainer, links, own: one };
    let side = |expr| {
        let mut found = Found::default();
        finder.rows(expr, context, one.row, 1, &mut BTreeSet::new(), &mut found).map(|()| found)
    };
    let (stated, computed) = (side(one.left), side(one.right));
    let mut behind = Behind { exactly: finder.exactly(context), ..Behind::default() };
    if let Some(found) = &computed {
        behind.unknown.clone_from(&found.unknown);
        behind.twice = found.rows.iter().filter(|(_, times)| **times > 1).map(|(row, _)| *row).collect();
    }
    if let (Some(stated), Some(computed)) = (stated, computed) {
        let only = |rows: &Rows, others: &Rows| -> Vec<Row> {
            rows.iter().filter(|(row, times)| **times > 0 && others.get(row).is_none_or(|other| *other <= 0)).map(|(row, _)| *row).collect()
        };
        behind.only_stated = only(&stated.rows, &computed.rows);
        behind.only_computed = only(&computed.rows, &stated.rows);
    }
    behind
}

#[derive(Default)]
struct Found {
    rows: Rows,
    unknown: Vec<Row>,
}

struct Finder<'e, 'f, 'a> {
    explainer: &'e Explainer<'f, 'a>,
    links: &'e Links<'e>,
    own: &'e Comparing<'e>,
}

impl Finder<'_, '_, '_> {
    /// The rows behind an expression; `None` where it does not stand for rows.
    fn rows(
        &self,
        expr: ExprId,
        context: ContextId,
        row: usize,
        sign: i64,
        seen: &mut BTreeSet<(FrameId, FieldId)>,
        found: &mut Found,
    ) -> Option<()> {
        let program = self.explainer.program();
        match program.expr(expr).kind {
            ExprKind::Arithmetic(Operator::Add, a, b) => {
                self.rows(a, context, row, sign, seen, found)?;
                self.rows(b, context, row, sign, seen, found)
            }
            ExprKind::Arithmetic(Operator::Subtract, a, b) => {
                self.rows(a, context, row, sign, seen, found)?;
                self.rows(b, context, row, -sign, seen, found)
            }
            ExprKind::Quantify { quantifier: Quantifier::Count, .. } => self.counted(expr, context, row, sign, found),
            _ => {
                let field = field(program, expr)?;
                if !seen.insert(field) {
                    return None;
                }
                let known = self.links.links.get(&field)?;
                let other = known.iter().filter(|link| !std::ptr::eq(link.by, self.own));
                let behind = other.filter_map(|link| {
                    let mut behind = Found::default();
                    self.rows(link.other, link.by.judgement.context, link.by.row, sign, seen, &mut behind).map(|()| behind)
                });
                let behind = behind.into_iter().next();
                seen.remove(&field);
                let behind = behind?;
                behind.rows.into_iter().for_each(|(row, times)| *found.rows.entry(row).or_default() += times);
                found.unknown.extend(behind.unknown);
                Some(())
            }
        }
    }

    /// The rows a count counts; `None` where they lie in the table of one row itself: they are figures, too.
    fn counted(&self, expr: ExprId, context: ContextId, row: usize, sign: i64, found: &mut Found) -> Option<()> {
        let members = self.members(expr, context, row)?;
        for (_, element, truth) in members {
            match truth {
                Some(true) => *found.rows.entry(element).or_default() += sign,
                None => found.unknown.push(element),
                Some(false) => {}
            }
        }
        Some(())
    }

    /// The elements of a list form: as seen by its parts, as rows, and whether each is surely in or out.
    fn members(&self, expr: ExprId, context: ContextId, row: usize) -> Option<Vec<(usize, Row, Option<bool>)>> {
        let (program, evaluator) = (self.explainer.program(), self.explainer.evaluator);
        let ExprKind::Quantify { quantifier, list, filter, body } = program.expr(expr).kind else { return None };
        if program.schema.frame(program.schema.root(list.frame())).is_none_or(|root| root.single) {
            return None;
        }
        let form: Form = evaluator.graph.forms.get(&(expr, context)).copied()?;
        let walker = Walker::new(evaluator);
        let outer = walker.at(form.back, row)?;
        let condition = body.filter(|_| quantifier == Quantifier::Count);
        let truth = |element: usize| {
            let parts = filter.iter().chain(&condition).map(|part| walker.truth(*part, form.inner, element));
            let parts: Vec<Option<bool>> = parts.collect();
            if parts.contains(&Some(false)) { Some(false) } else { (!parts.contains(&None)).then_some(true) }
        };
        let own = |element: usize| match form.grouping {
            Grouping::Pairs(id) => evaluator.pair_rows(id).and_then(|pairs| pairs.inner.get(element)).map_or(0, |row| *row as usize),
            _ => element,
        };
        let elements = evaluator.groups(form.grouping);
        Some(elements.elements(outer).map(|element| (element, (list.frame(), own(element)), truth(element))).collect())
    }

    /// Where a sum does not come to the figure: the rows whose own part is the difference.
    fn exactly(&self, context: ContextId) -> Vec<Row> {
        let program = self.explainer.program();
        let ExprKind::Quantify { quantifier: Quantifier::Sum, body: Some(body), .. } = program.expr(self.own.right).kind else {
            return Vec::new();
        };
        let evaluator = self.explainer.evaluator;
        let value = |expr, context, row| match evaluator.graph.lowered.get(&(expr, context)) {
            Some(Lowered::Value(node)) => number(&evaluator.get(*node).scalar(row)?),
            _ => None,
        };
        let sides = value(self.own.left, context, self.own.row).zip(value(self.own.right, context, self.own.row));
        let Some((stated, computed)) = sides.filter(|(stated, computed)| stated != computed) else { return Vec::new() };
        let Some(inner) = evaluator.graph.forms.get(&(self.own.right, context)).map(|form| form.inner) else { return Vec::new() };
        let members = self.members(self.own.right, context, self.own.row).unwrap_or_default();
        let is_difference = |part: Ratio| part == stated - computed || part == computed - stated;
        let exact = members
            .into_iter()
            .filter(|(element, _, truth)| *truth == Some(true) && value(body, inner, *element).is_some_and(is_difference));
        exact.map(|(_, row, _)| row).collect()
    }
}

fn number(value: &Scalar<'_>) -> Option<Ratio> {
    match value {
        Scalar::Int(value) => Some(Ratio::from_integer(i128::from(*value))),
        Scalar::Ratio(value) => Some(*value),
        _ => None,
    }
}
