//! Where the findings lie: by the values of a field that groups rows, a reference or an enum. Rows of other tables belong to a group
//! through the references that lead from them to it, by the shortest way.

use crate::builtin::Scalar;
use crate::diagnostic::{Bilingual, Diagnostic};
use crate::finding::{Findings, MeasureSummary, Outcome, Weight};
use crate::nearest::nearest;
use crate::say;
use crate::schema::{FieldId, FrameId, Names, Schema, Type};
use crate::value::Values;
use crate::verdict::{Basis, Explainer};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// The field that groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct By {
    /// Its table.
    pub frame: FrameId,
    /// The field: a reference or an enum.
    pub field: FieldId,
}

/// The findings by group.
#[derive(Clone, Debug)]
pub struct Spread {
    /// The field: `书.架`.
    pub field: Bilingual,
    /// Its table, whose rows are counted.
    pub table: Bilingual,
    /// The measures that are split by the same groups.
    pub measures: Vec<(String, Bilingual)>,
    /// The groups, in order of the referred table or the enum; last what belongs to none, if there is anything.
    pub groups: Vec<Group>,
}

/// One group.
#[derive(Clone, Debug, Default)]
pub struct Group {
    /// Which; `None` for what belongs to none.
    pub name: Option<Bilingual>,
    /// How many rows of the field's table.
    pub rows: usize,
    /// Its findings.
    pub tally: Tally,
    /// The figure of each measure; `None` where it has none or it is unknown.
    pub measures: Vec<Option<Bilingual>>,
}

/// How many findings of each kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Tally {
    /// 违反, conflicts included.
    pub violated: usize,
    /// Violations of 宜 and 不宜.
    pub warned: usize,
    /// 无法判断.
    pub undetermined: usize,
    /// 提请判断.
    pub referred: usize,
    /// 已准予例外.
    pub waived: usize,
}

impl Tally {
    /// Counts a finding; what is said about an article or a waiver as such is none.
    pub fn add(&mut self, outcome: Outcome, weight: Weight) {
        match (outcome, weight) {
            (Outcome::Violated | Outcome::Conflict, Weight::Error) => self.violated += 1,
            (Outcome::Violated | Outcome::Conflict, _) => self.warned += 1,
            (Outcome::Undetermined, _) => self.undetermined += 1,
            (Outcome::Referred, _) => self.referred += 1,
            (Outcome::Waived, _) => self.waived += 1,
            (Outcome::Vacuous | Outcome::Waiver, _) => {}
        }
    }

    /// The kinds in order: violated, warned, undetermined, referred, waived.
    #[must_use]
    pub fn kinds(self) -> [usize; 5] {
        [self.violated, self.warned, self.undetermined, self.referred, self.waived]
    }

    /// All of them.
    #[must_use]
    pub fn sum(self) -> usize {
        self.kinds().iter().sum()
    }
}

/// The field asked for, by its name, as `table.field`, or by the table it refers to; without a name, the field by which most measures are split, else
/// the reference by which most findings can be grouped.
pub(super) fn choose(explainer: &Explainer<'_, '_>, wanted: Option<&str>) -> Result<Option<By>, Box<Diagnostic>> {
    let schema = &explainer.program().schema;
    let candidates = candidates(schema);
    let Some(wanted) = wanted else { return Ok(default(explainer, &candidates)) };
    let called = |by: &&By| names(schema, **by).iter().any(|name| name == wanted);
    if let Some(by) = candidates.iter().find(called) {
        return Ok(Some(*by));
    }
    let known: Vec<String> = candidates.iter().flat_map(|by| names(schema, *by)).collect();
    let message = say!("没有可以分组的字段 `{wanted}`", "there is no field `{wanted}` that groups rows");
    let help = nearest(wanted, known.iter().map(String::as_str)).map_or_else(
        || say!("写表中的引用或枚举字段：表.字段", "name a field of a table that is a reference or an enum: table.field"),
        |near| say!("是不是 `{near}`？", "did you mean `{near}`?"),
    );
    Err(Box::new(Diagnostic::error("unknown_group", message).help(help)))
}

/// Every reference and every enum of a table.
fn candidates(schema: &Schema) -> Vec<By> {
    let of = |(frame, found): (FrameId, &crate::schema::Frame)| {
        let fields = (0..).map(FieldId).zip(&found.fields).filter(|(_, field)| matches!(field.ty, Type::Ref(_) | Type::Enum(_)));
        fields.map(|(field, _)| By { frame, field }).collect::<Vec<_>>()
    };
    schema.tables().flat_map(of).collect()
}

/// What a field may be asked for by.
fn names(schema: &Schema, by: By) -> Vec<String> {
    let (Some(frame), Some(field)) = (schema.frame(by.frame), schema.field(by.frame, by.field)) else { return Vec::new() };
    let mut names: Vec<String> = field.names.iter().map(str::to_owned).collect();
    names.extend(frame.names.iter().flat_map(|table| field.names.iter().map(move |name| format!("{table}.{name}"))));
    if let Type::Ref(target) = field.ty
        && let Some(target) = schema.frame(target)
    {
        names.extend(target.names.iter().map(str::to_owned));
    }
    names
}

fn default(explainer: &Explainer<'_, '_>, candidates: &[By]) -> Option<By> {
    let program = explainer.program();
    let ty = |by: &By| program.schema.field(by.frame, by.field).map(|field| field.ty);
    let split = |by: &By| program.measures.iter().filter(|measure| measure.by.map(|by| program.expr(by).ty) == ty(by)).count();
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
                let routes = Routes::new(explainer, *by);
                let rows = explainer.verdicts.iter().filter(|verdict| routes.group(verdict.frame, verdict.row as usize).is_some());
                ((by.frame, by.field), rows.count())
            })
            .collect();
        first_of_most(&|by| reached.get(&(by.frame, by.field)).copied().unwrap_or(0))
    })
}

/// The way from each table to the group.
struct Routes<'e, 'f, 'a> {
    explainer: &'e Explainer<'f, 'a>,
    /// The references to follow, in order; the last gives the group. Empty for the rows of the referred table itself.
    routes: BTreeMap<FrameId, Vec<(FrameId, FieldId)>>,
}

impl<'e, 'f, 'a> Routes<'e, 'f, 'a> {
    fn new(explainer: &'e Explainer<'f, 'a>, by: By) -> Self {
        let schema = &explainer.program().schema;
        let routes = schema.tables().filter_map(|(frame, _)| Some((frame, route(schema, by, frame)?))).collect();
        Self { explainer, routes }
    }

    /// The group of a row, or of the row an element lies in, by number.
    fn group(&self, frame: FrameId, row: usize) -> Option<usize> {
        let root = self.explainer.program().schema.root(frame);
        let start = self.explainer.root_row(frame, row);
        self.routes.get(&root)?.iter().try_fold(start, |row, (frame, field)| {
            let column = self.explainer.evaluator.frame(*frame)?.column(*field)?;
            match &column.values {
                Values::Ints(values) if column.present.get(row) => values.get(row).and_then(|value| usize::try_from(*value).ok()),
                _ => None,
            }
        })
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

/// The findings by group.
pub(super) fn spread(explainer: &Explainer<'_, '_>, by: By, measures: &[MeasureSummary]) -> Spread {
    let program = explainer.program();
    let schema = &program.schema;
    let ty = schema.field(by.frame, by.field).map_or(Type::Text, |field| field.ty);
    let routes = Routes::new(explainer, by);
    let split: Vec<&MeasureSummary> = measures.iter().filter(|measure| is_split_by(explainer, measure, ty)).collect();
    let mut groups: BTreeMap<Option<usize>, Group> = BTreeMap::new();
    for row in 0..explainer.evaluator.frame(by.frame).map_or(0, |data| data.len) {
        groups.entry(routes.group(by.frame, row)).or_default().rows += 1;
    }
    for (index, verdict) in explainer.verdicts.iter().enumerate() {
        let of_row = matches!(verdict.basis, Basis::Judgement(_) | Basis::Decision(_)) && verdict.outcome != Outcome::Vacuous;
        if of_row {
            let group = routes.group(verdict.frame, verdict.row as usize);
            groups.entry(group).or_default().tally.add(verdict.outcome, explainer.head(index).weight);
        }
    }
    let nowhere = groups.remove(&None);
    let named = groups.into_iter().filter_map(|(group, found)| {
        let name = explainer.show().scalar(ty, &Scalar::Int(i64::try_from(group?).ok()?));
        let of = |measure: &&MeasureSummary| measure.values.iter().find(|(group, _)| group.as_ref() == Some(&name))?.1.clone();
        Some(Group { measures: split.iter().map(of).collect(), name: Some(name), ..found })
    });
    let nowhere = nowhere.filter(|group| group.rows + group.tally.sum() > 0);
    let both = |names: fn(&Names) -> &str| {
        let parts = [schema.frame(by.frame).map(|frame| &frame.names), schema.field(by.frame, by.field).map(|field| &field.names)];
        parts.into_iter().flatten().map(names).collect::<Vec<_>>().join(".")
    };
    let table = schema.frame(by.frame).map_or_else(Bilingual::default, |frame| Bilingual::new(frame.names.zh(), frame.names.en()));
    Spread {
        field: Bilingual::new(both(Names::zh), both(Names::en)),
        table,
        measures: split.iter().map(|measure| (measure.measure.clone(), measure.heading.clone())).collect(),
        groups: named.chain(nowhere.map(|group| Group { measures: vec![None; split.len()], ..group })).collect(),
    }
}

/// Whether a measure's groups are the field's.
fn is_split_by(explainer: &Explainer<'_, '_>, summary: &MeasureSummary, ty: Type) -> bool {
    let program = explainer.program();
    let found = program.measures.iter().find(|measure| {
        let module = program.modules.get(measure.module).map_or("", |module| module.names.en());
        summary.measure == format!("{module}.{}", measure.names.en())
    });
    found.and_then(|measure| measure.by).is_some_and(|by| program.expr(by).ty == ty)
}
