//! The one door to texts and data: a disk, memory, or texts not yet saved laid over another.

use super::clean;
use crate::data::{Bytes, Store};
use std::collections::BTreeMap;
use std::io::{Error, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where a project's files are.
///
/// # Examples
///
/// ```
/// use fanshi::{Files, Memory};
/// use std::path::PathBuf;
///
/// let files: &dyn Files = &Memory::new().with("items/a.json", "[]").with("items/b.json", "[]");
/// assert_eq!(files.read("items/a.json".as_ref()).unwrap(), b"[]");
/// assert_eq!(files.fitting("items".as_ref(), "b*"), [PathBuf::from("items/b.json")]);
/// ```
pub trait Files: Send + Sync {
    /// Whether there is such a file.
    fn is_file(&self, path: &Path) -> bool;

    /// Whether there is such a folder.
    fn is_folder(&self, path: &Path) -> bool;

    /// All bytes of a file.
    ///
    /// # Errors
    /// Where there is none, it is a folder, or it cannot be read.
    fn read(&self, path: &Path) -> Result<Vec<u8>, Error>;

    /// A file that is read in parts, and more than once.
    ///
    /// # Errors
    /// As [`Files::read`].
    fn open(&self, path: &Path) -> Result<Arc<dyn Store>, Error>;

    /// The files in a folder, in order; none where there is no such folder.
    fn beside(&self, folder: &Path) -> Vec<PathBuf>;

    /// The files that fit a pattern with `*`, `?` and `[…]` from a folder, in order. `*` stands for
    /// no `/` and no leading point.
    fn fitting(&self, folder: &Path, pattern: &str) -> Vec<PathBuf>;

    /// A path by which a file is known again, however it was written.
    fn same(&self, path: &Path) -> PathBuf;
}

/// How patterns are read.
pub(super) const PATTERNS: glob::MatchOptions = glob::MatchOptions {
    case_sensitive: true,
    require_literal_separator: true,
    require_literal_leading_dot: true,
};

/// A pattern with the folder it starts from, in which nothing stands for anything else.
pub(super) fn from_folder(folder: &Path, pattern: &str) -> PathBuf {
    Path::new(&glob::Pattern::escape(&folder.to_string_lossy())).join(pattern)
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

    fn bytes(&self, path: &Path) -> Result<Arc<[u8]>, Error> {
        let found = self.0.get(&plain(path));
        let missing = || match self.is_folder(path) {
            true => Error::from(ErrorKind::IsADirectory),
            false => Error::from(ErrorKind::NotFound),
        };
        found.cloned().ok_or_else(missing)
    }
}

/// A path without `.` and `folder/..`.
fn plain(path: &Path) -> PathBuf {
    let path = clean(path);
    path.strip_prefix(".").map_or_else(|_| path.clone(), Path::to_path_buf)
}

impl Files for Memory {
    fn is_file(&self, path: &Path) -> bool {
        self.0.contains_key(&plain(path))
    }

    fn is_folder(&self, path: &Path) -> bool {
        let folder = plain(path);
        self.0.keys().any(|path| path.starts_with(&folder) && *path != folder)
    }

    fn read(&self, path: &Path) -> Result<Vec<u8>, Error> {
        self.bytes(path).map(|bytes| bytes.to_vec())
    }

    fn open(&self, path: &Path) -> Result<Arc<dyn Store>, Error> {
        Ok(Arc::new(Bytes(self.bytes(path)?)))
    }

    fn beside(&self, folder: &Path) -> Vec<PathBuf> {
        let folder = plain(folder);
        let inside = |path: &&PathBuf| path.parent() == Some(folder.as_path());
        self.0.keys().filter(inside).cloned().collect()
    }

    fn fitting(&self, folder: &Path, pattern: &str) -> Vec<PathBuf> {
        let whole = plain(&from_folder(folder, pattern));
        let Ok(pattern) = glob::Pattern::new(&whole.to_string_lossy()) else { return Vec::new() };
        let fits = |path: &&PathBuf| pattern.matches_path_with(path, PATTERNS);
        self.0.keys().filter(fits).cloned().collect()
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
/// assert_eq!(typed.read("examples/library/library.fan".as_ref()).unwrap(), b"policy");
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

    /// These and those of the texts above that are not among them.
    fn both(&self, mut found: Vec<PathBuf>, above: Vec<PathBuf>) -> Vec<PathBuf> {
        let known: Vec<PathBuf> = found.iter().map(|path| self.below.same(path)).collect();
        found.extend(above.into_iter().filter(|path| !known.contains(path)));
        found.sort();
        found
    }
}

impl Files for Overlay {
    fn is_file(&self, path: &Path) -> bool {
        let (files, path) = self.holder(path);
        files.is_file(&path)
    }

    fn is_folder(&self, path: &Path) -> bool {
        self.below.is_folder(path) || self.above.is_folder(&self.below.same(path))
    }

    fn read(&self, path: &Path) -> Result<Vec<u8>, Error> {
        let (files, path) = self.holder(path);
        files.read(&path)
    }

    fn open(&self, path: &Path) -> Result<Arc<dyn Store>, Error> {
        let (files, path) = self.holder(path);
        files.open(&path)
    }

    fn beside(&self, folder: &Path) -> Vec<PathBuf> {
        let above = self.above.beside(&self.below.same(folder));
        self.both(self.below.beside(folder), above)
    }

    fn fitting(&self, folder: &Path, pattern: &str) -> Vec<PathBuf> {
        let above = self.above.fitting(&self.below.same(folder), pattern);
        self.both(self.below.fitting(folder, pattern), above)
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
        assert_eq!(files.read(Path::new("a/../r.csv")).ok(), Some(b"3".to_vec()));
        assert!(files.is_folder(Path::new("a/b")) && !files.is_file(Path::new("a/b")));
        let fitting = |files: &dyn Files, pattern| files.fitting(Path::new("a"), pattern);
        assert_eq!(fitting(&files, "*.fan"), [PathBuf::from("a/p.fan")]);
        assert_eq!(fitting(&files, "../*.csv"), [PathBuf::from("r.csv")]);
        let over = Overlay::new(Arc::new(files)).with("a/p.fan", "4").with("a/s.fan", "5");
        assert_eq!(over.read(Path::new("./a/p.fan")).ok(), Some(b"4".to_vec()));
        assert_eq!(over.read(Path::new("a/b/q.fan")).ok(), Some(b"2".to_vec()));
        assert_eq!(fitting(&over, "*.fan"), ["a/p.fan", "a/s.fan"].map(PathBuf::from));
        let part = over.open(Path::new("a/s.fan")).and_then(|text| text.read(0, 9));
        assert_eq!(part.ok(), Some(b"5".to_vec()));
        assert!(over.read(Path::new("a/none")).is_err() && over.read(Path::new("a")).is_err());
    }
}
