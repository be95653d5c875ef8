//! Processes.

use super::node::{Built, Node, name, names, path, text};
use crate::syntax::error::ErrorKind;
use crate::syntax::grammar::Rule;
use crate::syntax::tree::{ProcessDecl, Repetition, Steps, StepsKind};

/// `流程 名 | name 于 表.列表.字段 a → b 或 c → d*`.
pub(super) fn process(node: Node) -> Built<ProcessDecl> {
    let mut inner = node.inner();
    inner.need(Rule::kw_process)?;
    let names = names(inner.need(Rule::names)?)?;
    inner.need(Rule::kw_on)?;
    let path = path(inner.need(Rule::path)?)?;
    Ok(ProcessDecl { names, path, steps: sequence(inner.need(Rule::steps)?)? })
}

/// `a → b`.
fn sequence(node: Node) -> Built<Steps> {
    parts(node, choice, StepsKind::Sequence)
}

/// `a 或 b`.
fn choice(node: Node) -> Built<Steps> {
    parts(node, together, StepsKind::Choice)
}

/// `a 并 b`.
fn together(node: Node) -> Built<Steps> {
    parts(node, step, StepsKind::Together)
}

/// One part alone as it is, several under a node.
fn parts(
    node: Node,
    part: fn(Node) -> Built<Steps>,
    kind: fn(Vec<Steps>) -> StepsKind,
) -> Built<Steps> {
    let joints = [Rule::then_sign, Rule::kw_or, Rule::kw_together];
    let mut found: Vec<Steps> = node
        .clone()
        .inner()
        .filter(|node| !joints.contains(&node.rule()))
        .map(part)
        .collect::<Built<_>>()?;
    match (found.len(), found.pop()) {
        (1, Some(only)) => Ok(only),
        (_, Some(last)) => {
            let span = found.first().map_or(last.span, |first| first.span.to(last.span));
            found.push(last);
            Ok(Steps { span, kind: kind(found) })
        }
        _ => Err(node.error(ErrorKind::Defect)),
    }
}

/// `a`, `“a”`, `…`, `(a)`, each with `?`, `*`, `+` or without.
fn step(node: Node) -> Built<Steps> {
    let mut inner = node.inner();
    let first = inner.need_any()?;
    let mut span = first.span();
    let kind = match first.rule() {
        Rule::name => StepsKind::Activity(name(&first)),
        Rule::text => StepsKind::Text(text(&first)),
        Rule::ellipsis => StepsKind::Anything,
        Rule::open_paren => {
            let within = sequence(inner.need(Rule::steps)?)?;
            span = span.to(inner.need(Rule::close_paren)?.span());
            StepsKind::Paren(Box::new(within))
        }
        _ => return Err(first.error(ErrorKind::Defect)),
    };
    let steps = Steps { span, kind };
    let Some(sign) = inner.next() else { return Ok(steps) };
    let repetition = match sign.rule() {
        Rule::often => Repetition::Any,
        Rule::plus => Repetition::Some,
        _ => Repetition::Optional,
    };
    Ok(Steps { span: span.to(sign.span()), kind: StepsKind::Repeated(Box::new(steps), repetition) })
}
