//! Numbers as they are written, and quantities.

use super::node::{Built, Node};
use crate::syntax::error::ErrorKind;
use crate::syntax::grammar::Rule;
use crate::syntax::numeral::{self, Reading, half_width};
use crate::syntax::tree::{ExprKind, Unit};

/// A number in digits or as a Chinese numeral, in digits.
pub(super) fn amount(node: &Node, written: &str) -> Built<String> {
    if written.starts_with(|c: char| c.is_ascii_digit()) {
        return Ok(written.to_owned());
    }
    match numeral::read(written) {
        Reading::Number(number) => Ok(number.to_string()),
        Reading::Probably(_) | Reading::Nothing => {
            Err(node.error(ErrorKind::NotANumeral(written.to_owned())))
        }
    }
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

/// `3 工作日`, `1.5 万元`, `五个工作日`, `￥100`.
pub(super) fn quantity(node: Node) -> Built<ExprKind> {
    let mut inner = node.inner();
    let written = inner.need(Rule::amount)?;
    let amount = amount(&written, &half_width(written.text()))?;
    let amount = match inner.accept(Rule::scale) {
        Some(scale) => moved(&amount, if scale.text() == "万" { 4 } else { 8 }),
        None => amount,
    };
    let unit = match inner.peek() {
        Some(Rule::unit_workdays) => Unit::Workdays,
        Some(Rule::unit_days) => Unit::Days,
        Some(Rule::unit_months) => Unit::Months,
        Some(Rule::unit_hours) => Unit::Hours,
        Some(Rule::unit_minutes) => Unit::Minutes,
        _ => Unit::Yuan,
    };
    Ok(ExprKind::Quantity(amount, unit))
}
