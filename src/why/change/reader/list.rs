//! What list forms read: their elements, and what an element more should say.

use super::super::reads::{ListRead, Owner, Place};
use super::fill::Filler;
use super::{At, Found, Reader};
use crate::diagnostic::Bilingual;
use crate::engine::RowRef;
use crate::eval::Reach;
use crate::lowering::{ContextId, Grouping, Index};
use crate::program::{ExprId, ExprKind, List, Pick};
use crate::schema::{Constant, FrameId};
use crate::why::Fact;
use crate::why::record::reached;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// How many elements of a list are looked into.
const ELEMENTS: usize = 12;

/// How many elements of a list are considered when those are picked.
const CONSIDERED: usize = 2_000;

impl Reader<'_> {
    /// A list that was noted.
    fn noted(&mut self, list: List, at: At) -> Option<&mut ListRead> {
        let (frame, owner) = self.owner(list, at)?;
        let known = |list: &&mut ListRead| (list.frame, list.owner) == (frame, owner);
        self.reads.lists.iter_mut().find(known)
    }

    /// What is summed up or looked up of lists would have to be so, or so much more. What several
    /// definitions use is looked at once.
    pub(super) fn ask_elements(&mut self, side: ExprId, values: &[Constant], at: At) {
        let mut open = vec![(side, at)];
        let mut seen = BTreeSet::new();
        while let Some((side, at)) = open.pop() {
            if !seen.insert((side, at)) {
                continue;
            }
            match *self.kind(side) {
                ExprKind::Quantify { list, body: Some(body), .. } => {
                    self.ask_of(list, body, values, at);
                }
                ExprKind::Lookup { list, then, .. } => self.ask_of(list, then, values, at),
                ExprKind::Arithmetic(_, left, right) | ExprKind::If(_, left, right) => {
                    open.extend([(left, at), (right, at)]);
                }
                ExprKind::Negate(inner) => open.push((inner, at)),
                ExprKind::Definition { level, definition } => {
                    let found = self.run.program().definition(definition);
                    let found = found.zip(self.level(level, at));
                    let there = found.and_then(|(found, row)| {
                        Some((found.body, (self.walker().own(found.frame)?, row)))
                    });
                    open.extend(there);
                }
                _ => {}
            }
        }
    }

    fn ask_of(&mut self, list: List, value: ExprId, values: &[Constant], at: At) {
        let ExprKind::Field { level: 0, field, .. } = *self.kind(value) else { return };
        let Some(list) = self.noted(list, at) else { return };
        for value in values {
            let ask = (field, value.clone());
            if !list.asks.contains(&ask) {
                list.asks.push(ask);
            }
        }
    }

    /// A list would have to be empty.
    pub(super) fn empty(&mut self, list: List, at: At) {
        let Some((frame, Owner::Row(row))) = self.owner(list, at) else { return };
        let count = self.run.evaluator.frame(frame).map_or(0, |data| data.elements(row).len());
        self.lengthen(list, i64::try_from(count).map_or(0, |count| -count), at);
    }

    pub(super) fn lengthen(&mut self, list: List, more: i64, at: At) {
        if let Some(list) = self.noted(list, at) {
            for more in [more, more.saturating_sub(1), more.saturating_add(1)] {
                if more != 0 && !list.lengths.contains(&more) {
                    list.lengths.push(more);
                }
            }
        }
    }

    pub(super) fn lookup(
        &mut self,
        (expr, list): (ExprId, List),
        (pick, condition): (Pick, ExprId),
        then: ExprId,
        at: At,
    ) -> Found {
        let parts: Vec<ExprId> = std::iter::once(condition).chain(pick.order()).collect();
        let (found, elements, inner) = self.list((expr, list), &parts, &[(condition, true)], at);
        let fits = elements
            .into_iter()
            .filter(|element| self.walker().truth(condition, inner, *element) == Some(true));
        let fitting: Vec<usize> = fits.collect();
        let Some(form) = self.evaluator.graph.forms.get(&(expr, at.0)).copied() else {
            return found;
        };
        let place = self.place_of(list, at);
        let mut main = None;
        let mut all = found;
        for element in &fitting {
            let row = self.evaluator.element_row(form.grouping, *element);
            let there = RowRef { frame: list.frame(), row };
            let name = self.run.lookup_name(list.frame(), condition);
            let name = name.filter(|_| fitting.len() == 1 && pick == Pick::Only);
            if let Some((name, before)) = name.zip(self.before(there)) {
                let path = Bilingual::new(format!("{}.", name.zh), format!("{}.", name.en));
                self.called.entry(before).or_insert(path);
            }
            let there = self.elsewhere(place, then, RowRef { frame: list.frame(), row });
            main = there.main.filter(|_| fitting.len() == 1);
            all = all.and(there);
        }
        Found { main, ..all }
    }

    /// Where the elements of a list stand.
    pub(super) fn place_of(&self, list: List, at: At) -> Place {
        match list {
            List::Nested { level, .. } => {
                let seen = self.evaluator.graph.context(at.0).row(level);
                let row = self.walker().level(level, at.0, at.1);
                let owner = seen.zip(row).map(|(seen, row)| RowRef { frame: seen.frame, row });
                owner.map_or(self.place, |owner| self.standing(owner)).max(Place::Element)
            }
            List::Inverse { .. } => self.place.max(Place::Referred),
            List::All { .. } => Place::Table,
        }
    }

    /// The frame of a list and whose it is, by the rows of the run.
    fn owner(&self, list: List, at: At) -> Option<(FrameId, Owner)> {
        let row = |level: usize| {
            let row = self.walker().level(level, at.0, at.1)?;
            let frame = self.evaluator.graph.context(at.0).row(level)?.frame;
            self.before(RowRef { frame, row })
        };
        Some(match list {
            List::Nested { level, frame } => (frame, Owner::Row(row(level)?.row)),
            List::Inverse { level, frame, field } => {
                (frame, Owner::Referred(field, row(level)?.row))
            }
            List::All { frame } => (frame, Owner::All),
        })
    }

    /// The elements of a list form, and what is read in them.
    pub(super) fn list(
        &mut self,
        (expr, list): (ExprId, List),
        parts: &[ExprId],
        wishes: &[(ExprId, bool)],
        at: At,
    ) -> (Found, Vec<usize>, ContextId) {
        let nothing = (Found::default(), Vec::new(), at.0);
        let Some(form) = self.evaluator.graph.forms.get(&(expr, at.0)).copied() else {
            return nothing;
        };
        let walker = self.walker();
        let back = |index: Index, row: usize| walker.at(index, row);
        let Some(outer) = reached(form.back, at.1, back) else { return nothing };
        let place = self.place_of(list, at);
        let elements = self.evaluator.elements(form.grouping, outer, Reach::Keyed);
        let mut elements: Vec<usize> = elements.take(CONSIDERED).collect();
        // Those that count, or may, before those that do not.
        elements.sort_by_key(|element| {
            parts
                .iter()
                .filter(|part| walker.truth(**part, form.inner, *element) == Some(false))
                .count()
        });
        elements.truncate(ELEMENTS);
        elements.sort_unstable();
        self.listed(list, form.grouping, (&elements, wishes), at);
        let before = self.place;
        self.place = before.max(place);
        let mut found = Found::default();
        for element in &elements {
            let inside = self.each(parts, (form.inner, *element));
            found = found.and(inside);
        }
        if let List::Inverse { frame, field, .. } = list {
            for element in &elements {
                let row = self.evaluator.element_row(form.grouping, *element);
                let link = self.found(Some(Fact { frame, row, field }));
                let read = link.main.and_then(|at| self.reads.facts.get_mut(at));
                read.into_iter().for_each(|read| read.link = true);
                found = found.and(link);
            }
        }
        self.place = before;
        (found, elements, form.inner)
    }

    /// Notes a list.
    fn listed(
        &mut self,
        list: List,
        grouping: Grouping,
        (elements, wishes): (&[usize], &[(ExprId, bool)]),
        at: At,
    ) {
        let Some((frame, owner)) = self.owner(list, at) else { return };
        let rows = elements.iter().filter_map(|element| {
            let row = self.evaluator.element_row(grouping, *element);
            self.before(RowRef { frame, row }).map(|row| row.row)
        });
        let rows: Vec<usize> = rows.collect();
        let wishes =
            Filler { reader: self, frame, owner, at, known: RefCell::default() }.wishes(wishes);
        let schema = self.run.schema();
        let parent = schema.frame(frame).and_then(|found| found.parent);
        let given = match (owner, parent) {
            (Owner::Row(row), Some((parent, field))) => {
                let row = self.now(RowRef { frame: parent, row });
                let data = self.evaluator.frame(parent);
                row.zip(data).is_some_and(|(row, data)| data.present(field).get(row.row))
            }
            _ => true,
        };
        let (judgement, depth) = (self.judgement, self.depth);
        let place = self.place_of(list, at);
        let known = |list: &ListRead| (list.frame, list.owner) == (frame, owner);
        if let Some(list) = self.reads.lists.iter_mut().find(|list| known(list)) {
            list.near.entry(judgement).or_insert(depth);
            list.place = list.place.min(place);
            for row in rows {
                if !list.elements.contains(&row) {
                    list.elements.push(row);
                }
            }
            for wish in wishes {
                if !list.wishes.contains(&wish) {
                    list.wishes.push(wish);
                }
            }
            return;
        }
        let name = match (owner, parent) {
            (Owner::Row(row), Some((frame, field))) => self.name(Fact { frame, row, field }),
            _ => {
                schema.frame(frame).map(|found| Bilingual::new(found.names.zh(), found.names.en()))
            }
        };
        self.reads.lists.push(ListRead {
            frame,
            owner,
            name: name.unwrap_or_default(),
            place,
            near: BTreeMap::from([(judgement, depth)]),
            given,
            elements: rows,
            wishes,
            lengths: Vec::new(),
            asks: Vec::new(),
        });
    }
}
