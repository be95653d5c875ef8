//! One value as written → one value of the field's type. Knows no file and no row.

use super::plan::FieldPlan;
use crate::data::event::Scalar;
use crate::data::names::fold;
use crate::schema::{Constant, Type, day_number};
use crate::value::Ratio;
use crate::value::number::parse_decimal;
use num_traits::{CheckedMul, ToPrimitive};

/// A value of a field's type.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    /// Text, trimmed.
    Text(&'a str),
    /// Integers, days, durations, enum indices.
    Int(i64),
    /// Exact numbers.
    Ratio(Ratio),
    /// Truth values.
    Bool(bool),
    /// The key of a row elsewhere, trimmed.
    Reference(&'a str),
    /// Null, an empty text, an empty cell.
    NotGiven,
}

/// Why a value does not fit its field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// The format's own type is another one: a number for a text.
    Type,
    /// The text does not read as a value of the type.
    Form,
    /// The type fits, the number is too large to be stored.
    Range,
    /// A date that is not in the calendar.
    NoSuchDay,
    /// A date with a time of day that would be lost.
    TimeOfDay,
    /// A number with another unit than the field's.
    Unit(String),
    /// A percentage without its sign.
    BarePercent,
    /// Not one of the enum's values.
    NotListed,
}

/// Reads one value.
///
/// # Errors
/// Where the value does not fit the field's type.
pub fn read<'a>(field: &'a FieldPlan, scalar: Scalar<'a>) -> Result<Value<'a>, Unfit> {
    match scalar {
        Scalar::Null => Ok(Value::NotGiven),
        Scalar::Bool(value) if field.ty == Type::Boolean => Ok(Value::Bool(value)),
        Scalar::Bool(_) => Err(Unfit::Type),
        Scalar::Text(text) => read_text(field, text.trim()),
        Scalar::Number(digits) => read_number(field, digits),
        Scalar::Moment(text) if field.ty == Type::Date => read_date(text).map(Value::Int),
        Scalar::Moment(_) => Err(Unfit::Type),
    }
}

fn read_text<'a>(field: &'a FieldPlan, text: &'a str) -> Result<Value<'a>, Unfit> {
    if text.is_empty() {
        return Ok(Value::NotGiven);
    }
    match field.ty {
        Type::Text if field.readings.is_empty() => return Ok(Value::Text(text)),
        Type::Ref(_) => return Ok(Value::Reference(text)),
        Type::Enum(_) => {
            if let Some(index) = field.values.as_ref().and_then(|values| values.get(text)) {
                return Ok(Value::Int(index as i64));
            }
        }
        _ => {}
    }
    if text.len() > LONGEST_CELL && field.ty != Type::Text {
        return Err(if matches!(field.ty, Type::Enum(_)) { Unfit::NotListed } else { Unfit::Form });
    }
    let plain = fold(text);
    if let Some(value) = reading(field, &plain) {
        return Ok(value);
    }
    match field.ty {
        Type::Text => Ok(Value::Text(text)),
        Type::Boolean => read_truth(&plain).map(Value::Bool).ok_or(Unfit::Form),
        Type::Date => read_date(&plain).map(Value::Int),
        Type::Enum(_) => Err(Unfit::NotListed),
        _ => read_quantity(field, &plain),
    }
}

/// No number, date or name is longer, in bytes.
const LONGEST_CELL: usize = 1000;

/// `读作`: the whole cell stands for a value.
fn reading<'a>(field: &'a FieldPlan, plain: &str) -> Option<Value<'a>> {
    let (_, constant) = field.readings.iter().find(|(word, _)| **word == *plain)?;
    Some(match constant {
        Constant::Int(value) => Value::Int(*value),
        Constant::Ratio(value) => Value::Ratio(*value),
        Constant::Bool(value) => Value::Bool(*value),
        Constant::Text(value) => Value::Text(value),
    })
}

fn read_truth(plain: &str) -> Option<bool> {
    match plain {
        "是" => Some(true),
        "否" => Some(false),
        _ if plain.eq_ignore_ascii_case("true") => Some(true),
        _ if plain.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

/// A number of the format itself: JSON `1.5e3`, TOML `1.5`.
fn read_number<'a>(field: &'a FieldPlan, digits: &'a str) -> Result<Value<'a>, Unfit> {
    if let Some(value) = reading(field, digits) {
        return Ok(value);
    }
    match field.ty {
        Type::Integer | Type::Workdays | Type::Days | Type::Months => match small_integer(digits) {
            Some(value) => Ok(Value::Int(value)),
            None => whole(scientific(digits)?).map(Value::Int),
        },
        Type::Decimal | Type::Money => scientific(digits).map(Value::Ratio),
        Type::Percent => Err(Unfit::BarePercent),
        Type::Ref(_) if field.numbered => Ok(Value::Reference(digits)),
        _ => Err(Unfit::Type),
    }
}

/// The common case: at most 18 digits.
fn small_integer(digits: &str) -> Option<i64> {
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
fn whole(value: Ratio) -> Result<i64, Unfit> {
    if !value.is_integer() {
        return Err(Unfit::Form);
    }
    value.to_integer().to_i64().ok_or(Unfit::Range)
}

/// A decimal, possibly with an exponent.
fn scientific(digits: &str) -> Result<Ratio, Unfit> {
    let (mantissa, exponent) = digits.split_once(['e', 'E']).unwrap_or((digits, "0"));
    if !mantissa.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.')) {
        return Err(Unfit::Form);
    }
    let mantissa = parse_decimal(mantissa).ok_or(Unfit::Range)?;
    let exponent: i32 = exponent.parse().map_err(|_| Unfit::Range)?;
    let power = 10_i128.checked_pow(exponent.unsigned_abs()).map(Ratio::from_integer).ok_or(Unfit::Range)?;
    if exponent < 0 { mantissa.checked_mul(&power.recip()) } else { mantissa.checked_mul(&power) }.ok_or(Unfit::Range)
}

/// A number with an optional unit: `155,668`, `1.5万元`, `3 个工作日`, `51%`.
fn read_quantity<'a>(field: &FieldPlan, plain: &str) -> Result<Value<'a>, Unfit> {
    let bare = plain.strip_prefix('¥').filter(|_| field.ty == Type::Money).unwrap_or(plain).trim_start();
    let end = bare.find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | ',' | '+' | '-')).unwrap_or(bare.len());
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

/// Takes thousands separators out of a well grouped number; `None` where the groups are not of three.
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

/// `2015-11-20`, `2015/11/20`, `2015.11.20`, `2015年11月20日`, `20151120`; a time of day only if it is midnight.
fn read_date(plain: &str) -> Result<i64, Unfit> {
    let (date, time) = match plain.split_once(['T', ' ']) {
        Some((date, time)) if !time.trim().is_empty() => (date, time.trim()),
        _ => (plain, ""),
    };
    let (year, month, day) = date_parts(date).ok_or(Unfit::Form)?;
    let number = |part: &str| part.parse::<i16>().ok();
    let date = match (number(year), number(month), number(day)) {
        (Some(year), Some(month), Some(day)) => jiff::civil::Date::new(year, month.to_i8().unwrap_or(0), day.to_i8().unwrap_or(0)),
        _ => return Err(Unfit::Form),
    };
    let date = date.map_err(|_| Unfit::NoSuchDay)?;
    match time {
        "" | "00:00" | "0:00" | "00:00:00" | "0:00:00" | "00:00:00Z" => Ok(day_number(date)),
        _ => Err(Unfit::TimeOfDay),
    }
}

/// The three parts of a date, each of digits.
fn date_parts(date: &str) -> Option<(&str, &str, &str)> {
    let (year, month, day) = if let Some((year, rest)) = date.split_once('年') {
        let (month, rest) = rest.split_once('月')?;
        (year, month, rest.strip_suffix('日')?)
    } else if let Some(separator) = ['-', '/', '.'].into_iter().find(|&c| date.contains(c)) {
        let mut parts = date.splitn(3, separator);
        (parts.next()?, parts.next()?, parts.next()?)
    } else if date.len() == 8 {
        (date.get(..4)?, date.get(4..6)?, date.get(6..)?)
    } else {
        return None;
    };
    let digits = |part: &str, lengths: std::ops::RangeInclusive<usize>| {
        lengths.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    (digits(year, 4..=4) && digits(month, 1..=2) && digits(day, 1..=2)).then_some((year, month, day))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Type;

    fn plan(ty: Type) -> &'static FieldPlan {
        Box::leak(Box::new(FieldPlan::of_type(ty)))
    }

    fn text(ty: Type, text: &str) -> Result<Value<'_>, Unfit> {
        read(plan(ty), Scalar::Text(text))
    }

    fn number(ty: Type, digits: &str) -> Result<Value<'_>, Unfit> {
        read(plan(ty), Scalar::Number(digits))
    }

    #[test]
    fn integers_are_read_however_people_write_them() {
        for (written, value) in
            [("5", 5), ("５", 5), ("155,668", 155_668), ("１５５，６６８", 155_668), ("-3", -3), (" 7 ", 7), ("+7", 7), ("2.0", 2)]
        {
            assert_eq!(text(Type::Integer, written), Ok(Value::Int(value)), "{written}");
        }
        for written in ["1,23", "1,2345", "5件", "abc", "1.5", "--1", "1.2.3", "1e3", ",123", "五"] {
            assert_eq!(text(Type::Integer, written), Err(Unfit::Form), "{written}");
        }
        assert_eq!(text(Type::Integer, "5 天"), Err(Unfit::Unit("天".into())));
        assert_eq!(text(Type::Integer, "123456789012345678901234567890"), Err(Unfit::Range));
    }

    #[test]
    fn numbers_of_the_format_are_exact() {
        assert_eq!(number(Type::Integer, "123456789012345678901234567890"), Err(Unfit::Range));
        assert_eq!(number(Type::Integer, "1e3"), Ok(Value::Int(1000)));
        assert_eq!(number(Type::Integer, "1.50"), Err(Unfit::Form));
        assert_eq!(number(Type::Decimal, "1e400"), Err(Unfit::Range));
        assert_eq!(number(Type::Decimal, "1e-2"), Ok(Value::Ratio(Ratio::new(1, 100))));
        assert_eq!(number(Type::Decimal, "nan"), Err(Unfit::Form));
        assert_eq!(number(Type::Decimal, "1e99999999999"), Err(Unfit::Range));
        assert_eq!(number(Type::Percent, "0.51"), Err(Unfit::BarePercent));
        assert_eq!(number(Type::Text, "5"), Err(Unfit::Type));
        assert_eq!(number(Type::Integer, "-9223372036854775808"), Ok(Value::Int(i64::MIN)));
    }

    #[test]
    fn money_and_percentages_carry_their_signs() {
        for (written, value) in [("100", 100), ("100元", 100), ("1.5万元", 15_000), ("￥1,500", 1500), ("0.2亿元", 20_000_000)] {
            assert_eq!(text(Type::Money, written), Ok(Value::Ratio(Ratio::from_integer(value))), "{written}");
        }
        assert_eq!(text(Type::Percent, "51％"), Ok(Value::Ratio(Ratio::new(51, 100))));
        assert_eq!(text(Type::Percent, "0.51"), Err(Unfit::BarePercent));
        assert_eq!(text(Type::Money, "5%"), Err(Unfit::Unit("%".into())));
    }

    #[test]
    fn durations_keep_their_unit() {
        for written in ["3", "3个工作日", "3 工作日", "3workdays", "３ 个工作日"] {
            assert_eq!(text(Type::Workdays, written), Ok(Value::Int(3)), "{written}");
        }
        assert_eq!(text(Type::Workdays, "3日"), Err(Unfit::Unit("日".into())));
        assert_eq!(text(Type::Days, "20日"), Ok(Value::Int(20)));
        assert_eq!(text(Type::Months, "2个月"), Ok(Value::Int(2)));
        assert_eq!(text(Type::Months, "2天"), Err(Unfit::Unit("天".into())));
    }

    #[test]
    fn dates_are_real_days() {
        let day = Ok(Value::Int(16_759));
        for written in
            ["2015-11-20", "2015/11/20", "2015.11.20", "2015年11月20日", "20151120", "２０１５－１１－２０", "2015-11-20 00:00:00"]
        {
            assert_eq!(text(Type::Date, written), day, "{written}");
        }
        assert_eq!(text(Type::Date, "2015-02-30"), Err(Unfit::NoSuchDay));
        assert_eq!(text(Type::Date, "2015-13-01"), Err(Unfit::NoSuchDay));
        assert_eq!(text(Type::Date, "2015-11-20 08:30"), Err(Unfit::TimeOfDay));
        for written in ["15-11-20", "2015", "2015-11", "去年", "2015-11-20-1", "20151120日"] {
            assert_eq!(text(Type::Date, written), Err(Unfit::Form), "{written}");
        }
        assert_eq!(number(Type::Date, "20151120"), Err(Unfit::Type));
        assert_eq!(read(plan(Type::Date), Scalar::Moment("2015-11-20")), day);
    }

    #[test]
    fn blanks_are_not_given_and_truth_has_words() {
        assert_eq!(text(Type::Integer, " 　"), Ok(Value::NotGiven));
        assert_eq!(text(Type::Boolean, "是"), Ok(Value::Bool(true)));
        assert_eq!(text(Type::Boolean, "TRUE"), Ok(Value::Bool(true)));
        assert_eq!(text(Type::Boolean, "有"), Err(Unfit::Form));
        let mut field = FieldPlan::of_type(Type::Workdays);
        field.readings.push(("当场".into(), Constant::Int(0)));
        field.units.push("天".into());
        assert_eq!(read(&field, Scalar::Text("当场")), Ok(Value::Int(0)));
        assert_eq!(read(&field, Scalar::Text("5天")), Ok(Value::Int(5)));
    }
}
