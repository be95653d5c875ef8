//! Rank 0: text from data made safe to show. What would move the cursor, hide or reorder text
//! becomes a sign one can see.

use std::borrow::Cow;
use std::fmt::Write;
use unicode_width::UnicodeWidthChar;

/// The text on one line, with a sign for every control, bidirectional and invisible character: `␛`,
/// `␊`, `⟨U+202E⟩`.
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

/// Control characters (C0, C1), line separators, the characters that direct text or have no shape
/// of their own (Unicode's
/// `Default_Ignorable_Code_Point`, but for variation selectors, which names of people need), and
/// the two that no XML may hold.
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{AD}'
                | '\u{34F}'
                | '\u{61C}'
                | '\u{115F}'
                | '\u{1160}'
                | '\u{17B4}'
                | '\u{17B5}'
                | '\u{180B}'..='\u{180F}'
        )
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
            | '\u{3164}' | '\u{FEFF}' | '\u{FFA0}')
        || matches!(c, '\u{FFF9}'..='\u{FFFB}' | '\u{FFFE}' | '\u{FFFF}' | '\u{1BCA0}'..='\u{1BCA3}'
            | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E00FF}')
}

#[cfg(test)]
mod tests {
    use super::{visible, width};
    use unicode_width::UnicodeWidthStr;

    #[test]
    fn what_hides_is_shown() {
        assert_eq!(
            visible("红\u{1b}[31m\u{202e}左\u{200b}\r\n\t终\u{85}\u{7f}"),
            "红␛[31m⟨U+202E⟩左⟨U+200B⟩␍␊ 终⟨U+0085⟩␡"
        );
    }

    #[test]
    fn signs_are_as_wide_as_they_say() {
        for letter in ['\0', '\t', '\x7f', '\u{85}', '\u{202e}', '\u{e0001}', '字', 'a', '\u{301}']
        {
            assert_eq!(width(letter), visible(&letter.to_string()).width(), "{letter:?}");
        }
    }

    #[test]
    fn what_is_plain_stays() {
        assert_eq!(visible("凡是 “whenever” — é"), "凡是 “whenever” — é");
    }
}
