//! Rank 5: the file of a paper, with what its library cannot say: heads of tables that stand on each
//! of their pages, and fonts that stand in.

use super::fonts;
use crate::workspace::Paper;
use docx_rs::{Docx, XMLDocx};
use std::io::{Cursor, Error, Result};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// The file.
pub(super) fn packed(docx: Docx, paper: &Paper) -> Result<Vec<u8>> {
    let mut parts: XMLDocx = docx.build();
    parts.document = with_heads(&parts.document)?;
    parts.font_table = fonts::table(paper);
    let mut whole = Cursor::new(Vec::new());
    parts.pack(&mut whole).map_err(Error::other)?;
    smaller(whole)
}

/// The document, where the first row of each table is its head. No text has a `<`.
fn with_heads(document: &[u8]) -> Result<Vec<u8>> {
    let document = std::str::from_utf8(document).map_err(Error::other)?;
    let mut tables = document.split("<w:tbl>");
    let mut whole = tables.next().unwrap_or_default().to_owned();
    for table in tables {
        whole.push_str("<w:tbl>");
        whole.push_str(&table.replacen("<w:trPr>", "<w:trPr><w:tblHeader/>", 1));
    }
    Ok(whole.into_bytes())
}

/// The same files, compressed: the library only stores them. Their time is that of all of them.
fn smaller(whole: Cursor<Vec<u8>>) -> Result<Vec<u8>> {
    let mut archive = ZipArchive::new(whole).map_err(Error::other)?;
    let mut small = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default();
    for at in 0..archive.len() {
        let mut file = archive.by_index(at).map_err(Error::other)?;
        if !file.is_dir() {
            let name = file.name().map_err(Error::other)?.into_owned();
            small.start_file(name, options).map_err(Error::other)?;
            std::io::copy(&mut file, &mut small)?;
        }
    }
    Ok(small.finish().map_err(Error::other)?.into_inner())
}
