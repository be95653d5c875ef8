//! Dispositions counted over all rows, by decision.

use crate::diagnostic::Bilingual;
use crate::eval::Evaluator;
use crate::finding::DecisionSummary;
use crate::lowering::DecisionPlan;
use crate::value::Bits;
use std::collections::BTreeMap;

/// Dispositions declared and required.
#[must_use]
pub fn decision_summaries(
    evaluator: &Evaluator,
    decisions: &[DecisionPlan],
) -> Vec<DecisionSummary> {
    decisions.iter().filter_map(|plan| decision_summary(evaluator, plan)).collect()
}

fn decision_summary(evaluator: &Evaluator, plan: &DecisionPlan) -> Option<DecisionSummary> {
    let program = &*evaluator.graph.program;
    let decision = program.decisions.get(plan.decision)?;
    let len = evaluator.frame(decision.frame)?.len;
    if len == 0 && plan.options.is_empty() {
        return None;
    }
    let mut settled = Bits::uniform(len, false);
    let mut required: BTreeMap<usize, usize> = BTreeMap::new();
    for choice in plan.options.iter().chain(&plan.otherwise) {
        let rows = evaluator.bits(choice.required);
        settled = settled.or(&rows);
        *required.entry(choice.disposition).or_default() += rows.count();
    }
    let mut declared: BTreeMap<usize, usize> = BTreeMap::new();
    let column = evaluator.frame(decision.frame)?.column(decision.field)?;
    let free = evaluator.bits(plan.free);
    if let crate::value::Values::Ints(values) = &column.values {
        for row in column.present.iter() {
            if let Some(value) = values.get(row).and_then(|value| usize::try_from(*value).ok()) {
                *declared.entry(value).or_default() += 1;
                if plan.as_declared && free.get(row) {
                    *required.entry(value).or_default() += 1;
                }
            }
        }
    }
    let values = &program.schema.enumeration(decision.dispositions)?.values;
    let of = |counts: &BTreeMap<usize, usize>, at: usize| counts.get(&at).copied().unwrap_or(0);
    let rows = values.iter().enumerate().map(|(at, value)| {
        (Bilingual::new(value.names.zh(), value.names.en()), of(&declared, at), of(&required, at))
    });
    let (zh, en) = program.schema.path(decision.frame, decision.field)?;
    let field = Bilingual { zh, en };
    let free = if plan.otherwise.is_none() { free.and_not(&settled).count() } else { 0 };
    let dispositions = rows.filter(|(_, declared, required)| declared + required > 0).collect();
    Some(DecisionSummary { field, dispositions, open: len - settled.count() - free })
}
