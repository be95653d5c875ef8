//! The rows a question is about: few, with facts left open. Rows and facts come into being when a
//! condition reads them.

use super::linear::{Linear, Numbers, Range, Variable};
use super::need::Needs;
use super::numbering::Numbering;
use super::sat::{Bit, Circuit, Solver};
use crate::program::{ExprId, Program};
use crate::schema::{FieldId, FrameId, Type};
use crate::value::Ratio;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// Index of a row.
pub type RowId = usize;

/// Surely true, surely false.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rails {
    /// Surely true.
    pub t: Bit,
    /// Surely false.
    pub f: Bit,
}

/// What an expression means for given rows.
#[derive(Clone, Debug)]
pub enum Meaning {
    /// A condition.
    Truth(Rails),
    /// A number, date, enum value or text, and when it is known.
    Number(Bit, Linear),
    /// A row, and when it is that one.
    Rows(Vec<(Bit, RowId)>),
}

/// One fact.
#[derive(Clone, Debug)]
pub enum Cell {
    /// Whether it is given; its truth.
    Truth(Bit, Bit),
    /// Whether it is given; its value.
    Number(Bit, Variable),
    /// Whether it is given; the row it names.
    Reference(Bit, RowId),
}

/// A row.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its frame.
    pub frame: FrameId,
    /// The row it is nested in.
    pub parent: Option<RowId>,
    /// Whether it is there.
    pub exists: Bit,
    /// The facts read so far.
    pub cells: BTreeMap<FieldId, Cell>,
}

/// Why an answer may fall short of a proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Limit {
    /// A function, a product or a quotient of facts: any value was allowed for it.
    Opaque(ExprId),
    /// A course of events is held against a process or a template.
    Process(ExprId),
    /// A relation of texts: of two facts, or one for which no text was made.
    Texts(ExprId),
    /// More elements would be needed than are tried, or how many is not known.
    Elements(FrameId, usize),
    /// A sum or a count that is right only for more elements than are tried.
    Rest(ExprId, FrameId),
    /// A whole table that the rows in question may themselves belong to, or an equality of
    /// references.
    Identity(ExprId),
    /// The search gave up, or found what the evaluator does not confirm.
    Effort,
    /// Too many sentences have to be looked at together.
    Claims(usize),
}

impl Limit {
    /// Whether "never" is still proven: everything possible was allowed, and more.
    #[must_use]
    pub fn keeps_proofs(self) -> bool {
        matches!(self, Self::Opaque(_) | Self::Texts(_))
    }
}

/// The elements of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Owner {
    Nested(RowId, FrameId),
    Inverse(RowId, FrameId, FieldId),
    All(FrameId),
}

/// A whole-valued function of one number that never falls: `year(d)`, `d + 3 months`.
pub(super) struct Monotone {
    pub id: ExprId,
    pub result: Variable,
    pub argument: Linear,
    /// The greatest argument whose result is at most this.
    pub last: Box<dyn Fn(i64) -> Option<i64> + Send>,
}

/// What computes a value that is not reasoned about.
pub(super) enum Kernel {
    Function(crate::builtin::Function),
    Operation(crate::syntax::tree::Operator),
}

/// A value that is not reasoned about, only tried.
pub(super) struct Opaque {
    pub kernel: Kernel,
    pub arguments: Vec<(Bit, Linear, Type)>,
    pub valid: Bit,
    pub result: Variable,
}

/// A text relation of a variable with a constant.
pub(super) struct TextAtom {
    pub id: ExprId,
    pub relation: crate::program::TextRelation,
    pub pattern: Arc<str>,
    pub text: Variable,
    pub bit: Bit,
}

/// One question's rows, formulas and numbers.
pub struct World<'p, S> {
    /// The program.
    pub program: &'p Program,
    /// The day judged for.
    pub today: i64,
    /// The formulas.
    pub circuit: Circuit<S>,
    /// The numbers.
    pub numbers: Numbers,
    /// The rows.
    pub rows: Vec<Row>,
    /// The texts mentioned; a text variable with their index is that text.
    pub texts: Vec<Arc<str>>,
    /// What the answer rests on beyond proof.
    pub limits: BTreeSet<Limit>,
    pub(super) needs: Needs,
    pub(super) lists: BTreeMap<Owner, Vec<RowId>>,
    pub(super) meanings: HashMap<(ExprId, Vec<RowId>), Meaning>,
    pub(super) monotone: Vec<Monotone>,
    pub(super) text_atoms: Vec<TextAtom>,
    pub(super) opaque: Vec<Opaque>,
    /// Assumed: every text is one that is known to exist.
    pub(super) real: Bit,
    /// Assumed: no sum and no count has a rest.
    pub(super) closed: Vec<Bit>,
    /// Tried first: arguments of values that are not reasoned about stay what they were.
    pub(super) held: Vec<Bit>,
    /// The sums and counts that have one.
    pub(super) rests: BTreeSet<(ExprId, FrameId)>,
    /// What list forms read from the same things mean, by what they are read from and whether they
    /// have a rest.
    pub(super) sums: HashMap<(usize, bool), Meaning>,
    pub(super) numbering: Numbering<'p>,
}

impl<'p, S: Solver> World<'p, S> {
    /// A world without rows.
    #[must_use]
    pub fn new(program: &'p Program, today: i64, needs: Needs) -> Self {
        Self {
            program,
            today,
            circuit: Circuit::default(),
            numbers: Numbers::default(),
            rows: Vec::new(),
            texts: Vec::new(),
            limits: BTreeSet::new(),
            needs,
            lists: BTreeMap::new(),
            meanings: HashMap::new(),
            monotone: Vec::new(),
            text_atoms: Vec::new(),
            opaque: Vec::new(),
            real: Bit::TRUE,
            closed: Vec::new(),
            held: Vec::new(),
            rests: BTreeSet::new(),
            sums: HashMap::new(),
            numbering: Numbering::new(program),
        }
    }

    /// A new row; one of a whole table that was listed before makes that list incomplete.
    pub(super) fn row(&mut self, frame: FrameId, parent: Option<RowId>, exists: Bit) -> RowId {
        if self.lists.contains_key(&Owner::All(frame)) {
            self.limits.insert(Limit::Elements(
                frame,
                self.lists.get(&Owner::All(frame)).map_or(0, Vec::len),
            ));
        }
        self.rows.push(Row { frame, parent, exists, cells: BTreeMap::new() });
        self.rows.len() - 1
    }

    /// The row a question is about, with the rows it is nested in.
    pub fn subject(&mut self, frame: FrameId) -> RowId {
        let parent = self.program.schema.frame(frame).and_then(|found| found.parent);
        let parent = parent.map(|(parent, _)| self.subject(parent));
        self.row(frame, parent, Bit::TRUE)
    }

    /// A row and those it is nested in, innermost last: what its definitions see.
    #[must_use]
    pub fn natural(&self, row: RowId) -> Vec<RowId> {
        let mut rows = vec![row];
        let mut at = row;
        while let Some(parent) = self.rows.get(at).and_then(|found| found.parent) {
            rows.push(parent);
            at = parent;
        }
        rows.reverse();
        rows
    }

    /// A fact, brought into being where it was never read.
    pub(super) fn cell(&mut self, row: RowId, field: FieldId) -> Option<Cell> {
        let found = self.rows.get(row)?;
        if let Some(cell) = found.cells.get(&field) {
            return Some(cell.clone());
        }
        let frame = found.frame;
        let declared = self.program.schema.field(frame, field)?;
        let (ty, certain) = (declared.ty, !declared.optional || declared.default.is_some());
        let present = if certain { Bit::TRUE } else { self.circuit.free() };
        let cell = match ty {
            Type::Boolean => Cell::Truth(present, self.circuit.free()),
            Type::Ref(target) => {
                let target = self.row(target, None, present);
                Cell::Reference(present, target)
            }
            Type::List(_) => Cell::Truth(present, Bit::TRUE),
            ty => {
                let range = self.range(ty);
                Cell::Number(present, self.numbers.variable(range))
            }
        };
        self.rows.get_mut(row)?.cells.insert(field, cell.clone());
        Some(cell)
    }

    /// What values a type has.
    pub(super) fn range(&self, ty: Type) -> Range {
        let number = |value: i64| Ratio::from_integer(i128::from(value));
        let whole = !matches!(ty, Type::Decimal | Type::Money | Type::Percent);
        let (low, high, preferred) = match ty {
            Type::Enum(id) => {
                let count =
                    self.program.schema.enumeration(id).map_or(1, |found| found.values.len());
                (Some(0), Some(i64::try_from(count).unwrap_or(i64::MAX) - 1), 0)
            }
            // Texts of which nothing is asked differ from each other.
            Type::Text => (
                Some(0),
                None,
                1_000_000 + i64::try_from(self.numbers.variables.len()).unwrap_or(0),
            ),
            Type::Date => (Some(-700_000), Some(2_900_000), self.today),
            Type::Instant => {
                let day = 86_400 * crate::value::instant::TICKS;
                (Some(-700_000 * day), Some(2_900_000 * day), self.today.saturating_mul(day))
            }
            _ => (None, None, 0),
        };
        Range { whole, low: low.map(number), high: high.map(number), preferred: number(preferred) }
    }

    /// The number of a text: its place among those mentioned.
    pub(super) fn text(&mut self, text: &Arc<str>) -> i64 {
        let at = self.texts.iter().position(|known| known == text).unwrap_or_else(|| {
            self.texts.push(text.clone());
            self.texts.len() - 1
        });
        i64::try_from(at).unwrap_or(i64::MAX)
    }

    /// The elements of a list: as many as could be needed, each there or not.
    pub(super) fn elements(&mut self, owner: Owner) -> Vec<RowId> {
        if let Some(known) = self.lists.get(&owner) {
            return known.clone();
        }
        let (frame, parent, bound) = match owner {
            Owner::Nested(row, frame) => (frame, Some(row), self.needs.nested(frame)),
            Owner::Inverse(_, frame, field) => (frame, None, self.needs.inverse(frame, field)),
            Owner::All(frame) => (frame, None, self.needs.all(frame)),
        };
        let (slots, justified) = bound;
        let mut elements = self.known_elements(owner, frame);
        let mut before = Bit::TRUE;
        for _ in 0..slots {
            let exists = self.circuit.free();
            self.circuit.require(&[!exists, before]);
            before = exists;
            let element = self.row(frame, parent, exists);
            if let (Owner::Inverse(target, _, field), Some(row)) =
                (owner, self.rows.get_mut(element))
            {
                row.cells.insert(field, Cell::Reference(Bit::TRUE, target));
            }
            elements.push(element);
        }
        if !justified {
            self.limits.insert(Limit::Elements(frame, slots));
        }
        self.lists.insert(owner, elements.clone());
        elements
    }

    /// Rows that are there already and belong to the list.
    fn known_elements(&self, owner: Owner, frame: FrameId) -> Vec<RowId> {
        let belongs = |row: &Row| {
            row.frame == frame
                && match owner {
                    Owner::Nested(parent, _) => row.parent == Some(parent),
                    Owner::Inverse(target, _, field) => {
                        matches!(row.cells.get(&field), Some(Cell::Reference(_,
                            to)) if *to == target)
                    }
                    Owner::All(_) => true,
                }
        };
        (0..).zip(&self.rows).filter(|(_, row)| belongs(row)).map(|(id, _)| id).collect()
    }

    /// When an element belongs to its list.
    pub(super) fn member(&mut self, owner: Owner, element: RowId) -> Bit {
        let Some(row) = self.rows.get(element) else { return Bit::FALSE };
        let exists = row.exists;
        match owner {
            Owner::Inverse(_, _, field) => match row.cells.get(&field) {
                Some(&Cell::Reference(present, _)) => self.circuit.and([exists, present]),
                _ => exists,
            },
            _ => exists,
        }
    }
}
