//! What a list lacks where not all its elements were read.

use super::blame::{Fact, Walker};
use crate::eval::Work;
use crate::lowering::{Grouping, Index};
use crate::schema::{FieldId, FrameId};
use crate::value::Column;

/// At most this many rows are named as the reason why a list may lack elements.
pub(super) const NAMED: usize = 3;

impl Walker<'_> {
    /// Whether the elements of an outer row are all known, whatever was collected before.
    pub(super) fn is_whole(&self, grouping: Grouping, outer: usize) -> bool {
        let mut alone = Walker::new(self.evaluator);
        alone.gaps(grouping, outer);
        alone.facts.is_empty() && alone.partial.is_empty() && !alone.uncompared
    }

    /// The facts, and the tables, for want of which the elements of an outer row are not all known.
    pub(super) fn gaps(&mut self, grouping: Grouping, outer: usize) {
        match grouping {
            Grouping::Nested(frame) => {
                let parent =
                    self.evaluator.graph.program.schema.frame(frame).and_then(|found| found.parent);
                if let Some((parent, field)) =
                    parent.filter(|(parent, field)| !self.given(*parent, *field, outer))
                {
                    self.push(Fact { frame: parent, row: outer, field });
                }
            }
            Grouping::Inverse(frame, field) => {
                let data = self.evaluator.frame(frame);
                let claims = data.map_or(&[][..], |data| data.claims(field));
                let concerning = claims.iter().filter(|claim| claim.concerns(outer));
                let rows: Vec<usize> =
                    concerning.flat_map(|claim| &claim.rows).map(|row| *row as usize).collect();
                for row in rows.into_iter().take(NAMED) {
                    self.push(Fact { frame, row, field });
                }
                self.gaps(Grouping::All(frame), 0);
            }
            Grouping::All(frame) => match self
                .evaluator
                .graph
                .program
                .schema
                .frame(frame)
                .and_then(|found| found.parent)
            {
                Some((parent, field)) => {
                    self.facts_where(parent, field, |column, row| !column.present.get(row));
                    self.gaps(Grouping::All(parent), 0);
                }
                None => {
                    let whole = self.evaluator.frame(frame).is_some_and(|data| data.whole);
                    if !whole && !self.partial.contains(&frame) {
                        self.partial.push(frame);
                    }
                }
            },
            Grouping::Pairs(id) => {
                let Some(pairs) = self.evaluator.graph.pairs_of(id) else { return };
                self.uncompared |= self.evaluator.is_over(Work::Pairs(id));
                let Some(group) = pairs.group else {
                    return self.gaps(Grouping::All(pairs.inner), 0);
                };
                let owner = group.base.map_or(Some(outer), |base| self.at(Index::At(base), outer));
                owner.into_iter().for_each(|owner| self.gaps(group.grouping, owner));
            }
        }
    }

    fn given(&self, frame: FrameId, field: FieldId, row: usize) -> bool {
        self.evaluator.frame(frame).is_some_and(|data| data.present(field).get(row))
    }

    fn facts_where(
        &mut self,
        frame: FrameId,
        field: FieldId,
        wanting: impl Fn(&Column, usize) -> bool,
    ) {
        let Some(data) = self.evaluator.frame(frame) else { return };
        let Some(column) = data.column(field) else { return };
        (0..data.len)
            .filter(|row| wanting(column, *row))
            .take(NAMED)
            .for_each(|row| self.push(Fact { frame, row, field }));
    }
}
