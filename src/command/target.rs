//! Files that are written: anew, or into a folder; never over what the project is read from.

use crate::diagnostic::Bilingual;
use crate::say;
use crate::syntax::tree::Language;
use crate::workspace::Inputs;
use std::fs::{File, OpenOptions};
use std::io::{Error, Result, Write};
use std::path::Path;

/// A file to write, empty.
pub(super) fn create(path: &Path, inputs: &Inputs) -> Result<File> {
    spare(path, inputs)?;
    File::create(path)
}

/// Writes a file into a folder, and nowhere else: whatever has its name there is replaced, never
/// written through.
pub(super) fn put(folder: &Path, name: &str, bytes: &[u8], inputs: &Inputs) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    let path = folder.join(name);
    spare(&path, inputs)
        .and_then(|()| replace(&path, bytes))
        .map_err(|error| Error::new(error.kind(), format!("`{name}`: {error}")))
}

fn replace(path: &Path, bytes: &[u8]) -> Result<()> {
    if std::fs::symlink_metadata(path).is_ok() {
        std::fs::remove_file(path)?;
    }
    OpenOptions::new().write(true).create_new(true).open(path)?.write_all(bytes)
}

/// Refuses to write over what the project is read from.
fn spare(path: &Path, inputs: &Inputs) -> Result<()> {
    if !inputs.hold(path) {
        return Ok(());
    }
    let Bilingual { zh, en } = say!(
        "这个文件是项目的清单、政策或数据，不能改写；换一个名字",
        "the project is read from this file; choose another name"
    );
    Err(Error::other(if super::locale_language() == Language::Chinese { zh } else { en }))
}
