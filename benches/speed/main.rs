//! How long loading, judging and reporting take: `cargo bench`, or `cargo bench --bench speed --
//! evaluate`.
//!
//! Nothing here passes or fails: a number means something only beside another one of the same run.
//! `benches/peers.sh` puts the program beside a hand-written one; the results are in
//! `benches/README.md`.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::type_complexity,
    reason = "a bench stops at the first surprise"
)]

mod evaluate;
mod joins;
mod load;
mod report;
mod texts;
mod workload;

fn main() {
    divan::main();
}
