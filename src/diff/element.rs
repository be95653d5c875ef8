//! Which elements of the lists of two runs are the same: those that say the same; else those of the
//! same name, then those most alike, then those at the same place.

use crate::diagnostic::Bilingual;
use crate::engine::{ElementKey, Mark, RowRef, Run};
use crate::schema::{Field, Frame, FrameId, Type};
use std::cell::RefCell;
use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// Beyond this many pairs of elements that only one run has, only those at one place are held
/// against each other.
const PAIRS: usize = 250_000;

/// Where the elements of a run are read: the run, and the row in it.
type Seen<'r> = Box<dyn Fn(RowRef) -> (&'r Run, RowRef) + 'r>;

/// The row of the later run that a table's row is.
type Twin<'r> = Box<dyn Fn(RowRef) -> Option<RowRef> + 'r>;

/// What the elements of a run are, in terms of the later run.
pub struct Elements<'r> {
    run: &'r Run,
    later: &'r Run,
    seen: Seen<'r>,
    twin: Twin<'r>,
    known: RefCell<Known>,
}

/// The elements of lists, by the list and the row it is of.
type Known = HashMap<(FrameId, usize), Rc<Vec<Sibling>>>;

/// What tells an element apart in its list, and which of its equals it is.
type Told = (Mark, usize);

/// An element of a list: what tells it apart, and its number in the later list.
struct Sibling {
    told: Told,
    twin: Option<usize>,
}

impl<'r> Elements<'r> {
    /// Those of `run`, read where `seen` says, in the rows that `twin` finds in the later run.
    pub fn new(
        run: &'r Run,
        later: &'r Run,
        seen: impl Fn(RowRef) -> (&'r Run, RowRef) + 'r,
        twin: impl Fn(RowRef) -> Option<RowRef> + 'r,
    ) -> Self {
        let (seen, twin) = (Box::new(seen), Box::new(twin));
        Self { run, later, seen, twin, known: RefCell::default() }
    }

    /// What an element is inside its row: as the later run has it, where that has it.
    pub fn key(&self, row: RowRef) -> ElementKey {
        let listed = self.run.schema().frame(row.frame).is_some_and(|it| it.parent.is_some());
        if listed { self.path(row).0 } else { ElementKey::new() }
    }

    fn path(&self, row: RowRef) -> (ElementKey, Option<RowRef>) {
        let frame = self.run.schema().frame(row.frame);
        let parent = frame.and_then(|frame| Some((frame, frame.parent?.0)));
        let inside = parent.zip(self.run.evaluator.frame(row.frame));
        let Some(((frame, parent), data)) = inside else {
            return (ElementKey::new(), (self.twin)(row));
        };
        let owner = RowRef { frame: parent, row: data.parent_of(row.row) };
        let (mut path, twin) = self.path(owner);
        let siblings = self.siblings(row.frame, owner, twin);
        let at = row.row - data.elements(owner.row).start;
        let Some(Sibling { told: (mark, equal), twin: number }) = siblings.get(at) else {
            return (path, None);
        };
        path.push((frame.names.en().to_owned(), mark.clone(), *equal));
        let list = self.run.schema().same_frame(self.later.schema(), row.frame);
        let found = twin.zip(list).zip(*number).and_then(|((twin, list), number)| {
            let data = self.later.evaluator.frame(list)?;
            Some(RowRef { frame: list, row: data.elements(twin.row).start + number })
        });
        (path, found)
    }

    /// The elements of a list of a row.
    fn siblings(&self, list: FrameId, owner: RowRef, twin: Option<RowRef>) -> Rc<Vec<Sibling>> {
        if let Some(known) = self.known.borrow().get(&(list, owner.row)) {
            return known.clone();
        }
        let own = self.own(list, owner);
        let found = self.run.schema().same_frame(self.later.schema(), list);
        let found = match twin.zip(found) {
            Some((twin, list)) => {
                let rows = self.later.evaluator.frame(list).map(|data| data.elements(twin.row));
                let rows = rows.unwrap_or_default().map(|row| RowRef { frame: list, row });
                matched(own, rows.map(|row| (self.later, row)).collect())
            }
            None => told(&own).into_iter().map(|told| Sibling { told, twin: None }).collect(),
        };
        let found = Rc::new(found);
        self.known.borrow_mut().insert((list, owner.row), found.clone());
        found
    }

    fn own(&self, list: FrameId, owner: RowRef) -> Vec<(&'r Run, RowRef)> {
        let data = self.run.evaluator.frame(list);
        let rows = data.map(|data| data.elements(owner.row)).unwrap_or_default();
        rows.map(|row| (self.seen)(RowRef { frame: list, row })).collect()
    }
}

/// What tells the elements of a list apart.
fn told(elements: &[(&Run, RowRef)]) -> Vec<Told> {
    let mut counts: HashMap<Mark, usize> = HashMap::new();
    let mark = |(run, row): &(&Run, RowRef)| {
        let mark = run.mark_or_content(*row);
        let count = counts.entry(mark.clone()).or_default();
        *count += 1;
        (mark, *count - 1)
    };
    elements.iter().map(mark).collect()
}

/// The earlier elements of a list with the later ones that they are.
fn matched(old: Vec<(&Run, RowRef)>, new: Vec<(&Run, RowRef)>) -> Vec<Sibling> {
    let (before, after) = (told(&old), told(&new));
    let mut places: HashMap<&Told, usize> = after.iter().zip(0..).collect();
    let twins = before.iter().map(|told| places.remove(told));
    let mut twins: Vec<Option<usize>> = twins.collect();
    let mut open: Vec<usize> = places.into_values().collect();
    open.sort_unstable();
    let lone: Vec<usize> = (0..old.len()).filter(|at| twins.get(*at) == Some(&None)).collect();
    for (was, is) in edited((&old, &lone), (&new, &open)) {
        if let Some(twin) = twins.get_mut(was) {
            *twin = Some(is);
        }
    }
    let sibling = |(told, twin): (Told, Option<usize>)| {
        let told = twin.and_then(|twin| after.get(twin).cloned()).unwrap_or(told);
        Sibling { told, twin }
    };
    before.into_iter().zip(twins).map(sibling).collect()
}

/// Elements of a list by number, with the numbers of those that only one run has.
type Lone<'l, 'r> = (&'l [(&'r Run, RowRef)], &'l [usize]);

/// Pairs of elements that only one run has each, of which the later is the earlier, edited.
fn edited((old, lone): Lone<'_, '_>, (new, open): Lone<'_, '_>) -> Vec<(usize, usize)> {
    let frame = open.first().and_then(|at| new.get(*at));
    let frame = frame.and_then(|(run, row)| run.schema().frame(row.frame));
    let Some(frame) = frame.filter(|_| !lone.is_empty()) else { return Vec::new() };
    let naming = naming(frame);
    let values = |elements: &[(&Run, RowRef)], which: &[usize]| -> Vec<(usize, Values)> {
        let found = which.iter().filter_map(|at| Some((*at, values(frame, elements.get(*at)?))));
        found.collect()
    };
    let (before, after) = (values(old, lone), values(new, open));
    let all = before.len().saturating_mul(after.len()) <= PAIRS;
    let mut scored = Vec::new();
    for (was, one) in &before {
        for (is, other) in after.iter().filter(|(is, _)| all || is == was) {
            let alike = alike(frame, one, other);
            if alike > 0 {
                let named = is_named_alike(&naming, one, other);
                scored.push((Reverse((named, alike)), was.abs_diff(*is), *was, *is));
            }
        }
    }
    scored.sort_unstable();
    let (mut gone, mut taken) = (HashSet::new(), HashSet::new());
    let mut pairs = Vec::new();
    for (_, _, was, is) in scored {
        if !gone.contains(&was) && taken.insert(is) {
            gone.insert(was);
            pairs.push((was, is));
        }
    }
    pairs
}

/// What an element says, field by field of the later frame.
type Values = Vec<Option<Bilingual>>;

fn values(frame: &Frame, (run, row): &(&Run, RowRef)) -> Values {
    let own = run.schema().frame(row.frame);
    let value = |field: &Field| {
        let id = own?.called(field.names.en())?;
        let plain = !matches!(field.ty, Type::List(_));
        plain.then(|| run.show().whole(row.frame, row.row, id)).flatten()
    };
    frame.fields.iter().map(value).collect()
}

/// The fields by which people tell elements apart, by number: texts before references, those before
/// days and values of enums; what may be left out last.
fn naming(frame: &Frame) -> Vec<usize> {
    let rank = |field: &Field| {
        let kind = match field.ty {
            Type::Text => 0,
            Type::Ref(_) => 1,
            Type::Date | Type::Instant | Type::Enum(_) => 2,
            _ => return None,
        };
        Some((field.optional, kind))
    };
    let fields = frame.fields.iter().enumerate();
    let mut naming: Vec<_> = fields.filter_map(|(at, field)| Some((rank(field)?, at))).collect();
    naming.sort_unstable();
    naming.into_iter().map(|(_, at)| at).collect()
}

/// Whether the first of these fields that both give says the same.
fn is_named_alike(naming: &[usize], one: &Values, other: &Values) -> bool {
    let value = |values: &Values, at: usize| values.get(at).cloned().flatten();
    let mut both = naming.iter().filter_map(|at| value(one, *at).zip(value(other, *at)));
    both.next().is_some_and(|(one, other)| one == other)
}

/// How many plain fields of two elements say the same; 0 where that is less than half of those that
/// either gives, or their keys differ.
fn alike(frame: &Frame, one: &Values, other: &Values) -> usize {
    let (mut same, mut given) = (0, 0);
    for (field, (one, other)) in frame.fields.iter().zip(one.iter().zip(other)) {
        if field.key && one != other {
            return 0;
        }
        given += usize::from(one.is_some() || other.is_some());
        same += usize::from(one.is_some() && one == other);
    }
    if same * 2 >= given { same } else { 0 }
}
