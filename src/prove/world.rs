//! The rows a question is about: few, with facts left open. Rows and facts come into being when a
//! condition reads them.

use super::linear::{Linear, Numbers, Range, Variable, ratio};
use super::need::Needs;
use super::numbering::Numbering;
use super::pending::{
    Computed, Day, Derived, Gap, Moment, Opaque, Partial, Position, Quotient, Rising, TextAtom,
};
use super::sat::{Bit, Circuit, Solver};
use crate::program::{ExprId, PatternId, Program};
use crate::schema::{Constant, Field, FieldId, FrameId, Type};
use crate::value::Ratio;
use crate::value::instant::DAY;
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

impl Rails {
    /// Known and so.
    #[must_use]
    pub fn of(value: bool) -> Self {
        Self { t: Bit::of(value), f: Bit::of(!value) }
    }

    /// Not.
    #[must_use]
    pub fn negated(self) -> Self {
        Self { t: self.f, f: self.t }
    }
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

impl Cell {
    /// Whether it is given.
    #[must_use]
    pub fn present(&self) -> Bit {
        match self {
            Self::Truth(present, _) | Self::Number(present, _) | Self::Reference(present, _) => {
                *present
            }
        }
    }
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
    /// Of a row that stands for many that are alike: how many.
    pub size: Option<Variable>,
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
    /// What depends on which rows are one and the same.
    Identity(ExprId),
    /// Working days, which depend on the days of the calendar.
    Calendar(ExprId),
    /// The search gave up, or found what the evaluator does not confirm.
    Effort,
    /// Lists in lists, read through one another, that are too large to be written out.
    Size,
    /// Too many sentences have to be looked at together.
    Claims(usize),
}

impl Limit {
    /// Whether "never" is still proven: everything possible was allowed, and more.
    #[must_use]
    pub fn keeps_proofs(self) -> bool {
        !matches!(
            self,
            Self::Elements(..) | Self::Rest(..) | Self::Effort | Self::Size | Self::Claims(_)
        )
    }
}

/// The elements of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Owner {
    /// Of a row.
    Nested(RowId, FrameId),
    /// The rows of a table that name a row.
    Inverse(RowId, FrameId, FieldId),
    /// All rows of a frame.
    All(FrameId),
}

/// A list as far as it is open.
#[derive(Clone, Debug, Default)]
pub(super) struct Listed {
    /// The elements that are told apart.
    pub kept: Vec<RowId>,
    /// Rows each of which stands for many elements.
    pub crowd: Vec<RowId>,
    /// How many counts and sums the crowd has been made for so far.
    pub totals: usize,
    /// How many rows were there before the list was.
    pub before: usize,
    /// For how many rows that are read elsewhere it keeps a place.
    pub spare: usize,
    /// Whether its elements are counted.
    pub counted: bool,
}

/// How one pattern stands at the end of a course of events.
#[derive(Clone, Copy, Debug)]
pub(super) struct Standing {
    /// The pattern.
    pub pattern: PatternId,
    /// The course is complete.
    pub complete: Bit,
    /// It is, or something may follow that makes it so.
    pub alive: Bit,
}

/// An event.
#[derive(Clone, Debug)]
pub(super) struct Event {
    /// Whether it is there and counts.
    pub counts: Bit,
    /// Its activity.
    pub activity: Linear,
    /// When it happened, where that matters.
    pub order: Option<Linear>,
    /// Of a row that stands for many: how many.
    pub size: Option<Variable>,
}

/// A course: the events of one list, as some conditions read them.
#[derive(Clone, Debug)]
pub(super) struct Course {
    /// What tells courses apart: the list, and what is read of its elements.
    pub key: (Owner, Vec<usize>),
    /// Whether everything about it is known.
    pub known: Bit,
    /// Its events, as far as they are kept.
    pub events: Vec<Event>,
    /// No row stands for many events.
    pub whole: Vec<Bit>,
    /// The patterns it is held against.
    pub standings: Vec<Standing>,
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
    /// Whether it matters where values are not known: then numbers may be too large as well.
    pub doubtful: bool,
    pub(super) needs: Needs,
    pub(super) lists: BTreeMap<Owner, Listed>,
    /// What expressions mean, by the rows that they see.
    pub(super) meanings: HashMap<(ExprId, Vec<RowId>), Meaning>,
    /// Which rows in scope an expression sees, by level.
    pub(super) levels: HashMap<ExprId, Arc<[usize]>>,
    pub(super) same: BTreeMap<(RowId, RowId), Bit>,
    pub(super) rising: Vec<Rising>,
    pub(super) computed: Vec<Computed>,
    pub(super) days: HashMap<Linear, Day>,
    pub(super) moments: HashMap<Linear, Moment>,
    pub(super) weekdays: HashMap<Linear, Linear>,
    pub(super) quotients: Vec<Quotient>,
    /// What is left of a number divided by others.
    pub(super) remainders: HashMap<Linear, Vec<(i64, Linear)>>,
    pub(super) positions: Vec<Position>,
    pub(super) opaque: Vec<Opaque>,
    pub(super) atoms: Vec<TextAtom>,
    pub(super) derived: BTreeMap<Variable, (Variable, Derived)>,
    pub(super) lengths: BTreeMap<Variable, Variable>,
    /// The fields that texts are facts of.
    pub(super) written: BTreeMap<Variable, (FrameId, FieldId)>,
    pub(super) courses: Vec<Course>,
    pub(super) partial: Vec<Partial>,
    /// The sums and counts whose lists have a crowd.
    pub(super) rests: BTreeSet<(ExprId, FrameId)>,
    /// Totals of what the elements that a row stands for have.
    pub(super) totals: BTreeMap<(RowId, Variable), Variable>,
    /// Assumed at first, because it makes rows that can be shown.
    pub(super) simple: Vec<Bit>,
    /// Tried first: what matters is known.
    pub(super) sure: Vec<Bit>,
    /// Assumed at first: no row stands for many.
    pub(super) closed: Vec<Bit>,
    /// Assumed at first: a row stands for a whole number of others.
    pub(super) counted: Bit,
    /// Assumed: keys differ from row to row.
    pub(super) unique: Bit,
    /// Tried first: arguments of values that are not reasoned about stay what they were.
    pub(super) held: Vec<Bit>,
    /// What list forms read from the same things mean, by what they are read from.
    pub(super) sums: HashMap<usize, Meaning>,
    pub(super) numbering: Numbering<'p>,
}

impl<'p, S: Solver> World<'p, S> {
    /// A world without rows.
    #[must_use]
    pub fn new(program: &'p Program, today: i64, needs: Needs) -> Self {
        let mut circuit = Circuit::<S>::default();
        let (counted, unique) = (circuit.free(), circuit.free());
        Self {
            program,
            today,
            circuit,
            numbers: Numbers::default(),
            rows: Vec::new(),
            texts: Vec::new(),
            limits: BTreeSet::new(),
            doubtful: false,
            needs,
            lists: BTreeMap::new(),
            meanings: HashMap::new(),
            levels: HashMap::new(),
            same: BTreeMap::new(),
            rising: Vec::new(),
            computed: Vec::new(),
            days: HashMap::new(),
            moments: HashMap::new(),
            weekdays: HashMap::new(),
            quotients: Vec::new(),
            remainders: HashMap::new(),
            positions: Vec::new(),
            opaque: Vec::new(),
            atoms: Vec::new(),
            derived: BTreeMap::new(),
            lengths: BTreeMap::new(),
            written: BTreeMap::new(),
            courses: Vec::new(),
            partial: Vec::new(),
            rests: BTreeSet::new(),
            totals: BTreeMap::new(),
            simple: Vec::new(),
            sure: Vec::new(),
            closed: Vec::new(),
            counted,
            unique,
            held: Vec::new(),
            sums: HashMap::new(),
            numbering: Numbering::new(program),
        }
    }

    /// A new row. A list that has it is given.
    pub(super) fn row(&mut self, frame: FrameId, parent: Option<RowId>, exists: Bit) -> RowId {
        self.rows.push(Row { frame, parent, exists, cells: BTreeMap::new(), size: None });
        let row = self.rows.len() - 1;
        let list = self.program.schema.frame(frame).and_then(|found| found.parent);
        if let (Some(parent), Some((_, list))) = (parent, list)
            && let Some(list) = self.cell(parent, list)
        {
            self.circuit.require(&[!exists, list.present()]);
        }
        row
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

    /// Whether a row is there, and those it is nested in.
    pub(super) fn exists(&mut self, row: RowId) -> Bit {
        let rows = self.natural(row);
        let bits: Vec<Bit> =
            rows.iter().filter_map(|at| self.rows.get(*at)).map(|row| row.exists).collect();
        self.circuit.and(bits)
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
                let exists = self.exists(row);
                let exists = self.circuit.and([exists, present]);
                let target = self.row(target, None, exists);
                Cell::Reference(present, target)
            }
            Type::List(_) => Cell::Truth(present, Bit::TRUE),
            ty => {
                let range = Range { written: !ty.is_whole(), ..self.range(ty) };
                let variable = self.numbers.variable(range);
                if ty == Type::Text {
                    self.written.insert(variable, (frame, field));
                    for text in texts_of(declared) {
                        self.text(&text);
                    }
                }
                Cell::Number(present, variable)
            }
        };
        self.rows.get_mut(row)?.cells.insert(field, cell.clone());
        Some(cell)
    }

    /// What values facts of a type have.
    pub(super) fn range(&self, ty: Type) -> Range {
        let preferred = match ty {
            // Texts of which nothing is asked differ from each other.
            Type::Text => 1_000_000 + i64::try_from(self.numbers.variables.len()).unwrap_or(0),
            Type::Date => self.today,
            Type::Instant => self.today.saturating_mul(DAY),
            _ => 0,
        };
        let bounds = match ty {
            Type::Enum(id) => {
                let count =
                    self.program.schema.enumeration(id).map_or(1, |found| found.values.len());
                (Some(ratio(0)), i64::try_from(count).ok().map(|count| ratio(count - 1)))
            }
            Type::Text => (Some(ratio(0)), None),
            _ => ty.bounds().unzip(),
        };
        Range {
            whole: ty.is_whole(),
            written: false,
            low: bounds.0,
            high: bounds.1,
            preferred: ratio(preferred),
        }
    }

    /// What values computed values of a type have: dates reach beyond those that can be written.
    pub(super) fn computed(&self, ty: Type) -> Range {
        match ty {
            Type::Date | Type::Instant => {
                Range { preferred: self.range(ty).preferred, ..self.range(Type::Integer) }
            }
            _ => self.range(ty),
        }
    }

    /// The number of a text: its place among those mentioned.
    pub(super) fn text(&mut self, text: &Arc<str>) -> i64 {
        let at = self.texts.iter().position(|known| known == text).unwrap_or_else(|| {
            self.texts.push(text.clone());
            self.texts.len() - 1
        });
        i64::try_from(at).unwrap_or(i64::MAX)
    }

    /// Where what a form is read from is known, and it has a value all the same or not.
    pub(super) fn defined(&mut self, id: ExprId, gap: Gap, operands: Bit, has: Bit) -> Bit {
        let gone = self.circuit.and([operands, !has]);
        if gone != Bit::FALSE {
            self.partial.push(Partial { id, gap, gone });
        }
        self.circuit.and([operands, has])
    }

    /// Two numbers are equal where a literal holds.
    pub(super) fn equate(&mut self, guard: Bit, a: &Linear, b: &Linear) {
        let difference = a.clone().minus(b);
        let (most, less) = (
            self.numbers.at_most(&mut self.circuit, &difference, false),
            self.numbers.at_most(&mut self.circuit, &difference, true),
        );
        self.circuit.require(&[!guard, most]);
        self.circuit.require(&[!guard, !less]);
    }

    /// `linear ≤ limit`.
    pub(super) fn up_to(&mut self, linear: &Linear, limit: i64) -> Bit {
        let difference = linear.clone().minus(&Linear::whole(limit));
        self.numbers.at_most(&mut self.circuit, &difference, false)
    }

    /// `linear ≥ limit`.
    pub(super) fn from(&mut self, linear: &Linear, limit: i64) -> Bit {
        let difference = Linear::whole(limit).minus(linear);
        self.numbers.at_most(&mut self.circuit, &difference, false)
    }

    /// Says how a whole number is made of another one.
    pub(super) fn makes(
        &mut self,
        result: &Linear,
        argument: &Linear,
        of: impl Fn(i64) -> Option<i64> + Send + 'static,
    ) {
        let whole = move |at: &[Ratio]| {
            let at = i64::try_from(at.first()?.to_integer()).ok()?;
            of(at).map(ratio)
        };
        self.made_of(result, vec![argument.clone()], Bit::TRUE, whole);
    }

    /// Says how a number is made of others where a literal holds; it is 0 where it does not.
    pub(super) fn made_of(
        &mut self,
        result: &Linear,
        arguments: Vec<Linear>,
        when: Bit,
        of: impl Fn(&[Ratio]) -> Option<Ratio> + Send + 'static,
    ) {
        if let Some(result) = result.single() {
            let usual: Option<Vec<Ratio>> =
                arguments.iter().map(|argument| self.numbers.usual(argument)).collect();
            if let (Some(usual), Some(range)) =
                (usual.and_then(|usual| of(&usual)), self.numbers.variables.get_mut(result))
            {
                range.preferred = usual;
            }
            self.computed.push(Computed { result, arguments, of: Box::new(of), when });
        }
    }

    /// The values of a search with whole numbers whole, and all that is made of others made anew.
    pub(super) fn completed(&self, values: &[Ratio]) -> Option<Vec<Ratio>> {
        let ranges = self.numbers.variables.iter();
        let mut values: Vec<Ratio> = values
            .iter()
            .zip(ranges)
            .map(|(value, range)| if range.whole { value.round() } else { *value })
            .collect();
        for made in &self.computed {
            let value = if self.circuit.solver.holds(made.when) {
                let arguments: Option<Vec<Ratio>> =
                    made.arguments.iter().map(|argument| argument.at(&values)).collect();
                (made.of)(&arguments?)
            } else {
                Some(ratio(0))
            };
            if let (Some(slot), Some(value)) = (values.get_mut(made.result), value) {
                *slot = value;
            }
        }
        Some(values)
    }

    /// Both hold, or neither.
    pub(super) fn tie(&mut self, a: Bit, b: Bit) {
        self.circuit.require(&[!a, b]);
        self.circuit.require(&[a, !b]);
    }
}

/// Texts that a field has without a reader letting them pass: its default, and what its readings
/// stand for.
pub(super) fn texts_of(field: &Field) -> impl Iterator<Item = Arc<str>> + '_ {
    let read = field.readings.iter().filter_map(|(_, reading)| match reading {
        crate::schema::Reading::Value(constant) => Some(constant),
        crate::schema::Reading::Unit | crate::schema::Reading::Absent => None,
    });
    read.chain(&field.default).filter_map(|constant| match constant {
        Constant::Text(text) => Some(text.clone()),
        _ => None,
    })
}
