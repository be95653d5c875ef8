//! Parts of values: `x 的 一半`, `50% of x`, `三分之二`.

use super::expression::{Deep, binary};
use super::node::{Built, Inner, Node};
use super::quantity::amount;
use crate::say;
use crate::syntax::error::{ErrorKind, SyntaxError};
use crate::syntax::grammar::Rule;
use crate::syntax::numeral::half_width;
use crate::syntax::tree::{Expr, ExprKind, Operator};

/// `half of`, `50% of` before a value.
pub(super) fn shares_before<'a>(inner: &mut Inner<'a>) -> Built<Vec<Node<'a>>> {
    let mut found = Vec::new();
    while let Some(node) = inner.accept(Rule::part_of) {
        found.push(node.inner().need_any()?);
    }
    Ok(found)
}

/// A part of a value, which stands alone: of `a 的 一半 + b` nobody knows what is halved.
pub(super) fn share_of(
    (text, mut operands): (&str, Vec<Deep>),
    before: &[Node],
    mut inner: Inner,
) -> Built<Deep> {
    let Some(mut of) = operands.pop() else { return Err(inner.defect()) };
    if let Some(node) = inner.accept(Rule::share) {
        let share = node.inner().last().ok_or_else(|| inner.defect())?;
        of = shared(of, &share)?;
    }
    for share in before.iter().rev() {
        of = shared(of, share)?;
    }
    if operands.is_empty() && inner.peek().is_none() {
        return Ok(of);
    }
    let help = say!(
        "写作 `(a 的 一半) + b` 或 `(a + b) 的 一半`",
        "write `(half of a) + b` or `half of (a + b)`"
    );
    let kind = ErrorKind::Otherwise(text.trim().to_owned(), help);
    Err(SyntaxError { span: inner.span, kind })
}

/// `x 的 一半` is `x / 2`, `x 的 50%` `x * 50%`, `x 的 三分之二` `x * 2 / 3`.
fn shared(of: Deep, share: &Node) -> Built<Deep> {
    let number = |digits: String| Deep::leaf(share.span(), ExprKind::Number(digits));
    match share.rule() {
        Rule::percent => {
            let kind = percent(share)?;
            binary(of, Operator::Multiply, Deep::leaf(share.span(), kind))
        }
        Rule::multiple => {
            let written = half_width(share.text());
            let times = amount(share, written.trim_end_matches('倍').trim_end())?;
            binary(of, Operator::Multiply, number(times))
        }
        Rule::fraction => {
            let (part, whole) = fraction(share)?;
            let of = match part.as_str() {
                "1" => of,
                _ => binary(of, Operator::Multiply, number(part))?,
            };
            binary(of, Operator::Divide, number(whole))
        }
        _ => binary(of, Operator::Divide, number("2".to_owned())),
    }
}

/// `三分之二`, `一半`: the part and the whole, in digits.
fn fraction(node: &Node) -> Built<(String, String)> {
    let text = if node.text() == "一半" { "二分之一" } else { node.text() };
    let (whole, part) = text.split_once("分之").unwrap_or((text, ""));
    let whole = match whole {
        "千" => "1000".to_owned(),
        "万" => "10000".to_owned(),
        _ => amount(node, whole)?,
    };
    Ok((amount(node, part)?, whole))
}

/// `三分之二` where it stands for a number.
pub(super) fn fraction_alone(node: &Node) -> Built<Deep> {
    let (part, whole) = fraction(node)?;
    let span = node.span();
    let number = |digits| Box::new(Expr { span, kind: ExprKind::Number(digits) });
    let kind = ExprKind::Binary(number(part), Operator::Divide, number(whole));
    Deep::above(span, 2, ExprKind::Paren(Box::new(Expr { span, kind })))
}

/// `50%`, `百分之五十`.
pub(super) fn percent(node: &Node) -> Built<ExprKind> {
    let written = half_width(node.text());
    let number = written.strip_prefix("百分之").unwrap_or(&written);
    Ok(ExprKind::Percent(amount(node, number.trim_end_matches('%'))?))
}
