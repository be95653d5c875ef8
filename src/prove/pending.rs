//! What a world remembers of values that are tied together once all of them are known, and of
//! those that are only tried.

use super::linear::{Linear, Variable};
use super::sat::Bit;
use super::text::Machine;
use crate::builtin::Function;
use crate::program::ExprId;
use crate::schema::Type;
use crate::syntax::tree::Operator;
use crate::value::Ratio;
use std::sync::Arc;

/// A whole-valued function of one whole number that never falls: the year of a day.
pub(super) struct Rising {
    /// Which function it is.
    pub name: &'static str,
    /// Its value.
    pub result: Variable,
    /// Its argument.
    pub argument: Linear,
    /// The arguments it is defined for.
    pub domain: (i64, i64),
    /// It.
    pub of: Box<dyn Fn(i64) -> Option<i64> + Send>,
}

impl Rising {
    /// The greatest argument whose result is at most this; one below the domain where there is
    /// none.
    pub(super) fn last(&self, limit: i64) -> Option<i64> {
        let (mut low, mut high) = self.domain;
        if (self.of)(low)? > limit {
            return low.checked_sub(1);
        }
        while low < high {
            let middle = low + (high - low) / 2 + (high - low) % 2;
            if (self.of)(middle)? <= limit { low = middle } else { high = middle - 1 }
        }
        Some(low)
    }
}

/// How numbers make one; `None` where it is too large.
pub(super) type Making = Box<dyn Fn(&[Ratio]) -> Option<Ratio> + Send>;

/// A number that others make: a search that has those has it, too.
pub(super) struct Computed {
    /// It.
    pub result: Variable,
    /// What it is made of.
    pub arguments: Vec<Linear>,
    /// How; where `when` does not hold it is 0.
    pub of: Making,
    /// See `of`.
    pub when: Bit,
}

/// The parts of a date.
#[derive(Clone)]
pub(super) struct Day {
    /// Whether there is such a date: years -9999 to 9999.
    pub valid: Bit,
    /// The date, as a day number, where there is one.
    pub date: Linear,
    /// Its year.
    pub year: Linear,
    /// Its month, from 1.
    pub month: Linear,
    /// Its day of the month, from 1.
    pub day: Linear,
    /// The days of its year before its month.
    pub before: Linear,
    /// 1 in a leap year, else 0.
    pub leap: Linear,
    /// The same as a literal.
    pub leaps: Bit,
    /// 12 · year + month − 1.
    pub index: Linear,
}

/// The local date of an instant, and what is left of it.
#[derive(Clone)]
pub(super) struct Moment {
    /// The day number.
    pub date: Linear,
    /// Stored units since its midnight.
    pub time: Linear,
}

/// What computes a value that is not reasoned about.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kernel {
    /// A function.
    Function(Function),
    /// A product or a quotient.
    Operation(Operator),
}

/// An argument of it.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Argument {
    /// A value of a type, and when it is known.
    Value(Bit, Linear, Type),
    /// Weights, the same for all rows.
    Weights(Vec<i64>),
    /// A truth value, the same for all rows.
    Flag(bool),
}

impl Argument {
    /// When it is known, where that differs by row.
    pub(super) fn known(&self) -> Option<Bit> {
        match self {
            Self::Value(valid, ..) => Some(*valid),
            Self::Weights(_) | Self::Flag(_) => None,
        }
    }
}

/// A value that is not reasoned about, only tried.
pub(super) struct Opaque {
    /// What computes it.
    pub kernel: Kernel,
    /// Of what.
    pub arguments: Vec<Argument>,
    /// When it is known.
    pub valid: Bit,
    /// It.
    pub result: Variable,
}

/// A quotient: what it is compared with becomes what its parts are compared with.
pub(super) struct Quotient {
    /// It.
    pub result: Variable,
    /// What is divided.
    pub over: Linear,
    /// By what.
    pub under: Linear,
    /// Where both are known.
    pub valid: Bit,
}

/// Whether a text is in a set.
pub(super) struct TextAtom {
    /// The expression it comes from.
    pub id: ExprId,
    /// The set.
    pub machine: Machine,
    /// What is told apart by: atoms of one name and one text are one.
    pub name: String,
    /// The text.
    pub text: Variable,
    /// Whether it is.
    pub bit: Bit,
}

/// A text made from one text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Derived {
    /// Its letters from one place to another.
    Slice(u32, u32),
    /// Narrowed and without blanks.
    Narrowed,
    /// As keys are compared.
    Canonical,
    /// Between two others.
    Joined(Arc<str>, Arc<str>),
}

/// Where a part, which is the same for all rows, first stands in a text.
#[derive(Clone)]
pub(super) struct Position {
    /// The expression it comes from.
    pub id: ExprId,
    /// Where it stands there at all.
    pub valid: Bit,
    /// How many letters are before it.
    pub result: Variable,
    /// The text.
    pub text: Variable,
    /// The part.
    pub part: Arc<str>,
}

/// Why a form has no value although nothing is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gap {
    /// The greatest or least of no element.
    Empty,
    /// No element fits, or several do.
    NotOne,
    /// The number is too large to be stored.
    TooLarge,
    /// A division by 0.
    Zero,
    /// A day outside the years that dates have.
    NoDay,
    /// A text that does not stand in the other, or a letter not in the alphabet.
    NotFound,
    /// A text that is too short.
    TooShort,
    /// A step or a divisor that is not above 0.
    NotPositive,
    /// A day outside the calendar.
    Calendar,
    /// A day before the one that it follows.
    Backwards,
    /// No row is like enough.
    NoneAlike,
    /// The order of events is not known, or the course is still running.
    Course,
    /// A row on a cycle.
    Cycle,
}

/// A form that may have no value although nothing is missing.
pub(super) struct Partial {
    /// It.
    pub id: ExprId,
    /// Why.
    pub gap: Gap,
    /// Where what it is read from is known and it is not.
    pub gone: Bit,
}
