//! Rank 2: from text to the syntax tree and back.

mod apart;
pub mod citation;
pub mod division;
mod doer;
pub mod error;
mod expected;
mod figures;
pub mod format;
mod grammar;
pub mod keyword;
pub mod numeral;
pub mod parse;
mod partial;
mod provision;
pub(crate) mod relation;
pub(crate) mod remedy;
mod scan;
mod search;
pub mod segment;
pub mod template;
pub mod tree;
mod undeclared;
pub mod version;
pub mod vocabulary;
pub mod word;
