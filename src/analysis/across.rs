//! Forms over whole tables: the most similar row, chains of rows before one another, rows that agree.

use super::expression::{is_number, is_quantity};
use super::scope::{Operand, Route, Scope};
use super::{Analyzer, Error};
use crate::builtin::Across;
use crate::diagnostic::Bilingual;
use crate::program::{Agreement, Chain, Comparison, ExprId, ExprKind, List, Nearest};
use crate::schema::{Constant, FieldId, FrameId, Type};
use crate::syntax::tree::{self, Call};
use crate::text::Span;
use crate::value::Ratio;

impl Analyzer<'_> {
    pub(super) fn across(&mut self, form: Across, usage: (&str, &str), call: &Call, span: Span, scope: &mut Scope) -> Option<ExprId> {
        let filtered = call.filter.is_some() || call.body.is_some();
        match (form, call.arguments.as_slice()) {
            (Across::MostSimilar, [text, least, table]) if call.body.is_some() => {
                self.most_similar(call, [text, least, table], span, scope)
            }
            (Across::Acyclic, [before]) => self.precedence(None, before, call, span, scope),
            (Across::LongestPath, [weight, before]) => self.precedence(Some(weight), before, call, span, scope),
            (Across::Agrees, [row, tree::Expr { kind: tree::ExprKind::Set(fields), .. }]) if !filtered && !fields.is_empty() => {
                self.agrees(row, fields, span, scope)
            }
            _ => {
                let usage = Bilingual::new(usage.0, usage.1);
                self.report(Error::WrongArguments { name: call.function.text.clone(), span: call.function.span, usage });
                None
            }
        }
    }

    /// `最相似(文本, 下限, 表 当 条件: 文本)`.
    fn most_similar(&mut self, call: &Call, [text, least, table]: [&tree::Expr; 3], span: Span, scope: &mut Scope) -> Option<ExprId> {
        let wanted = self.text(text, scope);
        let least = self.least(least, scope);
        let operand = self.operand(table, scope, None)?;
        let (text, least) = (wanted?, least?);
        let frame = match self.as_list(operand, scope) {
            Some((steps, List::All { frame })) if steps.is_empty() && self.is_table(frame) => frame,
            _ => {
                let found = Bilingual::new(format!("`{}`", self.slice(table.span)), format!("`{}`", self.slice(table.span)));
                self.report(Error::WrongType { found, expected: Bilingual::new("一张表", "a table"), span: table.span, help: None });
                return None;
            }
        };
        let mut inner = Scope { this: None, ..self.scope(scope.module, frame) };
        let filter = self.filter(call, &mut inner)?;
        let key = self.text(call.body.as_ref()?, &mut inner)?;
        let own = scope.rows.iter().rev().position(|row| *row == frame);
        Some(self.add(ExprKind::Nearest(Nearest { text, least, frame, filter, key, own }), Type::Ref(frame), span))
    }

    fn text(&mut self, expr: &tree::Expr, scope: &mut Scope) -> Option<ExprId> {
        let text = self.value(expr, scope, Some(Type::Text))?;
        self.of_type(text, Type::Text)
    }

    /// The value, if it has the type.
    fn of_type(&mut self, id: ExprId, wanted: Type) -> Option<ExprId> {
        let found = self.ty(id);
        if found == wanted {
            return Some(id);
        }
        let (found, expected, span) = (self.type_words(found), self.type_words(wanted), self.program.expr(id).span);
        self.report(Error::WrongType { found, expected, span, help: None });
        None
    }

    /// A share above 0 and up to 1 that is known before there are data.
    fn least(&mut self, expr: &tree::Expr, scope: &mut Scope) -> Option<ExprId> {
        let id = self.value(expr, scope, None)?;
        let constant = match &self.program.expr(id).kind {
            ExprKind::Constant(constant) => Some(constant),
            ExprKind::Parameter(parameter) => self.program.parameter(*parameter).and_then(|found| found.values.first()),
            _ => None,
        };
        let share = match constant {
            Some(Constant::Int(value)) if is_number(self.ty(id)) => Some(Ratio::from_integer(i128::from(*value))),
            Some(Constant::Ratio(value)) if is_number(self.ty(id)) => Some(*value),
            _ => None,
        };
        if share.is_some_and(|share| share > 0.into() && share <= 1.into()) {
            return Some(id);
        }
        let (found, expected) = (
            Bilingual::same(format!("`{}`", self.slice(expr.span))),
            Bilingual::new("大于 0、不超过 1 的常数或参数", "a constant or parameter above 0 and at most 1"),
        );
        self.report(Error::WrongType { found, expected, span: expr.span, help: None });
        None
    }

    fn is_table(&self, frame: FrameId) -> bool {
        self.program.schema.frame(frame).is_some_and(|found| found.parent.is_none())
    }

    /// The condition after 当, if there is one; what it shows to be there may be read after it.
    fn filter(&mut self, call: &Call, inner: &mut Scope) -> Option<Option<ExprId>> {
        let Some(filter) = &call.filter else { return Some(None) };
        let filter = self.condition(filter, inner)?;
        let mut guards = Vec::new();
        self.guards(filter, true, inner.rows.len(), &mut guards);
        inner.guards.append(&mut guards);
        Some(Some(filter))
    }

    /// `无环(…)`, `最长路径(量, …)`: about the innermost row, which has to be one of a table.
    fn precedence(
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
                let Some((steps, list)) = self.as_list(operand, &own).filter(|(steps, _)| steps.is_empty()) else {
                    let text = self.slice(before.span);
                    self.report(Error::NotAList { text, span: before.span });
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
        let plain = self.program.schema.frame(frame).filter(|found| found.plain).and_then(|found| found.fields.first());
        match plain.map(|field| field.ty) {
            Some(ty) => Some(self.add(ExprKind::Field { level: 0, frame, field: FieldId(0) }, ty, span)),
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
        let (found, expected) = (self.type_words(ty), Bilingual::new("数或量", "a number or a quantity"));
        self.report(Error::WrongType { found, expected, span: expr.span, help: None });
        None
    }

    /// `一致(另一行, {字段、…})`: each field is the same in both rows, or in neither.
    fn agrees(&mut self, row: &tree::Expr, fields: &[tree::Expr], span: Span, scope: &mut Scope) -> Option<ExprId> {
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
        let agreements: Vec<Option<Agreement>> = fields.iter().map(|field| self.agreement(field, other.clone()?, &here, scope)).collect();
        let agreements: Vec<Agreement> = agreements.into_iter().collect::<Option<_>>()?;
        let id = self.add(ExprKind::And(agreements.iter().map(|each| each.same).collect()), Type::Boolean, span);
        self.program.agreements.insert(id, agreements);
        Some(id)
    }

    /// One field of both rows.
    fn agreement(&mut self, field: &tree::Expr, other: Operand, here: &Route, scope: &mut Scope) -> Option<Agreement> {
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
            let [here, there] = [left, right].map(|side| self.add(ExprKind::Has(side), Type::Boolean, field.span));
            let [not_here, not_there] = [here, there].map(|has| self.add(ExprKind::Not(has), Type::Boolean, field.span));
            let neither = self.add(ExprKind::And(vec![not_here, not_there]), Type::Boolean, field.span);
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
                let leaf = self.add(ExprKind::Row { level: route.level, frame: route.frame }, Type::Ref(route.frame), span);
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
