//! Rows for outcomes that the prover finds none for, by trying: what a sentence compares by a
//! calendar, the prover does not reckon. The days of a row are moved apart, day by day, and the
//! evaluator says what comes of it.

use crate::data::FrameData;
use crate::engine::calendar;
use crate::eval::Evaluator;
use crate::lowering::NodeId;
use crate::program::{Clause, ExprId};
use crate::prove::{Answer, Boundary, Claim, Fact, Prover, Side, Witness};
use crate::schema::{Constant, FieldId, FrameId, Type};
use crate::value::instant::TICKS;
use std::sync::Arc;

/// How many days two dates are moved apart; between two steps that come to different outcomes the
/// day is looked for on which they part.
const STEPS: [i64; 17] = [0, 1, 2, 3, 5, 7, 10, 15, 20, 30, 45, 60, 90, 120, 180, 366, 800];
/// How many pairs of dates are moved.
const PAIRS: usize = 12;

/// A day or a time of a row.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Moment {
    row: usize,
    field: FieldId,
    /// One day.
    day: i64,
}

/// Rows for what a sentence comes to without one among those `found`. Broken and kept ones stand a
/// day apart, where they can.
pub(super) fn missing(prover: &Prover<'_>, at: usize, found: &[Boundary]) -> Vec<(Side, Witness)> {
    let (Some(judgement), Some((_, sentence))) = (prover.judgements.get(at), prover.sentence(at))
    else {
        return Vec::new();
    };
    let outcomes = judgement.outcomes;
    let both = !matches!(sentence.clause, Clause::Refer(_));
    let first = |condition: Option<ExprId>| condition.unwrap_or(ExprId(0));
    let all = [
        (Side::Broken, outcomes.violated, true),
        (Side::Kept, outcomes.satisfied, both),
        (
            Side::Outside(first(sentence.condition)),
            outcomes.not_applicable,
            sentence.condition.is_some(),
        ),
        (Side::Excepted(first(sentence.exception)), outcomes.exempt, sentence.exception.is_some()),
    ];
    let seen = |side: Side| {
        let same =
            |found: &Boundary| std::mem::discriminant(&found.side) == std::mem::discriminant(&side);
        found.iter().any(same)
    };
    let wanted: Vec<(Side, NodeId)> = all
        .into_iter()
        .filter(|(side, _, can)| *can && !seen(*side))
        .map(|(side, node, _)| (side, node))
        .collect();
    if wanted.is_empty() {
        return Vec::new();
    }
    let reads: Vec<(FrameId, FieldId)> = prover.reads(at).into_iter().collect();
    let mut made: Vec<(Side, Witness)> = Vec::new();
    for claims in [vec![Claim::Governs(at)], vec![Claim::Speaks(at)], Vec::new()] {
        let open = |made: &[(Side, Witness)]| -> Vec<(Side, NodeId)> {
            let done = |side: Side| made.iter().any(|(other, _)| *other == side);
            wanted.iter().filter(|(side, _)| !done(*side)).copied().collect()
        };
        let Answer::Shown(base) = prover.ask(judgement.frame, &claims) else { continue };
        for (one, other) in pairs(prover, &base, &reads) {
            let rest = open(&made);
            if rest.is_empty() {
                return made;
            }
            made.extend(apart(prover, &base, (one, other), &rest));
        }
    }
    made
}

/// The moments that are read, two and two.
fn pairs(
    prover: &Prover<'_>,
    base: &Witness,
    reads: &[(FrameId, FieldId)],
) -> Vec<(Moment, Moment)> {
    let schema = &prover.graph.program.schema;
    let mut moments = Vec::new();
    for (row, found) in base.rows.iter().enumerate() {
        for (frame, field) in reads.iter().filter(|(frame, _)| *frame == found.frame) {
            let day = match schema.field(*frame, *field).map(|field| field.ty) {
                Some(Type::Date) => 1,
                Some(Type::Instant) => 86_400 * TICKS,
                _ => continue,
            };
            moments.push(Moment { row, field: *field, day });
        }
    }
    let each = moments.iter().flat_map(|one| moments.iter().map(move |other| (*one, *other)));
    each.filter(|(one, other)| one != other).take(PAIRS).collect()
}

/// Moves the second moment away from the first: for each outcome a row that comes to it beside one
/// that does not, else the first that comes to it.
fn apart(
    prover: &Prover<'_>,
    base: &Witness,
    (one, other): (Moment, Moment),
    wanted: &[(Side, NodeId)],
) -> Vec<(Side, Witness)> {
    let moved = |days: i64| {
        let mut witness = base.clone();
        for (at, days) in [(one, 0), (other, days)] {
            if let Some(row) = witness.rows.get_mut(at.row) {
                let value = Constant::Int((prover.today + days) * at.day);
                row.facts.insert(at.field, Fact::Value(value));
            }
        }
        witness
    };
    let judges: Vec<(i64, Judge)> =
        STEPS.iter().map(|days| (*days, Judge::of(prover, &moved(*days)))).collect();
    let mut made = Vec::new();
    for (side, node) in wanted {
        let turn = judges.windows(2).find_map(|pair| match pair {
            [before, after] if before.1.holds(*node) != after.1.holds(*node) => {
                Some((before.0, after.0, before.1.holds(*node)))
            }
            _ => None,
        });
        let edge = turn.map(|(mut low, mut high, held)| {
            while high - low > 1 {
                let middle = low.midpoint(high);
                let holds = Judge::of(prover, &moved(middle)).holds(*node);
                *(if holds == held { &mut low } else { &mut high }) = middle;
            }
            if held { low } else { high }
        });
        let first = || judges.iter().find(|(_, judge)| judge.holds(*node)).map(|(days, _)| *days);
        made.extend(edge.or_else(first).map(|days| (*side, moved(days))));
    }
    made
}

/// The evaluator over the rows of one witness, with the calendar they declare.
struct Judge {
    evaluator: Evaluator,
    row: usize,
}

impl Judge {
    fn of(prover: &Prover<'_>, witness: &Witness) -> Self {
        let (frames, places) = witness.frames(&prover.graph.program.schema);
        let frames: Arc<Vec<FrameData>> = Arc::new(frames);
        let calendar = calendar(prover.graph, &frames).map(Arc::new);
        let evaluator = Evaluator::new(prover.graph.clone(), frames, prover.today, calendar);
        Self { evaluator, row: places.get(witness.subject).copied().unwrap_or(0) }
    }

    fn holds(&self, node: NodeId) -> bool {
        self.evaluator.holds(node, self.row)
    }
}
