//! Where nodes are computed: for whole tables, or for the pairs of some outer rows.

use super::pairs::Pass;
use super::{Evaluator, Groups, Vector};
use crate::builtin::Scalar;
use crate::invariant::broken;
use crate::lowering::{Domain, Grouping, NodeId, PairsId};
use crate::value::Bits;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

/// The pairs of some outer rows, with what was computed for them.
pub(super) struct Block {
    pub id: PairsId,
    /// Where the outer rows are pairs themselves: theirs.
    pub parent: Option<Arc<Block>>,
    /// The outer row of each pair: its number in the outer domain, or in `parent`.
    pub outer: Vec<u32>,
    /// The element of each pair.
    pub inner: Vec<u32>,
    /// By place among the nodes over these pairs.
    pub results: Vec<OnceLock<Vector>>,
}

/// On how many processors something is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cores {
    /// On the one that asks: others may be waiting for it.
    One,
    /// On all.
    All,
}

/// What is at hand where a node is computed.
pub(super) struct Scope<'s> {
    pub evaluator: &'s Evaluator,
    /// The pairs, where nodes over pairs are computed.
    pub block: Option<&'s Arc<Block>>,
    /// The pass over all pairs that this is part of.
    pub pass: Option<&'s Pass>,
    pub cores: Cores,
}

impl Clone for Scope<'_> {
    fn clone(&self) -> Self {
        *self
    }
}

impl Copy for Scope<'_> {}

impl Deref for Scope<'_> {
    type Target = Evaluator;

    fn deref(&self) -> &Evaluator {
        self.evaluator
    }
}

impl<'s> Scope<'s> {
    /// Whole tables.
    pub(super) fn root(self) -> Scope<'s> {
        Scope { block: None, pass: None, ..self }
    }

    /// A node's result: over the pairs of this scope for a node over pairs.
    pub(super) fn get(self, id: NodeId) -> &'s Vector {
        let Some(node) = self.evaluator.graph.node(id) else { broken("a node of another graph") };
        let slot = match node.domain {
            Domain::Frame(_) | Domain::Unit if let Some(home) = self.evaluator.home(id) => {
                return Scope { evaluator: home, block: None, pass: None, ..self }.get(id);
            }
            Domain::Pairs(pairs) => {
                let Some(block) = self.block_of(pairs) else { broken("pairs out of their scope") };
                let within = Scope { block: Some(block), ..self };
                block.results.get(self.evaluator.place_of(id)).map(|slot| (slot, within))
            }
            Domain::Frame(_) | Domain::Unit => self.evaluator.result_slot(id).map(|slot| {
                let whole = Scope { block: None, pass: None, ..self };
                (slot, whole)
            }),
        };
        let Some((slot, scope)) = slot else { broken("a node without a place") };
        if let Some(found) = slot.get() {
            return found;
        }
        slot.get_or_init(|| scope.compute(id, node))
    }

    /// The pairs of a set that are in scope.
    pub(super) fn block_of(self, id: PairsId) -> Option<&'s Arc<Block>> {
        let mut at = self.block;
        while let Some(block) = at {
            if block.id == id {
                return Some(block);
            }
            at = block.parent.as_ref();
        }
        None
    }

    /// A truth node's rows.
    pub(super) fn bits(self, id: NodeId) -> Bits {
        self.get(id).bits()
    }

    /// A number of a row.
    pub(super) fn integer(self, id: NodeId, row: usize) -> Option<i64> {
        match self.get(id).scalar(row) {
            Some(Scalar::Int(value)) => Some(value),
            _ => None,
        }
    }

    /// How many rows a domain has here.
    pub(super) fn rows(self, domain: Domain) -> usize {
        match domain {
            Domain::Frame(frame) => self.evaluator.frame(frame).map_or(0, |data| data.len),
            Domain::Unit => 1,
            Domain::Pairs(id) => self.block_of(id).map_or(0, |block| block.inner.len()),
        }
    }

    /// The elements of each outer row, for lists and tables.
    pub(super) fn groups(self, grouping: Grouping) -> Groups {
        self.evaluator.groups(grouping)
    }
}
