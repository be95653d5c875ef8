//! `prove` against brute force: small random policies, all rows of a small domain, every answer
//! compared; and the shipped policies.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test stops at the first surprise"
)]

#[path = "prove/brute.rs"]
mod brute;
#[path = "prove/cases.rs"]
mod cases;
#[path = "prove/codes.rs"]
mod codes;
#[path = "prove/decided.rs"]
mod decided;
#[path = "prove/shipped.rs"]
mod shipped;
#[path = "prove/speed.rs"]
mod speed;
#[path = "prove/wide.rs"]
mod wide;
