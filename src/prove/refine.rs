//! Values that are not reasoned about: a model that guessed one wrong learns what it is for those
//! arguments.

use super::condition::ratio;
use super::linear::Linear;
use super::sat::{Bit, Solver};
use super::term::scalar;
use super::world::{Kernel, Opaque, World};
use crate::builtin::{self, Scalar};
use crate::syntax::tree::Operator;
use crate::value::Ratio;
use num_traits::{CheckedAdd, CheckedDiv, CheckedMul, Zero};

impl Linear {
    /// Its value in a model.
    #[must_use]
    pub fn at(&self, values: &[Ratio]) -> Option<Ratio> {
        self.terms.iter().try_fold(self.constant, |sum, (variable, coefficient)| {
            sum.checked_add(&values.get(*variable)?.checked_mul(coefficient)?)
        })
    }
}

impl<S: Solver> World<'_, S> {
    /// Learns the true results for the arguments of a model. Whether there was anything to learn.
    ///
    /// The arguments are held for the next search ([`World::held`]) up to the first value that was
    /// wrong: those after it may rest on it.
    pub fn learn(&mut self, values: &[Ratio]) -> bool {
        let opaque = std::mem::take(&mut self.opaque);
        self.held.clear();
        let mut learnt = false;
        for value in &opaque {
            let Some((right, met)) = self.lesson(value, values) else { continue };
            if !learnt {
                self.held.push(met);
            }
            learnt |= !right;
        }
        self.opaque = opaque;
        learnt
    }

    /// Whether a model had a value right, and when its arguments are as they were.
    fn lesson(&mut self, value: &Opaque, values: &[Ratio]) -> Option<(bool, Bit)> {
        let known = self.circuit.solver.holds(value.valid);
        let at: Vec<Ratio> = value
            .arguments
            .iter()
            .map(|(_, linear, _)| linear.at(values))
            .collect::<Option<_>>()?;
        let scalars: Vec<Scalar<'_>> = value
            .arguments
            .iter()
            .zip(&at)
            .map(|((_, _, ty), at)| scalar(&self.texts, *at, *ty))
            .collect::<Option<_>>()?;
        let result = match &value.kernel {
            Kernel::Function(function) => {
                let world = builtin::World {
                    today: self.today,
                    offset: self.program.schema.offset,
                    calendar: None,
                };
                match (function.0.kernel)(&scalars, &world) {
                    Some(Scalar::Int(value)) => Some(ratio(value)),
                    Some(Scalar::Ratio(value)) => Some(value),
                    Some(Scalar::Text(text)) => Some(ratio(self.text(&text.into()))),
                    _ => None,
                }
            }
            Kernel::Operation(operator) => operation(*operator, &at),
        };
        let given = value.arguments.iter().all(|(valid, _, _)| self.circuit.solver.holds(*valid));
        let mut met = Vec::new();
        for ((valid, linear, _), at) in value.arguments.iter().zip(&at) {
            met.push(*valid);
            met.push(self.numbers.equal(&mut self.circuit, linear, &Linear::constant(*at)));
        }
        let met = self.circuit.and(met);
        match result {
            Some(result) => {
                self.circuit.require(&[!met, value.valid]);
                self.equate(met, &Linear::variable(value.result), &Linear::constant(result));
                Some((!given || (known && values.get(value.result) == Some(&result)), met))
            }
            None => {
                self.circuit.require(&[!met, !value.valid]);
                Some((!given || !known, met))
            }
        }
    }
}

fn operation(operator: Operator, at: &[Ratio]) -> Option<Ratio> {
    let [a, b] = at else { return None };
    match operator {
        Operator::Multiply => a.checked_mul(b),
        Operator::Divide if !b.is_zero() => a.checked_div(b),
        _ => None,
    }
}
