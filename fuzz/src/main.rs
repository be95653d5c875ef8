//! Mutated projects, held against what must be so of every one of them. See `README.md`.

mod corpus;
mod input;
mod minimise;
mod mutate;
mod targets;
mod watch;
mod worker;

#[path = "../../tests/generate/mod.rs"]
#[allow(dead_code, unused_imports, reason = "the tests use the rest")]
mod generate;
#[path = "../../tests/sheets/mod.rs"]
mod sheets;
#[path = "../../tests/suite/case.rs"]
#[allow(dead_code, reason = "the tests use the rest")]
mod suite;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};
use targets::{TARGETS, Target};

const USAGE: &str = "\
usage: cargo run --release -- TARGET...|--all [--seed N] [--runs N|--short|--minutes N|--seconds N]
       cargo run --release -- TARGET --replay FOLDER";

/// What is asked for.
#[derive(Default)]
struct Asked {
    targets: Vec<&'static Target>,
    seed: u64,
    runs: Option<u64>,
    /// As many runs as the gate makes.
    short: bool,
    time: Option<Duration>,
    replay: Option<PathBuf>,
    /// The first run, where a worker goes on after one that died.
    from: Option<u64>,
    /// Where it notes which run it makes.
    note: PathBuf,
}

fn asked() -> Option<Asked> {
    let mut asked = Asked::default();
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut number = || words.next().and_then(|word| word.parse::<u64>().ok());
        match &*word {
            "--all" => asked.targets = TARGETS.iter().collect(),
            "--seed" => asked.seed = number()?,
            "--short" => asked.short = true,
            "--runs" => asked.runs = Some(number()?),
            "--minutes" => asked.time = Some(Duration::from_secs(60 * number()?)),
            "--seconds" => asked.time = Some(Duration::from_secs(number()?)),
            "--worker" => asked.from = Some(number()?),
            "--note" => asked.note = words.next()?.into(),
            "--replay" => asked.replay = Some(words.next()?.into()),
            name => asked.targets.push(TARGETS.iter().find(|target| target.name == name)?),
        }
    }
    (!asked.targets.is_empty()).then_some(asked)
}

fn main() -> ExitCode {
    let Some(asked) = asked() else {
        let names: Vec<&str> = TARGETS.iter().map(|target| target.name).collect();
        eprintln!("{USAGE}\ntargets: {}", names.join(" "));
        return ExitCode::from(2);
    };
    let [target, ..] = asked.targets[..] else { return ExitCode::from(2) };
    if let Some(folder) = &asked.replay {
        return worker::replay(target, folder);
    }
    let runs = asked.runs.unwrap_or(if asked.time.is_some() { u64::MAX } else { 1_000 });
    if let Some(from) = asked.from {
        let until = asked.time.map(|time| Instant::now() + time);
        worker::work(target, asked.seed, from..runs, until, &asked.note);
        return ExitCode::SUCCESS;
    }
    let count = u32::try_from(asked.targets.len()).unwrap_or(1);
    let each = asked.time.map(|time| time / count);
    let (mut all, mut failed) = (0, 0);
    println!("target     executions  seconds per second  reached   most steps  failed");
    for target in asked.targets {
        let begun = Instant::now();
        let runs = if asked.short { target.short } else { runs };
        let done = worker::supervise(target, asked.seed, runs, each);
        let seconds = begun.elapsed().as_secs_f64();
        failed += done.failed;
        let rate = done.runs as f64 / seconds.max(0.001);
        let reached = 100.0 * done.reached as f64 / (done.runs as f64).max(1.0);
        println!(
            "{:<10} {:>10} {seconds:>8.0} {rate:>10.0} {reached:>7.0}% {:>12} {:>7}",
            target.name, done.runs, done.steps, done.failed
        );
        all += done.runs;
    }
    println!("{:<10} {all:>10} {failed:>47}", "all");
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
