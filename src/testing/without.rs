//! Outcomes that no case of an article shows: of each of its sentences by itself.

use crate::diagnostic::Bilingual;
use crate::engine::Policy;
use crate::finding::Outcome;
use crate::program::{ArticleId, Clause, Sentence};
use crate::prove::{Answer, Claim, Prover, Side};
use crate::schema::FrameId;
use crate::text::Span;
use std::collections::{BTreeMap, BTreeSet};

/// Outcomes that an article can have as it is written, and for which no row was found.
#[derive(Debug)]
pub struct Without {
    /// The article's heading; where it has several sentences, with which of them it is.
    pub article: Bilingual,
    /// The outcomes.
    pub outcomes: Vec<Outcome>,
}

/// What a case shows.
pub struct Reached {
    /// The article it was made for.
    pub article: ArticleId,
    /// Its sentence, by index of judgements.
    pub sentence: usize,
    /// What it is at the boundary of; `None` where a fact is missing.
    pub side: Option<Side>,
    /// What came of it.
    pub got: Outcome,
}

/// A sentence of an article, with its index among the judgements.
type Own<'p> = (usize, &'p Sentence);

/// What came of none of the cases, of all that the articles can come to as they are written.
pub fn without(policy: &Policy, asked: &[ArticleId], reached: &[Reached]) -> Vec<Without> {
    let mut found = Vec::new();
    for id in asked {
        let Some(article) = policy.program.article(*id) else { continue };
        let judgements = policy.judgements.iter().enumerate();
        let own = judgements.filter(|(_, judgement)| judgement.article == *id);
        let own: Vec<Own<'_>> =
            own.filter_map(|(at, judgement)| Some((at, policy.sentence(judgement)?))).collect();
        let heading = policy.heading(article);
        let reached: Vec<&Reached> = reached.iter().filter(|case| case.article == *id).collect();
        let silent = reached.iter().any(|case| case.got == Outcome::NotApplicable);
        let unseen = !silent && can_be_silent(policy, &own);
        if let [one] = own.as_slice() {
            let mut outcomes = of_sentence(*one, &reached);
            if unseen {
                // Before what exempts.
                let at = outcomes.iter().position(|one| *one == Outcome::Exempt);
                outcomes.insert(at.unwrap_or(outcomes.len()), Outcome::NotApplicable);
            }
            found.push(Without { article: heading, outcomes });
            continue;
        }
        for one in &own {
            let article = named(policy, &heading, (*one, &own));
            found.push(Without { article, outcomes: of_sentence(*one, &reached) });
        }
        let outcomes = if unseen { vec![Outcome::NotApplicable] } else { Vec::new() };
        found.push(Without { article: heading, outcomes });
    }
    found.retain(|found| !found.outcomes.is_empty());
    found
}

/// What no case shows of a sentence that applies.
fn of_sentence((at, sentence): Own<'_>, reached: &[&Reached]) -> Vec<Outcome> {
    let refers = matches!(sentence.clause, Clause::Refer(_));
    let possible = [
        (Outcome::Satisfied, !refers),
        (Outcome::Violated, !refers),
        (Outcome::Referred, refers),
        (Outcome::Exempt, sentence.exception.is_some()),
    ];
    // Another sentence may have made the row what it is.
    let fits = |case: &Reached, wanted: Outcome| match wanted {
        Outcome::Satisfied => matches!(case.side, Some(Side::Kept | Side::KeptBy(_))),
        Outcome::Violated => matches!(case.side, Some(Side::Broken | Side::Because(_))),
        Outcome::Exempt => matches!(case.side, Some(Side::Excepted(_))),
        _ => true,
    };
    let seen = |wanted: Outcome| {
        let mut own = reached.iter().filter(|case| case.sentence == at && case.got == wanted);
        own.any(|case| fits(case, wanted))
    };
    let unseen = possible.into_iter().filter(|(wanted, can)| *can && !seen(*wanted));
    unseen.map(|(wanted, _)| wanted).collect()
}

/// Whether an article can have nothing to say of a row: not where one of its sentences speaks of
/// every row, nor where there always is one that does.
fn can_be_silent(policy: &Policy, own: &[Own<'_>]) -> bool {
    let (graph, judgements) = (&policy.graph, &*policy.judgements);
    let prover = Prover { graph, judgements, today: policy.today };
    let mut frames: BTreeMap<FrameId, Vec<Own<'_>>> = BTreeMap::new();
    for one in own {
        frames.entry(one.1.frame).or_default().push(*one);
    }
    frames.into_iter().any(|(frame, sentences)| {
        let claim = |(at, sentence): &Own<'_>| {
            let part = sentence.condition?;
            Some(Claim::Part { at: *at, part, holds: false })
        };
        let claims: Option<Vec<Claim>> = sentences.iter().map(claim).collect();
        claims.is_some_and(|claims| !matches!(prover.ask(frame, &claims), Answer::Never))
    })
}

/// `第一条 限 第 2 句`; with the rows it speaks of, where it speaks of several.
fn named(
    policy: &Policy,
    heading: &Bilingual,
    ((_, sentence), own): (Own<'_>, &[Own<'_>]),
) -> Bilingual {
    let spans: BTreeSet<Span> = own.iter().map(|(_, sentence)| sentence.span).collect();
    let same = own.iter().filter(|(_, other)| other.span == sentence.span).count();
    let mut name = heading.clone();
    if spans.len() > 1 {
        let number = spans.iter().position(|span| *span == sentence.span).map_or(1, |at| at + 1);
        name.zh.push_str(&format!(" 第 {number} 句"));
        name.en.push_str(&format!(", sentence {number}"));
    }
    if let Some(frame) = policy.schema().frame(sentence.frame).filter(|_| same > 1) {
        name.zh.push_str(&format!("（{}）", frame.names.zh()));
        name.en.push_str(&format!(" ({})", frame.names.en()));
    }
    name
}
