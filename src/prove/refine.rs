//! Values that are not reasoned about: a model that guessed one wrong learns what it is for those
//! arguments.

use super::linear::{Linear, ratio};
use super::pending::{Argument, Kernel, Opaque};
use super::sat::{Bit, Solver};
use super::solve::Model;
use super::world::World;
use crate::builtin::Scalar;
use crate::builtin::axiom::Axiom;
use crate::schema::Type;
use crate::syntax::tree::Operator;
use crate::value::Ratio;
use num_traits::{CheckedDiv, CheckedMul, Zero};

impl<S: Solver> World<'_, S> {
    /// Learns the true results for the arguments of a model. Whether there was anything to learn.
    ///
    /// The arguments are held for the next search ([`World::held`]) up to the first value that was
    /// wrong: those after it may rest on it.
    pub fn learn(&mut self, model: &Model) -> bool {
        let opaque = std::mem::take(&mut self.opaque);
        let before = self.texts.len();
        self.held.clear();
        let mut learnt = false;
        for value in &opaque {
            let Some((right, met)) = self.lesson(value, model) else { continue };
            if !learnt {
                self.held.push(met);
            }
            learnt |= !right;
        }
        self.opaque = opaque;
        self.settle_texts(before);
        learnt
    }

    /// Whether a model had a value right, and when its arguments are as they were.
    fn lesson(&mut self, value: &Opaque, model: &Model) -> Option<(bool, Bit)> {
        let workdays = matches!(&value.kernel, Kernel::Function(function)
            if matches!(function.0.axiom, Axiom::Elapsed | Axiom::Due));
        if workdays {
            return None;
        }
        let mut at: Vec<Linear> = Vec::new();
        for argument in &value.arguments {
            if let Argument::Value(_, linear, ty) = argument {
                at.push(self.mentioned(linear, *ty, model)?);
            }
        }
        let known: Vec<Ratio> = at.iter().filter_map(Linear::known).collect();
        let mut values = known.iter().copied();
        let arguments: Vec<Argument> = value
            .arguments
            .iter()
            .map(|argument| match argument {
                Argument::Value(valid, _, ty) => {
                    Some(Argument::Value(*valid, Linear::constant(values.next()?), *ty))
                }
                same => Some(same.clone()),
            })
            .collect::<Option<_>>()?;
        let result = self.result(&value.kernel, &arguments, &known)?;
        let held = |bit: Bit| self.circuit.solver.holds(bit);
        let given = value.arguments.iter().filter_map(Argument::known).all(held);
        let claimed = held(value.valid);
        let own = model.numbers.get(value.result).copied();
        let mut met = Vec::new();
        let open = value.arguments.iter().filter_map(|argument| match argument {
            Argument::Value(valid, linear, _) => Some((*valid, linear.clone())),
            Argument::Weights(_) | Argument::Flag(_) => None,
        });
        for ((valid, linear), at) in open.zip(&at) {
            met.push(valid);
            met.push(self.numbers.equal(&mut self.circuit, &linear, at));
        }
        let met = self.circuit.and(met);
        match result {
            Some(result) => {
                self.circuit.require(&[!met, value.valid]);
                self.equate(met, &Linear::variable(value.result), &Linear::constant(result));
                Some((!given || (claimed && own == Some(result)), met))
            }
            None => {
                self.circuit.require(&[!met, !value.valid]);
                Some((!given || !claimed, met))
            }
        }
    }

    /// An argument's value in a model; a text is mentioned from now on.
    fn mentioned(&mut self, linear: &Linear, ty: Type, model: &Model) -> Option<Linear> {
        if ty == Type::Text
            && let Some(text) = linear.single().and_then(|variable| model.texts.get(&variable))
        {
            let text = text.as_str().into();
            return Some(Linear::whole(self.text(&text)));
        }
        linear.at(&model.numbers).map(Linear::constant)
    }

    /// What a kernel gives; the outer `None` where that is not known for a text nobody mentioned.
    #[expect(clippy::option_option, reason = "no value is a result")]
    fn result(
        &mut self,
        kernel: &Kernel,
        arguments: &[Argument],
        known: &[Ratio],
    ) -> Option<Option<Ratio>> {
        match kernel {
            Kernel::Function(function) => {
                let scalars = self.scalars(arguments, &|_| None)?;
                let world = self.kernels();
                Some(match (function.0.kernel)(&scalars, &world) {
                    Some(Scalar::Int(value)) => Some(ratio(value)),
                    Some(Scalar::Ratio(value)) => Some(value),
                    Some(Scalar::Text(text)) => {
                        let text = text.into_owned().into();
                        Some(ratio(self.text(&text)))
                    }
                    _ => None,
                })
            }
            Kernel::Operation(operator) => {
                let whole = arguments
                    .iter()
                    .all(|argument| matches!(argument, Argument::Value(_, _, ty) if ty.is_whole()));
                let found = operation(*operator, known);
                let fits = |value: &Ratio| !whole || i64::try_from(value.to_integer()).is_ok();
                Some(found.filter(fits))
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
