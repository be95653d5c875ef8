//! Courses of events held against processes and templates.
//!
//! What several patterns can say of one course is found by running their automata side by side, so
//! that a contradiction is one for courses of any length. A course is shown by running them over
//! the elements that are kept, in order.

use super::linear::Linear;
use super::pending::Gap;
use super::sat::{Bit, Solver};
use super::world::{Course, Event, Limit, Meaning, Owner, Rails, RowId, Standing, World};
use crate::program::{ExprId, Pattern, PatternId, Trace};
use crate::schema::Constant;
use crate::syntax::tree::Conformance;
use crate::value::automaton::Status;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// How many states of several automata side by side are visited.
const VISITED: usize = 20_000;

/// How many different ends of courses are told apart.
const ENDS: usize = 400;

/// How many activities it is told apart whether they occur.
const NAMED: usize = 8;

/// The largest automaton that is run over elements.
const SHOWN: usize = 80;

/// Up to which number occurrences are counted.
const COUNTED: i64 = 16;

/// How patterns stand at the end of a course, and which activities occur in it.
type End = (Vec<Status>, u32);

/// How often an activity occurs at least and at most where patterns stand so.
type Counts = BTreeMap<Vec<Status>, (i64, i64)>;

impl<S: Solver> World<'_, S> {
    /// A course held against a pattern.
    pub(super) fn trace(&mut self, id: ExprId, trace: &Trace, scope: &[RowId]) -> Rails {
        let Some((owner, given)) = self.owner(trace.list, scope) else {
            return self.unknowable(Limit::Process(id));
        };
        self.limits.insert(Limit::Process(id));
        let at = self.course(id, trace, owner, scope);
        let (known, standing) = self.standing(at, trace.pattern);
        let (t, f) = match trace.asks {
            Conformance::Follows => (standing.complete, !standing.alive),
            Conformance::Completes => (standing.complete, !standing.complete),
            Conformance::KeepsTo => (standing.alive, !standing.alive),
        };
        let all = self.circuit.and([given, known]);
        let decided = self.circuit.or([t, f]);
        self.defined(id, Gap::Course, all, decided);
        let sure = Rails { t: self.circuit.and([all, t]), f: self.circuit.and([all, f]) };
        if known == Bit::TRUE {
            return sure;
        }
        // Where something is missing, anything is allowed that is not both.
        let open = self.unknowable(Limit::Process(id));
        let missing = self.circuit.and([given, !known]);
        let open = Rails {
            t: self.circuit.and([missing, open.t]),
            f: self.circuit.and([missing, open.f]),
        };
        Rails { t: self.circuit.or([sure.t, open.t]), f: self.circuit.or([sure.f, open.f]) }
    }

    /// The course, by index.
    fn course(&mut self, id: ExprId, trace: &Trace, owner: Owner, scope: &[RowId]) -> usize {
        let ordered = self.program.pattern(trace.pattern).is_some_and(Pattern::ordered);
        let order = trace.order.filter(|_| ordered);
        let parts = [trace.filter, Some(trace.activity), order];
        let read = self
            .numbering
            .of_elements(trace.list, &parts, scope)
            .unwrap_or_else(|| vec![usize::MAX - id.0 as usize]);
        let read = read.into_iter().chain([usize::from(ordered)]).collect();
        let key = (owner, read);
        if let Some(at) = self.courses.iter().position(|course| course.key == key) {
            return at;
        }
        let (mut events, mut known, mut whole) = (Vec::new(), Vec::new(), Vec::new());
        for element in self.elements(owner) {
            let there = self.member(owner, element);
            let inner = self.inside(trace.list, scope, element);
            let counts = trace.filter.map_or(Rails::of(true), |filter| self.rails(filter, &inner));
            let read = |world: &mut Self, part: ExprId| match world.meaning(part, &inner) {
                Meaning::Number(valid, linear) => (valid, linear),
                _ => (Bit::FALSE, Linear::whole(0)),
            };
            let activity = read(self, trace.activity);
            let order = order.map(|order| read(self, order));
            let mut sure = vec![counts.t, activity.0];
            sure.extend(order.as_ref().map(|order| order.0));
            let sure = self.circuit.and(sure);
            known.push(self.circuit.or([!there, counts.f, sure]));
            let size = self.rows.get(element).and_then(|row| row.size);
            whole.extend(size.map(|_| !there));
            events.push(Event {
                counts: self.circuit.and([there, counts.t]),
                activity: activity.1,
                order: order.map(|order| order.1),
                size,
            });
        }
        let known = self.circuit.and(known);
        self.courses.push(Course { key, known, events, whole, standings: Vec::new() });
        self.courses.len() - 1
    }

    /// How a pattern stands at the end of a course, and whether the course is known.
    fn standing(&mut self, at: usize, pattern: PatternId) -> (Bit, Standing) {
        let (complete, alive) = (self.circuit.free(), self.circuit.free());
        let made = Standing { pattern, complete, alive };
        let Some(course) = self.courses.get_mut(at) else { return (Bit::FALSE, made) };
        if let Some(known) = course.standings.iter().find(|own| own.pattern == pattern) {
            return (course.known, *known);
        }
        course.standings.push(made);
        let known = course.known;
        self.circuit.require(&[!complete, alive]);
        (known, made)
    }

    /// Ties how patterns stand to each other and to the events.
    pub(super) fn settle_courses(&mut self) {
        for course in std::mem::take(&mut self.courses) {
            let named = self.named(&course);
            let occurs: Vec<Vec<Bit>> =
                named.iter().map(|activity| self.events_of(&course, activity)).collect();
            let standings = course.standings.iter();
            let patterns: Option<Vec<&Pattern>> =
                standings.map(|one| self.program.pattern(one.pattern)).collect();
            if let Some(patterns) = patterns
                && let Some(ends) = ends(&patterns, &named)
            {
                let counts = self.counts(&course, &patterns, &named, &occurs);
                self.one_of(&course, &occurs, &ends, &counts);
            }
            self.run(&course, &named, &occurs);
            self.courses.push(course);
        }
    }

    /// How often each activity occurs, and between which numbers that is where patterns stand so.
    /// Only of lists whose elements are counted.
    fn counts(
        &mut self,
        course: &Course,
        patterns: &[&Pattern],
        named: &[Constant],
        occurs: &[Vec<Bit>],
    ) -> Vec<(Linear, Counts)> {
        if !self.lists.get(&course.key.0).is_some_and(|listed| listed.counted) {
            return Vec::new();
        }
        let mut counts = Vec::new();
        for (at, bits) in occurs.iter().enumerate() {
            let Some(found) = occurrences(patterns, named, at) else { continue };
            let mut number = Linear::whole(0);
            for (event, bit) in course.events.iter().zip(bits) {
                let size = event.size.map_or_else(|| Linear::whole(1), Linear::variable);
                let part = self.part(event.size.is_none(), *bit, size);
                number = number.plus(&part);
            }
            counts.push((number, found));
        }
        counts
    }

    /// The activities that any pattern of a course names.
    fn named(&self, course: &Course) -> Vec<Constant> {
        let mut named: Vec<Constant> = Vec::new();
        for pattern in course.standings.iter().filter_map(|one| self.program.pattern(one.pattern)) {
            for activity in &pattern.activities {
                if !named.contains(activity) {
                    named.push(activity.clone());
                }
            }
        }
        named
    }

    /// For each event, whether it counts and is of an activity.
    fn events_of(&mut self, course: &Course, activity: &Constant) -> Vec<Bit> {
        let Meaning::Number(_, wanted) = self.constant(activity) else { return Vec::new() };
        let is = |world: &mut Self, event: &Event| {
            let same = world.numbers.equal(&mut world.circuit, &event.activity, &wanted);
            world.circuit.and([event.counts, same])
        };
        course.events.iter().map(|event| is(self, event)).collect()
    }

    /// A course that is known comes to one of its ends.
    fn one_of(
        &mut self,
        course: &Course,
        occurs: &[Vec<Bit>],
        ends: &BTreeSet<End>,
        counts: &[(Linear, Counts)],
    ) {
        // So many events are kept for the patterns alone.
        let kept = course.standings.iter().filter_map(|one| self.program.pattern(one.pattern));
        let kept: usize = kept.map(|pattern| pattern.automaton.states().clamp(2, 12)).sum();
        let whole = !course.whole.is_empty();
        let occurs: Vec<Bit> =
            occurs.iter().take(NAMED).map(|bits| self.circuit.or(bits.iter().copied())).collect();
        let mut chosen = vec![!course.known];
        for (statuses, occurred) in ends {
            let end = self.circuit.free();
            for (standing, status) in course.standings.iter().zip(statuses) {
                let complete = *status == Status::Complete;
                let alive = *status != Status::Dead;
                for (bit, holds) in [(standing.complete, complete), (standing.alive, alive)] {
                    self.circuit.require(&[!end, if holds { bit } else { !bit }]);
                }
            }
            for (at, bit) in occurs.iter().enumerate() {
                let holds = occurred >> at & 1 == 1;
                self.circuit.require(&[!end, if holds { *bit } else { !*bit }]);
            }
            let least = counts.iter().filter_map(|(_, found)| found.get(statuses));
            let least: i64 = least.map(|(least, _)| least).sum();
            let all = whole || usize::try_from(least).is_ok_and(|least| least <= kept);
            for (number, found) in counts {
                let Some((least, most)) = found.get(statuses) else { continue };
                let mut limits = Vec::new();
                if all {
                    limits.push(self.from(number, *least));
                }
                if *most < COUNTED {
                    limits.push(self.up_to(number, *most));
                }
                limits.iter().for_each(|limit| self.circuit.require(&[!end, *limit]));
            }
            chosen.push(end);
        }
        self.circuit.require(&chosen);
    }

    /// Rows are shown whose events, in order, take the patterns to where they stand.
    fn run(&mut self, course: &Course, named: &[Constant], occurs: &[Vec<Bit>]) {
        let acted = self.circuit.free();
        self.simple.push(acted);
        for bit in &course.whole {
            self.circuit.require(&[!acted, *bit]);
        }
        for (at, event) in course.events.iter().enumerate() {
            for later in course.events.iter().skip(at + 1) {
                let (Some(a), Some(b)) = (&event.order, &later.order) else { continue };
                let before = a.clone().minus(b);
                let before = self.numbers.at_most(&mut self.circuit, &before, false);
                self.circuit.require(&[!acted, !event.counts, !later.counts, before]);
            }
        }
        for standing in &course.standings {
            let Some(pattern) = self.program.pattern(standing.pattern) else { continue };
            if pattern.automaton.states() > SHOWN {
                continue;
            }
            let last = self.states_after(course, pattern, named, occurs);
            let at = |wanted: fn(Status) -> bool| {
                let states = (0_u32..).zip(&last);
                let states = states.filter(|(at, _)| wanted(pattern.automaton.status(*at)));
                states.map(|(_, bit)| *bit).collect::<Vec<Bit>>()
            };
            let complete = self.circuit.or(at(|status| status == Status::Complete));
            let alive = self.circuit.or(at(|status| status != Status::Dead));
            for (a, b) in [(standing.complete, complete), (standing.alive, alive)] {
                self.circuit.require(&[!acted, !a, b]);
                self.circuit.require(&[!acted, a, !b]);
            }
        }
    }

    /// In which state an automaton is after all events.
    fn states_after(
        &mut self,
        course: &Course,
        pattern: &Pattern,
        named: &[Constant],
        occurs: &[Vec<Bit>],
    ) -> Vec<Bit> {
        let automaton = &pattern.automaton;
        let count = automaton.states();
        let mut states: Vec<Bit> = (0..count).map(|state| Bit::of(state == 0)).collect();
        for (at, event) in course.events.iter().enumerate() {
            let mut classes: Vec<(usize, Bit)> = Vec::new();
            for (activity, bits) in named.iter().zip(occurs) {
                let own = class(pattern, activity);
                if own < pattern.activities.len() {
                    classes.extend(bits.get(at).map(|bit| (own, *bit)));
                }
            }
            let any = self.circuit.or(classes.iter().map(|(_, bit)| *bit));
            let other = self.circuit.and([event.counts, !any]);
            classes.push((pattern.activities.len(), other));
            let mut next: Vec<Vec<Bit>> = vec![Vec::new(); count];
            for (from, state) in (0_u32..).zip(&states) {
                let stays = self.circuit.and([*state, !event.counts]);
                if let Some(slot) = next.get_mut(from as usize) {
                    slot.push(stays);
                }
                for (class, bit) in &classes {
                    let moves = self.circuit.and([*state, *bit]);
                    if let Some(slot) = next.get_mut(automaton.step(from, *class) as usize) {
                        slot.push(moves);
                    }
                }
            }
            states = next.into_iter().map(|bits| self.circuit.or(bits)).collect();
        }
        states
    }
}

/// All ends that courses can come to; `None` where there are too many.
fn ends(patterns: &[&Pattern], named: &[Constant]) -> Option<BTreeSet<End>> {
    let mut ends: BTreeSet<End> = BTreeSet::new();
    walk(
        patterns,
        named,
        0_u32,
        |occurred, at| occurred | at.filter(|at| *at < NAMED).map_or(0, |at| 1 << at),
        |statuses, occurred| {
            ends.insert((statuses, occurred));
            ends.len() <= ENDS
        },
    )?;
    Some(ends)
}

/// How often an activity occurs, by how patterns stand; `None` where there is too much to count.
fn occurrences(patterns: &[&Pattern], named: &[Constant], activity: usize) -> Option<Counts> {
    let mut counts = Counts::new();
    walk(
        patterns,
        named,
        0_i64,
        |count, at| {
            if at == Some(activity) { (count + 1).min(COUNTED) } else { count }
        },
        |statuses, count| {
            let slot = counts.entry(statuses).or_insert((count, count));
            *slot = (slot.0.min(count), slot.1.max(count));
            counts.len() <= ENDS
        },
    )?;
    Some(counts)
}

/// Runs patterns side by side over all courses of activities that are named and of others, with
/// what is noted of each; `None` where there are too many states.
fn walk<N: Copy + Ord>(
    patterns: &[&Pattern],
    named: &[Constant],
    first: N,
    note: impl Fn(N, Option<usize>) -> N,
    mut end: impl FnMut(Vec<Status>, N) -> bool,
) -> Option<()> {
    let of = |activity: &Constant| patterns.iter().map(|own| class(own, activity)).collect();
    let mut classes: Vec<(Option<usize>, Vec<usize>)> =
        named.iter().enumerate().map(|(at, activity)| (Some(at), of(activity))).collect();
    classes.push((None, patterns.iter().map(|pattern| pattern.activities.len()).collect()));
    let start = (vec![0_u32; patterns.len()], first);
    let mut seen = BTreeSet::from([start.clone()]);
    let mut open = VecDeque::from([start]);
    while let Some((states, noted)) = open.pop_front() {
        let status = |(pattern, state): (&&Pattern, &u32)| pattern.automaton.status(*state);
        if !end(patterns.iter().zip(&states).map(status).collect(), noted) {
            return None;
        }
        for (at, classes) in &classes {
            let next: Vec<u32> = patterns
                .iter()
                .zip(states.iter().zip(classes))
                .map(|(pattern, (state, class))| pattern.automaton.step(*state, *class))
                .collect();
            let next = (next, note(noted, *at));
            if seen.insert(next.clone()) {
                open.push_back(next);
            }
            if seen.len() > VISITED {
                return None;
            }
        }
    }
    Some(())
}

/// The class of an activity in a pattern.
fn class(pattern: &Pattern, activity: &Constant) -> usize {
    let at = pattern.activities.iter().position(|own| own == activity);
    at.unwrap_or(pattern.activities.len())
}
