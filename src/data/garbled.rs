//! Texts whose bytes were once read in the wrong encoding, and stored so: what they were, where
//! their bytes still say it.

use encoding_rs::{Encoding, GB18030, UTF_8, WINDOWS_1252};
use std::sync::LazyLock;

/// What a garbled text was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meant {
    /// The text, as far as its bytes are left.
    pub text: String,
    /// The encoding of its bytes.
    pub right: &'static str,
    /// The one they were read in.
    pub wrong: &'static str,
}

/// A text that is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Garbled {
    /// What it was can be told.
    Read(Meant),
    /// Nothing is left to tell it by.
    Lost,
    /// Single letters are lost; the rest stands.
    Gaps,
}

/// What stands where UTF-8 read as GB18030 lost its bytes, and where memory was never written.
const LOST: [&str; 3] = ["锟斤拷", "烫烫烫", "屯屯屯"];

/// Fewer bytes than this many characters of a script say nothing.
const FEW: usize = 2;

/// Looks at a text; `None` where it is one.
#[inline]
#[must_use]
pub fn look(text: &str) -> Option<Garbled> {
    if is_calm(text.as_bytes()) { None } else { look_closely(text) }
}

/// Whether a text, all of letters of three bytes, as those of Chinese are, has nothing that a
/// garbled one has. Nearly every text of a file is asked for.
#[inline]
#[must_use]
pub fn is_calm(text: &[u8]) -> bool {
    let (letters, rest) = text.as_chunks::<3>();
    let mut is_doubtful = !rest.is_empty();
    for [a, b, c] in letters {
        let letter = u32::from_be_bytes([0, *a, *b, *c]);
        is_doubtful |= !matches!(a, 0xE3..=0xEF)
            | matches!(letter, 0xEF_BF_BD | 0xE9_94_9F | 0xE7_83_AB | 0xE5_B1_AF);
    }
    let Some([a, b, c]) = letters.first() else { return false };
    let first = (u32::from(*a) & 15) << 12 | (u32::from(*b) & 63) << 6 | u32::from(*c) & 63;
    !is_doubtful && !may_begin_one(first)
}

fn look_closely(text: &str) -> Option<Garbled> {
    let Some(first) = text.chars().find(|letter| !letter.is_ascii()) else { return marks(text) };
    if u32::from(first) < 0x3000 {
        return latin(text).map(Garbled::Read).or_else(|| lost(text));
    }
    if may_begin_one(u32::from(first))
        && let Some(meant) = chinese(text)
    {
        return Some(Garbled::Read(meant));
    }
    lost(text)
}

/// What programs write for letters that an encoding has not: a `?` for each.
fn marks(text: &str) -> Option<Garbled> {
    if !text.contains("???") {
        return None;
    }
    let is_all = text.bytes().all(|byte| matches!(byte, b'?' | b' '));
    Some(if is_all { Garbled::Lost } else { Garbled::Gaps })
}

fn lost(text: &str) -> Option<Garbled> {
    let is_in = |letter: char| matches!(letter, '\u{FFFD}' | '锟' | '烫' | '屯');
    if !text.chars().any(is_in) {
        return None;
    }
    let gaps = || text.contains('\u{FFFD}').then_some(Garbled::Gaps);
    if LOST.iter().any(|word| text.contains(word)) { Some(Garbled::Lost) } else { gaps() }
}

/// `鎴峰` for the first bytes of a text in UTF-8.
fn chinese(text: &str) -> Option<Meant> {
    // The last byte of a text is lost where it makes no pair.
    let text = text.trim_end_matches(['\u{FFFD}', '?']);
    // A byte 80 by itself is read as the sign of the euro: `涓€`.
    let parts: Vec<_> = text.split('€').map(|part| GB18030.encode(part).0).collect();
    let bytes = parts.join(&0x80);
    let valid = Encoding::utf8_valid_up_to(&bytes);
    let meant = std::str::from_utf8(bytes.get(..valid)?).ok()?;
    let wide = |letter: &char| !letter.is_ascii();
    let is_chinese = |letter: char| {
        matches!(letter, '\u{2010}'..='\u{2040}' | '\u{3000}'..='\u{303F}'
        | '\u{4E00}'..='\u{9FFF}' | '\u{FF00}'..='\u{FF65}')
    };
    (valid + 3 > bytes.len()
        && meant.chars().filter(wide).count() >= FEW
        && meant.chars().filter(wide).all(is_chinese))
    .then(|| Meant { text: meant.to_owned(), right: UTF_8.name(), wrong: GB18030.name() })
}

/// `æˆ·å¤–` for a text in UTF-8, `»§Íâ` for one in GB18030, both read as Latin letters.
fn latin(text: &str) -> Option<Meant> {
    let (bytes, _, failed) = WINDOWS_1252.encode(text);
    if failed {
        return None;
    }
    let wrong = WINDOWS_1252.name();
    if let Ok(meant) = std::str::from_utf8(&bytes) {
        return Some(Meant { text: meant.to_owned(), right: UTF_8.name(), wrong });
    }
    // Only Chinese makes pairs of bytes above ASCII, all of them signs.
    let mut runs = bytes.split(u8::is_ascii).filter(|run| !run.is_empty());
    let is_sign =
        |pair: &[u8]| matches!(pair, [0xB0..=0xF7, 0xA1..=0xFE] | [0xA1 | 0xA3, 0xA1..=0xFE]);
    let is_run = |run: &[u8]| run.len().is_multiple_of(2) && run.chunks(2).all(is_sign);
    let longest = bytes.split(u8::is_ascii).map(<[u8]>::len).max()?;
    (longest >= FEW * 2 && runs.all(is_run)).then(|| {
        let meant = GB18030.decode_without_bom_handling(&bytes).0.into_owned();
        Meant { text: meant, right: GB18030.name(), wrong }
    })
}

/// Whether a text in UTF-8 that is read as GB18030 may begin with a character: its first byte is
/// that of three in UTF-8.
#[inline]
fn may_begin_one(first: u32) -> bool {
    // A bit for each character of the first plane.
    static LEADS: LazyLock<[u64; 0x10000 / 64]> = LazyLock::new(|| {
        let mut bits = [0; 0x10000 / 64];
        let pairs = (0xE4_u8..=0xE9).flat_map(|lead| (0x80..=0xBF).map(move |next| [lead, next]));
        for pair in pairs {
            let read = GB18030.decode_without_bom_handling(&pair).0;
            let first = read.chars().next().map_or(0, u32::from) as usize;
            if let Some(word) = bits.get_mut(first / 64) {
                *word |= 1 << (first % 64);
            }
        }
        bits
    });
    let code = first as usize;
    LEADS.get(code / 64).is_some_and(|word| word >> (code % 64) & 1 == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meant(text: &str) -> Option<String> {
        let Some(Garbled::Read(meant)) = look(text) else { return None };
        Some(format!("{} {}", meant.right, meant.text))
    }

    #[test]
    fn what_was_read_in_the_wrong_encoding_is_told() {
        for text in ["图书目录", "新到的读物", "A1 借书处（一）"] {
            let utf_8 = GB18030.decode_without_bom_handling(text.as_bytes()).0;
            let found = meant(&utf_8);
            assert!(
                found.as_deref().is_some_and(|found| format!("UTF-8 {text}").starts_with(found)),
                "{utf_8}: {found:?}"
            );
            let latin = WINDOWS_1252.decode_without_bom_handling(text.as_bytes()).0;
            assert_eq!(meant(&latin), Some(format!("UTF-8 {text}")));
            let bytes = GB18030.encode(text).0;
            let latin = WINDOWS_1252.decode_without_bom_handling(&bytes).0;
            assert_eq!(meant(&latin), Some(format!("gb18030 {text}")));
        }
        for (text, found) in [
            ("锟斤拷锟斤拷", Garbled::Lost),
            ("局\u{FFFD}", Garbled::Gaps),
            ("烫烫烫烫", Garbled::Lost),
        ] {
            assert_eq!(look(text), Some(found), "{text}");
        }
    }

    #[test]
    fn what_is_a_text_is_none() {
        for text in [
            "图书目录",
            "联通",
            "锟铻",
            "烫伤",
            "Döner Über",
            "Café",
            "naïve",
            "50 µm",
            "“甲”",
            "—",
            "№ 5",
            "渚",
            "鎴",
            "São Tomé",
            "Ærø",
            "ÄÖÜ",
            "10 °C",
        ] {
            assert_eq!(look(text), None, "{text}");
        }
    }
}
