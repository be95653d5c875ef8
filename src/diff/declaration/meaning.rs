//! What a declaration says, and what it rests on: a walk over the typed program, by English names,
//! so that the same in other words, in the other language or in another file means the same.

use super::key::{Key, Keys, Kind};
use crate::program::{Chain, ExprId, ExprKind, List, MessagePart, Nearest, Origin, PatternId};
use crate::program::{Pick, Program, Trace};
use crate::schema::{Constant, FieldId, FrameId, Type};
use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::mem::discriminant;

/// What something rests on: declarations and rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rests {
    /// The declarations it names.
    pub on: BTreeSet<Key>,
    /// The fields it reads: the table, and the field of its rows, which may be a list.
    pub reads: BTreeSet<(String, String)>,
    /// The tables it looks through.
    pub scans: BTreeSet<String>,
    /// The tables into which it follows a reference, and those of one row.
    pub follows: BTreeSet<String>,
    /// Whether it asks for the day.
    pub today: bool,
    /// The tables of whose rows it speaks.
    pub about: BTreeSet<String>,
}

impl Rests {
    /// Whether it is among what is named, or declared a second time beside what is.
    pub fn names(&self, key: &Key) -> bool {
        let first = || Key { twin: 0, ..key.clone() };
        self.on.contains(key) || key.twin > 0 && self.on.contains(&first())
    }

    /// Takes in what another rests on.
    pub fn join(&mut self, other: &Self) {
        self.on.extend(other.on.iter().cloned());
        self.reads.extend(other.reads.iter().cloned());
        self.scans.extend(other.scans.iter().cloned());
        self.follows.extend(other.follows.iter().cloned());
        self.today |= other.today;
        self.about.extend(other.about.iter().cloned());
    }
}

/// One declaration as it is walked.
pub struct Meaning<'p> {
    program: &'p Program,
    keys: &'p Keys,
    hasher: DefaultHasher,
    pub rests: Rests,
}

impl<'p> Meaning<'p> {
    pub fn new(program: &'p Program, keys: &'p Keys) -> Self {
        Self { program, keys, hasher: DefaultHasher::new(), rests: Rests::default() }
    }

    /// What was said so far.
    pub fn digest(&self) -> u64 {
        self.hasher.finish()
    }

    /// Takes a part of what is said.
    pub fn say(&mut self, part: impl Hash) {
        part.hash(&mut self.hasher);
    }

    /// What a name refers to.
    pub fn on(&mut self, key: Option<Key>) {
        if let Some(key) = key {
            self.say(&key.name);
            self.rests.on.insert(key);
        }
    }

    /// The rows of a frame: its table's key, and the lists around it.
    pub fn frame(&mut self, frame: FrameId) {
        let schema = &*self.program.schema;
        self.say(self.keys.table(frame).name);
        self.lists(frame);
        let root = schema.root(frame);
        self.rests.on.insert(self.keys.table(root));
        if let Some(key) = schema.frame(root).and_then(crate::schema::Frame::key) {
            self.rests.on.insert(self.keys.field(self.program, root, key));
        }
    }

    /// The rows of which a sentence speaks.
    pub fn subject(&mut self, frame: FrameId) {
        self.frame(frame);
        let root = self.program.schema.frame(self.program.schema.root(frame));
        self.rests.about.extend(root.map(|found| found.names.en().to_owned()));
    }

    /// The lists that lead to a frame.
    fn lists(&mut self, mut frame: FrameId) {
        while let Some((parent, list)) =
            self.program.schema.frame(frame).and_then(|found| found.parent)
        {
            self.rests.on.insert(self.keys.field(self.program, parent, list));
            self.read(parent, list);
            frame = parent;
        }
    }

    /// Notes the field of a table's rows in which a field lies.
    fn read(&mut self, mut frame: FrameId, mut field: FieldId) {
        let schema = &*self.program.schema;
        while let Some((parent, list)) = schema.frame(frame).and_then(|found| found.parent) {
            (frame, field) = (parent, list);
        }
        let names = schema.frame(frame).zip(schema.field(frame, field));
        if let Some((table, field)) = names {
            let spot = (table.names.en().to_owned(), field.names.en().to_owned());
            self.rests.reads.insert(spot);
        }
    }

    /// A field of a row.
    pub fn field(&mut self, frame: FrameId, field: FieldId) {
        self.on(Some(self.keys.field(self.program, frame, field)));
        self.read(frame, field);
        self.lists(frame);
        if let Some(found) = self.program.schema.field(frame, field) {
            self.ty(found.ty);
        }
    }

    /// What a value of a type rests on.
    fn ty(&mut self, ty: Type) {
        match ty {
            Type::Enum(id) => self.rests.on.extend(self.keys.enumeration(id)),
            Type::Ref(table) => {
                let schema = &*self.program.schema;
                if let Some(found) = schema.frame(table) {
                    self.rests.follows.insert(found.names.en().to_owned());
                    self.rests
                        .on
                        .extend(found.key().map(|key| self.keys.field(self.program, table, key)));
                }
            }
            Type::Instant => {
                self.rests.on.insert(Key::new(Kind::Offset, "offset"));
            }
            _ => {}
        }
    }

    /// A value that stands in the policy: one of an enum by its name, any other by its type.
    pub fn constant(&mut self, value: &Constant, ty: Type) {
        self.ty(ty);
        if let (Constant::Int(index), Type::Enum(id)) = (value, ty) {
            let found = self.program.schema.enumeration(id);
            let found = found.zip(usize::try_from(*index).ok());
            let found = found.and_then(|(found, index)| found.values.get(index));
            self.say(found.map(|value| value.names.en()));
            return;
        }
        self.say(discriminant(&ty));
        self.say(value);
    }

    /// A disposition that is demanded.
    pub fn demand(&mut self, decision: usize, disposition: usize) {
        let Some(found) = self.program.decisions.get(decision) else { return };
        self.field(found.frame, found.field);
        let value = Constant::Int(i64::try_from(disposition).unwrap_or(-1));
        self.constant(&value, Type::Enum(found.dispositions));
    }

    /// The text of 说明 or 提请.
    pub fn message(&mut self, parts: &[MessagePart]) {
        for part in parts {
            match part {
                MessagePart::Text(text) => self.say(text),
                MessagePart::Value(expr) => self.expr(*expr),
            }
        }
    }

    fn exprs(&mut self, parts: impl IntoIterator<Item = ExprId>) {
        parts.into_iter().for_each(|part| self.expr(part));
    }

    /// A part that may be left out.
    pub fn maybe(&mut self, part: Option<ExprId>) {
        self.say(part.is_some());
        self.exprs(part);
    }

    /// An expression; a definition it reads is named, not walked.
    pub fn expr(&mut self, id: ExprId) {
        let program = self.program;
        if id == ExprId::NONE {
            return; // a mistake says why
        }
        let found = program.expr(id);
        self.say(discriminant(&found.kind));
        self.ty(found.ty);
        match &found.kind {
            ExprKind::Constant(value) => self.constant(value, found.ty),
            ExprKind::Parameter(id) => self.on(self.keys.parameter(*id)),
            ExprKind::Field { level, frame, field } => {
                self.say(level);
                self.field(*frame, *field);
            }
            ExprKind::Definition { level, definition } => {
                self.say(level);
                self.on(self.keys.definition(*definition));
            }
            ExprKind::Row { level, frame } => {
                self.say(level);
                self.frame(*frame);
            }
            ExprKind::Has(inner) | ExprKind::Not(inner) | ExprKind::Negate(inner) => {
                self.expr(*inner);
            }
            ExprKind::And(parts) | ExprKind::Or(parts) | ExprKind::Set(parts) => {
                self.say(parts.len());
                self.exprs(parts.iter().copied());
            }
            ExprKind::Compare(comparison, a, b) => {
                self.say(comparison);
                self.exprs([*a, *b]);
            }
            ExprKind::In(value, options) => {
                self.say(options.len());
                self.exprs(std::iter::once(*value).chain(options.iter().copied()));
            }
            ExprKind::Text(relation, a, b) => {
                self.say(relation);
                self.exprs([*a, *b]);
            }
            ExprKind::Arithmetic(operator, a, b) => {
                self.say(operator);
                self.exprs([*a, *b]);
            }
            ExprKind::If(condition, a, b) => self.exprs([*condition, *a, *b]),
            ExprKind::Call(function, parts) => {
                self.say(function);
                self.rests.today |= function.0.en == "today";
                if function.counts_workdays() {
                    self.calendar();
                }
                self.exprs(parts.iter().copied());
            }
            rows => self.rows(rows),
        }
    }

    /// An expression that reads other rows.
    fn rows(&mut self, kind: &ExprKind) {
        match kind {
            ExprKind::Follow { reference, frame, then } => {
                self.follow(*frame);
                self.exprs([*reference, *then]);
            }
            ExprKind::Single { frame, then } => {
                self.follow(*frame);
                self.expr(*then);
            }
            ExprKind::Lookup { list, pick, condition, then } => {
                self.list(*list);
                self.exprs([*condition, *then]);
                if let Pick::End(end, order) = pick {
                    self.say(end);
                    self.maybe(*order);
                }
            }
            ExprKind::Quantify { quantifier, list, filter, body } => {
                self.say(quantifier);
                self.list(*list);
                self.maybe(*filter);
                self.maybe(*body);
            }
            ExprKind::Nearest(Nearest { text, least, frame, filter, key, own }) => {
                self.list(List::All { frame: *frame });
                self.say(own);
                self.exprs([*text, *least, *key]);
                self.maybe(*filter);
            }
            ExprKind::Chain(Chain { level, frame, list, filter, before, weight }) => {
                self.say(level);
                self.list(List::All { frame: *frame });
                self.say(list.is_some());
                if let Some(list) = list {
                    self.list(*list);
                }
                self.maybe(*filter);
                self.expr(*before);
                self.maybe(*weight);
            }
            ExprKind::Trace(trace) => self.trace(trace),
            ExprKind::NetElapsed(net) => {
                self.calendar();
                self.list(net.list);
                self.maybe(net.including);
                self.maybe(net.filter);
                self.exprs([net.from, net.to, net.first, net.last]);
            }
            _ => {}
        }
    }

    fn follow(&mut self, frame: FrameId) {
        self.frame(frame);
        let root = self.program.schema.frame(self.program.schema.root(frame));
        self.rests.follows.extend(root.map(|found| found.names.en().to_owned()));
    }

    fn list(&mut self, list: List) {
        self.say(list.level());
        self.say(discriminant(&list));
        self.frame(list.frame());
        if let List::Inverse { frame, field, .. } = list {
            self.field(frame, field);
        }
        if !matches!(list, List::Nested { .. }) {
            let root = self.program.schema.frame(self.program.schema.root(list.frame()));
            self.rests.scans.extend(root.map(|found| found.names.en().to_owned()));
        }
    }

    fn trace(&mut self, trace: &Trace) {
        self.list(trace.list);
        self.maybe(trace.filter);
        self.expr(trace.activity);
        self.maybe(trace.order);
        self.say(trace.asks);
        let ty = self.program.expr(trace.activity).ty;
        match self.program.pattern(trace.pattern).map(|pattern| &pattern.origin) {
            Some(Origin::Process(index)) => self.on(self.keys.process(*index)),
            Some(Origin::Template(template)) => {
                self.say(template.en);
                self.pattern(trace.pattern, ty);
            }
            None => {}
        }
    }

    /// The activities of a pattern, and what it allows.
    pub fn pattern(&mut self, id: PatternId, ty: Type) {
        let Some(pattern) = self.program.pattern(id) else { return };
        self.say(&pattern.automaton);
        pattern.activities.iter().for_each(|activity| self.constant(activity, ty));
    }

    fn calendar(&mut self) {
        // Of several nobody knows which counts.
        self.rests.on.extend(self.keys.calendars.iter().cloned());
    }
}
