//! Whether two expressions say the same.

use super::{ExprId, ExprKind, Program};

impl Program {
    /// Whether two expressions are made of the same things in the same way: where they see the same
    /// rows, they come to the same.
    #[must_use]
    pub fn alike(&self, a: ExprId, b: ExprId) -> bool {
        if a == b {
            return true;
        }
        let (one, other) = (&self.expr(a).kind, &self.expr(b).kind);
        let own = match (one, other) {
            (ExprKind::Constant(x), ExprKind::Constant(y)) => x == y,
            (ExprKind::Parameter(x), ExprKind::Parameter(y)) => x == y,
            (
                ExprKind::Field { level, frame, field },
                ExprKind::Field { level: l, frame: g, field: f },
            ) => (level, frame, field) == (l, g, f),
            (
                ExprKind::Definition { level, definition },
                ExprKind::Definition { level: l, definition: d },
            ) => return (level, definition) == (l, d),
            (ExprKind::Row { level, frame }, ExprKind::Row { level: l, frame: g }) => {
                (level, frame) == (l, g)
            }
            (ExprKind::Follow { frame, .. }, ExprKind::Follow { frame: g, .. })
            | (ExprKind::Single { frame, .. }, ExprKind::Single { frame: g, .. }) => frame == g,
            (ExprKind::Lookup { list, pick, .. }, ExprKind::Lookup { list: l, pick: p, .. }) => {
                list == l && pick.is_like(*p)
            }
            (
                ExprKind::Quantify { quantifier, list, filter, .. },
                ExprKind::Quantify { quantifier: q, list: l, filter: f, .. },
            ) => (quantifier, list, filter.is_some()) == (q, l, f.is_some()),
            (ExprKind::Trace(x), ExprKind::Trace(y)) => {
                (x.list, x.pattern, x.asks, x.filter.is_some())
                    == (y.list, y.pattern, y.asks, y.filter.is_some())
            }
            (ExprKind::NetElapsed(x), ExprKind::NetElapsed(y)) => {
                (x.counted, x.list, x.including.is_some(), x.filter.is_some())
                    == (y.counted, y.list, y.including.is_some(), y.filter.is_some())
            }
            (ExprKind::Compare(x, ..), ExprKind::Compare(y, ..)) => x == y,
            (ExprKind::Text(x, ..), ExprKind::Text(y, ..)) => x == y,
            (ExprKind::Arithmetic(x, ..), ExprKind::Arithmetic(y, ..)) => x == y,
            (ExprKind::Call(x, _), ExprKind::Call(y, _)) => x == y,
            (ExprKind::Has(_), ExprKind::Has(_))
            | (ExprKind::Not(_), ExprKind::Not(_))
            | (ExprKind::And(_), ExprKind::And(_))
            | (ExprKind::Or(_), ExprKind::Or(_))
            | (ExprKind::In(..), ExprKind::In(..))
            | (ExprKind::Negate(_), ExprKind::Negate(_))
            | (ExprKind::If(..), ExprKind::If(..))
            | (ExprKind::Set(_), ExprKind::Set(_)) => true,
            // Rows most like a text, and chains, are not compared part by part.
            _ => false,
        };
        let (parts, others) = (self.parts(one), self.parts(other));
        own && parts.len() == others.len()
            && parts.iter().zip(&others).all(|(x, y)| self.alike(*x, *y))
    }
}
