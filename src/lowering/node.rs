//! The nodes of the graph: operations over columns.

use crate::builtin::Function;
use crate::program::{Comparison, PatternId, TextRelation};
use crate::schema::{Constant, FieldId, FrameId, Physical};
use crate::syntax::tree::Operator;

/// Index of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(pub u32);

/// Index of a set of row pairs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PairsId(pub u32);

/// Index of a context: what is in scope where an expression is lowered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ContextId(pub u32);

/// The rows a node has values for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Domain {
    /// The rows of a frame.
    Frame(FrameId),
    /// One row: figures over whole tables.
    Unit,
    /// Pairs of an outer row and an element.
    Pairs(PairsId),
}

/// Which elements belong to which outer row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Grouping {
    /// A nested list: outer rows are its parent's.
    Nested(FrameId),
    /// The rows of a table by one of its reference fields: outer rows are the referred table's.
    Inverse(FrameId, FieldId),
    /// All rows of a frame: the outer row is the one of [`Domain::Unit`].
    All(FrameId),
    /// The pairs: outer rows are those of the pairs' outer domain.
    Pairs(PairsId),
}

/// How pairs are made.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Pairs {
    /// The outer rows.
    pub outer: Domain,
    /// The elements' frame.
    pub inner: FrameId,
    /// Which elements each outer row is paired with.
    pub source: PairSource,
}

/// Where the elements of pairs come from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum PairSource {
    /// The elements that a grouping gives to row `base` (an index node over the outer domain; the
    /// outer row itself without).
    Group(Grouping, Option<NodeId>),
    /// All rows whose key equals the outer row's (Texts or Ints); rows and outer rows without a
    /// valid key pair with everything.
    Join {
        /// Key over the outer domain.
        outer: NodeId,
        /// Key over the elements' frame.
        inner: NodeId,
        /// The table they name rows of, where they are references.
        table: Option<FrameId>,
    },
    /// All rows.
    Product,
}

/// What a search for similar names rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Alike {
    /// The texts.
    pub text: NodeId,
    /// How alike they must be.
    pub least: crate::value::Ratio,
    /// The names, over the table's rows.
    pub key: NodeId,
    /// Which rows are searched.
    pub member: NodeId,
}

/// Which rows come before which.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Links {
    /// The list of each row: its grouping, and from the row to the grouping's outer rows; without
    /// one, `before` is a value of the row itself.
    pub list: Option<(Grouping, Option<NodeId>)>,
    /// Elements that surely name a row before.
    pub sure: NodeId,
    /// Elements that may.
    pub maybe: NodeId,
    /// The row they name.
    pub before: NodeId,
    /// Rows whose list was given.
    pub given: NodeId,
}

impl Links {
    /// The nodes they rest on.
    #[must_use]
    pub fn operands(&self) -> Vec<NodeId> {
        let back = self.list.and_then(|(_, back)| back);
        [self.sure, self.maybe, self.before, self.given].into_iter().chain(back).collect()
    }
}

/// An operation. The first group gives truth columns (bits), the second values with validity.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Op {
    /// The same for all rows.
    Truth(bool),
    /// A stored 是否 column.
    Bits(FrameId, FieldId),
    /// Rows where a field has a value.
    Present(FrameId, FieldId),
    /// Rows where a field's value could not be read.
    Unread(FrameId, FieldId),
    /// Rows of a table that a reference of this field may mean which could not be followed.
    Claimed(FrameId, FieldId),
    /// Whether a single table has its one row; over the one row of [`Domain::Unit`].
    Sole(FrameId),
    /// Whether all rows of a table were read; over the one row of [`Domain::Unit`].
    Whole(FrameId),
    /// Rows where a value is known.
    Valid(NodeId),
    /// All of them.
    And(Vec<NodeId>),
    /// Any of them.
    Or(Vec<NodeId>),
    /// Not.
    Not(NodeId),
    /// A comparison of two value columns of one kind; meaningless where either is not valid.
    Compare(Comparison, NodeId, NodeId),
    /// Where two columns of references to a table surely name one row.
    Same(FrameId, NodeId, NodeId),
    /// Where two columns of references to a table surely name different rows.
    Apart(FrameId, NodeId, NodeId),
    /// A relation of two text columns; meaningless where either is not valid.
    Text(TextRelation, NodeId, NodeId),
    /// Bits read at rows given by an index; false where it is not valid.
    GatherBits(NodeId, NodeId),
    /// Outer rows that have an element in the set.
    Exists(Grouping, NodeId),
    /// The same value for all rows.
    Constant(Constant),
    /// The weights of a function.
    Weights(Vec<i64>),
    /// A stored column.
    Column(FrameId, FieldId),
    /// Values read at rows given by an index.
    Gather(NodeId, NodeId),
    /// Texts in the form in which keys are compared, see [`crate::value::key`].
    Canonical(NodeId),
    /// Integers as exact numbers.
    ToRatio(NodeId),
    /// Arithmetic of two columns of one kind; not valid where it overflows or divides by zero.
    Arithmetic(Operator, NodeId, NodeId),
    /// A date plus days (minus for `Subtract`); not valid beyond the years -9999 to 9999.
    AddDays(Operator, NodeId, NodeId),
    /// A date plus months (minus for `Subtract`), the day clamped to the month's last; not valid
    /// beyond those years.
    AddMonths(Operator, NodeId, NodeId),
    /// Minus.
    Negate(NodeId),
    /// The value, known only in these rows.
    Where(NodeId, NodeId),
    /// How many elements of each outer row are in the set.
    Count(Grouping, NodeId),
    /// The sum of the values of the elements in the set.
    Sum(Grouping, NodeId, NodeId),
    /// The greatest value of the elements in the set; not valid where there are none.
    Max(Grouping, NodeId, NodeId),
    /// The least.
    Min(Grouping, NodeId, NodeId),
    /// The row number of the one element surely in the set (first node), valid where all others are
    /// surely not (second node).
    Select(Grouping, NodeId, NodeId),
    /// For each text, the row of the most similar name among the members (keys, members), at least
    /// this alike; −1 where there is none, not valid where the text is not known. The last is the
    /// row that is left out, if any.
    Nearest(Alike, Option<NodeId>),
    /// Rows on a cycle of surely listed rows before one another.
    Cycles(Links),
    /// Rows that may be on a cycle.
    MayCycle(Links),
    /// The greatest sum of a value along a chain that ends with the row.
    Longest(Links, NodeId),
    /// A function, row by row.
    Call(Function, Vec<NodeId>),
    /// How the events of each outer row stand, see [`Events`].
    Trace(Box<Events>),
    /// Working days of each outer row without those its intervals hold, see [`Intervals`].
    NetElapsed(Box<Intervals>),
    /// Row numbers.
    Row,
    /// The parent's row number of each row of a nested frame.
    Parent(FrameId),
    /// Outer rows whose pairs were made: none of them where there are too many.
    Paired(PairsId),
    /// The outer row number of each pair.
    Outer(PairsId),
    /// The element's row number of each pair.
    Inner(PairsId),
}

/// The intervals of outer rows, and the days between which they are taken out.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Intervals {
    /// Which intervals belong to which outer row.
    pub grouping: Grouping,
    /// The first day and the last, of outer rows.
    pub between: [NodeId; 2],
    /// Whether the first day counts.
    pub including: bool,
    /// Intervals that surely count.
    pub sure: NodeId,
    /// Intervals that surely do not.
    pub never: NodeId,
    /// The first day and the last of each interval.
    pub days: [NodeId; 2],
}

/// The events of outer rows, held against a pattern.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Events {
    /// Which events belong to which outer row.
    pub grouping: Grouping,
    /// Events that surely count.
    pub sure: NodeId,
    /// Events that surely do not.
    pub never: NodeId,
    /// What happened.
    pub activity: NodeId,
    /// When.
    pub order: Option<NodeId>,
    /// The pattern.
    pub pattern: PatternId,
    /// Where events are not known: as good as can be, or as bad.
    pub best: bool,
}

/// A node of the graph.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Node {
    /// What it computes.
    pub op: Op,
    /// For which rows.
    pub domain: Domain,
    /// How its result is stored.
    pub physical: Physical,
}
