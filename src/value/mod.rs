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

/// The first number of a range for which something does not hold that holds for those before it; the
/// end where it holds for all. As [`slice::partition_point`], without a slice.
pub fn partition_point(range: std::ops::Range<usize>, holds: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (range.start, range.end);
    while low < high {
        let middle = low.midpoint(high);
        if holds(middle) { low = middle + 1 } else { high = middle }
    }
    low
}
