//! Sets of texts as automata.

mod machine;
mod pattern;

pub(super) use machine::{Machine, Search, Wanted, shortest};
