//! Arithmetic and functions. What overflows or divides by zero is not valid.

use super::scope::Scope;
use super::{Series, Vector};
use crate::builtin::{Function, Scalar};
use crate::lowering::{Node, NodeId, Op};
use crate::schema::{Physical, day_date, day_number};
use crate::syntax::tree::Operator;
use crate::value::{Bits, Ratio};
use jiff::civil::Date;
use num_traits::{CheckedAdd, CheckedDiv, CheckedMul, CheckedSub};

impl Scope<'_> {
    pub(super) fn arithmetic(self, op: &Op, node: &Node, len: usize) -> Vector {
        match op {
            Op::ToRatio(inner) => to_ratio(self.get(*inner)),
            Op::Negate(inner) => negate(self.get(*inner), len),
            Op::Arithmetic(operator, a, b) => combine(*operator, self.get(*a), self.get(*b), len),
            Op::AddDays(operator, a, b) => add_days(*operator, self.get(*a), self.get(*b), len),
            Op::AddMonths(operator, a, b) => add_months(*operator, self.get(*a), self.get(*b), len),
            Op::Call(function, arguments) => self.call(*function, arguments, node.physical, len),
            _ => super::gather::nothing(node.physical, len),
        }
    }

    fn call(
        self,
        function: Function,
        arguments: &[NodeId],
        physical: Physical,
        len: usize,
    ) -> Vector {
        let columns: Vec<&Vector> = arguments.iter().map(|argument| self.get(*argument)).collect();
        let constant = columns.iter().all(|column| {
            matches!(column, Vector::Ints(Series::Same(_), valid) if valid.all())
                || matches!(column, Vector::Weights(_))
        });
        let results = (0..if constant { len.min(1) } else { len }).map(|row| {
            let scalars: Option<Vec<Scalar<'_>>> =
                columns.iter().map(|column| column.scalar(row)).collect();
            (function.0.kernel)(&scalars?, &self.world()).map(owned)
        });
        let results: Vec<Option<Scalar<'static>>> = results.collect();
        if constant && let Some(Some(Scalar::Int(value))) = results.first() {
            return Vector::Ints(Series::Same(*value), Bits::uniform(len, true));
        }
        let at = |row: usize| results.get(if constant { 0 } else { row }).and_then(Option::as_ref);
        match physical {
            Physical::Ratios => Vector::ratios(
                (0..len)
                    .map(|row| {
                        at(row).and_then(|value| match value {
                            Scalar::Ratio(value) => Some(*value),
                            Scalar::Int(value) => Some(Ratio::from_integer(i128::from(*value))),
                            _ => None,
                        })
                    })
                    .collect(),
            ),
            Physical::Texts => {
                let texts: Vec<_> = (0..len)
                    .map(|row| {
                        at(row).and_then(|value| match value {
                            Scalar::Text(text) => Some(text.clone()),
                            _ => None,
                        })
                    })
                    .collect();
                Vector::texts(&texts)
            }
            _ => Vector::ints(
                (0..len)
                    .map(|row| {
                        at(row).and_then(|value| match value {
                            Scalar::Int(value) => Some(*value),
                            _ => None,
                        })
                    })
                    .collect(),
            ),
        }
    }
}

fn owned(value: Scalar<'_>) -> Scalar<'static> {
    match value {
        Scalar::Int(value) => Scalar::Int(value),
        Scalar::Ratio(value) => Scalar::Ratio(value),
        Scalar::Text(text) => Scalar::Text(text.into_owned().into()),
        Scalar::Bool(value) => Scalar::Bool(value),
        Scalar::Ints(values) => Scalar::Ints(values),
    }
}

fn to_ratio(values: &Vector) -> Vector {
    let exact = |value: i64| Ratio::from_integer(i128::from(value));
    match values {
        Vector::Ints(Series::Same(value), valid) => {
            Vector::Ratios(Series::Same(exact(*value)), valid.clone())
        }
        Vector::Ints(Series::Many(values), valid) => {
            Vector::Ratios(values.iter().map(|value| exact(*value)).collect(), valid.clone())
        }
        other => other.clone(),
    }
}

fn negate(values: &Vector, len: usize) -> Vector {
    match values {
        Vector::Ints(values, valid) => Vector::ints(
            (0..len).map(|row| values.get(row).filter(|_| valid.get(row))?.checked_neg()).collect(),
        ),
        Vector::Ratios(values, valid) => Vector::ratios(
            (0..len)
                .map(|row| values.get(row).filter(|_| valid.get(row)).map(|value| -value))
                .collect(),
        ),
        other => other.clone(),
    }
}

fn combine(operator: Operator, a: &Vector, b: &Vector, len: usize) -> Vector {
    match (a, b) {
        (Vector::Ints(x, p), Vector::Ints(y, q)) => {
            let valid = p.and(q);
            let of = |row| {
                let (x, y) = (x.get(row).filter(|_| valid.get(row))?, y.get(row)?);
                match operator {
                    Operator::Add => x.checked_add(y),
                    Operator::Subtract => x.checked_sub(y),
                    Operator::Multiply => x.checked_mul(y),
                    Operator::Divide => None,
                }
            };
            Vector::ints((0..len).map(of).collect())
        }
        (Vector::Ratios(x, p), Vector::Ratios(y, q)) => {
            let valid = p.and(q);
            let of = |row| {
                let (x, y) = (x.get(row).filter(|_| valid.get(row))?, y.get(row)?);
                match operator {
                    Operator::Add => x.checked_add(&y),
                    Operator::Subtract => x.checked_sub(&y),
                    Operator::Multiply => x.checked_mul(&y),
                    Operator::Divide => x.checked_div(&y),
                }
            };
            Vector::ratios((0..len).map(of).collect())
        }
        _ => super::gather::nothing(Physical::Ints, len),
    }
}

fn add_days(operator: Operator, dates: &Vector, days: &Vector, len: usize) -> Vector {
    let range = day_number(Date::MIN)..=day_number(Date::MAX);
    let of = |row| {
        let (Some(Scalar::Int(day)), Some(Scalar::Int(days))) =
            (dates.scalar(row), days.scalar(row))
        else {
            return None;
        };
        let sum = match operator {
            Operator::Subtract => day.checked_sub(days)?,
            _ => day.checked_add(days)?,
        };
        range.contains(&sum).then_some(sum)
    };
    Vector::ints((0..len).map(of).collect())
}

fn add_months(operator: Operator, dates: &Vector, months: &Vector, len: usize) -> Vector {
    let of = |row| {
        let (Some(Scalar::Int(day)), Some(Scalar::Int(months))) =
            (dates.scalar(row), months.scalar(row))
        else {
            return None;
        };
        let months = if operator == Operator::Subtract { months.checked_neg()? } else { months };
        let span = jiff::Span::new().try_months(months).ok()?;
        day_date(day)?.checked_add(span).ok().map(day_number)
    };
    Vector::ints((0..len).map(of).collect())
}
