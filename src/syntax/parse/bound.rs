//! Values between two others, and on one side of one: `在 5 个工作日 以内`, `100 元 以上 200 元 以下`.

use super::expression::{Deep, value};
use super::node::{Built, Inner};
use crate::syntax::grammar::Rule;
use crate::syntax::tree::{Expr, ExprKind, Relation, RelationKind};
use crate::text::Span;

/// `x 介于 100 元 至 200 元`; `100 至 200 元` has its unit once.
pub(super) fn between(span: Span, of: Deep, mut low: Deep, high: Deep) -> Built<Deep> {
    if let (ExprKind::Number(number), ExprKind::Quantity(_, unit)) =
        (&low.expr.kind, &high.expr.kind)
    {
        low.expr.kind = ExprKind::Quantity(number.clone(), *unit);
    }
    let depth = of.depth.max(low.depth).max(high.depth);
    Deep::above(span, depth, ExprKind::Between(of.boxed(), low.boxed(), high.boxed()))
}

/// `在 5 个工作日 以内`, `100 元 以上`, `在 1 元 至 5 元 之间`: the numbers named are included, those
/// before 以外 and after 不满 are not (《民法典》第一千二百五十九条).
pub(super) fn bounded(of: Deep, mut inner: Inner) -> Built<Deep> {
    let span = of.expr.span.to(inner.span);
    inner.pass(Rule::kw_at);
    let bound = value(inner.need(Rule::value)?)?;
    let kind = match inner.need_any()?.rule() {
        Rule::kw_to | Rule::kw_also_and => {
            let upper = value(inner.need(Rule::value)?)?;
            return between(span, of, bound, upper);
        }
        Rule::kw_or_more => RelationKind::AtLeast,
        Rule::kw_beyond => RelationKind::Exceeds,
        _ => RelationKind::AtMost,
    };
    inner.pass(Rule::pause);
    inner.pass(Rule::comma);
    let is_below = inner.pass(Rule::rel_below);
    let Some(node) = inner.accept(Rule::value) else { return related(span, of, kind, bound) };
    let upper = value(node)?;
    if !is_below {
        return between(span, of, bound, upper);
    }
    let again = Deep { expr: of.expr.clone(), depth: of.depth };
    let first = related(span, of, kind, bound)?;
    let second = related(span, again, RelationKind::Below, upper)?;
    let depth = first.depth.max(second.depth);
    let both: Vec<Expr> = vec![first.expr, second.expr];
    let both = Expr { span, kind: ExprKind::And(both) };
    Deep::above(span, depth + 1, ExprKind::Paren(Box::new(both)))
}

fn related(span: Span, of: Deep, kind: RelationKind, bound: Deep) -> Built<Deep> {
    let depth = of.depth.max(bound.depth);
    let relation = Relation { kind, sign: false };
    Deep::above(span, depth, ExprKind::Relation(of.boxed(), relation, bound.boxed()))
}
