//! Numbers of a row as linear expressions, and the thresholds they are compared with.
//!
//! Every different sum of variables is one *quantity*. A comparison of a quantity with a constant
//! is a literal; the literals of one quantity are chained in order (`x ≤ 3` implies `x ≤ 5`), so
//! that comparisons of single facts need no arithmetic in the search.

use super::sat::{Bit, Circuit, Solver};
use super::simplex::Work;
use crate::value::Ratio;
use num_traits::{CheckedAdd, CheckedMul, CheckedSub, One, Signed, Zero};
use std::collections::{BTreeMap, HashMap};

/// Index of a variable.
pub type Variable = usize;

/// `Σ coefficient · variable + constant`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Linear {
    /// The coefficients, none zero.
    pub terms: BTreeMap<Variable, Ratio>,
    /// The constant.
    pub constant: Ratio,
    /// Whether its numbers grew too large to be computed with: it may be anything.
    pub lost: bool,
}

impl Linear {
    /// A constant.
    #[must_use]
    pub fn constant(constant: Ratio) -> Self {
        Self { terms: BTreeMap::new(), constant, lost: false }
    }

    /// A whole constant.
    #[must_use]
    pub fn whole(constant: i64) -> Self {
        Self::constant(ratio(constant))
    }

    /// A variable.
    #[must_use]
    pub fn variable(variable: Variable) -> Self {
        Self {
            terms: BTreeMap::from([(variable, Ratio::one())]),
            constant: Ratio::zero(),
            lost: false,
        }
    }

    /// What may be anything.
    fn lost() -> Self {
        Self { terms: BTreeMap::new(), constant: Ratio::zero(), lost: true }
    }

    /// Times a number.
    #[must_use]
    pub fn times(self, factor: Ratio) -> Self {
        if factor.is_zero() {
            return Self::constant(factor);
        }
        let product = |coefficient: &Ratio| coefficient.checked_mul(&factor);
        let terms: Option<BTreeMap<Variable, Ratio>> =
            self.terms.iter().map(|(at, own)| Some((*at, product(own)?))).collect();
        match (terms, product(&self.constant)) {
            (Some(terms), Some(constant)) if !self.lost => Self { terms, constant, lost: false },
            _ => Self::lost(),
        }
    }

    /// The sum.
    #[must_use]
    pub fn plus(mut self, other: &Self) -> Self {
        if self.lost || other.lost {
            return Self::lost();
        }
        for (&variable, coefficient) in &other.terms {
            let slot = self.terms.entry(variable).or_insert_with(Ratio::zero);
            match slot.checked_add(coefficient) {
                Some(sum) => *slot = sum,
                None => return Self::lost(),
            }
        }
        self.terms.retain(|_, coefficient| !coefficient.is_zero());
        match self.constant.checked_add(&other.constant) {
            Some(sum) => Self { constant: sum, ..self },
            None => Self::lost(),
        }
    }

    /// The difference.
    #[must_use]
    pub fn minus(self, other: &Self) -> Self {
        self.plus(&other.clone().times(-Ratio::one()))
    }

    /// Its value, if it has no variable.
    #[must_use]
    pub fn known(&self) -> Option<Ratio> {
        (self.terms.is_empty() && !self.lost).then_some(self.constant)
    }

    /// Its variable, if it is one and nothing else.
    #[must_use]
    pub fn single(&self) -> Option<Variable> {
        let mut terms = self.terms.iter();
        let (&variable, coefficient) = terms.next()?;
        (terms.next().is_none() && coefficient.is_one() && self.constant.is_zero())
            .then_some(variable)
    }

    /// Its value in a model.
    #[must_use]
    pub fn at(&self, values: &[Ratio]) -> Option<Ratio> {
        if self.lost {
            return None;
        }
        self.terms.iter().try_fold(self.constant, |sum, (variable, coefficient)| {
            sum.checked_add(&values.get(*variable)?.checked_mul(coefficient)?)
        })
    }
}

/// Sums and differences of two numbers below this over their divisors can be stored: there is room
/// for both divisors.
const SMALL: i128 = 1 << 100;

/// The greatest such divisor.
const DIVISOR: i128 = 1 << 24;

/// The number of a whole constant.
#[must_use]
pub fn ratio(value: i64) -> Ratio {
    Ratio::from_integer(i128::from(value))
}

/// What is known of a variable beforehand.
#[derive(Clone, Debug)]
pub struct Range {
    /// Whether it takes whole values only.
    pub whole: bool,
    /// Whether a witness writes its value, so that it has to be a decimal.
    pub written: bool,
    /// The least value.
    pub low: Option<Ratio>,
    /// The greatest value.
    pub high: Option<Ratio>,
    /// What a witness shows where nothing else is asked.
    pub preferred: Ratio,
}

impl Range {
    /// A whole number between two.
    #[must_use]
    pub fn between(low: i64, high: i64) -> Self {
        Self {
            whole: true,
            written: false,
            low: Some(ratio(low)),
            high: Some(ratio(high)),
            preferred: ratio(low.max(0).min(high)),
        }
    }

    /// Any number.
    #[must_use]
    pub fn any(whole: bool) -> Self {
        Self { whole, written: false, low: None, high: None, preferred: ratio(0) }
    }
}

/// `< constant` (strict, 0) or `≤ constant` (1): in this order one implies the next.
pub type Threshold = (Ratio, u8);

/// A sum of variables, with the literals of its thresholds.
#[derive(Clone, Debug)]
pub struct Quantity {
    /// The sum.
    pub terms: Terms,
    /// Whether it takes whole values only.
    pub whole: bool,
    /// Its comparisons.
    pub thresholds: BTreeMap<Threshold, Bit>,
}

impl Quantity {
    /// Whether it is the difference of two variables.
    #[must_use]
    pub fn is_difference(&self) -> bool {
        matches!(self.terms.as_slice(), [(_, one), (_, other)]
            if one.is_one() && *other == -Ratio::one())
    }
}

/// All variables and quantities of one question.
#[derive(Default)]
pub struct Numbers {
    /// The variables.
    pub variables: Vec<Range>,
    /// The quantities.
    pub quantities: Vec<Quantity>,
    /// Whether a comparison was left open because its numbers were too large.
    pub lost: bool,
    /// How much was reckoned, by all checks of these numbers.
    pub work: Work,
    index: HashMap<Vec<(Variable, Ratio)>, usize>,
}

impl Numbers {
    /// A new variable.
    pub fn variable(&mut self, range: Range) -> Variable {
        self.variables.push(range);
        self.variables.len() - 1
    }

    /// The index of a sum of variables.
    pub fn quantity(&mut self, terms: Vec<(Variable, Ratio)>) -> usize {
        if let Some(&known) = self.index.get(&terms) {
            return known;
        }
        let whole = terms.iter().all(|(variable, coefficient)| {
            coefficient.is_integer()
                && self.variables.get(*variable).is_some_and(|range| range.whole)
        });
        self.quantities.push(Quantity { terms: terms.clone(), whole, thresholds: BTreeMap::new() });
        self.index.insert(terms, self.quantities.len() - 1);
        self.quantities.len() - 1
    }

    /// The thresholds that a variable by itself is compared with, and the literals of `≤` or `<`.
    #[must_use]
    pub fn thresholds(&self, variable: Variable) -> Vec<(Threshold, Bit)> {
        let found = self.index.get(&vec![(variable, Ratio::one())]);
        found.and_then(|at| self.quantities.get(*at)).map_or_else(Vec::new, |quantity| {
            quantity.thresholds.iter().map(|(at, bit)| (*at, *bit)).collect()
        })
    }

    /// Whether a variable is compared together with others.
    #[must_use]
    pub fn is_mixed(&self, variable: Variable) -> bool {
        self.quantities.iter().any(|quantity| {
            quantity.terms.len() > 1
                && !quantity.thresholds.is_empty()
                && quantity.terms.iter().any(|(own, _)| *own == variable)
        })
    }

    /// Whether a sum of variables is compared with anything.
    #[must_use]
    pub fn is_quantity(&self, linear: &Linear) -> bool {
        scaled(linear).is_some_and(|(_, terms, _)| self.index.contains_key(&terms))
    }

    /// Whether two variables are compared with each other.
    #[must_use]
    pub fn compared(&self, a: Variable, b: Variable) -> bool {
        let pair = |a, b| vec![(a, Ratio::one()), (b, -Ratio::one())];
        self.index.contains_key(&pair(a.min(b), a.max(b)))
    }

    /// Whether values lie in the ranges of their variables.
    #[must_use]
    pub fn ranges_hold(&self, values: &[Ratio]) -> bool {
        self.variables.iter().zip(values).all(|(range, value)| {
            (!range.whole || value.is_integer())
                && range.low.is_none_or(|low| low <= *value)
                && range.high.is_none_or(|high| *value <= high)
        })
    }

    /// What an expression is where nothing is asked of its variables.
    #[must_use]
    pub fn usual(&self, linear: &Linear) -> Option<Ratio> {
        if linear.lost {
            return None;
        }
        linear.terms.iter().try_fold(linear.constant, |sum, (variable, factor)| {
            let usual = self.variables.get(*variable)?.preferred;
            sum.checked_add(&usual.checked_mul(factor)?)
        })
    }

    /// The least and the greatest value an expression may have, by the ranges of its variables.
    #[must_use]
    pub fn reach(&self, linear: &Linear) -> (Option<Ratio>, Option<Ratio>) {
        if linear.lost {
            return (None, None);
        }
        let mut reach = (Some(linear.constant), Some(linear.constant));
        for (variable, factor) in &linear.terms {
            let Some(range) = self.variables.get(*variable) else { return (None, None) };
            let (from, to) = if factor.is_positive() {
                (range.low, range.high)
            } else {
                (range.high, range.low)
            };
            let add = |sum: Option<Ratio>, end: Option<Ratio>| {
                sum?.checked_add(&end?.checked_mul(factor)?)
            };
            reach = (add(reach.0, from), add(reach.1, to));
        }
        reach
    }

    /// Whether an expression is made of whole numbers in ranges so narrow, with divisors so small,
    /// that it is surely computed with as an exact number.
    #[must_use]
    pub fn is_small(&self, linear: &Linear) -> bool {
        let whole =
            |variable: &Variable| self.variables.get(*variable).is_some_and(|range| range.whole);
        let factors = linear.terms.values().chain([&linear.constant]);
        let divisor = factors.map(|factor| *factor.denom()).try_fold(1_i128, lcm);
        let Some(divisor) = divisor.filter(|divisor| *divisor <= DIVISOR) else { return false };
        let most = Ratio::from_integer(SMALL / divisor);
        let inside = |end: Option<Ratio>| end.is_some_and(|end| -most <= end && end <= most);
        let (low, high) = self.reach(linear);
        linear.terms.keys().all(whole) && inside(low) && inside(high)
    }

    /// The literal of `linear ≤ 0`, or `< 0`.
    pub fn at_most<S: Solver>(
        &mut self,
        circuit: &mut Circuit<S>,
        linear: &Linear,
        strict: bool,
    ) -> Bit {
        let zero = Ratio::zero();
        let (least, most) = self.reach(linear);
        if most.is_some_and(|most| if strict { most < zero } else { most <= zero }) {
            return Bit::TRUE;
        }
        if least.is_some_and(|least| if strict { least >= zero } else { least > zero }) {
            return Bit::FALSE;
        }
        let Some((sign, terms, bound)) = scaled(linear) else {
            self.lost = true;
            return circuit.free();
        };
        let quantity = self.quantity(terms);
        if sign {
            self.threshold(circuit, quantity, bound, strict)
        } else {
            // -L ≤ -bound is L ≥ bound: not L < bound.
            !self.threshold(circuit, quantity, bound, !strict)
        }
    }

    fn threshold<S: Solver>(
        &mut self,
        circuit: &mut Circuit<S>,
        quantity: usize,
        bound: Ratio,
        strict: bool,
    ) -> Bit {
        let Some(found) = self.quantities.get_mut(quantity) else { return Bit::FALSE };
        let key = if found.whole {
            (if strict { bound.ceil() - Ratio::one() } else { bound.floor() }, 1)
        } else {
            (bound, u8::from(!strict))
        };
        if let Some(&known) = found.thresholds.get(&key) {
            return known;
        }
        // Tried first as the values are that a witness prefers.
        let usual = found.terms.iter().try_fold(Ratio::zero(), |sum, (variable, factor)| {
            let range = self.variables.get(*variable)?;
            sum.checked_add(&range.preferred.checked_mul(factor)?)
        });
        let holds = |usual: Ratio| usual < key.0 || (usual == key.0 && key.1 == 1);
        let made = match usual {
            Some(usual) => circuit.tried(holds(usual)),
            None => circuit.free(),
        };
        if let Some((_, &below)) = found.thresholds.range(..key).next_back() {
            circuit.require(&[!below, made]);
        }
        if let Some((_, &above)) = found.thresholds.range(key..).next() {
            circuit.require(&[!made, above]);
        }
        found.thresholds.insert(key, made);
        made
    }

    /// Equality of two numbers.
    pub fn equal<S: Solver>(&mut self, circuit: &mut Circuit<S>, a: &Linear, b: &Linear) -> Bit {
        let difference = a.clone().minus(b);
        let (most, less) =
            (self.at_most(circuit, &difference, false), self.at_most(circuit, &difference, true));
        circuit.and([most, !less])
    }
}

/// Variables with their coefficients.
pub(super) type Terms = Vec<(Variable, Ratio)>;

/// Whether the first coefficient has a plus, the terms with a plus first and whole coefficients
/// without a common divisor where all are whole, and what they are compared with. `None` where the
/// numbers are too large.
fn scaled(linear: &Linear) -> Option<(bool, Terms, Ratio)> {
    let (_, first) = linear.terms.iter().next()?;
    let denominators = linear
        .terms
        .values()
        .try_fold(1_i128, |all, coefficient| lcm(all, *coefficient.denom()))?;
    let divisor = linear.terms.values().try_fold(0_i128, |all, coefficient| {
        let whole = i128::checked_mul(*coefficient.numer(), denominators / coefficient.denom())?;
        gcd(all, whole)
    })?;
    let scale = Ratio::new(denominators, divisor.max(1));
    let scale = if first.is_negative() { -scale } else { scale };
    let terms = linear
        .terms
        .iter()
        .map(|(&variable, coefficient)| Some((variable, coefficient.checked_mul(&scale)?)))
        .collect::<Option<Vec<_>>>()?;
    let constant = Ratio::zero().checked_sub(&linear.constant)?;
    Some((first.is_positive(), terms, constant.checked_mul(&scale)?))
}

fn gcd(a: i128, b: i128) -> Option<i128> {
    if b == 0 { a.checked_abs() } else { gcd(b, a.checked_rem(b)?) }
}

fn lcm(a: i128, b: i128) -> Option<i128> {
    a.checked_div(gcd(a, b)?.max(1))?.checked_mul(b)
}
