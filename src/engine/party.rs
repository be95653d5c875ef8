//! Who takes part in a finding: of a disposition several articles can be in conflict, or open; and
//! what waivers of some of them make of a conflict.

use super::{RowRef, RuleId, Run};
use crate::finding::Outcome;
use crate::lowering::{Choice, DecisionPlan, Judgement};
use crate::schema::FrameId;
use crate::value::Bits;
use crate::verdict::{Basis, Verdict};
use std::collections::{BTreeMap, BTreeSet};

impl Run {
    /// The other rules that a verdict about a disposition is of, but for the one it is reported
    /// under: articles that are in conflict; where nothing is known to be, rules of which it is not
    /// known what they demand. Each with what became of it.
    pub(crate) fn parties(&self, index: usize) -> BTreeMap<RuleId, Outcome> {
        let Some((verdict, plan)) = self.decided(index) else { return BTreeMap::new() };
        let of = match verdict.outcome {
            // What clashes beside it is another finding: it is waived.
            Outcome::Undetermined => Outcome::Undetermined,
            Outcome::Waived if !self.clashes(plan, verdict.row as usize) => return BTreeMap::new(),
            Outcome::Waived => Outcome::Waived,
            _ => Outcome::Conflict,
        };
        let others = self.rules_that(plan, verdict.row as usize, of).into_iter();
        others.filter(|rule| self.rule(index) != Some(*rule)).map(|rule| (rule, of)).collect()
    }

    /// The rules of which it is not known what they demand, beside a verdict that something is wrong
    /// with a disposition, which is sure without them.
    pub(crate) fn open_beside(&self, index: usize) -> BTreeSet<RuleId> {
        let broken = self.decided(index).filter(|(verdict, _)| verdict.outcome.is_broken());
        let open = broken.map(|(verdict, plan)| {
            self.rules_that(plan, verdict.row as usize, Outcome::Undetermined)
        });
        let mut open = open.unwrap_or_default();
        open.retain(|rule| self.rule(index) != Some(*rule));
        open
    }

    /// The rules of a decision of which this became for a row.
    pub(crate) fn rules_that(
        &self,
        plan: &DecisionPlan,
        row: usize,
        became: Outcome,
    ) -> BTreeSet<RuleId> {
        let mut rules: BTreeSet<RuleId> = self.speak_of(plan).collect();
        rules.retain(|rule| self.demand_outcome(plan, *rule, row) == became);
        rules
    }

    /// A verdict about a disposition, and the plan of its decision.
    fn decided(&self, index: usize) -> Option<(&Verdict, &DecisionPlan)> {
        let verdict = self.verdicts.get(index)?;
        Some((verdict, self.plan_of(verdict)?))
    }

    /// The rules of a decision: the articles that demand something of it, or may, and what is
    /// required where none speaks.
    pub(super) fn speak_of(&self, plan: &DecisionPlan) -> impl Iterator<Item = RuleId> {
        let demands = plan.options.iter().flat_map(|choice| &choice.judgements);
        let demands = demands.filter_map(|at| self.policy.judgements.get(*at));
        let rules = demands.map(|judgement| RuleId::Article(judgement.article));
        let unread = plan.unread.iter().filter_map(|at| self.program().unread.get(*at));
        let unread = unread.filter_map(|unread| unread.article).map(RuleId::Article);
        rules.chain(unread).chain([RuleId::decision(plan.decision)])
    }

    /// The plan of the decision that a verdict is about.
    pub(super) fn plan_of(&self, verdict: &Verdict) -> Option<&DecisionPlan> {
        match verdict.basis {
            Basis::Decision(at) => self.policy.decisions.get(at as usize),
            _ => None,
        }
    }

    pub(super) fn clashes(&self, plan: &DecisionPlan, row: usize) -> bool {
        self.evaluator.holds(plan.conflict, row)
    }

    /// The rules a waiver must name to allow a verdict; of a conflict, the articles whose
    /// disposition the row does not declare: what it declares breaks none that demands it.
    pub(super) fn broken_by(&self, index: usize) -> Vec<RuleId> {
        let Some(verdict) = self.verdicts.get(index) else { return Vec::new() };
        let row = verdict.row as usize;
        match self.plan_of(verdict).filter(|plan| self.clashes(plan, row)) {
            Some(plan) => self.broken_in_clash(plan, row).into_iter().collect(),
            None => self.rule(index).into_iter().collect(),
        }
    }

    /// The articles of a conflict that a row breaks; none where there is no conflict.
    pub(super) fn broken_in_clash(&self, plan: &DecisionPlan, row: usize) -> BTreeSet<RuleId> {
        if !self.clashes(plan, row) {
            return BTreeSet::new();
        }
        let demanding = self.demanding(plan, row, Some(true)).into_iter();
        let demanding = demanding.filter_map(|at| self.policy.judgements.get(at));
        let broken = demanding.filter(|judgement| !self.is_met(plan, judgement, row));
        broken.map(|judgement| RuleId::Article(judgement.article)).collect()
    }

    /// Whether a row declares what a sentence demands.
    pub(super) fn is_met(&self, plan: &DecisionPlan, judgement: &Judgement, row: usize) -> bool {
        let choice = choice(plan, judgement);
        choice.is_some_and(|choice| self.evaluator.holds(choice.declared.t, row))
    }

    /// Whether a sentence, of which it is not known whether it speaks for a row, demands what
    /// others demand of it anyway, or what is required where none speaks: nothing hangs on it.
    pub(super) fn is_demanded_anyway(&self, judgement: &Judgement, row: usize) -> bool {
        !self.evaluator.holds(judgement.governs.t, row)
            && self.like(judgement).any(|choice| self.evaluator.holds(choice.required, row))
    }

    /// The rows of which that is so, among some.
    pub(super) fn demanded_anyway(&self, judgement: &Judgement, among: &Bits) -> Bits {
        let none = Bits::uniform(among.len(), false);
        let required = self.like(judgement).map(|choice| self.evaluator.bits(choice.required));
        let required = required.fold(none, |rows, more| rows.or(&more));
        among.and(&required).and_not(&self.evaluator.bits(judgement.governs.t))
    }

    /// What asks for the disposition that a sentence demands.
    fn like(&self, judgement: &Judgement) -> impl Iterator<Item = &Choice> {
        let plan = self.plan_for(judgement).into_iter();
        let choices = plan.flat_map(|plan| plan.options.iter().chain(&plan.otherwise));
        let demanded = judgement.demand.map(|(_, disposition)| disposition);
        choices.filter(move |choice| Some(choice.disposition) == demanded)
    }

    /// Whether waivers allow a conflict: each article that the row breaks is waived for it. What
    /// demands the disposition that the row declares needs no waiver.
    pub(super) fn is_clash_waived(&self, plan: &DecisionPlan, row: usize) -> bool {
        let Some(decision) = self.program().decisions.get(plan.decision) else { return false };
        let at = RowRef { frame: decision.frame, row };
        let all_waived = || {
            let broken = self.broken_in_clash(plan, row);
            !broken.is_empty() && broken.iter().all(|rule| self.is_waived(*rule, at))
        };
        !self.waived.is_empty() && all_waived()
    }

    /// Whether, of a conflict that is waived, it is not known whether the row breaks another article
    /// besides: a waiver says nothing of it.
    pub(super) fn is_open_in_clash(&self, plan: &DecisionPlan, row: usize) -> bool {
        let declared = |disposition: usize| {
            let mut choices = plan.options.iter();
            let choice = choices.find(|choice| choice.disposition == disposition);
            choice.is_some_and(|choice| self.evaluator.holds(choice.declared.t, row))
        };
        let unread = plan.unread.iter().filter_map(|at| self.program().unread.get(*at));
        let mut demands = unread.flat_map(|unread| &unread.demands);
        !self.open_demands(plan, row).is_empty()
            || demands.any(|(of, demanded)| *of == plan.decision && !declared(*demanded))
    }

    /// The plan that a sentence demands a disposition of.
    pub(super) fn plan_for(&self, judgement: &Judgement) -> Option<&DecisionPlan> {
        let (decision, _) = judgement.demand?;
        self.policy.decisions.iter().find(|plan| plan.decision == decision)
    }

    /// The rows of a frame on which a sentence is in a conflict that is waived: those that break
    /// it, and those that meet it, whether it is known to speak for them or not.
    pub(super) fn waived_clashes(&self, judgement: &Judgement, frame: FrameId) -> [Bits; 2] {
        let none = || Bits::uniform(self.len(frame), false);
        let Some(plan) = self.plan_for(judgement).filter(|_| !self.waived.is_empty()) else {
            return [none(), none()];
        };
        let clash = self.evaluator.bits(judgement.outcomes.conflict);
        let open = crate::verdict::undetermined(&self.evaluator, judgement);
        let open = open.and(&self.evaluator.bits(plan.conflict));
        let all = clash.or(&open);
        let waived = all.iter().filter(|row| self.is_clash_waived(plan, *row));
        let (met, broken): (BTreeSet<usize>, BTreeSet<usize>) =
            waived.partition(|row| self.is_met(plan, judgement, *row));
        let [broken, met] =
            [broken, met].map(|rows| Bits::from_fn(self.len(frame), |row| rows.contains(&row)));
        [broken.and(&clash), met]
    }
}

/// The disposition that a sentence demands.
fn choice<'p>(plan: &'p DecisionPlan, judgement: &Judgement) -> Option<&'p Choice> {
    let (_, demanded) = judgement.demand?;
    plan.options.iter().find(|choice| choice.disposition == demanded)
}
