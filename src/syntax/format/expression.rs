//! Expressions: on one line, or broken at the loosest 且 or 或.

use super::WIDTH;
use super::writer::Writer;
use crate::syntax::grammar::Rule;
use crate::syntax::numeral::{self, chinese};
use crate::syntax::relation;
use crate::syntax::tree::{Call, Conformance, Expr, ExprKind, Listing, Unit};
use unicode_width::UnicodeWidthStr;

/// Whether a text fits on a line that begins at a column.
pub(super) fn fits(text: &str, indent: usize) -> bool {
    indent + text.width() <= WIDTH
}

/// How far the lines of a broken expression are indented below the line it belongs to.
pub(super) const STEP: usize = 2;

impl Writer<'_> {
    /// An expression on one line.
    pub fn expression(&self, expr: &Expr) -> String {
        let prefixed =
            |rule, inner: &Expr| format!("{} {}", self.word(rule), self.expression(inner));
        if let Some(said) = self.said(expr) {
            return said;
        }
        match &expr.kind {
            ExprKind::Number(digits) => digits.clone(),
            ExprKind::Percent(digits) => format!("{digits}%"),
            ExprKind::Quantity(digits, unit) => format!("{digits} {}", self.unit(digits, *unit)),
            ExprKind::Date(text) => self.date(text),
            ExprKind::Instant(text) => text.clone(),
            ExprKind::Text(content) => self.text(content),
            ExprKind::Boolean(true) => self.word(Rule::kw_true).to_owned(),
            ExprKind::Boolean(false) => self.word(Rule::kw_false).to_owned(),
            ExprKind::Name(name) => self.used(name),
            ExprKind::This => self.word(Rule::kw_this).to_owned(),
            ExprKind::Member(of, name) => format!("{}.{}", self.expression(of), self.plain(name)),
            ExprKind::Lookup(list, condition) => {
                format!("{}[{}]", self.expression(list), self.expression(condition))
            }
            ExprKind::Call(call) => self.call(call),
            ExprKind::Set(members) => format!("{{{}}}", self.list(members, self.pause())),
            ExprKind::Conforms(asks, process) => {
                format!("{} {}", self.word(conformance_rule(*asks)), self.used(process))
            }
            ExprKind::Has(inner) => prefixed(Rule::kw_has, inner),
            ExprKind::Lacks(inner) => prefixed(Rule::kw_lacks, inner),
            ExprKind::Not(inner) => prefixed(Rule::kw_not, inner),
            ExprKind::And(parts) => self.list(parts, &format!(" {} ", self.word(Rule::kw_and))),
            ExprKind::Or(parts) => self.list(parts, &format!(" {} ", self.word(Rule::kw_or))),
            ExprKind::Commas(parts) => {
                self.between_commas(parts, |part| self.expression(part)).join(self.comma())
            }
            ExprKind::Listed(listing, _) => self.word(listing_rule(*listing)).to_owned(),
            ExprKind::Relation(left, relation, right) => {
                let written = relation::written(*relation, self.language(), false);
                format!("{} {written} {}", self.expression(left), self.expression(right))
            }
            ExprKind::Between(value, low, high) => {
                format!("{} {}", self.expression(value), self.between(low, high))
            }
            ExprKind::Binary(left, operator, right) => {
                format!("{} {} {}", self.expression(left), operator.sign(), self.expression(right))
            }
            ExprKind::Negate(inner) => format!("-{}", self.expression(inner)),
            ExprKind::If(condition, then, otherwise) => {
                self.conditional([condition, then, otherwise])
            }
            ExprKind::OrElse(value, default) => format!(
                "{} {} {}",
                self.expression(value),
                self.word(Rule::kw_or_else),
                self.expression(default)
            ),
            ExprKind::Paren(inner) => format!("({})", self.expression(inner)),
        }
    }

    /// `2018年8月1日` as it is written; in English `2018-08-01`.
    pub fn date(&self, text: &str) -> String {
        let figures = self.is_english().then(|| numeral::in_figures(text)).flatten();
        figures.unwrap_or_else(|| text.to_owned())
    }

    /// `workdays`, `1 workday`.
    fn unit(&self, digits: &str, unit: Unit) -> &'static str {
        let word = self.word(unit_rule(unit));
        match word.strip_suffix('s') {
            Some(one) if digits == "1" => one,
            _ => word,
        }
    }

    /// `：（一）a；（二）b` below a sentence that speaks of them, each on a line that begins at a column.
    pub fn items<const N: usize>(&self, exprs: [Option<&Expr>; N], indent: usize) -> String {
        let Some(items) = exprs.into_iter().flatten().find_map(Expr::items) else {
            return String::new();
        };
        let (colon, next) = if self.is_english() { (":", ";") } else { ("：", "；") };
        let margin = " ".repeat(indent);
        let item = |(at, item): (usize, &Expr)| {
            let mark = match (self.is_english(), u32::try_from(at).ok()) {
                (true, Some(at)) if at < 26 => {
                    format!("({}) ", char::from_u32(u32::from('a') + at).unwrap_or('a'))
                }
                (true, _) => format!("({}) ", at + 1),
                (false, at) => format!("（{}）", chinese(at.map_or(1, |at| at + 1))),
            };
            format!("\n{margin}{mark}{}", self.expression(item))
        };
        let items: Vec<String> = items.iter().enumerate().map(item).collect();
        format!("{colon}{}", items.join(next))
    }

    /// `若 c 则 a 否则 b`.
    fn conditional(&self, parts: [&Expr; 3]) -> String {
        let words = [Rule::kw_if, Rule::kw_so, Rule::kw_else].map(|rule| self.word(rule));
        let parts = parts.map(|part| self.expression(part));
        let parts: Vec<String> =
            words.iter().zip(parts).map(|(word, part)| format!("{word} {part}")).collect();
        parts.join(" ")
    }

    /// `介于 a 至 b`.
    pub fn between(&self, low: &Expr, high: &Expr) -> String {
        format!(
            "{} {} {} {}",
            self.word(Rule::kw_between),
            self.expression(low),
            self.word(Rule::kw_to),
            self.expression(high)
        )
    }

    pub fn list(&self, parts: &[Expr], joint: &str) -> String {
        parts.iter().map(|part| self.expression(part)).collect::<Vec<_>>().join(joint)
    }

    /// Conditions with commas between them: at the end `a, b or c` would be a list in English, of
    /// which nobody knows how it is meant. Elsewhere brackets around `b or c` say nothing.
    fn between_commas(&self, parts: &[Expr], written: impl Fn(&Expr) -> String) -> Vec<String> {
        let last = parts.len().saturating_sub(1);
        let one = |(at, part): (usize, &Expr)| {
            let bare = match &part.kind {
                ExprKind::Paren(inner) if matches!(inner.kind, ExprKind::Or(_)) => inner,
                _ => part,
            };
            let is_list = self.is_english() && at == last && matches!(bare.kind, ExprKind::Or(_));
            if is_list { format!("({})", written(bare)) } else { written(bare) }
        };
        parts.iter().enumerate().map(one).collect()
    }

    fn call(&self, call: &Call) -> String {
        let filter = call.filter.as_ref().map_or_else(String::new, |filter| {
            format!(" {} {}", self.word(Rule::kw_where), self.expression(filter))
        });
        let body = call
            .body
            .as_ref()
            .map_or_else(String::new, |body| format!(": {}", self.expression(body)));
        format!("{}({}{filter}{body})", self.used(&call.function), self.list(&call.arguments, ", "))
    }

    /// A condition after a modal, given as written without one: English says `must have`, `must be
    /// retained`, `must be not …`.
    pub fn after_modal(&self, condition: &Expr, written: String) -> String {
        if !self.is_english() {
            return written;
        }
        let mut first = condition;
        while let ExprKind::And(parts) | ExprKind::Or(parts) = &first.kind {
            let Some(part) = parts.first() else { break };
            first = part;
        }
        let replace =
            |finite, bare: &str| written.strip_prefix(finite).map(|rest| format!("{bare}{rest}"));
        let changed = match first.kind {
            ExprKind::Has(_) => replace("has ", "have "),
            ExprKind::Lacks(_) => replace("lacks ", "lack "),
            ExprKind::Conforms(Conformance::Follows, _) => replace("follows ", "follow "),
            ExprKind::Conforms(Conformance::Completes, _) => replace("completes ", "complete "),
            ExprKind::Conforms(Conformance::KeepsTo, _) => replace("keeps to ", "keep to "),
            ExprKind::Not(_) | ExprKind::Name(_) | ExprKind::Member(..) => {
                Some(format!("be {written}"))
            }
            _ => None,
        };
        changed.unwrap_or(written)
    }

    /// `head expression tail` at an indentation: the expression on the next line, or broken, where
    /// one line is too narrow.
    pub fn fitted(&self, head: &str, expr: &Expr, tail: &str, indent: usize) -> String {
        let flat = format!("{head} {}{tail}", self.expression(expr));
        if fits(&flat, indent) {
            return flat;
        }
        let inner = indent + STEP;
        format!("{head}\n{}{}{tail}", " ".repeat(inner), self.broken(expr, inner))
    }

    /// An expression that begins at an indentation, broken if it is too wide for one line.
    pub fn broken(&self, expr: &Expr, indent: usize) -> String {
        let flat = self.expression(expr);
        if fits(&flat, indent) {
            return flat;
        }
        let margin = format!("\n{}", " ".repeat(indent));
        let joined = |parts: &[Expr], rule| {
            let parts: Vec<String> =
                parts.iter().map(|part| self.broken(part, indent + STEP)).collect();
            parts.join(&format!("{margin}{} ", self.word(rule)))
        };
        match &expr.kind {
            ExprKind::Or(parts) => joined(parts, Rule::kw_or),
            ExprKind::And(parts) => joined(parts, Rule::kw_and),
            ExprKind::Commas(parts) => {
                let parts = self.between_commas(parts, |part| self.broken(part, indent));
                parts.join(&format!("{}{margin}", self.comma().trim_end()))
            }
            ExprKind::Paren(inner) => format!("({})", self.broken(inner, indent + 1)),
            ExprKind::Not(inner) => {
                format!("{} {}", self.word(Rule::kw_not), self.broken(inner, indent + STEP))
            }
            _ => flat,
        }
    }
}

fn unit_rule(unit: Unit) -> Rule {
    match unit {
        Unit::Workdays => Rule::unit_workdays,
        Unit::Days => Rule::unit_days,
        Unit::Months => Rule::unit_months,
        Unit::Hours => Rule::unit_hours,
        Unit::Minutes => Rule::unit_minutes,
        Unit::Yuan => Rule::unit_yuan,
    }
}

fn listing_rule(listing: Listing) -> Rule {
    match listing {
        Listing::Any => Rule::kw_any_listed,
        Listing::All => Rule::kw_all_listed,
    }
}

fn conformance_rule(asks: Conformance) -> Rule {
    match asks {
        Conformance::Follows => Rule::kw_follows,
        Conformance::Completes => Rule::kw_completes,
        Conformance::KeepsTo => Rule::kw_keeps_to,
    }
}
