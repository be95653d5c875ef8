//! Why a row came out as it did: the facts that decided, for every outcome.

use super::expect::Target;
use crate::diagnostic::Bilingual;
use crate::engine::Run;
use crate::finding::Outcome;
use crate::lowering::Judgement;
use crate::program::{Clause, Sentence};
use crate::why::{Blame, Fact, Walker};

/// The facts blamed, by name: `LIST[0].FIELD`.
#[must_use]
pub fn blamed(run: &Run, target: Target, outcome: Outcome) -> Vec<Bilingual> {
    let facts = facts(run, target, outcome);
    facts.iter().filter_map(|fact| run.fact_name(*fact, (target.frame, target.row))).collect()
}

/// The sentence that speaks for an outcome.
#[must_use]
pub fn speaking(run: &Run, target: Target, outcome: Outcome) -> Option<(&Judgement, &Sentence)> {
    let program = run.program();
    let own = run.policy.judgements.iter().filter(|judgement| {
        Some(judgement.article) == target.article && judgement.frame == target.frame
    });
    let speaking =
        own.into_iter().find(|judgement| run.sentence_outcome(judgement, target.row) == outcome)?;
    Some((speaking, program.article(speaking.article)?.sentences.get(speaking.sentence)?))
}

/// The facts that made an outcome; for an undetermined one, those that are missing.
#[must_use]
pub fn facts(run: &Run, target: Target, outcome: Outcome) -> Vec<Fact> {
    let row = target.row;
    Walker::least(&run.evaluator, |walker| {
        if let Some((judgement, sentence)) = speaking(run, target, outcome) {
            if let (Some((decision, _)), Outcome::Violated | Outcome::Satisfied) =
                (judgement.demand, outcome)
                && let Some(decision) = run.program().decisions.get(decision)
            {
                walker.facts.push(Fact { frame: decision.frame, row, field: decision.field });
            }
            walk(walker, judgement, sentence, row, outcome);
        }
        if outcome == Outcome::Undetermined {
            open_demands(run, walker, target);
        }
    })
    .facts
}

fn walk(
    walker: &mut Walker<'_>,
    judgement: &Judgement,
    sentence: &Sentence,
    row: usize,
    outcome: Outcome,
) {
    let context = judgement.context;
    let (condition, exception, clause) = match outcome {
        Outcome::Violated | Outcome::Conflict | Outcome::Referred | Outcome::Waived => {
            (Some(Blame::True), Some(Blame::False), Some(Blame::False))
        }
        Outcome::Satisfied => (Some(Blame::True), Some(Blame::False), Some(Blame::True)),
        Outcome::Exempt => (Some(Blame::True), Some(Blame::True), None),
        Outcome::NotApplicable => (Some(Blame::False), None, None),
        Outcome::AlreadyDemanded => (Some(Blame::True), Some(Blame::False), None),
        Outcome::Vacuous | Outcome::Hollow | Outcome::Waiver => (None, None, None),
        Outcome::Undetermined => (Some(Blame::Unknown), Some(Blame::Unknown), Some(Blame::Unknown)),
    };
    if let (Clause::Require { modal, condition }, Some(want)) = (&sentence.clause, clause) {
        let want = match want {
            Blame::True if modal.is_negative() => Blame::False,
            Blame::False if modal.is_negative() => Blame::True,
            same => same,
        };
        walker.blame(*condition, context, row, want);
    }
    if let (Some(expr), Some(want)) = (sentence.condition, condition) {
        walker.blame(expr, context, row, want);
    }
    let beaten =
        |expr| outcome == Outcome::Exempt && walker.truth(expr, context, row) != Some(true);
    if let (Some(expr), Some(want)) = (sentence.exception.filter(|expr| !beaten(*expr)), exception)
    {
        walker.blame(expr, context, row, want);
    }
}

/// What is missing for the other articles that might demand something of the row.
fn open_demands(run: &Run, walker: &mut Walker<'_>, target: Target) {
    let program = run.program();
    for judgement in run
        .policy
        .judgements
        .iter()
        .filter(|judgement| judgement.demand.is_some() && judgement.frame == target.frame)
    {
        let known = run.evaluator.holds(judgement.governs.t, target.row)
            || run.evaluator.holds(judgement.governs.f, target.row);
        let sentence = program
            .article(judgement.article)
            .and_then(|article| article.sentences.get(judgement.sentence));
        if let (false, Some(sentence), true) = (known, sentence, demands(run, target)) {
            walk(walker, judgement, sentence, target.row, Outcome::Undetermined);
        }
    }
}

/// Whether a target is about a disposition.
fn demands(run: &Run, target: Target) -> bool {
    target.article.is_none_or(|article| {
        run.policy
            .judgements
            .iter()
            .any(|judgement| judgement.article == article && judgement.demand.is_some())
    })
}
