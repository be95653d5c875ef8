//! What the run takes from the data beyond the judged rows: which columns are kept, the calendar,
//! and what was not given.

use crate::builtin::World;
use crate::data::{Data, Needed};
use crate::diagnostic::{Bilingual, Diagnostic};
use crate::eval::Evaluator;
use crate::lowering::{self, Graph, Grouping, Lowered, Node, Op, Pairs};
use crate::place::Place;
use crate::say;
use crate::schema::{FrameId, Names, Schema, Type};
use crate::value::calendar::WorkingCalendar;
use crate::workspace::{Opened, Project};
use std::collections::{BTreeMap, BTreeSet};

/// The columns any policy reads.
#[must_use]
pub fn needed(schema: &Schema, graph: &Graph<'_>) -> Needed {
    let mut needed: Needed =
        schema.frames.iter().map(|frame| vec![false; frame.fields.len()]).collect();
    for node in &graph.nodes {
        let (Op::Column(frame, field)
        | Op::Bits(frame, field)
        | Op::Present(frame, field)
        | Op::Unread(frame, field)) = &node.op
        else {
            continue;
        };
        if let Some(slot) =
            needed.get_mut(frame.0 as usize).and_then(|fields| fields.get_mut(field.0 as usize))
        {
            *slot = true;
        }
    }
    for (id, frame) in (0..).map(FrameId).zip(&schema.frames) {
        let Some(citable) = &frame.citable else { continue };
        for field in citable.titles.iter().chain(&citable.from).chain(&citable.to) {
            if let Some(slot) =
                needed.get_mut(id.0 as usize).and_then(|fields| fields.get_mut(field.0 as usize))
            {
                *slot = true;
            }
        }
    }
    needed
}

/// Marks the fields that group rows: references and enums of tables.
pub(super) fn keep_groups(schema: &Schema, needed: &mut Needed) {
    for (frame, fields) in schema.frames.iter().zip(needed) {
        for (field, slot) in frame.fields.iter().zip(fields) {
            *slot |= frame.parent.is_none() && matches!(field.ty, Type::Ref(_) | Type::Enum(_));
        }
    }
}

/// The working calendar, from its table.
pub(crate) fn calendar(graph: &Graph<'_>, data: &Data<'_>) -> Option<WorkingCalendar> {
    let calendar = graph.program.calendar.as_ref()?;
    let evaluator = Evaluator::new(
        graph,
        &data.frames,
        World { today: 0, offset: graph.program.schema.offset, calendar: None },
    );
    let frame = data.frames.get(calendar.frame.0 as usize)?;
    let column = frame.column(calendar.date)?;
    let crate::value::Values::Ints(days) = &column.values else { return None };
    let holds = |expr, row: usize| {
        graph.lowered.iter().any(|((id, context), lowered)| {
            let own = graph.context(*context).domain == lowering::Domain::Frame(calendar.frame);
            *id == expr
                && own
                && matches!(lowered, Lowered::Truth(rails) if evaluator.holds(rails.t, row))
        })
    };
    let decided = |expr, row: usize| {
        graph.lowered.iter().any(|((id, context), lowered)| {
            let own = graph.context(*context).domain == lowering::Domain::Frame(calendar.frame);
            *id == expr
                && own
                && matches!(lowered,
                Lowered::Truth(rails) if evaluator.holds(rails.t, row) || evaluator.holds(rails.f,
                    row))
        })
    };
    // A day that was lost, or of which it is not known whether it is a working day, may lie
    // anywhere.
    if !frame.whole
        || !column.present.all()
        || (0..frame.len).any(|row| !decided(calendar.on, row) || !decided(calendar.off, row))
    {
        return None;
    }
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

/// Tables without any file.
pub(super) fn unfed(schema: &Schema, opened: &[Opened]) -> Vec<FrameId> {
    schema
        .tables()
        .map(|(id, _)| id)
        .filter(|id| !opened.iter().any(|file| file.frame == *id))
        .collect()
}

/// Tables that articles in effect speak of and the manifest gives no file. Where articles look into
/// one, nothing would be found in it, as if nothing were there: an error. Where they only speak of
/// its rows, there is nothing to judge: a warning.
pub(super) fn without_file(
    project: &Project,
    graph: &Graph<'_>,
    opened: &[Opened],
) -> Vec<Diagnostic> {
    let schema = &graph.program.schema;
    let looked_into = looked_into(graph);
    let articles = graph.program.articles.iter().filter(|article| article.in_effect);
    let subjects =
        articles.flat_map(|article| &article.sentences).map(|sentence| schema.root(sentence.frame));
    let spoken_of: BTreeSet<FrameId> = subjects.chain(looked_into.iter().copied()).collect();
    let known = |root: &FrameId| {
        opened.iter().any(|file| file.frame == *root) || project.unopened.contains(root)
    };
    let unfed = spoken_of.into_iter().filter(|root| !known(root));
    unfed
        .filter_map(|root| {
            Some(no_file(project, &schema.frame(root)?.names, looked_into.contains(&root)))
        })
        .collect()
}

/// The tables some article asks for rows of.
fn looked_into(graph: &Graph<'_>) -> BTreeSet<FrameId> {
    let schema = &graph.program.schema;
    let whole = |grouping: &Grouping| match grouping {
        Grouping::Inverse(frame, _) | Grouping::All(frame) => Some(*frame),
        Grouping::Nested(_) | Grouping::Pairs(_) => None,
    };
    let single =
        |frame: &FrameId| schema.frame(*frame).filter(|found| found.single).map(|_| *frame);
    let in_node = |node: &Node| match &node.op {
        Op::Nearest(alike, _) => graph.node(alike.key).and_then(|key| match key.domain {
            lowering::Domain::Frame(frame) => Some(frame),
            _ => None,
        }),
        Op::Column(frame, _) | Op::Bits(frame, _) | Op::Present(frame, _) => single(frame),
        op => whole(&op.grouping()?),
    };
    let in_pairs = |pairs: &Pairs| match &pairs.group {
        Some(group) => whole(&group.grouping),
        None => Some(pairs.inner),
    };
    let read =
        graph.nodes.iter().filter_map(in_node).chain(graph.pairs.iter().filter_map(in_pairs));
    read.map(|frame| schema.root(frame)).collect()
}

fn no_file(project: &Project, names: &Names, looked_into: bool) -> Diagnostic {
    let (zh, en) = (names.zh(), names.en());
    let help = say!(
        "在 [data] 下写 \"{en}\" = \"文件\"；确实一行也没有的，给一个只有标题的文件",
        "write \"{en}\" = \"file\" under [data]; where there are no rows, a file with headings only"
    );
    let place = Place::file(project.manifest_source.name.clone());
    let diagnostic = if looked_into {
        let message = say!(
            "条文要查 `{zh}`，清单却没有给它数据",
            "articles look into `{en}`, for which the manifest gives no file"
        );
        Diagnostic::error("table_without_file", message)
    } else {
        let message = say!(
            "条文说的是 `{zh}`，清单却没有给它数据",
            "articles speak of `{en}`, for which the manifest gives no file"
        );
        Diagnostic::warning("no_data", message)
    };
    diagnostic.help(help).at(place, Bilingual::default())
}
