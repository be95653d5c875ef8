//! Expressions. The grammar gives flat lists; precedence and grouping are made here, and depth is
//! limited here.

use super::alternatives::{alternatives, one_denied};
use super::bound::{between, bounded};
use super::listing::listed;
use super::node::{Built, Inner, Node, member, name, text};
use super::official::excepted_in_row;
use super::quantity::{clock_span, half_unit, quantity, scaled};
use super::share::{fraction_alone, percent, share_of, shares_before};
use crate::syntax::error::{ErrorKind, SyntaxError};
use crate::syntax::grammar::Rule;
use crate::syntax::numeral::{self, half_width};
use crate::syntax::tree::{Call, Conformance, Expr, ExprKind, Operator, Relation, RelationKind};
use crate::syntax::{relation, word};
use crate::text::Span;

/// How many levels an expression's tree may have, so that nothing that walks it runs out of stack.
pub const MAX_DEPTH: usize = 256;

/// An expression and the levels of its tree.
pub(super) struct Deep {
    pub expr: Expr,
    pub depth: usize,
}

impl Deep {
    pub fn leaf(span: Span, kind: ExprKind) -> Self {
        Self { expr: Expr { span, kind }, depth: 1 }
    }

    /// Puts a node above what is `depth` levels deep.
    pub fn above(span: Span, depth: usize, kind: ExprKind) -> Built<Self> {
        if depth >= MAX_DEPTH {
            return Err(SyntaxError { span, kind: ErrorKind::TooDeep });
        }
        Ok(Self { expr: Expr { span, kind }, depth: depth + 1 })
    }

    pub fn boxed(self) -> Box<Expr> {
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

/// `50,000 元`, taken for a condition that ends with `50` and another, `000 元`.
fn grouped(before: &Node, node: &Node) -> Option<SyntaxError> {
    let left = before.text();
    let head = left.trim_end_matches(|c: char| c.is_ascii_digit());
    let number = left.get(head.len()..)?;
    let mut rest = node.text_from();
    let mut written = number.to_owned();
    loop {
        let more = rest.get(..rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len()))?;
        if more.len() != 3 {
            break;
        }
        written.push_str(&format!(",{more}"));
        match rest.get(3..)?.strip_prefix(',') {
            Some(next) => rest = next,
            None => break,
        }
    }
    let (first, next) = (before.span(), node.span());
    let grouped = first.end + 1 == next.start && !number.is_empty() && written.contains(',');
    // `{1,000 元}`: in a set, what begins with a nought is no number of its own.
    let is_cut = !head.is_empty() || node.text().starts_with('0');
    (grouped && is_cut && !head.ends_with(word::continues)).then(|| {
        let start = first.end as usize - number.len();
        let span = Span::new(first.file, start, start + written.len());
        let plain = written.replace(',', "");
        SyntaxError { span, kind: ErrorKind::GroupedNumber(written, plain) }
    })
}

/// `a，b`: conditions that all hold.
pub(super) fn conditions(node: Node) -> Built<Expr> {
    if let Some(error) = excepted_in_row(&node) {
        return Err(error);
    }
    match alternatives(&node) {
        Some(kind) => Err(node.error(kind)),
        None => deep_conditions(node.inner()).map(|(expr, _)| expr),
    }
}

/// The conditions that come next, as one, with the levels of its tree.
pub(super) fn deep_conditions(mut inner: Inner) -> Built<(Expr, usize)> {
    let (list, depth) = deep_list(&mut inner)?;
    match <[Expr; 1]>::try_from(list) {
        Ok([only]) => Ok((only, depth)),
        Err(list) => {
            let span = list.iter().map(|part| part.span).reduce(Span::to).unwrap_or(inner.span);
            Ok((Expr { span, kind: ExprKind::Commas(list) }, depth + 1))
        }
    }
}

fn deep_list(inner: &mut Inner) -> Built<(Vec<Expr>, usize)> {
    let mut list = Vec::new();
    let mut depth = 0;
    let mut before: Option<Node> = None;
    let mut joint = None;
    while let Some(node) = inner.accept(Rule::expression) {
        if let Some(error) = before.as_ref().and_then(|before| grouped(before, &node)) {
            return Err(error);
        }
        before = Some(node.clone());
        let next = deep(node)?;
        depth = depth.max(next.depth);
        one_denied(list.last(), joint, &next.expr)?;
        list.push(next.expr);
        inner.pass(Rule::separator);
        inner.pass(Rule::comma);
        joint = inner.pass(Rule::pause).then_some(Rule::pause);
        inner.pass(Rule::kw_and);
    }
    Ok((list, depth))
}

/// `condition 或 condition 且 condition`: 且 binds tighter.
///
/// What reads within what reads it keeps little on the stack: brackets nest 64 deep.
fn deep(node: Node) -> Built<Deep> {
    let mut inner = node.inner();
    let (mut parts, mut joints) = (Vec::new(), Vec::new());
    loop {
        let next = condition(inner.need(Rule::condition)?)?;
        one_denied(parts.last().map(|part: &Deep| &part.expr), joints.last().copied(), &next.expr)?;
        parts.push(next);
        let Some(joint) = inner.next() else { break };
        joints.push(joint.rule());
    }
    connected(inner.span, parts, &joints)
}

fn connected(whole: Span, parts: Vec<Deep>, joints: &[Rule]) -> Built<Deep> {
    let (mut either, mut both) = (Vec::new(), Vec::new());
    for (at, part) in parts.into_iter().enumerate() {
        let joint = at.checked_sub(1).and_then(|before| joints.get(before));
        if joint == Some(&Rule::kw_or) {
            either.push(joined(whole, std::mem::take(&mut both), ExprKind::And)?);
        }
        both.push(part);
    }
    let last = joined(whole, both, ExprKind::And)?;
    if either.is_empty() {
        return Ok(last);
    }
    either.push(last);
    joined(whole, either, ExprKind::Or)
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
    let prefixes = prefixes(&mut inner)?;
    let result = match inner.peek() {
        Some(Rule::value) => {
            let left = value(inner.need(Rule::value)?)?;
            compared(left, &mut inner)
        }
        _ => without_value(inner.need_any()?),
    };
    prefixed(&prefixes, result?)
}

/// `非`, `有`, `无` before a condition.
fn prefixes<'a>(inner: &mut Inner<'a>) -> Built<Vec<Node<'a>>> {
    let mut found = Vec::new();
    while let Some(Rule::kw_not | Rule::kw_has | Rule::kw_lacks | Rule::kw_without) = inner.peek() {
        found.push(inner.need_any()?);
    }
    Ok(found)
}

/// A condition with the words before it, the innermost last.
fn prefixed(prefixes: &[Node], mut result: Deep) -> Built<Deep> {
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

/// `遵循 流程`, `有下列情形之一`.
fn without_value(node: Node) -> Built<Deep> {
    match node.rule() {
        Rule::listed => Ok(Deep { expr: listed(node)?, depth: 1 }),
        _ => conformance(node),
    }
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
    match joint.rule() {
        Rule::bounded => return bounded(left, joint.inner()),
        Rule::blank_word => return blank_or_filled(left, joint),
        _ => {}
    }
    if let Some(node) = inner.accept(Rule::one_of) {
        return one_of(left, node);
    }
    let right = value(inner.need(Rule::value)?)?;
    let depth = left.depth.max(right.depth);
    if joint.rule() == Rule::kw_between {
        inner.need_any()?;
        let upper = value(inner.need(Rule::value)?)?;
        let span = left.expr.span.to(upper.expr.span);
        return between(span, left, right, upper);
    }
    let Some(relation) = relation::of_rule(joint.rule()) else { return Err(inner.defect()) };
    let span = left.expr.span.to(right.expr.span);
    Deep::above(span, depth, ExprKind::Relation(left.boxed(), relation, right.boxed()))
}

/// `x 为空`, `x 不为空`.
fn blank_or_filled(left: Deep, word: Node) -> Built<Deep> {
    let (span, depth) = (left.expr.span.to(word.span()), left.depth);
    let filled = word.inner().accept(Rule::kw_filled).is_some();
    let kind = if filled { ExprKind::Has } else { ExprKind::Lacks };
    Deep::above(span, depth, kind(left.boxed()))
}

/// `为 “甲” 或 “乙”`, `为 甲、乙 之一`: one of a set.
fn one_of(left: Deep, node: Node) -> Built<Deep> {
    let whole = node.span();
    let members = node.inner().filter(|node| matches!(node.rule(), Rule::text | Rule::name));
    let members: Vec<Expr> =
        members.map(|node| primary(node).map(|member| member.expr)).collect::<Built<_>>()?;
    let first = members.first().map_or(whole, |first| first.span);
    let span = first.to(members.last().map_or(whole, |last| last.span));
    let set = Expr { span, kind: ExprKind::Set(members) };
    let relation = Relation { kind: RelationKind::In, sign: false };
    let span = left.expr.span.to(whole);
    Deep::above(span, left.depth.max(2), ExprKind::Relation(left.boxed(), relation, Box::new(set)))
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
pub(super) fn value(node: Node) -> Built<Deep> {
    let text = node.text();
    let mut inner = node.inner();
    let shares = shares_before(&mut inner)?;
    let (mut operands, mut signs) = (Vec::new(), Vec::new());
    loop {
        operands.push(operand(inner.need(Rule::operand)?)?);
        if matches!(inner.peek(), None | Some(Rule::share)) {
            break;
        }
        signs.push(inner.need_any()?.rule());
    }
    match shares.is_empty() && inner.peek().is_none() {
        true => combined(inner.span, operands, &signs),
        false => share_of((text, operands), &shares, inner),
    }
}

/// Operands with the signs between them.
fn combined(whole: Span, operands: Vec<Deep>, signs: &[Rule]) -> Built<Deep> {
    let mut operands = operands.into_iter();
    let mut product =
        operands.next().ok_or(SyntaxError { span: whole, kind: ErrorKind::Defect })?;
    let mut total: Option<(Deep, Operator)> = None;
    for (by, next) in signs.iter().zip(operands) {
        match by {
            Rule::times => product = binary(product, Operator::Multiply, next)?,
            Rule::divide => product = binary(product, Operator::Divide, next)?,
            other => {
                let done = summed(total.take(), std::mem::replace(&mut product, next))?;
                let plus = *other == Rule::plus;
                total = Some((done, if plus { Operator::Add } else { Operator::Subtract }));
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

pub(super) fn binary(left: Deep, operator: Operator, right: Deep) -> Built<Deep> {
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
        Rule::quantity | Rule::yuan => quantity(node)?,
        Rule::clock_span => clock_span(node)?,
        Rule::half_unit => return half_unit(node),
        Rule::fraction => return fraction_alone(&node),
        Rule::text => ExprKind::Text(text(&node).text),
        Rule::instant => ExprKind::Instant(half_width(node.text())),
        Rule::date => ExprKind::Date(numeral::date(node.text())),
        Rule::percent => percent(&node)?,
        Rule::number => ExprKind::Number(scaled(&half_width(node.text()))),
        Rule::kw_true => ExprKind::Boolean(true),
        Rule::kw_false => ExprKind::Boolean(false),
        Rule::kw_this => ExprKind::This,
        Rule::name => ExprKind::Name(name(&node)),
        _ => return Err(node.error(ErrorKind::Defect)),
    };
    Ok(Deep::leaf(span, kind))
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
