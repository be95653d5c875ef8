//! Rank 5: the whole record of one row: every article with its outcome, the conditions that made it
//! so down to the facts, the articles that were beaten, and what would have to change for another
//! disposition.

use super::change;
use super::step::{self, Step};
use crate::diagnostic::{Bilingual, Diagnostic};
use crate::engine::{RowRef, Run};
use crate::eval::Edit;
use crate::finding::{Outcome, Provision, Subject, WaiverState, WaiverSummary};
use crate::lowering::{Choice, DecisionPlan, Index, Judgement};
use crate::nearest::nearest;
use crate::place::Place;
use crate::program::{Article, ArticleId, Clause};
use crate::say;
use crate::schema::{FieldId, FrameId, Type};
use crate::value::key::canonical;

/// The record of one row.
#[derive(Clone, Debug)]
pub struct Record {
    /// The table.
    pub table: Bilingual,
    /// The row's key; `None` where it has none.
    pub key: Option<String>,
    /// Its number among the rows of its table, from 1.
    pub number: usize,
    /// What the row calls itself.
    pub title: Option<String>,
    /// Where it stands.
    pub place: Option<Place>,
    /// Its dispositions, and those of its elements.
    pub dispositions: Vec<Disposition>,
    /// Every article that speaks of the row or of an element in it, in order.
    pub entries: Vec<Entry>,
    /// What was allowed it, with the heading of the article or decision.
    pub waivers: Vec<(Bilingual, WaiverSummary)>,
}

impl Record {
    /// The outcomes in the order in which a record has its articles; those that are not applicable
    /// are only named.
    pub const ORDER: [Outcome; 8] = [
        Outcome::Violated,
        Outcome::Conflict,
        Outcome::Referred,
        Outcome::Undetermined,
        Outcome::Waived,
        Outcome::Exempt,
        Outcome::AlreadyDemanded,
        Outcome::Satisfied,
    ];

    /// What people call the row within its table; see [`Subject::name`].
    #[must_use]
    pub fn name(&self) -> Bilingual {
        Subject { key: self.key.clone(), number: self.number, ..Subject::default() }.name()
    }
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
    pub(super) fn of(run: &Run, article: &Article) -> Self {
        Self { name: run.program().article_name(article), heading: run.policy.heading(article) }
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
    /// Where it cannot be told what is required: articles that demand what another may beat or, where
    /// nothing orders them, contradict.
    pub contested: Vec<ArticleName>,
    /// Whether the decision orders what is demanded: else nothing beats what another demands, and it
    /// contradicts it.
    pub ordered: bool,
    /// Articles that demand different dispositions, none of which is higher.
    pub clashing: Vec<ArticleName>,
    /// What became of it.
    pub outcome: Outcome,
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
    /// Whether any change was found.
    pub found: Found,
    /// The facts that would have to be otherwise, all of them; none where nothing was found.
    pub conditions: Vec<Needed>,
}

impl Change {
    pub(super) fn none(disposition: Bilingual, found: Found) -> Self {
        Self { disposition, article: None, found, conditions: Vec::new() }
    }
}

/// What came of looking for a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// One was found; the row was judged with it.
    Found,
    /// None of the changes that were tried brings it.
    NotFound,
    /// No article demands it, so no fact could bring it.
    NotDemanded,
    /// An article demands it, but it and another override each other in a circle, so that nobody
    /// knows which counts.
    Circular,
    /// No values that facts can have bring it.
    Impossible,
}

impl Found {
    /// The word in machine-readable reports.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Found => "found",
            Self::NotFound => "not_found",
            Self::NotDemanded => "not_demanded",
            Self::Circular => "circular",
            Self::Impossible => "impossible",
        }
    }

    /// Why there is nothing to tell; empty where there is.
    #[must_use]
    pub fn said(self) -> Bilingual {
        match self {
            Self::Found => Bilingual::default(),
            Self::NotFound => say!(
                "在试过的改动里没有找到",
                "none of the changes that were tried brings it about"
            ),
            Self::NotDemanded => say!("没有条文会要求它", "no article demands it"),
            Self::Circular => say!(
                "这一条要求它，但与别的条文的“优先于”绕成一圈，无法判断由哪一条管",
                "this article demands it, but it and another override one another in a circle; \
                    cannot tell which counts"
            ),
            Self::Impossible => {
                say!("任何取值都不能使它成为应有的处理", "no values at all bring it about")
            }
        }
    }
}

/// A fact that would have to be otherwise.
#[derive(Clone, Debug)]
pub struct Needed {
    /// The fact or the list: `页数`, `章[2].页数`.
    pub name: Bilingual,
    /// What it would have to be, and what it is: `须不超过 100 元（现为 150 元）`.
    pub demand: Bilingual,
    /// False where it has to fail, to be left out, or to go.
    pub wanted: bool,
    /// What it is now.
    pub value: Option<Bilingual>,
    /// What the row was judged with.
    pub to: Option<Bilingual>,
    /// Of what it adds: the fields that may say anything else.
    pub free: Vec<FieldId>,
    /// The same, as a change of the data.
    pub edits: Vec<Edit>,
}

/// One article for the row, or for an element in it.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The article.
    pub article: ArticleName,
    /// The element.
    pub path: Option<Bilingual>,
    /// What it came to.
    pub outcome: Outcome,
    /// Whether the condition holds, and why.
    pub condition: Option<Step>,
    /// Whether the exception holds, and why.
    pub exception: Option<Step>,
    /// The articles that exempt the row by overriding, or that make the same demand before.
    pub overridden_by: Vec<ArticleName>,
    /// Whether the requirement holds, and why.
    pub requirement: Option<Step>,
    /// What stands at the places that the article cites.
    pub provisions: Vec<Provision>,
}

/// Finds rows by key, as identity: `KEY`, `table:KEY`, or the name of a table with a single row.
///
/// # Errors
/// Where there is none, with the name that was probably meant.
pub fn find(run: &Run, wanted: &str) -> Result<Vec<RowRef>, Box<Diagnostic>> {
    let schema = run.schema();
    let keyed: Vec<_> =
        schema.tables().filter(|(_, frame)| frame.key().is_some() || frame.single).collect();
    let split = wanted
        .split_once([':', '：'])
        .filter(|(table, _)| keyed.iter().any(|(_, frame)| frame.names.matches(table.trim())));
    let whole = canonical(wanted);
    let (mut found, mut known) = (Vec::new(), Vec::new());
    for (id, frame) in keyed {
        let key = split.filter(|(table, _)| frame.names.matches(table.trim()));
        let key = key.map(|(_, key)| run.rows.key(id, key));
        let bare = run.rows.key(id, wanted);
        for row in (0..run.len(id)).map(|row| RowRef { frame: id, row }) {
            if frame.single && frame.names.matches(&whole) {
                found.push(row);
                continue;
            }
            let Some(own) = run.key(row) else { continue };
            let same = run.rows.key(id, &own);
            if same == bare || key.as_ref() == Some(&same) {
                found.push(row);
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
    /// The same, and what would change a disposition is not looked for.
    Unsearched,
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
    run: &Run,
    row: RowRef,
    wanted: impl Fn(&str) -> bool,
    conditions: Conditions,
) -> Record {
    let RowRef { frame, row } = row;
    let subject = run.subject(frame, row);
    let mut entries = Vec::new();
    for judgement in &run.policy.judgements {
        for element in elements(run, judgement.frame, frame, row) {
            let entry = entry(run, judgement, element, conditions);
            entries.extend(entry.filter(|entry| wanted(&entry.article.name)));
        }
    }
    let mut dispositions = Vec::new();
    for plan in &run.policy.decisions {
        let Some(decision) = run.program().decisions.get(plan.decision) else { continue };
        for element in elements(run, decision.frame, frame, row) {
            dispositions.extend(disposition(run, plan, element, conditions));
        }
    }
    let place = run.rows.located.locate(frame, row, None);
    let row = RowRef { frame, row };
    let waivers = run.waivers.iter().filter(|waiver| waiver.row == Some(row));
    let waivers = waivers.filter(|waiver| waiver.state == WaiverState::Needed);
    Record {
        waivers: waivers
            .map(|waiver| (run.policy.rules.heading(waiver.rule), run.waiver_summary(waiver)))
            .collect(),
        table: subject.table,
        key: subject.key,
        number: subject.number,
        title: subject.title,
        place,
        dispositions,
        entries,
    }
}

/// What the articles came to for a row and the elements in it, without the reasons.
#[must_use]
pub fn outcomes(run: &Run, row: RowRef) -> Vec<(ArticleId, Outcome)> {
    let mut found = Vec::new();
    for judgement in &run.policy.judgements {
        let elements = elements(run, judgement.frame, row.frame, row.row);
        let outcome = |element| (judgement.article, run.sentence_outcome(judgement, element));
        found.extend(elements.into_iter().map(outcome));
    }
    found
}

/// The rows of `inner` that lie in a row of `frame`: itself, its elements, their elements.
fn elements(run: &Run, inner: FrameId, frame: FrameId, row: usize) -> Vec<usize> {
    if inner == frame {
        return vec![row];
    }
    let Some((parent, _)) = run.program().schema.frame(inner).and_then(|found| found.parent) else {
        return Vec::new();
    };
    let Some(data) = run.evaluator.frame(inner) else { return Vec::new() };
    elements(run, parent, frame, row).into_iter().flat_map(|owner| data.elements(owner)).collect()
}

fn entry(run: &Run, judgement: &Judgement, row: usize, conditions: Conditions) -> Option<Entry> {
    let article = run.program().article(judgement.article)?;
    let sentence = run.policy.sentence(judgement)?;
    let step = |expr| step::step(run, judgement.context, expr, row);
    let outcome = run.sentence_outcome(judgement, row);
    let told = conditions == Conditions::All
        || !matches!(outcome, Outcome::Satisfied | Outcome::NotApplicable);
    let requirement = match &sentence.clause {
        _ if !told => None,
        Clause::Require { modal, condition } => {
            let whole = step(*condition);
            Some(
                if modal.is_negative() { whole.denied() } else { whole }
                    .worded(run.policy.phrases.phrase(sentence.clause_span)),
            )
        }
        _ => None,
    };
    let overriding =
        judgement.exemptions.iter().filter(|exemption| run.evaluator.holds(exemption.rails.t, row));
    let mut above: Vec<ArticleId> =
        overriding.filter_map(|exemption| exemption.by).map(|(id, _)| id).collect();
    if outcome == Outcome::AlreadyDemanded {
        above.extend(run.demanded_before(judgement, row));
    }
    let overridden_by = above
        .into_iter()
        .filter_map(|id| run.program().article(id))
        .map(|article| ArticleName::of(run, article));
    Some(Entry {
        article: ArticleName::of(run, article),
        path: run.path(judgement.frame, row),
        outcome,
        condition: sentence.condition.filter(|_| told).map(step),
        exception: sentence.exception.filter(|_| told).map(step),
        overridden_by: overridden_by.collect(),
        requirement,
        provisions: run.provisions(judgement.article).to_vec(),
    })
}

fn disposition(
    run: &Run,
    plan: &DecisionPlan,
    row: usize,
    conditions: Conditions,
) -> Option<Disposition> {
    let decision = run.program().decisions.get(plan.decision)?;
    let ty = Type::Enum(decision.dispositions);
    let name = |value: usize| {
        run.show().scalar(ty, &crate::builtin::Scalar::Int(i64::try_from(value).unwrap_or(0)))
    };
    let (zh, en) = run.program().schema.path(decision.frame, decision.field)?;
    let required = run.required(plan, row);
    let heading = |at: &usize| {
        let judgement = run.policy.judgements.get(*at)?;
        run.program().article(judgement.article).map(|article| ArticleName::of(run, article))
    };
    let governing = |want: Option<bool>| plan.options.iter().map(move |choice| (choice, want));
    let listed = |want: Option<bool>, keep: &dyn Fn(usize) -> bool| -> Vec<ArticleName> {
        let mut all: Vec<usize> = governing(want)
            .filter(|(choice, _)| keep(choice.disposition))
            .flat_map(|(choice, _)| choice.judgements.iter().copied())
            .collect();
        all.sort_unstable();
        all.iter().filter(|at| run.governs(**at, row) == want).filter_map(heading).collect()
    };
    let decided = required.map(|choice| choice.disposition);
    // Where no article speaks, what is declared, if the decision says so.
    let free = plan.as_declared && run.evaluator.holds(plan.free, row);
    let stands = || run.declared(plan, row).filter(|_| free);
    let clash = run.evaluator.holds(plan.conflict, row);
    // What surely is demanded beats all that is lower, even where what is required is not known.
    let governs =
        |choice: &&Choice| choice.judgements.iter().any(|at| run.governs(*at, row) == Some(true));
    let surest = plan.options.iter().find(governs).map(|choice| choice.disposition);
    let highest = decided.or(surest.filter(|_| !decision.order.is_empty()));
    let beaten = |value: usize| !clash && highest.is_some_and(|highest| value != highest);
    // Where it is known what is required, nothing hangs on what others would demand.
    let mut open = listed(None, &|_| decided.is_none());
    let mut changes = Vec::new();
    if plan.unread.is_empty() && conditions != Conditions::Unsearched {
        let row = RowRef { frame: decision.frame, row };
        changes = change::changes(run, plan, row, decided, &name);
    } else if !plan.unread.is_empty() && required.is_none() {
        // What an article demands that could not be understood, nobody knows: nor what would bring
        // another disposition about.
        let articles = plan.unread.iter().filter_map(|at| run.program().unread.get(*at)?.article);
        open.extend(
            articles
                .filter_map(|id| run.program().article(id))
                .map(|article| ArticleName::of(run, article)),
        );
    }
    Some(Disposition {
        field: Bilingual { zh, en },
        path: run.path(decision.frame, row),
        required: decided.or_else(stands).map(name),
        declared: run.show().field(decision.frame, row, decision.field),
        decided_by: listed(Some(true), &|value| Some(value) == decided),
        beaten: listed(Some(true), &beaten),
        contested: listed(Some(true), &|value| !clash && decided.is_none() && !beaten(value)),
        ordered: !decision.order.is_empty(),
        clashing: listed(Some(true), &|_| clash),
        outcome: run.disposition_outcome(plan, row),
        open,
        changes,
    })
}

/// Where a level's row stands in its own frame.
pub fn reached(
    index: Index,
    row: usize,
    at: impl FnOnce(Index, usize) -> Option<usize>,
) -> Option<usize> {
    if index == Index::Here { Some(row) } else { at(index, row) }
}
