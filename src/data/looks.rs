//! Files that are something else than their names say.

use super::Format;
use super::fault::Looks;

/// How many bytes at the beginning tell what a file is.
const HEAD: usize = 512;

/// What a text file seems to be, if it is none of its format.
#[must_use]
pub fn mislabelled(bytes: &[u8], format: Format) -> Option<Looks> {
    let head = bytes.get(..bytes.len().min(HEAD)).unwrap_or(bytes);
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
    let lower = head.to_ascii_lowercase();
    let holds = |word: &[u8]| memchr::memmem::find(&lower, word).is_some();
    let tail = bytes.trim_ascii_end().last().copied();
    let is_markup = head.first() == Some(&b'<') && format != Format::Xes;
    match head {
        [b'P', b'K', 3 | 5, 4 | 6, ..] => Some(Looks::Workbook),
        [0xD0, 0xCF, 0x11, 0xE0, ..] => Some(Looks::OldWorkbook),
        [b'%', b'P', b'D', b'F', ..] => Some(Looks::Pdf),
        _ if is_markup && (holds(b"excel.sheet") || holds(b"office:spreadsheet")) => {
            Some(Looks::Xml2003)
        }
        _ if is_markup && (holds(b"<html") || holds(b"<table") || holds(b"<!doctype html")) => {
            Some(Looks::Html)
        }
        [b'{', ..] if format == Format::Csv && tail == Some(b'}') => Some(Looks::Json),
        [b'[', ..] if format == Format::Csv && tail == Some(b']') => Some(Looks::Json),
        _ => None,
    }
}
