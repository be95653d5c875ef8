//! Processes: what may happen in which order.

use super::{Name, Names, Path, Text};
use crate::text::Span;

/// `流程 名 于 表.列表.字段 步骤`.
#[derive(Clone, Debug)]
pub struct ProcessDecl {
    /// Its names.
    pub names: Names,
    /// The field that says what happened: table, list, field.
    pub path: Path,
    /// What may happen.
    pub steps: Steps,
}

/// A part of a process.
#[derive(Clone, Debug)]
pub struct Steps {
    /// Its place.
    pub span: Span,
    /// What it is.
    pub kind: StepsKind,
}

/// The parts of processes.
#[derive(Clone, Debug)]
pub enum StepsKind {
    /// An activity by its name.
    Activity(Name),
    /// An activity as a text.
    Text(Text),
    /// `…`: anything, any number of times.
    Anything,
    /// `a → b`.
    Sequence(Vec<Steps>),
    /// `a 或 b`.
    Choice(Vec<Steps>),
    /// `a 并 b`: in any order, their parts mixed.
    Together(Vec<Steps>),
    /// `(a)`.
    Paren(Box<Steps>),
    /// `a?`, `a*`, `a+`.
    Repeated(Box<Steps>, Repetition),
}

/// How often a part may happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repetition {
    /// `?`: once or not at all.
    Optional,
    /// `*`: any number of times.
    Any,
    /// `+`: at least once.
    Some,
}
