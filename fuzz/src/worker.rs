//! Executions in a process of their own, so that a stack that overflows or memory that runs out
//! ends only them; the supervisor knows which run it was, makes its input again and minimises it.

use crate::corpus::Corpus;
use crate::input::Input;
use crate::minimise::minimise;
use crate::targets::Target;
use crate::watch;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufRead, BufReader, Seek, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

/// Stacks are of the smallest size that is common: what the tests run with, too.
const STACK: usize = 2 << 20;

/// So long an input is minimised.
const PATIENCE: Duration = Duration::from_secs(45);

/// What came of a target.
#[derive(Default)]
pub struct Done {
    /// Executions.
    pub runs: u64,
    /// Those that came to what the target is about.
    pub reached: u64,
    /// Those that failed.
    pub failed: usize,
    /// The most steps one took.
    pub steps: u64,
}

/// Where failures are written.
fn found(target: &Target, name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("found").join(format!("{}-{name}", target.name))
}

/// The input of a run.
fn input(target: &Target, corpus: &Corpus, seed: u64, run: u64) -> Input {
    // Each target has its own, so that none is run on what another had.
    let name =
        target.name.bytes().fold(seed, |all, byte| all.wrapping_mul(31).wrapping_add(byte.into()));
    let mut random = fastrand::Rng::with_seed(name.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ run);
    let mut input = (target.make)(corpus, &mut random);
    input.seed = random.u64(..);
    input
}

/// Where a worker notes which run it makes, and how many came to what the target is about: its
/// supervisor reads it when the worker has died. A line through a pipe would take longer than many
/// a run.
struct Note(Option<File>);

impl Note {
    fn write(&mut self, run: u64, reached: u64) {
        let Some(file) = &mut self.0 else { return };
        let bytes = [run.to_le_bytes(), reached.to_le_bytes()].concat();
        let _ = file.rewind().and_then(|()| file.write_all(&bytes));
    }

    fn read(path: &Path) -> Option<(u64, u64)> {
        let bytes = std::fs::read(path).ok()?;
        let number =
            |from: usize| Some(u64::from_le_bytes(bytes.get(from..from + 8)?.try_into().ok()?));
        Some((number(0)?, number(8)?))
    }
}

/// Runs a target; a line `failed` for what fails in a new way and `again` for what does in a known
/// one, at the end `steps N` and `done N`.
pub fn work(
    target: &'static Target,
    seed: u64,
    runs: Range<u64>,
    until: Option<Instant>,
    note: &Path,
) {
    let mut note = Note(File::create(note).ok());
    let body = move || {
        watch::start();
        // All on this thread, whose stack is small; others only wait for each other.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread().build_global();
        let corpus = Corpus::read();
        let mut known = BTreeSet::new();
        let (mut done, mut reached) = (runs.start, 0);
        // A pipe takes a line of a few bytes at once, so that none is lost when the process dies.
        let say = |line: String| {
            let mut out = std::io::stdout().lock();
            let _ = out.write_all(line.as_bytes()).and_then(|()| out.flush());
        };
        for run in runs {
            if until.is_some_and(|until| Instant::now() >= until) {
                break;
            }
            note.write(run, reached);
            let input = input(target, &corpus, seed, run);
            done = run + 1;
            let wrong = match watch::run(target, &input) {
                Ok(true) => {
                    reached += 1;
                    continue;
                }
                Ok(false) => continue,
                Err(wrong) => wrong,
            };
            let kind = watch::kind(&wrong).to_owned();
            if !known.insert(kind.clone()) {
                say("again\n".into());
                continue;
            }
            let mut fails = |input: &Input| {
                watch::run(target, input).is_err_and(|wrong| watch::kind(&wrong) == kind)
            };
            let small = minimise(input, Instant::now() + PATIENCE, &mut fails);
            let wrong = watch::run(target, &small).err().unwrap_or(wrong);
            report(target, seed, run, &small, &wrong);
            say("failed\n".into());
        }
        note.write(done, reached);
        say(format!("steps {}\n", watch::most_steps()));
        say(format!("done {done}\n"));
    };
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(body);
    let _ = thread.map(std::thread::JoinHandle::join);
}

fn report(target: &Target, seed: u64, run: u64, input: &Input, wrong: &str) {
    let folder = found(target, &format!("{seed}-{run}"));
    let why = format!("{} --seed {seed}, run {run}\n{wrong}\n", target.name);
    if let Err(error) = input.write(&folder, &why) {
        eprintln!("{}: {error}", folder.display());
    }
    eprintln!("\nFAILED {why}");
    for (name, bytes) in &input.files {
        let text = String::from_utf8_lossy(bytes);
        let short: String = text.chars().take(2_000).collect();
        eprintln!("--- {name}\n{short}");
    }
    eprintln!("again: cargo run --release -- {} --replay {}\n", target.name, folder.display());
}

/// Runs workers until all is done; one that dies is followed by another, after its run was noted.
pub fn supervise(target: &'static Target, seed: u64, runs: u64, time: Option<Duration>) -> Done {
    let begun = Instant::now();
    let (mut done, mut next) = (Done::default(), 0);
    let note = std::env::temp_dir().join(format!("fanshi-fuzz-{}", std::process::id()));
    while next < runs {
        let left = time.map(|time| time.saturating_sub(begun.elapsed()));
        if left.is_some_and(|left| left.is_zero()) {
            break;
        }
        let mut command = Command::new(std::env::current_exe().unwrap_or_default());
        command.arg(target.name).args(["--seed", &seed.to_string(), "--worker", &next.to_string()]);
        command.args(["--runs", &runs.to_string()]).arg("--note").arg(&note);
        if let Some(left) = left {
            command.args(["--seconds", &left.as_secs().max(1).to_string()]);
        }
        let Ok(mut child) = command.stdout(Stdio::piped()).spawn() else { break };
        let mut ended = false;
        for line in
            child.stdout.take().map(BufReader::new).into_iter().flat_map(BufRead::lines).flatten()
        {
            match line.split_once(' ') {
                Some(("done", run)) => (ended, next) = (true, run.parse().unwrap_or(runs)),
                Some(("steps", most)) => done.steps = done.steps.max(most.parse().unwrap_or(0)),
                _ => done.failed += 1,
            }
        }
        let status = child.wait();
        let last = Note::read(&note);
        let _ = std::fs::remove_file(&note);
        done.reached += last.map_or(0, |(_, reached)| reached);
        if ended {
            break;
        }
        let Some((run, _)) = last else {
            eprintln!("{}: the worker did not begin", target.name);
            done.failed += 1;
            break;
        };
        let hung = status.is_ok_and(|status| status.code() == Some(watch::HANGS));
        died(target, seed, run, hung);
        done.failed += 1;
        next = run + 1;
    }
    done.runs = next;
    done
}

/// Notes the input of a run that ended its process.
fn died(target: &'static Target, seed: u64, run: u64, hung: bool) {
    let input = input(target, &Corpus::read(), seed, run);
    let folder = found(target, "trial");
    let mut fails = |input: &Input| {
        let _ = input.write(&folder, "");
        ends(target, &folder).is_none_or(|code| code == watch::HANGS)
    };
    let again = fails(&input);
    let small = if again { minimise(input, Instant::now() + PATIENCE, &mut fails) } else { input };
    let how =
        if hung { "hangs" } else { "ends the process: the stack overflows, or memory runs out" };
    let how = if again { how.to_owned() } else { format!("{how} (not when it is run alone)") };
    let _ = std::fs::remove_dir_all(&folder);
    report(target, seed, run, &small, &how);
}

/// How a process that runs one input ends; `None` where a signal ended it.
fn ends(target: &Target, folder: &Path) -> Option<i32> {
    let mut command = Command::new(std::env::current_exe().ok()?);
    command.arg(target.name).arg("--replay").arg(folder);
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.ok()?.code()
}

/// Runs an input that was written before.
pub fn replay(target: &'static Target, folder: &Path) -> ExitCode {
    let input = match Input::read(folder) {
        Ok(input) => input,
        Err(error) => {
            eprintln!("{}: {error}", folder.display());
            return ExitCode::from(2);
        }
    };
    let body = move || {
        watch::start();
        let _ = rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread().build_global();
        watch::run(target, &input)
    };
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(body);
    match thread.map(std::thread::JoinHandle::join) {
        Ok(Ok(Ok(reached))) => {
            println!("nothing is wrong{}", if reached { "" } else { "; it is refused before" });
            ExitCode::SUCCESS
        }
        Ok(Ok(Err(wrong))) => {
            println!("{wrong}");
            ExitCode::FAILURE
        }
        _ => ExitCode::FAILURE,
    }
}
