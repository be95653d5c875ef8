//! What the conditions of a decision can read at a row, and what it is held against: the space in
//! which changes are looked for.

use crate::builtin::Scalar;
use crate::diagnostic::Bilingual;
use crate::eval::Evaluator;
use crate::lowering::ContextId;
use crate::program::ExprId;
use crate::schema::{Constant, FieldId, FrameId};
use crate::why::Fact;
use std::collections::{BTreeMap, HashMap};

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
    /// The values that fields of its elements, or what is summed up of them, are held against.
    pub asks: Vec<(FieldId, Constant)>,
}

/// What can be read, in the order in which it was met.
#[derive(Debug, Default)]
pub(super) struct Reads {
    pub facts: Vec<Read>,
    pub lists: Vec<ListRead>,
    /// By fact: its place among them.
    pub known: HashMap<Fact, usize>,
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
pub(super) fn difference(now: Option<Constant>, wanted: Option<Constant>) -> Option<Constant> {
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
