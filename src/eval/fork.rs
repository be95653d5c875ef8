//! The same graph over changed data: what the change does not reach is read from the evaluator it
//! was forked from, the rest is computed when it is asked for. So a try costs as much as it
//! changes.

use super::edit::{Edited, Source};
use super::{Evaluator, Groups, Vector};
use crate::data::FrameData;
use crate::lowering::{Domain, Grouping, Node, NodeId, Op, PairsId};
use crate::schema::{FieldId, FrameId, Type};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, OnceLock};

/// Nodes with all they rest on: those of which a fork knows what a change reaches.
#[derive(Debug)]
pub struct Cone {
    /// By node of the graph: its place; `NOWHERE` where it is not in the cone.
    places: Vec<u32>,
    /// By place, operands first.
    nodes: Vec<Rests>,
}

const NOWHERE: u32 = u32::MAX;

/// What something rests on.
#[derive(Debug)]
struct Rests {
    node: NodeId,
    domain: Domain,
    operands: Vec<u32>,
    sources: Vec<Source>,
}

/// Where a fork has its results from.
pub(super) struct Fork {
    cone: Arc<Cone>,
    /// The evaluator that was forked, then those of parts of the change.
    homes: Vec<Arc<Evaluator>>,
    /// By place in the cone: which of `homes`, or `OWN`.
    nodes: Vec<u8>,
    edited: Edited,
    /// The results of nodes outside of the cone.
    outside: OnceLock<Vec<OnceLock<Vector>>>,
}

/// Of what is computed anew.
const OWN: u8 = u8::MAX;

impl Cone {
    /// The nodes in it, operands first.
    pub fn nodes(&self) -> impl Iterator<Item = NodeId> {
        self.nodes.iter().map(|rests| rests.node)
    }

    fn place(&self, id: NodeId) -> Option<usize> {
        let place = self.places.get(id.0 as usize).copied().filter(|place| *place != NOWHERE)?;
        Some(place as usize)
    }

    /// Whether a change reaches any of some nodes.
    #[must_use]
    pub fn reaches_any(&self, edited: &Edited, nodes: &BTreeSet<NodeId>) -> bool {
        let reached = self.reached(&edited.touched);
        let mut places = nodes.iter().filter_map(|id| self.place(*id));
        places.any(|place| reached.get(place) == Some(&true))
    }

    /// For each place whether a change reaches it.
    fn reached(&self, touched: &BTreeSet<Source>) -> Vec<bool> {
        let mut reached: Vec<bool> = Vec::with_capacity(self.nodes.len());
        for rests in &self.nodes {
            reached.push(rests.is_reached(touched, &reached));
        }
        reached
    }
}

impl Rests {
    fn is_reached(&self, touched: &BTreeSet<Source>, reached: &[bool]) -> bool {
        self.sources.iter().any(|source| touched.contains(source))
            || self.operands.iter().any(|at| reached.get(*at as usize) == Some(&true))
    }
}

impl Evaluator {
    /// Some nodes with all they rest on.
    #[must_use]
    pub fn cone(&self, roots: &[NodeId]) -> Cone {
        let mut wanted = vec![false; self.graph.nodes.len()];
        let want = |wanted: &mut Vec<bool>, id: NodeId| {
            wanted.iter_mut().skip(id.0 as usize).take(1).for_each(|slot| *slot = true);
        };
        roots.iter().for_each(|root| want(&mut wanted, *root));
        for (at, node) in self.graph.nodes.iter().enumerate().rev() {
            if wanted.get(at) == Some(&true) {
                self.graph.operands(node).into_iter().for_each(|id| want(&mut wanted, id));
            }
        }
        let mut cone = Cone { places: vec![NOWHERE; wanted.len()], nodes: Vec::new() };
        for (at, node) in (0_u32..).zip(&self.graph.nodes) {
            if wanted.get(at as usize) != Some(&true) {
                continue;
            }
            let operands = self.graph.operands(node).into_iter().filter_map(|id| cone.place(id));
            let operands = operands.filter_map(|place| u32::try_from(place).ok()).collect();
            let place = u32::try_from(cone.nodes.len()).unwrap_or(NOWHERE);
            let (domain, sources) = (node.domain, self.sources(node));
            cone.nodes.push(Rests { node: NodeId(at), domain, operands, sources });
            cone.places.iter_mut().skip(at as usize).take(1).for_each(|slot| *slot = place);
        }
        cone
    }

    /// The data that a node reads by itself.
    fn sources(&self, node: &Node) -> Vec<Source> {
        let mut sources = self.rows_of(node.domain);
        match node.op {
            Op::Bits(frame, field)
            | Op::Present(frame, field)
            | Op::Unread(frame, field)
            | Op::Claimed(frame, field)
            | Op::Column(frame, field) => sources.push(Source::Column(frame, field)),
            Op::Parent(frame)
            | Op::Sole(frame)
            | Op::Whole(frame)
            | Op::Same(frame, ..)
            | Op::Apart(frame, ..) => sources.push(Source::Rows(frame)),
            _ => {}
        }
        sources.extend(node.op.grouping().map(|by| self.grouped_by(by)).unwrap_or_default());
        sources
    }

    /// What decides which rows a domain has.
    fn rows_of(&self, domain: Domain) -> Vec<Source> {
        match domain {
            Domain::Frame(frame) => vec![Source::Rows(frame)],
            Domain::Unit => Vec::new(),
            Domain::Pairs(id) => self.grouped_by(Grouping::Pairs(id)),
        }
    }

    /// What decides which elements belong to which row.
    fn grouped_by(&self, grouping: Grouping) -> Vec<Source> {
        match grouping {
            Grouping::Nested(frame) => vec![Source::Rows(frame)],
            Grouping::All(frame) => vec![Source::Rows(frame)],
            Grouping::Inverse(frame, field) => {
                let target = self.graph.program.schema.field(frame, field);
                let target = target.and_then(|found| found.ty.table()).map(Source::Rows);
                let own = [Source::Rows(frame), Source::Column(frame, field)];
                own.into_iter().chain(target).collect()
            }
            Grouping::Pairs(id) => {
                let Some(pairs) = self.graph.pairs_of(id) else { return Vec::new() };
                let mut sources = self.rows_of(pairs.outer);
                sources.push(Source::Rows(pairs.inner));
                sources.extend(
                    pairs.group.map(|group| self.grouped_by(group.grouping)).unwrap_or_default(),
                );
                sources
            }
        }
    }

    /// The same graph over changed rows. `parts` are forks by disjoint parts of the change, and
    /// `rest` is what remains of it: what only one of the parts reaches is read from that.
    #[must_use]
    pub fn fork(
        self: &Arc<Self>,
        cone: &Arc<Cone>,
        edited: Edited,
        (parts, rest): (&[Arc<Self>], &Edited),
    ) -> Arc<Self> {
        let reached = cone.reached(&edited.touched);
        let by_rest = cone.reached(&rest.touched);
        let homes: Vec<Arc<Self>> = std::iter::once(self).chain(parts).cloned().collect();
        let home = |reached: bool, by_rest: bool, by_part: &dyn Fn(&Fork) -> bool| {
            let by_part = |(_, part): &(u8, &Arc<Self>)| part.fork.as_ref().is_some_and(by_part);
            let mut found = (1_u8..).zip(parts).filter(by_part);
            match (reached, by_rest, found.next(), found.next()) {
                (false, ..) => 0,
                (true, false, Some((only, _)), None) => only,
                (true, ..) => OWN,
            }
        };
        let nodes = reached.iter().zip(&by_rest).enumerate().map(|(place, (reached, by_rest))| {
            let by_part = |part: &Fork| part.nodes.get(place).is_some_and(|home| *home != 0);
            home(*reached, *by_rest, &by_part)
        });
        let fork = Fork {
            nodes: nodes.collect(),
            cone: cone.clone(),
            homes,
            edited,
            outside: OnceLock::new(),
        };
        Arc::new(Self {
            graph: self.graph.clone(),
            frames: self.frames.clone(),
            today: self.today,
            calendar: self.calendar.clone(),
            results: cone.nodes.iter().map(|_| OnceLock::new()).collect(),
            places: self.places.clone(),
            over_pairs: self.over_pairs.clone(),
            companions: OnceLock::new(),
            indexes: self.indexes.iter().map(|_| Default::default()).collect(),
            too_many: Vec::new(),
            over: Mutex::default(),
            recent: super::explain::Recent::default(),
            names: super::nearest::Indexes::default(),
            inverses: fork.inverses(),
            fork: Some(fork),
        })
    }

    /// The evaluator that this one was forked from.
    pub(super) fn base(&self) -> Option<&Self> {
        self.fork.as_ref().and_then(Fork::base)
    }

    /// Another evaluator that has a node's result.
    pub(super) fn home(&self, id: NodeId) -> Option<&Self> {
        self.fork.as_ref().and_then(|fork| fork.home(id))
    }

    /// The change that this evaluator judges.
    #[must_use]
    pub fn edited(&self) -> Option<&Edited> {
        self.fork.as_ref().map(|fork| &fork.edited)
    }

    /// Whether the change reaches a node of the cone.
    #[must_use]
    pub fn reaches(&self, id: NodeId) -> bool {
        let place = self.fork.as_ref().and_then(|fork| Some((fork, fork.cone.place(id)?)));
        place.is_some_and(|(fork, place)| fork.nodes.get(place).is_some_and(|home| *home != 0))
    }

    /// The nodes of the cone that a fork computes itself.
    pub fn own_nodes(&self) -> impl Iterator<Item = NodeId> {
        let fork = self.fork.iter();
        fork.flat_map(|fork| {
            let nodes = fork.cone.nodes.iter().zip(&fork.nodes);
            nodes.filter(|(_, home)| **home == OWN).map(|(rests, _)| rests.node)
        })
    }

    /// About how many values a fork computes when it is asked for all of its cone.
    #[must_use]
    pub fn fork_size(&self) -> usize {
        let Some(fork) = &self.fork else { return 0 };
        let own = fork.cone.nodes.iter().zip(&fork.nodes).filter(|(_, home)| **home == OWN);
        own.map(|(rests, _)| self.about(rests.domain)).sum()
    }

    /// About how many rows a domain has; of pairs, without making them.
    fn about(&self, domain: Domain) -> usize {
        match domain {
            Domain::Pairs(id) => self.graph.pairs.get(id.0 as usize).map_or(0, |pairs| {
                self.about(pairs.outer) + self.about(Domain::Frame(pairs.inner))
            }),
            _ => self.scope().rows(domain),
        }
    }
}

impl Fork {
    /// The evaluator that has a node's result; `None` for what is the fork's own.
    pub(super) fn home(&self, id: NodeId) -> Option<&Evaluator> {
        let home = self.nodes.get(self.cone.place(id)?).filter(|home| **home != OWN)?;
        self.homes.get(usize::from(*home)).map(|home| &**home)
    }

    fn base(&self) -> Option<&Evaluator> {
        self.homes.first().map(|home| &**home)
    }

    /// The evaluator that was forked, where the change reaches nothing by which the elements of a
    /// set of pairs are looked up.
    pub(super) fn home_of_elements(&self, id: PairsId) -> Option<&Evaluator> {
        let base = self.base()?;
        let pairs = base.graph.pairs_of(id)?;
        let changed = |node: &NodeId| {
            self.cone.place(*node).is_none_or(|place| self.nodes.get(place) != Some(&0))
        };
        let same = !self.edited.touched.contains(&Source::Rows(pairs.inner))
            && !pairs.by_element().iter().any(changed);
        same.then_some(base)
    }

    /// Where the result of a node that is the fork's own is kept.
    pub(super) fn slot<'s>(
        &'s self,
        results: &'s [OnceLock<Vector>],
        id: NodeId,
    ) -> Option<&'s OnceLock<Vector>> {
        match self.cone.place(id) {
            Some(place) => results.get(place),
            None => {
                let len = self.cone.places.len();
                let outside = || (0..len).map(|_| OnceLock::new()).collect();
                self.outside.get_or_init(outside).get(id.0 as usize)
            }
        }
    }

    /// A frame that the change reaches.
    pub(super) fn frame(&self, frame: FrameId) -> Option<&FrameData> {
        self.edited.frames.get(&frame)
    }

    fn inverts(&self, frame: FrameId, field: FieldId, base: &Evaluator) -> bool {
        let sources = base.grouped_by(Grouping::Inverse(frame, field));
        sources.iter().any(|source| self.edited.touched.contains(source))
    }

    fn inverses(&self) -> BTreeMap<(FrameId, FieldId), OnceLock<Groups>> {
        let Some(base) = self.base() else { return BTreeMap::new() };
        let mut inverses = BTreeMap::new();
        for (id, frame) in (0..).map(FrameId).zip(&base.graph.program.schema.frames) {
            for (field, found) in (0..).map(FieldId).zip(&frame.fields) {
                if matches!(found.ty, Type::Ref(_)) && self.inverts(id, field, base) {
                    inverses.insert((id, field), OnceLock::new());
                }
            }
        }
        inverses
    }
}
