//! The declared values that a value rests on: the walk below conditions.

use super::blame::{Asked, Blame, Fact, Walker};
use super::gap::NAMED;
use crate::eval::Reach;
use crate::lowering::{ContextId, Form, Grouping, Index, Lowered};
use crate::program::{DefinitionId, ExprId, ExprKind, List, NetElapsed, Pick};
use crate::schema::FrameId;

impl Walker<'_> {
    /// Collects the fields a value rests on; with `missing`, only the missing ones, and none where
    /// the value is known.
    pub fn values(&mut self, expr: ExprId, context: ContextId, row: usize, missing: bool) {
        if self.is_done() || missing && self.is_known(expr, context, row) {
            return;
        }
        self.count();
        let before = (self.facts.len(), self.failures.len());
        self.leaves(expr, context, row, missing);
        // Nothing is missing, yet a function gave nothing (a day outside the calendar, an
        // overflow): the facts it was given.
        let computed = matches!(
            self.evaluator.graph.program.expr(expr).kind,
            ExprKind::Call(..)
                | ExprKind::NetElapsed(_)
                | ExprKind::Arithmetic(..)
                | ExprKind::Negate(_)
                | ExprKind::Chain(_)
                | ExprKind::Nearest(_)
        );
        let nothing = before == (self.facts.len(), self.failures.len());
        if missing && computed && nothing && self.is_unknown(expr, context, row) {
            self.fail(expr, context, row);
            self.leaves(expr, context, row, false);
        }
    }

    /// Both days, and those of every interval that counts.
    fn net_elapsed(
        &mut self,
        expr: ExprId,
        net: &NetElapsed,
        context: ContextId,
        row: usize,
        missing: bool,
    ) {
        net.outside().for_each(|day| self.values(day, context, row, missing));
        let Some(form) = self.evaluator.graph.forms.get(&(expr, context)).copied() else { return };
        if self.list_missing(&form, row) {
            self.list_fact(&form, row);
            return;
        }
        for element in self.elements(&form, row) {
            if !net.filter.is_some_and(|filter| self.is(filter, form.inner, element, Blame::False))
            {
                net.inside().for_each(|part| self.values(part, form.inner, element, missing));
            }
        }
    }

    /// The elements of a row that may count.
    pub(super) fn elements(&self, form: &Form, outer: usize) -> Vec<usize> {
        self.evaluator.elements(form.grouping, outer, Reach::Possible).collect()
    }

    fn is_unknown(&self, expr: ExprId, context: ContextId, row: usize) -> bool {
        match self.evaluator.graph.lowered.get(&(expr, context)) {
            Some(Lowered::Value(node)) => self.evaluator.scalar(*node, row).is_none(),
            _ => false,
        }
    }

    fn is_known(&self, expr: ExprId, context: ContextId, row: usize) -> bool {
        match self.evaluator.graph.lowered.get(&(expr, context)) {
            Some(Lowered::Value(node)) => self.evaluator.scalar(*node, row).is_some(),
            Some(Lowered::Truth(_)) => self.truth(expr, context, row).is_some(),
            None => false,
        }
    }

    fn leaves(&mut self, expr: ExprId, context: ContextId, row: usize, missing: bool) {
        match self.evaluator.graph.program.expr(expr).kind.clone() {
            ExprKind::Field { level, frame, field } => {
                let Some(at) = self.level(level, context, row) else { return };
                let present =
                    self.evaluator.frame(frame).is_some_and(|data| data.present(field).get(at));
                if !missing || !present {
                    self.push(Fact { frame, row: at, field });
                }
            }
            ExprKind::Definition { level, definition } => {
                self.definition((level, definition), context, row, missing)
            }
            ExprKind::Follow { reference, frame, then } => {
                self.values(reference, context, row, missing);
                let target = self.integer(reference, context, row);
                if let (Some(at), Some(fresh)) = (target, self.own(frame)) {
                    self.read(then, fresh, at, missing);
                }
            }
            ExprKind::Single { frame, then } => {
                let found = self.evaluator.frame(frame);
                let several = found.is_some_and(|data| data.len > 1 || data.len > 0 && !data.whole);
                match self.own(frame) {
                    // Which of several rows is meant is not known, whatever stands in them.
                    Some(fresh) if several => self.values(then, fresh, 0, false),
                    Some(fresh) => self.read(then, fresh, 0, missing),
                    None => {}
                }
            }
            ExprKind::Lookup { list, pick: Pick::Only, condition, then } => {
                self.lookup(expr, (list.frame(), condition, then), context, row, missing)
            }
            ExprKind::Lookup { list, pick, condition, then } => {
                self.end((expr, list), (pick, condition, then), (context, row), missing);
            }
            ExprKind::Quantify { filter, body, .. } => {
                self.aggregate(expr, filter, body, context, row, missing)
            }
            ExprKind::NetElapsed(net) => self.net_elapsed(expr, &net, context, row, missing),
            ExprKind::Nearest(nearest) => self.nearest(expr, &nearest, context, row, missing),
            ExprKind::Chain(chain) => self.chain(expr, &chain, context, row, missing),
            ExprKind::Trace(_) => {
                self.trace(expr, context, row, if missing { Blame::Unknown } else { Blame::False })
            }
            ExprKind::Has(inner) | ExprKind::Negate(inner) | ExprKind::Not(inner) => {
                self.values(inner, context, row, missing)
            }
            ExprKind::And(parts) | ExprKind::Or(parts) | ExprKind::Call(_, parts) => {
                parts.into_iter().for_each(|part| self.values(part, context, row, missing))
            }
            ExprKind::In(value, options) => std::iter::once(value)
                .chain(options)
                .for_each(|part| self.values(part, context, row, missing)),
            ExprKind::Compare(_, a, b)
            | ExprKind::Text(_, a, b)
            | ExprKind::Arithmetic(_, a, b) => {
                self.values(a, context, row, missing);
                self.values(b, context, row, missing);
            }
            ExprKind::If(condition, then, otherwise) => {
                self.chosen([condition, then, otherwise], context, row, missing);
            }
            ExprKind::Constant(_)
            | ExprKind::Parameter(_)
            | ExprKind::Row { .. }
            | ExprKind::Set(_) => {}
        }
    }

    /// A conditional value rests on its condition and on the branch that it takes; where it is not
    /// known which, and both are the same, on both.
    fn chosen(
        &mut self,
        [condition, then, otherwise]: [ExprId; 3],
        context: ContextId,
        row: usize,
        missing: bool,
    ) {
        let taken = match self.truth(condition, context, row) {
            Some(true) => (Blame::True, vec![then]),
            Some(false) => (Blame::False, vec![otherwise]),
            None if missing => (Blame::Unknown, Vec::new()),
            None => return self.both_branches([then, otherwise], context, row),
        };
        if !missing || taken.0 == Blame::Unknown {
            self.blame(condition, context, row, taken.0);
        }
        taken.1.into_iter().for_each(|branch| self.read(branch, context, row, missing));
    }

    fn both_branches(&mut self, branches: [ExprId; 2], context: ContextId, row: usize) {
        branches.into_iter().for_each(|branch| self.read(branch, context, row, false));
    }

    /// What a definition rests on at the row of its level; walked once.
    fn definition(
        &mut self,
        (level, definition): (usize, DefinitionId),
        context: ContextId,
        row: usize,
        missing: bool,
    ) {
        let Some(found) = self.evaluator.graph.program.definition(definition) else { return };
        let (frame, body, ty) = (found.frame, found.body, found.ty);
        let (Some(at), Some(fresh)) = (self.level(level, context, row), self.own(frame)) else {
            return;
        };
        let asked = if missing { Asked::Missing } else { Asked::Value };
        if !self.enter(definition, at, asked) {
            return;
        }
        if ty == crate::schema::Type::Boolean {
            let want = match self.truth(body, fresh, at) {
                Some(true) => Blame::True,
                Some(false) => Blame::False,
                None => Blame::Unknown,
            };
            self.blame(body, fresh, at, want);
        } else {
            self.values(body, fresh, at, missing);
        }
    }

    /// What is read in another row: a condition there is explained as one.
    fn read(&mut self, then: ExprId, context: ContextId, row: usize, missing: bool) {
        match self.truth(then, context, row) {
            Some(true) => self.blame(then, context, row, Blame::True),
            Some(false) => self.blame(then, context, row, Blame::False),
            None => self.values(then, context, row, missing),
        }
    }

    pub(crate) fn integer(&self, expr: ExprId, context: ContextId, row: usize) -> Option<usize> {
        let Some(Lowered::Value(node)) = self.evaluator.graph.lowered.get(&(expr, context)) else {
            return None;
        };
        self.at(Index::At(*node), row)
    }

    fn lookup(
        &mut self,
        expr: ExprId,
        (frame, condition, then): (FrameId, ExprId, ExprId),
        context: ContextId,
        row: usize,
        missing: bool,
    ) {
        let Some(form) = self.evaluator.graph.forms.get(&(expr, context)).copied() else { return };
        let Some(outer) = self.at(form.back, row) else { return };
        if missing {
            self.gaps(form.grouping, outer);
        }
        let whole = self.is_whole(form.grouping, outer);
        let fitting: Vec<usize> = self
            .elements(&form, outer)
            .into_iter()
            .filter(|element| !self.is(condition, form.inner, *element, Blame::False))
            .collect();
        match fitting.as_slice() {
            [only] if self.is(condition, form.inner, *only, Blame::True) => {
                let element = self.evaluator.element_row(form.grouping, *only);
                if let Some(fresh) = self.own(frame) {
                    self.read(then, fresh, element, missing);
                }
            }
            [] => {
                let list = self.list_fact(&form, outer);
                if missing && whole && self.absent.iter().all(|(_, other, _)| *other != condition) {
                    self.absent.push((frame, condition, list));
                }
            }
            several => {
                let fits =
                    |element: &&usize| self.is(condition, form.inner, **element, Blame::True);
                if missing && several.iter().filter(fits).count() > 1 {
                    self.fail(expr, context, row);
                }
                for element in several {
                    self.values(condition, form.inner, *element, false);
                }
            }
        }
    }

    /// The first or last element: what is read in it, and that it fits; where it is not known which
    /// that is, what is missing of those that may be it.
    fn end(
        &mut self,
        (expr, list): (ExprId, List),
        (pick, condition, then): (Pick, ExprId, ExprId),
        (context, row): (ContextId, usize),
        missing: bool,
    ) {
        let graph = self.evaluator.graph.clone();
        let Some(form) = graph.forms.get(&(expr, context)).copied() else { return };
        let Some(outer) = self.at(form.back, row) else { return };
        if missing {
            self.gaps(form.grouping, outer);
        }
        let picked = graph.picks.get(&(expr, context)).copied();
        let picked = picked.and_then(|node| self.at(Index::At(node), outer));
        let elements = self.elements(&form, outer);
        if let (Some(picked), Some(fresh)) = (picked, self.own(list.frame())) {
            let own = |at: &&usize| self.evaluator.element_row(form.grouping, **at) == picked;
            let element = elements.iter().find(own).copied().filter(|_| !missing);
            for element in element.into_iter() {
                self.blame(condition, form.inner, element, Blame::True);
                let order = pick.order().into_iter();
                order.for_each(|order| self.values(order, form.inner, element, false));
            }
            return self.read(then, fresh, picked, missing);
        }
        let before = self.facts.len();
        let mut some = false;
        for element in elements {
            if self.is(condition, form.inner, element, Blame::False) {
                continue;
            }
            some = true;
            self.blame(condition, form.inner, element, Blame::Unknown);
            let order = pick.order().into_iter();
            order.for_each(|order| self.values(order, form.inner, element, missing));
        }
        let whole = self.is_whole(form.grouping, outer);
        if missing && !some && whole {
            self.fail(expr, context, row);
        }
        if self.facts.len() == before {
            self.list_fact(&form, outer);
        }
    }

    /// What is missing in rows of a whole table that are counted, or may be: of the first few.
    fn unknown_rows(&mut self, filter: Option<ExprId>, body: Option<ExprId>, inner: ContextId) {
        let graph = self.evaluator.graph.clone();
        let known = |part: ExprId| match graph.lowered.get(&(part, inner))? {
            Lowered::Value(node) => self.evaluator.get(*node).valid().cloned(),
            Lowered::Truth(rails) => {
                Some(self.evaluator.bits(rails.t).or(&self.evaluator.bits(rails.f)))
            }
        };
        let excluded = |filter: ExprId| match graph.lowered.get(&(filter, inner))? {
            Lowered::Truth(rails) => Some(self.evaluator.bits(rails.f)),
            Lowered::Value(_) => None,
        };
        let left_out = filter.and_then(excluded);
        let unknown = filter.iter().chain(&body).filter_map(|part| {
            let unknown = known(*part)?.not();
            let counted = left_out.as_ref().map_or(unknown.clone(), |out| unknown.and_not(out));
            Some((*part, counted.iter().take(NAMED).collect::<Vec<usize>>()))
        });
        for (part, rows) in unknown.collect::<Vec<_>>() {
            rows.into_iter().for_each(|row| self.values(part, inner, row, true));
        }
    }

    /// The facts under a count or sum: the list, and the parts of the elements that count.
    fn aggregate(
        &mut self,
        expr: ExprId,
        filter: Option<ExprId>,
        body: Option<ExprId>,
        context: ContextId,
        row: usize,
        missing: bool,
    ) {
        let Some(form) = self.evaluator.graph.forms.get(&(expr, context)).copied() else { return };
        let Some(outer) = self.at(form.back, row) else { return };
        if missing {
            self.gaps(form.grouping, outer);
        } else {
            self.list_fact(&form, outer);
        }
        let whole = self.is_whole(form.grouping, outer);
        if matches!(form.grouping, Grouping::All(_)) {
            let before = self.facts.len();
            if missing {
                self.unknown_rows(filter, body, form.inner);
            }
            if missing && whole && self.facts.len() == before {
                self.fail(expr, context, row);
            }
            return;
        }
        let mut lacking = false;
        let before = self.facts.len();
        // A count that is not known decides by what surely counts and what surely does not.
        let bounded = !missing && self.is_unknown(expr, context, row);
        for element in self.elements(&form, outer) {
            let excluded = |part: &ExprId| self.is(*part, form.inner, element, Blame::False);
            let parts = filter.iter().chain(&body);
            if bounded {
                if let Some(part) = parts.clone().find(|part| excluded(part)) {
                    self.blame(*part, form.inner, element, Blame::False);
                    continue;
                }
                if parts.clone().any(|part| self.truth(*part, form.inner, element).is_none()) {
                    continue;
                }
            } else if filter.as_ref().is_some_and(excluded) {
                continue;
            }
            for part in parts {
                match self.truth(*part, form.inner, element) {
                    Some(true) if !missing => self.blame(*part, form.inner, element, Blame::True),
                    Some(_) => {}
                    None => {
                        lacking |= !self.is_known(*part, form.inner, element);
                        self.values(*part, form.inner, element, missing);
                    }
                }
            }
        }
        if !missing && self.facts.len() == before {
            self.untied(expr, context, outer);
        }
        // Nothing is missing: there is no element to take the greatest or least of.
        if missing && !lacking && whole {
            self.fail(expr, context, row);
            self.list_fact(&form, outer);
        }
    }
}
