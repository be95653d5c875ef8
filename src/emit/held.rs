//! Days without those that intervals hold: what each interval holds that none before it does is
//! counted, by first days in order.

use super::define::{Definer, Definition, Grouped, elements};
use super::dialect::quoted;
use super::fold::element_row;
use super::layout::{CALENDAR, ROW};
use super::plan::owner;
use super::query::Writer;
use super::template::{Cell, Part, Template, fill};
use crate::builtin::Counted;
use crate::lowering::{Domain, Intervals, NodeId};

/// What the intervals of a row hold.
#[derive(Clone, Debug)]
pub(super) struct Held {
    pub(super) grouping: Grouped,
    /// The first day and the last, of the rows around.
    pub(super) between: [Cell; 2],
    /// The rows around.
    pub(super) outer: Domain,
    including: bool,
    workdays: bool,
    /// Of each interval: whether it surely does not count, whether it surely does, its first day and
    /// its last.
    pub(super) each: [Template; 4],
    /// Whether it is asked how many of them are in doubt, and not how many days they hold.
    is_doubt: bool,
}

impl Definer<'_> {
    /// A part of what intervals hold: the days, or how many of them are in doubt.
    pub(super) fn held(&self, id: NodeId, intervals: &Intervals, part: Part) -> Definition {
        let [from, to] = intervals.between;
        let [first, last] = intervals.days;
        Definition::Held(Held {
            grouping: Grouped(intervals.grouping),
            between: [from.into(), to.into()],
            outer: self.node(id).domain,
            including: intervals.including,
            workdays: intervals.counted == Counted::Workdays,
            each: [intervals.never, intervals.sure, first, last].map(Template::from),
            is_doubt: part == Part::RawUnder,
        })
    }

    /// The days between two days without those that intervals hold.
    pub(super) fn net(&self, id: NodeId, intervals: &Intervals) -> Definition {
        let [from, to] = intervals.between.map(Template::from);
        let [held, doubt] = [Part::Raw, Part::RawUnder].map(|part| Cell::Node(id, part));
        let text = "CASE WHEN {} = 0 THEN {} - {} END";
        let including = if intervals.including { "TRUE" } else { "FALSE" };
        if intervals.counted == Counted::Workdays {
            return match self.elapsed(&from, &to, including.into()) {
                Definition::Beside { joins, found } => {
                    let found = fill(text, [doubt.into(), found, held.into()]);
                    Definition::Beside { joins, found }
                }
                other => other,
            };
        }
        let whole = fill(
            "CASE WHEN {} <= {} THEN {} - {} + CASE WHEN {} THEN 1 ELSE 0 END END",
            [from.clone(), to.clone(), to, from, including.into()],
        );
        Definition::Row(fill(text, [doubt.into(), whole, held.into()]))
    }
}

impl Writer<'_, '_> {
    /// What the intervals of each row hold, as a join, and the column that is asked for.
    pub(super) fn held(&self, held: &Held) -> (String, &'static str) {
        let grouping = held.grouping.0;
        let steps = held.each.iter().map(|part| self.plan.step_of(part, elements(grouping)));
        let relation = self.relation(elements(grouping), steps.max().unwrap_or(0));
        let around = held.between.iter().map(|cell| self.plan.step(*cell)).max().unwrap_or(0);
        let around = self.relation(held.outer, around);
        let owner = owner(&self.plan.definer, grouping);
        let owner = owner.map_or_else(|| "0".to_owned(), |owner| format!("p.{owner}"));
        let [never, sure, first, last] = held.each.each_ref().map(|part| self.template(part));
        let [from, to] = held.between.map(|cell| self.column(cell));
        let (row, element) = (quoted(ROW), element_row(grouping));
        let next = if held.including { "" } else { " + 1" };
        let (days, calendar) = match held.workdays {
            false => ("h.\"last\" - h.\"start\" + 1", String::new()),
            true => (
                "b.\"total\" - a.\"total\" + CASE WHEN a.\"works\" THEN 1 ELSE 0 END",
                format!(
                    "\n      LEFT JOIN {calendar} AS a ON a.\"day\" = h.\"start\"\n      \
                        LEFT JOIN {calendar} AS b ON b.\"day\" = h.\"last\"",
                    calendar = quoted(CALENDAR)
                ),
            ),
        };
        let head = format!(
            "LEFT JOIN (\n      SELECT h.{row}, COUNT(CASE WHEN h.\"doubt\" THEN 1 END) AS \"doubt\",\n        \
                CAST(SUM(CASE WHEN h.\"start\" <= h.\"last\" THEN {days} ELSE 0 END) AS BIGINT) AS \"held\"\n      \
                FROM (\n        SELECT x.*, GREATEST(x.\"first\", x.\"from\", COALESCE(MAX(x.\"last\") OVER (\n          \
                PARTITION BY x.{row} ORDER BY x.\"first\", x.\"last\", x.\"element\"\n          \
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) + 1, x.\"from\")) AS \"start\"\n        \
                FROM (\n          SELECT e.{row}, e.\"element\", e.\"first\", LEAST(e.\"last\", o.{to}) AS \"last\",\n            \
                o.{from}{next} AS \"from\",\n            \
                (NOT e.\"sure\" OR COALESCE(e.\"first\" > e.\"last\", TRUE)) AS \"doubt\"\n          \
                FROM (\n            SELECT {owner} AS {row}, p.{element} AS \"element\", {sure} AS \"sure\",\n              \
                {first} AS \"first\", {last} AS \"last\"\n            FROM {relation} AS p\n            \
                WHERE NOT {never}\n          ) AS e\n          JOIN {around} AS o ON o.{row} = e.{row}\n        \
                ) AS x\n      ) AS h{calendar}\n      GROUP BY h.{row}\n    )"
        );
        (head, if held.is_doubt { "\"doubt\"" } else { "\"held\"" })
    }
}
