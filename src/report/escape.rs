//! Rank 5: JSON that is safe to show: every character that directs or hides text is written as its
//! escape, which reads as the same character.

use crate::visible::is_hidden;
use serde::Serialize;
use std::io::{Result, Write};

/// Writes a value on one line.
///
/// # Errors
/// Where `out` fails.
pub fn write_json(
    out: &mut (impl Write + ?Sized),
    value: &(impl Serialize + ?Sized),
) -> Result<()> {
    Ok(serde_json::to_writer(Escaped(out), value)?)
}

/// Writes a value, indented.
///
/// # Errors
/// Where `out` fails.
pub fn write_json_pretty(
    out: &mut (impl Write + ?Sized),
    value: &(impl Serialize + ?Sized),
) -> Result<()> {
    Ok(serde_json::to_writer_pretty(Escaped(out), value)?)
}

/// What JSON is written through: outside its strings no such character stands, and the serializer
/// hands over whole ones.
struct Escaped<'o, W: ?Sized>(&'o mut W);

impl<W: Write + ?Sized> Write for Escaped<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        self.write_all(bytes)?;
        Ok(bytes.len())
    }

    fn write_all(&mut self, bytes: &[u8]) -> Result<()> {
        // ASCII and the ideographs from U+4000 to U+9FFF, most of what is written, hide nothing.
        if bytes.iter().all(|byte| matches!(byte, 0..=0x7e | 0x80..=0xbf | 0xe4..=0xe9)) {
            return self.0.write_all(bytes);
        }
        let hidden = |c: &char| *c > '\u{7e}' && is_hidden(*c);
        let Some(text) =
            std::str::from_utf8(bytes).ok().filter(|text| text.chars().any(|c| hidden(&c)))
        else {
            return self.0.write_all(bytes);
        };
        for c in text.chars() {
            if hidden(&c) {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    write!(self.0, "\\u{unit:04x}")?;
                }
            } else {
                self.0.write_all(c.encode_utf8(&mut [0; 4]).as_bytes())?;
            }
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::write_json;

    #[test]
    fn what_hides_is_escaped_and_reads_the_same() {
        let text =
            "凡是\u{1b}[2J\u{9b}31m\u{202e}\u{2028}\u{200b}\u{feff}\u{e0041}\u{7f}\u{0}\"\\\n";
        let mut out = Vec::new();
        write_json(&mut out, text).unwrap();
        let json = String::from_utf8(out).unwrap();
        assert_eq!(
            json,
            "\"凡是\\u001b[2J\\u009b31m\\u202e\\u2028\\u200b\\ufeff\\udb40\\udc41\\u007f\\u0000\\\"\\\\\\n\""
        );
        assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
    }
}
