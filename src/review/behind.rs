//! The rows behind a figure. A count stands for the rows it counts; a stated figure stands for the
//! rows of a count it is required to equal and does equal; a sum of figures for the rows of all of
//! them. Where both sides of a comparison stand for rows, the rows on one side alone make the
//! difference.

use super::Row;
use super::compare::Comparing;
use super::figure::Status;
use super::finder::{Finder, Found};
use crate::builtin::Quantifier;
use crate::engine::Run;
use crate::program::{Comparison, ExprId, ExprKind, Program};
use crate::schema::{FieldId, FrameId};
use std::collections::{BTreeMap, BTreeSet};

/// What rows say about a figure.
#[derive(Clone, Debug, Default)]
pub struct Behind {
    /// Rows behind the stated side alone.
    pub only_stated: Vec<Row>,
    /// Rows behind the computed side alone.
    pub only_computed: Vec<Row>,
    /// Rows the computed side has twice.
    pub twice: Vec<Row>,
    /// Rows of which it cannot be told whether they count.
    pub unknown: Vec<Row>,
    /// Rows of a sum whose own part is the difference.
    pub exactly: Vec<Row>,
}

/// Rows, with how often each counts.
pub(super) type Rows = BTreeMap<Row, i64>;

/// Which figure is required to equal what, where it does.
pub(super) struct Links<'j> {
    pub(super) links: BTreeMap<(FrameId, FieldId), Vec<Link<'j>>>,
}

pub(super) struct Link<'j> {
    pub(super) by: &'j Comparing<'j>,
    pub(super) other: ExprId,
    counted: bool,
}

/// The field of a table of one row that an expression reads, and nothing else.
pub(super) fn field(program: &Program, expr: ExprId) -> Option<(FrameId, FieldId)> {
    match program.expr(expr).kind {
        ExprKind::Field { frame, field, .. } => {
            program.schema.frame(frame).filter(|found| found.single).map(|_| (frame, field))
        }
        ExprKind::Single { then, .. } => field(program, then),
        _ => None,
    }
}

impl<'j> Links<'j> {
    /// Those of the figures that close, direct counts first.
    pub(super) fn of(run: &Run, all: &'j [Comparing<'j>]) -> Self {
        let program = run.program();
        let mut links: BTreeMap<_, Vec<Link<'j>>> = BTreeMap::new();
        for by in all
            .iter()
            .filter(|one| one.status == Status::Closes && one.relation == Comparison::Equal)
        {
            for (figure, other) in [(by.left, by.right), (by.right, by.left)] {
                let counted = matches!(
                    program.expr(other).kind,
                    ExprKind::Quantify { quantifier: Quantifier::Count, .. }
                );
                if let Some(field) = field(program, figure) {
                    links.entry(field).or_default().push(Link { by, other, counted });
                }
            }
        }
        links.values_mut().for_each(|links| links.sort_by_key(|link| !link.counted));
        Self { links }
    }
}

/// The rows that make the difference of a figure, or would.
pub(super) fn behind(run: &Run, links: &Links<'_>, one: &Comparing<'_>) -> Behind {
    let context = one.judgement.context;
    let finder = Finder { run, links, own: one };
    let side = |expr| {
        let mut found = Found::default();
        finder.rows(expr, context, one.row, 1, &mut BTreeSet::new(), &mut found).map(|()| found)
    };
    let (stated, computed) = (side(one.left), side(one.right));
    let mut behind = Behind { exactly: finder.exactly(context), ..Behind::default() };
    if let Some(found) = &computed {
        behind.unknown.clone_from(&found.unknown);
        behind.twice =
            found.rows.iter().filter(|(_, times)| **times > 1).map(|(row, _)| *row).collect();
    }
    if let (Some(stated), Some(computed)) = (stated, computed) {
        let only = |rows: &Rows, others: &Rows| -> Vec<Row> {
            rows.iter()
                .filter(|(row, times)| {
                    **times > 0 && others.get(row).is_none_or(|other| *other <= 0)
                })
                .map(|(row, _)| *row)
                .collect()
        };
        let tables = |rows: &Rows| rows.keys().map(|(frame, _)| *frame).collect::<BTreeSet<_>>();
        let (ours, theirs) = (tables(&stated.rows), tables(&computed.rows));
        // Rows of other tables are others, however many there are.
        let is_comparable = ours.is_empty() || theirs.is_empty() || !ours.is_disjoint(&theirs);
        if is_comparable {
            behind.only_stated = only(&stated.rows, &computed.rows);
            behind.only_computed = only(&computed.rows, &stated.rows);
        }
    }
    behind
}
