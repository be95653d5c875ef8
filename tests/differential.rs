//! Random programs and rows: the engine and a naive reference evaluator must say the same of every
//! row.
//!
//! `DIFFERENTIAL_SEED=n` runs one program alone and prints it.

#![allow(
    clippy::manual_try_fold,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "tests"
)]

mod blamed;
mod compare;
mod generate;
mod reference;
mod shrink;

use compare::{Difference, compare};
use generate::Case;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How many programs are tried: `DIFFERENTIAL_SEEDS`, or as many as a test asks for.
fn programs(usual: u64) -> u64 {
    std::env::var("DIFFERENTIAL_SEEDS").ok().and_then(|seeds| seeds.parse().ok()).unwrap_or(usual)
}

/// Compares the programs of these seeds and counts the rows that were judged; shows the first of
/// those that differ, and names all.
fn agree(seeds: std::ops::Range<u64>) -> usize {
    use rayon::prelude::*;
    let pairs = AtomicUsize::new(0);
    let different: Vec<u64> = seeds
        .into_par_iter()
        .filter(|seed| match compare(&Case::new(*seed), *seed) {
            Ok(rows) => {
                pairs.fetch_add(rows, Ordering::Relaxed);
                false
            }
            Err(_) => true,
        })
        .collect();
    if let Some(seed) = different.first() {
        let case = Case::new(*seed);
        if let Err(difference) = compare(&case, *seed) {
            let (case, difference) = shrink::shrink(case, difference);
            println!("{}", compare::show(&case, &difference));
        }
        panic!("seeds {different:?}");
    }
    pairs.into_inner()
}

#[test]
fn engine_and_reference_agree() {
    if let Some(seed) = std::env::var("DIFFERENTIAL_SEED").ok().and_then(|seed| seed.parse().ok()) {
        let case = Case::new(seed);
        println!("{}", compare::show(&case, &Difference::default()));
        agree(seed..seed + 1);
        return;
    }
    let pairs = agree(0..150);
    assert!(pairs >= 2_000, "only {pairs} pairs");
}

/// What is proven before rows are judged once took all memory for this one: lists in lists, read
/// through references that lead back.
#[test]
fn lists_in_lists_are_proven_within_bounds() {
    assert!(agree(1_000_297..1_000_298) > 0);
}

#[test]
#[ignore = "minutes: a hundred thousand pairs"]
fn engine_and_reference_agree_on_a_hundred_thousand_pairs() {
    let seeds = programs(10_000);
    let pairs = agree(1_000_000..1_000_000 + seeds);
    println!("{pairs} pairs");
    assert!(pairs >= 100_000 || seeds != 10_000, "only {pairs} pairs");
}

/// Takes every fact that a violated finding blames away, by itself or with others that alone change
/// nothing: the row must no longer be violated.
fn blame_matters(seeds: std::ops::Range<u64>) -> usize {
    use rayon::prelude::*;
    let checked = AtomicUsize::new(0);
    let failed: Vec<String> = seeds
        .into_par_iter()
        .flat_map_iter(|seed| {
            let case = Case::new(seed);
            let name = format!("blame-{seed}");
            let samples = blamed::samples(&case, &name);
            let mut failed = Vec::new();
            for sample in samples.iter().take(4) {
                for fact in blamed::idle(&case, &name, sample) {
                    let evidence: Vec<String> = sample
                        .finding
                        .evidence
                        .iter()
                        .map(|evidence| evidence.label.zh.clone())
                        .collect();
                    let (message, subject) = (&sample.finding.message.zh, &sample.finding.subject);
                    let what = format!(
                        "seed {seed}: {} {subject:?}\n{message}\n{fact:?}\n{evidence:#?}",
                        sample.finding.article
                    );
                    failed
                        .push(format!("{what}\n{}", compare::show(&case, &Difference::default())));
                }
                checked.fetch_add(1, Ordering::Relaxed);
            }
            failed
        })
        .collect();
    let checked = checked.into_inner();
    for text in &failed {
        println!(
            "{}",
            text.lines().take_while(|line| !line.starts_with(']')).collect::<Vec<_>>().join("\n")
        );
    }
    // What was not given has no place from which it could be taken away: a fact that matters only
    // beside it is not seen to matter, in one of 4,333 findings.
    let accepted = checked / 2_000;
    let first = failed.iter().min_by_key(|text| text.len());
    if let Some(first) = first.filter(|_| failed.len() > accepted) {
        panic!(
            "{} of {checked} findings blame a fact that does not matter:\n{first}",
            failed.len()
        );
    }
    checked
}

#[test]
fn every_blamed_fact_matters() {
    let checked = blame_matters(5_000_100..5_000_115);
    assert!(checked >= 20, "only {checked} findings");
}

#[test]
#[ignore = "a minute: a thousand findings"]
fn every_blamed_fact_matters_in_a_thousand_findings() {
    let seeds = programs(700);
    let checked = blame_matters(6_000_000..6_000_000 + seeds);
    println!("{checked} findings");
    assert!(checked >= 1_000 || seeds != 700, "only {checked} findings");
}
