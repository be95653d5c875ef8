//! Chains of rows before one another.

use super::expression::{is_number, is_quantity};
use super::scope::{Operand, Scope};
use super::{Analyzer, Error};
use crate::diagnostic::Bilingual;
use crate::program::{Chain, ExprId, ExprKind, List};
use crate::schema::{FieldId, Type};
use crate::syntax::tree::{self, Call};
use crate::text::Span;

impl Analyzer<'_> {
    /// `无环(…)`, `最长路径(量, …)`: about the innermost row, which has to be one of a table.
    pub(super) fn precedence(
        &mut self,
        weight: Option<&tree::Expr>,
        before: &tree::Expr,
        call: &Call,
        span: Span,
        scope: &mut Scope,
    ) -> Option<ExprId> {
        let frame = *scope.rows.last()?;
        // What is lacking in a row before leaves the chain unknown, whatever is known of this one.
        let mut own = Scope { lenient: true, ..self.scope(scope.module, frame) };
        let weight = match weight {
            Some(weight) => Some(self.weight(weight, &mut own)?),
            None => None,
        };
        let operand = self.operand(before, &mut own, None)?;
        own.lenient = false;
        let chain = match operand {
            Operand::Value { .. } if call.filter.is_none() && call.body.is_none() => {
                let before = self.finish(operand, before.span)?;
                Chain { level: 0, frame, list: None, filter: None, before, weight }
            }
            operand => {
                let Some((steps, list)) =
                    self.as_list(operand, &own).filter(|(steps, _)| steps.is_empty())
                else {
                    let text = self.slice(before.span);
                    self.report(Error::NotAList { text, span: before.span, help: None });
                    return None;
                };
                let mut inner = self.inner_scope(&own, &steps, list);
                let filter = self.filter(call, &mut inner)?;
                let before = self.before(call, list, before.span, &mut inner)?;
                Chain { level: 0, frame, list: Some(list), filter, before, weight }
            }
        };
        self.of_type(chain.before, Type::Ref(frame))?;
        let ty = chain.weight.map_or(Type::Boolean, |weight| self.ty(weight));
        Some(self.add(ExprKind::Chain(chain), ty, span))
    }

    /// The row before, seen from an element; a list of plain references needs no words for it.
    fn before(&mut self, call: &Call, list: List, span: Span, inner: &mut Scope) -> Option<ExprId> {
        if let Some(body) = &call.body {
            return self.value(body, inner, None);
        }
        let frame = list.frame();
        let plain = self
            .program
            .schema
            .frame(frame)
            .filter(|found| found.plain)
            .and_then(|found| found.fields.first());
        match plain.map(|field| field.ty) {
            Some(ty) => {
                Some(self.add(ExprKind::Field { level: 0, frame, field: FieldId(0) }, ty, span))
            }
            None => {
                let found = self.type_words(Type::List(frame));
                let expected = Bilingual::new("“列表: 在前的行”", "`list: the row before`");
                self.report(Error::WrongType { found, expected, span, help: None });
                None
            }
        }
    }

    fn weight(&mut self, expr: &tree::Expr, scope: &mut Scope) -> Option<ExprId> {
        let id = self.value(expr, scope, None)?;
        let ty = self.ty(id);
        if is_number(ty) || is_quantity(ty) {
            return Some(id);
        }
        let (found, expected) =
            (self.type_words(ty), Bilingual::new("数或量", "a number or a quantity"));
        self.report(Error::WrongType { found, expected, span: expr.span, help: None });
        None
    }
}
