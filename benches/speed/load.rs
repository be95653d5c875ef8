//! From files to columns, in each format.

use crate::workload::{compile, load};
use divan::Bencher;
use divan::counter::BytesCount;

const ROWS: usize = 7082;

#[divan::bench(args = ["fanshi.toml", "json.toml", "csv.toml", "toml.toml"], sample_count = 20,
    sample_size = 1)]
fn files(bencher: Bencher, manifest: &str) {
    let compiled = compile(ROWS, 1, manifest);
    let bytes: u64 = compiled.opened.iter().map(|opened| opened.input().store.len()).sum();
    bencher.counter(BytesCount::new(bytes)).bench(|| load(&compiled).frames.len());
}
