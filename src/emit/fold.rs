//! What sums up the elements of lists.

use super::define::{Definer, Definition, Grouped, RANGE, Ranked, Refused, TOO_LARGE};
use super::dialect::quoted;
use super::layout::ROW;
use super::template::{Cell, Part, Template, fill};
use crate::builtin::End;
use crate::invariant::broken;
use crate::lowering::{Grouping, NodeId, Op};
use crate::schema::Physical;

/// The row number of an element in its own frame, as a column of the elements.
pub(super) fn element_row(grouping: Grouping) -> String {
    match grouping {
        Grouping::Pairs(_) => "\"_inner\"".to_owned(),
        _ => quoted(ROW),
    }
}

impl Definer<'_> {
    /// What sums up lists and is no exact number.
    pub(super) fn of_list(&self, id: NodeId) -> Result<Definition, Refused> {
        let fold = |grouping: &Grouping, each: Template, empty: Option<&'static str>| {
            Ok(Definition::Fold { grouping: *grouping, each, empty })
        };
        match &self.node(id).op {
            Op::Exists(grouping, bits) => {
                let each = fill("MAX(CASE WHEN {} THEN 1 ELSE 0 END) = 1", [(*bits).into()]);
                fold(grouping, each, Some("FALSE"))
            }
            Op::Count(grouping, bits) => {
                let text = "CAST(COUNT(CASE WHEN {} THEN 1 END) AS BIGINT)";
                fold(grouping, fill(text, [(*bits).into()]), Some("0"))
            }
            Op::Distinct(grouping, mask, value) => {
                let shown = self.told_apart(*value);
                let text = "CAST(COUNT(DISTINCT CASE WHEN {} THEN {} END) AS BIGINT)";
                fold(grouping, fill(text, [(*mask).into(), shown]), Some("0"))
            }
            Op::Max(grouping, mask, value) => {
                let each = fill("MAX(CASE WHEN {} THEN {} END)", [(*mask).into(), (*value).into()]);
                fold(grouping, each, None)
            }
            Op::Min(grouping, mask, value) => {
                let each = fill("MIN(CASE WHEN {} THEN {} END)", [(*mask).into(), (*value).into()]);
                fold(grouping, each, None)
            }
            Op::Sum(..) => Ok(Definition::Row(self.summed(id))),
            Op::Select(grouping, sure, never) => {
                let row = element_row(*grouping);
                let text = format!(
                    "CASE WHEN COUNT(CASE WHEN NOT {{}} THEN 1 END) = 1 THEN \
                        MAX(CASE WHEN {{}} AND NOT {{}} THEN p.{row} END) END"
                );
                let never = || Template::from(*never);
                fold(grouping, fill(&text, [never(), (*sure).into(), never()]), None)
            }
            Op::End(end, grouping, [sure, never], order) => {
                let rank = order.map(|order| match self.node(order).physical {
                    Physical::Ratios => self.scaled(order),
                    _ => order.into(),
                });
                Ok(Definition::Ranked(Ranked {
                    grouping: Grouped(*grouping),
                    never: (*never).into(),
                    sure: (*sure).into(),
                    rank,
                    last: *end == End::Last,
                }))
            }
            _ => broken("no list"),
        }
    }

    /// A value as one that is the same for equal values alone.
    pub(super) fn told_apart(&self, id: NodeId) -> Template {
        match self.node(id).physical {
            Physical::Ratios => {
                fill("CAST({} AS TEXT) || '/' || CAST({} AS TEXT)", [id.into(), self.under(id)])
            }
            _ => id.into(),
        }
    }

    /// A sum of whole numbers, as [`added`] has it.
    fn summed(&self, id: NodeId) -> Template {
        let [above, below] = [Part::Raw, Part::RawUnder].map(|part| Cell::Node(id, part));
        let stop = self.dialect.stop(TOO_LARGE, above);
        added(above.into(), below.into(), stop)
    }
}

/// The sum of what is above 0 and of what is below; NULL where it does not fit. Sums on the way lie
/// between the two: where these do not both fit, and the sum does, it depends on the order whether
/// there is one, and the query stops.
pub(super) fn added(above: Template, below: Template, stop: Template) -> Template {
    let text = format!(
        "CASE WHEN {{}} {RANGE} AND {{}} {RANGE} THEN CAST({{}} + {{}} AS BIGINT) \
            WHEN {{}} + {{}} {RANGE} THEN CAST({{}} AS BIGINT) END"
    );
    let (again, more) = (above.clone(), below.clone());
    fill(&text, [again.clone(), more.clone(), again, more, above, below, stop])
}
