//! Trying changes: the row is judged by the one evaluator, with exactly these facts changed.

use crate::engine::{RowRef, Run};
use crate::eval::{Cone, Edit, Edited, Evaluator};
use crate::lowering::{DecisionPlan, NodeId};
use std::cell::Cell;
use std::collections::BTreeSet;
use std::sync::Arc;

/// How many changes, or sets of changes, are tried for one disposition of one row at most.
pub const TRIES: usize = 6_000;

/// How many values are computed for them at most.
const WORK: usize = 400_000_000;

/// What a change came to.
#[derive(Clone)]
pub(super) struct State {
    /// The run with the change.
    pub evaluator: Arc<Evaluator>,
    /// The number the row has there.
    pub row: usize,
    /// The disposition that is required there, where that is known.
    pub required: Option<usize>,
}

/// Tries changes of what a decision about one row rests on.
pub(super) struct Trials<'x> {
    pub run: &'x Run,
    pub plan: &'x DecisionPlan,
    pub subject: RowRef,
    cone: Arc<Cone>,
    tries: Cell<usize>,
    work: Cell<usize>,
}

impl<'x> Trials<'x> {
    pub fn new(run: &'x Run, plan: &'x DecisionPlan, subject: RowRef) -> Self {
        let choices = plan.options.iter().chain(&plan.otherwise);
        let mut roots: Vec<_> = choices.map(|choice| choice.required).collect();
        for choice in &plan.options {
            let judgements = choice.judgements.iter();
            let judgements = judgements.filter_map(|at| run.policy.judgements.get(*at));
            roots.extend(judgements.flat_map(|found| [found.governs.t, found.governs.f]));
        }
        let cone = Arc::new(run.evaluator.cone(&roots));
        Self { run, plan, subject, cone, tries: Cell::new(TRIES), work: Cell::new(WORK) }
    }

    /// The row as it is.
    pub fn base(&self) -> State {
        let (evaluator, row) = (self.run.evaluator.clone(), self.subject.row);
        let required = self.required(&evaluator, row);
        State { evaluator, row, required }
    }

    fn required(&self, evaluator: &Evaluator, row: usize) -> Option<usize> {
        let mut choices = self.plan.options.iter().chain(&self.plan.otherwise);
        choices.find(|choice| evaluator.holds(choice.required, row)).map(|found| found.disposition)
    }

    /// What the row comes to with some facts changed; `None` where as much was tried as may be.
    /// `parts` are what parts of the change came to, `rest` are the edits in none of them.
    pub fn judge(&self, edits: &[Edit], parts: &[Arc<Evaluator>], rest: &[Edit]) -> Option<State> {
        let tries = self.tries.get().checked_sub(1)?;
        let base = &self.run.evaluator;
        let edited = Edited::new(base, edits);
        let row = edited.row(self.subject.frame, self.subject.row)?;
        let rest = Edited::new(base, if parts.is_empty() { &[] } else { rest });
        let evaluator = base.fork(&self.cone, edited, (parts, &rest));
        let work = self.work.get().checked_sub(evaluator.fork_size())?;
        self.tries.set(tries);
        self.work.set(work);
        let required = self.required(&evaluator, row);
        Some(State { evaluator, row, required })
    }

    /// Whether a change reaches any of some conditions.
    pub fn reaches(&self, edits: &[Edit], nodes: &BTreeSet<NodeId>) -> bool {
        self.cone.reaches_any(&Edited::new(&self.run.evaluator, edits), nodes)
    }

    /// Lets so many more be tried.
    pub fn allow(&self, more: usize) {
        self.tries.set(self.tries.get() + more);
    }

    /// How many more may be tried.
    pub fn left(&self) -> usize {
        self.tries.get()
    }
}
