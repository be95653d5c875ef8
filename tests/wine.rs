//! The Windows executable under wine, beside this system's on the same files: what they write is
//! equal byte for byte. `tests/wine/prepare.sh` builds it and what is needed to run it; where that
//! was not done, the tests say that they skip.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test stops at the first surprise"
)]

#[path = "wine/files.rs"]
mod files;
#[path = "wine/paths.rs"]
mod paths;
#[path = "wine/same.rs"]
mod same;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Once;

/// What `tests/wine/prepare.sh` made.
struct Wine {
    /// Its folder.
    home: PathBuf,
    /// The program that runs Windows programs.
    loader: PathBuf,
}

impl Wine {
    /// `None` where it was not made.
    fn there() -> Option<Self> {
        let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("wine");
        let Ok(loader) = fs::read_to_string(home.join("loader")) else {
            println!("skipped: no Windows executable in {}", home.display());
            return None;
        };
        let wine = Self { home, loader: PathBuf::from(loader.trim()) };
        // With a server that stays, a program begins in a tenth of the time.
        static SERVER: Once = Once::new();
        SERVER.call_once(|| {
            let servers =
                ["wineserver64", "wineserver"].map(|name| wine.loader.with_file_name(name));
            if let Some(server) = servers.iter().find(|server| server.is_file()) {
                let mut command = Command::new(server);
                command.arg("-p30").env("WINEPREFIX", wine.home.join("prefix"));
                command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
                let _ = command.status();
            }
        });
        Some(wine)
    }

    /// A Windows program of that folder.
    fn program(&self, name: &str, folder: &Path) -> Command {
        let mut command = Command::new(&self.loader);
        command.arg(self.home.join(name));
        command.env("WINEPREFIX", self.home.join("prefix")).env("WINEDEBUG", "-all");
        command.env("WINEDLLOVERRIDES", "mscoree,mshtml=");
        in_chinese(command, folder)
    }

    /// What the Windows executable comes to in a folder.
    fn fanshi(&self, folder: &Path, arguments: &[&str]) -> Output {
        // Now and then wine ends before the program begins: 1, and not a word of the program.
        let mut output = self.once(folder, arguments);
        for _ in 0..3 {
            let silent = output.stdout.is_empty() && output.stderr.is_empty();
            if output.status.code() != Some(1) || !silent {
                break;
            }
            output = self.once(folder, arguments);
        }
        output
    }

    fn once(&self, folder: &Path, arguments: &[&str]) -> Output {
        let mut output = self.program("fanshi.exe", folder).args(arguments).output().unwrap();
        // What wine says of itself, now and then when a program begins or ends.
        let err = String::from_utf8_lossy(&output.stderr).into_owned();
        let own = err.split_inclusive('\n').filter(|line| !line.starts_with("wine"));
        output.stderr = own.collect::<String>().into_bytes();
        output
    }

    /// A folder of its own on the disk C:, and its path there.
    fn folder_on_c(&self, name: &str) -> (PathBuf, String) {
        let folder = self.home.join("prefix/drive_c/试").join(name);
        (fresh(folder), format!("C:\\试\\{name}"))
    }

    /// A folder of its own for both.
    fn folder(&self, name: &str) -> PathBuf {
        fresh(self.home.join("work").join(name))
    }
}

fn fresh(folder: PathBuf) -> PathBuf {
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// The path by which wine knows a folder of this system.
fn on_z(folder: &Path) -> String {
    format!("Z:{}", folder.display()).replace('/', "\\")
}

/// What this system's executable comes to.
fn here(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fanshi"));
    command.args(arguments);
    in_chinese(command, folder).output().unwrap()
}

/// The same surroundings for both; wine takes arguments for what `LC_CTYPE` says.
fn in_chinese(mut command: Command, folder: &Path) -> Command {
    command.current_dir(folder).stdin(Stdio::null());
    for variable in ["LC_ALL", "LC_MESSAGES", "COLUMNS", "NO_COLOR"] {
        command.env_remove(variable);
    }
    command.env("LANG", "zh_CN.UTF-8").env("LC_CTYPE", "C.UTF-8");
    command
}

/// Exit code, standard output and standard error.
fn said(output: &Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

/// The repository's folder.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A copy of `examples/library`.
fn library(folder: &Path) {
    for entry in fs::read_dir(root().join("examples/library")).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), folder.join(entry.file_name())).unwrap();
    }
}

/// Every file below a folder, with its bytes, by its path from there.
fn below(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().display().to_string();
                found.push((name, fs::read(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}
