//! Keys as people read them: what looks the same is the same key.
//!
//! The canonical form of a key is its compatibility normalisation (Unicode NFKC, UAX 15: full-width
//! `Ａ` is `A`, `①` is `1`) without invisible characters and without blanks at its ends. Case
//! counts. A key is shown as it was written and compared in this form.

use crate::visible::is_hidden;
use std::borrow::Cow;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

/// The canonical form of a key; borrowed where the text is in that form but for what stands at its
/// ends. Empty for a text of which nothing can be seen.
#[must_use]
pub fn canonical(text: &str) -> Cow<'_, str> {
    if is_plain(text) {
        return Cow::Borrowed(text);
    }
    let text = seen(text);
    let stays = |letter: char| letter != '\t' && !is_invisible(letter);
    if text.chars().all(stays) && is_nfkc_quick(text.chars()) == IsNormalized::Yes {
        return Cow::Borrowed(text);
    }
    let visible = text.chars().filter(|letter| !is_invisible(*letter));
    let blanks = visible.map(|letter| if letter == '\t' { ' ' } else { letter });
    // The form of `¨` begins with a blank.
    Cow::Owned(blanks.nfkc().collect::<String>().trim().to_owned())
}

/// A title without the brackets 《》 around the whole of it; any other text as it is.
#[must_use]
pub fn title(text: &str) -> &str {
    let bare = text.strip_prefix('《').and_then(|text| text.strip_suffix('》'));
    let is_whole = |inner: &&str| {
        let mut depth = 0_u32;
        inner.chars().all(|letter| match letter {
            '《' => {
                depth += 1;
                true
            }
            '》' => {
                depth = depth.wrapping_sub(1);
                depth != u32::MAX
            }
            _ => true,
        })
    };
    bare.filter(is_whole).unwrap_or(text).trim()
}

/// A text without what cannot be seen at its ends.
#[must_use]
pub fn seen(text: &str) -> &str {
    text.trim_matches(is_unseen)
}

/// Whether nothing of a text can be seen.
#[must_use]
pub fn is_blank(text: &str) -> bool {
    !text.as_bytes().first().is_some_and(u8::is_ascii_graphic) && text.chars().all(is_unseen)
}

fn is_unseen(letter: char) -> bool {
    !is_common(letter) && (letter.is_whitespace() || is_invisible(letter))
}

/// Whether a character is one that most keys are made of, and that can be seen.
fn is_common(letter: char) -> bool {
    matches!(letter, '!'..='~' | '\u{4E00}'..='\u{9FFF}')
}

/// Whether a text consists of signs that are their own canonical form beside any others: what most
/// keys are made of.
fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    if bytes.first() == Some(&b' ') || bytes.last() == Some(&b' ') {
        return false;
    }
    // Without a way out: a short loop that need not stop early is faster.
    bytes.iter().fold(true, |plain, byte| plain & matches!(byte, b' '..=b'~'))
        || text.chars().all(|letter| letter == ' ' || is_common(letter))
}

/// Whether nothing of a character can be seen: controls but for the tab, what directs text, blanks
/// without width, and the selectors of a variant of the character before.
#[must_use]
pub fn is_invisible(letter: char) -> bool {
    letter != '\t' && is_hidden(letter)
        || matches!(letter, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}')
}

/// Where the first character of a text stands that cannot be seen, in bytes.
#[must_use]
pub fn first_invisible(text: &str) -> Option<usize> {
    if is_plain(text) { None } else { text.find(is_invisible) }
}

/// Where two texts of one canonical form first differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What both have before that.
    pub before: String,
    /// The character of each there; `None` at the end of a text.
    pub letters: [Option<char>; 2],
}

/// Where two texts first differ; `None` where they do not.
#[must_use]
pub fn difference(a: &str, b: &str) -> Option<Difference> {
    let (mut left, mut right) = (a.chars(), b.chars());
    let mut before = String::new();
    loop {
        match (left.next(), right.next()) {
            (None, None) => return None,
            (Some(a), Some(b)) if a == b => before.push(a),
            letters => return Some(Difference { before, letters: letters.into() }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_the_same_is_the_same() {
        for (written, form) in [
            ("Ａ－１０２", "A-102"),
            (" 　\u{A0}甲法\u{2003}\u{FEFF}", "甲法"),
            ("A\u{200B}B\u{AD}C\u{202E}\u{2069}", "ABC"),
            ("葛\u{E0100}①\u{FE0F}", "葛1"),
            ("e\u{200B}\u{301}", "é"),
            ("（一）\t甲\n乙", "(一) 甲乙"),
            ("ｶﾞ", "ガ"),
            ("《甲法》 第一条", "《甲法》 第一条"),
            ("aA", "aA"),
            ("\u{200B}\u{3000}", ""),
            ("", ""),
        ] {
            assert_eq!(canonical(written), form, "{written:?}");
        }
    }

    #[test]
    fn the_form_of_a_form_is_itself_and_has_nothing_that_cannot_be_seen() {
        // The planes that have letters, and the one of tags and selectors.
        for letter in ('\0'..='\u{2FFFF}').chain('\u{E0000}'..='\u{E0FFF}') {
            for text in [letter.to_string(), format!("A{letter}\u{301}甲")] {
                let form = canonical(&text).into_owned();
                assert!(
                    !form.chars().any(|letter| is_invisible(letter) || letter == '\t'),
                    "U+{:04X}",
                    u32::from(letter)
                );
                assert_eq!(canonical(&form), form, "U+{:04X}", u32::from(letter));
            }
        }
    }

    #[test]
    fn brackets_around_a_title_are_no_part_of_it() {
        for (written, bare) in [
            ("《甲法》", "甲法"),
            ("《 甲法 》", "甲法"),
            ("《关于废止《甲法》的决定》", "关于废止《甲法》的决定"),
            ("《甲法》和《乙法》", "《甲法》和《乙法》"),
            ("《甲法》第三条", "《甲法》第三条"),
            ("甲法", "甲法"),
            ("《》", ""),
        ] {
            assert_eq!(title(written), bare, "{written}");
        }
    }

    #[test]
    fn nothing_is_copied_that_is_canonical() {
        for text in ["XK-017", "食品经营许可 第3类", "《行政许可法》、“甲”", " 甲 "]
        {
            assert!(matches!(canonical(text), Cow::Borrowed(_)), "{text}");
        }
    }

    #[test]
    fn a_difference_is_at_its_first_character() {
        let at = |before: &str, letters| Some(Difference { before: before.to_owned(), letters });
        assert_eq!(difference("甲Ａ", "甲A"), at("甲", [Some('Ａ'), Some('A')]));
        assert_eq!(difference("ABC", "ABC\u{200B}"), at("ABC", [None, Some('\u{200B}')]));
        assert_eq!(difference("甲", "甲"), None);
    }
}
