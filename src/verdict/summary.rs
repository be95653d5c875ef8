//! Counts over all rows: outcomes by article, dispositions by decision, measures.

use super::show::Show;
use crate::builtin::{Quantifier, Scalar};
use crate::diagnostic::Bilingual;
use crate::eval::{Evaluator, Vector};
use crate::finding::{ArticleSummary, Counts, DecisionSummary, MeasureSummary, Standing};
use crate::lowering::{DecisionPlan, Grouped, Judgement, Lowered, MeasurePlan};
use crate::program::{Article, ArticleId, Clause, Decision, Program};
use crate::schema::Type;
use crate::syntax::word;
use crate::value::{Bits, Ratio};
use num_traits::CheckedAdd;
use std::collections::BTreeMap;

/// Outcomes of each article, over the rows of all its sentences; then of each 否则, over the rows no article speaks of.
#[must_use]
pub fn article_summaries(evaluator: &Evaluator<'_>, judgements: &[Judgement], decisions: &[DecisionPlan]) -> Vec<ArticleSummary> {
    let program = evaluator.graph.program;
    let articles = (0..).map(ArticleId).zip(&program.articles);
    let otherwise = decisions.iter().filter_map(|plan| otherwise(evaluator, plan));
    articles
        .map(|(id, article)| {
            let mut counts = Counts::default();
            for judgement in judgements.iter().filter(|judgement| judgement.article == id) {
                counts += count(evaluator, judgement);
            }
            ArticleSummary {
                article: program.article_name(article),
                heading: heading(evaluator, article),
                counts,
                standing: match (article.in_effect, article.whole) {
                    (false, _) => Standing::NotInEffect,
                    (true, true) => Standing::Judged,
                    (true, false) => Standing::Faulty,
                },
            }
        })
        .chain(otherwise)
        .collect()
}

/// `policy.field` of a decision, the name its own findings go by.
#[must_use]
pub fn decision_name(program: &Program, decision: &Decision) -> String {
    let module = program.modules.get(decision.module).map_or("", |module| module.names.en());
    let field = program.schema.field(decision.frame, decision.field).map_or("", |field| field.names.en());
    let list = program.schema.frame(decision.frame).filter(|frame| frame.parent.is_some()).map(|frame| frame.names.en());
    list.map_or_else(|| format!("{module}.{field}"), |list| format!("{module}.{list}.{field}"))
}

/// What a decision is called where no article speaks.
#[must_use]
pub fn decision_heading(program: &Program, decision: &Decision) -> Bilingual {
    let (frame, field) = (program.schema.frame(decision.frame), program.schema.field(decision.frame, decision.field));
    let Some((frame, field)) = frame.zip(field) else { return Bilingual::default() };
    Bilingual {
        zh: format!("裁定 {}.{} 否则", frame.names.zh(), field.names.zh()),
        en: format!("decide {}.{} otherwise", frame.names.en(), field.names.en()),
    }
}

fn otherwise(evaluator: &Evaluator<'_>, plan: &DecisionPlan) -> Option<ArticleSummary> {
    let program = evaluator.graph.program;
    let decision = program.decisions.get(plan.decision)?;
    let choice = plan.otherwise.as_ref()?;
    let required = evaluator.bits(choice.required);
    let spoken = evaluator.bits(plan.spoken);
    let satisfied = evaluator.bits(choice.right).and(&evaluator.bits(choice.declared.t)).and_not(&spoken);
    let violated = required.and(&evaluator.bits(choice.declared.f));
    let known = satisfied.count() + violated.count() + spoken.count();
    let counts = Counts {
        satisfied: satisfied.count(),
        violated: violated.count(),
        not_applicable: spoken.count(),
        undetermined: required.len().saturating_sub(known),
        ..Counts::default()
    };
    Some(ArticleSummary {
        article: decision_name(program, decision),
        heading: decision_heading(program, decision),
        counts,
        standing: Standing::Otherwise,
    })
}

fn heading(evaluator: &Evaluator<'_>, article: &Article) -> Bilingual {
    let module = evaluator.graph.program.modules.get(article.module);
    let (zh, en) = module.map_or(("", ""), |module| (module.names.zh(), module.names.en()));
    let number = word::article_number(article.number);
    let english =
        article.number.insert.map_or_else(|| article.number.number.to_string(), |insert| format!("{}-{insert}", article.number.number));
    Bilingual { zh: format!("{zh} {number} {}", article.names.zh()), en: format!("{en} article {english} {}", article.names.en()) }
}

fn count(evaluator: &Evaluator<'_>, judgement: &Judgement) -> Counts {
    let rows = |node| evaluator.bits(node);
    let outcomes = judgement.outcomes;
    let (satisfied, violated) = (rows(outcomes.satisfied), rows(outcomes.violated));
    let (not_applicable, exempt) = (rows(outcomes.not_applicable), rows(outcomes.exempt));
    let known = satisfied.or(&violated).or(&not_applicable).or(&exempt);
    // What a person is asked to judge is not judged yet.
    let article = evaluator.graph.program.article(judgement.article);
    let refers = article
        .and_then(|article| article.sentences.get(judgement.sentence))
        .is_some_and(|sentence| matches!(sentence.clause, Clause::Refer(_)));
    let (violated, referred) = if refers { (0, violated.count()) } else { (violated.count(), 0) };
    Counts {
        satisfied: satisfied.count(),
        violated,
        not_applicable: not_applicable.count(),
        exempt: exempt.count(),
        undetermined: known.len() - known.count(),
        referred,
        waived: 0,
    }
}

/// Dispositions declared and required.
#[must_use]
pub fn decision_summaries(evaluator: &Evaluator<'_>, decisions: &[DecisionPlan]) -> Vec<DecisionSummary> {
    decisions.iter().filter_map(|plan| decision_summary(evaluator, plan)).collect()
}

fn decision_summary(evaluator: &Evaluator<'_>, plan: &DecisionPlan) -> Option<DecisionSummary> {
    let program = evaluator.graph.program;
    let decision = program.decisions.get(plan.decision)?;
    let (frame, field) = (program.schema.frame(decision.frame)?, program.schema.field(decision.frame, decision.field)?);
    let len = evaluator.frame(decision.frame)?.len;
    let mut settled = Bits::uniform(len, false);
    let mut required: BTreeMap<usize, usize> = BTreeMap::new();
    for choice in plan.options.iter().chain(&plan.otherwise) {
        let rows = evaluator.bits(choice.required);
        settled = settled.or(&rows);
        *required.entry(choice.disposition).or_default() += rows.count();
    }
    let mut declared: BTreeMap<usize, usize> = BTreeMap::new();
    let column = evaluator.frame(decision.frame)?.column(decision.field)?;
    if let crate::value::Values::Ints(values) = &column.values {
        for row in column.present.iter() {
            if let Some(value) = values.get(row).and_then(|value| usize::try_from(*value).ok()) {
                *declared.entry(value).or_default() += 1;
            }
        }
    }
    let values = &program.schema.enumeration(decision.dispositions)?.values;
    let of = |counts: &BTreeMap<usize, usize>, at: usize| counts.get(&at).copied().unwrap_or(0);
    let rows = values
        .iter()
        .enumerate()
        .map(|(at, value)| (Bilingual::new(value.names.zh(), value.names.en()), of(&declared, at), of(&required, at)));
    let field = Bilingual::new(format!("{}.{}", frame.names.zh(), field.names.zh()), format!("{}.{}", frame.names.en(), field.names.en()));
    let free = if plan.otherwise.is_none() { evaluator.bits(plan.free).and_not(&settled).count() } else { 0 };
    let dispositions = rows.filter(|(_, declared, required)| declared + required > 0).collect();
    Some(DecisionSummary { field, dispositions, open: len - settled.count() - free })
}

/// The figures of measures.
#[must_use]
pub fn measure_summaries(evaluator: &Evaluator<'_>, measures: &[MeasurePlan]) -> Vec<MeasureSummary> {
    measures.iter().filter_map(|plan| measure_summary(evaluator, plan)).collect()
}

fn measure_summary(evaluator: &Evaluator<'_>, plan: &MeasurePlan) -> Option<MeasureSummary> {
    let program = evaluator.graph.program;
    let measure = program.measures.get(plan.measure)?;
    let module = program.modules.get(measure.module).map_or("", |module| module.names.en());
    let ty = program.expr(measure.body).ty;
    let show = Show { evaluator };
    let (measure_name, heading) = (format!("{module}.{}", measure.names.en()), Bilingual::new(measure.names.zh(), measure.names.en()));
    let Some(by) = plan.by else {
        let values = vec![(None, single(evaluator, plan.value, ty, show))];
        return Some(MeasureSummary { measure: measure_name, heading, values, overall: None });
    };
    let groups = grouped(evaluator, plan.value, by);
    let overall = overall(by.quantifier, groups.iter().map(|(_, value)| value.as_ref()));
    let key_ty = measure.by.map_or(Type::Text, |by| program.expr(by).ty);
    let figure = |(key, value): (Option<Scalar<'_>>, Option<Scalar<'_>>)| {
        let key = key.map_or_else(|| Bilingual::new("（不详）", "(unknown)"), |key| show.scalar(key_ty, &key));
        (Some(key), value.map(|value| show.scalar(ty, &value)))
    };
    let values = groups.into_iter().map(figure).collect();
    let overall = overall.map(|value| show.scalar(ty, &value));
    Some(MeasureSummary { measure: measure_name, heading, values, overall })
}

/// The figure over all groups; `None` where that of one is unknown.
fn overall<'v>(quantifier: Quantifier, mut groups: impl Iterator<Item = Option<&'v Scalar<'static>>>) -> Option<Scalar<'static>> {
    let first = groups.next()?.cloned()?;
    groups.try_fold(first, |total, part| combine(quantifier, &total, part?))
}

fn single(evaluator: &Evaluator<'_>, value: Lowered, ty: Type, show: Show<'_, '_>) -> Option<Bilingual> {
    match value {
        Lowered::Value(node) => evaluator.get(node).scalar(0).map(|value| show.scalar(ty, &value)),
        Lowered::Truth(rails) => {
            let known = evaluator.holds(rails.t, 0) || evaluator.holds(rails.f, 0);
            known.then(|| show.scalar(Type::Boolean, &Scalar::Bool(evaluator.holds(rails.t, 0))))
        }
    }
}

/// A group's key in an order of its own.
fn sort_key(key: Option<&Scalar<'_>>) -> (i64, String) {
    match key {
        Some(Scalar::Int(value)) => (*value, String::new()),
        Some(Scalar::Text(text)) => (0, text.to_string()),
        Some(other) => (0, format!("{other:?}")),
        None => (i64::MAX, String::new()),
    }
}

type Group<'v> = (Option<Scalar<'v>>, Option<Scalar<'static>>);

/// The figure of each group; unknown where any element's part is, or elements were lost.
fn grouped<'v>(evaluator: &'v Evaluator<'_>, value: Lowered, by: Grouped) -> Vec<Group<'v>> {
    let len = evaluator.frame(by.frame).map_or(0, |data| data.len);
    let keys = evaluator.get(by.key);
    let whole = evaluator.holds(by.whole, 0);
    let mut groups: BTreeMap<(i64, String), Group<'v>> = BTreeMap::new();
    for row in 0..len {
        if evaluator.holds(by.member.f, row) {
            continue;
        }
        let key = keys.scalar(row);
        let known = evaluator.holds(by.member.t, row);
        let part = match (value, by.quantifier) {
            (_, Quantifier::Count) => Some(Scalar::Int(1)),
            (Lowered::Value(node), _) => plain(evaluator.get(node), row),
            _ => None,
        };
        let part = part.filter(|_| known && whole);
        let group = groups.entry(sort_key(key.as_ref())).or_insert((key, Some(Scalar::Int(i64::MIN))));
        group.1 = match (group.1.take(), part) {
            (Some(Scalar::Int(i64::MIN)), part) => part,
            (Some(total), Some(part)) => combine(by.quantifier, &total, &part),
            _ => None,
        };
    }
    groups.into_values().collect()
}

fn plain(column: &Vector<'_>, row: usize) -> Option<Scalar<'static>> {
    match column.scalar(row)? {
        Scalar::Int(value) => Some(Scalar::Int(value)),
        Scalar::Ratio(value) => Some(Scalar::Ratio(value)),
        _ => None,
    }
}

fn combine(quantifier: Quantifier, a: &Scalar<'_>, b: &Scalar<'_>) -> Option<Scalar<'static>> {
    match (a, b) {
        (Scalar::Int(a), Scalar::Int(b)) => Some(Scalar::Int(match quantifier {
            Quantifier::Max => *a.max(b),
            Quantifier::Min => *a.min(b),
            _ => i64::checked_add(*a, *b)?,
        })),
        (Scalar::Ratio(a), Scalar::Ratio(b)) => {
            let (a, b): (&Ratio, &Ratio) = (a, b);
            Some(Scalar::Ratio(match quantifier {
                Quantifier::Max => *a.max(b),
                Quantifier::Min => *a.min(b),
                _ => a.checked_add(b)?,
            }))
        }
        _ => None,
    }
}
