//! About how far a row is from a disposition: how many conditions would have to turn out otherwise,
//! counted on the graph. A guide for where to look; what a change brings, the evaluator says.

use crate::builtin::Scalar;
use crate::eval::{Evaluator, Reach};
use crate::lowering::{NodeId, Op};
use std::collections::{BTreeSet, HashMap};

/// What cannot be: no change of facts does it.
pub(super) const NEVER: u32 = u32::MAX / 2;

/// How many elements of a list are counted one by one.
const ELEMENTS: usize = 64;

/// How deep conditions are looked into.
const DEPTH: usize = 400;

/// A truth at a row that would have to be so.
type Wanted = (NodeId, usize, bool);

/// Counts conditions at rows of one evaluator.
pub(super) struct Needs<'e> {
    evaluator: &'e Evaluator,
    known: HashMap<Wanted, u32>,
    depth: usize,
}

/// How the parts of a condition count.
enum Parts {
    /// All of them have to be so.
    All(Vec<Wanted>),
    /// One of them has to be.
    One(Vec<Wanted>),
    /// It has none.
    Leaf,
    /// It is what it is.
    Fixed,
}

impl<'e> Needs<'e> {
    pub fn new(evaluator: &'e Evaluator) -> Self {
        Self { evaluator, known: HashMap::new(), depth: 0 }
    }

    /// How many conditions would have to turn out otherwise for a truth to be so.
    pub fn cost(&mut self, node: NodeId, row: usize, want: bool) -> u32 {
        let wanted = (node, row, want);
        if self.evaluator.holds(node, row) == want {
            return 0;
        }
        if let Some(cost) = self.known.get(&wanted) {
            return *cost;
        }
        if self.depth >= DEPTH {
            return 1;
        }
        self.depth += 1;
        let cost = match self.parts(wanted) {
            Parts::All(parts) => {
                let costs = parts.into_iter().map(|(node, row, want)| self.cost(node, row, want));
                costs.fold(0_u32, u32::saturating_add).min(NEVER)
            }
            Parts::One(parts) => {
                let costs = parts.into_iter().map(|(node, row, want)| self.cost(node, row, want));
                costs.min().unwrap_or(NEVER)
            }
            Parts::Leaf => 1,
            Parts::Fixed => NEVER,
        };
        // Whatever its elements are, a list may have more of them, or fewer.
        let cost = if cost >= NEVER && self.is_about_a_list(node) { 1 } else { cost };
        self.depth -= 1;
        self.known.insert(wanted, cost);
        cost
    }

    /// The conditions without parts that the cheapest ways have turn out otherwise.
    pub fn leaves(&mut self, node: NodeId, row: usize, want: bool) -> BTreeSet<NodeId> {
        let (mut found, mut seen) = (BTreeSet::new(), BTreeSet::new());
        let mut open = vec![(node, row, want)];
        while let Some(wanted) = open.pop() {
            let (node, row, want) = wanted;
            if self.evaluator.holds(node, row) == want || !seen.insert(wanted) {
                continue;
            }
            // A list may as well have another element, or one less.
            if self.is_about_a_list(node) {
                found.insert(node);
            }
            match self.parts(wanted) {
                Parts::All(parts) => open.extend(parts),
                Parts::One(parts) => {
                    let least = self.cost(node, row, want);
                    for (node, row, want) in parts {
                        if self.cost(node, row, want) == least {
                            open.push((node, row, want));
                        }
                    }
                }
                Parts::Leaf => {
                    found.insert(node);
                }
                Parts::Fixed => {}
            }
        }
        found
    }

    fn is_about_a_list(&self, node: NodeId) -> bool {
        matches!(self.evaluator.graph.node(node).map(|found| &found.op), Some(Op::Exists(..)))
    }

    fn parts(&self, (node, row, want): Wanted) -> Parts {
        let Some(found) = self.evaluator.graph.node(node) else { return Parts::Fixed };
        let here = |parts: &[NodeId]| parts.iter().map(|part| (*part, row, want)).collect();
        match &found.op {
            Op::Truth(_) => Parts::Fixed,
            Op::Not(inner) => Parts::One(vec![(*inner, row, !want)]),
            Op::And(parts) if want => Parts::All(here(parts)),
            Op::Or(parts) if !want => Parts::All(here(parts)),
            Op::And(parts) | Op::Or(parts) => Parts::One(here(parts)),
            Op::GatherBits(index, bits) => match self.evaluator.scalar(*index, row) {
                Some(Scalar::Int(at)) => usize::try_from(at)
                    .map_or(Parts::Leaf, |at| Parts::One(vec![(*bits, at, want)])),
                _ => Parts::Leaf,
            },
            Op::Exists(grouping, bits) => {
                let elements: Vec<Wanted> = self
                    .evaluator
                    .elements(*grouping, row, Reach::Keyed)
                    .take(ELEMENTS + 1)
                    .map(|element| (*bits, element, want))
                    .collect();
                match elements.len() {
                    0 => Parts::Leaf,
                    more if more > ELEMENTS => Parts::Leaf,
                    _ if want => Parts::One(elements),
                    _ => Parts::All(elements),
                }
            }
            _ => Parts::Leaf,
        }
    }
}
