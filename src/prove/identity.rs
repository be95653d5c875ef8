//! Which rows of a world are one and the same: two references may name one row, and a row that is
//! referred to is one of the rows of its table.

use super::linear::{Linear, Variable};
use super::sat::{Bit, Solver};
use super::world::{Cell, Owner, RowId, World};
use crate::schema::{FieldId, FrameId, Type};
use std::collections::{BTreeMap, BTreeSet};

/// Of at most so many rows of a table it is said that what is one with the same is one: that takes
/// a clause for any three.
const TIED: usize = 80;

/// Two values of a unique field, when each is given, and whether they are texts.
type UniquePair = ((Bit, Variable), (Bit, Variable), bool);

impl<S: Solver> World<'_, S> {
    /// Whether two rows are one.
    pub(super) fn same(&mut self, a: RowId, b: RowId) -> Bit {
        if a == b {
            return Bit::TRUE;
        }
        let key = (a.min(b), a.max(b));
        if let Some(&known) = self.same.get(&key) {
            return known;
        }
        let (Some(one), Some(other)) = (self.rows.get(a), self.rows.get(b)) else {
            return Bit::FALSE;
        };
        let many = one.size.is_some() || other.size.is_some();
        if one.frame != other.frame || many {
            return Bit::FALSE;
        }
        let parents = (one.parent, other.parent);
        let bit = self.circuit.free();
        match parents {
            // Elements of one list are told apart; of lists that may be one, nothing is said.
            (Some(p), Some(q)) => {
                let alike = self.same(p, q);
                self.circuit.require(&[!bit, alike]);
                if p == q {
                    self.circuit.require(&[!bit]);
                }
            }
            _ => {
                let there = [a, b].map(|row| self.exists(row));
                self.circuit.require(&[!bit, there[0]]);
                self.circuit.require(&[!bit, there[1]]);
            }
        }
        self.same.insert(key, bit);
        bit
    }

    /// Says that rows are not one.
    pub(super) fn told_apart(&mut self, a: RowId, b: RowId) {
        if a != b {
            self.same.insert((a.min(b), a.max(b)), Bit::FALSE);
        }
    }

    /// Whether two references name one row.
    pub(super) fn same_row(&mut self, a: &[(Bit, RowId)], b: &[(Bit, RowId)]) -> (Bit, Bit) {
        let (mut one, mut two) = (Vec::new(), Vec::new());
        for &(guard, x) in a {
            for &(also, y) in b {
                let meet = self.circuit.and([guard, also]);
                if meet == Bit::FALSE {
                    continue;
                }
                let same = self.same(x, y);
                one.push(self.circuit.and([meet, same]));
                two.push(self.circuit.and([meet, !same]));
            }
        }
        (self.circuit.or(one), self.circuit.or(two))
    }

    /// Ties rows together once all facts are known: rows with one key are one row, one row has one
    /// set of facts, and rows that are listed nowhere are among those that are.
    pub(super) fn settle_rows(&mut self) {
        self.keys();
        self.cover();
        let mut settled: BTreeSet<(RowId, RowId)> = BTreeSet::new();
        let mut tied = BTreeMap::new();
        loop {
            self.transitive(&mut tied);
            let open: Vec<((RowId, RowId), Bit)> = self
                .same
                .iter()
                .filter(|(pair, bit)| **bit != Bit::FALSE && !settled.contains(pair))
                .map(|(pair, bit)| (*pair, *bit))
                .collect();
            if open.is_empty() {
                return;
            }
            for ((a, b), bit) in open {
                settled.insert((a, b));
                self.congruent(a, b, bit);
            }
        }
    }

    /// If a is b and b is c, a is c. Of too many rows it is not said: then more seems possible than
    /// is, which no proof rests on. `tied` has the rows of which it was said before.
    fn transitive(&mut self, tied: &mut BTreeMap<FrameId, BTreeSet<RowId>>) {
        let mut frames: BTreeMap<FrameId, BTreeSet<RowId>> = BTreeMap::new();
        for ((a, b), _) in self.same.iter().filter(|(_, bit)| **bit != Bit::FALSE) {
            if let Some(row) = self.rows.get(*a) {
                frames.entry(row.frame).or_default().extend([*a, *b]);
            }
        }
        for (frame, rows) in frames {
            if rows.len() > TIED || tied.get(&frame) == Some(&rows) {
                continue;
            }
            tied.insert(frame, rows.clone());
            let rows: Vec<RowId> = rows.into_iter().collect();
            for (at, &a) in rows.iter().enumerate() {
                for (next, &b) in rows.iter().enumerate().skip(at + 1) {
                    for &c in rows.iter().skip(next + 1) {
                        let (ab, bc, ac) = (self.same(a, b), self.same(b, c), self.same(a, c));
                        self.circuit.require(&[!ab, !bc, ac]);
                        self.circuit.require(&[!ab, !ac, bc]);
                        self.circuit.require(&[!bc, !ac, ab]);
                    }
                }
            }
        }
    }

    /// One row has one value of each fact.
    fn congruent(&mut self, a: RowId, b: RowId, same: Bit) {
        let cells = |world: &Self, row: RowId| {
            world.rows.get(row).map_or_else(BTreeMap::new, |row| row.cells.clone())
        };
        let (one, other) = (cells(self, a), cells(self, b));
        for (field, x) in &one {
            let Some(y) = other.get(field) else { continue };
            let (p, q) = (x.present(), y.present());
            self.circuit.require(&[!same, !p, q]);
            self.circuit.require(&[!same, p, !q]);
            let both = self.circuit.and([same, p, q]);
            match (x, y) {
                (Cell::Truth(_, x), Cell::Truth(_, y)) => {
                    self.circuit.require(&[!both, !*x, *y]);
                    self.circuit.require(&[!both, *x, !*y]);
                }
                (Cell::Number(_, x), Cell::Number(_, y)) => {
                    self.equate(both, &Linear::variable(*x), &Linear::variable(*y));
                }
                (Cell::Reference(_, x), Cell::Reference(_, y)) => {
                    let also = self.same(*x, *y);
                    self.circuit.require(&[!both, also]);
                }
                _ => {}
            }
        }
        self.one_list(a, b, same);
    }

    /// One row has one list: both were made long enough for all that is asked of either.
    fn one_list(&mut self, a: RowId, b: RowId, same: Bit) {
        let nested: Vec<(FrameId, Vec<RowId>, Vec<RowId>)> = self
            .lists
            .iter()
            .filter_map(|(owner, listed)| match owner {
                Owner::Nested(row, frame) if *row == a => {
                    let other = self.lists.get(&Owner::Nested(b, *frame))?;
                    Some((*frame, listed.kept.clone(), other.kept.clone()))
                }
                _ => None,
            })
            .collect();
        for (_, one, other) in nested.into_iter().filter(|(_, one, other)| one.len() == other.len())
        {
            for (x, y) in one.into_iter().zip(other) {
                let exist =
                    [x, y].map(|row| self.rows.get(row).map_or(Bit::FALSE, |row| row.exists));
                self.circuit.require(&[!same, !exist[0], exist[1]]);
                self.circuit.require(&[!same, exist[0], !exist[1]]);
                let both = self.circuit.and([same, exist[0]]);
                self.congruent(x, y, both);
            }
        }
    }

    /// Keys and unique fields differ from row to row.
    fn keys(&mut self) {
        for a in 0..self.rows.len() {
            for b in a + 1..self.rows.len() {
                for ((p, x), (q, y), is_text) in self.unique_pairs(a, b) {
                    let [x, y] = [x, y].map(|text| self.form_of(text, is_text));
                    let equal = self.numbers.equal(&mut self.circuit, &x, &y);
                    let same = self.same(a, b);
                    let there = [a, b].map(|row| self.exists(row));
                    let unique = self.unique;
                    self.circuit.require(&[!unique, !there[0], !there[1], !p, !q, !equal, same]);
                }
            }
        }
    }

    /// Fields that loading holds apart, of two rows of one table or of one list.
    fn unique_pairs(&self, a: RowId, b: RowId) -> Vec<UniquePair> {
        let (Some(one), Some(other)) = (self.rows.get(a), self.rows.get(b)) else {
            return Vec::new();
        };
        let many = one.size.is_some() || other.size.is_some();
        if one.frame != other.frame || one.parent != other.parent || many {
            return Vec::new();
        }
        let Some(frame) = self.program.schema.frame(one.frame) else { return Vec::new() };
        let unique =
            (0..).map(FieldId).zip(&frame.fields).filter(|(_, field)| field.key || field.unique);
        unique
            .filter_map(|(id, field)| match (one.cells.get(&id)?, other.cells.get(&id)?) {
                (Cell::Number(p, x), Cell::Number(q, y)) => {
                    Some(((*p, *x), (*q, *y), field.ty == Type::Text))
                }
                _ => None,
            })
            .collect()
    }

    /// A unique value as loading compares it: a text in the form of keys, which matters only where
    /// texts are compared so.
    fn form_of(&mut self, value: Variable, is_text: bool) -> Linear {
        let value = Linear::variable(value);
        if is_text && self.compares_keys() { self.as_key(value) } else { value }
    }
}
