//! Rank 1: values: exact numbers, bit sets and columns.

pub mod automaton;
pub mod bits;
pub mod calendar;
pub mod column;
pub mod component;
pub mod date;
pub mod instant;
pub mod key;
pub mod names;
pub mod number;
pub mod numeral;
pub mod similar;
pub mod text;

pub use bits::Bits;
pub use column::{Column, Texts, Values, reserve};
pub use number::Ratio;
