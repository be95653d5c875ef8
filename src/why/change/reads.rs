//! Which facts the conditions of a decision can read at a row, and what they are held against: the
//! space in which changes are looked for.

use super::fill::Filler;
use crate::builtin::{Quantifier, Scalar};
use crate::diagnostic::Bilingual;
use crate::engine::{RowRef, Run};
use crate::eval::{Evaluator, Reach};
use crate::lowering::{ContextId, Grouping, Index, Judgement, Lowered};
use crate::program::{ExprId, ExprKind, List};
use crate::schema::{Constant, FieldId, FrameId, Type};
use crate::why::record::reached;
use crate::why::{Fact, Walker};
use std::collections::{BTreeMap, HashMap};

/// How many elements of a list are looked into.
const ELEMENTS: usize = 12;

/// How many elements of a list are considered when those are picked.
const CONSIDERED: usize = 2_000;

/// How many facts are collected.
const FACTS: usize = 240;

/// Where a fact stands, as seen from the row; what is nearer is changed first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    /// In the row, or one it lies in.
    Own,
    /// In another element of the same row of a table.
    Element,
    /// In a row that is referred to, or that refers to this one.
    Referred,
    /// In a table of one row.
    Single,
    /// In a row of a table that is looked through.
    Table,
}

/// A condition that a text is put to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TextTest {
    pub expr: ExprId,
    pub context: ContextId,
    pub row: usize,
}

/// A fact that can be read.
#[derive(Clone, Debug)]
pub(super) struct Read {
    /// The fact, by the rows of the run.
    pub fact: Fact,
    /// What people call it.
    pub name: Bilingual,
    pub place: Place,
    /// The judgements that read it, each with how many definitions lie between.
    pub near: BTreeMap<usize, usize>,
    /// Whether another row is read through it.
    pub link: bool,
    /// What it is now, as people read it, and as a value.
    pub shown: Option<Bilingual>,
    pub value: Option<Constant>,
    /// Whether something is declared that could not be read.
    pub unread: bool,
    /// The values it is compared with.
    pub asks: Vec<Constant>,
    /// By how much it would have to be more or less.
    pub shifts: Vec<Constant>,
    pub tests: Vec<TextTest>,
}

/// Whose elements a list has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Owner {
    /// A nested list of this row.
    Row(usize),
    /// The rows of a table that refer to this row by this field.
    Referred(FieldId, usize),
    /// All rows of a table.
    All,
}

/// A list that can be read, by the rows of the run.
#[derive(Clone, Debug)]
pub(super) struct ListRead {
    /// The elements' frame.
    pub frame: FrameId,
    pub owner: Owner,
    pub name: Bilingual,
    pub place: Place,
    pub near: BTreeMap<usize, usize>,
    /// Whether it is given.
    pub given: bool,
    /// Its elements.
    pub elements: Vec<usize>,
    /// What an element that is added should say.
    pub wishes: Vec<Vec<(FieldId, Constant)>>,
    /// How many more elements, or fewer, it would have to have.
    pub lengths: Vec<i64>,
}

/// What can be read, in the order in which it was met.
#[derive(Debug, Default)]
pub(super) struct Reads {
    pub facts: Vec<Read>,
    pub lists: Vec<ListRead>,
    known: HashMap<Fact, usize>,
}

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
pub(super) type At = (ContextId, usize);

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
            self.visit(expr, (judgement.context, row));
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

    fn visit(&mut self, expr: ExprId, at: At) -> Found {
        if let Some(found) = self.memo.get(&(expr, at.0, at.1)) {
            return found.clone();
        }
        let found = self.find(expr, at);
        self.memo.insert((expr, at.0, at.1), found.clone());
        found
    }

    fn each(&mut self, parts: &[ExprId], at: At) -> Found {
        parts.iter().fold(Found::default(), |found, part| found.and(self.visit(*part, at)))
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
                let body = self.visit(found.body, (own, row));
                self.depth -= 1;
                body
            }
            ExprKind::Follow { reference, frame, then } => {
                self.follow(*reference, *frame, *then, at)
            }
            ExprKind::Single { frame, then } => {
                self.elsewhere(Place::Single, *then, RowRef { frame: *frame, row: 0 })
            }
            ExprKind::Lookup { list, condition, then } => {
                self.lookup(expr, (*list, *condition, *then), at)
            }
            ExprKind::Quantify { quantifier, list, filter, body } => {
                let parts: Vec<ExprId> = filter.iter().chain(body).copied().collect();
                let sought = *quantifier != Quantifier::Every;
                let wishes = filter.map(|filter| (filter, true)).into_iter();
                let wishes: Vec<_> = wishes.chain(body.map(|body| (body, sought))).collect();
                self.list((expr, *list), &parts, &wishes, at).0
            }
            ExprKind::Trace(trace) => {
                let parts: Vec<ExprId> =
                    [trace.filter, Some(trace.activity), trace.order].into_iter().flatten().collect();
                let (found, elements, inner) = self.list((expr, trace.list), &parts, &[], at);
                let pattern = self.run.program().pattern(trace.pattern);
                let activities = pattern.map_or(&[][..], |pattern| &pattern.activities);
                for element in elements {
                    let main = self.visit(trace.activity, (inner, element)).main;
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
            ExprKind::Nearest(nearest) => self.visit(nearest.text, at),
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
            ExprKind::Has(inner) | ExprKind::Not(inner) | ExprKind::Negate(inner) => {
                self.visit(*inner, at).and(Found::default())
            }
            ExprKind::And(parts) | ExprKind::Or(parts) | ExprKind::Call(_, parts) => {
                self.each(parts, at)
            }
            ExprKind::Arithmetic(_, left, right) => self.each(&[*left, *right], at),
            ExprKind::In(value, options) => {
                let found = self.visit(*value, at);
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
                if let Some(read) = self.visit(*left, at).main.and_then(|at| self.reads.facts.get_mut(at))
                {
                    read.tests.push(TextTest { expr, context: at.0, row: at.1 });
                }
                found
            }
        }
    }

    /// What one side of a relation would have to be for the sake of the other.
    fn relate(&mut self, side: ExprId, other: ExprId, at: At) {
        let found = self.visit(side, at);
        let wanted = self.scalar(other, at);
        if found.main.is_some() {
            return self.ask(found.main, wanted);
        }
        let Some(difference) = difference(self.scalar(side, at), wanted) else { return };
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

    fn lengthen(&mut self, list: List, more: i64, at: At) {
        let Some((frame, owner)) = self.owner(list, at) else { return };
        let known = |list: &&mut ListRead| (list.frame, list.owner) == (frame, owner);
        if let Some(list) = self.reads.lists.iter_mut().find(known) {
            for more in [more, more.saturating_sub(1), more.saturating_add(1)] {
                if more != 0 && !list.lengths.contains(&more) {
                    list.lengths.push(more);
                }
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
        let found = self.visit(reference, at);
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
        let found = self.visit(then, (own, row.row));
        self.place = before;
        found
    }

    fn lookup(
        &mut self,
        expr: ExprId,
        (list, condition, then): (List, ExprId, ExprId),
        at: At,
    ) -> Found {
        let (found, elements, inner) =
            self.list((expr, list), &[condition], &[(condition, true)], at);
        let fits = elements.into_iter().filter(|element| {
            self.walker().truth(condition, inner, *element) == Some(true)
        });
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
            let name = self.run.lookup_name(list.frame(), condition).filter(|_| fitting.len() == 1);
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
    fn place_of(&self, list: List, at: At) -> Place {
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
    fn list(
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
            parts.iter().filter(|part| walker.truth(**part, form.inner, *element) == Some(false)).count()
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
        let wishes = Filler { reader: self, frame, owner, at }.wishes(wishes);
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
            _ => schema.frame(frame).map(|found| Bilingual::new(found.names.zh(), found.names.en())),
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
        });
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
            shown: crate::verdict::Show { evaluator: self.evaluator }.field(
                there.frame,
                there.row,
                there.field,
            ),
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
    pub fn level(&self, level: usize, at: At) -> Option<usize> {
        self.walker().level(level, at.0, at.1)
    }

    /// The number a row has in the run; `None` for one that was added.
    fn before(&self, row: RowRef) -> Option<RowRef> {
        let Some(edited) = self.evaluator.edited() else { return Some(row) };
        edited.before(row.frame, row.row).map(|at| RowRef { row: at, ..row })
    }

    /// The number a row of the run has in what is read.
    pub fn now(&self, row: RowRef) -> Option<RowRef> {
        let Some(edited) = self.evaluator.edited() else { return Some(row) };
        edited.row(row.frame, row.row).map(|at| RowRef { row: at, ..row })
    }
}

/// A stored value; `None` where there is none.
pub(super) fn stored(evaluator: &Evaluator, fact: Fact) -> Option<Constant> {
    use crate::value::Values;
    let column = evaluator.frame(fact.frame)?.column(fact.field)?;
    if !column.present.get(fact.row) {
        return None;
    }
    Some(match &column.values {
        Values::Bits(bits) => Constant::Bool(bits.get(fact.row)),
        Values::Ints(values) => Constant::Int(*values.get(fact.row)?),
        Values::Ratios(values) => Constant::Ratio(*values.get(fact.row)?),
        Values::Texts(texts) => Constant::Text(texts.get(fact.row).into()),
        Values::Dropped => return None,
    })
}

/// A computed value as it would stand in a policy.
pub(super) fn constant(scalar: Scalar<'_>) -> Option<Constant> {
    Some(match scalar {
        Scalar::Bool(value) => Constant::Bool(value),
        Scalar::Int(value) => Constant::Int(value),
        Scalar::Ratio(value) => Constant::Ratio(value),
        Scalar::Text(text) => Constant::Text(text.as_ref().into()),
        Scalar::Ints(_) => return None,
    })
}

/// How much a value would have to be more.
fn difference(now: Option<Constant>, wanted: Option<Constant>) -> Option<Constant> {
    use crate::value::Ratio;
    use num_traits::CheckedSub;
    let ratio = |value: &Constant| match value {
        Constant::Int(value) => Some(Ratio::from_integer(i128::from(*value))),
        Constant::Ratio(value) => Some(*value),
        _ => None,
    };
    match (&now?, &wanted?) {
        (Constant::Int(now), Constant::Int(wanted)) => wanted.checked_sub(now).map(Constant::Int),
        (now, wanted) => ratio(wanted)?.checked_sub(&ratio(now)?).map(Constant::Ratio),
    }
}
