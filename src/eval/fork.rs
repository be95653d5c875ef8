//! The same graph over changed data: what the change does not reach is read from the evaluator it
//! was forked from, the rest is computed when it is asked for. So a try costs as much as it changes.

use super::edit::{Edited, Source};
use super::{Evaluator, Groups, Vector};
use crate::data::FrameData;
use crate::lowering::{Domain, Grouping, Node, NodeId, Op, PairSource, PairsId};
use crate::schema::{FieldId, FrameId, Type};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

/// Nodes with all they rest on: those of which a fork knows what a change reaches.
#[derive(Debug)]
pub struct Cone {
    /// By node of the graph: its place; `NOWHERE` where it is not in the cone.
    places: Vec<u32>,
    /// By place, operands first.
    nodes: Vec<Rests>,
    /// The sets of pairs that they look at.
    pairs: BTreeMap<PairsId, Rests>,
}

const NOWHERE: u32 = u32::MAX;

/// Whose elements a node sums up, if it is about lists.
fn grouping(op: &Op) -> Option<Grouping> {
    match op {
        Op::Exists(grouping, _)
        | Op::Count(grouping, _)
        | Op::Sum(grouping, ..)
        | Op::Max(grouping, ..)
        | Op::Min(grouping, ..)
        | Op::Select(grouping, ..) => Some(*grouping),
        Op::Cycles(links) | Op::MayCycle(links) | Op::Longest(links, _) => {
            links.list.map(|(grouping, _)| grouping)
        }
        Op::Trace(events) => Some(events.grouping),
        Op::NetElapsed(intervals) => Some(intervals.grouping),
        _ => None,
    }
}

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
    /// The same for the sets of pairs; those that are not here are the fork's own.
    pairs: BTreeMap<PairsId, u8>,
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
                let rests = self.rests_on(node);
                rests.0.into_iter().for_each(|id| want(&mut wanted, id));
            }
        }
        let mut cone = Cone {
            places: vec![NOWHERE; wanted.len()],
            nodes: Vec::new(),
            pairs: BTreeMap::new(),
        };
        for (at, node) in (0_u32..).zip(&self.graph.nodes) {
            if wanted.get(at as usize) != Some(&true) {
                continue;
            }
            let (operands, sources, pairs) = self.rests_on(node);
            let places = |cone: &Cone, operands: Vec<NodeId>| {
                let places = operands.into_iter().filter_map(|id| cone.place(id));
                places.filter_map(|place| u32::try_from(place).ok()).collect()
            };
            for id in pairs {
                let (operands, sources) = self.pairs_rest_on(id);
                let operands = places(&cone, operands);
                let node = NodeId(at);
                cone.pairs.insert(id, Rests { node, domain: Domain::Pairs(id), operands, sources });
            }
            let place = u32::try_from(cone.nodes.len()).unwrap_or(NOWHERE);
            let operands = places(&cone, operands);
            let node = Rests { node: NodeId(at), domain: node.domain, operands, sources };
            cone.nodes.push(node);
            cone.places.iter_mut().skip(at as usize).take(1).for_each(|slot| *slot = place);
        }
        cone
    }

    /// The nodes, the data and the sets of pairs that a node rests on.
    fn rests_on(&self, node: &Node) -> (Vec<NodeId>, Vec<Source>, Vec<PairsId>) {
        let (mut operands, mut sources, mut pairs) = (self.operands(node), Vec::new(), Vec::new());
        match node.op {
            Op::Bits(frame, field)
            | Op::Present(frame, field)
            | Op::Unread(frame, field)
            | Op::Column(frame, field) => sources.push(Source::Column(frame, field)),
            Op::Parent(frame) | Op::Whole(frame) => sources.push(Source::Rows(frame)),
            Op::Paired(id) | Op::Outer(id) | Op::Inner(id) => pairs.push(id),
            _ => {}
        }
        match node.domain {
            Domain::Frame(frame) => sources.push(Source::Rows(frame)),
            Domain::Pairs(id) => pairs.push(id),
            Domain::Unit => {}
        }
        match grouping(&node.op) {
            Some(Grouping::Pairs(id)) => pairs.push(id),
            Some(grouping) => sources.extend(self.grouped_by(grouping)),
            None => {}
        }
        for id in &pairs {
            let (nodes, data) = self.pairs_rest_on(*id);
            operands.extend(nodes);
            sources.extend(data);
        }
        (operands, sources, pairs)
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
            Grouping::Pairs(_) => Vec::new(),
        }
    }

    /// The nodes and the data that a set of pairs rests on, and those whose rows are its outer
    /// rows.
    fn pairs_rest_on(&self, id: PairsId) -> (Vec<NodeId>, Vec<Source>) {
        let Some(pairs) = self.graph.pairs.get(id.0 as usize) else {
            return (Vec::new(), Vec::new());
        };
        let (mut nodes, mut sources) = match pairs.outer {
            Domain::Frame(frame) => (Vec::new(), vec![Source::Rows(frame)]),
            Domain::Pairs(outer) => self.pairs_rest_on(outer),
            Domain::Unit => (Vec::new(), Vec::new()),
        };
        sources.push(Source::Rows(pairs.inner));
        match pairs.source {
            PairSource::Group(grouping, base) => {
                nodes.extend(base);
                sources.extend(self.grouped_by(grouping));
            }
            PairSource::Join { outer, inner } => nodes.extend([outer, inner]),
            PairSource::Product => {}
        }
        (nodes, sources)
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
        let pairs = cone.pairs.iter().filter_map(|(id, rests)| {
            let all = rests.is_reached(&edited.touched, &reached);
            let by_rest = rests.is_reached(&rest.touched, &by_rest);
            let home = home(all, by_rest, &|part| part.pairs.get(id) != Some(&0));
            (home != OWN).then_some((*id, home))
        });
        let fork = Fork {
            nodes: nodes.collect(),
            pairs: pairs.collect(),
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
            pairs: self.pairs.iter().map(|_| OnceLock::new()).collect(),
            crowded: std::sync::atomic::AtomicBool::new(false),
            inverses: fork.inverses(),
            fork: Some(fork),
        })
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
            _ => self.rows(domain),
        }
    }
}

impl Fork {
    /// The evaluator that has a node's result; `None` for what is the fork's own.
    pub(super) fn home(&self, id: NodeId) -> Option<&Evaluator> {
        let home = self.nodes.get(self.cone.place(id)?).filter(|home| **home != OWN)?;
        self.homes.get(usize::from(*home)).map(|home| &**home)
    }

    /// The evaluator that has a set of pairs; `None` for what is the fork's own.
    pub(super) fn home_of_pairs(&self, id: PairsId) -> Option<&Evaluator> {
        let home = self.pairs.get(&id)?;
        self.homes.get(usize::from(*home)).map(|home| &**home)
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

    /// The elements by the row they refer to, where the change does not reach them.
    pub(super) fn groups(&self, frame: FrameId, field: FieldId) -> Option<Groups> {
        let base = self.homes.first()?;
        let own = self.inverts(frame, field, base);
        (!own).then(|| base.groups(Grouping::Inverse(frame, field)))
    }

    fn inverts(&self, frame: FrameId, field: FieldId, base: &Evaluator) -> bool {
        let sources = base.grouped_by(Grouping::Inverse(frame, field));
        sources.iter().any(|source| self.edited.touched.contains(source))
    }

    fn inverses(&self) -> BTreeMap<(FrameId, FieldId), OnceLock<Groups>> {
        let Some(base) = self.homes.first() else { return BTreeMap::new() };
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
