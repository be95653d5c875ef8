//! Many rows judged at once: most questions that have a witness are answered by one of these,
//! without a search of their own.
//!
//! The rows are the witnesses of single sentences, and mixtures of their facts. They stand in one
//! set of tables, so this serves only policies whose conditions see no other row than their own,
//! its elements and what it refers to.

use super::known::Known;
use super::question::{Answer, Claim, Prover, Size};
use super::witness::{Fact, Witness};
use crate::eval::Evaluator;
use crate::lowering::{Domain, Grouping, NodeId, Op};
use crate::schema::FrameId;
use crate::value::Bits;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// How many rows are made for each sentence, and at most in all.
const EACH: usize = 40;
const MOST: usize = 24_000;

/// Judged rows of one frame.
#[derive(Default)]
pub struct Pool {
    /// By row of the frame.
    samples: Vec<Arc<Witness>>,
    truths: HashMap<NodeId, Bits>,
}

impl Prover<'_> {
    /// Whether every condition sees its own row, its elements and what they refer to, and nothing
    /// else.
    fn rows_are_independent(&self) -> bool {
        let beyond = |grouping: &Grouping| !matches!(grouping, Grouping::Nested(_));
        let single = self.graph.program.schema.frames.iter().any(|frame| frame.single);
        let shared = self.graph.nodes.iter().any(|node| {
            let grouping = match &node.op {
                Op::Exists(grouping, _) | Op::Count(grouping, _) => Some(grouping),
                Op::Sum(grouping, ..)
                | Op::Max(grouping, ..)
                | Op::Min(grouping, ..)
                | Op::Distinct(grouping, ..)
                | Op::End(_, grouping, ..)
                | Op::Select(grouping, ..) => Some(grouping),
                _ => None,
            };
            matches!(node.domain, Domain::Pairs(_)) || grouping.is_some_and(beyond)
        });
        !single && !shared
    }

    /// The pool of a frame, from what single sentences showed.
    #[must_use]
    pub(super) fn pool(&self, frame: FrameId, shown: &[Arc<Witness>]) -> Pool {
        if shown.is_empty() || !self.rows_are_independent() {
            return Pool::default();
        }
        let samples = mixtures(shown);
        let joined = joined(&samples);
        let (frames, places) = joined.frames(&self.graph.program.schema);
        let mut by_row: Vec<(usize, Arc<Witness>)> = Vec::with_capacity(samples.len());
        let mut start = 0;
        for sample in samples {
            let rows = sample.rows.len();
            by_row.push((places.get(start + sample.subject).copied().unwrap_or(0), sample));
            start += rows;
        }
        by_row.sort_by_key(|(row, _)| *row);
        let evaluator = Evaluator::new(self.graph.clone(), Arc::new(frames), self.today, None);
        let mut truths = HashMap::new();
        for (at, _) in
            self.judgements.iter().enumerate().filter(|(_, judgement)| judgement.frame == frame)
        {
            for claim in [
                Claim::Speaks(at),
                Claim::Governs(at),
                Claim::Silent(at),
                Claim::Excepted(at),
                Claim::Unsure(at),
                Claim::Broken(at),
                Claim::Kept(at),
            ] {
                for (node, _) in self.nodes(claim) {
                    truths.entry(node).or_insert_with(|| evaluator.bits(node));
                }
            }
        }
        Pool { samples: by_row.into_iter().map(|(_, sample)| sample).collect(), truths }
    }

    /// The answer of single values or of the pool, or else of a search.
    #[must_use]
    pub(super) fn ask_with(&self, pools: &Pools, frame: FrameId, claims: &[Claim]) -> Answer {
        if pools.known.never(claims) {
            return Answer::Never;
        }
        let wanted = claims.iter().flat_map(|claim| self.nodes(*claim));
        match pools.of(frame).show(wanted) {
            Some(sample) => Answer::Shown(sample),
            None => self.ask_sized(frame, claims, Size::Ignored),
        }
    }
}

/// What is known before any question is searched for.
#[derive(Default)]
pub(super) struct Pools {
    pub known: Known,
    pub none: Pool,
    pub by_frame: BTreeMap<FrameId, Pool>,
}

impl Pools {
    fn of(&self, frame: FrameId) -> &Pool {
        self.by_frame.get(&frame).unwrap_or(&self.none)
    }
}

impl Pool {
    fn show(&self, wanted: impl Iterator<Item = (NodeId, bool)>) -> Option<Arc<Witness>> {
        let wanted: Option<Vec<(&Bits, bool)>> =
            wanted.map(|(node, value)| Some((self.truths.get(&node)?, value))).collect();
        let wanted = wanted.filter(|wanted| !wanted.is_empty())?;
        let words = self.samples.len().div_ceil(64);
        (0..words).find_map(|index| {
            let all = wanted.iter().fold(u64::MAX, |all, (bits, value)| {
                all & if *value { bits.word(index) } else { !bits.word(index) }
            });
            let row = index * 64 + all.trailing_zeros() as usize;
            (all != 0).then(|| self.samples.get(row).cloned()).flatten()
        })
    }
}

/// The witnesses themselves, and each with some facts of others.
fn mixtures(shown: &[Arc<Witness>]) -> Vec<Arc<Witness>> {
    let mut samples = shown.to_vec();
    let each = EACH.max(2000 / shown.len()).min(MOST / shown.len().max(1));
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut roll = |sides: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state >> 33).unwrap_or(0) % sides.max(1)
    };
    for one in shown {
        for _ in 0..each {
            let mut mixed = (**one).clone();
            let Some(own) = mixed.rows.get_mut(one.subject) else { continue };
            for (field, fact) in &mut own.facts {
                let other = shown
                    .get(roll(shown.len()))
                    .and_then(|other| other.rows.get(other.subject)?.facts.get(field));
                let plain = |fact: &Fact| !matches!(fact, Fact::Row(_));
                if let Some(other) =
                    other.filter(|other| plain(other) && plain(fact) && roll(2) == 0)
                {
                    *fact = other.clone();
                }
            }
            samples.push(Arc::new(mixed));
        }
    }
    samples
}

/// All rows in one set of tables.
fn joined(samples: &[Arc<Witness>]) -> Witness {
    let mut all = Witness { rows: Vec::new(), subject: 0 };
    for sample in samples {
        let start = all.rows.len();
        all.rows.extend(sample.rows.iter().cloned().map(|mut row| {
            row.parent = row.parent.map(|parent| parent + start);
            for fact in row.facts.values_mut() {
                if let Fact::Row(to) = fact {
                    *to += start;
                }
            }
            row
        }));
    }
    all
}
