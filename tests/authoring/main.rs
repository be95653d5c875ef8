//! The service behind the language server and the page: marked texts (`⟦⟧` around a place) and what
//! is answered there.
#![cfg(feature = "cli")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test"
)]

mod cases;
mod complete;
mod diagnostics;
mod fixes;
mod fixture;
mod hover;
mod latency;
mod outline;
mod places;
mod rename;
mod same;
mod verdicts;
