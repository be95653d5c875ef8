//! The search: a propositional model, checked against arithmetic, until both agree.

use super::condition::{ratio, related};
use super::linear::Linear;
use super::sample::pool;
use super::sat::{Bit, Solver};
use super::simplex::{self, Outcome};
use super::world::{Cell, Limit, RowId, World};
use crate::schema::FieldId;
use crate::value::Ratio;
use std::collections::BTreeSet;

/// How many models are tried against arithmetic.
const ROUNDS: usize = 1000;

/// What a search ends with.
pub enum Found {
    /// Values of all number variables.
    Model(Vec<Ratio>),
    /// There is none.
    Never,
    /// Too large to tell.
    Unknown,
}

impl<S: Solver> World<'_, S> {
    /// Looks for rows for which all literals hold. Texts are first taken from strings that surely
    /// exist.
    pub fn search(&mut self, goals: &[Bit]) -> Found {
        let goal = self.circuit.and(goals.iter().copied());
        if goal == Bit::FALSE {
            return Found::Never;
        }
        self.real = self.circuit.free();
        self.finish(self.real);
        self.circuit.require(&[goal]);
        self.again()
    }

    /// Looks again, after something was learnt: for a row that can be shown, then for one that
    /// texts or rests not shown would allow.
    pub fn again(&mut self) -> Found {
        let closed = self.closed.clone();
        let real: Vec<Bit> = closed.iter().copied().chain([self.real]).collect();
        if !self.held.is_empty() {
            let held: Vec<Bit> = real.iter().chain(&self.held).copied().collect();
            if let found @ Found::Model(_) = self.rounds(&held) {
                return found;
            }
        }
        let mut found = self.rounds(&real);
        if matches!(found, Found::Never) && !self.text_atoms.is_empty() {
            found = self.rounds(&closed);
            if !matches!(found, Found::Never) {
                self.limits.extend(self.text_atoms.iter().map(|atom| Limit::Texts(atom.id)));
            }
        }
        if matches!(found, Found::Never) && !closed.is_empty() {
            found = self.rounds(&[]);
            if !matches!(found, Found::Never) {
                self.limits.extend(self.rests.iter().map(|&(id, frame)| Limit::Rest(id, frame)));
                return Found::Unknown;
            }
        }
        found
    }

    fn rounds(&mut self, assumptions: &[Bit]) -> Found {
        for _ in 0..ROUNDS {
            if !self.circuit.solver.solve(assumptions) {
                return Found::Never;
            }
            let solver = &self.circuit.solver;
            match simplex::check(&self.numbers, &|bit| solver.holds(bit)) {
                Outcome::Values(values) => return Found::Model(values),
                Outcome::Unknown => return Found::Unknown,
                Outcome::Core(core) => {
                    let clause: Vec<Bit> = core.into_iter().map(|bit| !bit).collect();
                    self.circuit.require(&clause);
                }
            }
        }
        Found::Unknown
    }

    /// What ties facts together once all of them are known: texts, keys, dates.
    fn finish(&mut self, real: Bit) {
        self.keys();
        self.functions();
        self.text_laws(real);
    }

    /// Thresholds of a rising function are thresholds of its argument.
    fn functions(&mut self) {
        let monotone = std::mem::take(&mut self.monotone);
        for function in &monotone {
            let mixed = self.numbers.quantities.iter().any(|quantity| {
                quantity.terms.len() > 1
                    && !quantity.thresholds.is_empty()
                    && quantity.terms.iter().any(|(variable, _)| *variable == function.result)
            });
            if mixed {
                self.limits.insert(Limit::Opaque(function.id));
            }
            let own = self.numbers.quantity(vec![(function.result, ratio(1))]);
            let thresholds: Vec<_> = self
                .numbers
                .quantities
                .get(own)
                .map_or_else(Vec::new, |found| found.thresholds.clone().into_iter().collect());
            for ((limit, _), bit) in thresholds {
                let Some(last) =
                    i64::try_from(limit.to_integer()).ok().and_then(|limit| (function.last)(limit))
                else {
                    continue;
                };
                let below = function.argument.clone().minus(&Linear::whole(last));
                let below = self.numbers.at_most(&mut self.circuit, &below, false);
                self.circuit.require(&[!bit, below]);
                self.circuit.require(&[bit, !below]);
            }
        }
    }

    fn text_laws(&mut self, real: Bit) {
        let atoms: Vec<_> = self
            .text_atoms
            .iter()
            .map(|atom| (atom.relation, atom.pattern.clone(), atom.text, atom.bit))
            .collect();
        if atoms.is_empty() {
            return;
        }
        let patterns: BTreeSet<_> =
            atoms.iter().map(|atom| (atom.0 as u8, atom.1.clone())).collect();
        for text in pool(atoms.iter().map(|atom| (atom.0, &*atom.1)), patterns.len()) {
            self.text(&text.into());
        }
        let texts = self.texts.clone();
        for (relation, pattern, variable, bit) in &atoms {
            let text = Linear::variable(*variable);
            for (number, known) in (0_i64..).zip(&texts) {
                let is = self.numbers.equal(&mut self.circuit, &text, &Linear::whole(number));
                let holds = related(*relation, known, pattern);
                self.circuit.require(&[!is, if holds { *bit } else { !*bit }]);
            }
            let count = i64::try_from(texts.len()).unwrap_or(i64::MAX);
            let known = self.numbers.at_most(
                &mut self.circuit,
                &text.clone().minus(&Linear::whole(count - 1)),
                false,
            );
            self.circuit.require(&[!real, known]);
            for (_, _, other, also) in atoms
                .iter()
                .filter(|atom| atom.0 == *relation && atom.1 == *pattern && atom.2 < *variable)
            {
                if self.numbers.compared(*other, *variable) {
                    let same =
                        self.numbers.equal(&mut self.circuit, &Linear::variable(*other), &text);
                    self.circuit.require(&[!same, !*bit, *also]);
                    self.circuit.require(&[!same, *bit, !*also]);
                }
            }
        }
    }

    /// Keys and unique fields differ from row to row.
    fn keys(&mut self) {
        for a in 0..self.rows.len() {
            for b in a + 1..self.rows.len() {
                for (one, other) in self.unique_pairs(a, b) {
                    let same = self.numbers.equal(
                        &mut self.circuit,
                        &Linear::variable(one.1),
                        &Linear::variable(other.1),
                    );
                    let exist =
                        [a, b].map(|row| self.rows.get(row).map_or(Bit::FALSE, |row| !row.exists));
                    self.circuit.require(&[exist[0], exist[1], !one.0, !other.0, !same]);
                }
            }
        }
    }

    fn unique_pairs(&self, a: RowId, b: RowId) -> Vec<((Bit, usize), (Bit, usize))> {
        let (Some(one), Some(other)) = (self.rows.get(a), self.rows.get(b)) else {
            return Vec::new();
        };
        if one.frame != other.frame || one.parent != other.parent {
            return Vec::new();
        }
        let Some(frame) = self.program.schema.frame(one.frame) else { return Vec::new() };
        let unique =
            (0..).map(FieldId).zip(&frame.fields).filter(|(_, field)| field.key || field.unique);
        unique
            .filter_map(|(id, _)| match (one.cells.get(&id)?, other.cells.get(&id)?) {
                (Cell::Number(p, x), Cell::Number(q, y)) => Some(((*p, *x), (*q, *y))),
                _ => None,
            })
            .collect()
    }
}
