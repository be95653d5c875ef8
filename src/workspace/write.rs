//! The one way to write: into a temporary file beside the target, to the disk, and then under the
//! target's name. Whatever stops a run, a file is what it was or what it is to be.
//!
//! What is no regular file, a device or a pipe, is written as it is.

use super::TEMPORARY;
use super::path::leads_to_device;
use super::refusal::Refusal;
use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Error, ErrorKind, Result, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tempfile::TempPath;

/// Why a file could not be written, with its path.
#[derive(Debug)]
pub struct Unwritten {
    /// The file, or a folder that could not be made.
    pub path: PathBuf,
    /// Why.
    pub error: Error,
}

impl std::fmt::Display for Unwritten {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "`{}`: {}", super::shown(&self.path), self.error)
    }
}

impl std::error::Error for Unwritten {}

/// The same error, with the path of what could not be written, unless it has one.
pub fn at(path: &Path) -> impl Fn(Error) -> Error {
    move |error| match error.get_ref().is_some_and(|inner| inner.is::<Unwritten>()) {
        true => error,
        false => Error::new(error.kind(), Unwritten { path: path.to_owned(), error }),
    }
}

/// What would be left behind if the run were stopped now: files, and folders while they are empty;
/// in the order made.
static PENDING: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

fn pending() -> MutexGuard<'static, Vec<PathBuf>> {
    PENDING.lock().unwrap_or_else(PoisonError::into_inner)
}

fn forget(path: &Path) {
    pending().retain(|known| known != path);
}

/// Takes away what a run that is stopped would leave behind; the run writes nothing afterwards.
/// Waits where files are just being given their names: all are given, or none.
pub fn abandon() {
    let pending = pending();
    for path in pending.iter().rev() {
        let _ = std::fs::remove_file(path).or_else(|_| std::fs::remove_dir(path));
    }
    std::mem::forget(pending);
}

/// A file under a temporary name, until it is dropped.
struct Temporary {
    path: PathBuf,
    held: Option<TempPath>,
}

impl Temporary {
    /// An empty file in a folder, with the rights a new file has.
    fn create(folder: &Path) -> Result<(File, Self)> {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let mut builder = tempfile::Builder::new();
        builder.prefix(TEMPORARY).suffix(".tmp").rand_bytes(10);
        let mut known = PathBuf::new();
        let made = builder.make_in(folder, |path| {
            path.clone_into(&mut known);
            // Nothing stops the run between the file and the note of it.
            let mut pending = pending();
            let created = OpenOptions::new().write(true).create_new(true).open(path)?;
            pending.push(path.to_owned());
            Ok(created)
        })?;
        let path = known;
        let (file, held) = made.into_parts();
        Ok((file, Self { path, held: Some(held) }))
    }

    /// Gives it its name.
    fn rename(&mut self, target: &Path, how: Mode) -> Result<()> {
        let Some(mut held) = self.held.take() else { return Ok(()) };
        for turn in 0.. {
            let renamed = match how {
                Mode::Replace => held.persist(target),
                Mode::New => held.persist_noclobber(target),
            };
            let Err(failed) = renamed else { return Ok(()) };
            if turn == TURNS.0 || !passes(&failed.error) {
                return Err(failed.error);
            }
            held = failed.path;
            std::thread::sleep(TURNS.1);
        }
        Ok(())
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        self.held = None;
        forget(&self.path);
    }
}

/// What becomes of a file that has the name already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// It is replaced; a link is, too, and what it leads to stays.
    Replace,
    /// It stays, and that is an error.
    New,
}

/// A file that is being written.
pub struct Draft {
    target: PathBuf,
    file: BufWriter<File>,
    /// `None` where the target is written as it is.
    temporary: Option<Temporary>,
}

impl Draft {
    /// Begins a file.
    ///
    /// # Errors
    /// Where it is a folder, may not be written, or its folder is not there or may not be written.
    pub fn begin(target: &Path) -> Result<Self> {
        Self::begun(target).map_err(at(target))
    }

    fn begun(target: &Path) -> Result<Self> {
        let target = target.to_owned();
        if leads_to_device(&target) {
            return Err(ErrorKind::InvalidFilename.into());
        }
        if target.as_os_str().as_encoded_bytes().ends_with(b"/") {
            return Err(ErrorKind::IsADirectory.into());
        }
        let own = match target.symlink_metadata() {
            Ok(own) => Some(own),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        let led = target.metadata().ok();
        if led.as_ref().is_some_and(std::fs::Metadata::is_dir) || target.file_name().is_none() {
            return Err(ErrorKind::IsADirectory.into());
        }
        if led.is_some_and(|led| !led.is_file() || is_open_file(&target)) {
            let file = BufWriter::new(OpenOptions::new().append(true).open(&target)?);
            return Ok(Self { target, file, temporary: None });
        }
        let old = own.filter(std::fs::Metadata::is_file);
        if old.is_some() {
            // What may not be written is not replaced either.
            OpenOptions::new().write(true).open(&target)?;
        }
        let (file, temporary) = Temporary::create(target.parent().unwrap_or(Path::new("")))?;
        if let Some(old) = old {
            keep_rights(&file, &old)?;
        }
        Ok(Self { target, file: BufWriter::new(file), temporary: Some(temporary) })
    }

    /// Sees that all of it is on the disk; it has not got its name yet.
    ///
    /// # Errors
    /// Where the disk is full or fails.
    pub fn end(mut self) -> Result<Written> {
        let synced = self.file.flush().and_then(|()| match self.temporary {
            Some(_) => self.file.get_ref().sync_all(),
            None => Ok(()),
        });
        synced.map_err(at(&self.target))?;
        Ok(Written { target: self.target, temporary: self.temporary })
    }
}

impl Write for Draft {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        self.file.write(bytes).map_err(at(&self.target))
    }

    fn flush(&mut self) -> Result<()> {
        self.file.flush().map_err(at(&self.target))
    }
}

/// Whether a path is the name of a file that a process holds open: `/dev/fd/3`.
fn is_open_file(path: &Path) -> bool {
    let folder = path.parent().and_then(|folder| folder.canonicalize().ok());
    folder.is_some_and(|folder| folder == Path::new("/dev") || folder.starts_with("/proc"))
}

/// Gives a file the rights and, where that is allowed, the owner of the one it will replace.
fn keep_rights(file: &File, old: &std::fs::Metadata) -> Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt, fchown};
        let new = file.metadata()?;
        if (new.uid(), new.gid()) != (old.uid(), old.gid()) {
            let _ = fchown(file, Some(old.uid()), Some(old.gid()));
        }
    }
    if file.metadata()?.permissions() == old.permissions() {
        return Ok(());
    }
    file.set_permissions(old.permissions())
}

/// A file that is on the disk and has not got its name yet; dropped, it is gone.
pub struct Written {
    target: PathBuf,
    temporary: Option<Temporary>,
}

impl Written {
    /// A whole file at once.
    ///
    /// # Errors
    /// As [`Draft::begin`] and [`Draft::end`].
    pub fn of(target: &Path, bytes: &[u8]) -> Result<Self> {
        let mut draft = Draft::begin(target)?;
        draft.write_all(bytes)?;
        draft.end()
    }
}

/// How often, and for how long each time, a run waits for another program.
const TURNS: (u32, Duration) = (40, Duration::from_millis(25));

/// Whether what kept a file from getting its name may pass: on Windows, programs that look at every
/// new file, against viruses or for a search, hold it for a moment.
fn passes(error: &Error) -> bool {
    cfg!(windows)
        && (error.kind() == ErrorKind::PermissionDenied
            || Refusal::of(error) == Some(Refusal::Held))
}

/// Waits while another run gives several files their names in a folder: theirs and ours are not
/// mixed. Who holds a folder for longer has other reasons. The turn lasts as long as what is
/// returned.
fn take_turns(folder: &Path) -> Option<File> {
    for _ in 0..TURNS.0 {
        match turn(folder) {
            Err(error) if error.kind() == ErrorKind::WouldBlock => std::thread::sleep(TURNS.1),
            taken => return taken.ok(),
        }
    }
    None
}

/// Takes the turn in a folder unless another has it.
#[cfg(not(windows))]
fn turn(folder: &Path) -> Result<File> {
    let folder = File::open(folder)?;
    folder.try_lock()?;
    Ok(folder)
}

/// The same where folders cannot be locked: a file that is open for one alone, and gone when it is
/// closed, however the run ends.
#[cfg(windows)]
fn turn(folder: &Path) -> Result<File> {
    use std::os::windows::fs::OpenOptionsExt;
    /// `DELETE | GENERIC_WRITE`: <https://learn.microsoft.com/windows/win32/fileio/file-security-and-access-rights>.
    const ACCESS: u32 = 0x4001_0000;
    /// `FILE_FLAG_DELETE_ON_CLOSE`: <https://learn.microsoft.com/windows/win32/api/fileapi/nf-fileapi-createfilew>.
    const DELETE_ON_CLOSE: u32 = 0x0400_0000;
    let mut options = OpenOptions::new();
    options.write(true).create(true).access_mode(ACCESS).share_mode(0);
    let opened =
        options.custom_flags(DELETE_ON_CLOSE).open(folder.join(format!("{TEMPORARY}.tmp")));
    opened.map_err(|error| if passes(&error) { ErrorKind::WouldBlock.into() } else { error })
}

/// Gives files their names, all of them unless that fails midway.
///
/// # Errors
/// Where a name cannot be given; new files that have theirs lose them again.
pub fn publish(mut files: Vec<Written>, how: Mode) -> Result<()> {
    let several = files.first().filter(|_| files.len() > 1);
    let folder = several.and_then(|file| file.target.parent());
    let _turn = folder.and_then(take_turns);
    let mut named: Vec<PathBuf> = Vec::new();
    // Nothing stops the run between two names.
    let guard = pending();
    let renamed = files.iter_mut().try_for_each(|file| {
        let Some(temporary) = &mut file.temporary else { return Ok(()) };
        temporary.rename(&file.target, how).map_err(at(&file.target))?;
        named.push(file.target.clone());
        Ok(())
    });
    if renamed.is_err() && how == Mode::New {
        named.iter().for_each(|path| drop(std::fs::remove_file(path)));
    }
    drop(guard);
    renamed
}

/// Writes a whole file.
///
/// # Errors
/// As [`Draft::begin`], [`Draft::end`] and [`publish`].
pub fn replace(target: &Path, bytes: &[u8]) -> Result<()> {
    publish(vec![Written::of(target, bytes)?], Mode::Replace)
}

/// Takes a file away.
///
/// # Errors
/// Where that may not be done.
pub fn remove(path: &Path) -> Result<()> {
    std::fs::remove_file(path).map_err(at(path))
}

/// Whether a path is a link to what is not there.
fn leads_nowhere(path: &Path) -> bool {
    path.is_symlink() && !path.exists()
}

/// A folder that is there while it is written into; where it was made for that and nothing came into
/// it, it is taken away again.
pub struct Folder(Vec<PathBuf>);

impl Folder {
    /// Makes a folder, with those above it, where it is not there.
    ///
    /// # Errors
    /// Where a file is in the way, or that may not be done.
    pub fn make(path: &Path) -> Result<Self> {
        let missing = |folder: &&Path| !folder.as_os_str().is_empty() && !folder.is_dir();
        let above: Vec<&Path> = path.ancestors().take_while(missing).collect();
        let mut made = Self(Vec::new());
        for folder in above.into_iter().rev() {
            // Nothing stops the run between the folder and the note of it.
            let mut pending = pending();
            match std::fs::create_dir(folder) {
                Ok(()) => {
                    pending.push(folder.to_owned());
                    made.0.push(folder.to_owned());
                }
                Err(_) if folder.is_dir() => {}
                Err(error) => {
                    // What was made is noted, and taken away again.
                    drop(pending);
                    let error =
                        if leads_nowhere(folder) { Refusal::Dangling.into() } else { error };
                    return Err(at(folder)(error));
                }
            }
        }
        Ok(made)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        for folder in self.0.iter().rev() {
            // One that holds something stays.
            let _ = std::fs::remove_dir(folder);
            forget(folder);
        }
    }
}
