//! `首个(列表 当 条件: 次序)`, `末个(…)`: one element of a list in its order.

use super::scope::{Operand, Route, Scope, Step, with};
use super::{Analyzer, Error};
use crate::builtin::End;
use crate::diagnostic::Bilingual;
use crate::program::{ExprId, ExprKind, List, Pick};
use crate::schema::{Constant, Type};
use crate::syntax::tree::{self, Call};
use crate::text::Span;

impl Analyzer<'_> {
    /// The element, by a value of its own after the colon; without one by the field that the list
    /// is in order by, or by the order of the data.
    pub(super) fn end(
        &mut self,
        (end, zh, en): (End, &str, &str),
        call: &Call,
        scope: &mut Scope,
    ) -> Option<Operand> {
        self.refer_builtin(call.function.span, (zh, en));
        let [argument] = call.arguments.as_slice() else {
            let usage = Bilingual::new(
                format!("{zh}(列表 当 条件: 次序)"),
                format!("{en}(list where condition: order)"),
            );
            let (name, span) = (call.function.text.clone(), call.function.span);
            self.report(Error::WrongArguments { name, span, usage });
            return None;
        };
        let operand = self.operand(argument, scope, None)?;
        let Some((steps, list)) = self.as_list(operand, scope) else {
            let text = self.slice(argument.span);
            self.report(Error::NotAList { text, span: argument.span, help: None });
            return None;
        };
        let mut inner = self.inner_scope(scope, &steps, list);
        let filter = self.filter(call, &mut inner)?;
        let order = match &call.body {
            Some(body) => Some(self.order(body, &mut inner)?),
            None => self.declared_order(list, argument.span),
        };
        let everything = Constant::Bool(true);
        let condition =
            filter.unwrap_or_else(|| self.constant_expr(everything, Type::Boolean, argument.span));
        let (pick, frame) = (Pick::End(end, order), list.frame());
        let shown = self.element_guards((list, pick), condition, inner.rows.len());
        scope.guards.extend(shown);
        let steps = with(steps, Step::Lookup { list, pick, condition, frame });
        Some(Operand::Row(Route { steps, level: 0, frame }))
    }

    /// The value that elements are in order by.
    fn order(&mut self, body: &tree::Expr, inner: &mut Scope) -> Option<ExprId> {
        let order = self.value(body, inner, None)?;
        let ty = self.ty(order);
        if ty.is_numeric() || matches!(ty, Type::Date | Type::Instant) {
            return Some(order);
        }
        let (found, expected) = (
            self.type_words(ty),
            Bilingual::new("日期、时刻、数或量", "a day, an instant or a number"),
        );
        self.report(Error::WrongType { found, expected, span: body.span, help: None });
        None
    }

    /// The field that a list is declared to be in order by.
    pub(super) fn declared_order(&mut self, list: List, span: Span) -> Option<ExprId> {
        let frame = list.frame();
        let field = self.program.schema.frame(frame)?.ordering()?;
        let ty = self.program.schema.field(frame, field)?.ty;
        Some(self.add(ExprKind::Field { level: 0, frame, field }, ty, span))
    }
}
