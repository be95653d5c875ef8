//! Rank 5: the rows behind findings, and what they are grouped by: a table that rows refer to, such
//! as the shelf they stand on.

use crate::diagnostic::Bilingual;
use crate::engine::{RowRef, Run};
use crate::nearest::nearest;
use crate::program::Program;
use crate::say;
use crate::schema::{FieldId, FrameId, Schema, Type};
use crate::value::Values;
use crate::verdict::Basis;
use crate::why::Fact;

/// How many references are followed to a group's table.
const STEPS: usize = 3;

/// What whole rows are read from, for the formats that show more than findings.
#[derive(Clone, Copy)]
pub struct Rows<'r> {
    /// The run.
    pub run: &'r Run,
    /// What rows are grouped by.
    pub grouping: Option<Grouping>,
}

/// What rows are grouped by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grouping {
    /// The row of this table that a row refers to, itself or by way of another.
    Table(FrameId),
    /// The value of a field of this table.
    Field(FrameId, FieldId),
}

impl Grouping {
    /// The grouping of this name: a table's, or a field's of some table (or of one: `table.field`),
    /// in either language.
    ///
    /// # Errors
    /// Where nothing has the name, or what has it groups nothing.
    pub fn named(program: &Program, name: &str) -> Result<Self, Bilingual> {
        let schema = &program.schema;
        let table = schema.tables().find(|(_, frame)| frame.names.matches(name) && !frame.single);
        let fields = || {
            schema.tables().flat_map(|(id, frame)| {
                (0..).map(FieldId).zip(&frame.fields).map(move |(at, field)| (id, at, field))
            })
        };
        let (owner, plain) =
            name.split_once('.').map_or((None, name), |(owner, plain)| (Some(owner), plain));
        let of_owner = |id: FrameId| {
            owner.is_none_or(|owner| {
                schema.frame(id).is_some_and(|frame| frame.names.matches(owner))
            })
        };
        let field = fields()
            .find(|(id, _, field)| of_owner(*id) && field.is_called(plain) && groups(field.ty));
        let found = match (field, table) {
            (Some((_, _, field)), _) if matches!(field.ty, Type::Ref(_)) => {
                field.ty.table().map(Self::Table)
            }
            (_, Some((table, _))) => Some(Self::Table(table)),
            (Some((table, at, _)), None) => Some(Self::Field(table, at)),
            (None, None) => None,
        };
        found.ok_or_else(|| {
            let fields = fields()
                .filter(|(_, _, field)| groups(field.ty))
                .flat_map(|(_, _, field)| field.names.iter());
            let names = fields.chain(schema.tables().flat_map(|(_, frame)| frame.names.iter()));
            let hint = nearest(name, names).map_or_else(Bilingual::default, |near| {
                say!("；是不是 `{near}`？", "; did you mean `{near}`?")
            });
            let (zh, en) = (hint.zh, hint.en);
            say!(
                "没有可以分组的字段或表叫 `{name}`{zh}",
                "no field or table that could group rows is called `{name}`{en}"
            )
        })
    }

    /// What the policies group figures by; else the first table that the rows with most findings
    /// refer to.
    #[must_use]
    pub fn usual(run: &Run) -> Option<Self> {
        let program = run.program();
        let measured = program
            .measures
            .iter()
            .filter_map(|measure| program.expr(measure.figure.by?).ty.table())
            .next();
        measured.map(Self::Table).or_else(|| {
            let mut counts = vec![0_usize; program.schema.frames.len()];
            for (frame, _) in (0..run.verdicts.len()).filter_map(|index| root(run, index)) {
                if let Some(count) = counts.get_mut(frame.0 as usize) {
                    *count += 1;
                }
            }
            let (most, _) = (0..)
                .map(FrameId)
                .zip(counts)
                .max_by_key(|(id, count)| (*count, std::cmp::Reverse(id.0)))?;
            let fields = &program.schema.frame(most)?.fields;
            fields
                .iter()
                .filter_map(|field| field.ty.table())
                .find(|table| *table != most)
                .map(Self::Table)
        })
    }

    /// Whether rows of a table can belong to a group.
    #[must_use]
    pub fn covers(self, program: &Program, frame: FrameId) -> bool {
        match self {
            Self::Field(table, _) => table == frame,
            Self::Table(table) => table != frame && leads(&program.schema, frame, table, STEPS),
        }
    }

    /// What the groups are of.
    #[must_use]
    pub fn name(self, schema: &Schema) -> Bilingual {
        let names = match self {
            Self::Table(table) => schema.frame(table).map(|frame| &frame.names),
            Self::Field(table, field) => schema.field(table, field).map(|field| &field.names),
        };
        names.map_or_else(Bilingual::default, |names| Bilingual::new(names.zh(), names.en()))
    }

    /// The group of a row of a table; `None` where it has none.
    #[must_use]
    pub fn of(self, run: &Run, (frame, row): (FrameId, usize)) -> Option<Bilingual> {
        match self {
            Self::Field(table, field) if table == frame => {
                let value = run.value_text(Fact { frame, row, field })?;
                let bare = |text: &str| text.trim_matches(['“', '”', '"']).to_owned();
                Some(Bilingual::new(bare(&value.zh), bare(&value.en)))
            }
            Self::Field(..) => None,
            Self::Table(table) => {
                let reached = follow(run, (frame, row), table, STEPS)?;
                Some(run.called(RowRef { frame: table, row: reached }))
            }
        }
    }
}

fn groups(ty: Type) -> bool {
    matches!(ty, Type::Ref(_) | Type::Enum(_) | Type::Text | Type::Boolean)
}

/// Whether references lead from one table to another.
fn leads(schema: &Schema, frame: FrameId, table: FrameId, steps: usize) -> bool {
    let next = |field: &crate::schema::Field| {
        field
            .ty
            .table()
            .is_some_and(|target| target != frame && leads(schema, target, table, steps - 1))
    };
    frame == table
        || (steps > 0 && schema.frame(frame).is_some_and(|shape| shape.fields.iter().any(next)))
}

/// The row of `table` that a row leads to by at most `steps` references.
fn follow(
    run: &Run,
    (frame, row): (FrameId, usize),
    table: FrameId,
    steps: usize,
) -> Option<usize> {
    if frame == table {
        return Some(row);
    }
    let schema = &run.program().schema;
    let fields = &schema.frame(frame).filter(|_| steps > 0)?.fields;
    let mut references: Vec<(FieldId, FrameId)> = (0..)
        .map(FieldId)
        .zip(fields)
        .filter_map(|(at, field)| Some((at, field.ty.table()?)))
        .collect();
    references.sort_by_key(|(_, target)| *target != table);
    references.into_iter().filter(|(_, target)| *target != frame).find_map(|(field, target)| {
        let column = run.evaluator.frame(frame)?.column(field)?;
        let Values::Ints(rows) = &column.values else { return None };
        let reached = rows.get(row).filter(|_| column.present.get(row))?;
        follow(run, (target, usize::try_from(*reached).ok()?), table, steps - 1)
    })
}

/// The row of a table a finding is about; `None` for findings about an article or a waiver as such.
#[must_use]
pub fn root(run: &Run, finding: usize) -> Option<(FrameId, usize)> {
    let verdict = run.verdicts.get(finding)?;
    if !matches!(verdict.basis, Basis::Judgement(_) | Basis::Decision(_)) {
        return None;
    }
    let frame = run.program().schema.root(verdict.frame);
    Some((frame, run.root_row(verdict.frame, verdict.row as usize)))
}
