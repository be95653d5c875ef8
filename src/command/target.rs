//! Where commands write: to standard output, to a file, into a folder; never over what a project is
//! read from.

use crate::diagnostic::Bilingual;
use crate::say;
use crate::syntax::tree::Language;
use crate::workspace::write::{Draft, Folder, Mode, Written, at, publish, remove};
use crate::workspace::{Disk, Files, Inputs, Kind};
use std::io::{BufRead, BufWriter, Error, Result, Write};
use std::path::Path;

/// The file that is meant; `None` for standard output, by whichever of its names.
pub(super) fn file(path: Option<&Path>) -> Option<&Path> {
    path.filter(|path| ![Path::new("-"), Path::new("/dev/stdout")].contains(path))
}

/// Writes a file, whole or not at all; or to standard output.
pub(super) fn write(
    path: Option<&Path>,
    inputs: &Inputs,
    body: impl FnOnce(&mut dyn Write) -> Result<()>,
) -> Result<()> {
    let Some(path) = file(path) else {
        let mut out = BufWriter::new(std::io::stdout().lock());
        body(&mut out)?;
        return out.flush();
    };
    let mut draft = begin(path, inputs)?;
    body(&mut draft).map_err(at(path))?;
    publish(vec![draft.end()?], Mode::Replace)
}

/// A file that is to replace what is there, unless the project is read from it.
pub(super) fn begin(path: &Path, inputs: &Inputs) -> Result<Draft> {
    spare(path, inputs)?;
    Draft::begin(path)
}

/// A whole file that is to replace what is there, unless the project is read from it.
pub(super) fn written(path: &Path, bytes: &[u8], inputs: &Inputs) -> Result<Written> {
    spare(path, inputs)?;
    Written::of(path, bytes)
}

/// Refuses to write over what the project is read from, and over what any is.
fn spare(path: &Path, inputs: &Inputs) -> Result<()> {
    // Windows takes `A.FAN` and `a.fan. ` for `a.fan`.
    let name = path.file_name().map(|name| name.to_string_lossy().to_ascii_lowercase());
    let name = name.as_deref().map_or("", |name| name.trim_end_matches(['.', ' ']));
    let kept = name.ends_with(".fan") || name == "fanshi.toml";
    let Bilingual { zh, en } = if inputs.hold(path) || kept && path.exists() {
        say!(
            "项目从这个文件读入，不能改写；换一个名字",
            "the project is read from this file; choose another name"
        )
    } else if let Some(named) = inputs.would_hold(path) {
        say!(
            "`fanshi.toml` 中的 `{named}` 会把它读进项目；换一个名字或文件夹",
            "`{named}` in `fanshi.toml` would read it into the project; choose another name or folder"
        )
    } else {
        return Ok(());
    };
    let chinese = super::locale_language() == Language::Chinese;
    Err(at(path)(Error::other(if chinese { zh } else { en })))
}

/// Writes files into a folder, all of them or none.
pub(super) fn files<'f>(
    folder: &Path,
    files: impl Iterator<Item = (&'f str, &'f [u8])>,
    inputs: &Inputs,
) -> Result<()> {
    // Dropped last: a folder made for them goes where none of them came to be.
    let _made = Folder::make(folder)?;
    let drafts = files.map(|(name, bytes)| written(&folder.join(name), bytes, inputs));
    publish(drafts.collect::<Result<_>>()?, Mode::Replace)
}

/// How large a file may be that is looked into.
const MOST: u64 = 64 << 20;

/// Takes the files of a folder away that begin with a line and are not among those just written.
pub(super) fn clear(folder: &Path, line: &str, kept: &[&str], inputs: &Inputs) -> Result<()> {
    for entry in Disk.list(folder)? {
        let (name, path) = (entry.name.to_string_lossy(), folder.join(&entry.name));
        let is_other = !kept.contains(&&*name) && !inputs.hold(&path);
        if !is_other || entry.kind != Some(Kind::File) || !name.ends_with(".sql") {
            continue;
        }
        let first = Disk.read(&path, MOST).ok().and_then(|bytes| bytes.lines().next()?.ok());
        if first.as_deref() == Some(line) {
            remove(&path)?;
        }
    }
    Ok(())
}
