//! Working days: whatever the calendar, there are no more of them than days; and days without those
//! of intervals.

use crate::builtin::{Counted, Function};
use crate::program::{ExprId, NetElapsed};
use crate::prove::linear::{Linear, Range};
use crate::prove::pending::{Argument, Gap, Kernel};
use crate::prove::sat::{Bit, Solver};
use crate::prove::value::nothing;
use crate::prove::world::{Limit, Meaning, RowId, World};

impl<S: Solver> World<'_, S> {
    /// Working days between two days.
    pub(super) fn elapsed(
        &mut self,
        id: ExprId,
        function: Function,
        arguments: Vec<Argument>,
    ) -> Meaning {
        let [Argument::Value(_, from, _), Argument::Value(_, to, _), flag @ ..] =
            arguments.as_slice()
        else {
            return nothing();
        };
        let (from, to) = (from.clone(), to.clone());
        let first = matches!(flag, [Argument::Flag(true)]);
        self.limited(Limit::Calendar(id));
        let kernel = Kernel::Function(function);
        let (valid, result) = self.tried((id, Gap::Calendar), kernel, arguments, Range::any(true));
        self.no_more_than_days(valid, (&from, &to), &result, first);
        Meaning::Number(valid, result)
    }

    /// No fewer working days than none and no more than days, the first one more where it counts;
    /// backwards there are none to count.
    fn no_more_than_days(
        &mut self,
        valid: Bit,
        ends: (&Linear, &Linear),
        result: &Linear,
        first: bool,
    ) {
        let days = ends.1.clone().minus(ends.0);
        let forward = self.from(&days, 0);
        let some = self.from(result, 0);
        let over = result.clone().minus(&days).minus(&Linear::whole(i64::from(first)));
        let most = self.numbers.at_most(&mut self.circuit, &over, false);
        for bound in [forward, some, most] {
            self.circuit.require(&[!valid, bound]);
        }
    }

    /// The day some working days after another one: that one or a later one.
    pub(super) fn due(
        &mut self,
        id: ExprId,
        function: Function,
        arguments: Vec<Argument>,
    ) -> Meaning {
        let [Argument::Value(_, from, _), Argument::Value(_, count, _), flag @ ..] =
            arguments.as_slice()
        else {
            return nothing();
        };
        let (from, count) = (from.clone(), count.clone());
        let first = matches!(flag, [Argument::Flag(true)]);
        self.limited(Limit::Calendar(id));
        let range = Range { preferred: super::ratio(self.today), ..Range::any(true) };
        let kernel = Kernel::Function(function);
        let (has, result) = self.tried((id, Gap::Calendar), kernel, arguments, range);
        // There is none before the first day.
        let some = self.from(&count, 0);
        let valid = self.defined(id, Gap::NotPositive, has, some);
        let least = from.plus(&count).minus(&Linear::whole(i64::from(first)));
        let early = least.minus(&result);
        let late = self.numbers.at_most(&mut self.circuit, &early, false);
        self.circuit.require(&[!valid, late]);
        Meaning::Number(valid, result)
    }

    /// Working days, or days, between two days without those of intervals.
    pub(in crate::prove) fn net_elapsed(
        &mut self,
        id: ExprId,
        net: &NetElapsed,
        scope: &[RowId],
    ) -> Meaning {
        let (from, to) = (self.meaning(net.from, scope), self.meaning(net.to, scope));
        let (Meaning::Number(a, from), Meaning::Number(b, to)) = (from, to) else {
            return nothing();
        };
        let Some((owner, given)) = self.owner(net.list, scope) else { return nothing() };
        let mut clear = vec![a, b, given];
        let mut holds = Vec::new();
        for element in self.elements(owner) {
            let there = self.member(owner, element);
            let inner = self.inside(net.list, scope, element);
            let counts = net
                .filter
                .map_or(crate::prove::world::Rails::of(true), |filter| self.rails(filter, &inner));
            let days = [net.first, net.last].map(|day| self.known(day, &inner));
            let known = self.circuit.and([counts.t, days[0], days[1]]);
            let decided = self.circuit.or([!there, counts.f, known]);
            clear.push(decided);
            holds.push(self.circuit.and([there, counts.t]));
        }
        let known = self.circuit.and(clear);
        let first = net.including.is_some_and(|flag| self.rails(flag, scope).t == Bit::TRUE);
        let (gap, limit) = match net.counted {
            Counted::Workdays => (Gap::Calendar, Limit::Calendar(id)),
            Counted::Days => (Gap::Backwards, Limit::Opaque(id)),
        };
        self.limited(limit);
        let has = self.circuit.free();
        let valid = self.defined(id, gap, known, has);
        let result = Linear::variable(self.numbers.variable(Range::any(true)));
        self.no_more_than_days(valid, (&from, &to), &result, first);
        // Rows are shown without any interval: then it is what has elapsed.
        let none = !self.circuit.or(holds);
        self.simple.push(none);
        if net.counted == Counted::Days {
            let days = to.minus(&from);
            let forward = self.from(&days, 0);
            self.circuit.require(&[!none, !known, !forward, has]);
            let whole = self.circuit.and([none, valid]);
            self.equate(whole, &result, &days.plus(&Linear::whole(i64::from(first))));
            return Meaning::Number(valid, result);
        }
        let arguments = vec![
            Argument::Value(a, from, crate::schema::Type::Date),
            Argument::Value(b, to, crate::schema::Type::Date),
            Argument::Flag(first),
        ];
        if let (Some(function), Some(variable)) =
            (crate::builtin::function("elapsed"), result.single())
        {
            let kernel = Kernel::Function(function);
            let whole = self.remembered(kernel, arguments, valid, Range::any(true));
            self.equate(none, &Linear::variable(variable), &whole);
        }
        Meaning::Number(valid, result)
    }
}
