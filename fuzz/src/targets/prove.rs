//! What is proven, against the evaluator: what can never be is not so of any row, and rows that show
//! something show it when they are read and judged.

use super::{Checked, Reached, faulty, generated, loading, sound};
use crate::corpus::Corpus;
use crate::input::Input;
use crate::mutate::mutate;
use fanshi::prove::{Answer, Claim};
use fanshi::syntax::tree::Language;
use fanshi::{Certainty, FrameId, ProofKind, Prover, Run, Witness};
use fastrand::Rng;

pub fn make(corpus: &Corpus, random: &mut Rng) -> Input {
    if random.bool() {
        return generated(random.u64(0..1 << 40));
    }
    let mut input = loading(corpus, random);
    mutate(&mut input, corpus, random, |name| name.ends_with(".fan"));
    input
}

pub fn run(input: &Input) -> Reached {
    let run = input.run();
    // No row can have a value of an enum that has none.
    if !sound(input, &run) || run.schema().enums.iter().any(|found| found.values.is_empty()) {
        return Ok(false);
    }
    let prover = Prover {
        graph: &run.policy.graph,
        judgements: &run.policy.judgements,
        today: run.policy.today,
    };
    let mut random = Rng::with_seed(input.seed);
    // All questions of a long policy take seconds: a few of its sentences are asked about.
    for _ in 0..run.policy.judgements.len().min(3) {
        let at = random.usize(..run.policy.judgements.len());
        for claims in [
            vec![Claim::Governs(at)],
            vec![Claim::Speaks(at)],
            vec![Claim::Silent(at)],
            vec![Claim::Broken(at)],
            vec![Claim::Kept(at)],
        ] {
            let demand = run.policy.judgements[at].demand.is_some();
            if demand && matches!(claims[..], [Claim::Broken(_) | Claim::Kept(_)]) {
                continue;
            }
            asked(input, &run, &prover, &claims)?;
        }
    }
    if run.policy.judgements.len() <= 8 {
        found(input, &run, &prover)?;
    }
    Ok(!run.policy.judgements.is_empty())
}

/// One question, and the rows there are.
fn asked(input: &Input, run: &Run, prover: &Prover<'_>, claims: &[Claim]) -> Checked {
    let Some(frame) = claims.first().map(|claim| run.policy.judgements[claim.judgement()].frame)
    else {
        return Ok(());
    };
    match prover.ask(frame, claims) {
        // Rows with mistakes may have what no row can have that was read.
        Answer::Never | Answer::ByKeys if !faulty(run) => {
            let nodes: Vec<_> = claims.iter().flat_map(|claim| prover.nodes(*claim)).collect();
            let row = (0..run.len(frame)).find(|row| {
                nodes.iter().all(|(node, value)| run.evaluator.holds(*node, *row) == *value)
            });
            if let Some(row) = row.filter(|_| !nodes.is_empty()) {
                return Err(format!("what can never be is so: {claims:?}, row {row} of {frame:?}"));
            }
        }
        Answer::Shown(witness) => {
            if !prover.confirms(&witness, claims) {
                let read = witness.read(&run.policy.program.schema, Language::Chinese).is_some();
                let wrong = if read { "not confirmed" } else { "not read" };
                let text = witness.toml(run.schema(), Language::Chinese);
                let codes = super::codes(&with_rows(input, run, &witness).run());
                return Err(format!("a witness is {wrong}: {claims:?} {codes:?}\n{text}"));
            }
            judged(input, run, &witness, frame, claims, prover)?;
        }
        _ => {}
    }
    Ok(())
}

/// The project with the rows of a witness in the place of its own.
fn with_rows(input: &Input, run: &Run, witness: &Witness) -> Input {
    let text = witness.toml(run.schema(), Language::Chinese);
    let manifest = input.text("fanshi.toml").unwrap_or_default();
    let mut manifest = manifest.split("[data]").next().unwrap_or_default().to_owned();
    manifest.push_str("[data]\n");
    let given = witness.tables(run.schema());
    for (frame, table) in run.schema().tables() {
        let file = if given.contains(&frame) { "\"witness.toml\"" } else { "{ empty = true }" };
        manifest.push_str(&format!("\"{}\" = {file}\n", table.names.zh()));
    }
    input.clone().with("fanshi.toml", manifest).with("witness.toml", text)
}

/// A witness written as data, read and judged like any other.
fn judged(
    input: &Input,
    run: &Run,
    witness: &Witness,
    frame: FrameId,
    claims: &[Claim],
    prover: &Prover<'_>,
) -> Checked {
    // What a manifest says besides would have to be kept.
    let manifest = input.text("fanshi.toml").unwrap_or_default();
    if manifest.split("[data]").nth(1).is_none_or(|rest| rest.contains('[')) {
        return Ok(());
    }
    let again = with_rows(input, run, witness).run();
    if again.policy.judgements.len() != run.policy.judgements.len() {
        return Ok(());
    }
    let nodes: Vec<_> = claims.iter().flat_map(|claim| prover.nodes(*claim)).collect();
    let so =
        |row: usize| nodes.iter().all(|(node, value)| again.evaluator.holds(*node, row) == *value);
    // Where in the files its rows stand is not said: some row has to be as claimed.
    if (0..again.len(frame)).any(so) {
        return Ok(());
    }
    let text = witness.toml(run.schema(), Language::Chinese);
    Err(format!(
        "a witness that is read is not as claimed: {claims:?} {:?}\n{text}",
        super::codes(&again)
    ))
}

/// Everything that is found out, held against the rows there are.
fn found(input: &Input, run: &Run, prover: &Prover<'_>) -> Checked {
    for found in &prover.prove().findings {
        let _ = found.diagnostic(prover, &run.policy.phrases.sources);
        let [at, ..] = found.sentences[..] else { continue };
        let Some(judgement) = run.policy.judgements.get(at) else { continue };
        if let Certainty::Shown(witness) = &found.certainty {
            let again = with_rows(input, run, witness);
            let _ = again.run();
        }
        if faulty(run) || !found.except.is_empty() || !matches!(found.certainty, Certainty::Proven)
        {
            continue;
        }
        let outcomes =
            (0..run.len(judgement.frame)).map(|row| run.sentence_outcome(judgement, row));
        let wrong = outcomes.into_iter().find(|outcome| match found.kind {
            ProofKind::Dead => outcome.is_broken() || *outcome == fanshi::Outcome::Satisfied,
            ProofKind::Impossible => *outcome == fanshi::Outcome::Satisfied,
            ProofKind::Unviolable => outcome.is_broken(),
            _ => false,
        });
        if let Some(outcome) = wrong {
            return Err(format!(
                "what is proven is not so: {:?} of sentence {at}, {outcome:?}",
                found.kind
            ));
        }
    }
    Ok(())
}
