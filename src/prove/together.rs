//! Demands that meet without an order, told once for a decision: what is missing is its order.

use super::finding::{Finding, Kind};
use super::note::{decided, heading, sentence_heading};
use super::question::Prover;
use crate::diagnostic::{Bilingual, Diagnostic};
use crate::place::Place;
use crate::say;
use crate::text::Sources;
use std::collections::{BTreeMap, BTreeSet};

/// What was found, in words; several pairs that demand different things of one decision as one
/// message that lists them.
#[must_use]
pub fn diagnostics(
    findings: &[Finding],
    prover: &Prover<'_>,
    sources: &Sources,
) -> Vec<Diagnostic> {
    let is_pair = |finding: &&Finding| {
        finding.kind == Kind::Conflict && !finding.is_open() && finding.except.is_empty()
    };
    let mut pairs: BTreeMap<usize, Vec<&Finding>> = BTreeMap::new();
    for finding in findings.iter().filter(is_pair) {
        let of = finding.decision.map(|decision| pairs.entry(decision).or_default());
        of.into_iter().for_each(|pairs| pairs.push(finding));
    }
    pairs.retain(|_, pairs| pairs.len() > 1);
    let mut told = BTreeSet::new();
    let mut found = Vec::new();
    for finding in findings {
        let together = finding.decision.and_then(|at| Some((at, pairs.get(&at)?)));
        match together.filter(|_| is_pair(&finding)) {
            Some((decision, pairs)) if told.insert(decision) => {
                found.push(without_order(decision, pairs, prover, sources));
            }
            Some(_) => {}
            None => found.push(finding.diagnostic(prover, sources)),
        }
    }
    found
}

/// The pairs of a decision, as one message.
fn without_order(
    decision: usize,
    pairs: &[&Finding],
    prover: &Prover<'_>,
    sources: &Sources,
) -> Diagnostic {
    let mut rest: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for pair in pairs {
        if let [first, second] = *pair.sentences.as_slice() {
            rest.entry(first).or_default().push(second);
        }
    }
    let name = |at: usize| match prover.sentence(at) {
        Some((article, _)) if article.sentences.len() < 2 => article.title(),
        _ => sentence_heading(prover, sources, at),
    };
    let (mut zh, mut en) = (Vec::new(), Vec::new());
    for (first, others) in &rest {
        let (own, others) = (name(*first), others.iter().map(|at| name(*at)));
        let (others_zh, others_en): (Vec<String>, Vec<String>) =
            others.map(|other| (other.zh, other.en)).unzip();
        zh.push(format!("{}与{}", own.zh, others_zh.join("、")));
        en.push(format!("{} with {}", own.en, others_en.join(", ")));
    }
    let (zh, en, count) = (zh.join("；"), en.join("; "), pairs.len());
    let Bilingual { zh: field_zh, en: field_en } = decided(prover, decision);
    let message = say!(
        "裁定 {field_zh} 没有次序，{count} 对条文可以管到同一行而要求不同：{zh}",
        "`{field_en}` is decided without an order, and {count} pairs of articles demand different \
            things of one row: {en}"
    );
    let values = demanded(decision, pairs, prover);
    let joined =
        |pick: fn(&Bilingual) -> &str| values.iter().map(pick).collect::<Vec<_>>().join(" > ");
    let (order_zh, order_en) = (joined(|it| &it.zh), joined(|it| &it.en));
    let help = say!(
        "给裁定加一行“次序”，先听的写在前面，这几个是：`次序 {order_zh}`；或者在条文里写“除非”“优先于”",
        "give the decision an order, what is heard first in front; these are to be put in order: \
            `order {order_en}`; or write exceptions or `overrides`"
    );
    let mut made = Diagnostic::error(Kind::Conflict.code(), message).help(help);
    if let Some(declared) = prover.graph.program.decisions.get(decision) {
        made = made.at(Place::policy(sources, declared.span), Bilingual::default());
    }
    let sentences: BTreeSet<usize> =
        pairs.iter().flat_map(|pair| pair.sentences.iter().copied()).collect();
    for (article, sentence) in sentences.into_iter().filter_map(|at| prover.sentence(at)) {
        made = made.at(Place::policy(sources, sentence.span), heading(prover, article));
    }
    made
}

/// What the sentences of pairs demand, in the order of the enum.
fn demanded(decision: usize, pairs: &[&Finding], prover: &Prover<'_>) -> Vec<Bilingual> {
    let program = &*prover.graph.program;
    let sentences = pairs.iter().flat_map(|pair| pair.sentences.iter().copied());
    let demands = sentences.filter_map(|at| prover.judgements.get(at)?.demand);
    let values: BTreeSet<usize> = demands.map(|demand| demand.1).collect();
    let found = program.decisions.get(decision);
    let found = found.and_then(|found| program.schema.enumeration(found.dispositions));
    let value = |at: &usize| {
        let names = &found?.values.get(*at)?.names;
        Some(Bilingual::new(names.zh(), names.en()))
    };
    values.iter().filter_map(value).collect()
}
