//! Outcomes counted: over every article, each row once.

use super::outcome::WORST;
use super::run::advises;
use super::{DecisionId, RowRef, RuleId, Run};
use crate::finding::{ArticleSummary, Counts, Outcome, Standing, Weight};
use crate::invariant::fit;
use crate::lowering::{DecisionPlan, Judgement, MeasurePlan};
use crate::program::{ArticleId, Clause};
use crate::schema::FrameId;
use crate::value::Bits;
use crate::verdict::{Basis, Verdict, decision_summaries, measure_summaries};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

impl Run {
    /// Counts the outcomes of every rule, and of all together.
    pub(super) fn count(&mut self) {
        let program = self.policy.program.clone();
        let mut articles = Vec::new();
        for (id, article) in (0..).map(ArticleId).zip(&program.articles) {
            let rows = article.sentences.iter().any(|sentence| self.len(sentence.frame) > 0);
            let standing = match (article.in_effect, article.whole) {
                (false, _) => Standing::NotInEffect,
                (true, false) => Standing::Faulty,
                (true, true) if !rows => Standing::NoRows,
                (true, true) => Standing::Judged,
            };
            let rule = RuleId::Article(id);
            articles.push(self.summary_of(rule, self.article_counts(id), standing));
        }
        let otherwise = |plan: &&DecisionPlan| plan.otherwise.is_some() && !self.is_idle(plan);
        for plan in self.policy.decisions.iter().filter(otherwise) {
            let rule = RuleId::decision(plan.decision);
            articles.push(self.summary_of(rule, self.otherwise_counts(plan), Standing::Otherwise));
        }
        self.summary.articles = articles;
        self.total();
    }

    /// A decision of a table without rows that no article demands anything of: there is nothing to
    /// say of it.
    fn is_idle(&self, plan: &DecisionPlan) -> bool {
        let decision = self.policy.program.decisions.get(plan.decision);
        plan.options.is_empty() && decision.is_some_and(|found| self.len(found.frame) == 0)
    }

    /// Sums the outcomes of the rules there are. What is found of a row is counted once, under the
    /// rule that it is reported under, however many take part in it.
    pub(super) fn total(&mut self) {
        let all: Counts = self.summary.articles.iter().map(|summary| summary.counts).sum();
        let Counts { satisfied, not_applicable, exempt, already, .. } = all;
        let mut totals = Counts { satisfied, not_applicable, exempt, already, ..Counts::default() };
        for (_, outcome, weight) in self.rows_with_findings() {
            totals.add(outcome, weight == Weight::Warning, 1);
        }
        self.summary.totals = totals;
    }

    /// Leaves in the summary what belongs to the rules asked for: their counts and what they add up
    /// to, their waivers, the decisions that they speak of, the measures of policies asked for.
    pub(super) fn summarise_only(&mut self, wanted: &BTreeSet<RuleId>) {
        let policy = self.policy.clone();
        let codes: BTreeSet<&str> = wanted.iter().map(|rule| policy.rules.code(*rule)).collect();
        self.summary.articles.retain(|summary| codes.contains(&*summary.article));
        self.summary.waivers.retain(|waiver| codes.contains(&*waiver.article));
        let asked = |plan: &&DecisionPlan| self.speak_of(plan).any(|rule| wanted.contains(&rule));
        let plans: Vec<DecisionPlan> = policy.decisions.iter().filter(asked).cloned().collect();
        self.summary.decisions = decision_summaries(&self.evaluator, &plans);
        let asked = |plan: &&MeasurePlan| {
            let measure = policy.program.measures.get(plan.measure);
            let module = measure.and_then(|measure| policy.program.modules.get(measure.module));
            module.is_some_and(|module| self.only.iter().any(|name| module.names.matches(name)))
        };
        let plans: Vec<MeasurePlan> = policy.measures.iter().filter(asked).cloned().collect();
        self.summary.measures = measure_summaries(&self.evaluator, &plans);
        self.total();
    }

    fn summary_of(&self, rule: RuleId, counts: Counts, standing: Standing) -> ArticleSummary {
        let rules = &self.policy.rules;
        ArticleSummary {
            article: rules.code(rule).to_owned(),
            heading: rules.heading(rule),
            counts,
            standing,
        }
    }

    /// Outcomes of an article: over the rows of each table or list that it speaks of, each row
    /// once, by the worst that its sentences came to.
    fn article_counts(&self, id: ArticleId) -> Counts {
        let mut frames: BTreeMap<FrameId, Vec<&Judgement>> = BTreeMap::new();
        for judgement in self.policy.judgements.iter().filter(|found| found.article == id) {
            frames.entry(judgement.frame).or_default().push(judgement);
        }
        let rows = |(frame, judgements): (FrameId, Vec<&Judgement>)| {
            let waived = self.waived_rows(RuleId::Article(id), frame);
            counted(&self.outcome_rows(frame, &judgements, &waived))
        };
        frames.into_iter().map(rows).sum()
    }

    /// The rows that the totals count a finding about, as they count them: for each rule that
    /// findings are reported under once, by the worst of them. Rows of lists are those of the list.
    pub(crate) fn rows_with_findings(&self) -> Vec<(RowRef, Outcome, Weight)> {
        let of_row = |(index, verdict): (usize, &Verdict)| {
            let rule = match verdict.basis {
                Basis::Judgement(_) | Basis::Decision(_) => self.rule(index)?,
                Basis::Article(_) | Basis::Hollow(_) | Basis::Waiver(_) => return None,
            };
            let advice =
                verdict.outcome == Outcome::Violated && self.weight(verdict) == Weight::Warning;
            let kind = (verdict.outcome, advice);
            let rank = WORST.iter().position(|worse| *worse == kind)?;
            Some((rule, verdict.at(), rank))
        };
        let mut found: Vec<(RuleId, RowRef, usize)> =
            self.verdicts.par_iter().enumerate().with_min_len(1024).filter_map(of_row).collect();
        found.par_sort_unstable();
        found.dedup_by_key(|(rule, row, _)| (*rule, *row));
        let counted = found.into_iter().filter_map(|(_, row, rank)| {
            let (outcome, advice) = *WORST.get(rank)?;
            Some((row, outcome, if advice { Weight::Warning } else { Weight::Error }))
        });
        counted.collect()
    }

    /// For each outcome of sentences about one frame, the rows of which it is the worst; advice
    /// not followed apart from other violations. `waived` are the rows for which their article is
    /// waived.
    fn outcome_rows(
        &self,
        frame: FrameId,
        judgements: &[&Judgement],
        waived: &Bits,
    ) -> Vec<(Row, Bits)> {
        let mut left = Bits::uniform(self.len(frame), true);
        let mut found = Vec::new();
        for (outcome, advice) in WORST {
            let mut rows = Bits::uniform(self.len(frame), false);
            for judgement in judgements {
                let advised = outcome == Outcome::Violated && advises(&self.policy, judgement);
                if advised == advice {
                    rows = rows.or(&self.rows_of(judgement, outcome, waived));
                }
            }
            let rows = rows.and(&left);
            left = left.and_not(&rows);
            found.push(((outcome, advice), rows));
        }
        found
    }

    /// The rows of an outcome of one sentence.
    fn rows_of(&self, judgement: &Judgement, outcome: Outcome, waived: &Bits) -> Bits {
        let bits = |node| self.evaluator.bits(node);
        let outcomes = judgement.outcomes;
        let refers = || {
            let sentence = self.policy.sentence(judgement);
            sentence.is_some_and(|sentence| matches!(sentence.clause, Clause::Refer(_)))
        };
        let none = || Bits::uniform(self.len(judgement.frame), false);
        let [broken, met] = self.waived_clashes(judgement, judgement.frame);
        let open = || crate::verdict::undetermined(&self.evaluator, judgement);
        match outcome {
            Outcome::Conflict => bits(outcomes.conflict).and_not(&broken).and_not(&met),
            Outcome::Violated if !refers() => bits(outcomes.violated).and_not(waived),
            Outcome::Waived if !refers() => bits(outcomes.violated).and(waived).or(&broken),
            Outcome::Referred if refers() => bits(outcomes.violated),
            Outcome::Undetermined => {
                let open = open();
                open.and_not(&self.demanded_anyway(judgement, &open)).and_not(&met)
            }
            Outcome::Satisfied => bits(outcomes.satisfied).or(&met),
            Outcome::AlreadyDemanded => {
                bits(outcomes.already).or(&self.demanded_anyway(judgement, &open()))
            }
            Outcome::Exempt => bits(outcomes.exempt),
            Outcome::NotApplicable => bits(outcomes.not_applicable),
            _ => none(),
        }
    }

    /// The rows of a frame that are waived for a rule.
    fn waived_rows(&self, rule: RuleId, frame: FrameId) -> Bits {
        let len = self.len(frame);
        let first = (rule, RowRef { frame: FrameId(0), row: 0 });
        if self.waived.range(first..).next().is_none_or(|((waived, _), _)| *waived != rule) {
            return Bits::uniform(len, false);
        }
        let waived = |row| self.waived.contains_key(&(rule, self.root(RowRef { frame, row })));
        Bits::from_fn(len, waived)
    }

    /// What a decision requires where no article speaks: the rows of its table, those an article
    /// speaks of counted as not applicable.
    fn otherwise_counts(&self, plan: &DecisionPlan) -> Counts {
        let decision = self.policy.program.decisions.get(plan.decision);
        let Some((decision, choice)) = decision.zip(plan.otherwise.as_ref()) else {
            return Counts::default();
        };
        let bits = |node| self.evaluator.bits(node);
        let (required, spoken) = (bits(choice.required), bits(plan.spoken));
        let satisfied = bits(choice.right).and(&bits(choice.declared.t)).and_not(&spoken);
        let violated = required.and(&bits(choice.declared.f));
        let waived =
            violated.and(&self.waived_rows(RuleId::decision(plan.decision), decision.frame));
        let open = Bits::uniform(required.len(), true);
        let open = open.and_not(&satisfied).and_not(&violated).and_not(&spoken);
        counted(&[
            ((Outcome::Satisfied, false), satisfied),
            ((Outcome::Violated, false), violated.and_not(&waived)),
            ((Outcome::NotApplicable, false), spoken),
            ((Outcome::Undetermined, false), open),
            ((Outcome::Waived, false), waived),
        ])
    }
}

/// An outcome, and whether it is advice.
type Row = (Outcome, bool);

fn counted(rows: &[(Row, Bits)]) -> Counts {
    let mut counts = Counts::default();
    for ((outcome, advice), rows) in rows {
        counts.add(*outcome, *advice, rows.count());
    }
    counts
}

impl RuleId {
    /// The rule of a decision by its index.
    #[must_use]
    pub fn decision(index: usize) -> Self {
        Self::Decision(DecisionId(fit(index)))
    }
}
