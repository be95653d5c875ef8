//! Numbers of a row as linear expressions, and the thresholds they are compared with.
//!
//! Every different sum of variables is one *quantity*. A comparison of a quantity with a constant
//! is a literal; the literals of one quantity are chained in order (`x ≤ 3` implies `x ≤ 5`), so
//! that comparisons of single facts need no arithmetic in the search.

use super::sat::{Bit, Circuit, Solver};
use crate::value::Ratio;
use num_traits::{One, Signed, Zero};
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
}

impl Linear {
    /// A constant.
    #[must_use]
    pub fn constant(constant: Ratio) -> Self {
        Self { terms: BTreeMap::new(), constant }
    }

    /// A whole constant.
    #[must_use]
    pub fn whole(constant: i64) -> Self {
        Self::constant(Ratio::from_integer(i128::from(constant)))
    }

    /// A variable.
    #[must_use]
    pub fn variable(variable: Variable) -> Self {
        Self { terms: BTreeMap::from([(variable, Ratio::one())]), constant: Ratio::zero() }
    }

    /// Times a number.
    #[must_use]
    pub fn times(mut self, factor: Ratio) -> Self {
        if factor.is_zero() {
            return Self::constant(factor);
        }
        self.terms.values_mut().for_each(|coefficient| *coefficient *= factor);
        self.constant *= factor;
        self
    }

    /// The sum.
    #[must_use]
    pub fn plus(mut self, other: &Self) -> Self {
        for (&variable, coefficient) in &other.terms {
            *self.terms.entry(variable).or_insert_with(Ratio::zero) += coefficient;
        }
        self.terms.retain(|_, coefficient| !coefficient.is_zero());
        self.constant += other.constant;
        self
    }

    /// The difference.
    #[must_use]
    pub fn minus(self, other: &Self) -> Self {
        self.plus(&other.clone().times(-Ratio::one()))
    }

    /// Its value, if it has no variable.
    #[must_use]
    pub fn known(&self) -> Option<Ratio> {
        self.terms.is_empty().then_some(self.constant)
    }

    /// Its variable, if it is one and nothing else.
    #[must_use]
    pub fn single(&self) -> Option<Variable> {
        let mut terms = self.terms.iter();
        let (&variable, coefficient) = terms.next()?;
        (terms.next().is_none() && coefficient.is_one() && self.constant.is_zero())
            .then_some(variable)
    }
}

/// What is known of a variable beforehand.
#[derive(Clone, Debug)]
pub struct Range {
    /// Whether it takes whole values only.
    pub whole: bool,
    /// The least value.
    pub low: Option<Ratio>,
    /// The greatest value.
    pub high: Option<Ratio>,
    /// What a witness shows where nothing else is asked.
    pub preferred: Ratio,
}

/// `< constant` (strict, 0) or `≤ constant` (1): in this order one implies the next.
pub type Threshold = (Ratio, u8);

/// A sum of variables, with the literals of its thresholds.
#[derive(Clone, Debug)]
pub struct Quantity {
    /// The sum.
    pub terms: Vec<(Variable, Ratio)>,
    /// Whether it takes whole values only.
    pub whole: bool,
    /// Its comparisons.
    pub thresholds: BTreeMap<Threshold, Bit>,
}

/// All variables and quantities of one question.
#[derive(Default)]
pub struct Numbers {
    /// The variables.
    pub variables: Vec<Range>,
    /// The quantities.
    pub quantities: Vec<Quantity>,
    index: HashMap<Vec<(Variable, Ratio)>, usize>,
}

impl Numbers {
    /// A new variable.
    pub fn variable(&mut self, range: Range) -> Variable {
        self.variables.push(range);
        self.variables.len() - 1
    }

    /// Whether a number is whole in every row.
    #[must_use]
    pub fn is_whole(&self, linear: &Linear) -> bool {
        let whole = |(variable, coefficient): (&Variable, &Ratio)| {
            coefficient.is_integer()
                && self.variables.get(*variable).is_some_and(|range| range.whole)
        };
        linear.constant.is_integer() && linear.terms.iter().all(whole)
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

    /// Whether two variables are compared with each other.
    #[must_use]
    pub fn compared(&self, a: Variable, b: Variable) -> bool {
        let pair = |a, b| vec![(a, Ratio::one()), (b, -Ratio::one())];
        self.index.contains_key(&pair(a.min(b), a.max(b)))
    }

    /// The literal of `linear ≤ 0`, or `< 0`.
    pub fn at_most<S: Solver>(
        &mut self,
        circuit: &mut Circuit<S>,
        linear: &Linear,
        strict: bool,
    ) -> Bit {
        let Some((_, &first)) = linear.terms.iter().next() else {
            let zero = Ratio::zero();
            return Bit::of(if strict { linear.constant < zero } else { linear.constant <= zero });
        };
        let scale = self.scale(linear, first);
        let terms: Vec<(Variable, Ratio)> = linear
            .terms
            .iter()
            .map(|(&variable, coefficient)| (variable, *coefficient * scale))
            .collect();
        let bound = -linear.constant * scale;
        let quantity = self.quantity(terms);
        if first.is_positive() {
            self.threshold(circuit, quantity, bound, strict)
        } else {
            // -L ≤ -bound is L ≥ bound: not L < bound.
            !self.threshold(circuit, quantity, bound, !strict)
        }
    }

    /// The factor that gives the first coefficient a plus, and whole coefficients without a common
    /// divisor where all are whole.
    fn scale(&self, linear: &Linear, first: Ratio) -> Ratio {
        let denominators =
            linear.terms.values().fold(1_i128, |all, coefficient| lcm(all, *coefficient.denom()));
        let divisor = linear.terms.values().fold(0_i128, |all, coefficient| {
            gcd(all, *coefficient.numer() * (denominators / coefficient.denom()))
        });
        let scale = Ratio::new(denominators, divisor.max(1));
        if first.is_negative() { -scale } else { scale }
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
        if let [(variable, factor)] = found.terms.as_slice()
            && factor.is_one()
            && let Some(range) = self.variables.get(*variable)
        {
            if range.high.is_some_and(|high| high < key.0 || (high == key.0 && key.1 == 1)) {
                return Bit::TRUE;
            }
            if range.low.is_some_and(|low| low > key.0 || (low == key.0 && key.1 == 0)) {
                return Bit::FALSE;
            }
        }
        if let Some(&known) = found.thresholds.get(&key) {
            return known;
        }
        let made = circuit.free();
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

fn gcd(a: i128, b: i128) -> i128 {
    if b == 0 { a.abs() } else { gcd(b, a % b) }
}

fn lcm(a: i128, b: i128) -> i128 {
    a / gcd(a, b).max(1) * b
}
