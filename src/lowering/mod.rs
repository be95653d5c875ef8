//! Rank 3: from typed expressions to a graph of two-valued columns, which the evaluator runs, and
//! which proof and SQL can share.
//!
//! A condition becomes two rails, "surely true" and "surely false"; unknown is neither, and no null
//! reaches a connective (Kleene 1952). A value becomes a column with its validity. Nodes are
//! shared: the same operation over the same nodes exists once.

mod across;
mod bounds;
mod conditional;
mod context;
mod interval;
mod join;
mod judge;
mod list;
mod measure;
mod node;
mod precedence;
mod rails;
mod scope;
mod trace;
mod value;

pub use bounds::Bounds;
pub use context::*;
pub use judge::{Choice, DecisionPlan, Exemption, Judgement, Outcomes, lower};
pub use measure::{FigurePlan, Grouped, MeasurePlan, Recipe};
pub use node::*;
#[cfg(feature = "prove")]
pub(crate) use scope::{pushes, reaches};

use crate::invariant::fit;
use crate::program::{ExprId, Program};
use crate::schema::{FrameId, Physical};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// The graph and how expressions map to it.
#[derive(Debug)]
pub struct Graph {
    /// The program.
    pub program: Arc<Program>,
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
    /// What rows have to do with the elements they are paired with, by list form.
    pub tied: HashMap<(ExprId, ContextId), Tied>,
    /// The elements that lookups name, over the rows around.
    pub picks: HashMap<(ExprId, ContextId), NodeId>,
    /// Of what is compared and rests on counts: what it is at least and at most, where not all is
    /// known.
    pub bounds: HashMap<(ExprId, ContextId), Option<Bounds>>,
    /// The rows before one another, by the expression that asks about their chains.
    pub links: HashMap<ExprId, Links>,
    /// The searches for the most similar names, by the expressions that ask for them.
    pub searches: BTreeSet<(ExprId, NodeId)>,
    /// The columns of every course of events lowered in a context.
    pub traces: HashMap<(ExprId, ContextId), Events>,
    shared: HashMap<Node, NodeId>,
    context_ids: HashMap<Context, ContextId>,
    own: HashMap<FrameId, ContextId>,
}

impl Graph {
    fn new(program: Arc<Program>) -> Self {
        Self {
            program,
            nodes: Vec::new(),
            pairs: Vec::new(),
            contexts: Vec::new(),
            lowered: HashMap::new(),
            forms: HashMap::new(),
            tied: HashMap::new(),
            picks: HashMap::new(),
            bounds: HashMap::new(),
            links: HashMap::new(),
            searches: BTreeSet::new(),
            traces: HashMap::new(),
            shared: HashMap::new(),
            context_ids: HashMap::new(),
            own: HashMap::new(),
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
        self.contexts
            .get(id.0 as usize)
            .cloned()
            .unwrap_or(Context { domain: Domain::Unit, rows: Vec::new() })
    }

    /// A set of pairs.
    #[must_use]
    pub fn pairs_of(&self, id: PairsId) -> Option<&Pairs> {
        self.pairs.get(id.0 as usize)
    }

    /// The nodes that are computed before a node. Values of parents are read along their lists, so
    /// that the column of parents' row numbers is seldom needed.
    #[must_use]
    pub fn operands(&self, node: &Node) -> Vec<NodeId> {
        let mut operands = match node.op {
            Op::GatherBits(at, found) | Op::Gather(at, found) if self.parents(at).is_some() => {
                vec![found]
            }
            _ => node.op.operands(),
        };
        let of_domain = |domain| if let Domain::Pairs(id) = domain { Some(id) } else { None };
        let of_op = match node.op {
            Op::Paired(id) => Some(id),
            _ => match node.op.grouping() {
                Some(Grouping::Pairs(id)) => Some(id),
                _ => None,
            },
        };
        for id in of_domain(node.domain).into_iter().chain(of_op) {
            operands.extend(self.pairs_of(id).map(Pairs::operands).unwrap_or_default());
        }
        operands
    }

    /// The frame whose elements an index leads to their parents.
    #[must_use]
    pub fn parents(&self, index: NodeId) -> Option<FrameId> {
        match self.node(index)?.op {
            Op::Parent(frame) => Some(frame),
            _ => None,
        }
    }

    fn add(&mut self, op: Op, domain: Domain, physical: Physical) -> NodeId {
        let node = Node { op, domain, physical };
        if let Some(&id) = self.shared.get(&node) {
            return id;
        }
        let id = NodeId(fit(self.nodes.len()));
        self.nodes.push(node.clone());
        self.shared.insert(node, id);
        id
    }

    /// A value computed from others. Where all are read through one index, it is computed where
    /// they are stored, once, and the outcome is read instead.
    fn computed(
        &mut self,
        op: &dyn Fn(&[NodeId]) -> Op,
        operands: &[NodeId],
        (domain, physical): (Domain, Physical),
    ) -> NodeId {
        if let Some((at, there)) = self.index_of(operands) {
            let operands: Vec<NodeId> =
                operands.iter().map(|operand| self.stored(*operand, there)).collect();
            let found = self.computed(op, &operands, (there, physical));
            return self.add(Op::Gather(at, found), domain, physical);
        }
        self.add(op(operands), domain, physical)
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
        let (mut kept, mut known) = (Vec::new(), BTreeSet::new());
        for part in parts {
            if self.is_truth(part, false) {
                return part;
            }
            if !self.is_truth(part, true) && known.insert(part) {
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
        let (mut kept, mut known) = (Vec::new(), BTreeSet::new());
        for part in parts {
            if self.is_truth(part, true) {
                return part;
            }
            if !self.is_truth(part, false) && known.insert(part) {
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
            Some(&Op::Canonical(inner)) => self.valid(inner),
            Some(
                Op::Constant(_)
                | Op::Weights(_)
                | Op::Row
                | Op::Parent(_)
                | Op::Outer(_)
                | Op::Inner(_),
            ) => self.truth(true, domain),
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
        let id = ContextId(fit(self.contexts.len()));
        self.contexts.push(context.clone());
        self.context_ids.insert(context, id);
        id
    }

    /// The context of a frame's own rows: the row, and its parents.
    pub(crate) fn fresh(&mut self, frame: FrameId) -> ContextId {
        let domain = Domain::Frame(frame);
        let rows = self.natural(frame, domain, None);
        let context = self.enter(Context { domain, rows });
        self.own.insert(frame, context);
        context
    }

    /// The context of a frame's own rows, where anything was lowered in it.
    pub(crate) fn own(&self, frame: FrameId) -> Option<ContextId> {
        self.own.get(&frame).copied()
    }

    /// A frame's row and its parents, innermost last, as seen from a domain where `index` gives the
    /// row (the domain's own row without).
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
