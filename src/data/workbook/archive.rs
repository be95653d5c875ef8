//! Archives, bounded: what they hold is counted before anything is made of it.

use super::damaged;
use super::parts::workbook_part;
use crate::data::fault::{Fault, Looks};
use crate::data::inflate::allowed;
use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};
use std::sync::Arc;

/// An open archive.
pub struct Archive {
    zip: zip::ZipArchive<Cursor<Arc<[u8]>>>,
    /// Its parts by their names as they are compared, see [`same`].
    parts: BTreeMap<String, usize>,
}

/// A name of a part as names are compared: whatever separates folders, in whatever case.
fn same(name: &str) -> String {
    name.replace('\\', "/").trim_start_matches("./").trim_start_matches('/').to_lowercase()
}

/// What an archive is.
pub enum Kind {
    /// Office Open XML.
    Xlsx,
    /// Open Document.
    Ods,
}

/// Opens an archive whose contents are within bounds. What its directory says of their size is not
/// believed: they are read.
///
/// # Errors
/// Where it is damaged or too large.
pub fn open(bytes: Arc<[u8]>) -> Result<Archive, Fault> {
    let mut left = allowed(bytes.len());
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    let mut parts = BTreeMap::new();
    for index in 0..zip.len() {
        if let Some(Ok(name)) = zip.name_for_index(index) {
            parts.entry(same(&name)).or_insert(index);
        }
        let entry = zip.by_index(index).map_err(|error| match error {
            zip::result::ZipError::UnsupportedArchive(text) if text.contains("assword") => {
                Fault::ProtectedWorkbook
            }
            error => damaged(error),
        })?;
        let read =
            std::io::copy(&mut entry.take(left + 1), &mut std::io::sink()).map_err(damaged)?;
        left = left.checked_sub(read).ok_or(Fault::TooLargeInside)?;
    }
    Ok(Archive { zip, parts })
}

impl Archive {
    /// What it is, by what it holds.
    ///
    /// # Errors
    /// Where it is no workbook that is read.
    pub fn kind(&mut self) -> Result<Kind, Fault> {
        if self.holds("content.xml") {
            Ok(Kind::Ods)
        } else if self.holds("xl/workbook.bin") {
            Err(Fault::NotWorkbook(Looks::Binary))
        } else if workbook_part(self)?.is_some() {
            Ok(Kind::Xlsx)
        } else {
            Err(Fault::NotWorkbook(Looks::Archive))
        }
    }

    /// Whether there is such a part.
    pub fn holds(&self, name: &str) -> bool {
        self.parts.contains_key(&same(name))
    }

    /// The text of a part; `None` where there is no such part.
    ///
    /// # Errors
    /// Where it is damaged.
    pub fn text(&mut self, name: &str) -> Result<Option<String>, Fault> {
        let Some(index) = self.parts.get(&same(name)) else { return Ok(None) };
        let mut bytes = Vec::new();
        self.zip.by_index(*index).map_err(damaged)?.read_to_end(&mut bytes).map_err(damaged)?;
        Ok(Some(decoded(&bytes)))
    }

    /// The number of a part and its bytes, unless there is no such part.
    ///
    /// # Errors
    /// Where it is damaged.
    pub fn part(&mut self, name: &str) -> Result<Option<(usize, Vec<u8>)>, Fault> {
        let Some(&index) = self.parts.get(&same(name)) else { return Ok(None) };
        let mut bytes = Vec::new();
        self.zip.by_index(index).map_err(damaged)?.read_to_end(&mut bytes).map_err(damaged)?;
        Ok(Some((index, bytes)))
    }

    /// The archive with some parts changed, by their numbers, and others added, by their names; all
    /// else is as it was, byte for byte.
    ///
    /// # Errors
    /// Where it is damaged.
    pub fn with(
        &mut self,
        changed: &BTreeMap<usize, String>,
        added: &BTreeMap<String, String>,
    ) -> Result<Vec<u8>, Fault> {
        let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let packed = zip::write::SimpleFileOptions::default()
            .compression_method(zip::CompressionMethod::Deflated);
        for index in 0..self.zip.len() {
            let entry = self.zip.by_index_raw(index).map_err(damaged)?;
            let Some(text) = changed.get(&index) else {
                out.raw_copy_file(entry).map_err(damaged)?;
                continue;
            };
            let name = entry.name().map_err(damaged)?.into_owned();
            let saved = entry.last_modified().map_or(packed, |day| packed.last_modified_time(day));
            drop(entry);
            out.start_file(name, saved).map_err(damaged)?;
            out.write_all(text.as_bytes()).map_err(damaged)?;
        }
        for (name, text) in added {
            out.start_file(&**name, packed).map_err(damaged)?;
            out.write_all(text.as_bytes()).map_err(damaged)?;
        }
        Ok(out.finish().map_err(damaged)?.into_inner())
    }
}

/// XML as text: by its mark, by how its first sign is stored, or by what it says of itself.
fn decoded(bytes: &[u8]) -> String {
    let (encoding, mark) = encoding_rs::Encoding::for_bom(bytes).unwrap_or_else(|| {
        let declared = || {
            let head = String::from_utf8_lossy(bytes.get(..bytes.len().min(200)).unwrap_or(bytes));
            let rest = head.strip_prefix("<?xml")?.split_once("encoding=")?.1;
            let label = rest.trim_start_matches(['"', '\'']).split(['"', '\'']).next()?;
            encoding_rs::Encoding::for_label(label.as_bytes())
        };
        let encoding = match bytes {
            [b'<', 0, ..] => encoding_rs::UTF_16LE,
            [0, b'<', ..] => encoding_rs::UTF_16BE,
            // What says that it is of two bytes a sign, and is not, is UTF-8.
            _ => {
                declared().filter(|found| found.is_ascii_compatible()).unwrap_or(encoding_rs::UTF_8)
            }
        };
        (encoding, 0)
    });
    encoding.decode_without_bom_handling(bytes.get(mark..).unwrap_or(bytes)).0.into_owned()
}
