//! Rank 4: runs the graph, column by column, over whole tables.
//!
//! Every node over tables is computed at most once, when first asked for. [`Evaluator::run`]
//! computes the nodes of all verdicts level by level on all cores; explanations ask for the rest.
//! Nodes over pairs of rows are computed for some outer rows at a time and not kept, see
//! `pairs`. There is no second evaluator: a row is explained from the same columns.

mod arithmetic;
mod chain;
mod compare;
mod compute;
mod cycle;
mod edit;
mod explain;
mod fork;
mod gather;
mod group;
mod interval;
mod join;
mod nearest;
mod pairs;
mod run;
mod same;
mod scope;
pub mod trace;
mod vector;

pub use chain::Link;
pub use edit::{Edit, Edited, Source};
pub use fork::Cone;
pub use group::Groups;
pub use join::Reach;
pub use pairs::{PAIR_LIMIT, Work};
pub use vector::{Series, TextSeries, Vector};

use crate::builtin::World;
use crate::data::FrameData;
use crate::lowering::{Domain, Graph, Grouping, NodeId, PairsId};
use crate::schema::{FieldId, FrameId};
use crate::value::calendar::WorkingCalendar;
use crate::value::{Bits, Column};
use join::Index;
use scope::{Cores, Scope};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// Runs one graph over one set of data.
pub struct Evaluator {
    /// The graph.
    pub graph: Arc<Graph>,
    /// The data, by frame.
    pub frames: Arc<Vec<FrameData>>,
    /// The day judged for.
    pub today: i64,
    /// The calendar, where one is declared and could be read.
    pub calendar: Option<Arc<WorkingCalendar>>,
    /// By node; empty for nodes over pairs.
    results: Vec<OnceLock<Vector>>,
    /// The place of each node over pairs among those over the same pairs.
    places: Arc<Vec<usize>>,
    /// How many nodes there are over each set of pairs.
    over_pairs: Arc<Vec<usize>>,
    /// The nodes that are computed together with a node over pairs that sums up other pairs.
    companions: OnceLock<BTreeMap<NodeId, Arc<Vec<NodeId>>>>,
    /// The elements of each set of pairs, by what they are asked for.
    indexes: Vec<[OnceLock<Index>; 2]>,
    /// Whether each set of pairs of rows of tables is too large.
    too_many: Vec<OnceLock<bool>>,
    /// What else turned out to be too much work.
    over: Mutex<BTreeSet<Work>>,
    recent: explain::Recent,
    names: nearest::Indexes,
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
        let mut over_pairs = vec![0; graph.pairs.len()];
        let mut place = |domain| {
            let Domain::Pairs(id) = domain else { return 0 };
            let Some(count) = over_pairs.get_mut(id.0 as usize) else { return 0 };
            *count += 1;
            *count - 1
        };
        let places = graph.nodes.iter().map(|node| place(node.domain)).collect();
        Self {
            frames,
            today,
            calendar,
            results: graph.nodes.iter().map(|_| OnceLock::new()).collect(),
            places: Arc::new(places),
            over_pairs: Arc::new(over_pairs),
            companions: OnceLock::new(),
            indexes: graph.pairs.iter().map(|_| Default::default()).collect(),
            too_many: graph.pairs.iter().map(|_| OnceLock::new()).collect(),
            over: Mutex::default(),
            recent: explain::Recent::default(),
            names: nearest::Indexes::default(),
            inverses,
            fork: None,
            graph,
        }
    }

    /// Whole tables, computed by whoever asks.
    fn scope(&self) -> Scope<'_> {
        Scope { evaluator: self, block: None, pass: None, cores: Cores::One }
    }

    /// What functions may look at beyond their arguments.
    pub(crate) fn world(&self) -> World<'_> {
        let offset = self.graph.program.schema.offset;
        World { today: self.today, offset, calendar: self.calendar.as_deref() }
    }

    /// The result of a node over a table; empty for one over pairs, see [`Evaluator::scalar`].
    pub fn get(&self, id: NodeId) -> &Vector {
        self.scope().get(id)
    }

    /// The rows of a truth node over a table.
    pub fn bits(&self, id: NodeId) -> Bits {
        self.get(id).bits()
    }

    /// A frame's data.
    #[must_use]
    pub fn frame(&self, frame: FrameId) -> Option<&FrameData> {
        let edited = self.fork.as_ref().and_then(|fork| fork.frame(frame));
        if edited.is_some() {
            return edited;
        }
        self.frames.get(frame.0 as usize)
    }

    fn column(&self, frame: FrameId, field: FieldId) -> Option<&Column> {
        self.frame(frame)?.column(field)
    }

    fn result_slot(&self, id: NodeId) -> Option<&OnceLock<Vector>> {
        match &self.fork {
            Some(fork) => fork.slot(&self.results, id),
            None => self.results.get(id.0 as usize),
        }
    }

    fn place_of(&self, id: NodeId) -> usize {
        self.places.get(id.0 as usize).copied().unwrap_or(usize::MAX)
    }

    /// How many nodes there are over a set of pairs.
    fn places(&self, id: PairsId) -> usize {
        self.over_pairs.get(id.0 as usize).copied().unwrap_or_default()
    }

    fn index_slot(&self, id: PairsId, reach: Reach) -> Option<&OnceLock<Index>> {
        if let Some(base) = self.fork.as_ref().and_then(|fork| fork.home_of_elements(id)) {
            return base.index_slot(id, reach);
        }
        let [possible, keyed] = self.indexes.get(id.0 as usize)?;
        Some(if reach == Reach::Keyed { keyed } else { possible })
    }

    fn known_over(&self) -> BTreeSet<Work> {
        let mut known = self.over.lock().unwrap_or_else(PoisonError::into_inner).clone();
        known.extend(self.base().map(Self::known_over).unwrap_or_default());
        known
    }

    fn note_over(&self, work: impl IntoIterator<Item = Work>) {
        self.over.lock().unwrap_or_else(PoisonError::into_inner).extend(work);
    }

    /// The elements of each outer row of a list or table.
    fn groups(&self, grouping: Grouping) -> Groups {
        match grouping {
            Grouping::Nested(frame) => self
                .frame(frame)
                .map_or(Groups::All(0), |data| Groups::Offsets(data.offsets.clone())),
            Grouping::All(frame) => Groups::All(self.frame(frame).map_or(0, |data| data.len)),
            Grouping::Inverse(frame, field) => {
                match (self.inverses.get(&(frame, field)), self.base()) {
                    (Some(slot), _) => slot.get_or_init(|| self.invert(frame, field)).clone(),
                    (None, Some(base)) => base.groups(grouping),
                    (None, None) => Groups::All(0),
                }
            }
            // Pairs are made block by block.
            Grouping::Pairs(_) => Groups::Offsets(Arc::default()),
        }
    }
}
