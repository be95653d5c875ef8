//! One value as written → one value of the field's type. Knows no file and no row.

mod date;
mod quantity;

use super::conventions::{Conventions, How};
use super::plan::FieldPlan;
use crate::data::event::Scalar;
use crate::data::fault::Unfit;
use crate::data::names::{fold, nearest};
use crate::schema::{Constant, EnumValue, Type};
use crate::value::Ratio;
use crate::value::key::{self, canonical};
use date::{read_date, read_instant, written_out};
pub use quantity::small_integer;
use quantity::{one_of, read_quantity, scaled, scientific};
use std::borrow::Cow;
use std::hash::{Hash, Hasher};

/// A value of a field's type.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    /// Text, trimmed.
    Text(&'a str),
    /// Integers, days, instants, durations, enum indices.
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

/// Reads one value, written as people usually do.
///
/// # Errors
/// Where the value does not fit the field's type.
pub fn read<'a>(field: &'a FieldPlan, scalar: Scalar<'a>) -> Result<Value<'a>, Unfit> {
    read_as(field, scalar, How::default())
}

/// Reads one value, written as the manifest says.
///
/// # Errors
/// Where the value does not fit the field's type.
pub fn read_as<'a>(
    field: &'a FieldPlan,
    scalar: Scalar<'a>,
    how: How<'_>,
) -> Result<Value<'a>, Unfit> {
    match scalar {
        Scalar::Null => Ok(Value::NotGiven),
        Scalar::Bool(value) if field.ty == Type::Boolean => Ok(Value::Bool(value)),
        Scalar::Bool(value) if refers_to(field, &[Type::Boolean]) => {
            Ok(Value::Reference(if value { "true" } else { "false" }))
        }
        Scalar::Bool(_) => Err(Unfit::Type),
        // Keys are told of what cannot be seen in them.
        Scalar::Text(text) if field.key || matches!(field.ty, Type::Ref(_)) => {
            read_text(field, text.trim(), how)
        }
        Scalar::Text(text) => read_text(field, key::seen(text), how),
        Scalar::Number(digits) => read_number(field, digits, how),
        Scalar::Moment(text) if field.ty == Type::Date => {
            read_date(text, field.offset, how.conventions).map(Value::Int)
        }
        Scalar::Moment(text) if field.ty == Type::Instant => {
            read_instant(text, field.offset, how.conventions.order).map(Value::Int)
        }
        Scalar::Moment(text) if refers_to(field, &[Type::Date, Type::Instant]) => {
            Ok(Value::Reference(text))
        }
        Scalar::Moment(_) => Err(Unfit::Type),
    }
}

/// Whether a text is what spreadsheet programs show where a cell has no value, or no room for it:
/// `#N/A`, `Err:502`, `####`.
#[inline]
#[must_use]
pub fn is_error(text: &str) -> bool {
    const ERRORS: [&str; 15] = [
        "#N/A",
        "#REF!",
        "#VALUE!",
        "#DIV/0!",
        "#NAME?",
        "#NUM!",
        "#NULL!",
        "#SPILL!",
        "#CALC!",
        "#FIELD!",
        "#BLOCKED!",
        "#CONNECT!",
        "#UNKNOWN!",
        "#BUSY!",
        "#GETTING_DATA",
    ];
    // Most texts do not even begin so, nor with a blank, in whatever width.
    let first = text.as_bytes().first();
    if !first.is_some_and(|first| matches!(first, b'#' | b'E' | b'\t'..=b' ' | 0xC2 | 0xE1..=0xE3))
    {
        return false;
    }
    let text = text.trim();
    match text.as_bytes().first() {
        Some(b'#') => {
            let is_narrow = text.len() > 2 && text.bytes().all(|byte| byte == b'#');
            is_narrow || ERRORS.contains(&text)
        }
        Some(b'E') => text
            .strip_prefix("Err:")
            .is_some_and(|number| number.len() == 3 && number.bytes().all(|b| b.is_ascii_digit())),
        _ => false,
    }
}

/// Whether a text is what programs make of a number of 11 digits or more, `4.10106E+17` (`e17` in
/// others), or spreadsheet programs of a code with an E in it, `1.00E+02`: always with two decimals.
#[inline]
#[must_use]
pub fn is_cut(text: &str) -> bool {
    // Most texts do not even begin so: a digit, a blank, or what may be the wide form of one.
    let first = text.as_bytes().first();
    first.is_some_and(
        |first| matches!(first, b'0'..=b'9' | b' ' | b'\t'..=b'\r' | 0xC2 | 0xE1..=0xE3 | 0xEF),
    ) && is_cut_number(text)
}

fn is_cut_number(text: &str) -> bool {
    let text = text.trim_start();
    let mut letters = text.chars().map(half);
    if !letters.next().is_some_and(|letter| letter.is_ascii_digit())
        || !letters.next().is_some_and(|letter| matches!(letter, '.' | 'E' | 'e'))
    {
        return false;
    }
    let text: String = text.trim_end().chars().map(half).collect();
    let Some((figures, power)) = text.split_once(['E', 'e']) else { return false };
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = figures.split_once('.').unwrap_or((figures, ""));
    let is_signed = power.starts_with('+');
    let power = power.strip_prefix('+').unwrap_or(power);
    let is_long = power.parse().is_ok_and(|power: u32| power >= 10) && power.len() >= 2;
    let is_shown_so = if fraction.is_empty() {
        // `1E17` is a code; `1E+17` is none.
        is_signed && is_long && !figures.contains('.')
    } else {
        digits(fraction) && (is_long || is_signed && fraction.len() == 2 && power.len() == 2)
    };
    whole.len() == 1 && digits(whole) && digits(power) && is_shown_so
}

/// A character in its narrow form.
fn half(letter: char) -> char {
    let code = u32::from(letter);
    let narrow = (0xFF01..=0xFF5E).contains(&code).then(|| char::from_u32(code - 0xFEE0)).flatten();
    narrow.unwrap_or(letter)
}

/// Whether a value means that a field is not given, though something stands there.
#[must_use]
pub fn leaves_out(field: &FieldPlan, scalar: Scalar<'_>, how: How<'_>) -> bool {
    let may = how.conventions.leaves_out(scalar) || !field.readings.is_empty();
    may && if field.list.is_some() {
        is_no_list(field, scalar, how)
    } else {
        matches!(read_as(field, scalar, how), Ok(Value::NotGiven))
    }
}

/// Whether a field's list is not given where this stands instead of it.
#[must_use]
pub fn is_no_list(field: &FieldPlan, scalar: Scalar<'_>, how: How<'_>) -> bool {
    match scalar {
        Scalar::Null => true,
        Scalar::Text(text) => {
            let told = || matches!(reading(field, &fold(text)), Some(Value::NotGiven));
            text.is_empty() || told() || how.conventions.is_absent(text)
        }
        Scalar::Bool(_) | Scalar::Number(_) | Scalar::Moment(_) => false,
    }
}

/// Whether a field is a reference to rows whose key is of one of these types.
fn refers_to(field: &FieldPlan, types: &[Type]) -> bool {
    matches!(field.ty, Type::Ref(_)) && field.leads_to.is_some_and(|ty| types.contains(&ty))
}

/// What a value is told apart by where it is a key, is unique or refers to a row: `007` and `7` are
/// one integer, `Ａ` and `A` one text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum KeyValue<'a> {
    /// The canonical form of a text.
    Text(Cow<'a, str>),
    /// Integers, days, instants, durations, enum indices, truth values.
    Int(i64),
    /// Exact numbers; apart, so that tables of keys stay small.
    Ratio(Box<Ratio>),
}

// What kind it is need not be hashed: keys of one column are of one kind.
impl Hash for KeyValue<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            Self::Text(text) => text.hash(state),
            Self::Int(value) => value.hash(state),
            Self::Ratio(value) => value.hash(state),
        }
    }
}

impl KeyValue<'_> {
    /// The same, kept apart from the text it was read from.
    #[must_use]
    pub fn into_owned(self) -> KeyValue<'static> {
        match self {
            Self::Text(text) => KeyValue::Text(Cow::Owned(text.into_owned())),
            Self::Int(value) => KeyValue::Int(value),
            Self::Ratio(value) => KeyValue::Ratio(value),
        }
    }
}

/// What a text stands for as a value of a key ([`super::plan::Plan::last_key`]); `None` where it
/// does not read as one.
#[must_use]
pub fn read_key<'a>(key: &FieldPlan, text: &'a str) -> Option<KeyValue<'a>> {
    let text = canonical(text);
    if key.ty == Type::Text && key.readings.is_empty() {
        return if text.is_empty() { None } else { Some(KeyValue::Text(text)) };
    }
    let is_number =
        |byte: u8| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+' | b'e' | b'E');
    let read = match read(key, Scalar::Text(&text)) {
        Err(_) if text.bytes().all(is_number) => read(key, Scalar::Number(&text)),
        found => found,
    };
    Some(match read.ok()? {
        Value::Text(text) => KeyValue::Text(Cow::Owned(canonical(text).into_owned())),
        Value::Int(value) => KeyValue::Int(value),
        Value::Ratio(value) => KeyValue::Ratio(Box::new(value)),
        Value::Bool(value) => KeyValue::Int(value.into()),
        Value::Reference(_) | Value::NotGiven => return None,
    })
}

fn read_text<'a>(field: &'a FieldPlan, text: &'a str, how: How<'_>) -> Result<Value<'a>, Unfit> {
    if text.is_empty() || tells_rows_apart(field) && key::is_blank(text) {
        return Ok(Value::NotGiven);
    }
    // Nothing says of a whole cell what it stands for.
    let is_literal = field.readings.is_empty() && !how.conventions.is_absent(text);
    match field.ty {
        Type::Integer | Type::Workdays | Type::Days | Type::Months
            if is_literal && how.measure.is_none() =>
        {
            if let Some(value) = small_integer(text) {
                return Ok(Value::Int(value));
            }
        }
        Type::Date if is_literal => {
            if let Some(day) = written_out(text) {
                return Ok(Value::Int(day));
            }
        }
        Type::Text if is_literal => return Ok(Value::Text(text)),
        Type::Ref(_) if is_literal => return Ok(Value::Reference(text)),
        Type::Enum(_) => {
            if let Some(index) = field.values.as_ref().and_then(|values| values.get(text)) {
                return Ok(Value::Int(index as i64));
            }
        }
        _ => {}
    }
    if text.len() > LONGEST_CELL && !matches!(field.ty, Type::Text | Type::Ref(_)) {
        return Err(if matches!(field.ty, Type::Enum(_)) { Unfit::NotListed } else { Unfit::Form });
    }
    let plain = fold(text);
    if let Some(value) = reading(field, &plain) {
        return Ok(value);
    }
    if how.conventions.is_absent(text) {
        return Ok(Value::NotGiven);
    }
    match field.ty {
        Type::Text => Ok(Value::Text(text)),
        Type::Ref(_) => Ok(Value::Reference(text)),
        Type::Boolean => {
            let own = how.conventions.truth(&plain);
            own.or_else(|| read_truth(&plain)).map(Value::Bool).ok_or(Unfit::Form)
        }
        Type::Date => read_date(&plain, field.offset, how.conventions).map(Value::Int),
        Type::Instant => read_instant(&plain, field.offset, how.conventions.order).map(Value::Int),
        Type::Enum(_) => {
            let value = field.short_code(text).map(|(_, value)| Value::Int(value as i64));
            value.ok_or(Unfit::NotListed)
        }
        _ => read_quantity(field, &plain, how.measure),
    }
}

/// The value of an enum that a word was meant to be, in its spelling: the same in another case, or
/// one nearly so.
#[must_use]
pub fn near_value(values: &[EnumValue], text: &str) -> Option<String> {
    let names = || values.iter().flat_map(|value| value.names.iter());
    let also = || values.iter().flat_map(|value| value.also.iter().map(|word| &**word));
    let lower = text.to_ascii_lowercase();
    let same = names().chain(also()).find(|name| name.eq_ignore_ascii_case(text));
    same.map(str::to_owned)
        .or_else(|| nearest(text, names()))
        .or_else(|| nearest(text, also()))
        .or_else(|| nearest(&lower, names().chain(also())))
}

/// A key that a file names, as it is written elsewhere: a date in the order of its file, or with a
/// time, in the usual form.
pub fn usual<'t>(
    key: Option<&FieldPlan>,
    text: &'t str,
    conventions: &Conventions,
) -> Cow<'t, str> {
    let key = key.filter(|key| key.ty == Type::Date);
    let day = key.and_then(|key| read_date(&fold(text.trim()), key.offset, conventions).ok());
    let date = day.and_then(crate::value::date::day_date);
    date.map_or(Cow::Borrowed(text), |date| Cow::Owned(date.to_string()))
}

/// What a text names as a key; a text that does not read as one, as it is written.
pub fn named(key: Option<&FieldPlan>, text: &str) -> KeyValue<'static> {
    let read = key.and_then(|key| read_key(key, text));
    read.unwrap_or_else(|| KeyValue::Text(canonical(text))).into_owned()
}

/// Whether the values of a field tell rows apart; a text of which nothing can be seen is none then.
fn tells_rows_apart(field: &FieldPlan) -> bool {
    field.key || matches!(field.ty, Type::Ref(_))
}

/// No number, date or name is longer, in bytes.
const LONGEST_CELL: usize = 1000;

/// `读作`: the whole cell stands for a value.
fn reading<'a>(field: &'a FieldPlan, plain: &str) -> Option<Value<'a>> {
    let (_, constant) = field.readings.iter().find(|(word, _)| **word == *plain)?;
    Some(match constant {
        None => Value::NotGiven,
        Some(Constant::Int(value)) => Value::Int(*value),
        Some(Constant::Ratio(value)) => Value::Ratio(*value),
        Some(Constant::Bool(value)) => Value::Bool(*value),
        Some(Constant::Text(value)) => Value::Text(value),
        Some(Constant::Empty) => return None,
    })
}

fn read_truth(plain: &str) -> Option<bool> {
    match plain {
        "是" => Some(true),
        "否" => Some(false),
        _ if ["true", "yes"].iter().any(|word| plain.eq_ignore_ascii_case(word)) => Some(true),
        _ if ["false", "no"].iter().any(|word| plain.eq_ignore_ascii_case(word)) => Some(false),
        _ => None,
    }
}

/// Types whose values may be numbers of the format itself.
const NUMBERS: &[Type] = &[
    Type::Integer,
    Type::Decimal,
    Type::Money,
    Type::Workdays,
    Type::Days,
    Type::Months,
    Type::Hours,
    Type::Minutes,
];

/// A number of the format itself: JSON `1.5e3`, TOML `1.5`.
fn read_number<'a>(
    field: &'a FieldPlan,
    digits: &'a str,
    how: How<'_>,
) -> Result<Value<'a>, Unfit> {
    if let Some(value) = reading(field, digits) {
        return Ok(value);
    }
    if how.conventions.is_absent(digits) {
        return Ok(Value::NotGiven);
    }
    if field.ty == Type::Boolean
        && let Some(value) = how.conventions.truth(digits)
    {
        return Ok(Value::Bool(value));
    }
    match field.ty {
        Type::Integer | Type::Workdays | Type::Days | Type::Months => {
            match small_integer(digits).filter(|_| how.measure.is_none()) {
                Some(value) => Ok(Value::Int(value)),
                None => scaled(field.ty, scientific(digits)?, how.measure),
            }
        }
        Type::Hours | Type::Minutes => {
            let measure = how.measure.copied().unwrap_or(one_of(field.ty));
            scaled(field.ty, scientific(digits)?, Some(&measure))
        }
        Type::Percent if how.measure.is_none() => Err(Unfit::BarePercent),
        Type::Decimal | Type::Money | Type::Percent => {
            scaled(field.ty, scientific(digits)?, how.measure)
        }
        Type::Ref(_) if refers_to(field, NUMBERS) => Ok(Value::Reference(digits)),
        _ => Err(Unfit::Type),
    }
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
        for (written, value) in [
            ("5", 5),
            ("５", 5),
            ("155,668", 155_668),
            ("１５５，６６８", 155_668),
            ("-3", -3),
            (" 7 ", 7),
            ("+7", 7),
            ("2.0", 2),
        ] {
            assert_eq!(text(Type::Integer, written), Ok(Value::Int(value)), "{written}");
        }
        for written in ["1,23", "1,2345", "5件", "abc", "1.5", "--1", "1.2.3", "1e3", ",123", "五"]
        {
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
        for (written, value) in [
            ("100", 100),
            ("100元", 100),
            ("1.5万元", 15_000),
            ("￥1,500", 1500),
            ("0.2亿元", 20_000_000),
        ] {
            assert_eq!(
                text(Type::Money, written),
                Ok(Value::Ratio(Ratio::from_integer(value))),
                "{written}"
            );
        }
        assert_eq!(text(Type::Percent, "51％"), Ok(Value::Ratio(Ratio::new(51, 100))));
        assert_eq!(text(Type::Percent, "0.51"), Err(Unfit::BarePercent));
        assert_eq!(text(Type::Money, "5%"), Err(Unfit::Unit("%".into())));
    }

    #[test]
    fn durations_keep_their_unit() {
        for written in ["3", "3个工作日", "3 工作日", "3workdays", "３ 个工作日", "3 working days"]
        {
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
        for written in [
            "2015-11-20",
            "2015/11/20",
            "2015.11.20",
            "2015年11月20日",
            "20151120",
            "２０１５－１１－２０",
            "2015-11-20 00:00:00",
            "20151120日",
            "2015 年 11 月 20 号",
            "二〇一五年十一月二十日",
        ] {
            assert_eq!(text(Type::Date, written), day, "{written}");
        }
        assert_eq!(text(Type::Date, "2015-02-30"), Err(Unfit::NoSuchDay));
        assert_eq!(text(Type::Date, "2015-13-01"), Err(Unfit::NoSuchDay));
        assert_eq!(text(Type::Date, "2015-11-20 08:30"), Err(Unfit::TimeOfDay(None)));
        assert_eq!(text(Type::Date, "2015年11月20日 星期五"), day);
        assert_eq!(text(Type::Date, "2015-11-20 星期四"), Err(Unfit::Weekday));
        for written in
            ["15-11-20", "2015", "2015-11", "去年", "2015-11-20-1", "11/20/2015", "20/11/2015"]
        {
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
        assert_eq!(text(Type::Boolean, "No"), Ok(Value::Bool(false)));
        assert_eq!(text(Type::Boolean, "有"), Err(Unfit::Form));
        let mut field = FieldPlan::of_type(Type::Workdays);
        field.readings.push(("当场".into(), Some(Constant::Int(0))));
        field.units.push("天".into());
        assert_eq!(read(&field, Scalar::Text("当场")), Ok(Value::Int(0)));
        assert_eq!(read(&field, Scalar::Text("5天")), Ok(Value::Int(5)));
    }
}
