//! How many elements of each list a question can tell apart.
//!
//! A list form that holds, or fails, is witnessed by one element (`存在`, `没有`, `每个`, `最大`,
//! `最小`); a lookup that is unknown because several fit, by two; a count compared with c, by
//! c + 1. Taking away any other element changes no form, so a list of as many elements as the forms
//! over it need together is enough (a small model).
//!
//! Sums, and counts compared with facts, have no such bound. Of their elements, too, those that
//! other forms need are kept, and some more that can be shown; what all others add is said of rows
//! that stand for many (`crowd`).

use crate::builtin::Quantifier;
use crate::lowering::{pushes, reaches};
use crate::program::{DefinitionId, ExprId, ExprKind, List, Program};
use crate::schema::{Constant, FieldId, FrameId, Type};
use std::collections::{BTreeMap, BTreeSet};

/// At most this many elements of one list are tried.
const MOST: usize = 24;

/// A count compared with a constant below this keeps all elements that it needs.
const SMALL: i64 = 12;

/// Elements kept for a form that needs no certain number of them, one try after the other.
pub const TRIES: [usize; 3] = [0, 3, 12];

/// Elements needed, and whether that many are surely enough.
type Bound = (usize, bool);

/// At most this many rows of a list stand for many.
const CROWD: usize = 4;

/// For at most this many rows that are read elsewhere a list of a table keeps a place.
const ELSEWHERE: usize = 3;

/// How many times a form is asked at most, for other rows around it.
const TIMES: usize = 100;

/// How often lists inside lists are gone through until nothing more is needed.
const PASSES: usize = 6;

/// How many readings of definitions are followed.
const DEFINED: usize = 5000;

/// Where an expression stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Seen {
    /// For how many rows it is asked at most.
    times: usize,
    /// The greatest constant its value is compared with.
    compared: Option<i64>,
    /// What leads to the row it is read in.
    row: u64,
}

impl Default for Seen {
    fn default() -> Self {
        Self { times: 1, compared: None, row: 0 }
    }
}

impl Seen {
    /// The row that an expression leads to from here.
    fn through(self, id: ExprId) -> u64 {
        (self.row ^ u64::from(id.0 + 1)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }
}

/// One list, or all lists of one frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Nested(FrameId),
    Inverse(FrameId, FieldId),
    All(FrameId),
}

/// The bounds of one question.
#[derive(Clone, Debug, Default)]
pub struct Needs {
    lists: BTreeMap<Kind, Bound>,
    /// What the last pass came to: forms inside others are needed for each of their elements.
    known: BTreeMap<Kind, Bound>,
    /// Counts and sums, by list.
    totals: BTreeMap<Kind, BTreeSet<ExprId>>,
    /// Lists of which there is one whose elements are not all kept.
    open: BTreeSet<Kind>,
    /// References to each table.
    references: BTreeMap<FrameId, BTreeSet<(ExprId, u64)>>,
    spare: usize,
    defined: BTreeSet<(DefinitionId, Seen)>,
}

impl Needs {
    /// The bounds of expressions that are asked about together.
    #[must_use]
    pub fn of(program: &Program, roots: &[ExprId], spare: usize) -> Self {
        let mut known = BTreeMap::new();
        let mut found = Self::default();
        for _ in 0..PASSES {
            found = Self { spare, known, ..Self::default() };
            roots.iter().for_each(|root| found.scan(program, *root, Seen::default()));
            if found.lists == found.known {
                return found;
            }
            known = found.lists.clone();
        }
        found.lists.values_mut().for_each(|bound| bound.1 = false);
        found
    }

    fn bound(&self, kind: Kind) -> Bound {
        let (count, justified) = self.lists.get(&kind).copied().unwrap_or((1, true));
        (count.min(MOST), justified && count <= MOST)
    }

    fn crowd(&self, kind: Kind) -> usize {
        let totals = self.totals.get(&kind).filter(|_| self.open.contains(&kind));
        totals.map_or(0, BTreeSet::len).min(CROWD)
    }

    /// Elements of one nested list.
    #[must_use]
    pub fn nested(&self, frame: FrameId) -> Bound {
        self.bound(Kind::Nested(frame))
    }

    /// Rows that refer to one row.
    #[must_use]
    pub fn inverse(&self, frame: FrameId, field: FieldId) -> Bound {
        self.bound(Kind::Inverse(frame, field))
    }

    /// Rows of a whole table.
    #[must_use]
    pub fn all(&self, frame: FrameId) -> Bound {
        self.bound(Kind::All(frame))
    }

    /// Rows of one nested list that stand for many.
    #[must_use]
    pub fn nested_open(&self, frame: FrameId) -> usize {
        self.crowd(Kind::Nested(frame))
    }

    /// The same of rows that refer to one row.
    #[must_use]
    pub fn inverse_open(&self, frame: FrameId, field: FieldId) -> usize {
        self.crowd(Kind::Inverse(frame, field))
    }

    /// The same of a whole table.
    #[must_use]
    pub fn all_open(&self, frame: FrameId) -> usize {
        self.crowd(Kind::All(frame))
    }

    /// For how many rows of a table that are read through references a list keeps a place.
    #[must_use]
    pub fn referred(&self, frame: FrameId) -> usize {
        self.references.get(&frame).map_or(0, BTreeSet::len).min(ELSEWHERE)
    }

    fn list(&mut self, list: List, need: Bound, times: usize) -> usize {
        let slot = self.lists.entry(kind(list)).or_insert((0, true));
        slot.0 = (slot.0 + need.0 * times).min(1000);
        slot.1 &= need.1;
        self.known.get(&kind(list)).map_or(slot.0, |known| known.0.max(slot.0))
    }

    /// Collects from an expression.
    fn scan(&mut self, program: &Program, id: ExprId, seen: Seen) {
        let plain = Seen { compared: None, ..seen };
        match &program.expr(id).kind {
            ExprKind::Definition { definition, .. } => {
                if self.defined.len() > DEFINED {
                    self.lists.values_mut().for_each(|bound| bound.1 = false);
                } else if self.defined.insert((*definition, seen))
                    && let Some(found) = program.definition(*definition)
                {
                    self.scan(program, found.body, seen);
                }
            }
            ExprKind::Follow { reference, then, .. } => {
                self.scan(program, *reference, plain);
                self.scan(program, *then, Seen { row: seen.through(id), ..seen });
            }
            ExprKind::Quantify { quantifier, list, filter, body } => {
                if matches!(quantifier, Quantifier::Count | Quantifier::Sum) {
                    self.totals.entry(kind(*list)).or_default().insert(id);
                }
                let need = match (quantifier, seen.compared) {
                    (Quantifier::Count | Quantifier::Distinct, Some(most)) if most < SMALL => {
                        (usize::try_from(most + 1).unwrap_or(0).max(1), true)
                    }
                    (Quantifier::Count | Quantifier::Sum | Quantifier::Distinct, _) => {
                        self.open.insert(kind(*list));
                        (self.spare, true)
                    }
                    _ => (1, true),
                };
                let parts: Vec<ExprId> = filter.iter().chain(body).copied().collect();
                self.form(program, *list, need, &parts, plain);
            }
            ExprKind::Lookup { list, pick, condition, then } => {
                let parts: Vec<ExprId> = pick.order().into_iter().chain([*condition]).collect();
                self.form(program, *list, (2, true), &parts, plain);
                self.scan(program, *then, Seen { row: seen.through(id), ..plain });
            }
            ExprKind::Trace(trace) => {
                let states =
                    program.pattern(trace.pattern).map_or(1, |found| found.automaton.states());
                let named =
                    program.pattern(trace.pattern).map_or(0, |found| found.activities.len());
                let need = (states.clamp(2, MOST / 2) + named.min(MOST / 4), true);
                let parts: Vec<ExprId> = program.parts(&program.expr(id).kind);
                self.form(program, trace.list, need, &parts, plain);
            }
            ExprKind::NetElapsed(net) => {
                let inside: Vec<ExprId> = net.inside().collect();
                self.form(program, net.list, (1, true), &inside, plain);
                net.outside().for_each(|part| self.scan(program, part, plain));
            }
            ExprKind::Field { .. } => {
                if let Type::Ref(frame) = program.expr(id).ty {
                    self.references.entry(frame).or_default().insert((id, seen.row));
                }
            }
            ExprKind::Compare(_, left, right) => {
                let side = |other| Seen { compared: constant(program, other), ..seen };
                self.scan(program, *left, side(*right));
                self.scan(program, *right, side(*left));
            }
            ExprKind::In(value, options) => {
                let constants: Option<Vec<i64>> =
                    options.iter().map(|option| constant(program, *option)).collect();
                let compared = constants.and_then(|all| all.into_iter().max());
                self.scan(program, *value, Seen { compared, ..seen });
                options.iter().for_each(|option| self.scan(program, *option, plain));
            }
            kind => {
                program.parts(kind).into_iter().for_each(|child| self.scan(program, child, plain));
            }
        }
    }

    /// A list form, which needs so many elements each time it is asked.
    fn form(&mut self, program: &Program, list: List, need: Bound, parts: &[ExprId], seen: Seen) {
        let inside = pushes(program, list);
        let mut varies = false;
        for part in parts {
            // Rows between the one the list belongs to and the form itself.
            let between = |level: usize| list.level().is_none_or(|own| level < own);
            reaches(program, *part, inside, &mut |level| varies |= between(level));
        }
        let elements = self.list(list, need, if varies { seen.times } else { 1 });
        let times = seen.times.saturating_mul(elements.min(MOST)).min(TIMES);
        parts.iter().for_each(|part| self.scan(program, *part, Seen { times, ..seen }));
    }
}

fn kind(list: List) -> Kind {
    match list {
        List::Nested { frame, .. } => Kind::Nested(frame),
        List::Inverse { frame, field, .. } => Kind::Inverse(frame, field),
        List::All { frame } => Kind::All(frame),
    }
}

fn constant(program: &Program, id: ExprId) -> Option<i64> {
    let value = match &program.expr(id).kind {
        ExprKind::Constant(constant) => constant,
        ExprKind::Parameter(parameter) => program.parameter(*parameter)?.values.first()?,
        _ => return None,
    };
    match value {
        Constant::Int(value) => Some(*value),
        _ => None,
    }
}
