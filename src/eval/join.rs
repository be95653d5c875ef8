//! Which elements may count for an outer row: found by what both have in common, and by order.
//!
//! Elements are sorted by a hash of their key and, under it, by a value that is compared by order.
//! What is found is a superset: two keys of one hash make a pair that the condition then rules
//! out. A key part that is not known on either side might equal anything, so that elements are
//! looked up by the parts that both sides know, see [`Index::table`].

use super::scope::Scope;
use super::{Groups, Vector};
use crate::builtin::Scalar;
use crate::invariant::fit;
use crate::lowering::{Bound, Key, NodeId, Pairs, PairsId, Tie};
use crate::program::Comparison;
use crate::value::{Bits, Ratio};
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

/// Which elements are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// Those for which nothing the pairs rest on is surely false.
    Possible,
    /// Those whose key may equal the outer row's: what else is compared is part of why they do not
    /// count.
    Keyed,
    /// All of the list or table.
    All,
}

/// The rank of a value that is not known: after all others.
const OPEN: u32 = u32::MAX;

/// So many entries have their least and greatest ranks noted together.
const ZONE: usize = 64;

/// Spreads the bits of a number evenly, one to one (the last steps of SplitMix64).
fn mix(number: u64) -> u64 {
    let number = (number ^ (number >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    number ^ (number >> 31)
}

fn hash_of(value: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// One of the two sides of pairs.
#[derive(Clone, Copy)]
enum Side {
    Outer,
    Element,
}

impl Side {
    fn of<T>(self, outer: T, inner: T) -> T {
        match self {
            Self::Outer => outer,
            Self::Element => inner,
        }
    }
}

/// One part of a key, for all rows of one side.
enum Part<'v> {
    Value(&'v Vector),
    /// Surely true, surely false.
    Truth(Bits, Bits),
}

impl Part<'_> {
    /// A number for the value of a row; `None` where it is not known.
    fn hash(&self, row: usize) -> Option<u64> {
        match self {
            Self::Truth(t, f) => match (t.get(row), f.get(row)) {
                (true, _) => Some(1),
                (false, true) => Some(2),
                (false, false) => None,
            },
            Self::Value(vector) if !vector.valid()?.get(row) => None,
            Self::Value(Vector::Ints(values, _)) => Some(mix(values.get(row)?.cast_unsigned())),
            Self::Value(Vector::Ratios(values, _)) => Some(hash_of(values.get(row)?)),
            Self::Value(Vector::Texts(values, _)) => Some(hash_of(values.get(row))),
            Self::Value(_) => None,
        }
    }
}

/// The key parts of one side; the first, where elements are taken from a list, is whose list.
struct Parts<'v> {
    parts: Vec<Part<'v>>,
    /// Whether the first part is whose list: elements of no known list are nobody's.
    listed: bool,
}

impl<'v> Parts<'v> {
    fn new(scope: Scope<'v>, pairs: &Pairs, side: Side) -> Self {
        let value = |outer, inner| Part::Value(scope.get(side.of(outer, inner)));
        let owner = pairs.group.map(|group| value(group.owner.0, group.owner.1));
        let keys = pairs.keys.iter().map(|key| match *key {
            Key::Value { outer, inner } => value(outer, inner),
            Key::Truth { outer, inner } => {
                let rails = side.of(outer, inner);
                Part::Truth(scope.bits(rails.t), scope.bits(rails.f))
            }
        });
        // Parts past the 64th are left to the condition itself.
        let parts = owner.into_iter().chain(keys).take(64).collect();
        Self { parts, listed: pairs.group.is_some() }
    }

    /// Which parts of a row are known, a bit each; `None` where it is not known whose list it is
    /// in.
    fn known(&self, row: usize) -> Option<u64> {
        let known = self
            .parts
            .iter()
            .enumerate()
            .fold(0, |mask, (at, part)| mask | u64::from(part.hash(row).is_some()) << at);
        (!self.listed || known & 1 == 1).then_some(known)
    }

    /// The hash of those parts of a row.
    fn hash(&self, row: usize, mask: u64) -> u64 {
        let masked = self.parts.iter().enumerate().filter(|(at, _)| mask >> at & 1 == 1);
        masked.fold(0, |hash: u64, (_, part)| {
            mix(hash.rotate_left(23) ^ part.hash(row).unwrap_or_default())
        })
    }
}

/// A value of elements that is compared by order with values of outer rows.
struct Dimension {
    /// Over the elements' frame.
    inner: NodeId,
    /// Its different values, in order.
    values: Sorted,
    /// The rank of each row's value among them.
    ranks: Vec<u32>,
    /// What it is compared with, over the outer domain.
    bounds: Vec<(Comparison, NodeId)>,
}

enum Sorted {
    Ints(Vec<i64>),
    Ratios(Vec<Ratio>),
}

fn rank<T: Ord>(values: &[T], value: &T) -> u32 {
    u32::try_from(values.partition_point(|other| other < value)).unwrap_or(OPEN)
}

impl Sorted {
    fn new(vector: &Vector, len: usize) -> (Self, Vec<u32>) {
        fn sorted<T: Ord + Copy>(
            known: impl Fn(usize) -> Option<T>,
            len: usize,
        ) -> (Vec<T>, Vec<u32>) {
            let mut values: Vec<T> = (0..len).filter_map(&known).collect();
            values.sort_unstable();
            values.dedup();
            let of = |row: usize| known(row).map_or(OPEN, |value| rank(&values, &value));
            let ranks = (0..len).map(of).collect();
            (values, ranks)
        }
        if let Vector::Ratios(..) = vector {
            let known = |row: usize| match vector.scalar(row) {
                Some(Scalar::Ratio(value)) => Some(value),
                _ => None,
            };
            let (values, ranks) = sorted(known, len);
            return (Self::Ratios(values), ranks);
        }
        let known = |row: usize| match vector.scalar(row) {
            Some(Scalar::Int(value)) => Some(value),
            _ => None,
        };
        let (values, ranks) = sorted(known, len);
        (Self::Ints(values), ranks)
    }

    /// How many values are below one, and how many are at most that.
    fn around(&self, value: &Scalar<'_>) -> Option<(u32, u32)> {
        fn of<T: Ord>(values: &[T], value: &T) -> (u32, u32) {
            let upto = values.partition_point(|other| other <= value);
            (rank(values, value), u32::try_from(upto).unwrap_or(OPEN))
        }
        match (self, value) {
            (Self::Ints(values), Scalar::Int(value)) => Some(of(values, value)),
            (Self::Ratios(values), Scalar::Ratio(value)) => Some(of(values, value)),
            _ => None,
        }
    }
}

/// The elements, ready to be looked up.
pub(super) struct Index {
    /// Rows by which parts of their key are known.
    patterns: Vec<(u64, Vec<u32>)>,
    dimensions: Vec<Dimension>,
    /// By pattern, and by the parts looked up by.
    tables: Mutex<BTreeMap<(usize, u64), Arc<Table>>>,
}

impl Index {
    fn new(scope: Scope<'_>, pairs: &Pairs, reach: Reach) -> Self {
        let len = scope.frame(pairs.inner).map_or(0, |data| data.len);
        let fits = pairs.inner_fits.filter(|_| reach == Reach::Possible).map(|id| scope.bits(id));
        let parts = Parts::new(scope, pairs, Side::Element);
        let mut patterns: BTreeMap<u64, Vec<u32>> = BTreeMap::new();
        for row in (0..len).filter(|row| fits.as_ref().is_none_or(|fits| fits.get(*row))) {
            if let (Some(known), Ok(number)) = (parts.known(row), u32::try_from(row)) {
                patterns.entry(known).or_default().push(number);
            }
        }
        let bounds = if reach == Reach::Possible { &pairs.bounds[..] } else { &[] };
        Self {
            patterns: patterns.into_iter().collect(),
            dimensions: dimensions(scope, bounds, len),
            tables: Mutex::default(),
        }
    }

    /// The rows of a pattern, to be looked up by the parts of `mask`.
    fn table(&self, scope: Scope<'_>, pairs: &Pairs, pattern: usize, mask: u64) -> Arc<Table> {
        let mut tables = self.tables.lock().unwrap_or_else(PoisonError::into_inner);
        let make = || {
            let rows = self.patterns.get(pattern).map_or(&[][..], |(_, rows)| rows);
            let parts = Parts::new(scope, pairs, Side::Element);
            Arc::new(Table::new(rows, |row| parts.hash(row, mask), &self.dimensions))
        };
        tables.entry((pattern, mask)).or_insert_with(make).clone()
    }
}

/// The values that are compared by order, the most narrowly bounded first.
fn dimensions(scope: Scope<'_>, bounds: &[Bound], len: usize) -> Vec<Dimension> {
    let mut by_value: Vec<(NodeId, Vec<(Comparison, NodeId)>)> = Vec::new();
    for bound in bounds {
        let with = (bound.comparison, bound.outer);
        match by_value.iter_mut().find(|(inner, _)| *inner == bound.inner) {
            Some((_, found)) => found.push(with),
            None => by_value.push((bound.inner, vec![with])),
        }
    }
    by_value.sort_by_key(|(_, bounds)| std::cmp::Reverse(bounds.len()));
    let dimension = |(inner, bounds)| {
        let (values, ranks) = Sorted::new(scope.get(inner), len);
        Dimension { inner, values, ranks, bounds }
    };
    by_value.into_iter().map(dimension).collect()
}

/// Rows by the hash of their key and the rank of their first dimension.
struct Table {
    rows: Vec<u32>,
    hashes: Vec<u64>,
    /// Where the hashes begin whose highest bits are each number.
    starts: Vec<u32>,
    shift: u32,
    /// The ranks of each row, by dimension.
    ranks: Vec<Vec<u32>>,
    /// The least and greatest rank of every [`ZONE`] rows, by dimension but the first; `None` where
    /// one is open.
    zones: Vec<Vec<Option<(u32, u32)>>>,
}

impl Table {
    fn new(rows: &[u32], hash: impl Fn(usize) -> u64, dimensions: &[Dimension]) -> Self {
        let rank = |dimension: &Dimension, row: u32| {
            dimension.ranks.get(row as usize).copied().unwrap_or(OPEN)
        };
        let first = |row: u32| dimensions.first().map_or(0, |dimension| rank(dimension, row));
        let mut entries: Vec<(u64, u32, u32)> =
            rows.iter().map(|row| (hash(*row as usize), first(*row), *row)).collect();
        entries.sort_unstable();
        let ranks: Vec<Vec<u32>> = dimensions
            .iter()
            .map(|dimension| entries.iter().map(|(.., row)| rank(dimension, *row)).collect())
            .collect();
        let zone = |ranks: &[u32]| {
            let known = !ranks.contains(&OPEN);
            known.then(|| (ranks.iter().min().copied(), ranks.iter().max().copied()))
        };
        let zones = ranks
            .iter()
            .skip(1)
            .map(|ranks| {
                let zones = ranks.chunks(ZONE).map(|ranks| match zone(ranks) {
                    Some((Some(least), Some(greatest))) => Some((least, greatest)),
                    _ => None,
                });
                zones.collect()
            })
            .collect();
        let bits = entries.len().max(2).ilog2();
        let mut starts = vec![0_u32; (1 << bits) + 1];
        for (hash, ..) in &entries {
            let at = usize::try_from(hash >> (64 - bits)).unwrap_or_default();
            if let Some(slot) = starts.get_mut(at + 1) {
                *slot += 1;
            }
        }
        let mut total = 0;
        for slot in &mut starts {
            total += *slot;
            *slot = total;
        }
        Self {
            rows: entries.iter().map(|(.., row)| *row).collect(),
            hashes: entries.iter().map(|(hash, ..)| *hash).collect(),
            starts,
            shift: 64 - bits,
            ranks,
            zones,
        }
    }

    /// Where the rows of a hash are.
    fn bucket(&self, hash: u64) -> Range<usize> {
        let at = usize::try_from(hash >> self.shift).unwrap_or_default();
        let start = |at: usize| self.starts.get(at).map_or(0, |start| *start as usize);
        let (from, to) = (start(at), start(at + 1));
        let hashes = self.hashes.get(from..to).unwrap_or(&[]);
        let (below, upto) = (
            hashes.partition_point(|other| *other < hash),
            hashes.partition_point(|other| *other <= hash),
        );
        from + below..from + upto
    }

    /// Adds the rows of a bucket whose ranks are within limits, or not known.
    fn collect(&self, bucket: Range<usize>, limits: &[Range<u32>], found: &mut Vec<u32>) {
        let (Some(ranks), Some(limit)) = (self.ranks.first(), limits.first()) else {
            return found.extend(self.rows.get(bucket).unwrap_or(&[]));
        };
        let sorted = ranks.get(bucket.clone()).unwrap_or(&[]);
        let at = |rank: u32| bucket.start + sorted.partition_point(|other| *other < rank);
        let (known, open) = (at(limit.start)..at(limit.end), at(OPEN)..bucket.end);
        for part in [known, open] {
            if self.zones.is_empty() {
                found.extend(self.rows.get(part).unwrap_or(&[]));
            } else {
                self.sift(part, limits, found);
            }
        }
    }

    /// Adds the rows of a range whose further ranks are within limits, or not known.
    fn sift(&self, range: Range<usize>, limits: &[Range<u32>], found: &mut Vec<u32>) {
        let mut at = range.start;
        while at < range.end {
            let zone = at / ZONE;
            let end = range.end.min((zone + 1) * ZONE);
            let may =
                self.zones.iter().zip(limits.iter().skip(1)).all(|(zones, limit)| {
                    zones.get(zone).copied().flatten().is_none_or(|(least, greatest)| {
                        least < limit.end && greatest >= limit.start
                    })
                });
            let fits = |at: &usize| {
                let further = self.ranks.iter().zip(limits).skip(1);
                further.into_iter().all(|(ranks, limit)| {
                    ranks.get(*at).is_none_or(|rank| *rank == OPEN || limit.contains(rank))
                })
            };
            if may {
                found.extend((at..end).filter(fits).filter_map(|at| self.rows.get(at)));
            }
            at = end;
        }
    }
}

/// Finds the elements of outer rows, one after another.
pub(super) struct Finder<'v> {
    scope: Scope<'v>,
    pairs: &'v Pairs,
    reach: Reach,
    /// The lists, where elements are taken from them as they are.
    lists: Option<Groups>,
    index: Option<(&'v Index, Parts<'v>)>,
    outer_fits: Option<Bits>,
    inner_fits: Option<Bits>,
    /// The tables for outer rows whose key parts are known so.
    tables: BTreeMap<u64, Vec<(u64, Arc<Table>)>>,
}

impl<'v> Finder<'v> {
    /// A finder of the elements of the outer rows that are in scope.
    pub(super) fn new(scope: Scope<'v>, id: PairsId, reach: Reach) -> Option<Self> {
        let graph = &scope.evaluator.graph;
        let pairs = graph.pairs_of(id)?;
        let reach = least_reach(pairs, reach);
        let tied = !pairs.keys.is_empty() || reach == Reach::Possible && !pairs.bounds.is_empty();
        let indexed = reach != Reach::All && (pairs.group.is_none() || tied);
        let index = if indexed {
            let slot = scope.evaluator.index_slot(id, reach)?;
            let index = slot.get_or_init(|| Index::new(scope.root(), pairs, reach));
            Some((index, Parts::new(scope, pairs, Side::Outer)))
        } else {
            None
        };
        let lists = pairs.group.filter(|_| !indexed).map(|group| scope.groups(group.grouping));
        let fits = |node: Option<NodeId>| {
            node.filter(|_| reach == Reach::Possible).map(|node| scope.bits(node))
        };
        Some(Self {
            scope,
            pairs,
            reach,
            lists,
            index,
            outer_fits: fits(pairs.outer_fits),
            inner_fits: fits(pairs.inner_fits),
            tables: BTreeMap::new(),
        })
    }

    /// Adds the elements of an outer row, in their order.
    pub(super) fn find(&mut self, row: usize, found: &mut Vec<u32>) {
        self.find_without(row, &[], found);
    }

    /// The comparisons without which an outer row would have elements, where it has none: as few
    /// as are enough, those at the front of `ties` done without where that is possible.
    pub(super) fn decisive(&mut self, row: usize, ties: &[Tie]) -> Vec<Tie> {
        let (mut without, mut found) = (Vec::new(), Vec::new());
        let mut decisive = Vec::new();
        for tie in ties {
            without.push(*tie);
            self.find_without(row, &without, &mut found);
            if !found.is_empty() {
                found.clear();
                decisive.extend(without.pop());
            }
        }
        decisive
    }

    /// The elements that equal an outer row in one part of the key, or may, in their order.
    pub(super) fn alike(&mut self, row: usize) -> Vec<u32> {
        let keys = &self.pairs.keys;
        let mut found = Vec::new();
        for key in keys {
            let others: Vec<Tie> =
                keys.iter().filter(|other| *other != key).map(|other| Tie::Key(*other)).collect();
            self.find_without(row, &others, &mut found);
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The parts of the key that are looked up by, a bit each.
    fn mask(&self, without: &[Tie]) -> u64 {
        let first = usize::from(self.pairs.group.is_some());
        let left_out = self.pairs.keys.iter().enumerate().filter_map(|(at, key)| {
            without
                .contains(&Tie::Key(*key))
                .then(|| 1_u64.checked_shl(u32::try_from(at + first).ok()?))?
        });
        !left_out.fold(0, |mask, bit| mask | bit)
    }

    /// Adds the elements of an outer row, some comparisons left out.
    fn find_without(&mut self, row: usize, without: &[Tie], found: &mut Vec<u32>) {
        if self.outer_fits.as_ref().is_some_and(|fits| !fits.get(row)) {
            return;
        }
        let number = |element: usize| -> u32 { fit(element) };
        if let Some(lists) = &self.lists {
            let fits =
                |element: &usize| self.inner_fits.as_ref().is_none_or(|fits| fits.get(*element));
            if let Some(owner) = self.owner(row) {
                found.extend(lists.elements(owner).filter(fits).map(number));
            }
            return;
        }
        if self.reach == Reach::All {
            let len = self.scope.frame(self.pairs.inner).map_or(0, |data| data.len);
            return found.extend((0..len).map(number));
        }
        let Some((index, parts)) = &self.index else { return };
        let mask = if without.is_empty() { u64::MAX } else { self.mask(without) };
        let Some(known) = parts.known(row).map(|known| known & mask) else { return };
        let (scope, pairs) = (self.scope, self.pairs);
        let tables = self.tables.entry(known).or_insert_with(|| {
            let masks = index.patterns.iter().map(|(mask, _)| mask & known);
            let table = |(at, mask)| (mask, index.table(scope.root(), pairs, at, mask));
            masks.enumerate().map(table).collect()
        });
        let limits: Vec<Range<u32>> =
            index.dimensions.iter().map(|of| limit(scope, of, row, without)).collect();
        let start = found.len();
        for (mask, table) in tables.iter() {
            table.collect(table.bucket(parts.hash(row, *mask)), &limits, found);
        }
        if tables.len() > 1 || !limits.is_empty() {
            found.get_mut(start..).unwrap_or_default().sort_unstable();
        }
    }

    /// The row an outer row takes its list from.
    fn owner(&self, row: usize) -> Option<usize> {
        let Some(base) = self.pairs.group.and_then(|group| group.base) else { return Some(row) };
        match self.scope.get(base).scalar(row) {
            Some(Scalar::Int(owner)) => usize::try_from(owner).ok(),
            _ => None,
        }
    }
}

/// The ranks that a dimension may have for an outer row.
fn limit(scope: Scope<'_>, dimension: &Dimension, row: usize, without: &[Tie]) -> Range<u32> {
    let (mut from, mut to) = (0, OPEN);
    let left_out = |(comparison, outer): &(Comparison, NodeId)| {
        let bound = Bound { comparison: *comparison, outer: *outer, inner: dimension.inner };
        without.contains(&Tie::Bound(bound))
    };
    for (comparison, outer) in dimension.bounds.iter().filter(|bound| !left_out(bound)) {
        let around =
            scope.get(*outer).scalar(row).and_then(|value| dimension.values.around(&value));
        let Some((below, upto)) = around else { continue };
        match comparison {
            Comparison::Less => to = to.min(below),
            Comparison::LessEqual => to = to.min(upto),
            Comparison::Greater => from = from.max(upto),
            Comparison::GreaterEqual => from = from.max(below),
            Comparison::Equal | Comparison::NotEqual => {}
        }
    }
    from..to.max(from)
}

/// What an index is made for: where nothing but keys ties rows together, what is possible is what
/// is keyed.
pub(super) fn least_reach(pairs: &Pairs, reach: Reach) -> Reach {
    let more = !pairs.bounds.is_empty() || pairs.outer_fits.is_some() || pairs.inner_fits.is_some();
    if more || reach == Reach::All { reach } else { Reach::Possible }
}
