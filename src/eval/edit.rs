//! Rows with some facts changed: what an explanation tries before it says what would change.

use super::Evaluator;
use crate::data::{Claim, FrameData};
use crate::invariant::fit;
use crate::schema::{Constant, FieldId, FrameId};
use crate::value::{Bits, Column, Texts, Values};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A change of the data. Rows are called by the numbers they had before any change.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Edit {
    /// Another value of a field; `None` where it is left out. A list is given without elements
    /// ([`Constant::Empty`]), or left out with all it has.
    Set {
        /// The row's frame.
        frame: FrameId,
        /// The row.
        row: usize,
        /// The field.
        field: FieldId,
        /// What it becomes.
        value: Option<Constant>,
    },
    /// A row less, with the elements in it. References to it have no row any more.
    Remove {
        /// The row's frame.
        frame: FrameId,
        /// The row.
        row: usize,
    },
    /// A row more, the last of its table or list.
    Insert {
        /// The row's frame.
        frame: FrameId,
        /// The row whose list it is an element of; `None` for a row of a table.
        owner: Option<usize>,
        /// Its fields that are given.
        values: Vec<(FieldId, Constant)>,
    },
}

/// What a node reads of the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Source {
    /// The values of a field.
    Column(FrameId, FieldId),
    /// Which rows a frame has.
    Rows(FrameId),
}

/// Where a row of changed data comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Slot {
    /// The row that had this number.
    Old(usize),
    /// The row that this edit inserts.
    New(usize),
}

/// The frames that differ after some edits.
#[derive(Debug, Default)]
pub struct Edited {
    /// The changed frames.
    pub(super) frames: BTreeMap<FrameId, FrameData>,
    /// What of them has changed.
    pub(super) touched: BTreeSet<Source>,
    /// The rows of frames that have others than before.
    slots: BTreeMap<FrameId, Vec<Slot>>,
}

impl Edited {
    /// Applies edits to the rows of a run.
    #[must_use]
    pub fn new(base: &Evaluator, edits: &[Edit]) -> Self {
        let mut edited = Self::default();
        let schema = base.graph.program.schema.clone();
        for (id, frame) in (0..).map(FrameId).zip(&schema.frames) {
            edited.arrange(base, (id, frame.parent), edits);
        }
        edited.point(base);
        for edit in edits {
            if let Edit::Set { frame, row, field, value } = edit {
                edited.set(base, (*frame, *row, *field), value.as_ref());
            }
        }
        edited
    }

    /// Where a row stands now; `None` where it was removed.
    #[must_use]
    pub fn row(&self, frame: FrameId, row: usize) -> Option<usize> {
        match self.slots.get(&frame) {
            None => Some(row),
            Some(slots) => slots.iter().position(|slot| *slot == Slot::Old(row)),
        }
    }

    /// The number a row had before; `None` for one that was inserted.
    #[must_use]
    pub fn before(&self, frame: FrameId, row: usize) -> Option<usize> {
        match self.slots.get(&frame).map(|slots| slots.get(row)) {
            None => Some(row),
            Some(Some(Slot::Old(row))) => Some(*row),
            Some(_) => None,
        }
    }

    /// The rows of a frame, where they are others than before.
    fn arrange(
        &mut self,
        base: &Evaluator,
        (id, parent): (FrameId, Option<(FrameId, FieldId)>),
        edits: &[Edit],
    ) {
        let Some(data) = base.frame(id) else { return };
        let (mut removed, mut inserted, mut cleared) = (BTreeSet::new(), Vec::new(), Vec::new());
        for (number, edit) in edits.iter().enumerate() {
            match edit {
                Edit::Remove { frame, row } if *frame == id => {
                    removed.insert(*row);
                }
                Edit::Insert { frame, owner, .. } if *frame == id => {
                    inserted.push((*owner, number));
                }
                Edit::Set { frame, row, field, value: None }
                    if parent == Some((*frame, *field)) =>
                {
                    cleared.push(*row);
                }
                _ => {}
            }
        }
        let moved = parent.is_some_and(|(parent, _)| self.slots.contains_key(&parent));
        if removed.is_empty() && inserted.is_empty() && cleared.is_empty() && !moved {
            return;
        }
        let new = |owner: Option<usize>| {
            let own = inserted.iter().filter(move |(of, _)| *of == owner);
            own.map(|(_, number)| Slot::New(*number))
        };
        let old =
            |rows: std::ops::Range<usize>| rows.filter(|row| !removed.contains(row)).map(Slot::Old);
        let (mut slots, mut offsets) = (Vec::new(), Vec::new());
        match parent {
            None => {
                slots.extend(old(0..data.len));
                slots.extend(new(None));
            }
            Some((parent, _)) => {
                let len = base.frame(parent).map_or(0, |data| data.len);
                let unmoved = || (0..len).map(Slot::Old).collect();
                let parents: Vec<Slot> = self.slots.get(&parent).cloned().unwrap_or_else(unmoved);
                offsets.push(0);
                for owner in parents {
                    if let Slot::Old(owner) = owner {
                        if !cleared.contains(&owner) {
                            slots.extend(old(data.elements(owner)));
                        }
                        slots.extend(new(Some(owner)));
                    }
                    offsets.push(fit(slots.len()));
                }
            }
        }
        let columns = (0..).map(FieldId).zip(&data.columns);
        let columns = columns.map(|(field, column)| rebuilt(column, &slots, (field, edits)));
        let frame = FrameData {
            len: slots.len(),
            columns: columns.collect(),
            offsets: Arc::new(offsets),
            whole: data.whole,
            strays: data.strays.clone(),
            claims: claims(&data.claims, &slots),
            currencies: data.currencies.clone(),
        };
        self.frames.insert(id, frame);
        self.touched.insert(Source::Rows(id));
        self.slots.insert(id, slots);
    }

    /// References to rows of tables that have others than before.
    fn point(&mut self, base: &Evaluator) {
        let schema = base.graph.program.schema.clone();
        for (table, slots) in self.slots.clone() {
            let moved = Moved::new(&slots);
            if let Some(data) = self.frames.get_mut(&table) {
                data.strays.iter_mut().for_each(|stray| stray.targets = moved.all(&stray.targets));
            }
            for (id, frame) in (0..).map(FrameId).zip(&schema.frames) {
                for (field, found) in (0..).map(FieldId).zip(&frame.fields) {
                    if found.ty.table() == Some(table) {
                        self.follow(base, (id, field), &moved);
                    }
                }
            }
        }
    }

    /// The references of one field to a table whose rows have moved.
    fn follow(&mut self, base: &Evaluator, (frame, field): (FrameId, FieldId), moved: &Moved) {
        let Some(data) = self.frames.get(&frame).or_else(|| base.frame(frame)) else { return };
        let Some(column) = data.column(field) else { return };
        let Values::Ints(rows) = &column.values else { return };
        let now = |row: usize| rows.get(row).and_then(|to| moved.row(*to));
        let present = Bits::from_fn(column.present.len(), |row| {
            column.present.get(row) && now(row).is_some()
        });
        let values = (0..rows.len()).map(|row| now(row).unwrap_or_default()).collect();
        let unread = column.unread.clone();
        let column = Column { values: Values::Ints(Arc::new(values)), present, unread };
        self.put(base, (frame, field), column);
        let data = self.frames.get_mut(&frame).and_then(|data| data.claims.get_mut(&field));
        for claim in data.into_iter().flatten() {
            claim.targets = claim.targets.as_ref().map(|targets| moved.all(targets));
        }
    }

    fn set(
        &mut self,
        base: &Evaluator,
        (frame, row, field): (FrameId, usize, FieldId),
        value: Option<&Constant>,
    ) {
        let Some(row) = self.row(frame, row) else { return };
        let Some(data) = self.frames.get(&frame).or_else(|| base.frame(frame)) else { return };
        let Some(column) = data.column(field) else { return };
        let column = Column {
            values: with(&column.values, row, value.unwrap_or(&nothing(&column.values))),
            present: column.present.with(row, value.is_some()),
            unread: column.unread.with(row, false),
        };
        self.put(base, (frame, field), column);
        // A reference that could not be followed is not there any more.
        let number: u32 = fit(row);
        let claims = self.frames.get_mut(&frame).and_then(|data| data.claims.get_mut(&field));
        if let Some(claims) = claims {
            claims.iter_mut().for_each(|claim| claim.rows.retain(|row| *row != number));
            claims.retain(|claim| !claim.rows.is_empty());
        }
    }

    fn put(&mut self, base: &Evaluator, (frame, field): (FrameId, FieldId), column: Column) {
        let Some(data) = base.frame(frame) else { return };
        let data = self.frames.entry(frame).or_insert_with(|| data.clone());
        if let Some(slot) = data.columns.get_mut(field.0 as usize) {
            *slot = column;
            self.touched.insert(Source::Column(frame, field));
        }
    }
}

/// Where the rows of a table are now.
struct Moved {
    now: BTreeMap<i64, i64>,
}

impl Moved {
    fn new(slots: &[Slot]) -> Self {
        let number = |row: usize| fit(row);
        let old = |(at, slot): (usize, &Slot)| match slot {
            Slot::Old(row) => Some((number(*row), number(at))),
            Slot::New(_) => None,
        };
        let now = slots.iter().enumerate().filter_map(old).collect();
        Self { now }
    }

    /// What a reference has as its number now; `None` where its row is gone. What is no row stays.
    fn row(&self, row: i64) -> Option<i64> {
        if row < 0 { Some(row) } else { self.now.get(&row).copied() }
    }

    fn all(&self, rows: &[u32]) -> Vec<u32> {
        let now = |row: &u32| u32::try_from(self.row(i64::from(*row))?).ok();
        rows.iter().filter_map(now).collect()
    }
}

/// What stands in a column where there is no value.
fn nothing(values: &Values) -> Constant {
    match values {
        Values::Bits(_) => Constant::Bool(false),
        Values::Ints(_) => Constant::Int(0),
        Values::Ratios(_) => Constant::Ratio(0.into()),
        Values::Texts(_) => Constant::Text("".into()),
        Values::Dropped => Constant::Empty,
    }
}

/// Values with one of them changed; the same where a value of another kind is given.
fn with(values: &Values, row: usize, value: &Constant) -> Values {
    match (values, value) {
        (Values::Bits(bits), Constant::Bool(value)) => Values::Bits(bits.with(row, *value)),
        (Values::Ints(ints), Constant::Int(value)) => {
            let mut ints = Vec::clone(ints);
            ints.iter_mut().skip(row).take(1).for_each(|slot| *slot = *value);
            Values::Ints(Arc::new(ints))
        }
        (Values::Ratios(ratios), Constant::Ratio(value)) => {
            let mut ratios = Vec::clone(ratios);
            ratios.iter_mut().skip(row).take(1).for_each(|slot| *slot = *value);
            Values::Ratios(Arc::new(ratios))
        }
        (Values::Texts(texts), Constant::Text(value)) => {
            let mut changed = Texts::default();
            for at in 0..texts.len() {
                changed.push(if at == row { value } else { texts.get(at) });
            }
            Values::Texts(Arc::new(changed))
        }
        _ => values.clone(),
    }
}

/// What references of rows that are still there may mean.
fn claims(before: &BTreeMap<FieldId, Vec<Claim>>, slots: &[Slot]) -> BTreeMap<FieldId, Vec<Claim>> {
    let now = |row: &u32| {
        let at = slots.iter().position(|slot| *slot == Slot::Old(*row as usize))?;
        u32::try_from(at).ok()
    };
    let kept = |claim: &Claim| {
        let rows: Vec<u32> = claim.rows.iter().filter_map(now).collect();
        (!rows.is_empty()).then(|| Claim { rows, targets: claim.targets.clone() })
    };
    let fields = before.iter();
    fields.map(|(field, claims)| (*field, claims.iter().filter_map(kept).collect())).collect()
}

/// A column over other rows.
fn rebuilt(column: &Column, slots: &[Slot], (field, edits): (FieldId, &[Edit])) -> Column {
    let given = |number: usize| match edits.get(number) {
        Some(Edit::Insert { values, .. }) => {
            values.iter().find(|(of, _)| *of == field).map(|(_, value)| value)
        }
        _ => None,
    };
    let bits = |old: &Bits, new: &dyn Fn(usize) -> bool| {
        Bits::from_fn(slots.len(), |at| match slots.get(at) {
            Some(Slot::Old(row)) => old.get(*row),
            Some(Slot::New(number)) => new(*number),
            None => false,
        })
    };
    let values = match &column.values {
        Values::Bits(old) => {
            Values::Bits(bits(old, &|number| given(number) == Some(&Constant::Bool(true))))
        }
        Values::Ints(old) => {
            let one = |slot: &Slot| match slot {
                Slot::Old(row) => old.get(*row).copied().unwrap_or_default(),
                Slot::New(number) => match given(*number) {
                    Some(Constant::Int(value)) => *value,
                    _ => 0,
                },
            };
            Values::Ints(Arc::new(slots.iter().map(one).collect()))
        }
        Values::Ratios(old) => {
            let one = |slot: &Slot| match slot {
                Slot::Old(row) => old.get(*row).copied().unwrap_or_default(),
                Slot::New(number) => match given(*number) {
                    Some(Constant::Ratio(value)) => *value,
                    _ => 0.into(),
                },
            };
            Values::Ratios(Arc::new(slots.iter().map(one).collect()))
        }
        Values::Texts(old) => {
            let mut texts = Texts::default();
            for slot in slots {
                texts.push(match slot {
                    Slot::Old(row) => old.get(*row),
                    Slot::New(number) => match given(*number) {
                        Some(Constant::Text(text)) => text,
                        _ => "",
                    },
                });
            }
            Values::Texts(Arc::new(texts))
        }
        Values::Dropped => Values::Dropped,
    };
    Column {
        values,
        present: bits(&column.present, &|number| given(number).is_some()),
        unread: bits(&column.unread, &|_| false),
    }
}
