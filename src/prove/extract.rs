//! From a model to rows: those that are there, rows that are one as one, and as many as a row
//! stands for.

use super::linear::Variable;
use super::pending::Gap;
use super::sat::Solver;
use super::solve::Model;
use super::witness::{Fact, Spare, Witness, WitnessRow};
use super::world::{Cell, Owner, RowId, World};
use crate::program::ExprId;
use crate::schema::{Constant, Field, Type};
use crate::value::Ratio;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// How many rows are shown at most.
const MOST: usize = 400;

/// Rows as they are made.
struct Extract<'w, 'p, S> {
    world: &'w World<'p, S>,
    model: &'w Model,
    rows: Vec<WitnessRow>,
    /// Where the copies of each row of the world stand.
    places: BTreeMap<RowId, Vec<usize>>,
    /// Texts that were invented, by the number that stands for them.
    invented: BTreeMap<Ratio, Arc<str>>,
}

impl<S: Solver> World<'_, S> {
    /// The forms that have no value in the model of the last search.
    pub(super) fn gaps(&self) -> BTreeSet<(ExprId, Gap)> {
        let gone = self.partial.iter().filter(|form| self.circuit.solver.holds(form.gone));
        gone.map(|form| (form.id, form.gap)).collect()
    }

    /// The rows of a model; `None` where there are too many.
    pub(super) fn witness(&self, model: &Model, subject: RowId, spare: Spare) -> Option<Witness> {
        let mut extract = Extract {
            world: self,
            model,
            rows: Vec::new(),
            places: BTreeMap::new(),
            invented: BTreeMap::new(),
        };
        for row in 0..self.rows.len() {
            extract.place(row);
            if extract.rows.len() > MOST {
                return None;
            }
        }
        for row in 0..self.rows.len() {
            extract.facts(row);
        }
        let subject = *extract.places.get(&extract.first(subject))?.first()?;
        let mut witness = Witness { rows: extract.rows, subject };
        witness.complete(self.program, self.today, spare);
        Some(witness)
    }
}

impl<S: Solver> Extract<'_, '_, S> {
    fn is_there(&self, row: RowId) -> bool {
        self.world.natural(row).iter().all(|at| {
            self.world.rows.get(*at).is_some_and(|row| self.world.circuit.solver.holds(row.exists))
        })
    }

    /// The first of the rows that are one with a row.
    fn first(&self, row: RowId) -> RowId {
        let same = |other: &RowId| {
            self.world
                .same
                .get(&(*other, row))
                .is_some_and(|bit| self.world.circuit.solver.holds(*bit))
        };
        (0..row).find(same).unwrap_or(row)
    }

    /// Gives a row its places: one for each row it stands for, in each copy of the row it is nested
    /// in.
    fn place(&mut self, row: RowId) {
        let Some(found) = self.world.rows.get(row) else { return };
        if !self.is_there(row) || self.first(row) != row {
            return;
        }
        let count = found.size.map_or(Some(1), |size| {
            usize::try_from(self.model.numbers.get(size)?.to_integer()).ok()
        });
        let parents: Vec<Option<usize>> = match found.parent {
            None => vec![None],
            Some(parent) => {
                let own = self.first(parent);
                // The list of a row that is another one is that one's, where it has any.
                let read = self.world.lists.contains_key(&Owner::Nested(own, found.frame));
                if own != parent && read {
                    return;
                }
                let places = self.places.get(&own);
                places.into_iter().flatten().map(|place| Some(*place)).collect()
            }
        };
        for parent in parents {
            for _ in 0..count.unwrap_or(0).min(MOST + 1) {
                self.places.entry(row).or_default().push(self.rows.len());
                self.rows.push(WitnessRow { frame: found.frame, parent, facts: BTreeMap::new() });
            }
        }
    }

    /// Writes what a row says into its places.
    fn facts(&mut self, row: RowId) {
        let Some(found) = self.world.rows.get(row).filter(|_| self.is_there(row)) else { return };
        let places = self.places.get(&self.first(row)).cloned().unwrap_or_default();
        for (&id, cell) in &found.cells {
            let Some(field) = self.world.program.schema.field(found.frame, id) else { continue };
            for (copy, place) in places.iter().enumerate() {
                let Some(fact) = self.fact(row, copy, field, cell) else { continue };
                let list = matches!(field.ty, Type::List(_));
                if let Some(row) = self.rows.get_mut(*place)
                    && (!list || fact == Fact::Absent)
                {
                    row.facts.entry(id).or_insert(fact);
                }
            }
        }
    }

    fn fact(&mut self, row: RowId, copy: usize, field: &Field, cell: &Cell) -> Option<Fact> {
        let holds = |bit| self.world.circuit.solver.holds(bit);
        if !holds(cell.present()) {
            return Some(Fact::Absent);
        }
        Some(match cell {
            Cell::Truth(_, value) => Fact::Value(Constant::Bool(holds(*value))),
            Cell::Reference(_, to) => match self.places.get(&self.first(*to)) {
                Some(places) => Fact::Row(*places.first()?),
                None => Fact::Absent,
            },
            Cell::Number(_, variable) => Fact::Value(self.plain(row, copy, field, *variable)?),
        })
    }

    /// A number of the model as a value of its field. Texts of which nothing is asked are invented,
    /// equal ones alike.
    fn plain(
        &mut self,
        row: RowId,
        copy: usize,
        field: &Field,
        variable: Variable,
    ) -> Option<Constant> {
        let own = *self.model.numbers.get(variable)?;
        if field.ty == Type::Text {
            return Some(Constant::Text(self.text(field, variable, own)));
        }
        let many = self.world.rows.get(row).is_some_and(|row| row.size.is_some());
        let value = if many {
            *self.world.shares(row, variable, &self.model.numbers)?.get(copy % self.copies(row))?
        } else {
            own
        };
        Some(if field.ty.is_whole() {
            Constant::Int(i64::try_from(value.to_integer()).ok()?)
        } else {
            Constant::Ratio(value)
        })
    }

    /// How many rows a row stands for in one list.
    fn copies(&self, row: RowId) -> usize {
        let size = self.world.rows.get(row).and_then(|row| row.size);
        size.and_then(|size| usize::try_from(self.model.numbers.get(size)?.to_integer()).ok())
            .unwrap_or(1)
            .max(1)
    }

    fn text(&mut self, field: &Field, variable: Variable, number: Ratio) -> Arc<str> {
        let mentioned =
            usize::try_from(number.to_integer()).ok().and_then(|at| self.world.texts.get(at));
        if let Some(text) = mentioned {
            return text.clone();
        }
        if let Some(text) = self.model.texts.get(&variable) {
            return text.as_str().into();
        }
        if let Some(known) = self.invented.get(&number) {
            return known.clone();
        }
        let taken = |text: &str| {
            self.world.texts.iter().any(|known| &**known == text)
                || self.model.texts.values().any(|known| known == text)
                || self.invented.values().any(|known| &**known == text)
        };
        let text = (1..)
            .map(|at| format!("{}·{at}", field.names.zh()))
            .find(|text| !taken(text))
            .map_or_else(|| "·".into(), Arc::<str>::from);
        self.invented.insert(number, text.clone());
        text
    }
}
