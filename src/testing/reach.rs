//! Rows for outcomes that the prover finds none for, by trying: what a sentence compares by a
//! calendar, the prover does not reckon. The days of a row are moved apart, day by day, and the
//! evaluator says what comes of it.

use crate::data::{FrameData, Located};
use crate::engine::calendar;
use crate::eval::Evaluator;
use crate::lowering::NodeId;
use crate::place::Place;
use crate::program::{Clause, ExprId, ExprKind, Program, Sentence};
use crate::prove::{Answer, Boundary, Claim, Fact, Prover, Side, Spare, Witness, WitnessRow};
use crate::schema::{Constant, Field, FieldId, FrameId, Type, day_date};
use crate::value::date::day_number;
use crate::value::instant::TICKS;
use jiff::civil::Date;
use std::collections::BTreeMap;
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
    for (side, node) in wanted {
        let found = base(prover, (at, sentence), side).and_then(|base| {
            let mut pairs = pairs(prover, &base, &reads).into_iter();
            pairs.find_map(|pair| apart(prover, &base, pair, node))
        });
        made.extend(found.map(|witness| (side, witness)));
    }
    made
}

/// A row that shows as much as the prover can tell of what is wanted, one claim after another.
fn base(
    prover: &Prover<'_>,
    (at, sentence): (usize, &Sentence),
    side: Side,
) -> Option<Arc<Witness>> {
    let program = &prover.graph.program;
    let part = |part, holds| Claim::Part { at, part, holds };
    let mut wanted: Vec<Claim> =
        joined(program, sentence.condition).into_iter().map(|each| part(each, true)).collect();
    let excepted = matches!(side, Side::Excepted(_));
    wanted.extend(sentence.exception.map(|exception| part(exception, excepted)));
    if let (Clause::Require { modal, condition }, Side::Broken | Side::Kept) =
        (&sentence.clause, side)
    {
        wanted.push(part(*condition, (side == Side::Kept) != modal.is_negative()));
    }
    if let (Clause::Demand { .. }, Side::Broken | Side::Kept) = (&sentence.clause, side) {
        wanted.push(Claim::Declares { at, own: side == Side::Kept });
    }
    let frame = prover.judgements.get(at)?.frame;
    let (mut claims, mut best) = (Vec::new(), prover.ask(frame, &[]));
    for claim in wanted {
        claims.push(claim);
        match prover.ask(frame, &claims) {
            shown @ Answer::Shown(_) => best = shown,
            _ => drop(claims.pop()),
        }
    }
    match best {
        Answer::Shown(witness) => Some(witness),
        _ => None,
    }
}

/// What is joined by 且.
fn joined(program: &Program, condition: Option<ExprId>) -> Vec<ExprId> {
    let Some(id) = condition else { return Vec::new() };
    match &program.expr(id).kind {
        ExprKind::And(parts) => {
            parts.iter().flat_map(|part| joined(program, Some(*part))).collect()
        }
        _ => vec![id],
    }
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

/// Moves the second moment away from the first: a row that comes to what is wanted beside one that
/// does not, else the first that comes to it.
fn apart(
    prover: &Prover<'_>,
    base: &Witness,
    (one, other): (Moment, Moment),
    wanted: NodeId,
) -> Option<Witness> {
    let holiday = holiday(prover);
    let moved = |days: i64| {
        let mut witness = base.clone();
        let years = holiday.iter().flat_map(|_| new_years(prover.today, prover.today + days));
        for day in years {
            add_day(prover, &mut witness, day, holiday.as_ref());
        }
        for (at, days) in [(one, 0), (other, days)] {
            if let Some(row) = witness.rows.get_mut(at.row) {
                let value = Constant::Int((prover.today + days) * at.day);
                row.facts.insert(at.field, Fact::Value(value));
            }
        }
        witness
    };
    let holds = |days: i64| Judge::of(prover, &moved(days)).holds(wanted);
    let steps: Vec<(i64, bool)> = STEPS.iter().map(|days| (*days, holds(*days))).collect();
    let turn = steps.windows(2).find_map(|pair| match pair {
        [before, after] if before.1 != after.1 => Some((before.0, after.0, before.1)),
        _ => None,
    });
    let edge = turn.map(|(mut low, mut high, held)| {
        while high - low > 1 {
            let middle = low.midpoint(high);
            *(if holds(middle) == held { &mut low } else { &mut high }) = middle;
        }
        if held { low } else { high }
    });
    let first = || steps.iter().find(|(_, holds)| *holds).map(|(days, _)| *days);
    edge.or_else(first).map(moved)
}

/// The first days of the years from one day to another.
fn new_years(from: i64, to: i64) -> Vec<i64> {
    let year = |day| day_date(day).map(|date| date.year());
    let (Some(from), Some(to)) = (year(from), year(to)) else { return Vec::new() };
    let first = |year| Date::new(year, 1, 1).ok().map(day_number);
    (from..=to).filter_map(first).collect()
}

/// A value that makes a day of the calendar's table one that departs from the week, so that the
/// calendar reaches over its year.
fn holiday(prover: &Prover<'_>) -> Option<(FieldId, Constant)> {
    let program = &prover.graph.program;
    let calendar = program.calendar.as_ref()?;
    let constant = |id| match &program.expr(id).kind {
        ExprKind::Constant(constant) => Some(constant.clone()),
        _ => None,
    };
    let written: Vec<Constant> =
        program.reached([calendar.on, calendar.off]).filter_map(constant).collect();
    let fields = &program.schema.frame(calendar.frame)?.fields;
    let values = |field: &Field| match field.ty {
        Type::Boolean => vec![Constant::Bool(true), Constant::Bool(false)],
        Type::Enum(id) => {
            let len = program.schema.enumeration(id).map_or(0, |found| found.values.len());
            (0..len).filter_map(|at| i64::try_from(at).ok().map(Constant::Int)).collect()
        }
        _ => written.clone(),
    };
    let all = (0..).map(FieldId).zip(fields).filter(|(id, _)| *id != calendar.date);
    let mut all = all.flat_map(|(id, field)| values(field).into_iter().map(move |it| (id, it)));
    let works = |value: &(FieldId, Constant)| {
        let mut witness = Witness { rows: Vec::new(), subject: 0 };
        add_day(prover, &mut witness, prover.today, Some(value));
        Judge::of(prover, &witness).evaluator.calendar.and_then(|days| days.works(prover.today))
    };
    all.find(|value| works(value) == Some(false))
}

/// A row of the calendar's table.
fn add_day(
    prover: &Prover<'_>,
    witness: &mut Witness,
    day: i64,
    value: Option<&(FieldId, Constant)>,
) {
    let program = &prover.graph.program;
    let Some(calendar) = &program.calendar else { return };
    let mut facts = BTreeMap::from([(calendar.date, Fact::Value(Constant::Int(day)))]);
    facts.extend(value.map(|(field, value)| (*field, Fact::Value(value.clone()))));
    witness.rows.push(WitnessRow { frame: calendar.frame, parent: None, facts });
    witness.complete(program, prover.today, Spare::Shared);
}

/// Rows that stand in no file.
struct Nowhere;

impl Located for Nowhere {
    fn locate(&self, _: FrameId, _: usize, _: Option<FieldId>) -> Option<Place> {
        None
    }

    fn order(&self, _: FrameId, _: usize) -> (u32, u64) {
        (0, 0)
    }

    fn text(&self, _: FrameId, _: usize, _: FieldId) -> Option<String> {
        None
    }
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
        let (calendar, _) = calendar(prover.graph, &frames, &Nowhere);
        let calendar = calendar.map(Arc::new);
        let evaluator = Evaluator::new(prover.graph.clone(), frames, prover.today, calendar);
        Self { evaluator, row: places.get(witness.subject).copied().unwrap_or(0) }
    }

    fn holds(&self, node: NodeId) -> bool {
        self.evaluator.holds(node, self.row)
    }
}
