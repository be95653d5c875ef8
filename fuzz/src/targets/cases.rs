//! Cases beside a policy: those written are judged or refused at their places, those made from the
//! policy pass; what they cover and which changes of the policy they notice can be told.

use super::policy::placed;
use super::{Reached, generated};
use crate::corpus::Corpus;
use crate::input::Input;
use crate::mutate::mutate;
use fanshi::testing::generate::generate;
use fanshi::testing::suite::{Status, Suite};
use fanshi::testing::{coverage, mutate as mutants};
use fanshi::workspace::Member;
use fanshi::{Project, Source};
use fastrand::Rng;
use std::path::PathBuf;
use std::sync::Arc;

pub fn make(corpus: &Corpus, random: &mut Rng) -> Input {
    match random.u8(0..16) {
        // Cases made from a policy take as long as a hundred that are written.
        0 => generated(random.u64(0..1 << 40)),
        1 | 2 => {
            let mut input = corpus.projects[random.usize(..corpus.projects.len())].clone();
            mutate(&mut input, corpus, random, |name| name.ends_with(".fan"));
            input
        }
        _ => {
            let mut input =
                corpus.projects[corpus.tested[random.usize(..corpus.tested.len())]].clone();
            let fits = if random.u8(0..3) == 0 { ".fan" } else { ".cases.toml" };
            mutate(&mut input, corpus, random, |name| name.ends_with(fits));
            input
        }
    }
}

pub fn run(input: &Input) -> Reached {
    let project: Arc<Project> = Arc::new(input.project());
    let beside =
        |member: &Member| member.path.with_extension("cases.toml").to_string_lossy().into_owned();
    let mut members: Vec<Member> = project.members();
    members.retain(|member| input.text(&beside(member)).is_some() || member.has_articles());
    members.sort_by_key(|member| input.text(&beside(member)).is_none());
    let Some(member) = members.into_iter().next() else { return Ok(false) };
    match input.text(&beside(&member)) {
        Some(text) => written(member, text, input.seed),
        None => made(member, input.seed),
    }
}

fn suite(member: Member, text: &str) -> Suite {
    let source = Source::new("policy.cases.toml", text);
    Suite { member, source, own: None, snapshots: PathBuf::new(), unread: Vec::new() }
}

fn written(member: Member, text: &str, seed: u64) -> Reached {
    let suite = suite(member, text);
    let judged = suite.judge("");
    let own = judged.results.iter().flat_map(|result| &result.diagnostics);
    judged.diagnostics.iter().chain(&judged.elsewhere).chain(own).try_for_each(placed)?;
    if judged.results.len() != judged.file.cases.len() {
        return Err(format!("a case has no result: {text}"));
    }
    if judged.diagnostics.is_empty() {
        let covered = coverage::measure(&judged);
        for (seen, all) in [covered.articles(), covered.conditions()] {
            if seen > all {
                return Err(format!("more is covered than there is: {seen} of {all}"));
            }
        }
        // A run for each change of the policy and each case: of one input in eight.
        if seed.is_multiple_of(8) {
            let found = mutants::mutate(&judged, false, &[]);
            mutants::stale(&judged, &found, false).iter().try_for_each(placed)?;
        }
    }
    Ok(judged.results.iter().any(|result| result.status != Status::Error))
}

/// Cases made from a policy.
fn made(member: Member, seed: u64) -> Reached {
    let Some(day) = member.project.manifest.as_of else { return Ok(false) };
    let made = match generate(member.clone(), day, None) {
        Ok(Some(made)) => made,
        Ok(None) => return Ok(false),
        Err(wrong) => return placed(&wrong).map(|()| false),
    };
    made.diagnostics.iter().try_for_each(placed)?;
    if !made.diagnostics.is_empty() || made.cases == 0 {
        return Ok(false);
    }
    let own = suite(member.clone(), &made.text);
    let judged = own.judge("");
    let passed = judged.results.iter().filter(|result| result.status == Status::Passed).count();
    if passed != made.cases {
        let wrong: Vec<_> =
            judged.diagnostics.iter().map(|found| (found.code, &found.message.en)).collect();
        return Err(format!(
            "cases that were made do not pass: {passed} of {} {wrong:?}\n{}",
            made.cases, made.text
        ));
    }
    written(member, &made.text, seed)
}
