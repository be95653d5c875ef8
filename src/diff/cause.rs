//! What made a finding go or come.

use super::finding::Seat;
use super::row::content_key;
use super::{Edit, PolicyEdit, Side, TableEdit};
use crate::diagnostic::Bilingual;
use crate::schema::FrameId;
use crate::verdict::{Explainer, Fact};
use std::collections::{BTreeMap, BTreeSet};

/// What made a finding go or come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The row is new.
    RowAdded,
    /// The row is no longer there.
    RowRemoved,
    /// A declared value the finding rests on: the row's key, where it is another row, and the field.
    Field(Option<(Bilingual, String)>, Bilingual),
    /// The article, or a definition it uses, says something else.
    Article,
    /// The article has a parameter whose value is another.
    Parameter(Bilingual),
    /// The day judged for is another.
    Day,
    /// None of the facts the finding rests on: another row of a table it counts, for example.
    Elsewhere,
}

/// A field of a top-level row: table and field by English names, the row by key.
type Spot = (String, String, String);

/// What differs, ready to be looked up.
pub struct Causes<'d> {
    policies: BTreeMap<&'d str, &'d PolicyEdit>,
    rows: BTreeSet<(&'d str, &'d str)>,
    spots: BTreeMap<Spot, &'d Bilingual>,
    day: bool,
}

impl<'d> Causes<'d> {
    pub fn new(old: Side<'_, '_, '_>, new: Side<'_, '_, '_>, policies: &'d [PolicyEdit], tables: &'d [TableEdit]) -> Self {
        let mut spots = BTreeMap::new();
        let mut rows = BTreeSet::new();
        for table in tables {
            rows.extend(table.added.iter().chain(&table.removed).map(|row| (&*table.names.en, &*row.key)));
            for row in &table.changed {
                for field in &row.fields {
                    spots.insert((table.names.en.clone(), row.subject.key.clone(), field.names.en.clone()), &field.names);
                }
            }
        }
        let policies = policies.iter().map(|edit| (&*edit.name, edit)).collect();
        Self { policies, rows, spots, day: old.report.as_of != new.report.as_of }
    }

    /// The declared values that differ among those a finding rests on.
    pub fn fields(&self, seat: &Seat, explainer: &Explainer<'_, '_>, index: usize) -> Vec<Cause> {
        explainer.facts(index).into_iter().filter_map(|fact| self.field(seat, explainer, fact)).collect()
    }

    /// What made a finding go or come, given the values that differ among those it rested on before and rests on now.
    pub fn of(&self, seat: &Seat, fields: Vec<Cause>, gone: bool) -> Vec<Cause> {
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
        let parameters = self.policies.values().filter(|edit| edit.used_by.contains(&seat.article) && edit.edit == Edit::Changed);
        causes.extend(parameters.map(|edit| Cause::Parameter(edit.heading.clone())));
        if causes.is_empty() {
            causes.push(if self.day { Cause::Day } else { Cause::Elsewhere });
        }
        causes
    }

    fn field(&self, seat: &Seat, explainer: &Explainer<'_, '_>, fact: Fact) -> Option<Cause> {
        let schema = explainer.schema();
        let (mut frame, mut row, mut field): (FrameId, usize, _) = (fact.frame, fact.row, fact.field);
        while let Some((parent, list)) = schema.frame(frame).and_then(|found| found.parent) {
            row = explainer.evaluator.frame(frame)?.parent_of(row);
            (frame, field) = (parent, list);
        }
        let found = schema.frame(frame)?;
        let key = content_key(explainer, frame, row).unwrap_or_else(|| explainer.show().key(frame, row));
        let table = found.names.en().to_owned();
        let other = || (!found.single).then(|| (Bilingual::new(found.names.zh(), found.names.en()), key.clone()));
        let away = if table == seat.table && key == seat.key { None } else { other() };
        let spot = (table, key.clone(), schema.field(frame, field)?.names.en().to_owned());
        self.spots.get(&spot).map(|names| Cause::Field(away, (*names).clone()))
    }
}
