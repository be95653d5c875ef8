//! What a decision came to for a row: what is required, by which article, and what is open.

use super::{RuleId, Run};
use crate::finding::Outcome;
use crate::lowering::{Choice, DecisionPlan, Judgement};
use crate::program::{ArticleId, Unread};
use crate::value::Values;
use crate::verdict::Verdict;

impl Run {
    /// Whether a sentence governs a row; `None` where that is unknown.
    pub(crate) fn governs(&self, judgement: usize, row: usize) -> Option<bool> {
        let rails = self.policy.judgements.get(judgement)?.governs;
        if self.evaluator.holds(rails.t, row) {
            return Some(true);
        }
        self.evaluator.holds(rails.f, row).then_some(false)
    }

    /// The disposition required of a row, where that is known.
    pub(crate) fn required<'p>(&self, plan: &'p DecisionPlan, row: usize) -> Option<&'p Choice> {
        let choices = plan.options.iter().chain(&plan.otherwise);
        choices.into_iter().find(|choice| self.evaluator.holds(choice.required, row))
    }

    /// The disposition that a row declares.
    pub(crate) fn declared(&self, plan: &DecisionPlan, row: usize) -> Option<usize> {
        let decision = self.policy.program.decisions.get(plan.decision)?;
        let column = self.evaluator.frame(decision.frame)?.column(decision.field)?;
        match &column.values {
            Values::Ints(values) if column.present.get(row) => {
                values.get(row).and_then(|value| usize::try_from(*value).ok())
            }
            _ => None,
        }
    }

    /// The sentences of a decision that stand so for a row, in order of articles.
    pub(crate) fn demanding(
        &self,
        plan: &DecisionPlan,
        row: usize,
        governs: Option<bool>,
    ) -> Vec<usize> {
        let all = plan.options.iter().flat_map(|choice| choice.judgements.iter().copied());
        let mut found: Vec<usize> = all.filter(|at| self.governs(*at, row) == governs).collect();
        found.sort_unstable();
        found
    }

    /// The first sentence that governs the row and demands what is required.
    pub(crate) fn deciding(&self, plan: &DecisionPlan, row: usize) -> Option<usize> {
        let choice = self.required(plan, row)?;
        choice.judgements.iter().copied().filter(|at| self.governs(*at, row) == Some(true)).min()
    }

    /// The sentence that speaks for a decision's verdict: the first that demands what is required,
    /// meets in the conflict, or is unknown.
    pub(crate) fn speaking(&self, plan: &DecisionPlan, verdict: &Verdict) -> Option<usize> {
        let row = verdict.row as usize;
        let first = || self.demanding(plan, row, Some(true)).first().copied();
        let open = || self.open_demands(plan, row).first().copied();
        match verdict.outcome {
            Outcome::Conflict => first(),
            Outcome::Undetermined => open().or_else(|| self.deciding(plan, row)),
            _ => self.deciding(plan, row).or_else(first),
        }
    }

    /// The article of the first sentence before this one that makes the same demand of a row.
    pub(crate) fn demanded_before(&self, judgement: &Judgement, row: usize) -> Option<ArticleId> {
        let (decision, disposition) = judgement.demand?;
        let plan = self.policy.decisions.iter().find(|plan| plan.decision == decision)?;
        let choice = plan.options.iter().find(|choice| choice.disposition == disposition)?;
        let mut before = choice.judgements.iter().copied();
        let first = before.find(|at| self.governs(*at, row) == Some(true))?;
        self.policy.judgements.get(first).map(|first| first.article)
    }

    /// The sentences that leave it open what is required of a row, in order of articles: they might
    /// demand something and cannot be judged. Of a conflict, which those that demand what the row
    /// declares do not make worse, the others.
    pub(crate) fn open_demands(&self, plan: &DecisionPlan, row: usize) -> Vec<usize> {
        let mut open = self.demanding(plan, row, None);
        if self.evaluator.holds(plan.conflict, row) {
            let judgement = |at: &usize| self.policy.judgements.get(*at);
            open.retain(|at| judgement(at).is_some_and(|open| !self.is_met(plan, open, row)));
        }
        open
    }

    /// The same as sentences.
    pub(crate) fn open(&self, plan: &DecisionPlan, row: usize) -> Vec<&Judgement> {
        let open = self.open_demands(plan, row);
        open.into_iter().filter_map(|at| self.policy.judgements.get(at)).collect()
    }

    /// The sentences for want of which nobody knows what is required of a row: those that could not
    /// be understood.
    pub(crate) fn unread(&self, plan: &DecisionPlan, verdict: &Verdict) -> Vec<&Unread> {
        if verdict.outcome != Outcome::Undetermined
            || self.required(plan, verdict.row as usize).is_some()
        {
            return Vec::new();
        }
        plan.unread.iter().filter_map(|at| self.policy.program.unread.get(*at)).collect()
    }

    /// The rule a decision's verdict is reported under: the article that speaks, or the decision; of
    /// a conflict that is waived, the first article it is waived for.
    pub(crate) fn decided_by(&self, plan: &DecisionPlan, verdict: &Verdict) -> RuleId {
        let waived = verdict.outcome == Outcome::Waived;
        if waived && let Some(rule) = self.broken_in_clash(plan, verdict.row as usize).first() {
            return *rule;
        }
        let speaking = self.speaking(plan, verdict);
        let article = speaking.and_then(|at| self.policy.judgements.get(at));
        let article = article.map(|judgement| judgement.article);
        let unread = || self.unread(plan, verdict).iter().find_map(|unread| unread.article);
        let article = article.or_else(unread);
        article.map_or_else(|| RuleId::decision(plan.decision), RuleId::Article)
    }
}
