//! `施行 … 至 …`: whether an article is in effect on the day. Its own period lies within its
//! policy's: both have to hold.

use super::{Analyzer, Error};
use crate::diagnostic::Bilingual;
use crate::syntax::tree::{self, ItemKind, PartKind, Period};
use crate::text::Span;
use crate::value::date::{day_number, parse_date};

/// The days from one to another, both included, as day numbers; an end that is not written is open.
#[derive(Clone, Copy, Debug)]
pub(super) struct Days {
    from: i64,
    to: Option<i64>,
    span: Span,
}

impl Days {
    fn has(self, day: i64) -> bool {
        self.from <= day && self.to.is_none_or(|to| day <= to)
    }

    fn meets(self, other: Self) -> bool {
        self.to.is_none_or(|to| other.from <= to) && other.to.is_none_or(|to| self.from <= to)
    }
}

/// A period as understood.
#[derive(Clone, Copy, Debug)]
pub(super) enum Effect {
    /// None is written.
    Always,
    /// These days.
    Within(Days),
    /// It could not be understood; reported.
    Unknown,
}

impl Analyzer<'_> {
    /// The periods of all policies, each read once.
    pub(super) fn policy_periods(&mut self) -> Vec<Effect> {
        let files = self.files;
        let header = |file: &'_ tree::File| {
            file.items.iter().find_map(|item| match &item.kind {
                ItemKind::Header(header) => header.period.clone(),
                _ => None,
            })
        };
        files.iter().map(header).map(|period| self.effect(period.as_ref())).collect()
    }

    /// Whether what a policy says is in effect, given its period; `None` where that could not be
    /// understood.
    pub(super) fn holds(&self, policy: Effect) -> Option<bool> {
        match policy {
            Effect::Always => Some(true),
            Effect::Within(days) => Some(days.has(self.settings.as_of)),
            Effect::Unknown => None,
        }
    }

    /// Whether an article is in effect, given its policy's period; `None` where a period of it
    /// could not be understood.
    pub(super) fn in_effect(&mut self, policy: Effect, decl: &tree::Article) -> Option<bool> {
        let own = decl.parts.iter().find_map(|part| match &part.kind {
            PartKind::Period(period) => Some(period),
            _ => None,
        });
        let own = self.effect(own);
        if let (Effect::Within(own), Effect::Within(policy)) = (own, policy)
            && !own.meets(policy)
        {
            self.report(Error::PeriodsApart { span: own.span, policy: policy.span });
        }
        match (self.holds(own), self.holds(policy)) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (own, policy) => own.and(policy),
        }
    }

    fn effect(&mut self, period: Option<&Period>) -> Effect {
        let Some(period) = period else { return Effect::Always };
        let from = self.day(&period.from);
        let to = period.to.as_ref().map(|to| self.day(to));
        let (Some(from), Some(to)) = (from, to.map_or(Some(None), |to| to.map(Some))) else {
            return Effect::Unknown;
        };
        if to.is_some_and(|to| to < from) {
            let last = period.to.as_ref().map_or(period.from.span, |to| to.span);
            self.report(Error::EmptyPeriod { span: period.from.span.to(last) });
            return Effect::Unknown;
        }
        Effect::Within(Days { from, to, span: period.span })
    }

    fn day(&mut self, text: &tree::Text) -> Option<i64> {
        let date = parse_date(&text.text);
        if date.is_none() {
            self.report(Error::BadLiteral {
                text: text.text.clone(),
                span: text.span,
                expected: Bilingual::new("日期", "date"),
            });
        }
        date.map(day_number)
    }
}
