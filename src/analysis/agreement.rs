//! Rows that agree in some fields.

use super::scope::{Operand, Route, Scope};
use super::{Analyzer, Error};
use crate::diagnostic::Bilingual;
use crate::program::{Agreement, Comparison, ExprId, ExprKind};
use crate::schema::Type;
use crate::syntax::tree;
use crate::text::Span;

impl Analyzer<'_> {
    /// `一致(另一行, {字段、…})`: each field is the same in both rows, or in neither.
    pub(super) fn agrees(
        &mut self,
        row: &tree::Expr,
        fields: &[tree::Expr],
        span: Span,
        scope: &mut Scope,
    ) -> Option<ExprId> {
        let lenient = std::mem::replace(&mut scope.lenient, true);
        let other = self.operand(row, scope, None);
        scope.lenient = lenient;
        let is_row = match &other {
            Some(Operand::Row(_)) => true,
            Some(Operand::Value { leaf, .. }) => matches!(self.ty(*leaf), Type::Ref(_)),
            Some(Operand::List { .. }) => false,
            None => return None,
        };
        if !is_row {
            let found = Bilingual::same(format!("`{}`", self.slice(row.span)));
            self.report(Error::WrongType {
                found,
                expected: Bilingual::new("引用或一行", "a reference or a row"),
                span: row.span,
                help: None,
            });
            return None;
        }
        let here = Route { steps: Vec::new(), level: 0, frame: *scope.rows.last()? };
        let agreements: Vec<Option<Agreement>> = fields
            .iter()
            .map(|field| self.agreement(field, other.clone()?, &here, scope))
            .collect();
        let agreements: Vec<Agreement> = agreements.into_iter().collect::<Option<_>>()?;
        let id = self.add(
            ExprKind::And(agreements.iter().map(|each| each.same).collect()),
            Type::Boolean,
            span,
        );
        self.program.agreements.insert(id, agreements);
        Some(id)
    }

    /// One field of both rows.
    fn agreement(
        &mut self,
        field: &tree::Expr,
        other: Operand,
        here: &Route,
        scope: &mut Scope,
    ) -> Option<Agreement> {
        let tree::ExprKind::Name(name) = &field.kind else {
            let found = Bilingual::same(format!("`{}`", self.slice(field.span)));
            self.report(Error::WrongType {
                found,
                expected: Bilingual::new("字段名", "the name of a field"),
                span: field.span,
                help: None,
            });
            return None;
        };
        let lenient = std::mem::replace(&mut scope.lenient, true);
        let exists = self.there(&other, field.span);
        let sides = [Operand::Row(here.clone()), other].map(|row| self.member(row, name, scope));
        scope.lenient = lenient;
        let [Some(left), Some(right)] = sides else { return None };
        let optional = [&left, &right].iter().any(|side| self.may_lack(side));
        let left = self.finish(left, field.span)?;
        let right = self.finish(right, field.span)?;
        let mut same = self.compare(left, Comparison::Equal, right, field.span)?;
        if optional {
            let [here, there] =
                [left, right].map(|side| self.add(ExprKind::Has(side), Type::Boolean, field.span));
            let [not_here, not_there] =
                [here, there].map(|has| self.add(ExprKind::Not(has), Type::Boolean, field.span));
            let neither =
                self.add(ExprKind::And(vec![not_here, not_there]), Type::Boolean, field.span);
            let both = self.add(ExprKind::And(vec![here, there, same]), Type::Boolean, field.span);
            same = self.add(ExprKind::Or(vec![neither, both]), Type::Boolean, field.span);
            if let Some(exists) = exists {
                // Where there is no other row, nothing is known: not that it lacks the field.
                let known = self.add(ExprKind::And(vec![exists, same]), Type::Boolean, field.span);
                let unknown = self.add(ExprKind::Not(exists), Type::Boolean, field.span);
                same = self.add(ExprKind::Or(vec![known, unknown]), Type::Boolean, field.span);
            }
        }
        let names = self.names.get(&name.span)?.clone();
        Some(Agreement { names, same, values: (left, right) })
    }

    /// True where there is such a row, else unknown; `None` for a row in scope.
    fn there(&mut self, row: &Operand, span: Span) -> Option<ExprId> {
        let row = match row {
            Operand::Row(route) if !route.steps.is_empty() => {
                let leaf = self.add(
                    ExprKind::Row { level: route.level, frame: route.frame },
                    Type::Ref(route.frame),
                    span,
                );
                self.finish_steps(&route.steps, leaf)
            }
            Operand::Value { steps, leaf } => self.finish_steps(steps, *leaf),
            _ => return None,
        };
        Some(self.add(ExprKind::Compare(Comparison::Equal, row, row), Type::Boolean, span))
    }

    /// Whether a value may be lacking without anything being wrong.
    fn may_lack(&self, operand: &Operand) -> bool {
        let Operand::Value { leaf, .. } = operand else { return false };
        match self.program.expr(*leaf).kind {
            ExprKind::Field { frame, field, .. } => self.is_optional(frame, field),
            _ => false,
        }
    }
}
