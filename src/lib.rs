//! fanshi (凡是, "whenever"): a policy compiler and validator.
//!
//! The pipeline, in order: [`text`] and [`diagnostic`] → [`value`], [`schema`], [`finding`] →
//! [`syntax`] → analysis and [`data`] → evaluation → reports → commands.

pub mod analysis;
pub mod builtin;
#[cfg(feature = "cli")]
pub mod command;
pub mod data;
pub mod diagnostic;
#[cfg(feature = "report")]
pub mod diff;
pub mod engine;
pub mod eval;
pub mod finding;
pub mod grouping;
pub mod lowering;
pub mod nearest;
pub mod place;
pub mod program;
#[cfg(feature = "prove")]
pub mod prove;
#[cfg(feature = "report")]
pub mod report;
#[cfg(feature = "report")]
pub mod review;
pub mod schema;
pub mod syntax;
#[cfg(feature = "cli")]
pub mod testing;
pub mod text;
pub mod value;
pub mod verdict;
pub mod visible;
pub mod why;
pub mod workspace;
