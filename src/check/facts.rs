//! What the run takes from the data beyond the judged rows: which columns are kept, and the calendar.

use crate::builtin::World;
use crate::data::{Data, Needed};
use crate::eval::Evaluator;
use crate::lowering::{self, Graph, Lowered, Op};
use crate::schema::{FrameId, Schema};
use crate::value::calendar::WorkingCalendar;
use std::collections::BTreeMap;

/// The columns any policy reads.
pub(super) fn needed(schema: &Schema, graph: &Graph<'_>) -> Needed {
    let mut needed: Needed = schema.frames.iter().map(|frame| vec![false; frame.fields.len()]).collect();
    for node in &graph.nodes {
        let (Op::Column(frame, field) | Op::Bits(frame, field) | Op::Present(frame, field) | Op::Unread(frame, field)) = &node.op else {
            continue;
        };
        if let Some(slot) = needed.get_mut(frame.0 as usize).and_then(|fields| fields.get_mut(field.0 as usize)) {
            *slot = true;
        }
    }
    for (id, frame) in (0..).map(FrameId).zip(&schema.frames) {
        let Some(citable) = &frame.citable else { continue };
        for field in citable.titles.iter().chain(&citable.from).chain(&citable.to) {
            if let Some(slot) = needed.get_mut(id.0 as usize).and_then(|fields| fields.get_mut(field.0 as usize)) {
                *slot = true;
            }
        }
    }
    needed
}

/// The working calendar, from its table.
pub(crate) fn calendar(graph: &Graph<'_>, data: &Data<'_>) -> Option<WorkingCalendar> {
    let calendar = graph.program.calendar.as_ref()?;
    let evaluator = Evaluator::new(graph, &data.frames, World { today: 0, calendar: None });
    let frame = data.frames.get(calendar.frame.0 as usize)?;
    let column = frame.column(calendar.date)?;
    let crate::value::Values::Ints(days) = &column.values else { return None };
    let holds = |expr, row: usize| {
        graph.lowered.iter().any(|((id, context), lowered)| {
            let own = graph.context(*context).domain == lowering::Domain::Frame(calendar.frame);
            *id == expr && own && matches!(lowered, Lowered::Truth(rails) if evaluator.holds(rails.t, row))
        })
    };
    let mut exceptions = BTreeMap::new();
    for row in column.present.iter() {
        let Some(day) = days.get(row) else { continue };
        if holds(calendar.on, row) {
            exceptions.insert(*day, true);
        } else if holds(calendar.off, row) {
            exceptions.insert(*day, false);
        }
    }
    Some(WorkingCalendar::new(&calendar.rest, &exceptions))
}
