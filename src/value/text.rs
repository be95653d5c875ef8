//! Text as data has it: full-width forms equal half-width ones.

use std::borrow::Cow;

/// The half-width form of a full-width character (Unicode block FF00–FFEF, ideographic space and
/// the common Chinese punctuation); others unchanged.
#[must_use]
pub fn narrow(letter: char) -> char {
    match letter {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(letter) - 0xFEE0).unwrap_or(letter),
        '\u{3000}' => ' ',
        '。' => '.',
        '【' => '[',
        '】' => ']',
        '“' | '”' => '"',
        '‘' | '’' => '\'',
        _ => letter,
    }
}

/// A sign of a name as it is compared: letters stay as they are, because in names `Ａ` and `A` are
/// two.
#[must_use]
pub fn narrow_sign(letter: char) -> char {
    if letter.is_alphanumeric() { letter } else { narrow(letter) }
}

/// A name as it is compared: the width of its signs does not count, nor the shape of its quotation
/// marks.
#[must_use]
pub fn name_form(name: &str) -> Cow<'_, str> {
    if name.chars().all(|letter| narrow_sign(letter) == letter) {
        return Cow::Borrowed(name);
    }
    Cow::Owned(name.chars().map(narrow_sign).collect())
}
