//! Paths as they are written in files and shown to people: the same on every system.

use std::borrow::Cow;
use std::path::{Component, MAIN_SEPARATOR_STR, Path, PathBuf};

/// A path without `folder/..`.
#[must_use]
pub fn clean(path: &Path) -> PathBuf {
    let mut clean = PathBuf::new();
    for part in path.components() {
        let above = matches!(part, Component::ParentDir);
        if !(above
            && matches!(clean.components().next_back(), Some(Component::Normal(_)))
            && clean.pop())
        {
            clean.push(part);
        }
    }
    clean
}

/// A path as a file of the project writes it: `\\` separates as `/` does, whatever the system.
#[must_use]
pub fn slashed(path: &str) -> Cow<'_, str> {
    if path.contains('\\') { Cow::Owned(path.replace('\\', "/")) } else { Cow::Borrowed(path) }
}

/// A path as people are shown it, with `/` on every system.
#[must_use]
pub fn shown(path: &Path) -> String {
    path.to_string_lossy().replace(MAIN_SEPARATOR_STR, "/")
}
