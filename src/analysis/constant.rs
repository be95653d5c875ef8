//! Literals, and the values that stand in declarations: defaults, readings, parameters.

use super::phrasing::truth_meant;
use super::{Analyzer, Error, nearest};
use crate::diagnostic::Bilingual;
use crate::say;
use crate::schema::{Constant, EnumId, Type};
use crate::syntax::tree::{Expr, ExprKind, Unit};
use crate::text::Span;
use crate::value::Ratio;
use crate::value::date::{day_number, parse_date};
use crate::value::instant;
use crate::value::number::parse_decimal;
use num_traits::CheckedMul;

/// The day that figures may mean: `20180801`, `8/1/2018`.
pub(super) fn day_meant(text: &str) -> Option<Bilingual> {
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let day = |year: &str, month: &str, day: &str| {
        parse_date(&format!("{year}-{month}-{day}")).map(|day| day.to_string())
    };
    if text.len() == 8 && is_number(text) {
        let (year, rest) = text.split_at(4);
        let (month, last) = rest.split_at(2);
        let meant = day(year, month, last)?;
        return Some(say!("日期写作 `{meant}`", "write the day as `{meant}`"));
    }
    let parts: Vec<&str> = text.split('/').map(str::trim).collect();
    let [first, second, year] = *parts.as_slice() else { return None };
    if year.len() != 4 || ![first, second, year].into_iter().all(is_number) {
        return None;
    }
    match (day(year, first, second), day(year, second, first)) {
        (Some(one), Some(other)) if one != other => {
            Some(say!("写明是 `{one}` 还是 `{other}`", "write which it is, `{one}` or `{other}`"))
        }
        (Some(only), _) | (None, Some(only)) => {
            Some(say!("日期写作 `{only}`", "write the day as `{only}`"))
        }
        (None, None) => None,
    }
}

/// The type of a unit.
pub(super) fn unit_type(unit: Unit) -> Type {
    match unit {
        Unit::Workdays => Type::Workdays,
        Unit::Days => Type::Days,
        Unit::Months => Type::Months,
        Unit::Hours => Type::Hours,
        Unit::Minutes => Type::Minutes,
        Unit::Yuan => Type::Money,
    }
}

/// Whether a value is a span of time below 0.
pub(super) fn is_negative_span(constant: &Constant, ty: Type) -> bool {
    let span = matches!(ty, Type::Workdays | Type::Days | Type::Months) || ty.is_span();
    span && matches!(constant, Constant::Int(value) if *value < 0)
}

impl Analyzer<'_> {
    /// A literal's value and type; `None` where the expression is not a literal, or not a valid one
    /// (reported).
    pub(super) fn literal(&mut self, expr: &Expr) -> Option<(Constant, Type)> {
        let span = expr.span;
        match &expr.kind {
            ExprKind::Number(text) if text.contains('.') => {
                Some((Constant::Ratio(self.ratio(text, span)?), Type::Decimal))
            }
            ExprKind::Number(text) => Some((Constant::Int(self.int(text, span)?), Type::Integer)),
            ExprKind::Percent(text) => Some((
                Constant::Ratio(self.ratio(text, span)? / Ratio::from_integer(100)),
                Type::Percent,
            )),
            ExprKind::Quantity(text, Unit::Yuan) => {
                Some((Constant::Ratio(self.ratio(text, span)?), Type::Money))
            }
            ExprKind::Quantity(text, unit) if unit_type(*unit).is_span() => {
                Some((Constant::Int(self.ticks(text, unit_type(*unit), span)?), unit_type(*unit)))
            }
            ExprKind::Quantity(text, unit) => {
                Some((Constant::Int(self.int(text, span)?), unit_type(*unit)))
            }
            ExprKind::Date(text) => {
                let date = parse_date(text);
                if date.is_none() {
                    self.bad_literal(text, span, Bilingual::new("日期", "date"));
                }
                Some((Constant::Int(day_number(date?)), Type::Date))
            }
            ExprKind::Instant(text) => {
                let instant = self.read_instant(text);
                if instant.is_none() {
                    self.bad_literal(text, span, Bilingual::new("时刻", "instant"));
                }
                Some((Constant::Int(instant?), Type::Instant))
            }
            ExprKind::Text(text) => Some((Constant::Text(text.as_str().into()), Type::Text)),
            ExprKind::Boolean(value) => Some((Constant::Bool(*value), Type::Boolean)),
            ExprKind::Negate(inner) => match self.literal(inner)? {
                (Constant::Int(value), ty) => Some((Constant::Int(-value), ty)),
                (Constant::Ratio(value), ty) => Some((Constant::Ratio(-value), ty)),
                _ => None,
            },
            ExprKind::Paren(inner) => self.literal(inner),
            _ => None,
        }
    }

    /// `2015-09-02 14:30`.
    pub(super) fn read_instant(&self, text: &str) -> Option<i64> {
        let (date, time) = instant::split(text)?;
        self.program
            .schema
            .offset
            .instant(day_number(parse_date(date)?), instant::parse_time(time).ok()?)
    }

    fn bad_literal(&mut self, text: &str, span: Span, expected: Bilingual) {
        self.report(Error::BadLiteral { text: text.to_owned(), span, expected });
    }

    fn int(&mut self, text: &str, span: Span) -> Option<i64> {
        let value = text.parse().ok();
        if value.is_none() {
            self.bad_literal(
                text,
                span,
                Bilingual::new("整数（不超过 18 位）", "whole number of at most 18 digits"),
            );
        }
        value
    }

    /// Hours or minutes as they are stored.
    fn ticks(&mut self, text: &str, ty: Type, span: Span) -> Option<i64> {
        let scale = Ratio::from_integer(i128::from(ty.scale()));
        let ticks = parse_decimal(text).and_then(|value| value.checked_mul(&scale));
        let ticks = ticks.filter(Ratio::is_integer);
        let ticks = ticks.and_then(|ticks| i64::try_from(ticks.to_integer()).ok());
        if ticks.is_none() {
            let expected = Bilingual::new("时长（精确到千万分之一秒）", "span of time to 0.1 µs");
            self.bad_literal(text, span, expected);
        }
        ticks
    }

    fn ratio(&mut self, text: &str, span: Span) -> Option<Ratio> {
        let value = parse_decimal(text);
        if value.is_none() {
            self.bad_literal(text, span, Bilingual::new("数", "number"));
        }
        value
    }

    /// A span of time below 0 keeps every limit: another was meant.
    pub(super) fn warn_of_negative(&mut self, constant: &Constant, ty: Type, span: Span) {
        if is_negative_span(constant, ty) {
            let text = self.slice(span);
            self.report(Error::NegativeSpan { text, span });
        }
    }

    /// A value of a given type, as declarations need it; reported where it does not fit.
    pub(super) fn constant(&mut self, expr: &Expr, ty: Type) -> Option<Constant> {
        if let (ExprKind::Name(name), Type::Enum(id)) = (&expr.kind, ty) {
            return self.enum_value(&name.text, name.span, id);
        }
        let before = self.errors.len();
        let literal = self.literal(expr);
        match (literal, ty) {
            (Some((constant, found)), _) if found == ty => {
                self.warn_of_negative(&constant, ty, expr.span);
                Some(constant)
            }
            (Some((constant, found)), _) if found.is_span() && ty.is_span() => Some(constant),
            (Some((Constant::Int(value), Type::Integer)), Type::Decimal) => {
                Some(Constant::Ratio(Ratio::from_integer(value.into())))
            }
            (found, _) => {
                if self.errors.len() == before {
                    let found = found.map_or_else(
                        || Bilingual::new("别的表达式", "another expression"),
                        |(_, found)| self.type_words(found),
                    );
                    let expected = self.type_words(ty);
                    let share = (ty == Type::Percent).then(|| self.slice(expr.span));
                    let truth = match &expr.kind {
                        ExprKind::Name(name) if ty == Type::Boolean => truth_meant(&name.text),
                        _ => None,
                    };
                    let help = share.and_then(|text| super::shares::bare_share(&text)).or(truth);
                    self.report(Error::WrongType { found, expected, span: expr.span, help });
                }
                None
            }
        }
    }

    /// An enum's value by name; reported where there is none.
    pub(super) fn enum_value(&mut self, name: &str, span: Span, id: EnumId) -> Option<Constant> {
        if let Some(index) = self.enum_index(name, id) {
            let value = self.program.schema.enumeration(id)?.values.get(index)?;
            let (names, declared) = (value.names.clone(), value.span);
            self.refer_to(span, &names, declared);
            return Some(Constant::Int(i64::try_from(index).ok()?));
        }
        let enumeration = self.program.schema.enumeration(id)?;
        let near = nearest(name, enumeration.values.iter().flat_map(|value| value.names.iter()));
        let listed = |name: fn(&crate::schema::Names) -> &str, joint: &str| {
            let values = enumeration.values.iter().map(|value| name(&value.names));
            values.collect::<Vec<_>>().join(joint)
        };
        let values = Bilingual::new(
            listed(crate::schema::Names::zh, "、"),
            listed(crate::schema::Names::en, ", "),
        );
        let words = Bilingual::new(enumeration.names.zh(), enumeration.names.en());
        self.report(Error::UnknownValue {
            name: name.to_owned(),
            enumeration: words,
            span,
            nearest: near,
            values,
        });
        None
    }

    /// The index of an enum's value.
    pub(super) fn enum_index(&self, name: &str, id: EnumId) -> Option<usize> {
        self.values.get(&id, name)
    }
}
