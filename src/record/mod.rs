//! Rank 5: the whole record of one row: every article with its outcome, the conditions that made it
//! so down to the facts, the articles that were beaten, and what would have to change for another
//! disposition.

mod change;
mod step;
mod text;

pub use step::Step;
pub use text::write;

use crate::diagnostic::{Bilingual, Diagnostic};
use crate::lowering::{DecisionPlan, Index, Judgement};
use crate::nearest::nearest;
use crate::place::Place;
use crate::program::{Article, ArticleId, Clause};
use crate::say;
use crate::schema::{FrameId, Type};
use crate::verdict::Explainer;

/// The record of one row.
#[derive(Clone, Debug)]
pub struct Record {
    /// The table.
    pub table: Bilingual,
    /// The row's key.
    pub key: String,
    /// What the row calls itself.
    pub title: Option<String>,
    /// Where it stands.
    pub place: Option<Place>,
    /// Its dispositions, and those of its elements.
    pub dispositions: Vec<Disposition>,
    /// Every article that speaks of the row or of an element in it, in order.
    pub entries: Vec<Entry>,
}

/// What an article is called.
#[derive(Clone, Debug)]
pub struct ArticleName {
    /// `policy.article` by English names.
    pub name: String,
    /// The heading people know.
    pub heading: Bilingual,
}

impl ArticleName {
    fn of(explainer: &Explainer<'_, '_>, article: &Article) -> Self {
        Self {
            name: explainer.program().article_name(article),
            heading: explainer.heading(article),
        }
    }
}

/// A disposition: required and declared.
#[derive(Clone, Debug)]
pub struct Disposition {
    /// The decided field.
    pub field: Bilingual,
    /// The element, where it is not the row itself.
    pub path: Option<Bilingual>,
    /// What is required; `None` where it cannot be told.
    pub required: Option<Bilingual>,
    /// What is declared.
    pub declared: Option<Bilingual>,
    /// The articles that demand what is required; the first decides.
    pub decided_by: Vec<ArticleName>,
    /// Articles that demanded something lower.
    pub beaten: Vec<ArticleName>,
    /// Articles that could not be judged.
    pub open: Vec<ArticleName>,
    /// For each disposition that did not come about: the fewest conditions that would have to turn
    /// out otherwise.
    pub changes: Vec<Change>,
}

/// What would bring a disposition about.
#[derive(Clone, Debug)]
pub struct Change {
    /// The disposition.
    pub disposition: Bilingual,
    /// By which article; `None` where it is what is left when no article demands anything else.
    pub article: Option<ArticleName>,
    /// What would have to be otherwise; `None` where nothing would do.
    pub conditions: Option<Vec<Needed>>,
}

/// A condition that would have to turn out otherwise.
#[derive(Clone, Debug)]
pub struct Needed {
    /// The condition in words.
    pub condition: Bilingual,
    /// Whether it has to hold, or has to fail.
    pub wanted: bool,
    /// What its left side is now.
    pub value: Option<Bilingual>,
}

/// What an article came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RowOutcome {
    /// 满足.
    Satisfied,
    /// 违反.
    Violated,
    /// 提请.
    Referred,
    /// 不适用.
    NotApplicable,
    /// 豁免.
    Exempt,
    /// 无法判断.
    Undetermined,
}

impl RowOutcome {
    /// The word in machine-readable records.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Satisfied => "satisfied",
            Self::Violated => "violated",
            Self::Referred => "referred",
            Self::NotApplicable => "not_applicable",
            Self::Exempt => "exempt",
            Self::Undetermined => "undetermined",
        }
    }
}

/// One article for the row, or for an element in it.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The article.
    pub article: ArticleName,
    /// The element.
    pub path: Option<Bilingual>,
    /// What it came to.
    pub outcome: RowOutcome,
    /// Whether the condition holds, and why.
    pub condition: Option<Step>,
    /// Whether the exception holds, and why.
    pub exception: Option<Step>,
    /// The overriding articles that exempt the row.
    pub overridden_by: Vec<ArticleName>,
    /// Whether the requirement holds, and why.
    pub requirement: Option<Step>,
}

/// Finds rows by key: `KEY`, `table:KEY`, or the name of a table with a single row.
///
/// # Errors
/// Where there is none, with the name that was probably meant.
pub fn find(
    explainer: &Explainer<'_, '_>,
    wanted: &str,
) -> Result<Vec<(FrameId, usize)>, Box<Diagnostic>> {
    let schema = &explainer.program().schema;
    let keyed: Vec<_> =
        schema.tables().filter(|(_, frame)| frame.key().is_some() || frame.single).collect();
    let split = wanted
        .split_once([':', '：'])
        .filter(|(table, _)| keyed.iter().any(|(_, frame)| frame.names.matches(table)));
    let (mut found, mut known) = (Vec::new(), Vec::new());
    for (id, frame) in keyed {
        let key = split.filter(|(table, _)| frame.names.matches(table)).map(|(_, key)| key);
        for row in 0..explainer.evaluator.frame(id).map_or(0, |data| data.len) {
            let own = explainer.show().key(id, row);
            if own == wanted || Some(&*own) == key || (frame.single && frame.names.matches(wanted))
            {
                found.push((id, row));
            }
            if split.is_none() || key.is_some() {
                known.push(own);
            }
        }
        known.extend(frame.names.iter().filter(|_| frame.single).map(str::to_owned));
    }
    if found.is_empty() {
        Err(Box::new(no_row(wanted, split.map_or(wanted, |(_, key)| key), &known)))
    } else {
        Ok(found)
    }
}

/// Of which articles a record has the conditions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conditions {
    /// Of all.
    All,
    /// Of those that are neither satisfied nor not applicable; the others are only named.
    Unmet,
}

fn no_row(wanted: &str, key: &str, known: &[String]) -> Diagnostic {
    let help = nearest(key, known.iter().map(String::as_str)).map_or_else(
        || say!("写主键，或“表:主键”", "write a key, or `table:key`"),
        |near| say!("是不是 `{near}`？", "did you mean `{near}`?"),
    );
    Diagnostic::error(
        "unknown_row",
        say!("没有主键为 `{wanted}` 的行", "no row has the key `{wanted}`"),
    )
    .help(help)
}

/// The record of a row: of the articles that are `wanted`, by their English names.
#[must_use]
pub fn record(
    explainer: &Explainer<'_, '_>,
    frame: FrameId,
    row: usize,
    wanted: impl Fn(&str) -> bool,
    conditions: Conditions,
) -> Record {
    let subject = explainer.subject(frame, row);
    let mut entries = Vec::new();
    for judgement in explainer.judgements {
        for element in elements(explainer, judgement.frame, frame, row) {
            let entry = entry(explainer, judgement, element, conditions);
            entries.extend(entry.filter(|entry| wanted(&entry.article.name)));
        }
    }
    let mut dispositions = Vec::new();
    for plan in explainer.decisions {
        let Some(decision) = explainer.program().decisions.get(plan.decision) else { continue };
        for element in elements(explainer, decision.frame, frame, row) {
            dispositions.extend(disposition(explainer, plan, element));
        }
    }
    let place = explainer.located.locate(frame, row, None);
    Record {
        table: subject.table,
        key: subject.key,
        title: subject.title,
        place,
        dispositions,
        entries,
    }
}

/// What the articles came to for a row and the elements in it, without the reasons.
#[must_use]
pub fn outcomes(
    explainer: &Explainer<'_, '_>,
    frame: FrameId,
    row: usize,
) -> Vec<(ArticleId, RowOutcome)> {
    let mut found = Vec::new();
    for judgement in explainer.judgements {
        let refers = explainer
            .sentence(judgement)
            .is_some_and(|sentence| matches!(sentence.clause, Clause::Refer(_)));
        let elements = elements(explainer, judgement.frame, frame, row);
        found.extend(
            elements
                .into_iter()
                .map(|element| (judgement.article, outcome(explainer, judgement, element, refers))),
        );
    }
    found
}

/// The rows of `inner` that lie in a row of `frame`: itself, its elements, their elements.
fn elements(
    explainer: &Explainer<'_, '_>,
    inner: FrameId,
    frame: FrameId,
    row: usize,
) -> Vec<usize> {
    if inner == frame {
        return vec![row];
    }
    let Some((parent, _)) = explainer.program().schema.frame(inner).and_then(|found| found.parent)
    else {
        return Vec::new();
    };
    let Some(data) = explainer.evaluator.frame(inner) else { return Vec::new() };
    elements(explainer, parent, frame, row)
        .into_iter()
        .flat_map(|owner| data.elements(owner))
        .collect()
}

fn outcome(
    explainer: &Explainer<'_, '_>,
    judgement: &Judgement,
    row: usize,
    refers: bool,
) -> RowOutcome {
    let holds = |node| explainer.evaluator.holds(node, row);
    let outcomes = judgement.outcomes;
    if holds(outcomes.not_applicable) {
        RowOutcome::NotApplicable
    } else if holds(outcomes.exempt) {
        RowOutcome::Exempt
    } else if holds(outcomes.violated) {
        if refers { RowOutcome::Referred } else { RowOutcome::Violated }
    } else if holds(outcomes.satisfied) {
        RowOutcome::Satisfied
    } else {
        RowOutcome::Undetermined
    }
}

fn entry(
    explainer: &Explainer<'_, '_>,
    judgement: &Judgement,
    row: usize,
    conditions: Conditions,
) -> Option<Entry> {
    let article = explainer.program().article(judgement.article)?;
    let sentence = explainer.sentence(judgement)?;
    let step = |expr| step::step(explainer, judgement.context, expr, row);
    let refers = matches!(sentence.clause, Clause::Refer(_));
    let outcome = outcome(explainer, judgement, row, refers);
    let told = conditions == Conditions::All
        || !matches!(outcome, RowOutcome::Satisfied | RowOutcome::NotApplicable);
    let requirement = match &sentence.clause {
        _ if !told => None,
        Clause::Require { modal, condition } => {
            let whole = step(*condition);
            Some(
                if modal.is_negative() { whole.denied() } else { whole }
                    .worded(explainer.phrases.phrase(sentence.clause_span)),
            )
        }
        _ => None,
    };
    let overriding = judgement
        .exemptions
        .iter()
        .filter(|exemption| explainer.evaluator.holds(exemption.rails.t, row));
    let overridden_by = overriding
        .filter_map(|exemption| exemption.by)
        .filter_map(|(id, _)| explainer.program().article(id))
        .map(|article| ArticleName::of(explainer, article));
    Some(Entry {
        article: ArticleName::of(explainer, article),
        path: explainer.path(judgement.frame, row),
        outcome,
        condition: sentence.condition.filter(|_| told).map(step),
        exception: sentence.exception.filter(|_| told).map(step),
        overridden_by: overridden_by.collect(),
        requirement,
    })
}

fn disposition(
    explainer: &Explainer<'_, '_>,
    plan: &DecisionPlan,
    row: usize,
) -> Option<Disposition> {
    let decision = explainer.program().decisions.get(plan.decision)?;
    let ty = Type::Enum(decision.dispositions);
    let name = |value: usize| {
        explainer.show().scalar(ty, &crate::builtin::Scalar::Int(i64::try_from(value).unwrap_or(0)))
    };
    let frame = explainer.program().schema.frame(decision.frame)?;
    let field = explainer.program().schema.field(decision.frame, decision.field)?;
    let required = explainer.required(plan, row);
    let heading = |at: &usize| {
        let judgement = explainer.judgements.get(*at)?;
        explainer
            .program()
            .article(judgement.article)
            .map(|article| ArticleName::of(explainer, article))
    };
    let governing = |want: Option<bool>| plan.options.iter().map(move |choice| (choice, want));
    let listed = |want: Option<bool>, keep: &dyn Fn(usize) -> bool| -> Vec<ArticleName> {
        let mut all: Vec<usize> = governing(want)
            .filter(|(choice, _)| keep(choice.disposition))
            .flat_map(|(choice, _)| choice.judgements.iter().copied())
            .collect();
        all.sort_unstable();
        all.iter().filter(|at| explainer.governs(**at, row) == want).filter_map(heading).collect()
    };
    let decided = required.map(|choice| choice.disposition);
    let (mut open, mut changes) = (listed(None, &|_| true), Vec::new());
    if plan.unread.is_empty() {
        changes = change::changes(explainer, plan, row, decided, &name);
    } else if required.is_none() {
        // What an article demands that could not be understood, nobody knows: nor what would bring
        // another disposition about.
        let articles =
            plan.unread.iter().filter_map(|at| explainer.program().unread.get(*at)?.article);
        open.extend(
            articles
                .filter_map(|id| explainer.program().article(id))
                .map(|article| ArticleName::of(explainer, article)),
        );
    }
    Some(Disposition {
        field: Bilingual::new(
            format!("{}.{}", frame.names.zh(), field.names.zh()),
            format!("{}.{}", frame.names.en(), field.names.en()),
        ),
        path: explainer.path(decision.frame, row),
        required: decided.map(name),
        declared: explainer.show().field(decision.frame, row, decision.field),
        decided_by: listed(Some(true), &|value| Some(value) == decided),
        beaten: listed(Some(true), &|value| Some(value) != decided),
        open,
        changes,
    })
}

/// Where a level's row stands in its own frame.
pub(crate) fn reached(
    index: Index,
    row: usize,
    at: impl FnOnce(Index, usize) -> Option<usize>,
) -> Option<usize> {
    if index == Index::Here { Some(row) } else { at(index, row) }
}
