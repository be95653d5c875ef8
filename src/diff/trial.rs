//! Trying: the later run judged again with some changes undone. What goes away with a change was
//! made by it.

use super::declaration::{Declarations, Key, Kind};
use super::element::Elements;
use super::identity::row_keys;
use super::mixed::{Mixture, Part};
use super::reading;
use super::seat::{Kept, Seat, kept, seats};
use super::side::{Sides, same_shape};
use super::splice::{self, whole};
use crate::analysis::{Setting, Settings};
use crate::diagnostic::{Diagnostic, Severity};
use crate::engine::{Keep, Policy, RowKey, RowRef, Rows, Run, Terms};
use crate::finding::Outcome;
use crate::schema::FrameId;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// A change that can be undone.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Change {
    /// A declaration, as a whole.
    Declaration(Key),
    /// The day judged for.
    Day,
    /// Something of the data.
    Data(Part),
}

/// Outcomes of findings by what they are about.
type States = HashMap<Seat, Vec<Kept>>;

/// What may be spent on all trials of one comparison: each costs as many units as there are rows on
/// both sides, and [`ONE`] besides. So many trials are made where there are few rows, and three
/// where there are a million on either side.
const BUDGET: usize = 6_000_000;

/// What a trial costs without any rows.
const ONE: usize = 60_000;

/// What is asked of trials: which of these changes matter to what a rule says of a row.
struct Asked<'a, 'r> {
    seat: &'a Seat,
    now: &'a [Kept],
    changes: &'a [BTreeSet<Change>],
    trials: &'a mut Trials<'r>,
}

impl Asked<'_, '_> {
    /// Whether these changes matter, taken together.
    fn matter(&mut self, which: &[usize]) -> Option<bool> {
        let undone = which.iter().filter_map(|at| self.changes.get(*at)).flatten().cloned();
        self.trials.differs(self.seat, self.now, &undone.collect())
    }

    /// The changes that matter by themselves.
    fn alone(&mut self, which: std::ops::Range<usize>) -> Option<Vec<usize>> {
        let mut alone = Vec::new();
        for at in which {
            if self.matter(&[at])? {
                alone.push(at);
            }
        }
        Some(alone)
    }

    /// A smallest set of changes that matter only together; what is farthest is left out first.
    /// `None` where not even all of them do.
    fn smallest(&mut self) -> Option<Vec<usize>> {
        let mut needed: Vec<usize> = (0..self.changes.len()).collect();
        if !self.matter(&needed)? {
            return None;
        }
        for at in (0..self.changes.len()).rev() {
            let without: Vec<usize> = needed.iter().copied().filter(|other| *other != at).collect();
            if !without.is_empty() && self.matter(&without)? {
                needed = without;
            }
        }
        Some(needed)
    }
}

/// The rows of both sides under one schema.
struct World {
    /// The keys of the manifest that are as they were.
    undone: BTreeSet<Key>,
    old: Run,
    new: Run,
}

/// Tries changes, each set of them once.
pub struct Trials<'r> {
    sides: &'r Sides<'r>,
    declared: [&'r Declarations; 2],
    worlds: Vec<World>,
    tried: BTreeMap<BTreeSet<Change>, Option<States>>,
    left: usize,
    cost: usize,
}

impl<'r> Trials<'r> {
    pub fn new(sides: &'r Sides<'r>, declared: [&'r Declarations; 2]) -> Self {
        let rows = |run: &Run| run.rows.frames.iter().map(|data| data.len).sum::<usize>();
        let cost = ONE + rows(sides.old) + rows(sides.new);
        // Other policies may read what these do not: it has to be there.
        let whole = [sides.old, sides.new].iter().all(|run| run.rows.keep() == Keep::Everything);
        let left = if whole { BUDGET } else { 0 };
        Self { sides, declared, worlds: Vec::new(), tried: BTreeMap::new(), left, cost }
    }

    /// Which of the changes make a rule say of a row what it says now: each without which it says
    /// something else; where none alone does, a smallest set of them. `None` where that could not
    /// be tried. Where one of the first `near` does, the others are tried together first: mostly
    /// they make no difference.
    pub fn explain(
        &mut self,
        (seat, now): (&Seat, &[Kept]),
        changes: &[BTreeSet<Change>],
        near: usize,
    ) -> Option<Vec<usize>> {
        let mut asked = Asked { seat, now: &comparable(now.to_vec()), changes, trials: self };
        let mut alone = asked.alone(0..near)?;
        let far: Vec<usize> = (near..changes.len()).collect();
        if alone.is_empty() || !far.is_empty() && asked.matter(&far)? {
            alone.extend(asked.alone(near..changes.len())?);
        }
        if alone.is_empty() { asked.smallest() } else { Some(alone) }
    }

    /// Whether the rule says something else of the row with these changes undone; not where the
    /// policies then have more errors than before. `None` where nothing is left to try it with.
    fn differs(&mut self, seat: &Seat, now: &[Kept], undone: &BTreeSet<Change>) -> Option<bool> {
        if !self.tried.contains_key(undone) {
            self.left = self.left.checked_sub(self.cost)?;
            let states = self.judged(undone);
            self.tried.insert(undone.clone(), states);
        }
        let states = self.tried.get(undone)?.as_ref();
        let none = Vec::new();
        Some(states.is_some_and(|states| *states.get(seat).unwrap_or(&none) != now))
    }

    fn judged(&mut self, undone: &BTreeSet<Change>) -> Option<States> {
        let declarations: BTreeSet<Key> = undone
            .iter()
            .filter_map(|change| match change {
                Change::Declaration(key) => Some(whole(key)),
                _ => None,
            })
            .collect();
        let parts: BTreeSet<Part> = undone
            .iter()
            .filter_map(|change| match change {
                Change::Data(part) => Some(part.clone()),
                _ => None,
            })
            .collect();
        let day = undone.contains(&Change::Day);
        let policy = self.policy(&declarations, day)?;
        let of_manifest = |key: &&Key| key.kind == Kind::Manifest;
        let readings = declarations.iter().filter(of_manifest).cloned().collect();
        let rows = self.rows(&policy, &parts, readings)?;
        let new = self.sides.new;
        let terms = Terms {
            project: new.summary.project.clone(),
            day: if day { self.sides.old.day } else { new.day },
            grants: new.grants.clone(),
            only: new.only.clone(),
            ..Terms::default()
        };
        Some(states(&Run::new(policy, Arc::new(rows), terms), self.sides))
    }

    /// The later policies with these declarations as they were.
    fn policy(&self, undone: &BTreeSet<Key>, day: bool) -> Option<Arc<Policy>> {
        let (old, new) = (self.sides.old, self.sides.new);
        if undone.is_empty() && !day {
            return Some(new.policy.clone());
        }
        let [before, after] = self.declared;
        let texts = splice::texts((old, before), (new, after), undone);
        let policy = Policy::compile(texts, &self.settings(undone, day));
        let errors = |diagnostics: &[Diagnostic]| {
            diagnostics.iter().filter(|found| found.severity == Severity::Error).count()
        };
        let most = errors(&old.policy.diagnostics).max(errors(&new.policy.diagnostics));
        (errors(&policy.diagnostics) <= most).then(|| Arc::new(policy))
    }

    fn settings(&self, undone: &BTreeSet<Key>, day: bool) -> Settings {
        let [old, new] = [self.sides.old, self.sides.new];
        let (before, after) = (&old.policy.settings, &new.policy.settings);
        let is_undone = |run: &Run, setting: &Setting| {
            let parameters = &run.program().parameters;
            parameters.iter().filter(|found| found.names.matches(&setting.name)).any(|found| {
                let named =
                    |key: &&Key| key.kind == Kind::Parameter && key.name == found.names.en();
                undone.iter().any(|key| named(&key))
            })
        };
        let kept = after.parameters.iter().filter(|setting| !is_undone(new, setting));
        let back = before.parameters.iter().filter(|setting| is_undone(old, setting));
        let offset = undone.iter().any(|key| key.kind == Kind::Offset);
        Settings {
            as_of: if day { before.as_of } else { after.as_of },
            offset: if offset { before.offset } else { after.offset },
            parameters: kept.chain(back).cloned().collect(),
            ..after.clone()
        }
    }

    /// The later rows with these parts as they were, as a policy reads them.
    fn rows(
        &mut self,
        policy: &Arc<Policy>,
        parts: &BTreeSet<Part>,
        undone: BTreeSet<Key>,
    ) -> Option<Rows> {
        let (old, new) = (self.sides.read(), self.sides.new);
        if undone.is_empty() && same_shape(policy.schema(), new.schema()) {
            return Some(mixed([old, new], policy, parts));
        }
        let fits = |world: &World| {
            same_shape(policy.schema(), world.new.schema()) && world.undone == undone
        };
        if let Some(world) = self.worlds.iter().find(|world| fits(world)) {
            return Some(mixed([&world.old, &world.new], policy, parts));
        }
        let later = if undone.is_empty() {
            new.rows.reloaded(policy)
        } else {
            reading::undone(self.sides.old, new, policy, &undone)?
        };
        let earlier = self.sides.old.rows.reread(policy, &self.sides.inputs);
        let [old, new] =
            [earlier, later].map(|rows| Run::on_demand(policy.clone(), Arc::new(rows)));
        let rows = mixed([&old, &new], policy, parts);
        self.worlds.push(World { undone, old, new });
        Some(rows)
    }
}

fn mixed(sides: [&Run; 2], policy: &Policy, parts: &BTreeSet<Part>) -> Rows {
    let [_, new] = sides;
    if parts.is_empty() {
        return new.rows.under(policy);
    }
    new.rows.replaced(Mixture { sides }.rows(parts), policy)
}

/// What a run says of each seat.
fn states(run: &Run, sides: &Sides<'_>) -> States {
    let tables = run.schema().tables();
    let keys: HashMap<FrameId, Vec<RowKey>> =
        tables.map(|(id, _)| (id, row_keys(run, id))).collect();
    let key = |row: RowRef| {
        let root = run.root(row);
        keys.get(&root.frame)?.get(root.row).cloned()
    };
    let twin = |row: RowRef| sides.row(sides.new, keys.get(&row.frame)?.get(row.row)?);
    let elements = Elements::new(run, sides.new, |row| (run, row), twin);
    let seats = seats(run, &sides.sentences, key, |row| elements.key(row));
    let kinds = |indices: Vec<usize>| {
        comparable(indices.into_iter().filter_map(|index| kept(run, index)).collect())
    };
    seats.into_iter().map(|(seat, indices)| (seat, kinds(indices))).collect()
}

/// Outcomes in order; what is waived is violated: waivers are looked at by themselves.
fn comparable(mut kinds: Vec<Kept>) -> Vec<Kept> {
    for (outcome, weight) in &mut kinds {
        if *outcome == Outcome::Waived {
            (*outcome, *weight) = (Outcome::Violated, crate::finding::Weight::Error);
        }
    }
    kinds.sort_by_key(|(outcome, weight)| (outcome.code(), *weight));
    kinds
}
