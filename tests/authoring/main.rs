//! The service behind the language server and the page: marked texts (`⟦⟧` around a place) and what
//! is answered there.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test")]
#![allow(missing_docs, reason = "a test")]

mod latency;
