//! Two sentences that speak of one row: demands that meet, requirements that contradict each other.

use super::finding::{Certainty, Finding, Kind};
use super::pool::Pools;
use super::question::{Answer, Claim, Prover};
use super::survey::Asked;
use super::witness::Witness;
use super::world::Limit;
use crate::program::{Clause, ExprKind};
use crate::schema::{FieldId, FrameId};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Something that a sentence reads: a field, or a list as a whole.
type Touched = (FrameId, Option<FieldId>);

impl Prover<'_> {
    /// Sentences that demand something of one decision, the one that is heard first.
    pub(super) fn pairs(&self) -> Vec<(usize, usize, usize)> {
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
    pub(super) fn rank(&self, decision: usize, disposition: usize) -> usize {
        let order =
            self.graph.program.decisions.get(decision).map_or(&[][..], |decision| &decision.order);
        order.iter().position(|&at| at == disposition).unwrap_or(order.len())
    }

    /// Whether two demands meet.
    pub(super) fn pair(&self, pools: &Pools, a: usize, b: usize, decision: usize) -> Asked {
        let Some(frame) = self.frame(a) else { return (None, 0) };
        let ordered =
            self.graph.program.decisions.get(decision).is_some_and(|found| !found.order.is_empty());
        let demand = |at: usize| self.judgements.get(at).map(|one| one.demand);
        let kind = match (demand(a) == demand(b), ordered) {
            (true, _) => Kind::Agreeing,
            (false, true) => Kind::Ordered,
            (false, false) => Kind::Conflict,
        };
        let finding = |kind, certainty, wrong| Finding {
            kind,
            certainty,
            sentences: vec![a, b],
            decision: Some(decision),
            wrong,
            except: BTreeSet::new(),
        };
        match self.ask_with(pools, frame, &[Claim::Governs(a), Claim::Governs(b)]) {
            Answer::Shown(witness) => {
                let shown = self.shown(witness, &[Claim::Governs(a), Claim::Governs(b)]);
                let wrong = kind == Kind::Conflict && matches!(shown, Certainty::Shown(_));
                (Some(finding(kind, shown, wrong)), 1)
            }
            Answer::Open(limits) => (Some(finding(kind, Certainty::Open(limits), false)), 1),
            Answer::Never | Answer::ByKeys if !self.exempted(a) && !self.exempted(b) => (None, 1),
            Answer::Never | Answer::ByKeys => {
                let spoken = [Claim::Speaks(a), Claim::Speaks(b)];
                let answer = self.ask_with(pools, frame, &spoken);
                let Answer::Shown(witness) = answer else { return (None, 2) };
                (Some(finding(Kind::Excepted, self.shown(witness, &spoken), false)), 2)
            }
        }
    }

    fn exempted(&self, at: usize) -> bool {
        self.judgements.get(at).is_some_and(|judgement| !judgement.exemptions.is_empty())
    }

    /// Sentences that require something of one row, or of a row and of one it is nested in, and
    /// read something in common: what others require can be met apart.
    pub(super) fn required_pairs(&self) -> Vec<(usize, usize)> {
        let all: Vec<(usize, FrameId, BTreeSet<Touched>)> = (0..self.judgements.len())
            .filter(|at| self.requires(*at))
            .filter_map(|at| Some((at, self.frame(at)?, self.touched(at))))
            .collect();
        let mut pairs = Vec::new();
        for (place, (a, one, reads)) in all.iter().enumerate() {
            for (b, other, also) in all.iter().skip(place + 1) {
                let near = self.ancestor(*one, *other) || self.ancestor(*other, *one);
                if near && !reads.is_disjoint(also) {
                    pairs.push((*a, *b));
                }
            }
        }
        pairs
    }

    /// Demands, each with the requirements that read the field it decides.
    pub(super) fn demanded_pairs(&self) -> Vec<(usize, usize)> {
        let decided: Vec<(usize, Touched)> = (0..)
            .zip(self.judgements)
            .filter_map(|(at, judgement)| {
                let decision = self.graph.program.decisions.get(judgement.demand?.0)?;
                Some((at, (decision.frame, Some(decision.field))))
            })
            .collect();
        let requirements = (0..self.judgements.len()).filter(|at| self.requires(*at));
        let mut pairs = Vec::new();
        for (b, other, reads) in
            requirements.filter_map(|at| Some((at, self.frame(at)?, self.touched(at))))
        {
            for (a, field) in decided.iter().filter(|(_, field)| reads.contains(field)) {
                if self.ancestor(field.0, other) || self.ancestor(other, field.0) {
                    pairs.push((*a, b));
                }
            }
        }
        pairs
    }

    /// What a sentence reads, through definitions and other rows.
    fn touched(&self, at: usize) -> BTreeSet<Touched> {
        let program = &self.graph.program;
        let stated = self.sentence(at).into_iter().flat_map(|(_, sentence)| sentence.stated());
        let touched = |id| match &program.expr(id).kind {
            ExprKind::Field { frame, field, .. } => Some((*frame, Some(*field))),
            ExprKind::Quantify { list, .. } | ExprKind::Lookup { list, .. } => {
                Some((list.frame(), None))
            }
            ExprKind::Trace(trace) => Some((trace.list.frame(), None)),
            ExprKind::NetElapsed(net) => Some((net.list.frame(), None)),
            ExprKind::Nearest(nearest) => Some((nearest.frame, None)),
            ExprKind::Chain(chain) => Some((chain.frame, None)),
            _ => None,
        };
        program.reached(stated).filter_map(touched).collect()
    }

    /// Whether two requirements, or a demand and a requirement, contradict each other: each can be
    /// met where both govern, and both together cannot.
    pub(super) fn contradiction(&self, pools: &Pools, a: usize, b: usize) -> Asked {
        let (Some(one), Some(other)) = (self.frame(a), self.frame(b)) else { return (None, 0) };
        let frame = if self.ancestor(one, other) { one } else { other };
        let finding = |certainty, wrong| Finding {
            kind: Kind::Contradiction,
            certainty,
            sentences: vec![a, b],
            decision: None,
            wrong,
            except: BTreeSet::new(),
        };
        match self.ask_with(pools, frame, &[Claim::Kept(a), Claim::Kept(b)]) {
            Answer::Shown(_) => return (None, 1),
            // A demand is kept in no row that is shown where an earlier one demands the same.
            Answer::Open(_) if !self.requires(a) => return (None, 1),
            Answer::Open(limits) => return (Some(finding(Certainty::Open(limits), false)), 1),
            Answer::Never | Answer::ByKeys => {}
        }
        let mut shown = None;
        let mut open = None;
        for claims in [[Claim::Governs(a), Claim::Kept(b)], [Claim::Kept(a), Claim::Governs(b)]] {
            match self.ask_with(pools, frame, &claims) {
                Answer::Shown(witness) => shown = Some(self.shown(witness, &claims)),
                Answer::Open(limits) => open = Some(limits),
                Answer::Never | Answer::ByKeys => return (None, 3),
            }
        }
        match (shown, open) {
            (_, Some(limits)) => (Some(finding(Certainty::Open(limits), false)), 3),
            (Some(shown), None) => {
                let wrong = matches!(shown, Certainty::Shown(_));
                (Some(finding(shown, wrong)), 3)
            }
            (None, None) => (None, 3),
        }
    }

    /// That a witness shows claims, once the readers have it.
    pub(super) fn shown(&self, witness: Arc<Witness>, claims: &[Claim]) -> Certainty {
        if self.confirms(&witness, claims) {
            Certainty::Shown(witness)
        } else {
            Certainty::Open(BTreeSet::from([Limit::Effort]))
        }
    }

    /// Whether either of two sentences only advises.
    pub(super) fn advises(&self, sentences: &[usize]) -> bool {
        sentences.iter().any(|at| {
            matches!(self.sentence(*at).map(|found| &found.1.clause),
                Some(Clause::Require { modal, .. }) if modal.is_advice())
        })
    }
}
