//! Whether bounds on sums of variables can hold together: the general simplex method (Dutertre and
//! de Moura 2006) with branch and bound.

use super::linear::{Numbers, Range};
use super::sat::Bit;
use crate::value::Ratio;
use num_traits::{CheckedAdd, CheckedMul, One, Signed, Zero};
use std::collections::BTreeMap;

/// `real + delta · ε` for an ε greater than 0 and smaller than anything: so a strict bound is an
/// ordinary one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Exact {
    real: Ratio,
    delta: Ratio,
}

impl Exact {
    fn of(real: Ratio) -> Self {
        Self { real, delta: Ratio::zero() }
    }

    fn plus(self, other: Self, factor: Ratio) -> Option<Self> {
        Some(Self {
            real: plus_times(self.real, other.real, factor)?,
            delta: plus_times(self.delta, other.delta, factor)?,
        })
    }

    fn minus(self, other: Self) -> Option<Self> {
        self.plus(other, -Ratio::one())
    }

    fn over(self, divisor: Ratio) -> Option<Self> {
        Self::of(Ratio::zero()).plus(self, Ratio::one().checked_mul(&divisor.recip())?)
    }
}

/// `a + b · factor`; whole numbers, which most are, without looking for common divisors.
fn plus_times(a: Ratio, b: Ratio, factor: Ratio) -> Option<Ratio> {
    if b.is_zero() || factor.is_zero() {
        return Some(a);
    }
    if *a.denom() == 1 && *b.denom() == 1 && *factor.denom() == 1 {
        return Some(Ratio::from_integer(CheckedAdd::checked_add(
            a.numer(),
            &CheckedMul::checked_mul(b.numer(), factor.numer())?,
        )?));
    }
    a.checked_add(&b.checked_mul(&factor)?)
}

/// A bound, with the literal it comes from; `None` where it always holds or is only tried.
type Bound = Option<(Exact, Option<Bit>)>;

#[derive(Clone)]
struct Column {
    value: Exact,
    low: Bound,
    high: Bound,
    whole: bool,
}

/// What the check found.
pub enum Outcome {
    /// Values of all variables.
    Values(Vec<Ratio>),
    /// Literals that cannot hold together.
    Core(Vec<Bit>),
    /// Too large to tell.
    Unknown,
}

/// How many branches are tried.
const BRANCHES: usize = 200;

#[derive(Clone)]
struct Tableau {
    columns: Vec<Column>,
    rows: BTreeMap<usize, BTreeMap<usize, Ratio>>,
}

/// Checks the literals that hold.
pub fn check(numbers: &Numbers, holds: &dyn Fn(Bit) -> bool) -> Outcome {
    let mut tableau =
        Tableau { columns: numbers.variables.iter().map(column).collect(), rows: BTreeMap::new() };
    for quantity in &numbers.quantities {
        let (low, high) = bounds(quantity, holds);
        if low.is_none() && high.is_none() {
            continue;
        }
        let at = match quantity.terms.as_slice() {
            [(variable, factor)] if factor.is_one() => *variable,
            _ => tableau.row(quantity),
        };
        let Some(column) = tableau.columns.get_mut(at) else { continue };
        if low.is_some_and(|low| column.low.is_none_or(|own| own.0 < low.0)) {
            column.low = low;
        }
        if high.is_some_and(|high| column.high.is_none_or(|own| own.0 > high.0)) {
            column.high = high;
        }
    }
    let mut budget = BRANCHES;
    match tableau.branch(&mut budget) {
        None => Outcome::Unknown,
        Some(Err(core)) => Outcome::Core(core),
        Some(Ok(solved)) => {
            solved.real(numbers.variables.len()).map_or(Outcome::Unknown, Outcome::Values)
        }
    }
}

fn column(range: &Range) -> Column {
    let bound = |value: Option<Ratio>| value.map(|value| (Exact::of(value), None));
    Column {
        value: Exact::of(range.preferred),
        low: bound(range.low),
        high: bound(range.high),
        whole: range.whole,
    }
}

fn bounds(quantity: &super::linear::Quantity, holds: &dyn Fn(Bit) -> bool) -> (Bound, Bound) {
    let first = quantity.thresholds.iter().find(|(_, bit)| holds(**bit));
    let last = quantity.thresholds.iter().rev().find(|(_, bit)| !holds(**bit));
    let one = Ratio::one();
    let high = first.map(|(&(bound, kind), &bit)| {
        (Exact { real: bound, delta: if kind == 0 { -one } else { Ratio::zero() } }, Some(bit))
    });
    let low = last.map(|(&(bound, kind), &bit)| {
        let exact = match (quantity.whole, kind) {
            (true, _) => Exact::of(bound + one),
            (false, 0) => Exact::of(bound),
            (false, _) => Exact { real: bound, delta: one },
        };
        (exact, Some(!bit))
    });
    (low, high)
}

impl Tableau {
    fn row(&mut self, quantity: &super::linear::Quantity) -> usize {
        let at = self.columns.len();
        self.columns.push(Column {
            value: Exact::of(Ratio::zero()),
            low: None,
            high: None,
            whole: quantity.whole,
        });
        self.rows.insert(at, quantity.terms.iter().copied().collect());
        at
    }

    /// Feasible values, whole where they must be.
    fn branch(mut self, budget: &mut usize) -> Option<Result<Self, Vec<Bit>>> {
        *budget = budget.checked_sub(1)?;
        if let Err(core) = self.feasible()? {
            return Some(Err(core));
        }
        let broken =
            self.columns.iter().position(|column| column.whole && !column.value.real.is_integer());
        let Some(at) = broken else { return Some(Ok(self)) };
        let value = self.columns.get(at)?.value.real;
        let (mut below, mut above) = (self.clone(), self);
        below.columns.get_mut(at)?.high = Some((Exact::of(value.floor()), None));
        let mut core = match below.branch(budget)? {
            Ok(found) => return Some(Ok(found)),
            Err(core) => core,
        };
        above.columns.get_mut(at)?.low = Some((Exact::of(value.ceil()), None));
        match above.branch(budget)? {
            Ok(found) => Some(Ok(found)),
            Err(more) => {
                core.extend(more);
                core.sort_unstable();
                core.dedup();
                Some(Err(core))
            }
        }
    }

    fn feasible(&mut self) -> Option<Result<(), Vec<Bit>>> {
        for at in 0..self.columns.len() {
            let column = self.columns.get(at)?;
            if let (Some(low), Some(high)) = (column.low, column.high)
                && low.0 > high.0
            {
                return Some(Err(low.1.into_iter().chain(high.1).collect()));
            }
        }
        for column in &mut self.columns {
            let floor = column.low.map_or(column.value, |low| column.value.max(low.0));
            column.value = column.high.map_or(floor, |high| floor.min(high.0));
        }
        self.settle()?;
        for _ in 0..10_000 {
            let Some((row, rising)) = self.broken() else { return Some(Ok(())) };
            match self.entering(row, rising)? {
                Ok(column) => self.pivot(row, column, rising)?,
                Err(core) => return Some(Err(core)),
            }
        }
        None
    }

    /// The basic columns' values from the others'.
    fn settle(&mut self) -> Option<()> {
        for (&row, terms) in &self.rows {
            let mut value = Exact::of(Ratio::zero());
            for (&column, factor) in terms {
                value = value.plus(self.columns.get(column)?.value, *factor)?;
            }
            self.columns.get_mut(row)?.value = value;
        }
        Some(())
    }

    /// The first basic column outside its bounds, and whether it must rise.
    fn broken(&self) -> Option<(usize, bool)> {
        self.rows.keys().find_map(|&row| {
            let column = self.columns.get(row)?;
            if column.low.is_some_and(|low| column.value < low.0) {
                return Some((row, true));
            }
            column.high.is_some_and(|high| column.value > high.0).then_some((row, false))
        })
    }

    /// The first column that can move to mend a row; without one, why not.
    fn entering(&self, row: usize, rising: bool) -> Option<Result<usize, Vec<Bit>>> {
        let own = self.columns.get(row)?;
        let mut core: Vec<Bit> =
            if rising { own.low?.1 } else { own.high?.1 }.into_iter().collect();
        for (&at, factor) in self.rows.get(&row)? {
            let column = self.columns.get(at)?;
            let bound = if factor.is_positive() == rising { column.high } else { column.low };
            match bound {
                Some((limit, reason)) if limit == column.value => core.extend(reason),
                _ => return Some(Ok(at)),
            }
        }
        Some(Err(core))
    }

    fn pivot(&mut self, row: usize, column: usize, rising: bool) -> Option<()> {
        let mut terms = self.rows.remove(&row)?;
        let factor = terms.remove(&column)?;
        let leaving = self.columns.get(row)?;
        let target = if rising { leaving.low?.0 } else { leaving.high?.0 };
        let step = target.minus(leaving.value)?.over(factor)?;
        self.columns.get_mut(row)?.value = target;
        let moved = self.columns.get(column)?.value.plus(step, Ratio::one())?;
        self.columns.get_mut(column)?.value = moved;
        // column = (row - rest) / factor
        let mut solved = BTreeMap::from([(row, factor.recip())]);
        for (at, coefficient) in terms {
            solved.insert(at, -coefficient.checked_mul(&factor.recip())?);
        }
        for (&basic, other) in &mut self.rows {
            let Some(times) = other.remove(&column) else { continue };
            let follower = self.columns.get_mut(basic)?;
            follower.value = follower.value.plus(step, times)?;
            for (&at, coefficient) in &solved {
                let slot = other.entry(at).or_insert_with(Ratio::zero);
                *slot = plus_times(*slot, *coefficient, times)?;
                if slot.is_zero() {
                    other.remove(&at);
                }
            }
        }
        self.rows.insert(column, solved);
        Some(())
    }

    /// Plain numbers: ε becomes small enough.
    fn real(&self, variables: usize) -> Option<Vec<Ratio>> {
        let mut epsilon = Ratio::one();
        for _ in 0..60 {
            let at = |exact: Exact| exact.real.checked_add(&exact.delta.checked_mul(&epsilon)?);
            let fits = self.columns.iter().all(|column| {
                let Some(value) = at(column.value) else { return false };
                let above = column.low.is_none_or(|low| {
                    value > low.0.real || (value == low.0.real && low.0.delta.is_zero())
                });
                above
                    && column.high.is_none_or(|high| {
                        value < high.0.real || (value == high.0.real && high.0.delta.is_zero())
                    })
            });
            if fits {
                return self
                    .columns
                    .iter()
                    .take(variables)
                    .map(|column| at(column.value))
                    .collect();
            }
            epsilon /= Ratio::from_integer(2);
        }
        None
    }
}
