//! One row of a node over pairs, for explanations: the pairs of its outer row are made again, and
//! kept for a while.
//!
//! A pair is called by a number: its outer row's, times the number of elements, plus its element's.

use super::join::{Finder, Reach, least_reach};
use super::pairs::Work;
use super::scope::{Block, Scope};
use super::{Evaluator, Vector};
use crate::builtin::Scalar;
use crate::lowering::{Domain, Grouping, NodeId, PairsId, Tie};
use crate::value::Bits;
use std::cmp::Reverse;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The blocks of outer rows are kept apart, by the number of the row, so that those who explain
/// different rows seldom wait for one another; and so many of each.
const SHELVES: usize = 32;
const KEPT: usize = 4;

/// So many elements that fit in part are compared to find the one that fits most.
const NEAR: usize = 10_000;

/// The blocks of single outer rows made last.
#[derive(Default)]
pub(super) struct Recent {
    shelves: [Mutex<Shelf>; SHELVES],
}

/// By set, outer row and what was asked for.
type Shelf = VecDeque<((PairsId, usize, Reach), Arc<Block>)>;

impl Recent {
    fn shelf(&self, outer: usize) -> Option<MutexGuard<'_, Shelf>> {
        let shelf = self.shelves.get(outer % SHELVES)?;
        Some(shelf.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn get(&self, wanted: (PairsId, usize, Reach)) -> Option<Arc<Block>> {
        let shelf = self.shelf(wanted.1)?;
        shelf.iter().find(|(other, _)| *other == wanted).map(|(_, block)| block.clone())
    }

    fn keep(&self, of: (PairsId, usize, Reach), block: Arc<Block>) {
        if let Some(mut shelf) = self.shelf(of.1) {
            shelf.push_front((of, block));
            shelf.truncate(KEPT);
        }
    }
}

impl Evaluator {
    /// What an explanation calls a pair: its outer row's number times the number of elements, plus
    /// its element's.
    fn number(&self, id: PairsId, outer: usize, inner: u32) -> usize {
        outer.saturating_mul(self.elements_in(id)).saturating_add(inner as usize)
    }

    fn elements_in(&self, id: PairsId) -> usize {
        let pairs = self.graph.pairs_of(id);
        pairs.and_then(|pairs| self.frame(pairs.inner)).map_or(0, |data| data.len)
    }

    /// The block in which a pair stands that was named by its number, and its place there.
    fn locate(&self, id: PairsId, number: usize) -> Option<(Arc<Block>, usize)> {
        let len = self.elements_in(id);
        let (outer, inner) = (number.checked_div(len)?, number.checked_rem(len)?);
        let inner = u32::try_from(inner).ok()?;
        let counted = [Reach::Possible, Reach::Keyed].into_iter().find_map(|reach| {
            let block = self.explained(id, outer, reach)?;
            let at = block.inner.binary_search(&inner).ok()?;
            Some((block, at))
        });
        // One that surely does not count, see `near`: by itself.
        counted.or_else(|| {
            let (parent, row) = self.around(id, outer)?;
            let scope = Scope { block: parent.as_ref(), ..self.scope() };
            Some((scope.block(id, (vec![u32::try_from(row).ok()?], vec![inner])), 0))
        })
    }

    /// The block an outer row stands in, where it is a pair itself, and its place there.
    fn around(&self, id: PairsId, outer: usize) -> Option<(Option<Arc<Block>>, usize)> {
        match self.graph.pairs_of(id)?.outer {
            Domain::Pairs(around) => {
                self.locate(around, outer).map(|(block, at)| (Some(block), at))
            }
            Domain::Frame(_) | Domain::Unit => Some((None, outer)),
        }
    }

    /// The comparisons because of which an outer row has no element that may count: as few as are
    /// enough, out of those given; those at the front are done without where that is possible.
    /// None where it has one, or where elements are not looked up by comparisons.
    #[must_use]
    pub fn decisive(&self, grouping: Grouping, outer: usize, ties: &[Tie]) -> Vec<Tie> {
        let Grouping::Pairs(id) = grouping else { return Vec::new() };
        let found = self.around(id, outer).and_then(|(parent, row)| {
            let scope = Scope { block: parent.as_ref(), ..self.scope() };
            let mut finder = Finder::new(scope, id, Reach::Possible)?;
            let mut any = Vec::new();
            finder.find(row, &mut any);
            any.is_empty().then(|| finder.decisive(row, ties))
        });
        found.unwrap_or_default()
    }

    /// The element that comes nearest to counting for an outer row, where none has its whole key:
    /// of those for which one of `equalities` holds, the one for which the most of them and of
    /// `others` hold; of several, the one for which those written first hold, then the first.
    /// Looked for among the first 10,000 that fit in one part of the key; all
    /// conditions are truths over the pairs. Judging never asks for it.
    #[must_use]
    pub fn near(
        &self,
        grouping: Grouping,
        outer: usize,
        (equalities, others): (&[NodeId], &[NodeId]),
    ) -> Option<usize> {
        let Grouping::Pairs(id) = grouping else { return None };
        let (parent, row) = self.around(id, outer)?;
        let scope = Scope { block: parent.as_ref(), ..self.scope() };
        if scope.is_over(Work::Pairs(id)) {
            return None;
        }
        let mut inner = Finder::new(scope, id, Reach::Keyed)?.alike(row);
        inner.truncate(NEAR);
        let block = scope.block(id, (vec![u32::try_from(row).ok()?; inner.len()], inner));
        let scope = Scope { block: Some(&block), ..self.scope() };
        let truths =
            |nodes: &[NodeId]| -> Vec<_> { nodes.iter().map(|node| scope.bits(*node)).collect() };
        let (equal, other) = (truths(equalities), truths(others));
        let fits = |at: usize| {
            let holds = |bits: &Bits| bits.get(at);
            let held: Vec<bool> = equal.iter().chain(&other).map(holds).collect();
            let fit = held.iter().filter(|held| **held).count();
            equal.iter().any(holds).then_some((fit, held, Reverse(at)))
        };
        let (.., Reverse(at)) = (0..block.inner.len()).filter_map(fits).max()?;
        Some(self.number(id, outer, *block.inner.get(at)?))
    }

    /// How many elements the list or table has that an outer row takes elements from, whether they
    /// count or not.
    #[must_use]
    pub fn count_elements(&self, grouping: Grouping, outer: usize) -> usize {
        let count = |grouping, row| self.groups(grouping).into_elements(row).count();
        let Grouping::Pairs(id) = grouping else { return count(grouping, outer) };
        let Some(group) = self.graph.pairs_of(id).and_then(|pairs| pairs.group) else {
            return self.elements_in(id);
        };
        let owner = self.around(id, outer).and_then(|(parent, row)| {
            let scope = Scope { block: parent.as_ref(), ..self.scope() };
            group.base.map_or(Some(row), |base| usize::try_from(scope.integer(base, row)?).ok())
        });
        owner.map_or(0, |owner| count(group.grouping, owner))
    }

    /// The pairs of one outer row.
    fn explained(&self, id: PairsId, outer: usize, reach: Reach) -> Option<Arc<Block>> {
        let pairs = self.graph.pairs_of(id)?;
        let wanted = (id, outer, least_reach(pairs, reach));
        if let Some(block) = self.recent.get(wanted) {
            return Some(block);
        }
        let (parent, row) = self.around(id, outer)?;
        let scope = Scope { block: parent.as_ref(), ..self.scope() };
        let mut inner = Vec::new();
        if !scope.is_over(Work::Pairs(id)) {
            Finder::new(scope, id, reach)?.find(row, &mut inner);
        }
        let outer = vec![u32::try_from(row).ok()?; inner.len()];
        let block = scope.block(id, (outer, inner));
        self.recent.keep(wanted, block.clone());
        Some(block)
    }

    /// The elements of an outer row, by their row; those of pairs by their number, which is a row
    /// of the nodes over pairs for [`Evaluator::scalar`] and [`Evaluator::holds`].
    #[must_use]
    pub fn elements(
        &self,
        grouping: Grouping,
        outer: usize,
        reach: Reach,
    ) -> Box<dyn Iterator<Item = usize> + '_> {
        let Grouping::Pairs(id) = grouping else {
            return Box::new(self.groups(grouping).into_elements(outer));
        };
        let block = self.explained(id, outer, reach);
        let inner = block.map_or_else(Vec::new, |block| block.inner.clone());
        Box::new(inner.into_iter().map(move |inner| self.number(id, outer, inner)))
    }

    /// The row of an element in its own frame.
    #[must_use]
    pub fn element_row(&self, grouping: Grouping, element: usize) -> usize {
        match grouping {
            Grouping::Pairs(id) => element.checked_rem(self.elements_in(id)).unwrap_or_default(),
            _ => element,
        }
    }

    /// The scope in which a row of a domain is computed, and its place there.
    pub(super) fn at<R>(
        &self,
        domain: Domain,
        row: usize,
        read: impl FnOnce(Scope<'_>, usize) -> R,
    ) -> Option<R> {
        match domain {
            Domain::Pairs(id) => {
                let (block, at) = self.locate(id, row)?;
                Some(read(Scope { block: Some(&block), ..self.scope() }, at))
            }
            Domain::Frame(_) | Domain::Unit => Some(read(self.scope(), row)),
        }
    }

    /// Calls `read` with the pairs of one outer row that may count, and their elements by place.
    pub(super) fn of_outer<R>(
        &self,
        grouping: Grouping,
        outer: usize,
        read: impl FnOnce(Scope<'_>, &mut dyn Iterator<Item = usize>) -> R,
    ) -> Option<R> {
        let Grouping::Pairs(id) = grouping else {
            return Some(read(self.scope(), &mut self.groups(grouping).into_elements(outer)));
        };
        let block = self.explained(id, outer, Reach::Possible)?;
        let scope = Scope { block: Some(&block), ..self.scope() };
        Some(read(scope, &mut (0..block.inner.len())))
    }

    /// The number by which an element of an outer row is called that stands at a place.
    pub(super) fn named(&self, grouping: Grouping, outer: usize, at: usize) -> usize {
        let Grouping::Pairs(id) = grouping else { return at };
        let block = self.explained(id, outer, Reach::Possible);
        block
            .and_then(|block| block.inner.get(at).map(|inner| self.number(id, outer, *inner)))
            .unwrap_or(at)
    }

    /// The value of a node in a row; `None` where it is unknown. A row of a node over pairs is the
    /// number of a pair, see [`Evaluator::elements`].
    #[must_use]
    pub fn scalar(&self, id: NodeId, row: usize) -> Option<Scalar<'_>> {
        match self.graph.node(id)?.domain {
            domain @ Domain::Pairs(_) => {
                self.at(domain, row, |scope, at| scope.get(id).scalar(at).map(Scalar::into_owned))?
            }
            Domain::Frame(_) | Domain::Unit => self.get(id).scalar(row),
        }
    }

    /// Whether a truth node holds for a row; of pairs as for [`Evaluator::scalar`].
    #[must_use]
    pub fn holds(&self, id: NodeId, row: usize) -> bool {
        let holds = |vector: &Vector, row| matches!(vector, Vector::Bits(bits) if bits.get(row));
        match self.graph.node(id).map(|node| node.domain) {
            Some(domain @ Domain::Pairs(_)) => {
                self.at(domain, row, |scope, at| holds(scope.get(id), at)).unwrap_or(false)
            }
            _ => holds(self.get(id), row),
        }
    }
}
