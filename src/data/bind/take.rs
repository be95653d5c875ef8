//! One value into its column. Nearly all are of a kind that nothing can be asked of; the others are
//! looked at from all sides.

use super::Binder;
use super::cell::{self, Value};
use super::conventions::How;
use super::plan::{FieldPlan, lacks_zeros};
use super::unfit::{self, found};
use crate::data::event::Scalar;
use crate::data::fault::{At, Unfit};
use crate::data::{garbled, leaving, placeholder};
use crate::schema::Type;
use std::ops::Range;

/// Whether a text is of letters of Chinese alone, and nothing else it could be: no word or sign for
/// nothing, no number, no remains of another program or encoding, nothing that cannot be seen at
/// its ends.
#[inline]
fn is_ordinary(text: &str) -> bool {
    let [Some(first), Some(last)] = [text.chars().next(), text.chars().next_back()] else {
        return false;
    };
    let is_letter = |letter: char| matches!(letter, '\u{4E00}'..='\u{9FFF}');
    (is_letter(first) || first == '《')
        && (is_letter(last) || matches!(last, '》' | '）' | '。' | '；'))
        && garbled::is_calm(text.as_bytes())
        && (first == '《' || !placeholder::may_begin_one(first))
}

/// No code is longer of which nothing is asked, in bytes.
const LONGEST_CODE: usize = 40;

/// Whether a text is a code that can be nothing else: a letter of ASCII, then letters, digits and
/// hyphens. None is a number, a word for nothing, or a day, as spreadsheet programs make of codes
/// (`Jan-02`).
#[inline]
fn is_code(text: &str) -> bool {
    let bytes = text.as_bytes();
    let Some(first) = bytes.first() else { return false };
    let is_first = first.is_ascii_alphabetic() && !placeholder::may_begin_one(char::from(*first));
    let hyphens = bytes.len() > leaving::LONGEST_IN_ENGLISH;
    let is_letter = |byte: &u8| byte.is_ascii_alphanumeric() || hyphens && *byte == b'-';
    is_first
        && bytes.len() <= LONGEST_CODE
        && bytes.iter().fold(true, |all, byte| all & is_letter(byte))
}

impl<'p> Binder<'p> {
    /// Puts a value into its column, and says what is wrong with it.
    #[inline]
    pub(super) fn take(&mut self, at: At, scalar: Scalar<'_>, span: Range<usize>) {
        let Some(field) = self.plan.field(at.frame, at.field) else { return };
        let is_bare = field.is_bare && self.is_usual;
        match is_bare.then(|| at_once(field, scalar)).flatten() {
            Some(value) => self.put(field, at, value, span),
            None => self.look_at(field, (at, scalar), span),
        }
    }

    #[inline]
    fn put(&mut self, field: &FieldPlan, at: At, value: Value<'_>, span: Range<usize>) {
        let of_frame = (self.rows.get_mut(at.frame), self.open.get_mut(at.frame));
        let (Some(rows), Some(open)) = of_frame else { return };
        let row = rows.len;
        let Some(column) = rows.columns.get_mut(at.field) else { return };
        if column.last == row + 1 {
            return self.given_twice(at, span);
        }
        column.last = row + 1;
        column.store(row, value);
        open.given += 1;
        if field.key {
            open.key = Some(span);
        }
    }

    #[inline(never)]
    fn look_at(&mut self, field: &FieldPlan, (at, scalar): (At, Scalar<'_>), span: Range<usize>) {
        let plan = self.plan;
        let measure = self.measure_of(at);
        let how = How { conventions: self.conventions, measure: measure.as_ref() };
        let value = match field.list {
            None => cell::read_as(field, scalar, how),
            Some(_) if cell::is_no_list(field, scalar, how) => Ok(Value::NotGiven),
            Some(_) => Err(Unfit::Type),
        };
        // What reads as a number or a listed value is no garbled text.
        let is_lost = !matches!(value, Ok(Value::Int(_) | Value::Bool(_) | Value::Ratio(_)))
            && self.is_lost(field, (at, scalar), &span);
        let Some((row, column)) = self.claim(at, &span) else { return };
        if is_lost {
            return self.mark(at, true);
        }
        if let (Type::Text | Type::Ref(_), Scalar::Text(text)) = (field.ty, scalar)
            && let Some(fault) = unfit::lost(field, (at, text), how)
        {
            self.faults.push(span, fault);
            return self.mark(at, true);
        }
        match value {
            Ok(Value::NotGiven) => self.absent(at, span.clone()),
            Ok(Value::Reference(key)) if how.conventions.has_dates() => {
                let last = plan.last_key(at.frame, at.field);
                let key = cell::usual(last, key, how.conventions);
                column.store(row, Value::Reference(&key));
            }
            Ok(value) => {
                let is_text = matches!(value, Value::Text(_));
                column.store(row, value);
                if is_text {
                    self.ask(field, (at, scalar), &span);
                }
            }
            Err(unfit) => self.unfit(at, unfit, found(scalar), span.clone()),
        }
        self.ask_day(field, (at, scalar), &span);
        self.compare_unit((at, scalar), (field.ty, measure.as_ref()), &span);
        if let Some(fault) = lacks_zeros(field, (at, scalar)) {
            self.faults.push(span.clone(), fault);
        }
        if let (true, Some(open)) = (field.key, self.open.get_mut(at.frame)) {
            open.key = Some(span);
        }
    }
}

/// What a value of a bare field is, where that can be told at once; see [`FieldPlan::is_bare`].
#[inline]
fn at_once<'a>(field: &FieldPlan, scalar: Scalar<'a>) -> Option<Value<'a>> {
    match (field.ty, scalar) {
        (Type::Text, Scalar::Text(text)) => {
            (is_code(text) || is_ordinary(text)).then_some(Value::Text(text))
        }
        (Type::Ref(_), Scalar::Text(text)) => {
            (is_code(text) || is_ordinary(text)).then_some(Value::Reference(text))
        }
        (Type::Enum(_), Scalar::Text(text)) => {
            field.values.as_ref()?.get(text).map(|index| Value::Int(index as i64))
        }
        (Type::Boolean, Scalar::Bool(value)) => Some(Value::Bool(value)),
        (Type::Boolean, Scalar::Text("true")) => Some(Value::Bool(true)),
        (Type::Boolean, Scalar::Text("false")) => Some(Value::Bool(false)),
        (
            Type::Integer | Type::Workdays | Type::Days | Type::Months,
            Scalar::Number(digits) | Scalar::Text(digits),
        ) => cell::small_integer(digits).map(Value::Int),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::key;

    #[test]
    fn nothing_can_be_asked_of_an_ordinary_text() {
        let mut ordinary = 0;
        let letters = (0..=0xFFFF_u32).filter_map(char::from_u32);
        for letter in letters.chain(['𠮷', '\u{E0041}']) {
            for text in [letter.to_string(), format!("{letter}字"), format!("字{letter}")] {
                if !is_ordinary(&text) {
                    continue;
                }
                ordinary += 1;
                assert_eq!(key::seen(&text), text);
                assert_eq!(text.trim(), text);
                assert!(garbled::look(&text).is_none(), "{text}");
                assert!(!placeholder::is_one(&text), "{text}");
                assert!(!cell::is_error(&text) && !cell::is_cut(&text), "{text}");
                assert!(leaving::day(&text).is_none() && leaving::escape(&text).is_none());
                assert!(!text.bytes().any(|byte| byte.is_ascii()), "{text}");
            }
        }
        assert!(ordinary > 30_000, "{ordinary}");
        let mut codes = 0;
        let parts =
            ["", "A", "Jan", "sep", "E", "Err", "x1", "02", "2024", "-", "-1", "-Mar", "D-"];
        for first in ('!'..='~').filter(|first| first.is_ascii_alphanumeric() || *first == '-') {
            for (second, third) in parts.iter().flat_map(|one| parts.map(|other| (one, other))) {
                for last in ["", "7", "-2024", "00000000"] {
                    let text = format!("{first}{second}{third}{last}");
                    if !is_code(&text) {
                        continue;
                    }
                    codes += 1;
                    assert_eq!(key::canonical(&text), text);
                    assert_eq!(key::seen(&text), text);
                    assert!(
                        garbled::look(&text).is_none() && !placeholder::is_one(&text),
                        "{text}"
                    );
                    assert!(!cell::is_error(&text) && !cell::is_cut(&text), "{text}");
                    assert!(leaving::day(&text).is_none() && leaving::escape(&text).is_none());
                    assert!(text.bytes().any(|byte| !byte.is_ascii_digit()));
                }
            }
        }
        assert!(codes > 10_000, "{codes}");
        for text in ["Jan-02", "sep-1", "NA", "null", "1E5", "A&B", "Err:502", "A B", "-", "é1"] {
            assert!(!is_code(text), "{text}");
        }
        for text in ["无", "暂无", "待补充", "《无》&amp;", "字 ", "　字", "锟斤拷", "3月1日"]
        {
            assert!(!is_ordinary(text), "{text}");
        }
    }
}
