//! Rows that stand for many elements of a list: what all elements that are not kept add to counts
//! and sums.
//!
//! Elements that are alike in every condition asked of them are one class. The values of a class
//! satisfy the same linear conditions, so their average does, too: with `X` the total of a value
//! over a class of `n` elements, `x ≤ 3` for each of them gives `X ≤ 3 n`. What all elements
//! together add to `k` counts and sums is a sum of totals of at most `k` classes (Carathéodory
//! 1907), taken with sizes that need not be whole: so `k` such rows show everything that any list
//! shows, and "never" is a proof for lists of any length.

use super::linear::{Linear, Range, Variable, ratio};
use super::sat::{Bit, Solver};
use super::world::{Owner, RowId, World};
use crate::schema::FrameId;
use crate::value::Ratio;
use num_traits::One;
use std::collections::{BTreeMap, BTreeSet};

/// Greater numbers are not carried over to totals: products of them could not be computed with.
const FARTHEST: i128 = 1_000_000_000_000_000;

fn is_near(limit: &Ratio) -> bool {
    let farthest = Ratio::from_integer(FARTHEST);
    -farthest <= *limit && *limit <= farthest
}

/// How far values that are compared with each other are followed.
const LINKS: usize = 40;

impl<S: Solver> World<'_, S> {
    /// The frame of a list's elements.
    pub(super) fn frame_of(&self, owner: Owner) -> FrameId {
        match owner {
            Owner::Nested(_, frame) | Owner::Inverse(_, frame, _) | Owner::All(frame) => frame,
        }
    }

    /// The total of a value over all elements that a row stands for.
    pub(super) fn of_all(&mut self, row: RowId, value: &Linear) -> Linear {
        let Some(size) = self.rows.get(row).and_then(|row| row.size) else { return value.clone() };
        let mut total = Linear::variable(size).times(value.constant);
        for (variable, factor) in &value.terms {
            let own = Linear::variable(self.total_of(row, *variable)).times(*factor);
            total = total.plus(&own);
        }
        if value.lost { Linear::variable(self.numbers.variable(Range::any(false))) } else { total }
    }

    fn total_of(&mut self, row: RowId, variable: Variable) -> Variable {
        if let Some(known) = self.totals.get(&(row, variable)) {
            return *known;
        }
        let made = self.numbers.variable(Range::any(false));
        self.totals.insert((row, variable), made);
        made
    }

    /// What the elements of a list add to a count or sum for which its rows that stand for many are
    /// too few: anything.
    pub(super) fn beyond(&mut self, owner: Owner) -> Linear {
        let Some(listed) = self.lists.get_mut(&owner) else { return Linear::whole(0) };
        listed.totals += 1;
        if listed.totals <= listed.crowd.len() {
            return Linear::whole(0);
        }
        let rest = Linear::variable(self.numbers.variable(Range::any(false)));
        let none = self.numbers.equal(&mut self.circuit, &rest, &Linear::whole(0));
        self.closed.push(none);
        rest
    }

    /// Says of totals what is said of each element.
    pub(super) fn settle_crowds(&mut self) {
        let rows: BTreeSet<RowId> = self.totals.keys().map(|(row, _)| *row).collect();
        for row in rows {
            let Some(size) = self.rows.get(row).and_then(|row| row.size) else { continue };
            let size = Linear::variable(size);
            for variable in self.linked(row) {
                self.total_of(row, variable);
            }
            let own: BTreeMap<Variable, Variable> = self
                .totals
                .iter()
                .filter(|((at, _), _)| *at == row)
                .map(|((_, variable), total)| (*variable, *total))
                .collect();
            let none = self.up_to(&size, 0);
            for (variable, total) in &own {
                self.bounded(*variable, *total, &size);
                self.equate(none, &Linear::variable(*total), &Linear::whole(0));
            }
            self.repeated(&own, &size, none);
        }
    }

    /// Values that are compared with those of which there is a total, and those compared with them.
    fn linked(&self, row: RowId) -> BTreeSet<Variable> {
        let mut linked: BTreeSet<Variable> = self
            .totals
            .keys()
            .filter(|(at, _)| *at == row)
            .map(|(_, variable)| *variable)
            .collect();
        loop {
            let before = linked.len();
            for quantity in &self.numbers.quantities {
                let touches = quantity.terms.iter().any(|(variable, _)| linked.contains(variable));
                let more = quantity.terms.iter().map(|(variable, _)| *variable);
                if touches && !quantity.thresholds.is_empty() && quantity.terms.len() < 6 {
                    linked.extend(more);
                }
                if linked.len() > LINKS {
                    return linked;
                }
            }
            if linked.len() == before {
                return linked;
            }
        }
    }

    /// A total lies between as many times the ends of its value's range.
    fn bounded(&mut self, variable: Variable, total: Variable, size: &Linear) {
        let Some(range) = self.numbers.variables.get(variable).cloned() else { return };
        let total = Linear::variable(total);
        if let Some(low) = range.low.filter(is_near) {
            let under = size.clone().times(low).minus(&total);
            let inside = self.numbers.at_most(&mut self.circuit, &under, false);
            self.circuit.require(&[inside]);
        }
        if let Some(high) = range.high.filter(is_near) {
            let over = total.minus(&size.clone().times(high));
            let inside = self.numbers.at_most(&mut self.circuit, &over, false);
            self.circuit.require(&[inside]);
        }
    }

    /// Each comparison of values of which there are totals, once more of the totals.
    fn repeated(&mut self, own: &BTreeMap<Variable, Variable>, size: &Linear, none: Bit) {
        let quantities: Vec<_> = self
            .numbers
            .quantities
            .iter()
            .filter(|quantity| quantity.terms.iter().all(|(at, _)| own.contains_key(at)))
            .cloned()
            .collect();
        for quantity in quantities {
            let mut total = Linear::whole(0);
            for (variable, factor) in &quantity.terms {
                let Some(all) = own.get(variable) else { continue };
                total = total.plus(&Linear::variable(*all).times(*factor));
            }
            let near = quantity.thresholds.iter().filter(|((limit, _), _)| is_near(limit));
            for ((limit, kind), bit) in near {
                // `≤ limit` or `< limit` of each, else `> limit` or `≥ limit`.
                let over = total.clone().minus(&size.clone().times(*limit));
                let (strict, next) = match (quantity.whole, *kind) {
                    (true, _) => (false, *limit + Ratio::one()),
                    (false, 1) => (false, *limit),
                    (false, _) => (true, *limit),
                };
                let most = self.numbers.at_most(&mut self.circuit, &over, strict);
                self.circuit.require(&[none, !*bit, most]);
                let under = size.clone().times(next).minus(&total);
                let above = !quantity.whole && *kind == 1;
                let least = self.numbers.at_most(&mut self.circuit, &under, above);
                self.circuit.require(&[none, *bit, least]);
            }
        }
    }

    /// How many elements a row stands for, and what each has of a value, so that all have the
    /// total.
    pub(super) fn shares(
        &self,
        row: RowId,
        variable: Variable,
        values: &[Ratio],
    ) -> Option<Vec<Ratio>> {
        let size = self.rows.get(row)?.size?;
        let count = values.get(size)?.to_integer();
        let own = *values.get(variable)?;
        let times = usize::try_from(count).ok()?;
        let Some(total) = self.totals.get(&(row, variable)).and_then(|total| values.get(*total))
        else {
            return Some(vec![own; times]);
        };
        let whole = self.numbers.variables.get(variable).is_some_and(|range| range.whole);
        let each = *total / ratio(i64::try_from(count).ok()?.max(1));
        if !whole {
            return Some(vec![each; times]);
        }
        let low = each.floor();
        let more = (*total - low * ratio(i64::try_from(count).ok()?)).to_integer();
        Some((0..count).map(|at| if at < more { low + ratio(1) } else { low }).collect())
    }
}
