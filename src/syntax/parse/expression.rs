//! Expressions. The grammar gives flat lists; precedence and grouping are made here, and depth is
//! limited here.

use super::node::{Built, Inner, Node, member, name, text};
use crate::syntax::error::{ErrorKind, SyntaxError};
use crate::syntax::grammar::Rule;
use crate::syntax::numeral::{self, Reading, half_width};
use crate::syntax::relation;
use crate::syntax::tree::{
    Call, Conformance, Expr, ExprKind, Operator, Relation, RelationKind, Unit,
};
use crate::text::Span;

/// How many levels an expression's tree may have, so that nothing that walks it runs out of stack.
pub const MAX_DEPTH: usize = 256;

/// An expression and the levels of its tree.
struct Deep {
    expr: Expr,
    depth: usize,
}

impl Deep {
    fn leaf(span: Span, kind: ExprKind) -> Self {
        Self { expr: Expr { span, kind }, depth: 1 }
    }

    /// Puts a node above what is `depth` levels deep.
    fn above(span: Span, depth: usize, kind: ExprKind) -> Built<Self> {
        if depth >= MAX_DEPTH {
            return Err(SyntaxError { span, kind: ErrorKind::TooDeep });
        }
        Ok(Self { expr: Expr { span, kind }, depth: depth + 1 })
    }

    fn boxed(self) -> Box<Expr> {
        Box::new(self.expr)
    }
}

/// An expression: `a 且 b 或 c`.
pub(super) fn expression(node: Node) -> Built<Expr> {
    deep(node).map(|deep| deep.expr)
}

/// A bare `a + b`, as it stands before a modal.
pub(super) fn value_only(node: Node) -> Built<Expr> {
    value(node).map(|deep| deep.expr)
}

/// Several expressions one of which follows the other: `a，b`.
pub(super) fn list(inner: &mut Inner) -> Built<Vec<Expr>> {
    deep_list(inner).map(|(list, _)| list)
}

fn deep_list(inner: &mut Inner) -> Built<(Vec<Expr>, usize)> {
    let mut list = Vec::new();
    let mut depth = 0;
    while let Some(node) = inner.accept(Rule::expression) {
        let next = deep(node)?;
        depth = depth.max(next.depth);
        list.push(next.expr);
        inner.pass(Rule::separator);
        inner.pass(Rule::comma);
        inner.pass(Rule::kw_and);
    }
    Ok((list, depth))
}

/// `condition 或 condition 且 condition`: 且 binds tighter.
fn deep(node: Node) -> Built<Deep> {
    let mut inner = node.inner();
    let mut either = Vec::new();
    let mut both = vec![condition(inner.need(Rule::condition)?)?];
    while let Some(joint) = inner.next() {
        let next = condition(inner.need(Rule::condition)?)?;
        if joint.rule() == Rule::kw_or {
            either.push(joined(inner.span, std::mem::take(&mut both), ExprKind::And)?);
        }
        both.push(next);
    }
    let last = joined(inner.span, both, ExprKind::And)?;
    if either.is_empty() {
        return Ok(last);
    }
    either.push(last);
    joined(inner.span, either, ExprKind::Or)
}

/// One part alone as it is, several under a node.
fn joined(whole: Span, parts: Vec<Deep>, kind: fn(Vec<Expr>) -> ExprKind) -> Built<Deep> {
    let parts = match <[Deep; 1]>::try_from(parts) {
        Ok([only]) => return Ok(only),
        Err(parts) => parts,
    };
    let depth = parts.iter().map(|part| part.depth).max().unwrap_or(0);
    let span = parts.iter().map(|part| part.expr.span).reduce(Span::to).unwrap_or(whole);
    Deep::above(span, depth, kind(parts.into_iter().map(|part| part.expr).collect()))
}

/// `非 a`, `有 a`, `无 a`, `a 超过 b`, `a 介于 b 至 c`.
fn condition(node: Node) -> Built<Deep> {
    let mut inner = node.inner();
    let mut prefixes = Vec::new();
    while let Some(Rule::kw_not | Rule::kw_has | Rule::kw_lacks | Rule::kw_without) = inner.peek() {
        prefixes.push(inner.need_any()?);
    }
    let mut result = match inner.accept(Rule::conformance) {
        Some(node) => conformance(node)?,
        None => {
            let left = value(inner.need(Rule::value)?)?;
            compared(left, &mut inner)?
        }
    };
    for prefix in prefixes.iter().rev() {
        let kind = match prefix.rule() {
            Rule::kw_not => ExprKind::Not,
            Rule::kw_has => ExprKind::Has,
            _ => ExprKind::Lacks,
        };
        result =
            Deep::above(prefix.span().to(result.expr.span), result.depth, kind(result.boxed()))?;
    }
    Ok(result)
}

/// `遵循 流程`.
fn conformance(node: Node) -> Built<Deep> {
    let mut inner = node.inner();
    let asks = match inner.need_any()?.rule() {
        Rule::kw_follows => Conformance::Follows,
        Rule::kw_completes => Conformance::Completes,
        _ => Conformance::KeepsTo,
    };
    let process = name(&inner.need(Rule::name)?);
    Ok(Deep::leaf(inner.span, ExprKind::Conforms(asks, process)))
}

/// What may follow a value: ` 超过 b`, ` 介于 b 至 c`, or nothing.
fn compared(left: Deep, inner: &mut Inner) -> Built<Deep> {
    inner.pass(Rule::copula);
    let Some(joint) = inner.next() else { return Ok(left) };
    if joint.rule() == Rule::bounded {
        return bounded(left, joint.inner());
    }
    let right = value(inner.need(Rule::value)?)?;
    let depth = left.depth.max(right.depth);
    if joint.rule() == Rule::kw_between {
        inner.need(Rule::kw_to)?;
        let upper = value(inner.need(Rule::value)?)?;
        let span = left.expr.span.to(upper.expr.span);
        let depth = depth.max(upper.depth);
        return Deep::above(
            span,
            depth,
            ExprKind::Between(left.boxed(), right.boxed(), upper.boxed()),
        );
    }
    let Some(relation) = relation::of_rule(joint.rule()) else { return Err(inner.defect()) };
    let span = left.expr.span.to(right.expr.span);
    Deep::above(span, depth, ExprKind::Relation(left.boxed(), relation, right.boxed()))
}

/// `在 5 个工作日 以内`, `100 元 以上`, `在 1 元 至 5 元 之间`: the numbers named are included
/// (《民法典》第一千二百五十九条).
fn bounded(left: Deep, mut inner: Inner) -> Built<Deep> {
    inner.pass(Rule::kw_at);
    let right = value(inner.need(Rule::value)?)?;
    let depth = left.depth.max(right.depth);
    let kind = match inner.need_any()?.rule() {
        Rule::kw_to => {
            let upper = value(inner.need(Rule::value)?)?;
            let span = left.expr.span.to(inner.span);
            let depth = depth.max(upper.depth);
            let kind = ExprKind::Between(left.boxed(), right.boxed(), upper.boxed());
            return Deep::above(span, depth, kind);
        }
        Rule::kw_or_more => RelationKind::AtLeast,
        _ => RelationKind::AtMost,
    };
    let span = left.expr.span.to(inner.span);
    let relation = Relation { kind, sign: false };
    Deep::above(span, depth, ExprKind::Relation(left.boxed(), relation, right.boxed()))
}

/// A modal's relation: what follows the modal in `VALUE 必须 属于 VALUE`, `VALUE must be VALUE`.
pub(super) fn after_modal(left: Expr, inner: &mut Inner) -> Built<Expr> {
    let be = inner.pass(Rule::kw_be);
    let left = Deep { expr: left, depth: 1 };
    if !be || !matches!(inner.peek(), Some(Rule::value | Rule::kw_not)) {
        return compared(left, inner).map(|deep| deep.expr);
    }
    let kind = if inner.pass(Rule::kw_not) { RelationKind::IsNot } else { RelationKind::Is };
    let right = value(inner.need(Rule::value)?)?;
    let span = left.expr.span.to(right.expr.span);
    Ok(Expr {
        span,
        kind: ExprKind::Relation(left.boxed(), Relation { kind, sign: false }, right.boxed()),
    })
}

/// `a + b * c`: `*` and `/` bind tighter; both groups from left to right.
fn value(node: Node) -> Built<Deep> {
    let mut inner = node.inner();
    let mut total: Option<(Deep, Operator)> = None;
    let mut product = operand(inner.need(Rule::operand)?)?;
    while let Some(sign) = inner.next() {
        let next = operand(inner.need(Rule::operand)?)?;
        match sign.rule() {
            Rule::times => product = binary(product, Operator::Multiply, next)?,
            Rule::divide => product = binary(product, Operator::Divide, next)?,
            rule => {
                let done = summed(total.take(), std::mem::replace(&mut product, next))?;
                total = Some((
                    done,
                    if rule == Rule::plus { Operator::Add } else { Operator::Subtract },
                ));
            }
        }
    }
    summed(total, product)
}

fn summed(total: Option<(Deep, Operator)>, next: Deep) -> Built<Deep> {
    match total {
        Some((total, operator)) => binary(total, operator, next),
        None => Ok(next),
    }
}

fn binary(left: Deep, operator: Operator, right: Deep) -> Built<Deep> {
    let span = left.expr.span.to(right.expr.span);
    let depth = left.depth.max(right.depth);
    Deep::above(span, depth, ExprKind::Binary(left.boxed(), operator, right.boxed()))
}

/// One operand that is no whole expression: after `默认`, in `读作`.
pub(super) fn operand_only(node: Node) -> Built<Expr> {
    operand(node).map(|deep| deep.expr)
}

/// `-a`, `a.b`, `a[c]`, `a 缺则 b 缺则 c`: of the last, what comes after stands for what is missing.
fn operand(node: Node) -> Built<Deep> {
    let mut inner = node.inner();
    let mut stated = vec![signed(&mut inner)?];
    while inner.pass(Rule::kw_or_else) {
        stated.push(signed(&mut inner)?);
    }
    let mut stated = stated.into_iter().rev();
    let last = stated.next().ok_or_else(|| inner.defect())?;
    stated.try_fold(last, or_else)
}

fn or_else(default: Deep, of: Deep) -> Built<Deep> {
    let span = of.expr.span.to(default.expr.span);
    let depth = of.depth.max(default.depth);
    Deep::above(span, depth, ExprKind::OrElse(of.boxed(), default.boxed()))
}

fn signed(inner: &mut Inner) -> Built<Deep> {
    let mut signs = Vec::new();
    while let Some(sign) = inner.accept(Rule::minus) {
        signs.push(sign);
    }
    let mut result = primary(inner.need_any()?)?;
    while let Some(Rule::member | Rule::lookup) = inner.peek() {
        result = reached(result, inner.need_any()?)?;
    }
    signs.iter().rev().try_fold(result, negated)
}

fn negated(of: Deep, sign: &Node) -> Built<Deep> {
    Deep::above(sign.span().to(of.expr.span), of.depth, ExprKind::Negate(of.boxed()))
}

/// `a.b`, `a[c]`.
fn reached(from: Deep, next: Node) -> Built<Deep> {
    let span = from.expr.span.to(next.span());
    if next.rule() == Rule::member {
        let name = member(next)?;
        return Deep::above(span, from.depth, ExprKind::Member(from.boxed(), name));
    }
    let mut lookup = next.inner();
    lookup.need(Rule::open_bracket)?;
    let condition = deep(lookup.need(Rule::expression)?)?;
    let depth = from.depth.max(condition.depth);
    Deep::above(span, depth, ExprKind::Lookup(from.boxed(), condition.boxed()))
}

/// `若 c 则 a 否则 b`.
fn conditional(node: Node) -> Built<Deep> {
    let mut inner = node.inner();
    inner.need(Rule::kw_if)?;
    let condition = deep(inner.need(Rule::expression)?)?;
    inner.pass(Rule::comma);
    inner.need(Rule::kw_so)?;
    let then = deep(inner.need(Rule::expression)?)?;
    inner.pass(Rule::comma);
    inner.need(Rule::kw_else)?;
    let otherwise = value(inner.need(Rule::value)?)?;
    let depth = condition.depth.max(then.depth).max(otherwise.depth);
    let kind = ExprKind::If(condition.boxed(), then.boxed(), otherwise.boxed());
    Deep::above(inner.span, depth, kind)
}

/// A literal, a name, a call, a set, or `(…)`.
fn primary(node: Node) -> Built<Deep> {
    let span = node.span();
    let kind = match node.rule() {
        Rule::paren => {
            let mut inner = node.inner();
            inner.need(Rule::open_paren)?;
            let within = deep(inner.need(Rule::expression)?)?;
            return Deep::above(span, within.depth, ExprKind::Paren(within.boxed()));
        }
        Rule::set => {
            let mut inner = node.inner();
            inner.need(Rule::open_brace)?;
            let (list, depth) = deep_list(&mut inner)?;
            return Deep::above(span, depth, ExprKind::Set(list));
        }
        Rule::call => return call(node),
        Rule::conditional => return conditional(node),
        Rule::quantity => quantity(node)?,
        Rule::text => ExprKind::Text(text(&node).text),
        Rule::instant => ExprKind::Instant(half_width(node.text())),
        Rule::date => ExprKind::Date(half_width(node.text())),
        Rule::percent => {
            let written = half_width(node.text());
            let number = written.strip_prefix("百分之").unwrap_or(&written);
            ExprKind::Percent(amount(&node, number.trim_end_matches('%'))?)
        }
        Rule::number => ExprKind::Number(half_width(node.text())),
        Rule::kw_true => ExprKind::Boolean(true),
        Rule::kw_false => ExprKind::Boolean(false),
        Rule::kw_this => ExprKind::This,
        Rule::name => ExprKind::Name(name(&node)),
        _ => return Err(node.error(ErrorKind::Defect)),
    };
    Ok(Deep::leaf(span, kind))
}

/// A number in digits or as a Chinese numeral, in digits.
fn amount(node: &Node, written: &str) -> Built<String> {
    if written.starts_with(|c: char| c.is_ascii_digit()) {
        return Ok(written.to_owned());
    }
    match numeral::read(written) {
        Reading::Number(number) => Ok(number.to_string()),
        Reading::Probably(_) | Reading::Nothing => {
            Err(node.error(ErrorKind::NotANumeral(written.to_owned())))
        }
    }
}

/// A number in digits, times ten as often as said.
fn moved(number: &str, places: usize) -> String {
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let digits = format!("{whole}{part:0<places$}");
    let (whole, part) = digits.split_at(whole.len() + places);
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    if part.is_empty() { whole.to_owned() } else { format!("{whole}.{part}") }
}

/// `3 工作日`, `1.5 万元`, `五个工作日`.
fn quantity(node: Node) -> Built<ExprKind> {
    let mut inner = node.inner();
    let written = inner.need(Rule::amount)?;
    let amount = amount(&written, &half_width(written.text()))?;
    let amount = match inner.accept(Rule::scale) {
        Some(scale) => moved(&amount, if scale.text() == "万" { 4 } else { 8 }),
        None => amount,
    };
    let unit = match inner.need_any()?.rule() {
        Rule::unit_workdays => Unit::Workdays,
        Rule::unit_days => Unit::Days,
        Rule::unit_months => Unit::Months,
        Rule::unit_hours => Unit::Hours,
        Rule::unit_minutes => Unit::Minutes,
        _ => Unit::Yuan,
    };
    Ok(ExprKind::Quantity(amount, unit))
}

/// `f(a, b)`, `f(list 当 filter: body)`.
fn call(node: Node) -> Built<Deep> {
    let mut inner = node.inner();
    let function = name(&inner.need(Rule::name)?);
    inner.need(Rule::open_paren)?;
    let (arguments, mut depth) = deep_list(&mut inner)?;
    let mut part = |inner: &mut Inner, rule| -> Built<Option<Box<Expr>>> {
        let Some(node) = inner.accept(rule) else { return Ok(None) };
        let part = deep(node.inner().need(Rule::expression)?)?;
        depth = depth.max(part.depth);
        Ok(Some(part.boxed()))
    };
    inner.pass(Rule::kw_where);
    let filter = part(&mut inner, Rule::filter)?;
    inner.pass(Rule::colon);
    let body = part(&mut inner, Rule::body)?;
    Deep::above(inner.span, depth, ExprKind::Call(Call { function, arguments, filter, body }))
}

#[cfg(test)]
mod tests {
    use crate::syntax::parse::expression;
    use crate::syntax::tree::{Expr, ExprKind};
    use crate::text::{FileId, Source};

    /// An expression with every grouping in brackets.
    fn grouped(text: &str) -> String {
        let source = Source::new("e", format!("{{{text}}}"));
        match expression(FileId(0), &source, 1..text.len() + 1) {
            Ok(expr) => {
                assert_eq!(source.slice(expr.span), text.trim());
                shown(&expr)
            }
            Err(error) => error.kind.code().to_owned(),
        }
    }

    fn shown(expr: &Expr) -> String {
        let all = |parts: &[Expr], joint: &str| {
            format!("[{}]", parts.iter().map(shown).collect::<Vec<_>>().join(joint))
        };
        match &expr.kind {
            ExprKind::Name(name) => name.text.clone(),
            ExprKind::Number(digits) => digits.clone(),
            ExprKind::Quantity(digits, unit) => format!("{digits} {unit:?}"),
            ExprKind::Percent(digits) => format!("{digits} percent"),
            ExprKind::Date(date) => format!("date {date}"),
            ExprKind::And(parts) => all(parts, " and "),
            ExprKind::Or(parts) => all(parts, " or "),
            ExprKind::Set(parts) => all(parts, ", "),
            ExprKind::Not(inner) => format!("[not {}]", shown(inner)),
            ExprKind::Has(inner) => format!("[has {}]", shown(inner)),
            ExprKind::Negate(inner) => format!("[-{}]", shown(inner)),
            ExprKind::Paren(inner) => format!("({})", shown(inner)),
            ExprKind::Relation(left, relation, right) => {
                format!("[{} {:?} {}]", shown(left), relation.kind, shown(right))
            }
            ExprKind::Binary(left, operator, right) => {
                format!("[{} {operator:?} {}]", shown(left), shown(right))
            }
            ExprKind::Member(of, name) => format!("{}.{}", shown(of), name.text),
            ExprKind::Lookup(of, condition) => format!("{}[{}]", shown(of), shown(condition)),
            ExprKind::Call(call) => {
                let part = |part: &Option<Box<Expr>>| {
                    part.as_ref().map_or_else(|| "_".to_owned(), |part| shown(part))
                };
                format!(
                    "{}{} where {} : {}",
                    call.function.text,
                    all(&call.arguments, ", "),
                    part(&call.filter),
                    part(&call.body)
                )
            }
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn what_binds_tighter() {
        let cases = [
            ("a 或 b 且 c 或 d", "[a or [b and c] or d]"),
            ("非 a = 1 且 有 b", "[[not [a Is 1]] and [has b]]"),
            ("a - b - c * d / e", "[[a Subtract b] Subtract [[c Multiply d] Divide e]]"),
            ("a + 1 不超过 b * 2", "[[a Add 1] AtMost [b Multiply 2]]"),
            ("-a.b[c = 1].d", "[-a.b[[c Is 1]].d]"),
            ("(a 或 b) 且 c", "[([a or b]) and c]"),
            ("a is not in {b, c}", "[a NotIn [b, c]]"),
            ("a is not b", "[a IsNot b]"),
            ("count(a where b: c, d)", "unexpected_word"),
            ("f(a, b 当 c: d)", "f[a, b] where c : d"),
            ("f()", "f[] where _ : _"),
        ];
        for (text, tree) in cases {
            assert_eq!(grouped(text), tree, "{text}");
        }
    }

    #[test]
    fn full_width_equals_half_width() {
        let cases = [
            ("ａ１ ＞＝ １．５％", "[ａ1 AtLeast 1.5 percent]"),
            ("（a － ３　个工作日）", "([a Subtract 3 Workdays])"),
            ("｛a；b｝", "[a, b]"),
            ("a［b ＝ 1］．c", "a[[b Is 1]].c"),
            ("d ≧ ２０１５－０３－０１", "[d AtLeast date 2015-03-01]"),
            ("f（a：b）", "f[a] where _ : b"),
        ];
        for (text, tree) in cases {
            assert_eq!(grouped(text), tree, "{text}");
        }
    }
}
