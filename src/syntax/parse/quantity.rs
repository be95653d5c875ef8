//! Numbers as they are written, and quantities.

use super::expression::Deep;
use super::node::{Built, Node};
use crate::syntax::error::ErrorKind;
use crate::syntax::grammar::Rule;
use crate::syntax::numeral::half_width;
use crate::syntax::tree::{Expr, ExprKind, Operator, Unit};
use crate::value::numeral;

/// A number in digits or as a Chinese numeral, in digits: `1.5`, `一万五千`, `零点五`.
pub(super) fn amount(node: &Node, written: &str) -> Built<String> {
    if written.starts_with(|c: char| c.is_ascii_digit()) {
        return Ok(scaled(written));
    }
    if let Some((_, number)) = ENGLISH.iter().find(|(word, _)| *word == written) {
        return Ok(number.to_string());
    }
    let (whole, part) = written.split_once('点').map_or((written, None), |(a, b)| (a, Some(b)));
    let digits = numeral::read(whole).map(|whole| whole.to_string());
    let read = match part {
        None => digits,
        Some(part) => {
            digits.zip(numeral::figures(part)).map(|(whole, part)| format!("{whole}.{part}"))
        }
    };
    read.ok_or_else(|| node.error(ErrorKind::NotANumeral(written.to_owned())))
}

/// Numbers in English words.
const ENGLISH: [(&str, u32); 27] = [
    ("one", 1),
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
    ("ten", 10),
    ("eleven", 11),
    ("twelve", 12),
    ("thirteen", 13),
    ("fourteen", 14),
    ("fifteen", 15),
    ("sixteen", 16),
    ("seventeen", 17),
    ("eighteen", 18),
    ("nineteen", 19),
    ("twenty", 20),
    ("thirty", 30),
    ("forty", 40),
    ("fifty", 50),
    ("sixty", 60),
    ("seventy", 70),
    ("eighty", 80),
    ("ninety", 90),
];

/// The words that multiply the number before them, the longer first, by ten so many times.
pub(crate) const SCALES: [(&str, usize); 11] = [
    ("万亿", 12),
    ("千万", 7),
    ("百万", 6),
    ("十万", 5),
    ("亿", 8),
    ("万", 4),
    ("千", 3),
    ("百", 2),
    ("billion", 9),
    ("million", 6),
    ("thousand", 3),
];

/// A number in digits with the word behind it: `1.5万` is `15000`.
pub(crate) fn scaled(written: &str) -> String {
    let scale =
        SCALES.iter().find_map(|(word, places)| Some((written.strip_suffix(word)?, places)));
    scale.map_or_else(|| written.to_owned(), |(number, places)| moved(number.trim_end(), *places))
}

/// A number in digits, times ten as often as said.
fn moved(number: &str, places: usize) -> String {
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let digits = format!("{whole}{part:0<places$}");
    let (whole, part) = digits.split_at(whole.len() + places);
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    if part.is_empty() { whole.to_owned() } else { format!("{whole}.{part}") }
}

/// `2 小时 30 分钟`, in minutes.
pub(super) fn clock_span(node: Node) -> Built<ExprKind> {
    let whole = node.clone();
    let mut inner = node.inner();
    let hours = inner.need(Rule::amount)?;
    inner.need(Rule::clock_hours)?;
    let minutes = inner.need(Rule::amount)?;
    let number = |node: &Node| -> Built<u64> {
        let digits = amount(node, &half_width(node.text()))?;
        digits.parse().map_err(|_| node.error(ErrorKind::NotANumeral(node.text().to_owned())))
    };
    let sum =
        number(&hours)?.checked_mul(60).and_then(|sum| sum.checked_add(number(&minutes).ok()?));
    let sum = sum.ok_or_else(|| whole.error(ErrorKind::NotANumeral(whole.text().to_owned())))?;
    number(&minutes)?;
    Ok(ExprKind::Quantity(sum.to_string(), Unit::Minutes))
}

/// `半个工作日`: half of one.
pub(super) fn half_unit(node: Node) -> Built<Deep> {
    let span = node.span();
    let unit = unit(node.inner().peek());
    let leaf = |kind| Box::new(Expr { span, kind });
    let one = leaf(ExprKind::Quantity("1".to_owned(), unit));
    let two = leaf(ExprKind::Number("2".to_owned()));
    let half = leaf(ExprKind::Binary(one, Operator::Divide, two));
    Deep::above(span, 2, ExprKind::Paren(half))
}

/// `3 工作日`, `1.5 万元`, `五个工作日`, `￥100`.
pub(super) fn quantity(node: Node) -> Built<ExprKind> {
    let mut inner = node.inner();
    let written = inner.need(Rule::amount)?;
    let amount = amount(&written, &half_width(written.text()))?;
    let amount = match inner.accept(Rule::scale) {
        Some(scale) => scaled(&format!("{amount}{}", scale.text())),
        None => amount,
    };
    Ok(ExprKind::Quantity(amount, unit(inner.peek())))
}

/// The unit that a keyword is.
fn unit(rule: Option<Rule>) -> Unit {
    match rule {
        Some(Rule::unit_workdays) => Unit::Workdays,
        Some(Rule::unit_days) => Unit::Days,
        Some(Rule::unit_months) => Unit::Months,
        Some(Rule::unit_hours) => Unit::Hours,
        Some(Rule::unit_minutes) => Unit::Minutes,
        _ => Unit::Yuan,
    }
}
