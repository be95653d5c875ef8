//! Bit sets: one bit a row. A set that is all zeros or all ones costs no memory.

use std::sync::Arc;

/// A set of rows out of `len`.
#[derive(Clone, Debug)]
pub struct Bits {
    len: usize,
    words: Words,
}

#[derive(Clone, Debug)]
enum Words {
    Uniform(bool),
    Mixed(Arc<[u64]>),
}

/// How many 64-bit words `len` bits take.
fn word_count(len: usize) -> usize {
    len.div_ceil(64)
}

/// The bits of the last word that belong to the set.
fn tail_mask(len: usize) -> u64 {
    match len % 64 {
        0 => u64::MAX,
        used => (1 << used) - 1,
    }
}

/// Sets the bits of a range.
fn set_range(words: &mut [u64], range: std::ops::Range<usize>) {
    if range.is_empty() {
        return;
    }
    let (first, last) = (range.start / 64, (range.end - 1) / 64);
    let (head, tail) = (u64::MAX << (range.start % 64), tail_mask(range.end));
    match words.get_mut(first..=last) {
        Some([only]) => *only |= head & tail,
        Some([start, between @ .., end]) => {
            *start |= head;
            between.fill(u64::MAX);
            *end |= tail;
        }
        _ => {}
    }
}

impl Bits {
    /// All rows (`true`) or none.
    #[must_use]
    pub fn uniform(len: usize, value: bool) -> Self {
        Self { len, words: Words::Uniform(value) }
    }

    /// From 64-bit words, row 0 in the lowest bit; bits past `len` are cleared, all-zero and
    /// all-one sets are recognised.
    #[must_use]
    pub fn from_words(len: usize, mut words: Vec<u64>) -> Self {
        words.resize(word_count(len), 0);
        if let Some(last) = words.last_mut() {
            *last &= tail_mask(len);
        }
        if words.iter().all(|&word| word == 0) {
            return Self::uniform(len, false);
        }
        let full = words.len() - 1;
        if words.iter().take(full).all(|&word| word == u64::MAX)
            && words.last() == Some(&tail_mask(len))
        {
            return Self::uniform(len, true);
        }
        Self { len, words: Words::Mixed(words.into()) }
    }

    /// From a test of each row.
    pub fn from_fn(len: usize, mut test: impl FnMut(usize) -> bool) -> Self {
        let words = (0..word_count(len))
            .map(|word| {
                let base = word * 64;
                (0..64.min(len - base))
                    .fold(0, |bits, at| bits | (u64::from(test(base + at)) << at))
            })
            .collect();
        Self::from_words(len, words)
    }

    /// From a test of each value: the fast path of comparisons.
    pub fn from_slice<T: Copy>(values: &[T], test: impl Fn(T) -> bool) -> Self {
        let words = values
            .chunks(64)
            .map(|chunk| {
                chunk
                    .iter()
                    .enumerate()
                    .fold(0, |bits, (at, &value)| bits | (u64::from(test(value)) << at))
            })
            .collect();
        Self::from_words(values.len(), words)
    }

    /// From two columns of one length.
    pub fn from_pairs<T: Copy, U: Copy>(
        left: &[T],
        right: &[U],
        test: impl Fn(T, U) -> bool,
    ) -> Self {
        let words = left
            .chunks(64)
            .zip(right.chunks(64))
            .map(|(a, b)| {
                a.iter()
                    .zip(b)
                    .enumerate()
                    .fold(0, |bits, (at, (&x, &y))| bits | (u64::from(test(x, y)) << at))
            })
            .collect();
        Self::from_words(left.len().min(right.len()), words)
    }

    /// Number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are no rows at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Whether a row is in the set; false past the end.
    #[must_use]
    pub fn get(&self, row: usize) -> bool {
        row < self.len && self.word(row / 64) >> (row % 64) & 1 == 1
    }

    /// The same set with one row put in, or taken out.
    #[must_use]
    pub fn with(&self, row: usize, value: bool) -> Self {
        if row >= self.len || self.get(row) == value {
            return self.clone();
        }
        let mut words: Vec<u64> = (0..word_count(self.len)).map(|index| self.word(index)).collect();
        if let Some(word) = words.get_mut(row / 64) {
            *word ^= 1 << (row % 64);
        }
        Self::from_words(self.len, words)
    }

    /// The word that holds rows `64 * index ..`; bits past the end are zero.
    #[must_use]
    pub fn word(&self, index: usize) -> u64 {
        match &self.words {
            Words::Mixed(words) => words.get(index).copied().unwrap_or(0),
            Words::Uniform(false) => 0,
            Words::Uniform(true) if index + 1 < word_count(self.len) => u64::MAX,
            Words::Uniform(true) if index + 1 == word_count(self.len) => tail_mask(self.len),
            Words::Uniform(true) => 0,
        }
    }

    /// Whether no row is in the set.
    #[must_use]
    pub fn none(&self) -> bool {
        matches!(self.words, Words::Uniform(false)) || self.len == 0
    }

    /// Whether every row is in the set.
    #[must_use]
    pub fn all(&self) -> bool {
        matches!(self.words, Words::Uniform(true)) || self.len == 0
    }

    /// How many rows are in the set.
    #[must_use]
    pub fn count(&self) -> usize {
        match &self.words {
            Words::Uniform(value) => usize::from(*value) * self.len,
            Words::Mixed(words) => words.iter().map(|word| word.count_ones() as usize).sum(),
        }
    }

    /// How many rows of a range are in the set.
    #[must_use]
    pub fn count_in(&self, range: std::ops::Range<usize>) -> usize {
        self.words_in(range).map(|word| word.count_ones() as usize).sum()
    }

    /// Whether any row of a range is in the set.
    #[must_use]
    pub fn any_in(&self, range: std::ops::Range<usize>) -> bool {
        self.words_in(range).any(|word| word != 0)
    }

    /// Up to 64 rows of a range as one word, its first row in the lowest bit; `None` for longer
    /// ranges.
    #[inline]
    fn window(words: &[u64], start: u32, end: u32) -> Option<u64> {
        let len = end.saturating_sub(start);
        if len > 64 {
            return None;
        }
        let (at, shift) = (start as usize / 64, start % 64);
        let word = |index: usize| words.get(index).copied().unwrap_or(0);
        // Shifted twice, for 64 places cannot be shifted at once.
        let rows = word(at) >> shift | word(at + 1) << (63 - shift) << 1;
        Some(rows & !(u64::MAX.checked_shl(len).unwrap_or(0)))
    }

    /// For each two neighbours of `offsets`, whether any row from the one up to the other is in the
    /// set.
    #[must_use]
    pub fn any_between(&self, offsets: &[u32]) -> Self {
        match &self.words {
            Words::Uniform(false) => Self::uniform(offsets.len().saturating_sub(1), false),
            Words::Uniform(true) => Self::from_neighbours(offsets, |start, end| {
                start < end.min(u32::try_from(self.len).unwrap_or(u32::MAX))
            }),
            Words::Mixed(words) => {
                Self::from_neighbours(offsets, |start, end| match Self::window(words, start, end) {
                    Some(rows) => rows != 0,
                    None => self.any_in(start as usize..end as usize),
                })
            }
        }
    }

    fn from_neighbours(offsets: &[u32], test: impl Fn(u32, u32) -> bool) -> Self {
        let len = offsets.len().saturating_sub(1);
        Self::from_pairs(offsets.get(..len).unwrap_or(&[]), offsets.get(1..).unwrap_or(&[]), test)
    }

    /// For each two neighbours of `offsets`, how many rows from the one up to the other are in the
    /// set.
    pub fn counts_between<'b>(&'b self, offsets: &'b [u32]) -> impl Iterator<Item = usize> + 'b {
        offsets.iter().zip(offsets.get(1..).unwrap_or(&[])).map(|(&start, &end)| {
            match &self.words {
                Words::Mixed(words) if let Some(rows) = Self::window(words, start, end) => {
                    rows.count_ones() as usize
                }
                _ => self.count_in(start as usize..end as usize),
            }
        })
    }

    /// For each row in the set, the rows of `offsets[row]..offsets[row + 1]`.
    #[must_use]
    pub fn spread(&self, offsets: &[u32]) -> Self {
        let len = offsets.last().map_or(0, |&end| end as usize);
        match &self.words {
            Words::Uniform(value) => Self::uniform(len, *value),
            Words::Mixed(words) => {
                let mut spread = vec![0_u64; word_count(len)];
                let offset = |row: usize| offsets.get(row).map_or(len, |&offset| offset as usize);
                for (index, &word) in words.iter().enumerate() {
                    let (mut rest, mut row) = (word, index * 64);
                    while rest != 0 {
                        let zeros = rest.trailing_zeros();
                        let ones = (rest >> zeros).trailing_ones();
                        row += zeros as usize;
                        set_range(&mut spread, offset(row)..offset(row + ones as usize));
                        row += ones as usize;
                        rest = rest.checked_shr(zeros + ones).unwrap_or(0);
                    }
                }
                Self::from_words(len, spread)
            }
        }
    }

    /// The words of a range, bits outside it cleared.
    fn words_in(&self, range: std::ops::Range<usize>) -> impl Iterator<Item = u64> + '_ {
        let (start, end) = (range.start, range.end.min(self.len).max(range.start));
        (start / 64..end.div_ceil(64)).map(move |index| {
            let mut word = self.word(index);
            if index == start / 64 {
                word &= u64::MAX << (start % 64);
            }
            if index == end / 64 {
                word &= (1_u64 << (end % 64)) - 1;
            }
            word
        })
    }

    /// The rows in the set, ascending.
    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        let words = if self.none() { 0 } else { word_count(self.len) };
        (0..words).flat_map(move |index| {
            let mut word = self.word(index);
            std::iter::from_fn(move || {
                let at = (word != 0).then(|| word.trailing_zeros() as usize)?;
                word &= word - 1;
                Some(index * 64 + at)
            })
        })
    }

    /// Rows in both.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        match (&self.words, &other.words) {
            (Words::Uniform(false), _) | (_, Words::Uniform(true)) => self.clone(),
            (_, Words::Uniform(false)) | (Words::Uniform(true), _) => other.clone(),
            (Words::Mixed(a), Words::Mixed(b)) => {
                Self::from_words(self.len, a.iter().zip(b.iter()).map(|(x, y)| x & y).collect())
            }
        }
    }

    /// Rows in either.
    #[must_use]
    pub fn or(&self, other: &Self) -> Self {
        match (&self.words, &other.words) {
            (Words::Uniform(true), _) | (_, Words::Uniform(false)) => self.clone(),
            (_, Words::Uniform(true)) | (Words::Uniform(false), _) => other.clone(),
            (Words::Mixed(a), Words::Mixed(b)) => {
                Self::from_words(self.len, a.iter().zip(b.iter()).map(|(x, y)| x | y).collect())
            }
        }
    }

    /// Rows not in the set.
    #[must_use]
    pub fn not(&self) -> Self {
        match &self.words {
            Words::Uniform(value) => Self::uniform(self.len, !value),
            Words::Mixed(words) => {
                Self::from_words(self.len, words.iter().map(|word| !word).collect())
            }
        }
    }

    /// Rows in this set and not in the other.
    #[must_use]
    pub fn and_not(&self, other: &Self) -> Self {
        match (&self.words, &other.words) {
            (Words::Uniform(false), _) | (_, Words::Uniform(false)) => self.clone(),
            (_, Words::Uniform(true)) => Self::uniform(self.len, false),
            (Words::Uniform(true), _) => other.not(),
            (Words::Mixed(a), Words::Mixed(b)) => {
                Self::from_words(self.len, a.iter().zip(b.iter()).map(|(x, y)| x & !y).collect())
            }
        }
    }
}

impl PartialEq for Bits {
    fn eq(&self, other: &Self) -> bool {
        self.len == other.len
            && (0..word_count(self.len)).all(|index| self.word(index) == other.word(index))
    }
}

/// Collects bits one by one.
#[derive(Clone, Debug, Default)]
pub struct BitsBuilder {
    words: Vec<u64>,
    len: usize,
}

impl BitsBuilder {
    /// Adds one row.
    pub fn push(&mut self, value: bool) {
        if self.len.is_multiple_of(64) {
            self.words.push(0);
        }
        if let Some(last) = self.words.last_mut() {
            *last |= u64::from(value) << (self.len % 64);
        }
        self.len += 1;
    }

    /// Adds the rows of a set.
    pub fn extend(&mut self, bits: &Bits) {
        let used = self.len % 64;
        for index in 0..word_count(bits.len) {
            let word = bits.word(index);
            match self.words.last_mut() {
                Some(last) if used > 0 => {
                    *last |= word << used;
                    self.words.push(word >> (64 - used));
                }
                _ => self.words.push(word),
            }
        }
        self.len += bits.len;
        self.words.truncate(word_count(self.len));
    }

    /// Number of rows so far.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether no row was added.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The set.
    #[must_use]
    pub fn finish(self) -> Bits {
        Bits::from_words(self.len, self.words)
    }
}

#[cfg(test)]
#[expect(clippy::indexing_slicing, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn set_operations_agree_with_plain_booleans() {
        for len in [0, 1, 63, 64, 65, 130] {
            let a = |row: usize| row.is_multiple_of(3);
            let b = |row: usize| row.is_multiple_of(2) || row > 100;
            let (x, y) = (Bits::from_fn(len, a), Bits::from_fn(len, b));
            let check = |set: &Bits, want: &dyn Fn(usize) -> bool| {
                assert!((0..len).all(|row| set.get(row) == want(row)), "length {len}");
                assert_eq!(set.iter().count(), set.count());
            };
            check(&x.and(&y), &|row| a(row) && b(row));
            check(&x.or(&y), &|row| a(row) || b(row));
            check(&x.not(), &|row| !a(row));
            check(&x.and_not(&y), &|row| a(row) && !b(row));
            check(&Bits::uniform(len, true).and_not(&x), &|row| !a(row));
            for (start, end) in [(0, len), (0, 1), (1, len / 2), (60, 70), (len, len)] {
                let want = (start..end.min(len)).filter(|&row| a(row)).count();
                assert_eq!(
                    (x.count_in(start..end), x.any_in(start..end)),
                    (want, want > 0),
                    "{start}..{end} of {len}"
                );
            }
            assert!(x.or(&x.not()).all());
            assert!(!x.get(len));
        }
    }

    #[test]
    fn sets_are_put_one_after_another() {
        let test = |row: usize| row.is_multiple_of(3) || row % 7 == 5;
        for lengths in [vec![], vec![64, 64], vec![1, 63, 0, 65, 7], vec![130, 2, 200, 61]] {
            let mut builder = BitsBuilder::default();
            let mut start = 0;
            for len in lengths {
                builder.extend(&Bits::from_fn(len, |row| test(start + row)));
                start += len;
            }
            builder.push(true);
            let set = builder.finish();
            assert_eq!(set, Bits::from_fn(start + 1, |row| row == start || test(row)));
        }
    }

    #[test]
    fn lists_are_summed_up_and_spread_as_row_by_row() {
        for lengths in [
            vec![],
            vec![0],
            vec![3, 0, 1, 70, 0, 64, 65, 2, 63, 1],
            vec![1; 200],
            (0..130).map(|row| row % 5).collect(),
        ] {
            let offsets: Vec<u32> = std::iter::once(0)
                .chain(lengths.iter().scan(0, |end, len| {
                    *end += len;
                    Some(*end)
                }))
                .collect();
            let elements = *offsets.last().unwrap_or(&0) as usize;
            let range = |row: usize| offsets[row] as usize..offsets[row + 1] as usize;
            for test in [
                |row: usize| row.is_multiple_of(7),
                |row: usize| !row.is_multiple_of(7),
                |_| true,
                |_| false,
            ] {
                let inner = Bits::from_fn(elements, test);
                assert_eq!(
                    inner.any_between(&offsets),
                    Bits::from_fn(lengths.len(), |row| range(row).any(test))
                );
                let counts: Vec<usize> = inner.counts_between(&offsets).collect();
                assert_eq!(
                    counts,
                    (0..lengths.len())
                        .map(|row| range(row).filter(|&at| test(at)).count())
                        .collect::<Vec<_>>()
                );
                let outer = Bits::from_fn(lengths.len(), test);
                let parent = |at: usize| {
                    (0..lengths.len()).find(|&row| range(row).contains(&at)).unwrap_or(0)
                };
                assert_eq!(outer.spread(&offsets), Bits::from_fn(elements, |at| test(parent(at))));
            }
        }
    }
}
