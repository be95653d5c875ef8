//! Expressions: names resolved, types checked.

use super::scope::{Operand, Scope};
use super::{Analyzer, Error};
use crate::builtin::Quantifier;
use crate::diagnostic::Bilingual;
use crate::program::{Comparison, ExprId, ExprKind};
use crate::say;
use crate::schema::{FieldId, Type};
use crate::syntax::tree::{self, Operator};
use crate::text::Span;

/// How deep expressions may nest, through the definitions they read. Everything that walks them
/// later rests on this limit.
const DEPTH: usize = 200;

impl Analyzer<'_> {
    /// A value; `expected` is the type the surroundings want, so that an enum's values can be named
    /// plainly.
    pub(super) fn value(
        &mut self,
        expr: &tree::Expr,
        scope: &mut Scope,
        expected: Option<Type>,
    ) -> Option<ExprId> {
        if self.depth > DEPTH {
            self.report(Error::TooDeep { span: expr.span });
            return None;
        }
        self.depth += 1;
        let id = self.value_at(expr, scope, expected);
        self.depth -= 1;
        if id.is_some_and(|id| self.depth_of(id) > DEPTH) {
            self.report(Error::TooDeep { span: expr.span });
            return None;
        }
        id
    }

    fn value_at(
        &mut self,
        expr: &tree::Expr,
        scope: &mut Scope,
        expected: Option<Type>,
    ) -> Option<ExprId> {
        use tree::ExprKind as Kind;
        let span = expr.span;
        match &expr.kind {
            Kind::Paren(inner) => self.value(inner, scope, expected),
            Kind::Name(_) | Kind::This | Kind::Member(..) | Kind::Lookup(..) => {
                let operand = self.operand(expr, scope, expected)?;
                self.finish(operand, span)
            }
            Kind::Conforms(asks, process) => self.conforms(*asks, process, span, scope),
            Kind::Has(inner) => self.has((inner, true), span, scope),
            Kind::Lacks(inner) => {
                let has = self.has((inner, false), span, scope)?;
                Some(self.add(ExprKind::Not(has), Type::Boolean, span))
            }
            Kind::Not(inner) => {
                let inner = self.condition(inner, scope)?;
                Some(self.add(ExprKind::Not(inner), Type::Boolean, span))
            }
            Kind::Commas(parts) => {
                let all = self.connective(parts, true, span, scope)?;
                self.paused(parts, span);
                Some(all)
            }
            Kind::And(parts) => self.connective(parts, true, span, scope),
            Kind::Or(parts) if self.is_choice(parts, scope) => None,
            Kind::Or(parts) => self.connective(parts, false, span, scope),
            Kind::Listed(listing, items) => self.listed(*listing, items, span, scope),
            Kind::Relation(..) if self.is_nothing(expr, None, scope) => None,
            Kind::Relation(left, relation, right) => {
                self.relation(left, relation.kind, right, span, scope)
            }
            Kind::Between(value, low, high) => {
                let value = self.value(value, scope, None)?;
                let ty = self.ty(value);
                let low = self.value(low, scope, Some(ty));
                let high = self.value(high, scope, Some(ty));
                let (low, high) = (low?, high?);
                self.same_sides(value, low, span, scope);
                self.same_sides(value, high, span, scope);
                let above = self.compare(value, Comparison::GreaterEqual, low, span)?;
                let below = self.compare(value, Comparison::LessEqual, high, span)?;
                Some(self.add(ExprKind::And(vec![above, below]), Type::Boolean, span))
            }
            Kind::Binary(left, operator, right) => {
                self.arithmetic(left, *operator, right, span, scope)
            }
            Kind::Negate(inner) => match self.literal(expr) {
                Some((constant, ty)) => {
                    self.warn_of_negative(&constant, ty, span);
                    Some(self.constant_expr(constant, ty, span))
                }
                None => {
                    let inner = self.value(inner, scope, None)?;
                    let ty = self.numeric(inner)?;
                    Some(self.add(ExprKind::Negate(inner), ty, span))
                }
            },
            Kind::If(condition, then, otherwise) => {
                self.conditional([condition, then, otherwise], span, scope, expected)
            }
            Kind::OrElse(value, default) => self.or_else([value, default], span, scope, expected),
            Kind::Call(call) => self.call(call, span, scope),
            Kind::Set(_) => {
                let found = Bilingual::new("集合", "a set");
                let help = say!("集合写在“属于”之后", "a set stands after `in`");
                self.report(Error::WrongType {
                    found,
                    expected: Bilingual::new("一个值", "a value"),
                    span,
                    help: Some(help),
                });
                None
            }
            _ => {
                let (constant, ty) = self.literal(expr)?;
                Some(self.constant_expr(constant, ty, span))
            }
        }
    }

    /// A condition: a value of type 是否.
    pub(super) fn condition(&mut self, expr: &tree::Expr, scope: &mut Scope) -> Option<ExprId> {
        let id = self.value(expr, scope, Some(Type::Boolean))?;
        if self.ty(id) == Type::Boolean {
            return Some(id);
        }
        let (found, expected) = (self.type_words(self.ty(id)), self.type_words(Type::Boolean));
        let help = say!(
            "写一个关系，如“x 超过 3”，或用“有 x”",
            "write a relation, such as `x exceeds 3`, or `has x`"
        );
        self.report(Error::WrongType { found, expected, span: expr.span, help: Some(help) });
        None
    }

    /// 且 and 或: what earlier parts show to be there may be read by later ones.
    fn connective(
        &mut self,
        parts: &[tree::Expr],
        all: bool,
        span: Span,
        scope: &mut Scope,
    ) -> Option<ExprId> {
        let known = scope.guards.len();
        let mut ids = Vec::with_capacity(parts.len());
        for (at, part) in parts.iter().enumerate() {
            let before = at.checked_sub(1).and_then(|before| parts.get(before));
            let id = match before.is_some_and(|before| self.is_presence(before, part, scope)) {
                true => None,
                false => self.condition(part, scope),
            };
            if let Some(id) = id {
                let mut guards = Vec::new();
                self.guards(id, all, scope.rows.len(), &mut guards);
                scope.guards.append(&mut guards);
            }
            ids.push(id);
        }
        scope.guards.truncate(known);
        let ids: Vec<ExprId> = ids.into_iter().collect::<Option<_>>()?;
        let kind = if all { ExprKind::And(ids) } else { ExprKind::Or(ids) };
        Some(self.add(kind, Type::Boolean, span))
    }

    /// `有下列情形之一：（一）a；（二）b`: one of the items, or all of them.
    fn listed(
        &mut self,
        listing: tree::Listing,
        items: &[tree::Expr],
        span: Span,
        scope: &mut Scope,
    ) -> Option<ExprId> {
        if items.is_empty() {
            self.report(Error::NoItems { span });
            return None;
        }
        let all = listing == tree::Listing::All;
        let id = self.connective(items, all, span, scope)?;
        self.program.listed.insert(id);
        Some(id)
    }

    /// `有 x`, or `无 x` where it is asked for the contrary: a field, an element, or a list that is
    /// not empty.
    fn has(
        &mut self,
        (inner, asked): (&tree::Expr, bool),
        span: Span,
        scope: &mut Scope,
    ) -> Option<ExprId> {
        let lenient = std::mem::replace(&mut scope.lenient, true);
        let operand = self.operand(inner, scope, None);
        scope.lenient = lenient;
        match operand? {
            Operand::List { steps, list } => {
                let any = ExprKind::Quantify {
                    quantifier: Quantifier::Any,
                    list,
                    filter: None,
                    body: None,
                };
                let leaf = self.add(any, Type::Boolean, span);
                let whole = self.finish_steps(&steps, leaf);
                Some(self.add(ExprKind::Has(whole), Type::Boolean, span))
            }
            Operand::Row(route) if !route.steps.is_empty() => {
                // Whether the element or row is there at all: asked of its first plain field's row.
                let leaf = self.add(
                    ExprKind::Row { level: route.level, frame: route.frame },
                    Type::Ref(route.frame),
                    span,
                );
                let whole = self.finish_steps(&route.steps, leaf);
                Some(self.add(ExprKind::Has(whole), Type::Boolean, span))
            }
            Operand::Row(_) => {
                let expected = Bilingual::new("字段或列表", "a field or a list");
                self.report(Error::WrongType {
                    found: Bilingual::new("本行", "this row"),
                    expected,
                    span: inner.span,
                    help: None,
                });
                None
            }
            Operand::Value { steps, leaf } => {
                if !matches!(
                    self.program.expr(leaf).kind,
                    ExprKind::Field { .. } | ExprKind::Definition { .. } | ExprKind::Nearest(_)
                ) {
                    let expected = Bilingual::new("字段或列表", "a field or a list");
                    let found = self.type_words(self.ty(leaf));
                    self.report(Error::WrongType { found, expected, span: inner.span, help: None });
                    return None;
                }
                if steps.is_empty() && self.is_always_given(leaf) {
                    self.asked_of_condition((inner, asked), span);
                    return None;
                }
                let whole = self.finish_steps(&steps, leaf);
                Some(self.add(ExprKind::Has(whole), Type::Boolean, span))
            }
        }
    }

    /// The type of a number or quantity; reported where it is neither.
    pub(super) fn numeric(&mut self, id: ExprId) -> Option<Type> {
        let ty = self.ty(id);
        if is_number(ty) || is_quantity(ty) {
            return Some(ty);
        }
        let found = self.type_words(ty);
        let (expected, span) =
            (Bilingual::new("数或量", "a number or a quantity"), self.program.expr(id).span);
        let help = (ty == Type::Text)
            .then(|| say!("连接文本用 拼接(a, b)", "join texts with `concat(a, b)`"));
        self.report(Error::WrongType { found, expected, span, help });
        None
    }

    fn arithmetic(
        &mut self,
        left: &tree::Expr,
        operator: Operator,
        right: &tree::Expr,
        span: Span,
        scope: &mut Scope,
    ) -> Option<ExprId> {
        if self.is_unclear([left, right], span) {
            return None;
        }
        let sides = (left.span, right.span);
        let left = self.value(left, scope, None);
        let right = self.value(right, scope, None);
        let (left, right) = (left?, right?);
        self.same_operands([left, right], operator, span, scope);
        if matches!(operator, Operator::Add | Operator::Subtract) {
            self.signed_share(left, right)?;
        }
        let ty = match (self.ty(left), operator, self.ty(right)) {
            (Type::Date, Operator::Subtract, Type::Date) => Type::Days,
            (Type::Date, Operator::Add | Operator::Subtract, Type::Days | Type::Months) => {
                Type::Date
            }
            (Type::Instant, Operator::Subtract, Type::Instant) => Type::Hours,
            (Type::Instant, Operator::Add | Operator::Subtract, Type::Days) => Type::Instant,
            (Type::Instant, Operator::Add | Operator::Subtract, span) if span.is_span() => {
                Type::Instant
            }
            (a, _, b) => {
                let dated = |ty| matches!(ty, Type::Date | Type::Instant).then_some(ty);
                let (a, b) = (
                    dated(a).or_else(|| self.numeric(left))?,
                    dated(b).or_else(|| self.numeric(right))?,
                );
                match result_type(a, operator, b) {
                    Some(ty) => ty,
                    None => {
                        let (left, right) = (self.type_words(a), self.type_words(b));
                        let counted =
                            (a, operator, b) == (Type::Date, Operator::Add, Type::Workdays);
                        let help = counted.then(|| self.postponed(sides)).or_else(|| {
                            self.as_range(sides, (a, b)).filter(|_| operator == Operator::Subtract)
                        });
                        self.report(Error::MixedUnits {
                            left,
                            right,
                            operator: Some(operator),
                            span,
                            help,
                        });
                        return None;
                    }
                }
            }
        };
        Some(self.add(ExprKind::Arithmetic(operator, left, right), ty, span))
    }

    /// The day some working days after another.
    fn postponed(&self, (day, count): (Span, Span)) -> Bilingual {
        let (day, count) = (self.slice(day), self.slice(count));
        say!("写作 `顺延({day}, {count})`", "write `due({day}, {count})`")
    }

    /// A quotient of two values that are worked out already; a mean of percentages is one.
    pub(super) fn quotient(&mut self, (a, b): (ExprId, ExprId), span: Span) -> Option<ExprId> {
        let types = (self.ty(a), self.ty(b));
        let found = match types.0 {
            Type::Percent => Some(Type::Percent),
            of => result_type(of, Operator::Divide, types.1),
        };
        let Some(ty) = found else {
            let (left, right) = (self.type_words(types.0), self.type_words(types.1));
            let operator = Some(Operator::Divide);
            self.report(Error::MixedUnits { left, right, operator, span, help: None });
            return None;
        };
        Some(self.add(ExprKind::Arithmetic(Operator::Divide, a, b), ty, span))
    }

    /// Where a reference is compared with a text, the text is its key.
    pub(super) fn key_of(&mut self, reference: ExprId) -> Option<ExprId> {
        let Type::Ref(frame) = self.ty(reference) else { return None };
        let field: FieldId = self.program.schema.frame(frame)?.key()?;
        let ty = self.program.schema.field(frame, field)?.ty;
        let span = self.program.expr(reference).span;
        let then = self.add(ExprKind::Field { level: 0, frame, field }, ty, span);
        Some(self.add(ExprKind::Follow { reference, frame, then }, ty, span))
    }
}

/// Plain numbers.
pub(super) fn is_number(ty: Type) -> bool {
    matches!(ty, Type::Integer | Type::Decimal | Type::Percent)
}

/// Numbers with a unit.
pub(super) fn is_quantity(ty: Type) -> bool {
    matches!(ty, Type::Money | Type::Workdays | Type::Days | Type::Months | Type::Part(_))
        || ty.is_span()
}

/// The type of `a ∘ b`, both numbers or quantities; `None` where the units do not allow it.
fn result_type(a: Type, operator: Operator, b: Type) -> Option<Type> {
    let numbers = is_number(a) && is_number(b);
    match operator {
        _ if [a, b].iter().any(|ty| matches!(ty, Type::Date | Type::Instant)) => None,
        Operator::Add | Operator::Subtract if a == b || a.is_span() && b.is_span() => Some(a),
        Operator::Add | Operator::Subtract if a.whole() == b.whole() => Some(a.part()),
        Operator::Divide if a.is_span() && b.is_span() => Some(Type::Decimal),
        Operator::Add | Operator::Subtract if numbers => Some(Type::Decimal),
        Operator::Multiply if a == Type::Integer && b == Type::Integer => Some(Type::Integer),
        Operator::Multiply if numbers => Some(Type::Decimal),
        Operator::Multiply if is_quantity(a) && b == Type::Integer => Some(a),
        Operator::Multiply if a == Type::Integer && is_quantity(b) => Some(b),
        // Of hours and minutes only whole times: they are counted in ticks.
        _ if a.is_span() || b.is_span() => None,
        Operator::Multiply if is_quantity(a) && is_number(b) => Some(a.part()),
        Operator::Multiply if is_number(a) && is_quantity(b) => Some(b.part()),
        Operator::Divide if a.whole() == b.whole() || numbers => Some(Type::Decimal),
        Operator::Divide if is_quantity(a) && is_number(b) => Some(a.part()),
        _ => None,
    }
}
