//! Forms over whole tables: the most similar row, chains of rows before one another, rows that
//! agree.

use super::expression::is_number;
use super::scope::Scope;
use super::{Analyzer, Error};
use crate::builtin::Across;
use crate::diagnostic::Bilingual;
use crate::program::{ExprId, ExprKind, List, Nearest};
use crate::schema::{Constant, FrameId, Type};
use crate::syntax::tree::{self, Call};
use crate::text::Span;
use crate::value::Ratio;

impl Analyzer<'_> {
    pub(super) fn across(
        &mut self,
        form: Across,
        usage: (&str, &str),
        call: &Call,
        span: Span,
        scope: &mut Scope,
    ) -> Option<ExprId> {
        let filtered = call.filter.is_some() || call.body.is_some();
        match (form, call.arguments.as_slice()) {
            (Across::MostSimilar, [text, least, table]) if call.body.is_some() => {
                self.most_similar(call, [text, least, table], span, scope)
            }
            (Across::Acyclic, [before]) => self.precedence(None, before, call, span, scope),
            (Across::LongestPath, [weight, before]) => {
                self.precedence(Some(weight), before, call, span, scope)
            }
            (Across::Agrees, [row, tree::Expr { kind: tree::ExprKind::Set(fields), .. }])
                if !filtered && !fields.is_empty() =>
            {
                self.agrees(row, fields, span, scope)
            }
            _ => {
                let usage = Bilingual::new(usage.0, usage.1);
                self.report(Error::WrongArguments {
                    name: call.function.text.clone(),
                    span: call.function.span,
                    usage,
                });
                None
            }
        }
    }

    /// `最相似(文本, 下限, 表 当 条件: 文本)`.
    fn most_similar(
        &mut self,
        call: &Call,
        [text, least, table]: [&tree::Expr; 3],
        span: Span,
        scope: &mut Scope,
    ) -> Option<ExprId> {
        let wanted = self.text(text, scope);
        let least = self.least(least, scope);
        let operand = self.operand(table, scope, None)?;
        let (text, least) = (wanted?, least?);
        let frame = match self.as_list(operand, scope) {
            Some((steps, List::All { frame })) if steps.is_empty() && self.is_table(frame) => frame,
            _ => {
                let found = Bilingual::new(
                    format!("`{}`", self.slice(table.span)),
                    format!("`{}`", self.slice(table.span)),
                );
                self.report(Error::WrongType {
                    found,
                    expected: Bilingual::new("一张表", "a table"),
                    span: table.span,
                    help: None,
                });
                return None;
            }
        };
        let mut inner = Scope { this: None, ..self.scope(scope.module, frame) };
        let filter = self.filter(call, &mut inner)?;
        let key = self.text(call.body.as_ref()?, &mut inner)?;
        let own = scope.rows.iter().rev().position(|row| *row == frame);
        Some(self.add(
            ExprKind::Nearest(Nearest { text, least, frame, filter, key, own }),
            Type::Ref(frame),
            span,
        ))
    }

    fn text(&mut self, expr: &tree::Expr, scope: &mut Scope) -> Option<ExprId> {
        let text = self.value(expr, scope, Some(Type::Text))?;
        self.of_type(text, Type::Text)
    }

    /// The value, if it has the type.
    pub(super) fn of_type(&mut self, id: ExprId, wanted: Type) -> Option<ExprId> {
        let found = self.ty(id);
        if found == wanted {
            return Some(id);
        }
        let (found, expected, span) =
            (self.type_words(found), self.type_words(wanted), self.program.expr(id).span);
        self.report(Error::WrongType { found, expected, span, help: None });
        None
    }

    /// A share above 0 and up to 1 that is known before there are data.
    fn least(&mut self, expr: &tree::Expr, scope: &mut Scope) -> Option<ExprId> {
        let id = self.value(expr, scope, None)?;
        let constant = match &self.program.expr(id).kind {
            ExprKind::Constant(constant) => Some(constant),
            ExprKind::Parameter(parameter) => {
                self.program.parameter(*parameter).and_then(|found| found.values.first())
            }
            _ => None,
        };
        let share = match constant {
            Some(Constant::Int(value)) if is_number(self.ty(id)) => {
                Some(Ratio::from_integer(i128::from(*value)))
            }
            Some(Constant::Ratio(value)) if is_number(self.ty(id)) => Some(*value),
            _ => None,
        };
        if share.is_some_and(|share| share > 0.into() && share <= 1.into()) {
            return Some(id);
        }
        let (found, expected) = (
            Bilingual::same(format!("`{}`", self.slice(expr.span))),
            Bilingual::new(
                "大于 0、不超过 1 的常数或参数",
                "a constant or parameter above 0 and at most 1",
            ),
        );
        self.report(Error::WrongType { found, expected, span: expr.span, help: None });
        None
    }

    fn is_table(&self, frame: FrameId) -> bool {
        self.program.schema.frame(frame).is_some_and(|found| found.parent.is_none())
    }

    /// The condition after 当, if there is one; what it shows to be there may be read after it.
    pub(super) fn filter(&mut self, call: &Call, inner: &mut Scope) -> Option<Option<ExprId>> {
        let Some(filter) = &call.filter else { return Some(None) };
        let filter = self.condition(filter, inner)?;
        let mut guards = Vec::new();
        self.guards(filter, true, inner.rows.len(), &mut guards);
        inner.guards.append(&mut guards);
        Some(Some(filter))
    }
}
