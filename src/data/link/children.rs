//! Elements listed in files of their own, put under their parents.

use super::index::{KeyIndex, Owners};
use super::{Breach, Breaches, Mentions, Suggestions};
use crate::data::bind::cell::named;
use crate::data::bind::column::Rows;
use crate::data::bind::marks::Marks;
use crate::data::bind::plan::Plan;
use crate::data::fault::At;
use crate::data::load::Joined;
use crate::data::locate::INSIDE;
use crate::data::parents::{NOBODY, Parents};
use crate::data::starts::Numbers;
use crate::data::trace::PARENT;
use crate::invariant::fit;
use crate::value::Texts;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

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
        let mut parents = Vec::new();
        for (frame, _) in &siblings {
            let listed = joined.listed.get_mut(*frame);
            let listed = listed.map(|listed| std::mem::take(&mut listed.parents));
            parents.push((*frame, listed.unwrap_or_default()));
        }
        let found = find_owners(plan, joined, owner, parents);
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
    let Found { elements, is_in_order, named, open, orphans, ambiguous } = found;
    breaches.mentions(orphans, "dangling_parent", Breach::Orphan);
    breaches.mentions(ambiguous, "ambiguous_parent", Breach::Ambiguous);
    let is_in_order = is_in_order && inside == 0;
    let (ends, order) = if is_in_order {
        (elements.ends_of(parents), Vec::new())
    } else {
        let mut owners = owners_inside(joined.rows.get(frame)?);
        elements
            .runs()
            .zip(&elements.rows)
            .for_each(|(run, row)| owners.resize(inside + run.end, *row));
        let ends = ends_of(&owners, parents);
        let order = sorted_by_owner(&owners, &ends);
        (ends, order)
    };
    drop(elements);
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
    Some(if is_in_order {
        Numbers::Same
    } else {
        Numbers::These(order.iter().map(number).collect())
    })
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
    open.iter().for_each(|row| column.unread.mark(*row as usize));
    let unsaid = match is_single {
        true => Marks::default(),
        false => column.absent.without(named).without(&column.unread),
    };
    column.absent = column.unread.clone();
    unsaid.rows().for_each(|row| column.absent.mark(row));
    if !is_required {
        return Some(Vec::new());
    }
    unsaid.rows().for_each(|row| column.unread.mark(row));
    Some(unsaid.rows().map(|row| Breach::Lacking { at, row }).collect())
}

/// The parent of each element that stands in its parent's text.
fn owners_inside(rows: &Rows) -> Vec<u32> {
    let mut owners = Vec::with_capacity(rows.len);
    for (parent, &end) in (0_u32..).zip(&rows.ends) {
        owners.resize(end as usize, parent);
    }
    owners
}

/// The parents of elements listed apart.
struct Found {
    /// Run by run, each with its row, or [`NOBODY`].
    elements: Parents,
    /// Whether all belong to some row, in the order of the rows.
    is_in_order: bool,
    /// The rows that have elements.
    named: Marks,
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
    frames: Vec<(usize, Parents)>,
) -> Vec<Option<Found>> {
    let Some(rows) = joined.rows.get(parent) else { return Vec::new() };
    let index = KeyIndex::new(plan, parent, rows, joined.listed.get(parent), None);
    let find =
        |(frame, elements)| find_owners_of(plan, joined, (parent, frame), elements, index.as_ref());
    frames.into_par_iter().map(find).collect()
}

fn find_owners_of(
    plan: &Plan,
    joined: &Joined,
    (parent, frame): (usize, usize),
    mut elements: Parents,
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
    let keys = std::mem::take(&mut elements.keys);
    let others = answers(&mut elements.rows, &keys, index, &mut of);
    let (mut open, mut orphans, mut ambiguous) = <(BTreeSet<u32>, Mentions, Mentions)>::default();
    let mut apart = BTreeSet::new();
    for (id, (key, owners)) in &others {
        note_open(&mut open, owners, key, rows);
        // Of versions of one title each may have elements of its own.
        let is_version = |several: &[u32]| index.is_some_and(|all| all.are_versions(several));
        let unsaid = match owners {
            Owners::Several(several) => is_apart(rows, several) || is_version(several),
            Owners::Namesakes(_) => true,
            _ => false,
        };
        if unsaid {
            apart.insert(*id);
        }
    }
    for key in &listed.lost {
        match of(key) {
            Owners::One(row) => open.extend([row]),
            owners => note_open(&mut open, &owners, key, rows),
        }
    }
    let last = shape.key.and_then(|key| plan.last_key(parent, key));
    let runs = if others.is_empty() { None } else { Some(elements.runs().enumerate()) };
    for (id, run) in runs.into_iter().flatten() {
        let Some((key, owners)) = others.get(&id) else { continue };
        for row in run {
            let mention = |mentions: &mut Mentions, nearest| {
                let place = (At { frame, field: PARENT }, row);
                mentions.add((parent, named(last, key)), key, nearest, place);
            };
            match owners {
                Owners::Several(_) | Owners::Namesakes(_) if apart.contains(&id) => {
                    mention(&mut ambiguous, None);
                }
                Owners::Nobody(nearest) => mention(&mut orphans, nearest.key.as_ref()),
                Owners::Illegible if !key.is_empty() => mention(&mut orphans, None),
                _ => {}
            }
        }
    }
    // A row whose own key could not be read may be the one that is named.
    if !orphans.is_empty() {
        open.extend(index.iter().flat_map(|index| &index.keyless));
    }
    let mut named = Marks::default();
    let owners = elements.rows.iter().filter(|row| **row != NOBODY);
    owners.for_each(|row| named.mark(*row as usize));
    let is_in_order = others.is_empty() && elements.rows.is_sorted();
    Some(Found { elements, is_in_order, named, open, orphans, ambiguous })
}

/// Fills in which row each run of elements belongs to; what else the others are, by the number of
/// the run, with their keys.
fn answers<'k>(
    rows: &mut [u32],
    keys: &'k Texts,
    index: Option<&'k KeyIndex<'_>>,
    of: &mut dyn FnMut(&str) -> Owners,
) -> BTreeMap<usize, (&'k str, Owners)> {
    let mut others = BTreeMap::new();
    let mut written = keys.iter();
    let mut next = 0;
    for (id, row) in rows.iter_mut().enumerate() {
        let known = index.filter(|_| *row != NOBODY);
        let name = match known {
            // Where keys ascend, no other row has this one.
            Some(index) if index.ascends => {
                next = *row + 1;
                continue;
            }
            Some(index) => index.values.written(*row as usize),
            None => written.next(),
        };
        let name = name.unwrap_or_default();
        // Elements are most often listed in the order of their parents.
        let near = index.and_then(|index| index.row_with(next, name));
        match near.map_or_else(|| of(name), Owners::One) {
            Owners::One(found) => (*row, next) = (found, found + 1),
            owners => {
                *row = NOBODY;
                others.insert(id, (name, owners));
            }
        }
    }
    others
}

/// Notes whose an element may be that is put under no row.
fn note_open(open: &mut BTreeSet<u32>, owners: &Owners, key: &str, rows: &Rows) {
    match owners {
        Owners::Several(may) | Owners::NotInForce(may) | Owners::Namesakes(may) => {
            open.extend(may.iter());
        }
        Owners::Nobody(nearest) => open.extend(&nearest.rows),
        Owners::Illegible if !key.is_empty() => open.extend(numbers(rows)),
        Owners::One(_) | Owners::Unread | Owners::Illegible => {}
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
