//! Whether bounds on sums of variables can hold together: the general simplex method (Dutertre and
//! de Moura 2006) with branch and bound.

use super::linear::{Numbers, Quantity, Range, Terms, Variable};
use super::sat::Bit;
use crate::value::Ratio;
use num_traits::{CheckedAdd, CheckedMul, CheckedSub, One, Signed, Zero};
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

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
    written: bool,
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
const BRANCHES: usize = 400;

/// Of how many columns both sides are looked at before one is taken.
const PROBED: usize = 12;

/// Reasons of so many literals are not made shorter.
const SHORT: usize = 4;

/// With how many decimals a number is written in full.
const PLACES: u32 = 12;

/// How many terms the checks of one question may look at: a bound of steps, the same on every
/// machine.
const WORK: u64 = 2_000_000;

/// What the checks of one question have looked at.
#[derive(Clone, Debug, Default)]
pub struct Work(Rc<Cell<u64>>);

impl Work {
    /// Counts terms; `None` where they are too many.
    fn add(&self, terms: usize) -> Option<()> {
        self.0.set(self.0.get().saturating_add(terms as u64));
        (!self.is_done()).then_some(())
    }

    /// Whether no more may be looked at.
    pub fn is_done(&self) -> bool {
        self.0.get() > WORK
    }
}

#[derive(Clone)]
struct Tableau {
    columns: Vec<Column>,
    rows: BTreeMap<usize, BTreeMap<usize, Ratio>>,
    work: Work,
}

/// Values of the variables with some of them made from others.
type Complete<'c> = &'c dyn Fn(&[Ratio]) -> Option<Vec<Ratio>>;

/// The bounds that the literals set.
struct Limits<'n> {
    quantities: Vec<(&'n Terms, Bound, Bound)>,
    ranges: &'n [Range],
    sizes: &'n BTreeSet<Variable>,
    complete: Complete<'n>,
}

/// Checks the literals that hold; `sizes` are variables that are whole this time.
pub fn check(
    numbers: &Numbers,
    sizes: &BTreeSet<Variable>,
    holds: &dyn Fn(Bit) -> bool,
    complete: Complete<'_>,
) -> Outcome {
    // Differences of two first: what they contradict has short reasons.
    let mut tableau = Tableau::new(numbers);
    for quantity in numbers.quantities.iter().filter(|quantity| quantity.terms.len() <= 2) {
        let (low, high) = bounds(quantity, holds);
        if low.is_some() || high.is_some() {
            tableau.bound(quantity, low, high);
        }
    }
    if let Some(Err(core)) = tableau.feasible() {
        return Outcome::Core(fewest(numbers, core));
    }
    let mut tableau = Tableau::new(numbers);
    for size in sizes {
        tableau.columns.iter_mut().skip(*size).take(1).for_each(|column| column.whole = true);
    }
    let mut limits = Limits { quantities: Vec::new(), ranges: &numbers.variables, sizes, complete };
    for quantity in &numbers.quantities {
        let (low, high) = bounds(quantity, holds);
        if low.is_some() || high.is_some() {
            limits.quantities.push((&quantity.terms, low, high));
            tableau.bound(quantity, low, high);
        }
    }
    let mut budget = BRANCHES;
    let solved = match tableau.branch(&mut budget, &limits) {
        None => return Outcome::Unknown,
        Some(Err(core)) => return Outcome::Core(fewest(numbers, core)),
        Some(Ok(Solved::Whole(values))) => return Outcome::Values(values),
        Some(Ok(Solved::Tableau(solved))) => solved,
    };
    solved.decimal(&mut budget, &limits).map_or(Outcome::Unknown, Outcome::Values)
}

/// Of literals that cannot hold together, fewer that cannot: a shorter reason rules out more.
fn fewest(numbers: &Numbers, mut core: Vec<Bit>) -> Vec<Bit> {
    let mut at = 0;
    while at < core.len() && core.len() > SHORT && !numbers.work.is_done() {
        let mut fewer = core.clone();
        fewer.remove(at);
        match apart(numbers, &fewer) {
            Some(found) if found.len() < core.len() => core = found,
            _ => at += 1,
        }
    }
    core
}

/// Which of some literals cannot hold together, by linear arithmetic alone.
fn apart(numbers: &Numbers, literals: &[Bit]) -> Option<Vec<Bit>> {
    let mut tableau = Tableau::new(numbers);
    for quantity in &numbers.quantities {
        let asked = |bit: &Bit| literals.contains(bit) || literals.contains(&!*bit);
        let thresholds = quantity.thresholds.iter().filter(|(_, bit)| asked(bit));
        let own = Quantity {
            thresholds: thresholds.map(|(at, bit)| (*at, *bit)).collect(),
            terms: quantity.terms.clone(),
            whole: quantity.whole,
        };
        let (low, high) = bounds(&own, &|bit| literals.contains(&bit));
        if low.is_some() || high.is_some() {
            tableau.bound(&own, low, high);
        }
    }
    tableau.feasible()?.err()
}

/// What branches end with.
enum Solved {
    /// A tableau that is feasible and whole.
    Tableau(Tableau),
    /// Values made from those of a feasible one.
    Whole(Vec<Ratio>),
}

impl Limits<'_> {
    /// Values near those of a tableau that keep all bounds.
    fn near(&self, tableau: &Tableau) -> Option<Vec<Ratio>> {
        let values = (self.complete)(&tableau.real(self.ranges.len())?)?;
        self.keep(&values).then_some(values)
    }

    fn keep(&self, values: &[Ratio]) -> bool {
        let single = (0..).zip(self.ranges).zip(values).all(|((at, range), value)| {
            let whole = range.whole || self.sizes.contains(&at);
            (!whole || value.is_integer())
                && (!range.written || is_decimal(*value))
                && range.low.is_none_or(|low| low <= *value)
                && range.high.is_none_or(|high| *value <= high)
        });
        let sum = |terms: &[(Variable, Ratio)]| {
            terms.iter().try_fold(Ratio::zero(), |sum, (variable, factor)| {
                plus_times(sum, *values.get(*variable)?, *factor)
            })
        };
        single
            && self.quantities.iter().all(|(terms, low, high)| {
                sum(terms).map(Exact::of).is_some_and(|sum| {
                    low.is_none_or(|low| low.0 <= sum) && high.is_none_or(|high| sum <= high.0)
                })
            })
    }
}

fn column(range: &Range) -> Column {
    let bound = |value: Option<Ratio>| value.map(|value| (Exact::of(value), None));
    Column {
        value: Exact::of(range.preferred),
        low: bound(range.low),
        high: bound(range.high),
        whole: range.whole,
        written: range.written,
    }
}

/// Whether a number is written in full: with at most so many decimals.
fn is_decimal(value: Ratio) -> bool {
    10_i128.pow(PLACES) % value.denom() == 0
}

fn bounds(quantity: &Quantity, holds: &dyn Fn(Bit) -> bool) -> (Bound, Bound) {
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
    fn new(numbers: &Numbers) -> Self {
        // What is too much ends the search at the next pivot.
        let _ = numbers.work.add(numbers.variables.len() + numbers.quantities.len());
        let columns = numbers.variables.iter().map(column).collect();
        Self { columns, rows: BTreeMap::new(), work: numbers.work.clone() }
    }

    /// Sets the bounds of a quantity.
    fn bound(&mut self, quantity: &Quantity, low: Bound, high: Bound) {
        let at = match quantity.terms.as_slice() {
            [(variable, factor)] if factor.is_one() => *variable,
            _ => self.row(quantity),
        };
        let Some(column) = self.columns.get_mut(at) else { return };
        if low.is_some_and(|low| column.low.is_none_or(|own| own.0 < low.0)) {
            column.low = low;
        }
        if high.is_some_and(|high| column.high.is_none_or(|own| own.0 > high.0)) {
            column.high = high;
        }
    }

    fn row(&mut self, quantity: &Quantity) -> usize {
        let at = self.columns.len();
        self.columns.push(Column {
            value: Exact::of(Ratio::zero()),
            low: None,
            high: None,
            whole: quantity.whole,
            written: false,
        });
        self.rows.insert(at, quantity.terms.iter().copied().collect());
        at
    }

    /// Feasible values, whole where they must be.
    fn branch(
        mut self,
        budget: &mut usize,
        limits: &Limits<'_>,
    ) -> Option<Result<Solved, Vec<Bit>>> {
        let mut reasons: Vec<Bit> = Vec::new();
        let solved = loop {
            *budget = budget.checked_sub(1)?;
            if let Err(core) = self.feasible()? {
                break Err(core);
            }
            let fractions = self.fractions();
            let Some(&first) = fractions.first() else { break Ok(Solved::Tableau(self)) };
            if let Some(values) = limits.near(&self) {
                break Ok(Solved::Whole(values));
            }
            match self.forced(&fractions, budget)? {
                Some((rest, core)) => {
                    reasons.extend(core);
                    self = rest;
                }
                None => break self.both(first, budget, limits)?,
            }
        };
        Some(solved.map_err(|mut core| {
            core.extend(reasons);
            core.sort_unstable();
            core.dedup();
            core
        }))
    }

    /// A column one side of which is ruled out: the other side, and why.
    fn forced(&self, fractions: &[usize], budget: &mut usize) -> Option<Option<(Self, Vec<Bit>)>> {
        for &at in fractions.iter().take(PROBED) {
            *budget = budget.checked_sub(1)?;
            let [mut below, mut above] = self.sides(at)?;
            if let Err(core) = below.feasible()? {
                return Some(Some((above, core)));
            }
            if let Err(core) = above.feasible()? {
                return Some(Some((below, core)));
            }
        }
        Some(None)
    }

    /// One side of a column after the other.
    fn both(
        self,
        at: usize,
        budget: &mut usize,
        limits: &Limits<'_>,
    ) -> Option<Result<Solved, Vec<Bit>>> {
        let [below, above] = self.sides(at)?;
        let core = match below.branch(budget, limits)? {
            Ok(found) => return Some(Ok(found)),
            Err(core) => core,
        };
        Some(above.branch(budget, limits)?.map_err(|more| core.into_iter().chain(more).collect()))
    }

    /// A column below and above the fraction it has.
    fn sides(&self, at: usize) -> Option<[Self; 2]> {
        let value = self.columns.get(at)?.value.real;
        let (mut below, mut above) = (self.clone(), self.clone());
        below.columns.get_mut(at)?.high = Some((Exact::of(value.floor()), None));
        above.columns.get_mut(at)?.low = Some((Exact::of(value.ceil()), None));
        Some([below, above])
    }

    /// Columns that are not whole and should be, those with the fewest values first.
    fn fractions(&self) -> Vec<usize> {
        let widest = Ratio::from_integer(i128::MAX);
        let width = |column: &Column| {
            let (low, high) = (column.low?.0.real, column.high?.0.real);
            high.checked_sub(&low)
        };
        let broken = self.columns.iter().enumerate();
        let broken = broken.filter(|(_, column)| column.whole && !column.value.real.is_integer());
        let mut broken: Vec<(Ratio, usize)> =
            broken.map(|(at, column)| (width(column).unwrap_or(widest), at)).collect();
        broken.sort_unstable();
        broken.into_iter().map(|(_, at)| at).collect()
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
            self.work.add(terms.len())?;
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
            let share = coefficient.checked_mul(&factor.recip())?;
            solved.insert(at, Ratio::zero().checked_sub(&share)?);
        }
        self.work.add(self.rows.len())?;
        for (&basic, other) in &mut self.rows {
            let Some(times) = other.remove(&column) else { continue };
            self.work.add(solved.len())?;
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

    /// Plain numbers, decimals where they are written: what is none is moved to one near it.
    fn decimal(self, budget: &mut usize, limits: &Limits<'_>) -> Option<Vec<Ratio>> {
        let values = self.real(limits.ranges.len())?;
        let mut columns = self.columns.iter().zip(&values).enumerate();
        let wrong = columns.find(|(_, (column, value))| column.written && !is_decimal(**value));
        let Some((at, (_, value))) = wrong else { return Some(values) };
        for places in [2, 6, PLACES] {
            let scale = Ratio::from_integer(10_i128.pow(places));
            let scaled = value.checked_mul(&scale)?;
            for near in [scaled.floor(), scaled.ceil()] {
                let near = Some((Exact::of(near / scale), None));
                let mut moved = self.clone();
                let column = moved.columns.get_mut(at)?;
                (column.low, column.high) = (near, near);
                let found = match moved.branch(budget, limits) {
                    Some(Ok(Solved::Tableau(found))) => found.decimal(budget, limits),
                    Some(Ok(Solved::Whole(values))) => Some(values),
                    _ => None,
                };
                if found.is_some() {
                    return found;
                }
            }
        }
        None
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
