//! Rank 1: values: exact numbers, bit sets and columns.

pub mod bits;
pub mod column;
pub mod number;

pub use bits::Bits;
pub use column::{Column, Texts, Values};
pub use number::Ratio;
