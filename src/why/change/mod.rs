//! What would bring another disposition about: the fewest facts that would have to be otherwise.
//!
//! Facts are the cells that the conditions, exceptions and overriding articles of a decision can
//! read at the row: its own, those of its elements, of rows it refers to or that refer to it, of
//! tables that are looked through. For each, the values that could make a difference are tried: all
//! members of an enum, what a value is compared with and its neighbours, given and left out; an
//! element more or less of a list. The row is judged with each change by the one evaluator, then
//! with pairs of changes, then with larger sets; what is told was judged so.

mod candidate;
mod need;
mod reader;
mod reads;
mod search;
mod trial;
mod values;
mod words;

pub use trial::TRIES;

use super::record::{ArticleName, Change, Found};
use crate::diagnostic::Bilingual;
use crate::engine::{RowRef, Run};
use crate::eval::Edit;
use crate::lowering::DecisionPlan;
use search::Search;
use trial::Trials;
use values::Asked;
use words::Wording;

/// For every disposition that is not required, the smallest change that would make it so.
pub(super) fn changes(
    run: &Run,
    plan: &DecisionPlan,
    row: RowRef,
    decided: Option<usize>,
    name: &dyn Fn(usize) -> Bilingual,
) -> Vec<Change> {
    let otherwise = plan.otherwise.as_ref().map(|choice| choice.disposition);
    let mut wanted: Vec<usize> = plan.options.iter().map(|choice| choice.disposition).collect();
    wanted.extend(otherwise.filter(|value| !wanted.contains(value)));
    wanted.retain(|value| Some(*value) != decided);
    let could = |at: &usize| {
        let judgement = run.policy.judgements.get(*at);
        judgement.is_some_and(|found| need::can_be(&run.policy.graph, found.governs.t))
    };
    let demanded = |value: usize| {
        let choice = plan.options.iter().find(|choice| choice.disposition == value);
        Some(value) == otherwise || choice.is_some_and(|choice| choice.judgements.iter().any(could))
    };
    let sought: Vec<usize> = wanted.iter().copied().filter(|value| demanded(*value)).collect();
    let demanded = |value: usize| sought.contains(&value);
    if sought.is_empty() {
        let none = |value| Change::none(name(value), Found::NotDemanded);
        return wanted.into_iter().map(none).collect();
    }
    let judgements = concerned(run, plan);
    let read = judgements.iter().filter_map(|at| run.policy.judgements.get(*at));
    let asked = Asked::of(run, read);
    let trials = Trials::new(run, plan, row);
    let search = Search::new(&trials, &asked, &judgements);
    let mut solutions = search.solve(&sought);
    let wording = Wording { run, asked: &asked };
    let change = |value: usize| {
        let Some(mut solution) = solutions.remove(&value) else {
            let found = if demanded(value) { Found::NotFound } else { Found::NotDemanded };
            return Change::none(name(value), found);
        };
        let count = solution.changes.len();
        let conditions = (0..count).filter_map(|at| {
            let variants = search.variants(&solution, at, value);
            wording.needed(&mut solution, at, &variants)
        });
        let conditions = conditions.collect();
        let article = search.deciding(&solution, value);
        let article = article.and_then(|id| run.program().article(id));
        Change {
            disposition: name(value),
            article: article.map(|article| ArticleName::of(run, article)),
            found: Found::Found,
            conditions,
        }
    };
    wanted.into_iter().map(change).collect()
}

/// A single change that is tried.
#[derive(Clone, Debug)]
pub struct Tried {
    /// The change of the data.
    pub edits: Vec<Edit>,
    /// What it changes: changes of one thing exclude each other.
    pub thing: usize,
}

/// The single changes that are tried for a row of a decision: those from which every explanation of
/// what would change it is made.
#[must_use]
pub fn tried(run: &Run, plan: &DecisionPlan, row: RowRef) -> Vec<Tried> {
    let judgements = concerned(run, plan);
    let read = judgements.iter().filter_map(|at| run.policy.judgements.get(*at));
    let asked = Asked::of(run, read);
    let trials = Trials::new(run, plan, row);
    let search = Search::new(&trials, &asked, &judgements);
    search.tried()
}

/// The judgements that demand something, and those that may exempt from them.
fn concerned(run: &Run, plan: &DecisionPlan) -> Vec<usize> {
    let judgements = &run.policy.judgements;
    let mut found: Vec<usize> =
        plan.options.iter().flat_map(|choice| choice.judgements.iter().copied()).collect();
    let overriding = found
        .iter()
        .filter_map(|at| judgements.get(*at))
        .flat_map(|judgement| judgement.exemptions.iter().filter_map(|exemption| exemption.by));
    let places = overriding.flat_map(|(article, sentence)| {
        let all = judgements.iter().enumerate();
        all.filter(move |(_, other)| {
            other.article == article && sentence.is_none_or(|sentence| other.sentence == sentence)
        })
    });
    let places: Vec<usize> = places.map(|(at, _)| at).collect();
    found.extend(places);
    found.sort_unstable();
    found.dedup();
    found
}
