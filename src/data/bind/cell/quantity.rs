//! Numbers and quantities, exactly.

use super::Value;
use crate::data::bind::plan::FieldPlan;
use crate::data::fault::Unfit;
use crate::schema::Type;
use crate::value::Ratio;
use crate::value::number::parse_decimal;
use num_traits::{CheckedMul, ToPrimitive};

/// The common case: at most 18 digits.
pub fn small_integer(digits: &str) -> Option<i64> {
    let (negative, figures) = digits.strip_prefix('-').map_or((false, digits), |rest| (true, rest));
    if figures.is_empty() || figures.len() > 18 {
        return None;
    }
    let mut value = 0_i64;
    for byte in figures.bytes() {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        value = value * 10 + i64::from(digit);
    }
    Some(if negative { -value } else { value })
}

/// An integer stored as `i64`.
pub fn whole(value: Ratio) -> Result<i64, Unfit> {
    if !value.is_integer() {
        return Err(Unfit::Form);
    }
    value.to_integer().to_i64().ok_or(Unfit::Range)
}

/// A decimal, possibly with an exponent.
pub fn scientific(digits: &str) -> Result<Ratio, Unfit> {
    let (mantissa, exponent) = digits.split_once(['e', 'E']).unwrap_or((digits, "0"));
    if !mantissa.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.')) {
        return Err(Unfit::Form);
    }
    let mantissa = parse_decimal(mantissa).ok_or(Unfit::Range)?;
    let exponent: i32 = exponent.parse().map_err(|_| Unfit::Range)?;
    let power = 10_i128
        .checked_pow(exponent.unsigned_abs())
        .map(Ratio::from_integer)
        .ok_or(Unfit::Range)?;
    if exponent < 0 { mantissa.checked_mul(&power.recip()) } else { mantissa.checked_mul(&power) }
        .ok_or(Unfit::Range)
}

/// A number with an optional unit: `155,668`, `1.5万元`, `3 个工作日`, `51%`.
pub fn read_quantity<'a>(field: &FieldPlan, plain: &str) -> Result<Value<'a>, Unfit> {
    let bare =
        plain.strip_prefix('¥').filter(|_| field.ty == Type::Money).unwrap_or(plain).trim_start();
    let end = bare
        .find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | ',' | '+' | '-'))
        .unwrap_or(bare.len());
    let (figures, word) = bare.split_at_checked(end).unwrap_or((bare, ""));
    let word = word.trim();
    if figures.is_empty() {
        return Err(Unfit::Form);
    }
    let number = ungroup(figures.trim_end()).ok_or(Unfit::Form)?;
    let value = match parse_decimal(&number) {
        Some(value) => value,
        None if number.bytes().filter(u8::is_ascii_digit).count() > 30 => return Err(Unfit::Range),
        None => return Err(Unfit::Form),
    };
    let scale = unit(field, word)?;
    let value = value.checked_mul(&scale).ok_or(Unfit::Range)?;
    match field.ty {
        Type::Decimal | Type::Money | Type::Percent => Ok(Value::Ratio(value)),
        _ => whole(value).map(Value::Int),
    }
}

/// Takes thousands separators out of a well grouped number; `None` where the groups are not of
/// three.
fn ungroup(figures: &str) -> Option<std::borrow::Cow<'_, str>> {
    if !figures.contains(',') {
        return Some(figures.into());
    }
    let whole = figures.split('.').next().unwrap_or(figures).trim_start_matches(['+', '-']);
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or("");
    let well = (1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3);
    let after_point = figures.split_once('.').map_or("", |(_, rest)| rest);
    (well && !after_point.contains(',')).then(|| figures.replace(',', "").into())
}

/// What one of a unit is worth in the field's own unit.
fn unit(field: &FieldPlan, word: &str) -> Result<Ratio, Unfit> {
    let one = Ratio::from_integer(1);
    if field.units.iter().any(|unit| **unit == *word) {
        return Ok(if field.ty == Type::Percent { Ratio::new(1, 100) } else { one });
    }
    let word = word.strip_prefix('个').filter(|rest| !rest.is_empty()).unwrap_or(word);
    let scale = match (field.ty, word) {
        (Type::Percent, "%") => Some(Ratio::new(1, 100)),
        (Type::Percent, "") => return Err(Unfit::BarePercent),
        (_, "") => Some(one),
        (Type::Money, "元" | "yuan") => Some(one),
        (Type::Money, "万元") => Some(Ratio::from_integer(10_000)),
        (Type::Money, "亿元") => Some(Ratio::from_integer(100_000_000)),
        (Type::Workdays, "工作日" | "workday" | "workdays") => Some(one),
        (Type::Days, "日" | "天" | "day" | "days") => Some(one),
        (Type::Months, "月" | "month" | "months") => Some(one),
        _ => None,
    };
    scale.ok_or_else(|| if is_unit(word) { Unfit::Unit(word.to_owned()) } else { Unfit::Form })
}

/// Words that are units of something, so that the message can say so.
fn is_unit(word: &str) -> bool {
    const UNITS: [&str; 27] = [
        "%",
        "元",
        "yuan",
        "万元",
        "亿元",
        "工作日",
        "workday",
        "workdays",
        "日",
        "天",
        "day",
        "days",
        "月",
        "month",
        "months",
        "年",
        "year",
        "years",
        "小时",
        "时",
        "hour",
        "hours",
        "分钟",
        "周",
        "week",
        "weeks",
        "自然日",
    ];
    UNITS.contains(&word)
}
