//! One question: whether some row is so and so. It is asked of a world of open rows, and a witness
//! is judged again by the evaluator.

use super::linear::Linear;
use super::need::{self, Needs};
use super::sat::{Batsat, Bit};
use super::solve::Found;
use super::witness::Witness;
use super::world::{Cell, Limit, Rails, RowId, World};
use crate::eval::Evaluator;
use crate::lowering::{Graph, Judgement, Lowered, NodeId};
use crate::program::{Article, Clause, ExprId, Program, Sentence};
use crate::schema::FrameId;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Something a row may show. Judgements are named by index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Claim {
    /// The condition holds.
    Speaks(usize),
    /// The condition holds, and nothing exempts.
    Governs(usize),
    /// It surely does not govern.
    Silent(usize),
    /// It does not surely govern.
    Unsure(usize),
    /// Its own exception holds.
    Excepted(usize),
    /// It governs, and what it requires is not so.
    Broken(usize),
    /// It governs, and what it requires is so.
    Kept(usize),
    /// A part of its condition or exception holds, or fails.
    Part {
        /// The judgement.
        at: usize,
        /// The part.
        part: ExprId,
        /// Whether it holds.
        holds: bool,
    },
    /// The same, and by as little as it can. The evaluator is not asked by how little.
    Near {
        /// The judgement.
        at: usize,
        /// The part, or what is required.
        part: ExprId,
        /// Whether it holds.
        holds: bool,
    },
    /// The row declares the disposition it demands, or another one. The evaluator is not asked.
    Declares {
        /// The judgement.
        at: usize,
        /// Whether the demanded one.
        own: bool,
    },
    /// No number of the rows is below 0. The evaluator is not asked.
    Usual {
        /// The judgement.
        at: usize,
    },
}

impl Claim {
    fn judgement(self) -> usize {
        match self {
            Self::Speaks(at)
            | Self::Governs(at)
            | Self::Silent(at)
            | Self::Unsure(at)
            | Self::Excepted(at)
            | Self::Broken(at)
            | Self::Kept(at)
            | Self::Part { at, .. }
            | Self::Near { at, .. }
            | Self::Declares { at, .. }
            | Self::Usual { at } => at,
        }
    }
}

/// What came of a question.
#[derive(Clone, Debug)]
pub enum Answer {
    /// A row shows it; the evaluator agrees.
    Shown(Arc<Witness>),
    /// No row can.
    Never,
    /// Not decided, because of these.
    Open(BTreeSet<Limit>),
}

/// The compiled policies, and the day.
pub struct Prover<'p> {
    /// The graph.
    pub graph: &'p Arc<Graph>,
    /// The sentences.
    pub judgements: &'p [Judgement],
    /// The day judged for.
    pub today: i64,
}

/// How many claims are asked at once, before it is seen which others matter.
const FEW: usize = 3;
/// How many claims are asked together at most.
const MANY: usize = 48;
/// How often a model that the evaluator does not confirm teaches what functions give.
const LESSONS: usize = 40;

type World0<'p> = World<'p, Batsat>;

impl<'p> Prover<'p> {
    fn program(&self) -> &'p Program {
        &self.graph.program
    }

    /// The article and sentence of a judgement.
    #[must_use]
    pub fn sentence(&self, at: usize) -> Option<(&'p Article, &'p Sentence)> {
        let judgement = self.judgements.get(at)?;
        let article = self.program().article(judgement.article)?;
        Some((article, article.sentences.get(judgement.sentence)?))
    }

    /// Judgements whose article overrides that of another, and whose row that one sees.
    pub(super) fn overriding(&self, at: usize) -> Vec<usize> {
        let Some(target) = self.judgements.get(at) else { return Vec::new() };
        let over = |other: &Judgement| {
            self.program()
                .article(other.article)
                .is_some_and(|article| article.overrides.contains(&target.article))
                && self.ancestor(target.frame, other.frame)
        };
        self.judgements
            .iter()
            .enumerate()
            .filter(|(_, other)| over(other))
            .map(|(index, _)| index)
            .collect()
    }

    fn ancestor(&self, mut frame: FrameId, wanted: FrameId) -> bool {
        while frame != wanted {
            match self.program().schema.frame(frame).and_then(|found| found.parent) {
                Some((parent, _)) => frame = parent,
                None => return false,
            }
        }
        true
    }

    /// All expressions a question reads.
    fn roots(&self, claims: &[Claim]) -> Vec<ExprId> {
        let mut judgements: BTreeSet<usize> =
            claims.iter().map(|claim| claim.judgement()).collect();
        for claim in
            claims.iter().filter(|claim| !matches!(claim, Claim::Speaks(_) | Claim::Excepted(_)))
        {
            judgements.extend(self.overriding(claim.judgement()));
        }
        let mut roots = Vec::new();
        for (_, sentence) in judgements.iter().filter_map(|&at| self.sentence(at)) {
            roots.extend(sentence.condition.iter().chain(&sentence.exception));
            if let Clause::Require { condition, .. } = sentence.clause {
                roots.push(condition);
            }
        }
        roots
    }

    /// Whether a row of the frame shows all claims together. Of many claims only those are asked
    /// that the rows found so far fail.
    #[must_use]
    pub fn ask(&self, frame: FrameId, claims: &[Claim]) -> Answer {
        let (judged, only_asked): (Vec<Claim>, Vec<Claim>) =
            claims.iter().partition(|claim| !self.nodes(**claim).is_empty());
        let mut asked: Vec<Claim> = judged.into_iter().take(FEW).chain(only_asked).collect();
        loop {
            let mut answer = self.ask_all(frame, &asked, need::FEW);
            if matches!(&answer, Answer::Open(limits) if limits.iter().any(|limit| matches!(limit,
                Limit::Rest(..))))
            {
                answer = self.ask_all(frame, &asked, need::MORE);
            }
            let Answer::Shown(witness) = &answer else { return answer };
            let failing = self.failing(witness, claims);
            if failing.is_empty() {
                return answer;
            }
            if asked.len() > MANY {
                return Answer::Open(BTreeSet::from([Limit::Claims(claims.len())]));
            }
            asked.extend(failing.into_iter().take(FEW));
        }
    }

    fn ask_all(&self, frame: FrameId, claims: &[Claim], spare: usize) -> Answer {
        let needs = Needs::of(self.program(), &self.roots(claims), spare);
        let mut world: World0<'p> = World::new(self.program(), self.today, needs);
        let subject = world.subject(frame);
        let goals: Vec<Bit> =
            claims.iter().map(|claim| self.goal(&mut world, subject, *claim)).collect();
        let mut found = world.search(&goals);
        for _ in 0..LESSONS {
            let Found::Model(values) = &found else { break };
            let witness = Witness::of(&world, values, subject);
            if self.confirms(&witness, claims) {
                return Answer::Shown(Arc::new(witness));
            }
            let values = values.clone();
            if !world.learn(&values) {
                break;
            }
            found = world.again();
        }
        match found {
            Found::Never if world.limits.iter().all(|limit| limit.keeps_proofs()) => Answer::Never,
            _ if world.limits.is_empty() => Answer::Open(BTreeSet::from([Limit::Effort])),
            _ => Answer::Open(world.limits),
        }
    }

    fn goal(&self, world: &mut World0<'p>, subject: RowId, claim: Claim) -> Bit {
        let at = claim.judgement();
        let Some((_, sentence)) = self.sentence(at) else { return Bit::FALSE };
        let scope = world.natural(subject);
        match claim {
            Claim::Speaks(_) => condition(world, sentence, &scope).t,
            Claim::Excepted(_) => {
                sentence.exception.map_or(Bit::FALSE, |exception| world.rails(exception, &scope).t)
            }
            Claim::Governs(_) => self.governs(world, subject, at).t,
            Claim::Silent(_) => self.governs(world, subject, at).f,
            Claim::Part { part, holds, .. } => {
                let rails = world.rails(part, &scope);
                if holds { rails.t } else { rails.f }
            }
            Claim::Near { part, holds, .. } => world.near(part, holds, &scope),
            Claim::Declares { own, .. } => self.declares(world, subject, at, own),
            Claim::Usual { .. } => world.usual(),
            Claim::Unsure(_) => !self.governs(world, subject, at).t,
            Claim::Broken(_) | Claim::Kept(_) => {
                let governs = self.governs(world, subject, at).t;
                let Clause::Require { modal, condition } = sentence.clause else {
                    return Bit::FALSE;
                };
                let required = world.rails(condition, &scope);
                let required = if modal.is_negative() { required.negated() } else { required };
                world.circuit.and([
                    governs,
                    if matches!(claim, Claim::Broken(_)) { required.f } else { required.t },
                ])
            }
        }
    }

    /// Whether the row declares the disposition a sentence demands, or another.
    fn declares(&self, world: &mut World0<'p>, subject: RowId, at: usize, own: bool) -> Bit {
        let demand = self.judgements.get(at).and_then(|judgement| judgement.demand);
        let found = demand
            .and_then(|(decision, value)| Some((self.program().decisions.get(decision)?, value)));
        let Some((decision, value)) = found else { return Bit::of(!own) };
        let Some(Cell::Number(given, declared)) = world.cell(subject, decision.field) else {
            return Bit::FALSE;
        };
        let value = Linear::whole(i64::try_from(value).unwrap_or(i64::MAX));
        let same = world.numbers.equal(&mut world.circuit, &Linear::variable(declared), &value);
        world.circuit.and([given, if own { same } else { !same }])
    }

    /// Whether a sentence governs: its condition holds, its exception does not, no overriding
    /// sentence governs (before overriding).
    fn governs(&self, world: &mut World0<'p>, subject: RowId, at: usize) -> Rails {
        let Some(mut rails) = self.own(world, subject, at) else { return Rails::of(false) };
        for other in self.overriding(at) {
            let frame = self.judgements.get(other).map(|judgement| judgement.frame);
            let row = world
                .natural(subject)
                .into_iter()
                .find(|&row| world.rows.get(row).map(|row| row.frame) == frame);
            if let Some(own) = row.and_then(|row| self.own(world, row, other)) {
                rails = world.both(&[rails, own.negated()]);
            }
        }
        rails
    }

    fn own(&self, world: &mut World0<'p>, row: RowId, at: usize) -> Option<Rails> {
        let (_, sentence) = self.sentence(at)?;
        let scope = world.natural(row);
        let applies = condition(world, sentence, &scope);
        let exempt =
            sentence.exception.map_or(Rails::of(false), |exception| world.rails(exception, &scope));
        Some(world.both(&[applies, exempt.negated()]))
    }

    /// Whether the evaluator finds the claims in the witness.
    #[must_use]
    pub fn confirms(&self, witness: &Witness, claims: &[Claim]) -> bool {
        self.failing(witness, claims).is_empty()
    }

    fn failing(&self, witness: &Witness, claims: &[Claim]) -> Vec<Claim> {
        let (frames, places) = witness.frames(&self.program().schema);
        let row = places.get(witness.subject).copied().unwrap_or(0);
        let evaluator = Evaluator::new(self.graph.clone(), Arc::new(frames), self.today, None);
        let holds = |claim: &Claim| {
            self.nodes(*claim).into_iter().all(|(node, value)| evaluator.holds(node, row) == value)
        };
        claims.iter().filter(|claim| !holds(claim)).copied().collect()
    }

    /// The nodes that say a claim, with the truth they must have.
    #[must_use]
    pub fn nodes(&self, claim: Claim) -> Vec<(NodeId, bool)> {
        let Some(judgement) = self.judgements.get(claim.judgement()) else { return Vec::new() };
        match claim {
            Claim::Speaks(_) => vec![(judgement.scope.t, true)],
            Claim::Governs(_) => vec![(judgement.governs.t, true)],
            Claim::Silent(_) => vec![(judgement.governs.f, true)],
            Claim::Unsure(_) => vec![(judgement.governs.t, false)],
            Claim::Broken(_) => vec![(judgement.outcomes.violated, true)],
            Claim::Kept(_) => {
                vec![(judgement.governs.t, true), (judgement.outcomes.satisfied, true)]
            }
            Claim::Part { part, holds, .. } => {
                match self.graph.lowered.get(&(part, judgement.context)) {
                    Some(Lowered::Truth(rails)) => {
                        vec![(if holds { rails.t } else { rails.f }, true)]
                    }
                    _ => Vec::new(),
                }
            }
            Claim::Near { .. } | Claim::Declares { .. } | Claim::Usual { .. } => Vec::new(),
            Claim::Excepted(_) => judgement
                .exemptions
                .iter()
                .filter(|exemption| exemption.by.is_none())
                .map(|exemption| (exemption.rails.t, true))
                .collect(),
        }
    }
}

fn condition(world: &mut World0<'_>, sentence: &Sentence, scope: &[RowId]) -> Rails {
    sentence.condition.map_or(Rails::of(true), |condition| world.rails(condition, scope))
}
