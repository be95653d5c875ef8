//! The keys of a frame's objects in the order they came, to be met again in that order: most objects
//! of a document have the same keys, and what a key stands for is found out once.

use super::slot::Slot;

/// Longest order kept.
const MOST_KEYS: usize = 256;

/// Longer keys, in bytes, are not remembered as they are.
pub(super) const LONGEST_KEY: usize = 300;

/// The keys of a frame's objects.
#[derive(Default)]
pub(super) struct Order {
    keys: Vec<(Key, Slot)>,
    next: usize,
}

/// A key with its closing quote.
struct Key {
    bytes: Box<[u8]>,
    /// The same, eight bytes a word, the last one filled up.
    words: Box<[u64]>,
    /// What of the last word is the key's.
    mask: u64,
}

impl Key {
    fn new(name: &str) -> Self {
        let bytes = format!("{name}\"").into_bytes();
        let word = |chunk: &[u8]| {
            let mut word = [0; 8];
            word.iter_mut().zip(chunk).for_each(|(to, byte)| *to = *byte);
            u64::from_le_bytes(word)
        };
        let beyond = bytes.len().next_multiple_of(8) - bytes.len();
        Self {
            words: bytes.chunks(8).map(word).collect(),
            mask: u64::MAX >> (8 * beyond),
            bytes: bytes.into(),
        }
    }

    fn is(&self, name: &str) -> bool {
        self.bytes.strip_suffix(b"\"").is_some_and(|key| key == name.as_bytes())
    }

    /// Whether bytes begin with it: it is short, and compared word by word, without a call.
    #[inline]
    fn begins(&self, bytes: &[u8]) -> bool {
        let chunks = bytes.as_chunks::<8>().0.get(..self.words.len());
        let ends = chunks.and_then(<[_]>::split_last).zip(self.words.split_last());
        let Some(((last, chunks), (end, words))) = ends else {
            return bytes.starts_with(&self.bytes);
        };
        chunks.iter().zip(words).all(|(chunk, word)| u64::from_le_bytes(*chunk) == *word)
            && (u64::from_le_bytes(*last) ^ end) & self.mask == 0
    }
}

impl Order {
    /// An object begins.
    pub(super) fn begin(&mut self) {
        self.next = 0;
    }

    /// The key expected now, or the one after it, where the bytes begin with it and its closing
    /// quote: how many bytes that are, and what it stands for.
    #[inline]
    pub(super) fn expected(&mut self, bytes: &[u8]) -> Option<(usize, Slot)> {
        for at in self.next..self.next + 2 {
            let (key, slot) = self.keys.get(at)?;
            if key.begins(bytes) {
                self.next = at + 1;
                return Some((key.bytes.len(), *slot));
            }
        }
        None
    }

    /// What a key was found to stand for before, wherever it stood.
    pub(super) fn met(&mut self, name: &str) -> Option<Slot> {
        let (passed, coming) = self.keys.split_at_checked(self.next)?;
        let is_own = |(key, _): &(Key, Slot)| key.is(name);
        let found = coming.iter().position(is_own).map(|at| at + self.next);
        let at = found.or_else(|| passed.iter().position(is_own))?;
        self.next = at + 1;
        self.keys.get(at).map(|(_, slot)| *slot)
    }

    /// Learns a key that was not met before, and its place.
    pub(super) fn learn(&mut self, name: &str, slot: Slot) {
        let is_plain = !name.bytes().any(|byte| byte == b'"' || byte == b'\\' || byte < 0x20);
        if is_plain && name.len() <= LONGEST_KEY && self.keys.len() < MOST_KEYS {
            let at = self.next.min(self.keys.len());
            self.keys.insert(at, (Key::new(name), slot));
            self.next = at + 1;
        }
    }

    /// The key read last, where it is one of a field.
    pub(super) fn last_field(&self) -> Option<String> {
        let (key, slot) = self.keys.get(self.next.checked_sub(1)?)?;
        let word =
            std::str::from_utf8(&key.bytes).ok().filter(|_| matches!(slot, Slot::Field(_)))?;
        Some(word.trim_end_matches('"').to_owned())
    }

    /// Whether a key of a field was met.
    pub(super) fn has(&self, field: usize) -> bool {
        self.keys.iter().any(|(_, slot)| matches!(slot, Slot::Field(own) if *own == field))
    }
}
