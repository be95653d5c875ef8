//! The later rows with some of their values, or whole rows, as they were before.

use super::identity::row_keys;
use super::refer::References;
use crate::data::FrameData;
use crate::engine::{RowKey, Run};
use crate::invariant::fit;
use crate::schema::{FieldId, FrameId, Type};
use crate::value::{Bits, Column, Texts, Values};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// A part of the data that is as it was before.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// A field of one row of a table, or of all its rows.
    Field { table: String, field: String, row: Option<RowKey> },
    /// A row: changed, removed or added.
    Row(RowKey),
    /// All rows of a table but one.
    Rows { table: String, but: Option<RowKey> },
    /// Whether all rows of a table were read, or all elements of a list of its rows.
    Loss { table: String, list: Option<String> },
}

/// Rows of both sides under one schema.
pub struct Mixture<'r> {
    /// The earlier and the later rows.
    pub sides: [&'r Run; 2],
}

/// A row of one side: 0 is the earlier.
type Origin = (usize, usize);

/// A row of the mixture: where it comes from, and the fields that come from another row.
pub struct Slot {
    pub from: Origin,
    fields: Vec<(FieldId, usize)>,
}

impl Slot {
    /// Where a field's value comes from.
    pub fn field(&self, field: FieldId) -> Origin {
        let other = self.fields.iter().find(|(own, _)| *own == field);
        other.map_or(self.from, |(_, row)| (0, *row))
    }
}

/// The rows of each frame of the mixture, and where each row of either side is found among them.
#[derive(Default)]
pub struct Layout {
    slots: HashMap<FrameId, Vec<Slot>>,
    offsets: HashMap<FrameId, Vec<u32>>,
    places: HashMap<(FrameId, Origin), usize>,
}

impl Layout {
    /// The rows of a frame.
    pub fn slots(&self, frame: FrameId) -> &[Slot] {
        self.slots.get(&frame).map_or(&[], Vec::as_slice)
    }

    /// Where a row of either side is found.
    pub fn place(&self, frame: FrameId, row: Origin) -> Option<u32> {
        self.places.get(&(frame, row)).and_then(|at| u32::try_from(*at).ok())
    }
}

impl Mixture<'_> {
    /// The later rows with these parts as they were.
    pub fn rows(&self, undone: &BTreeSet<Part>) -> Vec<FrameData> {
        let [old, new] = self.sides;
        let mut layout = Layout::default();
        for (id, frame) in (0..).map(FrameId).zip(&new.schema().frames) {
            match frame.parent {
                None => self.table(id, undone, &mut layout),
                Some((parent, list)) => self.list(id, (parent, list), &mut layout),
            }
        }
        let mut references = References::new(self.sides, &layout);
        let frames = (0..).map(FrameId).zip(&new.schema().frames).map(|(id, frame)| {
            let slots = layout.slots(id);
            let fields = (0..).map(FieldId).zip(&frame.fields);
            let columns = fields.map(|(field, declared)| match declared.ty {
                Type::Ref(table) => references.column((id, field), table),
                _ => self.column(id, field, slots),
            });
            let side = |part: Part| if undone.contains(&part) { old } else { new };
            let table = frame.names.en().to_owned();
            let side = side(Part::Loss { table, list: None });
            let mut data = FrameData {
                len: slots.len(),
                columns: columns.collect(),
                offsets: Arc::new(layout.offsets.get(&id).cloned().unwrap_or_default()),
                whole: side.rows.frame(id).is_none_or(|data| data.whole),
                strays: Vec::new(),
                claims: BTreeMap::new(),
                currencies: side
                    .rows
                    .frame(id)
                    .map_or_else(BTreeMap::new, |data| data.currencies.clone()),
            };
            self.undo_losses(id, undone, slots, &mut data);
            data
        });
        let mut frames: Vec<FrameData> = frames.collect();
        references.finish(&mut frames);
        frames
    }

    /// The rows of a table.
    fn table(&self, id: FrameId, undone: &BTreeSet<Part>, layout: &mut Layout) {
        let [old, new] = self.sides;
        let (old_keys, new_keys) = (row_keys(old, id), row_keys(new, id));
        let before: HashMap<&RowKey, usize> = old_keys.iter().zip(0..).collect();
        let table = new.schema().frame(id).map_or("", |frame| frame.names.en());
        let all = undone.iter().find_map(|part| match part {
            Part::Rows { table: named, but } if named == table => Some(but),
            _ => None,
        });
        let undo = |key: &RowKey| {
            undone.contains(&Part::Row(key.clone()))
                || all.is_some_and(|but| but.as_ref() != Some(key))
        };
        let mut slots = Vec::new();
        let mut pairs = Vec::new();
        for (row, key) in new_keys.iter().enumerate() {
            let was = before.get(key).copied();
            let slot = match (undo(key), was) {
                (true, None) => continue,
                (true, Some(was)) => Slot { from: (0, was), fields: Vec::new() },
                (false, was) => {
                    let fields = was.map(|was| self.undone_fields(id, key, was, undone));
                    Slot { from: (1, row), fields: fields.unwrap_or_default() }
                }
            };
            layout.places.insert((id, (1, row)), slots.len());
            pairs.extend(was.map(|was| (was, slots.len())));
            slots.push(slot);
        }
        let known: BTreeSet<&RowKey> = new_keys.iter().collect();
        for (row, key) in old_keys.iter().enumerate().filter(|(_, key)| !known.contains(key)) {
            if undo(key) {
                pairs.push((row, slots.len()));
                slots.push(Slot { from: (0, row), fields: Vec::new() });
            }
        }
        layout.places.extend(pairs.into_iter().map(|(was, at)| ((id, (0, was)), at)));
        layout.slots.insert(id, slots);
    }

    /// The fields of a row that are as they were.
    fn undone_fields(
        &self,
        id: FrameId,
        key: &RowKey,
        was: usize,
        undone: &BTreeSet<Part>,
    ) -> Vec<(FieldId, usize)> {
        let Some(frame) = self.sides[1].schema().frame(id) else { return Vec::new() };
        let is_undone = |field: &str| {
            undone.iter().any(|part| match part {
                Part::Field { table, field: own, row } => {
                    *table == key.table && own == field && row.as_ref().is_none_or(|row| row == key)
                }
                _ => false,
            })
        };
        let fields = (0..).map(FieldId).zip(&frame.fields);
        let fields = fields.filter(|(_, field)| is_undone(field.names.en()));
        fields.map(|(field, _)| (field, was)).collect()
    }

    /// The elements of a list, each with its row.
    fn list(&self, id: FrameId, (parent, list): (FrameId, FieldId), layout: &mut Layout) {
        let owners = layout.slots(parent);
        let (mut slots, mut offsets) = (Vec::new(), vec![0]);
        let mut places = Vec::new();
        for owner in owners {
            let (side, row) = owner.field(list);
            let data = self.sides.get(side).and_then(|run| run.rows.frame(id));
            for element in data.map_or(0..0, |data| data.elements(row)) {
                places.push(((id, (side, element)), slots.len()));
                slots.push(Slot { from: (side, element), fields: Vec::new() });
            }
            offsets.push(fit(slots.len()));
        }
        layout.places.extend(places);
        layout.slots.insert(id, slots);
        layout.offsets.insert(id, offsets);
    }

    fn source(&self, frame: FrameId, field: FieldId, side: usize) -> Option<&Column> {
        self.sides.get(side)?.rows.frame(frame)?.column(field)
    }

    /// The values of a field.
    fn column(&self, frame: FrameId, field: FieldId, slots: &[Slot]) -> Column {
        let sources = [self.source(frame, field, 0), self.source(frame, field, 1)];
        let at = |slot: &Slot| {
            let (side, row) = slot.field(field);
            Some((sources.get(side).copied().flatten()?, row))
        };
        let bit = |pick: fn(&Column) -> &Bits| {
            let bits: Vec<bool> = slots
                .iter()
                .map(|slot| at(slot).is_some_and(|(column, row)| pick(column).get(row)))
                .collect();
            Bits::from_slice(&bits, |bit| bit)
        };
        let (present, unread) = (bit(|column| &column.present), bit(|column| &column.unread));
        let kind = sources.iter().flatten().map(|column| &column.values);
        let kind = kind.min_by_key(|values| !matches!(values, Values::Dropped));
        let values = match kind {
            None | Some(Values::Dropped) => Values::Dropped,
            Some(Values::Bits(_)) => Values::Bits(Bits::from_fn(slots.len(), |slot| {
                let found = slots.get(slot).and_then(at);
                found.is_some_and(|(column, row)| match &column.values {
                    Values::Bits(bits) => bits.get(row),
                    _ => false,
                })
            })),
            Some(Values::Ints(_)) => {
                let int = |slot: &Slot| match at(slot) {
                    Some((Column { values: Values::Ints(values), .. }, row)) => {
                        values.get(row).copied().unwrap_or(0)
                    }
                    _ => 0,
                };
                Values::Ints(Arc::new(slots.iter().map(int).collect()))
            }
            Some(Values::Ratios(_)) => {
                let ratio = |slot: &Slot| match at(slot) {
                    Some((Column { values: Values::Ratios(values), .. }, row)) => {
                        values.get(row).copied().unwrap_or_default()
                    }
                    _ => crate::value::Ratio::default(),
                };
                Values::Ratios(Arc::new(slots.iter().map(ratio).collect()))
            }
            Some(Values::Texts(_)) => {
                let mut texts = Texts::default();
                for slot in slots {
                    match at(slot) {
                        Some((Column { values: Values::Texts(values), .. }, row)) => {
                            texts.push(values.get(row));
                        }
                        _ => texts.push(""),
                    }
                }
                Values::Texts(Arc::new(texts))
            }
        };
        Column { values, present, unread }
    }

    /// Lists of which elements were lost, as they were.
    fn undo_losses(
        &self,
        id: FrameId,
        undone: &BTreeSet<Part>,
        slots: &[Slot],
        data: &mut FrameData,
    ) {
        let [old, new] = self.sides;
        let Some(frame) = new.schema().frame(id).filter(|frame| frame.parent.is_none()) else {
            return;
        };
        for (field, declared) in (0..).map(FieldId).zip(&frame.fields) {
            let (table, list) = (frame.names.en().to_owned(), declared.names.en().to_owned());
            if !undone.contains(&Part::Loss { table, list: Some(list) }) {
                continue;
            }
            let keys = row_keys(new, id);
            let before = row_keys(old, id);
            let before: HashMap<&RowKey, usize> = before.iter().zip(0..).collect();
            let was = |slot: &Slot| match slot.from {
                (0, row) => Some(row),
                (_, row) => before.get(keys.get(row)?).copied(),
            };
            let column = old.rows.frame(id).and_then(|data| data.column(field));
            let Some((column, own)) = column.zip(data.columns.get_mut(field.0 as usize)) else {
                continue;
            };
            let rows: Vec<Option<usize>> = slots.iter().map(was).collect();
            let as_before = |bits: &Bits, own: &Bits| {
                let bit = |at: usize| match rows.get(at).copied().flatten() {
                    Some(row) => bits.get(row),
                    None => own.get(at),
                };
                Bits::from_fn(rows.len(), bit)
            };
            let (present, unread) =
                (as_before(&column.present, &own.present), as_before(&column.unread, &own.unread));
            (own.present, own.unread) = (present, unread);
        }
    }
}
