//! What is in scope where an expression is lowered, and what it is lowered to.

use super::node::{ContextId, Domain, Grouping, NodeId, Tie};
use crate::program::ExprId;
use crate::schema::FrameId;

/// Surely true, surely false.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rails {
    /// Rows where it is surely true.
    pub t: NodeId,
    /// Rows where it is surely false.
    pub f: NodeId,
}

/// How a row in scope is reached from the domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Index {
    /// It is the domain's own row.
    Here,
    /// By row numbers.
    At(NodeId),
    /// It cannot be reached from this domain.
    Unseen,
}

/// A row in scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Seen {
    /// Its frame.
    pub frame: FrameId,
    /// How it is reached.
    pub index: Index,
}

/// What is in scope: the domain, and the rows, innermost last.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Context {
    /// The rows results are for.
    pub domain: Domain,
    /// The rows that can be read.
    pub rows: Vec<Seen>,
}

impl Context {
    /// The row at a level.
    #[must_use]
    pub fn row(&self, level: usize) -> Option<Seen> {
        self.rows.len().checked_sub(level + 1).and_then(|index| self.rows.get(index)).copied()
    }
}

/// What an expression was lowered to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Lowered {
    /// A condition.
    Truth(Rails),
    /// A value.
    Value(NodeId),
}

/// What the row around a list form over pairs has to do with its elements.
#[derive(Clone, Debug)]
pub struct Tied {
    /// Where the expressions below are lowered: over the rows around.
    pub context: ContextId,
    /// The comparisons with elements, each with the side of it that the row around has.
    pub ties: Vec<(Tie, ExprId)>,
    /// The conditions about the row around alone, each with the truth it must have.
    pub own: Vec<(ExprId, bool)>,
    /// The equalities with elements by which those are looked up, each with the truth it must have.
    pub equalities: Vec<(ExprId, bool)>,
    /// What else an element must satisfy, each with the truth it must have.
    pub others: Vec<(ExprId, bool)>,
}

/// A list form or lookup as lowered: needed to explain it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Form {
    /// Which elements belong to which row.
    pub grouping: Grouping,
    /// The context of filter, body and condition.
    pub inner: ContextId,
    /// From the expression's domain to the grouping's outer rows.
    pub back: Index,
}
