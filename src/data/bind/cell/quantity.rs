//! Numbers and quantities, exactly.

use super::Value;
use crate::data::bind::plan::FieldPlan;
use crate::data::fault::Unfit;
use crate::data::unit::{Measure, Unit, currency_before};
use crate::schema::Type;
use crate::value::Ratio;
use crate::value::instant::TICKS;
use crate::value::number::parse_decimal;
use crate::value::numeral;
use num_traits::{CheckedAdd, CheckedMul, ToPrimitive};
use std::borrow::Cow;

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

/// A number of a type, in the unit that is stated for it.
pub fn scaled<'a>(ty: Type, value: Ratio, measure: Option<&Measure>) -> Result<Value<'a>, Unfit> {
    let scale = measure.map_or(Ratio::from_integer(1), |measure| measure.scale);
    let value = value.checked_mul(&scale).ok_or(Unfit::Range)?;
    match ty {
        Type::Decimal | Type::Money | Type::Percent => Ok(Value::Ratio(value)),
        _ if !value.is_integer() => Err(Unfit::Form),
        _ => value.to_integer().to_i64().map(Value::Int).ok_or(Unfit::Range),
    }
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

/// A number with an optional unit: `155,668`, `1.5万元`, `3 个工作日`, `51%`; one without is in the
/// unit that is stated for it.
pub fn read_quantity<'a>(
    field: &FieldPlan,
    plain: &str,
    measure: Option<&Measure>,
) -> Result<Value<'a>, Unfit> {
    if field.ty.is_span()
        && let Some(ticks) = clock_span(plain)
    {
        return ticks.map(Value::Int);
    }
    let (bare, sign) = sign_before(field, plain, measure)?;
    let end = bare
        .find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | ',' | '+' | '-'))
        .unwrap_or(bare.len());
    let (figures, word) = bare.split_at_checked(end).unwrap_or((bare, ""));
    let word = &*tight(word);
    let word = if field.ty == Type::Money { without_end(word) } else { word };
    if figures.is_empty() {
        if let Some(written) = written_out(field, bare) {
            let (value, word) = written?;
            return scaled(field.ty, value, Some(&unit(field, word, measure)?));
        }
        return Err(match field.ty {
            Type::Money if plain.starts_with('每') && plain.contains(char::is_numeric) => {
                Unfit::Price
            }
            _ if is_bound(plain) => Unfit::Bound,
            _ => Unfit::Form,
        });
    }
    if is_range(figures, word) {
        return Err(Unfit::Bound);
    }
    let number = ungroup(figures.trim_end()).ok_or(Unfit::Form)?;
    let value = match parse_decimal(&number) {
        Some(value) => value,
        None if number.bytes().filter(u8::is_ascii_digit).count() > 30 => return Err(Unfit::Range),
        None => return Err(Unfit::Form),
    };
    let one = one_of(field.ty);
    let in_unit = match (word, field.ty) {
        ("", _) if sign => one,
        ("", Type::Percent) => *measure.ok_or(Unfit::BarePercent)?,
        ("", _) => *measure.unwrap_or(&one),
        _ => unit(field, word, measure)?,
    };
    scaled(field.ty, value, Some(&in_unit))
}

/// What a number in the unit of a type is in what is stored.
pub fn one_of(ty: Type) -> Measure {
    Measure { scale: Ratio::from_integer(i128::from(ty.scale())), currency: None }
}

/// `2小时30分`, `1 小时 5 分钟 30 秒`, `90 seconds`: as ticks; `None` where it is not written in several
/// units, or in seconds.
fn clock_span(plain: &str) -> Option<Result<i64, Unfit>> {
    const UNITS: [(&[&str], i64); 3] = [
        (&["小时", "钟头", "hours", "hour", "h"], 3600),
        (&["分钟", "分", "minutes", "minute", "min", "m"], 60),
        (&["秒钟", "秒", "seconds", "second", "s"], 1),
    ];
    let (negative, written) = plain.strip_prefix('-').map_or((false, plain), |it| (true, it));
    let (mut rest, mut at, mut count, mut total) = (written, 0, 0, Ratio::from_integer(0));
    let mut last = 0;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').filter(|end| *end > 0)?;
        let (figures, tail) = rest.split_at_checked(end)?;
        let tail = tail.trim_start();
        let tail = tail.strip_prefix('个').unwrap_or(tail);
        let units = UNITS.iter().enumerate().skip(at);
        let mut words = units.flat_map(|(place, (words, seconds))| {
            words.iter().map(move |word| (place, *word, *seconds))
        });
        let (place, word, seconds) = words.find(|(_, word, _)| tail.starts_with(word))?;
        let ticks = Ratio::from_integer(i128::from(seconds * TICKS));
        total = total.checked_add(&parse_decimal(figures)?.checked_mul(&ticks)?)?;
        (at, count, last) = (place + 1, count + 1, place);
        rest = tail.get(word.len()..).unwrap_or("").trim_start();
    }
    if count < 2 && last < 2 {
        return None;
    }
    let total = if negative { -total } else { total };
    let ticks = total.is_integer().then(|| total.to_integer().to_i64());
    Some(ticks.ok_or(Unfit::Form).and_then(|ticks| ticks.ok_or(Unfit::Range)))
}

/// The word behind a number, without the blanks inside it if it is Chinese: `个 工作日`.
fn tight(word: &str) -> Cow<'_, str> {
    let word = word.trim();
    if word.is_ascii() || !word.contains(char::is_whitespace) {
        return Cow::Borrowed(word);
    }
    Cow::Owned(word.chars().filter(|letter| !letter.is_whitespace()).collect())
}

/// An amount without what says that it is whole: `100元整`.
fn without_end(text: &str) -> &str {
    let bare = text.strip_suffix(['整', '正']);
    bare.filter(|bare| bare.ends_with(['元', '圆', '角', '分'])).unwrap_or(text)
}

/// A number that is written out, with the unit behind it: `五个工作日`, `壹仟零伍元叁角`,
/// `百分之四十`; `None` for another text.
fn written_out<'t>(field: &FieldPlan, text: &'t str) -> Option<Result<(Ratio, &'t str), Unfit>> {
    if let Some(share) = text.strip_prefix("百分之").filter(|_| field.ty == Type::Percent) {
        let number = parse_decimal(share);
        let number = number.or_else(|| numeral::read(share).map(whole))?;
        return Some(Ok((number, "%")));
    }
    if field.ty == Type::Money {
        return amount(without_end(text)).map(|amount| Ok((amount, "元")));
    }
    let end = text.find(|letter| !numeral::is_part(letter))?;
    let (number, word) = text.split_at_checked(end)?;
    Some(Ok((whole(numeral::read(number)?), word)))
}

/// An amount that is written out, in yuan.
fn amount(text: &str) -> Option<Ratio> {
    let (yuan, rest) = text.split_once(['元', '圆'])?;
    let mut amount = whole(numeral::read(yuan)?);
    let mut rest = rest.trim_start_matches('零');
    for (word, parts) in [('角', 10), ('分', 100)] {
        let Some((digit, behind)) = rest.split_once(word) else { continue };
        let digit = numeral::read(digit).filter(|digit| *digit < 10)?;
        amount += Ratio::new(digit.into(), parts);
        rest = behind.trim_start_matches('零');
    }
    rest.is_empty().then_some(amount)
}

/// A whole number.
fn whole(number: i64) -> Ratio {
    Ratio::from_integer(number.into())
}

/// A number without the sign of a currency before it, and whether there was one.
fn sign_before<'t>(
    field: &FieldPlan,
    plain: &'t str,
    measure: Option<&Measure>,
) -> Result<(&'t str, bool), Unfit> {
    let own = field.units.iter().find_map(|unit| plain.strip_prefix(&**unit));
    if let Some(rest) = own.map(str::trim_start) {
        return Ok((rest, true));
    }
    if field.ty != Type::Money {
        return Ok((plain, false));
    }
    let named = ["人民币", "RMB", "CNY", "rmb", "cny"]
        .iter()
        .find_map(|name| plain.strip_prefix(name).map(|rest| rest.trim_start_matches([':', ' '])));
    let amount = named.unwrap_or(plain);
    if let Some(rest) = amount.strip_prefix('¥') {
        return Ok((rest.trim_start(), true));
    }
    if named.is_some() {
        return Ok((amount, true));
    }
    match currency_before(plain) {
        None => Ok((plain, false)),
        Some((currency, _, rest)) if measure.is_some_and(|it| it.currency == Some(currency)) => {
            Ok((rest, true))
        }
        Some((_, sign, _)) => Err(Unfit::Unit(sign.to_owned())),
    }
}

/// Takes thousands separators out of a well grouped number; `None` where the groups are not of
/// three.
fn ungroup(figures: &str) -> Option<Cow<'_, str>> {
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
fn unit(field: &FieldPlan, word: &str, measure: Option<&Measure>) -> Result<Measure, Unfit> {
    if field.units.iter().any(|unit| **unit == *word) {
        let percent = field.ty == Type::Percent;
        let scale = if percent { Ratio::new(1, 100) } else { one_of(field.ty).scale };
        return Ok(Measure { scale, currency: None });
    }
    if field.ty == Type::Money && word.contains(['/', '每']) {
        return Err(Unfit::Price);
    }
    let bare = word.strip_prefix('个').filter(|rest| !rest.is_empty()).unwrap_or(word);
    let Some(unit) = Unit::named(word).filter(|_| !word.contains('/')) else {
        return Err(match bare {
            _ if is_bound(word) => Unfit::Bound,
            _ if is_unit(bare) => Unfit::Unit(bare.to_owned()),
            _ => Unfit::Form,
        });
    };
    if unit.is_factor() {
        return Err(if field.ty == Type::Money { Unfit::Factor } else { Unfit::Form });
    }
    let declared = || {
        let declared = unit.declared(field.ty)?;
        declared.currency.filter(|_| measure.is_some_and(|it| it.currency == declared.currency))?;
        Some(declared)
    };
    // Beside amounts of another currency none are in yuan.
    let foreign = measure.is_some_and(|measure| measure.currency.is_some());
    let own = unit.of(field.ty).filter(|own| !foreign || own.currency.is_some());
    own.or_else(declared).ok_or_else(|| Unfit::Unit(bare.to_owned()))
}

/// Whether a text says how much something is at most, at least or about.
fn is_bound(text: &str) -> bool {
    const AFTER: [&str; 8] = ["以内", "之内", "以下", "以上", "左右", "内", "起", "不等"];
    const BEFORE: [&str; 10] =
        ["约", "大约", "近", "不超过", "不少于", "不低于", "最多", "至少", "少于", "超过"];
    AFTER.iter().any(|word| text.ends_with(word))
        || BEFORE.iter().any(|word| text.starts_with(word)) && text.contains(char::is_numeric)
}

/// Whether a number is followed by another one: `5-10`, `3～5日`, `100元至200元`.
fn is_range(figures: &str, word: &str) -> bool {
    const TO: [char; 7] = ['-', '~', '—', '–', '－', '至', '到'];
    let ends = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
    let inner = figures.trim_start_matches(['+', '-']).split_once('-');
    inner.is_some_and(|(from, to)| !from.is_empty() && ends(to))
        || word.split_once(TO).is_some_and(|(_, to)| ends(to.trim_start()))
}

/// Words that are units of something, so that the message can say so.
fn is_unit(word: &str) -> bool {
    const UNITS: [&str; 31] = [
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
        "分",
        "minute",
        "minutes",
        "秒",
        "周",
        "week",
        "weeks",
        "自然日",
    ];
    UNITS.contains(&word)
}
