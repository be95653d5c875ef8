//! One question: whether some row is so and so. It is asked of a world of open rows, and a witness
//! is judged again by the evaluator, on what the readers read from its text.

use super::linear::Linear;
use super::need::{Needs, TRIES};
use super::pending::{Gap, Partial};
use super::sat::{Batsat, Bit, Solver};
use super::solve::Found;
use super::witness::{Spare, Witness};
use super::world::{Cell, Limit, Rails, RowId, World};
use crate::data::FrameData;
use crate::eval::Evaluator;
use crate::lowering::{self, Graph, Judgement, Lowered, NodeId};
use crate::program::{Article, Clause, ExprId, Program, Sentence};
use crate::schema::FrameId;
use crate::syntax::tree::Language;
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
    /// Its own exception is not surely ruled out.
    Doubted(usize),
    /// It governs, and what it requires is not so; of a referral, that the row is to be referred.
    /// It is not asked of a demand.
    Broken(usize),
    /// It governs, and what it requires is not surely so.
    Unkept(usize),
    /// It governs, and what it requires is so; of a demand, that the row declares it.
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
    /// The judgement it is about.
    #[must_use]
    pub fn judgement(self) -> usize {
        match self {
            Self::Speaks(at)
            | Self::Governs(at)
            | Self::Silent(at)
            | Self::Unsure(at)
            | Self::Excepted(at)
            | Self::Doubted(at)
            | Self::Broken(at)
            | Self::Unkept(at)
            | Self::Kept(at)
            | Self::Part { at, .. }
            | Self::Near { at, .. }
            | Self::Declares { at, .. }
            | Self::Usual { at } => at,
        }
    }

    /// Whether it matters to it where values are not known.
    fn is_doubtful(self) -> bool {
        matches!(self, Self::Unsure(_) | Self::Doubted(_) | Self::Unkept(_))
    }
}

/// What came of a question.
#[derive(Clone, Debug)]
pub enum Answer {
    /// A row shows it; the evaluator agrees.
    Shown(Arc<Witness>),
    /// No row can.
    Never,
    /// No row can where keys and unique values differ from row to row, as loading sees to.
    ByKeys,
    /// Not decided, because of these.
    Open(BTreeSet<Limit>),
}

/// Whether it is followed that exact numbers may grow too large to be stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Size {
    Followed,
    Ignored,
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

/// How a question is asked.
#[derive(Clone, Copy)]
struct Terms<'k> {
    /// How many elements are kept of lists of which a sum is asked.
    spare: usize,
    /// Forms that have a value.
    known: &'k BTreeSet<ExprId>,
    /// Whether exact numbers may be too large.
    size: Size,
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

    /// Whether rows of a frame are those of another one, or nested in them.
    pub(super) fn ancestor(&self, mut frame: FrameId, wanted: FrameId) -> bool {
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
        let alone = |claim: &&Claim| matches!(claim, Claim::Speaks(_) | Claim::Excepted(_));
        let (own, governing): (Vec<&Claim>, Vec<&Claim>) = claims.iter().partition(alone);
        let governing = governing.into_iter().map(|claim| claim.judgement());
        let mut judgements = self.overriding(governing.collect());
        judgements.extend(own.into_iter().map(|claim| claim.judgement()));
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
        match self.ask_unread(frame, claims) {
            Answer::Shown(witness) if !self.confirms(&witness, claims) => {
                Answer::Open(BTreeSet::from([Limit::Effort]))
            }
            answer => answer,
        }
    }

    /// The same, of rows that did not go through the readers: reading takes a look at every table.
    pub(super) fn ask_unread(&self, frame: FrameId, claims: &[Claim]) -> Answer {
        let doubtful = claims.iter().any(|claim| claim.is_doubtful());
        self.ask_sized(frame, claims, if doubtful { Size::Followed } else { Size::Ignored })
    }

    /// The same, with exact numbers of any size or not.
    pub(super) fn ask_sized(&self, frame: FrameId, claims: &[Claim], size: Size) -> Answer {
        let (judged, only_asked): (Vec<Claim>, Vec<Claim>) =
            claims.iter().partition(|claim| !self.nodes(**claim).is_empty());
        let mut asked: Vec<Claim> = judged.into_iter().take(FEW).chain(only_asked).collect();
        loop {
            let none = BTreeSet::new();
            let mut answer = Answer::Never;
            for spare in TRIES {
                answer = self.ask_all(frame, &asked, Terms { spare, known: &none, size }).0;
                let rest = |limit: &Limit| matches!(limit, Limit::Rest(..));
                if !matches!(&answer, Answer::Open(limits) if limits.iter().any(rest)) {
                    break;
                }
            }
            let Answer::Shown(witness) = &answer else { return answer };
            let failing = if asked.len() < claims.len() {
                let (frames, _) = witness.frames(&self.program().schema);
                self.failing(witness, frames, claims)
            } else {
                Vec::new()
            };
            if failing.is_empty() {
                return answer;
            }
            if asked.len() > MANY {
                return Answer::Open(BTreeSet::from([Limit::Claims(claims.len())]));
            }
            asked.extend(failing.into_iter().take(FEW));
        }
    }

    /// All claims at once, where forms in `known` have a value wherever they are read. With the
    /// forms that have none in the row that shows it; without such a row, those whose numbers may
    /// be too large.
    pub(super) fn ask_knowing(
        &self,
        frame: FrameId,
        claims: &[Claim],
        known: &BTreeSet<ExprId>,
        size: Size,
    ) -> (Answer, BTreeSet<(ExprId, Gap)>) {
        self.ask_all(frame, claims, Terms { spare: 0, known, size })
    }

    fn ask_all(
        &self,
        frame: FrameId,
        claims: &[Claim],
        terms: Terms<'_>,
    ) -> (Answer, BTreeSet<(ExprId, Gap)>) {
        let needs = Needs::of(self.program(), &self.roots(claims), terms.spare);
        let mut world: World0<'p> = World::new(self.program(), self.today, needs);
        world.doubtful = terms.size == Size::Followed;
        let subject = world.subject(frame);
        let mut goals: Vec<Bit> =
            claims.iter().map(|claim| self.goal(&mut world, subject, *claim)).collect();
        let known = world.partial.iter().filter(|form| terms.known.contains(&form.id));
        goals.extend(known.map(|form| !form.gone));
        let mut found = world.search(&goals);
        for _ in 0..LESSONS {
            let Found::Model(model) = &found else { break };
            let gaps = world.gaps();
            for spare in [Spare::Shared, Spare::Apart] {
                let Some(witness) = world.witness(model, subject, spare) else { continue };
                let (frames, _) = witness.frames(&self.program().schema);
                if self.failing(&witness, frames, claims).is_empty() {
                    return (Answer::Shown(Arc::new(witness)), gaps);
                }
            }
            let model = model.clone();
            if !world.learn(&model) {
                break;
            }
            found = world.again();
        }
        if world.numbers.lost {
            world.limits.insert(Limit::Effort);
        }
        if world.circuit.is_full() {
            world.limits.insert(Limit::Size);
        }
        let large = |form: &&Partial| form.gap == Gap::TooLarge;
        let gaps = world.partial.iter().filter(large).map(|form| (form.id, form.gap)).collect();
        let proven = world.limits.iter().all(|limit| limit.keeps_proofs());
        let answer = match found {
            Found::Never if proven => Answer::Never,
            Found::ByKeys if proven => Answer::ByKeys,
            _ if world.limits.is_empty() => Answer::Open(BTreeSet::from([Limit::Effort])),
            _ => Answer::Open(world.limits),
        };
        (answer, gaps)
    }

    fn goal(&self, world: &mut World0<'p>, subject: RowId, claim: Claim) -> Bit {
        let at = claim.judgement();
        let Some((_, sentence)) = self.sentence(at) else { return Bit::FALSE };
        let subject = row_of(world, subject, sentence.frame);
        let scope = world.natural(subject);
        match claim {
            Claim::Speaks(_) => condition(world, sentence, &scope).t,
            Claim::Excepted(_) => {
                sentence.exception.map_or(Bit::FALSE, |exception| world.rails(exception, &scope).t)
            }
            Claim::Doubted(_) => {
                sentence.exception.map_or(Bit::FALSE, |exception| !world.rails(exception, &scope).f)
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
            Claim::Broken(_) | Claim::Kept(_) | Claim::Unkept(_) => {
                let governs = self.governs(world, subject, at).t;
                let wanted = match (&sentence.clause, claim) {
                    (Clause::Require { modal, condition }, _) => {
                        let required = world.rails(*condition, &scope);
                        let required =
                            if modal.is_negative() { required.negated() } else { required };
                        match claim {
                            Claim::Broken(_) => required.f,
                            Claim::Kept(_) => required.t,
                            _ => !required.t,
                        }
                    }
                    (Clause::Demand { .. }, Claim::Kept(_)) => {
                        self.declares(world, subject, at, true)
                    }
                    // What is to be referred is so wherever it governs.
                    (Clause::Refer(_), Claim::Broken(_) | Claim::Unkept(_)) => Bit::TRUE,
                    _ => Bit::FALSE,
                };
                world.circuit.and([governs, wanted])
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

    /// Whether a sentence governs before overriding.
    pub(super) fn own<S: Solver>(
        &self,
        world: &mut World<'_, S>,
        row: RowId,
        at: usize,
    ) -> Option<Rails> {
        let (_, sentence) = self.sentence(at)?;
        let scope = world.natural(row);
        let applies = condition(world, sentence, &scope);
        let exempt =
            sentence.exception.map_or(Rails::of(false), |exception| world.rails(exception, &scope));
        Some(world.both(&[applies, exempt.negated()]))
    }

    /// Whether the evaluator finds the claims in the rows that the readers make of the witness's
    /// own text.
    #[must_use]
    pub fn confirms(&self, witness: &Witness, claims: &[Claim]) -> bool {
        let read = witness.read(&self.program().schema, Language::Chinese);
        read.is_some_and(|frames| self.failing(witness, frames, claims).is_empty())
    }

    /// The requirements that the rows of a witness meet.
    pub(super) fn kept_by(&self, witness: &Witness) -> BTreeSet<usize> {
        let all: Vec<usize> = (0..self.judgements.len()).collect();
        let claims: Vec<Claim> = all.iter().map(|at| Claim::Kept(*at)).collect();
        let (frames, _) = witness.frames(&self.program().schema);
        let failing = self.failing(witness, frames, &claims);
        let failing: BTreeSet<usize> = failing.into_iter().map(Claim::judgement).collect();
        all.into_iter().filter(|at| !failing.contains(at)).collect()
    }

    /// Which claims the evaluator does not find in the rows of a witness.
    fn failing(&self, witness: &Witness, frames: Vec<FrameData>, claims: &[Claim]) -> Vec<Claim> {
        let evaluator = Evaluator::new(self.graph.clone(), Arc::new(frames), self.today, None);
        let places = witness.places(&self.program().schema);
        let holds = |claim: &Claim| {
            let frame = self.judgements.get(claim.judgement()).map(|judgement| judgement.frame);
            let row = frame.and_then(|frame| places.get(&frame).copied());
            self.nodes(*claim)
                .into_iter()
                .all(|(node, value)| row.is_some_and(|row| evaluator.holds(node, row) == value))
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
            Claim::Unkept(_) => {
                vec![(judgement.governs.t, true), (judgement.outcomes.satisfied, false)]
            }
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
            Claim::Excepted(_) => own(judgement).map(|rails| (rails.t, true)).collect(),
            Claim::Doubted(_) => own(judgement).map(|rails| (rails.f, false)).collect(),
        }
    }
}

/// A sentence's own exception.
fn own(judgement: &Judgement) -> impl Iterator<Item = lowering::Rails> + '_ {
    judgement.exemptions.iter().filter(|exemption| exemption.by.is_none()).map(|found| found.rails)
}

/// The row a sentence speaks of: the one in question, or one it is nested in.
fn row_of(world: &World0<'_>, subject: RowId, frame: FrameId) -> RowId {
    let is = |row: &RowId| world.rows.get(*row).is_some_and(|row| row.frame == frame);
    world.natural(subject).into_iter().find(is).unwrap_or(subject)
}

fn condition<S: Solver>(world: &mut World<'_, S>, sentence: &Sentence, scope: &[RowId]) -> Rails {
    sentence.condition.map_or(Rails::of(true), |condition| world.rails(condition, scope))
}
