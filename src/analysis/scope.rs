//! The rows an expression sees, and what a path in it can stand for.

use super::Analyzer;
use super::guard::GuardPath;
use crate::program::{ExprId, ExprKind, List, Pick};
use crate::schema::FrameId;

/// The rows an expression can see.
#[derive(Clone, Debug)]
pub(super) struct Scope {
    /// The file whose names are visible.
    pub(super) module: usize,
    /// The rows, innermost last; a nested row follows its parent.
    pub(super) rows: Vec<FrameId>,
    /// Which of them the article or definition speaks of.
    pub(super) this: Option<usize>,
    /// Optional fields known to be there, see [`super::guard`].
    pub(super) guards: Vec<GuardPath>,
    /// True where optional fields may be read freely: under 有, in messages.
    pub(super) lenient: bool,
    /// Which of the rows names do not see: the elements that the left side of `x 属于 list` is
    /// compared with.
    pub(super) hidden: Vec<usize>,
}

/// One move from the rows in scope to another row.
#[derive(Clone, Debug)]
pub(super) enum Step {
    Single(FrameId),
    Follow { reference: ExprId, frame: FrameId },
    Lookup { list: List, pick: Pick, condition: ExprId, frame: FrameId },
}

/// A row: moves, then a level among the rows seen there.
#[derive(Clone, Debug)]
pub(super) struct Route {
    pub(super) steps: Vec<Step>,
    pub(super) level: usize,
    pub(super) frame: FrameId,
}

/// What a path stands for.
#[derive(Clone, Debug)]
pub(super) enum Operand {
    /// A value, read after the steps.
    Value { steps: Vec<Step>, leaf: ExprId },
    /// A row.
    Row(Route),
    /// A list, seen after the steps.
    List { steps: Vec<Step>, list: List },
}

impl Analyzer<'_> {
    /// The scope of a definition or article about a frame.
    pub(super) fn scope(&self, module: usize, frame: FrameId) -> Scope {
        let rows = self.chain(frame);
        let this = rows.len().checked_sub(1);
        Scope { module, rows, this, guards: Vec::new(), lenient: false, hidden: Vec::new() }
    }

    /// A frame and its parents, outermost first.
    pub(super) fn chain(&self, frame: FrameId) -> Vec<FrameId> {
        let mut chain = vec![frame];
        let mut at = frame;
        while let Some((parent, _)) = self.program.schema.frame(at).and_then(|found| found.parent) {
            chain.push(parent);
            at = parent;
        }
        chain.reverse();
        chain
    }

    /// What the filter, the body or the condition of a list form sees.
    pub(super) fn inner_scope(&self, scope: &Scope, steps: &[Step], list: List) -> Scope {
        let mut inner = scope.clone();
        if let Some(step) = steps.last() {
            let frame = match step {
                Step::Single(frame) | Step::Follow { frame, .. } | Step::Lookup { frame, .. } => {
                    *frame
                }
            };
            inner.rows = self.chain(frame);
            inner.guards.clear();
            inner.hidden.clear();
            inner.this = None;
        }
        match list {
            List::All { frame } => inner.rows.extend(self.chain(frame)),
            List::Nested { frame, .. } | List::Inverse { frame, .. } => inner.rows.push(frame),
        }
        inner.lenient = false;
        inner
    }

    /// The operand as a list. A row's own name, where a list is wanted, is the whole table, or the
    /// list the row is an element of.
    pub(super) fn as_list(&self, operand: Operand, scope: &Scope) -> Option<(Vec<Step>, List)> {
        match operand {
            Operand::List { steps, list } => Some((steps, list)),
            Operand::Row(Route { steps, frame, .. }) if steps.is_empty() => {
                let Some((parent, _)) = self.program.schema.frame(frame)?.parent else {
                    return Some((steps, List::All { frame }));
                };
                let mut owners =
                    scope.rows.iter().rev().enumerate().filter(|(_, row)| **row == parent);
                let (level, _) = owners.next()?;
                owners.next().is_none().then_some((steps, List::Nested { level, frame }))
            }
            _ => None,
        }
    }

    /// Wraps what is read after the steps so that it is read from the scope.
    pub(super) fn finish_steps(&mut self, steps: &[Step], leaf: ExprId) -> ExprId {
        let (ty, span) = (self.ty(leaf), self.program.expr(leaf).span);
        steps.iter().rev().fold(leaf, |then, step| {
            let kind = match step {
                Step::Single(frame) => ExprKind::Single { frame: *frame, then },
                Step::Follow { reference, frame } => {
                    ExprKind::Follow { reference: *reference, frame: *frame, then }
                }
                &Step::Lookup { list, pick, condition, .. } => {
                    ExprKind::Lookup { list, pick, condition, then }
                }
            };
            self.add(kind, ty, span)
        })
    }
}

/// The steps, and one more.
pub(super) fn with(mut steps: Vec<Step>, step: Step) -> Vec<Step> {
    steps.push(step);
    steps
}
