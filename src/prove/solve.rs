//! The search: a propositional model, checked against arithmetic and texts, until all agree.

use super::linear::{Linear, Variable, ratio};
use super::sat::{Bit, Solver};
use super::simplex::{self, Outcome};
use super::texts::Fit;
use super::world::{Limit, World};
use crate::value::Ratio;
use num_traits::{CheckedAdd, CheckedMul};
use std::collections::{BTreeMap, BTreeSet};

/// How many models are tried against arithmetic.
const ROUNDS: usize = 1000;

/// How often thresholds of rising functions are carried to their arguments and back.
const CARRIED: usize = 4;

/// Values of all variables.
#[derive(Clone, Debug, Default)]
pub struct Model {
    /// Numbers; of a text, its place among those mentioned, or a number beyond.
    pub numbers: Vec<Ratio>,
    /// Texts beyond those mentioned of which something is asked.
    pub texts: BTreeMap<Variable, String>,
}

/// What a search ends with.
pub enum Found {
    /// A model.
    Model(Model),
    /// There is none.
    Never,
    /// There is none where keys differ from row to row; there may be one where they do not.
    ByKeys,
    /// Too large to tell, or one that cannot be shown.
    Unknown,
}

impl<S: Solver> World<'_, S> {
    /// Looks for rows for which all literals hold.
    pub fn search(&mut self, goals: &[Bit]) -> Found {
        let goal = self.circuit.and(goals.iter().copied());
        if goal == Bit::FALSE {
            return Found::Never;
        }
        self.settle_rows();
        self.settle_courses();
        self.settle_crowds();
        self.settle_quotients();
        self.settle_rising();
        self.settle_positions();
        self.settle_forms();
        self.settle_alike();
        self.settle_texts(0);
        self.circuit.require(&[goal]);
        self.again()
    }

    /// Looks again, after something was learnt: for a row that can be shown, then for one that
    /// stands for others, then for anything.
    pub fn again(&mut self) -> Found {
        let unique = self.unique;
        let simple: Vec<Bit> = self.simple.iter().copied().chain([unique]).collect();
        let plain: Vec<Bit> = simple.iter().chain(&self.closed).copied().collect();
        if !self.held.is_empty() {
            let held: Vec<Bit> =
                plain.iter().chain(&self.sure).chain(&self.held).copied().collect();
            if let found @ Found::Model(_) = self.rounds(&held) {
                return found;
            }
        }
        if !self.sure.is_empty() {
            let sure: Vec<Bit> = plain.iter().chain(&self.sure).copied().collect();
            if let found @ Found::Model(_) = self.rounds(&sure) {
                return found;
            }
        }
        let mut found = self.rounds(&plain);
        if !self.closed.is_empty() && !matches!(found, Found::Model(_)) {
            let counted: Vec<Bit> = simple.iter().copied().chain([self.counted]).collect();
            found = self.rounds(&counted);
        }
        if matches!(found, Found::Model(_)) || plain.len() == 1 && !matches!(found, Found::Never) {
            return found;
        }
        if plain.len() > 1 {
            found = self.rounds(&[unique]);
        }
        match found {
            Found::Never => match self.rounds(&[]) {
                Found::Never => Found::Never,
                _ => Found::ByKeys,
            },
            _ => {
                let rests = self.rests.iter().map(|&(id, frame)| Limit::Rest(id, frame));
                self.limits.extend(rests);
                Found::Unknown
            }
        }
    }

    fn rounds(&mut self, assumptions: &[Bit]) -> Found {
        for _ in 0..ROUNDS {
            if self.numbers.work.is_done() {
                return Found::Unknown;
            }
            match self.circuit.solver.solve(assumptions) {
                Some(true) => {}
                Some(false) => return Found::Never,
                None => return Found::Unknown,
            }
            let solver = &self.circuit.solver;
            let whole = solver.holds(self.counted);
            let sizes: BTreeSet<Variable> =
                self.rows.iter().filter_map(|row| row.size).filter(|_| whole).collect();
            let found =
                simplex::check(&self.numbers, &sizes, &|bit| solver.holds(bit), &|values| {
                    self.completed(values)
                });
            let numbers = match found {
                Outcome::Values(values) => values,
                Outcome::Unknown => match self.preferred(assumptions) {
                    Some(values) => values,
                    None => return Found::Unknown,
                },
                Outcome::Core(core) => {
                    let counted = whole.then_some(!self.counted).filter(|_| !sizes.is_empty());
                    let clause: Vec<Bit> =
                        core.into_iter().map(|bit| !bit).chain(counted).collect();
                    self.circuit.require(&clause);
                    continue;
                }
            };
            match self.fit_texts(&numbers) {
                Fit::Texts(texts) => return Found::Model(Model { numbers, texts }),
                Fit::Learnt => {}
                Fit::Unknown => {
                    self.limits.extend(self.atoms.iter().map(|atom| Limit::Texts(atom.id)));
                    return Found::Unknown;
                }
            }
        }
        Found::Unknown
    }

    /// The values that a witness prefers, with what is made of them, where they are ones that the
    /// literals can have.
    fn preferred(&mut self, assumptions: &[Bit]) -> Option<Vec<Ratio>> {
        let preferred: Vec<Ratio> =
            self.numbers.variables.iter().map(|range| range.preferred).collect();
        let values = self.completed(&preferred)?;
        let mut literals = assumptions.to_vec();
        for quantity in &self.numbers.quantities {
            let mut terms = quantity.terms.iter();
            let sum = terms.try_fold(ratio(0), |sum, (variable, factor)| {
                sum.checked_add(&values.get(*variable)?.checked_mul(factor)?)
            })?;
            literals.extend(quantity.thresholds.iter().map(|((limit, kind), bit)| {
                let below = if *kind == 0 { sum < *limit } else { sum <= *limit };
                if below { *bit } else { !*bit }
            }));
        }
        let fits = self.circuit.solver.solve(&literals) == Some(true);
        (fits && self.completed(&preferred)? == values && self.numbers.ranges_hold(&values))
            .then_some(values)
    }

    /// Thresholds of a rising function are thresholds of its argument, and the other way round.
    fn settle_rising(&mut self) {
        let rising = std::mem::take(&mut self.rising);
        for (at, one) in rising.iter().enumerate() {
            for other in rising.iter().skip(at + 1).filter(|other| other.name == one.name) {
                self.in_step(one, other);
            }
        }
        for _ in 0..CARRIED {
            let before: usize =
                self.numbers.quantities.iter().map(|one| one.thresholds.len()).sum();
            for function in &rising {
                self.carry(function);
            }
            let after: usize = self.numbers.quantities.iter().map(|one| one.thresholds.len()).sum();
            if before == after {
                break;
            }
        }
        self.rising = rising;
    }

    /// A later argument has no smaller value. Said where the arguments are compared anyway.
    fn in_step(&mut self, one: &super::pending::Rising, other: &super::pending::Rising) {
        let between = one.argument.clone().minus(&other.argument);
        if between.known().is_none() && !self.numbers.is_quantity(&between) {
            return;
        }
        let (a, b) = (Linear::variable(one.result), Linear::variable(other.result));
        for (over, values) in
            [(between.clone(), a.clone().minus(&b)), (between.times(ratio(-1)), b.minus(&a))]
        {
            let not_later = self.numbers.at_most(&mut self.circuit, &over, false);
            let no_more = self.numbers.at_most(&mut self.circuit, &values, false);
            self.circuit.require(&[!not_later, no_more]);
        }
    }

    /// Carries thresholds from a function to its argument, and back.
    fn carry(&mut self, function: &super::pending::Rising) {
        let whole = |limit: &Ratio| i64::try_from(limit.to_integer()).ok();
        let result = Linear::variable(function.result);
        for ((limit, _), bit) in self.numbers.thresholds(function.result) {
            let Some(last) = whole(&limit).and_then(|limit| function.last(limit)) else { continue };
            let below = self.up_to(&function.argument, last);
            self.tie(bit, below);
        }
        let Some((argument, more)) = shifted(&function.argument) else { return };
        for ((limit, _), _) in self.numbers.thresholds(argument) {
            let Some(at) = whole(&(limit + more)) else { continue };
            let (first, last) = function.domain;
            if !(first..=last).contains(&at) {
                continue;
            }
            let Some(value) = (function.of)(at) else { continue };
            // What is not later has no greater value; what is later has no smaller one.
            let (early, no_more) = (self.up_to(&function.argument, at), self.up_to(&result, value));
            self.circuit.require(&[!early, no_more]);
            let next = (function.of)(at + 1).filter(|_| at < last).unwrap_or(value);
            let no_less = self.from(&result, next);
            self.circuit.require(&[early, no_less]);
        }
    }

    /// What a quotient is compared with is what its parts are compared with.
    fn settle_quotients(&mut self) {
        for quotient in std::mem::take(&mut self.quotients) {
            let negative = self.numbers.at_most(&mut self.circuit, &quotient.under, true);
            for ((limit, kind), bit) in self.numbers.thresholds(quotient.result) {
                let over = quotient.over.clone().minus(&quotient.under.clone().times(limit));
                let strict = kind == 0;
                // x / y ≤ c is x − c y ≤ 0 for y > 0, and ≥ 0 for y < 0.
                let most = self.numbers.at_most(&mut self.circuit, &over, strict);
                let over = over.times(ratio(-1));
                let least = self.numbers.at_most(&mut self.circuit, &over, strict);
                for (other, test) in [(negative, most), (!negative, least)] {
                    self.circuit.require(&[other, !quotient.valid, !bit, test]);
                    self.circuit.require(&[other, !quotient.valid, bit, !test]);
                }
            }
            self.quotients.push(quotient);
        }
    }
}

/// A variable plus a constant.
fn shifted(linear: &Linear) -> Option<(Variable, Ratio)> {
    let variable = linear.clone().minus(&Linear::constant(linear.constant)).single()?;
    Some((variable, linear.constant))
}
