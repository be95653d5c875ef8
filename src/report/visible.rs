//! Rank 5: text from data made safe to show. What would move the cursor, hide or reorder text becomes a sign one can see.

use std::borrow::Cow;
use std::fmt::Write;
use unicode_width::UnicodeWidthChar;

/// The text on one line, with a sign for every control, bidirectional and invisible character: `␛`, `␊`, `⟨U+202E⟩`.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        push(&mut shown, c);
    }
    Cow::Owned(shown)
}

/// Appends a character, or the sign that stands for it; a tab becomes a blank.
pub fn push(shown: &mut String, c: char) {
    match c {
        '\t' => shown.push(' '),
        '\0'..='\x1f' => shown.push(char::from_u32(0x2400 + u32::from(c)).unwrap_or('␀')),
        '\x7f' => shown.push('␡'),
        _ if is_hidden(c) => {
            // Writing to a `String` cannot fail.
            let _ = write!(shown, "⟨U+{:04X}⟩", u32::from(c));
        }
        _ => shown.push(c),
    }
}

/// The columns of a character, or of the sign that stands for it.
#[must_use]
pub fn width(c: char) -> usize {
    match c {
        '\0'..='\x1f' | '\x7f' => 1,
        _ if is_hidden(c) => {
            if u32::from(c) > 0xFFFF {
                9
            } else {
                8
            }
        }
        _ => c.width().unwrap_or(0),
    }
}

/// Control characters (C0, C1), line separators, the format characters (Unicode category Cf) that direct or hide text, and
/// the two that no XML may hold.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}')
        || matches!(c, '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{FFFE}' | '\u{FFFF}' | '\u{E0000}'..='\u{E007F}')
}

#[cfg(test)]
mod tests {
    use super::{visible, width};
    use unicode_width::UnicodeWidthStr;

    #[test]
    fn what_hides_is_shown() {
        assert_eq!(visible("红\u{1b}[31m\u{202e}左\u{200b}\r\n\t终\u{85}\u{7f}"), "红␛[31m⟨U+202E⟩左⟨U+200B⟩␍␊ 终⟨U+0085⟩␡");
    }

    #[test]
    fn signs_are_as_wide_as_they_say() {
        for letter in ['\0', '\t', '\x7f', '\u{85}', '\u{202e}', '\u{e0001}', '字', 'a', '\u{301}'] {
            assert_eq!(width(letter), visible(&letter.to_string()).width(), "{letter:?}");
        }
    }

    #[test]
    fn what_is_plain_stays() {
        assert_eq!(visible("凡是 “whenever” — é"), "凡是 “whenever” — é");
    }
}
