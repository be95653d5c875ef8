//! Loading declared data from files.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "tests"
)]

mod faults;
mod formats;
mod pieces;
mod places;
mod robust;
mod smallest;
mod stretches;
mod support;
