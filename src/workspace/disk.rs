//! Files on disk.

use super::files::{Entry, Files, Kind};
use super::path::leads_to_device;
use super::refusal::Refusal;
use crate::data::Store;
use std::fs::{File, FileType, Metadata};
use std::io::{Error, ErrorKind, Read, Seek, SeekFrom};
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
/// assert!(found.paths[0].ends_with("books.json"));
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Disk;

impl Disk {
    /// When a file was last saved, where the disk knows.
    #[must_use]
    pub fn saved(path: &Path) -> Option<SystemTime> {
        metadata(path).ok()?.modified().ok()
    }
}

impl Files for Disk {
    fn kind(&self, path: &Path) -> Result<Kind, Error> {
        Ok(kind(metadata(path)?.file_type()))
    }

    fn list(&self, folder: &Path) -> Result<Vec<Entry>, Error> {
        let mut entries = Vec::new();
        for entry in std::fs::read_dir(here(folder))? {
            let entry = entry?;
            let found = entry.file_type()?;
            let kind = if found.is_symlink() { None } else { Some(kind(found)) };
            entries.push(Entry { name: entry.file_name(), kind });
        }
        entries.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(entries)
    }

    fn open(&self, path: &Path) -> Result<Arc<dyn Store>, Error> {
        Ok(Arc::new(DiskFile::open(path.to_owned())?))
    }

    fn same(&self, path: &Path) -> PathBuf {
        here(path).canonicalize().unwrap_or_else(|_| path.to_owned())
    }
}

/// No path at all is the current folder.
fn here(path: &Path) -> &Path {
    if path.as_os_str().is_empty() { Path::new(".") } else { path }
}

fn kind(found: FileType) -> Kind {
    match found {
        found if found.is_file() => Kind::File,
        found if found.is_dir() => Kind::Folder,
        _ => Kind::Other,
    }
}

/// What is known of a file, wherever links lead.
fn metadata(path: &Path) -> Result<Metadata, Error> {
    let path = here(path);
    if leads_to_device(path) {
        return Err(Refusal::NotRegular.into());
    }
    std::fs::metadata(path).map_err(|error| match error.kind() {
        ErrorKind::NotFound if path.symlink_metadata().is_ok() => Refusal::Dangling.into(),
        _ => error,
    })
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
    /// Notes a file's size and time. What it is is asked before it is opened: a pipe would wait.
    ///
    /// # Errors
    /// Where there is no such file, or it is no regular one.
    fn open(path: PathBuf) -> Result<Self, Error> {
        match kind(metadata(&path)?.file_type()) {
            Kind::File => {}
            Kind::Folder => return Err(Error::from(ErrorKind::IsADirectory)),
            Kind::Other => return Err(Refusal::NotRegular.into()),
        }
        let file = File::open(&path)?;
        let metadata = file.metadata()?;
        // A system shows what it knows of itself as files of no size.
        if metadata.len() == 0 && file.take(1).read(&mut [0])? > 0 {
            return Err(Refusal::NotRegular.into());
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
            return Err(Refusal::Changed.into());
        }
        file.seek(SeekFrom::Start(start))?;
        let size = end.min(self.len).saturating_sub(start);
        let mut bytes = Vec::new();
        bytes.try_reserve_exact(usize::try_from(size).map_err(Error::other)?)?;
        file.take(size).read_to_end(&mut bytes)?;
        if bytes.len() as u64 == size { Ok(bytes) } else { Err(Refusal::Changed.into()) }
    }
}
