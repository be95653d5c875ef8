//! The figures of measures: alone or by group, and the change from one to another.

use super::show::Show;
use crate::builtin::{Quantifier, Scalar};
use crate::diagnostic::Bilingual;
use crate::eval::{Evaluator, Vector};
use crate::finding::{Change, Figure, Length, MeasureSummary};
use crate::invariant::broken;
use crate::lowering::{FigurePlan, Grouped, Lowered, MeasurePlan};
use crate::schema::{Physical, Type};
use crate::syntax::word;
use crate::value::Ratio;
use crate::value::number::{Rounding, round_to};
use num_traits::{CheckedAdd, CheckedDiv, CheckedMul, CheckedSub, Signed, Zero};
use std::collections::BTreeMap;

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
    let figures: Vec<FigurePlan> = std::iter::once(plan.figure).chain(plan.after).collect();
    let split: Option<Vec<Split<'_>>> = figures
        .iter()
        .map(|figure| Some(Split::of(evaluator, figure.value, figure.by?, typed.ty)))
        .collect();
    let by = measure.figure.by.map(|by| program.expr(by).ty);
    let (values, overall) = match split {
        None => {
            let figure = typed.figure(figures.iter().map(|figure| alone(evaluator, figure.value)));
            (vec![(None, (None, figure))], None)
        }
        Some(sides) => {
            let values = by_group(&sides, by.unwrap_or(Type::Text), typed);
            let overall =
                (!values.is_empty()).then(|| typed.figure(sides.iter().map(Split::overall)));
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
    let names: BTreeMap<&Key, &Amount<'_>> = sides
        .iter()
        .flat_map(|side| side.groups.iter().map(|(key, (name, _))| (key, name)))
        .collect();
    let figure = |(key, name): (&Key, &Amount<'_>)| {
        let name = name.as_ref().map(|name| typed.show.group(key_ty, name));
        let number = match (key_ty, key) {
            (Type::Ref(_) | Type::Enum(_), Key::Int(number)) => usize::try_from(*number).ok(),
            _ => None,
        };
        (number, (name, typed.figure(sides.iter().map(|side| side.group(key)))))
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
                change: Some(self.change(before, after, text(before))),
            },
            one => Figure { value: one.first().and_then(text), change: None },
        }
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
struct Split<'v> {
    quantifier: Quantifier,
    /// The name and the figure of each.
    groups: BTreeMap<Key, (Amount<'v>, Amount<'static>)>,
    /// The figure of a group without elements.
    empty: Amount<'static>,
}

impl<'v> Split<'v> {
    /// The figure of each group; unknown where any element's part is, or elements were lost.
    fn of(evaluator: &'v Evaluator, value: Lowered, by: Grouped, ty: Type) -> Self {
        let len = evaluator.frame(by.frame).map_or(0, |data| data.len);
        let keys = evaluator.get(by.key);
        let whole = evaluator.holds(by.whole, 0);
        let mut groups: BTreeMap<Key, (Amount<'v>, Amount<'static>)> = BTreeMap::new();
        for row in (0..len).filter(|row| !evaluator.holds(by.member.f, *row)) {
            let known = evaluator.holds(by.member.t, row);
            let part = match (value, by.quantifier) {
                (_, Quantifier::Count) => Some(Scalar::Int(1)),
                (Lowered::Value(node), _) => plain(evaluator.get(node), row),
                _ => None,
            };
            let part = part.filter(|_| known && whole);
            let name = keys.scalar(row);
            match groups.entry(key(name.as_ref())) {
                std::collections::btree_map::Entry::Vacant(group) => {
                    group.insert((name, part));
                }
                std::collections::btree_map::Entry::Occupied(mut group) => {
                    let total = &mut group.get_mut().1;
                    *total = total
                        .take()
                        .zip(part)
                        .and_then(|(total, part)| combine(by.quantifier, &total, &part));
                }
            }
        }
        Self {
            quantifier: by.quantifier,
            groups,
            empty: nothing(by.quantifier, ty).filter(|_| whole),
        }
    }

    fn group(&self, key: &Key) -> Amount<'static> {
        self.groups.get(key).map_or_else(|| self.empty.clone(), |(_, amount)| amount.clone())
    }

    /// The figure over all groups; unknown where that of one is.
    fn overall(&self) -> Amount<'static> {
        let mut amounts = self.groups.values().map(|(_, amount)| amount.clone());
        let Some(first) = amounts.next() else { return self.empty.clone() };
        amounts.try_fold(first?, |total, part| combine(self.quantifier, &total, &part?))
    }
}

/// What a list form is over an empty list.
fn nothing(quantifier: Quantifier, ty: Type) -> Amount<'static> {
    match (quantifier, ty.physical()) {
        (Quantifier::Count | Quantifier::Sum, Physical::Ratios) => {
            Some(Scalar::Ratio(Ratio::zero()))
        }
        (Quantifier::Count | Quantifier::Sum, _) => Some(Scalar::Int(0)),
        _ => None,
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
