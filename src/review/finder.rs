//! Finding the rows behind an expression.

use super::Row;
use super::behind::{Links, Rows, field};
use super::compare::Comparing;
use crate::builtin::{Quantifier, Scalar};
use crate::engine::Run;
use crate::eval::Reach;
use crate::lowering::{ContextId, Form, Lowered};
use crate::program::{ExprId, ExprKind};
use crate::schema::{FieldId, FrameId};
use crate::syntax::tree::Operator;
use crate::value::Ratio;
use crate::why::Walker;
use std::collections::BTreeSet;

#[derive(Default)]
pub(super) struct Found {
    pub(super) rows: Rows,
    pub(super) unknown: Vec<Row>,
}

pub(super) struct Finder<'e> {
    pub(super) run: &'e Run,
    pub(super) links: &'e Links<'e>,
    pub(super) own: &'e Comparing<'e>,
}

impl Finder<'_> {
    /// The rows behind an expression; `None` where it does not stand for rows.
    pub(super) fn rows(
        &self,
        expr: ExprId,
        context: ContextId,
        row: usize,
        sign: i64,
        seen: &mut BTreeSet<(FrameId, FieldId)>,
        found: &mut Found,
    ) -> Option<()> {
        let program = self.run.program();
        match program.expr(expr).kind {
            ExprKind::Arithmetic(Operator::Add, a, b) => {
                self.rows(a, context, row, sign, seen, found)?;
                self.rows(b, context, row, sign, seen, found)
            }
            ExprKind::Arithmetic(Operator::Subtract, a, b) => {
                self.rows(a, context, row, sign, seen, found)?;
                self.rows(b, context, row, -sign, seen, found)
            }
            ExprKind::Quantify { quantifier: Quantifier::Count, .. } => {
                self.counted(expr, context, row, sign, found)
            }
            _ => {
                let field = field(program, expr)?;
                if !seen.insert(field) {
                    return None;
                }
                let known = self.links.links.get(&field)?;
                let other = known.iter().filter(|link| !std::ptr::eq(link.by, self.own));
                let behind = other.filter_map(|link| {
                    let mut behind = Found::default();
                    self.rows(
                        link.other,
                        link.by.judgement.context,
                        link.by.row,
                        sign,
                        seen,
                        &mut behind,
                    )
                    .map(|()| behind)
                });
                let behind = behind.into_iter().next();
                seen.remove(&field);
                let behind = behind?;
                behind
                    .rows
                    .into_iter()
                    .for_each(|(row, times)| *found.rows.entry(row).or_default() += times);
                found.unknown.extend(behind.unknown);
                Some(())
            }
        }
    }

    /// The rows a count counts; `None` where they lie in the table of one row itself: they are
    /// figures, too.
    fn counted(
        &self,
        expr: ExprId,
        context: ContextId,
        row: usize,
        sign: i64,
        found: &mut Found,
    ) -> Option<()> {
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

    /// The elements of a list form: as seen by its parts, as rows, and whether each is surely in or
    /// out.
    fn members(
        &self,
        expr: ExprId,
        context: ContextId,
        row: usize,
    ) -> Option<Vec<(usize, Row, Option<bool>)>> {
        let (program, evaluator) = (self.run.program(), &self.run.evaluator);
        let ExprKind::Quantify { quantifier, list, filter, body } = program.expr(expr).kind else {
            return None;
        };
        if program.schema.frame(program.schema.root(list.frame())).is_none_or(|root| root.single) {
            return None;
        }
        let form: Form = evaluator.graph.forms.get(&(expr, context)).copied()?;
        let walker = Walker::new(evaluator);
        let outer = walker.at(form.back, row)?;
        let condition = body.filter(|_| quantifier == Quantifier::Count);
        let truth = |element: usize| {
            let parts = filter
                .iter()
                .chain(&condition)
                .map(|part| walker.truth(*part, form.inner, element));
            let parts: Vec<Option<bool>> = parts.collect();
            if parts.contains(&Some(false)) {
                Some(false)
            } else {
                (!parts.contains(&None)).then_some(true)
            }
        };
        let own = |element: usize| evaluator.element_row(form.grouping, element);
        let elements = evaluator.elements(form.grouping, outer, Reach::Possible);
        let members =
            elements.map(|element| (element, (list.frame(), own(element)), truth(element)));
        Some(members.collect())
    }

    /// Where a sum does not come to the figure: the rows whose own part is the difference.
    pub(super) fn exactly(&self, context: ContextId) -> Vec<Row> {
        let program = self.run.program();
        let ExprKind::Quantify { quantifier: Quantifier::Sum, body: Some(body), .. } =
            program.expr(self.own.right).kind
        else {
            return Vec::new();
        };
        let evaluator = &self.run.evaluator;
        let value = |expr, context, row| match evaluator.graph.lowered.get(&(expr, context)) {
            Some(Lowered::Value(node)) => number(&evaluator.scalar(*node, row)?),
            _ => None,
        };
        let sides = value(self.own.left, context, self.own.row).zip(value(
            self.own.right,
            context,
            self.own.row,
        ));
        let Some((stated, computed)) = sides.filter(|(stated, computed)| stated != computed) else {
            return Vec::new();
        };
        let Some(inner) =
            evaluator.graph.forms.get(&(self.own.right, context)).map(|form| form.inner)
        else {
            return Vec::new();
        };
        let members = self.members(self.own.right, context, self.own.row).unwrap_or_default();
        let is_difference = |part: Ratio| part == stated - computed || part == computed - stated;
        let exact = members.into_iter().filter(|(element, _, truth)| {
            *truth == Some(true) && value(body, inner, *element).is_some_and(is_difference)
        });
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
