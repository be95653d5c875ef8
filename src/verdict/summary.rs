//! Counts over all rows: outcomes by article, dispositions by decision.

use crate::diagnostic::Bilingual;
use crate::eval::Evaluator;
use crate::finding::{ArticleSummary, Counts, DecisionSummary, Standing};
use crate::lowering::{DecisionPlan, Judgement};
use crate::program::{Article, ArticleId, Clause, Decision, Program};
use crate::syntax::word;
use crate::value::Bits;
use std::collections::BTreeMap;

/// Outcomes of each article, over the rows of all its sentences; then of each 否则, over the rows
/// no article speaks of.
#[must_use]
pub fn article_summaries(
    evaluator: &Evaluator<'_>,
    judgements: &[Judgement],
    decisions: &[DecisionPlan],
) -> Vec<ArticleSummary> {
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
    let field =
        program.schema.field(decision.frame, decision.field).map_or("", |field| field.names.en());
    let list = program
        .schema
        .frame(decision.frame)
        .filter(|frame| frame.parent.is_some())
        .map(|frame| frame.names.en());
    list.map_or_else(|| format!("{module}.{field}"), |list| format!("{module}.{list}.{field}"))
}

/// What a decision is called where no article speaks.
#[must_use]
pub fn decision_heading(program: &Program, decision: &Decision) -> Bilingual {
    let (frame, field) = (
        program.schema.frame(decision.frame),
        program.schema.field(decision.frame, decision.field),
    );
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
    let satisfied =
        evaluator.bits(choice.right).and(&evaluator.bits(choice.declared.t)).and_not(&spoken);
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
    let english = article.number.insert.map_or_else(
        || article.number.number.to_string(),
        |insert| format!("{}-{insert}", article.number.number),
    );
    Bilingual {
        zh: format!("{zh} {number} {}", article.names.zh()),
        en: format!("{en} article {english} {}", article.names.en()),
    }
}

fn count(evaluator: &Evaluator<'_>, judgement: &Judgement) -> Counts {
    let rows = |node| evaluator.bits(node);
    let outcomes = judgement.outcomes;
    let (satisfied, violated) = (rows(outcomes.satisfied), rows(outcomes.violated));
    let (not_applicable, exempt) = (rows(outcomes.not_applicable), rows(outcomes.exempt));
    let known = satisfied.or(&violated).or(&not_applicable).or(&exempt);
    // What a person is asked to judge is not judged yet.
    let article = evaluator.graph.program.article(judgement.article);
    let clause = article
        .and_then(|article| article.sentences.get(judgement.sentence))
        .map(|sentence| &sentence.clause);
    let refers = matches!(clause, Some(Clause::Refer(_)));
    let advises = matches!(clause, Some(Clause::Require { modal, .. }) if modal.is_advice());
    let (violated, referred) = if refers { (0, violated.count()) } else { (violated.count(), 0) };
    Counts {
        satisfied: satisfied.count(),
        violated,
        advised: if advises { violated } else { 0 },
        not_applicable: not_applicable.count(),
        exempt: exempt.count(),
        undetermined: known.len() - known.count(),
        referred,
        waived: 0,
    }
}

/// Dispositions declared and required.
#[must_use]
pub fn decision_summaries(
    evaluator: &Evaluator<'_>,
    decisions: &[DecisionPlan],
) -> Vec<DecisionSummary> {
    decisions.iter().filter_map(|plan| decision_summary(evaluator, plan)).collect()
}

fn decision_summary(evaluator: &Evaluator<'_>, plan: &DecisionPlan) -> Option<DecisionSummary> {
    let program = evaluator.graph.program;
    let decision = program.decisions.get(plan.decision)?;
    let (frame, field) = (
        program.schema.frame(decision.frame)?,
        program.schema.field(decision.frame, decision.field)?,
    );
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
    let rows = values.iter().enumerate().map(|(at, value)| {
        (Bilingual::new(value.names.zh(), value.names.en()), of(&declared, at), of(&required, at))
    });
    let field = Bilingual::new(
        format!("{}.{}", frame.names.zh(), field.names.zh()),
        format!("{}.{}", frame.names.en(), field.names.en()),
    );
    let free = if plan.otherwise.is_none() {
        evaluator.bits(plan.free).and_not(&settled).count()
    } else {
        0
    };
    let dispositions = rows.filter(|(_, declared, required)| declared + required > 0).collect();
    Some(DecisionSummary { field, dispositions, open: len - settled.count() - free })
}
