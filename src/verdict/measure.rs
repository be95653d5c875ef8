//! The figures of measures: alone or by group, and the change from one to another.

use super::show::Show;
use crate::builtin::{Function, Quantifier, Scalar};
use crate::diagnostic::Bilingual;
use crate::eval::{Evaluator, Vector};
use crate::finding::{Change, Figure, Length, MeasureSummary};
use crate::invariant::{broken, fit};
use crate::lowering::{FigurePlan, Grouped, Lowered, MeasurePlan, Recipe};
use crate::schema::{Physical, Type};
use crate::syntax::tree::Operator;
use crate::syntax::word;
use crate::value::Ratio;
use crate::value::number::{Rounding, round_to};
use num_traits::{CheckedAdd, CheckedDiv, CheckedMul, CheckedSub, Signed, Zero};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

/// The figures of measures.
#[must_use]
pub fn measure_summaries(evaluator: &Evaluator, measures: &[MeasurePlan]) -> Vec<MeasureSummary> {
    measures.iter().filter_map(|plan| measure_summary(evaluator, plan)).collect()
}

fn measure_summary(evaluator: &Evaluator, plan: &MeasurePlan) -> Option<MeasureSummary> {
    let program = &*evaluator.graph.program;
    let measure = program.measures.get(plan.measure)?;
    let module = program.modules.get(measure.module).map_or("", |module| module.names.en());
    let typed = Typed {
        show: Show { evaluator, length: Length::Readable },
        ty: program.expr(measure.figure.body).ty,
    };
    let figures: Vec<&FigurePlan> = std::iter::once(&plan.figure).chain(&plan.after).collect();
    let by = measure.figure.group().map(|by| program.expr(by).ty);
    let split: Option<Vec<Split<'_>>> = figures
        .iter()
        .map(|figure| match figure {
            FigurePlan::Split(recipe) => Some(Split::of(evaluator, recipe)),
            FigurePlan::Whole(_) => None,
        })
        .collect();
    let (values, overall) = match split {
        None => {
            let whole = figures.iter().map(|figure| match figure {
                FigurePlan::Whole(value) => alone(evaluator, *value),
                FigurePlan::Split(_) => None,
            });
            (vec![(None, (None, typed.figure(whole)))], None)
        }
        Some(sides) => {
            let values = by_group(&sides, by.unwrap_or(Type::Text), typed);
            let overall = (!values.is_empty())
                .then(|| typed.figure(sides.iter().map(|side| side.figure(evaluator, None))));
            (values, overall)
        }
    };
    let (name, heading) = (
        word::dotted([module, measure.names.en()]),
        Bilingual::new(measure.names.zh(), measure.names.en()),
    );
    let (groups, values) = values.into_iter().unzip();
    Some(MeasureSummary { measure: name, heading, values, by, groups, overall })
}

/// A figure as it was computed; `None` where unknown.
type Amount<'v> = Option<Scalar<'v>>;

/// A figure with the name of its group.
type Named = (Option<Bilingual>, Figure);

/// A figure of each group that has elements before or after: the number of the row or of the enum
/// value it is of, the group's name, the figure.
fn by_group(sides: &[Split<'_>], key_ty: Type, typed: Typed<'_>) -> Vec<(Option<usize>, Named)> {
    let mut names: BTreeMap<&Key, &Amount<'_>> = BTreeMap::new();
    sides.iter().for_each(|side| side.names(&mut names));
    let evaluator = typed.show.evaluator;
    let figure = |(key, name): (&Key, &Amount<'_>)| {
        let name = name.as_ref().map(|name| typed.show.group(key_ty, name));
        let number = match (key_ty, key) {
            (Type::Ref(_) | Type::Enum(_), Key::Int(number)) => usize::try_from(*number).ok(),
            _ => None,
        };
        (number, (name, typed.figure(sides.iter().map(|side| side.figure(evaluator, Some(key))))))
    };
    names.into_iter().map(figure).collect()
}

fn alone<'v>(evaluator: &'v Evaluator, value: Lowered) -> Amount<'v> {
    match value {
        Lowered::Value(node) => evaluator.scalar(node, 0),
        Lowered::Truth(rails) => {
            let known = evaluator.holds(rails.t, 0) || evaluator.holds(rails.f, 0);
            known.then(|| Scalar::Bool(evaluator.holds(rails.t, 0)))
        }
    }
}

/// Writes figures of a type.
#[derive(Clone, Copy)]
struct Typed<'e> {
    show: Show<'e>,
    ty: Type,
}

impl Typed<'_> {
    /// One amount, or one before and one after.
    fn figure<'v>(self, amounts: impl Iterator<Item = Amount<'v>>) -> Figure {
        let amounts: Vec<Amount<'_>> = amounts.collect();
        let text =
            |amount: &Amount<'_>| amount.as_ref().map(|amount| self.show.scalar(self.ty, amount));
        match amounts.as_slice() {
            [before, after] => Figure {
                value: text(after),
                amount: self.number(after),
                change: Some(self.change(before, after, text(before))),
            },
            one => Figure {
                value: one.first().and_then(text),
                amount: one.first().and_then(|amount| self.number(amount)),
                change: None,
            },
        }
    }

    /// An amount as a number; a day, a row or a value of an enum is none.
    fn number(self, amount: &Amount<'_>) -> Option<Ratio> {
        let counts = !matches!(
            self.ty,
            Type::Date | Type::Instant | Type::Ref(_) | Type::Enum(_) | Type::Text | Type::Boolean
        );
        amount.as_ref().filter(|_| counts).and_then(ratio)
    }

    fn change(self, before: &Amount<'_>, after: &Amount<'_>, text: Option<Bilingual>) -> Change {
        let difference =
            before.as_ref().zip(after.as_ref()).and_then(|(before, after)| minus(after, before));
        let percent = before
            .as_ref()
            .zip(difference.as_ref())
            .and_then(|(before, difference)| percent(difference, before));
        Change {
            before: text,
            amount: self.number(before),
            difference: difference.map(|difference| self.difference(&difference)),
            percent,
        }
    }

    /// With its sign; of percentages, in points.
    fn difference(self, difference: &Scalar<'_>) -> Bilingual {
        let sign =
            if ratio(difference).is_some_and(|amount| amount.is_positive()) { "+" } else { "" };
        let Bilingual { zh, en } = self.show.scalar(self.ty, difference);
        match (self.ty, zh.strip_suffix('%')) {
            (Type::Percent, Some(points)) => {
                Bilingual::new(format!("{sign}{points} 个百分点"), format!("{sign}{points} points"))
            }
            _ => Bilingual::new(format!("{sign}{zh}"), format!("{sign}{en}")),
        }
    }
}

/// What a difference is of the amount before, to 0.1 %, with its sign; `None` where that is
/// nothing.
fn percent(difference: &Scalar<'_>, before: &Scalar<'_>) -> Option<String> {
    let before = ratio(before).filter(|before| !before.is_zero())?;
    let share =
        ratio(difference)?.checked_div(&before.abs())?.checked_mul(&Ratio::from_integer(100))?;
    let tenths = round_to(
        share.checked_mul(&Ratio::from_integer(10))?,
        Ratio::from_integer(1),
        Rounding::HalfUp,
    )?
    .to_integer();
    let sign = match tenths.signum() {
        -1 => "-",
        0 => "",
        _ => "+",
    };
    Some(format!("{sign}{}.{}%", tenths.abs() / 10, tenths.abs() % 10))
}

fn ratio(amount: &Scalar<'_>) -> Option<Ratio> {
    match amount {
        Scalar::Int(value) => Some(Ratio::from_integer(i128::from(*value))),
        Scalar::Ratio(value) => Some(*value),
        _ => None,
    }
}

fn minus(a: &Scalar<'_>, b: &Scalar<'_>) -> Amount<'static> {
    match (a, b) {
        (Scalar::Int(a), Scalar::Int(b)) => i64::checked_sub(*a, *b).map(Scalar::Int),
        (Scalar::Ratio(a), Scalar::Ratio(b)) => CheckedSub::checked_sub(a, b).map(Scalar::Ratio),
        _ => None,
    }
}

/// An order of groups: truth values, numbers, dates and rows by number, texts; the unknown one
/// last.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Int(i64),
    Ratio(Ratio),
    Text(String),
    Unknown,
}

fn key(name: Option<&Scalar<'_>>) -> Key {
    match name {
        Some(Scalar::Int(value)) => Key::Int(*value),
        Some(Scalar::Bool(value)) => Key::Int(i64::from(*value)),
        Some(Scalar::Ratio(value)) => Key::Ratio(*value),
        Some(Scalar::Text(text)) => Key::Text(text.to_string()),
        Some(Scalar::Ints(_)) => broken("groups by a set"),
        None => Key::Unknown,
    }
}

/// A figure split into groups.
enum Split<'v> {
    /// What the elements of each group come to.
    Form(Elements<'v>),
    /// The same for all groups.
    Same(Amount<'static>),
    /// Computed from others; how the result is stored.
    Operation(Operator, Box<Split<'v>>, Box<Split<'v>>, Physical),
    Negative(Box<Split<'v>>),
    Call(Function, Vec<Split<'v>>),
}

/// The elements of a list form, by group.
struct Elements<'v> {
    quantifier: Quantifier,
    /// The name of each group, and what it comes to.
    groups: BTreeMap<Key, (Amount<'v>, Total)>,
    /// What a group without elements comes to.
    empty: Total,
}

/// What some elements come to; unknown where the part of one is.
#[derive(Clone, Debug)]
enum Total {
    Amount(Amount<'static>),
    /// The different values of them.
    Values(Option<BTreeSet<Key>>),
}

impl Total {
    fn joined(self, other: Self, quantifier: Quantifier) -> Self {
        match (self, other) {
            (Self::Values(values), Self::Values(more)) => {
                Self::Values(values.zip(more).map(|(values, more)| &values | &more))
            }
            (Self::Amount(a), Self::Amount(b)) => {
                Self::Amount(a.zip(b).and_then(|(a, b)| combine(quantifier, &a, &b)))
            }
            _ => Self::Amount(None),
        }
    }

    fn amount(&self) -> Amount<'static> {
        match self {
            Self::Amount(amount) => amount.clone(),
            Self::Values(values) => values.as_ref().map(|values| Scalar::Int(fit(values.len()))),
        }
    }
}

impl<'v> Split<'v> {
    fn of(evaluator: &'v Evaluator, recipe: &Recipe) -> Self {
        match recipe {
            Recipe::Form(grouped) => Self::Form(Elements::of(evaluator, grouped)),
            Recipe::Same(node) => Self::Same(evaluator.scalar(*node, 0).map(Scalar::into_owned)),
            Recipe::Operation(operator, a, b, physical) => {
                let [a, b] = [a, b].map(|side| Box::new(Self::of(evaluator, side)));
                Self::Operation(*operator, a, b, *physical)
            }
            Recipe::Negative(inner) => Self::Negative(Box::new(Self::of(evaluator, inner))),
            Recipe::Call(function, parts) => {
                let parts = parts.iter().map(|part| Self::of(evaluator, part));
                Self::Call(*function, parts.collect())
            }
        }
    }

    /// The groups of its elements, with their names.
    fn names<'s>(&'s self, into: &mut BTreeMap<&'s Key, &'s Amount<'v>>) {
        match self {
            Self::Form(elements) => {
                into.extend(elements.groups.iter().map(|(key, (name, _))| (key, name)));
            }
            Self::Same(_) => {}
            Self::Operation(_, a, b, _) => {
                a.names(into);
                b.names(into);
            }
            Self::Negative(inner) => inner.names(into),
            Self::Call(_, parts) => parts.iter().for_each(|part| part.names(into)),
        }
    }

    /// The figure of a group; over all groups without one, unknown where that of one is.
    fn figure(&self, evaluator: &Evaluator, group: Option<&Key>) -> Amount<'static> {
        match self {
            Self::Form(elements) => match group {
                Some(key) => elements.group(key).amount(),
                None => elements.overall().amount(),
            },
            Self::Same(amount) => amount.clone(),
            Self::Operation(operator, a, b, physical) => {
                let (a, b) = (a.figure(evaluator, group)?, b.figure(evaluator, group)?);
                operate(*operator, &a, &b, *physical)
            }
            Self::Negative(inner) => match inner.figure(evaluator, group)? {
                Scalar::Int(value) => value.checked_neg().map(Scalar::Int),
                Scalar::Ratio(value) => Some(Scalar::Ratio(-value)),
                _ => None,
            },
            Self::Call(function, parts) => {
                let parts = parts.iter().map(|part| part.figure(evaluator, group));
                let parts: Vec<Scalar<'static>> = parts.collect::<Option<_>>()?;
                (function.0.kernel)(&parts, &evaluator.world()).map(Scalar::into_owned)
            }
        }
    }
}

/// Arithmetic as the evaluator has it: exact, nothing where it overflows or divides by zero.
fn operate(
    operator: Operator,
    a: &Scalar<'_>,
    b: &Scalar<'_>,
    physical: Physical,
) -> Amount<'static> {
    if let (Scalar::Int(a), Scalar::Int(b), Physical::Ints) = (a, b, physical) {
        let result = match operator {
            Operator::Add => a.checked_add(b),
            Operator::Subtract => a.checked_sub(b),
            Operator::Multiply => a.checked_mul(b),
            Operator::Divide => None,
        };
        return result.map(Scalar::Int);
    }
    let (a, b) = (ratio(a)?, ratio(b)?);
    let result = match operator {
        Operator::Add => a.checked_add(&b),
        Operator::Subtract => CheckedSub::checked_sub(&a, &b),
        Operator::Multiply => a.checked_mul(&b),
        Operator::Divide => a.checked_div(&b),
    };
    result.map(Scalar::Ratio)
}

impl<'v> Elements<'v> {
    /// What each group comes to; unknown where any element's part is, or elements were lost.
    fn of(evaluator: &'v Evaluator, by: &Grouped) -> Self {
        let len = evaluator.frame(by.frame).map_or(0, |data| data.len);
        let keys = evaluator.get(by.key);
        let whole = evaluator.holds(by.whole, 0);
        let mut groups: BTreeMap<Key, (Amount<'v>, Total)> = BTreeMap::new();
        for row in (0..len).filter(|row| !evaluator.holds(by.member.f, *row)) {
            let known = whole && evaluator.holds(by.member.t, row);
            let part = match (by.value, by.quantifier) {
                (Lowered::Value(node), Quantifier::Distinct) => {
                    let value = evaluator.get(node).scalar(row).filter(|_| known);
                    Total::Values(value.map(|value| BTreeSet::from([key(Some(&value))])))
                }
                (_, Quantifier::Count) => Total::Amount(known.then_some(Scalar::Int(1))),
                (Lowered::Value(node), _) => {
                    Total::Amount(plain(evaluator.get(node), row).filter(|_| known))
                }
                (Lowered::Truth(_), _) => Total::Amount(None),
            };
            let name = keys.scalar(row);
            match groups.entry(key(name.as_ref())) {
                Entry::Vacant(group) => {
                    group.insert((name, part));
                }
                Entry::Occupied(mut group) => {
                    let total = &mut group.get_mut().1;
                    let before = std::mem::replace(total, Total::Amount(None));
                    *total = before.joined(part, by.quantifier);
                }
            }
        }
        Self { quantifier: by.quantifier, groups, empty: nothing(by, whole) }
    }

    fn group(&self, key: &Key) -> Total {
        self.groups.get(key).map_or_else(|| self.empty.clone(), |(_, total)| total.clone())
    }

    /// What all groups come to together.
    fn overall(&self) -> Total {
        let totals = self.groups.values().map(|(_, total)| total.clone());
        totals
            .reduce(|total, part| total.joined(part, self.quantifier))
            .unwrap_or_else(|| self.empty.clone())
    }
}

/// What a list form comes to over an empty list that was read.
fn nothing(by: &Grouped, whole: bool) -> Total {
    match (by.quantifier, by.physical) {
        (Quantifier::Distinct, _) => Total::Values(whole.then(BTreeSet::new)),
        (Quantifier::Count | Quantifier::Sum, Physical::Ratios) => {
            Total::Amount(whole.then(|| Scalar::Ratio(Ratio::zero())))
        }
        (Quantifier::Count | Quantifier::Sum, _) => Total::Amount(whole.then_some(Scalar::Int(0))),
        _ => Total::Amount(None),
    }
}

fn plain(column: &Vector, row: usize) -> Amount<'static> {
    match column.scalar(row)? {
        Scalar::Int(value) => Some(Scalar::Int(value)),
        Scalar::Ratio(value) => Some(Scalar::Ratio(value)),
        _ => None,
    }
}

fn combine(quantifier: Quantifier, a: &Scalar<'_>, b: &Scalar<'_>) -> Amount<'static> {
    match (a, b) {
        (Scalar::Int(a), Scalar::Int(b)) => Some(Scalar::Int(match quantifier {
            Quantifier::Max => *a.max(b),
            Quantifier::Min => *a.min(b),
            _ => i64::checked_add(*a, *b)?,
        })),
        (Scalar::Ratio(a), Scalar::Ratio(b)) => {
            let (a, b): (&Ratio, &Ratio) = (a, b);
            Some(Scalar::Ratio(match quantifier {
                Quantifier::Max => *a.max(b),
                Quantifier::Min => *a.min(b),
                _ => a.checked_add(b)?,
            }))
        }
        _ => None,
    }
}
