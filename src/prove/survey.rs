//! The questions asked of every policy.

use super::finding::{Certainty, Finding, Kind, Meetings, Proof};
use super::known::Known;
use super::pool::{Pool, Pools};
use super::question::{Answer, Claim, Prover};
use super::witness::Witness;
use crate::lowering::Judgement;
use crate::program::Clause;
use crate::schema::FrameId;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// How many pairs the quick form searches.
const TRIED: usize = 16;

/// What was found, and how many questions that took.
pub(super) type Asked = (Option<Finding>, usize);

impl Prover<'_> {
    /// Asks everything.
    #[must_use]
    pub fn prove(&self) -> Proof {
        let all = 0..self.judgements.len();
        let governed: Vec<Answer> =
            all.clone().into_par_iter().map(|at| self.alone(Claim::Governs(at))).collect();
        let kept: Vec<Option<Answer>> = all
            .into_par_iter()
            .map(|at| self.requires(at).then(|| self.alone(Claim::Kept(at))))
            .collect();
        let pools = self.pools(&governed, &kept);
        let demands = self.pairs();
        let compared: Vec<Asked> =
            demands.par_iter().map(|&(a, b, decision)| self.pair(&pools, a, b, decision)).collect();
        let rivals = self.open_pairs(&governed, &kept);
        let opposed: Vec<Asked> =
            rivals.par_iter().map(|&(a, b)| self.contradiction(&pools, a, b)).collect();
        let single: Vec<(Vec<Finding>, usize)> = governed
            .into_par_iter()
            .zip(kept)
            .enumerate()
            .map(|(at, (governed, kept))| self.article(&pools, at, governed, kept))
            .collect();
        let decisions: Vec<Asked> = (0..self.graph.program.decisions.len())
            .into_par_iter()
            .map(|at| self.decision(&pools, at))
            .collect();
        let pairs = compared.into_iter().chain(opposed);
        let (mut findings, mut questions) = (Vec::new(), 0);
        let several = pairs.map(|(found, asked)| (found.into_iter().collect(), asked));
        let several = several.chain(single);
        let several = several.chain(
            decisions.into_iter().map(|(found, asked)| (found.into_iter().collect(), asked)),
        );
        for (found, asked) in several {
            findings.extend::<Vec<Finding>>(found);
            questions += asked;
        }
        let meetings = self.meetings(&findings);
        Proof { meetings, findings, questions, pairs: demands.len() + rivals.len() }
    }

    /// Pairs of requirements each of which can be met, and that no row found so far meets together;
    /// and requirements of what a demand decides, each with the demand.
    fn open_pairs(&self, governed: &[Answer], kept: &[Option<Answer>]) -> Vec<(usize, usize)> {
        let met = |at: usize| matches!(kept.get(at), Some(Some(Answer::Shown(_))));
        let answers: Vec<&Answer> = governed.iter().chain(kept.iter().flatten()).collect();
        let together: Vec<BTreeSet<usize>> = answers
            .into_par_iter()
            .map(|answer| match answer {
                Answer::Shown(witness) => self.kept_by(witness),
                _ => BTreeSet::new(),
            })
            .collect();
        let both = |a, b| together.iter().any(|kept| kept.contains(&a) && kept.contains(&b));
        let pairs = self.required_pairs().into_iter();
        let pairs = pairs.filter(|&(a, b)| met(a) && met(b) && !both(a, b));
        let demanded = self.demanded_pairs().into_iter().filter(|&(_, b)| met(b));
        pairs.chain(demanded.filter(|&(a, b)| !both(a, b))).collect()
    }

    /// The answer to one claim.
    fn alone(&self, claim: Claim) -> Answer {
        let frame =
            self.judgements.get(claim.judgement()).map_or(FrameId(0), |judgement| judgement.frame);
        self.ask_unread(frame, &[claim])
    }

    /// Whether a sentence requires something.
    pub(super) fn requires(&self, at: usize) -> bool {
        matches!(self.sentence(at).map(|found| &found.1.clause), Some(Clause::Require { .. }))
    }

    fn meetings(&self, findings: &[Finding]) -> Vec<Meetings> {
        let spoken = |at: usize| {
            self.judgements
                .iter()
                .any(|judgement| judgement.demand.is_some_and(|demand| demand.0 == at))
        };
        let decisions = (0..).zip(&self.graph.program.decisions).filter(|(at, _)| spoken(*at));
        let of = |(at, decision): (usize, &crate::program::Decision)| {
            let different = |finding: &&Finding| {
                finding.decision == Some(at)
                    && matches!(finding.kind, Kind::Conflict | Kind::Ordered)
            };
            let (open, shown): (Vec<&Finding>, Vec<&Finding>) =
                findings.iter().filter(different).partition(|finding| finding.is_open());
            Meetings {
                decision: at,
                ordered: !decision.order.is_empty(),
                shown: shown.len(),
                open: open.len(),
            }
        };
        decisions.map(of).collect()
    }

    /// For each frame, the rows that single sentences showed, and mixtures of them.
    fn pools(&self, governed: &[Answer], kept: &[Option<Answer>]) -> Pools {
        let mut shown: BTreeMap<FrameId, Vec<Arc<Witness>>> = BTreeMap::new();
        let answers = self.judgements.iter().zip(governed.iter().map(Some));
        let answers = answers.chain(self.judgements.iter().zip(kept.iter().map(Option::as_ref)));
        for (judgement, answer) in answers {
            if let Some(Answer::Shown(witness)) = answer {
                shown.entry(judgement.frame).or_default().push(witness.clone());
            }
        }
        let pool = |(frame, shown): (FrameId, Vec<Arc<Witness>>)| (frame, self.pool(frame, &shown));
        Pools {
            known: self.known(),
            none: Pool::default(),
            by_frame: shown.into_iter().map(pool).collect(),
        }
    }

    /// What is found almost without a search: sentences whose conditions contradict themselves,
    /// requirements that contradict them, and demands and requirements that contradict each other.
    #[must_use]
    pub fn quick(&self) -> Vec<Finding> {
        let known = self.known();
        let all = 0..self.judgements.len();
        let dead = all
            .clone()
            .filter(|at| known.never(&[Claim::Governs(*at)]))
            .filter_map(|at| Finding::of(Kind::Dead, at, Answer::Never));
        let impossible = all
            .filter(|at| self.requires(*at))
            .filter(|at| known.never(&[Claim::Kept(*at)]) && !known.never(&[Claim::Governs(*at)]));
        let impossible =
            impossible.filter_map(|at| Finding::of(Kind::Impossible, at, Answer::Never));
        let pools = Pools::default();
        let conflicts = self
            .unordered(&known)
            .into_iter()
            .take(TRIED)
            .filter_map(|(a, b, decision)| self.pair(&pools, a, b, decision).0);
        let opposed = self.opposed(&known).into_iter().take(TRIED);
        let opposed = opposed.filter_map(|(a, b)| self.contradiction(&pools, a, b).0);
        let wrong = |finding: &Finding| finding.wrong;
        let pairs = conflicts.chain(opposed).filter(wrong);
        dead.chain(impossible).chain(pairs).collect()
    }

    /// Pairs that demand different things of a decision without an order, and are not kept apart by
    /// single values: of very many not all.
    fn unordered(&self, known: &Known) -> Vec<(usize, usize, usize)> {
        let demand = |at: usize| self.judgements.get(at).and_then(|judgement| judgement.demand);
        let decisions = (0..).zip(&self.graph.program.decisions);
        let open = decisions.filter(|(_, decision)| decision.order.is_empty());
        let of = |decision: usize| {
            let all: Vec<usize> = (0..self.judgements.len())
                .filter(|at| demand(*at).is_some_and(|demand| demand.0 == decision))
                .collect();
            let meet = |(a, b): &(usize, usize)| {
                demand(*a) != demand(*b) && !known.never(&[Claim::Governs(*a), Claim::Governs(*b)])
            };
            let pairs = known.together(&all).into_iter().filter(meet);
            pairs.map(move |(a, b)| (a, b, decision)).collect::<Vec<_>>()
        };
        open.flat_map(|(decision, _)| of(decision)).collect()
    }

    fn article(
        &self,
        pools: &Pools,
        at: usize,
        governed: Answer,
        kept: Option<Answer>,
    ) -> (Vec<Finding>, usize) {
        if let Some(dead) = Finding::of(Kind::Dead, at, governed) {
            return (vec![dead], 1);
        }
        let mut found = Vec::new();
        let (requirement, asked) = self.requirement(pools, at, kept);
        found.extend(requirement);
        found.extend(self.idle_exception(pools, at));
        found.extend(self.idle_overrides(pools, at));
        found.extend(self.shadowed(pools, at));
        (found, asked + 4)
    }

    fn requirement(&self, pools: &Pools, at: usize, kept: Option<Answer>) -> Asked {
        let (Some(frame), Some(kept)) = (self.frame(at), kept) else { return (None, 0) };
        if let Some(impossible) = Finding::of(Kind::Impossible, at, kept) {
            return (Some(impossible), 1);
        }
        let broken = self.ask_with(pools, frame, &[Claim::Broken(at)]);
        let found = Finding::of(Kind::Unviolable, at, broken);
        (self.but(found, frame, &[Claim::Unkept(at)]), 2)
    }

    /// The frame a sentence speaks of.
    pub(super) fn frame(&self, at: usize) -> Option<FrameId> {
        self.judgements.get(at).map(|judgement| judgement.frame)
    }

    fn idle_exception(&self, pools: &Pools, at: usize) -> Option<Finding> {
        self.sentence(at)?.1.exception?;
        let frame = self.frame(at)?;
        let answer = self.ask_with(pools, frame, &[Claim::Speaks(at), Claim::Excepted(at)]);
        let found = Finding::of(Kind::IdleException, at, answer);
        self.but(found, frame, &[Claim::Speaks(at), Claim::Doubted(at)])
    }

    /// Overrides of an article that never meet a sentence it overrides.
    fn idle_overrides(&self, pools: &Pools, at: usize) -> Vec<Finding> {
        let Some(own) = self.judgements.get(at) else { return Vec::new() };
        let overridden =
            self.graph.program.article(own.article).map_or(&[][..], |article| &article.overrides);
        let targets =
            |other: &Judgement| overridden.contains(&other.article) && other.frame == own.frame;
        let rivals = self.judgements.iter().enumerate().filter(|(_, other)| targets(other));
        rivals
            .filter_map(|(other, _)| {
                let answer =
                    self.ask_with(pools, own.frame, &[Claim::Governs(at), Claim::Speaks(other)]);
                let found = Finding::of(Kind::IdleOverride, at, answer)?;
                Some(Finding { sentences: vec![at, other], ..found })
            })
            .collect()
    }

    /// Whether others always decide: those that demand something higher, and those that say the
    /// same before it.
    fn shadowed(&self, pools: &Pools, at: usize) -> Option<Finding> {
        let own = self.judgements.get(at)?;
        let (decision, disposition) = own.demand?;
        let found = self.graph.program.decisions.get(decision)?;
        let (mut claims, mut weaker) = (vec![Claim::Governs(at)], vec![Claim::Governs(at)]);
        for (other, judgement) in self.judgements.iter().enumerate() {
            let Some((also, demanded)) =
                judgement.demand.filter(|demand| demand.0 == decision && other != at)
            else {
                continue;
            };
            if also == decision && demanded == disposition && other < at {
                claims.push(Claim::Unsure(other));
                weaker.push(Claim::Unsure(other));
            } else if !found.order.is_empty()
                && self.rank(decision, demanded) < self.rank(decision, disposition)
            {
                claims.push(Claim::Silent(other));
                weaker.push(Claim::Unsure(other));
            }
        }
        if claims.len() == 1 {
            return None;
        }
        let answer = self.ask_with(pools, own.frame, &claims);
        self.but(Finding::of(Kind::Shadowed, at, answer), own.frame, &weaker)
    }

    /// Whether every row is spoken of.
    fn decision(&self, pools: &Pools, at: usize) -> Asked {
        let Some(decision) = self.graph.program.decisions.get(at) else { return (None, 0) };
        let speaking =
            |judgement: &Judgement| judgement.demand.is_some_and(|demand| demand.0 == at);
        let of = |claim: fn(usize) -> Claim| -> Vec<Claim> {
            let all = self.judgements.iter().enumerate();
            all.filter(|(_, judgement)| speaking(judgement)).map(|(at, _)| claim(at)).collect()
        };
        let claims = of(Claim::Silent);
        if claims.is_empty() {
            return (None, 0);
        }
        let (kind, certainty, wrong) = match self.ask_with(pools, decision.frame, &claims) {
            Answer::Shown(witness) => {
                let shown = self.shown(witness, &claims);
                let wrong = !decision.has_otherwise() && matches!(shown, Certainty::Shown(_));
                (Kind::Gap, shown, wrong)
            }
            Answer::Never => (Kind::Covered, Certainty::Proven, false),
            Answer::ByKeys => (Kind::Covered, Certainty::ByKeys, false),
            Answer::Open(limits) => (Kind::Gap, Certainty::Open(limits), false),
        };
        let (sentences, except) = (Vec::new(), BTreeSet::new());
        let found = Finding { kind, certainty, sentences, decision: Some(at), wrong, except };
        (self.but(Some(found), decision.frame, &of(Claim::Unsure)), 1)
    }
}
