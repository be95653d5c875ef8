//! Where a single value must lie for a condition to hold: a proof without a search that two
//! sentences cannot meet.
//!
//! A condition that surely holds says something of single values: `a 且 b` what either says, `a 或
//! b` what both say of one value, a comparison with a constant that the value is known and in a
//! range. What else a condition says is left out, so the ranges are too wide rather than too
//! narrow: where those of two conditions have no value in common, no row satisfies both. Values are
//! told apart by what they are read from ([`super::numbering::Numbering`]), so a sum over a list is
//! one value like a field.

mod reader;
mod span;

pub(super) use reader::Reader;
pub(super) use span::{Region, Regions, Span, apart, both};
