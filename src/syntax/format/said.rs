//! Amounts and parts of values as their author wrote them: `400 万元`, `限 的 三分之二`.

use super::writer::Writer;
use crate::syntax::numeral::half_width;
use crate::syntax::parse::{SCALES, scaled};
use crate::syntax::tree::{Expr, ExprKind, Operator, Unit};
use crate::text::Span;
use crate::value::numeral::read;

impl Writer<'_> {
    /// An expression as it was written, where its words are of this language and still mean it.
    pub fn said(&self, expr: &Expr) -> Option<String> {
        match &expr.kind {
            ExprKind::Quantity(digits, Unit::Yuan) => {
                let amount = self.with_scale(expr.span, digits)?;
                let blank = if self.is_english() { " yuan" } else { "元" };
                Some(format!("{amount}{blank}"))
            }
            ExprKind::Binary(..) if !self.is_english() => self.share(expr),
            ExprKind::Paren(inner) if !self.is_english() && inner.span == expr.span => {
                let ExprKind::Binary(part, Operator::Divide, whole) = &inner.kind else {
                    return None;
                };
                let written = self.slice(expr.span);
                let numbers = (number(part)?, number(whole)?);
                (fraction(&written)? == numbers).then_some(written)
            }
            _ => None,
        }
    }

    fn slice(&self, span: Span) -> String {
        let written = self.source.text.get(span.range()).unwrap_or("");
        written.split_whitespace().collect()
    }

    /// `400 万` of an amount that is written so.
    fn with_scale(&self, span: Span, digits: &str) -> Option<String> {
        let written = half_width(&self.slice(span));
        let written = written.trim_start_matches(['￥', '¥']);
        let written = written.strip_prefix("人民币").unwrap_or(written);
        let is_digit = |c: char| c.is_ascii_digit() || c == '.';
        let length = written.find(|c| !is_digit(c)).filter(|length| *length > 0)?;
        let (figures, rest) = written.split_at(length);
        let scales = SCALES.iter().filter(|(word, _)| word.is_ascii() == self.is_english());
        let (scale, _) = scales.clone().find(|(word, _)| rest.starts_with(word))?;
        (scaled(&format!("{figures}{scale}")) == digits).then(|| format!("{figures} {scale}"))
    }

    /// `x 的 三分之二`, `x 的 一半`, `x 的 50%`, `x 的 两倍`.
    fn share(&self, expr: &Expr) -> Option<String> {
        let ExprKind::Binary(left, operator, right) = &expr.kind else { return None };
        let of = match &left.kind {
            ExprKind::Binary(inner, _, part) if part.span == right.span => inner,
            _ => left,
        };
        let between = Span { start: of.span.end, end: right.span.start, ..expr.span };
        let written = self.slice(right.span);
        if between.start >= between.end || self.slice(between) != "的" {
            return None;
        }
        let share = match (&right.kind, operator) {
            (ExprKind::Percent(digits), Operator::Multiply) => format!("{digits}%"),
            (ExprKind::Number(digits), Operator::Multiply) => {
                let times = half_width(&written);
                let times = times.strip_suffix('倍')?;
                let is_same =
                    times == digits || read(times).map(|it| it.to_string()) == Some(digits.clone());
                Some(written).filter(|_| is_same)?
            }
            (ExprKind::Number(_), Operator::Divide) => {
                let part = match &left.kind {
                    ExprKind::Binary(_, Operator::Multiply, part) if part.span == right.span => {
                        number(part)?
                    }
                    _ if std::ptr::eq(of, left) => "1".to_owned(),
                    _ => return None,
                };
                let numbers = (part, number(right)?);
                (fraction(&written)? == numbers).then_some(written)?
            }
            _ => return None,
        };
        Some(format!("{} 的 {share}", self.expression(of)))
    }
}

fn number(expr: &Expr) -> Option<String> {
    match &expr.kind {
        ExprKind::Number(digits) => Some(digits.clone()),
        _ => None,
    }
}

/// `三分之二`: the part and the whole, in digits.
fn fraction(written: &str) -> Option<(String, String)> {
    if written == "一半" {
        return Some(("1".to_owned(), "2".to_owned()));
    }
    let (whole, part) = written.split_once("分之")?;
    let whole = match whole {
        "千" => 1000,
        "万" => 10_000,
        _ => read(whole)?,
    };
    Some((read(part)?.to_string(), whole.to_string()))
}
