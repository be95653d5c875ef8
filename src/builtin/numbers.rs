//! Functions of numbers.

use super::axiom::Axiom;
use super::{Kind, Returns, Row, Scalar};
use crate::schema::Type;
use crate::value::number::{Rounding, round_to};

const INTEGER: Kind = Kind::Exactly(Type::Integer);

pub(super) const ROWS: &[Row] = &[
    Row {
        zh: "四舍五入",
        en: "round",
        parameters: &[Kind::Number, Kind::Number],
        returns: Returns::Rounded,
        axiom: Axiom::Multiple(Rounding::HalfUp),
        doc: ("按步长取最近的数，五入", "to the nearest multiple of a step, half away from zero"),
        kernel: |arguments, _| rounded(arguments, Rounding::HalfUp),
    },
    Row {
        zh: "进位",
        en: "ceil",
        parameters: &[Kind::Number, Kind::Number],
        returns: Returns::Rounded,
        axiom: Axiom::Multiple(Rounding::Up),
        doc: ("按步长向上取", "up to a multiple of a step"),
        kernel: |arguments, _| rounded(arguments, Rounding::Up),
    },
    Row {
        zh: "舍去",
        en: "floor",
        parameters: &[Kind::Number, Kind::Number],
        returns: Returns::Rounded,
        axiom: Axiom::Multiple(Rounding::Down),
        doc: ("按步长向下取", "down to a multiple of a step"),
        kernel: |arguments, _| rounded(arguments, Rounding::Down),
    },
    Row {
        zh: "绝对值",
        en: "abs",
        parameters: &[Kind::Number],
        returns: Returns::First,
        axiom: Axiom::Magnitude,
        doc: ("绝对值", "the magnitude"),
        kernel: |arguments, _| match arguments.first()? {
            Scalar::Int(value) => value.checked_abs().map(Scalar::Int),
            Scalar::Ratio(value) => {
                Some(Scalar::Ratio(if *value < 0.into() { -*value } else { *value }))
            }
            _ => None,
        },
    },
    Row {
        zh: "余数",
        en: "mod",
        parameters: &[INTEGER, INTEGER],
        returns: Returns::Type(Type::Integer),
        axiom: Axiom::Remainder,
        doc: ("除后的余数，不小于 0", "the remainder, never below 0"),
        kernel: |arguments, _| {
            let (value, by) = (arguments.first()?.int()?, arguments.get(1)?.int()?);
            (by > 0).then(|| Scalar::Int(value.rem_euclid(by)))
        },
    },
];

fn rounded<'a>(arguments: &[Scalar<'a>], mode: Rounding) -> Option<Scalar<'a>> {
    let (value, step) = (arguments.first()?, arguments.get(1)?);
    let result = round_to(value.ratio()?, step.ratio()?, mode)?;
    match (value, step) {
        (Scalar::Int(_), Scalar::Int(_)) => {
            i64::try_from(result.to_integer()).ok().map(Scalar::Int)
        }
        _ => Some(Scalar::Ratio(result)),
    }
}
