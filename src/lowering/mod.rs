//! Rank 3: from typed expressions to a graph of two-valued columns, which the evaluator runs, and which proof and SQL can share.
//!
//! A condition becomes two rails, "surely true" and "surely false"; unknown is neither, and no null reaches a connective (Kleene 1952).
//! A value becomes a column with its validity. Nodes are shared: the same operation over the same nodes exists once.

mod judge;
mod list;
mod rails;
mod value;

pub use judge::{Choice, DecisionPlan, Exemption, Grouped, Judgement, MeasurePlan, Outcomes, lower};

use crate::builtin::Function;
use crate::program::{Comparison, ExprId, Program, TextRelation};
use crate::schema::{Constant, FieldId, FrameId, Physical};
use crate::syntax::tree::Operator;
use std::collections::HashMap;

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
    /// The elements that a grouping gives to row `base` (an index node over the outer domain; the outer row itself without).
    Group(Grouping, Option<NodeId>),
    /// All rows whose key equals the outer row's (Texts or Ints); rows and outer rows without a valid key pair with everything.
    Join {
        /// Key over the outer domain.
        outer: NodeId,
        /// Key over the elements' frame.
        inner: NodeId,
    },
    /// All rows.
    Product,
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
    /// Integers as exact numbers.
    ToRatio(NodeId),
    /// Arithmetic of two columns of one kind; not valid where it overflows or divides by zero.
    Arithmetic(Operator, NodeId, NodeId),
    /// A date plus months (minus for `Subtract`), the day clamped to the month's last.
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
    /// The row number of the one element surely in the set (first node), valid where all others are surely not (second node).
    Select(Grouping, NodeId, NodeId),
    /// A function, row by row.
    Call(Function, Vec<NodeId>),
    /// Row numbers.
    Row,
    /// The parent's row number of each row of a nested frame.
    Parent(FrameId),
    /// The outer row number of each pair.
    Outer(PairsId),
    /// The element's row number of each pair.
    Inner(PairsId),
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

/// The graph and how expressions map to it.
#[derive(Debug)]
pub struct Graph<'a> {
    /// The program.
    pub program: &'a Program,
    /// The nodes; operands come before their users.
    pub nodes: Vec<Node>,
    /// The sets of pairs.
    pub pairs: Vec<Pairs>,
    /// The contexts.
    pub contexts: Vec<Context>,
    /// Every expression lowered in a context.
    pub lowered: HashMap<(ExprId, ContextId), Lowered>,
    /// Every list form lowered in a context.
    pub forms: HashMap<(ExprId, ContextId), Form>,
    shared: HashMap<Node, NodeId>,
    context_ids: HashMap<Context, ContextId>,
}

impl<'a> Graph<'a> {
    fn new(program: &'a Program) -> Self {
        Self {
            program,
            nodes: Vec::new(),
            pairs: Vec::new(),
            contexts: Vec::new(),
            lowered: HashMap::new(),
            forms: HashMap::new(),
            shared: HashMap::new(),
            context_ids: HashMap::new(),
        }
    }

    /// A node.
    #[must_use]
    pub fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(id.0 as usize)
    }

    /// A context; an empty one for an id that is not there.
    #[must_use]
    pub fn context(&self, id: ContextId) -> Context {
        self.contexts.get(id.0 as usize).cloned().unwrap_or(Context { domain: Domain::Unit, rows: Vec::new() })
    }

    fn add(&mut self, op: Op, domain: Domain, physical: Physical) -> NodeId {
        let node = Node { op, domain, physical };
        if let Some(&id) = self.shared.get(&node) {
            return id;
        }
        let id = NodeId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        self.nodes.push(node.clone());
        self.shared.insert(node, id);
        id
    }

    fn bits(&mut self, op: Op, domain: Domain) -> NodeId {
        self.add(op, domain, Physical::Bits)
    }

    fn truth(&mut self, value: bool, domain: Domain) -> NodeId {
        self.bits(Op::Truth(value), domain)
    }

    fn domain(&self, id: NodeId) -> Domain {
        self.node(id).map_or(Domain::Unit, |node| node.domain)
    }

    fn physical(&self, id: NodeId) -> Physical {
        self.node(id).map_or(Physical::Ints, |node| node.physical)
    }

    fn is_truth(&self, id: NodeId, value: bool) -> bool {
        self.node(id).is_some_and(|node| node.op == Op::Truth(value))
    }

    /// All of the bits; constants are folded, duplicates dropped.
    fn and(&mut self, domain: Domain, parts: impl IntoIterator<Item = NodeId>) -> NodeId {
        let mut kept: Vec<NodeId> = Vec::new();
        for part in parts {
            if self.is_truth(part, false) {
                return part;
            }
            if !self.is_truth(part, true) && !kept.contains(&part) {
                kept.push(part);
            }
        }
        match kept.as_slice() {
            [] => self.truth(true, domain),
            [only] => *only,
            _ => self.bits(Op::And(kept), domain),
        }
    }

    /// Any of the bits.
    fn or(&mut self, domain: Domain, parts: impl IntoIterator<Item = NodeId>) -> NodeId {
        let mut kept: Vec<NodeId> = Vec::new();
        for part in parts {
            if self.is_truth(part, true) {
                return part;
            }
            if !self.is_truth(part, false) && !kept.contains(&part) {
                kept.push(part);
            }
        }
        match kept.as_slice() {
            [] => self.truth(false, domain),
            [only] => *only,
            _ => self.bits(Op::Or(kept), domain),
        }
    }

    fn not(&mut self, id: NodeId) -> NodeId {
        let domain = self.domain(id);
        match self.node(id).map(|node| &node.op) {
            Some(&Op::Truth(value)) => self.truth(!value, domain),
            Some(&Op::Not(inner)) => inner,
            _ => self.bits(Op::Not(id), domain),
        }
    }

    fn valid(&mut self, id: NodeId) -> NodeId {
        let domain = self.domain(id);
        match self.node(id).map(|node| &node.op) {
            Some(&Op::Column(frame, field)) => self.bits(Op::Present(frame, field), domain),
            Some(Op::Constant(_) | Op::Weights(_) | Op::Row | Op::Parent(_) | Op::Outer(_) | Op::Inner(_)) => self.truth(true, domain),
            _ => self.bits(Op::Valid(id), domain),
        }
    }

    fn index_row(&mut self, op: Op, domain: Domain) -> NodeId {
        self.add(op, domain, Physical::Ints)
    }

    /// The id of a context.
    fn enter(&mut self, context: Context) -> ContextId {
        if let Some(&id) = self.context_ids.get(&context) {
            return id;
        }
        let id = ContextId(u32::try_from(self.contexts.len()).unwrap_or(u32::MAX));
        self.contexts.push(context.clone());
        self.context_ids.insert(context, id);
        id
    }

    /// The context of a frame's own rows: the row, and its parents.
    pub(crate) fn fresh(&mut self, frame: FrameId) -> ContextId {
        let domain = Domain::Frame(frame);
        let rows = self.natural(frame, domain, None);
        self.enter(Context { domain, rows })
    }

    /// A frame's row and its parents, innermost last, as seen from a domain where `index` gives the row (the domain's own row without).
    fn natural(&mut self, frame: FrameId, domain: Domain, index: Option<NodeId>) -> Vec<Seen> {
        let mut rows = vec![Seen { frame, index: index.map_or(Index::Here, Index::At) }];
        let (mut at, mut from) = (frame, index);
        while let Some((parent, _)) = self.program.schema.frame(at).and_then(|found| found.parent) {
            let up = self.index_row(Op::Parent(at), Domain::Frame(at));
            let up = from.map_or(up, |from| self.add(Op::Gather(from, up), domain, Physical::Ints));
            rows.push(Seen { frame: parent, index: Index::At(up) });
            (at, from) = (parent, Some(up));
        }
        rows.reverse();
        rows
    }

    /// Something computed over other rows, read from `domain` by an index.
    fn gather(&mut self, index: Index, found: Lowered, domain: Domain) -> Lowered {
        let Index::At(at) = index else { return found };
        match found {
            Lowered::Value(value) => {
                let physical = self.physical(value);
                Lowered::Value(self.add(Op::Gather(at, value), domain, physical))
            }
            Lowered::Truth(rails) => Lowered::Truth(self.gather_rails(at, rails, domain)),
        }
    }

    fn gather_rails(&mut self, at: NodeId, rails: Rails, domain: Domain) -> Rails {
        let t = self.gather_bits(at, rails.t, domain);
        let f = self.gather_bits(at, rails.f, domain);
        Rails { t, f }
    }

    fn gather_bits(&mut self, at: NodeId, bits: NodeId, domain: Domain) -> NodeId {
        if self.is_truth(bits, false) {
            return self.truth(false, domain);
        }
        if self.is_truth(bits, true) {
            return self.valid(at);
        }
        self.bits(Op::GatherBits(at, bits), domain)
    }
}
