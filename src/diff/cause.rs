//! What made a finding go or come.

use super::finding::Seat;
use super::row::content_key;
use super::{Edit, PolicyEdit, TableEdit};
use crate::diagnostic::Bilingual;
use crate::engine::Run;
use crate::finding::{Outcome, WaiverState, WaiverSummary};
use crate::schema::FrameId;
use crate::why::Fact;
use std::collections::{BTreeMap, BTreeSet};

/// What made a finding go or come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The row is new.
    RowAdded,
    /// The row is no longer there.
    RowRemoved,
    /// A declared value the finding rests on: the row's key, where it is another row, and the
    /// field.
    Field(Option<(Bilingual, String)>, Bilingual),
    /// The article, or a definition it uses, says something else.
    Article,
    /// The article has a parameter whose value is another.
    Parameter(Bilingual),
    /// What became of the waiver of the article for the row.
    Waiver(Waiving),
    /// The day judged for is another.
    Day,
    /// None of the facts the finding rests on: another row of a table it counts, for example.
    Elsewhere,
}

/// What became of a waiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waiving {
    /// The later manifest grants it, or grants it for longer.
    Granted,
    /// Its last day has passed.
    Expired,
    /// The later manifest no longer has it.
    Withdrawn,
    /// There is a finding now that needs it.
    Needed,
    /// The finding that needed it is gone.
    Unneeded,
}

impl Waiving {
    /// The word in machine-readable reports.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Granted => "granted",
            Self::Expired => "expired",
            Self::Withdrawn => "withdrawn",
            Self::Needed => "needed",
            Self::Unneeded => "unneeded",
        }
    }
}

/// The outcomes of a finding, before and now; none where there was or is none.
pub type Outcomes = [Option<Outcome>; 2];

/// The states of waivers by article and key.
type Waivers<'d> = BTreeMap<(&'d str, &'d str), WaiverState>;

/// A field of a top-level row: table and field by English names, the row by key.
type Spot = (String, String, String);

/// What differs, ready to be looked up.
pub struct Causes<'d> {
    policies: BTreeMap<&'d str, &'d PolicyEdit>,
    rows: BTreeSet<(&'d str, &'d str)>,
    spots: BTreeMap<Spot, &'d Bilingual>,
    waivers: [Waivers<'d>; 2],
    day: bool,
}

impl<'d> Causes<'d> {
    pub fn new(
        old: &'d Run,
        new: &'d Run,
        policies: &'d [PolicyEdit],
        tables: &'d [TableEdit],
    ) -> Self {
        let mut spots = BTreeMap::new();
        let mut rows = BTreeSet::new();
        for table in tables {
            rows.extend(
                table
                    .added
                    .iter()
                    .chain(&table.removed)
                    .map(|row| (&*table.names.en, row.key.as_deref().unwrap_or(""))),
            );
            for row in &table.changed {
                for field in &row.fields {
                    spots.insert(
                        (
                            table.names.en.clone(),
                            row.subject.key.clone().unwrap_or_default(),
                            field.names.en.clone(),
                        ),
                        &field.names,
                    );
                }
            }
        }
        let policies = policies.iter().map(|edit| (&*edit.name, edit)).collect();
        let waivers = [states(&old.summary.waivers), states(&new.summary.waivers)];
        Self { policies, rows, spots, waivers, day: old.summary.as_of != new.summary.as_of }
    }

    /// The declared values that differ among those a finding rests on.
    pub fn fields(&self, seat: &Seat, run: &Run, index: usize) -> Vec<Cause> {
        run.facts(index).into_iter().filter_map(|fact| self.field(seat, run, fact)).collect()
    }

    /// What made a finding go or come, given the values that differ among those it rested on before
    /// and rests on now.
    pub fn of(&self, seat: &Seat, fields: Vec<Cause>, outcomes: Outcomes) -> Vec<Cause> {
        if let Some(waiving) = self.waiving(seat, outcomes) {
            return vec![Cause::Waiver(waiving)];
        }
        let gone = outcomes.last() == Some(&None);
        if self.rows.contains(&(&*seat.table, &*seat.key)) {
            return vec![if gone { Cause::RowRemoved } else { Cause::RowAdded }];
        }
        let mut causes: Vec<Cause> = Vec::new();
        for cause in fields {
            if !causes.contains(&cause) {
                causes.push(cause);
            }
        }
        if self.policies.contains_key(&*seat.article) {
            causes.push(Cause::Article);
        }
        let parameters = self
            .policies
            .values()
            .filter(|edit| edit.used_by.contains(&seat.article) && edit.edit == Edit::Changed);
        causes.extend(parameters.map(|edit| Cause::Parameter(edit.heading.clone())));
        if causes.is_empty() {
            causes.push(if self.day { Cause::Day } else { Cause::Elsewhere });
        }
        causes
    }

    /// What became of the waiver, where that alone made the difference: between a violation and one
    /// that is waived, and of what is said of waivers.
    fn waiving(&self, seat: &Seat, outcomes: Outcomes) -> Option<Waiving> {
        let [before, now] = self
            .waivers
            .each_ref()
            .map(|states| states.get(&(&*seat.article, &*seat.key)).copied());
        let broken = |outcome| matches!(outcome, Outcome::Violated | Outcome::Conflict);
        match outcomes {
            [Some(was), Some(Outcome::Waived)] if broken(was) => Some(Waiving::Granted),
            [Some(Outcome::Waived), Some(is)] if broken(is) => {
                Some(if now.is_some() { Waiving::Expired } else { Waiving::Withdrawn })
            }
            [Some(Outcome::Waiver) | None, Some(Outcome::Waiver)]
            | [Some(Outcome::Waiver), None] => Some(match (before, now) {
                (_, None) => Waiving::Withdrawn,
                (_, Some(WaiverState::Expired)) => Waiving::Expired,
                (None | Some(WaiverState::Expired), _) => Waiving::Granted,
                (_, Some(WaiverState::Needed)) => Waiving::Needed,
                _ => Waiving::Unneeded,
            }),
            _ => None,
        }
    }

    fn field(&self, seat: &Seat, run: &Run, fact: Fact) -> Option<Cause> {
        let schema = run.schema();
        let (mut frame, mut row, mut field): (FrameId, usize, _) =
            (fact.frame, fact.row, fact.field);
        while let Some((parent, list)) = schema.frame(frame).and_then(|found| found.parent) {
            row = run.evaluator.frame(frame)?.parent_of(row);
            (frame, field) = (parent, list);
        }
        let found = schema.frame(frame)?;
        let key =
            content_key(run, frame, row).or_else(|| run.show().key(frame, row)).unwrap_or_default();
        let table = found.names.en().to_owned();
        let other = || {
            (!found.single)
                .then(|| (Bilingual::new(found.names.zh(), found.names.en()), key.clone()))
        };
        let away = if table == seat.table && key == seat.key { None } else { other() };
        let spot = (table, key.clone(), schema.field(frame, field)?.names.en().to_owned());
        self.spots.get(&spot).map(|names| Cause::Field(away, (*names).clone()))
    }
}

/// The state of each waiver; of several for one article and row, that of one that holds.
fn states(waivers: &[WaiverSummary]) -> Waivers<'_> {
    let mut states = Waivers::new();
    for waiver in waivers {
        let state = states.entry((&*waiver.article, &*waiver.item)).or_insert(waiver.state);
        if *state == WaiverState::Expired {
            *state = waiver.state;
        }
    }
    states
}
