//! What every operation comes to.

use super::gather::{self, nothing};
use super::pairs::Work;
use super::scope::{Block, Scope};
use super::{Groups, Series, TextSeries, Vector, compare};
use crate::builtin::{End, Scalar};
use crate::invariant::fit;
use crate::lowering::{Grouping, Node, NodeId, Op, PairsId};
use crate::program::Comparison;
use crate::schema::{FieldId, FrameId, Physical};
use crate::value::{Bits, Ratio, Values};
use std::ops::Range;

impl Scope<'_> {
    /// Computes a node.
    pub(super) fn compute(self, id: NodeId, node: &Node) -> Vector {
        let len = self.rows(node.domain);
        let uniform = |value: bool| Vector::Bits(Bits::uniform(len, value));
        match &node.op {
            Op::Truth(value) => uniform(*value),
            Op::Bits(frame, field) => Vector::Bits(self.stored_bits(*frame, *field, len)),
            Op::Present(frame, field) => Vector::Bits(
                self.column(*frame, *field)
                    .map_or_else(|| Bits::uniform(len, false), |column| column.present.clone()),
            ),
            Op::Unread(frame, field) => Vector::Bits(
                self.column(*frame, *field)
                    .map_or_else(|| Bits::uniform(len, false), |column| column.unread.clone()),
            ),
            Op::Claimed(frame, field) => Vector::Bits(
                self.frame(*frame)
                    .map_or_else(|| Bits::uniform(len, false), |data| data.claimed(*field, len)),
            ),
            Op::Sole(frame) => {
                uniform(self.frame(*frame).is_some_and(|data| data.len == 1 && data.whole))
            }
            Op::Whole(frame) => uniform(self.frame(*frame).is_some_and(|data| data.whole)),
            Op::Valid(inner) => Vector::Bits(
                self.get(*inner).valid().cloned().unwrap_or_else(|| Bits::uniform(len, true)),
            ),
            Op::And(parts) => Vector::Bits(self.fold(parts, len, true, Bits::and)),
            Op::Or(parts) => Vector::Bits(self.fold(parts, len, false, Bits::or)),
            Op::Not(inner) => Vector::Bits(self.bits(*inner).not()),
            Op::Compare(comparison, a, b) => {
                Vector::Bits(compare::compare(*comparison, self.get(*a), self.get(*b), len))
            }
            Op::Same(table, a, b) | Op::Apart(table, a, b) => {
                let same = matches!(node.op, Op::Same(..));
                let want = if same { Comparison::Equal } else { Comparison::NotEqual };
                Vector::Bits(self.same(*table, (*a, *b), (len, want)))
            }
            Op::Canonical(text) => compare::canonical(self.get(*text), len),
            Op::Text(relation, a, b) => {
                Vector::Bits(compare::relate(*relation, self.get(*a), self.get(*b), len))
            }
            Op::GatherBits(index, found) | Op::Gather(index, found)
                if let Some(frame) = self.graph.parents(*index) =>
            {
                let offsets = self.frame(frame).map_or(&[][..], |data| &data.offsets);
                gather::spread(offsets, self.get(*found), || self.get(*index).clone())
            }
            Op::GatherBits(index, bits) => {
                Vector::Bits(gather::bits(self.get(*index), &self.bits(*bits), len))
            }
            Op::Gather(index, value) => gather::values(self.get(*index), self.get(*value), len),
            Op::Constant(constant) => Vector::constant(constant, len),
            Op::Weights(weights) => Vector::Weights(weights.clone()),
            Op::Column(frame, field) => self.stored(*frame, *field, node.physical, len),
            Op::Where(value, rows) => self.get(*value).clone().restricted(&self.bits(*rows)),
            Op::Pick(rows, a, b) => self.get(*a).with_rest(&self.bits(*rows), self.get(*b), len),
            Op::Nearest(alike, own) => self.most_similar((id, alike), *own, len),
            Op::Cycles(links) => self.cycles((id, links), len),
            Op::MayCycle(links) => self.may_cycle((id, links), len),
            Op::Longest(links, weight) => self.longest((id, links), *weight, len),
            Op::Exists(..)
            | Op::Count(..)
            | Op::Sum(..)
            | Op::Max(..)
            | Op::Min(..)
            | Op::Distinct(..)
            | Op::End(..)
            | Op::Select(..)
            | Op::Trace(_)
            | Op::NetElapsed(_) => self.summed_up(id, node, len),
            Op::Row => Vector::Ints((0..).take(len).collect(), Bits::uniform(len, true)),
            Op::Parent(frame) => self.parents(*frame),
            Op::Paired(pairs) => {
                Vector::Bits(Bits::uniform(len, !self.is_over(Work::Pairs(*pairs))))
            }
            Op::Outer(pairs) => self.pair_column(*pairs, |block| &block.outer),
            Op::Inner(pairs) => self.pair_column(*pairs, |block| &block.inner),
            op => self.arithmetic(op, node, len),
        }
    }

    fn fold(
        self,
        parts: &[NodeId],
        len: usize,
        start: bool,
        join: fn(&Bits, &Bits) -> Bits,
    ) -> Bits {
        parts.iter().fold(Bits::uniform(len, start), |bits, part| join(&bits, &self.bits(*part)))
    }

    fn stored_bits(self, frame: FrameId, field: FieldId, len: usize) -> Bits {
        match self.column(frame, field).map(|column| &column.values) {
            Some(Values::Bits(bits)) => bits.clone(),
            _ => Bits::uniform(len, false),
        }
    }

    fn stored(self, frame: FrameId, field: FieldId, physical: Physical, len: usize) -> Vector {
        let Some(column) = self.column(frame, field) else { return nothing(physical, len) };
        let valid = column.present.clone();
        match &column.values {
            Values::Ints(values) => Vector::Ints(Series::Many(values.clone()), valid),
            Values::Ratios(values) => Vector::Ratios(Series::Many(values.clone()), valid),
            Values::Texts(texts) => Vector::Texts(TextSeries::Column(texts.clone()), valid),
            Values::Bits(bits) => Vector::Bits(bits.clone()),
            Values::Dropped => nothing(physical, len),
        }
    }

    fn parents(self, frame: FrameId) -> Vector {
        let Some(data) = self.frame(frame) else { return nothing(Physical::Ints, 0) };
        let mut parents = Vec::with_capacity(data.len);
        for parent in 0..data.offsets.len().saturating_sub(1) {
            let number: i64 = fit(parent);
            parents.extend(data.elements(parent).map(|_| number));
        }
        Vector::Ints(parents.into(), Bits::uniform(data.len, true))
    }

    fn pair_column(self, id: PairsId, pick: for<'b> fn(&'b Block) -> &'b Vec<u32>) -> Vector {
        let rows: Vec<i64> = self
            .block_of(id)
            .map_or_else(Vec::new, |block| pick(block).iter().map(|row| i64::from(*row)).collect());
        let valid = Bits::uniform(rows.len(), true);
        Vector::Ints(rows.into(), valid)
    }

    /// A node that sums up elements by outer row, and those that are computed with it.
    fn summed_up(self, id: NodeId, node: &Node, len: usize) -> Vector {
        let Some(block) = self.block else {
            return self.sum_up(&[id], len).pop().unwrap_or_else(|| nothing(node.physical, len));
        };
        let alone = [id];
        let members = self.evaluator.companions(id).unwrap_or(&alone);
        let mut own = None;
        for (member, vector) in members.iter().zip(self.sum_up(members, len)) {
            if *member == id {
                own = Some(vector);
            } else if let Some(slot) = block.results.get(self.place_of(*member)) {
                // Whoever computed it before has computed the same.
                let _ = slot.set(vector);
            }
        }
        own.unwrap_or_else(|| nothing(node.physical, len))
    }

    /// Nodes that sum up the same elements of the same outer rows.
    pub(super) fn sum_up(self, members: &[NodeId], len: usize) -> Vec<Vector> {
        let nodes: Vec<&Node> =
            members.iter().filter_map(|member| self.evaluator.graph.node(*member)).collect();
        let grouping = nodes.first().and_then(|node| node.op.grouping());
        let (Some(grouping), Some(by)) = (grouping, members.first()) else { return Vec::new() };
        let mut parts = vec![Vec::new(); nodes.len()];
        let blocks = self.by_blocks(grouping, *by, len, &|scope, groups, rows| {
            nodes.iter().map(|node| scope.reduce(node, groups, &rows)).collect::<Vec<_>>()
        });
        for vectors in blocks {
            parts.iter_mut().zip(vectors).for_each(|(parts, vector)| parts.push(vector));
        }
        let joined = parts.into_iter().zip(nodes);
        joined.map(|(parts, node)| Vector::joined(parts, node.physical)).collect()
    }

    /// What comes of the elements of some outer rows.
    fn reduce(self, node: &Node, groups: &Groups, rows: &Range<usize>) -> Vector {
        let len = rows.len();
        match &node.op {
            Op::Exists(_, bits) => Vector::Bits(groups.exists(&self.bits(*bits), len)),
            Op::Count(_, bits) => groups.count(&self.bits(*bits), len),
            Op::Sum(_, mask, value) => groups.sum(&self.bits(*mask), self.get(*value), len),
            Op::Max(_, mask, value) => {
                groups.extreme(&self.bits(*mask), self.get(*value), len, true)
            }
            Op::Min(_, mask, value) => {
                groups.extreme(&self.bits(*mask), self.get(*value), len, false)
            }
            Op::Distinct(_, mask, value) => {
                groups.distinct(&self.bits(*mask), self.get(*value), len)
            }
            Op::Select(grouping, sure, never) => {
                self.select((*grouping, groups), *sure, *never, len)
            }
            Op::End(end, grouping, members, order) => {
                self.end((*grouping, groups), *end, (*members, *order), len)
            }
            Op::Trace(events) => self.trace((events, groups), node, len),
            Op::NetElapsed(intervals) => self.net_elapsed((intervals, groups), rows),
            _ => nothing(node.physical, len),
        }
    }

    fn select(
        self,
        (grouping, groups): (Grouping, &Groups),
        sure: NodeId,
        never: NodeId,
        len: usize,
    ) -> Vector {
        let (sure, never) = (self.bits(sure), self.bits(never));
        let rows = (0..len).map(|outer| {
            let mut found = None;
            for element in groups.elements(outer) {
                if never.get(element) {
                    continue;
                }
                if found.is_some() || !sure.get(element) {
                    return None;
                }
                found = Some(element);
            }
            self.row_of(grouping, found?)
        });
        Vector::ints(rows.collect())
    }

    /// The row of an element in its own frame, by its place.
    fn row_of(self, grouping: Grouping, element: usize) -> Option<i64> {
        match grouping {
            Grouping::Pairs(id) => self.block_of(id)?.inner.get(element).map(|row| i64::from(*row)),
            _ => i64::try_from(element).ok(),
        }
    }

    /// The first or last element that may be in a set, where it surely is.
    fn end(
        self,
        (grouping, groups): (Grouping, &Groups),
        end: End,
        ([sure, never], order): ([NodeId; 2], Option<NodeId>),
        len: usize,
    ) -> Vector {
        let (sure, never) = (self.bits(sure), self.bits(never));
        let order = order.map(|order| self.get(order));
        let rank = |element: usize| match order.map(|order| order.scalar(element)) {
            None => Some(Ratio::from_integer(0)),
            Some(Some(Scalar::Int(value))) => Some(Ratio::from_integer(value.into())),
            Some(Some(Scalar::Ratio(value))) => Some(value),
            Some(_) => None,
        };
        let of = |outer: usize| {
            let possible = groups.elements(outer).filter(|element| !never.get(*element));
            let possible: Vec<usize> = possible.collect();
            let found = match possible.as_slice() {
                [only] => *only,
                several => {
                    let ranks = several.iter().map(|element| Some((rank(*element)?, *element)));
                    let ranks: Vec<(Ratio, usize)> = ranks.collect::<Option<_>>()?;
                    match end {
                        End::First => ranks.into_iter().min()?.1,
                        End::Last => ranks.into_iter().max()?.1,
                    }
                }
            };
            if sure.get(found) { self.row_of(grouping, found) } else { None }
        };
        Vector::ints((0..len).map(of).collect())
    }
}
