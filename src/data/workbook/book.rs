//! Workbooks that are open: what the sheets of one share is read once, however many of them are
//! wanted.

use super::{Grid, Listed, Page, Wanted, archive, guard, looks_like, ods, xls, xlsx};
use crate::data::fault::Fault;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// A workbook, by its format.
enum Book {
    Xlsx(Box<Mutex<xlsx::Opened>>),
    Xls(Box<Mutex<xls::Opened>>),
    Ods(ods::Opened),
}

/// The workbooks of a run, each opened when the first of its sheets is wanted.
#[derive(Default)]
pub struct Books {
    files: BTreeMap<Arc<str>, OnceLock<Result<Book, Fault>>>,
}

impl Books {
    /// Workbooks by the names of their files.
    pub fn new(names: impl Iterator<Item = Arc<str>>) -> Self {
        Self { files: names.map(|name| (name, OnceLock::new())).collect() }
    }

    /// The sheet that is wanted of a file, whose bytes `read` gives.
    ///
    /// # Errors
    /// Where the file cannot be read or is no workbook, damaged, protected or too large, or has no
    /// such sheet.
    pub fn sheet(
        &self,
        name: &str,
        wanted: &Wanted<'_>,
        read: impl FnOnce() -> Result<Vec<u8>, Fault>,
    ) -> Result<Page, Fault> {
        let open = || Book::open(read()?.into());
        let grid = match self.files.get(name) {
            Some(book) => book.get_or_init(open).as_ref().map_err(Clone::clone)?.read(wanted)?,
            None => open()?.read(wanted)?,
        };
        Page::new(grid)
    }
}

impl Books {
    /// The names of the sheets of a file.
    ///
    /// # Errors
    /// Where it cannot be read or is no workbook.
    pub fn names(
        &self,
        name: &str,
        read: impl FnOnce() -> Result<Vec<u8>, Fault>,
    ) -> Result<Vec<String>, Fault> {
        let open = || Book::open(read()?.into());
        let Some(book) = self.files.get(name) else { return Ok(Vec::new()) };
        let book = book.get_or_init(open).as_ref().map_err(Clone::clone)?;
        Ok(book.listed().into_iter().map(|sheet| sheet.name).collect())
    }
}

impl Book {
    /// Its sheets.
    fn listed(&self) -> Vec<Listed> {
        match self {
            Self::Xlsx(book) => book.lock().unwrap_or_else(PoisonError::into_inner).listed(),
            Self::Xls(book) => book.lock().unwrap_or_else(PoisonError::into_inner).listed(),
            Self::Ods(book) => book.listed(),
        }
    }

    fn open(bytes: Arc<[u8]>) -> Result<Self, Fault> {
        if bytes.starts_with(b"PK\x03\x04") {
            let mut archive = archive::open(bytes.clone())?;
            match archive.kind()? {
                archive::Kind::Xlsx => guard::guarded(|| {
                    Ok(Self::Xlsx(Box::new(Mutex::new(xlsx::Opened::new(archive, bytes)?))))
                }),
                archive::Kind::Ods => Ok(Self::Ods(ods::Opened::new(archive)?)),
            }
        } else if bytes.starts_with(b"\xD0\xCF\x11\xE0") {
            guard::guarded(|| Ok(Self::Xls(Box::new(Mutex::new(xls::Opened::new(bytes)?)))))
        } else {
            Err(Fault::NotWorkbook(looks_like(&bytes)))
        }
    }

    fn read(&self, wanted: &Wanted<'_>) -> Result<Grid, Fault> {
        match self {
            Self::Xlsx(book) => {
                guard::guarded(|| book.lock().unwrap_or_else(PoisonError::into_inner).read(wanted))
            }
            Self::Xls(book) => {
                guard::guarded(|| book.lock().unwrap_or_else(PoisonError::into_inner).read(wanted))
            }
            Self::Ods(book) => book.read(wanted),
        }
    }
}
