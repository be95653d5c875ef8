//! fanshi (凡是, "whenever"): a policy compiler and validator.
//!
//! The pipeline, in order: [`text`] and [`diagnostic`] → [`value`], [`schema`], [`finding`] →
//! [`syntax`] → analysis and [`data`] → evaluation → reports → commands.

pub mod analysis;
pub mod builtin;
pub mod command;
pub mod data;
pub mod diagnostic;
pub mod diff;
pub mod engine;
pub mod eval;
pub mod finding;
pub mod grouping;
pub mod lowering;
pub mod nearest;
pub mod place;
pub mod program;
pub mod prove;
pub mod report;
pub mod review;
pub mod schema;
pub mod syntax;
pub mod testing;
pub mod text;
pub mod value;
pub mod verdict;
pub mod visible;
pub mod why;
pub mod workspace;
