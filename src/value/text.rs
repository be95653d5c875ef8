//! Text as data has it: full-width forms equal half-width ones.

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
