//! Rank 5: the cases beside a policy: judged by the one evaluator, measured by coverage and by
//! mutation.

pub mod coverage;
pub mod engine;
pub mod expect;
pub mod file;
pub mod generate;
pub mod message;
pub mod mutate;
mod reach;
pub mod reason;
pub mod snapshot;
pub mod suite;
pub mod without;
