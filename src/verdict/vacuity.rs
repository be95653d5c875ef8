//! What held only because there was nothing to judge.

use super::{Basis, Verdict};
use crate::eval::Evaluator;
use crate::finding::Outcome;
use crate::lowering::Judgement;
use crate::program::ArticleId;
use crate::schema::FrameId;
use crate::value::Bits;

/// Articles that speak of no row at all.
pub(super) fn vacuous(evaluator: &Evaluator<'_>, judgements: &[Judgement]) -> Vec<Verdict> {
    let program = evaluator.graph.program;
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
    idle.map(|(id, _)| Verdict {
        basis: Basis::Article(id),
        frame: FrameId(u32::MAX),
        row: 0,
        outcome: Outcome::Vacuous,
    })
    .collect()
}

/// Sentences that some rows satisfy only because a list is empty.
pub(super) fn hollow(evaluator: &Evaluator<'_>, judgements: &[Judgement]) -> Vec<Verdict> {
    let all = (0_u32..)
        .zip(judgements)
        .filter(|(_, judgement)| !hollow_rows(evaluator, judgement).none());
    all.map(|(at, _)| Verdict {
        basis: Basis::Hollow(at),
        frame: FrameId(u32::MAX),
        row: 0,
        outcome: Outcome::Vacuous,
    })
    .collect()
}

pub(super) fn hollow_rows(evaluator: &Evaluator<'_>, judgement: &Judgement) -> Bits {
    let satisfied = evaluator.bits(judgement.outcomes.satisfied);
    judgement.hollow.map_or_else(
        || Bits::uniform(satisfied.len(), false),
        |rows| evaluator.bits(rows).and(&satisfied),
    )
}
