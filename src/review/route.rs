//! Which field groups the rows, and the way from each table to its groups: rows belong to a group
//! through the references that lead from them to it, by the shortest way.

use crate::builtin::Scalar;
use crate::diagnostic::{Bilingual, Diagnostic};
use crate::engine::Run;
use crate::nearest::nearest;
use crate::say;
use crate::schema::{FieldId, FrameId, Schema, Type};
use crate::value::Values;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// The field that groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct By {
    /// Its table.
    pub frame: FrameId,
    /// The field: a reference or an enum.
    pub field: FieldId,
}

/// The field asked for, by its name, as `table.field`, or by the table it refers to; without a
/// name, the field by which most measures are split, else the reference by which most findings can
/// be grouped.
pub(super) fn choose(run: &Run, wanted: Option<&str>) -> Result<Option<By>, Box<Diagnostic>> {
    let schema = &run.program().schema;
    let candidates = candidates(schema);
    let Some(wanted) = wanted else { return Ok(default(run, &candidates)) };
    let called = |by: &&By| names(schema, **by).iter().any(|name| name == wanted);
    if let Some(by) = candidates.iter().find(called) {
        return Ok(Some(*by));
    }
    let known: Vec<String> = candidates.iter().flat_map(|by| names(schema, *by)).collect();
    let message =
        say!("没有可以分组的字段 `{wanted}`", "there is no field `{wanted}` that groups rows");
    let help = nearest(wanted, known.iter().map(String::as_str)).map_or_else(
        || {
            say!(
                "写表中的引用或枚举字段：表.字段",
                "name a field of a table that is a reference or an enum: table.field"
            )
        },
        |near| say!("是不是 `{near}`？", "did you mean `{near}`?"),
    );
    Err(Box::new(Diagnostic::error("unknown_group", message).help(help)))
}

/// Every reference and every enum of a table.
fn candidates(schema: &Schema) -> Vec<By> {
    let of = |(frame, found): (FrameId, &crate::schema::Frame)| {
        let fields = (0..)
            .map(FieldId)
            .zip(&found.fields)
            .filter(|(_, field)| matches!(field.ty, Type::Ref(_) | Type::Enum(_)));
        fields.map(|(field, _)| By { frame, field }).collect::<Vec<_>>()
    };
    schema.tables().flat_map(of).collect()
}

/// What a field may be asked for by.
fn names(schema: &Schema, by: By) -> Vec<String> {
    let (Some(frame), Some(field)) = (schema.frame(by.frame), schema.field(by.frame, by.field))
    else {
        return Vec::new();
    };
    let mut names: Vec<String> = field.names.iter().map(str::to_owned).collect();
    names.extend(
        frame
            .names
            .iter()
            .flat_map(|table| field.names.iter().map(move |name| format!("{table}.{name}"))),
    );
    if let Type::Ref(target) = field.ty
        && let Some(target) = schema.frame(target)
    {
        names.extend(target.names.iter().map(str::to_owned));
    }
    names
}

fn default(run: &Run, candidates: &[By]) -> Option<By> {
    let program = run.program();
    let ty = |by: &By| program.schema.field(by.frame, by.field).map(|field| field.ty);
    let split = |by: &By| {
        program
            .measures
            .iter()
            .filter(|measure| measure.figure.by.map(|by| program.expr(by).ty) == ty(by))
            .count()
    };
    let first_of_most = |rank: &dyn Fn(&By) -> usize| {
        let best = candidates.iter().map(rank).max().filter(|most| *most > 0)?;
        candidates.iter().copied().find(|by| rank(by) == best)
    };
    first_of_most(&split).or_else(|| {
        let references = |by: &By| matches!(ty(by), Some(Type::Ref(_)));
        let reached: BTreeMap<(FrameId, FieldId), usize> = candidates
            .iter()
            .filter(|by| references(by))
            .map(|by| {
                let routes = Routes::new(run, *by);
                let rows = run
                    .verdicts
                    .iter()
                    .filter(|verdict| routes.group(verdict.frame, verdict.row as usize).is_some());
                ((by.frame, by.field), rows.count())
            })
            .collect();
        first_of_most(&|by| reached.get(&(by.frame, by.field)).copied().unwrap_or(0))
    })
}

/// The way from each table to the group.
pub(super) struct Routes<'e> {
    run: &'e Run,
    /// The references to follow, in order; the last gives the group. Empty for the rows of the
    /// referred table itself.
    routes: BTreeMap<FrameId, Vec<(FrameId, FieldId)>>,
}

impl<'e> Routes<'e> {
    pub(super) fn new(run: &'e Run, by: By) -> Self {
        let schema = &run.program().schema;
        let routes = schema
            .tables()
            .filter_map(|(frame, _)| Some((frame, route(schema, by, frame)?)))
            .collect();
        Self { run, routes }
    }

    /// The group of a row, or of the row an element lies in, by number.
    pub(super) fn group(&self, frame: FrameId, row: usize) -> Option<usize> {
        let root = self.run.program().schema.root(frame);
        let start = self.run.root_row(frame, row);
        self.routes.get(&root)?.iter().try_fold(start, |row, (frame, field)| {
            let column = self.run.evaluator.frame(*frame)?.column(*field)?;
            match &column.values {
                Values::Ints(values) if column.present.get(row) => {
                    values.get(row).and_then(|value| usize::try_from(*value).ok())
                }
                _ => None,
            }
        })
    }
}

/// What the groups of rows are called.
pub(super) struct Names<'e> {
    routes: Routes<'e>,
    ty: Type,
}

impl<'e> Names<'e> {
    pub(super) fn new(run: &'e Run, by: By) -> Self {
        let ty =
            run.program().schema.field(by.frame, by.field).map_or(Type::Text, |field| field.ty);
        Self { routes: Routes::new(run, by), ty }
    }

    /// The group of a row, or of the row an element lies in.
    pub(super) fn of(&self, (frame, row): (FrameId, usize)) -> Option<Bilingual> {
        let group = i64::try_from(self.routes.group(frame, row)?).ok()?;
        Some(self.routes.run.show().scalar(self.ty, &Scalar::Int(group)))
    }
}

/// The shortest way from a table to the group, the first declared of several.
fn route(schema: &Schema, by: By, from: FrameId) -> Option<Vec<(FrameId, FieldId)>> {
    let target = match schema.field(by.frame, by.field)?.ty {
        Type::Ref(target) => Some(target),
        _ => None,
    };
    let (mut queue, mut seen) = (VecDeque::from([(from, Vec::new())]), BTreeSet::from([from]));
    while let Some((at, way)) = queue.pop_front() {
        if at == by.frame {
            return Some(way.into_iter().chain([(by.frame, by.field)]).collect());
        }
        if Some(at) == target {
            return Some(way);
        }
        for (field, found) in (0..).map(FieldId).zip(&schema.frame(at)?.fields) {
            if let Type::Ref(next) = found.ty
                && seen.insert(next)
            {
                queue.push_back((next, way.iter().copied().chain([(at, field)]).collect()));
            }
        }
    }
    None
}
