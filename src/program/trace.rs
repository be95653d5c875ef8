//! Conditions over the events of a list: processes and the templates of DECLARE.

use super::{ExprId, List};
use crate::builtin::declare::Template;
use crate::schema::{Constant, FrameId, Names};
use crate::syntax::tree::Conformance;
use crate::text::Span;
use crate::value::automaton::Automaton;
use std::sync::Arc;

/// Index of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PatternId(pub u32);

/// What a course of events is held against.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// The activities it names: class 0, 1, … of its automaton; all others are the last class.
    pub activities: Vec<Constant>,
    /// What is allowed.
    pub automaton: Automaton,
    /// Where it comes from.
    pub origin: Origin,
}

/// Where a pattern comes from.
#[derive(Clone, Debug)]
pub enum Origin {
    /// A template of DECLARE.
    Template(&'static Template),
    /// A declared process, by index.
    Process(usize),
}

impl Pattern {
    /// Classes whose events make it matter; empty where it always does.
    #[must_use]
    pub fn activation(&self) -> &'static [usize] {
        match self.origin {
            Origin::Template(template) => template.activation,
            Origin::Process(_) => &[],
        }
    }

    /// Whether the order of events matters.
    #[must_use]
    pub fn ordered(&self) -> bool {
        match self.origin {
            Origin::Template(template) => template.ordered,
            Origin::Process(_) => true,
        }
    }
}

/// A pattern held against the events of a list.
#[derive(Clone, Debug)]
pub struct Trace {
    /// The list of events.
    pub list: List,
    /// Which of its elements count; sees the element as level 0.
    pub filter: Option<ExprId>,
    /// What happened; sees the element as level 0.
    pub activity: ExprId,
    /// When, where the list has a field for it; the order of the data where not.
    pub order: Option<ExprId>,
    /// The pattern.
    pub pattern: PatternId,
    /// What is asked of it.
    pub asks: Conformance,
}

/// A declared process.
#[derive(Clone, Debug)]
pub struct Process {
    /// Its names.
    pub names: Names,
    /// Its policy.
    pub module: usize,
    /// The rows whose events it is about.
    pub frame: FrameId,
    /// Their list of events, seen from such a row.
    pub list: List,
    /// What happened, seen from an event; [`ExprId::NONE`] where the process could not be read, and
    /// then nothing is judged by it.
    pub activity: ExprId,
    /// When.
    pub order: Option<ExprId>,
    /// Its pattern.
    pub pattern: PatternId,
    /// Its steps, in the order written.
    pub steps: Vec<Step>,
    /// For each state of its automaton, the steps that may come next.
    pub expected: Vec<Vec<usize>>,
    /// Its place.
    pub span: Span,
}

/// A step of a process.
#[derive(Clone, Debug)]
pub struct Step {
    /// What happens; `None` for `…`.
    pub activity: Option<Constant>,
    /// What it is called.
    pub names: Names,
    /// Its place.
    pub span: Span,
}

/// The text of an activity, where it is one.
#[must_use]
pub fn text_of(activity: &Constant) -> Option<Arc<str>> {
    if let Constant::Text(text) = activity { Some(text.clone()) } else { None }
}
