//! Dates and instants: their parts are whole numbers tied to them by the Gregorian calendar.

use crate::builtin::axiom::{Part, Period};
use crate::program::ExprId;
use crate::prove::linear::{Linear, Range, ratio};
use crate::prove::pending::{Day, Gap, Moment, Rising};
use crate::prove::sat::{Bit, Solver};
use crate::prove::value::{days, nothing};
use crate::prove::world::{Meaning, World};
use crate::schema::{day_date, day_number};
use crate::value::Ratio;
use crate::value::instant::{DAY, TICKS};
use jiff::civil::Date;
use std::sync::LazyLock;

/// The days of a common year before each month, and of the whole year.
const BEFORE: [i64; 13] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365];

/// The day number of the last day of the year −1.
const EPOCH: i64 = -719_528;

/// How many months can be added to a date at all.
const SPAN: i64 = 239_976;

/// How far the first and the last days of years, or of months, may be from where they would be if
/// all were of one length: 400 years have 146,097 days.
struct Drift {
    /// The day that is counted from, and the number of its year or month.
    start: i64,
    before: i64,
    /// The mean length, in days.
    average: Ratio,
    low: Ratio,
    high: Ratio,
}

static YEARS: LazyLock<Drift> = LazyLock::new(|| Drift::over(400, year_of));
static MONTHS: LazyLock<Drift> = LazyLock::new(|| Drift::over(4800, index_of));

impl Drift {
    /// Over a cycle of so many years or months.
    fn over(cycle: i64, of: fn(Date) -> i64) -> Self {
        let average = Ratio::new(146_097, cycle.into());
        let (mut low, mut high) = (ratio(0), ratio(0));
        let mut at = Date::constant(2000, 1, 1);
        let (start, before) = (day_number(at), of(at));
        while of(at) < before + cycle {
            let last = if cycle == 400 { at.last_of_year() } else { at.last_of_month() };
            let mean = average * ratio(of(at) - before);
            low = low.min(ratio(day_number(at) - start) - mean);
            high = high.max(ratio(day_number(last) - start) - mean);
            let Ok(next) = last.tomorrow() else { break };
            at = next;
        }
        Self { start, before, average, low, high }
    }
}

impl<S: Solver> World<'_, S> {
    /// A part of a date.
    pub(super) fn date_part(
        &mut self,
        id: ExprId,
        part: Part,
        known: Bit,
        date: &Linear,
    ) -> Meaning {
        let day = self.day(date);
        let valid = self.defined(id, Gap::NoDay, known, day.valid);
        let result = match part {
            Part::Year => day.year,
            Part::Month => day.month,
            Part::Day => day.day,
            Part::Weekday => match self.weekdays.get(date) {
                Some(known) => known.clone(),
                None => self.weekday(&day.date),
            },
            Part::Quarter => self.quarter(&day),
            Part::First(period) => self.first_of(period, &day),
            Part::Last(period) => self.last_of(period, &day),
        };
        let (first, last) = days();
        let inside = [self.from(&result, first), self.up_to(&result, last)];
        let inside = match part {
            Part::First(_) | Part::Last(_) => self.circuit.and(inside),
            _ => Bit::TRUE,
        };
        Meaning::Number(self.defined(id, Gap::NoDay, valid, inside), result)
    }

    /// The parts of a date.
    pub(in crate::prove) fn day(&mut self, date: &Linear) -> Day {
        if let Some(known) = self.days.get(date) {
            return known.clone();
        }
        let made = match date.known() {
            Some(known) => known_day(known).unwrap_or_else(no_day),
            None => self.open_day(date),
        };
        self.days.insert(date.clone(), made.clone());
        made
    }

    fn open_day(&mut self, date: &Linear) -> Day {
        let (first, last) = days();
        let inside = [self.from(date, first), self.up_to(date, last)];
        let valid = self.circuit.and(inside);
        let own = if valid == Bit::TRUE {
            date.clone()
        } else {
            let range = Range::between(first, last);
            let own = Linear::variable(self.numbers.variable(range));
            self.equate(valid, &own, date);
            self.makes(&own, date, move |day| Some(day.clamp(first, last)));
            own
        };
        let year = self.rising("year", &own, (-9999, 9999), year_of);
        let index = self.rising("month", &own, (-9999 * 12, 9999 * 12 + 11), index_of);
        self.drift(&own, &year, &YEARS);
        self.drift(&own, &index, &MONTHS);
        let range = Range::between(1, 12);
        let month = Linear::variable(self.numbers.variable(range));
        let twelve = year.clone().times(ratio(12)).plus(&month).minus(&Linear::whole(1));
        self.equate(Bit::TRUE, &index, &twelve);
        self.makes(&month, &own, |day| Some(day_date(day)?.month().into()));
        let (start, leaps) = self.year_start(&year);
        let leap = self.counted_bit(leaps, &own, Date::in_leap_year);
        let plain = self.step(&month, |month| BEFORE.get(month - 1).copied());
        let late = !self.up_to(&month, 2);
        let late = self.circuit.and([late, leaps]);
        let before = plain
            .plus(&self.counted_bit(late, &own, |date| date.month() > 2 && date.in_leap_year()));
        let range = Range::between(1, 31);
        let day = Linear::variable(self.numbers.variable(range));
        self.makes(&day, &own, |day| Some(day_date(day)?.day().into()));
        self.month_length(&month, leaps, &day);
        let sum = start.plus(&before).plus(&day);
        self.equate(Bit::TRUE, &own, &sum);
        Day { valid, date: own, year, month, day, before, leap, leaps, index }
    }

    /// What a date's year or month index is: never less for a later date.
    fn rising(
        &mut self,
        name: &'static str,
        date: &Linear,
        range: (i64, i64),
        of: fn(Date) -> i64,
    ) -> Linear {
        let range = Range::between(range.0, range.1);
        let result = self.numbers.variable(range);
        self.rising.push(Rising {
            name,
            result,
            argument: date.clone(),
            domain: days(),
            of: Box::new(move |day| day_date(day).map(of)),
        });
        let result = Linear::variable(result);
        self.makes(&result, date, move |day| day_date(day).map(of));
        result
    }

    /// Keeps the arithmetic of a date's year or month near the calendar.
    fn drift(&mut self, date: &Linear, result: &Linear, drift: &Drift) {
        let Drift { start, before, average, low, high } = *drift;
        let even = result.clone().minus(&Linear::whole(before)).times(average);
        let off = date.clone().minus(&Linear::whole(start)).minus(&even);
        let under = Linear::constant(low).minus(&off);
        let over = off.minus(&Linear::constant(high));
        for end in [under, over] {
            let inside = self.numbers.at_most(&mut self.circuit, &end, false);
            self.circuit.require(&[inside]);
        }
    }

    /// The day before the first of a year, and whether it is a leap year.
    fn year_start(&mut self, year: &Linear) -> (Linear, Bit) {
        let last = year.clone().minus(&Linear::whole(1));
        let mut cycles = Vec::new();
        for length in [4, 100, 400] {
            let range = Range::between(-10_000 / length - 1, 10_000 / length + 1);
            let cycle = Linear::variable(self.numbers.variable(range));
            self.makes(&cycle, year, move |year| Some((year - 1).div_euclid(length)));
            let rest = last.clone().minus(&cycle.clone().times(ratio(length)));
            let inside = [self.from(&rest, 0), self.up_to(&rest, length - 1)];
            inside.iter().for_each(|bit| self.circuit.require(&[*bit]));
            cycles.push((cycle, self.from(&rest, length - 1)));
        }
        let [(four, fourth), (hundred, hundredth), (four_hundred, whole)] = cycles.as_slice()
        else {
            return (last, Bit::FALSE);
        };
        // Whole centuries are fourth years, and whole fourth centuries whole centuries.
        self.circuit.require(&[!*hundredth, *fourth]);
        self.circuit.require(&[!*whole, *hundredth]);
        let days = year.clone().times(ratio(365));
        let start = days.plus(four).minus(hundred).plus(four_hundred);
        let other = self.circuit.or([!*hundredth, *whole]);
        (start.plus(&Linear::whole(EPOCH)), self.circuit.and([*fourth, other]))
    }

    /// 1 where a literal holds, as it does for some dates, else 0.
    fn counted_bit(&mut self, bit: Bit, date: &Linear, of: fn(Date) -> bool) -> Linear {
        match bit {
            Bit::TRUE => return Linear::whole(1),
            Bit::FALSE => return Linear::whole(0),
            _ => {}
        }
        let count = Linear::variable(self.numbers.variable(Range::between(0, 1)));
        self.makes(&count, date, move |day| day_date(day).map(|date| of(date).into()));
        let one = self.from(&count, 1);
        self.tie(one, bit);
        count
    }

    /// A number that rises with another one, which is at least 1, by steps: what it is for each of
    /// its values.
    fn step(&mut self, of: &Linear, value: impl Fn(usize) -> Option<i64>) -> Linear {
        let values: Vec<i64> = (1..).map_while(&value).take(12).collect();
        let (Some(first), Some(last)) = (values.first(), values.last()) else {
            return Linear::whole(0);
        };
        let range = Range::between(*first, *last);
        let made = Linear::variable(self.numbers.variable(range));
        let steps = values.clone();
        self.makes(&made, of, move |at| steps.get(usize::try_from(at - 1).ok()?).copied());
        for (at, pair) in (1..).zip(values.windows(2)) {
            let &[here, next] = pair else { continue };
            let argument = self.up_to(of, at);
            for limit in [here, next - 1] {
                let value = self.up_to(&made, limit);
                self.tie(argument, value);
            }
        }
        made
    }

    /// No month has more days than it has.
    fn month_length(&mut self, month: &Linear, leaps: Bit, day: &Linear) {
        let thirty = self.up_to(day, 30);
        for at in [4, 6, 9, 11] {
            let is = self.is(month, at);
            self.circuit.require(&[!is, thirty]);
        }
        let second = self.is(month, 2);
        let (short, long) = (self.up_to(day, 28), self.up_to(day, 29));
        self.circuit.require(&[!second, long]);
        self.circuit.require(&[!second, leaps, short]);
    }

    fn is(&mut self, linear: &Linear, value: i64) -> Bit {
        self.numbers.equal(&mut self.circuit, linear, &Linear::whole(value))
    }

    fn weekday(&mut self, date: &Linear) -> Linear {
        if let Some(known) = self.weekdays.get(date) {
            return known.clone();
        }
        let (first, last) = days();
        let range = Range::between(1, 7);
        let weekday = Linear::variable(self.numbers.variable(range));
        let range = Range::between(first / 7 - 2, last / 7 + 2);
        let week = Linear::variable(self.numbers.variable(range));
        // Day 0, 1970-01-01, was a Thursday.
        self.makes(&weekday, date, |day| Some((day + 3).rem_euclid(7) + 1));
        self.makes(&week, date, |day| Some((day + 3).div_euclid(7)));
        let sum = week.times(ratio(7)).plus(&weekday).minus(&Linear::whole(4));
        self.equate(Bit::TRUE, date, &sum);
        self.weekdays.insert(date.clone(), weekday.clone());
        weekday
    }

    fn quarter(&mut self, day: &Day) -> Linear {
        let range = Range::between(1, 4);
        let quarter = Linear::variable(self.numbers.variable(range));
        self.makes(&quarter, &day.month, |month| Some((month - 1) / 3 + 1));
        for at in 1..4 {
            let (month, own) = (self.up_to(&day.month, 3 * at), self.up_to(&quarter, at));
            self.tie(month, own);
        }
        quarter
    }

    /// The first day of a period. Its own parts are those of the day, or the first.
    fn first_of(&mut self, period: Period, day: &Day) -> Linear {
        let date = self.start_of(period, day);
        let none = Linear::whole(0);
        let (month, before) = match period {
            Period::Week => return date,
            Period::Month => (day.month.clone(), day.before.clone()),
            Period::Quarter => {
                let quarter = self.quarter(day);
                let month = quarter.times(ratio(3)).minus(&Linear::whole(2));
                (month, day.date.clone().minus(&day.day).minus(&date).plus(&Linear::whole(1)))
            }
            Period::Year => (Linear::whole(1), none),
        };
        let before = match period {
            Period::Quarter => day.before.clone().minus(&before),
            _ => before,
        };
        let first = Linear::whole(1);
        self.known_parts(&date, Day { month, before, day: first, ..day.clone() });
        date
    }

    /// Remembers the parts of a date that is made of those of another one of the same year.
    fn known_parts(&mut self, date: &Linear, parts: Day) {
        let index = parts.year.clone().times(ratio(12)).plus(&parts.month).minus(&Linear::whole(1));
        let date = date.clone();
        self.days.entry(date.clone()).or_insert(Day { date, index, ..parts });
    }

    fn start_of(&mut self, period: Period, day: &Day) -> Linear {
        let month = day.date.clone().minus(&day.day).plus(&Linear::whole(1));
        match period {
            Period::Week => {
                let weekday = self.weekday(&day.date);
                let first = day.date.clone().minus(&weekday).plus(&Linear::whole(1));
                self.weekdays.insert(first.clone(), Linear::whole(1));
                first
            }
            Period::Month => month,
            Period::Year => month.minus(&day.before),
            Period::Quarter => {
                let quarter = self.quarter(day);
                let plain =
                    self.step(&quarter, |at| BEFORE.get(3 * (at - 1)).copied().filter(|_| at <= 4));
                let late = !self.up_to(&quarter, 1);
                let late = self.circuit.and([late, day.leaps]);
                let before =
                    plain.plus(&self.counted_bit(late, &day.date, |date| {
                        date.month() > 3 && date.in_leap_year()
                    }));
                month.minus(&day.before).plus(&before)
            }
        }
    }

    /// The last day of a period.
    fn last_of(&mut self, period: Period, day: &Day) -> Linear {
        let first = self.first_of(period, day);
        match period {
            Period::Week => {
                let last = first.plus(&Linear::whole(6));
                self.weekdays.insert(last.clone(), Linear::whole(7));
                last
            }
            Period::Month => {
                let length = self.month_days(day);
                let last = first.plus(&length).minus(&Linear::whole(1));
                self.known_parts(&last, Day { day: length, ..day.clone() });
                last
            }
            Period::Year => {
                let last = first.plus(&day.leap).plus(&Linear::whole(364));
                let before = day.leap.clone().plus(&Linear::whole(334));
                let (month, day_of) = (Linear::whole(12), Linear::whole(31));
                self.known_parts(&last, Day { month, before, day: day_of, ..day.clone() });
                last
            }
            Period::Quarter => {
                let year = self.first_of(Period::Year, day);
                let quarter = self.quarter(day);
                let end = self.step(&quarter, |at| BEFORE.get(3 * at).copied().filter(|_| at <= 4));
                year.plus(&end).plus(&day.leap).minus(&Linear::whole(1))
            }
        }
    }

    /// How many days the month of a date has.
    fn month_days(&mut self, day: &Day) -> Linear {
        let length = Linear::variable(self.numbers.variable(Range::between(28, 31)));
        self.makes(&length, &day.date, |day| Some(day_date(day)?.days_in_month().into()));
        for month in 1..=12 {
            let is = self.is(&day.month, month);
            let days = usize::try_from(month)
                .ok()
                .and_then(|at| Some(BEFORE.get(at)? - BEFORE.get(at - 1)?));
            let days = Linear::whole(days.unwrap_or(31));
            let days = if month == 2 { days.plus(&day.leap) } else { days };
            self.equate(is, &length, &days);
        }
        length
    }

    /// A date plus months; the day is the month's last where it has no such day.
    pub(in crate::prove) fn months_later(
        &mut self,
        id: ExprId,
        (a, date): (Bit, &Linear),
        (b, months): (Bit, &Linear),
    ) -> Meaning {
        if let (Some(day), Some(count)) = (date.known(), months.known()) {
            let later = later(day, count);
            return later.map_or_else(nothing, |later| {
                Meaning::Number(self.circuit.and([a, b]), Linear::whole(later))
            });
        }
        let day = self.day(date);
        let known = self.circuit.and([a, b]);
        let index = day.index.clone().plus(months);
        let inside = [
            day.valid,
            self.from(months, -SPAN),
            self.up_to(months, SPAN),
            self.from(&index, -9999 * 12),
            self.up_to(&index, 9999 * 12 + 11),
        ];
        let inside = self.circuit.and(inside);
        let valid = self.defined(id, Gap::NoDay, known, inside);
        let (first, last) = days();
        let range = Range::between(first, last);
        let result = Linear::variable(self.numbers.variable(range));
        let both = vec![day.date.clone(), months.clone()];
        self.made_of(&result, both, valid, |at| {
            let [day, months] = at else { return None };
            later(*day, *months).map(ratio)
        });
        let found = self.day(&result);
        self.equate(valid, &found.index, &index);
        let length = self.month_days(&found);
        let most = [found.day.clone().minus(&day.day), found.day.clone().minus(&length)];
        let most = most.map(|over| self.numbers.at_most(&mut self.circuit, &over, false));
        let least = [day.day.minus(&found.day), length.minus(&found.day)];
        let least = least.map(|under| self.numbers.at_most(&mut self.circuit, &under, false));
        most.iter().for_each(|bit| self.circuit.require(&[!valid, *bit]));
        self.circuit.require(&[!valid, least[0], least[1]]);
        self.month_span(valid, &result, date, months);
        Meaning::Number(valid, result)
    }

    /// A month has 28 to 31 days.
    fn month_span(&mut self, valid: Bit, later: &Linear, date: &Linear, months: &Linear) {
        let between = later.clone().minus(date);
        let (short, long) = (months.clone().times(ratio(28)), months.clone().times(ratio(31)));
        let forward = self.from(months, 0);
        for (guard, low, high) in [(forward, &short, &long), (!forward, &long, &short)] {
            let ends = [low.clone().minus(&between), between.clone().minus(high)];
            for end in ends {
                let inside = self.numbers.at_most(&mut self.circuit, &end, false);
                self.circuit.require(&[!valid, !guard, inside]);
            }
        }
    }

    /// The local date and time of an instant.
    pub(super) fn moment(&mut self, instant: &Linear) -> Moment {
        if let Some(known) = self.moments.get(instant) {
            return known.clone();
        }
        let offset = self.program.schema.offset;
        let (low, high) = self.numbers.reach(instant);
        let whole = |end: Option<Ratio>| end.and_then(|end| i64::try_from(end.to_integer()).ok());
        let domain = (whole(low).unwrap_or(i64::MIN), whole(high).unwrap_or(i64::MAX));
        let day = |instant: i64| offset.local(instant).0;
        let range = Range::between(day(domain.0), day(domain.1));
        let date = self.numbers.variable(range);
        self.rising.push(Rising {
            name: "date",
            result: date,
            argument: instant.clone(),
            domain,
            of: Box::new(move |instant| Some(offset.local(instant).0)),
        });
        let date = Linear::variable(date);
        self.makes(&date, instant, move |instant| Some(offset.local(instant).0));
        // Local time 0 is so far ahead of the stored 0.
        let (behind, ahead) = offset.local(0);
        let local = instant.clone().plus(&Linear::whole(behind * DAY + ahead));
        let time = local.minus(&date.clone().times(ratio(DAY)));
        let inside = [self.from(&time, 0), self.up_to(&time, DAY - 1)];
        inside.iter().for_each(|bit| self.circuit.require(&[*bit]));
        let made = Moment { date, time };
        self.moments.insert(instant.clone(), made.clone());
        made
    }

    /// How many whole units, of so many seconds, a time of day has had, of so many.
    pub(super) fn part_of_time(&mut self, time: &Linear, seconds: i64, most: i64) -> Linear {
        let part = Linear::variable(self.numbers.variable(Range::between(0, most - 1)));
        self.makes(&part, time, move |time| Some(time.div_euclid(seconds * TICKS)));
        let rest = time.clone().minus(&part.clone().times(ratio(seconds * TICKS)));
        let inside = [self.from(&rest, 0), self.up_to(&rest, seconds * TICKS - 1)];
        inside.iter().for_each(|bit| self.circuit.require(&[*bit]));
        part
    }
}

fn year_of(date: Date) -> i64 {
    date.year().into()
}

/// 12 · year + month − 1.
fn index_of(date: Date) -> i64 {
    year_of(date) * 12 + i64::from(date.month()) - 1
}

fn later(day: Ratio, months: Ratio) -> Option<i64> {
    let whole = |value: Ratio| i64::try_from(value.to_integer()).ok();
    let span = jiff::Span::new().try_months(whole(months)?).ok()?;
    day_date(whole(day)?)?.checked_add(span).ok().map(day_number)
}

/// The parts of a day that is known.
fn known_day(day: Ratio) -> Option<Day> {
    let date = day_date(i64::try_from(day.to_integer()).ok()?)?;
    let (year, month) = (i64::from(date.year()), i64::from(date.month()));
    let first = date.first_of_year();
    let before = day_number(date.first_of_month()) - day_number(first);
    let leaps = date.in_leap_year();
    Some(Day {
        valid: Bit::TRUE,
        date: Linear::constant(day),
        year: Linear::whole(year),
        month: Linear::whole(month),
        day: Linear::whole(i64::from(date.day())),
        before: Linear::whole(before),
        leap: Linear::whole(i64::from(leaps)),
        leaps: Bit::of(leaps),
        index: Linear::whole(year * 12 + month - 1),
    })
}

/// What is no day.
fn no_day() -> Day {
    let none = Linear::whole(0);
    Day {
        valid: Bit::FALSE,
        date: none.clone(),
        year: none.clone(),
        month: Linear::whole(1),
        day: Linear::whole(1),
        before: none.clone(),
        leap: none.clone(),
        leaps: Bit::FALSE,
        index: none,
    }
}
