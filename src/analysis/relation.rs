//! Relations: what may be compared with what.

use super::constant::day_meant;
use super::expression::{is_number, is_quantity};
use super::scope::Scope;
use super::{Analyzer, Error};
use crate::builtin::Quantifier;
use crate::diagnostic::Bilingual;
use crate::program::{Comparison, ExprId, ExprKind, TextRelation};
use crate::say;
use crate::schema::{Constant, FieldId, Type};
use crate::syntax::tree::{self, RelationKind};
use crate::text::Span;

/// Whether values of two types may be compared: of one type, or numbers; a count is no share of
/// anything.
fn alike(a: Type, b: Type) -> bool {
    let counted = matches!((a, b), (Type::Integer, Type::Percent) | (Type::Percent, Type::Integer));
    a.whole() == b.whole() || is_number(a) && is_number(b) && !counted || a.is_span() && b.is_span()
}

impl Analyzer<'_> {
    pub(super) fn relation(
        &mut self,
        left: &tree::Expr,
        kind: RelationKind,
        right: &tree::Expr,
        span: Span,
        scope: &mut Scope,
    ) -> Option<ExprId> {
        match kind {
            RelationKind::In => self.membership(left, right, span, scope),
            RelationKind::NotIn => {
                let inside = self.membership(left, right, span, scope)?;
                Some(self.add(ExprKind::Not(inside), Type::Boolean, span))
            }
            RelationKind::Contains => {
                self.text_relation(left, TextRelation::Contains, right, span, scope)
            }
            RelationKind::StartsWith => {
                self.text_relation(left, TextRelation::StartsWith, right, span, scope)
            }
            RelationKind::EndsWith => {
                self.text_relation(left, TextRelation::EndsWith, right, span, scope)
            }
            RelationKind::Matches => {
                self.text_relation(left, TextRelation::Matches, right, span, scope)
            }
            _ => {
                let comparison = Comparison::of(kind)?;
                let left = self.value(left, scope, None);
                let expected = left.map(|left| self.ty(left));
                let right = self.value(right, scope, expected);
                let (left, right) = (left?, right?);
                self.same_sides(left, right, span, scope);
                let dated = matches!(
                    kind,
                    RelationKind::Before
                        | RelationKind::After
                        | RelationKind::NotBefore
                        | RelationKind::NotAfter
                );
                if dated && !matches!(self.ty(left), Type::Date | Type::Instant) {
                    let (found, expected) =
                        (self.type_words(self.ty(left)), self.type_words(Type::Date));
                    self.report(Error::WrongType {
                        found,
                        expected,
                        span: self.program.expr(left).span,
                        help: None,
                    });
                    return None;
                }
                self.compare(left, comparison, right, span)
            }
        }
    }

    /// A comparison of two values, after their types are seen to fit.
    pub(super) fn compare(
        &mut self,
        left: ExprId,
        comparison: Comparison,
        right: ExprId,
        span: Span,
    ) -> Option<ExprId> {
        let (mut left, mut right) = (left, right);
        if let (Type::Ref(_), Type::Text) = (self.ty(left), self.ty(right)) {
            left = self.key_of(left)?;
        } else if let (Type::Text, Type::Ref(_)) = (self.ty(left), self.ty(right)) {
            right = self.key_of(right)?;
        }
        let (a, b) = (self.ty(left), self.ty(right));
        if !alike(a, b) {
            self.mismatch(a, right);
            return None;
        }
        self.signed_share(left, right)?;
        (left, right) = (self.as_share(right, left), self.as_share(left, right));
        let ordering = !matches!(comparison, Comparison::Equal | Comparison::NotEqual);
        if ordering && !self.ordered(left, span) {
            return None;
        }
        Some(self.add(ExprKind::Compare(comparison, left, right), Type::Boolean, span))
    }

    /// Whether values of this type have an order; reported where not.
    fn ordered(&mut self, left: ExprId, span: Span) -> bool {
        match self.ty(left) {
            Type::Enum(id) => {
                let Some(found) = self.program.schema.enumeration(id) else { return false };
                let (ordered, declared) = (found.order.is_some(), found.span);
                let enumeration = Bilingual::new(found.names.zh(), found.names.en());
                if !ordered {
                    self.report(Error::NotOrdered { enumeration, span, declared });
                }
                ordered
            }
            Type::Text | Type::Boolean | Type::Ref(_) | Type::List(_) => {
                let found = self.type_words(self.ty(left));
                let expected = Bilingual::new("可比大小的值", "a value that has an order");
                self.report(Error::WrongType {
                    found,
                    expected,
                    span: self.program.expr(left).span,
                    help: None,
                });
                false
            }
            _ => true,
        }
    }

    /// Reports that the right side does not fit the type of the left.
    pub(super) fn mismatch(&mut self, wanted: Type, right: ExprId) {
        let (found_type, span) = (self.ty(right), self.program.expr(right).span);
        let (found, expected) = (self.type_words(found_type), self.type_words(wanted));
        if is_quantity(wanted) && is_quantity(found_type) {
            let (left, right) = (expected, found);
            self.report(Error::MixedUnits { left, right, operator: None, span, help: None });
            return;
        }
        let bare = found_type == Type::Integer && is_quantity(wanted);
        let part = self.part_of_nothing(wanted, span);
        let help = bare.then(|| {
            let (text, zh, en) = (self.slice(span), &expected.zh, &expected.en);
            let (zh, en) =
                if wanted == Type::Money { ("元", "yuan") } else { (zh.as_str(), en.as_str()) };
            let en = if text == "1" { en.trim_end_matches('s') } else { en };
            say!("带上单位：{text} {zh}", "give the unit: {text} {en}")
        });
        let help = part.or(help);
        let quoted = found_type == Type::Text
            && matches!(
                wanted,
                Type::Date
                    | Type::Instant
                    | Type::Boolean
                    | Type::Integer
                    | Type::Decimal
                    | Type::Enum(_)
            );
        let dated = (wanted, found_type) == (Type::Instant, Type::Date);
        let help = help.or_else(|| {
            dated.then(|| {
                say!(
                    "比较日期用 日期(时刻)，或写出时刻，如 2015-09-02 14:30",
                    "compare `date(instant)`, or write a time of day, such as 2015-09-02 14:30"
                )
            })
        });
        let help = help.or_else(|| self.share(wanted, right));
        let is_day = matches!(wanted, Type::Date | Type::Instant) && is_number(found_type);
        let help = help.or_else(|| day_meant(&self.slice(span)).filter(|_| is_day));
        let help = help.or_else(|| quoted.then(|| say!("去掉引号", "leave out the quotes")));
        self.report(Error::WrongType { found, expected, span, help });
    }

    /// `x 属于 {a、b}`, a set parameter, or a list of plain values.
    fn membership(
        &mut self,
        left: &tree::Expr,
        right: &tree::Expr,
        span: Span,
        scope: &mut Scope,
    ) -> Option<ExprId> {
        if let tree::ExprKind::Set(elements) = &right.kind {
            let value = self.value(left, scope, None)?;
            let ty = self.ty(value);
            let mut options = Vec::new();
            for element in elements {
                let option = self.value(element, scope, Some(ty))?;
                self.same_sides(value, option, span, scope);
                if !alike(ty, self.ty(option)) {
                    self.mismatch(ty, option);
                    return None;
                }
                self.signed_share(value, option)?;
                options.push(option);
            }
            return Some(self.add(ExprKind::In(value, options), Type::Boolean, span));
        }
        let operand = self.operand(right, scope, None)?;
        if let super::scope::Operand::Value { leaf, .. } = &operand
            && let ExprKind::Parameter(parameter) = self.program.expr(*leaf).kind
        {
            let value = self.value(left, scope, None)?;
            let ty = self.ty(value);
            if ty != self.ty(*leaf) {
                self.mismatch(ty, *leaf);
                return None;
            }
            let values: Vec<Constant> = self.program.parameter(parameter)?.values.clone();
            let options = values
                .into_iter()
                .map(|constant| self.constant_expr(constant, ty, right.span))
                .collect();
            return Some(self.add(ExprKind::In(value, options), Type::Boolean, span));
        }
        self.in_list(left, operand, right, span, scope)
    }

    fn in_list(
        &mut self,
        left: &tree::Expr,
        operand: super::scope::Operand,
        right: &tree::Expr,
        span: Span,
        scope: &mut Scope,
    ) -> Option<ExprId> {
        let list = self.as_list(operand, scope).filter(|(_, list)| {
            self.program.schema.frame(list.frame()).is_some_and(|frame| frame.plain)
        });
        let Some((steps, list)) = list else {
            let found = Bilingual::new("别的", "something else");
            let expected = Bilingual::new(
                "集合 {a、b}、集合参数或单值列表",
                "a set {a, b}, a set parameter or a list of plain values",
            );
            self.report(Error::WrongType { found, expected, span: right.span, help: None });
            return None;
        };
        if !steps.is_empty() {
            let message =
                say!("“属于”不能用别行的列表", "`in` cannot take the list of another row");
            let help = say!("写 存在(列表: 值 = …)", "write `any(list: value = …)`");
            self.report(Error::Unsupported { message, help, span: right.span });
            return None;
        }
        let mut inner = self.inner_scope(scope, &steps, list);
        let frame = list.frame();
        let ty = self.program.schema.frame(frame)?.fields.first()?.ty;
        let element =
            self.add(ExprKind::Field { level: 0, frame, field: FieldId(0) }, ty, right.span);
        inner.hidden.extend(scope.rows.len()..inner.rows.len());
        let value = self.value(left, &mut inner, Some(ty))?;
        let body = self.compare(element, Comparison::Equal, value, span)?;
        let kind = ExprKind::Quantify {
            quantifier: Quantifier::Any,
            list,
            filter: None,
            body: Some(body),
        };
        Some(self.add(kind, Type::Boolean, span))
    }

    fn text_relation(
        &mut self,
        left: &tree::Expr,
        kind: TextRelation,
        right: &tree::Expr,
        span: Span,
        scope: &mut Scope,
    ) -> Option<ExprId> {
        let left = self.value(left, scope, Some(Type::Text));
        let right = self.value(right, scope, Some(Type::Text));
        let mut sides = [left?, right?];
        self.same_sides(sides[0], sides[1], span, scope);
        for side in &mut sides {
            if matches!(self.ty(*side), Type::Ref(_)) {
                *side = self.key_of(*side)?;
            }
            if self.ty(*side) != Type::Text {
                let (found, expected) =
                    (self.type_words(self.ty(*side)), self.type_words(Type::Text));
                self.report(Error::WrongType {
                    found,
                    expected,
                    span: self.program.expr(*side).span,
                    help: None,
                });
                return None;
            }
        }
        let [left, right] = sides;
        if kind == TextRelation::Matches {
            self.check_pattern(right)?;
        }
        Some(self.add(ExprKind::Text(kind, left, right), Type::Boolean, span))
    }

    fn check_pattern(&mut self, pattern: ExprId) -> Option<()> {
        let span = self.program.expr(pattern).span;
        let text = match &self.program.expr(pattern).kind {
            ExprKind::Constant(Constant::Text(text)) => text.clone(),
            ExprKind::Parameter(parameter) => {
                match self.program.parameter(*parameter)?.values.first()? {
                    Constant::Text(text) => text.clone(),
                    _ => return None,
                }
            }
            _ => {
                let message = say!(
                    "“匹配”的右边须是文本或参数",
                    "the right side of `matches` must be a text or a parameter"
                );
                let help = say!("把式样直接写在这里", "write the pattern here");
                self.report(Error::Unsupported { message, help, span });
                return None;
            }
        };
        match regex_lite::Regex::new(&text) {
            Ok(_) => Some(()),
            Err(error) => {
                self.report(Error::BadPattern {
                    pattern: text.to_string(),
                    reason: error.to_string(),
                    span,
                });
                None
            }
        }
    }
}
