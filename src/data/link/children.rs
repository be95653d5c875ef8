//! Elements listed in files of their own, put under their parents.

use super::keys::KeyIndex;
use super::{Breach, Breaches, Suggestions};
use crate::data::bind::column::Rows;
use crate::data::bind::marks::Marks;
use crate::data::bind::plan::Plan;
use crate::data::fault::At;
use crate::data::load::Joined;
use crate::data::locate::INSIDE;
use crate::data::names::shorten;

/// No parent: the row is left out.
const NOBODY: u32 = u32::MAX;

/// Puts all elements under their parents; for each frame with files of its own, which row of those
/// files each element is.
pub fn gather(plan: &Plan, joined: &mut Joined, breaches: &mut Breaches) -> Vec<Option<Vec<u32>>> {
    let mut own: Vec<Option<Vec<u32>>> = plan.frames.iter().map(|_| None).collect();
    let apart = std::mem::take(&mut joined.apart);
    for (frame, rows) in apart {
        let order = place_under_parents(plan, joined, frame, rows, breaches);
        if let (Some(slot), Some(order)) = (own.get_mut(frame), order) {
            *slot = Some(order);
        }
    }
    own
}

fn place_under_parents(
    plan: &Plan,
    joined: &mut Joined,
    frame: usize,
    apart: Vec<Rows>,
    breaches: &mut Breaches,
) -> Option<Vec<u32>> {
    let (parent, list) = plan.frame(frame)?.parent?;
    let inside = joined.rows.get(frame)?.len;
    let parents = joined.rows.get(parent)?.len;
    let mut owners = owners_inside(joined.rows.get(frame)?);
    owners.extend(find_owners(plan, joined, frame, parent, breaches)?);
    let family = plan.frame(frame)?.family.clone();
    for (member, (mine, more)) in joined.rows.iter_mut().zip(apart).enumerate() {
        if member == frame {
            let ends = std::mem::take(&mut mine.ends);
            mine.append(more);
            mine.ends = ends;
        } else if family.contains(&member) {
            mine.append(more);
        }
    }
    let (order, ends) = sorted_by_owner(&owners, parents);
    permute(plan, &mut joined.rows, frame, &order);
    joined.rows.get_mut(frame)?.ends = ends;
    let column = joined.rows.get_mut(parent)?.columns.get_mut(list)?;
    column.absent = column.unread.clone();
    let number = |&row: &u32| {
        (row as usize).checked_sub(inside).and_then(|own| u32::try_from(own).ok()).unwrap_or(INSIDE)
    };
    Some(order.iter().map(number).collect())
}

/// The parent of each element that stands in its parent's text.
fn owners_inside(rows: &Rows) -> Vec<u32> {
    let mut owners = Vec::with_capacity(rows.len);
    for (parent, &end) in (0_u32..).zip(&rows.ends) {
        owners.resize(end as usize, parent);
    }
    owners
}

/// The parent of each element listed apart.
fn find_owners(
    plan: &Plan,
    joined: &Joined,
    frame: usize,
    parent: usize,
    breaches: &mut Breaches,
) -> Option<Vec<u32>> {
    let shape = plan.frame(parent)?;
    let rows = joined.rows.get(parent)?;
    let key = shape
        .key
        .and_then(|key| Some((key, shape.fields.get(key)?, KeyIndex::new(plan, parent, rows)?)));
    if key.is_none() && !shape.single {
        return None;
    }
    let shared = key
        .as_ref()
        .filter(|_| shape.parent.is_some())
        .map_or_else(Marks::default, |(key, ..)| shared_keys(parent, rows, *key));
    let listed = joined.listed.get(frame)?;
    let mut suggestions = Suggestions::default();
    let mut owner = |name: &str| match &key {
        _ if name.is_empty() && shape.single && rows.len > 0 => Ok(0),
        Some((_, field, index)) => {
            index.get(field, name).ok_or_else(|| index.nearest(name, &mut suggestions))
        }
        None => Err(None),
    };
    let answers: Vec<Result<u32, Option<String>>> =
        listed.parents.keys.iter().map(|key| owner(key)).collect();
    let mut owners = Vec::with_capacity(listed.parents.ids.len());
    let (mut orphans, mut ambiguous) = (Vec::new(), Vec::new());
    for (row, &id) in listed.parents.ids.iter().enumerate() {
        let id = usize::try_from(id).unwrap_or(usize::MAX);
        let key = listed.parents.keys.get(id).map_or("", |key| key);
        match answers.get(id) {
            Some(Ok(owner)) if shared.get(*owner as usize) => {
                ambiguous.push(Breach::Ambiguous { frame, row, key: shorten(key) });
                owners.push(NOBODY);
            }
            Some(Ok(owner)) => owners.push(*owner),
            Some(Err(nearest)) if !key.is_empty() => {
                orphans.push(Breach::Orphan {
                    frame,
                    row,
                    key: shorten(key),
                    nearest: nearest.clone(),
                });
                owners.push(NOBODY);
            }
            _ => owners.push(NOBODY),
        }
    }
    let at = At { frame, field: usize::MAX };
    breaches.extend(at, "dangling_parent", orphans);
    breaches.extend(at, "ambiguous_parent", ambiguous);
    Some(owners)
}

/// Elements whose key another element has as well: unique within one list, not among all.
fn shared_keys(frame: usize, rows: &Rows, key: usize) -> Marks {
    let mut shared = Marks::default();
    let Some(column) = rows.columns.get(key) else { return shared };
    let flat = Rows { len: rows.len, columns: Vec::new(), ends: Vec::new() };
    for breach in super::keys::duplicates(At { frame, field: key }, column, &flat) {
        if let Breach::Duplicate { first, .. } = breach {
            shared.mark(first);
        }
    }
    shared
}

/// Rows in the order of their owners, stably, and where each owner's rows end.
fn sorted_by_owner(owners: &[u32], parents: usize) -> (Vec<u32>, Vec<u32>) {
    let mut ends = vec![0_u32; parents];
    for &owner in owners {
        if let Some(count) = ends.get_mut(owner as usize) {
            *count += 1;
        }
    }
    let mut total = 0;
    let mut next: Vec<u32> = Vec::with_capacity(parents);
    for end in &mut ends {
        next.push(total);
        total += *end;
        *end = total;
    }
    let mut order = vec![0_u32; total as usize];
    for (row, &owner) in (0_u32..).zip(owners) {
        if let Some(slot) = next.get_mut(owner as usize) {
            if let Some(place) = order.get_mut(*slot as usize) {
                *place = row;
            }
            *slot += 1;
        }
    }
    (order, ends)
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
