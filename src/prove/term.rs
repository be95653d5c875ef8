//! Values over the rows of a world: numbers as linear expressions, references as guarded rows.

use super::condition::{at, ratio};
use super::linear::{Linear, Range};
use super::sat::{Bit, Solver};
use super::world::{Cell, Kernel, Limit, Meaning, Monotone, Opaque, Rails, RowId, World};
use crate::builtin::{Function, Quantifier, Scalar};
use crate::program::{ExprId, ExprKind, List};
use crate::schema::{Constant, FrameId, Type, day_date, day_number};
use crate::syntax::tree::Operator;
use crate::value::Ratio;
use num_traits::Zero;

impl<S: Solver> World<'_, S> {
    pub(super) fn value(&mut self, id: ExprId, scope: &[RowId]) -> Meaning {
        let program = self.program;
        match &program.expr(id).kind {
            ExprKind::Constant(constant) => self.constant(constant),
            ExprKind::Parameter(parameter) => {
                match program.parameter(*parameter).and_then(|found| found.values.first()) {
                    Some(constant) => self.constant(constant),
                    None => Meaning::Number(Bit::FALSE, Linear::whole(0)),
                }
            }
            ExprKind::Arithmetic(operator, left, right) => {
                self.arithmetic(id, *operator, (*left, *right), scope)
            }
            ExprKind::Negate(inner) => match self.meaning(*inner, scope) {
                Meaning::Number(valid, linear) => Meaning::Number(valid, linear.times(ratio(-1))),
                other => other,
            },
            ExprKind::Call(function, arguments) => self.call(id, *function, arguments, scope),
            // Any row of the table, or none.
            ExprKind::Nearest(nearest) => {
                self.limits.insert(Limit::Opaque(id));
                let present = self.circuit.free();
                Meaning::Rows(vec![(present, self.row(nearest.frame, None, present))])
            }
            ExprKind::Quantify { quantifier, list, filter, body } => {
                self.aggregate(id, *quantifier, *list, (*filter, *body), scope)
            }
            _ => self.read(id, scope),
        }
    }

    fn constant(&mut self, constant: &Constant) -> Meaning {
        let value = match constant {
            Constant::Int(value) => Linear::whole(*value),
            Constant::Ratio(value) => Linear::constant(*value),
            Constant::Text(text) => Linear::whole(self.text(text)),
            Constant::Bool(value) => return Meaning::Truth(Rails::of(*value)),
            // No expression is a list; it is only ever a field's default.
            Constant::Empty => return Meaning::Truth(Rails::of(false)),
        };
        Meaning::Number(Bit::TRUE, value)
    }

    /// Any value at all, or none: what a part that cannot be reasoned about may be.
    fn opaque(&mut self, id: ExprId) -> Meaning {
        self.limits.insert(Limit::Opaque(id));
        let range = self.range(self.program.expr(id).ty);
        let variable = self.numbers.variable(range);
        Meaning::Number(self.circuit.free(), Linear::variable(variable))
    }

    /// The same; what it is for given arguments can be learnt.
    fn tried(
        &mut self,
        id: ExprId,
        kernel: Kernel,
        arguments: Vec<(Bit, Linear, Type)>,
    ) -> Meaning {
        let found = self.opaque(id);
        if let Meaning::Number(valid, linear) = &found
            && let Some(result) = linear.single()
        {
            self.opaque.push(Opaque { kernel, arguments, valid: *valid, result });
        }
        found
    }

    /// Fields, definitions, and what is read in other rows.
    pub(super) fn read(&mut self, id: ExprId, scope: &[RowId]) -> Meaning {
        let program = self.program;
        match &program.expr(id).kind {
            ExprKind::Field { level, field, .. } => {
                match at(scope, *level).and_then(|row| self.cell(row, *field)) {
                    Some(Cell::Number(present, variable)) => {
                        Meaning::Number(present, Linear::variable(variable))
                    }
                    Some(Cell::Reference(present, row)) => Meaning::Rows(vec![(present, row)]),
                    Some(Cell::Truth(present, value)) => Meaning::Truth(Rails {
                        t: self.circuit.and([present, value]),
                        f: self.circuit.and([present, !value]),
                    }),
                    None => Meaning::Number(Bit::FALSE, Linear::whole(0)),
                }
            }
            ExprKind::Definition { level, definition } => {
                match (at(scope, *level), program.definition(*definition)) {
                    (Some(row), Some(found)) => {
                        let natural = self.natural(row);
                        self.meaning(found.body, &natural)
                    }
                    _ => Meaning::Number(Bit::FALSE, Linear::whole(0)),
                }
            }
            ExprKind::Row { level, .. } => {
                Meaning::Rows(at(scope, *level).map(|row| (Bit::TRUE, row)).into_iter().collect())
            }
            ExprKind::Follow { reference, then, .. } => {
                let rows = self.referred(*reference, scope);
                self.merged(&rows, *then)
            }
            ExprKind::Single { frame, then } => {
                let row = self.only(*frame);
                self.merged(&[(Bit::TRUE, row)], *then)
            }
            ExprKind::Lookup { list, condition, then } => {
                let (rows, _) = self.select(id, *list, *condition, scope);
                self.merged(&rows, *then)
            }
            _ => self.opaque(id),
        }
    }

    /// The rows a reference may name.
    pub(super) fn referred(&mut self, reference: ExprId, scope: &[RowId]) -> Vec<(Bit, RowId)> {
        match self.meaning(reference, scope) {
            Meaning::Rows(rows) => rows,
            _ => Vec::new(),
        }
    }

    /// The row of a single-row table.
    pub(super) fn only(&mut self, frame: FrameId) -> RowId {
        let known = self.rows.iter().position(|row| row.frame == frame && row.parent.is_none());
        known.unwrap_or_else(|| self.row(frame, None, Bit::TRUE))
    }

    /// The rows a lookup may name, and when surely no element fits.
    pub(super) fn select(
        &mut self,
        id: ExprId,
        list: List,
        condition: ExprId,
        scope: &[RowId],
    ) -> (Vec<(Bit, RowId)>, Bit) {
        let Some((owner, given)) = self.owner(id, list, scope) else {
            self.limits.insert(Limit::Identity(id));
            return (Vec::new(), Bit::FALSE);
        };
        let mut fits = Vec::new();
        for element in self.elements(owner) {
            let there = self.member(owner, element);
            let inner = self.inside(scope, element);
            let rails = self.rails(condition, &inner);
            let (sure, never) =
                (self.circuit.and([there, rails.t]), self.circuit.or([!there, rails.f]));
            fits.push((element, sure, never));
        }
        let mut rows = Vec::new();
        for &(element, sure, _) in &fits {
            let others = fits.iter().filter(|fit| fit.0 != element).map(|fit| fit.2);
            let guard = self.circuit.and(others.chain([given, sure]).collect::<Vec<_>>());
            if guard != Bit::FALSE {
                rows.push((guard, element));
            }
        }
        let none =
            self.circuit.and(fits.iter().map(|fit| fit.2).chain([given]).collect::<Vec<_>>());
        (rows, none)
    }

    /// What is read in whichever row it is.
    fn merged(&mut self, rows: &[(Bit, RowId)], then: ExprId) -> Meaning {
        let ty = self.program.expr(then).ty;
        let mut found = Vec::new();
        for &(guard, row) in rows {
            let scope = self.natural(row);
            found.push((guard, self.meaning(then, &scope)));
        }
        if ty == Type::Boolean {
            let (mut yes, mut no) = (Vec::new(), Vec::new());
            for (guard, meaning) in found {
                if let Meaning::Truth(rails) = meaning {
                    yes.push(self.circuit.and([guard, rails.t]));
                    no.push(self.circuit.and([guard, rails.f]));
                }
            }
            return Meaning::Truth(Rails { t: self.circuit.or(yes), f: self.circuit.or(no) });
        }
        if matches!(ty, Type::Ref(_)) {
            let mut all = Vec::new();
            for (guard, meaning) in found {
                if let Meaning::Rows(rows) = meaning {
                    all.extend(
                        rows.into_iter().map(|(also, row)| (self.circuit.and([guard, also]), row)),
                    );
                }
            }
            return Meaning::Rows(all);
        }
        let numbers: Vec<(Bit, Linear)> = found
            .into_iter()
            .filter_map(|(guard, meaning)| match meaning {
                Meaning::Number(valid, linear) => Some((self.circuit.and([guard, valid]), linear)),
                _ => None,
            })
            .collect();
        self.chosen(ty, numbers)
    }

    /// The number whose guard holds; at most one does.
    fn chosen(&mut self, ty: Type, numbers: Vec<(Bit, Linear)>) -> Meaning {
        let valid = self.circuit.or(numbers.iter().map(|number| number.0));
        if let [(_, only)] = numbers.as_slice() {
            return Meaning::Number(valid, only.clone());
        }
        let range = self.range(ty);
        let result = Linear::variable(self.numbers.variable(range));
        for (guard, linear) in numbers {
            self.equate(guard, &result, &linear);
        }
        Meaning::Number(valid, result)
    }

    /// Two numbers are equal where a literal holds.
    pub(super) fn equate(&mut self, guard: Bit, a: &Linear, b: &Linear) {
        let difference = a.clone().minus(b);
        let (most, less) = (
            self.numbers.at_most(&mut self.circuit, &difference, false),
            self.numbers.at_most(&mut self.circuit, &difference, true),
        );
        self.circuit.require(&[!guard, most]);
        self.circuit.require(&[!guard, !less]);
    }

    fn arithmetic(
        &mut self,
        id: ExprId,
        operator: Operator,
        (left, right): (ExprId, ExprId),
        scope: &[RowId],
    ) -> Meaning {
        let types = (self.program.expr(left).ty, self.program.expr(right).ty);
        let (Meaning::Number(a, x), Meaning::Number(b, y)) =
            (self.meaning(left, scope), self.meaning(right, scope))
        else {
            return self.opaque(id);
        };
        let valid = self.circuit.and([a, b]);
        let (date, months) = match types {
            (Type::Date, Type::Months) => (x, y),
            (Type::Months, Type::Date) => (y, x),
            _ => {
                return match (operator, x.known(), y.known()) {
                    (Operator::Add, ..) => Meaning::Number(valid, x.plus(&y)),
                    (Operator::Subtract, ..) => Meaning::Number(valid, x.minus(&y)),
                    (Operator::Multiply, Some(factor), _) => {
                        Meaning::Number(valid, y.times(factor))
                    }
                    (Operator::Multiply, _, Some(factor)) => {
                        Meaning::Number(valid, x.times(factor))
                    }
                    (Operator::Divide, _, Some(divisor)) if !divisor.is_zero() => {
                        Meaning::Number(valid, x.times(divisor.recip()))
                    }
                    _ => self.tried(
                        id,
                        Kernel::Operation(operator),
                        vec![(a, x, types.0), (b, y, types.1)],
                    ),
                };
            }
        };
        let Some(count) = months.known().and_then(|months| i64::try_from(months.to_integer()).ok())
        else {
            return self.opaque(id);
        };
        let count = if operator == Operator::Subtract { -count } else { count };
        self.rising(id, valid, date, Box::new(move |day| later(day, count)))
    }

    /// A function of one number that never falls.
    fn rising(
        &mut self,
        id: ExprId,
        valid: Bit,
        argument: Linear,
        of: Box<dyn Fn(i64) -> Option<i64> + Send>,
    ) -> Meaning {
        if let Some(known) =
            argument.known().and_then(|known| i64::try_from(known.to_integer()).ok())
        {
            return of(known).map_or(Meaning::Number(Bit::FALSE, Linear::whole(0)), |value| {
                Meaning::Number(valid, Linear::whole(value))
            });
        }
        let range = Range { low: None, high: None, ..self.range(self.program.expr(id).ty) };
        let result = self.numbers.variable(range);
        let last = Box::new(move |limit: i64| last_at_most(&of, limit));
        self.monotone.push(Monotone { id, result, argument, last });
        Meaning::Number(valid, Linear::variable(result))
    }

    fn call(
        &mut self,
        id: ExprId,
        function: Function,
        arguments: &[ExprId],
        scope: &[RowId],
    ) -> Meaning {
        let mut valid = Vec::new();
        let mut scalars = Vec::new();
        for &argument in arguments {
            let Meaning::Number(known, linear) = self.meaning(argument, scope) else {
                return self.opaque(id);
            };
            valid.push(known);
            scalars.push((known, linear, self.program.expr(argument).ty));
        }
        let valid = self.circuit.and(valid);
        if let ("year", [(_, date, _)]) = (function.0.en, scalars.as_slice()) {
            return self.rising(
                id,
                valid,
                date.clone(),
                Box::new(|day| day_date(day).map(|date| i64::from(date.year()))),
            );
        }
        let known: Option<Vec<Scalar<'_>>> = scalars
            .iter()
            .map(|(_, linear, ty)| scalar(&self.texts, linear.known()?, *ty))
            .collect();
        if matches!(function.0.en, "elapsed" | "due") {
            return self.opaque(id);
        }
        let Some(known) = known else { return self.tried(id, Kernel::Function(function), scalars) };
        let world = crate::builtin::World {
            today: self.today,
            offset: self.program.schema.offset,
            calendar: None,
        };
        match (function.0.kernel)(&known, &world) {
            Some(Scalar::Int(value)) => Meaning::Number(valid, Linear::whole(value)),
            Some(Scalar::Ratio(value)) => Meaning::Number(valid, Linear::constant(value)),
            Some(Scalar::Text(text)) => {
                let text = self.text(&text.into());
                Meaning::Number(valid, Linear::whole(text))
            }
            Some(_) => self.opaque(id),
            None => Meaning::Number(Bit::FALSE, Linear::whole(0)),
        }
    }

    /// Count, sum, greatest and least. What two articles read from the same things is one value.
    fn aggregate(
        &mut self,
        id: ExprId,
        quantifier: Quantifier,
        list: List,
        parts: (Option<ExprId>, Option<ExprId>),
        scope: &[RowId],
    ) -> Meaning {
        let rest = self.needs.has_rest(id);
        let read = self.numbering.of_rows(id, scope).map(|read| (read, rest));
        if let Some(known) = read.and_then(|read| self.sums.get(&read)) {
            return known.clone();
        }
        let found = self.aggregated(id, quantifier, list, parts, scope);
        if let Some(read) = read {
            self.sums.insert(read, found.clone());
        }
        found
    }

    fn aggregated(
        &mut self,
        id: ExprId,
        quantifier: Quantifier,
        list: List,
        (filter, body): (Option<ExprId>, Option<ExprId>),
        scope: &[RowId],
    ) -> Meaning {
        let Some((owner, given)) = self.owner(id, list, scope) else { return self.opaque(id) };
        let (mut doubt, mut parts) = (Vec::new(), Vec::new());
        for element in self.elements(owner) {
            let there = self.member(owner, element);
            let inner = self.inside(scope, element);
            let mut member = filter.map_or(Rails::of(true), |filter| self.rails(filter, &inner));
            let mut value = (Bit::TRUE, Linear::whole(1));
            if let Some(body) = body {
                if quantifier == Quantifier::Count {
                    let body = self.rails(body, &inner);
                    member = self.both(&[member, body]);
                } else if let Meaning::Number(valid, linear) = self.meaning(body, &inner) {
                    value = (valid, linear);
                } else {
                    return self.opaque(id);
                }
            }
            let open = self.circuit.and([there, !member.t, !member.f]);
            let missing = self.circuit.and([there, member.t, !value.0]);
            doubt.extend([open, missing]);
            parts.push((self.circuit.and([there, member.t]), value.1));
        }
        let clear = !self.circuit.or(doubt);
        let valid = self.circuit.and([given, clear]);
        match quantifier {
            Quantifier::Max => self.extreme(id, valid, parts, true),
            Quantifier::Min => self.extreme(id, valid, parts, false),
            _ => {
                let some = self.circuit.or(parts.iter().map(|part| part.0));
                let mut sum = self.rest(id, list, quantifier, some);
                for (member, value) in parts {
                    let part = self.part(id, member, value);
                    sum = sum.plus(&part);
                }
                Meaning::Number(valid, sum)
            }
        }
    }

    /// What the elements add that are not kept ([`super::need`]).
    fn rest(&mut self, id: ExprId, list: List, quantifier: Quantifier, some: Bit) -> Linear {
        if !self.needs.has_rest(id) {
            return Linear::whole(0);
        }
        let low = (quantifier == Quantifier::Count).then(|| ratio(0));
        let range =
            Range { low, high: None, preferred: ratio(0), ..self.range(self.program.expr(id).ty) };
        let rest = Linear::variable(self.numbers.variable(range));
        let none = self.numbers.equal(&mut self.circuit, &rest, &Linear::whole(0));
        self.circuit.require(&[none, some]);
        self.closed.push(none);
        self.rests.insert((id, list.frame()));
        rest
    }

    /// The value where a literal holds, else 0.
    fn part(&mut self, id: ExprId, member: Bit, value: Linear) -> Linear {
        if member == Bit::TRUE {
            return value;
        }
        if member == Bit::FALSE {
            return Linear::whole(0);
        }
        let mut range = self.range(self.program.expr(id).ty);
        if value.known() == Some(ratio(1)) {
            range = Range { low: Some(ratio(0)), high: Some(ratio(1)), ..range };
        }
        let part = Linear::variable(self.numbers.variable(range));
        self.equate(member, &part, &value);
        self.equate(!member, &part, &Linear::whole(0));
        part
    }

    fn extreme(
        &mut self,
        id: ExprId,
        valid: Bit,
        parts: Vec<(Bit, Linear)>,
        greatest: bool,
    ) -> Meaning {
        let range = self.range(self.program.expr(id).ty);
        let result = Linear::variable(self.numbers.variable(range));
        let some = self.circuit.or(parts.iter().map(|part| part.0));
        let valid = self.circuit.and([valid, some]);
        let mut reached = vec![!valid];
        for (member, value) in parts {
            let above = result.clone().minus(&value);
            let above = if greatest { above } else { above.times(ratio(-1)) };
            let (less, most) = (
                self.numbers.at_most(&mut self.circuit, &above, true),
                self.numbers.at_most(&mut self.circuit, &above, false),
            );
            self.circuit.require(&[!valid, !member, !less]);
            reached.push(self.circuit.and([member, most]));
        }
        self.circuit.require(&reached);
        Meaning::Number(valid, result)
    }
}

fn later(day: i64, months: i64) -> Option<i64> {
    day_date(day)?.checked_add(jiff::Span::new().try_months(months).ok()?).ok().map(day_number)
}

/// The greatest day whose value is at most a limit.
fn last_at_most(of: &dyn Fn(i64) -> Option<i64>, limit: i64) -> Option<i64> {
    let (mut low, mut high) = (-690_000_i64, 2_890_000_i64);
    if of(low)? > limit {
        return Some(low - 1);
    }
    while low < high {
        let middle = low + (high - low + 1) / 2;
        if of(middle)? <= limit { low = middle } else { high = middle - 1 }
    }
    Some(low)
}

/// A number of a model as a value of its type; `None` for a text that is not one of those
/// mentioned.
pub(super) fn scalar(
    texts: &[std::sync::Arc<str>],
    known: Ratio,
    ty: Type,
) -> Option<Scalar<'static>> {
    Some(match ty {
        Type::Text => {
            Scalar::Text(texts.get(usize::try_from(known.to_integer()).ok()?)?.to_string().into())
        }
        Type::Decimal | Type::Money | Type::Percent => Scalar::Ratio(known),
        _ => Scalar::Int(i64::try_from(known.to_integer()).ok()?),
    })
}
