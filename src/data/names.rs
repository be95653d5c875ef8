//! Names as people write them: full-width equals half-width, outer blanks do not count, and a near
//! miss gets a suggestion.

use crate::invariant::fit;
use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// Trims blanks and makes full-width letters, digits and signs half-width.
#[must_use]
pub fn fold(text: &str) -> Cow<'_, str> {
    let text = text.trim();
    if text.is_ascii() || !text.chars().any(|c| half_width(c) != c) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(half_width).collect::<String>().trim().to_owned())
}

/// The half-width form of a full-width character; any other character as it is.
fn half_width(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => {
            u32::from(c).checked_sub(0xFEE0).and_then(char::from_u32).unwrap_or(c)
        }
        '\u{3000}' | '\u{A0}' => ' ',
        '\u{2212}' => '-',
        '\u{FFE5}' => '¥',
        _ => c,
    }
}

/// Multiplies eight bytes at a time; only for words of the schema, which nobody floods.
#[derive(Default)]
pub struct WordHasher(u64);

impl Hasher for WordHasher {
    fn write(&mut self, bytes: &[u8]) {
        let mut chunks = bytes.chunks_exact(8);
        for chunk in &mut chunks {
            self.write_u64(chunk.try_into().map_or(0, u64::from_le_bytes));
        }
        let rest = chunks.remainder().iter().fold(0, |word, &byte| word << 8 | u64::from(byte));
        self.write_u64(rest);
    }
    fn write_u64(&mut self, word: u64) {
        let product = u128::from(self.0 ^ word ^ 0x9E37_79B9_7F4A_7C15) * 0xD6E8_FEB8_6659_FD93;
        self.0 = (product >> 64) as u64 ^ product as u64;
    }
    fn write_u8(&mut self, byte: u8) {
        self.0 = self.0.rotate_left(5) ^ u64::from(byte);
    }
    fn finish(&self) -> u64 {
        self.0
    }
}

/// Words with what they stand for.
#[derive(Debug, Default, Clone)]
pub struct Lookup {
    words: HashMap<Box<str>, u32, BuildHasherDefault<WordHasher>>,
    /// The words in lower case; nothing where words that differ only in case stand for several.
    lower: HashMap<Box<str>, Option<u32>, BuildHasherDefault<WordHasher>>,
}

impl Lookup {
    /// Adds a word; what was there before stays.
    pub fn add(&mut self, word: &str, target: usize) {
        let target = fit(target);
        self.words.entry(word.into()).or_insert(target);
        self.words.entry(fold(word).into()).or_insert(target);
        let same = self.lower.entry(fold(word).to_ascii_lowercase().into()).or_insert(Some(target));
        *same = same.filter(|known| *known == target);
    }

    /// What a word stands for, whatever case its ASCII letters are in; none where that could be
    /// several.
    #[must_use]
    pub fn get_in_any_case(&self, word: &str) -> Option<usize> {
        let exact = self.get(word).and_then(|target| u32::try_from(target).ok());
        exact
            .or_else(|| {
                let word = fold(word);
                if word.len() > LONGEST_NAME {
                    None
                } else {
                    *self.lower.get(&*word.to_ascii_lowercase())?
                }
            })
            .map(|target| target as usize)
    }

    /// What a word stands for.
    #[must_use]
    pub fn get(&self, word: &str) -> Option<usize> {
        if word.len() > LONGEST_NAME {
            return None;
        }
        let hit = self.words.get(word).or_else(|| self.words.get(&*fold(word)));
        hit.map(|target| *target as usize)
    }
}

/// No name anyone declares is longer, in bytes.
const LONGEST_NAME: usize = 1000;

/// The candidate a person most likely meant.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    crate::nearest::nearest(&fold(word), candidates)
}

/// A text short enough for a message, on one line.
#[must_use]
pub fn shorten(text: &str) -> String {
    const SHOWN: usize = 40;
    let mut short: String =
        text.chars().take(SHOWN).map(|c| if c.is_control() { '\u{FFFD}' } else { c }).collect();
    if text.chars().nth(SHOWN).is_some() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_width_equals_half_width() {
        assert_eq!(fold("　５１％ "), "51%");
        assert_eq!(fold("数量（件）"), "数量(件)");
        let mut lookup = Lookup::default();
        lookup.add("数量（件）", 3);
        for word in ["数量（件）", "数量(件)", " 数量(件） "] {
            assert_eq!(lookup.get(word), Some(3), "{word}");
        }
        assert_eq!(lookup.get("数量"), None);
    }

    #[test]
    fn suggestions_are_near_and_never_far() {
        let names = ["lending_limit", "名称", "馆藏"];
        assert_eq!(nearest("lending_limt", names).as_deref(), Some("lending_limit"));
        assert_eq!(nearest("名稱", names).as_deref(), Some("名称"));
        assert_eq!(nearest("颜色", names), None);
        assert_eq!(nearest(&"长".repeat(1_000_000), names), None);
    }

    #[test]
    fn long_texts_are_cut() {
        assert_eq!(shorten("a\nb"), "a\u{FFFD}b");
        assert_eq!(shorten(&"字".repeat(1000)).chars().count(), 41);
    }
}
