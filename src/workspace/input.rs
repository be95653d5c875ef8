//! Rank 5: which files a project is read from, so that nothing is written over them.

use super::path::clean;
use super::pattern;
use std::path::{Path, PathBuf};

/// Files that a project is read from, whatever path leads to them.
#[derive(Debug, Default)]
pub struct Inputs {
    found: Vec<Identity>,
    /// What the manifest names, from its folder.
    named: Vec<(PathBuf, String)>,
}

#[derive(Debug)]
struct Identity {
    path: PathBuf,
    /// Device and number: equal for all names of one file.
    number: Option<(u64, u64)>,
}

impl Identity {
    /// A file that exists.
    fn of(path: &Path) -> Option<Self> {
        Some(Self { path: path.canonicalize().ok()?, number: number(path) })
    }
}

#[cfg(unix)]
fn number(path: &Path) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata(path)
        .ok()
        .filter(std::fs::Metadata::is_file)
        .map(|found| (found.dev(), found.ino()))
}

#[cfg(not(unix))]
fn number(_: &Path) -> Option<(u64, u64)> {
    None
}

impl Inputs {
    /// Those of the paths that exist.
    pub fn of(paths: impl IntoIterator<Item = PathBuf>) -> Self {
        let found = paths.into_iter().filter_map(|path| Identity::of(&path)).collect();
        Self { found, named: Vec::new() }
    }

    /// With what a manifest in a folder names, whether it is there or not.
    pub(super) fn with_names<'n>(
        mut self,
        folder: &Path,
        names: impl Iterator<Item = &'n str>,
    ) -> Self {
        let folder = clean(&folder.canonicalize().unwrap_or_else(|_| folder.to_owned()));
        self.named.extend(names.map(|name| (folder.clone(), name.to_owned())));
        self
    }

    /// With those of another project.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.found.extend(other.found);
        self.named.extend(other.named);
        self
    }

    /// Whether a path leads to one of them.
    #[must_use]
    pub fn hold(&self, path: &Path) -> bool {
        let Some(asked) = Identity::of(path) else { return false };
        self.found.iter().any(|known| {
            known.path == asked.path || (known.number.is_some() && known.number == asked.number)
        })
    }

    /// The name of a manifest, or the pattern, by which a file that is not there yet would be read.
    #[must_use]
    pub fn would_hold(&self, path: &Path) -> Option<&str> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new(".")).canonicalize().ok()?;
        let path = clean(&folder).join(path.file_name()?);
        let fits = |(from, name): &&(PathBuf, String)| pattern::fits(from, name, &path);
        self.named.iter().find(fits).map(|(_, name)| &**name)
    }
}
