//! From loaded columns to outcomes and verdicts. `rules` is how many times sixteen.

use crate::workload::{Compiled, compile, load};
use divan::Bencher;
use divan::counter::ItemsCount;
use fanshi::engine::Rows;
use fanshi::eval::Evaluator;
use fanshi::verdict;

const ROWS: usize = 100_000;

fn loaded(variants: usize) -> (Compiled, Rows) {
    let compiled = compile(ROWS, variants, "fanshi.toml");
    let rows = load(&compiled);
    (compiled, rows)
}

/// Every outcome of every rule, from the columns.
pub fn evaluated(compiled: &Compiled, rows: &Rows) -> Evaluator {
    let policy = &compiled.policy;
    let evaluator = Evaluator::new(policy.graph.clone(), rows.frames.clone(), policy.today, None);
    evaluator.run(&verdict::roots(&policy.judgements, &policy.decisions));
    evaluator
}

/// How many outcomes are violations.
pub fn violated(compiled: &Compiled, evaluator: &Evaluator) -> usize {
    let judgements = compiled.policy.judgements.iter();
    judgements.map(|judgement| evaluator.bits(judgement.outcomes.violated).count()).sum()
}

fn outcomes(compiled: &Compiled, rows: &Rows) -> usize {
    violated(compiled, &evaluated(compiled, rows))
}

#[divan::bench(args = [1, 10], sample_count = 50, sample_size = 1)]
fn all_cores(bencher: Bencher, rules: usize) {
    let (compiled, rows) = loaded(rules);
    bencher.counter(ItemsCount::new(ROWS)).bench(|| outcomes(&compiled, &rows));
}

#[divan::bench(args = [1, 10], sample_count = 50, sample_size = 1)]
fn one_core(bencher: Bencher, rules: usize) {
    let (compiled, rows) = loaded(rules);
    let pool =
        rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a pool of one thread");
    bencher.counter(ItemsCount::new(ROWS)).bench(|| pool.install(|| outcomes(&compiled, &rows)));
}

#[divan::bench(sample_count = 50, sample_size = 1)]
fn verdicts(bencher: Bencher) {
    let (compiled, rows) = loaded(1);
    let evaluator = evaluated(&compiled, &rows);
    let judgements = &compiled.policy.judgements;
    bencher.bench(|| verdict::verdicts(&evaluator, judgements, &[], &*rows.located).len());
}
