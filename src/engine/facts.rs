//! What a run takes from the data beyond the judged rows: which columns are kept, and the calendar.

use super::policy::Policy;
use super::rows::Keep;
use crate::data::{FrameData, Needed};
use crate::eval::Evaluator;
use crate::lowering::{Graph, Lowered, Op, Rails};
use crate::program::ExprId;
use crate::schema::{FieldId, FrameId, Type};
use crate::value::calendar::WorkingCalendar;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The columns to keep: what the policies read, what tells rows without a key apart, and what else
/// is asked for.
pub(super) fn needed(policy: &Policy, keep: Keep) -> Needed {
    let schema = policy.schema();
    let mut needed: Needed = schema
        .frames
        .iter()
        .map(|frame| vec![keep == Keep::Everything; frame.fields.len()])
        .collect();
    let mut mark = |frame: FrameId, field: FieldId| {
        let fields = needed.get_mut(frame.0 as usize);
        if let Some(slot) = fields.and_then(|fields| fields.get_mut(field.0 as usize)) {
            *slot = true;
        }
    };
    for node in &policy.graph.nodes {
        if let Op::Column(frame, field)
        | Op::Bits(frame, field)
        | Op::Present(frame, field)
        | Op::Unread(frame, field) = node.op
        {
            mark(frame, field);
        }
    }
    let judged = judged(policy);
    for (id, frame) in (0..).map(FrameId).zip(&schema.frames) {
        let cited = frame.citable.iter().flat_map(|citable| {
            citable.titles.iter().chain(&citable.from).chain(&citable.to).copied()
        });
        cited.for_each(|field| mark(id, field));
        let by_content = frame.key().is_none() && !frame.single && judged.contains(&id);
        for (field, found) in (0..).map(FieldId).zip(&frame.fields) {
            let groups = keep == Keep::Groups
                && frame.parent.is_none()
                && matches!(found.ty, Type::Ref(_) | Type::Enum(_) | Type::Text | Type::Boolean);
            if by_content || groups {
                mark(id, field);
            }
        }
    }
    needed
}

/// The frames that sentences and decisions are about.
fn judged(policy: &Policy) -> BTreeSet<FrameId> {
    let sentences = policy.judgements.iter().map(|judgement| judgement.frame);
    sentences.chain(policy.program.decisions.iter().map(|decision| decision.frame)).collect()
}

/// The working calendar, from its table.
pub(super) fn calendar(
    graph: &Arc<Graph>,
    frames: &Arc<Vec<FrameData>>,
) -> Option<WorkingCalendar> {
    let calendar = graph.program.calendar.as_ref()?;
    let evaluator = Evaluator::new(graph.clone(), frames.clone(), 0, None);
    let frame = frames.get(calendar.frame.0 as usize)?;
    let column = frame.column(calendar.date)?;
    let crate::value::Values::Ints(days) = &column.values else { return None };
    let rails = |expr: ExprId| {
        let context = graph.own(calendar.frame)?;
        match graph.lowered.get(&(expr, context))? {
            Lowered::Truth(rails) => Some(*rails),
            Lowered::Value(_) => None,
        }
    };
    let (on, off) = (rails(calendar.on)?, rails(calendar.off)?);
    // A day that was lost, or of which it is not known whether it is a working day, may lie
    // anywhere.
    let decided =
        |rails: Rails, row: usize| evaluator.holds(rails.t, row) || evaluator.holds(rails.f, row);
    if !frame.whole
        || !column.present.all()
        || (0..frame.len).any(|row| !decided(on, row) || !decided(off, row))
    {
        return None;
    }
    let mut exceptions = BTreeMap::new();
    for row in column.present.iter() {
        let Some(day) = days.get(row) else { continue };
        if evaluator.holds(on.t, row) {
            exceptions.insert(*day, true);
        } else if evaluator.holds(off.t, row) {
            exceptions.insert(*day, false);
        }
    }
    Some(WorkingCalendar::new(&calendar.rest, &exceptions))
}
