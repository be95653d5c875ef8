//! The nodes of the graph: operations over columns.

use super::Rails;
use crate::builtin::{Counted, End, Function};
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

/// Outer rows, each paired with every element for which nothing listed here is surely false. What
/// is listed are conjuncts of what an element must satisfy to count, so that an element left out
/// surely does not.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Pairs {
    /// The outer rows.
    pub outer: Domain,
    /// The elements' frame.
    pub inner: FrameId,
    /// The list whose elements they are; without one, all rows of the frame.
    pub group: Option<Group>,
    /// The equalities between outer row and element.
    pub keys: Vec<Key>,
    /// The comparisons by order between them.
    pub bounds: Vec<Bound>,
    /// Outer rows for which no conjunct about them alone is surely false; all rows without.
    pub outer_fits: Option<NodeId>,
    /// Elements for which no conjunct about them alone is surely false; all elements without.
    pub inner_fits: Option<NodeId>,
}

impl Pairs {
    /// The nodes they rest on.
    #[must_use]
    pub fn operands(&self) -> Vec<NodeId> {
        let mut operands: Vec<NodeId> =
            self.outer_fits.into_iter().chain(self.inner_fits).collect();
        if let Some(group) = self.group {
            operands.extend(group.base);
            if self.is_indexed() {
                operands.extend([group.owner.0, group.owner.1]);
            }
        }
        for key in &self.keys {
            match *key {
                Key::Value { outer, inner } => operands.extend([outer, inner]),
                Key::Truth { outer, inner } => {
                    operands.extend([outer.t, outer.f, inner.t, inner.f]);
                }
            }
        }
        operands.extend(self.bounds.iter().flat_map(|bound| [bound.outer, bound.inner]));
        operands
    }

    /// The nodes over the elements by which those are looked up.
    #[must_use]
    pub fn by_element(&self) -> Vec<NodeId> {
        let keys = self.keys.iter().flat_map(|key| match *key {
            Key::Value { inner, .. } => vec![inner],
            Key::Truth { inner, .. } => vec![inner.t, inner.f],
        });
        let bounds = self.bounds.iter().map(|bound| bound.inner);
        let owner = self.group.map(|group| group.owner.1);
        keys.chain(bounds).chain(self.inner_fits).chain(owner).collect()
    }

    /// Whether elements are looked up by what outer rows and they have in common, and not merely
    /// taken from a list.
    #[must_use]
    pub fn is_indexed(&self) -> bool {
        self.group.is_none() || !self.keys.is_empty() || !self.bounds.is_empty()
    }
}

/// A list whose elements are paired with outer rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Group {
    /// Which elements belong to which row.
    pub grouping: Grouping,
    /// From outer rows to the rows the lists belong to; the outer rows themselves without.
    pub base: Option<NodeId>,
    /// The same as two columns of row numbers: the row an outer row takes its list from, and the
    /// row an element belongs to.
    pub owner: (NodeId, NodeId),
}

/// An equality that an element must satisfy; where either side is not known, it might.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    /// Of values of one kind.
    Value {
        /// Over the outer domain.
        outer: NodeId,
        /// Over the elements' frame.
        inner: NodeId,
    },
    /// Of truths.
    Truth {
        /// Over the outer domain.
        outer: Rails,
        /// Over the elements' frame.
        inner: Rails,
    },
}

/// `inner ∘ outer`, which an element must satisfy; where either side is not known, it might.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Bound {
    /// <, ≤, > or ≥.
    pub comparison: Comparison,
    /// Integers or exact numbers over the outer domain.
    pub outer: NodeId,
    /// The same kind over the elements' frame.
    pub inner: NodeId,
}

/// A comparison by which rows and elements are paired.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tie {
    /// An equality.
    Key(Key),
    /// By order.
    Bound(Bound),
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
    /// Whether a single table has its one row, and none was lost; over the one row of
    /// [`Domain::Unit`].
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
    /// In these rows the first value, known or not, in all others the second; both of one kind.
    Pick(NodeId, NodeId, NodeId),
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
    /// The row number of the first or last element that is not surely out of the set (the second of
    /// the nodes), by the order of a value, then of the data; valid where it is surely in the set
    /// (the first), and the places of all that may be before it are known.
    End(End, Grouping, [NodeId; 2], Option<NodeId>),
    /// How many different values the elements in the set have.
    Distinct(Grouping, NodeId, NodeId),
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
    /// Days of each outer row without those its intervals hold, see [`Intervals`].
    NetElapsed(Box<Intervals>),
    /// Row numbers.
    Row,
    /// The parent's row number of each row of a nested frame.
    Parent(FrameId),
    /// Outer rows whose pairs are looked at: none of them where there are too many.
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
    /// Which days are counted.
    pub counted: Counted,
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

impl Op {
    /// Whose elements it sums up, if it is about lists.
    #[must_use]
    pub fn grouping(&self) -> Option<Grouping> {
        match self {
            Self::Exists(grouping, _)
            | Self::Count(grouping, _)
            | Self::Sum(grouping, ..)
            | Self::Max(grouping, ..)
            | Self::Min(grouping, ..)
            | Self::Distinct(grouping, ..)
            | Self::End(_, grouping, ..)
            | Self::Select(grouping, ..) => Some(*grouping),
            Self::Cycles(links) | Self::MayCycle(links) | Self::Longest(links, _) => {
                links.list.map(|(grouping, _)| grouping)
            }
            Self::Trace(events) => Some(events.grouping),
            Self::NetElapsed(intervals) => Some(intervals.grouping),
            _ => None,
        }
    }

    /// The nodes it reads.
    #[must_use]
    pub fn operands(&self) -> Vec<NodeId> {
        match self {
            Self::And(parts) | Self::Or(parts) | Self::Call(_, parts) => parts.clone(),
            Self::Valid(a)
            | Self::Not(a)
            | Self::ToRatio(a)
            | Self::Negate(a)
            | Self::Canonical(a)
            | Self::Exists(_, a)
            | Self::Count(_, a) => vec![*a],
            Self::Compare(_, a, b)
            | Self::Same(_, a, b)
            | Self::Apart(_, a, b)
            | Self::Text(_, a, b)
            | Self::Arithmetic(_, a, b)
            | Self::AddDays(_, a, b)
            | Self::AddMonths(_, a, b)
            | Self::GatherBits(a, b)
            | Self::Gather(a, b)
            | Self::Where(a, b)
            | Self::Sum(_, a, b)
            | Self::Max(_, a, b)
            | Self::Min(_, a, b)
            | Self::Distinct(_, a, b)
            | Self::Select(_, a, b) => vec![*a, *b],
            Self::Pick(rows, a, b) => vec![*rows, *a, *b],
            Self::End(_, _, members, order) => members.iter().chain(order).copied().collect(),
            Self::Nearest(alike, own) => {
                [alike.text, alike.key, alike.member].into_iter().chain(*own).collect()
            }
            Self::Cycles(links) | Self::MayCycle(links) => links.operands(),
            Self::Longest(links, weight) => links.operands().into_iter().chain([*weight]).collect(),
            Self::NetElapsed(intervals) => {
                let ([a, b], [c, d]) = (intervals.between, intervals.days);
                vec![a, b, c, d, intervals.sure, intervals.never]
            }
            Self::Trace(events) => {
                let read = [events.sure, events.never, events.activity];
                read.into_iter().chain(events.order).collect()
            }
            Self::Truth(_)
            | Self::Bits(..)
            | Self::Present(..)
            | Self::Unread(..)
            | Self::Claimed(..)
            | Self::Sole(_)
            | Self::Whole(_)
            | Self::Constant(_)
            | Self::Weights(_)
            | Self::Column(..)
            | Self::Row
            | Self::Parent(_)
            | Self::Paired(_)
            | Self::Outer(_)
            | Self::Inner(_) => Vec::new(),
        }
    }
}
