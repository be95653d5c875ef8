//! How long large generated policies take: 15 fields, 3 to 6 conditions an article, a fifth of them
//! alternatives.

use super::brute::Dice;
use fanshi::analysis::{Settings, analyze};
use fanshi::lowering;
use fanshi::prove::{Certainty, Prover};
use fanshi::syntax::parse;
use fanshi::text::{FileId, Source, Sources};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::time::Instant;

const VOCABULARY: &str = "
policy large
enum e1 { v0 v1 v2 v3 v4 v5 }
enum e2 { w0 w1 w2 w3 }
enum e3 { x0 x1 x2 x3 x4 x5 x6 x7 }
enum e4 ascending { y0 y1 y2 y3 y4 }
enum fate { f0 f1 f2 f3 f4 }
table item {
  code : text key
  b1 : boolean  b2 : boolean  b3 : boolean  b4 : boolean
  p1 : e1  p2 : e2  p3 : e3  p4 : e4
  n1 : integer  n2 : integer optional  n3 : workdays  n4 : date  n5 : money optional
  name : text
  steps : many { kind : e2  days : workdays }
  outcome : fate
}
decide item.outcome
  order f0 > f1 > f2 > f3 > f4
  otherwise f4
";

fn literal(dice: &mut Dice) -> String {
    let relation = ["<", "<=", ">", ">="][dice.roll(4)];
    let number = dice.roll(20);
    match dice.roll(15) {
        0..=3 => format!("{}b{}", ["", "not "][dice.roll(2)], dice.roll(4) + 1),
        4 => format!("p1 in {{v{}, v{}}}", dice.roll(6), dice.roll(6)),
        5 => format!("p2 is w{}", dice.roll(4)),
        6 => format!("p3 is not x{}", dice.roll(8)),
        7 => format!("p4 {relation} y{}", dice.roll(5)),
        8 => format!("n1 {relation} {number}"),
        9 => format!("(has n2 and n2 {relation} {number})"),
        10 => format!("n3 {relation} {number} workdays"),
        11 => format!("n4 {} 2015-{:02}-01", ["before", "after"][dice.roll(2)], dice.roll(12) + 1),
        12 => format!("(has n5 and n5 {relation} {number} yuan)"),
        13 => format!("name contains \"part{}\"", dice.roll(5)),
        _ => match dice.roll(4) {
            0 => format!("any(steps: kind is w{})", dice.roll(4)),
            1 => format!("count(steps) > {}", dice.roll(3)),
            2 => format!("sum(steps: days) {relation} {number} workdays"),
            _ => "every(steps: days <= n3)".to_owned(),
        },
    }
}

fn policy(articles: usize) -> String {
    let mut dice = Dice(0x1234_5678);
    let mut text = VOCABULARY.to_owned();
    for number in 1..=articles {
        let parts: Vec<String> = (0..3 + dice.roll(4))
            .map(|_| {
                if dice.roll(5) == 0 {
                    format!("({} or {})", literal(&mut dice), literal(&mut dice))
                } else {
                    literal(&mut dice)
                }
            })
            .collect();
        let _ = write!(
            text,
            "\narticle {number} a{number}\n  whenever item where {}, then f{}.\n",
            parts.join(" and "),
            dice.roll(5)
        );
    }
    text
}

fn run(articles: usize) {
    let mut sources = Sources::default();
    sources.add(Source::new("large.fan", policy(articles)));
    let (file, _) = parse::parse(FileId(0), sources.get(FileId(0)).unwrap());
    let analysis = analyze(&[file], &sources, &Settings::default());
    let (graph, judgements, _, _) = lowering::lower(&analysis.program);
    assert_eq!(judgements.len(), articles, "{:?}", analysis.diagnostics);
    let start = Instant::now();
    let proof = Prover { graph: &graph, judgements: &judgements, today: 16_000 }.prove();
    let took = start.elapsed();
    let open = proof
        .findings
        .iter()
        .filter(|finding| matches!(finding.certainty, Certainty::Open(_)))
        .count();
    let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
    for finding in &proof.findings {
        if let Certainty::Open(limits) = &finding.certainty {
            let kinds: BTreeSet<String> = limits
                .iter()
                .map(|limit| format!("{limit:?}").split('(').next().unwrap().to_owned())
                .collect();
            *reasons.entry(format!("{} {kinds:?}", finding.kind.code())).or_default() += 1;
        }
    }
    println!("{reasons:?}");
    println!(
        "{articles} articles, {} pairs, {} questions, {} findings, {open} open: {took:?}",
        proof.pairs,
        proof.questions,
        proof.findings.len()
    );
    // What is asked grows with the pairs that concern each other, never with what each may be.
    assert!(proof.questions < 2 * (articles + proof.pairs), "{} questions", proof.questions);
}

#[test]
fn twenty_articles() {
    run(20);
}

#[test]
#[ignore = "minutes; run in release"]
fn two_hundred_articles() {
    run(200);
}

#[test]
#[ignore = "minutes; run in release"]
fn thousand_articles() {
    run(1000);
}
