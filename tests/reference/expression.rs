//! Values of expressions.

use super::name::{Scope, Thing};
use super::program::Type;
use super::{Value, World, and, date, not, or};
use fanshi::syntax::tree::{Call, EnumOrder, Expr, ExprKind, Operator, RelationKind, Unit};
use fanshi::value::Ratio;
use fanshi::value::number::parse_decimal;
use num_traits::{CheckedAdd, CheckedDiv, CheckedMul, CheckedSub, ToPrimitive, Zero};
use std::cmp::Ordering;

/// The forms that name one element.
pub const END: [&str; 2] = ["首个", "末个"];

/// The least and the most a number can be.
type Range = (Option<Ratio>, Option<Ratio>);

fn sum(a: Option<Ratio>, b: Option<Ratio>) -> Option<Ratio> {
    a?.checked_add(&b?)
}

impl World<'_> {
    pub fn truth(&self, expr: &Expr, scope: &Scope) -> Option<bool> {
        match self.value(expr, scope, None)? {
            Value::Truth(truth) => Some(truth),
            other => panic!("not a condition: {other:?}"),
        }
    }

    pub fn value(&self, expr: &Expr, scope: &Scope, wanted: Option<usize>) -> Option<Value> {
        let truth = |expr: &Expr| self.truth(expr, scope);
        match &expr.kind {
            ExprKind::Paren(inner) => self.value(inner, scope, wanted),
            ExprKind::Name(_) | ExprKind::This | ExprKind::Member(..) | ExprKind::Lookup(..) => {
                self.thing(expr, scope, wanted).value()
            }
            ExprKind::Has(inner) => self.has(inner, scope).map(Value::Truth),
            ExprKind::Lacks(inner) => not(self.has(inner, scope)).map(Value::Truth),
            ExprKind::Not(inner) => not(truth(inner)).map(Value::Truth),
            ExprKind::And(parts) | ExprKind::Commas(parts) => {
                and(parts.iter().map(truth)).map(Value::Truth)
            }
            ExprKind::Or(parts) => or(parts.iter().map(truth)).map(Value::Truth),
            ExprKind::Relation(left, relation, right) => {
                self.relation(left, relation.kind, right, scope).map(Value::Truth)
            }
            ExprKind::Between(value, low, high) => {
                let above = self.relation(value, RelationKind::AtLeast, low, scope);
                let below = self.relation(value, RelationKind::AtMost, high, scope);
                and([above, below]).map(Value::Truth)
            }
            ExprKind::Binary(left, operator, right) => {
                let left = self.value(left, scope, None);
                let months = self.is_months(right, scope);
                arithmetic(left?, *operator, self.value(right, scope, None)?, months)
            }
            ExprKind::Negate(inner) => match self.value(inner, scope, None)? {
                Value::Number(number) => Some(Value::Number(-number)),
                other => panic!("not a number: {other:?}"),
            },
            ExprKind::If(condition, then, otherwise) => {
                self.either(truth(condition), [then, otherwise], scope, wanted)
            }
            ExprKind::OrElse(value, default) => {
                self.either(self.given(value, scope), [value, default], scope, wanted)
            }
            ExprKind::Call(call) if END.contains(&call.function.text.as_str()) => {
                self.thing(expr, scope, wanted).value()
            }
            ExprKind::Call(call) => self.call(call, scope),
            _ => literal(expr),
        }
    }

    /// The first of two values or the second; where it is not known which, what both are.
    fn either(
        &self,
        first: Option<bool>,
        branches: [&Expr; 2],
        scope: &Scope,
        wanted: Option<usize>,
    ) -> Option<Value> {
        let of = |branch: &Expr| self.value(branch, scope, wanted);
        match first {
            Some(true) => of(branches[0]),
            Some(false) => of(branches[1]),
            None => {
                let (a, b) = (of(branches[0])?, of(branches[1])?);
                (self.same(&a, &b) == Some(true)).then_some(a)
            }
        }
    }

    /// Whether a value is there to be taken: of the greatest, the least and the mean of a list,
    /// whether it has an element that counts.
    fn given(&self, expr: &Expr, scope: &Scope) -> Option<bool> {
        match &expr.kind {
            ExprKind::Paren(inner) => self.given(inner, scope),
            ExprKind::Call(call) if !END.contains(&call.function.text.as_str()) => {
                let list = self.list(&call.arguments[0], scope);
                let kept = |element: &Vec<usize>| {
                    let inner = scope.with(&list, element);
                    call.filter.as_ref().map_or(Some(true), |filter| self.truth(filter, &inner))
                };
                or(list.rows.iter().map(kept).chain((!list.complete).then_some(None)))
            }
            _ => self.has(expr, scope),
        }
    }

    /// The first or the last element of a list, by a value of its own or as the data has it.
    pub fn end(&self, call: &Call, scope: &Scope) -> Thing {
        let list = self.list(&call.arguments[0], scope);
        let mut possible = Vec::new();
        for element in &list.rows {
            let inner = scope.with(&list, element);
            let kept = call.filter.as_ref().map_or(Some(true), |filter| self.truth(filter, &inner));
            let rank = match &call.body {
                Some(body) => self.value(body, &inner, None),
                None => Some(whole(0)),
            };
            if kept != Some(false) {
                possible.push((rank, kept == Some(true), *element.last().expect("a row")));
            }
        }
        if possible.is_empty() {
            return Thing::Missing { surely: list.complete };
        }
        let unknown = Thing::Missing { surely: false };
        if !list.complete || possible.len() > 1 && possible.iter().any(|(rank, ..)| rank.is_none())
        {
            return unknown;
        }
        let before = |a: &Option<Value>, b: &Option<Value>| match (a, b) {
            (Some(a), Some(b)) => self.order(a, b),
            _ => Ordering::Equal,
        };
        let last = call.function.text == END[1];
        let found = possible.into_iter().reduce(|best, next| match before(&next.0, &best.0) {
            Ordering::Less if !last => next,
            Ordering::Greater | Ordering::Equal if last => next,
            _ => best,
        });
        match found {
            Some((_, true, row)) => Thing::Value(Value::Row(row)),
            _ => unknown,
        }
    }

    fn relation(
        &self,
        left: &Expr,
        kind: RelationKind,
        right: &Expr,
        scope: &Scope,
    ) -> Option<bool> {
        match kind {
            RelationKind::In => self.within(left, right, scope),
            RelationKind::NotIn => not(self.within(left, right, scope)),
            _ => {
                if let Some(sure) = self.sure(left, kind, right, scope) {
                    return Some(sure);
                }
                let left = self.value(left, scope, None)?;
                let wanted = if let Value::Enum(index, _) = left { Some(index) } else { None };
                let right = self.value(right, scope, wanted)?;
                let texts = || (self.text(&left), self.text(&right));
                match kind {
                    RelationKind::Is => self.same(&left, &right),
                    RelationKind::IsNot => not(self.same(&left, &right)),
                    _ if matches!(left, Value::Gone(_)) || matches!(right, Value::Gone(_)) => None,
                    RelationKind::Contains => Some(texts().0.contains(&texts().1)),
                    RelationKind::StartsWith => Some(texts().0.starts_with(&texts().1)),
                    RelationKind::EndsWith => Some(texts().0.ends_with(&texts().1)),
                    RelationKind::Matches => {
                        let pattern = format!("^(?:{})$", texts().1);
                        Some(
                            regex_lite::Regex::new(&pattern)
                                .expect("a pattern")
                                .is_match(&texts().0),
                        )
                    }
                    RelationKind::Exceeds | RelationKind::After => {
                        Some(self.order(&left, &right) == Ordering::Greater)
                    }
                    RelationKind::AtMost | RelationKind::NotAfter => {
                        Some(self.order(&left, &right) != Ordering::Greater)
                    }
                    RelationKind::Below | RelationKind::Before => {
                        Some(self.order(&left, &right) == Ordering::Less)
                    }
                    _ => Some(self.order(&left, &right) != Ordering::Less),
                }
            }
        }
    }

    /// What the least and the most that counts can be already decide.
    fn sure(&self, left: &Expr, kind: RelationKind, right: &Expr, scope: &Scope) -> Option<bool> {
        if !self.may_count(left, scope) && !self.may_count(right, scope) {
            return None;
        }
        let ((low, high), (least, most)) = (self.range(left, scope)?, self.range(right, scope)?);
        let less = |a: Option<Ratio>, b: Option<Ratio>| a.zip(b).is_some_and(|(a, b)| a < b);
        let at_most = |a: Option<Ratio>, b: Option<Ratio>| a.zip(b).is_some_and(|(a, b)| a <= b);
        let apart = less(high, least) || less(most, low);
        let (yes, no) = match kind {
            RelationKind::Below => (less(high, least), at_most(most, low)),
            RelationKind::AtMost => (at_most(high, least), less(most, low)),
            RelationKind::Exceeds => (less(most, low), at_most(high, least)),
            RelationKind::AtLeast => (at_most(most, low), less(high, least)),
            RelationKind::Is => (false, apart),
            RelationKind::IsNot => (apart, false),
            _ => (false, false),
        };
        if yes { Some(true) } else { no.then_some(false) }
    }

    /// Whether a number rests on a count.
    fn may_count(&self, expr: &Expr, scope: &Scope) -> bool {
        match &expr.kind {
            ExprKind::Paren(inner) | ExprKind::Negate(inner) => self.may_count(inner, scope),
            ExprKind::Binary(left, _, right) => {
                self.may_count(left, scope) || self.may_count(right, scope)
            }
            ExprKind::Call(call) => call.function.text == "数量",
            ExprKind::Name(_) | ExprKind::Member(..) => self
                .defined(expr, scope)
                .is_some_and(|(body, row)| self.may_count(body, &self.scope(row))),
            _ => false,
        }
    }

    /// The least and the most a number can be; `None` where nothing is known of it.
    fn range(&self, expr: &Expr, scope: &Scope) -> Option<Range> {
        match self.value(expr, scope, None) {
            Some(Value::Number(number)) => return Some((Some(number), Some(number))),
            Some(_) => return None,
            None => {}
        }
        match &expr.kind {
            ExprKind::Paren(inner) => self.range(inner, scope),
            ExprKind::Negate(inner) => {
                let (least, most) = self.range(inner, scope)?;
                Some((most.map(|most| -most), least.map(|least| -least)))
            }
            ExprKind::Call(call) if call.function.text == "数量" => self.count_range(call, scope),
            ExprKind::Binary(left, operator, right) => {
                let ((low, high), (least, most)) =
                    (self.range(left, scope)?, self.range(right, scope)?);
                match operator {
                    Operator::Add => Some((sum(low, least), sum(high, most))),
                    Operator::Subtract => {
                        let minus = |number: Option<Ratio>| number.map(|number| -number);
                        Some((sum(low, minus(most)), sum(high, minus(least))))
                    }
                    Operator::Multiply => {
                        let by = [left, right].into_iter().find_map(|side| self.constant(side))?;
                        let of =
                            if self.constant(left).is_some() { (least, most) } else { (low, high) };
                        (by >= Ratio::zero()).then(|| (of.0.map(|n| n * by), of.1.map(|n| n * by)))
                    }
                    Operator::Divide => {
                        let by = self.constant(right).filter(|by| *by > Ratio::zero())?;
                        Some((low.map(|n| n / by), high.map(|n| n / by)))
                    }
                }
            }
            ExprKind::Name(_) | ExprKind::Member(..) => {
                let (body, row) = self.defined(expr, scope)?;
                self.range(body, &self.scope(row))
            }
            _ => None,
        }
    }

    /// How many elements surely count, and how many may; nothing is known of the list of a row that
    /// is not known.
    fn count_range(&self, call: &Call, scope: &Scope) -> Option<Range> {
        if let Thing::Missing { .. } = self.thing(&call.arguments[0], scope, None) {
            return None;
        }
        let list = self.list(&call.arguments[0], scope);
        let (mut least, mut most) = (0, 0);
        for element in &list.rows {
            let inner = scope.with(&list, element);
            let holds = |part: &Option<Box<Expr>>| {
                part.as_ref().map_or(Some(true), |part| self.truth(part, &inner))
            };
            let counts = and([holds(&call.filter), holds(&call.body)]);
            least += i128::from(counts == Some(true));
            most += i128::from(counts != Some(false));
        }
        let most = Some(Ratio::from_integer(most)).filter(|_| list.complete);
        Some((Some(Ratio::from_integer(least)), most))
    }

    /// A literal, or the value of a parameter.
    fn constant(&self, expr: &Expr) -> Option<Ratio> {
        let number = |value: Option<Value>| match value {
            Some(Value::Number(number)) => Some(number),
            _ => None,
        };
        match &expr.kind {
            ExprKind::Paren(inner) => self.constant(inner),
            ExprKind::Number(_) | ExprKind::Percent(_) | ExprKind::Quantity(..) => {
                number(literal(expr))
            }
            ExprKind::Negate(inner) => match &inner.kind {
                ExprKind::Number(_) | ExprKind::Percent(_) | ExprKind::Quantity(..) => {
                    number(literal(expr))
                }
                _ => None,
            },
            ExprKind::Name(name) => self
                .program
                .parameters
                .iter()
                .find(|(parameter, _, _)| *parameter == name.text)
                .and_then(|(_, _, value)| self.constant(value)),
            _ => None,
        }
    }

    /// A text, or the key of a row compared with one.
    fn text(&self, value: &Value) -> String {
        match value {
            Value::Text(text) => text.clone(),
            Value::Row(row) => self.facts.rows[*row].key.clone(),
            other => panic!("not a text: {other:?}"),
        }
    }

    /// Two references to one row that is not there are the same, and no other row; what is read of
    /// such a row, its key too, is unknown.
    fn same(&self, left: &Value, right: &Value) -> Option<bool> {
        match (left, right) {
            (Value::Row(_), Value::Text(_)) | (Value::Text(_), Value::Row(_)) => {
                Some(self.text(left) == self.text(right))
            }
            (Value::Gone(_), Value::Text(_)) | (Value::Text(_), Value::Gone(_)) => None,
            _ => Some(left == right),
        }
    }

    fn order(&self, left: &Value, right: &Value) -> Ordering {
        match (left, right) {
            (Value::Number(left), Value::Number(right)) => left.cmp(right),
            (Value::Date(left), Value::Date(right)) => left.cmp(right),
            (Value::Enum(index, left), Value::Enum(_, right)) => {
                match self.program.enums[*index].order {
                    Some(EnumOrder::Descending) => right.cmp(left),
                    _ => left.cmp(right),
                }
            }
            other => panic!("no order: {other:?}"),
        }
    }

    /// `x 属于 {a、b}`: whether x is one of them; the same as a chain of 或.
    fn within(&self, left: &Expr, right: &Expr, scope: &Scope) -> Option<bool> {
        if let ExprKind::Set(elements) = &right.kind {
            return or(elements
                .iter()
                .map(|element| self.relation(left, RelationKind::Is, element, scope)));
        }
        let value = self.value(left, scope, None);
        let range = if self.may_count(left, scope) { self.range(left, scope) } else { None };
        let equals = |other: Option<Value>| match (&value, other?) {
            (Some(value), other) => self.same(value, &other),
            (None, Value::Number(other)) => {
                let (least, most) = range?;
                let outside = least.is_some_and(|least| other < least)
                    || most.is_some_and(|most| other > most);
                outside.then_some(false)
            }
            _ => None,
        };
        match self.thing(right, scope, None) {
            Thing::Values(values) => or(values.into_iter().map(|other| equals(Some(other)))),
            Thing::Value(other) => equals(Some(other)),
            Thing::Rows(list) => {
                let more = (!list.complete).then_some(None);
                or(list.rows.iter().map(|element| equals(self.element(element))).chain(more))
            }
            Thing::Missing { .. } => None,
        }
    }

    /// The value of an element of a plain list.
    fn element(&self, element: &[usize]) -> Option<Value> {
        match &self.facts.rows[*element.last()?].cells[0] {
            super::row::Cell::Known(value) => Some(value.clone()),
            _ => None,
        }
    }

    /// Whether what is added to a date is months: the only place where a unit changes what is
    /// computed.
    fn is_months(&self, expr: &Expr, scope: &Scope) -> bool {
        let of = |row: usize, name: &str| {
            let frame = self.facts.rows[row].frame;
            let field = self.program.field(frame, name);
            field.is_some_and(|field| is_month(&self.program.frames[frame].fields[field].ty))
        };
        match &expr.kind {
            ExprKind::Quantity(_, unit) => *unit == Unit::Months,
            ExprKind::Paren(inner) | ExprKind::Negate(inner) => self.is_months(inner, scope),
            // Between two days there are days, and a day with months added is a day.
            ExprKind::Binary(left, _, right) => {
                !matches!(self.value(left, scope, None), Some(Value::Date(_)))
                    && (self.is_months(left, scope) || self.is_months(right, scope))
            }
            // The same name may be days in one row and months in another.
            ExprKind::Name(name) => {
                match scope.levels.iter().rev().find(|row| self.member(**row, &name.text).is_some())
                {
                    Some(row) => of(*row, &name.text),
                    None => {
                        let mut parameters = self.program.parameters.iter();
                        parameters.any(|(called, ty, _)| *called == name.text && is_month(ty))
                    }
                }
            }
            ExprKind::Member(base, name) => match self.thing(base, scope, None) {
                Thing::Value(Value::Row(row)) => of(row, &name.text),
                _ => false,
            },
            ExprKind::Call(call) => self.gives_months(call, scope),
            ExprKind::If(_, a, b) | ExprKind::OrElse(a, b) => {
                self.is_months(a, scope) || self.is_months(b, scope)
            }
            _ => false,
        }
    }

    /// Whether a call gives months: a number as large as one of those it is given, in their unit.
    fn gives_months(&self, call: &Call, scope: &Scope) -> bool {
        match call.function.text.as_str() {
            "绝对值" | "四舍五入" | "进位" | "舍去" | "余数" => {
                self.is_months(&call.arguments[0], scope)
            }
            "合计" | "最大" | "最小" => {
                let list = self.list(&call.arguments[0], scope);
                // Over no element a sum is 0, whatever its unit.
                list.rows.first().is_some_and(|element| match &call.body {
                    Some(body) => self.is_months(body, &scope.with(&list, element)),
                    None => {
                        let row = *element.last().expect("a row");
                        let frame = &self.program.frames[self.facts.rows[row].frame];
                        is_month(&frame.fields[0].ty)
                    }
                })
            }
            _ => false,
        }
    }

    fn call(&self, call: &Call, scope: &Scope) -> Option<Value> {
        let name = call.function.text.as_str();
        const FORMS: [&str; 9] =
            ["存在", "每个", "没有", "数量", "合计", "最大", "最小", "平均", "不同数量"];
        if !FORMS.contains(&name) {
            return self.function(name, &call.arguments, scope);
        }
        let list = self.list(&call.arguments[0], scope);
        let inner: Vec<(Scope, &Vec<usize>)> =
            list.rows.iter().map(|element| (scope.with(&list, element), element)).collect();
        let kept = |scope: &Scope| {
            call.filter.as_ref().map_or(Some(true), |filter| self.truth(filter, scope))
        };
        let holds =
            |scope: &Scope| call.body.as_ref().map_or(Some(true), |body| self.truth(body, scope));
        let each = || inner.iter().map(|(scope, _)| and([kept(scope), holds(scope)]));
        // An element that may be there, of a list that was not given.
        let more = (!list.complete).then_some(None);
        match name {
            "存在" => or(each().chain(more)).map(Value::Truth),
            "没有" => not(or(each().chain(more))).map(Value::Truth),
            "每个" => {
                and(inner.iter().map(|(scope, _)| or([not(kept(scope)), holds(scope)])).chain(more))
                    .map(Value::Truth)
            }
            _ if !list.complete => None,
            "数量" => {
                let counted: Vec<bool> = each().collect::<Option<_>>()?;
                Some(whole(counted.into_iter().filter(|counted| *counted).count()))
            }
            _ => {
                let mut values = Vec::new();
                for (scope, element) in &inner {
                    if kept(scope)? {
                        values.push(match &call.body {
                            Some(body) => self.value(body, scope, None)?,
                            None => self.element(element)?,
                        });
                    }
                }
                self.fold(name, values)
            }
        }
    }

    fn fold(&self, name: &str, values: Vec<Value>) -> Option<Value> {
        match name {
            "平均" => {
                let count = Ratio::from_integer(values.len() as i128);
                match self.fold("合计", values)? {
                    Value::Number(sum) => sum.checked_div(&count).map(Value::Number),
                    other => panic!("no mean: {other:?}"),
                }
            }
            "不同数量" => {
                let mut different: Vec<Value> = Vec::new();
                for value in values {
                    if !different.contains(&value) {
                        different.push(value);
                    }
                }
                Some(whole(different.len()))
            }
            "合计" => values.into_iter().try_fold(whole(0), |sum, value| match (sum, value) {
                (Value::Number(sum), Value::Number(value)) => {
                    sum.checked_add(&value).map(Value::Number)
                }
                other => panic!("no sum: {other:?}"),
            }),
            "最大" => values.into_iter().reduce(|best, value| {
                if self.order(&value, &best) == Ordering::Greater { value } else { best }
            }),
            _ => values.into_iter().reduce(|best, value| {
                if self.order(&value, &best) == Ordering::Less { value } else { best }
            }),
        }
    }
}

fn is_month(ty: &Type) -> bool {
    matches!(ty, Type::Plain(ty) if ty == "月")
}

/// `months` is whether what is added to a date is months.
fn arithmetic(left: Value, operator: Operator, right: Value, months: bool) -> Option<Value> {
    Some(match (left, right) {
        (Value::Number(left), Value::Number(right)) => Value::Number(match operator {
            Operator::Add => left.checked_add(&right)?,
            Operator::Subtract => left.checked_sub(&right)?,
            Operator::Multiply => left.checked_mul(&right)?,
            Operator::Divide if right.is_zero() => return None,
            Operator::Divide => left.checked_div(&right)?,
        }),
        (Value::Date(left), Value::Date(right)) => {
            Value::Number(Ratio::from_integer(i128::from(date::days_between(right, left))))
        }
        (Value::Date(left), Value::Number(count)) => {
            let count = count.to_integer().to_i64()?;
            let count = if operator == Operator::Subtract { -count } else { count };
            let moved = if months { date::add_months } else { date::add_days };
            Value::Date(moved(left, count)?)
        }
        other => panic!("no arithmetic: {other:?}"),
    })
}

pub fn whole(number: usize) -> Value {
    Value::Number(Ratio::from_integer(number as i128))
}

/// The value of a literal.
pub fn literal(expr: &Expr) -> Option<Value> {
    match &expr.kind {
        ExprKind::Number(text) | ExprKind::Quantity(text, _) => {
            parse_decimal(text).map(Value::Number)
        }
        ExprKind::Percent(text) => {
            parse_decimal(text).map(|number| Value::Number(number / Ratio::from_integer(100)))
        }
        ExprKind::Date(text) => date::read(text).map(Value::Date),
        ExprKind::Text(text) => Some(Value::Text(text.clone())),
        ExprKind::Boolean(truth) => Some(Value::Truth(*truth)),
        ExprKind::Negate(inner) => match literal(inner)? {
            Value::Number(number) => Some(Value::Number(-number)),
            other => panic!("not a number: {other:?}"),
        },
        other => panic!("not a literal: {other:?}"),
    }
}
