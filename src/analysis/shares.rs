//! Shares, and numbers that may be meant for one: beside a percentage, `5.5` may be 5.5% or 550%.

use super::Analyzer;
use crate::diagnostic::Bilingual;
use crate::program::{ExprId, ExprKind};
use crate::say;
use crate::schema::Type;
use crate::syntax::tree::Operator;

/// A decimal, written in figures, times a hundred.
fn hundredfold(text: &str) -> Option<String> {
    let (whole, part) = text.split_once('.')?;
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !is_number(whole) || !is_number(part) {
        return None;
    }
    let (moved, rest) = part.split_at(part.len().min(2));
    let whole = format!("{whole}{moved:0<2}");
    let (whole, rest) = (whole.trim_start_matches('0'), rest.trim_end_matches('0'));
    let whole = if whole.is_empty() { "0" } else { whole };
    Some(if rest.is_empty() { whole.to_owned() } else { format!("{whole}.{rest}") })
}

/// Both readings of a decimal without its sign, where a percentage is wanted.
pub(super) fn bare_share(text: &str) -> Option<Bilingual> {
    let hundredfold = hundredfold(text)?;
    Some(say!(
        "写明是 `{text}%` 还是 `{hundredfold}%`",
        "write which it is, `{text}%` or `{hundredfold}%`"
    ))
}

impl Analyzer<'_> {
    /// Whether what is worked out from a percentage is held against, or added to, a number that is
    /// written without its sign; reported, and then `None`.
    pub(super) fn signed_share(&mut self, left: ExprId, right: ExprId) -> Option<()> {
        let bare = match () {
            () if self.is_share(left) && self.is_bare(right) => right,
            () if self.is_share(right) && self.is_bare(left) => left,
            () => return Some(()),
        };
        self.mismatch(Type::Percent, bare);
        None
    }

    /// So many parts of so many, `千分之五`, held against a percentage: one too, and shown as one.
    pub(super) fn as_share(&mut self, of: ExprId, part: ExprId) -> ExprId {
        let expr = self.program.expr(part);
        let is_parts = matches!(&expr.kind, ExprKind::Arithmetic(Operator::Divide, some, all)
            if self.is_whole_number(*some) && self.is_whole_number(*all));
        if self.ty(of) != Type::Percent || !is_parts {
            return part;
        }
        let (kind, span) = (expr.kind.clone(), expr.span);
        self.add(kind, Type::Percent, span)
    }

    /// Whether a value is a percentage, or is one times, divided by or plus a number.
    fn is_share(&self, id: ExprId) -> bool {
        let expr = self.program.expr(id);
        if expr.ty == Type::Percent {
            return true;
        }
        match &expr.kind {
            _ if expr.ty != Type::Decimal => false,
            ExprKind::Arithmetic(Operator::Divide, a, b) => self.is_share(*a) && !self.is_share(*b),
            ExprKind::Arithmetic(Operator::Multiply, a, b) => {
                self.is_share(*a) != self.is_share(*b)
            }
            ExprKind::Arithmetic(_, a, b) | ExprKind::If(_, a, b) => {
                self.is_share(*a) || self.is_share(*b)
            }
            ExprKind::Negate(of) => self.is_share(*of),
            ExprKind::Call(_, arguments) => {
                arguments.first().is_some_and(|first| self.is_share(*first))
            }
            ExprKind::Definition { definition, .. } => {
                self.program.definition(*definition).is_some_and(|found| self.is_share(found.body))
            }
            ExprKind::Follow { then, .. }
            | ExprKind::Single { then, .. }
            | ExprKind::Lookup { then, .. } => self.is_share(*then),
            ExprKind::Quantify { body: Some(body), .. } => self.is_share(*body),
            _ => false,
        }
    }

    /// Whether a number is written without the sign of a percentage: a decimal, or what is worked
    /// out from such numbers alone.
    fn is_bare(&self, id: ExprId) -> bool {
        let expr = self.program.expr(id);
        expr.ty == Type::Decimal && self.is_fixed(id)
    }

    /// Whether a number rests on nothing but numbers that policies write, none a percentage.
    fn is_fixed(&self, id: ExprId) -> bool {
        let expr = self.program.expr(id);
        let is_plain = matches!(expr.ty, Type::Decimal | Type::Integer);
        is_plain
            && match &expr.kind {
                ExprKind::Constant(_) | ExprKind::Parameter(_) => true,
                // `三分之二`, `2 / 3` say what they are: so many parts of so many.
                ExprKind::Arithmetic(Operator::Divide, part, whole)
                    if [part, whole].into_iter().all(|id| self.is_whole_number(*id)) =>
                {
                    false
                }
                ExprKind::Arithmetic(..)
                | ExprKind::Negate(_)
                | ExprKind::Call(..)
                | ExprKind::Definition { .. } => {
                    let parts = self.program.parts(&expr.kind);
                    !parts.is_empty() && parts.into_iter().all(|part| self.is_fixed(part))
                }
                _ => false,
            }
    }

    fn is_whole_number(&self, id: ExprId) -> bool {
        let expr = self.program.expr(id);
        expr.ty == Type::Integer && matches!(expr.kind, ExprKind::Constant(_))
    }

    /// What to write where a number is held against a percentage.
    pub(super) fn share(&self, wanted: Type, right: ExprId) -> Option<Bilingual> {
        let bare = |text: &str| text.chars().all(|letter| letter.is_ascii_digit());
        let expr = self.program.expr(right);
        let text = self.slice(expr.span);
        match (wanted, expr.ty) {
            (Type::Percent, Type::Integer) if text == "1" => {
                Some(say!("写明是 `1%` 还是 `100%`", "write which it is, `1%` or `100%`"))
            }
            (Type::Percent, Type::Integer) if bare(&text) => {
                Some(say!("写作 `{text}%`", "write `{text}%`"))
            }
            (Type::Percent, Type::Decimal) => Some(bare_share(&text).unwrap_or_else(|| {
                match &expr.kind {
                    ExprKind::Parameter(_) => say!(
                        "把参数 `{text}` 的类型改为“百分比”，它的值写明 `%`",
                        "make the type of the parameter `{text}` `percent`, and write its value with `%`"
                    ),
                    _ => say!(
                        "写成百分数，写明 `%`：`50%`，不写 `0.5`",
                        "write it with its `%`: `50%`, not `0.5`"
                    ),
                }
            })),
            (Type::Percent, Type::Integer) | (Type::Integer, Type::Percent) => Some(say!(
                "比的是比例，就写 `数量(…) / 数量(…)`；比的是个数，就不写 `%`",
                "for a share write `count(…) / count(…)`; for a count leave out the `%`"
            )),
            _ => None,
        }
    }
}
