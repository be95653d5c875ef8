//! Files on disk as stores of bytes.

use crate::data::Store;
use std::fs::File;
use std::io::{Error, Read, Seek, SeekFrom};
use std::path::PathBuf;
use std::time::SystemTime;

/// A file that is read in parts and must not change meanwhile.
pub struct DiskFile {
    path: PathBuf,
    len: u64,
    modified: Option<SystemTime>,
}

impl DiskFile {
    /// Notes a file's size and time.
    ///
    /// # Errors
    /// Where there is no such file, or it is a folder.
    pub fn open(path: PathBuf) -> Result<Self, Error> {
        let metadata = File::open(&path)?.metadata()?;
        if metadata.is_dir() {
            return Err(Error::from(std::io::ErrorKind::IsADirectory));
        }
        Ok(Self { path, len: metadata.len(), modified: metadata.modified().ok() })
    }
}

impl Store for DiskFile {
    fn len(&self) -> u64 {
        self.len
    }

    fn read(&self, start: u64, end: u64) -> Result<Vec<u8>, Error> {
        let mut file = File::open(&self.path)?;
        let metadata = file.metadata()?;
        if metadata.len() != self.len || metadata.modified().ok() != self.modified {
            return Err(Error::other("the file changed while it was being read"));
        }
        file.seek(SeekFrom::Start(start))?;
        let size = end.min(self.len).saturating_sub(start);
        let mut bytes = Vec::with_capacity(usize::try_from(size).map_err(Error::other)?);
        file.take(size).read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}
