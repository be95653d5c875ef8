//! What is known of a function's value without computing it: what proofs reason with.

use crate::value::number::Rounding;

/// A part of a date, or a day that its date gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The year.
    Year,
    /// The month, from 1.
    Month,
    /// The day of the month, from 1.
    Day,
    /// The day of the week, Monday 1.
    Weekday,
    /// The quarter, from 1.
    Quarter,
    /// The first day of a period.
    First(Period),
    /// The last day of a period.
    Last(Period),
}

/// A period that a date lies in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// Monday to Sunday.
    Week,
    /// A month of the calendar.
    Month,
    /// Three of them.
    Quarter,
    /// A year of the calendar.
    Year,
}

/// A part of the local time of an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// Its date.
    Date,
    /// Its hour.
    Hour,
    /// Its minute.
    Minute,
}

/// What a function's value is, told apart by what there is to say of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axiom {
    /// The same for all rows.
    Fixed,
    /// A part of a date, which depends on the Gregorian calendar alone.
    Part(Part),
    /// A part of an instant.
    Clock(Clock),
    /// The multiple of the second argument next to the first.
    Multiple(Rounding),
    /// The first argument without its sign.
    Magnitude,
    /// The remainder of a division.
    Remainder,
    /// How many letters a text has.
    Length,
    /// The letters of a text from one place to another.
    Slice,
    /// Where a text first stands in another; nothing where it does not.
    Position,
    /// A sum over the letters of a text.
    Weighted,
    /// Texts, one after another.
    Joined,
    /// A text in half-width letters, without blanks.
    Normalized,
    /// A text with parts of it in other words, or without its ends.
    Edited,
    /// How alike two texts are.
    Likeness,
    /// Working days between two days.
    Elapsed,
    /// The day some working days after another.
    Due,
}

impl Axiom {
    /// The least and the greatest value, whatever the arguments are; `None` where there is none.
    #[must_use]
    pub fn bounds(self) -> (Option<i64>, Option<i64>) {
        match self {
            Self::Part(Part::Year) => (Some(-9999), Some(9999)),
            Self::Part(Part::Month) => (Some(1), Some(12)),
            Self::Part(Part::Day) => (Some(1), Some(31)),
            Self::Part(Part::Weekday) => (Some(1), Some(7)),
            Self::Part(Part::Quarter) => (Some(1), Some(4)),
            Self::Clock(Clock::Hour) => (Some(0), Some(23)),
            Self::Clock(Clock::Minute) => (Some(0), Some(59)),
            Self::Likeness => (Some(0), Some(1)),
            Self::Magnitude | Self::Remainder | Self::Length | Self::Position => (Some(0), None),
            Self::Fixed
            | Self::Part(Part::First(_) | Part::Last(_))
            | Self::Clock(Clock::Date)
            | Self::Multiple(_)
            | Self::Slice
            | Self::Weighted
            | Self::Joined
            | Self::Normalized
            | Self::Edited
            | Self::Elapsed
            | Self::Due => (None, None),
        }
    }
}
