//! The bytes of a file, or of a stretch of lines of it.

use super::fault::{Fault, StatedBy};
use super::inflate::inflate;
use super::{Format, Input, Store, encoding, looks, xes};
use encoding_rs::{Encoding, UTF_8};
use std::io;

/// A stretch of a file.
#[derive(Clone, Copy, Debug)]
pub struct Stretch {
    /// The input.
    pub input: usize,
    /// Lines that begin in these bytes; `None` for a whole file.
    pub lines: Option<(u64, u64)>,
}

/// How many bytes of JSON lines are read at once.
pub const CHUNK: u64 = 1 << 18;

/// The most bytes of text that are read at once.
pub const WHOLE: u64 = 2 << 30;

/// The most bytes of a line.
const LONGEST_LINE: usize = 256 << 20;

/// Whether a large file is UTF-8, judged by samples; where they err, the bytes that are not are
/// reported.
#[must_use]
pub fn is_utf_8(input: &Input) -> bool {
    let len = input.store.len();
    let mut seen = Vec::new();
    for sample in 0..16 {
        let start = len / 16 * sample;
        let Ok(bytes) = input.store.read(start, (start + 4096).min(len)) else { return false };
        let first = bytes.iter().position(|byte| byte & 0xC0 != 0x80).unwrap_or(0);
        let last = bytes.iter().rposition(|byte| byte & 0xC0 != 0x80).unwrap_or(0);
        let from = if sample == 0 { 0 } else { first };
        seen.extend_from_slice(bytes.get(from..last).unwrap_or(&[]));
    }
    encoding::detect(&seen, input.mapping.encoding.as_deref())
        .is_ok_and(|(encoding, _)| encoding == UTF_8)
}

/// Bytes read from a file: `bytes[from..]` begin at byte `stored` of it.
#[derive(Default)]
pub struct Stored {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// Where those asked for begin.
    pub from: usize,
    /// Where these begin in the file.
    pub stored: u64,
    /// Whether they are what the file holds packed.
    pub packed: bool,
    /// Whether nothing says what encoding they are in.
    pub guessed: bool,
}

/// The whole lines that begin in `start..end`.
fn read_lines(store: &dyn Store, start: u64, end: u64) -> io::Result<Stored> {
    const TAIL: u64 = 4096;
    let len = store.len();
    let base = start.saturating_sub(1);
    let mut bytes = store.read(base, (end + TAIL).min(len))?;
    let from =
        if start == 0 { 0 } else { memchr::memchr(b'\n', &bytes).map_or(bytes.len(), |at| at + 1) };
    let stored = base + from as u64;
    if stored >= end {
        return Ok(Stored { stored, ..Stored::default() });
    }
    let mut search = usize::try_from(end - 1 - base).unwrap_or(usize::MAX);
    loop {
        if let Some(at) = memchr::memchr(b'\n', bytes.get(search..).unwrap_or(&[])) {
            bytes.truncate(search + at + 1);
            break;
        }
        search = bytes.len();
        if search > LONGEST_LINE {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let next = base + search as u64;
        if next >= len {
            break;
        }
        bytes.extend_from_slice(&store.read(next, (next + CHUNK).min(len))?);
    }
    Ok(Stored { bytes, from, stored, ..Stored::default() })
}

/// The bytes of a stretch without a byte order mark, unpacked where they are packed, and their
/// encoding.
///
/// # Errors
/// Where the file cannot be read, or not be unpacked.
pub fn read_bytes(input: &Input, stretch: Stretch) -> Result<(Stored, &'static Encoding), Fault> {
    let unreadable = |error: io::Error| match error.kind() {
        io::ErrorKind::FileTooLarge => Fault::TooLarge,
        _ => Fault::Unreadable(error.to_string()),
    };
    let (mut stored, encoding, mark) = match stretch.lines {
        Some((start, end)) => {
            let stored = read_lines(&*input.store, start, end).map_err(unreadable)?;
            let mark = if start == 0 {
                Encoding::for_bom(&stored.bytes).map_or(0, |(_, mark)| mark)
            } else {
                0
            };
            (stored, UTF_8, mark)
        }
        None if input.store.len() > WHOLE => return Err(Fault::TooLarge),
        None => {
            let mut bytes = input.store.read(0, input.store.len()).map_err(unreadable)?;
            let packed = bytes.starts_with(b"\x1F\x8B");
            if packed {
                bytes = inflate(&bytes)?;
            }
            // Old programs end a text so.
            let text = bytes.trim_ascii_end();
            if input.format != Format::Workbook && text.ends_with(b"\x1A") {
                let end = text.iter().rposition(|byte| *byte != 0x1A).map_or(0, |at| at + 1);
                bytes.truncate(end);
            }
            let stored = Stored { bytes, packed, ..Stored::default() };
            if input.format == Format::Workbook {
                return Ok((stored, UTF_8));
            }
            let declared = if input.format == Format::Xes {
                xes::declared_encoding(&stored.bytes)
            } else {
                None
            };
            let declared = declared.filter(|label| {
                !label.eq_ignore_ascii_case("utf-8")
                    && Encoding::for_label(label.as_bytes()).is_some()
            });
            let label = input.mapping.encoding.as_deref().or(declared.as_deref());
            if let Some(looks) = looks::mislabelled(&stored.bytes, input.format) {
                return Err(Fault::Mislabelled(looks));
            }
            let (encoding, mark) = encoding::detect(&stored.bytes, label)?;
            let by = match &input.mapping.encoding {
                Some(_) => Some(StatedBy::Manifest),
                None => declared.as_ref().map(|_| StatedBy::Heading),
            };
            encoding::doubt(&stored.bytes, encoding, by)?;
            let mut stored = stored;
            stored.guessed = label.is_none() && mark == 0 && encoding != UTF_8;
            let other = encoding::other(&stored.bytes, encoding).filter(|_| stored.guessed);
            if let Some(other) = other {
                return Err(Fault::DoubtfulEncoding(encoding.name(), other.name()));
            }
            (stored, encoding, mark)
        }
    };
    stored.from += mark;
    stored.stored += mark as u64;
    Ok((stored, encoding))
}
