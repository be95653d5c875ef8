//! Rank 4: from columns of outcomes to verdicts on rows, and to figures over all of them.

mod measure;
mod show;
mod summary;
mod vacuity;

pub use measure::measure_summaries;
pub use show::Show;
pub use summary::decision_summaries;
pub use vacuity::hollow_rows;

use crate::data::Located;
use crate::eval::Evaluator;
use crate::finding::Outcome;
use crate::invariant::fit;
use crate::lowering::{DecisionPlan, Judgement, NodeId};
use crate::program::{ArticleId, Clause};
use crate::schema::FrameId;
use crate::value::Bits;
use rayon::prelude::*;

/// What a verdict is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Basis {
    /// A sentence, by index in the judgements.
    Judgement(u32),
    /// A decision, by index in the plans.
    Decision(u32),
    /// An article as a whole.
    Article(ArticleId),
    /// A sentence that some rows satisfy only because a list is empty, by index in the judgements.
    Hollow(u32),
    /// A waiver, by index.
    Waiver(u32),
}

/// One outcome worth saying.
#[derive(Clone, Copy, Debug)]
pub struct Verdict {
    /// What it is about.
    pub basis: Basis,
    /// The row's frame; meaningless for articles as such.
    pub frame: FrameId,
    /// The row.
    pub row: u32,
    /// What happened.
    pub outcome: Outcome,
}

impl Verdict {
    /// What is to be said of a rule or a waiver as such.
    #[must_use]
    pub fn about(basis: Basis, outcome: Outcome) -> Self {
        Self { basis, frame: FrameId(u32::MAX), row: 0, outcome }
    }
}

/// The nodes whose rows make verdicts and counts.
#[must_use]
pub fn roots(judgements: &[Judgement], decisions: &[DecisionPlan]) -> Vec<NodeId> {
    let of_judgement =
        |judgement: &Judgement| judgement.outcomes.nodes().into_iter().chain(judgement.hollow);
    let of_decision = |plan: &DecisionPlan| {
        let choices = plan.options.iter().chain(&plan.otherwise);
        choices
            .flat_map(|choice| {
                [choice.required, choice.right, choice.declared.t, choice.declared.f]
            })
            .chain([plan.conflict, plan.free, plan.spoken])
            .collect::<Vec<_>>()
    };
    judgements.iter().flat_map(of_judgement).chain(decisions.iter().flat_map(of_decision)).collect()
}

/// All verdicts that have something to say, in report order: file, then position, then article.
pub fn verdicts(
    evaluator: &Evaluator,
    judgements: &[Judgement],
    decisions: &[DecisionPlan],
    located: &dyn Located,
) -> Vec<Verdict> {
    let mut verdicts = Vec::new();
    for (index, judgement) in (0..).zip(judgements) {
        if judgement.demand.is_none() {
            of_judgement(evaluator, index, judgement, &mut verdicts);
        }
    }
    for (index, plan) in (0..).zip(decisions) {
        of_decision(evaluator, index, plan, &mut verdicts);
    }
    verdicts.par_sort_by_cached_key(|verdict| {
        (
            located.order(verdict.frame, verdict.row as usize),
            verdict.basis,
            verdict.frame,
            verdict.row,
        )
    });
    verdicts.extend(vacuity::vacuous(evaluator, judgements));
    verdicts.extend(vacuity::hollow(evaluator, judgements));
    verdicts
}

fn push(verdicts: &mut Vec<Verdict>, rows: &Bits, basis: Basis, frame: FrameId, outcome: Outcome) {
    verdicts.extend(rows.iter().map(|row| Verdict { basis, frame, row: fit(row), outcome }));
}

fn of_judgement(
    evaluator: &Evaluator,
    index: u32,
    judgement: &Judgement,
    verdicts: &mut Vec<Verdict>,
) {
    let article = evaluator.graph.program.article(judgement.article);
    let clause = article
        .and_then(|article| article.sentences.get(judgement.sentence))
        .map(|sentence| &sentence.clause);
    let broken = if matches!(clause, Some(Clause::Refer(_))) {
        Outcome::Referred
    } else {
        Outcome::Violated
    };
    let basis = Basis::Judgement(index);
    push(verdicts, &evaluator.bits(judgement.outcomes.violated), basis, judgement.frame, broken);
    push(
        verdicts,
        &undetermined(evaluator, judgement),
        basis,
        judgement.frame,
        Outcome::Undetermined,
    );
}

/// Rows of none of the known outcomes.
#[must_use]
pub fn undetermined(evaluator: &Evaluator, judgement: &Judgement) -> Bits {
    let len = evaluator.bits(judgement.outcomes.violated).len();
    let known = judgement.outcomes.nodes();
    known.iter().fold(Bits::uniform(len, true), |rows, node| rows.and_not(&evaluator.bits(*node)))
}

fn of_decision(
    evaluator: &Evaluator,
    index: u32,
    plan: &DecisionPlan,
    verdicts: &mut Vec<Verdict>,
) {
    let Some(decision) = evaluator.graph.program.decisions.get(plan.decision) else { return };
    let (basis, frame) = (Basis::Decision(index), decision.frame);
    let len = evaluator.bits(plan.conflict).len();
    let conflict = evaluator.bits(plan.conflict);
    let (mut wrong, mut settled) = (Bits::uniform(len, false), conflict.clone());
    for choice in plan.options.iter().chain(&plan.otherwise) {
        let required = evaluator.bits(choice.required);
        let bad = required.and(&evaluator.bits(choice.declared.f));
        settled = settled
            .or(&bad)
            .or(&evaluator.bits(choice.right).and(&evaluator.bits(choice.declared.t)));
        wrong = wrong.or(&bad);
    }
    if plan.otherwise.is_none() {
        // Without 否则, a row no article speaks of is free.
        settled = settled.or(&evaluator.bits(plan.free));
    }
    push(verdicts, &conflict, basis, frame, Outcome::Conflict);
    push(verdicts, &wrong, basis, frame, Outcome::Violated);
    push(verdicts, &settled.not(), basis, frame, Outcome::Undetermined);
}
