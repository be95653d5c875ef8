//! The working calendar, from its table; and what is wrong with its rows.

use crate::builtin::Counted;
use crate::data::{FrameData, Located};
use crate::diagnostic::{Bilingual, Diagnostic};
use crate::eval::Evaluator;
use crate::lowering::{Graph, Lowered, Op, Rails};
use crate::place::Place;
use crate::program::ExprId;
use crate::say;
use crate::schema::{FrameId, day_date};
use crate::value::Values;
use crate::value::calendar::{WorkingCalendar, weekday};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a row says of its day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Off,
    On,
    Both,
    Neither,
}

/// The table whose rows are the days of the calendar, where anything counts working days.
pub(crate) fn calendar_table(graph: &Graph) -> Option<FrameId> {
    let counts = graph.nodes.iter().any(|node| match &node.op {
        Op::Call(function, _) => function.counts_workdays(),
        Op::NetElapsed(intervals) => intervals.counted == Counted::Workdays,
        _ => false,
    });
    graph.program.calendar.as_ref().filter(|_| counts).map(|calendar| calendar.frame)
}

/// The calendar, and the mistakes in its rows. Without every day of it there is none: one that was
/// lost, or of which it is not known whether it is a working day, may lie anywhere.
#[must_use]
pub fn calendar(
    graph: &Arc<Graph>,
    frames: &Arc<Vec<FrameData>>,
    located: &dyn Located,
) -> (Option<WorkingCalendar>, Vec<Diagnostic>) {
    let Some(Rows { days, whole }) = rows(graph, frames) else { return (None, Vec::new()) };
    let rest = graph.program.calendar.as_ref().map_or(&[][..], |calendar| &calendar.rest);
    let mut exceptions: BTreeMap<i64, bool> = BTreeMap::new();
    let mut first: BTreeMap<i64, usize> = BTreeMap::new();
    let (mut contradictions, mut idle) = (Vec::new(), Vec::new());
    for (row, day, kind) in days {
        let works = match kind {
            Kind::On => true,
            Kind::Off => false,
            Kind::Both => {
                contradictions.push((day, row, row));
                continue;
            }
            Kind::Neither => {
                idle.push((row, day));
                continue;
            }
        };
        let known = exceptions.entry(day).or_insert(works);
        let first = *first.entry(day).or_insert(row);
        if *known != works {
            contradictions.push((day, first, row));
        }
    }
    // A day that is neither is as the week has it, and its year is covered.
    for (_, day) in &idle {
        exceptions.entry(*day).or_insert(!rest.contains(&weekday(*day)));
    }
    let calendar =
        (whole && contradictions.is_empty()).then(|| WorkingCalendar::new(rest, &exceptions));
    let place = Places { graph, located };
    let said = contradictions.iter().map(|found| place.contradiction(*found));
    let mut diagnostics: Vec<Diagnostic> = said.collect();
    diagnostics.extend(idle.first().map(|(row, _)| place.idle(*row, idle.len())));
    (calendar, diagnostics)
}

/// The rows of a calendar.
struct Rows {
    /// Each with its day and what it says of it.
    days: Vec<(usize, i64, Kind)>,
    /// Whether that is all there is.
    whole: bool,
}

/// The rows of the calendar; `None` without one.
fn rows(graph: &Arc<Graph>, frames: &Arc<Vec<FrameData>>) -> Option<Rows> {
    let calendar = graph.program.calendar.as_ref()?;
    let evaluator = Evaluator::new(graph.clone(), frames.clone(), 0, None);
    let frame = frames.get(calendar.frame.0 as usize)?;
    let column = frame.column(calendar.date)?;
    let Values::Ints(stored) = &column.values else { return None };
    let context = graph.own(calendar.frame)?;
    let rails = |expr: ExprId| match graph.lowered.get(&(expr, context)) {
        Some(Lowered::Truth(rails)) => Some(*rails),
        _ => None,
    };
    let (on, off) = (rails(calendar.on)?, rails(calendar.off)?);
    let truth = |rails: Rails, row: usize| {
        let (yes, no) = (evaluator.holds(rails.t, row), evaluator.holds(rails.f, row));
        (yes || no).then_some(yes)
    };
    let mut whole = frame.whole && column.present.all();
    let mut days = Vec::with_capacity(frame.len);
    for row in column.present.iter() {
        let Some(day) = stored.get(row) else { continue };
        let kind = match (truth(on, row), truth(off, row)) {
            (Some(true), Some(true)) => Kind::Both,
            (Some(true), Some(false)) => Kind::On,
            (Some(false), Some(true)) => Kind::Off,
            (Some(false), Some(false)) => Kind::Neither,
            _ => {
                whole = false;
                continue;
            }
        };
        days.push((row, *day, kind));
    }
    Some(Rows { days, whole })
}

/// Where rows of the calendar stand.
struct Places<'p> {
    graph: &'p Graph,
    located: &'p dyn Located,
}

impl Places<'_> {
    /// A day that is both off and worked, by one row or by two.
    fn contradiction(&self, (day, first, row): (i64, usize, usize)) -> Diagnostic {
        let shown = day_date(day).map_or_else(String::new, |date| date.to_string());
        let message = say!(
            "日历里 {shown} 又“休”又“班”，不知道算哪一种",
            "the calendar has {shown} both as a day off and as a working day"
        );
        let help = say!(
            "只留一种；改正以前，工作日一律不数",
            "keep one of the two; until then no working days are counted"
        );
        let mut found = Diagnostic::error("contradictory_day", message).help(help);
        let rows = if first == row { vec![row] } else { vec![row, first] };
        for (row, label) in
            rows.into_iter().zip([Bilingual::default(), say!("先前的一行", "the row before")])
        {
            found = match self.place(row) {
                Some(place) => found.at(place, label),
                None => found,
            };
        }
        found
    }

    /// Rows that are neither off nor worked.
    fn idle(&self, first: usize, count: usize) -> Diagnostic {
        let message = say!(
            "日历里有 {count} 行不休也不班，不起作用",
            "{count} rows of the calendar are neither a day off nor a working day"
        );
        let help = say!(
            "核对这些行，和历法里“休”“班”的条件",
            "check what they say against the calendar's conditions `off` and `on`"
        );
        let found = Diagnostic::warning("idle_calendar_row", message).help(help);
        match self.place(first) {
            Some(place) => found.at(place, Bilingual::default()),
            None => found,
        }
    }

    fn place(&self, row: usize) -> Option<Place> {
        let calendar = self.graph.program.calendar.as_ref()?;
        self.located.locate(calendar.frame, row, Some(calendar.date))
    }
}
