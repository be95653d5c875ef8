//! Where a command writes: standard output, a file, or files of a folder; never over what the project is read from.

use crate::diagnostic::Bilingual;
use crate::say;
use crate::syntax::tree::Language;
use crate::workspace::Inputs;
use std::fs::{File, OpenOptions};
use std::io::{Error, Result, Write};
use std::path::Path;
use std::process::ExitCode;

/// Where a report goes: the file, or standard output.
pub(super) fn open(output: Option<&Path>, inputs: &Inputs) -> Result<Box<dyn Write>> {
    Ok(match output {
        Some(path) => Box::new(create(path, inputs)?),
        None => Box::new(std::io::stdout().lock()),
    })
}

/// A file to write, empty.
pub(super) fn create(path: &Path, inputs: &Inputs) -> Result<File> {
    spare(path, inputs)?;
    File::create(path)
}

/// Writes a file into a folder, and nowhere else: whatever has its name there is replaced, never written through.
pub(super) fn put(folder: &Path, name: &str, bytes: &[u8], inputs: &Inputs) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    let path = folder.join(name);
    spare(&path, inputs).and_then(|()| replace(&path, bytes)).map_err(|error| Error::new(error.kind(), format!("`{name}`: {error}")))
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
    let Bilingual { zh, en } =
        say!("这个文件是项目的清单、政策或数据，不能改写；换一个名字", "the project is read from this file; choose another name");
    Err(Error::other(if super::locale_language() == Language::Chinese { zh } else { en }))
}

/// The exit code; a reader that went away changes nothing about what was found, anything else that goes wrong is an error.
pub(super) fn finish(written: Result<()>, code: u8, output: Option<&Path>) -> ExitCode {
    match written {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            let name = output.map_or_else(|| "-".into(), Path::to_string_lossy);
            super::say_line(&say!("写不了 `{name}`：{error}", "cannot write `{name}`: {error}"));
            ExitCode::from(2)
        }
        _ => ExitCode::from(code),
    }
}
