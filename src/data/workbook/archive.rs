//! Archives, bounded: what they hold is counted before anything is made of it.

use super::super::fault::Fault;
use super::{Looks, damaged};
use std::io::{Cursor, Read};
use std::sync::Arc;

/// How many bytes an archive may hold.
const MOST_BYTES: u64 = 1 << 30;

/// How many bytes it may hold for each byte it has, beyond the first [`FREE_BYTES`].
const MOST_RATIO: u64 = 200;

/// What is not counted towards the ratio.
const FREE_BYTES: u64 = 32 << 20;

/// An open archive.
pub struct Archive {
    zip: zip::ZipArchive<Cursor<Arc<[u8]>>>,
}

/// What an archive is.
pub enum Kind {
    /// Office Open XML.
    Xlsx,
    /// Open Document.
    Ods,
}

/// How much `stored` bytes may become.
fn allowed(stored: usize) -> u64 {
    MOST_BYTES.min(FREE_BYTES.max((stored as u64).saturating_mul(MOST_RATIO)))
}

/// Opens an archive whose contents are within bounds. What its directory says of their size is not
/// believed: they are read.
///
/// # Errors
/// Where it is damaged or too large.
pub fn open(bytes: Arc<[u8]>) -> Result<Archive, Fault> {
    let mut left = allowed(bytes.len());
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    for index in 0..zip.len() {
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
    Ok(Archive { zip })
}

impl Archive {
    /// What it is, by what it holds.
    ///
    /// # Errors
    /// Where it is no workbook that is read.
    pub fn kind(&self) -> Result<Kind, Fault> {
        let holds = |name: &str| self.zip.index_for_name(name).is_some();
        if holds("content.xml") {
            Ok(Kind::Ods)
        } else if holds("xl/workbook.xml") {
            Ok(Kind::Xlsx)
        } else {
            Err(Fault::NotWorkbook(Looks::Archive))
        }
    }

    /// The text of a part; `None` where there is no such part.
    ///
    /// # Errors
    /// Where it is damaged.
    pub fn text(&mut self, name: &str) -> Result<Option<String>, Fault> {
        let Some(index) = self.zip.index_for_name(name) else { return Ok(None) };
        let mut bytes = Vec::new();
        self.zip.by_index(index).map_err(damaged)?.read_to_end(&mut bytes).map_err(damaged)?;
        Ok(Some(
            String::from_utf8_lossy(bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes))
                .into_owned(),
        ))
    }
}

/// The contents of a gzip file, within the same bounds.
///
/// # Errors
/// Where it is damaged or too large.
pub fn inflate(bytes: &[u8]) -> Result<Vec<u8>, Fault> {
    let most = allowed(bytes.len());
    let mut found = Vec::new();
    let read = flate2::read::MultiGzDecoder::new(bytes).take(most + 1).read_to_end(&mut found);
    read.map_err(|error| Fault::DamagedArchive(error.to_string()))?;
    if found.len() as u64 > most { Err(Fault::TooLargeInside) } else { Ok(found) }
}
