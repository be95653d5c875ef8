//! Whose the elements are that stand in files of their own: a row where that is known at once, else
//! the key they name.

use super::bind::references::Runs;
use crate::invariant::fit;
use crate::value::{Texts, reserve};
use std::ops::Range;

/// No parent, or none that is known yet.
pub const NOBODY: u32 = u32::MAX;

/// How many rows are looked at for the one that is named, behind the one named before, before they
/// are taken to ascend.
const REACH: usize = 4;

/// The parents of elements, run by run: most often all elements of a row stand together, and in the
/// order of the rows. Then a number is kept instead of a key.
#[derive(Debug, Default)]
pub struct Parents {
    /// Of each run, the row whose key is written just so; [`NOBODY`] where none was found. Other
    /// rows may have that key too.
    pub rows: Vec<u32>,
    /// The keys of the runs of which no row was found, in order.
    pub keys: Texts,
    /// The element behind the last of each run.
    pub ends: Vec<u32>,
    /// The row behind the last that was found.
    next: usize,
}

impl Parents {
    /// Adds the elements of others; `known` are the keys of the rows they may belong to, as far as
    /// those are read and are texts.
    pub fn append(&mut self, others: &Runs, known: Option<&Texts>) {
        for (run, key) in others.rows().zip(others.keys.iter()) {
            self.extend(key, run.len(), known);
        }
    }

    fn extend(&mut self, key: &str, elements: usize, known: Option<&Texts>) {
        let is_last = self.rows.last().is_some_and(|row| match *row {
            NOBODY => self.keys.get(self.keys.len().saturating_sub(1)) == key,
            row => known.is_some_and(|known| known.get(row as usize) == key),
        });
        let end = fit(self.len() + elements);
        if let (true, Some(last)) = (is_last, self.ends.last_mut()) {
            *last = end;
            return;
        }
        match known.filter(|_| !key.is_empty()).and_then(|known| self.follow(key, known)) {
            Some(row) => {
                self.next = row as usize + 1;
                self.rows.push(row);
            }
            None => {
                self.keys.push(key);
                self.rows.push(NOBODY);
            }
        }
        self.ends.push(end);
    }

    /// The row of a key near behind the one that was found last; where keys ascend, however far.
    fn follow(&self, key: &str, known: &Texts) -> Option<u32> {
        let is_own = |row: &usize| *row < known.len() && known.get(*row) == key;
        let mut near = self.next..self.next + REACH;
        near.find(is_own).or_else(|| Some(known.soon(self.next, key)).filter(is_own)).map(fit)
    }

    /// Makes room for so many times the elements of others, where there is none for so many.
    pub fn reserve(&mut self, times: usize, others: &Runs) {
        reserve(&mut self.rows, times, others.keys.len());
        reserve(&mut self.ends, times, others.keys.len());
    }

    /// Forgets elements from `len` on.
    pub fn truncate(&mut self, len: usize) {
        let last = self.ends.partition_point(|end| (*end as usize) < len);
        if let Some(end) = self.ends.get_mut(last) {
            *end = fit(len);
        }
        self.ends.truncate(if len > 0 { last + 1 } else { 0 });
        self.rows.truncate(self.ends.len());
        self.keys.truncate(self.rows.iter().filter(|row| **row == NOBODY).count());
        let found = self.rows.iter().rev().find(|row| **row != NOBODY);
        self.next = found.map_or(0, |row| *row as usize + 1);
    }

    /// How many elements there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.last().map_or(0, |end| *end as usize)
    }

    /// Where the elements of each of so many rows end, where all belong to one, in their order.
    #[must_use]
    pub fn ends_of(&self, rows: usize) -> Vec<u32> {
        let mut ends = Vec::with_capacity(rows);
        for (row, end) in self.rows.iter().zip(&self.ends) {
            let before = ends.last().copied().unwrap_or(0);
            ends.resize(*row as usize, before);
            ends.push(*end);
        }
        let last = ends.last().copied().unwrap_or(0);
        ends.resize(rows, last);
        ends
    }

    /// The elements of each run.
    pub fn runs(&self) -> impl Iterator<Item = Range<usize>> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| start as usize..*end as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runs(keys: &[&str]) -> Runs {
        let mut runs = Runs::default();
        keys.iter().for_each(|key| runs.push(key));
        runs
    }

    fn shown(parents: &Parents) -> Vec<String> {
        let mut keys = parents.keys.iter();
        let mut who = |row: &u32| match *row {
            NOBODY => keys.next().unwrap_or("?").to_owned(),
            row => row.to_string(),
        };
        let rows = parents.rows.iter().zip(parents.runs());
        rows.map(|(row, run)| format!("{} {run:?}", who(row))).collect()
    }

    #[test]
    fn elements_in_the_order_of_their_rows_need_no_keys() {
        let mut known = Texts::default();
        ["a", "b", "", "d", "e"].iter().for_each(|key| known.push(key));
        ('f'..='z').for_each(|key| known.push(&key.to_string()));
        let mut parents = Parents::default();
        parents.append(&runs(&["a", "a", "b"]), Some(&known));
        parents.append(&runs(&["b", "ö", "", "e", "a", "u", "e"]), Some(&known));
        let all = ["0 0..2", "1 2..4", "ö 4..5", " 5..6", "4 6..7", "a 7..8", "20 8..9", "e 9..10"];
        assert_eq!(shown(&parents), all);
        for (len, left) in [(6, &all[..4]), (3, &["0 0..2", "1 2..3"]), (0, &[])] {
            parents.truncate(len);
            assert_eq!(shown(&parents), left, "{len}");
        }
        parents.append(&runs(&["a", "a"]), Some(&known));
        assert_eq!(shown(&parents), ["0 0..2"]);
    }

    #[test]
    fn where_no_keys_are_known_those_of_the_elements_are_kept() {
        let mut parents = Parents::default();
        parents.append(&runs(&["a", "a", "b"]), None);
        parents.append(&runs(&["b", "a"]), None);
        assert_eq!(shown(&parents), ["a 0..2", "b 2..4", "a 4..5"]);
    }
}
