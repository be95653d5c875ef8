//! What became of a rule for a row. Every command and every format asks here, so that all say the
//! same of one row.

use super::run::advises;
use super::{RowRef, RuleId, Run};
use crate::finding::Outcome;
use crate::lowering::{DecisionPlan, Judgement};
use crate::program::{ArticleId, Clause};

/// Outcomes of several sentences of one article for one row, and whether the sentence only
/// advises, the one that stands for all first: as grave as the exit code is.
pub(super) const WORST: [(Outcome, bool); 10] = [
    (Outcome::Conflict, false),
    (Outcome::Violated, false),
    (Outcome::Referred, false),
    (Outcome::Undetermined, false),
    (Outcome::Violated, true),
    (Outcome::Waived, false),
    (Outcome::Satisfied, false),
    (Outcome::AlreadyDemanded, false),
    (Outcome::Exempt, false),
    (Outcome::NotApplicable, false),
];

/// The outcome that stands for several.
fn worst(outcomes: impl IntoIterator<Item = (Outcome, bool)>) -> Option<Outcome> {
    let rank = |outcome: &(Outcome, bool)| WORST.iter().position(|worse| worse == outcome);
    outcomes.into_iter().min_by_key(rank).map(|(outcome, _)| outcome)
}

impl Run {
    /// What became of a rule for a row of a frame it speaks of; of an article with several
    /// sentences about the row, the worst. Not applicable where the article is not in effect, and
    /// of a decision where an article speaks.
    ///
    /// # Examples
    ///
    /// ```
    /// use fanshi::{FrameId, Options, Outcome, Project, RowRef};
    ///
    /// let run = Project::read("examples/library".as_ref()).run(&Options::default());
    /// let thick = run.policy.rules.named("thick").unwrap();
    /// let outcome = |row| run.outcome(thick, RowRef { frame: FrameId(1), row });
    /// assert_eq!((outcome(0), outcome(1)), (Outcome::Satisfied, Outcome::Violated));
    /// ```
    #[must_use]
    pub fn outcome(&self, rule: RuleId, row: RowRef) -> Outcome {
        match rule {
            RuleId::Article(article) => self.of_article(article, row),
            RuleId::Decision(id) => {
                let plan = self.policy.decisions.iter().find(|plan| plan.decision == id.0 as usize);
                plan.map_or(Outcome::NotApplicable, |plan| self.otherwise(plan, row.row))
            }
        }
    }

    fn of_article(&self, article: ArticleId, row: RowRef) -> Outcome {
        let own = self
            .policy
            .judgements
            .iter()
            .filter(|judgement| judgement.article == article && judgement.frame == row.frame);
        worst(own.map(|judgement| {
            let outcome = self.sentence_outcome(judgement, row.row);
            (outcome, outcome == Outcome::Violated && advises(&self.policy, judgement))
        }))
        .unwrap_or(Outcome::NotApplicable)
    }

    /// What became of one sentence for a row of its frame.
    #[must_use]
    pub fn sentence_outcome(&self, judgement: &Judgement, row: usize) -> Outcome {
        let outcomes = judgement.outcomes;
        let rule = RuleId::Article(judgement.article);
        let allowed = |waived: bool, outcome| if waived { Outcome::Waived } else { outcome };
        let waived = || self.is_waived(rule, RowRef { frame: judgement.frame, row });
        let clash = || self.plan_for(judgement).filter(|plan| self.is_clash_waived(plan, row));
        let refers = self
            .policy
            .sentence(judgement)
            .is_some_and(|sentence| matches!(sentence.clause, Clause::Refer(_)));
        let violated = if refers { Outcome::Referred } else { Outcome::Violated };
        let known = [
            (outcomes.conflict, Outcome::Conflict),
            (outcomes.violated, violated),
            (outcomes.satisfied, Outcome::Satisfied),
            (outcomes.already, Outcome::AlreadyDemanded),
            (outcomes.exempt, Outcome::Exempt),
            (outcomes.not_applicable, Outcome::NotApplicable),
        ];
        let found = known.into_iter().find(|(node, _)| self.evaluator.holds(*node, row));
        match found.map(|(_, outcome)| outcome) {
            Some(Outcome::Conflict) => match clash() {
                // What the row declares meets it: others are waived.
                Some(plan) if self.is_met(plan, judgement, row) => Outcome::Satisfied,
                Some(_) => Outcome::Waived,
                None => Outcome::Conflict,
            },
            Some(Outcome::Violated) => allowed(waived(), Outcome::Violated),
            Some(outcome) => outcome,
            // Whether it speaks for the row or not: what the row declares meets it.
            None if clash().is_some_and(|plan| self.is_met(plan, judgement, row)) => {
                Outcome::Satisfied
            }
            None if self.is_demanded_anyway(judgement, row) => Outcome::AlreadyDemanded,
            None => Outcome::Undetermined,
        }
    }

    /// What became of the disposition of a row, whichever rule requires it: not applicable where
    /// none does.
    #[must_use]
    pub fn disposition_outcome(&self, plan: &DecisionPlan, row: usize) -> Outcome {
        let holds = |node| self.evaluator.holds(node, row);
        let waived = || {
            let decision = self.policy.program.decisions.get(plan.decision);
            let rules = self.demanding(plan, row, Some(true)).into_iter();
            let rules = rules.filter_map(|at| self.policy.judgements.get(at));
            let mut rules = rules
                .map(|judgement| RuleId::Article(judgement.article))
                .chain([RuleId::decision(plan.decision)]);
            decision.is_some_and(|decision| {
                rules.any(|rule| self.is_waived(rule, RowRef { frame: decision.frame, row }))
            })
        };
        let broken = |outcome| if waived() { Outcome::Waived } else { outcome };
        if holds(plan.conflict) {
            return match self.is_clash_waived(plan, row) {
                false => Outcome::Conflict,
                true if self.is_open_in_clash(plan, row) => Outcome::Undetermined,
                true => Outcome::Waived,
            };
        }
        let Some(choice) = self.required(plan, row) else {
            let right =
                |choice: &&crate::lowering::Choice| holds(choice.right) && holds(choice.declared.t);
            if plan.options.iter().chain(&plan.otherwise).any(|choice| right(&choice)) {
                return Outcome::Satisfied;
            }
            if plan.otherwise.is_some() || !holds(plan.free) {
                return Outcome::Undetermined;
            }
            let stands = plan.as_declared && self.declared(plan, row).is_some();
            return if stands { Outcome::Satisfied } else { Outcome::NotApplicable };
        };
        if holds(choice.declared.f) {
            broken(Outcome::Violated)
        } else if holds(choice.declared.t) {
            Outcome::Satisfied
        } else {
            Outcome::Undetermined
        }
    }

    /// What became of what a rule demands of one decision, for a row: whatever else its article
    /// says of the row.
    pub(super) fn demand_outcome(&self, plan: &DecisionPlan, rule: RuleId, row: usize) -> Outcome {
        let RuleId::Article(article) = rule else { return self.otherwise(plan, row) };
        let demands = plan.options.iter().flat_map(|choice| &choice.judgements);
        let demands = demands.filter_map(|at| self.policy.judgements.get(*at));
        let own = demands.filter(|judgement| judgement.article == article);
        worst(own.map(|judgement| (self.sentence_outcome(judgement, row), false)))
            .unwrap_or(Outcome::NotApplicable)
    }

    /// What became of a row where only 否则 speaks.
    fn otherwise(&self, plan: &DecisionPlan, row: usize) -> Outcome {
        if plan.otherwise.is_none() || self.evaluator.holds(plan.spoken, row) {
            return Outcome::NotApplicable;
        }
        self.disposition_outcome(plan, row)
    }

    /// The rules and rows of tables that waivers cover, in order.
    pub fn waived_pairs(&self) -> impl Iterator<Item = (RuleId, RowRef)> + '_ {
        self.waived.keys().copied()
    }

    /// Whether a waiver that holds covers a rule for a row, or for the row an element lies in.
    pub(super) fn is_waived(&self, rule: RuleId, row: RowRef) -> bool {
        !self.waived.is_empty() && self.waived.contains_key(&(rule, self.root(row)))
    }
}
