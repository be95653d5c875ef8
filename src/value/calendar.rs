//! Working days: a week with rest days, and the days that depart from it.

use super::date::{day_date, day_number};
use jiff::civil::date;
use std::collections::{BTreeMap, BTreeSet};

/// Working days of whole years.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorkingCalendar {
    /// For each run of covered years: its first day, and for each day how many working days there
    /// are from the first through it.
    runs: Vec<(i64, Vec<u32>)>,
}

/// A day that a calendar covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Covered {
    /// The day, since 1970-01-01.
    pub day: i64,
    /// The run of covered years it lies in; days of one run are counted through.
    pub run: usize,
    /// How many working days there are from the first day of the run through it.
    pub total: u32,
    /// Whether it is a working day.
    pub works: bool,
}

impl WorkingCalendar {
    /// All days it covers, in order.
    pub fn days(&self) -> impl Iterator<Item = Covered> + '_ {
        self.runs.iter().enumerate().flat_map(|(run, (first, totals))| {
            let before = std::iter::once(&0).chain(totals);
            (*first..).zip(totals.iter().zip(before)).map(move |(day, (total, before))| {
                let works = total > before;
                Covered { day, run, total: *total, works }
            })
        })
    }

    /// Builds a calendar. `rest` are weekdays off (Monday 1 … Sunday 7); `exceptions` maps a day
    /// number to whether it is a working day. It covers every year in which there is an exception.
    #[must_use]
    pub fn new(rest: &[i8], exceptions: &BTreeMap<i64, bool>) -> Self {
        let years: BTreeSet<i16> =
            exceptions.keys().filter_map(|&day| day_date(day)).map(|day| day.year()).collect();
        let mut runs: Vec<(i64, Vec<u32>)> = Vec::new();
        for year in years {
            let (first, next) = (day_number(date(year, 1, 1)), day_number(date(year, 12, 31)) + 1);
            let joined =
                runs.last().is_some_and(|(start, days)| start + days.len() as i64 == first);
            if !joined {
                runs.push((first, Vec::new()));
            }
            let Some((_, days)) = runs.last_mut() else { continue };
            for day in first..next {
                let works = exceptions.get(&day).copied().unwrap_or(!rest.contains(&weekday(day)));
                days.push(days.last().copied().unwrap_or(0) + u32::from(works));
            }
        }
        Self { runs }
    }

    fn run(&self, day: i64) -> Option<(usize, &[u32])> {
        let (first, days) = self
            .runs
            .iter()
            .find(|(first, days)| (*first..first + days.len() as i64).contains(&day))?;
        Some((usize::try_from(day - first).ok()?, days))
    }

    /// Working days after `from` up to and including `to`; `None` where `to` is earlier (time does
    /// not run backwards: one of the days is wrong) or a day between is not covered.
    #[must_use]
    pub fn elapsed(&self, from: i64, to: i64) -> Option<i64> {
        (from <= to).then_some(())?;
        let ((a, days), (b, other)) = (self.run(from)?, self.run(to)?);
        (days.as_ptr() == other.as_ptr()).then_some(())?;
        Some(i64::from(*days.get(b)?) - i64::from(*days.get(a)?))
    }

    /// As [`Self::elapsed`], the first day included where it is a working day.
    #[must_use]
    pub fn elapsed_including(&self, from: i64, to: i64) -> Option<i64> {
        Some(self.elapsed(from, to)? + i64::from(self.works(from)?))
    }

    /// Working days from `from` to `to` that no interval holds; intervals hold their first day and
    /// their last, and may overlap. `None` also where an interval ends before it begins.
    #[must_use]
    pub fn elapsed_without(
        &self,
        from: i64,
        to: i64,
        including: bool,
        intervals: &mut [(i64, i64)],
    ) -> Option<i64> {
        let whole =
            if including { self.elapsed_including(from, to)? } else { self.elapsed(from, to)? };
        let count = |first, last| self.elapsed_including(first, last);
        Some(whole - held((from, to, including), intervals, count)?)
    }

    /// As [`Self::due`], the first day counted where it is a working day.
    #[must_use]
    pub fn due_including(&self, from: i64, count: i64) -> Option<i64> {
        let first = i64::from(count > 0 && self.works(from)?);
        self.due(from, count - first)
    }

    /// The day `count` working days after `from`; `from` itself for 0; `None` where `count` is
    /// negative or the calendar ends before.
    #[must_use]
    pub fn due(&self, from: i64, count: i64) -> Option<i64> {
        let (at, days) = self.run(from)?;
        let want = u32::try_from(i64::from(*days.get(at)?).checked_add(count)?).ok()?;
        if count <= 0 {
            return (count == 0).then_some(from);
        }
        let index = days.partition_point(|&total| total < want);
        (index < days.len()).then(|| from - at as i64 + index as i64)
    }

    /// Whether a day is a working day; `None` where it is not covered.
    #[must_use]
    pub fn works(&self, day: i64) -> Option<bool> {
        let (at, days) = self.run(day)?;
        let before = at.checked_sub(1).and_then(|index| days.get(index)).copied().unwrap_or(0);
        Some(*days.get(at)? > before)
    }
}

/// Days after `from`, or from it on where `including`, up to `to` that no interval holds; `None`
/// where `to` is earlier, or an interval ends before it begins.
#[must_use]
pub fn days_without(
    from: i64,
    to: i64,
    including: bool,
    intervals: &mut [(i64, i64)],
) -> Option<i64> {
    (from <= to).then_some(())?;
    let count = |first: i64, last: i64| last.checked_sub(first)?.checked_add(1);
    let whole = to.checked_sub(from)?.checked_add(i64::from(including))?;
    Some(whole - held((from, to, including), intervals, count)?)
}

/// Days between two days that some interval holds, each once, as `count` counts them.
fn held(
    (from, to, including): (i64, i64, bool),
    intervals: &mut [(i64, i64)],
    count: impl Fn(i64, i64) -> Option<i64>,
) -> Option<i64> {
    intervals.iter().all(|(first, last)| first <= last).then_some(())?;
    intervals.sort_unstable();
    let mut next = if including { from } else { from.checked_add(1)? };
    let mut held = 0;
    for (first, last) in intervals.iter() {
        let (first, last) = ((*first).max(next), (*last).min(to));
        if first <= last {
            held += count(first, last)?;
            next = last + 1;
        }
    }
    Some(held)
}

/// The day of the week of a day number, Monday 1.
#[must_use]
pub fn weekday(day: i64) -> i8 {
    // 1970-01-01, day 0, was a Thursday (4).
    i8::try_from(day.rem_euclid(7) + 3).map_or(1, |shifted| shifted % 7 + 1)
}
