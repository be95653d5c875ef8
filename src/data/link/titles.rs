//! What citable rows are called beside their key, and when they are in force.

use super::index::Owners;
use crate::data::bind::column::{Cells, Growing, Rows};
use crate::data::bind::plan::Plan;
use crate::schema::FieldId;
use crate::value::key::{canonical, title};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The titles and the periods of the rows of a citable table.
pub struct Titles<'c> {
    /// One a field of titles, in the order in which they are looked up.
    called: Vec<BTreeMap<Cow<'c, str>, Vec<u32>>>,
    from: Option<&'c Growing>,
    to: Option<&'c Growing>,
    /// The day references are for, as days since 1970-01-01.
    day: Option<i64>,
}

impl<'c> Titles<'c> {
    /// Of a frame; `None` where its rows are not citable.
    pub fn new(plan: &Plan, frame: usize, rows: &'c Rows, day: Option<i64>) -> Option<Self> {
        let citable = plan.schema.frames.get(frame)?.citable.as_ref()?;
        let column = |field: &FieldId| rows.columns.get(field.0 as usize);
        let called = citable.titles.iter().filter_map(column).map(called).collect();
        let date = |field: Option<FieldId>| field.as_ref().and_then(column);
        Some(Self { called, from: date(citable.from), to: date(citable.to), day })
    }

    /// The rows of a title.
    pub fn called(&self, written: &str) -> Vec<u32> {
        let form = canonical(written);
        let found = self.called.iter().find_map(|rows| rows.get(title(&form)));
        found.cloned().unwrap_or_default()
    }

    /// The days on which a row is in force: from the first, before the second; `None` where they
    /// could not be read.
    fn period(&self, row: u32) -> Option<(i64, i64)> {
        let row = row as usize;
        let day = |column: Option<&Growing>, otherwise: i64| {
            let Some(column) = column else { return Some(otherwise) };
            match &column.cells {
                _ if column.unread.get(row) => None,
                Cells::Ints(days) if !column.absent.get(row) => days.get(row).copied(),
                _ => Some(otherwise),
            }
        };
        Some((day(self.from, i64::MIN)?, day(self.to, i64::MAX)?))
    }

    /// Whether two rows are in force on no day together; nothing is known of those whose days
    /// could not be read, which was said.
    pub fn are_apart(&self, a: u32, b: u32) -> bool {
        match (self.period(a), self.period(b)) {
            (Some((from, to)), Some((start, end))) => to <= start || end <= from,
            _ => true,
        }
    }

    /// Which of several rows is meant: the one in force on the day.
    pub fn version(&self, rows: &[u32]) -> Owners {
        let periods: Option<Vec<(i64, i64)>> = rows.iter().map(|row| self.period(*row)).collect();
        let (Some(periods), Some(day)) = (periods, self.day) else {
            return Owners::Several(rows.into());
        };
        let current =
            rows.iter().zip(periods).filter(|(_, (from, to))| (*from..*to).contains(&day));
        let current: Vec<u32> = current.map(|(row, _)| *row).collect();
        match *current.as_slice() {
            [] => Owners::NotInForce(rows.into()),
            [row] => Owners::One(row),
            _ => Owners::Several(current.into()),
        }
    }
}

/// The rows by what a column says.
fn called(column: &Growing) -> BTreeMap<Cow<'_, str>, Vec<u32>> {
    let mut rows: BTreeMap<Cow<'_, str>, Vec<u32>> = BTreeMap::new();
    let Cells::Texts(texts) = &column.cells else { return rows };
    for (at, row) in (0..texts.len()).zip(0_u32..) {
        if column.absent.get(at) {
            continue;
        }
        let form = match canonical(texts.get(at)) {
            Cow::Borrowed(text) => Cow::Borrowed(title(text)),
            Cow::Owned(text) => Cow::Owned(title(&text).to_owned()),
        };
        rows.entry(form).or_default().push(row);
    }
    rows
}
