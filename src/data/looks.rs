//! Files that are something else than their names say.

use super::Format;

/// What a file that is no workbook seems to be.
#[cfg_attr(not(feature = "workbook"), allow(dead_code, reason = "some only workbooks look like"))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Looks {
    /// A page of HTML under a workbook's name.
    Html,
    /// Text under a workbook's name.
    Text,
    /// An archive of something else.
    Archive,
    /// A workbook of OpenDocument.
    Ods,
    /// A text document in RTF.
    Rtf,
    /// One JSON object a line.
    JsonLines,
    /// A workbook before 1997.
    Old,
    /// A workbook in a binary format, `.xlsb`.
    Binary,
    /// A workbook in the XML of 2003.
    Xml2003,
    /// A workbook, or another archive, under the name of a text.
    Workbook,
    /// A workbook of the old format under the name of a text.
    OldWorkbook,
    /// Pages to print.
    Pdf,
    /// JSON under another name.
    Json,
    /// Nothing known.
    Unknown,
}

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
        [b'P', b'K', 3 | 5, 4 | 6, ..] => Some(packed(bytes)),
        [b'R', b'a', b'r', b'!', ..] | [b'7', b'z', 0xBC, 0xAF, ..] => Some(Looks::Archive),
        _ if head.starts_with(br"{\rtf") => Some(Looks::Rtf),
        [0xD0, 0xCF, 0x11, 0xE0, ..] => Some(Looks::OldWorkbook),
        [b'%', b'P', b'D', b'F', ..] => Some(Looks::Pdf),
        _ if is_markup && (holds(b"excel.sheet") || holds(b"office:spreadsheet")) => {
            Some(Looks::Xml2003)
        }
        _ if is_markup && (holds(b"<html") || holds(b"<table") || holds(b"<!doctype html")) => {
            Some(Looks::Html)
        }
        [b'{', ..] if format == Format::Csv && tail == Some(b'}') => {
            // An object on the first line, and more of them below.
            let mut lines = bytes.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
            let is_whole = lines.next().is_some_and(|line| line.ends_with(b"}"));
            let more = lines.any(|line| line.starts_with(b"{"));
            Some(if is_whole && more { Looks::JsonLines } else { Looks::Json })
        }
        [b'[', ..] if format == Format::Csv && tail == Some(b']') => Some(Looks::Json),
        _ => None,
    }
}

/// What an archive of ZIP seems to be.
fn packed(bytes: &[u8]) -> Looks {
    let holds = |word: &[u8]| memchr::memmem::find(bytes, word).is_some();
    if holds(b"opendocument.spreadsheet") {
        Looks::Ods
    } else if holds(b"xl/workbook")
        || holds(b"xl\\workbook")
        || holds(b"[Content_Types].xml") && !holds(b"word/document")
    {
        Looks::Workbook
    } else {
        Looks::Archive
    }
}
