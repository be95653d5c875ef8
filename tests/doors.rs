//! What a run reads and what it writes: everything it was asked to read is read or said, and a file
//! is what it was or what it is to be.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::type_complexity,
    reason = "a test stops at the first surprise"
)]

#[path = "doors/long.rs"]
mod long;
#[path = "doors/reading.rs"]
mod reading;
#[path = "doors/unread.rs"]
mod unread;
#[path = "doors/writing.rs"]
mod writing;

use std::ffi::OsStr;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

const POLICY: &str = "表 项 { 号 : 文本 主键 数 : 整数 }\n第一条 一\n  凡 项，数 不得 超过 5。\n";
const DATA: &str = "号,数\na,10\nb,3\n";
const CASES: &str =
    "as_of = 2015-11-20\n[[case]]\nname = \"一\"\n\"项\" = [{ \"号\" = \"x\", \"数\" = 7 }]\n";
const HEAD: &str = "[project]\nas_of = 2015-11-20\npolicies = \"*.fan\"\n[data]\n";

/// A folder of its own.
fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("doors").join(name);
    if folder.exists() {
        // What a test closed is opened.
        let _ = Command::new("chmod").arg("-R").arg("u+rwX").arg(&folder).status();
        std::fs::remove_dir_all(&folder).unwrap();
    }
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn put(folder: &Path, name: impl AsRef<OsStr>, bytes: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.join(name.as_ref());
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, bytes).unwrap();
    path
}

/// A project with one policy, `p.fan`, and these lines under `[data]`.
fn project(name: &str, data: &str) -> PathBuf {
    let root = folder(name);
    put(&root, "p.fan", POLICY);
    put(&root, "fanshi.toml", format!("{HEAD}{data}\n"));
    root
}

/// The program, in a folder, in English; signals reach it wherever the tests are run.
fn command(arguments: &[&str], folder: &Path) -> Command {
    let mut command = Command::new("env");
    command.arg("--default-signal=INT,TERM,HUP").arg(env!("CARGO_BIN_EXE_fanshi"));
    command.args(arguments).current_dir(folder).env("LC_ALL", "en").stdin(Stdio::null());
    command
}

fn fanshi(arguments: &[&str], folder: &Path) -> Output {
    ended(command(arguments, folder).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap())
}

/// As somebody who may not enter what is closed; the superuser may enter anything.
fn as_nobody(arguments: &[&str], folder: &Path) -> Output {
    let mut command = command(arguments, folder);
    let id = Command::new("id").arg("-u").output().unwrap().stdout;
    if String::from_utf8(id).unwrap().trim() == "0" {
        command.uid(65534).gid(65534);
    }
    ended(command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap())
}

/// Under a shell, where `fanshi` is the program.
fn shell(script: &str, folder: &Path) -> Output {
    let program = env!("CARGO_BIN_EXE_fanshi");
    let script = format!("fanshi() {{ {program} \"$@\"; }}\n{script}");
    let mut command = Command::new("bash");
    command.arg("-c").arg(script).current_dir(folder).env("LC_ALL", "en");
    ended(
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap(),
    )
}

/// What a run came to; one that does not end is a failure, not a wait.
fn ended(mut child: Child) -> Output {
    let begun = Instant::now();
    // Both pipes are read while it runs.
    let mut out = child.stdout.take().unwrap();
    let mut err = child.stderr.take().unwrap();
    let reader = |from: &mut dyn std::io::Read| {
        let mut bytes = Vec::new();
        from.read_to_end(&mut bytes).unwrap();
        bytes
    };
    let (out, err) = std::thread::scope(|scope| {
        let out = scope.spawn(move || reader(&mut out));
        let err = scope.spawn(move || reader(&mut err));
        while child.try_wait().unwrap().is_none() {
            if begun.elapsed() > Duration::from_secs(60) {
                child.kill().unwrap();
                panic!("it does not end");
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        (out.join().unwrap(), err.join().unwrap())
    });
    Output { status: child.wait().unwrap(), stdout: out, stderr: err }
}

/// Exit code and all that was said.
fn said(output: &Output) -> (Option<i32>, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout) + &text(&output.stderr))
}

/// Exit code, codes of what is wrong, and the keys of rows with findings.
fn judged(output: &Output) -> (Option<i32>, Vec<String>, Vec<String>) {
    let report: serde_json::Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {output:?}"));
    let all = |list: &str, key: &dyn Fn(&serde_json::Value) -> String| {
        report[list].as_array().unwrap().iter().map(key).collect::<Vec<_>>()
    };
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    (
        output.status.code(),
        all("diagnostics", &|found| text(&found["code"])),
        all("findings", &|found| text(&found["subject"]["key"])),
    )
}

fn check(folder: &Path) -> (Option<i32>, Vec<String>, Vec<String>) {
    judged(&fanshi(&["check", "--format", "json"], folder))
}

/// What is left behind in a folder and below.
fn litter(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    let (mut found, mut below) = (Vec::new(), Vec::new());
    for entry in entries {
        if entry.file_type().unwrap().is_dir() {
            below.push(entry.path());
        } else if entry.file_name().to_string_lossy().starts_with(".fanshi-") {
            found.push(entry.path());
        }
    }
    found.extend(below.iter().flat_map(|folder| litter(folder)));
    found
}
