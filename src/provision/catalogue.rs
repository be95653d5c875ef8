//! The rows of a citable table by title, with the days on which they are in force.

use crate::data::FrameData;
use crate::nearest::{Likeness, is_distinct, nearest_key};
use crate::schema::{FieldId, FrameId, Schema, Type};
use crate::value::Values;
use crate::value::key::{self, canonical};
use std::collections::{BTreeMap, BTreeSet};

/// A row that is cited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Row {
    /// The citable table.
    pub table: FrameId,
    /// Its row.
    pub row: usize,
}

/// The rows of citable tables by what they are called.
pub struct Catalogue<'d> {
    schema: &'d Schema,
    frames: &'d [FrameData],
    rows: BTreeMap<String, Vec<Row>>,
}

impl<'d> Catalogue<'d> {
    /// Of all citable tables.
    #[must_use]
    pub fn new(schema: &'d Schema, frames: &'d [FrameData]) -> Self {
        let mut rows: BTreeMap<String, Vec<Row>> = BTreeMap::new();
        for (table, frame) in schema.tables() {
            let titles = frame.citable.iter().flat_map(|citable| &citable.titles);
            let Some(data) = frames.get(table.0 as usize) else { continue };
            for column in titles.filter_map(|field| data.column(*field)) {
                let Values::Texts(texts) = &column.values else { continue };
                for row in column.present.iter() {
                    let title = key::title(&canonical(texts.get(row))).to_owned();
                    let known = rows.entry(title).or_default();
                    let found = Row { table, row };
                    if !known.contains(&found) {
                        known.push(found);
                    }
                }
            }
        }
        Self { schema, frames, rows }
    }

    /// Whether no row has a title.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// All titles.
    pub fn titles(&self) -> impl Iterator<Item = &str> {
        self.rows.keys().map(String::as_str)
    }

    /// The rows that a citation names, of one table or of all.
    #[must_use]
    pub fn called(&self, title: &str, table: Option<FrameId>) -> Vec<Row> {
        let form = canonical(title);
        let found = self.rows.get(key::title(&form)).map_or(&[][..], Vec::as_slice);
        let fits = |row: &&Row| table.is_none_or(|table| row.table == table);
        found.iter().filter(fits).copied().collect()
    }

    /// What a row is called.
    #[must_use]
    pub fn titles_of(&self, row: Row) -> Vec<&'d str> {
        let titles = self.schema.frame(row.table).and_then(|frame| frame.citable.as_ref());
        let data = self.frames.get(row.table.0 as usize);
        let text = |field: &FieldId| {
            let column = data?.column(*field).filter(|column| column.present.get(row.row))?;
            match &column.values {
                Values::Texts(texts) => Some(texts.get(row.row)),
                _ => None,
            }
        };
        titles.into_iter().flat_map(|citable| &citable.titles).filter_map(text).collect()
    }

    /// The days from which and until which a row is in force; `None` where nothing is said.
    #[must_use]
    pub fn days(&self, row: Row) -> (Option<i64>, Option<i64>) {
        let citable = self.schema.frame(row.table).and_then(|frame| frame.citable.as_ref());
        let data = self.frames.get(row.table.0 as usize);
        let day = |field: Option<FieldId>| {
            let column = data?.column(field?)?;
            match &column.values {
                Values::Ints(days) if column.present.get(row.row) => days.get(row.row).copied(),
                _ => None,
            }
        };
        citable.map_or((None, None), |citable| (day(citable.from), day(citable.to)))
    }

    /// Whether a row is in force on a day; `None` where its table does not say from when.
    #[must_use]
    pub fn in_force(&self, row: Row, day: i64) -> Option<bool> {
        let citable = self.schema.frame(row.table)?.citable.as_ref()?;
        let (from, to) = self.days(row);
        if citable.from.is_some() && from.is_none() {
            return None;
        }
        citable
            .has_days()
            .then(|| from.is_none_or(|from| from <= day) && to.is_none_or(|to| to > day))
    }

    /// Of several versions of one title, that in force is meant; else the last.
    #[must_use]
    pub fn meant(&self, rows: &[Row], day: Option<i64>) -> Option<Row> {
        let current =
            rows.iter().find(|row| day.is_none_or(|day| self.in_force(**row, day).unwrap_or(true)));
        current.or(rows.last()).copied()
    }

    /// The title a citation may have meant: nearest as it is written, or without what all titles
    /// share.
    #[must_use]
    pub fn nearest(&self, title: &str) -> Option<String> {
        let known = || self.titles();
        let near = nearest_key(title, known())
            .filter(|near| is_distinct(title, near, known(), Likeness::Titles));
        near.or_else(|| {
            let short = super::key(title);
            let keys: BTreeMap<String, &str> =
                known().map(|known| (super::key(known), known)).collect();
            if let Some(same) = keys.get(&short) {
                return Some((*same).to_owned());
            }
            let all: BTreeSet<&str> = keys.keys().map(String::as_str).collect();
            let near = nearest_key(&short, all.iter().copied())?;
            let apart = is_distinct(&short, &near, all.iter(), Likeness::Titles);
            keys.get(&near).filter(|_| apart).map(|title| (*title).to_owned())
        })
    }

    /// Whether a label is what the row is said to be: the name of the value of one of its fields.
    /// One that no field has is not, where the row has a rank. `None` where nothing says it.
    #[must_use]
    pub fn is_labelled(&self, row: Row, label: &str) -> Option<bool> {
        let frame = self.schema.frame(row.table)?;
        let data = self.frames.get(row.table.0 as usize)?;
        let label = canonical(label);
        let mut said = None;
        for (field, column) in frame.fields.iter().zip(&data.columns) {
            let Type::Enum(id) = field.ty else { continue };
            let found = self.schema.enumeration(id)?;
            let (values, is_rank) = (&found.values, found.order.is_some());
            let is_called = |value: &crate::schema::EnumValue| {
                value.names.matches(&label) || value.also.iter().any(|also| **also == *label)
            };
            let Some(named) = values.iter().position(is_called) else {
                if is_rank && column.present.get(row.row) {
                    said = Some(said == Some(true));
                }
                continue;
            };
            if let (true, Values::Ints(ints)) = (column.present.get(row.row), &column.values) {
                let own = ints.get(row.row).copied();
                said = Some(said == Some(true) || own == i64::try_from(named).ok());
            }
        }
        said
    }
}
