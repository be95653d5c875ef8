//! Walks the conditions of a decision at a row, and collects what they read.

mod fill;
mod list;

pub(super) use fill::Wish;

use super::reads::{Place, Read, Reads, TextTest, constant, difference, stored};
use crate::builtin::Quantifier;
use crate::diagnostic::Bilingual;
use crate::engine::{RowRef, Run};
use crate::eval::Evaluator;
use crate::lowering::{ContextId, Judgement, Lowered};
use crate::program::{ExprId, ExprKind};
use crate::schema::{Constant, FrameId, Type};
use crate::why::{Fact, Walker};
use std::collections::{BTreeMap, HashMap};

/// How many facts are collected.
const FACTS: usize = 240;

/// What an expression reads: the facts, and the one whose value it is.
#[derive(Clone, Debug, Default)]
struct Found {
    facts: Vec<usize>,
    main: Option<usize>,
}

impl Found {
    fn and(mut self, other: Self) -> Self {
        let new = other.facts.into_iter().filter(|at| !self.facts.contains(at));
        let new: Vec<usize> = new.collect();
        self.facts.extend(new);
        Self { main: None, ..self }
    }
}

/// Walks the conditions of judgements at a row.
pub(super) struct Reader<'x> {
    pub run: &'x Run,
    /// What is read: the run, or a fork of it.
    pub evaluator: &'x Evaluator,
    /// The row, in the run.
    pub subject: RowRef,
    reads: Reads,
    judgement: usize,
    depth: usize,
    place: Place,
    /// What was found already, of one judgement.
    memo: HashMap<(ExprId, ContextId, usize), Found>,
    /// What rows of tables are called that are reached by a reference, by their path.
    called: HashMap<RowRef, Bilingual>,
}

/// A row of a context.
type At = (ContextId, usize);

impl<'x> Reader<'x> {
    pub fn new(run: &'x Run, evaluator: &'x Evaluator, subject: RowRef) -> Self {
        Self {
            run,
            evaluator,
            subject,
            reads: Reads::default(),
            judgement: 0,
            depth: 0,
            place: Place::Own,
            memo: HashMap::new(),
            called: HashMap::new(),
        }
    }

    /// What the condition and the exception of a judgement read at a row of its frame.
    pub fn judgement(&mut self, number: usize, judgement: &Judgement, row: usize) {
        let Some(sentence) = self.run.policy.sentence(judgement) else { return };
        (self.judgement, self.depth) = (number, 0);
        self.memo.clear();
        for expr in sentence.condition.into_iter().chain(sentence.exception) {
            self.look(expr, (judgement.context, row));
        }
    }

    pub fn finish(self) -> Reads {
        self.reads
    }

    fn walker(&self) -> Walker<'x> {
        Walker::new(self.evaluator)
    }

    fn kind(&self, expr: ExprId) -> &'x ExprKind {
        &self.run.program().expr(expr).kind
    }

    fn look(&mut self, expr: ExprId, at: At) -> Found {
        if let Some(found) = self.memo.get(&(expr, at.0, at.1)) {
            return found.clone();
        }
        let found = self.find(expr, at);
        self.memo.insert((expr, at.0, at.1), found.clone());
        found
    }

    fn each(&mut self, parts: &[ExprId], at: At) -> Found {
        parts.iter().fold(Found::default(), |found, part| found.and(self.look(*part, at)))
    }

    fn find(&mut self, expr: ExprId, at: At) -> Found {
        match self.kind(expr) {
            ExprKind::Constant(_)
            | ExprKind::Parameter(_)
            | ExprKind::Row { .. }
            | ExprKind::Set(_) => Found::default(),
            ExprKind::Field { level, frame, field } => {
                let row = self.walker().level(*level, at.0, at.1);
                let fact = row.map(|row| Fact { frame: *frame, row, field: *field });
                self.found(fact)
            }
            ExprKind::Definition { level, definition } => {
                let found = self.run.program().definition(*definition);
                let row = self.walker().level(*level, at.0, at.1);
                let (Some(found), Some(row)) = (found, row) else { return Found::default() };
                let Some(own) = self.walker().own(found.frame) else { return Found::default() };
                self.depth += 1;
                let body = self.look(found.body, (own, row));
                self.depth -= 1;
                body
            }
            ExprKind::Follow { reference, frame, then } => {
                self.follow(*reference, *frame, *then, at)
            }
            ExprKind::Single { frame, then } => {
                self.elsewhere(Place::Single, *then, RowRef { frame: *frame, row: 0 })
            }
            ExprKind::Lookup { list, pick, condition, then } => {
                self.lookup((expr, *list), (*pick, *condition), *then, at)
            }
            ExprKind::Quantify { .. }
            | ExprKind::Trace(_)
            | ExprKind::NetElapsed(_)
            | ExprKind::Nearest(_)
            | ExprKind::Chain(_) => self.form(expr, at),
            ExprKind::Has(inner) | ExprKind::Not(inner) | ExprKind::Negate(inner) => {
                self.look(*inner, at).and(Found::default())
            }
            ExprKind::And(parts) | ExprKind::Or(parts) | ExprKind::Call(_, parts) => {
                self.each(parts, at)
            }
            ExprKind::Arithmetic(_, left, right) => self.each(&[*left, *right], at),
            ExprKind::If(condition, a, b) => self.each(&[*condition, *a, *b], at),
            ExprKind::In(value, options) => {
                let found = self.look(*value, at);
                for option in options {
                    self.relate(*value, *option, at);
                }
                found.and(self.each(options, at))
            }
            ExprKind::Compare(_, left, right) => {
                let found = self.each(&[*left, *right], at);
                self.relate(*left, *right, at);
                self.relate(*right, *left, at);
                found
            }
            ExprKind::Text(_, left, right) => {
                let found = self.each(&[*left, *right], at);
                self.relate(*left, *right, at);
                if let Some(read) =
                    self.look(*left, at).main.and_then(|at| self.reads.facts.get_mut(at))
                {
                    read.tests.push(TextTest { expr, context: at.0, row: at.1 });
                }
                found
            }
        }
    }

    /// A form over a list or a table.
    fn form(&mut self, expr: ExprId, at: At) -> Found {
        match self.kind(expr) {
            ExprKind::Quantify { quantifier, list, filter, body } => {
                let parts: Vec<ExprId> = filter.iter().chain(body).copied().collect();
                let sought = *quantifier != Quantifier::Every;
                let wishes = filter.map(|filter| (filter, true)).into_iter();
                let wishes: Vec<_> = wishes.chain(body.map(|body| (body, sought))).collect();
                let found = self.list((expr, *list), &parts, &wishes, at).0;
                if parts.is_empty() {
                    self.empty(*list, at);
                }
                found
            }
            ExprKind::Trace(trace) => {
                let parts: Vec<ExprId> = [trace.filter, Some(trace.activity), trace.order]
                    .into_iter()
                    .flatten()
                    .collect();
                let (found, elements, inner) = self.list((expr, trace.list), &parts, &[], at);
                let pattern = self.run.program().pattern(trace.pattern);
                let activities = pattern.map_or(&[][..], |pattern| &pattern.activities);
                for element in elements {
                    let main = self.look(trace.activity, (inner, element)).main;
                    self.ask(main, activities.iter().cloned());
                }
                found
            }
            ExprKind::NetElapsed(net) => {
                let outside: Vec<ExprId> = net.outside().collect();
                let inside: Vec<ExprId> = net.inside().collect();
                let found = self.each(&outside, at);
                found.and(self.list((expr, net.list), &inside, &[], at).0)
            }
            ExprKind::Nearest(nearest) => self.look(nearest.text, at),
            ExprKind::Chain(chain) => {
                let (list, level) = (chain.list, chain.level);
                let row = self.walker().level(level, at.0, at.1);
                let own = self.walker().own(chain.frame);
                let (Some(row), Some(own)) = (row, own) else { return Found::default() };
                let inside: Vec<ExprId> = chain.filter.into_iter().chain([chain.before]).collect();
                let found = match list {
                    Some(list) => self.list((expr, list), &inside, &[], (own, row)).0,
                    None => self.each(&inside, (own, row)),
                };
                let weight: Vec<ExprId> = chain.weight.into_iter().collect();
                found.and(self.each(&weight, (own, row)))
            }
            _ => Found::default(),
        }
    }

    /// What one side of a relation would have to be for the sake of the other.
    fn relate(&mut self, side: ExprId, other: ExprId, at: At) {
        let found = self.look(side, at);
        let wanted = self.scalar(other, at);
        let difference = difference(self.scalar(side, at), wanted.clone());
        let values: Vec<Constant> = wanted.iter().chain(&difference).cloned().collect();
        self.ask_elements(side, &values, at);
        if found.main.is_some() {
            return self.ask(found.main, wanted);
        }
        let Some(difference) = difference else { return };
        if let (ExprKind::Quantify { list, .. }, Constant::Int(more)) =
            (self.kind(side), &difference)
        {
            self.lengthen(*list, *more, at);
        }
        for fact in found.facts {
            if let Some(read) = self.reads.facts.get_mut(fact)
                && !read.shifts.contains(&difference)
            {
                read.shifts.push(difference.clone());
            }
        }
    }

    fn ask(&mut self, main: Option<usize>, values: impl IntoIterator<Item = Constant>) {
        let Some(read) = main.and_then(|at| self.reads.facts.get_mut(at)) else { return };
        for value in values {
            if !read.asks.contains(&value) {
                read.asks.push(value);
            }
        }
    }

    /// A value at a row, as a constant.
    fn scalar(&self, expr: ExprId, at: At) -> Option<Constant> {
        match self.evaluator.graph.lowered.get(&(expr, at.0))? {
            Lowered::Value(node) => constant(self.evaluator.scalar(*node, at.1)?),
            Lowered::Truth(_) => None,
        }
    }

    fn follow(&mut self, reference: ExprId, frame: FrameId, then: ExprId, at: At) -> Found {
        let found = self.look(reference, at);
        let main = found.main.and_then(|at| self.reads.facts.get_mut(at));
        let name = main.map(|read| {
            read.link = true;
            read.name.clone()
        });
        let Some(row) = self.walker().integer(reference, at.0, at.1) else {
            return found.and(Found::default());
        };
        let row = RowRef { frame, row };
        if let Some((name, before)) = name.zip(self.before(row)) {
            let path = Bilingual::new(format!("{}.", name.zh), format!("{}.", name.en));
            self.called.entry(before).or_insert(path);
        }
        let there = self.elsewhere(Place::Referred, then, row);
        let main = there.main;
        Found { main, ..found.and(there) }
    }

    /// What is read in a row of another table.
    fn elsewhere(&mut self, place: Place, then: ExprId, row: RowRef) -> Found {
        let Some(own) = self.walker().own(row.frame) else { return Found::default() };
        let before = self.place;
        self.place = before.max(place);
        let found = self.look(then, (own, row.row));
        self.place = before;
        found
    }

    /// Notes a fact, by its row in what is read.
    fn found(&mut self, fact: Option<Fact>) -> Found {
        let main = fact.and_then(|fact| self.note(fact));
        Found { facts: main.into_iter().collect(), main }
    }

    fn note(&mut self, there: Fact) -> Option<usize> {
        let row = self.before(RowRef { frame: there.frame, row: there.row })?;
        let fact = Fact { row: row.row, ..there };
        let (judgement, depth) = (self.judgement, self.depth);
        let place = self.standing(RowRef { frame: there.frame, row: there.row });
        if let Some(at) = self.reads.known.get(&fact).copied() {
            let read = self.reads.facts.get_mut(at)?;
            let near = read.near.entry(judgement).or_insert(depth);
            *near = depth.min(*near);
            if place < read.place {
                read.place = place;
                let name = self.name(fact);
                let read = self.reads.facts.get_mut(at)?;
                read.name = name.unwrap_or_default();
            }
            return Some(at);
        }
        let field = self.run.schema().field(fact.frame, fact.field)?;
        if self.reads.facts.len() >= FACTS || matches!(field.ty, Type::List(_)) {
            return None;
        }
        let data = self.evaluator.frame(there.frame)?;
        let column = data.column(there.field)?;
        let read = Read {
            fact,
            name: self.name(fact)?,
            place,
            near: BTreeMap::from([(judgement, depth)]),
            link: false,
            shown: crate::verdict::Show { evaluator: self.evaluator, length: self.run.length }
                .field(there.frame, there.row, there.field),
            value: stored(self.evaluator, there),
            unread: column.unread.get(there.row) && !column.present.get(there.row),
            asks: Vec::new(),
            shifts: Vec::new(),
            tests: Vec::new(),
        };
        let at = self.reads.facts.len();
        self.reads.facts.push(read);
        self.reads.known.insert(fact, at);
        Some(at)
    }

    /// Where a row stands, as seen from the subject.
    fn standing(&self, row: RowRef) -> Place {
        let Some(before) = self.before(row) else { return self.place.max(Place::Element) };
        if self.run.root(before) != self.run.root(self.subject) {
            return self.place.max(Place::Referred);
        }
        let (schema, mut at) = (self.run.schema(), self.subject);
        while at != before {
            let Some((parent, _)) = schema.frame(at.frame).and_then(|found| found.parent) else {
                return Place::Element;
            };
            let owner = self.run.evaluator.frame(at.frame).map_or(0, |data| data.parent_of(at.row));
            at = RowRef { frame: parent, row: owner };
        }
        Place::Own
    }

    /// What a fact is called: by its path from the subject, or by the row it stands in.
    fn name(&self, fact: Fact) -> Option<Bilingual> {
        let row = RowRef { frame: fact.frame, row: fact.row };
        let field = self.run.schema().field(fact.frame, fact.field)?;
        let plain = || Bilingual::new(field.names.zh(), field.names.en());
        if row == self.subject {
            return Some(plain());
        }
        if let Some(path) = self.called.get(&row) {
            let (zh, en) = (field.names.zh(), field.names.en());
            return Some(Bilingual::new(format!("{}{zh}", path.zh), format!("{}{en}", path.en)));
        }
        let root = self.run.root(row);
        if let Some(path) = self.called.get(&root).filter(|_| root != self.run.root(self.subject)) {
            let inside = self.run.path(row.frame, row.row);
            let join = |path: &str, inside: Option<&String>, name: &str| match inside {
                Some(inside) => format!("{path}{inside}.{name}"),
                None => format!("{path}{name}"),
            };
            return Some(Bilingual::new(
                join(&path.zh, inside.as_ref().map(|path| &path.zh), field.names.zh()),
                join(&path.en, inside.as_ref().map(|path| &path.en), field.names.en()),
            ));
        }
        self.run.fact_name(fact, (self.subject.frame, self.subject.row))
    }

    /// The row at a level.
    fn level(&self, level: usize, at: At) -> Option<usize> {
        self.walker().level(level, at.0, at.1)
    }

    /// The number a row has in the run; `None` for one that was added.
    fn before(&self, row: RowRef) -> Option<RowRef> {
        let Some(edited) = self.evaluator.edited() else { return Some(row) };
        edited.before(row.frame, row.row).map(|at| RowRef { row: at, ..row })
    }

    /// The number a row of the run has in what is read.
    fn now(&self, row: RowRef) -> Option<RowRef> {
        let Some(edited) = self.evaluator.edited() else { return Some(row) };
        edited.row(row.frame, row.row).map(|at| RowRef { row: at, ..row })
    }
}
