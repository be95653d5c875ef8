//! Elements listed in files of their own, put under their parents.

use super::index::{KeyIndex, Owners};
use super::{Breach, Breaches, Mentions, Suggestions};
use crate::data::bind::cell::named;
use crate::data::bind::column::Rows;
use crate::data::bind::marks::Marks;
use crate::data::bind::plan::Plan;
use crate::data::bind::references::Runs;
use crate::data::fault::At;
use crate::data::load::Joined;
use crate::data::locate::INSIDE;
use crate::data::starts::Numbers;
use crate::data::trace::PARENT;
use crate::invariant::fit;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// No parent: the row is left out.
const NOBODY: u32 = u32::MAX;

/// Puts all elements under their parents; for each frame with files of its own, which row of those
/// files each element is.
pub fn gather(plan: &Plan, joined: &mut Joined, breaches: &mut Breaches) -> Vec<Option<Numbers>> {
    let mut own: Vec<Option<Numbers>> = plan.frames.iter().map(|_| None).collect();
    let mut apart = std::mem::take(&mut joined.apart);
    let parent = |frame: usize| plan.frame(frame).and_then(|shape| shape.parent);
    // A frame stands after the one it lies in: what is taken first has its parents in place.
    while let Some((&first, _)) = apart.first_key_value() {
        let Some((owner, _)) = parent(first) else {
            apart.remove(&first);
            continue;
        };
        let siblings =
            |frame: &usize, _: &mut Vec<Rows>| parent(*frame).is_some_and(|(of, _)| of == owner);
        let siblings: Vec<(usize, Vec<Rows>)> = apart.extract_if(.., siblings).collect();
        let frames: Vec<usize> = siblings.iter().map(|(frame, _)| *frame).collect();
        let found = find_owners(plan, joined, owner, &frames);
        for frame in frames {
            joined
                .listed
                .get_mut(frame)
                .into_iter()
                .for_each(|listed| listed.parents = Runs::default());
        }
        for ((frame, rows), found) in siblings.into_iter().zip(found) {
            let order = found.and_then(|found| {
                place_under_parents(plan, joined, (frame, rows), found, breaches)
            });
            if let (Some(slot), Some(order)) = (own.get_mut(frame), order) {
                *slot = Some(order);
            }
        }
    }
    own
}

fn place_under_parents(
    plan: &Plan,
    joined: &mut Joined,
    (frame, apart): (usize, Vec<Rows>),
    found: Found,
    breaches: &mut Breaches,
) -> Option<Numbers> {
    let (parent, list) = plan.frame(frame)?.parent?;
    let inside = joined.rows.get(frame)?.len;
    let parents = joined.rows.get(parent)?.len;
    let Found { owners: mut found, open, orphans, ambiguous } = found;
    breaches.mentions(orphans, "dangling_parent", Breach::Orphan);
    breaches.mentions(ambiguous, "ambiguous_parent", Breach::Ambiguous);
    let mut named = Marks::default();
    // The elements of one row most often follow each other.
    let rows = found.chunk_by(|a, b| a == b).filter_map(|rows| rows.first());
    rows.filter(|owner| **owner != NOBODY).for_each(|owner| named.mark(*owner as usize));
    let owners = if inside == 0 {
        found
    } else {
        let mut owners = owners_inside(joined.rows.get(frame)?);
        owners.append(&mut found);
        owners
    };
    let family = plan.frame(frame)?.family.clone();
    for (member, (mine, more)) in joined.rows.iter_mut().zip(apart).enumerate() {
        if member == frame {
            let ends = std::mem::take(&mut mine.ends);
            mine.append(more, 0);
            mine.ends = ends;
        } else if family.contains(&member) {
            mine.append(more, 0);
        }
    }
    // The last is who belongs to nobody.
    let is_in_order = owners.is_sorted() && owners.last().is_none_or(|last| *last != NOBODY);
    let ends = ends_of(&owners, parents);
    let order = if is_in_order { Vec::new() } else { sorted_by_owner(&owners, &ends) };
    drop(owners);
    if !is_in_order {
        permute(plan, &mut joined.rows, frame, &order);
    }
    joined.rows.get_mut(frame)?.ends = ends;
    let lacking = give_lists(plan, joined, At { frame: parent, field: list }, &named, &open)?;
    if !joined.has_lost(frame) {
        breaches.extend(At { frame: parent, field: list }, "missing_field", lacking);
    }
    let number = |&row: &u32| {
        (row as usize).checked_sub(inside).and_then(|own| u32::try_from(own).ok()).unwrap_or(INSIDE)
    };
    if is_in_order && inside == 0 {
        return Some(Numbers::Same);
    }
    let all: u32 = fit(joined.rows.get(frame)?.len);
    let order = if is_in_order { (0..all).collect() } else { order };
    Some(Numbers::These(order.iter().map(number).collect()))
}

/// Says of each row whether its list is given: by itself, or by the files of elements, which name
/// it. One that an element may belong to is unknown; one that its row could have given and that no
/// element names is missing.
fn give_lists(
    plan: &Plan,
    joined: &mut Joined,
    at: At,
    named: &Marks,
    open: &BTreeSet<u32>,
) -> Option<Vec<Breach>> {
    let is_required = plan.field(at.frame, at.field).is_some_and(|field| !field.optional);
    // Of the one row of a table, a file of elements says all.
    let is_single = plan.frame(at.frame).is_some_and(|frame| frame.single);
    let rows = joined.rows.get_mut(at.frame)?;
    let column = rows.columns.get_mut(at.field)?;
    let mut absent = Marks::default();
    let mut lacking = Vec::new();
    for (row, number) in (0..rows.len).zip(0_u32..) {
        let is_open = open.contains(&number);
        let is_named = is_single || named.get(row);
        if column.absent.get(row) && !column.unread.get(row) && !is_open && !is_named {
            absent.mark(row);
            if is_required {
                column.unread.mark(row);
                lacking.push(Breach::Lacking { at, row });
            }
        }
        if is_open || column.unread.get(row) {
            absent.mark(row);
            column.unread.mark(row);
        }
    }
    column.absent = absent;
    Some(lacking)
}

/// The parent of each element that stands in its parent's text.
fn owners_inside(rows: &Rows) -> Vec<u32> {
    let mut owners = Vec::with_capacity(rows.len);
    for (parent, &end) in (0_u32..).zip(&rows.ends) {
        owners.resize(end as usize, parent);
    }
    owners
}

/// What each key that elements name stands for.
#[derive(Default)]
struct Answers {
    /// The one row; [`NOBODY`] where it is not one.
    rows: Vec<u32>,
    /// What else it is, by the number of the key.
    others: BTreeMap<usize, Owners>,
}

impl FromIterator<Owners> for Answers {
    fn from_iter<I: IntoIterator<Item = Owners>>(all: I) -> Self {
        let all = all.into_iter();
        let mut answers = Self { rows: Vec::with_capacity(all.size_hint().0), ..Self::default() };
        for owners in all {
            if let Owners::One(row) = owners {
                answers.rows.push(row);
            } else {
                answers.others.insert(answers.rows.len(), owners);
                answers.rows.push(NOBODY);
            }
        }
        answers
    }
}

/// The parents of elements listed apart.
#[derive(Default)]
struct Found {
    /// One an element.
    owners: Vec<u32>,
    /// Rows that elements without a parent may belong to.
    open: BTreeSet<u32>,
    /// Keys that no row has.
    orphans: Mentions,
    /// Keys that rows of different lists have.
    ambiguous: Mentions,
}

/// Finds the parent of each element listed apart, for each of the frames that lie in one.
fn find_owners(
    plan: &Plan,
    joined: &Joined,
    parent: usize,
    frames: &[usize],
) -> Vec<Option<Found>> {
    let Some(rows) = joined.rows.get(parent) else { return Vec::new() };
    let index = KeyIndex::new(plan, parent, rows, joined.listed.get(parent), None);
    let find = |frame: &usize| find_owners_of(plan, joined, (parent, *frame), index.as_ref());
    frames.par_iter().map(find).collect()
}

fn find_owners_of(
    plan: &Plan,
    joined: &Joined,
    (parent, frame): (usize, usize),
    index: Option<&KeyIndex<'_>>,
) -> Option<Found> {
    let shape = plan.frame(parent)?;
    let rows = joined.rows.get(parent)?;
    if index.is_none() && !shape.single {
        return None;
    }
    let listed = joined.listed.get(frame)?;
    let mut suggestions = Suggestions::default();
    let mut of = |name: &str| match index {
        _ if name.is_empty() && shape.single => sole_row(rows),
        Some(index) => index.owners(name, &mut suggestions),
        None => Owners::Illegible,
    };
    let keys = &listed.parents.keys;
    let mut before = None;
    let answer = |name: &str| {
        // Elements are most often listed in the order of their parents.
        let next = index.and_then(|index| index.row_with(before.map_or(0, |row| row + 1), name));
        let owners = next.map_or_else(|| of(name), Owners::One);
        if let Owners::One(row) = owners {
            before = Some(row);
        }
        owners
    };
    let answers: Answers = keys.iter().map(answer).collect();
    let mut found = Found::default();
    found.owners.reserve_exact(listed.parents.len());
    let mut apart = BTreeSet::new();
    for (&id, owners) in &answers.others {
        found.open(owners, keys.get(id), rows);
        // Of versions of one title each may have elements of its own.
        let is_version = |several: &[u32]| index.is_some_and(|all| all.are_versions(several));
        let unsaid = match owners {
            Owners::Several(several) => is_apart(rows, several) || is_version(several),
            Owners::Namesakes(_) => true,
            _ => false,
        };
        if unsaid {
            apart.insert(id);
        }
    }
    for key in &listed.lost {
        match of(key) {
            Owners::One(row) => found.open.extend([row]),
            owners => found.open(&owners, key, rows),
        }
    }
    let last = shape.key.and_then(|key| plan.last_key(parent, key));
    for (id, (run, row)) in listed.parents.rows().zip(&answers.rows).enumerate() {
        found.owners.resize(run.end, *row);
        let Some(owners) = answers.others.get(&id) else { continue };
        let key = keys.get(id);
        for row in run {
            let mention = |mentions: &mut Mentions, nearest| {
                let place = (At { frame, field: PARENT }, row);
                mentions.add((parent, named(last, key)), key, nearest, place);
            };
            match owners {
                Owners::Several(_) | Owners::Namesakes(_) if apart.contains(&id) => {
                    mention(&mut found.ambiguous, None);
                }
                Owners::Nobody(nearest) => mention(&mut found.orphans, nearest.key.as_ref()),
                Owners::Illegible if !key.is_empty() => mention(&mut found.orphans, None),
                _ => {}
            }
        }
    }
    // A row whose own key could not be read may be the one that is named.
    if !found.orphans.is_empty() {
        found.open.extend(index.iter().flat_map(|index| &index.keyless));
    }
    Some(found)
}

impl Found {
    /// Notes whose an element may be that is put under no row.
    fn open(&mut self, owners: &Owners, key: &str, rows: &Rows) {
        match owners {
            Owners::Several(may) | Owners::NotInForce(may) | Owners::Namesakes(may) => {
                self.open.extend(may.iter());
            }
            Owners::Nobody(nearest) => self.open.extend(&nearest.rows),
            Owners::Illegible if !key.is_empty() => self.open.extend(numbers(rows)),
            Owners::One(_) | Owners::Unread | Owners::Illegible => {}
        }
    }
}

/// The one row of a single table; any of them where there are several.
fn sole_row(rows: &Rows) -> Owners {
    if rows.len > 1 { Owners::Several(numbers(rows).collect()) } else { Owners::One(0) }
}

fn numbers(rows: &Rows) -> std::ops::Range<u32> {
    0..fit(rows.len)
}

/// Whether rows of one key stand in different lists: a key is unique within one of them alone. In
/// one list, or in a table, it is wrong that they have one key, and said.
fn is_apart(rows: &Rows, several: &[u32]) -> bool {
    let owner = |row: &u32| rows.ends.partition_point(|end| end <= row);
    let mut owners = several.iter().map(owner);
    let first = owners.next();
    owners.any(|owner| Some(owner) != first)
}

/// Where the rows of each owner end, once they are in the order of these.
fn ends_of(owners: &[u32], parents: usize) -> Vec<u32> {
    let mut ends = vec![0_u32; parents];
    for &owner in owners {
        if let Some(count) = ends.get_mut(owner as usize) {
            *count += 1;
        }
    }
    let mut total = 0;
    for end in &mut ends {
        total += *end;
        *end = total;
    }
    ends
}

/// Rows in the order of their owners, stably; `ends` is where each owner's rows will end.
fn sorted_by_owner(owners: &[u32], ends: &[u32]) -> Vec<u32> {
    let mut next: Vec<u32> = std::iter::once(0).chain(ends.iter().copied()).collect();
    let mut order = vec![0_u32; ends.last().map_or(0, |end| *end as usize)];
    for (row, &owner) in (0_u32..).zip(owners) {
        if let Some(slot) = next.get_mut(owner as usize) {
            if let Some(place) = order.get_mut(*slot as usize) {
                *place = row;
            }
            *slot += 1;
        }
    }
    order
}

/// Puts the rows of a frame in another order, and what is nested in them with them.
fn permute(plan: &Plan, all: &mut [Rows], frame: usize, order: &[u32]) {
    if let Some(rows) = all.get_mut(frame) {
        rows.columns.iter_mut().for_each(|column| column.permute(order));
        rows.len = order.len();
    }
    for &child in plan.frame(frame).map_or(&[][..], |shape| &shape.children) {
        let Some(rows) = all.get_mut(child) else { continue };
        let ends = std::mem::take(&mut rows.ends);
        let elements = |parent: u32| {
            let start = (parent as usize)
                .checked_sub(1)
                .and_then(|before| ends.get(before))
                .copied()
                .unwrap_or(0);
            start..ends.get(parent as usize).copied().unwrap_or(start)
        };
        let inner: Vec<u32> = order.iter().flat_map(|&parent| elements(parent)).collect();
        let mut total = 0;
        let mut moved = Vec::with_capacity(order.len());
        for &parent in order {
            total += u32::try_from(elements(parent).len()).unwrap_or(0);
            moved.push(total);
        }
        rows.ends = moved;
        permute(plan, all, child, &inner);
    }
}
