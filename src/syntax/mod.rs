//! Rank 2: from text to the syntax tree and back.

pub mod parse;
pub mod tree;
