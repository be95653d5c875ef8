//! Pairs of outer rows and elements: for list forms whose bodies look at both.
//!
//! Pairs are made for some outer rows at a time, what is asked of them is summed up by outer row,
//! and they are forgotten. Where one row is explained, its pairs are made again, see
//! [`super::explain`].

use super::join::{Finder, Reach};
use super::scope::{Block, Cores, Scope};
use super::{Evaluator, Groups};
use crate::invariant::fit;
use crate::lowering::{Domain, Grouping, NodeId, PairsId};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// At most this many pairs of one condition without an equality are looked at; where there would
/// be more, none is, what rests on them is unknown, and the author is told so.
pub const PAIR_LIMIT: usize = 20_000_000;

/// So many pairs are computed at a time, or those of one outer row.
const BLOCK: usize = 1 << 14;

/// What may be too much work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Work {
    /// Pairs of rows.
    Pairs(PairsId),
    /// A search for the most similar names.
    Search(NodeId),
}

/// One pass over all pairs of a set. What is found to be too much within it is too much in all of
/// it: the pass is done again without.
#[derive(Default)]
pub(super) struct Pass {
    /// What is known to be too much.
    known: BTreeSet<Work>,
    progress: Mutex<Progress>,
}

#[derive(Default)]
struct Progress {
    /// By the node it is done for.
    done: BTreeMap<(Work, NodeId), usize>,
    over: BTreeSet<Work>,
}

impl Pass {
    /// Notes work done; whether the pass still makes sense.
    pub(super) fn spend(&self, work: Work, by: NodeId, (amount, limit): (usize, usize)) -> bool {
        let mut progress = self.progress.lock().unwrap_or_else(PoisonError::into_inner);
        let done = progress.done.entry((work, by)).or_default();
        *done = done.saturating_add(amount);
        if *done > limit {
            progress.over.insert(work);
        }
        progress.over.is_empty()
    }

    fn is_useful(&self) -> bool {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner).over.is_empty()
    }

    fn over(self) -> BTreeSet<Work> {
        self.progress.into_inner().unwrap_or_else(PoisonError::into_inner).over
    }
}

/// What is computed of a part of the outer rows: their block, the elements of each by place in it,
/// and which rows they are.
type Part<'p, R> = &'p (dyn Fn(Scope<'_>, &Groups, Range<usize>) -> R + Sync);

impl Scope<'_> {
    /// Calls `part` for all outer rows of a grouping, in order: at once for lists and tables, block
    /// by block for pairs. `by` is the node this is done for.
    pub(super) fn by_blocks<R: Send>(
        self,
        grouping: Grouping,
        by: NodeId,
        len: usize,
        part: Part<'_, R>,
    ) -> Vec<R> {
        let Grouping::Pairs(id) = grouping else {
            return vec![part(self, &self.groups(grouping), 0..len)];
        };
        if len == 0 || self.is_over(Work::Pairs(id)) {
            let block = self.block(id, (Vec::new(), Vec::new()));
            let nothing = Groups::Offsets(vec![0; len + 1].into());
            return vec![part(Scope { block: Some(&block), ..self }, &nothing, 0..len)];
        }
        if self.block.is_some() {
            return self.cut(id, by, len, part);
        }
        loop {
            let pass = Pass { known: self.known_over(), ..Pass::default() };
            let parts = Scope { pass: Some(&pass), ..self }.cut(id, by, len, part);
            let over = pass.over();
            if over.is_empty() {
                return parts;
            }
            self.note_over(over);
        }
    }

    fn cut<R: Send>(self, id: PairsId, by: NodeId, len: usize, part: Part<'_, R>) -> Vec<R> {
        let share = match self.cores {
            Cores::One => len,
            Cores::All => len.div_ceil(16 * rayon::current_num_threads()).max(16),
        };
        let rows: Vec<Range<usize>> =
            (0..len).step_by(share.max(1)).map(|from| from..len.min(from + share)).collect();
        let within = Scope { cores: Cores::One, ..self };
        let share = |rows: Range<usize>| within.share((id, Reach::Possible), by, rows, part);
        match self.cores {
            Cores::One => rows.into_iter().flat_map(share).collect(),
            Cores::All => rows.into_par_iter().flat_map_iter(share).collect(),
        }
    }

    /// Some outer rows, block by block.
    fn share<R>(
        self,
        (id, reach): (PairsId, Reach),
        by: NodeId,
        rows: Range<usize>,
        part: Part<'_, R>,
    ) -> Vec<R> {
        let mut parts = Vec::new();
        let Some(mut finder) = Finder::new(self, id, reach) else { return parts };
        let counted = self.pass.filter(|_| self.block.is_some() && self.is_limited(id));
        let (mut start, mut inner, mut offsets) = (rows.start, Vec::new(), vec![0_u32]);
        for row in rows.clone() {
            finder.find(row, &mut inner);
            offsets.push(fit(inner.len()));
            if inner.len() < BLOCK && row + 1 < rows.end {
                continue;
            }
            let useful = match counted {
                Some(pass) => pass.spend(Work::Pairs(id), by, (inner.len(), PAIR_LIMIT)),
                None => self.pass.is_none_or(Pass::is_useful),
            };
            if !useful {
                return parts;
            }
            let block = self.block(id, (outer_rows(start, &offsets), std::mem::take(&mut inner)));
            let groups = Groups::Offsets(std::mem::replace(&mut offsets, vec![0]).into());
            parts.push(part(Scope { block: Some(&block), ..self }, &groups, start..row + 1));
            start = row + 1;
        }
        parts
    }

    pub(super) fn block(self, id: PairsId, (outer, inner): (Vec<u32>, Vec<u32>)) -> Arc<Block> {
        let results = (0..self.places(id)).map(|_| OnceLock::new()).collect();
        Arc::new(Block { id, parent: self.block.cloned(), outer, inner, results })
    }

    /// Whether something is too much work.
    pub(super) fn is_over(self, work: Work) -> bool {
        match (work, self.pass) {
            (Work::Pairs(id), _) if !self.is_nested(id) => self.too_many(id),
            (_, Some(pass)) => pass.known.contains(&work),
            (_, None) => self.known_over().contains(&work),
        }
    }
}

/// The outer row of each pair.
fn outer_rows(start: usize, offsets: &[u32]) -> Vec<u32> {
    let mut outer = Vec::with_capacity(offsets.last().map_or(0, |end| *end as usize));
    for (row, end) in (fit(start)..).zip(offsets.iter().skip(1)) {
        outer.resize(*end as usize, row);
    }
    outer
}

impl Evaluator {
    /// Whether the outer rows of a set are pairs themselves.
    pub(super) fn is_nested(&self, id: PairsId) -> bool {
        self.graph.pairs_of(id).is_some_and(|pairs| matches!(pairs.outer, Domain::Pairs(_)))
    }

    /// Whether a set has no equality, so that it may be too much work.
    fn is_limited(&self, id: PairsId) -> bool {
        self.graph.pairs_of(id).is_some_and(|pairs| pairs.keys.is_empty())
    }

    /// Whether there are too many pairs of rows of tables: counted before any is looked at.
    fn too_many(&self, id: PairsId) -> bool {
        if !self.is_limited(id) {
            return false;
        }
        if let Some(base) = self.base() {
            // A few facts more or less are no reason to count anew.
            return base.too_many(id);
        }
        let Some(slot) = self.too_many.get(id.0 as usize) else { return false };
        *slot.get_or_init(|| {
            let scope = self.scope();
            let outer = self.graph.pairs_of(id).map(|pairs| pairs.outer);
            let len = outer.map_or(0, |outer| scope.rows(outer));
            let Some(mut finder) = Finder::new(scope, id, Reach::Possible) else { return false };
            let (mut total, mut found) = (0, Vec::new());
            for row in 0..len {
                finder.find(row, &mut found);
                total += found.len();
                found.clear();
                if total > PAIR_LIMIT {
                    return true;
                }
            }
            false
        })
    }

    /// Whether something was too much work, as far as it was asked for.
    #[must_use]
    pub fn is_over(&self, work: Work) -> bool {
        self.scope().is_over(work)
    }

    /// What is too much work, so that nothing is known of it, as far as it was asked for.
    #[must_use]
    pub fn over(&self) -> Vec<Work> {
        let sets = (0..self.graph.pairs.len()).filter_map(|at| u32::try_from(at).ok());
        let pairs = sets.map(PairsId).filter(|id| !self.is_nested(*id) && self.too_many(*id));
        pairs.map(Work::Pairs).chain(self.known_over()).collect()
    }
}

impl Evaluator {
    /// Whether a truth node holds for any row; for pairs, for any at all, tied or not.
    #[must_use]
    pub fn any(&self, id: NodeId) -> bool {
        match self.graph.node(id).map(|node| node.domain) {
            Some(Domain::Pairs(pairs)) => self.scope().any_pair(pairs, id),
            _ => !self.get(id).bits().none(),
        }
    }
}

impl Scope<'_> {
    /// Whether a node over pairs holds for any of them, all pairs taken.
    fn any_pair(self, id: PairsId, node: NodeId) -> bool {
        let Some(pairs) = self.evaluator.graph.pairs_of(id) else { return false };
        let all = |pairs: PairsId, rows: usize, part: Part<'_, bool>| {
            self.share((pairs, Reach::All), node, 0..rows, part).contains(&true)
        };
        if let Domain::Pairs(around) = pairs.outer
            && self.block_of(around).is_none()
            && let Some(outer) = self.evaluator.graph.pairs_of(around)
        {
            return all(around, self.rows(outer.outer), &|scope, _, _| scope.any_pair(id, node));
        }
        all(id, self.rows(pairs.outer), &|scope, _, _| !scope.bits(node).none())
    }
}
