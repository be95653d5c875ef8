//! What held only because there was nothing to judge.

use super::{Basis, Verdict};
use crate::eval::Evaluator;
use crate::finding::Outcome;
use crate::lowering::Judgement;
use crate::program::ArticleId;
use crate::value::Bits;

/// Articles that speak of no row at all.
pub(super) fn vacuous(evaluator: &Evaluator, judgements: &[Judgement]) -> Vec<Verdict> {
    let program = &*evaluator.graph.program;
    let articles = (0..)
        .map(ArticleId)
        .zip(&program.articles)
        .filter(|(_, article)| article.in_effect && !article.sentences.is_empty());
    // Of rows that were lost nothing can be said.
    let lost = |judgement: &Judgement| {
        evaluator
            .frame(program.schema.root(judgement.frame))
            .is_some_and(|data| !data.whole && data.len == 0)
    };
    let idle = articles.filter(|(id, _)| {
        let own = || judgements.iter().filter(|judgement| judgement.article == *id);
        !own().all(lost)
            && own().all(|judgement| evaluator.bits(judgement.outcomes.not_applicable).all())
    });
    idle.map(|(id, _)| Verdict::about(Basis::Article(id), Outcome::Vacuous)).collect()
}

/// Sentences that some rows satisfy only because a list is empty.
pub(super) fn hollow(evaluator: &Evaluator, judgements: &[Judgement]) -> Vec<Verdict> {
    let all = (0_u32..)
        .zip(judgements)
        .filter(|(_, judgement)| !hollow_rows(evaluator, judgement).none());
    all.map(|(at, _)| Verdict::about(Basis::Hollow(at), Outcome::Hollow)).collect()
}

/// Rows that satisfy a sentence only because there is nothing that it speaks of.
#[must_use]
pub fn hollow_rows(evaluator: &Evaluator, judgement: &Judgement) -> Bits {
    let satisfied = evaluator.bits(judgement.outcomes.satisfied);
    judgement.hollow.map_or_else(
        || Bits::uniform(satisfied.len(), false),
        |rows| evaluator.bits(rows).and(&satisfied),
    )
}
