//! In which order the nodes of all verdicts are computed.

use super::Evaluator;
use super::scope::{Cores, Scope};
use crate::invariant::fit;
use crate::lowering::{Domain, Grouping, Node, NodeId, Op, PairsId};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

/// When a node is computed: in which round, and at which level of it. A round ends with the nodes
/// that sum up pairs, those over the same pairs together, so that pairs are made once for all of
/// them; none of a round rests on another of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Turn {
    round: usize,
    level: usize,
}

/// The level of nodes that sum up pairs: after all others of their round.
const LAST: usize = usize::MAX;

/// The pairs a node sums up by outer row.
fn summed(node: &Node) -> Option<PairsId> {
    match (&node.op, node.op.grouping()) {
        (Op::Cycles(_) | Op::MayCycle(_) | Op::Longest(..), _) => None,
        (_, Some(Grouping::Pairs(id))) => Some(id),
        _ => None,
    }
}

impl Evaluator {
    /// Computes nodes and all they rest on.
    pub fn run(&self, roots: &[NodeId]) {
        let mut levels: BTreeMap<Turn, Vec<NodeId>> = BTreeMap::new();
        let mut sets: BTreeMap<(Turn, PairsId), Vec<NodeId>> = BTreeMap::new();
        for (id, node, turn) in self.turns(roots) {
            match summed(node) {
                Some(pairs) => sets.entry((turn, pairs)).or_default().push(id),
                None if matches!(node.domain, Domain::Pairs(_)) => {}
                None => levels.entry(turn).or_default().push(id),
            }
        }
        let (nested, whole): (Vec<_>, Vec<_>) =
            sets.into_iter().partition(|((_, pairs), _)| self.is_nested(*pairs));
        let companions = nested.into_iter().flat_map(|(_, members)| {
            let members = Arc::new(members);
            members.iter().map(|member| (*member, members.clone())).collect::<Vec<_>>()
        });
        // Only the first run says what goes together; a later one finds most of it computed.
        let _ = self.companions.set(companions.collect());
        let mut whole = whole.into_iter().peekable();
        let mut levels = levels.into_iter().peekable();
        let scope = Scope { cores: Cores::All, ..self.scope() };
        loop {
            let (level, set) =
                (levels.peek().map(|next| next.0), whole.peek().map(|next| next.0.0));
            if level.is_some_and(|level| set.is_none_or(|set| level < set)) {
                let nodes = levels.next().map(|(_, nodes)| nodes).unwrap_or_default();
                nodes.par_iter().with_max_len(1).for_each(|id| {
                    scope.get(*id);
                });
            } else if let Some(((_, pairs), members)) = whole.next() {
                let outer = self.graph.pairs_of(pairs).map_or(0, |pairs| scope.rows(pairs.outer));
                for (member, vector) in members.iter().zip(scope.sum_up(&members, outer)) {
                    // What was asked for before has been computed to the same.
                    let _ = self.result_slot(*member).map(|slot| slot.set(vector));
                }
            } else {
                return;
            }
        }
    }

    /// The nodes that others are computed with.
    pub(super) fn companions(&self, id: NodeId) -> Option<&[NodeId]> {
        self.base().unwrap_or(self).companions.get()?.get(&id).map(|members| members.as_slice())
    }

    /// The nodes that are needed, each with its turn.
    fn turns(&self, roots: &[NodeId]) -> Vec<(NodeId, &Node, Turn)> {
        let nodes = &self.graph.nodes;
        let mut wanted = vec![false; nodes.len()];
        let want = |wanted: &mut Vec<bool>, id: NodeId| {
            if let Some(slot) = wanted.get_mut(id.0 as usize) {
                *slot = true;
            }
        };
        roots.iter().for_each(|root| want(&mut wanted, *root));
        // Operands come before their users: from the last node down, every wanted node wants its
        // operands.
        for (at, node) in nodes.iter().enumerate().rev() {
            if wanted.get(at).is_some_and(|wanted| *wanted) {
                self.graph.operands(node).into_iter().for_each(|id| want(&mut wanted, id));
            }
        }
        let mut turns: Vec<Turn> = vec![Turn::default(); nodes.len()];
        let mut found = Vec::new();
        for (at, node) in nodes.iter().enumerate() {
            if !wanted.get(at).is_some_and(|wanted| *wanted) {
                continue;
            }
            let before = self.graph.operands(node).into_iter().filter_map(|id| {
                turns.get(id.0 as usize).map(|turn| match turn.level {
                    LAST => Turn { round: turn.round + 1, level: 0 },
                    level => Turn { level: level + 1, ..*turn },
                })
            });
            let mut turn = before.max().unwrap_or_default();
            if summed(node).is_some() {
                turn.level = LAST;
            }
            if let Some(slot) = turns.get_mut(at) {
                *slot = turn;
            }
            let id = NodeId(fit(at));
            found.push((id, node, turn));
        }
        found
    }
}
