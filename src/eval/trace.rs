//! Courses of events: each row's events in order, run through an automaton.
//!
//! Events are in the order of their list's ordering field; those at the same time, and those of a
//! list without such a field, in the order of the data. What is not known is taken both ways: an
//! event whose activity is missing may be any, one that may or may not count is counted and not;
//! where two events may have happened in any order, nothing is known.

use super::scope::Scope;
use super::{Evaluator, Groups, Series, TextSeries, Vector};
use crate::lowering::{Events, Node};
use crate::program::Pattern;
use crate::schema::Constant;
use crate::value::Bits;
use crate::value::automaton::{Automaton, Status};
use std::collections::BTreeMap;

/// One event of a course.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its row among the elements; of pairs, what explanations call it.
    pub element: usize,
    /// What happened, as a class of the pattern; `None` where it is missing.
    pub class: Option<usize>,
    /// Whether it surely counts.
    pub sure: bool,
}

/// A course of events.
#[derive(Clone, Debug, Default)]
pub struct Course {
    /// Its events, in order.
    pub events: Vec<Event>,
    /// Whether the order is known.
    pub ordered: bool,
}

/// The columns of events.
struct Columns<'v> {
    never: &'v Vector,
    sure: &'v Vector,
    activity: &'v Vector,
    order: Option<&'v Vector>,
    classes: Classes<'v>,
}

/// Which class an activity is of.
enum Classes<'p> {
    Numbers(BTreeMap<i64, usize>),
    Texts(BTreeMap<&'p str, usize>),
}

impl<'p> Classes<'p> {
    fn new(pattern: &'p Pattern) -> Self {
        let named = || (0..).zip(&pattern.activities);
        if pattern.activities.iter().any(|activity| matches!(activity, Constant::Text(_))) {
            let text = |(class, activity): (usize, &'p Constant)| match activity {
                Constant::Text(text) => Some((&**text, class)),
                _ => None,
            };
            return Self::Texts(named().filter_map(text).collect());
        }
        let number = |(class, activity): (usize, &Constant)| match activity {
            Constant::Int(value) => Some((*value, class)),
            _ => None,
        };
        Self::Numbers(named().filter_map(number).collect())
    }

    /// `None` where the activity is not known; `others` where it is not named.
    fn of(&self, activity: &Vector, element: usize, others: usize) -> Option<usize> {
        match (self, activity) {
            (Self::Numbers(known), Vector::Ints(values, valid)) if valid.get(element) => {
                Some(known.get(&number(values, element)?).copied().unwrap_or(others))
            }
            (Self::Texts(known), Vector::Texts(values, valid)) if valid.get(element) => {
                Some(known.get(text(values, element)).copied().unwrap_or(others))
            }
            (Self::Numbers(_), Vector::Texts(_, valid)) => valid.get(element).then_some(others),
            _ => None,
        }
    }
}

/// Whether a truth column holds for a row.
fn is(bits: &Vector, row: usize) -> bool {
    matches!(bits, Vector::Bits(bits) if bits.get(row))
}

fn number(values: &Series<i64>, element: usize) -> Option<i64> {
    values.get(element)
}

fn text(values: &TextSeries, element: usize) -> &str {
    values.get(element)
}

impl Scope<'_> {
    /// How the events of each outer row stand, as numbers.
    pub(super) fn trace(
        self,
        (events, groups): (&Events, &Groups),
        node: &Node,
        len: usize,
    ) -> Vector {
        let valid = Bits::uniform(len, true);
        let Some(pattern) = self.evaluator.graph.program.pattern(events.pattern) else {
            return super::gather::nothing(node.physical, len);
        };
        let columns = Columns::new(self, events, pattern);
        let statuses = (0..len).map(|row| {
            let course = columns.course(groups.elements(row), pattern);
            let (worst, best) = outlook(&course, pattern);
            (if events.best { best } else { worst }) as i64
        });
        Vector::Ints(statuses.collect(), valid)
    }
}

impl Evaluator {
    /// The events of one outer row.
    #[must_use]
    pub fn course(&self, events: &Events, row: usize) -> Course {
        let Some(pattern) = self.graph.program.pattern(events.pattern) else {
            return Course::default();
        };
        let course = self.of_outer(events.grouping, row, |scope, elements| {
            Columns::new(scope, events, pattern).course(elements, pattern)
        });
        let mut course = course.unwrap_or_default();
        for event in &mut course.events {
            event.element = self.named(events.grouping, row, event.element);
        }
        course
    }
}

impl<'v> Columns<'v> {
    fn new(scope: Scope<'v>, events: &Events, pattern: &'v Pattern) -> Self {
        Self {
            never: scope.get(events.never),
            sure: scope.get(events.sure),
            activity: scope.get(events.activity),
            order: events.order.map(|order| scope.get(order)),
            classes: Classes::new(pattern),
        }
    }

    fn course(&self, elements: impl Iterator<Item = usize>, pattern: &Pattern) -> Course {
        let others = pattern.activities.len();
        let mut timed: Vec<(Option<i64>, Event)> = Vec::new();
        for element in elements.filter(|element| !is(self.never, *element)) {
            let class = self.classes.of(self.activity, element, others);
            let at = match self.order {
                Some(Vector::Ints(values, valid)) if valid.get(element) => values.get(element),
                Some(_) => None,
                None => Some(0),
            };
            timed.push((at, Event { element, class, sure: is(self.sure, element) }));
        }
        let ordered = timed.len() < 2 || timed.iter().all(|(at, _)| at.is_some());
        timed.sort_by_key(|(at, _)| *at);
        Course { events: timed.into_iter().map(|(_, event)| event).collect(), ordered }
    }
}

/// How a course stands at worst and at best.
#[must_use]
pub fn outlook(course: &Course, pattern: &Pattern) -> (Status, Status) {
    if !course.ordered {
        return (Status::Dead, Status::Complete);
    }
    let automaton = &pattern.automaton;
    let mut states: Vec<u32> = vec![0];
    for event in &course.events {
        states = after(automaton, &states, event);
    }
    let statuses = states.iter().map(|state| automaton.status(*state));
    (statuses.clone().min().unwrap_or(Status::Dead), statuses.max().unwrap_or(Status::Dead))
}

/// The states that an event may lead to.
#[must_use]
pub fn after(automaton: &Automaton, states: &[u32], event: &Event) -> Vec<u32> {
    if let ([only], Some(class), true) = (states, event.class, event.sure) {
        return vec![automaton.step(*only, class)];
    }
    let classes = event.class.map_or(0..automaton.classes(), |class| class..class + 1);
    let mut next: Vec<u32> = states
        .iter()
        .flat_map(|state| classes.clone().map(|class| automaton.step(*state, class)))
        .collect();
    if !event.sure {
        next.extend(states);
    }
    next.sort_unstable();
    next.dedup();
    next
}
