//! The questions asked of every policy, and what was found.

use super::pool::{Pool, Pools};
use super::question::{Answer, Claim, Prover};
use super::region::Known;
use super::witness::Witness;
use super::world::Limit;
use crate::lowering::Judgement;
use crate::program::{ArticleId, Clause};
use crate::schema::FrameId;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What was found out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Two sentences demand different dispositions of one row, and nothing says which is heard.
    Conflict,
    /// A sentence never applies: its condition cannot hold, or what exempts from it always does.
    Dead,
    /// What a sentence requires is never so where it applies.
    Impossible,
    /// What a sentence requires is always so where it applies.
    Unviolable,
    /// A sentence applies, but others always decide.
    Shadowed,
    /// The exception never holds where the condition does.
    IdleException,
    /// An override never comes into play.
    IdleOverride,
    /// A row no sentence speaks of.
    Gap,
    /// Two sentences meet; the order says which is heard.
    Ordered,
    /// Two sentences demand the same of one row; the first one speaks.
    Agreeing,
    /// Two sentences would meet but for an exception or an override.
    Excepted,
    /// No row is left without a sentence that may speak of it.
    Covered,
}

impl Kind {
    /// Its stable name.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Conflict => "conflict",
            Self::Dead => "dead",
            Self::Impossible => "impossible",
            Self::Unviolable => "unviolable",
            Self::Shadowed => "shadowed",
            Self::IdleException => "idle_exception",
            Self::IdleOverride => "idle_override",
            Self::Gap => "gap",
            Self::Ordered => "ordered",
            Self::Agreeing => "agreeing",
            Self::Excepted => "excepted",
            Self::Covered => "covered",
        }
    }
}

/// How a question was answered.
#[derive(Clone, Debug)]
pub enum Certainty {
    /// Proven.
    Proven,
    /// Shown by these rows.
    Shown(Arc<Witness>),
    /// Not decided.
    Open(BTreeSet<Limit>),
}

/// One thing found out.
#[derive(Clone, Debug)]
pub struct Finding {
    /// What.
    pub kind: Kind,
    /// How surely; of an open one, `kind` is what was asked.
    pub certainty: Certainty,
    /// The sentences, by index of judgements; the one that is heard first.
    pub sentences: Vec<usize>,
    /// The decision, by index.
    pub decision: Option<usize>,
    /// Whether something is wrong; the rest is worth knowing.
    pub wrong: bool,
}

/// Whether the order of a decision matters: whether sentences that demand different dispositions
/// meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Meetings {
    /// The decision, by index.
    pub decision: usize,
    /// Whether it has an order.
    pub ordered: bool,
    /// How many pairs that demand different dispositions were shown to meet.
    pub shown: usize,
    /// Of how many that is not decided.
    pub open: usize,
}

/// Everything found out, and how much was asked.
#[derive(Clone, Debug, Default)]
pub struct Proof {
    /// The findings: pairs first, then articles, then decisions.
    pub findings: Vec<Finding>,
    /// For each decision that articles speak of, what its order is for.
    pub meetings: Vec<Meetings>,
    /// How many questions were asked.
    pub questions: usize,
    /// How many pairs of sentences that demand something of one decision were compared.
    pub pairs: usize,
}

/// How many pairs the quick form searches.
const TRIED: usize = 16;

impl Prover<'_> {
    /// Asks everything.
    #[must_use]
    pub fn prove(&self) -> Proof {
        let first: Vec<Answer> =
            (0..self.judgements.len()).into_par_iter().map(|at| self.governed(at)).collect();
        let pools = self.pools(&first);
        let pairs = self.pairs();
        let compared: Vec<(Option<Finding>, usize)> =
            pairs.par_iter().map(|&(a, b, decision)| self.pair(&pools, a, b, decision)).collect();
        let alone: Vec<(Vec<Finding>, usize)> = first
            .into_par_iter()
            .enumerate()
            .map(|(at, governed)| self.article(&pools, at, governed))
            .collect();
        let decisions: Vec<Finding> = (0..self.graph.program.decisions.len())
            .into_par_iter()
            .filter_map(|at| self.decision(&pools, at))
            .collect();
        let questions = compared.iter().map(|pair| pair.1).sum::<usize>()
            + alone.iter().map(|one| one.1).sum::<usize>()
            + decisions.len();
        let findings = compared
            .into_iter()
            .filter_map(|pair| pair.0)
            .chain(alone.into_iter().flat_map(|one| one.0))
            .chain(decisions);
        let findings: Vec<Finding> = findings.collect();
        Proof { meetings: self.meetings(&findings), findings, questions, pairs: pairs.len() }
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
            let (open, shown): (Vec<&Finding>, Vec<&Finding>) = findings
                .iter()
                .filter(different)
                .partition(|finding| matches!(finding.certainty, Certainty::Open(_)));
            Meetings {
                decision: at,
                ordered: !decision.order.is_empty(),
                shown: shown.len(),
                open: open.len(),
            }
        };
        decisions.map(of).collect()
    }

    fn governed(&self, at: usize) -> Answer {
        let frame = self.judgements.get(at).map_or(FrameId(0), |judgement| judgement.frame);
        self.ask(frame, &[Claim::Governs(at)])
    }

    /// For each frame, the rows that single sentences showed, and mixtures of them.
    fn pools(&self, first: &[Answer]) -> Pools {
        let mut shown: BTreeMap<FrameId, Vec<Arc<Witness>>> = BTreeMap::new();
        for (judgement, answer) in self.judgements.iter().zip(first) {
            if let Answer::Shown(witness) = answer {
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
    /// requirements that contradict them, and demands that conflict where a decision has no order.
    #[must_use]
    pub fn quick(&self) -> Vec<Finding> {
        let known = self.known();
        let all = 0..self.judgements.len();
        let dead = all
            .clone()
            .filter(|at| known.never(&[Claim::Governs(*at)]))
            .filter_map(|at| self.one(at, Kind::Dead, Answer::Never));
        let impossible = all
            .filter(|at| known.never(&[Claim::Kept(*at)]) && !known.never(&[Claim::Governs(*at)]));
        let impossible = impossible.filter_map(|at| self.one(at, Kind::Impossible, Answer::Never));
        let pools = Pools::default();
        let conflicts = self
            .unordered(&known)
            .into_iter()
            .take(TRIED)
            .filter_map(|(a, b, decision)| self.pair(&pools, a, b, decision).0);
        let conflicts = conflicts.filter(|finding| finding.kind == Kind::Conflict && finding.wrong);
        dead.chain(impossible).chain(conflicts).collect()
    }

    /// Pairs that demand different things of a decision without an order, and are not kept apart by
    /// single values.
    fn unordered(&self, known: &Known) -> Vec<(usize, usize, usize)> {
        let decisions = &self.graph.program.decisions;
        if decisions.iter().all(|decision| !decision.order.is_empty()) {
            return Vec::new();
        }
        let different = |a: usize, b: usize| {
            self.judgements.get(a).map(|one| one.demand)
                != self.judgements.get(b).map(|one| one.demand)
        };
        let open = |decision: usize| {
            decisions.get(decision).is_some_and(|decision| decision.order.is_empty())
        };
        let meet = |a, b| !known.never(&[Claim::Governs(a), Claim::Governs(b)]);
        self.pairs()
            .into_iter()
            .filter(|&(a, b, decision)| open(decision) && different(a, b) && meet(a, b))
            .collect()
    }

    /// Sentences that demand something of one decision, the one that is heard first.
    fn pairs(&self) -> Vec<(usize, usize, usize)> {
        let mut pairs = Vec::new();
        for (a, one) in self.judgements.iter().enumerate() {
            for (b, other) in self.judgements.iter().enumerate().skip(a + 1) {
                let (Some((decision, x)), Some((also, y))) = (one.demand, other.demand) else {
                    continue;
                };
                if decision != also {
                    continue;
                }
                let higher = self.rank(decision, y) < self.rank(decision, x);
                pairs.push(if higher { (b, a, decision) } else { (a, b, decision) });
            }
        }
        pairs
    }

    /// The place of a disposition in the order; those not in it come after.
    fn rank(&self, decision: usize, disposition: usize) -> usize {
        let order =
            self.graph.program.decisions.get(decision).map_or(&[][..], |decision| &decision.order);
        order.iter().position(|&at| at == disposition).unwrap_or(order.len())
    }

    fn pair(&self, pools: &Pools, a: usize, b: usize, decision: usize) -> (Option<Finding>, usize) {
        let Some(frame) = self.judgements.get(a).map(|judgement| judgement.frame) else {
            return (None, 0);
        };
        let ordered =
            self.graph.program.decisions.get(decision).is_some_and(|found| !found.order.is_empty());
        let agree = self.judgements.get(a).map(|one| one.demand)
            == self.judgements.get(b).map(|other| other.demand);
        let kind = match (agree, ordered) {
            (true, _) => Kind::Agreeing,
            (false, true) => Kind::Ordered,
            (false, false) => Kind::Conflict,
        };
        let finding = |kind, certainty, wrong| {
            Some(Finding {
                kind,
                certainty,
                sentences: vec![a, b],
                decision: Some(decision),
                wrong,
            })
        };
        match self.ask_with(pools, frame, &[Claim::Governs(a), Claim::Governs(b)]) {
            Answer::Shown(witness) => {
                (finding(kind, Certainty::Shown(witness), kind == Kind::Conflict), 1)
            }
            Answer::Open(limits) => (finding(kind, Certainty::Open(limits), false), 1),
            Answer::Never if !self.exempted(a) && !self.exempted(b) => (None, 1),
            Answer::Never => {
                match self.ask_with(pools, frame, &[Claim::Speaks(a), Claim::Speaks(b)]) {
                    Answer::Shown(witness) => {
                        (finding(Kind::Excepted, Certainty::Shown(witness), false), 2)
                    }
                    _ => (None, 2),
                }
            }
        }
    }

    fn exempted(&self, at: usize) -> bool {
        self.judgements.get(at).is_some_and(|judgement| !judgement.exemptions.is_empty())
    }

    fn article(&self, pools: &Pools, at: usize, governed: Answer) -> (Vec<Finding>, usize) {
        if let Some(dead) = self.one(at, Kind::Dead, governed) {
            return (vec![dead], 1);
        }
        let mut found = Vec::new();
        let (requirement, asked) = self.requirement(pools, at);
        found.extend(requirement);
        found.extend(self.idle_exception(pools, at));
        found.extend(self.idle_overrides(pools, at));
        found.extend(self.shadowed(pools, at));
        (found, asked + 4)
    }

    fn one(&self, at: usize, kind: Kind, answer: Answer) -> Option<Finding> {
        let (certainty, wrong) = match answer {
            Answer::Shown(_) => return None,
            Answer::Never => (Certainty::Proven, true),
            Answer::Open(limits) => (Certainty::Open(limits), false),
        };
        Some(Finding { kind, certainty, sentences: vec![at], decision: None, wrong })
    }

    fn requirement(&self, pools: &Pools, at: usize) -> (Option<Finding>, usize) {
        let required =
            matches!(self.sentence(at).map(|found| &found.1.clause), Some(Clause::Require { .. }));
        let Some(frame) =
            self.judgements.get(at).map(|judgement| judgement.frame).filter(|_| required)
        else {
            return (None, 0);
        };
        let impossible =
            self.one(at, Kind::Impossible, self.ask_with(pools, frame, &[Claim::Kept(at)]));
        if impossible.is_some() {
            return (impossible, 1);
        }
        (self.one(at, Kind::Unviolable, self.ask_with(pools, frame, &[Claim::Broken(at)])), 2)
    }

    fn idle_exception(&self, pools: &Pools, at: usize) -> Option<Finding> {
        self.sentence(at)?.1.exception?;
        let frame = self.judgements.get(at)?.frame;
        self.one(
            at,
            Kind::IdleException,
            self.ask_with(pools, frame, &[Claim::Speaks(at), Claim::Excepted(at)]),
        )
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
                let found = self.one(at, Kind::IdleOverride, answer)?;
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
        let mut claims = vec![Claim::Governs(at)];
        for (other, judgement) in self.judgements.iter().enumerate() {
            let Some((also, demanded)) =
                judgement.demand.filter(|demand| demand.0 == decision && other != at)
            else {
                continue;
            };
            if also == decision && demanded == disposition && other < at {
                claims.push(Claim::Unsure(other));
            } else if !found.order.is_empty()
                && self.rank(decision, demanded) < self.rank(decision, disposition)
            {
                claims.push(Claim::Silent(other));
            }
        }
        if claims.len() == 1 {
            return None;
        }
        self.one(at, Kind::Shadowed, self.ask_with(pools, own.frame, &claims))
    }

    /// Whether every row is spoken of.
    fn decision(&self, pools: &Pools, at: usize) -> Option<Finding> {
        let decision = self.graph.program.decisions.get(at)?;
        let speaking =
            |judgement: &Judgement| judgement.demand.is_some_and(|demand| demand.0 == at);
        let claims: Vec<Claim> = self
            .judgements
            .iter()
            .enumerate()
            .filter(|(_, judgement)| speaking(judgement))
            .map(|(index, _)| Claim::Silent(index))
            .collect();
        if claims.is_empty() {
            return None;
        }
        let (kind, certainty, wrong) = match self.ask_with(pools, decision.frame, &claims) {
            Answer::Shown(witness) => {
                (Kind::Gap, Certainty::Shown(witness), decision.otherwise.is_none())
            }
            Answer::Never => (Kind::Covered, Certainty::Proven, false),
            Answer::Open(limits) => (Kind::Gap, Certainty::Open(limits), false),
        };
        Some(Finding { kind, certainty, sentences: Vec::new(), decision: Some(at), wrong })
    }
}

impl Finding {
    /// The article of a sentence.
    #[must_use]
    pub fn articles(&self, judgements: &[Judgement]) -> Vec<ArticleId> {
        self.sentences
            .iter()
            .filter_map(|&at| judgements.get(at))
            .map(|judgement| judgement.article)
            .collect()
    }
}
