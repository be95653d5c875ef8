//! Dates, and working days by the declared calendar.

use super::row::Cell;
use super::{Value, World};
use jiff::civil::Date;
use jiff::{Span, ToSpan};

pub fn read(text: &str) -> Option<Date> {
    let parts: Vec<&str> =
        text.split(['-', '年', '月', '日']).filter(|part| !part.is_empty()).collect();
    let [year, month, day] = parts[..] else { return None };
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

pub fn days_between(from: Date, to: Date) -> i64 {
    i64::from((to - from).get_days())
}

pub fn add_days(date: Date, count: i64) -> Option<Date> {
    date.checked_add(Span::new().try_days(count).ok()?).ok()
}

pub fn add_months(date: Date, count: i64) -> Option<Date> {
    date.checked_add(Span::new().try_months(count).ok()?).ok()
}

impl World<'_> {
    /// Whether a day is a working day; unknown where the calendar's table has no row of its year.
    fn works(&self, day: Date) -> Option<bool> {
        let calendar = self.program.calendar.as_ref()?;
        let rows = self.facts.of(calendar.frame);
        let dated = |row: &usize| match &self.facts.rows[*row].cells[calendar.date] {
            Cell::Known(Value::Date(date)) => Some(*date),
            _ => None,
        };
        let decided = |row: &usize| {
            let scope = self.scope(*row);
            self.truth(&calendar.on, &scope).is_some()
                && self.truth(&calendar.off, &scope).is_some()
        };
        if rows.iter().any(|row| dated(row).is_none() || !decided(row)) {
            return None;
        }
        if !rows.iter().filter_map(dated).any(|date| date.year() == day.year()) {
            return None;
        }
        let Some(row) = rows.iter().find(|row| dated(row) == Some(day)) else {
            return Some(!calendar.rest.contains(&day.weekday().to_monday_one_offset()));
        };
        let scope = self.scope(*row);
        if self.truth(&calendar.on, &scope) == Some(true) {
            return Some(true);
        }
        if self.truth(&calendar.off, &scope) == Some(true) {
            return Some(false);
        }
        Some(!calendar.rest.contains(&day.weekday().to_monday_one_offset()))
    }

    /// Working days after `from`, up to and including `to`; unknown where `to` comes first.
    pub fn elapsed(&self, from: Date, to: Date) -> Option<i64> {
        if to < from {
            return None;
        }
        self.works(from)?;
        let (mut day, mut count) = (from, 0);
        while day < to {
            day = day.checked_add(1.day()).ok()?;
            count += i64::from(self.works(day)?);
        }
        Some(count)
    }

    /// The day `count` working days after `from`.
    pub fn due(&self, from: Date, count: i64) -> Option<Date> {
        self.works(from)?;
        if count < 0 {
            return None;
        }
        let (mut day, mut left) = (from, count);
        while left > 0 {
            day = day.checked_add(1.day()).ok()?;
            left -= i64::from(self.works(day)?);
        }
        Some(day)
    }
}
