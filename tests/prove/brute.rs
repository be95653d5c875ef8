//! Random policies over one small table; every row of a small domain goes through the evaluator
//! itself.

use fanshi::analysis::{Settings, analyze};
use fanshi::eval::Evaluator;
use fanshi::lowering;
use fanshi::prove::{Answer, Claim, Fact, Prover, Witness, WitnessRow};
use fanshi::schema::{Constant, FieldId, FrameId, Schema};
use fanshi::syntax::parse;
use fanshi::text::{FileId, Source, Sources};
use std::collections::BTreeMap;
use std::sync::Arc;

const VOCABULARY: &str = "
enum kind { red green blue }
enum fate { keep drop halt }
table item {
  code : text key
  a : boolean
  c : kind
  n : integer
  m : integer optional
  steps : many { ok : boolean  k : integer }
  outcome : fate
}
define size(item) = count(steps)
";

/// The least and greatest number tried, and the greatest of an element.
const NUMBERS: std::ops::RangeInclusive<i64> = -2..=6;
const ELEMENTS: std::ops::RangeInclusive<i64> = 0..=2;

/// xorshift64.
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % sides as u64).unwrap()
    }

    fn atom(&mut self) -> String {
        let relation = ["<", "<=", ">", ">=", "is", "is not"][self.roll(6)];
        let number = self.roll(3) + 1;
        let color = ["red", "green", "blue"][self.roll(3)];
        match self.roll(26) {
            0 | 1 => "a".into(),
            2 => format!("c is {color}"),
            3 => format!("c in {{red, {color}}}"),
            4..=6 => format!("n {relation} {number}"),
            7 => "has m".into(),
            8 => format!("(has m and m {relation} {number})"),
            9 => format!("(lacks m or m {relation} {number})"),
            10 => format!("(has m and n - m {relation} {})", number - 1),
            11 => format!("(has m and n + m {relation} {number})"),
            12 => format!("(has m and n {relation} m)"),
            13 => "any(steps: ok)".into(),
            14 => "every(steps: ok)".into(),
            15 => format!("none(steps: k {relation} {number})"),
            16 => format!("count(steps: ok) {relation} {}", number - 1),
            17 => format!("max(steps: k) {relation} {number}"),
            18 => format!("sum(steps where ok: k) {relation} {number}"),
            19 => format!("steps[k = {number}].ok"),
            20 => ["has steps", "lacks steps"][self.roll(2)].into(),
            21 => format!("size {relation} {number}"),
            22 => format!("sum(steps: k) {relation} n"),
            23 => format!("count(steps where ok) {relation} n"),
            24 => format!("any(steps where ok: k {relation} n)"),
            _ => format!("min(steps where not ok: k) {relation} {number}"),
        }
    }

    pub fn condition(&mut self, depth: usize) -> String {
        self.joined(depth, Self::atom)
    }

    /// Atoms, joined.
    pub fn joined(&mut self, depth: usize, atom: fn(&mut Self) -> String) -> String {
        match self.roll(if depth == 0 { 2 } else { 5 }) {
            0 | 1 => atom(self),
            2 => format!("not ({})", self.joined(depth - 1, atom)),
            3 => {
                format!("({}) or ({})", self.joined(depth - 1, atom), self.joined(depth - 1, atom))
            }
            _ => {
                format!("({}) and ({})", self.joined(depth - 1, atom), self.joined(depth - 1, atom))
            }
        }
    }

    fn article(&mut self, number: usize) -> String {
        let fate = ["keep", "drop", "halt"][self.roll(3)];
        let clause = if self.roll(4) == 0 {
            format!("must {}", self.condition(1))
        } else {
            format!("then {fate}")
        };
        let mut text = format!(
            "article {number} a{number}\n  whenever item where {}, {clause}.\n",
            self.condition(2)
        );
        if self.roll(3) == 0 {
            text += &format!("  unless {}\n", self.condition(1));
        }
        if number > 1 && self.roll(4) == 0 {
            text += &format!("  overrides {}\n", self.roll(number - 1) + 1);
        }
        text
    }

    fn policy(&mut self) -> String {
        let order = if self.roll(2) == 0 { "  order keep > drop > halt\n" } else { "" };
        let articles: String = (1..=2 + self.roll(2)).map(|number| self.article(number)).collect();
        format!("policy small\n{VOCABULARY}\ndecide item.outcome\n{order}\n{articles}")
    }
}

/// All rows of the domain, as one table.
pub fn all_rows() -> Witness {
    let mut lists: Vec<Vec<(bool, i64)>> = vec![Vec::new()];
    let kinds: Vec<(bool, i64)> =
        [false, true].into_iter().flat_map(|ok| ELEMENTS.map(move |k| (ok, k))).collect();
    for (at, one) in kinds.iter().enumerate() {
        lists.push(vec![*one]);
        lists.extend(kinds.iter().skip(at).map(|other| vec![*one, *other]));
    }
    let mut rows = Vec::new();
    let value = |field: u32, constant: Constant| (FieldId(field), Fact::Value(constant));
    for n in NUMBERS {
        for m in NUMBERS.map(Some).chain([None]) {
            for c in 0..3 {
                for a in [false, true] {
                    for list in &lists {
                        let parent = rows.len();
                        let facts = BTreeMap::from([
                            value(0, Constant::Text(parent.to_string().into())),
                            value(1, Constant::Bool(a)),
                            value(2, Constant::Int(c)),
                            value(3, Constant::Int(n)),
                            m.map_or((FieldId(4), Fact::Absent), |m| value(4, Constant::Int(m))),
                            value(6, Constant::Int(0)),
                        ]);
                        rows.push(WitnessRow { frame: FrameId(0), parent: None, facts });
                        rows.extend(list.iter().map(|&(ok, k)| WitnessRow {
                            frame: FrameId(1),
                            parent: Some(parent),
                            facts: BTreeMap::from([
                                value(0, Constant::Bool(ok)),
                                value(1, Constant::Int(k)),
                            ]),
                        }));
                    }
                }
            }
        }
    }
    Witness { rows, subject: 0 }
}

/// Whether a witness lies outside the domain of the enumeration.
fn outside(witness: &Witness) -> bool {
    let far = |row: &WitnessRow, field: u32, range: &std::ops::RangeInclusive<i64>| {
        matches!(row.facts.get(&FieldId(field)),
            Some(Fact::Value(Constant::Int(value))) if !range.contains(value))
    };
    let elements = witness.rows.iter().filter(|row| row.frame == FrameId(1));
    let items = witness.rows.iter().filter(|row| row.frame == FrameId(0));
    elements.clone().count() > 2
        || elements.clone().any(|row| far(row, 1, &ELEMENTS))
        || items.clone().any(|row| far(row, 3, &NUMBERS) || far(row, 4, &NUMBERS))
}

#[derive(Default, Debug)]
pub struct Tally {
    pub policies: usize,
    pub questions: usize,
    shown: usize,
    never: usize,
    pub open: usize,
    outside: usize,
}

/// Whether the rows are all there are in a domain, so that whatever is shown within it is shown by
/// one of them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Rows {
    All,
    Some,
}

pub fn compare(
    policy: &str,
    frame: FrameId,
    frames: &[fanshi::data::FrameData],
    rows: Rows,
    tally: &mut Tally,
) {
    let mut sources = Sources::default();
    sources.add(Source::new("small.fan", policy));
    let (file, wrong) = parse::parse(FileId(0), sources.get(FileId(0)).unwrap());
    assert!(wrong.is_empty(), "{policy}\n{wrong:?}");
    let analysis = analyze(&[file], &sources, &Settings::default());
    if analysis
        .diagnostics
        .iter()
        .any(|found| found.severity == fanshi::diagnostic::Severity::Error)
    {
        return;
    }
    let (graph, judgements, _, _) = lowering::lower(&analysis.program);
    let evaluator = Evaluator::new(graph.clone(), Arc::new(frames.to_vec()), 0, None);
    let prover = Prover { graph: &graph, judgements: &judgements, today: 0 };
    tally.policies += 1;
    let demands: Vec<bool> =
        judgements.iter().map(|judgement| judgement.demand.is_some()).collect();
    for claims in questions(&demands) {
        let empty = |claim: &Claim| {
            matches!(claim,
            Claim::Excepted(at) if prover.sentence(*at).is_none_or(|found|
                found.1.exception.is_none()))
        };
        if claims.iter().any(empty) {
            continue;
        }
        let expected = claims.iter().flat_map(|claim| prover.nodes(*claim)).fold(
            None,
            |rows, (node, value)| {
                let bits = evaluator.bits(node);
                let bits = if value { bits } else { bits.not() };
                Some(rows.map_or_else(|| bits.clone(), |rows: fanshi::value::Bits| rows.and(&bits)))
            },
        );
        let Some(expected) = expected else { continue };
        tally.questions += 1;
        match prover.ask(frame, &claims) {
            Answer::Never | Answer::ByKeys => {
                tally.never += 1;
                assert!(
                    expected.none(),
                    "{policy}\n{claims:?} holds for row {:?}",
                    expected.iter().next()
                );
            }
            Answer::Shown(witness) => {
                tally.shown += 1;
                assert!(
                    prover.confirms(&witness, &claims),
                    "{policy}\n{claims:?} is not confirmed by {witness:?}"
                );
                let far = rows == Rows::Some || outside(&witness);
                tally.outside += usize::from(expected.none());
                assert!(
                    far || !expected.none(),
                    "{policy}\n{claims:?} is shown by {witness:?}, which brute force lacks"
                );
            }
            Answer::Open(_) => tally.open += 1,
        }
    }
}

fn questions(all: &[bool]) -> Vec<Vec<Claim>> {
    let mut questions: Vec<Vec<Claim>> = Vec::new();
    for (at, demands) in all.iter().enumerate() {
        questions.extend([vec![Claim::Governs(at)], vec![Claim::Speaks(at), Claim::Excepted(at)]]);
        questions.extend([vec![Claim::Silent(at)], vec![Claim::Unsure(at), Claim::Speaks(at)]]);
        if !demands {
            questions.extend([vec![Claim::Broken(at)], vec![Claim::Kept(at)]]);
        }
        questions.extend((0..at).map(|other| vec![Claim::Governs(at), Claim::Governs(other)]));
        questions.extend((0..at).map(|other| vec![Claim::Governs(at), Claim::Silent(other)]));
        if !demands {
            questions.push(vec![Claim::Unkept(at)]);
            let others = (0..at).filter(|other| !all[*other]);
            questions.extend(others.map(|other| vec![Claim::Kept(at), Claim::Kept(other)]));
        }
    }
    questions.push((0..all.len()).map(Claim::Silent).collect());
    questions
}

/// What a vocabulary declares.
pub fn schema(vocabulary: &str) -> Schema {
    let mut sources = Sources::default();
    sources.add(Source::new("small.fan", format!("policy small\n{vocabulary}")));
    let (file, wrong) = parse::parse(FileId(0), sources.get(FileId(0)).unwrap());
    assert!(wrong.is_empty(), "{wrong:?}");
    (*analyze(&[file], &sources, &Settings::default()).program.schema).clone()
}

fn run(policies: usize, seed: u64) {
    let mut dice = Dice(seed);
    let (frames, _) = all_rows().frames(&schema(VOCABULARY));
    let mut tally = Tally::default();
    while tally.policies < policies {
        compare(&dice.policy(), FrameId(0), &frames, Rows::All, &mut tally);
    }
    println!("{tally:?}");
    assert!(tally.open * 20 < tally.questions, "{tally:?}");
}

#[test]
fn answers_agree_with_brute_force() {
    run(150, 0x5eed);
}

#[test]
#[ignore = "minutes; run in release"]
fn ten_thousand_policies_agree_with_brute_force() {
    run(10_000, 0xfa45);
}

/// A demand that another overrides which demands the same is made also where that one is open.
#[test]
fn a_demand_that_is_made_either_way_governs() {
    let (frames, _) = all_rows().frames(&schema(VOCABULARY));
    let mut tally = Tally::default();
    for articles in [
        "article 1 a1\n  whenever item where has steps, then halt.
article 2 a2\n  whenever item where c in {red, blue}, then drop.
  unless (steps[k = 3].ok) and (sum(steps where ok: k) > 3)
article 3 a3\n  whenever item where steps[k = 2].ok, then drop.\n  overrides 2\n",
        "article 1 a1\n  whenever item where lacks m, then halt.
article 2 a2\n  whenever item where a, then drop.
article 3 a3\n  whenever item where max(steps: k) > 1, then drop.\n  overrides 2\n",
        "article 1 a1\n  whenever item where a, then keep.
article 2 a2\n  whenever item where steps[k = 2].ok, then keep.\n  overrides 1
article 3 a3\n  whenever item where max(steps: k) > 1, then keep.\n  overrides 2\n",
        "article 1 a1\n  whenever item where a, then keep.
article 2 a2\n  whenever item where steps[k = 2].ok, then keep.\n  overrides 1
article 3 a3\n  whenever item where max(steps: k) > 1, then drop.\n  overrides 2\n",
    ] {
        let policy = format!("policy small\n{VOCABULARY}\ndecide item.outcome\n\n{articles}");
        compare(&policy, FrameId(0), &frames, Rows::All, &mut tally);
    }
    assert!(tally.policies == 4 && tally.open == 0, "{tally:?}");
}
