//! The views: one for each rule, with what became of it for every row of its tables; one for each
//! decision. The same order of outcomes as in `engine::outcome`, which they are tested against.

use super::define::{Definer, Refused};
use super::dialect::{Kind, kind, literal, quoted};
use super::layout::{Holds, KEY, PATH, ROW};
use super::plan::Plan;
use super::query::{Query, Writer};
use super::template::{Cell, Template, fill};
use crate::engine::RuleId;
use crate::finding::Outcome;
use crate::invariant::broken;
use crate::lowering::{Choice, DecisionPlan, Domain, Judgement, NodeId, Op};
use crate::program::{ArticleId, Clause};
use crate::say;
use crate::schema::FrameId;

/// Outcomes of several sentences for one row: the least number stands for all, as in
/// `engine::outcome::WORST`.
const RANKS: [(u8, Outcome); 10] = [
    (1, Outcome::Conflict),
    (2, Outcome::Violated),
    (3, Outcome::Referred),
    (4, Outcome::Undetermined),
    (5, Outcome::Violated),
    (6, Outcome::Waived),
    (7, Outcome::Satisfied),
    (8, Outcome::AlreadyDemanded),
    (9, Outcome::Exempt),
    (10, Outcome::NotApplicable),
];

/// What became of a rule for the rows of one frame: the number of its outcome, and the names of
/// the dispositions required and declared.
struct Said {
    frame: FrameId,
    rank: Template,
    required: Template,
    declared: Template,
}

/// A view's query.
pub(super) fn article(definer: Definer<'_>, id: ArticleId) -> Result<Query, Refused> {
    let policy = definer.policy;
    let judgements = policy.judgements.iter().filter(|judgement| judgement.article == id);
    let judgements: Vec<&Judgement> = judgements.collect();
    if judgements.is_empty() {
        return Err(say!("没有读得懂的句子", "no sentence of it could be understood"));
    }
    let mut frames: Vec<FrameId> = judgements.iter().map(|judgement| judgement.frame).collect();
    frames.sort_unstable();
    frames.dedup();
    let said = frames.into_iter().map(|frame| {
        let own = judgements.iter().filter(|judgement| judgement.frame == frame);
        let own: Vec<&Judgement> = own.copied().collect();
        let ranks: Vec<Template> =
            own.iter().map(|judgement| sentence(definer, judgement)).collect();
        let rank = match <[Template; 1]>::try_from(ranks) {
            Ok([only]) => only,
            Err(ranks) => fill("LEAST({})", [Template::joined(ranks, ", ")]),
        };
        let plans = own.iter().filter_map(|judgement| plan_for(definer, judgement));
        let plan = plans.into_iter().next();
        let required = plan.map_or_else(nothing, |plan| required(definer, plan));
        let declared = plan.map_or_else(nothing, |plan| declared(definer, plan));
        Said { frame, rank, required, declared }
    });
    select(definer, policy.rules.code(RuleId::Article(id)), said.collect())
}

/// The query of what is required where only 否则 speaks; `None` for a decision that says nothing of
/// it.
pub(super) fn otherwise(
    definer: Definer<'_>,
    plan: &DecisionPlan,
) -> Option<Result<Query, Refused>> {
    plan.otherwise.as_ref()?;
    let rank =
        fill("CASE WHEN {} THEN 10 ELSE {} END", [plan.spoken.into(), disposition(definer, plan)]);
    Some(of_decision(definer, plan, rank))
}

/// The query of a decision: what became of the disposition of each row, whichever rule requires it.
pub(super) fn decision(definer: Definer<'_>, plan: &DecisionPlan) -> Result<Query, Refused> {
    of_decision(definer, plan, disposition(definer, plan))
}

fn of_decision(
    definer: Definer<'_>,
    plan: &DecisionPlan,
    rank: Template,
) -> Result<Query, Refused> {
    let rule = RuleId::decision(plan.decision);
    let said = Said {
        frame: frame_of(definer, plan),
        rank,
        required: required(definer, plan),
        declared: declared(definer, plan),
    };
    select(definer, definer.policy.rules.code(rule), vec![said])
}

fn frame_of(definer: Definer<'_>, plan: &DecisionPlan) -> FrameId {
    match definer.policy.program.decisions.get(plan.decision) {
        Some(decision) => decision.frame,
        None => broken("a decision of another policy"),
    }
}

fn nothing() -> Template {
    format!("CAST(NULL AS {})", kind(Kind::Text)).into()
}

/// The rows of a rule with what became of it, as a query.
fn select(definer: Definer<'_>, rule: &str, said: Vec<Said>) -> Result<Query, Refused> {
    let templates = said.iter().flat_map(|said| [&said.rank, &said.required, &said.declared]);
    let roots: Vec<Cell> = templates.flat_map(Template::cells).collect();
    let plan = Plan::new(definer, roots)?;
    let writer = Writer::new(&plan);
    let outcomes = RANKS.map(|(rank, outcome)| format!("WHEN {rank} THEN '{}'", outcome.code()));
    let outcomes = outcomes.join(" ");
    let text = kind(Kind::Text);
    let selects = said.iter().map(|said| {
        let domain = Domain::Frame(said.frame);
        let parts = [&said.rank, &said.required, &said.declared];
        let step = parts.iter().map(|part| plan.step_of(part, domain)).max().unwrap_or(0);
        let relation = writer.relation(domain, step);
        let table = &definer.layout.table(said.frame).shown;
        format!(
            "SELECT v.\"rule\", v.\"table\", v.\"row\", v.\"key\", v.\"path\",\n  \
                CASE v.\"rank\" {outcomes} END AS \"outcome\", v.\"required\", v.\"declared\"\n\
                FROM (\n  SELECT CAST({rule} AS {text}) AS \"rule\", CAST({table} AS {text}) AS \"table\",\n    \
                p.{row} AS \"row\", p.{key} AS \"key\", p.{path} AS \"path\",\n    {rank} AS \"rank\",\n    \
                {required} AS \"required\",\n    {declared} AS \"declared\"\n  FROM {relation} AS p\n) AS v",
            rule = literal(rule),
            table = literal(table),
            row = quoted(ROW),
            key = quoted(KEY),
            path = quoted(PATH),
            rank = writer.template(&said.rank),
            required = writer.template(&said.required),
            declared = writer.template(&said.declared),
        )
    });
    let selects: Vec<String> = selects.collect();
    Ok(writer.query(&selects))
}

fn plan_for<'p>(definer: Definer<'p>, judgement: &Judgement) -> Option<&'p DecisionPlan> {
    let (decision, _) = judgement.demand?;
    definer.policy.decisions.iter().find(|plan| plan.decision == decision)
}

fn choices(plan: &DecisionPlan) -> impl Iterator<Item = &Choice> {
    plan.options.iter().chain(&plan.otherwise)
}

/// Whether a node holds for no row.
fn is_never(definer: Definer<'_>, node: NodeId) -> bool {
    definer.node(node).op == Op::Truth(false)
}

/// The number of what became of one sentence.
fn sentence(definer: Definer<'_>, judgement: &Judgement) -> Template {
    let outcomes = judgement.outcomes;
    let clause = definer.policy.sentence(judgement).map(|sentence| &sentence.clause);
    let is_referral = matches!(clause, Some(Clause::Refer(_)));
    let advises = matches!(clause, Some(Clause::Require { modal, .. }) if modal.is_advice());
    let rule = RuleId::Article(judgement.article);
    let waived = Template::from(Cell::Waived(rule, judgement.frame));
    let mut cases: Vec<Template> = Vec::new();
    let mut case = |node: NodeId, then: Template| {
        if !is_never(definer, node) {
            cases.push(fill("WHEN {} THEN {}", [node.into(), then]));
        }
    };
    let plan = plan_for(definer, judgement);
    let met = plan
        .and_then(|plan| own_choice(plan, judgement))
        .map_or_else(|| "FALSE".into(), |choice| Template::from(choice.declared.t));
    let clash = plan.filter(|plan| !is_never(definer, plan.conflict));
    let clash = clash.map(|plan| clash_waived(definer, plan));
    if let Some(clash) = &clash {
        let text = "CASE WHEN NOT {} THEN 1 WHEN {} THEN 7 ELSE 6 END";
        case(outcomes.conflict, fill(text, [clash.clone(), met.clone()]));
    } else {
        case(outcomes.conflict, "1".into());
    }
    let broken = if advises { "5" } else { "2" };
    let text = format!("CASE WHEN {{}} THEN 6 ELSE {broken} END");
    case(outcomes.violated, if is_referral { "3".into() } else { fill(&text, [waived]) });
    case(outcomes.satisfied, "7".into());
    case(outcomes.already, "8".into());
    case(outcomes.exempt, "9".into());
    case(outcomes.not_applicable, "10".into());
    if let Some(clash) = clash {
        cases.push(fill("WHEN {} AND {} THEN 7", [clash, met]));
    }
    let demanded = judgement.demand.map(|(_, disposition)| disposition);
    let like = plan.into_iter().flat_map(choices);
    let like = like.filter(|choice| Some(choice.disposition) == demanded);
    let anyway: Vec<Template> = like.map(|choice| choice.required.into()).collect();
    if !anyway.is_empty() {
        let anyway = Template::joined(anyway, " OR ");
        cases.push(fill("WHEN NOT {} AND ({}) THEN 8", [judgement.governs.t.into(), anyway]));
    }
    if cases.is_empty() {
        return "4".into();
    }
    fill("CASE {} ELSE 4 END", [Template::joined(cases, " ")])
}

fn own_choice<'p>(plan: &'p DecisionPlan, judgement: &Judgement) -> Option<&'p Choice> {
    let (_, demanded) = judgement.demand?;
    plan.options.iter().find(|choice| choice.disposition == demanded)
}

/// Whether waivers allow a conflict: each article that the row breaks is waived for it.
fn clash_waived(definer: Definer<'_>, plan: &DecisionPlan) -> Template {
    let frame = frame_of(definer, plan);
    let (mut breaks, mut allowed) = (Vec::new(), Vec::new());
    for choice in &plan.options {
        for judgement in judgements(definer, choice) {
            let wrong =
                fill("({} AND NOT {})", [judgement.governs.t.into(), choice.declared.t.into()]);
            let waived = Cell::Waived(RuleId::Article(judgement.article), frame);
            allowed.push(fill("(NOT {} OR {})", [wrong.clone(), waived.into()]));
            breaks.push(wrong);
        }
    }
    if breaks.is_empty() {
        return "FALSE".into();
    }
    fill(
        "({} AND ({}) AND {})",
        [
            plan.conflict.into(),
            Template::joined(breaks, " OR "),
            Template::joined(allowed, " AND "),
        ],
    )
}

fn judgements<'p>(definer: Definer<'p>, choice: &'p Choice) -> impl Iterator<Item = &'p Judgement> {
    choice.judgements.iter().filter_map(move |at| definer.policy.judgements.get(*at))
}

/// The number of what became of the disposition of a row.
fn disposition(definer: Definer<'_>, plan: &DecisionPlan) -> Template {
    let frame = frame_of(definer, plan);
    let mut cases: Vec<Template> = Vec::new();
    if !is_never(definer, plan.conflict) {
        let open = open_in_clash(definer, plan);
        let text = "WHEN {} THEN CASE WHEN NOT {} THEN 1 WHEN {} THEN 4 ELSE 6 END";
        cases.push(fill(text, [plan.conflict.into(), clash_waived(definer, plan), open]));
    }
    let mut waived: Vec<Template> =
        vec![Cell::Waived(RuleId::decision(plan.decision), frame).into()];
    for choice in &plan.options {
        for judgement in judgements(definer, choice) {
            let cell = Cell::Waived(RuleId::Article(judgement.article), frame);
            waived.push(fill("({} AND {})", [judgement.governs.t.into(), cell.into()]));
        }
    }
    let waived = Template::joined(waived, " OR ");
    for choice in choices(plan).filter(|choice| !is_never(definer, choice.required)) {
        let text = "WHEN {} THEN CASE WHEN {} THEN CASE WHEN {} THEN 6 ELSE 2 END \
            WHEN {} THEN 7 ELSE 4 END";
        let (f, t) = (choice.declared.f.into(), choice.declared.t.into());
        cases.push(fill(text, [choice.required.into(), f, waived.clone(), t]));
    }
    for choice in choices(plan).filter(|choice| !is_never(definer, choice.right)) {
        let (right, declared) = (choice.right.into(), choice.declared.t.into());
        cases.push(fill("WHEN {} AND {} THEN 7", [right, declared]));
    }
    if plan.otherwise.is_none() {
        let column = definer.base(frame, Holds::Value(field_of(definer, plan)));
        let stands =
            if plan.as_declared { format!("p.{column} IS NOT NULL") } else { "FALSE".into() };
        let text = format!("WHEN {{}} THEN CASE WHEN {stands} THEN 7 ELSE 10 END");
        cases.push(fill(&text, [plan.free.into()]));
    }
    if cases.is_empty() {
        return "4".into();
    }
    fill("CASE {} ELSE 4 END", [Template::joined(cases, " ")])
}

/// Whether, of a conflict that is waived, another article may be broken besides.
fn open_in_clash(definer: Definer<'_>, plan: &DecisionPlan) -> Template {
    let mut open: Vec<Template> = Vec::new();
    for choice in &plan.options {
        for judgement in judgements(definer, choice) {
            let rails = judgement.governs;
            open.push(fill(
                "(NOT {} AND NOT {} AND NOT {})",
                [rails.t.into(), rails.f.into(), choice.declared.t.into()],
            ));
        }
    }
    let unread = plan.unread.iter().filter_map(|at| definer.policy.program.unread.get(*at));
    let demands = unread.flat_map(|unread| &unread.demands);
    for (_, demanded) in demands.filter(|(of, _)| *of == plan.decision) {
        let choice = plan.options.iter().find(|choice| choice.disposition == *demanded);
        open.push(
            choice
                .map_or_else(|| "TRUE".into(), |choice| fill("NOT {}", [choice.declared.t.into()])),
        );
    }
    if open.is_empty() { "FALSE".into() } else { fill("({})", [Template::joined(open, " OR ")]) }
}

fn field_of(definer: Definer<'_>, plan: &DecisionPlan) -> crate::schema::FieldId {
    match definer.policy.program.decisions.get(plan.decision) {
        Some(decision) => decision.field,
        None => broken("a decision of another policy"),
    }
}

/// The name of a disposition.
fn named(definer: Definer<'_>, plan: &DecisionPlan, disposition: usize) -> String {
    let program = &definer.policy.program;
    let decision = program.decisions.get(plan.decision);
    let found = decision.and_then(|decision| program.schema.enumeration(decision.dispositions));
    let value = found.and_then(|found| found.values.get(disposition));
    literal(value.map_or("", |value| value.names.en()))
}

fn required(definer: Definer<'_>, plan: &DecisionPlan) -> Template {
    let cases = choices(plan).filter(|choice| !is_never(definer, choice.required));
    let cases: Vec<Template> = cases
        .map(|choice| {
            let text = format!("WHEN {{}} THEN {}", named(definer, plan, choice.disposition));
            fill(&text, [choice.required.into()])
        })
        .collect();
    if cases.is_empty() { nothing() } else { fill("CASE {} END", [Template::joined(cases, " ")]) }
}

fn declared(definer: Definer<'_>, plan: &DecisionPlan) -> Template {
    let program = &definer.policy.program;
    let Some(decision) = program.decisions.get(plan.decision) else { return nothing() };
    let count =
        program.schema.enumeration(decision.dispositions).map_or(0, |found| found.values.len());
    let column = definer.base(decision.frame, Holds::Value(decision.field));
    let cases = (0..count).map(|at| format!("WHEN {at} THEN {}", named(definer, plan, at)));
    let cases: Vec<String> = cases.collect();
    format!("CASE p.{column} {} END", cases.join(" ")).into()
}
