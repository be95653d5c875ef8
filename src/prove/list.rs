//! Lists: their elements, as many as a question can tell apart, and rows that stand for all others.

use super::condition::at;
use super::linear::{Linear, Range, ratio};
use super::sat::{Bit, Solver};
use super::world::{Cell, Limit, Listed, Owner, RowId, World};
use crate::program::List;
use crate::schema::{FieldId, FrameId, Type};

/// So many rows a question may be about before its lists get no more elements: how many they have
/// multiplies where lists are read inside lists.
const ROWS: usize = 300;

impl<S: Solver> World<'_, S> {
    /// The list itself, and whether it is given.
    pub(super) fn owner(&mut self, list: List, scope: &[RowId]) -> Option<(Owner, Bit)> {
        Some(match list {
            List::Nested { level, frame } => {
                let row = at(scope, level)?;
                let field = self.program.schema.frame(frame)?.parent?.1;
                let given = self.cell(row, field).map_or(Bit::TRUE, |cell| cell.present());
                (Owner::Nested(row, frame), given)
            }
            List::Inverse { level, frame, field } => {
                (Owner::Inverse(at(scope, level)?, frame, field), Bit::TRUE)
            }
            List::All { frame } => (Owner::All(frame), Bit::TRUE),
        })
    }

    /// The elements of a list: as many as could be needed, each there or not, then those that stand
    /// for many.
    pub(super) fn elements(&mut self, owner: Owner) -> Vec<RowId> {
        if let Some(known) = self.lists.get(&owner) {
            return known.kept.iter().chain(&known.crowd).copied().collect();
        }
        let (frame, parent, bound, open) = match owner {
            Owner::Nested(row, frame) => {
                (frame, Some(row), self.needs.nested(frame), self.needs.nested_open(frame))
            }
            Owner::Inverse(_, frame, field) => (
                frame,
                None,
                self.needs.inverse(frame, field),
                self.needs.inverse_open(frame, field),
            ),
            Owner::All(frame) => (frame, None, self.needs.all(frame), self.needs.all_open(frame)),
        };
        let full = self.rows.len() >= ROWS;
        let (slots, justified) = if full { (0, false) } else { bound };
        let open = if full { 0 } else { open };
        if let Owner::All(table) = owner {
            self.required(table);
        }
        let before = self.rows.len();
        let mut kept = self.known_elements(owner);
        let spare = match owner {
            Owner::Nested(..) => 0,
            Owner::Inverse(..) | Owner::All(_) => self.needs.referred(frame),
        };
        let mut earlier = Bit::TRUE;
        for _ in 0..slots + spare {
            let exists = self.circuit.free();
            self.circuit.require(&[!exists, earlier]);
            earlier = exists;
            let element = self.slot(owner, frame, parent, exists);
            for other in kept.clone() {
                self.told_apart(element, other);
            }
            kept.push(element);
        }
        if !justified {
            self.limits.insert(Limit::Elements(frame, slots));
        }
        let crowd: Vec<RowId> = (0..open).map(|_| self.many(owner, frame, parent)).collect();
        let listed = Listed {
            kept: kept.clone(),
            crowd: crowd.clone(),
            totals: 0,
            before,
            spare,
            counted: false,
        };
        self.lists.insert(owner, listed);
        kept.into_iter().chain(crowd).collect()
    }

    /// Brings rows of a table into being that a row in question cannot do without.
    fn required(&mut self, table: FrameId) {
        let schema = &self.program.schema;
        let rows = (0..).zip(&self.rows).filter(|(_, row)| row.exists == Bit::TRUE);
        let rows: Vec<(RowId, FrameId)> = rows.map(|(id, row)| (id, row.frame)).collect();
        for (row, frame) in rows {
            let fields = schema.frame(frame).map_or(&[][..], |found| &found.fields);
            for (id, field) in (0..).map(FieldId).zip(fields) {
                if field.ty == Type::Ref(table) && !field.optional {
                    self.cell(row, id);
                }
            }
        }
    }

    /// A new element.
    fn slot(&mut self, owner: Owner, frame: FrameId, parent: Option<RowId>, exists: Bit) -> RowId {
        // An element of any list of a table lies in some row of it.
        let above = self.program.schema.frame(frame).and_then(|found| found.parent);
        let parent = match (owner, above) {
            (Owner::All(_), Some((above, _))) => {
                Some(self.slot(Owner::All(above), above, None, exists))
            }
            _ => parent,
        };
        let element = self.row(frame, parent, exists);
        if let (Owner::Inverse(target, _, field), Some(row)) = (owner, self.rows.get_mut(element)) {
            row.cells.insert(field, Cell::Reference(Bit::TRUE, target));
        }
        element
    }

    /// A new row that stands for any number of elements that are alike in all that is asked.
    fn many(&mut self, owner: Owner, frame: FrameId, parent: Option<RowId>) -> RowId {
        let size = self.numbers.variable(Range { low: Some(ratio(0)), ..Range::any(false) });
        let none = self.up_to(&Linear::variable(size), 0);
        let row = self.slot(owner, frame, parent, !none);
        if let Some(row) = self.rows.get_mut(row) {
            row.size = Some(size);
        }
        self.closed.push(none);
        row
    }

    /// Rows that are there already and may belong to the list.
    fn known_elements(&mut self, owner: Owner) -> Vec<RowId> {
        let (frame, field) = match owner {
            Owner::Nested(_, frame) | Owner::All(frame) => (frame, None),
            Owner::Inverse(_, frame, field) => (frame, Some(field)),
        };
        let rows: Vec<RowId> = (0..)
            .zip(&self.rows)
            .filter(|(_, row)| row.frame == frame && row.size.is_none())
            .filter(|(_, row)| match owner {
                Owner::Nested(parent, _) => row.parent == Some(parent),
                _ => true,
            })
            .map(|(id, _)| id)
            .collect();
        match (owner, field) {
            (Owner::Inverse(target, ..), Some(field)) => rows
                .into_iter()
                .filter(|row| self.names(*row, field, target) != Bit::FALSE)
                .collect(),
            _ => rows,
        }
    }

    /// When an element belongs to its list; of rows that may be one, the first does.
    pub(super) fn member(&mut self, owner: Owner, element: RowId) -> Bit {
        let exists = self.exists(element);
        let named = match owner {
            Owner::Inverse(target, _, field) => self.names(element, field, target),
            _ => Bit::TRUE,
        };
        let earlier: Vec<RowId> = self.lists.get(&owner).map_or_else(Vec::new, |listed| {
            let known = listed.kept.iter().take_while(|row| **row < listed.before);
            known.take_while(|row| **row != element).copied().collect()
        });
        let mut bits = vec![exists, named];
        if element < self.lists.get(&owner).map_or(0, |listed| listed.before) {
            for other in earlier {
                bits.push(!self.same(element, other));
            }
        }
        self.circuit.and(bits)
    }

    /// Whether a row's reference names another row.
    fn names(&mut self, row: RowId, field: FieldId, target: RowId) -> Bit {
        match self.cell(row, field) {
            Some(Cell::Reference(present, to)) => {
                let same = self.same(to, target);
                self.circuit.and([present, same])
            }
            _ => Bit::FALSE,
        }
    }

    /// What an element sees.
    pub(super) fn inside(&self, list: List, scope: &[RowId], element: RowId) -> Vec<RowId> {
        let mut rows = scope.to_vec();
        match list {
            List::All { .. } => rows.extend(self.natural(element)),
            List::Nested { .. } | List::Inverse { .. } => rows.push(element),
        }
        rows
    }

    /// Rows that came after a list of their table was made are among its elements: places were kept
    /// for the first of them.
    pub(super) fn cover(&mut self) {
        let lists: Vec<(Owner, Listed)> =
            self.lists.iter().map(|(owner, listed)| (*owner, listed.clone())).collect();
        for (owner, Listed { kept, before, spare, .. }) in lists {
            let (frame, field) = match owner {
                Owner::Nested(..) => continue,
                Owner::All(frame) => (frame, None),
                Owner::Inverse(_, frame, field) => (frame, Some(field)),
            };
            let later: Vec<RowId> = (0..)
                .zip(&self.rows)
                .skip(before)
                .filter(|(id, row)| {
                    let read = field.is_none_or(|field| row.cells.contains_key(&field));
                    row.frame == frame
                        && row.parent.is_none()
                        && row.size.is_none()
                        && read
                        && !kept.contains(id)
                })
                .map(|(id, _)| id)
                .take(spare)
                .collect();
            for row in later {
                let belongs = match (owner, field) {
                    (Owner::Inverse(target, ..), Some(field)) => self.names(row, field, target),
                    _ => Bit::TRUE,
                };
                let exists = self.exists(row);
                let mut clause = vec![!exists, !belongs];
                for element in &kept {
                    let (same, member) = (self.same(row, *element), self.member(owner, *element));
                    clause.push(self.circuit.and([same, member]));
                }
                self.circuit.require(&clause);
            }
        }
    }
}
