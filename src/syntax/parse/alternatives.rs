//! Conditions in a row that can be read in two ways: that 或 joins at the end, or that 不 stands
//! before.

use super::node::{Built, Node};
use crate::syntax::error::{ErrorKind, SyntaxError};
use crate::syntax::grammar::Rule;
use crate::syntax::tree::{Expr, ExprKind};

/// `不甲、乙`, `不甲或乙`: 不 may be of the first alone, of each, or of all together. With a blank
/// behind it, 非 before 或 is of the first, as everywhere in the language.
pub(super) fn one_denied(before: Option<&Expr>, joint: Option<Rule>, next: &Expr) -> Built<()> {
    let Some(denial) = before.map(|before| parts(before).last().unwrap_or(before)) else {
        return Ok(());
    };
    let ExprKind::Not(inner) = &denial.kind else { return Ok(()) };
    let is_glued = inner.span.start as usize == denial.span.start as usize + '不'.len_utf8();
    let is_open = match joint {
        Some(Rule::pause | Rule::kw_also_and) => true,
        Some(Rule::kw_or) => is_glued,
        _ => false,
    };
    let next = parts(next).first().unwrap_or(next);
    match (is_open, bare(inner), bare(next)) {
        (true, Some(first), Some(second)) => {
            let kind = ErrorKind::OneDenied(first, second, joint == Some(Rule::kw_or));
            Err(SyntaxError { span: denial.span.to(next.span), kind })
        }
        _ => Ok(()),
    }
}

/// What 且 or 或 joins.
fn parts(expr: &Expr) -> &[Expr] {
    match &expr.kind {
        ExprKind::And(parts) | ExprKind::Or(parts) => parts,
        _ => &[],
    }
}

/// A condition that is nothing but a name.
fn bare(expr: &Expr) -> Option<String> {
    match &expr.kind {
        ExprKind::Name(name) => Some(name.text.clone()),
        ExprKind::Member(of, name) => Some(format!("{}.{}", bare(of)?, name.text)),
        _ => None,
    }
}

/// `a、b 或 c`: 或 may join the last of several alternatives, or two of what all has to hold.
pub(super) fn alternatives(node: &Node) -> Option<ErrorKind> {
    let (mut either, mut both) = (String::new(), String::new());
    let (mut is_open, mut is_paused, mut is_listed, mut has_comma) = (false, false, false, false);
    for part in node.clone().inner() {
        match part.rule() {
            Rule::expression => {
                let text = part.text().trim();
                let mut joints = part.clone().inner().filter(|joint| joint.rule() == Rule::kw_or);
                let or = joints.next();
                is_listed = or.as_ref().is_some_and(|or| or.text() == "or");
                is_open |= or.is_some();
                either.push_str(text);
                both.push_str(&if or.is_some() { format!("({text})") } else { text.to_owned() });
            }
            Rule::pause => {
                is_paused = true;
                either.push_str(" 或 ");
                both.push_str(" 且 ");
            }
            Rule::comma if part.text() == "," && node.rule() == Rule::guard => {
                has_comma = true;
                either.push_str(" or ");
                both.push_str(" and ");
            }
            Rule::kw_and => return None,
            _ => {
                either.push('，');
                both.push('，');
            }
        }
    }
    (is_open && is_paused || has_comma && is_listed)
        .then_some(ErrorKind::Alternatives(either, both))
}
