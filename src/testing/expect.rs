//! What a case states against what came of it.

use super::engine::{self, demanded, plan};
use super::file::{Case, Expectation};
use super::reason;
use crate::diagnostic::Bilingual;
use crate::engine::{RowRef, RuleId, Run};
use crate::finding::Outcome;
use crate::program::ArticleId;
use crate::schema::FrameId;

/// What an outcome is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target {
    /// The article; `None` for the disposition of the row.
    pub article: Option<ArticleId>,
    /// The row's frame.
    pub frame: FrameId,
    /// The row.
    pub row: usize,
}

impl Target {
    /// The row.
    #[must_use]
    pub fn at(self) -> RowRef {
        RowRef { frame: self.frame, row: self.row }
    }
}

/// One way in which a case came out otherwise than it states.
#[derive(Clone, Debug)]
pub enum Difference {
    /// Another outcome.
    Outcome(Target, usize, Outcome),
    /// It cannot be told: facts are missing, and the case does not state that it cannot.
    Undetermined(Target, usize),
    /// Another disposition, or none.
    Demanded(Target, usize, Option<Bilingual>),
    /// Other facts decided.
    Because(Target, usize, Vec<Bilingual>),
    /// A finding no expectation speaks of.
    Unexpected(Target, Outcome),
    /// An expectation about a row there is not.
    NoRow(usize),
    /// An expectation about an article there is not.
    NoArticle(usize),
    /// An article that says nothing about rows of this table.
    NotAbout(usize),
}

impl Difference {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Outcome(..) => "case_outcome",
            Self::Undetermined(..) => "case_undetermined",
            Self::Demanded(..) => "case_demanded",
            Self::Because(..) => "case_because",
            Self::Unexpected(..) => "case_unexpected",
            Self::NoRow(_) => "case_without_that_row",
            Self::NoArticle(_) => "unknown_article_name",
            Self::NotAbout(_) => "case_not_about_that_row",
        }
    }

    /// Whether the case could not be judged, rather than came out otherwise.
    #[must_use]
    pub fn is_error(&self) -> bool {
        matches!(
            self,
            Self::Undetermined(..) | Self::NoRow(_) | Self::NoArticle(_) | Self::NotAbout(_)
        )
    }
}

/// Compares a case of a policy with what it states.
#[must_use]
pub fn differences(run: &Run, module: usize, case: &Case) -> Vec<Difference> {
    let mut found = Vec::new();
    let mut stated = Vec::new();
    for (index, expectation) in case.expectations.iter().enumerate() {
        match target(run, module, expectation) {
            Ok(target) => {
                stated.push(target);
                compare(run, (index, expectation), target, &mut found);
            }
            Err(wrong) => found.push(wrong(index)),
        }
    }
    found.extend(
        findings(run, module)
            .into_iter()
            .filter(|found| !stated.iter().any(|own| is_of(run, *own, *found)))
            .map(|(target, got)| Difference::Unexpected(target, got)),
    );
    found
}

/// Whether a finding is the one that an expectation speaks of: a disposition that is broken is one
/// finding, of the row and of every article that demands it or meets in the conflict.
fn is_of(run: &Run, stated: Target, (found, got): (Target, Outcome)) -> bool {
    if stated == found {
        return true;
    }
    if stated.at() != found.at() || !got.is_broken() || outcome(run, stated) != got {
        return false;
    }
    let Some(decision) = plan(run, found.frame).map(|plan| plan.decision) else { return false };
    let of_it = |demand: &Option<usize>| *demand == Some(decision);
    broken_demands(run, stated).iter().any(of_it) && broken_demands(run, found).iter().all(of_it)
}

/// The decisions of the sentences of a target that are broken; `None` for a sentence that demands
/// no disposition.
fn broken_demands(run: &Run, target: Target) -> Vec<Option<usize>> {
    let Some(article) = target.article else {
        return plan(run, target.frame).map(|plan| Some(plan.decision)).into_iter().collect();
    };
    let own = run.policy.judgements.iter().filter(|judgement| {
        (judgement.article, judgement.frame) == (article, target.frame)
            && run.sentence_outcome(judgement, target.row).is_broken()
    });
    own.map(|judgement| judgement.demand.map(|(decision, _)| decision)).collect()
}

fn target(
    run: &Run,
    module: usize,
    expectation: &Expectation,
) -> Result<Target, fn(usize) -> Difference> {
    let path = expectation.path.as_deref();
    let row = engine::find(run, &expectation.table, &expectation.key, path);
    let RowRef { frame, row } = row.ok_or(Difference::NoRow as fn(usize) -> Difference)?;
    let article = match &expectation.article {
        None => None,
        Some(name) => match engine::article(&run.policy, module, name) {
            Some(id) => Some(id),
            None if is_decision(run, name) => None,
            None => return Err(Difference::NoArticle),
        },
    };
    let speaks = match article {
        Some(id) => run.program().article(id).is_some_and(|article| {
            article.sentences.iter().any(|sentence| sentence.frame == frame)
        }),
        None => plan(run, frame).is_some(),
    };
    if speaks { Ok(Target { article, frame, row }) } else { Err(Difference::NotAbout) }
}

fn compare(
    run: &Run,
    (index, expectation): (usize, &Expectation),
    target: Target,
    found: &mut Vec<Difference>,
) {
    let got = outcome(run, target);
    let open = got == Outcome::Undetermined && expectation.outcome != Some(Outcome::Undetermined);
    if expectation.outcome.is_some_and(|expected| expected != got) {
        found.push(if open {
            Difference::Undetermined(target, index)
        } else {
            Difference::Outcome(target, index, got)
        });
        return;
    }
    if let Some(expected) = &expectation.demanded {
        let plan = plan(run, target.frame);
        let demanded = plan.and_then(|plan| demanded(run, plan, target.row));
        if demanded
            .as_ref()
            .is_none_or(|demanded| demanded.zh != *expected && demanded.en != *expected)
        {
            let untold = demanded.is_none()
                && plan.is_some_and(|plan| {
                    run.disposition_outcome(plan, target.row) == Outcome::Undetermined
                });
            let stated = expectation.outcome == Some(Outcome::Undetermined);
            found.push(match untold && !stated {
                true => Difference::Undetermined(target, index),
                false => Difference::Demanded(target, index, demanded),
            });
        }
    }
    match &expectation.because {
        Some(_) if open => found.push(Difference::Undetermined(target, index)),
        Some(expected) => {
            let blamed = reason::blamed(run, target, got);
            let same = |name: &String, fact: &Bilingual| fact.zh == *name || fact.en == *name;
            let all = expected.iter().all(|name| blamed.iter().any(|fact| same(name, fact)));
            if !all || expected.len() != blamed.len() {
                found.push(Difference::Because(target, index, blamed));
            }
        }
        None => {}
    }
}

/// Whether a name is that of a decision.
fn is_decision(run: &Run, name: &str) -> bool {
    matches!(run.policy.rules.named(name), Ok(RuleId::Decision(_)))
}

/// What came of what an expectation speaks of: the outcome, and the disposition that is required.
#[must_use]
pub fn came(
    run: &Run,
    module: usize,
    expectation: &Expectation,
) -> Option<(Outcome, Option<Bilingual>)> {
    let target = target(run, module, expectation).ok()?;
    let plan = plan(run, target.frame);
    Some((outcome(run, target), plan.and_then(|plan| demanded(run, plan, target.row))))
}

/// What became of a target.
#[must_use]
pub fn outcome(run: &Run, target: Target) -> Outcome {
    match target.article {
        Some(article) => run.outcome(RuleId::Article(article), target.at()),
        None => plan(run, target.frame)
            .map_or(Outcome::NotApplicable, |plan| run.disposition_outcome(plan, target.row)),
    }
}

/// Every finding of the policy under test itself.
#[must_use]
pub fn findings(run: &Run, module: usize) -> Vec<(Target, Outcome)> {
    let program = run.program();
    let mut found: Vec<(Target, Outcome)> = Vec::new();
    for judgement in &run.policy.judgements {
        if program.article(judgement.article).is_none_or(|article| article.module != module) {
            continue;
        }
        for row in run.evaluator.bits(judgement.outcomes.violated).iter() {
            let target = Target { article: Some(judgement.article), frame: judgement.frame, row };
            if !found.iter().any(|(other, _)| *other == target) {
                found.push((target, outcome(run, target)));
            }
        }
    }
    for plan in &run.policy.decisions {
        let Some(decision) =
            program.decisions.get(plan.decision).filter(|decision| decision.module == module)
        else {
            continue;
        };
        for row in 0..run.len(decision.frame) {
            let got = run.disposition_outcome(plan, row);
            // What another policy of the project demands is that policy's.
            let deciding = run.deciding(plan, row).and_then(|at| run.policy.judgements.get(at));
            let article = deciding.and_then(|judgement| program.article(judgement.article));
            if got.is_broken() && article.is_none_or(|article| article.module == module) {
                found.push((Target { article: None, frame: decision.frame, row }, got));
            }
        }
    }
    found
}
