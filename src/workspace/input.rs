//! Rank 5: which files a project is read from, so that nothing is written over them.

use std::path::{Path, PathBuf};

/// Files that a project is read from, whatever path leads to them.
#[derive(Debug, Default)]
pub struct Inputs(Vec<Identity>);

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
        Self(paths.into_iter().filter_map(|path| Identity::of(&path)).collect())
    }

    /// With those of another project.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// Whether a path leads to one of them.
    #[must_use]
    pub fn hold(&self, path: &Path) -> bool {
        let Some(asked) = Identity::of(path) else { return false };
        self.0.iter().any(|known| {
            known.path == asked.path || (known.number.is_some() && known.number == asked.number)
        })
    }
}
