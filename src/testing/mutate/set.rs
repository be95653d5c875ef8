//! Sets: a member dropped, one added that stands between others or beside them.

use super::{Known, literal};
use crate::diagnostic::Bilingual;
use crate::say;
use crate::schema::Type;
use crate::syntax::tree::{Expr, ExprKind, Name, Relation, RelationKind, Unit};
use crate::value::date::parse_date;
use jiff::civil::Date;

/// A text that no row has, so that to be another is to be any text.
const NO_TEXT: &str = "\u{1}";

impl Known<'_> {
    /// Each member dropped, and the members an author may think belong there too.
    pub(super) fn set(&self, parts: &[Expr]) -> Vec<(ExprKind, Bilingual)> {
        let without = |at: usize, part: &Expr| {
            let mut rest = parts.to_vec();
            rest.remove(at);
            let text = self.excerpt(part.span);
            (ExprKind::Set(rest), say!("去掉 {text}", "{text} dropped"))
        };
        let mut found: Vec<(ExprKind, Bilingual)> =
            parts.iter().enumerate().map(|(at, part)| without(at, part)).collect();
        let Some(span) = parts.last().map(|part| part.span) else { return found };
        let added = self.numbers(parts).into_iter().chain(days(parts)).chain(self.values(parts));
        found.extend(added.map(|(kind, text)| {
            let mut more = parts.to_vec();
            more.push(Expr { span, kind });
            (ExprKind::Set(more), say!("加上 {text}", "{text} added"))
        }));
        found
    }

    /// Numbers between the members; where they leave none between, the next one.
    fn numbers(&self, parts: &[Expr]) -> Vec<(ExprKind, String)> {
        let kinds: Vec<(String, Kind)> =
            parts.iter().filter_map(|part| number(&part.kind)).collect();
        let mut found = Vec::new();
        for wanted in kinds.iter().map(|(_, kind)| *kind).collect::<std::collections::BTreeSet<_>>()
        {
            let own = kinds.iter().filter(|(_, kind)| *kind == wanted).map(|(text, _)| &**text);
            for new in literal::between(own) {
                let kind = match wanted {
                    Kind::Plain => ExprKind::Number(new.clone()),
                    Kind::Percent => ExprKind::Percent(new.clone()),
                    Kind::Of(unit) => ExprKind::Quantity(new.clone(), unit),
                };
                let like = parts
                    .iter()
                    .find(|part| number(&part.kind).is_some_and(|(_, kind)| kind == wanted));
                // Written as its neighbour is: with the same unit after it.
                let text = like.map(|like| self.excerpt(like.span)).unwrap_or_default();
                let after = text.trim_start_matches(|c: char| {
                    c.is_ascii_digit() || ".,，．".contains(c) || ('０'..='９').contains(&c)
                });
                found.push((kind, format!("{new}{after}")));
            }
        }
        found
    }

    /// The values of the enum that are not members.
    fn values(&self, parts: &[Expr]) -> Vec<(ExprKind, String)> {
        let meant = parts.iter().filter_map(|part| match &part.kind {
            ExprKind::Name(name) => Some((name.span, self.names.get(&name.span)?)),
            _ => None,
        });
        let members: Vec<_> = meant.collect();
        let Some((span, first)) = members.first() else { return Vec::new() };
        let enums = self.program.schema.enums.iter();
        let own = enums.map(|found| &found.values);
        let own = own.filter(|values| values.iter().any(|value| value.names == **first));
        let absent = own
            .flatten()
            .filter(|value| !members.iter().any(|(_, member)| **member == value.names));
        let name = |text: String| (ExprKind::Name(Name { text: text.clone(), span: *span }), text);
        absent.map(|value| name(value.names.name.to_string())).collect()
    }
}

/// Days between the members; where they leave none between, the next one.
fn days(parts: &[Expr]) -> Vec<(ExprKind, String)> {
    let mut days: Vec<Date> = parts
        .iter()
        .filter_map(|part| match &part.kind {
            ExprKind::Date(text) => parse_date(text),
            _ => None,
        })
        .collect();
    days.sort_unstable();
    let mut found: Vec<Date> = days
        .windows(2)
        .filter_map(|pair| match pair {
            [before, after] => {
                let apart = before.until(*after).ok()?.get_days();
                let middle = before.checked_add(jiff::Span::new().days(apart / 2)).ok()?;
                (apart > 1).then_some(middle)
            }
            _ => None,
        })
        .collect();
    if found.is_empty() {
        found.extend(days.last().and_then(|day| day.tomorrow().ok()));
    }
    found.into_iter().map(|day| (ExprKind::Date(day.to_string()), day.to_string())).collect()
}

/// What numbers are of.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Plain,
    Percent,
    Of(Unit),
}

fn number(kind: &ExprKind) -> Option<(String, Kind)> {
    match kind {
        ExprKind::Number(text) => Some((text.clone(), Kind::Plain)),
        ExprKind::Percent(text) => Some((text.clone(), Kind::Percent)),
        ExprKind::Quantity(text, unit) => Some((text.clone(), Kind::Of(*unit))),
        _ => None,
    }
}

impl Known<'_> {
    /// Membership of a set of texts, widened to any other text: which one an author would add,
    /// nobody can guess.
    pub(super) fn any_text(
        &self,
        a: &Expr,
        relation: Relation,
        b: &Expr,
    ) -> Option<(ExprKind, Bilingual)> {
        let kind = match relation.kind {
            RelationKind::In => RelationKind::IsNot,
            RelationKind::NotIn => RelationKind::Is,
            _ => return None,
        };
        let kind = Relation { kind, sign: false };
        let other = Expr { span: b.span, kind: ExprKind::Text(NO_TEXT.to_owned()) };
        let widened = ExprKind::Relation(Box::new(a.clone()), kind, Box::new(other));
        self.holds_texts(b).then(|| (widened, say!("加上任何别的文本", "any other text added")))
    }

    /// Whether it is a set of texts, or a parameter that is one.
    fn holds_texts(&self, set: &Expr) -> bool {
        match &set.kind {
            ExprKind::Set(parts) => parts.iter().all(|part| matches!(part.kind, ExprKind::Text(_))),
            ExprKind::Paren(inner) => self.holds_texts(inner),
            ExprKind::Name(name) => {
                self.parameter(name).is_some_and(|found| found.set && found.ty == Type::Text)
            }
            _ => false,
        }
    }
}
