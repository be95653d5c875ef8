//! Regular expressions with shuffle, to automata.
//!
//! By partial derivatives (Antimirov 1996): what may come after an event is again a set of
//! expressions, and these sets are the states of the automaton. The derivative of a shuffle is the
//! shuffle with one of its parts advanced, so `并` needs nothing more.

use crate::invariant::fit;
use crate::value::automaton::Automaton;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// What may happen. Steps are numbered in the order written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Term {
    /// Nothing more.
    End,
    /// One event: the step, and the class of its activity.
    Event(usize, usize),
    /// Any events, any number of them.
    Anything(usize),
    /// One, then the other.
    Then(Rc<Term>, Rc<Term>),
    /// One of them.
    Choice(Vec<Term>),
    /// All of them, their events mixed.
    Together(Vec<Term>),
    /// Any number of times.
    Repeat(Rc<Term>),
}

/// An automaton, and for each state the steps that may come next.
pub(super) struct Built {
    pub(super) automaton: Automaton,
    pub(super) expected: Vec<Vec<usize>>,
}

impl Term {
    pub(super) fn then(self, next: Self) -> Self {
        match (self, next) {
            (Self::End, next) => next,
            (first, Self::End) => first,
            (first, next) => Self::Then(Rc::new(first), Rc::new(next)),
        }
    }

    fn together(parts: impl Iterator<Item = Self>) -> Self {
        let mut left: Vec<Self> = parts.filter(|part| *part != Self::End).collect();
        match (left.len(), left.pop()) {
            (_, None) => Self::End,
            (1, Some(only)) => only,
            (_, Some(last)) => {
                left.push(last);
                Self::Together(left)
            }
        }
    }

    /// Whether it may be over.
    fn may_end(&self) -> bool {
        match self {
            Self::End | Self::Anything(_) | Self::Repeat(_) => true,
            Self::Event(..) => false,
            Self::Then(a, b) => a.may_end() && b.may_end(),
            Self::Choice(parts) => parts.iter().any(Self::may_end),
            Self::Together(parts) => parts.iter().all(Self::may_end),
        }
    }

    /// The steps that may come first, with their classes; `…` has none.
    fn first(&self, found: &mut BTreeMap<usize, Option<usize>>) {
        match self {
            Self::End => {}
            Self::Event(step, class) => {
                found.insert(*step, Some(*class));
            }
            Self::Anything(step) => {
                found.insert(*step, None);
            }
            Self::Then(a, b) => {
                a.first(found);
                if a.may_end() {
                    b.first(found);
                }
            }
            Self::Choice(parts) | Self::Together(parts) => {
                parts.iter().for_each(|part| part.first(found))
            }
            Self::Repeat(inner) => inner.first(found),
        }
    }

    /// What may come after an event of a class.
    fn after(&self, event: usize, found: &mut BTreeSet<Self>) {
        let inner = |term: &Self| {
            let mut next = BTreeSet::new();
            term.after(event, &mut next);
            next
        };
        match self {
            Self::End => {}
            Self::Event(_, class) => {
                if *class == event {
                    found.insert(Self::End);
                }
            }
            Self::Anything(_) => {
                found.insert(self.clone());
            }
            Self::Then(a, b) => {
                found.extend(inner(a).into_iter().map(|next| next.then((**b).clone())));
                if a.may_end() {
                    b.after(event, found);
                }
            }
            Self::Choice(parts) => parts.iter().for_each(|part| part.after(event, found)),
            Self::Together(parts) => {
                for (index, part) in parts.iter().enumerate() {
                    for next in inner(part) {
                        let others = parts.iter().enumerate();
                        found.insert(Self::together(others.map(|(at, other)| {
                            if at == index { next.clone() } else { other.clone() }
                        })));
                    }
                }
            }
            Self::Repeat(again) => {
                found.extend(inner(again).into_iter().map(|next| next.then(self.clone())))
            }
        }
    }
}

type Row = (Vec<u32>, bool);

/// The automaton of a term over `classes` activities and all others; `None` where it would have
/// more states than the limit.
pub(super) fn build(term: Term, classes: usize, limit: usize) -> Option<Built> {
    let mut known: BTreeMap<Rc<BTreeSet<Term>>, u32> = BTreeMap::new();
    let mut waiting: Vec<Rc<BTreeSet<Term>>> = Vec::new();
    let mut number = |set: BTreeSet<Term>, waiting: &mut Vec<Rc<BTreeSet<Term>>>| -> u32 {
        let next = fit(known.len());
        let set = Rc::new(set);
        *known.entry(set.clone()).or_insert_with(|| {
            waiting.push(set);
            next
        })
    };
    number(BTreeSet::from([term]), &mut waiting);
    let (mut rows, mut expected): (Vec<Row>, Vec<Vec<usize>>) = (Vec::new(), Vec::new());
    while let Some(set) = waiting.get(rows.len()).cloned() {
        let mut first = BTreeMap::new();
        set.iter().for_each(|term| term.first(&mut first));
        let mut after = |class: usize, waiting: &mut Vec<Rc<BTreeSet<Term>>>| {
            let mut next = BTreeSet::new();
            set.iter().for_each(|term| term.after(class, &mut next));
            (next.len() <= limit).then(|| number(next, waiting))
        };
        let other = after(classes, &mut waiting)?;
        let mut row = vec![other; classes + 1];
        for class in first.values().flatten().collect::<BTreeSet<_>>() {
            if let Some(slot) = row.get_mut(*class) {
                *slot = after(*class, &mut waiting)?;
            }
        }
        rows.push((row, set.iter().any(Term::may_end)));
        expected.push(first.into_keys().collect());
        if waiting.len() > limit {
            return None;
        }
    }
    Some(Built { automaton: Automaton::new(classes + 1, &rows), expected })
}
