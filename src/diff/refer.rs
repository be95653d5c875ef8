//! What the references of mixed rows lead to: the row each led to before, one that led nowhere by
//! the key that is written.

use super::mixed::{Layout, Slot};
use crate::data::{Claim, FrameData, Stray};
use crate::engine::{RowRef, Run};
use crate::invariant::fit;
use crate::schema::{FieldId, FrameId};
use crate::value::key::canonical;
use crate::value::{Bits, Column, Values};
use crate::why::Fact;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// The tables that references of a mixture lead to.
pub struct References<'m> {
    sides: [&'m Run; 2],
    layout: &'m Layout,
    targets: BTreeMap<FrameId, Target>,
    claims: BTreeMap<FrameId, BTreeMap<FieldId, Vec<Claim>>>,
}

/// A table that references lead to.
#[derive(Default)]
struct Target {
    /// Its rows by key.
    keyed: HashMap<String, Vec<u32>>,
    /// Those whose key could not be read.
    keyless: Vec<u32>,
    /// What is named that is none of its rows, or not one alone, by key.
    numbers: HashMap<String, usize>,
    strays: Vec<Stray>,
}

/// What a reference of a mixture names.
enum Named {
    Row(u32),
    /// What is no row, or not one alone: its key, and which rows it may be.
    Stray(String, Stray),
    Nothing,
    Unknown,
}

impl<'m> References<'m> {
    pub fn new(sides: [&'m Run; 2], layout: &'m Layout) -> Self {
        Self { sides, layout, targets: BTreeMap::new(), claims: BTreeMap::new() }
    }

    /// A column of references from a frame to a table.
    pub fn column(&mut self, (frame, field): (FrameId, FieldId), table: FrameId) -> Column {
        let slots = self.layout.slots(frame);
        let names: Vec<Named> =
            slots.iter().map(|slot| self.named((frame, field), table, slot)).collect();
        let target = self.target(table);
        let mut claims: BTreeMap<Option<usize>, Claim> = BTreeMap::new();
        let mut claim = |stray: Option<usize>, row: usize, targets: Option<Vec<u32>>| {
            let claim = claims.entry(stray).or_insert(Claim { rows: Vec::new(), targets });
            if claim.rows.len() < Claim::NAMED {
                claim.rows.push(fit(row));
            }
        };
        let mut values = Vec::with_capacity(slots.len());
        for (row, named) in names.iter().enumerate() {
            values.push(match named {
                Named::Row(found) => i64::from(*found),
                Named::Nothing => 0,
                Named::Unknown => {
                    claim(None, row, None);
                    0
                }
                Named::Stray(key, stray) => {
                    let number = *target.numbers.entry(key.clone()).or_insert_with(|| {
                        target.strays.push(stray.clone());
                        target.strays.len() - 1
                    });
                    let mut targets = stray.targets.clone();
                    targets
                        .extend(stray.is_missing.then_some(&target.keyless).into_iter().flatten());
                    targets.sort_unstable();
                    targets.dedup();
                    if !targets.is_empty() {
                        claim(Some(number), row, Some(targets));
                    }
                    Stray::number(number)
                }
            });
        }
        if !claims.is_empty() {
            let of = self.claims.entry(frame).or_default();
            of.insert(field, claims.into_values().collect());
        }
        Column {
            values: Values::Ints(Arc::new(values)),
            present: Bits::from_fn(names.len(), |at| matches!(names.get(at), Some(Named::Row(_)))),
            unread: Bits::from_fn(names.len(), |at| {
                matches!(names.get(at), Some(Named::Stray(..) | Named::Unknown))
            }),
        }
    }

    /// Writes into each frame what its references name that is no row.
    pub fn finish(self, frames: &mut [FrameData]) {
        for (frame, claims) in self.claims {
            if let Some(data) = frames.get_mut(frame.0 as usize) {
                data.claims = claims;
            }
        }
        for (table, target) in self.targets {
            if let Some(data) = frames.get_mut(table.0 as usize) {
                data.strays = target.strays;
            }
        }
    }

    /// What the reference of a row names.
    fn named(&mut self, (frame, field): (FrameId, FieldId), table: FrameId, slot: &Slot) -> Named {
        let (side, row) = slot.field(field);
        let Some(run) = self.sides.get(side).copied() else { return Named::Nothing };
        let Some(column) = run.rows.frame(frame).and_then(|data| data.column(field)) else {
            return Named::Nothing;
        };
        let is_present = column.present.get(row);
        if !is_present && !column.unread.get(row) {
            return Named::Nothing;
        }
        let Values::Ints(numbers) = &column.values else { return Named::Unknown };
        let number = numbers.get(row).copied().unwrap_or_default();
        if is_present {
            let Ok(found) = usize::try_from(number) else { return Named::Unknown };
            if let Some(at) = self.layout.place(table, (side, found)) {
                return Named::Row(at);
            }
            let key = run.key(RowRef { frame: table, row: found });
            let gone = Stray { targets: Vec::new(), is_missing: true };
            return key
                .map_or(Named::Unknown, |key| Named::Stray(canonical(&key).into_owned(), gone));
        }
        let stray = run.rows.frame(table).and_then(|data| data.stray(number));
        let Some((_, stray)) = stray else { return Named::Unknown };
        let Some(text) = run.unread_text(Fact { frame, row, field }) else { return Named::Unknown };
        let key = canonical(&text).into_owned();
        match self.target(table).keyed.get(&key).map(Vec::as_slice) {
            Some([one]) => Named::Row(*one),
            Some(several) => {
                let stray = Stray { targets: several.to_vec(), is_missing: false };
                Named::Stray(key, stray)
            }
            None => {
                let layout = self.layout;
                let targets = stray.targets.iter();
                let mut targets: Vec<u32> =
                    targets.filter_map(|at| layout.place(table, (side, *at as usize))).collect();
                targets.sort_unstable();
                Named::Stray(key, Stray { targets, is_missing: true })
            }
        }
    }

    fn target(&mut self, table: FrameId) -> &mut Target {
        let (sides, layout) = (self.sides, self.layout);
        self.targets.entry(table).or_insert_with(|| {
            let mut target = Target::default();
            for (at, slot) in (0..).zip(layout.slots(table)) {
                let (side, row) = slot.from;
                let key = sides.get(side).and_then(|run| run.key(RowRef { frame: table, row }));
                match key {
                    Some(key) => {
                        target.keyed.entry(canonical(&key).into_owned()).or_default().push(at);
                    }
                    None => target.keyless.push(at),
                }
            }
            target
        })
    }
}
