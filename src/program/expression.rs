//! Typed expressions.

use super::{DefinitionId, ExprId, ParameterId, Trace};
use crate::builtin::{Counted, End, Function, Quantifier};
use crate::schema::{Constant, FieldId, FrameId, Type};
use crate::syntax::tree::{Operator, RelationKind};
use crate::text::Span;

/// A typed expression.
#[derive(Clone, Debug)]
pub struct Expr {
    /// Which.
    pub kind: ExprKind,
    /// Its type; [`Type::Boolean`] for conditions.
    pub ty: Type,
    /// Its place in the policy.
    pub span: Span,
}

/// The typed expressions.
#[derive(Clone, Debug)]
pub enum ExprKind {
    /// A literal or an enum value.
    Constant(Constant),
    /// A parameter of a plain type.
    Parameter(ParameterId),
    /// A field of the row at a level.
    Field {
        /// Which row.
        level: usize,
        /// Its frame.
        frame: FrameId,
        /// The field.
        field: FieldId,
    },
    /// A definition, evaluated at the row at a level.
    Definition {
        /// Which row.
        level: usize,
        /// The definition.
        definition: DefinitionId,
    },
    /// The row at a level itself, as a reference to it.
    Row {
        /// Which row.
        level: usize,
        /// Its table.
        frame: FrameId,
    },
    /// `then` read in the row that `reference` names; that row is level 0 of `then`, its parents
    /// follow, nothing else is in scope.
    Follow {
        /// A reference.
        reference: ExprId,
        /// The row's table.
        frame: FrameId,
        /// What is read there.
        then: ExprId,
    },
    /// `then` read in the only row of a single-row table.
    Single {
        /// The table.
        frame: FrameId,
        /// What is read there.
        then: ExprId,
    },
    /// `then` read in one of the elements for which the condition holds; the condition sees the
    /// element as level 0.
    Lookup {
        /// The list.
        list: List,
        /// Which of them.
        pick: Pick,
        /// Which element.
        condition: ExprId,
        /// What is read there; the element is level 0, its parents follow.
        then: ExprId,
    },
    /// A list form; filter and body see the element as level 0, the rows around it follow.
    Quantify {
        /// Which form.
        quantifier: Quantifier,
        /// The list.
        list: List,
        /// After 当.
        filter: Option<ExprId>,
        /// After the colon.
        body: Option<ExprId>,
    },
    /// `遵循 P`, `响应(list.field, a, b)`: a course of events.
    Trace(Box<Trace>),
    /// `净历时(a, b, list.from, list.to)`.
    NetElapsed(Box<NetElapsed>),
    /// `有 x`.
    Has(ExprId),
    /// `非 x`.
    Not(ExprId),
    /// `a 且 b`.
    And(Vec<ExprId>),
    /// `a 或 b`.
    Or(Vec<ExprId>),
    /// `a 超过 b`: both sides of one type, or of two numeric ones.
    Compare(Comparison, ExprId, ExprId),
    /// `a 属于 {b、c}`.
    In(ExprId, Vec<ExprId>),
    /// `a 包含 b`.
    Text(TextRelation, ExprId, ExprId),
    /// `a + b`.
    Arithmetic(Operator, ExprId, ExprId),
    /// `-a`.
    Negate(ExprId),
    /// `若 c 则 a 否则 b`: a where c holds, b where it does not; where that is not known, what both
    /// are if they are the same.
    If(ExprId, ExprId, ExprId),
    /// A built-in function.
    Call(Function, Vec<ExprId>),
    /// The row of a table whose key is most like a text, if one is like enough.
    Nearest(Nearest),
    /// What a row comes to along the chains of rows before it.
    Chain(Chain),
    /// A set of values (the weights of a function).
    Set(Vec<ExprId>),
}

/// `最相似(文本, 下限, 表 当 条件: 键)`. Filter and key see the table's row alone.
#[derive(Clone, Copy, Debug)]
pub struct Nearest {
    /// The text.
    pub text: ExprId,
    /// How alike they must be at least: a constant.
    pub least: ExprId,
    /// The table.
    pub frame: FrameId,
    /// After 当.
    pub filter: Option<ExprId>,
    /// The text of each row.
    pub key: ExprId,
    /// The level of a row of the same table, which is not looked for.
    pub own: Option<usize>,
}

/// `无环(列表: 在前的行)`, `最长路径(量, 列表: 在前的行)`. All parts see the row alone, as those of
/// a definition do.
#[derive(Clone, Copy, Debug)]
pub struct Chain {
    /// Which row.
    pub level: usize,
    /// Its table.
    pub frame: FrameId,
    /// Where the rows before it are listed; `None` where one reference names the one before.
    pub list: Option<List>,
    /// After 当.
    pub filter: Option<ExprId>,
    /// The row before, seen from an element.
    pub before: ExprId,
    /// What is summed; `None` for 无环.
    pub weight: Option<ExprId>,
}

/// Which of the elements that fit is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Pick {
    /// The only one: where several fit, none.
    Only,
    /// The first or the last, in the order of a value of theirs; of those with the same, and without
    /// such a value, in the order of the data. The value sees the element as level 0.
    End(End, Option<ExprId>),
}

impl Pick {
    /// Whether another means the same end, by a value or not.
    #[must_use]
    pub fn is_like(self, other: Self) -> bool {
        match (self, other) {
            (Self::Only, Self::Only) => true,
            (Self::End(a, by), Self::End(b, also)) => a == b && by.is_some() == also.is_some(),
            _ => false,
        }
    }

    /// By what they are in order.
    #[must_use]
    pub fn order(self) -> Option<ExprId> {
        match self {
            Self::Only => None,
            Self::End(_, order) => order,
        }
    }
}

/// What a list form ranges over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum List {
    /// The nested list of the row at a level.
    Nested {
        /// Which row.
        level: usize,
        /// The elements' frame.
        frame: FrameId,
    },
    /// The rows of a table whose reference field names the row at a level.
    Inverse {
        /// Which row.
        level: usize,
        /// The table that refers.
        frame: FrameId,
        /// The reference field in it.
        field: FieldId,
    },
    /// Every row of a table, every element of a nested list.
    All {
        /// The table or list.
        frame: FrameId,
    },
}

impl List {
    /// The frame of the elements.
    #[must_use]
    pub fn frame(self) -> FrameId {
        match self {
            Self::Nested { frame, .. } | Self::Inverse { frame, .. } | Self::All { frame } => frame,
        }
    }

    /// The level of the row the list belongs to.
    #[must_use]
    pub fn level(self) -> Option<usize> {
        match self {
            Self::Nested { level, .. } | Self::Inverse { level, .. } => Some(level),
            Self::All { .. } => None,
        }
    }
}

/// Comparisons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// =
    Equal,
    /// ≠
    NotEqual,
    /// <
    Less,
    /// ≤
    LessEqual,
    /// >
    Greater,
    /// ≥
    GreaterEqual,
}

impl Comparison {
    /// The comparison a relation stands for; `None` for sets and texts.
    #[must_use]
    pub fn of(relation: RelationKind) -> Option<Self> {
        Some(match relation {
            RelationKind::Is => Self::Equal,
            RelationKind::IsNot => Self::NotEqual,
            RelationKind::Below | RelationKind::Before => Self::Less,
            RelationKind::AtMost | RelationKind::NotAfter => Self::LessEqual,
            RelationKind::Exceeds | RelationKind::After => Self::Greater,
            RelationKind::AtLeast | RelationKind::NotBefore => Self::GreaterEqual,
            _ => return None,
        })
    }

    /// The comparison that holds where this one does not.
    #[must_use]
    pub fn negated(self) -> Self {
        match self {
            Self::Equal => Self::NotEqual,
            Self::NotEqual => Self::Equal,
            Self::Less => Self::GreaterEqual,
            Self::LessEqual => Self::Greater,
            Self::Greater => Self::LessEqual,
            Self::GreaterEqual => Self::Less,
        }
    }

    /// As a sign.
    #[must_use]
    pub fn sign(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "≠",
            Self::Less => "<",
            Self::LessEqual => "≤",
            Self::Greater => ">",
            Self::GreaterEqual => "≥",
        }
    }

    /// The comparison with its sides exchanged.
    #[must_use]
    pub fn mirrored(self) -> Self {
        match self {
            Self::Less => Self::Greater,
            Self::LessEqual => Self::GreaterEqual,
            Self::Greater => Self::Less,
            Self::GreaterEqual => Self::LessEqual,
            same => same,
        }
    }
}

/// Relations of texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TextRelation {
    /// 包含.
    Contains,
    /// 开头为.
    StartsWith,
    /// 结尾为.
    EndsWith,
    /// 匹配.
    Matches,
}

/// Days between two days without those that the intervals of a list hold.
#[derive(Clone, Debug)]
pub struct NetElapsed {
    /// Which days.
    pub counted: Counted,
    /// The first day.
    pub from: ExprId,
    /// The last day.
    pub to: ExprId,
    /// Whether the first day counts: a constant or a parameter.
    pub including: Option<ExprId>,
    /// The list of intervals.
    pub list: List,
    /// Which of its elements count; sees the element as level 0.
    pub filter: Option<ExprId>,
    /// The first day of an interval; sees the element as level 0.
    pub first: ExprId,
    /// Its last day; sees the element as level 0.
    pub last: ExprId,
}

impl NetElapsed {
    /// What is seen from the row itself.
    pub fn outside(&self) -> impl Iterator<Item = ExprId> {
        [Some(self.from), Some(self.to), self.including].into_iter().flatten()
    }

    /// What is seen from an element.
    pub fn inside(&self) -> impl Iterator<Item = ExprId> {
        [self.filter, Some(self.first), Some(self.last)].into_iter().flatten()
    }
}
