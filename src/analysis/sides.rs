//! Comparisons and differences of a value with itself.

use super::scope::Scope;
use super::{Analyzer, Error};
use crate::diagnostic::Bilingual;
use crate::program::{ExprId, ExprKind};
use crate::schema::FrameId;
use crate::syntax::tree::Operator;
use crate::text::Span;
use crate::value::text::name_form;

impl Analyzer<'_> {
    /// Warns where both sides of a relation are read from the same row in the same way: a `本行` was
    /// forgotten, or one side mistyped. Constants are seen to be the same.
    pub(super) fn same_sides(&mut self, left: ExprId, right: ExprId, span: Span, scope: &Scope) {
        let compared = Bilingual::new("相比", "compared with itself");
        self.same_values([left, right], compared, span, scope);
    }

    /// The same of a difference and of a quotient: `x - x` is 0 in every row.
    pub(super) fn same_operands(
        &mut self,
        sides: [ExprId; 2],
        operator: Operator,
        span: Span,
        scope: &Scope,
    ) {
        let done = match operator {
            Operator::Subtract => Bilingual::new("相减", "subtracted from itself"),
            Operator::Divide => Bilingual::new("相除", "divided by itself"),
            Operator::Add | Operator::Multiply => return,
        };
        self.same_values(sides, done, span, scope);
    }

    /// The same of what a function of two values makes of one: how alike it is to itself, how long
    /// it is from itself.
    pub(super) fn same_arguments(&mut self, arguments: &[ExprId], span: Span, scope: &Scope) {
        if let [first, second] = arguments {
            self.same_sides(*first, *second, span, scope);
        }
    }

    fn same_values(
        &mut self,
        [left, right]: [ExprId; 2],
        done: Bilingual,
        span: Span,
        scope: &Scope,
    ) {
        let constant = matches!(self.program.expr(left).kind, ExprKind::Constant(_));
        if constant || !self.program.alike(left, right) {
            return;
        }
        let text = self.slice(self.program.expr(right).span);
        let this = self.of_this(right, scope);
        self.report(Error::SameSides { text, done, this, span });
    }

    /// The same value of the row that the article or definition speaks of, where it has one.
    fn of_this(&self, id: ExprId, scope: &Scope) -> Option<Bilingual> {
        let this = scope.this?;
        let frame = *scope.rows.get(this)?;
        let apart = |level: usize| scope.rows.len().checked_sub(level + 1) != Some(this);
        let expr = self.program.expr(id);
        let names = match &expr.kind {
            ExprKind::Field { level, frame: own, field } if apart(*level) => {
                &self.program.schema.field(*own, *field)?.names
            }
            ExprKind::Definition { level, definition } if apart(*level) => {
                &self.program.definition(*definition)?.names
            }
            ExprKind::Call(..) => return self.within_this(id, scope),
            _ => return None,
        };
        let fits = |name: &str| self.reads_as(frame, name, id, scope);
        (fits(names.zh()) && fits(names.en()))
            .then(|| Bilingual::new(format!("本行.{}", names.zh()), format!("this.{}", names.en())))
    }

    /// A function of such a value: `规整(本行.名)`.
    fn within_this(&self, id: ExprId, scope: &Scope) -> Option<Bilingual> {
        let expr = self.program.expr(id);
        let parts = self.program.parts(&expr.kind);
        let mut read =
            parts.into_iter().filter_map(|part| Some((part, self.of_this(part, scope)?)));
        let (part, this) = read.next().filter(|_| read.next().is_none())?;
        let inner = self.program.expr(part).span;
        let before = self.sources.slice(Span { end: inner.start, ..expr.span });
        let after = self.sources.slice(Span { start: inner.end, ..expr.span });
        let around = |value: String| format!("{before}{value}{after}");
        Some(Bilingual::new(around(this.zh), around(this.en)))
    }

    /// Whether a name read in a row has the type of an expression, and is there whenever that is.
    fn reads_as(&self, frame: FrameId, name: &str, id: ExprId, scope: &Scope) -> bool {
        let ty = self.ty(id);
        match self.field_called(frame, name) {
            Some(field) => {
                let found = self.program.schema.field(frame, field);
                found.is_some_and(|found| found.ty == ty) && !self.is_optional(frame, field)
            }
            None => {
                self.computed.get(&(frame, name_form(name).into_owned())).is_some_and(|found| {
                    let of = |id| self.program.definition(id);
                    found
                        .iter()
                        .copied()
                        .filter(|id| self.sees_definition(scope.module, *id))
                        .any(|id| of(id).is_some_and(|found| found.ty == ty))
                })
            }
        }
    }
}
