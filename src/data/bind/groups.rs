//! Which rows of a file belong together: those with the same value of a column.

use super::cell::{KeyValue, named};
use super::plan::FieldPlan;
use std::collections::HashMap;

/// The values rows are grouped by, each with the number of its group, from 0 in the order in which
/// they come.
pub struct GroupNames<'p> {
    /// The key that the values are values of, where they are a field's.
    key: Option<&'p FieldPlan>,
    numbers: HashMap<KeyValue<'static>, usize>,
    /// As written, so that most rows need no second look.
    written: HashMap<Box<str>, usize>,
}

impl<'p> GroupNames<'p> {
    /// No group yet; `key` is what the values are told apart by ([`super::plan::Plan::last_key`]).
    #[must_use]
    pub fn new(key: Option<&'p FieldPlan>) -> Self {
        Self { key, numbers: HashMap::new(), written: HashMap::new() }
    }

    /// The number of the group of a value; a new one where no value before was the same.
    pub fn number(&mut self, value: &str) -> usize {
        if let Some(&number) = self.written.get(value) {
            return number;
        }
        let next = self.numbers.len();
        let number = *self.numbers.entry(named(self.key, value)).or_insert(next);
        self.written.insert(value.into(), number);
        number
    }
}
