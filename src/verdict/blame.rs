//! Which facts decided a condition: all conjuncts of a true 且, the first true branch of 或, the failing element of 每个; for an unknown
//! condition, the facts that are missing.

use super::trace::Account;
use crate::builtin::{Quantifier, Scalar};
use crate::eval::Evaluator;
use crate::lowering::{ContextId, Domain, Form, Grouping, Index, Lowered};
use crate::program::{DefinitionId, ExprId, ExprKind, NetElapsed};
use crate::schema::{FieldId, FrameId};

/// A declared fact: a field of a row (a list as a whole for a list field).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Fact {
    /// The frame.
    pub frame: FrameId,
    /// The row.
    pub row: usize,
    /// The field.
    pub field: FieldId,
}

/// What is to be explained.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blame {
    /// That it is true.
    True,
    /// That it is false.
    False,
    /// That it is unknown: the missing facts.
    Unknown,
}

impl Blame {
    fn flipped(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
            Self::Unknown => Self::Unknown,
        }
    }
}

/// At most this many facts are collected for one finding.
const LIMIT: usize = 200;

/// At most this many sufficient reasons are compared.
const REASONS: usize = 8;

/// Conditions that together are enough, each with its context, its row, and the truth it has there.
type Reason = Vec<(ExprId, ContextId, usize, Blame)>;

/// Walks conditions of one run.
pub struct Walker<'e, 'a> {
    pub(super) evaluator: &'e Evaluator<'a>,
    /// Courses of events explained on the way.
    pub accounts: Vec<Account>,
    /// The facts found, in order, each once.
    pub facts: Vec<Fact>,
    /// The definitions explained so far: used twice, they are walked once. Without this a chain of definitions costs 2ⁿ.
    walked: Vec<(DefinitionId, usize, bool)>,
    /// Whether a reason is only tried: what is tried within it is not compared in turn.
    trying: bool,
}

impl<'e, 'a> Walker<'e, 'a> {
    /// A walker that has found nothing yet.
    #[must_use]
    pub fn new(evaluator: &'e Evaluator<'a>) -> Self {
        Self { evaluator, accounts: Vec::new(), facts: Vec::new(), walked: Vec::new(), trying: false }
    }

    fn push(&mut self, fact: Fact) {
        if self.facts.len() < LIMIT && !self.facts.contains(&fact) {
            self.facts.push(fact);
        }
    }

    /// Keeps what was said of a course, unless it is only tried.
    pub(super) fn explained(&mut self, account: Account) {
        if !self.trying {
            self.accounts.push(account);
        }
    }

    /// The truth of a condition at a row of its context's domain; `None` where unknown.
    #[must_use]
    pub fn truth(&self, expr: ExprId, context: ContextId, row: usize) -> Option<bool> {
        let Some(Lowered::Truth(rails)) = self.evaluator.graph.lowered.get(&(expr, context)) else { return None };
        if self.evaluator.holds(rails.t, row) {
            return Some(true);
        }
        self.evaluator.holds(rails.f, row).then_some(false)
    }

    fn is(&self, expr: ExprId, context: ContextId, row: usize, want: Blame) -> bool {
        self.truth(expr, context, row)
            == match want {
                Blame::True => Some(true),
                Blame::False => Some(false),
                Blame::Unknown => None,
            }
    }

    /// Where an index leads from a row.
    pub(crate) fn at(&self, index: Index, row: usize) -> Option<usize> {
        match index {
            Index::Here => Some(row),
            Index::At(node) => match self.evaluator.get(node).scalar(row) {
                Some(Scalar::Int(at)) => usize::try_from(at).ok(),
                _ => None,
            },
            Index::Unseen => None,
        }
    }

    pub(crate) fn level(&self, level: usize, context: ContextId, row: usize) -> Option<usize> {
        self.at(self.evaluator.graph.context(context).row(level)?.index, row)
    }

    pub(crate) fn fresh(&self, frame: FrameId) -> Option<ContextId> {
        let contexts = &self.evaluator.graph.contexts;
        let own = |context: &crate::lowering::Context| {
            context.domain == Domain::Frame(frame)
                && context.rows.last().is_some_and(|seen| seen.frame == frame && seen.index == Index::Here)
                && context.rows.iter().all(|seen| seen.index != Index::Unseen)
        };
        contexts.iter().position(own).and_then(|at| u32::try_from(at).ok()).map(ContextId)
    }

    /// Collects the facts that explain a condition at a row.
    pub fn blame(&mut self, expr: ExprId, context: ContextId, row: usize, want: Blame) {
        if self.facts.len() >= LIMIT || (want == Blame::Unknown && self.truth(expr, context, row).is_some()) {
            return;
        }
        match self.evaluator.graph.program.expr(expr).kind.clone() {
            ExprKind::Not(inner) => self.blame(inner, context, row, want.flipped()),
            ExprKind::And(parts) => self.connective(&parts, context, row, want, Blame::True),
            ExprKind::Or(parts) => self.connective(&parts, context, row, want, Blame::False),
            ExprKind::Trace(_) => self.trace(expr, context, row, want),
            ExprKind::Quantify { quantifier: Quantifier::Any | Quantifier::None | Quantifier::Every, .. } => {
                self.quantified(expr, context, row, want)
            }
            ExprKind::Compare(_, a, b) if self.evaluator.graph.program.expr(a).ty == crate::schema::Type::Boolean => {
                for side in [a, b] {
                    match self.truth(side, context, row) {
                        Some(truth) if want != Blame::Unknown => {
                            self.blame(side, context, row, if truth { Blame::True } else { Blame::False });
                        }
                        Some(_) => {}
                        None => self.blame(side, context, row, Blame::Unknown),
                    }
                }
            }
            _ => self.values(expr, context, row, want == Blame::Unknown),
        }
    }

    /// `all` is the truth that needs every part: true for 且, false for 或.
    fn connective(&mut self, parts: &[ExprId], context: ContextId, row: usize, want: Blame, all: Blame) {
        let deciding: Vec<ExprId> = parts.iter().copied().filter(|part| self.is(*part, context, row, want)).collect();
        if want == all || want == Blame::Unknown {
            deciding.into_iter().for_each(|part| self.blame(part, context, row, want));
        } else {
            let reasons: Vec<Reason> = deciding.into_iter().map(|part| vec![(part, context, row, want)]).collect();
            self.one_of(&reasons);
        }
    }

    /// Collects the facts of one reason, each of which is enough: one that rests on nothing but facts already found, else the first.
    fn one_of(&mut self, reasons: &[Reason]) {
        let Some(first) = reasons.first() else { return };
        if reasons.len() > 1 && !self.trying && reasons.iter().take(REASONS).any(|reason| self.adds_nothing(reason)) {
            return;
        }
        self.because(first);
    }

    fn because(&mut self, reason: &Reason) {
        for &(expr, context, row, want) in reason {
            self.blame(expr, context, row, want);
        }
    }

    /// Whether a reason rests on facts already found alone.
    fn adds_nothing(&mut self, reason: &Reason) -> bool {
        let (facts, walked) = (self.facts.len(), self.walked.len());
        self.trying = true;
        self.because(reason);
        self.trying = false;
        let nothing = self.facts.len() == facts;
        self.facts.truncate(facts);
        self.walked.truncate(walked);
        nothing
    }

    fn quantified(&mut self, expr: ExprId, context: ContextId, row: usize, want: Blame) {
        let ExprKind::Quantify { quantifier, filter, body, .. } = self.evaluator.graph.program.expr(expr).kind else { return };
        let Some(form) = self.evaluator.graph.forms.get(&(expr, context)).copied() else { return };
        let Some(outer) = self.at(form.back, row) else { return };
        let exists = if quantifier == Quantifier::Any { want } else { want.flipped() };
        let body_want = |want: Blame| if quantifier == Quantifier::Every { want.flipped() } else { want };
        let elements: Vec<usize> = self.evaluator.groups(form.grouping).elements(outer).collect();
        if elements.is_empty() || self.list_missing(&form, outer) {
            self.list_fact(&form, outer);
            return;
        }
        let mut witnesses: Vec<Reason> = Vec::new();
        for element in elements {
            let filtered = filter.is_none_or(|filter| self.is(filter, form.inner, element, Blame::True));
            let excluded = filter.is_some_and(|filter| self.is(filter, form.inner, element, Blame::False));
            let member = body.is_none_or(|body| self.is(body, form.inner, element, body_want(Blame::True)));
            let ruled_out = body.is_some_and(|body| self.is(body, form.inner, element, body_want(Blame::False)));
            let why = |part: Option<ExprId>, want: Blame| part.map(|part| (part, form.inner, element, want));
            match exists {
                Blame::True if filtered && member => {
                    witnesses.push(why(filter, Blame::True).into_iter().chain(why(body, body_want(Blame::True))).collect());
                }
                Blame::False => {
                    let excluded = why(filter.filter(|_| excluded), Blame::False);
                    let ruled_out = why(body.filter(|_| ruled_out), body_want(Blame::False));
                    let reasons: Vec<Reason> = excluded.into_iter().chain(ruled_out).map(|reason| vec![reason]).collect();
                    self.one_of(&reasons);
                }
                Blame::Unknown if !(excluded || ruled_out || filtered && member) => {
                    let filter = filter.filter(|_| !filtered);
                    let body = body.filter(|_| !member);
                    self.parts(filter, body, form.inner, element, (Blame::Unknown, Blame::Unknown));
                }
                _ => {}
            }
        }
        self.one_of(&witnesses);
        if !witnesses.is_empty() && filter.is_none() && body.is_none() {
            self.list_fact(&form, outer);
        }
    }

    fn parts(&mut self, filter: Option<ExprId>, body: Option<ExprId>, context: ContextId, row: usize, want: (Blame, Blame)) {
        if let Some(filter) = filter {
            self.blame(filter, context, row, want.0);
        }
        if let Some(body) = body {
            self.blame(body, context, row, want.1);
        }
    }

    pub(super) fn list_missing(&self, form: &Form, outer: usize) -> bool {
        let Grouping::Nested(frame) = form.grouping else { return false };
        let Some((parent, field)) = self.evaluator.graph.program.schema.frame(frame).and_then(|found| found.parent) else { return false };
        self.evaluator.frame(parent).is_some_and(|data| !data.present(field).get(outer))
    }

    /// The list as a whole.
    pub(super) fn list_fact(&mut self, form: &Form, outer: usize) {
        let Grouping::Nested(frame) = form.grouping else { return };
        if let Some((parent, field)) = self.evaluator.graph.program.schema.frame(frame).and_then(|found| found.parent) {
            self.push(Fact { frame: parent, row: outer, field });
        }
    }

    /// Collects the fields a value rests on; with `missing`, only the missing ones, and none where the value is known.
    pub fn values(&mut self, expr: ExprId, context: ContextId, row: usize, missing: bool) {
        if missing && self.is_known(expr, context, row) {
            return;
        }
        let before = self.facts.len();
        self.leaves(expr, context, row, missing);
        // Nothing is missing, yet a function gave nothing (a day outside the calendar, an overflow): the facts it was given.
        let computed =
            matches!(self.evaluator.graph.program.expr(expr).kind, ExprKind::Call(..) | ExprKind::NetElapsed(_) | ExprKind::Arithmetic(..));
        if missing && computed && self.facts.len() == before && self.is_unknown(expr, context, row) {
            self.leaves(expr, context, row, false);
        }
    }

    /// Both days, and those of every interval that counts.
    fn net_elapsed(&mut self, expr: ExprId, net: &NetElapsed, context: ContextId, row: usize, missing: bool) {
        net.outside().for_each(|day| self.values(day, context, row, missing));
        let Some(form) = self.evaluator.graph.forms.get(&(expr, context)).copied() else { return };
        if self.list_missing(&form, row) {
            return self.list_fact(&form, row);
        }
        for element in self.evaluator.groups(form.grouping).elements(row).collect::<Vec<_>>() {
            if !net.filter.is_some_and(|filter| self.is(filter, form.inner, element, Blame::False)) {
                net.inside().for_each(|part| self.values(part, form.inner, element, missing));
            }
        }
    }

    fn is_unknown(&self, expr: ExprId, context: ContextId, row: usize) -> bool {
        match self.evaluator.graph.lowered.get(&(expr, context)) {
            Some(Lowered::Value(node)) => self.evaluator.get(*node).scalar(row).is_none(),
            _ => false,
        }
    }

    fn is_known(&self, expr: ExprId, context: ContextId, row: usize) -> bool {
        match self.evaluator.graph.lowered.get(&(expr, context)) {
            Some(Lowered::Value(node)) => self.evaluator.get(*node).scalar(row).is_some(),
            Some(Lowered::Truth(_)) => self.truth(expr, context, row).is_some(),
            None => false,
        }
    }

    fn leaves(&mut self, expr: ExprId, context: ContextId, row: usize, missing: bool) {
        match self.evaluator.graph.program.expr(expr).kind.clone() {
            ExprKind::Field { level, frame, field } => {
                let Some(at) = self.level(level, context, row) else { return };
                let present = self.evaluator.frame(frame).is_some_and(|data| data.present(field).get(at));
                if !missing || !present {
                    self.push(Fact { frame, row: at, field });
                }
            }
            ExprKind::Definition { level, definition } => {
                let Some((frame, body, ty)) =
                    self.evaluator.graph.program.definition(definition).map(|found| (found.frame, found.body, found.ty))
                else {
                    return;
                };
                let (Some(at), Some(fresh)) = (self.level(level, context, row), self.fresh(frame)) else { return };
                if self.walked.contains(&(definition, at, missing)) {
                    return;
                }
                self.walked.push((definition, at, missing));
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
            ExprKind::Follow { reference, frame, then } => {
                self.values(reference, context, row, missing);
                let target = self.integer(reference, context, row);
                if let (Some(at), Some(fresh)) = (target, self.fresh(frame)) {
                    self.read(then, fresh, at, missing);
                }
            }
            ExprKind::Single { frame, then } => {
                if let Some(fresh) = self.fresh(frame) {
                    self.read(then, fresh, 0, missing);
                }
            }
            ExprKind::Lookup { list, condition, then } => self.lookup(expr, (list.frame(), condition, then), context, row, missing),
            ExprKind::Quantify { filter, body, .. } => self.aggregate(expr, filter, body, context, row, missing),
            ExprKind::NetElapsed(net) => self.net_elapsed(expr, &net, context, row, missing),
            ExprKind::Trace(_) => self.trace(expr, context, row, if missing { Blame::Unknown } else { Blame::False }),
            ExprKind::Has(inner) | ExprKind::Negate(inner) | ExprKind::Not(inner) => self.values(inner, context, row, missing),
            ExprKind::And(parts) | ExprKind::Or(parts) | ExprKind::Call(_, parts) => {
                parts.into_iter().for_each(|part| self.values(part, context, row, missing))
            }
            ExprKind::In(value, options) => std::iter::once(value).chain(options).for_each(|part| self.values(part, context, row, missing)),
            ExprKind::Compare(_, a, b) | ExprKind::Text(_, a, b) | ExprKind::Arithmetic(_, a, b) => {
                self.values(a, context, row, missing);
                self.values(b, context, row, missing);
            }
            ExprKind::Constant(_) | ExprKind::Parameter(_) | ExprKind::Row { .. } | ExprKind::Set(_) => {}
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
        let Some(Lowered::Value(node)) = self.evaluator.graph.lowered.get(&(expr, context)) else { return None };
        self.at(Index::At(*node), row)
    }

    fn lookup(&mut self, expr: ExprId, (frame, condition, then): (FrameId, ExprId, ExprId), context: ContextId, row: usize, missing: bool) {
        let Some(form) = self.evaluator.graph.forms.get(&(expr, context)).copied() else { return };
        let Some(outer) = self.at(form.back, row) else { return };
        let elements: Vec<usize> = self.evaluator.groups(form.grouping).elements(outer).collect();
        let fitting: Vec<usize> = elements.into_iter().filter(|element| !self.is(condition, form.inner, *element, Blame::False)).collect();
        match fitting.as_slice() {
            [only] if self.is(condition, form.inner, *only, Blame::True) => {
                let element = match form.grouping {
                    Grouping::Pairs(id) => {
                        self.evaluator.pair_rows(id).and_then(|pairs| pairs.inner.get(*only)).map_or(0, |&row| row as usize)
                    }
                    _ => *only,
                };
                if let Some(fresh) = self.fresh(frame) {
                    self.read(then, fresh, element, missing);
                }
            }
            [] => self.list_fact(&form, outer),
            several => {
                for element in several {
                    self.values(condition, form.inner, *element, false);
                }
            }
        }
    }

    /// The facts under a count or sum: the list, and the parts of the elements that count.
    fn aggregate(&mut self, expr: ExprId, filter: Option<ExprId>, body: Option<ExprId>, context: ContextId, row: usize, missing: bool) {
        let Some(form) = self.evaluator.graph.forms.get(&(expr, context)).copied() else { return };
        let Some(outer) = self.at(form.back, row) else { return };
        if !missing || self.list_missing(&form, outer) {
            self.list_fact(&form, outer);
        }
        if matches!(form.grouping, Grouping::All(_)) {
            return;
        }
        let before = self.facts.len();
        for element in self.evaluator.groups(form.grouping).elements(outer).collect::<Vec<_>>() {
            if filter.is_some_and(|filter| self.is(filter, form.inner, element, Blame::False)) {
                continue;
            }
            for part in filter.iter().chain(&body) {
                match self.truth(*part, form.inner, element) {
                    Some(true) if !missing => self.blame(*part, form.inner, element, Blame::True),
                    Some(_) => {}
                    None => self.values(*part, form.inner, element, missing),
                }
            }
        }
        // No element's part is missing: there is no element to take the greatest or least of.
        if missing && self.facts.len() == before {
            self.list_fact(&form, outer);
        }
    }
}
