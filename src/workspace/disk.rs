//! Files on disk.

use super::files::{Files, PATTERNS, from_folder};
use crate::data::Store;
use std::fs::File;
use std::io::{Error, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

/// The files of this machine; relative paths start from the current folder.
///
/// # Examples
///
/// ```
/// use fanshi::{Disk, Files};
///
/// assert!(Disk.is_file("examples/library/library.fan".as_ref()));
/// let found = Disk.fitting("examples/library".as_ref(), "*.json");
/// assert!(found[0].ends_with("books.json"));
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Disk;

impl Files for Disk {
    fn is_file(&self, path: &Path) -> bool {
        path.is_file()
    }

    fn is_folder(&self, path: &Path) -> bool {
        path.is_dir()
    }

    fn read(&self, path: &Path) -> Result<Vec<u8>, Error> {
        // What a system says of a folder that is read differs.
        match path.is_dir() {
            true => Err(Error::from(std::io::ErrorKind::IsADirectory)),
            false => std::fs::read(path),
        }
    }

    fn open(&self, path: &Path) -> Result<Arc<dyn Store>, Error> {
        Ok(Arc::new(DiskFile::open(path.to_owned())?))
    }

    fn beside(&self, folder: &Path) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
        paths.sort();
        paths
    }

    fn fitting(&self, folder: &Path, pattern: &str) -> Vec<PathBuf> {
        let whole = from_folder(folder, pattern);
        let found = glob::glob_with(&whole.to_string_lossy(), PATTERNS);
        found.into_iter().flatten().filter_map(Result::ok).collect()
    }

    fn same(&self, path: &Path) -> PathBuf {
        path.canonicalize().unwrap_or_else(|_| path.to_owned())
    }
}

/// A file that is read in parts and must not change meanwhile.
struct DiskFile {
    path: PathBuf,
    len: u64,
    modified: Option<SystemTime>,
    /// Open from one part to the next: a finding may point at hundreds of rows.
    open: Mutex<Option<Kept>>,
}

/// At most so many files are kept open; a system may allow a process no more than 256.
const OPEN: usize = 64;

/// How many are.
static COUNT: AtomicUsize = AtomicUsize::new(0);

/// A file that is kept open.
struct Kept(File);

impl Kept {
    /// Keeps a file open, unless too many are.
    fn new(file: File) -> Option<Self> {
        let more = |count| (count < OPEN).then_some(count + 1);
        let counted = COUNT.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more);
        counted.ok().map(|_| Self(file))
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        COUNT.fetch_sub(1, Ordering::Relaxed);
    }
}

impl DiskFile {
    /// Notes a file's size and time.
    ///
    /// # Errors
    /// Where there is no such file, or it is a folder.
    fn open(path: PathBuf) -> Result<Self, Error> {
        let metadata = File::open(&path)?.metadata()?;
        if metadata.is_dir() {
            return Err(Error::from(std::io::ErrorKind::IsADirectory));
        }
        let modified = metadata.modified().ok();
        Ok(Self { path, len: metadata.len(), modified, open: Mutex::new(None) })
    }
}

impl Store for DiskFile {
    fn len(&self) -> u64 {
        self.len
    }

    fn read(&self, start: u64, end: u64) -> Result<Vec<u8>, Error> {
        // Whoever comes while another reads opens the file for itself.
        let Ok(mut kept) = self.open.try_lock() else {
            return self.part(&mut File::open(&self.path)?, start, end);
        };
        if let Some(Kept(file)) = kept.as_mut() {
            return self.part(file, start, end);
        }
        let mut file = File::open(&self.path)?;
        let bytes = self.part(&mut file, start, end)?;
        *kept = Kept::new(file);
        Ok(bytes)
    }
}

impl DiskFile {
    fn part(&self, file: &mut File, start: u64, end: u64) -> Result<Vec<u8>, Error> {
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
