//! Between bytes of a text and the places of an editor, which counts UTF-16 units and each end of a
//! line, however written, as one.

use serde_json::{Value, json};
use std::ops::Range;

/// A text with its lines measured.
pub(in crate::studio) struct Ruler {
    text: String,
    /// Where each line begins: bytes, and places of the editor.
    lines: Vec<(usize, usize)>,
}

/// How many places an editor has for a text without ends of lines.
fn units(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

impl Ruler {
    pub(in crate::studio) fn new(text: String) -> Self {
        let mut lines = vec![(0, 0)];
        let (mut byte, mut place) = (0, 0);
        for line in text.split_inclusive('\n') {
            byte += line.len();
            let bare = line.strip_suffix('\n').map(|line| line.strip_suffix('\r').unwrap_or(line));
            place += bare.map_or_else(|| units(line), |bare| units(bare) + 1);
            if bare.is_some() {
                lines.push((byte, place));
            }
        }
        Self { text, lines }
    }

    /// The place of a byte.
    pub(in crate::studio) fn place(&self, byte: usize) -> usize {
        let at = self.lines.partition_point(|(start, _)| *start <= byte).saturating_sub(1);
        let (start, place) = self.lines.get(at).copied().unwrap_or_default();
        let next = self.lines.get(at + 1).map(|(_, place)| place - 1);
        let byte = self.text.floor_char_boundary(byte);
        let place = place + self.text.get(start..byte).map_or(0, units);
        next.map_or(place, |end| place.min(end))
    }

    /// The byte of a place; the end of the text for one past it.
    pub(in crate::studio) fn byte(&self, place: usize) -> usize {
        let at = self.lines.partition_point(|(_, start)| *start <= place).saturating_sub(1);
        let (start, mut before) = self.lines.get(at).copied().unwrap_or_default();
        let line = self.text.get(start..).unwrap_or_default();
        for (byte, sign) in line.char_indices() {
            if before >= place {
                return start + byte;
            }
            before += sign.len_utf16();
        }
        self.text.len()
    }

    /// A range as the page has it.
    pub(in crate::studio) fn span(&self, span: &Range<usize>) -> Value {
        json!([self.place(span.start), self.place(span.end)])
    }

    /// The number of the line of a byte, from 1.
    pub(in crate::studio) fn line(&self, byte: usize) -> usize {
        self.lines.partition_point(|(start, _)| *start <= byte)
    }
}

#[cfg(test)]
mod tests {
    use super::Ruler;

    #[test]
    fn bytes_and_places_lead_to_each_other() {
        for text in ["", "甲\n乙丙", "甲\r\n𠮷b\r\n", "a\n\nb", "\r\n", "甲\r乙\n"] {
            let ruler = Ruler::new(text.to_owned());
            let plain: Vec<u16> = text.replace("\r\n", "\n").encode_utf16().collect();
            assert_eq!(ruler.place(text.len()), plain.len(), "{text:?}");
            let inside_end = |at: usize| {
                text.get(at..).is_some_and(|rest| {
                    rest.starts_with('\n') && text.get(..at).is_some_and(|it| it.ends_with('\r'))
                })
            };
            for (byte, _) in text.char_indices().filter(|(at, _)| !inside_end(*at)) {
                assert_eq!(ruler.byte(ruler.place(byte)), byte, "{text:?} {byte}");
            }
            assert_eq!(ruler.byte(usize::MAX), text.len());
        }
    }

    #[test]
    fn an_end_of_a_line_is_one_place() {
        let ruler = Ruler::new("甲\r\n𠮷b\r\nc".to_owned());
        let places = [0, 3, 5, 9, 10, 12].map(|byte| ruler.place(byte));
        assert_eq!(places, [0, 1, 2, 4, 5, 6]);
        assert_eq!([1, 6, 13].map(|byte| ruler.line(byte)), [1, 2, 3]);
    }
}
