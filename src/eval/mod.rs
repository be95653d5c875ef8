//! Rank 4: runs the graph, column by column, over whole tables.
//!
//! Every node is computed at most once, when first asked for. [`Evaluator::run`] computes the nodes
//! of all verdicts level by level on all cores; explanations ask for the rest. There is no second
//! evaluator: a row is explained from the same columns.

mod arithmetic;
mod chain;
mod compare;
mod cycle;
mod edit;
mod fork;
mod gather;
mod group;
mod interval;
mod nearest;
mod pairs;
pub mod trace;
mod vector;

pub use chain::Link;
pub use edit::{Edit, Edited, Source};
pub use fork::Cone;
pub use group::Groups;
pub use pairs::PairRows;
pub use vector::{Series, TextSeries, Vector};

use crate::builtin::World;
use crate::data::FrameData;
use crate::lowering::{Domain, Graph, Grouping, Node, NodeId, Op, PairSource, PairsId};
use crate::schema::{FieldId, FrameId, Physical};
use crate::value::calendar::WorkingCalendar;
use crate::value::{Bits, Column, Values};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, OnceLock};

/// Runs one graph over one set of data.
pub struct Evaluator {
    /// The graph.
    pub graph: Arc<Graph>,
    /// The data, by frame; of a fork, before its change: see [`Evaluator::frame`].
    pub frames: Arc<Vec<FrameData>>,
    /// The day judged for.
    pub today: i64,
    /// The calendar, where one is declared and could be read.
    pub calendar: Option<Arc<WorkingCalendar>>,
    results: Vec<OnceLock<Vector>>,
    pairs: Vec<OnceLock<PairRows>>,
    /// Whether too many names would have had to be compared.
    crowded: AtomicBool,
    inverses: BTreeMap<(FrameId, FieldId), OnceLock<Groups>>,
    /// Where results come from that are not computed here.
    fork: Option<fork::Fork>,
}

impl Evaluator {
    /// An evaluator that has computed nothing yet.
    #[must_use]
    pub fn new(
        graph: Arc<Graph>,
        frames: Arc<Vec<FrameData>>,
        today: i64,
        calendar: Option<Arc<WorkingCalendar>>,
    ) -> Self {
        let mut inverses = BTreeMap::new();
        for (id, frame) in (0..).map(FrameId).zip(&graph.program.schema.frames) {
            for (field, _) in (0..).map(FieldId).zip(&frame.fields) {
                inverses.insert((id, field), OnceLock::new());
            }
        }
        let results = graph.nodes.iter().map(|_| OnceLock::new()).collect();
        let pairs = graph.pairs.iter().map(|_| OnceLock::new()).collect();
        Self {
            graph,
            frames,
            today,
            calendar,
            results,
            pairs,
            crowded: AtomicBool::new(false),
            inverses,
            fork: None,
        }
    }

    /// Computes nodes and all they rest on, level by level.
    pub fn run(&self, roots: &[NodeId]) {
        let mut level: Vec<Option<usize>> = vec![None; self.graph.nodes.len()];
        for &root in roots {
            if let Some(slot) = level.get_mut(root.0 as usize) {
                *slot = Some(0);
            }
        }
        // Operands come before their users: from the last node down, every wanted node wants its
        // operands.
        for index in (0..self.graph.nodes.len()).rev() {
            if level.get(index).is_some_and(Option::is_some)
                && let Some(node) = self.graph.nodes.get(index)
            {
                for operand in self.operands(node) {
                    if let Some(slot) = level.get_mut(operand.0 as usize) {
                        *slot = Some(0);
                    }
                }
            }
        }
        let mut levels: Vec<Vec<NodeId>> = Vec::new();
        for (index, node) in self.graph.nodes.iter().enumerate() {
            if level.get(index).is_none_or(Option::is_none) {
                continue;
            }
            let below = self
                .operands(node)
                .into_iter()
                .filter_map(|operand| level.get(operand.0 as usize).copied().flatten())
                .max();
            let own = below.map_or(0, |below| below + 1);
            if let Some(slot) = level.get_mut(index) {
                *slot = Some(own);
            }
            if levels.len() <= own {
                levels.resize(own + 1, Vec::new());
            }
            if let Some(list) = levels.get_mut(own) {
                list.push(NodeId(u32::try_from(index).unwrap_or(u32::MAX)));
            }
        }
        for nodes in levels {
            nodes.par_iter().with_max_len(1).for_each(|&node| {
                self.get(node);
            });
        }
    }

    /// A node's result.
    pub fn get(&self, id: NodeId) -> &Vector {
        static EMPTY: OnceLock<Vector> = OnceLock::new();
        if let Some(home) = self.fork.as_ref().and_then(|fork| fork.home(id)) {
            return home.get(id);
        }
        let slot = match &self.fork {
            Some(fork) => fork.slot(&self.results, id),
            None => self.results.get(id.0 as usize),
        };
        match (slot, self.graph.node(id)) {
            (Some(slot), Some(node)) => slot.get_or_init(|| self.compute(node)),
            _ => EMPTY.get_or_init(|| Vector::Bits(Bits::uniform(0, false))),
        }
    }

    /// A truth node's rows.
    pub fn bits(&self, id: NodeId) -> Bits {
        self.get(id).bits()
    }

    /// Whether a truth node holds for a row.
    #[must_use]
    pub fn holds(&self, id: NodeId, row: usize) -> bool {
        matches!(self.get(id), Vector::Bits(bits) if bits.get(row))
    }

    /// How many rows a domain has.
    #[must_use]
    pub fn rows(&self, domain: Domain) -> usize {
        match domain {
            Domain::Frame(frame) => self.frame(frame).map_or(0, |data| data.len),
            Domain::Unit => 1,
            Domain::Pairs(id) => self.pair_rows(id).map_or(0, |pairs| pairs.inner.len()),
        }
    }

    /// What functions may look at beyond their arguments.
    pub(super) fn world(&self) -> World<'_> {
        let offset = self.graph.program.schema.offset;
        World { today: self.today, offset, calendar: self.calendar.as_deref() }
    }

    /// A frame's data.
    #[must_use]
    pub fn frame(&self, frame: FrameId) -> Option<&FrameData> {
        let changed = self.fork.as_ref().and_then(|fork| fork.frame(frame));
        changed.or_else(|| self.frames.get(frame.0 as usize))
    }

    fn column(&self, frame: FrameId, field: FieldId) -> Option<&Column> {
        self.frame(frame)?.column(field)
    }

    /// The pairs of a set.
    #[must_use]
    pub fn pair_rows(&self, id: PairsId) -> Option<&PairRows> {
        if let Some(home) = self.fork.as_ref().and_then(|fork| fork.home_of_pairs(id)) {
            return home.pair_rows(id);
        }
        let pairs = self.graph.pairs.get(id.0 as usize)?;
        Some(self.pairs.get(id.0 as usize)?.get_or_init(|| self.make_pairs(pairs)))
    }

    /// The nodes a node rests on.
    fn operands(&self, node: &Node) -> Vec<NodeId> {
        let mut operands = match &node.op {
            Op::And(parts) | Op::Or(parts) | Op::Call(_, parts) => parts.clone(),
            Op::Valid(a) | Op::Not(a) | Op::ToRatio(a) | Op::Negate(a) => vec![*a],
            Op::Exists(_, a) | Op::Count(_, a) => vec![*a],
            Op::Compare(_, a, b)
            | Op::Text(_, a, b)
            | Op::Arithmetic(_, a, b)
            | Op::AddDays(_, a, b)
            | Op::AddMonths(_, a, b) => vec![*a, *b],
            Op::GatherBits(a, b) | Op::Gather(a, b) if self.parent_index(*a).is_some() => vec![*b],
            Op::GatherBits(a, b) | Op::Gather(a, b) | Op::Where(a, b) => vec![*a, *b],
            Op::Nearest(alike, own) => {
                [alike.text, alike.key, alike.member].into_iter().chain(*own).collect()
            }
            Op::Cycles(links) | Op::MayCycle(links) => links.operands(),
            Op::Longest(links, weight) => links.operands().into_iter().chain([*weight]).collect(),
            Op::Sum(_, a, b) | Op::Max(_, a, b) | Op::Min(_, a, b) | Op::Select(_, a, b) => {
                vec![*a, *b]
            }
            Op::NetElapsed(intervals) => {
                let [a, b] = intervals.between;
                let [c, d] = intervals.days;
                vec![a, b, c, d, intervals.sure, intervals.never]
            }
            Op::Trace(events) => {
                [Some(events.sure), Some(events.never), Some(events.activity), events.order]
                    .into_iter()
                    .flatten()
                    .collect()
            }
            _ => Vec::new(),
        };
        let grouping = match &node.op {
            Op::Exists(grouping, _) | Op::Count(grouping, _) => Some(grouping),
            Op::Sum(grouping, ..)
            | Op::Max(grouping, ..)
            | Op::Min(grouping, ..)
            | Op::Select(grouping, ..) => Some(grouping),
            Op::Cycles(links) | Op::MayCycle(links) | Op::Longest(links, _) => {
                links.list.as_ref().map(|(grouping, _)| grouping)
            }
            Op::Trace(events) => Some(&events.grouping),
            Op::NetElapsed(intervals) => Some(&intervals.grouping),
            _ => None,
        };
        let pairs = [
            if let Op::Paired(id) = node.op { Domain::Pairs(id) } else { node.domain },
            grouping.map_or(node.domain, |grouping| match grouping {
                Grouping::Pairs(id) => Domain::Pairs(*id),
                _ => node.domain,
            }),
        ];
        for domain in pairs {
            let Domain::Pairs(id) = domain else { continue };
            match self.graph.pairs.get(id.0 as usize).map(|pairs| &pairs.source) {
                Some(PairSource::Group(_, base)) => operands.extend(base),
                Some(PairSource::Join { outer, inner }) => operands.extend([*outer, *inner]),
                _ => {}
            }
        }
        operands
    }

    fn compute(&self, node: &Node) -> Vector {
        let len = self.rows(node.domain);
        match &node.op {
            Op::Truth(value) => Vector::Bits(Bits::uniform(len, *value)),
            Op::Bits(frame, field) => Vector::Bits(self.stored_bits(*frame, *field, len)),
            Op::Present(frame, field) => Vector::Bits(
                self.column(*frame, *field)
                    .map_or_else(|| Bits::uniform(len, false), |column| column.present.clone()),
            ),
            Op::Unread(frame, field) => Vector::Bits(
                self.column(*frame, *field)
                    .map_or_else(|| Bits::uniform(len, false), |column| column.unread.clone()),
            ),
            Op::Whole(frame) => {
                Vector::Bits(Bits::uniform(len, self.frame(*frame).is_some_and(|data| data.whole)))
            }
            Op::Valid(inner) => Vector::Bits(
                self.get(*inner).valid().cloned().unwrap_or_else(|| Bits::uniform(len, true)),
            ),
            Op::And(parts) => Vector::Bits(self.fold(parts, len, true, Bits::and)),
            Op::Or(parts) => Vector::Bits(self.fold(parts, len, false, Bits::or)),
            Op::Not(inner) => Vector::Bits(self.bits(*inner).not()),
            Op::Compare(comparison, a, b) => {
                Vector::Bits(compare::compare(*comparison, self.get(*a), self.get(*b), len))
            }
            Op::Text(relation, a, b) => {
                Vector::Bits(compare::relate(*relation, self.get(*a), self.get(*b), len))
            }
            Op::GatherBits(index, found) | Op::Gather(index, found)
                if let Some(frame) = self.parent_index(*index) =>
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
            Op::Exists(grouping, bits) => {
                Vector::Bits(self.groups(*grouping).exists(&self.bits(*bits), len))
            }
            Op::Count(grouping, bits) => self.groups(*grouping).count(&self.bits(*bits), len),
            Op::Sum(grouping, mask, value) => {
                self.groups(*grouping).sum(&self.bits(*mask), self.get(*value), len)
            }
            Op::Max(grouping, mask, value) => {
                self.groups(*grouping).extreme(&self.bits(*mask), self.get(*value), len, true)
            }
            Op::Min(grouping, mask, value) => {
                self.groups(*grouping).extreme(&self.bits(*mask), self.get(*value), len, false)
            }
            Op::Select(grouping, sure, never) => self.select(*grouping, *sure, *never, len),
            Op::Nearest(alike, own) => self.most_similar(alike, *own, len),
            Op::Cycles(links) => self.cycles(links, len),
            Op::MayCycle(links) => self.may_cycle(links, len),
            Op::Longest(links, weight) => self.longest(links, *weight, len),
            Op::Trace(events) => self.trace(events, node, len),
            Op::NetElapsed(intervals) => self.net_elapsed(intervals, len),
            Op::Row => Vector::Ints((0..).take(len).collect(), Bits::uniform(len, true)),
            Op::Parent(frame) => self.parents(*frame),
            Op::Paired(id) => Vector::Bits(Bits::uniform(
                len,
                self.pair_rows(*id).is_some_and(|pairs| !pairs.cut),
            )),
            Op::Outer(id) => self.pair_column(*id, |pairs| &pairs.outer),
            Op::Inner(id) => self.pair_column(*id, |pairs| &pairs.inner),
            op => self.arithmetic(op, node, len),
        }
    }

    /// The frame whose elements an index leads to their parents from.
    fn parent_index(&self, index: NodeId) -> Option<FrameId> {
        if let Some(Op::Parent(frame)) = self.graph.node(index).map(|node| &node.op) {
            Some(*frame)
        } else {
            None
        }
    }

    fn fold(
        &self,
        parts: &[NodeId],
        len: usize,
        start: bool,
        join: fn(&Bits, &Bits) -> Bits,
    ) -> Bits {
        parts.iter().fold(Bits::uniform(len, start), |bits, part| join(&bits, &self.bits(*part)))
    }

    fn stored_bits(&self, frame: FrameId, field: FieldId, len: usize) -> Bits {
        match self.column(frame, field).map(|column| &column.values) {
            Some(Values::Bits(bits)) => bits.clone(),
            _ => Bits::uniform(len, false),
        }
    }

    fn stored(&self, frame: FrameId, field: FieldId, physical: Physical, len: usize) -> Vector {
        let Some(column) = self.column(frame, field) else { return gather::nothing(physical, len) };
        let valid = column.present.clone();
        match &column.values {
            Values::Ints(values) => Vector::Ints(Series::Many(values.clone()), valid),
            Values::Ratios(values) => Vector::Ratios(Series::Many(values.clone()), valid),
            Values::Texts(texts) => Vector::Texts(TextSeries::Column(texts.clone()), valid),
            Values::Bits(bits) => Vector::Bits(bits.clone()),
            Values::Dropped => gather::nothing(physical, len),
        }
    }

    fn parents(&self, frame: FrameId) -> Vector {
        let Some(data) = self.frame(frame) else { return gather::nothing(Physical::Ints, 0) };
        let mut parents = Vec::with_capacity(data.len);
        for parent in 0..data.offsets.len().saturating_sub(1) {
            let number = i64::try_from(parent).unwrap_or(i64::MAX);
            parents.extend(data.elements(parent).map(|_| number));
        }
        Vector::Ints(parents.into(), Bits::uniform(data.len, true))
    }

    fn pair_column(&self, id: PairsId, pick: impl Fn(&PairRows) -> &Vec<u32>) -> Vector {
        let rows: Vec<i64> = self
            .pair_rows(id)
            .map_or_else(Vec::new, |pairs| pick(pairs).iter().map(|&row| i64::from(row)).collect());
        let valid = Bits::uniform(rows.len(), true);
        Vector::Ints(rows.into(), valid)
    }

    fn select(&self, grouping: Grouping, sure: NodeId, never: NodeId, len: usize) -> Vector {
        let (sure, never) = (self.bits(sure), self.bits(never));
        let groups = self.groups(grouping);
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
            match grouping {
                Grouping::Pairs(id) => {
                    self.pair_rows(id)?.inner.get(found?).map(|&row| i64::from(row))
                }
                _ => i64::try_from(found?).ok(),
            }
        });
        Vector::ints(rows.collect())
    }

    /// The row of an element in its own frame: of pairs, elements are numbered apart.
    #[must_use]
    pub fn member(&self, grouping: Grouping, element: usize) -> usize {
        let Grouping::Pairs(id) = grouping else { return element };
        let pairs = self.pair_rows(id);
        pairs.and_then(|pairs| pairs.inner.get(element)).map_or(0, |&row| row as usize)
    }

    /// The elements of each outer row.
    pub fn groups(&self, grouping: Grouping) -> Groups {
        match grouping {
            Grouping::Nested(frame) => self
                .frame(frame)
                .map_or(Groups::All(0), |data| Groups::Offsets(data.offsets.clone())),
            Grouping::All(frame) => Groups::All(self.frame(frame).map_or(0, |data| data.len)),
            Grouping::Pairs(id) => self
                .pair_rows(id)
                .map_or(Groups::All(0), |pairs| Groups::Offsets(pairs.offsets.clone().into())),
            Grouping::Inverse(frame, field) => {
                let elsewhere = self.fork.as_ref().and_then(|fork| fork.groups(frame, field));
                match (elsewhere, self.inverses.get(&(frame, field))) {
                    (Some(groups), _) => groups,
                    (None, Some(slot)) => slot.get_or_init(|| self.invert(frame, field)).clone(),
                    (None, None) => Groups::All(0),
                }
            }
        }
    }
}
