//! Expressions.

use super::Name;
use crate::text::Span;

/// An expression with its place.
#[derive(Clone, Debug)]
pub struct Expr {
    /// Its place.
    pub span: Span,
    /// Which.
    pub kind: ExprKind,
}

impl Expr {
    /// The items of the list that a condition speaks of.
    #[must_use]
    pub fn items(&self) -> Option<&[Self]> {
        match &self.kind {
            ExprKind::Listed(_, items) => {
                Some(items).filter(|items| !items.is_empty()).map(Vec::as_slice)
            }
            ExprKind::And(parts) | ExprKind::Or(parts) | ExprKind::Commas(parts) => {
                parts.iter().find_map(Self::items)
            }
            ExprKind::Not(inner) | ExprKind::Paren(inner) => inner.items(),
            _ => None,
        }
    }

    /// What it is made of.
    #[must_use]
    pub fn parts(&self) -> Vec<&Self> {
        match &self.kind {
            ExprKind::Member(inner, _)
            | ExprKind::Has(inner)
            | ExprKind::Lacks(inner)
            | ExprKind::Not(inner)
            | ExprKind::Negate(inner)
            | ExprKind::Paren(inner) => vec![inner],
            ExprKind::Lookup(a, b)
            | ExprKind::Relation(a, _, b)
            | ExprKind::Binary(a, _, b)
            | ExprKind::OrElse(a, b) => vec![a, b],
            ExprKind::Between(a, b, c) | ExprKind::If(a, b, c) => vec![a, b, c],
            ExprKind::Call(call) => {
                let more = call.filter.iter().chain(&call.body).map(|part| &**part);
                call.arguments.iter().chain(more).collect()
            }
            ExprKind::Set(parts)
            | ExprKind::And(parts)
            | ExprKind::Commas(parts)
            | ExprKind::Or(parts)
            | ExprKind::Listed(_, parts) => parts.iter().collect(),
            ExprKind::Number(_)
            | ExprKind::Percent(_)
            | ExprKind::Quantity(..)
            | ExprKind::Date(_)
            | ExprKind::Instant(_)
            | ExprKind::Text(_)
            | ExprKind::Boolean(_)
            | ExprKind::Name(_)
            | ExprKind::This
            | ExprKind::Conforms(..) => Vec::new(),
        }
    }

    /// The part that reads the member whose name stands at a place.
    #[must_use]
    pub fn reading(&self, span: Span) -> Option<&Self> {
        match &self.kind {
            ExprKind::Member(_, name) if name.span == span => Some(self),
            _ => self.parts().into_iter().find_map(|part| part.reading(span)),
        }
    }

    /// The part that stands at a place.
    #[must_use]
    pub fn at(&self, span: Span) -> Option<&Self> {
        if self.span == span {
            return Some(self);
        }
        self.parts().into_iter().find_map(|part| part.at(span))
    }
}

/// What is asked of a course of events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Conformance {
    /// `遵循`: it is complete; unknown while it is not but may become so.
    Follows,
    /// `走完`: it is complete.
    Completes,
    /// `未偏离`: it is complete or may become so.
    KeepsTo,
}

/// The expressions.
#[derive(Clone, Debug)]
pub enum ExprKind {
    /// `5`, `1.5`: digits made half-width.
    Number(String),
    /// `51%`: the number before the sign.
    Percent(String),
    /// `3 工作日`.
    Quantity(String, Unit),
    /// A date as written, its digits made half-width.
    Date(String),
    /// A day with a time of day as written, its digits and signs made half-width.
    Instant(String),
    /// `“…”`.
    Text(String),
    /// `是`, `否`.
    Boolean(bool),
    /// A name.
    Name(Name),
    /// `本行`.
    This,
    /// `x.名`.
    Member(Box<Expr>, Name),
    /// `list[condition]`.
    Lookup(Box<Expr>, Box<Expr>),
    /// `f(…)`.
    Call(Call),
    /// `{a、b}`.
    Set(Vec<Expr>),
    /// `遵循 流程`.
    Conforms(Conformance, Name),
    /// `有 x`.
    Has(Box<Expr>),
    /// `无 x`.
    Lacks(Box<Expr>),
    /// `非 x`.
    Not(Box<Expr>),
    /// `a 且 b 且 c`; at least two.
    And(Vec<Expr>),
    /// Conditions joined by commas before `的`; at least two; means 且.
    Commas(Vec<Expr>),
    /// `a 或 b`; at least two.
    Or(Vec<Expr>),
    /// `有下列情形之一` with the items at the end, `：（一）a；（二）b`; at least one.
    Listed(Listing, Vec<Expr>),
    /// `a 超过 b`.
    Relation(Box<Expr>, Relation, Box<Expr>),
    /// `x 介于 a 至 b`.
    Between(Box<Expr>, Box<Expr>, Box<Expr>),
    /// `a + b`.
    Binary(Box<Expr>, Operator, Box<Expr>),
    /// `-a`.
    Negate(Box<Expr>),
    /// `若 c 则 a 否则 b`.
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    /// `x 缺则 0`.
    OrElse(Box<Expr>, Box<Expr>),
    /// `(a)`: kept for the formatter.
    Paren(Box<Expr>),
}

/// What is asked of the items of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listing {
    /// `有下列情形之一`: one of them holds.
    Any,
    /// `符合下列条件`: all of them hold.
    All,
}

/// `数量(卷 当 F: C)`, `四舍五入(x, 0.01%)`.
#[derive(Clone, Debug)]
pub struct Call {
    /// The function.
    pub function: Name,
    /// The arguments before the colon (a list form has one).
    pub arguments: Vec<Expr>,
    /// After `当`.
    pub filter: Option<Box<Expr>>,
    /// After the colon.
    pub body: Option<Box<Expr>>,
}

/// The units of quantities.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Unit {
    /// 工作日.
    Workdays,
    /// 日.
    Days,
    /// 个月.
    Months,
    /// 小时.
    Hours,
    /// 分钟.
    Minutes,
    /// 元.
    Yuan,
}

/// Arithmetic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operator {
    /// `+`.
    Add,
    /// `-`.
    Subtract,
    /// `*`.
    Multiply,
    /// `/`.
    Divide,
}

impl Operator {
    /// As it is written.
    #[must_use]
    pub fn sign(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
        }
    }
}

/// A relation and how it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Relation {
    /// Which.
    pub kind: RelationKind,
    /// True for `>`, false for `超过`.
    pub sign: bool,
}

/// The relations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RelationKind {
    /// `为`, `=`.
    Is,
    /// `不为`, `≠`.
    IsNot,
    /// `超过`, `>`.
    Exceeds,
    /// `不超过`, `≤`.
    AtMost,
    /// `少于`, `<`.
    Below,
    /// `不少于`, `≥`.
    AtLeast,
    /// `早于`.
    Before,
    /// `晚于`.
    After,
    /// `不早于`.
    NotBefore,
    /// `不晚于`.
    NotAfter,
    /// `属于`.
    In,
    /// `不属于`.
    NotIn,
    /// `包含`.
    Contains,
    /// `开头为`.
    StartsWith,
    /// `结尾为`.
    EndsWith,
    /// `匹配`.
    Matches,
}
