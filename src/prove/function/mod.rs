//! Functions: what their axioms say of a value.

pub(super) mod date;
mod number;
mod text;
mod workday;

use super::linear::{Linear, Range, ratio};
use super::pending::{Argument, Gap, Kernel};
use super::sat::{Bit, Solver};
use super::value::nothing;
use super::world::{Limit, Meaning, RowId, World};
use crate::builtin::axiom::{Axiom, Clock};
use crate::builtin::{self, Function, Kind, Scalar};
use crate::program::{ExprId, ExprKind};
use crate::schema::{Constant, Type};
use crate::value::Ratio;
use std::sync::Arc;

impl<S: Solver> World<'_, S> {
    /// A function's value.
    pub(super) fn call(
        &mut self,
        id: ExprId,
        function: Function,
        arguments: &[ExprId],
        scope: &[RowId],
    ) -> Meaning {
        let mut found = Vec::new();
        for (index, argument) in arguments.iter().enumerate() {
            let kind = function.0.parameters.get(index).or(function.0.parameters.last());
            match self.argument(kind, *argument, scope) {
                Some(argument) => found.push(argument),
                None => return nothing(),
            }
        }
        if !matches!(function.0.axiom, Axiom::Elapsed | Axiom::Due)
            && let Some(scalars) = self.scalars(&found, &|_| None)
        {
            let known: Vec<Bit> = found.iter().filter_map(Argument::known).collect();
            let valid = self.circuit.and(known);
            return self.computed_once(function, valid, &scalars, self.program.expr(id).ty);
        }
        let values: Vec<(Bit, Linear)> = found
            .iter()
            .filter_map(|argument| match argument {
                Argument::Value(valid, linear, _) => Some((*valid, linear.clone())),
                Argument::Weights(_) | Argument::Flag(_) => None,
            })
            .collect();
        let ty = self.program.expr(id).ty;
        match (function.0.axiom, values.as_slice()) {
            (Axiom::Part(part), [(valid, date)]) => self.date_part(id, part, *valid, date),
            (Axiom::Clock(clock), [(valid, instant)]) => {
                Meaning::Number(*valid, self.clock(clock, instant))
            }
            (Axiom::Magnitude, [(valid, number)]) => self.magnitude(id, *valid, number),
            (Axiom::Multiple(mode), [(valid, number), (also, step)]) => {
                let known = self.circuit.and([*valid, *also]);
                match step.known() {
                    Some(step) => self.multiple((id, known), mode, number, step, &found),
                    None => self.in_bounds(id, Gap::NotPositive, function, found),
                }
            }
            (Axiom::Remainder, [(valid, number), (also, by)]) => {
                let known = self.circuit.and([*valid, *also]);
                match by.known() {
                    Some(by) => self.remainder(known, number, by),
                    None => self.in_bounds(id, Gap::NotPositive, function, found),
                }
            }
            (Axiom::Length, [(valid, text)]) => self.length(id, *valid, text, found),
            (Axiom::Slice, [(valid, text), (_, from), (_, to)]) => {
                match (text.single(), from.known(), to.known()) {
                    (Some(text), Some(from), Some(to)) => self.slice(id, *valid, text, (from, to)),
                    _ => self.in_bounds(id, Gap::TooShort, function, found),
                }
            }
            (Axiom::Normalized, [(valid, text)]) => match text.single() {
                Some(text) => self.normalized(*valid, text),
                None => self.in_bounds(id, Gap::NotFound, function, found),
            },
            (Axiom::Position, [(valid, text), (also, part)]) => {
                let known = self.circuit.and([*valid, *also]);
                self.position((id, known), text, part, found)
            }
            (Axiom::Joined, _) => match self.joined(&values) {
                Some(joined) => joined,
                None => self.in_bounds(id, Gap::NotFound, function, found),
            },
            (Axiom::Weighted, _) => self.weighted(id, function, found),
            (Axiom::Elapsed, _) => self.elapsed(id, function, found),
            (Axiom::Due, _) => self.due(id, function, found),
            _ => {
                debug_assert!(ty != Type::Boolean);
                self.in_bounds(id, Gap::NotFound, function, found)
            }
        }
    }

    /// Only what the bounds of a function say of it; what it is for given arguments can be learnt.
    pub(super) fn in_bounds(
        &mut self,
        id: ExprId,
        gap: Gap,
        function: Function,
        arguments: Vec<Argument>,
    ) -> Meaning {
        let ty = self.program.expr(id).ty;
        let (low, high) = function.0.axiom.bounds();
        let range = match ty {
            Type::Text => self.range(ty),
            _ => Range { low: low.map(ratio), high: high.map(ratio), ..self.computed(ty) },
        };
        let (valid, result) = self.tried((id, gap), Kernel::Function(function), arguments, range);
        Meaning::Number(valid, result)
    }

    fn argument(&mut self, kind: Option<&Kind>, id: ExprId, scope: &[RowId]) -> Option<Argument> {
        let program = self.program;
        match kind {
            Some(Kind::Weights) => {
                let constants: Vec<Constant> = match &program.expr(id).kind {
                    ExprKind::Set(elements) => elements
                        .iter()
                        .filter_map(|element| match &program.expr(*element).kind {
                            ExprKind::Constant(constant) => Some(constant.clone()),
                            _ => None,
                        })
                        .collect(),
                    ExprKind::Parameter(parameter) => program.parameter(*parameter)?.values.clone(),
                    _ => return None,
                };
                let weights = constants.iter().filter_map(|constant| match constant {
                    Constant::Int(weight) => Some(*weight),
                    _ => None,
                });
                Some(Argument::Weights(weights.collect()))
            }
            Some(Kind::Flag) => Some(Argument::Flag(self.rails(id, scope).t == Bit::TRUE)),
            _ => match self.meaning(id, scope) {
                Meaning::Number(valid, linear) => {
                    Some(Argument::Value(valid, linear, program.expr(id).ty))
                }
                _ => None,
            },
        }
    }

    /// What arguments are, where all are known; `at` gives the value of those that are open.
    pub(super) fn scalars(
        &self,
        arguments: &[Argument],
        at: &dyn Fn(&Linear) -> Option<Ratio>,
    ) -> Option<Vec<Scalar<'static>>> {
        let scalar = |argument: &Argument| match argument {
            Argument::Value(_, linear, ty) => {
                scalar(&self.texts, linear.known().or_else(|| at(linear))?, *ty)
            }
            Argument::Weights(weights) => Some(Scalar::Ints(weights.clone())),
            Argument::Flag(flag) => Some(Scalar::Bool(*flag)),
        };
        arguments.iter().map(scalar).collect()
    }

    fn computed_once(
        &mut self,
        function: Function,
        valid: Bit,
        scalars: &[Scalar<'static>],
        ty: Type,
    ) -> Meaning {
        let world = self.kernels();
        let found = (function.0.kernel)(scalars, &world);
        match (found, ty.is_whole()) {
            (Some(Scalar::Int(value)), _) => Meaning::Number(valid, Linear::whole(value)),
            (Some(Scalar::Ratio(value)), false) => Meaning::Number(valid, Linear::constant(value)),
            (Some(Scalar::Text(text)), _) => {
                let text = Arc::<str>::from(text.into_owned());
                Meaning::Number(valid, Linear::whole(self.text(&text)))
            }
            _ => nothing(),
        }
    }

    /// What functions see beyond their arguments: no calendar.
    pub(super) fn kernels(&self) -> builtin::World<'static> {
        builtin::World { today: self.today, offset: self.program.schema.offset, calendar: None }
    }

    fn clock(&mut self, clock: Clock, instant: &Linear) -> Linear {
        let moment = self.moment(instant);
        match clock {
            Clock::Date => moment.date,
            Clock::Hour => self.part_of_time(&moment.time, 3600, 24),
            Clock::Minute => {
                let hour = self.part_of_time(&moment.time, 3600, 24);
                let rest =
                    moment.time.minus(&hour.times(ratio(3600 * crate::value::instant::TICKS)));
                self.part_of_time(&rest, 60, 60)
            }
        }
    }

    /// Says that something is not reasoned about.
    pub(super) fn limited(&mut self, limit: Limit) {
        self.limits.insert(limit);
    }
}

/// A number of a model as a value of its type; `None` for a text that is not one of those
/// mentioned.
pub(super) fn scalar(texts: &[Arc<str>], known: Ratio, ty: Type) -> Option<Scalar<'static>> {
    Some(match ty {
        Type::Text => {
            Scalar::Text(texts.get(usize::try_from(known.to_integer()).ok()?)?.to_string().into())
        }
        Type::Decimal | Type::Money | Type::Percent => Scalar::Ratio(known),
        _ => Scalar::Int(i64::try_from(known.to_integer()).ok()?),
    })
}
