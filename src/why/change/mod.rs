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
mod possible;
mod reader;
mod reads;
mod said;
mod search;
mod sets;
mod trial;
mod values;
mod words;

pub use trial::TRIES;

use super::record::{ArticleName, Change, Found};
use crate::diagnostic::Bilingual;
use crate::engine::{RowRef, Run};
use crate::eval::Edit;
use crate::lowering::{Choice, DecisionPlan, Judgement};
use possible::{Ask, can_be};
use search::{Outcome, Search, Solution, Variant};
use trial::Trials;
use values::Asked;
use words::Wording;

/// How many changes more are tried to say what was found.
const WORDED: usize = 3_000;

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
    let demanded = |value: &usize| Some(*value) == otherwise || is_demanded(run, plan, *value);
    let sought: Vec<usize> = wanted.iter().copied().filter(demanded).collect();
    let circular = |value: usize| circular(run, plan, value).next();
    if sought.is_empty() && !wanted.iter().any(|value| circular(*value).is_some()) {
        let none = |value| Change::none(name(value), Found::NotDemanded);
        return wanted.into_iter().map(none).collect();
    }
    let judgements = concerned(run, plan);
    let read = judgements.iter().filter_map(|at| run.policy.judgements.get(*at));
    let asked = Asked::of(run, read);
    let trials = Trials::new(run, plan, row);
    let search = Search::new(&trials, &asked, &judgements);
    let mut solutions = search.solve(&sought);
    trials.allow(WORDED);
    let wording = Wording { run, asked: &asked };
    let change = |value: usize| match solutions.remove(&value) {
        Some(solution) => told(&search, &wording, solution, name(value)),
        None => untold(&search, plan, (value, sought.contains(&value)), name(value)),
    };
    wanted.into_iter().map(change).collect()
}

/// Whether any article can demand a disposition.
fn is_demanded(run: &Run, plan: &DecisionPlan, value: usize) -> bool {
    let choice = plan.options.iter().find(|choice| choice.disposition == value);
    let judgements = choice.into_iter().flat_map(|choice| &choice.judgements);
    let mut judgements = judgements.filter_map(|at| run.policy.judgements.get(*at));
    judgements.any(|found| can_be(&run.policy.graph, [(found.governs.t, true)], Ask::Conditions))
}

/// The judgements that demand a disposition and are in a circle with another.
fn circular<'r>(
    run: &'r Run,
    plan: &'r DecisionPlan,
    value: usize,
) -> impl Iterator<Item = &'r Judgement> {
    let choices = plan.options.iter().filter(move |choice| choice.disposition == value);
    let judgements = choices.flat_map(|choice| &choice.judgements);
    judgements.filter_map(|at| run.policy.judgements.get(*at)).filter(|judgement| {
        let article = run.program().article(judgement.article);
        let rivals = article.map_or(&[][..], |found| &found.rivals);
        let by = judgement.exemptions.iter().filter_map(|found| found.by);
        by.into_iter().any(|(by, _)| rivals.contains(&by))
    })
}

/// A change that was found, in words.
fn told(
    search: &Search<'_>,
    wording: &Wording<'_>,
    mut solution: Solution,
    disposition: Bilingual,
) -> Change {
    let run = wording.run;
    let required = solution.state.required;
    let with = |variants: &[Variant], does: &dyn Fn(Option<Outcome>) -> bool| {
        let variants = variants.iter();
        variants.map(|(one, outcome)| (one.clone(), does(*outcome))).collect::<Vec<_>>()
    };
    let before = solution.changes.clone();
    // By change: what the others were when its variants were tried, and what came of them.
    let mut known: Vec<(Vec<Edit>, Vec<Variant>)> = Vec::new();
    for at in 0..solution.changes.len() {
        let brings = |outcome: Option<Outcome>| outcome.map(|(value, _)| value) == required;
        let variants = search.variants(&solution, at);
        let found = with(&variants, &brings);
        known.push((others(&solution, at), variants));
        if let Some(change) = solution.changes.get_mut(at) {
            *change = wording.chosen(change, &found);
        }
    }
    let mut outcome = search.outcome(&solution.changes);
    if outcome.map(|(value, _)| value) != required {
        solution.changes = before;
        outcome = search.outcome(&solution.changes);
    }
    if let Some(state) = search.judged(&solution.changes) {
        solution.state = state;
    }
    // What is said of the values is what brings it by the article that is named.
    let conditions = known.into_iter().enumerate().filter_map(|(at, (with_others, variants))| {
        let same = with_others == others(&solution, at);
        let variants = if same { variants } else { search.variants(&solution, at) };
        let variants = with(&variants, &|found| found == outcome);
        let said = outcome.map(|outcome| search.said(&solution, at, outcome));
        wording.needed(&solution, at, &variants, &said.unwrap_or_default())
    });
    let conditions = conditions.collect();
    let article = outcome.and_then(|(_, article)| run.program().article(article?));
    Change {
        disposition,
        article: article.map(|article| ArticleName::of(run, article)),
        found: Found::Found,
        conditions,
    }
}

/// The edits of the other changes.
fn others(solution: &Solution, at: usize) -> Vec<Edit> {
    let others = solution.changes.iter().enumerate().filter(|(place, _)| *place != at);
    others.flat_map(|(_, one)| one.edits.iter().cloned()).collect()
}

/// Why no change was found.
fn untold(
    search: &Search<'_>,
    plan: &DecisionPlan,
    (value, sought): (usize, bool),
    disposition: Bilingual,
) -> Change {
    let run = search.run;
    let mut circular = circular(run, plan, value);
    if let Some(judgement) = circular.find(|found| search.governs_but_for_a_circle(found)) {
        let article = run.program().article(judgement.article);
        return Change {
            article: article.map(|article| ArticleName::of(run, article)),
            ..Change::none(disposition, Found::Circular)
        };
    }
    let choices = plan.options.iter().chain(&plan.otherwise);
    let mut required = choices.filter(|choice| choice.disposition == value);
    let graph = &run.policy.graph;
    let can_be = |choice: &Choice| can_be(graph, [(choice.required, true)], Ask::Values);
    let found = match sought {
        false => Found::NotDemanded,
        true if required.any(can_be) => Found::NotFound,
        true => Found::Impossible,
    };
    Change::none(disposition, found)
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
