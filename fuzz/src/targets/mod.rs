//! What must be so of every input.

mod cases;
mod diff;
mod explain;
mod load;
mod parse;
mod policy;
mod prove;
mod read;
mod report;
mod same;

use crate::corpus::{Corpus, data};
use crate::generate::Case;
use crate::input::Input;
use crate::mutate::mutate;
use fanshi::{Outcome, Run, Severity};
use fastrand::Rng;

/// What is wrong, with a few words up to a `:` that all failures of a kind share.
type Checked = Result<(), String>;

/// Whether an input came to what its target is about, rather than being refused before; or what is
/// wrong.
pub type Reached = Result<bool, String>;

/// Inputs, and what must be so of them.
pub struct Target {
    /// Its name.
    pub name: &'static str,
    /// Makes an input.
    pub make: fn(&Corpus, &mut Rng) -> Input,
    /// Says what is wrong.
    pub run: fn(&Input) -> Reached,
    /// How many runs the gate makes of it: some seconds of a build that is not optimised.
    pub short: u64,
}

/// All there are.
pub const TARGETS: [Target; 10] = [
    Target { name: "parse", make: parse::make, run: parse::run, short: 1_500 },
    Target { name: "read", make: read::make, run: read::run, short: 4_000 },
    Target { name: "policy", make: policy::make, run: policy::run, short: 300 },
    Target { name: "load", make: load::make, run: load::run, short: 100 },
    Target { name: "report", make: any, run: report::run, short: 40 },
    Target { name: "explain", make: any, run: explain::run, short: 50 },
    Target { name: "cases", make: cases::make, run: cases::run, short: 20 },
    Target { name: "diff", make: any, run: diff::run, short: 50 },
    Target { name: "prove", make: prove::make, run: prove::run, short: 60 },
    Target { name: "same", make: same::make, run: same::run, short: 40 },
];

/// A project with data, something of it changed.
fn any(corpus: &Corpus, random: &mut Rng) -> Input {
    let mut input = loading(corpus, random);
    match random.u8(0..8) {
        0 => mutate(&mut input, corpus, random, |name| name.ends_with("fanshi.toml")),
        1 | 2 => mutate(&mut input, corpus, random, |name| name.ends_with(".fan")),
        3 => mutate(&mut input, corpus, random, |_| true),
        _ => {
            let files = data(&input);
            mutate(&mut input, corpus, random, |name| files.iter().any(|file| file == name));
        }
    }
    input
}

/// A project with data as it is: of the suite, or a random program with random rows.
fn loading(corpus: &Corpus, random: &mut Rng) -> Input {
    if random.u8(0..4) == 0 {
        return generated(random.u64(0..1 << 40));
    }
    corpus.projects[corpus.loading[random.usize(..corpus.loading.len())]].clone()
}

/// A random program with random rows, as the tests of the evaluator have them.
fn generated(seed: u64) -> Input {
    let case = Case::new(seed);
    let mut manifest = String::from(
        "[project]\nname = \"fuzz\"\nas_of = 2015-11-20\npolicies = [\"词.fan\", \"策.fan\"]\n[data]\n",
    );
    let mut input =
        Input::default().with("词.fan", case.vocabulary()).with("策.fan", case.policy());
    for (table, rows) in &case.tables {
        manifest.push_str(&format!("\"{table}\" = \"{table}.jsonl\"\n"));
        input = input.with(&format!("{table}.jsonl"), Case::lines(rows));
    }
    input.with("fanshi.toml", manifest)
}

/// What each sentence came to for each row of its frame.
struct Verdicts {
    /// The article, the frame, and the outcomes.
    sentences: Vec<(String, usize, Vec<Outcome>)>,
}

impl Verdicts {
    fn of(run: &Run) -> Self {
        let sentence = |judgement: &fanshi::lowering::Judgement| {
            let outcomes =
                (0..run.len(judgement.frame)).map(|row| run.sentence_outcome(judgement, row));
            let name = run.policy.rules.code(fanshi::RuleId::Article(judgement.article)).to_owned();
            (name, judgement.frame.0 as usize, outcomes.collect())
        };
        Self { sentences: run.policy.judgements.iter().map(sentence).collect() }
    }
}

/// Whether manifest and policies are without mistakes; data need not be.
fn sound(input: &Input, run: &Run) -> bool {
    let files = data(input);
    let of_data = |found: &fanshi::Diagnostic| {
        found
            .labels
            .first()
            .is_some_and(|label| files.iter().any(|file| **file == *label.place.file))
    };
    let errors = run.summary.diagnostics.iter().filter(|found| found.severity == Severity::Error);
    errors.into_iter().all(of_data)
}

/// Whether anything keeps a run from being complete.
fn faulty(run: &Run) -> bool {
    run.summary.diagnostics.iter().any(|found| found.severity == Severity::Error)
}

/// Whether some sentence was held against some row.
fn judged(run: &Run) -> bool {
    run.policy.judgements.iter().any(|judgement| run.len(judgement.frame) > 0)
}

/// The codes of all that is wrong, in order.
fn codes(run: &Run) -> Vec<&'static str> {
    let mut codes: Vec<&str> = run.summary.diagnostics.iter().map(|found| found.code).collect();
    codes.sort_unstable();
    codes
}
