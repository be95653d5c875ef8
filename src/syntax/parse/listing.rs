//! `有下列情形之一`, and the items at the end: `：（一）a；（二）b`.

use super::expression::{MAX_DEPTH, deep_conditions};
use super::node::{Built, Inner, Node};
use crate::syntax::error::{ErrorKind, SyntaxError};
use crate::syntax::grammar::Rule;
use crate::syntax::numeral::{self, Reading, half_width};
use crate::syntax::tree::{Expr, ExprKind, Listing};
use crate::text::Span;

/// `有下列情形之一`, its items not yet known.
pub(super) fn listed(node: Node) -> Built<Expr> {
    let span = node.span();
    let listing = match node.inner().need_any()?.rule() {
        Rule::kw_all_listed => Listing::All,
        _ => Listing::Any,
    };
    Ok(Expr { span, kind: ExprKind::Listed(listing, Vec::new()) })
}

/// What stands before `①` among the characters.
const CIRCLES: u32 = 0x245F;

/// Refuses an item whose mark is not that of its place.
fn in_order(mark: &Node, place: usize) -> Built<()> {
    let text = mark.text();
    let own: String = text.chars().filter(|letter| letter.is_alphanumeric()).collect();
    let own = own.strip_suffix('是').unwrap_or(&own).to_owned();
    let circled = own.chars().next().filter(|letter| ('①'..='⑳').contains(letter));
    let number = match own.as_bytes() {
        _ if circled.is_some() => circled.map(|letter| u64::from(u32::from(letter) - CIRCLES)),
        [letter @ b'a'..=b'z'] => Some(u64::from(letter - b'a') + 1),
        _ => match numeral::read(&own) {
            Reading::Number(number) => Some(u64::from(number)),
            _ => half_width(&own).parse().ok(),
        },
    };
    if number.and_then(|number| usize::try_from(number).ok()) == Some(place) {
        return Ok(());
    }
    let wanted = match (own.as_bytes(), u8::try_from(place)) {
        ([b'a'..=b'z'], Ok(place)) if place <= 26 => char::from(b'a' + place - 1).to_string(),
        _ if own.starts_with(|letter: char| letter.is_ascii_digit()) => place.to_string(),
        (_, Ok(place)) if circled.is_some() && place <= 20 => {
            char::from_u32(CIRCLES + u32::from(place)).map(String::from).unwrap_or_default()
        }
        _ => numeral::chinese(u32::try_from(place).unwrap_or(0)),
    };
    Err(mark
        .error(ErrorKind::ItemNumber(text.trim().to_owned(), text.trim().replace(&own, &wanted))))
}

/// Items that belong to the one expression before them that speaks of them.
pub(super) struct Items {
    span: Span,
    items: Vec<Expr>,
    depth: usize,
}

impl Items {
    /// Those that come next, or none.
    pub fn accept(inner: &mut Inner) -> Built<Self> {
        let (mut items, mut depth, mut span) = (Vec::new(), 0, inner.span);
        if let Some(node) = inner.accept(Rule::items) {
            span = node.span();
            for node in node.inner().filter(|node| node.rule() == Rule::list_item) {
                let mut inner = node.inner();
                in_order(&inner.need(Rule::item_mark)?, items.len() + 1)?;
                let (item, levels) = deep_conditions(inner)?;
                depth = depth.max(levels);
                items.push(item);
            }
        }
        Ok(Self { span, items, depth })
    }

    /// Puts them where the first of these expressions speaks of them.
    pub fn fill<const N: usize>(mut self, exprs: [Option<&mut Expr>; N]) -> Built<()> {
        for expr in exprs.into_iter().flatten() {
            self.put(expr, 1)?;
        }
        match self.items.is_empty() {
            true => Ok(()),
            false => Err(SyntaxError { span: self.span, kind: ErrorKind::ItemsOfNothing }),
        }
    }

    fn put(&mut self, expr: &mut Expr, level: usize) -> Built<()> {
        if self.items.is_empty() {
            return Ok(());
        }
        match &mut expr.kind {
            ExprKind::Listed(_, items) => {
                if level + self.depth > MAX_DEPTH {
                    return Err(SyntaxError { span: self.span, kind: ErrorKind::TooDeep });
                }
                *items = std::mem::take(&mut self.items);
                Ok(())
            }
            ExprKind::And(parts) | ExprKind::Or(parts) | ExprKind::Commas(parts) => {
                parts.iter_mut().try_for_each(|part| self.put(part, level + 1))
            }
            ExprKind::Not(inner) | ExprKind::Paren(inner) => self.put(inner, level + 1),
            _ => Ok(()),
        }
    }
}
