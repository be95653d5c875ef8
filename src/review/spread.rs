//! Where the findings lie: by the values of a field that groups rows.

use super::route::{By, Routes};
use crate::builtin::Scalar;
use crate::diagnostic::Bilingual;
use crate::engine::Run;
use crate::finding::{Figure, Findings, MeasureSummary, Outcome, Weight};
use crate::schema::{Names, Type};
use crate::verdict::Basis;
use std::collections::BTreeMap;

/// The findings by group.
#[derive(Clone, Debug)]
pub struct Spread {
    /// The field: `书.架`.
    pub field: Bilingual,
    /// Its table, whose rows are counted.
    pub table: Bilingual,
    /// The measures that are split by the same groups.
    pub measures: Vec<(String, Bilingual)>,
    /// The groups, in order of the referred table or the enum; last what belongs to none, if there
    /// is anything.
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
    /// The figure of each measure; without a value where it has none or it is unknown.
    pub measures: Vec<Figure>,
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
            (
                Outcome::Vacuous
                | Outcome::Hollow
                | Outcome::Waiver
                | Outcome::Satisfied
                | Outcome::AlreadyDemanded
                | Outcome::Exempt
                | Outcome::NotApplicable,
                _,
            ) => {}
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

/// The findings by group.
pub(super) fn spread(run: &Run, by: By, measures: &[MeasureSummary]) -> Spread {
    let program = run.program();
    let schema = &program.schema;
    let ty = schema.field(by.frame, by.field).map_or(Type::Text, |field| field.ty);
    let routes = Routes::new(run, by);
    let split: Vec<&MeasureSummary> =
        measures.iter().filter(|measure| is_split_by(run, measure, ty)).collect();
    let mut groups: BTreeMap<Option<usize>, Group> = BTreeMap::new();
    for row in 0..run.evaluator.frame(by.frame).map_or(0, |data| data.len) {
        groups.entry(routes.group(by.frame, row)).or_default().rows += 1;
    }
    for (index, verdict) in run.verdicts.iter().enumerate() {
        let of_row = matches!(verdict.basis, Basis::Judgement(_) | Basis::Decision(_))
            && verdict.outcome != Outcome::Vacuous;
        if of_row {
            let group = routes.group(verdict.frame, verdict.row as usize);
            groups.entry(group).or_default().tally.add(verdict.outcome, run.head(index).weight);
        }
    }
    let nowhere = groups.remove(&None);
    let named = groups.into_iter().filter_map(|(group, found)| {
        let name = run.show().scalar(ty, &Scalar::Int(i64::try_from(group?).ok()?));
        let of = |measure: &&MeasureSummary| {
            let found = measure.values.iter().find(|(group, _)| group.as_ref() == Some(&name));
            found.map(|(_, figure)| figure.clone()).unwrap_or_default()
        };
        Some(Group { measures: split.iter().map(of).collect(), name: Some(name), ..found })
    });
    let nowhere = nowhere.filter(|group| group.rows + group.tally.sum() > 0);
    let both = |names: fn(&Names) -> &str| {
        let parts = [
            schema.frame(by.frame).map(|frame| &frame.names),
            schema.field(by.frame, by.field).map(|field| &field.names),
        ];
        parts.into_iter().flatten().map(names).collect::<Vec<_>>().join(".")
    };
    let table = schema.frame(by.frame).map_or_else(Bilingual::default, |frame| {
        Bilingual::new(frame.names.zh(), frame.names.en())
    });
    Spread {
        field: Bilingual::new(both(Names::zh), both(Names::en)),
        table,
        measures: split
            .iter()
            .map(|measure| (measure.measure.clone(), measure.heading.clone()))
            .collect(),
        groups: named
            .chain(
                nowhere
                    .map(|group| Group { measures: vec![Figure::default(); split.len()], ..group }),
            )
            .collect(),
    }
}

/// Whether a measure's groups are the field's.
fn is_split_by(run: &Run, summary: &MeasureSummary, ty: Type) -> bool {
    let program = run.program();
    let found = program.measures.iter().find(|measure| {
        let module = program.modules.get(measure.module).map_or("", |module| module.names.en());
        summary.measure == format!("{module}.{}", measure.names.en())
    });
    found.and_then(|measure| measure.figure.by).is_some_and(|by| program.expr(by).ty == ty)
}
