//! The one door to texts and data: a disk, memory, or texts not yet saved laid over another.

use super::clean;
use super::pattern::{Expansion, expand};
use super::refusal::Refusal;
use crate::data::{Bytes, Store};
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::io::{Error, ErrorKind};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

/// What is found under a path, wherever links lead.
///
/// # Examples
///
/// ```
/// use fanshi::{Files, Kind, Memory};
///
/// let files = Memory::new().with("items/a.json", "[]");
/// assert_eq!(files.kind("items".as_ref()).unwrap(), Kind::Folder);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A regular file: it has a size, and ends.
    File,
    /// A folder.
    Folder,
    /// A device, a pipe, a socket.
    Other,
}

/// A name in a folder.
///
/// # Examples
///
/// ```
/// use fanshi::{Entry, Files, Memory};
///
/// let entries: Vec<Entry> = Memory::new().with("a/b.csv", "").list("a".as_ref()).unwrap();
/// assert_eq!(entries[0].name, "b.csv");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The name, which may be no text.
    pub name: OsString,
    /// What it is; `None` for a link, which has to be followed.
    pub kind: Option<Kind>,
}

/// Where a project's files are.
///
/// # Examples
///
/// ```
/// use fanshi::{Files, Memory};
/// use std::path::PathBuf;
///
/// let files: &dyn Files = &Memory::new().with("items/a.json", "[]").with("items/b.json", "[]");
/// assert_eq!(files.read("items/a.json".as_ref(), 1 << 20).unwrap(), b"[]");
/// assert_eq!(files.fitting("items".as_ref(), "b*").paths, [PathBuf::from("items/b.json")]);
/// ```
pub trait Files: Send + Sync {
    /// What is there.
    ///
    /// # Errors
    /// Where there is nothing, a link leads nowhere ([`Refusal::Dangling`]), or a folder on the way
    /// may not be entered.
    fn kind(&self, path: &Path) -> Result<Kind, Error>;

    /// The names in a folder, in order.
    ///
    /// # Errors
    /// Where there is no such folder, or it may not be looked into.
    fn list(&self, folder: &Path) -> Result<Vec<Entry>, Error>;

    /// A file that is read in parts, and more than once.
    ///
    /// # Errors
    /// Where there is none, it is a folder or no regular file, or it may not be read.
    fn open(&self, path: &Path) -> Result<Arc<dyn Store>, Error>;

    /// A path by which a file is known again, however it was written.
    fn same(&self, path: &Path) -> PathBuf;

    /// Whether there is such a file.
    fn is_file(&self, path: &Path) -> bool {
        self.kind(path).is_ok_and(|kind| kind == Kind::File)
    }

    /// Whether there is such a folder.
    fn is_folder(&self, path: &Path) -> bool {
        self.kind(path).is_ok_and(|kind| kind == Kind::Folder)
    }

    /// All bytes of a file of at most `most` bytes.
    ///
    /// # Errors
    /// As [`Files::open`], and where it is larger, before anything of it is read.
    fn read(&self, path: &Path, most: u64) -> Result<Vec<u8>, Error> {
        let file = self.open(path)?;
        match file.len() {
            len if len > most => Err(Refusal::TooLarge { most }.into()),
            len => file.read(0, len),
        }
    }

    /// The files that fit a pattern from a folder, in order, and what may have been missed. `*`,
    /// `?` and `[…]` stand for what is in one name, never for a point it begins with; `**` for
    /// folders to any depth. A pattern that is the name of something, which it does not fit, is that.
    fn fitting(&self, folder: &Path, pattern: &str) -> Expansion {
        expand(self, folder, pattern)
    }
}

/// Files that are in memory alone.
///
/// # Examples
///
/// ```
/// use fanshi::{Memory, Options, Project};
/// use std::sync::Arc;
///
/// let files = Memory::new()
///     .with("fanshi.toml", "[project]\npolicies = [\"*.fan\"]")
///     .with("library.fan", "policy library\ntable book { pages : integer }");
/// let project = Project::read_in(Arc::new(files), "".as_ref());
/// assert_eq!(project.policy(&Options::default()).schema().frames.len(), 1);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Memory(BTreeMap<PathBuf, Arc<[u8]>>);

impl Memory {
    /// No file.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// With a file more, or with other contents of one.
    #[must_use]
    pub fn with(mut self, path: impl AsRef<Path>, bytes: impl Into<Vec<u8>>) -> Self {
        self.0.insert(plain(path.as_ref()), bytes.into().into());
        self
    }
}

/// A path without `.` and `folder/..`.
fn plain(path: &Path) -> PathBuf {
    let path = clean(path);
    path.strip_prefix(".").map_or_else(|_| path.clone(), Path::to_path_buf)
}

impl Files for Memory {
    fn kind(&self, path: &Path) -> Result<Kind, Error> {
        let path = plain(path);
        if self.0.contains_key(&path) {
            return Ok(Kind::File);
        }
        let mut inside = self.0.range(path.clone()..).filter(|(key, _)| **key != path);
        match inside.next() {
            Some((key, _)) if key.starts_with(&path) => Ok(Kind::Folder),
            _ => Err(Error::from(ErrorKind::NotFound)),
        }
    }

    fn list(&self, folder: &Path) -> Result<Vec<Entry>, Error> {
        if self.kind(folder)? == Kind::File {
            return Err(Error::from(ErrorKind::NotADirectory));
        }
        let folder = plain(folder);
        let mut entries: Vec<Entry> = Vec::new();
        for key in self.0.range(folder.clone()..).map(|(key, _)| key) {
            let Ok(below) = key.strip_prefix(&folder) else { break };
            let mut parts = below.components();
            let Some(Component::Normal(name)) = parts.next() else { continue };
            let kind = if parts.next().is_some() { Kind::Folder } else { Kind::File };
            if entries.last().is_none_or(|last| last.name != name) {
                entries.push(Entry { name: name.to_owned(), kind: Some(kind) });
            }
        }
        Ok(entries)
    }

    fn open(&self, path: &Path) -> Result<Arc<dyn Store>, Error> {
        match self.0.get(&plain(path)) {
            Some(bytes) => Ok(Arc::new(Bytes(bytes.clone()))),
            None if self.is_folder(path) => Err(Error::from(ErrorKind::IsADirectory)),
            None => Err(Error::from(ErrorKind::NotFound)),
        }
    }

    fn same(&self, path: &Path) -> PathBuf {
        plain(path)
    }
}

/// Texts laid over other files: what an editor holds and has not saved.
///
/// # Examples
///
/// ```
/// use fanshi::{Disk, Files, Overlay};
/// use std::sync::Arc;
///
/// let typed = Overlay::new(Arc::new(Disk)).with("examples/library/library.fan", "policy");
/// assert_eq!(typed.read("examples/library/library.fan".as_ref(), 9).unwrap(), b"policy");
/// assert!(typed.is_file("examples/library/books.json".as_ref())); // the disk's
/// ```
pub struct Overlay {
    below: Arc<dyn Files>,
    above: Memory,
}

impl Overlay {
    /// Nothing laid over these yet.
    #[must_use]
    pub fn new(below: Arc<dyn Files>) -> Self {
        Self { below, above: Memory::new() }
    }

    /// With another text in the place of a file, or of one that is not there.
    #[must_use]
    pub fn with(mut self, path: impl AsRef<Path>, bytes: impl Into<Vec<u8>>) -> Self {
        self.above = self.above.with(self.below.same(path.as_ref()), bytes);
        self
    }

    /// The files that have the text of the path, and what they call it.
    fn holder(&self, path: &Path) -> (&dyn Files, PathBuf) {
        let same = self.below.same(path);
        if self.above.is_file(&same) {
            return (&self.above, same);
        }
        (&*self.below, path.to_owned())
    }
}

impl Files for Overlay {
    fn kind(&self, path: &Path) -> Result<Kind, Error> {
        let (files, held) = self.holder(path);
        let folder = |error| match self.above.kind(&self.below.same(path)) {
            Ok(kind) => Ok(kind),
            Err(_) => Err(error),
        };
        files.kind(&held).or_else(folder)
    }

    fn list(&self, folder: &Path) -> Result<Vec<Entry>, Error> {
        let above = self.above.list(&self.below.same(folder)).unwrap_or_default();
        let mut entries = match self.below.list(folder) {
            Err(error) if error.kind() != ErrorKind::NotFound || above.is_empty() => {
                return Err(error);
            }
            found => found.unwrap_or_default(),
        };
        let known: BTreeSet<OsString> = entries.iter().map(|entry| entry.name.clone()).collect();
        entries.extend(above.into_iter().filter(|entry| !known.contains(&entry.name)));
        entries.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(entries)
    }

    fn open(&self, path: &Path) -> Result<Arc<dyn Store>, Error> {
        let (files, path) = self.holder(path);
        files.open(&path)
    }

    fn same(&self, path: &Path) -> PathBuf {
        self.below.same(path)
    }
}

#[cfg(test)]
mod tests {
    use super::{Files, Memory, Overlay};
    use std::path::{Path, PathBuf};
    use std::sync::Arc;

    #[test]
    fn memory_and_what_is_laid_over_it() {
        let files = Memory::new().with("a/p.fan", "1").with("a/b/q.fan", "2").with("./r.csv", "3");
        let read = |files: &dyn Files, path| files.read(Path::new(path), 9).ok();
        assert_eq!(read(&files, "a/../r.csv"), Some(b"3".to_vec()));
        assert!(files.is_folder(Path::new("a/b")) && !files.is_file(Path::new("a/b")));
        let fitting = |files: &dyn Files, pattern| files.fitting(Path::new("a"), pattern).paths;
        assert_eq!(fitting(&files, "*.fan"), [PathBuf::from("a/p.fan")]);
        assert_eq!(fitting(&files, "**/*.fan"), ["a/b/q.fan", "a/p.fan"].map(PathBuf::from));
        assert_eq!(fitting(&files, "../*.csv"), [PathBuf::from("a/../r.csv")]);
        let over = Overlay::new(Arc::new(files)).with("a/p.fan", "4").with("a/s.fan", "5");
        assert_eq!(read(&over, "./a/p.fan"), Some(b"4".to_vec()));
        assert_eq!(read(&over, "a/b/q.fan"), Some(b"2".to_vec()));
        assert_eq!(fitting(&over, "*.fan"), ["a/p.fan", "a/s.fan"].map(PathBuf::from));
        let part = over.open(Path::new("a/s.fan")).and_then(|text| text.read(0, 9));
        assert_eq!(part.ok(), Some(b"5".to_vec()));
        assert!(read(&over, "a/none").is_none() && read(&over, "a").is_none());
    }
}
