//! Sets of rows while they grow.

use crate::value::Bits;

/// Rows that are marked, one bit a row; costs nothing while none is.
#[derive(Clone, Debug, Default)]
pub struct Marks {
    words: Vec<u64>,
}

impl Marks {
    /// Marks a row.
    pub fn mark(&mut self, row: usize) {
        let word = row / 64;
        if word >= self.words.len() {
            self.words.resize(word + 1, 0);
        }
        if let Some(bits) = self.words.get_mut(word) {
            *bits |= 1 << (row % 64);
        }
    }

    /// Whether a row is marked.
    #[must_use]
    pub fn get(&self, row: usize) -> bool {
        self.words.get(row / 64).is_some_and(|bits| bits >> (row % 64) & 1 == 1)
    }

    /// The marked rows, ascending.
    pub fn rows(&self) -> impl Iterator<Item = usize> {
        self.words.iter().enumerate().flat_map(|(word, &bits)| {
            let next = move |bits: &u64| Some(bits & (bits - 1)).filter(|rest| *rest != 0);
            let rest = std::iter::successors(Some(bits).filter(|bits| *bits != 0), next);
            rest.map(move |bits| word * 64 + bits.trailing_zeros() as usize)
        })
    }

    /// The marked rows that others do not have.
    #[must_use]
    pub fn without(&self, others: &Self) -> Self {
        let others = others.words.iter().chain(std::iter::repeat(&0));
        Self { words: self.words.iter().zip(others).map(|(bits, other)| bits & !other).collect() }
    }

    /// Forgets rows from `len` on.
    pub fn truncate(&mut self, len: usize) {
        self.words.truncate(len.div_ceil(64));
        if let (Some(last), true) = (self.words.get_mut(len / 64), !len.is_multiple_of(64)) {
            *last &= (1 << (len % 64)) - 1;
        }
    }

    /// Puts another set's rows after row `at`.
    pub fn append(&mut self, at: usize, other: &Self) {
        let (skip, shift) = (at / 64, at % 64);
        if other.words.iter().all(|&bits| bits == 0) {
            return;
        }
        self.words.resize(self.words.len().max(skip + other.words.len() + 1), 0);
        for (index, &bits) in other.words.iter().enumerate() {
            if let Some(low) = self.words.get_mut(skip + index) {
                *low |= bits << shift;
            }
            if let (true, Some(high)) = (shift > 0, self.words.get_mut(skip + index + 1)) {
                *high |= bits >> (64 - shift);
            }
        }
    }

    /// The marked rows of `len`.
    #[must_use]
    pub fn finish(self, len: usize) -> Bits {
        if self.words.is_empty() {
            Bits::uniform(len, false)
        } else {
            Bits::from_words(len, self.words)
        }
    }

    /// The same marks for rows in another order: new row `n` is old row `order[n]`.
    #[must_use]
    pub fn permuted(&self, order: &[u32]) -> Self {
        let mut marks = Self::default();
        if !self.words.is_empty() {
            order
                .iter()
                .enumerate()
                .filter(|(_, old)| self.get(**old as usize))
                .for_each(|(new, _)| marks.mark(new));
        }
        marks
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_without_others() {
        let marked = |rows: &[usize]| {
            let mut marks = Marks::default();
            rows.iter().for_each(|row| marks.mark(*row));
            marks
        };
        let all = [0, 1, 63, 64, 130, 191];
        assert_eq!(marked(&all).rows().collect::<Vec<_>>(), all);
        let left = marked(&all).without(&marked(&[1, 64, 70]));
        assert_eq!(left.rows().collect::<Vec<_>>(), [0, 63, 130, 191]);
        assert_eq!(marked(&[]).without(&left).rows().next(), None);
    }

    #[test]
    fn marks_join_at_any_offset() {
        for at in [0, 1, 63, 64, 65, 130] {
            let mut left = Marks::default();
            (0..at).filter(|row| row % 3 == 0).for_each(|row| left.mark(row));
            let mut right = Marks::default();
            (0..200).filter(|row| row % 7 == 0).for_each(|row| right.mark(row));
            left.append(at, &right);
            for row in 0..at + 200 {
                let want = if row < at { row % 3 == 0 } else { (row - at) % 7 == 0 };
                assert_eq!(left.get(row), want, "row {row} after {at}");
            }
            left.truncate(at + 7);
            assert!(left.get(at) && !left.get(at + 7));
        }
    }
}
