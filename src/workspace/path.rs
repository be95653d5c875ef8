//! Paths as they are written in files and shown to people: the same on every system.

use std::borrow::Cow;
use std::path::{Component, MAIN_SEPARATOR_STR, Path, PathBuf};

/// Names that Windows keeps for devices, whatever their ending.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "conin$", "conout$"];
/// The same with one digit after them.
const NUMBERED: [&str; 2] = ["com", "lpt"];

/// Whether a file of this name would be a device on Windows.
#[must_use]
pub fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or("").trim_end_matches([' ', '.']).to_lowercase();
    let digit = |c: char| c.is_ascii_digit() || matches!(c, '¹' | '²' | '³');
    let numbered = stem.strip_suffix(digit).is_some_and(|name| NUMBERED.contains(&name));
    numbered || DEVICES.contains(&&*stem)
}

/// Whether this system takes a path for a device, although it has the form of a file.
pub(super) fn leads_to_device(path: &Path) -> bool {
    cfg!(windows) && path.file_name().is_some_and(|name| is_device(&name.to_string_lossy()))
}

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

/// The way from a folder to another; both as absolute paths.
#[must_use]
pub fn way(from: &Path, to: &Path) -> String {
    let parts = |path: &Path| path.components().map(|part| part.as_os_str().to_owned()).collect();
    let (a, b): (Vec<_>, Vec<_>) = (parts(from), parts(to));
    let common = a.iter().zip(&b).take_while(|(one, other)| one == other).count();
    if common == 0 {
        return shown(to);
    }
    let up = vec![".."; a.len() - common];
    let down = b.iter().skip(common).map(|part| part.to_string_lossy().into_owned());
    let all: Vec<String> = up.into_iter().map(str::to_owned).chain(down).collect();
    if all.is_empty() { ".".to_owned() } else { all.join("/") }
}

/// An absolute path without `..`, links followed as far as there is something.
#[must_use]
pub fn absolute(path: &Path) -> PathBuf {
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let whole = clean(&whole);
    let mut missing = Vec::new();
    let mut there = whole.as_path();
    loop {
        if let Ok(found) = there.canonicalize() {
            return missing.into_iter().rev().fold(found, |path, part| path.join(part));
        }
        let (Some(above), Some(Component::Normal(name))) =
            (there.parent(), there.components().next_back())
        else {
            return whole;
        };
        missing.push(name);
        there = above;
    }
}

/// A path as a file of the project writes it: `\\` separates as `/` does, whatever the system.
#[must_use]
pub fn slashed(path: &str) -> Cow<'_, str> {
    if path.contains('\\') {
        Cow::Owned(usual(path).replace('\\', "/"))
    } else {
        Cow::Borrowed(path)
    }
}

/// A path as people are shown it, with `/` on every system.
#[must_use]
pub fn shown(path: &Path) -> String {
    usual(&path.to_string_lossy()).replace(MAIN_SEPARATOR_STR, "/")
}

/// A path of Windows as people write it: without the mark `\\?\` that has it taken as it stands,
/// with which `/` and `..` would mean nothing.
pub(super) fn usual(path: &str) -> Cow<'_, str> {
    let Some(rest) = path.strip_prefix(r"\\?\").filter(|_| cfg!(windows)) else {
        return Cow::Borrowed(path);
    };
    match rest.strip_prefix(r"UNC\") {
        Some(share) => Cow::Owned(format!(r"\\{share}")),
        None => Cow::Borrowed(rest),
    }
}
