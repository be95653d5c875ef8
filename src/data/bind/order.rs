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
    /// Each with its closing quote.
    keys: Vec<(Box<[u8]>, Slot)>,
    next: usize,
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
        let mut coming = self.keys.iter().enumerate().skip(self.next).take(2);
        let (at, (key, slot)) = coming.find(|(_, (key, _))| begins(bytes, key))?;
        self.next = at + 1;
        Some((key.len(), *slot))
    }

    /// What a key was found to stand for before, wherever it stood.
    pub(super) fn met(&mut self, name: &str) -> Option<Slot> {
        let (passed, coming) = self.keys.split_at_checked(self.next)?;
        let is_own = |(key, _): &(Box<[u8]>, Slot)| {
            key.strip_suffix(b"\"").is_some_and(|key| key == name.as_bytes())
        };
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
            self.keys.insert(at, (format!("{name}\"").into_bytes().into(), slot));
            self.next = at + 1;
        }
    }

    /// The key read last, where it is one of a field.
    pub(super) fn last_field(&self) -> Option<String> {
        let (key, slot) = self.keys.get(self.next.checked_sub(1)?)?;
        let word = std::str::from_utf8(key).ok().filter(|_| matches!(slot, Slot::Field(_)))?;
        Some(word.trim_end_matches('"').to_owned())
    }

    /// Whether a key of a field was met.
    pub(super) fn has(&self, field: usize) -> bool {
        self.keys.iter().any(|(_, slot)| matches!(slot, Slot::Field(own) if *own == field))
    }
}

/// Whether bytes begin with others, which are few: eight at a time, without a call.
#[inline]
fn begins(bytes: &[u8], with: &[u8]) -> bool {
    let Some(bytes) = bytes.get(..with.len()) else { return false };
    let ((own, own_rest), (other, other_rest)) = (bytes.as_chunks::<8>(), with.as_chunks::<8>());
    let eight = |bytes: &[u8; 8]| u64::from_ne_bytes(*bytes);
    own.iter().zip(other).all(|(own, other)| eight(own) == eight(other))
        && own_rest.iter().zip(other_rest).all(|(own, other)| own == other)
}
