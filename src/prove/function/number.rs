//! Functions of numbers: what they give lies on lines that their arguments lie on.

use crate::program::ExprId;
use crate::prove::linear::{Linear, Range, ratio};
use crate::prove::pending::{Argument, Gap};
use crate::prove::sat::{Bit, Solver};
use crate::prove::value::nothing;
use crate::prove::world::{Meaning, World};
use crate::value::Ratio;
use crate::value::number::{Rounding, round_to};
use num_traits::{CheckedAdd, CheckedDiv, Signed, Zero};

impl<S: Solver> World<'_, S> {
    /// A number without its sign.
    pub(super) fn magnitude(&mut self, id: ExprId, known: Bit, number: &Linear) -> Meaning {
        let ty = self.program.expr(id).ty;
        let minus = number.clone().times(ratio(-1));
        let range = Range { low: Some(ratio(0)), ..Range::any(ty.is_whole()) };
        let result = Linear::variable(self.numbers.variable(range));
        let below = self.numbers.at_most(&mut self.circuit, number, true);
        self.equate(below, &result, &minus);
        self.equate(!below, &result, number);
        let size = |at: &[Ratio]| at.first().map(Signed::abs);
        self.made_of(&result, vec![number.clone()], Bit::TRUE, size);
        let fits = if ty.is_whole() { self.fits(ty, &result) } else { Bit::TRUE };
        Meaning::Number(self.defined(id, Gap::TooLarge, known, fits), result)
    }

    /// The remainder of a division by a number that is the same for all rows.
    pub(super) fn remainder(&mut self, known: Bit, number: &Linear, by: Ratio) -> Meaning {
        let Some(most) = i64::try_from(by.to_integer()).ok().filter(|by| *by > 0) else {
            return nothing();
        };
        let times = Linear::variable(self.numbers.variable(Range::any(true)));
        let result = Linear::variable(self.numbers.variable(Range::between(0, most - 1)));
        self.makes(&times, number, move |at| Some(at.div_euclid(most)));
        self.makes(&result, number, move |at| Some(at.rem_euclid(most)));
        let sum = times.times(by).plus(&result);
        self.equate(Bit::TRUE, number, &sum);
        let others: Vec<(i64, Linear)> = self.remainders.get(number).cloned().unwrap_or_default();
        for (other, remainder) in &others {
            if *other > most {
                self.remainder_of(remainder, *other, &result, most);
            } else {
                self.remainder_of(&result, most, remainder, *other);
            }
        }
        self.remainders.entry(number.clone()).or_default().push((most, result.clone()));
        Meaning::Number(known, result)
    }

    /// Where a divisor divides another, the remainder by it is that of the other's remainder.
    fn remainder_of(&mut self, large: &Linear, by: i64, small: &Linear, divisor: i64) {
        if by % divisor != 0 {
            return;
        }
        let range = Range::between(0, by / divisor - 1);
        let times = Linear::variable(self.numbers.variable(range));
        self.makes(&times, large, move |at| Some(at.div_euclid(divisor)));
        let sum = times.times(ratio(divisor)).plus(small);
        self.equate(Bit::TRUE, large, &sum);
    }

    /// The multiple of a step next to a number; the step is the same for all rows.
    pub(super) fn multiple(
        &mut self,
        (id, known): (ExprId, Bit),
        mode: Rounding,
        number: &Linear,
        step: Ratio,
        arguments: &[Argument],
    ) -> Meaning {
        let ty = self.program.expr(id).ty;
        let whole = arguments.iter().all(|argument| match argument {
            Argument::Value(_, _, ty) => ty.is_whole(),
            Argument::Weights(_) | Argument::Flag(_) => false,
        });
        // What is no whole number is not stored as one.
        if step <= Ratio::zero() || (ty.is_whole() && !whole) {
            return nothing();
        }
        // One step more or less than the number itself.
        let (low, high) = self.numbers.reach(number);
        let end = |end: Option<Ratio>, more: i64| {
            end?.checked_div(&step)?.round().checked_add(&ratio(more))
        };
        let range = Range { low: end(low, -1), high: end(high, 1), ..Range::any(true) };
        let steps = Linear::variable(self.numbers.variable(range));
        self.made_of(&steps, vec![number.clone()], Bit::TRUE, move |at| {
            Some(round_to(*at.first()?, step, mode)? / step)
        });
        let result = steps.times(step);
        let above = result.clone().minus(number);
        match mode {
            Rounding::Up => self.close(Bit::TRUE, &above, (ratio(0), false), (step, true)),
            Rounding::Down => self.close(Bit::TRUE, &above, (-step, true), (ratio(0), false)),
            Rounding::HalfUp => {
                let half = step / ratio(2);
                let below = self.numbers.at_most(&mut self.circuit, number, true);
                self.close(!below, &above, (-half, true), (half, false));
                self.close(below, &above, (-half, false), (half, true));
            }
        }
        let fits = self.fits(ty, &result);
        Meaning::Number(self.defined(id, Gap::TooLarge, known, fits), result)
    }

    /// A number lies between two, each of which it may reach or not, where a literal holds.
    fn close(&mut self, guard: Bit, number: &Linear, low: (Ratio, bool), high: (Ratio, bool)) {
        let under = Linear::constant(low.0).minus(number);
        let over = number.clone().minus(&Linear::constant(high.0));
        for (end, strict) in [(under, low.1), (over, high.1)] {
            let inside = self.numbers.at_most(&mut self.circuit, &end, strict);
            self.circuit.require(&[!guard, inside]);
        }
    }
}
