//! Values over the rows of a world: numbers as linear expressions, references as guarded rows.

use super::condition::at;
use super::linear::{Linear, Range, ratio};
use super::pending::{Argument, Gap, Kernel, Opaque, Quotient};
use super::sat::{Bit, Solver};
use super::world::{Cell, Limit, Meaning, Rails, RowId, World};
use crate::program::{Comparison, ExprId, ExprKind, List, Nearest, Pick};
use crate::schema::{Constant, FrameId, Type, day_number};
use crate::syntax::tree::Operator;
use crate::value::{Ratio, instant};
use jiff::civil::Date;
use num_traits::{CheckedDiv, CheckedMul, Zero};

impl<S: Solver> World<'_, S> {
    pub(super) fn value(&mut self, id: ExprId, scope: &[RowId]) -> Meaning {
        let program = self.program;
        match &program.expr(id).kind {
            ExprKind::Constant(constant) => self.constant(constant),
            ExprKind::Parameter(parameter) => {
                match program.parameter(*parameter).and_then(|found| found.values.first()) {
                    Some(constant) => self.constant(constant),
                    None => nothing(),
                }
            }
            ExprKind::Arithmetic(operator, left, right) => {
                self.arithmetic(id, *operator, (*left, *right), scope)
            }
            ExprKind::Negate(inner) => match self.meaning(*inner, scope) {
                Meaning::Number(valid, linear) => {
                    let result = linear.times(ratio(-1));
                    let fits = self.fits(program.expr(id).ty, &result);
                    Meaning::Number(self.defined(id, Gap::TooLarge, valid, fits), result)
                }
                other => other,
            },
            ExprKind::Call(function, arguments) => self.call(id, *function, arguments, scope),
            ExprKind::Nearest(nearest) => self.nearest(id, nearest, scope),
            ExprKind::NetElapsed(net) => self.net_elapsed(id, net, scope),
            ExprKind::If(condition, a, b) => self.conditional(id, *condition, (*a, *b), scope),
            ExprKind::Quantify { quantifier, list, filter, body } => {
                self.aggregate(id, *quantifier, *list, (*filter, *body), scope)
            }
            ExprKind::Chain(_) => self.opaque(id, Gap::Cycle),
            ExprKind::Field { .. }
            | ExprKind::Definition { .. }
            | ExprKind::Row { .. }
            | ExprKind::Follow { .. }
            | ExprKind::Single { .. }
            | ExprKind::Lookup { .. } => self.read(id, scope),
            // None of these is a value.
            ExprKind::Set(_)
            | ExprKind::Trace(_)
            | ExprKind::Has(_)
            | ExprKind::Not(_)
            | ExprKind::And(_)
            | ExprKind::Or(_)
            | ExprKind::Compare(..)
            | ExprKind::In(..)
            | ExprKind::Text(..) => nothing(),
        }
    }

    pub(super) fn constant(&mut self, constant: &Constant) -> Meaning {
        let value = match constant {
            Constant::Int(value) => Linear::whole(*value),
            Constant::Ratio(value) => Linear::constant(*value),
            Constant::Text(text) => Linear::whole(self.text(text)),
            Constant::Bool(value) => return Meaning::Truth(Rails::of(*value)),
            // No expression is a list; it is only ever a field's default.
            Constant::Empty => return nothing(),
        };
        Meaning::Number(Bit::TRUE, value)
    }

    /// Any value at all, or none: what a part that cannot be reasoned about may be.
    pub(super) fn opaque(&mut self, id: ExprId, gap: Gap) -> Meaning {
        self.limits.insert(Limit::Opaque(id));
        let range = self.computed(self.program.expr(id).ty);
        let variable = self.numbers.variable(range);
        let has = self.circuit.free();
        Meaning::Number(self.defined(id, gap, Bit::TRUE, has), Linear::variable(variable))
    }

    /// The same; what it is for given arguments can be learnt. Of the same arguments it is the
    /// same.
    pub(super) fn tried(
        &mut self,
        (id, gap): (ExprId, Gap),
        kernel: Kernel,
        arguments: Vec<Argument>,
        range: Range,
    ) -> (Bit, Linear) {
        self.limits.insert(Limit::Opaque(id));
        if let Some(same) =
            self.opaque.iter().find(|same| same.kernel == kernel && same.arguments == arguments)
        {
            return (same.valid, Linear::variable(same.result));
        }
        let known: Vec<Bit> = arguments.iter().filter_map(Argument::known).collect();
        let (known, has) = (self.circuit.and(known), self.circuit.free());
        let valid = self.defined(id, gap, known, has);
        (valid, self.remembered(kernel, arguments, valid, range))
    }

    /// A value that is tried, known where a literal holds.
    pub(super) fn remembered(
        &mut self,
        kernel: Kernel,
        arguments: Vec<Argument>,
        valid: Bit,
        range: Range,
    ) -> Linear {
        let result = self.numbers.variable(range);
        self.opaque.push(Opaque { kernel, arguments, valid, result });
        Linear::variable(result)
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
                    None => nothing(),
                }
            }
            ExprKind::Definition { level, definition } => {
                match (at(scope, *level), program.definition(*definition)) {
                    (Some(row), Some(found)) => {
                        let natural = self.natural(row);
                        self.meaning(found.body, &natural)
                    }
                    _ => nothing(),
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
            ExprKind::Lookup { list, pick, condition, then } => {
                let (rows, _) = self.select((id, *list), *pick, *condition, scope);
                self.merged(&rows, *then)
            }
            _ => self.opaque(id, Gap::TooLarge),
        }
    }

    /// Whether a value is known.
    pub(super) fn known(&mut self, id: ExprId, scope: &[RowId]) -> Bit {
        match self.meaning(id, scope) {
            Meaning::Truth(rails) => self.circuit.or([rails.t, rails.f]),
            Meaning::Number(valid, _) => valid,
            Meaning::Rows(rows) => self.circuit.or(rows.iter().map(|row| row.0)),
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

    /// Any row of the table, or none.
    fn nearest(&mut self, id: ExprId, nearest: &Nearest, scope: &[RowId]) -> Meaning {
        self.limits.insert(Limit::Opaque(id));
        let known = self.known(nearest.text, scope);
        let some = self.circuit.free();
        let present = self.defined(id, Gap::NoneAlike, known, some);
        Meaning::Rows(vec![(present, self.row(nearest.frame, None, present))])
    }

    /// The rows a lookup may name, and when surely no element fits.
    pub(super) fn select(
        &mut self,
        (id, list): (ExprId, List),
        pick: Pick,
        condition: ExprId,
        scope: &[RowId],
    ) -> (Vec<(Bit, RowId)>, Bit) {
        let Some((owner, given)) = self.owner(list, scope) else {
            self.limits.insert(Limit::Identity(id));
            return (Vec::new(), self.circuit.free());
        };
        let (mut fits, mut clear) = (Vec::new(), Vec::new());
        for element in self.elements(owner) {
            let there = self.member(owner, element);
            let inner = self.inside(list, scope, element);
            let rails = self.rails(condition, &inner);
            let sure = self.circuit.and([there, rails.t]);
            let never = self.circuit.or([!there, rails.f]);
            fits.push((element, sure, never));
            clear.push(self.circuit.or([sure, never]));
        }
        let none =
            self.circuit.and(fits.iter().map(|fit| fit.2).chain([given]).collect::<Vec<_>>());
        if pick != Pick::Only {
            return (self.any_of(id, given, &fits), none);
        }
        let mut rows = Vec::new();
        for &(element, sure, _) in &fits {
            let others = fits.iter().filter(|fit| fit.0 != element).map(|fit| fit.2);
            let guard = self.circuit.and(others.chain([given, sure]).collect::<Vec<_>>());
            // A row that stands for many is none of them.
            let many = self.rows.get(element).is_some_and(|row| row.size.is_some());
            if guard != Bit::FALSE && !many {
                rows.push((guard, element));
            }
        }
        let known = self.circuit.and(clear.into_iter().chain([given]).collect::<Vec<_>>());
        let one = self.circuit.or(rows.iter().map(|row| row.0));
        self.defined(id, Gap::NotOne, known, one);
        (rows, none)
    }

    /// One element that surely fits, or none: which is the first is not followed.
    fn any_of(&mut self, id: ExprId, given: Bit, fits: &[(RowId, Bit, Bit)]) -> Vec<(Bit, RowId)> {
        self.limits.insert(Limit::Opaque(id));
        let mut rows: Vec<(Bit, RowId)> = Vec::new();
        for &(element, sure, _) in fits {
            let taken = self.circuit.free();
            let guard = self.circuit.and([given, sure, taken]);
            for (other, _) in &rows {
                self.circuit.require(&[!guard, !*other]);
            }
            rows.push((guard, element));
        }
        rows
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

    /// One of two values: known also where both are the same.
    fn conditional(
        &mut self,
        id: ExprId,
        condition: ExprId,
        (then, otherwise): (ExprId, ExprId),
        scope: &[RowId],
    ) -> Meaning {
        let ty = self.program.expr(id).ty;
        let which = self.rails(condition, scope);
        match (self.meaning(then, scope), self.meaning(otherwise, scope)) {
            (Meaning::Number(a, x), Meaning::Number(b, y)) => {
                let same = self.test(ty, Comparison::Equal, &x, &y);
                let ways = [vec![which.t, a], vec![which.f, b], vec![a, b, same]];
                let [first, second, third] = ways.map(|way| self.circuit.and(way));
                self.chosen(ty, vec![(first, x.clone()), (second, y), (third, x)])
            }
            (Meaning::Rows(a), Meaning::Rows(b)) => {
                let mut rows = Vec::new();
                for (guard, branch) in [(which.t, &a), (which.f, &b)] {
                    let of = |(also, row): &(Bit, RowId)| (self.circuit.and([guard, *also]), *row);
                    rows.extend(branch.iter().map(of).collect::<Vec<_>>());
                }
                let (same, _) = self.same_row(&a, &b);
                let open = self.circuit.and([!which.t, !which.f, same]);
                let of = |(also, row): &(Bit, RowId)| (self.circuit.and([open, *also]), *row);
                rows.extend(a.iter().map(of).collect::<Vec<_>>());
                Meaning::Rows(rows)
            }
            _ => nothing(),
        }
    }

    /// The number whose guard holds; where several do, they are the same.
    fn chosen(&mut self, ty: Type, numbers: Vec<(Bit, Linear)>) -> Meaning {
        let valid = self.circuit.or(numbers.iter().map(|number| number.0));
        if let [(_, only)] = numbers.as_slice() {
            return Meaning::Number(valid, only.clone());
        }
        let range = self.computed(ty);
        let result = Linear::variable(self.numbers.variable(range));
        for (guard, linear) in numbers {
            self.equate(guard, &result, &linear);
        }
        Meaning::Number(valid, result)
    }

    /// Whether a computed number can be stored, and a day has a date.
    pub(super) fn fits(&mut self, ty: Type, result: &Linear) -> Bit {
        if !ty.is_whole() {
            let small = result.known().is_some() || self.numbers.is_small(result);
            return if small { Bit::TRUE } else { self.spills() };
        }
        let (low, high) = if ty == Type::Date { days() } else { (i64::MIN, i64::MAX) };
        let (low, high) = (self.from(result, low), self.up_to(result, high));
        self.circuit.and([low, high])
    }

    /// Whether exact numbers stay small enough, which is not followed here; it matters only where
    /// it is asked what is not known.
    pub(super) fn spills(&mut self) -> Bit {
        if !self.doubtful {
            return Bit::TRUE;
        }
        let fits = self.circuit.free();
        self.simple.push(fits);
        fits
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
            return nothing();
        };
        let ty = self.program.expr(id).ty;
        if ty == Type::Date && types.1 == Type::Months {
            let months = if operator == Operator::Subtract { y.times(ratio(-1)) } else { y };
            return self.months_later(id, (a, &x), (b, &months));
        }
        let days = ty == Type::Instant && types.1 == Type::Days;
        let y = if days { y.times(ratio(instant::DAY)) } else { y };
        let known = self.circuit.and([a, b]);
        let result = match (operator, x.known(), y.known()) {
            (Operator::Add, ..) => x.plus(&y),
            (Operator::Subtract, ..) => x.minus(&y),
            (Operator::Multiply, Some(factor), _) => y.times(factor),
            (Operator::Multiply, _, Some(factor)) => x.times(factor),
            (Operator::Divide, _, Some(divisor)) if divisor.is_zero() => return nothing(),
            (Operator::Divide, _, Some(divisor)) => x.times(divisor.recip()),
            (Operator::Multiply, ..) => {
                let kernel = Kernel::Operation(operator);
                let arguments = vec![
                    Argument::Value(a, x.clone(), types.0),
                    Argument::Value(b, y.clone(), types.1),
                ];
                let (valid, product) =
                    self.tried((id, Gap::TooLarge), kernel, arguments, Range::any(ty.is_whole()));
                self.made_of(&product, vec![x.clone(), y.clone()], Bit::TRUE, |at| {
                    let [x, y] = at else { return None };
                    x.checked_mul(y)
                });
                self.signs(&product, &x, &y);
                return Meaning::Number(valid, product);
            }
            (Operator::Divide, ..) => {
                let not_zero = !self.numbers.equal(&mut self.circuit, &y, &Linear::whole(0));
                let valid = self.defined(id, Gap::Zero, known, not_zero);
                return self.quotient(id, valid, ((x, types.0), (y, types.1)));
            }
        };
        let gap = if ty == Type::Date { Gap::NoDay } else { Gap::TooLarge };
        let fits = self.fits(ty, &result);
        Meaning::Number(self.defined(id, gap, known, fits), result)
    }

    /// A product has the sign of its factors, and is 0 where one of them is.
    fn signs(&mut self, product: &Linear, x: &Linear, y: &Linear) {
        let mut signs = Vec::new();
        for linear in [product, x, y] {
            let negative = self.numbers.at_most(&mut self.circuit, linear, true);
            let none = self.numbers.at_most(&mut self.circuit, linear, false);
            signs.push((negative, !none));
        }
        let [(minus, plus), (x_minus, x_plus), (y_minus, y_plus)] = signs.as_slice() else {
            return;
        };
        let alike = [[*x_plus, *y_plus], [*x_minus, *y_minus]].map(|both| self.circuit.and(both));
        let unlike = [[*x_plus, *y_minus], [*x_minus, *y_plus]].map(|both| self.circuit.and(both));
        let (alike, unlike) = (self.circuit.or(alike), self.circuit.or(unlike));
        self.tie(*plus, alike);
        self.tie(*minus, unlike);
    }

    /// A quotient of two facts.
    fn quotient(
        &mut self,
        id: ExprId,
        valid: Bit,
        ((x, over), (y, under)): ((Linear, Type), (Linear, Type)),
    ) -> Meaning {
        self.limits.insert(Limit::Opaque(id));
        let fits = self.spills();
        let valid = self.defined(id, Gap::TooLarge, valid, fits);
        let arguments =
            vec![Argument::Value(valid, x.clone(), over), Argument::Value(valid, y.clone(), under)];
        let kernel = Kernel::Operation(Operator::Divide);
        let result = self.remembered(kernel, arguments, valid, Range::any(false));
        self.made_of(&result, vec![x.clone(), y.clone()], valid, |at| {
            let [x, y] = at else { return None };
            if y.is_zero() { None } else { x.checked_div(y) }
        });
        if let Some(variable) = result.single() {
            self.quotients.push(Quotient { result: variable, over: x, under: y, valid });
        }
        Meaning::Number(valid, result)
    }
}

/// The first day and the last that a date can be computed to be.
pub(in crate::prove) fn days() -> (i64, i64) {
    (day_number(Date::MIN), day_number(Date::MAX))
}

/// What is nowhere known.
pub(super) fn nothing() -> Meaning {
    Meaning::Number(Bit::FALSE, Linear::constant(Ratio::zero()))
}
