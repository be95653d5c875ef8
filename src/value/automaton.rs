//! Deterministic automata over classes of events: what a course of events may be.

use crate::invariant::fit;

/// How a course of events stands, from worst to best.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Status {
    /// Nothing that may follow makes it right.
    Dead,
    /// It is not complete; something may follow that makes it right.
    Running,
    /// It is complete as it is.
    Complete,
}

/// A deterministic automaton: every state has a next one for every class. It begins in state 0.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Automaton {
    classes: usize,
    next: Vec<u32>,
    status: Vec<Status>,
}

impl Automaton {
    /// From its states: the next state for each class, and whether a course that ends there is
    /// complete.
    #[must_use]
    pub fn new<R: AsRef<[u32]>>(classes: usize, states: &[(R, bool)]) -> Self {
        let next: Vec<u32> =
            states.iter().flat_map(|(row, _)| row.as_ref().iter().copied()).collect();
        let mut status: Vec<Status> = states
            .iter()
            .map(|(_, complete)| if *complete { Status::Complete } else { Status::Dead })
            .collect();
        // What leads to a state that is not dead is not dead.
        let mut changed = true;
        while changed {
            changed = false;
            for (state, row) in next.chunks(classes.max(1)).enumerate() {
                let alive = row.iter().any(|to| {
                    status.get(*to as usize).is_some_and(|status| *status != Status::Dead)
                });
                if let Some(slot) =
                    status.get_mut(state).filter(|slot| alive && **slot == Status::Dead)
                {
                    *slot = Status::Running;
                    changed = true;
                }
            }
        }
        Self { classes, next, status }
    }

    /// How many classes of events there are.
    #[must_use]
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// How many states.
    #[must_use]
    pub fn states(&self) -> usize {
        self.status.len()
    }

    /// The state after an event.
    #[must_use]
    pub fn step(&self, state: u32, class: usize) -> u32 {
        self.next.get(state as usize * self.classes + class).copied().unwrap_or(state)
    }

    /// How a course that came to a state stands.
    #[must_use]
    pub fn status(&self, state: u32) -> Status {
        self.status.get(state as usize).copied().unwrap_or(Status::Dead)
    }

    /// The automaton of what both allow.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        let width = fit(other.states());
        let pairs =
            (0..).zip(&self.status).flat_map(|(a, own)| (0..width).map(move |b| (a, *own, b)));
        let states: Vec<(Vec<u32>, bool)> = pairs
            .map(|(a, own, b)| {
                let row = (0..self.classes)
                    .map(|class| self.step(a, class) * width + other.step(b, class))
                    .collect();
                (row, own == Status::Complete && other.status(b) == Status::Complete)
            })
            .collect();
        Self::new(self.classes, &states)
    }
}
