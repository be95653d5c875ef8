//! Archives, bounded: what they hold is counted before anything is made of it.

use super::damaged;
use crate::data::fault::{Fault, Looks};
use crate::data::inflate::allowed;
use std::io::{Cursor, Read};
use std::sync::Arc;

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
