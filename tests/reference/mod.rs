//! A naive reference evaluator, written from docs/language.md alone: the syntax tree, one row at a
//! time, by plain recursion.
//!
//! It shares nothing with the engine but the parser and the exact number type.

mod date;
mod expression;
mod function;
mod judge;
mod name;
mod program;
mod row;

pub use judge::{Answer, Outcome, judge};
pub use program::Program;
pub use row::Facts;

use fanshi::value::Ratio;
use jiff::civil::Date;

/// A known value. What is unknown is `None`.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Truth(bool),
    Number(Ratio),
    Text(String),
    Date(Date),
    /// An enum and the index of its value.
    Enum(usize, usize),
    /// A row, as a reference has it.
    Row(usize),
    /// A key that no row has, as a reference has it.
    Gone(String),
}

/// The programs and the rows an expression is evaluated over.
pub struct World<'a> {
    pub program: &'a Program,
    pub facts: &'a Facts,
    pub today: Date,
}

/// Kleene's and.
pub fn and(values: impl IntoIterator<Item = Option<bool>>) -> Option<bool> {
    values.into_iter().fold(Some(true), |all, value| match (all, value) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    })
}

/// Kleene's or.
pub fn or(values: impl IntoIterator<Item = Option<bool>>) -> Option<bool> {
    and(values.into_iter().map(not)).map(|value| !value)
}

/// Kleene's not.
pub fn not(value: Option<bool>) -> Option<bool> {
    value.map(|value| !value)
}
