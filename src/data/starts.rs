//! Where rows begin: one number a row, of which there are millions.

use crate::invariant::fit;
use crate::value::{partition_point, reserve};

/// Places in files, most often ascending, in four bytes each.
#[derive(Clone, Debug, Default)]
pub struct Starts {
    /// The first of the places that count from a base, and the base.
    anchors: Vec<(usize, u64)>,
    /// What each place is behind its base.
    behind: Vec<u32>,
}

impl Starts {
    /// Adds a place.
    pub fn push(&mut self, place: u64) {
        let base = self.anchors.last().map(|(_, base)| *base);
        let near = |base: u64| place.checked_sub(base).and_then(|more| u32::try_from(more).ok());
        let behind = base.and_then(near).unwrap_or_else(|| {
            self.anchors.push((self.behind.len(), place));
            0
        });
        self.behind.push(behind);
    }

    /// The place of a row.
    #[must_use]
    pub fn get(&self, row: usize) -> Option<u64> {
        let behind = *self.behind.get(row)?;
        let at = self.anchors.partition_point(|(first, _)| *first <= row).checked_sub(1)?;
        Some(self.anchors.get(at)?.1 + u64::from(behind))
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.behind.len()
    }

    /// The first place behind another, among those of rows `first..last`, which ascend.
    #[must_use]
    pub fn next(&self, (first, last): (usize, usize), place: u64) -> Option<u64> {
        let is_behind = |row| self.get(row).is_some_and(|own| own <= place);
        let row = partition_point(first..last.min(self.len()), is_behind);
        self.get(row).filter(|_| row < last)
    }

    /// Forgets the places of rows from `len` on.
    pub fn truncate(&mut self, len: usize) {
        self.behind.truncate(len);
        self.anchors.retain(|(first, _)| *first < len);
    }

    /// Makes room for so many times so many places, where there is none for so many.
    pub fn reserve(&mut self, times: usize, more: usize) {
        reserve(&mut self.behind, times, more);
    }
}

impl Extend<u64> for Starts {
    fn extend<I: IntoIterator<Item = u64>>(&mut self, places: I) {
        places.into_iter().for_each(|place| self.push(place));
    }
}

/// The numbers of rows, where they are not `0..`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Numbers {
    /// Each row has its own number.
    Same,
    /// These.
    These(Vec<u32>),
}

impl Numbers {
    /// The number of a row.
    #[must_use]
    pub fn get(&self, row: usize) -> Option<u32> {
        match self {
            Self::Same => Some(fit(row)),
            Self::These(rows) => rows.get(row).copied(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_come_back_whatever_their_order() {
        let far = 1 << 40;
        let places = [0, 7, 7, 90, far, far + 5, 3, 4, u64::from(u32::MAX) + 3, u64::MAX];
        let mut starts = Starts::default();
        starts.extend(places);
        let back: Vec<u64> = (0..starts.len()).filter_map(|row| starts.get(row)).collect();
        assert_eq!(back, places);
        assert_eq!(starts.get(places.len()), None);
        assert_eq!(starts.next((0, 6), 7), Some(90));
        assert_eq!(starts.next((0, 6), 90), Some(far));
        assert_eq!(starts.next((0, 4), 90), None);
        assert_eq!(starts.next((6, 9), 3), Some(4));
    }
}
