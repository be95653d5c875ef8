//! From loaded columns to outcomes and verdicts. `rules` is how many times sixteen.

use crate::workload::{Loaded, compile, load};
use divan::Bencher;
use divan::counter::ItemsCount;
use fanshi::builtin::World;
use fanshi::eval::Evaluator;
use fanshi::value::instant::Offset;
use fanshi::verdict;

const ROWS: usize = 100_000;
const WORLD: World<'static> = World { today: 16_593, offset: Offset::CHINA, calendar: None };

fn loaded(variants: usize) -> Loaded {
    load(&compile(ROWS, variants, "fanshi.toml"))
}

fn outcomes(loaded: &Loaded) -> usize {
    let evaluator = Evaluator::new(&loaded.graph, &loaded.data.frames, WORLD);
    evaluator.run(&loaded.roots);
    loaded
        .judgements
        .iter()
        .map(|judgement| evaluator.bits(judgement.outcomes.violated).count())
        .sum()
}

#[divan::bench(args = [1, 10], sample_count = 50, sample_size = 1)]
fn all_cores(bencher: Bencher, rules: usize) {
    let loaded = loaded(rules);
    bencher.counter(ItemsCount::new(ROWS)).bench(|| outcomes(&loaded));
}

#[divan::bench(args = [1, 10], sample_count = 50, sample_size = 1)]
fn one_core(bencher: Bencher, rules: usize) {
    let loaded = loaded(rules);
    let pool =
        rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a pool of one thread");
    bencher.counter(ItemsCount::new(ROWS)).bench(|| pool.install(|| outcomes(&loaded)));
}

#[divan::bench(sample_count = 50, sample_size = 1)]
fn verdicts(bencher: Bencher) {
    let loaded = loaded(1);
    let evaluator = Evaluator::new(&loaded.graph, &loaded.data.frames, WORLD);
    evaluator.run(&loaded.roots);
    bencher.bench(|| {
        verdict::verdicts(&evaluator, &loaded.judgements, &[], &*loaded.data.located).len()
    });
}
