//! Dispositions required and declared, side by side.

use super::Row;
use crate::builtin::Scalar;
use crate::diagnostic::Bilingual;
use crate::engine::{RowRef, RuleId};
use crate::finding::Outcome;
use crate::grouping::Groups;
use crate::lowering::DecisionPlan;
use crate::schema::Type;
use crate::verdict::Basis;
use std::collections::{BTreeMap, BTreeSet};

/// One decision.
#[derive(Clone, Debug)]
pub struct Matrix {
    /// The decided field: `书.状态`.
    pub field: Bilingual,
    /// Each disposition that occurs.
    pub lines: Vec<Line>,
    /// What is declared otherwise than required.
    pub differences: Vec<Difference>,
    /// Rows whose required disposition cannot be told, or is in conflict.
    pub open: Vec<Row>,
}

/// One disposition.
#[derive(Clone, Debug)]
pub struct Line {
    /// Which.
    pub disposition: Bilingual,
    /// How many rows declare it.
    pub declared: usize,
    /// How many rows must have it.
    pub required: usize,
    /// How many rows must have it and declare it.
    pub agreed: usize,
}

/// Rows that must have one disposition and declare another.
#[derive(Clone, Debug)]
pub struct Difference {
    /// What is required.
    pub required: Bilingual,
    /// What is declared; `None` where nothing is, or nothing that could be read.
    pub declared: Option<Bilingual>,
    /// The rows.
    pub rows: Vec<Row>,
    /// Of each row, what makes it so.
    pub demands: Vec<Demand>,
}

/// What makes a row need another disposition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Demand {
    /// The article that requires it: the heading people know.
    pub article: Bilingual,
    /// Whether an authority has allowed the one declared.
    pub waived: bool,
    /// The group the row belongs to.
    pub group: Option<Bilingual>,
}

/// What a row must have.
#[derive(Clone, Copy)]
enum Required {
    This(usize),
    /// No article speaks of it, and nothing stands after 否则.
    Nothing,
    Open,
}

/// The matrices of all decisions.
pub(super) fn matrices(groups: &Groups<'_>) -> Vec<Matrix> {
    let decisions = (0..).zip(&groups.run.policy.decisions);
    decisions.filter_map(|plan| matrix(groups, plan)).collect()
}

/// What makes a row need the disposition it must have.
fn demand(groups: &Groups<'_>, plan: &DecisionPlan, waived: &BTreeSet<u32>, row: RowRef) -> Demand {
    let run = groups.run;
    let program = run.program();
    let otherwise = || run.policy.rules.heading(RuleId::decision(plan.decision));
    let deciding = run
        .deciding(plan, row.row)
        .and_then(|at| program.article(run.policy.judgements.get(at)?.article));
    Demand {
        article: deciding.map(|article| run.policy.heading(article)).unwrap_or_else(otherwise),
        waived: u32::try_from(row.row).is_ok_and(|row| waived.contains(&row)),
        group: groups.of(row).and_then(|group| group.shown.clone()),
    }
}

fn matrix(groups: &Groups<'_>, (at, plan): (u32, &DecisionPlan)) -> Option<Matrix> {
    let run = groups.run;
    let program = run.program();
    let decision = program.decisions.get(plan.decision)?;
    let (zh, en) = program.schema.path(decision.frame, decision.field)?;
    let data = run.evaluator.frame(decision.frame)?;
    data.column(decision.field)?;
    let declared = |row: usize| run.declared(plan, row);
    let required = |row: usize| match run.required(plan, row) {
        Some(choice) => Required::This(choice.disposition),
        None if plan.otherwise.is_none() && run.evaluator.holds(plan.free, row) => {
            let stands = declared(row).filter(|_| plan.as_declared);
            stands.map_or(Required::Nothing, Required::This)
        }
        None => Required::Open,
    };
    let mut cells: BTreeMap<(usize, Option<usize>), Vec<usize>> = BTreeMap::new();
    let (mut open, mut sums) = (Vec::new(), BTreeMap::<usize, [usize; 3]>::new());
    for row in 0..data.len {
        let declared = declared(row);
        if let Some(declared) = declared {
            count(&mut sums, declared, 0);
        }
        match required(row) {
            Required::This(required) => {
                count(&mut sums, required, 1);
                if declared == Some(required) {
                    count(&mut sums, required, 2);
                } else {
                    cells.entry((required, declared)).or_default().push(row);
                }
            }
            Required::Nothing => {}
            Required::Open => open.push((decision.frame, row)),
        }
    }
    let ty = Type::Enum(decision.dispositions);
    let name =
        |value: usize| run.show().scalar(ty, &Scalar::Int(i64::try_from(value).unwrap_or(0)));
    let line = |(value, [declared, required, agreed]): (usize, [usize; 3])| Line {
        disposition: name(value),
        declared,
        required,
        agreed,
    };
    let waived = run.verdicts.iter().filter(|verdict| {
        verdict.basis == Basis::Decision(at) && verdict.outcome == Outcome::Waived
    });
    let waived: BTreeSet<u32> = waived.map(|verdict| verdict.row).collect();
    let difference =
        |((required, declared), rows): ((usize, Option<usize>), Vec<usize>)| Difference {
            required: name(required),
            declared: declared.map(name),
            demands: rows
                .iter()
                .map(|row| RowRef { frame: decision.frame, row: *row })
                .map(|row| demand(groups, plan, &waived, row))
                .collect(),
            rows: rows.into_iter().map(|row| (decision.frame, row)).collect(),
        };
    Some(Matrix {
        field: Bilingual { zh, en },
        lines: sums.into_iter().map(line).collect(),
        differences: cells.into_iter().map(difference).collect(),
        open,
    })
}

fn count(sums: &mut BTreeMap<usize, [usize; 3]>, disposition: usize, at: usize) {
    if let Some(slot) = sums.entry(disposition).or_default().get_mut(at) {
        *slot += 1;
    }
}
